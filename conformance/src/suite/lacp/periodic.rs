//! Group G: periodic transmission.

use std::time::Duration;

use redspec_codec::slow::lacp::{PortInformation, State};

use super::{LacpTest, P1, P2, lacpdu, test};
use crate::bed::Capability;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::Edition;
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{
    EXPIRED, FAST, FAST_MEDIAN, FAST_PLUS, PASSIVE, R, SLOW, SLOW_PLUS, TO3,
};

/// Long enough that nothing of the set-up is left, and too short for a slow periodic LACPDU.
const QUIET: Duration = Duration::from_secs(10);
/// Of the slow rhythm, the change to it and four periods.
const SLOW_WATCH: Duration = Duration::from_secs(150);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        fast(),
        slow(),
        long_to_short("up", "in use", true),
        long_to_short("attached", "that is attached", false),
        short_to_long(),
        own_timeout_to_long(),
        own_timeout_to_short(),
        each_port_by_its_own_partner(),
        passive_waits(),
        both_passive_silent(),
        partner_turns_passive_and_active(),
        ntt_while_idle(),
        passive_expired(),
        one_active_side(),
        passive_begins(),
    ];
    tests.extend([("short-timeout", true), ("long-timeout", false)].map(passive_follows_active));
    tests.push(defaulted_rate("lacp.periodic.defaulted-rate", "an administrative partner"));
    tests.extend(["short", "long"].map(|timeout| {
        let id = format!("lacp.periodic.defaulted-rate.{timeout}-timeout");
        let partner = format!("an administrative partner with {timeout} timeout");
        defaulted_rate(id, &partner).with("lacp.partner.timeout", timeout)
    }));
    tests
}

/// A passive port of which no administrative partner is active.
fn passive(test: Test) -> Test {
    test.with("lacp.activity", "passive").with("lacp.partner.activity", "passive")
}

/// UP with a partner that asks for slow LACPDUs, from the LACPDU that said so. It is not so from the start, because
/// under independent control a port that begins to distribute says so in its next periodic LACPDU only.
fn up_slow(t: &mut LacpTest<'_>) -> Result<Mark, Stop> {
    t.up()?;
    t.ask_long(P1)
}

/// From the LACPDU that asks for it at `change`, the device sends every 30 s. One fast LACPDU may have been under way.
fn every_30_seconds(t: &mut LacpTest<'_>, change: Mark, requirement: &'static str) -> Result<(), Stop> {
    let settled = t.held_to(FAST).to;
    t.wait_until(change.at.time + settled)?;
    let from = t.mark();
    t.rhythm(P1, from, SLOW_WATCH, SLOW, requirement)?;
    Ok(())
}

/// The pair of LACPDUs with the median gap.
fn median(sightings: &[Sighting]) -> Option<(Mark, Sighting)> {
    let mut pairs: Vec<_> = sightings.windows(2).map(|pair| (pair[0].mark(), pair[1])).collect();
    pairs.sort_by_key(|(from, to)| to.at.time - from.at.time);
    pairs.get(pairs.len() / 2).copied()
}

/// G-01.
fn fast() -> Test {
    test("lacp.periodic.fast", "G-01", "To a partner with short timeout a port sends every second.")
        .judges(&["lacp.periodic.fast"])
        .lacp(|t| {
            t.up()?;
            t.wait(SHORT_TIMEOUT_TIME)?;
            let mark = t.mark();
            let seen = t.rhythm(P1, mark, Duration::from_secs(60), FAST, "lacp.periodic.fast")?;
            let Some((from, to)) = median(&seen) else { return Ok(()) };
            t.run.judge_time("the median of all gaps", from, to, FAST_MEDIAN, "lacp.periodic.fast")
        })
}

