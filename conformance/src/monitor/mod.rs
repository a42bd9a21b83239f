//! Judges that are always on: every requirement that shows in frames alone, over the events of any bed or capture.
//!
//! [`Watch`] takes events one by one and keeps for each end of a link what its monitors need, which is bounded. A monitor
//! answers with pass, violation or *unknown*: before the capture began, after frames were lost, without the other
//! direction, across a pause of the capture, after something that no frame shows. A violation is reported only if no
//! course of events could make what was seen right.
//!
//! In a bed the direction of every frame is known and the device alone is judged. A capture has no direction: an end is an
//! interface, VLAN tags and a source MAC address; who hears whom is found by what they say of each other.

mod binding;
mod court;
mod gate;
mod glbp;
mod hsrp;
mod slow;
mod vrrp;
mod when;

use std::fmt;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Frame, Protocol};

use crate::capture::link::{LinkError, dissect};
use crate::capture::{LinkType, Packet};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::spec::{Clauses, Edition, Level, requirement};
use crate::verdict::Judgement;

pub use court::{Finding, Judged};
use gate::Gate;
use when::Clock;

/// What devices are held to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// The edition that judges.
    pub edition: Edition,
    /// Strict windows, for devices that declare no tolerance; else the lenient ones.
    pub exact: bool,
}

/// All monitors of all protocols.
pub struct Watch {
    clock: Clock,
    protocols: Vec<Box<dyn Protocols>>,
    interfaces: Interfaces,
    traffic: Traffic,
    beyond_capacity: u64,
}

/// How many frames there were.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// All of them.
    pub frames: u64,
    /// Of protocols that are judged.
    pub judged: u64,
    /// Of protocols that are decoded but that nothing is asked of.
    pub unjudged: u64,
    /// Their headers cannot be read.
    pub unreadable: u64,
}

/// One protocol family: who takes part, and its monitors.
trait Protocols: Send {
    /// A frame, if it is one of this family.
    fn frame(&mut self, seen: &Seen<'_>, clock: &Clock) -> bool;
    /// What is not a frame.
    fn happened(&mut self, event: &Event<'_>, clock: &Clock);
    /// Nothing more will happen.
    fn finish(self: Box<Self>, clock: &Clock, report: &mut Report);
}

/// Each family of protocols that has monitors.
const PROTOCOLS: &[Start] = &[slow::watch, vrrp::watch, hsrp::watch, glbp::watch];

/// Begins to watch one of them.
type Start = fn(Options) -> Box<dyn Protocols>;

/// A frame that passed the gate.
struct Seen<'a> {
    number: u64,
    at: Stamp,
    port: Port,
    direction: Option<Direction>,
    /// Octets that were not captured.
    missing: usize,
    source: Option<MacAddress>,
    frame: Frame<'a>,
}

/// One end of a link, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndSummary {
    /// Its name in findings: the MAC address, and what else it takes to tell it from others.
    pub device: String,
    /// Where it was seen.
    pub port: Port,
    /// Source address of its frames.
    pub mac: MacAddress,
    /// VLAN identifiers around its frames, outermost first.
    pub vlans: Vec<u16>,
    /// What it last said of itself, by protocol.
    pub role: String,
    /// Who it hears, by the name in findings.
    pub peer: Option<String>,
    /// How many PDUs it sent, by kind.
    pub pdus: Vec<(&'static str, u64)>,
    /// What was judged.
    pub judged: Vec<Judged>,
}

/// What came out.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// In the order of their frames.
    pub findings: Vec<Finding>,
    /// In the order in which they appeared.
    pub ends: Vec<EndSummary>,
    /// Over all ends, one for each requirement that a monitor judges.
    pub judged: Vec<Judged>,
    /// How many frames there were.
    pub traffic: Traffic,
    /// Frames of ends beyond the number that is kept in mind, and so not judged.
    pub beyond_capacity: u64,
}

/// What a finding cites.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Citation {
    /// Where it stands.
    pub clauses: Clauses,
    /// How much is asked.
    pub level: Level,
}

/// Where a monitored requirement stands and how much it asks; `None` if no catalogue has it.
pub fn citation(id: &str) -> Option<Citation> {
    requirement::find(id).map(|found| Citation { clauses: found.clauses, level: found.level })
}

/// The edition that a monitored requirement is cited from: the one that judges, or of a protocol that it says nothing of
/// the newest that asks for it.
pub fn judged_by(id: &str, edition: Edition) -> Edition {
    let asks = requirement::find(id).map(|found| found.editions);
    match asks {
        Some(editions) if !editions.contains(edition) => editions.iter().last().unwrap_or(edition),
        _ => edition,
    }
}

/// Ids of all requirements that monitors judge.
pub fn requirements() -> impl Iterator<Item = &'static str> {
    let routers = vrrp::REQUIREMENTS.iter().chain(hsrp::REQUIREMENTS).chain(glbp::REQUIREMENTS);
    slow::REQUIREMENTS.iter().chain(routers).copied().filter(|id| !id.is_empty())
}

