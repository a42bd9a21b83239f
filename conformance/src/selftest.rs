//! Tests of the tests: the suite against deliberate defects of the reference, one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use crate::bed::sim::SimLab;
use crate::reference::imprecise;
use crate::reference::lab::{self, Profile};
use crate::reference::mutant::{self, Mutant};
use crate::scenario::Test;
use crate::scenario::campaign::{Campaign, run_all};
use crate::scenario::filter::Selection;
use crate::scenario::runner::run_tests;
use crate::settings::Settings;
use crate::spec::{Edition, Editions, Level};
use crate::verdict::{RunResult, TestResult, Verdict};

/// What became of one mutant.
#[derive(Clone, Debug)]
pub struct Fate {
    /// Permanent.
    pub id: String,
    /// The table row that it changes.
    pub row: String,
    /// The defect in words.
    pub description: String,
    /// Ids of the tests and monitors that fail on it.
    pub killed_by: BTreeSet<String>,
    /// Why nobody can see it from outside.
    pub equivalent: Option<&'static str>,
}

/// What the suite is worth.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// One for each mutant, by id.
    pub fates: Vec<Fate>,
    /// Tests that the reference itself does not pass, with profile and reason. There must be none.
    pub failing: Vec<(String, String, String)>,
    /// Tests that the reference does not pass where it is off by what is allowed, likewise.
    pub unfair: Vec<(String, String, String)>,
    /// Tests that kill nothing, and the most that each asks.
    pub idle: Vec<(String, Level)>,
    /// How long it took.
    pub wall: Duration,
}

impl Report {
    /// Mutants that are not equivalent.
    pub fn counted(&self) -> impl Iterator<Item = &Fate> {
        self.fates.iter().filter(|fate| fate.equivalent.is_none())
    }

    /// Those that live although they should not.
    pub fn survivors(&self) -> impl Iterator<Item = &Fate> {
        self.counted().filter(|fate| fate.killed_by.is_empty())
    }

    /// Mutants called equivalent that a test kills all the same.
    pub fn misjudged(&self) -> impl Iterator<Item = &Fate> {
        self.fates.iter().filter(|fate| fate.equivalent.is_some() && !fate.killed_by.is_empty())
    }

    /// Killed mutants among those that are not equivalent; 1 is all.
    #[allow(clippy::cast_precision_loss)] // hundreds
    pub fn score(&self) -> f64 {
        let counted = self.counted().count();
        if counted == 0 { 0.0 } else { 1.0 - self.survivors().count() as f64 / counted as f64 }
    }

    /// Tests that ask something a device must do, and kill nothing. Monitors are no tests: each is shown to find
    /// something by streams made for it.
    pub fn idle_musts(&self) -> impl Iterator<Item = &str> {
        let test = |id: &str| !id.contains(".always.");
        self.idle
            .iter()
            .filter(move |(id, level)| *level == Level::Must && test(id))
            .map(|(id, _)| id.as_str())
    }

    /// All is as it should be.
    pub fn passed(&self) -> bool {
        self.survivors().next().is_none()
            && self.misjudged().next().is_none()
            && self.failing.is_empty()
            && self.unfair.is_empty()
            && self.idle_musts().next().is_none()
    }
}

/// Frames of a flood; against hundreds of mutants the full number would take most of the time.
const FLOOD: usize = 500;

/// How the reference is configured in that profile, for a mutant or for itself.
fn settings(profile: &Profile, mutant: Option<&Mutant>) -> Settings {
    let mut settings = profile.settings();
    // A defect that a flood brings out shows early in it.
    settings.set("test.flood", FLOOD);
    for (name, value) in mutant.into_iter().flat_map(|mutant| mutant.settings) {
        settings.set(name, value);
    }
    settings
}

/// What the reference itself does in a profile.
struct Baseline {
    profile: &'static Profile,
    /// The rows that it takes, by test.
    rows: BTreeMap<String, BTreeSet<&'static str>>,
}

impl Baseline {
    fn new(tests: &[Test], profile: &'static Profile) -> Self {
        let lab = lab::reference(profile.edition, settings(profile, None));
        let chosen: Vec<&Test> = tests.iter().collect();
        let mut rows = BTreeMap::new();
        run_tests(&chosen, &lab, 1, 1, None, |outcome| {
            if let Some(record) = outcome.record {
                rows.insert(outcome.result.id, record.rows.into_iter().collect());
            }
        });
        Self { profile, rows }
    }

    /// The tests in which the mutant could do other than the reference. A change that only shows where a row is taken
    /// changes nothing in a test that never takes it.
    fn concerned<'t>(&self, tests: &'t [Test], mutant: &Mutant) -> Vec<&'t Test> {
        let everywhere = !mutant.only_where_taken || !mutant.settings.is_empty();
        let concerned = |test: &&Test| {
            self.rows.get(&test.id).is_some_and(|rows| everywhere || rows.contains(mutant.row))
        };
        tests.iter().filter(concerned).collect()
    }

    /// Ids of the tests and monitors that fail on the mutant.
    fn killers(&self, tests: &[Test], mutant: &Mutant) -> BTreeSet<String> {
        let profile = self.profile;
        let concerned = self.concerned(tests, mutant);
        if concerned.is_empty() {
            return BTreeSet::new();
        }
        let lab = mutant.lab(profile.edition, settings(profile, Some(mutant)));
        let selection = Selection::default();
        let campaign = Campaign {
            lab: &lab,
            tests: concerned,
            selection: &selection,
            seed: 1,
            jobs: 1,
            traces: None,
            stop: None,
        };
        // Without traces there is nothing that could not be written.
        campaign.run(|_| {}).map(|run| failures(&run).map(str::to_owned).collect()).unwrap_or_default()
    }
}

