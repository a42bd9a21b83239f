//! Each monitor of HSRP on streams made by hand: one that breaks its requirement, with the frame that shows it, and one that
//! comes close and does not. And what cannot be known: lost frames, the other direction, what one loss explains.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use redspec::event::{Direction, Event, Happening, Port, Stamp};
use redspec::monitor::{self, Options, Report, Watch};
use redspec::reference::hsrp::configuration::{Authentication, Configuration};
use redspec::settings::Settings;
use redspec::spec::Edition::{self, CiscoHsrp1, CiscoHsrp2, Dot1Ax2014, Rfc2281};
use redspec::spec::hsrp::Version;
use redspec::spec::hsrp::machine::Group::{self, Active, Listen, Speak, Standby};
use redspec::spec::hsrp::timers;
use redspec::suite::hsrp::Dialect::{self, V1, V2, V6};
use redspec::suite::hsrp::{Edit, Message};
use redspec::time::Time;
use redspec_codec::frame::{Arp, Builder, Ethernet, NeighborDiscovery, VlanTag};
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::{Family, MacAddress, Stated};

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

fn link_local(last: u8) -> IpAddr {
    IpAddr::from([0xfe80, 0, 0, 0, 0, 0, 0, last.into()])
}

fn edition(dialect: Dialect) -> Edition {
    if dialect == V1 { Rfc2281 } else { CiscoHsrp2 }
}

/// Router `last`: 3 seconds, 10 seconds.
fn hello(dialect: Dialect, last: u8, state: Group, priority: u32) -> Message {
    let (family, source) = match dialect.family() {
        Family::Ipv4 => ("ipv4", address(last)),
        Family::Ipv6 => ("ipv6", link_local(last)),
    };
    let settings = Settings::new().with("hsrp.family", family);
    let configuration = Configuration::new(&settings, edition(dialect)).unwrap();
    Message::hello(&configuration, configuration.first(), source, state, priority)
}

fn v1(last: u8, state: Group, priority: u32) -> Message {
    hello(V1, last, state, priority)
}

fn v2(last: u8, state: Group, priority: u32) -> Message {
    hello(V2, last, state, priority)
}

fn v6(last: u8, state: Group, priority: u32) -> Message {
    hello(V6, last, state, priority)
}

fn virtual_mac(dialect: Dialect, group: u16) -> MacAddress {
    timers::virtual_mac(dialect.version(), dialect.family(), group)
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

/// Says to everyone, or to one host, that the virtual address is at `mac`.
fn says(dialect: Dialect, mac: MacAddress, source: MacAddress, to_all: bool) -> Vec<u8> {
    let IpAddr::V6(target) = hello(dialect, 50, Active, 100).address else {
        return arp(Arp::REPLY, mac, source, to_all);
    };
    let message = NeighborDiscovery::Advertisement {
        router: true,
        solicited: !to_all,
        overrides: true,
        target,
        target_mac: Some(mac),
    };
    let builder = Builder::neighbor_discovery(source, target);
    let carrier = builder.carrier().unwrap();
    let mut out = vec![0; 128];
    let length = builder.emit(&mut out, |space| message.emit(carrier, space)).unwrap();
    out.truncate(length);
    out
}

/// The same to everyone, as it should be.
fn tells(dialect: Dialect) -> Vec<u8> {
    says(dialect, virtual_mac(dialect, 1), virtual_mac(dialect, 1), true)
}

/// What router 50 tells of its groups.
fn interface_state(dialect: Dialect, active: u16, passive: u16) -> Message {
    let mut payload = vec![0; 64];
    let length = match dialect.version() {
        Version::V1 => {
            let state = if active > 0 { v1::AdvertiseState::ACTIVE } else { v1::AdvertiseState::PASSIVE };
            v1::Advertise::new(state, active, passive).emit(&mut payload)
        }
        Version::V2 => {
            let state = v2::InterfaceState { active_groups: active, passive_groups: passive };
            v2::emit([v2::Tlv::InterfaceState(state)], &mut payload)
        }
    };
    payload.truncate(length.unwrap());
    hello(dialect, 50, Speak, 100).edited([Edit::Cut(0), Edit::Append(payload)])
}

/// The requirements that a stream breaks.
fn broken(stream: &Stream) -> BTreeSet<&'static str> {
    stream.report().findings.iter().map(|one| one.requirement).collect()
}

