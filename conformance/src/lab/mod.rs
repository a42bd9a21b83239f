//! Devices that run: a user's own, and those that come with redspec.

pub mod instance;
pub mod process;
pub mod profile;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use crate::bed::live::Driver;
use crate::bed::live::LiveBed;
use crate::bed::live::canary::Canary;
use crate::bed::{Bed, Lab, NoBed, Wanted};
use crate::settings::Settings;
use crate::spec::Edition;

/// How to get a device of a kind that runs.
pub trait Maker: Sync + Send {
    /// Its name and version.
    fn device(&self) -> String;
    /// What it is judged by.
    fn edition(&self) -> Edition;
    /// What is known of it, as it is unless a test wants it otherwise.
    fn settings(&self) -> &Settings;
    /// It declares no tolerance of its timers: it is held to the strict windows.
    fn exact(&self) -> bool {
        false
    }
    /// How many of them may run side by side, on this machine, if nobody says.
    fn jobs(&self) -> usize {
        1
    }
    /// Gets one ready that is as wanted: all of it is there, but nothing was heard of it yet.
    ///
    /// # Errors
    /// It lacks something that is wanted, with the reason; or the tester cannot.
    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed>;
}

/// Devices in real time.
pub struct LiveLab {
    maker: Box<dyn Maker>,
    canary: Canary,
    stop: Arc<AtomicBool>,
}

impl LiveLab {
    /// Devices of this kind. Once `stop` is true, whatever runs ends.
    pub fn new(maker: Box<dyn Maker>, stop: Arc<AtomicBool>) -> Self {
        Self { maker, canary: Canary::start(), stop }
    }

    /// How many of them may run side by side if nobody says.
    pub fn jobs(&self) -> usize {
        self.maker.jobs()
    }
}

impl Lab for LiveLab {
    fn device(&self) -> String {
        self.maker.device()
    }

    fn edition(&self) -> Edition {
        self.maker.edition()
    }

    fn settings(&self) -> &Settings {
        self.maker.settings()
    }

    fn exact(&self) -> bool {
        self.maker.exact()
    }

    fn live(&self) -> bool {
        true
    }

    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
        let driver = self.maker.start(wanted)?;
        Ok(Box::new(LiveBed::begin(driver, &self.canary, Arc::clone(&self.stop))?))
    }
}
