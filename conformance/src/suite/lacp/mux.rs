//! Group I: the Mux machine and the data plane.

use std::time::Duration;

use redspec_codec::slow::lacp::State;

use super::partner::Partner;
use super::{ExactFrame, LacpTest, P1, P2, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::event::{Direction, Event, Port};
use crate::scenario::{Mark, Pattern, Stop, Test};
use crate::spec::Editions;
use crate::spec::lacp::timers::{AGGREGATE_WAIT_TIME, FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{DATA_PATH, JOIN, NEXT, R, SLOW, W2, wait_to_restore};

/// In sync and collecting.
const COLLECTS: State = State(State::SYNCHRONIZATION.0 | State::COLLECTING.0);
/// For what shall not happen.
const WATCH: Duration = Duration::from_secs(5);
/// Half of what a device has to wait before it attaches, and a little more than any window leaves.
const WHILE_WAITING: Duration = Duration::from_millis(1500);
const WAIT_TO_RESTORE: Duration = Duration::from_secs(10);

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![
        attached_holds(),
        wait_while(),
        wait_while_after_default(),
        partner_sync(),
        independent_waits(),
        coupled_together(),
        independent_partner_collecting(),
        announces_distributing(),
        tells_distributing_later(),
        independent_partner_collecting_lost(),
        coupled_ignores_partner_collecting(),
        partner_sync_lost_and_regained(),
        detached_passes_no_data(),
        attached_passes_no_data(),
        collecting_sends_no_data(),
        up_passes_data(),
        consumed(),
        consumed_between_ports(),
        independent_partner_sync_lost(),
        wait_while_restarts(),
        wait_while_keeps_running(),
        wait_to_restore_time(),
        wait_to_restore_unused("from-attached", &["independent", "coupled"], |t| {
            t.attached()?;
            t.quiet()
        }),
        wait_to_restore_unused("from-collecting", &["independent"], collecting_only),
        wait_to_restore_without_data(),
        wait_to_restore_new_partner(),
        wait_to_restore_restarts(),
    ]
}

/// I-01.
fn attached_holds() -> Test {
    test(
        "lacp.mux.attached-holds",
        "I-01",
        "A partner that never claims Synchronization: the port attaches, and neither collects nor detaches.",
    )
    .judges(&["lacp.mux.attached-holds", "lacp.mux.collecting-needs-partner-synchronization"])
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.listen()?;
        let first = t.introduce(P1, false)?;
        let tester = t.tester(P1);
        let attached = lacpdu(P1).partner_is(tester).actor_has(State::SYNCHRONIZATION);
        let attached = t.expect(&attached, first, W2, "lacp.mux.attached-holds")?.mark();
        let hold = Duration::from_secs(30);
        t.never(
            &lacpdu(P1).actor_has(State::COLLECTING),
            attached,
            hold,
            "lacp.mux.collecting-needs-partner-synchronization",
        )?;
        let holds = lacpdu(P1).partner_is(tester).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.always(&holds, attached, hold, 5, "lacp.mux.attached-holds")
    })
}

/// The port shows its new partner, out of sync, and is in sync no sooner than it may.
fn waits_for_others(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    let attached = t.own(P1)?.state.has(State::SYNCHRONIZATION);
    let first = t.introduce(P1, true)?;
    let tester = t.tester(P1);
    if attached || t.run.exact() {
        let detached = lacpdu(P1).partner_is(tester).actor_lacks(UP);
        t.expect(&detached, first, R, "lacp.mux.unselected-detaches")?;
    }
    let in_sync = lacpdu(P1).partner_is(tester).actor_has(State::SYNCHRONIZATION);
    let in_sync = t.expect(&in_sync, first, W2, "lacp.mux.wait-while")?;
    let time = in_sync.at.time.since(first.at.time);
    t.note(format!("Synchronization after {time:?}"), Some(in_sync.number), "lacp.selection.time");
    Ok(())
}

const WAITS: &[&str] = &["lacp.mux.unselected-detaches", "lacp.mux.wait-while", "lacp.selection.time"];

