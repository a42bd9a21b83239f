//! The TLVs of LACPDU version 2 (IEEE 802.1AX-2014 6.4.2.4).

use core::fmt;

use super::lacp::TlvType;
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{open_enum, wire};
use crate::tlv::{RawTlv, Whole, header};

open_enum! {
    /// `Actor_Port_Algorithm`: how the sender spreads conversations (802.1AX-2020 Table 8-1).
    pub enum PortAlgorithm(u32) {
        /// No algorithm is stated.
        UNSPECIFIED = 0x0080_c200 => "Unspecified",
        /// By C-VID.
        C_VID = 0x0080_c201 => "C-VID",
        /// By S-VID.
        S_VID = 0x0080_c202 => "S-VID",
        /// By I-SID.
        I_SID = 0x0080_c203 => "I-SID",
        /// By TE-SID.
        TE_SID = 0x0080_c204 => "TE-SID",
        /// By flow hash.
        FLOW_HASH = 0x0080_c205 => "flow hash",
        /// By C-VID through a service map, 2020.
        C_VID_SERVICE_MAP = 0x0080_c281 => "C-VID with service map",
        /// By S-VID through a service map, 2020.
        S_VID_SERVICE_MAP = 0x0080_c282 => "S-VID with service map",
        /// By I-SID through a service map, 2020.
        I_SID_SERVICE_MAP = 0x0080_c283 => "I-SID with service map",
        /// By TE-SID through a service map, 2020.
        TE_SID_SERVICE_MAP = 0x0080_c284 => "TE-SID with service map",
        /// By flow hash through a service map, 2020.
        FLOW_HASH_SERVICE_MAP = 0x0080_c285 => "flow hash with service map",
    }
}

wire! {
    /// Body of the Port Conversation ID Digest TLV (2020: Port Conversation Link Digest).
    ///
    /// ```text
    /// +----------+------------+---------------+----------------------------------+
    /// | type 5   | length 20  | Link_NumberID | Actor_Conversation_LinkList_Digest
    /// +----------+------------+---------------+----------------------------------+
    ///  -2         -1           0               2                               18
    /// ```
    pub struct PortConversationIdDigest: 18 octets {
        /// Link_NumberID.
        0 link_number_id: u16,
        /// Actor_Conversation_LinkList_Digest, MD5.
        2 digest: [u8; 16],
    }
}

