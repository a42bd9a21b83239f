//! What of a received advertisement is validated, and what is not: one thing wrong at a time, found out as Active and as
//! Backup.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Frame, VlanTag};
use redspec_codec::{Family, MacAddress, internet_checksum};

use super::{Advert, Dialect, Edit, Rows, Station, Steps, Sum, VrrpTest, advertisement, dialects};
use crate::reference::router::LAN;
use crate::reference::vrrp::configuration::virtual_mac;
use crate::scenario::{Stop, Test};
use crate::spec::Edition;
use crate::spec::vrrp::tolerances::{AT_ONCE, period};
use crate::suite::router::candidate::{Candidate, Reaction, Seen};

/// A better priority than the device's.
const BETTER: u8 = 200;
/// Octets of the header that both versions have.
const HEADER: usize = 8;
/// Where the checksum stands.
const CHECKSUM: std::ops::Range<usize> = 6..8;

type Make = fn(Dialect, &'static str) -> Test;

const TESTS: &[(Rows, Make)] = &[
    (["V2-060", "V3-041", "V6-012"], ttl),
    (["V2-061", "V3-021", "V6-033"], version),
    (["", "V3-036", ""], version_2),
    (["V2-062", "V3-021", "V6-033"], packet_type),
    (["V2-063", "V3-042", "V6-033"], truncated),
    (["V2-063", "V3-042", "V6-033"], truncated_in_padding),
    (["V2-064", "V3-018", "V6-016"], count_too_high),
    (["V2-064", "V3-017", "V6-016"], count_zero),
    (["V2-065", "V3-020", "V6-013"], checksum_bits),
    (["V2-065", "V3-020", "V6-013"], checksum_values),
    (["V2-065", "V3-020", "V6-013"], message_bits),
    (["", "V3-020", "V6-013"], checksum_other_form),
    (["V2-066", "V3-022", "V6-033"], vrid),
    (["V2-083", "V3-054", "-"], interface),
    (["V2-067", "V3-022", "-"], owner),
    (["V2-068", "", ""], auth_type),
    (["V2-070", "", ""], auth_data_ignored),
    (["V2-071", "V3-019", "-"], address_list),
    (["V2-071", "", ""], address_list_checked),
    (["V2-071", "", ""], address_list_of_owner),
    (["V2-072", "", ""], interval_equal),
    (["", "V3-014", "-"], interval_zero),
    (["", "-", "-"], any_interval),
    (["", "-", "-"], any_reserve),
    (["", "", "V6-014"], link_local_first),
    (["", "", "V6-015"], source_address),
    (["V2-075", "-", "-"], source_mac),
    (["V2-075", "-", "-"], other_vlan),
    (["V2-075", "-", "-"], priority_tagged),
    (["V2-074", "-", "-"], destination),
    (["-", "-", "-"], padding),
    (["-", "-", "-"], trailing_octets),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    TESTS
        .iter()
        .flat_map(|(rows, make)| dialects(*rows).map(move |(dialect, row)| make(dialect, row)))
        .collect()
}

/// A better router's advertisement, but for this.
pub(super) fn changed(
    t: &VrrpTest<'_>,
    text: impl Into<String>,
    change: impl FnOnce(&mut Advert),
) -> Candidate {
    let mut advert = t.advert(BETTER);
    change(&mut advert);
    Candidate::new(text, &advert)
}

/// Where the message begins in a frame of [`Advert`] without options, tags and extension headers.
pub(super) fn message_at(advert: &Advert) -> usize {
    14 + if advert.source.is_ipv4() { 20 } else { 40 }
}

/// The message alone, without the padding of its frame.
pub(super) fn message(advert: &Advert) -> Vec<u8> {
    let frame = advert.frame();
    Frame::parse(&frame).map(|frame| frame.payload().to_vec()).unwrap_or_default()
}

/// The same frame, of which IP says that its payload has only so many octets.
pub(super) fn shortened(mut frame: Vec<u8>, length: usize) -> Vec<u8> {
    if frame[14] >> 4 == 4 {
        let total = u16::try_from(20 + length).unwrap_or(u16::MAX);
        frame[16..18].copy_from_slice(&total.to_be_bytes());
        renew_header_checksum(&mut frame);
    } else {
        let length = u16::try_from(length).unwrap_or(u16::MAX);
        frame[18..20].copy_from_slice(&length.to_be_bytes());
    }
    frame
}

/// Puts the right checksum into an IPv4 header without options.
pub(super) fn renew_header_checksum(frame: &mut [u8]) {
    frame[24..26].fill(0);
    let checksum = internet_checksum(&frame[14..34]);
    frame[24..26].copy_from_slice(&checksum.to_be_bytes());
}

fn ttl(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.ttl",
            row,
            "An advertisement whose TTL or Hop Limit is not 255 is discarded.",
            &["rx.ttl", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let candidates =
                [254, 128, 64, 1, 0].map(|ttl| changed(t, format!("TTL {ttl}"), |advert| advert.ttl = ttl));
            t.discarded("another TTL than 255", &candidates, "rx.ttl")
        })
}

