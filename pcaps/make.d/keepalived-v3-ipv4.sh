# shellcheck shell=bash
# keepalived, VRRPv3 over IPv4 with an advertisement interval below one second.
. "$PCAPS/make.d/_keepalived.sh"
VIP=192.0.2.1

for r in 'r1 200' 'r2 100'; do
  # shellcheck disable=SC2086
  conf $r 3 "
  interface lan0
  use_vmac vrrp.51
  advert_int 0.25
  virtual_ipaddress { $VIP/24 }"
done

lan
record lan pcapng keepalived-v3-ipv4.pcapng -i br0
vrrp_story
