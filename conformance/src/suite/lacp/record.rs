//! Group E: what the device records of its partner, and when it takes it to be in sync (recordPDU).

use std::time::Duration;

use redspec_codec::slow::lacp::{PortInformation, State};

use super::{LacpTest, P1, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{FAST_PLUS, PASSIVE, R};

/// So long a wrong view is kept up.
const KEPT: Duration = Duration::from_secs(10);

const NO_TRAFFIC: &str = "lacp.mux.collecting-needs-partner-synchronization";

/// A field of what T sees of D, and how it can be wrong.
pub(super) type Wrong = fn(&mut PortInformation);

/// Fields that identify a port: those that have to match, and that are asked NTT for.
pub(super) const IDENTITY: [(&str, Wrong); 5] = [
    ("port", |view| view.port ^= 1),
    ("port-priority", |view| view.port_priority ^= 1),
    ("system", |view| view.system.0[5] ^= 1),
    ("system-priority", |view| view.system_priority ^= 1),
    ("key", |view| view.key ^= 1),
];

/// The ids of `lacp.record.mismatch.*` and `lacp.ntt.mismatch.*` for a field.
fn mismatch(field: &str) -> [&'static str; 2] {
    match field {
        "port" => ["lacp.record.mismatch.port", "lacp.ntt.mismatch.port"],
        "port-priority" => ["lacp.record.mismatch.port-priority", "lacp.ntt.mismatch.port-priority"],
        "system" => ["lacp.record.mismatch.system", "lacp.ntt.mismatch.system"],
        "system-priority" => ["lacp.record.mismatch.system-priority", "lacp.ntt.mismatch.system-priority"],
        "key" => ["lacp.record.mismatch.key", "lacp.ntt.mismatch.key"],
        _ => ["lacp.record.mismatch.aggregation", "lacp.ntt.mismatch.aggregation"],
    }
}

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![blank(), blank_while_waiting(), matched(), passive_partner()];
    tests.extend([passive_port("", true), passive_port(".individual", false)]);
    tests.extend(individuals());
    tests.extend(mismatches());
    tests.extend(other_bits());
    tests.extend(ntt_bits());
    tests.extend(recorded_bits());
    tests
}

/// KNOWN, and T asks for long timeout, so that D sends only for a reason.
fn known_quietly(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    let partner = t.partner(P1);
    partner.actor.state = partner.actor.state.without(State::TIMEOUT);
    t.known()?;
    t.quiet()
}

/// T claims Synchronization and keeps seeing `view`.
fn claim_with(t: &mut LacpTest<'_>, text: &str, view: PortInformation) -> Result<Mark, Stop> {
    t.change(P1, &format!("Synchronization 0 -> 1, {text}"), |partner| {
        partner.view = Some(view);
        partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
    })
}

/// From `mark` on D shows T without Synchronization, and does not begin to collect. Of a device that collected before,
/// without a partner in sync, other tests say what there is to say.
fn out_of_sync(t: &mut LacpTest<'_>, mark: Mark, requirement: &'static str) -> Result<(), Stop> {
    let collected = t.heard(P1)?.actor.state.has(State::COLLECTING);
    // T did not claim it before, so a LACPDU that shows it was not under way.
    let shown = lacpdu(P1).partner_is(t.tester(P1)).partner_has(State::SYNCHRONIZATION);
    if let Some(shown) = t.look(&shown, mark, KEPT)? {
        t.shows(shown, &lacpdu(P1).partner_lacks(State::SYNCHRONIZATION), requirement)?;
    }
    t.always(&lacpdu(P1).partner_lacks(State::SYNCHRONIZATION), mark, KEPT, 1, requirement)?;
    if collected {
        return Ok(());
    }
    t.never(&lacpdu(P1).actor_has(State::COLLECTING), mark, KEPT, NO_TRAFFIC)
}

