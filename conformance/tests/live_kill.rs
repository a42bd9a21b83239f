//! A tester that is killed leaves nothing behind once another has started. Needs root; says so without.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const REDSPEC: &str = env!("CARGO_BIN_EXE_redspec");

/// Namespaces whose instance has a process with this text on its command line.
fn namespaces(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for instance in redspec::instance::all().unwrap() {
        for namespace in instance.namespaces {
            let pids = Command::new("ip").args(["netns", "pids", &namespace]).output().unwrap();
            let pids = String::from_utf8(pids.stdout).unwrap();
            if pids.split_whitespace().any(|pid| command_line(pid).contains(text)) {
                found.insert(namespace);
            }
        }
    }
    found
}

fn command_line(process: &str) -> String {
    let octets = std::fs::read(format!("/proc/{process}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&octets).replace('\0', " ")
}

/// Processes with this text on their command line.
fn processes(text: &str) -> Vec<String> {
    let entries = std::fs::read_dir("/proc").unwrap().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    names.filter(|name| name.parse::<u32>().is_ok() && command_line(name).contains(text)).collect()
}

#[test]
fn the_next_start_removes_what_a_killed_tester_left() {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: interfaces need root");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let device = folder.path().join("device-of-a-killed-tester");
    std::os::unix::fs::symlink(REDSPEC, &device).unwrap();
    let device = device.to_str().unwrap();
    let profile = folder.path().join("dut.toml");
    let text = format!(
        "schema = 'redspec.dut/1'\nname = 'bench'\nedition = '2014'\nprotocols = ['lacp', 'marker']\n\
         device_namespace = '{{instance}}'\n[[port]]\nkind = 'tap'\ninterface = 'p1'\n[settings]\n\
         lacp.timeout = 'short'\nlacp.activity = 'active'\n[hooks]\nready = {{ log = 'ready' }}\n\
         [hooks.start]\nstays = true\nrun = ['{device}', 'device', '--iface', 'p1', '--set', 'lacp.timeout=short']\n"
    );
    std::fs::write(&profile, text).unwrap();
    let run = |filters: &[&str]| {
        let mut command = Command::new(REDSPEC);
        command.args(["run", "--jobs", "3", "--dut"]).arg(&profile).args(filters);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    };

    let mut tester = run(&["lacp.rx"]).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while namespaces(device).len() < 3 && Instant::now() < end {
        std::thread::sleep(Duration::from_millis(50));
    }
    let left = namespaces(device);
    tester.kill().unwrap();
    tester.wait().unwrap();
    assert_eq!(left.len(), 3, "three devices ran");
    assert!(!processes(device).is_empty(), "they run on without the tester");

    let status = run(&["lacp.rx.first-pdu"]).status().unwrap();
    assert_eq!(status.code(), Some(0));
    for namespace in left {
        assert!(!Path::new("/run/netns").join(&namespace).exists(), "{namespace} is still there");
    }
    assert_eq!(processes(device), Vec::<String>::new(), "nothing runs any more");
    assert!(redspec::instance::all().unwrap().iter().all(|instance| instance.folder.join("lock").exists()));
}
