//! What is done to the routers: one episode after the other, each random by its seed.
//!
//! An episode begins when the routers agree who the gateway is. Then it fails. Somebody takes over, which is timed, and
//! they agree again. Now the next gateway fails too, or routers that had failed come back: in any order, so that each of
//! them is once the best that is left. Between that, things happen that no gateway may notice: a router is deaf for a
//! while, does not hear one other, or goes down without being the gateway.

use std::collections::BTreeSet;
use std::time::Duration;

use super::failover::{Failover, Failure, View};
use super::lan::{LAN, Lan, Player};
use super::protocol::{Duty, Invariant, Standing};
use super::{Error, Outcome, Plan, Record, seconds};
use crate::event::Happening;
use crate::reference::Input;
use crate::scenario::random::Random;
use crate::time::{Time, nanoseconds};

/// After so many of the longest waits routers agree, whatever single frames were lost meanwhile.
const WAITS: u32 = 6;

/// A disturbance lasts up to so many intervals: some are longer than any router waits.
const LONGEST_DISTURBANCE: u64 = 6;

pub(super) struct Script<'a> {
    lan: Lan<'a>,
    plan: Plan,
    random: Random,
    /// Who has failed, and how.
    failed: Vec<Option<Failure>>,
    failovers: Vec<Failover>,
    episode: u64,
    disturbances: u64,
    /// The trace that is kept, and how long its failover took.
    kept: Option<(Record, Option<Duration>)>,
    /// How much of what the judge has found was looked at, and what of it is not certain.
    reported: usize,
    unsure: BTreeSet<usize>,
}

/// Why the script ends.
enum End {
    /// An invariant is broken.
    Broken,
    Error(Error),
}

impl From<Error> for End {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

impl<'a> Script<'a> {
    pub(super) fn new(lan: Lan<'a>, plan: Plan) -> Self {
        let failed = vec![None; lan.players.len()];
        Self {
            lan,
            plan,
            random: Random::new(plan.seed, "arena.script"),
            failed,
            failovers: Vec::new(),
            episode: 0,
            disturbances: 0,
            kept: None,
            reported: 0,
            unsure: BTreeSet::new(),
        }
    }

    pub(super) fn run(mut self, mut progress: impl FnMut(u64) -> bool) -> Result<Outcome, Error> {
        let mut stopped = false;
        let mut begun = false;
        while !stopped && self.episode < self.plan.failovers {
            self.begin();
            let ended = if begun { self.episode() } else { self.start().and_then(|()| self.episode()) };
            begun = true;
            match ended {
                Err(End::Error(error)) => return Err(error),
                Err(End::Broken) => {
                    // A little of what came of it belongs into the trace.
                    self.lan.pass(self.lan.now + self.interval())?;
                }
                Ok(()) => {}
            }
            let found = self.reported..self.lan.judge.broken().len();
            if self.is_late() {
                // What an answer says has nothing to do with when it came.
                let timed =
                    |index: &usize| self.lan.judge.broken()[*index].duty.invariant() != Invariant::OneMac;
                self.unsure.extend(found.clone().filter(timed));
            }
            let broken = found.clone().any(|index| !self.unsure.contains(&index));
            self.keep(broken);
            if broken && !self.plan.keep_going {
                break;
            }
            self.reported = self.lan.judge.broken().len();
            stopped = !progress(self.episode);
        }
        let found = self.lan.judge.broken().iter().cloned().enumerate();
        let (unsure, broken): (Vec<_>, Vec<_>) = found.partition(|(index, _)| self.unsure.contains(index));
        Ok(Outcome {
            failovers: self.failovers,
            broken: broken.into_iter().map(|(_, broken)| broken).collect(),
            unsure: unsure.into_iter().map(|(_, broken)| broken).collect(),
            counts: self.lan.hub.counts(),
            disturbances: self.disturbances,
            frames: self.lan.sent(),
            time: self.lan.now - Time::ZERO,
            record: self.kept.map(|(record, _)| record),
            stopped,
        })
    }

    /// This host was late, not long ago, by half of what a router may be: nothing is certain then.
    fn is_late(&self) -> bool {
        let since = self.lan.now.before(self.longest() * 2);
        self.lan.late_since(since) > self.lan.protocol.tolerance() / 2
    }

