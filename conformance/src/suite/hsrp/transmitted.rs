//! What a router sends: its messages field by field, the frame around them, and how often Hellos come.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::Family;
use redspec_codec::cisco::Md5Authentication;
use redspec_codec::frame::{Frame, Network, UdpChecksum};
use redspec_codec::hsrp::{Opcode, v1, v2};

use super::sent::{Enough, Fields, LENGTH_1, LENGTH_MD5, destination, is_advertise, port, tlvs};
use super::states::ACTIVE_PRIORITY;
use super::{Ask, Dialect, Hosts, HsrpTest, Steps, dialects};
use crate::bed::Capability;
use crate::reference::hsrp::configuration::Authentication;
use crate::reference::hsrp::packet::{Packet, password_octets};
use crate::scenario::{Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{
    AT_ONCE, JITTER_SEEN_PER_MILLE, MOST_HELLOS, NO_REPLY, alone, gap, least_period, missing, shown,
};
use crate::spec::hsrp::{Version, timers};
use crate::spec::{Edition, Editions};

/// So many Hellos of an Active router are read.
const HELLOS: usize = 3;
/// Over so many Hellotimes Hellos are counted, and their jitter is looked for.
const PERIODS: u32 = 20;
/// So many times between Hellos say something of the jitter.
const LEAST_GAPS: usize = 10;

/// Its tests.
pub fn tests() -> Vec<Test> {
    [headers(), sources(), fields(), states(), times(), authentication(), others(), periods()]
        .into_iter()
        .flatten()
        .collect()
}

/// One thing that is asked of a message, and what there was.
#[derive(Clone, Debug)]
pub struct Found {
    /// `None`: it is only recorded.
    met: Option<bool>,
    expected: String,
    seen: String,
    requirement: &'static str,
}

/// What is asked of each message, in this order.
pub type Asked = fn(&HsrpTest<'_>, &Frame<'_>) -> Vec<Found>;

/// What is asked for.
pub fn found(
    met: bool,
    expected: impl Into<String>,
    seen: impl Into<String>,
    requirement: &'static str,
) -> Found {
    Found { met: Some(met), expected: expected.into(), seen: seen.into(), requirement }
}

/// What is left open.
pub fn open(text: impl Into<String>, requirement: &'static str) -> Found {
    Found { met: None, expected: text.into(), seen: String::new(), requirement }
}

/// Asks this of each of these frames: first of all of them one thing, then the next.
///
/// # Errors
/// One is not so: recorded, and the end of the test. Nothing could be asked: inconclusive.
pub fn judge_each(t: &mut HsrpTest<'_>, sightings: &[Sighting], asked: Asked) -> Result<(), Stop> {
    let mut all = Vec::new();
    for sighting in sightings {
        let octets = t.octets_at(*sighting);
        if let Ok(frame) = Frame::parse(&octets) {
            all.push((sighting.number, asked(t, &frame)));
        }
    }
    let most = all.iter().map(|(_, found)| found.len()).max().unwrap_or(0);
    if most == 0 {
        let text = format!("D sent {} messages, none of those that are asked about", all.len());
        return Err(Stop::Inconclusive(text));
    }
    for index in 0..most {
        let mut told = String::new();
        for (number, found) in &all {
            let Some(Found { met, expected, seen, requirement }) = found.get(index) else { continue };
            match met {
                Some(met) => t.judge(*met, expected, seen, Some(*number), requirement)?,
                None if told == *expected => {}
                None => {
                    t.note(expected.clone(), Some(*number), requirement);
                    told.clone_from(expected);
                }
            }
        }
    }
    Ok(())
}

/// A test that reads what a router sends whom nobody disturbs, and asks this of each message.
fn reads(
    dialect: Dialect,
    row: &'static str,
    name: &str,
    purpose: &str,
    requirements: &[&'static str],
    asked: Asked,
) -> Test {
    dialect.test(name, row, purpose, requirements).hsrp(dialect, move |t| {
        // What it sends is all that the test is about: that it lives has been seen.
        t.without_closing();
        let sightings = t.sent_alone(Enough::Active(HELLOS))?;
        judge_each(t, &sightings, asked)
    })
}

/// What the message tells of its group, if it does.
fn told(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Option<Fields> {
    Fields::of(t.dialect.version(), frame.payload())
}

/// The name of what RFC 2281 asks, or of what is asked of Cisco's routers instead.
fn of_edition(t: &HsrpTest<'_>, rfc: &'static str, cisco: &'static str) -> &'static str {
    if t.is(Edition::CiscoHsrp1) { cisco } else { rfc }
}

fn word(value: Option<impl ToString>) -> String {
    value.map_or_else(|| "none".to_owned(), |value| value.to_string())
}

/// IP and UDP.
fn headers() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-001", "H2-001", "H2-017"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.destination",
            "Messages go to the group of HSRP, to its MAC address and to its UDP port.",
            &[
                "encapsulation.destination",
                "encapsulation.destination-mac",
                "encapsulation.port",
                "encapsulation.source-port",
                "encapsulation.destination-ipv6",
                "encapsulation.destination-mac-ipv6",
                "encapsulation.port-ipv6",
            ],
            destination_of,
        ));
    }
    for (dialect, row) in dialects(["H1-001", "H2-001", "H2-021"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.ttl",
            "Messages leave with a TTL that keeps them on the LAN, or with the one that captures show.",
            &["encapsulation.ttl", "encapsulation.ttl-cisco", "encapsulation.hop-limit"],
            ttl,
        ));
    }
    for (dialect, row) in dialects(["H1-001", "H2-001", "-"]) {
        let test = reads(
            dialect,
            row,
            "transmit.type-of-service",
            "The type of service of messages is recorded.",
            &["encapsulation.type-of-service"],
            type_of_service,
        );
        tests.push(if dialect == Dialect::V1 { test.only(Editions::ONLY_CISCO1) } else { test });
    }
    for (dialect, row) in dialects(["H1-001", "H2-001", "-"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.checksum",
            "The UDP checksum of messages is right, or over IPv4 there is none.",
            &["encapsulation.udp-checksum"],
            checksum,
        ));
    }
    for (dialect, row) in dialects(["H1-001", "H2-001", "H2-017"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.source-address",
            "Messages come from a real address of the interface, never from the virtual address.",
            &["encapsulation.source-address", "encapsulation.source-link-local"],
            source_address,
        ));
    }
    tests
}

