//! The LACP reference, spoken to by a small partner: sequences of events whose outcome the clauses fix.
//!
//! This partner is not the engine's: what both get wrong in the same way would be seen by neither.

#![allow(clippy::cast_possible_truncation)] // a bed has few ports

use std::time::Duration;

use pretty_assertions::assert_eq;
use redspec::bed::Bed;
use redspec::bed::sim::Sim;
use redspec::event::{Direction, Port};
use redspec::reference::Device;
use redspec::reference::lacp::LacpSystem;
use redspec::reference::lacp::configuration::SLOW_PROTOCOLS_MULTICAST;
use redspec::reference::lacp::tables::Tables;
use redspec::settings::Settings;
use redspec::spec::Edition;
use redspec::time::Time;
use redspec_codec::MacAddress;
use redspec_codec::frame::{Builder, Ethernet, Frame, Pdu, VlanTag};
use redspec_codec::slow::SlowPdu;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use redspec_codec::slow::marker::{Marker, MarkerKind};

const EDITIONS: [Edition; 3] = [Edition::Dot1Ax2008, Edition::Dot1Ax2014, Edition::Dot1Ax2020];
const ACT: State = State::ACTIVITY;
const SHORT: State = State::TIMEOUT;
const AGG: State = State::AGGREGATION;
const SYNC: State = State::SYNCHRONIZATION;
const COLL: State = State::COLLECTING;
const DIST: State = State::DISTRIBUTING;
const DEF: State = State::DEFAULTED;
const EXP: State = State::EXPIRED;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn at(milliseconds: u64) -> Time {
    Time::ZERO + ms(milliseconds)
}

/// A LACPDU of the device.
#[derive(Clone, Copy, Debug)]
struct Seen {
    time: Time,
    port: usize,
    pdu: Lacpdu,
}

impl Seen {
    fn state(&self) -> State {
        self.pdu.actor.state
    }
}

/// The other end of one link.
#[derive(Clone, Debug)]
struct Partner {
    /// It answers and refreshes.
    on: bool,
    me: PortInformation,
    /// Bits of its state that are as they are, whatever the device does.
    held: State,
    /// What it says of the device, if not what it last heard.
    view: Option<PortInformation>,
    heard: PortInformation,
    next: Time,
}

/// A device and the other ends of its links.
struct Bench {
    sim: Sim<LacpSystem>,
    partners: Vec<Partner>,
    lacpdus: Vec<Seen>,
    markers: Vec<(Time, usize, Marker)>,
    /// Other frames, by the port where they came out; the last port is the client's.
    data: Vec<(usize, Vec<u8>)>,
}

const PARTNER_SYSTEM: MacAddress = MacAddress([0x02, 0xaa, 0xaa, 0, 0, 1]);

impl Bench {
    fn new(edition: Edition, ports: usize, settings: &[(&str, &str)]) -> Self {
        let settings: Settings = settings.iter().copied().collect();
        let device = LacpSystem::new(&settings, edition, ports, Tables::new(edition)).unwrap();
        let partner = |index: usize| Partner {
            on: false,
            me: PortInformation {
                system_priority: 0x9000,
                system: PARTNER_SYSTEM,
                key: 77,
                port_priority: 0x7000,
                port: 11 + index as u16,
                state: ACT | SHORT | AGG | SYNC,
            },
            held: State(0),
            view: None,
            heard: PortInformation::default(),
            next: Time::ZERO,
        };
        Self {
            sim: Sim::new(device, ports).unwrap(),
            partners: (0..ports).map(partner).collect(),
            lacpdus: Vec::new(),
            markers: Vec::new(),
            data: Vec::new(),
        }
    }

    /// With all partners speaking from the start.
    fn speaking(edition: Edition, ports: usize, settings: &[(&str, &str)]) -> Self {
        let mut bench = Self::new(edition, ports, settings);
        (0..ports).for_each(|port| bench.start(port));
        bench
    }

    /// The same five seconds later: all links are up, or the test is over.
    fn up(edition: Edition, ports: usize, settings: &[(&str, &str)]) -> Self {
        let mut bench = Self::speaking(edition, ports, settings);
        bench.run(ms(5000));
        for port in 0..ports {
            assert!(bench.last(port).state().has(SYNC | COLL | DIST), "{edition}: {:?}", bench.last(port));
        }
        bench
    }

    fn now(&self) -> Time {
        self.sim.now()
    }

    fn start(&mut self, port: usize) {
        self.partners[port].on = true;
        self.partners[port].next = self.now();
    }

    fn stop(&mut self, port: usize) {
        self.partners[port].on = false;
    }

    fn send_octets(&mut self, port: usize, octets: &[u8]) {
        self.sim.send(Port(port as u16), octets).unwrap();
    }

    /// What the partner of `port` says now.
    fn pdu(&self, port: usize) -> Lacpdu {
        let partner = &self.partners[port];
        Lacpdu::new(partner.me, partner.view.unwrap_or(partner.heard), 0)
    }

    fn send_pdu(&mut self, port: usize, pdu: &Lacpdu) {
        let frame = slow_frame(&pdu.to_octets());
        self.send_octets(port, &frame);
    }

    fn say(&mut self, port: usize) {
        let pdu = self.pdu(port);
        self.send_pdu(port, &pdu);
        let partner = &mut self.partners[port];
        let gap = if partner.heard.state.has(SHORT) { 900 } else { 25_000 };
        partner.next = self.sim.now() + ms(gap);
    }

    /// A partner that changes its mind says so at once.
    fn change(&mut self, port: usize, change: impl FnOnce(&mut Partner)) {
        change(&mut self.partners[port]);
        if self.partners[port].on {
            self.say(port);
        }
    }

    fn run(&mut self, duration: Duration) {
        let end = self.now() + duration;
        self.run_until(end);
    }

    fn run_until(&mut self, end: Time) {
        loop {
            let wake = self.partners.iter().filter(|partner| partner.on).map(|partner| partner.next).min();
            let until = wake.map_or(end, |wake| wake.min(end));
            if let Some(event) = self.sim.next(until).unwrap() {
                let octets = event.frame(Direction::FromDevice).unwrap().to_vec();
                self.see(event.at.time, event.port.index(), octets);
                continue;
            }
            for port in 0..self.partners.len() {
                if self.partners[port].on && self.partners[port].next <= self.now() {
                    self.say(port);
                }
            }
            if self.now() >= end {
                return;
            }
        }
    }

    fn see(&mut self, time: Time, port: usize, octets: Vec<u8>) {
        let frame = Frame::parse(&octets).unwrap();
        if frame.ether_type() != 0x8809 {
            self.data.push((port, octets));
            return;
        }
        let mut deviations = Vec::new();
        let (pdu, _) = frame.audit(&mut |deviation| deviations.push(format!("{deviation:?}"))).unwrap();
        assert_eq!(deviations, Vec::<String>::new());
        match pdu {
            Pdu::Slow(SlowPdu::Marker(marker)) => self.markers.push((time, port, marker.to_value())),
            Pdu::Slow(SlowPdu::Lacp(pdu)) => {
                let pdu = pdu.to_value();
                let (actor, partner) = (pdu.actor.state, pdu.partner.state);
                assert!(!actor.has(DIST) || actor.has(COLL), "{time} {pdu:?}");
                assert!(!actor.has(COLL) || actor.has(SYNC), "{time} {pdu:?}");
                assert!(!actor.has(EXP) || partner.has(SHORT) && !partner.has(SYNC), "{time} {pdu:?}");
                self.lacpdus.push(Seen { time, port, pdu });
                self.hear(port, pdu.actor);
            }
            other => panic!("{other:?}"),
        }
    }

