# shellcheck shell=bash
# keepalived, VRRPv2 inside the authentication header (IP protocol 51) of RFC 2338.
. "$PCAPS/make.d/_keepalived.sh"
VIP=192.0.2.1

for r in 'r1 200' 'r2 100'; do
  # shellcheck disable=SC2086
  conf $r 2 "
  interface lan0
  use_vmac vrrp.51
  advert_int 1
  authentication {
    auth_type AH
    auth_pass redspec
  }
  virtual_ipaddress { $VIP/24 }"
done

lan
record lan pcap-us keepalived-v2-ah.pcap -i br0
vrrp_story
