//! The arena: several routers on one LAN, with a hub between them that delays, drops, duplicates, reorders and cuts in one
//! direction. One after the other the gateway fails; somebody has to take over, and how long that takes is measured.
//!
//! ```text
//!   router 1   router 2  ...  router N      references, mutants of them, live devices
//!      |          |              |
//!   ===+==========+==============+=====     hub (hub): noise all the time, cuts and links down by the script (script)
//!                     |
//!                    host                   asks where the gateway is, and sends packets through it (message)
//! ```
//!
//! The judge ([`judge`]) sees what each router sends and what reaches it. A protocol is plugged in by one file that
//! implements [`protocol::Protocol`] and [`protocol::Role`]: [`vrrp`] and [`hsrp`]
//! are two.

pub mod failover;
pub mod hsrp;
pub mod hub;
pub mod judge;
mod lan;
pub mod live;
pub mod message;
pub mod protocol;
mod script;
pub mod vrrp;

use std::time::Duration;

use crate::event::{Direction, Event, Happening, Port};
use crate::reference::imprecise::Imprecision;
use crate::reference::lab;
use crate::reference::mutant;
use crate::settings::{BadSetting, Settings};
use crate::spec::{Edition, requirement};
use crate::time::Time;

use self::failover::{Distribution, Failover, Failure, View};
use self::hub::{Counts, Hub, Noise};
use self::judge::{Broken, Judge};
use self::lan::{Lan, Make, Player};
use self::live::LiveLink;
use self::protocol::{Duty, Protocol};

/// Why an arena cannot be, or cannot go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A setting does not fit.
    #[error(transparent)]
    Setting(BadSetting),
    /// What was asked for makes no arena.
    #[error("{0}")]
    Usage(String),
    /// There is no such interface, or it had better not be used.
    #[error("{0}")]
    Interface(String),
    /// The system refuses.
    #[error("{0}")]
    System(String),
    /// A router that does not stop sending; by number from 0.
    #[error("router {} does not stop sending", .0 + 1)]
    Flood(usize),
}

/// Who takes part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The reference.
    Reference,
    /// The reference with this deliberate defect.
    Mutant(String),
    /// The reference, off by this much.
    Imprecise(Imprecision),
    /// A device behind this interface.
    Live(String),
}

impl Kind {
    /// In words.
    pub fn text(&self) -> String {
        match self {
            Self::Reference => "reference".to_owned(),
            Self::Mutant(id) => format!("mutant {id}"),
            Self::Imprecise(imprecision) => format!("{} reference", imprecision.name),
            Self::Live(interface) => format!("live on {interface}"),
        }
    }
}

/// A router of the arena.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Who.
    pub kind: Kind,
    /// How it is configured; of a live device, what is known of that.
    pub settings: Settings,
}

impl Member {
    /// Router `index` of `count`, as the protocol has it, but for what `settings` says.
    pub fn new(protocol: &dyn Protocol, index: usize, count: usize, settings: &Settings) -> Self {
        Self {
            kind: Kind::Reference,
            settings: settings.over(&protocol.settings(index, count).over(&protocol.defaults())),
        }
    }

    fn is_live(&self) -> bool {
        matches!(self.kind, Kind::Live(_))
    }

    fn is_exact(&self) -> bool {
        matches!(self.kind, Kind::Reference | Kind::Mutant(_))
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How often the gateway is to fail.
    pub failovers: u64,
    /// Everything random comes from it.
    pub seed: u64,
    /// What the hub does to every frame.
    pub noise: Noise,
    /// How often the host asks.
    pub probe: Duration,
    /// Go on once an invariant is broken.
    pub keep_going: bool,
    /// Keep what is needed to write the trace of an episode.
    pub record: bool,
    /// Interfaces are used even if the default route leads through them.
    pub owned: bool,
}

impl Plan {
    /// So many failovers over a poor network.
    pub fn new(failovers: u64, seed: u64, protocol: &dyn Protocol) -> Self {
        // Ten questions in an interval: fine enough for a distribution.
        let probe = protocol.interval() / 10;
        let most = protocol.interval() / 20;
        let noise = Noise {
            most_delay: Noise::POOR.most_delay.min(most),
            least_delay: Noise::POOR.least_delay.min(most),
            most_held: Noise::POOR.most_held.min(most),
            ..Noise::POOR
        };
        Self { failovers, seed, noise, probe, keep_going: false, record: false, owned: false }
    }
}

/// What happened in an episode, for a trace.
#[derive(Clone, Debug, Default)]
pub struct Record {
    /// Which episode, from 1.
    pub episode: u64,
    /// All that happened, in order. Each router's link is a port, and the host's is the last.
    pub events: Vec<Event<'static>>,
    /// Comments on frames, by frame number.
    pub comments: Vec<(u64, String)>,
    frames: u64,
}

impl Record {
    fn push(&mut self, station: usize, now: Time, what: Happening<'static>) {
        self.frames += u64::from(matches!(what, Happening::Frame { .. }));
        let port = Port(u16::try_from(station).unwrap_or(u16::MAX));
        self.events.push(Event { number: self.frames, at: now.into(), port, what });
    }

