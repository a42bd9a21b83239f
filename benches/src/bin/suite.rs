//! How fast a protocol family's suite runs on its reference: all profiles, as the ratio of the protocol's time to ours.
//!
//! Fails if a test fails, if the ratio is below the goal, or if all profiles of a family together take longer than the
//! goal.

use std::process::ExitCode;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use redspec::reference::lab::{self, Profile};
use redspec::scenario::Test;
use redspec::scenario::campaign::run_all;
use redspec::suite;
use redspec::verdict::{RunResult, Verdict};

/// The protocol's time to ours, at least.
const RATIO: f64 = 10_000.0;
/// All profiles, at most.
const LONGEST: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let tests = suite::tests();
    let lacp = measure("LACP and Marker", &tests, &lab::lacp_profiles().collect::<Vec<_>>());
    let vrrp = measure("VRRP", &tests, &lab::vrrp_profiles().collect::<Vec<_>>());
    let hsrp = measure("HSRP", &tests, &lab::hsrp_profiles().collect::<Vec<_>>());
    if lacp && vrrp && hsrp { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the suite in these profiles; whether all is as it should be.
fn measure(family: &str, tests: &[Test], profiles: &[&Profile]) -> bool {
    let jobs = std::thread::available_parallelism().map_or(1, usize::from).min(profiles.len());
    let (next, runs) = (Mutex::new(profiles.iter()), Mutex::new(Vec::new()));
    let started = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(|| {
                loop {
                    let Some(profile) = next.lock().ok().and_then(|mut next| next.next()) else { return };
                    let run = run_all(&lab::reference(profile.edition, profile.settings()), tests);
                    if let (Ok(run), Ok(mut runs)) = (run, runs.lock()) {
                        runs.push((profile.name, run));
                    }
                }
            });
        }
    });
    let wall = started.elapsed();
    let runs = runs.into_inner().unwrap_or_default();
    let mut simulated = Duration::ZERO;
    for (name, run) in &runs {
        let time: Duration = run.tests.iter().map(|test| test.device_time).sum();
        println!(
            "{name:<20} {:>4} tests, {} failed, {:.1} s of protocol time",
            run.tests.len(),
            failed(run),
            time.as_secs_f64()
        );
        simulated += time;
    }
    let ratio = simulated.as_secs_f64() / wall.as_secs_f64();
    println!(
        "{family}, all profiles on {jobs} threads: {:.3} s (at most {} s), {ratio:.0} times faster than the protocol (at \
         least {RATIO})",
        wall.as_secs_f64(),
        LONGEST.as_secs(),
    );
    runs.len() == profiles.len()
        && runs.iter().all(|(_, run)| failed(run) == 0)
        && ratio >= RATIO
        && wall <= LONGEST
}

fn failed(run: &RunResult) -> usize {
    run.tests.iter().filter(|test| !matches!(test.verdict, Verdict::Pass | Verdict::NotApplicable)).count()
}
