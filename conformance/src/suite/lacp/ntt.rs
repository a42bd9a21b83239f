//! Group F: what makes the device send at once (update_NTT), and what does not.

use redspec_codec::Reserved;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};

use super::pattern::LacpduPattern;
use super::record::{IDENTITY, Wrong};
use super::{LacpTest, P1, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::Editions;
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{FAST_GAP_LIMIT, R, SLOW, SLOW_FROM, W2};

const NO_TRAFFIC: &str = "lacp.mux.collecting-needs-partner-synchronization";

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        reply_shows_sender(),
        entering_collecting(),
        entering_distributing(),
        entering_attached(),
        entering_detached(),
        entering_detached_from_attached(),
        periodic_unaffected(),
        periodic_restarted(),
    ];
    tests.extend(mismatches());
    tests.extend(no_replies());
    tests
}

/// KNOWN, and T asks for long timeout, so that D sends only for a reason, and for none but T's view of it.
fn known_quietly(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    let partner = t.partner(P1);
    partner.actor.state = partner.actor.state.without(State::TIMEOUT);
    t.known()?;
    t.wait(FAST_PERIODIC_TIME * 5)
}

fn requirement(field: &str) -> &'static str {
    match field {
        "port" => "lacp.ntt.mismatch.port",
        "port-priority" => "lacp.ntt.mismatch.port-priority",
        "system" => "lacp.ntt.mismatch.system",
        "system-priority" => "lacp.ntt.mismatch.system-priority",
        "key" => "lacp.ntt.mismatch.key",
        "activity" => "lacp.ntt.mismatch.activity",
        "timeout" => "lacp.ntt.mismatch.timeout",
        "synchronization" => "lacp.ntt.mismatch.synchronization",
        _ => "lacp.ntt.mismatch.aggregation",
    }
}

/// F-01.
fn mismatches() -> impl Iterator<Item = Test> {
    let bits: [(&str, Wrong); 4] = [
        ("activity", |view| view.state.0 ^= State::ACTIVITY.0),
        ("timeout", |view| view.state.0 ^= State::TIMEOUT.0),
        ("synchronization", |view| view.state.0 ^= State::SYNCHRONIZATION.0),
        ("aggregation", |view| view.state.0 ^= State::AGGREGATION.0),
    ];
    IDENTITY.into_iter().chain(bits).map(|(name, wrong)| {
        let requirement = requirement(name);
        test(
            requirement,
            "F-01",
            format!("A LACPDU with a wrong view of the port's {name} is answered at once."),
        )
        .judges(&[requirement, "lacp.ntt.single-reply", "lacp.tx.current-values"])
        .lacp(move |t| {
            known_quietly(t)?;
            let (own, tester) = (t.own(P1)?, t.tester(P1));
            let mark = t.once(P1, &format!("another {name} as partner"), |pdu| wrong(&mut pdu.partner))?;
            let answer = t.expect(&lacpdu(P1), mark, R, requirement)?;
            let pdu = t.pdu_at(answer)?;
            let true_now = pdu.actor == own && super::pattern::same(&pdu.partner, &tester);
            let text = format!("actor {own}, partner T");
            let seen = format!("actor {}, partner {}", pdu.actor, pdu.partner);
            t.judge(true_now, &text, &seen, Some(answer.number), "lacp.tx.current-values")?;
            let second = t.look(&lacpdu(P1), answer.mark(), R.lenient.to)?;
            let text = if second.is_some() { "there was a second answer" } else { "it was answered once" };
            t.note(text, second.map(|sighting| sighting.number), "lacp.ntt.single-reply");
            Ok(())
        })
    })
}

/// F-02.
fn no_replies() -> impl Iterator<Item = Test> {
    type Change = fn(&mut Lacpdu);
    let changes: [(&str, &str, Change); 6] = [
        ("lacp.ntt.no-reply.collecting", "Collecting of D wrong", |pdu| {
            pdu.partner.state.0 ^= State::COLLECTING.0;
        }),
        ("lacp.ntt.no-reply.distributing", "Distributing of D wrong", |pdu| {
            pdu.partner.state.0 ^= State::DISTRIBUTING.0;
        }),
        ("lacp.ntt.no-reply.defaulted", "Defaulted of D wrong", |pdu| {
            pdu.partner.state.0 ^= State::DEFAULTED.0;
        }),
        ("lacp.ntt.no-reply.expired", "Expired of D wrong", |pdu| pdu.partner.state.0 ^= State::EXPIRED.0),
        ("lacp.ntt.no-reply.reserved", "Reserved octets of the Partner TLV 255", |pdu| {
            pdu.partner_reserved = Reserved([0xff; 3]);
        }),
        ("lacp.ntt.no-reply.match", "nothing wrong", |_| {}),
    ];
    changes.into_iter().map(|(requirement, text, change)| {
        test(requirement, "F-02", format!("LACPDUs with {text} are not answered."))
            .judges(&[requirement])
            .lacp(move |t| {
                const STIMULI: u32 = 3;
                known_quietly(t)?;
                let spacing = FAST_PERIODIC_TIME * 2;
                let start = t.mark();
                for _ in 0..STIMULI {
                    t.once(P1, text, change)?;
                    let next = t.now() + spacing;
                    t.wait_until(next)?;
                }
                // One may be the periodic LACPDU.
                t.at_most(&lacpdu(P1), start, spacing * STIMULI, 1, requirement)
            })
    })
}

