//! Reading capture files as streams.
//!
//! [`CaptureReader`] reads pcap (draft-ietf-opsawg-pcap) and pcapng
//! (draft-ietf-opsawg-pcapng) from anything that implements [`Read`], front to
//! back and without seeking, so a pipe serves as well as a file. Packets are
//! lent out of one internal buffer: nothing is allocated or copied for a
//! packet, and memory does not depend on the length of the file.
//!
//! ```
//! use redspec::capture::CaptureReader;
//!
//! # fn main() -> Result<(), redspec::capture::CaptureError> {
//! # let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
//! # let source = &header[..];
//! let mut capture = CaptureReader::new(source)?;
//! while let Some(packet) = capture.next_packet()? {
//!     println!("{} {} octets", packet.number, packet.octets.len());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`CaptureReader::next_item`] yields what else a pcapng file says: comments, directions, interface statistics.
//!
//! # Why not a library
//!
//! pcap-parser 0.17 was weighed and does not serve. Its readers lose the I/O
//! error, give up on `Interrupted` and on a source that delivers its header in
//! pieces, and never say where in the file they are. Its block parsers allocate
//! per packet with options, cannot tell a length that lies from a file that
//! ends, leave out the obsolete Packet Block and most checks of the trailing
//! length, and read `if_tsoffset` as little-endian in big-endian sections.
//! What remained to be used of it is a handful of integers.

mod buffer;
mod byte_order;
mod error;
mod item;
pub mod link;
mod link_type;
mod pcap;
mod pcapng;
mod timestamp;

use std::fmt;
use std::io::Read;
use std::ops::Range;

use thiserror::Error;

pub use byte_order::ByteOrder;
pub use error::{CaptureError, CaptureErrorKind};
pub use item::{Item, Options};
pub use link_type::LinkType;
pub use timestamp::{Resolution, Timestamp};

use buffer::Buffer;
use pcapng::{Found, What};

/// The format of a capture file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// pcap, the older format: one link type and one byte order for the file.
    Pcap {
        /// The byte order of its header and records.
        byte_order: ByteOrder,
        /// What its stamps count below the second.
        resolution: Resolution,
    },
    /// pcapng: byte order, link type and resolution vary inside the file.
    Pcapng,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pcap { byte_order, resolution } => write!(f, "pcap, {byte_order}, {resolution}"),
            Self::Pcapng => f.write_str("pcapng"),
        }
    }
}

/// One packet, lent by [`CaptureReader::next_packet`] until the next call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// Counts from 1 over the whole file, as other tools number frames.
    pub number: u64,
    /// When it was captured; pcapng's Simple Packet Block does not say.
    pub time: Option<Timestamp>,
    /// What its first header is.
    pub link_type: LinkType,
    /// The interface it was seen on, counted from 0 in its pcapng section; 0 in pcap.
    pub interface: u32,
    /// What was captured of it, never more than the snapshot length of the
    /// file or interface: libpcap cuts there, and so do we.
    pub octets: &'a [u8],
    /// Its length on the wire. Files lie: it may be less than `octets.len()`.
    pub original_length: u32,
    /// Octets of the frame check sequence at its end, as far as the file says so; `octets` has them.
    pub fcs_length: u8,
    /// Where its record or block begins in the file.
    pub file_offset: u64,
}

/// The capture holds a packet only in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("captured only in part: {captured} of {original} octets")]
pub struct Partial {
    /// Octets that were captured.
    pub captured: usize,
    /// Octets on the wire.
    pub original: u32,
}

impl<'a> Packet<'a> {
    /// How much of the packet was captured, if not all.
    pub fn partial(&self) -> Option<Partial> {
        let (captured, original) = (self.octets.len(), self.original_length);
        (captured < original as usize).then_some(Partial { captured, original })
    }

    /// The octets before the frame check sequence. A packet that is not there to its end has none.
    #[inline]
    pub fn without_check_sequence(&self) -> &'a [u8] {
        let length = self.octets.len();
        let check_sequence =
            if length == self.original_length as usize { usize::from(self.fcs_length) } else { 0 };
        &self.octets[..length.saturating_sub(check_sequence)]
    }
}

/// Reads the packets of a pcap or pcapng file, one at a time.
pub struct CaptureReader<R> {
    buffer: Buffer<R>,
    container: Container,
    packets_read: u64,
}

/// What is known of the file besides its packets.
enum Container {
    Pcap(pcap::Header),
    Pcapng(pcapng::Section),
}

/// A packet found at the front of the buffer.
struct Record {
    /// Of the whole record or block.
    length: usize,
    /// Where in the record the octets of the packet are.
    octets: Range<usize>,
    time: Option<Timestamp>,
    link_type: LinkType,
    interface: u32,
    original_length: u32,
    fcs_length: u8,
}

