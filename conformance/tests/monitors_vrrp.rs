//! Each monitor of VRRP on streams made by hand: one that breaks its requirement, with the frame that shows it, and one that
//! comes close and does not. And what cannot be known: lost frames, the other direction, what one loss explains.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use redspec::event::{Direction, Event, Happening, Port, Stamp};
use redspec::monitor::{self, Options, Report, Watch};
use redspec::reference::router::LAN;
use redspec::reference::vrrp::configuration::{Configuration, virtual_mac};
use redspec::settings::Settings;
use redspec::spec::Edition::{self, Dot1Ax2014, Rfc3768, Rfc5798, Rfc9568};
use redspec::suite::vrrp::addresses::tells;
use redspec::suite::vrrp::{Advert, Edit, Sum};
use redspec::time::Time;
use redspec_codec::frame::{Arp, Builder, Ethernet};
use redspec_codec::{Family, MacAddress};

/// A stream of events, in a bed or captured.
struct Stream {
    edition: Edition,
    bed: bool,
    events: Vec<Event<'static>>,
}

const MILLISECOND: u64 = 1_000_000;

fn address(last: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, last])
}

fn configuration(edition: Edition, family: &str) -> Configuration {
    Configuration::new(&Settings::new().with("vrrp.family", family), edition).unwrap()
}

/// Router `last` of version 3, one second.
fn v3(last: u8, priority: u8) -> Advert {
    let configuration = configuration(Rfc9568, "ipv4");
    Advert {
        pseudo_header: false,
        ..Advert::new(&configuration, configuration.first(), address(last), priority)
    }
}

/// The same of version 2.
fn v2(last: u8, priority: u8) -> Advert {
    let configuration = configuration(Rfc3768, "ipv4");
    Advert::new(&configuration, configuration.first(), address(last), priority)
}

fn v6(last: u16, priority: u8) -> Advert {
    let configuration = configuration(Rfc9568, "ipv6");
    let source = IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, last]);
    Advert::new(&configuration, configuration.first(), source, priority)
}

fn physical(last: u8) -> MacAddress {
    MacAddress([2, 0, 0, 0, 0, last])
}

const VIP: [u8; 4] = [10, 0, 0, 254];

impl Stream {
    fn captured() -> Self {
        Self { edition: Dot1Ax2014, bed: false, events: Vec::new() }
    }

    fn bed(edition: Edition) -> Self {
        Self { edition, bed: true, events: Vec::new() }
    }

    fn push(&mut self, at_ms: u64, direction: Direction, octets: Vec<u8>) -> u64 {
        let number = self.events.iter().filter(|event| matches!(event.what, Happening::Frame { .. })).count()
            as u64
            + 1;
        let uncertainty = if self.bed { Duration::ZERO } else { Duration::from_millis(5) };
        let at = Stamp { time: Time::from_nanos((1000 + at_ms) * MILLISECOND), uncertainty };
        let direction = self.bed.then_some(direction);
        let what = Happening::Frame { direction, octets: Cow::Owned(octets), missing: 0 };
        self.events.push(Event { number, at, port: Port(0), what });
        number
    }

    /// The device sends, or one router of a capture.
    fn d(&mut self, at_ms: u64, advert: &Advert) -> u64 {
        self.push(at_ms, Direction::FromDevice, advert.frame())
    }

    /// The tester sends.
    fn t(&mut self, at_ms: u64, advert: &Advert) -> u64 {
        self.push(at_ms, Direction::ToDevice, advert.frame())
    }

    fn raw(&mut self, at_ms: u64, octets: Vec<u8>) -> u64 {
        self.push(at_ms, Direction::FromDevice, octets)
    }

    fn happens(&mut self, at_ms: u64, what: Happening<'static>) {
        let at = Stamp::from(Time::from_nanos((1000 + at_ms) * MILLISECOND));
        self.events.push(Event { number: 0, at, port: LAN, what });
    }

    fn report(&self) -> Report {
        let mut watch = Watch::new(Options { edition: self.edition, exact: false });
        let mut events: Vec<_> = self.events.iter().collect();
        events.sort_by_key(|event| event.at.time);
        for event in events {
            watch.event(event);
        }
        watch.finish()
    }