/// F-03.
fn reply_shows_sender() -> Test {
    test(
        "lacp.ntt.reply-shows-sender",
        "F-03",
        "The answer to the first LACPDU of a partner, who knows nothing yet, shows that partner.",
    )
    .judges(&["lacp.ntt.reply-shows-sender", "lacp.record.identity"])
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.wait(FAST_PERIODIC_TIME * 3 / 2)?;
        let mark = t.change(P1, "its first LACPDU, in sync, all fields of the partner 0", |partner| {
            partner.view = Some(PortInformation::default());
            partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
        })?;
        let tester = t.tester(P1);
        let first = t.expect(&lacpdu(P1).partner_is(tester), mark, R, "lacp.ntt.reply-shows-sender")?;
        if t.run.exact() {
            let before = t.look(&lacpdu(P1).partner_is_not(tester), mark, first.at.time - mark.at.time)?;
            let number = before.map(|sighting| sighting.number);
            let text = "no answer without T";
            t.judge(before.is_none(), text, "", number, "lacp.ntt.reply-shows-sender")?;
        }
        let partner = t.pdu_at(first)?.partner;
        let bits = |state: State| state.without(State::SYNCHRONIZATION);
        let same = bits(partner.state) == bits(tester.state);
        let text = format!("as partner {tester}, but for Synchronization");
        t.judge(same, &text, &partner.to_string(), Some(first.number), "lacp.record.identity")
    })
}

/// D shows at once what it has become. If it does not, it is asked: one that has not become so breaks `otherwise`.
fn announced(
    t: &mut LacpTest<'_>,
    pattern: &LacpduPattern,
    mark: Mark,
    requirement: &'static str,
    otherwise: &'static str,
) -> Result<Sighting, Stop> {
    if t.look(pattern, mark, t.held_to(R).to)?.is_none() {
        let text = "asks for an answer: D's Timeout wrong";
        let asked = t.once(P1, text, |pdu| pdu.partner.state.0 ^= State::TIMEOUT.0)?;
        if let Some(answer) = t.look(&lacpdu(P1), asked, R.lenient.to)? {
            t.shows(answer, pattern, otherwise)?;
        }
    }
    t.expect(pattern, mark, R, requirement)
}

/// F-04 (a): by independent control without Distributing, by coupled control with it.
fn entering_collecting() -> Test {
    test(
        "lacp.ntt.entering-collecting",
        "F-04",
        "A port that begins to collect says so at once, not only in the next slow LACPDU.",
    )
    .judges(&["lacp.ntt.entering-collecting", NO_TRAFFIC])
    .lacp(|t| {
        known_quietly(t)?;
        let before = t.own(P1)?.state;
        let text = "no Collecting before T is in sync";
        t.judge(!before.has(State::COLLECTING), text, &format!("actor {before}"), None, NO_TRAFFIC)?;
        let mark = claim(t)?;
        let collecting =
            t.expect(&lacpdu(P1).actor_has(State::COLLECTING), mark, R, "lacp.ntt.entering-collecting")?;
        if t.coupled() {
            let state = t.pdu_at(collecting)?.actor.state;
            let (both, seen) = (state.has(TRAFFIC), format!("actor {state}"));
            let text = "Distributing together with Collecting";
            t.judge(both, text, &seen, Some(collecting.number), "lacp.ntt.entering-collecting")?;
        }
        Ok(())
    })
}

fn claim(t: &mut LacpTest<'_>) -> Result<Mark, Stop> {
    t.change(P1, "Synchronization 0 -> 1", |partner| {
        partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
    })
}

/// F-04 (a), with Collecting as well.
fn entering_distributing() -> Test {
    test("lacp.ntt.entering-distributing", "F-04", "A port that begins to distribute says so at once.")
        .judges(&["lacp.ntt.entering-distributing"])
        .only(Editions::ONLY_2020)
        .lacp(|t| {
            known_quietly(t)?;
            let mut mark = claim(t)?;
            if !t.coupled() {
                t.wait(FAST_PERIODIC_TIME * 3)?;
                mark = t.change(P1, "Collecting 0 -> 1", |partner| {
                    partner.actor.state = partner.actor.state.with(State::COLLECTING);
                })?;
            }
            let distributing = lacpdu(P1).actor_has(State::DISTRIBUTING);
            t.expect(&distributing, mark, R, "lacp.ntt.entering-distributing")?;
            Ok(())
        })
}

