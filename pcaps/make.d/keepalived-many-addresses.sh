# shellcheck shell=bash
# keepalived, VRRPv3 over IPv4, IPv6 and VRRPv2, each with several addresses in one advert.
# Recorded on r2 with the "any" device, hence the cooked headers; without a
# virtual MAC, as keepalived runs by default.
. "$PCAPS/make.d/_keepalived.sh"
VIP=192.0.2.1

for r in 'r1 200' 'r2 100'; do
  # shellcheck disable=SC2086
  conf $r 3 "
  interface lan0
  advert_int 0.4
  virtual_ipaddress {
    $VIP/24
    192.0.2.2/24
    192.0.2.3/24
    198.51.100.1/24
    198.51.100.129/25
    203.0.113.7/32
  }
}
vrrp_instance lan6 {
  interface lan0
  virtual_router_id 52
  priority ${r#* }
  advert_int 0.4
  virtual_ipaddress {
    fe80::5e:52/64
    2001:db8::1/64
    2001:db8:0:1::1/64
    2001:db8:0:2::1/64
  }
}
vrrp_instance lan2 {
  interface lan0
  virtual_router_id 53
  version 2
  priority ${r#* }
  advert_int 1
  virtual_ipaddress {
    192.0.2.101/24
    192.0.2.102/24
    192.0.2.103/24
  }"
done

lan
record r2 pcap-us keepalived-many-addresses.pcap -i any -y LINUX_SLL2 not ip6 multicast or proto 112
vrrp_story 4 # long enough for the VRRPv2 instance as well
