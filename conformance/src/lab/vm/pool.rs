//! Machines that are booted and not in use.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::image::Image;
use super::machine::{Machine, MachineError};

/// The machines of a lab: whoever needs one gets one that is free, or a new one, and gives it back.
#[derive(Debug)]
pub struct Pool {
    lab: &'static str,
    image: Image,
    free: Mutex<Vec<Machine>>,
}

impl Pool {
    /// An empty one, for a lab of this name.
    pub fn new(lab: &'static str, image: Image) -> Self {
        Self { lab, image, free: Mutex::new(Vec::new()) }
    }

    /// What its machines boot.
    pub fn image(&self) -> &Image {
        &self.image
    }

    /// A machine that runs, for the caller alone.
    ///
    /// # Errors
    /// It does not boot.
    pub fn take(&self) -> Result<Machine, MachineError> {
        loop {
            let free = self.free().pop();
            let Some(mut machine) = free else { return Machine::boot(self.lab, &self.image) };
            if machine.alive().is_ok() {
                return Ok(machine);
            }
        }
    }

    /// Takes a machine back on which nothing is configured.
    pub fn put(&self, machine: Machine) {
        self.free().push(machine);
    }

    fn free(&self) -> MutexGuard<'_, Vec<Machine>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
