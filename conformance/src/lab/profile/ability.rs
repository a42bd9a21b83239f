//! What a described device can do for a test, and why not.

use super::hooks::{Action, By};
use super::{Attachment, Profile};
use crate::bed::{Capability, Wanted};
use crate::lab::person;
use crate::settings::Settings;
use crate::spec::setting;

/// How a device becomes what a test wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How it is configured then.
    pub settings: Settings,
    /// What is changed once it has started: `(setting, value)`.
    pub changes: Vec<(String, String)>,
}

impl Profile {
    /// How the device becomes what is wanted.
    ///
    /// # Errors
    /// It cannot, and why.
    pub fn plan(&self, wanted: &Wanted) -> Result<Plan, String> {
        let protocol = wanted.test.split('.').next().unwrap_or_default();
        if !self.protocols.contains(&protocol) {
            return Err(format!("the device does not play {protocol}"));
        }
        if wanted.ports > self.ports.len() {
            return Err(format!("the device has {} of {} ports", self.ports.len(), wanted.ports));
        }
        for capability in &wanted.capabilities {
            self.lacks(*capability, wanted.ports).map_or(Ok(()), Err)?;
        }
        if let Some(start) = &self.hooks.start {
            feasible("start", &start.action)?;
        }
        let mut changes = Vec::new();
        for (name, value) in wanted.settings.iter() {
            if self.is_already(name, value) || self.starts_with(name) {
                continue;
            }
            self.changes(name)?;
            changes.push((name.to_owned(), value.to_owned()));
        }
        Ok(Plan { settings: wanted.settings.over(&self.settings), changes })
    }

    /// Why a test that needs this of a device, with so many ports, is not applicable.
    fn lacks(&self, capability: Capability, ports: usize) -> Option<String> {
        let hooks = &self.hooks;
        match capability {
            Capability::Fresh if hooks.start.is_some() => None,
            Capability::Fresh => self
                .cannot_switch(ports)
                .map(|why| format!("the device does not start anew: there is no start hook, and {why}")),
            Capability::Link => self.cannot_switch(ports),
            Capability::Configure if hooks.configure.is_empty() => {
                Some("the device cannot be configured while it runs: there is no configure hook".to_owned())
            }
            Capability::State if hooks.state.is_empty() => {
                Some("the device does not tell its state: there is no state hook".to_owned())
            }
            Capability::Data if self.data.is_none() => {
                Some("the device's own side cannot be reached: there is no [data]".to_owned())
            }
            Capability::Transmit | Capability::Configure | Capability::State | Capability::Data => None,
        }
    }

    /// Why the carrier of the first ports cannot be switched.
    fn cannot_switch(&self, ports: usize) -> Option<String> {
        if let Some(action) = &self.hooks.link_down {
            return feasible("link_down", action).err();
        }
        let fixed = |port: &&Attachment| !port.kind.switches_carrier();
        let fixed = self.ports.iter().take(ports).find(fixed)?;
        Some(format!("the carrier of {} cannot be switched: there is no link_down hook", fixed.interface))
    }

    /// It is configured so already.
    fn is_already(&self, name: &str, value: &str) -> bool {
        self.names(name).iter().all(|name| {
            let kind = setting::find(name).map(|known| known.kind);
            let is = self.settings.effective(name);
            is.is_some_and(|is| kind.map_or(is == value, |kind| kind.same(is, value)))
        })
    }

    /// It is given when the device starts.
    fn starts_with(&self, name: &str) -> bool {
        let given = |name: &str| self.hooks.given_at_start().any(|given| given == name);
        given(name)
            || setting::split_port(name).1.is_none() && self.names(name).iter().all(|name| given(name))
    }

    /// It can be changed in the running device, and be given back if that runs on.
    ///
    /// # Errors
    /// It cannot, and why.
    pub fn changes(&self, name: &str) -> Result<&Action, String> {
        let (base, port) = setting::split_port(name);
        let Some(action) = self.hooks.configure.get(base) else {
            let is = match self.settings.effective(name) {
                Some(is) => format!("the device has {name} = {is}"),
                None => format!("the profile does not say what {name} is"),
            };
            return Err(format!(
                "{is}, and it cannot be changed: no configure.{base} and no {{setting:{base}}}"
            ));
        };
        feasible(&format!("configure.{base}"), action)?;
        if port.is_some() && !action.is_of_port() {
            return Err(format!("configure.{base} cannot change one port alone: it has no {{port}}"));
        }
        if self.hooks.start.is_none() && self.settings.effective(name).is_none() {
            return Err(format!("the device runs on, and the profile does not say what {name} was before"));
        }
        Ok(action)
    }

    /// The name, or if each port has its own those of all ports.
    fn names(&self, name: &str) -> Vec<String> {
        let of_ports =
            setting::split_port(name).1.is_none() && setting::find(name).is_some_and(|known| known.per_port);
        if of_ports {
            (1..=self.ports.len()).map(|port| format!("{name}.p{port}")).collect()
        } else {
            vec![name.to_owned()]
        }
    }
}

