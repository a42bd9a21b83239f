use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use redspec::lab::KNOWN;
use redspec::report::json::{self, Run};
use redspec::report::matrix::{Column, render};
use redspec::waivers::Waivers;

use super::exit::{Exit, Failure};

/// Print what several devices did in the same tests, as Markdown.
#[derive(clap::Args)]
pub struct Args {
    /// A lab and what `run --json` wrote of it: `ovs=ovs.json`.
    #[arg(value_name = "NAME=RUN.json", required = true, value_parser = named)]
    runs: Vec<(String, PathBuf)>,
    /// Waivers of a device that is no lab, which say what is behind its failures.
    #[arg(long = "waivers", value_name = "NAME=FILE", value_parser = named)]
    waivers: Vec<(String, PathBuf)>,
    /// A folder that has one of each name, with captures in it that are called as the tests.
    #[arg(long, value_name = "DIR")]
    captures: Option<PathBuf>,
    /// The same folder as seen from where the page will be.
    #[arg(long, value_name = "PATH", requires = "captures")]
    link: Option<String>,
}

fn named(text: &str) -> Result<(String, PathBuf), String> {
    let (name, file) = text.split_once('=').ok_or("expected NAME=FILE")?;
    Ok((name.to_owned(), file.into()))
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let columns: Vec<Column> = args
        .runs
        .iter()
        .map(|(name, file)| {
            let captures = args.captures.as_deref().map(|folder| folder.join(name));
            let link = args.link.as_deref().map(|link| format!("{link}/{name}"));
            Ok(Column {
                name: name.clone(),
                run: read(file)?,
                known: waivers(args, name)?,
                captures: captures.map_or_else(BTreeMap::new, |folder| pages(&folder, link)),
            })
        })
        .collect::<Result<_, Failure>>()?;
    super::written(io::stdout().lock().write_all(render(&columns).as_bytes())).map(|()| Exit::Success)
}

/// A run of that file.
pub fn read(file: &Path) -> Result<Run, Failure> {
    let about = |error: &dyn std::fmt::Display| Failure::usage(format_args!("{}: {error}", file.display()));
    let input = File::open(file).map_err(|error| about(&error))?;
    json::read(BufReader::new(input)).map_err(|error| about(&error))
}

fn waivers(args: &Args, name: &str) -> Result<Waivers, Failure> {
    let own = args.waivers.iter().find(|(of, _)| of == name);
    if let Some((_, file)) = own {
        return Waivers::read(file).map_err(Failure::usage);
    }
    match KNOWN.iter().find(|known| known.name == name) {
        Some(known) => {
            let file = PathBuf::from(format!("waivers of the lab {name}"));
            Waivers::parse(&file, known.waivers).map_err(Failure::tester)
        }
        None => Ok(Waivers::default()),
    }
}

/// The captures in a folder, by test; none if there is no such folder.
fn pages(folder: &Path, link: Option<String>) -> BTreeMap<String, String> {
    let link = link.unwrap_or_else(|| folder.to_string_lossy().into_owned());
    let Ok(entries) = std::fs::read_dir(folder) else { return BTreeMap::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let test = name.strip_suffix(".pcapng")?.to_owned();
            Some((test, format!("{link}/{name}")))
        })
        .collect()
}
