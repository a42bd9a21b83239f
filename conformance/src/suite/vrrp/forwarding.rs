//! What a router takes and what it sends on: packets through it, packets to the virtual addresses, and redirects.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Arp, Builder, Ethernet, Frame, NeighborDiscovery, Pdu};
use redspec_codec::{Carrier, Family, MacAddress};

use super::{Advert, Dialect, Station, Steps, VrrpTest, advertisement, dialects, frames};
use crate::event::{Direction, Port};
use crate::reference::router::{DOWNSTREAM, LAN};
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::Editions;
use crate::spec::vrrp::tolerances::{NO_REPLY, SILENCE};
use crate::suite::router::hosts::{Hosts, TRIES};
use crate::suite::router::packet::{copy, datagram, echo, echo_reply, from_address, packet, redirects};
use crate::suite::router::pattern::Frames;
use crate::suite::router::station::to;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-043", "V3-049", "V6-028"]) {
        tests.push(active(dialect, row));
    }
    for (dialect, row) in dialects(["V2-032", "V3-048", "V6-027"]) {
        tests.push(backup(dialect, row));
    }
    for (dialect, row) in dialects(["V2-044", "V3-027", "V6-011"]) {
        tests.push(not_accepted(dialect, row));
    }
    for (dialect, row) in dialects(["", "V3-028", "V6-029"]) {
        tests.push(accept_mode(dialect, row));
    }
    for (dialect, row) in dialects(["V2-045", "V3-056", "V6-029"]) {
        tests.push(accept_owner(dialect, row));
    }
    for (dialect, row) in dialects(["V2-033", "V3-048", "V6-027"]) {
        tests.push(backup_not_accepted(dialect, row));
    }
    for (dialect, row) in dialects(["", "V3-048", "V6-027"]) {
        tests.push(backup_accept_mode(dialect, row));
    }
    for (dialect, row) in dialects(["V2-080", "V3-037", "V6-026"]) {
        tests.push(multicast(dialect, row));
    }
    for (dialect, row) in dialects(["V2-081", "V3-032", "V6-032"]) {
        tests.push(own_address(dialect, row));
    }
    for (dialect, row) in dialects(["V2-082", "V3-053", "V6-031"]) {
        tests.push(redirect(dialect, row));
    }
    tests
}

impl VrrpTest<'_> {
    /// A host on the LAN sends an echo request, a TCP SYN and a UDP datagram to the address, each in a frame to each of
    /// these MAC addresses. Returns what the echo replies are known by.
    fn knock(&mut self, address: IpAddr, macs: &[MacAddress]) -> Result<Vec<[u8; 4]>, Stop> {
        let host = self.lan.stations[Station::HOST].clone();
        let mut tokens = Vec::new();
        for mac in macs {
            tokens.push(self.ping(address, *mac)?.1);
            self.connect(address, *mac)?;
            let token = self.token();
            let frame = packet(&host, address, *mac, 64, &datagram(&host, address, token));
            self.send_frame(LAN, &frame)?;
        }
        Ok(tokens)
    }

    /// The device does not take what is sent to the virtual addresses, in frames to the virtual and to the physical MAC
    /// address: nothing comes from them, and no echo request is answered.
    fn takes_nothing(&mut self, requirement: &'static str) -> Result<(), Stop> {
        let addresses = self.router().addresses;
        let mut macs = vec![self.virtual_mac()];
        macs.extend(self.physical_mac()?);
        let mark = self.quiet_start()?;
        let mut tokens = Vec::new();
        self.run.step(format!(
            "{TRIES} times, a host sends an echo request, a TCP SYN and a UDP datagram to each virtual address, in frames to \
             {}",
            macs.iter().map(MacAddress::to_string).collect::<Vec<_>>().join(" and ")
        ));
        for _ in 0..TRIES {
            for address in &addresses {
                tokens.extend(self.knock(*address, &macs)?);
            }
            self.wait(NO_REPLY)?;
        }
        let length = self.since(mark);
        for address in addresses {
            self.never(&from_address(address), mark, length, requirement)?;
        }
        for token in tokens {
            self.never(&echo_reply(token), mark, length, requirement)?;
        }
        Ok(())
    }

    /// An echo request to each virtual address is answered from it, at least the third time.
    fn takes_echo(&mut self, requirement: &'static str) -> Result<(), Stop> {
        let virtual_mac = self.virtual_mac();
        for address in self.router().addresses {
            let mut found = None;
            for _ in 0..TRIES {
                let (mark, token) = self.ping(address, virtual_mac)?;
                let reply = frames(LAN, format!("echo reply from {address}"), move |frame| {
                    let echoed = matches!(frame.payload().first(), Some(0 | 129))
                        && frame.payload().windows(4).any(|octets| octets == token);
                    Some(echoed && frame.source_ip() == Some(address))
                });
                found = self.look(&reply, mark, NO_REPLY)?;
                if found.is_some() {
                    break;
                }
            }
            let text = format!(
                "an echo request to {address} is answered within {} s, of {TRIES} at least one",
                NO_REPLY.as_secs_f64()
            );
            let seen = if found.is_some() { "" } else { "no reply came" };
            let number = found.map(|sighting| sighting.number);
            self.judge(found.is_some(), &text, seen, number, requirement)?;
        }
        Ok(())
    }
}