    /// Requirement and frame of each finding.
    #[track_caller]
    fn finds(&self, expected: &[(&str, u64)]) {
        let report = self.report();
        let found: Vec<(&str, u64)> =
            report.findings.iter().map(|one| (one.requirement, one.frame)).collect();
        assert_eq!(found, expected, "{:#?}", report.findings);
    }

    #[track_caller]
    fn finds_nothing(&self) {
        self.finds(&[]);
    }

    /// The requirement was judged to be kept.
    #[track_caller]
    fn passes(&self, requirement: &str) {
        let report = self.report();
        let judged = report.judged.iter().find(|one| one.requirement == requirement).unwrap();
        assert!(judged.pass > 0, "{judged:?}");
        self.finds_nothing();
    }
}

fn one(advert: &Advert, edition: Edition) -> Stream {
    let mut stream = Stream { edition, bed: false, events: Vec::new() };
    stream.d(0, advert);
    stream
}

/// From the physical MAC address, as it should be, and as it should not.
fn arp_reply(mac: MacAddress, source: MacAddress) -> Vec<u8> {
    let arp = Arp {
        operation: Arp::REPLY,
        sender_mac: mac,
        sender_ip: VIP.into(),
        target_mac: physical(0x14),
        target_ip: [10, 0, 0, 0x14].into(),
    };
    let plain = Builder::arp(source);
    let ethernet = plain.ethernet.map(|ethernet| Ethernet { destination: physical(0x14), ..ethernet });
    let mut out = vec![0; 128];
    let length = Builder { ethernet, ..plain }.emit(&mut out, |space| arp.emit(space)).unwrap();
    out.truncate(length);
    out
}

const VIRTUAL: MacAddress = virtual_mac(Family::Ipv4, 10);

#[test]
fn one_frame_shows_it() {
    for (advert, requirement) in [
        (Advert { ttl: 254, ..v3(50, 100) }, "vrrp3.encapsulation.ttl"),
        (Advert { source_mac: Some(physical(50)), ..v3(50, 100) }, "vrrp3.encapsulation.source-mac"),
        (Advert { checksum: Sum::Flipped(1), ..v3(50, 100) }, "vrrp3.pdu.checksum"),
        (Advert { reserve: 1, ..v3(50, 100) }, "vrrp3.pdu.reserve"),
        (Advert { addresses: Vec::new(), ..v3(50, 100) }, "vrrp3.pdu.count"),
        (Advert { edits: vec![Edit::Append(vec![0, 0])], ..v3(50, 100) }, "vrrp3.pdu.length"),
        (Advert { edits: vec![Edit::Cut(10)], ..v3(50, 100) }, "vrrp3.pdu.length"),
        (Advert { packet_type: 2, ..v3(50, 100) }, "vrrp3.pdu.version-and-type"),
        (Advert { ttl: 1, ..v2(50, 100) }, "vrrp2.encapsulation.ttl"),
        (Advert { checksum: Sum::Flipped(1), ..v2(50, 100) }, "vrrp2.pdu.checksum"),
        (Advert { auth_type: 3, ..v2(50, 100) }, "vrrp2.pdu.auth-type"),
        (Advert { auth_data: [1; 8], ..v2(50, 100) }, "vrrp2.pdu.no-authentication"),
        (
            Advert { destination: Some((address(9), physical(9))), ..v2(50, 100) },
            "vrrp2.encapsulation.destination",
        ),
    ] {
        let stream = one(&advert, Dot1Ax2014);
        let found: Vec<_> = stream.report().findings.iter().map(|one| one.requirement).collect();
        assert!(found.contains(&requirement), "{requirement}: {found:?}");
        // A change of a field that the checksum does not cover, or is computed over, breaks that alone.
        assert_eq!(found.len(), 1, "{found:?}");
    }
    for advert in [v2(50, 100), v3(50, 100), v6(0x50, 100), v2(50, 0), v3(50, 255)] {
        one(&advert, Dot1Ax2014).finds_nothing();
    }
}

