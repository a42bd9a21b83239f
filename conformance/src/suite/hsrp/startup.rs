//! How a router starts: from Initial to Listen or Learn, and where nobody else is, on to Active.

use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::transitions::{earliest, first_window};
use super::{Dialect, HsrpTest, Message, Steps, dialects};
use crate::bed::Capability;
use crate::reference::router::LAN;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{AT_ONCE, active_after_shown, silent};

/// A priority lower than any that a test gives the device.
pub const LOWER_PRIORITY: u32 = 50;

/// A message that is none of Initial's business: what the test's id ends with, the requirement, and the message.
type Told = (&'static str, &'static str, fn(&HsrpTest<'_>) -> Vec<Message>);

/// One for each event that is a message. They tell a long Holdtime: whoever believed one would wait for longer.
const TOLD: [Told; 7] = [
    ("speak-higher", "startup.initial-speak-higher", |t| vec![t.hello(Group::Speak, ACTIVE_PRIORITY)]),
    ("active-higher", "startup.initial-active-higher", |t| vec![t.hello(Group::Active, ACTIVE_PRIORITY)]),
    ("active-lower", "startup.initial-active-lower", |t| vec![t.hello(Group::Active, LOWER_PRIORITY)]),
    // Only who was heard to be Active can resign.
    ("resign", "startup.initial-resign", |t| {
        let active = t.hello(Group::Active, ACTIVE_PRIORITY);
        vec![active.clone(), active.resign()]
    }),
    ("coup", "startup.initial-coup", |t| vec![t.hello(Group::Speak, ACTIVE_PRIORITY).coup()]),
    ("standby-higher", "startup.initial-standby-higher", |t| vec![t.hello(Group::Standby, STANDBY_PRIORITY)]),
    ("standby-lower", "startup.initial-standby-lower", |t| vec![t.hello(Group::Standby, LOWER_PRIORITY)]),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-006", "-", "-"]) {
        tests.push(speaks(dialect, row));
    }
    for (dialect, row) in dialects(["H1-007", "-", "-"]) {
        tests.push(becomes_active(dialect, row));
    }
    for (dialect, row) in dialects(["-", "-", "-"]) {
        tests.push(again_from_active(dialect, row));
        tests.push(again_from_standby(dialect, row));
        tests.push(interface_up(dialect, row));
        tests.push(disabled_again(dialect, row));
        for told in TOLD {
            tests.push(initial(dialect, row, told));
        }
    }
    tests
}

fn speaks(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.speaks",
            row,
            "A router that starts says nothing for a Holdtime; its first Hello shows Speak.",
            &["startup.listens", "startup.speaks", "timers.own-holdtime"],
        )
        .needs(Capability::Fresh)
        .hsrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            t.run.step("nobody else says anything: D starts, and listens");
            let window = first_window(t, started);
            let first = t.expect(&t.message(), earliest(started), window, "startup.listens")?;
            let requirement = t.requirement("timers.own-holdtime");
            t.run.judge_time("the first Hello", earliest(started), first, window, requirement)?;
            let state = t.seen(first).and_then(|seen| seen.heard.state);
            let met = state == Some(Group::Speak);
            t.judge(
                met,
                "the first Hello shows Speak",
                &format!("{state:?}"),
                Some(first.number),
                "startup.speaks",
            )
        })
}

fn becomes_active(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.becomes-active",
            row,
            "Where nobody else is, a router goes from Speak by way of Standby to Active.",
            &["startup.order", "startup.becomes-active"],
        )
        .needs(Capability::Fresh)
        .hsrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.run.step("nobody else says anything: D speaks, and is Active in the end");
            let longest = first_window(t, started).lenient.to;
            let Some(speaks) = t.look(&t.message().state(Group::Speak), started, longest)? else {
                return Err(Stop::Inconclusive("D never showed Speak".to_owned()));
            };
            let active = t.message().state(Group::Active);
            let window = active_after_shown(t.holdtime(), t.hellotime());
            let first = t.expect(&active, speaks.mark(), window, "startup.becomes-active")?;
            // Standby may be over before a Hello shows it.
            let between = t.message().states(&[Group::Initial, Group::Learn, Group::Listen]);
            t.never(&between, speaks.mark(), first.at.time - speaks.at.time, "startup.order")?;
            let back = t.message().state(Group::Speak);
            let standby =
                t.look(&t.message().state(Group::Standby), speaks.mark(), first.at.time - speaks.at.time)?;
            if let Some(standby) = standby {
                t.never(&back, standby.mark(), first.at.time - standby.at.time, "startup.order")?;
            }
            t.goes_on(Group::Active, first.mark(), 2, "startup.becomes-active").map(drop)
        })
}

