//! A router's host: a network namespace with the links that a test wants, TAPs of the tester, and the addresses and the
//! settings of the kernel that a careful operator gives a router.

use std::fmt::Write as _;
use std::io;
use std::net::Ipv6Addr;
use std::path::Path;

use crate::bed::NoBed;
use crate::bed::live::{Place, Wire};
use crate::event::Port;
use crate::instance::Instance;
use crate::lab::{ROUTER_FILTER, carrier, interface};
use crate::netns;
use crate::reference::router::LAN;
use crate::reference::vrrp::configuration::Configuration;

/// Before there are interfaces. Addresses are given and used at once: nobody else has them.
const BEFORE: &[(&str, &str)] = &[
    ("ipv4/ip_forward", "1"),
    ("ipv6/conf/all/forwarding", "1"),
    // A virtual router's interface is in the network of the link below it: what comes in on one may be answered on the
    // other, and each answers for its own addresses alone.
    ("ipv4/conf/all/rp_filter", "0"),
    ("ipv4/conf/default/rp_filter", "0"),
    ("ipv4/conf/all/arp_ignore", "1"),
    ("ipv4/conf/all/arp_announce", "2"),
    // Backup's interfaces that are down lead nowhere.
    ("ipv4/conf/all/ignore_routes_with_linkdown", "1"),
    ("ipv4/conf/default/ignore_routes_with_linkdown", "1"),
    ("ipv6/conf/all/ignore_routes_with_linkdown", "1"),
    ("ipv6/conf/default/ignore_routes_with_linkdown", "1"),
    ("ipv6/conf/default/accept_dad", "0"),
    ("ipv6/conf/default/accept_ra", "0"),
    ("ipv6/conf/default/router_solicitations", "0"),
    // Link-local addresses are given too.
    ("ipv6/conf/default/addr_gen_mode", "1"),
    ("ipv6/conf/default/keep_addr_on_down", "1"),
];

/// A host. Its links have no carrier.
pub struct Site {
    /// The links, until somebody takes them.
    pub wires: Vec<Wire>,
    /// The network namespace.
    pub namespace: String,
    /// Last: it removes the namespace.
    pub instance: Instance,
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn tester(error: impl ToString) -> NoBed {
    NoBed::Tester(error.to_string())
}

impl Site {
    /// Makes one, with so many links. On the LAN it has this link-local address.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn make(
        lab: &str,
        configuration: &Configuration,
        ports: usize,
        link_local: Ipv6Addr,
    ) -> Result<Self, NoBed> {
        let instance = Instance::new(lab).map_err(tester)?;
        let namespace = instance.namespace("").map_err(tester)?;
        write(&namespace, BEFORE).map_err(tester)?;
        let wires = (0u16..)
            .take(ports)
            .map(|port| {
                let interface = interface(Port(port)).to_owned();
                let namespace = Some(namespace.clone());
                let kind = crate::bed::live::Kind::Tap;
                Ok(Wire::open(Place { namespace, interface, kind, owned: false }, ROUTER_FILTER)?)
            })
            .collect::<Result<Vec<Wire>, NoBed>>()?;
        let site = Self { wires, namespace, instance };
        site.ip(&addresses(configuration, ports, link_local)).map_err(tester)?;
        // Interfaces of virtual routers are still to come.
        if configuration.proxy_arp {
            site.write(&[("ipv4/conf/default/proxy_arp", "1")]).map_err(tester)?;
        }
        if configuration.first().owner() {
            // The virtual router answers for it, by its own MAC address.
            site.write(&[("ipv4/conf/lan/arp_ignore", "8")]).map_err(tester)?;
        }
        for wire in &site.wires {
            carrier::until_running(wire, false).map_err(tester)?;
        }
        Ok(site)
    }

    /// Its folder.
    pub fn folder(&self) -> &Path {
        self.instance.folder()
    }

    /// Sets parameters of its kernel: paths below `/proc/sys/net`.
    ///
    /// # Errors
    /// There is no such parameter.
    pub fn write(&self, parameters: &[(&str, &str)]) -> io::Result<()> {
        write(&self.namespace, parameters)
    }

    /// Commands of `ip`, a line each.
    ///
    /// # Errors
    /// One is refused.
    pub fn ip(&self, commands: &str) -> io::Result<()> {
        let file = self.folder().join("ip");
        std::fs::write(&file, commands)?;
        netns::ip(Some(&self.namespace), &["-batch", &file.display().to_string()])
    }
}

fn write(namespace: &str, parameters: &[(&str, &str)]) -> io::Result<()> {
    netns::within(Some(namespace), || {
        parameters.iter().try_for_each(|(name, value)| {
            let path = format!("/proc/sys/net/{name}");
            std::fs::write(&path, value)
                .map_err(|error| io::Error::new(error.kind(), format!("{path}: {error}")))
        })
    })?
}

/// The commands that give the links their addresses.
fn addresses(configuration: &Configuration, ports: usize, link_local: Ipv6Addr) -> String {
    let mut commands = String::new();
    for (port, own) in (0u16..).map(Port).zip(&configuration.interfaces).take(ports) {
        let name = interface(port);
        let link_local = if port == LAN { link_local } else { own.link_local };
        // Writing to a string does not fail.
        let _ = writeln!(commands, "link set dev {name} address {}", own.mac);
        for address in [Some(own.address), own.secondary_address].into_iter().flatten() {
            let _ = writeln!(commands, "address add {address}/{} dev {name}", own.prefix_length);
        }
        for address in [link_local, own.address6] {
            let _ = writeln!(commands, "address add {address}/64 dev {name} nodad");
        }
    }
    commands
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;
    use crate::settings::Settings;
    use crate::spec::Edition;

    #[test]
    fn links_get_the_addresses_that_tests_know() {
        let settings = Settings::new().with("vrrp.secondary_address", "10.0.0.60");
        let configuration = Configuration::new(&settings, Edition::Rfc5798).unwrap();
        let one = addresses(&configuration, 1, Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 7));
        assert_eq!(
            one.lines().collect::<Vec<_>>(),
            [
                "link set dev lan address 02:00:00:00:00:50",
                "address add 10.0.0.50/16 dev lan",
                "address add 10.0.0.60/16 dev lan",
                "address add fe80::7/64 dev lan nodad",
                "address add 2001:db8::50/64 dev lan nodad",
            ]
        );
        let two = addresses(&configuration, 2, Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 7));
        assert!(two.contains("address add 198.51.100.1/24 dev down\n"), "{two}");
    }
}
