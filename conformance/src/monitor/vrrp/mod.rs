//! VRRP: the routers of each virtual router, and what they say and do.
//!
//! In a bed the device is one router, and the tester plays all others: what that sends is held against nobody. In a capture
//! a router is known by its address, and what several of them do together is judged too. There frames may be missing, one
//! direction may be, and a router may have missed what the capture shows: what a single loss explains is a violation only
//! when it comes several times in a row.

mod advert;
mod binding;
mod network;
mod questions;
mod takeover;
mod timing;

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::frame::Protocol;
use redspec_codec::{Family, MacAddress};

use super::court::{Court, Finding, Judged, Tallies};
use super::when::{self, Clock, apart, at_least, at_most};
use super::{EndSummary, Options, Protocols, Report, Seen, broken};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::reference::vrrp::configuration::virtual_mac;
use crate::spec::vrrp::Version;
use crate::spec::{Edition, Editions, requirement};
use crate::verdict::Judgement;
use advert::{Advert, Read};
use binding::Binding;
use questions::Topic;
use takeover::{Announcing, Takeover};

pub(super) use questions::{ONLY_IN_CAPTURES, REQUIREMENTS};

/// A host that is so late makes devices break timers of a second.
const DISTURBING: Duration = Duration::from_millis(100);
/// Routers that are kept in mind.
const MOST_ROUTERS: usize = 1024;
/// Advertisements of a virtual router that are kept in mind, of all routers together.
const RECENT: usize = 64;
/// Announcements of a link that are kept in mind.
const ANNOUNCEMENTS: usize = 256;
/// What one frame that was lost, or one that came late, cannot explain so often.
const IN_A_ROW: u32 = 3;
/// A frame that was captured twice: on its way in and on its way out.
const DUPLICATE: Duration = Duration::from_millis(50);

/// VLAN identifiers, outermost first.
type Vlans = Vec<u16>;

/// A virtual router on a link, in one version.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct GroupKey {
    port: Port,
    vlans: Vlans,
    version: Version,
    family: Family,
    vrid: u8,
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

/// A router, as one of those of a virtual router.
struct Router {
    who: Who,
    group: usize,
    name: String,
    mac: MacAddress,
    /// None for the tester.
    tallies: Option<Tallies>,
    advertisements: u64,
    /// Its last advertisement.
    last: Option<Advert>,
    /// How often in a row it was too fast, too slow, took over too early or too late, and announced nothing.
    fast: u32,
    slow: u32,
    early: u32,
    late: u32,
    unannounced: u32,
}

/// A frame of a virtual router.
struct Entry {
    router: usize,
    at: Stamp,
    /// None if it could not be read.
    advert: Option<Advert>,
}

/// All routers of a virtual router.
struct Group {
    key: GroupKey,
    routers: Vec<usize>,
    recent: VecDeque<Entry>,
    /// A router has begun to advertise; whether the one before has fallen silent is not known yet.
    takeover: Option<Takeover>,
    /// Who has taken over has a while to tell where the addresses are.
    announcing: Vec<Announcing>,
    /// A router has given a wrong MAC address; that it still was a router of this group is not known yet.
    wrong: Vec<(usize, Binding)>,
    /// What two of them have been found to differ in.
    reported: BTreeSet<(usize, usize, usize)>,
}

/// What is known of a link.
#[derive(Default)]
struct Place {
    last: Stamp,
    /// The tester's last VRRP frame, of whatever virtual router.
    tester: Option<Stamp>,
    announced: VecDeque<(IpAddr, Stamp)>,
}

struct Vrrp {
    options: Options,
    law: Vec<Option<Judgement>>,
    routers: Vec<Router>,
    groups: Vec<Group>,
    index: HashMap<(GroupKey, Who), usize>,
    group_index: HashMap<GroupKey, usize>,
    places: HashMap<Port, Place>,
    /// Where hosts have said that they are.
    hosts: HashMap<(Port, IpAddr), MacAddress>,
    findings: Vec<Finding>,
    beyond_capacity: u64,
}

/// A device whose edition is not known is asked for what every edition of its version asks for.
fn asked(edition: Edition, id: &str) -> Option<Judgement> {
    let found = requirement::find(id)?;
    let asks = if Editions::VRRP.contains(edition) {
        found.editions.contains(edition)
    } else {
        let version = if id.starts_with("vrrp2.") { Editions::VRRP2 } else { Editions::VRRP3 };
        version.iter().all(|edition| found.editions.contains(edition))
    };
    asks.then(|| broken(found.level))
}

