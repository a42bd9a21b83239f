//! Group D: what of a partner's news makes the device choose its Aggregator anew (update_Selected).

use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};

use super::partner::Partner;
use super::{LacpTest, P1, TRAFFIC, UP, lacpdu, test};
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{EXPIRED, FAST_PLUS, R, RECOVERY, SLOW_PLUS, TO3, W2};

/// So long nothing happens where nothing has to.
const NOTHING: Duration = Duration::from_secs(5);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![aggregation(), synchronization(), alternating()];
    tests.extend(identity());
    tests.extend(state_bits());
    tests.extend(other_fields());
    tests.push(default_unchanged());
    tests.extend(ADMINISTRATIVE.iter().map(default_change));
    tests
}

/// D-01, the fields that identify a port.
fn identity() -> impl Iterator<Item = Test> {
    type Change = fn(&mut PortInformation);
    let changes: [(&str, &str, Change); 5] = [
        ("System", "lacp.selected.system", |actor| actor.system.0[4] ^= 0x55),
        ("System_Priority", "lacp.selected.system-priority", |actor| actor.system_priority ^= 0x0055),
        ("Key", "lacp.selected.key", |actor| actor.key ^= 0x0055),
        ("Port", "lacp.selected.port", |actor| actor.port ^= 0x0055),
        ("Port_Priority", "lacp.selected.port-priority", |actor| actor.port_priority ^= 0x0055),
    ];
    changes.into_iter().map(|(name, requirement, change)| {
        test(
            requirement,
            "D-01",
            format!("A partner that changes its {name} makes the port detach, wait, and come back with the new one."),
        )
        .judges(&[
            requirement,
            "lacp.mux.unselected-detaches",
            "lacp.mux.wait-while",
            "lacp.selection.reselects",
            "lacp.selection.time",
        ])
        .lacp(move |t| {
            t.up()?;
            t.quiet()?;
            let changed = t.change(P1, &format!("another {name}"), |partner| change(&mut partner.actor))?;
            let tester = t.tester(P1);
            let shown = lacpdu(P1).partner_is(tester);
            let detached = shown.clone().actor_lacks(State::SYNCHRONIZATION);
            let detached = t.expect(&detached, changed, R, requirement)?;
            let pdu = t.pdu_at(detached)?;
            let (state, number) = (pdu.actor.state, Some(detached.number));
            let text = "Synchronization, Collecting and Distributing all gone";
            let gone = state.0 & UP.0 == 0;
            t.judge(gone, text, &format!("actor {state}"), number, "lacp.mux.unselected-detaches")?;
            let attached = shown.clone().actor_has(State::SYNCHRONIZATION);
            let since = Mark { at: changed.at, ..detached.mark() };
            let attached = t.expect(&attached, since, W2, "lacp.mux.wait-while")?;
            let time = attached.at.time - changed.at.time;
            let text = format!("Synchronization {:.3} s after the new partner", time.as_secs_f64());
            t.note(text, Some(attached.number), "lacp.selection.time");
            t.expect(&shown.actor_has(UP), attached.mark(), RECOVERY, "lacp.selection.reselects")?;
            Ok(())
        })
    })
}

/// D-01, the bit that makes a link individual.
fn aggregation() -> Test {
    test(
        "lacp.selected.aggregation",
        "D-01",
        "A partner that turns Individual makes the port detach; the link is then used on its own, or not.",
    )
    .judges(&["lacp.selected.aggregation", "lacp.mux.unselected-detaches", "lacp.selection.individual-runs"])
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let changed = t.change(P1, "Aggregation 1 -> 0", |partner| {
            partner.actor.state = partner.actor.state.without(State::AGGREGATION);
        })?;
        let shown = lacpdu(P1).partner_lacks(State::AGGREGATION);
        let detached = shown.clone().actor_lacks(State::SYNCHRONIZATION);
        let detached = t.expect(&detached, changed, R, "lacp.selected.aggregation")?;
        let state = t.pdu_at(detached)?.actor.state;
        let text = "Synchronization, Collecting and Distributing all gone";
        let (gone, seen) = (state.0 & UP.0 == 0, format!("actor {state}"));
        t.judge(gone, text, &seen, Some(detached.number), "lacp.mux.unselected-detaches")?;
        let back = t.look(&shown.actor_has(UP), detached.mark(), FAST_PERIODIC_TIME * 15)?;
        let text = if back.is_some() { "the link runs on its own" } else { "the link stays out of use" };
        t.note(text, back.map(|sighting| sighting.number), "lacp.selection.individual-runs");
        Ok(())
    })
}

