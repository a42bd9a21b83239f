use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use redspec::arena::hub::Chance;
use redspec::arena::{self, Arena, Error, Kind, Known, Member, PROTOCOLS, Plan};
use redspec::report::arena::Report;
use redspec::settings::Settings;
use redspec::spec::Edition;

use super::exit::{Exit, Failure};
use super::reference::assignment;
use super::written;

/// Let the gateway of several routers fail again and again, and time how long it takes until another is there.
///
/// The routers are references in virtual time, mutants of them, or live devices behind interfaces, on one LAN whose hub
/// delays, drops, duplicates, reorders and cuts, all from the seed. What has to hold for all of them together is judged all
/// the time. With a live device it is in real time.
#[derive(clap::Args)]
pub struct Args {
    /// The protocol: vrrp2, vrrp3 (over IPv6 with --set vrrp.family=ipv6), hsrp1, hsrp2 (hsrp.family=ipv6).
    #[arg(value_name = "PROTOCOL", value_parser = known)]
    protocol: &'static Known,
    /// Edition of the standard; the newest of VRRP, and rfc2281 of HSRP, if not given.
    #[arg(long, value_name = "E")]
    edition: Option<Edition>,
    /// How many routers.
    #[arg(long, value_name = "N", default_value_t = 5)]
    routers: usize,
    /// How often the gateway fails.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..))]
    failovers: u64,
    /// Everything random comes from it.
    #[arg(long, value_name = "S", default_value_t = 1)]
    seed: u64,
    /// Configure all routers so, or router N alone: vrrp.interval=0.5, 2:vrrp.preempt=no.
    #[arg(long, value_name = "[N:]NAME=VALUE", value_parser = setting)]
    set: Vec<(Option<usize>, (String, String))>,
    /// Router N has this deliberate defect, or the second one if no N is given; `redspec list --mutants` names them.
    #[arg(long, value_name = "[N=]ID", value_parser = mutant)]
    mutant: Vec<(usize, String)>,
    /// Router N is a device behind this interface, a veth for example; say with --set N: how it is configured.
    #[arg(long, value_name = "N=IFACE", value_parser = numbered)]
    live: Vec<(usize, String)>,
    /// A frame takes at most so many milliseconds.
    #[arg(long, value_name = "MS")]
    delay: Option<f64>,
    /// So many per cent of the frames are lost, each for itself on each way.
    #[arg(long, value_name = "PER CENT", value_parser = per_cent)]
    loss: Option<Chance>,
    /// So many per cent of the frames come twice.
    #[arg(long, value_name = "PER CENT", value_parser = per_cent)]
    duplicate: Option<Chance>,
    /// So many per cent of the frames are held back, so that others overtake them.
    #[arg(long, value_name = "PER CENT", value_parser = per_cent)]
    reorder: Option<Chance>,
    /// What is held back, or comes twice, comes later by at most so many milliseconds.
    #[arg(long, value_name = "MS")]
    held: Option<f64>,
    /// The host asks for its gateway every so many milliseconds, a tenth of the interval if not given.
    #[arg(long, value_name = "MS")]
    probe: Option<f64>,
    /// Go on once an invariant is broken.
    #[arg(long)]
    keep_going: bool,
    /// Write `redspec.arena/1` to this file.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// Write the trace of one episode to this file: the first in which something is broken, or else the longest failover.
    #[arg(long, value_name = "FILE")]
    pcap: Option<PathBuf>,
    /// Use an interface even if the default route leads, or may lead, through it.
    #[arg(long, requires = "live")]
    i_own_this_network: bool,
}

