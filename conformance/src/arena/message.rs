//! What a frame is to the arena, and the frames of the host that looks for its gateway.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use redspec_codec::frame::{
    Arp, Builder, Ethernet, Frame, Ipv4, Ipv6, NeighborDiscovery, Network, NetworkHeader, Pdu,
};
use redspec_codec::{Carrier, MacAddress};

use super::protocol::{Protocol, Said};
use crate::reference::router::{frame, group_mac, icmpv6_checksum, solicited_node};

/// The host on the LAN.
pub const HOST_MAC: MacAddress = MacAddress([2, 0, 0, 0, 2, 1]);
const HOST: Ipv4Addr = Ipv4Addr::new(10, 0, 0, 20);
const HOST_LINK_LOCAL: Ipv6Addr = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x20);
const HOST6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x20);
/// The host behind the routers.
const REMOTE_MAC: MacAddress = MacAddress([2, 0, 0, 0, 2, 2]);

const ICMP: u8 = 1;
const ICMPV6: u8 = 58;
/// What the host's packets are known by; a number follows.
const MARK: &[u8; 8] = b"redspec ";
/// Octets of an echo request before its data.
const ECHO_HEADER: usize = 8;

/// A frame, for as much as the arena cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Message {
    /// A message of the routers' protocol.
    Said(Said),
    /// It tells where a virtual address is.
    Binding {
        /// Which.
        address: IpAddr,
        /// There; none if it does not say.
        mac: Option<MacAddress>,
        /// It tells everyone, and nobody need have asked.
        announces: bool,
    },
    /// The host asks where a virtual address is.
    Question(IpAddr),
    /// The host's packet with this number, for the host behind the routers.
    Packet(u64),
    /// Anything else.
    Other,
}

impl Message {
    /// Reads a frame.
    pub fn read(protocol: &dyn Protocol, octets: &[u8]) -> Self {
        let Ok(frame) = Frame::parse(octets) else { return Self::Other };
        if let Some(said) = protocol.read(&frame) {
            return Self::Said(said);
        }
        let ours = |address: &IpAddr| protocol.gateway().addresses.contains(address);
        let to_all = frame.destination_mac().is_none_or(MacAddress::is_group);
        match frame.pdu() {
            Ok((Pdu::Arp(arp), _)) if ours(&arp.sender_ip.into()) => {
                // A reply to everyone is a gratuitous ARP all the same. Any other request in the name of a virtual address
                // tells where that is, too.
                let announces = arp.is_gratuitous() || to_all;
                Self::Binding { address: arp.sender_ip.into(), mac: Some(arp.sender_mac), announces }
            }
            Ok((
                Pdu::NeighborDiscovery(NeighborDiscovery::Advertisement {
                    target,
                    target_mac,
                    solicited,
                    ..
                }),
                _,
            )) if ours(&target.into()) => {
                Self::Binding { address: target.into(), mac: target_mac, announces: !solicited }
            }
            Err(_) | Ok(_) => number(&frame).map_or(Self::Other, Self::Packet),
        }
    }
}

/// The number in a packet of the host.
fn number(frame: &Frame<'_>) -> Option<u64> {
    if matches!(frame.network(), Network::None) {
        return None;
    }
    let (mark, rest) = frame.payload().get(ECHO_HEADER..)?.split_first_chunk::<8>()?;
    (mark == MARK).then(|| rest.first_chunk::<8>().map(|octets| u64::from_be_bytes(*octets)))?
}

/// The host asks everyone where this address is.
pub fn question(address: IpAddr) -> Option<Vec<u8>> {
    match address {
        IpAddr::V4(address) => {
            let arp = Arp {
                operation: Arp::REQUEST,
                sender_mac: HOST_MAC,
                sender_ip: HOST,
                target_mac: MacAddress([0; 6]),
                target_ip: address,
            };
            frame(&Builder::arp(HOST_MAC), |out| arp.emit(out))
        }
        IpAddr::V6(address) => {
            let source = if address.is_unicast_link_local() { HOST_LINK_LOCAL } else { HOST6 };
            let group = solicited_node(address);
            let builder = to(Builder::neighbor_discovery(HOST_MAC, source), group, group_mac(group));
            let message = NeighborDiscovery::Solicitation { target: address, source_mac: Some(HOST_MAC) };
            let carrier = builder.carrier()?;
            frame(&builder, |out| message.emit(carrier, out))
        }
    }
}

