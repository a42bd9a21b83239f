# shellcheck shell=bash
# Open vSwitch, LACP active on both sides with the long timeout: once in sync,
# one LACPDU in 30 s from each side.
. "$PCAPS/make.d/_ovs.sh"

lacp_pair
record sw1 pcap-us ovs-lacp-slow.pcap -i p1
boot_switch sw1
boot_switch sw2
lacp_bond sw1 active slow
lacp_bond sw2 active slow
until_true 40 in_sync sw1
until_true 40 in_sync sw2
pause 65
