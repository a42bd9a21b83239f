//! Group C: the Receive machine and its timeouts.

use std::time::Duration;

use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};

use super::{LacpTest, P1, Partner, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::event::Port;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{EXPIRED, FAST, FAST_PLUS, R, RECOVERY, SLOW_PLUS, TO3, TO90, UPC, W2};
use crate::spec::{Editions, Window};
use crate::time::Time;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        starts_expired(),
        defaulted_after_start(),
        default_partner_does_not_detach(),
        lacpdu_ends_defaulted(),
        expired_after_short_timeout(),
        expired_announced(),
        short_timeout_not_early(),
        long_timeout_not_early(),
        expired_after_long_timeout(),
        recovers_from_expired(),
        long_timeout_decides(),
        short_timeout_decides(),
        long_timeout_decides_after_expired(),
        reconfigured_timeout_decides(),
        only_lacpdus_restart_the_timer(
            "other-slow-protocols",
            "OAMPDUs and organization specific slow protocol PDUs",
            &["lacp.rx.only-lacpdus-restart-timer"],
            other_slow_protocols,
        ),
        only_lacpdus_restart_the_timer("data", "data frames", &["lacp.rx.only-lacpdus-restart-timer"], |t| {
            let frame = t.data_frame();
            t.send_frame(P1, &frame)
        }),
        only_lacpdus_restart_the_timer(
            "markers",
            "Markers",
            &["lacp.rx.only-lacpdus-restart-timer", "marker.responder.lacp-untouched"],
            |t| {
                let marker = t.marker(P1);
                t.send_slow(P1, &marker.to_octets())
            },
        ),
        ports_time_out_alone(),
        lost_partner_does_not_disturb(),
        lacpdu_ends_first_expired(),
        another_partner_ends_expired(),
        defaulted_stays(),
        returns_from_defaulted(),
        default_partner_configured_anew(),
    ];
    tests.extend([("short-timeout", "short"), ("long-timeout", "long")].map(defaulted_after_expired));
    tests.extend([
        any_lacpdu_restarts_the_timer("identical", "always the same LACPDU", |_| {}),
        any_lacpdu_restarts_the_timer("out-of-sync", "without Synchronization", |pdu| {
            pdu.actor.state = pdu.actor.state.without(UP);
        }),
        any_lacpdu_restarts_the_timer("wrong-view", "with a wrong view of D", |pdu| pdu.partner.key ^= 1),
    ]);
    tests
}

/// Reaches UP on P1, lets T fall silent, and waits for Expired. From T's last LACPDU, and the first that shows it.
fn expired(t: &mut LacpTest<'_>, timeout: Window) -> Result<(Mark, Sighting), Stop> {
    t.up()?;
    let silence = t.silence(P1);
    let pattern = lacpdu(P1).actor_has(State::EXPIRED);
    let expired =
        t.preamble(|t| t.expect(&pattern, silence, timeout, "lacp.rx.expired-after-short-timeout"))?;
    Ok((silence, expired))
}

/// The same, and goes on until D shows Defaulted.
fn defaulted(t: &mut LacpTest<'_>) -> Result<Sighting, Stop> {
    let (_, expired) = expired(t, TO3)?;
    let pattern = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
    t.preamble(|t| t.expect(&pattern, expired.mark(), SLOW_PLUS, "lacp.rx.defaulted-after-expired"))
}

/// What D became in EXPIRED, it says every second until DEFAULTED. `since` is when it became so, or just before.
fn fast_while_expired(
    t: &mut LacpTest<'_>,
    first: Sighting,
    since: Time,
    requirement: &'static str,
) -> Result<(), Stop> {
    let expired = lacpdu(P1).actor_has(State::EXPIRED);
    let longest = t.held_to(FAST_PLUS).to;
    let mut last = first;
    while last.at.time + longest < since + SHORT_TIMEOUT_TIME {
        last = t.expect(&expired, last.mark(), FAST_PLUS, requirement)?;
    }
    Ok(())
}

/// The first LACPDU that shows Expired, in the window from T's last. A port that is first heard of as Defaulted may have
/// expired in time, but did not say so.
fn expires(
    t: &mut LacpTest<'_>,
    silence: Mark,
    window: Window,
    requirement: &'static str,
) -> Result<Sighting, Stop> {
    let expired = lacpdu(P1).actor_has(State::EXPIRED);
    let end = t.held_to(window).to;
    if t.look(&expired, silence, end)?.is_none() {
        t.wait_until(silence.at.time + end)?;
        let (since, limit) = (t.mark(), t.held_to(SLOW_PLUS).to);
        if let Some(next) = t.look(&lacpdu(P1), since, limit)? {
            let told = !t.pdu_at(next)?.actor.state.has(State::DEFAULTED);
            let expected = "LACPDUs with Expired, one a second, before the first with Defaulted";
            t.judge(told, expected, "none", Some(next.number), "lacp.periodic.expired-fast")?;
        }
    }
    t.expect(&expired, silence, window, requirement)
}

