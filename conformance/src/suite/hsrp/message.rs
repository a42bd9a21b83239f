//! Messages as the tester sends them: right in everything, but for what a test changes.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::cisco::{Md5Authentication, Md5TlvType};
use redspec_codec::frame::{Builder, Ethernet, NetworkHeader, VlanTag};
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::{MacAddress, Stated};

use crate::event::Port;
use crate::reference::hsrp::configuration::{Authentication, Configuration, StandbyGroup};
use crate::reference::hsrp::packet::password_octets;
use crate::reference::router::LAN;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::virtual_mac;

/// A change of the payload's octets. Before the digest is computed, if it is [`Message::sealed_last`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Another octet.
    Octet(usize, u8),
    /// Cut to this length.
    Cut(usize),
    /// These octets behind it.
    Append(Vec<u8>),
    /// These octets in front of it.
    Prepend(Vec<u8>),
}

/// A message and everything around it.
#[derive(Clone, Debug)]
pub struct Message {
    /// Where it is sent.
    pub port: Port,
    /// The version whose format it has, and to whose group address it is sent.
    pub version: Version,
    /// Op Code.
    pub opcode: Opcode,
    /// State of the sender.
    pub state: Group,
    /// The octet of the state, if it is to say something else.
    pub state_field: Option<u8>,
    /// The version field, if it is to say something else.
    pub version_field: Option<u8>,
    /// Hellotime.
    pub hellotime: Duration,
    /// Holdtime.
    pub holdtime: Duration,
    /// Priority.
    pub priority: u32,
    /// Group.
    pub group: u16,
    /// The reserved octet of version 1.
    pub reserved: u8,
    /// The virtual address.
    pub address: IpAddr,
    /// The sender.
    pub source: IpAddr,
    /// The sender's physical MAC address: the identifier of version 2.
    pub physical_mac: MacAddress,
    /// The Ethernet source, if it is another than the protocol has it: the virtual MAC address of an Active router's
    /// Hello, and the physical one otherwise.
    pub source_mac: Option<MacAddress>,
    /// The destination, if it is another than the group.
    pub destination: Option<(IpAddr, MacAddress)>,
    /// TTL or Hop Limit, if it is to be another.
    pub ttl: Option<u8>,
    /// UDP source port, if it is to be another.
    pub source_port: Option<u16>,
    /// UDP destination port, if it is to be another.
    pub destination_port: Option<u16>,
    /// UDP checksum.
    pub checksum: Stated<u16>,
    /// The IPv4 header's checksum, if it is to be wrong.
    pub header_checksum: Option<u16>,
    /// Flags and fragment offset of IPv4.
    pub fragmentation: u16,
    /// How it is authenticated; none: without password (zeros in version 1) and without digest.
    pub authentication: Option<Authentication>,
    /// Octets to be turned over in the digest.
    pub digest_flip: u8,
    /// The digest is computed behind the edits; if not, before them.
    pub sealed_last: bool,
    /// VLAN tags.
    pub tags: Vec<VlanTag>,
    /// Changes of the payload.
    pub edits: Vec<Edit>,
}

