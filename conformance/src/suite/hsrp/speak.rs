//! Speak, event by event.

use std::time::Duration;

use super::listen::{long, takes_over};
use super::startup::LOWER_PRIORITY;
use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use super::transitions::longer;
use super::{Dialect, HsrpTest, Message, Steps, dialects};
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{hello_again, missing, next_hello, shown, shown_after_shown, takeover};

/// A message that Speak does nothing about: what the test's id ends with, the requirement, and the message.
type Told = (&'static str, &'static str, fn(&HsrpTest<'_>) -> Message);

const TOLD: [Told; 2] = [
    ("coup", "speak.coup-ignored", |t| t.hello(Group::Speak, ACTIVE_PRIORITY).coup()),
    ("speak-lower", "speak.speak-lower-ignored", |t| t.hello(Group::Speak, LOWER_PRIORITY)),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["-", "-", "-"]) {
        tests.push(hellos(dialect, row));
        tests.push(active(dialect, row, "speak.active-higher", ACTIVE_PRIORITY));
    }
    for (dialect, row) in dialects(["H1-014", "-", "-"]) {
        tests.push(better(dialect, row, "speak.speak-higher", |t| t.hello(Group::Speak, ACTIVE_PRIORITY)));
    }
    for (dialect, row) in dialects(["H1-015", "-", "-"]) {
        tests.push(standby_lower(dialect, row));
    }
    for (dialect, row) in dialects(["H1-016", "-", "-"]) {
        tests.push(better(dialect, row, "speak.standby-higher", |t| {
            t.hello(Group::Standby, STANDBY_PRIORITY)
        }));
    }
    for (dialect, row) in dialects(["H1-017", "H2-010", "H2-010"]) {
        tests.push(preempts(dialect, row));
    }
    for (dialect, row) in dialects(["H1-018", "-", "-"]) {
        tests.push(active(dialect, row, "speak.active-lower", LOWER_PRIORITY).with("hsrp.preempt", "no"));
    }
    for (dialect, row) in dialects(["H1-054", "-", "-"]) {
        for told in TOLD {
            tests.push(unmoved(dialect, row, told));
        }
    }
    for (dialect, row) in dialects(["H1-055", "-", "-"]) {
        tests.push(resign(dialect, row));
        tests.push(active_timer(dialect, row));
    }
    tests
}

/// The device's second Hello of Speak is in Speak too, and a Hellotime remains to do something to it.
fn long_enough(t: &HsrpTest<'_>) -> Result<(), Stop> {
    if t.holdtime() < t.hellotime() * 3 {
        return Err(Stop::NotApplicable(
            "with a Holdtime below three Hellotimes Speak is too short".to_owned(),
        ));
    }
    Ok(())
}

/// The device, in Speak, has just sent its first Hello: for a while nothing of its is under way.
fn speaks(t: &mut HsrpTest<'_>) -> Result<(usize, Sighting), Stop> {
    let active = t.hello(Group::Active, ACTIVE_PRIORITY);
    speaks_under(t, active)
}

fn speaks_under(t: &mut HsrpTest<'_>, active: Message) -> Result<(usize, Sighting), Stop> {
    long_enough(t)?;
    let (active, first) = t.make_speak_under(active)?;
    t.wait_until(first.mark(), t.hellotime() / 4)?;
    Ok((active, first))
}

fn hellos(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "speak.hellos",
            row,
            "A router in Speak sends a Hello each Hellotime, until the Standby timer expires.",
            &["speak.hellos", "speak.standby-timer"],
        )
        .hsrp(dialect, |t| {
            long_enough(t)?;
            let (_, first) = t.make_speak()?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            let next = t.expect(&t.message(), first.mark(), missing(hellotime), "speak.hellos")?;
            t.is_in(Group::Speak, next, "speak.hellos")?;
            let window = shown_after_shown(holdtime, hellotime);
            let over = [Group::Speak, Group::Standby];
            t.goes_over(over, first.mark(), window, "speak.standby-timer")?;
            t.without_closing();
            Ok(())
        })
}

