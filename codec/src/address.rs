//! The list of virtual addresses of a VRRP advertisement.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::checksum::Family;
use crate::primitives::blocks;

/// Addresses of one family: borrowed from a message, or from a slice of addresses to be sent.
///
/// The count is that of the data; no count field is believed.
#[derive(Clone, Copy)]
pub struct Addresses<'a>(List<'a>);

#[derive(Clone, Copy)]
enum List<'a> {
    Wire { family: Family, octets: &'a [u8] },
    V4(&'a [Ipv4Addr]),
    V6(&'a [Ipv6Addr]),
}

impl<'a> Addresses<'a> {
    /// Addresses as they stand on the wire; octets after the last whole address do not count.
    #[inline(always)]
    pub const fn from_wire(family: Family, octets: &'a [u8]) -> Self {
        Self(List::Wire { family, octets })
    }

    /// The family of all addresses of the list.
    pub const fn family(&self) -> Family {
        match self.0 {
            List::Wire { family, .. } => family,
            List::V4(_) => Family::Ipv4,
            List::V6(_) => Family::Ipv6,
        }
    }

    /// Number of addresses.
    pub const fn len(&self) -> usize {
        match self.0 {
            // Two divisions by constants, which are shifts.
            List::Wire { family: Family::Ipv4, octets } => octets.len() / 4,
            List::Wire { family: Family::Ipv6, octets } => octets.len() / 16,
            List::V4(list) => list.len(),
            List::V6(list) => list.len(),
        }
    }

    /// No address at all.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The address at `index`.
    pub fn get(&self, index: usize) -> Option<IpAddr> {
        match self.0 {
            List::Wire { family: Family::Ipv4, octets } => {
                blocks::<4>(octets).nth(index).map(|octets| IpAddr::from(*octets))
            }
            List::Wire { family: Family::Ipv6, octets } => {
                blocks::<16>(octets).nth(index).map(|octets| IpAddr::from(*octets))
            }
            List::V4(list) => list.get(index).copied().map(IpAddr::from),
            List::V6(list) => list.get(index).copied().map(IpAddr::from),
        }
    }

    /// All addresses, in the order of the wire.
    pub fn iter(&self) -> impl Iterator<Item = IpAddr> + 'a {
        let list = *self;
        (0..self.len()).map_while(move |index| list.get(index))
    }

    /// Octets on the wire.
    pub const fn wire_len(&self) -> usize {
        self.len() * self.family().address_length()
    }

    /// Writes the addresses; `out` has exactly [`Self::wire_len`] octets.
    pub(crate) fn write(&self, out: &mut [u8]) {
        match self.0 {
            List::Wire { octets, .. } => out.copy_from_slice(&octets[..out.len()]),
            List::V4(list) => {
                for (octets, address) in out.chunks_exact_mut(4).zip(list) {
                    octets.copy_from_slice(&address.octets());
                }
            }
            List::V6(list) => {
                for (octets, address) in out.chunks_exact_mut(16).zip(list) {
                    octets.copy_from_slice(&address.octets());
                }
            }
        }
    }
}

impl<'a> From<&'a [Ipv4Addr]> for Addresses<'a> {
    fn from(list: &'a [Ipv4Addr]) -> Self {
        Self(List::V4(list))
    }
}

impl<'a> From<&'a [Ipv6Addr]> for Addresses<'a> {
    fn from(list: &'a [Ipv6Addr]) -> Self {
        Self(List::V6(list))
    }
}

impl<'a, const N: usize> From<&'a [Ipv4Addr; N]> for Addresses<'a> {
    fn from(list: &'a [Ipv4Addr; N]) -> Self {
        Self(List::V4(list))
    }
}

impl<'a, const N: usize> From<&'a [Ipv6Addr; N]> for Addresses<'a> {
    fn from(list: &'a [Ipv6Addr; N]) -> Self {
        Self(List::V6(list))
    }
}

/// Lists are equal when their family and their addresses are, wherever they are borrowed from.
impl PartialEq for Addresses<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.family() == other.family() && self.iter().eq(other.iter())
    }
}

impl Eq for Addresses<'_> {}

impl fmt::Debug for Addresses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// `10.0.0.254, 10.0.0.253`.
impl fmt::Display for Addresses<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().enumerate().try_for_each(|(index, address)| {
            let separator = if index == 0 { "" } else { ", " };
            write!(f, "{separator}{address}")
        })
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Addresses<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}
