//! Each monitor on streams made by hand: one that breaks its requirement, with the frame that shows it, and one that comes
//! close and does not. And what cannot be known: before the beginning, after lost frames, without the other direction.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::Duration;

use redspec::event::{Direction, Event, Happening, Port, Stamp};
use redspec::monitor::{self, Options, Report, Watch};
use redspec::spec::Edition::{self, Dot1Ax2008, Dot1Ax2014, Dot1Ax2020};
use redspec::time::Time;
use redspec_codec::MacAddress;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use redspec_codec::slow::lacp_tlv::Tlv;
use redspec_codec::slow::marker::Marker;

const ACT: u8 = 0x01;
const SHORT: u8 = 0x02;
const SYNC: u8 = 0x08;
const COL: u8 = 0x10;
const DIST: u8 = 0x20;
const DEF: u8 = 0x40;
const EXP: u8 = 0x80;
/// Active, short timeout, aggregatable.
const BASE: u8 = 0x07;
/// The same with long timeout.
const LONG: u8 = 0x05;
/// In sync, collecting, distributing.
const UP: u8 = SYNC | COL | DIST;

const DEVICE: MacAddress = MacAddress([0x02, 0, 0, 0, 0, 0x01]);
const TESTER: MacAddress = MacAddress([0x02, 0, 0, 0, 0, 0x02]);

/// The device's port.
fn d(state: u8) -> PortInformation {
    PortInformation {
        system_priority: 10,
        system: MacAddress([0x02, 0, 0, 0, 0xd, 0]),
        key: 1,
        port_priority: 11,
        port: 12,
        state: State(state),
    }
}

/// The tester's.
fn t(state: u8) -> PortInformation {
    PortInformation {
        system_priority: 20,
        system: MacAddress([0x02, 0, 0, 0, 0xe, 0]),
        key: 2,
        port_priority: 21,
        port: 22,
        state: State(state),
    }
}

/// Nobody.
fn nobody(state: u8) -> PortInformation {
    PortInformation { state: State(state), ..PortInformation::default() }
}

/// What happens, in milliseconds.
#[derive(Clone, Default)]
struct Stream {
    events: Vec<Event<'static>>,
    frames: u64,
    port: u16,
}

impl Stream {
    fn event(mut self, at: u64, what: Happening<'static>) -> Self {
        self.frames += u64::from(matches!(what, Happening::Frame { .. }));
        let at = Time::from_nanos(at * 1_000_000).into();
        self.events.push(Event { number: self.frames, at, port: Port(self.port), what });
        self
    }

    fn frame(self, at: u64, from: Direction, octets: Vec<u8>) -> Self {
        let (direction, octets) = (Some(from), Cow::Owned(octets));
        self.event(at, Happening::Frame { direction, octets, missing: 0 })
    }

    /// A frame of the device with these octets behind its header.
    fn raw(self, at: u64, payload: &[u8]) -> Self {
        self.frame(at, Direction::FromDevice, framed(DEVICE, payload))
    }

    fn raw_tester(self, at: u64, payload: &[u8]) -> Self {
        self.frame(at, Direction::ToDevice, framed(TESTER, payload))
    }

    /// A LACPDU of the device.
    fn d(self, at: u64, actor: PortInformation, partner: PortInformation) -> Self {
        self.raw(at, &Lacpdu::new(actor, partner, 0).to_octets())
    }

    /// A LACPDU of the tester.
    fn t(self, at: u64, actor: PortInformation, partner: PortInformation) -> Self {
        self.raw_tester(at, &Lacpdu::new(actor, partner, 0).to_octets())
    }

    fn link(self, at: u64, up: bool) -> Self {
        self.event(at, Happening::Link { up })
    }

    fn on(self, port: u16) -> Self {
        Self { port, ..self }
    }

    /// Both sides up, a LACPDU a second from each: the tester at full seconds, the device 10 ms later.
    fn both_up(mut self, seconds: std::ops::Range<u64>) -> Self {
        for second in seconds {
            self = self.t(second * 1000, t(BASE | UP), d(BASE | UP)).d(
                second * 1000 + 10,
                d(BASE | UP),
                t(BASE | UP),
            );
        }
        self
    }

    /// The device alone, a LACPDU a second.
    fn alone(mut self, seconds: std::ops::Range<u64>, actor: u8, partner: PortInformation) -> Self {
        for second in seconds {
            self = self.d(second * 1000 + 10, d(actor), partner);
        }
        self
    }

    /// The same as a capture: no directions, no links, stamps that may be 5 ms off.
    fn captured(mut self) -> Self {
        self.events.retain(|event| matches!(event.what, Happening::Frame { .. }));
        for event in &mut self.events {
            event.at = Stamp { uncertainty: Duration::from_millis(5), ..event.at };
            if let Happening::Frame { direction, .. } = &mut event.what {
                *direction = None;
            }
        }
        self
    }

    fn judge(&self, edition: Edition, exact: bool) -> Report {
        let mut watch = Watch::new(Options { edition, exact });
        for event in &self.events {
            watch.event(event);
        }
        watch.finish()
    }
}

fn start() -> Stream {
    Stream::default()
}

fn framed(source: MacAddress, payload: &[u8]) -> Vec<u8> {
    [&[0x01, 0x80, 0xc2, 0, 0, 2][..], &source.0, &[0x88, 0x09], payload].concat()
}

/// A good LACPDU of the device, changed.
fn pdu(change: impl Fn(&mut Vec<u8>)) -> Vec<u8> {
    let mut octets = Lacpdu::new(d(BASE | SYNC), nobody(0), 0).to_octets().to_vec();
    change(&mut octets);
    octets
}