fn active(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.active",
            row,
            "A Master or Active router forwards what is sent to the virtual MAC address: once, and with TTL or Hop Limit one \
             less.",
            &["forwarding.active", "forwarding.once"],
        )
        .ports(2)
        .vrrp(dialect, |t| {
            t.make_active()?;
            let virtual_mac = t.virtual_mac();
            let mut found = None;
            for _ in 0..TRIES {
                let (mark, token) = t.send_through(virtual_mac, 64)?;
                if let Some(sighting) = t.look(&t.forwarded(token), mark, NO_REPLY)? {
                    found = Some((mark, token, sighting));
                    break;
                }
            }
            let text = format!("of {TRIES} packets to {} at least one is forwarded", t.remote());
            let seen = if found.is_some() { "" } else { "none was" };
            let number = found.map(|(_, _, sighting)| sighting.number);
            t.judge(found.is_some(), &text, seen, number, "forwarding.active")?;
            // Where the host is is known now.
            for ttl in [64, 2] {
                let (mark, token) = t.send_through(virtual_mac, ttl)?;
                let copies = t.all(&t.forwarded(token), mark, NO_REPLY)?;
                let right = t.all(&copy(DOWNSTREAM, token, Some(ttl - 1)), mark, NO_REPLY)?;
                let number = copies.first().map(|sighting| sighting.number);
                if copies.is_empty() {
                    return Err(Stop::Inconclusive("a packet was lost".to_owned()));
                }
                let text = format!("a packet with TTL {ttl} leaves once, with {}", ttl - 1);
                let seen = format!("{} copies, {} of them with {}", copies.len(), right.len(), ttl - 1);
                t.judge(copies.len() == 1 && right.len() == 1, &text, &seen, number, "forwarding.once")?;
            }
            Ok(())
        })
}

fn backup(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.backup",
            row,
            "A Backup does not forward what is sent to the virtual MAC address.",
            &["forwarding.backup"],
        )
        .ports(2)
        .vrrp(dialect, |t| {
            t.make_backup()?;
            let (virtual_mac, remote) = (t.virtual_mac(), t.remote());
            let host = t.lan.stations[Station::HOST].clone();
            let mark = t.quiet_start()?;
            let mut tokens = Vec::new();
            t.run.step(format!(
                "{TRIES} times, a host sends packets to {remote} in frames to the virtual MAC address"
            ));
            for _ in 0..TRIES {
                tokens.push(t.send_through(virtual_mac, 64)?.1);
                let token = t.token();
                let frame = packet(&host, remote, virtual_mac, 64, &datagram(&host, remote, token));
                t.send_frame(LAN, &frame)?;
                tokens.push(token);
                t.wait(SILENCE / 4)?;
            }
            let length = t.since(mark) + SILENCE;
            for token in tokens {
                t.never(&t.forwarded(token), mark, length, "forwarding.backup")?;
            }
            Ok(())
        })
}

