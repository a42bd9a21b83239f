//! HSRP: the routers of each group, and what they say and do.
//!
//! In a bed the device is one router, and the tester plays all others: what that sends is held against nobody. In a capture
//! a router is known by its address, and what several of them do together is judged too. There frames may be missing, one
//! direction may be, and a router may have missed what the capture shows: what a single loss explains is a violation only
//! when it comes several times in a row.

mod addresses;
mod message;
mod network;
mod questions;
mod takeover;
mod timing;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::frame::Protocol;
use redspec_codec::hsrp::Opcode;
use redspec_codec::{Family, MacAddress};

use super::binding::Binding;
use super::court::{Court, Finding, Judged, Tallies};
use super::when::{self, Clock, apart, at_least, at_most};
use super::{EndSummary, Options, Protocols, Report, Seen, broken};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group as State;
use crate::spec::hsrp::timers::virtual_mac;
use crate::spec::{Edition, Editions, requirement};
use crate::verdict::Judgement;
use message::{Interface, Message, Read};
use questions::Topic;
use takeover::Announcing;

pub(super) use questions::{ONLY_IN_CAPTURES, REQUIREMENTS};

/// A host that is so late makes devices break timers of a second.
const DISTURBING: Duration = Duration::from_millis(100);
/// Routers that are kept in mind.
const MOST_ROUTERS: usize = 1024;
/// Messages of a group that are kept in mind, of all routers together.
const RECENT: usize = 64;
/// Announcements of a link that are kept in mind.
const ANNOUNCEMENTS: usize = 256;
/// What one frame that was lost, or one that came late, cannot explain so often.
const IN_A_ROW: u32 = 3;
/// A frame that was captured twice: on its way in and on its way out.
const DUPLICATE: Duration = Duration::from_millis(50);

/// VLAN identifiers, outermost first.
type Vlans = Vec<u16>;

/// A group on a link, in one version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct GroupKey {
    port: Port,
    vlans: Vlans,
    version: Version,
    family: Family,
    /// None for what routers tell of their interface, and for what cannot be read.
    group: Option<u16>,
}

/// Who sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Who {
    /// In a bed.
    Device,
    /// In a bed.
    Tester,
    /// In a capture.
    Captured(IpAddr),
}

/// A sender on a link, whatever its groups.
type Sender = (Port, Vlans, Who);

/// Hellos of one state, one after the other.
#[derive(Clone, Copy, Debug)]
struct Run {
    state: State,
    since: Stamp,
    last: Stamp,
    count: u32,
}

/// A router, as one of those of a group.
struct Router {
    who: Who,
    group: usize,
    name: String,
    mac: MacAddress,
    /// None for the tester.
    tallies: Option<Tallies>,
    messages: u64,
    /// Its last message.
    last: Option<Message>,
    /// Its last Hello.
    hello: Option<Message>,
    run: Option<Run>,
    /// The first Hello with Speak since it was anything else but Standby.
    speaking: Option<Stamp>,
    /// It has told of an interface without Active groups: number and time of that frame, and who judges it.
    none_active: Option<(u64, Stamp, usize)>,
    /// How often in a row it was too slow, took over too early, announced nothing, and miscounted its groups.
    slow: u32,
    early: u32,
    unannounced: u32,
    miscounted: u32,
}

/// A frame of a group.
struct Entry {
    router: usize,
    at: Stamp,
    /// None if it could not be read.
    message: Option<Message>,
}

/// All routers of a group.
struct Group {
    key: GroupKey,
    routers: Vec<usize>,
    recent: VecDeque<Entry>,
    /// Who has taken over has a while to tell where the address is.
    announcing: Vec<Announcing>,
    /// A router has told its own MAC address; that it was Active all the time is not known yet.
    wrong: Vec<(usize, Binding)>,
    /// The virtual MAC address was told.
    told: bool,
    /// What two of them have been found to differ in.
    reported: BTreeSet<(usize, usize, Topic)>,
}

