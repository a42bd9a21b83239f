//! What of a received message is validated, and what is not: one thing wrong at a time, found out as Active and as Standby.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use redspec_codec::hsrp::{Opcode, v1};
use redspec_codec::{Family, MacAddress, Stated};

use super::message::{state_1, state_2};
use super::pattern;
use super::{Dialect, Edit, HsrpTest, Message, Rows, Station, Steps, dialects};
use crate::scenario::{Stop, Test};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::{groups, virtual_mac};
use crate::spec::hsrp::tolerances::next_hello;
use crate::suite::router::candidate::Candidate;

/// Octets of a Group State with its type and its length.
const GROUP_STATE: usize = 42;
/// The largest payload of UDP over IPv4 in one frame.
const LARGEST: usize = 1472;
/// A type of TLV that nobody has.
const UNKNOWN_TLV: u8 = 99;

type Make = fn(Dialect, &'static str) -> Test;

const TESTS: &[(Rows, Make)] = &[
    (["H1-037", "-", "-"], version),
    (["-", "H2-014", "-"], other_version),
    (["H1-037", "-", "-"], op_code),
    (["H1-037", "-", "-"], state),
    (["H1-039", "-", "-"], truncated),
    (["H1-039", "-", "-"], truncated_in_padding),
    (["", "H2-015", "-"], length_octet),
    (["", "H2-015", "-"], group_state_length),
    (["H1-039", "", ""], trailing_octets),
    (["H1-039", "-", "-"], checksum),
    (["H1-039", "-", ""], checksum_absent),
    (["H1-040", "-", "-"], group),
    (["H1-040", "-", "-"], all_groups),
    (["", "H2-022", "-"], group_range),
    (["", "-", "-"], family),
    (["H1-041", "-", "H2-021"], ttl),
    (["-", "-", "-"], source_mac),
    (["-", "-", "-"], source_port),
    (["-", "-", "-"], destination),
    (["-", "", ""], reserved),
    (["", "-", "-"], identifier),
    (["", "H2-015", "-"], tlv_unknown),
    (["", "H2-016", "-"], tlv_repeated),
    (["", "H2-008", "-"], tlv_order),
    (["H1-038", "-", "-"], interface_state),
    (["H1-038", "-", "-"], interface_state_malformed),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    TESTS
        .iter()
        .flat_map(|(rows, make)| dialects(*rows).map(move |(dialect, row)| make(dialect, row)))
        .collect()
}

/// The Hello of a better Active router, but for this.
pub(super) fn changed(
    t: &HsrpTest<'_>,
    text: impl Into<String>,
    change: impl FnOnce(&mut Message),
) -> Candidate {
    let mut message = t.candidate();
    change(&mut message);
    Candidate::new(text, &message)
}

/// A frame like that of a better Active router's Hello, with another payload of UDP.
fn carried(t: &HsrpTest<'_>, text: impl Into<String>, payload: &[u8]) -> Candidate {
    let message = t.candidate();
    Candidate::raw(text, vec![message.around(payload)], message.port)
}

/// A TLV of version 2.
pub(super) fn tlv(kind: u8, value: &[u8]) -> Vec<u8> {
    let length = u8::try_from(value.len()).unwrap_or(u8::MAX);
    [&[kind, length], value].concat()
}

/// The Group State of a better Active router's Hello, and what follows it.
pub(super) fn parts(t: &HsrpTest<'_>) -> (Vec<u8>, Vec<u8>) {
    let mut group_state = t.candidate().payload();
    let rest = group_state.split_off(GROUP_STATE.min(group_state.len()));
    (group_state, rest)
}

fn version(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test("rx.version", row, "A message with any other version number is discarded.", &["rx.version"])
        .hsrp(dialect, move |t| {
            let own = if dialect == Dialect::V1 { 0 } else { 2 };
            let candidates: Vec<Candidate> = (0..=u8::MAX)
                .filter(|version| *version != own)
                .map(|version| {
                    changed(t, format!("version {version}"), |message| message.version_field = Some(version))
                })
                .collect();
            t.discarded("another version", &candidates, "rx.version")
        })
}

/// A better Active router's Hello of the other version, for the group of the same number.
fn of_other_version(t: &HsrpTest<'_>) -> Message {
    let message = t.candidate();
    let version = if t.dialect == Dialect::V1 { Version::V2 } else { Version::V1 };
    let group = message.group & groups(version).end();
    let (source, address) = match (message.source, message.address) {
        // Version 1 has no IPv6.
        (IpAddr::V6(_), _) => (Ipv4Addr::new(10, 0, 0, 9).into(), Ipv4Addr::new(10, 0, 0, 254).into()),
        own => own,
    };
    Message { version, group, address, source, ..message }
}

fn other_version(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.other-version",
            row,
            "A message of the other version is discarded, right as it is, whichever group address it is sent to.",
            &["rx.other-version"],
        )
        .hsrp(dialect, move |t| {
            let plain = of_other_version(t);
            let own = t.virtual_mac();
            let mut candidates = vec![
                Candidate::new("to its own group address", &plain),
                Candidate::new(
                    "from D's virtual MAC address",
                    &Message { source_mac: Some(own), ..plain.clone() },
                ),
            ];
            if dialect == Dialect::V6 {
                candidates.push(carried(t, "in the place of one of version 2", &plain.payload()));
            } else {
                let to = if dialect == Dialect::V1 { VERSION_1 } else { VERSION_2 };
                let misled = Message { destination: Some(to), ..plain };
                candidates.push(Candidate::new("to the group address of D's version", &misled));
            }
            t.discarded("the other version", &candidates, "rx.other-version")
        })
}

