//! A device that runs, on links of its own, in real time.
//!
//! Frames have the kernel's stamps. How late the host lets anybody run is part of what happened: judges know from it how
//! far a time can be trusted.

pub mod canary;
pub mod wire;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;

use self::canary::{Canary, Listener};
pub use self::wire::{Kind, Place, Wire, WireError};
use super::{Bed, BedError, Log, NoBed};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::instance::Instance;
use crate::time::{Time, nanoseconds};

/// Between the wire and the kernel's stamp, on an idle host; what a busy one adds the canary knows.
const STAMP: Duration = Duration::from_micros(100);

/// After that time what came until now is there to be read.
const SETTLE: Duration = Duration::from_millis(2);

/// The longest sleep: then it looks whether somebody wants the run to end.
const NAP: Duration = Duration::from_millis(100);

/// Between two looks whether an interface is up again.
const REOPEN: Duration = Duration::from_millis(5);

/// No more often than that the judges are told how late things are.
const LATE_EVERY: Duration = Duration::from_millis(100);

/// How far the clock may be set during a test, before it counts.
const CLOCK_STEP: Duration = Duration::from_millis(5);

/// A started device, as a lab handles it. Dropping it ends the device and removes what was made for it.
pub trait Driver: Send {
    /// The links, in the order of the ports; the device's own side last, if the lab reaches it. Their carriers are off,
    /// or the device has not started. Asked once.
    ///
    /// # Errors
    /// They could not be opened.
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed>;
    /// Everything is being listened to: from here on the device may speak. Raises the carriers, or starts it.
    ///
    /// # Errors
    /// The device did not get ready.
    fn begin(&mut self, wires: &mut [Wire]) -> Result<(), NoBed>;
    /// Takes the carrier of a link away or gives it back, as the device sees it.
    ///
    /// # Errors
    /// It could not be done.
    fn link(&mut self, wire: &mut Wire, port: Port, up: bool) -> Result<(), BedError>;
    /// Changes a parameter of the running device: `lacp.timeout` to `short`.
    ///
    /// # Errors
    /// It could not be done.
    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError>;
    /// The device's own account of a piece of its state; `None` if it does not tell.
    ///
    /// # Errors
    /// It could not be asked.
    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError>;
    /// The device is well.
    ///
    /// # Errors
    /// It died, and how that is known: its exit, a signal, what its log says.
    fn alive(&mut self) -> Result<(), String>;
    /// What was made for it on this machine, if anything was.
    fn instance(&self) -> Option<&Instance> {
        None
    }
    /// Files in which the device says what it does, for whoever wants to know why it failed.
    fn logs(&self) -> Vec<PathBuf> {
        Vec::new()
    }
    /// Tells how late the device's own world runs things, where the host's canary does not know: a virtual machine.
    /// Asked again and again, until it is `None`.
    fn probe(&mut self) -> Option<Box<dyn FnMut() -> Option<Duration> + Send>> {
        None
    }
}

/// A device that runs.
pub struct LiveBed {
    driver: Box<dyn Driver>,
    wires: Vec<Wire>,
    canary: Listener,
    probe: Option<Listener>,
    /// When it began, by the clock of the stamps and by one that nobody sets.
    origin: u64,
    started: Instant,
    /// How long the beginning took.
    beginning: Duration,
    /// Time as the test knows it: that of what it last did or saw, or that it waited for. Not that of the clock, which has
    /// gone on by a little: only so a saved trace is the same to a test as the bed was.
    now: Time,
    /// Until then there was nothing more, the test was told.
    passed: Option<Time>,
    /// What happened and was not asked for yet, in the order of time.
    happened: VecDeque<Event<'static>>,
    /// When the judges were told last how late things are, and what has come since: when last; of the host all of it
    /// together, as whoever has several things to do is late by all of it; of the device's own world the worst.
    told_late: Time,
    late: Option<Time>,
    late_host: Duration,
    late_device: Duration,
    told_step: Duration,
    looked_after: Instant,
    stop: Arc<AtomicBool>,
}