/// What is known of a link.
#[derive(Default)]
struct Place {
    last: Stamp,
    /// The tester's last frame of HSRP, of whatever group.
    tester: Option<Stamp>,
    /// The same of those that are no good messages of a group.
    unread: Option<Stamp>,
    announced: VecDeque<(IpAddr, Stamp)>,
}

struct Hsrp {
    options: Options,
    law: Vec<Option<Judgement>>,
    routers: Vec<Router>,
    groups: Vec<Group>,
    index: HashMap<(GroupKey, Who), usize>,
    group_index: HashMap<GroupKey, usize>,
    places: HashMap<Port, Place>,
    /// The senders' own MAC addresses.
    own: HashMap<Sender, MacAddress>,
    /// Who has last told a virtual address, and when.
    told: HashMap<(Sender, IpAddr), (usize, Stamp)>,
    findings: Vec<Finding>,
    beyond_capacity: u64,
}

/// A device whose edition is not known is asked for what every edition of its version asks for.
fn asked(edition: Edition, id: &str) -> Option<Judgement> {
    let found = requirement::find(id)?;
    let version = if id.starts_with("hsrp1.") { Editions::HSRP1 } else { Editions::HSRP2 };
    let asks = if version.contains(edition) {
        found.editions.contains(edition)
    } else {
        version.iter().all(|edition| found.editions.contains(edition))
    };
    asks.then(|| broken(found.level))
}

/// The family's entry in the list of all.
pub(super) fn watch(options: Options) -> Box<dyn Protocols> {
    let law = REQUIREMENTS.iter().map(|id| asked(options.edition, id)).collect();
    Box::new(Hsrp {
        options,
        law,
        routers: Vec::new(),
        groups: Vec::new(),
        index: HashMap::new(),
        group_index: HashMap::new(),
        places: HashMap::new(),
        own: HashMap::new(),
        told: HashMap::new(),
        findings: Vec::new(),
        beyond_capacity: 0,
    })
}

impl Protocols for Hsrp {
    fn frame(&mut self, seen: &Seen<'_>, _: &Clock) -> bool {
        let version = match seen.frame.protocol() {
            Protocol::Hsrp1 => Some(Version::V1),
            Protocol::Hsrp2 => Some(Version::V2),
            Protocol::Arp | Protocol::NeighborDiscovery => None,
            _ => return false,
        };
        if seen.direction.is_some() && Version::of(self.options.edition).is_none() {
            return false;
        }
        self.keep_order(seen);
        self.announcements_until(Some(seen.at));
        let Some(version) = version else {
            if seen.direction != Some(Direction::ToDevice) {
                if let Some(binding) = Binding::read(seen) {
                    self.binding(seen, &binding);
                }
            }
            return false;
        };
        let read = message::read(seen);
        if seen.direction == Some(Direction::ToDevice) {
            let good = matches!(&read, Read::Message(_, message) if message.valid);
            let place = self.place(seen.port);
            place.tester = Some(seen.at);
            if !good {
                place.unread = Some(seen.at);
            }
        }
        match read {
            Read::Nothing => return false,
            Read::Broken => {
                if let Some(router) = self.router(seen, version, None) {
                    self.routers[router].messages += 1;
                    self.form(router, seen, version);
                }
            }
            Read::Interface(told) => {
                if let Some(router) = self.router(seen, version, None) {
                    self.routers[router].messages += 1;
                    self.form(router, seen, version);
                    self.interface(router, seen, told);
                }
            }
            Read::Message(group, message) => {
                if let Some(router) = self.router(seen, version, Some(group)) {
                    self.message(router, seen, version, *message);
                }
            }
        }
        true
    }

    fn happened(&mut self, event: &Event<'_>, _: &Clock) {
        match &event.what {
            // Whatever was done to one port may concern all.
            Happening::Operation(_) | Happening::Link { .. } => self.forget(None),
            Happening::Dropped(_) => self.forget(Some(event.port)),
            // No timer can be told from the host's own lateness.
            Happening::Late(by) if *by >= DISTURBING => self.forget(None),
            Happening::Frame { .. } | Happening::Late(_) => {}
        }
    }

