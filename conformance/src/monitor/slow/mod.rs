//! LACP and Marker: the ends of links, who hears whom, and the monitors of both protocols.

mod end;
mod format;
mod identity;
mod link;
mod marker;
mod mux;
mod questions;
mod rate;
mod receive;
mod record;
mod reply;

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::Protocol;
use redspec_codec::slow::lacp::{LacpduRef, PortInformation, State};
use redspec_codec::slow::marker::{Marker, MarkerKind, MarkerRef};
use redspec_codec::slow::{SlowPdu, Subtype};

use super::court::{Court, Finding, Judged, Tallies};
use super::gate::SLOW_PROTOCOLS_SNAP;
use super::when::{self, Clock};
use super::{EndSummary, Options, Protocols, Report, Seen, broken};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::spec::requirement;
use crate::spec::setting::split_port;
use crate::time::Time;
use crate::verdict::Judgement;
use end::{End, History, Identity, Key, Lacp, Peer, Reception, Said, View, Vlans, Waiting};

/// A host that is so late makes devices break timers of a second.
const DISTURBING: Duration = Duration::from_millis(100);

pub(super) use questions::REQUIREMENTS;

/// Ends that are kept in mind.
const MOST_ENDS: usize = 1024;

/// PDUs that wait for those that may have been sent before them.
const MOST_WAITING: usize = 256;

