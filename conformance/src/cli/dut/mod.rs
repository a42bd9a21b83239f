//! `redspec dut`: profiles of devices under test.

mod check;
mod init;
mod settings;

use clap::Subcommand;

use super::exit::{Exit, Failure};

/// Describe a device of one's own, for `redspec run --dut FILE`.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Init(init::Args),
    Check(check::Args),
    Settings(settings::Args),
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Command::Init(args) => init::run(args),
        Command::Check(args) => check::run(args),
        Command::Settings(args) => settings::run(args),
    }
}
