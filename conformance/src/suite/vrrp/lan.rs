//! Who is on the device's links besides it: other routers that advertise, and hosts that can be found.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Builder, Ethernet, Frame, Ipv6, NeighborDiscovery, NetworkHeader, Pdu};

use super::advert::Advert;
use crate::event::{Direction, Event, Port};
use crate::reference::vrrp::configuration::{DOWNSTREAM, LAN, REMOTE_HOST, REMOTE_HOST6};
use crate::scenario::{Background, Mark, Outbox};
use crate::time::Time;

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

    fn all() -> Vec<Self> {
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
    fn answer(&self, octets: &[u8]) -> Option<Vec<u8>> {
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

/// Another router: it advertises as long as it is meant to, whatever the device does.
#[derive(Clone, Debug)]
pub struct Peer {
    /// What it sends.
    pub advert: Advert,
    /// How often.
    pub period: Duration,
    /// When it was last heard by the device.
    pub last: Option<Mark>,
    next: Option<Time>,
}

impl Peer {
    /// One that says nothing yet.
    pub fn new(advert: Advert) -> Self {
        let period = advert.interval;
        Self { advert, period, last: None, next: None }
    }

    /// It advertises, the first time now.
    pub fn start(&mut self, now: Time) {
        self.next = Some(now);
    }

    /// It falls silent.
    pub fn stop(&mut self) {
        self.next = None;
    }
}

/// All of them.
pub struct Lan {
    /// Other routers.
    pub peers: Vec<Peer>,
    /// Hosts: [`Station::HOST`] and so on.
    pub stations: Vec<Station>,
    /// Who sends now, of the peers, and what.
    sending: Vec<(usize, Vec<u8>)>,
    /// Advertisements sent behind an Authentication Header. All senders share the count: a receiver may have one for all.
    sealed: u32,
}

impl Lan {
    /// Hosts, and no routers yet.
    pub fn new() -> Self {
        Self { peers: Vec::new(), stations: Station::all(), sending: Vec::new(), sealed: 0 }
    }

    /// The frame of an advertisement that is sent now.
    pub fn frame(&mut self, advert: &Advert) -> Vec<u8> {
        sealed(&mut self.sealed, advert)
    }
}

/// The frame of an advertisement, with the next sequence number if it has one.
fn sealed(count: &mut u32, advert: &Advert) -> Vec<u8> {
    if advert.key.is_none() {
        return advert.frame();
    }
    *count += 1;
    Advert { sequence_number: *count, ..advert.clone() }.frame()
}

impl Default for Lan {
    fn default() -> Self {
        Self::new()
    }
}

impl Background for Lan {
    fn deadline(&self) -> Option<Time> {
        self.peers.iter().filter_map(|peer| peer.next).min()
    }

    fn due(&mut self, now: Time, out: &mut Outbox) {
        for (index, peer) in self.peers.iter_mut().enumerate() {
            let Some(next) = peer.next.filter(|next| *next <= now) else { continue };
            let frame = sealed(&mut self.sealed, &peer.advert);
            out.push((peer.advert.port, frame.clone()));
            self.sending.push((index, frame));
            // A beat of its own; where the tester was late it goes on from there.
            let beat = next + peer.period;
            peer.next = Some(if beat > now { beat } else { now + peer.period });
        }
    }

    fn seen(&mut self, _: Time, event: &Event<'_>, out: &mut Outbox) {
        let Some(octets) = event.frame(Direction::FromDevice) else { return };
        let here = self.stations.iter().filter(|station| station.port == event.port);
        out.extend(here.filter_map(|station| Some((station.port, station.answer(octets)?))));
    }

    fn sent(&mut self, mark: Mark, _: Port, frame: &[u8]) {
        let position = self.sending.iter().position(|(_, sending)| sending == frame);
        if let Some(position) = position {
            let (index, _) = self.sending.remove(position);
            self.peers[index].last = Some(mark);
        }
    }
}