/// The profile shows what others have shown before: it is only asked for mutants that still live.
fn repeats(profile: &Profile, mutant: &Mutant) -> bool {
    match profile.edition {
        Edition::Dot1Ax2020 => profile.name != "2020" && mutant.editions != Editions::ONLY_2020,
        Edition::Dot1Ax2008 | Edition::Rfc2338 | Edition::Rfc5798 => true,
        _ => false,
    }
}

/// A SHOULD that is broken has been found as well as a MUST.
fn failures(run: &RunResult) -> impl Iterator<Item = &str> {
    let failed = |verdict| matches!(verdict, Verdict::Fail | Verdict::Crash | Verdict::Weak);
    run.tests.iter().filter(move |test| failed(test.verdict)).map(|test| test.id.as_str())
}

type NotPassed = Vec<(String, String, String)>;

/// Adds the tests that this device does not pass, though they are applicable to it; returns those that it passes.
fn not_passed(lab: &SimLab, tests: &[Test], name: &str, out: &mut NotPassed) -> Vec<TestResult> {
    // Without traces there is nothing that could not be written.
    let run = run_all(lab, tests).map(|run| run.tests).unwrap_or_default();
    let mut passed = Vec::new();
    for test in run {
        match test.verdict {
            Verdict::Pass => passed.push(test),
            Verdict::NotApplicable => {}
            other => {
                let reason = format!("{}: {}", other.name(), test.reason.unwrap_or_default());
                out.push((test.id, name.to_owned(), reason));
            }
        }
    }
    passed
}

/// What tests hold against devices that are right and not exact.
fn unfair(tests: &[Test], profiles: &[&'static Profile], jobs: usize) -> NotPassed {
    let labs: Vec<(String, SimLab)> = profiles
        .iter()
        .flat_map(|profile| SEEDS.map(|seed| imprecise::labs(profile, seed)))
        .flatten()
        .collect();
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            scope.spawn(|| {
                while let Some((name, lab)) = labs.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut out = Vec::new();
                    not_passed(lab, tests, name, &mut out);
                    all.lock().unwrap_or_else(PoisonError::into_inner).append(&mut out);
                }
            });
        }
    });
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.sort();
    all.dedup();
    all
}

/// How often imprecise devices are tried, each time otherwise.
const SEEDS: [u64; 3] = [1, 2, 3];

/// Runs everything. `progress` is told how many mutants are done, of how many.
pub fn run(
    tests: &[Test],
    profiles: &[&'static Profile],
    jobs: usize,
    mut progress: impl FnMut(usize, usize),
) -> Report {
    let started = Instant::now();
    let mut report = Report::default();
    let mut known: BTreeMap<String, Level> = BTreeMap::new();
    for profile in profiles {
        let lab = lab::reference(profile.edition, settings(profile, None));
        for test in not_passed(&lab, tests, profile.name, &mut report.failing) {
            known.insert(test.id, test.level);
        }
    }
    report.unfair = unfair(tests, profiles, jobs);
    let mutants = mutant::all();
    let baselines: Vec<Baseline> = profiles.iter().map(|profile| Baseline::new(tests, profile)).collect();
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            let (sender, next, mutants, baselines) = (sender.clone(), &next, &mutants, &baselines);
            scope.spawn(move || {
                loop {
                    let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                    let mut killed_by = BTreeSet::new();
                    for baseline in baselines {
                        let profile = baseline.profile;
                        let asked = mutant.editions.contains(profile.edition);
                        if asked && (killed_by.is_empty() || !repeats(profile, mutant)) {
                            killed_by.extend(baseline.killers(tests, mutant));
                        }
                    }
                    let fate = Fate {
                        id: mutant.id.clone(),
                        row: mutant.row.to_owned(),
                        description: mutant.description.clone(),
                        killed_by,
                        equivalent: mutant::equivalent(&mutant.id),
                    };
                    if sender.send(fate).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        for fate in receiver {
            report.fates.push(fate);
            progress(report.fates.len(), mutants.len());
        }
    });
    report.fates.sort_by(|a, b| a.id.cmp(&b.id));
    // A test that fails on the reference kills nothing by failing.
    let broken: BTreeSet<&str> = report.failing.iter().map(|(id, ..)| id.as_str()).collect();
    for fate in &mut report.fates {
        fate.killed_by.retain(|id| !broken.contains(id.as_str()));
    }
    let busy: BTreeSet<&str> =
        report.fates.iter().flat_map(|fate| &fate.killed_by).map(String::as_str).collect();
    report.idle = known
        .iter()
        .filter(|(id, _)| !busy.contains(id.as_str()))
        .map(|(id, level)| (id.clone(), *level))
        .collect();
    report.wall = started.elapsed();
    report
}
