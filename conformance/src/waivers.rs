//! Waivers: failures that are known, with a reason and a date after which they are known no more.
//!
//! ```toml
//! [[waiver]]
//! test   = "lacp.mux.detached-flags"     # or several: ["lacp.a", "lacp.b"]
//! cause  = "lacp.mux.detached.actions"
//! reason = "no Mux machine by design"
//! owner  = "net-team"                    # may be left out
//! until  = 2027-03-01                    # the last day on which it holds
//! kind   = "defect"                      # or "choice", if the standard leaves it; may be left out
//! place  = "lib/lacp.c, lacp_run()"      # where it comes from, if that is known; may be left out
//! sometimes = true                       # it does not fail each time: that it passes is no news; may be left out
//! ```
//!
//! What a monitor reports, `lacp.always.*`, is `sometimes` by itself: it depends on what else happens in a run.

use std::fs;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;
use toml::value::Datetime;

use crate::scenario::campaign;
use crate::spec::{Edition, requirement};
use crate::verdict::{Attempt, RunResult, TestResult, Verdict};

/// One known failure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiver {
    /// Id of the test.
    pub test: String,
    /// The failure's cause; another cause is another failure.
    pub cause: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<String>,
    /// What it is, if somebody looked.
    pub kind: Option<Kind>,
    /// Where in the device it comes from, as far as that is known.
    pub place: Option<String>,
    /// The failure depends on chance, such as where in its period a timer of the device stands.
    pub sometimes: bool,
    /// The last day on which it holds.
    pub until: Date,
    /// Where it stands in its file, from 1.
    pub line: usize,
}

/// What a known failure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The device does what the standard forbids, or not what it asks.
    Defect,
    /// The standard can be read so, or the device does something else on purpose.
    Choice,
}

/// The waivers of a file.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    file: PathBuf,
    waivers: Vec<Waiver>,
}

/// Why waivers cannot be read.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no such file, or it cannot be read.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Something else than waivers is in it.
    #[error("{}, line {line}: {what}", file.display())]
    Invalid {
        /// The file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// What is there, and what was expected.
        what: String,
    },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "tables that begin with [[waiver]]")]
struct Document {
    #[serde(default)]
    waiver: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table that begins with [[waiver]]")]
struct Entry {
    test: Spanned<toml::Value>,
    cause: Spanned<String>,
    reason: Spanned<String>,
    owner: Option<String>,
    kind: Option<Kind>,
    place: Option<String>,
    #[serde(default)]
    sometimes: bool,
    until: Spanned<Until>,
}

/// Both, to say what is wrong with the second.
#[derive(Deserialize)]
#[serde(untagged, expecting = "expected a date such as 2027-03-01, without quotes")]
enum Until {
    Date(Datetime),
    Text(String),
}

/// What waivers came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaiverReport {
    /// The failures that are expected now.
    pub applied: Vec<Waiver>,
    /// Their last day is over; the failure, if there is one, is unexpected.
    pub expired: Vec<Waiver>,
    /// The test passed.
    pub unneeded: Vec<Waiver>,
    /// The test failed for another cause, which is given.
    pub mismatched: Vec<(Waiver, String)>,
    /// No such test was run, it was not applicable, or the edition does not ask what it failed of; a filter or another
    /// edition of a lab does that, so nothing is out of date.
    pub not_run: Vec<Waiver>,
}

impl WaiverReport {
    /// Some waiver has to be changed or removed.
    pub fn out_of_date(&self) -> bool {
        !(self.expired.is_empty() && self.unneeded.is_empty() && self.mismatched.is_empty())
    }
}

/// Today, in UTC, as [`Waivers::apply`] wants it.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

impl Waiver {
    /// It depends on chance: the failure itself, or whether a monitor, which waits for what the tests happen to do, sees it.
    fn varies(&self) -> bool {
        self.sometimes || campaign::is_of_monitor(&self.test)
    }
}

