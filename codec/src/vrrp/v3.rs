//! VRRPv3 over IPv4 and IPv6 (RFC 5798 section 5, RFC 9568 section 5).

use core::fmt;
use core::net::IpAddr;

use super::{ChecksumStatus, IP_PROTOCOL, Type, count_octet, version_and_type};
use crate::address::Addresses;
use crate::checksum::{Carrier, Family, Sum};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{Field, Stated};
use crate::primitives::{Step, chunk, octets as take, reject, run};
use crate::rule::{Auditor, Deviation};

/// Which checksum an advertisement is sent with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "arbitrary", derive(arbitrary::Arbitrary))]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Checksum {
    /// RFC 9568 section 5.2.8: over the message alone on IPv4, with the pseudo-header on IPv6.
    Rfc9568,
    /// The other reading of RFC 5798 section 5.2.8: with a pseudo-header on IPv4 too.
    Rfc5798,
    /// Exactly this, right or wrong.
    Exactly(u16),
}

/// A VRRPv3 advertisement as a value; also the builder of valid and invalid ones.
///
/// See [`AdvertisementRef`] for the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Advertisement<'a> {
    /// Version: 3; four bits.
    pub version: u8,
    /// Type: 1; four bits.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub packet_type: Type,
    /// Virtual Rtr ID: 1 to 255.
    pub vrid: u8,
    /// Priority: 255 the owner, 1 to 254 a backup, 0 the Active Router stops.
    pub priority: u8,
    /// Count of addresses: computed from `addresses`, unless stated.
    pub count: Stated<u8>,
    /// Reserve: 0; four bits.
    pub reserve: u8,
    /// Max Advertise Interval, in centiseconds: 1 to 4095; twelve bits.
    pub max_advertisement_interval_cs: u16,
    /// Checksum.
    pub checksum: Checksum,
    /// Virtual addresses, of the family of the IP header; the first of an IPv6 list is link-local.
    pub addresses: Addresses<'a>,
}

impl<'a> Advertisement<'a> {
    /// A valid advertisement of RFC 9568.
    pub const fn new(
        vrid: u8,
        priority: u8,
        max_advertisement_interval_cs: u16,
        addresses: Addresses<'a>,
    ) -> Self {
        Self {
            version: 3,
            packet_type: Type::ADVERTISEMENT,
            vrid,
            priority,
            count: Stated::Computed,
            reserve: 0,
            max_advertisement_interval_cs,
            checksum: Checksum::Rfc9568,
            addresses,
        }
    }

    /// Octets that [`Self::emit`] writes.
    pub const fn wire_len(&self) -> usize {
        8 + self.addresses.wire_len()
    }

    /// Writes the message and returns the number of octets. The checksum is that of a message in an IP packet
    /// with the addresses of `carrier`.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is too short; [`ErrorKind::Unrepresentable`] for a version, type or
    /// Reserve above 15, an interval above 4095 or more than 255 addresses with a computed count. Nothing is
    /// written then.
    #[inline]
    pub fn emit(&self, carrier: Carrier, out: &mut [u8]) -> Result<usize, Error> {
        let length = self.wire_len();
        let first = version_and_type(Layer::Vrrp3, self.version, self.packet_type)?;
        let count = count_octet(Layer::Vrrp3, self.count, self.addresses.len())?;
        for (number, largest) in
            [(u16::from(self.reserve), 0x0f), (self.max_advertisement_interval_cs, 0x0fff)]
        {
            if number > largest {
                let (largest, number) = (usize::from(largest), usize::from(number));
                return Err(Error::new(Layer::Vrrp3, ErrorKind::Unrepresentable, 4, largest, number));
            }
        }
        let found = out.len();
        let out = out
            .get_mut(..length)
            .ok_or_else(|| Error::new(Layer::Vrrp3, ErrorKind::NoRoom, 0, length, found))?;
        let interval = u16::from(self.reserve) << 12 | self.max_advertisement_interval_cs;
        let [high, low] = interval.to_be_bytes();
        let (head, addresses) = out.split_at_mut(8);
        head.copy_from_slice(&[first, self.vrid, self.priority, count, high, low, 0, 0]);
        self.addresses.write(addresses);
        let checksum = match self.checksum {
            Checksum::Exactly(checksum) => checksum,
            Checksum::Rfc9568 if carrier.family() == Family::Ipv4 => !Sum::default().add(out).folded(),
            Checksum::Rfc9568 | Checksum::Rfc5798 => {
                !carrier.pseudo_header(IP_PROTOCOL, length).add(out).folded()
            }
        };
        out[6..8].copy_from_slice(&checksum.to_be_bytes());
        Ok(length)
    }
}