/// The host's packet with this number, an echo request, to the host behind the routers, through whoever has `mac`.
pub fn packet(remote: IpAddr, mac: MacAddress, number: u64) -> Option<Vec<u8>> {
    let kind = if remote.is_ipv4() { 8 } else { 128 };
    let mut octets = vec![kind, 0, 0, 0, 0, 0, 0, 0];
    octets.extend(MARK);
    octets.extend(number.to_be_bytes());
    let builder = match remote {
        IpAddr::V4(remote) => {
            let checksum = redspec_codec::internet_checksum(&octets);
            octets[2..4].copy_from_slice(&checksum.to_be_bytes());
            let plain = Builder::vrrp_ipv4(0, HOST);
            let Some(NetworkHeader::Ipv4(network)) = plain.network else { return None };
            let network =
                Ipv4 { destination: remote, protocol: ICMP, ttl: 64, type_of_service: 0, ..network };
            Builder { network: Some(NetworkHeader::Ipv4(network)), ..plain }
        }
        IpAddr::V6(remote) => {
            icmpv6_checksum(&mut octets, Carrier::Ipv6 { source: HOST6, destination: remote });
            let plain = Builder::neighbor_discovery(HOST_MAC, HOST6);
            let Some(NetworkHeader::Ipv6(network)) = plain.network else { return None };
            let network = Ipv6 { destination: remote, next_header: ICMPV6, hop_limit: 64, ..network };
            Builder { network: Some(NetworkHeader::Ipv6(network)), ..plain }
        }
    };
    let ethernet =
        builder.ethernet.map(|ethernet| Ethernet { source: HOST_MAC, destination: mac, ..ethernet });
    frame(&Builder { ethernet, ..builder }, |out| {
        out[..octets.len()].copy_from_slice(&octets);
        Ok(octets.len())
    })
}

/// What the host behind the routers says to a router that asks where it is.
pub fn remote_answer(remote: IpAddr, octets: &[u8]) -> Option<Vec<u8>> {
    let read = Frame::parse(octets).ok()?;
    match (read.pdu().ok()?.0, remote) {
        (Pdu::Arp(arp), IpAddr::V4(remote)) if arp.operation == Arp::REQUEST && arp.target_ip == remote => {
            let reply = Arp {
                operation: Arp::REPLY,
                sender_mac: REMOTE_MAC,
                sender_ip: remote,
                target_mac: arp.sender_mac,
                target_ip: arp.sender_ip,
            };
            let plain = Builder::arp(REMOTE_MAC);
            let ethernet =
                plain.ethernet.map(|ethernet| Ethernet { destination: arp.sender_mac, ..ethernet });
            frame(&Builder { ethernet, ..plain }, |out| reply.emit(out))
        }
        (Pdu::NeighborDiscovery(NeighborDiscovery::Solicitation { target, .. }), IpAddr::V6(remote))
            if target == remote =>
        {
            let (Some(IpAddr::V6(asker)), Some(mac)) = (read.source_ip(), read.source_mac()) else {
                return None;
            };
            let message = NeighborDiscovery::Advertisement {
                router: false,
                solicited: true,
                overrides: true,
                target,
                target_mac: Some(REMOTE_MAC),
            };
            let builder = to(Builder::neighbor_discovery(REMOTE_MAC, remote), asker, mac);
            let carrier = builder.carrier()?;
            frame(&builder, |out| message.emit(carrier, out))
        }
        _ => None,
    }
}

/// The same to one address of IPv6.
fn to(builder: Builder<'_>, destination: Ipv6Addr, mac: MacAddress) -> Builder<'_> {
    let network = match builder.network {
        Some(NetworkHeader::Ipv6(network)) => Some(NetworkHeader::Ipv6(Ipv6 { destination, ..network })),
        other => other,
    };
    let ethernet = builder.ethernet.map(|ethernet| Ethernet { destination: mac, ..ethernet });
    Builder { ethernet, network, ..builder }
}
