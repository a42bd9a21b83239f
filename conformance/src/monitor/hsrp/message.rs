//! A message as monitors keep it, and what one frame shows by itself.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::cisco::Md5Authentication;
use redspec_codec::frame::{Frame, Pdu, UdpChecksum, rules as frame_rules};
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::{Deviation, Family, MacAddress, Rule};

use super::questions::{self as q, Topic};
use crate::event::Stamp;
use crate::monitor::Seen;
use crate::monitor::court::Court;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::HOLDTIME_RATIO;

/// The codec's rules, and what they stand for.
type Rules = &'static [(&'static Rule, Topic)];

const V1: Rules = &[
    (&frame_rules::HSRP1_DESTINATION, q::DESTINATION),
    (&frame_rules::GROUP_MAC, q::DESTINATION_MAC),
    (&frame_rules::HSRP1_TTL, q::TTL),
    (&frame_rules::HSRP1_PORT, q::SOURCE_PORT),
];
const V1_MESSAGE: Rules = &[
    (&v1::rules::OPCODE, q::OPCODE),
    (&v1::rules::STATE, q::STATE),
    (&v1::rules::HOLDTIME, q::HOLDTIME),
    (&v1::rules::HOLDTIME_RATIO, q::HOLDTIME_RATIO),
    (&v1::rules::TLV_LIST, q::TLV_LIST),
    (&v1::rules::TLV_UNKNOWN, q::TLV_UNKNOWN),
];
const V1_ADVERTISE: Rules =
    &[(&v1::rules::ADVERTISE_TLV, q::INTERFACE_TLV), (&v1::rules::ADVERTISE_STATE, q::INTERFACE_STATE)];
const V2_IPV4: Rules = &[
    (&frame_rules::HSRP2_DESTINATION, q::DESTINATION),
    (&frame_rules::GROUP_MAC, q::DESTINATION_MAC),
    (&frame_rules::HSRP2_TTL, q::TTL),
    (&frame_rules::HSRP2_PORT, q::SOURCE_PORT),
];
const V2_IPV6: Rules = &[(&frame_rules::HSRP2_DESTINATION_IPV6, q::DESTINATION_IPV6)];
const V2: Rules = &[
    (&v2::rules::TLV_UNKNOWN, q::TLV_UNKNOWN),
    (&v2::rules::TLV_LENGTH, q::TLV_LENGTH),
    (&v2::rules::TLV_REPEATED, q::TLV_REPEATED),
];
const V2_GROUP_STATE: Rules = &[
    (&v2::rules::VERSION, q::VERSION),
    (&v2::rules::OPCODE, q::OPCODE),
    (&v2::rules::STATE, q::STATE),
    (&v2::rules::GROUP, q::GROUP),
];

/// An MD5 Authentication, type and length included, which stands behind a message of version 1.
const MD5_LENGTH: usize = Md5Authentication::LEN;

/// How a message is authenticated, as far as it can be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Credentials {
    /// A password.
    Text([u8; 8]),
    /// A digest; nothing tells of the key.
    Md5,
    /// Nothing.
    Absent,
}

/// A Hello, Coup or Resign that could be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    pub(super) number: u64,
    pub(super) at: Stamp,
    pub(super) opcode: Opcode,
    /// None if there is no state of that number.
    pub(super) state: Option<Group>,
    pub(super) hellotime: Duration,
    pub(super) holdtime: Duration,
    pub(super) priority: u32,
    pub(super) address: Option<IpAddr>,
    pub(super) source: IpAddr,
    pub(super) mac: Option<MacAddress>,
    /// The sender's own MAC address, as a message of version 2 tells it.
    pub(super) identifier: Option<MacAddress>,
    pub(super) credentials: Credentials,
    /// A receiver has no reason to discard it, but for what its own configuration says.
    pub(super) valid: bool,
    /// All its octets, for telling a frame that was captured twice.
    pub(super) octets: Vec<u8>,
}