fn not_accepted(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect
        .test(
            "forwarding.not-accepted",
            row,
            "A Master or Active router that owns nothing, and has no Accept_Mode, does not take what is sent to the virtual \
             addresses.",
            &["forwarding.not-accepted"],
        )
        .vrrp(dialect, |t| {
            t.make_active()?;
            t.takes_nothing("forwarding.not-accepted")
        });
    match dialect {
        // It is no parameter of version 2: a router that takes them all the same says so in its profile.
        Dialect::V2 => test.for_devices("vrrp.accept", &["no"]),
        Dialect::V3 | Dialect::V6 => test.with("vrrp.accept", "no"),
    }
}

fn accept_mode(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.accept-mode",
            row,
            "An Active router whose Accept_Mode is True takes what is sent to the virtual addresses.",
            &["forwarding.accept-mode"],
        )
        .with("vrrp.accept", "yes")
        .vrrp(dialect, |t| {
            t.make_active()?;
            t.takes_echo("forwarding.accept-mode")
        })
}

fn accept_owner(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect
        .test(
            "forwarding.accept-owner",
            row,
            "A Master or Active router that owns the virtual addresses takes what is sent to them, whatever its Accept_Mode.",
            &["forwarding.accept-owner"],
        )
        .with("vrrp.owner", "yes")
        .vrrp(dialect, |t| {
            t.make_active()?;
            t.takes_echo("forwarding.accept-owner")
        });
    if dialect == Dialect::V2 { test } else { test.with("vrrp.accept", "no") }
}

fn backup_not_accepted(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect
        .test(
            "forwarding.backup-not-accepted",
            row,
            "A Backup does not take what is sent to the virtual addresses.",
            &["forwarding.backup-not-accepted"],
        )
        .vrrp(dialect, |t| {
            t.make_backup()?;
            t.takes_nothing("forwarding.backup-not-accepted")
        });
    if dialect == Dialect::V2 { test } else { test.with("vrrp.accept", "no") }
}

fn backup_accept_mode(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.backup-accept-mode",
            row,
            "A Backup whose Accept_Mode is True does not take what is sent to the virtual addresses either.",
            &["forwarding.backup-accept-mode"],
        )
        .with("vrrp.accept", "yes")
        .vrrp(dialect, |t| {
            t.make_backup()?;
            t.takes_nothing("forwarding.backup-accept-mode")
        })
}

/// The group of VRRP, and its MAC address.
fn group(family: Family) -> (IpAddr, MacAddress) {
    match family {
        Family::Ipv4 => (Ipv4Addr::new(224, 0, 0, 18).into(), MacAddress([1, 0, 0x5e, 0, 0, 18])),
        Family::Ipv6 => {
            let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12);
            (group.into(), MacAddress([0x33, 0x33, 0, 0, 0, 0x12]))
        }
    }
}

fn multicast(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.multicast",
            row,
            "What is sent to the group of VRRP on one port never leaves on the other, whatever its TTL and its protocol.",
            &["forwarding.multicast"],
        )
        .ports(2)
        .vrrp(dialect, |t| {
            t.make_active()?;
            let (group, group_mac) = group(t.dialect.family());
            let stranger = t.router().vrid ^ 0x80;
            let mark = t.quiet_start()?;
            let mut tokens = Vec::new();
            for (station, port) in [(Station::HOST, LAN), (Station::REMOTE, DOWNSTREAM)] {
                let host = t.lan.stations[station].clone();
                let source = match t.dialect.family() {
                    Family::Ipv4 => host.address.into(),
                    Family::Ipv6 => host.addresses6[0].into(),
                };
                t.run.step(format!("{source} sends VRRP and UDP to {group} on {port}, with TTL 255 and 2"));
                for ttl in [255, 2] {
                    // Of a virtual router that the device does not have.
                    let advert = Advert { port, source, vrid: stranger.max(1), ttl, ..t.advert(100) };
                    t.send(&advert)?;
                    let token = t.token();
                    let frame = packet(&host, group, group_mac, ttl, &datagram(&host, group, token));
                    t.send_frame(port, &frame)?;
                    tokens.push((port, source, token));
                }
            }
            let length = SILENCE + t.since(mark);
            for (port, source, token) in tokens {
                let other = if port == LAN { DOWNSTREAM } else { LAN };
                let copied = frames(other, format!("copy of what {source} sent to {group}"), move |frame| {
                    Some(frame.source_ip() == Some(source) && frame.destination_ip() == Some(group))
                });
                t.never(&copied, mark, length, "forwarding.multicast")?;
                t.never(&copy(other, token, None), mark, length, "forwarding.multicast")?;
            }
            Ok(())
        })
}

