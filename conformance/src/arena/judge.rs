//! Judges all the routers together. It sees what each sends, what reaches each, and what is done to it; nothing else.
//!
//! When an invariant may be asserted:
//!
//! | invariant | is asserted |
//! |---|---|
//! | one-active | of who is Active: it says so each interval; of a router that was *reached* by a better one's message, until its timer could be over; of two that both stay Active although three messages of the better one have reached the other, which has said so again after each; of who answers, announces or forwards without being Active by its own words |
//! | one-standby | as the second of these, for Standby |
//! | gateway-answers | of each router that runs: at the end of its timer it says that it is Active, then announces, and answers and forwards what *reaches* it |
//! | one-mac | of each frame that tells where a virtual address is, at any time |
//!
//! So a frame that the network lost or delayed, or a cut in one direction, makes two routers Active without anything being
//! broken: neither has been told. And of all routers that are left after a failure, the first one whose timer ends is held
//! to it, so that the service is back within the bound of the best of them.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use super::message::Message;
use super::protocol::{Breach, Claim, Duty, Gateway, Promptness, Protocol, Rank, Role, Said, Standing};
use super::seconds;
use crate::time::Time;

/// So many messages in a row of a better router have told one to give way.
const OVERLAP: u32 = 3;

/// Who has said nothing for so many intervals is not what it was: later than any period (STILL ACTIVE in the tables).
fn still(interval: Duration) -> Duration {
    crate::spec::vrrp::tolerances::still_active(interval).strict.to
}

/// An invariant was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// What was not done.
    pub duty: Duty,
    /// When that was certain.
    pub at: Time,
    /// Who, by number from 0; the first one is the one that broke it, as far as that can be told.
    pub routers: Vec<usize>,
    /// What was seen, and what was expected.
    pub text: String,
    /// In which episode, from 1.
    pub episode: u64,
}

/// Something that a router has to do soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Due {
    what: What,
    since: Time,
    until: Time,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    Announce(IpAddr),
    Answer(IpAddr),
    Forward(u64),
}

/// What has reached a router of a better one while both say the same.
#[derive(Clone, Copy, Debug, Default)]
struct Overlap {
    /// How many, each after the router itself has said so again.
    heard: u32,
    last: Time,
    /// The router has said so since.
    again: bool,
    /// One of them may be discarded.
    invalid: bool,
}

/// A claim that only one router may hold.
#[derive(Clone, Debug)]
struct Tenure {
    /// When it said so last.
    said: Option<Time>,
    rank: Option<Rank>,
    /// Of each other router.
    overlaps: Vec<Overlap>,
}

struct Judged {
    role: Box<dyn Role>,
    exact: bool,
    forwards: bool,
    /// A cut keeps it from the others, in one direction or both.
    apart: bool,
    /// Whom it waits for, and when it heard that one last.
    follows: Option<(usize, Time)>,
    /// The same of the next one.
    backs: Option<(usize, Time)>,
    /// It would be the next one, or is; and nobody may discard that it says so.
    stands: Option<(Time, Rank, bool)>,
    due: Vec<Due>,
    active: Tenure,
    standby: Tenure,
}

impl Judged {
    fn tenure(&mut self, claim: Claim) -> Option<&mut Tenure> {
        match claim {
            Claim::Active => Some(&mut self.active),
            Claim::Standby => Some(&mut self.standby),
            Claim::Speaks | Claim::Coup | Claim::Resigns | Claim::Nothing => None,
        }
    }
}

/// The judge.
pub struct Judge {
    gateway: Gateway,
    promptness: Promptness,
    interval: Duration,
    longest_wait: Duration,
    has_standby: bool,
    routers: Vec<Judged>,
    episode: u64,
    broken: Vec<Broken>,
    /// What is told once in an episode.
    told: BTreeSet<(u64, Duty, usize)>,
}

