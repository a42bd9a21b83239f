//! Group J: selection, several links.

use std::time::Duration;

use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};

use super::partner::Partner;
use super::pattern::same;
use super::{ExactFrame, LacpTest, P1, P2, UP, lacpdu, test};
use crate::bed::Capability;
use crate::event::Port;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::lacp::timers::{AGGREGATE_WAIT_TIME, FAST_PERIODIC_TIME};
use crate::spec::lacp::tolerances::{
    FAST_PLUS, JOIN, R, RECOVERY, STANDBY, TAKEOVER, UPC, W2, most_in_a_second,
};
use crate::spec::{Edition, Editions};

/// For what shall not happen, and for devices to come to rest.
const LONG_WATCH: Duration = Duration::from_secs(20);
/// A device that has come to rest stays so.
const WATCH: Duration = Duration::from_secs(10);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        same_lag(),
        same_lag_one_aggregator(),
        same_lag_other_timeout(),
        same_lag_data(),
        same_lag_other_bits(),
        others_undisturbed(),
        rejoins(),
        own_key_announced(),
        own_key_foreign_aggregator(),
        loopback(),
        reflection(),
        port_moved(),
        port_not_moved(),
        standby_minimum(),
        standby_by_a_better_link(),
        standby_takes_over(),
        standby_takes_over_link(),
        ready_waits_for_all(),
        joins_later(),
    ];
    tests.extend(DIFFERENCES.iter().map(different_partners));
    tests.extend([("first", P1), ("second", P2)].map(individual_one_aggregator));
    tests.extend(APART.iter().map(apart));
    tests.extend([("device-decides", 0xffff), ("tester-decides", 0)].map(standby_limit));
    tests
}

/// T speaks on all ports, in sync.
fn introduce_all(t: &mut LacpTest<'_>) -> Result<Mark, Stop> {
    t.listen()?;
    let start = t.mark();
    for port in t.ports() {
        t.introduce(port, true)?;
    }
    Ok(start)
}

/// Whether the device has shown that it was in sync with T on more than one port at once.
fn most_in_sync(t: &LacpTest<'_>, from: Mark) -> (usize, Option<u64>) {
    t.at_once(from, |port, pdu| {
        pdu.actor.state.has(State::SYNCHRONIZATION) && same(&pdu.partner, &t.tester(port))
    })
}

/// J-01.
fn same_lag_test(variant: &str, purpose: &str) -> Test {
    test(format!("lacp.selection.same-lag{variant}"), "J-01", purpose)
        .judges(&["lacp.selection.same-lag", "lacp.pdu.actor-key-common"])
        .ports(2)
}

/// Both links come up, and have one key.
fn both_join(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    let start = introduce_all(t)?;
    for port in t.ports() {
        let joined = lacpdu(port).partner_is(t.tester(port)).actor_has(UP);
        t.expect(&joined, start, RECOVERY, "lacp.selection.same-lag")?;
    }
    let keys = [t.own(P1)?.key, t.own(P2)?.key];
    let expected = "one Actor_Key on both links";
    t.judge(keys[0] == keys[1], expected, &format!("{keys:?}"), None, "lacp.pdu.actor-key-common")
}

fn same_lag() -> Test {
    same_lag_test("", "Two links to one system and key of the partner: both come up.")
        .needs(Capability::Fresh)
        .lacp(|t| {
            t.fresh()?;
            both_join(t)
        })
}

fn same_lag_one_aggregator() -> Test {
    let purpose = "Two links to one system and key of the partner, and one Aggregator: both come up.";
    same_lag_test(".one-aggregator", purpose).with("lacp.aggregators", 1).needs(Capability::Fresh).lacp(|t| {
        t.fresh()?;
        both_join(t)
    })
}

fn same_lag_other_timeout() -> Test {
    let purpose = "Two links to one system and key of the partner, one with short and one with long timeout: both are used.";
    same_lag_test(".other-timeout", purpose).with("lacp.aggregators", 1).needs(Capability::Fresh).lacp(|t| {
        t.fresh()?;
        t.partner(P2).clear(State::TIMEOUT);
        let start = introduce_all(t)?;
        for port in t.ports() {
            let joined = lacpdu(port).partner_is(t.tester(port)).actor_has(State::COLLECTING);
            t.expect(&joined, start, RECOVERY, "lacp.selection.same-lag")?;
        }
        let keys = [t.own(P1)?.key, t.own(P2)?.key];
        let expected = "one Actor_Key on both links";
        t.judge(keys[0] == keys[1], expected, &format!("{keys:?}"), None, "lacp.pdu.actor-key-common")
    })
}

