//! What a router learns from the Active router: Hellotime and Holdtime that are not configured, and nothing that is. That
//! it learns is left to it; from whom it does not, is not.

use std::time::Duration;

use super::startup::LOWER_PRIORITY;
use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::transitions::{other_times, wrong_authentication};
use super::{Dialect, HsrpTest, Message, Steps, announcement, dialects};
use crate::bed::Capability;
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::{DEFAULT_HELLOTIME, DEFAULT_HOLDTIME};
use crate::spec::hsrp::tolerances::{STARTING, missing, shown};

/// So many Hellos are looked at.
const HELLOS: usize = 3;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-028", "-", "-"]) {
        tests.push(times(dialect, row));
    }
    for (dialect, row) in dialects(["H1-029", "-", "-"]) {
        tests.push(active_keeps(dialect, row));
        tests.push(active_keeps_under_others(dialect, row));
        tests.push(from_active_only(dialect, row));
    }
    for (dialect, row) in dialects(["H1-045", "-", "-"]) {
        tests.push(unauthenticated(dialect, row));
    }
    for (dialect, row) in dialects(["H1-046", "-", "-"]) {
        tests.push(configured(dialect, row));
    }
    for (dialect, row) in dialects(["H1-048", "-", "-"]) {
        tests.push(not_mixed(dialect, row));
    }
    for (dialect, row) in dialects(["-", "-", "-"]) {
        tests.push(lower_unlearned(dialect, row));
    }
    tests
}

/// Hellotime and Holdtime.
type Times = (Duration, Duration);

/// Times that are neither the device's own nor the defaults.
fn others(t: &HsrpTest<'_>) -> Times {
    other_times(t.hellotime(), t.holdtime())
}

/// The message with these times.
fn with_times(message: Message, (hellotime, holdtime): Times) -> Message {
    Message { hellotime, holdtime, ..message }
}

/// What the message tells.
fn times_of(t: &HsrpTest<'_>, sighting: Sighting) -> Times {
    t.seen(sighting).map(|seen| (seen.heard.hellotime, seen.heard.holdtime)).unwrap_or_default()
}

fn words((hellotime, holdtime): Times) -> String {
    format!("Hellotime {} s and Holdtime {} s", hellotime.as_secs_f64(), holdtime.as_secs_f64())
}

/// The next Hellos in that state, as they come.
fn hellos(t: &mut HsrpTest<'_>, state: Group, mark: Mark) -> Result<Vec<Sighting>, Stop> {
    let mut from = mark;
    let mut out = Vec::new();
    // Whatever its times are, and if it has learned some.
    let longest = t.hellotime().max(DEFAULT_HELLOTIME) * 2 + STARTING;
    while out.len() < HELLOS {
        let Some(next) = t.look(&t.message().state(state), from, longest)? else {
            return Err(Stop::Inconclusive(format!("preamble: no Hello in {state:?}")));
        };
        from = next.mark();
        out.push(next);
    }
    Ok(out)
}

/// None of these Hellos tells one of those times.
fn unlearned(
    t: &mut HsrpTest<'_>,
    sightings: &[Sighting],
    others: Times,
    requirement: &'static str,
) -> Result<(), Stop> {
    for sighting in sightings {
        let seen = times_of(t, *sighting);
        let met = seen.0 != others.0 && seen.1 != others.1;
        let text = format!("it does not use {}", words(others));
        t.judge(met, &text, &words(seen), Some(sighting.number), requirement)?;
    }
    Ok(())
}

/// All of these Hellos tell these times.
fn keeps(
    t: &mut HsrpTest<'_>,
    sightings: &[Sighting],
    own: Times,
    requirement: &'static str,
) -> Result<(), Stop> {
    for sighting in sightings {
        let seen = times_of(t, *sighting);
        let text = format!("it keeps {}", words(own));
        t.judge(seen == own, &text, &words(seen), Some(sighting.number), requirement)?;
    }
    Ok(())
}