/// F-04 (b).
fn entering_attached() -> Test {
    test(
        "lacp.ntt.entering-attached",
        "F-04",
        "A port that stops collecting says so at once, not only in the next slow LACPDU.",
    )
    .judges(&["lacp.ntt.entering-attached", "lacp.mux.partner-sync-lost"])
    .lacp(|t| {
        t.up()?;
        t.ask_long_and_wait(P1)?;
        t.partner(P1).follows = false;
        let mark = t.change(P1, "Synchronization 1 -> 0", |partner| {
            partner.actor.state = partner.actor.state.without(State::SYNCHRONIZATION);
        })?;
        let att = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        announced(t, &att, mark, "lacp.ntt.entering-attached", "lacp.mux.partner-sync-lost").map(drop)
    })
}

/// F-04 (c).
fn entering_detached() -> Test {
    test(
        "lacp.ntt.entering-detached",
        "F-04",
        "A port that detaches says so at once, and so does it when it attaches again.",
    )
    .judges(&["lacp.ntt.entering-detached", "lacp.ntt.entering-attached", "lacp.selected.key"])
    // T's LACPDUs would be answered when their view is behind; so T sends none, and D has to do without for a while.
    .with("lacp.timeout", "long")
    .lacp(|t| {
        t.up()?;
        t.ask_long_and_wait(P1)?;
        t.partner(P1).stop();
        let changed = t.change(P1, "another Key", |partner| {
            partner.actor.key ^= 0x0055;
            partner.actor.state = partner.actor.state.without(UP);
        })?;
        let detached = lacpdu(P1).actor_lacks(UP);
        let detached = announced(t, &detached, changed, "lacp.ntt.entering-detached", "lacp.selected.key")?;
        let since = Mark { at: changed.at, ..detached.mark() };
        let attached = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        t.expect(&attached, since, W2, "lacp.ntt.entering-attached")?;
        Ok(())
    })
}

/// F-04 (c), where D has no traffic to stop.
fn entering_detached_from_attached() -> Test {
    test(
        "lacp.ntt.entering-detached.from-attached",
        "F-04",
        "A port that was only attached and detaches says so at once.",
    )
    .judges(&["lacp.ntt.entering-detached", "lacp.selected.key"])
    .lacp(|t| {
        known_quietly(t)?;
        let changed = t.change(P1, "another Key", |partner| partner.actor.key ^= 0x0055)?;
        let tester = t.tester(P1);
        let detached = lacpdu(P1).actor_lacks(UP).partner_is(tester);
        announced(t, &detached, changed, "lacp.ntt.entering-detached", "lacp.selected.key").map(drop)
    })
}

/// A periodic LACPDU of D, in ATT and slow; behind it D is provoked to another in the middle of the period.
fn provoked_in_mid_period(t: &mut LacpTest<'_>) -> Result<(Sighting, Sighting), Stop> {
    known_quietly(t)?;
    t.step("wait for D's next periodic LACPDU");
    let mark = t.mark();
    let Some(periodic) = t.look(&lacpdu(P1), mark, SLOW.lenient.to)? else {
        return Err(Stop::Inconclusive("D sends no periodic LACPDU".to_owned()));
    };
    t.wait(FAST_PERIODIC_TIME * 10)?;
    let mark = t.once(P1, "another key as partner", |pdu| pdu.partner.key ^= 1)?;
    let Some(answer) = t.look(&lacpdu(P1), mark, R.lenient.to)? else {
        return Err(Stop::Inconclusive("D does not answer a LACPDU with a wrong view".to_owned()));
    };
    // A second answer would be none of the periodic ones.
    t.wait(FAST_GAP_LIMIT)?;
    Ok((periodic, answer))
}

/// F-05, up to 2014.
fn periodic_unaffected() -> Test {
    test(
        "lacp.periodic.unaffected-by-ntt",
        "F-05",
        "An answer in the middle of a slow period does not move the next periodic LACPDU.",
    )
    .judges(&["lacp.periodic.unaffected-by-ntt"])
    .only(Editions::UP_TO_2014)
    .lacp(|t| {
        let (periodic, _) = provoked_in_mid_period(t)?;
        let since = Mark { at: periodic.at, ..t.mark() };
        t.expect(&lacpdu(P1), since, SLOW_FROM, "lacp.periodic.unaffected-by-ntt")?;
        Ok(())
    })
}

/// F-05, 2020.
fn periodic_restarted() -> Test {
    test(
        "lacp.periodic.restarted-by-ntt",
        "F-05",
        "After an answer in the middle of a slow period, the next periodic LACPDU comes a whole period later.",
    )
    .judges(&["lacp.periodic.restarted-by-ntt"])
    .only(Editions::ONLY_2020)
    .lacp(|t| {
        let (_, answer) = provoked_in_mid_period(t)?;
        let since = Mark { at: answer.at, ..t.mark() };
        t.expect(&lacpdu(P1), since, SLOW_FROM, "lacp.periodic.restarted-by-ntt")?;
        Ok(())
    })
}
