//! ARP and IPv6 neighbour discovery: how virtual addresses are announced and answered.

use core::fmt;
use core::net::{Ipv4Addr, Ipv6Addr};

use etherparse::icmpv6::{Icmpv6PayloadSlice, NdpOptionSlice, NdpOptionsIterator};
use etherparse::icmpv6::{NeighborAdvertisementHeader, RouterAdvertisementHeader};
use etherparse::{ArpEthIpv4Packet, ArpOperation, ArpPacketSlice, Icmpv6Slice, Icmpv6Type};

use crate::checksum::Carrier;
use crate::error::{Error, ErrorKind, Layer};
use crate::field::MacAddress;

/// An ARP packet for Ethernet and IPv4 (RFC 826).
///
/// ```text
///  0       2       4  5  6       8           14      18          24      28
/// +-------+-------+--+--+-------+-----------+-------+-----------+-------+
/// |   1   | 0x0800| 6| 4|  op   | sender MAC| sender| target MAC| target|
/// +-------+-------+--+--+-------+-----------+-------+-----------+-------+
/// ```
///
/// Checked: hardware and protocol type, address lengths, length. Not checked: the operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Arp {
    /// 1 request, 2 reply.
    pub operation: u16,
    /// Sender hardware address.
    pub sender_mac: MacAddress,
    /// Sender protocol address.
    pub sender_ip: Ipv4Addr,
    /// Target hardware address.
    pub target_mac: MacAddress,
    /// Target protocol address.
    pub target_ip: Ipv4Addr,
}

impl Arp {
    /// Octets on the wire.
    pub const LEN: usize = ArpEthIpv4Packet::LEN;
    /// The operation of a request.
    pub const REQUEST: u16 = 1;
    /// The operation of a reply.
    pub const REPLY: u16 = 2;

    /// A gratuitous ARP request: `address` is at `mac` (RFC 5227 section 3; VRRP's "broadcast a gratuitous ARP").
    pub const fn gratuitous(mac: MacAddress, address: Ipv4Addr) -> Self {
        Self {
            operation: Self::REQUEST,
            sender_mac: mac,
            sender_ip: address,
            target_mac: MacAddress([0; 6]),
            target_ip: address,
        }
    }

    /// The sender announces an address of its own: sender and target protocol address are the same.
    pub fn is_gratuitous(&self) -> bool {
        self.sender_ip == self.target_ip
    }

    /// Reads a packet; returns it and the octets after it.
    ///
    /// # Errors
    /// Truncated; not for Ethernet and IPv4.
    pub fn parse(octets: &[u8]) -> Result<(Self, &[u8]), Error> {
        let slice = ArpPacketSlice::from_slice(octets).map_err(|error| {
            Error::new(Layer::Arp, ErrorKind::Truncated, 0, error.required_len, error.len)
        })?;
        let length = slice.slice().len();
        let packet = slice.to_packet().try_eth_ipv4().map_err(|_| {
            let protocol = octets.get(2..4).map_or(0, |octets| u16::from_be_bytes([octets[0], octets[1]]));
            Error::new(Layer::Arp, ErrorKind::Type, 2, 0x0800, usize::from(protocol))
        })?;
        let arp = Self {
            operation: packet.operation.0,
            sender_mac: MacAddress(packet.sender_mac),
            sender_ip: packet.sender_ipv4_addr(),
            target_mac: MacAddress(packet.target_mac),
            target_ip: packet.target_ipv4_addr(),
        };
        Ok((arp, &octets[length..]))
    }

    /// Writes the 28 octets and returns their number.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is shorter.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let packet = ArpEthIpv4Packet {
            operation: ArpOperation(self.operation),
            sender_mac: self.sender_mac.0,
            sender_ipv4: self.sender_ip.octets(),
            target_mac: self.target_mac.0,
            target_ipv4: self.target_ip.octets(),
        };
        let (octets, _) = crate::primitives::room::<{ Arp::LEN }>(Layer::Arp, out)?;
        *octets = packet.to_bytes();
        Ok(Self::LEN)
    }
}

