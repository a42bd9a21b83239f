# shellcheck shell=bash
# FRR vrrpd, VRRPv2.
. "$PCAPS/make.d/_frr.sh"
VERSION=2
INTERVAL=1000
VIPS=(192.0.2.1/24)

lan
frr_routers 'r1 200' 'r2 100'
record lan pcapng frr-v2.pcapng -i br0
vrrp_story
