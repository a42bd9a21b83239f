//! Frames: what carries the PDUs, from the Ethernet header to the octet where the PDU begins.
//!
//! The headers are read with etherparse's slices, one layer at a time, and nothing is copied. Lengths of IP and UDP
//! decide where a message ends; what is left behind it stays reachable.

mod audit;
mod builder;
mod neighbor;

use core::fmt;
use core::net::IpAddr;

use etherparse::{
    EtherType, Ethernet2HeaderSlice, IpAuthHeaderSlice, IpNumber, Ipv4HeaderSlice, Ipv6ExtensionsSlice,
    Ipv6HeaderSlice, SingleVlanHeaderSlice, UdpHeaderSlice, err,
};

pub use audit::rules;
pub use builder::{Builder, Ethernet, Ipv4, Ipv6, Network as NetworkHeader, Udp, VlanTag};
pub use neighbor::{Arp, NeighborDiscovery};

use crate::checksum::{Carrier, Family};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::MacAddress;
use crate::glbp;
use crate::hsrp::{self, v1, v2};
use crate::slow::SlowPdu;
use crate::vrrp::{self, Dialect, VrrpPdu};

/// Ethertype of the slow protocols.
pub const SLOW_PROTOCOLS: u16 = 0x8809;

/// VLAN tags that are followed.
pub const MAX_VLAN_TAGS: usize = 3;

/// Which protocol a frame carries, as far as its headers tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Protocol {
    /// Ethertype 0x8809: LACP, Marker and their relatives.
    Slow,
    /// IP protocol 112: VRRP, and CARP.
    Vrrp,
    /// HSRPv1.
    Hsrp1,
    /// HSRPv2.
    Hsrp2,
    /// GLBP.
    Glbp,
    /// ARP.
    Arp,
    /// ICMPv6 types 133 to 136.
    NeighborDiscovery,
    /// None of these.
    Other,
}

/// The IP header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Network<'a> {
    /// No IP header.
    None,
    /// IPv4.
    Ipv4(Ipv4HeaderSlice<'a>),
    /// IPv6; extension headers stand between it and the payload.
    Ipv6(Ipv6HeaderSlice<'a>),
}

/// A frame, cut at its headers.
///
/// ```text
/// +----------+--------------+----+----------------+-----+---------------+---------------+
/// | Ethernet | up to 3 tags | IP | IPv6 ext. / AH | UDP |    payload    |    padding    |
/// +----------+--------------+----+----------------+-----+---------------+---------------+
///                           |<------- as long as the IP header says --->|
/// ```
///
/// Checked: that the headers are whole. Not checked: addresses, TTL, checksums ([`audit`](Self::audit) does).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    octets: &'a [u8],
    ethernet: Option<Ethernet2HeaderSlice<'a>>,
    tags: &'a [u8],
    ether_type: u16,
    network: Network<'a>,
    authentication_header: Option<IpAuthHeaderSlice<'a>>,
    udp: Option<UdpHeaderSlice<'a>>,
    protocol: Protocol,
    parser: Parser,
    payload: &'a [u8],
    /// Octets that IP or UDP announce and that are not there.
    missing: usize,
    fragment: bool,
    padding: &'a [u8],
}

/// What [`Frame::pdu`] does: decided where the headers are read, so that a compiler which sees both goes from the
/// branch of a header straight to the parser of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parser {
    Slow,
    VrrpIpv4,
    VrrpIpv6,
    Hsrp1,
    Hsrp2,
    Glbp,
    Arp,
    NeighborDiscovery,
    /// Something is missing, or the packet is a fragment.
    Incomplete,
    NotRecognised,
}

