//! Open vSwitch in real time.

use super::configuration::{EDITION, profile};
use super::switch::Switch;
use super::version;
use crate::bed::live::Driver;
use crate::bed::{NoBed, Wanted};
use crate::lab::Maker;
use crate::settings::Settings;
use crate::spec::Edition;

/// Makes switches.
pub struct Switches {
    device: String,
    settings: Settings,
}

/// Switches of the Open vSwitch that is installed here.
///
/// # Errors
/// It is not, and where it is to be had.
pub fn maker() -> Result<Switches, NoBed> {
    Ok(Switches { device: version()?, settings: profile() })
}

impl Maker for Switches {
    fn device(&self) -> String {
        self.device.clone()
    }

    fn edition(&self) -> Edition {
        EDITION
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    /// An instance that waits takes a hundredth of a processor.
    fn jobs(&self) -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get) * 8
    }

    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed> {
        Ok(Box::new(Switch::start(wanted, &[])?))
    }
}