impl LiveBed {
    /// Begins: listens on the driver's wires and lets the device speak. Once `stop` is true it goes no further.
    ///
    /// # Errors
    /// There are no wires, or the device does not get ready.
    pub fn begin(mut driver: Box<dyn Driver>, canary: &Canary, stop: Arc<AtomicBool>) -> Result<Self, NoBed> {
        let mut wires = driver.wires()?;
        let canary = canary.listen();
        let probe = driver.probe().map(|probe| Canary::asking(probe).listen());
        // What was on the links before that belongs to no test.
        for wire in &mut wires {
            while wire.receive().is_some() {}
            wire.drops();
        }
        let (origin, started) = (wire::clock(), Instant::now());
        driver.begin(&mut wires)?;
        Ok(Self {
            driver,
            wires,
            canary,
            probe,
            origin,
            started,
            beginning: started.elapsed(),
            now: Time::ZERO,
            passed: None,
            happened: VecDeque::new(),
            told_late: Time::ZERO,
            late: None,
            late_host: Duration::ZERO,
            late_device: Duration::ZERO,
            told_step: Duration::ZERO,
            looked_after: started,
            stop,
        })
    }

    /// What the clock says.
    fn clock(&self) -> Time {
        self.time(wire::clock())
    }

    /// A stamp of the kernel's; what is before the beginning is at the beginning.
    fn time(&self, stamp: u64) -> Time {
        Time::from_nanos(stamp.saturating_sub(self.origin))
    }

    /// A moment of the other clock.
    fn moment(&self, at: Instant) -> Time {
        Time::from_nanos(nanoseconds(at.saturating_duration_since(self.started)))
    }

    /// The time that something took which was done between these: its middle.
    fn between(earliest: Time, latest: Time) -> Stamp {
        let half = (latest - earliest) / 2;
        Stamp { time: earliest + half, uncertainty: half + STAMP }
    }

    /// Looks what happened.
    fn collect(&mut self) -> Result<(), BedError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(BedError::Interrupted);
        }
        for (index, port) in (0..self.wires.len()).zip(0u16..) {
            while let Some(frame) = self.wires[index].receive() {
                let at = Stamp { time: self.time(frame.nanoseconds), uncertainty: STAMP };
                let direction = Some(Direction::FromDevice);
                let what = Happening::Frame { direction, octets: Cow::Owned(frame.octets), missing: 0 };
                self.insert(Event { number: 0, at, port: Port(port), what });
            }
        }
        for late in self.canary.late() {
            self.late = self.late.max(Some(self.moment(late.at)));
            self.late_host += late.by;
        }
        for late in self.probe.as_mut().map(Listener::late).unwrap_or_default() {
            self.late = self.late.max(Some(self.moment(late.at)));
            self.late_device = self.late_device.max(late.by);
        }
        self.tell_late(false);
        if self.looked_after.elapsed() >= NAP {
            self.looked_after = Instant::now();
            self.look_after()?;
        }
        Ok(())
    }

    /// What is not seen on the wire: drops, a clock that was set, a device that died.
    fn look_after(&mut self) -> Result<(), BedError> {
        let now = self.clock();
        for (index, port) in (0..self.wires.len()).zip(0u16..) {
            let drops = self.wires[index].drops();
            if drops > 0 {
                let what = Happening::Dropped(drops);
                self.insert(Event { number: 0, at: now.into(), port: Port(port), what });
            }
        }
        let stamped = Duration::from_nanos(wire::clock().saturating_sub(self.origin));
        let step = stamped.abs_diff(self.started.elapsed());
        if step > self.told_step + CLOCK_STEP {
            self.told_step = step;
            self.late = self.late.max(Some(now));
            self.late_host += step;
        }
        self.driver.alive().map_err(BedError::Crash)
    }

    fn tell_late(&mut self, at_once: bool) {
        let Some(at) = self.late else { return };
        let now = self.clock();
        if at_once || now >= self.told_late + LATE_EVERY {
            self.told_late = now;
            self.late = None;
            let by = std::mem::take(&mut self.late_host) + std::mem::take(&mut self.late_device);
            self.insert(Event { number: 0, at: at.into(), port: Port(0), what: Happening::Late(by) });
        }
    }

    /// Sleeps until the device sends something, at most so long.
    fn sleep(&self, limit: Duration) -> Result<(), BedError> {
        let mut wires: Vec<PollFd<'_>> = self
            .wires
            .iter()
            .filter_map(|wire| wire.readable().map(|wire| PollFd::new(wire, PollFlags::POLLIN)))
            .collect();
        // A wire that is down cannot wake us.
        let limit = if wires.len() == self.wires.len() { limit } else { limit.min(REOPEN) };
        let timeout = TimeSpec::from_duration(limit);
        match ppoll(&mut wires, Some(timeout), None) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(BedError::Tester(format!("cannot wait for frames: {}", error.desc()))),
        }
    }

    fn insert(&mut self, event: Event<'static>) {
        let behind = self.happened.partition_point(|other| other.at.time <= event.at.time);
        self.happened.insert(behind, event);
    }

    /// The next of what happened, not later than `until`.
    fn take(&mut self, until: Time) -> Option<Event<'static>> {
        let first = self.happened.front()?;
        if first.at.time > until {
            return None;
        }
        let mut event = self.happened.pop_front()?;
        // It was read too late: the test was told already that there was nothing.
        if let Some(passed) = self.passed.filter(|passed| event.at.time <= *passed) {
            let time = passed + Duration::from_nanos(1);
            event.at = Stamp { time, uncertainty: event.at.uncertainty + (time - event.at.time) };
        }
        self.now = self.now.max(event.at.time);
        Some(event)
    }

    /// Does something to the device, and says when.
    fn done(&mut self, act: impl FnOnce(&mut Self) -> Result<(), BedError>) -> Result<Stamp, BedError> {
        let before = self.clock();
        act(self)?;
        let stamp = Self::between(before, self.clock());
        self.now = self.now.max(stamp.time);
        Ok(stamp)
    }
}

