//! Version 2 over IPv6: Neighbor Discovery and Router Advertisements.
//!
//! Only documents tell of the first, and nobody of the second. What is seen is recorded, and nothing of it is held against
//! a router.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::frame::{Frame, NeighborDiscovery, Pdu};

use super::addresses::{Left, Way};
use super::{Dialect, HsrpTest, Steps, announcement, answer, frames};
use crate::event::Stamp;
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{AROUND, LEAD, SILENCE};
use crate::suite::router::hosts::{Hosts, NO_REPLY, TRIES};
use crate::suite::router::packet::{Ask, solicits_router};
use crate::suite::router::pattern::Frames;
use crate::suite::router::station::Station;

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![
        answers("H2-018"),
        others("H2-018"),
        unsolicited("H2-019", Way::Silence),
        unsolicited("H2-019", Way::Startup),
        farewell("H2-020"),
    ]
}

fn test(name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
    Dialect::V6.test(name, row, purpose, requirements)
}

fn answers(row: &'static str) -> Test {
    test(
        "neighbors.answer",
        row,
        "Whether an Active router answers Neighbor Solicitations for the virtual address, with which MAC address, which flags \
         and how soon, is recorded.",
        &["nd.active-answers", "nd.virtual-mac", "nd.router-flag"],
    )
    .hsrp(Dialect::V6, |t| {
        t.make_active()?;
        let (vip, virtual_mac) = (t.vip(), t.virtual_mac());
        for how in [Ask::Everyone, Ask::VirtualMac] {
            let Some(found) = t.ask_until_answered(vip, how)? else {
                let text = format!("{TRIES} Neighbor Solicitations for {vip} are not answered ({how:?})");
                t.note(text, None, "nd.active-answers");
                continue;
            };
            let number = Some(found.sighting.number);
            let after = found.sighting.at.time.since(found.asked.at.time).as_secs_f64();
            let text = format!("a Neighbor Solicitation for {vip} is answered after {after:.3} s ({how:?})");
            t.note(text, number, "nd.active-answers");
            let told = match found.told.mac {
                Some(mac) if mac == virtual_mac => format!("the answer tells the virtual MAC address {mac}"),
                Some(mac) => format!("the answer tells {mac}, and not the virtual MAC address {virtual_mac}"),
                None => "the answer tells no MAC address".to_owned(),
            };
            t.note(format!("{told} ({how:?})"), number, "nd.virtual-mac");
            t.note(format!("the answer has {} ({how:?})", flags(t, found.sighting)), number, "nd.router-flag");
        }
        Ok(())
    })
}

/// Flags and reserved bits of a Neighbor Advertisement, in words.
fn flags(t: &HsrpTest<'_>, sighting: Sighting) -> String {
    let octets = t.octets_at(sighting);
    let field = Frame::parse(&octets).ok().and_then(|frame| {
        let octets: [u8; 4] = frame.payload().get(4..8)?.try_into().ok()?;
        Some(u32::from_be_bytes(octets))
    });
    let Some(field) = field else { return "no flags".to_owned() };
    let bit = |number: u32| field >> number & 1;
    format!(
        "Router {}, Solicited {}, Override {}, and reserved bits {:#010x}",
        bit(31),
        bit(30),
        bit(29),
        field & 0x1fff_ffff
    )
}

fn others(row: &'static str) -> Test {
    test(
        "neighbors.others",
        row,
        "Whether a router in Standby and in Listen answers Neighbor Solicitations for the virtual address is recorded.",
        &["nd.others-silent"],
    )
    .hsrp(Dialect::V6, |t| {
        let vip = t.vip();
        for state in [Group::Standby, Group::Listen] {
            for peer in &mut t.lan.peers {
                peer.stop();
            }
            t.reach(state)?;
            let mark = t.quiet_start()?;
            for _ in 0..TRIES {
                for how in [Ask::Everyone, Ask::VirtualMac, Ask::Probe] {
                    t.ask(vip, how)?;
                }
                t.wait(NO_REPLY)?;
            }
            let found = t.all(&answer(LAN, vip), mark, t.since(mark))?;
            let number = found.first().map(|sighting| sighting.number);
            let text = format!(
                "in {state:?}, {} Neighbor Advertisements come for {} Neighbor Solicitations",
                found.len(),
                TRIES * 3
            );
            t.note(text, number, "nd.others-silent");
        }
        Ok(())
    })
}

