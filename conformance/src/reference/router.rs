//! What routers of every protocol have in common: two ports with addresses, hosts on them, and frames to forward.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use redspec_codec::frame::{Builder, Ethernet, Frame, Ipv4, Ipv6, NetworkHeader};
use redspec_codec::{Carrier, Family, MacAddress, internet_checksum};

use crate::event::Port;

/// Longer than any frame that is sent here.
const ROOM: usize = 2048;

/// The port to the LAN on which hosts and routers are.
pub const LAN: Port = Port(0);
/// The port to the network behind the router.
pub const DOWNSTREAM: Port = Port(1);

/// The router's own address behind it.
pub const DOWNSTREAM_ADDRESS: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 1);
/// The prefix length of the network behind it.
pub const DOWNSTREAM_PREFIX: u8 = 24;
/// The same for IPv6; the prefix has 64 bits.
pub const DOWNSTREAM_ADDRESS6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 1);
/// A host behind the router.
pub const REMOTE_HOST: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);
/// The same for IPv6.
pub const REMOTE_HOST6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 1, 0, 0, 0, 0, 2);

/// Protocol number of ICMP.
pub const ICMP: u8 = 1;
/// Next Header of ICMPv6.
pub const ICMPV6: u8 = 58;
/// ICMP: Echo.
pub const ECHO_REQUEST: u8 = 8;
/// ICMP: Echo Reply.
pub const ECHO_REPLY: u8 = 0;
/// ICMPv6: Echo Request.
pub const ECHO_REQUEST6: u8 = 128;
/// ICMPv6: Echo Reply.
pub const ECHO_REPLY6: u8 = 129;

/// Addresses of a router on one of its ports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interface {
    /// Its MAC address.
    pub mac: MacAddress,
    /// Its primary IPv4 address.
    pub address: Ipv4Addr,
    /// Of the IPv4 network.
    pub prefix_length: u8,
    /// Another IPv4 address.
    pub secondary_address: Option<Ipv4Addr>,
    /// Its link-local address.
    pub link_local: Ipv6Addr,
    /// Its global IPv6 address; the prefix has 64 bits.
    pub address6: Ipv6Addr,
}

impl Interface {
    /// The address is on this network.
    pub fn has(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => {
                let mask = u32::MAX.checked_shl(32 - u32::from(self.prefix_length.min(32))).unwrap_or(0);
                u32::from(address) & mask == u32::from(self.address) & mask
            }
            IpAddr::V6(address) => {
                address.segments()[..4] == self.address6.segments()[..4] || address.is_unicast_link_local()
            }
        }
    }

    /// The address is the router's own.
    pub fn is_own(&self, address: IpAddr) -> bool {
        match address {
            IpAddr::V4(address) => address == self.address || Some(address) == self.secondary_address,
            IpAddr::V6(address) => address == self.link_local || address == self.address6,
        }
    }
}

/// A frame of what `message` writes, or none if it cannot be written.
pub fn frame(
    builder: &Builder<'_>,
    message: impl FnOnce(&mut [u8]) -> Result<usize, redspec_codec::Error>,
) -> Option<Vec<u8>> {
    let mut frame = vec![0; ROOM];
    let length = builder.emit(&mut frame, message).ok()?;
    frame.truncate(length);
    Some(frame)
}

/// The solicited-node group of an address (RFC 4291 2.7.1).
pub fn solicited_node(address: Ipv6Addr) -> Ipv6Addr {
    let [.., a, b, c] = address.octets();
    Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00 | u16::from(a), u16::from_be_bytes([b, c]))
}

/// The MAC address of a group (RFC 2464 7).
pub fn group_mac(group: Ipv6Addr) -> MacAddress {
    let [.., a, b, c, d] = group.octets();
    MacAddress([0x33, 0x33, a, b, c, d])
}

/// Puts the checksum into an ICMPv6 message.
pub fn icmpv6_checksum(message: &mut [u8], carrier: Carrier) {
    let Carrier::Ipv6 { source, destination } = carrier else { return };
    let Some(field) = message.get_mut(2..4) else { return };
    field.fill(0);
    let length = u32::try_from(message.len()).unwrap_or(u32::MAX);
    let mut octets = [source.octets(), destination.octets()].concat();
    octets.extend(length.to_be_bytes());
    octets.extend([0, 0, 0, ICMPV6]);
    octets.extend(&*message);
    let checksum = internet_checksum(&octets);
    message[2..4].copy_from_slice(&checksum.to_be_bytes());
}

