//! Hosts on the device's links.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Builder, Ethernet, Frame, Ipv6, NeighborDiscovery, NetworkHeader, Pdu};

use crate::event::Port;
use crate::reference::router::{DOWNSTREAM, LAN, REMOTE_HOST, REMOTE_HOST6};

/// A host that answers who asks where it is, and nothing else.
#[derive(Clone, Debug)]
pub struct Station {
    /// Its link.
    pub port: Port,
    /// Its MAC address.
    pub mac: MacAddress,
    /// Its IPv4 address.
    pub address: Ipv4Addr,
    /// Its IPv6 addresses, the link-local one first.
    pub addresses6: [Ipv6Addr; 2],
}

impl Station {
    /// The first host on the LAN.
    pub const HOST: usize = 0;
    /// Another host on the LAN.
    pub const OTHER: usize = 1;
    /// The host behind the device.
    pub const REMOTE: usize = 2;

    /// All of them.
    pub fn all() -> Vec<Self> {
        let lan = |last: u8| Self {
            port: LAN,
            mac: MacAddress([2, 0x52, 0x53, 0, 0, last]),
            address: Ipv4Addr::new(10, 0, 0, last),
            addresses6: [
                Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, u16::from(last)),
                Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, u16::from(last)),
            ],
        };
        let remote = Self {
            port: DOWNSTREAM,
            mac: MacAddress([2, 0x52, 0x53, 0, 1, 2]),
            address: REMOTE_HOST,
            addresses6: [Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 1, 2), REMOTE_HOST6],
        };
        vec![lan(0x14), lan(0x15), remote]
    }

    /// Its answer to a frame, if it has one.
    pub fn answer(&self, octets: &[u8]) -> Option<Vec<u8>> {
        let frame = Frame::parse(octets).ok()?;
        let mut out = vec![0; 128];
        let written = match frame.pdu().ok()?.0 {
            Pdu::Arp(arp) if arp.operation == Arp::REQUEST && arp.target_ip == self.address => {
                let reply = Arp {
                    operation: Arp::REPLY,
                    sender_mac: self.mac,
                    sender_ip: self.address,
                    target_mac: arp.sender_mac,
                    target_ip: arp.sender_ip,
                };
                let plain = Builder::arp(self.mac);
                let ethernet =
                    plain.ethernet.map(|ethernet| Ethernet { destination: arp.sender_mac, ..ethernet });
                Builder { ethernet, ..plain }.emit(&mut out, |space| reply.emit(space)).ok()?
            }
            Pdu::NeighborDiscovery(NeighborDiscovery::Solicitation { target, source_mac })
                if self.addresses6.contains(&target) =>
            {
                let Some(IpAddr::V6(asker)) = frame.source_ip() else { return None };
                let mac = source_mac.or(frame.source_mac())?;
                let builder = to(Builder::neighbor_discovery(self.mac, target), asker, mac);
                let reply = NeighborDiscovery::Advertisement {
                    router: false,
                    solicited: true,
                    overrides: true,
                    target,
                    target_mac: Some(self.mac),
                };
                let carrier = builder.carrier()?;
                builder.emit(&mut out, |space| reply.emit(carrier, space)).ok()?
            }
            _ => return None,
        };
        out.truncate(written);
        Some(out)
    }
}

/// The same to one address of IPv6, at that MAC address.
pub fn to(builder: Builder<'_>, destination: Ipv6Addr, mac: MacAddress) -> Builder<'_> {
    let network = match builder.network {
        Some(NetworkHeader::Ipv6(network)) => Some(NetworkHeader::Ipv6(Ipv6 { destination, ..network })),
        other => other,
    };
    let ethernet = builder.ethernet.map(|ethernet| Ethernet { destination: mac, ..ethernet });
    Builder { ethernet, network, ..builder }
}