/// What the editions do not have in common is asked by that one alone.
#[test]
fn a_device_of_an_unknown_edition_is_asked_for_what_all_have() {
    let pseudo_header = Advert { pseudo_header: true, ..v3(50, 100) };
    one(&pseudo_header, Dot1Ax2014).finds_nothing();
    one(&pseudo_header, Rfc5798).finds_nothing();
    one(&pseudo_header, Rfc9568).finds(&[("vrrp3.pdu.checksum-message", 1)]);
    let mut global_first = v6(0x50, 100);
    global_first.addresses.reverse();
    one(&global_first, Dot1Ax2014).finds_nothing();
    one(&global_first, Rfc5798).finds(&[("vrrp3.pdu.link-local-first-2010", 1)]);
    one(&global_first, Rfc9568).finds(&[("vrrp3.pdu.link-local-first", 1)]);
}

fn at_times(advert: &Advert, times: &[u64]) -> Stream {
    let mut stream = Stream::captured();
    for time in times {
        stream.d(*time, advert);
    }
    stream
}

#[test]
fn too_fast() {
    let fast = at_times(&v2(50, 100), &[0, 660, 1320, 1980, 2640]);
    fast.finds(&[("vrrp2.active.interval", 4), ("vrrp2.active.interval", 5)]);
    // Twice in a row may be chance.
    at_times(&v2(50, 100), &[0, 660, 1320, 2320, 2980, 3640, 4640]).finds_nothing();
    // Cisco spreads its advertisements over the last fifth of the interval.
    at_times(&v2(50, 100), &[0, 800, 1610, 2420, 3220, 4120, 5120]).passes("vrrp2.active.interval");
    // A frame captured twice.
    at_times(&v2(50, 100), &[0, 3, 1000, 1003, 2000, 2002, 3000, 3001]).finds_nothing();
}

/// A router of version 3 answers whom it is better than, and the capture may lack that one.
#[test]
fn too_fast_in_version_3() {
    at_times(&v3(50, 100), &[0, 500, 1000, 1500, 2000, 2500]).finds_nothing();
    let mut both = at_times(&v3(9, 50), &[0]);
    for number in 10..16 {
        both.d(number * 500, &v3(50, 100));
    }
    both.finds(&[("vrrp3.active.interval", 5), ("vrrp3.active.interval", 6), ("vrrp3.active.interval", 7)]);
    let mut answered = Stream::captured();
    for number in 0..6 {
        answered.d(number * 1000, &v3(50, 100));
        answered.d(number * 1000 + 500, &v3(9, 50));
        answered.d(number * 1000 + 501, &v3(50, 100));
    }
    let found = answered.report().findings;
    assert!(found.iter().all(|one| one.requirement != "vrrp3.active.interval"), "{found:#?}");
    // In a bed it is known what it heard.
    let mut bed = Stream::bed(Rfc9568);
    for number in 0..5 {
        bed.d(number * 600, &v3(50, 100));
    }
    bed.finds(&[("vrrp3.active.interval", 4), ("vrrp3.active.interval", 5)]);
}

/// Each lower advertisement has an answer (RFC 9568 6.4.3): those of a router that is busy come together.
#[test]
fn answers_that_come_together() {
    let answers = |late: u64| {
        let mut bed = Stream::bed(Rfc9568);
        for number in 0..4 {
            bed.t(number * 2, &v3(1, 50));
        }
        for number in 0..4 {
            bed.d(late + number * 2, &v3(50, 100));
        }
        bed
    };
    answers(10).finds_nothing();
    answers(110).finds_nothing();
    answers(200).finds(&[("vrrp3.active.interval", 8)]);
}

#[test]
fn too_slow() {
    let slow = at_times(&v3(50, 100), &[0, 1300, 2600, 3900, 5200]);
    slow.finds(&[("vrrp3.active.interval", 4), ("vrrp3.active.interval", 5)]);
    // Lost frames make it longer by whole intervals, and Cisco's are shorter.
    at_times(&v3(50, 100), &[0, 2000, 4000, 6000, 8000, 11000]).finds_nothing();
    at_times(&v2(50, 100), &[0, 1620, 3240, 4860, 6480, 8100]).finds_nothing();
    // As configured anew.
    let mut stream = Stream::captured();
    for (time, seconds) in [(0, 1), (1000, 1), (2000, 2), (4000, 2), (6000, 2), (8000, 2)] {
        stream.d(time, &Advert { interval: Duration::from_secs(seconds), ..v3(50, 100) });
    }
    stream.passes("vrrp3.active.interval");
}

