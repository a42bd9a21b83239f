//! When a router becomes Active and when it no longer is, and that it tells where the address is.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::Family;
use redspec_codec::hsrp::Opcode;

use super::message::{Credentials, Message};
use super::questions as q;
use super::{Hsrp, IN_A_ROW, State, Who, apart, at_least, at_most, when};
use crate::event::Stamp;
use crate::monitor::seconds;
use crate::spec::hsrp::tolerances::{AT_ONCE, UNDER_WAY, active_after_shown, takeover};

/// A router that has become Active.
pub(super) struct Announcing {
    router: usize,
    at: Stamp,
    number: u64,
    address: IpAddr,
}

impl Hsrp {
    /// A router sends a message.
    pub(super) fn takeovers(&mut self, router: usize, message: &Message) {
        if !message.is_hello() || self.routers[router].who == Who::Tester {
            return;
        }
        let before = self.routers[router].hello.as_ref().and_then(|hello| hello.state);
        if message.is(State::Active) && matches!(before, Some(State::Speak | State::Standby)) {
            if let Some(address) = message.address {
                let (at, number) = (message.at, message.number);
                let group = self.routers[router].group;
                self.groups[group].announcing.push(Announcing { router, at, number, address });
            }
        }
        if self.in_bed(router) {
            self.alone_in_bed(router, message);
            self.led_in_bed(router, message);
        } else if message.is(State::Active) && before == Some(State::Standby) {
            self.taken_over(router, message);
        }
    }

    /// What the device does of its own accord: since a Hello of its own the tester has sent nothing.
    fn alone_in_bed(&mut self, router: usize, message: &Message) {
        let judged = &self.routers[router];
        let key = self.key(router);
        let tester = self.places.get(&key.port).and_then(|place| place.tester);
        let quiet_since = |at: Stamp| tester.is_none_or(|tester| when::before(tester, at));
        let (Some(last), Some(hello)) = (&judged.last, &judged.hello) else { return };
        let same = (hello.priority, hello.holdtime, hello.hellotime, hello.address)
            == (message.priority, message.holdtime, message.hellotime, message.address);
        if !same || last.number != hello.number {
            return;
        }
        let speaking = judged.speaking.filter(|since| quiet_since(*since));
        let (from, to) = (hello.state, message.state);
        let (hello_at, hello_number) = (hello.at, hello.number);
        if let (Some(since), Some(State::Active)) = (speaking, to) {
            let span = active_after_shown(message.holdtime, message.hellotime).held_to(self.options.exact);
            if at_most(since, message.at) < span.from {
                self.violated(router, q::OWN_HOLDTIME, message.number, message.at, || {
                    format!(
                        "Active {} after its first Hello with Speak, and nobody else was heard; expected at \
                         least {}",
                        seconds(apart(since, message.at)),
                        seconds(span.from)
                    )
                });
            } else {
                self.pass(router, q::OWN_HOLDTIME);
            }
        }
        // What it has heard a while before may be late to show.
        let settled = tester.is_none_or(|tester| at_least(tester, hello_at) > AT_ONCE.lenient.to);
        let restarted = at_most(hello_at, message.at) >= message.holdtime * 85 / 100;
        let back = matches!(
            (from, to),
            (Some(State::Active), Some(State::Speak | State::Standby))
                | (Some(State::Standby), Some(State::Speak))
        );
        let on = matches!(
            (from, to),
            (Some(State::Speak), Some(State::Standby | State::Active))
                | (Some(State::Standby), Some(State::Active))
        );
        if on {
            self.pass(router, q::ORDER);
        } else if back && settled && !restarted {
            self.violated(router, q::ORDER, message.number, message.at, || {
                format!("{to:?} after {from:?} in frame {hello_number}, and nobody else was heard")
            });
        }
    }

