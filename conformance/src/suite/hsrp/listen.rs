//! Listen, event by event. It shows as silence, and in when that ends.

use std::time::Duration;

use super::startup::LOWER_PRIORITY;
use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::transitions::{earliest, first_window};
use super::{Dialect, HsrpTest, Message, Steps, announcement, dialects};
use crate::bed::Capability;
use crate::reference::router::LAN;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{AT_ONCE, active_after_shown, next_hello, shown, shown_after_shown};

/// A message that Listen does nothing about: what the test's id ends with, the requirement, and the message.
type Told = (&'static str, &'static str, fn(&HsrpTest<'_>) -> Message);

const TOLD: [Told; 2] = [
    ("speak-higher", "listen.speak-higher-ignored", |t| t.hello(Group::Speak, ACTIVE_PRIORITY)),
    ("coup", "listen.coup-ignored", |t| t.hello(Group::Speak, ACTIVE_PRIORITY).coup()),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-010", "-", "-"]) {
        tests.push(active_timer(dialect, row));
    }
    for (dialect, row) in dialects(["H1-013", "-", "-"]) {
        tests.push(starts_under_active(dialect, row));
        tests.push(standby_timer(dialect, row));
    }
    for (dialect, row) in dialects(["-", "-", "-"]) {
        tests.push(stays_silent(dialect, row));
    }
    for (dialect, row) in dialects(["H1-017", "H2-010", "H2-010"]) {
        tests.push(preempts(dialect, row));
    }
    for (dialect, row) in dialects(["H1-018", "-", "-"]) {
        tests.push(stays_silent_under_lower(dialect, row));
    }
    for (dialect, row) in dialects(["H1-024", "-", "-"]) {
        tests.push(resign(dialect, row));
    }
    for (dialect, row) in dialects(["H1-053", "-", "-"]) {
        tests.push(standby_lower(dialect, row));
    }
    for (dialect, row) in dialects(["H1-054", "-", "-"]) {
        for told in TOLD {
            tests.push(unmoved(dialect, row, told));
        }
    }
    tests
}

/// A Holdtime that nothing else in a test is as long as.
pub fn long(t: &HsrpTest<'_>) -> Duration {
    (t.holdtime() * 4).min(Duration::from_secs(255))
}

/// A last Hello of the Standby router, with a Holdtime that keeps its timer from expiring.
fn hold_standby(t: &mut HsrpTest<'_>, standby: usize) -> Result<Mark, Stop> {
    let hold = t.lan.peers[standby].message.clone().hold(long(t));
    t.last_hello(standby, &hold)
}

fn active_timer(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.active-timer",
            row,
            "A router in Listen speaks when the Active timer expires, and is Active when its own timers have expired.",
            &["listen.active-timer", "timers.own-holdtime"],
        )
        .hsrp(dialect, |t| {
            let others = t.make_listen()?;
            t.run.step("the Active router falls silent, and the Standby router behind a Hello with a long Holdtime");
            hold_standby(t, others.standby)?;
            let last = t.lan.peers[others.active].message.clone();
            let last = t.last_hello(others.active, &last)?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            let speaks = t.enters(Group::Speak, last, shown(holdtime, hellotime), "listen.active-timer")?;
            // Both its timers were started anew: what the Standby router has told last counts no longer.
            let window = active_after_shown(holdtime, hellotime);
            t.expect(&t.message().state(Group::Active), speaks.mark(), window, "timers.own-holdtime")?;
            t.without_closing();
            Ok(())
        })
}

fn starts_under_active(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.standby-timer.start",
            row,
            "A router that starts under an Active router speaks a Holdtime later, and is Standby another one later.",
            &["listen.standby-timer", "listen.active-higher", "speak.standby-timer"],
        )
        .needs(Capability::Fresh)
        .hsrp(dialect, |t| {
            let started = t.run.fresh()?;
            t.run.step("T is Active, and D starts");
            let active = t.hello(Group::Active, ACTIVE_PRIORITY);
            t.start_peer(active);
            let window = first_window(t, started);
            let speaks = t.enters(Group::Speak, earliest(started), window, "listen.standby-timer")?;
            let window = shown_after_shown(t.holdtime(), t.hellotime());
            let over = [Group::Speak, Group::Standby];
            let standby = t.goes_over(over, speaks.mark(), window, "speak.standby-timer")?;
            t.goes_on(Group::Standby, standby.mark(), 2, "listen.active-higher")?;
            t.without_closing();
            Ok(())
        })
}