/// To whom version 1 is sent.
const VERSION_1: (IpAddr, MacAddress) =
    (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 2)), MacAddress([1, 0, 0x5e, 0, 0, 2]));
/// To whom version 2 is sent over IPv4.
const VERSION_2: (IpAddr, MacAddress) =
    (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 102)), MacAddress([1, 0, 0x5e, 0, 0, 102]));

fn op_code(dialect: Dialect, row: &'static str) -> Test {
    dialect.test("rx.op-code", row, "A message with any unknown Op Code is discarded.", &["rx.op-code"]).hsrp(
        dialect,
        move |t| {
            let candidates: Vec<Candidate> = (3..=u8::MAX)
                .map(|number| {
                    changed(t, format!("Op Code {number}"), |message| message.opcode = Opcode(number))
                })
                .collect();
            t.discarded("unknown Op Code", &candidates, "rx.op-code")
        },
    )
}

fn state(dialect: Dialect, row: &'static str) -> Test {
    dialect.test("rx.state", row, "A Hello with any unknown state is discarded.", &["rx.state"]).hsrp(
        dialect,
        move |t| {
            let known: Vec<u8> = Group::ALL
                .into_iter()
                .map(|state| if dialect == Dialect::V1 { state_1(state).0 } else { state_2(state).0 })
                .collect();
            let candidates: Vec<Candidate> = (0..=u8::MAX)
                // Version 2 has Disabled besides.
                .filter(|number| !known.contains(number) && *number != 0)
                .map(|number| {
                    changed(t, format!("state {number}"), |message| message.state_field = Some(number))
                })
                .collect();
            t.discarded("unknown state", &candidates, "rx.state")
        },
    )
}

/// Lengths that are too short. In version 2 what ends behind its Group State is whole, but has no authentication.
fn too_short(t: &HsrpTest<'_>) -> Vec<usize> {
    match t.dialect {
        Dialect::V1 => (0..v1::Message::LEN).collect(),
        Dialect::V2 | Dialect::V6 => {
            let whole = t.candidate().payload().len();
            (0..whole).filter(|length| *length != GROUP_STATE).collect()
        }
    }
}

fn truncated(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.length.truncated",
            row,
            "A message that is cut, to whatever length, is discarded.",
            &["rx.length", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let candidates: Vec<Candidate> = too_short(t)
                .into_iter()
                .map(|length| {
                    changed(t, format!("{length} octets"), |message| message.edits = vec![Edit::Cut(length)])
                })
                .collect();
            t.discarded("truncated message", &candidates, "rx.length")?;
            t.obeys("robust.fuzz")
        })
}