/// E-01, on an attached port.
fn blank() -> Test {
    test(
        "lacp.record.mismatch.blank",
        "E-01",
        "An attached port is not in sync with a partner that claims Synchronization and knows nothing of it.",
    )
    .judges(&["lacp.record.mismatch.blank", NO_TRAFFIC])
    .lacp(|t| {
        known_quietly(t)?;
        let mark = claim_with(t, "all fields of the partner 0", PortInformation::default())?;
        out_of_sync(t, mark, "lacp.record.mismatch.blank")
    })
}

/// E-01, on a port that waits.
fn blank_while_waiting() -> Test {
    test(
        "lacp.record.mismatch.blank.waiting",
        "E-01",
        "A port that has just started is not in sync with a partner that claims Synchronization and knows nothing of it.",
    )
    .judges(&["lacp.record.mismatch.blank", NO_TRAFFIC])
    .needs(Capability::Fresh).lacp(|t| {
        t.fresh()?;
        t.wait(FAST_PERIODIC_TIME * 3 / 2)?;
        t.partner(P1).view = Some(PortInformation::default());
        let now = t.now();
        t.partner(P1).start(now);
        let mark = t.change(P1, "starts in sync, all fields of the partner 0", |partner| {
            partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
        })?;
        out_of_sync(t, mark, "lacp.record.mismatch.blank")
    })
}

/// E-02, E-03 and E-04.
fn mismatches() -> impl Iterator<Item = Test> {
    let aggregation: (&str, Wrong) = ("aggregation", |view| view.state.0 ^= State::AGGREGATION.0);
    IDENTITY.into_iter().map(|field| (field, "E-02")).chain([(aggregation, "E-03")]).map(
        |((name, wrong), row)| {
            let [mismatch, ntt] = mismatch(name);
            test(
                mismatch,
                row,
                format!("A partner that sees another {name} of the port is answered, and is not in sync."),
            )
            .judges(&[mismatch, ntt, NO_TRAFFIC, "lacp.selected.partner-view-ignored"])
            .lacp(move |t| {
                known_quietly(t)?;
                let mut view = t.own(P1)?;
                wrong(&mut view);
                let mark = claim_with(t, &format!("another {name} as partner"), view)?;
                t.expect(&lacpdu(P1), mark, R, ntt)?;
                out_of_sync(t, mark, mismatch)?;
                let detached = lacpdu(P1).actor_lacks(State::SYNCHRONIZATION);
                t.never(&detached, mark, KEPT, "lacp.selected.partner-view-ignored")
            })
        },
    )
}

/// E-04.
fn matched() -> Test {
    test(
        "lacp.record.match",
        "E-04",
        "A partner that at last sees the port right is in sync, and the port collects at once.",
    )
    .judges(&["lacp.record.match", "lacp.mux.partner-sync", "lacp.selected.partner-view-ignored"])
    .lacp(|t| {
        known_quietly(t)?;
        let start = t.mark();
        let mut view = t.own(P1)?;
        view.port ^= 1;
        claim_with(t, "another port as partner", view)?;
        t.wait(FAST_PERIODIC_TIME * 3)?;
        let right = t.change(P1, "sees D as it is", |partner| partner.view = None)?;
        in_sync(t, right, "lacp.record.match")?;
        let so_far = t.now() - start.at.time;
        let detached = lacpdu(P1).actor_lacks(State::SYNCHRONIZATION);
        t.never(&detached, start, so_far, "lacp.selected.partner-view-ignored")
    })
}

/// D shows T in sync after what T sent at `mark`, and collects. One that collected before has nothing to announce, so it
/// is asked; by a bit that does not count for the match.
fn in_sync(t: &mut LacpTest<'_>, mark: Mark, requirement: &'static str) -> Result<(), Stop> {
    let shown = lacpdu(P1).partner_has(State::SYNCHRONIZATION);
    if t.look(&shown, mark, t.held_to(R).to / 2)?.is_none() {
        t.once(P1, "asks for an answer: D's Timeout wrong", |pdu| pdu.partner.state.0 ^= State::TIMEOUT.0)?;
    }
    t.expect(&lacpdu(P1).partner_has(State::SYNCHRONIZATION), mark, R, requirement)?;
    t.expect(&lacpdu(P1).actor_has(State::COLLECTING), mark, R, "lacp.mux.partner-sync")?;
    Ok(())
}

