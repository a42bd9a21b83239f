//! How a router starts, as owner and as Backup, and how it tells where the virtual addresses are when it takes over.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Frame, NeighborDiscovery, Pdu};

use super::{
    Advert, Dialect, Hosts, Steps, VrrpTest, advertisement, announcement, binding, dialects, frames,
};
use crate::bed::Capability;
use crate::event::Stamp;
use crate::reference::router::solicited_node;
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::vrrp::timers::OWNER_PRIORITY;
use crate::spec::vrrp::tolerances::{AT_ONCE, PROMPTLY, STARTUP, around, lead, owner_startup, startup};
use crate::spec::{Edition, Window};
use crate::suite::router::packet::Ask;
use crate::suite::router::pattern::{Frames, Told};

/// How long is watched what a router does that starts.
const BOOT: Duration = Duration::from_secs(10);
/// Meanwhile it is asked where the addresses are so often.
const ASKED_EVERY: Duration = Duration::from_millis(500);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-020", "V3-007", "V6-005"]) {
        tests.push(waits(dialect, row));
        tests.push(waits_again(dialect, row));
        tests.push(announces(dialect, row));
        tests.push(announcement_of(dialect, row));
    }
    for (dialect, row) in dialects(["V2-021", "V3-030", "V6-030"]) {
        tests.push(owner(dialect, row));
        tests.push(owner_announces(dialect, row));
    }
    for (dialect, row) in dialects(["V2-029", "V3-030", "-"]) {
        tests.push(owner_preempts(dialect, row));
    }
    for (dialect, row) in dialects(["V2-054", "V3-031", "V6-022"]) {
        tests.push(boot(dialect, row));
    }
    for (dialect, row) in dialects(["V2-058", "V3-055", "V6-030"]) {
        tests.push(owner_boot(dialect, row));
    }
    for (dialect, row) in dialects(["", "", "V6-008"]) {
        tests.push(groups(dialect, row));
    }
    tests
}

/// The earliest moment at which it can have been that the device started: a bed gives the time at which it began to see to
/// that, and how long that took.
fn earliest(mark: Mark) -> Mark {
    Mark { at: Stamp { uncertainty: Duration::ZERO, ..mark.at }, ..mark }
}

/// From a start to the first advertisement of a router that is no owner; how late that may be depends on how much is known
/// of when it started.
fn first_window(t: &VrrpTest<'_>, started: Mark) -> Window {
    let interval = t.interval();
    let mut window = startup(t.down_interval(interval), interval);
    window.lenient.to += started.at.uncertainty;
    window
}

/// It comes in that window.
fn first_advertisement(
    t: &mut VrrpTest<'_>,
    started: Mark,
    requirement: &'static str,
) -> Result<Sighting, Stop> {
    let (router, window) = (t.router(), first_window(t, started));
    t.expect(&advertisement(&router), earliest(started), window, requirement)
}

fn waits(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.waits",
            row,
            "A router that starts and is no owner is silent for as long as a Backup waits, and is Active then.",
            &[
                "startup.waits",
                "backup.takeover-time",
                "backup.not-early",
                "timers.down-interval",
                "active.interval",
            ],
        )
        .needs(Capability::Fresh)
        .vrrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            t.run.step("nobody else advertises: D starts, and waits");
            let router = t.router();
            let first = first_advertisement(t, started, "startup.waits")?;
            // The same time, as Backup sees it.
            let window = first_window(t, started);
            for name in ["backup.not-early", "backup.takeover-time", "timers.down-interval"] {
                let requirement = t.requirement(name);
                t.run.judge_time("the first advertisement", earliest(started), first, window, requirement)?;
            }
            // Some tell where the addresses are just before their first advertisement.
            let silent = first.at.time.since(started.at.time).saturating_sub(lead(t.interval()));
            for address in router.addresses.clone() {
                t.never(&binding(router.port, address), started, silent, "startup.waits")?;
            }
            t.goes_on(first.mark(), 3, "active.interval")
        })
}

