//! Link aggregation of Linux in a virtual machine: the kernel's bonding driver, and teamd with its LACP runner.
//!
//! The machine is emulated and boots a kernel of Debian's. It stays when a test is over, with nothing configured, and the
//! next test makes its device there.

pub mod bonding;
mod cpio;
mod device;
pub mod image;
pub mod machine;
mod maker;
mod modules;
mod netlink;
mod packages;
pub mod pool;
mod qmp;
pub mod team;
mod wanted;

use crate::bed::{BedError, NoBed};
use image::ImageError;
use machine::{MachineError, UNABLE};

/// What it takes here, and the Debian packages that have it.
pub const PROGRAMS: &[(&str, &str)] = &[
    ("qemu-system-x86_64", "qemu-system-x86"),
    ("apt-get", "apt"),
    ("apt-cache", "apt"),
    ("dpkg-deb", "dpkg"),
    ("ip", "iproute2"),
];

impl From<ImageError> for NoBed {
    fn from(error: ImageError) -> Self {
        Self::Tester(format!("no image for the virtual machine: {error}"))
    }
}

impl From<MachineError> for NoBed {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Boot(_) | MachineError::Died(_) | MachineError::Silent(_) => {
                Self::NotReady(error.to_string())
            }
            MachineError::Failed { status: UNABLE, said, .. } => Self::NotApplicable(said),
            error => Self::Tester(error.to_string()),
        }
    }
}

impl From<MachineError> for BedError {
    fn from(error: MachineError) -> Self {
        match error {
            MachineError::Died(how) => Self::Crash(how),
            MachineError::Failed { status: UNABLE, said, .. } => Self::NotApplicable(said),
            error => Self::Tester(error.to_string()),
        }
    }
}
