//! A run of many tests: chosen, run, watched by the monitors, and their traces saved.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::filter::Selection;
use super::run::DISTURBING;
use super::runner::{Outcome, run_tests, wanted};
use super::{Record, Test};
use crate::bed::Lab;
use crate::event::{Event, Happening, late_within};
use crate::monitor::{self, Options, Watch};
use crate::report::pcapng::{TraceHeader, write_trace};
use crate::settings::Settings;
use crate::spec::vrrp::tolerances::tolerance;
use crate::spec::{Edition, Editions, requirement};
use crate::time::nanoseconds;
use crate::verdict::{Judgement, Obligation, RunResult, TestResult, Verdict};

/// What is to be run, and how.
pub struct Campaign<'a> {
    /// On this.
    pub lab: &'a dyn Lab,
    /// These tests, in this order.
    pub tests: Vec<&'a Test>,
    /// What was wanted: monitors that are not are only reported if they find something.
    pub selection: &'a Selection,
    /// Everything random comes from it.
    pub seed: u64,
    /// In so many threads.
    pub jobs: usize,
    /// A trace of each test goes here, and what the device wrote meanwhile.
    pub traces: Option<PathBuf>,
    /// Once this is true no further test begins.
    pub stop: Option<&'a AtomicBool>,
}

/// What the monitors saw in all tests together.
#[derive(Default)]
struct Watched {
    findings: BTreeMap<&'static str, Vec<Found>>,
    passed: BTreeSet<&'static str>,
}

/// What a monitor found, and in which test.
struct Found {
    test: String,
    obligation: Obligation,
}

/// On a live device what a monitor finds in one test alone is looked for in so many more runs of it.
const AGAIN: usize = 2;

/// Runs every test that the lab's edition can judge, one after the other.
///
/// # Errors
/// None: no trace is written that could fail.
pub fn run_all(lab: &dyn Lab, tests: &[Test]) -> io::Result<RunResult> {
    let selection = Selection::default();
    let tests = tests.iter().filter(|test| test.needs.editions.contains(lab.edition())).collect();
    let campaign = Campaign { lab, tests, selection: &selection, seed: 1, jobs: 1, traces: None, stop: None };
    campaign.run(|_| {})
}

impl Campaign<'_> {
    /// Runs the tests and hands each result to `done` as soon as its turn is there.
    ///
    /// # Errors
    /// A trace could not be written.
    pub fn run(&self, mut done: impl FnMut(&TestResult)) -> io::Result<RunResult> {
        if let Some(folder) = &self.traces {
            std::fs::create_dir_all(folder)?;
        }
        let mut results: Vec<TestResult> = Vec::new();
        let mut rows = BTreeSet::new();
        let mut watched = Watched::default();
        let mut failed = None;
        run_tests(&self.tests, self.lab, self.seed, self.jobs, self.stop, |outcome| {
            let Outcome { mut result, record, seen } = outcome;
            if let Some(record) = &record {
                watched.watch(&result.id, record, self.lab.edition(), self.lab.exact());
                rows.extend(&record.rows);
                if let Some(folder) = &self.traces {
                    match self.save(folder, &result, &seen, record) {
                        Ok(path) => result.evidence = Some(path),
                        Err(error) => failed = Some(error),
                    }
                }
            }
            done(&result);
            results.push(result);
        });
        if let Some(error) = failed {
            return Err(error);
        }
        if self.lab.live() {
            self.look_again(&mut watched);
        }
        for result in watched.results(self.lab.edition()) {
            let silent = matches!(result.verdict, Verdict::Pass | Verdict::NotApplicable);
            if self.selection.excludes(&result.id) || silent && !self.selection.wants(&result.id) {
                continue;
            }
            done(&result);
            results.push(result);
        }
        results.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(RunResult {
            device: self.lab.device(),
            edition: self.lab.edition(),
            seed: self.seed,
            excluded: Vec::new(),
            tests: results,
            rows: rows.into_iter().collect(),
        })
    }

    /// What was found in one test alone is found again when that runs again, or it was chance: then it fails nobody.
    fn look_again(&self, watched: &mut Watched) {
        let once = watched.found_once();
        let ids: BTreeSet<&str> = once.values().map(String::as_str).collect();
        let tests: Vec<&Test> =
            self.tests.iter().copied().filter(|test| ids.contains(test.id.as_str())).collect();
        let mut again = Watched::default();
        for _ in 0..AGAIN {
            run_tests(&tests, self.lab, self.seed, self.jobs, self.stop, |outcome| {
                if let Some(record) = &outcome.record {
                    again.watch(&outcome.result.id, record, self.lab.edition(), self.lab.exact());
                }
            });
        }
        if self.stop.is_none_or(|stop| !stop.load(Ordering::Relaxed)) {
            watched.keep(once.into_keys(), &again);
        }
    }

    fn save(
        &self,
        folder: &Path,
        result: &TestResult,
        seen: &(Verdict, Option<String>),
        record: &Record,
    ) -> io::Result<PathBuf> {
        let path = folder.join(format!("{}.pcapng", result.id));
        let test = self.tests.iter().find(|test| test.id == result.id);
        let settings = test.map_or_else(Settings::new, |test| self.lab.settings_for(&wanted(test)));
        let ports = test.map_or(1, |test| test.needs.ports);
        let mut header =
            header(result, &self.lab.device(), self.lab.edition(), self.seed, self.lab.exact(), &settings);
        // Of the run that the trace is of.
        header.settings.insert("verdict".to_owned(), json!(seen.0.name()));
        header.settings.insert("cause".to_owned(), json!(seen.1));
        header
            .settings
            .insert("origin_uncertainty_ns".to_owned(), json!(nanoseconds(record.origin.uncertainty)));
        let out = BufWriter::new(File::create(&path).map_err(|error| about(&path, &error))?);
        // One more than the links: the device's own side.
        write_trace(out, &header, ports + 1, &record.events, &comments(result))
            .map_err(|error| about(&path, &error))?;
        for log in &record.logs {
            let path = folder.join(format!("{}.{}", result.id, log.name));
            std::fs::write(&path, &log.octets).map_err(|error| about(&path, &error))?;
        }
        Ok(path)
    }
}

