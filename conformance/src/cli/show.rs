use std::io::{self, Write};

use redspec::reference::lab;
use redspec::report::sheet::{Reference, Sheet};
use redspec::scenario::Test;
use redspec::scenario::run::Step;
use redspec::scenario::runner::{run_test, steps};
use redspec::spec::{Edition, requirement};
use redspec::suite;
use redspec::verdict::Verdict;

use super::exit::{Exit, Failure};
use super::list;

/// Print the sheet of a test: purpose, clauses, set-up, procedure, what is to be seen.
///
/// The sheet is made from the scenario that runs: it is run against the reference and writes down what it does.
#[derive(clap::Args)]
pub struct Args {
    /// The test's id, or the beginning of it if it is the only one.
    #[arg(value_name = "ID")]
    id: String,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let tests = suite::tests();
    let test = find(&tests, &args.id)?;
    let text = sheet(test).render(textwrap::termwidth().min(100));
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(Failure::tester(format_args!("cannot write: {error}")))
        }
        _ => Ok(Exit::Success),
    }
}

fn find<'t>(tests: &'t [Test], id: &str) -> Result<&'t Test, Failure> {
    if let Some(test) = tests.iter().find(|test| test.id == id) {
        return Ok(test);
    }
    let near: Vec<&Test> = tests.iter().filter(|test| test.id.starts_with(id)).collect();
    match near[..] {
        [only] => Ok(only),
        [] => {
            let likeliest = tests.iter().max_by(|a, b| likeness(&a.id, id).total_cmp(&likeness(&b.id, id)));
            let hint = likeliest.map_or_else(String::new, |test| format!("; did you mean {}?", test.id));
            Err(Failure::usage(format_args!("no test has the id {id:?}{hint}")))
        }
        _ => {
            let ids: Vec<&str> = near.iter().map(|test| test.id.as_str()).collect();
            Err(Failure::usage(format_args!("several tests begin with {id:?}: {}", ids.join(", "))))
        }
    }
}

/// How many of the words of both ids are the same, of all.
#[allow(clippy::cast_precision_loss)] // a few words
fn likeness(id: &str, wanted: &str) -> f64 {
    let words =
        |text: &str| text.split(['.', '-']).map(str::to_owned).collect::<std::collections::BTreeSet<_>>();
    let (a, b) = (words(id), words(wanted));
    a.intersection(&b).count() as f64 / a.union(&b).count().max(1) as f64
}

/// The sheet of a test, from a run on the first reference to which it applies.
fn sheet(test: &Test) -> Sheet {
    let profiles = lab::PROFILES.iter().filter(|profile| test.needs.editions.contains(profile.edition));
    let mut ran = profiles.map(|profile| {
        let lab = lab::reference(profile.edition, profile.settings());
        (profile.edition, run_test(test, &lab, 1))
    });
    let found = ran.find(|(_, outcome)| outcome.result.verdict != Verdict::NotApplicable);
    let edition = found.as_ref().map_or(Edition::Dot1Ax2014, |(edition, _)| *edition);
    let steps = found.as_ref().map_or(&[][..], |(_, outcome)| steps(outcome));
    let texts = |pick: fn(&Step) -> Option<String>| steps.iter().filter_map(pick).collect::<Vec<_>>();
    Sheet {
        id: test.id.clone(),
        purpose: test.purpose.clone(),
        references: test
            .requirements
            .iter()
            .filter_map(|id| requirement::find(id))
            .map(|known| Reference {
                requirement: known.id.to_owned(),
                clause: known.cite(edition),
                level: known.level,
                text: known.text.to_owned(),
            })
            .collect(),
        needs: list::needs(test),
        set_up: texts(|step| match step {
            Step::SetUp(text) => Some(text.clone()),
            _ => None,
        }),
        procedure: texts(|step| match step {
            Step::Procedure(text) => Some(text.clone()),
            _ => None,
        }),
        observable: texts(|step| match step {
            Step::Observable(text, requirement) => Some(format!("{text} [{requirement}]")),
            _ => None,
        }),
        problems: if test.problems.is_empty() { Vec::new() } else { vec![test.problems.clone()] },
    }
}