impl Judge {
    /// Nobody runs yet.
    pub fn new(protocol: &dyn Protocol) -> Self {
        Self {
            gateway: protocol.gateway().clone(),
            promptness: protocol.promptness(),
            interval: protocol.interval(),
            longest_wait: protocol.longest_wait(),
            has_standby: protocol.requirement(Duty::OneStandby).is_some(),
            routers: Vec::new(),
            episode: 0,
            broken: Vec::new(),
            told: BTreeSet::new(),
        }
    }

    /// Another router takes part. `forwards` says that it can be seen to.
    pub fn add(&mut self, role: Box<dyn Role>, exact: bool, forwards: bool) {
        let tenure = Tenure { said: None, rank: None, overlaps: Vec::new() };
        self.routers.push(Judged {
            role,
            exact,
            forwards,
            apart: false,
            follows: None,
            backs: None,
            stands: None,
            due: Vec::new(),
            active: tenure.clone(),
            standby: tenure,
        });
        let count = self.routers.len();
        for router in &mut self.routers {
            router.active.overlaps.resize(count, Overlap::default());
            router.standby.overlaps.resize(count, Overlap::default());
        }
    }

    /// The next episode begins.
    pub fn episode(&mut self, number: u64) {
        self.episode = number;
    }

    /// What was broken so far.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// A router begins to run.
    pub fn starts(&mut self, router: usize, now: Time) {
        let judged = &mut self.routers[router];
        judged.role.starts(now);
        (judged.follows, judged.backs, judged.active.said, judged.standby.said) = (None, None, None, None);
    }

    /// A router that has run before takes part from now on.
    pub fn joins(&mut self, router: usize, now: Time) {
        self.starts(router, now);
        self.routers[router].role.joins(now);
    }

    /// A router is stopped, or its link goes down; where `says` is true it can say so.
    pub fn stops(&mut self, router: usize, now: Time, says: bool) {
        let judged = &mut self.routers[router];
        judged.role.stops(now, says);
        judged.due.clear();
        (judged.follows, judged.backs, judged.active.said, judged.standby.said) = (None, None, None, None);
        for other in &mut self.routers {
            other.follows = other.follows.filter(|(followed, _)| *followed != router);
            other.backs = other.backs.filter(|(followed, _)| *followed != router);
        }
    }

    /// A cut keeps the router from the others, or does no longer.
    pub fn apart(&mut self, router: usize, apart: bool) {
        self.routers[router].apart = apart;
    }

    /// A cut keeps the router from the others.
    pub fn is_apart(&self, router: usize) -> bool {
        self.routers[router].apart
    }

    /// What the router is.
    pub fn standing(&self, router: usize, now: Time) -> Standing {
        self.routers[router].role.standing(now)
    }

    /// The earliest moment by which a router other than this one, and not cut off, has to say that it is Active.
    pub fn bound(&self, but: usize) -> Option<Time> {
        let left = self.routers.iter().enumerate().filter(|(router, judged)| *router != but && !judged.apart);
        let deadlines = left.filter_map(|(_, judged)| judged.role.deadline());
        deadlines.filter(|(_, duty)| *duty == Duty::TakesOver).map(|(deadline, _)| deadline).min()
    }

    /// The gateway, if there is one that all others wait for and have heard lately: the transient is over.
    pub fn settled(&self, now: Time) -> Option<usize> {
        let taking_part = || (0..self.routers.len()).filter(|router| !self.routers[*router].apart);
        let standing = |router: usize| self.routers[router].role.standing(now);
        let mut active = taking_part().filter(|router| standing(*router) == Standing::Active);
        let (Some(gateway), None) = (active.next(), active.next()) else { return None };
        let said = self.routers[gateway].active.said?;
        let waits = |router: usize| {
            router == gateway
                || standing(router) == Standing::Stopped
                || self.routers[router]
                    .follows
                    .is_some_and(|(whom, at)| whom == gateway && now - at <= still(self.interval))
        };
        (now - said <= still(self.interval) && taking_part().all(waits) && self.has_next(gateway, now))
            .then_some(gateway)
    }

