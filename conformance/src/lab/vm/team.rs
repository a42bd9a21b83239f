//! teamd of libteam with its LACP runner, over Linux's team driver.

use redspec_codec::MacAddress;
use serde_json::{Value, json};

use super::device::{Begin, Subject};
use super::image::image;
use super::machine::{Machine, MachineError, PORTS, interface};
use super::maker::Machines;
use super::wanted::{Want, of_port, unable};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::lab::Maker;
use crate::settings::Settings;

/// What messages call it.
const NAME: &str = "teamd";

/// What it does unless it is told otherwise, and what it always does.
///
/// It cites clause 43 of 802.3 and has the states of its Receive machine, with collecting and distributing at once. A
/// system has one Aggregator that carries traffic. A port without a partner carries none. Markers are not answered.
const DEFAULTS: &[(&str, &str)] = &[
    ("lacp.activity", "active"),
    ("lacp.timeout", "long"),
    ("lacp.aggregation", "aggregatable"),
    ("lacp.enabled", "yes"),
    ("lacp.system_priority", "65535"),
    ("lacp.port_priority", "255"),
    ("lacp.key", "0"),
    ("lacp.control", "coupled"),
    ("lacp.version", "1"),
    ("lacp.long_pdus", "no"),
    ("lacp.collector_max_delay", "0"),
    ("lacp.aggregators", "1"),
    ("lacp.min_links", "1"),
    ("lacp.below_minimum", "attached"),
    ("lacp.wait_to_restore", "0"),
    ("lacp.suspend_individual", "yes"),
    ("lacp.fallback", "none"),
    ("lacp.destination", "01:80:c2:00:00:02"),
    ("lacp.partner.system_priority", "0"),
    ("lacp.partner.system", "00:00:00:00:00:00"),
    ("lacp.partner.key", "0"),
    ("lacp.partner.port_priority", "0"),
    ("lacp.partner.port", "0"),
    ("lacp.partner.activity", "passive"),
    ("lacp.partner.timeout", "short"),
    ("lacp.partner.aggregation", "individual"),
    ("lacp.partner.synchronization", "no"),
    ("lacp.redundancy_group", "no"),
    ("marker.responder", "no"),
    ("marker.generator", "no"),
];

/// How it chooses among aggregators; the first is its default.
const POLICIES: &[&str] = &["lacp_prio", "lacp_prio_stable", "bandwidth", "count", "port_config"];

/// Makes teams, each in a virtual machine of the lab `lab`, with these settings where neither a test nor teamd's defaults
/// have others.
///
/// # Errors
/// There is no image for the machine.
pub fn teamd(lab: &'static str, settings: &Settings) -> Result<impl Maker + use<>, NoBed> {
    let image = image()?;
    let device = format!("{NAME} {} on Linux {}", image.team_version, image.kernel_version);
    Ok(Machines::new(lab, image, device, &settings.over(&DEFAULTS.iter().copied().collect()), Team::new))
}

/// How a team is configured.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Team {
    active: bool,
    short: bool,
    system_priority: u16,
    system: MacAddress,
    min_ports: u16,
    policy: usize,
    /// Key and priority of each link.
    ports: Vec<(u16, u16)>,
}

impl Team {
    fn new(wanted: &Wanted, defaults: &Settings) -> Result<Self, NoBed> {
        let mut want = Want::new(NAME, wanted, defaults, PORTS)?;
        let active = want.word("lacp.activity", &["passive", "active"])? == 1;
        let short = want.word("lacp.timeout", &["long", "short"])? == 1;
        let system_priority = want.number("lacp.system_priority")?;
        let system: MacAddress = want.value("lacp.system", "a MAC address such as 02:00:00:00:00:01")?;
        if system.0[0] & 1 == 1 || system.0 == [0; 6] {
            return Err(unable(NAME, "a system identifier that is no address of a system"));
        }
        let min_ports = want.number("lacp.min_links")?;
        if !(1..=255).contains(&min_ports) {
            return Err(unable(NAME, &format!("lacp.min_links = {min_ports}: it takes 1 to 255")));
        }
        let policy = want.word("team.agg_select_policy", POLICIES)?;
        let ports = (0..).zip(want.keys(wanted.ports)?);
        let ports = ports
            .map(|(port, key)| Ok((key, want.number_of_port("lacp.port_priority", port)?)))
            .collect::<Result<_, NoBed>>()?;
        want.nothing_else()?;
        Ok(Self { active, short, system_priority, system, min_ports, policy, ports })
    }

    /// Its configuration file, without links.
    fn file(&self) -> Value {
        json!({
            "device": self.master(),
            "hwaddr": self.system.to_string(),
            "runner": {
                "name": "lacp",
                "active": self.active,
                "fast_rate": self.short,
                "sys_prio": self.system_priority,
                "min_ports": self.min_ports,
                "agg_select_policy": POLICIES.get(self.policy),
                "tx_hash": ["eth"],
            },
            "link_watch": { "name": "ethtool" },
        })
    }

    /// The configuration of a link.
    fn port(&self, card: usize) -> Option<Value> {
        self.ports.get(card).map(|(key, priority)| json!({ "lacp_key": key, "lacp_prio": priority }))
    }

    /// A line of shell that takes a link out of the team, or into it again.
    fn enable(&self, card: usize, yes: bool) -> Option<String> {
        let interface = interface(card);
        let port = self.port(card)?;
        Some(if yes {
            format!(
                "teamdctl team0 port config update {interface} '{port}'; teamdctl team0 port add {interface}"
            )
        } else {
            format!("teamdctl team0 port remove {interface}")
        })
    }
}

