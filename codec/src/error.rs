//! Why octets were rejected: what, in which layer, at which octet.

use core::fmt;

/// The layer that rejected the octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[repr(u8)]
pub enum Layer {
    /// Ethernet II header.
    Ethernet,
    /// 802.1Q or 802.1ad tag.
    Vlan,
    /// IPv4 header.
    Ipv4,
    /// IPv6 header.
    Ipv6,
    /// IPv6 extension headers.
    Ipv6Extension,
    /// IP Authentication Header (RFC 2402).
    IpAuthentication,
    /// UDP header.
    Udp,
    /// ARP packet.
    Arp,
    /// ICMPv6 neighbour discovery message.
    NeighborDiscovery,
    /// Slow protocol frame, before its subtype is known.
    Slow,
    /// LACPDU.
    Lacp,
    /// Marker or Marker Response PDU.
    Marker,
    /// VRRP message of a version that is neither 2 nor 3.
    Vrrp,
    /// VRRPv2 message.
    Vrrp2,
    /// VRRPv3 message.
    Vrrp3,
    /// CARP message.
    Carp,
    /// HSRPv1 message.
    Hsrp1,
    /// HSRPv2 message.
    Hsrp2,
    /// GLBP message.
    Glbp,
    /// Cisco's MD5 authentication TLV.
    Md5,
}

impl Layer {
    /// The number of the last one.
    const LAST: u8 = Self::Md5 as u8;

    /// The layer of this number. A match and not a table: the compiler sees that it changes nothing.
    #[inline(always)]
    const fn numbered(number: u8) -> Self {
        match number {
            0 => Self::Ethernet,
            1 => Self::Vlan,
            2 => Self::Ipv4,
            3 => Self::Ipv6,
            4 => Self::Ipv6Extension,
            5 => Self::IpAuthentication,
            6 => Self::Udp,
            7 => Self::Arp,
            8 => Self::NeighborDiscovery,
            9 => Self::Slow,
            10 => Self::Lacp,
            11 => Self::Marker,
            12 => Self::Vrrp,
            13 => Self::Vrrp2,
            14 => Self::Vrrp3,
            15 => Self::Carp,
            16 => Self::Hsrp1,
            17 => Self::Hsrp2,
            18 => Self::Glbp,
            _ => Self::Md5,
        }
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ethernet => "Ethernet",
            Self::Vlan => "VLAN tag",
            Self::Ipv4 => "IPv4",
            Self::Ipv6 => "IPv6",
            Self::Ipv6Extension => "IPv6 extension header",
            Self::IpAuthentication => "IP AH",
            Self::Udp => "UDP",
            Self::Arp => "ARP",
            Self::NeighborDiscovery => "neighbour discovery",
            Self::Slow => "slow protocol",
            Self::Lacp => "LACPDU",
            Self::Marker => "Marker PDU",
            Self::Vrrp => "VRRP",
            Self::Vrrp2 => "VRRPv2",
            Self::Vrrp3 => "VRRPv3",
            Self::Carp => "CARP",
            Self::Hsrp1 => "HSRPv1",
            Self::Hsrp2 => "HSRPv2",
            Self::Glbp => "GLBP",
            Self::Md5 => "MD5 authentication TLV",
        })
    }
}

/// What was wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A block of [`Error::expected`] octets begins at [`Error::at`], [`Error::found`] are there.
    Truncated,
    /// A length field says [`Error::found`], at least [`Error::expected`] is needed.
    LengthField,
    /// A version field says [`Error::found`] in place of [`Error::expected`].
    Version,
    /// A type, subtype or operation code says [`Error::found`] in place of [`Error::expected`].
    Type,
    /// More VLAN tags than [`Error::expected`].
    TooManyTags,
    /// The datagram is a fragment: the message is not whole.
    Fragment,
    /// IPv6 extension headers in an order or of a kind that cannot be followed.
    ExtensionHeader,
    /// The frame carries none of the protocols that this crate decodes.
    NotRecognised,
    /// Emitting: the buffer has [`Error::found`] octets, [`Error::expected`] are needed.
    NoRoom,
    /// Emitting: the value [`Error::found`] does not fit a field whose largest is [`Error::expected`].
    Unrepresentable,
}

impl ErrorKind {
    /// The number of the last one.
    const LAST: u8 = Self::Unrepresentable as u8;

