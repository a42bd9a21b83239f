//! Several routers, and several groups: who is Active and Standby when routers come, fail and come back, and that groups do
//! not know of each other.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::Frame;
use redspec_codec::hsrp::Opcode;

use super::lan::Neighbor;
use super::pattern::{heard, message};
use super::standby::{LOWER_PRIORITY, announced, elapsed, of_default_priority};
use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::{Dialect, HsrpTest, Message, Steps, binding, dialects};
use crate::bed::Capability;
use crate::event::{Direction, Happening, Stamp};
use crate::reference::hsrp::HsrpRouter;
use crate::reference::hsrp::configuration::StandbyGroup;
use crate::reference::hsrp::tables::Tables;
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{AT_ONCE, STARTING, UNDER_WAY, gap, missing, silent, takeover};
use crate::spec::{Edition, Span, Window};
use crate::time::Time;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-043", "-", "-"]) {
        tests.push(joined(dialect, row));
        tests.push(between(dialect, row));
        tests.push(worst(dialect, row));
        tests.push(best(dialect, row));
    }
    for (dialect, row) in dialects(["H1-056", "-", "-"]) {
        tests.push(independent_active(dialect, row));
        tests.push(independent_standby(dialect, row));
    }
    tests
}

/// What a router said of itself: when, at which address, and in which state.
struct Said {
    at: Time,
    who: IpAddr,
    hello: bool,
    state: Option<Group>,
    address: IpAddr,
    device: bool,
    number: u64,
}

/// A router that the tester runs: its address ends so, and it has this priority.
fn neighbor(t: &HsrpTest<'_>, last: u8, priority: u32, preempts: bool) -> Result<Neighbor, Stop> {
    let settings = t.run.settings().clone();
    let settings = settings
        .with("hsrp.priority", priority)
        .with("hsrp.preempt", if preempts { "yes" } else { "no" })
        .with("hsrp.preempt_delay", 0)
        .with("hsrp.second", "no")
        .with("hsrp.enabled", "yes")
        .with("hsrp.mac", format!("02:52:53:00:02:{last:02x}"))
        .with("hsrp.address", Ipv4Addr::new(10, 0, 0, last))
        .with("hsrp.link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, last.into()))
        .with("hsrp.address6", Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last.into()));
    // What Cisco's routers send besides is of no use here; version 2 has no other edition.
    let edition = if t.dialect == Dialect::V1 { Edition::Rfc2281 } else { Edition::CiscoHsrp2 };
    let router = HsrpRouter::new(&settings, edition, Tables::new(edition));
    router.map(Neighbor::new).map_err(|error| Stop::Error(error.to_string()))
}

/// Last octets of the addresses of the tester's routers: one lower than the device's, and one higher.
const PLACES: [u8; 2] = [9, 0x99];

/// Two routers of the tester, which are off. With these priorities; the first one preempts, or both do not.
fn two_neighbors(t: &mut HsrpTest<'_>, priorities: [u32; 2], preempts: bool) -> Result<(), Stop> {
    let [one, other] = priorities;
    t.lan.neighbors = vec![neighbor(t, PLACES[0], one, preempts)?, neighbor(t, PLACES[1], other, false)?];
    Ok(())
}

fn start(t: &mut HsrpTest<'_>, index: usize) {
    let now = t.now();
    t.lan.neighbors[index].start(now);
}

/// It breaks down; returns its last message.
fn fail(t: &mut HsrpTest<'_>, index: usize) -> Result<Mark, Stop> {
    let now = t.now();
    t.lan.neighbors[index].fail(now);
    let who = t.address_of(PLACES[index]);
    let said = said(t);
    let last = said.iter().rev().find(|said| said.who == who && said.hello);
    let Some(last) = last else { return Err(Stop::Error(format!("{who} has said nothing"))) };
    let mark = t.mark();
    Ok(Mark { at: Stamp::from(last.at), ..mark })
}