impl Waivers {
    /// These too; where both have one for a test, that of `others` holds.
    pub fn extend(&mut self, others: Self) {
        self.waivers.retain(|waiver| others.waivers.iter().all(|other| other.test != waiver.test));
        self.waivers.extend(others.waivers);
    }

    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read, or holds something else.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let text =
            fs::read_to_string(file).map_err(|error| Error::Unreadable { file: file.to_owned(), error })?;
        Self::parse(file, &text)
    }

    /// Reads the text of `file`, whose name is for errors.
    ///
    /// # Errors
    /// It holds something else than waivers.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Error> {
        let document: Document = toml::from_str(text).map_err(|error| {
            let what = error.message().trim_end().replace('\n', ", ");
            let what = what.replace("expected a sequence", "expected tables that begin with [[waiver]]");
            invalid(file, text, &error.span().unwrap_or_default(), what)
        })?;
        let mut waivers: Vec<Waiver> = Vec::new();
        for entry in document.waiver {
            let span = entry.span();
            let entries = entry
                .into_inner()
                .check(text, &span)
                .map_err(|(span, what)| invalid(file, text, &span, what))?;
            for waiver in entries {
                let same = |other: &&Waiver| (&other.test, &other.cause) == (&waiver.test, &waiver.cause);
                if let Some(other) = waivers.iter().find(same) {
                    let what =
                        format!("the same test and cause as in line {}, expected one waiver", other.line);
                    return Err(invalid(file, text, &span, what));
                }
                waivers.push(waiver);
            }
        }
        Ok(Self { file: file.to_owned(), waivers })
    }

    /// In the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Waiver> {
        self.waivers.iter()
    }

    /// Finds misspelt ids.
    ///
    /// # Errors
    /// There is no test that a waiver names.
    pub fn check(&self, exists: impl Fn(&str) -> bool) -> Result<(), Error> {
        match self.waivers.iter().find(|waiver| !exists(&waiver.test)) {
            None => Ok(()),
            Some(waiver) => Err(Error::Invalid {
                file: self.file.clone(),
                line: waiver.line,
                what: format!("there is no test {:?}, expected an id that redspec list prints", waiver.test),
            }),
        }
    }

    /// Marks as waived what failed as a waiver says. Of several waivers for a test, one for each cause it may have, only
    /// the one for the cause that came counts; the others are not out of date.
    pub fn apply(&self, run: &mut RunResult, today: Date) -> WaiverReport {
        let mut report = WaiverReport::default();
        for waiver in &self.waivers {
            if waiver.until < today {
                report.expired.push(waiver.clone());
                continue;
            }
            let Some(test) = run.tests.iter_mut().find(|test| test.id == waiver.test) else {
                report.not_run.push(waiver.clone());
                continue;
            };
            test.varies |= waiver.varies();
            match test.verdict {
                Verdict::Pass if waiver.varies() => {}
                Verdict::Pass if !asks(run.edition, &waiver.cause) => report.not_run.push(waiver.clone()),
                Verdict::Pass => report.unneeded.push(waiver.clone()),
                Verdict::NotApplicable => report.not_run.push(waiver.clone()),
                Verdict::Inconclusive if waiver.varies() && self.explains(test, today) => {
                    test.waived = Some(waiver.reason.clone());
                    report.applied.push(waiver.clone());
                }
                // Who knows.
                Verdict::Inconclusive | Verdict::Error => {}
                Verdict::Weak | Verdict::Fail | Verdict::Crash => self.meet(waiver, test, today, &mut report),
            }
        }
        report
    }

    /// What the test broke in some of its runs is known, and in the others it broke nothing.
    fn explains(&self, test: &TestResult, today: Date) -> bool {
        let known = |cause: &str| {
            let ours = |waiver: &&Waiver| waiver.test == test.id && waiver.until >= today;
            self.waivers.iter().filter(ours).any(|waiver| waiver.cause == cause)
        };
        let broken = |run: &&Attempt| run.verdict != Verdict::Pass;
        !test.attempts.is_empty()
            && test.attempts.iter().filter(broken).all(|run| {
                let wrong = matches!(run.verdict, Verdict::Weak | Verdict::Fail | Verdict::Crash);
                wrong && run.cause.as_deref().is_some_and(known)
            })
    }

    /// The test broke something: what the waiver says, or what another waiver says, or news.
    fn meet(&self, waiver: &Waiver, test: &mut TestResult, today: Date, report: &mut WaiverReport) {
        let cause = test.cause.as_deref().unwrap_or_default();
        if waiver.cause == cause {
            test.waived = Some(waiver.reason.clone());
            report.applied.push(waiver.clone());
        } else if !self
            .waivers
            .iter()
            .any(|other| other.test == test.id && other.cause == cause && other.until >= today)
        {
            report.mismatched.push((waiver.clone(), cause.to_owned()));
        }
    }
}