    /// All follow the gateway, and yet there is no next one: who would be it, the best one first.
    pub(super) fn without_next(&self, gateway: usize, now: Time) -> Vec<usize> {
        let lately = |at: Time| now - at <= still(self.interval) * 2;
        let follow = (0..self.routers.len()).all(|router| {
            let judged = &self.routers[router];
            router == gateway
                || judged.apart
                || judged.role.standing(now) == Standing::Stopped
                || judged.follows.is_some_and(|(whom, at)| whom == gateway && lately(at))
        });
        let others =
            (0..self.routers.len()).filter(|router| *router != gateway && !self.routers[*router].apart);
        let mut stand: Vec<(Rank, usize)> = others
            .filter_map(|router| {
                let (at, rank, _) = self.routers[router].stands?;
                (follow && self.has_standby && now - at <= self.longest_wait * 2).then_some((rank, router))
            })
            .collect();
        let is_next = |router: &usize| self.routers[*router].role.standby(now) == Standing::Active;
        if let Some(next) = stand.iter().map(|(_, router)| *router).find(is_next) {
            // One of those that do not leave it to that one has to take it over.
            let backs = |router: &usize| {
                self.routers[*router].backs.is_some_and(|(whom, at)| whom == next && lately(at))
            };
            let others = (0..self.routers.len()).filter(|router| {
                let judged = &self.routers[*router];
                *router != gateway
                    && *router != next
                    && !judged.apart
                    && judged.role.standing(now) != Standing::Stopped
            });
            let mut blamed: Vec<usize> = others.filter(|router| !backs(router)).chain([next]).collect();
            if self.routers[next].stands.is_some_and(|(.., valid)| !valid) {
                blamed.reverse();
            }
            return blamed;
        }
        stand.sort_unstable_by(|one, other| other.cmp(one));
        stand.into_iter().map(|(_, router)| router).collect()
    }

    /// Where there is to be a next one, there is one, and all others leave it to that: it takes over at once.
    fn has_next(&self, gateway: usize, now: Time) -> bool {
        let others = (0..self.routers.len()).filter(|router| {
            let judged = &self.routers[*router];
            *router != gateway && !judged.apart && judged.role.standing(now) != Standing::Stopped
        });
        let is_next = |router: usize| self.routers[router].role.standby(now) == Standing::Active;
        let all: Vec<usize> = others.collect();
        let Some(next) = all.iter().copied().find(|router| is_next(*router)) else {
            return all.is_empty() || !self.has_standby;
        };
        let lately = |(whom, at)| whom == next && now - at <= still(self.interval);
        !self.has_standby
            || all.iter().all(|router| *router == next || self.routers[*router].backs.is_some_and(lately))
    }

    /// Time has come to `now`: what was to be done before has been, or has not.
    pub fn tick(&mut self, now: Time) {
        for index in 0..self.routers.len() {
            let judged = &mut self.routers[index];
            let over = judged.role.deadline().filter(|(deadline, _)| *deadline < now);
            if let Some((deadline, duty)) =
                over.filter(|(_, duty)| !self.told.contains(&(self.episode, *duty, index)))
            {
                let reason = judged.role.reason();
                let text = match duty {
                    Duty::Resigns => format!("was Active and {reason}, and did not say so by {deadline} s"),
                    Duty::Advertises => format!("{reason} and has to again by {deadline} s, and did not"),
                    _ => format!(
                        "{reason}, and nothing since that it has to wait for: it has to advertise by {deadline} s, and \
                         did not"
                    ),
                };
                self.breaks(now, vec![index], duty, text);
            }
            while let Some(late) = self.routers[index].due.iter().position(|due| due.until < now) {
                let due = self.routers[index].due.remove(late);
                self.missed(index, now, due);
            }
        }
    }

    fn missed(&mut self, router: usize, now: Time, due: Due) {
        let within = seconds(due.until - due.since);
        let (duty, text) = match due.what {
            What::Announce(address) => (
                Duty::Announces,
                format!("is Active since {} s and told nobody within {within} where {address} is", due.since),
            ),
            What::Answer(address) => (
                Duty::Answers,
                format!(
                    "is Active, was asked at {} s where {address} is, and did not answer within {within}",
                    due.since
                ),
            ),
            What::Forward(number) => (
                Duty::Forwards,
                format!(
                    "is Active and did not forward packet {number}, which came at {} s, within {within}",
                    due.since
                ),
            ),
        };
        self.breaks(now, vec![router], duty, text);
    }