/// D does not detach within [`NOTHING`] of `mark`. It would say so at once.
fn stays_attached(t: &mut LacpTest<'_>, mark: Mark, requirement: &'static str) -> Result<(), Stop> {
    t.never(&lacpdu(P1).actor_lacks(State::SYNCHRONIZATION), mark, NOTHING, requirement)
}

/// T sends a LACPDU that D has to answer, and D's answer shows that it has taken it.
fn processed(
    t: &mut LacpTest<'_>,
    text: &str,
    change: impl FnOnce(&mut Lacpdu),
) -> Result<(Mark, Lacpdu), Stop> {
    let mark = t.once(P1, text, |pdu| {
        change(pdu);
        // Sets NTT, and nothing else.
        pdu.partner.state.0 ^= State::TIMEOUT.0;
    })?;
    match t.look(&lacpdu(P1), mark, R.lenient.to)? {
        Some(answer) => Ok((mark, t.pdu_at(answer)?)),
        None => Err(Stop::Inconclusive(format!("D does not answer a LACPDU with {text}"))),
    }
}

/// D-02, bits of the State.
fn state_bits() -> impl Iterator<Item = Test> {
    let bits = [
        ("activity", State::ACTIVITY),
        ("timeout", State::TIMEOUT),
        ("collecting", State::COLLECTING),
        ("distributing", State::DISTRIBUTING),
        ("defaulted", State::DEFAULTED),
        ("expired", State::EXPIRED),
    ];
    bits.into_iter().map(|(name, bit)| {
        test(
            format!("lacp.selected.other-bits-ignored.{name}"),
            "D-02",
            format!("A partner that inverts only its {name} bit, and inverts it again, does not make the port detach."),
        )
        .judges(&["lacp.selected.other-bits-ignored"])
        // Two passive ends would fall silent.
        .for_devices("lacp.activity", &["active"])
        .lacp(move |t| {
            if TRAFFIC.has(bit) {
                // These change on the way to UP: a device that minds would never get there.
                t.known()?;
            } else {
                t.up()?;
            }
            t.ask_long_and_wait(P1)?;
            t.partner(P1).follows = false;
            for _ in 0..2 {
                t.partner(P1).actor.state.0 ^= bit.0;
                let state = t.tester(P1).state;
                let text = format!("{name} inverted, state {state}");
                let (mark, _) = processed(t, &text, |_| {})?;
                let repeated =
                    if state.has(bit) { lacpdu(P1).partner_has(bit) } else { lacpdu(P1).partner_lacks(bit) };
                // What comes first may have been under way.
                if t.look(&repeated, mark, R.lenient.to)?.is_none() {
                    return Err(Stop::Inconclusive(format!("D does not repeat the {name} bit")));
                }
                stays_attached(t, mark, "lacp.selected.other-bits-ignored")?;
            }
            Ok(())
        })
    })
}

