//! CARP version 2 (OpenBSD, FreeBSD): not VRRP, but with its protocol number, group address and first octet.

use core::fmt;

use super::ChecksumStatus;
use crate::checksum::internet_checksum;
use crate::error::{Error, Layer};
use crate::field::wire;
use crate::primitives::{chunk, room, run};

wire! {
    /// A CARP advertisement as a value. See [`CarpRef`] for the drawing.
    pub struct Carp: 36 octets, view CarpRef {
        /// Version 2 in the high, type 1 in the low half.
        0 version_and_type: u8,
        /// Virtual host id.
        1 vhid: u8,
        /// Advertisement skew, in 1/256 s.
        2 advskew: u8,
        /// Length of what is authenticated, in 32-bit words: 7.
        3 authlen: u8,
        /// Demotion counter.
        4 demotion: u8,
        /// Advertisement base interval, in seconds.
        5 advbase: u8,
        /// Internet checksum over the message.
        6 checksum: u16,
        /// Replay counter.
        8 counter: u64,
        /// HMAC-SHA1; not verified here.
        16 hmac: [u8; 20],
    }
}

impl Carp {
    /// Writes the 36 octets as they are and returns their number.
    ///
    /// # Errors
    /// [`NoRoom`](crate::ErrorKind::NoRoom) if `out` is shorter.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (octets, _) = room::<36>(Layer::Carp, out)?;
        self.write_octets(octets);
        Ok(Self::LEN)
    }
}

/// A CARP advertisement on the wire, decoded so that nobody takes it for VRRPv2.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+---------------+---------------+
/// |Version| Type  |     VHID      |    Advskew    |   Authlen 7   |
/// +-------+-------+---------------+---------------+---------------+
/// |   Demotion    |    Advbase    |           Checksum            |
/// +---------------+---------------+-------------------------------+
/// |                          Counter (8)                          |
/// +---------------------------------------------------------------+
/// |                         HMAC-SHA1 (20)                        |
/// +---------------------------------------------------------------+
/// ```
///
/// Checked: the length. Not checked: the checksum, which is a [verdict](CarpRef::checksum_status); everything else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CarpRef<'a> {
    fixed: &'a [u8; 36],
}

/// In CARP octet 3 is the authentication length, always 7, and the message has 36 octets. A VRRPv2 message with seven
/// addresses has 44. One with seven that leaves its authentication data out would have 36 and be taken for CARP; that
/// form is not valid (RFC 3768 section 7.1), and only hand-made senders are known to use it.
#[inline(always)]
pub(super) fn looks_like(octets: &[u8]) -> bool {
    octets.len() == Carp::LEN && octets[0] == 0x21 && octets[3] == 7
}

impl<'a> CarpRef<'a> {
    /// Reads an advertisement; returns it and the octets after it.
    ///
    /// # Errors
    /// Truncated.
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        let (fixed, rest) = run(Layer::Carp, octets, chunk::<36>)?;
        Ok((Self { fixed }, rest))
    }

    /// All octets of the message.
    pub const fn octets(&self) -> &'a [u8] {
        self.fixed
    }

    /// The verdict on the checksum, over the whole message.
    pub fn checksum_status(&self) -> ChecksumStatus {
        match internet_checksum(self.fixed) {
            0 => ChecksumStatus::Valid,
            _ => ChecksumStatus::Invalid,
        }
    }

    /// The fields as a value.
    pub fn to_value(&self) -> Carp {
        Carp::from_octets(self.fixed)
    }
}

/// `CARP vhid 1 advbase 1 advskew 0`.
impl fmt::Display for CarpRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CARP vhid {} advbase {} advskew {}", self.vhid(), self.advbase(), self.advskew())
    }
}

impl fmt::Debug for CarpRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CarpRef").field(&self.to_value()).finish()
    }
}