/// A stream that breaks these requirements of its version and no others, and one that comes close and breaks none.
struct Case {
    breaks: &'static [&'static str],
    wrong: Stream,
    right: Stream,
}

impl Case {
    #[track_caller]
    fn check(&self, dialect: Dialect) {
        let breaks: Vec<String> =
            self.breaks.iter().map(|id| format!("{}.{id}", dialect.protocol())).collect();
        let expected: BTreeSet<&str> = breaks.iter().map(String::as_str).collect();
        assert_eq!(broken(&self.wrong), expected, "{dialect:?}: {:#?}", self.wrong.report().findings);
        let findings = self.right.report().findings;
        assert!(findings.is_empty(), "{dialect:?}, close to {expected:?}: {findings:#?}");
    }
}

/// What they break; a message that does, and one that does not.
type Messages = Vec<(&'static [&'static str], Message, Message)>;

/// What one frame shows.
fn one_frame(dialect: Dialect) -> Vec<Case> {
    let of_version = if dialect == V1 { in_version_1() } else { in_version_2(dialect) };
    let of_family = match dialect.family() {
        Family::Ipv4 => over_ipv4(dialect),
        Family::Ipv6 => over_ipv6(),
    };
    let asked = [in_both_versions(dialect), of_version, of_family].concat();
    let cisco = if dialect == V1 { asked_by_cisco() } else { Messages::new() };
    let case = |edition| {
        move |(breaks, wrong, right): (_, Message, Message)| Case {
            breaks,
            wrong: one(&wrong, edition),
            right: one(&right, edition),
        }
    };
    let cisco = cisco.into_iter().map(case(CiscoHsrp1));
    asked.into_iter().map(case(edition(dialect))).chain(cisco).collect()
}

fn in_both_versions(dialect: Dialect) -> Messages {
    let hello = |state| hello(dialect, 50, state, 100);
    let hold = |milliseconds| hello(Active).hold(Duration::from_millis(milliseconds));
    let (version, state, short) =
        if dialect == V1 { (1, v1::State::ACTIVE.0 - 1, 8000) } else { (3, v2::State::ACTIVE.0 + 1, 8999) };
    let own = Some(virtual_mac(dialect, 1));
    let interface = interface_state(dialect, 1, 0);
    vec![
        (&["pdu.version"], Message { version_field: Some(version), ..hello(Active) }, hello(Active)),
        (&["pdu.opcode"], Message { opcode: Opcode(4), ..hello(Active) }, hello(Active).resign()),
        (
            &["pdu.state"],
            Message { state_field: Some(state), ..hello(Standby) },
            Message { state_field: Some(0), ..hello(Standby).coup() },
        ),
        (&["pdu.state-current"], hello(Listen), hello(Listen).coup()),
        // The times mean nothing elsewhere.
        (&["pdu.holdtime"], hold(3000), hold(3000).resign()),
        (&["pdu.holdtime-ratio"], hold(short), hold(9000)),
        (
            &["encapsulation.source-mac-others"],
            Message { source_mac: own, ..hello(Standby) },
            Message { source_mac: own, ..hello(Standby).resign() },
        ),
        (&["interface-state.source-mac"], Message { source_mac: own, ..interface.clone() }, interface),
    ]
}

fn in_version_1() -> Messages {
    let active = v1(50, Active, 100);
    let sealed = Message { authentication: Some(md5()), ..active.clone() };
    let behind = |octets: &[u8]| active.clone().edited([Edit::Append(octets.to_vec())]);
    let advertise = interface_state(V1, 1, 0);
    let changed = |at, octet| advertise.clone().edited([Edit::Octet(at, octet)]);
    vec![
        (&["pdu.length"], behind(&[0, 0]), sealed.clone()),
        (&["pdu.length"], active.clone().edited([Edit::Cut(19)]), active.clone()),
        // Neither is authentication.
        (&["pdu.length", "pdu.tlv-list"], behind(&[4, 28]), sealed.clone()),
        (&["pdu.length", "pdu.tlv-unknown"], behind(&[9, 0]), sealed),
        (&["interface-state.tlv"], changed(3, 2), advertise.clone()),
        (&["interface-state.tlv"], changed(5, 13), advertise.clone()),
        (&["interface-state.state"], changed(6, 4), changed(6, 1)),
        (
            &["interface-state.alone"],
            advertise.clone().edited([Edit::Append(vec![0])]),
            advertise.clone().edited([Edit::Octet(15, 9)]),
        ),
        (&["interface-state.alone"], advertise.clone().edited([Edit::Cut(12)]), advertise),
    ]
}