/// The message in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pdu<'a> {
    /// Slow protocols.
    Slow(SlowPdu<'a>),
    /// VRRP, or CARP.
    Vrrp(VrrpPdu<'a>),
    /// HSRPv1.
    Hsrp1(v1::Pdu<'a>),
    /// HSRPv2.
    Hsrp2(v2::MessageRef<'a>),
    /// GLBP.
    Glbp(glbp::MessageRef<'a>),
    /// ARP.
    Arp(Arp),
    /// Neighbour discovery.
    NeighborDiscovery(NeighborDiscovery),
}

impl<'a> Pdu<'a> {
    /// All octets of the message, without what came after it; `None` for ARP and neighbour discovery, which are
    /// read but not kept.
    pub const fn octets(&self) -> Option<&'a [u8]> {
        Some(match self {
            Self::Slow(pdu) => pdu.octets(),
            Self::Vrrp(pdu) => pdu.octets(),
            Self::Hsrp1(pdu) => pdu.octets(),
            Self::Hsrp2(pdu) => pdu.octets(),
            Self::Glbp(pdu) => pdu.octets(),
            Self::Arp(_) | Self::NeighborDiscovery(_) => return None,
        })
    }
}

impl fmt::Display for Pdu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Slow(pdu) => pdu.fmt(f),
            Self::Vrrp(pdu) => pdu.fmt(f),
            Self::Hsrp1(pdu) => pdu.fmt(f),
            Self::Hsrp2(pdu) => pdu.fmt(f),
            Self::Glbp(pdu) => pdu.fmt(f),
            Self::Arp(pdu) => pdu.fmt(f),
            Self::NeighborDiscovery(pdu) => pdu.fmt(f),
        }
    }
}

