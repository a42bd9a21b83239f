//! `redspec replay` in network namespaces of our own: no frame leaves them.

mod support;

use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use nix::sched::{CloneFlags, setns};
use pretty_assertions::assert_eq;
use support::{Packet, capture, ethernet, pcap};
use tempfile::TempDir;

const ETHERNET: u32 = 1;
const FRAME_RELAY: u32 = 107;
const SENDER: &str = "redspec-test-a";
const RECEIVER: &str = "redspec-test-b";

// ---- The network -----------------------------------------------------------

/// A network namespace with a veth pair in it; it goes away with the value.
struct Netns(String);

impl Netns {
    fn new() -> Option<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("redspec-test-{}-{number}", std::process::id());
        if !run(&format!("ip netns add {name}")) {
            println!("skipped: needs root and iproute2");
            return None;
        }
        let netns = Self(name);
        netns.ip(&format!("link add {SENDER} type veth peer name {RECEIVER}"));
        netns.ip(&format!("link set {SENDER} up"));
        netns.ip(&format!("link set {RECEIVER} up"));
        Some(netns)
    }

    fn ip(&self, arguments: &str) {
        assert!(run(&format!("ip -n {} {arguments}", self.0)), "{arguments}");
    }

    /// Moves this thread, and what it starts, into the namespace.
    fn enter(&self) {
        let file = File::open(format!("/run/netns/{}", self.0)).unwrap();
        setns(file, CloneFlags::CLONE_NEWNET).unwrap();
    }
}

impl Drop for Netns {
    fn drop(&mut self) {
        run(&format!("ip netns del {}", self.0));
    }
}