/// Of version 1, and not by the RFC.
fn asked_by_cisco() -> Messages {
    let active = v1(50, Active, 100);
    let ttl = |ttl| Message { ttl: Some(ttl), ..active.clone() };
    let sealed = Message { authentication: Some(md5()), ..active.clone() };
    let changed = |at, octet| sealed.clone().edited([Edit::Octet(at, octet)]);
    vec![
        (&["encapsulation.ttl-cisco"], ttl(3), ttl(2)),
        (&["authentication.md5-sender"], changed(29, 9), sealed.clone()),
        (&["authentication.md5-data-zero"], changed(8, b'x'), active.clone()),
    ]
}

fn in_version_2(dialect: Dialect) -> Messages {
    let (active, standby) = (hello(dialect, 50, Active, 100), hello(dialect, 50, Standby, 100));
    let plain = Message { authentication: None, ..active.clone() };
    let behind = |message: &Message, octets: &[u8]| message.clone().edited([Edit::Append(octets.to_vec())]);
    let other_family = if dialect == V6 { 4 } else { 6 };
    let password = [3, 8, b'c', b'i', b's', b'c', b'o', 0, 0, 0];
    vec![
        (&["pdu.ip-version"], active.clone().edited([Edit::Octet(5, other_family)]), active.clone()),
        (&["pdu.tlv-unknown"], behind(&active, &[9, 0]), plain.clone()),
        // A list that cannot be read, and one that can.
        (&["pdu.tlv-length"], behind(&active, &[4, 9]), behind(&plain, &password)),
        (&["pdu.tlv-length"], behind(&plain, &[3, 2, 0, 0]), plain.clone()),
        (&["pdu.tlv-repeated"], behind(&active, &password), behind(&plain, &password)),
        (
            &["pdu.group"],
            Message { group: 4096, ..active.clone() },
            Message { group: 4095, ..active.clone() },
        ),
        (&["pdu.identifier"], Message { source_mac: Some(physical(9)), ..standby.clone() }, standby),
        (
            &["pdu.identifier"],
            Message { physical_mac: virtual_mac(dialect, 1), ..active.clone() },
            active.clone(),
        ),
    ]
}

fn over_ipv4(dialect: Dialect) -> Messages {
    let active = hello(dialect, 50, Active, 100);
    let to = |last, mac| Message {
        destination: Some(([224, 0, 0, last].into(), MacAddress(mac))),
        ..active.clone()
    };
    let to_one = Message { destination: Some((address(9), physical(9))), ..active.clone() };
    let group = if dialect == V1 { 2 } else { 102 };
    let ttl = |ttl| Message { ttl: Some(ttl), ..active.clone() };
    let sum = |sum| Message { checksum: Stated::Exactly(sum), ..active.clone() };
    let mut messages: Messages = vec![
        (&["encapsulation.destination"], to(1, [1, 0, 0x5e, 0, 0, 1]), to_one.clone()),
        (&["encapsulation.destination-mac"], to(group, [0xff; 6]), to_one),
        (
            &["encapsulation.source-port"],
            Message { source_port: Some(1986), ..active.clone() },
            active.clone(),
        ),
        (&["encapsulation.ttl"], ttl(2), ttl(if dialect == V1 { 1 } else { 255 })),
        (
            &["encapsulation.source-address"],
            Message { address: active.source, ..active.clone() },
            Message { address: address(51), ..active.clone() },
        ),
        (&["encapsulation.udp-checksum"], sum(0x1234), sum(0)),
        (
            &["encapsulation.virtual-mac"],
            Message { source_mac: Some(virtual_mac(dialect, 2)), ..active.clone() },
            Message { group: *timers::groups(dialect.version()).end(), ..active.clone() },
        ),
    ];
    if dialect == V2 {
        let sealed = Message { authentication: Some(md5()), ..active.clone() };
        let from_own = Some(physical(50));
        let with_interface = active.clone().edited([Edit::Append(vec![2, 4, 0, 1, 0, 0])]);
        messages.extend([
            (
                &["encapsulation.source-mac-active"][..],
                Message { source_mac: from_own, ..active.clone() },
                Message { source_mac: from_own, ..active.coup() },
            ),
            (&["authentication.md5-sender"], sealed.clone().edited([Edit::Octet(51, 9)]), sealed),
            (&["interface-state.alone"], with_interface, interface_state(dialect, 1, 0)),
        ]);
    }
    messages
}

