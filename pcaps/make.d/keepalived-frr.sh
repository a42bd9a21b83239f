# shellcheck shell=bash
# VRRPv3 over IPv4 between two implementations: keepalived is the better router,
# FRR the worse one.
. "$PCAPS/make.d/_keepalived.sh"
. "$PCAPS/make.d/_frr.sh"
# shellcheck disable=SC2034 # read in _lib.sh
RUNS=([r1]=keepalived [r2]=frr)
VIP=192.0.2.1
VERSION=3
INTERVAL=250
VIPS=("$VIP/24")

conf r1 200 3 "
  interface lan0
  use_vmac vrrp.51
  advert_int 0.25
  virtual_ipaddress { $VIP/24 }"

lan
frr_routers 'r2 100'
record lan pcap-us keepalived-frr.pcap -i br0
vrrp_story
