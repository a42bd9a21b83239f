use std::io::{self, Write};

use redspec::reference::lab;
use redspec::reference::mutant;
use redspec::scenario::Test;
use redspec::scenario::filter::Selection;
use redspec::spec::{Edition, requirement};
use redspec::suite;
use serde_json::json;

use super::device::Filters;
use super::exit::{Exit, Failure};
use super::written;

/// List tests: id, level, row of the catalogue, what they need, clauses.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    filters: Filters,
    /// Print one JSON array.
    #[arg(long)]
    json: bool,
    /// List the profiles of the references instead.
    #[arg(long)]
    profiles: bool,
    /// List the deliberate defects of the reference instead.
    #[arg(long)]
    mutants: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    if args.profiles {
        return written(profiles(&mut io::stdout().lock())).map(|()| Exit::Success);
    }
    let selection = args.filters.selection();
    if args.mutants {
        return mutants(&selection);
    }
    let tests = suite::tests();
    let chosen: Vec<&Test> =
        tests.iter().filter(|test| selection.wants(&test.id) && !selection.excludes(&test.id)).collect();
    print(&chosen, args.json)
}

/// Prints these tests.
pub fn print(tests: &[&Test], json: bool) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    written(if json {
        let list: Vec<_> = tests.iter().map(|test| object(test)).collect();
        serde_json::to_writer_pretty(&mut out, &list).map_err(io::Error::from).and_then(|()| writeln!(out))
    } else {
        tests.iter().try_for_each(|test| line(&mut out, test))
    })?;
    Ok(if tests.is_empty() { Exit::NothingRan } else { Exit::Success })
}

fn mutants(selection: &Selection) -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    let mutants = mutant::all();
    let mut chosen = mutants
        .iter()
        .filter(|mutant| selection.wants(&mutant.id) && !selection.excludes(&mutant.id))
        .peekable();
    let exit = if chosen.peek().is_some() { Exit::Success } else { Exit::NothingRan };
    written(chosen.try_for_each(|mutant| writeln!(out, "{}\n       {}", mutant.id, mutant.description)))?;
    Ok(exit)
}

fn profiles(out: &mut impl Write) -> io::Result<()> {
    for profile in lab::PROFILES {
        let settings: Vec<String> =
            profile.settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
        writeln!(out, "{:<20} {:<13} {}", profile.name, profile.edition.name(), settings.join(", "))?;
    }
    Ok(())
}

/// What a test needs, in a few words.
pub fn needs(test: &Test) -> Vec<String> {
    let mut needs =
        vec![format!("{} port{}", test.needs.ports, if test.needs.ports == 1 { "" } else { "s" })];
    needs.extend(test.needs.capabilities.iter().skip(1).map(|capability| capability.name().to_owned()));
    needs.extend(test.needs.settings.iter().map(|(name, value)| format!("{name} = {value}")));
    needs.extend(
        test.needs
            .profile
            .iter()
            .map(|(name, values)| format!("a device with {name} = {}", values.join(" or "))),
    );
    needs
}

fn clauses(test: &Test) -> Vec<String> {
    let edition = test.needs.editions.iter().last().unwrap_or(Edition::Dot1Ax2014);
    let preferred =
        if test.needs.editions.contains(Edition::Dot1Ax2014) { Edition::Dot1Ax2014 } else { edition };
    let mut clauses: Vec<String> = Vec::new();
    for id in &test.requirements {
        let cited = requirement::find(id).map(|found| found.cite(preferred));
        clauses.extend(cited.filter(|cited| !clauses.contains(cited)));
    }
    clauses
}

fn line(out: &mut impl Write, test: &Test) -> io::Result<()> {
    let needs = needs(test).join(", ");
    let editions: Vec<&str> = test.needs.editions.iter().map(Edition::name).collect();
    writeln!(out, "{:<6} {}  [{}]", test.level().name(), test.id, test.catalogue)?;
    writeln!(out, "       {}", test.purpose)?;
    writeln!(out, "       needs {needs}; {}; {}", clauses(test).join(", "), editions.join(", "))
}

fn object(test: &Test) -> serde_json::Value {
    json!({
        "id": test.id,
        "catalogue": test.catalogue,
        "purpose": test.purpose,
        "level": test.level().name(),
        "requirements": test.requirements,
        "clauses": clauses(test),
        "needs": needs(test),
        "editions": test.needs.editions.iter().map(Edition::name).collect::<Vec<_>>(),
    })
}