impl Subject for Team {
    fn master(&self) -> &'static str {
        "team0"
    }

    /// It goes by the event that a link came up, and its timers run from there.
    fn begin(&self) -> Begin {
        Begin::Carriers
    }

    fn make(&self, ports: usize) -> Vec<String> {
        let mut lines = vec![
            format!("echo '{}' > /tmp/team.conf", self.file()),
            "rm -f /tmp/team.ending".to_owned(),
            "touch /tmp/team.runs".to_owned(),
            // In braces, for a line of shell goes on behind it.
            "{ (exec </dev/null >/tmp/team.log 2>&1; teamd -f /tmp/team.conf -p /tmp/team.pid; status=$?; \
             [ -e /tmp/team.ending ] || echo \"teamd ended with exit status $status\" > /dev/console; \
             rm /tmp/team.runs) & }"
                .to_owned(),
        ];
        let wait = |until: &str| {
            format!(
                "until teamdctl team0 state item get {until} || [ ! -e /tmp/team.runs ]; do sleep 0.02; done \
                 >/dev/null 2>&1"
            )
        };
        let runs = "[ -e /tmp/team.runs ] || { cat /tmp/team.log; exit 1; }".to_owned();
        lines.extend([wait("setup.runner_name"), runs.clone()]);
        // Links come to an interface that is up: when it goes up, teamd has the links that it knows begin their time in
        // EXPIRED, with a carrier or without.
        lines.push("ip link set team0 up".to_owned());
        for card in 0..ports {
            lines.extend(self.enable(card, true));
            lines.push(wait(&format!("ports.{}.runner.state", interface(card))));
        }
        lines.push(runs);
        lines
    }

    fn remove(&self) -> String {
        "touch /tmp/team.ending; teamd -k -t team0 -p /tmp/team.pid || true; \
         while [ -e /tmp/team.runs ]; do sleep 0.01; done"
            .to_owned()
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<String, BedError> {
        let (setting, port) = of_port(name);
        let none =
            || BedError::NotApplicable(format!("{NAME} has no {name} that could be changed while it runs"));
        match setting {
            "lacp.system" if port.is_none() => Ok(format!("ip link set team0 address {value}")),
            "lacp.enabled" => {
                let yes = match value {
                    "yes" => true,
                    "no" => false,
                    other => return Err(BedError::Tester(format!("{name} = {other:?}: expected yes or no"))),
                };
                let cards = port.map_or(0..self.ports.len(), |port| port..port + 1);
                let lines = cards.map(|card| self.enable(card, yes)).collect::<Option<Vec<_>>>();
                Ok(lines.ok_or_else(none)?.join("; "))
            }
            _ => Err(none()),
        }
    }

    fn state(&self, machine: &mut Machine, name: &str, port: Port) -> Result<Option<String>, MachineError> {
        if name != "lacp.aggregator" {
            return Ok(None);
        }
        let item = format!("ports.{}.runner.aggregator.id", interface(port.index()));
        match machine.ask(&format!("teamdctl team0 state item get {item}")) {
            // A port in none has the number 0; one that was taken out of the team is not there.
            Ok(id) if id.trim() == "0" => Ok(Some("none".to_owned())),
            Ok(id) => Ok(Some(id.trim().to_owned())),
            Err(MachineError::Failed { said, .. }) if said.contains("PathDoesNotExist") => {
                Ok(Some("none".to_owned()))
            }
            Err(error) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::machine::address;
    use super::*;

    fn team(settings: Settings) -> Result<Team, NoBed> {
        let defaults = DEFAULTS.iter().copied().collect::<Settings>().with("lacp.system", address(0));
        let wanted = Wanted { test: "x".to_owned(), ports: 2, capabilities: Vec::new(), settings };
        Team::new(&wanted, &defaults)
    }

    #[test]
    fn settings_become_a_configuration() {
        let settings = Settings::new()
            .with("lacp.timeout", "short")
            .with("lacp.key.p1", 11)
            .with("lacp.key.p2", 12)
            .with("lacp.port_priority.p2", 100)
            .with("lacp.min_links", 2);
        let team = team(settings).unwrap();
        let file = team.file();
        assert_eq!(file["runner"]["fast_rate"], true);
        assert_eq!(file["runner"]["min_ports"], 2);
        assert_eq!(file["hwaddr"], "02:52:53:00:01:00");
        assert_eq!(team.port(0), Some(json!({ "lacp_key": 11, "lacp_prio": 255 })));
        assert_eq!(team.port(1), Some(json!({ "lacp_key": 12, "lacp_prio": 100 })));
        assert_eq!(team.port(2), None);
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
        for (name, value) in [("lacp.max_links", "2"), ("lacp.version", "2"), ("lacp.min_links", "0")] {
            let error = team(Settings::new().with(name, value)).unwrap_err();
            assert!(matches!(&error, NoBed::NotApplicable(reason) if reason.contains(name)), "{error}");
        }
        let mut team = team(Settings::new()).unwrap();
        assert!(matches!(team.configure("lacp.timeout", "long"), Err(BedError::NotApplicable(_))));
        assert!(matches!(team.configure("lacp.enabled.p3", "no"), Err(BedError::NotApplicable(_))));
        let removed = team.configure("lacp.enabled", "no").unwrap();
        assert_eq!(removed, "teamdctl team0 port remove eth0; teamdctl team0 port remove eth1");
    }
}
