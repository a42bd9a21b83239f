//! What an Active router sends: its advertisements field by field, the frame around them, and how often they come.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Frame, Network, Protocol};
use redspec_codec::vrrp::IP_PROTOCOL;
use redspec_codec::vrrp::v2::AuthType;
use redspec_codec::{Family, MacAddress};

use super::advert::padded;
use super::{Advert, Dialect, Hosts, Steps, VrrpTest, advertisement, dialects, frames};
use crate::reference::vrrp::configuration::{Authentication, VirtualRouter};
use crate::reference::vrrp::packet::Packet;
use crate::scenario::{Sighting, Stop, Test};
use crate::spec::vrrp::tolerances::{AT_ONCE, mean_of_periods, period};
use crate::spec::{Edition, Editions};
use crate::suite::router::packet::Ask;
use crate::suite::router::pattern::Frames;

/// So many advertisements are read.
const ADVERTISEMENTS: usize = 3;

/// A frame with a shorter message is padded to this.
const SHORTEST_FRAME: usize = 60;

/// Its tests.
pub fn tests() -> Vec<Test> {
    [headers(), fields(), lists(), version_2(), intervals(), periods()].into_iter().flatten().collect()
}

/// One thing that is asked of an advertisement, and what there was.
pub struct Found {
    met: bool,
    expected: String,
    seen: String,
    requirement: &'static str,
}

impl Found {
    /// The same as another requirement asks it.
    #[must_use]
    pub fn of(self, requirement: &'static str) -> Self {
        Self { requirement, ..self }
    }
}

/// What is asked of each advertisement, in this order.
pub type Asked = fn(&VrrpTest<'_>, &Frame<'_>) -> Vec<Found>;

fn found(
    met: bool,
    expected: impl Into<String>,
    seen: impl Into<String>,
    requirement: &'static str,
) -> Found {
    Found { met, expected: expected.into(), seen: seen.into(), requirement }
}

const fn group(family: Family) -> (IpAddr, MacAddress) {
    match family {
        Family::Ipv4 => (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 18)), MacAddress([1, 0, 0x5e, 0, 0, 0x12])),
        Family::Ipv6 => {
            let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12);
            (IpAddr::V6(group), MacAddress([0x33, 0x33, 0, 0, 0, 0x12]))
        }
    }
}

/// The number that stands behind the IP header: 51 of an Authentication Header.
fn ip_protocol(frame: &Frame<'_>) -> Option<u8> {
    match frame.network() {
        Network::None => None,
        Network::Ipv4(header) => Some(header.protocol().0),
        Network::Ipv6(header) => Some(header.next_header().0),
    }
}

/// What the device means as an advertisement, however wrong: anything with VRRP's protocol number, and anything to its
/// group but the reports of who belongs to that.
pub fn meant(router: &VirtualRouter) -> Frames {
    let family = router.family;
    frames(router.port, "advertisement", move |frame| {
        if frame.family() != Some(family) {
            return None;
        }
        // IGMP; ICMPv6, behind hop-by-hop options or not.
        let report = match family {
            Family::Ipv4 => ip_protocol(frame) == Some(2),
            Family::Ipv6 => matches!(ip_protocol(frame), Some(0 | 58)),
        };
        let to_group = frame.destination_ip() == Some(group(family).0) && !report;
        (frame.protocol() == Protocol::Vrrp || to_group).then_some(true)
    })
}

/// The first of them when nobody else advertises, as many as `count`. Nothing is judged.
///
/// # Errors
/// There are fewer: inconclusive.
pub fn sent(t: &mut VrrpTest<'_>, count: usize) -> Result<Vec<Sighting>, Stop> {
    let interval = t.interval();
    let first = t.down_interval(interval) + interval + t.tolerance(interval) + AT_ONCE.lenient.to;
    t.run.step("nobody else advertises: D is Active");
    sent_within(t, count, first)
}

/// The same; the first of them may take this long.
///
/// # Errors
/// There are fewer: inconclusive.
pub fn sent_within(t: &mut VrrpTest<'_>, count: usize, first: Duration) -> Result<Vec<Sighting>, Stop> {
    let (interval, pattern) = (t.interval(), meant(&t.router()));
    let (mut mark, mut longest) = (t.mark(), first);
    let mut sightings = Vec::new();
    while sightings.len() < count {
        let Some(sighting) = t.look(&pattern, mark, longest)? else {
            let text = format!("D sent {} advertisements, {count} are needed to tell", sightings.len());
            return Err(Stop::Inconclusive(text));
        };
        (mark, longest) = (sighting.mark(), interval * 2 + AT_ONCE.lenient.to);
        sightings.push(sighting);
    }
    Ok(sightings)
}

