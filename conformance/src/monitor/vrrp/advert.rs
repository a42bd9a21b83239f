//! An advertisement as monitors keep it, and what one frame shows by itself.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::frame::{Pdu, rules as frame_rules};
use redspec_codec::vrrp::{ChecksumStatus, Dialect, VrrpPdu, v2, v3};
use redspec_codec::{Deviation, Family, MacAddress, Rule};

use super::questions::{self as q, Topic};
use crate::event::Stamp;
use crate::monitor::Seen;
use crate::monitor::court::Court;
use crate::reference::vrrp::configuration::virtual_mac;
use crate::spec::Edition;
use crate::spec::vrrp::Version;

/// The codec's rules, and what they stand for.
const BOTH: &[(&Rule, Topic)] = &[
    (&frame_rules::VRRP_DESTINATION, q::DESTINATION),
    (&frame_rules::VRRP_DESTINATION_MAC, q::DESTINATION_MAC),
    (&frame_rules::VRRP_TTL, q::TTL),
];
const V2: &[(&Rule, Topic)] = &[
    (&v2::rules::VRID, q::VRID),
    (&v2::rules::COUNT, q::COUNT),
    (&v2::rules::AUTH_TYPE, q::AUTH_TYPE),
    (&v2::rules::CHECKSUM, q::CHECKSUM),
    (&v2::rules::AUTHENTICATION_DATA, q::AUTHENTICATION_DATA),
    (&v2::rules::NO_AUTHENTICATION, q::NO_AUTHENTICATION),
];
const V3: &[(&Rule, Topic)] = &[
    (&v3::rules::VRID, q::VRID),
    (&v3::rules::COUNT, q::COUNT),
    (&v3::rules::RESERVE, q::RESERVE),
    (&v3::rules::CHECKSUM, q::CHECKSUM),
];
const V6: &[(&Rule, Topic)] = &[
    (&frame_rules::VRRP_SOURCE_LINK_LOCAL, q::SOURCE_ADDRESS),
    (&v3::rules::CHECKSUM, q::CHECKSUM_PSEUDO_HEADER),
    (&v3::rules::LINK_LOCAL_FIRST, q::LINK_LOCAL_FIRST),
    (&v3::rules::LINK_LOCAL_FIRST, q::LINK_LOCAL_FIRST_2010),
];

/// Without an Ethernet header there are no MAC addresses to judge.
const DESTINATION_MAC: [&Rule; 1] = [&frame_rules::VRRP_DESTINATION_MAC];

/// An advertisement that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Advert {
    pub(super) number: u64,
    pub(super) at: Stamp,
    pub(super) priority: u8,
    pub(super) interval: Duration,
    pub(super) addresses: Vec<IpAddr>,
    pub(super) source: IpAddr,
    pub(super) mac: Option<MacAddress>,
    pub(super) auth_type: u8,
    /// Which of the two forms over IPv4 the checksum has.
    pub(super) checksum: ChecksumStatus,
    /// A receiver has no right to discard it, but for what its own configuration says.
    pub(super) valid: bool,
    /// It was sent to the group, and the frame says so in its destination MAC address.
    pub(super) to_all: bool,
    /// All its octets, for telling a frame that was captured twice.
    pub(super) octets: Vec<u8>,
}

/// A frame with protocol 112.
pub(super) enum Read {
    /// Not VRRP, or not enough of it to say what it is.
    Nothing,
    /// Of this version and virtual router, but not to be read.
    Broken(Version, u8),
    /// An advertisement.
    Advert(Version, u8, Advert),
}

/// Reads a frame.
pub(super) fn read(seen: &Seen<'_>) -> Read {
    let payload = seen.frame.payload();
    let (Some(family), Some(source)) = (seen.frame.family(), seen.frame.source_ip()) else {
        return Read::Nothing;
    };
    let version = match Dialect::of(payload, family) {
        Dialect::V2 => Version::V2,
        Dialect::V3 => Version::V3,
        Dialect::Carp | Dialect::Unknown => return Read::Nothing,
    };
    let Some(&vrid) = payload.get(1) else { return Read::Nothing };
    let mut deviates = false;
    let physical = |deviation: &Deviation| deviation.rule.id == frame_rules::VRRP_SOURCE_MAC.id;
    let audited = seen.frame.audit(&mut |deviation| deviates |= !physical(&deviation));
    let Ok((Pdu::Vrrp(pdu), rest)) = audited else { return Read::Broken(version, vrid) };
    let checksum = match pdu {
        VrrpPdu::V3(pdu) => pdu.checksum_status(seen.frame.carrier()),
        _ => ChecksumStatus::Valid,
    };
    let (priority, interval, addresses, auth_type) = match pdu {
        VrrpPdu::V2(pdu) => {
            let interval = Duration::from_secs(pdu.advertisement_interval_s().into());
            (pdu.priority(), interval, pdu.addresses(), pdu.auth_type().0)
        }
        VrrpPdu::V3(pdu) => {
            let interval = Duration::from_millis(u64::from(pdu.max_advertisement_interval_cs()) * 10);
            (pdu.priority(), interval, pdu.addresses(), 0)
        }
        VrrpPdu::Carp(_) => return Read::Nothing,
    };
    let destination = seen.frame.destination_ip();
    let plain = !deviates && rest.is_empty() && seen.frame.authentication_header().is_none();
    Read::Advert(
        version,
        vrid,
        Advert {
            number: seen.number,
            at: seen.at,
            priority,
            interval,
            addresses: addresses.iter().collect(),
            source,
            mac: seen.source,
            auth_type,
            checksum,
            valid: plain && seen.frame.payload_at() == plain_header(seen, family),
            to_all: destination.is_some_and(|to| to.is_multicast()) && seen.frame.destination_mac().is_some(),
            octets: seen.frame.octets().to_vec(),
        },
    )
}

