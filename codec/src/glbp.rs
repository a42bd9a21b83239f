//! GLBP (Cisco, no public standard): names and layout as captures and Wireshark's dissector suggest them.

use core::fmt;
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::error::{Error, ErrorKind, Layer};
use crate::field::{Field, MacAddress, open_enum, wire};
use crate::primitives::{Step, chunk, reject, room, run, truncated};
use crate::rule::{Auditor, Deviation};
use crate::tlv::{self, RawTlv, Unreadable, Whole, header};

/// UDP port.
pub const PORT: u16 = 3222;

open_enum! {
    /// The type octet of a TLV; the length octet counts both octets of the header.
    pub enum TlvType(u8) {
        /// Hello.
        HELLO = 1 => "Hello",
        /// Request/Response: one virtual forwarder.
        REQUEST_RESPONSE = 2 => "Request/Response",
        /// Authentication.
        AUTHENTICATION = 3 => "Authentication",
    }
}

open_enum! {
    /// State of the virtual gateway or of a virtual forwarder.
    pub enum State(u8) {
        /// Listen.
        LISTEN = 0x04 => "Listen",
        /// Speak.
        SPEAK = 0x08 => "Speak",
        /// Standby.
        STANDBY = 0x10 => "Standby",
        /// Active.
        ACTIVE = 0x20 => "Active",
    }
}

wire! {
    /// The header of every message.
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    /// +---------------+---------------+---------------+---------------+
    /// |   Version 1   |    Unknown    |             Group             |
    /// +---------------+---------------+---------------+---------------+
    /// |            Unknown            |           Owner (6)           |
    /// +-------------------------------+                               +
    /// |                                                               |
    /// +---------------------------------------------------------------+
    /// ```
    pub struct Header: 12 octets, view MessageRef {
        /// Version: 1.
        0 version: u8,
        /// Unknown, seen zero.
        1 unknown_1: u8,
        /// Group.
        2 group: u16,
        /// Unknown, seen zero.
        4 unknown_2: u16,
        /// MAC address of the sender's interface.
        6 owner: MacAddress,
    }
}

impl Header {
    /// A header as devices send it.
    pub const fn new(group: u16, owner: MacAddress) -> Self {
        Self { version: 1, unknown_1: 0, group, unknown_2: 0, owner }
    }
}

wire! {
    /// The fixed part of a Hello; the virtual address of `address_length` octets follows it.
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    ///                                 +---------------+---------------+
    ///                                 |    Type 1     |  Length 28/40 |
    /// +---------------+---------------+---------------+---------------+
    /// |    Unknown    |     State     |    Unknown    |   Priority    |
    /// +---------------+---------------+---------------+---------------+
    /// |            Unknown            |      Hello time, ms, high     |
    /// +-------------------------------+-------------------------------+
    /// |      Hello time, ms, low      |      Hold time, ms, high      |
    /// +-------------------------------+-------------------------------+
    /// |       Hold time, ms, low      |          Redirect, s          |
    /// +-------------------------------+-------------------------------+
    /// |          Timeout, s           |            Unknown            |
    /// +---------------+---------------+-------------------------------+
    /// | Address type  | Address length|        Virtual address        |
    /// +---------------+---------------+-------------------------------+
    /// ```
    pub struct Hello: 22 octets {
        /// Unknown, seen zero.
        0 unknown_1: u8,
        /// State of the virtual gateway.
        1 state: State,
        /// Unknown, seen zero.
        2 unknown_2: u8,
        /// Priority: the higher number is the stronger.
        3 priority: u8,
        /// Unknown, seen zero.
        4 unknown_3: u16,
        /// Hello time, in milliseconds.
        6 hellotime_ms: u32,
        /// Hold time, in milliseconds.
        10 holdtime_ms: u32,
        /// Redirect time, in seconds.
        14 redirect_s: u16,
        /// Timeout of a forwarder, in seconds.
        16 timeout_s: u16,
        /// Unknown, seen zero.
        18 unknown_4: u16,
        /// 1 IPv4, 2 IPv6.
        20 address_type: u8,
        /// Octets of the virtual address.
        21 address_length: u8,
    }
}

