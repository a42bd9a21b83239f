//! Several routers on one LAN whose gateway fails again and again: nothing is broken by references, and a mutant among
//! them is found.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use pretty_assertions::assert_eq;
use redspec::arena::failover::{Failure, View};
use redspec::arena::hub::{Chance, Noise};
use redspec::arena::protocol::{Duty, Invariant, Protocol};
use redspec::arena::{Arena, Error, Kind, Known, Member, Outcome, PROTOCOLS, Plan};
use redspec::event::{Happening, Port};
use redspec::reference::imprecise::imprecisions;
use redspec::report::arena::Report;
use redspec::report::pcapng::read_trace;
use redspec::settings::Settings;
use redspec::spec::vrrp::Version;
use redspec::spec::vrrp::timers::formulas;
use redspec::spec::{Edition, requirement};
use serde_json::Value;

type Pairs<'a> = &'a [(&'a str, &'a str)];

fn known(edition: Edition) -> &'static Known {
    PROTOCOLS.iter().find(|known| known.editions.contains(&edition)).expect("a protocol of the edition")
}

fn protocol(edition: Edition, common: Pairs<'_>) -> Box<dyn Protocol> {
    (known(edition).make)(&common.iter().copied().collect(), edition).expect("settings that fit")
}

fn members(protocol: &dyn Protocol, count: usize, common: Pairs<'_>) -> Vec<Member> {
    let common: Settings = common.iter().copied().collect();
    (0..count).map(|index| Member::new(protocol, index, count, &common)).collect()
}

/// Five routers, the second of which may be a mutant.
fn run(edition: Edition, common: Pairs<'_>, failovers: u64, seed: u64, mutant: Option<&str>) -> Outcome {
    let protocol = protocol(edition, common);
    let mut members = members(protocol.as_ref(), 5, common);
    if let Some(id) = mutant {
        members[1].kind = Kind::Mutant(id.to_owned());
    }
    let plan = Plan::new(failovers, seed, protocol.as_ref());
    let arena = Arena::new(protocol.as_ref(), members, plan).expect("an arena");
    arena.run(|_| true).expect("it runs")
}

#[track_caller]
fn holds(edition: Edition, common: Pairs<'_>, failovers: u64, seed: u64) -> Outcome {
    let outcome = run(edition, common, failovers, seed, None);
    assert_eq!(outcome.broken, [], "{edition} {common:?} seed {seed}");
    assert_eq!(outcome.failovers.len() as u64, failovers);
    outcome
}

/// All kinds of failures and of noise were there. Every router was the gateway and failed but for the last one, which nobody
/// could take over from, and every one took over but for the best, which preempts as it comes back.
fn is_thorough(outcome: &Outcome) {
    for failure in Failure::ALL {
        assert!(outcome.times(View::Protocol, Some(failure)).count() > 50, "{}", failure.name());
    }
    for router in 0..4 {
        assert!(outcome.failovers.iter().any(|failover| failover.old == router), "router {router} failed");
        assert!(
            outcome.failovers.iter().any(|failover| failover.new == router + 1),
            "{} took over",
            router + 1
        );
    }
    let counts = outcome.counts;
    assert!(counts.lost > 1000 && counts.duplicated > 1000 && counts.reordered > 1000 && counts.cut > 1000);
    assert!(outcome.disturbances > 100);
}

#[test]
fn a_thousand_failovers_of_version_3() {
    is_thorough(&holds(Edition::Rfc9568, &[], 1000, 7));
}

#[test]
fn a_thousand_failovers_of_version_3_over_ipv6() {
    is_thorough(&holds(Edition::Rfc9568, &[("vrrp.family", "ipv6")], 1000, 8));
}

#[test]
fn a_thousand_failovers_of_version_2() {
    is_thorough(&holds(Edition::Rfc3768, &[], 1000, 9));
}

