//! Standby: it sends Hellos, takes over when the Active router is gone or gives up, and gives way to a better candidate.

use std::time::Duration;

use redspec_codec::Family;

use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::{Dialect, HsrpTest, Message, Steps, announcement, dialects};
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::DEFAULT_PRIORITY;
use crate::spec::hsrp::tolerances::{
    AT_ONCE, UNDER_WAY, gap, missing, shown, shown_after_shown, silent, takeover,
};

/// What is lower than the device's priority.
pub(super) const LOWER_PRIORITY: u32 = 50;
/// What must not be answered is sent so often: some routers send Hellos besides the periodic ones.
const TRIES: u32 = 5;
/// What comes so soon after a message may be an answer to it.
pub(super) const ANSWER: Duration = Duration::from_millis(100);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-012", "-", "-"]) {
        tests.push(takes_over_after_holdtime(dialect, row));
        tests.push(hellos(dialect));
        tests.push(stays(dialect));
    }
    for (dialect, row) in dialects(["H1-011", "H2-013", "-"]) {
        for (hellotime, holdtime) in received(dialect) {
            tests.push(received_holdtime(dialect, row, hellotime, holdtime));
        }
        tests.push(last_holdtime(dialect, row));
    }
    for (dialect, row) in dialects(["H1-017", "H2-010", "-"]) {
        for (own, active) in
            [(DEFAULT_PRIORITY, LOWER_PRIORITY), (200, 100), (DEFAULT_PRIORITY, 0), (128, 127)]
        {
            tests.push(preempts(dialect, row, own, active));
        }
        tests.push(preempts_tie(dialect));
    }
    for (dialect, row) in dialects(["H1-018", "-", "-"]) {
        tests.push(without_preemption(dialect, row));
    }
    for (dialect, row) in dialects(["H1-023", "H2-011", "-"]) {
        tests.push(resign(dialect, row, Group::Active));
        tests.push(resign(dialect, row, Group::Speak));
    }
    for (dialect, row) in dialects(["H1-025", "-", "-"]) {
        tests.push(resign_of_other(dialect, row));
    }
    for (dialect, row) in dialects(["H1-016", "-", "-"]) {
        for who in [Better::Priority, Better::Address] {
            tests.push(gives_way(dialect, row, Group::Standby, who));
        }
        tests.push(gives_way_for(dialect, row));
    }
    for (dialect, row) in dialects(["H1-047", "-", "-"]) {
        for who in [Better::Priority, Better::Address] {
            tests.push(gives_way(dialect, row, Group::Speak, who));
        }
    }
    for (dialect, row) in dialects(["H1-054", "-", "-"]) {
        for (name, requirement, of) in IGNORED {
            tests.push(ignored(dialect, row, name, requirement, *of));
        }
    }
    tests
}