/// Where a message begins behind an IP header without options.
fn plain_header(seen: &Seen<'_>, family: Family) -> usize {
    let link = if seen.frame.destination_mac().is_some() { 14 + 4 * seen.frame.vlan_tag_count() } else { 0 };
    match family {
        Family::Ipv4 => link + 20,
        Family::Ipv6 => link + 40,
    }
}

/// Judges what one frame shows.
pub(super) fn judge(seen: &Seen<'_>, version: Version, edition: Option<Edition>, court: &mut Court<'_>) {
    // Few frames break several rules.
    let mut deviations: Vec<Deviation> = Vec::new();
    let audited = seen.frame.audit(&mut |deviation| deviations.push(deviation));
    let Ok((Pdu::Vrrp(pdu), rest)) = audited else { return broken(seen, version, court) };
    court.pass(q::TYPE.of(version));
    let of_version = if version == Version::V2 { V2 } else { V3 };
    let of_family = if seen.frame.family() == Some(Family::Ipv6) { V6 } else { &[] };
    for (rule, topic) in BOTH.iter().chain(of_version).chain(of_family) {
        let question = topic.of(version);
        let hidden =
            seen.frame.destination_mac().is_none() && DESTINATION_MAC.iter().any(|one| one.id == rule.id);
        match deviations.iter().find(|deviation| deviation.rule.id == rule.id) {
            Some(Deviation { rule, at, found }) => court.violated(question, seen.number, seen.at, || {
                format!("{} (found {found}, 0x{found:x}, at octet {at})", rule.text)
            }),
            None if hidden => court.unknown(question),
            None => court.pass(question),
        }
    }
    source_mac(seen, version, court);
    if let (VrrpPdu::V3(pdu), Some(Family::Ipv4)) = (pdu, seen.frame.family()) {
        let message = pdu.checksum_status(seen.frame.carrier()) != ChecksumStatus::Rfc5798;
        court.check(q::CHECKSUM_MESSAGE.of(version), message, seen.number, seen.at, || {
            let of_2010 = if edition.is_none() { "" } else { "; rfc5798 can be read so" };
            format!("the checksum covers a pseudo-header{of_2010}")
        });
    }
    court.check(q::LENGTH.of(version), rest.is_empty(), seen.number, seen.at, || {
        format!("{} octets follow the {} octets of the message", rest.len(), pdu.octets().len())
    });
}

/// A cooked capture has this address too.
fn source_mac(seen: &Seen<'_>, version: Version, court: &mut Court<'_>) {
    let question = q::SOURCE_MAC.of(version);
    let (Some(source), Some(family)) = (seen.source, seen.frame.family()) else {
        return court.unknown(question);
    };
    let own = virtual_mac(family, seen.frame.payload().get(1).copied().unwrap_or_default());
    court.check(question, source == own, seen.number, seen.at, || {
        format!("it comes from {source}, expected {own}")
    });
}

/// A message that ends before its fields do: the sender's fault, unless the capture left the end out.
fn broken(seen: &Seen<'_>, version: Version, court: &mut Court<'_>) {
    let payload = seen.frame.payload();
    let packet_type = payload.first().map_or(0, |octet| octet & 0xf);
    if seen.missing > 0 || seen.frame.missing() > 0 || seen.frame.is_fragment() {
        court.unknown(q::LENGTH.of(version));
    } else if packet_type == 1 {
        court.violated(q::LENGTH.of(version), seen.number, seen.at, || {
            let count = payload.get(3).copied().unwrap_or_default();
            format!("the message has {} octets and says that it has {count} addresses", payload.len())
        });
    } else {
        court.violated(q::TYPE.of(version), seen.number, seen.at, || format!("the type is {packet_type}"));
    }
}
