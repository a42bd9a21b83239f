# shellcheck shell=bash
# Open vSwitch: the partner first changes its operational key, then its system
# identifier, while the links stay up.
. "$PCAPS/make.d/_ovs.sh"

lacp_pair
record sw1 pcap-us ovs-lacp-change.pcap -i p1
boot_switch sw1
boot_switch sw2
lacp_bond sw1 active fast
lacp_bond sw2 active fast
until_true 20 in_sync sw1
until_true 20 in_sync sw2
pause 2.5
vsctl sw2 -- set interface p1 other_config:lacp-aggregation-key=29 \
  -- set interface p2 other_config:lacp-aggregation-key=29
pause 3.5
vsctl sw2 set port bond0 other_config:lacp-system-id=02:00:00:00:00:b2 \
  other_config:lacp-system-priority=2222
pause 3.5
