//! LACPDU, versions 1 and 2 (IEEE 802.1AX-2014 clause 6.4.2; 43.4.2 in 802.3ad, 5.4.2 in 802.1AX-2008).

use core::fmt;

use super::Subtype;
use super::lacp_tlv::{self, Tlv};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{MacAddress, Reserved, open_enum, wire};
use crate::primitives::{Step, chunk, octets as take, reject, room, run};
use crate::rule::{Auditor, Deviation};
use crate::tlv::{self, Unreadable, Whole};

open_enum! {
    /// The type octet of a LACPDU's TLVs (6.4.2.3, 6.4.2.4).
    pub enum TlvType(u8) {
        /// End of the list.
        TERMINATOR = 0x00 => "Terminator",
        /// Actor Information.
        ACTOR_INFORMATION = 0x01 => "Actor Information",
        /// Partner Information.
        PARTNER_INFORMATION = 0x02 => "Partner Information",
        /// Collector Information.
        COLLECTOR_INFORMATION = 0x03 => "Collector Information",
        /// Port Algorithm, version 2.
        PORT_ALGORITHM = 0x04 => "Port Algorithm",
        /// Port Conversation ID Digest, version 2 (2020: Port Conversation Link Digest).
        PORT_CONVERSATION_ID_DIGEST = 0x05 => "Port Conversation ID Digest",
        /// Port Conversation Mask-1, long version 2 PDUs of 2014 only.
        PORT_CONVERSATION_MASK_1 = 0x06 => "Port Conversation Mask-1",
        /// Port Conversation Mask-2, long version 2 PDUs of 2014 only.
        PORT_CONVERSATION_MASK_2 = 0x07 => "Port Conversation Mask-2",
        /// Port Conversation Mask-3, long version 2 PDUs of 2014 only.
        PORT_CONVERSATION_MASK_3 = 0x08 => "Port Conversation Mask-3",
        /// Port Conversation Mask-4, long version 2 PDUs of 2014 only.
        PORT_CONVERSATION_MASK_4 = 0x09 => "Port Conversation Mask-4",
        /// Port Conversation Service Mapping Digest, version 2 (2020: Service Digest).
        SERVICE_MAPPING_DIGEST = 0x0a => "Port Conversation Service Mapping Digest",
    }
}

/// `Actor_State` or `Partner_State`: eight flags (6.4.2.3).
///
/// ```text
///    7       6       5       4       3      2      1       0
/// +-------+-------+-------+-------+------+------+-------+--------+
/// |Expired|Default|Distrib|Collect| Sync |Aggreg|Timeout|Activity|
/// +-------+-------+-------+-------+------+------+-------+--------+
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
pub struct State(pub u8);

impl State {
    /// `LACP_Activity`: Active LACP.
    pub const ACTIVITY: Self = Self(0x01);
    /// `LACP_Timeout`: Short Timeout.
    pub const TIMEOUT: Self = Self(0x02);
    /// Aggregation: the link may be aggregated; 0 is Individual.
    pub const AGGREGATION: Self = Self(0x04);
    /// Synchronization: IN_SYNC.
    pub const SYNCHRONIZATION: Self = Self(0x08);
    /// Collecting.
    pub const COLLECTING: Self = Self(0x10);
    /// Distributing.
    pub const DISTRIBUTING: Self = Self(0x20);
    /// Defaulted: the receive machine uses the administrative partner.
    pub const DEFAULTED: Self = Self(0x40);
    /// Expired: the receive machine is in EXPIRED.
    pub const EXPIRED: Self = Self(0x80);

    /// All flags with the short names that [`Display`](fmt::Display) shows, from bit 0 up.
    pub const FLAGS: [(Self, &'static str); 8] = [
        (Self::ACTIVITY, "ACT"),
        (Self::TIMEOUT, "SHORT"),
        (Self::AGGREGATION, "AGG"),
        (Self::SYNCHRONIZATION, "SYNC"),
        (Self::COLLECTING, "COL"),
        (Self::DISTRIBUTING, "DIST"),
        (Self::DEFAULTED, "DEF"),
        (Self::EXPIRED, "EXP"),
    ];

    /// All flags of `flags` are set.
    pub const fn has(self, flags: Self) -> bool {
        self.0 & flags.0 == flags.0
    }

    /// With `flags` set.
    #[must_use]
    pub const fn with(self, flags: Self) -> Self {
        Self(self.0 | flags.0)
    }

    /// With `flags` cleared.
    #[must_use]
    pub const fn without(self, flags: Self) -> Self {
        Self(self.0 & !flags.0)
    }
}

impl core::ops::BitOr for State {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.with(other)
    }
}