/// G-02.
fn slow() -> Test {
    test("lacp.periodic.slow", "G-02", "To a partner with long timeout a port sends every 30 s.")
        .judges(&["lacp.periodic.slow"])
        .lacp(|t| {
            let change = up_slow(t)?;
            every_30_seconds(t, change, "lacp.periodic.slow")
        })
}

/// G-03.
fn long_to_short(variant: &str, what: &str, up: bool) -> Test {
    test(
        format!("lacp.periodic.long-to-short.{variant}"),
        "G-03",
        format!(
            "A port {what} whose partner changes from long to short timeout sends at once, and every second."
        ),
    )
    .judges(&["lacp.periodic.long-to-short"])
    .lacp(move |t| {
        if up { t.up() } else { t.known() }?;
        t.ask_long(P1)?;
        t.wait(QUIET)?;
        let mark = t.change(P1, "Timeout 0 -> 1", |partner| partner.set(State::TIMEOUT))?;
        let shown = lacpdu(P1).partner_has(State::TIMEOUT);
        let first = t.expect(&shown, mark, R, "lacp.periodic.long-to-short")?;
        t.rhythm(P1, first.mark(), QUIET, FAST_PLUS, "lacp.periodic.long-to-short")?;
        Ok(())
    })
}

/// G-04.
fn short_to_long() -> Test {
    test(
        "lacp.periodic.short-to-long",
        "G-04",
        "A port whose partner changes from short to long timeout sends 30 s after the change.",
    )
    .judges(&["lacp.periodic.short-to-long"])
    .lacp(|t| {
        t.up()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        let change = t.ask_long(P1)?;
        let settled = t.held_to(FAST).to;
        let early = t.all(&lacpdu(P1), change, settled)?;
        let seen = format!("{} in {} s", early.len(), settled.as_secs_f64());
        let expected = "at most one more LACPDU at the old rate";
        let frame = early.last().map(|sighting| sighting.number);
        t.judge(early.len() <= 1, expected, &seen, frame, "lacp.periodic.short-to-long")?;
        let from = Mark { events: t.mark().events, ..change };
        t.expect(&lacpdu(P1), from, SLOW, "lacp.periodic.short-to-long")?;
        Ok(())
    })
}

/// Records whether the device announced its new Timeout bit by itself.
fn note_announcement(t: &mut LacpTest<'_>, mark: Mark, short: bool) -> Result<(), Stop> {
    let new = lacpdu(P1)
        .that("actor's Timeout as configured", move |pdu| pdu.actor.state.has(State::TIMEOUT) == short);
    let seen = t.look(&new, mark, t.held_to(R).to)?;
    let how = match seen {
        Some(sighting) => format!("after {} s", (sighting.at.time - mark.at.time).as_secs_f64()),
        None => "not at once".to_owned(),
    };
    let frame = seen.map(|sighting| sighting.number);
    t.note(format!("D announces its new Timeout {how}"), frame, "lacp.periodic.own-timeout-change-announced");
    Ok(())
}

/// G-05.
fn own_timeout_to_long() -> Test {
    test(
        "lacp.periodic.partner-timeout-decides.own-timeout-to-long",
        "G-05",
        "A port that is configured from short to long timeout goes on sending every second, as its partner asks.",
    )
    .judges(&[
        "lacp.periodic.partner-timeout-decides",
        "lacp.pdu.timeout-configured",
        "lacp.periodic.own-timeout-change-announced",
    ])
    .with("lacp.timeout", "short")
    .needs(Capability::Configure)
    .lacp(|t| {
        t.up()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        // T's own LACPDUs, with an outdated view, would make the device speak: it keeps quiet for a moment.
        t.partner(P1).every = Some(FAST_PERIODIC_TIME * 2);
        t.send(P1)?;
        t.wait(FAST_PERIODIC_TIME / 4)?;
        let mark = t.configure("lacp.timeout", "long")?;
        note_announcement(t, mark, false)?;
        t.wait_until(mark.at.time + QUIET)?;
        let from = t.mark();
        t.rhythm(P1, from, QUIET * 2, FAST_PLUS, "lacp.periodic.partner-timeout-decides")?;
        let long = lacpdu(P1).actor_lacks(State::TIMEOUT);
        t.always(&long, from, QUIET * 2, 5, "lacp.pdu.timeout-configured")
    })
}

