//! Advertisements as the tester sends them: right in everything, but for what a test changes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Builder, Ethernet, NetworkHeader, VlanTag, authentication_header};
use redspec_codec::vrrp::{IP_PROTOCOL, Type, v2, v3};
use redspec_codec::{Addresses, Carrier, MacAddress, Stated, internet_checksum};

use crate::event::Port;
use crate::reference::vrrp::authentication::{seal, security_parameters_index};
use crate::reference::vrrp::configuration::{Authentication, Configuration, VirtualRouter};
use crate::spec::vrrp::Version;

/// The checksum of an advertisement that is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sum {
    /// As the device sends it.
    Right,
    /// The other of the two forms that there are over IPv4; over IPv6 the one without pseudo-header.
    OtherForm,
    /// This number.
    Exactly(u16),
    /// The right one with these bits turned over.
    Flipped(u16),
}

/// The digest in an Authentication Header.
#[derive(Clone, Copy, Debug)]
pub enum Digest {
    /// As the key has it.
    Right,
    /// The right one, changed.
    Changed(fn(&mut [u8])),
    /// That of the same message with this priority.
    OfPriority(u8),
}

/// A change of the message's octets, before its checksum is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Another octet.
    Octet(usize, u8),
    /// Cut to this length.
    Cut(usize),
    /// These octets behind it.
    Append(Vec<u8>),
}

/// An advertisement and everything around it.
#[derive(Clone, Debug)]
pub struct Advert {
    /// Where it is sent.
    pub port: Port,
    /// The version whose format it has.
    pub version: Version,
    /// Virtual Router Identifier.
    pub vrid: u8,
    /// Priority.
    pub priority: u8,
    /// The interval that it tells.
    pub interval: Duration,
    /// The interval field, if it is to say something else: seconds or centiseconds.
    pub interval_field: Option<u16>,
    /// The sender.
    pub source: IpAddr,
    /// The sender's MAC address; the virtual router's if it is not given.
    pub source_mac: Option<MacAddress>,
    /// The destination, if it is another than the group.
    pub destination: Option<(IpAddr, MacAddress)>,
    /// TTL or Hop Limit.
    pub ttl: u8,
    /// IP protocol, or next header.
    pub protocol: u8,
    /// The number in the version field.
    pub version_field: u8,
    /// The type.
    pub packet_type: u8,
    /// The count of addresses, if it is to be wrong.
    pub count: Option<u8>,
    /// The virtual addresses.
    pub addresses: Vec<IpAddr>,
    /// The reserved bits of version 3.
    pub reserve: u8,
    /// The checksum.
    pub checksum: Sum,
    /// The checksum covers a pseudo-header over IPv4, as the device has it.
    pub pseudo_header: bool,
    /// Auth Type of version 2.
    pub auth_type: u8,
    /// Authentication data of version 2.
    pub auth_data: [u8; 8],
    /// Key of an Authentication Header.
    pub key: Option<String>,
    /// Its Security Parameters Index, if it is another than the sender's address.
    pub security_parameters_index: Option<u32>,
    /// Its sequence number: whoever sends counts on, as receivers may look for replays (RFC 2402 3.3.2).
    pub sequence_number: u32,
    /// Its digest.
    pub digest: Digest,
    /// IP options, a multiple of four octets; or IPv6 extension headers, the first one's number in `protocol`.
    pub options: Vec<u8>,
    /// Flags and fragment offset of IPv4.
    pub fragmentation: u16,
    /// The IPv4 header's checksum, if it is to be wrong.
    pub header_checksum: Option<u16>,
    /// VLAN tags.
    pub tags: Vec<VlanTag>,
    /// Changes of the message.
    pub edits: Vec<Edit>,
}

