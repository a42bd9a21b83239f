use std::fs::File;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::net::if_::if_nametoindex;
use nix::sched::{CloneFlags, setns};
use pcap::{Active, Capture, Linktype};
use redspec::capture::link::LinkError;
use redspec::capture::{CaptureReader, LinkType, Packet};
use redspec::default_route;
use redspec::replay::Pace;

use super::exit::{Exit, Failure};
use super::{complain, source::Source};

/// Send a capture's frames with their own gaps.
///
/// All frames are sent, of whatever protocol, as they were captured; those that the capture holds only in part are
/// left out and counted; frame check sequences that the capture says it holds are left to the interface. Ctrl-C ends
/// it. Needs CAP_NET_RAW.
#[derive(clap::Args)]
pub struct Args {
    /// Ethernet capture, pcap or pcapng; "-" is the standard input.
    file: Source,
    /// Interface to send on.
    #[arg(long, value_name = "NAME")]
    iface: String,
    /// Divide the gaps by this; "inf" leaves none.
    #[arg(long, value_name = "X", default_value = "1", value_parser = speed)]
    speed: f64,
    /// Send at most this many frames.
    #[arg(long, value_name = "N")]
    limit: Option<u64>,
    /// The interface is in this network namespace, as "ip netns" names it. Refused if any interface there but lo
    /// holds a default route: what stands upon what cannot be seen from outside.
    #[arg(long, value_name = "NAME")]
    netns: Option<String>,
    /// Send even if the default route leads, or may lead, through the interface.
    #[arg(long)]
    i_own_this_network: bool,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(speed) if speed > 0.0 => Ok(speed),
        Ok(_) => Err("must be greater than 0".into()),
        Err(error) => Err(error.to_string()),
    }
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let named = |error: &dyn std::fmt::Display| Failure::usage(format_args!("{}: {error}", args.file));
    let file = args.file.open().map_err(|error| named(&error))?;
    let mut capture = CaptureReader::new(file).map_err(|error| named(&error))?;

    if let Some(name) = &args.netns {
        enter(name)?;
    }
    let mut wire = open(args)?;
    let interrupted = interrupts()?;

    let mut replay = Replay::new(args);
    let ended = loop {
        if args.limit.is_some_and(|limit| replay.sent == limit) {
            break Ok(Exit::Success);
        }
        match capture.next_packet() {
            Ok(Some(packet)) => match replay.send(&packet, &mut wire, &interrupted) {
                Ok(true) => {}
                Ok(false) => break Ok(Exit::Success),
                Err(failure) => break Err(failure),
            },
            Ok(None) => break Ok(Exit::Success),
            Err(error) => break Err(named(&error)),
        }
    };
    replay.summarise();
    ended
}

/// Moves this thread into a network namespace.
fn enter(name: &str) -> Result<(), Failure> {
    let path = format!("/run/netns/{name}");
    let file = File::open(&path).map_err(|error| Failure::usage(format_args!("{path}: {error}")))?;
    setns(file, CloneFlags::CLONE_NEWNET).map_err(|error| {
        Failure::tester(format_args!("cannot enter network namespace {name}: {}", error.desc()))
    })
}

/// An interface to send on, if it is one on which that is wise.
fn open(args: &Args) -> Result<Capture<Active>, Failure> {
    let name = args.iface.as_str();
    let index = if_nametoindex(name).map_err(|error| match error {
        Errno::ENODEV | Errno::EINVAL => Failure::usage(format_args!("there is no interface {name}")),
        other => Failure::tester(format_args!("{name}: {}", other.desc())),
    })?;
    if !args.i_own_this_network {
        let inside = args.netns.is_none() && default_route::shows(name, index);
        let route = route_through(name, inside)
            .map_err(|error| Failure::tester(format_args!("cannot read the routes: {error}")))?;
        if let Some(route) = route {
            return Err(Failure::usage(format_args!(
                "the default route leads through {route}: replaying frames there can take the network down; \
                 --i-own-this-network sends all the same"
            )));
        }
    }
    // Nothing is to be received: the least of it that libpcap grants.
    let wire = Capture::from_device(name)
        .and_then(|capture| capture.promisc(false).snaplen(64).buffer_size(64 * 1024).open())
        .map_err(|error| Failure::tester(format_args!("cannot send on {name}: {error}{}", remedy(&error))))?;
    match wire.get_datalink() {
        Linktype::ETHERNET => Ok(wire),
        other => {
            let what = other.get_name().unwrap_or_else(|_| other.0.to_string());
            Err(Failure::usage(format_args!("{name} is not an Ethernet interface: its link type is {what}")))
        }
    }
}