/// G-05.
fn own_timeout_to_short() -> Test {
    test(
        "lacp.periodic.partner-timeout-decides.own-timeout-to-short",
        "G-05",
        "A port that is configured from long to short timeout goes on sending every 30 s, as its partner asks.",
    )
    .judges(&[
        "lacp.periodic.partner-timeout-decides",
        "lacp.pdu.timeout-configured",
        "lacp.periodic.own-timeout-change-announced",
    ])
    .with("lacp.timeout", "long")
    .needs(Capability::Configure)
    .lacp(|t| {
        up_slow(t)?;
        t.wait(QUIET)?;
        // Often enough for the timeout to come, which T does not know of yet.
        t.partner(P1).every = Some(FAST_PERIODIC_TIME * 2);
        t.send(P1)?;
        t.wait(FAST_PERIODIC_TIME / 4)?;
        let mark = t.configure("lacp.timeout", "short")?;
        note_announcement(t, mark, true)?;
        t.wait_until(mark.at.time + QUIET)?;
        let from = t.mark();
        t.rhythm(P1, from, SLOW_WATCH, SLOW, "lacp.periodic.partner-timeout-decides")?;
        let short = lacpdu(P1).actor_has(State::TIMEOUT);
        t.always(&short, from, SLOW_WATCH, 2, "lacp.pdu.timeout-configured")
    })
}

/// Not in the catalogue: a rate that is kept for the system and not for the port.
fn each_port_by_its_own_partner() -> Test {
    test(
        "lacp.periodic.partner-timeout-decides.per-port",
        "-",
        "Two ports of one aggregation send as often as the partner at the other end of each asks.",
    )
    .judges(&["lacp.periodic.fast", "lacp.periodic.slow"])
    .ports(2)
    .lacp(|t| {
        t.up()?;
        let change = t.ask_long(P2)?;
        t.wait_until(change.at.time + t.held_to(FAST).to)?;
        let from = t.mark();
        t.rhythm(P2, from, SLOW_WATCH, SLOW, "lacp.periodic.slow")?;
        t.rhythm(P1, from, SLOW_WATCH, FAST, "lacp.periodic.fast")?;
        Ok(())
    })
}

/// G-06.
fn passive_follows_active((variant, short): (&str, bool)) -> Test {
    test(
        format!("lacp.periodic.passive-follows-active.{variant}"),
        "G-06",
        format!(
            "A passive port sends to an active partner every {}, as that asks.",
            if short { "second" } else { "30 s" }
        ),
    )
    .judges(&["lacp.periodic.passive-follows-active"])
    .with("lacp.activity", "passive")
    .lacp(move |t| {
        let requirement = "lacp.periodic.passive-follows-active";
        if short {
            t.up()?;
            t.wait(SHORT_TIMEOUT_TIME)?;
            let mark = t.mark();
            t.rhythm(P1, mark, QUIET * 2, FAST, requirement)?;
            return Ok(());
        }
        let change = up_slow(t)?;
        every_30_seconds(t, change, requirement)
    })
}

/// G-07.
fn passive_waits() -> Test {
    passive(test(
        "lacp.periodic.passive-waits",
        "G-07",
        "A passive port that knows no active partner sends nothing.",
    ))
    .judges(&["lacp.periodic.passive-waits"])
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        t.never(&lacpdu(P1), start, QUIET * 2, "lacp.periodic.passive-waits")
    })
}