    /// Follows the device, and answers where what it said has become stale.
    fn hear(&mut self, port: usize, actor: PortInformation) {
        let partner = &mut self.partners[port];
        let mut state = partner.me.state.without(COLL | DIST);
        if state.has(SYNC) && actor.state.has(SYNC) {
            state = state.with(COLL | if actor.state.has(COLL) { DIST } else { State(0) });
        }
        state = State((state.0 & !partner.held.0) | (partner.me.state.0 & partner.held.0));
        let stale = partner.heard != actor || partner.me.state != state;
        partner.heard = actor;
        partner.me.state = state;
        if partner.on && stale {
            self.say(port);
        }
    }

    fn of(&self, port: usize) -> impl DoubleEndedIterator<Item = &Seen> {
        self.lacpdus.iter().filter(move |seen| seen.port == port)
    }

    fn last(&self, port: usize) -> Seen {
        *self.of(port).next_back().expect("the device has sent something")
    }

    fn since(&self, port: usize, time: Time) -> Vec<&Seen> {
        self.of(port).filter(|seen| seen.time >= time).collect()
    }

    fn first(&self, port: usize, time: Time, wanted: impl Fn(&Seen) -> bool) -> Seen {
        *self.of(port).find(|seen| seen.time >= time && wanted(seen)).expect("such a LACPDU")
    }

    /// Data of the client, and of each partner in turn; who got it.
    fn data_from(&mut self, port: usize) -> Vec<usize> {
        self.data.clear();
        let frame = frame_of(MacAddress::BROADCAST, &[], 0x88b5, &[port as u8; 46]);
        self.send_octets(port, &frame);
        self.run(ms(1));
        assert!(self.data.iter().all(|(_, octets)| *octets == frame));
        self.data.iter().map(|(port, _)| *port).collect()
    }

    fn link(&mut self, port: usize, up: bool) {
        self.sim.link(Port(port as u16), up).unwrap();
    }

    fn state(&mut self, name: &str, port: usize) -> String {
        self.sim.state(name, Port(port as u16)).unwrap().unwrap()
    }
}

fn frame_of(destination: MacAddress, tags: &[VlanTag], ether_type: u16, payload: &[u8]) -> Vec<u8> {
    let source = MacAddress([0x02, 0xaa, 0xaa, 0, 1, 0]);
    let ethernet = Ethernet { destination, source, tags, ether_type, minimum_length: 60 };
    let builder = Builder { ethernet: Some(ethernet), ..Builder::slow(source) };
    let mut frame = vec![0; 2000];
    let write = |space: &mut [u8]| {
        space[..payload.len()].copy_from_slice(payload);
        Ok(payload.len())
    };
    let length = builder.emit(&mut frame, write).unwrap();
    frame.truncate(length);
    frame
}

fn frame_to(destination: MacAddress, tags: &[VlanTag], payload: &[u8]) -> Vec<u8> {
    frame_of(destination, tags, 0x8809, payload)
}

fn slow_frame(payload: &[u8]) -> Vec<u8> {
    frame_to(SLOW_PROTOCOLS_MULTICAST, &[], payload)
}

/// About: the bed's latency and nothing else is between them.
#[track_caller]
fn assert_about(time: Time, expected: Time) {
    let off = time.offset(expected).abs();
    assert!(off <= 20_000, "{time} is not about {expected}");
}

// ---- Receive machine -------------------------------------------------------------------------------------------------

#[test]
fn the_first_lacpdu_is_defaulted_and_expired() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 1, &[]);
        bench.run(ms(1500));
        let first = bench.lacpdus[0];
        assert!(first.time <= at(1001), "{edition}: {}", first.time);
        assert_eq!(first.state(), ACT | AGG | DEF | EXP, "{edition}");
        let number = u16::from(edition == Edition::Dot1Ax2020);
        let partner = PortInformation { key: number, port: number, state: SHORT, ..Default::default() };
        assert_eq!(first.pdu.partner, partner, "{edition}");
    }
}

#[test]
fn a_silent_link_is_expired_for_three_seconds_and_then_defaulted() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 1, &[]);
        bench.run(ms(40_000));
        for seen in &bench.lacpdus {
            assert!(seen.state().has(DEF));
            assert_eq!(seen.state().has(EXP), seen.time < at(3000), "{edition} {}", seen.time);
        }
        // Once a second while EXPIRED, then as slowly as the administrative partner asks for.
        assert!(bench.lacpdus.iter().filter(|seen| seen.time < at(3500)).count() >= 3);
        assert!(bench.lacpdus.iter().any(|seen| seen.time > at(30_000)), "{edition}");
    }
}

#[test]
fn up_within_three_seconds() {
    for edition in EDITIONS {
        for control in ["independent", "coupled"] {
            let mut bench = Bench::speaking(edition, 1, &[("lacp.control", control)]);
            bench.run(ms(3200));
            let up = bench.first(0, at(0), |seen| seen.state().has(SYNC | COLL));
            assert!(up.time <= at(3000), "{edition} {control}: {up:?}");
            bench.run(ms(2000));
            let last = bench.last(0);
            assert_eq!(last.state(), ACT | AGG | SYNC | COLL | DIST, "{edition} {control}");
            assert_eq!(last.pdu.partner, bench.partners[0].me, "{edition} {control}");
        }
    }
}

#[test]
fn synchronization_waits_for_aggregate_wait_time() {
    for edition in EDITIONS {
        let mut bench = Bench::speaking(edition, 1, &[]);
        bench.run(ms(4000));
        assert!(bench.lacpdus.iter().all(|seen| !seen.state().has(SYNC) || seen.time >= at(2000)));
        // Another system at 1.5 s: it starts again.
        let mut bench = Bench::speaking(edition, 1, &[]);
        bench.run(ms(1500));
        bench.change(0, |partner| partner.me.system.0[5] = 9);
        bench.run(ms(4000));
        let sync = bench.first(0, at(0), |seen| seen.state().has(SYNC));
        assert_about(sync.time, at(3500));
    }
}

#[test]
fn expiry_after_three_seconds_and_default_after_six() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[("lacp.timeout", "short")]);
        bench.run(ms(100));
        bench.say(0);
        bench.stop(0);
        let silence = bench.now();
        let tuple = bench.partners[0].me;
        bench.run(ms(9000));
        let expired = bench.first(0, silence, |seen| seen.state().has(EXP));
        assert_about(expired.time, silence + ms(3000));
        assert_eq!(expired.state(), ACT | SHORT | AGG | SYNC | EXP, "{edition}");
        let state = tuple.state.without(SYNC).with(SHORT);
        assert_eq!(expired.pdu.partner, PortInformation { state, ..tuple }, "{edition}");
        let defaulted = bench.first(0, silence, |seen| seen.state().has(DEF));
        assert_about(defaulted.time, silence + ms(6000));
        assert_eq!(defaulted.state(), ACT | SHORT | AGG | DEF, "{edition}");
        assert_eq!(defaulted.pdu.partner.system, MacAddress::default());
        // No way back to EXPIRED, and back up with the first LACPDU.
        bench.run(ms(40_000));
        assert!(
            bench.since(0, defaulted.time).iter().all(|seen| seen.state().has(DEF) && !seen.state().has(EXP))
        );
        let resumed = bench.now();
        bench.start(0);
        bench.run(ms(4000));
        let first = bench.first(0, resumed, |_| true);
        assert_about(first.time, resumed);
        assert_eq!(first.state(), ACT | SHORT | AGG, "{edition}");
        assert!(bench.last(0).state().has(SYNC | COLL));
    }
}