/// All that was said of the group so far, by the device and by the tester.
fn said(t: &HsrpTest<'_>) -> Vec<Said> {
    let group = t.group();
    let mut out = Vec::new();
    for event in t.run.events().iter().filter(|event| event.port == LAN) {
        let Happening::Frame { direction, octets, .. } = &event.what else { continue };
        let Ok(frame) = Frame::parse(octets) else { continue };
        for heard in heard(&frame, group.version) {
            if heard.group == group.number && heard.family == group.family {
                out.push(Said {
                    at: event.at.time,
                    who: heard.source,
                    hello: heard.opcode == Opcode::HELLO,
                    state: heard.state,
                    address: heard.address,
                    device: *direction == Some(Direction::FromDevice),
                    number: event.number,
                });
            }
        }
    }
    out
}

/// For how long a router told at most that it is in this state: from a Hello to another with none of a different state in
/// between, nor `silence`.
fn claims(said: &[Said], who: IpAddr, state: Group, silence: Duration) -> Vec<(Time, Time, u64)> {
    let mut claims: Vec<(Time, Time, u64)> = Vec::new();
    let mut goes_on = false;
    for said in said.iter().filter(|said| said.who == who && said.hello) {
        let own = said.state == Some(state);
        match claims.last_mut() {
            Some(last) if own && goes_on && said.at.since(last.1) < silence => {
                (last.1, last.2) = (said.at, said.number);
            }
            _ if own => claims.push((said.at, said.at, said.number)),
            _ => {}
        }
        goes_on = own;
    }
    claims
}

/// At no time were the device and another router both in this state for longer than a Holdtime.
fn never_two(t: &mut HsrpTest<'_>, state: Group, requirement: &'static str) -> Result<(), Stop> {
    let said = said(t);
    let (longest, silence) = (t.holdtime(), silent(t.hellotime()));
    let device = said.iter().find(|said| said.device).map(|said| said.who);
    let Some(device) = device else { return Ok(()) };
    let mut worst: Option<(Duration, IpAddr, u64)> = None;
    for other in PLACES.map(|last| t.address_of(last)) {
        for (from, to, number) in claims(&said, device, state, silence) {
            for (other_from, other_to, _) in claims(&said, other, state, silence) {
                let both = to.min(other_to).since(from.max(other_from));
                if worst.is_none_or(|(worst, ..)| both > worst) {
                    worst = Some((both, other, number));
                }
            }
        }
    }
    let text = format!("D and another router are both {state:?} for {} s at most", longest.as_secs_f64());
    let met = worst.is_none_or(|(both, ..)| both <= longest);
    let seen = worst.filter(|_| !met).map(|(both, who, _)| format!("{} s, with {who}", both.as_secs_f64()));
    let frame = worst.filter(|_| !met).map(|(.., number)| number);
    t.judge(met, &text, &seen.unwrap_or_default(), frame, requirement)
}

/// What holds of the device whatever happened.
const ALWAYS: [&str; 5] = [
    "network.one-active",
    "network.one-standby",
    "network.same-virtual-address",
    "network.one-mac",
    "network.distinct-addresses",
];

/// Judges [`ALWAYS`], of all that happened.
fn judge_always(t: &mut HsrpTest<'_>) -> Result<(), Stop> {
    never_two(t, Group::Active, "network.one-active")?;
    never_two(t, Group::Standby, "network.one-standby")?;
    let address = t.vip();
    let said = said(t);
    let other = said.iter().find(|said| said.device && said.address != address);
    let seen = other.map_or_else(String::new, |said| format!("there is {}", said.address));
    let frame = other.map(|said| said.number);
    let text = format!("every message of D has {address}, as those of the others");
    t.judge(other.is_none(), &text, &seen, frame, "network.same-virtual-address")?;
    let own = said.iter().find(|said| said.device && said.who == address);
    let (frame, text) = (own.map(|said| said.number), "the virtual address is no router's own");
    t.judge(own.is_none(), text, "", frame, "network.distinct-addresses")?;
    let start = t.run.origin();
    let elsewhere = binding(LAN, address).not_at(t.virtual_mac());
    let all = elapsed(t, start);
    t.never(&elsewhere, start, all, "network.one-mac")
}

