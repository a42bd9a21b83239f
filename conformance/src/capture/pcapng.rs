//! pcapng (draft-ietf-opsawg-pcapng).

use std::io::Read;
use std::ops::Range;

use super::buffer::Buffer;
use super::byte_order::ByteOrder;
use super::error::CaptureErrorKind;
use super::item::Options;
use super::timestamp::Timestamp;
use super::{LinkType, Record};

/// The first four octets of a file, whatever its byte order.
pub(super) const MAGIC: [u8; 4] = [0x0a, 0x0d, 0x0d, 0x0a];

const SECTION_HEADER: u32 = u32::from_be_bytes(MAGIC);
const INTERFACE_DESCRIPTION: u32 = 1;
const PACKET: u32 = 2;
const SIMPLE_PACKET: u32 = 3;
const INTERFACE_STATISTICS: u32 = 5;
const ENHANCED_PACKET: u32 = 6;

const BYTE_ORDER_MAGIC: u32 = 0x1a2b_3c4d;

/// Type and length, before the body of a block; another length follows it.
const BLOCK_HEADER_LENGTH: usize = 8;
const SHORTEST_BLOCK: usize = 12;
/// As much as libpcap accepts.
const LONGEST_BLOCK: u32 = 16 * 1024 * 1024;

/// Lest memory grow with a file of nothing but interfaces: as many as the
/// 16 bits of the obsolete Packet Block can tell apart.
const MOST_INTERFACES: usize = 65_536;

/// The section being read.
pub(super) struct Section {
    byte_order: ByteOrder,
    interfaces: Vec<Interface>,
}

/// A block whose lengths have been checked.
struct Block<'a> {
    kind: u32,
    byte_order: ByteOrder,
    length: usize,
    body: &'a [u8],
}

/// A block that means something, found at the front of the buffer.
pub(super) struct Found {
    /// Of the block.
    pub(super) length: usize,
    pub(super) what: What,
    /// Where in the block its options are.
    pub(super) options: Range<usize>,
    pub(super) byte_order: ByteOrder,
}

pub(super) enum What {
    Section,
    Interface { number: usize, link_type: LinkType },
    Packet(Record),
    Statistics { interface: u32, time: Timestamp },
}

impl Section {
    /// Reads the section header a file begins with, and leaves it there: it is met once more as the first block.
    pub(super) fn open<R: Read>(buffer: &mut Buffer<R>) -> Result<Self, CaptureErrorKind> {
        // The header itself says which byte order holds.
        let block = next_block(buffer, ByteOrder::Little)?.ok_or(CaptureErrorKind::Empty)?;
        Self::read(&block)
    }

    /// Its length, which a writer may not have known, is not needed: the next
    /// section header ends a section.
    fn read(block: &Block<'_>) -> Result<Self, CaptureErrorKind> {
        let fixed = block.fixed::<16>()?;
        let byte_order = block.byte_order;
        let (major, minor) = (byte_order.u16(fixed, 4), byte_order.u16(fixed, 6));
        // Some writers say 1.2 and mean 1.0.
        if major != 1 || !matches!(minor, 0 | 2) {
            let (format, expected) = ("pcapng", "1.0 or 1.2");
            return Err(CaptureErrorKind::Version { format, major, minor, expected });
        }
        Ok(Self { byte_order, interfaces: Vec::new() })
    }

    /// Takes blocks until one with a packet is at the front of the buffer.
    #[inline]
    pub(super) fn next_record<R: Read>(
        &mut self,
        buffer: &mut Buffer<R>,
    ) -> Result<Option<Record>, CaptureErrorKind> {
        while let Some(block) = next_block(buffer, self.byte_order)? {
            match block.kind {
                ENHANCED_PACKET | PACKET => return self.packet(&block).map(Some),
                SIMPLE_PACKET => return self.simple_packet(&block).map(Some),
                SECTION_HEADER => *self = Self::read(&block)?,
                INTERFACE_DESCRIPTION => {
                    self.describe(&block)?;
                }
                // Names, statistics, secrets and what else there is.
                _ => {}
            }
            let length = block.length;
            buffer.take(length);
        }
        Ok(None)
    }