/// The three of HSRP, and the settings of version 2 over IPv6.
const HSRP: [(Edition, Pairs<'_>); 4] = [
    (Edition::Rfc2281, &[]),
    (Edition::CiscoHsrp1, &[]),
    (Edition::CiscoHsrp2, &[]),
    (Edition::CiscoHsrp2, &[("hsrp.family", "ipv6")]),
];

#[test]
fn failovers_of_hsrp_with_and_without_preemption() {
    for (seed, (edition, common)) in (1..).zip(HSRP) {
        for preempt in ["yes", "no"] {
            let outcome = holds(edition, &[common, &[("hsrp.preempt", preempt)]].concat(), 60, seed);
            for failure in Failure::ALL {
                let count = outcome.times(View::Protocol, Some(failure)).count();
                assert!(count > 2, "{edition}: {} {count} times", failure.name());
            }
            for router in 0..4 {
                let new = outcome.failovers.iter().any(|failover| failover.new == router + 1);
                assert!(new, "{edition}: router {} took over", router + 2);
            }
            assert!(outcome.disturbances > 10 && outcome.counts.lost > 100);
        }
    }
}

#[test]
fn however_the_routers_of_hsrp_are_configured() {
    for seed in 1..=2 {
        holds(Edition::Rfc2281, &[("hsrp.priority", "100")], 20, seed);
        holds(Edition::CiscoHsrp2, &[("hsrp.priority", "100"), ("hsrp.preempt", "yes")], 20, seed);
        holds(Edition::CiscoHsrp2, &[("hsrp.hellotime", "0.25"), ("hsrp.holdtime", "0.8")], 20, seed);
        holds(Edition::CiscoHsrp1, &[("hsrp.authentication", "md5")], 20, seed);
        holds(Edition::CiscoHsrp1, &[("hsrp.preempt", "yes"), ("hsrp.preempt_delay", "20")], 20, seed);
        holds(Edition::Rfc2281, &[("hsrp.hellotime", "1"), ("hsrp.holdtime", "3")], 20, seed);
    }
}

/// On a quiet network the Standby router takes over as the Holdtime of the last Hello is over, and at once after a Resign.
#[test]
fn a_failover_of_hsrp_takes_a_holdtime() {
    for (edition, common) in HSRP {
        let protocol = protocol(edition, common);
        let mut plan = Plan::new(60, 3, protocol.as_ref());
        plan.noise = Noise::QUIET;
        let members = members(protocol.as_ref(), 5, common);
        let outcome =
            Arena::new(protocol.as_ref(), members, plan).expect("an arena").run(|_| true).expect("it runs");
        assert_eq!(outcome.broken, []);
        let holdtime = Duration::from_secs(10);
        for failover in &outcome.failovers {
            let time = failover.time(View::Protocol).expect("a time");
            if failover.failure == Failure::Disabled {
                assert!(failover.taken_over < Duration::from_millis(1), "{failover:?}");
            } else {
                let over = time.checked_sub(holdtime);
                assert!(over.is_some_and(|over| over < Duration::from_millis(1)), "{failover:?}");
            }
            assert!(failover.taken_over <= failover.bound, "{failover:?}");
        }
    }
}

/// Alone, or as the best of those that start, it waits in Standby for a timer that does not run.
#[test]
fn who_takes_timers_in_the_wrong_order_is_found() {
    for (edition, common) in HSRP {
        let protocol = protocol(edition, common);
        let mut members = members(protocol.as_ref(), 5, common);
        members[0].kind = Kind::Mutant(format!("{}.timers.dead-end", protocol.name()));
        let plan = Plan::new(20, 5, protocol.as_ref());
        let outcome =
            Arena::new(protocol.as_ref(), members, plan).expect("an arena").run(|_| true).expect("it runs");
        let broken = outcome.broken.first().expect("it is found");
        assert_eq!((broken.duty, broken.routers.first()), (Duty::TakesOver, Some(&0)), "{broken:?}");
    }
}

#[test]
fn however_the_routers_are_configured() {
    for seed in 1..=2 {
        holds(Edition::Rfc5798, &[], 100, seed);
        holds(Edition::Rfc5798, &[("vrrp.checksum_accepted", "sent")], 50, seed);
        holds(Edition::Rfc2338, &[("vrrp.authentication", "text")], 50, seed);
        holds(Edition::Rfc2338, &[("vrrp.authentication", "header")], 50, seed);
        holds(Edition::Rfc9568, &[("vrrp.preempt", "no")], 100, seed);
        holds(Edition::Rfc3768, &[("vrrp.preempt", "no")], 100, seed);
        // A tie: all time out at once, and addresses decide.
        holds(Edition::Rfc9568, &[("vrrp.priority", "100")], 100, seed);
        holds(Edition::Rfc3768, &[("vrrp.priority", "100")], 100, seed);
        holds(Edition::Rfc9568, &[("vrrp.interval", "0.05")], 100, seed);
        holds(Edition::Rfc9568, &[("vrrp.interval", "40.95")], 50, seed);
    }
}

/// What the standard allows is not held against anybody: with so much loss, Backups time out all the time.
#[test]
fn a_network_on_which_single_routers_often_hear_nothing() {
    for (edition, seed) in [(Edition::Rfc9568, 1), (Edition::Rfc3768, 2), (Edition::Rfc5798, 3)] {
        for common in [&[][..], &[("vrrp.preempt", "no")], &[("vrrp.priority", "100")]] {
            let protocol = protocol(edition, common);
            let mut plan = Plan::new(100, seed, protocol.as_ref());
            plan.noise = Noise {
                least_delay: Duration::from_micros(10),
                most_delay: Duration::from_millis(50),
                loss: Chance::per_cent(30.0),
                duplicate: Chance::per_cent(20.0),
                reorder: Chance::per_cent(20.0),
                most_held: Duration::from_millis(300),
            };
            let members = members(protocol.as_ref(), 5, common);
            let outcome = Arena::new(protocol.as_ref(), members, plan)
                .expect("an arena")
                .run(|_| true)
                .expect("it runs");
            assert_eq!(outcome.broken, [], "{edition} {common:?}");
            assert_eq!(outcome.failovers.len(), 100);
        }
    }
}

/// On a quiet network what is measured can be computed: the timer of who takes over.
#[test]
fn a_failover_takes_as_long_as_the_tables_say() {
    for (edition, version) in [(Edition::Rfc9568, Version::V3), (Edition::Rfc3768, Version::V2)] {
        let protocol = protocol(edition, &[]);
        let mut plan = Plan::new(200, 3, protocol.as_ref());
        plan.noise = Noise::QUIET;
        let members = members(protocol.as_ref(), 5, &[]);
        let priority = |router: usize| -> u8 {
            members[router].settings.text("vrrp.priority").expect("a priority").parse().expect("a number")
        };
        let arena = Arena::new(protocol.as_ref(), members.clone(), plan).expect("an arena");
        let outcome = arena.run(|_| true).expect("it runs");
        assert_eq!(outcome.broken, []);
        let second = Duration::from_secs(1);
        let near = |time: Duration, expected: Duration| {
            time >= expected && time.saturating_sub(expected) <= Duration::from_micros(10)
        };
        for failover in &outcome.failovers {
            let time = failover.time(View::Protocol).expect("a time");
            let down = formulas(version).down_interval(priority(failover.new), second);
            let skew = formulas(version).skew_time(priority(failover.new), second);
            if failover.failure == Failure::Disabled {
                assert!(near(failover.taken_over, skew), "{failover:?}, expected {skew:?} from the failure");
                assert!(time > skew && time < second + skew + Duration::from_millis(1), "{failover:?}");
            } else {
                assert!(near(time, down), "{failover:?}, expected {down:?}");
            }
            assert!(failover.taken_over <= failover.bound, "{failover:?}");
            let answers = failover.time(View::Answers).expect("a time");
            assert!(answers < failover.taken_over + plan.probe * 4, "{failover:?}");
        }
    }
}

/// Defects that break an invariant: the configuration in which they show, the invariant, and the mutant is the one named.
const FOUND: &[(Edition, Pairs<'_>, &str, Invariant)] = &[
    (Edition::Rfc9568, &[], "router.active.higher.drop", Invariant::OneActive),
    (Edition::Rfc9568, &[], "router.active.higher.to-active", Invariant::OneActive),
    (Edition::Rfc9568, &[], "router.backup.not-lower.drop", Invariant::OneActive),
    (Edition::Rfc9568, &[], "router.active.timeout.drop", Invariant::OneActive),
    (Edition::Rfc9568, &[], "router.initialize.startup.to-active", Invariant::OneActive),
    (Edition::Rfc9568, &[], "router.backup.lower.with-start-down", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "router.backup.timeout.drop", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "router.backup.timeout.without-announce", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "router.backup.priority-zero.drop", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "router.active.shutdown.without-send-release", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "timers.two-intervals", Invariant::OneActive),
    (Edition::Rfc9568, &[], "timers.no-skew", Invariant::OneActive),
    (Edition::Rfc9568, &[], "timers.skew-reversed", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "timers.whole-seconds", Invariant::OneActive),
    (Edition::Rfc9568, &[], "addresses.answers-physical", Invariant::OneMac),
    (Edition::Rfc9568, &[], "addresses.answers-physical-sometimes", Invariant::OneMac),
    (Edition::Rfc9568, &[], "addresses.announces-physical", Invariant::OneMac),
    (Edition::Rfc9568, &[], "addresses.announces-physical-at-boot", Invariant::OneMac),
    (Edition::Rfc9568, &[], "addresses.backup-answers", Invariant::OneActive),
    (Edition::Rfc9568, &[], "addresses.answers-after-shutdown", Invariant::OneActive),
    (Edition::Rfc9568, &[], "addresses.active-silent", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "addresses.answers-first-only", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "addresses.announces-first-only", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "addresses.announces-late", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "forwarding.backup-forwards", Invariant::OneActive),
    (Edition::Rfc9568, &[], "forwarding.active-does-not-forward", Invariant::GatewayAnswers),
    (Edition::Rfc9568, &[], "shutdown.stops-late", Invariant::OneActive),
    (Edition::Rfc9568, &[], "transmit.ttl-254", Invariant::OneActive),
    (Edition::Rfc9568, &[], "transmit.checksum-zero", Invariant::OneActive),
    (Edition::Rfc9568, &[("vrrp.priority", "100")], "router.active.equal-greater.drop", Invariant::OneActive),
    (Edition::Rfc9568, &[("vrrp.preempt", "no")], "router.backup.no-preemption.drop", Invariant::OneActive),
    (Edition::Rfc9568, &[("vrrp.family", "ipv6")], "addresses.answers-physical", Invariant::OneMac),
    (Edition::Rfc9568, &[("vrrp.family", "ipv6")], "addresses.announces-physical", Invariant::OneMac),
    (Edition::Rfc9568, &[("vrrp.family", "ipv6")], "addresses.backup-answers", Invariant::OneActive),
    (
        Edition::Rfc9568,
        &[("vrrp.family", "ipv6")],
        "neighbors.no-link-layer-address",
        Invariant::GatewayAnswers,
    ),
    (
        Edition::Rfc9568,
        &[("vrrp.family", "ipv6")],
        "forwarding.active-does-not-forward",
        Invariant::GatewayAnswers,
    ),
    (Edition::Rfc3768, &[], "router.active.higher.drop", Invariant::OneActive),
    (Edition::Rfc3768, &[], "router.backup.timeout.without-announce", Invariant::GatewayAnswers),
    (Edition::Rfc3768, &[], "timers.two-intervals", Invariant::OneActive),
    (Edition::Rfc3768, &[], "timers.skew-other-version", Invariant::GatewayAnswers),
    (Edition::Rfc3768, &[], "addresses.answers-physical", Invariant::OneMac),
    (Edition::Rfc3768, &[], "addresses.backup-answers", Invariant::OneActive),
    (Edition::Rfc3768, &[], "addresses.active-silent", Invariant::GatewayAnswers),
    (Edition::Rfc3768, &[], "transmit.ttl-1", Invariant::OneActive),
    (Edition::Rfc3768, &[], "transmit.auth-type-1", Invariant::OneActive),
    (Edition::Rfc3768, &[], "transmit.interval-doubled", Invariant::OneActive),
    (Edition::Rfc2281, &[], "group.active.active-higher.drop", Invariant::OneActive),
    (Edition::Rfc2281, &[], "group.active.coup.drop", Invariant::OneActive),
    (Edition::Rfc2281, &[], "group.standby.active-timer.drop", Invariant::GatewayAnswers),
    (Edition::Rfc2281, &[], "group.standby.active-timer.without-announce", Invariant::GatewayAnswers),
    (Edition::Rfc2281, &[], "group.standby.standby-higher.drop", Invariant::OneStandby),
    (Edition::Rfc2281, &[], "address.others-answer", Invariant::OneActive),
    (Edition::Rfc2281, &[], "address.active-silent", Invariant::GatewayAnswers),
    (Edition::Rfc2281, &[], "address.physical", Invariant::OneMac),
    (Edition::Rfc2281, &[], "announce.physical", Invariant::OneMac),
    (Edition::Rfc2281, &[], "forwarding.active-does-not", Invariant::GatewayAnswers),
    (Edition::Rfc2281, &[], "forwarding.others-do", Invariant::OneActive),
    (Edition::Rfc2281, &[], "timers.two-hellotimes", Invariant::OneActive),
    (Edition::Rfc2281, &[], "timers.hello-slow", Invariant::OneActive),
    (Edition::Rfc2281, &[], "shutdown.hello-after-resign", Invariant::OneActive),
    (Edition::Rfc2281, PREEMPT, "group.active.active-higher.drop", Invariant::OneActive),
    (Edition::Rfc2281, PREEMPT, "group.active.coup.drop", Invariant::OneActive),
    (Edition::Rfc2281, TIE, "election.tie-reversed", Invariant::OneActive),
    (Edition::Rfc2281, TIE, "election.tie-ignored", Invariant::OneActive),
    (Edition::CiscoHsrp1, PREEMPT, "group.active.coup.drop", Invariant::OneActive),
    (Edition::CiscoHsrp1, &[], "shutdown.hello-after-resign", Invariant::OneActive),
    (Edition::CiscoHsrp2, &[], "group.standby.active-timer.without-announce", Invariant::GatewayAnswers),
    (Edition::CiscoHsrp2, &[], "address.physical", Invariant::OneMac),
    (Edition::CiscoHsrp2, SIX, "address.others-answer", Invariant::OneActive),
    (Edition::CiscoHsrp2, SIX, "announce.physical", Invariant::OneMac),
    (Edition::CiscoHsrp2, SIX, "timers.two-hellotimes", Invariant::OneActive),
];

const PREEMPT: Pairs<'_> = &[("hsrp.preempt", "yes")];
const TIE: Pairs<'_> = &[("hsrp.priority", "100"), ("hsrp.preempt", "yes")];
const SIX: Pairs<'_> = &[("hsrp.family", "ipv6")];

#[test]
fn a_mutant_among_them_is_found() {
    let mut missed = Vec::new();
    for (edition, common, name, invariant) in FOUND {
        let id = format!("{}.{name}", known(*edition).name);
        // Version 2 has no part of a second in its interval: there, what is in the skew of version 3 shows in long ones.
        let long = [("vrrp.interval", "3")];
        let common = if *name == "timers.skew-other-version" { &long[..] } else { common };
        // Two Standby routers take two that come back at the right moment.
        let broken = [5, 8].into_iter().find_map(|seed| {
            let outcome = run(*edition, common, 100, seed, Some(&id));
            outcome.broken.into_iter().next()
        });
        match &broken {
            Some(broken) if broken.duty.invariant() == *invariant && broken.routers.first() == Some(&1) => {}
            found => missed.push(format!("{id}: {found:?}")),
        }
    }
    assert_eq!(missed, [""; 0]);
}

/// Who is told of is the mutant, not a router that does what it should: tried with all that are found soon.
#[test]
fn nobody_else_is_blamed() {
    // Both versions of VRRP have much in common, and HSRP has so many rows: a sample of them.
    for (edition, step, least) in [
        (Edition::Rfc9568, 1, 61),
        (Edition::Rfc3768, 3, 21),
        (Edition::Rfc2281, 25, 4),
        (Edition::CiscoHsrp2, 25, 4),
    ] {
        let name = known(edition).name;
        let mut found = 0;
        for mutant in redspec::reference::mutant::all().into_iter().step_by(step) {
            let of_protocol = mutant.id.split('.').next() == Some(name) && mutant.editions.contains(edition);
            if !of_protocol || !mutant.settings.is_empty() {
                continue;
            }
            let outcome = run(edition, &[], 8, 6, Some(&mutant.id));
            if let Some(broken) = outcome.broken.first() {
                // Which of those that cannot agree on a Standby is wrong, their messages do not always tell.
                let unclear = broken.text.contains("none to whom") && broken.routers.contains(&1);
                assert!(unclear || broken.routers.first() == Some(&1), "{}: {broken:?}", mutant.id);
                found += 1;
            }
        }
        assert!(found >= least, "{name}: {found}");
    }
}

/// Routers whose clocks are off, and which are busy, break nothing that is not theirs to keep.
#[test]
fn who_is_not_exact_is_not_blamed() {
    for edition in
        [Edition::Rfc9568, Edition::Rfc5798, Edition::Rfc3768, Edition::Rfc2281, Edition::CiscoHsrp2]
    {
        let protocol = protocol(edition, &[]);
        // The hub takes its part of the time that a reply may take: no more than VRRP's are off.
        let imprecisions = imprecisions(Edition::Rfc9568);
        for seed in 1..=2 {
            let mut members = members(protocol.as_ref(), 5, &[]);
            for (member, imprecision) in members.iter_mut().zip(imprecisions.iter().cycle()) {
                member.kind = Kind::Imprecise(*imprecision);
            }
            let plan = Plan::new(50, seed, protocol.as_ref());
            let arena = Arena::new(protocol.as_ref(), members, plan).expect("an arena");
            let outcome = arena.run(|_| true).expect("it runs");
            assert_eq!(outcome.broken, [], "{edition} seed {seed}");
            assert_eq!(outcome.failovers.len(), 50, "{edition} seed {seed}");
        }
    }
}

/// What is reported of an arena with a mutant: all of its text, its JSON and its trace.
fn report(seed: u64, mutant: Option<&str>) -> (String, Value, Vec<u8>) {
    let protocol = protocol(Edition::Rfc9568, &[]);
    let mut members = members(protocol.as_ref(), 5, &[]);
    if let Some(id) = mutant {
        members[1].kind = Kind::Mutant(id.to_owned());
    }
    let mut plan = Plan::new(20, seed, protocol.as_ref());
    plan.record = true;
    let arena = Arena::new(protocol.as_ref(), members, plan).expect("an arena");
    let outcome = arena.run(|_| true).expect("it runs");
    let report = Report { arena: &arena, arguments: &[], width: 80 };
    let (mut text, mut json, mut trace) = (Vec::new(), Vec::new(), Vec::new());
    report.begin(&mut text).expect("text");
    report.end(&mut text, &outcome).expect("text");
    report.json(&mut json, &outcome).expect("JSON");
    report.trace(&mut trace, &outcome).expect("a trace");
    let json = serde_json::from_slice(&json).expect("JSON");
    (String::from_utf8(text).expect("text"), json, trace)
}

#[test]
fn the_same_seed_is_the_same_to_the_octet_and_another_is_not() {
    assert!(report(1, None) == report(1, None));
    let (one, other) = (report(1, None), report(2, None));
    assert!(one.1["failovers"] != other.1["failovers"] && one.2 != other.2);
}

#[test]
fn a_trace_is_of_the_episode_in_which_something_was_broken() {
    let (text, json, trace) = report(1, Some("vrrp3.timers.two-intervals"));
    let saved = read_trace(&trace[..]).expect("a trace of ours");
    assert_eq!(saved.ports, 6);
    let broken = &json["broken"][0];
    assert_eq!(saved.header.settings["episode"], broken["episode"]);
    let comment = saved.comments.iter().find(|(_, text)| text.starts_with("one-active: "));
    assert!(comment.is_some_and(|(_, comment)| comment.ends_with(broken["text"].as_str().expect("text"))));
    let at = broken["at_ns"].as_u64().expect("a time");
    // It is on the frame that broke it: the mutant's own, at that time.
    let number = comment.map(|(number, _)| *number);
    let told = saved
        .events
        .iter()
        .find(|event| Some(event.number) == number && matches!(event.what, Happening::Frame { .. }));
    assert!(told.is_some_and(|event| event.at.time.nanos() == at && event.port == Port(1)), "{told:?}");
    let times: Vec<u64> = saved.events.iter().map(|event| event.at.time.nanos()).collect();
    assert!(times.is_sorted() && times.first().is_some_and(|first| *first < at) && times.last() >= Some(&at));
    assert!(text.contains("BROKEN  one-active") && text.contains("vrrp3.backup.not-early"), "{text}");
}

#[test]
fn every_duty_stands_in_a_requirement_of_the_edition() {
    for edition in PROTOCOLS.iter().flat_map(|known| known.editions.iter().copied()) {
        let name = known(edition).name;
        for family in ["ipv4", "ipv6"] {
            if family == "ipv6" && matches!(name, "vrrp2" | "hsrp1") {
                continue;
            }
            let protocol = protocol(edition, &[(&format!("{}.family", &name[..4]), family)]);
            for duty in Duty::ALL {
                let Some(id) = protocol.requirement(duty) else {
                    assert!(duty == Duty::OneStandby && name.starts_with("vrrp"), "{name} {duty:?}");
                    continue;
                };
                let found = requirement::find(id).unwrap_or_else(|| panic!("{id}"));
                assert!(found.editions.contains(edition), "{id} {edition}");
                assert!(found.clauses.number(edition).is_some(), "{id} {edition}");
            }
        }
    }
}

#[test]
fn what_is_no_arena_is_refused() {
    let protocol = protocol(Edition::Rfc9568, &[]);
    let plan = Plan::new(1, 1, protocol.as_ref());
    let refused = |count: usize, plan: Plan| {
        let members = members(protocol.as_ref(), count, &[]);
        match Arena::new(protocol.as_ref(), members, plan) {
            Err(Error::Usage(text)) => text,
            Err(error) => panic!("{error}"),
            Ok(_) => panic!("it was taken"),
        }
    };
    assert_eq!(refused(1, plan), "1 routers, expected 2 to 100");
    assert!(refused(5, Plan { failovers: 0, ..plan }).starts_with("no failovers"));
    let slow = Noise { most_delay: Duration::from_millis(501), ..Noise::QUIET };
    assert!(refused(5, Plan { noise: slow, ..plan }).contains("expected at most half of the interval"));
    let lossy = Noise { loss: Chance::per_cent(31.0), ..Noise::QUIET };
    assert!(refused(5, Plan { noise: lossy, ..plan }).contains("31 % loss"));
    assert!(
        refused(5, Plan { probe: Duration::ZERO, ..plan }).contains("expected at least every millisecond")
    );
}

fn redspec(arguments: &[&str]) -> Output {
    let command = env!("CARGO_BIN_EXE_redspec");
    Command::new(command).args(arguments).env("COLUMNS", "80").output().expect("redspec runs")
}

#[track_caller]
fn ends(arguments: &[&str], code: i32) -> (String, String) {
    let output = redspec(arguments);
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    assert!(!err.contains("panicked"), "{err}");
    (out, err)
}

#[test]
fn on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name).to_str().expect("a readable path").to_owned();
    let (json, pcap) = (path("a.json"), path("a.pcapng"));
    let (out, _) = ends(&["arena", "vrrp3", "--failovers", "30", "--json", &json, "--pcap", &pcap], 0);
    assert!(out.contains("30 failovers") && out.contains("holds   one-mac"), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let document = |path: &str| -> Value {
        serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
    };
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/redspec.arena.1.schema.json");
    let schema = document(schema.to_str().expect("a readable path"));
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    let fits = |value: &Value| {
        let errors: Vec<String> = schema.iter_errors(value).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    };
    let run = document(&json);
    fits(&run);
    assert_eq!(run["failovers"].as_array().map(Vec::len), Some(30));
    assert_eq!(run["distributions"]["protocol"]["count"], 30);
    assert!(read_trace(&std::fs::read(&pcap).expect("a file")[..]).is_ok());

    let mutant = "3=vrrp2.addresses.backup-answers";
    let all = ["arena", "vrrp2", "--routers", "4", "--set", "2:vrrp.preempt=no", "--loss", "2.5"];
    let arguments = [&all[..], &["--mutant", mutant, "--seed", "11", "--json", &json]].concat();
    let (out, _) = ends(&arguments, 1);
    assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
    let first = document(&json);
    fits(&first);
    assert_eq!(first["broken"][0]["routers"][0], 3);
    // The command that it says does the same again.
    let again = first["broken"][0]["again"].as_str().expect("a command");
    let words: Vec<&str> = again.split(' ').skip(1).chain(["--json", &pcap]).collect();
    ends(&words, 1);
    assert_eq!(document(&pcap)["broken"], first["broken"]);

    for (arguments, complaint) in [
        (&["arena", "vrrp4"][..], "vrrp4"),
        (&["arena", "vrrp3", "--edition", "rfc3768"], "rfc9568, rfc5798"),
        (&["arena", "vrrp3", "--mutant", "vrrp3.no.such"], "no mutant"),
        (&["arena", "vrrp3", "--mutant", "vrrp2.timers.no-skew"], "not of rfc9568"),
        (&["arena", "vrrp3", "--mutant", "6=vrrp3.timers.no-skew"], "there is no router 6"),
        (&["arena", "vrrp3", "--set", "vrrp.address=10.0.0.1"], "--set N:vrrp.address"),
        (&["arena", "vrrp3", "--set", "0:vrrp.preempt=no"], "number from 1"),
        (&["arena", "vrrp3", "--set", "2:vrrp.vrid=11"], "the same virtual router"),
        (&["arena", "vrrp3", "--routers", "101"], "at most 100"),
        (&["arena", "vrrp3", "--delay", "-1"], "-1"),
        (&["arena", "vrrp3", "--delay=-1"], "expected a number, not negative"),
        (&["arena", "vrrp3", "--delay", "600"], "half of the interval"),
        (&["arena", "vrrp3", "--loss", "101"], "0 to 100"),
        (&["arena", "vrrp3", "--live", "1=nosuchiface0"], "nosuchiface0"),
    ] {
        let (_, err) = ends(arguments, 2);
        assert!(err.contains(complaint), "{arguments:?}: {err}");
    }
}