/// How an Individual T presents itself, and whether D is in sync with it.
struct Individual {
    id: &'static str,
    text: &'static str,
    /// Of T's own State.
    says: State,
    /// What T takes D's Activity to be.
    sees_active: bool,
    in_sync: bool,
    requirement: &'static str,
}

const SAYS: State = State(State::ACTIVITY.0 | State::SYNCHRONIZATION.0);

/// E-05: whatever T sees, the match does not count; the other conditions do.
const INDIVIDUALS: &[Individual] = &[
    Individual {
        id: "lacp.record.individual-needs-no-match",
        text: "active and in sync",
        says: SAYS,
        sees_active: false,
        in_sync: true,
        requirement: "lacp.record.individual-needs-no-match",
    },
    Individual {
        id: "lacp.record.individual-needs-no-match.passive",
        text: "passive and in sync, and sees D as active",
        says: State::SYNCHRONIZATION,
        sees_active: true,
        in_sync: true,
        requirement: "lacp.record.individual-needs-no-match",
    },
    Individual {
        id: "lacp.record.individual-out-of-sync.passive-sees-passive",
        text: "passive and in sync, and sees D as passive",
        says: State::SYNCHRONIZATION,
        sees_active: false,
        in_sync: false,
        requirement: "lacp.record.passive-partner-sees-passive",
    },
    Individual {
        id: "lacp.record.individual-out-of-sync.active",
        text: "active and not in sync",
        says: State::ACTIVITY,
        sees_active: true,
        in_sync: false,
        requirement: "lacp.record.needs-partner-synchronization",
    },
    Individual {
        id: "lacp.record.individual-out-of-sync.passive",
        text: "passive and not in sync, and sees D as active",
        says: State(0),
        sees_active: true,
        in_sync: false,
        requirement: "lacp.record.needs-partner-synchronization",
    },
];

/// E-05.
fn individuals() -> impl Iterator<Item = Test> {
    INDIVIDUALS.iter().map(|case| {
        let Individual { id, text, says, sees_active, in_sync, requirement } = *case;
        let shown = if in_sync { "in sync" } else { "not in sync" };
        test(
            id,
            "E-05",
            format!("An Individual partner that sees the port wrong, is {text}, is shown {shown}."),
        )
        .judges(&[requirement, "lacp.selection.individual-runs"])
        .for_devices("lacp.activity", &["active"])
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            t.wait(FAST_PERIODIC_TIME * 3 / 2)?;
            let now = t.now();
            t.partner(P1).start(now);
            let mut view = t.own(P1)?;
            view.key ^= 1;
            view.port ^= 1;
            if !sees_active {
                view.state = view.state.without(State::ACTIVITY);
            }
            let mark =
                t.change(P1, &format!("starts Individual, {text}, with a wrong view of D"), |partner| {
                    partner.view = Some(view);
                    partner.actor.state = partner.actor.state.without(SAYS | State::AGGREGATION).with(says);
                })?;
            let answer = lacpdu(P1).partner_is(t.tester(P1)).partner_lacks(State::AGGREGATION);
            let synchronization = if in_sync {
                answer.partner_has(State::SYNCHRONIZATION)
            } else {
                answer.partner_lacks(State::SYNCHRONIZATION)
            };
            let answer = t.expect(&synchronization, mark, R, requirement)?;
            t.always(&synchronization, answer.mark(), KEPT, 1, requirement)?;
            let runs = t.look(&lacpdu(P1).actor_has(State::COLLECTING), mark, KEPT)?;
            let text = if runs.is_some() { "the link runs on its own" } else { "the link stays out of use" };
            t.note(text, runs.map(|sighting| sighting.number), "lacp.selection.individual-runs");
            Ok(())
        })
    })
}

