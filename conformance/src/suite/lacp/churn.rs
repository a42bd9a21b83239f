//! Group M: churn, which only the device's own account shows.

use std::time::Duration;

use redspec_codec::slow::lacp::State;

use super::{LacpTest, P1, lacpdu, test};
use crate::bed::Capability;
use crate::event::Port;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{CHURN, R, TAKEOVER, UPC};
use crate::time::Time;

/// The device's name for actor churn.
const ACTOR: &str = "lacp.actor_churn";
/// The device's name for partner churn.
const PARTNER: &str = "lacp.partner_churn";

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![
        partner_declared(),
        actor_declared(),
        partner_cleared(),
        actor_cleared(),
        partner_monitored_again_after_loss("early", 30),
        partner_monitored_again_after_loss("late", 70),
        actor_monitored_again_after_loss("early", 30),
        actor_monitored_again_after_loss("late", 70),
        partner_monitored_again_after_link(),
        actor_monitored_again_after_link(),
    ]
}

/// The device's account is this.
fn is(
    t: &mut LacpTest<'_>,
    name: &str,
    port: Port,
    churn: bool,
    requirement: &'static str,
) -> Result<(), Stop> {
    let told = t.state(name, port)?;
    let expected = format!("{name} of {port} is {churn}");
    t.judge(told == churn.to_string(), &expected, &format!("the device says {told}"), None, requirement)
}

/// Churn is declared in the window that begins at `mark`, and not before.
fn declared(
    t: &mut LacpTest<'_>,
    name: &str,
    port: Port,
    mark: Mark,
    requirement: &'static str,
) -> Result<(), Stop> {
    let span = t.held_to(CHURN);
    t.step(format!("wait {} s", span.from.as_secs_f64()));
    t.wait_until(mark.at.time + span.from)?;
    is(t, name, port, false, requirement)?;
    t.step(format!("wait until {} s have passed", span.to.as_secs_f64()));
    t.wait_until(mark.at.time + span.to)?;
    is(t, name, port, true, requirement)
}

/// The same, as a precondition.
fn declared_before(t: &mut LacpTest<'_>, name: &str, port: Port, mark: Mark) -> Result<(), Stop> {
    t.preamble(|t| declared(t, name, port, mark, "lacp.churn.partner-declared"))
}

/// M-01.
fn partner_declared() -> Test {
    test(
        "lacp.churn.partner-declared",
        "M-01",
        "A partner that speaks but is not in sync 60 s after the link came up churns; the port, which is attached, does not.",
    )
    .judges(&["lacp.churn.partner-declared", "lacp.churn.actor-declared"])
    .needs(Capability::State)
    .needs(Capability::Link)
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        t.known()?;
        declared(t, PARTNER, P1, start, "lacp.churn.partner-declared")?;
        is(t, ACTOR, P1, false, "lacp.churn.actor-declared")
    })
}

/// Two links of which only one may be used: the one on standby is never in sync. The one in use, and the other.
fn standby(t: &mut LacpTest<'_>) -> Result<(Port, Port), Stop> {
    let ports = t.ports();
    t.run.set_up("D may use one of two links, T offers both");
    let now = t.now();
    for &port in &ports {
        t.partner(port).cooperate(now);
    }
    t.wait_until(now + Duration::from_secs(20))?;
    let in_sync = |port: Port| t.own(port).map(|own| own.state.has(State::SYNCHRONIZATION));
    match (in_sync(ports[0])?, in_sync(ports[1])?) {
        (true, false) => Ok((ports[0], ports[1])),
        (false, true) => Ok((ports[1], ports[0])),
        (one, _) => {
            let how = if one { "both" } else { "none" };
            Err(Stop::Inconclusive(format!("D may use one of two links, and has {how} in sync")))
        }
    }
}

/// M-01.
fn actor_declared() -> Test {
    test(
        "lacp.churn.actor-declared",
        "M-01",
        "A port on standby, which is not in sync 60 s after the link came up, churns; the port in use does not.",
    )
    .judges(&["lacp.churn.actor-declared"])
    .needs(Capability::State)
    .needs(Capability::Link)
    .ports(2)
    .with("lacp.max_links", 1)
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        let (used, standby) = standby(t)?;
        declared(t, ACTOR, standby, start, "lacp.churn.actor-declared")?;
        is(t, ACTOR, used, false, "lacp.churn.actor-declared")
    })
}

/// M-02.
fn partner_cleared() -> Test {
    test("lacp.churn.partner-cleared", "M-02", "Partner churn ends when the partner gets in sync.")
        .judges(&["lacp.churn.partner-cleared"])
        .needs(Capability::State)
        .needs(Capability::Link)
        .needs(Capability::Fresh)
        .lacp(|t| {
            let start = t.fresh()?;
            t.known()?;
            declared_before(t, PARTNER, P1, start)?;
            t.change(P1, "Sync 0 -> 1", |partner| partner.set(State::SYNCHRONIZATION))?;
            t.wait(FAST_PERIODIC_TIME * 5)?;
            is(t, PARTNER, P1, false, "lacp.churn.partner-cleared")
        })
}

