//! Open vSwitch in virtual time: the same switch on the same links, but its clock is the tester's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::clock;
use super::configuration::{EDITION, profile};
use super::switch::Switch;
use super::version;
use crate::bed::live::{Driver, Wire};
use crate::bed::stepped::{Rest, Stepped, SteppedBed};
use crate::bed::{Bed, BedError, Lab, NoBed, Wanted};
use crate::event::Port;
use crate::settings::Settings;
use crate::spec::Edition;

/// What a clock that can be stopped takes.
const OPTIONS: &[&str] = &["--enable-dummy"];

/// Switches whose clock is stopped.
pub struct VirtualSwitches {
    device: String,
    settings: Settings,
    stop: Arc<AtomicBool>,
}

/// The Open vSwitch that is installed here, in virtual time. Once `stop` is true, whatever runs ends.
///
/// # Errors
/// It is not, and where it is to be had; or this machine has no way to do it.
pub fn lab(stop: Arc<AtomicBool>) -> Result<VirtualSwitches, NoBed> {
    clock::available().map_err(NoBed::Tester)?;
    Ok(VirtualSwitches { device: format!("{}, in virtual time", version()?), settings: profile(), stop })
}

impl Lab for VirtualSwitches {
    fn device(&self) -> String {
        self.device.clone()
    }

    fn edition(&self) -> Edition {
        EDITION
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    fn exact(&self) -> bool {
        false
    }

    /// They wait most of the time, for each step of the clock.
    fn jobs(&self) -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get) * 4
    }

    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
        let switch = Switch::start(wanted, OPTIONS)?;
        Ok(Box::new(SteppedBed::new(Stopped::new(switch, Arc::clone(&self.stop))?)))
    }
}

/// A switch whose clock stands still.
struct Stopped {
    switch: Switch,
    wires: Vec<Wire>,
    stop: Arc<AtomicBool>,
}

impl Stopped {
    fn new(mut switch: Switch, stop: Arc<AtomicBool>) -> Result<Self, NoBed> {
        let mut wires = switch.wires()?;
        clock::stop(switch.control()).map_err(|error| NoBed::NotReady(error.to_string()))?;
        // What was on the links before that belongs to no test.
        for wire in &mut wires {
            while wire.receive().is_some() {}
        }
        switch.begin(&mut wires)?;
        Ok(Self { switch, wires, stop })
    }

    fn wire(&mut self, port: Port) -> Result<&mut Wire, BedError> {
        let wire = self.wires.get_mut(port.index());
        wire.ok_or_else(|| BedError::Tester(format!("there is no link {port}")))
    }
}

impl Stepped for Stopped {
    fn send(&mut self, port: Port, frame: &[u8]) -> Result<(), BedError> {
        let sent = self.wire(port)?.send(frame);
        sent.map(drop).map_err(|error| BedError::Tester(format!("cannot send on {port}: {error}")))
    }

    fn rest(&mut self) -> Result<Rest, BedError> {
        if self.stop.load(Ordering::Relaxed) {
            return Err(BedError::Interrupted);
        }
        let sleeps = clock::rest(self.switch.process()).map_err(|error| self.switch.fault(error))?;
        let mut frames = Vec::new();
        for (wire, port) in self.wires.iter_mut().zip(0u16..) {
            while let Some(frame) = wire.receive() {
                frames.push((frame.nanoseconds, Port(port), frame.octets));
            }
            let drops = wire.drops();
            if drops > 0 {
                return Err(BedError::Tester(format!("{drops} frames were lost on {}", Port(port))));
            }
        }
        // Within the moment, in the order in which the kernel saw them.
        frames.sort_by_key(|(nanoseconds, ..)| *nanoseconds);
        Ok(Rest { frames: frames.into_iter().map(|(_, port, octets)| (port, octets)).collect(), sleeps })
    }

    fn pass(&mut self, time: Duration) -> Result<(), BedError> {
        clock::warp(self.switch.control(), time).map_err(|error| self.switch.fault(error.to_string()))
    }

    fn tick(&self) -> Duration {
        clock::TICK
    }

    fn link(&mut self, port: Port, up: bool) -> Result<(), BedError> {
        let Self { switch, wires, .. } = self;
        match wires.get_mut(port.index()) {
            Some(wire) => switch.link(wire, port, up),
            None => Err(BedError::Tester(format!("there is no link {port}"))),
        }
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        self.switch.configure(name, value)
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        self.switch.state(name, port)
    }

    fn alive(&mut self) -> Result<(), String> {
        self.switch.alive()
    }
}
