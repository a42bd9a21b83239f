//! Reference devices as devices under test.

use super::Device;
use super::lacp::LacpSystem;
use super::lacp::tables::Tables;
use crate::bed::sim::SimLab;
use crate::settings::Settings;
use crate::spec::Edition;

/// A way in which the reference is configured where a test does not say.
#[derive(Clone, Copy, Debug)]
pub struct Profile {
    /// Its name.
    pub name: &'static str,
    /// Its edition.
    pub edition: Edition,
    /// `(setting, value)`
    pub settings: &'static [(&'static str, &'static str)],
}

/// The profiles in which the LACP reference is tested: every edition, both controls of the Mux, both timeouts.
pub const LACP_PROFILES: &[Profile] = &[
    Profile {
        name: "2014",
        edition: Edition::Dot1Ax2014,
        settings: &[("lacp.control", "independent"), ("lacp.timeout", "short")],
    },
    Profile {
        name: "2014-coupled-long",
        edition: Edition::Dot1Ax2014,
        settings: &[("lacp.control", "coupled"), ("lacp.timeout", "long")],
    },
    Profile {
        name: "2008-coupled",
        edition: Edition::Dot1Ax2008,
        settings: &[("lacp.control", "coupled"), ("lacp.timeout", "short")],
    },
    Profile {
        name: "2020",
        edition: Edition::Dot1Ax2020,
        settings: &[("lacp.control", "independent"), ("lacp.timeout", "short")],
    },
    Profile {
        name: "2020-coupled-long",
        edition: Edition::Dot1Ax2020,
        settings: &[("lacp.control", "coupled"), ("lacp.timeout", "long")],
    },
];

impl Profile {
    /// Its settings.
    pub fn settings(&self) -> Settings {
        self.settings.iter().copied().collect()
    }
}

/// The LACP reference, with these settings where a test does not say.
pub fn lacp(edition: Edition, settings: Settings) -> SimLab {
    mutant(edition, settings, Tables::new(edition))
}

/// The LACP reference with other tables than the standard's.
pub fn mutant(edition: Edition, settings: Settings, tables: Tables) -> SimLab {
    let tables = std::sync::Mutex::new(tables);
    let make = move |settings: &Settings, edition, ports| {
        let tables = tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let system: Box<dyn Device> = Box::new(LacpSystem::new(settings, edition, ports, tables)?);
        Ok(system)
    };
    SimLab::new("LACP reference", edition, settings, Box::new(make))
}