/// What a router tells of its groups: Advertise, Interface State.
#[derive(Clone, Copy, Debug)]
pub(super) struct Interface {
    pub(super) active: u16,
}

/// A frame of HSRP.
pub(super) enum Read {
    /// Not HSRP, or not to a group address, so that it may be of anything.
    Nothing,
    /// HSRP, but not to be read.
    Broken,
    /// What a router tells of its groups.
    Interface(Interface),
    /// A message of this group.
    Message(u16, Box<Message>),
}

impl Message {
    pub(super) fn is_hello(&self) -> bool {
        self.opcode == Opcode::HELLO
    }

    /// A Hello in that state.
    pub(super) fn is(&self, state: Group) -> bool {
        self.is_hello() && self.state == Some(state)
    }

    /// Priority, and if that is equal the address.
    pub(super) fn rank(&self) -> (u32, IpAddr) {
        (self.priority, self.source)
    }
}

const fn state_1(state: v1::State) -> Option<Group> {
    Some(match state {
        v1::State::INITIAL => Group::Initial,
        v1::State::LEARN => Group::Learn,
        v1::State::LISTEN => Group::Listen,
        v1::State::SPEAK => Group::Speak,
        v1::State::STANDBY => Group::Standby,
        v1::State::ACTIVE => Group::Active,
        _ => return None,
    })
}

const fn state_2(state: v2::State) -> Option<Group> {
    Some(match state {
        v2::State::DISABLED | v2::State::INIT => Group::Initial,
        v2::State::LEARN => Group::Learn,
        v2::State::LISTEN => Group::Listen,
        v2::State::SPEAK => Group::Speak,
        v2::State::STANDBY => Group::Standby,
        v2::State::ACTIVE => Group::Active,
        _ => return None,
    })
}

fn whole(frame: &Frame<'_>, missing: usize) -> bool {
    missing == 0 && frame.missing() == 0 && !frame.is_fragment()
}

/// Reads a frame.
pub(super) fn read(seen: &Seen<'_>) -> Read {
    let frame = &seen.frame;
    let Some(source) = frame.source_ip() else { return Read::Nothing };
    // What goes to one host may be anybody's: the port of HSRP is also one that clients come from.
    if !frame.destination_ip().is_some_and(|to| to.is_multicast() || to == IpAddr::from([255; 4])) {
        return Read::Nothing;
    }
    let mut deviates = false;
    let ttl = |deviation: &Deviation| {
        deviation.rule.id == frame_rules::HSRP1_TTL.id && matches!(frame.ttl(), Some(1 | 2))
    };
    let audited = frame.audit(&mut |deviation| deviates |= !ttl(&deviation));
    let Ok((pdu, rest)) = audited else { return Read::Broken };
    let sum = matches!(frame.udp_checksum(), Some(UdpChecksum::Valid | UdpChecksum::Absent));
    let plain = !deviates && sum && whole(frame, seen.missing) && frame.authentication_header().is_none();
    let message = match pdu {
        Pdu::Hsrp1(v1::Pdu::Advertise(told)) => {
            return Read::Interface(Interface { active: told.active_groups() });
        }
        Pdu::Hsrp1(v1::Pdu::Message(pdu)) => {
            let seconds = |field: u8| Duration::from_secs(field.into());
            let md5 = v1::Extension(rest).md5().is_some();
            Message {
                number: seen.number,
                at: seen.at,
                opcode: pdu.opcode(),
                state: state_1(pdu.state()),
                hellotime: seconds(pdu.hellotime_s()),
                holdtime: seconds(pdu.holdtime_s()),
                priority: pdu.priority().into(),
                address: Some(pdu.virtual_ip().into()),
                source,
                mac: seen.source,
                identifier: None,
                credentials: if md5 { Credentials::Md5 } else { Credentials::Text(pdu.authentication()) },
                valid: plain && (rest.is_empty() || md5),
                octets: frame.octets().to_vec(),
            }
        }
        Pdu::Hsrp2(pdu) => {
            let Some(state) = pdu.group_state() else {
                let told = pdu.interface_state();
                return told
                    .map_or(Read::Broken, |told| Read::Interface(Interface { active: told.active_groups }));
            };
            let milliseconds = |field: u32| Duration::from_millis(field.into());
            let family = if state.ip_version() == 6 { Family::Ipv6 } else { Family::Ipv4 };
            Message {
                number: seen.number,
                at: seen.at,
                opcode: state.opcode(),
                state: state_2(state.state()),
                hellotime: milliseconds(state.hellotime_ms()),
                holdtime: milliseconds(state.holdtime_ms()),
                priority: state.priority(),
                address: state.virtual_ip(),
                source,
                mac: seen.source,
                identifier: Some(state.identifier()),
                credentials: match (pdu.md5(), pdu.text_authentication()) {
                    (Some(_), _) => Credentials::Md5,
                    (None, Some(text)) => Credentials::Text(*text),
                    (None, None) => Credentials::Absent,
                },
                valid: plain && frame.family() == Some(family),
                octets: frame.octets().to_vec(),
            }
        }
        _ => return Read::Nothing,
    };
    let group = match pdu {
        Pdu::Hsrp1(v1::Pdu::Message(pdu)) => pdu.group().into(),
        Pdu::Hsrp2(pdu) => pdu.group_state().map_or(0, |state| state.group()),
        _ => 0,
    };
    Read::Message(group, Box::new(message))
}