/// `ACT|AGG|SYNC`, or `0`.
impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (flag, name) in Self::FLAGS {
            if self.has(flag) {
                write!(f, "{separator}{name}")?;
                separator = "|";
            }
        }
        if separator.is_empty() { f.write_str("0") } else { Ok(()) }
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self} (0x{:02x})", self.0)
    }
}

impl crate::field::Field for State {
    const LEN: usize = 1;
    #[inline(always)]
    fn read<const N: usize>(octets: &[u8; N], at: usize) -> Self {
        Self(octets[at])
    }
    #[inline(always)]
    fn write<const N: usize>(self, octets: &mut [u8; N], at: usize) {
        octets[at] = self.0;
    }
}

wire! {
    /// The body of the Actor and of the Partner Information TLV: who a port is and how it stands (6.4.2.3).
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    /// +-------------------------------+-------------------------------+
    /// |        System_Priority        |            System             |
    /// +-------------------------------+                               +
    /// |                                                               |
    /// +-------------------------------+-------------------------------+
    /// |              Key              |         Port_Priority         |
    /// +-------------------------------+---------------+---------------+
    /// |             Port              |     State     |
    /// +-------------------------------+---------------+
    /// ```
    #[derive(Default)]
    pub struct PortInformation: 15 octets {
        /// System_Priority: the lower number is the stronger.
        0 system_priority: u16,
        /// System: the MAC address part of the System ID.
        2 system: MacAddress,
        /// Operational Key.
        8 key: u16,
        /// Port_Priority: the lower number is the stronger.
        10 port_priority: u16,
        /// Port: the number of the port, 1 to 65535.
        12 port: u16,
        /// State flags.
        14 state: State,
    }
}

/// `32768/00:13:c4:12:0f:00 key 13 port 32768/22 ACT|AGG`.
impl fmt::Display for PortInformation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { system_priority, system, key, port_priority, port, state } = self;
        write!(f, "{system_priority}/{system} key {key} port {port_priority}/{port} {state}")
    }
}

wire! {
    /// A LACPDU as a value, in the layout of version 1; also the builder of valid and invalid ones.
    ///
    /// Every octet is a field, so that any LACPDU of version 1 can be made, wrong ones included. The TLVs
    /// of version 2 are handed to [`Lacpdu::emit_with_tlvs`] and stand between the Collector Information
    /// and the Terminator; the Pad after the Terminator then takes only the leading octets of `reserved`.
    ///
    /// See [`LacpduRef`] for the drawing.
    pub struct Lacpdu: 110 octets {
        /// Subtype of the slow protocols: 1.
        0 subtype: Subtype,
        /// Version Number: 1 or 2.
        1 version: u8,
        /// TLV_type of the Actor Information: 1.
        2 actor_tlv_type: TlvType,
        /// Actor_Information_Length: 20, type and length octet included.
        3 actor_information_length: u8,
        /// The sender.
        4 actor: PortInformation,
        /// Reserved.
        19 actor_reserved: Reserved<3>,
        /// TLV_type of the Partner Information: 2.
        22 partner_tlv_type: TlvType,
        /// Partner_Information_Length: 20.
        23 partner_information_length: u8,
        /// What the sender knows of the other end.
        24 partner: PortInformation,
        /// Reserved.
        39 partner_reserved: Reserved<3>,
        /// TLV_type of the Collector Information: 3.
        42 collector_tlv_type: TlvType,
        /// Collector_Information_Length: 16.
        43 collector_information_length: u8,
        /// CollectorMaxDelay, in tens of microseconds.
        44 collector_max_delay: u16,
        /// Reserved.
        46 collector_reserved: Reserved<12>,
        /// TLV_type of the Terminator: 0.
        58 terminator_tlv_type: TlvType,
        /// Terminator_Length: 0.
        59 terminator_length: u8,
        /// Reserved: 50 octets in version 1, the Pad in version 2.
        60 reserved: Reserved<50>,
    }
}

