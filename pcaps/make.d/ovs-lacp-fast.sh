# shellcheck shell=bash
# Open vSwitch, LACP active on both sides with the short timeout: negotiation
# from nothing and the 1 s rhythm, on both links of the bond in one file.
. "$PCAPS/make.d/_ovs.sh"

lacp_pair
record sw1 pcapng ovs-lacp-fast.pcapng -i p1 -i p2
boot_switch sw1
boot_switch sw2
lacp_bond sw1 active fast
pause 2 # sw1 alone: its partner is still the default one
lacp_bond sw2 active fast
until_true 20 in_sync sw1
until_true 20 in_sync sw2
pause 4