/// `ARP request who has 10.0.0.254 tell 10.0.0.1 (00:..)` in short form.
impl fmt::Display for Arp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { operation, sender_mac, sender_ip, target_ip, .. } = self;
        let gratuitous = if self.is_gratuitous() { "gratuitous " } else { "" };
        write!(f, "ARP {gratuitous}")?;
        match *operation {
            Self::REQUEST => write!(f, "request for {target_ip} from {sender_ip} at {sender_mac}"),
            Self::REPLY => write!(f, "reply {sender_ip} is at {sender_mac}"),
            other => write!(f, "operation {other} from {sender_ip} at {sender_mac}"),
        }
    }
}

/// A neighbour discovery message (RFC 4861 sections 4.1 to 4.4), with the link-layer address option that matters here.
///
/// ```text
/// +------+------+----------+-----------+----------------------+-----------------------+
/// | Type | Code | Checksum | Flags (4) | Target (16) or times | Options: type, len, MAC
/// +------+------+----------+-----------+----------------------+-----------------------+
/// ```
///
/// Checked: the length, code 0. Not checked: the checksum, the Hop Limit, options that are not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NeighborDiscovery {
    /// Type 133.
    RouterSolicitation {
        /// Source link-layer address option.
        source_mac: Option<MacAddress>,
    },
    /// Type 134.
    RouterAdvertisement {
        /// Hop Limit that hosts shall use; 0 says nothing.
        hop_limit: u8,
        /// M flag.
        managed: bool,
        /// O flag.
        other: bool,
        /// Router Lifetime, in seconds.
        lifetime_s: u16,
        /// Reachable Time, in milliseconds.
        reachable_time_ms: u32,
        /// Retrans Timer, in milliseconds.
        retransmit_timer_ms: u32,
        /// Source link-layer address option.
        source_mac: Option<MacAddress>,
    },
    /// Type 135.
    Solicitation {
        /// Target address.
        target: Ipv6Addr,
        /// Source link-layer address option.
        source_mac: Option<MacAddress>,
    },
    /// Type 136.
    Advertisement {
        /// R flag.
        router: bool,
        /// S flag.
        solicited: bool,
        /// O flag.
        overrides: bool,
        /// Target address.
        target: Ipv6Addr,
        /// Target link-layer address option.
        target_mac: Option<MacAddress>,
    },
}

impl NeighborDiscovery {
    /// The unsolicited advertisement with which a router that becomes Active announces a virtual address
    /// (RFC 9568 section 6.4.1): R and O set, S clear.
    pub const fn unsolicited(target: Ipv6Addr, mac: MacAddress) -> Self {
        Self::Advertisement { router: true, solicited: false, overrides: true, target, target_mac: Some(mac) }
    }

    /// Reads an ICMPv6 message.
    ///
    /// # Errors
    /// Truncated; not one of the four types with code 0.
    pub fn parse(octets: &[u8]) -> Result<Self, Error> {
        let truncated = |error: etherparse::err::LenError, at: usize| {
            Error::new(Layer::NeighborDiscovery, ErrorKind::Truncated, at, error.required_len, error.len)
        };
        let slice = Icmpv6Slice::from_slice(octets).map_err(|error| truncated(error, 0))?;
        let payload = slice.payload_slice().map_err(|error| truncated(error, 8))?;
        Ok(match (slice.icmp_type(), payload) {
            (Icmpv6Type::RouterSolicitation, Icmpv6PayloadSlice::RouterSolicitation(payload)) => {
                Self::RouterSolicitation { source_mac: source_mac(payload.options_iterator()) }
            }
            (Icmpv6Type::RouterAdvertisement(header), Icmpv6PayloadSlice::RouterAdvertisement(payload)) => {
                Self::RouterAdvertisement {
                    hop_limit: header.cur_hop_limit,
                    managed: header.managed_address_config,
                    other: header.other_config,
                    lifetime_s: header.router_lifetime,
                    reachable_time_ms: payload.reachable_time(),
                    retransmit_timer_ms: payload.retrans_timer(),
                    source_mac: source_mac(payload.options_iterator()),
                }
            }
            (Icmpv6Type::NeighborSolicitation, Icmpv6PayloadSlice::NeighborSolicitation(payload)) => {
                Self::Solicitation {
                    target: payload.target_address(),
                    source_mac: source_mac(payload.options_iterator()),
                }
            }
            (
                Icmpv6Type::NeighborAdvertisement(header),
                Icmpv6PayloadSlice::NeighborAdvertisement(payload),
            ) => Self::Advertisement {
                router: header.router,
                solicited: header.solicited,
                overrides: header.r#override,
                target: payload.target_address(),
                target_mac: target_mac(payload.options_iterator()),
            },
            _ => {
                let found = usize::from(slice.type_u8());
                return Err(Error::new(Layer::NeighborDiscovery, ErrorKind::Type, 0, 136, found));
            }
        })
    }

