//! How fast the LACP and Marker suite runs on the reference: all profiles, as the ratio of the protocol's time to ours.
//!
//! Fails if a test fails, if the ratio is below the goal, or if all profiles together take longer than the goal.

use std::process::ExitCode;
use std::time::{Duration, Instant};

use redspec::reference::lab;
use redspec::scenario::campaign::Campaign;
use redspec::scenario::filter::Selection;
use redspec::suite;
use redspec::verdict::Verdict;

/// The protocol's time to ours, at least.
const RATIO: f64 = 10_000.0;
/// All profiles, at most.
const LONGEST: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    let tests = suite::tests();
    let jobs = std::thread::available_parallelism().map_or(1, usize::from);
    let selection = Selection::default();
    let (mut wall, mut simulated, mut good) = (Duration::ZERO, Duration::ZERO, true);
    for profile in lab::lacp_profiles() {
        let lab = lab::reference(profile.edition, profile.settings());
        let chosen = tests.iter().filter(|test| test.needs.editions.contains(profile.edition)).collect();
        let campaign = Campaign {
            lab: &lab,
            tests: chosen,
            selection: &selection,
            seed: 1,
            jobs,
            traces: None,
            stop: None,
        };
        let started = Instant::now();
        let Ok(run) = campaign.run(|_| {}) else { return ExitCode::FAILURE };
        let took = started.elapsed();
        let time: Duration = run.tests.iter().map(|test| test.device_time).sum();
        let failed =
            run.tests.iter().filter(|test| !matches!(test.verdict, Verdict::Pass | Verdict::NotApplicable));
        let failed = failed.count();
        println!(
            "{:<20} {:>4} tests  {failed} failed  {:>9.1} s of protocol time in {:>6.3} s: {:>9.0} times faster",
            profile.name,
            run.tests.len(),
            time.as_secs_f64(),
            took.as_secs_f64(),
            time.as_secs_f64() / took.as_secs_f64(),
        );
        good &= failed == 0;
        wall += took;
        simulated += time;
    }
    let ratio = simulated.as_secs_f64() / wall.as_secs_f64();
    println!(
        "all profiles: {:.3} s (at most {} s), {ratio:.0} times faster than the protocol (at least {RATIO})",
        wall.as_secs_f64(),
        LONGEST.as_secs(),
    );
    if good && ratio >= RATIO && wall <= LONGEST { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
