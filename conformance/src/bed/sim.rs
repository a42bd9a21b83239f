//! A reference device in virtual time: a discrete-event simulation, the same to the byte every time.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::time::Duration;

use super::{Bed, BedError, Lab, NoBed, Wanted};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::reference::{Device, Input};
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::time::Time;

/// How long a frame takes in either direction.
pub const LATENCY: Duration = Duration::from_micros(1);

/// More frames than any test has use for: a device that sends so many never stops.
const MOST_FRAMES: usize = 1_000_000;

/// A device and its links.
pub struct Sim<D> {
    device: D,
    now: Time,
    /// On their way: to the device, and what the tester will see.
    to_device: VecDeque<(Time, Port, Vec<u8>)>,
    to_tester: VecDeque<(Time, Port, Vec<u8>)>,
    seen: usize,
}

impl<D: Device> Sim<D> {
    /// Starts with all of `ports` links up.
    ///
    /// # Errors
    /// The device refuses.
    pub fn new(mut device: D, ports: usize) -> Result<Self, BadSetting> {
        for port in (0..).take(ports) {
            device.input(Time::ZERO, Input::Link(Port(port), true))?;
        }
        let mut sim =
            Self { device, now: Time::ZERO, to_device: VecDeque::new(), to_tester: VecDeque::new(), seen: 0 };
        sim.collect();
        Ok(sim)
    }

    /// Time passes for what the tester does to the device. What is on its way arrives before that.
    fn pass(&mut self) -> Result<(), BedError> {
        self.now += LATENCY;
        while self.to_device.front().is_some_and(|(time, ..)| *time <= self.now) {
            self.deliver()?;
        }
        Ok(())
    }

    fn deliver(&mut self) -> Result<(), BedError> {
        if let Some((time, port, frame)) = self.to_device.pop_front() {
            self.device
                .input(time, Input::Frame(port, &frame))
                .map_err(|error| BedError::Tester(error.to_string()))?;
        }
        self.collect();
        Ok(())
    }

    fn collect(&mut self) {
        for (port, frame) in self.device.output() {
            self.to_tester.push_back((self.now + LATENCY, port, frame));
        }
    }
}

impl<D: Device> Bed for Sim<D> {
    fn now(&self) -> Time {
        self.now
    }

    fn send(&mut self, port: Port, frame: &[u8]) -> Result<Stamp, BedError> {
        self.to_device.push_back((self.now + LATENCY, port, frame.to_vec()));
        Ok(self.now.into())
    }

    fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError> {
        loop {
            let arrival = self.to_tester.front().map(|(time, ..)| *time);
            let delivery = self.to_device.front().map(|(time, ..)| *time);
            let deadline = self.device.next_deadline();
            let Some(next) =
                [arrival, delivery, deadline].into_iter().flatten().min().filter(|next| *next <= until)
            else {
                self.now = self.now.max(until);
                return Ok(None);
            };
            self.now = self.now.max(next);
            if arrival == Some(next) {
                let Some((time, port, frame)) = self.to_tester.pop_front() else { continue };
                self.seen += 1;
                if self.seen > MOST_FRAMES {
                    return Err(BedError::Crash("the device does not stop sending".to_owned()));
                }
                let what = Happening::Frame {
                    direction: Some(Direction::FromDevice),
                    octets: Cow::Owned(frame),
                    missing: 0,
                };
                return Ok(Some(Event { number: 0, at: time.into(), port, what }));
            }
            if delivery == Some(next) {
                self.deliver()?;
            } else {
                self.device.advance(next);
                self.collect();
            }
        }
    }

    fn link(&mut self, port: Port, up: bool) -> Result<Stamp, BedError> {
        self.pass()?;
        self.device
            .input(self.now, Input::Link(port, up))
            .map_err(|error| BedError::Tester(error.to_string()))?;
        self.collect();
        Ok(self.now.into())
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<Stamp, BedError> {
        self.pass()?;
        self.device
            .input(self.now, Input::Configure(name, value))
            .map_err(|error| BedError::NotApplicable(error.to_string()))?;
        self.collect();
        Ok(self.now.into())
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        Ok(self.device.state(name, port))
    }

    fn rows(&self) -> Vec<&'static str> {
        self.device.rows()
    }
}

/// Makes a device: `(settings, edition, ports)`.
pub type MakeDevice =
    Box<dyn Fn(&Settings, Edition, usize) -> Result<Box<dyn Device>, BadSetting> + Send + Sync>;

/// Reference devices, one for each bed.
pub struct SimLab {
    name: String,
    edition: Edition,
    settings: Settings,
    exact: bool,
    make: MakeDevice,
}

impl SimLab {
    /// A lab of devices that are configured as a test wants, and where it does not say as `settings` do.
    pub fn new(name: impl Into<String>, edition: Edition, settings: Settings, make: MakeDevice) -> Self {
        Self { name: name.into(), edition, settings, exact: true, make }
    }

    /// The same, of devices that are not exact.
    #[must_use]
    pub fn inexact(self) -> Self {
        Self { exact: false, ..self }
    }

    /// A device that is configured as the lab's settings say.
    ///
    /// # Errors
    /// A setting does not fit.
    pub fn device_of(&self, ports: usize) -> Result<Box<dyn Device>, BadSetting> {
        self.configured(&self.settings, ports)
    }

    /// A device that is configured as these say.
    ///
    /// # Errors
    /// A setting does not fit.
    pub fn configured(&self, settings: &Settings, ports: usize) -> Result<Box<dyn Device>, BadSetting> {
        (self.make)(settings, self.edition, ports)
    }
}

impl Lab for SimLab {
    fn device(&self) -> String {
        self.name.clone()
    }

    fn edition(&self) -> Edition {
        self.edition
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn exact(&self) -> bool {
        self.exact
    }

    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
        // It has every capability.
        let device = self.configured(&self.settings_for(wanted), wanted.ports)?;
        Ok(Box::new(Sim::new(device, wanted.ports)?))
    }
}

impl Device for Box<dyn Device> {
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting> {
        (**self).input(now, input)
    }
    fn advance(&mut self, now: Time) {
        (**self).advance(now);
    }
    fn next_deadline(&self) -> Option<Time> {
        (**self).next_deadline()
    }
    fn output(&mut self) -> Vec<(Port, Vec<u8>)> {
        (**self).output()
    }
    fn state(&self, name: &str, port: Port) -> Option<String> {
        (**self).state(name, port)
    }
    fn rows(&self) -> Vec<&'static str> {
        (**self).rows()
    }
}
