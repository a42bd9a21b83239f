//! Frames: what carries the PDUs, from the Ethernet header to the octet where the PDU begins.
//!
//! The headers are read with etherparse's slices, one layer at a time, and nothing is copied. Lengths of IP and UDP
//! decide where a message ends; what is left behind it stays reachable.

mod audit;
mod builder;
mod headers;
mod neighbor;

use core::fmt;
use core::net::IpAddr;

use etherparse::{IpAuthHeaderSlice, Ipv4HeaderSlice, Ipv6HeaderSlice, UdpHeaderSlice};

pub use audit::rules;
pub use builder::{
    Builder, Ethernet, Ipv4, Ipv6, Network as NetworkHeader, Udp, VlanTag, authentication_header,
};
pub use neighbor::{Arp, NeighborDiscovery};

use crate::checksum::{Carrier, Family};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{Field, MacAddress};
use crate::glbp;
use crate::hsrp::{v1, v2};
use crate::slow::SlowPdu;
use crate::vrrp::{Dialect, VrrpPdu};

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network<'a> {
    /// No IP header.
    None,
    /// IPv4.
    Ipv4(Ipv4HeaderSlice<'a>),
    /// IPv6; extension headers stand between it and the payload.
    Ipv6(Ipv6HeaderSlice<'a>),
}

/// What the checksum of a UDP datagram turned out to be (RFC 768).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UdpChecksum {
    /// Zero over IPv4: the sender computed none.
    Absent,
    /// Right.
    Valid,
    /// Wrong.
    Invalid,
    /// The datagram is not whole.
    Unverifiable,
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
/// Checked: that the headers are whole. Not checked: addresses, TTL, the checksum of IPv4 ([`audit`](Self::audit) does);
/// that of UDP, which is a [verdict](Self::udp_checksum).
///
/// It keeps the octets and its headers, uncopied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame<'a> {
    octets: &'a [u8],
    payload: &'a [u8],
    /// Octets that IP or UDP announce and that are not there.
    missing: usize,
    ether_type: u16,
    protocol: Protocol,
    ethernet: Option<&'a [u8; 14]>,
    tags: u8,
    network: Network<'a>,
    fragment: Fragment,
    authenticated: bool,
    udp: Option<&'a [u8; 8]>,
}

