//! Devices that run: a user's own, and those that come with redspec.

pub mod carrier;
pub mod frr;
pub mod hooks;
pub mod keepalived;
pub mod log;
pub mod ovs;
pub mod person;
pub mod process;
pub mod profile;
pub mod reference;
pub mod vm;
pub mod vrrp;
pub mod wired;

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

pub use crate::bed::live::Driver;
use crate::bed::live::LiveBed;
use crate::bed::live::canary::Canary;
use crate::bed::{Bed, Lab, NoBed, Wanted};
use crate::event::Port;
use crate::reference::router::{DOWNSTREAM, LAN};
use crate::settings::Settings;
use crate::spec::Edition;

/// What a judge of LACP and Marker wants to see: slow protocols, data of the tests' own, and either with a tag.
pub const SLOW_FILTER: &str = "ether proto 0x8809 or ether proto 0x88b5 or ether dst 01:80:c2:00:00:02 \
    or ether dst 01:80:c2:00:00:00 or ether dst 01:80:c2:00:00:03 or (vlan and (ether proto 0x8809 or ether proto 0x88b5))";

/// What a judge of routers wants to see: VRRP and HSRP, who asks and tells where addresses are, and packets of hosts; any of
/// them with a tag.
pub const ROUTER_FILTER: &str = "arp or ip or ip6 or vlan";

/// The interface of a router's link, in its namespace.
pub const fn interface(port: Port) -> &'static str {
    match port {
        LAN => "lan",
        DOWNSTREAM => "down",
        Port(_) => "other",
    }
}

/// A lab that is open, or why it is not.
pub type Opened = Result<Box<dyn Lab>, NoBed>;

/// A lab that comes with redspec: `--lab NAME`.
pub struct Known {
    /// Its name.
    pub name: &'static str,
    /// What is tested there, in a line.
    pub purpose: &'static str,
    /// Programs that it takes, and the Debian packages that have them.
    pub programs: &'static [(&'static str, &'static str)],
    /// What is known to fail there, as a file of waivers.
    pub waivers: &'static str,
    /// The lab of the same device in real time, if it is in virtual time here.
    pub real: Option<&'static str>,
    /// Opens it. Once the flag is true whatever runs ends.
    pub open: fn(Arc<AtomicBool>) -> Opened,
}

/// Times of the HSRP references in labs: the shortest that keep the ratio that is recommended.
const SHORT: &[(&str, &str)] = &[("hsrp.hellotime", "1"), ("hsrp.holdtime", "3")];

/// All of them.
pub const KNOWN: &[Known] = &[
    Known {
        name: "ovs",
        purpose: "Open vSwitch in user space, in real time",
        programs: ovs::PROGRAMS,
        waivers: include_str!("ovs/waivers.toml"),
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(ovs::live::maker()?), stop))),
    },
    Known {
        name: "ovs-virtual",
        purpose: "the same in virtual time, by its stopped clock",
        programs: ovs::PROGRAMS,
        waivers: include_str!("ovs/waivers.toml"),
        real: Some("ovs"),
        open: |stop| Ok(Box::new(ovs::virtual_time::lab(stop)?)),
    },
    Known {
        name: "linux-bond",
        purpose: "Linux bonding in its mode 802.3ad, in a virtual machine",
        programs: vm::PROGRAMS,
        waivers: include_str!("vm/bonding.waivers.toml"),
        real: None,
        open: |stop| {
            let maker = vm::bonding::bonding("linux-bond", &Settings::new())?;
            Ok(Box::new(LiveLab::new(Box::new(maker), stop)))
        },
    },
    Known {
        name: "linux-bond-independent",
        purpose: "the same with independent control of the Mux",
        programs: vm::PROGRAMS,
        waivers: include_str!("vm/bonding.waivers.toml"),
        real: None,
        open: |stop| {
            let settings = Settings::new().with("lacp.control", "independent");
            let maker = vm::bonding::bonding("linux-bond-independent", &settings)?;
            Ok(Box::new(LiveLab::new(Box::new(maker), stop)))
        },
    },
    Known {
        name: "linux-team",
        purpose: "teamd with its LACP runner, in a virtual machine",
        programs: vm::PROGRAMS,
        waivers: include_str!("vm/team.waivers.toml"),
        real: None,
        open: |stop| {
            let maker = vm::team::teamd("linux-team", &Settings::new())?;
            Ok(Box::new(LiveLab::new(Box::new(maker), stop)))
        },
    },
    Known {
        name: "keepalived",
        purpose: "keepalived, VRRP version 3",
        programs: keepalived::PROGRAMS,
        waivers: include_str!("keepalived/waivers.toml"),
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(keepalived::maker(Edition::Rfc5798)?), stop))),
    },
    Known {
        name: "keepalived-v2",
        purpose: "the same, VRRP version 2",
        programs: keepalived::PROGRAMS,
        waivers: include_str!("keepalived/waivers.toml"),
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(keepalived::maker(Edition::Rfc3768)?), stop))),
    },
    Known {
        name: "keepalived-auth",
        purpose: "the same, VRRP version 2 as it was, with authentication",
        programs: keepalived::PROGRAMS,
        waivers: include_str!("keepalived/waivers.toml"),
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(keepalived::maker(Edition::Rfc2338)?), stop))),
    },
    Known {
        name: "frr",
        purpose: "FRRouting, VRRP version 3",
        programs: frr::PROGRAMS,
        waivers: include_str!("frr/waivers.toml"),
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(frr::maker(Edition::Rfc5798)?), stop))),
    },
    Known {
        name: "frr-v2",
        purpose: "the same, VRRP version 2",
        programs: frr::PROGRAMS,
        waivers: include_str!("frr/waivers.toml"),
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(frr::maker(Edition::Rfc3768)?), stop))),
    },
    Known {
        name: "reference-vrrp2",
        purpose: "the VRRP reference, version 2, on a veth pair in real time",
        programs: wired::PROGRAMS,
        waivers: "",
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(wired::maker("rfc3768", &[])?), stop))),
    },
    Known {
        name: "reference-vrrp3",
        purpose: "the VRRP reference, version 3, on a veth pair in real time",
        programs: wired::PROGRAMS,
        waivers: "",
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(wired::maker("rfc9568", &[])?), stop))),
    },
    Known {
        name: "reference-hsrp1",
        purpose: "the HSRP reference, version 1, on a veth pair in real time",
        programs: wired::PROGRAMS,
        waivers: "",
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(wired::maker("rfc2281", SHORT)?), stop))),
    },
    Known {
        name: "reference-hsrp1-cisco",
        purpose: "the same with what Cisco's routers do besides",
        programs: wired::PROGRAMS,
        waivers: "",
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(wired::maker("cisco-hsrp1", SHORT)?), stop))),
    },
    Known {
        name: "reference-hsrp2",
        purpose: "the HSRP reference, version 2, on a veth pair in real time",
        programs: wired::PROGRAMS,
        waivers: "",
        real: None,
        open: |stop| Ok(Box::new(LiveLab::new(Box::new(wired::maker("cisco-hsrp2", SHORT)?), stop))),
    },
];