    /// What the device does when the last thing that it heard is an Active router which is better.
    fn led_in_bed(&mut self, router: usize, message: &Message) {
        let judged = &self.routers[router];
        let group = &self.groups[judged.group];
        let tester = self.places.get(&group.key.port).and_then(|place| place.tester);
        let heard = group.recent.iter().rev().find(|entry| self.routers[entry.router].who == Who::Tester);
        let Some(heard) = heard.filter(|heard| tester == Some(heard.at)) else { return };
        let Some(heard) = heard.message.as_ref().filter(|heard| understands(message, heard)) else { return };
        let known = group.key.vlans.is_empty() && heard.is(State::Active) && heard.rank() > message.rank();
        let Some(before) = judged.hello.as_ref().filter(|_| known) else { return };
        let same = (before.priority, before.address, before.source, before.credentials)
            == (message.priority, message.address, message.source, message.credentials);
        let at_once = AT_ONCE.held_to(self.options.exact).to.max(UNDER_WAY);
        if !same || at_least(heard.at, message.at) <= at_once {
            return;
        }
        let span = takeover(heard.holdtime).held_to(self.options.exact);
        let (heard_at, frame) = (heard.at, heard.number);
        let early = at_most(heard_at, message.at) < span.from;
        // The Holdtime of its own, where it was in use before.
        let own = message.holdtime * 85 / 100;
        let passed = move |message: &Message| seconds(apart(heard_at, message.at));
        let ran = judged.run;
        match (before.state, message.state) {
            (Some(State::Active), Some(State::Active)) if early && at_most(heard_at, message.at) < own => {
                self.violated(router, q::ACTIVE_HIGHER, message.number, message.at, || {
                    format!("still Active {} after the better one in frame {frame}", passed(message))
                });
            }
            (Some(State::Active), Some(State::Speak | State::Standby)) => {
                self.pass(router, q::ACTIVE_HIGHER);
            }
            (Some(State::Speak | State::Standby), Some(State::Active)) => {
                let text = |message: &Message| {
                    format!(
                        "Active {} after the better one in frame {frame}, expected {} to {}",
                        passed(message),
                        seconds(span.from),
                        seconds(span.to)
                    )
                };
                if early {
                    return self
                        .violated(router, q::ACTIVE_HOLDTIME, message.number, message.at, || text(message));
                }
                self.pass(router, q::ACTIVE_HOLDTIME);
                if !was_standby(ran, heard_at, span.from) {
                    return;
                }
                if at_least(heard_at, message.at) > span.to {
                    self.violated(router, q::ACTIVE_TIMER, message.number, message.at, || text(message));
                } else {
                    self.pass(router, q::ACTIVE_TIMER);
                }
            }
            (Some(State::Standby), Some(State::Standby))
                if was_standby(ran, heard_at, span.from) && at_least(heard_at, message.at) > span.to =>
            {
                self.violated(router, q::ACTIVE_TIMER, message.number, message.at, || {
                    format!(
                        "still Standby {} after the last Active router's Hello in frame {frame}, expected \
                         Active at most {} after it",
                        passed(message),
                        seconds(span.to)
                    )
                });
            }
            _ => {}
        }
    }