impl<'a> Frame<'a> {
    /// Reads the headers of an Ethernet II frame without its frame check sequence.
    ///
    /// # Errors
    /// A header that is cut short or contradicts itself; more than three VLAN tags.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<Self, Error> {
        // The frames that these protocols are mostly sent in, untagged and without IP options, are read here, the
        // others out of line: with all of it in one place a compiler runs out of registers.
        match octets.first_chunk::<34>() {
            Some([_, _, _, _, _, _, _, _, _, _, _, _, 0x08, 0x00, 0x45, ..]) => {
                let mut frame = Self::ethernet(octets)?;
                frame.ipv4()?;
                Ok(frame)
            }
            Some([_, _, _, _, _, _, _, _, _, _, _, _, 0x88, 0x09, ..]) => {
                let mut frame = Self::ethernet(octets)?;
                frame.carries(Protocol::Slow, Parser::Slow);
                Ok(frame)
            }
            // A copy, field by field, or the frames above would have to be built in memory too.
            _ => Ok(Self::parse_any(octets)?.clone()),
        }
    }

    #[inline(never)]
    fn parse_any(octets: &'a [u8]) -> Result<Self, Error> {
        let mut frame = Self::ethernet(octets)?;
        frame.ether_payload(frame.ether_type, 14)?;
        Ok(frame)
    }

    /// Reads the Ethernet header alone.
    #[inline(always)]
    fn ethernet(octets: &'a [u8]) -> Result<Self, Error> {
        let ethernet = match Ethernet2HeaderSlice::from_slice(octets) {
            Ok(ethernet) => ethernet,
            Err(error) => return Err(cut(Layer::Ethernet, 0, &error)),
        };
        let mut frame = Self::empty(octets);
        frame.ether_type = ethernet.ether_type().0;
        frame.ethernet = Some(ethernet);
        frame.payload = &octets[14..];
        Ok(frame)
    }

    /// Reads what follows an Ethertype, for link types such as Linux cooked captures. Offsets count from the first
    /// octet of `octets`.
    ///
    /// # Errors
    /// As [`Self::parse`].
    #[inline]
    pub fn parse_ether_payload(ether_type: u16, octets: &'a [u8]) -> Result<Self, Error> {
        let mut frame = Self::empty(octets);
        frame.ether_payload(ether_type, 0)?;
        Ok(frame)
    }

    /// Reads an IP packet without a link layer: version 4 or 6, as its first octet says.
    ///
    /// # Errors
    /// As [`Self::parse`]; a version that is neither.
    #[inline]
    pub fn parse_ip(octets: &'a [u8]) -> Result<Self, Error> {
        let ether_type = match octets.first() {
            Some(first) if first >> 4 == 4 => EtherType::IPV4,
            Some(first) if first >> 4 == 6 => EtherType::IPV6,
            Some(first) => {
                return Err(Error::new(Layer::Ipv4, ErrorKind::Version, 0, 4, usize::from(first >> 4)));
            }
            None => return Err(Error::new(Layer::Ipv4, ErrorKind::Truncated, 0, 20, 0)),
        };
        Self::parse_ether_payload(ether_type.0, octets)
    }

    #[inline(always)]
    fn empty(octets: &'a [u8]) -> Self {
        Self {
            octets,
            ethernet: None,
            tags: &[],
            ether_type: 0,
            network: Network::None,
            authentication_header: None,
            udp: None,
            protocol: Protocol::Other,
            parser: Parser::NotRecognised,
            payload: &[],
            missing: 0,
            fragment: false,
            padding: &[],
        }
    }

    #[inline(always)]
    fn ether_payload(&mut self, ether_type: u16, at: usize) -> Result<(), Error> {
        self.ether_type = ether_type;
        self.payload = &self.octets[at..];
        loop {
            match EtherType(self.ether_type) {
                EtherType(SLOW_PROTOCOLS) => self.carries(Protocol::Slow, Parser::Slow),
                EtherType::IPV4 => return self.ipv4(),
                EtherType::IPV6 => return self.ipv6(),
                EtherType::ARP => self.carries(Protocol::Arp, Parser::Arp),
                _ if is_vlan_tag(self.ether_type) => {
                    let (ether_type, tags, payload) = vlan_tags(self.ether_type, self.payload, at)?;
                    (self.ether_type, self.tags, self.payload) = (ether_type, tags, payload);
                    continue;
                }
                _ => {}
            }
            return Ok(());
        }
    }

    /// The headers are read: they carry `protocol`.
    #[inline(always)]
    fn carries(&mut self, protocol: Protocol, parser: Parser) {
        self.protocol = protocol;
        let incomplete = self.missing | usize::from(self.fragment) != 0;
        self.parser = if incomplete { Parser::Incomplete } else { parser };
    }

    /// Ends the payload where a length field says, and keeps what is missing or left over.
    #[inline(always)]
    fn limit(&mut self, length: usize) {
        match self.payload.split_at_checked(length) {
            Some((payload, padding)) => {
                self.payload = payload;
                self.padding = padding;
            }
            None => self.missing = shortage(length, self.payload.len()),
        }
    }

    #[inline(always)]
    fn ipv4(&mut self) -> Result<(), Error> {
        let at = self.payload_at();
        let header = match Ipv4HeaderSlice::from_slice(self.payload) {
            Ok(header) => header,
            Err(error) => return Err(ipv4_error(at, &error)),
        };
        let (header_length, total_length) = (header.slice().len(), usize::from(header.total_len()));
        let fragmentation = u16::from_be_bytes([self.payload[6], self.payload[7]]);
        let offset = fragmentation & 0x1fff;
        // More Fragments, or an offset.
        let fragment = fragmentation & 0x2000 | offset != 0;
        let packet = self.payload;
        self.network = Network::Ipv4(header);
        let mut first = true;
        match packet.get(header_length..total_length) {
            Some(payload) if !fragment => {
                self.payload = payload;
                self.padding = &packet[total_length..];
            }
            _ if total_length < header_length => {
                let at = at + 2;
                return Err(Error::new(Layer::Ipv4, ErrorKind::LengthField, at, header_length, total_length));
            }
            _ => {
                self.limit(total_length);
                self.payload = &self.payload[header_length..];
                self.fragment = fragment;
                // Only the first fragment has the header of what it carries.
                first = offset == 0;
            }
        }
        self.ipv4_payload(packet[9], first, packet[16..20] == [224, 0, 0, 102])
    }

    #[inline(always)]
    fn ipv4_payload(&mut self, mut protocol: u8, first: bool, to_hsrp2_group: bool) -> Result<(), Error> {
        if protocol == IpNumber::AUTHENTICATION_HEADER.0 && first {
            let (header, payload) = ip_authentication_header(self.payload, self.payload_at())?;
            protocol = header.next_header().0;
            self.payload = payload;
            self.authentication_header = Some(header);
        }
        match IpNumber(protocol) {
            IpNumber(vrrp::IP_PROTOCOL) => self.carries(Protocol::Vrrp, Parser::VrrpIpv4),
            IpNumber::UDP if first => self.udp(to_hsrp2_group)?,
            _ => self.carries(Protocol::Other, Parser::NotRecognised),
        }
        Ok(())
    }

    #[inline(always)]
    fn ipv6(&mut self) -> Result<(), Error> {
        let at = self.payload_at();
        let header = match Ipv6HeaderSlice::from_slice(self.payload) {
            Ok(header) => header,
            Err(err::ipv6::HeaderSliceError::Len(error)) => return Err(cut(Layer::Ipv6, at, &error)),
            Err(err::ipv6::HeaderSliceError::Content(_)) => {
                let version = usize::from(self.payload[0] >> 4);
                return Err(Error::new(Layer::Ipv6, ErrorKind::Version, at, 6, version));
            }
        };
        self.payload = &self.payload[header.slice().len()..];
        self.limit(usize::from(header.payload_length()));
        let mut next = header.next_header();
        self.network = Network::Ipv6(header);
        let mut first = true;
        if next.is_ipv6_ext_header_value() {
            let extensions = ipv6_extensions(next, self.payload, self.payload_at())?;
            (next, self.payload) = (extensions.next, extensions.payload);
            (self.fragment, first) = (extensions.fragment, extensions.first);
        }
        match next {
            IpNumber(vrrp::IP_PROTOCOL) => self.carries(Protocol::Vrrp, Parser::VrrpIpv6),
            IpNumber::UDP if first => self.udp(false)?,
            IpNumber::IPV6_ICMP if first && matches!(self.payload.first(), Some(133..=136)) => {
                self.carries(Protocol::NeighborDiscovery, Parser::NeighborDiscovery);
            }
            _ => self.carries(Protocol::Other, Parser::NotRecognised),
        }
        Ok(())
    }

    #[inline(always)]
    fn udp(&mut self, to_hsrp2_group: bool) -> Result<(), Error> {
        let at = self.payload_at();
        let header = match UdpHeaderSlice::from_slice(self.payload) {
            Ok(header) => header,
            Err(error) => return Err(cut(Layer::Udp, at, &error)),
        };
        let port = header.destination_port();
        if !matches!(port, hsrp::PORT | hsrp::PORT_IPV6 | glbp::PORT) {
            self.udp = Some(header);
            self.carries(Protocol::Other, Parser::NotRecognised);
            return Ok(());
        }
        let length = usize::from(header.length());
        let datagram = self.payload;
        if let Some(payload) = datagram.get(8..length) {
            self.payload = payload;
        } else if length < 8 {
            return Err(Error::new(Layer::Udp, ErrorKind::LengthField, at + 4, 8, length));
        } else {
            self.payload = &datagram[8..];
            self.missing = self.missing.max(shortage(length, datagram.len()));
        }
        self.udp = Some(header);
        match (port, self.payload.first()) {
            (glbp::PORT, _) => self.carries(Protocol::Glbp, Parser::Glbp),
            (hsrp::PORT_IPV6, _) => self.carries(Protocol::Hsrp2, Parser::Hsrp2),
            // The group of version 2 alone, or a first octet that cannot be version 0: a TLV.
            _ if to_hsrp2_group => self.carries(Protocol::Hsrp2, Parser::Hsrp2),
            (_, Some(1..)) => self.carries(Protocol::Hsrp2, Parser::Hsrp2),
            _ => self.carries(Protocol::Hsrp1, Parser::Hsrp1),
        }
        Ok(())
    }

    /// Reads the message; returns it and the octets between its end and the end of the IP payload (or of the frame,
    /// for slow protocols and ARP): trailers. Offsets in errors count from the first octet of the frame.
    ///
    /// # Errors
    /// [`ErrorKind::NotRecognised`] for [`Protocol::Other`]; [`ErrorKind::Fragment`]; [`ErrorKind::Truncated`] if the
    /// frame ends before the message does; or as the parser of the protocol.
    #[inline(always)]
    pub fn pdu(&self) -> Result<(Pdu<'a>, &'a [u8]), Error> {
        let payload = self.payload;
        let parsed = match self.parser {
            Parser::Slow => SlowPdu::parse(payload).map(|(pdu, rest)| (Pdu::Slow(pdu), rest)),
            Parser::VrrpIpv4 => {
                VrrpPdu::parse(payload, Family::Ipv4).map(|(pdu, rest)| (Pdu::Vrrp(pdu), rest))
            }
            Parser::VrrpIpv6 => {
                VrrpPdu::parse(payload, Family::Ipv6).map(|(pdu, rest)| (Pdu::Vrrp(pdu), rest))
            }
            Parser::Hsrp1 => v1::Pdu::parse(payload).map(|(pdu, rest)| (Pdu::Hsrp1(pdu), rest)),
            Parser::Hsrp2 => v2::MessageRef::parse(payload).map(|(pdu, rest)| (Pdu::Hsrp2(pdu), rest)),
            Parser::Glbp => glbp::MessageRef::parse(payload).map(|(pdu, rest)| (Pdu::Glbp(pdu), rest)),
            Parser::Arp => Arp::parse(payload).map(|(pdu, rest)| (Pdu::Arp(pdu), rest)),
            Parser::NeighborDiscovery => {
                NeighborDiscovery::parse(payload).map(|pdu| (Pdu::NeighborDiscovery(pdu), &[][..]))
            }
            // A copy: a frame that is referred to anywhere, and be it here, would have to be in memory.
            Parser::Incomplete => return Err(self.clone().incomplete()),
            Parser::NotRecognised => {
                return Err(Error::new(Layer::Ethernet, ErrorKind::NotRecognised, self.payload_at(), 0, 0));
            }
        };
        match parsed {
            Ok(pdu) => Ok(pdu),
            Err(error) => Err(error.shifted(self.payload_at())),
        }
    }

    #[inline(always)]
    fn whole_payload(&self) -> Result<&'a [u8], Error> {
        if self.missing != 0 || self.fragment {
            return Err(self.clone().incomplete());
        }
        Ok(self.payload)
    }

    #[cold]
    fn incomplete(self) -> Error {
        let (at, length) = (self.payload_at(), self.payload.len());
        if self.fragment {
            return Error::new(self.layer(), ErrorKind::Fragment, at, 0, 0);
        }
        Error::new(self.layer(), ErrorKind::Truncated, at, length + self.missing, length)
    }

    /// The layer of the message, for errors that arise before it is read.
    fn layer(&self) -> Layer {
        match self.protocol {
            Protocol::Slow => Layer::Slow,
            Protocol::Vrrp => Dialect::of(self.payload, self.family()).layer(),
            Protocol::Hsrp1 => Layer::Hsrp1,
            Protocol::Hsrp2 => Layer::Hsrp2,
            Protocol::Glbp => Layer::Glbp,
            Protocol::Arp => Layer::Arp,
            Protocol::NeighborDiscovery => Layer::NeighborDiscovery,
            Protocol::Other => Layer::Ethernet,
        }
    }

    /// All octets of the frame.
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Destination MAC address, if there is an Ethernet header.
    pub fn destination_mac(&self) -> Option<MacAddress> {
        self.ethernet.as_ref().map(|header| MacAddress(header.destination()))
    }

    /// Source MAC address, if there is an Ethernet header.
    pub fn source_mac(&self) -> Option<MacAddress> {
        self.ethernet.as_ref().map(|header| MacAddress(header.source()))
    }

    /// The VLAN tags, outermost first.
    pub fn vlan_tags(&self) -> impl Iterator<Item = VlanTag> + use<'a> {
        let (tags, first) = (self.tags, self.octets.get(12..14).and_then(<[u8]>::first_chunk::<2>));
        let outer = if self.ethernet.is_some() {
            first.map_or(0, |octets| u16::from_be_bytes(*octets))
        } else {
            0x8100
        };
        tags.chunks_exact(4).scan(outer, |tpid, tag| {
            let this = VlanTag { tpid: *tpid, control: u16::from_be_bytes([tag[0], tag[1]]) };
            *tpid = u16::from_be_bytes([tag[2], tag[3]]);
            Some(this)
        })
    }

    /// Number of VLAN tags.
    pub const fn vlan_tag_count(&self) -> usize {
        self.tags.len() / 4
    }

    /// The Ethertype behind the tags.
    pub const fn ether_type(&self) -> u16 {
        self.ether_type
    }

    /// The IP header.
    pub const fn network(&self) -> &Network<'a> {
        &self.network
    }

    /// The IP Authentication Header of an IPv4 packet.
    pub const fn authentication_header(&self) -> Option<&IpAuthHeaderSlice<'a>> {
        self.authentication_header.as_ref()
    }

    /// The UDP header.
    pub const fn udp_header(&self) -> Option<&UdpHeaderSlice<'a>> {
        self.udp.as_ref()
    }

    /// IPv4 or IPv6; IPv4 where there is no IP header.
    #[inline(always)]
    fn family(&self) -> Family {
        match self.network {
            Network::Ipv6(_) => Family::Ipv6,
            Network::None | Network::Ipv4(_) => Family::Ipv4,
        }
    }

    /// Source IP address.
    pub fn source_ip(&self) -> Option<IpAddr> {
        match &self.network {
            Network::None => None,
            Network::Ipv4(header) => Some(header.source_addr().into()),
            Network::Ipv6(header) => Some(header.source_addr().into()),
        }
    }

    /// Destination IP address.
    pub fn destination_ip(&self) -> Option<IpAddr> {
        match &self.network {
            Network::None => None,
            Network::Ipv4(header) => Some(header.destination_addr().into()),
            Network::Ipv6(header) => Some(header.destination_addr().into()),
        }
    }

    /// TTL or Hop Limit.
    pub fn ttl(&self) -> Option<u8> {
        match &self.network {
            Network::None => None,
            Network::Ipv4(header) => Some(header.ttl()),
            Network::Ipv6(header) => Some(header.hop_limit()),
        }
    }

    /// The addresses that the pseudo-header of a checksum needs.
    #[inline]
    pub fn carrier(&self) -> Option<Carrier> {
        match &self.network {
            Network::None => None,
            Network::Ipv4(header) => {
                Some(Carrier::Ipv4 { source: header.source_addr(), destination: header.destination_addr() })
            }
            Network::Ipv6(header) => {
                Some(Carrier::Ipv6 { source: header.source_addr(), destination: header.destination_addr() })
            }
        }
    }

    /// The protocol that the headers tell.
    pub const fn protocol(&self) -> Protocol {
        self.protocol
    }

    /// What the headers carry: the message and its trailers. Shorter than announced if the frame is cut.
    pub const fn payload(&self) -> &'a [u8] {
        self.payload
    }

    /// Offset of [`Self::payload`] in the frame.
    #[inline(always)]
    pub fn payload_at(&self) -> usize {
        // Every payload is a part of the octets; no unsafe is needed to see where it begins.
        self.payload.as_ptr() as usize - self.octets.as_ptr() as usize
    }

    /// Octets after the end of the IP packet.
    pub const fn padding(&self) -> &'a [u8] {
        self.padding
    }

    /// Octets that a length field announces and that are not there.
    pub const fn missing(&self) -> usize {
        self.missing
    }

    /// The IP packet is a fragment.
    pub const fn is_fragment(&self) -> bool {
        self.fragment
    }
}

