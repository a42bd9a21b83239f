# shellcheck shell=bash
# Open vSwitch, one side passive and slow, the other active and fast: silence
# until the active side speaks, then 1 s one way and 30 s the other way.
. "$PCAPS/make.d/_ovs.sh"

lacp_pair
record sw1 pcap-ns ovs-lacp-passive.pcap -i p1
boot_switch sw1
boot_switch sw2
lacp_bond sw2 passive slow
pause 3
lacp_bond sw1 active fast
until_true 20 in_sync sw1
until_true 20 in_sync sw2
pause 34