/// Judges what one frame shows.
pub(super) fn judge(seen: &Seen<'_>, version: Version, court: &mut Court<'_>) {
    // Few frames break several rules.
    let mut deviations: Vec<Deviation> = Vec::new();
    let audited = seen.frame.audit(&mut |deviation| deviations.push(deviation));
    let Ok((pdu, rest)) = audited else { return broken(seen, version, court) };
    let of_frame = match (version, seen.frame.family()) {
        (Version::V1, _) => V1,
        (Version::V2, Some(Family::Ipv6)) => V2_IPV6,
        (Version::V2, _) => V2_IPV4,
    };
    let (of_message, of_group): (Rules, Rules) = match pdu {
        Pdu::Hsrp1(v1::Pdu::Message(_)) => (V1_MESSAGE, &[]),
        Pdu::Hsrp1(v1::Pdu::Advertise(_)) => (V1_ADVERTISE, &[]),
        Pdu::Hsrp2(pdu) if pdu.group_state().is_some() => (V2, V2_GROUP_STATE),
        _ => (V2, &[]),
    };
    for (rule, topic) in of_frame.iter().chain(of_message).chain(of_group) {
        let question = topic.of(version);
        let hidden = seen.frame.destination_mac().is_none() && rule.id == frame_rules::GROUP_MAC.id;
        match deviations.iter().find(|deviation| deviation.rule.id == rule.id) {
            Some(Deviation { rule, at, found }) => court.violated(question, seen.number, seen.at, || {
                format!("{} (found {found}, 0x{found:x}, at octet {at})", rule.text)
            }),
            None if hidden => court.unknown(question),
            None => court.pass(question),
        }
    }
    let elsewhere = |deviation: &Deviation| deviation.rule.id == frame_rules::HSRP2_DESTINATION_IPV6.id;
    headers(seen, version, !deviations.iter().any(elsewhere), court);
    match pdu {
        Pdu::Hsrp1(v1::Pdu::Message(pdu)) => message_1(seen, pdu, rest, court),
        Pdu::Hsrp1(v1::Pdu::Advertise(_)) => alone(seen, version, rest.len(), court),
        Pdu::Hsrp2(pdu) => message_2(seen, &pdu, court),
        _ => {}
    }
}

