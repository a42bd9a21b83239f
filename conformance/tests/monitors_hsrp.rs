//! Each monitor of HSRP on streams made by hand: one that breaks its requirement, with the frame that shows it, and one that
//! comes close and does not. And what cannot be known: lost frames, the other direction, what one loss explains.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use redspec::event::{Direction, Event, Happening, Port, Stamp};
use redspec::monitor::{Options, Report, Watch};
use redspec::reference::hsrp::configuration::{Authentication, Configuration};
use redspec::settings::Settings;
use redspec::spec::Edition::{self, CiscoHsrp1, CiscoHsrp2, Dot1Ax2014, Rfc2281};
use redspec::spec::hsrp::machine::Group::{self, Active, Listen, Speak, Standby};
use redspec::suite::hsrp::{Edit, Message};
use redspec::time::Time;
use redspec_codec::frame::{Arp, Builder, Ethernet, VlanTag};
use redspec_codec::hsrp::{Opcode, v2};
use redspec_codec::{MacAddress, Stated};

/// A stream of events, in a bed or captured.
struct Stream {
    edition: Edition,
    bed: bool,
    events: Vec<Event<'static>>,
}

const MILLISECOND: u64 = 1_000_000;
const VIP: [u8; 4] = [10, 0, 0, 254];
/// Of group 1 in version 1.
const VIRTUAL: MacAddress = MacAddress([0, 0, 0x0c, 0x07, 0xac, 1]);

fn address(last: u8) -> IpAddr {
    IpAddr::from([10, 0, 0, last])
}

fn hello(edition: Edition, family: &str, source: IpAddr, state: Group, priority: u32) -> Message {
    let settings = Settings::new().with("hsrp.family", family);
    let configuration = Configuration::new(&settings, edition).unwrap();
    Message::hello(&configuration, configuration.first(), source, state, priority)
}

/// Router `last` of version 1: 3 seconds, 10 seconds.
fn v1(last: u8, state: Group, priority: u32) -> Message {
    hello(Rfc2281, "ipv4", address(last), state, priority)
}

fn v2(last: u8, state: Group, priority: u32) -> Message {
    hello(CiscoHsrp2, "ipv4", address(last), state, priority)
}

fn v6(last: u16, state: Group, priority: u32) -> Message {
    hello(CiscoHsrp2, "ipv6", IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, last]), state, priority)
}