/// A test of a device to which nobody has said its times.
fn untold(
    dialect: Dialect,
    name: &str,
    row: &'static str,
    purpose: &str,
    requirements: &[&'static str],
) -> Test {
    dialect.test(name, row, purpose, requirements).with("hsrp.times", "unknown")
}

fn times(dialect: Dialect, row: &'static str) -> Test {
    untold(
        dialect,
        "learning.times",
        row,
        "A router without configured times uses those that its Hellos tell, learned or its own.",
        &["learning.times", "learning.active-continues", "pdu.hellotime-in-use", "pdu.holdtime-in-use"],
    )
    .hsrp(dialect, |t| {
        let others = others(t);
        let active = with_times(t.hello(Group::Active, ACTIVE_PRIORITY), others);
        let (active, standby) = t.make_standby_of(active)?;
        let seen = hellos(t, Group::Standby, standby.itself())?;
        let Some(last) = seen.last().copied() else { return Ok(()) };
        let told = times_of(t, last);
        // Nobody waits for ever for what a router tells; what it does earlier than that it does too early.
        let most = Duration::from_secs(255);
        let used = (told.0.min(most), told.1.min(most));
        let learned = if used == others { "learns" } else { "does not learn" };
        let text = format!("it {learned} {}: it tells {}", words(others), words(told));
        t.note(text, Some(last.number), "learning.times");
        let next = t.expect(&t.message(), last.mark(), missing(used.0), "pdu.hellotime-in-use")?;

        t.run.step("a better router speaks: D listens for its own Holdtime, and speaks again");
        t.wait_until(next.mark(), used.0 / 4)?;
        let better = t.hello(Group::Speak, ACTIVE_PRIORITY);
        let mark = t.send(&better)?;
        t.enters(Group::Speak, mark, shown(used.1, used.0), "pdu.holdtime-in-use")?;

        t.run.step("T falls silent: D is Active in the end");
        t.stop_peer(active)?;
        let longest = t.holdtime() * 3 + STARTING;
        let mark = t.mark();
        if let Some(first) = t.look(&t.message().state(Group::Active), mark, longest)? {
            let text = format!("as Active it uses {}", words(times_of(t, first)));
            t.note(text, Some(first.number), "learning.active-continues");
        }
        t.without_closing();
        Ok(())
    })
}

fn active_keeps(dialect: Dialect, row: &'static str) -> Test {
    untold(
        dialect,
        "learning.active-keeps",
        row,
        "An Active router without configured times learns none from another Active one of lower priority.",
        &["learning.active-keeps"],
    )
    .hsrp(dialect, |t| {
        let told = |t: &HsrpTest<'_>| vec![t.hello(Group::Active, LOWER_PRIORITY)];
        active_under(t, told, &["learning.active-keeps"])
    })
}

fn active_keeps_under_others(dialect: Dialect, row: &'static str) -> Test {
    untold(
        dialect,
        "learning.active-keeps.others",
        row,
        "An Active router without configured times learns none from routers in Speak and Standby.",
        &["learning.active-keeps", "learning.from-active-only"],
    )
    .hsrp(dialect, |t| {
        let told = |t: &HsrpTest<'_>| {
            let speaks = t.hello(Group::Speak, ACTIVE_PRIORITY);
            vec![speaks, t.hello(Group::Standby, LOWER_PRIORITY)]
        };
        active_under(t, told, &["learning.active-keeps", "learning.from-active-only"])
    })
}