/// I-02.
fn wait_while() -> Test {
    test(
        "lacp.mux.wait-while",
        "I-02",
        "The first LACPDU of a partner on a port that has just started: 2 s to Synchronization.",
    )
    .judges(WAITS)
    .problems(
        "A device without wait_while, and one whose selection takes longer, pass by the lenient window only.",
    )
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.listen()?;
        waits_for_others(t)
    })
}

/// I-02, on a device that may have attached with the default partner.
fn wait_while_after_default() -> Test {
    test(
        "lacp.mux.wait-while.after-default",
        "I-02",
        "The first LACPDU of a partner on a port that was Defaulted: it detaches, and waits 2 s.",
    )
    .judges(WAITS)
    .problems(
        "A device without wait_while, and one whose selection takes longer, pass by the lenient window only.",
    )
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.listen()?;
        t.wait(SHORT_TIMEOUT_TIME * 4)?;
        waits_for_others(t)
    })
}

/// KNOWN, and then a partner that is in sync and does not collect.
fn partner_in_sync(t: &mut LacpTest<'_>) -> Result<Mark, Stop> {
    t.known()?;
    t.quiet()?;
    t.change(P1, "in sync, not collecting", |partner| {
        partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
    })
}

/// I-03.
fn partner_sync() -> Test {
    test("lacp.mux.partner-sync", "I-03", "The partner gets in sync: an attached port collects at once.")
        .judges(&["lacp.mux.partner-sync"])
        .lacp(|t| {
            let stimulus = partner_in_sync(t)?;
            let collects = lacpdu(P1).actor_has(COLLECTS).partner_has(State::SYNCHRONIZATION);
            t.expect(&collects, stimulus, R, "lacp.mux.partner-sync").map(drop)
        })
}

/// I-03, independent control.
fn independent_waits() -> Test {
    let id = "lacp.mux.independent.waits-for-partner-collecting";
    test(
        id,
        "I-03",
        "The partner is in sync and does not collect: the port collects and does not distribute.",
    )
    .judges(&["lacp.mux.partner-sync", id])
    .for_devices("lacp.control", &["independent"])
    .lacp(move |t| {
        let stimulus = partner_in_sync(t)?;
        let collects = lacpdu(P1).actor_has(COLLECTS);
        t.expect(&collects, stimulus, R, "lacp.mux.partner-sync")?;
        t.never(&lacpdu(P1).actor_has(State::DISTRIBUTING), stimulus, WATCH, id)
    })
}

/// I-03, coupled control.
fn coupled_together() -> Test {
    let id = "lacp.mux.coupled.together";
    test(id, "I-03", "The partner is in sync and does not collect: the port collects and distributes.")
        .judges(&["lacp.mux.partner-sync", id])
        .for_devices("lacp.control", &["coupled"])
        .lacp(move |t| {
            let stimulus = partner_in_sync(t)?;
            t.expect(&lacpdu(P1).actor_has(COLLECTS), stimulus, R, "lacp.mux.partner-sync")?;
            let together = lacpdu(P1).that("Collecting and Distributing alike", |pdu| {
                pdu.actor.state.has(State::COLLECTING) == pdu.actor.state.has(State::DISTRIBUTING)
            });
            t.always(&together, stimulus, WATCH, 1, id)
        })
}

/// Independent control: the port collects and does not distribute, for its partner does not collect.
fn collecting_only(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    let collects = lacpdu(P1).actor_has(COLLECTS).actor_lacks(State::DISTRIBUTING);
    let stimulus = partner_in_sync(t)?;
    t.preamble(|t| t.expect(&collects, stimulus, R, "lacp.mux.partner-sync"))?;
    t.quiet()
}

/// T asks for LACPDUs every 30 s: any that comes at once comes for a reason.
fn asks_for_slow(partner: &mut Partner) {
    partner.actor.state = partner.actor.state.without(State::TIMEOUT);
}