fn about(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

/// Enough to judge the trace again, and what came out the first time.
pub fn header(
    result: &TestResult,
    device: &str,
    edition: Edition,
    seed: u64,
    exact: bool,
    settings: &Settings,
) -> TraceHeader {
    let known: Map<String, Value> =
        settings.iter().map(|(name, value)| (name.to_owned(), Value::from(value))).collect();
    let mut said = Map::new();
    said.insert("exact".to_owned(), json!(exact));
    said.insert("settings".to_owned(), Value::Object(known));
    said.insert("verdict".to_owned(), json!(result.verdict.name()));
    said.insert("cause".to_owned(), json!(result.cause));
    TraceHeader { test: result.id.clone(), device: device.to_owned(), edition, seed, settings: said }
}

/// What is said of each judged frame.
pub fn comments(result: &TestResult) -> Vec<(u64, String)> {
    let said = |obligation: &Obligation| {
        let frame = obligation.frame?;
        let clause = requirement::find(obligation.requirement).map_or("", |found| found.level.name());
        let Obligation { requirement, judgement, text, .. } = obligation;
        let text = format!("{}: {} {requirement} ({clause}): {text}", result.id, judgement.name());
        Some((frame, text))
    };
    result.obligations.iter().filter_map(said).collect()
}

impl Watched {
    fn watch(&mut self, test: &str, record: &Record, edition: Edition, exact: bool) {
        let mut watch = Watch::new(Options { edition, exact });
        for event in &record.events {
            watch.event(event);
        }
        let report = watch.finish();
        for judged in report.judged.iter().filter(|judged| judged.pass > 0) {
            self.passed.insert(judged.requirement);
        }
        for finding in report.findings {
            let text = format!(
                "{test}, frame {}: {} ({}): {}",
                finding.frame, finding.device, finding.port, finding.text
            );
            let (judgement, text) = if disturbed(&record.events, finding.frame, edition) {
                let judgement = match finding.judgement {
                    Judgement::Fail | Judgement::Weak => Judgement::Inconclusive,
                    other => other,
                };
                (judgement, format!("{text}; but the host was late"))
            } else {
                (finding.judgement, text)
            };
            let obligation =
                Obligation { requirement: finding.requirement, judgement, text, timing: None, frame: None };
            self.findings
                .entry(finding.requirement)
                .or_default()
                .push(Found { test: test.to_owned(), obligation });
        }
    }

    /// Requirements that one test alone saw broken, and which.
    fn found_once(&self) -> BTreeMap<&'static str, String> {
        let in_one = |(requirement, found): (&&'static str, &Vec<Found>)| {
            let broken = found.iter().filter(|found| found.is_broken());
            let tests: BTreeSet<&str> = broken.map(|found| found.test.as_str()).collect();
            let mut tests = tests.into_iter();
            tests.next().filter(|_| tests.next().is_none()).map(|test| (*requirement, test.to_owned()))
        };
        self.findings.iter().filter_map(in_one).collect()
    }

    /// Of these requirements only what was found again stands.
    fn keep(&mut self, requirements: impl Iterator<Item = &'static str>, again: &Self) {
        for requirement in requirements {
            if again.findings.get(requirement).is_some_and(|found| found.iter().any(Found::is_broken)) {
                continue;
            }
            for found in self.findings.get_mut(requirement).into_iter().flatten() {
                if found.is_broken() {
                    found.obligation.judgement = Judgement::Info;
                    found.obligation.text =
                        format!("{}; but not in {AGAIN} more runs of that test", found.obligation.text);
                }
            }
        }
    }

    /// One result for each monitored requirement that the edition asks for.
    fn results(mut self, edition: Edition) -> Vec<TestResult> {
        let mut results = Vec::new();
        for id in monitor::requirements_in_beds() {
            let Some(known) = requirement::find(id).filter(|known| known.editions.contains(edition)) else {
                continue;
            };
            let found = self.findings.remove(id).unwrap_or_default();
            let mut obligations: Vec<Obligation> = found.into_iter().map(|found| found.obligation).collect();
            // What cannot be told counts only where nothing else was found.
            let certain = |obligation: &&Obligation| obligation.judgement != Judgement::Inconclusive;
            let worst = obligations.iter().filter(certain).map(|obligation| obligation.judgement).max();
            let worst = worst.or_else(|| obligations.first().map(|obligation| obligation.judgement));
            let (verdict, reason) = match worst {
                Some(Judgement::Fail) => (Verdict::Fail, None),
                Some(Judgement::Weak) => (Verdict::Weak, None),
                // It may be the host's doing, or not.
                Some(Judgement::Inconclusive) => (Verdict::Inconclusive, None),
                _ if self.passed.contains(id) || worst.is_some() => (Verdict::Pass, None),
                _ => (Verdict::NotApplicable, Some("nothing in this run could be judged by it".to_owned())),
            };
            if obligations.is_empty() && verdict == Verdict::Pass {
                let text = format!("{}, in every test", known.text);
                let requirement = known.id;
                obligations.push(Obligation {
                    requirement,
                    judgement: Judgement::Pass,
                    text,
                    timing: None,
                    frame: None,
                });
            }
            let first = obligations.iter().find(|obligation| Some(obligation.judgement) == worst);
            let decided = matches!(verdict, Verdict::Fail | Verdict::Weak);
            results.push(TestResult {
                id: always(id),
                verdict,
                cause: decided.then(|| id.to_owned()),
                reason: reason
                    .or_else(|| first.filter(|_| verdict != Verdict::Pass).map(|found| found.text.clone())),
                clauses: vec![known.cite(edition)],
                level: known.level,
                // The tests' own time, which is counted there.
                device_time: Duration::ZERO,
                wall_time: Duration::ZERO,
                obligations,
                evidence: None,
                waived: None,
                varies: false,
                attempts: Vec::new(),
            });
        }
        results
    }
}

