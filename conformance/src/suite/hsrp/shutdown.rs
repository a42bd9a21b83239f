//! How a router stops, in each state: an Active one resigns, any other one says nothing; and how it starts again.

use std::time::Duration;

use super::standby::{LOWER_PRIORITY, between_hellos, elapsed, of_default_priority};
use super::states::ACTIVE_PRIORITY;
use super::{Ask, Dialect, Hosts, HsrpTest, Steps, announcement, binding, dialects};
use crate::bed::Capability;
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{AT_ONCE, NO_REPLY, STARTING, active_after_shown, shown};
use crate::spec::{Span, Window};

/// What must not be answered is asked so often.
const TRIES: u32 = 3;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-026", "-", "-"]) {
        tests.push(resigns(dialect, row));
        tests.push(once(dialect, row));
        tests.push(silent_after_resign(dialect, row));
        tests.push(unanswered(dialect, row));
        tests.push(starts_again_from_active(dialect));
    }
    for (dialect, row) in dialects(["H1-052", "-", "-"]) {
        for state in [Group::Learn, Group::Listen, Group::Speak, Group::Standby] {
            tests.push(says_nothing(dialect, row, state));
            tests.push(starts_again(dialect, state));
        }
    }
    for dialect in Dialect::ALL {
        tests.push(learns_again(dialect));
        for state in [Group::Listen, Group::Speak, Group::Standby, Group::Active] {
            tests.push(link(dialect, state));
        }
    }
    tests
}

/// HSRP is disabled on the device, which has just been brought into its state.
fn disable(t: &mut HsrpTest<'_>) -> Result<Mark, Stop> {
    t.run.step("HSRP is disabled on D");
    t.run.configure("hsrp.enabled", "no")
}

/// The device, which is Active, is disabled between two of its Hellos.
fn stop_active(t: &mut HsrpTest<'_>) -> Result<Mark, Stop> {
    t.without_closing();
    t.make_active()?;
    between_hellos(t, Group::Active)?;
    disable(t)
}

/// The same. Returns its Resign, of which nothing is judged.
fn resigned(t: &mut HsrpTest<'_>) -> Result<Sighting, Stop> {
    let mark = stop_active(t)?;
    let before = t.run.preamble_start();
    let resign = t.expect(&t.message().resign(), mark, AT_ONCE, "shutdown.active-resigns")?;
    t.run.preamble_end(before);
    Ok(resign)
}

/// For so long a router is watched that says nothing: all its timers are over by then, and those of Speak too.
fn watched(t: &HsrpTest<'_>) -> Duration {
    t.holdtime() * 2 + t.hellotime() * 2 + AT_ONCE.lenient.to
}

/// Other routers say, once each, what brings any state but Initial to another.
fn tempt(t: &mut HsrpTest<'_>) -> Result<(), Stop> {
    t.run.step("other routers send what a router in the group would answer");
    let lower = t.hello(Group::Standby, LOWER_PRIORITY);
    let coup = t.hello(Group::Speak, ACTIVE_PRIORITY).coup();
    let active = t.hello(Group::Active, LOWER_PRIORITY);
    let resign = active.clone().resign();
    for message in [active, lower, coup, resign] {
        t.send(&message)?;
        t.wait(t.hellotime() / 10)?;
    }
    Ok(())
}

fn resigns(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.active.resigns",
            row,
            "A router that is disabled in Active sends a Resign.",
            &["shutdown.active-resigns"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            let mark = stop_active(t)?;
            t.expect(&t.message().resign(), mark, AT_ONCE, "shutdown.active-resigns").map(drop)
        })
}

fn once(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.active.once",
            row,
            "A router that is disabled in Active sends one Resign, and not several.",
            &["shutdown.once"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            let resign = resigned(t)?;
            let longest = watched(t);
            t.never(&t.message().resign(), resign.mark(), longest, "shutdown.once")
        })
}

fn silent_after_resign(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.active.silent",
            row,
            "A router that was disabled in Active says nothing after its Resign, whatever it hears.",
            &["shutdown.active-silent"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            let resign = resigned(t)?;
            // How often it resigns is another test's affair.
            let other = t
                .message()
                .with("that is no Resign", |seen| seen.heard.opcode != redspec_codec::hsrp::Opcode::RESIGN);
            let longest = watched(t);
            t.never(&other, resign.mark(), longest, "shutdown.active-silent")?;
            tempt(t)?;
            let all = elapsed(t, resign.mark()) + longest;
            t.never(&other, resign.mark(), all, "shutdown.active-silent")
        })
}