/// What it has learned before it was stopped does not count.
fn waits_again(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.waits-again",
            row,
            "A router that was Backup, is stopped and starts again waits as it did the first time, by its own interval.",
            &["startup.waits", "timers.initial-interval", "active.interval"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, move |t| {
            t.without_closing();
            let mut advert = t.advert(200);
            if dialect != Dialect::V2 {
                advert = Advert { interval: Duration::from_millis(200), ..advert };
            }
            let peer = t.make_backup_of(advert)?;
            t.run.step("T falls silent, D is stopped and starts again");
            t.stop_peer(peer)?;
            t.run.configure("vrrp.enabled", "no")?;
            t.wait(t.interval())?;
            let started = t.run.configure("vrrp.enabled", "yes")?;
            let requirement = if dialect == Dialect::V2 { "startup.waits" } else { "timers.initial-interval" };
            let first = first_advertisement(t, started, requirement)?;
            t.goes_on(first.mark(), 2, "active.interval")
        })
}

/// The device takes over. Returns its first advertisement, and from when on it may have told where the addresses are.
fn takes_over(t: &mut VrrpTest<'_>) -> Result<(Sighting, Mark), Stop> {
    let peer = t.make_backup()?;
    t.run.step("T falls silent: D takes over");
    let last = t.stop_peer(peer)?;
    let (interval, router) = (t.interval(), t.router());
    // When exactly is another test's affair.
    let longest = t.down_interval(interval) + t.tolerance(interval) + interval;
    let Some(first) = t.look(&advertisement(&router), last, longest)? else {
        let text = format!("D did not advertise within {} s after T", longest.as_secs_f64());
        return Err(Stop::Inconclusive(text));
    };
    Ok((first, t.about(first, last.events)))
}

/// What asks that a router tells where its addresses are.
const fn announced(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V2 | Dialect::V3 => "active.gratuitous-arp",
        Dialect::V6 => "active.unsolicited-na",
    }
}

fn announces(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "takeover.announces",
            row,
            "A router that takes over tells where each of its addresses is, and goes on advertising.",
            &[
                "active.gratuitous-arp",
                "active.unsolicited-na",
                "active.announcement-order",
                "active.interval",
            ],
        )
        .with("vrrp.virtual_addresses", 3)
        .vrrp(dialect, |t| {
            t.without_closing();
            let (first, about) = takes_over(t)?;
            let router = t.router();
            for address in router.addresses.clone() {
                let pattern = announcement(router.port, address);
                let told = t.expect(&pattern, about, around(t.interval()), announced(t.dialect))?;
                let order = if told.index < first.index { "before" } else { "behind" };
                let text = format!("it is told where {address} is {order} the first advertisement");
                t.note(text, Some(told.number), "active.announcement-order");
                if told.at.time.since(first.at.time) > PROMPTLY.lenient.to {
                    let text = format!("it was told late where {address} is");
                    t.note(text, Some(told.number), "active.announcement-order");
                }
            }
            t.goes_on(first.mark(), 3, "active.interval")
        })
}

/// What a frame tells of an address.
fn told(t: &VrrpTest<'_>, sighting: Sighting, router: &VirtualRouter, address: IpAddr) -> Option<Told> {
    binding(router.port, address).told(t.run.event(sighting))
}

