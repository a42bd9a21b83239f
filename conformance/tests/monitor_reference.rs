//! Nothing that the reference does makes a monitor complain: in any scenario, edition and profile, and against a partner
//! that does everything at random. The same traffic as a capture (no directions, no word of links and configuration, two
//! links on one interface, frames lost, the beginning missing) neither.

use std::borrow::Cow;
use std::time::Duration;

use redspec::bed::Bed;
use redspec::bed::sim::Sim;
use redspec::event::{Direction, Event, Happening, Port, Stamp};
use redspec::monitor::{Options, Report, Watch};
use redspec::reference::lab::{self, PROFILES};
use redspec::reference::lacp::LacpSystem;
use redspec::reference::lacp::tables::Tables;
use redspec::scenario::random::Random;
use redspec::scenario::runner::run_test;
use redspec::settings::Settings;
use redspec::spec::Edition;
use redspec::suite;
use redspec::time::Time;
use redspec::verdict::Judgement;
use redspec_codec::MacAddress;
use redspec_codec::frame::{Frame, Pdu};
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use redspec_codec::slow::marker::Marker;
use redspec_codec::slow::{SlowPdu, Subtype};

const EDITIONS: [Edition; 3] = [Edition::Dot1Ax2008, Edition::Dot1Ax2014, Edition::Dot1Ax2020];