    /// An invariant is broken; what is broken by the same router in the same way is told once in an episode.
    pub(super) fn breaks(&mut self, at: Time, routers: Vec<usize>, duty: Duty, text: String) {
        let first = routers.first().copied().unwrap_or_default();
        if self.told.insert((self.episode, duty, first)) {
            self.broken.push(Broken { duty, at, routers, text, episode: self.episode });
        }
    }

    /// A message reaches a router.
    pub fn reaches(&mut self, from: usize, to: usize, now: Time, message: &Message) {
        match *message {
            Message::Said(said) => self.heard(from, to, now, &said),
            Message::Question(address) => self.owes(to, now, What::Answer(address)),
            Message::Packet(number) if self.routers[to].forwards => self.owes(to, now, What::Forward(number)),
            Message::Packet(_) | Message::Binding { .. } | Message::Other => {}
        }
    }

    fn owes(&mut self, router: usize, now: Time, what: What) {
        let judged = &mut self.routers[router];
        if judged.role.standing(now) != Standing::Active {
            return;
        }
        let window = self.promptness.answer;
        judged.due.push(Due { what, since: now, until: now + window.held_to(judged.exact).to });
    }

    fn heard(&mut self, from: usize, to: usize, now: Time, said: &Said) {
        let long = still(said.interval);
        let judged = &mut self.routers[to];
        let was_active = judged.role.standing(now) == Standing::Active;
        let waits = judged.role.hears(now, said);
        if said.claim == Claim::Standby {
            judged.backs = waits.then_some((from, now));
        } else if waits {
            judged.follows = Some((from, now));
        } else if said.claim == Claim::Resigns {
            judged.follows = judged.follows.filter(|(followed, _)| *followed != from);
        }
        if was_active && judged.role.standing(now) != Standing::Active {
            // Who gives way has no more to do.
            judged.due.clear();
        }
        if judged.role.standing(now) == Standing::Waiting {
            // It has given way, for certain.
            judged.active.said = None;
        }
        if judged.role.standby(now) == Standing::Waiting {
            judged.standby.said = None;
        }
        if said.claim == Claim::Resigns {
            judged.active.overlaps[from] = Overlap::default();
            judged.standby.overlaps[from] = Overlap::default();
        }
        let Some(tenure) = judged.tenure(said.claim) else { return };
        let better = tenure.rank.is_some_and(|rank| said.rank > rank);
        let overlap = &mut tenure.overlaps[from];
        if !better || now - overlap.last > long {
            *overlap = Overlap { again: true, ..Overlap::default() };
        }
        overlap.last = now;
        if better && overlap.again {
            (overlap.heard, overlap.again) = (overlap.heard + 1, false);
            overlap.invalid |= !said.valid;
        }
    }

    /// A router sends a message, for everyone or, where `forwarded`, to the other side.
    pub fn sends(&mut self, from: usize, now: Time, message: &Message, forwarded: bool) {
        match *message {
            Message::Said(said) => self.said(from, now, &said),
            Message::Binding { address, mac, announces } => self.told(from, now, address, mac, announces),
            Message::Packet(number) if forwarded => {
                self.routers[from].due.retain(|due| due.what != What::Forward(number));
                if self.routers[from].role.standing(now) == Standing::Waiting {
                    let reason = self.routers[from].role.reason();
                    let text =
                        format!("forwards packet {number} at {now} s although it {reason} and is not Active");
                    self.breaks(now, vec![from], Duty::ForwardsOnlyActive, text);
                }
            }
            Message::Packet(_) | Message::Question(_) | Message::Other => {}
        }
    }

