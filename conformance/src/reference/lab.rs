//! Reference devices as devices under test.

use super::Device;
use super::hsrp::HsrpRouter;
use super::hsrp::tables::Tables as HsrpTables;
use super::lacp::LacpSystem;
use super::lacp::tables::Tables;
use super::vrrp::VrrpRouter;
use super::vrrp::tables::Tables as VrrpTables;
use crate::bed::sim::SimLab;
use crate::settings::{BadSetting, Settings};
use crate::spec::{Edition, Editions};

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

/// The profiles in which the references are tested: every edition, both controls of the Mux, both timeouts.
pub const PROFILES: &[Profile] = &[
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
        name: "2020",
        edition: Edition::Dot1Ax2020,
        settings: &[("lacp.control", "independent"), ("lacp.timeout", "short")],
    },
    Profile {
        name: "2020-coupled-long",
        edition: Edition::Dot1Ax2020,
        settings: &[("lacp.control", "coupled"), ("lacp.timeout", "long")],
    },
    Profile {
        name: "2008-coupled",
        edition: Edition::Dot1Ax2008,
        settings: &[("lacp.control", "coupled"), ("lacp.timeout", "short")],
    },
    Profile { name: "rfc9568", edition: Edition::Rfc9568, settings: &[] },
    Profile { name: "rfc5798", edition: Edition::Rfc5798, settings: &[] },
    Profile { name: "rfc3768", edition: Edition::Rfc3768, settings: &[] },
    Profile { name: "rfc2338", edition: Edition::Rfc2338, settings: &[] },
    Profile { name: "rfc2281", edition: Edition::Rfc2281, settings: &[] },
    Profile { name: "cisco-hsrp1", edition: Edition::CiscoHsrp1, settings: &[] },
    Profile { name: "cisco-hsrp2", edition: Edition::CiscoHsrp2, settings: &[] },
];

/// Those of [`PROFILES`] that are VRRP's.
pub fn vrrp_profiles() -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter().filter(|profile| Editions::VRRP.contains(profile.edition))
}

/// Those of [`PROFILES`] that are HSRP's.
pub fn hsrp_profiles() -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter().filter(|profile| Editions::HSRP.contains(profile.edition))
}

/// Those of [`PROFILES`] that are LACP's.
pub fn lacp_profiles() -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter().filter(|profile| Editions::DOT1AX.contains(profile.edition))
}

/// The reference of that edition's protocol.
pub fn reference(edition: Edition, settings: Settings) -> SimLab {
    match edition {
        Edition::Dot1Ax2008 | Edition::Dot1Ax2014 | Edition::Dot1Ax2020 => lacp(edition, settings),
        Edition::Rfc2338 | Edition::Rfc3768 | Edition::Rfc5798 | Edition::Rfc9568 => {
            vrrp_with(edition, settings, VrrpTables::new(edition))
        }
        Edition::Rfc2281 | Edition::CiscoHsrp1 | Edition::CiscoHsrp2 => {
            hsrp_with(edition, settings, HsrpTables::new(edition))
        }
        // No profile is of this edition: who asks for one all the same is told.
        Edition::CiscoGlbp => SimLab::new("no reference", edition, settings, Box::new(no_reference)),
    }
}

impl Profile {
    /// Its settings.
    pub fn settings(&self) -> Settings {
        self.settings.iter().copied().collect()
    }
}

/// The LACP reference, with these settings where a test does not say.
pub fn lacp(edition: Edition, settings: Settings) -> SimLab {
    lacp_with(edition, settings, Tables::new(edition))
}

/// The LACP reference with these tables.
pub fn lacp_with(edition: Edition, settings: Settings, tables: Tables) -> SimLab {
    let tables = std::sync::Mutex::new(tables);
    let make = move |settings: &Settings, edition, ports| {
        let tables = tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let system: Box<dyn Device> = Box::new(LacpSystem::new(settings, edition, ports, tables)?);
        Ok(system)
    };
    SimLab::new("LACP reference", edition, settings, Box::new(make))
}

/// The VRRP reference with these tables.
pub fn vrrp_with(edition: Edition, settings: Settings, tables: VrrpTables) -> SimLab {
    let name = if Editions::VRRP2.contains(edition) { "VRRPv2 reference" } else { "VRRPv3 reference" };
    let tables = std::sync::Mutex::new(tables);
    let make = move |settings: &Settings, edition, _| {
        let tables = tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let router: Box<dyn Device> = Box::new(VrrpRouter::new(settings, edition, tables)?);
        Ok(router)
    };
    SimLab::new(name, edition, settings, Box::new(make))
}

fn no_reference(_: &Settings, edition: Edition, _: usize) -> Result<Box<dyn Device>, BadSetting> {
    let expected = "an edition of which there is a reference".to_owned();
    Err(BadSetting { name: "edition".to_owned(), value: edition.name().to_owned(), expected })
}

/// The HSRP reference with these tables.
pub fn hsrp_with(edition: Edition, settings: Settings, tables: HsrpTables) -> SimLab {
    let name = if Editions::HSRP1.contains(edition) { "HSRPv1 reference" } else { "HSRPv2 reference" };
    let tables = std::sync::Mutex::new(tables);
    let make = move |settings: &Settings, edition, _| {
        let tables = tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone();
        let router: Box<dyn Device> = Box::new(HsrpRouter::new(settings, edition, tables)?);
        Ok(router)
    };
    SimLab::new(name, edition, settings, Box::new(make))
}