#[test]
fn long_timeout_expires_after_ninety_seconds_with_an_extra_lacpdu() {
    for edition in EDITIONS {
        let mut bench = Bench::speaking(edition, 1, &[]);
        bench.partners[0].me.state = ACT | AGG | SYNC;
        bench.run(ms(40_000));
        bench.say(0);
        bench.stop(0);
        let silence = bench.now();
        bench.run(ms(100_000));
        let expired = bench.first(0, silence, |seen| seen.state().has(EXP));
        assert_about(expired.time, silence + ms(90_000));
        let fast = bench.since(0, expired.time);
        assert!(fast[1].time.offset(fast[0].time) <= 1_000_100_000);
        let defaulted = bench.first(0, silence, |seen| seen.state().has(DEF));
        assert_about(defaulted.time, silence + ms(93_000));
    }
}

#[test]
fn one_lacpdu_ends_expired_without_a_detach() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[("lacp.timeout", "short")]);
        bench.stop(0);
        bench.run(ms(4300));
        assert!(bench.last(0).state().has(EXP));
        let resumed = bench.now();
        bench.partners[0].me.state = bench.partners[0].me.state.with(SYNC | COLL);
        bench.start(0);
        bench.run(ms(1500));
        assert!(
            bench
                .since(0, resumed)
                .iter()
                .all(|seen| seen.state().has(SYNC | COLL) && !seen.state().has(EXP))
        );
        assert!(bench.last(0).state().has(DIST));
    }
}

#[test]
fn a_carrier_bounce_keeps_the_partner() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[]);
        bench.stop(0);
        bench.run(ms(300));
        bench.link(0, false);
        let down = bench.now() + ms(1);
        bench.run(ms(5000));
        assert_eq!(bench.since(0, down).len(), 0, "{edition}");
        bench.link(0, true);
        let up = bench.now();
        bench.run(ms(1500));
        let first = bench.first(0, up, |_| true);
        assert!(first.time <= up + ms(1001));
        assert_eq!(first.state(), ACT | AGG | SYNC | EXP, "{edition}");
        assert_eq!(first.pdu.partner.system, PARTNER_SYSTEM);
        // Back without wait_while.
        bench.partners[0].me.state = bench.partners[0].me.state.with(SYNC | COLL);
        let resumed = bench.now();
        bench.start(0);
        bench.run(ms(100));
        assert!(bench.last(0).state().has(SYNC | COLL), "{edition} {:?}", bench.last(0));
        assert_about(bench.first(0, resumed, |seen| seen.state().has(COLL)).time, resumed);
    }
}

#[test]
fn what_is_on_its_way_arrives_before_the_carrier_goes() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 1, &[]);
        bench.run(ms(500));
        bench.say(0);
        bench.link(0, false);
        bench.link(0, true);
        bench.run(ms(1500));
        let first = bench.last(0);
        assert!(first.state().has(EXP) && !first.state().has(DEF), "{edition} {first:?}");
    }
}

#[test]
fn a_partner_that_moves_to_another_port_is_forgotten_where_it_was() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 2, &[]);
        bench.start(0);
        bench.run(ms(5000));
        assert!(bench.last(0).state().has(SYNC | COLL | DIST));
        bench.stop(0);
        bench.link(0, false);
        bench.run(ms(1000));
        bench.partners[1].me = bench.partners[0].me;
        bench.start(1);
        bench.run(ms(4000));
        assert_eq!(bench.last(1).pdu.partner.port, 11);
        assert!(bench.last(1).state().has(SYNC | COLL | DIST), "{edition}");
        bench.link(0, true);
        let up = bench.now();
        bench.run(ms(1500));
        let first = bench.first(0, up, |_| true);
        assert!(first.state().has(DEF | EXP), "{edition} {first:?}");
        assert_eq!(first.pdu.partner.system, MacAddress::default());
        // Its link is as good as any: it comes up again when its partner is back.
        bench.partners[0].me.port = 99;
        bench.start(0);
        bench.run(ms(5000));
        assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition} {:?}", bench.last(0));
    }
}

#[test]
fn lacp_disabled_is_silent_and_starts_anew() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[]);
        bench.sim.configure("lacp.enabled", "no").unwrap();
        let disabled = bench.now() + ms(1);
        bench.run(ms(10_000));
        assert_eq!(bench.since(0, disabled).len(), 0, "{edition}");
        bench.stop(0);
        bench.sim.configure("lacp.enabled", "yes").unwrap();
        let enabled = bench.now();
        bench.run(ms(1100));
        let first = bench.first(0, enabled, |_| true);
        assert!(first.state().has(DEF | EXP), "{edition} {first:?}");
        bench.start(0);
        bench.run(ms(5000));
        assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition}");
    }
}

// ---- Functions -------------------------------------------------------------------------------------------------------

