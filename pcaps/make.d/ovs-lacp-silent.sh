# shellcheck shell=bash
# Open vSwitch, short timeout: one side is killed while its links stay up. The
# other one goes through EXPIRED to DEFAULTED; then the dead one returns.
. "$PCAPS/make.d/_ovs.sh"

lacp_pair
record sw1 pcap-ns ovs-lacp-silent.pcap -i p1
boot_switch sw1
boot_switch sw2
lacp_bond sw1 active fast
lacp_bond sw2 active fast
until_true 20 in_sync sw1
until_true 20 in_sync sw2
pause 2.5
end sw2 KILL
until_true 10 says sw1 'member: p1: expired'
until_true 10 says sw1 'member: p1: defaulted'
pause 4
boot_switch sw2
until_true 20 in_sync sw2
until_true 20 in_sync sw1
pause 2.5