fn announcement_of(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "takeover.announcement",
            row,
            "What tells where an address is when a router takes over gives the virtual MAC address, to everyone.",
            &[
                "arp.gratuitous-virtual-mac",
                "arp.gratuitous-address",
                "arp.gratuitous-broadcast",
                "arp.gratuitous-target-mac",
                "arp.gratuitous-request",
                "nd.unsolicited-target",
                "nd.unsolicited-flags",
                "nd.unsolicited-destination",
                "nd.hop-limit",
            ],
        )
        .with("vrrp.virtual_addresses", 3)
        .vrrp(dialect, |t| {
            t.without_closing();
            let (_, about) = takes_over(t)?;
            let router = t.router();
            let watched = around(t.interval()).held_to(t.run.exact()).to;
            let mut all = Vec::new();
            for address in router.addresses.clone() {
                let sightings = match address {
                    IpAddr::V4(_) => t.all(&names(&router, address), about, watched)?,
                    IpAddr::V6(_) => t.all(&announcement(router.port, address), about, watched)?,
                };
                let told_of = |sighting| Some((sighting, told(t, sighting, &router, address)?));
                let of_address: Vec<(Sighting, Told)> = sightings.into_iter().filter_map(told_of).collect();
                if of_address.is_empty() {
                    let text = format!("D did not tell where {address} is");
                    return Err(Stop::Inconclusive(text));
                }
                all.push((address, of_address));
            }
            // First all that is obligatory.
            for (address, of_address) in &all {
                judge_announcements(t, of_address, *address, router.mac())?;
            }
            for (_, of_address) in &all {
                judge_manner(t, of_address)?;
            }
            Ok(())
        })
}

/// ARP that is sent to everyone in the name of an address and asks for nobody else.
fn names(router: &VirtualRouter, address: IpAddr) -> Frames {
    frames(router.port, format!("ARP in the name of {address}"), move |frame| match frame.pdu() {
        Ok((Pdu::Arp(arp), _)) if IpAddr::V4(arp.sender_ip) == address => {
            let to_all = frame.destination_mac().is_some_and(|mac| mac.0[0] & 1 == 1);
            Some(arp.is_gratuitous() || arp.operation == Arp::REPLY && to_all)
        }
        _ => None,
    })
}

/// Of all that tells where an address is, at the least one is as it has to be.
fn judge_announcements(
    t: &mut VrrpTest<'_>,
    all: &[(Sighting, Told)],
    address: IpAddr,
    mac: MacAddress,
) -> Result<(), Stop> {
    for (sighting, told) in all {
        let seen = told.mac.map_or_else(|| "at none".to_owned(), |mac| format!("at {mac}"));
        let text = format!("{address} is told to be at {mac}");
        let requirement =
            if address.is_ipv6() { "nd.unsolicited-target" } else { "arp.gratuitous-virtual-mac" };
        t.judge(told.mac == Some(mac), &text, &seen, Some(sighting.number), requirement)?;
    }
    if address.is_ipv6() {
        return judge_flags(t, all);
    }
    let number = all.first().map(|(sighting, _)| sighting.number);
    let arps: Vec<Arp> = all.iter().filter_map(|(sighting, _)| arp(t, *sighting)).collect();
    let words: Vec<String> = arps.iter().map(ToString::to_string).collect();
    let same = arps.iter().any(Arp::is_gratuitous);
    let expected = "ARP with the address as sender and as target";
    t.judge(same, expected, &words.join(", "), number, "arp.gratuitous-address")?;
    let to_all = all.iter().any(|(_, told)| told.to_all);
    t.judge(to_all, "a broadcast", "it is sent to one host", number, "arp.gratuitous-broadcast")?;
    if let (true, Some(arp)) = (t.is(Edition::Rfc9568), arps.first()) {
        let text = format!("the target MAC address of a gratuitous ARP is {}", arp.target_mac);
        t.note(text, number, "arp.gratuitous-target-mac");
    }
    Ok(())
}

fn arp(t: &VrrpTest<'_>, sighting: Sighting) -> Option<Arp> {
    let octets = t.octets_at(sighting);
    Frame::parse(&octets).ok().and_then(|frame| match frame.pdu() {
        Ok((Pdu::Arp(arp), _)) => Some(arp),
        _ => None,
    })
}

fn judge_flags(t: &mut VrrpTest<'_>, all: &[(Sighting, Told)]) -> Result<(), Stop> {
    let flags: Vec<(bool, bool, bool)> = all.iter().filter_map(|(_, told)| told.flags).collect();
    let words = flags.iter().map(|(router, solicited, overrides)| {
        format!("R {}, S {}, O {}", u8::from(*router), u8::from(*solicited), u8::from(*overrides))
    });
    t.judge(
        flags.contains(&(true, false, true)),
        "Router and Override flag set, Solicited flag not",
        &words.collect::<Vec<_>>().join("; "),
        all.first().map(|(sighting, _)| sighting.number),
        "nd.unsolicited-flags",
    )
}

