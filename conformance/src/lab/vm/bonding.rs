//! The bonding driver of Linux in its mode 802.3ad.

use std::collections::BTreeMap;

use redspec_codec::MacAddress;

use super::device::Subject;
use super::image::{MODULES_FOLDER, image};
use super::machine::{Machine, MachineError, PORTS, UNABLE, address, interface};
use super::maker::Machines;
use super::netlink;
use super::wanted::{Want, of_port, unable};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::lab::Maker;
use crate::settings::Settings;

/// What messages call it.
const NAME: &str = "Linux bonding";
/// Its settings in the machine.
const OPTIONS: &str = "/sys/class/net/bond0/bonding";

/// What a link's priority is unless it is changed.
const PRIORITY: u16 = 255;

/// What it does unless it is told otherwise, and what it always does.
///
/// It follows clause 43 of 802.3 and its successors with the coupled machine; parts cite 802.1AX-2014. A system has one
/// Aggregator that carries traffic: other ports attach to inner ones that never do. A port whose partner never spoke
/// carries traffic at once, while no other has a partner.
const DEFAULTS: &[(&str, &str)] = &[
    ("lacp.activity", "active"),
    ("lacp.timeout", "long"),
    ("lacp.aggregation", "aggregatable"),
    ("lacp.enabled", "yes"),
    ("lacp.system_priority", "65535"),
    ("lacp.port_priority", "255"),
    ("lacp.key", "9"),
    ("lacp.control", "coupled"),
    ("lacp.version", "1"),
    ("lacp.long_pdus", "no"),
    ("lacp.collector_max_delay", "0"),
    ("lacp.aggregators", "1"),
    ("lacp.min_links", "1"),
    ("lacp.below_minimum", "attached"),
    ("lacp.wait_to_restore", "0"),
    ("lacp.suspend_individual", "no"),
    ("lacp.fallback", "individual"),
    ("lacp.fallback_timeout", "0"),
    ("lacp.destination", "01:80:c2:00:00:02"),
    ("lacp.partner.system_priority", "65535"),
    ("lacp.partner.system", "00:00:00:00:00:00"),
    ("lacp.partner.key", "1"),
    ("lacp.partner.port_priority", "255"),
    ("lacp.partner.port", "1"),
    ("lacp.partner.activity", "passive"),
    ("lacp.partner.timeout", "long"),
    ("lacp.partner.aggregation", "individual"),
    ("lacp.partner.synchronization", "no"),
    ("lacp.redundancy_group", "no"),
    ("marker.responder", "yes"),
    ("marker.generator", "no"),
];

/// What a key says of a link's speed: the number it has there, and in Mb/s.
const SPEEDS: &[(u16, u32)] = &[
    (2, 10),
    (3, 100),
    (4, 1000),
    (5, 2500),
    (6, 5000),
    (7, 10_000),
    (8, 14_000),
    (9, 20_000),
    (10, 25_000),
    (11, 40_000),
    (12, 50_000),
    (13, 56_000),
    (14, 100_000),
    (15, 200_000),
    (16, 400_000),
];

/// Makes bonds, each in a virtual machine of the lab `lab`, with these settings where neither a test nor the driver's defaults
/// have others.
///
/// # Errors
/// There is no image for the machine.
pub fn bonding(lab: &'static str, settings: &Settings) -> Result<impl Maker + use<>, NoBed> {
    let image = image()?;
    let device = format!("{NAME} of Linux {}", image.kernel_version);
    Ok(Machines::new(lab, image, device, &settings.over(&DEFAULTS.iter().copied().collect()), Bond::new))
}

/// How a bond is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Bond {
    active: bool,
    short: bool,
    system_priority: u16,
    system: MacAddress,
    coupled: bool,
    min_links: u32,
    /// The part of the key that is chosen.
    user_key: u16,
    /// Of each link, in Mb/s: the part of the key that follows.
    speeds: Vec<u32>,
    /// Of each link.
    priorities: Vec<u16>,
    ad_select: String,
}

impl Bond {
    fn new(wanted: &Wanted, defaults: &Settings) -> Result<Self, NoBed> {
        let mut want = Want::new(NAME, wanted, defaults, PORTS)?;
        let active = want.word("lacp.activity", &["passive", "active"])? == 1;
        let short = want.word("lacp.timeout", &["long", "short"])? == 1;
        let system_priority = want.number("lacp.system_priority")?;
        if system_priority == 0 {
            return Err(unable(NAME, "a system priority of 0"));
        }
        let system: MacAddress = want.value("lacp.system", "a MAC address such as 02:00:00:00:00:01")?;
        if system.0[0] & 1 == 1 || system.0 == [0; 6] {
            return Err(unable(NAME, "a system identifier that is no address of a system"));
        }
        let coupled = want.word("lacp.control", &["coupled", "independent"])? == 0;
        let min_links = want.number("lacp.min_links")?.into();
        let priorities = (0..wanted.ports)
            .map(|port| want.number_of_port("lacp.port_priority", port))
            .collect::<Result<Vec<_>, _>>()?;
        let keys = want.keys(wanted.ports)?.into_iter().map(Key::new).collect::<Result<Vec<_>, _>>()?;
        let user_key = keys.first().map_or(0, |key| key.user);
        if keys.iter().any(|key| key.user != user_key) {
            return Err(unable(NAME, "keys in one bond that differ in more than the speed of the links"));
        }
        let ad_select = want.text("bonding.ad_select").unwrap_or("stable").to_owned();
        want.nothing_else()?;
        let speeds = keys.into_iter().map(|key| key.speed).collect();
        Ok(Self {
            active,
            short,
            system_priority,
            system,
            coupled,
            min_links,
            user_key,
            speeds,
            priorities,
            ad_select,
        })
    }