    fn interval(&self) -> Duration {
        self.lan.protocol.interval()
    }

    fn longest(&self) -> Duration {
        self.lan.protocol.longest_wait()
    }

    /// The next episode.
    fn begin(&mut self) {
        self.episode += 1;
        self.lan.judge.episode(self.episode);
        if self.plan.record {
            self.lan.record = Some(Record { episode: self.episode, ..Record::default() });
        }
    }

    /// Keeps the trace of the first broken episode, or else of the one with the longest failover.
    fn keep(&mut self, broken: bool) {
        let Some(record) = self.lan.record.take() else { return };
        let newest = self.failovers.last().filter(|failover| failover.episode == self.episode);
        let time = newest.and_then(|failover| failover.time(View::Protocol));
        let better = match &self.kept {
            None => true,
            // None there is one that was broken, and stays.
            Some((_, kept)) => kept.is_some() && (broken || time > *kept),
        };
        if better {
            self.kept = Some((record, if broken { None } else { Some(time.unwrap_or_default()) }));
        }
    }

    /// Time goes on, but not beyond the moment at which an invariant is broken.
    fn pass(&mut self, duration: Duration) -> Result<(), End> {
        let until = self.lan.now + duration;
        // What happens within a step is judged at its own time; the step is only how soon it is noticed here.
        let step = self.interval() / 4;
        while self.lan.now < until {
            let to = until.min(self.lan.now + step);
            self.lan.pass(to)?;
            self.check()?;
        }
        Ok(())
    }

    /// Is anything broken?
    fn check(&mut self) -> Result<(), End> {
        let broken = self.lan.judge.broken();
        if broken.len() == self.reported {
            return Ok(());
        }
        if let Some(record) = &mut self.lan.record {
            for one in &broken[self.reported..] {
                let text = format!("{}: {}", one.duty.invariant().name(), one.text);
                record.comment(one.routers.first().copied().unwrap_or_default(), one.at, text);
            }
        }
        Err(End::Broken)
    }

    fn below(&mut self, duration: Duration) -> Duration {
        Duration::from_nanos(self.random.below(nanoseconds(duration).max(1)))
    }

    fn one_of(&mut self, from: &[usize]) -> Option<usize> {
        let index = self.random.below(u64::try_from(from.len()).unwrap_or(1));
        from.get(usize::try_from(index).unwrap_or(0)).copied()
    }

    /// Who runs and is not cut off.
    fn running(&self) -> Vec<usize> {
        (0..self.failed.len()).filter(|router| self.failed[*router].is_none()).collect()
    }

    /// All routers start, one shortly after the other.
    fn start(&mut self) -> Result<(), End> {
        for router in 0..self.failed.len() {
            self.power(router)?;
            let pause = self.below(self.interval());
            self.pass(pause)?;
        }
        Ok(())
    }

    /// One failover.
    fn episode(&mut self) -> Result<(), End> {
        self.settle()?;
        if self.running().len() < 2 || self.failed.iter().any(Option::is_some) && self.random.below(2) == 0 {
            self.repair()?;
        }
        if self.random.below(4) == 0 {
            self.disturb()?;
        }
        // At any time of the interval.
        let pause = self.below(self.interval() * 2);
        self.pass(pause)?;
        loop {
            let gateway = self.settle()?;
            if self.fail(gateway)? {
                return Ok(());
            }
        }
    }

    /// Waits until all agree who the gateway is.
    fn settle(&mut self) -> Result<usize, End> {
        let limit = self.lan.now + self.longest() * WAITS;
        loop {
            if let Some(gateway) = self.lan.judge.settled(self.lan.now) {
                return Ok(gateway);
            }
            if self.lan.now > limit {
                return Err(self.undecided());
            }
            self.pass(self.interval() / 8)?;
        }
    }