/// What is only recommended.
fn judge_manner(t: &mut VrrpTest<'_>, all: &[(Sighting, Told)]) -> Result<(), Stop> {
    let Some((first, told)) = all.first() else { return Ok(()) };
    let number = Some(first.number);
    if told.operation.is_some() {
        let met = all.iter().any(|(_, told)| told.operation == Some(Arp::REQUEST));
        return t.judge(met, "a request", "only replies", number, "arp.gratuitous-request");
    }
    let octets = t.octets_at(*first);
    let Ok(frame) = Frame::parse(&octets) else { return Ok(()) };
    let all_nodes = IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1));
    let to = frame.destination_ip();
    let seen = to.map_or_else(String::new, |to| format!("to {to}"));
    t.judge(to == Some(all_nodes), "sent to all nodes", &seen, number, "nd.unsolicited-destination")?;
    let limit = frame.ttl().unwrap_or(0);
    t.judge(limit == 255, "Hop Limit 255", &format!("it is {limit}"), number, "nd.hop-limit")
}

/// An owner advertises at once, seen from a start.
fn at_once(t: &mut VrrpTest<'_>, started: Mark, requirement: &'static str) -> Result<Sighting, Stop> {
    let (interval, router) = (t.interval(), t.router());
    let first = t.expect(&advertisement(&router), started, owner_startup(interval), requirement)?;
    let after = first.at.time.since(started.at.time);
    if after > STARTUP.lenient.to {
        let text = format!("the first advertisement came {:.3} s after the start", after.as_secs_f64());
        t.note(text, Some(first.number), requirement);
    }
    Ok(first)
}

fn owner(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.owner",
            row,
            "A router that owns the addresses advertises priority 255 as soon as it starts, and goes on.",
            &["startup.owner", "configuration.owner-priority", "active.interval"],
        )
        .needs(Capability::Fresh)
        .with("vrrp.owner", "yes")
        .vrrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            let first = at_once(t, started, "startup.owner")?;
            let priority = priority_of(t, first);
            t.judge(
                priority == OWNER_PRIORITY,
                "priority 255",
                &format!("it is {priority}"),
                Some(first.number),
                "configuration.owner-priority",
            )?;
            t.goes_on(first.mark(), 3, "active.interval")
        })
}

/// The priority in an advertisement.
pub fn priority_of(t: &VrrpTest<'_>, sighting: Sighting) -> u8 {
    let octets = t.octets_at(sighting);
    let frame = Frame::parse(&octets);
    frame.ok().and_then(|frame| frame.payload().get(2).copied()).unwrap_or(0)
}

fn owner_announces(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.owner-announces",
            row,
            "A router that owns the addresses tells where each of them is as soon as it starts.",
            &[
                "startup.announces",
                "arp.gratuitous-virtual-mac",
                "arp.gratuitous-address",
                "nd.unsolicited-target",
                "nd.unsolicited-flags",
            ],
        )
        .needs(Capability::Fresh)
        .with("vrrp.owner", "yes")
        .vrrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            let before = t.run.preamble_start();
            let first = at_once(t, started, "startup.owner")?;
            t.run.preamble_end(before);
            let router = t.router();
            let mac = router.mac();
            let about = t.about(first, started.events);
            for address in router.addresses.clone() {
                // What is told with another MAC address is another test's affair.
                let pattern = announcement(router.port, address).at(mac);
                let sighting = t.expect(&pattern, about, around(t.interval()), "startup.announces")?;
                let Some(told) = told(t, sighting, &router, address) else { continue };
                let requirement =
                    if address.is_ipv6() { "nd.unsolicited-target" } else { "arp.gratuitous-virtual-mac" };
                let text = format!("{address} is told to be at {mac}");
                t.judge(told.mac == Some(mac), &text, "", Some(sighting.number), requirement)?;
                if let Some(arp) = arp(t, sighting) {
                    let expected = "ARP with the address as sender and as target";
                    let number = Some(sighting.number);
                    t.judge(arp.is_gratuitous(), expected, "", number, "arp.gratuitous-address")?;
                }
                if address.is_ipv6() {
                    let mut all = Vec::new();
                    let watched = around(t.interval()).held_to(t.run.exact()).to;
                    for sighting in t.all(&pattern, about, watched)? {
                        all.extend(
                            binding(router.port, address)
                                .told(t.run.event(sighting))
                                .map(|told| (sighting, told)),
                        );
                    }
                    judge_flags(t, &all)?;
                }
            }
            Ok(())
        })
}

