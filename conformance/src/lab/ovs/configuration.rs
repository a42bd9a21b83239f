//! What Open vSwitch is, and how it is configured: the settings `lacp.*` as bonds of a bridge.

use redspec_codec::MacAddress;

use crate::bed::NoBed;
use crate::event::Port;
use crate::settings::Settings;
use crate::spec::Edition;

/// The bridge that all ports are in.
pub const BRIDGE: &str = "br0";
/// The port of the bridge that is no link: the device's own side.
pub const DATA: &str = "data";

/// Its documentation names no edition. It sends version 1, and its code is older than 802.1AX-2014.
pub const EDITION: Edition = Edition::Dot1Ax2008;

/// What is known of it, and how it is configured where a test does not say: as it comes, but that LACP is on. Keys,
/// which are port numbers otherwise, are set so that every start is the same.
const PROFILE: &[(&str, &str)] = &[
    ("lacp.activity", "active"),
    ("lacp.timeout", "long"),
    ("lacp.aggregation", "aggregatable"),
    ("lacp.system", "02:52:53:00:00:00"),
    ("lacp.system_priority", "65534"),
    ("lacp.port_priority", "65535"),
    ("lacp.key", "1"),
    ("lacp.enabled", "yes"),
    // There is no Mux machine: Collecting and Distributing are one.
    ("lacp.control", "coupled"),
    ("lacp.version", "1"),
    ("lacp.long_pdus", "no"),
    ("lacp.collector_max_delay", "0"),
    ("lacp.destination", "01:80:c2:00:00:02"),
    // A bond is an aggregator.
    ("lacp.aggregators", "1"),
    ("lacp.min_links", "1"),
    ("lacp.wait_to_restore", "0"),
    // A bond passes no data before LACP has a partner, but with lacp-fallback-ab, and then when the port is Defaulted.
    ("lacp.suspend_individual", "yes"),
    ("lacp.fallback", "none"),
    ("lacp.fallback_timeout", "3"),
    ("lacp.redundancy_group", "no"),
    ("lacp.partner.activity", "passive"),
    ("lacp.partner.timeout", "long"),
    ("lacp.partner.aggregation", "individual"),
    ("lacp.partner.synchronization", "no"),
    ("lacp.partner.system_priority", "0"),
    ("lacp.partner.system", "00:00:00:00:00:00"),
    ("lacp.partner.key", "0"),
    ("lacp.partner.port_priority", "0"),
    ("lacp.partner.port", "0"),
    // Markers are counted and not answered: lacp_process_packet.
    ("marker.responder", "no"),
    ("marker.generator", "no"),
];

/// Those that can be chosen.
const CHOICES: &[&str] = &[
    "lacp.activity",
    "lacp.timeout",
    "lacp.aggregation",
    "lacp.aggregators",
    "lacp.system",
    "lacp.system_priority",
    "lacp.port_priority",
    "lacp.port",
    "lacp.key",
    "lacp.enabled",
    "lacp.fallback",
];

/// Those of them that a bond has only one of.
const OF_BOND: &[&str] = &["lacp.activity", "lacp.timeout", "lacp.enabled"];

/// A bond of links, or a link that is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bond {
    /// As a port of the bridge.
    pub name: String,
    /// Its members, the links first.
    pub members: Vec<Member>,
    enabled: bool,
    active: bool,
    fast: bool,
    fallback: bool,
    system: MacAddress,
    system_priority: u16,
}

/// An interface of a bond.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub interface: String,
    /// Actor_Port.
    id: u16,
    priority: u16,
    key: u16,
}

/// What is known of the device.
pub fn profile() -> Settings {
    PROFILE.iter().copied().collect()
}

/// The interface of a link.
pub fn interface(port: Port) -> String {
    format!("p{}", u32::from(port.0) + 1)
}

/// `lacp.key.p2` is the `lacp.key` of a port.
fn split(name: &str) -> (&str, Option<&str>) {
    match name.rsplit_once(".p") {
        Some((all, number)) if number.parse::<u16>().is_ok() => (all, Some(number)),
        _ => (name, None),
    }
}