/// Which part of an IP datagram a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fragment {
    /// All of it.
    Whole,
    /// The beginning.
    First,
    /// A part without the header of what IP carries.
    Later,
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
    /// Reads the message; returns it and the octets between its end and the end of the IP payload (or of the frame,
    /// for slow protocols and ARP): trailers. Offsets in errors count from the first octet of the frame.
    ///
    /// # Errors
    /// [`ErrorKind::NotRecognised`] for [`Protocol::Other`]; [`ErrorKind::Fragment`]; [`ErrorKind::Truncated`] if the
    /// frame ends before the message does; or as the parser of the protocol.
    #[inline(always)]
    pub fn pdu(&self) -> Result<(Pdu<'a>, &'a [u8]), Error> {
        // Whether the payload is whole is asked in each arm: with nothing in front of the match, a compiler that sees the
        // headers read goes from there straight to the right arm.
        let parsed = match self.protocol {
            Protocol::Slow => SlowPdu::parse(self.payload).map(|(pdu, rest)| (Pdu::Slow(pdu), rest)),
            Protocol::Vrrp => {
                let family = self.family().unwrap_or(Family::Ipv4);
                VrrpPdu::parse(self.whole_payload()?, family).map(|(pdu, rest)| (Pdu::Vrrp(pdu), rest))
            }
            Protocol::Hsrp1 => {
                v1::Pdu::parse(self.whole_payload()?).map(|(pdu, rest)| (Pdu::Hsrp1(pdu), rest))
            }
            Protocol::Hsrp2 => {
                v2::MessageRef::parse(self.whole_payload()?).map(|(pdu, rest)| (Pdu::Hsrp2(pdu), rest))
            }
            Protocol::Glbp => {
                glbp::MessageRef::parse(self.whole_payload()?).map(|(pdu, rest)| (Pdu::Glbp(pdu), rest))
            }
            Protocol::Arp => Arp::parse(self.payload).map(|(pdu, rest)| (Pdu::Arp(pdu), rest)),
            Protocol::NeighborDiscovery => NeighborDiscovery::parse(self.whole_payload()?)
                .map(|pdu| (Pdu::NeighborDiscovery(pdu), &[][..])),
            Protocol::Other => {
                self.whole_payload()?;
                Err(Error::new(Layer::Ethernet, ErrorKind::NotRecognised, 0, 0, 0))
            }
        };
        match parsed {
            Ok(pdu) => Ok(pdu),
            Err(error) => Err(error.shifted(self.payload_at())),
        }
    }

    #[inline(always)]
    fn whole_payload(&self) -> Result<&'a [u8], Error> {
        if self.missing != 0 || self.fragment != Fragment::Whole {
            return Err(self.incomplete());
        }
        Ok(self.payload)
    }

    #[cold]
    #[inline(never)]
    fn incomplete(self) -> Error {
        let (at, length) = (self.payload_at(), self.payload.len());
        if self.fragment != Fragment::Whole {
            return Error::new(self.layer(), ErrorKind::Fragment, at, 0, 0);
        }
        if let Network::Ipv4(header) = self.network() {
            let (needed, total_length) = (header.slice().len(), usize::from(header.total_len()));
            if total_length < needed {
                let at = self.network_at() + 2;
                return Error::new(Layer::Ipv4, ErrorKind::LengthField, at, needed, total_length);
            }
        }
        match self.udp_header().map(|header| usize::from(header.length())) {
            Some(length @ 0..8) => Error::new(Layer::Udp, ErrorKind::LengthField, at - 4, 8, length),
            _ => Error::new(self.layer(), ErrorKind::Truncated, at, length + self.missing, length),
        }
    }

    /// The layer of the message, for errors that arise before it is read.
    fn layer(&self) -> Layer {
        match (self.protocol, self.family()) {
            (Protocol::Slow, _) => Layer::Slow,
            // The octets of a later fragment tell no version.
            (Protocol::Vrrp, Some(family)) if self.fragment != Fragment::Later => {
                Dialect::of(self.payload, family).layer()
            }
            (Protocol::Vrrp, _) => Layer::Vrrp,
            (Protocol::Hsrp1, _) => Layer::Hsrp1,
            (Protocol::Hsrp2, _) => Layer::Hsrp2,
            (Protocol::Glbp, _) => Layer::Glbp,
            (Protocol::Arp, _) => Layer::Arp,
            (Protocol::NeighborDiscovery, _) => Layer::NeighborDiscovery,
            (Protocol::Other, Some(Family::Ipv4)) => Layer::Ipv4,
            (Protocol::Other, Some(Family::Ipv6)) => Layer::Ipv6,
            (Protocol::Other, None) => Layer::Ethernet,
        }
    }

    /// All octets of the frame.
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Destination MAC address, if there is an Ethernet header.
    #[inline(always)]
    pub fn destination_mac(&self) -> Option<MacAddress> {
        self.ethernet.map(|header| MacAddress::read(header, 0))
    }

    /// Source MAC address, if there is an Ethernet header.
    #[inline(always)]
    pub fn source_mac(&self) -> Option<MacAddress> {
        self.ethernet.map(|header| MacAddress::read(header, 6))
    }

    /// The `N` octets from `at` on.
    #[inline(always)]
    fn array<const N: usize>(&self, at: usize) -> Option<&'a [u8; N]> {
        self.octets.get(at..)?.first_chunk()
    }

    /// The VLAN tags, outermost first. Where there is no Ethernet header the first one's TPID is not known and given
    /// as 0x8100.
    pub fn vlan_tags(&self) -> impl Iterator<Item = VlanTag> + use<'a> {
        let frame = *self;
        (0..usize::from(frame.tags)).map_while(move |index| {
            let at = frame.tags_at() + 4 * index;
            let control = u16::from_be_bytes(*frame.array(at)?);
            let tpid = at
                .checked_sub(2)
                .and_then(|at| frame.array(at))
                .map_or(0x8100, |tpid| u16::from_be_bytes(*tpid));
            Some(VlanTag { tpid, control })
        })
    }

    /// Number of VLAN tags.
    pub const fn vlan_tag_count(&self) -> usize {
        self.tags as usize
    }

    /// Where the tags are, or would be; the first one's TPID is in front.
    #[inline(always)]
    const fn tags_at(&self) -> usize {
        if self.ethernet.is_some() { 14 } else { 0 }
    }

    /// Where the IP header begins, if there is one.
    #[inline(always)]
    const fn network_at(&self) -> usize {
        self.tags_at() + 4 * self.tags as usize
    }

    /// The Ethertype behind the tags.
    pub const fn ether_type(&self) -> u16 {
        self.ether_type
    }

    /// The family of the IP header, if there is one.
    #[inline(always)]
    pub const fn family(&self) -> Option<Family> {
        match self.network {
            Network::None => None,
            Network::Ipv4(_) => Some(Family::Ipv4),
            Network::Ipv6(_) => Some(Family::Ipv6),
        }
    }

    /// The IP header.
    #[inline(always)]
    pub const fn network(&self) -> Network<'a> {
        self.network
    }

    /// The IP Authentication Header of an IPv4 packet.
    #[inline]
    pub fn authentication_header(&self) -> Option<IpAuthHeaderSlice<'a>> {
        match self.network() {
            Network::Ipv4(header) if self.authenticated => {
                IpAuthHeaderSlice::from_slice(&self.octets[self.network_at() + header.slice().len()..]).ok()
            }
            _ => None,
        }
    }

    /// The UDP header.
    #[inline(always)]
    pub fn udp_header(&self) -> Option<UdpHeaderSlice<'a>> {
        UdpHeaderSlice::from_slice(self.udp?).ok()
    }

    /// The verdict on the checksum of UDP, if there is a UDP header. Frames captured on the machine that sent them often
    /// carry a wrong one, which its network card was to put right.
    pub fn udp_checksum(&self) -> Option<UdpChecksum> {
        let (header, carrier) = (self.udp_header()?, self.carrier()?);
        let start = self.payload_at() - 8;
        let datagram = self.octets.get(start..start + usize::from(header.length()));
        Some(match (datagram, carrier.family(), header.checksum()) {
            (_, Family::Ipv4, 0) => UdpChecksum::Absent,
            (Some(datagram), _, _) if self.missing == 0 && self.fragment == Fragment::Whole => {
                match carrier.pseudo_header(17, datagram.len()).add(datagram).folded() {
                    0xffff => UdpChecksum::Valid,
                    _ => UdpChecksum::Invalid,
                }
            }
            _ => UdpChecksum::Unverifiable,
        })
    }

    /// Source IP address.
    #[inline(always)]
    pub fn source_ip(&self) -> Option<IpAddr> {
        match self.carrier()? {
            Carrier::Ipv4 { source, .. } => Some(source.into()),
            Carrier::Ipv6 { source, .. } => Some(source.into()),
        }
    }

    /// Destination IP address.
    #[inline(always)]
    pub fn destination_ip(&self) -> Option<IpAddr> {
        match self.carrier()? {
            Carrier::Ipv4 { destination, .. } => Some(destination.into()),
            Carrier::Ipv6 { destination, .. } => Some(destination.into()),
        }
    }

    /// TTL or Hop Limit.
    #[inline(always)]
    pub fn ttl(&self) -> Option<u8> {
        match self.network {
            Network::None => None,
            Network::Ipv4(header) => Some(header.ttl()),
            Network::Ipv6(header) => Some(header.hop_limit()),
        }
    }

    /// The addresses that the pseudo-header of a checksum needs.
    #[inline(always)]
    pub fn carrier(&self) -> Option<Carrier> {
        Some(match self.network {
            Network::None => return None,
            Network::Ipv4(header) => {
                Carrier::Ipv4 { source: header.source_addr(), destination: header.destination_addr() }
            }
            Network::Ipv6(header) => {
                Carrier::Ipv6 { source: header.source_addr(), destination: header.destination_addr() }
            }
        })
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
    pub fn padding(&self) -> &'a [u8] {
        let packet = &self.octets[self.network_at()..];
        let length = match self.network() {
            Network::None => return &[],
            Network::Ipv4(header) => header.slice().len().max(header.total_len().into()),
            Network::Ipv6(header) => header.slice().len() + usize::from(header.payload_length()),
        };
        packet.get(length..).unwrap_or(&[])
    }

    /// Octets that a length field announces and that are not there.
    pub const fn missing(&self) -> usize {
        self.missing
    }

    /// The IP packet is a fragment.
    #[inline(always)]
    pub fn is_fragment(&self) -> bool {
        self.fragment != Fragment::Whole
    }
}
