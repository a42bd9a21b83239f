//! HSRPv2 (Cisco): a list of TLVs in which even Group State is optional.
//!
//! No public standard exists; the layout rests on captures of real devices.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Opcode;
use crate::cisco::{Md5Authentication, Md5TlvType};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{Field, MacAddress, open_enum, wire};
use crate::primitives::{Step, run};
use crate::rule::{Auditor, Deviation};
use crate::tlv::{self, RawTlv, Unreadable, ValueOnly, header};

open_enum! {
    /// The type octet of a TLV; the length octet counts only what follows it.
    pub enum TlvType(u8) {
        /// Group State, length 40.
        GROUP_STATE = 1 => "Group State",
        /// Interface State, length 4.
        INTERFACE_STATE = 2 => "Interface State",
        /// Text Authentication, length 8.
        TEXT_AUTHENTICATION = 3 => "Text Authentication",
        /// MD5 Authentication, length 28.
        MD5_AUTHENTICATION = 4 => "MD5 Authentication",
    }
}

open_enum! {
    /// State of HSRPv2: it counts. Never to be mixed with [`v1::State`](super::v1::State), which has bit codes.
    pub enum State(u8) {
        /// Disabled.
        DISABLED = 0 => "Disabled",
        /// Init.
        INIT = 1 => "Init",
        /// Learn.
        LEARN = 2 => "Learn",
        /// Listen.
        LISTEN = 3 => "Listen",
        /// Speak.
        SPEAK = 4 => "Speak",
        /// Standby.
        STANDBY = 5 => "Standby",
        /// Active.
        ACTIVE = 6 => "Active",
    }
}

wire! {
    /// Body of the Group State TLV: what HSRPv1 has for a whole message.
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    ///                                 +---------------+---------------+
    ///                                 |    Type 1     |   Length 40   |
    /// +---------------+---------------+---------------+---------------+
    /// |   Version 2   |    Op Code    |     State     |   IP version  |
    /// +---------------+---------------+---------------+---------------+
    /// |             Group             |        Identifier (6)         |
    /// +-------------------------------+                               +
    /// |                                                               |
    /// +---------------------------------------------------------------+
    /// |                           Priority                            |
    /// +---------------------------------------------------------------+
    /// |                   Hello time, milliseconds                    |
    /// +---------------------------------------------------------------+
    /// |                   Hold time, milliseconds                     |
    /// +---------------------------------------------------------------+
    /// |         Virtual IP (16): IPv4 in the first four octets        |
    /// +---------------------------------------------------------------+
    /// ```
    pub struct GroupState: 40 octets, view GroupStateRef {
        /// HSRP version: 2.
        0 version: u8,
        /// Op Code: Hello, Coup or Resign.
        1 opcode: Opcode,
        /// State of the sender.
        2 state: State,
        /// 4 or 6.
        3 ip_version: u8,
        /// Group: 0 to 4095.
        4 group: u16,
        /// MAC address of the sender's interface.
        6 identifier: MacAddress,
        /// Priority: the higher number is the stronger.
        12 priority: u32,
        /// Hello time, in milliseconds.
        16 hellotime_ms: u32,
        /// Hold time, in milliseconds.
        20 holdtime_ms: u32,
        /// Virtual IP, as it stands; [`GroupState::virtual_ip`] reads it.
        24 virtual_ip_octets: [u8; 16],
    }
}

fn virtual_ip(ip_version: u8, octets: [u8; 16]) -> Option<IpAddr> {
    match ip_version {
        4 => Some(Ipv4Addr::from([octets[0], octets[1], octets[2], octets[3]]).into()),
        6 => Some(Ipv6Addr::from(octets).into()),
        _ => None,
    }
}