/// The device yields to a better router and listens, for its own Holdtime where that one speaks, and for that one's where
/// it is Standby.
fn better(
    dialect: Dialect,
    row: &'static str,
    name: &'static str,
    message: fn(&HsrpTest<'_>) -> Message,
) -> Test {
    dialect
        .test(
            name,
            row,
            "A router in Speak falls silent under a better one in Speak or Standby, and speaks when its time is over.",
            &[name],
        )
        .hsrp(dialect, move |t| {
            long_enough(t)?;
            let (active, first) = t.make_speak()?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            // Not early in Speak, so that the timer of its beginning would expire before a new one.
            t.after_hello(Group::Speak, first.mark())?;
            // From Learn another Hello of the Active router would lead to Listen.
            t.run.step("the Active router falls silent behind a Hello with a long Holdtime");
            let last = t.lan.peers[active].message.clone().hold(long(t));
            t.last_hello(active, &last)?;
            let told = (holdtime * 2).min(Duration::from_secs(255));
            let better = message(t).hold(told);
            t.run.step(format!("T sends one Hello in {:?} with priority {}", better.state, better.priority));
            let mark = t.send(&better)?;
            // The Holdtime of a Hello in Speak is for nobody.
            let waits = if better.state == Group::Standby { told } else { holdtime };
            t.enters(Group::Speak, mark, shown(waits, hellotime), name)?;
            t.without_closing();
            Ok(())
        })
}

fn standby_lower(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "speak.standby-lower",
            row,
            "A router in Speak is Standby when it hears a Standby router of lower priority.",
            &["speak.standby-lower"],
        )
        .hsrp(dialect, |t| {
            let (_, _) = speaks(t)?;
            t.run.step(format!("T sends one Hello as Standby with priority {LOWER_PRIORITY}"));
            let lower = t.hello(Group::Standby, LOWER_PRIORITY);
            let mark = t.send(&lower)?;
            let window = next_hello(t.hellotime());
            let standby = t.goes_over([Group::Speak, Group::Standby], mark, window, "speak.standby-lower")?;
            t.goes_on(Group::Standby, standby.mark(), 2, "speak.standby-lower")?;
            t.without_closing();
            Ok(())
        })
}

/// The Active timer is started in Speak and counts in Standby: Active follows the last Hello that was heard in Speak.
fn active(dialect: Dialect, row: &'static str, name: &'static str, priority: u32) -> Test {
    dialect
        .test(
            name,
            row,
            "A Hello of the Active router starts the Active timer in Speak: it counts when the router is Standby.",
            &[name],
        )
        .hsrp(dialect, move |t| {
            let active = t.hello(Group::Active, priority);
            let (active, first) = speaks_under(t, active)?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            t.run.step("the Active router sends a last Hello: D goes on to Standby, and is Active when its time is over");
            let told = (holdtime * 2).min(Duration::from_secs(255));
            let last = t.lan.peers[active].message.clone().hold(told);
            let mark = t.last_hello(active, &last)?;
            let over = [Group::Speak, Group::Standby];
            t.goes_over(over, first.mark(), shown_after_shown(holdtime, hellotime), name)?;
            t.expect(&t.message().state(Group::Active), mark, takeover(told), name)?;
            t.without_closing();
            Ok(())
        })
}

fn preempts(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "speak.preempts",
            row,
            "A router in Speak that preempts answers an Active router of lower priority with a Coup, and is Active.",
            &["speak.preempts", "arp.gratuitous", "nd.unsolicited"],
        )
        .with("hsrp.preempt", "yes")
        .hsrp(dialect, |t| {
            let (active, _) = speaks(t)?;
            takes_over(t, active, "speak.preempts")
        })
}