/// I-04.
fn independent_partner_collecting() -> Test {
    let id = "lacp.mux.independent.partner-collecting";
    test(
        id,
        "I-04",
        "The partner of a collecting port collects too: the port distributes in its next LACPDU.",
    )
    .judges(&[id])
    .for_devices("lacp.control", &["independent"])
    .lacp(move |t| {
        collecting_only(t)?;
        t.between(P1)?;
        let stimulus = t.in_sync(P1)?;
        t.expect(&lacpdu(P1).actor_has(UP), stimulus, NEXT, id).map(drop)
    })
}

/// I-04, 2020.
fn announces_distributing() -> Test {
    let id = "lacp.ntt.entering-distributing";
    test(
        "lacp.ntt.entering-distributing.partner-collecting",
        "I-04",
        "A collecting port whose partner collects too, and asks for slow LACPDUs: Distributing is announced at once.",
    )
    .judges(&[id])
    .only(Editions::ONLY_2020)
    .for_devices("lacp.control", &["independent"])
    .lacp(move |t| {
        asks_for_slow(t.partner(P1));
        collecting_only(t)?;
        let stimulus = t.in_sync(P1)?;
        t.expect(&lacpdu(P1).actor_has(UP), stimulus, R, id).map(drop)
    })
}

/// I-04, up to 2014.
fn tells_distributing_later() -> Test {
    let id = "lacp.ntt.entering-distributing-independent";
    test(
        id,
        "I-04",
        "A collecting port whose partner collects too, and asks for slow LACPDUs: when Distributing is shown.",
    )
    .judges(&["lacp.mux.independent.partner-collecting", id])
    .only(Editions::UP_TO_2014)
    .for_devices("lacp.control", &["independent"])
    .lacp(move |t| {
        asks_for_slow(t.partner(P1));
        collecting_only(t)?;
        let stimulus = t.in_sync(P1)?;
        let announced = t.look(&lacpdu(P1), stimulus, R.lenient.to)?;
        let text = if announced.is_some() { "announced at once" } else { "not announced" };
        t.note(text, announced.map(|sighting| sighting.number), id);
        let next = lacpdu(P1).actor_has(UP);
        t.always(&next, stimulus, SLOW.lenient.to, 1, "lacp.mux.independent.partner-collecting")
    })
}

/// UP, and after a pause a partner that no longer collects.
fn partner_stops_collecting(t: &mut LacpTest<'_>) -> Result<Mark, Stop> {
    t.up()?;
    t.quiet()?;
    t.change(P1, "in sync, no longer collecting", |partner| {
        partner.follows = false;
        partner.actor.state = partner.actor.state.without(TRAFFIC);
    })
}

/// I-05.
fn independent_partner_collecting_lost() -> Test {
    let id = "lacp.mux.independent.partner-collecting-lost";
    test(id, "I-05", "The partner stops collecting: the port stops distributing, and goes on collecting.")
        .judges(&[id])
        .for_devices("lacp.control", &["independent"])
        .lacp(move |t| {
            let stimulus = partner_stops_collecting(t)?;
            let collects = lacpdu(P1).actor_has(COLLECTS);
            let only = collects.clone().actor_lacks(State::DISTRIBUTING);
            t.expect(&only, stimulus, R, id)?;
            t.always(&collects, stimulus, WATCH, 2, id)
        })
}

/// I-06.
fn coupled_ignores_partner_collecting() -> Test {
    let id = "lacp.mux.coupled.ignores-partner-collecting";
    test(id, "I-06", "Coupled control, and the partner stops collecting: nothing changes.")
        .judges(&[id])
        .for_devices("lacp.control", &["coupled"])
        .lacp(move |t| {
            let stimulus = partner_stops_collecting(t)?;
            t.always(&lacpdu(P1).actor_has(UP), stimulus, WATCH, 2, id)
        })
}

