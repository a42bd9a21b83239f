//! LACP: IEEE 802.3ad, 802.1AX-2008, -2014 and -2020.

pub mod catalogue;
pub mod clauses;
pub mod requirements;
pub mod timers;
pub mod tolerances;

use super::{Editions, Protocol};

/// LACP.
pub const PROTOCOL: Protocol =
    Protocol { name: "lacp", editions: Editions::DOT1AX, requirements: requirements::ALL, rows: Vec::new };
