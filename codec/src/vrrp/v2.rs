//! VRRPv2 (RFC 3768 section 5; RFC 2338 section 5 for authentication types 1 and 2).

use core::fmt;

use super::{ChecksumStatus, Type, count_octet, version_and_type};
use crate::address::Addresses;
use crate::checksum::{Family, Sum, internet_checksum};
use crate::cisco::{Md5Authentication, Md5TlvType};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::{Field, Stated, open_enum};
use crate::primitives::{chunk, octets as take, reject, run};
use crate::rule::{Auditor, Deviation};

open_enum! {
    /// Auth Type (RFC 2338 section 5.3.6; RFC 3768 leaves only 0).
    pub enum AuthType(u8) {
        /// No authentication.
        NONE = 0 => "none",
        /// Simple text password, RFC 2338 only.
        SIMPLE_TEXT = 1 => "simple text",
        /// IP Authentication Header, RFC 2338 only.
        IP_AUTHENTICATION_HEADER = 2 => "IP AH",
        /// Cisco's MD5 authentication: a TLV follows the authentication data.
        CISCO_MD5 = 254 => "Cisco MD5",
    }
}

/// A VRRPv2 advertisement as a value; also the builder of valid and invalid ones.
///
/// See [`AdvertisementRef`] for the drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Advertisement<'a> {
    /// Version: 2; four bits.
    pub version: u8,
    /// Type: 1; four bits.
    #[cfg_attr(feature = "serde", serde(rename = "type"))]
    pub packet_type: Type,
    /// Virtual Rtr ID: 1 to 255.
    pub vrid: u8,
    /// Priority: 255 the owner, 1 to 254 a backup, 0 the Master stops.
    pub priority: u8,
    /// Count IP Addrs: computed from `addresses`, unless stated.
    pub count: Stated<u8>,
    /// Auth Type.
    pub auth_type: AuthType,
    /// Adver Int, in seconds.
    pub advertisement_interval_s: u8,
    /// Checksum: computed, unless stated.
    pub checksum: Stated<u16>,
    /// Virtual addresses.
    pub addresses: Addresses<'a>,
    /// Authentication Data; `None` leaves the two words out, as no valid message does.
    pub authentication_data: Option<[u8; 8]>,
    /// The TLV of Cisco's authentication type 254.
    pub md5: Option<Md5Authentication>,
}

impl<'a> Advertisement<'a> {
    /// A valid advertisement without authentication.
    pub const fn new(vrid: u8, priority: u8, advertisement_interval_s: u8, addresses: Addresses<'a>) -> Self {
        Self {
            version: 2,
            packet_type: Type::ADVERTISEMENT,
            vrid,
            priority,
            count: Stated::Computed,
            auth_type: AuthType::NONE,
            advertisement_interval_s,
            checksum: Stated::Computed,
            addresses,
            authentication_data: Some([0; 8]),
            md5: None,
        }
    }

    /// The same with authentication type 1: a password of at most 8 octets, zero filled (RFC 2338 section 5.3.10).
    ///
    /// # Errors
    /// [`ErrorKind::Unrepresentable`] if the password is longer.
    pub fn with_simple_text(self, password: &[u8]) -> Result<Self, Error> {
        let mut data = [0; 8];
        data.get_mut(..password.len())
            .ok_or_else(|| Error::new(Layer::Vrrp2, ErrorKind::Unrepresentable, 0, 8, password.len()))?
            .copy_from_slice(password);
        Ok(Self { auth_type: AuthType::SIMPLE_TEXT, authentication_data: Some(data), ..self })
    }

    /// Octets that [`Self::emit`] writes.
    pub const fn wire_len(&self) -> usize {
        let authentication = if self.authentication_data.is_some() { 8 } else { 0 };
        let md5 = if self.md5.is_some() { Md5Authentication::LEN } else { 0 };
        8 + self.addresses.wire_len() + authentication + md5
    }