/// Asks this of each of these frames: first of all of them one thing, then the next.
///
/// # Errors
/// One is not so: recorded, and the end of the test.
pub fn judge_each(t: &mut VrrpTest<'_>, sightings: &[Sighting], asked: Asked) -> Result<(), Stop> {
    let mut all = Vec::new();
    for sighting in sightings {
        let octets = t.octets_at(*sighting);
        if let Ok(frame) = Frame::parse(&octets) {
            all.push((sighting.number, asked(t, &frame)));
        }
    }
    let most = all.iter().map(|(_, found)| found.len()).max().unwrap_or(0);
    for index in 0..most {
        for (number, found) in &all {
            if let Some(Found { met, expected, seen, requirement }) = found.get(index) {
                t.judge(*met, expected, seen, Some(*number), requirement)?;
            }
        }
    }
    Ok(())
}

/// A test that reads advertisements and asks this of each.
fn reads(
    dialect: Dialect,
    row: &'static str,
    name: &str,
    purpose: &str,
    requirements: &[&'static str],
    asked: Asked,
) -> Test {
    dialect.test(name, row, purpose, requirements).vrrp(dialect, move |t| {
        // What it sends is all that the test is about: that it lives has been seen.
        t.without_closing();
        // Of a slow one the first has to do.
        let count = if t.interval() > Duration::from_secs(3) { 1 } else { ADVERTISEMENTS };
        let sightings = sent(t, count)?;
        judge_each(t, &sightings, asked)
    })
}

fn octet(frame: &Frame<'_>, at: usize) -> u8 {
    frame.payload().get(at).copied().unwrap_or(0)
}

/// Octets of the message that are no addresses.
const fn around_addresses(dialect: Dialect) -> usize {
    match dialect {
        Dialect::V2 => 16,
        Dialect::V3 | Dialect::V6 => 8,
    }
}

/// IP and Ethernet.
fn headers() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-002", "V3-002", "V6-001"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.destination",
            "Advertisements are of IP protocol 112, and go to the group of VRRP and to its MAC address.",
            &["encapsulation.protocol", "encapsulation.destination", "encapsulation.destination-mac"],
            destination,
        ));
    }
    for (dialect, row) in dialects(["V2-003", "V3-002", "V6-001"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.ttl",
            "Advertisements leave with TTL or Hop Limit 255.",
            &["encapsulation.ttl"],
            ttl,
        ));
    }
    for (dialect, row) in dialects(["V2-005", "V3-002", "V6-004"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.source-mac",
            "Advertisements come from the MAC address of the virtual router.",
            &["encapsulation.source-mac"],
            source_mac,
        ));
    }
    for (dialect, row) in dialects(["V2-004", "V3-002", "V6-001"]) {
        tests.push(source(dialect, row, "transmit.source-address"));
    }
    for (dialect, row) in dialects(["V2-004", "V3-002", ""]) {
        let test = source(dialect, row, "transmit.source-address.of-two");
        tests.push(test.with("vrrp.secondary_address", "10.0.0.51"));
    }
    for (dialect, row) in dialects(["V2-011", "-", "-"]) {
        let whole = reads(
            dialect,
            row,
            "transmit.not-fragmented",
            "Advertisements with many addresses are not sent in fragments.",
            &["robust.never-fragmented"],
            not_fragmented,
        );
        tests.push(whole.with("vrrp.virtual_addresses", 20));
    }
    for (dialect, row) in dialects(["V2-011", "-", ""]) {
        tests.push(padding(dialect, row));
    }
    for (dialect, row) in dialects(["", "", "V6-025"]) {
        tests.push(eui64(dialect, row));
    }
    tests
}