impl GroupState {
    /// A Hello with the default times (3 s and 10 s).
    pub fn hello(
        group: u16,
        state: State,
        priority: u32,
        identifier: MacAddress,
        virtual_ip: IpAddr,
    ) -> Self {
        let mut octets = [0; 16];
        let ip_version = match virtual_ip {
            IpAddr::V4(address) => {
                octets[..4].copy_from_slice(&address.octets());
                4
            }
            IpAddr::V6(address) => {
                octets = address.octets();
                6
            }
        };
        Self {
            version: 2,
            opcode: Opcode::HELLO,
            state,
            ip_version,
            group,
            identifier,
            priority,
            hellotime_ms: 3000,
            holdtime_ms: 10_000,
            virtual_ip_octets: octets,
        }
    }

    /// The virtual IP, if the IP version is 4 or 6.
    pub fn virtual_ip(&self) -> Option<IpAddr> {
        virtual_ip(self.ip_version, self.virtual_ip_octets)
    }
}

/// `Hello group 1 state Active priority 100 hello 3000 ms hold 10000 ms virtual 10.0.0.100`.
impl fmt::Display for GroupState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { opcode, state, group, priority, hellotime_ms, holdtime_ms, .. } = self;
        write!(
            f,
            "{opcode} group {group} state {state} priority {priority} hello {hellotime_ms} ms hold {holdtime_ms} ms"
        )?;
        match self.virtual_ip() {
            Some(address) => write!(f, " virtual {address}"),
            None => write!(f, " ip version {}", self.ip_version),
        }
    }
}

/// A Group State TLV on the wire; see [`GroupState`] for the drawing.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct GroupStateRef<'a> {
    fixed: &'a [u8; 40],
}

impl GroupStateRef<'_> {
    /// The virtual IP, if the IP version is 4 or 6.
    pub fn virtual_ip(&self) -> Option<IpAddr> {
        virtual_ip(self.ip_version(), self.virtual_ip_octets())
    }

    /// The fields as a value.
    pub fn to_value(&self) -> GroupState {
        GroupState::from_octets(self.fixed)
    }
}

impl fmt::Debug for GroupStateRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

wire! {
    /// Body of the Interface State TLV, sent alone in a datagram of its own.
    ///
    /// ```text
    /// +----------+----------+---------------+----------------+
    /// |  Type 2  | Length 4 | Active groups | Passive groups |
    /// +----------+----------+---------------+----------------+
    ///  -2         -1         0               2              4
    /// ```
    pub struct InterfaceState: 4 octets {
        /// Groups that are Active.
        0 active_groups: u16,
        /// Groups that are not.
        2 passive_groups: u16,
    }
}

/// One TLV. A known type of another length is kept as [`Tlv::Other`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Tlv<'a> {
    /// Type 1, length 40.
    GroupState(GroupState),
    /// Type 2, length 4.
    InterfaceState(InterfaceState),
    /// Type 3, length 8: a clear text password, zero filled.
    TextAuthentication([u8; 8]),
    /// Type 4, length 28. The type and length octets are those of the value.
    Md5Authentication(Md5Authentication),
    /// Any other.
    Other(RawTlv<'a>),
    /// Any TLV with a length octet that says something else. Only to be built: what is read is one of the others.
    Misstated {
        /// What the length octet says.
        length: u8,
        /// What is written.
        tlv: RawTlv<'a>,
    },
}

/// The length octet that devices send with a type; `None` for an unknown one.
const fn length_of(tlv_type: u8) -> Option<u8> {
    Some(match TlvType(tlv_type) {
        TlvType::GROUP_STATE => 40,
        TlvType::INTERFACE_STATE => 4,
        TlvType::TEXT_AUTHENTICATION => 8,
        TlvType::MD5_AUTHENTICATION => 28,
        _ => return None,
    })
}

impl<'a> Tlv<'a> {
    /// Gives an item its meaning.
    pub fn from_raw(raw: RawTlv<'a>) -> Self {
        Self::known(raw).unwrap_or(Self::Other(raw))
    }

