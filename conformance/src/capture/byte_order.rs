use std::fmt;

/// The byte order of a file or section.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ByteOrder {
    /// The least significant octet comes first.
    Little,
    /// The most significant octet comes first.
    Big,
}

impl ByteOrder {
    /// The integer at `octets[at..at + 2]`, which must exist; so below.
    #[inline]
    pub(super) fn u16(self, octets: &[u8], at: usize) -> u16 {
        let field = [octets[at], octets[at + 1]];
        match self {
            Self::Little => u16::from_le_bytes(field),
            Self::Big => u16::from_be_bytes(field),
        }
    }

    #[inline]
    pub(super) fn u32(self, octets: &[u8], at: usize) -> u32 {
        let field = [octets[at], octets[at + 1], octets[at + 2], octets[at + 3]];
        match self {
            Self::Little => u32::from_le_bytes(field),
            Self::Big => u32::from_be_bytes(field),
        }
    }

    pub(super) fn u64(self, field: [u8; 8]) -> u64 {
        match self {
            Self::Little => u64::from_le_bytes(field),
            Self::Big => u64::from_be_bytes(field),
        }
    }

    pub(super) fn i64(self, field: [u8; 8]) -> i64 {
        match self {
            Self::Little => i64::from_le_bytes(field),
            Self::Big => i64::from_be_bytes(field),
        }
    }
}

impl fmt::Display for ByteOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Little => "little-endian",
            Self::Big => "big-endian",
        })
    }
}