/// One thing about a port's information.
type Change = (&'static str, fn(&mut PortInformation));

const CHANGES: [Change; 13] = [
    ("system", |it| it.system.0[5] ^= 1),
    ("system priority", |it| it.system_priority ^= 1),
    ("key", |it| it.key ^= 1),
    ("port", |it| it.port ^= 1),
    ("port priority", |it| it.port_priority ^= 1),
    ("aggregation", |it| it.state.0 ^= AGG.0),
    ("activity", |it| it.state.0 ^= ACT.0),
    ("timeout", |it| it.state.0 ^= SHORT.0),
    ("synchronization", |it| it.state.0 ^= SYNC.0),
    ("collecting", |it| it.state.0 ^= COLL.0),
    ("distributing", |it| it.state.0 ^= DIST.0),
    ("defaulted", |it| it.state.0 ^= DEF.0),
    ("expired", |it| it.state.0 ^= EXP.0),
];

/// Held in ATTACHED by a partner that is not in sync and asks for slow LACPDUs.
fn attached(edition: Edition) -> Bench {
    let mut bench = Bench::speaking(edition, 1, &[]);
    bench.partners[0].me.state = ACT | AGG;
    bench.run(ms(8000));
    assert_eq!(bench.last(0).state(), ACT | AGG | SYNC, "{edition}");
    bench.stop(0);
    bench
}

#[test]
fn update_ntt_compares_nine_fields() {
    for edition in EDITIONS {
        for (index, (name, change)) in CHANGES.iter().enumerate() {
            let mut bench = attached(edition);
            let mut pdu = bench.pdu(0);
            change(&mut pdu.partner);
            let said = bench.now();
            bench.send_pdu(0, &pdu);
            bench.run(ms(5000));
            let replies = bench.since(0, said).len();
            assert_eq!(replies, usize::from(index < 9), "{edition} {name}");
        }
    }
}

#[test]
fn record_pdu_matches_six_fields() {
    for edition in EDITIONS {
        for (index, (name, change)) in CHANGES.iter().enumerate() {
            let mut bench = attached(edition);
            let mut pdu = bench.pdu(0);
            pdu.actor.state = pdu.actor.state.with(SYNC);
            change(&mut pdu.partner);
            bench.send_pdu(0, &pdu);
            bench.run(ms(30_500));
            assert_eq!(bench.last(0).state().has(COLL), index >= 6, "{edition} {name}");
            assert_eq!(bench.last(0).pdu.partner.state.has(SYNC), index >= 6, "{edition} {name}");
        }
    }
}

#[test]
fn update_selected_compares_six_fields() {
    for edition in EDITIONS {
        for (index, (name, change)) in CHANGES.iter().enumerate() {
            let mut bench = Bench::up(edition, 1, &[]);
            bench.run(ms(300));
            let (changed, state) = (bench.now(), bench.partners[0].me.state);
            bench.change(0, |partner| {
                change(&mut partner.me);
                partner.held = State(partner.me.state.0 ^ state.0);
            });
            bench.run(ms(8000));
            let detached = bench.since(0, changed).iter().any(|seen| !seen.state().has(SYNC));
            assert_eq!(detached, index < 6, "{edition} {name}");
            if index < 6 {
                assert_about(bench.first(0, changed, |seen| !seen.state().has(SYNC)).time, changed);
                let back = bench.first(0, changed, |seen| seen.state().has(SYNC));
                assert_about(back.time, changed + ms(2000));
            }
            let collects = bench.last(0).state().has(COLL);
            assert_eq!(collects, *name != "synchronization", "{edition} {name}");
        }
    }
}

#[test]
fn someone_must_keep_the_link_alive() {
    for edition in EDITIONS {
        for knows in [true, false] {
            let mut bench = Bench::up(edition, 1, &[]);
            let state = bench.partners[0].me.state.without(ACT);
            let mut view = bench.partners[0].heard;
            if !knows {
                view.state = view.state.without(ACT);
            }
            let said = bench.now();
            bench.change(0, |partner| (partner.me.state, partner.view) = (state, Some(view)));
            bench.run(ms(1500));
            assert_eq!(bench.last(0).state().has(COLL), knows, "{edition}");
            assert!(bench.since(0, said).iter().all(|seen| seen.state().has(SYNC)));
        }
    }
}

#[test]
fn an_individual_partner_is_in_sync_whatever_it_knows() {
    for edition in EDITIONS {
        let mut bench = Bench::speaking(edition, 1, &[]);
        bench.partners[0].me.state = ACT | SHORT | SYNC;
        bench.partners[0].view = Some(PortInformation::default());
        bench.run(ms(500));
        assert!(bench.last(0).pdu.partner.state.has(SYNC), "{edition}");
        bench.run(ms(3000));
        assert!(bench.last(0).state().has(SYNC | COLL), "{edition}");
    }
}

// ---- Periodic transmission and its limit -----------------------------------------------------------------------------

fn gaps(seen: &[&Seen]) -> Vec<i64> {
    seen.windows(2).map(|pair| pair[1].time.offset(pair[0].time) / 1_000_000).collect()
}

#[test]
fn the_rate_is_the_one_that_the_partner_asks_for() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[]);
        let from = bench.now();
        bench.run(ms(60_000));
        let fast = gaps(&bench.since(0, from));
        assert!(fast.len() >= 58 && fast.iter().all(|gap| *gap == 1000), "{edition} {fast:?}");
        let slow = bench.now();
        bench.change(0, |partner| partner.me.state = partner.me.state.without(SHORT));
        bench.run(ms(121_000));
        let seen: Vec<_> = bench.since(0, slow + ms(1300));
        assert!(seen.len() >= 3 && gaps(&seen).iter().all(|gap| *gap == 30_000), "{edition} {seen:?}");
        assert!(seen[0].time >= slow + ms(29_000));
        // And at once when it wants to hear more.
        let short = bench.now();
        bench.change(0, |partner| partner.me.state = partner.me.state.with(SHORT));
        bench.run(ms(5500));
        let seen = bench.since(0, short);
        assert_about(seen[0].time, short);
        assert!(gaps(&seen).iter().all(|gap| *gap == 1000), "{edition} {:?}", gaps(&seen));
    }
}

#[test]
fn ntt_leaves_the_period_alone_until_2014_and_restarts_it_in_2020() {
    for edition in EDITIONS {
        let mut bench = attached(edition);
        bench.run(ms(60_000));
        let periodic = bench.last(0).time;
        bench.run_until(periodic + ms(10_000));
        let mut pdu = bench.pdu(0);
        pdu.partner.key ^= 1;
        bench.send_pdu(0, &pdu);
        bench.run(ms(35_000));
        let seen = bench.since(0, periodic);
        assert_about(seen[1].time, periodic + ms(10_000));
        let next = if edition == Edition::Dot1Ax2020 { 40_000 } else { 30_000 };
        assert_about(seen[2].time, periodic + ms(next));
    }
}

#[test]
fn no_more_than_the_limit_in_a_second_and_the_last_word_is_sent() {
    for (edition, limit) in [(Edition::Dot1Ax2008, 3), (Edition::Dot1Ax2014, 3), (Edition::Dot1Ax2020, 10)] {
        let mut bench = attached(edition);
        bench.run(ms(5000));
        let start = bench.now();
        let mut pdu = bench.pdu(0);
        pdu.partner.key ^= 1;
        for step in 0..40 {
            if step == 39 {
                pdu.actor.state = pdu.actor.state.with(DEF);
            }
            bench.send_pdu(0, &pdu);
            bench.run(ms(40));
        }
        bench.run(ms(3000));
        let seen = bench.since(0, start);
        for window in seen.windows(limit + 1) {
            assert!(window[limit].time >= window[0].time + ms(1000), "{edition}");
        }
        assert!(seen.len() >= 2 * limit, "{edition} {}", seen.len());
        let last = seen[seen.len() - 1];
        assert!(last.pdu.partner.state.has(DEF) && last.time <= start + ms(40 * 39 + 1001), "{edition}");
    }
}

#[test]
fn two_passive_ends_do_not_speak() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 1, &[("lacp.activity", "passive")]);
        bench.run(ms(20_000));
        let mut pdu = bench.pdu(0);
        pdu.actor.state = SHORT | AGG;
        bench.send_pdu(0, &pdu);
        bench.run(ms(20_000));
        assert_eq!(bench.lacpdus.len(), 0, "{edition}");
    }
}

#[test]
fn a_passive_port_speaks_when_it_is_spoken_to() {
    for edition in EDITIONS {
        let settings = [("lacp.activity", "passive"), ("lacp.timeout", "short")];
        let mut bench = Bench::new(edition, 1, &settings);
        bench.run(ms(5000));
        bench.start(0);
        bench.run(ms(6000));
        assert!(bench.lacpdus[0].time <= at(6001), "{edition}");
        assert!(bench.last(0).state().has(SYNC | COLL | DIST) && !bench.last(0).state().has(ACT));
        // The partner becomes passive: nobody speaks. Then active again.
        bench.change(0, |partner| partner.me.state = partner.me.state.without(ACT));
        let passive = bench.now();
        bench.run(ms(10_000));
        assert!(bench.since(0, passive + ms(1500)).is_empty(), "{edition}");
        bench.change(0, |partner| partner.me.state = partner.me.state.with(ACT));
        let active = bench.now();
        bench.run(ms(5000));
        assert!(bench.first(0, active, |_| true).time <= active + ms(1001), "{edition}");
        assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition}");
        // Silent: it goes on while EXPIRED, and stops with the default partner, which is passive.
        bench.stop(0);
        let silence = bench.now();
        bench.run(ms(20_000));
        assert!(bench.since(0, silence + ms(3000)).len() >= 2, "{edition}");
        assert!(bench.since(0, silence + ms(6100)).len() <= 1, "{edition}");
    }
}

