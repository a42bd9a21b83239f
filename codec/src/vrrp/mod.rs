//! VRRP, IP protocol 112: versions 2 and 3, and CARP, which uses the same number.

pub mod carp;
pub mod v2;
pub mod v3;

use core::fmt;

use crate::checksum::{Carrier, Family};
use crate::error::{Error, ErrorKind, Layer};
use crate::field::open_enum;
use crate::primitives::{chunk, run};
use crate::rule::Deviation;

/// The IP protocol number of VRRP, and of CARP.
pub const IP_PROTOCOL: u8 = 112;

open_enum! {
    /// The type of a VRRP packet: the low four bits of the first octet.
    pub enum Type(u8) {
        /// The only type that any version defines.
        ADVERTISEMENT = 1 => "Advertisement",
    }
}

/// What the checksum of a VRRP message turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ChecksumStatus {
    /// VRRPv3 over IPv4: right over the message alone (RFC 9568 section 5.2.8).
    Rfc9568,
    /// VRRPv3 over IPv4: right over pseudo-header and message (one reading of RFC 5798 section 5.2.8).
    Rfc5798,
    /// Right, and there is no second form: VRRPv2, VRRPv3 over IPv6; or both IPv4 forms are the same number.
    Valid,
    /// Wrong in every form.
    Invalid,
    /// The addresses of the IP header are needed and not known.
    Unverifiable,
}

impl ChecksumStatus {
    /// The name used in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Rfc9568 => "rfc9568",
            Self::Rfc5798 => "rfc5798",
            Self::Valid => "valid",
            Self::Invalid => "invalid",
            Self::Unverifiable => "unverifiable",
        }
    }
}

impl fmt::Display for ChecksumStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A message of IP protocol 112, told apart by its version, and VRRPv2 from CARP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VrrpPdu<'a> {
    /// Version 2.
    V2(v2::AdvertisementRef<'a>),
    /// Version 3.
    V3(v3::AdvertisementRef<'a>),
    /// Not VRRP at all.
    Carp(carp::CarpRef<'a>),
}

/// Which of the protocols with number 112 the octets are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// VRRPv2.
    V2,
    /// VRRPv3.
    V3,
    /// CARP version 2.
    Carp,
    /// Neither: the version in the first octet, or no octet at all.
    Unknown,
}

impl Dialect {
    /// Looks at the first octets and the length.
    #[inline(always)]
    pub fn of(octets: &[u8], family: Family) -> Self {
        match (octets.first().map(|octet| octet >> 4), family) {
            (Some(3), _) => Self::V3,
            (Some(2), _) if carp::looks_like(octets) => Self::Carp,
            (Some(2), Family::Ipv4) => Self::V2,
            _ => Self::Unknown,
        }
    }

    /// The layer that errors name.
    pub const fn layer(self) -> Layer {
        match self {
            Self::V2 => Layer::Vrrp2,
            Self::V3 => Layer::Vrrp3,
            Self::Carp => Layer::Carp,
            Self::Unknown => Layer::Vrrp,
        }
    }
}

#[cold]
fn unknown_version(octets: &[u8]) -> Error {
    match run(Layer::Vrrp, octets, chunk::<1>) {
        Ok(([octet], _)) => Error::new(Layer::Vrrp, ErrorKind::Version, 0, 3, usize::from(octet >> 4)),
        Err(error) => error,
    }
}

impl<'a> VrrpPdu<'a> {
    /// Reads a message carried by `family`; returns it and the octets after it.
    ///
    /// # Errors
    /// Neither version 2 (over IPv4) nor 3; or as the message of the version.
    #[inline(always)]
    pub fn parse(octets: &'a [u8], family: Family) -> Result<(Self, &'a [u8]), Error> {
        match Dialect::of(octets, family) {
            Dialect::V3 => {
                v3::AdvertisementRef::parse(octets, family).map(|(pdu, rest)| (Self::V3(pdu), rest))
            }
            Dialect::V2 => v2::AdvertisementRef::parse(octets).map(|(pdu, rest)| (Self::V2(pdu), rest)),
            Dialect::Carp => carp::CarpRef::parse(octets).map(|(pdu, rest)| (Self::Carp(pdu), rest)),
            Dialect::Unknown => Err(unknown_version(octets)),
        }
    }

    /// [`Self::parse`], and every deviation from what a sender must send. The checksum of VRRPv3 is judged if the
    /// addresses of the IP header are given.
    ///
    /// # Errors
    /// As [`Self::parse`].
    pub fn audit(
        octets: &'a [u8],
        family: Family,
        carrier: Option<Carrier>,
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self, &'a [u8]), Error> {
        match Dialect::of(octets, family) {
            Dialect::V3 => v3::AdvertisementRef::audit(octets, family, carrier, report)
                .map(|(pdu, rest)| (Self::V3(pdu), rest)),
            Dialect::V2 => {
                v2::AdvertisementRef::audit(octets, report).map(|(pdu, rest)| (Self::V2(pdu), rest))
            }
            Dialect::Carp => carp::CarpRef::parse(octets).map(|(pdu, rest)| (Self::Carp(pdu), rest)),
            Dialect::Unknown => Err(unknown_version(octets)),
        }
    }

    /// All octets of the message, without what came after it.
    pub const fn octets(&self) -> &'a [u8] {
        match self {
            Self::V2(pdu) => pdu.octets(),
            Self::V3(pdu) => pdu.octets(),
            Self::Carp(pdu) => pdu.octets(),
        }
    }
}

impl fmt::Display for VrrpPdu<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::V2(pdu) => pdu.fmt(f),
            Self::V3(pdu) => pdu.fmt(f),
            Self::Carp(pdu) => pdu.fmt(f),
        }
    }
}

/// Version and type in one octet, if both fit.
fn version_and_type(layer: Layer, version: u8, packet_type: Type) -> Result<u8, Error> {
    for number in [version, packet_type.0] {
        if number > 0x0f {
            return Err(Error::new(layer, ErrorKind::Unrepresentable, 0, 0x0f, usize::from(number)));
        }
    }
    Ok(version << 4 | packet_type.0)
}

/// The count octet: as stated, or the number of addresses if it fits.
fn count_octet(layer: Layer, count: crate::Stated<u8>, addresses: usize) -> Result<u8, Error> {
    match count {
        crate::Stated::Exactly(count) => Ok(count),
        crate::Stated::Computed => u8::try_from(addresses)
            .map_err(|_| Error::new(layer, ErrorKind::Unrepresentable, 3, usize::from(u8::MAX), addresses)),
    }
}
