//! Group L: carrier and administration.

use std::time::Duration;

use redspec_codec::slow::lacp::{PortInformation, State};

use super::partner::Partner;
use super::pattern::same;
use super::selected::{SYSTEM, assuming_tester};
use super::{LacpTest, P1, P2, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::lacp::timers::{AGGREGATE_WAIT_TIME, FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{EXPIRED, JOIN, R, RECOVERY, RESUME, SLOW, TO3, UPC, W2};

const AWAY: Duration = Duration::from_secs(5);
const WATCH: Duration = Duration::from_secs(10);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        return_expired(),
        return_resumes(),
        other_ports_unaffected(),
        partner_restart(),
        removed(),
        flaps(),
        disabled(),
        disabled_while_defaulted(),
        disabled_while_expired(),
        return_new_partner(),
    ];
    tests.extend(CHANGES.iter().map(own_change));
    tests.extend([
        return_beside("partner-on-other-link", |_, _| {}),
        return_beside("port-on-other-link", same_port),
    ]);
    tests.extend([enabled_anew("shortly-expired", false), enabled_anew("shortly-defaulted", true)]);
    tests.extend([
        disabled_individual("up", "in use", false),
        disabled_individual("link-down", "that is down", true).needs(Capability::Link),
        assuming_tester(disabled_individual(
            "administrative-partner",
            "whose administrative partner is T",
            false,
        )),
    ]);
    tests
}

/// UP, then no carrier for 5 s, in which T falls silent, and the first LACPDU behind it.
fn carrier_away(t: &mut LacpTest<'_>) -> Result<(Mark, Sighting), Stop> {
    t.up()?;
    t.quiet()?;
    // What the port then shows of the partner's timeout is its own doing.
    t.change(P1, "asks for slow LACPDUs", |partner| {
        partner.actor.state = partner.actor.state.without(State::TIMEOUT);
    })?;
    t.quiet()?;
    t.silence(P1);
    let down = t.link_down(P1)?;
    t.never(&lacpdu(P1), down, AWAY, "lacp.link.silent-while-down")?;
    let up = t.link_up(P1)?;
    let first = t.expect(&lacpdu(P1), up, UPC, "lacp.link.first-pdu")?;
    Ok((up, first))
}

/// L-01.
fn return_expired() -> Test {
    test(
        "lacp.link.return-keeps-partner",
        "L-01",
        "The carrier goes for 5 s and the partner stays silent: the port comes back Expired, with its last partner.",
    )
    .judges(&[
        "lacp.link.silent-while-down",
        "lacp.link.first-pdu",
        "lacp.rx.first-pdu-expired",
        "lacp.link.return-keeps-partner",
        "lacp.rx.expired-partner-out-of-sync",
        "lacp.rx.expired-partner-short-timeout",
        "lacp.link.return-without-traffic",
        "lacp.mux.return-keeps-synchronization",
    ])
    .needs(Capability::Link)
    .lacp(|t| {
        let (up, first) = carrier_away(t)?;
        let pdu = t.pdu_at(first)?;
        let (actor, partner) = (pdu.actor.state, pdu.partner.state);
        let kept = !actor.has(State::DEFAULTED) && same(&pdu.partner, &t.tester(P1));
        for (met, expected, requirement) in [
            (kept, "not Defaulted, and the last partner", "lacp.link.return-keeps-partner"),
            (actor.has(State::EXPIRED), "Expired", "lacp.rx.first-pdu-expired"),
            (
                !partner.has(State::SYNCHRONIZATION),
                "the partner out of sync",
                "lacp.rx.expired-partner-out-of-sync",
            ),
            (
                partner.has(State::TIMEOUT),
                "the partner with short timeout",
                "lacp.rx.expired-partner-short-timeout",
            ),
        ] {
            let expected = format!("the first LACPDU shows {expected}");
            t.judge(met, &expected, &pdu.to_string(), Some(first.number), requirement)?;
        }
        let text = if actor.has(State::SYNCHRONIZATION) { "in sync" } else { "out of sync" };
        let text = format!("the port comes back {text}");
        t.note(text, Some(first.number), "lacp.mux.return-keeps-synchronization");
        let traffic = lacpdu(P1).that("Collecting or Distributing", |pdu| pdu.actor.state.0 & TRAFFIC.0 != 0);
        let expired = FAST_PERIODIC_TIME * 5 / 2;
        t.never(&traffic, up, expired, "lacp.link.return-without-traffic")
    })
}

