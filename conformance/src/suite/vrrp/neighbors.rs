//! What only IPv6 has: flags of Neighbor Advertisements, duplicate address detection, Router Advertisements, the router's
//! own solicitations and its neighbor cache, and the groups that it joins.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Frame, NeighborDiscovery, Pdu};
use redspec_codec::{Family, MacAddress};

use super::addresses::tells;
use super::{Dialect, Station, Steps, VrrpTest, frames};
use crate::bed::Capability;
use crate::reference::router::{DOWNSTREAM, DOWNSTREAM_ADDRESS6, LAN, solicited_node};
use crate::scenario::{Stop, Test};
use crate::spec::vrrp::tolerances::{AT_ONCE, ND_REPLY, NO_REPLY, ROUTER_ADVERTISEMENT};
use crate::spec::{Edition, Editions};
use crate::suite::router::hosts::{Hosts, TRIES, UNDER_WAY};
use crate::suite::router::packet::{Ask, copy, echo, echo_reply, from_address, packet, solicits_router};
use crate::suite::router::pattern::Frames;

/// An address of the LAN that no one has.
const NOBODY: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x77);
/// The MAC address that a host has from some moment on.
const NEW_MAC: MacAddress = MacAddress([2, 0x52, 0x53, 0, 0, 0x99]);
/// Multicast Listener Discovery: a report of version 1, one of version 2, and the record in it that is a farewell.
const REPORT: u8 = 131;
const REPORT2: u8 = 143;
const CHANGE_TO_INCLUDE: u8 = 3;

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![
        answers("V6-006"),
        detection("V6-006"),
        group_report("-"),
        router_advertisement("V6-009"),
        no_router_advertisement("V6-009"),
        own_solicitation("V6-010"),
        accept_mode("V6-011"),
        cache("V6-021", true),
        cache("V6-021", false),
    ]
}

fn test(name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
    Dialect::V6.test(name, row, purpose, requirements)
}

fn answers(row: &'static str) -> Test {
    test(
        "neighbors.answer",
        row,
        "An Active router answers Neighbor Solicitations for the virtual addresses, to their groups and to itself alone, with \
         the virtual MAC address and the right flags.",
        &[
            "nd.active-answers",
            "nd.virtual-mac",
            "nd.solicited-node-group",
            "nd.router-flag",
            "nd.router-flag-2010",
            "nd.solicited-flag",
            "nd.reply-time",
        ],
    )
    .vrrp(Dialect::V6, |t| {
        t.make_active()?;
        let mut all = Vec::new();
        for address in t.router().addresses {
            for how in [Ask::Everyone, Ask::VirtualMac] {
                let answered = t.answered(address, how, "nd.active-answers")?;
                let number = Some(answered.sighting.number);
                if how == Ask::Everyone {
                    let text = format!("what is sent to the solicited-node group of {address} is answered");
                    t.judge(true, &text, "", number, "nd.solicited-node-group")?;
                }
                t.gives_virtual_mac(&answered, how, "nd.virtual-mac")?;
                let Some((router, _, _)) = answered.told.flags else { continue };
                if t.is(Edition::Rfc5798) {
                    let text = format!("the answer has the Router flag {}", if router { "set" } else { "clear" });
                    t.note(text, number, "nd.router-flag-2010");
                } else {
                    t.judge(router, "the answer has the Router flag set", "", number, "nd.router-flag")?;
                }
                all.push(answered);
            }
        }
        for answered in &all {
            let met = answered.told.flags.is_some_and(|(_, solicited, _)| solicited);
            let number = Some(answered.sighting.number);
            t.judge(met, "the answer has the Solicited flag set", "", number, "nd.solicited-flag")?;
        }
        for answered in all {
            let requirement = Dialect::V6.requirement("nd.reply-time");
            t.run.judge_time("the answer", answered.asked, answered.sighting, ND_REPLY, requirement)?;
        }
        Ok(())
    })
}