    /// Writes the message and returns the number of octets.
    ///
    /// # Errors
    /// [`ErrorKind::NoRoom`] if `out` is too short; [`ErrorKind::Unrepresentable`] for a version or type above 15
    /// or more than 255 addresses with a computed count. Nothing is written then.
    pub fn emit(&self, out: &mut [u8]) -> Result<usize, Error> {
        let length = self.wire_len();
        let first = version_and_type(Layer::Vrrp2, self.version, self.packet_type)?;
        let count = count_octet(Layer::Vrrp2, self.count, self.addresses.len())?;
        let found = out.len();
        let out = out
            .get_mut(..length)
            .ok_or_else(|| Error::new(Layer::Vrrp2, ErrorKind::NoRoom, 0, length, found))?;
        let (head, rest) = out.split_at_mut(8);
        head.copy_from_slice(&[
            first,
            self.vrid,
            self.priority,
            count,
            self.auth_type.0,
            self.advertisement_interval_s,
            0,
            0,
        ]);
        let (addresses, rest) = rest.split_at_mut(self.addresses.wire_len());
        self.addresses.write(addresses);
        let rest = match self.authentication_data {
            Some(data) => {
                let (octets, rest) = rest.split_at_mut(8);
                octets.copy_from_slice(&data);
                rest
            }
            None => rest,
        };
        if let Some(md5) = self.md5 {
            rest.copy_from_slice(&md5.to_octets());
        }
        let checksum = self.checksum.or_else(|| internet_checksum(out));
        out[6..8].copy_from_slice(&checksum.to_be_bytes());
        Ok(length)
    }
}

/// Computes the digest of the MD5 TLV at the end of `message` with `key` and writes it there, and the checksum over it.
///
/// # Errors
/// As [`AdvertisementRef::parse`]; [`ErrorKind::NotRecognised`] without an MD5 TLV; [`ErrorKind::Unrepresentable`] for a
/// key above 55 octets.
#[cfg(feature = "md5")]
pub fn seal(message: &mut [u8], key: &[u8]) -> Result<(), Error> {
    let (pdu, _) = AdvertisementRef::parse(message)?;
    let length = pdu.octets().len();
    if pdu.md5().is_none() {
        return Err(Error::new(Layer::Vrrp2, ErrorKind::NotRecognised, length, 0, 0));
    }
    let digest = pdu.md5_digest(key).ok_or_else(|| {
        Error::new(Layer::Vrrp2, ErrorKind::Unrepresentable, 0, crate::cisco::LONGEST_KEY, key.len())
    })?;
    message[length - 16..length].copy_from_slice(&digest);
    message[6..8].fill(0);
    let checksum = internet_checksum(&message[..length]);
    message[6..8].copy_from_slice(&checksum.to_be_bytes());
    Ok(())
}

/// `VRRPv2 vrid 1 priority 100 interval 1 s addresses 192.168.0.1`.
impl fmt::Display for Advertisement<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { vrid, priority, advertisement_interval_s, addresses, .. } = self;
        write!(f, "VRRPv2 vrid {vrid} priority {priority} interval {advertisement_interval_s} s")?;
        if self.auth_type != AuthType::NONE {
            write!(f, " auth {}", self.auth_type)?;
        }
        write!(f, " addresses {addresses}")?;
        self.md5.map_or(Ok(()), |md5| write!(f, ", {md5}"))
    }
}

/// A VRRPv2 advertisement on the wire.
///
/// ```text
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-------+-------+---------------+---------------+---------------+
/// |Version| Type  | Virtual Rtr ID|   Priority    | Count IP Addrs|
/// +-------+-------+---------------+---------------+---------------+
/// |   Auth Type   |   Adver Int   |           Checksum            |
/// +---------------+---------------+-------------------------------+
/// |                  IP Address (Count IP Addrs)                  |
/// +---------------------------------------------------------------+
/// |                    Authentication Data (1)                    |
/// +---------------------------------------------------------------+
/// |                    Authentication Data (2)                    |
/// +---------------------------------------------------------------+
/// |       Auth Type 254 only: Md5Authentication, 30 octets        |
/// +---------------------------------------------------------------+
/// ```
///
/// Checked by [`parse`](Self::parse): version 2, type 1 (section 5.3.2), the length (section 7.1). Accepted, though
/// RFC 3768 section 7.1 asks for it: a message that ends with its last address, without authentication data; and one of
/// type 254 that ends without the TLV.
/// Not checked: the checksum, which is a [verdict](Self::checksum_status); what depends on the configuration of
/// the receiver (VRID, authentication, interval); the TTL, which is the frame's.
///
/// The message ends with the authentication data, or with the TLV of type 254. What comes after it is the caller's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct AdvertisementRef<'a> {
    fixed: &'a [u8; 8],
    octets: &'a [u8],
}