impl Lacpdu {
    /// A valid LACPDU of version 1.
    pub const fn new(actor: PortInformation, partner: PortInformation, collector_max_delay: u16) -> Self {
        Self {
            subtype: Subtype::LACP,
            version: 1,
            actor_tlv_type: TlvType::ACTOR_INFORMATION,
            actor_information_length: 20,
            actor,
            actor_reserved: Reserved::ZERO,
            partner_tlv_type: TlvType::PARTNER_INFORMATION,
            partner_information_length: 20,
            partner,
            partner_reserved: Reserved::ZERO,
            collector_tlv_type: TlvType::COLLECTOR_INFORMATION,
            collector_information_length: 16,
            collector_max_delay,
            collector_reserved: Reserved::ZERO,
            terminator_tlv_type: TlvType::TERMINATOR,
            terminator_length: 0,
            reserved: Reserved::ZERO,
        }
    }

    /// Writes the 110 octets of version 1 and returns their number.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is shorter; nothing is written then.
    #[inline]
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (octets, _) = room::<110>(Layer::Lacp, out)?;
        self.write_octets(octets);
        Ok(Self::LEN)
    }

    /// Octets that [`Self::emit_with_tlvs`] writes: 110, or more where the TLVs leave no room for a Pad.
    pub fn len_with_tlvs<'a>(tlvs: impl IntoIterator<Item = Tlv<'a>>) -> usize {
        let list: usize = tlvs.into_iter().map(|tlv| tlv.wire_len()).sum();
        Self::LEN.max(TLVS_AT + list + 2)
    }

    /// Writes the PDU with `tlvs` before the Terminator and returns the number of octets.
    ///
    /// `version` is written as it stands: set it to 2.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is too short, [`ErrorKind::Unrepresentable`] if a TLV is longer than
    /// its length octet can say. `out` may be partly written then.
    pub fn emit_with_tlvs<'a, T>(&self, tlvs: T, out: &mut [u8]) -> Result<usize, Error>
    where
        T: IntoIterator<Item = Tlv<'a>, IntoIter: Clone>,
    {
        let tlvs = tlvs.into_iter();
        let length = Self::len_with_tlvs(tlvs.clone());
        let found = out.len();
        let out = out
            .get_mut(..length)
            .ok_or_else(|| Error::new(Layer::Lacp, ErrorKind::NoRoom, 0, length, found))?;
        self.emit(out)?;
        let mut at = TLVS_AT;
        for tlv in tlvs {
            at += tlv.emit(&mut out[at..]).map_err(|error| error.shifted(at))?;
        }
        let pad = length - at - 2;
        out[at] = self.terminator_tlv_type.0;
        out[at + 1] = self.terminator_length;
        out[at + 2..].copy_from_slice(&self.reserved.0[..pad]);
        Ok(length)
    }
}

/// `LACPv1 actor ... partner ... collector_max_delay 32768`.
impl fmt::Display for Lacpdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { version, actor, partner, collector_max_delay, .. } = self;
        write!(f, "LACPv{version} actor {actor} partner {partner} collector_max_delay {collector_max_delay}")
    }
}

/// Where version 1 has its Terminator and version 2 its own TLVs.
const TLVS_AT: usize = 58;