fn detection(row: &'static str) -> Test {
    test(
        "neighbors.detection",
        row,
        "Where an Active router answers duplicate address detection for a virtual address, it tells all nodes.",
        &["nd.detection-answered", "nd.detection-answer", "nd.virtual-mac"],
    )
    .vrrp(Dialect::V6, |t| {
        t.make_active()?;
        // What it announces when it takes over has nothing to do with it.
        t.wait(UNDER_WAY)?;
        for address in t.router().addresses {
            let mark = t.ask(address, Ask::Probe)?;
            let answers = t.all(&t.answer(address), mark, NO_REPLY)?;
            let word = if answers.is_empty() { "not answered" } else { "answered" };
            let number = answers.first().map(|sighting| sighting.number);
            let text = format!("duplicate address detection for {address} is {word}");
            t.note(text, number, "nd.detection-answered");
            for sighting in answers {
                let number = Some(sighting.number);
                let Some(told) = t.told(address, sighting) else { continue };
                let mac = told.mac.map_or_else(|| "none".to_owned(), |mac| mac.to_string());
                let right = told.mac == Some(t.virtual_mac());
                t.judge(right, "the answer gives the virtual MAC address", &mac, number, "nd.virtual-mac")?;
                let solicited = told.flags.is_some_and(|(_, solicited, _)| solicited);
                t.judge(
                    told.to_all && !solicited,
                    "the answer to :: goes to all nodes, without the Solicited flag",
                    "",
                    number,
                    "nd.detection-answer",
                )?;
            }
        }
        Ok(())
    })
}

/// A report of the device that it listens to this group.
fn report(group: Ipv6Addr) -> Frames {
    frames(LAN, format!("report of Multicast Listener Discovery for {group}"), move |frame| {
        let payload = frame.payload();
        let at = payload.windows(16).position(|octets| octets == group.octets());
        match (frame.family(), payload.first(), at) {
            (Some(Family::Ipv6), Some(&REPORT), Some(8)) => Some(true),
            (Some(Family::Ipv6), Some(&REPORT2), Some(at)) if at >= 12 => {
                Some(payload[at - 4] != CHANGE_TO_INCLUDE)
            }
            _ => None,
        }
    })
}

fn group_report(row: &'static str) -> Test {
    test(
        "neighbors.group-report",
        row,
        "A router that starts and becomes Active has told by then, or does so, that it listens to the solicited-node groups \
         of the virtual addresses.",
        &["nd.solicited-node-report"],
    )
    .needs(Capability::Fresh)
    .problems("An own address with the same last 24 bits has joined the group before, perhaps before the test.")
    .vrrp(Dialect::V6, |t| {
        let mut mark = t.run.fresh()?;
        mark.events = 0;
        t.make_active()?;
        t.wait(AT_ONCE.lenient.to)?;
        let length = t.since(mark);
        let lan = t.configuration.lan().clone();
        for address in t.router().addresses {
            let IpAddr::V6(address) = address else { continue };
            let group = solicited_node(address);
            if [lan.link_local, lan.address6].into_iter().any(|own| solicited_node(own) == group) {
                continue;
            }
            let pattern = report(group);
            let found = t.look(&pattern, mark, length)?;
            let seen = if found.is_some() { "" } else { "none came" };
            let text = format!("{} since the start", crate::scenario::Pattern::describe(&pattern));
            let number = found.map(|sighting| sighting.number);
            t.judge(found.is_some(), &text, seen, number, "nd.solicited-node-report")?;
        }
        Ok(())
    })
}

/// What a Router Advertisement tells.
struct RouterTold {
    mac: Option<MacAddress>,
}

/// The frame is a Router Advertisement: the link-layer address that it gives.
fn router_told(frame: &Frame<'_>) -> Option<RouterTold> {
    match frame.pdu() {
        Ok((Pdu::NeighborDiscovery(NeighborDiscovery::RouterAdvertisement { source_mac, .. }), _)) => {
            Some(RouterTold { mac: source_mac })
        }
        _ => None,
    }
}

/// A Router Advertisement for the virtual router: from its link-local address, or with its MAC address. What the router
/// sends in its own name is none.
fn of_virtual_router(t: &VrrpTest<'_>) -> Frames {
    let (vip, virtual_mac) = (t.vip(), t.virtual_mac());
    frames(LAN, "Router Advertisement for the virtual router", move |frame| {
        let told = router_told(frame)?;
        Some(frame.source_ip() == Some(vip) || told.mac == Some(virtual_mac))
    })
}

