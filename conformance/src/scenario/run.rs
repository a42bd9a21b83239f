//! A test while it runs: it sends and waits on a bed, and judges what it has seen.

use std::borrow::Cow;
use std::time::Duration;

use super::random::Random;
use super::{Needs, Pattern, Stop};
use crate::bed::{Bed, BedError, Capability, Log, trace};
use crate::event::{Direction, Event, Happening, Port, Stamp, late_about, late_within};
use crate::settings::Settings;
use crate::spec::{Edition, Level, Span, Window, requirement, setting};
use crate::time::{Time, nanoseconds};
use crate::verdict::{Judgement, Obligation, Timing};

/// More events than any test has use for.
const MOST_EVENTS: usize = 2_000_000;

/// What a device sends so soon after a stimulus it may have sent without having seen that. Chosen, not measured: what is
/// told apart by it is inconclusive, and a fault only if each of several runs shows it.
const UNDER_WAY: Duration = Duration::from_millis(50);

/// A host that is late by more than half of what the lenient windows allow, which is 500 ms and more (FAST): no fault is
/// certain then.
pub(super) const DISTURBING: Duration = Duration::from_millis(250);

/// So long is it still looked for what did not come in time.
pub(super) const AFTERWARDS: Duration = Duration::from_millis(250);

/// A wait is made no longer than this, or than twice its length, for a host that is late.
const MOST_LATE: Duration = Duration::from_secs(5);

/// Frames to be sent.
pub type Outbox = Vec<(Port, Vec<u8>)>;

/// The device's partner, who acts on his own while a test waits.
pub trait Background {
    /// When it wants to act next.
    fn deadline(&self) -> Option<Time>;
    /// The time has come. Its next deadline is later.
    fn due(&mut self, now: Time, out: &mut Outbox);
    /// The device sent something or something happened to a link.
    fn seen(&mut self, now: Time, event: &Event<'_>, out: &mut Outbox);
    /// A frame was sent, its own or a test's.
    fn sent(&mut self, mark: Mark, port: Port, frame: &[u8]);
}

/// Nobody.
pub struct Nobody;

impl Background for Nobody {
    fn deadline(&self) -> Option<Time> {
        None
    }
    fn due(&mut self, _: Time, _: &mut Outbox) {}
    fn seen(&mut self, _: Time, _: &Event<'_>, _: &mut Outbox) {}
    fn sent(&mut self, _: Mark, _: Port, _: &[u8]) {}
}

/// A point in the course of a test, from which times are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: Stamp,
    /// Events of the trace before it.
    pub events: usize,
}

/// A frame that was waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// When it came.
    pub at: Stamp,
    /// Its place among the events of the trace.
    pub index: usize,
    /// Its number in the capture, from 1.
    pub number: u64,
}

impl Mark {
    /// It was certainly later than `stamp`: what the device sent then was only read behind it, and is no answer to it.
    fn is_after(self, stamp: Stamp) -> bool {
        stamp.time + (stamp.uncertainty + self.at.uncertainty) < self.at.time
    }

    /// The same time to count from, for frames behind `sighting` alone.
    #[must_use]
    pub const fn past(self, sighting: Sighting) -> Self {
        Self { at: self.at, events: sighting.index + 1 }
    }
}

impl Sighting {
    /// As a point to count from: what follows it.
    pub const fn mark(&self) -> Mark {
        Mark { at: self.at, events: self.index + 1 }
    }

    /// As a point to count from: it and what follows it.
    pub const fn itself(&self) -> Mark {
        Mark { at: self.at, events: self.index }
    }
}

/// What a test did or looked for, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Before the test proper.
    SetUp(String),
    /// A stimulus.
    Procedure(String),
    /// What is to be seen, and by which requirement.
    Observable(String, &'static str),
}