fn truncated_in_padding(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.length.in-padding",
            row,
            "A message of which UDP has only the beginning is discarded, also if the rest follows as padding of the frame.",
            &["rx.length", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let message = t.candidate();
            let payload = message.payload();
            let candidates: Vec<Candidate> = too_short(t)
                .into_iter()
                .map(|length| {
                    let (inside, outside) = payload.split_at(length.min(payload.len()));
                    let frame = [message.around(inside), outside.to_vec()].concat();
                    Candidate::raw(format!("{length} octets inside UDP"), vec![frame], message.port)
                })
                .collect();
            t.discarded("message that ends behind its datagram", &candidates, "rx.length")?;
            t.obeys("robust.fuzz")
        })
}

fn length_octet(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.length.octet",
            row,
            "A message with a TLV that goes on behind its end, or without a Group State, is discarded.",
            &["rx.length", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let (group_state, rest) = parts(t);
            let beyond = u8::try_from(group_state.len() + rest.len() - 1).unwrap_or(u8::MAX);
            let mut candidates: Vec<Candidate> = [0, 1, beyond, beyond + 1, 255]
                .into_iter()
                .map(|length| {
                    changed(t, format!("Group State that says {length}"), |message| {
                        message.edits = vec![Edit::Octet(1, length)];
                    })
                })
                .collect();
            let behind = GROUP_STATE + 1;
            candidates.extend([rest.len() - 1, 255].map(|length| {
                let octet = u8::try_from(length).unwrap_or(u8::MAX);
                changed(t, format!("authentication that says {octet}"), |message| {
                    message.edits = vec![Edit::Octet(behind, octet)];
                })
            }));
            candidates.push(carried(t, "authentication alone", &rest));
            candidates.push(carried(
                t,
                "an unknown TLV in the place of the Group State",
                &[tlv(UNKNOWN_TLV, &group_state[2..]), rest].concat(),
            ));
            t.discarded("wrong length", &candidates, "rx.length")?;
            t.obeys("robust.fuzz")
        })
}

fn group_state_length(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.group-state-length",
            row,
            "A Group State of another length than 40 is discarded, whether its length octet says so or not.",
            &["rx.group-state-length", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let (group_state, rest) = parts(t);
            let body = &group_state[2..];
            let mut candidates: Vec<Candidate> = [39, 28, 8]
                .into_iter()
                .map(|length| {
                    let payload = [tlv(1, &body[..length]), rest.clone()].concat();
                    carried(t, format!("{length} octets"), &payload)
                })
                .collect();
            for more in [1, 2, 12] {
                let longer = tlv(1, &[body, &vec![0; more]].concat());
                let payload = [longer, rest.clone()].concat();
                candidates.push(carried(t, format!("{} octets", 40 + more), &payload));
            }
            for said in [39, 41] {
                candidates.push(changed(t, format!("40 octets that say {said}"), |message| {
                    message.edits = vec![Edit::Octet(1, said)];
                }));
            }
            t.discarded("Group State of another length", &candidates, "rx.group-state-length")?;
            t.obeys("robust.fuzz")
        })
}

fn trailing_octets(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.trailing-octets",
            row,
            "Recorded: what becomes of a message with octets behind its twenty; a good one is heard behind them.",
            &["rx.trailing-octets", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let of = |t: &HsrpTest<'_>, length: usize| {
                changed(t, format!("{length} octets"), |message| {
                    message.edits = vec![Edit::Append(vec![0; length - v1::Message::LEN])];
                })
            };
            let some = [21, 48, 49, 51, LARGEST].map(|length| of(t, length));
            t.recorded("octets behind the message", &some, "rx.trailing-octets")?;
            let all: Vec<Candidate> = (21..50).map(|length| of(t, length)).collect();
            t.recorded_together("octets behind the message", &all, "rx.trailing-octets")?;
            t.obeys("robust.fuzz")
        })
}

/// The UDP checksum of a better Active router's Hello.
fn right_checksum(t: &HsrpTest<'_>) -> u16 {
    let message = t.candidate();
    let at = 14 + if message.source.is_ipv4() { 20 } else { 40 } + 6;
    let frame = message.frame();
    u16::from_be_bytes([frame[at], frame[at + 1]])
}