    /// Takes blocks that mean nothing here until one that does is at the front of the buffer. The fast way to the
    /// packets alone is [`Self::next_record`].
    pub(super) fn next_found<R: Read>(
        &mut self,
        buffer: &mut Buffer<R>,
    ) -> Result<Option<Found>, CaptureErrorKind> {
        while let Some(block) = next_block(buffer, self.byte_order)? {
            let (what, fixed) = match block.kind {
                SECTION_HEADER => {
                    *self = Self::read(&block)?;
                    (What::Section, 16)
                }
                INTERFACE_DESCRIPTION => {
                    let number = self.interfaces.len();
                    let link_type = self.describe(&block)?;
                    (What::Interface { number, link_type }, 8)
                }
                ENHANCED_PACKET | PACKET => {
                    let captured = self.byte_order.u32(block.fixed::<20>()?, 12) as usize;
                    (What::Packet(self.packet(&block)?), (20 + captured).next_multiple_of(4))
                }
                // It has no options.
                SIMPLE_PACKET => (What::Packet(self.simple_packet(&block)?), block.body.len()),
                INTERFACE_STATISTICS => (self.statistics(&block)?, 12),
                _ => {
                    let length = block.length;
                    buffer.take(length);
                    continue;
                }
            };
            let byte_order = block.byte_order;
            let options = block.body.get(fixed..).unwrap_or_default();
            Options::new(options, byte_order)
                .check()
                .map_err(|overlong| block.no_room("its options", fixed + overlong.end))?;
            let end = BLOCK_HEADER_LENGTH + block.body.len();
            let options = end - options.len()..end;
            return Ok(Some(Found { length: block.length, what, options, byte_order }));
        }
        Ok(None)
    }

    fn statistics(&self, block: &Block<'_>) -> Result<What, CaptureErrorKind> {
        let fixed = block.fixed::<12>()?;
        let field = |at| self.byte_order.u32(fixed, at);
        let number = field(0);
        Ok(What::Statistics { interface: number, time: self.interface(number)?.time(field(4), field(8)) })
    }

    /// The Enhanced Packet Block and its obsolete forerunner, which differ in
    /// the first field: an interface, or half of it and a count of drops.
    #[inline]
    fn packet(&self, block: &Block<'_>) -> Result<Record, CaptureErrorKind> {
        const FIXED: usize = 20;
        let fixed = block.fixed::<FIXED>()?;
        let field = |at| self.byte_order.u32(fixed, at);
        let number = match block.kind {
            PACKET => u32::from(self.byte_order.u16(fixed, 0)),
            _ => field(0),
        };
        let interface = self.interface(number)?;
        Ok(Record {
            time: Some(interface.time(field(4), field(8))),
            ..interface.record(block, number, FIXED, field(12), field(16))?
        })
    }

    /// The Simple Packet Block, always of the first interface. It leaves out
    /// the captured length: whatever the interface lets through.
    fn simple_packet(&self, block: &Block<'_>) -> Result<Record, CaptureErrorKind> {
        const FIXED: usize = 4;
        let original = self.byte_order.u32(block.fixed::<FIXED>()?, 0);
        let interface = self.interface(0)?;
        interface.record(block, 0, FIXED, original.min(interface.snapshot_length), original)
    }

    #[inline]
    fn interface(&self, number: u32) -> Result<&Interface, CaptureErrorKind> {
        self.interfaces
            .get(number as usize)
            .ok_or(CaptureErrorKind::Interface { interface: number, described: self.interfaces.len() })
    }

    fn describe(&mut self, block: &Block<'_>) -> Result<LinkType, CaptureErrorKind> {
        if self.interfaces.len() == MOST_INTERFACES {
            return Err(CaptureErrorKind::Interfaces { largest: MOST_INTERFACES });
        }
        let interface = Interface::read(block)?;
        let link_type = interface.link_type;
        self.interfaces.push(interface);
        Ok(link_type)
    }
}

/// The block at the front of the buffer, left there.
#[inline]
fn next_block<R: Read>(
    buffer: &mut Buffer<R>,
    byte_order: ByteOrder,
) -> Result<Option<Block<'_>>, CaptureErrorKind> {
    let Some(start) = buffer.peek_array::<SHORTEST_BLOCK>("a block")? else {
        return Ok(None);
    };
    let byte_order = if start.starts_with(&MAGIC) { section_byte_order(&start)? } else { byte_order };
    let (kind, leading) = (byte_order.u32(&start, 0), byte_order.u32(&start, 4));
    let length = leading as usize;
    if length < SHORTEST_BLOCK || length % 4 != 0 || leading > LONGEST_BLOCK {
        return Err(CaptureErrorKind::BlockLength { claimed: leading, largest: LONGEST_BLOCK });
    }
    let Some(octets) = buffer.peek(length, block_name(kind))? else {
        return Ok(None);
    };
    let trailing = byte_order.u32(octets, length - 4);
    if trailing != leading {
        return Err(CaptureErrorKind::BlockTrailer { leading, trailing });
    }
    let body = &octets[BLOCK_HEADER_LENGTH..length - 4];
    Ok(Some(Block { kind, byte_order, length, body }))
}

fn section_byte_order(start: &[u8; SHORTEST_BLOCK]) -> Result<ByteOrder, CaptureErrorKind> {
    [ByteOrder::Little, ByteOrder::Big]
        .into_iter()
        .find(|byte_order| byte_order.u32(start, BLOCK_HEADER_LENGTH) == BYTE_ORDER_MAGIC)
        .ok_or(CaptureErrorKind::ByteOrderMagic { magic: [start[8], start[9], start[10], start[11]] })
}

