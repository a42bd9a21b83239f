//! Learn: a router that does not know the virtual address waits for the Active router, and does nothing else.
//!
//! Whether it learns the address at all is left to it. Who learns from one Active router, or soon after it has started,
//! has the action that every cell of the table names, and has to do it there too.

use std::net::IpAddr;
use std::time::Duration;

use super::startup::LOWER_PRIORITY;
use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::transitions::wrong_authentication;
use super::{Dialect, HsrpTest, Message, Steps, dialects};
use crate::bed::Capability;
use crate::scenario::{Sighting, Stop, Test};
use crate::spec::Window;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{shown, silent, takeover};

/// A message that Learn does nothing about: what the test's id ends with, the requirement, and the message.
type Told = (&'static str, &'static str, fn(&HsrpTest<'_>) -> Message);

const TOLD: [Told; 4] = [
    ("speak-higher", "startup.learn-speak-higher", |t| t.hello(Group::Speak, ACTIVE_PRIORITY)),
    ("coup", "startup.learn-coup", |t| t.hello(Group::Speak, ACTIVE_PRIORITY).coup()),
    ("standby-higher", "startup.learn-standby-higher", |t| t.hello(Group::Standby, STANDBY_PRIORITY)),
    ("standby-lower", "startup.learn-standby-lower", |t| t.hello(Group::Standby, LOWER_PRIORITY)),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-009", "-", "-"]) {
        tests.push(silent_for_ever(dialect, row));
        tests.push(learns(dialect, row, "learn.active-higher", ACTIVE_PRIORITY, LOWER_PRIORITY));
        tests.push(learns(dialect, row, "learn.active-lower", LOWER_PRIORITY, ACTIVE_PRIORITY));
        tests.push(once(dialect, row, "learn.active-higher.once", ACTIVE_PRIORITY));
        tests.push(once(dialect, row, "learn.active-lower.once", LOWER_PRIORITY));
        for told in TOLD {
            tests.push(unmoved(dialect, row, told));
        }
    }
    for (dialect, row) in dialects(["H1-045", "-", "-"]) {
        tests.push(unauthenticated(dialect, row));
    }
    tests
}

/// A test that begins with a device in Learn.
fn of(dialect: Dialect, name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
    dialect.test(name, row, purpose, requirements).needs(Capability::Fresh).with("hsrp.virtual_known", "no")
}

/// What asks that a router in Learn goes on under an Active router of that priority.
const fn asked(priority: u32) -> &'static str {
    if priority == LOWER_PRIORITY { "startup.learn-active-lower" } else { "startup.learn-active-higher" }
}

/// The device waits in Learn until its timers of the start have run out.
fn waits(t: &mut HsrpTest<'_>) -> Result<(), Stop> {
    let before = t.run.preamble_start();
    t.run.step("D does not know the virtual address: it says nothing");
    let mark = t.mark();
    let longest = t.holdtime() + t.hellotime();
    let found = t.look(&t.message(), mark, longest)?;
    t.run.preamble_end(before);
    match found {
        Some(_) => Err(Stop::Inconclusive("preamble: D sends although it has no virtual address".to_owned())),
        None => Ok(()),
    }
}

/// The device speaks, a Holdtime after it has gone on to Listen.
fn window(t: &HsrpTest<'_>) -> Window {
    shown(t.holdtime(), t.hellotime())
}

/// The message tells the virtual address that it was to learn.
fn tells(
    t: &mut HsrpTest<'_>,
    first: Sighting,
    address: IpAddr,
    requirement: &'static str,
) -> Result<(), Stop> {
    let told = t.seen(first).map(|seen| seen.heard.address);
    let seen = told.map_or_else(String::new, |told| format!("it tells {told}"));
    let text = format!("it has learned {address}");
    t.judge(told == Some(address), &text, &seen, Some(first.number), requirement)
}

/// The device has said nothing under an Active router that it might have learned from. Under another one, which is there
/// when it starts, does it learn? If not it learns from nobody, which it may.
fn learns_from_nobody(t: &mut HsrpTest<'_>, priority: u32, requirement: &'static str) -> Result<(), Stop> {
    t.run.step("D is started anew, and T is Active from the beginning");
    let started = t.restart()?;
    let active = t.hello(Group::Active, priority);
    t.start_peer(active);
    let longest = window(t).lenient.to;
    let other = t.look(&t.message(), started, longest)?;
    // Who has nothing to say cannot show that it is alive.
    t.without_closing();
    let text = "it goes on to Listen as it does elsewhere";
    if let Some(other) = other {
        return t.judge(false, text, "it stays where it is", Some(other.number), requirement);
    }
    t.note("it learns the virtual address from nobody", None, "learning.virtual-address");
    Ok(())
}

fn silent_for_ever(dialect: Dialect, row: &'static str) -> Test {
    of(
        dialect,
        "learn.silent",
        row,
        "A router that has no virtual address waits in Learn, and sends no Hello, however long it hears nobody.",
        &["startup.learn-silent", "startup.learns"],
    )
    .hsrp(dialect, |t| {
        let started = t.run.fresh()?;
        t.without_closing();
        t.run.step("D does not know the virtual address, and nobody says anything");
        let longest = t.holdtime() * 3 + t.hellotime() * 2;
        t.never(&t.message(), started, longest, "startup.learn-silent")?;
        t.never(&t.message(), started, longest, "startup.learns")
    })
}

