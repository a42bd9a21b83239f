use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Subcommand;
use redspec::lab::reference::{self, Error, Running};
use redspec::reference::lab;
use redspec::spec::{Edition, PROTOCOLS, setting};

use super::device::Reference;
use super::exit::{Exit, Failure};
use super::written;

/// Run the built-in reference as a device, on interfaces, in real time.
///
/// It says "ready" once it listens, and runs until it is ended. Needs CAP_NET_RAW and CAP_NET_ADMIN.
#[derive(clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// What it speaks: lacp, vrrp2, vrrp3, hsrp1 or hsrp2; or say --edition or --profile.
    #[arg(value_name = "PROTOCOL", value_parser = protocol, conflicts_with_all = ["edition", "profile"])]
    protocol: Option<Edition>,
    /// Interface of a port; several for several ports. A router's first is the LAN, its second the network behind it.
    #[arg(long, value_name = "NAME", required = true)]
    iface: Vec<String>,
    /// Interface of the device's own side: data goes from here to the aggregated links and back.
    #[arg(long, value_name = "NAME")]
    data: Option<String>,
    #[command(flatten)]
    reference: Reference,
    /// Configure it so: lacp.timeout=short; redspec dut settings lists all names.
    #[arg(long, value_name = "NAME=VALUE", value_parser = assignment)]
    set: Vec<(String, String)>,
    /// Take orders on a socket with this path, from the commands below.
    #[arg(long, value_name = "SOCKET")]
    control: Option<PathBuf>,
    /// Run even if the default route leads, or may lead, through an interface.
    #[arg(long)]
    i_own_this_network: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Change a parameter of a device that runs.
    Configure {
        /// The device's socket.
        socket: PathBuf,
        /// The parameter, with .pN behind it for port N alone.
        name: String,
        /// What it becomes.
        value: String,
    },
    /// Print a piece of the state of a device that runs.
    State {
        /// The device's socket.
        socket: PathBuf,
        /// Its name.
        name: String,
        /// Number of the port.
        port: u16,
    },
}

/// The newest edition of a protocol of that name.
fn protocol(text: &str) -> Result<Edition, String> {
    let known = PROTOCOLS.iter().find(|protocol| protocol.name == text);
    let edition = known.and_then(|protocol| {
        lab::PROFILES
            .iter()
            .map(|profile| profile.edition)
            .find(|edition| protocol.editions.contains(*edition))
    });
    edition.ok_or_else(|| {
        let names: Vec<&str> = PROTOCOLS.iter().map(|protocol| protocol.name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

pub fn assignment(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("expected NAME=VALUE")?;
    let known = setting::find(name)
        .ok_or_else(|| format!("there is no setting {name}, did you mean {}?", setting::nearest(name)))?;
    if !known.kind.accepts(value) {
        return Err(format!("{name} is {value:?}, expected {}", known.kind.expected()));
    }
    Ok((name.to_owned(), value.to_owned()))
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.command {
        Some(Command::Configure { socket, name, value }) => {
            tell(socket, &format!("configure {name} {value}")).map(drop)?;
        }
        Some(Command::State { socket, name, port }) => {
            let state = tell(socket, &format!("state {name} {port}"))?;
            written(writeln!(io::stdout(), "{state}"))?;
        }
        None => device(args)?,
    }
    Ok(Exit::Success)
}

fn tell(socket: &Path, request: &str) -> Result<String, Failure> {
    reference::tell(socket, request).map_err(Failure::usage)
}

fn device(args: &Args) -> Result<(), Failure> {
    let lab = args.reference.lab(args.protocol, &args.set)?;
    let device = lab.device_of(args.iface.len()).map_err(Failure::usage)?;
    let interfaces: Vec<String> = args.iface.iter().chain(&args.data).cloned().collect();
    let mut running = Running::new(device, &interfaces, args.i_own_this_network).map_err(failure)?;
    if let Some(path) = &args.control {
        running.control(path).map_err(failure)?;
    }
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    ctrlc::set_handler(move || asked.store(true, Ordering::Relaxed))
        .map_err(|error| Failure::tester(format_args!("cannot catch Ctrl-C: {error}")))?;
    written(writeln!(io::stdout(), "ready"))?;
    let ran = running.run(&stop).map_err(failure);
    if let Some(path) = &args.control {
        // It is ours; if it is gone already all the better.
        let _ = std::fs::remove_file(path);
    }
    ran
}

fn failure(error: Error) -> Failure {
    match error {
        Error::Interface(_) => Failure::usage(error),
        Error::System(_) => Failure::tester(error),
    }
}