    /// The kind of this number. A match and not a table: the compiler sees that it changes nothing.
    #[inline(always)]
    const fn numbered(number: u8) -> Self {
        match number {
            0 => Self::Truncated,
            1 => Self::LengthField,
            2 => Self::Version,
            3 => Self::Type,
            4 => Self::TooManyTags,
            5 => Self::Fragment,
            6 => Self::ExtensionHeader,
            7 => Self::NotRecognised,
            8 => Self::NoRoom,
            _ => Self::Unrepresentable,
        }
    }
}

// The numbers are those of the variants.
const _: () = {
    let mut number = 0;
    while number <= Layer::LAST {
        assert!(Layer::numbered(number) as u8 == number);
        number += 1;
    }
    number = 0;
    while number <= ErrorKind::LAST {
        assert!(ErrorKind::numbered(number) as u8 == number);
        number += 1;
    }
};

/// Why octets were rejected, or a value could not be emitted.
///
/// Eight octets, `Copy`; made without allocating. Offsets count from the first octet that was handed
/// to the function which returned the error; numbers above 65535 are given as 65535.
// One word and not five fields: a `Result` of a view and five fields is taken apart and put together again, field by
// field, wherever it passes, and the view in it as well. From the low end: at, expected, found, kind, layer.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Error(u64);

#[inline(always)]
fn saturate(number: usize) -> u64 {
    number.min(0xffff) as u64
}

impl Error {
    #[inline(always)]
    pub(crate) fn new(layer: Layer, kind: ErrorKind, at: usize, expected: usize, found: usize) -> Self {
        let numbers = saturate(found) << 32 | saturate(expected) << 16 | saturate(at);
        Self((layer as u64) << 56 | (kind as u64) << 48 | numbers)
    }

    /// The same error, seen from `offset` octets further out.
    #[must_use]
    #[inline(always)]
    pub fn shifted(self, offset: usize) -> Self {
        Self(self.0 & !0xffff | saturate(usize::from(self.at()).saturating_add(offset)))
    }

    /// What was wrong.
    #[inline(always)]
    pub const fn kind(self) -> ErrorKind {
        ErrorKind::numbered((self.0 >> 48 & 0xff) as u8)
    }

    /// The layer that rejected the octets.
    #[inline(always)]
    pub const fn layer(self) -> Layer {
        Layer::numbered((self.0 >> 56) as u8)
    }

    /// Offset of the octet, or of the first octet of the block, that is wrong.
    #[inline(always)]
    pub const fn at(self) -> u16 {
        (self.0 & 0xffff) as u16
    }

    /// What was expected; see [`ErrorKind`] for its meaning.
    #[inline(always)]
    pub const fn expected(self) -> u16 {
        (self.0 >> 16 & 0xffff) as u16
    }

    /// What was there instead; see [`ErrorKind`] for its meaning.
    #[inline(always)]
    pub const fn found(self) -> u16 {
        (self.0 >> 32 & 0xffff) as u16
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (at, expected, found) = (self.at(), self.expected(), self.found());
        write!(f, "{}: ", self.layer())?;
        match self.kind() {
            ErrorKind::Truncated => {
                write!(f, "cut short: {expected} octets needed from octet {at} on, {found} are there")
            }
            ErrorKind::LengthField => {
                write!(f, "length field at octet {at} says {found}, expected at least {expected}")
            }
            ErrorKind::Version => write!(f, "version {found} at octet {at}, expected {expected}"),
            ErrorKind::Type => write!(f, "type {found} at octet {at}, expected {expected}"),
            ErrorKind::TooManyTags => write!(f, "more than {expected} tags, at octet {at}"),
            ErrorKind::Fragment => write!(f, "a fragment, at octet {at}: the message is not whole"),
            ErrorKind::ExtensionHeader => {
                write!(f, "extension headers from octet {at} on cannot be followed")
            }
            ErrorKind::NotRecognised => write!(f, "none of the protocols decoded here, at octet {at}"),
            ErrorKind::NoRoom => write!(f, "{expected} octets needed to emit, the buffer has {found}"),
            ErrorKind::Unrepresentable => {
                write!(f, "{found} does not fit the field at octet {at}, at most {expected}")
            }
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Error({self})")
    }
}

impl core::error::Error for Error {}