fn resign(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "speak.resign",
            row,
            "A Resign starts the Active timer of a router in Speak for its own Holdtime, and does nothing more.",
            &["speak.resign"],
        )
        .hsrp(dialect, |t| {
            let (active, first) = speaks(t)?;
            t.run.step("the Active router sends a Hello with a long Holdtime, and resigns");
            let last = t.lan.peers[active].message.clone().hold(long(t));
            t.last_hello(active, &last)?;
            let mark = t.send(&last.clone().resign())?;
            let next = t.unmoved(Group::Speak, first, mark, "speak.resign")?;

            // Once more and later: the Standby timer has to expire before the Active timer, also of a router that is late.
            t.wait_until(next.mark(), t.hellotime() / 4)?;
            t.run.step("the Active router is there once more, and resigns: D is Active a Holdtime later");
            t.send(&last)?;
            let mark = t.send(&last.resign())?;
            let window = takeover(t.holdtime());
            let active = t.message().state(Group::Active);
            if t.look(&active, mark, window.lenient.to)?.is_none() {
                // Without the Resign it waits as long as the last Hello has told.
                let longest = takeover(long(t)).lenient.to;
                if t.look(&active, mark, longest)?.is_none() {
                    let text = "D is never Active: its Active timer may have expired before it was Standby";
                    return Err(Stop::Inconclusive(text.to_owned()));
                }
            }
            t.expect(&active, mark, window, "speak.resign")?;
            t.without_closing();
            Ok(())
        })
}

/// The Active router's last Hello is over while the device is in Speak. What becomes of the device once it is Standby the
/// table leaves open: no timer runs there any more.
fn active_timer(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "speak.active-timer",
            row,
            "A router in Speak does nothing when the Active timer expires: it is Standby when the Standby timer does.",
            &["speak.active-timer-ignored"],
        )
        .hsrp(dialect, |t| {
            long_enough(t)?;
            let others = t.make_listen()?;
            let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
            let requirement = "speak.active-timer-ignored";
            t.run.step("the Standby router falls silent, and the Active one so that its time is over while D speaks");
            let standby = t.lan.peers[others.standby].message.clone();
            let last = t.last_hello(others.standby, &standby)?;
            t.wait_until(last, holdtime.saturating_sub(hellotime / 2))?;
            let active = t.lan.peers[others.active].message.clone().hold(hellotime * 2);
            t.last_hello(others.active, &active)?;
            let Some(first) = t.look(&t.message(), last, shown(holdtime, hellotime).lenient.to)? else {
                return Err(Stop::Inconclusive("preamble: D does not speak".to_owned()));
            };
            // The timer expires one and a half Hellotimes after Speak has begun.
            let until = Mark { at: last.at, ..first.itself() };
            let watched = holdtime + holdtime.min(hellotime * 5 / 2);
            let sent = t.all(&t.message(), until, watched)?;
            t.gaps(&sent, hello_again(hellotime), requirement)?;
            // One that was late may have come from Listen by way of the Active timer: it waits a Holdtime from then on.
            let window = longer(shown(holdtime * 2, hellotime), holdtime);
            let next = t.message().states(&[Group::Standby, Group::Active]);
            t.expect(&next, last, window, requirement)?;
            let other = t.message().states(&[Group::Initial, Group::Learn, Group::Listen]);
            t.never(&other, last, t.now() - last.at.time, requirement)?;
            t.without_closing();
            Ok(())
        })
}

fn unmoved(dialect: Dialect, row: &'static str, (name, requirement, message): Told) -> Test {
    dialect
        .test(
            &format!("speak.{name}"),
            row,
            "A router in Speak does nothing about such a message: it is Standby when it would have been.",
            &[requirement],
        )
        .hsrp(dialect, move |t| {
            let (_, first) = speaks(t)?;
            let told = message(t).hold(long(t));
            t.run.step(format!(
                "T sends {:?} in {:?} with priority {}",
                told.opcode, told.state, told.priority
            ));
            let mark = t.send(&told)?;
            t.unmoved(Group::Speak, first, mark, requirement)?;
            let window = shown_after_shown(t.holdtime(), t.hellotime());
            t.goes_over([Group::Speak, Group::Standby], first.mark(), window, requirement)?;
            t.without_closing();
            Ok(())
        })
}