/// Those of them that a bed can show, where there is one device.
pub fn requirements_in_beds() -> impl Iterator<Item = &'static str> {
    let only_in_captures = |id: &&str| {
        vrrp::ONLY_IN_CAPTURES.contains(id)
            || hsrp::ONLY_IN_CAPTURES.contains(id)
            || glbp::REQUIREMENTS.contains(id)
    };
    requirements().filter(move |id| !only_in_captures(id))
}

impl Watch {
    /// All monitors, knowing nothing yet.
    pub fn new(options: Options) -> Self {
        Self {
            clock: Clock::default(),
            protocols: PROTOCOLS.iter().map(|new| new(options)).collect(),
            interfaces: Interfaces::default(),
            traffic: Traffic::default(),
            beyond_capacity: 0,
        }
    }

    /// The next event of a bed or of a trace: frames from their destination address on.
    pub fn event(&mut self, event: &Event<'_>) {
        self.clock.tick(event.at);
        let Happening::Frame { direction, octets, missing } = &event.what else {
            for protocol in &mut self.protocols {
                protocol.happened(event, &self.clock);
            }
            return;
        };
        self.traffic.frames += 1;
        if Gate::of_ethernet(octets) == Gate::Foreign {
            return;
        }
        let Event { number, at, port, .. } = *event;
        match Frame::parse(octets) {
            Ok(frame) => self.take(&Seen {
                number,
                at,
                port,
                direction: *direction,
                missing: *missing,
                source: frame.source_mac(),
                frame,
            }),
            Err(_) => self.traffic.unreadable += 1,
        }
    }

    /// The next packet of a capture, of any link type that is supported.
    ///
    /// # Errors
    /// The link type is not supported; a header cannot be read. The packet is counted and otherwise left out.
    #[inline]
    pub fn packet(&mut self, packet: &Packet<'_>) -> Result<(), LinkError> {
        self.traffic.frames += 1;
        let at = when::captured(packet.time, self.clock.last());
        self.clock.tick(at);
        if Gate::of_packet(packet) == Gate::Foreign {
            return Ok(());
        }
        self.packet_of_ours(packet, at)
    }

    #[inline(never)]
    fn packet_of_ours(&mut self, packet: &Packet<'_>, at: Stamp) -> Result<(), LinkError> {
        let dissected = match dissect(packet) {
            Ok(dissected) => dissected,
            Err(LinkError::Partial(_)) => {
                self.traffic.unreadable += 1;
                return Ok(());
            }
            Err(error) => {
                self.traffic.unreadable += 1;
                return Err(error);
            }
        };
        let missing = (packet.original_length as usize).saturating_sub(packet.octets.len());
        let Some(port) = self.interfaces.port(packet) else {
            self.beyond_capacity += 1;
            return Ok(());
        };
        self.take(&Seen {
            number: packet.number,
            at,
            port,
            direction: None,
            missing,
            source: dissected.source_mac(),
            frame: dissected.frame,
        });
        Ok(())
    }

    fn take(&mut self, seen: &Seen<'_>) {
        for protocol in &mut self.protocols {
            if protocol.frame(seen, &self.clock) {
                self.traffic.judged += 1;
                return;
            }
        }
        match seen.frame.protocol() {
            Protocol::Vrrp | Protocol::Hsrp1 | Protocol::Hsrp2 | Protocol::Glbp | Protocol::Slow => {
                self.traffic.unjudged += 1;
            }
            Protocol::Arp | Protocol::NeighborDiscovery | Protocol::Other => {}
        }
    }

    /// Judges what is still open, and says what came out.
    pub fn finish(self) -> Report {
        let (traffic, beyond_capacity) = (self.traffic, self.beyond_capacity);
        let mut report = Report { traffic, beyond_capacity, ..Report::default() };
        for protocol in self.protocols {
            protocol.finish(&self.clock, &mut report);
        }
        report.findings.sort_by_key(|finding| (finding.frame, finding.time));
        report
    }

    /// How many frames there were so far.
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("traffic", &self.traffic).finish_non_exhaustive()
    }
}

/// Interfaces of a capture as ports. A cooked capture of "any" names the interface of each packet itself.
#[derive(Default)]
struct Interfaces {
    /// In the order in which they appeared.
    known: Vec<(u32, u32)>,
}

impl Interfaces {
    /// `None` if there are too many.
    fn port(&mut self, packet: &Packet<'_>) -> Option<Port> {
        let inner = match (packet.link_type, packet.octets.get(4..8)) {
            (LinkType::LINUX_SLL2, Some(&[a, b, c, d])) => u32::from_be_bytes([a, b, c, d]),
            _ => 0,
        };
        let key = (packet.interface, inner);
        let index = self.known.iter().position(|known| *known == key);
        if index.is_none() && self.known.len() < 1024 {
            self.known.push(key);
        }
        let index = index.or_else(|| self.known.iter().position(|known| *known == key))?;
        u16::try_from(index).ok().map(Port)
    }
}

/// How a requirement of this level is judged when it is broken.
const fn broken(level: Level) -> Judgement {
    match level {
        Level::Must => Judgement::Fail,
        Level::Should => Judgement::Weak,
        Level::May | Level::Info => Judgement::Info,
    }
}

/// Time of a finding, as seconds.
fn seconds(duration: std::time::Duration) -> String {
    format!("{:.3} s", duration.as_secs_f64())
}
