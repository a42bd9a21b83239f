//! Devices that a profile describes, on TAPs and on veth pairs: the reference runs as a user's own device would. Needs
//! root; says so without.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use redspec::instance::Instance;
use redspec::netns;
use serde_json::Value;

const REDSPEC: &str = env!("CARGO_BIN_EXE_redspec");

fn may() -> bool {
    let root = nix::unistd::geteuid().is_root();
    if !root {
        println!("skipped: interfaces need root");
    }
    root
}

/// A folder for a profile, a name for the device's program that nobody else has, and what a run left there.
struct Bench {
    folder: tempfile::TempDir,
}

/// How a run ended.
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
    tests: Vec<Value>,
}

impl Bench {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::os::unix::fs::symlink(REDSPEC, folder.path().join("device")).expect("a link");
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A device with `ports` TAPs in a namespace of its own.
    fn on_taps(&self, ports: usize, rest: &str) -> PathBuf {
        let ports: Vec<String> =
            (1..=ports).map(|n| format!("[[port]]\nkind = 'tap'\ninterface = 'p{n}'\n")).collect();
        let ports = ports.concat();
        self.profile("device_namespace = '{instance}'", &ports, rest)
    }

    fn profile(&self, top: &str, ports: &str, rest: &str) -> PathBuf {
        let path = self.path("dut.toml");
        let text = format!(
            "schema = 'redspec.dut/1'\nname = 'bench'\nedition = '2014'\nprotocols = ['lacp', 'marker']\n{top}\n{ports}\n\
             [settings]\nlacp.timeout = 'short'\nlacp.activity = 'active'\nlacp.key = 1\n{rest}"
        );
        std::fs::write(&path, text).expect("a file");
        path
    }

    fn run(&self, profile: &Path, more: &[&str]) -> Ran {
        let json = self.path("run.json");
        let output = Command::new(REDSPEC)
            .args(["run", "--dut"])
            .arg(profile)
            .args(["--json"])
            .arg(&json)
            .args(["--pcap"])
            .arg(self.path("traces"))
            .args(more)
            .output()
            .expect("redspec runs");
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let document: Option<Value> =
            std::fs::read(&json).ok().and_then(|text| serde_json::from_slice(&text).ok());
        let tests = document.and_then(|run| run["tests"].as_array().cloned()).unwrap_or_default();
        Ran { code: output.status.code(), out: text(&output.stdout), err: text(&output.stderr), tests }
    }

    /// Nothing of the device runs any more.
    #[track_caller]
    fn is_quiet(&self) {
        let mark = self.folder.path().to_str().expect("a readable path");
        let alive: Vec<String> = std::fs::read_dir("/proc")
            .expect("/proc")
            .flatten()
            .filter_map(|entry| std::fs::read(entry.path().join("cmdline")).ok())
            .map(|words| String::from_utf8_lossy(&words).replace('\0', " "))
            .filter(|words| words.contains(mark))
            .collect();
        assert_eq!(alive, [""; 0]);
    }
}

impl Ran {
    /// It ended with this code, and the test with this verdict. Returns the reason.
    #[track_caller]
    fn ends(&self, code: i32, test: &str, verdict: &str) -> String {
        let found = self.tests.iter().find(|found| found["id"] == test);
        let found = found.unwrap_or_else(|| panic!("no {test}: {}{}", self.out, self.err));
        assert_eq!(found["verdict"], verdict, "{}{}", self.out, self.err);
        assert_eq!(self.code, Some(code), "{}{}", self.out, self.err);
        found["reason"].as_str().unwrap_or_default().to_owned()
    }
}

const ANSWERS: &str = "marker.responder.answers";

