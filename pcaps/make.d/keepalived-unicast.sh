# shellcheck shell=bash
# keepalived, VRRPv2 and VRRPv3 between unicast peers over a point-to-point TUN
# device, which has no link-layer header: the capture's link type is raw IP.
. "$PCAPS/make.d/_keepalived.sh"
VIP=198.51.100.1

peers() { # ROUTER PRIORITY OWN OTHER
  conf "$1" "$2" 3 "
  interface tun0
  advert_int 0.5
  unicast_src_ip $3
  unicast_peer { $4 }
  virtual_ipaddress { $VIP/32 dev lo }
}
vrrp_instance old {
  interface tun0
  virtual_router_id 52
  version 2
  priority $2
  advert_int 1
  unicast_src_ip $3
  unicast_peer { $4 }
  virtual_ipaddress { 198.51.100.2/32 dev lo }"
}

peers r1 200 192.0.2.11 192.0.2.12
peers r2 100 192.0.2.12 192.0.2.11

make_space r1 r2
no_ipv6 r1
no_ipv6 r2
# The wire between the two devices is a process; tun1 then moves to r2.
start wire r1 "$PCAPS/make.d/_tun-wire" tun0 tun1
until_true 5 link r1 show tun1
link r1 set tun1 netns "$(space r2)"
link r2 set tun1 name tun0
in_space r1 ip addr add 192.0.2.11 peer 192.0.2.12 dev tun0
in_space r2 ip addr add 192.0.2.12 peer 192.0.2.11 dev tun0
link r1 set tun0 up
link r2 set tun0 up
record r2 pcap-us keepalived-unicast.pcap -i tun0
vrrp_story 4 # long enough for the VRRPv2 instance as well