    fn known(raw: RawTlv<'a>) -> Option<Self> {
        Some(match TlvType(raw.tlv_type) {
            TlvType::GROUP_STATE => Self::GroupState(GroupState::from_octets(raw.value.try_into().ok()?)),
            TlvType::INTERFACE_STATE => {
                Self::InterfaceState(InterfaceState::from_octets(raw.value.try_into().ok()?))
            }
            TlvType::TEXT_AUTHENTICATION => Self::TextAuthentication(raw.value.try_into().ok()?),
            TlvType::MD5_AUTHENTICATION => Self::Md5Authentication(Md5Authentication::from_value(raw)?),
            _ => return None,
        })
    }

    /// Octets on the wire, type and length octet included.
    pub const fn wire_len(&self) -> usize {
        2 + match self {
            Self::GroupState(_) => GroupState::LEN,
            Self::InterfaceState(_) => InterfaceState::LEN,
            Self::TextAuthentication(_) => 8,
            Self::Md5Authentication(_) => Md5Authentication::LEN - 2,
            Self::Other(tlv) | Self::Misstated { tlv, .. } => tlv.value.len(),
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
            .ok_or_else(|| Error::new(Layer::Hsrp2, ErrorKind::NoRoom, 0, length, found))?;
        let tlv_type = match self {
            Self::GroupState(_) => TlvType::GROUP_STATE.0,
            Self::InterfaceState(_) => TlvType::INTERFACE_STATE.0,
            Self::TextAuthentication(_) => TlvType::TEXT_AUTHENTICATION.0,
            Self::Md5Authentication(md5) => md5.tlv_type.0,
            Self::Other(tlv) | Self::Misstated { tlv, .. } => tlv.tlv_type,
        };
        let (head, value) = out.split_at_mut(2);
        let octets = match self {
            Self::Misstated { length, .. } => [tlv_type, *length],
            _ => header::<ValueOnly>(tlv_type, value.len())
                .ok_or_else(|| Error::new(Layer::Hsrp2, ErrorKind::Unrepresentable, 1, 255, length - 2))?,
        };
        head.copy_from_slice(&octets);
        match self {
            Self::GroupState(state) => value.copy_from_slice(&state.to_octets()),
            Self::InterfaceState(state) => value.copy_from_slice(&state.to_octets()),
            Self::TextAuthentication(text) => value.copy_from_slice(text),
            Self::Md5Authentication(md5) => {
                md5.emit(out)?;
            }
            Self::Other(tlv) | Self::Misstated { tlv, .. } => value.copy_from_slice(tlv.value),
        }
        Ok(length)
    }
}

/// Writes a message and returns the number of octets.
///
/// # Errors
/// As [`Tlv::emit`], with the offset in the message. `out` may be partly written then.
pub fn emit<'a>(tlvs: impl IntoIterator<Item = Tlv<'a>>, out: &mut [u8]) -> Result<usize, Error> {
    let mut at = 0;
    for tlv in tlvs {
        at += tlv.emit(&mut out[at..]).map_err(|error| error.shifted(at))?;
    }
    Ok(at)
}

/// Computes the digest of the first MD5 TLV of `message` with `key` and writes it there.
///
/// # Errors
/// As [`MessageRef::parse`]; [`ErrorKind::NotRecognised`] without an MD5 TLV;
/// [`ErrorKind::Unrepresentable`] for a key above 55 octets.
#[cfg(feature = "md5")]
pub fn seal(message: &mut [u8], key: &[u8]) -> Result<(), Error> {
    let (pdu, _) = MessageRef::parse(message)?;
    let at = pdu.md5_at();
    crate::cisco::seal_hsrp(Layer::Hsrp2, message, at, key)
}

