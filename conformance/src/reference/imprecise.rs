//! The reference as devices in the world are: its clock is off, what reaches it waits, and what it sends leaves late. No
//! test may hold that against a device that is right.

use std::collections::VecDeque;
use std::time::Duration;

use redspec_codec::frame::{Frame, Pdu};
use redspec_codec::hsrp::{Opcode, v1};

use super::lab::{self, Profile};
use super::{Device, Input};
use crate::bed::sim::SimLab;
use crate::event::Port;
use crate::scenario::random::Random;
use crate::settings::{BadSetting, Settings};
use crate::spec::{Edition, Editions};
use crate::time::Time;

/// How far from exact a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Imprecision {
    /// Its name.
    pub name: &'static str,
    /// So many millionths is its second longer than a second.
    pub drift: i32,
    /// What reaches it waits for so long at most.
    pub reception: Duration,
    /// What it sends leaves so late at most.
    pub transmission: Duration,
    /// One of so many Hellos leaves twice, as HSRP's routers send some out of turn; 0 is none.
    pub again: u32,
}

/// A slow clock, a quick one, and one that is right in a device that is busy: each way takes it up to `busy`.
const fn three(drift: i32, busy: Duration) -> [Imprecision; 3] {
    let off = Imprecision { name: "slow", drift, reception: MOMENT, transmission: MOMENT, again: 5 };
    [
        off,
        Imprecision { name: "quick", drift: -drift, again: 0, ..off },
        Imprecision { name: "busy", drift: 0, reception: busy, transmission: busy, again: 5 },
    ]
}

const MOMENT: Duration = Duration::from_millis(5);

/// As far off as the catalogue allows: 2 % of an interval of VRRP on the average, and 60 ms of its shortest one.
const VRRP: [Imprecision; 3] = three(18_000, Duration::from_millis(30));
/// The tenth of a second that a reply may take, and clocks that nobody would sell.
const OTHERS: [Imprecision; 3] = three(40_000, Duration::from_millis(49));

/// `(setting, value)`
type Pairs = &'static [(&'static str, &'static str)];

/// Times other than the usual that routers are configured with.
const TIMES: [(Editions, &[Pairs]); 3] = [
    (Editions::VRRP2, &[&[("vrrp.interval", "10")]]),
    (
        Editions::VRRP3,
        &[&[("vrrp.interval", "0.1")], &[("vrrp.interval", "0.3")], &[("vrrp.interval", "10")]],
    ),
    (
        Editions::HSRP,
        &[
            &[("hsrp.hellotime", "1"), ("hsrp.holdtime", "3")],
            &[("hsrp.hellotime", "5"), ("hsrp.holdtime", "15")],
        ],
    ),
];

/// The ways in which a device of that edition may be off.
pub fn imprecisions(edition: Edition) -> &'static [Imprecision] {
    if Editions::VRRP.contains(edition) { &VRRP } else { &OTHERS }
}

/// The reference in that profile, imprecise in every way and with other times besides; each with a name.
pub fn labs(profile: &Profile, seed: u64) -> Vec<(String, SimLab)> {
    let edition = profile.edition;
    let mut labs = Vec::new();
    let other = TIMES.iter().filter(|(editions, _)| editions.contains(edition)).flat_map(|(_, times)| *times);
    for times in std::iter::once(&(&[] as Pairs)).chain(other) {
        let mut settings = profile.settings();
        let mut name = profile.name.to_owned();
        for (setting, value) in *times {
            settings.set(setting, *value);
            name = format!("{name}, {setting} = {value}");
        }
        if !times.is_empty() {
            labs.push((name.clone(), lab::reference(edition, settings.clone())));
        }
        for imprecision in imprecisions(edition) {
            let name = format!("{name}, {}", imprecision.name);
            labs.push((name, imprecision.reference(edition, settings.clone(), seed)));
        }
    }
    labs
}

impl Imprecision {
    /// Its time, of ours.
    fn own(self, time: Time) -> Time {
        Time::ZERO + scaled(time - Time::ZERO, 1_000_000, 1_000_000 + i64::from(self.drift))
    }

    /// Ours, when its clock shows this or more.
    fn ours(self, time: Time) -> Time {
        let passed = scaled(time - Time::ZERO, 1_000_000 + i64::from(self.drift), 1_000_000);
        Time::ZERO + passed + Duration::from_nanos(2)
    }