impl Bed for LiveBed {
    fn now(&self) -> Time {
        self.now
    }

    fn origin(&self) -> Stamp {
        Stamp { time: Time::ZERO, uncertainty: self.beginning }
    }

    fn send(&mut self, port: Port, frame: &[u8]) -> Result<Stamp, BedError> {
        let Some(wire) = self.wires.get_mut(port.index()) else {
            return Err(BedError::Tester(format!("there is no link {port} to send on")));
        };
        match wire.send(frame) {
            Ok(sent) => {
                let stamp = Self::between(self.time(sent.earliest), self.time(sent.latest));
                self.now = self.now.max(stamp.time);
                Ok(stamp)
            }
            Err(error) => {
                let interface = &wire.place().interface;
                Err(BedError::Tester(format!("cannot send on {interface}: {error}")))
            }
        }
    }

    fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError> {
        loop {
            self.collect()?;
            let ripe = self.clock() >= until + SETTLE;
            if ripe {
                // Whoever judges now has to know how late it may be.
                self.tell_late(true);
            }
            if let Some(event) = self.take(until) {
                return Ok(Some(event));
            }
            if ripe {
                self.now = self.now.max(until);
                self.passed = self.passed.max(Some(until));
                return Ok(None);
            }
            self.sleep((until + SETTLE - self.clock()).min(NAP))?;
        }
    }

    fn link(&mut self, port: Port, up: bool) -> Result<Stamp, BedError> {
        self.done(|bed| match bed.wires.get_mut(port.index()) {
            Some(wire) => bed.driver.link(wire, port, up),
            None => Err(BedError::Tester(format!("there is no link {port}"))),
        })
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<Stamp, BedError> {
        let before = self.clock();
        self.driver.configure(name, value)?;
        // From its beginning on nobody knows which way the device is: what it sends meanwhile comes behind that.
        let stamp = Stamp { time: before.max(self.now), uncertainty: (self.clock() - before) + STAMP };
        self.now = stamp.time;
        Ok(stamp)
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        self.driver.state(name, port)
    }

    fn close(&mut self) -> Result<Vec<Event<'static>>, BedError> {
        self.look_after()?;
        self.collect()?;
        self.tell_late(true);
        Ok(self.happened.drain(..).filter(|event| !matches!(event.what, Happening::Frame { .. })).collect())
    }

    fn folder(&self) -> Option<&Path> {
        self.driver.instance().map(Instance::folder)
    }

    fn logs(&self) -> Vec<Log> {
        let logs = self.driver.logs();
        logs.iter()
            .filter_map(|path| {
                let name = path.file_name()?.to_string_lossy().into_owned();
                Some(Log { name, octets: std::fs::read(path).ok().filter(|octets| !octets.is_empty())? })
            })
            .collect()
    }

    fn rows(&self) -> Vec<&'static str> {
        Vec::new()
    }
}
