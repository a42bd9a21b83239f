use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::PathBuf;

use redspec::coverage::{self, Coverage, Status};
use redspec::reference::lab;
use redspec::report::json::{self, Run};
use redspec::scenario::campaign::run_all;
use redspec::suite;
use serde_json::json as object;

use super::exit::{Exit, Failure};

/// Show which requirements and table rows were exercised.
///
/// Reads what `run --json` wrote. Without a file the suites run on the references in every profile.
#[derive(clap::Args)]
pub struct Args {
    /// Results of `run --json`.
    #[arg(value_name = "RUN.json")]
    files: Vec<PathBuf>,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Only what is missing.
    #[arg(long)]
    gaps: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let runs = if args.files.is_empty() { references()? } else { read(&args.files)? };
    let covered = coverage::of(&runs);
    let mut out = io::stdout().lock();
    let written = if args.json {
        let document: Vec<_> = covered.iter().map(protocol_object).collect();
        serde_json::to_writer_pretty(&mut out, &document)
            .map_err(io::Error::from)
            .and_then(|()| writeln!(out))
    } else {
        covered.iter().try_for_each(|protocol| print(&mut out, protocol, args.gaps))
    };
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::tester(format_args!("cannot write: {error}")))
        }
        _ => Ok(Exit::Success),
    }
}

fn references() -> Result<Vec<Run>, Failure> {
    let tests = suite::tests();
    let mut runs = Vec::new();
    for profile in lab::PROFILES {
        let lab = lab::reference(profile.edition, profile.settings());
        let run = run_all(&lab, &tests)
            .map_err(|error| Failure::tester(format_args!("{}: {error}", profile.name)))?;
        runs.push(Run::from(&run));
    }
    Ok(runs)
}

fn read(files: &[PathBuf]) -> Result<Vec<Run>, Failure> {
    let read = |path: &PathBuf| -> Result<Run, Failure> {
        let wrong =
            |error: &dyn std::fmt::Display| Failure::usage(format_args!("{}: {error}", path.display()));
        let file = File::open(path).map_err(|error| wrong(&error))?;
        json::read(BufReader::new(file)).map_err(|error| wrong(&error))
    };
    files.iter().map(read).collect()
}

fn status(status: Status) -> String {
    match status {
        Status::Checked(times) => format!("checked {times}"),
        Status::Violated(times) => format!("VIOLATED {times}"),
        Status::Undecided => "undecided".to_owned(),
        Status::Recorded(times) => format!("recorded {times}"),
        Status::Untested(why) => format!("untested: {why}"),
    }
}

fn print(out: &mut impl Write, protocol: &Coverage, gaps: bool) -> io::Result<()> {
    let count = |wanted: fn(&Status) -> bool| {
        protocol.requirements.iter().filter(|line| wanted(&line.status)).count()
    };
    writeln!(out, "{}: requirements", protocol.protocol)?;
    for line in &protocol.requirements {
        if gaps && !matches!(line.status, Status::Untested(_)) {
            continue;
        }
        let requirement = line.requirement;
        writeln!(out, "  {:<6} {:<52} {}", requirement.level.name(), requirement.id, status(line.status))?;
    }
    writeln!(out, "{}: table rows", protocol.protocol)?;
    for row in &protocol.rows {
        if gaps && row.taken {
            continue;
        }
        let taken = if row.taken { "taken" } else { "NOT TAKEN" };
        writeln!(out, "  {taken:<10} {:<46} {}", row.id, row.text)?;
        if let (false, Some(why)) = (row.taken, row.why_not) {
            writeln!(out, "             because {why}")?;
        }
    }
    writeln!(
        out,
        "{}: {} requirements, {} checked, {} violated, {} undecided, {} recorded, {} untested; {} of {} rows taken",
        protocol.protocol,
        protocol.requirements.len(),
        count(|status| matches!(status, Status::Checked(_))),
        count(|status| matches!(status, Status::Violated(_))),
        count(|status| matches!(status, Status::Undecided)),
        count(|status| matches!(status, Status::Recorded(_))),
        count(|status| matches!(status, Status::Untested(_))),
        protocol.rows.iter().filter(|row| row.taken).count(),
        protocol.rows.len(),
    )
}

fn protocol_object(protocol: &Coverage) -> serde_json::Value {
    let requirements: Vec<_> = protocol
        .requirements
        .iter()
        .map(|line| object!({"id": line.requirement.id, "level": line.requirement.level.name(), "text": line.requirement.text, "status": status(line.status)}))
        .collect();
    let rows: Vec<_> = protocol
        .rows
        .iter()
        .map(|row| object!({"id": row.id, "text": row.text, "taken": row.taken}))
        .collect();
    object!({"protocol": protocol.protocol, "requirements": requirements, "rows": rows})
}
