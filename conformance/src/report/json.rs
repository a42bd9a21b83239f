//! A run as JSON, schema `redspec.run/1`, and back; `schema/redspec.run.1.schema.json` describes it.

use std::io::{self, Read, Write};

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

use crate::spec::{Edition, Level};
use crate::time::nanoseconds;
use crate::verdict::{self, Judgement, RunResult, TestResult, Timing, Verdict};

/// What `schema` says.
pub const SCHEMA: &str = "redspec.run/1";

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    /// [`SCHEMA`].
    pub schema: String,
    /// The device's name.
    pub dut: String,
    /// What it was judged by.
    #[serde(with = "edition")]
    pub edition: Edition,
    /// From which everything random in the run came.
    pub seed: u64,
    /// How many tests ended how.
    pub summary: Summary,
    /// In the order of their ids.
    pub tests: Vec<Test>,
    /// Ids that `-x` left out.
    pub excluded: Vec<String>,
    /// Ids of the table rows that the device took, where it can say so.
    pub rows: Vec<String>,
}

/// How many tests ended how; what is waived is counted as what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)] // as the verdicts
pub struct Summary {
    pub pass: usize,
    pub weak: usize,
    pub fail: usize,
    pub inconclusive: usize,
    pub not_applicable: usize,
    pub error: usize,
    pub crash: usize,
}

/// One test.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Test {
    /// Permanent.
    pub id: String,
    /// What came out.
    #[serde(with = "VerdictName")]
    pub verdict: Verdict,
    /// A stable code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why the failure was expected.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
    /// It is known not to end the same each time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub varies: bool,
    /// Cited for the edition.
    pub clauses: Vec<String>,
    /// The most that it asks.
    #[serde(with = "LevelName")]
    pub level: Level,
    /// How much time of the protocol went by.
    pub dut_time_ns: u64,
    /// How much of ours.
    pub wall_ns: u64,
    /// In the order in which they were decided.
    pub obligations: Vec<Obligation>,
    /// The capture, if one was written.
    pub evidence: Option<String>,
    /// Each run of it, if it ran several times.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<Attempt>,
}

/// One run of a test that ran several times.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// What came out.
    #[serde(with = "VerdictName")]
    pub verdict: Verdict,
    /// The requirement that decided it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// In words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The capture of that run, if one was written and it is not the test's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<String>,
}

/// One obligation. What is about time is null where it is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obligation {
    /// Id of the requirement.
    pub requirement: String,
    /// What became of it.
    #[serde(with = "JudgementName")]
    pub verdict: Judgement,
    /// What was expected, and what was seen instead.
    pub text: String,
    /// What the standard gives, after the stimulus.
    pub window_ns: Option<[i64; 2]>,
    /// What the device was held to.
    pub limit_ns: Option<[i64; 2]>,
    /// By how much the limit is wider than the window, on the side where it is more.
    pub slack_ns: Option<i64>,
    /// How unsure the measurement is.
    pub uncertainty_ns: Option<u64>,
    /// What was measured; null also if it never came.
    pub observed_ns: Option<i64>,
    /// Number of the deciding frame in the evidence, from 1.
    pub frame: Option<u64>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Verdict", rename_all = "kebab-case")]
enum VerdictName {
    Pass,
    Weak,
    NotApplicable,
    Inconclusive,
    Fail,
    Error,
    Crash,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Judgement", rename_all = "lowercase")]
enum JudgementName {
    Info,
    Pass,
    Weak,
    Inconclusive,
    Fail,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Level", rename_all = "UPPERCASE")]
enum LevelName {
    Must,
    Should,
    May,
    Info,
}

mod edition {
    use super::{Deserialize, Deserializer, Edition, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it")]
    pub(super) fn serialize<S: Serializer>(edition: &Edition, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(edition.name())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Edition, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Why a document is not a run.
#[derive(Debug, Error)]
pub enum Error {
    /// It is not JSON, or lacks something.
    #[error("expected a {SCHEMA} document: {0}")]
    Json(#[from] serde_json::Error),
    /// It is something else, or of another version.
    #[error("schema {0:?}, expected {SCHEMA:?}")]
    Schema(String),
}

/// Writes a run, indented, with a line feed at its end.
///
/// # Errors
/// `out` fails.
pub fn write(mut out: impl Write, run: &RunResult) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut out, &Run::from(run))?;
    out.write_all(b"\n")?;
    out.flush()
}

/// Reads a run. Fields that are not known are passed over.
///
/// # Errors
/// It cannot be read, or is something else.
pub fn read(input: impl Read) -> Result<Run, Error> {
    let document: serde_json::Value = serde_json::from_reader(input)?;
    match document.get("schema").and_then(serde_json::Value::as_str) {
        Some(SCHEMA) | None => Ok(serde_json::from_value(document)?),
        Some(other) => Err(Error::Schema(other.to_owned())),
    }
}

impl From<&RunResult> for Run {
    fn from(run: &RunResult) -> Self {
        Self {
            schema: SCHEMA.to_owned(),
            dut: run.device.clone(),
            edition: run.edition,
            seed: run.seed,
            summary: Summary {
                pass: run.count(Verdict::Pass),
                weak: run.count(Verdict::Weak),
                fail: run.count(Verdict::Fail),
                inconclusive: run.count(Verdict::Inconclusive),
                not_applicable: run.count(Verdict::NotApplicable),
                error: run.count(Verdict::Error),
                crash: run.count(Verdict::Crash),
            },
            tests: run.tests.iter().map(Test::from).collect(),
            excluded: run.excluded.clone(),
            rows: run.rows.iter().map(|&row| row.to_owned()).collect(),
        }
    }
}

impl From<&TestResult> for Test {
    fn from(test: &TestResult) -> Self {
        Self {
            id: test.id.clone(),
            verdict: test.verdict,
            cause: test.cause.clone(),
            reason: test.reason.clone(),
            waived: test.waived.clone(),
            varies: test.varies,
            clauses: test.clauses.clone(),
            level: test.level,
            dut_time_ns: nanoseconds(test.device_time),
            wall_ns: nanoseconds(test.wall_time),
            obligations: test.obligations.iter().map(Obligation::from).collect(),
            evidence: test.evidence.as_ref().map(|path| path.to_string_lossy().into_owned()),
            attempts: test.attempts.iter().map(Attempt::from).collect(),
        }
    }
}

impl From<&verdict::Attempt> for Attempt {
    fn from(attempt: &verdict::Attempt) -> Self {
        Self {
            verdict: attempt.verdict,
            cause: attempt.cause.clone(),
            reason: attempt.reason.clone(),
            evidence: attempt.evidence.as_ref().map(|path| path.to_string_lossy().into_owned()),
        }
    }
}

impl From<&verdict::Obligation> for Obligation {
    fn from(obligation: &verdict::Obligation) -> Self {
        let timing = obligation.timing;
        Self {
            requirement: obligation.requirement.to_owned(),
            verdict: obligation.judgement,
            text: obligation.text.clone(),
            window_ns: timing.map(|timing| timing.window),
            limit_ns: timing.map(|timing| timing.limit),
            slack_ns: timing.map(|timing| slack(&timing)),
            uncertainty_ns: timing.map(|timing| timing.uncertainty),
            observed_ns: timing.and_then(|timing| timing.observed),
            frame: obligation.frame,
        }
    }
}

fn slack(timing: &Timing) -> i64 {
    let [early, late] = timing.window;
    let [earliest, latest] = timing.limit;
    early.saturating_sub(earliest).max(latest.saturating_sub(late)).max(0)
}
