//! Builds frames, valid and invalid ones: headers written by etherparse, lengths and checksums computed unless stated.

use core::net::{Ipv4Addr, Ipv6Addr};

use etherparse::{
    EtherType, Ethernet2Header, IpDscp, IpEcn, IpFragOffset, IpNumber, Ipv4Header, Ipv4Options,
    Ipv6FlowLabel, Ipv6Header, UdpHeader,
};

use super::SLOW_PROTOCOLS;
use crate::checksum::{Carrier, internet_checksum};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{MacAddress, Stated};
use crate::{glbp, hsrp, vrrp};

/// A VLAN tag.
///
/// ```text
/// +-----------+-----+-----+----------+
/// | TPID (16) | PCP | DEI | VID (12) |
/// +-----------+-----+-----+----------+
///             |<-   control (16)   ->|
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct VlanTag {
    /// Tag protocol identifier: 0x8100 (802.1Q), 0x88a8 (802.1ad) or 0x9100.
    pub tpid: u16,
    /// Priority, drop eligible indicator and VLAN identifier.
    pub control: u16,
}

impl VlanTag {
    /// An 802.1Q tag of priority 0.
    pub const fn new(vlan_identifier: u16) -> Self {
        Self { tpid: 0x8100, control: vlan_identifier & 0x0fff }
    }

    /// VLAN identifier: 0 is a priority tag.
    pub const fn vlan_identifier(self) -> u16 {
        self.control & 0x0fff
    }

    /// Priority code point.
    pub const fn priority(self) -> u8 {
        (self.control >> 13) as u8
    }
}

/// The Ethernet header and its tags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ethernet<'a> {
    /// Destination.
    pub destination: MacAddress,
    /// Source.
    pub source: MacAddress,
    /// VLAN tags, outermost first.
    pub tags: &'a [VlanTag],
    /// Ethertype behind the tags.
    pub ether_type: u16,
    /// Octets to which a shorter frame is padded with zeros; 60 is what a wire demands, 0 pads nothing.
    pub minimum_length: usize,
}

/// The IPv4 header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv4<'a> {
    /// Source.
    pub source: Ipv4Addr,
    /// Destination.
    pub destination: Ipv4Addr,
    /// Time to live.
    pub ttl: u8,
    /// DSCP and ECN in one octet.
    pub type_of_service: u8,
    /// Identification.
    pub identification: u16,
    /// Flags and fragment offset, as the 16 bits on the wire.
    pub fragmentation: u16,
    /// Protocol.
    pub protocol: u8,
    /// Options: at most 40 octets, a multiple of 4.
    pub options: &'a [u8],
    /// Octets between header and payload: an [`authentication_header`], or whatever a test wants there.
    pub extensions: &'a [u8],
    /// Version and header length.
    pub version_and_header_length: Stated<u8>,
    /// Total length.
    pub total_length: Stated<u16>,
    /// Header checksum.
    pub header_checksum: Stated<u16>,
}

/// The IPv6 header and what follows it before the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ipv6<'a> {
    /// Source.
    pub source: Ipv6Addr,
    /// Destination.
    pub destination: Ipv6Addr,
    /// Hop Limit.
    pub hop_limit: u8,
    /// Traffic class.
    pub traffic_class: u8,
    /// The first octet: the version and the high half of the traffic class.
    pub first_octet: Stated<u8>,
    /// Flow label; its lower 20 bits.
    pub flow_label: u32,
    /// Next Header: of the first extension header if there are any.
    pub next_header: u8,
    /// Extension headers, as octets.
    pub extensions: &'a [u8],
    /// Payload length.
    pub payload_length: Stated<u16>,
}