fn checksum(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.checksum",
            row,
            "A message is discarded if one bit of its UDP checksum is wrong, whichever it is, or all of it.",
            &["rx.checksum"],
        )
        .hsrp(dialect, move |t| {
            let right = right_checksum(t);
            let bits = (0..16).map(|bit| right ^ (1 << bit));
            let others = [!right, right.swap_bytes(), right.wrapping_add(1), 0xffff];
            // Over IPv6 there has to be one (RFC 8200 section 8.1).
            let absent = (dialect == Dialect::V6).then_some(0);
            let candidates: Vec<Candidate> = bits
                .chain(others)
                // Over IPv4 zero says that there is none; what is right is no fault.
                .filter(|checksum| *checksum != right && *checksum != 0)
                .chain(absent)
                .map(|checksum| {
                    let text = format!("checksum {checksum:#06x} instead of {right:#06x}");
                    changed(t, text, |message| message.checksum = Stated::Exactly(checksum))
                })
                .collect();
            t.discarded("wrong UDP checksum", &candidates, "rx.checksum")
        })
}

fn checksum_absent(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.checksum-absent",
            row,
            "A message without a UDP checksum is accepted.",
            &["rx.checksum-absent"],
        )
        .hsrp(dialect, move |t| {
            let candidates = [changed(t, "checksum 0", |message| message.checksum = Stated::Exactly(0))];
            t.accepted("no UDP checksum", &candidates, "rx.checksum-absent")
        })
}

/// A better Active router's Hello for another group, from that group's MAC address and from the device's own group's.
fn for_group(t: &HsrpTest<'_>, group: u16) -> [Candidate; 2] {
    let own = t.virtual_mac();
    [(None, ""), (Some(own), " from D's virtual MAC address")].map(|(source_mac, whose)| {
        changed(t, format!("group {group}{whose}"), |message| {
            (message.group, message.source_mac) = (group, source_mac);
        })
    })
}

/// The device is not in this group.
fn is_other(t: &HsrpTest<'_>, group: u16) -> bool {
    t.configuration.groups.iter().all(|known| known.number != group)
}

fn group(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.group",
            row,
            "A message for a group that is not configured is discarded, whatever MAC address it comes from.",
            &["rx.group"],
        )
        .hsrp(dialect, move |t| {
            let own = t.group().number;
            let range = groups(dialect.version());
            let mut others = vec![0, own.wrapping_sub(1), own.wrapping_add(1), own ^ 0x80, 255];
            if dialect != Dialect::V1 {
                // All twelve bits count.
                others.extend([own ^ 0x100, own ^ 0x800, own ^ 0xf00, 4095]);
            }
            let candidates: Vec<Candidate> = others
                .into_iter()
                .filter(|group| range.contains(group) && is_other(t, *group))
                .flat_map(|group| for_group(t, group))
                .collect();
            t.discarded("another group", &candidates, "rx.group")
        })
}

fn all_groups(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.group.all",
            row,
            "Messages for 255 other groups at once are discarded, and a good one is heard behind them.",
            &["rx.group", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let candidates: Vec<Candidate> = (0..=256)
                .filter(|group| groups(dialect.version()).contains(group) && is_other(t, *group))
                .take(255)
                .map(|group| changed(t, format!("group {group}"), |message| message.group = group))
                .collect();
            t.discarded("another group", &candidates, "rx.group")?;
            t.obeys("robust.fuzz")
        })
}

fn group_range(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.group-range",
            row,
            "Recorded: what becomes of a message for a group above 4095.",
            &["rx.group-range"],
        )
        .hsrp(dialect, move |t| {
            let own = t.group().number;
            let candidates: Vec<Candidate> = [4096, 4096 + own, 0xf000 + own, 65535]
                .into_iter()
                .filter(|group| is_other(t, *group))
                .map(|group| changed(t, format!("group {group}"), |message| message.group = group))
                .collect();
            t.recorded("group above 4095", &candidates, "rx.group-range").map(drop)
        })
}

fn family(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.family",
            row,
            "Recorded: what becomes of a message for the group of the same number of the other family of addresses.",
            &["rx.family"],
        )
        .hsrp(dialect, move |t| {
            let (source, address): (IpAddr, IpAddr) = match dialect.family() {
                Family::Ipv4 => (
                    Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9).into(),
                    Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10).into(),
                ),
                Family::Ipv6 => (Ipv4Addr::new(10, 0, 0, 9).into(), Ipv4Addr::new(10, 0, 0, 254).into()),
            };
            let candidates = [
                changed(t, "in both headers", |message| {
                    (message.source, message.address) = (source, address);
                }),
                changed(t, "in the Group State alone", |message| message.address = address),
            ];
            t.recorded("the other family", &candidates, "rx.family").map(drop)
        })
}

