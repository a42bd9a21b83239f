//! What is asked of frames that tell where an address is.

use std::net::IpAddr;

use super::questions::{self as q, Topic};
pub(super) use crate::monitor::binding::Binding;

impl Binding {
    /// What is asked of its MAC address.
    pub(super) const fn topic(&self) -> Topic {
        match (self.address, self.announces) {
            (IpAddr::V4(_), true) => q::GRATUITOUS_MAC,
            (IpAddr::V4(_), false) => q::ARP_MAC,
            (IpAddr::V6(_), true) => q::UNSOLICITED_MAC,
            (IpAddr::V6(_), false) => q::ND_MAC,
        }
    }
}
