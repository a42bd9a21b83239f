# shellcheck shell=bash
# FRR vrrpd, VRRPv3 over IPv4, recorded with the Linux cooked header on r2's "any" device.
. "$PCAPS/make.d/_frr.sh"
VERSION=3
INTERVAL=250
VIPS=(192.0.2.1/24 192.0.2.2/24)

lan
frr_routers 'r1 200' 'r2 100'
record r2 pcap-us frr-v3-ipv4.pcap -i any -y LINUX_SLL
vrrp_story
