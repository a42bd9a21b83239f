use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use redspec::scenario::recheck::recheck;
use redspec::suite;

use super::complain;
use super::exit::{Exit, Failure};
use super::written;

/// Judge the saved traces of a run again, and compare with the run's verdicts.
///
/// Exits with 3 if a verdict differs: one of the two is wrong.
#[derive(clap::Args)]
pub struct Args {
    /// Traces that `run --pcap` wrote, or folders of them.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let tests = suite::tests();
    let mut out = io::stdout().lock();
    let (mut exit, mut judged, mut differ) = (Exit::Success, 0, 0);
    for path in traces(&args.files)? {
        let file =
            File::open(&path).map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))?;
        let rechecked = match recheck(BufReader::new(file), &tests) {
            Ok(rechecked) => rechecked,
            Err(error) => {
                complain(format_args!("{}: {error}", path.display()));
                exit = exit.min(Exit::Usage);
                continue;
            }
        };
        judged += 1;
        let result = &rechecked.outcome.result;
        let now = result.verdict.name();
        let line = if rechecked.agrees() {
            format!("{now:<12} {}", result.id)
        } else {
            differ += 1;
            exit = exit.min(Exit::Tester);
            let why = result.reason.as_deref().unwrap_or("no reason");
            format!("DIFFERS      {}: then {}, now {now}: {why}", result.id, rechecked.verdict)
        };
        written(writeln!(out, "{line}"))?;
    }
    written(writeln!(out, "{judged} judged again, {differ} differ"))?;
    Ok(if judged == 0 { exit.min(Exit::NothingRan) } else { exit })
}

/// The files, and those of the folders, by name.
fn traces(files: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let unreadable =
        |path: &Path, error: io::Error| Failure::usage(format_args!("{}: {error}", path.display()));
    let mut traces = Vec::new();
    for path in files {
        if !path.is_dir() {
            traces.push(path.clone());
            continue;
        }
        let mut found = Vec::new();
        for entry in path.read_dir().map_err(|error| unreadable(path, error))? {
            let entry = entry.map_err(|error| unreadable(path, error))?.path();
            if entry.extension().is_some_and(|extension| extension == "pcapng") {
                found.push(entry);
            }
        }
        found.sort();
        traces.append(&mut found);
    }
    Ok(traces)
}