/// C-01.
fn starts_expired() -> Test {
    test(
        "lacp.periodic.expired-fast.link-up",
        "C-01",
        "A port whose link came up is Expired, says so at most a second later, and goes on every second.",
    )
    .judges(&[
        "lacp.link.first-pdu",
        "lacp.rx.first-pdu-expired",
        "lacp.rx.expired-partner-out-of-sync",
        "lacp.rx.expired-partner-short-timeout",
        "lacp.periodic.expired-fast",
    ])
    .needs(Capability::Link)
    .with("lacp.activity", "active")
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let first = t.expect(&lacpdu(P1), start, UPC, "lacp.link.first-pdu")?;
        // What the very first shows is judged elsewhere.
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let first = t.expect(&expired, first.itself(), FAST_PLUS, "lacp.rx.first-pdu-expired")?;
        let out_of_sync = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
        t.shows(first, &out_of_sync, "lacp.rx.expired-partner-out-of-sync")?;
        let short = lacpdu(P1).partner_has(State::TIMEOUT);
        t.shows(first, &short, "lacp.rx.expired-partner-short-timeout")?;
        // The device may have noticed its carrier late, but not more than a period before it spoke.
        let enabled = start.at.time.max(first.at.time.before(FAST_PERIODIC_TIME));
        fast_while_expired(t, first, enabled, "lacp.periodic.expired-fast")
    })
}

/// C-02.
fn defaulted_after_start() -> Test {
    test(
        "lacp.rx.defaulted-after-expired.link-up",
        "C-02",
        "A port that meets no partner is Expired for Short_Timeout_Time, then Defaulted with the administrative partner.",
    )
    .judges(&[
        "lacp.rx.expired-lasts-short-timeout",
        "lacp.rx.defaulted-after-expired",
        "lacp.record.default-partner",
    ])
    .needs(Capability::Link)
    .with("lacp.activity", "active")
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let first = t.preamble(|t| t.expect(&expired, start, UPC, "lacp.rx.first-pdu-expired"))?;
        let default = t.pdu_at(first)?.partner;
        let span = t.held_to(EXPIRED);
        let ended = lacpdu(P1).actor_lacks(State::EXPIRED);
        t.never(&ended, start, span.from, "lacp.rx.expired-lasts-short-timeout")?;
        t.wait_until(first.at.time + span.to)?;
        let from = t.mark();
        let defaulted = lacpdu(P1).actor_lacks(State::EXPIRED).actor_has(State::DEFAULTED);
        let seen = t.expect(&defaulted, from, SLOW_PLUS, "lacp.rx.defaulted-after-expired")?;
        t.never(&expired, from, t.held_to(SLOW_PLUS).to, "lacp.rx.expired-lasts-short-timeout")?;
        t.shows(seen, &lacpdu(P1).partner_is(default), "lacp.record.default-partner")
    })
}

/// C-02.
fn default_partner_does_not_detach() -> Test {
    test(
        "lacp.selected.default-unchanged",
        "C-02",
        "A port that attached without ever having met a partner stays attached when it becomes Defaulted.",
    )
    .judges(&["lacp.selected.default-unchanged"])
    .needs(Capability::Link)
    .with("lacp.activity", "active")
    .for_devices("lacp.suspend_individual", &["no"])
    .problems(
        "A device that does not attach before it is Defaulted has nothing to give up; then nothing is judged.",
    )
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        let in_sync = lacpdu(P1).actor_has(State::EXPIRED | State::SYNCHRONIZATION);
        let Some(attached) = t.look(&in_sync, start, t.held_to(UPC).to + SHORT_TIMEOUT_TIME)? else {
            let text = "D shows no Synchronization while Expired: it has nothing to keep";
            t.note(text, None, "lacp.selected.default-unchanged");
            return Ok(());
        };
        let kept = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        let time = t.held_to(EXPIRED).to + t.held_to(SLOW_PLUS).to;
        t.always(&kept, attached.mark(), time, 1, "lacp.selected.default-unchanged")
    })
}