// ---- Mux machine and data plane --------------------------------------------------------------------------------------

#[test]
fn only_independent_control_looks_at_the_partners_collecting() {
    for edition in EDITIONS {
        for independent in [true, false] {
            let control = if independent { "independent" } else { "coupled" };
            let mut bench = Bench::speaking(edition, 1, &[("lacp.control", control)]);
            bench.partners[0].held = COLL | DIST;
            bench.run(ms(5000));
            let shown = |bench: &Bench| bench.last(0).state().without(ACT | AGG);
            let part = if independent { SYNC | COLL } else { SYNC | COLL | DIST };
            assert_eq!(shown(&bench), part, "{edition} {control}");
            bench.change(0, |partner| partner.me.state = partner.me.state.with(COLL));
            bench.run(ms(1500));
            assert_eq!(shown(&bench), SYNC | COLL | DIST, "{edition} {control}");
            let changed = bench.now();
            bench.change(0, |partner| partner.me.state = partner.me.state.without(COLL));
            bench.run(ms(500));
            assert_eq!(shown(&bench), part, "{edition} {control}");
            if independent {
                assert_about(bench.first(0, changed, |seen| !seen.state().has(DIST)).time, changed);
            }
            bench.run(ms(1500));
            let changed = bench.now();
            bench.change(0, |partner| {
                partner.held = SYNC | COLL | DIST;
                partner.me.state = partner.me.state.without(SYNC);
            });
            bench.run(ms(500));
            assert_eq!(shown(&bench), SYNC, "{edition} {control}");
            assert_about(bench.first(0, changed, |seen| !seen.state().has(COLL)).time, changed);
            bench.run(ms(2000));
            let changed = bench.now();
            bench.change(0, |partner| partner.me.state = partner.me.state.with(SYNC));
            bench.run(ms(500));
            assert_eq!(shown(&bench), part, "{edition} {control}");
            assert_about(bench.first(0, changed, |seen| seen.state().has(COLL)).time, changed);
        }
    }
}

#[test]
fn data_passes_only_where_the_state_says_so() {
    for edition in EDITIONS {
        let mut bench = Bench::speaking(edition, 1, &[]);
        bench.partners[0].held = SYNC | COLL | DIST;
        bench.partners[0].me.state = ACT | SHORT | AGG;
        bench.run(ms(5000));
        assert_eq!((bench.data_from(0), bench.data_from(1)), (vec![], vec![]), "{edition} ATTACHED");
        bench.change(0, |partner| partner.me.state = partner.me.state.with(SYNC));
        bench.run(ms(500));
        assert_eq!((bench.data_from(0), bench.data_from(1)), (vec![1], vec![]), "{edition} COLLECTING");
        bench.change(0, |partner| partner.me.state = partner.me.state.with(COLL));
        bench.run(ms(500));
        assert_eq!((bench.data_from(0), bench.data_from(1)), (vec![1], vec![0]), "{edition} DISTRIBUTING");
        bench.stop(0);
        bench.link(0, false);
        assert_eq!((bench.data_from(0), bench.data_from(1)), (vec![], vec![]), "{edition} down");
        bench.link(0, true);
        assert_eq!((bench.data_from(0), bench.data_from(1)), (vec![], vec![]), "{edition} up again");
    }
}

#[test]
fn a_lag_carries_a_frame_on_one_of_its_links() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 2, &[]);
        assert_eq!(bench.data_from(2).len(), 1, "{edition}");
        assert_eq!(bench.data_from(0), [2], "{edition}");
        assert_eq!(bench.data_from(1), [2], "{edition}");
        assert_eq!(bench.state("lacp.aggregator", 0), bench.state("lacp.aggregator", 1));
    }
}

#[test]
fn wait_to_restore_delays_the_link_after_a_bounce() {
    let mut bench = Bench::up(Edition::Dot1Ax2020, 1, &[("lacp.wait_to_restore", "10")]);
    bench.link(0, false);
    bench.run(ms(5000));
    bench.link(0, true);
    let up = bench.now();
    bench.start(0);
    bench.run(ms(9900));
    assert!(bench.since(0, up).len() > 5);
    assert!(bench.since(0, up).iter().all(|seen| !seen.state().has(SYNC)));
    bench.run(ms(2000));
    assert_about(bench.first(0, up, |seen| seen.state().has(SYNC)).time, up + ms(10_000));
    assert!(bench.last(0).state().has(SYNC | COLL | DIST));
    // Down once more while it waits: all of it again.
    bench.link(0, false);
    bench.run(ms(1000));
    bench.link(0, true);
    bench.run(ms(4000));
    bench.link(0, false);
    bench.run(ms(1000));
    bench.link(0, true);
    let up = bench.now();
    bench.run(ms(12_000));
    assert_about(bench.first(0, up, |seen| seen.state().has(SYNC)).time, up + ms(10_000));
}

#[test]
fn a_port_that_is_unselected_while_it_is_down_comes_up_again() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[]);
        bench.link(0, false);
        bench.sim.configure("lacp.key", "9").unwrap();
        bench.run(ms(1000));
        bench.link(0, true);
        bench.start(0);
        bench.run(ms(5000));
        assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition} {:?}", bench.last(0));
    }
}

#[test]
fn churn_is_declared_after_a_minute() {
    for edition in EDITIONS {
        let mut bench = Bench::speaking(edition, 1, &[]);
        bench.partners[0].me.state = ACT | SHORT | AGG;
        bench.run(ms(59_000));
        assert_eq!(bench.state("lacp.partner_churn", 0), "false", "{edition}");
        bench.run(ms(2000));
        assert_eq!(bench.state("lacp.partner_churn", 0), "true", "{edition}");
        assert_eq!(bench.state("lacp.actor_churn", 0), "false", "{edition}");
        bench.change(0, |partner| partner.me.state = partner.me.state.with(SYNC));
        bench.run(ms(10));
        assert_eq!(bench.state("lacp.partner_churn", 0), "false", "{edition}");
    }
}

// ---- Selection -------------------------------------------------------------------------------------------------------

#[test]
fn ready_waits_for_all_ports_of_the_aggregator() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 2, &[]);
        bench.run(ms(500));
        bench.start(0);
        bench.run(ms(1000));
        bench.start(1);
        bench.run(ms(4000));
        for port in 0..2 {
            let sync = bench.first(port, at(0), |seen| seen.state().has(SYNC));
            assert_about(sync.time, at(3500));
        }
    }
}

#[test]
fn a_second_link_joins_without_touching_the_first() {
    for edition in EDITIONS {
        for first in [0, 1] {
            let second = 1 - first;
            let mut bench = Bench::new(edition, 2, &[]);
            bench.link(second, false);
            bench.start(first);
            bench.run(ms(5000));
            let joined = bench.now();
            bench.link(second, true);
            bench.start(second);
            bench.run(ms(5000));
            assert!(bench.last(second).state().has(SYNC | COLL | DIST), "{edition}");
            assert!(bench.since(first, joined).iter().all(|seen| seen.state().has(SYNC | COLL | DIST)));
            assert_eq!(bench.state("lacp.aggregator", 0), bench.state("lacp.aggregator", 1), "{edition}");
        }
    }
}

