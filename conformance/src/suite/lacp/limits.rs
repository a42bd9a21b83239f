//! Group H: limits of transmission.

use std::time::Duration;

use redspec_codec::slow::lacp::{Lacpdu, State};

use super::{LacpTest, P1, P2, UP, lacpdu, test};
use crate::event::Port;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::Edition;
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{
    FAST_PLUS, HELD_BACK, R, RECOVERY, most_in_a_burst, most_in_a_second, most_sustained,
};

/// Long enough that no limit applies any more, and too short for a slow periodic LACPDU.
const QUIET: Duration = Duration::from_secs(10);
/// LACPDUs of a burst.
const BURST: u32 = 20;
/// Between those of a burst that takes 1.5 s.
const GAP: Duration = Duration::from_millis(75);
/// Between those of a burst so short that a limit of either edition still holds at its end.
const SHORT_GAP: Duration = Duration::from_millis(40);

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![burst(), delayed_not_lost(), sustained(), prompt(), prompt_on_another_port()]
}

/// The requirement that an edition has.
fn limit(t: &LacpTest<'_>) -> &'static str {
    match t.edition() {
        Edition::Dot1Ax2020 => "lacp.tx.limit-2020",
        _ => "lacp.tx.limit",
    }
}

/// KNOWN with a partner that asks for slow LACPDUs, after a quiet time: the device has no reason to send.
fn quiet(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    t.known()?;
    for port in t.ports() {
        t.ask_long(port)?;
    }
    t.wait(QUIET)
}

/// A LACPDU that has to be answered.
fn provoking(t: &mut LacpTest<'_>, port: Port) -> Lacpdu {
    let mut pdu = t.partner(port).pdu();
    pdu.partner.key ^= 1;
    pdu
}

/// Sends LACPDUs that have to be answered, so far apart. When the first and the last were sent.
fn provoke(t: &mut LacpTest<'_>, times: u32, gap: Duration) -> Result<(Mark, Mark), Stop> {
    t.step(format!("T on {P1} sends {times} LACPDUs with wrong partner key, {} s apart", gap.as_secs_f64()));
    t.partner(P1).stop();
    let pdu = provoking(t, P1);
    let first = t.mark();
    let mut last = first;
    for number in 0..times {
        t.wait_until(first.at.time + gap * number)?;
        last = t.send_pdu(P1, &pdu)?;
    }
    Ok((first, last))
}

/// The most of them that were certainly seen within one second, and the last of those.
fn densest(sightings: &[Sighting]) -> (usize, Option<u64>) {
    let mut most = (0, None);
    let mut from = 0;
    for (to, last) in sightings.iter().enumerate() {
        let within = |first: &Sighting| {
            let uncertainty = first.at.uncertainty + last.at.uncertainty;
            last.at.time - first.at.time + uncertainty < FAST_PERIODIC_TIME
        };
        while from < to && !within(&sightings[from]) {
            from += 1;
        }
        if to + 1 - from > most.0 {
            most = (to + 1 - from, Some(last.number));
        }
    }
    most
}

/// In no second are there more LACPDUs than the limit allows.
fn within_limit(t: &mut LacpTest<'_>, sightings: &[Sighting]) -> Result<(), Stop> {
    let most = most_in_a_second(t.edition(), t.run.exact());
    let (seen, frame) = densest(sightings);
    let (expected, found) = (format!("at most {most} LACPDUs in any second"), format!("{seen} of them"));
    let requirement = limit(t);
    t.judge(seen <= most as usize, &expected, &found, frame, requirement)?;
    let text = format!("D sent up to {seen} LACPDUs in a second");
    t.note(text, frame, "lacp.tx.slow-protocol-limit");
    Ok(())
}

/// H-01.
fn burst() -> Test {
    test(
        "lacp.tx.limit",
        "H-01",
        "A port that is provoked 20 times in 1.5 s sends no more LACPDUs in any second than the limit allows.",
    )
    .judges(&["lacp.tx.limit", "lacp.tx.limit-2020", "lacp.tx.slow-protocol-limit"])
    .problems(
        "A limiter that counts anew every second, as the state diagrams from corrigendum 1 on do, may place two quotas back \
         to back; that is no failure of a device with declared tolerance.",
    )
    .lacp(|t| {
        quiet(t)?;
        let (first, last) = provoke(t, BURST, GAP)?;
        let time = last.at.time - first.at.time + FAST_PERIODIC_TIME;
        let seen = t.all(&lacpdu(P1), first, time)?;
        within_limit(t, &seen)?;
        let most = most_in_a_burst(t.edition());
        let expected = format!("at most {most} LACPDUs from the burst's start to a second after its end");
        let frame = seen.last().map(|sighting| sighting.number);
        let requirement = limit(t);
        let found = format!("{} of them", seen.len());
        t.judge(seen.len() <= most as usize, &expected, &found, frame, requirement)
    })
}

/// H-02.
fn delayed_not_lost() -> Test {
    test(
        "lacp.tx.delayed-not-lost",
        "H-02",
        "What the limit holds back is sent once, as soon as the limit allows, with what is true then.",
    )
    .judges(&["lacp.tx.current-values", "lacp.tx.delayed-not-lost", "lacp.tx.state-not-queue"])
    .lacp(|t| {
        quiet(t)?;
        provoke(t, BURST - 1, SHORT_GAP)?;
        t.wait_until(t.now() + SHORT_GAP)?;
        // Later refreshes say the same, and are no reason to send.
        t.partner(P1).set(State::DEFAULTED);
        t.partner(P1).resume();
        let last = t.once(P1, "wrong partner key, Defaulted", |pdu| pdu.partner.key ^= 1)?;
        let watch = QUIET / 2;
        let new = lacpdu(P1).partner_has(State::DEFAULTED);
        t.wait_until(last.at.time + t.held_to(R).to)?;
        let from = t.mark();
        t.always(&new, from, watch, 0, "lacp.tx.current-values")?;
        let echo = t.expect(&new, last, HELD_BACK, "lacp.tx.delayed-not-lost")?;
        let more = t.all(&lacpdu(P1), echo.mark(), watch)?;
        let seen = format!("{} of them", more.len());
        let frame = more.last().map(|sighting| sighting.number);
        let expected = "at most a periodic LACPDU after the one that was held back";
        t.judge(more.len() <= 1, expected, &seen, frame, "lacp.tx.state-not-queue")
    })
}

/// H-03.
fn sustained() -> Test {
    test(
        "lacp.tx.limit-sustained",
        "H-03",
        "A port that is provoked 100 times a second for 30 s keeps the limit, is not silenced, and comes up afterwards.",
    )
    .judges(&[
        "lacp.tx.limit-sustained",
        "lacp.tx.limit",
        "lacp.tx.limit-2020",
        "lacp.tx.slow-protocol-limit",
        "lacp.tx.not-starved",
        "lacp.robust.flood-recovery",
    ])
    .lacp(|t| {
        t.known()?;
        t.wait(QUIET)?;
        let gap = Duration::from_millis(10);
        let time = FAST_PERIODIC_TIME * 30;
        let (first, _) = provoke(t, 30 * 100, gap)?;
        let seen = t.rhythm(P1, first, time, FAST_PLUS, "lacp.tx.not-starved")?;
        let most = most_sustained(t.edition(), time);
        let expected = format!("at most {most} LACPDUs in {} s", time.as_secs());
        let frame = seen.last().map(|sighting| sighting.number);
        let found = format!("{} of them", seen.len());
        t.judge(seen.len() <= most as usize, &expected, &found, frame, "lacp.tx.limit-sustained")?;
        within_limit(t, &seen)?;
        t.step(format!("T on {P1}: in sync, and as it should be"));
        let mark = t.mark();
        t.partner(P1).cooperate(mark.at.time);
        t.expect(&lacpdu(P1).actor_has(UP), mark, RECOVERY, "lacp.robust.flood-recovery")?;
        Ok(())
    })
}

/// H-04.
fn prompt() -> Test {
    test("lacp.tx.prompt", "H-04", "After a quiet time what has to be sent is sent at once.")
        .judges(&["lacp.tx.prompt"])
        .lacp(|t| {
            quiet(t)?;
            let mark = t.once(P1, "wrong partner key", |pdu| pdu.partner.key ^= 1)?;
            t.expect(&lacpdu(P1), mark, R, "lacp.tx.prompt")?;
            Ok(())
        })
}

/// Not in the catalogue: a limit that is kept for the system and not for the port.
fn prompt_on_another_port() -> Test {
    test(
        "lacp.tx.prompt.another-port",
        "-",
        "That the limit holds a port back delays nothing on another port.",
    )
    .judges(&["lacp.tx.prompt"])
    .ports(2)
    .lacp(|t| {
        quiet(t)?;
        provoke(t, BURST, SHORT_GAP)?;
        let mark = t.once(P2, "wrong partner key", |pdu| pdu.partner.key ^= 1)?;
        t.expect(&lacpdu(P2), mark, R, "lacp.tx.prompt")?;
        Ok(())
    })
}