fn owner_preempts(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.owner-preempts",
            row,
            "A router that owns the addresses takes over from who has them as soon as it starts, without Preempt_Mode too.",
            &["startup.owner-preempts", "active.interval"],
        )
        .needs(Capability::Configure)
        .with("vrrp.owner", "yes")
        .with("vrrp.preempt", "no")
        .vrrp(dialect, |t| {
            t.without_closing();
            t.run.step("D is stopped, and T advertises priority 254");
            t.run.configure("vrrp.enabled", "no")?;
            let advert = t.advert(254);
            t.start_peer(advert);
            t.wait(t.interval() * 2)?;
            t.run.step("D starts");
            let started = t.run.configure("vrrp.enabled", "yes")?;
            let first = at_once(t, started, "startup.owner-preempts")?;
            t.goes_on(first.mark(), 2, "active.interval")
        })
}

/// The device tells another link-layer address than the virtual one, as its own, in a Router Advertisement or a Neighbor
/// Solicitation from a virtual address.
fn other_source(router: &VirtualRouter) -> Frames {
    let (mac, addresses) = (router.mac(), router.addresses.clone());
    frames(router.port, "RA or NS from a virtual address with another MAC address", move |frame| {
        let source = frame.source_ip()?;
        match frame.pdu().ok()?.0 {
            Pdu::NeighborDiscovery(
                NeighborDiscovery::Solicitation { source_mac, .. }
                | NeighborDiscovery::RouterAdvertisement { source_mac, .. },
            ) if addresses.contains(&source) => Some(source_mac.is_some_and(|told| told != mac)),
            _ => None,
        }
    })
}

fn boot(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.virtual-mac-alone",
            row,
            "From its start on, a router tells of its virtual addresses the virtual MAC address and no other.",
            &[
                "arp.gratuitous-virtual-mac",
                "arp.never-physical-mac",
                "arp.virtual-mac",
                "arp.active-answers",
                "arp.boot-delayed",
                "arp.boot-delayed-2010",
                "nd.never-physical-mac",
                "nd.before-virtual-mac",
                "nd.before-virtual-mac-2010",
                "nd.active-answers",
                "arp.reply-source-mac",
                "arp.reply-time",
            ],
        )
        .needs(Capability::Fresh)
        .vrrp(dialect, move |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            let router = t.router();
            t.run.step("D starts, and is asked again and again where its addresses are");
            let asked = u32::try_from(BOOT.as_millis() / ASKED_EVERY.as_millis()).unwrap_or(0);
            for number in 1..=asked {
                t.wait_until(started, ASKED_EVERY * number)?;
                for address in router.addresses.clone() {
                    t.ask(address, Ask::Everyone)?;
                }
            }
            let v6 = dialect == Dialect::V6;
            for address in router.addresses.clone() {
                let wrong = announcement(router.port, address).not_at(router.mac());
                let requirement = if v6 { "nd.never-physical-mac" } else { "arp.gratuitous-virtual-mac" };
                t.never(&wrong, started, BOOT, requirement)?;
                let wrong = t.answer(address).not_at(router.mac());
                let requirement = if v6 { "nd.never-physical-mac" } else { "arp.never-physical-mac" };
                t.never(&wrong, started, BOOT, requirement)?;
                judge_before(t, started, address)?;
                // By now it should be Active.
                t.make_active()?;
                let mark = t.ask(address, Ask::Everyone)?;
                let requirement = if v6 { "nd.active-answers" } else { "arp.active-answers" };
                let answer = t.answer(address);
                let answer = t.expect(&answer, mark, AT_ONCE, requirement)?;
                if dialect == Dialect::V3 {
                    judge_answer(t, mark, answer)?;
                }
            }
            Ok(())
        })
}