    /// A comment on the last frame of that station until then, or of any if it has none.
    fn comment(&mut self, station: usize, until: Time, text: String) {
        let frames = || {
            let before = self.events.iter().rev().filter(|event| event.at.time <= until);
            before.filter(|event| matches!(event.what, Happening::Frame { .. }))
        };
        let sent = |event: &&Event<'_>| {
            event.port.index() == station && event.frame(Direction::FromDevice).is_some()
        };
        if let Some(event) = frames().find(sent).or_else(|| frames().next()) {
            self.comments.push((event.number, text));
        }
    }
}

/// What became of it.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Each failure, and who took over.
    pub failovers: Vec<Failover>,
    /// What was broken.
    pub broken: Vec<Broken>,
    /// What may have been broken, or have looked so because this host was late itself.
    pub unsure: Vec<Broken>,
    /// What the hub has done.
    pub counts: Counts,
    /// Times at which something else was done to the network that no gateway may notice.
    pub disturbances: u64,
    /// Frames delivered or under way.
    pub frames: u64,
    /// The time that all this took, as the routers see it.
    pub time: Duration,
    /// The episode in which an invariant was broken first, or else the one with the longest failover.
    pub record: Option<Record>,
    /// Somebody asked to stop before the end.
    pub stopped: bool,
}

impl Outcome {
    /// The times of all failovers of this kind, or of all, as this view has them.
    pub fn times(&self, view: View, failure: Option<Failure>) -> Distribution {
        let wanted = |failover: &&Failover| failure.is_none_or(|failure| failover.failure == failure);
        self.failovers.iter().filter(wanted).filter_map(|failover| failover.time(view)).collect()
    }

    /// The failover in which it took longest until somebody said that it has taken over.
    pub fn slowest(&self) -> Option<&Failover> {
        self.failovers.iter().max_by_key(|failover| failover.taken_over)
    }
}

/// Routers on a LAN.
pub struct Arena<'a> {
    protocol: &'a dyn Protocol,
    members: Vec<Member>,
    plan: Plan,
}

impl<'a> Arena<'a> {
    /// These routers.
    ///
    /// # Errors
    /// They are too few or too many, or the network is such that no router could tell what is going on.
    pub fn new(protocol: &'a dyn Protocol, members: Vec<Member>, plan: Plan) -> Result<Self, Error> {
        let usage = |text: String| Err(Error::Usage(text));
        if members.len() < 2 || members.len() > protocol.most() {
            return usage(format!("{} routers, expected 2 to {}", members.len(), protocol.most()));
        }
        if plan.failovers == 0 {
            return usage("no failovers, expected at least one".to_owned());
        }
        if plan.probe < Duration::from_millis(1) {
            return usage(format!("a question every {:?}, expected at least every millisecond", plan.probe));
        }
        // Frames that come later than the next one is sent: not what timers of the protocol are made for.
        if plan.noise.longest() > protocol.interval() / 2 {
            return usage(format!(
                "a frame may take {:?}, expected at most half of the interval of {:?}",
                plan.noise.longest(),
                protocol.interval()
            ));
        }
        if plan.noise.least_delay.is_zero() {
            return usage("frames that take no time, expected some".to_owned());
        }
        if plan.noise.loss.as_per_cent() > MOST_LOSS {
            return usage(format!("{} % loss, expected at most {MOST_LOSS}", plan.noise.loss.as_per_cent()));
        }
        Ok(Self { protocol, members, plan })
    }