fn version(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.version",
            row,
            "An advertisement whose version is not the device's is discarded.",
            &["rx.version", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            // Who speaks version 2 too reads it as such.
            let own = if dialect == Dialect::V2 { 2 } else { 3 };
            let both = t.configuration.interoperation;
            let candidates: Vec<Candidate> = [0, 1, 2, 3, 4, 15]
                .into_iter()
                .filter(|version| *version != own && !(both && *version == 2))
                .map(|version| {
                    changed(t, format!("version {version}"), |advert| advert.version_field = version)
                })
                .collect();
            t.discarded("another version", &candidates, "rx.version")
        })
}

fn version_2(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "interoperation.off",
            row,
            "A router that does not speak version 2 ignores advertisements of version 2, right as they are.",
            &["interoperation.off", "rx.version", "rx.both-states"],
        )
        .for_devices("vrrp.interoperation", &["no"])
        .vrrp(dialect, move |t| {
            let advert = t.advert(BETTER).version_2();
            let candidates = [Candidate::new("one of version 2", &advert)];
            t.discarded("advertisement of version 2", &candidates, "interoperation.off")?;
            let owner = Candidate::new("one of their owner", &t.advert(255).version_2());
            t.discarded_as_active("advertisement of version 2", &[owner], "rx.version")
        })
}

fn packet_type(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test("rx.type", row, "A message whose type is not 1 is discarded.", &["rx.type", "rx.both-states"])
        .vrrp(dialect, move |t| {
            let candidates = [0, 2, 3, 15]
                .map(|number| changed(t, format!("type {number}"), |advert| advert.packet_type = number));
            t.discarded("another type than 1", &candidates, "rx.type")
        })
}

/// Messages that are not complete: RFC 2338 asks for the header alone.
fn incomplete(t: &mut VrrpTest<'_>, what: &str, candidates: &[(usize, Candidate)]) -> Result<(), Stop> {
    let all = |short: bool| -> Vec<Candidate> {
        let fits = |(length, _): &&(usize, Candidate)| (*length < HEADER) == short;
        candidates.iter().filter(fits).map(|(_, candidate)| candidate.clone()).collect()
    };
    let (short, long) = (all(true), all(false));
    if !t.is(Edition::Rfc2338) {
        t.discarded(what, &[short, long].concat(), "rx.length")?;
        return t.obeys("robust.fuzz");
    }
    if !short.is_empty() {
        t.discarded(&format!("{what}, less than a header"), &short, "rx.length-2338")?;
    }
    if !long.is_empty() {
        t.recorded_together(&format!("{what}, a whole header"), &long, "rx.truncated-2338")?;
    }
    t.obeys("robust.fuzz")
}

const INCOMPLETE: &[&str] =
    &["rx.length", "rx.length-2338", "rx.truncated-2338", "rx.both-states", "robust.fuzz"];

fn truncated(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.length.truncated",
            row,
            "A message that is cut, to whatever length, is discarded, also if its checksum is right for what is left.",
            INCOMPLETE,
        )
        .vrrp(dialect, move |t| {
            let whole = message(&t.advert(BETTER)).len();
            let mut candidates: Vec<(usize, Candidate)> = (0..whole)
                .map(|length| {
                    let text = format!("{length} of {whole} octets");
                    (length, changed(t, text, |advert| advert.edits = vec![Edit::Cut(length)]))
                })
                .collect();
            // Six octets whose sum is right although they have no checksum.
            let six = [3, 2].map(|at| message(&t.advert(BETTER))[at * 2 - 2..at * 2].to_vec());
            let rest = message(&t.advert(BETTER))[..2].to_vec();
            let sum = internet_checksum(&[rest, six[0].clone()].concat()).to_be_bytes();
            let crafted = changed(t, "6 octets with a right sum", |advert| {
                advert.edits = vec![Edit::Octet(2, sum[0]), Edit::Octet(3, sum[1]), Edit::Cut(6)];
            });
            if sum[0] > t.router().priority {
                candidates.push((6, crafted));
            }
            incomplete(t, "truncated message", &candidates)
        })
}

