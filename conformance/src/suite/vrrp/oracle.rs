//! Was something accepted? Two ways to find out, which have to agree: as Active the device yields to a better
//! advertisement that it accepts; as Backup it waits for as long as it accepts what comes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::rc::Rc;
use std::time::Duration;

use redspec_codec::Family;

use super::pattern::Advertisements;
use super::{Advert, Dialect, Steps, VrrpTest, advertisement, announcement};
use crate::event::{Event, Port};
use crate::reference::router::LAN;
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::scenario::{Mark, Pattern, Sighting, Stop};
use crate::spec::vrrp::tolerances::{UNDER_WAY, still_active, too_soon, undisturbed};
use crate::suite::router::candidate::{Candidate, Framed, Numbered, Reaction, Seen, all, texts};
use crate::suite::router::pattern::Bindings;

/// More than these are not sent in one interval.
const MOST_AT_ONCE: usize = 100;
/// The requirement that both ways agree.
const BOTH_STATES: &str = "rx.both-states";

/// A device that has taken over: it advertises, or tells where an address of the virtual router is.
struct Takeover {
    own: Advertisements,
    announcement: Option<Bindings>,
}

impl Pattern for Takeover {
    fn describe(&self) -> String {
        self.own.describe()
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let told = self.announcement.as_ref().and_then(|told| told.matches(event));
        if told == Some(true) { told } else { self.own.matches(event).or(told) }
    }

    fn show(&self, event: &Event<'_>) -> String {
        self.own.show(event)
    }
}

impl From<Advert> for Candidate {
    fn from(advert: Advert) -> Self {
        Self::new(format!("priority {}", advert.priority), &advert)
    }
}

impl Framed for Advert {
    fn port(&self) -> Port {
        self.port
    }

    fn frame(&self) -> Vec<u8> {
        Self::frame(self)
    }

    /// What stands behind an Authentication Header has a sequence number.
    fn numbered(&self) -> Option<Numbered> {
        let advert = self.clone();
        let number = move |sequence_number| Self { sequence_number, ..advert.clone() }.frame();
        self.key.is_some().then(|| Numbered(Rc::new(number)))
    }
}

