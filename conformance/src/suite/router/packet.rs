//! Packets that hosts send, and the device sends on or answers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use redspec_codec::frame::{Arp, Builder, Ethernet, Ipv4, Ipv6, NeighborDiscovery, NetworkHeader};
use redspec_codec::{Carrier, Family, MacAddress, internet_checksum};

use super::pattern::{Frames, frames};
use super::station::{Station, to};
use crate::event::Port;
use crate::reference::router::{ICMP, ICMPV6, LAN, group_mac, icmpv6_checksum, solicited_node};

/// Protocol number of UDP.
const UDP: u8 = 17;
/// ICMP: Redirect.
const REDIRECT: u8 = 5;
/// ICMPv6: Redirect.
const REDIRECT6: u8 = 137;

/// How an address is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Everyone on the link, or everyone in the solicited-node group.
    Everyone,
    /// The virtual router's MAC address alone.
    VirtualMac,
    /// Everyone, by someone who has no address yet: an ARP probe, or duplicate address detection.
    Probe,
}

/// A host's question where an address is, which is at this virtual MAC address.
pub fn question(host: &Station, address: IpAddr, how: Ask, virtual_mac: MacAddress) -> Vec<u8> {
    let mut out = vec![0; 128];
    let written = match address {
        IpAddr::V4(address) => {
            let probe = how == Ask::Probe;
            let arp = Arp {
                operation: Arp::REQUEST,
                sender_mac: host.mac,
                sender_ip: if probe { Ipv4Addr::UNSPECIFIED } else { host.address },
                target_mac: MacAddress([0; 6]),
                target_ip: address,
            };
            let plain = Builder::arp(host.mac);
            let destination = if how == Ask::VirtualMac { virtual_mac } else { MacAddress::BROADCAST };
            let ethernet = plain.ethernet.map(|ethernet| Ethernet { destination, ..ethernet });
            Builder { ethernet, ..plain }.emit(&mut out, |space| arp.emit(space))
        }
        IpAddr::V6(address) => {
            let group = solicited_node(address);
            let (source, source_mac) = match how {
                Ask::Probe => (Ipv6Addr::UNSPECIFIED, None),
                _ => (host.addresses6[usize::from(!address.is_unicast_link_local())], Some(host.mac)),
            };
            let plain = Builder::neighbor_discovery(host.mac, source);
            let builder = match how {
                Ask::VirtualMac => to(plain, address, virtual_mac),
                _ => to(plain, group, group_mac(group)),
            };
            let message = NeighborDiscovery::Solicitation { target: address, source_mac };
            let carrier = builder.carrier().unwrap_or(Carrier::Ipv6 { source, destination: group });
            builder.emit(&mut out, |space| message.emit(carrier, space))
        }
    };
    out.truncate(written.unwrap_or(0));
    out
}

/// A Router Solicitation of a host.
pub fn solicits_router(host: &Station) -> Vec<u8> {
    let source = host.addresses6[0];
    let routers = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
    let plain = Builder::neighbor_discovery(host.mac, source);
    let builder = to(plain, routers, MacAddress([0x33, 0x33, 0, 0, 0, 2]));
    let message = NeighborDiscovery::RouterSolicitation { source_mac: Some(host.mac) };
    let carrier = builder.carrier().unwrap_or(Carrier::Ipv6 { source, destination: routers });
    let mut out = vec![0; 128];
    let written = builder.emit(&mut out, |space| message.emit(carrier, space));
    out.truncate(written.unwrap_or(0));
    out
}

/// A SYN to the discard port.
pub fn syn(token: [u8; 4]) -> Payload {
    let mut octets = vec![0xc0, token[0] | 1, 0, 9];
    octets.extend(token);
    octets.extend([0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0]);
    Payload { protocol: 6, octets }
}

/// A packet of the device that carries the token, and with this TTL if one is given.
pub fn copy(port: Port, token: [u8; 4], ttl: Option<u8>) -> Frames {
    let text = match ttl {
        Some(ttl) => format!("copy of the packet with TTL {ttl} on {port}"),
        None => format!("copy of the packet on {port}"),
    };
    frames(port, text, move |frame| {
        let carries = frame.payload().windows(4).any(|octets| octets == token);
        Some(carries && ttl.is_none_or(|ttl| frame.ttl() == Some(ttl)))
    })
}

/// A redirect of the device.
pub fn redirects() -> Frames {
    frames(LAN, "redirect", |frame| {
        let header = frame.octets().get(14..)?;
        Some(match frame.family()? {
            Family::Ipv4 => header.get(9) == Some(&ICMP) && frame.payload().first() == Some(&REDIRECT),
            Family::Ipv6 => header.get(6) == Some(&ICMPV6) && frame.payload().first() == Some(&REDIRECT6),
        })
    })
}

/// An echo reply with the token.
pub fn echo_reply(token: [u8; 4]) -> Frames {
    frames(LAN, "echo reply", move |frame| {
        let reply = matches!(frame.payload().first(), Some(0 | 129));
        Some(reply && frame.payload().windows(4).any(|octets| octets == token))
    })
}