/// A TLV between Collector Information and Terminator.
///
/// A TLV of a known type whose length is not the standard's is kept as [`Tlv::Other`]. `length` on the wire
/// counts type and length octet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tlv<'a> {
    /// Type 4, length 6.
    PortAlgorithm(PortAlgorithm),
    /// Type 5, length 20.
    PortConversationIdDigest(PortConversationIdDigest),
    /// Type 6, length 131: conversations 0 to 1023, and the state of the exchange.
    PortConversationMask1 {
        /// Bit 0 ActPar_Sync, bit 1 Portal System Isolated, bit 2 Discard Wrong Conversation.
        mask_state: u8,
        /// One bit for each conversation.
        mask: &'a [u8; 128],
    },
    /// Types 7, 8 and 9, length 130: the conversations from 1024, 2048 and 3072 on.
    PortConversationMask {
        /// 2, 3 or 4.
        part: u8,
        /// One bit for each conversation.
        mask: &'a [u8; 128],
    },
    /// Type 10, length 18.
    ServiceMappingDigest(&'a [u8; 16]),
    /// Any other type (SONiC's retry count has 0x80 and 0x81), or a known type of another length.
    Other(RawTlv<'a>),
    /// Any TLV with a length octet that says something else. Only to be built: what is read is one of the others.
    Misstated {
        /// What the length octet says.
        length: u8,
        /// What is written.
        tlv: RawTlv<'a>,
    },
}

/// The length octet that the standard gives a TLV of version 2; `None` for a type that it does not define.
pub(super) const fn length_of(tlv_type: TlvType) -> Option<usize> {
    Some(match tlv_type {
        TlvType::PORT_ALGORITHM => 6,
        TlvType::PORT_CONVERSATION_ID_DIGEST => 20,
        TlvType::PORT_CONVERSATION_MASK_1 => 131,
        TlvType::PORT_CONVERSATION_MASK_2
        | TlvType::PORT_CONVERSATION_MASK_3
        | TlvType::PORT_CONVERSATION_MASK_4 => 130,
        TlvType::SERVICE_MAPPING_DIGEST => 18,
        _ => return None,
    })
}

/// The whole of `value` as an array, if it has the right length.
fn exactly<const N: usize>(value: &[u8]) -> Option<&[u8; N]> {
    value.try_into().ok()
}

impl<'a> Tlv<'a> {
    /// Gives an item its meaning.
    pub fn from_raw(raw: RawTlv<'a>) -> Self {
        Self::known(raw).unwrap_or(Self::Other(raw))
    }

    fn known(raw: RawTlv<'a>) -> Option<Self> {
        Some(match TlvType(raw.tlv_type) {
            TlvType::PORT_ALGORITHM => {
                Self::PortAlgorithm(PortAlgorithm(u32::from_be_bytes(*exactly(raw.value)?)))
            }
            TlvType::PORT_CONVERSATION_ID_DIGEST => {
                Self::PortConversationIdDigest(PortConversationIdDigest::from_octets(exactly(raw.value)?))
            }
            TlvType::PORT_CONVERSATION_MASK_1 => {
                let (mask_state, mask) = raw.value.split_first()?;
                Self::PortConversationMask1 { mask_state: *mask_state, mask: exactly(mask)? }
            }
            TlvType::PORT_CONVERSATION_MASK_2
            | TlvType::PORT_CONVERSATION_MASK_3
            | TlvType::PORT_CONVERSATION_MASK_4 => {
                Self::PortConversationMask { part: raw.tlv_type - 5, mask: exactly(raw.value)? }
            }
            TlvType::SERVICE_MAPPING_DIGEST => Self::ServiceMappingDigest(exactly(raw.value)?),
            _ => return None,
        })
    }

    /// The type octet.
    pub const fn tlv_type(&self) -> TlvType {
        match self {
            Self::PortAlgorithm(_) => TlvType::PORT_ALGORITHM,
            Self::PortConversationIdDigest(_) => TlvType::PORT_CONVERSATION_ID_DIGEST,
            Self::PortConversationMask1 { .. } => TlvType::PORT_CONVERSATION_MASK_1,
            Self::PortConversationMask { part, .. } => TlvType(part.wrapping_add(5)),
            Self::ServiceMappingDigest(_) => TlvType::SERVICE_MAPPING_DIGEST,
            Self::Other(tlv) | Self::Misstated { tlv, .. } => TlvType(tlv.tlv_type),
        }
    }

    /// Octets on the wire, type and length octet included.
    pub const fn wire_len(&self) -> usize {
        match self {
            Self::PortAlgorithm(_) => 6,
            Self::PortConversationIdDigest(_) => 20,
            Self::PortConversationMask1 { .. } => 131,
            Self::PortConversationMask { .. } => 130,
            Self::ServiceMappingDigest(_) => 18,
            Self::Other(tlv) | Self::Misstated { tlv, .. } => tlv.value.len() + 2,
        }
    }

    /// Writes the TLV and returns the number of octets.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is too short; [`ErrorKind::Unrepresentable`] if the value is longer
    /// than the length octet can say.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let length = self.wire_len();
        let found = out.len();
        let out = out
            .get_mut(..length)
            .ok_or_else(|| Error::new(Layer::Lacp, ErrorKind::NoRoom, 0, length, found))?;
        let (head, value) = out.split_at_mut(2);
        let octets = match self {
            Self::Misstated { length, tlv } => [tlv.tlv_type, *length],
            _ => header::<Whole>(self.tlv_type().0, value.len())
                .ok_or_else(|| Error::new(Layer::Lacp, ErrorKind::Unrepresentable, 1, 255, length))?,
        };
        head.copy_from_slice(&octets);
        match self {
            Self::PortAlgorithm(algorithm) => value.copy_from_slice(&algorithm.0.to_be_bytes()),
            Self::PortConversationIdDigest(digest) => value.copy_from_slice(&digest.to_octets()),
            Self::PortConversationMask1 { mask_state, mask } => {
                value[0] = *mask_state;
                value[1..].copy_from_slice(*mask);
            }
            Self::PortConversationMask { mask, .. } => value.copy_from_slice(*mask),
            Self::ServiceMappingDigest(digest) => value.copy_from_slice(*digest),
            Self::Other(tlv) | Self::Misstated { tlv, .. } => value.copy_from_slice(tlv.value),
        }
        Ok(length)
    }
}

impl fmt::Display for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PortAlgorithm(algorithm) => write!(f, "port_algorithm {algorithm}"),
            Self::PortConversationIdDigest(digest) => {
                write!(f, "port_conversation_id_digest link {}", digest.link_number_id)
            }
            Self::PortConversationMask1 { mask_state, .. } => {
                write!(f, "port_conversation_mask_1 state 0x{mask_state:02x}")
            }
            Self::PortConversationMask { part, .. } => write!(f, "port_conversation_mask_{part}"),
            Self::ServiceMappingDigest(_) => f.write_str("service_mapping_digest"),
            Self::Other(tlv) | Self::Misstated { tlv, .. } => {
                write!(f, "tlv 0x{:02x} ({} octets)", tlv.tlv_type, tlv.value.len() + 2)
            }
        }
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