/// The address is a link-local one of IPv6.
pub fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

/// Copies a message to where a frame is written.
pub fn copy(message: &[u8], out: &mut [u8]) -> usize {
    out[..message.len()].copy_from_slice(message);
    message.len()
}

/// One hop less; false if there is none left.
pub fn count_down(packet: &mut [u8]) -> bool {
    match packet.get(12..14) {
        Some([0x08, 0x00]) if packet.len() >= 34 && packet[22] > 1 => {
            packet[22] -= 1;
            let header = usize::from(packet[14] & 0xf) * 4;
            packet[24..26].fill(0);
            let Some(octets) = packet.get(14..14 + header) else { return false };
            let checksum = internet_checksum(octets);
            packet[24..26].copy_from_slice(&checksum.to_be_bytes());
            true
        }
        Some([0x86, 0xdd]) if packet.len() >= 54 && packet[21] > 1 => {
            packet[21] -= 1;
            true
        }
        _ => false,
    }
}

/// The same to one host.
pub fn towards(builder: Builder<'_>, mac: MacAddress) -> Builder<'_> {
    Builder {
        ethernet: builder.ethernet.map(|ethernet| Ethernet { destination: mac, ..ethernet }),
        ..builder
    }
}

/// The same from this MAC address.
pub fn from(builder: Builder<'_>, mac: MacAddress) -> Builder<'_> {
    Builder { ethernet: builder.ethernet.map(|ethernet| Ethernet { source: mac, ..ethernet }), ..builder }
}

/// The same to one address of IPv6.
pub fn to_address(builder: Builder<'_>, destination: Ipv6Addr, mac: MacAddress) -> Builder<'_> {
    let network = match builder.network {
        Some(NetworkHeader::Ipv6(network)) => Some(NetworkHeader::Ipv6(Ipv6 { destination, ..network })),
        other => other,
    };
    towards(Builder { network, ..builder }, mac)
}

/// A report of Multicast Listener Discovery (RFC 2710 3) for the solicited-node group of a virtual address.
pub fn report(mac: MacAddress, source: Ipv6Addr, address: Ipv6Addr) -> Option<Vec<u8>> {
    let group = solicited_node(address);
    // Hop-by-hop: Router Alert, and two octets of padding.
    let extensions = [58, 0, 5, 2, 0, 0, 1, 0];
    let plain = Builder::neighbor_discovery(mac, source);
    let network = match plain.network {
        Some(NetworkHeader::Ipv6(network)) => NetworkHeader::Ipv6(Ipv6 {
            destination: group,
            hop_limit: 1,
            next_header: 0,
            extensions: &extensions,
            ..network
        }),
        _ => return None,
    };
    let ethernet = plain.ethernet.map(|ethernet| Ethernet { destination: group_mac(group), ..ethernet });
    let builder = Builder { ethernet, network: Some(network), ..plain };
    let carrier = Carrier::Ipv6 { source, destination: group };
    frame(&builder, |out| {
        let mut message = vec![131, 0, 0, 0, 0, 0, 0, 0];
        message.extend(group.octets());
        icmpv6_checksum(&mut message, carrier);
        out[..message.len()].copy_from_slice(&message);
        Ok(message.len())
    })
}

/// Where hosts are, and what waits until that is known.
#[derive(Debug, Default)]
pub struct Neighbors {
    known: BTreeMap<IpAddr, (Port, MacAddress)>,
    waiting: Vec<(IpAddr, Port, Vec<u8>)>,
    /// How many questions have been answered.
    pub answers: u64,
}

/// More hosts, or packets that wait for one, than any test has use for.
const MOST: usize = 256;

impl Neighbors {
    /// The host has been heard of, on whatever port.
    pub fn knows(&self, host: IpAddr) -> bool {
        self.known.contains_key(&host)
    }

    /// The host is on that port.
    pub fn is_at(&self, port: Port, host: IpAddr) -> bool {
        self.known.get(&host).is_some_and(|(at, _)| *at == port)
    }

    /// Takes down where a host is; returns what has waited for that.
    pub fn learn(&mut self, port: Port, host: IpAddr, mac: MacAddress) -> Vec<(Port, Vec<u8>)> {
        if self.known.len() >= MOST && !self.knows(host) {
            return Vec::new();
        }
        self.known.insert(host, (port, mac));
        let (ready, waiting): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.waiting).into_iter().partition(|(other, ..)| *other == host);
        self.waiting = waiting;
        let addressed = ready.into_iter().map(|(_, port, mut octets)| {
            octets[..6].copy_from_slice(&mac.0);
            (port, octets)
        });
        addressed.collect()
    }

    /// The frame, addressed to the host, if that is known to be on this port; if not, the frame waits.
    pub fn deliver(&mut self, port: Port, host: IpAddr, mut frame: Vec<u8>) -> Option<(Port, Vec<u8>)> {
        match self.known.get(&host) {
            Some((at, mac)) if *at == port => {
                frame[..6].copy_from_slice(&mac.0);
                Some((port, frame))
            }
            _ => {
                if self.waiting.len() < MOST {
                    self.waiting.push((host, port, frame));
                }
                None
            }
        }
    }
}

/// The answer to an echo request; `None` if the packet is none.
pub fn echo_reply(octets: &[u8], read: &Frame<'_>) -> Option<Vec<u8>> {
    let (source_mac, mac) = (read.source_mac()?, read.destination_mac()?);
    let payload = read.payload();
    let message = |reply: u8| {
        let mut message = payload.to_vec();
        message[0] = reply;
        message
    };
    let long_enough = payload.len() >= 8;
    let protocol = octets.get(if read.family() == Some(Family::Ipv4) { 23 } else { 20 }).copied();
    match (read.source_ip()?, read.destination_ip()?, protocol, payload.first()) {
        (IpAddr::V4(asker), IpAddr::V4(own), Some(ICMP), Some(&ECHO_REQUEST)) if long_enough => {
            let mut message = message(ECHO_REPLY);
            message[2..4].fill(0);
            let checksum = internet_checksum(&message);
            message[2..4].copy_from_slice(&checksum.to_be_bytes());
            frame(&towards(icmp(mac, own, asker), source_mac), |out| Ok(copy(&message, out)))
        }
        (IpAddr::V6(asker), IpAddr::V6(own), Some(ICMPV6), Some(&ECHO_REQUEST6)) if long_enough => {
            let mut message = message(ECHO_REPLY6);
            icmpv6_checksum(&mut message, Carrier::Ipv6 { source: own, destination: asker });
            let builder = to_address(Builder::neighbor_discovery(mac, own), asker, source_mac);
            frame(&builder, |out| Ok(copy(&message, out)))
        }
        _ => None,
    }
}

/// A packet of ICMP over IPv4.
fn icmp(mac: MacAddress, source: Ipv4Addr, destination: Ipv4Addr) -> Builder<'static> {
    let plain = Builder::vrrp_ipv4(0, source);
    let network = match plain.network {
        Some(NetworkHeader::Ipv4(network)) => Some(NetworkHeader::Ipv4(Ipv4 {
            destination,
            protocol: ICMP,
            ttl: 64,
            type_of_service: 0,
            ..network
        })),
        other => other,
    };
    from(Builder { network, ..plain }, mac)
}

/// A redirect from the physical address, for a packet that goes back to its own link.
pub fn redirect(interface: &Interface, octets: &[u8]) -> Option<Vec<u8>> {
    let read = Frame::parse(octets).ok()?;
    let source_mac = read.source_mac()?;
    match (read.source_ip()?, read.destination_ip()?) {
        (IpAddr::V4(asker), IpAddr::V4(destination)) => {
            let mut message = vec![5, 1, 0, 0];
            message.extend(destination.octets());
            message.extend(octets.iter().skip(14).take(28));
            let checksum = internet_checksum(&message);
            message[2..4].copy_from_slice(&checksum.to_be_bytes());
            let builder = towards(icmp(interface.mac, interface.address, asker), source_mac);
            frame(&builder, |out| Ok(copy(&message, out)))
        }
        (IpAddr::V6(asker), IpAddr::V6(destination)) => {
            let mut message = vec![137, 0, 0, 0, 0, 0, 0, 0];
            message.extend(destination.octets());
            message.extend(destination.octets());
            let source = interface.link_local;
            icmpv6_checksum(&mut message, Carrier::Ipv6 { source, destination: asker });
            let builder = to_address(Builder::neighbor_discovery(interface.mac, source), asker, source_mac);
            frame(&builder, |out| Ok(copy(&message, out)))
        }
        _ => None,
    }
}
