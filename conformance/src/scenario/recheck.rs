//! Judges a saved trace again: the same scenario, on what happened then.

use std::io::Read;
use std::time::Duration;

use super::runner::{Outcome, run_on};
use super::{Test, campaign};
use crate::bed::trace::Trace;
use crate::event::Stamp;
use crate::report::pcapng::{self, SavedTrace, TraceHeader, read_trace};
use crate::settings::Settings;
use crate::time::Time;

/// A trace, and what came out now and then.
pub struct Rechecked {
    /// What the trace says of itself.
    pub header: TraceHeader,
    /// The verdict that was saved with it.
    pub verdict: String,
    /// The cause that was saved with it.
    pub cause: Option<String>,
    /// What comes out now.
    pub outcome: Outcome,
}

impl Rechecked {
    /// The verdict is the one of the run.
    pub fn agrees(&self) -> bool {
        let result = &self.outcome.result;
        result.verdict.name() == self.verdict && result.cause == self.cause
    }
}

/// Why a trace cannot be judged again.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no trace.
    #[error(transparent)]
    Trace(#[from] pcapng::Error),
    /// There is no such test any more.
    #[error("it is of the test {0:?}, which does not exist")]
    UnknownTest(String),
    /// What it says of the run is not what is expected there.
    #[error("its header lacks {0:?}")]
    Header(&'static str),
}

/// Judges a saved trace again.
///
/// # Errors
/// It is no trace of a known test.
pub fn recheck(input: impl Read, tests: &[Test]) -> Result<Rechecked, Error> {
    let SavedTrace { header, events, .. } = read_trace(input)?;
    let test = tests.iter().find(|test| test.id == header.test);
    let test = test.ok_or_else(|| Error::UnknownTest(header.test.clone()))?;
    let said = |name: &'static str| header.settings.get(name).ok_or(Error::Header(name));
    let exact = said("exact")?.as_bool().ok_or(Error::Header("exact"))?;
    let verdict = said("verdict")?.as_str().ok_or(Error::Header("verdict"))?.to_owned();
    let cause = said("cause")?.as_str().map(str::to_owned);
    let known = said("settings")?.as_object().ok_or(Error::Header("settings"))?;
    let settings: Settings =
        known.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default())).collect();
    let origin = header.settings.get("origin_uncertainty_ns").and_then(serde_json::Value::as_u64);
    let origin = Stamp { time: Time::ZERO, uncertainty: Duration::from_nanos(origin.unwrap_or_default()) };
    let outcome =
        run_on(test, Box::new(Trace::new(events, origin)), header.edition, exact, settings, header.seed);
    Ok(Rechecked { header, verdict, cause, outcome })
}

/// The trace of an outcome as it would be saved, for those who judge it again at once.
///
/// # Errors
/// It cannot be written: what happened does not fit the format.
pub fn save(outcome: &Outcome, test: &Test, header: &TraceHeader) -> std::io::Result<Vec<u8>> {
    let mut file = Vec::new();
    if let Some(record) = &outcome.record {
        let comments = campaign::comments(&outcome.result);
        pcapng::write_trace(&mut file, header, test.needs.ports + 1, &record.events, &comments)?;
    }
    Ok(file)
}