fn over_ipv6() -> Messages {
    let active = v6(50, Active, 100);
    let to = |last, mac_last| Message {
        destination: Some((
            IpAddr::from([0xff02, 0, 0, 0, 0, 0, 0, last]),
            MacAddress([0x33, 0x33, 0, 0, 0, mac_last]),
        )),
        ..active.clone()
    };
    let to_one = Message { destination: Some((link_local(9), physical(9))), ..active.clone() };
    let address =
        |first| Message { address: IpAddr::from([first, 0, 0, 0, 0, 0, 0, 0x10]), ..active.clone() };
    let sum = |sum| Message { checksum: Stated::Exactly(sum), ..active.clone() };
    vec![
        (&["encapsulation.destination-ipv6"], to(1, 1), to_one.clone()),
        (&["encapsulation.destination-mac-ipv6"], to(0x66, 1), to_one),
        (&["encapsulation.udp-checksum"], sum(0x1234), active.clone()),
        // None at all is right over IPv4 alone.
        (&["encapsulation.udp-checksum"], sum(0), active.clone()),
        (&["pdu.virtual-address-link-local"], address(0x2001), address(0xfebf)),
        (
            &["encapsulation.virtual-mac-ipv6"],
            Message { source_mac: Some(virtual_mac(V6, 2)), ..active.clone() },
            Message { group: 4095, ..active },
        ),
    ]
}

fn md5() -> Authentication {
    Authentication::Md5 { key: "labkey".to_owned(), key_id: 1 }
}

