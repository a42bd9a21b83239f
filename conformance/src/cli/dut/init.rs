use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::PathBuf;

use redspec::lab::profile::TEMPLATE;

use crate::cli::exit::{Exit, Failure};
use crate::cli::written;

/// Write a profile with comments, to be adapted.
#[derive(clap::Args)]
pub struct Args {
    /// File to write, which must not be there yet; the standard output if not given.
    file: Option<PathBuf>,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let Some(path) = &args.file else {
        written(io::stdout().lock().write_all(TEMPLATE.as_bytes()))?;
        return Ok(Exit::Success);
    };
    let file = OpenOptions::new().write(true).create_new(true).open(path);
    file.and_then(|mut file| file.write_all(TEMPLATE.as_bytes()))
        .map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))?;
    Ok(Exit::Success)
}