/// The bonds of a device with so many links, configured as `wanted`.
///
/// # Errors
/// Open vSwitch cannot be configured so, or a value does not fit its name.
pub fn bonds(wanted: &Settings, ports: usize) -> Result<Vec<Bond>, NoBed> {
    let profile = profile();
    for (name, value) in wanted.iter() {
        let (all, _) = split(name);
        if CHOICES.contains(&all) {
            continue;
        }
        match profile.text(all) {
            Some(has) if has.eq_ignore_ascii_case(value) => {}
            Some(has) => {
                return lacks(format!("Open vSwitch has {all} = {has} and cannot be given {value}"));
            }
            None => return lacks(format!("Open vSwitch has no {all}")),
        }
    }
    let settings = wanted.over(&profile);
    let links =
        (0u16..).take(ports).map(|port| Link::new(&settings, Port(port))).collect::<Result<Vec<_>, _>>()?;
    let mut groups: Vec<Vec<Link>> = Vec::new();
    for link in links {
        let key = link.member.key;
        let together = groups.iter_mut().find(|group| {
            group.iter().all(|other| other.aggregatable && link.aggregatable && other.member.key == key)
        });
        match together {
            Some(group) => group.push(link),
            None => groups.push(vec![link]),
        }
    }
    if let Some(text) = wanted.text("lacp.aggregators") {
        let aggregators: usize = wanted.get("lacp.aggregators", 1)?;
        let keys_wanted = wanted.iter().any(|(name, _)| split(name).0 == "lacp.key");
        if aggregators == ports && !keys_wanted && groups.len() == 1 {
            groups = apart(groups);
        }
        if aggregators != groups.len() {
            return lacks(format!(
                "Open vSwitch has an aggregator for each bond, here {}, and cannot have {text}",
                groups.len()
            ));
        }
    }
    (1..).zip(groups).map(|(number, group)| bond(&settings, number, group)).collect()
}

fn lacks<T>(text: String) -> Result<T, NoBed> {
    Err(NoBed::NotApplicable(text))
}

/// A link, before it is in a bond.
struct Link {
    port: Port,
    member: Member,
    aggregatable: bool,
}

impl Link {
    fn new(settings: &Settings, port: Port) -> Result<Self, NoBed> {
        let number = |name: &str, default: u16| -> Result<u16, NoBed> {
            let value = settings.of_port(name, port, default)?;
            if value == 0 {
                return lacks(format!("Open vSwitch takes {name} = 0 for its default"));
            }
            Ok(value)
        };
        let member = Member {
            interface: interface(port),
            id: number("lacp.port", port.0 + 1)?,
            priority: number("lacp.port_priority", u16::MAX)?,
            key: number("lacp.key", 1)?,
        };
        let aggregatable = settings.word_of_port("lacp.aggregation", port, 1)? == 1;
        Ok(Self { port, member, aggregatable })
    }
}

/// Each link in a bond of its own, and each with a key of its own, as a device with several aggregations has them.
fn apart(groups: Vec<Vec<Link>>) -> Vec<Vec<Link>> {
    let mut links: Vec<Link> = groups.into_iter().flatten().collect();
    for link in &mut links {
        link.member.key = link.member.key.saturating_add(link.port.0);
    }
    links.into_iter().map(|link| vec![link]).collect()
}

fn bond(settings: &Settings, number: u16, group: Vec<Link>) -> Result<Bond, NoBed> {
    let common = |name: &str| -> Result<bool, NoBed> {
        debug_assert!(OF_BOND.contains(&name), "{name}");
        let mut values = Vec::new();
        for link in &group {
            values.push(settings.word_of_port(name, link.port, 1)? == 1);
        }
        let first = values.first().copied().unwrap_or(true);
        if values.iter().any(|value| *value != first) {
            return lacks(format!("Open vSwitch has one {name} for all ports of a bond"));
        }
        Ok(first)
    };
    let active = common("lacp.activity")?;
    let fast = common("lacp.timeout")?;
    let enabled = common("lacp.enabled")?;
    let fallback = match settings.text("lacp.fallback") {
        Some("static") => return lacks("Open vSwitch falls back to one port, not to all".to_owned()),
        word => word == Some("individual"),
    };
    let system = settings.get("lacp.system", MacAddress::default())?;
    let system_priority = settings.get("lacp.system_priority", 0)?;
    if system == MacAddress::default() || system_priority == 0 {
        return lacks("Open vSwitch takes a system or its priority of 0 for its default".to_owned());
    }
    let individual = group.iter().any(|link| !link.aggregatable);
    let mut members: Vec<Member> = group.into_iter().map(|link| link.member).collect();
    let mut name = format!("bond{number}");
    if let [only] = members.as_slice() {
        if individual {
            // A port of one interface has the interface's name, and says Individual.
            name.clone_from(&only.interface);
        } else {
            // A bond has two members at least, or Open vSwitch says Individual: one that has no cable.
            let spare = Member { interface: format!("s{number}"), id: 0xff00 + number, ..only.clone() };
            members.push(spare);
        }
    }
    Ok(Bond { name, members, enabled, active, fast, fallback, system, system_priority })
}