    /// They do not agree, long after the last change.
    fn undecided(&mut self) -> End {
        let now = self.lan.now;
        let (active, others): (Vec<usize>, Vec<usize>) = self
            .running()
            .into_iter()
            .partition(|router| self.lan.judge.standing(*router, now) == Standing::Active);
        let after = seconds(self.longest() * WAITS);
        let (duty, routers, text) = if active.is_empty() {
            (Duty::TakesOver, others, format!("nobody is Active for certain, {after} after the last change"))
        } else if let stand @ [_, ..] = &self.without_next(&active, now)[..] {
            let text = format!(
                "has to be the next one or to leave it to another, and there is none to whom all others leave it, {after} after the last \
                 change"
            );
            (Duty::TakesOver, stand.to_vec(), text)
        } else {
            let text = format!(
                "{} Active and the others do not wait for it, {after} after the last change",
                if active.len() > 1 { "several are" } else { "one is" }
            );
            let all = if active.len() > 1 { active } else { active.into_iter().chain(others).collect() };
            (Duty::OneActive, all, text)
        };
        self.lan.judge.breaks(now, routers, duty, text);
        self.check().err().unwrap_or(End::Broken)
    }

    fn without_next(&self, active: &[usize], now: Time) -> Vec<usize> {
        match active {
            [gateway] => self.lan.judge.without_next(*gateway, now),
            _ => Vec::new(),
        }
    }

    /// The gateway fails, and somebody else takes over. False if it was the gateway no longer.
    fn fail(&mut self, gateway: usize) -> Result<bool, End> {
        let possible: &[Failure] = match &self.lan.players[gateway] {
            Player::Device { .. } => &Failure::ALL,
            Player::Live(_) => &[Failure::LinkDown, Failure::Mute, Failure::Isolated],
        };
        let choice = self.random.below(u64::try_from(possible.len()).unwrap_or(1));
        let failure = possible[usize::try_from(choice).unwrap_or(0)];
        // A live device forwards where nobody sees it.
        let references = self.lan.players.iter().all(|player| matches!(player, Player::Device { .. }));
        let packets = self.lan.protocol.remote().is_some() && references;
        let views: &[View] = if packets { &View::ALL } else { &[View::Protocol, View::Answers] };
        let limit = self.lan.now + self.longest() * WAITS;
        while !self.lan.watch.has_seen(gateway, views) {
            self.wait(limit, &[gateway], "is Active, and yet there is no good frame of it in each view")?;
        }
        // It may have been another one's turn meanwhile.
        if self.lan.judge.settled(self.lan.now) != Some(gateway) {
            return Ok(false);
        }
        self.lan.watch.fails(self.episode, failure, gateway, self.lan.now);
        self.fails(gateway, failure)?;
        let limit = self.lan.now + self.longest() * WAITS;
        let left = self.running();
        while !self.lan.watch.is_over(views) {
            let text = "or another router has to take over so that a host sees it, and none has";
            if let Err(end) = self.wait(limit, &left, text) {
                self.failovers.extend(self.lan.watch.take());
                return Err(end);
            }
        }
        self.failovers.extend(self.lan.watch.take());
        Ok(true)
    }

    /// A little time goes on. At the limit these routers have broken something.
    fn wait(&mut self, limit: Time, routers: &[usize], text: &str) -> Result<(), End> {
        if self.lan.now > limit {
            let text = format!("{text}, {} later", seconds(self.longest() * WAITS));
            self.lan.judge.breaks(self.lan.now, routers.to_vec(), Duty::TakesOver, text);
            self.check()?;
        }
        self.pass(self.interval() / 8)
    }

    /// A router fails.
    fn fails(&mut self, router: usize, failure: Failure) -> Result<(), End> {
        self.failed[router] = Some(failure);
        let now = self.lan.now;
        self.lan.note(router, Happening::Operation(format!("fails: {}", failure.text()).into()));
        match failure {
            Failure::LinkDown => {
                self.lan.note(router, Happening::Link { up: false });
                self.lan.hub.link(router, false);
                self.lan.judge.stops(router, now, false);
                self.carrier(router, false)?;
            }
            Failure::Disabled => {
                self.lan.judge.stops(router, now, true);
                let switch = self.lan.protocol.switch();
                self.lan.input(router, Input::Configure(switch, "no"))?;
            }
            Failure::PowerOff => {
                self.lan.note(router, Happening::Link { up: false });
                self.lan.hub.link(router, false);
                self.lan.judge.stops(router, now, false);
                if let Player::Device { device, .. } = &mut self.lan.players[router] {
                    *device = None;
                }
            }
            Failure::Mute | Failure::Isolated => {
                self.lan.judge.apart(router, true);
                self.lan.hub.cut_from(router, true);
                if failure == Failure::Isolated {
                    self.lan.hub.cut_to(router, true);
                }
            }
        }
        Ok(())
    }