    fn finish(mut self: Box<Self>, clock: &Clock, report: &mut Report) {
        self.announcements_until(Some(clock.now()));
        for index in 0..self.routers.len() {
            self.with_court(index, |court| {
                court.close();
            });
        }
        report.beyond_capacity += self.beyond_capacity;
        let mut total: Vec<Judged> = REQUIREMENTS
            .iter()
            .map(|requirement| Judged { requirement, pass: 0, violated: 0, unknown: 0 })
            .collect();
        for router in &self.routers {
            let Some(tallies) = &router.tallies else { continue };
            let judged: Vec<_> = tallies.judged(REQUIREMENTS).collect();
            for (sum, one) in total.iter_mut().zip(&judged) {
                sum.pass += one.pass;
                sum.violated += one.violated;
                sum.unknown += one.unknown;
            }
            report.ends.push(self.summary(router, judged));
        }
        report.judged.extend(total.into_iter().filter(|judged| !judged.requirement.is_empty()));
        report.findings.append(&mut self.findings);
    }
}

impl Hsrp {
    fn place(&mut self, port: Port) -> &mut Place {
        self.places.entry(port).or_default()
    }

    /// Time that goes back, or frames without a time: what was before says nothing of what comes.
    fn keep_order(&mut self, seen: &Seen<'_>) {
        let place = self.place(seen.port);
        if when::latest(seen.at) < when::earliest(place.last) || !when::is_known(seen.at) {
            place.last = seen.at;
            self.forget(Some(seen.port));
        } else if place.last.time <= seen.at.time {
            place.last = seen.at;
        }
    }

    /// What is remembered of a port, or of all, does not hold any more.
    fn forget(&mut self, port: Option<Port>) {
        for group in self.groups.iter_mut().filter(|group| port.is_none_or(|port| port == group.key.port)) {
            group.recent.clear();
            group.announcing.clear();
            group.wrong.clear();
            for router in &group.routers {
                let router = &mut self.routers[*router];
                (router.last, router.hello, router.run) = (None, None, None);
                (router.speaking, router.none_active, router.slow) = (None, None, 0);
            }
        }
        self.told.retain(|((at, _, _), _), _| port.is_some_and(|port| port != *at));
    }

    /// Who sent a frame. None if there are too many.
    fn router(&mut self, seen: &Seen<'_>, version: Version, group: Option<u16>) -> Option<usize> {
        let vlans: Vlans = seen.frame.vlan_tags().map(|tag| tag.control & 0xfff).collect();
        let (family, source) = (seen.frame.family()?, seen.frame.source_ip()?);
        let key = GroupKey { port: seen.port, vlans, version, family, group };
        let who = match seen.direction {
            Some(Direction::FromDevice) => Who::Device,
            Some(Direction::ToDevice) => Who::Tester,
            None => Who::Captured(source),
        };
        if let Some(router) = self.index.get(&(key.clone(), who)) {
            return Some(*router);
        }
        if self.routers.len() == MOST_ROUTERS {
            self.beyond_capacity += 1;
            return None;
        }
        let groups = &mut self.groups;
        let at = *self.group_index.entry(key.clone()).or_insert_with(|| {
            groups.push(Group {
                key: key.clone(),
                routers: Vec::new(),
                recent: VecDeque::new(),
                announcing: Vec::new(),
                wrong: Vec::new(),
                told: false,
                reported: BTreeSet::new(),
            });
            groups.len() - 1
        });
        let index = self.routers.len();
        let of = group.map_or_else(|| "interface".to_owned(), |group| format!("group {group}"));
        let name =
            key.vlans.iter().fold(format!("{source} {of}"), |name, vlan| format!("{name} vlan {vlan}"));
        self.routers.push(Router {
            who,
            group: at,
            name,
            mac: seen.source.unwrap_or_default(),
            tallies: (who != Who::Tester).then(|| Tallies::new(REQUIREMENTS.len())),
            messages: 0,
            last: None,
            hello: None,
            run: None,
            speaking: None,
            none_active: None,
            slow: 0,
            early: 0,
            unannounced: 0,
            miscounted: 0,
        });
        self.groups[at].routers.push(index);
        self.index.insert((key, who), index);
        Some(index)
    }

