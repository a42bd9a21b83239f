//! Was something accepted? Two ways to find out: as Active the device yields to the Hello of a better Active router that it
//! accepts; as Standby it waits for as long as it accepts what comes.
//!
//! Candidates carry a Holdtime of several of the device's, so that who accepts one takes over much later than who does not,
//! however late that one is by itself.

use std::time::Duration;

use redspec_codec::hsrp::Opcode;

use super::{HsrpTest, Message, Steps};
use crate::event::Port;
use crate::scenario::{Mark, Stop};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{STARTING, UNDER_WAY, next_hello, silent, takeover};
use crate::suite::router::candidate::{Candidate, Framed, Reaction, Seen, all, texts};

use super::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};

/// More than these are not sent in one Hellotime.
const MOST_AT_ONCE: usize = 100;
/// A candidate's Holdtime, in those of the device.
const HOLDTIMES: u32 = 4;
/// It is longer than the device's by this at least: by more than what a takeover may be late by.
const LONGER: Duration = Duration::from_secs(6);

impl Framed for Message {
    fn port(&self) -> Port {
        self.port
    }

    fn frame(&self) -> Vec<u8> {
        Self::frame(self)
    }
}

impl From<Message> for Candidate {
    fn from(message: Message) -> Self {
        Self::new(format!("priority {}", message.priority), &message)
    }
}

/// Verdicts.
impl HsrpTest<'_> {
    /// The Hello of a better Active router, as which candidates are made.
    pub fn candidate(&self) -> Message {
        let most = Duration::from_secs(255);
        let hold = (self.holdtime() * HOLDTIMES).max(self.holdtime() + LONGER);
        self.hello(Group::Active, ACTIVE_PRIORITY).hold(hold.min(most))
    }

    /// None of these is accepted, neither as Active nor as Standby. All of them are Hellos of a better Active router.
    ///
    /// # Errors
    /// One is: recorded, and the end of the test.
    pub fn discarded<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        self.discarded_as_active(what, candidates, requirement)?;
        self.discarded_as_standby(what, candidates, requirement)
    }

    /// The device, made Active, goes on as if none of these had come.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn discarded_as_active<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let seen = self.all_as_active(what, &all(candidates))?;
        let text = format!("{what}: discarded by D as Active");
        self.judge(seen.ignored(), &text, &seen.text, seen.frame, requirement)
    }

    /// The device, made Standby, takes over as if none of these had come.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn discarded_as_standby<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let seen = self.all_as_standby(what, &all(candidates))?;
        let text = format!("{what}: discarded by D as Standby");
        self.judge(seen.ignored(), &text, &seen.text, seen.frame, requirement)
    }

    /// Each of these is accepted by the device, made Active.
    ///
    /// # Errors
    /// One is not: recorded, and the end of the test.
    pub fn accepted<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<(), Stop> {
        for candidate in all(candidates) {
            let seen = self.one_as_active(what, &candidate)?;
            let text = format!("{what}: {}: accepted by D as Active", candidate.text);
            self.judge(seen.accepted(), &text, &seen.text, seen.frame, requirement)?;
        }
        Ok(())
    }

    /// Records of each of these what the device, made Active, makes of it, which no clause says.
    ///
    /// # Errors
    /// The bed fails, or the device does not become Active.
    pub fn recorded<C: Clone + Into<Candidate>>(
        &mut self,
        what: &str,
        candidates: &[C],
        requirement: &'static str,
    ) -> Result<Vec<Seen>, Stop> {
        let mut out = Vec::new();
        for candidate in all(candidates) {
            let seen = self.one_as_active(what, &candidate)?;
            self.note(format!("{what}: {}: {}", candidate.text, seen.word()), seen.frame, requirement);
            out.push(seen);
        }
        Ok(out)
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
        let seen = self.all_as_active(what, &all(candidates))?;
        let word = if seen.ignored() { "all discarded" } else { "some accepted" };
        self.note(format!("{what}: {word}"), seen.frame, requirement);
        Ok(())
    }

    /// Whatever came before, the device, made Active, does with a good message what it always does: it yields.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn obeys(&mut self, requirement: &'static str) -> Result<(), Stop> {
        self.run.step("nobody else says anything: D is Active");
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        let mark = self.mark();
        let longest = self.holdtime() * 3 + self.hellotime() * 2 + STARTING;
        let found = self.look(&self.message().state(Group::Active), mark, longest)?;
        let seen = if found.is_some() { "" } else { "it sends no Hello of an Active router" };
        let frame = found.map(|found| found.number);
        self.judge(found.is_some(), "left alone behind them, D is Active", seen, frame, requirement)?;
        let good = self.candidate();
        let seen = self.one_as_active("a good one behind them", &good.into())?;
        self.judge(
            seen.accepted(),
            "a good one behind them: accepted by D",
            &seen.text,
            seen.frame,
            requirement,
        )
    }

    /// Sends all frames of a candidate.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send_candidate(&mut self, candidate: &Candidate) -> Result<Mark, Stop> {
        let mut last = self.mark();
        for (at, frame) in candidate.frames.iter().enumerate() {
            let mark = self.send_frame(candidate.port, frame)?;
            if at == 0 {
                last = mark;
            }
        }
        Ok(last)
    }
}

