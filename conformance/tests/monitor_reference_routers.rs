//! What the references' routers do in any scenario, as a capture would show it, makes no monitor complain of them: without
//! directions, without a word of links and configuration, whatever frames are lost or were seen twice, where the beginning
//! is missing, or what others sent; and of a router that is not exact no more than of one that is.

use std::time::Duration;

use redspec::bed::Lab;
use redspec::bed::sim::SimLab;
use redspec::event::{Direction, Event, Happening};
use redspec::monitor::{Options, Watch};
use redspec::reference::imprecise::imprecisions;
use redspec::reference::lab::{self, Profile, hsrp_profiles, vrrp_profiles};
use redspec::scenario::random::Random;
use redspec::scenario::runner::run_test;
use redspec::spec::Edition;
use redspec::suite;
use redspec::verdict::Judgement;
use redspec_codec::frame::{Frame, Protocol};

/// The reference's addresses on its ports.
const OWN: [&str; 4] = ["10.0.0.50", "fe80::50", "198.51.100.1", "fe80::51"];

fn source(event: &Event<'_>) -> Option<String> {
    let Happening::Frame { octets, .. } = &event.what else { return None };
    let frame = Frame::parse(octets).ok()?;
    let source = frame.source_ip()?;
    let of_routers = matches!(frame.protocol(), Protocol::Vrrp | Protocol::Hsrp1 | Protocol::Hsrp2);
    of_routers.then(|| source.to_string())
}

fn is_to_device(event: &Event<'_>) -> bool {
    event.frame(Direction::ToDevice).is_some()
}

/// How the capture was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    Whole,
    Lossy,
    Twice,
    FromTheMiddle,
    OneDirection,
}

const WAYS: [Way; 5] = [Way::Whole, Way::Lossy, Way::Twice, Way::FromTheMiddle, Way::OneDirection];

fn captured(events: &[Event<'static>], way: Way, random: &mut Random) -> Vec<Event<'static>> {
    let mut out = Vec::new();
    let first = if way == Way::FromTheMiddle { events.len() / 2 } else { 0 };
    for event in &events[first..] {
        let Happening::Frame { octets, missing, .. } = &event.what else { continue };
        if way == Way::Lossy && random.below(5) == 0 || way == Way::OneDirection && is_to_device(event) {
            continue;
        }
        let mut event = event.clone();
        event.at.uncertainty = Duration::from_millis(5);
        event.what = Happening::Frame { direction: None, octets: octets.clone(), missing: *missing };
        if way == Way::Twice {
            out.push(event.clone());
            event.at.time += Duration::from_millis(2);
        }
        out.push(event);
    }
    out
}

/// The exact reference and those that are not, one after the other.
fn router(profile: &Profile, number: usize) -> SimLab {
    let imprecisions = imprecisions(profile.edition);
    match number % (imprecisions.len() + 1) {
        0 => lab::reference(profile.edition, profile.settings()),
        other => imprecisions[other - 1].reference(profile.edition, profile.settings(), 1),
    }
}

#[test]
fn nothing_is_held_against_a_router_of_vrrp_in_a_capture() {
    nothing_is_held_against(vrrp_profiles());
}

#[test]
fn nothing_is_held_against_a_router_of_hsrp_in_a_capture() {
    nothing_is_held_against(hsrp_profiles());
}

fn nothing_is_held_against(profiles: impl Iterator<Item = &'static Profile>) {
    let mut found = Vec::new();
    for profile in profiles {
        let tests = suite::tests();
        let tests = tests.iter().filter(|test| test.needs.editions.contains(profile.edition));
        for (number, test) in tests.enumerate() {
            let lab = router(profile, number);
            let Some(record) = run_test(test, &lab, 1).record else { continue };
            // Where the tester speaks in the router's name nobody can tell them apart.
            let posing = |event: &Event<'_>| {
                is_to_device(event) && source(event).is_some_and(|source| OWN.contains(&source.as_str()))
            };
            if record.events.iter().any(posing) {
                continue;
            }
            // All of them would take long.
            let editions = [Edition::Dot1Ax2014, profile.edition];
            let full = std::env::var_os("REDSPEC_FULL").is_some();
            for (at, way) in WAYS.into_iter().enumerate() {
                for (which, edition) in editions.into_iter().enumerate() {
                    if !full && (at + number) % WAYS.len() != which {
                        continue;
                    }
                    let mut watch = Watch::new(Options { edition, exact: false });
                    let mut random = Random::new(7, &test.id);
                    for event in captured(&record.events, way, &mut random) {
                        watch.event(&event);
                    }
                    let broken = watch.finish().findings.into_iter().filter(|finding| {
                        let router = finding.device.split(' ').next().unwrap_or_default();
                        // Two routers that differ, or one that has to discard the other's, are none of its own faults.
                        finding.judgement >= Judgement::Weak
                            && OWN.contains(&router)
                            && !finding.requirement.contains(".network.")
                    });
                    found.extend(broken.map(|finding| {
                        let (profile, router, test) = (profile.name, lab.device(), &test.id);
                        format!("{profile} {router} {test} {way:?} {edition}: {finding:?}")
                    }));
                }
            }
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
