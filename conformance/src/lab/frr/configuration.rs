//! What FRRouting is, and how it is configured: the settings `vrrp.*` as commands, and as interfaces.

use std::fmt::Write as _;
use std::net::Ipv6Addr;

use crate::bed::{NoBed, Wanted};
use crate::lab::interface;
use crate::lab::vrrp::{Kind, prefix_length, virtual_interface};
use crate::reference::router::LAN;
use crate::reference::vrrp::configuration::{Configuration, VirtualRouter};
use crate::settings::Settings;
use crate::spec::Edition;
use crate::spec::vrrp::Version;

/// What is known of it, and how it is configured where a test does not say.
const PROFILE: &[(&str, &str)] = &[
    // A heap of absolute times, and a poll until the next of them: lib/thread.c.
    ("test.timers", "deadlines"),
    // There is a flag for it, that nothing sets: the addresses are those of an interface.
    ("vrrp.accept", "yes"),
    // The checksum of version 3 covers a pseudo-header over IPv4 too: vrrp_pkt_checksum.
    ("vrrp.checksum", "pseudo-header"),
    ("vrrp.checksum_accepted", "sent"),
    ("vrrp.authentication", "none"),
    // How many there are is looked at, and only told: vrrp_recv_advertisement.
    ("vrrp.check_addresses", "no"),
    ("vrrp.interoperation", "no"),
    // zebra sends them while the virtual router is Active: vrrp_zebra_radv_set.
    ("vrrp.router_advertisements", "yes"),
    ("vrrp.answers_own_address", "yes"),
];

/// FRRouting, judged by this edition.
pub fn kind(edition: Edition) -> Kind {
    let choices: &[&str] = if edition == Edition::Rfc3768 { &[] } else { &["vrrp.family"] };
    let profile: Settings = PROFILE.iter().copied().collect();
    // Version 2 has no Accept_Mode that a profile could speak of: what it takes all the same is a deviation.
    let profile = if edition == Edition::Rfc3768 { profile.with("vrrp.accept", "no") } else { profile };
    Kind { name: "FRRouting", edition, profile, choices }
}

