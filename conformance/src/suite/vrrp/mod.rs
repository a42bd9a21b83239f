//! Tests of VRRP routers, version 2 and version 3 over IPv4 and IPv6. A scenario is written once and runs as each of them
//! that has it; the words are those of the catalogue: T the tester, D the device, I its Advertisement_Interval, P the
//! priority in T's advertisements, VIP a virtual address.

pub mod active;
pub mod addresses;
pub mod advert;
pub mod authentication;
pub mod backup;
pub mod configuration;
pub mod forwarding;
pub mod interoperation;
pub mod lan;
pub mod neighbors;
pub mod operation;
pub mod oracle;
pub mod pattern;
pub mod reception;
pub mod robust;
pub mod shutdown;
pub mod startup;
pub mod steps;
pub mod transmitted;

use std::time::Duration;

use redspec_codec::Family;

pub use self::advert::{Advert, Digest, Edit, Sum};
pub use self::lan::{Lan, Peer};
pub use self::pattern::advertisement;
pub use super::router::{Ask, Hosts, Station, announcement, answer, binding, frames};
pub use super::steps::Steps;
use crate::reference::vrrp::configuration::Configuration;
use crate::scenario::{Background, Run, Stop, Test};
use crate::spec::vrrp::{VRRP2, VRRP3, Version};
use crate::spec::{Edition, Editions};

/// A version of the protocol and a family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Version 2.
    V2,
    /// Version 3 over IPv4.
    V3,
    /// Version 3 over IPv6.
    V6,
}

/// The row of the catalogue for version 2, for version 3 over IPv4 and over IPv6; `""` where there is no test, `-` for a
/// test without a row.
pub type Rows = [&'static str; 3];

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V2, Self::V3, Self::V6];

    /// Editions in which it can be judged.
    pub const fn editions(self) -> Editions {
        match self {
            Self::V2 => Editions::VRRP2,
            Self::V3 | Self::V6 => Editions::VRRP3,
        }
    }

    /// Its version.
    pub const fn version(self) -> Version {
        match self {
            Self::V2 => Version::V2,
            Self::V3 | Self::V6 => Version::V3,
        }
    }

    /// Its family.
    pub const fn family(self) -> Family {
        match self {
            Self::V2 | Self::V3 => Family::Ipv4,
            Self::V6 => Family::Ipv6,
        }
    }

    /// First word of its ids.
    pub const fn protocol(self) -> &'static str {
        match self {
            Self::V2 => "vrrp2",
            Self::V3 | Self::V6 => "vrrp3",
        }
    }

    /// Its requirement of that name without the protocol: `backup.silent`. What it does not have is named so, which no
    /// table does, and a test of the suite finds it.
    pub fn requirement(self, name: &'static str) -> &'static str {
        let all = if self == Self::V2 { VRRP2.requirements } else { VRRP3.requirements };
        let ids = all.iter().map(|requirement| requirement.id);
        ids.into_iter().find(|id| id.split_once('.').is_some_and(|(_, rest)| rest == name)).unwrap_or(name)
    }

    /// Its requirements among these names; what it does not have is left out.
    fn requirements(self, names: &[&'static str]) -> Vec<&'static str> {
        let all = if self == Self::V2 { VRRP2.requirements } else { VRRP3.requirements };
        names
            .iter()
            .filter_map(|name| {
                let mut ids = all.iter().map(|requirement| requirement.id);
                ids.find(|id| id.split_once('.').is_some_and(|(_, rest)| rest == *name))
            })
            .collect()
    }

    /// A test in this dialect; over IPv6 its id ends with `.ipv6`. It judges those of the requirements that there are:
    /// names without the protocol.
    pub fn test(self, name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
        let suffix = if self == Self::V6 { ".ipv6" } else { "" };
        let id = format!("{}.{name}{suffix}", self.protocol());
        let test = Test::new(id, row, purpose, self.editions()).judges(&self.requirements(requirements));
        match self {
            Self::V2 => test,
            Self::V3 => test.with("vrrp.family", "ipv4"),
            Self::V6 => test.with("vrrp.family", "ipv6"),
        }
    }
}

/// The dialects that have a row, with it.
pub fn dialects(rows: Rows) -> impl Iterator<Item = (Dialect, &'static str)> {
    Dialect::ALL.into_iter().zip(rows).filter(|(_, row)| !row.is_empty())
}

/// All tests of VRRP.
pub fn tests() -> Vec<Test> {
    [
        backup::tests(),
        configuration::tests(),
        shutdown::tests(),
        startup::tests(),
        transmitted::tests(),
        addresses::tests(),
        neighbors::tests(),
        forwarding::tests(),
        reception::tests(),
        authentication::tests(),
        robust::tests(),
        active::tests(),
        interoperation::tests(),
        operation::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A VRRP test while it runs: a run, and who else is on the links.
pub struct VrrpTest<'r> {
    /// The run, for what is not VRRP's.
    pub run: &'r mut Run,
    /// Other routers and hosts.
    pub lan: Lan,
    /// How the device is configured.
    pub configuration: Configuration,
    /// What it speaks.
    pub dialect: Dialect,
    closing: bool,
}

impl Test {
    /// Its body, for VRRP. Behind it the device has to show that it still works.
    #[must_use]
    pub fn vrrp(
        self,
        dialect: Dialect,
        body: impl Fn(&mut VrrpTest<'_>) -> Result<(), Stop> + Send + Sync + 'static,
    ) -> Self {
        self.body(move |run| {
            let mut test = VrrpTest::new(run, dialect)?;
            body(&mut test)?;
            test.still_alive()
        })
    }
}

impl<'r> VrrpTest<'r> {
    /// Nobody says anything yet.
    ///
    /// # Errors
    /// A setting of the device does not fit.
    pub fn new(run: &'r mut Run, dialect: Dialect) -> Result<Self, Stop> {
        let configuration = Configuration::new(run.settings(), run.edition())
            .map_err(|error| Stop::Error(error.to_string()))?;
        Ok(Self { run, lan: Lan::new(), configuration, dialect, closing: true })
    }

    /// The test leaves the device in a state in which it need not advertise.
    pub fn without_closing(&mut self) {
        self.closing = false;
    }

    /// The device is judged by this edition.
    pub fn is(&self, edition: Edition) -> bool {
        self.run.edition() == edition
    }

    /// I, the device's Advertisement_Interval.
    pub fn interval(&self) -> Duration {
        self.configuration.first().interval
    }
}

impl Steps for VrrpTest<'_> {
    fn run(&self) -> &Run {
        self.run
    }

    fn parts(&mut self) -> (&mut Run, &mut dyn Background) {
        (self.run, &mut self.lan)
    }

    fn requirement(&self, name: &'static str) -> &'static str {
        self.dialect.requirement(name)
    }
}