/// I-07.
fn partner_sync_lost_and_regained() -> Test {
    test(
        "lacp.mux.partner-sync-lost",
        "I-07",
        "The partner takes Synchronization back for 3 s: traffic stops and returns at once, without detaching.",
    )
    .judges(&["lacp.mux.partner-sync-lost", "lacp.mux.partner-sync-regained"])
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let lost = t.out_of_sync(P1)?;
        let attached = lacpdu(P1).actor_has(State::SYNCHRONIZATION).actor_lacks(TRAFFIC);
        t.expect(&attached, lost, R, "lacp.mux.partner-sync-lost")?;
        t.wait(Duration::from_secs(3))?;
        let regained = t.in_sync(P1)?;
        t.expect(&lacpdu(P1).actor_has(COLLECTS), regained, R, "lacp.mux.partner-sync-regained")?;
        t.expect(&lacpdu(P1).actor_has(UP), regained, NEXT, "lacp.mux.partner-sync-regained")?;
        let in_sync = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        let time = t.now().since(lost.at.time);
        t.always(&in_sync, lost, time, 3, "lacp.mux.partner-sync-lost")
    })
}

/// UP, with the proof that data gets through: else it would be no wonder that it does not later.
fn up_with_data(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    t.up()?;
    let client = t.client();
    for (from, to) in [(P1, client), (client, P1)] {
        if !t.carries(from, to)? {
            return Err(Stop::Inconclusive(format!("no data passes from {from} to {to} while UP")));
        }
    }
    t.quiet()
}

/// No data of the client on a port that does not distribute.
fn sends_no_data(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    t.wait(DATA_PATH)?;
    let sends = t.carries(t.client(), P1)?;
    let expected = "no frame of the client on P1, which does not distribute";
    t.judge(!sends, expected, "", None, "lacp.mux.attached-sends-no-data")
}

/// I-08.
fn attached_passes_no_data() -> Test {
    test(
        "lacp.mux.attached-passes-no-data",
        "I-08",
        "A port that is attached, and neither collects nor distributes, passes data neither way.",
    )
    .judges(&["lacp.mux.attached-sends-no-data", "lacp.mux.attached-receives-no-data"])
    .needs(Capability::Data)
    .lacp(|t| {
        up_with_data(t)?;
        t.held_attached(P1)?;
        sends_no_data(t)?;
        let receives = t.carries(P1, t.client())?;
        let expected = "no frame from P1, which does not collect, at the client";
        t.judge(!receives, expected, "", None, "lacp.mux.attached-receives-no-data")
    })
}

/// I-08, detached.
fn detached_passes_no_data() -> Test {
    test(
        "lacp.mux.detached-passes-no-data",
        "I-08",
        "A port that was in use has another partner, and detaches: it passes data neither way.",
    )
    .judges(&[
        "lacp.selected.system",
        "lacp.mux.unselected-detaches",
        "lacp.mux.attached-sends-no-data",
        "lacp.mux.attached-receives-no-data",
    ])
    .needs(Capability::Data)
    .lacp(|t| {
        up_with_data(t)?;
        let system = Partner::system(&mut t.run.random);
        let changed = t.change(P1, "another System, not in sync", |partner| {
            partner.follows = false;
            partner.actor.system = system;
            partner.actor.state = partner.actor.state.without(UP);
        })?;
        let detached = lacpdu(P1).partner_is(t.tester(P1)).actor_lacks(State::SYNCHRONIZATION);
        let detached = t.expect(&detached, changed, R, "lacp.selected.system")?;
        t.shows(detached, &lacpdu(P1).actor_lacks(UP), "lacp.mux.unselected-detaches")?;
        t.wait(DATA_PATH)?;
        // Both at once: a device need not stay detached for longer than 2 s.
        let (client, inward, outward) = (t.client(), t.data_frame(), t.data_frame());
        let start = t.send_frame(P1, &inward)?;
        t.send_frame(client, &outward)?;
        t.wait(FAST_PERIODIC_TIME)?;
        for (octets, port, requirement) in [
            (inward, client, "lacp.mux.attached-receives-no-data"),
            (outward, P1, "lacp.mux.attached-sends-no-data"),
        ] {
            t.never(&ExactFrame { port, octets }, start, FAST_PERIODIC_TIME, requirement)?;
        }
        Ok(())
    })
}