/// L-02.
fn return_resumes() -> Test {
    test(
        "lacp.link.return-resumes",
        "L-02",
        "The carrier goes for 5 s, and the old partner speaks again when it is back: the port is in use again.",
    )
    .judges(&[
        "lacp.link.silent-while-down",
        "lacp.link.first-pdu",
        "lacp.link.return-resumes",
        "lacp.mux.return-without-wait",
    ])
    .problems("A device that deselects a port while it is down waits 2 s; one with a Wait-To-Restore time longer.")
    .needs(Capability::Link)
    .lacp(|t| {
        carrier_away(t)?;
        let partner = t.partner(P1);
        partner.follows = false;
        partner.talks = true;
        partner.actor.state = partner.actor.state.with(State::TIMEOUT);
        let resumed = t.in_sync(P1)?;
        let at_once = t.look(&lacpdu(P1).actor_has(State::COLLECTING), resumed, R.lenient.to)?;
        let text = if at_once.is_some() { "without another wait" } else { "not without another wait" };
        t.note(text, at_once.map(|sighting| sighting.number), "lacp.mux.return-without-wait");
        t.expect(&lacpdu(P1).actor_has(UP), resumed, RESUME, "lacp.link.return-resumes").map(drop)
    })
}

/// L-03.
fn other_ports_unaffected() -> Test {
    test(
        "lacp.link.other-ports-unaffected",
        "L-03",
        "Two links in use, and the carrier of one goes and comes: nothing changes on the other.",
    )
    .judges(&[
        "lacp.link.other-ports-unaffected",
        "lacp.link.silent-while-down",
        "lacp.link.first-pdu",
        "lacp.link.return-keeps-partner",
    ])
    .ports(2)
    .needs(Capability::Link)
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let ports = t.by_actor_port()?;
        let (other, lost) = (ports[0], ports[1]);
        t.silence(lost);
        let down = t.link_down(lost)?;
        t.never(&lacpdu(lost), down, WATCH, "lacp.link.silent-while-down")?;
        let up = t.link_up(lost)?;
        // The partner's LACPDUs on the other port are of its system and not of its port.
        let first = t.expect(&lacpdu(lost), up, UPC, "lacp.link.first-pdu")?;
        let pdu = t.pdu_at(first)?;
        let kept = !pdu.actor.state.has(State::DEFAULTED) && same(&pdu.partner, &t.tester(lost));
        t.wait(WATCH)?;
        let time = t.now().since(down.at.time);
        let same = lacpdu(other).partner_is(t.tester(other)).actor_has(UP);
        t.always(&same, down, time, 3, "lacp.link.other-ports-unaffected")?;
        let expected = "the first LACPDU is not Defaulted, and shows the last partner";
        t.judge(kept, expected, &pdu.to_string(), Some(first.number), "lacp.link.return-keeps-partner")
    })
}

/// L-04.
fn partner_restart() -> Test {
    test(
        "lacp.link.partner-restart",
        "L-04",
        "The partner restarts with its old identity and knows nothing: traffic stops, and returns without detaching.",
    )
    .judges(&["lacp.link.partner-restart", "lacp.mux.partner-sync-lost"])
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let restart = t.change(P1, "restarted: knows no partner, not in sync", |partner| {
            partner.follows = false;
            partner.view = Some(PortInformation::default());
            partner.actor.state = partner.actor.state.without(UP);
        })?;
        let attached = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.expect(&attached, restart, R, "lacp.mux.partner-sync-lost")?;
        t.partner(P1).view = None;
        t.quiet()?;
        t.partner(P1).follows = true;
        let again = t.in_sync(P1)?;
        t.expect(&lacpdu(P1).actor_has(UP), again, RESUME, "lacp.link.partner-restart")?;
        let time = t.now().since(restart.at.time);
        let in_sync = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        t.always(&in_sync, restart, time, 3, "lacp.link.partner-restart")
    })
}

/// What is configured anew, how it is shown.
type Change = (&'static str, &'static str, u16, fn(&PortInformation) -> u16);

const CHANGES: &[Change] = &[
    ("key", "lacp.key", 0x0707, |port| port.key),
    ("system-priority", "lacp.system_priority", 0x4321, |port| port.system_priority),
];

