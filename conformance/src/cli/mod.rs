//! One file per sub-command.

mod check;
mod decode;
mod exit;
mod replay;
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
4 device crashed or never ready, 5 inconclusive, 6 nothing ran, 7 waiver out of date.";

#[derive(Subcommand)]
enum Command {
    Check(check::Args),
    Decode(decode::Args),
    Replay(replay::Args),
}

/// Runs what the arguments ask for; complaints go to the standard error.
pub fn run() -> Exit {
    let result = match Cli::parse().command {
        Command::Check(args) => check::run(&args),
        Command::Decode(args) => decode::run(&args),
        Command::Replay(args) => replay::run(&args),
    };
    result.unwrap_or_else(|Failure { exit, text }| {
        complain(text);
        exit
    })
}

/// One line on the standard error. That it cannot be written is no reason to fail.
fn complain(text: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "redspec: {text}");
}