    /// Gives a link its priority.
    fn prioritize(card: usize, priority: u16) -> [String; 2] {
        [known("actor_port_prio"), netlink::port_priority(&interface(card), priority)]
    }

    fn option(name: &str, value: impl std::fmt::Display) -> String {
        format!("echo {value} > {OPTIONS}/{name}")
    }
}

/// A key, which the driver makes of three parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    user: u16,
    speed: u32,
}

impl Key {
    fn new(key: u16) -> Result<Self, NoBed> {
        let (user, code, full_duplex) = (key >> 6, key >> 1 & 0x1f, key & 1 == 1);
        let speed = SPEEDS.iter().find(|(number, _)| *number == code).map(|(_, speed)| *speed);
        speed.filter(|_| full_duplex).map(|speed| Self { user, speed }).ok_or_else(|| {
            unable(NAME, &format!("the key {key}: a key is 64 * user key + 2 * number of the speed + 1"))
        })
    }
}

impl Subject for Bond {
    fn master(&self) -> &'static str {
        "bond0"
    }

    fn make(&self, ports: usize) -> Vec<String> {
        let mut lines = vec!["echo +bond0 > /sys/class/net/bonding_masters".to_owned()];
        lines.extend([
            Self::option("mode", "802.3ad"),
            Self::option("miimon", 100),
            Self::option("lacp_rate", if self.short { "fast" } else { "slow" }),
            Self::option("lacp_active", if self.active { "on" } else { "off" }),
            Self::option("ad_actor_sys_prio", self.system_priority),
            Self::option("ad_user_port_key", self.user_key),
            Self::option("ad_select", &self.ad_select),
            Self::option("min_links", self.min_links),
        ]);
        // The driver's own choice is the address of the first card.
        if self.system.to_string() != address(0) {
            lines.push(Self::option("ad_actor_system", self.system));
        }
        if !self.coupled {
            lines.push(known("coupled_control"));
            lines.push(netlink::coupled_control("bond0", false));
        }
        for (card, (speed, priority)) in (0..ports).zip(self.speeds.iter().zip(&self.priorities)) {
            let interface = interface(card);
            lines.push(format!("ethtool -s {interface} speed {speed} duplex full"));
            lines.push(Self::option("slaves", format_args!("+{interface}")));
            if *priority != PRIORITY {
                lines.extend(Self::prioritize(card, *priority));
            }
        }
        lines
    }

    fn remove(&self) -> String {
        "echo -bond0 > /sys/class/net/bonding_masters".to_owned()
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<String, BedError> {
        let while_down = |option| {
            Err(BedError::NotApplicable(format!("{NAME} changes {option} only while the bond is down")))
        };
        let (setting, port) = of_port(name);
        match setting {
            "lacp.system_priority" if port.is_none() => Ok(Self::option("ad_actor_sys_prio", value)),
            "lacp.system" if port.is_none() => Ok(Self::option("ad_actor_system", value)),
            "lacp.port_priority" => {
                let priority = value.parse().map_err(|_| {
                    BedError::Tester(format!("{name} = {value:?}: expected a number from 0 to 65535"))
                })?;
                let cards = port.map_or(0..self.speeds.len(), |port| port..port + 1);
                Ok(cards.flat_map(|card| Self::prioritize(card, priority)).collect::<Vec<_>>().join("; "))
            }
            "lacp.min_links" if port.is_none() => Ok(Self::option("min_links", value)),
            "lacp.enabled" => {
                let sign = match value {
                    "yes" => '+',
                    "no" => '-',
                    other => return Err(BedError::Tester(format!("{name} = {other:?}: expected yes or no"))),
                };
                let cards = port.map_or(0..self.speeds.len(), |port| port..port + 1);
                let lines =
                    cards.map(|card| Self::option("slaves", format_args!("{sign}{}", interface(card))));
                Ok(lines.collect::<Vec<_>>().join("; "))
            }
            "lacp.timeout" => while_down("lacp_rate"),
            "lacp.activity" => while_down("lacp_active"),
            "lacp.key" => while_down("ad_user_port_key"),
            _ => Err(BedError::NotApplicable(format!("{NAME} has no {name} that could be changed"))),
        }
    }

    fn state(&self, machine: &mut Machine, name: &str, port: Port) -> Result<Option<String>, MachineError> {
        let told = told(&machine.ask("cat /proc/net/bonding/bond0")?, &interface(port.index()));
        let churn = |which| told.get(which).map(|state| (state == "churned").to_string());
        Ok(match name {
            "lacp.aggregator" => {
                Some(told.get("Aggregator ID").cloned().unwrap_or_else(|| "none".to_owned()))
            }
            "lacp.actor_churn" => churn("Actor Churn State"),
            "lacp.partner_churn" => churn("Partner Churn State"),
            _ => None,
        })
    }
}