/// The hooks of a device with these arguments behind its interfaces.
fn hooks(ports: usize, more: &str) -> String {
    let ports: Vec<String> = (1..=ports).map(|n| format!("'--iface', 'p{n}', ")).collect();
    let ports = ports.concat();
    format!(
        "[hooks]\nready = {{ log = 'ready' }}\nstart = {{ run = ['./device', 'device', {ports}'--control', \
         '{{work}}/control', '--set', 'lacp.timeout={{setting:lacp.timeout}}'{more}], stays = true }}\n\
         configure.'lacp.key' = ['./device', 'device', 'configure', '{{work}}/control', 'lacp.key.p{{port}}', '{{value}}']\n\
         state.'lacp.aggregator' = ['./device', 'device', 'state', '{{work}}/control', 'lacp.aggregator', '{{port}}']\n"
    )
}

#[test]
fn a_device_on_taps_is_started_configured_and_asked() {
    if !may() {
        return;
    }
    let bench = Bench::new();
    let profile = bench.on_taps(2, &hooks(2, ""));
    let (given, changed) = ("lacp.pdu.timeout-configured.long", "lacp.pdu.actor-key-distinct");
    let asked = "lacp.selection.same-lag.told";
    let ran = bench.run(&profile, &[ANSWERS, given, changed, asked]);
    for test in &ran.tests {
        let verdict = test["verdict"].as_str().unwrap_or_default();
        assert!(matches!(verdict, "pass" | "not-applicable"), "{}{}", ran.out, ran.err);
    }
    ran.ends(0, ANSWERS, "pass");
    ran.ends(0, given, "pass");
    ran.ends(0, changed, "pass");
    ran.ends(0, asked, "pass");
    let log = std::fs::read_to_string(bench.path("traces").join(format!("{ANSWERS}.device.log"))).unwrap();
    assert_eq!(log, "ready\n");
    bench.is_quiet();
}

#[test]
fn a_defect_is_found_and_a_second_look_taken() {
    if !may() {
        return;
    }
    let bench = Bench::new();
    let profile = bench.on_taps(1, &hooks(1, ", '--mutant', 'marker.defect.response-without-transaction'"));
    let test = "marker.responder.transaction";
    let ran = bench.run(&profile, &["marker.responder.transaction.one", test]);
    let found = ran.tests.iter().find(|found| found["id"] == test).expect("the test");
    // Two, or three where the host was late in one.
    let attempts = found["attempts"].as_array().map_or(0, Vec::len);
    assert!(attempts >= 2, "{}{}", ran.out, ran.err);
    ran.ends(1, test, "fail");
    bench.is_quiet();
}

#[test]
fn a_device_that_dies_is_a_crash_and_the_next_test_has_a_new_one() {
    if !may() {
        return;
    }
    let bench = Bench::new();
    // It dies while the first test runs; what it writes says why.
    let script = "#!/bin/sh\n./device device --iface p1 &\nsleep 1.5\n\
                  [ -e once ] && wait\ntouch once\necho \"thread 'main' panicked at x.rs\"\nkill -SEGV $$\n";
    std::fs::write(bench.path("dies"), script).unwrap();
    Command::new("chmod").arg("+x").arg(bench.path("dies")).status().unwrap();
    let profile =
        bench.on_taps(1, "[hooks]\nready = { log = 'ready' }\nstart = { run = ['./dies'], stays = true }\n");
    let ran = bench.run(&profile, &[ANSWERS]);
    let first = &ran.tests.iter().find(|test| test["id"] == ANSWERS).expect("the test")["attempts"][0];
    assert_eq!(first["verdict"], "crash", "{}{}", ran.out, ran.err);
    let reason = first["reason"].as_str().unwrap();
    assert!(reason.contains("panicked at x.rs"), "{reason}");
    bench.is_quiet();
}