/// The family's entry in the list of all.
pub(super) fn watch(options: Options) -> Box<dyn Protocols> {
    let law = REQUIREMENTS.iter().map(|id| asked(options.edition, id)).collect();
    Box::new(Vrrp {
        options,
        law,
        routers: Vec::new(),
        groups: Vec::new(),
        index: HashMap::new(),
        group_index: HashMap::new(),
        places: HashMap::new(),
        hosts: HashMap::new(),
        findings: Vec::new(),
        beyond_capacity: 0,
    })
}

impl Protocols for Vrrp {
    fn frame(&mut self, seen: &Seen<'_>, _: &Clock) -> bool {
        let protocol = seen.frame.protocol();
        if !matches!(protocol, Protocol::Vrrp | Protocol::Arp | Protocol::NeighborDiscovery)
            || seen.direction.is_some() && Version::of(self.options.edition).is_none()
        {
            return false;
        }
        self.keep_order(seen);
        self.announcements_until(Some(seen.at));
        if protocol != Protocol::Vrrp {
            if seen.direction != Some(Direction::ToDevice) {
                if let Some(binding) = Binding::read(seen) {
                    self.binding(seen, &binding);
                }
            }
            return false;
        }
        if seen.direction == Some(Direction::ToDevice) {
            self.place(seen.port).tester = Some(seen.at);
        }
        match advert::read(seen) {
            Read::Nothing => false,
            Read::Broken(version, vrid) => {
                if let Some(router) = self.router(seen, version, vrid) {
                    self.form(router, seen, version);
                    self.remember(Entry { router, at: seen.at, advert: None });
                }
                true
            }
            Read::Advert(version, vrid, advert) => {
                if let Some(router) = self.router(seen, version, vrid) {
                    self.advert(router, seen, version, advert);
                }
                true
            }
        }
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

impl Vrrp {
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
            group.takeover = None;
            group.announcing.clear();
            group.wrong.clear();
            for router in &group.routers {
                let router = &mut self.routers[*router];
                router.last = None;
                (router.fast, router.slow) = (0, 0);
            }
        }
    }