#[test]
fn one_frame_shows_it() {
    let active = v1(50, Active, 100);
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
        Message { ttl: Some(64), ..v6(0x50, Active, 100) },
        Message { source_port: Some(1985), ..v6(0x50, Active, 100) },
        Message { address: link_local(0x50), ..v6(0x50, Active, 100) },
        Message { authentication: Some(md5()), ..v6(0x50, Active, 100) },
        Message { tags: vec![VlanTag::new(5)], ..v2(50, Speak, 100) },
    ];
    for message in right {
        one(message, Dot1Ax2014).finds_nothing();
    }
    for dialect in Dialect::ALL {
        for case in one_frame(dialect) {
            case.check(dialect);
        }
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
    let sealed = Message { authentication: Some(md5()), ..v1(50, Active, 100) };
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

/// One speaks before and after another.
fn three(one: &Message, other: &Message) -> Stream {
    let mut stream = Stream::captured();
    stream.d(0, one);
    stream.d(1000, other);
    stream.d(3000, one);
    stream
}

#[test]
fn routers_that_are_not_configured_alike() {
    let other = Message { address: address(200), ..v1(60, Standby, 90) };
    three(&v1(50, Active, 100), &other).finds(&[("hsrp1.network.same-virtual-address", 3)]);
    three(&v1(50, Active, 100), &v1(60, Standby, 90)).passes("hsrp1.network.same-virtual-address");
    // On another network, which the capture shows as the same link.
    let far =
        Message { source: [10, 9, 9, 1].into(), address: [10, 9, 9, 254].into(), ..v1(60, Standby, 90) };
    three(&v1(50, Active, 100), &far).finds_nothing();
    // Link-local addresses are alike on every link.
    let other_link = Message { address: link_local(0x20), ..v6(60, Standby, 90) };
    three(&v6(50, Active, 100), &other_link).finds_nothing();
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
fn takeovers(dialect: Dialect, times: u64, after: u64, announced: bool) -> Stream {
    let (better, own) = (hello(dialect, 1, Active, 200), |state| hello(dialect, 50, state, 100));
    let mut stream = Stream::captured();
    for turn in 0..times {
        let start = 1000 + turn * 60_000;
        for number in 0..4 {
            stream.d(start + number * 3000, &better);
            stream.d(start + number * 3000 + 100, &own(Standby));
        }
        let last = start + 9000;
        for number in 1..after / 3000 {
            stream.d(last + 100 + number * 3000, &own(Standby));
        }
        for number in 0..3 {
            stream.d(last + after + number * 3000, &own(Active));
        }
        if announced {
            stream.raw(last + after + 1, tells(dialect));
        }
        stream.d(last + after + 8000, &own(Speak));
    }
    stream
}

#[test]
fn takeover_outside_its_window() {
    takeovers(V1, 3, 10_000, true).passes("hsrp1.timers.active-holdtime");
    takeovers(V1, 2, 6000, true).finds_nothing();
    let early = takeovers(V1, 4, 6000, true).report().findings;
    assert!(
        early.len() == 2 && early.iter().all(|one| one.requirement == "hsrp1.timers.active-holdtime"),
        "{early:#?}"
    );
    // A capture that has lost frames, or a router that was not there.
    takeovers(V1, 4, 14_000, true).finds_nothing();
}

/// Active after 9010 ms, and where the address is told then, if at all.
fn announced(dialect: Dialect, at: Option<u64>) -> Stream {
    let mut stream = Stream::bed(edition(dialect));
    for (time, state) in [(0, Speak), (3000, Speak), (6000, Speak), (9000, Standby), (9010, Active)] {
        stream.d(time, &hello(dialect, 50, state, 100));
    }
    if let Some(at) = at {
        stream.raw(at, tells(dialect));
    }
    stream.d(12_000, &hello(dialect, 50, Active, 100));
    stream
}

#[test]
fn the_address_is_announced() {
    takeovers(V1, 3, 10_000, true).passes("hsrp1.arp.gratuitous");
    // A capture without any ARP leaves it out.
    takeovers(V1, 4, 10_000, false).finds_nothing();
    let mut some = takeovers(V1, 4, 10_000, false);
    some.raw(1, tells(V1));
    let found = some.report().findings;
    assert!(
        found.len() == 2 && found.iter().all(|one| one.requirement == "hsrp1.arp.gratuitous"),
        "{found:#?}"
    );
    announced(V1, Some(9011)).passes("hsrp1.arp.gratuitous");
    announced(V1, Some(9009)).passes("hsrp1.arp.gratuitous");
    announced(V1, Some(11_000)).finds(&[("hsrp1.arp.gratuitous", 5)]);
    announced(V1, None).finds(&[("hsrp1.arp.gratuitous", 5)]);
}

/// These frames while a router is Active.
fn told(dialect: Dialect, frames: &[Vec<u8>]) -> Stream {
    let mut stream = Stream::captured();
    stream.d(0, &hello(dialect, 50, Standby, 100));
    stream.d(1000, &hello(dialect, 50, Active, 100));
    for (number, frame) in (0..).zip(frames) {
        stream.raw(1100 + number * 400, frame.clone());
    }
    stream.d(3900, &hello(dialect, 50, Active, 100));
    stream
}

#[test]
fn where_the_address_is() {
    let run = |octets: Vec<u8>| told(V1, &[tells(V1), octets]);
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

/// In a bed whose tester sends nothing.
fn alone(dialect: Dialect, states: &[(u64, Group)]) -> Stream {
    let mut stream = Stream::bed(edition(dialect));
    for (at, state) in states {
        stream.d(*at, &hello(dialect, 50, *state, 100));
        if *state == Active {
            stream.raw(*at + 1, tells(dialect));
        }
    }
    stream
}

#[test]
fn alone_in_a_bed() {
    let run = |states: &[(u64, Group)]| alone(V1, states);
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

/// The device is Active, hears this after 500 ms, and is Active then.
fn stays_active(dialect: Dialect, heard: &Message, last: u64) -> Stream {
    let mut stream = Stream::bed(edition(dialect));
    stream.d(0, &hello(dialect, 50, Active, 100));
    stream.t(500, heard);
    stream.d(last, &hello(dialect, 50, Active, 100));
    stream
}

/// From Standby, so long after the tester's last Hello; with the frame in which it is Active.
fn takes_over(dialect: Dialect, after: u64) -> (Stream, u64) {
    let mut stream = Stream::bed(edition(dialect));
    stream.d(0, &hello(dialect, 50, Standby, 100));
    stream.t(500, &hello(dialect, 9, Active, 200));
    for number in 1..(500 + after).div_ceil(2900) {
        stream.d(number * 2900, &hello(dialect, 50, Standby, 100));
    }
    let active = stream.d(500 + after, &hello(dialect, 50, Active, 100));
    stream.raw(501 + after, tells(dialect));
    (stream, active)
}

#[test]
fn led_by_the_tester() {
    // It stays Active.
    let better = v1(9, Active, 200);
    let stays = |heard: &Message, last: u64| stays_active(V1, heard, last);
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
    let run = |after: u64| takes_over(V1, after);
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

/// Between two Hellos of an Active router.
fn between_hellos(dialect: Dialect, interface: &Message) -> Stream {
    let mut stream = Stream::bed(edition(dialect));
    stream.d(0, &hello(dialect, 50, Active, 100));
    stream.d(1000, interface);
    stream.d(2500, &hello(dialect, 50, Active, 100));
    stream
}

#[test]
fn what_a_router_tells_of_its_groups() {
    let run = |interface: Message| between_hellos(V2, &interface);
    run(interface_state(V2, 1, 0)).passes("hsrp2.interface-state.counts");
    run(interface_state(V2, 0, 1)).finds(&[("hsrp2.interface-state.counts", 2)]);
    run(Message { source_mac: Some(virtual_mac(V2, 1)), ..interface_state(V2, 1, 0) })
        .finds(&[("hsrp2.interface-state.source-mac", 2)]);
    let mut left = Stream::captured();
    left.d(0, &v2(50, Active, 100));
    left.d(1000, &interface_state(V2, 0, 1));
    left.d(1001, &v2(50, Speak, 100));
    left.finds_nothing();
    // One of a capture may have missed something.
    let mut captured = run(interface_state(V2, 0, 1));
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
    stream.d(200, &interface_state(V2, 0, 1));
    let report = stream.report();
    let names: Vec<&str> = report.ends.iter().map(|end| end.device.as_str()).collect();
    assert_eq!(names, ["10.0.0.50 group 1", "10.0.0.60 group 1", "10.0.0.50 interface"]);
    assert_eq!(report.ends[0].role, "Active, priority 100, every 3 s, hold 10 s");
}

/// What takes several frames, and of each window its last millisecond.
fn several_frames(dialect: Dialect) -> Vec<Case> {
    let of = |last, state, priority| hello(dialect, last, state, priority);
    let active = of(50, Active, 100);
    let at_start = |last, state| alone(dialect, &[(0, Speak), (2800, Speak), (last, state)]);
    let back = |last| alone(dialect, &[(0, Active), (last, Standby)]);
    let stays = |last| stays_active(dialect, &of(9, Active, 200), last);
    let after = |milliseconds| takes_over(dialect, milliseconds).0;
    let same_state = |state, times| both(&of(1, state, 200), &of(50, state, 100), times);
    let second = Message { group: 2, ..of(50, Standby, 100) };
    let mut moved = Stream::captured();
    for (time, message) in [(0, &of(50, Standby, 100)), (1000, &second), (3000, &second)] {
        moved.d(time, message);
    }
    let case = |breaks, wrong, right| Case { breaks, wrong, right };
    let mut cases = vec![
        case(
            &["timers.hellotime"][..],
            at_times(&active, &[0, 3161, 6322, 9483]),
            at_times(&active, &[0, 3160, 6320, 9480]),
        ),
        case(&["timers.own-holdtime"], at_start(5499, Active), at_start(5500, Active)),
        case(&["startup.order"], back(8499), back(8500)),
        case(&["timers.active-holdtime"], after(8499), after(8500)),
        case(
            &["timers.active-holdtime"],
            takeovers(dialect, 3, 6000, true),
            takeovers(dialect, 2, 6000, true),
        ),
        case(&["standby.active-timer"], after(12_001), after(12_000)),
        case(&["active.active-higher"], stays(1501), stays(1500)),
        case(&["network.one-active"], same_state(Active, 5), same_state(Active, 4)),
        case(&["network.one-standby"], same_state(Standby, 5), same_state(Standby, 4)),
        // The first group may have lost the address to the second.
        case(&["network.distinct-addresses"], three(&of(50, Standby, 100), &second), moved),
    ];
    if dialect == V2 {
        let counted = |active, passive| between_hellos(dialect, &interface_state(dialect, active, passive));
        cases.push(case(&["interface-state.counts"], counted(0, 1), counted(1, 0)));
    }
    cases.extend(addresses(dialect));
    cases
}

/// Where the virtual address is.
fn addresses(dialect: Dialect) -> Vec<Case> {
    let own = virtual_mac(dialect, 1);
    let real = physical(50);
    let says = |mac, source, to_all| says(dialect, mac, source, to_all);
    let told = |frames: &[Vec<u8>]| told(dialect, frames);
    // A host that claims the address is none of the routers.
    let somebody = || says(physical(77), physical(77), false);
    let (announced_late, announced_soon) =
        (announced(dialect, Some(10_011)), announced(dialect, Some(10_010)));
    let two_macs = told(&[tells(dialect), says(real, real, false)]);
    let one_mac = told(&[tells(dialect), somebody()]);
    let (one_answer, answer_of_somebody) = (told(&[says(real, real, false)]), told(&[somebody()]));
    let case = |breaks, wrong, right| Case { breaks, wrong, right };
    if dialect == V6 {
        return vec![
            case(&["nd.unsolicited"][..], announced_late, announced_soon),
            case(&["nd.virtual-mac"], one_answer, answer_of_somebody),
            case(&["nd.virtual-mac", "network.one-mac"], two_macs, one_mac),
        ];
    }
    let wrong_address = Message { address: address(200), ..hello(dialect, 60, Standby, 90) };
    let elsewhere =
        Message { address: [10, 9, 9, 254].into(), source: [10, 9, 9, 1].into(), ..wrong_address.clone() };
    let active = hello(dialect, 50, Active, 100);
    let from_own = |message: Message| Message { source_mac: Some(real), ..message };
    let after_standby = |message: Message| {
        let mut stream = one(&hello(dialect, 50, Standby, 100), Dot1Ax2014);
        stream.d(2500, &from_own(message));
        stream
    };
    vec![
        case(&["arp.gratuitous"][..], announced_late, announced_soon),
        case(&["arp.virtual-mac"], one_answer, answer_of_somebody),
        case(&["arp.virtual-mac", "network.one-mac"], two_macs, one_mac),
        case(&["arp.gratuitous-virtual-mac"], told(&[says(real, own, true)]), told(&[says(own, own, true)])),
        case(
            &["arp.gratuitous-virtual-mac"],
            told(&[says(own, real, true)]),
            told(&[says(own, real, false)]),
        ),
        case(
            &["arp.gratuitous-response"],
            told(&[arp(Arp::REQUEST, own, own, true)]),
            told(&[arp(Arp::REPLY, own, own, true)]),
        ),
        case(&["network.same-virtual-address"], three(&active, &wrong_address), three(&active, &elsewhere)),
        case(
            &["encapsulation.source-mac-active"],
            after_standby(active.clone()),
            after_standby(active.coup()),
        ),
    ]
}

#[test]
fn several_frames_show_it() {
    for dialect in Dialect::ALL {
        for case in several_frames(dialect) {
            case.check(dialect);
        }
    }
}

#[test]
fn every_monitored_requirement_is_broken_by_a_stream() {
    let breaking = |dialect| one_frame(dialect).into_iter().chain(several_frames(dialect));
    let broken: BTreeSet<&str> =
        Dialect::ALL.into_iter().flat_map(breaking).flat_map(|case| broken(&case.wrong)).collect();
    let monitored: BTreeSet<&str> = monitor::requirements().filter(|id| id.starts_with("hsrp")).collect();
    assert_eq!(broken, monitored);
}