/// Anything that an address sends: replies, ICMP errors, segments.
pub fn from_address(address: IpAddr) -> Frames {
    frames(LAN, format!("packet from {address}"), move |frame| {
        // What tells where an address is comes from it too, and is no answer to a packet.
        let ours = matches!(
            frame.protocol(),
            redspec_codec::frame::Protocol::Vrrp
                | redspec_codec::frame::Protocol::NeighborDiscovery
                | redspec_codec::frame::Protocol::Arp
        );
        // Multicast Listener Discovery.
        let report = frame.destination_ip().is_some_and(|destination| destination.is_multicast());
        Some(!ours && !report && frame.source_ip() == Some(address))
    })
}

/// What a packet carries.
pub struct Payload {
    /// IP protocol.
    pub protocol: u8,
    /// Octets behind the IP header; checksums that need its addresses are put in.
    pub octets: Vec<u8>,
}

/// An echo request to this address, with the token in it twice.
pub fn echo(to: IpAddr, token: [u8; 4]) -> Payload {
    let (protocol, kind) = if to.is_ipv4() { (ICMP, 8) } else { (ICMPV6, 128) };
    let mut octets = vec![kind, 0, 0, 0];
    octets.extend(token);
    octets.extend(token);
    octets.extend([0x55; 20]);
    Payload { protocol, octets }
}

/// A UDP datagram to the discard port, with the token in it twice.
pub fn datagram(source: &Station, to: IpAddr, token: [u8; 4]) -> Payload {
    let mut octets = vec![0xc0, 0, 0, 9, 0, 28, 0, 0];
    octets.extend(token);
    octets.extend(token);
    octets.extend([0x55; 12]);
    let pseudo_header = match to {
        IpAddr::V4(to) => [&source.address.octets()[..], &to.octets()].concat(),
        IpAddr::V6(to) => {
            let from = source.addresses6[usize::from(!to.is_unicast_link_local() && !to.is_multicast())];
            [&from.octets()[..], &to.octets()].concat()
        }
    };
    let length = u8::try_from(octets.len()).unwrap_or(u8::MAX);
    let summed = [&pseudo_header[..], &[0, 0, 0, length, 0, 0, 0, UDP], &octets].concat();
    // A checksum of 0 would say that there is none.
    let checksum = match internet_checksum(&summed) {
        0 => u16::MAX,
        other => other,
    };
    octets[6..8].copy_from_slice(&checksum.to_be_bytes());
    Payload { protocol: UDP, octets }
}

/// A packet of a host.
pub fn packet(host: &Station, destination: IpAddr, mac: MacAddress, ttl: u8, payload: &Payload) -> Vec<u8> {
    let mut octets = payload.octets.clone();
    let (builder, carrier) = match destination {
        IpAddr::V4(destination) => {
            let plain = Builder::vrrp_ipv4(0, host.address);
            let network = match plain.network {
                Some(NetworkHeader::Ipv4(network)) => Some(NetworkHeader::Ipv4(Ipv4 {
                    destination,
                    ttl,
                    protocol: payload.protocol,
                    type_of_service: 0,
                    ..network
                })),
                other => other,
            };
            (Builder { network, ..plain }, Carrier::Ipv4 { source: host.address, destination })
        }
        IpAddr::V6(destination) => {
            let source = host.addresses6[usize::from(!destination.is_unicast_link_local())];
            let plain = Builder::vrrp_ipv6(0, source);
            let network = match plain.network {
                Some(NetworkHeader::Ipv6(network)) => Some(NetworkHeader::Ipv6(Ipv6 {
                    destination,
                    hop_limit: ttl,
                    next_header: payload.protocol,
                    traffic_class: 0,
                    ..network
                })),
                other => other,
            };
            (Builder { network, ..plain }, Carrier::Ipv6 { source, destination })
        }
    };
    checksum(&mut octets, payload.protocol, carrier);
    let ethernet =
        builder.ethernet.map(|ethernet| Ethernet { source: host.mac, destination: mac, ..ethernet });
    let builder = Builder { ethernet, ..builder };
    let mut out = vec![0; 256];
    let written = builder.emit(&mut out, |space| {
        space[..octets.len()].copy_from_slice(&octets);
        Ok(octets.len())
    });
    out.truncate(written.unwrap_or(0));
    out
}

/// Puts the checksum of ICMP, ICMPv6 or TCP in.
fn checksum(octets: &mut [u8], protocol: u8, carrier: Carrier) {
    match (protocol, carrier) {
        (ICMP, _) => {
            let checksum = internet_checksum(octets);
            octets[2..4].copy_from_slice(&checksum.to_be_bytes());
        }
        (ICMPV6, _) => icmpv6_checksum(octets, carrier),
        (6, _) => {
            let mut all = match carrier {
                Carrier::Ipv4 { source, destination } => [source.octets(), destination.octets()].concat(),
                Carrier::Ipv6 { source, destination } => [source.octets(), destination.octets()].concat(),
            };
            all.extend(u32::try_from(octets.len()).unwrap_or(0).to_be_bytes());
            all.extend([0, 0, 0, 6]);
            all.extend(&*octets);
            let checksum = internet_checksum(&all);
            octets[16..18].copy_from_slice(&checksum.to_be_bytes());
        }
        _ => {}
    }
}
