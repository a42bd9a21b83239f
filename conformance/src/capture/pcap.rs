//! pcap (draft-ietf-opsawg-pcap).

use std::io::Read;

use super::buffer::Buffer;
use super::byte_order::ByteOrder;
use super::error::CaptureErrorKind;
use super::timestamp::{Resolution, Timestamp};
use super::{Format, LinkType, Record};

const HEADER_LENGTH: usize = 24;
const RECORD_HEADER_LENGTH: usize = 16;

/// libpcap's MAXIMUM_SNAPLEN. It accepts more for three link types (D-Bus,
/// USBPcap, EBHSCR), under which none of our protocols travels.
const LARGEST_CAPTURED: u32 = 262_144;

/// What a file with this magic number is, if it is pcap.
pub(super) fn recognise(magic: [u8; 4]) -> Result<Option<(ByteOrder, Resolution)>, CaptureErrorKind> {
    const MODIFIED: u32 = 0xa1b2_cd34;
    for (byte_order, magic) in
        [(ByteOrder::Little, u32::from_le_bytes(magic)), (ByteOrder::Big, u32::from_be_bytes(magic))]
    {
        match magic {
            0xa1b2_c3d4 => return Ok(Some((byte_order, Resolution::Microseconds))),
            0xa1b2_3c4d => return Ok(Some((byte_order, Resolution::Nanoseconds))),
            MODIFIED => return Err(CaptureErrorKind::ModifiedPcap),
            _ => {}
        }
    }
    Ok(None)
}

/// The uppermost four bits of the link type's field: octets of the frame check sequence, in pairs, if the bit says
/// that they mean it.
fn fcs_length(network: u32) -> u8 {
    const STATED: u32 = 1 << 26;
    if network & STATED == 0 { 0 } else { (network >> 28) as u8 * 2 }
}

/// The header of a file, and with it how to read the records.
pub(super) struct Header {
    byte_order: ByteOrder,
    resolution: Resolution,
    minor_version: u16,
    /// No packet is handed out longer than this.
    snapshot_length: u32,
    link_type: LinkType,
    fcs_length: u8,
}

impl Header {
    pub(super) fn read<R: Read>(
        buffer: &mut Buffer<R>,
        (byte_order, resolution): (ByteOrder, Resolution),
    ) -> Result<Self, CaptureErrorKind> {
        let header: [u8; HEADER_LENGTH] =
            buffer.peek_array("the header of a pcap file")?.ok_or(CaptureErrorKind::Empty)?;
        let (major, minor) = (byte_order.u16(&header, 4), byte_order.u16(&header, 6));
        if major != 2 || minor > 4 {
            let (format, expected) = ("pcap", "2.0 to 2.4");
            return Err(CaptureErrorKind::Version { format, major, minor, expected });
        }
        buffer.take(HEADER_LENGTH);
        let network = byte_order.u32(&header, 20);
        Ok(Self {
            byte_order,
            resolution,
            minor_version: minor,
            snapshot_length: match byte_order.u32(&header, 16) {
                // libpcap has it that a writer of 0 meant no limit.
                0 => u32::MAX,
                length => length,
            },
            link_type: LinkType((network & 0xffff) as u16),
            fcs_length: fcs_length(network),
        })
    }

    pub(super) fn format(&self) -> Format {
        Format::Pcap { byte_order: self.byte_order, resolution: self.resolution }
    }

    /// Reads the record at the front of the buffer, and leaves it there.
    #[inline]
    pub(super) fn next_record<R: Read>(
        &self,
        buffer: &mut Buffer<R>,
    ) -> Result<Option<Record>, CaptureErrorKind> {
        let Some(header) = buffer.peek_array::<RECORD_HEADER_LENGTH>("the header of a record")? else {
            return Ok(None);
        };
        let field = |at| self.byte_order.u32(&header, at);
        let (captured, original_length) = self.lengths(field(8), field(12));
        if captured > LARGEST_CAPTURED {
            return Err(CaptureErrorKind::RecordLength { claimed: captured, largest: LARGEST_CAPTURED });
        }
        let length = RECORD_HEADER_LENGTH + captured as usize;
        buffer.peek(length, "a record")?;
        let cut = captured.min(self.snapshot_length) as usize;
        Ok(Some(Record {
            length,
            octets: RECORD_HEADER_LENGTH..RECORD_HEADER_LENGTH + cut,
            time: Some(Timestamp::from_parts(field(0), field(4), self.resolution)),
            link_type: self.link_type,
            interface: 0,
            original_length,
            fcs_length: self.fcs_length,
        }))
    }

    /// The captured and the original length, which versions before 2.3 have
    /// the other way round, and version 2.3 in either.
    #[inline]
    fn lengths(&self, first: u32, second: u32) -> (u32, u32) {
        match self.minor_version {
            4 => (first, second),
            3 => (first.min(second), first.max(second)),
            _ => (second, first),
        }
    }
}
