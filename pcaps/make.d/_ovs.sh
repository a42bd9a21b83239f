# shellcheck shell=bash
# Open vSwitch with the userspace datapath: one ovsdb-server and one
# ovs-vswitchd to a namespace, all its files below $DIR.

boot_switch() { # SWITCH
  local d=$DIR/$1
  mkdir -p "$d"
  [[ -f $d/conf.db ]] || ovsdb-tool create "$d/conf.db" /usr/share/openvswitch/vswitch.ovsschema
  alive "$1.db" || {
    OVS_RUNDIR=$d start "$1.db" "$1" ovsdb-server --unixctl="$d/db.ctl" --remote="punix:$d/db.sock" "$d/conf.db"
    until_true 10 test -S "$d/db.sock"
    vsctl "$1" --no-wait init
  }
  OVS_RUNDIR=$d start "$1" "$1" ovs-vswitchd --unixctl="$d/vswitchd.ctl" "unix:$d/db.sock"
}

vsctl() { ovs-vsctl --timeout=15 --db="unix:$DIR/$1/db.sock" "${@:2}"; }
lacp_show() { ovs-appctl --timeout=5 -t "$DIR/$1/vswitchd.ctl" lacp/show bond0; }

# The two switches and the two links of every LACP scenario. MAC addresses end
# in the switch's number and the link's.
lacp_pair() {
  local s l
  make_space sw1 sw2
  for s in sw1 sw2; do no_ipv6 "$s"; done
  for l in 1 2; do cable sw1 "p$l" "02:00:00:00:01:0$l" sw2 "p$l" "02:00:00:00:02:0$l"; done
}

# lacp_bond SWITCH MODE TIME: the configuration the manifest states; N is the
# switch's number: system 02:00:00:00:00:aN, system priority N000, key N0,
# ports N1 and N2, port priorities N01 and N02.
lacp_bond() {
  local n=${1#sw} l
  local args=()
  for l in 1 2; do
    args+=(-- set interface "p$l" "other_config:lacp-aggregation-key=${n}0"
      "other_config:lacp-port-id=$n$l" "other_config:lacp-port-priority=${n}0$l")
  done
  vsctl "$1" add-br br0 -- set bridge br0 datapath_type=netdev "other_config:hwaddr=02:00:00:00:00:0$n" \
    -- add-bond br0 bond0 p1 p2 "lacp=$2" bond_mode=active-backup "other_config:lacp-time=$3" \
    "other_config:lacp-system-id=02:00:00:00:00:a$n" "other_config:lacp-system-priority=${n}000" \
    "${args[@]}"
}

# Both links carry traffic as far as this switch knows.
in_sync() { (($(lacp_show "$1" | grep -c 'actor state:.* synchronized collecting distributing$') == 2)); }
says() { lacp_show "$1" | grep -q "$2"; }