/// A LACPDU of version 2 with these TLVs as they stand, then a Terminator.
fn version_2(tlvs: &[u8]) -> Vec<u8> {
    let mut octets = pdu(|octets| octets[1] = 2);
    octets.truncate(58);
    octets.extend(tlvs);
    octets.extend([0, 0]);
    octets.resize(octets.len().max(110), 0);
    octets
}

fn marker(transaction: u32) -> Marker {
    Marker::information(t(0).port, t(0).system, transaction)
}

/// A requirement, the edition that judges, whether strictly; a stream that breaks it and the frame that shows it; one that
/// does not break it.
struct Case {
    id: &'static str,
    edition: Edition,
    exact: bool,
    wrong: Stream,
    frame: u64,
    right: Stream,
}

fn case(id: &'static str, wrong: Stream, frame: u64, right: Stream) -> Case {
    Case { id, edition: Dot1Ax2014, exact: true, wrong, frame, right }
}

impl Case {
    fn edition(self, edition: Edition) -> Self {
        Self { edition, ..self }
    }

    fn lenient(self) -> Self {
        Self { exact: false, ..self }
    }
}

/// One frame of the device, wrong and right.
fn frame(id: &'static str, wrong: impl Fn(&mut Vec<u8>), right: impl Fn(&mut Vec<u8>)) -> Case {
    case(id, start().raw(0, &pdu(wrong)), 1, start().raw(0, &pdu(right)))
}

fn formats() -> Vec<Case> {
    let good = || start().raw(0, &pdu(|_| ()));
    let whole = |change: fn(&mut Vec<u8>)| {
        let mut octets = framed(DEVICE, &pdu(|_| ()));
        change(&mut octets);
        start().frame(0, Direction::FromDevice, octets)
    };
    let algorithm = [4, 6, 0, 0x80, 0xc2, 1];
    let service = [&[10, 18][..], &[7; 16]].concat();
    let mask = [&[6, 131][..], &[0; 129]].concat();
    let of_2 = |id, wrong: &[u8], right: &[u8]| {
        case(id, start().raw(0, &version_2(wrong)), 1, start().raw(0, &version_2(right)))
    };
    vec![
        case(
            "lacp.encapsulation.destination",
            whole(|octets| octets[5] = 1),
            1,
            whole(|octets| octets[5] = 3),
        ),
        case("lacp.encapsulation.destination", whole(|octets| octets[5] = 3), 1, good()).edition(Dot1Ax2008),
        case(
            "lacp.encapsulation.source-individual",
            whole(|octets| octets[6] = 3),
            1,
            whole(|octets| octets[6] = 4),
        ),
        case(
            "lacp.encapsulation.source-constant",
            good().frame(1000, Direction::FromDevice, framed(MacAddress([4; 6]), &pdu(|_| ()))),
            2,
            good().raw(1000, &pdu(|_| ())),
        ),
        case(
            "lacp.encapsulation.untagged",
            whole(|octets| {
                octets.splice(12..12, [0x81, 0, 0, 5]);
            }),
            1,
            good(),
        ),
        frame("lacp.encapsulation.length", |octets| octets.truncate(109), |_| ()),
        frame("lacp.encapsulation.length", |octets| octets.resize(128, 0), |_| ()),
        case(
            "lacp.encapsulation.length",
            start().raw(0, &version_2(&mask)),
            1,
            start().raw(0, &version_2(&algorithm)),
        )
        .edition(Dot1Ax2020),
        frame("lacp.pdu.version", |octets| octets[1] = 3, |octets| octets[1] = 2),
        frame("lacp.pdu.version", |octets| octets[1] = 2, |_| ()).edition(Dot1Ax2008),
        frame("lacp.pdu.tlv-type", |octets| octets[22] = 3, |_| ()),
        frame("lacp.pdu.tlv-length", |octets| octets[23] = 21, |_| ()),
        of_2("lacp.pdu.tlv-list", &[4, 60], &algorithm),
        of_2(
            "lacp.pdu.tlv-order",
            &[&service[..], &algorithm].concat(),
            &[&algorithm[..], &service].concat(),
        ),
        of_2("lacp.pdu.tlv-repeated", &[algorithm, algorithm].concat(), &algorithm),
        of_2("lacp.pdu.tlv-unknown", &[0x80, 4, 3, 0], &algorithm),
        frame("lacp.pdu.reserved", |octets| octets[109] = 1, |_| ()),
        frame("lacp.pdu.actor-system", |octets| octets[6..12].fill(0), |octets| octets[6..12].fill(2)),
        frame("lacp.pdu.actor-port", |octets| octets[16..18].fill(0), |octets| octets[16..18].fill(255)),
        case(
            "lacp.pdu.actor-port-unique",
            good().on(1).raw(0, &pdu(|_| ())),
            2,
            good().on(1).raw(0, &pdu(|octets| octets[17] = 13)),
        ),
        frame("lacp.pdu.actor-key-nonzero", |octets| octets[12..14].fill(0), |_| ()),
        case(
            "lacp.pdu.actor-identity-constant",
            good().raw(1000, &pdu(|octets| octets[17] = 13)),
            2,
            good()
                .event(500, Happening::Operation("port number 13".into()))
                .raw(1000, &pdu(|octets| octets[17] = 13)),
        ),
        case(
            "lacp.pdu.administrative-bits-constant",
            good().raw(1000, &pdu(|octets| octets[18] ^= SHORT)),
            2,
            good().raw(1000, &pdu(|octets| octets[18] ^= COL)),
        ),
        of_2("lacp.v2.masks-in-long-pdus", &[6, 4, 0, 0], &mask),
        of_2("lacp.v2.no-masks", &mask, &algorithm).edition(Dot1Ax2020),
    ]
}