/// A line of shell that ends unless the driver knows an option: one over rtnetlink that it does not know it passes over.
fn known(option: &str) -> String {
    format!(
        "grep -q {option} {MODULES_FOLDER}/bonding.ko || {{ echo {NAME} here has no {option}; exit {UNABLE}; }}"
    )
}

/// What the driver tells of one of its links, by name.
fn told(text: &str, interface: &str) -> BTreeMap<String, String> {
    text.lines()
        .filter_map(|line| line.trim().split_once(": "))
        .skip_while(|(name, value)| !(*name == "Slave Interface" && *value == interface))
        .enumerate()
        .take_while(|(index, (name, _))| *index == 0 || *name != "Slave Interface")
        .map(|(_, (name, value))| (name.to_owned(), value.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bond(settings: Settings) -> Result<Bond, NoBed> {
        let defaults = DEFAULTS.iter().copied().collect::<Settings>().with("lacp.system", address(0));
        let wanted = Wanted { test: "x".to_owned(), ports: 2, capabilities: Vec::new(), settings };
        Bond::new(&wanted, &defaults)
    }

    #[test]
    fn keys_are_made_of_three_parts() {
        let usual = bond(Settings::new()).unwrap();
        assert_eq!((usual.user_key, usual.speeds), (0, vec![1000, 1000]));
        let two =
            bond(Settings::new().with("lacp.key.p1", 64 * 3 + 11).with("lacp.key.p2", 64 * 3 + 13)).unwrap();
        assert_eq!((two.user_key, two.speeds), (3, vec![2500, 5000]));
        for keys in [[1, 9], [9, 12], [9, 64 + 9], [9, 2 * 17 + 1]] {
            let settings = Settings::new().with("lacp.key.p1", keys[0]).with("lacp.key.p2", keys[1]);
            assert!(matches!(bond(settings), Err(NoBed::NotApplicable(_))), "{keys:?}");
        }
    }

    #[test]
    fn settings_become_lines_of_shell() {
        let settings =
            Settings::new().with("lacp.activity", "passive").with("lacp.system", "02:00:00:00:00:09");
        let settings = settings.with("lacp.port_priority.p2", 100).with("lacp.control", "independent");
        let lines = bond(settings).unwrap().make(2).join("\n");
        for line in [
            "echo off > /sys/class/net/bond0/bonding/lacp_active",
            "echo 02:00:00:00:00:09 > /sys/class/net/bond0/bonding/ad_actor_system",
            "ethtool -s eth1 speed 1000 duplex full",
            "echo +eth1 > /sys/class/net/bond0/bonding/slaves",
        ] {
            assert!(lines.contains(line), "{lines}");
        }
        assert!(!lines.contains("eth2"));
    }

    #[test]
    fn what_is_said_of_it_is_in_the_table_of_settings() {
        for (name, value) in DEFAULTS {
            let known = crate::spec::setting::find(name);
            assert!(known.is_some_and(|known| known.kind.accepts(value)), "{name} = {value}");
        }
    }

    #[test]
    fn what_it_has_not_is_not_applicable() {
        for (name, value) in [("lacp.max_links", "2"), ("lacp.version", "2")] {
            let error = bond(Settings::new().with(name, value)).unwrap_err();
            assert!(matches!(&error, NoBed::NotApplicable(reason) if reason.contains(name)), "{error}");
        }
        assert!(bond(Settings::new().with("lacp.version", 1)).is_ok());
        assert!(bond(Settings::new().with("lacp.system", "01:00:00:00:00:09")).is_err());
        assert!(bond(Settings::new().with("lacp.system_priority", 0)).is_err());
        let mut bond = bond(Settings::new()).unwrap();
        assert!(matches!(bond.configure("lacp.timeout", "long"), Err(BedError::NotApplicable(_))));
        assert!(bond.configure("lacp.enabled.p2", "no").unwrap().contains("-eth1"));
    }

    #[test]
    fn what_the_driver_tells_of_a_link() {
        let text = "Bonding Mode: IEEE 802.3ad\n\tAggregator ID: 7\n\nSlave Interface: eth0\nAggregator ID: 1\n\
            Actor Churn State: churned\n\nSlave Interface: eth1\nAggregator ID: 2\nActor Churn State: none\n";
        assert_eq!(told(text, "eth0")["Aggregator ID"], "1");
        assert_eq!(told(text, "eth0")["Actor Churn State"], "churned");
        assert_eq!(told(text, "eth1")["Aggregator ID"], "2");
        assert!(told(text, "eth2").is_empty());
    }
}