    fn said(&mut self, from: usize, now: Time, said: &Said) {
        let judged = &mut self.routers[from];
        match judged.role.says(now, said) {
            Ok(false) => {}
            Ok(true) => {
                judged.follows = None;
                let until = now + self.promptness.announcement.held_to(judged.exact).to;
                let announce = |address: &IpAddr| Due { what: What::Announce(*address), since: now, until };
                judged.due.extend(self.gateway.addresses.iter().map(announce));
            }
            Err(Breach { duty, text }) => {
                let whom = judged.follows.map(|(whom, _)| whom);
                self.breaks(now, std::iter::once(from).chain(whom).collect(), duty, text);
            }
        }
        self.holds(from, now, said);
    }

    /// Two that hear each other do not both hold what one alone may.
    fn holds(&mut self, from: usize, now: Time, said: &Said) {
        let duty = if said.claim == Claim::Standby { Duty::OneStandby } else { Duty::OneActive };
        let judged = &mut self.routers[from];
        if said.claim != Claim::Active {
            judged.active.said = None;
        }
        if matches!(said.claim, Claim::Speaks | Claim::Standby) {
            judged.stands = Some((now, said.rank, said.valid));
        }
        let Some(tenure) = judged.tenure(said.claim) else { return };
        let begins = tenure.said.is_none_or(|last| now - last > still(said.interval));
        (tenure.said, tenure.rank) = (Some(now), Some(said.rank));
        if begins {
            tenure.overlaps.fill(Overlap::default());
        }
        let long = still(said.interval);
        let overlaps = |overlap: &Overlap| overlap.heard >= OVERLAP && now - overlap.last <= long;
        let better = tenure.overlaps.iter().position(overlaps);
        for overlap in &mut tenure.overlaps {
            overlap.again = true;
        }
        if let Some(better) = better {
            let invalid = tenure.overlaps[better].invalid;
            tenure.overlaps[better] = Overlap::default();
            let mut text = format!(
                "and router {} both stay what only one may be: router {} has said so again after each of {OVERLAP} \
                 messages of router {} that have reached it",
                if invalid { from + 1 } else { better + 1 },
                from + 1,
                better + 1
            );
            let mut routers = vec![from, better];
            if invalid {
                // The other one may be right to take no notice of it.
                text += "; these break the standard, so that it may discard them";
                routers.reverse();
            }
            self.breaks(now, routers, duty, text);
        }
    }