fn mux() -> Vec<Case> {
    let one = |state| start().d(0, d(BASE | state), t(BASE | UP));
    // The partner changes between two LACPDUs of the device; Synchronization stays, or a wait lies between.
    let other = |change: fn(&mut PortInformation), state: u8| {
        let mut partner = t(BASE | UP);
        change(&mut partner);
        start().both_up(0..3).t(2500, partner, d(BASE | UP)).d(2510, d(BASE | state), partner)
    };
    let detaches = |id, change| case(id, other(change, UP), 8, other(change, 0));
    vec![
        case("lacp.mux.collecting-needs-synchronization", one(COL | DIST), 1, one(UP)),
        case("lacp.mux.distributing-needs-collecting", one(SYNC | DIST), 1, one(SYNC | COL)),
        // At once for exact devices, what lasts for others.
        case(
            "lacp.mux.expired-stops-traffic",
            start().d(0, d(BASE | EXP | UP), nobody(SHORT)),
            1,
            start().d(0, d(BASE | EXP | SYNC), nobody(SHORT)),
        ),
        case(
            "lacp.mux.expired-stops-traffic",
            start().alone(0..3, BASE | EXP | UP, nobody(SHORT)),
            3,
            start().alone(0..2, BASE | EXP | UP, nobody(SHORT)),
        )
        .lenient(),
        case(
            "lacp.mux.collecting-needs-partner-synchronization",
            one(SYNC).d(1000, d(BASE | UP), t(BASE)),
            2,
            one(SYNC).d(1000, d(BASE | SYNC), t(BASE)),
        ),
        // Shown in sync, but it never said so.
        case(
            "lacp.mux.collecting-needs-partner-synchronization",
            start().t(0, t(BASE), d(BASE)).d(10, d(BASE | SYNC), t(BASE)).d(
                1010,
                d(BASE | UP),
                t(BASE | SYNC),
            ),
            3,
            start()
                .t(0, t(BASE), d(BASE))
                .d(10, d(BASE | SYNC), t(BASE))
                .t(1000, t(BASE | SYNC), d(BASE | SYNC))
                .d(1010, d(BASE | UP), t(BASE | SYNC)),
        ),
        detaches("lacp.selected.system", |partner| partner.system.0[5] = 9),
        detaches("lacp.selected.system-priority", |partner| partner.system_priority = 9),
        detaches("lacp.selected.key", |partner| partner.key = 9),
        detaches("lacp.selected.port", |partner| partner.port = 9),
        detaches("lacp.selected.port-priority", |partner| partner.port_priority = 9),
        detaches("lacp.selected.aggregation", |partner| partner.state.0 ^= 4),
        case(
            "lacp.selected.default-change",
            start().d(0, d(BASE | EXP | SYNC), t(BASE | SHORT)).d(1000, d(BASE | DEF | SYNC), nobody(0)),
            2,
            start().d(0, d(BASE | EXP | SYNC), t(BASE | SHORT)).d(1800, d(BASE | DEF | SYNC), nobody(0)),
        ),
    ]
}

fn receive() -> Vec<Case> {
    let expired = |partner| start().d(0, d(BASE | EXP), partner);
    let silent = |last: u64| {
        start().both_up(0..4).alone(4..5, BASE | UP, t(BASE | UP)).d(last, d(BASE | UP), t(BASE | UP))
    };
    let slow = |last: u64| {
        let (own, partner) = (LONG | UP, t(BASE | UP));
        start()
            .t(0, partner, d(own))
            .d(10, d(own), partner)
            .t(100, partner, d(own))
            .d(500, d(own), partner)
            .d(last, d(own), partner)
    };
    let expires = |at: u64| start().both_up(0..4).d(at, d(BASE | EXP | SYNC), t(BASE | COL | DIST));
    let expires_slowly = |at: u64| {
        let own = LONG | UP;
        start().t(0, t(BASE | UP), d(own)).d(10, d(own), t(BASE | UP)).t(100, t(BASE | UP), d(own)).d(
            at,
            d(LONG | EXP | SYNC),
            t(BASE | COL | DIST),
        )
    };
    let defaults = |at: u64| start().both_up(0..4).d(at, d(BASE | DEF), nobody(0));
    let stays_expired = |seconds| start().alone(0..seconds, BASE | EXP, nobody(SHORT));
    let defaulted = || start().d(0, d(BASE | DEF), nobody(0)).d(1000, d(BASE | DEF), nobody(0));
    let heard = |at: u64, state: u8| start().t(0, t(BASE), nobody(0)).d(at, d(BASE | state), nobody(SHORT));
    let flapped = |state: u8| {
        start().both_up(0..2).link(1500, false).link(3000, true).d(
            4000,
            d(BASE | SYNC | state),
            t(BASE | COL | DIST),
        )
    };
    vec![
        case(
            "lacp.rx.expired-partner-out-of-sync",
            expired(nobody(SYNC | SHORT)),
            1,
            expired(nobody(COL | SHORT)),
        ),
        case("lacp.rx.expired-partner-short-timeout", expired(nobody(0)), 1, expired(nobody(SHORT))),
        case(
            "lacp.rx.expired-keeps-partner",
            start().both_up(0..4).d(
                6500,
                d(BASE | EXP | SYNC),
                PortInformation { key: 9, ..t(BASE | COL | DIST) },
            ),
            9,
            expires(6500),
        ),
        case("lacp.rx.expired-after-short-timeout", silent(7001), 10, silent(6999)),
        case("lacp.rx.expired-after-short-timeout", silent(8001), 10, silent(7999)).lenient(),
        case("lacp.rx.expired-after-long-timeout", slow(92_101), 5, slow(92_099)),
        case("lacp.rx.short-timeout-not-early", expires(5899), 9, expires(5901)),
        case("lacp.rx.short-timeout-not-early", expires(5499), 9, expires(5501)).lenient(),
        case("lacp.rx.long-timeout-not-early", expires_slowly(88_099), 4, expires_slowly(88_101)),
        case("lacp.rx.expired-lasts-short-timeout", defaults(5900), 9, defaults(5911)),
        case("lacp.rx.defaulted-after-expired", stays_expired(6), 5, stays_expired(4)),
        case("lacp.rx.defaulted-after-expired", stays_expired(8), 7, stays_expired(6)).lenient(),
        case(
            "lacp.rx.defaulted-stays",
            start().t(0, t(BASE), nobody(0)).on(0).d(4000, d(BASE | DEF), nobody(0)).d(
                5000,
                d(BASE | DEF | EXP),
                nobody(SHORT),
            ),
            3,
            defaulted(),
        ),
        case("lacp.rx.lacpdu-ends-defaulted", heard(501, DEF), 2, heard(499, DEF)),
        case("lacp.rx.lacpdu-ends-defaulted", heard(1501, DEF), 2, heard(1499, DEF)).lenient(),
        case(
            "lacp.rx.lacpdu-ends-expired",
            start().d(0, d(BASE | EXP), nobody(SHORT)).t(100, t(BASE), nobody(0)).d(
                601,
                d(BASE | EXP),
                nobody(SHORT),
            ),
            3,
            start().d(0, d(BASE | EXP), nobody(SHORT)).t(100, t(BASE), nobody(0)).d(
                599,
                d(BASE | EXP),
                nobody(SHORT),
            ),
        ),
        case("lacp.rx.first-pdu-expired", flapped(0), 5, flapped(EXP)),
    ]
}

