//! HSRPv1 (RFC 2281 section 5.1), Cisco's Advertise, and the TLVs that may follow.

use core::fmt;
use core::net::Ipv4Addr;

use super::Opcode;
use crate::cisco::{Md5Authentication, Md5TlvType};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{open_enum, wire};
use crate::primitives::{chunk, reject, room, run};
use crate::rule::{Auditor, Deviation};
use crate::tlv::{self, RawTlv, ValueOnly};

open_enum! {
    /// State of HSRPv1: bit codes. Never to be mixed with [`v2::State`](super::v2::State), which counts.
    pub enum State(u8) {
        /// Initial.
        INITIAL = 0 => "Initial",
        /// Learn.
        LEARN = 1 => "Learn",
        /// Listen.
        LISTEN = 2 => "Listen",
        /// Speak.
        SPEAK = 4 => "Speak",
        /// Standby.
        STANDBY = 8 => "Standby",
        /// Active.
        ACTIVE = 16 => "Active",
    }
}

/// "cisco", zero filled: the default Authentication Data (RFC 2281 section 5.1).
pub const DEFAULT_AUTHENTICATION: [u8; 8] = *b"cisco\0\0\0";

wire! {
    /// A Hello, Coup or Resign as a value; also the builder of valid and invalid ones. See [`MessageRef`] for the
    /// drawing.
    pub struct Message: 20 octets, view MessageRef {
        /// Version: 0.
        0 version: u8,
        /// Op Code.
        1 opcode: Opcode,
        /// State of the sender.
        2 state: State,
        /// Hellotime, in seconds; meaningful in a Hello.
        3 hellotime_s: u8,
        /// Holdtime, in seconds; meaningful in a Hello.
        4 holdtime_s: u8,
        /// Priority: the higher number is the stronger.
        5 priority: u8,
        /// Group.
        6 group: u8,
        /// Reserved; the RFC gives no rule for it.
        7 reserved: u8,
        /// Authentication Data: a clear text password.
        8 authentication: [u8; 8],
        /// Virtual IP Address.
        16 virtual_ip: Ipv4Addr,
    }
}

impl Message {
    /// A Hello with the recommended times (3 s and 10 s) and authentication data.
    pub const fn hello(group: u8, state: State, priority: u8, virtual_ip: Ipv4Addr) -> Self {
        Self {
            version: 0,
            opcode: Opcode::HELLO,
            state,
            hellotime_s: 3,
            holdtime_s: 10,
            priority,
            group,
            reserved: 0,
            authentication: DEFAULT_AUTHENTICATION,
            virtual_ip,
        }
    }

    /// Writes the 20 octets and returns their number.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is shorter; nothing is written then.
    #[inline]
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (octets, _) = room::<20>(Layer::Hsrp1, out)?;
        self.write_octets(octets);
        Ok(Self::LEN)
    }
}

/// `HSRPv1 Hello group 1 state Active priority 200 hello 3 s hold 10 s virtual 192.168.0.1`.
impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opcode, state, hellotime_s, holdtime_s, priority, group, virtual_ip, .. } = self;
        write!(
            f,
            "HSRPv1 {opcode} group {group} state {state} priority {priority} \
             hello {hellotime_s} s hold {holdtime_s} s virtual {virtual_ip}"
        )
    }
}

/// A Hello, Coup or Resign on the wire, or a message of an Op Code that nobody defines.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+---------------+---------------+
/// |    Version    |    Op Code    |     State     |   Hellotime   |
/// +---------------+---------------+---------------+---------------+
/// |   Holdtime    |   Priority    |     Group     |   Reserved    |
/// +---------------+---------------+---------------+---------------+
/// |                    Authentication  Data (8)                   |
/// +---------------------------------------------------------------+
/// |                      Virtual IP Address                       |
/// +---------------------------------------------------------------+
/// ```
///
/// Checked by [`parse`](Self::parse): the length, version 0. Not checked: everything else; RFC 2281 tells a receiver
/// nothing of unknown Op Codes or states.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MessageRef<'a> {
    fixed: &'a [u8; 20],
}