fn ttl(dialect: Dialect, row: &'static str) -> Test {
    let (name, values): (&str, &[u8]) = match dialect {
        Dialect::V1 => ("TTL", &[2, 64, 255]),
        Dialect::V2 => ("TTL", &[1, 2, 64, 255]),
        Dialect::V6 => ("Hop Limit", &[1, 64, 254, 255]),
    };
    let requirement = if dialect == Dialect::V6 { "rx.hop-limit" } else { "rx.ttl" };
    dialect
        .test(
            requirement,
            row,
            &format!("Recorded: whether a Hello is accepted with one {name} or another."),
            &[requirement],
        )
        .hsrp(dialect, move |t| {
            let of = |ttl: &u8| changed(t, format!("{name} {ttl}"), |message| message.ttl = Some(*ttl));
            let candidates: Vec<Candidate> = values.iter().map(of).collect();
            t.recorded(name, &candidates, requirement).map(drop)
        })
}

fn source_mac(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test("rx.source-mac", row, "A message is accepted from any source MAC address.", &["rx.source-mac"])
        .hsrp(dialect, move |t| {
            let physical = t.candidate().physical_mac;
            let host = t.lan.stations[Station::OTHER].mac;
            let other = virtual_mac(dialect.version(), dialect.family(), t.group().number ^ 1);
            let candidates = [
                ("its sender's physical one", physical),
                ("another physical one", host),
                ("the virtual one of another group", other),
            ]
            .map(|(text, mac)| changed(t, text, |message| message.source_mac = Some(mac)));
            t.accepted("another source MAC address", &candidates, "rx.source-mac")
        })
}

fn source_port(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.source-port",
            row,
            "Recorded: what becomes of a message from another UDP port.",
            &["rx.source-port"],
        )
        .hsrp(dialect, move |t| {
            let candidates = [1984, 40_000].map(|port| {
                changed(t, format!("from port {port}"), |message| message.source_port = Some(port))
            });
            t.recorded("another source port", &candidates, "rx.source-port").map(drop)
        })
}

fn destination(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.destination",
            row,
            "Recorded: what becomes of a message to another IP group, or to the device's own address.",
            &["rx.destination"],
        )
        .hsrp(dialect, move |t| {
            let lan = t.configuration.lan();
            let own = (t.configuration.own_address(dialect.family()), lan.mac);
            let (all, other) = match dialect {
                Dialect::V1 => (ALL_HOSTS, VERSION_2),
                Dialect::V2 => (ALL_HOSTS, VERSION_1),
                Dialect::V6 => (ALL_NODES, ALL_ROUTERS),
            };
            let candidates = [
                ("the group of all hosts", all),
                ("another group of routers", other),
                ("D's own address", own),
                ("D's own address, at its virtual MAC address", (own.0, t.virtual_mac())),
            ]
            .map(|(text, to)| changed(t, text, |message| message.destination = Some(to)));
            t.recorded("another destination", &candidates, "rx.destination").map(drop)
        })
}

/// All hosts on the link.
const ALL_HOSTS: (IpAddr, MacAddress) =
    (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 1)), MacAddress([1, 0, 0x5e, 0, 0, 1]));
/// The same over IPv6.
const ALL_NODES: (IpAddr, MacAddress) =
    (IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1)), MacAddress([0x33, 0x33, 0, 0, 0, 1]));
/// All routers on the link, over IPv6.
const ALL_ROUTERS: (IpAddr, MacAddress) =
    (IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2)), MacAddress([0x33, 0x33, 0, 0, 0, 2]));

fn reserved(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.reserved",
            row,
            "Recorded: what becomes of a message whose reserved octet is not 0.",
            &["rx.reserved"],
        )
        .hsrp(dialect, move |t| {
            let candidates =
                [1, 255].map(|octet| changed(t, format!("{octet}"), |message| message.reserved = octet));
            t.recorded("reserved octet", &candidates, "rx.reserved").map(drop)
        })
}