wire! {
    /// Body of a Request/Response TLV: one virtual forwarder.
    ///
    /// ```text
    ///  0                   1                   2                   3
    ///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
    ///                                 +---------------+---------------+
    ///                                 |    Type 2     |   Length 20   |
    /// +---------------+---------------+---------------+---------------+
    /// |   Forwarder   |     State     |    Unknown    |   Priority    |
    /// +---------------+---------------+---------------+---------------+
    /// |    Weight     |    Unknown    |            Unknown            |
    /// +---------------+---------------+-------------------------------+
    /// |     Timeout left, s (?)       |      Redirect left, s (?)     |
    /// +-------------------------------+-------------------------------+
    /// |                    Virtual MAC address (6)                    |
    /// +                               +-------------------------------+
    /// |                               |
    /// +-------------------------------+
    /// ```
    pub struct Forwarder: 18 octets {
        /// Number of the forwarder.
        0 forwarder: u8,
        /// State of the forwarder.
        1 state: State,
        /// Unknown.
        2 unknown_1: u8,
        /// Priority: 167 where the router is the primary one, 135 where it stands in.
        3 priority: u8,
        /// Weight.
        4 weight: u8,
        /// Unknown, flags perhaps.
        5 unknown_2: u8,
        /// Unknown.
        6 unknown_3: u16,
        /// Seconds, counting down from the timeout after a take-over; inferred from captures.
        8 timeout_left_s: u16,
        /// Seconds, counting down from the redirect time after a take-over; inferred from captures.
        10 redirect_left_s: u16,
        /// Virtual MAC address.
        12 virtual_mac: MacAddress,
    }
}

/// One TLV. What does not have the known layout is kept as [`Tlv::Other`].
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum Tlv<'a> {
    /// Type 1.
    Hello {
        /// The fixed part; its `address_length` is that of `address`.
        hello: Hello,
        /// The virtual address as it stands; [`Tlv::virtual_ip`] reads it.
        address: &'a [u8],
    },
    /// Type 2, length 20.
    RequestResponse(Forwarder),
    /// Type 3.
    Authentication {
        /// 0 none, 1 text, 2 MD5 string, 3 MD5 key chain.
        auth_type: u8,
        /// Password, digest, or key id and digest.
        data: &'a [u8],
    },
    /// Any other; type 4 accompanies MD5 authentication.
    Other(RawTlv<'a>),
    /// Any TLV with a length octet that says something else. Only to be built: what is read is one of the others.
    Misstated {
        /// What the length octet says.
        length: u8,
        /// What is written.
        tlv: RawTlv<'a>,
    },
}

impl<'a> Tlv<'a> {
    /// Gives an item its meaning.
    pub fn from_raw(raw: RawTlv<'a>) -> Self {
        Self::known(raw).unwrap_or(Self::Other(raw))
    }

    fn known(raw: RawTlv<'a>) -> Option<Self> {
        Some(match TlvType(raw.tlv_type) {
            TlvType::HELLO => {
                let (fixed, address) = raw.value.split_first_chunk()?;
                let hello = Hello::from_octets(fixed);
                (usize::from(hello.address_length) == address.len())
                    .then_some(Self::Hello { hello, address })?
            }
            TlvType::REQUEST_RESPONSE => {
                Self::RequestResponse(Forwarder::from_octets(raw.value.try_into().ok()?))
            }
            TlvType::AUTHENTICATION => {
                let (&[auth_type, length], data) = raw.value.split_first_chunk()?;
                (usize::from(length) == data.len()).then_some(Self::Authentication { auth_type, data })?
            }
            _ => return None,
        })
    }

    /// The virtual address of a Hello, if its type and length are those of IPv4 or IPv6.
    pub fn virtual_ip(&self) -> Option<IpAddr> {
        let Self::Hello { hello, address } = self else { return None };
        match hello.address_type {
            1 => <[u8; 4]>::try_from(*address).ok().map(|octets| Ipv4Addr::from(octets).into()),
            2 => <[u8; 16]>::try_from(*address).ok().map(|octets| Ipv6Addr::from(octets).into()),
            _ => None,
        }
    }