/// A packet of the device to the address with the token in it.
fn sent_on(port: Port, address: IpAddr, token: [u8; 4]) -> Frames {
    frames(port, format!("copy of the packet to {address} on {port}"), move |frame| {
        let carries = frame.payload().windows(4).any(|octets| octets == token);
        Some(carries && frame.destination_ip() == Some(address))
    })
}

/// Who asks where `address` is: MAC address and address, if it is the device and it does not ask in its name.
fn asks(frame: &Frame<'_>, address: IpAddr) -> Option<(MacAddress, IpAddr)> {
    match (frame.pdu().ok()?.0, address) {
        (Pdu::Arp(arp), IpAddr::V4(address)) => (arp.operation == Arp::REQUEST
            && arp.target_ip == address
            && arp.sender_ip != address
            && !arp.sender_ip.is_unspecified())
        .then_some((arp.sender_mac, arp.sender_ip.into())),
        (Pdu::NeighborDiscovery(NeighborDiscovery::Solicitation { target, .. }), IpAddr::V6(address)) => {
            let source = frame.source_ip()?;
            (target == address && !source.is_unspecified()).then_some((frame.source_mac()?, source))
        }
        _ => None,
    }
}

/// A host's answer that `address` is at its MAC address.
fn claims(host: &Station, address: IpAddr, (mac, asker): (MacAddress, IpAddr)) -> Vec<u8> {
    let mut out = vec![0; 128];
    let written = match (address, asker) {
        (IpAddr::V4(address), IpAddr::V4(asker)) => {
            let arp = Arp {
                operation: Arp::REPLY,
                sender_mac: host.mac,
                sender_ip: address,
                target_mac: mac,
                target_ip: asker,
            };
            let plain = Builder::arp(host.mac);
            let ethernet = plain.ethernet.map(|ethernet| Ethernet { destination: mac, ..ethernet });
            Builder { ethernet, ..plain }.emit(&mut out, |space| arp.emit(space)).ok()
        }
        (IpAddr::V6(address), IpAddr::V6(asker)) => {
            let builder = to(Builder::neighbor_discovery(host.mac, address), asker, mac);
            let message = NeighborDiscovery::Advertisement {
                router: false,
                solicited: true,
                overrides: true,
                target: address,
                target_mac: Some(host.mac),
            };
            let carrier = builder.carrier().unwrap_or(Carrier::Ipv6 { source: address, destination: asker });
            builder.emit(&mut out, |space| message.emit(carrier, space)).ok()
        }
        _ => None,
    };
    out.truncate(written.unwrap_or(0));
    out
}