#[test]
fn a_device_that_does_not_get_ready_is_a_crash_with_what_it_said() {
    if !may() {
        return;
    }
    let bench = Bench::new();
    let hooks = "[hooks]\nready = { run = ['false'], limit = 0.3 }\n\
                 start = { run = ['sh', '-c', 'echo no licence; exec sleep 60'], stays = true }\n";
    let reason = bench.run(&bench.on_taps(1, hooks), &[ANSWERS]).ends(4, ANSWERS, "crash");
    assert!(
        reason.contains("not ready after 0.3 s: hooks.ready: false: ended with exit status 1"),
        "{reason}"
    );
    assert!(reason.contains("it said last: no licence"), "{reason}");
    let hooks = "[hooks]\nstart = { run = ['sh', '-c', 'echo bad option; exit 7'], stays = true }\nready = { after = 5 }\n";
    let reason = bench.run(&bench.on_taps(1, hooks), &[ANSWERS]).ends(4, ANSWERS, "crash");
    assert!(reason.contains("sh ended with exit status 7"), "{reason}");
    assert!(reason.contains("bad option"), "{reason}");
}

#[test]
fn a_start_that_returns_is_ended_by_the_stop_hook() {
    if !may() {
        return;
    }
    let bench = Bench::new();
    let script = "#!/bin/sh\n./device device --iface p1 > \"$1/log\" 2>&1 &\necho $! > \"$1/pid\"\n";
    std::fs::write(bench.path("start"), script).unwrap();
    std::fs::write(bench.path("stop"), "#!/bin/sh\nkill $(cat \"$1/pid\")\n").unwrap();
    Command::new("chmod").args(["+x"]).arg(bench.path("start")).arg(bench.path("stop")).status().unwrap();
    let profile = bench.on_taps(
        1,
        "[hooks]\nstart = { run = ['./start', '{work}'], stays = false }\nready = { log = 'ready' }\n\
         stop = ['./stop', '{work}']\nlogs = ['{work}/log']\n",
    );
    bench.run(&profile, &[ANSWERS]).ends(0, ANSWERS, "pass");
    bench.is_quiet();
}

/// A device that runs on its own, at the other end of a veth pair.
struct Standing(Child);

impl Drop for Standing {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Standing {
    fn new(bench: &Bench, namespace: &str) -> Self {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", namespace]).arg(bench.path("device"));
        command.args(["device", "--iface", "v2", "--set", "lacp.timeout=short", "--control"]);
        command.arg(bench.path("control")).stdout(Stdio::null());
        let child = command.spawn().expect("ip");
        let end = Instant::now() + Duration::from_secs(10);
        while !bench.path("control").exists() {
            assert!(Instant::now() < end, "the device does not start");
            std::thread::sleep(Duration::from_millis(10));
        }
        Self(child)
    }
}

#[test]
fn a_device_that_runs_on_forgets_and_gets_back_what_was_changed() {
    if !may() {
        return;
    }
    let bench = Bench::new();
    let instance = Instance::new("test").expect("an instance");
    let (here, there) = (instance.namespace("here").unwrap(), instance.namespace("there").unwrap());
    let pair = ["link", "add", "v1", "type", "veth", "peer", "name", "v2", "netns", there.as_str()];
    netns::ip(Some(&here), &pair).unwrap();
    netns::ip(Some(&here), &["link", "set", "v1", "up"]).unwrap();
    let _device = Standing::new(&bench, &there);
    let port = format!("[[port]]\nkind = 'veth'\ninterface = 'v1'\nnamespace = '{here}'\n");
    let control = "'./device', 'device', 'configure', 'control'";
    let profile = bench.profile(
        "",
        &port,
        &format!("[hooks]\nconfigure.'lacp.timeout' = [{control}, 'lacp.timeout', '{{value}}']\n"),
    );
    let long = "lacp.pdu.timeout-configured.long";
    let ran = bench.run(&profile, &["lacp.pdu.timeout-configured", ANSWERS]);
    for test in &ran.tests {
        let verdict = test["verdict"].as_str().unwrap_or_default();
        assert!(matches!(verdict, "pass" | "not-applicable"), "{}{}", ran.out, ran.err);
    }
    ran.ends(0, long, "pass");
    ran.ends(0, ANSWERS, "pass");
    // What was changed for a test is what it was.
    ran.ends(0, "lacp.pdu.timeout-configured.short", "pass");
}
