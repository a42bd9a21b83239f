# shellcheck shell=bash
# keepalived for vrrp_story. The scenario sets VIP, an address that only the
# master has, and writes the two configurations with conf.

# shellcheck disable=SC2034 # read in _lib.sh
RUNS=([r1]=keepalived [r2]=keepalived)

# conf ROUTER PRIORITY VERSION LINES: LINES go into the vrrp_instance.
conf() {
  cat >"$DIR/$1.conf" <<END
global_defs {
  router_id $1
  vrrp_version $3
  vrrp_garp_master_delay 0
  vrrp_garp_master_repeat 2
}
vrrp_instance lan {
  virtual_router_id 51
  priority $2
  $4
}
END
}

keepalived_boot() {
  start "$1" "$1" keepalived --dont-fork --log-console --log-detail --vrrp \
    --use-file "$DIR/$1.conf" --pid "$DIR/$1.pid" --vrrp_pid "$DIR/$1.vrrp.pid"
}

# The virtual MAC interface and its addresses outlive a killed daemon; a dead
# machine would not keep them.
keepalived_crash() {
  end "$1" KILL
  rm -f "$DIR/$1.pid" "$DIR/$1.vrrp.pid"
  local i
  for i in vrrp.51 vrrp.52; do link "$1" del "$i" 2>/dev/null || true; done
  in_space "$1" ip addr flush to "$VIP" || true
}

keepalived_shut() { end "$1" TERM; }

keepalived_is_master() { [[ $(ip -n "$(space "$1")" -o addr show to "$VIP") ]]; }
