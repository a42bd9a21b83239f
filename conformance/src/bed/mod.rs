//! Where a test runs: against a reference in virtual time, against a device that runs, or over a capture again.

pub mod live;
pub mod sim;
pub mod stepped;
pub mod trace;

use std::path::Path;

use crate::event::{Event, Port, Stamp};
use crate::settings::Settings;
use crate::spec::Edition;
use crate::time::Time;

/// What a bed, with its device, can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Capability {
    /// Send frames of any content.
    Transmit,
    /// A device that has just started, or whose links were down before, and knows no partner.
    Fresh,
    /// Take the carrier away and give it back.
    Link,
    /// Change a parameter of the running device.
    Configure,
    /// Send and see data on the device's own side, or behind it.
    Data,
    /// Ask the device for its state.
    State,
}

impl Capability {
    /// In words, for a reason.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Transmit => "sending frames",
            Self::Fresh => "a device that has just started",
            Self::Link => "switching the link off and on",
            Self::Configure => "changing the device's configuration",
            Self::Data => "data frames on the device's own side",
            Self::State => "reading the device's state",
        }
    }
}

/// What a test wants of a bed before it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Id of the test.
    pub test: String,
    /// Links between tester and device.
    pub ports: usize,
    /// All of these.
    pub capabilities: Vec<Capability>,
    /// How the device has to be configured; where this is silent anything goes.
    pub settings: Settings,
}

/// Why there is no bed.
#[derive(Debug, thiserror::Error)]
pub enum NoBed {
    /// The device or the bed lacks something.
    #[error("{0}")]
    NotApplicable(String),
    /// A setting that cannot be.
    #[error(transparent)]
    Setting(#[from] crate::settings::BadSetting),
    /// The device did not get ready.
    #[error("the device did not get ready: {0}")]
    NotReady(String),
    /// The tester cannot do what it takes.
    #[error("{0}")]
    Tester(String),
}

impl From<live::WireError> for NoBed {
    fn from(error: live::WireError) -> Self {
        Self::Tester(error.to_string())
    }
}

/// Why a bed could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum BedError {
    /// The device or the bed lacks something that only showed now.
    #[error("{0}")]
    NotApplicable(String),
    /// The device died.
    #[error("{0}")]
    Crash(String),
    /// The tester failed.
    #[error("{0}")]
    Tester(String),
    /// Somebody wants the run to end.
    #[error("interrupted")]
    Interrupted,
}

/// Something that a device wrote while it was tested.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Log {
    /// Name of its file.
    pub name: String,
    /// What it holds.
    pub octets: Vec<u8>,
}

/// A bed while a test runs on it. Time goes on only in [`Bed::next`], and as the world pleases in a live one.
pub trait Bed {
    /// Now.
    fn now(&self) -> Time;
    /// When the device's links came up, and how sure that is.
    fn origin(&self) -> Stamp {
        Stamp::default()
    }
    /// Sends a frame to the device and says when that was.
    ///
    /// # Errors
    /// It could not be sent.
    fn send(&mut self, port: Port, frame: &[u8]) -> Result<Stamp, BedError>;
    /// The next thing that happens not later than `until`, or `None` when it is `until`. What the tester does itself is
    /// not among it.
    ///
    /// # Errors
    /// The device died.
    fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError>;
    /// Takes the carrier away or gives it back.
    ///
    /// # Errors
    /// It could not be done.
    fn link(&mut self, port: Port, up: bool) -> Result<Stamp, BedError>;
    /// Changes a parameter of the device.
    ///
    /// # Errors
    /// It could not be done.
    fn configure(&mut self, name: &str, value: &str) -> Result<Stamp, BedError>;
    /// The device's own account of a piece of its state.
    ///
    /// # Errors
    /// It could not be asked.
    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError>;
    /// The end: what there is to say of the time that has gone by, but for frames.
    ///
    /// # Errors
    /// The device died meanwhile.
    fn close(&mut self) -> Result<Vec<Event<'static>>, BedError> {
        Ok(Vec::new())
    }
    /// The folder in which it is written down what was made for it on this machine, if anything was.
    fn folder(&self) -> Option<&Path> {
        None
    }
    /// What the device said of itself meanwhile.
    fn logs(&self) -> Vec<Log> {
        Vec::new()
    }
    /// Ids of the table rows that the device took, if it can tell.
    fn rows(&self) -> Vec<&'static str>;
}

/// Makes beds: what stands behind `--dut`, `--lab` or nothing.
pub trait Lab: Sync {
    /// The device's name.
    fn device(&self) -> String;
    /// What it is judged by.
    fn edition(&self) -> Edition;
    /// What is known of the device.
    fn settings(&self) -> &Settings;
    /// The device declares no tolerance of its timers: it is held to the strict windows.
    fn exact(&self) -> bool;
    /// A bed with a freshly started device, configured as wanted, all its links up from time zero on.
    ///
    /// # Errors
    /// There is none, and why.
    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed>;
    /// The world takes part: what does not go well has to be seen more than once.
    fn live(&self) -> bool {
        false
    }
    /// The same device in real time, where what goes wrong in virtual time is to be seen too.
    fn real(&self) -> Option<&dyn Lab> {
        None
    }
    /// How many beds there may be at a time if nobody says.
    fn jobs(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
    /// What the device's settings are in a bed that was made for `wanted`.
    fn settings_for(&self, wanted: &Wanted) -> Settings {
        wanted.settings.over(self.settings())
    }
}