fn truncated_in_padding(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.length.in-padding",
            row,
            "A message of which IP has only the beginning is discarded, also if the rest follows as padding of the frame.",
            INCOMPLETE,
        )
        .vrrp(dialect, move |t| {
            let advert = t.advert(BETTER);
            let whole = message(&advert).len();
            let candidates = [0, HEADER - 1, HEADER, whole - 4, whole - 1].map(|length| {
                let text = format!("{length} of {whole} octets inside IP");
                (length, Candidate::raw(text, vec![shortened(advert.frame(), length)], advert.port))
            });
            incomplete(t, "message that ends behind its IP packet", &candidates)
        })
}

fn count_too_high(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.length.count-too-high",
            row,
            "A message that has fewer addresses than its count says is discarded.",
            INCOMPLETE,
        )
        .vrrp(dialect, move |t| {
            let there = u8::try_from(t.router().addresses.len()).unwrap_or(u8::MAX - 1);
            let mut candidates: Vec<(usize, Candidate)> = [there + 1, 255]
                .into_iter()
                .map(|count| {
                    let text = format!("count {count} with {there} there");
                    (HEADER, changed(t, text, |advert| advert.count = Some(count)))
                })
                .collect();
            let first = t.router().addresses[0];
            let length = t.dialect.family().address_length();
            for missing in [1, length / 2, length] {
                let text = format!("one address without its last {missing} octets");
                let cut = changed(t, text, |advert| {
                    advert.addresses = vec![first];
                    advert.edits = vec![Edit::Cut(HEADER + length - missing)];
                });
                candidates.push((HEADER, cut));
            }
            incomplete(t, "fewer addresses than the count", &candidates)
        })
}

fn count_zero(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.count-zero",
            row,
            "An advertisement without addresses is ignored (RFC 9568); in other editions it is recorded what becomes of it.",
            &["rx.count-zero", "rx.count-zero-2010", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let candidates = [changed(t, "count 0", |advert| advert.addresses.clear())];
            match t.run.edition() {
                Edition::Rfc9568 => t.discarded("no addresses", &candidates, "rx.count-zero"),
                Edition::Rfc5798 => t.recorded("no addresses", &candidates, "rx.count-zero-2010").map(drop),
                _ => t.recorded("no addresses", &candidates, "rx.count-zero").map(drop),
            }
        })
}

/// The checksum of this advertisement, and that of the other form.
fn sums(advert: &Advert) -> [u16; 2] {
    [Sum::Right, Sum::OtherForm].map(|checksum| {
        let message = message(&Advert { checksum, ..advert.clone() });
        u16::from_be_bytes([message[CHECKSUM.start], message[CHECKSUM.start + 1]])
    })
}

/// The same in one's complement.
fn same(one: u16, other: u16) -> bool {
    one == other || [one, other] == [0, u16::MAX] || [one, other] == [u16::MAX, 0]
}

/// It is right in no form that anybody takes: over IPv4 version 3 has two.
fn wrong(t: &VrrpTest<'_>, advert: &Advert, checksum: u16) -> bool {
    let [right, other] = sums(advert);
    let has_two = t.dialect == Dialect::V3;
    !same(right, checksum) && (!has_two || !same(other, checksum))
}

fn with_checksums(t: &VrrpTest<'_>, checksums: impl IntoIterator<Item = u16>) -> Vec<Candidate> {
    let advert = t.advert(BETTER);
    let [right, _] = sums(&advert);
    checksums
        .into_iter()
        .filter(|checksum| wrong(t, &advert, *checksum))
        .map(|checksum| {
            let text = format!("checksum {checksum:#06x} instead of {right:#06x}");
            changed(t, text, |advert| advert.checksum = Sum::Exactly(checksum))
        })
        .collect()
}

fn checksum_bits(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.checksum.bits",
            row,
            "A message is discarded if one bit of its checksum is wrong, whichever it is.",
            &["rx.checksum", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let [right, _] = sums(&t.advert(BETTER));
            let candidates = with_checksums(t, (0..16).map(|bit| right ^ (1 << bit)));
            t.discarded("one bit of the checksum wrong", &candidates, "rx.checksum")
        })
}