impl Bond {
    /// LACP is on.
    pub fn speaks(&self) -> bool {
        self.enabled
    }

    /// What `ovs-vsctl` is told to configure it, on a bridge where it is.
    pub fn set(&self) -> Vec<String> {
        let lacp = match (self.enabled, self.active) {
            (false, _) => "off",
            (true, false) => "passive",
            (true, true) => "active",
        };
        self.set_with(lacp)
    }

    fn set_with(&self, lacp: &str) -> Vec<String> {
        let time = if self.fast { "fast" } else { "slow" };
        let mut words = vec!["--".to_owned(), "set".to_owned(), "port".to_owned(), self.name.clone()];
        words.extend([
            format!("lacp={lacp}"),
            format!("other_config:lacp-time={time}"),
            format!("other_config:lacp-fallback-ab={}", self.fallback),
            format!("other_config:lacp-system-id=\"{}\"", self.system),
            format!("other_config:lacp-system-priority={}", self.system_priority),
        ]);
        for member in &self.members {
            words.extend(["--", "set", "interface", &member.interface].map(str::to_owned));
            words.extend([
                format!("other_config:lacp-port-id={}", member.id),
                format!("other_config:lacp-port-priority={}", member.priority),
                format!("other_config:lacp-aggregation-key={}", member.key),
            ]);
        }
        words
    }

    /// What `ovs-vsctl` is told to make it. LACP is passive: so its ports are Defaulted while they have no carrier, as
    /// those of a device are that has been on for a while.
    fn make(&self) -> Vec<String> {
        let interfaces = self.members.iter().map(|member| member.interface.clone());
        let mut words = vec!["--".to_owned()];
        if self.members.len() > 1 {
            words.extend(["add-bond", BRIDGE, &self.name].map(str::to_owned));
            words.extend(interfaces);
            // By source address: so data of any protocol spreads over the links. By flows, that of tests would not.
            words.push("bond_mode=balance-slb".to_owned());
        } else {
            words.extend(["add-port", BRIDGE].map(str::to_owned));
            words.extend(interfaces);
        }
        words.extend(self.set_with(if self.enabled { "passive" } else { "off" }));
        words
    }

    /// The bond has the same members, and the same of what cannot be changed while it runs.
    pub fn same_make(&self, other: &Self) -> bool {
        let interfaces = |bond: &Self| -> Vec<String> {
            bond.members.iter().map(|member| member.interface.clone()).collect()
        };
        self.name == other.name && interfaces(self) == interfaces(other)
    }
}

/// What `ovs-vsctl` is told to make the bridge with these bonds.
pub fn make(bonds: &[Bond]) -> Vec<String> {
    let mut words: Vec<String> = ["--no-wait", "init", "--", "add-br", BRIDGE, "--", "set", "bridge", BRIDGE]
        .map(str::to_owned)
        .to_vec();
    words.extend(["datapath_type=netdev", "other_config:disable-in-band=true"].map(str::to_owned));
    words.extend(bonds.iter().flat_map(Bond::make));
    words.extend(["--", "add-port", BRIDGE, DATA].map(str::to_owned));
    words
}

#[cfg(test)]
mod tests {
    use pretty_assertions::assert_eq;

    use super::*;

    fn members(bonds: &[Bond]) -> Vec<Vec<&str>> {
        bonds.iter().map(|bond| bond.members.iter().map(|m| m.interface.as_str()).collect()).collect()
    }