impl<'a> AdvertisementRef<'a> {
    /// Reads a message; returns it and the octets after it.
    ///
    /// # Errors
    /// Not version 2; not type 1; truncated.
    #[inline(always)]
    pub fn parse(octets: &'a [u8]) -> Result<(Self, &'a [u8]), Error> {
        run(Layer::Vrrp2, octets, |input| {
            let (rest, fixed) = chunk::<8>(input)?;
            match (fixed[0] >> 4, fixed[0] & 0x0f) {
                (2, 1) => {}
                (2, other) => return reject(input, ErrorKind::Type, 1, usize::from(other)),
                (version, _) => return reject(input, ErrorKind::Version, 2, usize::from(version)),
            }
            let (mut rest, _) = take(usize::from(fixed[3]) * 4)(rest)?;
            if !rest.is_empty() {
                (rest, _) = chunk::<8>(rest)?;
                if fixed[4] == AuthType::CISCO_MD5.0 && !rest.is_empty() {
                    (rest, _) = chunk::<{ Md5Authentication::LEN }>(rest)?;
                }
            }
            let (rest, octets) = take(input.len() - rest.len())(input)?;
            Ok((rest, Self { fixed, octets }))
        })
    }

    /// [`Self::parse`], and every deviation of the message from what a router must send.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(octets: &'a [u8], report: &mut dyn FnMut(Deviation)) -> Result<(Self, &'a [u8]), Error> {
        use rules as r;
        let (pdu, rest) = Self::parse(octets)?;
        let audit = &mut Auditor::new(report);
        audit.check(pdu.vrid() != 0, &r::VRID, 1, pdu.vrid());
        audit.check(!pdu.addresses().is_empty(), &r::COUNT, 3, 0u8);
        let known = matches!(pdu.auth_type().0, 0..=2);
        match pdu.auth_type() {
            AuthType::CISCO_MD5 => audit.check(false, &r::AUTH_TYPE_CISCO, 4, pdu.auth_type().0),
            other => audit.check(known, &r::AUTH_TYPE, 4, other.0),
        }
        audit.check(pdu.checksum_status() == ChecksumStatus::Valid, &r::CHECKSUM, 6, pdu.checksum());
        let at = 8 + pdu.addresses().wire_len();
        match pdu.authentication_data() {
            None => audit.check(false, &r::AUTHENTICATION_DATA, at, 0u8),
            Some(data) if pdu.auth_type() == AuthType::NONE => audit.zero(data, &r::NO_AUTHENTICATION, at),
            Some(_) => {}
        }
        if let Some(md5) = pdu.md5() {
            md5.check(Md5TlvType::VRRP, audit, at + 8);
        }
        Ok((pdu, rest))
    }

    /// All octets of the message, without what came after it.
    #[inline(always)]
    pub const fn octets(&self) -> &'a [u8] {
        self.octets
    }

    /// Virtual Rtr ID.
    #[inline(always)]
    pub fn vrid(&self) -> u8 {
        self.fixed[1]
    }

    /// Type: always 1.
    #[inline(always)]
    pub fn packet_type(&self) -> Type {
        Type(self.fixed[0] & 0x0f)
    }

    /// Priority.
    #[inline(always)]
    pub fn priority(&self) -> u8 {
        self.fixed[2]
    }

    /// Auth Type.
    #[inline(always)]
    pub fn auth_type(&self) -> AuthType {
        AuthType(self.fixed[4])
    }

    /// Adver Int, in seconds.
    #[inline(always)]
    pub fn advertisement_interval_s(&self) -> u8 {
        self.fixed[5]
    }

    /// Checksum, as it came.
    #[inline(always)]
    pub fn checksum(&self) -> u16 {
        u16::read(self.fixed, 6)
    }

    /// Virtual addresses: as many as Count IP Addrs says, and as are there.
    #[inline(always)]
    pub fn addresses(&self) -> Addresses<'a> {
        Addresses::from_wire(Family::Ipv4, &self.octets[8..8 + usize::from(self.fixed[3]) * 4])
    }

    /// Authentication Data, if the message has it.
    pub fn authentication_data(&self) -> Option<&'a [u8; 8]> {
        self.octets[8 + usize::from(self.fixed[3]) * 4..].first_chunk()
    }

    /// The TLV of authentication type 254.
    pub fn md5(&self) -> Option<Md5Authentication> {
        let octets = self.octets[8 + usize::from(self.fixed[3]) * 4..].get(8..)?;
        octets.first_chunk().map(Md5Authentication::from_octets)
    }

    /// The verdict on the checksum: over the whole message, authentication data included (section 5.3.8).
    #[inline(always)]
    pub fn checksum_status(&self) -> ChecksumStatus {
        match Sum::default().add(self.octets).folded() {
            0xffff => ChecksumStatus::Valid,
            _ => ChecksumStatus::Invalid,
        }
    }

    /// The digest that the TLV of authentication type 254 must have with `key`; `None` without a TLV, or for a key
    /// that is too long.
    #[cfg(feature = "md5")]
    pub fn md5_digest(&self, key: &[u8]) -> Option<[u8; 16]> {
        self.md5()?;
        let message = &self.octets[..self.octets.len() - Md5Authentication::LEN];
        crate::cisco::md5_digest(key, [&message[..6], &[0; 2], &message[8..]])
    }

    /// The TLV of authentication type 254 has the digest that `key` gives; `None` as for [`Self::md5_digest`].
    #[cfg(feature = "md5")]
    pub fn verify_md5(&self, key: &[u8]) -> Option<bool> {
        Some(self.md5()?.digest == self.md5_digest(key)?)
    }

    /// The fields as a value; the checksum is stated as it came.
    pub fn to_value(&self) -> Advertisement<'a> {
        Advertisement {
            version: 2,
            packet_type: self.packet_type(),
            vrid: self.vrid(),
            priority: self.priority(),
            count: Stated::Computed,
            auth_type: self.auth_type(),
            advertisement_interval_s: self.advertisement_interval_s(),
            checksum: Stated::Exactly(self.checksum()),
            addresses: self.addresses(),
            authentication_data: self.authentication_data().copied(),
            md5: self.md5(),
        }
    }
}

