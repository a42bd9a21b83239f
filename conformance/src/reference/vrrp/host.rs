//! What a router is besides its protocol: it answers for addresses, takes packets and forwards them, as its virtual
//! routers' states demand (sections 6.4.2, 6.4.3 and 8).

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv6Addr};

use redspec_codec::frame::{
    Arp, Builder, Ethernet, Frame, Ipv4, Ipv6, NeighborDiscovery, NetworkHeader, Pdu,
};
use redspec_codec::{Carrier, Family, MacAddress, internet_checksum};

use super::configuration::{Configuration, Interface, LAN, VirtualRouter};
use super::defect::Defect;
use super::tables::Tables;
use super::virtual_router::{Instance, frame, group_mac, own_address, solicited_node};
use crate::event::Port;

const ICMP: u8 = 1;
const ICMPV6: u8 = 58;
const ECHO_REQUEST: u8 = 8;
const ECHO_REPLY: u8 = 0;
const ECHO_REQUEST6: u8 = 128;
const ECHO_REPLY6: u8 = 129;
/// More hosts, or packets that wait for one, than any test has use for.
const MOST: usize = 256;

/// Where hosts are, and what waits until that is known.
#[derive(Debug, Default)]
pub struct Neighbors {
    known: BTreeMap<IpAddr, (Port, MacAddress)>,
    waiting: Vec<(IpAddr, Port, Vec<u8>)>,
    answers: u64,
}

/// A frame that came, and all that decides what becomes of it.
pub struct Case<'a> {
    /// How the router is configured.
    pub configuration: &'a Configuration,
    /// Its tables.
    pub tables: &'a Tables,
    /// Its virtual routers.
    pub instances: &'a [Instance],
    /// The virtual routers run; if not, the router has stopped.
    pub running: bool,
    /// Where it came.
    pub port: Port,
    /// What is sent.
    pub output: &'a mut Vec<(Port, Vec<u8>)>,
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