/// C-03.
fn lacpdu_ends_defaulted() -> Test {
    test(
        "lacp.rx.lacpdu-ends-defaulted",
        "C-03",
        "The first LACPDU of a partner ends Defaulted, and the port shows this partner.",
    )
    .judges(&[
        "lacp.rx.lacpdu-ends-defaulted",
        "lacp.record.identity",
        "lacp.record.needs-partner-synchronization",
    ])
    .with("lacp.activity", "active")
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.defaulted(P1)?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        let mark = t.once(P1, "Sync=0, partner zero", |pdu| pdu.partner = PortInformation::default())?;
        let ended = lacpdu(P1).actor_lacks(State::DEFAULTED | State::EXPIRED);
        let reply = t.expect(&ended, mark, R, "lacp.rx.lacpdu-ends-defaulted")?;
        t.shows(reply, &lacpdu(P1).partner_is(t.tester(P1)), "lacp.record.identity")?;
        let out_of_sync = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
        t.shows(reply, &out_of_sync, "lacp.record.needs-partner-synchronization")
    })
}

/// C-04.
fn expired_after_short_timeout() -> Test {
    test(
        "lacp.rx.expired-after-short-timeout",
        "C-04",
        "A silent partner: after Short_Timeout_Time the port shows EXPIRED and stops distributing.",
    )
    .judges(&[
        "lacp.rx.expired-after-short-timeout",
        "lacp.rx.expired-keeps-partner",
        "lacp.rx.expired-partner-out-of-sync",
        "lacp.mux.expired-stops-traffic",
    ])
    .with("lacp.timeout", "short")
    .lacp(|t| {
        t.up()?;
        let partner = t.tester(P1);
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let expired = t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout")?;
        let time = FAST_PERIODIC_TIME * 2;
        let kept = lacpdu(P1).partner_is(partner);
        t.always(&kept, expired.itself(), time, 2, "lacp.rx.expired-keeps-partner")?;
        let out_of_sync = lacpdu(P1).partner_lacks(State::SYNCHRONIZATION);
        t.always(&out_of_sync, expired.itself(), time, 2, "lacp.rx.expired-partner-out-of-sync")?;
        let stopped = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.always(&stopped, expired.mark(), time, 1, "lacp.mux.expired-stops-traffic")
    })
}

