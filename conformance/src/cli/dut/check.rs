use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use redspec::lab::profile::Profile;
use redspec::lab::profile::survey;
use redspec::scenario::Test;
use redspec::scenario::runner::{not_applicable, wanted};
use redspec::suite;
use redspec::waivers::Waivers;

use crate::cli::device::alike;
use crate::cli::exit::{Exit, Failure};
use crate::cli::{complain, written};

/// Check a profile without sending anything: what it says, what is missing on this machine, which tests apply.
#[derive(clap::Args)]
pub struct Args {
    /// The profile.
    file: PathBuf,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let profile = Profile::read(&args.file).map_err(Failure::usage)?;
    let tests = suite::tests();
    let mut problems = survey::problems(&profile, false);
    problems.extend(waivers(&profile, &tests));
    written(print(&mut io::stdout().lock(), &profile, &tests))?;
    for problem in &problems {
        complain(format_args!("{}: {problem}", args.file.display()));
    }
    Ok(if problems.is_empty() { Exit::Success } else { Exit::Usage })
}

/// Files of waivers that are not there, or wrong.
fn waivers(profile: &Profile, tests: &[Test]) -> Vec<String> {
    let wrong = |path: &PathBuf| {
        let waivers = Waivers::read(Path::new(path))?;
        waivers.check(|id| crate::cli::run::is_known(tests, id))
    };
    profile.waivers.iter().filter_map(|path| wrong(path).err()).map(|error| error.to_string()).collect()
}

fn print(out: &mut impl Write, profile: &Profile, tests: &[Test]) -> io::Result<()> {
    writeln!(out, "{}", profile.name)?;
    let windows = if profile.exact { "strict windows" } else { "lenient windows" };
    writeln!(out, "plays {}, judged by {}, {windows}", profile.protocols.join(", "), profile.edition)?;
    for line in survey::links(profile) {
        writeln!(out, "  {line}")?;
    }
    let hooks: Vec<String> = profile.hooks.actions().map(|(name, _)| name).collect();
    writeln!(out, "hooks: {}", if hooks.is_empty() { "none".to_owned() } else { hooks.join(", ") })?;
    let settings: Vec<String> = profile
        .settings
        .iter()
        .map(|(name, value)| {
            let mut line = format!("{name} = {value}");
            if profile.hooks.given_at_start().any(|given| given == name) {
                line.push_str(" (a test may start it otherwise)");
            }
            line
        })
        .collect();
    writeln!(out, "{}", if settings.is_empty() { "settings: none" } else { "settings:" })?;
    settings.iter().try_for_each(|line| writeln!(out, "  {line}"))?;
    applicable(out, profile, tests)
}

/// How many tests there are for the device, and why others are not.
fn applicable(out: &mut impl Write, profile: &Profile, tests: &[Test]) -> io::Result<()> {
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    let (mut all, mut apply) = (0, 0);
    let judged = |test: &&Test| test.needs.editions.iter().any(|edition| alike(edition, profile.edition));
    for test in tests.iter().filter(judged) {
        all += 1;
        let wanted = wanted(test);
        let settings = wanted.settings.over(&profile.settings);
        let reason = not_applicable(test, profile.edition, &settings).or_else(|| profile.plan(&wanted).err());
        match reason {
            None => apply += 1,
            Some(reason) => *reasons.entry(reason).or_default() += 1,
        }
    }
    writeln!(
        out,
        "tests: {apply} of {all} apply{}",
        if reasons.is_empty() { "" } else { "; of the others" }
    )?;
    let mut reasons: Vec<(String, usize)> = reasons.into_iter().collect();
    reasons.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut text = String::new();
    for (reason, count) in reasons {
        // To a text one can always write.
        let _ = writeln!(text, "{count:>5}  {reason}");
    }
    out.write_all(text.as_bytes())
}