/// A test of a device with the catalogue's priority, which those of the tester are chosen for.
pub(super) fn of_default_priority(
    dialect: Dialect,
    name: &str,
    row: &'static str,
    purpose: &str,
    requirements: &[&'static str],
) -> Test {
    dialect.test(name, row, purpose, requirements).with("hsrp.priority", DEFAULT_PRIORITY)
}

/// Some way behind a Hello of the device in this state, and far from its next one. It is no verdict that there is one.
///
/// # Errors
/// There is none: the test is inconclusive.
pub(super) fn between_hellos(t: &mut HsrpTest<'_>, state: Group) -> Result<Sighting, Stop> {
    let (hellotime, own) = (t.hellotime(), t.message().state(state));
    let before = t.run.preamble_start();
    let mark = t.mark();
    let last = t.expect(&own, mark, missing(hellotime), "timers.hellotime")?;
    t.wait_until(last.mark(), hellotime * 2 / 5)?;
    t.run.preamble_end(before);
    Ok(last)
}

/// `sent`, to look behind it for what can be no message that crossed it.
///
/// # Errors
/// The bed fails.
pub(super) fn behind_what_was_under_way(t: &mut HsrpTest<'_>, sent: Mark) -> Result<Mark, Stop> {
    t.wait_until(sent, UNDER_WAY)?;
    Ok(Mark { events: t.run.events().len(), ..sent })
}

/// By one second after that Hello, the first of Active, the device has told where the virtual address is; it has not
/// before `since`.
///
/// # Errors
/// It has not: recorded, and the end of the test. Over IPv6 it is recorded alone.
pub(super) fn announced(t: &mut HsrpTest<'_>, since: Mark, first: Sighting) -> Result<(), Stop> {
    let address = t.vip();
    let longest = first.at.time - since.at.time + AT_ONCE.held_to(t.run.exact()).to;
    // At its virtual MAC address or not is the affair of other tests.
    let found = t.look(&announcement(LAN, address), since, longest)?;
    let frame = found.map(|sighting| sighting.number);
    if t.dialect.family() == Family::Ipv6 {
        let seen = if found.is_some() { "sends" } else { "does not send" };
        let text =
            format!("D {seen} an unsolicited Neighbor Advertisement for {address} as it becomes Active");
        t.note(text, frame, "nd.unsolicited");
        return Ok(());
    }
    let text = format!("a gratuitous ARP for {address} around the first Hello of Active");
    let seen = if found.is_some() { "" } else { "there is none" };
    t.judge(found.is_some(), &text, seen, frame.or(Some(first.number)), "arp.gratuitous")
}

/// The device, which is Standby, takes over once this Holdtime of the last Active router is over, under `requirement`
/// and `timely`, and stays Active.
///
/// # Errors
/// It does not: recorded, and the end of the test.
pub(super) fn takes_over(
    t: &mut HsrpTest<'_>,
    last: Mark,
    holdtime: Duration,
    requirement: &'static str,
    timely: &[&'static str],
) -> Result<Sighting, Stop> {
    let window = takeover(holdtime);
    let first = t.expect(&t.message().state(Group::Active), last, window, requirement)?;
    for name in timely {
        let name = t.requirement(name);
        t.run.judge_time("the first Hello of Active", last, first, window, name)?;
    }
    announced(t, last, first)?;
    t.goes_on(Group::Active, first.mark(), 2, requirement)?;
    Ok(first)
}

/// The device in this state is sent each of these, many times, between its Hellos. It stays what it is, under
/// `requirement`, and sends nothing on account of it.
///
/// Some routers send a Hello now and then that the Hello timer does not ask for. One that comes behind each of them is
/// an answer.
///
/// # Errors
/// It does not stay, or it answers: recorded, and the end of the test.
pub(super) fn does_nothing(
    t: &mut HsrpTest<'_>,
    state: Group,
    messages: &[Message],
    requirement: &'static str,
) -> Result<(), Stop> {
    for message in messages {
        t.run.step(format!(
            "{TRIES} times, T sends a {:?} with {:?} and priority {} from {}",
            message.opcode, message.state, message.priority, message.source
        ));
        let mut answers = Vec::new();
        for _ in 0..TRIES {
            let last = between_hellos(t, state)?;
            let sent = t.send(message)?;
            answers.extend(t.look(&t.message(), sent, ANSWER)?);
            t.goes_on(state, last.mark(), 1, requirement)?;
        }
        let all = u32::try_from(answers.len()).unwrap_or(u32::MAX) >= TRIES;
        let frame = answers.last().map(|sighting| sighting.number);
        let text = "no message on account of it";
        let seen = if all { "one behind each of them" } else { "" };
        t.judge(!all, text, seen, frame.filter(|_| all), requirement)?;
    }
    let mark = t.mark();
    t.goes_on(state, mark, 2, requirement).map(drop)
}

/// How long that is ago.
pub(super) fn elapsed(t: &HsrpTest<'_>, mark: Mark) -> Duration {
    t.now() - mark.at.time
}

/// Enough Hellos of the device to last for that long.
pub(super) fn hellos_in(t: &HsrpTest<'_>, duration: Duration) -> u32 {
    let (duration, hellotime) = (duration.as_millis(), t.hellotime().as_millis().max(1));
    // Up to a fifth of them come early.
    u32::try_from(duration * 5 / (hellotime * 4) + 1).unwrap_or(u32::MAX)
}

fn hellos(dialect: Dialect) -> Test {
    of_default_priority(
        dialect,
        "standby.hellos",
        "-",
        "A router in Standby sends a Hello with that state each Hellotime.",
        &["standby.hellos", "timers.hellotime"],
    )
    .hsrp(dialect, |t| {
        let (_, speaks) = t.make_speak()?;
        t.run.step("nobody else is a candidate: D is Standby");
        // Whether it is on time is the affair of another test: whoever is Standby by then says so.
        let window = shown_after_shown(t.holdtime(), t.hellotime()).from_anywhere();
        let standby = t.message().state(Group::Standby);
        let first = t.expect(&standby, speaks.mark(), window, "standby.hellos")?;
        let last = t.goes_on(Group::Standby, first.mark(), 10, "standby.hellos")?;
        let all = t.all(&t.message().hello(), first.mark(), last.at.time - first.at.time)?;
        t.gaps(&all, gap(t.hellotime()), "timers.hellotime")
    })
}

fn takes_over_after_holdtime(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "standby.takes-over",
        row,
        "A router in Standby is Active a Holdtime after the last Hello of the Active router, and tells it at once.",
        &["standby.active-timer", "arp.gratuitous", "nd.unsolicited", "encapsulation.source-mac-active"],
    )
    .hsrp(dialect, |t| {
        let (active, first) = t.make_standby()?;
        // Several Hellos of the Active router have come to a router in Standby.
        t.wait_until(first.mark(), t.hellotime() * 5 / 2)?;
        t.run.step("T falls silent");
        let last = t.stop_peer(active)?;
        let holdtime = t.lan.peers[active].message.holdtime;
        let first = takes_over(t, last, holdtime, "standby.active-timer", &[])?;
        let mac = t.virtual_mac();
        let seen = t.seen(first).and_then(|seen| seen.source_mac);
        let text = format!("its first Hello of Active comes from {mac}");
        let met = seen == Some(mac);
        t.judge(met, &text, &format!("{seen:?}"), Some(first.number), "encapsulation.source-mac-active")
    })
}

fn stays(dialect: Dialect) -> Test {
    of_default_priority(
        dialect,
        "standby.stays",
        "-",
        "A router in Standby stays there for as long as Hellos of a better Active router come.",
        &["standby.active-higher"],
    )
    .hsrp(dialect, |t| {
        let (_, first) = t.make_standby()?;
        let many = hellos_in(t, t.holdtime() * 5 / 2);
        t.goes_on(Group::Standby, first.mark(), many, "standby.active-higher")?;
        let all: Duration = elapsed(t, first.mark());
        t.never(&announcement(LAN, t.vip()), first.mark(), all, "standby.active-higher")
    })
}

/// Hellotime and Holdtime of Active routers, in milliseconds.
fn received(dialect: Dialect) -> Vec<(u64, u64)> {
    match dialect {
        Dialect::V1 => vec![(1000, 2000), (1000, 4000), (2000, 7000), (5000, 15_000), (10_000, 30_000)],
        Dialect::V2 => vec![(250, 800), (800, 2500), (1000, 4000), (2500, 7500), (10_000, 30_000)],
        Dialect::V6 => vec![(800, 2500), (5000, 15_000)],
    }
}

fn received_holdtime(dialect: Dialect, row: &'static str, hellotime: u64, holdtime: u64) -> Test {
    of_default_priority(
        dialect,
        &format!("standby.takes-over.holdtime-{holdtime}ms"),
        row,
        "A router in Standby is Active once the Holdtime in the Active router's last Hello is over, whatever its own is.",
        &["standby.active-timer", "timers.active-holdtime", "arp.gratuitous", "nd.unsolicited"],
    )
    .hsrp(dialect, move |t| {
        let (hellotime, holdtime) = (Duration::from_millis(hellotime), Duration::from_millis(holdtime));
        let active = Message { hellotime, holdtime, ..t.hello(Group::Active, ACTIVE_PRIORITY) };
        let (active, first) = t.make_standby_of(active)?;
        t.wait_until(first.mark(), hellotime * 5 / 4)?;
        t.run.step("T falls silent");
        let last = t.stop_peer(active)?;
        takes_over(t, last, holdtime, "standby.active-timer", &["timers.active-holdtime"]).map(drop)
    })
}

fn last_holdtime(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "standby.takes-over.holdtime-changes",
        row,
        "What counts is the Holdtime in the last Hello of the Active router: it may be less than the one before it.",
        &["standby.active-timer", "timers.active-holdtime", "arp.gratuitous", "nd.unsolicited"],
    )
    .hsrp(dialect, |t| {
        let own = t.holdtime();
        let long = t.hello(Group::Active, ACTIVE_PRIORITY).hold(most(own * 3));
        let (active, first) = t.make_standby_of(long.clone())?;
        t.wait_until(first.mark(), t.hellotime() * 5 / 4)?;
        t.run.step("T falls silent behind a Hello with a third of the Holdtime of those before it");
        t.stop_peer(active)?;
        let last = t.send(&Message { holdtime: own, ..long })?;
        takes_over(t, last, own, "standby.active-timer", &["timers.active-holdtime"]).map(drop)
    })
}