fn judge(events: &[Event<'_>], edition: Edition, exact: bool) -> Report {
    let mut watch = Watch::new(Options { edition, exact });
    for event in events {
        watch.event(event);
    }
    watch.finish()
}

#[test]
fn monitors_find_nothing_in_any_scenario() {
    let tests = suite::tests();
    let mut found = Vec::new();
    for profile in PROFILES {
        for test in tests.iter().filter(|test| test.needs.editions.contains(profile.edition)) {
            let lab = lab::reference(profile.edition, profile.settings());
            let Some(record) = run_test(test, &lab, 1).record else { continue };
            for exact in [true, false] {
                let report = judge(&record.events, profile.edition, exact);
                let broken =
                    report.findings.into_iter().filter(|finding| finding.judgement >= Judgement::Weak);
                found.extend(broken.map(|finding| {
                    let strict = if exact { "strict" } else { "lenient" };
                    format!("{} {}, {strict}: {finding:?}", profile.name, test.id)
                }));
            }
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}

/// A partner that does everything at random, on links to the reference.
struct Partner {
    random: Random,
    sim: Sim<LacpSystem>,
    events: Vec<Event<'static>>,
    frames: u64,
    ports: Vec<End>,
}

#[derive(Clone, Copy)]
struct End {
    actor: PortInformation,
    /// What the device last said of itself.
    seen: PortInformation,
    version: u8,
    silent: bool,
    up: bool,
    last: Time,
}

const SHORT: [u64; 6] = [1, 5, 20, 80, 200, 400];
const LONG: [u64; 8] = [700, 1000, 2500, 3500, 7000, 29_000, 35_000, 100_000];

impl Partner {
    fn new(seed: u64) -> (Self, Edition) {
        let mut random = Random::new(seed, "a partner at random");
        let edition = *pick(&mut random, &EDITIONS);
        let ports = 1 + usize::from(random.below(3) == 0);
        let mut settings = Settings::new()
            .with("lacp.timeout", pick(&mut random, &["short", "long"]))
            .with("lacp.control", pick(&mut random, &["coupled", "independent"]))
            .with("lacp.partner.timeout", pick(&mut random, &["short", "long"]))
            .with("lacp.partner.activity", pick(&mut random, &["passive", "active"]))
            .with("marker.generator", pick(&mut random, &["no", "yes"]));
        if random.below(4) == 0 {
            settings.set("lacp.activity", "passive");
        }
        if random.below(6) == 0 {
            settings.set("lacp.aggregation", "individual");
        }
        if edition != Edition::Dot1Ax2008 && random.below(4) == 0 {
            settings.set("lacp.version", 2);
        }
        let device = LacpSystem::new(&settings, edition, ports, Tables::new(edition)).unwrap();
        let sim = Sim::new(device, ports).unwrap();
        let ports = (0..ports)
            .map(|port| End {
                actor: PortInformation {
                    system_priority: 100,
                    system: MacAddress([0x02, 0, 0, 0, 0x99, 0]),
                    key: 77,
                    port_priority: 5,
                    port: 50 + u16::try_from(port).unwrap(),
                    state: State(if random.below(3) == 0 { 0x05 } else { 0x07 }),
                },
                seen: PortInformation::default(),
                version: 1,
                silent: random.below(3) == 0,
                up: true,
                last: Time::ZERO,
            })
            .collect();
        (Self { random, sim, events: Vec::new(), frames: 0, ports }, edition)
    }

    fn log(&mut self, at: Stamp, port: Port, what: Happening<'static>) {
        self.frames += u64::from(matches!(what, Happening::Frame { .. }));
        self.events.push(Event { number: self.frames, at, port, what });
    }

    fn send(&mut self, index: usize, payload: &[u8]) {
        if !self.ports[index].up {
            return;
        }
        let mut frame =
            vec![0x01, 0x80, 0xc2, 0, 0, 2, 0x02, 0, 0, 0, 0x98, index.to_le_bytes()[0], 0x88, 0x09];
        frame.extend(payload);
        let port = Port(u16::try_from(index).unwrap());
        let at = self.sim.send(port, &frame).unwrap();
        let (direction, octets) = (Some(Direction::ToDevice), Cow::Owned(frame));
        self.log(at, port, Happening::Frame { direction, octets, missing: 0 });
        self.ports[index].last = self.sim.now();
    }

    fn pdu(&self, index: usize) -> Lacpdu {
        let end = &self.ports[index];
        Lacpdu { version: end.version, ..Lacpdu::new(end.actor, end.seen, 0) }
    }

    fn send_pdu(&mut self, index: usize, pdu: &Lacpdu) {
        let mut octets = [0; 110];
        pdu.emit(&mut octets).unwrap();
        self.send(index, &octets);
    }

    /// Time goes on; ends that are not silent refresh, and follow the device.
    fn pass(&mut self, duration: Duration) {
        let end = self.sim.now() + duration;
        while self.sim.now() < end {
            let step = (self.sim.now() + Duration::from_millis(50)).min(end);
            while let Some(event) = self.sim.next(step).unwrap() {
                if let Happening::Frame { octets, .. } = &event.what {
                    self.hear(event.port.index(), &octets.clone());
                }
                self.log(event.at, event.port, event.what);
            }
            for index in 0..self.ports.len() {
                let port = &self.ports[index];
                let fast = port.seen.state.has(State::TIMEOUT);
                let period = Duration::from_millis(if fast { 900 } else { 25_000 });
                if !port.silent && self.sim.now() - port.last >= period {
                    self.send_pdu(index, &self.pdu(index));
                }
            }
        }
    }

    fn hear(&mut self, index: usize, octets: &[u8]) {
        let frame = Frame::parse(octets).unwrap();
        match frame.pdu().unwrap().0 {
            Pdu::Slow(SlowPdu::Lacp(pdu)) => {
                let news = pdu.actor() != self.ports[index].seen;
                self.ports[index].seen = pdu.actor();
                if news && !self.ports[index].silent && self.random.below(3) > 0 {
                    let sync = pdu.actor().state.has(State::SYNCHRONIZATION);
                    let actor = &mut self.ports[index].actor;
                    actor.state = actor.state.with(State::SYNCHRONIZATION);
                    if sync {
                        actor.state = actor.state.with(State(0x30));
                    }
                    self.send_pdu(index, &self.pdu(index));
                }
            }
            Pdu::Slow(SlowPdu::Marker(marker)) if marker.kind().0 == 1 && self.random.below(2) == 0 => {
                self.send(index, &marker.to_value().response().to_octets());
            }
            _ => {}
        }
    }

    #[allow(clippy::too_many_lines)] // a list
    fn act(&mut self) {
        let index = usize::try_from(self.random.below(self.ports.len() as u64)).unwrap();
        let port = Port(u16::try_from(index).unwrap());
        let mut pdu = self.pdu(index);
        match self.random.below(21) {
            0 => self.ports[index].silent = !self.ports[index].silent,
            1 | 2 => self.send_pdu(index, &pdu),
            3 => {
                let bit = State(1 << self.random.below(8));
                pdu.partner.state.0 ^= bit.0;
                self.send_pdu(index, &pdu);
            }
            4 => {
                let bit = 1 << self.random.below(8);
                self.ports[index].actor.state.0 ^= bit;
                self.send_pdu(index, &self.pdu(index));
            }
            5 => {
                match self.random.below(5) {
                    0 => pdu.partner.key ^= 1,
                    1 => pdu.partner.port ^= 1,
                    2 => pdu.partner.system.0[5] ^= 1,
                    3 => pdu.partner.port_priority ^= 1,
                    _ => pdu.partner.system_priority ^= 1,
                }
                self.send_pdu(index, &pdu);
            }
            6 => {
                let actor = &mut self.ports[index].actor;
                match self.random.below(5) {
                    0 => actor.key ^= 8,
                    1 => actor.port ^= 128,
                    2 => actor.system.0[4] ^= 1,
                    3 => actor.port_priority ^= 1,
                    _ => actor.system_priority ^= 1,
                }
                self.send_pdu(index, &self.pdu(index));
            }
            7 => {
                pdu.partner = PortInformation::default();
                self.send_pdu(index, &pdu);
            }
            8 => {
                for _ in 0..self.random.below(25) {
                    pdu.partner.key ^= 1;
                    self.send_pdu(index, &pdu);
                    self.pass(Duration::from_millis(*pick(
                        &mut Random::new(self.frames, ""),
                        &[10, 75, 150],
                    )));
                }
            }
            9 => {
                let length = *pick(&mut self.random, &[1, 20, 46, 58, 109, 110, 114, 128, 200]);
                let mut octets = vec![0; 200];
                pdu.emit(&mut octets).unwrap();
                self.send(index, &octets[..length]);
            }
            10 => {
                let place = *pick(&mut self.random, &[1, 2, 3, 22, 23, 42, 43, 58, 59]);
                let mut octets = pdu.to_octets();
                octets[place] = self.random.octet();
                self.send(index, &octets);
            }
            11 => {
                let mut octets = pdu.to_octets();
                octets[0] = self.random.octet();
                self.send(index, &octets);
            }
            12 | 13 => {
                let (actor, transaction) = (self.ports[index].actor, self.random.number());
                let marker =
                    Marker::information(actor.port, actor.system, (transaction & 0xffff_ffff) as u32);
                self.send(index, &marker.to_octets());
            }
            14 => {
                let marker = Marker::information(1, MacAddress([2; 6]), 9).response();
                self.send(index, &marker.to_octets());
            }
            15 | 16 => {
                let up = !self.ports[index].up;
                self.pass(Duration::from_millis(1));
                self.ports[index].up = up;
                let at = self.sim.link(port, up).unwrap();
                self.log(at, port, Happening::Link { up });
            }
            17 => {
                let (name, value) = *pick(
                    &mut self.random,
                    &[
                        ("lacp.key", "3"),
                        ("lacp.key", "1"),
                        ("lacp.timeout", "short"),
                        ("lacp.timeout", "long"),
                        ("lacp.activity", "active"),
                        ("lacp.activity", "passive"),
                        ("lacp.enabled", "no"),
                        ("lacp.enabled", "yes"),
                        ("lacp.system_priority", "9"),
                    ],
                );
                self.pass(Duration::from_millis(1));
                if let Ok(at) = self.sim.configure(name, value) {
                    let text = format!("{name} = {value}");
                    self.log(at, port, Happening::Operation(text.into()));
                }
            }
            18 => {
                self.ports[index].actor.state = State(0x3f);
                self.ports[index].silent = false;
            }
            19 => self.ports[index].version = *pick(&mut self.random, &[1, 2, 0, 0xf1]),
            _ => {
                pdu.subtype = Subtype::LACP;
                self.send_pdu(index, &pdu);
                self.send_pdu(index, &pdu);
            }
        }
    }

    fn run(mut self, acts: usize) -> Vec<Event<'static>> {
        for _ in 0..acts {
            let times = if self.random.below(3) == 0 { &LONG[..] } else { &SHORT[..] };
            let time = *pick(&mut self.random, times);
            self.pass(Duration::from_millis(time));
            self.act();
        }
        self.pass(Duration::from_secs(5));
        self.events
    }
}

fn pick<'a, T>(random: &mut Random, from: &'a [T]) -> &'a T {
    &from[usize::try_from(random.below(from.len() as u64)).unwrap()]
}