    /// In a capture: it may have missed one or another Hello, and so may the capture. What shows once says nothing.
    fn taken_over(&mut self, router: usize, message: &Message) {
        let group = &self.groups[self.routers[router].group];
        let mut heard = None;
        for entry in group.recent.iter().rev() {
            match &entry.message {
                Some(other) if other.opcode == Opcode::HELLO && other.state != Some(State::Active) => {}
                Some(other) if other.is(State::Active) && entry.router != router => {
                    heard = Some((entry.router, other));
                    break;
                }
                // A Coup, a Resign, what cannot be read.
                _ => break,
            }
        }
        let fits =
            |other: &Message| other.valid && other.rank() > message.rank() && understands(message, other);
        let Some((from, other)) = heard.filter(|(_, other)| fits(other)) else { return };
        let span = takeover(other.holdtime).held_to(self.options.exact);
        let (at, frame, name) = (other.at, other.number, self.routers[from].name.clone());
        if at_most(at, message.at) < span.from {
            self.routers[router].early += 1;
            if self.routers[router].early < IN_A_ROW {
                return self.unknown(router, q::ACTIVE_HOLDTIME);
            }
            self.violated(router, q::ACTIVE_HOLDTIME, message.number, message.at, || {
                format!(
                    "took over {} after the last Hello of {name} in frame {frame}, not the first time in a \
                     row, expected {} to {}",
                    seconds(apart(at, message.at)),
                    seconds(span.from),
                    seconds(span.to)
                )
            });
        } else if at_least(at, message.at) > span.to {
            self.routers[router].early = 0;
            self.unknown(router, q::ACTIVE_TIMER);
        } else {
            self.routers[router].early = 0;
            self.pass(router, q::ACTIVE_HOLDTIME);
            self.pass(router, q::ACTIVE_TIMER);
        }
    }

    /// Who has taken over long enough ago has told where the address is by now, or has not.
    pub(super) fn announcements_until(&mut self, now: Option<Stamp>) {
        for index in 0..self.groups.len() {
            let mut at = 0;
            while let Some(one) = self.groups[index].announcing.get(at) {
                let limit = self.announcement_limit();
                let open = now.is_none_or(|now| at_least(one.at, now) <= limit);
                if open && !self.has_announced(one) {
                    at += 1;
                    continue;
                }
                let one = self.groups[index].announcing.remove(at);
                self.announced(&one, open);
            }
        }
    }

    fn announcement_limit(&self) -> Duration {
        AT_ONCE.held_to(self.options.exact).to
    }

    /// Within the limit before or after.
    fn has_announced(&self, one: &Announcing) -> bool {
        let limit = self.announcement_limit();
        let near = |stamp: Stamp| {
            let (first, second) = if stamp.time < one.at.time { (stamp, one.at) } else { (one.at, stamp) };
            at_least(first, second) <= limit
        };
        let place = self.places.get(&self.key(one.router).port);
        place.is_some_and(|place| place.announced.iter().any(|(who, at)| *who == one.address && near(*at)))
    }

    fn announced(&mut self, one: &Announcing, told: bool) {
        let (router, address) = (one.router, one.address);
        let key = self.key(router);
        let topic = if key.family == Family::Ipv4 { q::GRATUITOUS_ARP } else { q::UNSOLICITED_NA };
        if told || self.has_announced(one) {
            self.routers[router].unannounced = 0;
            return self.pass(router, topic);
        }
        if !self.in_bed(router) {
            // A capture in which nobody announces anything of the kind leaves that out.
            let alike = |(who, _): &(IpAddr, Stamp)| who.is_ipv4() == address.is_ipv4();
            let place = self.places.get(&key.port);
            if !place.is_some_and(|place| place.announced.iter().any(alike)) {
                return self.unknown(router, topic);
            }
            self.routers[router].unannounced += 1;
            if self.routers[router].unannounced < IN_A_ROW {
                return self.unknown(router, topic);
            }
        }
        let limit = self.announcement_limit();
        self.violated(router, topic, one.number, one.at, || {
            format!("Active, and told within {} nobody where {address} is", seconds(limit))
        });
    }
}

/// It was in Standby before the Active timer could expire, and ever since.
fn was_standby(run: Option<super::Run>, heard: Stamp, from: Duration) -> bool {
    run.is_some_and(|run| run.state == State::Standby && at_most(heard, run.since) < from)
}

/// The router has no reason to discard what it heard.
fn understands(own: &Message, heard: &Message) -> bool {
    heard.valid
        && heard.source != own.source
        && Some(heard.source) != own.address
        && heard.address == own.address
        && heard.credentials == own.credentials
        && own.credentials != Credentials::Md5
        && heard.holdtime > heard.hellotime
        && !heard.hellotime.is_zero()
}