/// A Holdtime that fits into version 1.
pub(super) fn most(holdtime: Duration) -> Duration {
    holdtime.min(Duration::from_secs(255))
}

/// What a router does that preempts: it answers `sent`, a Hello of a worse Active router, with a Coup, and is Active.
pub(super) fn preempted(
    t: &mut HsrpTest<'_>,
    sent: Mark,
    requirement: &'static str,
) -> Result<Sighting, Stop> {
    t.expect(&t.message().coup(), sent, AT_ONCE, requirement)?;
    let first = t.expect(&t.message().state(Group::Active), sent, AT_ONCE, requirement)?;
    announced(t, sent, first)?;
    t.goes_on(Group::Active, first.mark(), 2, requirement)?;
    Ok(first)
}

fn preempts(dialect: Dialect, row: &'static str, own: u32, active: u32) -> Test {
    dialect
        .test(
            &format!("standby.preempts.priority-{own}-of-{active}"),
            row,
            "A router in Standby that preempts answers an Active router of lower priority with a Coup, and is Active at once.",
            &["standby.preempts", "arp.gratuitous", "nd.unsolicited"],
        )
        .with("hsrp.priority", own)
        .with("hsrp.preempt", "yes")
        .hsrp(dialect, move |t| {
            let better = t.hello(Group::Active, own + 50);
            let (peer, _) = t.make_standby_of(better)?;
            between_hellos(t, Group::Standby)?;
            t.run.step(format!("the Active router's priority falls to {active}"));
            t.stop_peer(peer)?;
            let sent = t.send(&t.hello(Group::Active, active))?;
            preempted(t, sent, "standby.preempts").map(drop)
        })
}