/// A LACPDU on the wire.
///
/// ```text
///   octet
///     0 +---------------------------+---------------------------+
///       |         Subtype 1         |       Version Number      |
///     2 +---------------------------+---------------------------+
///       |    TLV_type = Actor 1     | Actor_Information_Length 20
///     4 +---------------------------+---------------------------+
///       |                actor: PortInformation                 |
///    19 +-------------------------------------------------------+
///       |                      Reserved (3)                     |
///    22 +---------------------------+---------------------------+
///       |   TLV_type = Partner 2    | Partner_Information_Length 20
///    24 +---------------------------+---------------------------+
///       |               partner: PortInformation                |
///    39 +-------------------------------------------------------+
///       |                      Reserved (3)                     |
///    42 +---------------------------+---------------------------+
///       |  TLV_type = Collector 3   | Collector_Information_Length 16
///    44 +---------------------------+---------------------------+
///       |          CollectorMaxDelay, tens of microseconds      |
///    46 +-------------------------------------------------------+
///       |                      Reserved (12)                    |
///    58 +-------------------------------------------------------+
///       |            version 2 only: TLVs, L octets             |
///  58+L +---------------------------+---------------------------+
///       |  TLV_type = Terminator 0  |    Terminator_Length 0    |
///  60+L +---------------------------+---------------------------+
///       |     Reserved (50), in version 2 Pad (50 - L) if > 0   |
///   110 +-------------------------------------------------------+
/// ```
///
/// Checked by [`parse`](Self::parse): the length, the subtype. Not checked, because a receiver shall not (6.4.12,
/// recordPDU): Version Number, TLV_type and Reserved fields; nor, though it may: the length octets.
///
/// The PDU is 110 octets long; a version 2 PDU whose TLVs end later (2014 with conversation masks) ends with
/// its Terminator. What comes after it is the caller's: trailers such as H3C's MAD (TLV type 0x64).
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct LacpduRef<'a> {
    fixed: &'a [u8; 110],
    octets: &'a [u8],
    terminator_at: usize,
}