/// C-04.
fn expired_announced() -> Test {
    test(
        "lacp.rx.expired-announced",
        "C-04",
        "Whether an attached port says at once that it is Expired, as corrigendum 1 has it, or with its next periodic LACPDU.",
    )
    .judges(&["lacp.rx.expired-announced"])
    .with("lacp.timeout", "short")
    .only(Editions::ONLY_2014)
    .lacp(|t| {
        t.attached()?;
        t.wait(FAST_PERIODIC_TIME * 2)?;
        // The timeout runs out half a period away from the periodic LACPDUs.
        let now = t.mark();
        let periodic = t.preamble(|t| t.expect(&lacpdu(P1), now, FAST_PLUS, "lacp.periodic.fast"))?;
        t.wait_until(periodic.at.time + FAST_PERIODIC_TIME / 2)?;
        t.send(P1)?;
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let expired =
            t.preamble(|t| t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout"))?;
        let before = t.all(&lacpdu(P1).actor_lacks(State::EXPIRED), silence, expired.at.time - silence.at.time)?;
        let Some(last) = before.last() else {
            return Err(Stop::Inconclusive("no LACPDU between the silence and Expired".to_owned()));
        };
        let gap = expired.at.time - last.at.time;
        let how = if gap < t.held_to(FAST).from { "at once" } else { "with the periodic LACPDU" };
        let text = format!("D says {how} that it is Expired, {} s after its last LACPDU", gap.as_secs_f64());
        t.note(text, Some(expired.number), "lacp.rx.expired-announced");
        Ok(())
    })
}

/// C-05.
fn short_timeout_not_early() -> Test {
    not_early(
        "lacp.rx.short-timeout-not-early",
        "A port with short timeout does not expire while LACPDUs come every 2.5 s.",
        "short",
        Duration::from_millis(2500),
        20,
    )
}

/// The same for the long timeout.
fn long_timeout_not_early() -> Test {
    not_early(
        "lacp.rx.long-timeout-not-early",
        "A port with long timeout does not expire while LACPDUs come every 80 s.",
        "long",
        Duration::from_secs(80),
        4,
    )
}

fn not_early(
    requirement: &'static str,
    purpose: &str,
    timeout: &str,
    interval: Duration,
    times: u32,
) -> Test {
    test(requirement, "C-05", purpose).judges(&[requirement]).with("lacp.timeout", timeout).lacp(move |t| {
        t.up()?;
        t.partner(P1).stop();
        let start = t.mark();
        t.step(format!("T on {P1} sends a LACPDU every {} s", interval.as_secs_f64()));
        for _ in 0..times {
            let next = t.send(P1)?.at.time + interval;
            t.wait_until(next)?;
        }
        let current = lacpdu(P1).actor_lacks(State::EXPIRED);
        t.always(&current, start, interval * times, times as usize, requirement)
    })
}

/// C-06.
fn expired_after_long_timeout() -> Test {
    test(
        "lacp.rx.expired-after-long-timeout",
        "C-06",
        "A silent partner that asked for slow LACPDUs: after Long_Timeout_Time the port says at once that it is Expired.",
    )
    .judges(&[
        "lacp.rx.long-timeout-not-early",
        "lacp.rx.expired-after-long-timeout",
        "lacp.rx.expired-partner-short-timeout",
        "lacp.rx.expired-keeps-partner",
        "lacp.periodic.expired-fast",
        "lacp.mux.expired-stops-traffic",
    ])
    .with("lacp.timeout", "long")
    .lacp(|t| {
        t.up()?;
        t.ask_long(P1)?;
        // No periodic LACPDU shall fall on the timeout: they come every 30 s from the change.
        t.wait(Duration::from_secs(10))?;
        t.send(P1)?;
        let partner = t.tester(P1);
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        t.never(&expired, silence, t.held_to(TO90).from, "lacp.rx.long-timeout-not-early")?;
        let expired = expires(t, silence, TO90, "lacp.rx.expired-after-long-timeout")?;
        t.shows(expired, &lacpdu(P1).partner_is(partner), "lacp.rx.expired-keeps-partner")?;
        let short = lacpdu(P1).partner_has(State::TIMEOUT);
        t.shows(expired, &short, "lacp.rx.expired-partner-short-timeout")?;
        fast_while_expired(t, expired, expired.at.time, "lacp.periodic.expired-fast")?;
        let stopped = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.always(&stopped, expired.mark(), FAST_PERIODIC_TIME * 2, 1, "lacp.mux.expired-stops-traffic")
    })
}

/// C-07.
fn defaulted_after_expired((variant, timeout): (&'static str, &'static str)) -> Test {
    test(
        format!("lacp.rx.defaulted-after-expired.{variant}"),
        "C-07",
        format!(
            "On a port with {timeout} timeout whose partner stays silent Expired lasts Short_Timeout_Time; then it is \
             Defaulted, shows the administrative partner, and detaches."
        ),
    )
    .judges(&[
        "lacp.rx.defaulted-after-expired",
        "lacp.rx.expired-lasts-short-timeout",
        "lacp.record.default-partner",
        "lacp.selected.default-change",
    ])
    .with("lacp.timeout", timeout)
    .with("lacp.activity", "active")
    .lacp(move |t| {
        let (silence, expired) = expired(t, if timeout == "short" { TO3 } else { TO90 })?;
        let default = t.default_partner(P1);
        let defaulted = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
        let first = t.expect(&defaulted, expired.mark(), SLOW_PLUS, "lacp.rx.defaulted-after-expired")?;
        unannounced(t, expired, first)?;
        let requirement = "lacp.rx.expired-lasts-short-timeout";
        let since = not_before(t, silence, expired, first)?;
        t.run.judge_time("Defaulted after Expired", since, first, EXPIRED, requirement)?;
        let shown = match default {
            Some(default) => lacpdu(P1).partner_is(default),
            None => lacpdu(P1).partner_is_not(t.tester(P1)),
        };
        t.shows(first, &shown, "lacp.record.default-partner")?;
        // Of Collecting without Synchronization other tests say what there is to say.
        let detached = defaulted.actor_lacks(State::SYNCHRONIZATION);
        t.expect(&detached, first.itself(), R, "lacp.selected.default-change").map(drop)
    })
}

/// A port that was in sync has to detach, and to say so at once. If it fell silent while Expired, in which it sends every
/// second, Expired ended then: that it was told late is no longer a matter of time.
fn unannounced(t: &mut LacpTest<'_>, expired: Sighting, first: Sighting) -> Result<(), Stop> {
    let shown = t.all(
        &lacpdu(P1).actor_has(State::EXPIRED),
        expired.itself(),
        first.at.time - expired.at.time,
    )?;
    let last = shown.last().copied().unwrap_or(expired);
    let in_sync = t.pdu_at(last)?.actor.state.has(State::SYNCHRONIZATION);
    let silent = first.at.time - last.at.time;
    let longest = t.held_to(FAST_PLUS).to + t.held_to(R).to + first.at.uncertainty + last.at.uncertainty;
    if in_sync && silent > longest {
        let expected = "a port in sync that becomes Defaulted detaches, and says so at once";
        let seen = format!("no LACPDU for {} s after the last with Expired", silent.as_secs_f64());
        t.judge(false, expected, &seen, Some(first.number), "lacp.selected.default-change")?;
    }
    Ok(())
}

/// From when Expired is counted that was shown at `expired` and over at `first`. A port that showed it with a periodic
/// LACPDU may have become so at any time since the one before.
fn not_before(t: &mut LacpTest<'_>, silence: Mark, expired: Sighting, first: Sighting) -> Result<Mark, Stop> {
    let span = t.held_to(EXPIRED);
    if t.run.exact() || first.at.time - expired.at.time >= span.from {
        return Ok(expired.mark());
    }
    let before =
        t.all(&lacpdu(P1).actor_lacks(State::EXPIRED), silence, expired.at.time - silence.at.time)?;
    let periodic = |last: &&Sighting| expired.at.time - last.at.time >= t.held_to(FAST).from;
    Ok(before.last().filter(periodic).map_or(expired.mark(), Sighting::mark))
}

/// C-08.
fn recovers_from_expired() -> Test {
    test(
        "lacp.rx.expired-recovers-at-once",
        "C-08",
        "One LACPDU of the old partner ends Expired: the port collects and distributes again, and never lost Synchronization.",
    )
    .judges(&[
        "lacp.rx.lacpdu-ends-expired",
        "lacp.mux.partner-sync-regained",
        "lacp.rx.expired-recovers-at-once",
    ])
    .with("lacp.timeout", "short")
    .lacp(|t| {
        let (_, expired) = expired(t, TO3)?;
        t.wait_until(expired.at.time + FAST_PERIODIC_TIME)?;
        t.step(format!("T on {P1} sends one LACPDU: as before"));
        let mark = t.send(P1)?;
        let current = lacpdu(P1).actor_lacks(State::EXPIRED);
        t.expect(&current, mark, R, "lacp.rx.lacpdu-ends-expired")?;
        let collecting = current.actor_has(State::COLLECTING);
        let collecting = t.expect(&collecting, mark, R, "lacp.mux.partner-sync-regained")?;
        // Independent control does not announce Distributing: the next LACPDU shows it.
        let up = lacpdu(P1).actor_has(UP);
        let up = t.expect(&up, collecting.itself(), FAST_PLUS, "lacp.mux.partner-sync-regained")?;
        let kept = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        let time = (up.at.time - expired.at.time) + FAST_PERIODIC_TIME;
        t.always(&kept, expired.itself(), time, 2, "lacp.rx.expired-recovers-at-once")
    })
}

/// C-09.
fn long_timeout_decides() -> Test {
    test(
        "lacp.rx.own-timeout-decides.long",
        "C-09",
        "A port with long timeout does not expire in 10 s, whatever its partner asks for.",
    )
    .judges(&["lacp.rx.own-timeout-decides"])
    .with("lacp.timeout", "long")
    .lacp(|t| {
        t.up()?;
        let silence = t.silence(P1);
        not_expired(t, silence)
    })
}

/// A silence of 10 s does not expire a port with long timeout.
fn not_expired(t: &mut LacpTest<'_>, silence: Mark) -> Result<(), Stop> {
    let current = lacpdu(P1).actor_lacks(State::EXPIRED);
    t.always(&current, silence, Duration::from_secs(10), 5, "lacp.rx.own-timeout-decides")
}

/// C-09.
fn short_timeout_decides() -> Test {
    test(
        "lacp.rx.own-timeout-decides.short",
        "C-09",
        "A port with short timeout expires after Short_Timeout_Time, also if its partner asked for slow LACPDUs.",
    )
    .judges(&[
        "lacp.rx.own-timeout-decides",
        "lacp.rx.expired-partner-short-timeout",
        "lacp.periodic.expired-fast",
    ])
    .with("lacp.timeout", "short")
    .lacp(|t| {
        t.up()?;
        t.ask_long(P1)?;
        t.wait(Duration::from_secs(5))?;
        let silence = t.silence(P1);
        let expired = expires(t, silence, TO3, "lacp.rx.own-timeout-decides")?;
        let short = lacpdu(P1).partner_has(State::TIMEOUT);
        t.shows(expired, &short, "lacp.rx.expired-partner-short-timeout")?;
        fast_while_expired(t, expired, expired.at.time, "lacp.periodic.expired-fast")
    })
}

/// EXPIRED runs a short timer on every port; the next LACPDU has to start the port's own.
fn long_timeout_decides_after_expired() -> Test {
    test(
        "lacp.rx.own-timeout-decides.after-expired",
        "-",
        "A LACPDU that ends Expired on a port with long timeout starts the long timeout.",
    )
    .judges(&["lacp.rx.own-timeout-decides"])
    .with("lacp.timeout", "long")
    .with("lacp.activity", "active")
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        t.preamble(|t| t.expect(&expired, start, UPC, "lacp.rx.first-pdu-expired"))?;
        t.step(format!("T on {P1} sends one LACPDU"));
        let mark = t.send(P1)?;
        let current = lacpdu(P1).actor_lacks(State::EXPIRED);
        let current = t.preamble(|t| t.expect(&current, mark, FAST_PLUS, "lacp.rx.lacpdu-ends-expired"))?;
        not_expired(t, current.itself())
    })
}

