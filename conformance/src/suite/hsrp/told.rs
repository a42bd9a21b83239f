//! A router that is right and not exact: no test may hold that against it. And one with short times, as live ones have.

use std::collections::VecDeque;
use std::time::Duration;

use crate::bed::sim::Sim;
use crate::bed::{Bed, Lab, NoBed, Wanted};
use crate::event::Port;
use crate::reference::lab::hsrp_profiles;
use crate::reference::{Device, Input, lab, mutant};
use crate::scenario::Test;
use crate::scenario::runner::run_test;
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::time::Time;
use crate::verdict::Verdict;

/// What it sends leaves so late.
const DELAY: Duration = Duration::from_millis(80);
/// Every so many frames one comes twice.
const TWICE: u64 = 5;

/// A router whose clock is slow by 4 %, which takes its time to send, and sends some messages twice.
struct Sloppy {
    router: Box<dyn Device>,
    now: Time,
    queue: VecDeque<(Time, Port, Vec<u8>)>,
    sent: u64,
}

/// Its time, of ours.
fn slow(time: Time) -> Time {
    Time::ZERO + (time - Time::ZERO) * 24 / 25
}

/// Our time, when its clock shows this.
fn real(time: Time) -> Time {
    Time::ZERO + (time - Time::ZERO) * 25 / 24 + Duration::from_nanos(2)
}

impl Sloppy {
    fn collect(&mut self) {
        for (port, frame) in self.router.output() {
            // IPv4 and IPv6 groups: messages, and nothing that a test counts.
            let message = matches!(frame[..6], [1, 0, 0x5e, 0, 0, 2 | 102] | [0x33, 0x33, 0, 0, 0, 0x66]);
            self.sent += 1;
            let copies = if message && self.sent % TWICE == 0 { 2 } else { 1 };
            for _ in 0..copies {
                self.queue.push_back((self.now + DELAY, port, frame.clone()));
            }
        }
    }
}

impl Device for Sloppy {
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting> {
        self.now = now;
        self.router.input(slow(now), input)?;
        self.collect();
        Ok(())
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        if self.router.next_deadline().is_some_and(|deadline| deadline <= slow(now)) {
            self.router.advance(slow(now));
        }
        self.collect();
    }

    fn next_deadline(&self) -> Option<Time> {
        let first = self.queue.front().map(|(time, ..)| *time);
        self.router.next_deadline().map(real).into_iter().chain(first).min()
    }

    fn output(&mut self) -> Vec<(Port, Vec<u8>)> {
        let mut out = Vec::new();
        while self.queue.front().is_some_and(|(time, ..)| *time <= self.now) {
            out.extend(self.queue.pop_front().map(|(_, port, frame)| (port, frame)));
        }
        out
    }

    fn state(&self, name: &str, port: Port) -> Option<String> {
        self.router.state(name, port)
    }

    fn rows(&self) -> Vec<&'static str> {
        self.router.rows()
    }
}

struct SloppyLab {
    edition: Edition,
    settings: Settings,
}

impl Lab for SloppyLab {
    fn device(&self) -> String {
        "sloppy".to_owned()
    }

    fn edition(&self) -> Edition {
        self.edition
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn exact(&self) -> bool {
        false
    }

    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
        let router = lab::reference(self.edition, self.settings_for(wanted)).device_of(wanted.ports)?;
        let device = Sloppy { router, now: Time::ZERO, queue: VecDeque::new(), sent: 0 };
        Ok(Box::new(Sim::new(device, wanted.ports)?))
    }
}

/// Hellotime and Holdtime of 1 and 3 s, or none.
fn times(short: bool) -> Settings {
    let all = [("hsrp.hellotime", "1"), ("hsrp.holdtime", "3")];
    all.into_iter().filter(|_| short).collect()
}

/// Tests that it does not pass, of those that judge it.
fn not_passed(lab: &dyn Lab, tests: &[Test]) -> Vec<String> {
    let mut out = Vec::new();
    for test in tests {
        for seed in [1, 2] {
            let result = run_test(test, lab, seed).result;
            if !matches!(result.verdict, Verdict::Pass | Verdict::NotApplicable) {
                out.push(format!("{} {:?}: {:?}", result.id, result.verdict, result.reason));
            }
        }
    }
    out
}

fn tests() -> Vec<Test> {
    [super::addresses::tests(), super::neighbors::tests(), super::forwarding::tests()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn short_times_pass() {
    for profile in hsrp_profiles() {
        let lab = lab::reference(profile.edition, times(true));
        assert_eq!(not_passed(&lab, &tests()), [""; 0], "{}", profile.name);
    }
}

#[test]
fn a_sloppy_router_passes() {
    for profile in hsrp_profiles() {
        for short in [false, true] {
            let lab = SloppyLab { edition: profile.edition, settings: times(short) };
            assert_eq!(not_passed(&lab, &tests()), [""; 0], "{} {short}", profile.name);
        }
    }
}

/// What only documents tell, or nobody, fails no router; what it does is told all the same.
#[test]
fn what_is_not_judged_is_told() {
    let edition = Edition::CiscoHsrp2;
    let told = |lab: &dyn Lab, only: &str| -> Vec<String> {
        let tests = tests();
        let test = tests.iter().find(|test| test.id == only).expect("a test");
        let result = run_test(test, lab, 1).result;
        assert_eq!(result.verdict, Verdict::Pass, "{only}");
        result.obligations.into_iter().map(|obligation| obligation.text).collect()
    };
    for (id, test) in [
        ("hsrp2.announce.no-router-flag", "hsrp2.neighbors.unsolicited.takeover.ipv6"),
        ("hsrp2.announce.no-override-flag", "hsrp2.neighbors.unsolicited.startup.ipv6"),
        ("hsrp2.announce.late", "hsrp2.neighbors.unsolicited.takeover.ipv6"),
        ("hsrp2.announce.physical", "hsrp2.neighbors.unsolicited.takeover.ipv6"),
        ("hsrp2.address.no-router-flag", "hsrp2.neighbors.answer.ipv6"),
        ("hsrp2.address.active-silent", "hsrp2.neighbors.answer.ipv6"),
        ("hsrp2.address.physical", "hsrp2.neighbors.answer.ipv6"),
        ("hsrp2.address.others-answer", "hsrp2.neighbors.others.ipv6"),
        ("hsrp2.address.proxy-by-state", "hsrp2.addresses.proxy.listen"),
        ("hsrp2.forwarding.redirects", "hsrp2.forwarding.redirect.active"),
        ("hsrp2.forwarding.redirects", "hsrp2.forwarding.redirect.active.ipv6"),
        ("hsrp2.forwarding.others-redirect", "hsrp2.forwarding.redirect.standby"),
        ("hsrp2.forwarding.no-farewell", "hsrp2.neighbors.farewell.ipv6"),
    ] {
        let mutants = mutant::all();
        let mutant = mutants.iter().find(|mutant| mutant.id == id).expect("a mutant");
        let other = mutant.lab(edition, mutant.settings.iter().copied().collect());
        let reference = lab::reference(edition, Settings::new());
        assert_ne!(told(&other, test), told(&reference, test), "{id}");
    }
}