/// A test while it runs.
pub struct Run {
    bed: Box<dyn Bed>,
    edition: Edition,
    exact: bool,
    settings: Settings,
    ports: usize,
    capabilities: Vec<Capability>,
    requirements: Vec<&'static str>,
    events: Vec<Event<'static>>,
    frames: u64,
    obligations: Vec<Obligation>,
    steps: Vec<Step>,
    in_preamble: bool,
    unsure: bool,
    /// For data, partners and everything else that is arbitrary.
    pub random: Random,
}

/// What is left of a run when it is over.
pub struct Record {
    /// Everything that happened.
    pub events: Vec<Event<'static>>,
    /// Everything that was judged.
    pub obligations: Vec<Obligation>,
    /// Everything that was done, in words.
    pub steps: Vec<Step>,
    /// Rows that the device took.
    pub rows: Vec<&'static str>,
    /// What the device said of itself.
    pub logs: Vec<Log>,
    /// When the device's links came up.
    pub origin: Stamp,
    /// When it ended.
    pub end: Time,
    /// It came to no end because the host was too late for a time in the set-up.
    pub unsure: bool,
}

impl Run {
    /// A run on `bed`.
    pub fn new(
        bed: Box<dyn Bed>,
        edition: Edition,
        exact: bool,
        settings: Settings,
        needs: &Needs,
        requirements: Vec<&'static str>,
        random: Random,
    ) -> Self {
        Self {
            bed,
            edition,
            exact,
            settings,
            ports: needs.ports,
            capabilities: needs.capabilities.clone(),
            requirements,
            events: Vec::new(),
            frames: 0,
            obligations: Vec::new(),
            steps: Vec::new(),
            in_preamble: false,
            unsure: false,
            random,
        }
    }

    /// Ends it.
    ///
    /// # Errors
    /// The device died.
    pub fn finish(mut self) -> (Record, Result<(), Stop>) {
        let (rows, end, origin) = (self.bed.rows(), self.bed.now(), self.bed.origin());
        let closed = self.bed.close().map_err(Stop::from).and_then(|events| {
            let mut events = events.into_iter();
            events.try_for_each(|event| self.record(event.at, event.port, event.what).map(drop))
        });
        let logs = self.bed.logs();
        let Self { events, obligations, steps, unsure, .. } = self;
        (Record { events, obligations, steps, rows, logs, origin, end, unsure }, closed)
    }

    /// What the device is judged by.
    pub fn edition(&self) -> Edition {
        self.edition
    }

    /// The test said that it judges this.
    pub fn judges(&self, requirement: &str) -> bool {
        self.requirements.contains(&requirement)
    }

    /// The device is held to the strict windows.
    pub fn exact(&self) -> bool {
        self.exact
    }

    /// How the device is configured and what is known of it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How many links there are.
    pub fn ports(&self) -> usize {
        self.ports
    }

    /// Now.
    pub fn now(&self) -> Time {
        self.bed.now()
    }

    /// Everything so far.
    pub fn events(&self) -> &[Event<'static>] {
        &self.events
    }

    /// When the device's links came up.
    pub fn origin(&self) -> Mark {
        Mark { at: self.bed.origin(), events: 0 }
    }

    /// Nothing was sent and nothing done so far.
    pub fn untouched(&self) -> bool {
        self.events.iter().all(|event| match event.what {
            Happening::Frame { direction, .. } => direction == Some(Direction::FromDevice),
            Happening::Dropped(_) | Happening::Late(_) => true,
            Happening::Link { .. } | Happening::Operation(_) => false,
        })
    }

    /// How late the host may have made what happened between these, as far as it is known by now.
    fn lateness(&self, from: Time, to: Time) -> Duration {
        late_within(&self.events, from, to)
    }

    /// The most that the host was late by at any moment of the test.
    fn worst_lateness(&self) -> Duration {
        let late = self.events.iter().filter_map(|event| match event.what {
            Happening::Late(by) => Some(by),
            _ => None,
        });
        late.max().unwrap_or_default()
    }

    /// This moment.
    pub fn mark(&self) -> Mark {
        Mark { at: self.now().into(), events: self.events.len() }
    }