/// `VRRPv3 vrid 1 priority 100 interval 100 cs addresses 192.168.0.1`.
impl fmt::Display for Advertisement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vrid, priority, max_advertisement_interval_cs, addresses, .. } = self;
        write!(
            f,
            "VRRPv3 vrid {vrid} priority {priority} interval {max_advertisement_interval_cs} cs addresses {addresses}"
        )
    }
}

/// A VRRPv3 advertisement on the wire.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+---------------+---------------+
/// |Version| Type  | Virtual Rtr ID|   Priority    |IPvX Addr Count|
/// +-------+-------+---------------+---------------+---------------+
/// |Reserve| Max Advertise Interval|           Checksum            |
/// +-------+-----------------------+-------------------------------+
/// |         IPvX Address(es): 4 octets each over IPv4,            |
/// |                          16 octets each over IPv6             |
/// +---------------------------------------------------------------+
/// ```
///
/// Checked by [`parse`](Self::parse): version 3, type 1, the length (section 7.1). Not checked: Reserve, which a
/// receiver must ignore (5.2.6); the checksum, which is a [verdict](Self::checksum_status); count or interval zero
/// and the first IPv6 address, on which the editions differ (errata 8299 to 8301 of RFC 9568); what depends on the
/// configuration of the receiver; TTL and Hop Limit, which are the frame's.
///
/// The message ends with its last address. What comes after it is the caller's: keepalived's HMAC extension
/// of 28 octets, for one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AdvertisementRef<'a> {
    fixed: &'a [u8; 8],
    octets: &'a [u8],
    family: Family,
}