/// I-08, independent control.
fn collecting_sends_no_data() -> Test {
    test(
        "lacp.mux.collecting-sends-no-data",
        "I-08",
        "A port that collects and does not distribute sends no data; what it gets it may pass on.",
    )
    .judges(&["lacp.mux.attached-sends-no-data", "lacp.mux.collecting-receives-data"])
    .needs(Capability::Data)
    .for_devices("lacp.control", &["independent"])
    .lacp(|t| {
        up_with_data(t)?;
        let only = lacpdu(P1).actor_has(COLLECTS).actor_lacks(State::DISTRIBUTING);
        t.preamble(|t| {
            let stimulus = t.change(P1, "in sync, no longer collecting", |partner| {
                partner.follows = false;
                partner.actor.state = partner.actor.state.without(TRAFFIC);
            })?;
            t.expect(&only, stimulus, R, "lacp.mux.independent.partner-collecting-lost")
        })?;
        sends_no_data(t)?;
        let text = if t.carries(P1, t.client())? { "passes on what it gets" } else { "drops what it gets" };
        t.note(text, None, "lacp.mux.collecting-receives-data");
        Ok(())
    })
}

/// I-09.
fn up_passes_data() -> Test {
    let id = "lacp.mux.up-passes-data";
    test(id, "I-09", "A port that collects and distributes passes data both ways.")
        .judges(&[id])
        .needs(Capability::Data)
        .lacp(move |t| {
            t.up()?;
            let client = t.client();
            for (from, to) in [(P1, client), (client, P1)] {
                let passes = t.carries(from, to)?;
                t.judge(passes, &format!("data passes from {from} to {to}"), "", None, id)?;
            }
            Ok(())
        })
}

/// A slow protocol frame that a device sends on in the name of the tester.
struct Relayed<'a>(&'a [Partner]);

impl Pattern for Relayed<'_> {
    fn describe(&self) -> String {
        "slow protocol frame of T that D sends on".to_owned()
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let frame = event.frame(Direction::FromDevice)?;
        let slow = frame.get(12..14)? == redspec_codec::frame::SLOW_PROTOCOLS.to_be_bytes();
        let source = frame.get(6..12)?;
        slow.then(|| self.0.iter().any(|partner| partner.mac.0 == source))
    }

    fn show(&self, event: &Event<'_>) -> String {
        format!("one on {}", event.port)
    }
}

/// No LACPDU and no Marker of T leaves the device anywhere.
fn relays_nothing(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    let start = t.mark();
    for port in t.ports() {
        let marker = t.marker(port);
        t.send_slow(port, &marker.to_octets())?;
    }
    let partners = t.partners.0.clone();
    t.never(&Relayed(&partners), start, WATCH, "lacp.encapsulation.consumed")
}

/// I-09.
fn consumed() -> Test {
    test(
        "lacp.encapsulation.consumed",
        "I-09",
        "While a port passes data, the partner's LACPDUs and Markers do not reach the client.",
    )
    .judges(&["lacp.encapsulation.consumed"])
    .needs(Capability::Data)
    .lacp(|t| {
        up_with_data(t)?;
        relays_nothing(t)
    })
}

/// I-09, between two aggregations.
fn consumed_between_ports() -> Test {
    test(
        "lacp.encapsulation.consumed.other-port",
        "I-09",
        "A device with two aggregations passes data from one to the other, and no LACPDU or Marker.",
    )
    .judges(&["lacp.encapsulation.consumed"])
    .ports(2)
    .needs(Capability::Data)
    .with("lacp.aggregators", 2)
    .lacp(|t| {
        t.partner(P2).actor.key ^= 1;
        t.up()?;
        if !t.carries(P1, P2)? {
            return Err(Stop::NotApplicable(
                "the device does not bridge between its aggregations".to_owned(),
            ));
        }
        relays_nothing(t)
    })
}