/// Follows the tags that stand before `octets` and in them: the Ethertype behind them, the tags without the first TPID,
/// and what comes after.
#[inline(never)]
fn vlan_tags(mut ether_type: u16, octets: &[u8], at: usize) -> Result<(u16, &[u8], &[u8]), Error> {
    let mut length = 0;
    while is_vlan_tag(ether_type) {
        let at = at + length;
        if length == 4 * MAX_VLAN_TAGS {
            return Err(Error::new(
                Layer::Vlan,
                ErrorKind::TooManyTags,
                at,
                MAX_VLAN_TAGS,
                MAX_VLAN_TAGS + 1,
            ));
        }
        let tag = SingleVlanHeaderSlice::from_slice(&octets[length..])
            .map_err(|error| cut(Layer::Vlan, at, &error))?;
        ether_type = tag.ether_type().0;
        length += tag.slice().len();
    }
    let (tags, payload) = octets.split_at(length);
    Ok((ether_type, tags, payload))
}

#[inline(never)]
fn ip_authentication_header(octets: &[u8], at: usize) -> Result<(IpAuthHeaderSlice<'_>, &[u8]), Error> {
    let header = IpAuthHeaderSlice::from_slice(octets).map_err(|error| match error {
        err::ip_auth::HeaderSliceError::Len(error) => cut(Layer::IpAuthentication, at, &error),
        err::ip_auth::HeaderSliceError::Content(_) => {
            Error::new(Layer::IpAuthentication, ErrorKind::LengthField, at + 1, 1, 0)
        }
    })?;
    let payload = &octets[header.slice().len()..];
    Ok((header, payload))
}