/// To whom a message goes.
pub fn destination_of(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (version, family) = (t.dialect.version(), t.dialect.family());
    let ((group, mac), port) = (destination(version, family), port(family));
    let (ip, ethernet) = (frame.destination_ip(), frame.destination_mac());
    let (from, to) = frame.udp_header().map_or((0, 0), |udp| (udp.source_port(), udp.destination_port()));
    let v6 = family == Family::Ipv6;
    let name = |v4: &'static str, ipv6: &'static str| if v6 { ipv6 } else { v4 };
    let mut all = vec![
        found(
            ip == Some(group),
            format!("sent to {group}"),
            format!("to {}", word(ip)),
            name("encapsulation.destination", "encapsulation.destination-ipv6"),
        ),
        found(
            ethernet == Some(mac),
            format!("sent to the MAC address {mac}"),
            format!("to {}", word(ethernet)),
            name("encapsulation.destination-mac", "encapsulation.destination-mac-ipv6"),
        ),
        found(
            to == port,
            format!("sent to UDP port {port}"),
            format!("to {to}"),
            name("encapsulation.port", "encapsulation.port-ipv6"),
        ),
    ];
    if !v6 {
        let (expected, seen) = (format!("sent from UDP port {port}"), format!("from {from}"));
        all.push(found(from == port, expected, seen, "encapsulation.source-port"));
    }
    all
}

/// TTL, or Hop Limit.
pub fn ttl(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let ttl = frame.ttl().unwrap_or(0);
    let seen = format!("it is {ttl}");
    vec![match (t.dialect, t.is(Edition::CiscoHsrp1)) {
        (Dialect::V1, false) => found(ttl == 1, "TTL 1", seen, "encapsulation.ttl"),
        (Dialect::V1, true) => found(matches!(ttl, 1 | 2), "TTL 1 or 2", seen, "encapsulation.ttl-cisco"),
        (Dialect::V2, _) => found(matches!(ttl, 1 | 255), "TTL 1 or 255", seen, "encapsulation.ttl"),
        (Dialect::V6, _) => open(format!("Hop Limit {ttl}"), "encapsulation.hop-limit"),
    }]
}

fn type_of_service(_: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let octet = match frame.network() {
        Network::Ipv4(header) => header.slice().get(1).copied(),
        Network::Ipv6(header) => match header.slice() {
            [first, second, ..] => Some(first << 4 | second >> 4),
            _ => None,
        },
        Network::None => None,
    };
    let text = |octet| format!("type of service or traffic class {octet:#04x}");
    octet.map(|octet| open(text(octet), "encapsulation.type-of-service")).into_iter().collect()
}

/// The UDP checksum is right.
pub fn checksum(_: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let met = match frame.udp_checksum() {
        Some(UdpChecksum::Absent) => frame.family() == Some(Family::Ipv4),
        Some(UdpChecksum::Valid) => true,
        _ => false,
    };
    let seen = format!("{:?}", frame.udp_checksum());
    vec![found(met, "a right UDP checksum, or over IPv4 none", seen, "encapsulation.udp-checksum")]
}

fn source_address(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Some(source) = frame.source_ip() else { return Vec::new() };
    let own = t.configuration.own_address(t.dialect.family());
    let seen = format!("from {source}");
    match source {
        IpAddr::V4(address) => {
            let possible = !address.is_unspecified()
                && !address.is_multicast()
                && !address.is_broadcast()
                && !address.is_loopback();
            let of_a_group = t.configuration.groups.iter().any(|group| group.address == Some(source));
            // Which address a device has is known if its profile tells it.
            let known = t.run.exact() || t.run.settings().text("hsrp.address").is_some();
            let met = possible && !of_a_group && source != t.vip() && (!known || source == own);
            let expected = "sent from an address of the interface, which is no virtual one";
            vec![found(met, expected, seen, "encapsulation.source-address")]
        }
        IpAddr::V6(address) => {
            let met = address.is_unicast_link_local() && source != t.vip();
            let expected = "sent from the link-local address of the interface";
            vec![found(met, expected, seen, "encapsulation.source-link-local")]
        }
    }
}

/// Where messages come from.
fn sources() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-004", "H2-006", "-"]) {
        tests.push(source_mac(dialect, row));
    }
    for (dialect, row) in dialects(["H1-002", "H2-002", "H2-017"]) {
        let edges: &[u16] = match dialect {
            Dialect::V1 => &[0, 1, 255],
            Dialect::V2 => &[0, 255, 256, 4095],
            Dialect::V6 => &[0, 5, 256, 4095],
        };
        for group in edges {
            let test = reads(
                dialect,
                row,
                &format!("transmit.group.{group}"),
                "Messages have the group that is configured, and an Active router's Hellos come from its MAC address.",
                &[
                    "pdu.group-configured",
                    "pdu.group",
                    "encapsulation.virtual-mac",
                    "encapsulation.virtual-mac-ipv6",
                    "configuration.groups",
                ],
                group_and_mac,
            );
            tests.push(test.with("hsrp.group", group));
        }
    }
    for (dialect, row) in dialects(["", "H2-005", "-"]) {
        tests.push(identifier(dialect, row));
    }
    tests
}

/// The device's MAC address on the LAN, if its profile tells it.
fn known_mac(t: &HsrpTest<'_>) -> Option<redspec_codec::MacAddress> {
    let known = t.run.exact() || t.run.settings().text("hsrp.mac").is_some();
    known.then(|| t.configuration.lan().mac)
}