    /// Writes the ICMPv6 message, its checksum computed for an IPv6 packet with the addresses of `carrier`, and
    /// returns the number of octets.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is too short.
    pub fn emit(&self, carrier: Carrier, out: &mut [u8]) -> Result<usize, Error> {
        // Type, code, checksum, four octets of flags; then at most 16 octets; then the option.
        let mut body = [0; 24];
        let (length, option, mac) = match *self {
            Self::RouterSolicitation { source_mac } => {
                body[0] = 133;
                (8, 1, source_mac)
            }
            Self::RouterAdvertisement {
                hop_limit,
                managed,
                other,
                lifetime_s,
                reachable_time_ms,
                retransmit_timer_ms,
                source_mac,
            } => {
                let header = RouterAdvertisementHeader {
                    cur_hop_limit: hop_limit,
                    managed_address_config: managed,
                    other_config: other,
                    router_lifetime: lifetime_s,
                };
                body[0] = 134;
                body[4..8].copy_from_slice(&header.to_bytes());
                body[8..12].copy_from_slice(&reachable_time_ms.to_be_bytes());
                body[12..16].copy_from_slice(&retransmit_timer_ms.to_be_bytes());
                (16, 1, source_mac)
            }
            Self::Solicitation { target, source_mac } => {
                body[0] = 135;
                body[8..24].copy_from_slice(&target.octets());
                (24, 1, source_mac)
            }
            Self::Advertisement { router, solicited, overrides, target, target_mac } => {
                let header = NeighborAdvertisementHeader { router, solicited, r#override: overrides };
                body[0] = 136;
                body[4..8].copy_from_slice(&header.to_bytes());
                body[8..24].copy_from_slice(&target.octets());
                (24, 2, target_mac)
            }
        };
        let total = length + if mac.is_some() { 8 } else { 0 };
        let found = out.len();
        let out = out
            .get_mut(..total)
            .ok_or_else(|| Error::new(Layer::NeighborDiscovery, ErrorKind::NoRoom, 0, total, found))?;
        out[..length].copy_from_slice(&body[..length]);
        if let Some(MacAddress(mac)) = mac {
            out[length..length + 2].copy_from_slice(&[option, 1]);
            out[length + 2..].copy_from_slice(&mac);
        }
        let checksum = !carrier.pseudo_header(58, total).add(out).folded();
        out[2..4].copy_from_slice(&checksum.to_be_bytes());
        Ok(total)
    }
}

fn source_mac(options: NdpOptionsIterator<'_>) -> Option<MacAddress> {
    options.map_while(Result::ok).find_map(|option| match option {
        NdpOptionSlice::SourceLinkLayerAddress(option) => {
            option.link_layer_address().try_into().ok().map(MacAddress)
        }
        _ => None,
    })
}

fn target_mac(options: NdpOptionsIterator<'_>) -> Option<MacAddress> {
    options.map_while(Result::ok).find_map(|option| match option {
        NdpOptionSlice::TargetLinkLayerAddress(option) => {
            option.link_layer_address().try_into().ok().map(MacAddress)
        }
        _ => None,
    })
}

impl fmt::Display for NeighborDiscovery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mac = match self {
            Self::RouterSolicitation { source_mac } => {
                f.write_str("ND router solicitation")?;
                source_mac
            }
            Self::RouterAdvertisement { lifetime_s, source_mac, .. } => {
                write!(f, "ND router advertisement lifetime {lifetime_s} s")?;
                source_mac
            }
            Self::Solicitation { target, source_mac } => {
                write!(f, "ND solicitation for {target}")?;
                source_mac
            }
            Self::Advertisement { router, solicited, overrides, target, target_mac } => {
                write!(f, "ND advertisement {target} flags ")?;
                for (set, name) in [(router, "R"), (solicited, "S"), (overrides, "O")] {
                    f.write_str(if *set { name } else { "-" })?;
                }
                target_mac
            }
        };
        mac.map_or(Ok(()), |mac| write!(f, " at {mac}"))
    }
}