fn same_lag_data() -> Test {
    let purpose =
        "Two links to one system and key of the partner: what is to be flooded leaves on one of them.";
    same_lag_test(".data", purpose).needs(Capability::Data).needs(Capability::Fresh).lacp(|t| {
        t.fresh()?;
        both_join(t)?;
        t.quiet()?;
        for _ in 0..3 {
            let octets = t.data_frame();
            let mark = t.send_frame(t.client(), &octets)?;
            t.wait(Duration::from_millis(300))?;
            let mut copies = 0;
            for port in t.ports() {
                let copy = ExactFrame { port, octets: octets.clone() };
                copies += t.all(&copy, mark, Duration::from_millis(300))?.len();
            }
            let expected = "a broadcast leaves once on all links of the aggregation";
            t.judge(copies == 1, expected, &format!("{copies} copies"), None, "lacp.selection.same-lag")?;
        }
        Ok(())
    })
}

fn same_lag_other_bits() -> Test {
    let purpose = "Two links to one partner, passive and with long timeout on one of them, and one Aggregator: both collect.";
    same_lag_test(".other-bits", purpose).with("lacp.aggregators", 1).needs(Capability::Fresh).lacp(|t| {
        t.fresh()?;
        let partner = t.partner(P2);
        partner.actor.state = partner.actor.state.without(State::ACTIVITY | State::TIMEOUT);
        let start = introduce_all(t)?;
        for port in t.ports() {
            let joined = lacpdu(port).partner_is(t.tester(port)).actor_has(State::COLLECTING);
            t.expect(&joined, start, RECOVERY, "lacp.selection.same-lag")?;
        }
        let keys = [t.own(P1)?.key, t.own(P2)?.key];
        let expected = "one Actor_Key on both links";
        t.judge(keys[0] == keys[1], expected, &format!("{keys:?}"), None, "lacp.pdu.actor-key-common")
    })
}

/// In what the partners on two links differ, and what makes them so.
type Difference = (&'static str, &'static str, fn(&mut Partner));

const DIFFERENCES: &[Difference] = &[
    ("lacp.selection.partner-key", "J-02", |partner| partner.actor.key ^= 1),
    ("lacp.selection.partner-system", "J-03", |partner| partner.actor.system.0[5] ^= 0x0f),
    ("lacp.selection.partner-system-priority", "J-03", |partner| partner.actor.system_priority ^= 1),
];

/// With one Aggregator, never two of the ports are in sync; one is, and the other stays detached.
fn one_of_two(t: &mut LacpTest<'_>, start: Mark, requirement: &'static str) -> Result<(), Stop> {
    t.wait(LONG_WATCH)?;
    let (most, frame) = most_in_sync(t, start);
    t.judge(most <= 1, "never both ports in sync with T", "", frame, requirement)?;
    let rest = t.mark();
    t.wait(WATCH)?;
    let mut detached = 0;
    for port in t.ports() {
        let other = lacpdu(port).that("Synchronization", |pdu| pdu.actor.state.0 & UP.0 != 0);
        detached += usize::from(t.all(&other, rest, WATCH)?.is_empty());
    }
    let expected = "a port that gets no Aggregator stays detached";
    t.judge(detached >= 1, expected, "", None, "lacp.selection.none-left")
}

/// J-02, J-03.
fn different_partners(&(id, row, differ): &Difference) -> Test {
    test(id, row, "Links to different partners, and one Aggregator: one link at most is in sync.")
        .judges(&[id, "lacp.selection.none-left", "lacp.selection.reselects"])
        .ports(2)
        .with("lacp.aggregators", 1)
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            differ(t.partner(P2));
            let start = introduce_all(t)?;
            one_of_two(t, start, id)?;
            let up = t.is_up(P1) || t.is_up(P2);
            t.judge(up, "the Aggregator is used for one of the links", "", None, "lacp.selection.reselects")
        })
}

/// UP on both ports, with a pause; the port with the lower Actor_Port, and the other one.
fn both_up(t: &mut LacpTest<'_>) -> Result<(Port, Port), Stop> {
    t.up()?;
    t.quiet()?;
    let ports = t.by_actor_port()?;
    Ok((ports[0], ports[1]))
}

/// Nothing changes on a port that is UP.
fn undisturbed(t: &mut LacpTest<'_>, port: Port, from: Mark) -> Result<(), Stop> {
    let same = lacpdu(port).partner_is(t.tester(port)).actor_has(UP);
    let time = t.now().since(from.at.time);
    t.always(&same, from, time, 3, "lacp.selection.others-undisturbed")
}