/// Ways to find out.
impl HsrpTest<'_> {
    /// Behind what may have told the device any Holdtime, two routers tell it the usual one and fall silent: whatever state
    /// it is in, it is soon Active again.
    ///
    /// # Errors
    /// The bed could not.
    pub fn release(&mut self) -> Result<Mark, Stop> {
        let active = self.hello(Group::Active, ACTIVE_PRIORITY);
        let standby = self.hello(Group::Standby, STANDBY_PRIORITY);
        // In this order: where both timers expire in Listen, the Active timer has to be the first.
        self.send(&active)?;
        self.send(&standby)
    }

    /// As Active: what becomes of all of these.
    fn all_as_active(&mut self, what: &str, candidates: &[Candidate]) -> Result<Seen, Stop> {
        let mut seen = Seen::new(Reaction::Ignored, "it goes on", None);
        for group in candidates.chunks(MOST_AT_ONCE) {
            seen = self.group_as_active(what, group)?;
            if !seen.ignored() {
                return Ok(seen);
            }
        }
        Ok(seen)
    }

    /// As Active: what becomes of these, which all come within half a Hellotime.
    fn group_as_active(&mut self, what: &str, candidates: &[Candidate]) -> Result<Seen, Stop> {
        self.make_active()?;
        self.run.step(format!("T sends, as D is Active: {what}: {}", texts(candidates)));
        let gap = self.hellotime() * 2 / 5 / u32::try_from(candidates.len().max(8)).unwrap_or(u32::MAX);
        let first = self.mark();
        let mut last = first;
        for candidate in candidates {
            last = self.send_candidate(candidate)?;
            self.wait(gap)?;
        }
        let seen = self.active_after(first, last)?;
        if seen.accepted() {
            let mark = self.release()?;
            // Who has said nothing at all has nothing to wait for any more.
            if seen.frame.is_none() {
                self.speaks_again(mark)?;
            }
        }
        Ok(seen)
    }

    /// As Active: what becomes of this one. Who accepts it is Active no longer, and says so in its next message.
    ///
    /// # Errors
    /// The bed fails, the device does not become Active, or it dies of it.
    pub fn one_as_active(&mut self, what: &str, candidate: &Candidate) -> Result<Seen, Stop> {
        self.group_as_active(what, std::slice::from_ref(candidate))
    }

    /// Whether the device, which was Active, is still: three Hellos say so, and no message anything else.
    fn active_after(&mut self, first: Mark, last: Mark) -> Result<Seen, Stop> {
        let any = self.message();
        let longest = silent(self.hellotime());
        // A slow device may not have read it before its next Hello.
        let least = last.at.time + next_hello(self.hellotime()).lenient.to;
        let (mut from, mut hellos) = (first, 0);
        loop {
            let silent_from = from.at.time.max(last.at.time);
            let Some(next) = self.look(&any, from, silent_from - from.at.time + longest)? else {
                let text = format!("it fell silent: no message for {} s", longest.as_secs_f64());
                return Ok(Seen::new(Reaction::Accepted, text, None));
            };
            let Some(heard) = self.seen(next).map(|seen| seen.heard) else {
                return Err(Stop::Error("a message could not be read again".to_owned()));
            };
            match (heard.opcode, heard.state) {
                (Opcode::HELLO, Some(Group::Active)) => {}
                // Who asserts itself has taken it for a worse router's.
                (Opcode::COUP, _) => {
                    return Ok(Seen::new(Reaction::Disturbed, "it sent a Coup", Some(next)));
                }
                (opcode, state) => {
                    let state = state.map_or("no known state".to_owned(), |state| format!("{state:?}"));
                    let text = format!("it sent a {opcode} in {state}");
                    return Ok(Seen::new(Reaction::Accepted, text, Some(next)));
                }
            }
            // What was under way when the last one was sent says nothing.
            hellos += u32::from(next.at.time > last.at.time + UNDER_WAY);
            if hellos >= 3 && next.at.time >= least {
                return Ok(Seen::new(Reaction::Ignored, "it goes on", Some(next)));
            }
            from = next.mark();
        }
    }

    /// As Standby: what becomes of all of these, spread over the time in which it waits. What it accepts moves its takeover
    /// by Holdtimes.
    fn all_as_standby(&mut self, what: &str, candidates: &[Candidate]) -> Result<Seen, Stop> {
        let (hellotime, holdtime) = (self.hellotime(), self.holdtime());
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        let (active, first) = self.make_standby()?;
        let before = self.run.preamble_start();
        // That Hello may have been under way since before the device heard who has changed its state: another has to follow.
        let mut settled = first.mark();
        settled.at.time += hellotime / 2;
        let longest = holdtime * 3 + hellotime * 2;
        if self.look(&self.message().state(Group::Standby), settled, longest)?.is_none() {
            return Err(Stop::Inconclusive("preamble: D does not stay Standby".to_owned()));
        }
        let last = self.stop_peer(active)?;
        self.run.preamble_end(before);
        self.run.step(format!("T falls silent as Active, and sends instead: {what}: {}", texts(candidates)));
        let room = holdtime.saturating_sub(hellotime * 3 / 2);
        let gap = room / u32::try_from(candidates.len()).unwrap_or(u32::MAX).max(1);
        for (number, candidate) in (0..).zip(candidates) {
            self.wait_until(last, hellotime / 2 + gap * number)?;
            self.send_candidate(candidate)?;
        }
        let window = takeover(holdtime).lenient;
        let active = self.message().state(Group::Active);
        let found = self.look(&active, last, window.to)?;
        Ok(match found {
            None => {
                let text = format!("it still waits {} s after the last good one", window.to.as_secs_f64());
                Seen::new(Reaction::Accepted, text, None)
            }
            Some(first) => {
                let after = first.at.time - last.at.time;
                let text = format!("it took over {} s after the last good one", after.as_secs_f64());
                let reaction = if after < window.from { Reaction::Disturbed } else { Reaction::Ignored };
                Seen::new(reaction, text, Some(first))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bed::Lab;
    use crate::bed::sim::SimLab;
    use crate::reference::hsrp::configuration::Authentication;
    use crate::reference::imprecise::Imprecision;
    use crate::reference::lab;
    use crate::scenario::Test;
    use crate::scenario::runner::run_test;
    use crate::settings::Settings;
    use crate::suite::hsrp::Dialect;
    use crate::verdict::Verdict;

    /// Hellotime and Holdtime, in seconds.
    const TIMES: [(&str, &str); 3] = [("1", "3"), ("3", "10"), ("5", "15")];

    fn settings(hellotime: &str, holdtime: &str) -> Settings {
        let mut settings = Settings::new().with("hsrp.hellotime", hellotime).with("hsrp.holdtime", holdtime);
        settings.set("test.flood", 300);
        settings
    }

    /// Late with all that it sends, and sends some Hellos twice.
    const LATE: Imprecision = Imprecision {
        name: "late",
        drift: 0,
        reception: Duration::ZERO,
        transmission: Duration::from_millis(450),
        again: 3,
    };

    fn wanted(t: &mut HsrpTest<'_>, seen: &Seen, reaction: Reaction, what: &str) -> Result<(), Stop> {
        let text = format!("{:?}, {}", seen.reaction, seen.text);
        t.judge(seen.reaction == reaction, what, &text, seen.frame, "robust.fuzz")
    }

    /// What becomes of a good one and of one with a wrong password, several times over in both states.
    fn both(dialect: Dialect) -> Test {
        dialect.test("oracle", "-", "", &["robust.fuzz"]).hsrp(dialect, |t| {
            let good: Candidate = t.candidate().into();
            let authentication = Some(Authentication::Text("wrong".to_owned()));
            let wrong: Candidate = Message { authentication, ..t.candidate() }.into();
            for round in 0..3 {
                let wrongs = vec![wrong.clone(); 1 + 60 * round];
                let seen = t.one_as_active("", &good)?;
                wanted(t, &seen, Reaction::Accepted, "a good one as Active")?;
                let seen = t.all_as_active("", &wrongs)?;
                wanted(t, &seen, Reaction::Ignored, "wrong ones as Active")?;
                let seen = t.all_as_standby("", &wrongs)?;
                wanted(t, &seen, Reaction::Ignored, "wrong ones as Standby")?;
                let seen = t.all_as_active("", &[&wrongs[..], std::slice::from_ref(&good)].concat())?;
                wanted(t, &seen, Reaction::Accepted, "a good one behind them as Active")?;
                let seen = t.all_as_standby("", &[std::slice::from_ref(&good), &wrongs[..]].concat())?;
                wanted(t, &seen, Reaction::Accepted, "a good one among them as Standby")?;
                t.release()?;
            }
            // A Resign as Standby, and a Coup as Active, are seen too.
            let resign = t.candidate().resign().into();
            let seen = t.all_as_standby("", &[resign])?;
            wanted(t, &seen, Reaction::Disturbed, "a Resign as Standby")?;
            let coup = t.candidate().coup();
            let seen = t.one_as_active("", &coup.into())?;
            wanted(t, &seen, Reaction::Accepted, "a Coup as Active")?;
            let lower = Message { priority: 1, ..t.candidate() };
            let seen = t.one_as_active("", &lower.into())?;
            wanted(t, &seen, Reaction::Disturbed, "a worse router as Active")
        })
    }

    /// The labs of that dialect's editions with these times, the exact reference and the imprecise one.
    fn labs(dialect: Dialect, hellotime: &str, holdtime: &str) -> Vec<SimLab> {
        let settings = settings(hellotime, holdtime);
        let of = |edition| {
            [lab::reference(edition, settings.clone()), LATE.reference(edition, settings.clone(), 1)]
        };
        dialect.editions().iter().flat_map(of).collect()
    }

    #[test]
    fn it_sees_what_is_accepted_and_what_is_not_whatever_the_times() {
        for dialect in Dialect::ALL {
            let test = both(dialect);
            for (hellotime, holdtime) in TIMES {
                for lab in labs(dialect, hellotime, holdtime) {
                    let result = run_test(&test, &lab, 1).result;
                    let name = format!("{dialect:?} {hellotime} {holdtime} {}", lab.device());
                    assert_eq!(result.verdict, Verdict::Pass, "{name}: {:?}", result.reason);
                }
            }
        }
    }
}
