use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::PathBuf;

use redspec::report::json::{Run, Test};

use super::exit::{Exit, Failure};
use super::matrix::read;

/// Compare runs: which tests did not end the same in all of them.
///
/// Ends with 1 if any did not.
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
    let different: Vec<_> = tests.into_iter().filter(|(_, ended)| !same(ended)).collect();
    let mut out = io::stdout().lock();
    let mut print = || {
        for (id, ended) in &different {
            let words: Vec<String> = ended.iter().map(|test| word(*test)).collect();
            writeln!(out, "{id}: {}", words.join(", "))?;
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

fn word(test: Option<&Test>) -> String {
    match test {
        None => "did not run".to_owned(),
        Some(Test { verdict, cause: Some(cause), .. }) => format!("{} ({cause})", verdict.name()),
        Some(test) => test.verdict.name().to_owned(),
    }
}