    /// Octets on the wire, type and length octet included.
    pub const fn wire_len(&self) -> usize {
        2 + match self {
            Self::Hello { address, .. } => Hello::LEN + address.len(),
            Self::RequestResponse(_) => Forwarder::LEN,
            Self::Authentication { data, .. } => 2 + data.len(),
            Self::Other(tlv) | Self::Misstated { tlv, .. } => tlv.value.len(),
        }
    }

    /// Writes the TLV and returns the number of octets. The address length of a Hello and the length of
    /// Authentication are those of the data.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is too short; [`ErrorKind::Unrepresentable`] if the value is longer
    /// than the length octet can say.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let length = self.wire_len();
        let found = out.len();
        let out = out
            .get_mut(..length)
            .ok_or_else(|| Error::new(Layer::Glbp, ErrorKind::NoRoom, 0, length, found))?;
        let tlv_type = match self {
            Self::Hello { .. } => TlvType::HELLO.0,
            Self::RequestResponse(_) => TlvType::REQUEST_RESPONSE.0,
            Self::Authentication { .. } => TlvType::AUTHENTICATION.0,
            Self::Other(tlv) | Self::Misstated { tlv, .. } => tlv.tlv_type,
        };
        let too_long = || Error::new(Layer::Glbp, ErrorKind::Unrepresentable, 1, 255, length);
        let (head, value) = out.split_at_mut(2);
        head.copy_from_slice(&match self {
            Self::Misstated { length, .. } => [tlv_type, *length],
            _ => header::<Whole>(tlv_type, value.len()).ok_or_else(too_long)?,
        });
        match self {
            Self::Hello { hello, address } => {
                let address_length = u8::try_from(address.len()).map_err(|_| too_long())?;
                let (fixed, rest) = value.split_at_mut(Hello::LEN);
                fixed.copy_from_slice(&Hello { address_length, ..*hello }.to_octets());
                rest.copy_from_slice(address);
            }
            Self::RequestResponse(forwarder) => value.copy_from_slice(&forwarder.to_octets()),
            Self::Authentication { auth_type, data } => {
                value[0] = *auth_type;
                value[1] = u8::try_from(data.len()).map_err(|_| too_long())?;
                value[2..].copy_from_slice(data);
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
pub fn emit<'a>(
    header: &Header,
    tlvs: impl IntoIterator<Item = Tlv<'a>>,
    out: &mut [u8],
) -> Result<usize, Error> {
    let (fixed, _) = room::<12>(Layer::Glbp, out)?;
    header.write_octets(fixed);
    let mut at = Header::LEN;
    for tlv in tlvs {
        at += tlv.emit(&mut out[at..]).map_err(|error| error.shifted(at))?;
    }
    Ok(at)
}

impl fmt::Display for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hello { hello, .. } => {
                let Hello { state, priority, hellotime_ms, holdtime_ms, .. } = hello;
                write!(
                    f,
                    "Hello state {state} priority {priority} hello {hellotime_ms} ms hold {holdtime_ms} ms"
                )?;
                self.virtual_ip().map_or(Ok(()), |address| write!(f, " virtual {address}"))
            }
            Self::RequestResponse(Forwarder { forwarder, state, priority, weight, virtual_mac, .. }) => {
                write!(
                    f,
                    "forwarder {forwarder} state {state} priority {priority} weight {weight} mac {virtual_mac}"
                )
            }
            Self::Authentication { auth_type, data } => {
                write!(f, "authentication type {auth_type} ({} octets)", data.len())
            }
            Self::Other(tlv) | Self::Misstated { tlv, .. } => {
                write!(f, "tlv {} ({} octets)", tlv.tlv_type, tlv.value.len() + 2)
            }
        }
    }
}

impl fmt::Debug for Tlv<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A GLBP message on the wire: the whole UDP payload, a [`Header`] and TLVs.
///
/// ```text
/// +-------------+------+--------+---------------------+------+--------+----
/// | Header (12) | Type | Length | Length - 2 octets   | Type | Length | ...
/// +-------------+------+--------+---------------------+------+--------+----
/// ```
///
/// Checked by [`parse`](Self::parse): the header is there, every TLV lies within the octets and is at least as long
/// as its own header. Not checked: everything else. Nothing in the message says where it ends; the UDP length does.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct MessageRef<'a> {
    fixed: &'a [u8; 12],
    octets: &'a [u8],
}