    /// Says what the set-up is.
    pub fn set_up(&mut self, text: impl Into<String>) {
        self.steps.push(Step::SetUp(text.into()));
    }

    /// Says what is being done.
    pub fn step(&mut self, text: impl Into<String>) {
        let step = if self.in_preamble { Step::SetUp(text.into()) } else { Step::Procedure(text.into()) };
        if self.steps.last() != Some(&step) {
            self.steps.push(step);
        }
    }

    /// From here on what fails makes the test inconclusive, and is no verdict on the device. Returns whether it was so
    /// before, for [`Self::preamble_end`].
    pub fn preamble_start(&mut self) -> bool {
        std::mem::replace(&mut self.in_preamble, true)
    }

    /// Ends what [`Self::preamble_start`] began.
    pub fn preamble_end(&mut self, before: bool) {
        self.in_preamble = before;
    }

    fn record(&mut self, at: Stamp, port: Port, what: Happening<'static>) -> Result<usize, Stop> {
        if matches!(what, Happening::Frame { .. }) {
            self.frames += 1;
        }
        if self.events.len() >= MOST_EVENTS {
            return Err(Stop::Error(format!("more than {MOST_EVENTS} events in one test")));
        }
        self.events.push(Event { number: self.frames, at, port, what });
        Ok(self.events.len() - 1)
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send(&mut self, background: &mut dyn Background, port: Port, frame: &[u8]) -> Result<Mark, Stop> {
        let at = self.bed.send(port, frame)?;
        let octets = Cow::Owned(frame.to_vec());
        self.record(at, port, Happening::Frame { direction: Some(Direction::ToDevice), octets, missing: 0 })?;
        let mark = Mark { at, events: self.events.len() };
        background.sent(mark, port, frame);
        Ok(mark)
    }

    fn send_all(&mut self, background: &mut dyn Background, out: Outbox) -> Result<(), Stop> {
        for (port, frame) in out {
            self.send(background, port, &frame)?;
        }
        Ok(())
    }

    /// The test said that it needs this: only then it is known before whether it can run.
    fn declared(&self, capability: Capability) -> Result<(), Stop> {
        if self.capabilities.contains(&capability) {
            return Ok(());
        }
        Err(Stop::Error(format!("the test uses what it does not say that it needs: {}", capability.name())))
    }

    /// The device has just started, and nothing was sent to it so far: the moment when its links came up.
    ///
    /// # Errors
    /// That was before.
    pub fn fresh(&self) -> Result<Mark, Stop> {
        self.declared(Capability::Fresh)?;
        if self.untouched() {
            return Ok(self.origin());
        }
        Err(Stop::Error("a fresh device is only to be had at the start of a test".to_owned()))
    }

    /// Takes a carrier away or gives it back.
    ///
    /// # Errors
    /// The bed could not.
    pub fn link(&mut self, background: &mut dyn Background, port: Port, up: bool) -> Result<Mark, Stop> {
        self.declared(Capability::Link)?;
        let at = self.bed.link(port, up)?;
        let index = self.record(at, port, Happening::Link { up })?;
        let mut out = Outbox::new();
        background.seen(at.time, &self.events[index], &mut out);
        self.send_all(background, out)?;
        Ok(Mark { at, events: index + 1 })
    }

    /// Changes a parameter of the device.
    ///
    /// # Errors
    /// The bed could not.
    pub fn configure(&mut self, name: &str, value: &str) -> Result<Mark, Stop> {
        self.declared(Capability::Configure)?;
        let at = self.bed.configure(name, value)?;
        self.record(at, Port(0), Happening::Operation(Cow::Owned(trace::configuration(name, value))))?;
        Ok(Mark { at, events: self.events.len() })
    }

    /// Asks the device for a piece of its state.
    ///
    /// # Errors
    /// The bed could not, or the device does not know it.
    pub fn state(&mut self, name: &str, port: Port) -> Result<String, Stop> {
        self.declared(Capability::State)?;
        if !setting::accounts().any(|known| known.name == name) {
            return Err(Stop::Error(format!("no table has {name}, which the test asks for")));
        }
        let value = self.bed.state(name, port)?;
        let at = self.now().into();
        self.record(at, port, Happening::Operation(Cow::Owned(trace::answer(name, value.as_deref()))))?;
        value.ok_or_else(|| Stop::NotApplicable(format!("the device does not tell {name}")))
    }

    /// Lets time go on to the next event, not later than `until`. `None` when it is `until`.
    ///
    /// # Errors
    /// The bed fails.
    pub fn pump(&mut self, background: &mut dyn Background, until: Time) -> Result<Option<usize>, Stop> {
        loop {
            let deadline = background.deadline().unwrap_or(Time::MAX);
            // Sending takes its time where time passes by itself: what was due until then is done although it is later now.
            if deadline <= self.now() && deadline <= until {
                let mut out = Outbox::new();
                background.due(self.now(), &mut out);
                self.send_all(background, out)?;
                continue;
            }
            match self.bed.next(deadline.min(until))? {
                Some(event) => {
                    let index = self.record(event.at, event.port, event.what)?;
                    let mut out = Outbox::new();
                    background.seen(self.now(), &self.events[index], &mut out);
                    self.send_all(background, out)?;
                    return Ok(Some(index));
                }
                None if deadline <= until => {}
                None => return Ok(None),
            }
        }
    }

    /// Waits.
    ///
    /// # Errors
    /// The bed fails.
    pub fn wait_until(&mut self, background: &mut dyn Background, until: Time) -> Result<(), Stop> {
        while self.pump(background, until)?.is_some() {}
        Ok(())
    }

    /// The first event behind `mark`, up to `until`, for which `wanted` says yes.
    ///
    /// # Errors
    /// The bed fails.
    pub fn find(
        &mut self,
        background: &mut dyn Background,
        mark: Mark,
        until: Time,
        mut wanted: impl FnMut(&Event<'_>) -> bool,
    ) -> Result<Option<Sighting>, Stop> {
        let mut index = mark.events;
        loop {
            while let Some(event) = self.events.get(index) {
                if event.at.time > until {
                    return Ok(None);
                }
                if !mark.is_after(event.at) && wanted(event) {
                    return Ok(Some(Sighting { at: event.at, index, number: event.number }));
                }
                index += 1;
            }
            if self.pump(background, until)?.is_none() && index == self.events.len() {
                return Ok(None);
            }
        }
    }

    /// The event of a sighting.
    pub fn event(&self, sighting: Sighting) -> &Event<'static> {
        &self.events[sighting.index]
    }

    /// The last frame behind `mark` that the pattern is about, in words.
    fn instead(&self, pattern: &dyn Pattern, mark: Mark) -> (String, Option<u64>) {
        let last = self.events[mark.events..].iter().rev().find(|event| pattern.matches(event).is_some());
        match last {
            Some(event) => (
                format!("last seen: {}", pattern.show(event)),
                Some(event.number).filter(|number| *number > 0),
            ),
            None => ("nothing of the kind was seen".to_owned(), None),
        }
    }

    /// Waits for the first frame that fits and judges when it came.
    ///
    /// # Errors
    /// It did not come in its window: recorded, and the end of the test.
    pub fn expect(
        &mut self,
        background: &mut dyn Background,
        pattern: &dyn Pattern,
        mark: Mark,
        window: Window,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        let span = window.held_to(self.exact);
        let text = format!("{}, {} after that ({})", pattern.describe(), describe(span), window.name);
        self.observable(&text, requirement);
        let limit = mark.at.time + span.to + mark.at.uncertainty;
        let mut late = Duration::ZERO;
        let mut absent = Judgement::Fail;
        let found = loop {
            let found =
                self.find(background, mark, limit + late, |event| pattern.matches(event) == Some(true))?;
            // On a host that was late it is waited for so much longer: it is not there, or it is not known why.
            let seen = self.lateness(mark.at.time, limit + late);
            if found.is_some() || seen <= late {
                break found;
            }
            // For ever is nothing waited for.
            if seen > span.to.max(MOST_LATE) {
                absent = Judgement::Inconclusive;
                break None;
            }
            late = seen;
        };
        // By how much it is too late tells whether others on the host may be why, and where to look in the device.
        let found = match found {
            None if !self.exact && absent == Judgement::Fail => {
                let until = limit + late + AFTERWARDS;
                self.find(background, mark, until, |event| pattern.matches(event) == Some(true))?
            }
            found => found,
        };
        let Some(sighting) = found else {
            let (instead, frame) = self.instead(pattern, mark);
            let timing = timing(window, span, mark.at.uncertainty + late, None);
            self.decide(
                requirement,
                absent,
                format!("{text}: it did not come; {instead}"),
                Some(timing),
                frame,
            )?;
            return Err(Stop::Decided);
        };
        let observed = sighting.at.time.offset(mark.at.time);
        let uncertainty = self.uncertainty_of(window, mark.at, sighting.at);
        let judgement = judge(span, observed, uncertainty);
        let timing = timing(window, span, uncertainty, Some(observed));
        let text = format!("{text}: it came after {}", seconds(observed));
        self.decide(requirement, judgement, text, Some(timing), Some(sighting.number))?;
        Ok(sighting)
    }

    /// No frame from `mark` to `until` fits.
    ///
    /// # Errors
    /// One did: recorded, and the end of the test.
    pub fn never(
        &mut self,
        background: &mut dyn Background,
        pattern: &dyn Pattern,
        mark: Mark,
        until: Time,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let text = format!("no {}, for {}", pattern.describe(), seconds(until.offset(mark.at.time)));
        self.observable(&text, requirement);
        let found = self.find(background, mark, until, |event| pattern.matches(event) == Some(true))?;
        match found {
            None => self.decide(requirement, Judgement::Pass, text, None, None),
            Some(sighting) => self.contradicted(&text, pattern, mark, sighting, requirement),
        }
    }

    /// A frame that must not be there is.
    fn contradicted(
        &mut self,
        text: &str,
        pattern: &dyn Pattern,
        mark: Mark,
        sighting: Sighting,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let seen = pattern.show(self.event(sighting));
        let after = seconds(sighting.at.time.offset(mark.at.time));
        let text = format!("{text}: after {after} there was {seen}");
        // Only time that passes by itself crosses: in virtual time what was sent before is seen before.
        let crossing = self.uncertainty(mark.at, sighting.at) > Duration::ZERO
            && sighting.at.time <= mark.at.time + UNDER_WAY;
        if crossing {
            let text = format!("{text}, which may have been under way");
            return self.decide(requirement, Judgement::Inconclusive, text, None, Some(sighting.number));
        }
        self.decide(requirement, Judgement::Fail, text, None, Some(sighting.number))
    }

    /// How far from the truth the time between these may be.
    fn uncertainty(&self, from: Stamp, to: Stamp) -> Duration {
        from.uncertainty + to.uncertainty + self.lateness(from.time, to.time)
    }

    /// The same where this window is asked for. Of a device whose timers are known to be deadlines, a single one is moved by no
    /// more than what the host was late by about its ends.
    fn uncertainty_of(&self, window: Window, from: Stamp, to: Stamp) -> Duration {
        let deadlines = self.settings.text("test.timers") == Some("deadlines");
        if !deadlines || !window.one_timer {
            return self.uncertainty(from, to);
        }
        from.uncertainty + to.uncertainty + late_about(&self.events, from.time, to.time)
    }

    /// Every frame from `mark` to `until` that the pattern is about fits it; at least `least` of them come.
    ///
    /// # Errors
    /// One does not fit: recorded, and the end of the test. Too few: the test is inconclusive.
    pub fn always(
        &mut self,
        background: &mut dyn Background,
        pattern: &dyn Pattern,
        mark: Mark,
        until: Time,
        least: usize,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let text = format!("only {}, for {}", pattern.describe(), seconds(until.offset(mark.at.time)));
        self.observable(&text, requirement);
        let mut seen = 0;
        let other = self.find(background, mark, until, |event| {
            let matches = pattern.matches(event);
            seen += usize::from(matches.is_some());
            matches == Some(false)
        })?;
        match other {
            None if seen < least => {
                Err(Stop::Inconclusive(format!("{text}: {seen} frames came, {least} are needed to tell")))
            }
            None => self.decide(requirement, Judgement::Pass, text, None, None),
            Some(sighting) => self.contradicted(&text, pattern, mark, sighting, requirement),
        }
    }

    /// All frames from `mark` to `until` that fit.
    ///
    /// # Errors
    /// The bed fails.
    pub fn all(
        &mut self,
        background: &mut dyn Background,
        pattern: &dyn Pattern,
        mark: Mark,
        until: Time,
    ) -> Result<Vec<Sighting>, Stop> {
        self.wait_until(background, until)?;
        let events = self.events.iter().enumerate().skip(mark.events);
        let events = events.take_while(|(_, event)| event.at.time <= until);
        Ok(events
            .filter(|(_, event)| !mark.is_after(event.at) && pattern.matches(event) == Some(true))
            .map(|(index, event)| Sighting { at: event.at, index, number: event.number })
            .collect())
    }

    /// Every gap between two of `sightings` lies in the window.
    ///
    /// # Errors
    /// One does not: recorded, and the end of the test.
    pub fn gaps(
        &mut self,
        sightings: &[Sighting],
        window: Window,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let span = window.held_to(self.exact);
        let text = format!("frames {} apart ({}), {} of them", describe(span), window.name, sightings.len());
        self.observable(&format!("frames {} apart ({})", describe(span), window.name), requirement);
        let mut worst = Judgement::Pass;
        let mut told = (text.clone(), None, None);
        for pair in sightings.windows(2) {
            let observed = pair[1].at.time.offset(pair[0].at.time);
            let uncertainty = self.uncertainty_of(window, pair[0].at, pair[1].at);
            let judgement = judge(span, observed, uncertainty);
            if judgement > worst || told.1.is_none() {
                worst = worst.max(judgement);
                let words = format!("{text}: a gap of {} before this one", seconds(observed));
                told = (words, Some(timing(window, span, uncertainty, Some(observed))), Some(pair[1].number));
            }
        }
        self.decide(requirement, worst, told.0, told.1, told.2)
    }

    /// Judges a time that the test has measured itself.
    ///
    /// # Errors
    /// It lies outside: recorded, and the end of the test.
    pub fn judge_time(
        &mut self,
        what: &str,
        from: Mark,
        sighting: Sighting,
        window: Window,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let span = window.held_to(self.exact);
        let observed = sighting.at.time.offset(from.at.time);
        let uncertainty = self.uncertainty_of(window, from.at, sighting.at);
        let text = format!("{what}, {} after that ({})", describe(span), window.name);
        self.observable(&text, requirement);
        let judgement = judge(span, observed, uncertainty);
        let timing = timing(window, span, uncertainty, Some(observed));
        let text = format!("{text}: after {}", seconds(observed));
        self.decide(requirement, judgement, text, Some(timing), Some(sighting.number))
    }

    /// Judges what the test has found out itself.
    ///
    /// # Errors
    /// It is not so: recorded, and the end of the test.
    pub fn judge(
        &mut self,
        met: bool,
        expected: &str,
        seen: &str,
        frame: Option<u64>,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        self.observable(expected, requirement);
        let judgement = if met { Judgement::Pass } else { Judgement::Fail };
        let text = if seen.is_empty() { expected.to_owned() } else { format!("{expected}: {seen}") };
        self.decide(requirement, judgement, text, None, frame)
    }

    /// Records what the text of the standard leaves open.
    pub fn note(&mut self, text: impl Into<String>, frame: Option<u64>, requirement: &'static str) {
        let text = text.into();
        self.observable(&text, requirement);
        self.obligations.push(Obligation {
            requirement,
            judgement: Judgement::Info,
            text,
            timing: None,
            frame,
        });
    }

    fn observable(&mut self, text: &str, requirement: &'static str) {
        let step = if self.in_preamble {
            Step::SetUp(text.to_owned())
        } else {
            Step::Observable(text.to_owned(), requirement)
        };
        if self.steps.last() != Some(&step) {
            self.steps.push(step);
        }
    }

    /// Records a judgement, at most as bad as the requirement's level allows. The test ends if it was not met.
    fn decide(
        &mut self,
        requirement: &'static str,
        judgement: Judgement,
        text: String,
        timing: Option<Timing>,
        frame: Option<u64>,
    ) -> Result<(), Stop> {
        if self.in_preamble {
            if matches!(judgement, Judgement::Pass | Judgement::Info) {
                return Ok(());
            }
            self.unsure = judgement == Judgement::Inconclusive && timing.is_some();
            return Err(Stop::Inconclusive(format!("preamble: {text}")));
        }
        let Some(known) = requirement::find(requirement) else {
            return Err(Stop::Error(format!("no requirement has the id {requirement}")));
        };
        if !self.requirements.contains(&requirement) {
            return Err(Stop::Error(format!("the test judges {requirement} but does not say so")));
        }
        if !known.editions.contains(self.edition) {
            return Err(Stop::Error(format!("{requirement} is not asked for in {}", self.edition)));
        }
        // With what the host did to the stimuli no one can be certain of a fault.
        let late = self.worst_lateness();
        let (judgement, text) = match judgement {
            Judgement::Fail if late > DISTURBING => (
                Judgement::Inconclusive,
                format!("{text}; but the host was late by {} s", late.as_secs_f64()),
            ),
            other => (other, text),
        };
        let judgement = match (judgement, known.level) {
            (Judgement::Fail, Level::Should) => Judgement::Weak,
            (Judgement::Fail | Judgement::Inconclusive, Level::May | Level::Info) => Judgement::Info,
            (other, _) => other,
        };
        let ended = matches!(judgement, Judgement::Fail | Judgement::Weak | Judgement::Inconclusive);
        self.obligations.push(Obligation { requirement, judgement, text, timing, frame });
        if ended { Err(Stop::Decided) } else { Ok(()) }
    }
}

impl From<BedError> for Stop {
    fn from(error: BedError) -> Self {
        match error {
            BedError::NotApplicable(reason) => Self::NotApplicable(reason),
            BedError::Crash(reason) => Self::Crash(reason),
            BedError::Tester(reason) => Self::Error(reason),
            BedError::Interrupted => Self::Inconclusive("interrupted".to_owned()),
        }
    }
}

/// Pass if the whole of the measurement lies in the span, fail if none of it does.
fn judge(span: Span, observed: i64, uncertainty: Duration) -> Judgement {
    let (from, to) = (signed(span.from), signed(span.to));
    let uncertainty = signed(uncertainty);
    let (earliest, latest) = (observed.saturating_sub(uncertainty), observed.saturating_add(uncertainty));
    // What may come at once is not too early, however little is known of how soon it came.
    let not_early = earliest >= from || from == 0 && latest >= 0;
    if not_early && latest <= to {
        Judgement::Pass
    } else if latest < from || earliest > to {
        Judgement::Fail
    } else {
        Judgement::Inconclusive
    }
}

fn timing(window: Window, limit: Span, uncertainty: Duration, observed: Option<i64>) -> Timing {
    Timing {
        window: [signed(window.strict.from), signed(window.strict.to)],
        limit: [signed(limit.from), signed(limit.to)],
        uncertainty: nanoseconds(uncertainty),
        observed,
    }
}

fn signed(duration: Duration) -> i64 {
    i64::try_from(duration.as_nanos()).unwrap_or(i64::MAX)
}

fn describe(span: Span) -> String {
    if span.from.is_zero() {
        format!("at most {} s", span.to.as_secs_f64())
    } else {
        format!("{} to {} s", span.from.as_secs_f64(), span.to.as_secs_f64())
    }
}

#[allow(clippy::cast_precision_loss)] // for people
fn seconds(nanoseconds: i64) -> String {
    format!("{:.3} s", nanoseconds as f64 / 1e9)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Editions;

    /// A bed on which it takes a while to send.
    struct Slow(Time);

    impl Bed for Slow {
        fn now(&self) -> Time {
            self.0
        }
        fn send(&mut self, _: Port, _: &[u8]) -> Result<Stamp, BedError> {
            self.0 += Duration::from_millis(10);
            Ok(self.0.into())
        }
        fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError> {
            self.0 = self.0.max(until);
            Ok(None)
        }
        fn link(&mut self, _: Port, _: bool) -> Result<Stamp, BedError> {
            Ok(self.0.into())
        }
        fn configure(&mut self, _: &str, _: &str) -> Result<Stamp, BedError> {
            Ok(self.0.into())
        }
        fn state(&mut self, _: &str, _: Port) -> Result<Option<String>, BedError> {
            Ok(None)
        }
        fn rows(&self) -> Vec<&'static str> {
            Vec::new()
        }
    }