    /// Some of those that have failed come back, one after the other, in any order.
    fn repair(&mut self) -> Result<(), End> {
        let all = self.random.below(2) == 0;
        loop {
            let failed: Vec<usize> =
                (0..self.failed.len()).filter(|router| self.failed[*router].is_some()).collect();
            let Some(router) = self.one_of(&failed) else { return Ok(()) };
            self.comes_back(router)?;
            self.settle()?;
            if !all {
                return Ok(());
            }
        }
    }

    fn comes_back(&mut self, router: usize) -> Result<(), End> {
        let Some(failure) = self.failed[router].take() else { return Ok(()) };
        let now = self.lan.now;
        self.lan.note(router, Happening::Operation("comes back".into()));
        match failure {
            Failure::LinkDown => {
                self.lan.note(router, Happening::Link { up: true });
                self.lan.hub.link(router, true);
                self.lan.judge.starts(router, now);
                self.carrier(router, true)?;
            }
            Failure::Disabled => {
                self.lan.judge.starts(router, now);
                let switch = self.lan.protocol.switch();
                self.lan.input(router, Input::Configure(switch, "yes"))?;
            }
            Failure::PowerOff => self.power(router)?,
            Failure::Mute | Failure::Isolated => {
                self.lan.hub.cut_from(router, false);
                self.lan.hub.cut_to(router, false);
                self.lan.judge.apart(router, false);
            }
        }
        Ok(())
    }

    /// A router starts from nothing.
    fn power(&mut self, router: usize) -> Result<(), End> {
        let now = self.lan.now;
        self.lan.note(router, Happening::Link { up: true });
        self.lan.hub.link(router, true);
        match &self.lan.players[router] {
            Player::Device { .. } => self.lan.judge.starts(router, now),
            Player::Live(_) => self.lan.judge.joins(router, now),
        }
        if let Player::Device { make, device } = &mut self.lan.players[router] {
            *device = Some(make().map_err(Error::Setting)?);
            if let Some(remote) = self.lan.protocol.remote() {
                self.lan.input(router, Input::Link(remote.port, true))?;
            }
            self.lan.input(router, Input::Link(LAN, true))?;
        }
        Ok(())
    }

    fn carrier(&mut self, router: usize, up: bool) -> Result<(), End> {
        match &self.lan.players[router] {
            Player::Device { .. } => self.lan.input(router, Input::Link(LAN, up))?,
            Player::Live(link) => link.carrier(up)?,
        }
        Ok(())
    }

    /// Something happens that is no failure of the gateway.
    fn disturb(&mut self) -> Result<(), End> {
        let gateway = self.settle()?;
        let others: Vec<usize> = self.running().into_iter().filter(|router| *router != gateway).collect();
        let Some(router) = self.one_of(&others) else { return Ok(()) };
        self.disturbances += 1;
        let length = self.interval() * u32::try_from(1 + self.random.below(LONGEST_DISTURBANCE)).unwrap_or(1);
        let choice = self.random.below(3);
        let (text, cut) = match choice {
            0 => ("hears nobody for a while", true),
            1 => ("does not hear the gateway for a while", true),
            _ => ("goes down for a while", false),
        };
        self.lan.note(router, Happening::Operation(text.into()));
        if cut {
            self.cut_off(router, gateway, choice == 0, true);
            self.pass(length)?;
            self.cut_off(router, gateway, choice == 0, false);
        } else {
            let live = matches!(self.lan.players[router], Player::Live(_));
            let possible = [Failure::LinkDown, Failure::Disabled, Failure::PowerOff];
            let choice = usize::try_from(self.random.below(3)).unwrap_or(0);
            let failure = if live { Failure::LinkDown } else { possible[choice] };
            self.fails(router, failure)?;
            self.pass(length)?;
            self.comes_back(router)?;
        }
        // What it has missed is not to count for the next failover.
        let interval = self.interval();
        self.pass(interval)?;
        self.settle()?;
        Ok(())
    }

    fn cut_off(&mut self, router: usize, gateway: usize, from_all: bool, cut: bool) {
        if from_all {
            self.lan.hub.cut_to(router, cut);
        } else {
            self.lan.hub.cut(gateway, router, cut);
        }
        self.lan.judge.apart(router, cut);
    }
}