/// G-08.
fn both_passive_silent() -> Test {
    passive(test(
        "lacp.periodic.both-passive-silent",
        "G-08",
        "A passive port sends nothing to a passive partner, not even one that knows nothing of it.",
    ))
    .judges(&["lacp.periodic.both-passive-silent"])
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        // First while the port is still Expired, then for long enough to show that it is not merely slow.
        t.partner(P1).resume();
        t.partner(P1).every = Some(FAST_PERIODIC_TIME);
        let mark = t.change(P1, "passive, partner zero", |partner| partner.clear(State::ACTIVITY))?;
        t.wait(QUIET)?;
        let stranger = PortInformation { port: 1, key: 1, system_priority: 1, ..t.tester(P1) };
        t.change(P1, "passive, partner another", |partner| partner.view = Some(stranger))?;
        // What does not show T was not sent to it: a port may have spoken before it knew T.
        let to_tester = lacpdu(P1).partner_is(t.tester(P1));
        t.never(&to_tester, mark, QUIET * 2, "lacp.periodic.both-passive-silent")
    })
}

/// G-09.
fn partner_turns_passive_and_active() -> Test {
    passive(test(
        "lacp.periodic.partner-turns-passive",
        "G-09",
        "A passive port falls silent when its partner becomes passive, and speaks again when that becomes active.",
    ))
    .judges(&["lacp.periodic.partner-turns-passive", "lacp.periodic.partner-turns-active"])
    .lacp(|t| {
        t.up()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        let change = t.change(P1, "Activity 1 -> 0", |partner| partner.clear(State::ACTIVITY))?;
        let last = t.all(&lacpdu(P1), change, t.held_to(R).to)?;
        let seen = format!("{} of them", last.len());
        let frame = last.last().map(|sighting| sighting.number);
        let expected = "at most one more LACPDU";
        t.judge(last.len() <= 1, expected, &seen, frame, "lacp.periodic.partner-turns-passive")?;
        let silent = t.mark();
        t.never(&lacpdu(P1), silent, QUIET * 4, "lacp.periodic.partner-turns-passive")?;
        let change = t.change(P1, "Activity 0 -> 1", |partner| partner.set(State::ACTIVITY))?;
        let first = t.expect(&lacpdu(P1), change, PASSIVE, "lacp.periodic.partner-turns-active")?;
        t.rhythm(P1, first.mark(), QUIET, FAST_PLUS, "lacp.periodic.partner-turns-active")?;
        Ok(())
    })
}

/// G-08, G-09: what 2.3 d of the catalogue's facts leaves to the edition.
fn ntt_while_idle() -> Test {
    passive(test(
        "lacp.tx.ntt-while-idle",
        "G-09",
        "Whether what became due while both sides were passive is sent when the partner becomes active.",
    ))
    .judges(&["lacp.tx.ntt-dropped-while-idle", "lacp.tx.ntt-kept-while-idle"])
    .problems("A device that sends at once whenever it may send again looks like one that kept what was due.")
    .lacp(|t| {
        // Attached, so that no other machine has a reason to send.
        t.known()?;
        t.ask_long(P1)?;
        t.wait(QUIET)?;
        t.change(P1, "Activity 1 -> 0", |partner| partner.clear(State::ACTIVITY))?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        t.once(P1, "wrong partner key", |pdu| pdu.partner.key ^= 1)?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        let change = t.change(P1, "Activity 0 -> 1", |partner| partner.set(State::ACTIVITY))?;
        let seen = t.look(&lacpdu(P1), change, QUIET)?;
        let how = if seen.is_some() { "sends" } else { "does not send" };
        let requirement = match t.edition() {
            Edition::Dot1Ax2020 => "lacp.tx.ntt-kept-while-idle",
            _ => "lacp.tx.ntt-dropped-while-idle",
        };
        let text = format!("D {how} afterwards what became due while both sides were passive");
        t.note(text, seen.map(|sighting| sighting.number), requirement);
        Ok(())
    })
}