fn run(command: &str) -> bool {
    let mut words = command.split(' ');
    let status = Command::new(words.next().unwrap()).args(words).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// What comes out at the other end, until nothing does for a while.
fn receive(wire: &mut ::pcap::Capture<::pcap::Active>) -> Vec<(Duration, Vec<u8>)> {
    let mut seen = Vec::new();
    let mut last = Instant::now();
    while last.elapsed() < Duration::from_millis(1500) {
        match wire.next_packet() {
            Ok(packet) => {
                let stamp = packet.header.ts;
                let seconds = Duration::from_secs(stamp.tv_sec.unsigned_abs());
                let part = Duration::from_micros(stamp.tv_usec.unsigned_abs());
                seen.push((seconds + part, packet.data.to_vec()));
                last = Instant::now();
            }
            Err(::pcap::Error::TimeoutExpired) => thread::sleep(Duration::from_millis(5)),
            Err(error) => panic!("{error}"),
        }
    }
    seen
}

/// Ready to receive our frames; the kernel's own (neighbour discovery) are left out.
fn listen() -> ::pcap::Capture<::pcap::Active> {
    let mut wire = ::pcap::Capture::from_device(RECEIVER)
        .unwrap()
        .promisc(true)
        .immediate_mode(true)
        .open()
        .and_then(::pcap::Capture::setnonblock)
        .unwrap();
    wire.filter("ether src 02:00:00:00:00:01", true).unwrap();
    wire
}

// ---- Running it ------------------------------------------------------------

struct Files(TempDir);

impl Files {
    fn with(content: &[u8]) -> Self {
        let files = Self(tempfile::tempdir().unwrap());
        fs::write(files.path(), content).unwrap();
        files
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("a.pcap")
    }

    fn replay(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redspec"));
        command.arg("replay").arg("a.pcap").args(arguments).current_dir(&self.0);
        command
    }
}

/// Exit code, standard output, standard error.
fn ran(output: Output) -> (Option<i32>, String, String) {
    let text = |octets| String::from_utf8(octets).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn frame(number: u8, length: usize) -> Vec<u8> {
    ethernet("0180c2000002", "020000000001", "88b5", &vec![number; length - 14])
}

// ---- Tests -----------------------------------------------------------------

#[test]
fn octets_and_gaps_arrive() {
    let Some(netns) = Netns::new() else { return };
    netns.enter();
    let frames = [frame(1, 60), frame(2, 124), frame(3, 1514), frame(4, 14)];
    let times = [0, 250_000_000, 300_000_000, 700_000_000];
    let packets: Vec<_> = times
        .iter()
        .zip(&frames)
        .map(|(nanoseconds, frame)| Packet::new(1_712_345_678, *nanoseconds, frame.clone()))
        .collect();
    let files = Files::with(&pcap(ETHERNET, &packets));

    let mut wire = listen();
    let child = files.replay(&["--iface", SENDER]).stdout(Stdio::piped()).spawn().unwrap();
    let seen = receive(&mut wire);
    let (code, out, _) = ran(child.wait_with_output().unwrap());
    assert_eq!(code, Some(0));
    assert!(out.starts_with("sent 4 frames in 0."), "{out}");
    let late: f64 = out.split(' ').rev().nth(2).unwrap().parse().unwrap();
    let bound = Duration::from_millis(50) + Duration::from_secs_f64(late / 1e3);
    let octets: Vec<_> = seen.iter().map(|(_, octets)| octets.clone()).collect();
    assert_eq!(octets, frames);
    for (index, nanoseconds) in times.into_iter().enumerate() {
        let expected = Duration::from_nanos(u64::from(nanoseconds));
        let measured = seen[index].0.saturating_sub(seen[0].0);
        assert!(measured.abs_diff(expected) < bound, "{index}: {measured:?} {out}");
    }
}

#[test]
fn speed_limit_and_frames_cut_by_the_capture() {
    let Some(netns) = Netns::new() else { return };
    netns.enter();
    let mut packets: Vec<_> =
        (1..=9).map(|number| Packet::new(1000 * u32::from(number), 0, frame(number, 60))).collect();
    packets[1] = Packet::new(1500, 0, frame(2, 60)).cut(40);
    let files = Files::with(&pcap(ETHERNET, &packets));

    let mut wire = listen();
    let arguments = ["--iface", SENDER, "--speed", "inf", "--limit", "3"];
    let (code, out, err) = ran(files.replay(&arguments).output().unwrap());
    assert_eq!(code, Some(0));
    assert!(out.starts_with("sent 3 frames in 0.0"), "{out}");
    assert_eq!(err, "redspec: a.pcap: 1 frames were captured only in part and not sent\n");
    let octets: Vec<_> = receive(&mut wire).into_iter().map(|(_, octets)| octets).collect();
    assert_eq!(octets, [1, 3, 4].map(|number| frame(number, 60)));
}

#[test]
fn enters_a_named_namespace() {
    let Some(netns) = Netns::new() else { return };
    let files = Files::with(&capture(ETHERNET, &[frame(1, 60)]));
    let (code, out, err) = ran(files.replay(&["--iface", SENDER, "--netns", &netns.0]).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("sent 1 frames in 0.0"), "{out}");
}

#[test]
fn frame_check_sequences_are_left_to_the_interface() {
    let Some(netns) = Netns::new() else { return };
    netns.enter();
    let files = Files::with(&capture(ETHERNET | 0x2400_0000, &[frame(1, 64), frame(2, 1518)]));
    let mut wire = listen();
    let (code, _, err) = ran(files.replay(&["--iface", SENDER, "--speed", "inf"]).output().unwrap());
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let octets: Vec<_> = receive(&mut wire).into_iter().map(|(_, octets)| octets).collect();
    assert_eq!(octets, [frame(1, 60), frame(2, 1514)]);
}

#[test]
fn stops_when_interrupted() {
    let Some(netns) = Netns::new() else { return };
    netns.enter();
    let files = Files::with(&pcap(ETHERNET, &[0, 3600].map(|at| Packet::new(at, 0, frame(1, 60)))));
    let mut wire = listen();
    let child: Child = files.replay(&["--iface", SENDER]).stdout(Stdio::piped()).spawn().unwrap();
    assert_eq!(receive(&mut wire).len(), 1);
    assert!(run(&format!("kill -INT {}", child.id())));
    let (code, out, _) = ran(child.wait_with_output().unwrap());
    assert_eq!(code, Some(0));
    assert!(out.starts_with("sent 1 frames in ") && out.ends_with(" (interrupted)\n"), "{out}");
}

#[test]
fn refuses_an_interface_of_the_default_route() {
    let Some(netns) = Netns::new() else { return };
    netns.enter();
    let files = Files::with(&capture(ETHERNET, &[frame(1, 60)]));
    let replay = |more: &[&str]| ran(files.replay(&[&["--iface", SENDER], more].concat()).output().unwrap());
    netns.ip(&format!("addr add 192.0.2.1/24 dev {SENDER}"));
    assert_eq!(replay(&[]).0, Some(0));
    netns.ip("route add default via 192.0.2.2");
    let (code, out, err) = replay(&[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("redspec: the default route leads through redspec-test-a: "), "{err}");
    assert!(err.contains("--i-own-this-network"), "{err}");
    let (code, out, _) = replay(&["--i-own-this-network"]);
    assert_eq!(code, Some(0));
    assert!(out.starts_with("sent 1 frames"), "{out}");

    // The interface below the one of the default route.
    netns.ip("route del default");
    if !run(&format!("ip -n {} link add link {SENDER} name redspec-test-m type macvlan", netns.0)) {
        println!("skipped: needs macvlan");
        return;
    }
    netns.ip("link set redspec-test-m up");
    netns.ip("-6 route add default dev redspec-test-m");
    // Here /sys is that of another namespace.
    let (code, _, err) = replay(&[]);
    assert_eq!(code, Some(2));
    assert!(err.contains("through redspec-test-m, which may stand upon redspec-test-a: "), "{err}");
    // "ip netns exec" brings the /sys of the namespace along.
    let (code, _, err) = ran(Command::new("ip")
        .args(["netns", "exec", &netns.0, env!("CARGO_BIN_EXE_redspec"), "replay", "--iface", SENDER])
        .arg(files.path())
        .output()
        .unwrap());
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("through redspec-test-a: "), "{err}");
}

#[test]
fn refuses_a_named_namespace_with_a_default_route() {
    let Some(netns) = Netns::new() else { return };
    let files = Files::with(&capture(ETHERNET, &[frame(1, 60)]));
    let replay = |interface: &str, more: &[&str]| {
        let arguments = [&["--iface", interface, "--netns", &netns.0], more].concat();
        ran(files.replay(&arguments).output().unwrap())
    };
    // With it comes a null route of IPv6, and a default route through lo leads nowhere either.
    netns.ip("link set lo up");
    netns.ip("route add default dev lo");
    assert_eq!(replay(SENDER, &[]).0, Some(0));
    netns.ip("route del default");

    netns.ip(&format!("route add default dev {RECEIVER}"));
    for interface in [SENDER, "lo"] {
        let (code, out, err) = replay(interface, &[]);
        assert_eq!((code, out.as_str()), (Some(2), ""));
        let through = format!("through {RECEIVER}, which may stand upon {interface}: ");
        assert!(err.contains(&through) && err.contains("--i-own-this-network"), "{err}");
    }
    let (code, _, err) = replay(RECEIVER, &[]);
    assert_eq!(code, Some(2));
    assert!(err.contains(&format!("through {RECEIVER}: ")), "{err}");
    assert_eq!(replay(SENDER, &["--i-own-this-network"]).0, Some(0));
}

#[test]
fn the_null_route_of_lo_is_no_default_route() {
    let Some(netns) = Netns::new() else { return };
    netns.ip("link set lo up");
    let files = Files::with(&capture(ETHERNET, &[frame(1, 60)]));
    let (code, out, err) = ran(Command::new("ip")
        .args(["netns", "exec", &netns.0, env!("CARGO_BIN_EXE_redspec"), "replay", "--iface", "lo"])
        .arg(files.path())
        .output()
        .unwrap());
    assert_eq!(code, Some(0), "{err}");
    assert!(out.starts_with("sent 1 frames"), "{out}");
}

#[test]
fn says_what_cannot_be_sent() {
    let Some(netns) = Netns::new() else { return };
    netns.enter();
    let files = Files::with(&capture(FRAME_RELAY, &[vec![0x18; 40]]));
    let (code, out, err) = ran(files.replay(&["--iface", SENDER]).output().unwrap());
    assert_eq!(code, Some(2));
    assert!(out.starts_with("sent 0 frames"), "{out}");
    assert_eq!(err, "redspec: a.pcap: frame 1: link type FRELAY (107) is not supported\n");

    let files = Files::with(&capture(ETHERNET, &[frame(1, 60), frame(2, 3000)]));
    let arguments = ["--iface", SENDER, "--speed", "inf"];
    let (code, out, err) = ran(files.replay(&arguments).output().unwrap());
    assert_eq!(code, Some(3));
    assert!(out.starts_with("sent 1 frames"), "{out}");
    assert!(err.starts_with("redspec: a.pcap: frame 2: ") && err.contains("Message too long"), "{err}");

    let (code, _, err) = ran(Command::new("setpriv")
        .args([
            "--bounding-set=-net_raw,-net_admin",
            env!("CARGO_BIN_EXE_redspec"),
            "replay",
            "--iface",
            SENDER,
        ])
        .arg(files.path())
        .output()
        .unwrap());
    assert_eq!(code, Some(3), "{err}");
    assert!(err.contains("cannot send on redspec-test-a: ") && err.contains("CAP_NET_RAW"), "{err}");
}

#[test]
fn configuration_errors_have_code_2() {
    let files = Files::with(&capture(ETHERNET, &[frame(1, 60)]));
    // No interface has a name this long; a thread without a namespace of its own sends nowhere.
    let nowhere = "redspec-nowhere-at-all";
    let replay = |arguments: &[&str]| ran(files.replay(arguments).output().unwrap());
    let (code, _, err) = replay(&["--iface", nowhere]);
    assert_eq!((code, err), (Some(2), format!("redspec: there is no interface {nowhere}\n")));
    let (code, _, err) = replay(&["--iface", nowhere, "--netns", "redspec-nowhere"]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("redspec: /run/netns/redspec-nowhere: No such file"), "{err}");
    for speed in ["0", "-1", "NaN", "fast"] {
        assert_eq!(replay(&["--iface", nowhere, "--speed", speed]).0, Some(2));
    }
    fs::remove_file(files.path()).unwrap();
    let (code, _, err) = replay(&["--iface", nowhere]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("redspec: a.pcap: No such file"), "{err}");
}
