//! What several routers of a group do together; only a capture shows it.

use std::net::IpAddr;

use super::message::{Credentials, Message};
use super::questions::{self as q, Topic};
use super::{Hsrp, MOST_ROUTERS, Run, State, at_least, at_most, silence, when};
use crate::event::Stamp;
use crate::monitor::seconds;

/// Two routers in one state for as long as so many Hellos of each: what tells one to leave it has come as often.
const OVERLAP: u32 = 3;

impl Hsrp {
    /// Compares this message with those of the other routers.
    pub(super) fn together(&mut self, router: usize, message: &Message) {
        if !message.is_hello() {
            return;
        }
        let group = &self.groups[self.routers[router].group];
        let others: Vec<usize> = group.routers.iter().copied().filter(|other| *other != router).collect();
        for other in others {
            self.differ(router, message, other);
            self.both(router, message, other, State::Active, q::ONE_ACTIVE);
            self.both(router, message, other, State::Standby, q::ONE_STANDBY);
            self.real_address(router, message, other);
        }
        self.other_group(router, message);
    }

    /// The router tells the same as before, and between both times another has told something else: whoever was configured
    /// anew in between, they differed then. Both are on one LAN.
    fn differ(&mut self, router: usize, message: &Message, other: usize) {
        let Some(last) = &self.routers[router].hello else { return };
        let Some(theirs) = &self.routers[other].hello else { return };
        if theirs.number < last.number || last.address != message.address {
            return;
        }
        let (Some(address), Some(their_address)) = (message.address, theirs.address) else { return };
        let (frame, source, their_source) = (theirs.number, message.source, theirs.source);
        if address == their_address {
            self.pass(router, q::SAME_ADDRESS);
        } else if one_lan((source, address), (their_source, their_address)) {
            self.once(router, other, q::SAME_ADDRESS, message.number, message.at, || {
                format!(
                    "it tells the virtual address {address}, and in frame {frame} another {their_address}"
                )
            });
        } else {
            // They may be on two links, which the capture shows as one.
            self.unknown(router, q::SAME_ADDRESS);
        }
    }

    /// What is once found of two routers is not said again.
    pub(super) fn once(
        &mut self,
        router: usize,
        other: usize,
        topic: Topic,
        frame: u64,
        at: Stamp,
        text: impl FnOnce() -> String,
    ) {
        let group = self.routers[router].group;
        let pair = (router.min(other), router.max(other), topic);
        if self.groups[group].reported.insert(pair) {
            self.violated(router, topic, frame, at, text);
        }
    }

    /// Both have been in that state for longer than a Holdtime, and each has had the other's Hellos all that time.
    fn both(&mut self, router: usize, message: &Message, other: usize, state: State, topic: Topic) {
        if message.state != Some(state) {
            // One that was, while the other was too, is no longer.
            let left = self.routers[router].hello.as_ref().is_some_and(|last| last.is(state));
            let theirs = self.routers[other].run.is_some_and(|run| run.state == state);
            if left && theirs {
                self.pass(router, topic);
            }
            return;
        }
        let Some(theirs) = self.routers[other].hello.clone() else { return };
        if theirs.address != message.address || theirs.address.is_none() {
            return;
        }
        let lasting = |run: Option<Run>| {
            run.filter(|run| run.state == state && run.count >= OVERLAP).filter(|run| {
                at_most(run.last, message.at) <= silence(theirs.hellotime.max(message.hellotime))
            })
        };
        let (Some(mine), Some(run)) = (lasting(self.routers[router].run), lasting(self.routers[other].run))
        else {
            return;
        };
        let start = if mine.since.time > run.since.time { mine.since } else { run.since };
        let slower = message.hellotime.max(theirs.hellotime) * OVERLAP;
        let needed = slower.max(message.holdtime).max(theirs.holdtime);
        if at_least(start, run.last) < needed {
            return;
        }
        let worse_is_mine = theirs.rank() > message.rank();
        let (worse, of_worse, better) =
            if worse_is_mine { (router, message, &theirs) } else { (other, &theirs, message) };
        // It may be right to discard them.
        if !better.valid {
            return self.unknown(worse, topic);
        }
        let why = reason(of_worse, better);
        let (lasts, partner) = (at_least(start, message.at), if worse_is_mine { other } else { router });
        let (own, rank) = (of_worse.priority, (better.source, better.priority));
        self.once(worse, partner, topic, message.number, message.at, || {
            format!(
                "for {} it is {state:?} with priority {own} although {} is with {}{why}",
                seconds(lasts),
                rank.0,
                rank.1
            )
        });
    }

    /// The virtual address is where another router of the group sends from.
    fn real_address(&mut self, router: usize, message: &Message, other: usize) {
        let Some(theirs) = self.routers[other].last.as_ref() else { return };
        let (frame, source) = (theirs.number, theirs.source);
        if Some(source) != message.address || at_most(theirs.at, message.at) > theirs.holdtime {
            return;
        }
        self.once(router, other, q::DISTINCT, message.number, message.at, || {
            format!("the virtual address {source} is that from which another router sends in frame {frame}")
        });
    }

    /// One router tells the same virtual address in two groups.
    fn other_group(&mut self, router: usize, message: &Message) {
        let Some(address) = message.address else { return };
        let key = (self.sender(router), address);
        if let Some((other, at)) = self.told.get(&key).copied().filter(|(other, _)| *other != router) {
            let between = |last: &Message| last.address == Some(address) && when::before(last.at, at);
            let version = self.key(router).version == self.key(other).version;
            if version && self.routers[router].hello.as_ref().is_some_and(between) {
                let name = self.routers[other].name.clone();
                self.once(router, other, q::DISTINCT, message.number, message.at, || {
                    format!("the virtual address {address} is that of {name} too")
                });
            }
        } else {
            self.pass(router, q::DISTINCT);
        }
        if self.told.len() < 4 * MOST_ROUTERS || self.told.contains_key(&key) {
            self.told.insert(key, (router, message.at));
        }
    }
}

/// A router's own address and its virtual one are on one network. If an address of another lies between them, as networks
/// are cut, that one is on it too.
fn one_lan(one: (IpAddr, IpAddr), other: (IpAddr, IpAddr)) -> bool {
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => Some(u32::from(address)),
        // Link-local addresses are alike on every link.
        IpAddr::V6(_) => None,
    };
    let within = |(a, b): (IpAddr, IpAddr), c: IpAddr| {
        let (Some(a), Some(b), Some(c)) = (bits(a), bits(b), bits(c)) else { return false };
        (a ^ c).leading_zeros() >= (a ^ b).leading_zeros()
    };
    within(one, other.0) || within(one, other.1) || within(other, one.0) || within(other, one.1)
}

/// Why the worse one may take no notice of the better.
fn reason(worse: &Message, better: &Message) -> &'static str {
    match (worse.credentials, better.credentials) {
        (Credentials::Md5, Credentials::Md5) => " (both with digests, whose keys may differ)",
        (one, other) if one != other => " (authenticated differently)",
        _ => "",
    }
}