/// L-05.
fn own_change(&(name, setting, value, shown): &Change) -> Test {
    let reselects = "lacp.selection.own-change-reselects";
    test(
        format!("lacp.selection.own-change.{name}"),
        "L-05",
        format!("A port in use gets another {name}: it tells, and is in use again when its partner knows."),
    )
    .judges(&["lacp.selection.own-change-announced", reselects])
    .needs(Capability::Configure)
    .lacp(move |t| {
        t.up()?;
        t.quiet()?;
        t.partner(P1).view = Some(t.own(P1)?);
        let changed = t.configure(setting, &value.to_string())?;
        let new = lacpdu(P1).that(format!("actor {name} {value}"), move |pdu| shown(&pdu.actor) == value);
        let told = t.expect(&new, changed, R, "lacp.selection.own-change-announced")?;
        let out_of_sync = !t.pdu_at(told)?.actor.state.has(State::SYNCHRONIZATION);
        let expected = "out of sync in the LACPDU that shows the new value";
        t.judge(out_of_sync, expected, "", Some(told.number), reselects)?;
        // The partner goes on as if it had not heard.
        let traffic = lacpdu(P1).that("Collecting or Distributing", |pdu| pdu.actor.state.0 & TRAFFIC.0 != 0);
        t.never(&traffic, told.mark(), AGGREGATE_WAIT_TIME * 2, reselects)?;
        let known = t.change(P1, "repeats the new value", |partner| partner.view = None)?;
        t.expect(&new.actor_has(UP), known, JOIN, reselects).map(drop)
    })
}

/// L-06.
fn removed() -> Test {
    let id = "lacp.link.removed";
    test(id, "L-06", "The port of a link in use is taken out of LACP: it is no longer in sync, or silent.")
        .judges(&[id, "lacp.link.removed-last-pdu"])
        .needs(Capability::Configure)
        .lacp(move |t| {
            t.up()?;
            t.quiet()?;
            t.without_closing();
            let removed = t.configure("lacp.enabled", "no")?;
            t.wait(R.held_to(t.run.exact()).to)?;
            let after = t.mark();
            let last = t.all(&lacpdu(P1), removed, after.at.time.since(removed.at.time))?.pop();
            let text = match last {
                Some(last) => format!("a last LACPDU: {}", t.pdu_at(last)?),
                None => "no last LACPDU".to_owned(),
            };
            t.note(text, last.map(|last| last.number), "lacp.link.removed-last-pdu");
            t.never(&lacpdu(P1).actor_has(State::SYNCHRONIZATION), after, WATCH, id)
        })
}

/// L-07.
fn flaps() -> Test {
    const HALF: Duration = Duration::from_millis(100);
    test(
        "lacp.robust.flaps-recovery",
        "L-07",
        "Fifty carrier flaps in ten seconds on one of two links: no traffic on it before its partner is in sync again.",
    )
    .judges(&[
        "lacp.robust.flaps-recovery",
        "lacp.link.return-without-traffic",
        "lacp.link.other-ports-unaffected",
    ])
    .ports(2)
    .needs(Capability::Link)
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let ports = t.by_actor_port()?;
        let (other, flapping) = (ports[0], ports[1]);
        t.silence(flapping);
        t.step(format!("50 times: carrier off on {flapping} for 0.1 s, then on for 0.1 s"));
        let start = t.mark();
        for _ in 0..50 {
            for up in [false, true] {
                t.run.link(&mut t.partners, flapping, up)?;
                let until = t.now() + HALF;
                t.wait_until(until)?;
            }
        }
        t.quiet()?;
        let time = t.now().since(start.at.time);
        let traffic =
            lacpdu(flapping).that("Collecting or Distributing", |pdu| pdu.actor.state.0 & TRAFFIC.0 != 0);
        t.never(&traffic, start, time, "lacp.link.return-without-traffic")?;
        let same = lacpdu(other).partner_is(t.tester(other)).actor_has(UP);
        t.always(&same, start, time, 3, "lacp.link.other-ports-unaffected")?;
        let resumed = t.introduce(flapping, true)?;
        t.expect(&lacpdu(flapping).actor_has(UP), resumed, RECOVERY, "lacp.robust.flaps-recovery").map(drop)
    })
}