/// There is somebody to do it.
fn feasible(hook: &str, action: &Action) -> Result<(), String> {
    match action.by {
        By::Person(_) if !person::is_there() => {
            Err(format!("{hook} asks a person, and there is no terminal"))
        }
        By::Person(_) | By::Program(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const HEAD: &str = "schema = 'redspec.dut/1'\nname = 'x'\nedition = '2014'\nprotocols = ['lacp']\n";
    const TAPS: &str = "[[port]]\nkind = 'tap'\ninterface = 'a'\n[[port]]\nkind = 'tap'\ninterface = 'b'\n";
    const CABLE: &str = "[[port]]\nkind = 'iface'\ninterface = 'a'\n";

    fn profile(rest: &str) -> Profile {
        Profile::parse(Path::new("dut.toml"), &format!("{HEAD}{rest}")).unwrap()
    }

    fn wanted(capabilities: &[Capability], settings: &[(&str, &str)]) -> Wanted {
        Wanted {
            test: "lacp.x".to_owned(),
            ports: 1,
            capabilities: capabilities.to_vec(),
            settings: settings.iter().copied().collect(),
        }
    }

    #[track_caller]
    fn not(rest: &str, capabilities: &[Capability], settings: &[(&str, &str)], why: &str) {
        let error = profile(rest).plan(&wanted(capabilities, settings)).unwrap_err();
        assert!(error.contains(why), "{error}");
    }

    #[test]
    fn what_a_device_on_taps_can_do() {
        let taps = profile(TAPS);
        let able = [Capability::Transmit, Capability::Fresh, Capability::Link];
        assert_eq!(taps.plan(&wanted(&able, &[])).unwrap().changes, []);
        not(TAPS, &[Capability::Configure], &[], "there is no configure hook");
        not(TAPS, &[Capability::State], &[], "there is no state hook");
        not(TAPS, &[Capability::Data], &[], "there is no [data]");
        let other = Wanted { test: "vrrp3.x".to_owned(), ..wanted(&[], &[]) };
        assert!(taps.plan(&other).unwrap_err().contains("does not play vrrp3"));
        let more = Wanted { ports: 3, ..wanted(&[], &[]) };
        assert!(taps.plan(&more).unwrap_err().contains("has 2 of 3 ports"));
    }

    #[test]
    fn a_switch_on_the_bench_is_neither_fresh_nor_switched() {
        not(CABLE, &[Capability::Link], &[], "the carrier of a cannot be switched");
        not(CABLE, &[Capability::Fresh], &[], "no start hook, and the carrier of a");
        let hooks = format!("{CABLE}[hooks]\nlink_up = ['x', '{{port}}']\nlink_down = ['x']\n");
        assert!(profile(&hooks).plan(&wanted(&[Capability::Link, Capability::Fresh], &[])).is_ok());
        let start = format!("{CABLE}[hooks]\nstart = {{ run = ['x'], stays = true }}\n");
        assert!(profile(&start).plan(&wanted(&[Capability::Fresh], &[])).is_ok());
        not(&start, &[Capability::Link], &[], "the carrier of a cannot be switched");
    }

    #[test]
    fn settings_are_so_already_or_given_at_start_or_changed_later() {
        let text = format!(
            "{TAPS}[settings]\nlacp.timeout = 'long'\nlacp.key = 1\n'lacp.port_priority.p1' = 5\n\
             'lacp.port_priority.p2' = 6\nlacp.system = '02:00:00:00:00:0a'\nlacp.activity = 'active'\n[hooks]\n\
             start = {{ run = ['x', '{{setting:lacp.timeout}}', '{{setting:lacp.port_priority.p1}}', \
             '{{setting:lacp.port_priority.p2}}'], stays = true }}\n\
             configure.'lacp.key' = ['y', '{{port}}', '{{value}}']\n\
             configure.'lacp.activity' = ['z', '{{value}}']\n"
        );
        let plan = |settings: &[(&str, &str)]| profile(&text).plan(&wanted(&[], settings));
        assert_eq!(plan(&[("lacp.timeout", "long"), ("lacp.key.p2", "1")]).unwrap().changes, []);
        assert_eq!(plan(&[("lacp.system", "02:00:00:00:00:0A")]).unwrap().changes, []);
        let short = plan(&[("lacp.timeout", "short")]).unwrap();
        assert_eq!((short.changes, short.settings.text("lacp.timeout")), (vec![], Some("short")));
        let priority = plan(&[("lacp.port_priority", "7")]).unwrap();
        assert_eq!(priority.changes, []);
        assert_eq!(priority.settings.effective("lacp.port_priority.p2"), Some("7"));
        let key = plan(&[("lacp.key.p2", "2")]).unwrap();
        assert_eq!(key.changes, [("lacp.key.p2".to_owned(), "2".to_owned())]);
        for (name, value, why) in [
            ("lacp.activity.p1", "passive", "has no {port}"),
            ("lacp.timeout.p1", "short", "has lacp.timeout.p1 = long, and it cannot be changed"),
            ("lacp.max_links", "1", "does not say what lacp.max_links is, and it cannot be changed"),
        ] {
            let error = plan(&[(name, value)]).unwrap_err();
            assert!(error.contains(why), "{error}");
        }
        let runs_on = format!("{TAPS}[hooks.configure]\nlacp.key = ['y', '{{value}}']\n");
        not(&runs_on, &[], &[("lacp.key", "2")], "does not say what lacp.key was before");
    }
}
