//! What a router is besides its protocol: it answers for addresses, takes packets and forwards them, as its virtual
//! routers' states demand (sections 6.4.2, 6.4.3 and 8).

use std::net::{IpAddr, Ipv6Addr};

use redspec_codec::frame::{Arp, Builder, Frame, NeighborDiscovery, Pdu};
use redspec_codec::{Family, MacAddress};

use super::configuration::{Configuration, VirtualRouter};
use super::defect::Defect;
use super::tables::Tables;
use super::virtual_router::{Instance, own_address};
use crate::event::Port;
use crate::reference::router::{
    Interface, LAN, Neighbors, count_down, echo_reply, frame, group_mac, is_link_local, redirect,
    solicited_node, to_address, towards,
};

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
                let known = neighbors.knows(target.into());
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
        self.output.extend(neighbors.learn(self.port, address, mac));
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
            let reply = echo_reply(octets, read);
            self.send(self.port, reply);
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
            let sent = redirect(self.interface(), octets);
            self.send(self.port, sent);
        }
        let copies = if self.has(Defect::ForwardsTwice) { 2 } else { 1 };
        for _ in 0..copies {
            self.output.extend(neighbors.deliver(port, destination, packet.clone()));
        }
        if !neighbors.is_at(port, destination) {
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
}
