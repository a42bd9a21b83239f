//! What tests of a router do and look for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Arp, Builder, Ethernet, Ipv4, Ipv6, NeighborDiscovery, NetworkHeader};
use redspec_codec::{Carrier, Family, MacAddress, internet_checksum};

use super::lan::to;
use super::pattern::{Bindings, Frames};
use super::{Advert, Peer, Station, VrrpTest, advertisement, answer, frames};
use crate::event::{Event, Port, Stamp};
use crate::reference::vrrp::configuration::{DOWNSTREAM, LAN, REMOTE_HOST, REMOTE_HOST6, VirtualRouter};
use crate::reference::vrrp::host::icmpv6_checksum;
use crate::reference::vrrp::virtual_router::{group_mac, solicited_node};
use crate::scenario::{Mark, Pattern, Sighting, Stop};
use crate::spec::Window;
use crate::spec::vrrp::timers::formulas;
use crate::spec::vrrp::tolerances::{lead, period, takeover, tolerance};
use crate::time::Time;

const ICMP: u8 = 1;
const ICMPV6: u8 = 58;

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

/// Time.
impl VrrpTest<'_> {
    /// Now.
    pub fn now(&self) -> Time {
        self.run.now()
    }

    /// This moment.
    pub fn mark(&self) -> Mark {
        self.run.mark()
    }

    /// Waits.
    ///
    /// # Errors
    /// The bed fails.
    pub fn wait(&mut self, duration: Duration) -> Result<(), Stop> {
        let until = self.now() + duration;
        self.run.wait_until(&mut self.lan, until)
    }

    /// Waits until so long after `mark`.
    ///
    /// # Errors
    /// The bed fails.
    pub fn wait_until(&mut self, mark: Mark, after: Duration) -> Result<(), Stop> {
        self.run.wait_until(&mut self.lan, mark.at.time + after)
    }

    /// Active_Down_Interval of the device if the Active Router's interval is `interval`; version 2 knows its own alone.
    pub fn down_interval(&self, interval: Duration) -> Duration {
        let formulas = formulas(self.dialect.version());
        formulas.down_interval(self.configuration.first().priority, interval)
    }

    /// Skew_Time of the device.
    pub fn skew_time(&self, interval: Duration) -> Duration {
        formulas(self.dialect.version()).skew_time(self.configuration.first().priority, interval)
    }

    /// When the device takes over after the last advertisement of a router with this interval.
    pub fn takeover_after(&self, interval: Duration) -> Window {
        takeover(self.down_interval(interval), interval)
    }

    /// When it takes over after priority 0 from a router with this interval.
    pub fn takeover_after_release(&self, interval: Duration) -> Window {
        takeover(self.skew_time(interval), interval)
    }

    /// [`lead`] before the device's first advertisement as Active, for events from that one on.
    pub fn about(&self, first: Sighting, events: usize) -> Mark {
        Mark { at: Stamp { time: first.at.time.before(lead(self.interval())), ..first.at }, events }
    }

    /// How far from a timer that follows from this interval the device may be seen.
    pub fn tolerance(&self, interval: Duration) -> Duration {
        if self.run.exact() { Duration::from_millis(2) } else { tolerance(interval) }
    }
}

