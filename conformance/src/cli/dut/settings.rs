use std::io::{self, Write};

use redspec::spec::setting;

use crate::cli::exit::{Exit, Failure};
use crate::cli::written;

/// List the settings that a profile may have, and what a device may tell of its state.
#[derive(clap::Args)]
pub struct Args {}

pub fn run(_: &Args) -> Result<Exit, Failure> {
    written(print(&mut io::stdout().lock()))?;
    Ok(Exit::Success)
}

fn print(out: &mut impl Write) -> io::Result<()> {
    for setting in setting::all() {
        let port = if setting.per_port { " (or .pN: of port N)" } else { "" };
        writeln!(out, "{}{port}", setting.name)?;
        writeln!(out, "       {}; {}", setting.text.trim_end_matches('.'), setting.kind.expected())?;
    }
    writeln!(out)?;
    for account in setting::accounts() {
        writeln!(out, "state.\"{}\"", account.name)?;
        writeln!(out, "       {}", account.text)?;
    }
    Ok(())
}