fn record() -> Vec<Case> {
    // The tester says something at 3.0 s; the device shows something 0.6 s later.
    let says = |actor: PortInformation, seen: PortInformation, shown: PortInformation| {
        start().both_up(0..3).t(3000, actor, seen).d(3600, d(BASE | SYNC), shown)
    };
    let good = t(BASE | UP);
    let seen = d(BASE | UP);
    let sees = |change: fn(&mut PortInformation)| {
        let mut seen = d(BASE | UP);
        change(&mut seen);
        seen
    };
    let out = t(BASE | COL | DIST);
    let mismatch = |id, change: fn(&mut PortInformation)| {
        case(id, says(good, sees(change), good), 8, says(good, sees(change), out))
    };
    let passive = |state: u8| PortInformation { state: State(state & !ACT), ..t(0) };
    let passive_link = |shown: u8| {
        let (own, partner) = (d((BASE | UP) & !ACT), passive(BASE | UP));
        let sees = d((BASE | SYNC) & !ACT);
        start()
            .t(0, good, own)
            .d(10, own, good)
            .t(1000, good, own)
            .d(1010, own, good)
            .t(2000, partner, sees)
            .d(2600, own, PortInformation { state: State(shown & !ACT), ..partner })
    };
    vec![
        case(
            "lacp.record.identity",
            says(good, seen, PortInformation { key: 3, ..good }),
            8,
            says(good, seen, good),
        ),
        case(
            "lacp.record.state-bits",
            says(t((BASE | UP) ^ SHORT), seen, good),
            8,
            // It may still show what was before, for as long as it may take.
            start().both_up(0..3).t(3000, t((BASE | UP) ^ SHORT), seen).d(3499, d(BASE | UP), good),
        ),
        case("lacp.record.match", says(good, seen, out), 8, says(good, seen, good)),
        case("lacp.record.needs-partner-synchronization", says(out, seen, good), 8, says(out, seen, out)),
        mismatch("lacp.record.mismatch.port", |seen| seen.port = 9),
        mismatch("lacp.record.mismatch.port-priority", |seen| seen.port_priority = 9),
        mismatch("lacp.record.mismatch.system", |seen| seen.system.0[0] = 4),
        mismatch("lacp.record.mismatch.system-priority", |seen| seen.system_priority = 9),
        mismatch("lacp.record.mismatch.key", |seen| seen.key = 9),
        mismatch("lacp.record.mismatch.aggregation", |seen| seen.state.0 ^= 4),
        mismatch("lacp.record.mismatch.blank", |seen| *seen = PortInformation::default()),
        case(
            "lacp.record.passive-partner-sees-passive",
            passive_link(BASE | UP),
            6,
            passive_link(BASE | COL | DIST),
        ),
        case(
            "lacp.record.default-partner",
            start().d(0, d(BASE | DEF), nobody(0)).t(1000, good, d(BASE)).d(1010, d(BASE | DEF), good),
            3,
            start().d(0, d(BASE | DEF), nobody(0)).t(1000, good, d(BASE)).d(1010, d(BASE | DEF), nobody(0)),
        ),
        case(
            "lacp.record.default-partner-constant",
            start().d(0, d(BASE | DEF), nobody(0)).d(
                1000,
                d(BASE | DEF),
                PortInformation { key: 5, ..nobody(0) },
            ),
            2,
            start().d(0, d(BASE | DEF | EXP), nobody(SHORT)).d(3000, d(BASE | DEF), nobody(SYNC)),
        ),
    ]
}