    /// Partners that each have one thing to say.
    struct Partners(Vec<(Time, Port)>);

    impl Background for Partners {
        fn deadline(&self) -> Option<Time> {
            self.0.first().map(|(time, _)| *time)
        }
        fn due(&mut self, _: Time, out: &mut Outbox) {
            out.push((self.0.remove(0).1, vec![0; 60]));
        }
        fn seen(&mut self, _: Time, _: &Event<'_>, _: &mut Outbox) {}
        fn sent(&mut self, _: Mark, _: Port, _: &[u8]) {}
    }

    #[test]
    fn what_is_due_until_the_end_of_a_wait_is_done_even_if_sending_takes_longer() {
        let needs = crate::scenario::Test::new("x", "-", "", Editions::DOT1AX).needs;
        let bed = Box::new(Slow(Time::ZERO));
        let edition = Edition::Dot1Ax2014;
        let mut run = Run::new(bed, edition, false, Settings::new(), &needs, Vec::new(), Random::new(1, "x"));
        let at = |milliseconds: u64| Time::from_nanos(milliseconds * 1_000_000);
        let mut partners = Partners(vec![(at(1), Port(0)), (at(5), Port(1)), (at(20), Port(2))]);
        run.wait_until(&mut partners, at(5)).unwrap();
        let sent: Vec<Port> = run.events().iter().map(|event| event.port).collect();
        assert_eq!(sent, [Port(0), Port(1)]);
    }

    #[test]
    fn a_set_up_of_which_a_time_is_not_known_is_unsure() {
        let timing = Timing { window: [0, 1], limit: [0, 100], uncertainty: 90, observed: Some(50) };
        for (judgement, timing, unsure) in [
            (Judgement::Inconclusive, Some(timing), true),
            (Judgement::Inconclusive, None, false),
            (Judgement::Fail, Some(timing), false),
        ] {
            let needs = crate::scenario::Test::new("x", "-", "", Editions::DOT1AX).needs;
            let bed = Box::new(Slow(Time::ZERO));
            let edition = Edition::Dot1Ax2014;
            let mut run =
                Run::new(bed, edition, false, Settings::new(), &needs, Vec::new(), Random::new(1, "x"));
            run.preamble_start();
            let stop = run.decide("lacp.periodic.fast", judgement, "late".to_owned(), timing, None);
            assert_eq!(stop, Err(Stop::Inconclusive("preamble: late".to_owned())));
            assert_eq!(run.finish().0.unsure, unsure, "{judgement:?}");
        }
    }
}