fn preempts_tie(dialect: Dialect) -> Test {
    of_default_priority(
        dialect,
        "standby.preempts.tie",
        "-",
        "A router in Standby that preempts takes over from its own priority at a lower address, and not at a higher one.",
        &["standby.preempts", "standby.active-higher", "arp.gratuitous", "nd.unsolicited"],
    )
    .with("hsrp.preempt", "yes")
    .hsrp(dialect, |t| {
        let better = Message { source: t.higher_address(), ..t.hello(Group::Active, ACTIVE_PRIORITY) };
        let (peer, first) = t.make_standby_of(better.clone())?;
        t.run.step("the Active router has the device's own priority from now on, and a higher address");
        let equal = Message { priority: DEFAULT_PRIORITY, ..better };
        t.change_peer(peer, equal.clone());
        let many = hellos_in(t, t.holdtime() * 3 / 2);
        t.goes_on(Group::Standby, first.mark(), many, "standby.active-higher")?;
        between_hellos(t, Group::Standby)?;
        t.run.step("in its place there is one with a lower address");
        t.stop_peer(peer)?;
        let sent = t.send(&Message { source: t.lower_address(), ..equal })?;
        preempted(t, sent, "standby.preempts").map(drop)
    })
}

fn without_preemption(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "standby.without-preemption",
        row,
        "A router in Standby that does not preempt leaves a worse Active router alone, and takes over when it is gone.",
        &["standby.active-lower", "standby.active-timer", "arp.gratuitous", "nd.unsolicited"],
    )
    .with("hsrp.preempt", "no")
    .hsrp(dialect, |t| {
        let (peer, _) = t.make_standby()?;
        between_hellos(t, Group::Standby)?;
        t.run.step(format!("the Active router's priority falls to {LOWER_PRIORITY}"));
        let lower = t.hello(Group::Active, LOWER_PRIORITY);
        t.change_peer(peer, lower);
        let mark = t.mark();
        let many = hellos_in(t, t.holdtime() * 3);
        t.goes_on(Group::Standby, mark, many, "standby.active-lower")?;
        let all = elapsed(t, mark);
        t.never(&t.message().coup(), mark, all, "standby.active-lower")?;
        t.never(&announcement(LAN, t.vip()), mark, all, "standby.active-lower")?;
        t.run.step("T falls silent");
        let last = t.stop_peer(peer)?;
        let holdtime = t.holdtime();
        takes_over(t, last, holdtime, "standby.active-timer", &["standby.active-lower"]).map(drop)
    })
}

