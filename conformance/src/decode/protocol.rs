use std::fmt;

use redspec_codec::Family;
use redspec_codec::frame::{Frame, Protocol};
use redspec_codec::slow::Subtype;
use redspec_codec::vrrp::Dialect;
use serde::{Serialize, Serializer};

/// The protocols that are decoded, by the names they have in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProtocolName {
    /// Link Aggregation Control Protocol.
    Lacp,
    /// Marker protocol.
    Marker,
    /// Any other slow protocol: OAM, OSSP, ESMC.
    Slow,
    /// VRRP version 2.
    Vrrp2,
    /// VRRP version 3.
    Vrrp3,
    /// IP protocol 112 of an unknown version.
    Vrrp,
    /// CARP, which shares VRRP's protocol number.
    Carp,
    /// HSRP version 1.
    Hsrp1,
    /// HSRP version 2.
    Hsrp2,
    /// GLBP.
    Glbp,
}

impl ProtocolName {
    /// What a frame carries, as far as its headers and the first octets of its message tell.
    pub fn of(frame: &Frame<'_>) -> Option<Self> {
        Some(match frame.protocol() {
            Protocol::Slow => match frame.payload().first().copied().map(Subtype) {
                Some(Subtype::LACP) => Self::Lacp,
                Some(Subtype::MARKER) => Self::Marker,
                _ => Self::Slow,
            },
            Protocol::Vrrp => match Dialect::of(frame.payload(), frame.family().unwrap_or(Family::Ipv4)) {
                Dialect::V2 => Self::Vrrp2,
                Dialect::V3 => Self::Vrrp3,
                Dialect::Carp => Self::Carp,
                Dialect::Unknown => Self::Vrrp,
            },
            Protocol::Hsrp1 => Self::Hsrp1,
            Protocol::Hsrp2 => Self::Hsrp2,
            Protocol::Glbp => Self::Glbp,
            Protocol::Arp | Protocol::NeighborDiscovery | Protocol::Other => return None,
        })
    }

    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Lacp => "lacp",
            Self::Marker => "marker",
            Self::Slow => "slow",
            Self::Vrrp2 => "vrrp2",
            Self::Vrrp3 => "vrrp3",
            Self::Vrrp => "vrrp",
            Self::Carp => "carp",
            Self::Hsrp1 => "hsrp1",
            Self::Hsrp2 => "hsrp2",
            Self::Glbp => "glbp",
        }
    }
}

impl fmt::Display for ProtocolName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Serialize for ProtocolName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