#[test]
fn silent_after_priority_0() {
    let mut stream = Stream::captured();
    stream.d(0, &v2(50, 100));
    stream.d(400, &v2(50, 0));
    stream.d(1000, &v2(50, 100));
    stream.finds(&[("vrrp2.shutdown.silent", 3)]);
    // It starts anew, and waits; or it owns the addresses.
    let mut stream = Stream::captured();
    stream.d(0, &v2(50, 100));
    stream.d(400, &v2(50, 0));
    stream.d(4010, &v2(50, 100));
    stream.passes("vrrp2.shutdown.silent");
    let mut stream = Stream::captured();
    stream.d(400, &v2(50, 0));
    stream.d(1000, &v2(50, 255));
    stream.finds_nothing();
    // In the wrong order in the capture.
    let mut stream = Stream::captured();
    stream.d(400, &v2(50, 0));
    stream.d(402, &v2(50, 100));
    stream.finds_nothing();
}

#[test]
fn more_than_one_active() {
    let mut stream = Stream::captured();
    for number in 0..6 {
        stream.d(number * 1000, &v3(1, 200));
        stream.d(number * 1000 + 300, &v3(50, 100));
    }
    stream.finds(&[("vrrp3.network.one-active", 10)]);
    // The worse one yields to the second advertisement: it has missed one.
    let mut stream = Stream::captured();
    for number in 0..3 {
        stream.d(number * 1000, &v3(50, 100));
    }
    for number in 2..9 {
        stream.d(number * 1000 + 500, &v3(1, 200));
    }
    stream.d(3000, &v3(50, 100));
    stream.finds_nothing();
    // Two links in one capture, with one VRID.
    let mut stream = Stream::captured();
    for number in 0..6 {
        stream.d(number * 1000, &Advert { addresses: vec![address(77)], ..v3(1, 200) });
        stream.d(number * 1000 + 300, &v3(50, 100));
    }
    stream.finds_nothing();
    // It has to discard the better one's.
    let mut stream = Stream::captured();
    for number in 0..6 {
        stream.d(number * 1000, &Advert { ttl: 64, ..v3(1, 200) });
        stream.d(number * 1000 + 300, &v3(50, 100));
    }
    assert!(stream.report().findings.iter().all(|one| one.requirement == "vrrp3.encapsulation.ttl"));
    // Virtual routers of two VLANs, and of two families.
    let mut stream = Stream::captured();
    for number in 0..6 {
        let tags = vec![redspec_codec::frame::VlanTag::new(5)];
        stream.d(number * 1000, &Advert { tags, ..v3(1, 200) });
        stream.d(number * 1000 + 300, &v3(50, 100));
        stream.d(number * 1000 + 600, &v6(0x50, 50));
    }
    stream.finds_nothing();
}

#[test]
fn routers_that_are_not_configured_alike() {
    let three = |one: &Advert, other: &Advert| {
        let mut stream = Stream::captured();
        stream.d(0, one);
        stream.d(500, other);
        stream.d(1000, one);
        stream
    };
    let two = |advert: Advert| Advert { addresses: vec![VIP.into(), address(253)], ..advert };
    three(&v2(50, 100), &two(v2(9, 90))).finds(&[("vrrp2.network.same-addresses", 3)]);
    let turned = Advert { addresses: vec![address(253), VIP.into()], ..v3(9, 90) };
    three(&two(v3(50, 100)), &turned).finds(&[("vrrp3.network.same-order", 3)]);
    let slow = Advert { interval: Duration::from_secs(3), ..v2(9, 90) };
    three(&v2(50, 100), &slow).finds(&[("vrrp2.network.same-interval", 3)]);
    three(&v2(50, 255), &v2(9, 255)).finds(&[("vrrp2.network.one-owner", 3)]);
    three(&two(v3(50, 100)), &two(v3(9, 90))).passes("vrrp3.network.same-addresses");
    // Both may have been configured anew in between.
    let mut stream = Stream::captured();
    stream.d(0, &v2(50, 200));
    stream.d(4000, &two(v2(9, 90)));
    stream.d(5000, &two(v2(9, 90)));
    stream.finds_nothing();
}