fn rate() -> Vec<Case> {
    let gap = |milliseconds: u64| {
        start().both_up(0..2).t(2000, t(BASE | UP), d(BASE | UP)).d(
            1010 + milliseconds,
            d(BASE | UP),
            t(BASE | UP),
        )
    };
    let slow = |milliseconds: u64| {
        let partner = t(LONG | UP);
        let own = d(LONG | UP);
        start().t(0, partner, own).d(10, own, partner).t(20_000, partner, own).d(
            10 + milliseconds,
            own,
            partner,
        )
    };
    // Sooner than asked for, again and again.
    let hurry = |partner: PortInformation, step: u64, count: u64| {
        let own = d(LONG | UP);
        let mut stream = start().t(0, partner, own).d(10, own, partner);
        for number in 1..=count {
            stream = stream.d(10 + number * step, own, partner);
        }
        stream
    };
    let burst = |count: u64, step: u64| {
        let mut stream = start();
        for number in 0..count {
            stream = stream.d(number * step, d(BASE | SYNC), nobody(SHORT));
        }
        stream
    };
    let expired = |milliseconds: u64| {
        let (own, gone) = (d(BASE | EXP | SYNC), t(BASE | COL | DIST));
        let stream = start().both_up(0..4).alone(4..6, BASE | UP, t(BASE | UP));
        stream.d(6000, own, gone).d(6000 + milliseconds, own, gone)
    };
    let defaulted = |milliseconds: u64| {
        start().d(0, d(BASE | DEF), nobody(SHORT)).d(milliseconds, d(BASE | DEF), nobody(SHORT))
    };
    let passive = |state: u8| PortInformation { state: State(state), ..t(0) };
    let quiet = |activity: u8| {
        let (own, partner) = (d(0x3c), passive(0x3c | activity));
        start().t(0, partner, own).d(10, own, partner).d(1010, own, partner)
    };
    vec![
        case("lacp.periodic.fast", gap(1301), 6, gap(1299)),
        case("lacp.periodic.fast", gap(1601), 6, gap(1599)).lenient(),
        case("lacp.periodic.fast", hurry(t(BASE | UP), 340, 3), 5, hurry(t(BASE | UP), 340, 2))
            .edition(Dot1Ax2020),
        case("lacp.periodic.slow", slow(33_001), 4, slow(32_999)),
        case("lacp.periodic.slow", hurry(t(LONG | UP), 1000, 3), 5, hurry(t(LONG | UP), 28_000, 4)),
        case("lacp.periodic.expired-fast", expired(1301), 12, expired(1299)),
        case("lacp.periodic.defaulted-rate", defaulted(1301), 2, defaulted(1299)),
        case("lacp.periodic.both-passive-silent", quiet(0), 3, quiet(ACT)),
        case("lacp.tx.limit", burst(4, 333), 4, burst(6, 334)),
        case("lacp.tx.limit", burst(7, 160), 7, burst(6, 160)).lenient(),
        case("lacp.tx.limit-2020", burst(11, 99), 11, burst(20, 100)).edition(Dot1Ax2020),
        case("lacp.tx.limit-2020", burst(21, 40), 21, burst(20, 40)).edition(Dot1Ax2020).lenient(),
    ]
}

fn reply() -> Vec<Case> {
    let slow = t(LONG | UP);
    let own = d(BASE | UP);
    let asks = |seen: PortInformation, after: u64| {
        start().t(0, slow, own).d(10, own, slow).t(5000, slow, seen).d(5000 + after, own, slow)
    };
    let mismatch = |id, change: fn(&mut PortInformation)| {
        let mut seen = d(BASE | UP);
        change(&mut seen);
        case(id, asks(seen, 501), 3, asks(seen, 499))
    };
    let faster = |after: u64| {
        start().t(0, slow, own).d(10, own, slow).t(5000, t(BASE | UP), own).d(5000 + after, own, t(BASE | UP))
    };
    vec![
        mismatch("lacp.ntt.mismatch.port", |seen| seen.port = 9),
        mismatch("lacp.ntt.mismatch.port-priority", |seen| seen.port_priority = 9),
        mismatch("lacp.ntt.mismatch.system", |seen| seen.system.0[0] = 4),
        mismatch("lacp.ntt.mismatch.system-priority", |seen| seen.system_priority = 9),
        mismatch("lacp.ntt.mismatch.key", |seen| seen.key = 9),
        mismatch("lacp.ntt.mismatch.activity", |seen| seen.state.0 ^= ACT),
        mismatch("lacp.ntt.mismatch.timeout", |seen| seen.state.0 ^= SHORT),
        mismatch("lacp.ntt.mismatch.synchronization", |seen| seen.state.0 ^= SYNC),
        mismatch("lacp.ntt.mismatch.aggregation", |seen| seen.state.0 ^= 4),
        // The limit may hold the answer back for a second.
        case(
            "lacp.ntt.mismatch.key",
            start()
                .t(0, slow, own)
                .d(10, own, slow)
                .t(5000, slow, PortInformation { key: 9, ..own })
                .t(6000, slow, own),
            3,
            start()
                .t(0, slow, own)
                .d(4010, own, slow)
                .d(4020, own, slow)
                .d(4030, own, slow)
                .t(4900, slow, PortInformation { key: 9, ..own })
                .d(6300, own, slow),
        ),
        // Collecting, Distributing, Defaulted and Expired do not count.
        case("lacp.periodic.long-to-short", faster(501), 3, faster(499)),
    ]
}

fn link() -> Vec<Case> {
    let (own, gone) = (BASE | SYNC | EXP, t(BASE | COL | DIST));
    let returns =
        |after: u64| start().both_up(0..2).link(1500, false).link(3000, true).d(3000 + after, d(own), gone);
    let traffic = |state: u8| {
        start()
            .both_up(0..2)
            .link(1500, false)
            .link(3000, true)
            .d(4000, d(own), gone)
            .t(4500, t(BASE), d(BASE | SYNC))
            .d(4510, d(BASE | state), t(BASE))
    };
    vec![
        case(
            "lacp.link.silent-while-down",
            start().both_up(0..2).link(1500, false).d(2001, d(BASE | UP), t(BASE | UP)),
            5,
            start().both_up(0..2).link(1500, false).d(1999, d(BASE | UP), t(BASE | UP)),
        ),
        case("lacp.link.first-pdu", returns(1501), 5, returns(1499)),
        case("lacp.link.return-without-traffic", traffic(UP), 7, traffic(SYNC)),
    ]
}

