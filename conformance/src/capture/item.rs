//! What a capture holds besides the octets of its packets, for those who want it:
//! [`CaptureReader::next_item`](super::CaptureReader::next_item).

use std::borrow::Cow;

use super::byte_order::ByteOrder;
use super::{LinkType, Packet, Timestamp};

/// One thing in a capture, lent until the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item<'a> {
    /// A section of a pcapng file begins; interfaces are counted from 0 again.
    Section(Options<'a>),
    /// An interface is described.
    Interface {
        /// Counted from 0 in its section.
        number: usize,
        /// Of its packets.
        link_type: LinkType,
        /// Its name, and what else is said of it.
        options: Options<'a>,
    },
    /// A packet, and what is said of it.
    Packet(Packet<'a>, Options<'a>),
    /// What an interface counted until then.
    Statistics {
        /// Counted from 0 in the section.
        interface: u32,
        /// When the counts were read.
        time: Timestamp,
        /// The counts.
        options: Options<'a>,
    },
}

/// Options of a pcapng block: `(code, value)` in the order of the file. Packets of pcap have none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options<'a> {
    octets: &'a [u8],
    byte_order: ByteOrder,
}

/// An option claims more octets than are left in its block.
pub(super) struct Overlong {
    /// Counted from the first octet of the options.
    pub(super) end: usize,
}

const END: u16 = 0;

impl<'a> Options<'a> {
    pub(super) fn new(octets: &'a [u8], byte_order: ByteOrder) -> Self {
        Self { octets, byte_order }
    }

    /// Every option lies within its block.
    pub(super) fn check(mut self) -> Result<(), Overlong> {
        let length = self.octets.len();
        while let Some(step) = self.step() {
            step.map_err(|overlong| Overlong { end: length - self.octets.len() + overlong.end })?;
        }
        Ok(())
    }

    /// The next option, if another one is there. What is left stays as it was if that fails.
    fn step(&mut self) -> Option<Result<(u16, &'a [u8]), Overlong>> {
        let (head, rest) = self.octets.split_first_chunk::<4>()?;
        let (code, length) = (self.byte_order.u16(head, 0), usize::from(self.byte_order.u16(head, 2)));
        if code == END {
            return None;
        }
        let Some(value) = rest.get(..length) else {
            return Some(Err(Overlong { end: 4 + length }));
        };
        self.octets = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some(Ok((code, value)))
    }

    /// One by one.
    pub fn iter(mut self) -> impl Iterator<Item = (u16, &'a [u8])> {
        std::iter::from_fn(move || self.step()?.ok())
    }

    /// The value of the first option with that code.
    pub fn find(self, wanted: u16) -> Option<&'a [u8]> {
        self.iter().find_map(|(code, value)| (code == wanted).then_some(value))
    }

    /// Its opt_comment options. They should be UTF-8; what is not becomes U+FFFD.
    pub fn comments(self) -> impl Iterator<Item = Cow<'a, str>> {
        const COMMENT: u16 = 1;
        self.iter().filter(|(code, _)| *code == COMMENT).map(|(_, value)| String::from_utf8_lossy(value))
    }

    /// An option of four octets as a number; `None` if it has another length.
    pub fn u32(self, code: u16) -> Option<u32> {
        let octets: &[u8; 4] = self.find(code)?.try_into().ok()?;
        Some(self.byte_order.u32(octets, 0))
    }

    /// An option of eight octets as a number; `None` if it has another length.
    pub fn u64(self, code: u16) -> Option<u64> {
        let octets: [u8; 8] = self.find(code)?.try_into().ok()?;
        Some(self.byte_order.u64(octets))
    }
}