impl Advert {
    /// One for a virtual router of the device, from another router, with this priority.
    pub fn new(configuration: &Configuration, router: &VirtualRouter, source: IpAddr, priority: u8) -> Self {
        let (auth_type, auth_data, key) = match &configuration.authentication {
            Authentication::None => (0, [0; 8], None),
            Authentication::Text(password) => (1, padded(password), None),
            Authentication::Header(key) => (2, [0; 8], Some(key.clone())),
        };
        Self {
            port: router.port,
            version: configuration.version,
            vrid: router.vrid,
            priority,
            interval: router.interval,
            interval_field: None,
            source,
            source_mac: None,
            destination: None,
            ttl: 255,
            protocol: IP_PROTOCOL,
            version_field: if configuration.version == Version::V2 { 2 } else { 3 },
            packet_type: 1,
            count: None,
            addresses: router.addresses.clone(),
            reserve: 0,
            checksum: Sum::Right,
            pseudo_header: configuration.pseudo_header,
            auth_type,
            auth_data,
            key,
            security_parameters_index: configuration.security_parameters_index,
            sequence_number: 1,
            digest: Digest::Right,
            options: Vec::new(),
            fragmentation: 0,
            header_checksum: None,
            tags: Vec::new(),
            edits: Vec::new(),
        }
    }

    /// As a message of version 2, its interval rounded up to seconds.
    #[must_use]
    pub fn version_2(mut self) -> Self {
        (self.version, self.version_field) = (Version::V2, 2);
        self
    }

    /// The frame.
    pub fn frame(&self) -> Vec<u8> {
        let index = security_parameters_index(self.security_parameters_index, self.source);
        let header = self
            .key
            .as_ref()
            .map(|_| authentication_header(IP_PROTOCOL, index, self.sequence_number, [0; 12]));
        let mut builder = match self.source {
            IpAddr::V4(source) => Builder::vrrp_ipv4(self.vrid, source),
            IpAddr::V6(source) => Builder::vrrp_ipv6(self.vrid, source),
        };
        match &mut builder.network {
            Some(NetworkHeader::Ipv4(network)) => {
                network.ttl = self.ttl;
                network.protocol = if header.is_some() { 51 } else { self.protocol };
                network.options = &self.options;
                network.extensions = header.as_ref().map_or(&[], |header| &header[..]);
                network.fragmentation = self.fragmentation;
                network.header_checksum = self.header_checksum.map_or(Stated::Computed, Stated::Exactly);
                if let Some((IpAddr::V4(destination), _)) = self.destination {
                    network.destination = destination;
                }
            }
            Some(NetworkHeader::Ipv6(network)) => {
                network.hop_limit = self.ttl;
                network.next_header = self.protocol;
                network.extensions = &self.options;
                if let Some((IpAddr::V6(destination), _)) = self.destination {
                    network.destination = destination;
                }
            }
            None => {}
        }
        if let Some(ethernet) = builder.ethernet {
            builder.ethernet = Some(Ethernet {
                source: self.source_mac.unwrap_or(ethernet.source),
                destination: self.destination.map_or(ethernet.destination, |(_, mac)| mac),
                tags: &self.tags,
                ..ethernet
            });
        }
        let Some(carrier) = builder.carrier() else { return Vec::new() };
        let message = self.message(carrier);
        let mut frame = vec![0; 2048];
        let written = builder.emit(&mut frame, |out| {
            out[..message.len()].copy_from_slice(&message);
            Ok(message.len())
        });
        frame.truncate(written.unwrap_or(0));
        if let Some(key) = &self.key {
            seal(&mut frame, key.as_bytes());
            self.spoil_digest(&mut frame);
        }
        frame
    }

    /// Puts another digest in, if it is to be another.
    fn spoil_digest(&self, frame: &mut [u8]) {
        let place = 14 + 20 + self.options.len() + 12;
        let Some(digest) = frame.get_mut(place..place + 12) else { return };
        match self.digest {
            Digest::Right => {}
            Digest::Changed(change) => change(digest),
            Digest::OfPriority(priority) => {
                let other = Self { priority, digest: Digest::Right, ..self.clone() }.frame();
                if let Some(other) = other.get(place..place + 12) {
                    digest.copy_from_slice(other);
                }
            }
        }
    }