    /// Who sent a frame. None if there are too many.
    fn router(&mut self, seen: &Seen<'_>, version: Version, vrid: u8) -> Option<usize> {
        let vlans: Vlans = seen.frame.vlan_tags().map(|tag| tag.control & 0xfff).collect();
        let (family, source) = (seen.frame.family()?, seen.frame.source_ip()?);
        let key = GroupKey { port: seen.port, vlans, version, family, vrid };
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
        let group = *self.group_index.entry(key.clone()).or_insert_with(|| {
            groups.push(Group {
                key: key.clone(),
                routers: Vec::new(),
                recent: VecDeque::new(),
                takeover: None,
                announcing: Vec::new(),
                wrong: Vec::new(),
                reported: BTreeSet::new(),
            });
            groups.len() - 1
        });
        let index = self.routers.len();
        let name = key
            .vlans
            .iter()
            .fold(format!("{source} vrid {vrid}"), |name, vlan| format!("{name} vlan {vlan}"));
        self.routers.push(Router {
            who,
            group,
            name,
            mac: seen.source.unwrap_or_default(),
            tallies: (who != Who::Tester).then(|| Tallies::new(REQUIREMENTS.len())),
            advertisements: 0,
            last: None,
            fast: 0,
            slow: 0,
            early: 0,
            late: 0,
            unannounced: 0,
        });
        self.groups[group].routers.push(index);
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

    fn version(&self, router: usize) -> Version {
        self.groups[self.routers[router].group].key.version
    }

    fn in_bed(&self, router: usize) -> bool {
        !matches!(self.routers[router].who, Who::Captured(_))
    }

    fn pass(&mut self, router: usize, topic: Topic) {
        let question = topic.of(self.version(router));
        self.with_court(router, |court| court.pass(question));
    }

    fn unknown(&mut self, router: usize, topic: Topic) {
        let question = topic.of(self.version(router));
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
        let question = topic.of(self.version(router));
        self.with_court(router, |court| court.violated(question, frame, at, text));
    }

    /// What one frame shows.
    fn form(&mut self, router: usize, seen: &Seen<'_>, version: Version) {
        let edition = Some(self.options.edition).filter(|edition| Editions::VRRP.contains(*edition));
        self.with_court(router, |court| advert::judge(seen, version, edition, court));
    }

    fn remember(&mut self, entry: Entry) {
        let recent = &mut self.groups[self.routers[entry.router].group].recent;
        if recent.len() == RECENT {
            recent.pop_front();
        }
        recent.push_back(entry);
    }

    fn advert(&mut self, router: usize, seen: &Seen<'_>, version: Version, advert: Advert) {
        self.routers[router].advertisements += 1;
        let twice = |last: &Advert| {
            let gap = apart(last.at, advert.at);
            gap < DUPLICATE && gap < advert.interval / 2 && last.octets == advert.octets
        };
        if !self.in_bed(router) && self.routers[router].last.as_ref().is_some_and(twice) {
            return;
        }
        self.form(router, seen, version);
        if let Some(last) = self.routers[router].last.take() {
            self.wrong_bindings(router, &last, &advert);
            self.released(router, &last, &advert);
            self.pace(router, &last, &advert);
            self.routers[router].last = Some(last);
        }
        self.takeovers(router, &advert);
        if !self.in_bed(router) {
            self.together(router, &advert);
        }
        self.remember(Entry { router, at: advert.at, advert: Some(advert.clone()) });
        self.routers[router].last = Some(advert);
    }

    /// A frame that tells where an address is.
    fn binding(&mut self, seen: &Seen<'_>, binding: &Binding) {
        let place = self.place(seen.port);
        if binding.announces {
            if place.announced.len() == ANNOUNCEMENTS {
                place.announced.pop_front();
            }
            place.announced.push_back((binding.address, binding.at));
        }
        let Some(mac) = binding.mac else { return };
        for index in 0..self.groups.len() {
            let group = &self.groups[index];
            if group.key.port != seen.port {
                continue;
            }
            // Who advertises the address now.
            let active = group.recent.iter().rev().find_map(|entry| {
                let advert =
                    entry.advert.as_ref().filter(|_| self.routers[entry.router].who != Who::Tester)?;
                (advert.priority > 0 && advert.addresses.contains(&binding.address))
                    .then_some((entry.router, advert))
            });
            let Some((router, advert)) = active else { continue };
            let own = virtual_mac(group.key.family, group.key.vrid);
            let holds = advert.interval * 3 / 2 + DISTURBING;
            if at_most(advert.at, binding.at) > holds {
                continue;
            }
            let of_router = self.in_bed(router)
                || binding.source == Some(own)
                || advert
                    .mac
                    .is_some_and(|from| from != own && (from == mac || Some(from) == binding.source))
                || advert.source != binding.address
                    && self.hosts.get(&(seen.port, advert.source)) == Some(&mac);
            if mac == own {
                self.pass(router, binding.topic());
            } else if of_router && !is_virtual(mac) && self.groups[index].wrong.len() < RECENT {
                self.groups[index].wrong.push((router, *binding));
            } else {
                self.unknown(router, binding.topic());
            }
        }
        if self.hosts.len() < MOST_ROUTERS {
            self.hosts.insert((seen.port, binding.address), mac);
        }
    }

    /// Between two advertisements of a router it was a router of this group all the time, and gave a wrong MAC address.
    fn wrong_bindings(&mut self, router: usize, last: &Advert, advert: &Advert) {
        let group = self.routers[router].group;
        let all = std::mem::take(&mut self.groups[group].wrong);
        let (mine, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|(who, _)| *who == router);
        self.groups[group].wrong = others;
        let stayed = at_most(last.at, advert.at) <= advert.interval * 3 / 2 + DISTURBING;
        for (_, binding) in mine {
            let lists = |advert: &Advert| advert.priority > 0 && advert.addresses.contains(&binding.address);
            if !(stayed && lists(last) && lists(advert)) {
                self.unknown(router, binding.topic());
                continue;
            }
            let key = &self.groups[group].key;
            let own = virtual_mac(key.family, key.vrid);
            self.violated(router, binding.topic(), binding.number, binding.at, || {
                let mac = binding.mac.map_or_else(String::new, |mac| mac.to_string());
                format!("{} is said to be at {mac}, expected {own}", binding.address)
            });
        }
    }

    /// Something of others came between, as far as is known.
    fn disturbed(&self, router: usize, from: Stamp, to: Stamp) -> bool {
        let group = &self.groups[self.routers[router].group];
        let between = |at: Stamp| !when::before(at, from) && !when::before(to, at);
        group.recent.iter().any(|entry| entry.router != router && between(entry.at))
            || self.places.get(&group.key.port).and_then(|place| place.tester).is_some_and(between)
    }

    fn summary(&self, router: &Router, judged: Vec<Judged>) -> EndSummary {
        let key = &self.groups[router.group].key;
        let role = router.last.as_ref().map_or_else(String::new, |last| {
            format!("priority {}, every {} s", last.priority, last.interval.as_secs_f64())
        });
        let kind = if key.version == Version::V2 { "vrrp2" } else { "vrrp3" };
        EndSummary {
            device: router.name.clone(),
            port: key.port,
            mac: router.mac,
            vlans: key.vlans.clone(),
            role,
            peer: None,
            pdus: vec![(kind, router.advertisements)],
            judged,
        }
    }
}

/// The MAC address of some virtual router.
fn is_virtual(mac: MacAddress) -> bool {
    matches!(mac.0, [0, 0, 0x5e, 0, 1 | 2, _])
}
