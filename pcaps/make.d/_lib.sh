# shellcheck shell=bash
# Namespaces, daemons and recorders for one scenario. Sourced by _run, which
# sets SCENARIO; pcaps/make sets PCAPS and TMP.

DIR=$(mktemp -d "$TMP/$SCENARIO.XXXXXX")
# Daemons such as zebra drop root and must still reach their own sockets.
chmod 711 "$TMP" "$DIR"

SPACES=()          # namespaces made here
declare -A PID=()  # tag -> process started here

cleanup() {
  local status=$? tag s
  set +ex
  trap '' INT TERM
  for tag in "${!PID[@]}"; do end "$tag" KILL; done
  for s in "${SPACES[@]}"; do ip netns del "$s" 2>/dev/null; done
  if ((status)); then tail -n 15 "$DIR"/*.log 2>/dev/null; fi
  rm -rf "$DIR"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 143' TERM
trap 'exit 130' INT

# A foreground sleep would hold back the traps until it ends.
pause() {
  local p
  sleep "$1" &
  p=$!
  wait "$p"
}

# until_true SECONDS COMMAND...: bounded wait for a condition.
until_true() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || { echo "timed out: $*" >&2; return 1; }
    pause 0.1
  done
}

# --- namespaces -------------------------------------------------------------

space() { echo "redspec-$SCENARIO-$1"; }
in_space() { ip netns exec "$(space "$1")" "${@:2}"; }
link() { ip -n "$(space "$1")" link "${@:2}"; }

# make_space NAME...: what a killed run left behind under that name goes first.
make_space() {
  local n s
  for n; do
    s=$(space "$n")
    ip netns del "$s" 2>/dev/null || true
    ip netns add "$s"
    SPACES+=("$s")
    link "$n" set lo up
    # No waiting for duplicate address detection, and no router solicitations.
    in_space "$n" sysctl -qw net.ipv6.conf.default.accept_dad=0 \
      net.ipv6.conf.default.router_solicitations=0 \
      net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.default.rp_filter=0
  done
}

no_ipv6() { in_space "$1" sysctl -qw net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1; }

# cable SPACE IF MAC SPACE IF MAC: a veth pair made inside the namespaces, so
# that nothing ever appears among the host's interfaces.
cable() {
  link "$1" add "$2" address "$3" type veth peer name "$5" address "$6" netns "$(space "$4")"
  link "$1" set "$2" up
  link "$4" set "$5" up
}

# lan: routers r1 and r2, each with lan0, on a bridge in a third namespace.
# The bridge is where the recorder listens: it sees all and says nothing.
lan() {
  make_space lan r1 r2
  no_ipv6 lan
  link lan add br0 type bridge mcast_snooping 0
  link lan set br0 up
  local i
  for i in 1 2; do
    cable "r$i" lan0 "02:00:00:00:00:0$i" lan "port$i" "02:00:00:00:01:0$i"
    link lan set "port$i" master br0
    ip -n "$(space "r$i")" addr add "192.0.2.1$i/24" dev lan0
  done
}

# --- processes --------------------------------------------------------------

# start TAG SPACE COMMAND...: ip netns exec becomes the command, so $! is its pid.
start() {
  local tag=$1 s
  s=$(space "$2")
  shift 2
  ip netns exec "$s" "$@" >>"$DIR/$tag.log" 2>&1 &
  PID[$tag]=$!
}

alive() { jobs -pr | grep -qx "${PID[$1]:-none}"; }

# end TAG SIGNAL: signals the process and its children, children first: the
# VRRP child of keepalived would take its parent's death as an order to resign.
end() {
  local pid=${PID[$1]:-} i
  [[ $pid ]] || return 0
  if alive "$1"; then
    if [[ $2 == KILL ]]; then
      # shellcheck disable=SC2046
      kill -KILL $(pgrep -P "$pid") "$pid"
    else
      kill -"$2" "$pid"
      for ((i = 0; i < 50; i++)); do
        alive "$1" || break
        pause 0.1
      done
      ! alive "$1" || kill -KILL "$pid"
    fi
  fi
  wait "$pid" 2>/dev/null || true
  unset "PID[$1]"
}

# --- recorders --------------------------------------------------------------

RECORDERS=()

# record SPACE FORMAT FILE ARGUMENT...: starts recording; the rest are arguments
# of tcpdump (pcap-us, pcap-ns) or dumpcap (pcapng), the interface among them.
record() {
  local s=$1 format=$2 file=$3 tag=recorder$((${#RECORDERS[@]} + 1))
  shift 3
  case $format in
    pcap-us) start "$tag" "$s" tcpdump -Z root -U --immediate-mode -w "$DIR/$file" "$@" ;;
    pcap-ns) start "$tag" "$s" tcpdump -Z root -U --immediate-mode --time-stamp-precision=nano -w "$DIR/$file" "$@" ;;
    pcapng) start "$tag" "$s" dumpcap -q -w "$DIR/$file" "$@" ;;
  esac
  RECORDERS+=("$tag:$file")
  until_true 10 test -s "$DIR/$file"
}

# publish: stops the recorders and moves what they wrote to own/. Called only
# when the scenario went through, so a failure leaves the old captures alone.
publish() {
  local r f
  for r in "${RECORDERS[@]}"; do
    end "${r%%:*}" INT
    f=${r#*:}
    [[ $f != *.pcapng ]] || "$PCAPS/make.d/_tidy-pcapng" "$DIR/$f"
    install -m 644 "$DIR/$f" "$PCAPS/own/$f"
  done
}

# --- the VRRP story ---------------------------------------------------------

# Which daemon runs on which router. A library NAME defines NAME_boot, NAME_crash,
# NAME_shut and NAME_is_master, each taking the router.
declare -A RUNS=()

boot() { "${RUNS[$1]}_boot" "$1"; }
crash() { "${RUNS[$1]}_crash" "$1"; }
shut() { "${RUNS[$1]}_shut" "$1"; }
is_master() { "${RUNS[$1]}_is_master" "$1"; }

# vrrp_story [SECONDS]: election, crash of the master, its return with
# preemption, its orderly shutdown, SECONDS between them. r1 is the better router.
vrrp_story() {
  local rest=${1:-2.5}
  boot r1
  pause 0.3 # on a busy machine more than the difference between their skew times
  boot r2
  until_true 15 is_master r1
  pause "$rest"
  crash r1
  until_true 15 is_master r2
  pause "$rest"
  boot r1
  until_true 15 is_master r1
  pause "$rest"
  shut r1
  until_true 15 is_master r2
  pause "$rest"
}
