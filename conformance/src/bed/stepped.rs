//! A device whose clock stands still except when it is told to go on: a real implementation in virtual time.
//!
//! The device says how long it would sleep now, as a discrete-event simulation knows its next deadline. The bed lets
//! exactly that time pass, so that nothing is ever late and every time is exact, however busy the host is.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use super::{Bed, BedError};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::time::Time;

/// More frames than any device has to send at one moment: one that sends so many never comes to rest.
const MOST_AT_ONCE: usize = 20_000;

/// A device at rest: it has done all that it had to do by now.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Rest {
    /// What it sent since the last time, for each port in the order sent.
    pub frames: Vec<(Port, Vec<u8>)>,
    /// When it has something to do again if nothing else happens, by its own clock and counted from now; `None` if never.
    pub sleeps: Option<Duration>,
}

/// A device that has its time from the bed.
pub trait Stepped: Send {
    /// Sends it a frame, and does not wait.
    ///
    /// # Errors
    /// It could not be sent.
    fn send(&mut self, port: Port, frame: &[u8]) -> Result<(), BedError>;
    /// Waits, in the world's time, until the device has done all that it has to do by now.
    ///
    /// # Errors
    /// It died, or does not come to rest.
    fn rest(&mut self) -> Result<Rest, BedError>;
    /// Lets time pass, and does not wait. It is a multiple of [`Self::tick`].
    ///
    /// # Errors
    /// The device does not obey.
    fn pass(&mut self, time: Duration) -> Result<(), BedError>;
    /// The least time that can pass; not zero.
    fn tick(&self) -> Duration;
    /// Takes the carrier away or gives it back.
    ///
    /// # Errors
    /// It could not be done.
    fn link(&mut self, port: Port, up: bool) -> Result<(), BedError>;
    /// Changes a parameter of the device.
    ///
    /// # Errors
    /// It could not be done.
    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError>;
    /// The device's own account of a piece of its state.
    ///
    /// # Errors
    /// It could not be asked.
    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError>;
    /// It is well.
    ///
    /// # Errors
    /// It died, and how that is known.
    fn alive(&mut self) -> Result<(), String>;
}

/// A bed whose time is the device's.
pub struct SteppedBed<D> {
    device: D,
    now: Time,
    happened: VecDeque<Event<'static>>,
    sleeps: Option<Duration>,
    /// Something was done to the device: it may not be at rest.
    disturbed: bool,
    /// Frames of the device since time went on last.
    at_once: usize,
}

impl<D: Stepped> SteppedBed<D> {
    /// From now on, which is time zero.
    pub fn new(device: D) -> Self {
        Self { device, now: Time::ZERO, happened: VecDeque::new(), sleeps: None, disturbed: true, at_once: 0 }
    }

    fn settle(&mut self) -> Result<(), BedError> {
        if !self.disturbed {
            return Ok(());
        }
        let Rest { frames, sleeps } = self.device.rest()?;
        (self.disturbed, self.sleeps) = (false, sleeps);
        self.at_once += frames.len();
        if self.at_once > MOST_AT_ONCE {
            return Err(BedError::Crash("the device does not stop sending".to_owned()));
        }
        for (port, octets) in frames {
            let direction = Some(Direction::FromDevice);
            let what = Happening::Frame { direction, octets: Cow::Owned(octets), missing: 0 };
            self.happened.push_back(Event { number: 0, at: self.now.into(), port, what });
        }
        Ok(())
    }

    /// Does something to the device at rest. What it sends from there on is behind that.
    fn act(&mut self, act: impl FnOnce(&mut D) -> Result<(), BedError>) -> Result<Stamp, BedError> {
        self.settle()?;
        act(&mut self.device)?;
        self.disturbed = true;
        Ok(self.now.into())
    }

    /// Lets time go on to the device's next deadline, but not beyond the first tick that is not before `until`.
    fn step(&mut self, until: Time) -> Result<(), BedError> {
        let tick = self.device.tick().max(Duration::from_nanos(1));
        let ticks = (until - self.now).as_nanos().div_ceil(tick.as_nanos());
        let left = tick.saturating_mul(u32::try_from(ticks).unwrap_or(u32::MAX));
        let step = self.sleeps.map_or(left, |sleeps| sleeps.clamp(tick, left));
        self.device.pass(step)?;
        self.now += step;
        (self.disturbed, self.at_once) = (true, 0);
        Ok(())
    }
}

impl<D: Stepped> Bed for SteppedBed<D> {
    fn now(&self) -> Time {
        self.now
    }