fn checksum_values(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.checksum.values",
            row,
            "A message is discarded if its checksum is zero, all ones, mirrored or of the wrong part of it.",
            &["rx.checksum", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let advert = t.advert(BETTER);
            let [right, other] = sums(&advert);
            let octets = message(&advert);
            let header = internet_checksum(&[&octets[..CHECKSUM.start], &[0, 0]].concat());
            let mut checksums =
                vec![0, u16::MAX, right ^ 0x5555, !right, right.swap_bytes(), right.wrapping_add(1), header];
            if dialect == Dialect::V2 {
                checksums.push(other);
            }
            let candidates = with_checksums(t, checksums);
            t.discarded("wrong checksum", &candidates, "rx.checksum")
        })
}

fn message_bits(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.checksum.message-bits",
            row,
            "A message is discarded if one bit of it has turned over since its checksum was computed, whichever it is.",
            &["rx.checksum", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let advert = t.advert(BETTER);
            let [right, _] = sums(&advert);
            let octets = message(&advert);
            let places = (0..octets.len()).filter(|at| !CHECKSUM.contains(at));
            let candidates: Vec<Candidate> = places
                .flat_map(|at| (0..8).map(move |bit| (at, bit)))
                .filter_map(|(at, bit)| {
                    let edits = vec![Edit::Octet(at, octets[at] ^ (1 << bit))];
                    let turned = Advert { edits, ..advert.clone() };
                    let text = format!("bit {bit} of octet {at}");
                    wrong(t, &turned, right).then(|| {
                        Candidate::new(text, &Advert { checksum: Sum::Exactly(right), ..turned })
                    })
                })
                .collect();
            t.discarded("one bit of the message wrong", &candidates, "rx.checksum")
        })
}

fn checksum_other_form(dialect: Dialect, row: &'static str) -> Test {
    let v6 = dialect == Dialect::V6;
    let (id, purpose) = if v6 {
        (
            "rx.checksum.without-pseudo-header",
            "Over IPv6 a checksum that leaves the pseudo-header out is wrong.",
        )
    } else {
        (
            "rx.checksum.other-form",
            "Recorded: whether a checksum of the other form than the device's is taken for right.",
        )
    };
    dialect
        .test(
            id,
            row,
            purpose,
            &[if v6 { "rx.checksum-pseudo-header" } else { "rx.checksum-form" }, "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let candidates = [changed(t, "the other form", |advert| advert.checksum = Sum::OtherForm)];
            if v6 {
                return t.discarded(
                    "checksum without pseudo-header",
                    &candidates,
                    "rx.checksum-pseudo-header",
                );
            }
            let text = if t.configuration.pseudo_header {
                "checksum of the message alone"
            } else {
                "checksum with pseudo-header"
            };
            t.recorded(text, &candidates, "rx.checksum-form").map(drop)
        })
}

fn vrid(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.vrid",
            row,
            "An advertisement for a virtual router that is not configured is discarded, whatever MAC address it comes from.",
            &["rx.vrid", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let (own, mac) = (t.router().vrid, t.virtual_mac());
            let known: Vec<u8> = t.configuration.routers.iter().map(|router| router.vrid).collect();
            let candidates: Vec<Candidate> = [0, own.wrapping_sub(1), own.wrapping_add(1), own ^ 0x80, 255]
                .into_iter()
                .filter(|vrid| !known.contains(vrid))
                .flat_map(|vrid| [(vrid, None), (vrid, Some(mac))])
                .map(|(vrid, source_mac)| {
                    let whose = if source_mac.is_some() { " from D's virtual MAC address" } else { "" };
                    changed(t, format!("VRID {vrid}{whose}"), |advert| {
                        (advert.vrid, advert.source_mac) = (vrid, source_mac);
                    })
                })
                .collect();
            t.discarded("another VRID", &candidates, "rx.vrid")
        })
}

fn interface(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.interface",
            row,
            "An advertisement for a virtual router of another interface is discarded: that one goes on, and so does the one \
             of the interface where it comes.",
            &["rx.interface", "active.independent", "rx.both-states"],
        )
        .ports(2)
        .with("vrrp.second", "downstream")
        .with("vrrp.second_priority", 100)
        .vrrp(dialect, move |t| {
            let Some(second) = t.configuration.routers.get(1).cloned() else {
                return Err(Stop::Error("there is no second virtual router".to_owned()));
            };
            let advert = t.advert_for(&second, BETTER);
            let source = t.smaller_address();
            let text = format!("VRID {} on the other interface", second.vrid);
            let stray = [Candidate::new(text, &Advert { port: LAN, source, ..advert.clone() })];
            t.discarded_by(&second, "advertisement on the wrong interface", &stray, "rx.interface")?;
            t.discarded_as_active("advertisement of another interface", &stray, "active.independent")?;
            let own = [Candidate::new(format!("VRID {} on its interface", second.vrid), &advert)];
            t.discarded_as_active("advertisement on the other interface", &own, "active.independent")
        })
}