impl Message {
    /// A Hello for a group of the device, from another router at that address, in this state and with this priority.
    pub fn hello(
        configuration: &Configuration,
        group: &StandbyGroup,
        source: IpAddr,
        state: Group,
        priority: u32,
    ) -> Self {
        let last = match source {
            IpAddr::V4(address) => address.octets()[3],
            IpAddr::V6(address) => address.octets()[15],
        };
        let defaults = crate::spec::hsrp::timers::DEFAULT_HELLOTIME;
        let hold = crate::spec::hsrp::timers::DEFAULT_HOLDTIME;
        Self {
            port: LAN,
            version: configuration.version,
            opcode: Opcode::HELLO,
            state,
            state_field: None,
            version_field: None,
            hellotime: group.hellotime.unwrap_or(defaults),
            holdtime: group.holdtime.unwrap_or(hold),
            priority,
            group: group.number,
            reserved: 0,
            address: group.address.unwrap_or_else(|| unknown(source)),
            source,
            physical_mac: MacAddress([2, 0x52, 0x53, 0, 2, last]),
            source_mac: None,
            destination: None,
            ttl: None,
            source_port: None,
            destination_port: None,
            checksum: Stated::Computed,
            header_checksum: None,
            fragmentation: 0,
            authentication: Some(configuration.authentication.clone()),
            digest_flip: 0,
            sealed_last: false,
            tags: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// The same as a Coup.
    #[must_use]
    pub fn coup(self) -> Self {
        Self { opcode: Opcode::COUP, ..self }
    }

    /// The same as a Resign.
    #[must_use]
    pub fn resign(self) -> Self {
        Self { opcode: Opcode::RESIGN, ..self }
    }

    /// The same with this Holdtime.
    #[must_use]
    pub fn hold(self, holdtime: Duration) -> Self {
        Self { holdtime, ..self }
    }

    /// The same with these changes.
    #[must_use]
    pub fn edited(mut self, edits: impl IntoIterator<Item = Edit>) -> Self {
        self.edits.extend(edits);
        self
    }

    /// The Ethernet source.
    pub fn mac(&self) -> MacAddress {
        let family =
            if self.source.is_ipv4() { redspec_codec::Family::Ipv4 } else { redspec_codec::Family::Ipv6 };
        let active = self.opcode == Opcode::HELLO && self.state == Group::Active;
        let own = if active { virtual_mac(self.version, family, self.group) } else { self.physical_mac };
        self.source_mac.unwrap_or(own)
    }

    /// The frame.
    pub fn frame(&self) -> Vec<u8> {
        self.around(&self.payload())
    }

    /// A frame like that of this message, with another payload of UDP.
    pub fn around(&self, payload: &[u8]) -> Vec<u8> {
        let mut builder = match (self.version, self.source) {
            (Version::V1, IpAddr::V4(source)) => Builder::hsrp1(self.mac(), source),
            (_, IpAddr::V4(source)) => Builder::hsrp2(self.mac(), source),
            (_, IpAddr::V6(source)) => Builder::hsrp2_ipv6(self.mac(), source),
        };
        match &mut builder.network {
            Some(NetworkHeader::Ipv4(network)) => {
                network.ttl = self.ttl.unwrap_or(network.ttl);
                network.fragmentation = self.fragmentation;
                network.header_checksum = self.header_checksum.map_or(Stated::Computed, Stated::Exactly);
                if let Some((IpAddr::V4(destination), _)) = self.destination {
                    network.destination = destination;
                }
            }
            Some(NetworkHeader::Ipv6(network)) => {
                network.hop_limit = self.ttl.unwrap_or(network.hop_limit);
                if let Some((IpAddr::V6(destination), _)) = self.destination {
                    network.destination = destination;
                }
            }
            None => {}
        }
        if let Some(udp) = &mut builder.udp {
            udp.source_port = self.source_port.unwrap_or(udp.source_port);
            udp.destination_port = self.destination_port.unwrap_or(udp.destination_port);
            udp.checksum = self.checksum;
        }
        if let Some(ethernet) = builder.ethernet {
            builder.ethernet = Some(Ethernet {
                destination: self.destination.map_or(ethernet.destination, |(_, mac)| mac),
                tags: &self.tags,
                ..ethernet
            });
        }
        let mut frame = vec![0; 2048];
        let written = builder.emit(&mut frame, |out| {
            out[..payload.len()].copy_from_slice(payload);
            Ok(payload.len())
        });
        frame.truncate(written.unwrap_or(0));
        frame
    }

    /// The payload of UDP.
    pub fn payload(&self) -> Vec<u8> {
        let mut payload = match self.version {
            Version::V1 => self.payload_1(),
            Version::V2 => self.payload_2(),
        };
        if !self.sealed_last {
            self.seal(&mut payload);
        }
        for edit in &self.edits {
            match edit {
                Edit::Octet(at, octet) => payload[*at] = *octet,
                Edit::Cut(length) => payload.truncate(*length),
                Edit::Append(octets) => payload.extend(octets),
                Edit::Prepend(octets) => {
                    payload.splice(..0, octets.iter().copied());
                }
            }
        }
        if self.sealed_last {
            self.seal(&mut payload);
        }
        payload
    }

    fn payload_1(&self) -> Vec<u8> {
        let seconds = |time: Duration| u8::try_from(time.as_secs()).unwrap_or(u8::MAX);
        let message = v1::Message {
            version: self.version_field.unwrap_or(0),
            opcode: self.opcode,
            state: v1::State(self.state_field.unwrap_or_else(|| state_1(self.state).0)),
            hellotime_s: seconds(self.hellotime),
            holdtime_s: seconds(self.holdtime),
            priority: u8::try_from(self.priority).unwrap_or(u8::MAX),
            group: u8::try_from(self.group).unwrap_or(u8::MAX),
            reserved: self.reserved,
            authentication: match &self.authentication {
                Some(Authentication::Text(password)) => password_octets(password),
                _ => [0; 8],
            },
            virtual_ip: match self.address {
                IpAddr::V4(address) => address,
                IpAddr::V6(_) => std::net::Ipv4Addr::UNSPECIFIED,
            },
        };
        let mut out = vec![0; 128];
        let mut length = message.emit(&mut out).unwrap_or(0);
        if let Some(md5) = self.md5() {
            length += md5.emit(&mut out[length..]).unwrap_or(0);
        }
        out.truncate(length);
        out
    }

    fn payload_2(&self) -> Vec<u8> {
        let milliseconds = |time: Duration| u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        let state = v2::State(self.state_field.unwrap_or_else(|| state_2(self.state).0));
        let plain = v2::GroupState::hello(self.group, state, self.priority, self.physical_mac, self.address);
        let group = v2::GroupState {
            version: self.version_field.unwrap_or(2),
            opcode: self.opcode,
            hellotime_ms: milliseconds(self.hellotime),
            holdtime_ms: milliseconds(self.holdtime),
            ..plain
        };
        let mut tlvs = vec![v2::Tlv::GroupState(group)];
        if let Some(Authentication::Text(password)) = &self.authentication {
            tlvs.push(v2::Tlv::TextAuthentication(password_octets(password)));
        }
        tlvs.extend(self.md5().map(v2::Tlv::Md5Authentication));
        let mut out = vec![0; 128];
        let length = v2::emit(tlvs, &mut out).unwrap_or(0);
        out.truncate(length);
        out
    }

    /// The TLV of MD5, its digest still zero.
    fn md5(&self) -> Option<Md5Authentication> {
        let Some(Authentication::Md5 { key_id, .. }) = self.authentication else { return None };
        let sender = match self.source {
            IpAddr::V4(address) => address,
            IpAddr::V6(_) => std::net::Ipv4Addr::UNSPECIFIED,
        };
        Some(Md5Authentication::new(Md5TlvType::HSRP, sender, key_id))
    }

    /// Puts the digest in, if there is a place for it.
    fn seal(&self, payload: &mut [u8]) {
        let Some(Authentication::Md5 { key, .. }) = &self.authentication else { return };
        let sealed = match self.version {
            Version::V1 => v1::seal(payload, key.as_bytes()),
            Version::V2 => v2::seal(payload, key.as_bytes()),
        };
        if sealed.is_ok() {
            if let Some(last) = payload.last_mut() {
                *last ^= self.digest_flip;
            }
        }
    }
}

/// The virtual address of who has to be told it.
fn unknown(source: IpAddr) -> IpAddr {
    match source {
        IpAddr::V4(_) => std::net::Ipv4Addr::new(10, 0, 0, 254).into(),
        IpAddr::V6(_) => std::net::Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10).into(),
    }
}

/// A state's number in version 1.
pub const fn state_1(state: Group) -> v1::State {
    match state {
        Group::Initial => v1::State::INITIAL,
        Group::Learn => v1::State::LEARN,
        Group::Listen => v1::State::LISTEN,
        Group::Speak => v1::State::SPEAK,
        Group::Standby => v1::State::STANDBY,
        Group::Active => v1::State::ACTIVE,
    }
}

/// A state's number in version 2.
pub const fn state_2(state: Group) -> v2::State {
    match state {
        Group::Initial => v2::State::INIT,
        Group::Learn => v2::State::LEARN,
        Group::Listen => v2::State::LISTEN,
        Group::Speak => v2::State::SPEAK,
        Group::Standby => v2::State::STANDBY,
        Group::Active => v2::State::ACTIVE,
    }
}