    fn told(
        &mut self,
        from: usize,
        now: Time,
        address: IpAddr,
        mac: Option<redspec_codec::MacAddress>,
        announces: bool,
    ) {
        // A host that does not know the address learns nothing by one without a MAC address.
        let Some(mac) = mac else { return };
        let expected = self.gateway.mac;
        let what = if announces { "announces" } else { "answers" };
        let judged = &mut self.routers[from];
        // Whoever asked gets an announcement too, and an answer to everyone announces.
        judged.due.retain(|due| match due.what {
            What::Announce(due) => !(announces && due == address),
            What::Answer(due) => due != address,
            What::Forward(_) => true,
        });
        if mac != expected {
            let duty = if announces { Duty::AnnouncedMac } else { Duty::AnswerMac };
            let text = format!("{what} at {now} s that {address} is at {mac}, expected {expected}");
            return self.breaks(now, vec![from], duty, text);
        }
        let reason = judged.role.reason();
        match judged.role.standing(now) {
            Standing::Active | Standing::Either => {}
            Standing::Waiting => {
                let whom = judged.follows.map(|(whom, _)| whom);
                let text = format!("{what} for {address} at {now} s although it {reason} and is not Active");
                let routers = std::iter::once(from).chain(whom).collect();
                self.breaks(now, routers, Duty::SilentUnlessActive, text);
            }
            Standing::Stopped => {
                let text = format!("{what} for {address} at {now} s although it {reason}");
                self.breaks(now, vec![from], Duty::NoAnswerOnceStopped, text);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use redspec_codec::MacAddress;
    use redspec_codec::frame::Frame;

    use super::*;
    use crate::arena::protocol::Remote;
    use crate::settings::{BadSetting, Settings};
    use crate::spec::Edition;
    use crate::spec::vrrp::tolerances::{ARP_REPLY, AT_ONCE};

    /// A protocol with a Standby, whose routers may say anything.
    struct Lax(Gateway);

    struct Anything(Standing);

    impl Role for Anything {
        fn starts(&mut self, _: Time) {
            self.0 = Standing::Waiting;
        }
        fn joins(&mut self, _: Time) {
            self.0 = Standing::Either;
        }
        fn stops(&mut self, _: Time, _: bool) {
            self.0 = Standing::Stopped;
        }
        fn hears(&mut self, _: Time, _: &Said) -> bool {
            false
        }
        fn says(&mut self, _: Time, said: &Said) -> Result<bool, Breach> {
            let becomes = said.claim == Claim::Active && self.0 != Standing::Active;
            if said.claim == Claim::Active {
                self.0 = Standing::Active;
            }
            Ok(becomes)
        }
        fn standing(&self, _: Time) -> Standing {
            self.0
        }
        fn deadline(&self) -> Option<(Time, Duty)> {
            None
        }
        fn reason(&self) -> String {
            "started".to_owned()
        }
    }

    impl Protocol for Lax {
        fn name(&self) -> &'static str {
            "lax"
        }
        fn edition(&self) -> Edition {
            Edition::Rfc9568
        }
        fn gateway(&self) -> &Gateway {
            &self.0
        }
        fn defaults(&self) -> Settings {
            Settings::new()
        }
        fn settings(&self, _: usize, _: usize) -> Settings {
            Settings::new()
        }
        fn most(&self) -> usize {
            10
        }
        fn switch(&self) -> &'static str {
            "vrrp.enabled"
        }
        fn remote(&self) -> Option<Remote> {
            None
        }
        fn role(&self, _: &Settings, _: bool) -> Result<Box<dyn Role>, BadSetting> {
            Ok(Box::new(Anything(Standing::Stopped)))
        }
        fn read(&self, _: &Frame<'_>) -> Option<Said> {
            None
        }
        fn interval(&self) -> Duration {
            Duration::from_secs(1)
        }
        fn longest_wait(&self) -> Duration {
            Duration::from_secs(4)
        }
        fn tolerance(&self) -> Duration {
            Duration::from_millis(110)
        }
        fn promptness(&self) -> Promptness {
            Promptness { answer: ARP_REPLY, announcement: AT_ONCE }
        }
        fn requirement(&self, _: Duty) -> Option<&'static str> {
            None
        }
    }

