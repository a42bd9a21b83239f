//! The way past most frames: a look at a few octets.

use redspec_codec::frame::SLOW_PROTOCOLS;

use crate::capture::{LinkType, Packet};

/// What a frame may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// None of the protocols that are decoded here.
    Foreign,
    /// Worth a closer look.
    Ours,
}

const VRRP: u8 = 112;
const AUTHENTICATION_HEADER: u8 = 51;
const UDP: u8 = 17;
const ICMPV6: u8 = 58;
/// Neighbor Advertisement, the one message of Neighbor Discovery that is judged.
const NEIGHBOR_ADVERTISEMENT: u8 = 136;
const ARP: u16 = 0x0806;
/// In the first of the two octets that have it.
const FRAGMENT_OFFSET: u8 = 0x1f;
/// HSRP, HSRP over IPv6, GLBP.
const PORTS: [u16; 3] = [1985, 2029, 3222];

/// LLC and SNAP headers before a slow protocol.
pub(super) const SLOW_PROTOCOLS_SNAP: [u8; 8] = [0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x09];

impl Gate {
    /// Of a packet of any link type. What cannot be read is worth a closer look, which says why.
    #[inline]
    pub(super) fn of_packet(packet: &Packet<'_>) -> Self {
        let octets = packet.octets;
        match packet.link_type {
            LinkType::ETHERNET => Self::of_ethernet(octets),
            LinkType::LINUX_SLL => Self::after(octets, 14),
            LinkType::LINUX_SLL2 => match octets {
                [high, low, ..] => Self::of_ether_type(
                    u16::from_be_bytes([*high, *low]),
                    octets.get(20..).unwrap_or_default(),
                ),
                _ => Self::Ours,
            },
            LinkType::RAW | LinkType::RAW_BSD | LinkType::RAW_OPENBSD | LinkType::IPV4 | LinkType::IPV6 => {
                match octets.first().map(|first| first >> 4) {
                    Some(4) => Self::of_ipv4(octets),
                    Some(6) => Self::of_ipv6(octets),
                    _ => Self::Ours,
                }
            }
            _ => Self::Ours,
        }
    }

    /// Of an Ethernet frame.
    #[inline]
    pub(super) fn of_ethernet(octets: &[u8]) -> Self {
        Self::after(octets, 12)
    }

    /// By the Ethertype at `at`.
    #[inline]
    fn after(octets: &[u8], at: usize) -> Self {
        match octets.get(at..) {
            Some([high, low, rest @ ..]) => Self::of_ether_type(u16::from_be_bytes([*high, *low]), rest),
            _ => Self::Ours,
        }
    }

    #[inline]
    fn of_ether_type(ether_type: u16, rest: &[u8]) -> Self {
        match ether_type {
            0x0800 => Self::of_ipv4(rest),
            0x86dd => Self::of_ipv6(rest),
            SLOW_PROTOCOLS | ARP => Self::Ours,
            0x8100 | 0x88a8 | 0x9100 => Self::of_tagged(rest),
            // A length. No protocol here is at home behind SNAP, but some devices take it from there.
            0..=1500 if rest.starts_with(&SLOW_PROTOCOLS_SNAP) => Self::Ours,
            _ => Self::Foreign,
        }
    }

    #[cold]
    fn of_tagged(mut rest: &[u8]) -> Self {
        while let [_, _, high, low, inner @ ..] = rest {
            match u16::from_be_bytes([*high, *low]) {
                0x8100 | 0x88a8 | 0x9100 => rest = inner,
                ether_type => return Self::of_ether_type(ether_type, inner),
            }
        }
        Self::Ours
    }

    #[inline]
    fn of_ipv4(packet: &[u8]) -> Self {
        let Some(header) = packet.first_chunk::<20>() else { return Self::Ours };
        match header[9] {
            UDP => {
                let at = usize::from(header[0] & 0xf) * 4;
                // The first fragment alone has ports.
                if [header[6] & FRAGMENT_OFFSET, header[7]] == [0, 0] {
                    Self::of_udp(packet.get(at..).unwrap_or_default())
                } else {
                    Self::Foreign
                }
            }
            VRRP | AUTHENTICATION_HEADER => Self::Ours,
            _ => Self::Foreign,
        }
    }

    #[inline]
    fn of_ipv6(packet: &[u8]) -> Self {
        let Some(header) = packet.first_chunk::<40>() else { return Self::Ours };
        match header[6] {
            UDP => Self::of_udp(&packet[40..]),
            ICMPV6 if packet.get(40) != Some(&NEIGHBOR_ADVERTISEMENT) => Self::Foreign,
            // Extension headers have to be followed.
            ICMPV6 | VRRP | 0 | 43 | 44 | AUTHENTICATION_HEADER | 60 | 135 | 139 | 140 => Self::Ours,
            _ => Self::Foreign,
        }
    }

    #[inline]
    fn of_udp(datagram: &[u8]) -> Self {
        match datagram {
            [_, _, high, low, ..] if PORTS.contains(&u16::from_be_bytes([*high, *low])) => Self::Ours,
            [_, _, _, _, ..] => Self::Foreign,
            _ => Self::Ours,
        }
    }
}