fn router_advertisement(row: &'static str) -> Test {
    test(
        "neighbors.router-advertisement",
        row,
        "An Active router that is configured to sends Router Advertisements for the virtual router, from its link-local \
         address and with its MAC address.",
        &["nd.router-advertisement", "nd.router-advertisement-source", "nd.router-advertisement-mac"],
    )
    .with("vrrp.router_advertisements", "yes")
    .vrrp(Dialect::V6, |t| {
        t.make_active()?;
        let host = t.lan.stations[Station::HOST].clone();
        let pattern = of_virtual_router(t);
        t.run.step("a host sends a Router Solicitation");
        let mark = t.send_frame(LAN, &solicits_router(&host))?;
        let found = t.expect(&pattern, mark, ROUTER_ADVERTISEMENT, "nd.router-advertisement")?;
        let octets = t.octets_at(found);
        let Ok(frame) = Frame::parse(&octets) else { return Ok(()) };
        let (source, told) = (frame.source_ip(), router_told(&frame).and_then(|told| told.mac));
        let (vip, virtual_mac, number) = (t.vip(), t.virtual_mac(), Some(found.number));
        let from = source.map_or_else(String::new, |source| source.to_string());
        let text = format!("it comes from {vip}");
        t.judge(source == Some(vip), &text, &from, number, "nd.router-advertisement-source")?;
        let gives = told.map_or_else(|| "it gives none".to_owned(), |mac| mac.to_string());
        let text = "it gives the virtual MAC address, or none";
        let right = told.is_none_or(|mac| mac == virtual_mac);
        t.judge(right, text, &gives, number, "nd.router-advertisement-mac")
    })
}

fn no_router_advertisement(row: &'static str) -> Test {
    test(
        "neighbors.no-router-advertisement",
        row,
        "A Backup sends no Router Advertisements for the virtual router, although it is configured to as Active.",
        &["nd.backup-no-router-advertisement"],
    )
    .with("vrrp.router_advertisements", "yes")
    .vrrp(Dialect::V6, |t| {
        t.make_backup()?;
        let host = t.lan.stations[Station::HOST].clone();
        let pattern = of_virtual_router(t);
        let mark = t.quiet_start()?;
        t.run.step(format!("{TRIES} times, a host sends a Router Solicitation"));
        for _ in 0..TRIES {
            t.send_frame(LAN, &solicits_router(&host))?;
            t.wait(NO_REPLY)?;
        }
        // Three seconds may lie between two of them.
        let length = t.since(mark) + ROUTER_ADVERTISEMENT.lenient.to;
        t.never(&pattern, mark, length, "nd.backup-no-router-advertisement")
    })
}

impl VrrpTest<'_> {
    /// The host behind the device sends an echo request to a host of the LAN, in a frame to this MAC address. Returns what
    /// its copies on the LAN are known by.
    fn send_back(
        &mut self,
        destination: Ipv6Addr,
        mac: MacAddress,
    ) -> Result<(crate::scenario::Mark, [u8; 4]), Stop> {
        let token = self.token();
        let host = self.lan.stations[Station::REMOTE].clone();
        let frame = packet(&host, destination.into(), mac, 64, &echo(destination.into(), token));
        Ok((self.send_frame(DOWNSTREAM, &frame)?, token))
    }

    /// The device's MAC address on port 2.
    fn downstream_mac(&mut self) -> Result<MacAddress, Stop> {
        let found = self.mac_at(DOWNSTREAM, DOWNSTREAM_ADDRESS6.into())?;
        found.ok_or_else(|| {
            Stop::Inconclusive(format!("D does not answer for {DOWNSTREAM_ADDRESS6} on port 2"))
        })
    }
}

fn own_solicitation(row: &'static str) -> Test {
    test(
        "neighbors.own-solicitation",
        row,
        "An Active router that looks for a host on the LAN gives the virtual MAC address in its Neighbor Solicitation, or none.",
        &["nd.own-solicitation"],
    )
    .ports(2)
    .vrrp(Dialect::V6, |t| {
        t.make_active()?;
        let mac = t.downstream_mac()?;
        t.run.step(format!("a packet comes on port 2 for {NOBODY}, which nobody has"));
        let looks = frames(LAN, format!("Neighbor Solicitation for {NOBODY}"), |frame| match frame.pdu() {
            Ok((Pdu::NeighborDiscovery(NeighborDiscovery::Solicitation { target, .. }), _)) => {
                Some(target == NOBODY)
            }
            _ => None,
        });
        let mut found = None;
        for _ in 0..TRIES {
            let (mark, _) = t.send_back(NOBODY, mac)?;
            found = t.look(&looks, mark, NO_REPLY)?;
            if found.is_some() {
                break;
            }
        }
        let Some(sighting) = found else {
            return Err(Stop::Inconclusive(format!("D sends no Neighbor Solicitation for {NOBODY}")));
        };
        let octets = t.octets_at(sighting);
        let told = match Frame::parse(&octets).and_then(|frame| frame.pdu()) {
            Ok((Pdu::NeighborDiscovery(NeighborDiscovery::Solicitation { source_mac, .. }), _)) => source_mac,
            _ => None,
        };
        let virtual_mac = t.virtual_mac();
        let seen = told.map_or_else(|| "it gives none".to_owned(), |mac| format!("it gives {mac}"));
        t.judge(
            told.is_none_or(|mac| mac == virtual_mac),
            "the Neighbor Solicitation gives the virtual MAC address as its sender's, or none",
            &seen,
            Some(sighting.number),
            "nd.own-solicitation",
        )
    })
}