fn known(text: &str) -> Result<&'static Known, String> {
    let found = PROTOCOLS.iter().find(|known| known.name == text);
    found.ok_or_else(|| {
        let names: Vec<&str> = PROTOCOLS.iter().map(|known| known.name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

/// A number from 1, as an index from 0.
fn index(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    number.ok_or_else(|| format!("{text:?} is no router, expected a number from 1"))
}

fn setting(text: &str) -> Result<(Option<usize>, (String, String)), String> {
    let name = text.split('=').next().unwrap_or_default();
    match name.split_once(':') {
        Some((number, _)) => {
            let rest = text.get(number.len() + 1..).unwrap_or_default();
            Ok((Some(index(number)?), assignment(rest)?))
        }
        None => Ok((None, assignment(text)?)),
    }
}

fn mutant(text: &str) -> Result<(usize, String), String> {
    // Who becomes the gateway as soon as the first one fails, and has to give way when that comes back.
    const SECOND: usize = 1;
    if text.contains('=') { numbered(text) } else { Ok((SECOND, text.to_owned())) }
}

fn numbered(text: &str) -> Result<(usize, String), String> {
    let (number, rest) = text.split_once('=').ok_or("expected a number, = and a name")?;
    Ok((index(number)?, rest.to_owned()))
}

fn per_cent(text: &str) -> Result<Chance, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=100.0).contains(number));
    number.map(Chance::per_cent).ok_or_else(|| "expected 0 to 100".to_owned())
}

fn milliseconds(number: f64) -> Result<Duration, Failure> {
    Duration::try_from_secs_f64(number / 1000.0)
        .map_err(|_| Failure::usage(format_args!("{number} milliseconds: expected a number, not negative")))
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let edition = edition(args)?;
    let common: Settings =
        args.set.iter().filter(|(of, _)| of.is_none()).map(|(_, (name, value))| (name, value)).collect();
    let protocol = (args.protocol.make)(&common, edition).map_err(Failure::usage)?;
    let members = members(args, protocol.as_ref(), &common)?;
    let mut plan = Plan::new(args.failovers, args.seed, protocol.as_ref());
    (plan.keep_going, plan.record, plan.owned) =
        (args.keep_going, args.pcap.is_some(), args.i_own_this_network);
    if let Some(delay) = args.delay {
        plan.noise.most_delay = milliseconds(delay)?;
        plan.noise.least_delay = plan.noise.least_delay.min(plan.noise.most_delay);
    }
    if let Some(held) = args.held {
        plan.noise.most_held = milliseconds(held)?;
    }
    if let Some(probe) = args.probe {
        plan.probe = milliseconds(probe)?;
    }
    plan.noise.loss = args.loss.unwrap_or(plan.noise.loss);
    plan.noise.duplicate = args.duplicate.unwrap_or(plan.noise.duplicate);
    plan.noise.reorder = args.reorder.unwrap_or(plan.noise.reorder);
    let arena = Arena::new(protocol.as_ref(), members, plan).map_err(failure)?;
    // Before the run, so that a file that cannot be written is known before the work is done.
    let json = args.json.as_deref().map(create).transpose()?;
    let pcap = args.pcap.as_deref().map(create).transpose()?;
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::tester(format_args!("cannot catch Ctrl-C: {error}")))?;
    let arguments = arguments(args);
    let report = Report { arena: &arena, arguments: &arguments, width: textwrap::termwidth().max(40) };
    let mut out = io::stdout();
    written(report.begin(&mut out))?;
    let bar =
        if io::stderr().is_terminal() { ProgressBar::new(args.failovers) } else { ProgressBar::hidden() };
    if let Ok(style) = ProgressStyle::with_template("{bar:30} {pos}/{len} failovers, {eta} left") {
        bar.set_style(style);
    }
    let outcome = arena.run(|done| {
        bar.set_position(done);
        !stop.load(Ordering::Relaxed)
    });
    bar.finish_and_clear();
    let outcome = outcome.map_err(failure)?;
    written(report.end(&mut out, &outcome))?;
    if let Some((mut file, path)) = json {
        let done = report.json(&mut file, &outcome).and_then(|()| file.flush());
        done.map_err(|error| Failure::tester(format_args!("{}: {error}", path.display())))?;
    }
    if let Some((mut file, path)) = pcap {
        let done = report.trace(&mut file, &outcome).and_then(|()| file.flush());
        done.map_err(|error| Failure::tester(format_args!("{}: {error}", path.display())))?;
    }
    Ok(if !outcome.broken.is_empty() {
        Exit::Fail
    } else if outcome.stopped {
        Exit::Interrupted
    } else if !outcome.unsure.is_empty() {
        Exit::Inconclusive
    } else {
        Exit::Success
    })
}