impl fmt::Display for AdvertisementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} checksum {}", self.to_value(), self.checksum_status())
    }
}

impl fmt::Debug for AdvertisementRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AdvertisementRef").field(&self.to_value()).finish()
    }
}

/// Rules on the format of VRRPv2 messages, as a router must send them.
pub mod rules {
    crate::rule::rules! {
        VRID Must "vrrp2.pdu.vrid" "RFC 3768 5.3.3" "Virtual Rtr ID is 1 to 255";
        COUNT Must "vrrp2.pdu.count" "RFC 3768 5.3.9" "the message has one or more addresses";
        AUTH_TYPE Must "vrrp2.pdu.auth-type" "RFC 3768 5.3.6, RFC 2338 5.3.6" "Auth Type is 0, or 1 or 2 of RFC 2338";
        AUTH_TYPE_CISCO Observed "vrrp2.pdu.auth-type-cisco" "Cisco, captures" "Auth Type is not 254, which is Cisco's own";
        CHECKSUM Must "vrrp2.pdu.checksum" "RFC 3768 5.3.8" "the checksum is right over the whole message";
        AUTHENTICATION_DATA Must "vrrp2.pdu.authentication-data" "RFC 3768 5.1, 7.1" "the message has eight octets of authentication data";
        NO_AUTHENTICATION Should "vrrp2.pdu.no-authentication" "RFC 3768 5.3.10" "authentication data is zero with Auth Type 0";
    }
}
