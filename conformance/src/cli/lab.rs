use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use clap::Subcommand;
use redspec::bed::Wanted;
use redspec::instance::{self, Found};
use redspec::lab::{KNOWN, Known};
use redspec::netns;
use redspec::settings::Settings;

use super::device::{known, no_bed};
use super::exit::{Exit, Failure};

/// Devices that come with redspec, to look at by hand.
///
/// `redspec run --lab NAME` needs none of this: it makes its own and removes them.
#[derive(clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Action,
}

#[derive(Subcommand)]
enum Action {
    /// List the labs, and what of them is up.
    List,
    /// Start a device and leave it running, with all its links up.
    Up(Up),
    /// End it and remove everything that was made for it.
    Down {
        /// As `up` printed it, `ovs-1`; or the lab's name if one of it is up.
        name: String,
    },
    /// Run a command where the device is: in its virtual machine, or its network namespace.
    Exec {
        /// As `up` printed it, `ovs-1`; or the lab's name if one of it is up.
        name: String,
        /// The command and its arguments.
        #[arg(last = true, required = true)]
        command: Vec<OsString>,
    },
    /// Hold a device until told to end: what `up` leaves behind.
    #[command(hide = true)]
    Hold(Up),
}

#[derive(clap::Args)]
struct Up {
    /// Which; `redspec lab list` names them.
    name: String,
    /// Links.
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=8))]
    ports: u16,
    /// Configure it so: lacp.timeout=short. May be given several times.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = setting)]
    settings: Vec<(String, String)>,
}

fn setting(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    Ok((name.to_owned(), value.to_owned()))
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Action::List => list(),
        Action::Up(up) => start(up),
        Action::Down { name } => down(name),
        Action::Exec { name, command } => exec(name, command),
        Action::Hold(up) => hold(up),
    }
}

fn list() -> Result<Exit, Failure> {
    let mut out = io::stdout().lock();
    let found = instances()?;
    let mut write = || {
        for Known { name, purpose, .. } in KNOWN {
            writeln!(out, "{name:12}  {purpose}")?;
        }
        for Found { name, namespaces, .. } in found.iter().filter(|found| found.holder.is_some()) {
            writeln!(out, "{name} is up, in {}", namespaces.join(", "))?;
        }
        out.flush()
    };
    super::written(write()).map(|()| Exit::Success)
}

/// Starts `lab hold` as a process that outlives us, and says what that says once the device is there.
fn start(up: &Up) -> Result<Exit, Failure> {
    known(&up.name)?.check().map_err(no_bed)?;
    let tester =
        |error: io::Error| Failure::tester(format_args!("cannot start what holds the device: {error}"));
    let mut command = Command::new(std::env::current_exe().map_err(tester)?);
    command.args(["lab", "hold", &up.name, "--ports", &up.ports.to_string()]);
    for (name, value) in &up.settings {
        command.arg("--set").arg(format!("{name}={value}"));
    }
    // A group of its own: Ctrl-C here is not meant for it.
    let mut holder =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).process_group(0).spawn().map_err(tester)?;
    let mut line = String::new();
    if let Some(out) = holder.stdout.take() {
        BufReader::new(out).read_line(&mut line).map_err(tester)?;
    }
    if line.is_empty() {
        let status = holder.wait().map_err(tester)?;
        // It has said why on the standard error, which is ours.
        return Ok(if status.code() == Some(2) { Exit::Usage } else { Exit::Tester });
    }
    super::written(io::stdout().lock().write_all(line.as_bytes())).map(|()| Exit::Success)
}

fn hold(up: &Up) -> Result<Exit, Failure> {
    let known = known(&up.name)?;
    known.check().map_err(no_bed)?;
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::tester(format_args!("cannot catch signals: {error}")))?;
    let lab = (known.open)(Arc::clone(&stop)).map_err(no_bed)?;
    let settings: Settings =
        up.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let wanted = Wanted { test: String::new(), ports: up.ports.into(), capabilities: Vec::new(), settings };
    let mut bed = lab.bed(&wanted).map_err(no_bed)?;
    let Some(folder) = bed.folder().map(std::path::Path::to_owned) else {
        return Err(Failure::usage(format_args!("the lab {} has nothing to look at by hand", known.name)));
    };
    instance::hold_for_people(&folder).map_err(Failure::tester)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let found = find(&name)?;
    println!(
        "{name} is up: {}, in {}; redspec lab exec {name} -- COMMAND; redspec lab down {name}",
        lab.device(),
        found.namespaces.join(", ")
    );
    while !stop.load(Ordering::Relaxed) {
        let until = bed.now() + Duration::from_secs(1);
        match bed.next(until) {
            Ok(_) => {}
            Err(redspec::bed::BedError::Interrupted) => break,
            Err(error) => return Err(Failure { exit: Exit::Device, text: error.to_string() }),
        }
    }
    Ok(Exit::Success)
}

fn down(name: &str) -> Result<Exit, Failure> {
    let found = find(name)?;
    if instance::take_down(&found, Duration::from_secs(20)) {
        Ok(Exit::Success)
    } else {
        Err(Failure::tester(format_args!("{} did not go: see {}", found.name, found.folder.display())))
    }
}

fn exec(name: &str, command: &[OsString]) -> Result<Exit, Failure> {
    let found = find(name)?;
    if let Some(answer) = redspec::lab::vm::machine::run_in_guest(&found.folder, command) {
        let (status, said) = answer.map_err(Failure::tester)?;
        super::written(io::stdout().lock().write_all(said.as_bytes()))?;
        return Ok(Exit::Other(u8::try_from(status).unwrap_or(1)));
    }
    let [program, arguments @ ..] = command else { return Err(Failure::usage("no command is given")) };
    let mut command = Command::new(program);
    command.args(arguments).envs(found.environment.iter().map(|(name, value)| (name, value)));
    let namespace = found.namespaces.first().map(String::as_str);
    let status = netns::within(namespace, || command.status())
        .and_then(|status| status)
        .map_err(|error| Failure::usage(format_args!("{}: {error}", program.to_string_lossy())))?;
    Ok(Exit::Other(u8::try_from(status.code().unwrap_or(128 + status.signal().unwrap_or(0))).unwrap_or(1)))
}

fn instances() -> Result<Vec<Found>, Failure> {
    instance::all().map_err(Failure::tester)
}

/// The instance of that name, or the only one that is up of the lab of that name.
fn find(name: &str) -> Result<Found, Failure> {
    let up: Vec<Found> = instances()?.into_iter().filter(|found| found.holder.is_some()).collect();
    let of_lab = |found: &Found| found.name.rsplit_once('-').is_some_and(|(lab, _)| lab == name);
    if let Some(found) = up.iter().find(|found| found.name == name) {
        return Ok(found.clone());
    }
    let names = |found: &[Found]| found.iter().map(|found| found.name.clone()).collect::<Vec<_>>().join(", ");
    let candidates: Vec<Found> = up.iter().filter(|found| of_lab(found)).cloned().collect();
    match candidates.as_slice() {
        [found] => Ok(found.clone()),
        [] if up.is_empty() => Err(Failure::usage(format_args!("{name} is not up; nothing is"))),
        [] => Err(Failure::usage(format_args!("{name} is not up; what is: {}", names(&up)))),
        several => Err(Failure::usage(format_args!("several of {name} are up: {}", names(several)))),
    }
}
