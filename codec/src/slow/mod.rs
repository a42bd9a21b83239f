//! Slow protocols, Ethertype 0x8809 (IEEE 802.3 Annex 57A; Annex 43B in 802.3ad).

pub mod lacp;
pub mod lacp_tlv;
pub mod marker;

use core::fmt;

use crate::error::{Error, Layer};
use crate::field::open_enum;
use crate::primitives::{chunk, run};
use crate::rule::Deviation;

open_enum! {
    /// The first octet of a slow protocol frame.
    pub enum Subtype(u8) {
        /// Link Aggregation Control Protocol.
        LACP = 0x01 => "LACP",
        /// Marker protocol.
        MARKER = 0x02 => "Marker",
        /// Operations, Administration and Maintenance (802.3 clause 57).
        OAM = 0x03 => "OAM",
        /// Organization Specific Slow Protocol; ITU-T's ESMC is one.
        OSSP = 0x0a => "OSSP",
    }
}

impl Subtype {
    /// Annex 57A leaves this value unused: a frame with it is illegal.
    pub const fn is_illegal(self) -> bool {
        self.0 == 0 || self.0 > 0x0a
    }
}

/// A slow protocol frame, decoded as far as this crate knows its subtype.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlowPdu<'a> {
    /// Subtype 1.
    Lacp(lacp::LacpduRef<'a>),
    /// Subtype 2.
    Marker(marker::MarkerRef<'a>),
    /// Any other subtype: the whole of it, from the subtype octet on.
    Other(OpaqueSlowPdu<'a>),
}

/// A slow protocol frame of a subtype that is not decoded here: OAM, OSSP and ESMC, reserved and illegal ones.
///
/// ```text
/// 0         1
/// +---------+---------------------------------
/// | Subtype | whatever the subtype defines ...
/// +---------+---------------------------------
/// ```
///
/// Its end is not known: all octets up to the end of the frame belong to it, padding included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpaqueSlowPdu<'a> {
    octets: &'a [u8],
    subtype: Subtype,
}

impl<'a> OpaqueSlowPdu<'a> {
    /// The first octet.
    pub const fn subtype(&self) -> Subtype {
        self.subtype
    }

    /// All octets, from the subtype on.
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// The OUI of an OSSP frame (octets 1 to 3); ITU-T's ESMC has 00-19-A7.
    pub fn oui(&self) -> Option<[u8; 3]> {
        match self.octets {
            [subtype, a, b, c, ..] if *subtype == Subtype::OSSP.0 => Some([*a, *b, *c]),
            _ => None,
        }
    }
}

impl<'a> SlowPdu<'a> {
    /// Reads what follows Ethertype 0x8809; returns it and the octets after it.
    ///
    /// # Errors
    /// No octet at all; or as the PDU of the subtype.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        match subtype(octets)? {
            Subtype::LACP => lacp::LacpduRef::parse(octets).map(|(pdu, rest)| (Self::Lacp(pdu), rest)),
            Subtype::MARKER => marker::MarkerRef::parse(octets).map(|(pdu, rest)| (Self::Marker(pdu), rest)),
            subtype => Ok((Self::Other(OpaqueSlowPdu { octets, subtype }), &[])),
        }
    }

    /// [`Self::parse`], and every deviation from what a sender shall send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        match subtype(octets)? {
            Subtype::LACP => {
                lacp::LacpduRef::audit(octets, report).map(|(pdu, rest)| (Self::Lacp(pdu), rest))
            }
            Subtype::MARKER => {
                marker::MarkerRef::audit(octets, report).map(|(pdu, rest)| (Self::Marker(pdu), rest))
            }
            subtype => {
                if subtype.is_illegal() {
                    report(Deviation::new(&rules::SUBTYPE, 0, subtype.0));
                }
                Ok((Self::Other(OpaqueSlowPdu { octets, subtype }), &[]))
            }
        }
    }

    /// All octets of the PDU.
    pub const fn octets(&self) -> &'a [u8] {
        match self {
            Self::Lacp(pdu) => pdu.octets(),
            Self::Marker(pdu) => pdu.octets(),
            Self::Other(pdu) => pdu.octets(),
        }
    }
}

#[inline(always)]
fn subtype(octets: &[u8]) -> Result<Subtype, Error> {
    let ([subtype], _) = run(Layer::Slow, octets, chunk::<1>)?;
    Ok(Subtype(*subtype))
}

impl fmt::Display for SlowPdu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lacp(pdu) => pdu.fmt(f),
            Self::Marker(pdu) => pdu.fmt(f),
            Self::Other(pdu) => pdu.fmt(f),
        }
    }
}

/// `slow protocol OSSP 00-19-a7, 52 octets`.
impl fmt::Display for OpaqueSlowPdu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slow protocol {}", self.subtype)?;
        if let Some([a, b, c]) = self.oui() {
            write!(f, " {a:02x}-{b:02x}-{c:02x}")?;
        }
        write!(f, ", {} octets", self.octets.len())
    }
}

/// Rules on slow protocol frames as such.
pub mod rules {
    crate::rule::rules! {
        SUBTYPE Must "slow.frame.subtype" "802.3 57A" "the subtype is one that Annex 57A does not leave unused";
    }
}