    /// The message alone.
    fn message(&self, carrier: Carrier) -> Vec<u8> {
        let v4: Vec<Ipv4Addr> = self.addresses.iter().filter_map(|address| v4(*address)).collect();
        let v6: Vec<Ipv6Addr> = self.addresses.iter().filter_map(|address| v6(*address)).collect();
        let list = if self.source.is_ipv4() { Addresses::from(&v4[..]) } else { Addresses::from(&v6[..]) };
        let count = self.count.map_or(Stated::Computed, Stated::Exactly);
        let (version, packet_type) = (self.version_field, Type(self.packet_type));
        let interval = self.interval_field.unwrap_or_else(|| {
            let milliseconds = self.interval.as_millis();
            let number = match self.version {
                Version::V2 => milliseconds.div_ceil(1000),
                Version::V3 => milliseconds / 10,
            };
            u16::try_from(number).unwrap_or(u16::MAX)
        });
        let mut message = vec![0; 1500];
        let written = match self.version {
            Version::V2 => {
                let interval = u8::try_from(interval).unwrap_or(u8::MAX);
                let plain = v2::Advertisement::new(self.vrid, self.priority, interval, list);
                let auth_type = v2::AuthType(self.auth_type);
                let authentication_data = Some(self.auth_data);
                v2::Advertisement { version, packet_type, count, auth_type, authentication_data, ..plain }
                    .emit(&mut message)
            }
            Version::V3 => {
                let plain = v3::Advertisement::new(self.vrid, self.priority, interval.min(0x0fff), list);
                v3::Advertisement { version, packet_type, count, reserve: self.reserve, ..plain }
                    .emit(carrier, &mut message)
            }
        };
        message.truncate(written.unwrap_or(0));
        for edit in &self.edits {
            match edit {
                Edit::Octet(at, octet) => message[*at] = *octet,
                Edit::Cut(length) => message.truncate(*length),
                Edit::Append(octets) => message.extend(octets),
            }
        }
        let message_end = message.len() - self.appended();
        self.sum(&mut message[..message_end], carrier);
        message
    }

    fn appended(&self) -> usize {
        self.edits.iter().map(|edit| if let Edit::Append(octets) = edit { octets.len() } else { 0 }).sum()
    }

    /// Puts the checksum in, if there is a place for it.
    fn sum(&self, message: &mut [u8], carrier: Carrier) {
        if message.len() < 8 {
            return;
        }
        message[6..8].fill(0);
        let pseudo = match (self.version, carrier) {
            (Version::V2, _) => false,
            (Version::V3, Carrier::Ipv6 { .. }) => true,
            (Version::V3, Carrier::Ipv4 { .. }) => self.pseudo_header,
        };
        let pseudo = pseudo ^ (self.checksum == Sum::OtherForm);
        let right = if pseudo {
            let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
            let mut octets = match carrier {
                Carrier::Ipv4 { source, destination } => [source.octets(), destination.octets()].concat(),
                Carrier::Ipv6 { source, destination } => [source.octets(), destination.octets()].concat(),
            };
            octets.extend(length.to_be_bytes());
            octets.extend([0, 0, 0, IP_PROTOCOL]);
            octets.extend(&*message);
            internet_checksum(&octets)
        } else {
            internet_checksum(message)
        };
        let checksum = match self.checksum {
            Sum::Right | Sum::OtherForm => right,
            Sum::Exactly(checksum) => checksum,
            Sum::Flipped(bits) => right ^ bits,
        };
        message[6..8].copy_from_slice(&checksum.to_be_bytes());
    }
}

/// A password as it stands in the message.
pub fn padded(password: &str) -> [u8; 8] {
    let mut data = [0; 8];
    for (octet, character) in data.iter_mut().zip(password.bytes()) {
        *octet = character;
    }
    data
}

fn v4(address: IpAddr) -> Option<Ipv4Addr> {
    if let IpAddr::V4(address) = address { Some(address) } else { None }
}

fn v6(address: IpAddr) -> Option<Ipv6Addr> {
    if let IpAddr::V6(address) = address { Some(address) } else { None }
}