/// M-02.
fn actor_cleared() -> Test {
    test(
        "lacp.churn.actor-cleared",
        "M-02",
        "Actor churn ends when the port gets in sync: it stood by, and takes over.",
    )
    .judges(&["lacp.churn.actor-cleared"])
    .needs(Capability::State)
    .needs(Capability::Link)
    .ports(2)
    .with("lacp.max_links", 1)
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let (used, standby) = standby(t)?;
        declared_before(t, ACTOR, standby, start)?;
        let silence = t.silence(used);
        let in_sync = lacpdu(standby).actor_has(State::SYNCHRONIZATION);
        t.preamble(|t| t.expect(&in_sync, silence, TAKEOVER, "lacp.selection.standby-takes-over"))?;
        t.wait(t.held_to(R).to)?;
        is(t, ACTOR, standby, false, "lacp.churn.actor-cleared")
    })
}

/// Not in the catalogue: the machine starts again from its monitoring state, be the first 60 s over or not.
fn partner_monitored_again_after_loss(variant: &str, seconds: u32) -> Test {
    test(
        format!("lacp.churn.monitored-again.partner-out-of-sync.{variant}"),
        "-",
        format!(
            "A partner that was in sync for {seconds} s and no longer is churns 60 s after that, not before."
        ),
    )
    .judges(&["lacp.churn.monitored-again"])
    .needs(Capability::State)
    .lacp(move |t| {
        t.up()?;
        t.wait(FAST_PERIODIC_TIME * seconds)?;
        is(t, PARTNER, P1, false, "lacp.churn.monitored-again")?;
        t.partner(P1).follows = false;
        let lost = t.change(P1, "Sync 1 -> 0", |partner| partner.clear(super::UP))?;
        declared(t, PARTNER, P1, lost, "lacp.churn.monitored-again")
    })
}

/// T becomes another System twice a second, so that a port which waits before it attaches never does.
fn unsettled(t: &mut LacpTest<'_>, port: Port, until: Time) -> Result<(), Stop> {
    while t.now() < until {
        t.partner(port).actor.system.0[4] ^= 0x55;
        t.send(port)?;
        let next = t.now() + FAST_PERIODIC_TIME / 2;
        t.wait_until(next.min(until))?;
    }
    Ok(())
}

/// The same of the port itself.
fn actor_monitored_again_after_loss(variant: &str, seconds: u32) -> Test {
    test(
        format!("lacp.churn.monitored-again.actor-out-of-sync.{variant}"),
        "-",
        format!(
            "A port that was in sync for {seconds} s and no longer is churns 60 s after that, not before."
        ),
    )
    .judges(&["lacp.churn.monitored-again"])
    .needs(Capability::State)
    .problems("A device that attaches without waiting is in sync now and then, and need not churn.")
    .lacp(move |t| {
        t.up()?;
        t.wait(FAST_PERIODIC_TIME * seconds)?;
        is(t, ACTOR, P1, false, "lacp.churn.monitored-again")?;
        t.partner(P1).stop();
        t.step("T sends LACPDUs of two Systems in turns, two a second");
        let lost = t.mark();
        unsettled(t, P1, lost.at.time + t.held_to(R).to)?;
        is(t, ACTOR, P1, false, "lacp.churn.monitored-again")?;
        let settled = t.mark();
        let span = t.held_to(CHURN);
        unsettled(t, P1, lost.at.time + span.from)?;
        is(t, ACTOR, P1, false, "lacp.churn.monitored-again")?;
        unsettled(t, P1, lost.at.time + span.to)?;
        let watched = t.now() - settled.at.time;
        if t.look(&lacpdu(P1).actor_has(State::SYNCHRONIZATION), settled, watched)?.is_some() {
            let text = "the device is in sync although its partner changes all the time: it has nothing to churn for";
            return Err(Stop::NotApplicable(text.to_owned()));
        }
        is(t, ACTOR, P1, true, "lacp.churn.monitored-again")
    })
}

/// Not in the catalogue: a port that is disabled is not watched.
fn partner_monitored_again_after_link() -> Test {
    test(
        "lacp.churn.monitored-again.partner-link-down",
        "-",
        "Partner churn ends when the link goes down, and is declared 60 s after it came back, not at once.",
    )
    .judges(&["lacp.churn.monitored-again"])
    .needs(Capability::State)
    .needs(Capability::Link)
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        t.known()?;
        declared_before(t, PARTNER, P1, start)?;
        t.partner(P1).stop();
        t.link_down(P1)?;
        t.wait(t.held_to(UPC).to)?;
        is(t, PARTNER, P1, false, "lacp.churn.monitored-again")?;
        let up = t.link_up(P1)?;
        // T has to be heard before the port would be Defaulted, and its administrative partner in sync.
        let now = t.now();
        t.partner(P1).every = Some(FAST_PERIODIC_TIME);
        t.partner(P1).start(now);
        declared(t, PARTNER, P1, up, "lacp.churn.monitored-again")
    })
}

/// The same of the port itself.
fn actor_monitored_again_after_link() -> Test {
    test(
        "lacp.churn.monitored-again.actor-link-down",
        "-",
        "Actor churn of a port on standby ends when its link goes down.",
    )
    .judges(&["lacp.churn.monitored-again"])
    .needs(Capability::State)
    .needs(Capability::Link)
    .ports(2)
    .with("lacp.max_links", 1)
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let (_, standby) = standby(t)?;
        declared_before(t, ACTOR, standby, start)?;
        t.partner(standby).stop();
        t.link_down(standby)?;
        t.wait(t.held_to(UPC).to)?;
        is(t, ACTOR, standby, false, "lacp.churn.monitored-again")?;
        t.link_up(standby)?;
        Ok(())
    })
}