/// What the codec has no rule for. Over IPv6 it may be `to_group`, or elsewhere, which has been said.
fn headers(seen: &Seen<'_>, version: Version, to_group: bool, court: &mut Court<'_>) {
    let (number, at, frame) = (seen.number, seen.at, &seen.frame);
    if let (Version::V1, Some(ttl)) = (version, frame.ttl()) {
        court.check(q::TTL_CISCO.of(version), matches!(ttl, 1 | 2), number, at, || {
            format!("the TTL is {ttl}, expected 1 or 2")
        });
    }
    if let (Some(Family::Ipv6), true, Some(mac)) = (frame.family(), to_group, frame.destination_mac()) {
        let own = MacAddress([0x33, 0x33, 0, 0, 0, 0x66]);
        court.check(q::DESTINATION_MAC_IPV6.of(version), mac == own, number, at, || {
            format!("it is sent to {mac}, expected {own}")
        });
    }
    let question = q::UDP_CHECKSUM.of(version);
    match frame.udp_checksum() {
        Some(UdpChecksum::Valid | UdpChecksum::Absent) => court.pass(question),
        // The sending machine's own network card would have put it right.
        Some(UdpChecksum::Invalid) if !left_to_the_card(frame) => {
            court.violated(question, number, at, || "the UDP checksum is wrong".to_owned());
        }
        _ => court.unknown(question),
    }
}

