//! A message as it came: read without believing any of it, so that each check of the ladder is one question.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::cisco::Md5Authentication;
use redspec_codec::frame::{Frame, UdpChecksum};
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::{Carrier, Family};

use super::configuration::Authentication;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;

/// What a router is told of one group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Heard {
    /// Version as it stands there.
    pub version: u8,
    /// Op Code.
    pub opcode: Opcode,
    /// State of the sender; `None` if there is none of that number.
    pub state: Option<Group>,
    /// Group.
    pub group: u16,
    /// Of which addresses.
    pub family: Family,
    /// Priority of the sender.
    pub priority: u32,
    /// Hellotime.
    pub hellotime: Duration,
    /// Holdtime.
    pub holdtime: Duration,
    /// The virtual address.
    pub address: IpAddr,
    /// Who has sent it.
    pub source: IpAddr,
}

/// A datagram of HSRP.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// The payload of UDP.
    pub octets: &'a [u8],
    /// The UDP checksum, as far as it can be told.
    pub checksum: Option<UdpChecksum>,
    /// Addresses of the IP header.
    pub carrier: Carrier,
    /// Who has sent it.
    pub source: IpAddr,
}

impl<'a> Packet<'a> {
    /// `None` if the frame has no IP header, or only a part of the datagram.
    pub fn of(frame: &Frame<'a>) -> Option<Self> {
        if frame.is_fragment() || frame.missing() > 0 {
            return None;
        }
        let (carrier, source) = (frame.carrier()?, frame.source_ip()?);
        Some(Self { octets: frame.payload(), checksum: frame.udp_checksum(), carrier, source })
    }

    /// The checksum of UDP is right, or over IPv4 absent (RFC 768; RFC 8200 section 8.1).
    pub fn checksum_is_right(&self) -> bool {
        self.checksum != Some(UdpChecksum::Invalid)
    }

    /// What it tells of each group; nothing if it is too short for that.
    pub fn heard(&self, version: Version) -> Vec<Heard> {
        match version {
            Version::V1 => self.heard_1().into_iter().collect(),
            Version::V2 => self.heard_2(),
        }
    }

    fn heard_1(&self) -> Option<Heard> {
        let octets = self.octets.get(..v1::Message::LEN)?;
        let state = match v1::State(octets[2]) {
            v1::State::INITIAL => Some(Group::Initial),
            v1::State::LEARN => Some(Group::Learn),
            v1::State::LISTEN => Some(Group::Listen),
            v1::State::SPEAK => Some(Group::Speak),
            v1::State::STANDBY => Some(Group::Standby),
            v1::State::ACTIVE => Some(Group::Active),
            _ => None,
        };
        let address: [u8; 4] = octets[16..20].try_into().ok()?;
        Some(Heard {
            version: octets[0],
            opcode: Opcode(octets[1]),
            state,
            group: octets[6].into(),
            family: Family::Ipv4,
            priority: octets[5].into(),
            hellotime: Duration::from_secs(octets[3].into()),
            holdtime: Duration::from_secs(octets[4].into()),
            address: address.into(),
            source: self.source,
        })
    }

    fn heard_2(&self) -> Vec<Heard> {
        let Ok((message, _)) = v2::MessageRef::parse(self.octets) else { return Vec::new() };
        let heard = message.tlvs().filter_map(|tlv| {
            let v2::Tlv::GroupState(group) = tlv else { return None };
            let state = match group.state {
                // Disabled takes no part, as Init does not.
                v2::State::INIT | v2::State::DISABLED => Some(Group::Initial),
                v2::State::LEARN => Some(Group::Learn),
                v2::State::LISTEN => Some(Group::Listen),
                v2::State::SPEAK => Some(Group::Speak),
                v2::State::STANDBY => Some(Group::Standby),
                v2::State::ACTIVE => Some(Group::Active),
                _ => None,
            };
            let address = group.virtual_ip()?;
            Some(Heard {
                version: group.version,
                opcode: group.opcode,
                state,
                group: group.group,
                family: if address.is_ipv4() { Family::Ipv4 } else { Family::Ipv6 },
                priority: group.priority,
                hellotime: Duration::from_millis(group.hellotime_ms.into()),
                holdtime: Duration::from_millis(group.holdtime_ms.into()),
                address,
                source: self.source,
            })
        });
        heard.collect()
    }