    fn not_applicable(wanted: &Settings, ports: usize) -> String {
        match bonds(wanted, ports) {
            Err(NoBed::NotApplicable(reason)) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn links_of_a_key_are_a_bond_and_one_link_has_a_spare() {
        assert_eq!(members(&bonds(&Settings::new(), 1).unwrap()), [["p1", "s1"]]);
        assert_eq!(members(&bonds(&Settings::new(), 3).unwrap()), [["p1", "p2", "p3"]]);
        let keys = Settings::new().with("lacp.key.p1", 11).with("lacp.key.p2", 12);
        assert_eq!(
            members(&bonds(&keys, 3).unwrap()),
            [vec!["p1", "s1"], vec!["p2", "s2"], vec!["p3", "s3"]]
        );
        let individual = Settings::new().with("lacp.aggregation", "individual");
        assert_eq!(members(&bonds(&individual, 2).unwrap()), [["p1"], ["p2"]]);
    }

    #[test]
    fn every_bond_is_an_aggregator() {
        let aggregators = |number| Settings::new().with("lacp.aggregators", number);
        assert_eq!(members(&bonds(&aggregators(1), 2).unwrap()), [["p1", "p2"]]);
        let two = bonds(&aggregators(2), 2).unwrap();
        assert_eq!(members(&two), [["p1", "s1"], ["p2", "s2"]]);
        assert_ne!(two[0].members[0].key, two[1].members[0].key);
        assert!(not_applicable(&aggregators(2), 3).contains("an aggregator for each bond, here 1"));
        let one_for_two_keys = aggregators(1).with("lacp.key.p1", 1).with("lacp.key.p2", 2);
        assert!(not_applicable(&one_for_two_keys, 2).contains("here 2, and cannot have 1"));
    }

    #[test]
    fn what_it_has_is_no_matter_and_what_it_lacks_is_said() {
        let wants = |name: &str, value: &str| Settings::new().with(name, value);
        for (name, value) in PROFILE {
            assert!(bonds(&wants(name, value), 2).is_ok(), "{name}");
        }
        for (name, value, reason) in [
            ("lacp.max_links", "2", "Open vSwitch has no lacp.max_links"),
            ("lacp.version", "2", "Open vSwitch has lacp.version = 1 and cannot be given 2"),
            ("lacp.partner.key", "5", "Open vSwitch has lacp.partner.key = 0 and cannot be given 5"),
            ("lacp.partner.key.p2", "5", "Open vSwitch has lacp.partner.key = 0 and cannot be given 5"),
            ("lacp.fallback", "static", "Open vSwitch falls back to one port, not to all"),
            ("lacp.enabled.p2", "no", "Open vSwitch has one lacp.enabled for all ports of a bond"),
            ("lacp.key", "0", "Open vSwitch takes lacp.key = 0 for its default"),
        ] {
            assert_eq!(not_applicable(&wants(name, value), 2), reason);
        }
        assert!(matches!(bonds(&wants("lacp.key", "x"), 1), Err(NoBed::Setting(_))));
        assert!(matches!(bonds(&wants("lacp.activity", "x"), 1), Err(NoBed::Setting(_))));
    }

    #[test]
    fn settings_are_told_to_ovs_vsctl() {
        let settings = Settings::new()
            .with("lacp.timeout", "short")
            .with("lacp.key", 7)
            .with("lacp.port_priority.p2", 100)
            .with("lacp.fallback", "individual");
        let bonds = bonds(&settings, 2).unwrap();
        assert_eq!(
            bonds[0].set().join(" "),
            "-- set port bond1 lacp=active other_config:lacp-time=fast other_config:lacp-fallback-ab=true \
             other_config:lacp-system-id=\"02:52:53:00:00:00\" other_config:lacp-system-priority=65534 \
             -- set interface p1 other_config:lacp-port-id=1 \
             other_config:lacp-port-priority=65535 other_config:lacp-aggregation-key=7 \
             -- set interface p2 other_config:lacp-port-id=2 \
             other_config:lacp-port-priority=100 other_config:lacp-aggregation-key=7"
        );
        let made = make(&bonds).join(" ");
        assert!(
            made.contains("add-bond br0 bond1 p1 p2 bond_mode=balance-slb -- set port bond1 lacp=passive")
        );
        assert!(made.ends_with("-- add-port br0 data"), "{made}");
    }

    #[test]
    fn lacp_is_switched_off_for_a_bond() {
        let off = bonds(&Settings::new().with("lacp.enabled", "no"), 1).unwrap();
        assert!(off[0].set().contains(&"lacp=off".to_owned()));
        let on = bonds(&Settings::new(), 1).unwrap();
        assert!(off[0].same_make(&on[0]));
        let two = bonds(&Settings::new().with("lacp.aggregation", "individual"), 1).unwrap();
        assert!(!off[0].same_make(&two[0]));
    }
}
