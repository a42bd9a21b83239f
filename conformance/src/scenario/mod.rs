//! The test engine: what a test is, and the run in which it sends, waits and judges.
//!
//! Nothing here knows a protocol. A protocol brings patterns, which say what a frame has to look like, and a background,
//! which plays the device's partner while a test waits.

pub mod attempts;
pub mod campaign;
pub mod filter;
pub mod pattern;
pub mod random;
pub mod recheck;
pub mod run;
pub mod runner;

use std::fmt;

pub use pattern::Pattern;
pub use run::{Background, Mark, Outbox, Record, Run, Sighting};

use crate::bed::Capability;
use crate::settings::Settings;
use crate::spec::{Editions, Level, requirement};

/// Why a test stops before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// An obligation decided the test; it is recorded.
    Decided,
    /// The stimulus could not be completed.
    Inconclusive(String),
    /// Something is missing that only showed now.
    NotApplicable(String),
    /// The device died.
    Crash(String),
    /// The tester failed.
    Error(String),
}

/// What a test needs of device and bed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needs {
    /// Links.
    pub ports: usize,
    /// All of these.
    pub capabilities: Vec<Capability>,
    /// The device has to be configured so.
    pub settings: Settings,
    /// The device has to be one of these, as its profile says: `(setting, values)`. A device whose profile is silent
    /// is taken to have the first value.
    pub profile: Vec<(&'static str, Vec<&'static str>)>,
    /// Editions in which it can be judged.
    pub editions: Editions,
}

type Body = Box<dyn Fn(&mut Run) -> Result<(), Stop> + Send + Sync>;

/// A test: a scenario, and what is to be known about it before it runs.
pub struct Test {
    /// Permanent.
    pub id: String,
    /// The row of the catalogue that it comes from, `-` if it comes from none.
    pub catalogue: &'static str,
    /// What it shows, in one sentence.
    pub purpose: String,
    /// Ids of the requirements that it judges. It can judge no others.
    pub requirements: Vec<&'static str>,
    /// What it needs.
    pub needs: Needs,
    /// What may go wrong without being the device's fault.
    pub problems: String,
    body: Body,
}

impl fmt::Debug for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Test").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Test {
    /// A test that needs one port and nothing else; its body is given with [`Self::body`].
    pub fn new(
        id: impl Into<String>,
        catalogue: &'static str,
        purpose: impl Into<String>,
        editions: Editions,
    ) -> Self {
        Self {
            id: id.into(),
            catalogue,
            purpose: purpose.into(),
            requirements: Vec::new(),
            needs: Needs {
                ports: 1,
                capabilities: vec![Capability::Transmit],
                settings: Settings::new(),
                profile: Vec::new(),
                editions,
            },
            problems: String::new(),
            body: Box::new(|_| Err(Stop::Error("the test has no body".to_owned()))),
        }
    }

    /// The requirements that it judges.
    #[must_use]
    pub fn judges(mut self, requirements: &[&'static str]) -> Self {
        self.requirements = requirements.to_vec();
        self
    }

    /// It needs so many links.
    #[must_use]
    pub fn ports(mut self, ports: usize) -> Self {
        self.needs.ports = ports;
        self
    }

    /// It needs this too.
    #[must_use]
    pub fn needs(mut self, capability: Capability) -> Self {
        self.needs.capabilities.push(capability);
        self
    }

    /// The device has to be configured so.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.needs.settings.set(name, value);
        self
    }

    /// The device's profile has to say one of these.
    #[must_use]
    pub fn for_devices(mut self, name: &'static str, values: &[&'static str]) -> Self {
        self.needs.profile.push((name, values.to_vec()));
        self
    }

    /// Only in these editions.
    #[must_use]
    pub fn only(mut self, editions: Editions) -> Self {
        self.needs.editions = editions;
        self
    }

    /// What may go wrong without being the device's fault.
    #[must_use]
    pub fn problems(mut self, problems: impl Into<String>) -> Self {
        self.problems = problems.into();
        self
    }

    /// What it does.
    #[must_use]
    pub fn body(mut self, body: impl Fn(&mut Run) -> Result<(), Stop> + Send + Sync + 'static) -> Self {
        self.body = Box::new(body);
        self
    }

    /// Runs it.
    ///
    /// # Errors
    /// Why it ended early.
    pub fn execute(&self, run: &mut Run) -> Result<(), Stop> {
        (self.body)(run)
    }

    /// The most that it asks.
    pub fn level(&self) -> Level {
        self.requirements
            .iter()
            .filter_map(|id| requirement::find(id))
            .map(|requirement| requirement.level)
            .min()
            .unwrap_or(Level::Info)
    }
}
