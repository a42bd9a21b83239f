# shellcheck shell=bash
# keepalived, VRRPv2 with a virtual MAC: the plain story.
. "$PCAPS/make.d/_keepalived.sh"
VIP=192.0.2.1

for r in 'r1 200' 'r2 100'; do
  # shellcheck disable=SC2086
  conf $r 2 "
  interface lan0
  use_vmac vrrp.51
  advert_int 1
  virtual_ipaddress { $VIP/24 }"
done

lan
record lan pcap-us keepalived-v2.pcap -i br0
vrrp_story
