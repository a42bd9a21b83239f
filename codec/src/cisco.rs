//! The MD5 authentication TLV that Cisco appends to HSRPv1 and to VRRPv2 and uses inside HSRPv2.
//!
//! No public standard defines it; layout and digest are confirmed by captures of IOS devices.

use core::fmt;
use core::net::Ipv4Addr;

use crate::error::{Error, Layer};
use crate::field::{Field, open_enum, wire};
use crate::primitives::{chunk, room, run};
use crate::rule::Auditor;
use crate::tlv::RawTlv;

open_enum! {
    /// The type octet in front of the TLV: it depends on the protocol.
    pub enum Md5TlvType(u8) {
        /// In HSRPv1 and HSRPv2.
        HSRP = 0x04 => "HSRP MD5",
        /// In VRRPv2 with authentication type 254.
        VRRP = 0xfe => "VRRP MD5",
    }
}

wire! {
    /// MD5 authentication TLV.
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    /// +---------------+---------------+---------------+---------------+
    /// |     Type      |   Length 28   |  Algorithm 1  |    Padding    |
    /// +---------------+---------------+---------------+---------------+
    /// |             Flags             |         Sender address        |
    /// +-------------------------------+-------------------------------+
    /// |      Sender address, low      |             Key id            |
    /// +-------------------------------+-------------------------------+
    /// |         Key id, low           |                               |
    /// +-------------------------------+                               +
    /// |                         Digest (16)                           |
    /// +                               +-------------------------------+
    /// |                               |
    /// +-------------------------------+
    /// ```
    ///
    /// The length counts what follows it. Nothing is checked when it is read.
    pub struct Md5Authentication: 30 octets {
        /// Type: 4 in HSRP, 0xfe in VRRP.
        0 tlv_type: Md5TlvType,
        /// Length: 28.
        1 length: u8,
        /// Algorithm: 1 is MD5.
        2 algorithm: u8,
        /// Padding, seen zero.
        3 padding: u8,
        /// Flags, seen zero.
        4 flags: u16,
        /// IPv4 address of the sender.
        6 sender: Ipv4Addr,
        /// Key id of a key chain; 0 for a key string.
        10 key_id: u32,
        /// MD5 digest.
        14 digest: [u8; 16],
    }
}

impl Md5Authentication {
    /// Offset of the digest in the TLV.
    pub const DIGEST_AT: usize = 14;

    /// A TLV with the digest still zero.
    pub const fn new(tlv_type: Md5TlvType, sender: Ipv4Addr, key_id: u32) -> Self {
        Self { tlv_type, length: 28, algorithm: 1, padding: 0, flags: 0, sender, key_id, digest: [0; 16] }
    }

    /// Reads the TLV; returns it and the octets after it.
    ///
    /// # Errors
    /// Truncated.
    pub fn parse(octets: &[u8]) -> Result<(Self, &[u8]), Error> {
        let (block, rest) = run(Layer::Md5, octets, chunk::<30>)?;
        Ok((Self::from_octets(block), rest))
    }

    /// The TLV made of an item with 28 octets; `None` for another length.
    pub(crate) fn from_value(raw: RawTlv<'_>) -> Option<Self> {
        let value: &[u8; 28] = raw.value.try_into().ok()?;
        let mut octets = [0; 30];
        octets[0] = raw.tlv_type;
        octets[1] = 28;
        octets[2..].copy_from_slice(value);
        Some(Self::from_octets(&octets))
    }

    /// Writes the 30 octets and returns their number.
    ///
    /// # Errors
    /// [`NoRoom`](crate::ErrorKind::NoRoom) if `out` is shorter.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (octets, _) = room::<30>(Layer::Md5, out)?;
        self.write_octets(octets);
        Ok(Self::LEN)
    }

    pub(crate) fn check(&self, expected: Md5TlvType, audit: &mut Auditor<'_>, at: usize) {
        audit.check(self.tlv_type == expected, &rules::TLV_TYPE, at, self.tlv_type.0);
        audit.check(self.length == 28, &rules::TLV_LENGTH, at + 1, self.length);
        audit.check(self.algorithm == 1, &rules::ALGORITHM, at + 2, self.algorithm);
    }
}

/// `md5 key_id 0 sender 10.0.0.10`.
impl fmt::Display for Md5Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "md5 key_id {} sender {}", self.key_id, self.sender)
    }
}

/// The digest of `message` with `key`: MD5 over the key padded to a block of 64 octets (0x80 after it, its length
/// in bits at octet 56), the message, and the key again.
///
/// `message` is in pieces, so that a caller can put zeros where the digest or a checksum stands. HSRPv1 and HSRPv2:
/// the whole UDP payload, digest zero. VRRPv2: the message without this TLV, checksum zero.
/// A key longer than 55 octets does not fit the block; the devices take at most 64 characters, and what they do with
/// the last nine is not known: `None`.
#[cfg(feature = "md5")]
pub fn md5_digest<'m>(key: &[u8], message: impl IntoIterator<Item = &'m [u8]>) -> Option<[u8; 16]> {
    use md5::{Digest, Md5};
    let mut block = [0; 64];
    block.get_mut(..56)?.get_mut(..key.len())?.copy_from_slice(key);
    *block[..56].get_mut(key.len())? = 0x80;
    let bits = u32::try_from(key.len() * 8).ok()?;
    block[56..60].copy_from_slice(&bits.to_le_bytes());
    let mut md5 = Md5::new();
    md5.update(block);
    for piece in message {
        md5.update(piece);
    }
    md5.update(key);
    Some(md5.finalize().into())
}

/// The digest of a UDP payload of HSRP whose MD5 TLV begins at `tlv_at`.
#[cfg(feature = "md5")]
pub(crate) fn hsrp_digest(key: &[u8], payload: &[u8], tlv_at: usize) -> Option<[u8; 16]> {
    let (before, rest) = payload.split_at_checked(tlv_at + Md5Authentication::DIGEST_AT)?;
    let (_, after) = rest.split_at_checked(16)?;
    md5_digest(key, [before, &[0; 16], after])
}

/// Computes the digest of the MD5 TLV at `tlv_at` in a UDP payload of HSRP and writes it there.
#[cfg(feature = "md5")]
pub(crate) fn seal_hsrp(
    layer: Layer,
    payload: &mut [u8],
    tlv_at: Option<usize>,
    key: &[u8],
) -> Result<(), Error> {
    use crate::error::ErrorKind;
    let length = payload.len();
    let at = tlv_at.ok_or_else(|| Error::new(layer, ErrorKind::NotRecognised, length, 0, 0))?;
    let digest = hsrp_digest(key, payload, at)
        .ok_or_else(|| Error::new(layer, ErrorKind::Unrepresentable, 0, LONGEST_KEY, key.len()))?;
    payload[at + Md5Authentication::DIGEST_AT..][..16].copy_from_slice(&digest);
    Ok(())
}

/// Octets of the longest key that fits its block.
#[cfg(feature = "md5")]
pub const LONGEST_KEY: usize = 55;

/// Rules on the TLV.
pub mod rules {
    crate::rule::rules! {
        TLV_TYPE Observed "cisco.md5.tlv-type" "Cisco, captures" "the MD5 TLV has type 4 in HSRP, 0xfe in VRRP";
        TLV_LENGTH Observed "cisco.md5.tlv-length" "Cisco, captures" "the MD5 TLV has length 28";
        ALGORITHM Observed "cisco.md5.algorithm" "Cisco, captures" "the MD5 TLV states algorithm 1";
    }
}

const _: () = assert!(Md5Authentication::LEN == <Md5Authentication as Field>::LEN);
