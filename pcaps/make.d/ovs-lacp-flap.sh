# shellcheck shell=bash
# Open vSwitch: one of two links loses its carrier and gets it back. Recorded
# with the cooked header on sw1's "any" device, so both links are seen.
. "$PCAPS/make.d/_ovs.sh"

lacp_pair
record sw1 pcap-us ovs-lacp-flap.pcap -i any -y LINUX_SLL2 ether proto 0x8809
boot_switch sw1
boot_switch sw2
lacp_bond sw1 active fast
lacp_bond sw2 active fast
until_true 20 in_sync sw1
until_true 20 in_sync sw2
pause 2.5
link sw2 set p1 down
pause 5
link sw2 set p1 up
until_true 20 in_sync sw1
until_true 20 in_sync sw2
pause 2.5