fn owner(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.owner",
            row,
            "An owner discards what others advertise for its virtual router (RFC 3768, RFC 5798), or processes it as any other \
             Active router does (RFC 9568).",
            &[
                "rx.owner-discards",
                "rx.owner-priority-zero",
                "rx.owner-2338",
                "rx.owner-processes",
            ],
        )
        .with("vrrp.owner", "yes")
        .vrrp(dialect, move |t| {
            let greater = t.greater_address();
            let from = |t: &VrrpTest<'_>, priority: u8, source: IpAddr| {
                Candidate::new(
                    format!("priority {priority} from {source}"),
                    &Advert { source, ..t.advert(priority) },
                )
            };
            let lower = [from(t, 254, greater), from(t, 255, t.smaller_address())];
            let better = [from(t, 255, greater)];
            match t.run.edition() {
                Edition::Rfc9568 => {
                    t.make_active()?;
                    for candidate in lower {
                        let router = t.router();
                        let seen = t.all_as_active(&router, "to an owner", std::slice::from_ref(&candidate))?;
                        // That it answers is asked elsewhere.
                        let text = format!("{}: D stays Active", candidate.text);
                        let stays = seen.reaction != Reaction::Accepted;
                        t.judge(stays, &text, &seen.text, seen.frame, "rx.owner-processes")?;
                    }
                    let router = t.router();
                    let seen = t.all_as_active(&router, "to an owner", &better)?;
                    let text = format!("{}: D yields", better[0].text);
                    t.judge(seen.accepted(), &text, &seen.text, seen.frame, "rx.owner-processes")
                }
                Edition::Rfc2338 => {
                    t.make_active()?;
                    let router = t.router();
                    let seen = t.all_as_active(&router, "to an owner", &lower)?;
                    note_owner(t, "priority 254, or 255 from a smaller address", &seen);
                    t.make_active()?;
                    let seen = t.all_as_active(&router, "to an owner", &better)?;
                    note_owner(t, "priority 255 from a greater address", &seen);
                    Ok(())
                }
                edition => {
                    t.make_active()?;
                    let all = [&lower[..], &better[..]].concat();
                    t.discarded_as_active("advertisements to an owner", &all, "rx.owner-discards")?;
                    // For as long as one that had yielded would be silent.
                    let mark = t.mark();
                    t.stays_active(mark, 3, "rx.owner-discards")?;
                    if edition == Edition::Rfc3768 { zero_to_owner(t) } else { Ok(()) }
                }
            }
        })
}

fn note_owner(t: &mut VrrpTest<'_>, what: &str, seen: &Seen) {
    let text = match seen.reaction {
        Reaction::Ignored => format!("{what}: an owner discards it"),
        Reaction::Accepted => format!("{what}: an owner yields"),
        Reaction::Disturbed => format!("{what}: an owner answers"),
    };
    t.note(text, seen.frame, "rx.owner-2338");
}

fn zero_to_owner(t: &mut VrrpTest<'_>) -> Result<(), Stop> {
    let router = t.router();
    t.middle(&router)?;
    t.run.step("T advertises priority 0");
    let advert = t.advert(0);
    let mark = t.send(&advert)?;
    let quick = (t.interval() / 4).min(AT_ONCE.lenient.to);
    let answer = t.look(&advertisement(&router), mark, quick)?;
    let text = if answer.is_some() { "an owner answers priority 0" } else { "an owner discards priority 0" };
    t.note(text, answer.map(|sighting| sighting.number), "rx.owner-priority-zero");
    Ok(())
}

fn auth_type(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.auth-type",
            row,
            "Without authentication, an advertisement with another Auth Type than 0 is discarded.",
            &["rx.auth-type", "rx.both-states"],
        )
        .for_devices("vrrp.authentication", &["none"])
        .vrrp(dialect, move |t| {
            let candidates = [1, 2, 9, 254]
                .map(|number| changed(t, format!("Auth Type {number}"), |advert| advert.auth_type = number));
            t.discarded("another Auth Type", &candidates, "rx.auth-type")
        })
}

fn auth_data_ignored(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.auth-data-ignored",
            row,
            "With Auth Type 0 an advertisement is accepted whatever its authentication data.",
            &["rx.auth-data-ignored", "rx.both-states"],
        )
        .for_devices("vrrp.authentication", &["none"])
        .vrrp(dialect, move |t| {
            let candidates = [("all ones", [0xff; 8]), ("a password", *b"secret\0\0")]
                .map(|(text, data)| changed(t, text, |advert| advert.auth_data = data));
            t.accepted("authentication data that mean nothing", &candidates, "rx.auth-data-ignored")
        })
}