/// As the messages have it.
fn physical(last: u8) -> MacAddress {
    MacAddress([2, 0x52, 0x53, 0, 2, last])
}

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
    fn d(&mut self, at_ms: u64, message: &Message) -> u64 {
        self.push(at_ms, Direction::FromDevice, message.frame())
    }

    /// The tester sends.
    fn t(&mut self, at_ms: u64, message: &Message) -> u64 {
        self.push(at_ms, Direction::ToDevice, message.frame())
    }

    fn raw(&mut self, at_ms: u64, octets: Vec<u8>) -> u64 {
        self.push(at_ms, Direction::FromDevice, octets)
    }

    fn happens(&mut self, at_ms: u64) {
        let at = Stamp::from(Time::from_nanos((1000 + at_ms) * MILLISECOND));
        let what = Happening::Operation(Cow::Borrowed("configure hsrp.priority = 250"));
        self.events.push(Event { number: 0, at, port: Port(0), what });
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

fn one(message: &Message, edition: Edition) -> Stream {
    let mut stream = Stream { edition, bed: false, events: Vec::new() };
    stream.d(0, message);
    stream
}

fn at_times(message: &Message, times: &[u64]) -> Stream {
    let mut stream = Stream::captured();
    for time in times {
        stream.d(*time, message);
    }
    stream
}

fn arp(operation: u16, mac: MacAddress, source: MacAddress, to_all: bool) -> Vec<u8> {
    let arp = Arp {
        operation,
        sender_mac: mac,
        sender_ip: VIP.into(),
        target_mac: physical(0x14),
        target_ip: if to_all { VIP.into() } else { [10, 0, 0, 0x14].into() },
    };
    let plain = Builder::arp(source);
    let destination = if to_all { MacAddress([0xff; 6]) } else { physical(0x14) };
    let ethernet = plain.ethernet.map(|ethernet| Ethernet { destination, ..ethernet });
    let mut out = vec![0; 128];
    let length = Builder { ethernet, ..plain }.emit(&mut out, |space| arp.emit(space)).unwrap();
    out.truncate(length);
    out
}

/// Gratuitous ARP as it should be.
fn tells() -> Vec<u8> {
    arp(Arp::REPLY, VIRTUAL, VIRTUAL, true)
}

fn interface_state(active: u16, passive: u16, source: MacAddress) -> Vec<u8> {
    let mut payload = vec![0; 64];
    let state = v2::InterfaceState { active_groups: active, passive_groups: passive };
    let length = v2::emit([v2::Tlv::InterfaceState(state)], &mut payload).unwrap();
    let around = Message { source_mac: Some(source), ..v2(50, Speak, 100) };
    around.around(&payload[..length])
}

#[test]
fn one_frame_shows_it() {
    let active = v1(50, Active, 100);
    let plain = |change: fn(Message) -> Message| change(v1(50, Active, 100));
    let right: &[Message] = &[
        active.clone(),
        v1(50, Standby, 255),
        v1(50, Speak, 0),
        v1(50, Listen, 100).coup(),
        v1(50, Speak, 100).resign(),
        Message { reserved: 7, ..active.clone() },
        Message { ttl: Some(2), ..active.clone() },
        Message { checksum: Stated::Exactly(0), ..active.clone() },
        Message { source_mac: Some(VIRTUAL), ..active.clone().resign() },
        v2(50, Active, 100_000),
        v2(50, Standby, 100),
        Message { ttl: Some(255), ..v2(50, Speak, 100) },
        Message { authentication: None, ..v2(50, Active, 100) },
        v6(0x50, Active, 100),
        // What is asked over IPv4 alone.
        Message { address: v6(0x50, Active, 100).source, ..v6(0x50, Active, 100) },
        Message { tags: vec![VlanTag::new(5)], ..v2(50, Speak, 100) },
    ];
    for message in right {
        one(message, Dot1Ax2014).finds_nothing();
    }
    let wrong: &[(Message, &str)] = &[
        (plain(|m| Message { version_field: Some(1), ..m }), "hsrp1.pdu.version"),
        (plain(|m| Message { opcode: Opcode(4), ..m }), "hsrp1.pdu.opcode"),
        (Message { state_field: Some(5), ..v1(50, Standby, 100) }, "hsrp1.pdu.state"),
        (v1(50, Listen, 100), "hsrp1.pdu.state-current"),
        (plain(|m| m.hold(Duration::from_secs(3))), "hsrp1.pdu.holdtime"),
        (plain(|m| m.hold(Duration::from_secs(8))), "hsrp1.pdu.holdtime-ratio"),
        (plain(|m| m.edited([Edit::Append(vec![0, 0])])), "hsrp1.pdu.length"),
        (plain(|m| m.edited([Edit::Cut(19)])), "hsrp1.pdu.length"),
        (Message { address: address(50), ..active.clone() }, "hsrp1.encapsulation.source-address"),
        (
            Message { source_mac: Some(VIRTUAL), ..v1(50, Standby, 100) },
            "hsrp1.encapsulation.source-mac-others",
        ),
        (
            Message { source_mac: Some(MacAddress([2, 0, 0, 0, 0, 9])), ..active.clone() },
            "hsrp1.encapsulation.virtual-mac",
        ),
        (
            Message {
                destination: Some(([224, 0, 0, 1].into(), MacAddress([1, 0, 0x5e, 0, 0, 1]))),
                ..active.clone()
            },
            "hsrp1.encapsulation.destination",
        ),
        (
            Message { destination: Some(([224, 0, 0, 2].into(), MacAddress([0xff; 6]))), ..active.clone() },
            "hsrp1.encapsulation.destination-mac",
        ),
        (Message { source_port: Some(1986), ..active.clone() }, "hsrp1.encapsulation.source-port"),
        (Message { checksum: Stated::Exactly(0x1234), ..active.clone() }, "hsrp1.encapsulation.udp-checksum"),
        (Message { version_field: Some(3), ..v2(50, Active, 100) }, "hsrp2.pdu.version"),
        (v2(50, Listen, 100), "hsrp2.pdu.state-current"),
        (v2(50, Active, 100).hold(Duration::from_secs(3)), "hsrp2.pdu.holdtime"),
        (v2(50, Active, 100).hold(Duration::from_secs(8)), "hsrp2.pdu.holdtime-ratio"),
        (Message { ttl: Some(64), ..v2(50, Active, 100) }, "hsrp2.encapsulation.ttl"),
        (v2(50, Active, 100).edited([Edit::Octet(5, 6)]), "hsrp2.pdu.ip-version"),
        (v2(50, Active, 100).edited([Edit::Append(vec![9, 0])]), "hsrp2.pdu.tlv-unknown"),
        (v2(50, Active, 100).edited([Edit::Append(vec![4, 9])]), "hsrp2.pdu.tlv-length"),
        (Message { source_mac: Some(physical(9)), ..v2(50, Standby, 100) }, "hsrp2.pdu.identifier"),
        (
            Message { source_mac: Some(physical(50)), ..v2(50, Active, 100) },
            "hsrp2.encapsulation.source-mac-active",
        ),
        (
            Message { source_mac: Some(physical(0x50)), ..v6(0x50, Active, 100) },
            "hsrp2.encapsulation.virtual-mac-ipv6",
        ),
    ];
    for (message, requirement) in wrong {
        let report = one(message, Dot1Ax2014).report();
        let found: BTreeSet<&str> = report.findings.iter().map(|one| one.requirement).collect();
        assert_eq!(found, BTreeSet::from([*requirement]), "{:#?}", report.findings);
    }
}

#[test]
fn the_ttl_is_asked_by_edition() {
    let message = Message { ttl: Some(2), ..v1(50, Active, 100) };
    one(&message, Rfc2281).finds(&[("hsrp1.encapsulation.ttl", 1)]);
    one(&message, CiscoHsrp1).finds_nothing();
    one(&Message { ttl: Some(64), ..message }, CiscoHsrp1).finds(&[("hsrp1.encapsulation.ttl-cisco", 1)]);
}

/// What a machine sends of itself may have its checksum left to the network card; what goes to one host may be anybody's.
#[test]
fn what_is_not_known_of_one_frame() {
    let partial = {
        let words = [0x0a00u32, 0x0032, 0xe000, 0x0002, 17, 28];
        let sum: u32 = words.iter().sum();
        u16::try_from((sum & 0xffff) + (sum >> 16)).unwrap()
    };
    one(&Message { checksum: Stated::Exactly(partial), ..v1(50, Active, 100) }, Dot1Ax2014).finds_nothing();
    let to_one = Some((address(9), physical(9)));
    one(&Message { destination: to_one, ..v1(50, Active, 100) }, Dot1Ax2014).finds_nothing();
}

#[test]
fn the_digest_names_its_sender() {
    let md5 = Authentication::Md5 { key: "labkey".to_owned(), key_id: 1 };
    let sealed = Message { authentication: Some(md5), ..v1(50, Active, 100) };
    one(&sealed, CiscoHsrp1).passes("hsrp1.authentication.md5-sender");
    one(&sealed, CiscoHsrp1).passes("hsrp1.pdu.length");
    one(&sealed.clone().edited([Edit::Octet(29, 9)]), CiscoHsrp1)
        .finds(&[("hsrp1.authentication.md5-sender", 1)]);
    one(&sealed.edited([Edit::Octet(8, b'x')]), CiscoHsrp1)
        .finds(&[("hsrp1.authentication.md5-data-zero", 1)]);
}

#[test]
fn the_active_router_sends_from_its_own_address() {
    let mut stream = Stream::captured();
    stream.d(0, &v1(50, Standby, 100));
    stream.d(2500, &Message { source_mac: Some(physical(50)), ..v1(50, Active, 100) });
    stream.finds(&[("hsrp1.encapsulation.source-mac-active", 2)]);
}

#[test]
fn hellos_too_late() {
    let late = [0, 4000, 8000, 12_000, 16_000];
    at_times(&v1(50, Active, 100), &late)
        .finds(&[("hsrp1.timers.hellotime", 4), ("hsrp1.timers.hellotime", 5)]);
    at_times(&v2(50, Standby, 100), &late)
        .finds(&[("hsrp2.timers.hellotime", 4), ("hsrp2.timers.hellotime", 5)]);
    // Twice in a row may be chance.
    at_times(&v1(50, Active, 100), &[0, 4000, 8000, 11_000, 15_000, 19_000, 22_000]).finds_nothing();
    // Lost frames make it longer by a whole Hellotime less its jitter.
    at_times(&v1(50, Active, 100), &[0, 5000, 10_000, 15_000, 20_000]).finds_nothing();
    // Jitter, and Hellos in between.
    at_times(&v1(50, Active, 100), &[0, 2400, 2410, 5500, 8610, 8700, 11_200, 11_250, 14_000])
        .passes("hsrp1.timers.hellotime");
    // A frame captured twice.
    at_times(&v1(50, Active, 100), &[0, 3, 3000, 3003, 6000, 6002, 9000, 9001]).finds_nothing();
    // What it hears in between may have moved it.
    let mut stream = Stream::captured();
    for number in 0..6 {
        stream.d(number * 4000, &v1(50, Speak, 100));
        stream.d(number * 4000 + 2000, &v1(9, Speak, 200));
    }
    stream.finds_nothing();
    // In a bed nothing is lost.
    let mut bed = Stream::bed(Rfc2281);
    for number in 0..5 {
        bed.d(number * 6000, &v1(50, Active, 100));
    }
    bed.finds(&[("hsrp1.timers.hellotime", 4), ("hsrp1.timers.hellotime", 5)]);
}

/// Both in that state, every 3 seconds.
fn both(one: &Message, other: &Message, times: u64) -> Stream {
    let mut stream = Stream::captured();
    for number in 0..times {
        stream.d(number * 3000, one);
        stream.d(number * 3000 + 1000, other);
    }
    stream
}

#[test]
fn two_in_one_state() {
    both(&v1(1, Active, 200), &v1(50, Active, 100), 8).finds(&[("hsrp1.network.one-active", 10)]);
    both(&v2(1, Standby, 200), &v2(50, Standby, 100), 8).finds(&[("hsrp2.network.one-standby", 10)]);
    // The worse one yields.
    let mut stream = both(&v1(1, Active, 200), &v1(50, Active, 100), 2);
    stream.d(6000, &v1(1, Active, 200));
    stream.d(7000, &v1(50, Speak, 100));
    stream.passes("hsrp1.network.one-active");
    // Other groups, versions, VLANs, links; another state.
    let mac = MacAddress([0, 0, 0x0c, 0x07, 0xac, 2]);
    let group = Message { group: 2, address: address(253), source_mac: Some(mac), ..v1(1, Active, 200) };
    both(&group, &v1(50, Active, 100), 8).finds_nothing();
    both(&v2(1, Active, 200), &v1(50, Active, 100), 8).finds_nothing();
    let tagged = Message { tags: vec![VlanTag::new(5)], ..v1(1, Active, 200) };
    both(&tagged, &v1(50, Active, 100), 8).finds_nothing();
    let elsewhere =
        Message { source: [10, 9, 9, 1].into(), address: [10, 9, 9, 254].into(), ..v1(1, Active, 200) };
    both(&elsewhere, &v1(50, Active, 100), 8).finds_nothing();
    both(&v1(1, Active, 200), &v1(50, Standby, 100), 8).finds_nothing();
    // It has to discard the better one's.
    let broken = Message { checksum: Stated::Exactly(0x1234), ..v1(1, Active, 200) };
    let found = both(&broken, &v1(50, Active, 100), 8).report().findings;
    assert!(found.iter().all(|one| one.requirement == "hsrp1.encapsulation.udp-checksum"), "{found:#?}");
    // Why it does not listen is said.
    let password = Some(Authentication::Text("other".to_owned()));
    let other = Message { authentication: password, ..v1(1, Active, 200) };
    let found = both(&other, &v1(50, Active, 100), 8).report().findings;
    assert!(found.len() == 1 && found[0].text.contains("authenticated differently"), "{found:#?}");
}

#[test]
fn routers_that_are_not_configured_alike() {
    let three = |one: &Message, other: &Message| {
        let mut stream = Stream::captured();
        stream.d(0, one);
        stream.d(1000, other);
        stream.d(3000, one);
        stream
    };
    let other = Message { address: address(200), ..v1(60, Standby, 90) };
    three(&v1(50, Active, 100), &other).finds(&[("hsrp1.network.same-virtual-address", 3)]);
    three(&v1(50, Active, 100), &v1(60, Standby, 90)).passes("hsrp1.network.same-virtual-address");
    // On another network, which the capture shows as the same link.
    let far =
        Message { source: [10, 9, 9, 1].into(), address: [10, 9, 9, 254].into(), ..v1(60, Standby, 90) };
    three(&v1(50, Active, 100), &far).finds_nothing();
    // Configured anew in between, perhaps.
    let mut stream = Stream::captured();
    stream.d(0, &v1(50, Active, 100));
    stream.d(3000, &other);
    stream.d(6000, &other);
    stream.finds_nothing();
    // The virtual address of two groups, and one that a router has.
    let second = Message { group: 2, ..v1(50, Standby, 100) };
    let first = v1(50, Standby, 100);
    three(&first, &second).finds(&[("hsrp1.network.distinct-addresses", 3)]);
    let real = Message { address: address(60), ..v1(50, Standby, 100) };
    let found = three(&real, &v1(60, Speak, 90)).report().findings;
    assert!(found.iter().any(|one| one.requirement == "hsrp1.network.distinct-addresses"), "{found:#?}");
}

/// A Standby router takes over from a better one, so long after its last Hello, so often.
fn takeovers(times: u64, after: u64, announced: bool) -> Stream {
    let mut stream = Stream::captured();
    for turn in 0..times {
        let start = 1000 + turn * 60_000;
        for number in 0..4 {
            stream.d(start + number * 3000, &v1(1, Active, 200));
            stream.d(start + number * 3000 + 100, &v1(50, Standby, 100));
        }
        let last = start + 9000;
        for number in 1..after / 3000 {
            stream.d(last + 100 + number * 3000, &v1(50, Standby, 100));
        }
        for number in 0..3 {
            stream.d(last + after + number * 3000, &v1(50, Active, 100));
        }
        if announced {
            stream.raw(last + after + 1, tells());
        }
        stream.d(last + after + 8000, &v1(50, Speak, 100));
    }
    stream
}

#[test]
fn takeover_outside_its_window() {
    takeovers(3, 10_000, true).passes("hsrp1.timers.active-holdtime");
    takeovers(2, 6000, true).finds_nothing();
    let early = takeovers(4, 6000, true).report().findings;
    assert!(
        early.len() == 2 && early.iter().all(|one| one.requirement == "hsrp1.timers.active-holdtime"),
        "{early:#?}"
    );
    // A capture that has lost frames, or a router that was not there.
    takeovers(4, 14_000, true).finds_nothing();
}

#[test]
fn the_address_is_announced() {
    takeovers(3, 10_000, true).passes("hsrp1.arp.gratuitous");
    // A capture without any ARP leaves it out.
    takeovers(4, 10_000, false).finds_nothing();
    let mut some = takeovers(4, 10_000, false);
    some.raw(1, tells());
    let found = some.report().findings;
    assert!(
        found.len() == 2 && found.iter().all(|one| one.requirement == "hsrp1.arp.gratuitous"),
        "{found:#?}"
    );
    let run = |announced: Option<u64>| {
        let mut stream = Stream::bed(Rfc2281);
        stream.d(0, &v1(50, Speak, 100));
        stream.d(3000, &v1(50, Speak, 100));
        stream.d(6000, &v1(50, Speak, 100));
        stream.d(9000, &v1(50, Standby, 100));
        stream.d(9010, &v1(50, Active, 100));
        if let Some(at) = announced {
            stream.raw(at, tells());
        }
        stream.d(12_000, &v1(50, Active, 100));
        stream
    };
    run(Some(9011)).passes("hsrp1.arp.gratuitous");
    run(Some(9009)).passes("hsrp1.arp.gratuitous");
    run(Some(11_000)).finds(&[("hsrp1.arp.gratuitous", 5)]);
    run(None).finds(&[("hsrp1.arp.gratuitous", 5)]);
}

#[test]
fn where_the_address_is() {
    let run = |octets: Vec<u8>| {
        let mut stream = Stream::captured();
        stream.d(0, &v1(50, Standby, 100));
        stream.d(1000, &v1(50, Active, 100));
        stream.raw(1100, tells());
        stream.raw(1500, octets);
        stream.d(3900, &v1(50, Active, 100));
        stream
    };
    run(arp(Arp::REPLY, VIRTUAL, VIRTUAL, false)).passes("hsrp1.arp.virtual-mac");
    run(arp(Arp::REPLY, physical(50), physical(50), false))
        .finds(&[("hsrp1.arp.virtual-mac", 4), ("hsrp1.network.one-mac", 4)]);
    run(arp(Arp::REPLY, physical(50), VIRTUAL, true))
        .finds(&[("hsrp1.arp.gratuitous-virtual-mac", 4), ("hsrp1.network.one-mac", 4)]);
    run(arp(Arp::REPLY, VIRTUAL, physical(50), true)).finds(&[("hsrp1.arp.gratuitous-virtual-mac", 4)]);
    run(arp(Arp::REQUEST, VIRTUAL, VIRTUAL, true)).finds(&[("hsrp1.arp.gratuitous-response", 4)]);
    // A host that claims the address is none of the routers.
    run(arp(Arp::REPLY, physical(77), physical(77), false)).finds_nothing();
    // It was not Active all the time.
    let mut stream = Stream::captured();
    stream.d(0, &v1(50, Standby, 100));
    stream.d(1000, &v1(50, Active, 100));
    stream.raw(1500, arp(Arp::REPLY, physical(50), physical(50), false));
    stream.d(3900, &v1(50, Speak, 100));
    stream.finds_nothing();
}

#[test]
fn alone_in_a_bed() {
    let run = |states: &[(u64, Group)]| {
        let mut stream = Stream::bed(Rfc2281);
        for (at, state) in states {
            stream.d(*at, &v1(50, *state, 100));
            if *state == Active {
                stream.raw(*at + 1, tells());
            }
        }
        stream
    };
    run(&[(0, Speak), (2800, Speak), (5600, Speak), (8000, Standby), (8001, Active)])
        .passes("hsrp1.timers.own-holdtime");
    run(&[(0, Speak), (2800, Speak), (5000, Active)]).finds(&[("hsrp1.timers.own-holdtime", 3)]);
    run(&[(0, Active), (2800, Standby)]).finds(&[("hsrp1.startup.order", 3)]);
    run(&[(0, Standby), (2800, Speak)]).finds(&[("hsrp1.startup.order", 2)]);
    // It has begun anew.
    run(&[(0, Active), (12_000, Speak)]).finds_nothing();
    // It has heard another, or has been told something.
    let mut stream = Stream::bed(Rfc2281);
    stream.d(0, &v1(50, Active, 100));
    stream.t(100, &v1(9, Active, 200));
    stream.d(200, &v1(50, Speak, 100));
    stream.finds_nothing();
    let mut stream = Stream::bed(Rfc2281);
    stream.d(0, &v1(50, Active, 100));
    stream.happens(100);
    stream.d(200, &v1(50, Speak, 100));
    stream.finds_nothing();
    // In a capture there may have been others.
    let mut stream = Stream::captured();
    stream.d(0, &v1(50, Active, 100));
    stream.d(2000, &v1(50, Standby, 100));
    stream.finds_nothing();
}

#[test]
fn led_by_the_tester() {
    // It stays Active.
    let better = v1(9, Active, 200);
    let stays = |heard: &Message, last: u64| {
        let mut stream = Stream::bed(Rfc2281);
        stream.d(0, &v1(50, Active, 100));
        stream.t(500, heard);
        stream.d(last, &v1(50, Active, 100));
        stream
    };
    stays(&better, 2900).finds(&[("hsrp1.active.active-higher", 3)]);
    stays(&better, 600).finds_nothing();
    stays(&v1(9, Active, 50), 2900).finds_nothing();
    stays(&v1(9, Active, 100), 2900).finds_nothing();
    stays(&v1(60, Active, 100), 2900).finds(&[("hsrp1.active.active-higher", 3)]);
    stays(&Message { checksum: Stated::Exactly(1), ..better.clone() }, 2900).finds_nothing();
    stays(&Message { authentication: Some(Authentication::Text("x".to_owned())), ..better.clone() }, 2900)
        .finds_nothing();
    stays(&Message { address: address(200), ..better.clone() }, 2900).finds_nothing();
    stays(&better.clone().edited([Edit::Append(vec![0])]), 2900).finds_nothing();
    // Takeover from Standby.
    let run = |after: u64| {
        let mut stream = Stream::bed(Rfc2281);
        stream.d(0, &v1(50, Standby, 100));
        stream.t(500, &v1(9, Active, 200));
        for number in 1..(500 + after).div_ceil(2900) {
            stream.d(number * 2900, &v1(50, Standby, 100));
        }
        let active = stream.d(500 + after, &v1(50, Active, 100));
        stream.raw(501 + after, tells());
        (stream, active)
    };
    run(10_000).0.passes("hsrp1.standby.active-timer");
    run(11_900).0.passes("hsrp1.standby.active-timer");
    let (stream, active) = run(7000);
    stream.finds(&[("hsrp1.timers.active-holdtime", active)]);
    let (stream, active) = run(12_100);
    stream.finds(&[("hsrp1.standby.active-timer", active)]);
    // It never does.
    let mut stream = Stream::bed(Rfc2281);
    stream.t(100, &v1(9, Active, 200));
    for number in 0..6 {
        stream.d(200 + number * 2900, &v1(50, Standby, 100));
    }
    stream.finds(&[("hsrp1.standby.active-timer", 7)]);
}

#[test]
fn what_a_router_tells_of_its_groups() {
    let run = |octets: Vec<u8>, last: Group| {
        let mut stream = Stream::bed(CiscoHsrp2);
        stream.d(0, &v2(50, Active, 100));
        stream.raw(1000, octets);
        stream.d(2500, &v2(50, last, 100));
        stream
    };
    let own = physical(50);
    run(interface_state(1, 0, own), Active).passes("hsrp2.interface-state.counts");
    run(interface_state(0, 1, own), Active).finds(&[("hsrp2.interface-state.counts", 2)]);
    let virtual_mac = MacAddress([0, 0, 0x0c, 0x9f, 0xf0, 1]);
    run(interface_state(1, 0, virtual_mac), Active).finds(&[("hsrp2.interface-state.source-mac", 2)]);
    let mut left = Stream::captured();
    left.d(0, &v2(50, Active, 100));
    left.raw(1000, interface_state(0, 1, own));
    left.d(1001, &v2(50, Speak, 100));
    left.finds_nothing();
    // One of a capture may have missed something.
    let mut captured = run(interface_state(0, 1, own), Active);
    (captured.bed, captured.edition) = (false, Dot1Ax2014);
    for event in &mut captured.events {
        if let Happening::Frame { direction, .. } = &mut event.what {
            *direction = None;
        }
    }
    captured.finds_nothing();
}

/// What the tester sends is held against nobody.
#[test]
fn the_tester_is_not_judged() {
    let mut stream = Stream::bed(Rfc2281);
    stream.t(0, &Message { ttl: Some(9), checksum: Stated::Exactly(3), ..v1(9, Listen, 100) });
    stream.finds_nothing();
    assert_eq!(stream.report().traffic.judged, 1);
}

/// GLBP is nobody's standard: its routers are named, and nothing is asked of them.
#[test]
fn routers_are_named() {
    let mut stream = Stream::captured();
    stream.d(0, &v1(50, Active, 100));
    stream.d(100, &v2(60, Standby, 100));
    stream.raw(200, interface_state(0, 1, physical(50)));
    let report = stream.report();
    let names: Vec<&str> = report.ends.iter().map(|end| end.device.as_str()).collect();
    assert_eq!(names, ["10.0.0.50 group 1", "10.0.0.60 group 1", "10.0.0.50 interface"]);
    assert_eq!(report.ends[0].role, "Active, priority 100, every 3 s, hold 10 s");
}