/// Stimuli.
impl VrrpTest<'_> {
    /// The first virtual router.
    pub fn router(&self) -> VirtualRouter {
        self.configuration.first().clone()
    }

    /// The first virtual address: over IPv6 the link-local one.
    pub fn vip(&self) -> IpAddr {
        self.configuration.first().addresses[0]
    }

    /// The virtual address that packets from elsewhere can be sent to: over IPv6 the first global one.
    pub fn global_vip(&self) -> IpAddr {
        *self.configuration.first().addresses.last().unwrap_or(&self.vip())
    }

    /// The virtual router's MAC address.
    pub fn virtual_mac(&self) -> MacAddress {
        self.configuration.first().mac()
    }

    /// An address of another router, smaller than the device's own.
    pub fn smaller_address(&self) -> IpAddr {
        match self.dialect.family() {
            Family::Ipv4 => Ipv4Addr::new(10, 0, 0, 9).into(),
            Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9).into(),
        }
    }

    /// An address of another router, greater than the device's own.
    pub fn greater_address(&self) -> IpAddr {
        match self.dialect.family() {
            Family::Ipv4 => Ipv4Addr::new(10, 0, 0, 0x99).into(),
            Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x99).into(),
        }
    }

    /// An advertisement for the device's virtual router with this priority, right in everything, from a smaller address.
    pub fn advert(&self, priority: u8) -> Advert {
        Advert::new(&self.configuration, self.configuration.first(), self.smaller_address(), priority)
    }

    /// Sends an advertisement.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send(&mut self, advert: &Advert) -> Result<Mark, Stop> {
        let frame = self.lan.frame(advert);
        self.send_frame(advert.port, &frame)
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send_frame(&mut self, port: Port, frame: &[u8]) -> Result<Mark, Stop> {
        self.run.send(&mut self.lan, port, frame)
    }

    /// Another router that advertises this from now on, each interval. Returns its place among the peers.
    pub fn start_peer(&mut self, advert: Advert) -> usize {
        let mut peer = Peer::new(advert);
        peer.start(self.now());
        self.lan.peers.push(peer);
        self.lan.peers.len() - 1
    }

    /// It falls silent. Returns its last advertisement.
    ///
    /// # Errors
    /// It never sent any.
    pub fn stop_peer(&mut self, peer: usize) -> Result<Mark, Stop> {
        self.lan.peers[peer].stop();
        self.lan.peers[peer].last.ok_or_else(|| Stop::Error("T has sent nothing".to_owned()))
    }

    /// Another router advertises a priority of 200, and the device is Backup: silent for two intervals. Returns the
    /// router's place among the peers.
    ///
    /// # Errors
    /// The device does not become Backup: the test is inconclusive.
    pub fn make_backup(&mut self) -> Result<usize, Stop> {
        let advert = self.advert(200);
        self.make_backup_of(advert)
    }

    /// The same with another advertisement.
    ///
    /// # Errors
    /// As [`Self::make_backup`].
    pub fn make_backup_of(&mut self, advert: Advert) -> Result<usize, Stop> {
        let before = self.run.preamble_start();
        self.run.step(format!(
            "T advertises priority {} every {} s: D is Backup",
            advert.priority,
            advert.interval.as_secs_f64()
        ));
        let (interval, router) = (advert.interval.max(self.interval()), self.router());
        let peer = self.start_peer(advert);
        self.wait(interval / 2)?;
        let mark = self.mark();
        self.never(&advertisement(&router), mark, interval * 2, "backup.silent")?;
        self.run.preamble_end(before);
        Ok(peer)
    }

    /// The device is Active: nobody else advertises, and it does. Returns its last advertisement.
    ///
    /// # Errors
    /// It does not: the test is inconclusive.
    pub fn make_active(&mut self) -> Result<Sighting, Stop> {
        let before = self.run.preamble_start();
        self.run.step("nobody else advertises: D is Active");
        let (interval, router) = (self.interval(), self.router());
        let mark = self.mark();
        let longest = self.down_interval(interval) + interval + tolerance(interval) + Duration::from_secs(1);
        let found = self.look(&advertisement(&router), mark, longest)?;
        let Some(first) = found else {
            return Err(Stop::Inconclusive(format!(
                "preamble: D did not advertise within {} s although nobody else did",
                longest.as_secs_f64()
            )));
        };
        self.run.preamble_end(before);
        Ok(first)
    }

    /// The middle of the interval that began with the device's last advertisement: far from its next one.
    ///
    /// # Errors
    /// It does not advertise.
    pub fn mid_interval(&mut self) -> Result<Sighting, Stop> {
        let (interval, router) = (self.interval(), self.router());
        let before = self.run.preamble_start();
        let mark = self.mark();
        let last =
            self.expect(&advertisement(&router), mark, period(interval).from_anywhere(), "active.interval")?;
        self.run.preamble_end(before);
        self.wait_until(last.mark(), interval / 2)?;
        Ok(last)
    }

    /// A host on the LAN asks where `address` is.
    ///
    /// # Errors
    /// The bed could not.
    pub fn ask(&mut self, address: IpAddr, how: Ask) -> Result<Mark, Stop> {
        let frame = self.question(address, how);
        self.send_frame(LAN, &frame)
    }

    /// The question of [`Self::ask`].
    pub fn question(&self, address: IpAddr, how: Ask) -> Vec<u8> {
        let host = &self.lan.stations[Station::HOST];
        let virtual_mac = self.virtual_mac();
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

    /// The answer to [`Self::ask`], of the first virtual router's port.
    pub fn answer(&self, address: IpAddr) -> Bindings {
        answer(LAN, address)
    }

    /// A host on the LAN sends an echo request to `address` in a frame to `mac`. Returns the mark, and the number by which
    /// its answer and its copies are known.
    ///
    /// # Errors
    /// The bed could not.
    pub fn ping(&mut self, address: IpAddr, mac: MacAddress) -> Result<(Mark, [u8; 4]), Stop> {
        let token = self.token();
        let host = self.lan.stations[Station::HOST].clone();
        let frame = packet(&host, address, mac, 64, &echo(address, token));
        Ok((self.send_frame(host.port, &frame)?, token))
    }

    /// The same as TCP: a SYN to the discard port.
    ///
    /// # Errors
    /// The bed could not.
    pub fn connect(&mut self, address: IpAddr, mac: MacAddress) -> Result<Mark, Stop> {
        let token = self.token();
        let host = self.lan.stations[Station::HOST].clone();
        let mut segment = vec![0xc0, token[0] | 1, 0, 9];
        segment.extend(token);
        segment.extend([0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0]);
        let frame = packet(&host, address, mac, 64, &Payload { protocol: 6, octets: segment });
        self.send_frame(host.port, &frame)
    }

    /// Four octets that no other frame of the test has.
    pub fn token(&mut self) -> [u8; 4] {
        let mut token = [0; 4];
        for octet in &mut token {
            *octet = self.run.random.octet();
        }
        token
    }

    /// An echo request of a host on the LAN to the host behind the device, in a frame to `mac`, with this TTL.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send_through(&mut self, mac: MacAddress, ttl: u8) -> Result<(Mark, [u8; 4]), Stop> {
        let token = self.token();
        let host = self.lan.stations[Station::HOST].clone();
        let remote = self.remote();
        let frame = packet(&host, remote, mac, ttl, &echo(remote, token));
        Ok((self.send_frame(host.port, &frame)?, token))
    }

    /// The host behind the device.
    pub fn remote(&self) -> IpAddr {
        match self.dialect.family() {
            Family::Ipv4 => REMOTE_HOST.into(),
            Family::Ipv6 => REMOTE_HOST6.into(),
        }
    }

    /// A copy, on port 2, of what [`Self::send_through`] sent.
    pub fn forwarded(&self, token: [u8; 4]) -> Frames {
        copy(DOWNSTREAM, token, None)
    }
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

