use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::PathBuf;

use indicatif::{ProgressBar, ProgressStyle};
use redspec::reference::lab;
use redspec::selftest::{self, Report};
use redspec::suite;
use serde_json::json;

use super::exit::{Exit, Failure};

/// Run the suite against deliberate defects of the reference: which test finds which.
///
/// Exits with 1 if a defect that can be seen is not found, if a test that asks a MUST finds none, or if a test does not
/// pass on the reference itself: exact, or off by what is allowed.
#[derive(clap::Args)]
pub struct Args {
    /// Write `redspec.selftest/1` to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Parallel threads; as many as there are processors if not given.
    #[arg(long, value_name = "N")]
    jobs: Option<usize>,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let tests = suite::tests();
    let jobs = args.jobs.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from));
    let bar = if io::stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} mutants, {eta} left") {
        bar.set_style(style);
    }
    let report = selftest::run(&tests, &lab::PROFILES.iter().collect::<Vec<_>>(), jobs, |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    });
    bar.finish_and_clear();
    if let Some(path) = &args.json {
        let wrong = |error: io::Error| Failure::usage(format_args!("{}: {error}", path.display()));
        let mut file = BufWriter::new(File::create(path).map_err(wrong)?);
        serde_json::to_writer_pretty(&mut file, &document(&report))
            .map_err(io::Error::from)
            .and_then(|()| writeln!(file))
            .and_then(|()| file.flush())
            .map_err(wrong)?;
    }
    match print(&mut io::stdout().lock(), &report) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::tester(format_args!("cannot write: {error}")))
        }
        _ => Ok(if report.passed() { Exit::Success } else { Exit::Fail }),
    }
}

fn document(report: &Report) -> serde_json::Value {
    let mutants: Vec<_> = report
        .fates
        .iter()
        .map(|fate| {
            json!({
                "id": fate.id,
                "row": fate.row,
                "description": fate.description,
                "killed_by": fate.killed_by,
                "equivalent": fate.equivalent,
            })
        })
        .collect();
    let idle: Vec<&str> = report.idle.iter().map(|(id, _)| id.as_str()).collect();
    json!({
        "schema": "redspec.selftest/1",
        "score": report.score(),
        "mutants": mutants,
        "tests_killing_nothing": idle,
        "failing": not_passed(&report.failing),
        "unfair": not_passed(&report.unfair),
    })
}

fn not_passed(all: &[(String, String, String)]) -> Vec<serde_json::Value> {
    all.iter().map(|(id, device, reason)| json!({ "test": id, "device": device, "reason": reason })).collect()
}

/// How many killers are named in a line.
const NAMED: usize = 3;

fn print(out: &mut impl Write, report: &Report) -> io::Result<()> {
    for fate in &report.fates {
        let killers: Vec<&str> = fate.killed_by.iter().take(NAMED).map(String::as_str).collect();
        let more = fate.killed_by.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        match (fate.equivalent, fate.killed_by.is_empty()) {
            (None, false) => {
                writeln!(out, "killed      {}\n            by {}{more}", fate.id, killers.join(", "))?;
            }
            (None, true) => writeln!(out, "SURVIVES    {}\n            {}", fate.id, fate.description)?,
            (Some(reason), true) => writeln!(out, "equivalent  {}\n            {reason}", fate.id)?,
            (Some(reason), false) => {
                writeln!(
                    out,
                    "MISJUDGED   {} is killed by {}, but listed as equivalent: {reason}",
                    fate.id,
                    killers.join(", ")
                )?;
            }
        }
    }
    for (id, profile, reason) in &report.failing {
        writeln!(out, "FAILS ON THE REFERENCE  {id} ({profile})\n            {reason}")?;
    }
    for (id, profile, reason) in &report.unfair {
        writeln!(out, "UNFAIR  {id} ({profile})\n            {reason}")?;
    }
    for (id, level) in &report.idle {
        writeln!(out, "kills nothing  {:<6} {id}", level.name())?;
    }
    let counted = report.counted().count();
    let survivors = report.survivors().count();
    writeln!(
        out,
        "{} mutants, {} equivalent; {} of {counted} killed, score {:.2} %; {} tests kill nothing, {} of them ask a MUST; \
         {} are unfair to a device that is not exact; {:.1} s",
        report.fates.len(),
        report.fates.len() - counted,
        counted - survivors,
        report.score() * 100.0,
        report.idle.len(),
        report.idle_musts().count(),
        report.unfair.iter().map(|(id, ..)| id).collect::<BTreeSet<_>>().len(),
        report.wall.as_secs_f64(),
    )
}
