//! What the reference's router does in any scenario, as a capture would show it, makes no monitor complain of it: without
//! directions, without a word of links and configuration, whatever frames are lost or were seen twice, where the beginning
//! is missing, or what others sent.

use std::time::Duration;

use redspec::event::{Direction, Event, Happening};
use redspec::monitor::{Options, Watch};
use redspec::reference::lab::{self, hsrp_profiles};
use redspec::scenario::random::Random;
use redspec::scenario::runner::run_test;
use redspec::settings::Settings;
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
    matches!(frame.protocol(), Protocol::Hsrp1 | Protocol::Hsrp2).then(|| source.to_string())
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

#[test]
fn nothing_is_held_against_the_router_in_a_capture() {
    let mut found = Vec::new();
    for profile in hsrp_profiles() {
        let tests = suite::tests();
        let tests = tests.iter().filter(|test| test.needs.editions.contains(profile.edition));
        for (number, test) in tests.enumerate() {
            let settings: Settings = profile.settings();
            let lab = lab::reference(profile.edition, settings);
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
                        format!("{} {} {way:?} {edition}: {finding:?}", profile.name, test.id)
                    }));
                }
            }
        }
    }
    assert!(found.is_empty(), "{} findings:\n{}", found.len(), found.join("\n"));
}