/// How the device knows whose Resign it is, the RFC does not say: by its address, or by the state in it. Cisco's routers
/// send Speak.
fn resign(dialect: Dialect, row: &'static str, state: Group) -> Test {
    let known = state == Group::Active;
    let name = if known { "standby.resign" } else { "standby.resign.state-speak" };
    let requirements: &[&'static str] = if known {
        &["standby.resign", "arp.gratuitous", "nd.unsolicited"]
    } else {
        &["standby.resign-state"]
    };
    let purpose = if known {
        "A router in Standby is Active at once when the Active router resigns."
    } else {
        "The Active router's Resign is heard also if it says that it speaks already, or is not."
    };
    of_default_priority(dialect, name, row, purpose, requirements).hsrp(dialect, move |t| {
        let (peer, _) = t.make_standby()?;
        between_hellos(t, Group::Standby)?;
        t.run.step(format!("T resigns, with {state:?}"));
        t.stop_peer(peer)?;
        let resign = Message { state, ..t.hello(Group::Active, ACTIVE_PRIORITY) }.resign();
        let sent = t.send(&resign)?;
        let pattern = t.message().state(Group::Active);
        if !known {
            let found = t.look(&pattern, sent, AT_ONCE.lenient.to)?;
            let seen = if found.is_some() { "heard" } else { "not heard" };
            let text = format!("the Active router's Resign with {state:?} is {seen}");
            t.note(text, found.map(|sighting| sighting.number), "standby.resign-state");
            return Ok(());
        }
        let first = t.expect(&pattern, sent, AT_ONCE, "standby.resign")?;
        announced(t, sent, first)?;
        t.goes_on(Group::Active, first.mark(), 2, "standby.resign").map(drop)
    })
}

fn resign_of_other(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "standby.resign.of-other",
        row,
        "A router in Standby does nothing about a Resign from a router that is not the Active one.",
        &["standby.resign-of-other-ignored"],
    )
    .hsrp(dialect, |t| {
        t.make_standby()?;
        // With Active in it, it may be taken for the Active router's, whoever that is.
        let states = [Group::Speak, Group::Standby, Group::Listen];
        let resigns = states.map(|state| t.hello(state, STANDBY_PRIORITY).resign());
        does_nothing(t, Group::Standby, &resigns, "standby.resign-of-other-ignored")
    })
}

/// Who is better than the device.
#[derive(Clone, Copy)]
enum Better {
    /// By its priority, at a lower address.
    Priority,
    /// By its address, with the same priority.
    Address,
}

impl Better {
    const fn name(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Address => "address",
        }
    }

    fn message(self, t: &HsrpTest<'_>, state: Group) -> Message {
        match self {
            Self::Priority => t.hello(state, STANDBY_PRIORITY),
            Self::Address => {
                let source = t.higher_address();
                Message { source, ..t.hello(state, DEFAULT_PRIORITY) }
            }
        }
    }
}

