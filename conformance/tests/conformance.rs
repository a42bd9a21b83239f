//! Every scenario against the reference, in every profile.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use redspec::reference::lab::{self, PROFILES};
use redspec::scenario::runner::run_test;
use redspec::suite;
use redspec::verdict::Verdict;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tests: &'static Vec<_> = Box::leak(Box::new(suite::tests()));
    let trials = PROFILES.iter().flat_map(|profile| {
        let tests = tests.iter().filter(|test| test.needs.editions.contains(profile.edition));
        tests.map(move |test| {
            Trial::test(format!("{}::{}", profile.name, test.id), move || {
                let lab = lab::reference(profile.edition, profile.settings());
                let result = run_test(test, &lab, 1).result;
                match result.verdict {
                    Verdict::Pass | Verdict::NotApplicable => Ok(()),
                    other => {
                        Err(Failed::from(format!("{}: {}", other.name(), result.reason.unwrap_or_default())))
                    }
                }
            })
        })
    });
    libtest_mimic::run(&arguments, trials.collect()).exit_code()
}