/// An IP Authentication Header with the 96-bit value of RFC 2338's authentication type 2; it goes into
/// [`Ipv4::extensions`], with the protocol there 51.
///
/// ```text
/// +-------------+----------------+--------------+
/// | next header | payload length |   reserved   |
/// +-------------+----------------+--------------+
/// |        security parameters index            |
/// +---------------------------------------------+
/// |              sequence number                |
/// +---------------------------------------------+
/// |       integrity check value (12)            |
/// +---------------------------------------------+
/// ```
pub fn authentication_header(next_header: u8, spi: u32, sequence_number: u32, icv: [u8; 12]) -> [u8; 24] {
    let mut octets = [0; 24];
    // In words of 32 bits, without the first two (RFC 2402 section 2.2).
    octets[..2].copy_from_slice(&[next_header, 4]);
    octets[4..8].copy_from_slice(&spi.to_be_bytes());
    octets[8..12].copy_from_slice(&sequence_number.to_be_bytes());
    octets[12..].copy_from_slice(&icv);
    octets
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network<'a> {
    /// IPv4.
    Ipv4(Ipv4<'a>),
    /// IPv6.
    Ipv6(Ipv6<'a>),
}

/// The UDP header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Udp {
    /// Source port.
    pub source_port: u16,
    /// Destination port.
    pub destination_port: u16,
    /// Length.
    pub length: Stated<u16>,
    /// Checksum.
    pub checksum: Stated<u16>,
}

impl Ipv4<'_> {
    /// To 224.0.0.`group`.
    const fn new(source: Ipv4Addr, group: u8, protocol: u8, ttl: u8) -> Self {
        Self {
            source,
            destination: Ipv4Addr::new(224, 0, 0, group),
            ttl,
            // Internetwork control, as routers mark these protocols.
            type_of_service: 0xc0,
            identification: 0,
            fragmentation: 0,
            protocol,
            options: &[],
            extensions: &[],
            version_and_header_length: Stated::Computed,
            total_length: Stated::Computed,
            header_checksum: Stated::Computed,
        }
    }

    fn emit(&self, payload: usize, out: &mut [u8]) -> Result<usize, Error> {
        let options: Ipv4Options = self
            .options
            .try_into()
            .map_err(|_| Error::new(Layer::Ipv4, ErrorKind::Unrepresentable, 20, 40, self.options.len()))?;
        let header_length = 20 + self.options.len();
        let length = header_length + self.extensions.len();
        let total_len = stated_length(Layer::Ipv4, 2, self.total_length, length + payload)?;
        let [dscp, ecn] = [self.type_of_service >> 2, self.type_of_service & 3];
        let header = Ipv4Header {
            // Shifted and masked: they fit.
            dscp: IpDscp::try_new(dscp).unwrap_or_default(),
            ecn: IpEcn::try_new(ecn).unwrap_or_default(),
            total_len,
            identification: self.identification,
            dont_fragment: false,
            more_fragments: false,
            fragment_offset: IpFragOffset::ZERO,
            time_to_live: self.ttl,
            protocol: IpNumber(self.protocol),
            header_checksum: 0,
            source: self.source.octets(),
            destination: self.destination.octets(),
            options,
        };
        let (octets, extensions) = out[..length].split_at_mut(header_length);
        octets.copy_from_slice(&header.to_bytes());
        octets[0] = self.version_and_header_length.or_else(|| octets[0]);
        // All 16 bits: the reserved one too, which etherparse's header has no place for.
        octets[6..8].copy_from_slice(&self.fragmentation.to_be_bytes());
        let checksum = self.header_checksum.or_else(|| internet_checksum(octets));
        octets[10..12].copy_from_slice(&checksum.to_be_bytes());
        extensions.copy_from_slice(self.extensions);
        Ok(length)
    }
}

impl Ipv6<'_> {
    /// To ff02::`group`.
    const fn new(source: Ipv6Addr, group: u16, next_header: u8) -> Self {
        Self {
            source,
            destination: Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, group),
            hop_limit: 255,
            traffic_class: 0xc0,
            first_octet: Stated::Computed,
            flow_label: 0,
            next_header,
            extensions: &[],
            payload_length: Stated::Computed,
        }
    }

    fn emit(&self, payload: usize, out: &mut [u8]) -> Result<usize, Error> {
        let payload_length =
            stated_length(Layer::Ipv6, 4, self.payload_length, self.extensions.len() + payload)?;
        let header = Ipv6Header {
            traffic_class: self.traffic_class,
            flow_label: Ipv6FlowLabel::try_new(self.flow_label & 0x000f_ffff).unwrap_or_default(),
            payload_length,
            next_header: IpNumber(self.next_header),
            hop_limit: self.hop_limit,
            source: self.source.octets(),
            destination: self.destination.octets(),
        };
        let length = Ipv6Header::LEN + self.extensions.len();
        out[..Ipv6Header::LEN].copy_from_slice(&header.to_bytes());
        out[0] = self.first_octet.or_else(|| out[0]);
        out[Ipv6Header::LEN..length].copy_from_slice(self.extensions);
        Ok(length)
    }
}

fn stated_length(layer: Layer, at: usize, stated: Stated<u16>, length: usize) -> Result<u16, Error> {
    match stated {
        Stated::Exactly(length) => Ok(length),
        Stated::Computed => u16::try_from(length)
            .map_err(|_| Error::new(layer, ErrorKind::Unrepresentable, at, 65535, length)),
    }
}

impl Network<'_> {
    /// Octets of the header, options and extensions included.
    const fn length(&self) -> usize {
        match self {
            Self::Ipv4(header) => 20 + header.options.len() + header.extensions.len(),
            Self::Ipv6(header) => 40 + header.extensions.len(),
        }
    }

    const fn carrier(&self) -> Carrier {
        match *self {
            Self::Ipv4(Ipv4 { source, destination, .. }) => Carrier::Ipv4 { source, destination },
            Self::Ipv6(Ipv6 { source, destination, .. }) => Carrier::Ipv6 { source, destination },
        }
    }
}