fn accept_mode(row: &'static str) -> Test {
    test(
        "neighbors.accept-mode",
        row,
        "An Active router whose Accept_Mode is False does not answer an echo request to a virtual address, and does answer \
         Neighbor Solicitations for it.",
        &["nd.accept-mode", "nd.active-answers", "forwarding.not-accepted"],
    )
    .with("vrrp.accept", "no")
    .vrrp(Dialect::V6, |t| {
        t.make_active()?;
        let addresses = t.router().addresses;
        let virtual_mac = t.virtual_mac();
        let mark = t.quiet_start()?;
        let mut tokens = Vec::new();
        for _ in 0..TRIES {
            for address in &addresses {
                tokens.push(t.ping(*address, virtual_mac)?.1);
            }
            t.wait(NO_REPLY)?;
        }
        let length = t.since(mark);
        for address in &addresses {
            t.never(&from_address(*address), mark, length, "forwarding.not-accepted")?;
        }
        for token in tokens {
            t.never(&echo_reply(token), mark, length, "forwarding.not-accepted")?;
        }
        for address in addresses {
            let answered = t.answered(address, Ask::Everyone, "nd.active-answers")?;
            let text = format!("a Neighbor Solicitation for {address} is not dropped");
            t.judge(true, &text, "", Some(answered.sighting.number), "nd.accept-mode")?;
        }
        Ok(())
    })
}

fn cache(row: &'static str, active: bool) -> Test {
    let state = if active { "active" } else { "backup" };
    test(
        &format!("neighbors.cache.{state}"),
        row,
        &format!(
            "A host that tells its new MAC address in an unsolicited Neighbor Advertisement gets its packets there from a \
             router that is {}.",
            if active { "Active" } else { "Backup" }
        ),
        &["nd.cache-updated"],
    )
    .only(Editions::ONLY_9568)
    .ports(2)
    .vrrp(Dialect::V6, move |t| {
        if active {
            t.make_active()?;
        } else {
            t.make_backup()?;
        }
        let host = t.lan.stations[Station::OTHER].clone();
        let address = host.addresses6[1];
        let mac = t.downstream_mac()?;
        // So that it has an entry for it.
        let mut known = false;
        for _ in 0..TRIES {
            let (mark, token) = t.send_back(address, mac)?;
            known = t.look(&copy(LAN, token, None), mark, NO_REPLY)?.is_some();
            if known {
                break;
            }
        }
        if !known {
            return Err(Stop::Inconclusive(format!("D forwards nothing to {address} on the LAN")));
        }
        t.run.step(format!("{address} tells that it is at {NEW_MAC} now"));
        t.lan.stations[Station::OTHER].mac = NEW_MAC;
        t.send_frame(LAN, &tells(address.into(), NEW_MAC))?;
        t.wait(Duration::from_millis(300))?;
        let (mark, token) = t.send_back(address, mac)?;
        let Some(sighting) = t.look(&copy(LAN, token, None), mark, NO_REPLY)? else {
            return Err(Stop::Inconclusive(format!("D forwards nothing to {address} any more")));
        };
        let octets = t.octets_at(sighting);
        let sent_to = Frame::parse(&octets).ok().and_then(|frame| frame.destination_mac());
        let seen = sent_to.map_or_else(String::new, |mac| format!("it goes to {mac}"));
        let text = format!("the next packet to {address} goes to {NEW_MAC}");
        t.judge(sent_to == Some(NEW_MAC), &text, &seen, Some(sighting.number), "nd.cache-updated")
    })
}
