//! VRRP: version 2 (RFC 3768, and RFC 2338 with its authentication) and version 3 (RFC 5798, RFC 9568 with its errata),
//! over IPv4 and IPv6.
//!
//! The versions are two protocols with one shape: ids of version 2 begin with `vrrp2`, those of version 3 with `vrrp3`,
//! and what both have is called alike behind that.

pub mod catalogue;
pub mod clauses;
pub mod machine;
pub mod reception;
pub mod requirements;
pub mod settings;
pub mod timers;
pub mod tolerances;

use super::machine::RowName;
use super::{Edition, Editions, Protocol};

/// VRRP version 2.
pub const VRRP2: Protocol = Protocol {
    name: "vrrp2",
    editions: Editions::VRRP2,
    requirements: requirements::V2,
    // Of both versions.
    settings: settings::ALL,
    accounts: settings::ACCOUNTS,
    rows: || rows(Version::V2),
};

/// VRRP version 3.
pub const VRRP3: Protocol = Protocol {
    name: "vrrp3",
    editions: Editions::VRRP3,
    requirements: requirements::V3,
    settings: &[],
    accounts: &[],
    rows: || rows(Version::V3),
};

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 2
    V2,
    /// 3
    V3,
}

impl Version {
    /// The one that the edition is of; `None` if it is of another protocol.
    pub const fn of(edition: Edition) -> Option<Self> {
        if Editions::VRRP2.contains(edition) {
            Some(Self::V2)
        } else if Editions::VRRP3.contains(edition) {
            Some(Self::V3)
        } else {
            None
        }
    }
}

fn rows(version: Version) -> Vec<RowName> {
    let machine = match version {
        Version::V2 => &machine::V2,
        Version::V3 => &machine::V3,
    };
    let checks = reception::rules(version).iter().map(|rule| RowName {
        id: rule.id,
        text: rule.text.to_owned(),
        editions: rule.editions,
    });
    machine.names().into_iter().chain(checks).collect()
}