/// How soon the answer to ARP came, and from where.
fn judge_answer(t: &mut VrrpTest<'_>, asked: Mark, answer: Sighting) -> Result<(), Stop> {
    let octets = t.octets_at(answer);
    if let Some(mac) = Frame::parse(&octets).ok().and_then(|frame| frame.source_mac()) {
        let text = format!("the frame of the ARP reply comes from {mac}");
        t.note(text, Some(answer.number), "arp.reply-source-mac");
    }
    let requirement = t.requirement("arp.reply-time");
    t.run.judge_time("the ARP reply", asked, answer, PROMPTLY, requirement)
}

/// Nothing is told of an address before the virtual MAC address is there. That shows only in another one that is told.
fn judge_before(t: &mut VrrpTest<'_>, started: Mark, address: IpAddr) -> Result<(), Stop> {
    let router = t.router();
    let wrong = announcement(router.port, address).not_at(router.mac());
    match (t.dialect, t.is(Edition::Rfc9568)) {
        (Dialect::V6, true) => t.never(&other_source(&router), started, BOOT, "nd.before-virtual-mac"),
        (Dialect::V6, false) => t.never(&other_source(&router), started, BOOT, "nd.before-virtual-mac-2010"),
        (Dialect::V3, true) => t.never(&wrong, started, BOOT, "arp.boot-delayed"),
        (Dialect::V3, false) => {
            let text = "no gratuitous ARP before the virtual MAC address was there";
            t.note(text, None, "arp.boot-delayed-2010");
            Ok(())
        }
        (Dialect::V2, _) => {
            t.note("no gratuitous ARP before the virtual MAC address was there", None, "arp.boot-delayed");
            Ok(())
        }
    }
}

fn owner_boot(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.owner-virtual-mac",
            row,
            "A router that owns the addresses tells of them, from its start on, the virtual MAC address and no other.",
            &[
                "arp.boot-announced",
                "arp.boot-physical",
                "nd.boot-announced",
                "nd.boot-physical",
                "nd.detection-skipped",
            ],
        )
        .needs(Capability::Fresh)
        .with("vrrp.owner", "yes")
        .vrrp(dialect, move |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            let router = t.router();
            t.run.step("D starts");
            t.wait_until(started, BOOT)?;
            let v6 = dialect == Dialect::V6;
            for address in router.addresses.clone() {
                let right = announcement(router.port, address).at(router.mac());
                let requirement = if v6 { "nd.boot-announced" } else { "arp.boot-announced" };
                let found = t.look(&right, started, BOOT)?;
                let text = format!("it is told that {address} is at {}", router.mac());
                t.judge(found.is_some(), &text, "", found.map(|found| found.number), requirement)?;
                let wrong = binding(router.port, address).not_at(router.mac());
                let requirement = if v6 { "nd.boot-physical" } else { "arp.boot-physical" };
                t.never(&wrong, started, BOOT, requirement)?;
                if v6 {
                    detection(t, started, &router, address)?;
                }
            }
            Ok(())
        })
}