/// An address that the virtual router does not have.
fn other_address(t: &VrrpTest<'_>) -> IpAddr {
    match t.dialect.family() {
        Family::Ipv4 => Ipv4Addr::new(10, 0, 0, 77).into(),
        Family::Ipv6 => Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x77).into(),
    }
}

/// Lists that are not the device's, and its own in another order. The first address stays where it is: over IPv6 it has
/// to be link-local.
fn lists(t: &VrrpTest<'_>) -> [(&'static str, Vec<IpAddr>); 4] {
    let own = t.router().addresses;
    let kept = usize::from(t.dialect == Dialect::V6);
    let (mut other, mut order) = (own.clone(), own.clone());
    if let Some(last) = other.last_mut() {
        *last = other_address(t);
    }
    order[kept..].reverse();
    let fewer = own[..own.len() - 1].to_vec();
    let more = [&own[..], &[other_address(t)]].concat();
    [("another address", other), ("one less", fewer), ("one more", more), ("another order", order)]
}

fn list_candidates(t: &VrrpTest<'_>, priority: u8) -> Vec<Candidate> {
    let of = |(text, addresses)| {
        Candidate::new(format!("{text}, priority {priority}"), &Advert { addresses, ..t.advert(priority) })
    };
    lists(t).into_iter().map(of).collect()
}

/// With more than one address there is an order.
fn with_addresses(test: Test, dialect: Dialect) -> Test {
    test.with("vrrp.virtual_addresses", if dialect == Dialect::V6 { 3 } else { 2 })
}

fn address_list(dialect: Dialect, row: &'static str) -> Test {
    let purpose = match dialect {
        Dialect::V2 => {
            "An advertisement with other addresses is dropped or accepted, but the same each time."
        }
        Dialect::V3 | Dialect::V6 => {
            "An advertisement is accepted with other addresses, fewer or more of them, or in another order."
        }
    };
    let test = dialect.test(
        "rx.address-list",
        row,
        purpose,
        match dialect {
            Dialect::V2 => {
                &["rx.address-list", "rx.address-list-constant", "rx.address-list-dropped", "rx.both-states"]
            }
            Dialect::V3 | Dialect::V6 => &["rx.address-list", "rx.both-states"],
        },
    );
    with_addresses(test, dialect).vrrp(dialect, move |t| {
        let mut candidates = list_candidates(t, BETTER);
        if dialect != Dialect::V2 {
            return t.accepted("other addresses", &candidates, "rx.address-list");
        }
        if t.configuration.check_addresses {
            return dropped_lists(t);
        }
        // Whether the order is part of a list nobody says.
        let order = candidates.split_off(3);
        let seen = t.recorded("other addresses", &candidates, "rx.address-list")?;
        let first = seen.first().is_some_and(|(active, _)| active.accepted());
        let constant = seen.iter().all(|(a, b)| a.accepted() == first && b.accepted() == first);
        let text = "other addresses: dropped each time, or accepted each time";
        t.judge(constant, text, "now this, now that", None, "rx.address-list-constant")?;
        t.recorded("the same addresses", &order, "rx.address-list").map(drop)
    })
}

fn dropped_lists(t: &mut VrrpTest<'_>) -> Result<(), Stop> {
    let mut candidates = list_candidates(t, BETTER);
    let order = candidates.split_off(3);
    t.discarded("other addresses", &candidates, "rx.address-list-dropped")?;
    t.recorded("the same addresses", &order, "rx.address-list").map(drop)
}

fn address_list_checked(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect.test(
        "rx.address-list.checked",
        row,
        "A router that verifies addresses drops an advertisement with others.",
        &["rx.address-list-dropped", "rx.address-list", "rx.both-states"],
    );
    with_addresses(test, dialect).with("vrrp.check_addresses", "yes").vrrp(dialect, dropped_lists)
}

fn address_list_of_owner(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect.test(
        "rx.address-list.owner",
        row,
        "An advertisement with other addresses is accepted from their owner, whether they are verified or not.",
        &["rx.address-list-owner", "rx.both-states"],
    );
    with_addresses(test, dialect).vrrp(dialect, move |t| {
        let candidates = list_candidates(t, 255);
        t.accepted("other addresses", &candidates, "rx.address-list-owner")
    })
}