impl<'a> LacpduRef<'a> {
    /// Reads a LACPDU the way an implementation of version 2 does; returns it and the octets after it.
    ///
    /// A receiver shall not validate Version Number, TLV_type and Reserved fields (6.4.12), so nothing behind octet 57
    /// is a reason to reject: a TLV whose length does not even cover its own header ends the list as a Terminator
    /// does, and where the list runs over the end there is none, the octets are read as version 1 has them.
    ///
    /// # Errors
    /// Truncated; not subtype 1.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Lacp, octets, Self::step)
    }

    /// The steps of [`Self::parse`]: a function and not a closure, so that it can be told to be inlined.
    #[inline(always)]
    fn step(input: &'a [u8]) -> Step<'a, Self> {
        let (rest, fixed) = lacpdu_block(input)?;
        if fixed[1] < 2 {
            return Ok((rest, Self { fixed, octets: fixed, terminator_at: TLVS_AT }));
        }
        let terminator_at = find_terminator(input).unwrap_or(TLVS_AT);
        let (rest, octets) = take(Lacpdu::LEN.max(terminator_at + 2))(input)?;
        Ok((rest, Self { fixed, octets, terminator_at }))
    }

    /// Reads a LACPDU the way an implementation of version 1 does, whatever its Version Number: 110 octets,
    /// in which all that follows octet 57 is Terminator and Reserved.
    ///
    /// # Errors
    /// Truncated; not subtype 1.
    #[inline]
    pub fn parse_as_version_1(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Lacp, octets, |input| {
            let (rest, fixed) = lacpdu_block(input)?;
            Ok((rest, Self { fixed, octets: fixed, terminator_at: TLVS_AT }))
        })
    }

    /// [`Self::parse`], and every deviation of the octets from what a sender shall send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        let (pdu, rest) = Self::parse(octets)?;
        pdu.check(&mut Auditor::new(report));
        Ok((pdu, rest))
    }

    fn check(&self, audit: &mut Auditor<'_>) {
        use rules as r;
        let value = Lacpdu::from_octets(self.fixed);
        audit.check(matches!(value.version, 1 | 2), &r::VERSION, 1, value.version);
        audit.check(
            value.actor_tlv_type == TlvType::ACTOR_INFORMATION,
            &r::TLV_TYPE,
            2,
            value.actor_tlv_type.0,
        );
        audit.check(value.actor_information_length == 20, &r::TLV_LENGTH, 3, value.actor_information_length);
        audit.check(value.actor.port != 0, &r::ACTOR_PORT, 16, value.actor.port);
        let individual = !value.actor.system.is_group() && !value.actor.system.is_zero();
        audit.check(individual, &r::ACTOR_SYSTEM, 6, value.actor.system.0[0]);
        audit.zero(&value.actor_reserved.0, &r::RESERVED, 19);
        audit.check(
            value.partner_tlv_type == TlvType::PARTNER_INFORMATION,
            &r::TLV_TYPE,
            22,
            value.partner_tlv_type.0,
        );
        audit.check(
            value.partner_information_length == 20,
            &r::TLV_LENGTH,
            23,
            value.partner_information_length,
        );
        audit.zero(&value.partner_reserved.0, &r::RESERVED, 39);
        audit.check(
            value.collector_tlv_type == TlvType::COLLECTOR_INFORMATION,
            &r::TLV_TYPE,
            42,
            value.collector_tlv_type.0,
        );
        audit.check(
            value.collector_information_length == 16,
            &r::TLV_LENGTH,
            43,
            value.collector_information_length,
        );
        audit.zero(&value.collector_reserved.0, &r::RESERVED, 46);

        if value.version >= 2 && find_terminator(self.octets).is_none() {
            return audit.check(false, &r::TLV_LIST, TLVS_AT, self.octets[TLVS_AT]);
        }
        let at = self.terminator_at;
        let [terminator_type, terminator_length] = self.terminator();
        audit.check(terminator_type == TlvType::TERMINATOR.0, &r::TLV_TYPE, at, terminator_type);
        audit.check(terminator_length == 0, &r::TLV_LENGTH, at + 1, terminator_length);
        audit.zero(self.pad(), &r::RESERVED, at + 2);

        let (mut last, mut seen) = (0, 0u16);
        for (offset, raw) in tlv::Walk::<Whole>::new(self.list()) {
            let at = TLVS_AT + offset;
            // The length octet itself, which a readable item agrees with.
            let length = self.octets[at + 1];
            match lacp_tlv::length_of(TlvType(raw.tlv_type)) {
                Some(expected) => {
                    audit.check(usize::from(length) == expected, &r::TLV_LENGTH, at + 1, length);
                    audit.check(raw.tlv_type >= last, &r::TLV_ORDER, at, raw.tlv_type);
                    // The types that have a length are below 16.
                    audit.check(seen & 1 << raw.tlv_type == 0, &r::TLV_REPEATED, at, raw.tlv_type);
                    last = last.max(raw.tlv_type);
                    seen |= 1 << raw.tlv_type;
                }
                None => audit.check(false, &r::TLV_UNKNOWN, at, raw.tlv_type),
            }
        }
    }

    /// All octets of the PDU, without what came after it.
    #[inline(always)]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    fn list(&self) -> &'a [u8] {
        &self.octets[TLVS_AT..self.terminator_at]
    }

    /// The TLVs between Collector Information and Terminator; none in version 1.
    pub fn tlvs(&self) -> impl Iterator<Item = Tlv<'a>> + Clone + use<'a> {
        tlv::Walk::<Whole>::new(self.list()).map(|(_, raw)| Tlv::from_raw(raw))
    }

    /// Type and length octet of the Terminator.
    pub fn terminator(&self) -> [u8; 2] {
        [self.octets[self.terminator_at], self.octets[self.terminator_at + 1]]
    }

    /// What follows the Terminator within the PDU: the last Reserved field, or the Pad of version 2.
    pub fn pad(&self) -> &'a [u8] {
        &self.octets[self.terminator_at + 2..]
    }

    /// The fields as a value. `emit_with_tlvs(view.tlvs(), ..)` of it gives the same octets again.
    pub fn to_value(&self) -> Lacpdu {
        let mut value = Lacpdu::from_octets(self.fixed);
        let [terminator_tlv_type, terminator_length] = self.terminator();
        value.terminator_tlv_type = TlvType(terminator_tlv_type);
        value.terminator_length = terminator_length;
        value.reserved = Reserved::ZERO;
        value.reserved.0[..self.pad().len()].copy_from_slice(self.pad());
        value
    }

    /// Subtype of the slow protocols: always 1.
    #[inline(always)]
    pub fn subtype(&self) -> Subtype {
        Subtype(self.fixed[0])
    }

    /// Version Number, as it came.
    #[inline(always)]
    pub fn version(&self) -> u8 {
        self.fixed[1]
    }

    /// The sender.
    #[inline(always)]
    pub fn actor(&self) -> PortInformation {
        crate::field::Field::read(self.fixed, 4)
    }

    /// What the sender knows of the other end.
    #[inline(always)]
    pub fn partner(&self) -> PortInformation {
        crate::field::Field::read(self.fixed, 24)
    }

    /// CollectorMaxDelay, in tens of microseconds.
    #[inline(always)]
    pub fn collector_max_delay(&self) -> u16 {
        crate::field::Field::read(self.fixed, 44)
    }
}