fn identifier(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.identifier",
            row,
            "Recorded: whether a Group State is accepted with any identifier.",
            &["rx.identifier"],
        )
        .hsrp(dialect, move |t| {
            let candidates = [
                ("zero", MacAddress([0; 6])),
                ("the virtual MAC address", t.virtual_mac()),
                ("D's own MAC address", t.configuration.lan().mac),
                ("another MAC address", t.lan.stations[Station::OTHER].mac),
            ]
            .map(|(text, mac)| changed(t, text, |message| message.physical_mac = mac));
            t.recorded("identifier", &candidates, "rx.identifier").map(drop)
        })
}

fn tlv_unknown(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.tlv-unknown",
            row,
            "Recorded: what becomes of a message with an unknown TLV; a good one is heard behind them.",
            &["rx.tlv-unknown", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let unknown = tlv(UNKNOWN_TLV, &[0x55; 6]);
            let (group_state, rest) = parts(t);
            let candidates = [
                ("first", [&unknown[..], &group_state, &rest].concat()),
                ("in the middle", [&group_state[..], &unknown, &rest].concat()),
                ("last", [&group_state[..], &rest, &unknown].concat()),
                ("without octets", [&group_state[..], &rest, &tlv(UNKNOWN_TLV, &[])].concat()),
                ("of type 0", [&group_state[..], &rest, &tlv(0, &[0; 4])].concat()),
                ("of type 255 and 255 octets", [&group_state[..], &rest, &tlv(255, &[0xff; 255])].concat()),
            ]
            .map(|(text, payload)| carried(t, text, &payload));
            t.recorded("unknown TLV", &candidates, "rx.tlv-unknown")?;
            t.obeys("robust.fuzz")
        })
}

fn tlv_repeated(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.tlv-repeated",
            row,
            "Recorded: whether each of two Group States in a message is taken for its group; a good one is heard behind them.",
            &["rx.tlv-repeated", "robust.fuzz"],
        )
        .with("hsrp.second", "yes")
        .with("hsrp.second_priority", 100)
        .hsrp(dialect, move |t| {
            let Some(second) = t.configuration.groups.get(1).cloned() else {
                return Err(Stop::Error("there is no second group".to_owned()));
            };
            let first = t.candidate();
            let address = second.address.unwrap_or(first.address);
            let other = Message { group: second.number, address, ..first.clone() };
            let (own, rest) = parts(t);
            let its = other.payload()[..GROUP_STATE].to_vec();
            for (text, payload) in [
                ("the first group's first", [&own[..], &its, &rest].concat()),
                ("the second group's first", [&its[..], &own, &rest].concat()),
            ] {
                t.make_active()?;
                let before = t.run.preamble_start();
                let mark = t.mark();
                let active = pattern::message(&second).state(Group::Active);
                let longest = t.holdtime() * 3;
                if t.look(&active, mark, longest)?.is_none() {
                    return Err(Stop::Inconclusive("preamble: D is not Active in its second group".to_owned()));
                }
                t.run.preamble_end(before);
                t.run.step(format!("T sends two Group States in a message, {text}"));
                let mark = t.send_frame(first.port, &first.around(&payload))?;
                let window = next_hello(t.hellotime()).lenient.to;
                for (group, name) in [(t.group(), "first"), (second.clone(), "second")] {
                    let left = pattern::message(&group)
                        .with("not in Active", |seen| seen.heard.state != Some(Group::Active));
                    let found = t.look(&left, mark, window)?;
                    let word = if found.is_some() { "taken" } else { "not taken" };
                    let told = format!("two Group States, {text}: that of the {name} group is {word}");
                    t.note(told, found.map(|found| found.number), "rx.tlv-repeated");
                }
                t.release()?;
                // The same for the second group.
                t.send(&Message { holdtime: t.holdtime(), ..other.clone() })?;
                let standby = t.hello(Group::Standby, super::states::STANDBY_PRIORITY);
                t.send(&Message { group: second.number, address, ..standby })?;
            }
            t.obeys("robust.fuzz")
        })
}

fn tlv_order(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.tlv-order",
            row,
            "Recorded: what becomes of a message whose authentication stands before its Group State.",
            &["rx.tlv-order", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let (group_state, rest) = parts(t);
            let candidates = [carried(t, "authentication first", &[rest, group_state].concat())];
            t.recorded("order of TLVs", &candidates, "rx.tlv-order")?;
            t.obeys("robust.fuzz")
        })
}