/// I-10.
fn independent_partner_sync_lost() -> Test {
    let id = "lacp.mux.independent.partner-sync-lost";
    test(
        id,
        "I-10",
        "A port only collects, and its partner is no longer in sync: it stops, and stays attached.",
    )
    .judges(&[id])
    .for_devices("lacp.control", &["independent"])
    .lacp(move |t| {
        collecting_only(t)?;
        let lost = t.out_of_sync(P1)?;
        let attached = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
        t.expect(&attached.clone().actor_lacks(TRAFFIC), lost, R, id)?;
        t.always(&attached, lost, WATCH, 2, id)
    })
}

/// I-11.
fn wait_while_restarts() -> Test {
    let id = "lacp.mux.wait-while-restarts";
    test(id, "I-11", "While a port waits 2 s for others, its partner changes: the 2 s begin anew.")
        .judges(&[id])
        .problems("A device without wait_while passes by the lenient window only.")
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            t.listen()?;
            t.introduce(P1, true)?;
            t.wait(WHILE_WAITING)?;
            let system = Partner::system(&mut t.run.random);
            let second = t.change(P1, "another System", |partner| partner.actor.system = system)?;
            let tester = t.tester(P1);
            let in_sync = lacpdu(P1).partner_is(tester).actor_has(State::SYNCHRONIZATION);
            t.expect(&in_sync, second, W2, id).map(drop)
        })
}

/// I-12.
fn wait_while_keeps_running() -> Test {
    let id = "lacp.mux.wait-while-keeps-running";
    test(
        id,
        "I-12",
        "While a port waits 2 s for others, its partner takes Synchronization back: the 2 s go on.",
    )
    .judges(&[id, "lacp.mux.collecting-needs-partner-synchronization"])
    .needs(Capability::Fresh)
    .lacp(move |t| {
        t.fresh()?;
        t.listen()?;
        let first = t.introduce(P1, true)?;
        t.wait(WHILE_WAITING)?;
        let lost = t.out_of_sync(P1)?;
        let tester = t.tester(P1);
        let in_sync = lacpdu(P1).partner_is(tester).actor_has(State::SYNCHRONIZATION);
        t.expect(&in_sync, first, W2, id)?;
        t.never(
            &lacpdu(P1).actor_has(State::COLLECTING),
            lost,
            AGGREGATE_WAIT_TIME * 5,
            "lacp.mux.collecting-needs-partner-synchronization",
        )
    })
}

/// Carrier off for `away`, then on, and T goes on as if nothing had happened.
fn bounce(t: &mut LacpTest<'_>, port: Port, away: Duration) -> Result<Mark, Stop> {
    t.between(port)?;
    t.partner(port).stop();
    t.link_down(port)?;
    t.wait(away)?;
    let up = t.link_up(port)?;
    let partner = t.partner(port);
    partner.follows = false;
    partner.talks = true;
    t.in_sync(port)?;
    Ok(up)
}

/// A test of a device with a Wait-To-Restore time.
fn restores(id: impl Into<String>, row: &'static str, purpose: &str) -> Test {
    test(id, row, purpose)
        .only(Editions::ONLY_2020)
        .needs(Capability::Link)
        .with("lacp.wait_to_restore", WAIT_TO_RESTORE.as_secs())
}

/// I-13.
fn wait_to_restore_time() -> Test {
    restores(
        "lacp.mux.wait-to-restore",
        "I-13",
        "A port with a Wait-To-Restore time of 10 s loses its carrier for 5 s: it is back 10 s after the carrier.",
    )
    .judges(&["lacp.mux.wait-to-restore", "lacp.mux.wait-to-restore-out-of-sync"])
    .lacp(|t| {
        t.up()?;
        t.quiet()?;
        let window = wait_to_restore(WAIT_TO_RESTORE);
        let back = bounce(t, P1, Duration::from_secs(5))?;
        let waits = window.held_to(t.run.exact()).from;
        t.always(&lacpdu(P1).actor_lacks(UP), back, waits, 3, "lacp.mux.wait-to-restore-out-of-sync")?;
        t.expect(&lacpdu(P1).actor_has(UP), back, window, "lacp.mux.wait-to-restore").map(drop)
    })
}