fn destination(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (group, mac) = group(t.dialect.family());
    let (ip, ethernet) = (frame.destination_ip(), frame.destination_mac());
    vec![
        found(
            frame.protocol() == Protocol::Vrrp,
            format!("IP protocol {IP_PROTOCOL}"),
            format!("it is {}", ip_protocol(frame).unwrap_or(0)),
            "encapsulation.protocol",
        ),
        found(
            ip == Some(group),
            format!("sent to {group}"),
            ip.map_or_else(String::new, |ip| format!("to {ip}")),
            "encapsulation.destination",
        ),
        found(
            ethernet == Some(mac),
            format!("sent to the MAC address {mac}"),
            ethernet.map_or_else(String::new, |mac| format!("to {mac}")),
            "encapsulation.destination-mac",
        ),
    ]
}

fn ttl(_: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let ttl = frame.ttl().unwrap_or(0);
    vec![found(ttl == 255, "TTL or Hop Limit 255", format!("it is {ttl}"), "encapsulation.ttl")]
}

/// Sent from the virtual router's MAC address.
pub fn source_mac(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (mac, seen) = (t.virtual_mac(), frame.source_mac());
    vec![found(
        seen == Some(mac),
        format!("sent from the MAC address {mac}"),
        seen.map_or_else(String::new, |mac| format!("from {mac}")),
        "encapsulation.source-mac",
    )]
}

fn not_fragmented(_: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    vec![found(!frame.is_fragment(), "an advertisement in one piece", "", "robust.never-fragmented")]
}

fn source(dialect: Dialect, row: &'static str, name: &str) -> Test {
    dialect
        .test(
            name,
            row,
            "Advertisements come from a real address of the interface, all of them from the same one.",
            &["encapsulation.source-address", "encapsulation.source-constant"],
        )
        .vrrp(dialect, |t| {
            t.without_closing();
            let sightings = sent(t, ADVERTISEMENTS)?;
            judge_each(t, &sightings, source_address)?;
            let mut sources = Vec::new();
            for sighting in sightings {
                let octets = t.octets_at(sighting);
                let source = Frame::parse(&octets).ok().and_then(|frame| frame.source_ip());
                sources.extend(source.map(|source| (source, sighting.number)));
            }
            let Some(first) = sources.first().copied() else { return Ok(()) };
            let other = sources.iter().find(|(source, _)| *source != first.0);
            t.judge(
                other.is_none(),
                "all advertisements come from the same address",
                &other.map_or_else(String::new, |(other, _)| format!("from {} and from {other}", first.0)),
                other.map(|(_, number)| *number),
                "encapsulation.source-constant",
            )?;
            let own = own_addresses(t);
            if !own.contains(&first.0) {
                let text = format!("the source {} is not the address that the profile names", first.0);
                t.note(text, Some(first.1), "encapsulation.source-address");
            }
            Ok(())
        })
}

fn own_addresses(t: &VrrpTest<'_>) -> Vec<IpAddr> {
    let lan = t.configuration.lan();
    match t.dialect.family() {
        Family::Ipv4 => {
            let secondary = lan.secondary_address.map(IpAddr::from);
            [Some(lan.address.into()), secondary].into_iter().flatten().collect()
        }
        Family::Ipv6 => vec![lan.link_local.into()],
    }
}

fn source_address(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Some(source) = frame.source_ip() else { return Vec::new() };
    let router = t.router();
    let foreign = !router.owner() && router.addresses.contains(&source);
    let possible = match source {
        IpAddr::V4(source) => {
            !source.is_unspecified()
                && !source.is_multicast()
                && !source.is_broadcast()
                && !source.is_loopback()
        }
        IpAddr::V6(source) => source.is_unicast_link_local(),
    };
    // Which addresses a device has is known if its profile tells it.
    let named = if source.is_ipv4() { "vrrp.address" } else { "vrrp.link_local" };
    let known = t.run.exact() || t.run.settings().text(named).is_some();
    let own = own_addresses(t);
    let expected = match source {
        IpAddr::V4(_) => "sent from an address of the interface, which is no virtual one",
        IpAddr::V6(_) => "sent from the link-local address of the interface, which is no virtual one",
    };
    let met = possible && !foreign && (!known || own.contains(&source));
    vec![found(met, expected, format!("from {source}"), "encapsulation.source-address")]
}

