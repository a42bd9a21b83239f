//! Group M: churn, which only the device's own account shows.

use std::time::Duration;

use redspec_codec::slow::lacp::State;

use super::{LacpTest, P1, lacpdu, test};
use crate::bed::Capability;
use crate::event::Port;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{CHURN, R, TAKEOVER, UPC};

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
        monitored_again_after_loss(),
        monitored_again_after_link(),
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
    .lacp(|t| {
        let start = t.fresh()?;
        t.attached()?;
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
    .lacp(|t| {
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
        .lacp(|t| {
            let start = t.fresh()?;
            t.attached()?;
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

/// Not in the catalogue: the machine starts again from its monitoring state.
fn monitored_again_after_loss() -> Test {
    test(
        "lacp.churn.monitored-again.out-of-sync",
        "-",
        "A partner that was in sync and no longer is churns 60 s after that, not at once.",
    )
    .judges(&["lacp.churn.monitored-again"])
    .needs(Capability::State)
    .lacp(|t| {
        t.up()?;
        // Longer than the time that churn takes, if it were counted from the link's coming up.
        t.wait(FAST_PERIODIC_TIME * 70)?;
        is(t, PARTNER, P1, false, "lacp.churn.monitored-again")?;
        t.partner(P1).follows = false;
        let lost = t.change(P1, "Sync 1 -> 0", |partner| partner.clear(super::UP))?;
        declared(t, PARTNER, P1, lost, "lacp.churn.monitored-again")
    })
}

/// Not in the catalogue: a port that is disabled is not watched.
fn monitored_again_after_link() -> Test {
    test(
        "lacp.churn.monitored-again.link-down",
        "-",
        "Partner churn ends when the link goes down, and is declared 60 s after it came back, not at once.",
    )
    .judges(&["lacp.churn.monitored-again"])
    .needs(Capability::State)
    .needs(Capability::Link)
    .lacp(|t| {
        let start = t.fresh()?;
        t.attached()?;
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