/// The device, which was switched on at `started`, says nothing for a Holdtime, and its first message is a Hello in Speak.
fn begins(t: &mut HsrpTest<'_>, started: Mark, requirements: &[&'static str]) -> Result<(), Stop> {
    let window = first_window(t, started);
    for requirement in requirements {
        t.enters(Group::Speak, earliest(started), window, requirement)?;
    }
    // It has just said so itself.
    t.without_closing();
    Ok(())
}

fn again_from_active(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.again.active",
            row,
            "A router that was Active, is disabled and enabled again listens as it did the first time.",
            &["startup.listens", "startup.speaks"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            t.make_active()?;
            t.make_initial()?;
            t.wait(t.hellotime())?;
            let started = t.enable()?;
            begins(t, started, &["startup.listens", "startup.speaks"])
        })
}

/// What it has heard before it was disabled does not count.
fn again_from_standby(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.again.standby",
            row,
            "A router that was Standby, is disabled and enabled again waits for nobody whom it heard before.",
            &["startup.listens", "timers.own-holdtime"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            let active = t.candidate();
            let (active, _) = t.make_standby_of(active)?;
            t.stop_peer(active)?;
            t.make_initial()?;
            t.wait(t.hellotime())?;
            let started = t.enable()?;
            begins(t, started, &["startup.listens", "timers.own-holdtime"])
        })
}

fn interface_up(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.interface-up",
            row,
            "A router whose interface goes down and comes up again begins anew: it listens before it speaks.",
            &["startup.interface-up"],
        )
        .needs(Capability::Link)
        .hsrp(dialect, |t| {
            t.make_active()?;
            t.run.step("the link of D goes down, and up again");
            t.run.link(&mut t.lan, LAN, false)?;
            t.wait(t.hellotime())?;
            let up = t.run.link(&mut t.lan, LAN, true)?;
            begins(t, up, &["startup.interface-up"])
        })
}

/// The device is disabled, and has said what it had to say about that.
fn rests(t: &mut HsrpTest<'_>) -> Result<Mark, Stop> {
    t.make_initial()?;
    t.wait(AT_ONCE.lenient.to)?;
    Ok(t.mark())
}

/// It says nothing, and when it is enabled it listens first, as always.
fn stays_initial(t: &mut HsrpTest<'_>, mark: Mark, requirement: &'static str) -> Result<(), Stop> {
    t.never(&t.message(), mark, silent(t.hellotime()), requirement)?;
    let started = t.enable()?;
    begins(t, started, &[requirement])
}

fn disabled_again(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "startup.initial.disabled",
            row,
            "A router in Initial that is disabled once more says nothing, and starts in Listen when it is enabled.",
            &["startup.initial-disabled"],
        )
        .needs(Capability::Configure)
        .problems("A device that cannot be disabled twice is none to which the test applies.")
        .hsrp(dialect, |t| {
            rests(t)?;
            t.run.step("HSRP is disabled on D once more");
            let mark = match t.run.configure("hsrp.enabled", "no") {
                Err(Stop::NotApplicable(reason) | Stop::Error(reason)) => {
                    return Err(Stop::NotApplicable(format!("D cannot be disabled twice: {reason}")));
                }
                other => other?,
            };
            stays_initial(t, mark, "startup.initial-disabled")
        })
}

fn initial(dialect: Dialect, row: &'static str, (name, requirement, messages): Told) -> Test {
    dialect
        .test(
            &format!("startup.initial.{name}"),
            row,
            "A router in Initial does nothing about a message, and starts in Listen when it is enabled.",
            &[requirement],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, move |t| {
            let mark = rests(t)?;
            let long = t.candidate().holdtime;
            for message in messages(t) {
                let message = message.hold(long);
                t.run.step(format!(
                    "T sends to D, which is disabled: {:?} in {:?}",
                    message.opcode, message.state
                ));
                t.send(&message)?;
                t.wait(t.hellotime() / 4)?;
            }
            stays_initial(t, mark, requirement)
        })
}