    fn send(&mut self, port: Port, frame: &[u8]) -> Result<Stamp, BedError> {
        self.act(|device| device.send(port, frame))
    }

    fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError> {
        loop {
            self.settle()?;
            if let Some(event) = self.happened.pop_front() {
                return Ok(Some(event));
            }
            if self.now >= until {
                return Ok(None);
            }
            self.step(until)?;
        }
    }

    fn link(&mut self, port: Port, up: bool) -> Result<Stamp, BedError> {
        self.act(|device| device.link(port, up))
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<Stamp, BedError> {
        self.act(|device| device.configure(name, value))
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        self.settle()?;
        self.device.state(name, port)
    }

    fn close(&mut self) -> Result<Vec<Event<'static>>, BedError> {
        self.device.alive().map_err(BedError::Crash)?;
        Ok(Vec::new())
    }

    fn rows(&self) -> Vec<&'static str> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TICK: Duration = Duration::from_millis(1);
    const P1: Port = Port(0);

    /// Sends one octet every second, and returns what it gets at once.
    #[derive(Default)]
    struct Clockwork {
        now: Duration,
        sent: Vec<(Port, Vec<u8>)>,
        next: Duration,
        steps: usize,
        echo_for_ever: bool,
    }

    impl Stepped for Clockwork {
        fn send(&mut self, port: Port, frame: &[u8]) -> Result<(), BedError> {
            self.sent.push((port, frame.to_vec()));
            Ok(())
        }
        fn rest(&mut self) -> Result<Rest, BedError> {
            if self.now >= self.next {
                self.sent.push((P1, vec![1]));
                self.next = self.now + Duration::from_secs(1);
            }
            if self.echo_for_ever {
                self.sent.extend(vec![(P1, vec![2]); MOST_AT_ONCE]);
            }
            Ok(Rest { frames: std::mem::take(&mut self.sent), sleeps: self.next.checked_sub(self.now) })
        }
        fn pass(&mut self, time: Duration) -> Result<(), BedError> {
            assert_eq!(time.as_nanos() % TICK.as_nanos(), 0);
            self.now += time;
            self.steps += 1;
            Ok(())
        }
        fn tick(&self) -> Duration {
            TICK
        }
        fn link(&mut self, _: Port, _: bool) -> Result<(), BedError> {
            Ok(())
        }
        fn configure(&mut self, _: &str, _: &str) -> Result<(), BedError> {
            Ok(())
        }
        fn state(&mut self, _: &str, _: Port) -> Result<Option<String>, BedError> {
            Ok(Some(self.steps.to_string()))
        }
        fn alive(&mut self) -> Result<(), String> {
            Ok(())
        }
    }

    fn millis(milliseconds: u64) -> Time {
        Time::from_nanos(milliseconds * 1_000_000)
    }

    #[test]
    fn time_goes_from_deadline_to_deadline_and_no_further_than_asked() {
        let mut bed = SteppedBed::new(Clockwork::default());
        let mut seen = Vec::new();
        while let Some(event) = bed.next(millis(2500)).unwrap() {
            seen.push(event.at);
        }
        assert_eq!(seen, [millis(0).into(), millis(1000).into(), millis(2000).into()]);
        assert_eq!(bed.now(), millis(2500));
        assert_eq!(bed.state("steps", P1).unwrap().unwrap(), "3");
    }

    #[test]
    fn a_reply_comes_before_time_goes_on() {
        let mut bed = SteppedBed::new(Clockwork::default());
        assert!(bed.next(millis(0)).unwrap().is_some());
        assert!(bed.next(millis(300)).unwrap().is_none());
        assert_eq!(bed.send(P1, &[7]).unwrap(), millis(300).into());
        let reply = bed.next(millis(900)).unwrap().unwrap();
        assert_eq!((reply.at, reply.frame(Direction::FromDevice)), (millis(300).into(), Some(&[7][..])));
    }

    #[test]
    fn what_lies_between_ticks_is_waited_for_to_the_next() {
        let mut bed = SteppedBed::new(Clockwork { next: Duration::from_secs(9), ..Clockwork::default() });
        assert!(bed.next(Time::from_nanos(1_500_001)).unwrap().is_none());
        assert_eq!(bed.now(), millis(2));
        assert!(bed.next(Time::from_nanos(1_500_001)).unwrap().is_none());
        assert_eq!(bed.now(), millis(2));
    }

    #[test]
    fn a_device_that_does_not_stop_sending_is_not_waited_for() {
        let mut bed = SteppedBed::new(Clockwork { echo_for_ever: true, ..Clockwork::default() });
        assert!(matches!(bed.next(millis(1)), Err(BedError::Crash(_))));
    }
}