/// E-06.
fn passive_partner() -> Test {
    test(
        "lacp.record.passive-partner",
        "E-06",
        "An active port is in sync with a passive partner that sees it as active, and not with one that sees it as passive.",
    )
    .judges(&[
        "lacp.record.passive-partner",
        "lacp.record.passive-partner-sees-passive",
        "lacp.mux.partner-sync-lost",
    ])
    .for_devices("lacp.activity", &["active"])
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let passive = t.change(P1, "Activity 1 -> 0, sees D as active", |partner| {
            partner.actor.state = partner.actor.state.without(State::ACTIVITY);
        })?;
        let shown = lacpdu(P1).partner_lacks(State::ACTIVITY);
        let in_sync = shown.clone().partner_has(State::SYNCHRONIZATION).actor_has(UP);
        let shown = t.expect(&shown, passive, FAST_PLUS, "lacp.record.passive-partner")?;
        let from = Mark { events: shown.index, ..shown.mark() };
        t.always(&in_sync, from, FAST_PERIODIC_TIME * 5, 3, "lacp.record.passive-partner")?;
        let blind = t.change(P1, "sees D as passive", |partner| {
            let view = partner.learned().unwrap_or_default();
            partner.view = Some(PortInformation { state: view.state.without(State::ACTIVITY), ..view });
        })?;
        let out = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
        let out = t.expect(&out, blind, R, "lacp.record.passive-partner-sees-passive")?;
        let att = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.expect(&att, blind, R, "lacp.mux.partner-sync-lost")?;
        let out_of_sync = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
        let requirement = "lacp.record.passive-partner-sees-passive";
        t.always(&out_of_sync, out.mark(), FAST_PERIODIC_TIME * 5, 3, requirement)
    })
}

/// Not in the catalogue: what a silent port records is shown when it is made active.
fn passive_port(variant: &str, aggregation: bool) -> Test {
    let id = "lacp.record.passive-port";
    test(
        format!("{id}{variant}"),
        "-",
        "A passive port is not in sync with a passive partner that takes it for active, as it shows when it is made active.",
    )
    .judges(&[id])
    .with("lacp.activity", "passive")
    .needs(Capability::Configure)
    .problems("A device that starts anew when it is made active knows no partner any more.")
    .lacp(move |t| {
        t.up()?;
        t.quiet()?;
        t.change(P1, "Activity 1 -> 0, sees D as active", |partner| {
            let view = partner.learned().unwrap_or_default();
            partner.view = Some(PortInformation { state: view.state.with(State::ACTIVITY), ..view });
            partner.clear(State::ACTIVITY);
            partner.follows = false;
            if !aggregation {
                partner.clear(State::AGGREGATION);
            }
        })?;
        t.quiet()?;
        // The last one before D speaks again.
        t.send(P1)?;
        t.partner(P1).stop();
        let active = t.configure("lacp.activity", "active")?;
        let tester = t.tester(P1);
        t.preamble(|t| t.expect(&lacpdu(P1), active, PASSIVE, "lacp.link.first-pdu"))?;
        let in_sync = lacpdu(P1).partner_is(tester).partner_has(State::SYNCHRONIZATION);
        t.never(&in_sync, active, t.held_to(PASSIVE).to, id)
    })
}