/// A frame to be written around a message. Every header is open: change a field, or state a length or a checksum, and
/// the frame is wrong in exactly that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Builder<'a> {
    /// Ethernet header; `None` for raw IP.
    pub ethernet: Option<Ethernet<'a>>,
    /// IP header; `None` for what stands directly on Ethernet.
    pub network: Option<Network<'a>>,
    /// UDP header.
    pub udp: Option<Udp>,
    /// Octets written after the message, inside the lengths of IP and UDP: trailers.
    pub trailer: &'a [u8],
}

impl Builder<'_> {
    /// A slow protocol frame from `source` to the Slow Protocols Multicast address (IEEE 802.3 57A.3).
    pub const fn slow(source: MacAddress) -> Self {
        Self::ethernet(MacAddress([0x01, 0x80, 0xc2, 0, 0, 2]), source, SLOW_PROTOCOLS)
    }

    /// A VRRP packet over IPv4, from the virtual router's MAC address (RFC 9568 sections 5.1.1 and 7.3).
    pub const fn vrrp_ipv4(vrid: u8, source: Ipv4Addr) -> Self {
        Self {
            network: Some(Network::Ipv4(Ipv4::new(source, 18, vrrp::IP_PROTOCOL, 255))),
            ..Self::ethernet(
                MacAddress([0x01, 0x00, 0x5e, 0, 0, 18]),
                MacAddress([0, 0, 0x5e, 0, 1, vrid]),
                EtherType::IPV4.0,
            )
        }
    }

    /// A VRRP packet over IPv6, from the virtual router's MAC address (RFC 9568 sections 5.1.2 and 7.3).
    pub const fn vrrp_ipv6(vrid: u8, source: Ipv6Addr) -> Self {
        Self {
            network: Some(Network::Ipv6(Ipv6::new(source, 0x12, vrrp::IP_PROTOCOL))),
            ..Self::ethernet(
                MacAddress([0x33, 0x33, 0, 0, 0, 0x12]),
                MacAddress([0, 0, 0x5e, 0, 2, vrid]),
                EtherType::IPV6.0,
            )
        }
    }

    /// A HSRPv1 datagram (RFC 2281 section 5.1).
    pub const fn hsrp1(source_mac: MacAddress, source: Ipv4Addr) -> Self {
        Self::udp_ipv4(source_mac, source, 2, 1, hsrp::PORT)
    }

    /// A HSRPv2 datagram over IPv4.
    pub const fn hsrp2(source_mac: MacAddress, source: Ipv4Addr) -> Self {
        Self::udp_ipv4(source_mac, source, 102, 1, hsrp::PORT)
    }

    /// A HSRPv2 datagram over IPv6. What Hop Limit devices send is not confirmed; 255 here.
    pub const fn hsrp2_ipv6(source_mac: MacAddress, source: Ipv6Addr) -> Self {
        Self {
            network: Some(Network::Ipv6(Ipv6::new(source, 0x66, IpNumber::UDP.0))),
            udp: Some(Udp::both(hsrp::PORT_IPV6)),
            ..Self::ethernet(MacAddress([0x33, 0x33, 0, 0, 0, 0x66]), source_mac, EtherType::IPV6.0)
        }
    }

    /// A GLBP datagram.
    pub const fn glbp(source_mac: MacAddress, source: Ipv4Addr) -> Self {
        Self::udp_ipv4(source_mac, source, 102, 255, glbp::PORT)
    }

    /// An ARP packet to all.
    pub const fn arp(source: MacAddress) -> Self {
        Self::ethernet(MacAddress::BROADCAST, source, EtherType::ARP.0)
    }

    /// A neighbour discovery message to all nodes (RFC 4861 section 4).
    pub const fn neighbor_discovery(source_mac: MacAddress, source: Ipv6Addr) -> Self {
        Self {
            network: Some(Network::Ipv6(Ipv6::new(source, 1, IpNumber::IPV6_ICMP.0))),
            ..Self::ethernet(MacAddress([0x33, 0x33, 0, 0, 0, 1]), source_mac, EtherType::IPV6.0)
        }
    }

    const fn ethernet(destination: MacAddress, source: MacAddress, ether_type: u16) -> Self {
        Self {
            ethernet: Some(Ethernet { destination, source, tags: &[], ether_type, minimum_length: 60 }),
            network: None,
            udp: None,
            trailer: &[],
        }
    }

    /// To 224.0.0.`group`.
    const fn udp_ipv4(source_mac: MacAddress, source: Ipv4Addr, group: u8, ttl: u8, port: u16) -> Self {
        Self {
            network: Some(Network::Ipv4(Ipv4::new(source, group, IpNumber::UDP.0, ttl))),
            udp: Some(Udp::both(port)),
            ..Self::ethernet(MacAddress([0x01, 0x00, 0x5e, 0, 0, group]), source_mac, EtherType::IPV4.0)
        }
    }

    /// The addresses for the checksum of a message in this frame.
    pub fn carrier(&self) -> Option<Carrier> {
        self.network.as_ref().map(Network::carrier)
    }

    /// Octets before the message.
    #[inline]
    pub fn headers_len(&self) -> usize {
        let ethernet = self.ethernet.map_or(0, |ethernet| 14 + 4 * ethernet.tags.len());
        let network = self.network.as_ref().map_or(0, Network::length);
        let udp = if self.udp.is_some() { 8 } else { 0 };
        ethernet + network + udp
    }

    /// Writes the frame; `message` writes the message into the buffer it is given and returns its length.
    /// Returns the number of octets of the frame.
    ///
    /// # Errors
    /// What `message` returns, with the offset in the frame; [`ErrorKind::NoRoom`];
    /// [`ErrorKind::Unrepresentable`] for options of a wrong length or a packet above 65535 octets.
    /// `out` may be partly written then.
    #[inline]
    pub fn emit(
        &self,
        out: &mut [u8],
        message: impl FnOnce(&mut [u8]) -> Result<usize, Error>,
    ) -> Result<usize, Error> {
        let at = self.headers_len();
        let no_room = |needed, found| Error::new(Layer::Ethernet, ErrorKind::NoRoom, 0, needed, found);
        let found = out.len();
        let Some(space) = out.get_mut(at..) else { return Err(no_room(at, found)) };
        let length = message(space).map_err(|error| error.shifted(at))?;
        let mut end = at + length;
        if !self.trailer.is_empty() {
            let space = end..end + self.trailer.len();
            end = space.end;
            out.get_mut(space).ok_or_else(|| no_room(end, found))?.copy_from_slice(self.trailer);
        }
        let mut here = self.ethernet.as_ref().map_or(Ok(0), |ethernet| ethernet.emit(out))?;
        if self.network.is_some() || self.udp.is_some() {
            self.emit_internet(&mut here, end, out)?;
        }
        let total = end.max(self.ethernet.map_or(0, |ethernet| ethernet.minimum_length));
        if total > end {
            out.get_mut(end..total).ok_or_else(|| no_room(total, found))?.fill(0);
        }
        Ok(total)
    }

    fn emit_internet(&self, here: &mut usize, end: usize, out: &mut [u8]) -> Result<(), Error> {
        if let Some(network) = &self.network {
            let payload = end - *here - network.length();
            *here += match network {
                Network::Ipv4(header) => header.emit(payload, &mut out[*here..]),
                Network::Ipv6(header) => header.emit(payload, &mut out[*here..]),
            }
            .map_err(|error| error.shifted(*here))?;
        }
        if let Some(udp) = self.udp {
            let datagram = &mut out[*here..end];
            let length = stated_length(Layer::Udp, 4, udp.length, datagram.len())?;
            let header = UdpHeader {
                source_port: udp.source_port,
                destination_port: udp.destination_port,
                length,
                checksum: 0,
            };
            datagram[..8].copy_from_slice(&header.to_bytes());
            let checksum = udp.checksum.or_else(|| {
                let sum = self.carrier().map_or_else(Default::default, |carrier| {
                    carrier.pseudo_header(IpNumber::UDP.0, datagram.len())
                });
                // Zero means "none" in UDP and is sent as its other form (RFC 768).
                match !sum.add(datagram).folded() {
                    0 => 0xffff,
                    checksum => checksum,
                }
            });
            datagram[6..8].copy_from_slice(&checksum.to_be_bytes());
        }
        Ok(())
    }
}

impl Udp {
    const fn both(port: u16) -> Self {
        Self {
            source_port: port,
            destination_port: port,
            length: Stated::Computed,
            checksum: Stated::Computed,
        }
    }
}

impl Ethernet<'_> {
    /// Writes header and tags into a buffer that has room for them.
    #[inline]
    fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let first = self.tags.first().map_or(self.ether_type, |tag| tag.tpid);
        let header = Ethernet2Header {
            destination: self.destination.0,
            source: self.source.0,
            ether_type: EtherType(first),
        };
        let (octets, mut rest) = crate::primitives::room::<14>(Layer::Ethernet, out)?;
        *octets = header.to_bytes();
        for (index, tag) in self.tags.iter().enumerate() {
            let next = self.tags.get(index + 1).map_or(self.ether_type, |tag| tag.tpid);
            let (octets, after) = crate::primitives::room::<4>(Layer::Vlan, rest)?;
            octets[..2].copy_from_slice(&tag.control.to_be_bytes());
            octets[2..].copy_from_slice(&next.to_be_bytes());
            rest = after;
        }
        Ok(14 + 4 * self.tags.len())
    }
}
