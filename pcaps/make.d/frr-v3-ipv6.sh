# shellcheck shell=bash
# FRR vrrpd, VRRPv3 over IPv6.
. "$PCAPS/make.d/_frr.sh"
VERSION=3
INTERVAL=250
VIPS=(fe80::5e:51/64 2001:db8::1/64)

lan
frr_routers 'r1 200' 'r2 100'
record lan pcap-us frr-v3-ipv6.pcap -i br0
vrrp_story