/// L-08.
fn disabled() -> Test {
    test(
        "lacp.link.disabled-silent",
        "L-08",
        "LACP is disabled on a link in use while the partner goes on, and enabled again: the port starts anew.",
    )
    .judges(&[
        "lacp.link.disabled-silent",
        "lacp.rx.ignored-while-disabled",
        "lacp.link.enabled-starts-anew",
        "lacp.rx.first-pdu-defaulted",
        "lacp.link.first-pdu",
    ])
    .needs(Capability::Configure)
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let disabled = t.configure("lacp.enabled", "no")?;
        let last = t.all(&lacpdu(P1), disabled, R.held_to(t.run.exact()).to)?.len();
        let seen = format!("{last} came");
        t.judge(last <= 1, "at most one more LACPDU", &seen, None, "lacp.link.disabled-silent")?;
        let silent = t.mark();
        for _ in 0..3 {
            t.once(P1, "wrong about the device's key", |pdu| pdu.partner.key ^= 1)?;
            t.wait(SHORT_TIMEOUT_TIME)?;
        }
        t.never(&lacpdu(P1), silent, WATCH, "lacp.link.disabled-silent")?;
        t.silence(P1);
        t.wait(FAST_PERIODIC_TIME)?;
        let first = starts_anew(t)?;
        let pdu = t.pdu_at(first)?;
        let forgot = !same(&pdu.partner, &t.tester(P1));
        let expected = "the first LACPDU does not show the partner that spoke meanwhile";
        t.judge(forgot, expected, &pdu.to_string(), Some(first.number), "lacp.rx.ignored-while-disabled")
    })
}

/// The first LACPDU of a port that has started anew: Expired, and not with T, who spoke before; and Defaulted, as that of
/// every port that knows no partner.
fn anew(t: &mut LacpTest<'_>, first: Sighting) -> Result<(), Stop> {
    let pdu = t.pdu_at(first)?;
    let (seen, number) = (pdu.to_string(), Some(first.number));
    let anew = pdu.actor.state.has(State::EXPIRED) && !same(&pdu.partner, &t.tester(P1));
    let expected = "the first LACPDU shows Expired, and not the partner that was";
    t.judge(anew, expected, &seen, number, "lacp.link.enabled-starts-anew")?;
    let defaulted = pdu.actor.state.has(State::DEFAULTED);
    t.judge(defaulted, "the first LACPDU shows Defaulted", &seen, number, "lacp.rx.first-pdu-defaulted")
}

/// LACP is enabled on P1 again, and T says nothing.
fn starts_anew(t: &mut LacpTest<'_>) -> Result<Sighting, Stop> {
    let enabled = t.configure("lacp.enabled", "yes")?;
    let first = t.expect(&lacpdu(P1), enabled, UPC, "lacp.link.first-pdu")?;
    anew(t, first)?;
    Ok(first)
}

/// L-08, without a partner.
fn disabled_while_defaulted() -> Test {
    test(
        "lacp.link.enabled-starts-anew.defaulted",
        "L-08",
        "LACP is disabled on a port without a partner, and enabled again: the port starts anew.",
    )
    .judges(&[
        "lacp.link.disabled-silent",
        "lacp.link.enabled-starts-anew",
        "lacp.rx.first-pdu-defaulted",
        "lacp.link.first-pdu",
    ])
    .needs(Capability::Configure)
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.listen()?;
        t.wait(WATCH)?;
        t.configure("lacp.enabled", "no")?;
        t.wait(R.lenient.to)?;
        let silent = t.mark();
        t.never(&lacpdu(P1), silent, SLOW.lenient.to, "lacp.link.disabled-silent")?;
        starts_anew(t).map(drop)
    })
}

/// L-08, while the port is Expired.
fn disabled_while_expired() -> Test {
    test(
        "lacp.link.enabled-starts-anew.expired",
        "L-08",
        "LACP is disabled on a port that is Expired, and soon enabled again: the port starts anew.",
    )
    .judges(&["lacp.link.enabled-starts-anew", "lacp.rx.first-pdu-defaulted", "lacp.link.first-pdu"])
    .needs(Capability::Configure)
    .with("lacp.timeout", "short")
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        t.preamble(|t| t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout"))?;
        t.configure("lacp.enabled", "no")?;
        t.wait(FAST_PERIODIC_TIME / 2)?;
        starts_anew(t).map(drop)
    })
}

/// L-09.
fn return_new_partner() -> Test {
    test(
        "lacp.link.return-new-partner",
        "L-09",
        "The carrier goes for 5 s, and another partner speaks when it is back: the port detaches, and takes the new one.",
    )
    .judges(&[
        "lacp.link.silent-while-down",
        "lacp.link.first-pdu",
        "lacp.link.return-new-partner",
        "lacp.selected.system",
        "lacp.mux.wait-while",
    ])
    .needs(Capability::Link)
    .lacp(|t| {
        let (_, first) = carrier_away(t)?;
        let attached = t.pdu_at(first)?.actor.state.has(State::SYNCHRONIZATION);
        let system = Partner::system(&mut t.run.random);
        let partner = t.partner(P1);
        partner.actor.system = system;
        partner.actor.state = partner.actor.state.with(State::TIMEOUT);
        let spoken = t.introduce(P1, true)?;
        let new = lacpdu(P1).partner_is(t.tester(P1));
        let reply = t.expect(&new, spoken, R, "lacp.link.return-new-partner")?;
        if attached {
            let detached = t.pdu_at(reply)?.actor.state.0 & UP.0 == 0;
            let expected = "the reply shows the new partner, out of sync";
            t.judge(detached, expected, "", Some(reply.number), "lacp.selected.system")?;
        }
        t.expect(&new.clone().actor_has(State::SYNCHRONIZATION), spoken, W2, "lacp.mux.wait-while")?;
        t.expect(&new.actor_has(UP), spoken, JOIN, "lacp.link.return-new-partner").map(drop)
    })
}

