//! What must hold for any octets and any value: asserted by fuzz targets, by tests over the corpus and over the
//! fuzzers' own findings. Every function panics with the property that does not hold, and else returns.
//!
//! * Nothing panics: neither parsing nor auditing, emitting, `Display` or `Debug`.
//! * Emitting the value of a view gives its octets again, and touches nothing behind them.
//! * PDU and rest are the input. A PDU on its own is read the same way.
//! * Every proper prefix of a PDU is rejected, at an offset within it; the forms that the format itself allows to be
//!   shorter (see [`Subject::may_end`]) are named there.
//! * `audit` accepts what `parse` accepts and rejects with the same error; it reports nothing when it rejects.
//! * Flipping any octet's bit under a right checksum leaves that form of the checksum wrong.
//! * TLV walks end.
//! * The frame path and the PDU path agree; headers and message are read in one go as they are one after the other.
//! * What a builder makes of valid parameters has no deviation.

#![allow(clippy::missing_panics_doc, reason = "panicking is what a property does")]

mod repair;
mod subject;
mod typed;

use core::fmt::{self, Write};

pub use repair::{repair_frame, repair_glbp, repair_hsrp2, repair_lacp, repair_vrrp};
pub use subject::{
    Subject, carp, glbp, hsrp1, hsrp2, lacp, marker, slow, vrrp2, vrrp3, vrrp3_ipv4, vrrp3_ipv6,
};
pub use typed::{Parameters, builders, builders_from};

use crate::frame::{Frame, Pdu, Protocol};
use crate::vrrp::{ChecksumStatus, VrrpPdu};
use crate::{Deviation, Error, slow::SlowPdu};

/// How much of a property that speaks of every prefix or every bit is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// Every one: tests.
    Every,
    /// One, chosen by the octets themselves: fuzzing, where many inputs are worth more than much of each.
    Sample,
}

impl Effort {
    /// Whether to format what was read: always, or for one input of eight, because text costs more than all else.
    fn formats(self, octets: &[u8]) -> bool {
        self == Self::Every || crate::checksum::Sum::default().add(octets).folded() % 8 == 0
    }

    /// The indices below `count` to be tried.
    fn indices(self, count: usize, octets: &[u8]) -> impl Iterator<Item = usize> + use<> {
        let chosen = match self {
            Self::Every => 0..count,
            Self::Sample if count == 0 => 0..0,
            Self::Sample => {
                let sum = crate::checksum::Sum::default().add(octets).folded();
                let index = usize::from(sum) % count;
                index..index + 1
            }
        };
        chosen.into_iter()
    }
}