fn learns(dialect: Dialect, row: &'static str, name: &str, priority: u32, other: u32) -> Test {
    let requirement = asked(priority);
    of(
        dialect,
        name,
        row,
        "A router in Learn goes on to Listen with what an Active router of that priority tells, and speaks a Holdtime later.",
        &[requirement, "startup.learns", "startup.learn-silent", "learning.virtual-address"],
    )
    .needs(Capability::Configure)
    .hsrp(dialect, move |t| {
        waits(t)?;
        t.run.step(format!("T is Active with priority {priority}: D learns, and listens"));
        let active = t.hello(Group::Active, priority);
        let address = active.address;
        let mark = t.mark();
        t.start_peer(active);
        let window = window(t);
        if t.look(&t.message(), mark, window.lenient.to)?.is_none() {
            return learns_from_nobody(t, other, requirement);
        }
        let first = t.enters(Group::Speak, mark, window, requirement)?;
        // The same time, as that of a router that has waited in Learn until then.
        let requirement = t.requirement("startup.learns");
        t.run.judge_time("its first Hello", mark, first, window, requirement)?;
        // Speak is for who has the virtual address.
        tells(t, first, address, "startup.learn-silent")?;
        t.note(format!("it learns {address}"), Some(first.number), "learning.virtual-address");
        t.without_closing();
        Ok(())
    })
}

/// One Hello is enough, and what it tells counts: the Active timer runs for its Holdtime, the Standby timer for D's own.
fn once(dialect: Dialect, row: &'static str, name: &str, priority: u32) -> Test {
    let requirement = asked(priority);
    of(
        dialect,
        name,
        row,
        "A router that leaves Learn waits for the Active router as long as that one told, and is Active then.",
        &[requirement, "startup.learn-silent", "learning.virtual-address"],
    )
    .hsrp(dialect, move |t| {
        waits(t)?;
        t.run.step(format!("T sends one Hello as Active with priority {priority}: D learns, speaks and is Active"));
        let holdtime = (t.holdtime() * 3).min(Duration::from_secs(255));
        let hello = t.hello(Group::Active, priority).hold(holdtime);
        let address = hello.address;
        let mark = t.send(&hello)?;
        let shown = window(t);
        let Some(first) = t.look(&t.message(), mark, shown.lenient.to)? else {
            t.without_closing();
            let text = "it has not learned the virtual address from one Hello";
            t.note(text, None, "learning.virtual-address");
            return Ok(());
        };
        tells(t, first, address, "startup.learn-silent")?;
        t.enters(Group::Speak, mark, shown, requirement)?;
        t.expect(&t.message().state(Group::Active), mark, takeover(holdtime), requirement)?;
        t.without_closing();
        Ok(())
    })
}

fn unmoved(dialect: Dialect, row: &'static str, (name, requirement, message): Told) -> Test {
    of(
        dialect,
        &format!("learn.{name}"),
        row,
        "A router in Learn stays there under such a message, and learns nothing from it.",
        &[requirement, "learning.virtual-address"],
    )
    .needs(Capability::Configure)
    .hsrp(dialect, move |t| {
        let told = message(t);
        let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
        let address = t.vip();
        let other = t.other_vip();
        t.run.step(format!("T sends {:?} in {:?}, with another virtual address", told.opcode, told.state));
        let mark = t.mark();
        let told = Message { address: other, ..told };
        for _ in 0..3 {
            t.send(&told)?;
            t.wait(hellotime)?;
        }
        // Also when the timers of its start have run out.
        t.never(&t.message(), mark, holdtime * 2 + hellotime + silent(hellotime), requirement)?;
        t.run.step("T is Active with a lower priority: D learns, and listens");
        let active = t.hello(Group::Active, LOWER_PRIORITY);
        let mark = t.mark();
        t.start_peer(active);
        let window = window(t);
        if t.look(&t.message(), mark, window.lenient.to)?.is_none() {
            return learns_from_nobody(t, LOWER_PRIORITY, requirement);
        }
        let first = t.enters(Group::Speak, mark, window, requirement)?;
        tells(t, first, address, requirement)?;
        t.without_closing();
        Ok(())
    })
}

fn unauthenticated(dialect: Dialect, row: &'static str) -> Test {
    of(
        dialect,
        "learn.unauthenticated",
        row,
        "A router in Learn learns nothing from an Active router that is not authenticated, and stays silent.",
        &["learning.virtual-address-authenticated"],
    )
    .hsrp(dialect, |t| {
        t.without_closing();
        for authentication in wrong_authentication(t) {
            let how = if authentication.is_none() { "without authentication" } else { "with a wrong one" };
            t.run.step(format!("T is Active, {how}"));
            let hello = t.hello(Group::Active, LOWER_PRIORITY);
            let peer = t.start_peer(Message { authentication, ..hello });
            let mark = t.mark();
            let longest = t.holdtime() * 2 + t.hellotime() + Duration::from_secs(3);
            t.never(&t.message(), mark, longest, "learning.virtual-address-authenticated")?;
            t.stop_peer(peer)?;
        }
        Ok(())
    })
}