fn source_mac(dialect: Dialect, row: &'static str) -> Test {
    let name = "transmit.source-mac";
    let purpose =
        "Hellos come from the virtual MAC address while the router is Active, and from its own before.";
    let requirements = [
        "encapsulation.source-mac-active",
        "encapsulation.source-mac-others",
        "encapsulation.virtual-mac",
        "encapsulation.virtual-mac-ipv6",
    ];
    dialect.test(name, row, purpose, &requirements).hsrp(dialect, |t| {
        t.without_closing();
        let sightings = t.sent_in_every_state()?;
        judge_each(t, &sightings, from_own_mac)?;
        // RFC 2281 lets a router have its own MAC address for the virtual one, and discourages it. What it answers with is
        // what it has.
        let version = t.dialect.version();
        let mut foreign = None;
        for sighting in &sightings {
            let octets = t.octets_at(*sighting);
            let source = Frame::parse(&octets).ok().and_then(|frame| frame.source_mac());
            let active = t.fields(*sighting).is_some_and(|fields| fields.is_active(version));
            if active && source != Some(t.virtual_mac()) {
                foreign = source.map(|source| (source, sighting.number));
            }
        }
        if let (Some((source, number)), Version::V1) = (foreign, version) {
            t.run.step("a host asks for the virtual address");
            let vip = t.vip();
            let mark = t.ask(vip, Ask::Everyone)?;
            if t.look(&t.answer(vip).at(source), mark, NO_REPLY)?.is_some() {
                let expected = format!("the virtual MAC address {}", t.virtual_mac());
                let seen = format!("it is {source}");
                return t.judge(false, &expected, &seen, Some(number), "encapsulation.virtual-mac");
            }
        }
        judge_each(t, &sightings, from_virtual_mac)
    })
}

fn from_own_mac(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let version = t.dialect.version();
    let Some(fields) = told(t, frame).filter(|fields| fields.is_hello() && !fields.is_active(version)) else {
        return Vec::new();
    };
    let (source, seen) = (frame.source_mac(), format!("from {}", word(frame.source_mac())));
    let not_virtual = source != Some(t.virtual_mac());
    let known = known_mac(t).filter(|_| version == Version::V2);
    let (met, expected) = match known {
        Some(mac) => (source == Some(mac), format!("state {} is sent from {mac}", fields.state)),
        None => (not_virtual, format!("state {} is not sent from the virtual MAC address", fields.state)),
    };
    vec![found(met, expected, seen, "encapsulation.source-mac-others")]
}

fn from_virtual_mac(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    if !told(t, frame).is_some_and(|fields| fields.is_active(t.dialect.version())) {
        return Vec::new();
    }
    let (mac, source) = (t.virtual_mac(), frame.source_mac());
    let (expected, seen) = (format!("sent from the MAC address {mac}"), format!("from {}", word(source)));
    let requirement = match t.dialect {
        Dialect::V1 | Dialect::V2 => "encapsulation.source-mac-active",
        Dialect::V6 => "encapsulation.virtual-mac-ipv6",
    };
    vec![found(source == Some(mac), expected, seen, requirement)]
}

fn group_and_mac(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Some(fields) = told(t, frame) else { return Vec::new() };
    let wanted = t.group().number;
    let mut all = vec![group_field(t, &fields)];
    // The one that is configured for this test can be configured.
    let text = format!("group {wanted} can be configured");
    all.push(found(fields.group == wanted, text, format!("group {}", fields.group), "configuration.groups"));
    if t.dialect.version() == Version::V2 {
        let (met, seen) = (timers::groups(Version::V2).contains(&fields.group), fields.group.to_string());
        all.push(found(met, "a group of at most 4095", seen, "pdu.group"));
    }
    if fields.is_active(t.dialect.version()) {
        let (mac, source) = (t.virtual_mac(), frame.source_mac());
        let (expected, seen) = (format!("the virtual MAC address {mac}"), format!("it is {}", word(source)));
        let requirement = match t.dialect {
            Dialect::V1 | Dialect::V2 => "encapsulation.virtual-mac",
            Dialect::V6 => "encapsulation.virtual-mac-ipv6",
        };
        all.push(found(source == Some(mac), expected, seen, requirement));
    }
    all
}

fn group_field(t: &HsrpTest<'_>, fields: &Fields) -> Found {
    let numbers: Vec<u16> = t.configuration.groups.iter().map(|group| group.number).collect();
    let words: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    found(
        numbers.contains(&fields.group),
        format!("group {}", words.join(" or ")),
        format!("it is {}", fields.group),
        "pdu.group-configured",
    )
}

fn identifier(dialect: Dialect, row: &'static str) -> Test {
    let purpose = "The identifier is the MAC address of the interface, in Active too.";
    dialect.test("transmit.identifier", row, purpose, &["pdu.identifier"]).hsrp(dialect, |t| {
        t.without_closing();
        let sightings = t.sent_in_every_state()?;
        // Where nobody tells it, it is where Hellos of other states come from.
        let mut mac = known_mac(t);
        for sighting in &sightings {
            let octets = t.octets_at(*sighting);
            let source = Frame::parse(&octets).ok().and_then(|frame| frame.source_mac());
            let passive = t.fields(*sighting).is_some_and(|fields| !fields.is_active(Version::V2));
            mac = mac.or(source.filter(|_| passive));
        }
        for sighting in sightings {
            let Some(seen) = t.fields(sighting).and_then(|fields| fields.identifier) else { continue };
            let met = mac == Some(seen) && seen != t.virtual_mac();
            let expected = format!("the identifier {}", word(mac));
            t.judge(met, &expected, &format!("it is {seen}"), Some(sighting.number), "pdu.identifier")?;
        }
        Ok(())
    })
}