    /// The password in clear, if there is one.
    pub fn password(&self, version: Version) -> Option<[u8; 8]> {
        match version {
            Version::V1 => self.octets.get(8..16)?.try_into().ok(),
            Version::V2 => v2::MessageRef::parse(self.octets).ok()?.0.text_authentication().copied(),
        }
    }

    /// The MD5 TLV, if there is a whole one.
    pub fn md5(&self, version: Version) -> Option<Md5Authentication> {
        match version {
            Version::V1 => v1::Extension(self.octets.get(v1::Message::LEN..)?).md5(),
            Version::V2 => v2::MessageRef::parse(self.octets).ok()?.0.md5(),
        }
    }

    /// The digest that it must have under this key.
    pub fn digest(&self, version: Version, key: &str) -> Option<[u8; 16]> {
        match version {
            Version::V1 => v1::md5_digest(self.octets, key.as_bytes()),
            Version::V2 => v2::MessageRef::parse(self.octets).ok()?.0.md5_digest(key.as_bytes()),
        }
    }

    /// There is an MD5 TLV, whole or not.
    pub fn begins_md5(&self, version: Version) -> bool {
        let after = match version {
            Version::V1 => v1::Message::LEN,
            Version::V2 => 2 + v2::GroupState::LEN,
        };
        self.octets.get(after) == Some(&v2::TlvType::MD5_AUTHENTICATION.0)
    }

    /// The digest is that of the same message with another Holdtime.
    pub fn digest_is_of_another_holdtime(&self, version: Version, key: &str) -> bool {
        let at = match version {
            Version::V1 => 4,
            // Its last octet.
            Version::V2 => 25,
        };
        let Some(md5) = self.md5(version) else { return false };
        (0..=u8::MAX).any(|octet| {
            let mut octets = self.octets.to_vec();
            octets[at] = octet;
            Packet { octets: &octets, ..*self }.digest(version, key) == Some(md5.digest)
        })
    }

    /// What is missing of a message, or of its Group State, as zeros.
    pub fn filled(&self, version: Version) -> Vec<u8> {
        let mut octets = self.octets.to_vec();
        match version {
            Version::V1 => octets.resize(octets.len().max(v1::Message::LEN), 0),
            Version::V2 if octets.first() == Some(&v2::TlvType::GROUP_STATE.0) && octets.len() > 2 => {
                let end = (2 + usize::from(octets[1])).min(octets.len());
                let rest = octets.split_off(end);
                octets.resize(2 + v2::GroupState::LEN, 0);
                octets[1] = 40;
                octets.extend(rest);
            }
            Version::V2 => {}
        }
        octets
    }

    /// It tells of an interface: whether one of its groups is Active, and whether it is as long as it should be.
    pub fn interface_state(&self, version: Version) -> Option<(bool, bool)> {
        match (version, self.octets) {
            (Version::V1, [0, 3, ..]) => {
                let active = self.octets.get(6) == Some(&v1::AdvertiseState::ACTIVE.0);
                let length = self.octets.get(4..6) == Some(&[0, 14]);
                Some((active, length && self.octets.len() == v1::Advertise::LEN))
            }
            (Version::V2, [2, length, rest @ ..]) => {
                let active = rest.get(..2).is_some_and(|count| count != [0, 0]);
                Some((active, *length == 4 && rest.len() == v2::InterfaceState::LEN))
            }
            _ => None,
        }
    }

    /// The digest is right under this key, which has this number.
    pub fn digest_is_right(&self, version: Version, key: &str, key_id: u32) -> bool {
        let found = self.md5(version);
        let right = found.is_some_and(|md5| self.digest(version, key) == Some(md5.digest));
        right && found.is_some_and(|md5| md5.key_id == key_id)
    }

    /// The message is authenticated as a router that is configured so expects it.
    pub fn is_authentic(&self, version: Version, expected: &Authentication) -> bool {
        match expected {
            Authentication::Text(password) => self.password(version) == Some(password_octets(password)),
            Authentication::Md5 { key, key_id } => self.digest_is_right(version, key, *key_id),
        }
    }
}

/// A password as it stands in a message: filled with zeros.
pub fn password_octets(password: &str) -> [u8; 8] {
    let mut octets = [0; 8];
    for (to, from) in octets.iter_mut().zip(password.bytes()) {
        *to = from;
    }
    octets
}
