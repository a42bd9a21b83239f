//! What came out: obligations, verdicts of tests, and a run.

use std::path::PathBuf;
use std::time::Duration;

use crate::spec::{Edition, Level};

/// The verdict of a test. Those further down outweigh those above when several apply to one test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Verdict {
    /// Every obligation met.
    Pass,
    /// Only a SHOULD was broken.
    Weak,
    /// The device or the bed lacks what the test needs, or another edition applies.
    NotApplicable,
    /// The stimulus could not be completed, frames were lost, or the host was too late to tell.
    Inconclusive,
    /// An obligation was broken, with certainty.
    Fail,
    /// The tester itself failed.
    Error,
    /// The device died or stopped answering.
    Crash,
}

impl Verdict {
    /// All, in the order of a summary.
    pub const ALL: [Self; 7] = [
        Self::Pass,
        Self::Weak,
        Self::Fail,
        Self::Inconclusive,
        Self::NotApplicable,
        Self::Error,
        Self::Crash,
    ];

    /// As in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Weak => "weak",
            Self::NotApplicable => "not-applicable",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
            Self::Error => "error",
            Self::Crash => "crash",
        }
    }
}

/// What became of one obligation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Judgement {
    /// Recorded: the text leaves it open.
    Info,
    /// Met.
    Pass,
    /// A SHOULD, broken.
    Weak,
    /// Cannot be told.
    Inconclusive,
    /// A MUST, broken.
    Fail,
}

impl Judgement {
    /// As in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Pass => "pass",
            Self::Weak => "weak",
            Self::Inconclusive => "inconclusive",
            Self::Fail => "fail",
        }
    }
}

/// How a time was judged; all in nanoseconds after the stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timing {
    /// What the standard gives.
    pub window: [i64; 2],
    /// What the device was held to.
    pub limit: [i64; 2],
    /// How unsure the measurement is.
    pub uncertainty: u64,
    /// What was measured; `None` if it never came.
    pub observed: Option<i64>,
}

/// One thing that the device owed, and whether it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Obligation {
    /// Id of the requirement.
    pub requirement: &'static str,
    /// What became of it.
    pub judgement: Judgement,
    /// What was expected, and what was seen instead if it was not met.
    pub text: String,
    /// If it was about time.
    pub timing: Option<Timing>,
    /// Number of the deciding frame in the test's trace, from 1.
    pub frame: Option<u64>,
}

/// A test and what came out of it.
#[derive(Clone, Debug)]
pub struct TestResult {
    /// Permanent: `lacp.rx.expired-after-short-timeout`.
    pub id: String,
    /// What came out.
    pub verdict: Verdict,
    /// For fail, weak and crash: a stable code, the id of the requirement that was broken first.
    pub cause: Option<String>,
    /// In words, for whatever is not a plain pass.
    pub reason: Option<String>,
    /// Clauses, cited for the edition that ran.
    pub clauses: Vec<String>,
    /// The most that the test asks.
    pub level: Level,
    /// How much time of the protocol went by.
    pub device_time: Duration,
    /// How much of ours.
    pub wall_time: Duration,
    /// In the order in which they were decided.
    pub obligations: Vec<Obligation>,
    /// The capture, if one was written.
    pub evidence: Option<PathBuf>,
    /// What a waiver says of it, once waivers were applied.
    pub waived: Option<String>,
    /// A waiver says that on this device it does not end the same each time.
    pub varies: bool,
    /// Each run of it, if there were several: on a live device what does not go well has to be seen twice.
    pub attempts: Vec<Attempt>,
}

/// One run of a test that ran several times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    /// What came out.
    pub verdict: Verdict,
    /// The requirement that decided it.
    pub cause: Option<String>,
    /// In words.
    pub reason: Option<String>,
    /// Where the trace of that run is, if it is another one than the test's.
    pub evidence: Option<PathBuf>,
}

/// A run of several tests.
#[derive(Clone, Debug)]
pub struct RunResult {
    /// The device's name.
    pub device: String,
    /// What it was judged by.
    pub edition: Edition,
    /// From which everything random in the run came.
    pub seed: u64,
    /// Excluded with `-x`: never silently.
    pub excluded: Vec<String>,
    /// In the order of their ids.
    pub tests: Vec<TestResult>,
    /// Ids of the table rows that the device took, where it can say so, as a reference does.
    pub rows: Vec<&'static str>,
}

impl RunResult {
    /// How many tests ended so.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.tests.iter().filter(|test| test.verdict == verdict).count()
    }
}