impl<'a> MessageRef<'a> {
    /// Reads a message; returns it and the octets after it, in which an [`Extension`] may stand.
    ///
    /// # Errors
    /// Truncated; not version 0.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Hsrp1, octets, |input| {
            let (rest, fixed) = chunk::<20>(input)?;
            if fixed[0] != 0 {
                return reject(input, ErrorKind::Version, 0, usize::from(fixed[0]));
            }
            Ok((rest, Self { fixed }))
        })
    }

    /// [`Self::parse`], and every deviation of the message from what a router sends.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        use rules as r;
        let (pdu, rest) = Self::parse(octets)?;
        let audit = &mut Auditor::new(report);
        audit.check(pdu.opcode().0 <= Opcode::RESIGN.0, &r::OPCODE, 1, pdu.opcode().0);
        audit.check(pdu.state().name().is_some(), &r::STATE, 2, pdu.state().0);
        if pdu.opcode() == Opcode::HELLO {
            let (hellotime, holdtime) = (u16::from(pdu.hellotime_s()), u16::from(pdu.holdtime_s()));
            if holdtime <= hellotime {
                audit.check(false, &r::HOLDTIME, 4, holdtime);
            } else {
                audit.check(holdtime >= 3 * hellotime, &r::HOLDTIME_RATIO, 4, holdtime);
            }
        }
        let mut list = rest;
        // Zeros behind a message are padding, not a list.
        while list.iter().any(|octet| *octet != 0) {
            let at = octets.len() - list.len();
            let Ok((raw, behind)) = tlv::split_first::<ValueOnly>(list) else {
                audit.check(false, &r::TLV_LIST, at, list[0]);
                break;
            };
            match Extension::md5_of(raw) {
                Some(md5) => md5.check(Md5TlvType::HSRP, audit, at),
                None => audit.check(false, &r::TLV_UNKNOWN, at, raw.tlv_type),
            }
            list = behind;
        }
        Ok((pdu, rest))
    }

    /// All octets of the message.
    #[inline(always)]
    pub const fn octets(&self) -> &'a [u8] {
        self.fixed
    }

    /// The fields as a value.
    pub fn to_value(&self) -> Message {
        Message::from_octets(self.fixed)
    }
}

impl fmt::Display for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl fmt::Debug for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("MessageRef").field(&self.to_value()).finish()
    }
}

/// The octets after a message, read as TLVs (Cisco): type, length of what follows, value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extension<'a>(pub &'a [u8]);

impl<'a> Extension<'a> {
    /// The TLVs, up to the first that does not lie within the octets.
    pub fn tlvs(&self) -> impl Iterator<Item = RawTlv<'a>> + use<'a> {
        tlv::Walk::<ValueOnly>::new(self.0).map(|(_, raw)| raw)
    }

    fn md5_of(raw: RawTlv<'a>) -> Option<Md5Authentication> {
        (raw.tlv_type == Md5TlvType::HSRP.0).then(|| Md5Authentication::from_value(raw))?
    }

    /// The first MD5 authentication TLV.
    pub fn md5(&self) -> Option<Md5Authentication> {
        self.tlvs().find_map(Self::md5_of)
    }
}

/// Offset of the first MD5 TLV in `payload`, the whole UDP payload.
#[cfg(feature = "md5")]
fn md5_at(payload: &[u8]) -> Option<usize> {
    let (_, rest) = MessageRef::parse(payload).ok()?;
    let (offset, _) = tlv::Walk::<ValueOnly>::new(rest).find(|(_, raw)| Extension::md5_of(*raw).is_some())?;
    Some(Message::LEN + offset)
}

/// The digest that the MD5 TLV of `payload`, the whole UDP payload, must have with `key`.
///
/// `None` without such a TLV, or for a key above 55 octets.
#[cfg(feature = "md5")]
pub fn md5_digest(payload: &[u8], key: &[u8]) -> Option<[u8; 16]> {
    crate::cisco::hsrp_digest(key, payload, md5_at(payload)?)
}

