//! Tests of the tests: the suite against deliberate defects of the reference, one at a time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::reference::lab::{self, Profile};
use crate::reference::lacp::mutants::{self, Mutant};
use crate::reference::lacp::tables::Tables;
use crate::scenario::Test;
use crate::scenario::campaign::run_all;
use crate::spec::Level;
use crate::verdict::{RunResult, Verdict};

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
    /// Tests that fail on the reference itself, with profile and reason. There must be none.
    pub failing: Vec<(String, &'static str, String)>,
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

    /// Tests that ask something a device must do, and kill nothing.
    pub fn idle_musts(&self) -> impl Iterator<Item = &str> {
        self.idle.iter().filter(|(_, level)| *level == Level::Must).map(|(id, _)| id.as_str())
    }

    /// All is as it should be.
    pub fn passed(&self) -> bool {
        self.survivors().next().is_none()
            && self.misjudged().next().is_none()
            && self.failing.is_empty()
            && self.idle_musts().next().is_none()
    }
}

/// Frames of a flood; against hundreds of mutants the full number would take most of the time.
const FLOOD: usize = 5000;

/// Runs the tests on the reference in that profile, with the tables of a mutant or its own.
fn run_profile(tests: &[Test], profile: &Profile, mutant: Option<&Mutant>) -> Option<RunResult> {
    let mut settings = profile.settings();
    // A defect that a flood brings out shows early in it.
    settings.set("test.flood", FLOOD);
    let tables = match mutant {
        Some(mutant) => {
            for (name, value) in mutant.settings {
                settings.set(name, value);
            }
            mutant.tables(profile.edition)
        }
        None => Tables::new(profile.edition),
    };
    run_all(&lab::mutant(profile.edition, settings, tables), tests).ok()
}

fn failures(run: &RunResult) -> impl Iterator<Item = &str> {
    let failed = |verdict| matches!(verdict, Verdict::Fail | Verdict::Crash);
    run.tests.iter().filter(move |test| failed(test.verdict)).map(|test| test.id.as_str())
}

/// Runs everything. `progress` is told how many mutants are done, of how many.
pub fn run(
    tests: &[Test],
    profiles: &[&Profile],
    jobs: usize,
    mut progress: impl FnMut(usize, usize),
) -> Report {
    let started = Instant::now();
    let mut report = Report::default();
    let mut known: BTreeMap<String, Level> = BTreeMap::new();
    for profile in profiles {
        let Some(run) = run_profile(tests, profile, None) else { continue };
        for test in &run.tests {
            match test.verdict {
                Verdict::Pass => {
                    known.insert(test.id.clone(), test.level);
                }
                Verdict::NotApplicable => {}
                other => {
                    let reason = format!("{}: {}", other.name(), test.reason.clone().unwrap_or_default());
                    report.failing.push((test.id.clone(), profile.name, reason));
                }
            }
        }
    }
    let mutants = mutants::all();
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..jobs.max(1) {
            let (sender, next, mutants) = (sender.clone(), &next, &mutants);
            scope.spawn(move || {
                loop {
                    let Some(mutant) = mutants.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
                    let mut killed_by = BTreeSet::new();
                    for profile in profiles.iter().filter(|profile| mutant.editions.contains(profile.edition))
                    {
                        if let Some(run) = run_profile(tests, profile, Some(mutant)) {
                            killed_by.extend(failures(&run).map(str::to_owned));
                        }
                    }
                    let fate = Fate {
                        id: mutant.id.clone(),
                        row: mutant.row.to_owned(),
                        description: mutant.description.clone(),
                        killed_by,
                        equivalent: mutants::equivalent(&mutant.id),
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