fn block_name(kind: u32) -> &'static str {
    match kind {
        SECTION_HEADER => "a Section Header Block",
        INTERFACE_DESCRIPTION => "an Interface Description Block",
        PACKET => "a Packet Block",
        SIMPLE_PACKET => "a Simple Packet Block",
        INTERFACE_STATISTICS => "an Interface Statistics Block",
        ENHANCED_PACKET => "an Enhanced Packet Block",
        _ => "a block",
    }
}

impl Block<'_> {
    /// The fields every block of this kind begins with.
    #[inline]
    fn fixed<const N: usize>(&self) -> Result<&[u8; N], CaptureErrorKind> {
        self.body.first_chunk().ok_or_else(|| self.no_room("its fixed fields", N))
    }

    #[cold]
    fn no_room(&self, inside: &'static str, needed: usize) -> CaptureErrorKind {
        CaptureErrorKind::BlockRoom { block: block_name(self.kind), inside, needed, room: self.body.len() }
    }
}

/// What an Interface Description Block says of an interface.
struct Interface {
    link_type: LinkType,
    /// No packet is handed out longer than this.
    snapshot_length: u32,
    units_per_second: u64,
    /// In seconds, to be added to each stamp.
    stamp_offset: i64,
    fcs_length: u8,
}

impl Interface {
    fn read(block: &Block<'_>) -> Result<Self, CaptureErrorKind> {
        const FIXED: usize = 8;
        let fixed = block.fixed::<FIXED>()?;
        let mut interface = Self {
            link_type: LinkType(block.byte_order.u16(fixed, 0)),
            snapshot_length: match block.byte_order.u32(fixed, 4) {
                0 => u32::MAX,
                length => length,
            },
            units_per_second: 1_000_000,
            stamp_offset: 0,
            fcs_length: 0,
        };
        interface.read_options(block, &block.body[FIXED..])?;
        Ok(interface)
    }

    fn read_options(&mut self, block: &Block<'_>, mut options: &[u8]) -> Result<(), CaptureErrorKind> {
        const END: u16 = 0;
        const STAMP_RESOLUTION: u16 = 9;
        const FCS_LENGTH: u16 = 13;
        const STAMP_OFFSET: u16 = 14;
        while let Some((head, rest)) = options.split_first_chunk::<4>() {
            let (code, length) = (block.byte_order.u16(head, 0), block.byte_order.u16(head, 2));
            let length = usize::from(length);
            let Some(value) = rest.get(..length) else {
                return Err(block.no_room("its options", block.body.len() - rest.len() + length));
            };
            match code {
                END => break,
                STAMP_RESOLUTION => {
                    self.units_per_second = units_per_second(exactly::<1>("if_tsresol", value)?[0])?;
                }
                FCS_LENGTH => self.fcs_length = fcs_length(exactly::<1>("if_fcslen", value)?[0]),
                STAMP_OFFSET => self.stamp_offset = block.byte_order.i64(exactly("if_tsoffset", value)?),
                _ => {}
            }
            options = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        }
        Ok(())
    }

    /// The two halves of a stamp.
    #[inline]
    fn time(&self, high: u32, low: u32) -> Timestamp {
        let count = u64::from(high) << 32 | u64::from(low);
        Timestamp::from_units(count, self.units_per_second, self.stamp_offset)
    }

    /// The packet that begins `fixed` octets into the body of its block; the
    /// caller adds the time.
    #[inline]
    fn record(
        &self,
        block: &Block<'_>,
        number: u32,
        fixed: usize,
        captured: u32,
        original_length: u32,
    ) -> Result<Record, CaptureErrorKind> {
        if captured as usize > block.body.len() - fixed {
            return Err(block.no_room("its packet", fixed.saturating_add(captured as usize)));
        }
        let start = BLOCK_HEADER_LENGTH + fixed;
        let cut = captured.min(self.snapshot_length) as usize;
        Ok(Record {
            length: block.length,
            octets: start..start + cut,
            time: None,
            link_type: self.link_type,
            interface: number,
            original_length,
            fcs_length: self.fcs_length,
        })
    }
}

/// The value of an option that has but one length.
fn exactly<const N: usize>(option: &'static str, value: &[u8]) -> Result<[u8; N], CaptureErrorKind> {
    value.try_into().map_err(|_| CaptureErrorKind::OptionLength { option, length: value.len(), expected: N })
}

/// if_fcslen, in octets. It counts bits, but earlier drafts gave 4 as the example: what is less than an octet in bits
/// is meant in octets.
const fn fcs_length(stated: u8) -> u8 {
    if stated < 8 { stated } else { stated / 8 }
}

/// if_tsresol: a negative power of 2 if the uppermost bit is set, else of 10.
fn units_per_second(resolution: u8) -> Result<u64, CaptureErrorKind> {
    let (base, largest) = if resolution & 0x80 == 0 { (10, 19) } else { (2, 63) };
    let exponent = resolution & 0x7f;
    u64::from(base).checked_pow(u32::from(exponent)).ok_or(CaptureErrorKind::StampResolution {
        base,
        exponent,
        largest,
    })
}