    /// Asks the judge of a router, if it has one.
    fn with_court(&mut self, index: usize, question: impl FnOnce(&mut Court<'_>)) {
        let router = &mut self.routers[index];
        let Some(tallies) = &mut router.tallies else { return };
        question(&mut Court {
            tallies,
            findings: &mut self.findings,
            law: &self.law,
            ids: REQUIREMENTS,
            device: &router.name,
            port: self.groups[router.group].key.port,
        });
    }

    fn key(&self, router: usize) -> &GroupKey {
        &self.groups[self.routers[router].group].key
    }

    fn sender(&self, router: usize) -> Sender {
        let key = self.key(router);
        (key.port, key.vlans.clone(), self.routers[router].who)
    }

    /// Its own MAC address, if that is known.
    fn own_mac(&self, router: usize) -> Option<MacAddress> {
        self.own.get(&self.sender(router)).copied()
    }

    /// The MAC address of the router's group; None for its interface.
    fn virtual_mac(&self, router: usize) -> Option<MacAddress> {
        let key = self.key(router);
        key.group.map(|group| virtual_mac(key.version, key.family, group))
    }

    fn in_bed(&self, router: usize) -> bool {
        !matches!(self.routers[router].who, Who::Captured(_))
    }

    fn pass(&mut self, router: usize, topic: Topic) {
        let question = topic.of(self.key(router).version);
        self.with_court(router, |court| court.pass(question));
    }

    fn unknown(&mut self, router: usize, topic: Topic) {
        let question = topic.of(self.key(router).version);
        self.with_court(router, |court| court.unknown(question));
    }

    fn violated(
        &mut self,
        router: usize,
        topic: Topic,
        frame: u64,
        at: Stamp,
        text: impl FnOnce() -> String,
    ) {
        let question = topic.of(self.key(router).version);
        self.with_court(router, |court| court.violated(question, frame, at, text));
    }

    /// What one frame shows.
    fn form(&mut self, router: usize, seen: &Seen<'_>, version: Version) {
        self.with_court(router, |court| message::judge(seen, version, court));
    }

    fn message(&mut self, router: usize, seen: &Seen<'_>, version: Version, message: Message) {
        self.routers[router].messages += 1;
        let twice = |last: &Message| {
            let gap = apart(last.at, message.at);
            gap < DUPLICATE && gap < message.hellotime / 2 && last.octets == message.octets
        };
        if !self.in_bed(router) && self.routers[router].last.as_ref().is_some_and(twice) {
            return;
        }
        self.form(router, seen, version);
        self.macs(router, &message);
        if let Some(last) = self.routers[router].hello.take() {
            self.wrong_bindings(router, &last, &message);
            self.counts(router, &last, &message);
            self.pace(router, &last, &message);
            self.routers[router].hello = Some(last);
        }
        self.takeovers(router, &message);
        if !self.in_bed(router) {
            self.together(router, &message);
        }
        self.follow(router, &message);
        self.remember(router, message);
    }

    /// Which state the router shows, and for how long.
    fn follow(&mut self, index: usize, message: &Message) {
        let router = &mut self.routers[index];
        let Some(state) = message.state.filter(|_| message.is_hello()) else {
            // A Coup leads to Active, a Resign out of it.
            if message.opcode == Opcode::RESIGN || message.opcode == Opcode::COUP {
                router.speaking = None;
            }
            return;
        };
        router.run = match router.run {
            Some(run)
                if run.state == state && at_most(run.last, message.at) <= silence(message.hellotime) =>
            {
                Some(Run { last: message.at, count: run.count.saturating_add(1), ..run })
            }
            _ => Some(Run { state, since: message.at, last: message.at, count: 1 }),
        };
        router.speaking = match (state, router.speaking) {
            (State::Speak, None) => Some(message.at),
            (State::Speak | State::Standby, since) => since,
            _ => None,
        };
    }

    fn remember(&mut self, router: usize, message: Message) {
        let recent = &mut self.groups[self.routers[router].group].recent;
        if recent.len() == RECENT {
            recent.pop_front();
        }
        recent.push_back(Entry { router, at: message.at, message: Some(message.clone()) });
        if message.is_hello() {
            self.routers[router].hello = Some(message.clone());
        }
        self.routers[router].last = Some(message);
    }

    /// A router tells of its groups.
    fn interface(&mut self, router: usize, seen: &Seen<'_>, told: Interface) {
        let (version, key) = (self.key(router).version, self.key(router).clone());
        let sender = self.sender(router);
        if let Some(source) = seen.source {
            let question = questions::INTERFACE_MAC.of(version);
            let fits = !is_virtual(source);
            self.with_court(router, |court| {
                court.check(question, fits, seen.number, seen.at, || {
                    format!("it comes from {source}, a virtual MAC address")
                });
            });
            if fits && self.own.len() < MOST_ROUTERS {
                self.own.entry(sender.clone()).or_insert(source);
            }
        }
        // Over IPv6 it is not confirmed what is told.
        let confirmed = version == Version::V2 && seen.frame.family() == Some(Family::Ipv4);
        if !confirmed || self.routers[router].tallies.is_none() {
            return;
        }
        if told.active > 0 {
            self.routers[router].miscounted = 0;
            return self.pass(router, questions::INTERFACE_COUNTS);
        }
        for index in 0..self.routers.len() {
            let of = self.key(index);
            let mine = self.routers[index].who == sender.2
                && (of.port, &of.vlans, of.version, of.family)
                    == (key.port, &key.vlans, key.version, key.family);
            let active = |message: &Message| {
                message.is(State::Active) && at_most(message.at, seen.at) <= message.hellotime * 3 / 2
            };
            let judged = &mut self.routers[index];
            if mine && judged.last.as_ref().is_some_and(active) {
                judged.none_active = Some((seen.number, seen.at, router));
            }
        }
    }

    /// It was Active before it told of an interface without Active groups, and behind that it still is.
    fn counts(&mut self, router: usize, last: &Message, message: &Message) {
        let Some((number, at, judge)) = self.routers[router].none_active.take() else { return };
        let stayed = last.is(State::Active)
            && message.is(State::Active)
            && at_most(last.at, message.at) <= message.hellotime * 3 / 2
            && !self.disturbed(router, State::Active, last.at, message.at);
        self.routers[judge].miscounted += 1;
        if !stayed || !self.in_bed(router) && self.routers[judge].miscounted < IN_A_ROW {
            return self.unknown(judge, questions::INTERFACE_COUNTS);
        }
        let name = self.routers[router].name.clone();
        self.violated(judge, questions::INTERFACE_COUNTS, number, at, || {
            format!("it tells of no Active group, and {name} is Active before and after")
        });
    }

    fn summary(&self, router: &Router, judged: Vec<Judged>) -> EndSummary {
        let key = &self.groups[router.group].key;
        let role = router.hello.as_ref().map_or_else(String::new, |hello| {
            let state = hello.state.map_or_else(|| "unknown".to_owned(), |state| format!("{state:?}"));
            format!(
                "{state}, priority {}, every {} s, hold {} s",
                hello.priority,
                hello.hellotime.as_secs_f64(),
                hello.holdtime.as_secs_f64()
            )
        });
        let kind = if key.version == Version::V1 { "hsrp1" } else { "hsrp2" };
        EndSummary {
            device: router.name.clone(),
            port: key.port,
            mac: self.own.get(&(key.port, key.vlans.clone(), router.who)).copied().unwrap_or(router.mac),
            vlans: key.vlans.clone(),
            role,
            peer: None,
            pdus: vec![(kind, router.messages)],
            judged,
        }
    }
}

/// One that sends Hellos all the time may be silent for so long, as far as a capture shows: one frame may be lost.
fn silence(hellotime: Duration) -> Duration {
    hellotime * 22 / 10 + Duration::from_millis(100)
}

/// The MAC address of some group.
fn is_virtual(mac: MacAddress) -> bool {
    matches!(
        mac.0,
        [0, 0, 0x0c, 0x07, 0xac, _] | [0, 0, 0x0c, 0x9f, 0xf0..=0xff, _] | [0, 0x05, 0x73, 0xa0, _, _]
    )
}