/// A Backup of priority 100 takes over from 200, so long after its last advertisement, so often.
fn takeovers(times: u64, after: u64, announced: bool) -> Stream {
    let mut stream = Stream::captured();
    for turn in 0..times {
        let start = 1000 + turn * 20_000;
        for number in 0..4 {
            stream.d(start + number * 1000, &v2(1, 200));
        }
        stream.raw(start + 1, tells(VIP.into(), VIRTUAL));
        for number in 0..4 {
            stream.d(start + 3000 + after + number * 1000, &v2(50, 100));
        }
        if announced {
            stream.raw(start + 3000 + after + 1, tells(VIP.into(), VIRTUAL));
        }
    }
    stream
}

#[test]
fn takeover_outside_its_window() {
    takeovers(3, 3609, true).passes("vrrp2.backup.takeover-time");
    // One may have missed something, the other two as well.
    takeovers(2, 2000, true).finds_nothing();
    let early = takeovers(4, 2000, true).report().findings;
    assert!(
        early.len() == 2 && early.iter().all(|one| one.requirement == "vrrp2.backup.not-early"),
        "{early:#?}"
    );
    // A capture that has lost frames, or a router that was not there.
    takeovers(4, 6000, true).finds_nothing();
}

#[test]
fn takeover_in_a_bed() {
    let run = |after: u64| {
        let mut stream = Stream::bed(Rfc9568);
        stream.d(0, &v3(50, 100));
        stream.t(500, &v3(9, 200));
        stream.d(500 + after, &v3(50, 100));
        stream.raw(500 + after + 1, tells(VIP.into(), VIRTUAL));
        stream.d(1500 + after, &v3(50, 100));
        stream
    };
    run(3609).passes("vrrp3.backup.takeover-time");
    run(3609).passes("vrrp3.active.gratuitous-arp");
    run(3000).finds(&[("vrrp3.backup.not-early", 3)]);
    run(4600).finds(&[("vrrp3.backup.takeover-time", 3)]);
    // What it may discard, or was on its way, or came after it was configured, says nothing.
    let mut stream = Stream::bed(Rfc9568);
    stream.d(0, &v3(50, 100));
    stream.t(500, &Advert { ttl: 254, ..v3(9, 200) });
    stream.d(1000, &v3(50, 100));
    stream.t(1990, &v3(9, 200));
    stream.d(2000, &v3(50, 100));
    stream.finds_nothing();
    let mut stream = Stream::bed(Rfc9568);
    stream.d(0, &v3(50, 100));
    stream.t(500, &v3(9, 200));
    stream.happens(600, Happening::Operation(Cow::Borrowed("configure vrrp.priority = 250")));
    stream.d(1500, &v3(50, 250));
    stream.finds_nothing();
}

fn is_arp(event: &Event<'_>) -> bool {
    matches!(&event.what, Happening::Frame { octets, .. } if octets[12..14] == [8, 6])
}

#[test]
fn nobody_is_told() {
    let silent = takeovers(4, 3609, false).report().findings;
    assert!(
        silent.len() == 2 && silent.iter().all(|one| one.requirement == "vrrp2.active.gratuitous-arp"),
        "{silent:#?}"
    );
    // A frame may be lost; and a capture of protocol 112 alone has none.
    takeovers(2, 3609, false).finds_nothing();
    let mut alone = takeovers(4, 3609, false);
    alone.events.retain(|event| event.frame(Direction::FromDevice).is_none() && !is_arp(event));
    alone.finds_nothing();
    // A reply to everyone is a gratuitous ARP all the same.
    let mut stream = Stream::bed(Rfc3768);
    stream.t(0, &v2(9, 200));
    stream.d(3609, &v2(50, 100));
    let mut reply = tells(VIP.into(), VIRTUAL);
    reply[21] = 2;
    stream.raw(3610, reply);
    stream.d(4609, &v2(50, 100));
    stream.passes("vrrp2.active.gratuitous-arp");
    let mut stream = Stream::bed(Rfc3768);
    stream.t(0, &v2(9, 200));
    stream.d(3609, &v2(50, 100));
    stream.d(4609, &v2(50, 100));
    stream.d(5609, &v2(50, 100));
    stream.finds(&[("vrrp2.active.gratuitous-arp", 2)]);
}