/// How long routers take at most to agree on who is what, once one has come or failed.
fn settled(t: &HsrpTest<'_>) -> Duration {
    t.holdtime() * 3 + t.hellotime() * 2 + STARTING
}

/// For some Holdtimes the device says that it is in this state, and only that.
fn stays(t: &mut HsrpTest<'_>, state: Group, requirement: &'static str) -> Result<(), Stop> {
    let mark = t.mark();
    t.goes_on(state, mark, 6, requirement).map(drop)
}

/// The device says nothing: others are Active and Standby.
fn is_quiet(t: &mut HsrpTest<'_>) -> Result<(), Stop> {
    let mark = t.mark();
    let mark = super::standby::behind_what_was_under_way(t, mark)?;
    let longest = (t.holdtime() * 2).max(silent(t.hellotime()));
    t.never(&t.message(), mark, longest, "network.quiet")
}

/// The device, which is Standby, is Active a Holdtime after the last Hello of the router that has failed.
fn replaces(t: &mut HsrpTest<'_>, index: usize) -> Result<(), Stop> {
    t.run.step("the Active router breaks down");
    let holdtime = t.holdtime();
    let last = fail(t, index)?;
    let first =
        t.expect(&t.message().state(Group::Active), last, takeover(holdtime), "network.takes-over")?;
    announced(t, last, first)
}

/// What [`replaces`] judges.
const REPLACES: [&str; 3] = ["network.takes-over", "arp.gratuitous", "nd.unsolicited"];

fn joined(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "network.joined",
        row,
        "Two routers that do not preempt join an Active one: it stays so, and one of them is Standby.",
        &[&ALWAYS[..], &["active.hellos"]].concat(),
    )
    .hsrp(dialect, |t| {
        t.make_active()?;
        two_neighbors(t, [STANDBY_PRIORITY, LOWER_PRIORITY], false)?;
        t.run.step("two routers start, a better and a worse one, neither of which preempts");
        start(t, 0);
        start(t, 1);
        let settled = settled(t);
        t.wait(settled)?;
        stays(t, Group::Active, "active.hellos")?;
        judge_always(t)?;
        t.without_closing();
        Ok(())
    })
}

fn between(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "network.between",
        row,
        "Between a better router that preempts and a worse one, a router is Active when the better one fails, else Standby.",
        &[&ALWAYS[..], &REPLACES, &["active.active-higher", "standby.hellos"]].concat(),
    )
    .hsrp(dialect, |t| {
        t.make_active()?;
        two_neighbors(t, [ACTIVE_PRIORITY, LOWER_PRIORITY], true)?;
        t.run.step("two routers start: a better one, which preempts, and a worse one");
        start(t, 0);
        start(t, 1);
        for round in 0..3 {
            let settled = settled(t);
            t.wait(settled)?;
            stays(t, Group::Standby, "standby.hellos")?;
            replaces(t, 0)?;
            let settled = self::settled(t);
            t.wait(settled)?;
            stays(t, Group::Active, "network.takes-over")?;
            if round < 2 {
                t.run.step("the better router is back, and preempts");
                start(t, 0);
            }
        }
        judge_always(t)?;
        t.without_closing();
        Ok(())
    })
}