fn standby_timer(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.standby-timer",
            row,
            "A router in Listen speaks when the Standby timer expires, and is Standby when its own has expired.",
            &["listen.standby-timer", "speak.standby-timer"],
        )
        .hsrp(dialect, |t| {
            let others = t.make_listen()?;
            t.run.step("the Standby router falls silent, and the Active router goes on: D speaks");
            let last = t.stop_peer(others.standby)?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            let speaks = t.enters(Group::Speak, last, shown(holdtime, hellotime), "listen.standby-timer")?;
            let window = shown_after_shown(holdtime, hellotime);
            let over = [Group::Speak, Group::Standby];
            t.goes_over(over, speaks.mark(), window, "speak.standby-timer")?;
            t.without_closing();
            Ok(())
        })
}

/// The device is silent for three Holdtimes under an Active router that sends this, and a better Standby router. Their
/// Hellos alternate: what one of them leads to shows before the other leads back.
fn silent_under(t: &mut HsrpTest<'_>, active: Message, requirements: &[&'static str]) -> Result<(), Stop> {
    let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
    t.run.step(format!(
        "T is Active with priority {}, and as another router Standby with priority {STANDBY_PRIORITY}",
        active.priority
    ));
    t.start_peer(active);
    let standby = t.hello(Group::Standby, STANDBY_PRIORITY);
    // What it was before ends with the first Hellos of both.
    t.send(&standby)?;
    t.wait(hellotime / 2)?;
    let peer = t.start_peer(standby);
    t.wait(hellotime / 4)?;
    let mark = t.mark();
    for requirement in requirements {
        t.never(&t.message(), mark, holdtime * 3, requirement)?;
    }
    // From Initial and Learn there is no way on.
    t.run.step("all are silent: D speaks");
    for index in 0..peer {
        t.stop_peer(index)?;
    }
    let last = t.stop_peer(peer)?;
    let window = shown(holdtime, hellotime);
    let speaks = t.look(&t.message().state(Group::Speak), last, window.lenient.to)?;
    for requirement in requirements {
        let number = speaks.map(|speaks| speaks.number);
        t.judge(speaks.is_some(), "it has listened, and speaks", "it does not", number, requirement)?;
    }
    t.without_closing();
    Ok(())
}

fn stays_silent(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.silent",
            row,
            "A router that hears better Active and Standby routers listens and sends nothing, for as long as it does.",
            &["listen.silent", "listen.active-higher", "listen.standby-higher"],
        )
        .hsrp(dialect, |t| {
            let active = t.hello(Group::Active, ACTIVE_PRIORITY);
            silent_under(t, active, &["listen.silent", "listen.active-higher", "listen.standby-higher"])
        })
}

fn stays_silent_under_lower(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.active-lower",
            row,
            "A router that does not preempt listens under an Active router of lower priority as under a better one.",
            &["listen.active-lower"],
        )
        .with("hsrp.preempt", "no")
        // One that is Active already does not listen.
        .needs(Capability::Fresh)
        .hsrp(dialect, |t| {
            let active = t.hello(Group::Active, LOWER_PRIORITY);
            silent_under(t, active, &["listen.active-lower"])
        })
}