fn unanswered(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.active.unanswered",
            row,
            "A router that was disabled in Active does not answer for the virtual address.",
            &["shutdown.unanswered"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            let address = t.vip();
            let stopped = stop_active(t)?;
            // It may take it a while.
            t.wait_until(stopped, AT_ONCE.lenient.to)?;
            for _ in 0..TRIES {
                t.run.step(format!("a host asks for {address}"));
                let asked = t.ask(address, Ask::Everyone)?;
                t.never(&binding(LAN, address), asked, NO_REPLY, "shutdown.unanswered")?;
            }
            Ok(())
        })
}

/// Behind what was disabled, HSRP is enabled again where nobody else is: the device begins anew. A bed tells the moment at
/// which it began to see to that.
fn begins_anew(t: &mut HsrpTest<'_>) -> Result<(), Stop> {
    for peer in &mut t.lan.peers {
        peer.stop();
    }
    let enabled = t.enable()?;
    let (holdtime, hellotime) = (t.holdtime(), t.hellotime());
    let from = Mark { at: enabled.at.time.into(), ..enabled };
    let mut window = shown(holdtime, hellotime);
    window.lenient.to += enabled.at.uncertainty + STARTING;
    let first = t.expect(&t.message(), from, window, "startup.listens")?;
    let seen = t.seen(first).and_then(|seen| seen.heard.state);
    let met = seen == Some(Group::Speak);
    let text = "its first message shows Speak";
    t.judge(met, text, &format!("{seen:?}"), Some(first.number), "startup.speaks")?;
    let active = t.message().state(Group::Active);
    let window = active_after_shown(holdtime, hellotime);
    t.expect(&active, first.mark(), window, "startup.becomes-active").map(drop)
}

/// What [`begins_anew`] judges.
const ANEW: [&str; 3] = ["startup.listens", "startup.speaks", "startup.becomes-active"];

fn starts_again_from_active(dialect: Dialect) -> Test {
    dialect
        .test(
            "shutdown.active.starts-again",
            "-",
            "A router that was disabled in Active begins anew when it is enabled: it listens for a Holdtime.",
            &ANEW,
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            stop_active(t)?;
            t.wait(t.hellotime() * 2)?;
            begins_anew(t)
        })
}

const fn name(state: Group) -> &'static str {
    match state {
        Group::Initial => "initial",
        Group::Learn => "learn",
        Group::Listen => "listen",
        Group::Speak => "speak",
        Group::Standby => "standby",
        Group::Active => "active",
    }
}

/// The device is in this state, at a moment at which it is not about to say something.
fn reach(t: &mut HsrpTest<'_>, state: Group) -> Result<(), Stop> {
    match state {
        Group::Initial => t.make_initial().map(drop),
        Group::Learn => t.make_learn().map(drop),
        Group::Listen => t.make_listen().map(drop),
        Group::Speak => {
            let (_, first) = t.make_speak()?;
            t.wait_until(first.mark(), t.hellotime() / 5)
        }
        Group::Standby => {
            t.make_standby()?;
            between_hellos(t, Group::Standby).map(drop)
        }
        Group::Active => {
            t.make_active()?;
            between_hellos(t, Group::Active).map(drop)
        }
    }
}