fn worst(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "network.worst",
        row,
        "Of three routers the worst is silent; it is Standby when one of the others has failed, and Active when both have.",
        &[&ALWAYS[..], &REPLACES, &["network.quiet", "standby.hellos"]].concat(),
    )
    .hsrp(dialect, |t| {
        t.make_active()?;
        two_neighbors(t, [ACTIVE_PRIORITY, STANDBY_PRIORITY], true)?;
        t.run.step("two better routers start, the best of which preempts");
        start(t, 0);
        start(t, 1);
        // When the best one has preempted, the device and the other one elect who is Standby.
        let settled = settled(t) * 2;
        t.wait(settled)?;
        is_quiet(t)?;
        t.run.step("the Active router breaks down");
        fail(t, 0)?;
        t.wait(settled)?;
        stays(t, Group::Standby, "standby.hellos")?;
        replaces(t, 1)?;
        stays(t, Group::Active, "network.takes-over")?;
        t.run.step("both are back");
        start(t, 0);
        start(t, 1);
        t.wait(settled)?;
        is_quiet(t)?;
        judge_always(t)?;
        t.without_closing();
        Ok(())
    })
}

fn best(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "network.best",
            row,
            "The best of three routers that preempts takes over from the Active one, and then there is one of each.",
            &[&ALWAYS[..], &["standby.preempts", "active.hellos"]].concat(),
        )
        .with("hsrp.priority", 200)
        .with("hsrp.preempt", "yes")
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            t.make_initial()?;
            two_neighbors(t, [STANDBY_PRIORITY, LOWER_PRIORITY], true)?;
            t.run.step("two worse routers start, and one of them is Active");
            start(t, 0);
            start(t, 1);
            let settled = settled(t);
            t.wait(settled)?;
            let enabled = t.enable()?;
            let longest = STARTING + t.hellotime() * 2 + AT_ONCE.lenient.to;
            let within = |to| Span { from: Duration::ZERO, to };
            let window =
                Window::new("PREEMPTION", within(longest), within(longest + enabled.at.uncertainty));
            t.expect(&t.message().coup(), enabled, window, "standby.preempts")?;
            t.wait(settled)?;
            stays(t, Group::Active, "active.hellos")?;
            judge_always(t)?;
            t.without_closing();
            Ok(())
        })
}

/// Both groups of the device.
fn two_groups(t: &HsrpTest<'_>) -> Result<[StandbyGroup; 2], Stop> {
    match t.configuration.groups.get(1) {
        Some(second) => Ok([t.group(), second.clone()]),
        None => Err(Stop::Error("there is no second group".to_owned())),
    }
}

/// The second group's first Hello in this state, which the first group has reached.
fn second_reaches(t: &mut HsrpTest<'_>, second: &StandbyGroup, state: Group) -> Result<Sighting, Stop> {
    let before = t.run.preamble_start();
    let mark = t.mark();
    let longest = t.holdtime() * 3 + t.hellotime() * 2;
    let found = t.look(&message(second).state(state), mark, longest)?;
    t.run.preamble_end(before);
    let text = || Stop::Inconclusive(format!("preamble: group {} of D is not {state:?}", second.number));
    found.ok_or_else(text)
}

/// A router of one of the groups, in this state.
fn hello_in(t: &HsrpTest<'_>, group: &StandbyGroup, state: Group, priority: u32) -> Message {
    let source = t.hello(state, priority).source;
    Message::hello(&t.configuration, group, source, state, priority)
}

/// From `start` on until now, this group said each Hellotime that it is in this state, and nothing else; as Active, from
/// its virtual MAC address.
fn undisturbed(t: &mut HsrpTest<'_>, group: &StandbyGroup, state: Group, start: Mark) -> Result<(), Stop> {
    let requirement = "active.independent";
    let all = elapsed(t, start);
    let mac = group.mac();
    let other = message(group).with("that is no Hello as before", move |seen| {
        let from_virtual = seen.source_mac == Some(mac);
        seen.heard.opcode != Opcode::HELLO
            || seen.heard.state != Some(state)
            || from_virtual != (state == Group::Active)
    });
    t.never(&other, start, all, requirement)?;
    let hellos = t.all(&message(group).state(state), start, all)?;
    let least = all.as_millis() / missing(t.hellotime()).lenient.to.as_millis().max(1);
    let enough = hellos.len() as u128 >= least.max(1);
    let text = format!("group {} goes on as {state:?}", group.number);
    t.judge(enough, &text, &format!("{} Hellos", hellos.len()), None, requirement)?;
    t.gaps(&hellos, gap(t.hellotime()), requirement)
}