#[test]
fn two_mac_addresses_for_one_address() {
    let run = |frames: &[Vec<u8>]| {
        let mut stream = Stream::captured();
        stream.d(0, &v3(50, 100));
        for (frame, time) in frames.iter().zip([200, 300]) {
            stream.raw(time, frame.clone());
        }
        stream.d(1000, &v3(50, 100));
        stream
    };
    run(&[arp_reply(VIRTUAL, physical(50))]).passes("vrrp3.arp.virtual-mac");
    run(&[arp_reply(physical(50), VIRTUAL)]).finds(&[("vrrp3.arp.virtual-mac", 2)]);
    // The address that the router is known by is there too.
    run(&[tells(address(50), physical(50)), arp_reply(physical(50), physical(50))])
        .finds(&[("vrrp3.arp.virtual-mac", 3)]);
    run(&[tells(address(50), physical(50)), tells(VIP.into(), physical(50))])
        .finds(&[("vrrp3.arp.gratuitous-virtual-mac", 3)]);
    // Anybody may claim it.
    run(&[arp_reply(physical(77), physical(77))]).finds_nothing();
    // It has stopped, and the address is somebody's own now.
    let mut stream = Stream::captured();
    stream.d(0, &v3(50, 100));
    stream.d(100, &v3(50, 0));
    stream.raw(200, tells(address(50), physical(50)));
    stream.raw(300, tells(VIP.into(), physical(50)));
    stream.d(20_000, &v3(50, 100));
    stream.finds_nothing();
}

#[test]
fn lost_frames_and_time_that_goes_back() {
    let mut stream = at_times(&v2(50, 100), &[0, 660, 1320]);
    stream.bed = true;
    let mut bed = Stream::bed(Rfc3768);
    for (number, time) in [0, 660, 1320, 1980, 2640, 3300].into_iter().enumerate() {
        if number % 2 == 0 {
            bed.happens(time - time.min(1), Happening::Dropped(1));
        }
        bed.d(time, &v2(50, 100));
    }
    bed.finds_nothing();
    let mut watch = Watch::new(Options { edition: Dot1Ax2014, exact: false });
    for time in [5000, 5660, 4000, 4660, 3000, 3660, 2000, 2660] {
        let mut stream = Stream::captured();
        stream.d(time, &v2(50, 100));
        watch.event(&stream.events[0]);
    }
    assert!(watch.finish().findings.is_empty());
}

/// What a tester says is held against nobody.
#[test]
fn the_tester_is_not_judged() {
    let mut stream = Stream::bed(Rfc9568);
    for number in 0..9 {
        stream.t(number * 100, &Advert { ttl: 1, checksum: Sum::Flipped(7), ..v3(9, 200) });
    }
    stream.finds_nothing();
    assert!(stream.report().ends.iter().all(|end| end.judged.iter().all(|one| one.violated == 0)));
}

/// How a router of one version or family advertises.
type Make = fn(u8, u8) -> Advert;

fn six(last: u8, priority: u8) -> Advert {
    v6(last.into(), priority)
}