impl Known {
    /// What it takes that is not here, in words.
    ///
    /// # Errors
    /// Something is missing.
    pub fn check(&self) -> Result<(), NoBed> {
        let missing: Vec<String> = self
            .programs
            .iter()
            .filter(|(program, _)| !process::exists(program.as_ref()))
            .map(|(program, package)| format!("{program} (Debian has it in {package})"))
            .collect();
        if !missing.is_empty() {
            return Err(NoBed::Tester(format!("the lab {} needs {}", self.name, missing.join(", "))));
        }
        if !nix::unistd::geteuid().is_root() {
            return Err(NoBed::Tester(format!(
                "the lab {} makes network namespaces and interfaces: it needs root",
                self.name
            )));
        }
        Ok(())
    }
}

/// A device in virtual time, and the same in real time for what goes wrong there.
pub struct Confirmed {
    /// In virtual time.
    pub quick: Box<dyn Lab>,
    /// In real time.
    pub real: Box<dyn Lab>,
}

impl Lab for Confirmed {
    fn device(&self) -> String {
        format!("{}, failures confirmed in real time", self.quick.device())
    }

    fn edition(&self) -> Edition {
        self.quick.edition()
    }

    fn settings(&self) -> &Settings {
        self.quick.settings()
    }

    fn exact(&self) -> bool {
        self.quick.exact()
    }

    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
        self.quick.bed(wanted)
    }

    fn real(&self) -> Option<&dyn Lab> {
        Some(self.real.as_ref())
    }

    fn jobs(&self) -> usize {
        self.quick.jobs()
    }
}

/// How to get a device of a kind that runs.
pub trait Maker: Sync + Send {
    /// Its name and version.
    fn device(&self) -> String;
    /// What it is judged by.
    fn edition(&self) -> Edition;
    /// What is known of it, as it is unless a test wants it otherwise.
    fn settings(&self) -> &Settings;
    /// It declares no tolerance of its timers: it is held to the strict windows.
    fn exact(&self) -> bool {
        false
    }
    /// How many of them may run side by side, on this machine, if nobody says.
    fn jobs(&self) -> usize {
        1
    }
    /// Gets one ready that is as wanted: all of it is there, but nothing was heard of it yet.
    ///
    /// # Errors
    /// It lacks something that is wanted, with the reason; or the tester cannot.
    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed>;
}

/// Devices in real time.
pub struct LiveLab {
    maker: Box<dyn Maker>,
    canary: Canary,
    stop: Arc<AtomicBool>,
}

impl LiveLab {
    /// Devices of this kind. Once `stop` is true, whatever runs ends.
    pub fn new(maker: Box<dyn Maker>, stop: Arc<AtomicBool>) -> Self {
        Self { maker, canary: Canary::start(), stop }
    }
}

impl Lab for LiveLab {
    fn device(&self) -> String {
        self.maker.device()
    }

    fn edition(&self) -> Edition {
        self.maker.edition()
    }

    fn settings(&self) -> &Settings {
        self.maker.settings()
    }

    fn exact(&self) -> bool {
        self.maker.exact()
    }

    fn live(&self) -> bool {
        true
    }

    fn jobs(&self) -> usize {
        self.maker.jobs()
    }

    fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
        let driver = self.maker.start(wanted)?;
        Ok(Box::new(LiveBed::begin(driver, &self.canary, Arc::clone(&self.stop))?))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::KNOWN;
    use crate::scenario::campaign::always;
    use crate::waivers::Waivers;
    use crate::{monitor, suite};

    #[test]
    fn what_labs_are_known_to_do_names_tests_that_exist() {
        let tests = suite::tests();
        let ids: BTreeSet<String> =
            tests.iter().map(|test| test.id.clone()).chain(monitor::requirements().map(always)).collect();
        for lab in KNOWN {
            let waivers =
                Waivers::parse(Path::new(lab.name), lab.waivers).unwrap_or_else(|error| panic!("{error}"));
            waivers.check(|id| ids.contains(id)).unwrap_or_else(|error| panic!("{error}"));
        }
    }
}