/// What a default route leads through, if that is the interface or may be. From outside its namespace it is not seen
/// what stands upon it, so that there any default route counts.
fn route_through(name: &str, inside: bool) -> io::Result<Option<String>> {
    if inside {
        return Ok(default_route::leads_through(name)?.then(|| name.to_owned()));
    }
    let mut interfaces = default_route::interfaces()?;
    interfaces.remove("lo");
    if interfaces.contains(name) {
        return Ok(Some(name.to_owned()));
    }
    Ok(interfaces.pop_first().map(|other| format!("{other}, which may stand upon {name}")))
}

fn remedy(error: &pcap::Error) -> &'static str {
    let text = error.to_string().to_lowercase();
    if text.contains("permi") { "; root or CAP_NET_RAW is needed" } else { "" }
}

/// Gets a message on Ctrl-C, so that a wait for a frame is a wait for that as well.
fn interrupts() -> Result<Receiver<()>, Failure> {
    let (sender, receiver) = mpsc::channel();
    ctrlc::set_handler(move || {
        // Nobody listens any more: the end is near anyway.
        let _ = sender.send(());
    })
    .map_err(|error| Failure::tester(format_args!("cannot catch Ctrl-C: {error}")))?;
    Ok(receiver)
}

struct Replay<'a> {
    args: &'a Args,
    pace: Pace,
    start: Option<Instant>,
    sent: u64,
    incomplete: u64,
    latest: Duration,
    interrupted: bool,
}

impl<'a> Replay<'a> {
    fn new(args: &'a Args) -> Self {
        Self {
            args,
            pace: Pace::new(args.speed),
            start: None,
            sent: 0,
            incomplete: 0,
            latest: Duration::ZERO,
            interrupted: false,
        }
    }

    /// Waits until the frame is due and sends it; false if the wait was interrupted.
    fn send(
        &mut self,
        packet: &Packet<'_>,
        wire: &mut Capture<Active>,
        interrupts: &Receiver<()>,
    ) -> Result<bool, Failure> {
        let about =
            |error: &dyn std::fmt::Display| format!("{}: frame {}: {error}", self.args.file, packet.number);
        if packet.link_type != LinkType::ETHERNET {
            return Err(Failure::usage(about(&LinkError::Unsupported(packet.link_type))));
        }
        if packet.partial().is_some() {
            self.incomplete += 1;
            return Ok(true);
        }
        let start = *self.start.get_or_insert_with(Instant::now);
        let due = self.pace.due(packet.time);
        match interrupts.recv_timeout(due.saturating_sub(start.elapsed())) {
            Err(RecvTimeoutError::Timeout) => {}
            Ok(()) | Err(RecvTimeoutError::Disconnected) => {
                self.interrupted = true;
                return Ok(false);
            }
        }
        self.latest = self.latest.max(start.elapsed().saturating_sub(due));
        wire.sendpacket(packet.without_check_sequence()).map_err(|error| Failure::tester(about(&error)))?;
        self.sent += 1;
        Ok(true)
    }

    fn summarise(&self) {
        use io::Write;
        let Self { sent, incomplete, latest, interrupted, .. } = self;
        let took = self.start.map_or(Duration::ZERO, |start| start.elapsed()).as_secs_f64();
        let late = latest.as_secs_f64() * 1e3;
        let cause = if *interrupted { " (interrupted)" } else { "" };
        let summary = format!("sent {sent} frames in {took:.3} s, at most {late:.3} ms late{cause}");
        // That nobody reads it is no reason to fail.
        let _ = writeln!(io::stdout(), "{summary}");
        if *incomplete != 0 {
            complain(format_args!(
                "{}: {incomplete} frames were captured only in part and not sent",
                self.args.file
            ));
        }
    }
}