fn interval_equal(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.interval",
            row,
            "An advertisement with another interval than the device's is discarded.",
            &["rx.interval-equal", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let own = t.interval().as_secs();
            let candidates: Vec<Candidate> = [0, 2, 100, 255]
                .into_iter()
                .filter(|number| u64::from(*number) != own)
                .map(|number| {
                    changed(t, format!("Adver Int {number}"), |advert| advert.interval_field = Some(number))
                })
                .collect();
            t.discarded("another interval", &candidates, "rx.interval-equal")
        })
}

fn interval_zero(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.interval-zero",
            row,
            "An advertisement with Max Advertise Interval 0 is discarded, and many of them upset nothing (RFC 9568); in RFC \
             5798 it is recorded what becomes of it.",
            &["rx.interval-zero", "rx.interval-zero-2010", "rx.both-states", "active.interval"],
        )
        .vrrp(dialect, move |t| {
            let zero = changed(t, "interval 0", |advert| advert.interval_field = Some(0));
            let what = "Max Advertise Interval 0";
            if !t.is(Edition::Rfc9568) {
                let router = t.router();
                let (active, backup) = t.reactions(&router, what, std::slice::from_ref(&zero))?;
                for (state, seen) in [("Active", active), ("Backup", backup)] {
                    let text = format!("{what}, to D as {state}: {:?}, {}", seen.reaction, seen.text);
                    t.note(text, seen.frame, "rx.interval-zero-2010");
                }
                return Ok(());
            }
            t.discarded(what, &vec![zero.clone(); 10], "rx.interval-zero")?;
            t.make_active()?;
            let (interval, router) = (t.interval(), t.router());
            let last = t.middle(&router)?;
            t.run.step("T sends ten of them in two intervals, as D is Active");
            for _ in 0..10 {
                t.send_frame(zero.port, &zero.frames[0])?;
                t.wait(interval / 5)?;
            }
            let mark = t.mark();
            t.stays_active(mark, 3, "rx.interval-zero")?;
            let duration = t.now() - last.at.time;
            let all = t.all(&advertisement(&router), last.itself(), duration)?;
            t.gaps(&all, period(interval), "active.interval")
        })
}

/// What another test asks in depth is asked here in short: that it is accepted at all, and in both states.
fn any_interval(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.accepts.interval",
            row,
            "An advertisement is accepted with another interval than the device's.",
            &["rx.interval-adopted", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let own = t.interval();
            let candidates = [own + Duration::from_millis(10), own * 2].map(|interval| {
                changed(t, format!("{} s", interval.as_secs_f64()), |advert| advert.interval = interval)
            });
            t.accepted("another interval", &candidates, "rx.interval-adopted")
        })
}

fn any_reserve(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.accepts.reserve",
            row,
            "An advertisement is accepted whatever its reserved bits, and they are no part of its interval.",
            &["rx.reserve", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let candidates =
                [1, 8, 15].map(|bits| changed(t, format!("Reserve {bits}"), |advert| advert.reserve = bits));
            t.accepted("reserved bits", &candidates, "rx.reserve")?;
            t.run.step(
                "T sends only one with all reserved bits as D is Backup, and D takes over by its interval",
            );
            let peer = t.make_backup()?;
            t.stop_peer(peer)?;
            let mark = t.send_frame(candidates[2].port, &candidates[2].frames[0])?;
            let (interval, router) = (t.interval(), t.router());
            t.expect(&advertisement(&router), mark, t.takeover_after(interval), "rx.reserve").map(drop)
        })
}

fn link_local_first(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.link-local-first",
            row,
            "An advertisement whose first IPv6 address is not link-local is discarded (RFC 9568); in RFC 5798 it is recorded \
             what becomes of it.",
            &["rx.link-local-first", "rx.link-local-first-2010", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let (mut global, link_local): (Vec<IpAddr>, Vec<IpAddr>) = t
                .router()
                .addresses
                .into_iter()
                .partition(|address| matches!(address, IpAddr::V6(it) if !it.is_unicast_link_local()));
            if global.is_empty() {
                global.push(other_address(t));
            }
            let first = [&global[..], &link_local[..]].concat();
            let candidates = [("a global address first", first), ("global addresses alone", global)]
                .map(|(text, addresses)| changed(t, text, |advert| advert.addresses = addresses));
            let what = "first address not link-local";
            if t.is(Edition::Rfc9568) {
                t.discarded(what, &candidates, "rx.link-local-first")
            } else {
                t.recorded(what, &candidates, "rx.link-local-first-2010").map(drop)
            }
        })
}