/// The device, made Active, keeps its times while these Hellos tell others.
fn active_under(
    t: &mut HsrpTest<'_>,
    told: fn(&HsrpTest<'_>) -> Vec<Message>,
    requirements: &[&'static str],
) -> Result<(), Stop> {
    let first = t.make_active()?;
    let own = times_of(t, first);
    let others = other_times(own.0, own.1);
    let messages: Vec<Message> = told(t).into_iter().map(|hello| with_times(hello, others)).collect();
    t.run.step(format!("T tells {}, as {} router(s)", words(others), messages.len()));
    for _ in 0..3 {
        for message in &messages {
            t.send(message)?;
            t.wait(Duration::from_millis(300))?;
        }
    }
    let mark = t.mark();
    let seen = hellos(t, Group::Active, mark)?;
    for requirement in requirements {
        keeps(t, &seen, own, requirement)?;
    }
    t.without_closing();
    Ok(())
}

fn from_active_only(dialect: Dialect, row: &'static str) -> Test {
    untold(
        dialect,
        "learning.from-active-only",
        row,
        "A router in Listen and Speak learns no times from routers in Standby and Speak.",
        &["learning.from-active-only"],
    )
    .with("hsrp.preempt", "no")
    .needs(Capability::Fresh)
    .hsrp(dialect, |t| {
        let others = others(t);
        // Nothing is learned from an Active router of lower priority, so that what was learned before is not lost.
        let active = t.hello(Group::Active, LOWER_PRIORITY);
        t.run.step(format!("T is Active, and another router Standby, which tells {}", words(others)));
        t.start_peer(active);
        let standby = with_times(t.hello(Group::Standby, STANDBY_PRIORITY), others);
        let standby = t.start_peer(standby);
        t.wait(others.0 * 3)?;
        t.run.step("the Standby router falls silent: D speaks");
        let last = t.stop_peer(standby)?;
        let longest = t.holdtime() + t.hellotime() * 2 + STARTING;
        let Some(first) = t.look(&t.message().state(Group::Speak), last, longest)? else {
            return Err(Stop::Inconclusive("preamble: D does not speak".to_owned()));
        };
        let speaks = with_times(t.hello(Group::Speak, LOWER_PRIORITY), others);
        t.send(&speaks)?;
        let mark = t.mark();
        let next = t.look(&t.message().hello(), mark, longest)?;
        let seen: Vec<Sighting> = [Some(first), next].into_iter().flatten().collect();
        unlearned(t, &seen, others, "learning.from-active-only")
    })
}

fn unauthenticated(dialect: Dialect, row: &'static str) -> Test {
    untold(
        dialect,
        "learning.unauthenticated",
        row,
        "A router without configured times learns none from an Active router that is not authenticated.",
        &["learning.times-authenticated"],
    )
    .needs(Capability::Fresh)
    .hsrp(dialect, |t| {
        let others = others(t);
        let hello = with_times(t.hello(Group::Active, ACTIVE_PRIORITY), others);
        t.run.step(format!("T is Active without the right authentication, and tells {}", words(others)));
        let sources = [t.lower_address(), t.other_address()];
        for (authentication, source) in wrong_authentication(t).into_iter().zip(sources) {
            t.start_peer(Message { source, authentication, ..hello.clone() });
        }
        let mark = t.mark();
        let longest = t.holdtime() * 2 + t.hellotime() + STARTING;
        let Some(first) = t.look(&t.message().hello(), mark, longest)? else {
            return Err(Stop::Inconclusive("preamble: D sends no Hello".to_owned()));
        };
        unlearned(t, &[first], others, "learning.times-authenticated")?;
        t.without_closing();
        Ok(())
    })
}

fn configured(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "learning.configured",
            row,
            "A router keeps the virtual address and the times that are configured, whatever the Active router tells.",
            &["learning.virtual-address-configured", "learning.times-configured"],
        )
        .hsrp(dialect, |t| {
            let (own, others) = ((t.hellotime(), t.holdtime()), others(t));
            let (address, other) = (t.vip(), t.other_vip());
            let active = with_times(t.hello(Group::Active, ACTIVE_PRIORITY), others);
            let (active, standby) = t.make_standby_of(Message { address: other, ..active })?;
            let mut seen = hellos(t, Group::Standby, standby.itself())?;
            t.run.step("T falls silent: D is Active");
            let last = t.stop_peer(active)?;
            let longest = others.1 + t.holdtime() * 2 + STARTING;
            let Some(first) = t.look(&t.message().state(Group::Active), last, longest)? else {
                return Err(Stop::Inconclusive("preamble: D is not Active".to_owned()));
            };
            seen.extend(hellos(t, Group::Active, first.itself())?);
            keeps(t, &seen, own, "learning.times-configured")?;
            for sighting in seen {
                let told = t.seen(sighting).map(|seen| seen.heard.address);
                let text = format!("it keeps {address}");
                let seen = format!("{told:?}");
                let met = told == Some(address);
                t.judge(met, &text, &seen, Some(sighting.number), "learning.virtual-address-configured")?;
            }
            let watched = t.now() - last.at.time;
            t.never(&announcement(LAN, other), last, watched, "learning.virtual-address-configured")?;
            t.without_closing();
            Ok(())
        })
}

fn not_mixed(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "learning.not-mixed",
            row,
            "An Active router with a Hellotime of its own does not go on with a Holdtime that it has learned.",
            &["learning.not-mixed", "learning.active-continues"],
        )
        .with("hsrp.times", "hellotime")
        .hsrp(dialect, |t| {
            let own = t.hellotime();
            let others = others(t);
            let active = with_times(t.hello(Group::Active, ACTIVE_PRIORITY), others);
            let (active, _) = t.make_standby_of(active)?;
            t.run.step("T falls silent: D is Active");
            let last = t.stop_peer(active)?;
            let longest = others.1 + DEFAULT_HOLDTIME.max(t.holdtime()) * 2 + STARTING;
            let Some(first) = t.look(&t.message().state(Group::Active), last, longest)? else {
                return Err(Stop::Inconclusive("preamble: D is not Active".to_owned()));
            };
            for sighting in hellos(t, Group::Active, first.itself())? {
                let used = times_of(t, sighting);
                let mixed = used == (own, others.1);
                let text = "not one time that is configured and one that is learned";
                t.judge(!mixed, text, &words(used), Some(sighting.number), "learning.not-mixed")?;
                t.note(
                    format!("as Active it uses {}", words(used)),
                    Some(sighting.number),
                    "learning.active-continues",
                );
            }
            t.without_closing();
            Ok(())
        })
}

fn lower_unlearned(dialect: Dialect, row: &'static str) -> Test {
    untold(
        dialect,
        "learning.lower-unlearned",
        row,
        "A router in Listen, Speak and Standby learns no times from an Active router of lower priority.",
        &["learning.lower-unlearned"],
    )
    .with("hsrp.preempt", "no")
    .needs(Capability::Fresh)
    .hsrp(dialect, |t| {
        let others = others(t);
        let active = with_times(t.hello(Group::Active, LOWER_PRIORITY), others);
        let (_, standby) = t.make_standby_of(active)?;
        let mut seen: Vec<Sighting> = Vec::new();
        let origin = t.run.origin();
        let watched = standby.at.time - origin.at.time;
        seen.extend(t.look(&t.message().state(Group::Speak), origin, watched)?);
        seen.extend(hellos(t, Group::Standby, standby.itself())?);
        unlearned(t, &seen, others, "learning.lower-unlearned")
    })
}