/// T changes its key, and the port detaches, if it is attached.
fn key_changes(t: &mut LacpTest<'_>, port: Port, requirement: &'static str) -> Result<Mark, Stop> {
    let attached = t.own(port)?.state.has(State::SYNCHRONIZATION);
    let changed = t.change(port, "another Key", |partner| partner.actor.key ^= 1)?;
    if !attached {
        return Ok(changed);
    }
    let detached = lacpdu(port).partner_is(t.tester(port)).actor_lacks(UP);
    t.expect(&detached, changed, R, requirement)?;
    Ok(changed)
}

/// J-04.
fn others_undisturbed() -> Test {
    test(
        "lacp.selection.others-undisturbed",
        "J-04",
        "Two links in use, and the partner changes its key on one: that one detaches, the other goes on.",
    )
    .judges(&["lacp.selected.key", "lacp.selection.others-undisturbed"])
    .ports(2)
    .lacp(|t| {
        let (lower, higher) = both_up(t)?;
        let changed = key_changes(t, higher, "lacp.selected.key")?;
        t.wait(WATCH)?;
        undisturbed(t, lower, changed)
    })
}

/// J-05.
fn rejoins() -> Test {
    test(
        "lacp.selection.reselects",
        "J-05",
        "A link left its aggregation because the partner's key changed, and the key is back: it joins again.",
    )
    .judges(&[
        "lacp.selection.reselects",
        "lacp.selection.same-lag",
        "lacp.selection.others-undisturbed",
        "lacp.mux.unselected-detaches",
    ])
    .ports(2)
    .lacp(|t| {
        let (lower, higher) = both_up(t)?;
        t.preamble(|t| key_changes(t, higher, "lacp.selected.key"))?;
        t.wait(WATCH)?;
        let back = key_changes(t, higher, "lacp.mux.unselected-detaches")?;
        let joined = lacpdu(higher).partner_is(t.tester(higher)).actor_has(UP);
        t.expect(&joined, back, JOIN, "lacp.selection.reselects")?;
        let keys = [t.own(lower)?.key, t.own(higher)?.key];
        t.judge(
            keys[0] == keys[1],
            "one Actor_Key again",
            &format!("{keys:?}"),
            None,
            "lacp.selection.same-lag",
        )?;
        t.wait(AGGREGATE_WAIT_TIME * 3)?;
        undisturbed(t, lower, back)
    })
}

/// J-06.
fn own_key_announced() -> Test {
    let id = "lacp.selection.own-key-announced";
    test(id, "J-06", "Two aggregations of the device, wired to one of the partner: both keep their keys.")
        .judges(&[id])
        .ports(2)
        .with("lacp.key.p1", 11)
        .with("lacp.key.p2", 13)
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            let start = introduce_all(t)?;
            for port in t.ports() {
                let key = t.own(port)?.key;
                let same = lacpdu(port).that(format!("actor key {key}"), move |pdu| pdu.actor.key == key);
                t.always(&same, start, LONG_WATCH, 3, id)?;
            }
            let keys = [t.own(P1)?.key, t.own(P2)?.key];
            t.judge(keys[0] != keys[1], "two values of Actor_Key", &format!("{keys:?}"), None, id)
        })
}

/// J-06, with an Aggregator that is free but not its own.
fn own_key_foreign_aggregator() -> Test {
    test(
        "lacp.selection.own-key.foreign-aggregator",
        "J-06",
        "The only Aggregator has the key of P1, and is free: P2, with another key, does not take it.",
    )
    .judges(&["lacp.selection.own-key"])
    .ports(2)
    .with("lacp.aggregators", 1)
    .with("lacp.key.p1", 11)
    .with("lacp.key.p2", 13)
    .with("lacp.suspend_individual", "yes")
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.listen()?;
        let start = t.introduce(P2, true)?;
        t.always(&lacpdu(P2).actor_lacks(UP), start, LONG_WATCH, 3, "lacp.selection.own-key")
    })
}