impl<'a> MessageRef<'a> {
    /// Reads a message; all octets belong to it.
    ///
    /// # Errors
    /// Truncated; a TLV that goes on after the last octet or is shorter than its header.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Glbp, octets, |input| {
            let (list, fixed) = chunk::<12>(input)?;
            let (rest, ()) = whole_list(list)?;
            Ok((rest, Self { fixed, octets: input }))
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
        audit.check(pdu.version() == 1, &r::VERSION, 0, pdu.version());
        for (offset, raw) in tlv::Walk::<Whole>::new(&octets[Header::LEN..]) {
            let at = Header::LEN + offset;
            match Tlv::from_raw(raw) {
                Tlv::Hello { hello, .. } => {
                    audit.check(hello.state.name().is_some(), &r::STATE, at + 3, hello.state.0);
                    let known = matches!((hello.address_type, hello.address_length), (1, 4) | (2, 16));
                    audit.check(known, &r::ADDRESS, at + 22, hello.address_type);
                }
                Tlv::RequestResponse(forwarder) => {
                    audit.check(forwarder.state.name().is_some(), &r::STATE, at + 3, forwarder.state.0);
                }
                Tlv::Authentication { .. } | Tlv::Misstated { .. } => {}
                Tlv::Other(raw) => {
                    let known = TlvType(raw.tlv_type).name().is_some();
                    audit.check(!known, &r::TLV_LENGTH, at + 1, octets[at + 1]);
                    audit.check(known || raw.tlv_type == 4, &r::TLV_UNKNOWN, at, raw.tlv_type);
                }
            }
        }
        Ok((pdu, rest))
    }

    /// All octets of the message.
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// The header as a value.
    pub fn header(&self) -> Header {
        Header::from_octets(self.fixed)
    }

    /// The TLVs, in the order of the wire.
    pub fn tlvs(&self) -> impl Iterator<Item = Tlv<'a>> + use<'a> {
        tlv::Walk::<Whole>::new(&self.octets[Header::LEN..]).map(|(_, raw)| Tlv::from_raw(raw))
    }
}

/// Walks to the end of a list that the end of the octets ends.
fn whole_list(mut list: &[u8]) -> Step<'_, ()> {
    while !list.is_empty() {
        match tlv::split_first::<Whole>(list) {
            Ok((_, rest)) => list = rest,
            Err(Unreadable::Truncated { needed }) => return Err(truncated(list, needed)),
            Err(Unreadable::Length { length }) => {
                return reject(&list[1..], ErrorKind::LengthField, 2, usize::from(length));
            }
        }
    }
    Ok((list, ()))
}

/// `GLBP group 1 owner c2:00:7c:b8:00:00, Hello ...`.
impl fmt::Display for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "GLBP group {} owner {}", self.group(), self.owner())?;
        self.tlvs().try_for_each(|tlv| write!(f, ", {tlv}"))
    }
}

impl fmt::Debug for MessageRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MessageRef({self})")
    }
}

/// Rules on the format of GLBP messages: what every captured device sends.
pub mod rules {
    crate::rule::rules! {
        VERSION Observed "glbp.pdu.version" "Cisco GLBP, captures" "the version is 1";
        TLV_UNKNOWN Observed "glbp.pdu.tlv-unknown" "Cisco GLBP, captures" "a TLV has a type from 1 to 4";
        TLV_LENGTH Observed "glbp.pdu.tlv-length" "Cisco GLBP, captures" "a Hello, Request/Response or Authentication TLV has its known layout";
        STATE Observed "glbp.pdu.state" "Cisco GLBP, captures" "a state is Listen 4, Speak 8, Standby 16 or Active 32";
        ADDRESS Observed "glbp.pdu.address" "Cisco GLBP, captures" "a virtual address is of type 1 and 4 octets or of type 2 and 16 octets";
    }
}

const _: () = assert!(Hello::LEN == <Hello as Field>::LEN);