/// The MD5 TLV of `payload`, the whole UDP payload, has the digest that `key` gives; `None` as for [`md5_digest`].
#[cfg(feature = "md5")]
pub fn verify_md5(payload: &[u8], key: &[u8]) -> Option<bool> {
    let (md5, _) = Md5Authentication::parse(payload.get(md5_at(payload)?..)?).ok()?;
    Some(md5.digest == md5_digest(payload, key)?)
}

/// Computes the digest of the first MD5 TLV of `payload`, the whole UDP payload, with `key` and writes it there.
///
/// # Errors
/// [`ErrorKind::NotRecognised`] without an MD5 TLV; [`ErrorKind::Unrepresentable`] for a key above 55 octets.
#[cfg(feature = "md5")]
pub fn seal(payload: &mut [u8], key: &[u8]) -> Result<(), Error> {
    crate::cisco::seal_hsrp(Layer::Hsrp1, payload, md5_at(payload), key)
}

open_enum! {
    /// State of the interface in an [`Advertise`], as captures show it.
    pub enum AdvertiseState(u8) {
        /// Dormant.
        DORMANT = 1 => "Dormant",
        /// Passive: no group Active.
        PASSIVE = 2 => "Passive",
        /// Active: some group Active.
        ACTIVE = 3 => "Active",
    }
}

wire! {
    /// An Advertise (Op Code 3) as a value. See [`AdvertiseRef`] for the drawing.
    pub struct Advertise: 16 octets, view AdvertiseRef {
        /// Version: 0.
        0 version: u8,
        /// Op Code: 3.
        1 opcode: Opcode,
        /// TLV type: 1 interface state.
        2 tlv_type: u16,
        /// TLV length: 14, type and length included.
        4 tlv_length: u16,
        /// State of the interface.
        6 state: AdvertiseState,
        /// Reserved.
        7 reserved_1: u8,
        /// Groups that are Active.
        8 active_groups: u16,
        /// Groups that are not.
        10 passive_groups: u16,
        /// Reserved; real devices leave remains of other memory here.
        12 reserved_2: u32,
    }
}

impl Advertise {
    /// An Advertise as devices send it.
    pub const fn new(state: AdvertiseState, active_groups: u16, passive_groups: u16) -> Self {
        Self {
            version: 0,
            opcode: Opcode::ADVERTISE,
            tlv_type: 1,
            tlv_length: 14,
            state,
            reserved_1: 0,
            active_groups,
            passive_groups,
            reserved_2: 0,
        }
    }

    /// Writes the 16 octets and returns their number.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is shorter; nothing is written then.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let (octets, _) = room::<16>(Layer::Hsrp1, out)?;
        self.write_octets(octets);
        Ok(Self::LEN)
    }
}

/// `HSRPv1 Advertise state Passive active groups 0 passive groups 1`.
impl fmt::Display for Advertise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { state, active_groups, passive_groups, .. } = self;
        write!(
            f,
            "HSRPv1 Advertise state {state} active groups {active_groups} passive groups {passive_groups}"
        )
    }
}

/// An Advertise on the wire (Cisco; not in RFC 2281).
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +---------------+---------------+---------------+---------------+
/// |   Version 0   |   Op Code 3   |           TLV type            |
/// +---------------+---------------+---------------+---------------+
/// |          TLV length           |     State     |   Reserved    |
/// +-------------------------------+---------------+---------------+
/// |         Active groups         |         Passive groups        |
/// +-------------------------------+-------------------------------+
/// |                           Reserved                            |
/// +---------------------------------------------------------------+
/// ```
///
/// Checked: the length, version 0, Op Code 3. Not checked: everything else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AdvertiseRef<'a> {
    fixed: &'a [u8; 16],
}