/// The checksum is that of the pseudo-header alone: what a host leaves to its network card.
fn left_to_the_card(frame: &Frame<'_>) -> bool {
    let (Some(header), Some(source), Some(to)) =
        (frame.udp_header(), frame.source_ip(), frame.destination_ip())
    else {
        return false;
    };
    let octets = |address: IpAddr| match address {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets().to_vec(),
    };
    let addresses = [octets(source), octets(to)].concat();
    let words =
        addresses.chunks(2).map(|pair| pair.iter().fold(0, |word, octet| word << 8 | u32::from(*octet)));
    let mut sum: u32 = words.sum::<u32>() + 17 + u32::from(header.length());
    while sum > 0xffff {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    u32::from(header.checksum()) == sum
}

fn message_1(seen: &Seen<'_>, pdu: v1::MessageRef<'_>, rest: &[u8], court: &mut Court<'_>) {
    let version = Version::V1;
    let (number, at) = (seen.number, seen.at);
    court.pass(q::VERSION.of(version));
    let md5 = v1::Extension(rest).md5();
    let fits = rest.is_empty() || md5.is_some() && rest.len() == MD5_LENGTH;
    court.check(q::LENGTH.of(version), fits, number, at, || {
        format!("{} octets follow the 20 octets of the message", rest.len())
    });
    if let Some(md5) = md5 {
        let zero = pdu.authentication() == [0; 8];
        court.check(q::MD5_DATA_ZERO.of(version), zero, number, at, || {
            format!("the authentication data is \"{}\" beside a digest", pdu.authentication().escape_ascii())
        });
        md5_sender(seen, version, md5, court);
    }
    if pdu.opcode() == Opcode::HELLO {
        current(seen, version, state_1(pdu.state()), pdu.state().0, court);
    }
    source_address(seen, version, pdu.virtual_ip().into(), court);
}

fn message_2(seen: &Seen<'_>, pdu: &v2::MessageRef<'_>, court: &mut Court<'_>) {
    let version = Version::V2;
    let (number, at) = (seen.number, seen.at);
    if pdu.interface_state().is_some() {
        alone(seen, version, pdu.octets().len().saturating_sub(6), court);
    }
    if let Some(md5) = pdu.md5() {
        md5_sender(seen, version, md5, court);
    }
    let Some(state) = pdu.group_state() else { return };
    let family = if seen.frame.family() == Some(Family::Ipv6) { 6 } else { 4 };
    court.check(q::IP_VERSION.of(version), state.ip_version() == family, number, at, || {
        format!("the IP version is {}, expected {family}", state.ip_version())
    });
    if state.opcode() == Opcode::HELLO {
        let (hellotime, holdtime) = (state.hellotime_ms(), state.holdtime_ms());
        court.check(q::HOLDTIME.of(version), holdtime > hellotime, number, at, || {
            format!("the Holdtime is {holdtime} ms, the Hellotime {hellotime} ms")
        });
        // What is not even greater has been said.
        if holdtime > hellotime {
            let enough = holdtime >= hellotime.saturating_mul(HOLDTIME_RATIO);
            court.check(q::HOLDTIME_RATIO.of(version), enough, number, at, || {
                format!("the Holdtime is {holdtime} ms, less than three Hellotimes of {hellotime} ms")
            });
        }
        current(seen, version, state_2(state.state()), state.state().0, court);
    }
    if let Some(address) = state.virtual_ip() {
        // Where messages come from over IPv6 is not confirmed.
        if family == 4 {
            source_address(seen, version, address, court);
        }
        if let (IpAddr::V6(address), 6) = (address, family) {
            court.check(q::LINK_LOCAL.of(version), address.is_unicast_link_local(), number, at, || {
                format!("the virtual address is {address}")
            });
        }
    }
}

/// Initial, Learn and Listen send no Hellos.
fn current(seen: &Seen<'_>, version: Version, state: Option<Group>, code: u8, court: &mut Court<'_>) {
    let Some(state) = state else { return };
    let sends = matches!(state, Group::Speak | Group::Standby | Group::Active);
    court.check(q::STATE_CURRENT.of(version), sends, seen.number, seen.at, || {
        format!("a Hello tells {state:?} ({code}), a state in which no router sends Hellos")
    });
}

fn source_address(seen: &Seen<'_>, version: Version, address: IpAddr, court: &mut Court<'_>) {
    let own = seen.frame.source_ip() != Some(address);
    court.check(q::SOURCE_ADDRESS.of(version), own, seen.number, seen.at, || {
        format!("it comes from {address}, which it tells as the virtual address")
    });
}

fn md5_sender(seen: &Seen<'_>, version: Version, md5: Md5Authentication, court: &mut Court<'_>) {
    if let Some(IpAddr::V4(source)) = seen.frame.source_ip() {
        court.check(q::MD5_SENDER.of(version), md5.sender == source, seen.number, seen.at, || {
            format!("the MD5 Authentication names {}, the message comes from {source}", md5.sender)
        });
    }
}

fn alone(seen: &Seen<'_>, version: Version, more: usize, court: &mut Court<'_>) {
    // What is sent over IPv6 is not confirmed.
    if seen.frame.family() == Some(Family::Ipv6) {
        return court.unknown(q::INTERFACE_ALONE.of(version));
    }
    court.check(q::INTERFACE_ALONE.of(version), more == 0, seen.number, seen.at, || {
        format!("{more} octets more are in the message")
    });
}

/// A message that ends before its fields do, or of another version: the sender's fault, unless the capture left the end
/// out.
fn broken(seen: &Seen<'_>, version: Version, court: &mut Court<'_>) {
    let payload = seen.frame.payload();
    let topic = match (version, payload.first()) {
        (Version::V1, Some(1..)) => q::VERSION,
        (Version::V1, _) if payload.get(1) == Some(&Opcode::ADVERTISE.0) => q::INTERFACE_ALONE,
        (Version::V1, _) => q::LENGTH,
        (Version::V2, _) => q::TLV_LENGTH,
    };
    if !whole(&seen.frame, seen.missing) {
        return court.unknown(topic.of(version));
    }
    court.violated(topic.of(version), seen.number, seen.at, || match (version, payload.first()) {
        (Version::V1, Some(field @ 1..)) => format!("the version is {field}"),
        (Version::V1, _) => format!("the message has {} octets", payload.len()),
        (Version::V2, _) => format!("the TLVs do not fill the {} octets of the datagram", payload.len()),
    });
}