#[test]
fn another_lag_is_another_aggregator() {
    for edition in EDITIONS {
        for aggregators in ["1", "2"] {
            let mut bench = Bench::up(edition, 2, &[("lacp.aggregators", aggregators)]);
            let changed = bench.now();
            bench.change(1, |partner| partner.me.key = 78);
            bench.run(ms(5000));
            assert_eq!(bench.last(1).state().has(SYNC), aggregators == "2", "{edition}");
            assert_about(bench.first(1, changed, |seen| !seen.state().has(SYNC)).time, changed);
            assert!(bench.since(0, changed).iter().all(|seen| seen.state().has(SYNC | COLL | DIST)));
            assert_ne!(bench.state("lacp.aggregator", 0), bench.state("lacp.aggregator", 1), "{edition}");
            bench.change(1, |partner| partner.me.key = 77);
            bench.run(ms(5000));
            assert!(bench.last(1).state().has(SYNC | COLL | DIST), "{edition}");
            assert_eq!(bench.state("lacp.aggregator", 0), bench.state("lacp.aggregator", 1), "{edition}");
            assert!(bench.since(0, changed).iter().all(|seen| seen.state().has(SYNC | COLL | DIST)));
        }
    }
}

#[test]
fn two_own_keys_are_two_lags() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 2, &[("lacp.key.p2", "2")]);
        assert_ne!(bench.state("lacp.aggregator", 0), bench.state("lacp.aggregator", 1), "{edition}");
        assert_eq!((bench.last(0).pdu.actor.key, bench.last(1).pdu.actor.key), (1, 2));
    }
}

#[test]
fn an_individual_link_shares_with_nobody() {
    for edition in EDITIONS {
        for aggregators in ["1", "2"] {
            for individual in [0, 1] {
                let mut bench = Bench::new(edition, 2, &[("lacp.aggregators", aggregators)]);
                bench.partners[individual].me.state = ACT | SHORT | SYNC;
                (0..2).for_each(|port| bench.start(port));
                bench.run(ms(6000));
                let sync = (0..2).filter(|port| bench.last(*port).state().has(SYNC)).count();
                assert_eq!(sync.to_string(), aggregators, "{edition} {individual}");
            }
        }
    }
}

#[test]
fn a_system_that_is_cabled_to_itself_does_not_aggregate() {
    for edition in EDITIONS {
        let settings = [("lacp.aggregators", "1"), ("lacp.timeout", "short")];
        let mut bench = Bench::new(edition, 2, &settings);
        let mut copied = 0;
        let mut both = 0;
        for _ in 0..20_000 {
            bench.run(ms(1));
            while copied < bench.lacpdus.len() {
                let Seen { port, pdu, .. } = bench.lacpdus[copied];
                bench.send_pdu(1 - port, &pdu);
                copied += 1;
            }
            let shows = |port| bench.of(port).next_back().is_some_and(|seen| seen.state().has(COLL));
            both += usize::from(shows(0) && shows(1));
        }
        assert_eq!(both, 0, "{edition}");
        assert!(copied > 20 && copied < 200, "{edition} {copied}");
    }
}

#[test]
fn a_port_that_hears_itself_survives() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 1, &[]);
        let mut copied = 0;
        for _ in 0..20_000 {
            bench.run(ms(1));
            while copied < bench.lacpdus.len() {
                let pdu = bench.lacpdus[copied].pdu;
                bench.send_pdu(0, &pdu);
                copied += 1;
            }
        }
        assert!(copied < 70, "{edition} {copied}");
    }
}

fn up_ports(bench: &Bench) -> Vec<usize> {
    let up = |port: &usize| bench.last(*port).state().has(SYNC | COLL | DIST);
    (0..bench.partners.len()).filter(up).collect()
}

#[test]
fn a_port_beyond_the_maximum_stands_by_and_takes_over() {
    for edition in EDITIONS {
        for how in ["carrier", "silence"] {
            let settings = [("lacp.max_links", "2"), ("lacp.timeout", "short")];
            let mut bench = Bench::speaking(edition, 3, &settings);
            bench.run(ms(6000));
            assert_eq!(up_ports(&bench), [0, 1], "{edition}");
            assert!(!bench.last(2).state().has(SYNC), "{edition}");
            let lost = bench.now();
            bench.stop(0);
            if how == "carrier" {
                bench.link(0, false);
            }
            bench.run(ms(9000));
            let took = bench.first(2, lost, |seen| seen.state().has(COLL));
            assert!(took.time <= lost + ms(8100), "{edition} {how}");
            assert!(bench.since(1, lost).iter().all(|seen| seen.state().has(SYNC | COLL | DIST)));
            // Back again, and it is one of the best two.
            if how == "carrier" {
                bench.link(0, true);
            }
            bench.start(0);
            bench.run(ms(6000));
            assert_eq!(up_ports(&bench), [0, 1], "{edition} {how}");
            // And everyone has had a turn: the next one to be lost is replaced as well.
            bench.stop(1);
            bench.link(1, false);
            bench.run(ms(6000));
            assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition} {how} {:?}", bench.last(0));
            assert!(bench.last(2).state().has(SYNC | COLL | DIST), "{edition} {how} {:?}", bench.last(2));
        }
    }
}

#[test]
fn the_better_system_says_who_stands_by() {
    for edition in EDITIONS {
        for (priority, expected) in [(0x9000, [0, 1]), (0x7000, [1, 2])] {
            let mut bench = Bench::new(edition, 3, &[("lacp.max_links", "2")]);
            for (index, port_priority) in [9, 8, 7].into_iter().enumerate() {
                bench.partners[index].me.system_priority = priority;
                bench.partners[index].me.port_priority = port_priority;
                bench.start(index);
            }
            bench.run(ms(6000));
            assert_eq!(up_ports(&bench), expected, "{edition} {priority}");
        }
    }
}

#[test]
fn fewer_links_than_the_minimum_are_none() {
    for edition in EDITIONS {
        let mut bench = Bench::new(edition, 2, &[("lacp.min_links", "2")]);
        bench.start(0);
        bench.run(ms(5000));
        assert!(!bench.last(0).state().has(COLL), "{edition}");
        bench.start(1);
        bench.run(ms(5000));
        assert_eq!(up_ports(&bench), [0, 1], "{edition}");
        bench.stop(1);
        bench.link(1, false);
        bench.run(ms(1500));
        assert!(!bench.last(0).state().has(COLL), "{edition}");
        bench.link(1, true);
        bench.start(1);
        bench.run(ms(6000));
        assert_eq!(up_ports(&bench), [0, 1], "{edition}");
    }
}

#[test]
fn a_new_key_is_told_and_selects_anew() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 2, &[]);
        for (name, value) in
            [("lacp.key", "5"), ("lacp.system_priority", "7"), ("lacp.system", "02:00:00:00:00:99")]
        {
            bench.run(ms(2300));
            bench.sim.configure(name, value).unwrap();
            let changed = bench.now();
            bench.run(ms(5000));
            for port in 0..2 {
                let first = bench.first(port, changed, |_| true);
                assert_about(first.time, changed);
                assert!(!first.state().has(SYNC), "{edition} {name}");
                assert!(bench.last(port).state().has(SYNC | COLL | DIST), "{edition} {name}");
            }
        }
        let actor = bench.last(0).pdu.actor;
        assert_eq!((actor.key, actor.system_priority, actor.system.0[5]), (5, 7, 0x99));
    }
}

// ---- Without a partner -----------------------------------------------------------------------------------------------