    /// Runs the script. `progress` is told how many failovers are over, and says whether to go on.
    ///
    /// # Errors
    /// A router cannot be made, or the system fails.
    pub fn run(&self, progress: impl FnMut(u64) -> bool) -> Result<Outcome, Error> {
        let mut judge = Judge::new(self.protocol);
        let mut players = Vec::new();
        let exact = self.members.iter().all(Member::is_exact);
        for member in &self.members {
            // In real time a reference is no more exact than this host.
            let role = self.protocol.role(&member.settings, exact).map_err(Error::Setting)?;
            judge.add(role, exact, !member.is_live() && self.protocol.remote().is_some());
            players.push(self.player(member)?);
        }
        let hub = Hub::new(players.len() + 1, self.plan.noise, self.plan.seed);
        let lan = Lan::new(self.protocol, players, hub, judge, self.plan.probe, self.plan.seed);
        script::Script::new(lan, self.plan).run(progress)
    }

    fn player(&self, member: &Member) -> Result<Player, Error> {
        let lab = match &member.kind {
            Kind::Live(interface) => {
                return Ok(Player::Live(LiveLink::open(interface, self.plan.owned)?));
            }
            Kind::Reference => lab::reference(self.protocol.edition(), member.settings.clone()),
            Kind::Imprecise(imprecision) => {
                imprecision.reference(self.protocol.edition(), member.settings.clone(), self.plan.seed)
            }
            Kind::Mutant(id) => {
                let mutant = find_mutant(id, self.protocol.edition())?;
                let needed: Settings = mutant.settings.iter().copied().collect();
                mutant.lab(self.protocol.edition(), needed.over(&member.settings))
            }
        };
        let ports = self.protocol.remote().map_or(1, |remote| remote.port.index() + 1);
        let make: Make = Box::new(move || lab.device_of(ports));
        Ok(Player::Device { make, device: None })
    }

    /// Who takes part.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// What is to be done.
    pub const fn plan(&self) -> &Plan {
        &self.plan
    }

    /// The protocol.
    pub fn protocol(&self) -> &dyn Protocol {
        self.protocol
    }

    /// Where it stands that a router has this duty: a requirement's id, and its clause.
    pub fn source(&self, duty: Duty) -> Option<(&'static str, String)> {
        let id = self.protocol.requirement(duty)?;
        let clauses = requirement::find(id)?.clauses;
        Some((id, clauses.cite(self.protocol.edition())))
    }
}

/// The mutant of that name, for this edition.
///
/// # Errors
/// There is none.
pub fn find_mutant(id: &str, edition: Edition) -> Result<mutant::Mutant, Error> {
    let found = mutant::all().into_iter().find(|mutant| mutant.id == id);
    let found = found.ok_or_else(|| {
        Error::Usage(format!("there is no mutant {id:?}; redspec list --mutants names them all"))
    })?;
    if found.editions.contains(edition) {
        return Ok(found);
    }
    let editions: Vec<&str> = found.editions.iter().map(Edition::name).collect();
    Err(Error::Usage(format!("mutant {id} is of {}, not of {edition}", editions.join(", "))))
}

/// More loss than that is no network that the protocol is made for: three frames in a row are too often lost.
const MOST_LOSS: f64 = 30.0;

/// `3.004 s`.
fn seconds(duration: Duration) -> String {
    format!("{} s", Time::ZERO + duration)
}

/// Makes a group of routers' protocol: what settings describe, by an edition.
pub type MakeProtocol = fn(&Settings, Edition) -> Result<Box<dyn Protocol>, BadSetting>;

/// A protocol that can be in the arena.
pub struct Known {
    /// As on the command line.
    pub name: &'static str,
    /// Its editions; the first one is taken if none is named.
    pub editions: &'static [Edition],
    /// The group that settings describe, by an edition.
    pub make: MakeProtocol,
}

/// All of them.
pub const PROTOCOLS: &[Known] = &[
    Known { name: "vrrp2", editions: &[Edition::Rfc3768, Edition::Rfc2338], make: vrrp },
    Known { name: "vrrp3", editions: &[Edition::Rfc9568, Edition::Rfc5798], make: vrrp },
    Known { name: "hsrp1", editions: &[Edition::Rfc2281, Edition::CiscoHsrp1], make: hsrp },
    Known { name: "hsrp2", editions: &[Edition::CiscoHsrp2], make: hsrp },
];

fn vrrp(settings: &Settings, edition: Edition) -> Result<Box<dyn Protocol>, BadSetting> {
    Ok(Box::new(vrrp::Vrrp::new(settings, edition)?))
}

fn hsrp(settings: &Settings, edition: Edition) -> Result<Box<dyn Protocol>, BadSetting> {
    Ok(Box::new(hsrp::Hsrp::new(settings, edition)?))
}