/// Fields that have one value, or that of the configuration.
fn fields() -> Vec<Test> {
    let mut tests = Vec::new();
    let mut push = |rows, name: &str, purpose: &str, requirements: &[&'static str], asked: Asked| {
        for (dialect, row) in dialects(rows) {
            tests.push(reads(dialect, row, name, purpose, requirements, asked));
        }
    };
    push(
        ["H1-001", "H2-001", "-"],
        "transmit.version",
        "Messages have the version's number.",
        &["pdu.version"],
        version,
    );
    push(
        ["H1-001", "H2-001", "-"],
        "transmit.op-code",
        "The Op Code of messages is Hello, Coup or Resign.",
        &["pdu.opcode"],
        op_code,
    );
    push(
        ["H1-001", "H2-001", "-"],
        "transmit.length",
        "Messages are as long as their format says, and have nothing but authentication behind it.",
        &[
            "pdu.length",
            "pdu.tlv-length",
            "pdu.tlv-unknown",
            "pdu.tlv-repeated",
            "pdu.tlv-list",
            "pdu.tlv-order",
        ],
        length,
    );
    push(
        ["H1-007", "H2-003", "-"],
        "transmit.state",
        "The state of messages is one of the version's codes.",
        &["pdu.state"],
        state,
    );
    push(
        ["H1-003", "H2-001", "-"],
        "transmit.virtual-address",
        "Messages have the virtual address of the group.",
        &["pdu.virtual-address", "pdu.virtual-address-fill", "pdu.virtual-address-link-local"],
        virtual_address,
    );
    push(
        ["", "H2-001", "H2-017"],
        "transmit.ip-version",
        "The IP version of messages is that of the group's addresses.",
        &["pdu.ip-version"],
        ip_version,
    );
    push(
        ["H1-003", "", ""],
        "transmit.reserved",
        "The reserved octet of messages is recorded.",
        &["pdu.reserved"],
        |t, frame| {
            let text = |fields: Fields| format!("the reserved octet is {:#04x}", fields.reserved);
            told(t, frame).map(|fields| open(text(fields), "pdu.reserved")).into_iter().collect()
        },
    );
    for (dialect, row) in dialects(["H1-003", "H2-001", "-"]) {
        for priority in [1, 100, 255] {
            let test = reads(
                dialect,
                row,
                &format!("transmit.priority.{priority}"),
                "Messages have the priority that is configured.",
                &["pdu.priority"],
                |t, frame| told(t, frame).map(|fields| priority_field(t, &fields)).into_iter().collect(),
            );
            tests.push(test.with("hsrp.priority", priority));
        }
    }
    for (dialect, row) in dialects(["", "-", "-"]) {
        tests.push(wide_priority(dialect, row));
    }
    tests
}

fn version(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let expected = if t.dialect == Dialect::V1 { 0 } else { 2 };
    let of_message = |fields: Fields| {
        let (text, seen) = (format!("version {expected}"), format!("it is {}", fields.version));
        found(fields.version == expected, text, seen, "pdu.version")
    };
    told(t, frame).map(of_message).into_iter().collect()
}

fn op_code(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let known = [Opcode::HELLO, Opcode::COUP, Opcode::RESIGN];
    let of_message = |fields: Fields| {
        let (met, seen) = (known.contains(&Opcode(fields.opcode)), format!("it is {}", fields.opcode));
        found(met, "Op Code 0, 1 or 2", seen, "pdu.opcode")
    };
    told(t, frame).map(of_message).into_iter().collect()
}

fn state(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (text, codes): (_, &[u8]) = match t.dialect.version() {
        Version::V1 => ("state 0, 1, 2, 4, 8 or 16", &[0, 1, 2, 4, 8, 16]),
        Version::V2 => ("state 0 to 6", &[0, 1, 2, 3, 4, 5, 6]),
    };
    let of_message = |fields: Fields| {
        found(codes.contains(&fields.state), text, format!("it is {}", fields.state), "pdu.state")
    };
    told(t, frame).map(of_message).into_iter().collect()
}

fn priority_field(t: &HsrpTest<'_>, fields: &Fields) -> Found {
    let expected = t.group().priority;
    let (text, seen) = (format!("priority {expected}"), format!("it is {}", fields.priority));
    // Of another group nothing is known here.
    let met = fields.priority == expected || fields.group != t.group().number;
    found(met, text, seen, "pdu.priority")
}

/// A priority of more than an octet, where the device takes one.
fn wide_priority(dialect: Dialect, row: &'static str) -> Test {
    const PRIORITY: u32 = 0x0001_0203;
    dialect
        .test(
            "transmit.priority.wide",
            row,
            "Messages have a priority of more than an octet in all four octets, where a router takes one.",
            &["pdu.priority"],
        )
        .needs(Capability::Configure)
        .problems("A device that refuses this configuration is right, and the test does not apply to it.")
        .hsrp(dialect, |t| {
            t.without_closing();
            t.reconfigure("hsrp.priority", &PRIORITY.to_string())?;
            for sighting in t.sent_alone(Enough::Active(HELLOS))? {
                let Some(fields) = t.fields(sighting) else { continue };
                let (expected, seen) = (format!("priority {PRIORITY}"), format!("it is {}", fields.priority));
                let met = fields.priority == PRIORITY;
                t.judge(met, &expected, &seen, Some(sighting.number), "pdu.priority")?;
            }
            Ok(())
        })
}

fn length(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let payload = frame.payload();
    if t.dialect.version() == Version::V1 {
        if is_advertise(payload) {
            return Vec::new();
        }
        let behind = payload.get(LENGTH_1..).unwrap_or_default();
        let seen = format!("{} octets", payload.len());
        let md5 = behind.len() == LENGTH_MD5 && behind.starts_with(&[4, 28]);
        let met = payload.len() == LENGTH_1 || md5;
        let expected = "20 octets, and behind them nothing or an MD5 Authentication of 30";
        let (list, rest) = tlvs(behind);
        let whole = if rest.is_empty() { "none" } else { "one" };
        let types: Vec<String> = list.iter().map(|(tlv_type, _)| tlv_type.to_string()).collect();
        return vec![
            found(met, expected, seen, "pdu.length"),
            open(format!("TLVs that go on behind the end: {whole}"), "pdu.tlv-list"),
            open(format!("types of TLVs behind the message: {}", types.join(", ")), "pdu.tlv-unknown"),
        ];
    }
    let (list, rest) = tlvs(payload);
    let right = |(tlv_type, value): &(u8, &[u8])| match tlv_type {
        1 => value.len() == 40,
        2 => value.len() == 4,
        3 => value.len() == 8,
        4 => value.len() == 28,
        _ => true,
    };
    let types: Vec<u8> = list.iter().map(|(tlv_type, _)| *tlv_type).collect();
    let words: Vec<String> =
        list.iter().map(|(tlv_type, value)| format!("type {tlv_type} of length {}", value.len())).collect();
    let seen = match rest.len() {
        0 => words.join(", "),
        behind => format!("{} and {behind} octets that are no whole TLV", words.join(", ")),
    };
    let unknown = types.iter().filter(|tlv_type| !(1..=4).contains(*tlv_type)).count();
    let repeated = types.iter().enumerate().any(|(at, one)| types[..at].contains(one));
    let order: Vec<String> = types.iter().map(ToString::to_string).collect();
    vec![
        found(
            !list.is_empty() && rest.is_empty() && list.iter().all(right),
            "whole TLVs, each of the length of its type",
            seen,
            "pdu.tlv-length",
        ),
        open(format!("TLVs of unknown type: {unknown}"), "pdu.tlv-unknown"),
        open(format!("a type of TLV stands twice: {repeated}"), "pdu.tlv-repeated"),
        open(format!("the TLVs of a message are {}", order.join(", ")), "pdu.tlv-order"),
    ]
}