fn source_address(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.source-address",
            row,
            "Recorded: what becomes of an advertisement from a global IPv6 address.",
            &["rx.source-address"],
        )
        .vrrp(dialect, move |t| {
            let source = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 9).into();
            let candidates = [changed(t, format!("from {source}"), |advert| advert.source = source)];
            t.recorded("global source address", &candidates, "rx.source-address").map(drop)
        })
}

fn source_mac(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.source-mac",
            row,
            "An advertisement is accepted whatever its source MAC address is.",
            &["rx.source-mac", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let family = if dialect == Dialect::V6 { Family::Ipv4 } else { Family::Ipv6 };
            let host = t.lan.stations[Station::HOST].mac;
            let other = virtual_mac(family, t.router().vrid);
            let candidates = [("a physical one", host), ("the virtual one of the other family", other)]
                .map(|(text, mac)| changed(t, text, |advert| advert.source_mac = Some(mac)));
            t.accepted("another source MAC address", &candidates, "rx.source-mac")
        })
}

fn other_vlan(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.vlan.other",
            row,
            "An advertisement with the tag of another VLAN is not accepted.",
            &["rx.other-vlan", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let two = vec![VlanTag { tpid: 0x88a8, control: 77 }, VlanTag::new(78)];
            let candidates = [("VLAN 77", vec![VlanTag::new(77)]), ("VLANs 77 and 78", two)]
                .map(|(text, tags)| changed(t, text, |advert| advert.tags = tags));
            t.discarded("tag of another VLAN", &candidates, "rx.other-vlan")
        })
}

fn priority_tagged(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.vlan.priority-tag",
            row,
            "Recorded: what becomes of an advertisement with a priority tag.",
            &["rx.priority-tagged"],
        )
        .vrrp(dialect, move |t| {
            let tag = VlanTag { tpid: 0x8100, control: 0xe000 };
            let candidates = [changed(t, "VLAN 0", |advert| advert.tags = vec![tag])];
            t.recorded("priority tag", &candidates, "rx.priority-tagged").map(drop)
        })
}

fn destination(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.destination",
            row,
            "Recorded: what becomes of an advertisement to another group, or to the device's own address.",
            &["rx.destination"],
        )
        .vrrp(dialect, move |t| {
            let lan = t.configuration.lan();
            let (own, group, others, mac): (IpAddr, _, IpAddr, _) = match dialect.family() {
                Family::Ipv4 => (
                    lan.address.into(),
                    MacAddress([0x01, 0, 0x5e, 0, 0, 18]),
                    Ipv4Addr::new(224, 0, 0, 1).into(),
                    MacAddress([0x01, 0, 0x5e, 0, 0, 1]),
                ),
                Family::Ipv6 => (
                    lan.link_local.into(),
                    MacAddress([0x33, 0x33, 0, 0, 0, 0x12]),
                    Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1).into(),
                    MacAddress([0x33, 0x33, 0, 0, 0, 1]),
                ),
            };
            let to = [
                ("another group, at VRRP's MAC address", (others, group)),
                ("another group, at its own", (others, mac)),
                ("D's address, at VRRP's MAC address", (own, group)),
                ("D's address, at the virtual MAC address", (own, t.virtual_mac())),
            ];
            let candidates = to.map(|(text, to)| changed(t, text, |advert| advert.destination = Some(to)));
            t.recorded("another destination", &candidates, "rx.destination").map(drop)
        })
}

fn padding(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.padding",
            row,
            "An advertisement is accepted if its frame is padded, with whatever octets.",
            &["rx.padding", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let advert = t.advert(BETTER);
            let padded = [("six zeros", [0; 6].to_vec()), ("40 octets, no zeros", vec![0xff; 40])];
            let candidates = padded.map(|(text, padding)| {
                Candidate::raw(text, vec![[advert.frame(), padding].concat()], advert.port)
            });
            t.accepted("padding", &candidates, "rx.padding")
        })
}

fn trailing_octets(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "rx.trailing-octets",
            row,
            "Recorded: what becomes of an advertisement with octets behind its message, inside the IP packet.",
            &["rx.trailing-octets"],
        )
        .vrrp(dialect, move |t| {
            let candidates = [("four zeros", vec![0; 4]), ("four others", vec![1, 2, 3, 4])].map(
                |(text, octets)| changed(t, text, |advert| advert.edits = vec![Edit::Append(octets)]),
            );
            t.recorded("octets behind the message", &candidates, "rx.trailing-octets").map(drop)
        })
}
