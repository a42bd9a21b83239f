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
    /// Requirement and test.
    passed: BTreeSet<(&'static str, String)>,
}

/// What a monitor found, and in which test.
#[derive(Clone)]
struct Found {
    test: String,
    obligation: Obligation,
}

/// On a live device what a monitor finds in one test alone is looked for in so many more runs of it.
const AGAIN: usize = 2;

/// Where the host was too late in more tests than these, it will be again.
const MOST_IN_DOUBT: usize = 4;

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
        run_tests(&self.tests, self.lab, self.seed, self.jobs, self.stop, |mut outcome| {
            if let Some(record) = &outcome.record {
                watched.watch(&outcome.result.id, record, self.lab.edition(), self.lab.exact());
                rows.extend(&record.rows);
            }
            if let Some(folder) = &self.traces {
                failed = failed.take().or(self.save_all(folder, &mut outcome).err());
            }
            done(&outcome.result);
            results.push(outcome.result);
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

    /// What was found in one test alone is found again when that runs again, or it was chance: then it fails nobody. And
    /// what the host was too late to tell may be told when little else runs on it.
    fn look_again(&self, watched: &mut Watched) {
        let once = watched.found_once();
        let in_doubt = watched.in_doubt(&once);
        let ids: BTreeSet<&str> =
            once.values().chain(in_doubt.values().flatten()).map(String::as_str).collect();
        let tests: Vec<&Test> =
            self.tests.iter().copied().filter(|test| ids.contains(test.id.as_str())).collect();
        let mut again: Vec<Watched> = Vec::new();
        for _ in 0..AGAIN {
            let mut run = Watched::default();
            run_tests(&tests, self.lab, self.seed, self.jobs, self.stop, |outcome| {
                if let Some(record) = &outcome.record {
                    run.watch(&outcome.result.id, record, self.lab.edition(), self.lab.exact());
                }
            });
            again.push(run);
        }
        if self.stop.is_none_or(|stop| !stop.load(Ordering::Relaxed)) {
            watched.keep(&once, &again);
            watched.tell(&in_doubt, &again);
        }
    }

    /// The trace of the run that is told, and of those that went wrong otherwise.
    fn save_all(&self, folder: &Path, outcome: &mut Outcome) -> io::Result<()> {
        outcome.result.evidence = self.save(folder, &outcome.result.id, outcome)?;
        for (at, run) in &outcome.otherwise {
            let path = self.save(folder, &format!("{}.run-{}", run.result.id, at + 1), run)?;
            if let Some(attempt) = outcome.result.attempts.get_mut(*at) {
                attempt.evidence = path;
            }
        }
        Ok(())
    }

    fn save(&self, folder: &Path, name: &str, outcome: &Outcome) -> io::Result<Option<PathBuf>> {
        let Outcome { result, record, seen, .. } = outcome;
        let Some(record) = record else { return Ok(None) };
        let path = folder.join(format!("{name}.pcapng"));
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
            let path = folder.join(format!("{name}.{}", log.name));
            std::fs::write(&path, &log.octets).map_err(|error| about(&path, &error))?;
        }
        Ok(Some(path))
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
            self.passed.insert((judged.requirement, test.to_owned()));
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

    /// Requirements of which the host was too late to tell in a few tests, and which those are. One that is broken for certain in
    /// more than one test is broken.
    fn in_doubt(&self, once: &BTreeMap<&'static str, String>) -> BTreeMap<&'static str, BTreeSet<String>> {
        let tests = |(requirement, found): (&&'static str, &Vec<Found>)| {
            let tests: BTreeSet<String> =
                found.iter().filter(|found| found.is_in_doubt()).map(|found| found.test.clone()).collect();
            let few = (1..=MOST_IN_DOUBT).contains(&tests.len());
            let open = once.contains_key(requirement) || !found.iter().any(Found::is_broken);
            (few && open).then_some((*requirement, tests))
        };
        self.findings.iter().filter_map(tests).collect()
    }

    /// Of these requirements only what was found again stands; without a run that shows the opposite nobody knows.
    fn keep(&mut self, once: &BTreeMap<&'static str, String>, again: &[Self]) {
        for (requirement, test) in once {
            if again.iter().any(|run| run.has(requirement, test, Found::is_broken)) {
                continue;
            }
            let kept = again.iter().any(|run| run.keeps(requirement, test));
            self.dismiss(requirement, test, Found::is_broken, kept);
        }
    }

    /// These are broken if each of the runs showed it, and kept if some run of the same test could tell and none saw anything.
    fn tell(&mut self, in_doubt: &BTreeMap<&'static str, BTreeSet<String>>, again: &[Self]) {
        for (requirement, tests) in in_doubt {
            for test in tests {
                let broken = |run: &Self| run.has(requirement, test, Found::is_broken);
                let wrong = |run: &Self| broken(run) || run.has(requirement, test, Found::is_in_doubt);
                if again.iter().all(broken) {
                    let found = again.iter().filter_map(|run| run.findings.get(requirement)).flatten();
                    let broken: Vec<Found> =
                        found.filter(|found| found.is_broken() && found.test == *test).cloned().collect();
                    self.findings.entry(requirement).or_default().extend(broken);
                } else if !again.iter().any(wrong) && again.iter().any(|run| run.keeps(requirement, test)) {
                    self.dismiss(requirement, test, Found::is_in_doubt, true);
                }
            }
        }
    }

    /// It has found such a thing about that requirement in that test.
    fn has(&self, requirement: &str, test: &str, such: fn(&Found) -> bool) -> bool {
        let found = self.findings.get(requirement).into_iter().flatten();
        found.filter(|found| found.test == test).any(such)
    }

    /// The requirement was judged in that test, and nothing is wrong.
    fn keeps(&self, requirement: &'static str, test: &str) -> bool {
        let wrong = |found: &Found| found.is_broken() || found.is_in_doubt();
        self.passed.contains(&(requirement, test.to_owned())) && !self.has(requirement, test, wrong)
    }

    /// What was not seen again is told, and fails nobody: it is nothing where that is `known`, and otherwise in doubt.
    fn dismiss(&mut self, requirement: &str, test: &str, such: fn(&Found) -> bool, known: bool) {
        let found = self.findings.get_mut(requirement).into_iter().flatten();
        for found in found.filter(|found| found.test == test && such(found)) {
            let (judgement, how) = if known {
                (Judgement::Info, "not in")
            } else {
                (Judgement::Inconclusive, "it could not be told in")
            };
            found.obligation.judgement = judgement;
            found.obligation.text =
                format!("{}; but {how} {AGAIN} more runs of that test", found.obligation.text);
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
            // What cannot be told counts only where nothing is broken for certain.
            let broken = |judgement: &Judgement| matches!(judgement, Judgement::Fail | Judgement::Weak);
            let judgements = || obligations.iter().map(|obligation| obligation.judgement);
            let in_doubt = || judgements().find(|judgement| *judgement == Judgement::Inconclusive);
            let worst = judgements().filter(broken).max().or_else(in_doubt).or_else(|| judgements().max());
            let (verdict, reason) = match worst {
                Some(Judgement::Fail) => (Verdict::Fail, None),
                Some(Judgement::Weak) => (Verdict::Weak, None),
                // It may be the host's doing, or not.
                Some(Judgement::Inconclusive) => (Verdict::Inconclusive, None),
                _ if self.passed.iter().any(|(requirement, _)| *requirement == id) || worst.is_some() => {
                    (Verdict::Pass, None)
                }
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

    fn is_in_doubt(&self) -> bool {
        self.obligation.judgement == Judgement::Inconclusive
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

    const REQUIREMENT: &str = "lacp.link.first-pdu";

    /// The requirement is kept in that test.
    fn kept(test: &str) -> Watched {
        Watched { passed: BTreeSet::from([(REQUIREMENT, test.to_owned())]), ..Watched::default() }
    }

    #[test]
    fn what_one_test_saw_stands_if_it_is_seen_again() {
        let one = || watched(vec![found("a", Judgement::Fail), found("a", Judgement::Fail)]);
        let two = watched(vec![found("a", Judgement::Fail), found("b", Judgement::Weak)]);
        assert_eq!(one().found_once()[REQUIREMENT], "a");
        assert!(two.found_once().is_empty());
        assert_eq!(verdict(two), Verdict::Fail);
        for (again, expected) in [
            (watched(vec![found("a", Judgement::Fail)]), Verdict::Fail),
            (kept("a"), Verdict::Pass),
            // Another test says nothing of this one.
            (kept("b"), Verdict::Inconclusive),
            (watched(vec![found("b", Judgement::Fail)]), Verdict::Inconclusive),
            (watched(vec![found("a", Judgement::Inconclusive)]), Verdict::Inconclusive),
            (Watched::default(), Verdict::Inconclusive),
        ] {
            let mut one = one();
            let once = one.found_once();
            one.keep(&once, &[again]);
            assert_eq!(verdict(one), expected);
        }
    }

    #[test]
    fn what_the_host_was_too_late_to_tell_is_told_by_more_runs() {
        let doubt = || watched(vec![found("a", Judgement::Inconclusive)]);
        let none = BTreeMap::new();
        assert_eq!(doubt().in_doubt(&none)[REQUIREMENT], BTreeSet::from(["a".to_owned()]));
        let certain = watched(vec![found("a", Judgement::Inconclusive), found("b", Judgement::Fail)]);
        assert!(certain.in_doubt(&none).is_empty());
        // What is seen once may turn out to be nothing: what is left then is in doubt.
        assert_eq!(certain.in_doubt(&certain.found_once())[REQUIREMENT], BTreeSet::from(["a".to_owned()]));
        let everywhere = ["a", "b", "c", "d", "e"].map(|test| found(test, Judgement::Inconclusive));
        assert!(watched(everywhere.into()).in_doubt(&none).is_empty());

        let broken = || watched(vec![found("a", Judgement::Fail)]);
        let unseen = Watched::default;
        for (again, expected) in [
            ([broken(), broken()], Verdict::Fail),
            ([kept("a"), kept("a")], Verdict::Pass),
            ([kept("a"), unseen()], Verdict::Pass),
            ([kept("b"), kept("b")], Verdict::Inconclusive),
            ([kept("a"), doubt()], Verdict::Inconclusive),
            ([kept("a"), broken()], Verdict::Inconclusive),
            ([doubt(), broken()], Verdict::Inconclusive),
            ([doubt(), doubt()], Verdict::Inconclusive),
            ([unseen(), unseen()], Verdict::Inconclusive),
        ] {
            let mut told = doubt();
            told.tell(&doubt().in_doubt(&none), &again);
            assert_eq!(verdict(told), expected);
        }
    }

    #[test]
    fn what_is_left_in_doubt_is_not_hidden_by_what_was_nothing() {
        let mut both = watched(vec![found("a", Judgement::Fail), found("b", Judgement::Inconclusive)]);
        let once = both.found_once();
        both.keep(&once, &[kept("a")]);
        assert_eq!(verdict(both), Verdict::Inconclusive);
    }
}