fn virtual_address(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Some(fields) = told(t, frame) else { return Vec::new() };
    let group = t.configuration.groups.iter().find(|group| group.number == fields.group);
    let wanted = group.and_then(|group| group.address).unwrap_or_else(|| t.vip());
    let seen = fields.virtual_address(t.dialect.family());
    let mut all = vec![found(
        seen == wanted,
        format!("the virtual address {wanted}"),
        format!("it is {seen}"),
        "pdu.virtual-address",
    )];
    match (t.dialect, seen) {
        (Dialect::V2, _) => {
            let zero = if fields.address[4..] == [0; 12] { "zero" } else { "not zero" };
            let text = format!("the octets behind the virtual address are {zero}");
            all.push(open(text, "pdu.virtual-address-fill"));
        }
        (Dialect::V6, IpAddr::V6(address)) => all.push(found(
            address.is_unicast_link_local(),
            "a link-local virtual address",
            format!("it is {address}"),
            "pdu.virtual-address-link-local",
        )),
        _ => {}
    }
    all
}

fn ip_version(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let expected = if t.dialect.family() == Family::Ipv6 { 6 } else { 4 };
    let of_message = |fields: Fields| {
        let (text, seen) = (format!("IP version {expected}"), format!("it is {}", fields.ip_version));
        found(fields.ip_version == expected, text, seen, "pdu.ip-version")
    };
    told(t, frame).map(of_message).into_iter().collect()
}

/// What Hellos tell of the state.
fn states() -> Vec<Test> {
    let mut tests = Vec::new();
    let mut push = |rows, state: &str, purpose: &str, body: fn(&mut HsrpTest<'_>) -> Result<(), Stop>| {
        for (dialect, row) in dialects(rows) {
            let name = format!("transmit.state.{state}");
            let test = dialect.test(&name, row, purpose, &["pdu.state-current"]);
            tests.push(test.hsrp(dialect, move |t| {
                t.without_closing();
                body(t)
            }));
        }
    };
    push(
        ["H1-006", "H2-003", "-"],
        "speak",
        "The Hellos of a router that listens to an Active router and misses the Standby router show Speak.",
        |t| {
            let others = t.make_listen()?;
            t.run.step("the Standby router falls silent: D speaks");
            let last = t.stop_peer(others.standby)?;
            let window = shown(t.holdtime(), t.hellotime());
            // That it waits for so long is another test's affair.
            let first = t.expect(&t.message().hello(), last, window.from_anywhere(), "pdu.state-current")?;
            t.shows(first, Group::Speak)
        },
    );
    push(
        ["H1-007", "H2-003", "-"],
        "standby",
        "The Hellos of a router that has waited as Speak under an Active router show Standby.",
        |t| {
            t.yields()?;
            t.run.step("T is Active: D is Standby in the end");
            let active = t.hello(Group::Active, ACTIVE_PRIORITY);
            t.start_peer(active);
            let mark = t.mark();
            let longest = alone(t.holdtime(), t.hellotime());
            t.wait_until(mark, longest)?;
            let mark = t.mark();
            let next = t.expect(&t.message(), mark, missing(t.hellotime()), "pdu.state-current")?;
            t.shows(next, Group::Standby)
        },
    );
    push(
        ["H1-007", "H2-003", "-"],
        "active",
        "The Hellos of a router that has heard nobody for long enough show Active.",
        |t| {
            t.run.step("nobody else says anything: D is Active in the end");
            let mark = t.mark();
            let longest = alone(t.holdtime(), t.hellotime());
            t.wait_until(mark, longest)?;
            let mark = t.mark();
            let next = t.expect(&t.message(), mark, missing(t.hellotime()), "pdu.state-current")?;
            t.shows(next, Group::Active)
        },
    );
    tests
}

impl HsrpTest<'_> {
    /// That Hello shows this state.
    fn shows(&mut self, sighting: Sighting, state: Group) -> Result<(), Stop> {
        let code = self.fields(sighting).map(|fields| fields.state);
        let expected = match self.dialect.version() {
            Version::V1 => super::message::state_1(state).0,
            Version::V2 => super::message::state_2(state).0,
        };
        let text = format!("a Hello with state {expected}, {state:?}");
        let seen = format!("it is {}", word(code));
        self.judge(code == Some(expected), &text, &seen, Some(sighting.number), "pdu.state-current")
    }

    /// The device is one that yields to the tester's Active router.
    ///
    /// # Errors
    /// Its priority is too high: the test does not apply to it.
    pub fn yields(&self) -> Result<(), Stop> {
        let priority = self.group().priority;
        if priority < ACTIVE_PRIORITY {
            return Ok(());
        }
        let text = format!("the device's priority {priority} is not below T's {ACTIVE_PRIORITY}");
        Err(Stop::NotApplicable(text))
    }

    /// The device gets this configuration; it may refuse.
    ///
    /// # Errors
    /// It does, by whichever way: the test does not apply to it.
    pub fn reconfigure(&mut self, name: &str, value: &str) -> Result<(), Stop> {
        self.run.step(format!("D is configured with {name} = {value}"));
        match self.run.configure(name, value) {
            // A device that refuses may do so by failing its hook.
            Err(Stop::NotApplicable(reason) | Stop::Error(reason)) => {
                Err(Stop::NotApplicable(format!("D does not take {name} = {value}: {reason}")))
            }
            other => other.map(drop),
        }
    }
}

