//! One file per sub-command.

mod arena;
mod check;
mod coverage;
mod decode;
mod device;
mod diff;
mod dut;
mod exit;
mod lab;
mod list;
mod matrix;
mod recheck;
mod reference;
mod replay;
mod run;
mod selftest;
mod show;
mod source;
mod tally;

use clap::{Parser, Subcommand};

pub use exit::Exit;
use exit::Failure;

/// Tests devices that keep a network up: LACP, Marker, VRRP, HSRP, GLBP.
#[derive(Parser)]
#[command(version, after_help = EXIT_CODES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 nothing unexpected, 1 unexpected fail, 2 usage or configuration error, 3 tester error,
4 device crashed or never ready, 5 inconclusive, 6 nothing ran, 7 waiver out of date, 130 interrupted.";

#[derive(Subcommand)]
enum Command {
    Run(run::Args),
    List(list::Args),
    Show(show::Args),
    Coverage(coverage::Args),
    Matrix(matrix::Args),
    Diff(diff::Args),
    Selftest(selftest::Args),
    Recheck(recheck::Args),
    Dut(dut::Args),
    Device(reference::Args),
    Arena(arena::Args),
    Check(check::Args),
    Decode(decode::Args),
    Replay(replay::Args),
    Lab(lab::Args),
}

/// Runs what the arguments ask for; complaints go to the standard error.
pub fn run() -> Exit {
    let result = match Cli::parse().command {
        Command::Run(args) => run::run(&args),
        Command::List(args) => list::run(&args),
        Command::Show(args) => show::run(&args),
        Command::Coverage(args) => coverage::run(&args),
        Command::Matrix(args) => matrix::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Selftest(args) => selftest::run(&args),
        Command::Recheck(args) => recheck::run(&args),
        Command::Dut(args) => dut::run(&args),
        Command::Device(args) => reference::run(&args),
        Command::Arena(args) => arena::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Decode(args) => decode::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Lab(args) => lab::run(&args),
    };
    result.unwrap_or_else(|Failure { exit, text }| {
        complain(text);
        exit
    })
}

/// What was written to the standard output; who reads there may have seen enough.
fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    match result {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::tester(format_args!("cannot write: {error}")))
        }
        _ => Ok(()),
    }
}

/// One line on the standard error. That it cannot be written is no reason to fail.
fn complain(text: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "redspec: {text}");
}