#[test]
fn a_suspended_port_never_forwards() {
    for edition in EDITIONS {
        for control in ["independent", "coupled"] {
            let settings = [("lacp.suspend_individual", "yes"), ("lacp.control", control)];
            let mut bench = Bench::new(edition, 1, &settings);
            for _ in 0..12 {
                bench.run(ms(5000));
                assert_eq!((bench.data_from(0), bench.data_from(1)), (vec![], vec![]), "{edition}");
            }
            assert!(bench.lacpdus.iter().all(|seen| seen.state().has(DEF) && !seen.state().has(SYNC)));
            bench.start(0);
            bench.run(ms(5000));
            assert!(bench.last(0).state().has(SYNC | COLL | DIST));
        }
    }
}

#[test]
fn individual_fallback_is_one_port_and_ends_with_lacp() {
    for edition in EDITIONS {
        for control in ["independent", "coupled"] {
            let settings = [
                ("lacp.fallback", "individual"),
                ("lacp.fallback_timeout", "10"),
                ("lacp.port_priority.p2", "100"),
                ("lacp.control", control),
            ];
            let mut bench = Bench::new(edition, 2, &settings);
            bench.run(ms(9000));
            let all = |bench: &mut Bench| (bench.data_from(0), bench.data_from(1), bench.data_from(2));
            assert_eq!(all(&mut bench), (vec![], vec![], vec![]), "{edition} {control}");
            bench.run(ms(2000));
            assert_eq!(all(&mut bench), (vec![], vec![2], vec![1]), "{edition} {control}");
            assert!(bench.lacpdus.iter().all(|seen| seen.state().has(DEF)));
            bench.start(0);
            bench.run(ms(5000));
            assert_eq!(all(&mut bench), (vec![2], vec![], vec![0]), "{edition} {control}");
            bench.run(ms(20_000));
            assert_eq!(all(&mut bench), (vec![2], vec![], vec![0]), "{edition} {control}");
            // Silent again: back to the port of best priority.
            bench.stop(0);
            bench.run(ms(120_000));
            assert_eq!(all(&mut bench), (vec![], vec![2], vec![1]), "{edition} {control}");
        }
    }
}

#[test]
fn static_fallback_is_all_ports_and_ends_with_lacp() {
    for edition in EDITIONS {
        for control in ["independent", "coupled"] {
            let settings =
                [("lacp.fallback", "static"), ("lacp.fallback_timeout", "10"), ("lacp.control", control)];
            let mut bench = Bench::new(edition, 2, &settings);
            bench.run(ms(9000));
            let all = |bench: &mut Bench| (bench.data_from(0), bench.data_from(1), bench.data_from(2).len());
            assert_eq!(all(&mut bench), (vec![], vec![], 0), "{edition} {control}");
            bench.run(ms(2000));
            assert_eq!(all(&mut bench), (vec![2], vec![2], 1), "{edition} {control}");
            bench.start(1);
            bench.run(ms(5000));
            // Two ways into one LAN would be a loop.
            assert_eq!(all(&mut bench), (vec![], vec![2], 1), "{edition} {control}");
        }
    }
}

// ---- Frames ----------------------------------------------------------------------------------------------------------

#[test]
fn version_2_is_told_and_works() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[("lacp.version", "2")]);
        assert_eq!(bench.last(0).pdu.version, 2);
        bench.run(ms(10_000));
        assert!(bench.last(0).state().has(SYNC | COLL | DIST));
    }
}

#[test]
fn a_marker_is_answered_where_it_came_in_and_a_response_never() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 2, &[]);
        for (port, transaction) in [(0, 0), (1, 0xffff_ffff), (0, 1)] {
            bench.markers.clear();
            let marker = Marker::information(11 + port as u16, PARTNER_SYSTEM, transaction);
            let frame = slow_frame(&marker.to_octets());
            bench.send_octets(port, &frame);
            bench.run(ms(3000));
            let [(_, came, response)] = bench.markers[..] else { panic!("{:?}", bench.markers) };
            assert_eq!((came, response), (port, marker.response()), "{edition}");
            let frame = slow_frame(&response.to_octets());
            bench.send_octets(port, &frame);
            bench.run(ms(1000));
            assert_eq!(bench.markers.len(), 1, "{edition}");
        }
    }
}

#[test]
fn a_generator_asks_the_distributing_links() {
    let bench = Bench::up(Edition::Dot1Ax2014, 2, &[("marker.generator", "yes")]);
    assert!(bench.markers.iter().any(|(_, port, _)| *port == 0));
    assert!(bench.markers.iter().any(|(_, port, _)| *port == 1));
    for (_, port, marker) in &bench.markers {
        assert_eq!(marker.kind, MarkerKind::INFORMATION);
        let actor = bench.last(*port).pdu.actor;
        assert_eq!((marker.requester_port, marker.requester_system), (actor.port, actor.system));
    }
}

#[test]
fn what_must_not_be_validated_is_not() {
    type Damage = fn(&mut Lacpdu);
    let odd: [(&str, Damage); 8] = [
        ("version 0", |pdu| pdu.version = 0),
        ("version 255", |pdu| pdu.version = 255),
        ("actor type", |pdu| pdu.actor_tlv_type.0 = 0x55),
        ("partner type", |pdu| pdu.partner_tlv_type.0 = 0x66),
        ("collector type", |pdu| pdu.collector_tlv_type.0 = 0x77),
        ("terminator type", |pdu| pdu.terminator_tlv_type.0 = 0x88),
        ("reserved", |pdu| pdu.actor_reserved.0 = [0xff; 3]),
        ("pad", |pdu| pdu.reserved.0 = [0xff; 50]),
    ];
    for edition in EDITIONS {
        for (name, damage) in odd {
            let mut bench = Bench::up(edition, 1, &[("lacp.timeout", "short")]);
            bench.stop(0);
            for _ in 0..10 {
                let mut pdu = bench.pdu(0);
                damage(&mut pdu);
                bench.send_pdu(0, &pdu);
                bench.run(ms(900));
                assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition} {name}");
            }
        }
    }
}

#[test]
fn what_is_not_for_lacp_has_no_effect() {
    for edition in EDITIONS {
        for index in 0..8 {
            let mut bench = Bench::up(edition, 1, &[("lacp.timeout", "short")]);
            bench.say(0);
            bench.stop(0);
            let silence = bench.now();
            while bench.now() < silence + ms(3500) {
                let mut octets = bench.pdu(0).to_octets();
                let slow = SLOW_PROTOCOLS_MULTICAST;
                let frame = match index {
                    0 => frame_to(MacAddress::BROADCAST, &[], &octets),
                    1 => frame_to(MacAddress([0x02, 0x52, 0x53, 0, 0, 1]), &[], &octets),
                    2 => frame_to(MacAddress([1, 0x80, 0xc2, 0, 0, 3]), &[], &octets),
                    3 => frame_to(slow, &[VlanTag::new(5)], &octets),
                    4 => frame_of(slow, &[], 0x88b5, &octets),
                    5 => frame_to(slow, &[], &octets[..50]),
                    6 => slow_frame(&Marker::information(11, PARTNER_SYSTEM, 1).to_octets()),
                    _ => {
                        octets[0] = 3;
                        frame_to(slow, &[], &octets)
                    }
                };
                bench.send_octets(0, &frame);
                bench.run(ms(500));
            }
            let expired = bench.first(0, silence, |seen| seen.state().has(EXP));
            assert_about(expired.time, silence + ms(3000));
        }
    }
}

