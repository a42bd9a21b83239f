//! The Marker protocol of link aggregation (802.1AX-2014 clause 6.5).

pub mod machines;
pub mod requirements;
pub mod settings;

use super::machine::RowName;
use super::{Editions, Protocol};

/// Marker.
pub const PROTOCOL: Protocol = Protocol {
    name: "marker",
    editions: Editions::DOT1AX,
    requirements: requirements::ALL,
    settings: settings::ALL,
    accounts: settings::ACCOUNTS,
    rows,
};

fn rows() -> Vec<RowName> {
    [machines::RESPONDER.names(), machines::GENERATOR.names()].concat()
}