/// What tells of another router's groups: an Advertise, or an Interface State. Its physical MAC address is the source.
fn interface_told(t: &HsrpTest<'_>, text: impl Into<String>, payload: &[u8]) -> Candidate {
    let message = t.candidate();
    let from = Message { source_mac: Some(message.physical_mac), ..message };
    Candidate::raw(text, vec![from.around(payload)], from.port)
}

/// An Advertise with this state and these counts.
fn advertise(state: u8, active: u16, passive: u16) -> Vec<u8> {
    let message = v1::Advertise::new(v1::AdvertiseState(state), active, passive);
    let mut out = vec![0; v1::Advertise::LEN];
    // There is room for it.
    let length = message.emit(&mut out).unwrap_or(0);
    out.truncate(length);
    out
}

/// An Interface State with these counts.
fn counts(active: u16, passive: u16) -> Vec<u8> {
    tlv(2, &[active.to_be_bytes(), passive.to_be_bytes()].concat())
}

fn interface_state(dialect: Dialect, row: &'static str) -> Test {
    const COUNTS: [(u16, u16); 5] = [(0, 1), (1, 0), (0, 0), (255, 255), (65535, 65535)];
    let what = if dialect == Dialect::V1 { "Advertise" } else { "Interface State" };
    dialect
        .test(
            "interface-state.tolerated",
            row,
            &format!("The {what} of another router changes no state of a group, whatever it tells."),
            &["interface-state.tolerated"],
        )
        .hsrp(dialect, move |t| {
            let of = |(active, passive): (u16, u16)| {
                let text = format!("{active} Active, {passive} not");
                match dialect {
                    Dialect::V1 => (1..=3)
                        .map(|state| {
                            let payload = advertise(state, active, passive);
                            interface_told(t, format!("state {state}, {text}"), &payload)
                        })
                        .collect(),
                    Dialect::V2 | Dialect::V6 => vec![interface_told(t, text, &counts(active, passive))],
                }
            };
            let candidates: Vec<Candidate> = COUNTS.into_iter().flat_map(of).collect();
            t.discarded(what, &candidates, "interface-state.tolerated")
        })
}

fn interface_state_malformed(dialect: Dialect, row: &'static str) -> Test {
    let what = if dialect == Dialect::V1 { "Advertise" } else { "Interface State" };
    dialect
        .test(
            "interface-state.malformed",
            row,
            &format!("A wrong {what} changes no state of a group, and a good message is heard behind it."),
            &["interface-state.malformed", "robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let right = if dialect == Dialect::V1 { advertise(3, 1, 0) } else { counts(1, 0) };
            let mut wrong: Vec<(String, Vec<u8>)> = (1..right.len())
                .map(|length| (format!("{length} octets"), right[..length].to_vec()))
                .collect();
            wrong.push(("1000 octets more".to_owned(), [&right[..], &[0xff; 1000]].concat()));
            if dialect == Dialect::V1 {
                let mut octet = |text: &str, at: usize, values: &[u8]| {
                    for value in values {
                        let mut payload = right.clone();
                        payload[at] = *value;
                        wrong.push((format!("{text} {value}"), payload));
                    }
                };
                octet("TLV type, first octet", 2, &[1, 255]);
                octet("TLV type", 3, &[0, 2, 255]);
                octet("TLV length, first octet", 4, &[1, 255]);
                octet("TLV length", 5, &[0, 1, 10, 13, 15, 255]);
                octet("state", 6, &[0, 4, 255]);
            } else {
                for said in [0, 1, 3, 5, 255] {
                    let mut payload = right.clone();
                    payload[1] = said;
                    wrong.push((format!("length octet {said}"), payload));
                }
                wrong.push(("five octets".to_owned(), tlv(2, &[0, 1, 0, 0, 0])));
                wrong.push(("twice".to_owned(), [right.clone(), right.clone()].concat()));
            }
            let candidates: Vec<Candidate> =
                wrong.iter().map(|(text, payload)| interface_told(t, text.clone(), payload)).collect();
            t.discarded(&format!("wrong {what}"), &candidates, "interface-state.malformed")?;
            t.obeys("robust.fuzz")
        })
}
