# shellcheck shell=bash
# keepalived, VRRPv3 over IPv6; the first address is link-local, as RFC 5798 wants.
. "$PCAPS/make.d/_keepalived.sh"
VIP=2001:db8::1

for r in 'r1 200' 'r2 100'; do
  # shellcheck disable=SC2086
  conf $r 3 "
  interface lan0
  use_vmac vrrp.51
  advert_int 0.25
  virtual_ipaddress {
    fe80::5e:51/64
    $VIP/64
  }"
done

lan
record lan pcap-ns keepalived-v3-ipv6.pcap -i br0
vrrp_story