fn edition(args: &Args) -> Result<Edition, Failure> {
    let editions = args.protocol.editions;
    let wanted = args.edition.or_else(|| editions.first().copied());
    wanted.filter(|edition| editions.contains(edition)).ok_or_else(|| {
        let names: Vec<&str> = editions.iter().copied().map(Edition::name).collect();
        Failure::usage(format_args!("{} has the editions {}", args.protocol.name, names.join(", ")))
    })
}

fn members(
    args: &Args,
    protocol: &dyn arena::protocol::Protocol,
    common: &Settings,
) -> Result<Vec<Member>, Failure> {
    let count = args.routers;
    if count > protocol.most() {
        return Err(Failure::usage(format_args!("{count} routers, expected at most {}", protocol.most())));
    }
    // What tells routers apart cannot be the same for all, but for the priority.
    let own = protocol.settings(0, count);
    let clash = common.iter().find(|(name, _)| own.text(name).is_some() && !name.ends_with(".priority"));
    if let Some((name, _)) = clash {
        return Err(Failure::usage(format_args!(
            "{name} cannot be the same for all routers: --set N:{name}=..."
        )));
    }
    let mut members: Vec<Member> =
        (0..count).map(|index| Member::new(protocol, index, count, common)).collect();
    let numbered = |number: usize| {
        (number < count).then_some(number).ok_or_else(|| {
            Failure::usage(format_args!("there is no router {}, only {count}", number.saturating_add(1)))
        })
    };
    for (of, (name, value)) in &args.set {
        if let Some(of) = of {
            members[numbered(*of)?].settings.set(name, value);
        }
    }
    for (of, id) in &args.mutant {
        arena::find_mutant(id, protocol.edition()).map_err(failure)?;
        members[numbered(*of)?].kind = Kind::Mutant(id.clone());
    }
    for (of, interface) in &args.live {
        members[numbered(*of)?].kind = Kind::Live(interface.clone());
    }
    Ok(members)
}

fn create(path: &Path) -> Result<(BufWriter<File>, &Path), Failure> {
    let file =
        File::create(path).map_err(|error| Failure::usage(format_args!("{}: {error}", path.display())))?;
    Ok((BufWriter::new(file), path))
}

/// What it takes to get the same routers and the same network again.
fn arguments(args: &Args) -> Vec<String> {
    let mut arguments = Vec::new();
    let mut push = |option: &str, value: String| arguments.push(format!("--{option} {value}"));
    push("routers", args.routers.to_string());
    if let Some(edition) = args.edition {
        push("edition", edition.name().to_owned());
    }
    for (of, (name, value)) in &args.set {
        let of = of.map_or_else(String::new, |of| format!("{}:", of + 1));
        push("set", format!("{of}{name}={value}"));
    }
    for (of, id) in &args.mutant {
        push("mutant", format!("{}={id}", of + 1));
    }
    for (of, interface) in &args.live {
        push("live", format!("{}={interface}", of + 1));
    }
    for (option, value) in [("delay", args.delay), ("held", args.held), ("probe", args.probe)] {
        if let Some(value) = value {
            push(option, value.to_string());
        }
    }
    for (option, value) in [("loss", args.loss), ("duplicate", args.duplicate), ("reorder", args.reorder)] {
        if let Some(value) = value {
            push(option, value.as_per_cent().to_string());
        }
    }
    arguments
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Setting(_) | Error::Usage(_) | Error::Interface(_) => Failure::usage(error),
        Error::System(_) => Failure::tester(error),
        Error::Flood(_) => Failure { exit: Exit::Device, text: error.to_string() },
    }
}
