//! Tests of HSRP routers, version 1 and version 2 over IPv4 and IPv6. A scenario is written once and runs as each of them
//! that has it; the words are those of the catalogue: T the tester, D the device, H its Holdtime, P the priority in T's
//! messages, VIP the virtual address.

pub mod active;
pub mod addresses;
pub mod authentication;
pub mod configuration;
pub mod forwarding;
pub mod interface_state;
pub mod lan;
pub mod learn;
pub mod learning;
pub mod listen;
pub mod message;
pub mod neighbors;
pub mod network;
pub mod oracle;
pub mod pattern;
pub mod reception;
pub mod robust;
pub mod sent;
pub mod shutdown;
pub mod speak;
pub mod standby;
pub mod startup;
pub mod states;
pub mod steps;
pub mod timers;
#[cfg(test)]
mod told;
pub mod tracking;
pub mod transitions;
pub mod transmitted;

use std::time::Duration;

use redspec_codec::Family;

pub use self::lan::{Lan, Peer};
pub use self::message::{Edit, Message};
pub use self::pattern::message;
pub use super::router::{Ask, Hosts, Station, announcement, answer, binding, frames};
pub use super::steps::Steps;
use crate::reference::hsrp::configuration::Configuration;
use crate::scenario::{Background, Run, Stop, Test};
use crate::spec::hsrp::timers::{DEFAULT_HELLOTIME, DEFAULT_HOLDTIME};
use crate::spec::hsrp::{HSRP1, HSRP2, Version};
use crate::spec::{Edition, Editions};

/// A version of the protocol and a family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Version 1.
    V1,
    /// Version 2 over IPv4.
    V2,
    /// Version 2 over IPv6.
    V6,
}

/// The row of the catalogue for version 1, for version 2 over IPv4 and over IPv6; `""` where there is no test, `-` for a
/// test without a row.
pub type Rows = [&'static str; 3];

/// What version 2 is asked over IPv4 alone: over IPv6, of which there are no captures, it is recorded by other names.
const OVER_IPV4: &[&str] = &[
    "encapsulation.destination",
    "encapsulation.destination-mac",
    "encapsulation.port",
    "encapsulation.source-address",
    "encapsulation.source-port",
    "encapsulation.ttl",
    "encapsulation.virtual-mac",
];

impl Dialect {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::V1, Self::V2, Self::V6];

    /// Editions in which it can be judged.
    pub const fn editions(self) -> Editions {
        match self {
            Self::V1 => Editions::HSRP1,
            Self::V2 | Self::V6 => Editions::HSRP2,
        }
    }

    /// Its version.
    pub const fn version(self) -> Version {
        match self {
            Self::V1 => Version::V1,
            Self::V2 | Self::V6 => Version::V2,
        }
    }

    /// Its family.
    pub const fn family(self) -> Family {
        match self {
            Self::V1 | Self::V2 => Family::Ipv4,
            Self::V6 => Family::Ipv6,
        }
    }

    /// First word of its ids.
    pub const fn protocol(self) -> &'static str {
        match self {
            Self::V1 => "hsrp1",
            Self::V2 | Self::V6 => "hsrp2",
        }
    }

    fn find(self, name: &str) -> Option<&'static str> {
        let all = if self == Self::V1 { HSRP1.requirements } else { HSRP2.requirements };
        let mut ids = all.iter().map(|requirement| requirement.id);
        ids.find(|id| id.split_once('.').is_some_and(|(_, rest)| rest == name))
    }

    /// Its requirement of that name without the protocol: `standby.takeover-time`. What it does not have is named so,
    /// which no table does, and a test of the suite finds it.
    pub fn requirement(self, name: &'static str) -> &'static str {
        self.find(name).unwrap_or(name)
    }

    /// A test in this dialect; over IPv6 its id ends with `.ipv6`. It judges those of the requirements that there are:
    /// names without the protocol.
    pub fn test(self, name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
        let suffix = if self == Self::V6 { ".ipv6" } else { "" };
        let id = format!("{}.{name}{suffix}", self.protocol());
        let asked = requirements.iter().filter(|name| self != Self::V6 || !OVER_IPV4.contains(name));
        let judged: Vec<&str> = asked.filter_map(|name| self.find(name)).collect();
        let test = Test::new(id, row, purpose, self.editions()).judges(&judged);
        match self {
            Self::V1 => test,
            Self::V2 => test.with("hsrp.family", "ipv4"),
            Self::V6 => test.with("hsrp.family", "ipv6"),
        }
    }
}

/// The dialects that have a row, with it.
pub fn dialects(rows: Rows) -> impl Iterator<Item = (Dialect, &'static str)> {
    Dialect::ALL.into_iter().zip(rows).filter(|(_, row)| !row.is_empty())
}

/// All tests of HSRP.
pub fn tests() -> Vec<Test> {
    [
        active::tests(),
        addresses::tests(),
        authentication::tests(),
        configuration::tests(),
        forwarding::tests(),
        interface_state::tests(),
        learn::tests(),
        learning::tests(),
        listen::tests(),
        neighbors::tests(),
        network::tests(),
        reception::tests(),
        robust::tests(),
        shutdown::tests(),
        speak::tests(),
        standby::tests(),
        startup::tests(),
        timers::tests(),
        tracking::tests(),
        transmitted::tests(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// An HSRP test while it runs: a run, and who else is on the links.
pub struct HsrpTest<'r> {
    /// The run, for what is not HSRP's.
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
    /// Its body, for HSRP. Behind it the device has to show that it still works.
    #[must_use]
    pub fn hsrp(
        self,
        dialect: Dialect,
        body: impl Fn(&mut HsrpTest<'_>) -> Result<(), Stop> + Send + Sync + 'static,
    ) -> Self {
        self.body(move |run| {
            let mut test = HsrpTest::new(run, dialect)?;
            body(&mut test)?;
            test.still_alive()
        })
    }
}

impl<'r> HsrpTest<'r> {
    /// Nobody says anything yet.
    ///
    /// # Errors
    /// A setting of the device does not fit.
    pub fn new(run: &'r mut Run, dialect: Dialect) -> Result<Self, Stop> {
        let configuration = Configuration::new(run.settings(), run.edition())
            .map_err(|error| Stop::Error(error.to_string()))?;
        Ok(Self { run, lan: Lan::new(), configuration, dialect, closing: true })
    }

    /// The test leaves the device in a state in which it need not send.
    pub fn without_closing(&mut self) {
        self.closing = false;
    }

    /// The device is judged by this edition.
    pub fn is(&self, edition: Edition) -> bool {
        self.run.edition() == edition
    }

    /// The Hellotime that the device uses, unless it has learned another.
    pub fn hellotime(&self) -> Duration {
        self.configuration.first().hellotime.unwrap_or(DEFAULT_HELLOTIME)
    }

    /// H: the Holdtime that it uses, unless it has learned another.
    pub fn holdtime(&self) -> Duration {
        self.configuration.first().holdtime.unwrap_or(DEFAULT_HOLDTIME)
    }
}

impl Steps for HsrpTest<'_> {
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