/// What a capture has of it: no directions, stamps that are a little late, everything on one interface; perhaps without
/// some of the frames, and with parts of others.
fn captured(
    events: &[Event<'static>],
    random: &mut Random,
    one_interface: bool,
    lost: u64,
) -> Vec<Event<'static>> {
    let skip = if lost > 0 { random.below(events.len() as u64 / 2) } else { 0 };
    let mut number = 0;
    // Of one sender, the order is kept.
    let mut last = std::collections::BTreeMap::new();
    let frames = events.iter().enumerate().filter_map(|(index, event)| {
        let Happening::Frame { octets, .. } = &event.what else { return None };
        if (index as u64) < skip || (lost > 0 && random.below(lost) == 0) {
            return None;
        }
        number += 1;
        let kept = if lost > 0 && random.below(50) == 0 { octets.len().min(60) } else { octets.len() };
        let missing = octets.len() - kept;
        let last = last.entry(octets[6..12].to_vec()).or_insert(Time::ZERO);
        *last =
            (*last + Duration::from_nanos(1)).max(event.at.time + Duration::from_micros(random.below(3000)));
        Some(Event {
            number,
            at: Stamp { time: *last, uncertainty: Duration::from_millis(5) },
            port: if one_interface { Port(0) } else { event.port },
            what: Happening::Frame { direction: None, octets: Cow::Owned(octets[..kept].to_vec()), missing },
        })
    });
    let mut frames: Vec<_> = frames.collect();
    // A capture keeps the order of each interface, and nearly that of time.
    if random.below(2) == 0 {
        frames.sort_by_key(|event| event.at.time);
    }
    frames
}

