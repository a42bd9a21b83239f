//! Marker PDU and Marker Response PDU (IEEE 802.1AX-2014 6.5.3; 43.5.3 in 802.3ad, 5.5.3 in 802.1AX-2008).

use core::fmt;

use super::Subtype;
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{MacAddress, Reserved, open_enum, wire};
use crate::primitives::{chunk, reject, room, run};
use crate::rule::{Auditor, Deviation};

open_enum! {
    /// The TLV_type of a Marker PDU, which alone tells a request from a reply.
    pub enum MarkerKind(u8) {
        /// Marker Information: to be answered.
        INFORMATION = 1 => "information",
        /// Marker Response Information: never to be answered.
        RESPONSE = 2 => "response",
    }
}

wire! {
    /// A Marker or Marker Response PDU as a value; every octet is a field. See [`MarkerRef`] for the drawing.
    pub struct Marker: 110 octets, view MarkerRef {
        /// Subtype of the slow protocols: 2.
        0 subtype: Subtype,
        /// Version Number: 1.
        1 version: u8,
        /// TLV_type: information or response.
        2 kind: MarkerKind,
        /// Marker_Information_Length: 16, type and length octet included.
        3 information_length: u8,
        /// Requester_Port.
        4 requester_port: u16,
        /// Requester_System.
        6 requester_system: MacAddress,
        /// Requester_Transaction_ID.
        12 transaction_id: u32,
        /// Pad.
        16 pad: Reserved<2>,
        /// TLV_type of the Terminator: 0.
        18 terminator_tlv_type: u8,
        /// Terminator_Length: 0.
        19 terminator_length: u8,
        /// Reserved.
        20 reserved: Reserved<90>,
    }
}

impl Marker {
    /// A valid Marker PDU.
    pub const fn information(requester_port: u16, requester_system: MacAddress, transaction_id: u32) -> Self {
        Self {
            subtype: Subtype::MARKER,
            version: 1,
            kind: MarkerKind::INFORMATION,
            information_length: 16,
            requester_port,
            requester_system,
            transaction_id,
            pad: Reserved::ZERO,
            terminator_tlv_type: 0,
            terminator_length: 0,
            reserved: Reserved::ZERO,
        }
    }

    /// The reply to this PDU: the same, with the TLV_type of a response (6.5.4).
    #[must_use]
    pub const fn response(self) -> Self {
        Self { kind: MarkerKind::RESPONSE, ..self }
    }

    /// Writes the 110 octets and returns their number.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is shorter; nothing is written then.
    #[inline]
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (octets, _) = room::<110>(Layer::Marker, out)?;
        self.write_octets(octets);
        Ok(Self::LEN)
    }
}

/// `Marker information requester 00:00:00:00:00:01 port 1 transaction 1`.
impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, requester_system, requester_port, transaction_id, .. } = self;
        write!(
            f,
            "Marker {kind} requester {requester_system} port {requester_port} transaction {transaction_id}"
        )
    }
}

/// A Marker or Marker Response PDU on the wire.
///
/// ```text
///   octet
///     0 +---------------------------+---------------------------+
///       |         Subtype 2         |      Version Number 1     |
///     2 +---------------------------+---------------------------+
///       | TLV_type 1, in a response 2  Marker_Information_Length 16
///     4 +---------------------------+---------------------------+
///       |                    Requester_Port                     |
///     6 +-------------------------------------------------------+
///       |                 Requester_System (6)                  |
///    12 +-------------------------------------------------------+
///       |             Requester_Transaction_ID (4)              |
///    16 +-------------------------------------------------------+
///       |                        Pad (2)                        |
///    18 +---------------------------+---------------------------+
///       |  TLV_type = Terminator 0  |    Terminator_Length 0    |
///    20 +---------------------------+---------------------------+
///       |                     Reserved (90)                     |
///   110 +-------------------------------------------------------+
/// ```
///
/// Checked by [`parse`](Self::parse): the length and the subtype. Not checked: version, TLV_type, lengths, Pad
/// and Reserved; whether a responder may look at them is not confirmed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MarkerRef<'a> {
    fixed: &'a [u8; 110],
}

impl<'a> MarkerRef<'a> {
    /// Reads a PDU; returns it and the octets after it.
    ///
    /// # Errors
    /// Truncated; not subtype 2.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Marker, octets, |input| {
            let (rest, fixed) = chunk::<110>(input)?;
            if fixed[0] != Subtype::MARKER.0 {
                return reject(input, ErrorKind::Type, usize::from(Subtype::MARKER.0), usize::from(fixed[0]));
            }
            Ok((rest, Self { fixed }))
        })
    }

    /// [`Self::parse`], and every deviation of the octets from what a sender shall send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        use rules as r;
        let (pdu, rest) = Self::parse(octets)?;
        let audit = &mut Auditor::new(report);
        // A responder may copy what it was asked with, version, Pad and Reserved included (not confirmed).
        let (version, reserved) = match pdu.kind() {
            MarkerKind::RESPONSE => (&r::RESPONSE_VERSION, &r::RESPONSE_RESERVED),
            _ => (&r::VERSION, &r::RESERVED),
        };
        audit.check(pdu.version() == 1, version, 1, pdu.version());
        audit.check(pdu.kind().name().is_some(), &r::TLV_TYPE, 2, pdu.kind().0);
        audit.check(pdu.information_length() == 16, &r::TLV_LENGTH, 3, pdu.information_length());
        audit.zero(&pdu.pad().0, reserved, 16);
        audit.check(pdu.terminator_tlv_type() == 0, &r::TLV_TYPE, 18, pdu.terminator_tlv_type());
        audit.check(pdu.terminator_length() == 0, &r::TLV_LENGTH, 19, pdu.terminator_length());
        audit.zero(&pdu.reserved().0, reserved, 20);
        Ok((pdu, rest))
    }

    /// All octets of the PDU.
    #[inline(always)]
    pub const fn octets(&self) -> &'a [u8] {
        self.fixed
    }

    /// The fields as a value.
    pub fn to_value(&self) -> Marker {
        Marker::from_octets(self.fixed)
    }
}

impl fmt::Display for MarkerRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl fmt::Debug for MarkerRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MarkerRef").field(&self.to_value()).finish()
    }
}

/// Rules on the format of Marker PDUs, as a sender shall follow them.
pub mod rules {
    crate::rule::rules! {
        VERSION Must "marker.pdu.version" "802.1AX-2014 6.5.3.3" "Version Number is 1";
        RESPONSE_VERSION Observed "marker.response.version" "802.1AX-2014 6.5.3.3, not confirmed" "the Version Number of a Marker Response is 1";
        RESPONSE_RESERVED Observed "marker.response.reserved" "802.1AX-2014 6.5.3.3, not confirmed" "Pad and Reserved octets of a Marker Response are zero";
        TLV_TYPE Must "marker.pdu.tlv-type" "802.1AX-2014 6.5.3.3" "TLV types are Marker Information 1 or Marker Response Information 2, then Terminator 0";
        TLV_LENGTH Must "marker.pdu.tlv-length" "802.1AX-2014 6.5.3.3" "the Marker TLV has length 16, the Terminator 0";
        RESERVED Must "marker.pdu.reserved" "802.1AX-2014 6.5.3.3" "Pad and Reserved octets are zero";
    }
}