impl<'a> AdvertisementRef<'a> {
    /// Reads a message carried by `family`, which alone says how long an address is; returns it and the octets
    /// after it.
    ///
    /// # Errors
    /// Not version 3; not type 1; truncated.
    #[inline(always)]
    pub fn parse(octets: &'a [u8], family: Family) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Vrrp3, octets, |input| {
            let (_, fixed) = chunk::<8>(input)?;
            if fixed[0] != 0x31 {
                return reject_first(input, fixed[0]);
            }
            let (rest, octets) = take(8 + usize::from(fixed[3]) * family.address_length())(input)?;
            Ok((rest, Self { fixed, octets, family }))
        })
    }

    /// [`Self::parse`], and every deviation of the message from what a router must send. The checksum is judged
    /// if the addresses of the IP header are given.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(
        octets: &'a [u8],
        family: Family,
        carrier: Option<Carrier>,
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self, &'a [u8]), Error> {
        use rules as r;
        let (pdu, rest) = Self::parse(octets, family)?;
        let audit = &mut Auditor::new(report);
        audit.check(pdu.vrid() != 0, &r::VRID, 1, pdu.vrid());
        audit.check(!pdu.addresses().is_empty(), &r::COUNT, 3, 0u8);
        audit.check(pdu.reserve() == 0, &r::RESERVE, 4, pdu.reserve());
        audit.check(pdu.max_advertisement_interval_cs() != 0, &r::INTERVAL, 4, 0u8);
        let status = pdu.checksum_status(carrier);
        audit.check(status != ChecksumStatus::Invalid, &r::CHECKSUM, 6, pdu.checksum());
        if let Some(IpAddr::V6(first)) = pdu.addresses().get(0) {
            audit.check(first.is_unicast_link_local(), &r::LINK_LOCAL_FIRST, 8, first.segments()[0]);
        }
        Ok((pdu, rest))
    }

    /// All octets of the message, without what came after it.
    #[inline(always)]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// The family of the carrying IP header.
    #[inline(always)]
    pub const fn family(&self) -> Family {
        self.family
    }

    /// Type: always 1.
    #[inline(always)]
    pub fn packet_type(&self) -> Type {
        Type(self.fixed[0] & 0x0f)
    }

    /// Virtual Rtr ID.
    #[inline(always)]
    pub fn vrid(&self) -> u8 {
        self.fixed[1]
    }

    /// Priority.
    #[inline(always)]
    pub fn priority(&self) -> u8 {
        self.fixed[2]
    }

    /// Reserve, as it came.
    #[inline(always)]
    pub fn reserve(&self) -> u8 {
        self.fixed[4] >> 4
    }

    /// Max Advertise Interval, in centiseconds.
    #[inline(always)]
    pub fn max_advertisement_interval_cs(&self) -> u16 {
        u16::read(self.fixed, 4) & 0x0fff
    }

    /// Checksum, as it came.
    #[inline(always)]
    pub fn checksum(&self) -> u16 {
        u16::read(self.fixed, 6)
    }

    /// Virtual addresses.
    #[inline(always)]
    pub fn addresses(&self) -> Addresses<'a> {
        Addresses::from_wire(self.family, &self.octets[8..])
    }

    /// The verdict on the checksum, given the addresses of the IP header.
    ///
    /// Over IPv4 both forms are tried. Without the addresses the form of RFC 9568 can still be recognised;
    /// anything else is [`ChecksumStatus::Unverifiable`].
    #[inline(always)]
    pub fn checksum_status(&self, carrier: Option<Carrier>) -> ChecksumStatus {
        let message = Sum::default().add(self.fixed).add(&self.octets[self.fixed.len()..]);
        let Some(carrier) = carrier.filter(|carrier| carrier.family() == self.family) else {
            return match self.family {
                Family::Ipv4 if message.folded() == 0xffff => ChecksumStatus::Rfc9568,
                _ => ChecksumStatus::Unverifiable,
            };
        };
        let pseudo_header = carrier.pseudo_header(IP_PROTOCOL, self.octets.len());
        let alone = || self.family == Family::Ipv4 && message.folded() == 0xffff;
        if pseudo_header.plus(message).folded() == 0xffff {
            // A caller that asks for nothing but Invalid does not pay for the other form.
            if self.family == Family::Ipv6 || alone() {
                ChecksumStatus::Valid
            } else {
                ChecksumStatus::Rfc5798
            }
        } else if alone() {
            ChecksumStatus::Rfc9568
        } else {
            ChecksumStatus::Invalid
        }
    }

    /// The fields as a value; the checksum is stated as it came.
    pub fn to_value(&self) -> Advertisement<'a> {
        Advertisement {
            version: 3,
            packet_type: self.packet_type(),
            vrid: self.vrid(),
            priority: self.priority(),
            count: Stated::Computed,
            reserve: self.reserve(),
            max_advertisement_interval_cs: self.max_advertisement_interval_cs(),
            checksum: Checksum::Exactly(self.checksum()),
            addresses: self.addresses(),
        }
    }
}

// Not cold: a rejection that is moved out of the way is slower than an acceptance.
#[inline(always)]
fn reject_first<T>(input: &[u8], octet: u8) -> Step<'_, T> {
    match octet >> 4 {
        3 => reject(input, ErrorKind::Type, 1, usize::from(octet & 0x0f)),
        version => reject(input, ErrorKind::Version, 3, usize::from(version)),
    }
}

impl fmt::Display for AdvertisementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_value().fmt(f)
    }
}

impl fmt::Debug for AdvertisementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AdvertisementRef").field(&self.to_value()).finish()
    }
}

/// Rules on the format of VRRPv3 messages, as a router must send them.
pub mod rules {
    crate::rule::rules! {
        VRID Must "vrrp3.pdu.vrid" "RFC 9568 5.2.3, RFC 5798 5.2.3" "Virtual Rtr ID is 1 to 255";
        COUNT Must "vrrp3.pdu.count" "RFC 9568 5.2.5 with erratum 8299, RFC 5798 5.2.5" "the message has one or more addresses";
        RESERVE Must "vrrp3.pdu.reserve" "RFC 9568 5.2.6, RFC 5798 5.2.6" "Reserve is zero";
        INTERVAL Must "vrrp3.pdu.interval" "RFC 9568 5.2.7 with erratum 8301" "Max Advertise Interval is 1 to 4095 centiseconds";
        CHECKSUM Must "vrrp3.pdu.checksum" "RFC 9568 5.2.8, RFC 5798 5.2.8" "the checksum is right in one of the forms";
        LINK_LOCAL_FIRST Must "vrrp3.pdu.link-local-first" "RFC 9568 5.2.9 with erratum 8300" "the first IPv6 address is link-local";
    }
}