/// D-02, what is not of the State.
fn other_fields() -> impl Iterator<Item = Test> {
    type Change = fn(&mut Partner, &mut Lacpdu);
    let changes: [(&str, &str, Change); 3] = [
        ("collector-max-delay", "another CollectorMaxDelay", |_, pdu| pdu.collector_max_delay ^= 0x00ff),
        ("version", "another Version Number", |_, pdu| pdu.version = 2),
        ("source", "another source address", |partner, _| partner.mac.0[5] ^= 0x80),
    ];
    changes.into_iter().map(|(name, text, change)| {
        test(
            format!("lacp.selected.other-fields-ignored.{name}"),
            "D-02",
            format!("LACPDUs with {text} do not make the port detach."),
        )
        .judges(&["lacp.selected.other-fields-ignored"])
        .lacp(move |t| {
            t.up()?;
            t.ask_long_and_wait(P1)?;
            for _ in 0..2 {
                let mut partner = t.partner(P1).clone();
                let mut pdu = partner.pdu();
                change(&mut partner, &mut pdu);
                t.partner(P1).mac = partner.mac;
                let (mark, _) = processed(t, text, |sent| {
                    (sent.version, sent.collector_max_delay) = (pdu.version, pdu.collector_max_delay);
                })?;
                stays_attached(t, mark, "lacp.selected.other-fields-ignored")?;
            }
            Ok(())
        })
    })
}

/// D-03.
fn synchronization() -> Test {
    test(
        "lacp.selected.synchronization-ignored",
        "D-03",
        "A partner that takes back Synchronization alone stops the traffic, but does not make the port detach.",
    )
    .judges(&[
        "lacp.selected.synchronization-ignored",
        "lacp.mux.partner-sync-lost",
        "lacp.record.needs-partner-synchronization",
    ])
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        t.partner(P1).follows = false;
        let changed = t.change(P1, "Synchronization 1 -> 0", |partner| {
            partner.actor.state = partner.actor.state.without(State::SYNCHRONIZATION);
        })?;
        stays_attached(t, changed, "lacp.selected.synchronization-ignored")?;
        let without = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
        let requirement = "lacp.record.needs-partner-synchronization";
        let shown = t.expect(&without, changed, FAST_PLUS, requirement)?;
        t.always(&without, shown.mark(), NOTHING, 1, requirement)?;
        let att = without.actor_lacks(TRAFFIC);
        let att = t.expect(&att, changed, R, "lacp.mux.partner-sync-lost")?;
        t.always(&lacpdu(P1).actor_lacks(TRAFFIC), att.mark(), NOTHING, 1, "lacp.mux.partner-sync-lost")
    })
}

/// D-04.
fn alternating() -> Test {
    test(
        "lacp.selected.changing-partner-not-collecting",
        "D-04",
        "While two partners take turns on a link, the port never collects; it ends with the last of them.",
    )
    .judges(&[
        "lacp.selected.changing-partner-not-collecting",
        "lacp.mux.wait-while-restarts",
        "lacp.selection.reselects",
    ])
    .problems("T sends 5 LACPDUs in a second here, more than the standard allows a sender.")
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        t.step("T sends LACPDUs of two Systems in turns, 200 ms apart, for 5 s");
        t.partner(P1).stop();
        let start = t.mark();
        while t.now() - start.at.time < FAST_PERIODIC_TIME * 5 {
            t.partner(P1).actor.system.0[4] ^= 0x55;
            t.send(P1)?;
            let next = t.now() + Duration::from_millis(200);
            t.wait_until(next)?;
        }
        // What was before the first turn may take a second to be gone.
        let settled = start.at.time + FAST_PERIODIC_TIME;
        let so_far = t.now() - settled;
        let before = t.run.events().iter().take_while(|event| event.at.time <= settled).count();
        let mark = Mark { at: settled.into(), events: before };
        let requirement = "lacp.selected.changing-partner-not-collecting";
        t.always(&lacpdu(P1).actor_lacks(TRAFFIC), mark, so_far, 2, requirement)?;
        if t.run.exact() {
            let waiting = lacpdu(P1).actor_lacks(State::SYNCHRONIZATION);
            t.always(&waiting, mark, so_far, 2, "lacp.mux.wait-while-restarts")?;
        } else {
            let attached = t.look(&lacpdu(P1).actor_has(State::SYNCHRONIZATION), mark, so_far)?;
            let text =
                if attached.is_some() { "D attaches meanwhile" } else { "D does not attach meanwhile" };
            let number = attached.map(|sighting| sighting.number);
            t.note(text, number, "lacp.mux.wait-while-restarts");
        }
        t.step("T stays with the last System");
        t.speak(P1);
        let (end, tester) = (t.mark(), t.tester(P1));
        t.expect(&lacpdu(P1).actor_has(UP).partner_is(tester), end, RECOVERY, "lacp.selection.reselects")?;
        Ok(())
    })
}