/// The device, which waits for an Active router, takes over from this one: Coup, Hello, and where the address is.
///
/// # Errors
/// It does not: recorded, and the end of the test.
pub fn takes_over(t: &mut HsrpTest<'_>, active: usize, requirement: &'static str) -> Result<(), Stop> {
    t.run.step(format!("the Active router goes on with priority {LOWER_PRIORITY}: D takes over"));
    let lower = Message { priority: LOWER_PRIORITY, ..t.lan.peers[active].message.clone() };
    let mark = t.last_hello(active, &lower)?;
    t.expect(&t.message().coup(), mark, AT_ONCE, requirement)?;
    let first = t.expect(&t.message().state(Group::Active), mark, AT_ONCE, requirement)?;
    let announced = if t.dialect == Dialect::V6 { "nd.unsolicited" } else { "arp.gratuitous" };
    let address = t.vip();
    t.expect(&announcement(LAN, address), mark, AT_ONCE, announced)?;
    t.goes_on(Group::Active, first.mark(), 2, requirement)?;
    t.without_closing();
    Ok(())
}

fn preempts(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.preempts",
            row,
            "A router in Listen that preempts answers an Active router of lower priority with a Coup, and is Active.",
            &["listen.preempts", "arp.gratuitous", "nd.unsolicited"],
        )
        .with("hsrp.preempt", "yes")
        .hsrp(dialect, |t| {
            let others = t.make_listen()?;
            takes_over(t, others.active, "listen.preempts")
        })
}

fn resign(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.resign",
            row,
            "A router in Listen speaks when the Active router resigns, and is Active when its own timers have expired.",
            &["listen.resign", "timers.own-holdtime"],
        )
        .hsrp(dialect, |t| {
            let others = t.make_listen()?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            t.run.step("the Standby router falls silent behind a Hello with a long Holdtime, and the Active one resigns");
            hold_standby(t, others.standby)?;
            let last = t.lan.peers[others.active].message.clone();
            let hello = t.last_hello(others.active, &last)?;
            t.wait_until(hello, hellotime / 2)?;
            let mark = t.send(&last.resign())?;
            let speaks = t.enters(Group::Speak, mark, next_hello(hellotime), "listen.resign")?;
            let window = active_after_shown(holdtime, hellotime);
            t.expect(&t.message().state(Group::Active), speaks.mark(), window, "timers.own-holdtime")?;
            t.without_closing();
            Ok(())
        })
}

fn standby_lower(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "listen.standby-lower",
            row,
            "A router in Listen speaks when it hears a worse Standby router, and is Standby when that one's Holdtime is over.",
            &["listen.standby-lower", "timers.standby-holdtime"],
        )
        .hsrp(dialect, |t| {
            let others = t.make_listen()?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            t.run.step(format!("the Standby router says one thing more: its priority is {LOWER_PRIORITY}"));
            let hold = hold_standby(t, others.standby)?;
            t.wait_until(hold, hellotime / 2)?;
            let told = (holdtime * 2).min(Duration::from_secs(255));
            let lower = t.hello(Group::Standby, LOWER_PRIORITY).hold(told);
            let mark = t.send(&lower)?;
            t.enters(Group::Speak, mark, next_hello(hellotime), "listen.standby-lower")?;
            // From now on it waits as that Hello has told.
            let window = shown(told, hellotime);
            let over = [Group::Speak, Group::Standby];
            t.goes_over(over, mark, window, "timers.standby-holdtime")?;
            t.without_closing();
            Ok(())
        })
}

fn unmoved(dialect: Dialect, row: &'static str, (name, requirement, message): Told) -> Test {
    dialect
        .test(
            &format!("listen.{name}"),
            row,
            "A router in Listen does nothing about such a message: it speaks when it would have spoken.",
            &[requirement],
        )
        .hsrp(dialect, move |t| {
            let others = t.make_listen()?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            let told = message(t).hold(long(t));
            t.run.step(format!("all others fall silent, and T sends {:?} in {:?}", told.opcode, told.state));
            let last = t.lan.peers[others.active].message.clone();
            t.last_hello(others.active, &last)?;
            let last = t.lan.peers[others.standby].message.clone();
            let last = t.last_hello(others.standby, &last)?;
            for quarter in 1..=3 {
                t.wait_until(last, hellotime * quarter / 2)?;
                t.send(&told)?;
            }
            t.enters(Group::Speak, last, shown(holdtime, hellotime), requirement)?;
            t.without_closing();
            Ok(())
        })
}