impl Found {
    fn is_broken(&self) -> bool {
        matches!(self.obligation.judgement, Judgement::Fail | Judgement::Weak)
    }
}

/// The host was so late about that frame that no monitor can be sure of a timer.
fn disturbed(events: &[Event<'_>], frame: u64, edition: Edition) -> bool {
    const BEFORE: Duration = Duration::from_secs(5);
    // Half of what its windows allow, as in a test; a router is held to narrower ones.
    let disturbing =
        if Editions::VRRP.contains(edition) { tolerance(Duration::ZERO) / 2 } else { DISTURBING };
    let seen =
        events.iter().find(|event| event.number == frame && matches!(event.what, Happening::Frame { .. }));
    seen.is_some_and(|event| {
        let time = event.at.time;
        late_within(events, time.before(BEFORE), time + Duration::from_millis(100)) > disturbing
    })
}

/// The id under which a monitor reports: `lacp.always.mux.distributing-needs-collecting`.
pub fn always(requirement: &str) -> String {
    match requirement.split_once('.') {
        Some((protocol, rest)) => format!("{protocol}.always.{rest}"),
        None => format!("always.{requirement}"),
    }
}

/// The id is one under which a monitor reports.
pub fn is_of_monitor(id: &str) -> bool {
    id.split('.').nth(1) == Some("always")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(test: &str, judgement: Judgement) -> Found {
        let requirement = "lacp.link.first-pdu";
        let obligation =
            Obligation { requirement, judgement, text: test.to_owned(), timing: None, frame: None };
        Found { test: test.to_owned(), obligation }
    }

    fn watched(found: Vec<Found>) -> Watched {
        Watched { findings: BTreeMap::from([("lacp.link.first-pdu", found)]), passed: BTreeSet::new() }
    }

    fn verdict(watched: Watched) -> Verdict {
        let results = watched.results(Edition::Dot1Ax2014);
        results.into_iter().find(|result| result.id == "lacp.always.link.first-pdu").unwrap().verdict
    }

    #[test]
    fn what_one_test_saw_stands_if_it_is_seen_again() {
        let one = || watched(vec![found("a", Judgement::Fail), found("a", Judgement::Fail)]);
        let two = watched(vec![found("a", Judgement::Fail), found("b", Judgement::Weak)]);
        assert_eq!(one().found_once()["lacp.link.first-pdu"], "a");
        assert!(two.found_once().is_empty());
        assert_eq!(verdict(two), Verdict::Fail);
        for (again, expected) in [(vec![found("a", Judgement::Fail)], Verdict::Fail), (vec![], Verdict::Pass)]
        {
            let mut one = one();
            one.keep(std::iter::once("lacp.link.first-pdu"), &watched(again));
            assert_eq!(verdict(one), expected);
        }
    }
}