/// The System of T where the administrative partner is T.
pub(super) const SYSTEM: MacAddress = MacAddress([0x02, 0x52, 0x50, 0x41, 0x50, 0x10]);

/// A setting of the administrative partner, a value that T does not have, and T's.
type Administrative = (&'static str, &'static str, &'static str);

const ADMINISTRATIVE: &[Administrative] = &[
    ("system", "02:52:50:41:50:20", "02:52:50:41:50:10"),
    ("system_priority", "36865", "36864"),
    ("key", "802", "801"),
    ("port", "258", "257"),
    ("port_priority", "28673", "28672"),
    ("aggregation", "individual", "aggregatable"),
];

/// Where it hears no partner, D assumes T.
pub(super) fn assuming_tester(test: Test) -> Test {
    ADMINISTRATIVE
        .iter()
        .fold(test, |test, (name, _, value)| test.with(&format!("lacp.partner.{name}"), value))
}

/// A port that becomes Defaulted, and says so, whose administrative partner is T.
fn default_partner_test(id: String, requirement: &'static str, purpose: String) -> Test {
    let test = test(id, "-", purpose)
        .judges(&[requirement])
        .with("lacp.activity", "active")
        .with("lacp.timeout", "short");
    assuming_tester(test)
}

/// UP with the T that D assumes, which then falls silent; from its last LACPDU, and the first that shows Defaulted.
fn defaulted(t: &mut LacpTest<'_>) -> Result<(Mark, Sighting), Stop> {
    t.partner(P1).actor.system = SYSTEM;
    t.up()?;
    let silence = t.silence(P1);
    let defaulted = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
    let limit = TO3.lenient.to + EXPIRED.lenient.to + SLOW_PLUS.lenient.to;
    let first = t.look(&defaulted, silence, limit)?;
    let first = first.ok_or_else(|| Stop::Inconclusive("D does not become Defaulted".to_owned()))?;
    Ok((silence, first))
}

/// Not in the catalogue: C-02 has a port that never met a partner.
fn default_unchanged() -> Test {
    let requirement = "lacp.selected.default-unchanged";
    default_partner_test(
        format!("{requirement}.same-partner"),
        requirement,
        "A port that loses the very partner that is its administrative one stays attached.".to_owned(),
    )
    .for_devices("lacp.suspend_individual", &["no"])
    .for_devices("lacp.fallback", &["none"])
    .lacp(move |t| {
        let (silence, first) = defaulted(t)?;
        let kept = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        t.always(&kept, silence, first.at.time - silence.at.time + NOTHING, 1, requirement)
    })
}

/// Not in the catalogue: C-07 has an administrative partner that differs in everything.
fn default_change((name, value, _): &Administrative) -> Test {
    let requirement = "lacp.selected.default-change";
    let name = name.replace('_', "-");
    default_partner_test(
        format!("{requirement}.{name}"),
        requirement,
        format!(
            "A port detaches that loses a partner which differs from its administrative one in {name} only."
        ),
    )
    .with(&format!("lacp.partner.{}", name.replace('-', "_")), value)
    .lacp(move |t| {
        let (_, first) = defaulted(t)?;
        let detached = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(UP);
        t.expect(&detached, first.itself(), R, requirement).map(drop)
    })
}