/// The timer is started with what the port's Timeout is then.
fn reconfigured_timeout_decides() -> Test {
    test(
        "lacp.rx.own-timeout-decides.reconfigured",
        "-",
        "A port that is configured from long to short timeout expires Short_Timeout_Time after the last LACPDU it got since.",
    )
    .judges(&["lacp.rx.own-timeout-decides"])
    .with("lacp.timeout", "long")
    .needs(Capability::Configure)
    .lacp(|t| {
        t.up()?;
        t.configure("lacp.timeout", "short")?;
        t.partner(P1).every = Some(FAST_PERIODIC_TIME);
        t.send(P1)?;
        t.wait(Duration::from_secs(5))?;
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        t.expect(&expired, silence, TO3, "lacp.rx.own-timeout-decides")?;
        Ok(())
    })
}

/// C-10.
fn any_lacpdu_restarts_the_timer(variant: &str, what: &'static str, change: fn(&mut Lacpdu)) -> Test {
    test(
        format!("lacp.rx.any-lacpdu-restarts-timer.{variant}"),
        "C-10",
        format!("LACPDUs that tell nothing new or nothing good restart the timeout: {what}."),
    )
    .judges(&["lacp.rx.any-lacpdu-restarts-timer"])
    .with("lacp.timeout", "short")
    .lacp(move |t| {
        t.up()?;
        t.partner(P1).stop();
        let mut pdu = t.partner(P1).pdu();
        change(&mut pdu);
        t.step(format!("T on {P1} sends a LACPDU every second, {what}"));
        let start = t.mark();
        let times = 10;
        for _ in 0..times {
            let next = t.send_pdu(P1, &pdu)?.at.time + FAST_PERIODIC_TIME;
            t.wait_until(next)?;
        }
        let current = lacpdu(P1).actor_lacks(State::EXPIRED);
        let time = FAST_PERIODIC_TIME * times;
        t.always(&current, start, time, 5, "lacp.rx.any-lacpdu-restarts-timer")
    })
}