fn of_state(
    dialect: Dialect,
    name: &str,
    row: &'static str,
    purpose: &str,
    state: Group,
    of: &[&'static str],
) -> Test {
    let test = of_default_priority(dialect, name, row, purpose, of).needs(Capability::Configure);
    if state == Group::Learn { test.with("hsrp.virtual_known", "no") } else { test }
}

fn says_nothing(dialect: Dialect, row: &'static str, state: Group) -> Test {
    let requirement = match state {
        Group::Learn => "shutdown.learn",
        Group::Listen => "shutdown.listen",
        Group::Speak => "shutdown.speak",
        _ => "shutdown.standby",
    };
    of_state(
        dialect,
        &format!("shutdown.{}.silent", name(state)),
        row,
        "A router that is disabled in a state other than Active sends nothing: no Resign, and no Hello when nobody is left.",
        state,
        &[requirement],
    )
    .hsrp(dialect, move |t| {
        t.without_closing();
        reach(t, state)?;
        let mark = disable(t)?;
        for peer in &mut t.lan.peers {
            peer.stop();
        }
        t.run.step("nobody else says anything");
        let longest = watched(t);
        let told = announcement(LAN, t.vip());
        t.never(&t.message(), mark, longest, requirement)?;
        tempt(t)?;
        // What tempts it has the virtual address in it, and the time from which a router would wait.
        let all = elapsed(t, mark) + longest;
        t.never(&t.message(), mark, all, requirement)?;
        t.never(&told, mark, all, requirement)
    })
}

fn starts_again(dialect: Dialect, state: Group) -> Test {
    let learn = state == Group::Learn;
    let (purpose, requirements): (_, &[&'static str]) = if learn {
        (
            "A router that was disabled in Learn begins anew when it is enabled: it is silent until it is told the address.",
            &["startup.learn-silent"],
        )
    } else {
        ("A router that was disabled begins anew when it is enabled: it listens for a Holdtime.", &ANEW)
    };
    of_state(dialect, &format!("shutdown.{}.starts-again", name(state)), "-", purpose, state, requirements)
        .hsrp(dialect, move |t| {
            reach(t, state)?;
            disable(t)?;
            t.wait(t.hellotime() * 2)?;
            if !learn {
                return begins_anew(t);
            }
            // What it makes of an address that it is told is its choice.
            t.without_closing();
            let enabled = t.enable()?;
            let longest = watched(t) + STARTING;
            t.never(&t.message(), enabled, longest, "startup.learn-silent")
        })
}

/// To learn is a MAY: a router that has done so before does it again.
fn learns_again(dialect: Dialect) -> Test {
    of_state(
        dialect,
        "shutdown.learn.learns-again",
        "-",
        "A router that learns the virtual address, and is disabled in Learn, does so again when it is enabled.",
        Group::Learn,
        &["startup.learn-active-higher"],
    )
    .hsrp(dialect, |t| {
        let window = shown(t.holdtime(), t.hellotime());
        let speaks = t.message().state(Group::Speak);
        let active = t.hello(Group::Active, ACTIVE_PRIORITY);
        t.make_learn()?;
        t.run.step("T is Active");
        let peer = t.start_peer(active.clone());
        let mark = t.mark();
        if t.look(&speaks, mark, window.lenient.to * 2)?.is_none() {
            return Err(Stop::NotApplicable("D does not learn the virtual address".to_owned()));
        }
        t.run.step("T falls silent, and HSRP is disabled and enabled on D, twice");
        t.stop_peer(peer)?;
        t.run.configure("hsrp.enabled", "no")?;
        t.wait(t.hellotime())?;
        t.run.configure("hsrp.enabled", "yes")?;
        // It may keep what it has learned: then it is not in Learn.
        t.make_learn()?;
        t.wait(t.holdtime())?;
        t.run.configure("hsrp.enabled", "no")?;
        t.wait(t.hellotime())?;
        t.run.configure("hsrp.enabled", "yes")?;
        t.make_learn()?;
        t.run.step("T is Active again");
        let mut window = window;
        window.lenient.to += STARTING;
        t.start_peer(active);
        let mark = t.mark();
        t.expect(&speaks, mark, window, "startup.learn-active-higher").map(drop)
    })
}

/// Whether a carrier that is lost is an interface that is disabled, the RFC does not say. Whichever it is, the device is
/// Active some time after its carrier is back.
fn link(dialect: Dialect, state: Group) -> Test {
    of_default_priority(
        dialect,
        &format!("shutdown.link.{}", name(state)),
        "-",
        "A router whose link was down in any state is Active again in the end, where nobody else is.",
        &["startup.becomes-active", "startup.listens"],
    )
    .needs(Capability::Link)
    .hsrp(dialect, move |t| {
        let (holdtime, hellotime) = (t.holdtime(), t.hellotime());
        reach(t, state)?;
        for peer in &mut t.lan.peers {
            peer.stop();
        }
        t.run.step("the carrier of D's port is lost");
        t.run.link(&mut t.lan, LAN, false)?;
        // Less than any of its timers, so that one that goes on where it was is not yet Active by that.
        t.wait(hellotime / 2)?;
        t.run.step("the carrier is back, and nobody else says anything");
        let back = t.run.link(&mut t.lan, LAN, true)?;
        let begins = shown(holdtime, hellotime);
        let active = t.message().state(Group::Active);
        // As from a start; a Standby router may have heard a long Holdtime, and goes on with it.
        let longest = begins.lenient.to + active_after_shown(holdtime, hellotime).lenient.to + STARTING;
        let within = |to| Span { from: Duration::ZERO, to };
        let window = Window::new("START", within(longest), within(longest + back.at.uncertainty));
        t.expect(&active, back, window, "startup.becomes-active")?;
        let first = t.look(&t.message(), back, window.lenient.to)?;
        let Some(first) = first else { return Ok(()) };
        let after = (first.at.time - back.at.time).as_secs_f64();
        let seen = t.seen(first).and_then(|seen| seen.heard.state);
        let text = format!("{after} s after its carrier was back, D's first message showed {seen:?}");
        t.note(text, Some(first.number), "startup.listens");
        let mark = t.mark();
        t.goes_on(Group::Active, mark, 2, "startup.becomes-active").map(drop)
    })
}