/// J-07.
fn individual_one_aggregator((name, individual): (&'static str, Port)) -> Test {
    let id = "lacp.selection.individual-one-aggregator";
    let purpose = format!(
        "One of two partners, on {individual}, is Individual, and there is one Aggregator: one link at most is in sync."
    );
    test(format!("{id}.{name}"), "J-07", purpose)
        .judges(&[id, "lacp.selection.none-left", "lacp.selection.individual-runs"])
        .ports(2)
        .with("lacp.aggregators", 1)
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            let partner = t.partner(individual);
            partner.actor.state = partner.actor.state.without(State::AGGREGATION);
            let start = introduce_all(t)?;
            one_of_two(t, start, id)?;
            let text = if t.is_up(individual) { "the Individual link is in use" } else { "it is not in use" };
            t.note(text, None, "lacp.selection.individual-runs");
            Ok(())
        })
}

/// What two ports must not share, or must, and the device tells which Aggregator each has.
struct Apart {
    id: &'static str,
    row: &'static str,
    requirement: &'static str,
    purpose: &'static str,
    settings: &'static [(&'static str, u16)],
    /// They share one.
    shared: bool,
    prepare: fn(&mut LacpTest<'_>),
    wired_to_each_other: bool,
}

impl Apart {
    const fn new(
        id: &'static str,
        row: &'static str,
        requirement: &'static str,
        purpose: &'static str,
        prepare: fn(&mut LacpTest<'_>),
    ) -> Self {
        Self {
            id,
            row,
            requirement,
            purpose,
            settings: &[],
            shared: false,
            prepare,
            wired_to_each_other: false,
        }
    }
}

const APART: &[Apart] = &[
    Apart {
        shared: true,
        ..Apart::new(
            "lacp.selection.same-lag.told",
            "J-01",
            "lacp.selection.same-lag",
            "Two links to one system and key of the partner have one Aggregator, as the device tells.",
            |_| {},
        )
    },
    Apart::new(
        "lacp.selection.partner-key.told",
        "J-02",
        "lacp.selection.partner-key",
        "Links to two keys of the partner have two Aggregators, as the device tells.",
        |t| t.partner(P2).actor.key ^= 1,
    ),
    Apart::new(
        "lacp.selection.partner-system.told",
        "J-03",
        "lacp.selection.partner-system",
        "Links to two systems have two Aggregators, as the device tells.",
        |t| t.partner(P2).actor.system.0[5] ^= 0x0f,
    ),
    Apart::new(
        "lacp.selection.partner-system-priority.told",
        "J-03",
        "lacp.selection.partner-system-priority",
        "Links to two System_Priorities have two Aggregators, as the device tells.",
        |t| t.partner(P2).actor.system_priority ^= 1,
    ),
    Apart {
        settings: &[("lacp.key.p1", 11), ("lacp.key.p2", 13)],
        ..Apart::new(
            "lacp.selection.own-key",
            "J-06",
            "lacp.selection.own-key",
            "Ports with two keys, wired to one aggregation of the partner, have two Aggregators, as the device tells.",
            |_| {},
        )
    },
    Apart::new(
        "lacp.selection.individual-shares-nothing.first",
        "J-07",
        "lacp.selection.individual-shares-nothing",
        "An Individual partner on P1: its link shares no Aggregator, as the device tells.",
        |t| t.partner(P1).actor.state = t.partner(P1).actor.state.without(State::AGGREGATION),
    ),
    Apart::new(
        "lacp.selection.individual-shares-nothing.second",
        "J-07",
        "lacp.selection.individual-shares-nothing",
        "An Individual partner on P2: its link shares no Aggregator, as the device tells.",
        |t| t.partner(P2).actor.state = t.partner(P2).actor.state.without(State::AGGREGATION),
    ),
    Apart {
        wired_to_each_other: true,
        ..Apart::new(
            "lacp.selection.loopback.told",
            "J-08",
            "lacp.selection.loopback",
            "Two ports that are wired to each other share no Aggregator, as the device tells.",
            |_| {},
        )
    },
];

/// J-01 to J-08, on a device that tells its Aggregators.
fn apart(case: &'static Apart) -> Test {
    let mut told =
        test(case.id, case.row, case.purpose).judges(&[case.requirement]).ports(2).needs(Capability::State);
    for (name, value) in case.settings {
        told = told.with(name, value);
    }
    told.needs(Capability::Fresh).lacp(move |t| {
        t.fresh()?;
        (case.prepare)(t);
        if !case.wired_to_each_other {
            introduce_all(t)?;
        }
        for _ in 0..3 {
            if case.wired_to_each_other {
                t.cross_connect(LONG_WATCH / 2, opposite)?;
            } else {
                t.wait(LONG_WATCH / 2)?;
            }
            let names = [t.run.state("lacp.aggregator", P1)?, t.run.state("lacp.aggregator", P2)?];
            let shared = names[0] == names[1] && names[0] != "none";
            let expected =
                if case.shared { "one Aggregator for both ports" } else { "no Aggregator for both ports" };
            t.judge(shared == case.shared, expected, &names.join(", "), None, case.requirement)?;
        }
        Ok(())
    })
}

/// The other one of two ports.
fn opposite(port: Port) -> Port {
    if port == P1 { P2 } else { P1 }
}

/// J-08.
fn loopback() -> Test {
    let id = "lacp.selection.loopback";
    test(id, "J-08", "Two ports of one aggregation are wired to each other, and there is one Aggregator: they never collect both.")
        .judges(&[id])
        .ports(2)
        .with("lacp.aggregators", 1)
        .needs(Capability::Fresh).lacp(move |t| {
            let start = t.fresh()?;
            t.step("P1 and P2 are wired to each other");
            t.cross_connect(LONG_WATCH, opposite)?;
            // Without Synchronization, Collecting is another fault.
            let collects = State::SYNCHRONIZATION | State::COLLECTING;
            let (most, frame) = t.at_once(start, |_, pdu| pdu.actor.state.has(collects));
            t.judge(most <= 1, "never both ports in sync and collecting", "", frame, id)
        })
}

/// J-09.
fn reflection() -> Test {
    let limits = ["lacp.tx.limit", "lacp.tx.limit-2020"];
    test(
        "lacp.selection.reflection",
        "J-09",
        "A port hears nothing but its own LACPDUs: it does not send more for it, and works afterwards.",
    )
    .judges(&["lacp.selection.reflection", limits[0], limits[1], "lacp.robust.answers-after-malformed"])
    .needs(Capability::Fresh)
    .lacp(move |t| {
        let start = t.fresh()?;
        t.step("P1 gets back what it sends");
        t.cross_connect(WATCH, |port| port)?;
        let collects = lacpdu(P1).actor_has(State::COLLECTING);
        let sent = t.all(&lacpdu(P1), start, WATCH)?;
        let collecting = t.all(&collects, start, WATCH)?.first().map(|sighting| sighting.number);
        let text = if collecting.is_some() { "it collects" } else { "it does not collect" };
        t.note(text, collecting, "lacp.selection.reflection");
        let limit = most_in_a_second(t.edition(), t.run.exact()) as usize;
        let over = sent
            .windows(limit + 1)
            .find(|sent| sent[limit].at.time.since(sent[0].at.time) < FAST_PERIODIC_TIME);
        t.judge(
            over.is_none(),
            &format!("at most {limit} LACPDUs in a second"),
            "",
            over.map(|sent| sent[limit].number),
            limits[usize::from(t.edition() == Edition::Dot1Ax2020)],
        )?;
        t.quiet()?;
        let good = t.introduce(P1, true)?;
        let known = lacpdu(P1).partner_is(t.tester(P1));
        t.expect(&known, good, R, "lacp.robust.answers-after-malformed").map(drop)
    })
}

/// UP on two links; the carrier of P1 goes, and T becomes someone else on P2. The first LACPDU of P1 when its carrier is
/// back, and the one with which it started.
fn elsewhere(
    t: &mut LacpTest<'_>,
    text: &str,
    becomes: impl Fn(&PortInformation, &mut PortInformation),
) -> Result<(Mark, Sighting, Lacpdu), Stop> {
    t.fresh()?;
    t.listen()?;
    // T has not spoken: whatever D says of its own state, this is its default partner.
    let first = t.heard(P1)?;
    t.up()?;
    t.quiet()?;
    t.silence(P1);
    t.link_down(P1)?;
    t.quiet()?;
    let moved = t.tester(P1);
    let spoken = t.change(P2, text, |partner| becomes(&moved, &mut partner.actor))?;
    let known = lacpdu(P2).partner_is(t.tester(P2));
    t.preamble(|t| t.expect(&known, spoken, R, "lacp.record.identity"))?;
    t.wait(WATCH)?;
    let up = t.link_up(P1)?;
    let Some(back) = t.look(&lacpdu(P1), up, UPC.lenient.to)? else {
        return Err(Stop::Inconclusive("no LACPDU on P1 after its carrier came back".to_owned()));
    };
    Ok((up, back, first))
}

/// J-10.
fn port_moved() -> Test {
    let requirements = [
        "lacp.rx.port-moved",
        "lacp.rx.port-moved-2020",
        "lacp.link.return-new-partner",
        "lacp.rx.first-pdu-defaulted",
        "lacp.rx.first-pdu-expired",
    ];
    test(
        requirements[0],
        "J-10",
        "The partner of a port that is down speaks on another port: the first forgets it, and comes back Defaulted.",
    )
    .judges(&[&requirements[..], &["lacp.mux.wait-while"]].concat())
    .ports(2)
    .needs(Capability::Link)
    .needs(Capability::Fresh).lacp(move |t| {
        let other = t.tester(P2).port;
        let (up, back, first) = elsewhere(t, "the complete actor of P1", |moved, actor| {
            *actor = PortInformation { state: actor.state, ..*moved };
        })?;
        let pdu = t.pdu_at(back)?;
        let forgot = same(&pdu.partner, &first.partner);
        if Editions::UP_TO_2014.contains(t.edition()) {
            let expected = "the first LACPDU shows the default partner";
            t.judge(forgot, expected, &pdu.to_string(), Some(back.number), requirements[0])?;
            let defaulted = pdu.actor.state.has(State::DEFAULTED);
            let expected = "the first LACPDU shows Defaulted";
            t.judge(defaulted, expected, &pdu.to_string(), Some(back.number), requirements[3])?;
            // What the very first shows is judged elsewhere.
            let expired = lacpdu(P1).actor_has(State::EXPIRED);
            t.expect(&expired, back.itself(), FAST_PLUS, requirements[4])?;
            // The port was unselected: it waits like one that has just started.
            let in_sync = lacpdu(P1).actor_has(State::SYNCHRONIZATION);
            t.never(&in_sync, up, t.held_to(W2).from, "lacp.mux.wait-while")?;
        } else {
            let text = if forgot { "the partner is forgotten" } else { "the partner is kept" };
            t.note(text, Some(back.number), requirements[1]);
        }
        // As if the links had been swapped: of another System it would need an Aggregator of its own.
        t.partner(P1).actor.port = other;
        let new = t.introduce(P1, true)?;
        let up = lacpdu(P1).partner_is(t.tester(P1)).actor_has(UP);
        t.expect(&up, new, JOIN, requirements[2]).map(drop)
    })
}

/// The other side of J-10: who only has the port number of a port's partner is not that partner.
fn port_not_moved() -> Test {
    let id = "lacp.link.return-keeps-partner";
    test(
        "lacp.rx.port-moved.other-system",
        "-",
        "Another system with the port number of a lost partner speaks on another port: the first keeps its partner.",
    )
    .judges(&[id])
    .ports(2)
    .needs(Capability::Link)
    .needs(Capability::Fresh).lacp(move |t| {
        let other = Partner::system(&mut t.run.random);
        let (_, back, _) = elsewhere(t, "the actor of P1 in another System", |moved, actor| {
            *actor = PortInformation { state: actor.state, system: other, ..*moved };
        })?;
        let pdu = t.pdu_at(back)?;
        let kept = !pdu.actor.state.has(State::DEFAULTED) && same(&pdu.partner, &t.tester(P1));
        let expected = "the first LACPDU is not Defaulted, and shows the last partner";
        t.judge(kept, expected, &pdu.to_string(), Some(back.number), id)
    })
}

/// Three links are offered where two may be used; each port and whether it was in use all the time, when all was at rest.
fn offer_three(t: &mut LacpTest<'_>) -> Result<(Vec<Port>, Vec<Port>), Stop> {
    let start = introduce_all(t)?;
    two_of_three(t, start)
}

fn two_of_three(t: &mut LacpTest<'_>, start: Mark) -> Result<(Vec<Port>, Vec<Port>), Stop> {
    t.wait(LONG_WATCH)?;
    let rest = t.mark();
    t.wait(WATCH)?;
    let (most, frame) = t.at_once(start, |port, pdu| {
        pdu.actor.state.has(State::COLLECTING) && same(&pdu.partner, &t.tester(port))
    });
    t.judge(
        most <= 2,
        "never more than 2 links collecting",
        &most.to_string(),
        frame,
        "lacp.selection.standby-limit",
    )?;
    let (mut used, mut standby) = (Vec::new(), Vec::new());
    for port in t.ports() {
        let all = t.all(&lacpdu(port), rest, WATCH)?.len();
        let up = t.all(&lacpdu(port).actor_has(UP), rest, WATCH)?.len();
        if all > 0 && up == all {
            used.push(port);
        } else {
            standby.push(port);
        }
    }
    let seen = format!("{} in use", used.len());
    t.judge(used.len() == 2, "2 of 3 links in use", &seen, None, "lacp.selection.standby-limit")?;
    for &port in &standby {
        t.always(&lacpdu(port).actor_lacks(UP), rest, WATCH, 1, "lacp.selection.standby-detached")?;
    }
    Ok((used, standby))
}

/// J-11.
fn standby_limit((name, system_priority): (&'static str, u16)) -> Test {
    test(
        format!("lacp.selection.standby-limit.{name}"),
        "J-11",
        "Three links, and two may be used: the third stands by, by the priorities of the system with the lower identifier.",
    )
    .judges(&[
        "lacp.selection.standby-limit",
        "lacp.selection.standby-detached",
        "lacp.selection.standby-priority",
    ])
    .ports(3)
    .with("lacp.max_links", 2)
    .needs(Capability::Fresh).lacp(move |t| {
        t.fresh()?;
        t.listen()?;
        // The port that the device likes best is the one that T likes least.
        let favourite = t.by_actor_port()?[0];
        for port in t.ports() {
            let partner = t.partner(port);
            partner.actor.system_priority = system_priority;
            partner.actor.port_priority = if port == favourite { 0xf000 } else { 0x1000 };
        }
        let (_, standby) = offer_three(t)?;
        let (ours, theirs) = (t.tester(P1), t.own(P1)?);
        let tester_decides = (ours.system_priority, ours.system.0) < (theirs.system_priority, theirs.system.0);
        let mut ranks = Vec::new();
        for port in t.ports() {
            let end = if tester_decides { t.tester(port) } else { t.own(port)? };
            ranks.push((end.port_priority, end.port, port));
        }
        let last = ranks.into_iter().max().map(|(.., port)| port);
        let expected = "the port with the highest {Port_Priority, Port} stands by";
        let seen: Vec<String> = standby.iter().map(ToString::to_string).collect();
        let met = standby.first().copied() == last;
        t.judge(met, expected, &seen.join(", "), None, "lacp.selection.standby-priority")
    })
}

/// A third link that is better than both in use.
fn standby_by_a_better_link() -> Test {
    test(
        "lacp.selection.standby-limit.better-link",
        "-",
        "Two links are in use, which may be, and a third is offered that goes before them: still two are used.",
    )
    .judges(&[
        "lacp.selection.standby-limit",
        "lacp.selection.standby-detached",
        "lacp.selection.standby-priority",
    ])
    .problems("A device that does not take a link out of use for a better one breaks a recommendation only.")
    .ports(3)
    .with("lacp.max_links", 2)
    .needs(Capability::Fresh).lacp(|t| {
        t.fresh()?;
        t.listen()?;
        let ports = t.by_actor_port()?;
        for port in t.ports() {
            // The device decides, and its numbers do.
            t.partner(port).actor.system_priority = 0xffff;
        }
        t.up_on(&ports[1..])?;
        t.quiet()?;
        let start = t.introduce(ports[0], true)?;
        let (used, _) = two_of_three(t, start)?;
        let better = used.contains(&ports[0]);
        let expected = format!("{} is used instead of another", ports[0]);
        t.judge(better, &expected, "", None, "lacp.selection.standby-priority")
    })
}

/// Fewer links than a system wants.
fn standby_minimum() -> Test {
    let id = "lacp.selection.standby-detached";
    test("lacp.selection.standby-detached.minimum", "-", "An aggregation wants two links and one is offered: it stands by.")
        .judges(&[id])
        .problems("Systems differ in what a minimum of links means: where ports attach all the same, it is no constraint on selection, and the profile has to say lacp.below_minimum = attached.")
        .ports(2)
        .with("lacp.aggregators", 1)
        .with("lacp.min_links", 2)
        .with("lacp.suspend_individual", "yes")
        .for_devices("lacp.below_minimum", &["standby"])
        .needs(Capability::Fresh).lacp(move |t| {
            t.fresh()?;
            t.listen()?;
            let start = t.introduce(P1, true)?;
            let standby = lacpdu(P1).partner_is(t.tester(P1)).actor_lacks(UP);
            let known = t.expect(&standby, start, R, id)?;
            t.always(&standby, known.mark(), LONG_WATCH, 3, id)
        })
}

/// Two links in use and one on standby, with T in sync and collecting on all of them.
fn one_on_standby(t: &mut LacpTest<'_>) -> Result<(Port, Port), Stop> {
    t.fresh()?;
    let (used, standby) = t.preamble(offer_three)?;
    for port in t.ports() {
        let partner = t.partner(port);
        partner.follows = false;
        partner.actor.state = partner.actor.state.with(UP);
        t.send(port)?;
    }
    t.quiet()?;
    Ok((used[0], standby[0]))
}

/// J-12.
fn standby_takes_over() -> Test {
    let id = "lacp.selection.standby-takes-over";
    test(
        id,
        "J-12",
        "Two links in use and one on standby; the partner of a link falls silent: the third takes its place.",
    )
    .judges(&[id])
    .ports(3)
    .with("lacp.max_links", 2)
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh)
    .lacp(move |t| {
        let (used, standby) = one_on_standby(t)?;
        let silence = t.silence(used);
        t.expect(&lacpdu(standby).actor_has(UP), silence, TAKEOVER, id)?;
        // Up to 2014 the standby port has waited in WAITING. How long a device takes to select is its own affair.
        let defaulted = lacpdu(used).actor_has(State::DEFAULTED);
        let defaulted = t.look(&defaulted, silence, TAKEOVER.lenient.to)?;
        let in_sync = lacpdu(standby).actor_has(State::SYNCHRONIZATION);
        let in_sync = t.look(&in_sync, silence, TAKEOVER.lenient.to)?;
        let (Some(defaulted), Some(in_sync)) = (defaulted, in_sync) else { return Ok(()) };
        if t.edition() == Edition::Dot1Ax2020 || in_sync.at.time < defaulted.at.time {
            return Ok(());
        }
        let what = format!("{standby} in sync, {used} Defaulted");
        t.run.judge_time(&what, defaulted.mark(), in_sync, STANDBY, id)
    })
}

/// J-12, by the carrier.
fn standby_takes_over_link() -> Test {
    let id = "lacp.selection.standby-takes-over";
    test(
        "lacp.selection.standby-takes-over.link",
        "-",
        "Two links in use and one on standby; a link loses its carrier: the third takes its place, or does not.",
    )
    .judges(&[id])
    .problems("A port that is down stays selected by the tables, so this is only recorded.")
    .ports(3)
    .needs(Capability::Link)
    .with("lacp.max_links", 2)
    .needs(Capability::Fresh).lacp(move |t| {
        let (used, standby) = one_on_standby(t)?;
        t.silence(used);
        let down = t.link_down(used)?;
        let taken = t.look(&lacpdu(standby).actor_has(UP), down, TAKEOVER.lenient.to)?;
        let text = match taken {
            Some(taken) => format!("taken over after {:?}", taken.at.time.since(down.at.time)),
            None => "not taken over".to_owned(),
        };
        t.note(text, taken.map(|taken| taken.number), id);
        t.link_up(used)?;
        t.quiet()
    })
}

/// J-13.
fn ready_waits_for_all() -> Test {
    let id = "lacp.selection.ready-waits-for-all";
    test(
        id,
        "J-13",
        "The partner speaks on a second link of an aggregation a second later: do both attach together?",
    )
    .judges(&[id])
    .ports(2)
    .needs(Capability::Fresh)
    .lacp(move |t| {
        t.fresh()?;
        t.listen()?;
        t.introduce(P1, true)?;
        t.wait(FAST_PERIODIC_TIME)?;
        let second = t.introduce(P2, true)?;
        let mut times = Vec::new();
        for port in [P1, P2] {
            let in_sync = lacpdu(port).partner_is(t.tester(port)).actor_has(State::SYNCHRONIZATION);
            let in_sync = t.look(&in_sync, second, W2.lenient.to)?;
            times.push(in_sync.map(|sighting| sighting.at.time.since(second.at.time)));
        }
        t.note(format!("in sync after the second link's first LACPDU: {times:?}"), None, id);
        Ok(())
    })
}

/// J-14.
fn joins_later() -> Test {
    test(
        "lacp.selection.same-lag.later",
        "J-14",
        "One link in use, and the carrier of a second comes: it joins, and the first goes on.",
    )
    .judges(&["lacp.selection.same-lag", "lacp.selection.others-undisturbed"])
    .ports(2)
    .needs(Capability::Link)
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.listen()?;
        let ports = t.by_actor_port()?;
        let (lower, higher) = (ports[0], ports[1]);
        t.link_down(higher)?;
        t.up_on(&[lower])?;
        t.quiet()?;
        let up = t.link_up(higher)?;
        t.introduce(higher, true)?;
        let joined = lacpdu(higher).partner_is(t.tester(higher)).actor_has(UP);
        t.expect(&joined, up, JOIN, "lacp.selection.same-lag")?;
        // A port that does not wait to attach has joined before there was much to see on the other.
        t.wait(AGGREGATE_WAIT_TIME * 2)?;
        undisturbed(t, lower, up)
    })
}
