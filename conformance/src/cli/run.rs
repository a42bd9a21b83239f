use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use redspec::report::console::{Console, RunHeader};
use redspec::report::{json, junit};
use redspec::scenario::Test;
use redspec::scenario::campaign::{Campaign, always};
use redspec::verdict::RunResult;
use redspec::waivers::{self, Waivers};
use redspec::{monitor, suite};

use super::device::{Chosen, Device, Filters};
use super::exit::{Exit, Failure};
use super::{list, written};

/// Run tests against a device and judge it.
///
/// Without a device it is the built-in reference, in virtual time.
#[derive(clap::Args)]
pub struct Args {
    #[command(flatten)]
    filters: Filters,
    #[command(flatten)]
    device: Device,
    /// Tests at the same time, each on a device of its own; as many as suit the device if not given.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    jobs: Option<u16>,
    /// Everything random in the run comes from it.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Write `redspec.run/1` to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write JUnit XML to this file.
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
    /// Write the annotated trace of each test to this folder.
    #[arg(long, value_name = "DIR")]
    pcap: Option<PathBuf>,
    /// Failures that are known and expected, as TOML.
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// Do without the waivers that come with a lab.
    #[arg(long)]
    no_waivers: bool,
    /// List the tests instead of running them.
    #[arg(long)]
    list: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let tests = suite::tests();
    let selection = args.filters.selection();
    let wanted: Vec<&Test> = tests.iter().filter(|test| selection.wants(&test.id)).collect();
    let stop = Arc::new(AtomicBool::new(false));
    let Chosen { lab, name, arguments, waivers: known } = args.device.choose(&wanted, &stop)?;
    let edition = lab.edition();
    let judged =
        |test: &&Test| test.needs.editions.iter().any(|of_test| super::device::alike(of_test, edition));
    let (excluded, chosen): (Vec<&Test>, Vec<&Test>) =
        wanted.into_iter().filter(judged).partition(|test| selection.excludes(&test.id));
    if args.list {
        return list::print(&chosen, false);
    }
    let exists = |id: &str| is_known(&tests, id);
    let mut waivers = if args.no_waivers { Waivers::default() } else { known };
    waivers.check(exists).map_err(Failure::tester)?;
    if let Some(path) = &args.waivers {
        let own = Waivers::read(path).map_err(Failure::usage)?;
        own.check(exists).map_err(Failure::usage)?;
        waivers.extend(own);
    }
    // Before the run, so that a file that cannot be written is known before the work is done.
    let json = args.json.as_deref().map(create).transpose()?;
    let junit = args.junit.as_deref().map(create).transpose()?;
    if chosen.is_empty() && !selection.wanted.is_empty() && !monitored().any(|id| selection.wants(&id)) {
        let texts: Vec<&str> = selection.wanted.iter().map(redspec::scenario::filter::Filter::text).collect();
        super::complain(format_args!("no test of {} matches {}", edition, texts.join(", ")));
    }
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::tester(format_args!("cannot catch Ctrl-C: {error}")))?;

    let out = io::stdout();
    let mut console = Console::new(out.lock(), textwrap::termwidth(), out.is_terminal());
    let header = RunHeader {
        device: name,
        edition,
        seed: args.seed,
        tests: chosen.len(),
        excluded: excluded.len(),
        arguments,
    };
    let jobs = args.jobs.map_or_else(|| lab.jobs(), usize::from);
    let campaign = Campaign {
        lab: lab.as_ref(),
        tests: chosen,
        selection: &selection,
        seed: args.seed,
        jobs,
        traces: args.pcap.clone(),
        stop: Some(&stop),
    };
    // Who reads may have seen enough; the files are written all the same.
    written(console.begin(&header))?;
    let mut shown = Ok(());
    let run = campaign.run(|result| {
        if shown.is_ok() {
            shown = console.test(result);
        }
    });
    written(shown)?;
    let mut run = run.map_err(|error| Failure::usage(format_args!("cannot write a trace: {error}")))?;
    run.device = header.device;
    run.excluded = excluded.iter().map(|test| test.id.clone()).collect();
    let report = waivers.apply(&mut run, waivers::today());
    written(console.end(&run).and_then(|()| console.waivers(&report)))?;
    write(json, args.json.as_deref(), |out| json::write(out, &run))?;
    write(junit, args.junit.as_deref(), |out| junit::write(out, &run))?;
    if stop.load(Ordering::Relaxed) {
        super::complain(format_args!("interrupted: {} of {} tests ran", ran(&run), header.tests));
        return Ok(Exit::Interrupted);
    }
    Ok(Exit::of(&run, &report))
}

/// A test or a monitor has that id.
pub fn is_known(tests: &[Test], id: &str) -> bool {
    tests.iter().any(|test| test.id == id) || monitored().any(|known| known == id)
}

/// Ids under which monitors report.
fn monitored() -> impl Iterator<Item = String> {
    monitor::requirements_in_beds().map(always)
}

/// Tests without the monitors.
fn ran(run: &RunResult) -> usize {
    run.tests.iter().filter(|test| !test.id.contains(".always.")).count()
}

fn create(path: &Path) -> Result<BufWriter<File>, Failure> {
    let file =
        File::create(path).map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))?;
    Ok(BufWriter::new(file))
}

fn write(
    file: Option<BufWriter<File>>,
    path: Option<&Path>,
    write: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> Result<(), Failure> {
    let (Some(mut file), Some(path)) = (file, path) else { return Ok(()) };
    write(&mut file)
        .and_then(|()| file.flush())
        .map_err(|error| Failure::tester(format_args!("{}: {error}", path.display())))
}