/// The device, which is Standby, falls silent on account of this, and speaks again once `holdtime` is over.
fn listens_for(
    t: &mut HsrpTest<'_>,
    better: &Message,
    holdtime: Duration,
    requirement: &'static str,
    timely: &'static str,
) -> Result<(), Stop> {
    between_hellos(t, Group::Standby)?;
    t.run.step(format!(
        "T sends one {:?} Hello with priority {}, as another router",
        better.state, better.priority
    ));
    let sent = t.send(better)?;
    let mark = behind_what_was_under_way(t, sent)?;
    let hellotime = t.hellotime();
    let window = shown(holdtime, hellotime);
    // Not for so long that it may speak again, where the Holdtime is short.
    let quiet = silent(hellotime).min(window.lenient.from);
    t.never(&t.message(), mark, quiet, requirement)?;
    let first = t.expect(&t.message(), mark, window, timely)?;
    let seen = t.seen(first).and_then(|seen| seen.heard.state);
    let text = "its next message shows Speak";
    t.judge(seen == Some(Group::Speak), text, &format!("{seen:?}"), Some(first.number), timely)
}

fn gives_way(dialect: Dialect, row: &'static str, state: Group, who: Better) -> Test {
    let (requirement, timely) = if state == Group::Standby {
        ("standby.standby-higher", "timers.standby-holdtime")
    } else {
        ("standby.speak-higher", "timers.own-holdtime")
    };
    let shown = if state == Group::Standby { "standby" } else { "speak" };
    of_default_priority(
        dialect,
        &format!("standby.{shown}-higher.{}", who.name()),
        row,
        "A router in Standby that hears a better candidate says nothing any more, until that one is not heard for a Holdtime.",
        &[requirement, timely],
    )
    .hsrp(dialect, move |t| {
        t.make_standby()?;
        let better = who.message(t, state);
        let holdtime = t.holdtime();
        listens_for(t, &better, holdtime, requirement, timely)
    })
}

fn gives_way_for(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "standby.standby-higher.holdtime",
        row,
        "A router in Standby that hears a better one in Standby says nothing for the Holdtime in that one's Hello.",
        &["standby.standby-higher", "timers.standby-holdtime"],
    )
    .hsrp(dialect, |t| {
        t.make_standby()?;
        let holdtime = most(t.holdtime() * 3);
        let better = t.hello(Group::Standby, STANDBY_PRIORITY).hold(holdtime);
        listens_for(t, &better, holdtime, "standby.standby-higher", "timers.standby-holdtime")
    })
}

/// What is ignored in Standby: name, requirement, and what is sent.
type Ignored = (&'static str, &'static str, fn(&HsrpTest<'_>) -> Vec<Message>);

const IGNORED: &[Ignored] = &[
    ("standby-lower", "standby.standby-lower-ignored", |t| {
        // The same priority at a lower address is lower too.
        [LOWER_PRIORITY, DEFAULT_PRIORITY].map(|priority| t.hello(Group::Standby, priority)).to_vec()
    }),
    ("speak-lower", "standby.speak-lower-ignored", |t| vec![t.hello(Group::Speak, LOWER_PRIORITY)]),
    ("coup", "standby.coup-ignored", |t| {
        [ACTIVE_PRIORITY, LOWER_PRIORITY].map(|priority| t.hello(Group::Speak, priority).coup()).to_vec()
    }),
];

fn ignored(
    dialect: Dialect,
    row: &'static str,
    name: &str,
    requirement: &'static str,
    messages: fn(&HsrpTest<'_>) -> Vec<Message>,
) -> Test {
    of_default_priority(
        dialect,
        &format!("standby.ignored.{name}"),
        row,
        "A router in Standby does nothing about what the state table has no action for.",
        &[requirement],
    )
    .hsrp(dialect, move |t| {
        t.make_standby()?;
        let messages = messages(t);
        does_nothing(t, Group::Standby, &messages, requirement)
    })
}