/// The times that Hellos tell.
fn times() -> Vec<Test> {
    const REQUIREMENTS: &[&str] =
        &["pdu.hellotime-in-use", "pdu.holdtime-in-use", "pdu.holdtime", "pdu.holdtime-ratio"];
    const PURPOSE: &str = "Hellos tell the Hellotime and the Holdtime that are configured.";
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-049", "H2-004", "-"]) {
        tests.push(reads(dialect, row, "transmit.times", PURPOSE, REQUIREMENTS, times_of));
        let pairs: &[(&str, &str, &str)] = match dialect {
            Dialect::V1 => &[("1-s", "1", "3"), ("5-s", "5", "15")],
            Dialect::V2 | Dialect::V6 => {
                &[("200-ms", "0.2", "0.75"), ("500-ms", "0.5", "2"), ("1-s", "1", "3"), ("5-s", "5", "15")]
            }
        };
        for (name, hellotime, holdtime) in pairs {
            let name = format!("transmit.times.{name}");
            let test = reads(dialect, row, &name, PURPOSE, REQUIREMENTS, times_of);
            tests.push(test.with("hsrp.hellotime", hellotime).with("hsrp.holdtime", holdtime));
        }
        let (name, most) =
            ("transmit.times.longest-holdtime", if dialect == Dialect::V1 { 255 } else { 254 });
        let test = dialect.test(name, row, PURPOSE, REQUIREMENTS).hsrp(dialect, |t| {
            t.without_closing();
            t.run.step("T is Active and resigns: D speaks, and need not wait for its Holdtime");
            let active = t.hello(Group::Active, ACTIVE_PRIORITY);
            t.send(&active)?;
            t.wait(AT_ONCE.strict.to)?;
            let mark = t.send(&active.resign())?;
            let longest = t.holdtime() + alone(Duration::ZERO, t.hellotime());
            let sightings = t.sent_from(mark, longest, Enough::Hellos(HELLOS))?;
            judge_each(t, &sightings, times_of)
        });
        tests.push(test.with("hsrp.hellotime", 1).with("hsrp.holdtime", most));
    }
    tests
}

/// Hellotime and Holdtime of a Hello are those that are configured.
pub fn times_of(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Some(fields) = told(t, frame).filter(Fields::is_hello) else { return Vec::new() };
    let group = t.group();
    let (hellotime, holdtime) = (fields.hellotime, fields.holdtime);
    let seconds = |time: Duration| format!("{} s", time.as_secs_f64());
    let mut all = Vec::new();
    let configured = [
        ("Hellotime", group.hellotime, hellotime, "pdu.hellotime-in-use"),
        ("Holdtime", group.holdtime, holdtime, "pdu.holdtime-in-use"),
    ];
    for (name, configured, seen, requirement) in configured {
        // What is neither configured nor learned is up to the router.
        if let Some(expected) = configured {
            let text = format!("a {name} of {}", seconds(expected));
            all.push(found(seen == expected, text, format!("it is {}", seconds(seen)), requirement));
        }
    }
    let seen = format!("{} after {}", seconds(holdtime), seconds(hellotime));
    all.push(found(holdtime > hellotime, "a Holdtime above the Hellotime", seen.clone(), "pdu.holdtime"));
    // A router that is told otherwise can do nothing about it.
    if t.holdtime() >= t.hellotime() * timers::HOLDTIME_RATIO {
        let met = holdtime >= hellotime * timers::HOLDTIME_RATIO;
        all.push(found(met, "a Holdtime of three Hellotimes or more", seen, "pdu.holdtime-ratio"));
    }
    all
}

/// Authentication as it is sent.
fn authentication() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-003", "H2-001", "-"]) {
        let test = dialect.test(
            "transmit.authentication-default",
            row,
            "Where no authentication is configured, messages have the text cisco, or in version 2 perhaps none.",
            &["pdu.authentication-default"],
        );
        tests.push(test.hsrp(dialect, |t| {
            t.without_closing();
            let settings = t.run.settings();
            let said =
                ["hsrp.authentication", "hsrp.password"].iter().find(|name| settings.text(name).is_some());
            if let Some(name) = said {
                return Err(Stop::NotApplicable(format!("the device is configured with {name}")));
            }
            let sightings = t.sent_alone(Enough::Active(HELLOS))?;
            judge_each(t, &sightings, default_text)
        }));
    }
    for (dialect, row) in dialects(["H1-003", "H2-008", "-"]) {
        for password in ["seven77", "eighteig"] {
            let test = reads(
                dialect,
                row,
                &format!("transmit.password.length-{}", password.len()),
                "Messages have the password that is configured, and zeros behind it.",
                &["authentication.text-sent"],
                text_sent,
            );
            tests.push(test.with("hsrp.authentication", "text").with("hsrp.password", password));
        }
    }
    for (dialect, row) in dialects(["H1-042", "H2-009", "-"]) {
        let test = reads(
            dialect,
            row,
            "transmit.md5",
            "With a key, messages have an MD5 Authentication with the right digest, and no password.",
            &["authentication.md5-sent", "authentication.md5-data-zero", "authentication.md5-sender"],
            md5_sent,
        );
        let test = if dialect == Dialect::V1 { test.only(Editions::ONLY_CISCO1) } else { test };
        tests.push(test.with("hsrp.authentication", "md5").with("hsrp.key", "labkey"));
    }
    tests
}

