//! HSRP: version 1 (RFC 2281, and what Cisco's routers make of it) and version 2, over IPv4 and IPv6.
//!
//! The versions are two protocols with one shape: ids of version 1 begin with `hsrp1`, those of version 2 with `hsrp2`, and
//! what both have is called alike behind that. Version 2 has no public standard. What is known of it is cited by where it
//! comes from, see [`clauses`], and what no capture shows fails nobody.

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

/// HSRP version 1.
pub const HSRP1: Protocol = Protocol {
    name: "hsrp1",
    editions: Editions::HSRP1,
    requirements: requirements::V1,
    // Of both versions.
    settings: settings::ALL,
    accounts: settings::ACCOUNTS,
    rows: || rows(Version::V1),
};

/// HSRP version 2.
pub const HSRP2: Protocol = Protocol {
    name: "hsrp2",
    editions: Editions::HSRP2,
    requirements: requirements::V2,
    settings: &[],
    accounts: &[],
    rows: || rows(Version::V2),
};

/// A version of the protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Version {
    /// 1
    V1,
    /// 2
    V2,
}

impl Version {
    /// The one that the edition is of; `None` if it is of another protocol.
    pub const fn of(edition: Edition) -> Option<Self> {
        if Editions::HSRP1.contains(edition) {
            Some(Self::V1)
        } else if Editions::HSRP2.contains(edition) {
            Some(Self::V2)
        } else {
            None
        }
    }
}

fn rows(version: Version) -> Vec<RowName> {
    let checks = reception::rules(version).iter().map(|rule| RowName {
        id: rule.id,
        text: rule.text.to_owned(),
        editions: rule.editions,
    });
    machine::of(version).names().into_iter().chain(checks).collect()
}