/// G-10.
fn passive_expired() -> Test {
    passive(test(
        "lacp.periodic.passive-expired",
        "G-10",
        "A passive port whose active partner fell silent sends while it is Expired, and stops when it is Defaulted.",
    ))
    .judges(&["lacp.periodic.passive-expired", "lacp.periodic.passive-defaulted"])
    .with("lacp.timeout", "short")
    .lacp(|t| {
        t.up()?;
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let expired =
            t.preamble(|t| t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout"))?;
        let time = t.held_to(EXPIRED).from;
        t.rhythm(P1, expired.mark(), time, FAST_PLUS, "lacp.periodic.passive-expired")?;
        let ended = expired.at.time + t.held_to(EXPIRED).to + t.held_to(R).to;
        let defaulted = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
        let last = t.all(&defaulted, expired.mark(), ended - expired.at.time)?;
        let seen = format!("{} of them", last.len());
        let frame = last.last().map(|sighting| sighting.number);
        let expected = "at most one LACPDU with Defaulted";
        t.judge(last.len() <= 1, expected, &seen, frame, "lacp.periodic.passive-defaulted")?;
        let silent = t.mark();
        let time = t.held_to(SLOW_PLUS).to;
        t.never(&lacpdu(P1), silent, time, "lacp.periodic.passive-defaulted")
    })
}

/// G-11.
fn defaulted_rate(id: impl Into<String>, partner: &str) -> Test {
    test(id, "G-11", format!("A Defaulted port sends as often as the Timeout bit of {partner} asks."))
        .judges(&["lacp.periodic.defaulted-rate"])
        .with("lacp.activity", "active")
        .needs(Capability::Fresh)
        .lacp(|t| {
            t.defaulted(P1)?;
            // Whatever the port does with its administrative partner has come to rest.
            t.wait(QUIET * 2)?;
            let short = t.heard(P1)?.partner.state.has(State::TIMEOUT);
            let mark = t.mark();
            let (time, window) = if short { (QUIET, FAST) } else { (SLOW_WATCH, SLOW) };
            t.rhythm(P1, mark, time, window, "lacp.periodic.defaulted-rate")?;
            let same = lacpdu(P1).that("the same Timeout of the partner", move |pdu| {
                pdu.partner.state.has(State::TIMEOUT) == short
            });
            t.always(&same, mark, time, 2, "lacp.periodic.defaulted-rate")
        })
}

/// G-12.
fn one_active_side() -> Test {
    test(
        "lacp.periodic.one-active-side",
        "G-12",
        "An active port sends to a passive partner as often as that asks: every second, then every 30 s.",
    )
    .judges(&["lacp.periodic.one-active-side"])
    .with("lacp.activity", "active")
    .lacp(|t| {
        t.up()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        let change = t.change(P1, "Activity 1 -> 0", |partner| partner.clear(State::ACTIVITY))?;
        t.rhythm(P1, change, QUIET * 2, FAST_PLUS, "lacp.periodic.one-active-side")?;
        let change = t.ask_long(P1)?;
        every_30_seconds(t, change, "lacp.periodic.one-active-side")
    })
}

/// G-13.
fn passive_begins() -> Test {
    passive(test(
        "lacp.periodic.passive-begins",
        "G-13",
        "A passive port that was silent begins to send with the first LACPDU of an active partner.",
    ))
    .judges(&["lacp.periodic.passive-begins", "lacp.periodic.passive-follows-active"])
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.wait(QUIET)?;
        let mark = t.once(P1, "active, partner zero", |pdu| pdu.partner = PortInformation::default())?;
        let first = t.expect(&lacpdu(P1), mark, PASSIVE, "lacp.periodic.passive-begins")?;
        // Current, then Expired: for twice the short timeout its partner is known and active.
        let time = SHORT_TIMEOUT_TIME;
        t.rhythm(P1, first.mark(), time, FAST_PLUS, "lacp.periodic.passive-follows-active")?;
        Ok(())
    })
}
