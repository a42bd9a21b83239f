//! The command line of `redspec`.

use std::process::ExitCode;

mod cli;

fn main() -> ExitCode {
    cli::run().into()
}