impl Case<'_> {
    fn has(&self, defect: Defect) -> bool {
        self.tables.has(defect)
    }

    fn interface(&self) -> &Interface {
        &self.configuration.interfaces[self.port.index().min(1)]
    }

    fn here(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|instance| instance.router.port == self.port)
    }

    fn send(&mut self, port: Port, frame: Option<Vec<u8>>) {
        self.output.extend(frame.map(|frame| (port, frame)));
    }

    /// The virtual router on this port that has the address.
    fn virtual_router(&self, address: IpAddr) -> Option<&Instance> {
        self.here().find(|instance| instance.router.addresses.contains(&address))
    }

    /// The MAC address that answers for an address, if the router answers for it.
    fn answer(&self, address: IpAddr, answers: u64) -> Option<MacAddress> {
        let own = self.interface().is_own(address);
        if let Some(instance) = self.virtual_router(address) {
            let first = instance.router.addresses.first() == Some(&address);
            let active = instance.is_active() && !self.has(Defect::ActiveSilent)
                || !instance.is_active() && self.running && self.has(Defect::BackupAnswers)
                || !self.running && self.has(Defect::AnswersAfterShutdown);
            if !active || self.has(Defect::AnswersFirstOnly) && !first {
                return None;
            }
            let physical = self.has(Defect::AnswersPhysical)
                || self.has(Defect::AnswersPhysicalSometimes) && answers % 2 == 1;
            return Some(if physical { self.interface().mac } else { instance.router.mac() });
        }
        if own {
            return Some(self.interface().mac);
        }
        if self.configuration.proxy_arp && address.is_ipv4() && self.behind(address) {
            let active = self.here().find(|instance| instance.is_active())?;
            let physical = self.has(Defect::ProxyPhysical);
            return Some(if physical { self.interface().mac } else { active.router.mac() });
        }
        None
    }

    /// The address is on the network of another port.
    fn behind(&self, address: IpAddr) -> bool {
        let other = Port(1 - self.port.0.min(1));
        self.configuration.interfaces[other.index()].has(address) && !self.interface().has(address)
    }

    /// A frame that is no advertisement.
    pub fn frame(&mut self, neighbors: &mut Neighbors, octets: &[u8], read: &Frame<'_>) {
        match read.pdu() {
            Ok((Pdu::Arp(arp), _)) => self.arp(neighbors, read, &arp),
            Ok((Pdu::NeighborDiscovery(message), _)) if read.ttl() == Some(255) => {
                self.neighbor_discovery(neighbors, read, &message);
            }
            _ => self.packet(neighbors, octets, read),
        }
    }

    fn arp(&mut self, neighbors: &mut Neighbors, read: &Frame<'_>, arp: &Arp) {
        let unicast = read.destination_mac().is_some_and(|mac| mac.0[0] & 1 == 0);
        if unicast && (!self.is_for_us(read) || self.has(Defect::UnicastUnanswered)) {
            return;
        }
        if !arp.sender_ip.is_unspecified() {
            self.learn(neighbors, arp.sender_ip.into(), arp.sender_mac);
        }
        if arp.operation != Arp::REQUEST || arp.is_gratuitous() {
            return;
        }
        let Some(mac) = self.answer(arp.target_ip.into(), neighbors.answers) else { return };
        neighbors.answers += 1;
        let reply = Arp {
            operation: Arp::REPLY,
            sender_mac: mac,
            sender_ip: arp.target_ip,
            target_mac: arp.sender_mac,
            target_ip: arp.sender_ip,
        };
        let builder = towards(Builder::arp(mac), arp.sender_mac);
        self.send(self.port, frame(&builder, |out| reply.emit(out)));
    }

    fn neighbor_discovery(
        &mut self,
        neighbors: &mut Neighbors,
        read: &Frame<'_>,
        message: &NeighborDiscovery,
    ) {
        let (Some(IpAddr::V6(source)), Some(source_mac)) = (read.source_ip(), read.source_mac()) else {
            return;
        };
        let unicast = read.destination_mac().is_some_and(|mac| mac.0[0] & 1 == 0);
        match *message {
            NeighborDiscovery::Solicitation { target, .. } => {
                if unicast && (!self.is_for_us(read) || self.has(Defect::UnicastUnanswered)) {
                    return;
                }
                if !source.is_unspecified() {
                    self.learn(neighbors, source.into(), source_mac);
                }
                let Some(mac) = self.answer(target.into(), neighbors.answers) else { return };
                neighbors.answers += 1;
                self.advertise_neighbor(target, mac, source, source_mac);
            }
            NeighborDiscovery::Advertisement {
                target, target_mac: Some(mac), overrides, solicited, ..
            } => {
                let kept = self.has(Defect::CacheNotUpdated) && !solicited;
                let known = neighbors.known.contains_key(&IpAddr::V6(target));
                if !known || overrides && !kept {
                    self.learn(neighbors, target.into(), mac);
                }
            }
            NeighborDiscovery::RouterSolicitation { .. } => self.advertise_router(),
            _ => {}
        }
    }

    fn advertise_neighbor(
        &mut self,
        target: Ipv6Addr,
        mac: MacAddress,
        asker: Ipv6Addr,
        asker_mac: MacAddress,
    ) {
        let everyone = asker.is_unspecified() && !self.has(Defect::AnswersUnspecified);
        let answer = NeighborDiscovery::Advertisement {
            router: !self.has(Defect::NoRouterFlag),
            solicited: !everyone && !self.has(Defect::NoSolicitedFlag),
            overrides: true,
            target,
            target_mac: (!self.has(Defect::NoLinkLayerAddress)).then_some(mac),
        };
        let plain = Builder::neighbor_discovery(mac, target);
        let builder = if everyone { plain } else { to_address(plain, asker, asker_mac) };
        let Some(carrier) = builder.carrier() else { return };
        self.send(self.port, frame(&builder, |out| answer.emit(carrier, out)));
    }

    fn advertise_router(&mut self) {
        if !self.configuration.router_advertisements || self.has(Defect::NoRouterAdvertisements) {
            return;
        }
        let physical = self.interface().mac;
        let who = self.here().find(|instance| {
            let backup = self.running && self.has(Defect::BackupAdvertisesRouter);
            instance.router.family == Family::Ipv6 && (instance.is_active() || backup)
        });
        let Some((mac, IpAddr::V6(source))) = who.map(|it| (it.router.mac(), it.router.addresses[0])) else {
            return;
        };
        let mac = if self.has(Defect::RouterAdvertisementPhysical) { physical } else { mac };
        let message = NeighborDiscovery::RouterAdvertisement {
            hop_limit: 64,
            managed: false,
            other: false,
            lifetime_s: 1800,
            reachable_time_ms: 0,
            retransmit_timer_ms: 0,
            source_mac: Some(mac),
        };
        let builder = Builder::neighbor_discovery(mac, source);
        let Some(carrier) = builder.carrier() else { return };
        self.send(self.port, frame(&builder, |out| message.emit(carrier, out)));
    }

    /// Takes down where a host is, and sends what has waited for that.
    fn learn(&mut self, neighbors: &mut Neighbors, address: IpAddr, mac: MacAddress) {
        if neighbors.known.len() >= MOST && !neighbors.known.contains_key(&address) {
            return;
        }
        neighbors.known.insert(address, (self.port, mac));
        let (ready, waiting) =
            std::mem::take(&mut neighbors.waiting).into_iter().partition(|(host, ..)| *host == address);
        neighbors.waiting = waiting;
        for (_, port, mut octets) in ready {
            octets[..6].copy_from_slice(&mac.0);
            self.output.push((port, octets));
        }
    }

    /// The frame is addressed to the router: to its own MAC address, or to one of a virtual router of this port.
    fn is_for_us(&self, read: &Frame<'_>) -> bool {
        let Some(mac) = read.destination_mac() else { return false };
        mac == self.interface().mac || self.here().any(|instance| instance.router.mac() == mac)
    }

    /// Any other packet.
    fn packet(&mut self, neighbors: &mut Neighbors, octets: &[u8], read: &Frame<'_>) {
        let (Some(mac), Some(destination)) = (read.destination_mac(), read.destination_ip()) else { return };
        if read.vlan_tag_count() > 0 {
            return;
        }
        let group = destination.is_multicast();
        if mac.0[0] & 1 == 1 || group {
            if group && self.has(Defect::ForwardsMulticast) {
                self.forward_multicast(octets);
            }
            return;
        }
        let by_virtual_mac = self.here().find(|instance| instance.router.mac() == mac);
        match by_virtual_mac {
            Some(instance) => {
                let refused = if instance.is_active() {
                    self.has(Defect::ActiveDoesNotForward) && self.behind(destination)
                } else {
                    // What comes for a router that is not Active is discarded.
                    !(self.running
                        && (self.has(Defect::BackupForwards) && self.behind(destination)
                            || self.takes(destination)))
                };
                if refused {
                    return;
                }
            }
            None if mac != self.interface().mac => return,
            None => {}
        }
        if self.takes(destination) {
            self.echo(octets, read);
        } else if self.virtual_router(destination).is_some() && !self.has(Defect::ForwardsOwnAddress) {
            // It is not taken and not sent on.
        } else if !self.interface().is_own(destination) {
            self.forward(neighbors, octets, destination);
        }
    }

    /// The router takes packets to this address.
    fn takes(&self, destination: IpAddr) -> bool {
        let Some(instance) = self.virtual_router(destination) else {
            return self.interface().is_own(destination);
        };
        let router = &instance.router;
        if !instance.is_active() {
            return self.running
                && (self.has(Defect::BackupAccepts)
                    || self.has(Defect::BackupAcceptsByMode) && router.accept);
        }
        if router.owner() {
            return !self.has(Defect::OwnerDoesNotAccept);
        }
        let by_mode = router.accept
            && self.configuration.version == crate::spec::vrrp::Version::V3
            && !self.has(Defect::AcceptModeIgnored);
        by_mode || self.has(Defect::AcceptsAlways)
    }

    /// Answers an echo request.
    fn echo(&mut self, octets: &[u8], read: &Frame<'_>) {
        let (Some(source_mac), Some(mac)) = (read.source_mac(), read.destination_mac()) else { return };
        let (Some(asker), Some(destination)) = (read.source_ip(), read.destination_ip()) else { return };
        let payload = read.payload();
        let length = payload.len();
        let message = |reply: u8| {
            let mut message = payload.to_vec();
            message[0] = reply;
            message
        };
        let protocol = octets.get(if read.family() == Some(Family::Ipv4) { 23 } else { 20 }).copied();
        let reply = match (asker, destination, protocol, payload.first()) {
            (IpAddr::V4(asker), IpAddr::V4(own), Some(ICMP), Some(&ECHO_REQUEST)) if length >= 8 => {
                let mut message = message(ECHO_REPLY);
                message[2..4].fill(0);
                let checksum = internet_checksum(&message);
                message[2..4].copy_from_slice(&checksum.to_be_bytes());
                let plain = Builder::vrrp_ipv4(0, own);
                let Some(NetworkHeader::Ipv4(network)) = plain.network else { return };
                let network =
                    Ipv4 { destination: asker, protocol: ICMP, ttl: 64, type_of_service: 0, ..network };
                let builder = Builder { network: Some(NetworkHeader::Ipv4(network)), ..from(plain, mac) };
                frame(&towards(builder, source_mac), |out| Ok(copy(&message, out)))
            }
            (IpAddr::V6(asker), IpAddr::V6(own), Some(ICMPV6), Some(&ECHO_REQUEST6)) if length >= 8 => {
                let mut message = message(ECHO_REPLY6);
                icmpv6_checksum(&mut message, Carrier::Ipv6 { source: own, destination: asker });
                let builder = to_address(from(Builder::neighbor_discovery(mac, own), mac), asker, source_mac);
                frame(&builder, |out| Ok(copy(&message, out)))
            }
            _ => None,
        };
        self.send(self.port, reply);
    }

    /// Sends a packet on, one hop further. What goes back to its own link stays without a redirect, which is allowed.
    fn forward(&mut self, neighbors: &mut Neighbors, octets: &[u8], destination: IpAddr) {
        let port = [LAN, Port(1)].into_iter().find(|port| {
            self.configuration.interfaces[port.index()].has(destination) && !is_link_local(destination)
        });
        let Some(port) = port else { return };
        let mut packet = octets.to_vec();
        if !self.has(Defect::TtlKept) && !count_down(&mut packet) {
            return;
        }
        let interface = &self.configuration.interfaces[port.index()];
        packet[6..12].copy_from_slice(&interface.mac.0);
        if port == self.port && self.has(Defect::RedirectsPhysical) {
            self.redirect(octets);
        }
        let copies = if self.has(Defect::ForwardsTwice) { 2 } else { 1 };
        let known = neighbors.known.get(&destination).filter(|(at, _)| *at == port).map(|(_, mac)| *mac);
        for _ in 0..copies {
            match known {
                Some(mac) => {
                    packet[..6].copy_from_slice(&mac.0);
                    self.output.push((port, packet.clone()));
                }
                None if neighbors.waiting.len() < MOST => {
                    neighbors.waiting.push((destination, port, packet.clone()));
                }
                None => {}
            }
        }
        if known.is_none() {
            self.ask(port, destination);
        }
    }

    /// Asks where a host is: in the name of the virtual router whose link it is, if one is Active there.
    fn ask(&mut self, port: Port, host: IpAddr) {
        let interface = &self.configuration.interfaces[port.index()];
        let active: Option<&VirtualRouter> = self
            .instances
            .iter()
            .map(|instance| (instance, &instance.router))
            .find(|(instance, router)| router.port == port && instance.is_active())
            .map(|(_, router)| router);
        let question = match host {
            IpAddr::V4(host) => {
                let arp = Arp {
                    operation: Arp::REQUEST,
                    sender_mac: interface.mac,
                    sender_ip: interface.address,
                    target_mac: MacAddress([0; 6]),
                    target_ip: host,
                };
                frame(&Builder::arp(interface.mac), |out| arp.emit(out))
            }
            IpAddr::V6(host) => {
                let virtual_mac =
                    active.map(VirtualRouter::mac).filter(|_| !self.has(Defect::SolicitsPhysical));
                let mac = virtual_mac.unwrap_or(interface.mac);
                let group = solicited_node(host);
                let source = match active.map(|router| own_address(self.configuration, router, self.tables)) {
                    Some(IpAddr::V6(source)) => source,
                    _ => interface.link_local,
                };
                let builder = to_address(Builder::neighbor_discovery(mac, source), group, group_mac(group));
                let message = NeighborDiscovery::Solicitation { target: host, source_mac: Some(mac) };
                builder.carrier().and_then(|carrier| frame(&builder, |out| message.emit(carrier, out)))
            }
        };
        self.send(port, question);
    }

    fn forward_multicast(&mut self, octets: &[u8]) {
        let mut packet = octets.to_vec();
        if count_down(&mut packet) {
            self.output.push((Port(1 - self.port.0.min(1)), packet));
        }
    }

    /// A redirect from the physical address.
    fn redirect(&mut self, octets: &[u8]) {
        let Ok(read) = Frame::parse(octets) else { return };
        let (Some(source_mac), Some(asker)) = (read.source_mac(), read.source_ip()) else { return };
        let interface = self.interface();
        let packet: Vec<u8> = octets.iter().skip(14).take(28).copied().collect();
        let sent = match (asker, read.destination_ip()) {
            (IpAddr::V4(asker), Some(IpAddr::V4(destination))) => {
                let mut message = vec![5, 1, 0, 0];
                message.extend(destination.octets());
                message.extend(packet);
                let checksum = internet_checksum(&message);
                message[2..4].copy_from_slice(&checksum.to_be_bytes());
                let plain = Builder::vrrp_ipv4(0, interface.address);
                let Some(NetworkHeader::Ipv4(network)) = plain.network else { return };
                let network = Ipv4 { destination: asker, protocol: ICMP, ttl: 64, ..network };
                let builder =
                    Builder { network: Some(NetworkHeader::Ipv4(network)), ..from(plain, interface.mac) };
                frame(&towards(builder, source_mac), |out| Ok(copy(&message, out)))
            }
            (IpAddr::V6(asker), Some(IpAddr::V6(destination))) => {
                let mut message = vec![137, 0, 0, 0, 0, 0, 0, 0];
                message.extend(destination.octets());
                message.extend(destination.octets());
                let source = interface.link_local;
                icmpv6_checksum(&mut message, Carrier::Ipv6 { source, destination: asker });
                let builder =
                    to_address(Builder::neighbor_discovery(interface.mac, source), asker, source_mac);
                frame(&builder, |out| Ok(copy(&message, out)))
            }
            _ => None,
        };
        self.send(self.port, sent);
    }
}

fn is_link_local(address: IpAddr) -> bool {
    matches!(address, IpAddr::V6(address) if address.is_unicast_link_local())
}

fn copy(message: &[u8], out: &mut [u8]) -> usize {
    out[..message.len()].copy_from_slice(message);
    message.len()
}

/// One hop less; false if there is none left.
fn count_down(packet: &mut [u8]) -> bool {
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
fn towards(builder: Builder<'_>, mac: MacAddress) -> Builder<'_> {
    Builder {
        ethernet: builder.ethernet.map(|ethernet| Ethernet { destination: mac, ..ethernet }),
        ..builder
    }
}

/// The same from this MAC address.
fn from(builder: Builder<'_>, mac: MacAddress) -> Builder<'_> {
    Builder { ethernet: builder.ethernet.map(|ethernet| Ethernet { source: mac, ..ethernet }), ..builder }
}

/// The same to one address of IPv6.
fn to_address(builder: Builder<'_>, destination: Ipv6Addr, mac: MacAddress) -> Builder<'_> {
    let network = match builder.network {
        Some(NetworkHeader::Ipv6(network)) => Some(NetworkHeader::Ipv6(Ipv6 { destination, ..network })),
        other => other,
    };
    towards(Builder { network, ..builder }, mac)
}