/// That a short frame is padded is Ethernet's affair.
fn padding(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "padding.ignored",
            row,
            "What pads the frame of a short advertisement, zero or not, does not discard it.",
            &["rx.padding"],
        )
        .with("vrrp.virtual_addresses", 1)
        .vrrp(dialect, |t| {
            for octet in [0, 0xff] {
                t.mid_interval_of_active()?;
                let advert = t.advert(200);
                let mut frame = advert.frame();
                frame.resize(SHORTEST_FRAME, octet);
                t.run.step(format!("T advertises priority 200 in a frame padded with {octet:#04x}"));
                let mut mark = t.send_frame(advert.port, &frame)?;
                // What was under way has come by then.
                t.wait_until(mark, AT_ONCE.strict.to)?;
                mark.events = t.run.events().len();
                let (interval, router) = (t.interval(), t.router());
                t.never(&advertisement(&router), mark, interval * 11 / 5, "rx.padding")?;
            }
            Ok(())
        })
}

impl VrrpTest<'_> {
    /// The device is Active, and in the middle of an interval.
    fn mid_interval_of_active(&mut self) -> Result<(), Stop> {
        self.make_active()?;
        self.mid_interval()?;
        Ok(())
    }
}

fn eui64(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "transmit.eui64",
            row,
            "No packet of the router comes from an address with the EUI-64 of the virtual MAC address in it.",
            &["nd.eui64", "nd.eui64-2024"],
        )
        .vrrp(dialect, |t| {
            t.without_closing();
            let start = t.mark();
            sent(t, ADVERTISEMENTS)?;
            let router = t.router();
            let mac = router.mac().0;
            let identifier = [mac[0] ^ 2, mac[1], mac[2], 0xff, 0xfe, mac[3], mac[4], mac[5]];
            let virtual_addresses = router.addresses.clone();
            let pattern =
                frames(router.port, "packet from an address made of the virtual MAC address", move |frame| {
                    let Some(IpAddr::V6(source)) = frame.source_ip() else { return None };
                    // A virtual address may have any identifier.
                    let own = !virtual_addresses.contains(&IpAddr::V6(source));
                    Some(own && source.octets()[8..] == identifier)
                });
            let watched = t.now().since(start.at.time);
            if t.is(Edition::Rfc5798) {
                return t.never(&pattern, start, watched, "nd.eui64");
            }
            let seen = t.look(&pattern, start, watched)?;
            let text = match seen {
                Some(_) => "an address of the router has the EUI-64 of the virtual MAC address in it",
                None => "no packet came from an address with the EUI-64 of the virtual MAC address in it",
            };
            t.note(text, seen.map(|seen| seen.number), "nd.eui64-2024");
            Ok(())
        })
}

/// Fields that have one value, or that of the configuration.
fn fields() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-001", "V3-001", "-"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.version-and-type",
            "Advertisements have the version's number, and type 1.",
            &["pdu.version-and-type"],
            version_and_type,
        ));
    }
    for (dialect, row) in dialects(["", "V3-001", "-"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.reserve",
            "The reserved bits of advertisements are zero.",
            &["pdu.reserve"],
            reserve,
        ));
    }
    for (dialect, row) in dialects(["V2-007", "V3-001", "-"]) {
        for vrid in [1, 10, 255] {
            let test = reads(
                dialect,
                row,
                &format!("transmit.vrid.{vrid}"),
                "Advertisements have the VRID that is configured, and come from its MAC address.",
                &["pdu.vrid", "encapsulation.source-mac"],
                |t, frame| [vrid_field(t, frame), source_mac(t, frame)].into_iter().flatten().collect(),
            );
            tests.push(test.with("vrrp.vrid", vrid));
        }
    }
    for (dialect, row) in dialects(["V2-007", "V3-001", "-"]) {
        for priority in [1, 50, 100, 200, 254] {
            let test = reads(
                dialect,
                row,
                &format!("transmit.priority.{priority}"),
                "Advertisements have the priority that is configured.",
                &["pdu.priority"],
                priority_field,
            );
            tests.push(test.with("vrrp.priority", priority));
        }
    }
    for (dialect, row) in dialects(["V2-006", "V3-004", "V6-003"]) {
        tests.push(reads(
            dialect,
            row,
            "transmit.checksum",
            "The checksum of advertisements is right, and covers what the edition says.",
            &[
                "pdu.checksum",
                "pdu.checksum-message",
                "pdu.checksum-message-2010",
                "pdu.checksum-pseudo-header",
            ],
            checksum,
        ));
    }
    for (dialect, row) in dialects(["", "V3-005", ""]) {
        for (name, address) in [("1", "10.0.1.1"), ("200", "10.0.0.200")] {
            tests.push(checksum_form(dialect, row, name).with("vrrp.address", address));
        }
    }
    tests
}

