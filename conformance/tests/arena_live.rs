//! keepalived in the arena, among references: in a network namespace, on a veth pair. Needs root, iproute2 and keepalived;
//! says so without.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redspec::netns;
use serde_json::Value;

const REDSPEC: &str = env!("CARGO_BIN_EXE_redspec");

fn may() -> bool {
    let root = nix::unistd::geteuid().is_root();
    let there = |program: &str, argument: &str| Command::new(program).arg(argument).output().is_ok();
    let may = root && there("keepalived", "--version") && there("ip", "-V");
    if !may {
        println!("skipped: it needs root, iproute2 and keepalived");
    }
    may
}

/// A router in a namespace, with the hub's end of its link here. All of it is gone when this is.
struct Router {
    name: String,
    folder: tempfile::TempDir,
    keepalived: Option<Child>,
}

impl Router {
    /// `number` tells those of one test process apart; `vmac` is the line by which keepalived gets the virtual MAC address.
    fn new(number: u8, priority: u8, vmac: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        // Interfaces have at most fifteen characters.
        let name = format!("ar{}n{number}", std::process::id() % 1_000_000);
        let mut router = Self { name: name.clone(), folder, keepalived: None };
        let ip = |namespace: Option<&str>, arguments: &str| {
            let arguments: Vec<&str> = arguments.split(' ').collect();
            netns::ip(namespace, &arguments).unwrap_or_else(|error| panic!("{error}"));
        };
        ip(None, &format!("netns add {name}"));
        ip(None, &format!("link add {name} type veth peer name lan netns {name}"));
        // The host itself has nothing to say on this link.
        ip(None, &format!("link set {name} addrgenmode none"));
        ip(None, &format!("link set {name} up"));
        for arguments in ["link set lo up", "link set lan up", "addr add 10.0.0.77/16 dev lan"] {
            ip(Some(&name), arguments);
        }
        // The virtual address is answered for by its own interface alone.
        let sysctl = ["net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.default.arp_ignore=1"];
        let quiet = Command::new("ip").args(["netns", "exec", &name, "sysctl", "-qw"]).args(sysctl).status();
        assert!(quiet.expect("sysctl").success());
        let configuration = format!(
            "global_defs {{\n    router_id redspec\n    vrrp_garp_master_delay 0\n    vrrp_garp_master_repeat 1\n    \
             vrrp_strict\n}}\nvrrp_instance R1 {{\n    interface lan\n    {vmac}\n    version 3\n    \
             virtual_router_id 10\n    priority {priority}\n    advert_int 0.5\n    virtual_ipaddress {{\n        \
             10.0.0.254/16\n    }}\n}}\n"
        );
        std::fs::write(router.path("conf"), configuration).expect("a file");
        let keepalived = Command::new("ip")
            .args(["netns", "exec", &name, "keepalived", "-n", "-l", "-P"])
            .args(["-f".into(), router.path("conf"), "-p".into(), router.path("pid")])
            .args(["-r".into(), router.path("vrrp_pid")])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        router.keepalived = Some(keepalived.expect("keepalived runs"));
        std::thread::sleep(Duration::from_millis(500));
        router
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// An arena of three with it as router `number`: the code, and the document.
    fn arena(&self, number: usize, failovers: u64) -> (Option<i32>, Value) {
        let json = self.path("arena.json");
        let output = Command::new(REDSPEC)
            .args(["arena", "vrrp3", "--edition", "rfc5798", "--routers", "3", "--seed", "3"])
            .args(["--set", "vrrp.interval=0.5", "--set", "vrrp.virtual_addresses=1"])
            .args(["--live", &format!("{number}={}", self.name), "--failovers", &failovers.to_string()])
            .args(["--set", &format!("{number}:vrrp.address=10.0.0.77"), "--json"])
            .arg(&json)
            .output()
            .expect("redspec runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        println!("{text}{}", String::from_utf8_lossy(&output.stderr));
        let document = serde_json::from_slice(&std::fs::read(&json).expect("a file")).expect("JSON");
        (output.status.code(), document)
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        if let Some(mut keepalived) = self.keepalived.take() {
            if let Ok(id) = i32::try_from(keepalived.id()) {
                // It ends its own children with it.
                let _ = nix::sys::signal::kill(nix::unistd::Pid::from_raw(id), nix::sys::signal::SIGTERM);
            }
            let _ = keepalived.wait();
        }
        let _ = netns::ip(None, &["link", "del", &self.name]);
        let _ = netns::ip(None, &["netns", "del", &self.name]);
    }
}

#[test]
fn keepalived_takes_over_and_gives_way_among_references() {
    if !may() {
        return;
    }
    let router = Router::new(1, 230, "use_vmac vrrp4-1-10");
    let (code, document) = router.arena(2, 6);
    assert_eq!(document["broken"], Value::Array(Vec::new()));
    // On a host that is late itself it may be that not everything could be told.
    assert!(code == Some(0) || code == Some(5), "{code:?}");
    let failovers = document["failovers"].as_array().expect("failovers");
    let takes_part = |side: &str| failovers.iter().any(|failover| failover[side] == 2);
    assert!(takes_part("new") || takes_part("old"), "it was never the gateway: {failovers:?}");
}

/// Without a virtual interface keepalived has the virtual address at its own MAC address: section 8.1.2.
#[test]
fn a_gateway_at_its_own_mac_address_is_found() {
    if !may() {
        return;
    }
    let router = Router::new(2, 250, "");
    let (code, document) = router.arena(1, 3);
    assert_eq!(code, Some(1));
    let broken = document["broken"].as_array().expect("what was broken");
    let of_mac = broken.iter().find(|broken| broken["invariant"] == "one-mac");
    assert_eq!(of_mac.map(|broken| &broken["routers"][0]), Some(&Value::from(1)), "{broken:?}");
}