/// Verdicts.
impl VrrpTest<'_> {
    /// None of these is accepted, neither as Active nor as Backup. All of them have a better priority than the device.
    ///
    /// # Errors
    /// One is: recorded, and the end of the test.
    pub fn discarded<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let router = self.router();
        self.discarded_by(&router, what, candidates, requirement)
    }

    /// The same of another virtual router.
    ///
    /// # Errors
    /// As [`Self::discarded`].
    pub fn discarded_by<C: Clone + Into<Candidate>>(
        &mut self,
        router: &VirtualRouter,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let candidates = all(candidates);
        let (active, backup) = self.reactions(router, what, &candidates)?;
        let alike = self.alike(what, &active, &backup);
        for (state, seen) in [("Active", active), ("Backup", backup)] {
            let text = format!("{what}: discarded by D as {state}");
            self.judge(seen.ignored(), &text, &seen.text, seen.frame, requirement)?;
        }
        alike
    }

    /// The device, which is Active, goes on as if none of these had come.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn discarded_as_active<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let router = self.router();
        let seen = self.all_as_active(&router, what, &all(candidates))?;
        let text = format!("{what}: discarded by D as Active");
        self.judge(seen.ignored(), &text, &seen.text, seen.frame, requirement)
    }

    /// The device, made Backup, takes over as if none of these had come.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn discarded_as_backup<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let router = self.router();
        let seen = self.all_as_backup(&router, what, &all(candidates))?;
        let text = format!("{what}: discarded by D as Backup");
        self.judge(seen.ignored(), &text, &seen.text, seen.frame, requirement)
    }

    /// Each of these is accepted, as Active and as Backup. All of them have a better priority than the device.
    ///
    /// # Errors
    /// One is not: recorded, and the end of the test.
    pub fn accepted<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let candidates = all(candidates);
        let active = self.each_as_active(what, &candidates)?;
        let backup = self.each_as_backup(what, &candidates);
        if backup.is_err() {
            // Who takes nothing as Active does not become Backup either, and has failed before that.
            for (candidate, seen) in candidates.iter().zip(&active) {
                let text = format!("{what}: {}: accepted by D as Active", candidate.text);
                self.judge(seen.accepted(), &text, &seen.text, seen.frame, requirement)?;
            }
        }
        for (candidate, (active, backup)) in candidates.iter().zip(active.into_iter().zip(backup?)) {
            let alike = self.alike(&format!("{what}: {}", candidate.text), &active, &backup);
            for (state, seen) in [("Active", active), ("Backup", backup)] {
                let text = format!("{what}: {}: accepted by D as {state}", candidate.text);
                self.judge(seen.accepted(), &text, &seen.text, seen.frame, requirement)?;
            }
            alike?;
        }
        Ok(())
    }

    /// Records of each of these what becomes of it, which no clause says. Both states have to agree, if the test judges
    /// that.
    ///
    /// # Errors
    /// They do not: recorded, and the end of the test.
    pub fn recorded<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<Vec<(Seen, Seen)>, Stop> {
        let candidates = all(candidates);
        let seen = self.each_reaction(what, &candidates)?;
        let mut alike = Ok(());
        for (candidate, (active, backup)) in candidates.iter().zip(&seen) {
            let text = format!(
                "{what}: {}: {} as Active, {} as Backup",
                candidate.text,
                active.word(),
                backup.word()
            );
            self.note(text, active.frame.or(backup.frame), requirement);
            alike = alike.and(self.alike(&format!("{what}: {}", candidate.text), active, backup));
        }
        alike?;
        Ok(seen)
    }

    /// The same of all of these at once: whether any of them has had an effect.
    ///
    /// # Errors
    /// As [`Self::recorded`].
    pub fn recorded_together<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let router = self.router();
        let (active, backup) = self.reactions(&router, what, &all(candidates))?;
        let word = |seen: &Seen| if seen.ignored() { "all discarded" } else { "some accepted" };
        let text = format!("{what}: {} as Active, {} as Backup", word(&active), word(&backup));
        self.note(text, active.frame.or(backup.frame), requirement);
        self.alike(what, &active, &backup)
    }

    /// The device, which is Active, yields to this.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn accepted_as_active(
        &mut self,
        what: &str,
        candidate: &Advert,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let seen = self.one_as_active(what, &candidate.clone().into())?;
        let text = format!("{what}: accepted by D as Active");
        self.judge(seen.accepted(), &text, &seen.text, seen.frame, requirement)
    }

    /// The device, made Backup, goes on waiting while only this comes.
    ///
    /// # Errors
    /// It takes over: recorded, and the end of the test.
    pub fn accepted_as_backup(
        &mut self,
        what: &str,
        candidate: &Advert,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let seen = self.each_as_backup(what, &all(std::slice::from_ref(candidate)))?.pop();
        let seen = seen.ok_or_else(|| Stop::Error("nothing was sent".to_owned()))?;
        let text = format!("{what}: accepted by D as Backup");
        self.judge(seen.accepted(), &text, &seen.text, seen.frame, requirement)
    }

    /// Whatever came before, the device does with a good advertisement what it always does: it yields.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn obeys(&mut self, requirement: &'static str) -> Result<(), Stop> {
        let router = self.router();
        self.becomes_active(&router)?;
        let good = self.advert(200);
        self.accepted_as_active("a good one behind them", &good, requirement)
    }

    /// Whether the device, which is Active, yields to this: nothing is judged.
    ///
    /// # Errors
    /// The bed fails.
    pub fn yields_to(&mut self, candidate: &Advert) -> Result<bool, Stop> {
        Ok(self.one_as_active("one advertisement", &candidate.clone().into())?.accepted())
    }

    /// Whether the device, made Backup, goes on waiting while only this comes: nothing is judged.
    ///
    /// # Errors
    /// The bed fails, or the device does not become Backup.
    pub fn waits_for(&mut self, candidate: &Advert) -> Result<bool, Stop> {
        let seen = self.each_as_backup("one advertisement", &all(std::slice::from_ref(candidate)))?;
        Ok(seen.iter().all(Seen::accepted))
    }

    /// What is discarded in one state is discarded in the other: a finding of its own, whatever else is found.
    fn alike(&mut self, what: &str, active: &Seen, backup: &Seen) -> Result<(), Stop> {
        if !self.run.judges(self.requirement(BOTH_STATES)) {
            return Ok(());
        }
        let text = format!("{what}: discarded as Active and as Backup, or in neither state");
        let seen = format!("{} as Active, {} as Backup", active.word(), backup.word());
        let frame = active.frame.or(backup.frame);
        self.judge(active.ignored() == backup.ignored(), &text, &seen, frame, BOTH_STATES)
    }
}

