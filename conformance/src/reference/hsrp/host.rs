//! What a router is besides its protocol: it answers for addresses, takes packets and forwards them, as the states of its
//! groups demand (RFC 2281 section 6).

use std::net::{IpAddr, Ipv6Addr};

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Builder, Frame, NeighborDiscovery, Pdu};

use super::configuration::Configuration;
use super::defect::Defect;
use super::group::{Instance, router_advertisement};
use super::tables::Tables;
use crate::event::Port;
use crate::reference::router::{
    DOWNSTREAM, Interface, LAN, Neighbors, count_down, echo_reply, frame, group_mac, is_link_local, redirect,
    solicited_node, to_address, towards,
};
use crate::spec::hsrp::machine::Group;

/// The lifetime of the Router Advertisements of an Active router, in seconds (RFC 4861 section 6.2.1).
const ROUTER_LIFETIME_S: u16 = 1800;

/// A frame that came, and all that decides what becomes of it.
pub struct Case<'a> {
    /// How the router is configured.
    pub configuration: &'a Configuration,
    /// Its tables.
    pub tables: &'a Tables,
    /// Its groups.
    pub instances: &'a [Instance],
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

    /// The groups on this port.
    fn here(&self) -> &[Instance] {
        if self.port == LAN { self.instances } else { &[] }
    }

    fn send(&mut self, port: Port, frame: Option<Vec<u8>>) {
        self.output.extend(frame.map(|frame| (port, frame)));
    }

    /// The group that has the address.
    fn group_of(&self, address: IpAddr) -> Option<&Instance> {
        self.here().iter().find(|instance| instance.address() == Some(address))
    }

    /// The MAC address that answers for an address, if the router answers for it.
    fn answer(&self, address: IpAddr, answers: u64) -> Option<MacAddress> {
        let physical = self.interface().mac;
        if let Some(instance) = self.group_of(address) {
            let others = instance.state != Group::Initial && self.has(Defect::OthersAnswer)
                || instance.state == Group::Initial && self.has(Defect::AnswersDisabled)
                || instance.variables.was_active && self.has(Defect::AnswersEverAfter);
            let is_told = instance.is_active() && !self.has(Defect::ActiveSilent) || others;
            let other_mac = self.has(Defect::AnswersPhysical)
                || self.has(Defect::AnswersPhysicalSometimes) && answers % 2 == 1;
            return is_told.then_some(if other_mac { physical } else { instance.group.mac() });
        }
        if self.interface().is_own(address) {
            return Some(physical);
        }
        if self.configuration.proxy_arp && address.is_ipv4() && self.behind(address) {
            // Section 6.4: whatever the state, as long as HSRP runs.
            let by_state = self.has(Defect::ProxyByState);
            let group = self
                .here()
                .iter()
                .find(|instance| instance.is_active() || !by_state && instance.state != Group::Initial)?;
            return Some(if self.has(Defect::ProxyPhysical) { physical } else { group.group.mac() });
        }
        None
    }

    /// The address is on the network of the other port.
    fn behind(&self, address: IpAddr) -> bool {
        let other = Port(1 - self.port.0.min(1));
        self.configuration.interfaces[other.index()].has(address) && !self.interface().has(address)
    }

    /// A frame that is none of HSRP.
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
        if is_unicast(read) && !self.is_for_us(read) {
            return;
        }
        if !arp.sender_ip.is_unspecified() {
            self.output.extend(neighbors.learn(self.port, arp.sender_ip.into(), arp.sender_mac));
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
        match *message {
            NeighborDiscovery::Solicitation { target, .. } => {
                if is_unicast(read) && !self.is_for_us(read) {
                    return;
                }
                if !source.is_unspecified() {
                    self.output.extend(neighbors.learn(self.port, source.into(), source_mac));
                }
                let Some(mac) = self.answer(target.into(), neighbors.answers) else { return };
                neighbors.answers += 1;
                self.advertise_neighbor(target, mac, source, source_mac);
            }
            NeighborDiscovery::Advertisement { target, target_mac: Some(mac), overrides, .. }
                if overrides || !neighbors.knows(target.into()) =>
            {
                self.output.extend(neighbors.learn(self.port, target.into(), mac));
            }
            NeighborDiscovery::RouterSolicitation { .. } if self.configuration.router_advertisements => {
                let active = self.here().iter().find(|instance| instance.is_active());
                let told = active.and_then(|instance| match instance.address() {
                    Some(IpAddr::V6(address)) => {
                        let to = (!source.is_unspecified()).then_some((source, source_mac));
                        router_advertisement(instance.group.mac(), address, ROUTER_LIFETIME_S, to)
                    }
                    _ => None,
                });
                self.send(self.port, told);
            }
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
        let everyone = asker.is_unspecified();
        let answer = NeighborDiscovery::Advertisement {
            router: !self.has(Defect::NoRouterFlag),
            solicited: !everyone,
            overrides: true,
            target,
            target_mac: Some(mac),
        };
        let plain = Builder::neighbor_discovery(mac, target);
        let builder = if everyone { plain } else { to_address(plain, asker, asker_mac) };
        let Some(carrier) = builder.carrier() else { return };
        self.send(self.port, frame(&builder, |out| answer.emit(carrier, out)));
    }

    /// The frame is addressed to the router: to its own MAC address, or to that of a group.
    fn is_for_us(&self, read: &Frame<'_>) -> bool {
        let Some(mac) = read.destination_mac() else { return false };
        mac == self.interface().mac || self.here().iter().any(|instance| instance.group.mac() == mac)
    }

    /// Any other packet.
    fn packet(&mut self, neighbors: &mut Neighbors, octets: &[u8], read: &Frame<'_>) {
        let (Some(mac), Some(destination)) = (read.destination_mac(), read.destination_ip()) else { return };
        if read.vlan_tag_count() > 0 {
            return;
        }
        if mac.0[0] & 1 == 1 || destination.is_multicast() {
            if self.has(Defect::ForwardsMulticast) && destination.is_multicast() {
                let mut packet = octets.to_vec();
                let living = count_down(&mut packet);
                self.send(Port(1 - self.port.0.min(1)), living.then_some(packet));
            }
            return;
        }
        let by_virtual_mac = self.here().iter().find(|instance| instance.group.mac() == mac);
        match by_virtual_mac {
            // Section 6.1: what comes for a group is the Active router's.
            Some(instance) => {
                let refused = if instance.is_active() {
                    self.has(Defect::ActiveDoesNotForward) && self.behind(destination)
                } else {
                    let others = instance.state != Group::Initial && self.has(Defect::OthersForward)
                        || instance.state == Group::Initial && self.has(Defect::ForwardsDisabled)
                        || instance.variables.was_active && self.has(Defect::ForwardsEverAfter);
                    !others
                };
                if refused {
                    return;
                }
            }
            None if mac != self.interface().mac => return,
            None => {}
        }
        let group = self.group_of(destination);
        if group.map_or(self.interface().is_own(destination), Instance::is_active) {
            let reply = echo_reply(octets, read);
            self.send(self.port, reply);
        } else if group.is_none() {
            self.forward(neighbors, octets, destination);
        }
    }

    /// Sends a packet on, one hop further; what goes back to its own link too, without a redirect (section 6.3).
    fn forward(&mut self, neighbors: &mut Neighbors, octets: &[u8], destination: IpAddr) {
        let port = [LAN, DOWNSTREAM].into_iter().find(|port| {
            self.configuration.interfaces[port.index()].has(destination) && !is_link_local(destination)
        });
        let Some(port) = port else { return };
        let mut packet = octets.to_vec();
        if !self.has(Defect::TtlKept) && !count_down(&mut packet) {
            return;
        }
        let interface = &self.configuration.interfaces[port.index()];
        packet[6..12].copy_from_slice(&interface.mac.0);
        let others = !self.instances.iter().any(Instance::is_active) && self.has(Defect::OthersRedirect);
        if port == self.port && (self.has(Defect::Redirects) || others) {
            let sent = redirect(self.interface(), octets);
            self.send(self.port, sent);
        }
        if self.has(Defect::ForwardsTwice) {
            self.output.extend(neighbors.deliver(port, destination, packet.clone()));
        }
        self.output.extend(neighbors.deliver(port, destination, packet));
        if !neighbors.is_at(port, destination) {
            self.ask(port, destination);
        }
    }

    /// Asks where a host is.
    fn ask(&mut self, port: Port, host: IpAddr) {
        let interface = &self.configuration.interfaces[port.index()];
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
                let (mac, group) = (interface.mac, solicited_node(host));
                let plain = Builder::neighbor_discovery(mac, interface.link_local);
                let builder = to_address(plain, group, group_mac(group));
                let message = NeighborDiscovery::Solicitation { target: host, source_mac: Some(mac) };
                builder.carrier().and_then(|carrier| frame(&builder, |out| message.emit(carrier, out)))
            }
        };
        self.send(port, question);
    }
}

fn is_unicast(read: &Frame<'_>) -> bool {
    read.destination_mac().is_some_and(|mac| mac.0[0] & 1 == 0)
}
