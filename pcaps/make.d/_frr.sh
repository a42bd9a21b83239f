# shellcheck shell=bash
# FRR zebra and vrrpd for vrrp_story. The scenario sets VERSION, INTERVAL (ms),
# VIPS and calls frr_routers once the LAN is there.

# shellcheck disable=SC2034 # read in _lib.sh
RUNS=([r1]=frr [r2]=frr)
FRR=/usr/lib/frr
VRID=51

# frr_routers 'ROUTER PRIORITY'...: the virtual router's addresses live on a
# macvlan with the virtual MAC, which vrrpd finds by that MAC and keeps down
# (protodown) while backup.
frr_routers() {
  local r family=1 a lines=''
  [[ ${VIPS[0]} != *:* ]] || family=2
  for a in "${VIPS[@]}"; do
    lines+=" vrrp $VRID $([[ $family == 2 ]] && echo ipv6 || echo ip) ${a%/*}"$'\n'
  done
  for r; do
    frr_router "${r% *}" "${r#* }" "$family" "$lines"
  done
}

frr_router() { # ROUTER PRIORITY FAMILY LINES
  local a
  link "$1" add vrrp51 link lan0 address "00:00:5e:00:0$3:$(printf %02x $VRID)" type macvlan mode bridge
  link "$1" set vrrp51 addrgenmode none
  for a in "${VIPS[@]}"; do ip -n "$(space "$1")" addr add "$a" dev vrrp51 nodad; done
  # IPv6 adverts leave from the macvlan, so it needs a link-local address of its
  # own. Added last: vrrpd takes the one that the kernel lists first.
  [[ $3 == 1 ]] || ip -n "$(space "$1")" addr add "fe80::5e:${2}/64" dev vrrp51 nodad
  link "$1" set vrrp51 up
  echo "hostname $1" >"$DIR/$1.zebra.conf"
  cat >"$DIR/$1.vrrpd.conf" <<END
hostname $1
interface lan0
 vrrp $VRID version $VERSION
 vrrp $VRID priority $2
 vrrp $VRID advertisement-interval $INTERVAL
$4
END
  # The daemons run as user frr and keep sockets and pid files here.
  install -d -o frr -g frr "$DIR/$1"
}

frr_daemon() { # ROUTER DAEMON
  start "$1.$2" "$1" "$FRR/$2" --config_file "$DIR/$1.$2.conf" --pid_file "$DIR/$1/$2.pid" \
    --socket "$DIR/$1/zserv.api" --vty_socket "$DIR/$1" --vty_port 0 --log stdout
}

frr_boot() {
  alive "$1.zebra" || frr_daemon "$1" zebra
  until_true 10 test -S "$DIR/$1/zserv.api"
  frr_daemon "$1" vrrpd
}

# zebra stays: it only tells vrrpd of interfaces. The macvlan that a killed vrrpd
# leaves up stays quiet, so it need not be taken down.
frr_crash() {
  end "$1.vrrpd" KILL
  rm -f "$DIR/$1/vrrpd."*
}

frr_shut() { end "$1.vrrpd" TERM; }

frr_is_master() { in_space "$1" vtysh --vty_socket "$DIR/$1" -c 'show vrrp' 2>/dev/null | grep -qE '^ Status .*Master'; }