fn version_and_type(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (expected, seen) = (if t.dialect == Dialect::V2 { 0x21 } else { 0x31 }, octet(frame, 0));
    vec![found(
        seen == expected,
        format!("version {} and type 1", expected >> 4),
        format!("version {} and type {}", seen >> 4, seen & 0xf),
        "pdu.version-and-type",
    )]
}

fn reserve(_: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let reserve = octet(frame, 4) >> 4;
    vec![found(reserve == 0, "Reserve is 0", format!("it is {reserve:#x}"), "pdu.reserve")]
}

fn vrid_field(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (expected, seen) = (t.router().vrid, octet(frame, 1));
    vec![found(seen == expected, format!("VRID {expected}"), format!("it is {seen}"), "pdu.vrid")]
}

fn priority_field(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (expected, seen) = (t.router().priority, octet(frame, 2));
    vec![found(seen == expected, format!("priority {expected}"), format!("it is {seen}"), "pdu.priority")]
}

/// Which of its forms the checksum has: over the message, over a pseudo-header too.
fn forms(t: &VrrpTest<'_>, frame: &Frame<'_>) -> (bool, bool) {
    let version = t.dialect.version();
    Packet::of(frame).map_or((false, false), |packet| {
        (packet.sum_of_message(version), packet.sum_with_pseudo_header(version))
    })
}

/// The checksum is right.
pub fn checksum(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (message, pseudo) = forms(t, frame);
    let seen = format!("it is {:#06x}", u16::from_be_bytes([octet(frame, 6), octet(frame, 7)]));
    match t.dialect {
        Dialect::V2 => vec![found(message, "a right checksum of the whole message", seen, "pdu.checksum")],
        Dialect::V6 => vec![found(
            pseudo,
            "a right checksum of pseudo-header and message",
            seen,
            "pdu.checksum-pseudo-header",
        )],
        Dialect::V3 => {
            let mut found_all = vec![found(
                message || pseudo,
                "a right checksum of the message, with or without a pseudo-header",
                seen.clone(),
                "pdu.checksum",
            )];
            if t.is(Edition::Rfc9568) {
                let text = "a right checksum of the message alone";
                found_all.push(found(
                    message,
                    text,
                    format!("{seen}, of a pseudo-header too"),
                    "pdu.checksum-message",
                ));
            }
            found_all
        }
    }
}

fn checksum_form(dialect: Dialect, row: &'static str, name: &str) -> Test {
    dialect
        .test(
            &format!("transmit.checksum-form.{name}"),
            row,
            "The checksum of advertisements is right with any source address; which form it has is recorded.",
            &["pdu.checksum", "pdu.checksum-message-2010"],
        )
        .vrrp(dialect, |t| {
            t.without_closing();
            let sightings = sent(t, 1)?;
            for sighting in sightings {
                let octets = t.octets_at(sighting);
                let Ok(frame) = Frame::parse(&octets) else { continue };
                let (message, pseudo) = forms(t, &frame);
                t.judge(
                    message || pseudo,
                    "a right checksum of the message, with or without a pseudo-header",
                    "",
                    Some(sighting.number),
                    "pdu.checksum",
                )?;
                let text = match (message, pseudo) {
                    (true, true) => "the checksum is the same with and without a pseudo-header",
                    (true, false) => "the checksum covers the message alone",
                    _ => "the checksum covers a pseudo-header too",
                };
                let requirement =
                    if t.is(Edition::Rfc5798) { "pdu.checksum-message-2010" } else { "pdu.checksum" };
                t.note(text, Some(sighting.number), requirement);
            }
            Ok(())
        })
}

/// The addresses, and how many they are.
fn lists() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-007", "V3-001", "V6-002"]) {
        for count in [1, 3, 20] {
            let test = reads(
                dialect,
                row,
                &format!("transmit.addresses.{count}"),
                "Advertisements have all addresses of the virtual router, their number, and nothing behind them.",
                &["pdu.count", "pdu.length", "pdu.one-family", "pdu.addresses", "pdu.authentication-data"],
                addresses,
            );
            tests.push(test.with("vrrp.virtual_addresses", count));
        }
    }
    for (dialect, row) in dialects(["", "", "V6-002"]) {
        let test = reads(
            dialect,
            row,
            "transmit.link-local-first",
            "The first of the addresses in advertisements is the virtual router's link-local one.",
            &["pdu.link-local-first", "pdu.link-local-first-2010"],
            link_local_first,
        );
        tests.push(test.with("vrrp.virtual_addresses", 3));
    }
    tests
}

