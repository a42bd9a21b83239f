use std::io;

use thiserror::Error;

/// Why a capture cannot be read, or not further.
#[derive(Debug, Error)]
#[error("offset {offset}, packets read {packets_read}: {kind}")]
pub struct CaptureError {
    /// Where in the file: the beginning of the record or block that cannot be
    /// read; when the source failed, the octet it should have delivered.
    pub offset: u64,
    /// How many packets were handed out before.
    pub packets_read: u64,
    /// What is wrong there.
    pub kind: CaptureErrorKind,
}

/// What is wrong with a capture.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CaptureErrorKind {
    /// The source failed.
    #[error("cannot read on: {0}")]
    Io(#[from] io::Error),

    /// There is not a single octet.
    #[error("the file is empty, expected a pcap or pcapng capture")]
    Empty,

    /// The file is compressed.
    #[error("the file is compressed with {with}, decompress it first")]
    Compressed {
        /// The compressor.
        with: &'static str,
    },

    /// The first four octets are those of no capture format.
    #[error("the file begins with {}, expected a pcap or pcapng capture", hex(*magic))]
    NotACapture {
        /// The first four octets.
        magic: [u8; 4],
    },

    /// The modified pcap of magic number a1b2cd34, whose record header has
    /// variants that cannot be told apart in a stream.
    #[error(
        "the modified pcap format of magic number a1b2cd34 is not supported, convert the file to pcap first"
    )]
    ModifiedPcap,

    /// A version of the format that is not known.
    #[error("version {major}.{minor} of {format} is not supported, expected {expected}")]
    Version {
        /// The format.
        format: &'static str,
        /// The major version.
        major: u16,
        /// The minor version.
        minor: u16,
        /// The versions that are supported.
        expected: &'static str,
    },

    /// The file ends too soon.
    #[error("the file ends inside {inside}: {needed} octets needed, {left} left")]
    Truncated {
        /// What was being read.
        inside: &'static str,
        /// How many octets it takes from the offset.
        needed: usize,
        /// How many there are.
        left: usize,
    },

    /// A packet is longer than captures can hold.
    #[error("the record claims {claimed} octets, the largest accepted is {largest}")]
    RecordLength {
        /// The length it claims.
        claimed: u32,
        /// The largest length accepted.
        largest: u32,
    },

    /// A section does not say which byte order it is in.
    #[error("the section header has byte-order magic {}, expected 1a2b3c4d or 4d3c2b1a", hex(*magic))]
    ByteOrderMagic {
        /// The four octets in that place.
        magic: [u8; 4],
    },

    /// A block has a length it cannot have.
    #[error("the block claims {claimed} octets, expected a multiple of 4 from 12 to {largest}")]
    BlockLength {
        /// The length it claims.
        claimed: u32,
        /// The largest length accepted.
        largest: u32,
    },

    /// A block's two lengths differ.
    #[error("the block has length {leading} at its beginning and {trailing} at its end")]
    BlockTrailer {
        /// The length at the beginning.
        leading: u32,
        /// The length at the end.
        trailing: u32,
    },

    /// A block has no room for what it should hold.
    #[error("the body of {block} has {room} octets, {needed} needed for {inside}")]
    BlockRoom {
        /// The kind of block.
        block: &'static str,
        /// What should be in it.
        inside: &'static str,
        /// How many octets that takes.
        needed: usize,
        /// How many there are.
        room: usize,
    },

    /// A packet names an interface that was not described.
    #[error("the packet is of interface {interface}, the section has described {described} so far")]
    Interface {
        /// The interface it names.
        interface: u32,
        /// How many the section has described, counted from 0.
        described: usize,
    },

    /// A section describes more interfaces than we keep in mind.
    #[error("the section describes more than {largest} interfaces")]
    Interfaces {
        /// How many are accepted.
        largest: usize,
    },

    /// An option of an interface has a length it cannot have.
    #[error("the option {option} has length {length}, expected {expected}")]
    OptionLength {
        /// The option.
        option: &'static str,
        /// Its length.
        length: usize,
        /// The length it should have.
        expected: usize,
    },

    /// The stamps of an interface count units too small for 64 bits.
    #[error("if_tsresol is {base}^-{exponent} seconds, the finest accepted is {base}^-{largest}")]
    StampResolution {
        /// 2 or 10.
        base: u8,
        /// The negated power.
        exponent: u8,
        /// The largest accepted.
        largest: u8,
    },
}

fn hex(magic: [u8; 4]) -> String {
    format!("{:08x}", u32::from_be_bytes(magic))
}