/// A property by the name of its fuzz target.
pub type Target = (&'static str, fn(&[u8], Effort));

/// All of them: fuzz targets, and directories of seeds, have these names.
pub const TARGETS: &[Target] = &[
    ("lacp", lacp),
    ("marker", marker),
    ("slow", slow),
    ("vrrp2", vrrp2),
    ("vrrp3_ipv4", vrrp3_ipv4),
    ("vrrp3_ipv6", vrrp3_ipv6),
    ("carp", carp),
    ("hsrp1", hsrp1),
    ("hsrp2", hsrp2),
    ("glbp", glbp),
    ("frame", frame),
    ("builders", builders_from),
];

/// Takes text and forgets it: formats without allocating.
struct Sink;

impl Write for Sink {
    fn write_str(&mut self, _: &str) -> fmt::Result {
        Ok(())
    }
}

/// Formats `thing` in every way.
fn format_all(thing: &(impl fmt::Display + fmt::Debug)) {
    write!(Sink, "{thing} {thing:?} {thing:#?}").expect("formatting does not fail");
}

/// An error's offset lies within the input.
fn error_is_placed(error: Error, length: usize) {
    assert!(usize::from(error.at()) <= length, "{error}: offset outside {length} octets");
}

/// A deviation's octet lies within the input, or just behind it where something is missing.
fn deviation_is_placed(deviation: &Deviation, length: usize) {
    assert!(usize::from(deviation.at) <= length, "{deviation}: offset outside {length} octets");
}

/// The properties of a frame that begins with an Ethernet header, and of the same octets taken as what follows an
/// Ethertype and as a raw IP packet.
pub fn frame(octets: &[u8], effort: Effort) {
    read_in_one_go(octets);
    frame_of(octets, Frame::parse(octets), effort);
    frame_of(octets, Frame::parse_ip(octets), effort);
    let ether_types = [0x0800, 0x0806, 0x8100, crate::frame::SLOW_PROTOCOLS, 0x86dd];
    for index in effort.indices(ether_types.len(), octets) {
        frame_of(octets, Frame::parse_ether_payload(ether_types[index], octets), effort);
    }
}

/// [`Frame::read`] gives what [`Frame::parse`] and [`Frame::pdu`] give.
fn read_in_one_go(octets: &[u8]) {
    let one_by_one = Frame::parse(octets).and_then(|frame| frame.pdu().map(|(pdu, rest)| (frame, pdu, rest)));
    let read = Frame::read(octets);
    assert_eq!(read, one_by_one, "one go and one by one agree");
    if let (Ok((frame, ..)), Ok((parsed, ..))) = (read, one_by_one) {
        assert_eq!(frame.payload_at(), parsed.payload_at());
    }
}

fn frame_of(octets: &[u8], parsed: Result<Frame<'_>, Error>, effort: Effort) {
    let frame = match parsed {
        Ok(frame) => frame,
        Err(error) => return error_is_placed(error, octets.len()),
    };
    assert_eq!(frame.octets(), octets);
    let (at, payload) = (frame.payload_at(), frame.payload());
    assert_eq!(&octets[at..][..payload.len()], payload, "the payload stands where it says");
    assert!(at + payload.len() + frame.padding().len() <= octets.len());
    let _ = (frame.udp_checksum(), frame.authentication_header(), frame.ttl());
    assert!(frame.vlan_tags().count() == frame.vlan_tag_count() && frame.vlan_tag_count() <= 3);

    let formats = effort.formats(octets);
    let mut deviations = 0;
    let audited = frame.audit(&mut |deviation| {
        deviation_is_placed(&deviation, octets.len());
        if formats {
            format_all(&deviation);
        }
        deviations += 1;
    });
    match (frame.pdu(), audited) {
        (Ok((pdu, rest)), Ok((audited, audited_rest))) => {
            assert_eq!(pdu, audited, "audit gives the view that parse gives");
            assert_eq!(rest, audited_rest);
            if formats {
                format_all(&pdu);
            }
            if let Some(octets) = pdu.octets() {
                assert_eq!(&payload[..octets.len()], octets, "the PDU begins the payload");
                assert_eq!(&payload[octets.len()..], rest, "PDU and trailer are the payload");
            }
            same_as_alone(&frame, &pdu);
        }
        (Err(error), Err(audited)) => {
            assert_eq!(error, audited, "audit rejects as parse does");
            assert_eq!(deviations, 0, "nothing is reported of a rejected PDU");
            error_is_placed(error, octets.len());
            if formats {
                format_all(&error);
            }
        }
        (parsed, audited) => panic!("parse and audit disagree: {parsed:?}, {audited:?}"),
    }
    if frame.missing() == 0 && !frame.is_fragment() {
        payload_properties(&frame, effort);
    }
}

/// The PDU path reads the payload as the frame path did.
fn same_as_alone(frame: &Frame<'_>, pdu: &Pdu<'_>) {
    let payload = frame.payload();
    let alone = match frame.protocol() {
        Protocol::Slow => SlowPdu::parse(payload).map(|(pdu, _)| Pdu::Slow(pdu)),
        Protocol::Vrrp => match frame.carrier() {
            Some(carrier) => VrrpPdu::parse(payload, carrier.family()).map(|(pdu, _)| Pdu::Vrrp(pdu)),
            None => panic!("VRRP without an IP header"),
        },
        Protocol::Hsrp1 => crate::hsrp::v1::Pdu::parse(payload).map(|(pdu, _)| Pdu::Hsrp1(pdu)),
        Protocol::Hsrp2 => crate::hsrp::v2::MessageRef::parse(payload).map(|(pdu, _)| Pdu::Hsrp2(pdu)),
        Protocol::Glbp => crate::glbp::MessageRef::parse(payload).map(|(pdu, _)| Pdu::Glbp(pdu)),
        Protocol::Arp | Protocol::NeighborDiscovery | Protocol::Other => return,
    };
    assert_eq!(alone.as_ref(), Ok(pdu), "frame path and PDU path agree");
}

/// The properties of the protocol that the frame carries.
fn payload_properties(frame: &Frame<'_>, effort: Effort) {
    let payload = frame.payload();
    match frame.protocol() {
        Protocol::Slow => slow(payload, effort),
        Protocol::Vrrp => match frame.carrier() {
            Some(carrier) => {
                vrrp2(payload, effort);
                vrrp3(payload, carrier, effort);
            }
            None => panic!("VRRP without an IP header"),
        },
        Protocol::Hsrp1 => hsrp1(payload, effort),
        Protocol::Hsrp2 => hsrp2(payload, effort),
        Protocol::Glbp => glbp(payload, effort),
        Protocol::Arp | Protocol::NeighborDiscovery | Protocol::Other => {}
    }
}

/// No single bit of `message` can be flipped without leaving the form of the checksum that was right wrong.
///
/// A flip may turn one right form of VRRPv3 into the other, when the pseudo-header's sum is a power of two.
fn flips_are_seen(message: &mut [u8], effort: Effort, status: impl Fn(&[u8]) -> Option<ChecksumStatus>) {
    let right = |status| match status {
        Some(ChecksumStatus::Valid) => [true, true],
        Some(ChecksumStatus::Rfc9568) => [true, false],
        Some(ChecksumStatus::Rfc5798) => [false, true],
        Some(ChecksumStatus::Invalid | ChecksumStatus::Unverifiable) | None => [false, false],
    };
    let before = right(status(message));
    for index in effort.indices(message.len(), message) {
        for bit in 0..8 {
            message[index] ^= 1 << bit;
            let after = right(status(message));
            message[index] ^= 1 << bit;
            let survived = before[0] && after[0] || before[1] && after[1];
            assert!(!survived, "the checksum is right although bit {bit} of octet {index} was flipped");
        }
    }
}
