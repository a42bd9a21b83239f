# shellcheck shell=bash
# keepalived, VRRPv3 over IPv4 between unicast peers with old_unicast_checksum,
# the checksum of its releases up to 1.3.6.
. "$PCAPS/make.d/_keepalived.sh"
VIP=192.0.2.1

peers() { # ROUTER PRIORITY OWN OTHER
  conf "$1" "$2" 3 "
  interface lan0
  advert_int 0.25
  unicast_src_ip $3
  unicast_peer { $4 }
  old_unicast_checksum
  virtual_ipaddress { $VIP/24 }"
}

peers r1 200 192.0.2.11 192.0.2.12
peers r2 100 192.0.2.12 192.0.2.11

lan
record lan pcap-us keepalived-old-checksum.pcap -i br0
vrrp_story