fn detection(
    t: &mut VrrpTest<'_>,
    started: Mark,
    router: &VirtualRouter,
    address: IpAddr,
) -> Result<(), Stop> {
    let pattern = frames(router.port, "duplicate address detection", move |frame| {
        let unspecified = frame.source_ip().is_some_and(|source| source.is_unspecified());
        match frame.pdu().ok()?.0 {
            Pdu::NeighborDiscovery(NeighborDiscovery::Solicitation { target, .. }) => {
                Some(unspecified && IpAddr::V6(target) == address)
            }
            _ => None,
        }
    });
    let found = t.look(&pattern, started, BOOT)?;
    let done = if found.is_some() { "is" } else { "is not" };
    let text = format!("{address} {done} looked for as a duplicate");
    t.note(text, found.map(|found| found.number), "nd.detection-skipped");
    Ok(())
}

/// A report of Multicast Listener Discovery, of version 1 or 2, that names this group.
fn report(router: &VirtualRouter, group: Ipv6Addr) -> Frames {
    frames(router.port, format!("report of {group}"), move |frame| {
        let payload = frame.payload();
        if !matches!(payload.first(), Some(131 | 143)) || !frame.destination_ip()?.is_multicast() {
            return None;
        }
        Some(payload.windows(16).any(|octets| octets == group.octets()))
    })
}

fn groups(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "takeover.groups",
            row,
            "A router reports the solicited-node groups of its virtual addresses at the latest when it becomes Active.",
            &["nd.solicited-node-report"],
        )
        .needs(Capability::Fresh)
        .vrrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            let first = t.make_active()?;
            t.wait_until(first.mark(), AT_ONCE.lenient.to)?;
            let router = t.router();
            let watched = t.now().since(started.at.time);
            let lan = t.configuration.lan().clone();
            let own = [lan.link_local, lan.address6].map(solicited_node);
            for address in router.addresses.clone() {
                let IpAddr::V6(address) = address else { continue };
                let group = solicited_node(address);
                let found = t.look(&report(&router, group), started, watched)?;
                let number = found.map(|found| found.number);
                if own.contains(&group) {
                    let text = format!("{group} is the group of an address of the interface too");
                    t.note(text, number, "nd.solicited-node-report");
                    continue;
                }
                let text = format!("{group} is reported");
                t.judge(found.is_some(), &text, "it is not", number, "nd.solicited-node-report")?;
                if found.is_some_and(|found| found.index < first.index) {
                    let text = format!("{group} is reported before the first advertisement");
                    t.note(text, number, "nd.solicited-node-report");
                }
            }
            Ok(())
        })
}

#[cfg(test)]
mod unit {
    use super::*;
    use crate::event::{Direction, Event, Happening, Port};
    use crate::scenario::Pattern;
    use std::borrow::Cow;

    fn router() -> VirtualRouter {
        VirtualRouter {
            port: Port(0),
            vrid: 10,
            family: redspec_codec::Family::Ipv6,
            priority: 100,
            interval: Duration::from_secs(1),
            preempt: true,
            accept: false,
            addresses: Vec::new(),
        }
    }

    #[test]
    fn reports_of_both_versions_are_read() {
        let group = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0x10);
        for (kind, before) in [(131, 7), (143, 11)] {
            let mut message = vec![kind];
            message.extend(vec![0; before]);
            message.extend(group.octets());
            let mut octets =
                vec![0x33, 0x33, 0, 0, 0, 0x16, 0, 0, 0x5e, 0, 2, 10, 0x86, 0xdd, 0x60, 0, 0, 0, 0];
            octets.push(u8::try_from(8 + message.len()).expect("short"));
            octets.extend([0, 1]);
            octets.extend(Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10).octets());
            octets.extend(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x16).octets());
            octets.extend([58, 0, 5, 2, 0, 0, 1, 0]);
            octets.extend(&message);
            let direction = Some(Direction::FromDevice);
            let what = Happening::Frame { direction, octets: Cow::Owned(octets), missing: 0 };
            let event = Event { number: 1, at: Stamp::default(), port: Port(0), what };
            assert_eq!(report(&router(), group).matches(&event), Some(true), "type {kind}");
            let other = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 1, 0xff00, 0x11);
            assert_eq!(report(&router(), other).matches(&event), Some(false), "type {kind}");
        }
    }
}