/// The addresses that are there, whatever the count says.
fn listed(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<IpAddr> {
    let family = t.dialect.family();
    let behind = around_addresses(t.dialect) - 8;
    let payload = frame.payload();
    let octets = payload.get(8..payload.len().saturating_sub(behind)).unwrap_or_default();
    octets
        .chunks_exact(family.address_length())
        .filter_map(|octets| match family {
            Family::Ipv4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
            Family::Ipv6 => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
        })
        .collect()
}

fn addresses(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let (size, around) = (t.dialect.family().address_length(), around_addresses(t.dialect));
    // Cisco's own authentication has 28 octets more.
    let cisco = t.dialect == Dialect::V2 && octet(frame, 4) == AuthType::CISCO_MD5.0;
    let length = frame.payload().len() - if cisco { 28.min(frame.payload().len()) } else { 0 };
    let (count, wanted) = (usize::from(octet(frame, 3)), t.router().addresses);
    let mut there = listed(t, frame);
    there.truncate(count);
    let words: Vec<String> = there.iter().map(ToString::to_string).collect();
    let (mut sorted, mut expected) = (there, wanted.clone());
    sorted.sort_unstable();
    expected.sort_unstable();
    let fits = length.checked_sub(around).map(|addresses| addresses / size);
    let mut all = Vec::new();
    if t.dialect == Dialect::V2 {
        // If the count is wrong nobody knows where they would be.
        let met = count != wanted.len() || length >= around + size * count;
        let text = "eight octets of authentication data behind the addresses";
        all.push(found(met, text, format!("{length} octets in all"), "pdu.authentication-data"));
    }
    all.push(found(
        count > 0 && fits == Some(count),
        "a count of one or more, that of the addresses which follow",
        format!("it is {count}, in a message of {length} octets"),
        "pdu.count",
    ));
    all.push(found(
        length == around + size * count,
        format!("{around} octets, and {size} for each address"),
        format!("{length} octets, with {count} addresses"),
        "pdu.length",
    ));
    if t.dialect != Dialect::V2 {
        all.push(found(
            (length.saturating_sub(around)) % size == 0,
            "addresses of the family of the IP header alone",
            format!("{} octets of addresses", length.saturating_sub(around)),
            "pdu.one-family",
        ));
    }
    all.push(found(
        sorted == expected,
        format!("the {} addresses of the virtual router, in any order", wanted.len()),
        words.join(", "),
        "pdu.addresses",
    ));
    all
}

fn link_local_first(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let first = listed(t, frame).first().copied();
    let requirement =
        if t.is(Edition::Rfc5798) { "pdu.link-local-first-2010" } else { "pdu.link-local-first" };
    let link_local = matches!(first, Some(IpAddr::V6(first)) if first.is_unicast_link_local());
    vec![found(
        link_local,
        "a link-local address is the first",
        first.map_or_else(|| "there is none".to_owned(), |first| format!("it is {first}")),
        requirement,
    )]
}

/// Authentication.
fn version_2() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-008", "", ""]) {
        let test = dialect
            .test(
                "transmit.no-authentication",
                row,
                "Without authentication, advertisements have Auth Type 0 and eight octets of zero.",
                &["pdu.auth-type", "pdu.no-authentication", "pdu.authentication-data", "pdu.auth-type-cisco"],
            )
            .with("vrrp.authentication", "none")
            .vrrp(dialect, |t| {
                t.without_closing();
                let sightings = sent(t, ADVERTISEMENTS)?;
                let cisco = sightings.iter().find(|sighting| {
                    let octets = t.octets_at(**sighting);
                    Frame::parse(&octets).is_ok_and(|frame| octet(&frame, 4) == AuthType::CISCO_MD5.0)
                });
                if let Some(sighting) = cisco {
                    t.note("Auth Type is 254, Cisco's own", Some(sighting.number), "pdu.auth-type-cisco");
                }
                judge_each(t, &sightings, no_authentication)
            });
        tests.push(test);
    }
    for (dialect, row) in dialects(["V2-014", "", ""]) {
        for password in ["seven", "eightest"] {
            let test = reads(
                dialect,
                row,
                &format!("transmit.password.length-{}", password.len()),
                "With a password, advertisements have Auth Type 1, the password, and zeros behind it.",
                &["pdu.auth-type", "authentication.password-filled", "authentication.password-sent"],
                password_sent,
            );
            let test = test.only(Editions::ONLY_2338);
            tests.push(test.with("vrrp.authentication", "text").with("vrrp.password", password));
        }
    }
    tests
}