impl<R: Read> CaptureReader<R> {
    /// Recognises the format and reads its header.
    ///
    /// # Errors
    ///
    /// The source is empty, compressed, not a capture, ends inside the header,
    /// or cannot be read.
    pub fn new(source: R) -> Result<Self, CaptureError> {
        let mut buffer = Buffer::new(source);
        match Container::open(&mut buffer) {
            Ok(container) => Ok(Self { buffer, container, packets_read: 0 }),
            Err(kind) => Err(buffer.error(kind, 0)),
        }
    }

    /// The next packet; `None` when the file ends where a packet might begin.
    ///
    /// # Errors
    ///
    /// The file is cut short or damaged, or the source cannot be read. Every
    /// packet before that place has been handed out. A further call takes up
    /// at the same place, which helps only if the source has recovered.
    #[inline]
    pub fn next_packet(&mut self) -> Result<Option<Packet<'_>>, CaptureError> {
        let found = match &mut self.container {
            Container::Pcap(header) => header.next_record(&mut self.buffer),
            Container::Pcapng(section) => section.next_record(&mut self.buffer),
        };
        let record = match found {
            Ok(Some(record)) => record,
            Ok(None) => return Ok(None),
            Err(kind) => return Err(self.buffer.error(kind, self.packets_read)),
        };
        self.packets_read += 1;
        let file_offset = self.buffer.offset();
        let block = self.buffer.take(record.length);
        Ok(Some(record.lend(block, self.packets_read, file_offset)))
    }

    /// The next packet, or what a pcapng file says besides: sections, interfaces, statistics, and for each its
    /// options. Both ways may be mixed: what [`Self::next_packet`] passes over is gone.
    ///
    /// # Errors
    ///
    /// As [`Self::next_packet`]; besides, the options of a block do not fit into it.
    pub fn next_item(&mut self) -> Result<Option<Item<'_>>, CaptureError> {
        let found = match &mut self.container {
            Container::Pcap(header) => header.next_record(&mut self.buffer).map(|record| {
                record.map(|record| Found {
                    length: record.length,
                    options: 0..0,
                    byte_order: ByteOrder::Little,
                    what: What::Packet(record),
                })
            }),
            Container::Pcapng(section) => section.next_found(&mut self.buffer),
        };
        let Found { length, what, options, byte_order } = match found {
            Ok(Some(found)) => found,
            Ok(None) => return Ok(None),
            Err(kind) => return Err(self.buffer.error(kind, self.packets_read)),
        };
        let file_offset = self.buffer.offset();
        let block = self.buffer.take(length);
        let options = Options::new(&block[options], byte_order);
        Ok(Some(match what {
            What::Section => Item::Section(options),
            What::Interface { number, link_type } => Item::Interface { number, link_type, options },
            What::Statistics { interface, time } => Item::Statistics { interface, time, options },
            What::Packet(record) => {
                self.packets_read += 1;
                Item::Packet(record.lend(block, self.packets_read, file_offset), options)
            }
        }))
    }
}

impl Record {
    #[inline]
    fn lend(self, record: &[u8], number: u64, file_offset: u64) -> Packet<'_> {
        Packet {
            number,
            time: self.time,
            link_type: self.link_type,
            interface: self.interface,
            octets: &record[self.octets],
            original_length: self.original_length,
            fcs_length: self.fcs_length,
            file_offset,
        }
    }
}

impl<R> CaptureReader<R> {
    /// The format the file was recognised as.
    pub fn format(&self) -> Format {
        match &self.container {
            Container::Pcap(header) => header.format(),
            Container::Pcapng(_) => Format::Pcapng,
        }
    }

    /// How many octets the internal buffer holds room for.
    ///
    /// It starts at 128 KiB and grows with the largest record met, never
    /// beyond 16 MiB.
    pub fn buffer_size(&self) -> usize {
        self.buffer.size()
    }
}

impl<R> fmt::Debug for CaptureReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaptureReader")
            .field("format", &self.format())
            .field("packets_read", &self.packets_read)
            .finish_non_exhaustive()
    }
}

impl Container {
    fn open<R: Read>(buffer: &mut Buffer<R>) -> Result<Self, CaptureErrorKind> {
        let magic = buffer.peek_array("the magic number of a capture")?.ok_or(CaptureErrorKind::Empty)?;
        if magic == pcapng::MAGIC {
            return pcapng::Section::open(buffer).map(Self::Pcapng);
        }
        if let Some(format) = pcap::recognise(magic)? {
            return pcap::Header::read(buffer, format).map(Self::Pcap);
        }
        Err(match magic {
            [0x1f, 0x8b, ..] => CaptureErrorKind::Compressed { with: "gzip" },
            [0x28, 0xb5, 0x2f, 0xfd] => CaptureErrorKind::Compressed { with: "zstd" },
            [0xfd, b'7', b'z', b'X'] => CaptureErrorKind::Compressed { with: "xz" },
            _ => CaptureErrorKind::NotACapture { magic },
        })
    }
}
