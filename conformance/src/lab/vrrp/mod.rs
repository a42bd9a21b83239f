//! What labs of VRRP routers have in common: the router's host, a Linux in a network namespace of its own, its addresses,
//! and what of the wanted configuration a device can be given.

pub mod site;

use crate::bed::{NoBed, Wanted};
use crate::reference::vrrp::configuration::{Configuration, VirtualRouter};
use crate::settings::Settings;
use crate::spec::Edition;

/// What every router can be given: these are the host's, or every implementation has them.
const COMMON: &[&str] = &[
    "vrrp.address",
    "vrrp.address6",
    "vrrp.enabled",
    "vrrp.interval",
    "vrrp.link_local",
    "vrrp.owner",
    "vrrp.preempt",
    "vrrp.prefix_length",
    "vrrp.priority",
    "vrrp.proxy_arp",
    "vrrp.second",
    "vrrp.second_family",
    "vrrp.second_priority",
    "vrrp.second_virtual_address",
    "vrrp.second_virtual_link_local",
    "vrrp.second_vrid",
    "vrrp.secondary_address",
    "vrrp.virtual_address",
    "vrrp.virtual_address6",
    "vrrp.virtual_addresses",
    "vrrp.virtual_link_local",
    "vrrp.vrid",
];

/// An implementation, and what is known of it.
pub struct Kind {
    /// As reasons name it.
    pub name: &'static str,
    /// What it is judged by.
    pub edition: Edition,
    /// What is known of it, and how it is configured where a test does not say.
    pub profile: Settings,
    /// What can be chosen, besides what can with all of them.
    pub choices: &'static [&'static str],
}

impl Kind {
    /// How it has to be configured.
    ///
    /// # Errors
    /// It cannot be, or a value does not fit its name.
    pub fn configuration(&self, wanted: &Wanted) -> Result<Configuration, NoBed> {
        for (name, value) in wanted.settings.iter() {
            if COMMON.contains(&name) || self.choices.contains(&name) {
                continue;
            }
            match self.profile.effective(name) {
                Some(has) if has.eq_ignore_ascii_case(value) => {}
                Some(has) => {
                    return self.lacks(format!("has {name} = {has} and cannot be given {value}"));
                }
                None => return self.lacks(format!("has no {name}")),
            }
        }
        let configuration = Configuration::new(&wanted.settings.over(&self.profile), self.edition)?;
        if wanted.ports > 2 {
            return Err(NoBed::NotApplicable(format!(
                "the lab has 2 links, the test wants {}",
                wanted.ports
            )));
        }
        if configuration.routers.iter().any(|router| router.port.index() >= wanted.ports) {
            return Err(NoBed::NotApplicable(
                "a virtual router is on a link that the test does not want".into(),
            ));
        }
        Ok(configuration)
    }

    /// It cannot do what is wanted.
    ///
    /// # Errors
    /// Always: with this reason.
    pub fn lacks<T>(&self, text: impl std::fmt::Display) -> Result<T, NoBed> {
        Err(NoBed::NotApplicable(format!("{} {text}", self.name)))
    }
}

/// The interface of a virtual router, which has its MAC address: `vrrp4-1-10`.
pub fn virtual_interface(router: &VirtualRouter) -> String {
    let family = if router.mac().0[4] == 1 { 4 } else { 6 };
    format!("vrrp{family}-{}-{}", router.port.0 + 1, router.vrid)
}

/// The length of a virtual router's network.
pub fn prefix_length(
    configuration: &Configuration,
    router: &VirtualRouter,
    address: &std::net::IpAddr,
) -> u8 {
    if address.is_ipv4() { configuration.interfaces[router.port.index()].prefix_length } else { 64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_device_has_is_no_matter_and_what_it_lacks_is_said() {
        let profile = Settings::new().with("vrrp.checksum", "pseudo-header").with("vrrp.accept", "yes");
        let kind = Kind { name: "D", edition: Edition::Rfc5798, profile, choices: &["vrrp.password"] };
        let wants = |name: &str, value: &str| {
            let settings = Settings::new().with(name, value);
            kind.configuration(&Wanted { test: "x".to_owned(), ports: 1, capabilities: Vec::new(), settings })
        };
        assert!(wants("vrrp.password", "x").is_ok());
        assert!(wants("vrrp.checksum", "pseudo-header").is_ok());
        assert_eq!(wants("vrrp.vrid", "7").unwrap().first().vrid, 7);
        let reason = |name: &str, value: &str| wants(name, value).unwrap_err().to_string();
        assert_eq!(reason("vrrp.accept", "no"), "D has vrrp.accept = yes and cannot be given no");
        assert_eq!(
            reason("vrrp.second", "downstream"),
            "a virtual router is on a link that the test does not want"
        );
        assert!(matches!(wants("vrrp.interval", "0"), Err(NoBed::Setting(_))));
    }

    #[test]
    fn virtual_routers_have_interfaces_of_their_own() {
        let settings = Settings::new().with("vrrp.second", "downstream").with("vrrp.second_family", "ipv6");
        let configuration = Configuration::new(&settings, Edition::Rfc5798).unwrap();
        let names: Vec<String> = configuration.routers.iter().map(virtual_interface).collect();
        assert_eq!(names, ["vrrp4-1-10", "vrrp6-2-20"]);
    }
}