/// Obligations. Requirements are named without their protocol.
impl VrrpTest<'_> {
    /// The first frame that fits comes in its window.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn expect(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        window: Window,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        let requirement = self.requirement(requirement);
        self.run.expect(&mut self.lan, pattern, mark, window, requirement)
    }

    /// No frame fits, for `duration` from `mark` on.
    ///
    /// # Errors
    /// One does: recorded, and the end of the test.
    pub fn never(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        self.run.never(&mut self.lan, pattern, mark, mark.at.time + duration, requirement)
    }

    /// Every frame that the pattern is about fits, for `duration` from `mark` on; at least `least` come.
    ///
    /// # Errors
    /// One does not: recorded, and the end of the test. Too few: inconclusive.
    pub fn always(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        least: usize,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        self.run.always(&mut self.lan, pattern, mark, mark.at.time + duration, least, requirement)
    }

    /// All frames that fit, for `duration` from `mark` on.
    ///
    /// # Errors
    /// The bed fails.
    pub fn all(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
    ) -> Result<Vec<Sighting>, Stop> {
        self.run.all(&mut self.lan, pattern, mark, mark.at.time + duration)
    }

    /// The first frame that fits, if one comes within `duration` of `mark`: nothing is judged.
    ///
    /// # Errors
    /// The bed fails.
    pub fn look(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
    ) -> Result<Option<Sighting>, Stop> {
        let until = mark.at.time + duration;
        self.run.find(&mut self.lan, mark, until, |event: &Event<'_>| pattern.matches(event) == Some(true))
    }

    /// Judges what the test has found out itself.
    ///
    /// # Errors
    /// It is not so: recorded, and the end of the test.
    pub fn judge(
        &mut self,
        met: bool,
        expected: &str,
        seen: &str,
        frame: Option<u64>,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        self.run.judge(met, expected, seen, frame, requirement)
    }

    /// Every gap between two of these lies in the window.
    ///
    /// # Errors
    /// One does not: recorded, and the end of the test.
    pub fn gaps(
        &mut self,
        sightings: &[Sighting],
        window: Window,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        self.run.gaps(sightings, window, requirement)
    }

    /// Records what the text leaves open.
    pub fn note(&mut self, text: impl Into<String>, frame: Option<u64>, requirement: &'static str) {
        let requirement = self.requirement(requirement);
        self.run.note(text, frame, requirement);
    }

    /// The device is Active and goes on advertising each interval, for so many of them.
    ///
    /// # Errors
    /// It is not: recorded, and the end of the test.
    pub fn goes_on(&mut self, mark: Mark, intervals: u32, requirement: &'static str) -> Result<(), Stop> {
        let (interval, router) = (self.interval(), self.router());
        let pattern = advertisement(&router);
        let mut from = mark;
        for _ in 0..intervals {
            let sighting = self.expect(&pattern, from, period(interval).from_anywhere(), requirement)?;
            from = sighting.mark();
        }
        Ok(())
    }

    /// The octets of a sighting's frame.
    pub fn octets_at(&self, sighting: Sighting) -> Vec<u8> {
        let frame = self.run.event(sighting).frame(crate::event::Direction::FromDevice);
        frame.map(<[u8]>::to_vec).unwrap_or_default()
    }

    /// Left alone the device becomes Active and advertises: it still works.
    pub(super) fn still_alive(&mut self) -> Result<(), Stop> {
        if !self.closing {
            return Ok(());
        }
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        let router = self.router();
        let interval = self.interval();
        let mark = self.mark();
        // An advertisement may have told it any interval.
        let reset = Advert { interval, ..self.advert(200) };
        if !router.owner() {
            self.send(&reset)?;
        }
        let longest = self.down_interval(interval) + interval + Duration::from_secs(2);
        if self.look(&advertisement(&router), mark, longest)?.is_none() {
            let text = format!("no advertisement within {} s of the last router's", longest.as_secs_f64());
            return Err(Stop::Crash(text));
        }
        Ok(())
    }
}