/// The 110 octets that every LACPDU has, of subtype 1.
#[inline(always)]
fn lacpdu_block(input: &[u8]) -> Step<'_, &[u8; 110]> {
    let (rest, fixed) = chunk::<110>(input)?;
    if fixed[0] != Subtype::LACP.0 {
        return reject(input, ErrorKind::Type, usize::from(Subtype::LACP.0), usize::from(fixed[0]));
    }
    Ok((rest, fixed))
}

/// Offset of the Terminator of a version 2 PDU of at least 110 octets; `None` if its TLVs run over the end.
fn find_terminator(input: &[u8]) -> Option<usize> {
    let mut list = &input[TLVS_AT..];
    loop {
        match (tlv::split_first::<Whole>(list), list.first()) {
            (Ok((item, rest)), _) if item.tlv_type != TlvType::TERMINATOR.0 => list = rest,
            // A Terminator, whatever its length octet says; or a TLV too short to be one.
            (Ok(_) | Err(Unreadable::Length { .. }), _) => return Some(input.len() - list.len()),
            (Err(Unreadable::Truncated { .. }), Some(&0)) if list.len() >= 2 => {
                return Some(input.len() - list.len());
            }
            (Err(Unreadable::Truncated { .. }), _) => return None,
        }
    }
}

impl fmt::Display for LacpduRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.to_value())?;
        self.tlvs().try_for_each(|tlv| write!(f, ", {tlv}"))
    }
}

impl fmt::Debug for LacpduRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LacpduRef").field(&self.to_value()).finish()
    }
}

/// Rules on the format of LACPDUs, as a sender shall follow them.
pub mod rules {
    crate::rule::rules! {
        VERSION Must "lacp.pdu.version" "802.1AX-2014 6.4.2.3" "Version Number is 1 or 2";
        TLV_TYPE Must "lacp.pdu.tlv-type" "802.1AX-2014 6.4.2.3" "TLV types are Actor 1, Partner 2, Collector 3, Terminator 0, in this order";
        TLV_LENGTH Must "lacp.pdu.tlv-length" "802.1AX-2014 6.4.2.3, 6.4.2.4" "a TLV has the length that the standard gives it";
        RESERVED Must "lacp.pdu.reserved" "802.1AX-2014 6.4.2.3" "Reserved and Pad octets are zero";
        ACTOR_PORT Must "lacp.pdu.actor-port" "802.1AX-2014 6.3.4" "Actor_Port is not zero";
        ACTOR_SYSTEM Must "lacp.pdu.actor-system" "802.1AX-2014 6.3.2" "Actor_System is an individual MAC address, not zero";
        TLV_LIST Must "lacp.pdu.tlv-list" "802.1AX-2014 6.4.2.4" "the TLVs of version 2 lie within the PDU and a Terminator ends them";
        TLV_ORDER Observed "lacp.pdu.tlv-order" "802.1AX-2014 6.4.2.4, order not confirmed" "the TLVs of version 2 stand in the order of their types";
        TLV_REPEATED Observed "lacp.pdu.tlv-repeated" "802.1AX-2014 6.4.2.4, not confirmed" "a type of TLV stands once in a PDU";
        TLV_UNKNOWN Observed "lacp.pdu.tlv-unknown" "802.1AX-2014 6.4.2.4" "a TLV of version 2 has a type that the standard defines";
    }
}