fn independent_active(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "network.independent.active",
        row,
        "Of two groups in which a router is Active, it gives way in one, and goes on in the other; whichever it is.",
        &["active.independent", "active.active-higher", "active.coup", "network.distinct-addresses"],
    )
    .with("hsrp.second", "yes")
    .with("hsrp.second_priority", 100)
    .hsrp(dialect, |t| {
        let groups = two_groups(t)?;
        t.make_active()?;
        second_reaches(t, &groups[1], Group::Active)?;
        for (one, other) in [(0, 1), (1, 0)] {
            let (one, other) = (&groups[one], &groups[other]);
            for coup in [false, true] {
                t.run.step(format!("T is better in group {}", one.number));
                let start = t.mark();
                let better = hello_in(t, one, Group::Active, ACTIVE_PRIORITY);
                let (sent, requirement) = if coup {
                    (t.send(&Message { state: Group::Speak, ..better.clone() }.coup())?, "active.coup")
                } else {
                    (t.send(&better)?, "active.active-higher")
                };
                let peer = t.start_peer(better);
                t.wait_until(sent, UNDER_WAY)?;
                let mark = Mark { events: t.run.events().len(), ..sent };
                let longest = silent(t.hellotime());
                t.never(&message(one).state(Group::Active), mark, longest, requirement)?;
                undisturbed(t, other, Group::Active, start)?;
                t.run.step("T falls silent");
                t.stop_peer(peer)?;
                second_reaches(t, one, Group::Active)?;
                undisturbed(t, other, Group::Active, start)?;
            }
        }
        let addresses = groups.map(|group| group.address);
        let text = "the groups have virtual addresses of their own";
        let told = said(t).iter().any(|said| said.device && Some(said.address) == addresses[1]);
        t.judge(!told, text, "", None, "network.distinct-addresses")
    })
}

fn independent_standby(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "network.independent.standby",
        row,
        "Of two groups in which a router is Standby, it takes over in one, and goes on in the other; whichever it is.",
        &["active.independent", "standby.active-timer", "standby.resign"],
    )
    .with("hsrp.second", "yes")
    .with("hsrp.second_priority", 100)
    .hsrp(dialect, |t| {
        let groups = two_groups(t)?;
        let active = groups.clone().map(|group| hello_in(t, &group, Group::Active, ACTIVE_PRIORITY));
        let second = t.start_peer(active[1].clone());
        let (first, _) = t.make_standby_of(active[0].clone())?;
        second_reaches(t, &groups[1], Group::Standby)?;
        let peers = [first, second];
        for (one, other) in [(0, 1), (1, 0)] {
            for resigns in [true, false] {
                let start = t.mark();
                let last = t.stop_peer(peers[one])?;
                let pattern = message(&groups[one]).state(Group::Active);
                if resigns {
                    t.run.step(format!("T resigns in group {}", groups[one].number));
                    let sent = t.send(&active[one].clone().resign())?;
                    t.expect(&pattern, sent, AT_ONCE, "standby.resign")?;
                } else {
                    t.run.step(format!("T falls silent in group {}", groups[one].number));
                    let window = takeover(active[one].holdtime);
                    t.expect(&pattern, last, window, "standby.active-timer")?;
                }
                let wait = t.hellotime() * 3;
                t.wait(wait)?;
                undisturbed(t, &groups[other], Group::Standby, start)?;
                t.run.step("T is Active again");
                let now = t.now();
                t.lan.peers[peers[one]].start(now);
                second_reaches(t, &groups[one], Group::Standby)?;
                undisturbed(t, &groups[other], Group::Standby, start)?;
            }
        }
        Ok(())
    })
}