fn own_address(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect
        .test(
            "forwarding.own-address",
            row,
            "A Master or Active router that owns nothing does not send on what is sent to the virtual addresses.",
            &["forwarding.own-address"],
        )
        .vrrp(dialect, |t| {
            t.make_active()?;
            // Its first advertisement may come before it has its addresses.
            t.mid_interval()?;
            let mut macs = vec![t.virtual_mac()];
            macs.extend(t.physical_mac()?);
            let host = t.lan.stations[Station::OTHER].clone();
            let addresses = t.router().addresses;
            for address in addresses {
                for mac in &macs {
                    let mark = t.mark();
                    let (asked, token) = t.ping(address, *mac)?;
                    // Who would send it on asks for another router that has the address: there is one.
                    let question = frames(LAN, format!("question where {address} is"), move |frame| {
                        Some(asks(frame, address).is_some())
                    });
                    if let Some(sighting) = t.look(&question, asked, NO_REPLY / 2)? {
                        let octets = t.octets_at(sighting);
                        let asker = Frame::parse(&octets).ok().and_then(|frame| asks(&frame, address));
                        if let Some(asker) = asker {
                            t.send_frame(LAN, &claims(&host, address, asker))?;
                        }
                    }
                    for port in (0..t.run.ports()).filter_map(|port| u16::try_from(port).ok()) {
                        let pattern = sent_on(Port(port), address, token);
                        t.never(&pattern, mark, NO_REPLY, "forwarding.own-address")?;
                    }
                }
            }
            Ok(())
        });
    if dialect == Dialect::V2 { test.only(Editions::ONLY_3768) } else { test }
}

fn redirect(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.redirect",
            row,
            "A router that is Master or Active of two virtual routers sends no redirects, or sends them from the address of the \
             one whose MAC address the packet was sent to.",
            &["icmp.redirect", "icmp.redirect-virtual-router", "icmp.redirect-optional"],
        )
        .with("vrrp.second", "lan")
        .vrrp(dialect, |t| {
            t.make_active()?;
            let routers = t.configuration.routers.clone();
            for router in &routers {
                let mark = t.mark();
                let longest = router.interval * 5 + Duration::from_secs(1);
                if t.look(&advertisement(router), mark, longest)?.is_none() {
                    let text = format!("D is not Active of virtual router {}", router.vrid);
                    return Err(Stop::Inconclusive(text));
                }
            }
            let mut none = true;
            for router in &routers {
                none &= !redirected(t, router, &routers)?;
            }
            if none {
                t.note("it sends no redirects", None, "icmp.redirect-optional");
                for requirement in ["icmp.redirect", "icmp.redirect-virtual-router"] {
                    t.judge(none, "no redirect comes from another address", "", None, requirement)?;
                }
            }
            Ok(())
        })
}

/// A packet goes to a host on the LAN by way of this virtual router. Whether there was a redirect.
fn redirected(t: &mut VrrpTest<'_>, router: &VirtualRouter, routers: &[VirtualRouter]) -> Result<bool, Stop> {
    let host = t.lan.stations[Station::HOST].clone();
    let other = t.lan.stations[Station::OTHER].clone();
    let destination = match router.family {
        Family::Ipv4 => IpAddr::from(other.address),
        Family::Ipv6 => other.addresses6[1].into(),
    };
    t.run.step(format!("a host sends a packet for {destination} to {}", router.mac()));
    let mark: Mark = t.mark();
    for _ in 0..TRIES {
        let token = t.token();
        let frame = packet(&host, destination, router.mac(), 64, &echo(destination, token));
        t.send_frame(LAN, &frame)?;
        t.wait(SILENCE / 4)?;
    }
    let found = t.all(&redirects(), mark, SILENCE)?;
    for sighting in &found {
        let event = t.run.event(*sighting);
        let source = event
            .frame(Direction::FromDevice)
            .and_then(|octets| Frame::parse(octets).ok())
            .and_then(|frame| frame.source_ip());
        let Some(source) = source else { continue };
        // Over IPv6 it is the link-local one that hosts know the router by.
        let own = |router: &VirtualRouter| match router.family {
            Family::Ipv4 => router.addresses.contains(&source),
            Family::Ipv6 => router.addresses.first() == Some(&source),
        };
        let elsewhere = routers.iter().any(|other| other.vrid != router.vrid && own(other));
        let requirement = if elsewhere { "icmp.redirect-virtual-router" } else { "icmp.redirect" };
        t.judge(
            own(router),
            &format!("the redirect comes from an address of virtual router {}", router.vrid),
            &format!("it comes from {source}"),
            Some(sighting.number),
            requirement,
        )?;
    }
    Ok(!found.is_empty())
}