    /// The reference of that edition's protocol, so imprecise, in ways that follow from `seed`.
    pub fn reference(self, edition: Edition, settings: Settings, seed: u64) -> SimLab {
        let exact = lab::reference(edition, settings.clone());
        let make = move |settings: &Settings, _, ports| {
            let device = exact.configured(settings, ports)?;
            let device: Box<dyn Device> = Box::new(Imprecise {
                device,
                imprecision: self,
                random: Random::new(seed, self.name),
                now: Time::ZERO,
                inward: VecDeque::new(),
                outward: VecDeque::new(),
                hellos: 0,
            });
            Ok(device)
        };
        SimLab::new(format!("{} reference", self.name), edition, settings, Box::new(make)).inexact()
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // both are about a million
fn scaled(time: Duration, by: i64, of: i64) -> Duration {
    Duration::from_nanos((time.as_nanos() * by as u128 / of as u128) as u64)
}

struct Imprecise {
    device: Box<dyn Device>,
    imprecision: Imprecision,
    random: Random,
    now: Time,
    /// What waits to be read, and to leave; by time.
    inward: VecDeque<(Time, Port, Vec<u8>)>,
    outward: VecDeque<(Time, Port, Vec<u8>)>,
    hellos: u32,
}

/// A Hello of HSRP.
fn is_hello(frame: &[u8]) -> bool {
    let pdu = Frame::parse(frame).ok().and_then(|frame| frame.pdu().ok().map(|(pdu, _)| pdu));
    let opcode = match &pdu {
        Some(Pdu::Hsrp1(v1::Pdu::Message(message))) => Some(message.opcode()),
        Some(Pdu::Hsrp2(message)) => message.group_state().map(|group| group.opcode()),
        _ => None,
    };
    opcode == Some(Opcode::HELLO)
}

impl Imprecise {
    /// Some time from now, after what was there before.
    fn later(&mut self, most: Duration, queue: impl Fn(&Self) -> Option<Time>) -> Time {
        let wait = self.random.duration(most);
        (self.now + wait).max(queue(self).unwrap_or(Time::ZERO))
    }

    fn collect(&mut self) {
        for (port, frame) in self.device.output() {
            let most = self.imprecision.transmission;
            let at = self.later(most, |it| it.outward.back().map(|(at, ..)| *at));
            if self.imprecision.again > 0 && is_hello(&frame) {
                self.hellos += 1;
                if self.hellos % self.imprecision.again == 0 {
                    self.outward.push_back((at, port, frame.clone()));
                }
            }
            self.outward.push_back((at, port, frame));
        }
    }

    /// It reads what has waited until `until`, and does what its clock asks for meanwhile.
    fn read(&mut self, until: Time) -> Result<(), BadSetting> {
        while let Some((at, ..)) = self.inward.front()
            && *at <= until
        {
            let Some((at, port, frame)) = self.inward.pop_front() else { break };
            self.act(at);
            self.device.input(self.imprecision.own(at), Input::Frame(port, &frame))?;
            self.collect();
        }
        Ok(())
    }

    /// It does what its clock asks for by then.
    fn act(&mut self, until: Time) {
        let own = self.imprecision.own(until);
        if self.device.next_deadline().is_some_and(|deadline| deadline <= own) {
            self.device.advance(own);
            self.collect();
        }
    }
}

impl Device for Imprecise {
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting> {
        self.now = now;
        if let Input::Frame(port, frame) = input {
            let most = self.imprecision.reception;
            let at = self.later(most, |it| it.inward.back().map(|(at, ..)| *at));
            self.inward.push_back((at, port, frame.to_vec()));
            return Ok(());
        }
        // What was sent to it before it is told something has reached it by then.
        while let Some((_, port, frame)) = self.inward.pop_front() {
            self.device.input(self.imprecision.own(now), Input::Frame(port, &frame))?;
        }
        self.device.input(self.imprecision.own(now), input)?;
        self.collect();
        Ok(())
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        // A frame changes no parameter.
        let _ = self.read(now);
        self.act(now);
    }

    fn next_deadline(&self) -> Option<Time> {
        let waiting = [self.inward.front(), self.outward.front()];
        let waiting = waiting.into_iter().flatten().map(|(at, ..)| *at);
        let own = self.device.next_deadline().map(|deadline| self.imprecision.ours(deadline));
        waiting.chain(own).min()
    }

    fn output(&mut self) -> Vec<(Port, Vec<u8>)> {
        let left = self.outward.iter().take_while(|(at, ..)| *at <= self.now).count();
        self.outward.drain(..left).map(|(_, port, frame)| (port, frame)).collect()
    }

    fn state(&self, name: &str, port: Port) -> Option<String> {
        self.device.state(name, port)
    }

    fn rows(&self) -> Vec<&'static str> {
        self.device.rows()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::runner::run_test;
    use crate::suite;
    use crate::verdict::Verdict;

    /// Who is off by more than is allowed is found: the wrapping does what it says.
    #[test]
    fn what_is_too_far_off_fails() {
        let right = Imprecision {
            name: "right",
            drift: 0,
            reception: Duration::ZERO,
            transmission: Duration::ZERO,
            again: 0,
        };
        let late = Duration::from_millis(800);
        for (edition, test) in [
            (Edition::Rfc9568, "vrrp3.backup.takeover-time.priority-100"),
            (Edition::CiscoHsrp2, "hsrp2.standby.takes-over"),
            (Edition::Dot1Ax2020, "lacp.rx.expired-after-short-timeout"),
        ] {
            let tests = suite::tests();
            let test = tests.iter().find(|it| it.id == test).expect("a test of that name");
            let verdict = |imprecision: Imprecision| {
                run_test(test, &imprecision.reference(edition, Settings::new(), 1), 1).result.verdict
            };
            assert_eq!(verdict(right), Verdict::Pass, "{}", test.id);
            for (wrong, name) in [
                (Imprecision { drift: 800_000, ..right }, "slow"),
                (Imprecision { drift: -600_000, ..right }, "quick"),
            ] {
                assert_eq!(verdict(wrong), Verdict::Fail, "{} {name}", test.id);
            }
            if edition == Edition::Rfc9568 {
                assert_eq!(
                    verdict(Imprecision { transmission: late, ..right }),
                    Verdict::Fail,
                    "{}",
                    test.id
                );
            }
        }
    }

    #[test]
    fn its_clock_never_wakes_it_too_early() {
        for drift in [-40_000, -1, 0, 1, 18_000, 40_000] {
            let it = Imprecision { drift, ..VRRP[0] };
            for nanos in [0, 1, 2, 3, 999_999_999, 1_000_000_001, 86_400_000_000_007] {
                let deadline = Time::ZERO + Duration::from_nanos(nanos);
                let woken = it.own(it.ours(deadline));
                assert!(woken >= deadline, "{drift} {nanos}");
                assert!(woken - deadline < Duration::from_nanos(5), "{drift} {nanos}");
            }
        }
    }
}
