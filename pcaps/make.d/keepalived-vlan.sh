# shellcheck shell=bash
# keepalived, VRRPv3 over IPv4 and VRRPv2 in one VLAN each, seen with their
# 802.1Q tags on the trunk between two bridges of Open vSwitch. (An 802.1Q
# device of the kernel would do as well, but not every kernel has one.)
. "$PCAPS/make.d/_keepalived.sh"
. "$PCAPS/make.d/_ovs.sh"
VIP=192.0.2.1

for r in 'r1 200' 'r2 100'; do
  # shellcheck disable=SC2086
  conf $r 3 "
  interface lan10
  use_vmac vrrp.51
  advert_int 0.4
  virtual_ipaddress { $VIP/24 }
}
vrrp_instance old {
  interface lan20
  use_vmac vrrp.52
  virtual_router_id 52
  version 2
  priority ${r#* }
  advert_int 1
  virtual_ipaddress { 198.51.100.1/24 }"
done

make_space lan r1 r2
no_ipv6 lan
boot_switch lan
cable lan trunk1 02:00:00:00:03:01 lan trunk2 02:00:00:00:03:02
for i in 1 2; do
  no_ipv6 "r$i"
  vsctl lan add-br "br$i" -- set bridge "br$i" datapath_type=netdev -- add-port "br$i" "trunk$i" trunks=10,20
  for v in 10 20; do
    cable "r$i" "lan$v" "02:00:00:00:$v:0$i" lan "r$i.$v" "02:00:00:01:$v:0$i"
    vsctl lan add-port "br$i" "r$i.$v" "tag=$v"
  done
  ip -n "$(space "r$i")" addr add "192.0.2.1$i/24" dev lan10
  ip -n "$(space "r$i")" addr add "198.51.100.1$i/24" dev lan20
done
record lan pcap-ns keepalived-vlan.pcap -i trunk1
vrrp_story 4 # long enough for the VRRPv2 instance as well
