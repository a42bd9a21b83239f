//! Every scenario against the reference, in every profile.

use std::process::ExitCode;

use libtest_mimic::{Arguments, Failed, Trial};
use redspec::reference::lab::{self, LACP_PROFILES};
use redspec::scenario::runner::run_test;
use redspec::suite;
use redspec::verdict::Verdict;

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let tests: &'static Vec<_> = Box::leak(Box::new(suite::tests()));
    let trials = LACP_PROFILES.iter().flat_map(|profile| {
        tests.iter().map(move |test| {
            Trial::test(format!("{}::{}", profile.name, test.id), move || {
                let lab = lab::lacp(profile.edition, profile.settings());
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