/// Streams that break what the versions and families have in common.
fn breaking(make: Make) -> Vec<Stream> {
    let edition = if make(1, 1).version_field == 2 { Rfc3768 } else { Rfc9568 };
    let mut streams: Vec<Stream> = [
        Advert { ttl: 254, ..make(50, 100) },
        Advert { source_mac: Some(physical(50)), ..make(50, 100) },
        Advert { checksum: Sum::Flipped(1), ..make(50, 100) },
        Advert { addresses: Vec::new(), ..make(50, 100) },
        Advert { edits: vec![Edit::Append(vec![0, 0])], ..make(50, 100) },
        Advert { packet_type: 2, ..make(50, 100) },
        Advert { vrid: 0, ..make(50, 100) },
        Advert { destination: Some((make(9, 1).source, physical(9))), ..make(50, 100) },
        Advert { reserve: 1, ..make(50, 100) },
        Advert { auth_type: 3, ..make(50, 100) },
        Advert { auth_data: [1; 8], ..make(50, 100) },
    ]
    .iter()
    .map(|advert| one(advert, edition))
    .collect();
    let group = make(50, 100).frame();
    let broadcast = [vec![0xff; 6], group[6..].to_vec()].concat();
    let mut stream = Stream { edition, bed: false, events: Vec::new() };
    stream.raw(0, broadcast);
    streams.push(stream);
    // Fast, after it was seen that others are.
    let mut fast = Stream::captured();
    fast.d(0, &make(9, 50));
    for number in 10..16 {
        fast.d(number * 600, &make(50, 100));
    }
    streams.push(fast);
    let mut stops = Stream::captured();
    stops.d(0, &make(50, 0));
    stops.d(1000, &make(50, 100));
    streams.push(stops);
    // Too early, and too late after priority 0.
    for (priority, after) in [(None, 2000), (Some(0), 2500)] {
        let mut takes_over = Stream::captured();
        for start in [0, 20_000, 40_000, 60_000] {
            for number in 0..4 {
                takes_over.d(start + number * 1000, &make(1, 200));
            }
            let last = priority.map_or(3000, |priority| {
                takes_over.d(start + 3500, &make(1, priority));
                3500
            });
            for number in 0..4 {
                takes_over.d(start + last + after + number * 1000, &make(50, 100));
            }
        }
        streams.push(takes_over);
    }
    let vip = make(50, 100).addresses[0];
    for (after, tells_wrong) in [(4600, false), (3609, true)] {
        let mut bed = Stream::bed(edition);
        bed.d(0, &make(50, 100));
        bed.t(500, &make(9, 200));
        bed.d(500 + after, &make(50, 100));
        if tells_wrong {
            bed.raw(600 + after, tells(vip, physical(50)));
            let mut answer = tells(vip, physical(50));
            if vip.is_ipv4() {
                answer = arp_reply(physical(50), physical(50));
            } else {
                // The Solicited flag; nobody looks at the checksum.
                answer[58] |= 0x40;
            }
            bed.raw(700 + after, answer);
        }
        for number in 1..4 {
            bed.d(500 + after + number * 1000, &make(50, 100));
        }
        streams.push(bed);
    }
    let mut both = Stream::captured();
    for number in 0..6 {
        both.d(number * 1000, &make(1, 200));
        both.d(number * 1000 + 300, &make(50, 100));
    }
    streams.push(both);
    let more = |mut advert: Advert, first: bool| {
        let other = if vip.is_ipv4() { address(253) } else { IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, 0x99]) };
        advert.addresses.insert(if first { 0 } else { advert.addresses.len() }, other);
        advert
    };
    for (this, that) in [
        (make(50, 100), more(make(9, 90), false)),
        (more(make(50, 100), true), more(make(9, 90), false)),
        (make(50, 100), Advert { interval: Duration::from_secs(3), ..make(9, 90) }),
        (make(50, 255), make(9, 255)),
    ] {
        let mut stream = Stream::captured();
        stream.d(0, &this);
        stream.d(500, &that);
        stream.d(1000, &this);
        streams.push(stream);
    }
    streams
}

#[test]
fn every_monitored_requirement_is_broken_by_a_stream() {
    let mut broken: BTreeSet<&str> = BTreeSet::new();
    for make in [v2, v3, six] {
        for stream in breaking(make) {
            broken.extend(stream.report().findings.iter().map(|one| one.requirement));
        }
    }
    // What one edition asks alone, or one family.
    let pseudo_header = Advert { pseudo_header: true, ..v3(50, 100) };
    let mut global_first = v6(0x50, 100);
    global_first.addresses.reverse();
    let global = Advert { source: IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x50]), ..v6(0x50, 100) };
    let cut = Advert { edits: vec![Edit::Cut(12)], checksum: Sum::Exactly(0), ..v2(50, 100) };
    for (advert, edition) in [
        (&pseudo_header, Rfc9568),
        (&global_first, Rfc9568),
        (&global_first, Rfc5798),
        (&global, Rfc9568),
        (&cut, Rfc3768),
    ] {
        broken.extend(one(advert, edition).report().findings.iter().map(|one| one.requirement));
    }
    let monitored: BTreeSet<&str> = monitor::requirements().filter(|id| id.starts_with("vrrp")).collect();
    let missing: Vec<_> = monitored.difference(&broken).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
