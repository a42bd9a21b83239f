//! Frames that tell where an address is.

use std::net::IpAddr;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, NeighborDiscovery, Pdu};

use super::Seen;
use crate::event::Stamp;

/// What such a frame tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Binding {
    pub(super) number: u64,
    pub(super) at: Stamp,
    pub(super) address: IpAddr,
    /// None if it gives none.
    pub(super) mac: Option<MacAddress>,
    /// The frame's own source.
    pub(super) source: Option<MacAddress>,
    /// It tells everyone, and nobody need have asked.
    pub(super) announces: bool,
    /// It is an ARP request.
    pub(super) request: bool,
}

impl Binding {
    /// `None` if it tells nothing of the kind.
    pub(super) fn read(seen: &Seen<'_>) -> Option<Self> {
        let to_all = seen.frame.destination_mac().is_none_or(MacAddress::is_group);
        let pdu = seen.frame.pdu().ok()?.0;
        let request = matches!(pdu, Pdu::Arp(arp) if arp.operation == Arp::REQUEST);
        let (address, mac, announces) = match pdu {
            Pdu::Arp(arp) if arp.is_gratuitous() || arp.operation == Arp::REPLY => {
                // A reply to everyone is a gratuitous ARP all the same.
                (IpAddr::V4(arp.sender_ip), Some(arp.sender_mac), arp.is_gratuitous() || to_all)
            }
            Pdu::NeighborDiscovery(NeighborDiscovery::Advertisement {
                target,
                target_mac,
                solicited,
                ..
            }) => (IpAddr::V6(target), target_mac, !solicited),
            _ => return None,
        };
        (!address.is_unspecified()).then_some(Self {
            number: seen.number,
            at: seen.at,
            address,
            mac,
            source: seen.source,
            announces,
            request,
        })
    }
}