fn unsolicited(row: &'static str, way: Way) -> Test {
    let test = test(
        &format!("neighbors.unsolicited.{}", way.name()),
        row,
        &format!(
            "{} sends unsolicited Neighbor Advertisements or does not: how many, how soon and with which flags is recorded.",
            way.text()
        ),
        &["nd.unsolicited", "nd.unsolicited-flags"],
    );
    way.prepare(test).hsrp(Dialect::V6, move |t| {
        let (before, first) = t.become_active(way)?;
        let vip = t.vip();
        let about = Mark { at: Stamp { time: first.at.time.before(LEAD), ..first.at }, events: before.events };
        let longest = AROUND.held_to(t.run.exact()).to;
        let all = t.all(&announcement(LAN, vip), about, longest)?;
        let Some(told) = all.first().copied() else {
            let text = format!("no unsolicited Neighbor Advertisement for {vip} comes around the first Active Hello");
            t.note(text, None, "nd.unsolicited");
            return Ok(());
        };
        let number = Some(told.number);
        #[allow(clippy::cast_precision_loss)] // seconds
        let after = told.at.time.offset(first.at.time) as f64 / 1e9;
        let mac = t.told(vip, told).and_then(|told| told.mac);
        let mac = mac.map_or_else(|| "no MAC address".to_owned(), |mac| mac.to_string());
        let text = format!(
            "{} unsolicited Neighbor Advertisements for {vip} come, the first {after:+.3} s from the first Active Hello, with {mac}",
            all.len()
        );
        t.note(text, number, "nd.unsolicited");
        for sighting in all {
            let text = format!("an unsolicited Neighbor Advertisement has {}", flags(t, sighting));
            t.note(text, Some(sighting.number), "nd.unsolicited-flags");
        }
        Ok(())
    })
}

/// A Router Advertisement from the virtual address.
fn of_group(vip: IpAddr) -> Frames {
    frames(LAN, format!("Router Advertisement from {vip}"), move |frame| {
        lifetime(frame).map(|_| frame.source_ip() == Some(vip))
    })
}

/// The lifetime that a Router Advertisement gives, in seconds.
fn lifetime(frame: &Frame<'_>) -> Option<u16> {
    match frame.pdu() {
        Ok((Pdu::NeighborDiscovery(NeighborDiscovery::RouterAdvertisement { lifetime_s, .. }), _)) => {
            Some(lifetime_s)
        }
        _ => None,
    }
}

fn farewell(row: &'static str) -> Test {
    test(
        "neighbors.farewell",
        row,
        "Whether a router that yields to a better Active one takes its Router Advertisements back with a lifetime of 0, and \
         sends more of them after that, is recorded.",
        &["nd.last-router-advertisement", "nd.others-no-router-advertisement"],
    )
    .with("hsrp.router_advertisements", "yes")
    .hsrp(Dialect::V6, |t| {
        t.make_active()?;
        let (vip, host) = (t.vip(), t.station(Station::HOST));
        let pattern = of_group(vip);
        t.run.step("a host sends a Router Solicitation to the Active router");
        let asked = t.send_frame(LAN, &solicits_router(&host))?;
        let before = t.all(&pattern, asked, SOLICITED)?;
        let mark = t.mark();
        t.leave_active(Left::Hello)?;
        let all = t.all(&pattern, mark, SILENCE)?;
        let lifetimes: Vec<u16> = all.iter().filter_map(|it| lifetime_of(t, *it)).collect();
        let text = format!(
            "as Active it sends {} Router Advertisements from {vip} when it is asked; within {} s of the better Hello come {}: {}",
            before.len(),
            SILENCE.as_secs(),
            all.len(),
            match lifetimes.last() {
                Some(0) => "the last has a lifetime of 0",
                Some(_) => "the last has a lifetime that is not 0",
                None => "there is no last one with a lifetime of 0",
            }
        );
        t.note(text, all.last().map(|it| it.number), "nd.last-router-advertisement");
        t.run.step("a host sends a Router Solicitation to the router, which is not Active");
        let asked = t.send_frame(LAN, &solicits_router(&host))?;
        let later = t.all(&pattern, asked, SOLICITED)?;
        let text = format!("no longer Active it sends {} Router Advertisements from {vip}", later.len());
        t.note(text, later.first().map(|it| it.number), "nd.others-no-router-advertisement");
        Ok(())
    })
}

/// How long a solicited Router Advertisement may take, with half a second's delay and three seconds between two of them
/// (RFC 4861 section 6.2.6).
const SOLICITED: Duration = Duration::from_secs(4);

fn lifetime_of(t: &HsrpTest<'_>, sighting: Sighting) -> Option<u16> {
    lifetime(&Frame::parse(&t.octets_at(sighting)).ok()?)
}