/// The text of a message, if it has one.
fn text_of(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Option<Vec<u8>> {
    match t.dialect.version() {
        Version::V1 => frame.payload().get(8..16).map(<[u8]>::to_vec),
        Version::V2 => {
            let is_text = |(tlv_type, _): &&(u8, &[u8])| *tlv_type == v2::TlvType::TEXT_AUTHENTICATION.0;
            tlvs(frame.payload()).0.iter().find(is_text).map(|(_, value)| value.to_vec())
        }
    }
}

fn default_text(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    if told(t, frame).is_none() {
        return Vec::new();
    }
    let text = text_of(t, frame);
    let seen = text.as_ref().map_or_else(|| "there is none".to_owned(), |text| format!("it is {text:02x?}"));
    vec![match t.dialect.version() {
        Version::V1 => found(
            text.as_deref() == Some(&v1::DEFAULT_AUTHENTICATION),
            "authentication data of cisco and zeros",
            seen,
            "pdu.authentication-default",
        ),
        Version::V2 => open(format!("the text of a message: {seen}"), "pdu.authentication-default"),
    }]
}

/// The password that is configured is there.
pub fn text_sent(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Authentication::Text(password) = &t.configuration.authentication else { return Vec::new() };
    if told(t, frame).is_none() {
        return Vec::new();
    }
    let (wanted, text) = (password_octets(password), text_of(t, frame));
    let seen = text.as_ref().map_or_else(|| "there is none".to_owned(), |text| format!("it is {text:02x?}"));
    let expected = format!("the password {password:?}, filled with zeros");
    vec![found(text.as_deref() == Some(&wanted), expected, seen, "authentication.text-sent")]
}

/// The MD5 Authentication of a message, if it has one.
fn md5_of(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Option<Md5Authentication> {
    match t.dialect.version() {
        Version::V1 => {
            let behind = frame.payload().get(LENGTH_1..)?;
            Md5Authentication::parse(behind).ok().map(|(md5, _)| md5).filter(|md5| md5.tlv_type.0 == 4)
        }
        Version::V2 => v2::MessageRef::parse(frame.payload()).ok()?.0.md5(),
    }
}

fn md5_sent(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Authentication::Md5 { key, .. } = &t.configuration.authentication else { return Vec::new() };
    if told(t, frame).is_none() {
        return Vec::new();
    }
    let (version, md5) = (t.dialect.version(), md5_of(t, frame));
    let right = md5.is_some_and(|md5| {
        Packet::of(frame).is_some_and(|packet| packet.digest_is_right(version, key, md5.key_id))
    });
    let seen = if md5.is_some() { "its digest is another" } else { "there is none" };
    let mut all = vec![found(
        right,
        "an MD5 Authentication with the digest of key and message",
        if right { "" } else { seen },
        "authentication.md5-sent",
    )];
    if t.dialect == Dialect::V1 {
        let data = text_of(t, frame).unwrap_or_default();
        let met = data == [0; 8];
        let seen = format!("it is {data:02x?}");
        all.push(found(met, "authentication data of zeros", seen, "authentication.md5-data-zero"));
    }
    // What stands there over IPv6 nobody tells.
    if let (Some(IpAddr::V4(source)), Some(md5)) = (frame.source_ip(), md5) {
        let (expected, seen) = (format!("the sender {source}"), format!("it is {}", md5.sender));
        all.push(found(md5.sender == source, expected, seen, "authentication.md5-sender"));
    }
    all
}

/// Coup and Resign.
fn others() -> Vec<Test> {
    const REQUIREMENTS: &[&str] = &[
        "encapsulation.destination",
        "encapsulation.destination-mac",
        "encapsulation.port",
        "encapsulation.source-port",
        "encapsulation.destination-ipv6",
        "encapsulation.destination-mac-ipv6",
        "encapsulation.port-ipv6",
        "encapsulation.ttl",
        "encapsulation.ttl-cisco",
        "encapsulation.hop-limit",
        "encapsulation.udp-checksum",
        "encapsulation.source-address",
        "encapsulation.source-link-local",
        "encapsulation.source-mac-resign",
        "pdu.version",
        "pdu.opcode",
        "pdu.state",
        "pdu.coup-state",
        "pdu.resign-state",
        "pdu.priority",
        "pdu.group-configured",
        "pdu.virtual-address",
        "pdu.virtual-address-fill",
        "pdu.virtual-address-link-local",
        "pdu.ip-version",
        "pdu.length",
        "pdu.tlv-length",
        "pdu.tlv-unknown",
        "pdu.tlv-repeated",
        "pdu.tlv-list",
        "pdu.tlv-order",
        "authentication.text-sent",
    ];
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-019", "H2-010", "-"]) {
        let purpose =
            "A Coup is right in everything that a Hello is, and tells the router's priority and group.";
        let test = dialect.test("transmit.coup", row, purpose, REQUIREMENTS).hsrp(dialect, |t| {
            t.without_closing();
            t.make_active()?;
            t.run.step("T is Active too, with a lower priority: D sends a Coup");
            let lower = t.group().priority / 2;
            let hello = t.hello(Group::Active, lower);
            let mark = t.send(&hello)?;
            let sightings = t.all(&t.meant(), mark, AT_ONCE.lenient.to)?;
            t.judge_others(&sightings, "Coup")
        });
        tests.push(test);
    }
    for (dialect, row) in dialects(["H1-026", "H2-012", "-"]) {
        let purpose =
            "A Resign is right in everything that a Hello is, and tells the router's priority and group.";
        let test = dialect
            .test("transmit.resign", row, purpose, REQUIREMENTS)
            .needs(Capability::Configure)
            .hsrp(dialect, |t| {
                t.without_closing();
                t.make_active()?;
                t.run.step("HSRP is disabled on D: it resigns");
                let mark = t.run.configure("hsrp.enabled", "no")?;
                let sightings = t.all(&t.meant(), mark, AT_ONCE.lenient.to)?;
                t.judge_others(&sightings, "Resign")
            });
        tests.push(test);
    }
    tests
}

impl HsrpTest<'_> {
    /// All that is no Hello of these is right in everything.
    fn judge_others(&mut self, sightings: &[Sighting], name: &str) -> Result<(), Stop> {
        let other = |sighting: &&Sighting| self.fields(**sighting).is_some_and(|fields| !fields.is_hello());
        let others: Vec<Sighting> = sightings.iter().filter(other).copied().collect();
        if others.is_empty() {
            return Err(Stop::Inconclusive(format!("D sent no {name} within {:?}", AT_ONCE.lenient.to)));
        }
        judge_each(self, &others, all_of_it)
    }
}

fn all_of_it(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Some(fields) = told(t, frame) else { return Vec::new() };
    let asked: [Asked; 11] = [
        version,
        op_code,
        state,
        destination_of,
        ttl,
        checksum,
        source_address,
        virtual_address,
        length,
        |t, frame| if t.dialect == Dialect::V1 { Vec::new() } else { ip_version(t, frame) },
        |t, frame| {
            // With no password configured, version 2 need not send one.
            let said = t.run.settings().text("hsrp.password").is_some();
            if said { text_sent(t, frame) } else { Vec::new() }
        },
    ];
    let mut all: Vec<Found> = asked.iter().flat_map(|asked| asked(t, frame)).collect();
    all.extend([group_field(t, &fields), priority_field(t, &fields)]);
    let from = if frame.source_mac() == Some(t.virtual_mac()) { "the virtual" } else { "its own" };
    all.push(open(
        format!("Op Code {} comes from {from} MAC address", fields.opcode),
        "encapsulation.source-mac-resign",
    ));
    let state = format!("Op Code {} has state {}", fields.opcode, fields.state);
    match Opcode(fields.opcode) {
        Opcode::COUP => all.push(open(state, "pdu.coup-state")),
        Opcode::RESIGN => all.push(open(state, "pdu.resign-state")),
        _ => {}
    }
    all
}

