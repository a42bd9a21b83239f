//! A device without faults on a host that has no time for it: no test may fail. Needs root; says so without.
//!
//! `cargo test` runs a part of the suite so; all of it, in half an hour:
//! `REDSPEC_STRESS=lacp cargo test -p redspec --release --test live_stress`.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

const REDSPEC: &str = env!("CARGO_BIN_EXE_redspec");

/// Tests of every kind of timer that are over within a minute.
const PART: &[&str] = &[
    "lacp.rx.expired-after-short-timeout",
    "lacp.rx.defaulted-after-expired.short-timeout",
    "lacp.rx.first-pdu",
    "lacp.rx.any-lacpdu-restarts-timer",
    "lacp.periodic.fast",
    "lacp.ntt.mismatch",
    "lacp.ntt.no-reply",
    "lacp.mux.partner-sync",
    "lacp.tx.limit",
    "lacp.link.return-keeps-partner",
    "marker.responder.answers",
    "lacp.pdu",
];

/// Keeps every processor busy, several times over, as long as it lives.
struct Stress {
    stop: Arc<AtomicBool>,
    threads: Vec<std::thread::JoinHandle<u64>>,
}

impl Stress {
    fn start() -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let processors = std::thread::available_parallelism().map_or(2, usize::from);
        let threads = (0..processors * 4)
            .map(|_| {
                let stop = Arc::clone(&stop);
                std::thread::spawn(move || {
                    let mut number = 1_u64;
                    while !stop.load(Ordering::Relaxed) {
                        number = std::hint::black_box(number.wrapping_mul(6_364_136_223_846_793_005) ^ 1);
                    }
                    number
                })
            })
            .collect();
        Self { stop, threads }
    }
}

impl Drop for Stress {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

#[test]
fn nothing_fails_for_want_of_time() {
    if !nix::unistd::geteuid().is_root() {
        println!("skipped: interfaces need root");
        return;
    }
    let wanted = std::env::var("REDSPEC_STRESS").ok();
    let filters: Vec<&str> = wanted.as_deref().map_or(PART.to_vec(), |text| text.split(' ').collect());
    let folder = tempfile::tempdir().unwrap();
    let bin = folder.path().join("bin");
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(REDSPEC, bin.join("redspec")).unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let profile = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/examples/reference-tap.toml");
    let json = folder.path().join("run.json");

    let stress = Stress::start();
    let output = Command::new(REDSPEC)
        .args(["run", "--dut"])
        .arg(&profile)
        .args(["--jobs", "8", "--json"])
        .arg(&json)
        .args(&filters)
        .env("PATH", format!("{}:{path}", bin.display()))
        .output()
        .unwrap();
    drop(stress);

    let said = String::from_utf8_lossy(&output.stdout);
    let text =
        std::fs::read(&json).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    let run: Value = serde_json::from_slice(&text).unwrap();
    let tests = run["tests"].as_array().unwrap();
    let ended = |verdict: &str| tests.iter().filter(|test| test["verdict"] == verdict).count();
    let unsure = tests
        .iter()
        .flat_map(|test| test["obligations"].as_array().unwrap())
        .filter_map(|obligation| obligation["uncertainty_ns"].as_u64())
        .max()
        .unwrap_or(0);
    println!(
        "{} pass, {} inconclusive, {} weak, {} fail, {} crash; the host was late by up to {:.1} ms",
        ended("pass"),
        ended("inconclusive"),
        ended("weak"),
        ended("fail"),
        ended("crash"),
        std::time::Duration::from_nanos(unsure).as_secs_f64() * 1e3,
    );
    assert_eq!(ended("fail") + ended("weak") + ended("crash") + ended("error"), 0, "{said}");
    assert!(ended("pass") > tests.len() / 4, "something was told: {said}");
    // Unless the host was disturbed, the test has not shown anything.
    assert!(unsure > 1_000_000, "uncertainty {unsure} ns");
}
