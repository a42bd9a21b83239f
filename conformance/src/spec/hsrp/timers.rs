//! Times and values of HSRP (RFC 2281 sections 5.1 and 5.4; version 2 by captures).

use std::ops::RangeInclusive;
use std::time::Duration;

use redspec_codec::{Family, MacAddress};

use super::Version;

/// Hellotime where none is configured or learned.
pub const DEFAULT_HELLOTIME: Duration = Duration::from_secs(3);
/// Holdtime where none is configured or learned.
pub const DEFAULT_HOLDTIME: Duration = Duration::from_secs(10);
/// A Holdtime should be so many Hellotimes.
pub const HOLDTIME_RATIO: u32 = 3;
/// Cisco's priority where none is configured; the RFC names none.
pub const DEFAULT_PRIORITY: u32 = 100;
/// The Hello timer has to be jittered, by how much is not said. Cisco's routers spread their Hellos over this last part of
/// the Hellotime, in percent.
pub const JITTER_PERCENT: u32 = 20;

/// Group numbers of the version.
pub const fn groups(version: Version) -> RangeInclusive<u16> {
    match version {
        Version::V1 => 0..=255,
        Version::V2 => 0..=4095,
    }
}

/// The MAC address of a group (RFC 2281 section 6.1; version 2 by captures, over IPv6 by documents).
pub const fn virtual_mac(version: Version, family: Family, group: u16) -> MacAddress {
    let [high, low] = group.to_be_bytes();
    match (version, family) {
        (Version::V1, _) => MacAddress([0, 0, 0x0c, 0x07, 0xac, low]),
        (Version::V2, Family::Ipv4) => MacAddress([0, 0, 0x0c, 0x9f, 0xf0 | high, low]),
        (Version::V2, Family::Ipv6) => MacAddress([0, 0x05, 0x73, 0xa0, high, low]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_group_is_in_the_address() {
        let mac = |version, family, group| virtual_mac(version, family, group).to_string();
        assert_eq!(mac(Version::V1, Family::Ipv4, 255), "00:00:0c:07:ac:ff");
        assert_eq!(mac(Version::V2, Family::Ipv4, 4095), "00:00:0c:9f:ff:ff");
        assert_eq!(mac(Version::V2, Family::Ipv4, 256), "00:00:0c:9f:f1:00");
        assert_eq!(mac(Version::V2, Family::Ipv6, 5), "00:05:73:a0:00:05");
    }
}