fn markers() -> Vec<Case> {
    let response = |number: u32| marker(number).response();
    let asked = |at: u64| start().both_up(0..2).raw_tester(at, &marker(7).to_octets());
    let answered = |answer: Marker| asked(1500).raw(1510, &answer.to_octets());
    let own = Marker::information(d(0).port, d(0).system, 1);
    let sends = |change: fn(&mut Marker)| {
        let mut marker = own;
        change(&mut marker);
        start().both_up(0..2).raw(1500, &marker.to_octets())
    };
    let octets = |change: fn(&mut Vec<u8>)| {
        let mut octets = framed(DEVICE, &own.to_octets());
        change(&mut octets);
        start().both_up(0..2).frame(1500, Direction::FromDevice, octets)
    };
    let response_octets = |change: fn(&mut Vec<u8>)| {
        let mut octets = framed(DEVICE, &response(7).to_octets());
        change(&mut octets);
        asked(1500).frame(1510, Direction::FromDevice, octets)
    };
    let good = || sends(|_| ());
    let answer = || answered(response(7));
    vec![
        case("marker.pdu.version", sends(|marker| marker.version = 2), 5, good()),
        case("marker.pdu.tlv-type", sends(|marker| marker.terminator_tlv_type = 2), 5, good()),
        case("marker.pdu.tlv-length", sends(|marker| marker.information_length = 15), 5, good()),
        case("marker.pdu.reserved", sends(|marker| marker.reserved.0[80] = 1), 5, good()),
        case(
            "marker.pdu.tlv-length",
            answered(Marker { information_length: 15, ..response(7) }),
            6,
            answer(),
        ),
        case("marker.pdu.tlv-type", answered(Marker { terminator_tlv_type: 2, ..response(7) }), 6, answer()),
        case("marker.response.version", answered(Marker { version: 2, ..response(7) }), 6, answer()),
        case("marker.response.reserved", response_octets(|octets| octets[100] = 1), 6, answer()),
        case("marker.responder.length", response_octets(|octets| octets.truncate(100)), 6, answer()),
        case("marker.responder.destination", response_octets(|octets| octets[5] = 9), 6, answer()),
        case("marker.responder.source", response_octets(|octets| octets[6] = 3), 6, answer()),
        case(
            "marker.responder.answers",
            asked(1500).both_up(2..5),
            5,
            asked(1500).both_up(2..3).raw(2499, &response(7).to_octets()).both_up(3..5),
        ),
        case("marker.responder.once", answer().raw(1520, &response(7).to_octets()), 7, answer()),
        case(
            "marker.responder.requester",
            answered(Marker { requester_port: 9, ..response(7) }),
            6,
            // What nobody asked for may answer what was asked before the beginning.
            start().both_up(0..2).raw(1500, &response(7).to_octets()),
        ),
        case("marker.responder.transaction", answered(response(8)), 6, answer()),
        // What was asked before the host was late may be answered after another Marker.
        case(
            "marker.responder.transaction",
            asked(1500).raw_tester(1501, &marker(8).to_octets()).raw(1510, &response(9).to_octets()),
            7,
            asked(1500)
                .event(1501, Happening::Late(Duration::from_millis(200)))
                .raw_tester(1502, &marker(8).to_octets())
                .raw(1510, &response(7).to_octets()),
        ),
        case(
            "marker.responder.no-answer-to-response",
            start()
                .both_up(0..2)
                .raw_tester(1500, &response(7).to_octets())
                .raw(1510, &response(7).to_octets()),
            6,
            start().both_up(0..2).raw_tester(1500, &response(7).to_octets()),
        ),
        case("marker.generator.requester", sends(|marker| marker.requester_port = 9), 5, good()),
        case("marker.generator.length", octets(|octets| octets.truncate(100)), 5, good()),
        case("marker.generator.encapsulation", octets(|octets| octets[5] = 9), 5, good()),
    ]
}

fn cases() -> Vec<Case> {
    [formats(), mux(), receive(), record(), rate(), reply(), link(), markers()]
        .into_iter()
        .flatten()
        .collect()
}

/// No frame.
const NONE: [u64; 0] = [];

fn found(report: &Report, id: &str) -> Vec<u64> {
    report.findings.iter().filter(|finding| finding.requirement == id).map(|finding| finding.frame).collect()
}

