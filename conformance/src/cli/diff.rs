use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use redspec::report::json::{Run, Test};
use redspec::scenario::campaign;
use redspec::verdict::Verdict;

use super::exit::{Exit, Failure};
use super::matrix::read;

/// Compare runs: which tests did not end the same in all of them.
///
/// Ends with 1 if any did not. What a waiver says does not end the same each time, and what monitors found nothing to judge
/// by in some of the runs, is told apart from the others and does not count.
#[derive(clap::Args)]
pub struct Args {
    /// Results of `run --json`, two or more.
    #[arg(value_name = "RUN.json", required = true, num_args = 2..)]
    files: Vec<PathBuf>,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let runs: Vec<Run> = args.files.iter().map(|file| read(file)).collect::<Result<_, _>>()?;
    let mut tests: BTreeMap<&str, Vec<Option<&Test>>> = BTreeMap::new();
    for (at, run) in runs.iter().enumerate() {
        for test in &run.tests {
            tests.entry(&test.id).or_insert_with(|| vec![None; runs.len()])[at] = Some(test);
        }
    }
    let total = tests.len();
    let differ: Vec<_> = tests.into_iter().filter(|(_, ended)| !same(ended)).collect();
    let (expected, different): (Vec<_>, Vec<_>) =
        differ.into_iter().partition(|(id, ended)| varies(ended) || unjudged(id, ended));
    let mut out = io::stdout().lock();
    let mut print = || {
        let words =
            |ended: &[Option<&Test>]| ended.iter().map(|test| word(*test)).collect::<Vec<_>>().join(", ");
        for (id, ended) in &expected {
            let why = if varies(ended) { "known to vary" } else { "not always judged" };
            writeln!(out, "{why}: {id}: {}", words(ended))?;
        }
        for (id, ended) in &different {
            writeln!(out, "{id}: {}", words(ended))?;
        }
        writeln!(out, "{} of {total} tests did not end the same in {} runs", different.len(), runs.len())?;
        out.flush()
    };
    super::written(print())?;
    Ok(if different.is_empty() { Exit::Success } else { Exit::Fail })
}

fn same(ended: &[Option<&Test>]) -> bool {
    let as_one = |test: Option<&Test>| test.map(|test| (test.verdict.name(), test.cause.clone()));
    ended.windows(2).all(|pair| as_one(pair[0]) == as_one(pair[1]))
}

/// A waiver says so of the device.
fn varies(ended: &[Option<&Test>]) -> bool {
    ended.iter().flatten().any(|test| test.varies)
}

/// A monitor judged it in some runs, and in the others nothing happened that it could judge by.
fn unjudged(id: &str, ended: &[Option<&Test>]) -> bool {
    let verdicts: Vec<Verdict> = ended.iter().flatten().map(|test| test.verdict).collect();
    let known = |verdict: &Verdict| matches!(verdict, Verdict::Pass | Verdict::NotApplicable);
    campaign::is_of_monitor(id) && verdicts.len() == ended.len() && verdicts.iter().all(known)
}

fn word(test: Option<&Test>) -> String {
    match test {
        None => "did not run".to_owned(),
        Some(Test { verdict, cause: Some(cause), .. }) => format!("{} ({cause})", verdict.name()),
        Some(test) => test.verdict.name().to_owned(),
    }
}
