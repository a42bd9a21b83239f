//! The Internet checksum (RFC 1071) and the verdicts on it.

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::primitives::blocks;

/// One's complement sum of 16-bit words, kept unfolded, in the byte order of the machine: the order of the octets in a
/// word does not matter until the end (RFC 1071 section 2 (B)).
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sum(u64);

impl Sum {
    /// Adds octets; an odd last one counts as the high half of a word.
    #[inline(always)]
    pub(crate) fn add(mut self, octets: &[u8]) -> Self {
        // 32-bit words carry into each other exactly as 16-bit ones do once folded (RFC 1071 section 2 (C)).
        for word in blocks::<4>(octets) {
            self.0 += u64::from(u32::from_ne_bytes(*word));
        }
        match octets[octets.len() & !3..] {
            [a] => self.0 += u64::from(u16::from_ne_bytes([a, 0])),
            [a, b] => self.0 += u64::from(u16::from_ne_bytes([a, b])),
            [a, b, c] => self.0 += u64::from(u32::from_ne_bytes([a, b, c, 0])),
            _ => {}
        }
        self
    }

    /// Adds a number below 2^32.
    #[inline(always)]
    pub(crate) fn number(self, number: u32) -> Self {
        Self(self.0 + u64::from(number.to_be()))
    }

    /// Adds another sum.
    #[inline(always)]
    pub(crate) fn plus(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    /// The sum in 16 bits, not complemented.
    #[inline(always)]
    pub(crate) fn folded(self) -> u16 {
        // A number plus its halves exchanged has the sum of the halves, with the carry, in its upper half.
        let sum = (self.0.wrapping_add(self.0.rotate_left(32)) >> 32) as u32;
        u16::from_be((sum.wrapping_add(sum.rotate_left(16)) >> 16) as u16)
    }
}

/// The checksum of `octets`, in which the checksum field itself must be zero or left out.
pub fn internet_checksum(octets: &[u8]) -> u16 {
    !Sum::default().add(octets).folded()
}

/// The addresses of the IP header that carries a message, for the pseudo-header of its checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Carrier {
    /// Carried by IPv4.
    Ipv4 {
        /// Source address.
        source: Ipv4Addr,
        /// Destination address.
        destination: Ipv4Addr,
    },
    /// Carried by IPv6.
    Ipv6 {
        /// Source address.
        source: Ipv6Addr,
        /// Destination address.
        destination: Ipv6Addr,
    },
}

impl Carrier {
    /// The family of the carrying header.
    #[inline(always)]
    pub const fn family(&self) -> Family {
        match self {
            Self::Ipv4 { .. } => Family::Ipv4,
            Self::Ipv6 { .. } => Family::Ipv6,
        }
    }

    /// Sum of the pseudo-header: RFC 8200 section 8.1 for IPv6, its IPv4 counterpart (RFC 9293 section 3.1).
    #[inline(always)]
    pub(crate) fn pseudo_header(&self, protocol: u8, length: usize) -> Sum {
        let sum = match self {
            Self::Ipv4 { source, destination } => {
                Sum::default().add(&source.octets()).add(&destination.octets())
            }
            Self::Ipv6 { source, destination } => {
                Sum::default().add(&source.octets()).add(&destination.octets())
            }
        };
        // No datagram is longer than 32 bits can count.
        sum.number(u32::from(protocol)).number(u32::try_from(length).unwrap_or(u32::MAX))
    }
}

/// IPv4 or IPv6.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub enum Family {
    /// IPv4.
    Ipv4,
    /// IPv6.
    Ipv6,
}

impl Family {
    /// Octets of an address.
    pub const fn address_length(self) -> usize {
        match self {
            Self::Ipv4 => 4,
            Self::Ipv6 => 16,
        }
    }
}