/// What is seen.
impl VrrpTest<'_> {
    /// What becomes of all of them at once, as Active and as Backup.
    ///
    /// # Errors
    /// The bed fails, or the device does not become what it has to be.
    pub fn reactions(
        &mut self,
        router: &VirtualRouter,
        what: &str,
        candidates: &[Candidate],
    ) -> Result<(Seen, Seen), Stop> {
        self.becomes_active(router)?;
        let active = self.all_as_active(router, what, candidates)?;
        let backup = self.all_as_backup(router, what, candidates)?;
        Ok((active, backup))
    }

    /// What becomes of each of them, as Active and as Backup.
    fn each_reaction(&mut self, what: &str, candidates: &[Candidate]) -> Result<Vec<(Seen, Seen)>, Stop> {
        let active = self.each_as_active(what, candidates)?;
        let backup = self.each_as_backup(what, candidates)?;
        Ok(active.into_iter().zip(backup).collect())
    }

    /// What becomes of each of them, as Active.
    fn each_as_active(&mut self, what: &str, candidates: &[Candidate]) -> Result<Vec<Seen>, Stop> {
        let mut active = Vec::new();
        let router = self.router();
        for candidate in candidates {
            self.becomes_active(&router)?;
            let seen = self.one_as_active(what, candidate)?;
            if !seen.ignored() {
                self.release()?;
            }
            active.push(seen);
        }
        Ok(active)
    }

    fn send_candidate(&mut self, candidate: &Candidate) -> Result<Mark, Stop> {
        if let Some(Numbered(frame)) = &candidate.numbered {
            let frame = frame(self.lan.number());
            return self.send_frame(candidate.port, &frame);
        }
        let mut mark = self.mark();
        for frame in &candidate.frames {
            mark = self.send_frame(candidate.port, frame)?;
        }
        Ok(mark)
    }

    /// An advertisement of another router for this one, right in everything.
    pub fn advert_for(&self, router: &VirtualRouter, priority: u8) -> Advert {
        let source: IpAddr = match router.family {
            _ if router.port == LAN => self.smaller_address(),
            Family::Ipv4 => Ipv4Addr::new(198, 51, 100, 9).into(),
            Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9).into(),
        };
        Advert::new(&self.configuration, router, source, priority)
    }

    /// Its advertisements of the version that is looked at: there may be others beside them.
    fn own(&self, router: &VirtualRouter) -> Advertisements {
        advertisement(router).version(if self.dialect == Dialect::V2 { 2 } else { 3 })
    }

    /// What shows that it has taken over: its advertisement, or that it tells where the virtual router's first address
    /// is. A device that loses its first advertisement still has waited no longer than it should.
    fn takeover(&self, router: &VirtualRouter) -> Takeover {
        let announcement = router.addresses.first().map(|address| announcement(router.port, *address));
        Takeover { own: self.own(router), announcement: announcement.map(|told| told.at(router.mac())) }
    }

    /// Nobody else advertises, and it does.
    fn becomes_active(&mut self, router: &VirtualRouter) -> Result<Sighting, Stop> {
        let interval = router.interval;
        let before = self.run.preamble_start();
        self.run.step(format!("nobody else advertises: D is Active for virtual router {}", router.vrid));
        let mark = self.mark();
        // It may just have heard somebody.
        let longest = interval * 5 + Duration::from_secs(1);
        let found = self.look(&self.own(router), mark, longest)?;
        self.run.preamble_end(before);
        found.ok_or_else(|| {
            let longest = longest.as_secs_f64();
            Stop::Inconclusive(format!(
                "preamble: D did not advertise within {longest} s although nobody did"
            ))
        })
    }

    /// The middle of its interval. Returns its last advertisement.
    ///
    /// # Errors
    /// It has stopped advertising: the test is inconclusive.
    pub fn middle(&mut self, router: &VirtualRouter) -> Result<Sighting, Stop> {
        let mark = self.mark();
        let found = self.look(&self.own(router), mark, still_active(router.interval).lenient.to)?;
        let Some(last) = found else {
            return Err(Stop::Inconclusive("preamble: D has stopped advertising".to_owned()));
        };
        self.wait_until(last.mark(), router.interval / 2)?;
        Ok(last)
    }

    /// A better router advertises, the device is Backup, and that one falls silent. Returns its last advertisement.
    fn becomes_backup(&mut self, router: &VirtualRouter) -> Result<Mark, Stop> {
        let interval = router.interval;
        let before = self.run.preamble_start();
        let advert = self.advert_for(router, 200);
        self.run.step(format!("T advertises priority 200 for virtual router {}: D is Backup", router.vrid));
        let peer = self.start_peer(advert);
        self.wait(interval / 2)?;
        let mark = self.mark();
        let found = self.look(&self.own(router), mark, interval * 2)?;
        let last = self.stop_peer(peer);
        self.run.preamble_end(before);
        match found {
            Some(_) => Err(Stop::Inconclusive("preamble: D does not yield to priority 200".to_owned())),
            None => last,
        }
    }

    /// The device is Active and stays so, however exact its timer is, for so many intervals.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn stays_active(
        &mut self,
        mark: Mark,
        intervals: u32,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let router = self.router();
        let (own, window) = (self.own(&router), still_active(router.interval));
        let mut from = mark;
        for _ in 0..intervals {
            from = self.expect(&own, from, window, requirement)?.mark();
        }
        Ok(())
    }

    /// The other router of the oracles releases what it has taken: the device is soon Active again.
    ///
    /// # Errors
    /// The bed fails.
    pub fn release(&mut self) -> Result<(), Stop> {
        // What was accepted may have told it any interval.
        let (reset, release) = (self.advert(200), self.advert(0));
        self.send(&reset)?;
        self.send(&release)?;
        Ok(())
    }

    /// As Active, which it is: what becomes of all of them. A few milliseconds are between two.
    ///
    /// # Errors
    /// The bed fails, or the device has stopped advertising.
    pub fn all_as_active(
        &mut self,
        router: &VirtualRouter,
        what: &str,
        candidates: &[Candidate],
    ) -> Result<Seen, Stop> {
        let mut seen = Seen::new(Reaction::Ignored, "it goes on", None);
        for group in candidates.chunks(MOST_AT_ONCE) {
            seen = self.group_as_active(router, what, group)?;
            if !seen.ignored() {
                return Ok(seen);
            }
        }
        Ok(seen)
    }

    fn group_as_active(
        &mut self,
        router: &VirtualRouter,
        what: &str,
        group: &[Candidate],
    ) -> Result<Seen, Stop> {
        let (interval, own) = (router.interval, self.own(router));
        let before = self.middle(router)?;
        // Who sends out of turn by himself is not disturbed by doing so.
        let restless = self.soonest(router, self.run.origin())?.is_some();
        self.run.step(format!("T sends, as D is Active: {what}: {}", texts(group)));
        let room = interval * 2 / 5;
        let gap = room / u32::try_from(group.len().max(8)).unwrap_or(u32::MAX);
        let mut last = self.mark();
        for candidate in group {
            last = self.send_candidate(candidate)?;
            self.wait(gap)?;
        }
        let longest = still_active(interval).lenient.to;
        let silent = format!("it fell silent: no advertisement for {} s", longest.as_secs_f64());
        let Some(first) = self.look(&own, last, longest)? else {
            return Ok(Seen::new(Reaction::Accepted, silent, None));
        };
        if self.look(&own, first.mark(), longest)?.is_none() {
            return Ok(Seen::new(Reaction::Accepted, silent, Some(first)));
        }
        match self.soonest(router, before.itself())? {
            Some(early) if !restless => {
                Ok(Seen::new(Reaction::Disturbed, "it advertised out of turn", Some(early)))
            }
            _ => Ok(Seen::new(Reaction::Ignored, "it goes on", Some(first))),
        }
    }

    /// An advertisement out of turn, of those from `mark` on.
    fn soonest(&mut self, router: &VirtualRouter, mark: Mark) -> Result<Option<Sighting>, Stop> {
        let own = self.own(router);
        let until = self.now() - mark.at.time;
        let all = self.all(&own, mark, until)?;
        let soon = too_soon(router.interval);
        let early = all.windows(2).find(|pair| pair[1].at.time - pair[0].at.time < soon);
        Ok(early.map(|pair| pair[1]))
    }

    /// As Backup: what becomes of all of them, spread over the time in which it waits. What it accepts moves its takeover
    /// by an interval at least.
    fn all_as_backup(
        &mut self,
        router: &VirtualRouter,
        what: &str,
        candidates: &[Candidate],
    ) -> Result<Seen, Stop> {
        let interval = router.interval;
        let last = self.becomes_backup(router)?;
        self.run
            .step(format!("T falls silent as that router, and sends instead: {what}: {}", texts(candidates)));
        let down = self.down_interval_of(router);
        let room = down.saturating_sub(interval * 3 / 2);
        let gap = room / u32::try_from(candidates.len()).unwrap_or(u32::MAX).max(1);
        for (number, candidate) in (0..).zip(candidates) {
            self.wait_until(last, interval + gap * number)?;
            self.send_candidate(candidate)?;
        }
        let span = undisturbed(down, interval);
        let first = self.look(&self.takeover(router), last, span.to)?;
        Ok(match first {
            None => {
                let text = format!("it still waits {} s after the last good one", span.to.as_secs_f64());
                Seen::new(Reaction::Accepted, text, None)
            }
            Some(first) => {
                let after = first.at.time - last.at.time;
                let text = format!("it took over {} s after the last good one", after.as_secs_f64());
                let reaction = if after < span.from { Reaction::Disturbed } else { Reaction::Ignored };
                Seen::new(reaction, text, Some(first))
            }
        })
    }

    fn down_interval_of(&self, router: &VirtualRouter) -> Duration {
        let formulas = crate::spec::vrrp::timers::formulas(self.dialect.version());
        formulas.down_interval(router.priority, router.interval)
    }

    /// As Active: what becomes of this one.
    fn one_as_active(&mut self, what: &str, candidate: &Candidate) -> Result<Seen, Stop> {
        let router = self.router();
        let own = self.own(&router);
        self.middle(&router)?;
        self.run.step(format!("T sends, as D is Active: {what}: {}", candidate.text));
        let mut mark = self.send_candidate(candidate)?;
        self.wait_until(mark, UNDER_WAY)?;
        mark.events = self.run.events().len();
        // Long enough for two of its own, and shorter than it waits for the next.
        let longest = router.interval * 11 / 5;
        Ok(match self.look(&own, mark, longest)? {
            None => {
                let text = format!("no advertisement for {} s", longest.as_secs_f64());
                Seen::new(Reaction::Accepted, text, None)
            }
            Some(first) => {
                let after = (first.at.time - mark.at.time).as_secs_f64();
                Seen::new(Reaction::Ignored, format!("it advertised {after} s later"), Some(first))
            }
        })
    }

    /// As Backup: what becomes of each of them. One comes just before it would take over for want of the one before.
    fn each_as_backup(&mut self, what: &str, candidates: &[Candidate]) -> Result<Vec<Seen>, Stop> {
        let router = self.router();
        let own = self.takeover(&router);
        let held = router.interval * 5 / 2;
        let mut good: Option<Mark> = None;
        let mut out = Vec::new();
        for candidate in candidates {
            let last = if let Some(last) = good {
                last
            } else {
                let last = self.becomes_backup(&router)?;
                self.wait_until(last, held)?;
                last
            };
            self.run.step(format!("T sends instead, as D is Backup: {what}: {}", candidate.text));
            let mark = self.send_candidate(candidate)?;
            let found = self.look(&own, mark, held)?;
            good = if found.is_none() { Some(mark) } else { None };
            out.push(match found {
                None => Seen::new(Reaction::Accepted, "it waits", None),
                Some(first) => {
                    let after = (first.at.time - last.at.time).as_secs_f64();
                    let text = format!("it took over {after} s after the one before");
                    Seen::new(Reaction::Ignored, text, Some(first))
                }
            });
        }
        Ok(out)
    }
}