/// The events before a frame, for those who look for the reason.
fn before(events: &[Event<'_>], frame: u64) -> String {
    let end = events.iter().position(|event| event.number > frame).unwrap_or(events.len());
    let more: usize = std::env::var("REDSPEC_MORE").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let lines = events[end.saturating_sub(30)..(end + more).min(events.len())].iter().map(|event| {
        let what = match &event.what {
            Happening::Frame { direction, octets, .. } => {
                let pdu = Frame::parse(octets).unwrap().pdu();
                let source = MacAddress(octets[6..12].try_into().unwrap());
                format!(
                    "{direction:?} {source} {}",
                    pdu.map_or_else(|error| error.to_string(), |pdu| pdu.0.to_string())
                )
            }
            other => format!("{other:?}"),
        };
        format!("{} {} {} {what}", event.number, event.at.time, event.port)
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Seeds that are tried: more with `REDSPEC_SEEDS`.
fn seeds() -> u64 {
    std::env::var("REDSPEC_SEEDS").ok().and_then(|text| text.parse().ok()).unwrap_or(60)
}

#[test]
fn monitors_find_nothing_against_a_partner_at_random() {
    let mut passed = 0;
    for seed in 0..seeds() {
        let (partner, edition) = Partner::new(seed);
        let events = partner.run(60);
        for exact in [true, false] {
            let report = judge(&events, edition, exact);
            passed += report.judged.iter().map(|judged| judged.pass).sum::<u64>();
            if let Some(finding) = report.findings.iter().find(|finding| finding.judgement >= Judgement::Weak)
            {
                panic!(
                    "seed {seed} {edition} exact {exact}: {finding:?}\n{}",
                    before(&events, finding.frame)
                );
            }
        }
    }
    assert!(passed > 1000 * seeds(), "{passed} judgements");
}

#[test]
fn monitors_find_nothing_in_a_capture_of_it() {
    let mut passed = 0;
    for seed in 0..seeds() {
        let (partner, edition) = Partner::new(seed);
        let events = partner.run(60);
        for (one_interface, lost) in [(false, 0), (true, 0), (true, 100), (true, 10)] {
            let mut random = Random::new(seed, "a capture");
            let capture = captured(&events, &mut random, one_interface, lost);
            let report = judge(&capture, edition, false);
            passed += report.judged.iter().map(|judged| judged.pass).sum::<u64>();
            let of_device = report.findings.iter().find(|finding| {
                finding.device.starts_with("02:52:53") && finding.judgement >= Judgement::Weak
            });
            if let Some(finding) = of_device {
                let context = before(&capture, finding.frame);
                panic!("seed {seed} {edition} {one_interface} {lost}: {finding:?}\n{context}");
            }
        }
    }
    assert!(passed > 1000 * seeds(), "{passed} judgements");
}