/// The eight octets behind the addresses.
fn data<'a>(frame: &Frame<'a>) -> Option<&'a [u8]> {
    let at = 8 + 4 * usize::from(octet(frame, 3));
    frame.payload().get(at..at + 8)
}

fn auth_type(frame: &Frame<'_>, expected: AuthType) -> Found {
    let seen = octet(frame, 4);
    found(seen == expected.0, format!("Auth Type {}", expected.0), format!("it is {seen}"), "pdu.auth-type")
}

fn no_authentication(_: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let data = data(frame);
    vec![
        auth_type(frame, AuthType::NONE),
        found(
            data.is_some(),
            "eight octets behind the addresses",
            "there are fewer",
            "pdu.authentication-data",
        ),
        found(
            data.is_some_and(|data| data.iter().all(|octet| *octet == 0)),
            "authentication data of zeros",
            format!("it is {:02x?}", data.unwrap_or_default()),
            "pdu.no-authentication",
        ),
    ]
}

fn password_sent(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let Authentication::Text(password) = &t.configuration.authentication else { return Vec::new() };
    let (data, wanted, length) = (data(frame).unwrap_or_default(), padded(password), password.len().min(8));
    let seen = format!("it is {data:02x?}");
    vec![
        auth_type(frame, AuthType::SIMPLE_TEXT),
        found(
            data.get(length..) == Some(&wanted[length..]),
            "authentication data with zeros behind the password",
            seen.clone(),
            "authentication.password-filled",
        ),
        found(
            data.get(..length) == Some(&wanted[..length]),
            "authentication data that begins with the password",
            seen,
            "authentication.password-sent",
        ),
    ]
}

/// The interval that is told.
fn intervals() -> Vec<Test> {
    let mut tests = Vec::new();
    let mut push = |dialect: Dialect, row, name: &str, interval: Duration| {
        let test = dialect.test(
            &format!("transmit.interval.{name}"),
            row,
            "Advertisements tell the Advertisement_Interval that is configured.",
            &["pdu.interval", "configuration.interval-range"],
        );
        let test = test.with("vrrp.interval", interval.as_secs_f64()).vrrp(dialect, |t| {
            t.without_closing();
            // Of a slow one the first has to do.
            let count = if t.interval() > Duration::from_secs(3) { 1 } else { ADVERTISEMENTS };
            let sightings = sent(t, count)?;
            judge_each(t, &sightings, interval_field)?;
            if t.is(Edition::Rfc9568) {
                let text = format!("an interval of {} s can be configured", t.interval().as_secs_f64());
                t.note(text, None, "configuration.interval-range");
            }
            Ok(())
        });
        tests.push(test);
    };
    for (dialect, row) in dialects(["V2-009", "", ""]) {
        // RFC 8347 has no more than 254.
        for seconds in [1, 2, 254] {
            push(dialect, row, &format!("{seconds}-s"), Duration::from_secs(seconds));
        }
    }
    for (dialect, row) in dialects(["", "V3-003", "-"]) {
        for centiseconds in [1, 10, 100, 1000, 4095] {
            push(dialect, row, &format!("{centiseconds}-cs"), Duration::from_millis(centiseconds * 10));
        }
    }
    for (dialect, row) in dialects(["", "V3-046", "-"]) {
        let test = dialect.test(
            "transmit.interval.own",
            row,
            "A router that has learned another interval as Backup tells its own when it is Active, and keeps to it.",
            &["pdu.interval", "timers.own-interval"],
        );
        tests.push(test.vrrp(dialect, |t| {
            t.without_closing();
            let advert = Advert { interval: Duration::from_millis(200), ..t.advert(200) };
            let peer = t.make_backup_of(advert)?;
            t.run.step("T falls silent");
            t.stop_peer(peer)?;
            let sightings = sent(t, ADVERTISEMENTS)?;
            judge_each(t, &sightings, interval_field)?;
            t.gaps(&sightings, period(t.interval()), "timers.own-interval")
        }));
    }
    tests
}