#[test]
fn longer_frames_are_read_as_far_as_they_are_lacp() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[("lacp.timeout", "short")]);
        bench.stop(0);
        for length in [111, 128, 200, 1400] {
            let mut octets = bench.pdu(0).to_octets().to_vec();
            octets.resize(length, 0xee);
            let frame = slow_frame(&octets);
            bench.send_octets(0, &frame);
            bench.run(ms(2500));
            assert!(bench.last(0).state().has(SYNC | COLL | DIST), "{edition} {length}");
        }
    }
}

#[test]
fn the_same_run_is_the_same_to_the_octet() {
    let trace = || {
        let mut bench = Bench::speaking(Edition::Dot1Ax2014, 2, &[]);
        bench.run(ms(20_000));
        bench
            .lacpdus
            .iter()
            .map(|seen| format!("{} {} {:?}", seen.time, seen.port, seen.pdu))
            .collect::<Vec<_>>()
    };
    assert_eq!(trace(), trace());
}

#[test]
fn a_device_that_nobody_talks_to_has_a_deadline() {
    let mut device =
        LacpSystem::new(&Settings::new(), Edition::Dot1Ax2014, 1, Tables::new(Edition::Dot1Ax2014)).unwrap();
    assert_eq!(device.next_deadline(), None);
    device.input(Time::ZERO, redspec::reference::Input::Link(Port(0), true)).unwrap();
    assert_eq!(device.next_deadline(), Some(at(1000)));
}

// ---- Whatever happens ------------------------------------------------------------------------------------------------

#[test]
fn the_default_partner_of_2014_is_in_sync() {
    for (control, state) in [("coupled", SYNC | COLL | DIST), ("independent", SYNC | COLL)] {
        let mut bench = Bench::new(Edition::Dot1Ax2014, 1, &[("lacp.control", control)]);
        bench.run(ms(70_000));
        assert_eq!(bench.last(0).state(), (ACT | AGG | DEF).with(state));
    }
}

#[test]
fn a_change_of_the_default_partner_is_seen_in_2020() {
    let mut bench = Bench::new(Edition::Dot1Ax2020, 1, &[("lacp.partner.timeout", "short")]);
    bench.run(ms(10_000));
    assert!(bench.last(0).pdu.partner.state.has(SYNC));
    bench.sim.configure("lacp.partner.synchronization", "no").unwrap();
    bench.run(ms(1500));
    assert!(!bench.last(0).pdu.partner.state.has(SYNC) && !bench.last(0).state().has(COLL));
    bench.sim.configure("lacp.partner.key", "4711").unwrap();
    bench.run(ms(1500));
    assert_eq!(bench.last(0).pdu.partner.key, 4711);
    assert!(!bench.last(0).state().has(SYNC));
}

#[test]
fn the_own_timeout_decides_when_the_partner_is_lost() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[]);
        bench.sim.configure("lacp.timeout", "short").unwrap();
        bench.run(ms(3300));
        assert!(bench.last(0).state().has(SHORT | SYNC | COLL | DIST));
        let changed = bench.now();
        bench.stop(0);
        bench.run(ms(5000));
        assert!(bench.last(0).state().has(EXP), "{edition} {changed}");
    }
}

#[test]
fn a_link_that_flaps_comes_up_in_the_end() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 2, &[]);
        for _ in 0..25 {
            bench.link(0, false);
            bench.run(ms(200));
            bench.link(0, true);
            bench.run(ms(200));
        }
        bench.run(ms(5000));
        assert_eq!(up_ports(&bench), [0, 1], "{edition}");
        assert!(bench.of(1).skip(8).all(|seen| seen.state().has(SYNC | COLL | DIST)), "{edition}");
    }
}

#[test]
fn a_partner_that_changes_all_the_time_is_never_in_sync() {
    for edition in EDITIONS {
        let mut bench = Bench::up(edition, 1, &[]);
        let start = bench.now();
        for step in 0..25 {
            bench.change(0, |partner| partner.me.system.0[5] = 2 + step % 2);
            bench.run(ms(200));
        }
        let between = bench.since(0, start + ms(1500));
        assert!(between.iter().all(|seen| !seen.state().has(SYNC)), "{edition}");
        bench.run(ms(5000));
        assert_eq!(up_ports(&bench), [0], "{edition}");
    }
}

/// A small generator of numbers that look random.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Anything may happen for a while. With links up, a plain configuration and a partner that is well, all is well again.
#[test]
fn whatever_happened_good_partners_come_up_again() {
    const PLAIN: [(&str, &str); 8] = [
        ("lacp.enabled", "yes"),
        ("lacp.key", "1"),
        ("lacp.timeout", "long"),
        ("lacp.activity", "active"),
        ("lacp.max_links", "9"),
        ("lacp.min_links", "1"),
        ("lacp.fallback", "none"),
        ("lacp.suspend_individual", "no"),
    ];
    const ODD: [(&str, &str); 8] = [
        ("lacp.enabled", "no"),
        ("lacp.key", "6"),
        ("lacp.timeout", "short"),
        ("lacp.activity", "passive"),
        ("lacp.max_links", "1"),
        ("lacp.min_links", "2"),
        ("lacp.fallback", "individual"),
        ("lacp.suspend_individual", "yes"),
    ];
    for seed in 0..150 {
        let mut dice = Dice(seed);
        let edition = EDITIONS[dice.below(3) as usize];
        let control = ["independent", "coupled"][dice.below(2) as usize];
        let restore = ["0", "4"][dice.below(2) as usize];
        let aggregators = ["1", "2", "3"][dice.below(3) as usize];
        let settings = [
            ("lacp.control", control),
            ("lacp.wait_to_restore", restore),
            ("lacp.aggregators", aggregators),
            ("lacp.fallback_timeout", "5"),
        ];
        let mut bench = Bench::new(edition, 3, &settings);
        let well = bench.partners.clone();
        for _ in 0..40 {
            let port = dice.below(3) as usize;
            match dice.below(8) {
                0 => bench.link(port, false),
                1 => bench.link(port, true),
                2 => bench.start(port),
                3 => bench.stop(port),
                4 => {
                    let (_, change) = CHANGES[dice.below(13) as usize];
                    bench.change(port, |partner| change(&mut partner.me));
                }
                5 => {
                    let mut pdu = bench.pdu(dice.below(3) as usize);
                    CHANGES[dice.below(13) as usize].1(&mut pdu.partner);
                    bench.send_pdu(port, &pdu);
                }
                6 => {
                    let (name, value) = ODD[dice.below(8) as usize];
                    bench.sim.configure(name, value).unwrap();
                }
                _ => {
                    let (name, value) = PLAIN[dice.below(8) as usize];
                    bench.sim.configure(name, value).unwrap();
                }
            }
            let wait = [1, 150, 2100, 7000][dice.below(4) as usize];
            bench.run(ms(wait));
        }
        for (name, value) in PLAIN {
            bench.sim.configure(name, value).unwrap();
        }
        for (port, partner) in well.into_iter().enumerate() {
            bench.link(port, true);
            bench.partners[port].me = partner.me;
            bench.start(port);
        }
        bench.run(ms(15_000));
        assert_eq!(up_ports(&bench), [0, 1, 2], "seed {seed} {edition} {settings:?}");
        let one = bench.state("lacp.aggregator", 0);
        assert!((1..3).all(|port| bench.state("lacp.aggregator", port) == one), "seed {seed}");
        assert_eq!(bench.data_from(3).len(), 1, "seed {seed}");
    }
}
