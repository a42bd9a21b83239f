//! An advertisement as it came: read without believing any of it, so that each check of the ladder is one question.

use std::net::IpAddr;

use redspec_codec::frame::Frame;
use redspec_codec::vrrp::IP_PROTOCOL;
use redspec_codec::{Carrier, Family, internet_checksum};

use crate::spec::vrrp::Version;

/// A message behind an IP header with protocol 112.
#[derive(Clone, Copy, Debug)]
pub struct Packet<'a> {
    /// The message, as far as it is there.
    pub octets: &'a [u8],
    /// All of the IP packet, without padding.
    pub frame: Frame<'a>,
    /// Addresses of the IP header.
    pub carrier: Carrier,
    /// TTL or Hop Limit.
    pub ttl: u8,
    /// Who sent it.
    pub source: IpAddr,
}

impl<'a> Packet<'a> {
    /// `None` if the frame has no IP header, or only a part of the message.
    pub fn of(frame: &Frame<'a>) -> Option<Self> {
        let whole = !frame.is_fragment() && frame.missing() == 0;
        Self::whatever(frame).filter(|_| whole)
    }

    /// Also if it is a part of the message.
    pub fn whatever(frame: &Frame<'a>) -> Option<Self> {
        let (carrier, ttl, source) = (frame.carrier()?, frame.ttl()?, frame.source_ip()?);
        Some(Self { octets: frame.payload(), frame: *frame, carrier, ttl, source })
    }

    fn octet(&self, at: usize) -> u8 {
        self.octets.get(at).copied().unwrap_or(0)
    }

    /// The four bits of the version.
    pub fn version(&self) -> u8 {
        self.octet(0) >> 4
    }

    /// The four bits of the type.
    pub fn packet_type(&self) -> u8 {
        self.octet(0) & 0xf
    }

    /// Virtual Router Identifier.
    pub fn vrid(&self) -> u8 {
        self.octet(1)
    }

    /// Priority.
    pub fn priority(&self) -> u8 {
        self.octet(2)
    }

    /// How many addresses it says there are.
    pub fn count(&self) -> u8 {
        self.octet(3)
    }

    /// Auth Type of version 2.
    pub fn auth_type(&self) -> u8 {
        self.octet(4)
    }

    /// Adver Int of version 2, in seconds.
    pub fn interval_s(&self) -> u8 {
        self.octet(5)
    }

    /// Max Advertise Interval of version 3, in centiseconds; with the four bits in front of it where `all` is true.
    pub fn interval_cs(&self, all: bool) -> u16 {
        u16::from_be_bytes([self.octet(4), self.octet(5)]) & if all { 0xffff } else { 0x0fff }
    }

    /// Octets that it should have.
    pub fn expected_length(&self, version: Version) -> usize {
        let addresses = usize::from(self.count()) * self.carrier.family().address_length();
        8 + addresses + if version == Version::V2 { 8 } else { 0 }
    }

    /// The authentication data of version 2, behind the addresses.
    pub fn authentication_data(&self) -> &'a [u8] {
        self.octets.get(8 + usize::from(self.count()) * 4..).unwrap_or_default()
    }

    /// The addresses that are there.
    pub fn addresses(&self) -> impl Iterator<Item = IpAddr> + 'a {
        let family = self.carrier.family();
        let octets = self.octets.get(8..).unwrap_or_default();
        octets.chunks_exact(family.address_length()).take(self.count().into()).filter_map(move |octets| {
            match family {
                Family::Ipv4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
                Family::Ipv6 => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
            }
        })
    }

    /// The message without what follows it, if it is all there.
    fn message(&self, version: Version) -> &'a [u8] {
        self.octets.get(..self.expected_length(version)).unwrap_or(self.octets)
    }

    /// The checksum over the message alone is right.
    pub fn sum_of_message(&self, version: Version) -> bool {
        internet_checksum(self.message(version)) == 0
    }

    /// The checksum over pseudo-header and message is right.
    pub fn sum_with_pseudo_header(&self, version: Version) -> bool {
        let message = self.message(version);
        let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
        let mut octets = match self.carrier {
            Carrier::Ipv4 { source, destination } => [source.octets(), destination.octets()].concat(),
            Carrier::Ipv6 { source, destination } => [source.octets(), destination.octets()].concat(),
        };
        octets.extend(length.to_be_bytes());
        octets.extend([0, 0, 0, IP_PROTOCOL]);
        octets.extend(message);
        internet_checksum(&octets) == 0
    }
}