impl fmt::Display for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::GroupState(state) => state.fmt(f),
            Self::InterfaceState(InterfaceState { active_groups, passive_groups }) => {
                write!(f, "interface state active groups {active_groups} passive groups {passive_groups}")
            }
            Self::TextAuthentication(text) => write!(f, "text authentication \"{}\"", text.escape_ascii()),
            Self::Md5Authentication(md5) => md5.fmt(f),
            Self::Other(tlv) | Self::Misstated { tlv, .. } => {
                write!(f, "tlv {} ({} octets)", tlv.tlv_type, tlv.value.len())
            }
        }
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A HSRPv2 message on the wire: the whole UDP payload.
///
/// ```text
/// +------+--------+-------------------+------+--------+-----------+----
/// | Type | Length | Length octets ... | Type | Length | ...       |
/// +------+--------+-------------------+------+--------+-----------+----
/// ```
///
/// Checked by [`parse`](Self::parse): there is at least one TLV, and every TLV lies within the octets. Not checked:
/// types, lengths of known types, values. Nothing in the message says where it ends; the UDP length does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MessageRef<'a> {
    octets: &'a [u8],
    group_state: Option<GroupStateRef<'a>>,
    /// Found on the way, so that nobody walks the list again for it.
    text: Option<&'a [u8; 8]>,
}

impl<'a> MessageRef<'a> {
    /// Reads a message; all octets belong to it.
    ///
    /// # Errors
    /// No TLV at all; a TLV that goes on after the last octet.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Hsrp2, octets, Self::step)
    }

    /// The steps of [`Self::parse`]: a function and not a closure, so that it can be told to be inlined.
    #[inline(always)]
    fn step(input: &'a [u8]) -> Step<'a, Self> {
        let mut list = input;
        let mut group_state = None;
        let mut text = None;
        loop {
            match tlv::split_first::<ValueOnly>(list) {
                Ok((item, rest)) => {
                    if group_state.is_none() && item.tlv_type == TlvType::GROUP_STATE.0 {
                        group_state = item.value.try_into().ok().map(|fixed| GroupStateRef { fixed });
                    } else if text.is_none() && item.tlv_type == TlvType::TEXT_AUTHENTICATION.0 {
                        text = item.value.try_into().ok();
                    }
                    if rest.is_empty() {
                        return Ok((rest, Self { octets: input, group_state, text }));
                    }
                    list = rest;
                }
                Err(Unreadable::Truncated { needed }) => {
                    return Err(crate::primitives::truncated(list, needed));
                }
                // A length that counts only the value is never too small.
                Err(Unreadable::Length { .. }) => return Err(crate::primitives::truncated(list, 2)),
            }
        }
    }

    /// [`Self::parse`], and every deviation from what devices send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        use rules as r;
        let (pdu, rest) = Self::parse(octets)?;
        let audit = &mut Auditor::new(report);
        let mut seen = 0u8;
        for (at, raw) in tlv::Walk::<ValueOnly>::new(octets) {
            let Some(length) = length_of(raw.tlv_type) else {
                audit.check(false, &r::TLV_UNKNOWN, at, raw.tlv_type);
                continue;
            };
            audit.check(raw.value.len() == usize::from(length), &r::TLV_LENGTH, at + 1, octets[at + 1]);
            audit.check(seen & 1 << raw.tlv_type == 0, &r::TLV_REPEATED, at, raw.tlv_type);
            seen |= 1 << raw.tlv_type;
            match Tlv::from_raw(raw) {
                Tlv::GroupState(state) => {
                    audit.check(state.version == 2, &r::VERSION, at + 2, state.version);
                    audit.check(state.opcode.0 <= Opcode::RESIGN.0, &r::OPCODE, at + 3, state.opcode.0);
                    audit.check(state.state.name().is_some(), &r::STATE, at + 4, state.state.0);
                    audit.check(matches!(state.ip_version, 4 | 6), &r::IP_VERSION, at + 5, state.ip_version);
                    audit.check(state.group <= 4095, &r::GROUP, at + 6, state.group);
                }
                Tlv::Md5Authentication(md5) => md5.check(Md5TlvType::HSRP, audit, at),
                _ => {}
            }
        }
        Ok((pdu, rest))
    }

    /// All octets of the message.
    #[inline(always)]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// The TLVs, in the order of the wire.
    pub fn tlvs(&self) -> impl Iterator<Item = Tlv<'a>> + use<'a> {
        tlv::Walk::<ValueOnly>::new(self.octets).map(|(_, raw)| Tlv::from_raw(raw))
    }

    /// The first Group State of the known length.
    #[inline(always)]
    pub fn group_state(&self) -> Option<GroupStateRef<'a>> {
        self.group_state
    }

    /// The first Interface State of the known length.
    pub fn interface_state(&self) -> Option<InterfaceState> {
        self.tlvs().find_map(|tlv| match tlv {
            Tlv::InterfaceState(state) => Some(state),
            _ => None,
        })
    }

    /// The first Text Authentication of the known length.
    #[inline(always)]
    pub fn text_authentication(&self) -> Option<&'a [u8; 8]> {
        self.text
    }

    /// The first MD5 Authentication of the known length.
    pub fn md5(&self) -> Option<Md5Authentication> {
        let at = self.md5_at()?;
        self.octets[at..].first_chunk().map(Md5Authentication::from_octets)
    }

    fn md5_at(&self) -> Option<usize> {
        tlv::Walk::<ValueOnly>::new(self.octets)
            .find(|(_, raw)| matches!(Tlv::from_raw(*raw), Tlv::Md5Authentication(_)))
            .map(|(at, _)| at)
    }

    /// The digest that the MD5 TLV must have with `key`; `None` without one, or for a key above 55 octets.
    #[cfg(feature = "md5")]
    pub fn md5_digest(&self, key: &[u8]) -> Option<[u8; 16]> {
        crate::cisco::hsrp_digest(key, self.octets, self.md5_at()?)
    }

    /// The MD5 TLV has the digest that `key` gives; `None` as for [`Self::md5_digest`].
    #[cfg(feature = "md5")]
    pub fn verify_md5(&self, key: &[u8]) -> Option<bool> {
        Some(self.md5()?.digest == self.md5_digest(key)?)
    }
}