/// Judges some requirements on one end. It is told what the end did and what it heard, in the order of the events, and
/// answers to the court.
trait Monitor: Send {
    /// The end sent a LACPDU. It is not in the history yet.
    fn sent(&mut self, _pdu: &Lacp, _view: &View<'_>, _court: &mut Court<'_>) {}
    /// The end sent a frame of its, whole or not; before [`Self::sent`].
    fn frame(&mut self, _seen: &Seen<'_>, _view: &View<'_>, _court: &mut Court<'_>) {}
    /// Its peer sent a LACPDU. It is in the peer's history.
    fn heard(&mut self, _pdu: &Lacp, _view: &View<'_>, _court: &mut Court<'_>) {}
    /// The end sent a Marker or a Response.
    fn marked(&mut self, _marker: &Marked, _view: &View<'_>, _court: &mut Court<'_>) {}
    /// Its peer sent a Marker or a Response.
    fn asked(&mut self, _marker: &Marked, _view: &View<'_>, _court: &mut Court<'_>) {}
    /// Its carrier came or went.
    fn link(&mut self, _up: bool, _at: Stamp, _court: &mut Court<'_>) {}
    /// Whatever it remembers may not hold any more: frames were lost, or the device was configured.
    fn forget(&mut self, _at: Stamp) {}
    /// Nothing more will happen after `at`.
    fn finish(&mut self, _at: Stamp, _view: &View<'_>, _court: &mut Court<'_>) {}
}

/// A Marker PDU on its way.
struct Marked {
    number: u64,
    at: Stamp,
    pdu: Marker,
    /// Nothing in the frame gives a receiver the right to drop it.
    plain: bool,
    /// What its sender last said of itself.
    actor: Option<PortInformation>,
}

impl Marked {
    fn new(seen: &Seen<'_>, pdu: MarkerRef<'_>, rest: &[u8], in_bed: bool) -> Self {
        let value = pdu.to_value();
        let standard =
            Marker::information(value.requester_port, value.requester_system, value.transaction_id);
        let destination = seen.frame.destination_mac();
        let plain = value == standard
            && (rest.is_empty() || !in_bed)
            && (seen.frame.vlan_tag_count() == 0 || !in_bed)
            && destination.is_none_or(|to| to == SLOW_PROTOCOLS_ADDRESS);
        Self { number: seen.number, at: seen.at, pdu: value, plain, actor: None }
    }

    fn is_response(&self) -> bool {
        self.pdu.kind == MarkerKind::RESPONSE
    }
}

/// The Slow Protocols Multicast address.
const SLOW_PROTOCOLS_ADDRESS: MacAddress = MacAddress([0x01, 0x80, 0xc2, 0, 0, 2]);

/// All monitors of LACP and Marker.
const MONITORS: &[fn() -> Box<dyn Monitor>] = &[
    format::monitor,
    identity::monitor,
    link::monitor,
    mux::monitor,
    record::monitor,
    receive::monitor,
    rate::monitor,
    reply::monitor,
    marker::monitor,
];

/// The judge of one end.
struct Bench {
    monitors: Vec<Box<dyn Monitor>>,
    tallies: Tallies,
}

/// What is known of a port.
struct Place {
    /// Everything before is unknown.
    since: Stamp,
    last: Stamp,
    up: bool,
    /// The device was told to do without LACP there.
    disabled: bool,
}

struct Slow {
    options: Options,
    law: Vec<Option<Judgement>>,
    ends: Vec<End>,
    /// One for each end; none for the tester.
    benches: Vec<Option<Bench>>,
    index: HashMap<Key, usize>,
    places: HashMap<Port, Place>,
    /// Not judged yet, in the order of the stream.
    waiting: VecDeque<Waiting>,
    findings: Vec<Finding>,
    beyond_capacity: u64,
}

/// The family's entry in the list of all.
pub(super) fn watch(options: Options) -> Box<dyn Protocols> {
    let law = REQUIREMENTS
        .iter()
        .map(|id| {
            requirement::find(id)
                .filter(|found| found.editions.contains(options.edition))
                .map(|found| broken(found.level))
        })
        .collect();
    Box::new(Slow {
        options,
        law,
        ends: Vec::new(),
        benches: Vec::new(),
        index: HashMap::new(),
        places: HashMap::new(),
        waiting: VecDeque::new(),
        findings: Vec::new(),
        beyond_capacity: 0,
    })
}

impl Protocols for Slow {
    fn frame(&mut self, seen: &Seen<'_>, clock: &Clock) -> bool {
        if seen.frame.protocol() != Protocol::Slow {
            self.behind_snap(seen, clock);
            return false;
        }
        let octets = seen.frame.payload();
        let Some(kind @ (1 | 2)) = octets.first().copied() else { return false };
        self.catch_up(Some(seen.at));
        self.keep_order(seen, clock);
        // What the tester says to a port without LACP asks nothing of it.
        let disabled = self.places.get(&seen.port).is_some_and(|place| place.disabled);
        if disabled && seen.direction == Some(Direction::ToDevice) {
            return true;
        }
        let parsed = SlowPdu::parse(octets);
        // Of a later version, the end of the TLVs may be among the octets that are missing.
        let whole = |pdu: &LacpduRef<'_>| seen.missing == 0 || pdu.version() < 2;
        let identity = match &parsed {
            Ok((SlowPdu::Lacp(pdu), _)) if whole(pdu) => Some((pdu.actor().system, pdu.actor().port)),
            _ => None,
        };
        let (senders, certain) = self.senders(seen, identity);
        let Some(&sender) = senders.first() else {
            self.beyond_capacity += 1;
            return true;
        };
        let steady_since = clock.steady_since();
        self.judge(sender, steady_since, |monitor, view, court| monitor.frame(seen, view, court));
        let end = &mut self.ends[sender];
        let in_bed = end.key.in_bed();
        let said = match parsed {
            Ok((SlowPdu::Lacp(pdu), rest)) => {
                end.lacpdus += 1;
                Said::Lacp(if whole(&pdu) { Lacp::new(seen, &pdu, rest, in_bed) } else { Lacp::unread(seen) })
            }
            Ok((SlowPdu::Marker(pdu), rest)) => {
                let marked = Marked::new(seen, pdu, rest, in_bed);
                let count = if marked.is_response() { &mut end.responses } else { &mut end.markers };
                *count += 1;
                if !certain {
                    return true;
                }
                Said::Marker(marked)
            }
            Ok((SlowPdu::Other(_), _)) => return true,
            Err(_) => {
                end.unreadable += 1;
                if kind != 1 {
                    return true;
                }
                Said::Lacp(Lacp::unread(seen))
            }
        };
        if let Said::Lacp(pdu @ Lacp { reception: Reception::Unread, .. }) = said {
            // Any of them may have sent it.
            for sender in senders {
                self.waiting.push_back(Waiting { sender, steady_since, said: Said::Lacp(pdu) });
            }
        } else {
            self.waiting.push_back(Waiting { sender, steady_since, said });
        }
        true
    }

    fn happened(&mut self, event: &Event<'_>, clock: &Clock) {
        self.catch_up(None);
        match &event.what {
            Happening::Link { up } => {
                self.place(event.port, event.at).up = *up;
                for index in 0..self.ends.len() {
                    if self.ends[index].key.port() == event.port {
                        self.judge(index, clock.steady_since(), |monitor, _, court| {
                            monitor.link(*up, event.at, court);
                        });
                        self.ends[index].history.forget(event.at);
                    }
                }
            }
            // Whatever was done to one port may concern all.
            Happening::Operation(text) => {
                self.forget(None, event.at);
                self.configured(text, event.at);
            }
            Happening::Dropped(_) => self.forget(Some(event.port), event.at),
            // No timer can be told from the host's own lateness.
            Happening::Late(by) if *by >= DISTURBING => self.forget(None, event.at),
            Happening::Frame { .. } | Happening::Late(_) => {}
        }
    }

    fn finish(mut self: Box<Self>, clock: &Clock, report: &mut Report) {
        self.catch_up(None);
        for index in 0..self.ends.len() {
            self.judge(index, clock.steady_since(), |monitor, view, court| {
                monitor.finish(clock.now(), view, court);
            });
            self.close(index);
        }
        report.beyond_capacity += self.beyond_capacity;
        let mut total: Vec<Judged> = REQUIREMENTS
            .iter()
            .map(|requirement| Judged { requirement, pass: 0, violated: 0, unknown: 0 })
            .collect();
        for (index, end) in self.ends.iter().enumerate() {
            let Some(bench) = &self.benches[index] else { continue };
            let judged: Vec<_> = bench.tallies.judged(REQUIREMENTS).collect();
            for (sum, one) in total.iter_mut().zip(&judged) {
                sum.pass += one.pass;
                sum.violated += one.violated;
                sum.unknown += one.unknown;
            }
            report.ends.push(self.summary(end, judged));
        }
        report.judged.extend(total);
        report.findings.append(&mut self.findings);
    }
}

/// The monitors of an end that is judged.
fn monitors(bench: &mut Option<Bench>) -> impl Iterator<Item = &mut Box<dyn Monitor>> {
    bench.iter_mut().flat_map(|bench| &mut bench.monitors)
}

impl Slow {
    /// Nothing is said of a LACPDU behind a SNAP header: a device that takes the tester's may have heard anything.
    fn behind_snap(&mut self, seen: &Seen<'_>, clock: &Clock) {
        let behind = seen.frame.payload().strip_prefix(&SLOW_PROTOCOLS_SNAP);
        let lacp = behind.is_some_and(|octets| octets.first() == Some(&Subtype::LACP.0));
        if !lacp || seen.direction != Some(Direction::ToDevice) {
            return;
        }
        self.catch_up(Some(seen.at));
        self.keep_order(seen, clock);
        let steady_since = clock.steady_since();
        for sender in self.senders(seen, None).0 {
            let said = Said::Lacp(Lacp::unread(seen));
            self.waiting.push_back(Waiting { sender, steady_since, said });
        }
    }

    /// LACP is switched on or off: on a port, if one is named, or on all.
    fn configured(&mut self, text: &str, at: Stamp) {
        let Some((name, value)) = text.strip_prefix("configure ").and_then(|rest| rest.split_once(" = "))
        else {
            return;
        };
        let ("lacp.enabled", port) = split_port(name) else { return };
        let ports: Vec<Port> = match port {
            Some(number) => number.checked_sub(1).map(Port).into_iter().collect(),
            None => self.places.keys().copied().collect(),
        };
        for port in ports {
            self.place(port, at).disabled = value == "no";
        }
    }

    fn place(&mut self, port: Port, at: Stamp) -> &mut Place {
        self.places.entry(port).or_insert(Place { since: at, last: at, up: true, disabled: false })
    }

    /// Time that goes back, or frames without a time: what was before says nothing of what comes.
    fn keep_order(&mut self, seen: &Seen<'_>, clock: &Clock) {
        let first = if seen.direction.is_some() { Stamp::default() } else { clock.first() };
        let place = self.place(seen.port, first);
        let backward = when::latest(seen.at) < when::earliest(place.last);
        if backward || !when::is_known(seen.at) {
            place.last = seen.at;
            self.catch_up(None);
            self.forget(Some(seen.port), seen.at);
        } else if place.last.time <= seen.at.time {
            place.last = seen.at;
        }
    }

    /// What is remembered of a port, or of all, does not hold any more.
    fn forget(&mut self, port: Option<Port>, at: Stamp) {
        for (_, place) in self.places.iter_mut().filter(|(key, _)| port.is_none_or(|port| port == **key)) {
            place.since = at;
        }
        for (index, end) in self.ends.iter_mut().enumerate() {
            if port.is_none_or(|port| end.key.port() == port) {
                end.history.forget(at);
                for monitor in monitors(&mut self.benches[index]) {
                    monitor.forget(at);
                }
            }
        }
    }

    /// Who may have sent a frame, and whether that is the first of them. None if there are too many ends.
    fn senders(&mut self, seen: &Seen<'_>, identity: Option<Identity>) -> (Vec<usize>, bool) {
        let mac = seen.source.unwrap_or_default();
        let vlans = Vlans::of(&seen.frame);
        let key = match seen.direction {
            Some(Direction::FromDevice) => Key::Device(seen.port),
            Some(Direction::ToDevice) => Key::Tester(seen.port),
            None => Key::Captured(seen.port, vlans, mac, identity),
        };
        if identity.is_none() && !key.in_bed() {
            // By its address, the one that spoke last comes first.
            let mut known: Vec<usize> = (0..self.ends.len())
                .filter(|index| {
                    let end = &self.ends[*index];
                    matches!(end.key, Key::Captured(port, around, from, _) if (port, around, from) == (seen.port, vlans, mac))
                })
                .collect();
            known.sort_by_key(|index| std::cmp::Reverse(self.ends[*index].latest.time));
            if let Some((first, others)) = known.split_first() {
                let certain = others.iter().all(|other| self.ends[*other].became(&self.ends[*first]));
                return (known, certain);
            }
        }
        let Some(index) = self.end_of(seen, key, mac, vlans) else { return (Vec::new(), false) };
        self.ends[index].latest = seen.at;
        (vec![index], true)
    }

    fn end_of(&mut self, seen: &Seen<'_>, key: Key, mac: MacAddress, vlans: Vlans) -> Option<usize> {
        if let Some(&index) = self.index.get(&key) {
            return Some(index);
        }
        if self.ends.len() == MOST_ENDS {
            return None;
        }
        let index = self.ends.len();
        let since = self.place(seen.port, seen.at).since;
        let judged = !matches!(key, Key::Tester(_));
        // In a bed there is no question who is at the other end.
        let peer = self.ends.iter().position(|other| key.in_bed() && other.key.may_meet(&key));
        if let Some(peer) = peer {
            self.ends[peer].peer = Some(index);
        }
        let twin = self
            .ends
            .iter()
            .any(|end| (end.key.port(), end.vlans, end.mac) == (seen.port, vlans, mac) && !end.key.in_bed());
        let mut name = name(mac, vlans);
        if let (true, Key::Captured(.., Some((system, port)))) = (twin, &key) {
            name = format!("{name} as {system} port {port}");
        }
        self.ends.push(End {
            first: seen.at,
            latest: seen.at,
            name,
            mac,
            vlans,
            history: History::new(since),
            peer,
            last: None,
            lacpdus: 0,
            markers: 0,
            responses: 0,
            unreadable: 0,
            key: key.clone(),
        });
        self.benches.push(judged.then(|| Bench {
            monitors: MONITORS.iter().map(|new| new()).collect(),
            tallies: Tallies::new(REQUIREMENTS.len()),
        }));
        self.index.insert(key, index);
        Some(index)
    }

    /// Asks all monitors of an end.
    fn judge(
        &mut self,
        index: usize,
        steady_since: Time,
        mut question: impl FnMut(&mut dyn Monitor, &View<'_>, &mut Court<'_>),
    ) {
        let Some(bench) = &mut self.benches[index] else { return };
        let end = &self.ends[index];
        let view = View {
            options: self.options,
            in_bed: end.key.in_bed(),
            own: &end.history,
            peer: end.peer.map(|peer| Peer::new(peer, &self.ends, &self.waiting)),
            ends: &self.ends,
            index,
            up: self.places.get(&end.key.port()).is_none_or(|place| place.up),
            steady_since,
        };
        let Bench { monitors, tallies } = bench;
        let mut court = Court {
            tallies,
            findings: &mut self.findings,
            law: &self.law,
            ids: REQUIREMENTS,
            device: &end.name,
            port: end.key.port(),
        };
        for monitor in monitors {
            question(monitor.as_mut(), &view, &mut court);
        }
    }

    /// States what was only counted.
    fn close(&mut self, index: usize) {
        let Some(bench) = &mut self.benches[index] else { return };
        let end = &self.ends[index];
        Court {
            tallies: &mut bench.tallies,
            findings: &mut self.findings,
            law: &self.law,
            ids: REQUIREMENTS,
            device: &end.name,
            port: end.key.port(),
        }
        .close();
    }

    /// Judges what was certainly sent before `now`, or everything.
    fn catch_up(&mut self, now: Option<Stamp>) {
        while let Some(first) = self.waiting.front() {
            let crowded = self.waiting.len() > MOST_WAITING;
            if !crowded && now.is_some_and(|now| !when::before(first.at(), now)) {
                return;
            }
            let Some(Waiting { sender, steady_since, said }) = self.waiting.pop_front() else { return };
            match said {
                Said::Lacp(pdu) => self.lacpdu(sender, pdu, steady_since),
                Said::Marker(marked) => self.marker(sender, marked, steady_since),
            }
        }
    }

    fn lacpdu(&mut self, sender: usize, pdu: Lacp, steady_since: Time) {
        if pdu.reception != Reception::Unread {
            self.find_peer(sender, &pdu);
            self.judge(sender, steady_since, |monitor, view, court| monitor.sent(&pdu, view, court));
            self.ends[sender].last = Some(pdu);
        }
        self.ends[sender].history.push(pdu);
        self.tell_peers(sender, steady_since, |monitor, view, court| monitor.heard(&pdu, view, court));
    }

    fn marker(&mut self, sender: usize, mut marked: Marked, steady_since: Time) {
        let last = self.ends[sender].history.last().filter(|last| last.reception != Reception::Unread);
        marked.actor = last.map(|last| last.actor);
        self.judge(sender, steady_since, |monitor, view, court| monitor.marked(&marked, view, court));
        self.tell_peers(sender, steady_since, |monitor, view, court| monitor.asked(&marked, view, court));
    }

    /// Those who hear `sender` are told what it sent.
    fn tell_peers(
        &mut self,
        sender: usize,
        steady_since: Time,
        mut question: impl FnMut(&mut dyn Monitor, &View<'_>, &mut Court<'_>),
    ) {
        for index in 0..self.ends.len() {
            if self.ends[index].peer == Some(sender) {
                self.judge(index, steady_since, &mut question);
            }
        }
    }

    /// Who echoes another's identity hears it.
    fn find_peer(&mut self, index: usize, pdu: &Lacp) {
        let end = &self.ends[index];
        let (actor, partner) = (&pdu.actor, &pdu.partner);
        if end.key.in_bed() || partner.system.is_zero() || partner.port == 0 || is_same_port(actor, partner) {
            return;
        }
        let speaks_as_partner =
            |other: &End| other.history.newest_first().any(|sent| is_same_port(&sent.actor, partner));
        if end.peer.is_some_and(|peer| speaks_as_partner(&self.ends[peer])) {
            return;
        }
        let mut found = (0..self.ends.len()).filter(|other| {
            self.ends[*other].key.may_meet(&end.key) && speaks_as_partner(&self.ends[*other])
        });
        let peer = match (found.next(), found.next()) {
            (Some(peer), None) => Some(peer),
            // Nobody, so that the old one may still be there; or several, so that nobody knows.
            (None, _) => end.peer,
            (Some(_), Some(_)) => None,
        };
        self.ends[index].peer = peer;
    }

    fn summary(&self, end: &End, judged: Vec<Judged>) -> EndSummary {
        let role = end.last.map_or_else(String::new, |last| role(&last));
        EndSummary {
            device: end.name.clone(),
            port: end.key.port(),
            mac: end.mac,
            vlans: end.vlans.as_slice().to_vec(),
            role,
            peer: end.peer.map(|peer| self.ends[peer].name.clone()),
            pdus: [
                ("lacp", end.lacpdus),
                ("marker", end.markers),
                ("marker-response", end.responses),
                ("unreadable", end.unreadable),
            ]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect(),
            judged,
        }
    }
}

/// Both name the same port of the same system.
fn is_same_port(a: &PortInformation, b: &PortInformation) -> bool {
    (a.system, a.port) == (b.system, b.port)
}

fn name(mac: MacAddress, vlans: Vlans) -> String {
    vlans.as_slice().iter().fold(mac.to_string(), |name, vlan| format!("{name} vlan {vlan}"))
}

/// `system 32768/00:13:c4:12:0f:00 key 13 port 32768/22, active, long timeout`.
fn role(last: &Lacp) -> String {
    let PortInformation { system_priority, system, key, port_priority, port, state } = last.actor;
    let activity = if state.has(State::ACTIVITY) { "active" } else { "passive" };
    let timeout = if state.has(State::TIMEOUT) { "short" } else { "long" };
    let aggregation = if state.has(State::AGGREGATION) { "" } else { ", individual" };
    format!(
        "system {system_priority}/{system} key {key} port {port_priority}/{port}, {activity}, {timeout} timeout{aggregation}"
    )
}