/// E-07.
fn other_bits() -> impl Iterator<Item = Test> {
    let all = State::COLLECTING | State::DISTRIBUTING | State::DEFAULTED | State::EXPIRED;
    let bits = [
        ("collecting", State::COLLECTING),
        ("distributing", State::DISTRIBUTING),
        ("defaulted", State::DEFAULTED),
        ("expired", State::EXPIRED),
        ("all", all),
    ];
    bits.into_iter().map(|(name, bits)| {
        test(
            format!("lacp.record.other-partner-bits-ignored.{name}"),
            "E-07",
            format!("A partner whose view of the port is wrong only in {bits} is in sync."),
        )
        .judges(&["lacp.record.other-partner-bits-ignored", "lacp.mux.partner-sync"])
        .lacp(move |t| {
            known_quietly(t)?;
            let mut view = t.own(P1)?;
            view.state.0 ^= bits.0;
            let mark = claim_with(t, &format!("sees {bits} of D wrong"), view)?;
            in_sync(t, mark, "lacp.record.other-partner-bits-ignored")
        })
    })
}

/// E-08.
fn ntt_bits() -> impl Iterator<Item = Test> {
    let bits = [
        ("timeout", State::TIMEOUT, "lacp.ntt.mismatch.timeout"),
        ("synchronization", State::SYNCHRONIZATION, "lacp.ntt.mismatch.synchronization"),
        ("activity", State::ACTIVITY, "lacp.ntt.mismatch.activity"),
    ];
    bits.into_iter().map(|(name, bit, ntt)| {
        test(
            format!("lacp.record.ntt-bits-ignored.{name}"),
            "E-08",
            format!(
                "An active partner whose view of the port is wrong only in {bit} is in sync, and is answered."
            ),
        )
        .judges(&["lacp.record.ntt-bits-ignored", "lacp.mux.partner-sync", ntt])
        .lacp(move |t| {
            known_quietly(t)?;
            let mut view = t.own(P1)?;
            view.state.0 ^= bit.0;
            let mark = claim_with(t, &format!("sees {bit} of D wrong"), view)?;
            in_sync(t, mark, "lacp.record.ntt-bits-ignored")?;
            t.quiet()?;
            let again = t.once(P1, &format!("the same again, {bit} of D wrong"), |_| {})?;
            t.expect(&lacpdu(P1), again, R, ntt)?;
            let out = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
            t.never(&out, again, R.lenient.to, "lacp.record.ntt-bits-ignored")
        })
    })
}

/// E-09.
fn recorded_bits() -> impl Iterator<Item = Test> {
    let bits = [
        ("timeout", State::TIMEOUT),
        ("defaulted", State::DEFAULTED),
        ("expired", State::EXPIRED),
        ("collecting", State::COLLECTING),
        ("distributing", State::DISTRIBUTING),
    ];
    bits.into_iter().map(|(name, bit)| {
        test(
            format!("lacp.record.state-bits.{name}"),
            "E-09",
            format!(
                "The partner that the port shows is T in all fields, when T inverts its {name} bit and back."
            ),
        )
        .judges(&["lacp.record.identity", "lacp.record.state-bits", "lacp.ntt.mismatch.timeout"])
        .lacp(move |t| {
            if bit == State::COLLECTING {
                // A device that does not record it may never get UP.
                t.known()?;
            } else {
                t.up()?;
            }
            t.partner(P1).follows = false;
            for _ in 0..2 {
                t.quiet()?;
                t.partner(P1).actor.state.0 ^= bit.0;
                let tester = t.tester(P1);
                let text = format!("state {}, and sees D's Timeout bit wrong", tester.state);
                let mark = t.once(P1, &text, |pdu| pdu.partner.state.0 ^= State::TIMEOUT.0)?;
                let answer = t.expect(&lacpdu(P1), mark, R, "lacp.ntt.mismatch.timeout")?;
                let identity = lacpdu(P1).partner_is(tester);
                let from = Mark { events: answer.index, ..answer.mark() };
                t.expect(&identity, from, R, "lacp.record.identity")?;
                let state = lacpdu(P1)
                    .that(format!("partner {}", tester.state), move |pdu| pdu.partner.state == tester.state);
                t.expect(&state, from, R, "lacp.record.state-bits")?;
            }
            Ok(())
        })
    })
}