    const ADDRESS: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 254));
    const MAC: MacAddress = MacAddress([0, 0, 0x5e, 0, 1, 10]);

    fn judge(routers: usize) -> Judge {
        let protocol = Lax(Gateway { addresses: vec![ADDRESS], mac: MAC });
        let mut judge = Judge::new(&protocol);
        for router in 0..routers {
            judge.add(Box::new(Anything(Standing::Stopped)), true, false);
            judge.starts(router, Time::ZERO);
        }
        judge
    }

    fn at(milliseconds: u64) -> Time {
        Time::ZERO + Duration::from_millis(milliseconds)
    }

    fn said(claim: Claim, priority: u8) -> Message {
        let rank = (priority.into(), IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, priority)));
        Message::Said(Said { claim, rank, interval: Duration::from_secs(1), hold: None, valid: true })
    }

    /// For so many seconds both say this, and as `hears` says the worse one, 0, has each of what the better one says.
    fn both(judge: &mut Judge, claim: Claim, seconds: u64, hears: impl Fn(u64) -> bool) {
        for second in 0..seconds {
            let now = at(second * 1000);
            judge.sends(0, now, &said(claim, 100), false);
            judge.sends(1, now + Duration::from_millis(500), &said(claim, 200), false);
            if hears(second) {
                judge.reaches(1, 0, now + Duration::from_millis(501), &said(claim, 200));
            }
        }
    }

    fn duties(judge: &Judge) -> Vec<Duty> {
        judge.broken().iter().map(|broken| broken.duty).collect()
    }

    #[test]
    fn two_that_hear_each_other_are_not_both_standby_and_not_both_active() {
        for (claim, duty) in [(Claim::Standby, Duty::OneStandby), (Claim::Active, Duty::OneActive)] {
            let mut one = judge(2);
            both(&mut one, claim, 3, |_| true);
            assert_eq!(duties(&one), [], "it may be a transient: it has said so twice since");
            let mut one = judge(2);
            both(&mut one, claim, 10, |_| true);
            assert_eq!(duties(&one), [duty]);
            assert_eq!(one.broken()[0].routers, [0, 1]);
        }
    }

    #[test]
    fn who_was_not_told_is_not_to_blame() {
        for claim in [Claim::Standby, Claim::Active] {
            let mut cut = judge(2);
            both(&mut cut, claim, 50, |_| false);
            assert_eq!(duties(&cut), []);
            // Two messages get through, and then two are lost, again and again.
            let mut lossy = judge(2);
            both(&mut lossy, claim, 50, |second| second % 4 < 2);
            assert_eq!(duties(&lossy), []);
        }
    }

    #[test]
    fn active_and_standby_are_two_claims() {
        let mut judge = judge(2);
        for second in 0..20 {
            judge.sends(0, at(second * 1000), &said(Claim::Standby, 100), false);
            judge.sends(1, at(second * 1000 + 500), &said(Claim::Active, 200), false);
            judge.reaches(1, 0, at(second * 1000 + 501), &said(Claim::Active, 200));
        }
        judge.sends(
            1,
            at(19_600),
            &Message::Binding { address: ADDRESS, mac: Some(MAC), announces: true },
            false,
        );
        assert_eq!(duties(&judge), []);
    }

    #[test]
    fn an_active_router_announces_and_answers_in_time() {
        let binding = |announces| Message::Binding { address: ADDRESS, mac: Some(MAC), announces };
        let mut right = judge(1);
        right.sends(0, at(0), &said(Claim::Active, 100), false);
        right.sends(0, at(50), &binding(true), false);
        right.reaches(1, 0, at(200), &Message::Question(ADDRESS));
        right.sends(0, at(299), &binding(false), false);
        right.tick(at(5000));
        assert_eq!(duties(&right), []);
        let mut silent = judge(1);
        silent.sends(0, at(0), &said(Claim::Active, 100), false);
        silent.tick(at(100));
        assert_eq!(duties(&silent), [], "it has 100 ms");
        silent.reaches(1, 0, at(100), &Message::Question(ADDRESS));
        silent.tick(at(101));
        assert_eq!(duties(&silent), [Duty::Announces]);
        silent.tick(at(201));
        assert_eq!(duties(&silent), [Duty::Announces, Duty::Answers]);
    }

    #[test]
    fn one_that_is_not_active_answers_for_nothing_and_has_nothing_to_answer() {
        let mut judge = judge(2);
        judge.reaches(2, 0, at(0), &Message::Question(ADDRESS));
        judge.tick(at(1000));
        assert_eq!(duties(&judge), []);
        judge.sends(
            0,
            at(1000),
            &Message::Binding { address: ADDRESS, mac: Some(MAC), announces: false },
            false,
        );
        judge.stops(1, at(1000), false);
        judge.sends(
            1,
            at(1001),
            &Message::Binding { address: ADDRESS, mac: Some(MAC), announces: true },
            false,
        );
        assert_eq!(duties(&judge), [Duty::SilentUnlessActive, Duty::NoAnswerOnceStopped]);
    }

    #[test]
    fn an_address_is_at_one_mac_whoever_says_so() {
        let mut judge = judge(2);
        let other = Some(MacAddress([2, 0, 0, 0, 1, 101]));
        judge.sends(0, at(0), &Message::Binding { address: ADDRESS, mac: other, announces: false }, false);
        judge.sends(1, at(1), &Message::Binding { address: ADDRESS, mac: other, announces: true }, false);
        assert_eq!(duties(&judge), [Duty::AnswerMac, Duty::AnnouncedMac]);
        assert!(
            judge
                .broken()
                .iter()
                .all(|broken| broken.duty.invariant() == crate::arena::protocol::Invariant::OneMac)
        );
    }
}