/// What follows the extension headers of an IPv6 packet, and what they say of fragments.
struct Ipv6Extensions<'a> {
    next: IpNumber,
    payload: &'a [u8],
    fragment: bool,
    first: bool,
}

#[inline(never)]
fn ipv6_extensions(next: IpNumber, octets: &[u8], at: usize) -> Result<Ipv6Extensions<'_>, Error> {
    let (extensions, next, payload) =
        Ipv6ExtensionsSlice::from_slice(next, octets).map_err(|error| match error {
            err::ipv6_exts::HeaderSliceError::Len(error) => cut(Layer::Ipv6Extension, at, &error),
            err::ipv6_exts::HeaderSliceError::Content(_) => {
                Error::new(Layer::Ipv6Extension, ErrorKind::ExtensionHeader, at, 0, 0)
            }
        })?;
    let fragment = extensions.is_fragmenting_payload();
    let first = !extensions.into_iter().any(|extension| match extension {
        etherparse::Ipv6ExtensionSlice::Fragment(fragment) => fragment.fragment_offset().value() != 0,
        _ => false,
    });
    Ok(Ipv6Extensions { next, payload, fragment, first })
}

/// Octets that are missing: out of line, so that this stays a branch that is never taken, not arithmetic.
#[cold]
#[inline(never)]
fn shortage(needed: usize, found: usize) -> usize {
    needed - found
}

const fn is_vlan_tag(ether_type: u16) -> bool {
    matches!(
        EtherType(ether_type),
        EtherType::VLAN_TAGGED_FRAME | EtherType::PROVIDER_BRIDGING | EtherType::VLAN_DOUBLE_TAGGED_FRAME
    )
}

#[cold]
fn cut(layer: Layer, at: usize, error: &err::LenError) -> Error {
    Error::new(layer, ErrorKind::Truncated, at + error.layer_start_offset, error.required_len, error.len)
}

#[cold]
fn ipv4_error(at: usize, error: &err::ipv4::HeaderSliceError) -> Error {
    match error {
        err::ipv4::HeaderSliceError::Len(error) => cut(Layer::Ipv4, at, error),
        err::ipv4::HeaderSliceError::Content(err::ipv4::HeaderError::UnexpectedVersion {
            version_number,
        }) => Error::new(Layer::Ipv4, ErrorKind::Version, at, 4, usize::from(*version_number)),
        err::ipv4::HeaderSliceError::Content(err::ipv4::HeaderError::HeaderLengthSmallerThanHeader {
            ihl,
        }) => Error::new(Layer::Ipv4, ErrorKind::LengthField, at, 5, usize::from(*ihl)),
    }
}