/// How often Hellos come.
fn periods() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-005", "H2-004", "-"]) {
        tests.push(period(dialect, row, "transmit.period", PERIODS));
    }
    for (dialect, row) in dialects(["H1-049", "", ""]) {
        let test = period(dialect, row, "transmit.period.5-s", 5);
        tests.push(test.with("hsrp.hellotime", 5).with("hsrp.holdtime", 15));
    }
    for (dialect, row) in dialects(["", "H2-004", "-"]) {
        tests.push(sub_second(dialect, row).with("hsrp.hellotime", 0.5).with("hsrp.holdtime", 2));
    }
    for (dialect, row) in dialects(["H1-005", "H2-004", "-"]) {
        tests.push(jitter(dialect, row));
    }
    tests
}

/// The Hellos of an Active router over so many Hellotimes.
fn active_hellos(
    t: &mut HsrpTest<'_>,
    periods: u32,
    requirement: &'static str,
) -> Result<Vec<Sighting>, Stop> {
    let first = t.make_active()?;
    let hellotime = t.hellotime();
    let own = t.message().state(Group::Active);
    let mut all = vec![first];
    let mut last = first;
    while last.at.time.since(first.at.time) < hellotime * periods {
        last = t.expect(&own, last.mark(), missing(hellotime), requirement)?;
        all.push(last);
    }
    Ok(all)
}

fn period(dialect: Dialect, row: &'static str, name: &str, periods: u32) -> Test {
    dialect
        .test(
            name,
            row,
            "An Active router sends a Hello each Hellotime, and the Hellotime that it tells is the one it sends by.",
            &["active.hellos", "timers.hellotime", "timers.punctual", "pdu.hellotime-in-use"],
        )
        .hsrp(dialect, move |t| {
            t.without_closing();
            let sightings = active_hellos(t, periods, "active.hellos")?;
            let hellotime = t.hellotime();
            t.gaps(&sightings, missing(hellotime), "timers.hellotime")?;
            t.gaps(&sightings, gap(hellotime), "timers.punctual")?;
            let (first, last) = (sightings[0], sightings[sightings.len() - 1]);
            let watched = last.at.time.since(first.at.time);
            let most = watched.div_duration_f64(hellotime) * f64::from(MOST_HELLOS);
            let sent = u32::try_from(sightings.len() - 1).unwrap_or(u32::MAX);
            let text = format!("at most {most:.0} Hellos in {} s", watched.as_secs_f64());
            let seen = format!("{sent} of them");
            t.judge(f64::from(sent) <= most, &text, &seen, Some(last.number), "pdu.hellotime-in-use")
        })
}

fn sub_second(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "transmit.period.500-ms",
            row,
            "A router keeps to a Hellotime of half a second, and tells it.",
            &[
                "timers.sub-second",
                "active.hellos",
                "pdu.hellotime-in-use",
                "pdu.holdtime-in-use",
                "pdu.holdtime",
                "pdu.holdtime-ratio",
            ],
        )
        .hsrp(dialect, |t| {
            t.without_closing();
            let sightings = active_hellos(t, PERIODS, "active.hellos")?;
            t.gaps(&sightings, gap(t.hellotime()), "timers.sub-second")?;
            judge_each(t, &sightings, times_of)
        })
}

/// Times between Hellos of the Hello timer: others in between make two short ones of one, which say nothing of it.
fn regular(times: &[Duration], hellotime: Duration) -> Vec<Duration> {
    let short = |at: Option<usize>| {
        let time = at.and_then(|at| times.get(at));
        time.is_some_and(|time| *time < least_period(hellotime))
    };
    let whole = (0..times.len())
        .filter(|at| !short(Some(*at)) && !short(at.checked_sub(1)) && !short(at.checked_add(1)));
    whole.map(|at| times[at]).collect()
}

fn jitter(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "transmit.jitter",
            row,
            "The times between Hellos are not all alike.",
            &["timers.jitter-amount", "timers.jitter-amount-cisco", "timers.extra-hellos"],
        )
        .hsrp(dialect, |t| {
            t.without_closing();
            let hellotime = t.hellotime();
            let first = t.make_active()?;
            let own = t.message().state(Group::Active);
            // One more than there are periods: a time between two.
            let sightings = t.all(&own, first.itself(), hellotime * (PERIODS + 1))?;
            let last = sightings.last().map(|last| last.number);
            let times: Vec<Duration> =
                sightings.windows(2).map(|pair| pair[1].at.time.since(pair[0].at.time)).collect();
            let regular = regular(&times, hellotime);
            let extra = times.len() - regular.len();
            t.note(
                format!("{extra} of {} times between Hellos are cut by others", times.len()),
                last,
                "timers.extra-hellos",
            );
            let requirement = of_edition(t, "timers.jitter-amount", "timers.jitter-amount-cisco");
            let (Some(least), Some(most)) = (regular.iter().min(), regular.iter().max()) else {
                return Err(Stop::Inconclusive("D sent too few Hellos to tell".to_owned()));
            };
            if regular.len() < LEAST_GAPS {
                let text = format!("{} times between Hellos, {LEAST_GAPS} are needed to tell", regular.len());
                return Err(Stop::Inconclusive(text));
            }
            let spread = most.saturating_sub(*least);
            let seen = format!("from {:.3} to {:.3} s", least.as_secs_f64(), most.as_secs_f64());
            if t.is(Edition::Rfc2281) {
                let met = spread >= hellotime * JITTER_SEEN_PER_MILLE / 1000;
                return t.judge(met, "times between Hellos that are jittered", &seen, last, requirement);
            }
            t.note(format!("the times between Hellos spread {seen}"), last, requirement);
            Ok(())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_other_hellos_cut_says_nothing_of_the_timer() {
        let hellotime = Duration::from_secs(3);
        let all = [2900, 3000, 200, 2800, 2950, 1500, 1500, 2990, 3000];
        let times: Vec<Duration> = all.into_iter().map(Duration::from_millis).collect();
        let left: Vec<u128> = regular(&times, hellotime).iter().map(Duration::as_millis).collect();
        assert_eq!(left, [2900, 3000]);
    }
}