/// That edition asks it, or it is no requirement.
fn asks(edition: Edition, cause: &str) -> bool {
    requirement::find(cause).is_none_or(|requirement| requirement.editions.contains(edition))
}

type Fault = (Range<usize>, String);

impl Entry {
    /// One for each of its tests.
    fn check(self, text: &str, span: &Range<usize>) -> Result<Vec<Waiver>, Fault> {
        let tests = tests(&self.test)?;
        let waiver = Waiver {
            test: String::new(),
            cause: filled(self.cause, "cause", "the cause that the failure reports")?,
            reason: filled(self.reason, "reason", "why the failure is accepted")?,
            owner: self.owner,
            kind: self.kind,
            place: self.place,
            sometimes: self.sometimes,
            until: date(&self.until)?,
            line: line(text, span.start),
        };
        Ok(tests.into_iter().map(|test| Waiver { test, ..waiver.clone() }).collect())
    }
}

/// The id of a test, or several.
fn tests(value: &Spanned<toml::Value>) -> Result<Vec<String>, Fault> {
    let id = |value: &toml::Value| value.as_str().filter(|id| !id.trim().is_empty()).map(str::to_owned);
    let ids: Option<Vec<String>> = match value.get_ref() {
        toml::Value::Array(values) if !values.is_empty() => values.iter().map(id).collect(),
        one => id(one).map(|id| vec![id]),
    };
    ids.ok_or_else(|| {
        let found = match value.get_ref() {
            toml::Value::String(_) => "empty".to_owned(),
            other => other.to_string(),
        };
        (value.span(), format!("test is {found}, expected the id of a test, or several in brackets"))
    })
}

fn filled(value: Spanned<String>, key: &str, expected: &str) -> Result<String, Fault> {
    if value.get_ref().trim().is_empty() {
        return Err((value.span(), format!("{key} is empty, expected {expected}")));
    }
    Ok(value.into_inner())
}

fn date(until: &Spanned<Until>) -> Result<Date, Fault> {
    let found = match until.get_ref() {
        Until::Date(Datetime { date: Some(date), time: None, offset: None }) => {
            let numbers = (i16::try_from(date.year), i8::try_from(date.month), i8::try_from(date.day));
            if let (Ok(year), Ok(month), Ok(day)) = numbers {
                if let Ok(date) = Date::new(year, month, day) {
                    return Ok(date);
                }
            }
            date.to_string()
        }
        Until::Date(other) => other.to_string(),
        Until::Text(text) => format!("{text:?}"),
    };
    Err((until.span(), format!("until is {found}, expected a date such as 2027-03-01, without quotes")))
}

fn invalid(file: &Path, text: &str, span: &Range<usize>, what: String) -> Error {
    Error::Invalid { file: file.to_owned(), line: line(text, span.start), what }
}

/// Counted from 1.
fn line(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|octet| *octet == b'\n').count()
}