/// C-11.
fn only_lacpdus_restart_the_timer(
    variant: &str,
    what: &'static str,
    requirements: &[&'static str],
    send: fn(&mut LacpTest<'_>) -> Result<Mark, Stop>,
) -> Test {
    test(
        format!("lacp.rx.only-lacpdus-restart-timer.{variant}"),
        "C-11",
        format!("A port whose partner sends only {what} expires."),
    )
    .judges(requirements)
    .with("lacp.timeout", "short")
    .lacp({
        let markers = requirements.contains(&"marker.responder.lacp-untouched");
        move |t| {
            t.up()?;
            let start = t.mark();
            let silence = t.silence(P1);
            t.step(format!("T on {P1} sends {what}, twice a second"));
            let end = silence.at.time + t.held_to(TO3).to;
            while t.now() < end {
                let next = send(t)?.at.time + FAST_PERIODIC_TIME / 2;
                t.wait_until(next.min(end))?;
            }
            if markers {
                let current = silence.at.time + t.held_to(TO3).from;
                let up = lacpdu(P1).actor_has(UP);
                t.always(&up, start, current - start.at.time, 1, "marker.responder.lacp-untouched")?;
            }
            let expired = lacpdu(P1).actor_has(State::EXPIRED);
            t.expect(&expired, silence, TO3, "lacp.rx.only-lacpdus-restart-timer")?;
            Ok(())
        }
    })
}

/// An OAMPDU (Information, nothing discovered yet) and a PDU of the ITU's slow protocol (ESMC).
fn other_slow_protocols(t: &mut LacpTest<'_>) -> Result<Mark, Stop> {
    let oam = [Subtype::OAM.0, 0x00, 0x08, 0x00];
    t.send_slow(P1, &oam)?;
    let esmc = [Subtype::OSSP.0, 0x00, 0x19, 0xa7, 0x00, 0x01, 0x10, 0x00, 0x00, 0x00];
    t.send_slow(P1, &esmc)
}

/// C-12.
fn ports_time_out_alone() -> Test {
    test(
        "lacp.rx.ports-independent",
        "C-12",
        "A port that expires changes nothing on another port of its aggregation.",
    )
    .judges(&["lacp.rx.ports-independent"])
    .ports(2)
    .with("lacp.timeout", "short")
    .lacp(|t| {
        t.up()?;
        let ports = t.by_actor_port()?;
        let (silent, other) = (ports[0], ports[1]);
        let start = t.mark();
        let silence = t.silence(silent);
        let expired = lacpdu(silent).actor_has(State::EXPIRED);
        let expired =
            t.preamble(|t| t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout"))?;
        // Until Expired ends the silent port stays selected, so no Aggregator changes hands.
        let time = (expired.at.time - start.at.time) + t.held_to(EXPIRED).from;
        undisturbed(t, other, start, time, "lacp.rx.ports-independent")
    })
}

/// A port goes on as if nothing had happened.
fn undisturbed(
    t: &mut LacpTest<'_>,
    port: Port,
    mark: Mark,
    time: Duration,
    requirement: &'static str,
) -> Result<(), Stop> {
    t.rhythm(port, mark, time, FAST_PLUS, requirement)?;
    t.always(&lacpdu(port).actor_has(UP).actor_lacks(State::EXPIRED), mark, time, 1, requirement)
}

/// C-12.
fn lost_partner_does_not_disturb() -> Test {
    test(
        "lacp.selection.others-undisturbed.partner-lost",
        "C-12",
        "A port that loses its partner and chooses anew changes nothing on another port of its aggregation.",
    )
    .judges(&["lacp.selection.others-undisturbed"])
    .ports(2)
    .with("lacp.timeout", "short")
    .problems(
        "An aggregation may have to move to another Aggregator when the one it sits on changes hands; by 6.4.14.2 it sits \
         on that of its lowest port, so the port that loses its partner is the one with the higher Actor_Port.",
    )
    .lacp(|t| {
        t.up()?;
        let ports = t.by_actor_port()?;
        let (other, silent) = (ports[0], ports[1]);
        let start = t.mark();
        t.silence(silent);
        let time = Duration::from_secs(20);
        undisturbed(t, other, start, time, "lacp.selection.others-undisturbed")
    })
}

/// C-13.
fn lacpdu_ends_first_expired() -> Test {
    test(
        "lacp.rx.lacpdu-ends-expired.link-up",
        "C-13",
        "A LACPDU that arrives while the port is Expired since its link came up ends Expired and Defaulted.",
    )
    .judges(&["lacp.rx.lacpdu-ends-expired", "lacp.record.identity"])
    .needs(Capability::Link)
    .with("lacp.activity", "active")
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        t.preamble(|t| t.expect(&expired, start, UPC, "lacp.rx.first-pdu-expired"))?;
        let mark = t.once(P1, "Sync=0, partner zero", |pdu| pdu.partner = PortInformation::default())?;
        let current = lacpdu(P1).actor_lacks(State::EXPIRED | State::DEFAULTED);
        let reply = t.expect(&current, mark, R, "lacp.rx.lacpdu-ends-expired")?;
        t.shows(reply, &lacpdu(P1).partner_is(t.tester(P1)), "lacp.record.identity")
    })
}

/// The partner becomes another system.
fn another_system(partner: &mut Partner) {
    partner.actor.system.0[3] ^= 0x80;
}

/// C-14.
fn another_partner_ends_expired() -> Test {
    test(
        "lacp.rx.lacpdu-ends-expired.another-partner",
        "C-14",
        "A LACPDU of another partner ends Expired: the port shows the new partner, detaches, waits, and comes up with it.",
    )
    .judges(&[
        "lacp.rx.lacpdu-ends-expired",
        "lacp.selected.system",
        "lacp.mux.wait-while",
        "lacp.selection.reselects",
    ])
    .with("lacp.timeout", "short")
    .lacp(|t| {
        let (_, expired) = expired(t, TO3)?;
        t.wait_until(expired.at.time + FAST_PERIODIC_TIME)?;
        t.partner(P1).resume();
        let mark = t.change(P1, "another System, Sync=1", another_system)?;
        let new = lacpdu(P1).partner_is(t.tester(P1));
        let current = new.clone().actor_lacks(State::EXPIRED);
        t.expect(&current, mark, R, "lacp.rx.lacpdu-ends-expired")?;
        let dropped = t.expect(
            &new.clone().actor_lacks(State::SYNCHRONIZATION),
            mark,
            R,
            "lacp.selected.system",
        )?;
        comes_up_again(t, mark, dropped)
    })
}

/// The port that detached at `dropped` comes up, not without waiting; `mark` is what made it detach.
fn comes_up_again(t: &mut LacpTest<'_>, mark: Mark, dropped: Sighting) -> Result<(), Stop> {
    let in_sync = lacpdu(P1).actor_has(State::SYNCHRONIZATION).partner_is(t.tester(P1));
    let attached = t.expect(&in_sync, mark.past(dropped), RECOVERY, "lacp.selection.reselects")?;
    t.run.judge_time("Synchronization", mark, attached, W2, "lacp.mux.wait-while")?;
    t.expect(&in_sync.actor_has(UP), mark, RECOVERY, "lacp.selection.reselects")?;
    Ok(())
}

/// C-15.
fn defaulted_stays() -> Test {
    test(
        "lacp.rx.defaulted-stays",
        "C-15",
        "A port that lost its partner stays Defaulted, with one and the same administrative partner.",
    )
    .judges(&["lacp.rx.defaulted-stays", "lacp.record.default-partner-constant"])
    .with("lacp.timeout", "short")
    .with("lacp.activity", "active")
    .lacp(|t| {
        let defaulted = defaulted(t)?;
        let default = t.pdu_at(defaulted)?.partner;
        // Longer than the slowest periodic transmission.
        let time = t.held_to(SLOW_PLUS).to + FAST_PERIODIC_TIME * 10;
        let stays = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
        t.always(&stays, defaulted.mark(), time, 1, "lacp.rx.defaulted-stays")?;
        let constant = lacpdu(P1).partner_is(default);
        t.always(&constant, defaulted.mark(), time, 1, "lacp.record.default-partner-constant")
    })
}

/// C-16.
fn returns_from_defaulted() -> Test {
    test(
        "lacp.rx.lacpdu-ends-defaulted.old-partner",
        "C-16",
        "When the old partner returns to a Defaulted port, the port ends Defaulted, detaches, waits, and comes up with it.",
    )
    .judges(&[
        "lacp.rx.lacpdu-ends-defaulted",
        "lacp.mux.unselected-detaches",
        "lacp.mux.wait-while",
        "lacp.selection.reselects",
    ])
    .with("lacp.timeout", "short")
    .with("lacp.activity", "active")
    .lacp(|t| {
        defaulted(t)?;
        // Whatever D does with its administrative partner has come to rest.
        t.wait(t.held_to(W2).to + FAST_PERIODIC_TIME)?;
        let attached = t.own(P1)?.state.has(State::SYNCHRONIZATION);
        t.partner(P1).resume();
        let mark = t.once(P1, "Sync=1, partner zero", |pdu| pdu.partner = PortInformation::default())?;
        let ended = lacpdu(P1).actor_lacks(State::DEFAULTED | State::EXPIRED).partner_is(t.tester(P1));
        let answer = t.expect(&ended, mark, R, "lacp.rx.lacpdu-ends-defaulted")?;
        if !attached && !t.run.exact() {
            let before = Sighting { index: answer.index - 1, ..answer };
            return comes_up_again(t, mark, before);
        }
        let dropped = ended.actor_lacks(State::SYNCHRONIZATION);
        let dropped = t.expect(&dropped, mark, R, "lacp.mux.unselected-detaches")?;
        t.shows(dropped, &lacpdu(P1).actor_lacks(UP), "lacp.mux.unselected-detaches")?;
        comes_up_again(t, mark, dropped)
    })
}

/// Not in the catalogue: one source alone has it.
fn default_partner_configured_anew() -> Test {
    test(
        "lacp.rx.partner-admin-change",
        "-",
        "Whether a Defaulted port whose administrative partner is configured anew shows the new values.",
    )
    .judges(&["lacp.rx.partner-admin-change"])
    .only(Editions::ONLY_2020)
    .needs(Capability::Configure)
    .with("lacp.activity", "active")
    .with("lacp.partner.key", 5)
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.defaulted(P1)?;
        let mark = t.configure("lacp.partner.key", "6")?;
        let new = lacpdu(P1).that("partner key 6", |pdu| pdu.partner.key == 6);
        let seen = t.look(&new, mark, t.held_to(SLOW_PLUS).to)?;
        let how = if seen.is_some() { "shows" } else { "does not show" };
        let text = format!("D {how} an administrative partner that is configured anew");
        t.note(text, seen.map(|seen| seen.number), "lacp.rx.partner-admin-change");
        Ok(())
    })
}
