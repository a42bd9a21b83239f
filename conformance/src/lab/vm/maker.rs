//! Devices of a kind in virtual machines.

use std::sync::Arc;
use std::thread::available_parallelism;

use super::device::{Device, Subject};
use super::image::Image;
use super::machine::address;
use super::pool::Pool;
use crate::bed::{NoBed, Wanted};
use crate::lab::{Driver, Maker};
use crate::settings::Settings;
use crate::spec::Edition;

/// What a device of the kind is like that is as wanted, and where nothing is wanted as the settings say.
type Plan<S> = fn(&Wanted, &Settings) -> Result<S, NoBed>;

/// Makes devices of a kind, each in a machine of a pool.
pub struct Machines<S> {
    pool: Arc<Pool>,
    settings: Settings,
    device: String,
    plan: Plan<S>,
}

impl<S> Machines<S> {
    /// In machines of this image, which belong to the lab `lab`.
    pub fn new(lab: &'static str, image: Image, device: String, settings: &Settings, plan: Plan<S>) -> Self {
        // The first card's address is the system's where nobody says.
        let settings = settings.over(&Settings::new().with("lacp.system", address(0)));
        Self { pool: Arc::new(Pool::new(lab, image)), settings, device, plan }
    }
}

impl<S: Subject + 'static> Maker for Machines<S> {
    fn device(&self) -> String {
        self.device.clone()
    }

    /// The newest one that both drivers cite.
    fn edition(&self) -> Edition {
        Edition::Dot1Ax2014
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    /// One that waits takes a few hundredths of a processor.
    fn jobs(&self) -> usize {
        available_parallelism().map_or(1, |cores| cores.get() * 4)
    }

    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed> {
        let subject = (self.plan)(wanted, &self.settings)?;
        Ok(Box::new(Device::make(&self.pool, subject, wanted)?))
    }
}