/// `HSRPv2 Hello group 1 ..., md5 key_id 0 sender 10.0.0.10`.
impl fmt::Display for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HSRPv2")?;
        self.tlvs().enumerate().try_for_each(|(index, tlv)| {
            let separator = if index == 0 { " " } else { ", " };
            write!(f, "{separator}{tlv}")
        })
    }
}

impl fmt::Debug for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageRef({self})")
    }
}

/// Rules on the format of HSRPv2 messages: what every captured device sends.
pub mod rules {
    crate::rule::rules! {
        TLV_UNKNOWN Observed "hsrp2.pdu.tlv-unknown" "Cisco HSRPv2, captures" "a TLV is Group State 1, Interface State 2, Text 3 or MD5 Authentication 4";
        TLV_LENGTH Observed "hsrp2.pdu.tlv-length" "Cisco HSRPv2, captures" "Group State has length 40, Interface State 4, Text 8, MD5 28";
        TLV_REPEATED Observed "hsrp2.pdu.tlv-repeated" "Cisco HSRPv2, captures" "a type of TLV stands once in a message";
        VERSION Observed "hsrp2.pdu.version" "Cisco HSRPv2, captures" "the version in Group State is 2";
        OPCODE Observed "hsrp2.pdu.opcode" "Cisco HSRPv2, captures" "the Op Code is Hello 0, Coup 1 or Resign 2";
        STATE Observed "hsrp2.pdu.state" "Cisco HSRPv2, captures" "the state is 0 to 6";
        IP_VERSION Observed "hsrp2.pdu.ip-version" "Cisco HSRPv2, captures" "the IP version is 4 or 6";
        GROUP Observed "hsrp2.pdu.group" "Cisco HSRPv2, documents" "the group is 0 to 4095";
    }
}

const _: () = assert!(GroupState::LEN == <GroupState as Field>::LEN);