impl<'a> AdvertiseRef<'a> {
    /// Reads a message; returns it and the octets after it.
    ///
    /// # Errors
    /// Truncated; not version 0; not Op Code 3.
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Hsrp1, octets, |input| {
            let (rest, fixed) = chunk::<16>(input)?;
            match (fixed[0], fixed[1]) {
                (0, 3) => Ok((rest, Self { fixed })),
                (0, opcode) => reject(&input[1..], ErrorKind::Type, 3, usize::from(opcode)),
                (version, _) => reject(input, ErrorKind::Version, 0, usize::from(version)),
            }
        })
    }

    /// [`Self::parse`], and every deviation from what devices send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        use rules as r;
        let (pdu, rest) = Self::parse(octets)?;
        let audit = &mut Auditor::new(report);
        audit.check(pdu.tlv_type() == 1, &r::ADVERTISE_TLV, 2, pdu.tlv_type());
        audit.check(pdu.tlv_length() == 14, &r::ADVERTISE_TLV, 4, pdu.tlv_length());
        audit.check(pdu.state().name().is_some(), &r::ADVERTISE_STATE, 6, pdu.state().0);
        Ok((pdu, rest))
    }

    /// All octets of the message.
    pub const fn octets(&self) -> &'a [u8] {
        self.fixed
    }

    /// The fields as a value.
    pub fn to_value(&self) -> Advertise {
        Advertise::from_octets(self.fixed)
    }
}

impl fmt::Display for AdvertiseRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl fmt::Debug for AdvertiseRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AdvertiseRef").field(&self.to_value()).finish()
    }
}

/// What a UDP payload of HSRPv1 begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pdu<'a> {
    /// Hello, Coup, Resign, or an unknown Op Code.
    Message(MessageRef<'a>),
    /// Advertise.
    Advertise(AdvertiseRef<'a>),
}

impl<'a> Pdu<'a> {
    /// Reads a message; returns it and the octets after it.
    ///
    /// # Errors
    /// As [`MessageRef::parse`] or, for Op Code 3, [`AdvertiseRef::parse`].
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        match octets.get(1) {
            Some(3) => AdvertiseRef::parse(octets).map(|(pdu, rest)| (Self::Advertise(pdu), rest)),
            _ => MessageRef::parse(octets).map(|(pdu, rest)| (Self::Message(pdu), rest)),
        }
    }

    /// [`Self::parse`], and every deviation from what routers send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        match octets.get(1) {
            Some(3) => AdvertiseRef::audit(octets, report).map(|(pdu, rest)| (Self::Advertise(pdu), rest)),
            _ => MessageRef::audit(octets, report).map(|(pdu, rest)| (Self::Message(pdu), rest)),
        }
    }

    /// All octets of the message, without what came after it.
    pub const fn octets(&self) -> &'a [u8] {
        match self {
            Self::Message(pdu) => pdu.octets(),
            Self::Advertise(pdu) => pdu.octets(),
        }
    }
}

impl fmt::Display for Pdu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Message(pdu) => pdu.fmt(f),
            Self::Advertise(pdu) => pdu.fmt(f),
        }
    }
}

/// Rules on the format of HSRPv1 messages.
pub mod rules {
    crate::rule::rules! {
        OPCODE Must "hsrp1.pdu.opcode" "RFC 2281 5.1" "Op Code is Hello 0, Coup 1 or Resign 2";
        STATE Must "hsrp1.pdu.state" "RFC 2281 5.1" "State is 0, 1, 2, 4, 8 or 16";
        HOLDTIME Must "hsrp1.pdu.holdtime" "RFC 2281 5.1" "the Holdtime of a Hello is greater than its Hellotime";
        HOLDTIME_RATIO Should "hsrp1.pdu.holdtime-ratio" "RFC 2281 5.1" "the Holdtime of a Hello is at least three times its Hellotime";
        TLV_LIST Observed "hsrp1.pdu.tlv-list" "Cisco, captures" "a TLV after the message lies within the datagram";
        TLV_UNKNOWN Observed "hsrp1.pdu.tlv-unknown" "Cisco, captures" "a TLV after the message is MD5 authentication, type 4 of length 28";
        ADVERTISE_TLV Observed "hsrp1.interface-state.tlv" "Cisco, captures" "an Advertise has one TLV of type 1 and length 14";
        ADVERTISE_STATE Observed "hsrp1.interface-state.state" "Cisco, captures" "the interface state is Dormant 1, Passive 2 or Active 3";
    }
}