/// The partner on another link is another System, whose port has the number of `lost`.
fn same_port(partner: &mut Partner, lost: &PortInformation) {
    partner.actor.system.0[4] ^= 0x55;
    partner.actor.port = lost.port;
}

/// L-01, beside another link: port_moved (6.4.8) needs both the System and the port.
fn return_beside(variant: &str, other: fn(&mut Partner, &PortInformation)) -> Test {
    let id = "lacp.link.return-keeps-partner";
    test(
        format!("{id}.{variant}"),
        "L-01",
        "The carrier goes for 5 s while another link's partner, which is not the same port, goes on: the port keeps its partner.",
    )
    .judges(&[id])
    .ports(2)
    .needs(Capability::Link)
    .lacp(move |t| {
        t.up()?;
        t.quiet()?;
        t.silence(P1);
        t.link_down(P1)?;
        t.quiet()?;
        let lost = t.tester(P1);
        t.change(P2, "goes on", |partner| other(partner, &lost))?;
        t.wait(AWAY)?;
        let up = t.link_up(P1)?;
        let first = t.preamble(|t| t.expect(&lacpdu(P1), up, UPC, "lacp.link.first-pdu"))?;
        let pdu = t.pdu_at(first)?;
        let kept = !pdu.actor.state.has(State::DEFAULTED) && same(&pdu.partner, &lost);
        let expected = "the first LACPDU shows the last partner, not Defaulted";
        t.judge(kept, expected, &pdu.to_string(), Some(first.number), id)
    })
}

/// L-08, in the other states of the Receive machine.
fn enabled_anew(state: &'static str, defaulted: bool) -> Test {
    let id = "lacp.link.enabled-starts-anew";
    test(
        format!("{id}.{state}"),
        "L-08",
        format!(
            "LACP is disabled on a port in {}, and enabled again: the port starts anew.",
            if defaulted { "DEFAULTED" } else { "EXPIRED" }
        ),
    )
    .judges(&["lacp.link.first-pdu", "lacp.rx.first-pdu-defaulted", id])
    .needs(Capability::Configure)
    .with("lacp.activity", "active")
    .with("lacp.timeout", "short")
    .lacp(move |t| {
        t.up()?;
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let expired =
            t.preamble(|t| t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout"))?;
        if defaulted {
            t.wait_until(expired.at.time + t.held_to(EXPIRED).to + SHORT_TIMEOUT_TIME)?;
        }
        t.configure("lacp.enabled", "no")?;
        // A last LACPDU may be under way. Expired lasts longer.
        t.wait(R.lenient.to)?;
        let enabled = t.configure("lacp.enabled", "yes")?;
        let first = t.expect(&lacpdu(P1), enabled, UPC, "lacp.link.first-pdu")?;
        anew(t, first)
    })
}

/// Not in the catalogue: the device has to tell which Aggregator it is.
fn disabled_individual(variant: &str, what: &str, down: bool) -> Test {
    let id = "lacp.link.disabled-individual";
    test(
        format!("{id}.{variant}"),
        "-",
        format!("A port {what} is taken out of LACP: it shares no Aggregator with the port that it aggregated with."),
    )
    .judges(&[id])
    .ports(2)
    .needs(Capability::Configure)
    .needs(Capability::State)
    .lacp(move |t| {
        for port in t.ports() {
            t.partner(port).actor.system = SYSTEM;
        }
        t.up()?;
        t.quiet()?;
        t.without_closing();
        if down {
            t.silence(P2);
            t.link_down(P2)?;
            t.quiet()?;
        }
        t.configure("lacp.enabled.p2", "no")?;
        if down {
            t.link_up(P2)?;
        }
        t.wait(WATCH)?;
        let names = [t.state("lacp.aggregator", P1)?, t.state("lacp.aggregator", P2)?];
        let alone = names[0] != names[1] || names[1] == "none";
        t.judge(alone, "an Aggregator of its own, or none", &names.join(", "), None, id)
    })
}