#[test]
fn each_monitor_finds_what_it_is_for_and_nothing_close_to_it() {
    let mut wrong = Vec::new();
    for Case { id, edition, exact, wrong: stream, frame, right } in cases() {
        let report = stream.judge(edition, exact);
        if found(&report, id).first() != Some(&frame) {
            wrong.push(format!(
                "{id}: expected in frame {frame} of {edition} exact {exact}, found {:#?}",
                report.findings
            ));
        }
        let report = right.judge(edition, exact);
        if !found(&report, id).is_empty() {
            wrong.push(format!("{id}: false alarm of {edition} exact {exact}: {:#?}", report.findings));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases().len(), wrong.join("\n"));
}

#[test]
fn every_monitored_requirement_has_a_case() {
    let cases: BTreeSet<&str> = cases().iter().map(|case| case.id).collect();
    // Those of routers have files of their own.
    let of_slow_protocols = |id: &&str| id.starts_with("lacp.") || id.starts_with("marker.");
    let monitored: BTreeSet<&str> = monitor::requirements().filter(of_slow_protocols).collect();
    assert_eq!(cases, monitored);
}

/// Frames that were not seen could explain everything that depends on others.
#[test]
fn nothing_is_found_by_memory_where_frames_were_lost() {
    for Case { id, edition, exact, wrong, frame, .. } in cases() {
        // A format is wrong in itself, and so is a state.
        let alone = wrong.events.iter().filter(|event| event.number == frame).cloned();
        let alone = Stream { events: alone.collect(), ..Stream::default() };
        if !found(&alone.judge(edition, exact), id).is_empty() {
            continue;
        }
        // A drop before each frame: nothing that was there before counts.
        let mut events = Vec::new();
        for event in wrong.events {
            events.push(Event { what: Happening::Dropped(1), ..event.clone() });
            events.push(event);
        }
        let lossy = Stream { events, ..Stream::default() };
        // Whether the carrier is there is known all the same, and what another port sent.
        let kept = ["lacp.link.silent-while-down", "lacp.pdu.actor-port-unique"];
        let expected: &[u64] = if kept.contains(&id) { &[frame] } else { &[] };
        assert_eq!(found(&lossy.judge(edition, exact), id), expected, "{id}");
    }
}

/// In a capture both ends are judged, and found by what they say of each other.
#[test]
fn a_capture_has_two_ends() {
    let report = start().both_up(0..5).captured().judge(Dot1Ax2014, false);
    assert_eq!(report.findings, []);
    let ends: Vec<_> = report.ends.iter().map(|end| (end.device.as_str(), end.peer.as_deref())).collect();
    let (device, tester) = ("02:00:00:00:00:01", "02:00:00:00:00:02");
    assert_eq!(ends, [(tester, Some(device)), (device, Some(tester))]);
    assert_eq!(report.ends[1].role, "system 10/02:00:00:00:0d:00 key 1 port 11/12, active, short timeout");
    assert_eq!(report.ends[1].pdus, [("lacp", 5)]);
}

/// Some devices send from one address on all ports, and a mirror port may show all of them.
#[test]
fn ports_with_one_address_are_told_apart() {
    let other = |information: PortInformation| PortInformation { port: information.port + 1, ..information };
    let (own, partner) = (d(BASE | UP), t(BASE | UP));
    let mirrored = (0..8).fold(start(), |stream, second| {
        let at = second * 1000;
        let stream = stream.t(at, partner, own).d(at + 10, own, partner);
        stream.t(at + 20, other(partner), other(own)).d(at + 30, other(own), other(partner))
    });
    let report = mirrored.clone().captured().judge(Dot1Ax2014, false);
    assert_eq!(report.findings, []);
    let peers: Vec<_> =
        report.ends.iter().map(|end| (end.device.as_str(), end.peer.as_deref().unwrap())).collect();
    let tester = ["02:00:00:00:00:02", "02:00:00:00:00:02 as 02:00:00:00:0e:00 port 23"];
    let device = ["02:00:00:00:00:01", "02:00:00:00:00:01 as 02:00:00:00:0d:00 port 13"];
    assert_eq!(
        peers,
        [(tester[0], device[0]), (device[0], tester[0]), (tester[1], device[1]), (device[1], tester[1])]
    );
    // Of those that say nothing of themselves, it is not known whose they are.
    let asked =
        mirrored.raw_tester(8000, &marker(7).to_octets()).raw(8010, &marker(8).response().to_octets());
    assert_eq!(asked.captured().judge(Dot1Ax2014, false).findings, []);
}

/// A partner that is configured anew goes on as another end; whoever heard the old one hears the new one.
#[test]
fn a_partner_may_be_configured_anew() {
    let other = |state| PortInformation { key: 9, port: 99, ..t(state) };
    let mut stream = start().both_up(0..4).t(4000, other(BASE), d(BASE | UP)).d(4010, d(BASE), other(BASE));
    for second in 5..40 {
        stream = stream.t(second * 1000, other(BASE), d(BASE)).d(second * 1000 + 10, d(BASE), other(BASE));
    }
    let report = stream.clone().captured().judge(Dot1Ax2014, false);
    assert_eq!(report.findings, []);
    // And is missed when it falls silent.
    let silent = stream.alone(40..50, BASE, other(BASE)).captured().judge(Dot1Ax2014, false);
    assert_eq!(found(&silent, "lacp.rx.expired-after-short-timeout"), [89, 90]);
}

/// What one sender shows in itself is judged in a capture as in a bed.
#[test]
fn a_capture_of_one_direction_still_shows_what_is_wrong_in_itself() {
    let one_way = |stream: Stream| {
        let mut stream = stream;
        stream.events.retain(|event| event.frame(Direction::FromDevice).is_some());
        stream.captured().judge(Dot1Ax2014, false)
    };
    let report = one_way(start().both_up(0..3).d(3000, d(BASE | COL), t(BASE)));
    assert_eq!(found(&report, "lacp.mux.collecting-needs-synchronization"), [7]);
    // The partner may have been silent, or not.
    let report = one_way(start().both_up(0..3).alone(3..40, BASE | UP, t(BASE | UP)));
    assert_eq!(report.findings, []);
    let unknown =
        report.judged.iter().find(|one| one.requirement == "lacp.rx.expired-after-short-timeout").unwrap();
    assert_eq!((unknown.pass, unknown.violated), (0, 0));
    assert!(unknown.unknown > 30);
}

#[test]
fn a_partner_that_is_silent_in_a_capture_has_to_expire() {
    // One LACPDU may have come just in time and been lost.
    let late = |seconds| start().both_up(0..5).alone(5..seconds, BASE | UP, t(BASE | UP)).captured();
    let id = "lacp.rx.expired-after-short-timeout";
    assert_eq!(found(&late(12).judge(Dot1Ax2014, false), id), NONE);
    assert_eq!(found(&late(14).judge(Dot1Ax2014, false), id), [19]);
    // A capture that was stopped meanwhile says nothing.
    let mut stopped = late(14);
    stopped.events.retain(|event| !(10..16).contains(&event.number));
    assert_eq!(found(&stopped.judge(Dot1Ax2014, false), id), NONE);
}

#[test]
fn a_capture_does_not_show_whether_the_link_went_down() {
    let expires = start().both_up(0..4).d(4000, d(BASE | EXP | SYNC), t(BASE | COL | DIST));
    assert_eq!(found(&expires.judge(Dot1Ax2014, true), "lacp.rx.short-timeout-not-early"), [9]);
    assert_eq!(expires.captured().judge(Dot1Ax2014, false).findings, []);
}

/// The echo of something that was never sent may be that of a lost LACPDU, unless it is there again after another one.
#[test]
fn an_echo_in_a_capture_has_to_be_wrong_twice() {
    let wrong = t((BASE | UP) ^ COL);
    let once = start().both_up(0..4).d(4510, d(BASE | UP), wrong).both_up(5..9);
    let twice = start().both_up(0..4).d(4510, d(BASE | UP), wrong).t(5000, t(BASE | UP), d(BASE | UP)).d(
        7000,
        d(BASE | UP),
        wrong,
    );
    let id = "lacp.record.state-bits";
    assert_eq!(found(&once.captured().judge(Dot1Ax2014, false), id), NONE);
    assert_eq!(found(&twice.captured().judge(Dot1Ax2014, false), id), [11]);
}

#[test]
fn frames_captured_in_part_or_out_of_order_are_no_violation() {
    // The LACPDU that changed the partner was captured in part.
    let mut stream = start().both_up(0..3).t(2500, t((BASE | UP) ^ COL), d(BASE | UP)).d(
        3100,
        d(BASE | UP),
        t((BASE | UP) ^ COL),
    );
    if let Happening::Frame { octets, missing, .. } = &mut stream.events[6].what {
        *missing = 40;
        octets.to_mut().truncate(84);
    }
    assert_eq!(stream.judge(Dot1Ax2014, true).findings, []);
    // One of the device itself was.
    let mut stream = start().both_up(0..6);
    if let Happening::Frame { octets, missing, .. } = &mut stream.events[7].what {
        *missing = 40;
        octets.to_mut().truncate(84);
    }
    assert_eq!(stream.judge(Dot1Ax2014, true).findings, []);
    // Time that goes back: what was before does not count.
    let back = start().both_up(100..104).both_up(0..4).alone(4..5, BASE | UP, t(BASE | UP));
    assert_eq!(back.captured().judge(Dot1Ax2014, false).findings, []);
    // The answer is stamped a little before what it answers.
    let mut swapped = start().both_up(0..4).t(4004, t((BASE | UP) ^ SHORT), d(BASE | UP)).d(
        4001,
        d(BASE | UP),
        t((BASE | UP) ^ SHORT),
    );
    swapped.events.swap(8, 9);
    assert_eq!(swapped.captured().judge(Dot1Ax2014, false).findings, []);
}

#[test]
fn repeats_are_told_three_times_and_then_counted() {
    let report = start().alone(0..10, BASE | COL, nobody(SHORT)).judge(Dot1Ax2014, true);
    let id = "lacp.mux.collecting-needs-synchronization";
    let told: Vec<_> = report.findings.iter().filter(|one| one.requirement == id).collect();
    assert_eq!(
        told.iter().map(|one| (one.frame, one.count)).collect::<Vec<_>>(),
        [(1, 1), (2, 1), (3, 1), (4, 7)]
    );
    assert_eq!(told[3].text, "7 times more, the last time in frame 10");
    let judged = report.judged.iter().find(|one| one.requirement == id).unwrap();
    assert_eq!((judged.pass, judged.violated, judged.unknown), (0, 10, 0));
}

#[test]
fn what_a_later_edition_allows_is_said() {
    let burst = (0..8).fold(start(), |stream, number| stream.d(number * 100, d(BASE | SYNC), nobody(SHORT)));
    let report = burst.judge(Dot1Ax2014, false);
    let finding = report.findings.iter().find(|one| one.requirement == "lacp.tx.limit").unwrap();
    assert!(finding.text.ends_with("; 802.1ax-2020 allows 10"), "{}", finding.text);
    let report = burst.judge(Dot1Ax2020, false);
    assert_eq!(found(&report, "lacp.tx.limit"), NONE);
    assert_eq!(found(&report, "lacp.tx.limit-2020"), NONE);
}

/// Anything may be in a capture.
#[test]
fn too_many_senders_are_counted_and_not_kept() {
    let mut watch = Watch::new(Options { edition: Dot1Ax2014, exact: false });
    for number in 0..3000_u64 {
        let [a, b] = u16::try_from(number).unwrap().to_be_bytes();
        let octets = framed(MacAddress([2, 0, 0, 0, a, b]), &Lacpdu::new(d(BASE), nobody(0), 0).to_octets());
        let what = Happening::Frame { direction: None, octets: octets.into(), missing: 0 };
        watch.event(&Event { number: number + 1, at: Time::from_nanos(number).into(), port: Port(0), what });
    }
    let report = watch.finish();
    assert_eq!((report.ends.len(), report.beyond_capacity), (1024, 1976));
    assert_eq!(report.traffic.judged, 3000);
}

/// A TLV of the codec, so that what the tests write by hand is what it writes.
#[test]
fn version_2_is_written_as_the_codec_does() {
    let mut octets = [0; 110];
    let value = Lacpdu { version: 2, ..Lacpdu::new(d(BASE | SYNC), nobody(0), 0) };
    let tlv = Tlv::PortAlgorithm(redspec_codec::slow::lacp_tlv::PortAlgorithm::C_VID);
    value.emit_with_tlvs([tlv], &mut octets).unwrap();
    assert_eq!(version_2(&[4, 6, 0, 0x80, 0xc2, 1]), octets);
}