/// I-13, for ports that are not in use when they lose their carrier.
fn wait_to_restore_unused(
    name: &str,
    controls: &[&'static str],
    set_up: fn(&mut LacpTest<'_>) -> Result<(), Stop>,
) -> Test {
    restores(
        format!("lacp.mux.wait-to-restore.{name}"),
        "I-13",
        "A port that is attached, and not in use yet, loses its carrier: it waits to restore as one in use does.",
    )
    .judges(&["lacp.mux.wait-to-restore", "lacp.mux.wait-to-restore-out-of-sync"])
    .for_devices("lacp.control", controls)
    .lacp(move |t| {
        set_up(t)?;
        let window = wait_to_restore(WAIT_TO_RESTORE);
        let back = bounce(t, P1, FAST_PERIODIC_TIME)?;
        let waits = window.held_to(t.run.exact()).from;
        t.always(&lacpdu(P1).actor_lacks(UP), back, waits, 3, "lacp.mux.wait-to-restore-out-of-sync")?;
        t.expect(&lacpdu(P1).actor_has(UP), back, window, "lacp.mux.wait-to-restore").map(drop)
    })
}

/// I-13, data.
fn wait_to_restore_without_data() -> Test {
    restores(
        "lacp.mux.wait-to-restore.without-data",
        "I-13",
        "A port that was in use loses its carrier, and waits to restore: it passes data neither way.",
    )
    .judges(&["lacp.mux.attached-sends-no-data", "lacp.mux.attached-receives-no-data"])
    .needs(Capability::Data)
    .lacp(|t| {
        up_with_data(t)?;
        bounce(t, P1, FAST_PERIODIC_TIME)?;
        t.quiet()?;
        sends_no_data(t)?;
        let receives = t.carries(P1, t.client())?;
        let expected = "no frame from P1, which waits to restore, at the client";
        t.judge(!receives, expected, "", None, "lacp.mux.attached-receives-no-data")
    })
}

/// I-13, with another partner behind the link.
fn wait_to_restore_new_partner() -> Test {
    let id = "lacp.link.return-new-partner";
    restores(
        "lacp.mux.wait-to-restore.new-partner",
        "-",
        "A port waits to restore, and finds another partner: it detaches, which ends that wait.",
    )
    .judges(&[id])
    .lacp(move |t| {
        t.up()?;
        t.quiet()?;
        bounce(t, P1, FAST_PERIODIC_TIME)?;
        t.quiet()?;
        let system = Partner::system(&mut t.run.random);
        let changed = t.change(P1, "another System", |partner| partner.actor.system = system)?;
        let up = lacpdu(P1).partner_is(t.tester(P1)).actor_has(UP);
        t.expect(&up, changed, JOIN, id).map(drop)
    })
}

/// A second loss of the carrier while the port waits to restore.
fn wait_to_restore_restarts() -> Test {
    let id = "lacp.mux.wait-to-restore-restarts";
    let purpose = "While a port waits to restore, its carrier goes away once more: does the time begin anew?";
    restores(id, "-", purpose).judges(&[id, "lacp.mux.wait-to-restore-out-of-sync"]).lacp(move |t| {
        t.up()?;
        t.quiet()?;
        let first = bounce(t, P1, FAST_PERIODIC_TIME)?;
        t.wait(WAIT_TO_RESTORE / 2)?;
        let second = bounce(t, P1, FAST_PERIODIC_TIME)?;
        let waits = wait_to_restore(WAIT_TO_RESTORE).lenient.from;
        let until = waits.saturating_sub(second.at.time.since(first.at.time));
        t.always(&lacpdu(P1).actor_lacks(UP), second, until, 1, "lacp.mux.wait-to-restore-out-of-sync")?;
        t.expect(&lacpdu(P1).actor_has(UP), second, wait_to_restore(WAIT_TO_RESTORE), id).map(drop)
    })
}