/// What is done to have it as it is wanted.
pub struct Plan {
    /// How it is configured.
    pub configuration: Configuration,
    /// The link-local address of the LAN's interface. Over IPv6 advertisements come from that of the virtual router's.
    pub link_local: Ipv6Addr,
    /// vrrpd's file: all virtual routers, shut down.
    pub file: String,
    /// Commands of `ip` that make the virtual routers' interfaces.
    pub interfaces: String,
    /// For each link, its interface and the VRIDs of the virtual routers on it.
    pub vrids: Vec<(&'static str, Vec<u8>)>,
}

/// How to have it as it is wanted.
///
/// # Errors
/// It cannot be so, or a value does not fit its name.
pub fn plan(kind: &Kind, wanted: &Wanted) -> Result<Plan, NoBed> {
    let configuration = kind.configuration(wanted)?;
    if let [first, second] = &configuration.routers[..] {
        // Of both families with one VRID are one virtual router to it.
        let one = first.port == second.port && first.vrid == second.vrid;
        if one && first.priority != second.priority {
            return kind.lacks("has one priority for the families of a VRID");
        }
    }
    if configuration.first().owner() {
        // vrrp_is_owner says no in any case, and a priority of 255 is refused.
        return kind.lacks("cannot own its virtual addresses");
    }
    let own = configuration.lan().link_local;
    let link_local = if configuration.first().addresses[0].is_ipv4() { own } else { other(own) };
    let file = file(&configuration);
    let interfaces = configuration.routers.iter().map(|router| macvlan(&configuration, router)).collect();
    let mut vrids: Vec<(&'static str, Vec<u8>)> = Vec::new();
    for router in &configuration.routers {
        let name = interface(router.port);
        match vrids.iter_mut().find(|(other, _)| *other == name) {
            Some((_, vrids)) if vrids.contains(&router.vrid) => {}
            Some((_, vrids)) => vrids.push(router.vrid),
            None => vrids.push((name, vec![router.vrid])),
        }
    }
    Ok(Plan { configuration, link_local, file, interfaces, vrids })
}

fn file(configuration: &Configuration) -> String {
    let mut text = String::from("debug vrrp protocol\ndebug vrrp autoconfigure\n");
    for router in &configuration.routers {
        let vrid = router.vrid;
        let version = if configuration.version == Version::V2 { 2 } else { 3 };
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "interface {}\n vrrp {vrid} version {version}\n vrrp {vrid} shutdown\n vrrp {vrid} \
             advertisement-interval {}\n vrrp {vrid} priority {}\n",
            interface(router.port),
            router.interval.as_millis(),
            router.priority,
        );
        if !router.preempt {
            let _ = writeln!(text, " no vrrp {vrid} preempt");
        }
        for address in &router.addresses {
            let family = if address.is_ipv4() { "ip" } else { "ipv6" };
            let _ = writeln!(text, " vrrp {vrid} {family} {address}");
        }
        text.push_str("exit\n");
    }
    text
}

/// A virtual router's interface: down until it is Active.
fn macvlan(configuration: &Configuration, router: &VirtualRouter) -> String {
    let (name, mac) = (virtual_interface(router), router.mac());
    let mut text = format!(
        "link add {name} link {} address {mac} type macvlan mode bridge\nlink set dev {name} protodown on\n",
        interface(router.port)
    );
    let _ = writeln!(text, "link set dev {name} up");
    for address in &router.addresses {
        let length = prefix_length(configuration, router, address);
        let nodad = if address.is_ipv4() { "" } else { " nodad" };
        let _ = writeln!(text, "address add {address}/{length} dev {name}{nodad}");
    }
    // It is the last one given that it takes.
    if router.addresses[0].is_ipv6() {
        let own = configuration.interfaces[router.port.index()].link_local;
        let source = if router.port == LAN { own } else { other(own) };
        let _ = writeln!(text, "address add {source}/64 dev {name} nodad");
    }
    text
}

/// Another address of the same router.
fn other(link_local: Ipv6Addr) -> Ipv6Addr {
    Ipv6Addr::from(u128::from(link_local) ^ 0x5_0000)
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    fn planned(settings: Settings) -> Result<Plan, NoBed> {
        let wanted = Wanted { test: "x".to_owned(), ports: 2, capabilities: Vec::new(), settings };
        plan(&kind(Edition::Rfc5798), &wanted)
    }

    #[test]
    fn a_virtual_router_is_shut_down_and_has_an_interface() {
        let plan = planned(Settings::new().with("vrrp.preempt", "no")).unwrap();
        assert_eq!(
            plan.file,
            "\
debug vrrp protocol
debug vrrp autoconfigure
interface lan
 vrrp 10 version 3
 vrrp 10 shutdown
 vrrp 10 advertisement-interval 1000
 vrrp 10 priority 100
 no vrrp 10 preempt
 vrrp 10 ip 10.0.0.254
exit
"
        );
        assert_eq!(
            plan.interfaces,
            "\
link add vrrp4-1-10 link lan address 00:00:5e:00:01:0a type macvlan mode bridge
link set dev vrrp4-1-10 protodown on
link set dev vrrp4-1-10 up
address add 10.0.0.254/16 dev vrrp4-1-10
"
        );
        assert_eq!(plan.link_local, plan.configuration.lan().link_local);
        assert_eq!(plan.vrids, [("lan", vec![10])]);
    }

    #[test]
    fn over_ipv6_the_virtual_interface_has_the_address_that_advertisements_come_from() {
        let plan = planned(Settings::new().with("vrrp.family", "ipv6")).unwrap();
        assert!(
            plan.interfaces.ends_with("address add fe80::50/64 dev vrrp6-1-10 nodad\n"),
            "{}",
            plan.interfaces
        );
        assert_eq!(plan.link_local.to_string(), "fe80::5:50");
        let owner = planned(Settings::new().with("vrrp.owner", "yes"));
        assert!(matches!(owner, Err(NoBed::NotApplicable(_))));
    }

    #[test]
    fn a_vrid_has_one_priority() {
        let both = |priority: u8| {
            Settings::new()
                .with("vrrp.second", "lan")
                .with("vrrp.second_family", "ipv6")
                .with("vrrp.second_vrid", 10)
                .with("vrrp.second_priority", priority)
        };
        assert_eq!(planned(both(100)).unwrap().vrids, [("lan", vec![10])]);
        assert!(matches!(planned(both(200)), Err(NoBed::NotApplicable(_))));
    }
}
