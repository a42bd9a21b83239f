//! VRRP version 3 (RFC 5798, RFC 9568): so far what one takeover needs.

use super::{Editions, Protocol, Requirement};

/// VRRPv3.
pub const PROTOCOL: Protocol =
    Protocol { name: "vrrp3", editions: Editions::VRRP3, requirements: REQUIREMENTS, rows: Vec::new };

/// What is asked.
pub const REQUIREMENTS: &[Requirement] = &[];