/// The interval is the one that is configured.
pub fn interval_field(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let milliseconds = t.interval().as_millis();
    let (expected, seen, unit) = match t.dialect {
        Dialect::V2 => (milliseconds / 1000, u16::from(octet(frame, 5)), "s"),
        Dialect::V3 | Dialect::V6 => {
            let both = u16::from_be_bytes([octet(frame, 4), octet(frame, 5)]);
            (milliseconds / 10, both & 0x0fff, "cs")
        }
    };
    vec![found(
        u128::from(seen) == expected,
        format!("an interval of {expected} {unit}"),
        format!("it is {seen} {unit}"),
        "pdu.interval",
    )]
}

/// How often they come.
fn periods() -> Vec<Test> {
    let mut tests = Vec::new();
    let mut push = |dialect: Dialect, row, name: &str, interval: Duration, periods: u32| {
        let test = dialect.test(
            &format!("transmit.period.{name}"),
            row,
            "An Active router advertises once in each interval, and does not drift.",
            &["active.interval", "active.interval-mean"],
        );
        let test = test.with("vrrp.interval", interval.as_secs_f64());
        tests.push(test.vrrp(dialect, move |t| {
            t.without_closing();
            let mut sightings = vec![t.make_active()?];
            let router = t.router();
            for _ in 0..periods {
                let last = sightings[sightings.len() - 1].mark();
                let next = t.expect(
                    &advertisement(&router),
                    last,
                    period(interval).from_anywhere(),
                    "active.interval",
                )?;
                sightings.push(next);
            }
            t.gaps(&sightings, period(interval), "active.interval")?;
            let last = sightings[sightings.len() - 1];
            let requirement = t.requirement("active.interval-mean");
            let what = format!("{periods} periods of a mean length as configured");
            let window = mean_of_periods(interval, periods);
            t.run.judge_time(&what, sightings[0].mark(), last, window, requirement)
        }));
    };
    for (dialect, row) in dialects(["V2-010", "", ""]) {
        push(dialect, row, "1-s", Duration::from_secs(1), 20);
        push(dialect, row, "3-s", Duration::from_secs(3), 5);
    }
    for (dialect, row) in dialects(["", "V3-006", "-"]) {
        push(dialect, row, "10-cs", Duration::from_millis(100), 20);
        push(dialect, row, "100-cs", Duration::from_secs(1), 20);
        push(dialect, row, "1000-cs", Duration::from_secs(10), 3);
    }
    for (dialect, row) in dialects(["", "V3-038", "-"]) {
        tests.push(busy(dialect, row));
    }
    tests
}

/// Questions come in such bunches, so often, for so many times.
const BUNCH: usize = 25;
const BUNCHES_APART: Duration = Duration::from_millis(25);
const BUNCHES: u32 = 120;

fn busy(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "transmit.busy",
            row,
            "At a tenth of a second, an Active router that answers many questions advertises before Backups time out.",
            &["active.steady-under-load"],
        )
        .with("vrrp.interval", 0.1)
        .vrrp(dialect, |t| {
            t.without_closing();
            let first = t.make_active()?;
            let (vip, router) = (t.vip(), t.router());
            t.run.step(format!("{BUNCH} questions for {vip} come every {} ms", BUNCHES_APART.as_millis()));
            let start = t.mark();
            for number in 1..=BUNCHES {
                for _ in 0..BUNCH {
                    t.ask(vip, Ask::Everyone)?;
                }
                t.wait_until(start, BUNCHES_APART * number)?;
            }
            let end = t.now();
            let sightings = t.all(&advertisement(&router), first.itself(), end.since(first.at.time))?;
            let times = sightings.iter().map(|sighting| sighting.at.time).chain([end]);
            let gaps = times.clone().skip(1).zip(times).map(|(next, time)| next.since(time));
            let worst = gaps.max().unwrap_or_default();
            // No Backup times out sooner, whatever its priority.
            let longest = t.interval() * 3;
            let seen = format!("{:.3} s at the most, in {} of them", worst.as_secs_f64(), sightings.len());
            let text = format!("no {} s without an advertisement", longest.as_secs_f64());
            t.judge(worst < longest, &text, &seen, None, "active.steady-under-load")
        })
}
