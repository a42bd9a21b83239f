//! The built-in references as devices that run: `redspec device`, each in a network namespace of its own, on veth pairs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use super::log::Since;
use super::process::{Process, Program, tail};
use super::{Maker, ROUTER_FILTER, carrier, interface, reference as running};
use crate::bed::live::{Driver, Kind, Place, Wire};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::instance::Instance;
use crate::netns;
use crate::reference::lab::{PROFILES, reference};
use crate::settings::Settings;
use crate::spec::Edition;

/// What is run here besides redspec itself.
pub const PROGRAMS: &[(&str, &str)] = &[("ip", "iproute2")];

/// How long it may take to start.
const LIMIT: Duration = Duration::from_secs(30);
/// A device looks for its carriers more often than this.
const NOTICED: Duration = Duration::from_millis(100);
/// How long it has to end.
const GRACE: Duration = Duration::from_secs(1);

/// Makes references.
pub struct Wired {
    profile: &'static str,
    edition: Edition,
    settings: Settings,
    program: PathBuf,
}

/// References that are configured as that profile says, and where neither it nor a test does, as these settings.
///
/// # Errors
/// This program is not redspec, which would run them.
pub fn maker(profile: &'static str, settings: &[(&str, &str)]) -> Result<Wired, NoBed> {
    let known = PROFILES.iter().find(|known| known.name == profile);
    let known = known.ok_or_else(|| NoBed::Tester(format!("there is no profile {profile}")))?;
    let program = std::env::current_exe().map_err(tester)?;
    if program.file_stem().is_none_or(|name| name != "redspec") {
        return Err(NoBed::Tester(format!("{} has no references to run", program.display())));
    }
    let settings: Settings = settings.iter().copied().collect();
    Ok(Wired { profile, edition: known.edition, settings: known.settings().over(&settings), program })
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn tester(error: impl ToString) -> NoBed {
    NoBed::Tester(error.to_string())
}

impl Maker for Wired {
    fn device(&self) -> String {
        format!("redspec device --profile {}", self.profile)
    }

    fn edition(&self) -> Edition {
        self.edition
    }

    fn settings(&self) -> &Settings {
        &self.settings
    }

    /// They mostly wait.
    fn jobs(&self) -> usize {
        thread::available_parallelism().map_or(1, std::num::NonZero::get) * 8
    }

    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed> {
        let settings = wanted.settings.over(&self.settings);
        // It would say so itself, but not in the words that are meant for a test.
        reference(self.edition, settings.clone()).device_of(wanted.ports)?;
        let instance = Instance::new("reference").map_err(tester)?;
        let near = instance.namespace("tester").map_err(tester)?;
        let far = instance.namespace("device").map_err(tester)?;
        for namespace in [&near, &far] {
            // The kernel has no part in this: the references have addresses of their own.
            let quiet = || std::fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1");
            netns::within(Some(namespace), quiet).and_then(|written| written).map_err(tester)?;
        }
        let mut wires = Vec::new();
        for port in (0u16..).take(wanted.ports).map(Port) {
            let name = interface(port);
            let pair = ["link", "add", "name", name, "type", "veth", "peer", "name", name, "netns", &far];
            netns::ip(Some(&near), &pair).map_err(tester)?;
            let place = Place {
                namespace: Some(near.clone()),
                interface: name.to_owned(),
                kind: Kind::Interface,
                owned: false,
            };
            // libpcap listens to what is up.
            netns::ip(Some(&near), &["link", "set", "dev", name, "up"]).map_err(tester)?;
            let mut wire = Wire::open(place, ROUTER_FILTER)?;
            wire.carrier(false).map_err(tester)?;
            wires.push(wire);
        }
        let control = instance.folder().join("control");
        let log = instance.folder().join("device.log");
        let mut argv: Vec<OsString> = vec![self.program.clone().into(), "device".into()];
        argv.extend(["--profile", self.profile, "--control"].map(Into::into));
        argv.push(control.clone().into());
        for port in (0u16..).take(wanted.ports).map(Port) {
            argv.extend(["--iface", interface(port)].map(Into::into));
        }
        for (name, value) in settings.iter().filter(|(name, _)| !name.starts_with("test.")) {
            argv.extend(["--set".into(), format!("{name}={value}").into()]);
        }
        let since = Since::now(&log);
        let mut process = Program::new(argv).within(Some(far)).start(&log).map_err(tester)?;
        instance.group(process.group()).map_err(tester)?;
        since.wait_for("ready", 1, LIMIT, &mut process).map_err(NoBed::NotReady)?;
        Ok(Box::new(Router { wires, process, control, log, instance }))
    }
}

/// A reference that runs. What is further down here goes later.
struct Router {
    wires: Vec<Wire>,
    process: Process,
    control: PathBuf,
    log: PathBuf,
    instance: Instance,
}

impl Router {
    fn switch(wire: &mut Wire, up: bool) -> std::io::Result<()> {
        wire.carrier(up)?;
        if up {
            carrier::until_running(wire, true)?;
        }
        thread::sleep(NOTICED);
        Ok(())
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        self.process.stop(GRACE);
    }
}

impl Driver for Router {
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed> {
        Ok(std::mem::take(&mut self.wires))
    }

    fn begin(&mut self, wires: &mut [Wire]) -> Result<(), NoBed> {
        // The LAN last.
        wires.iter_mut().rev().try_for_each(|wire| Self::switch(wire, true)).map_err(tester)
    }

    fn link(&mut self, wire: &mut Wire, _: Port, up: bool) -> Result<(), BedError> {
        Self::switch(wire, up).map_err(|error| BedError::Tester(error.to_string()))
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        self.alive().map_err(BedError::Crash)?;
        let told = running::tell(&self.control, &format!("configure {name} {value}"));
        told.map(drop).map_err(BedError::NotApplicable)
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        self.alive().map_err(BedError::Crash)?;
        Ok(running::tell(&self.control, &format!("state {name} {}", port.0 + 1)).ok())
    }

    fn instance(&self) -> Option<&Instance> {
        Some(&self.instance)
    }

    fn logs(&self) -> Vec<PathBuf> {
        vec![self.log.clone()]
    }

    fn alive(&mut self) -> Result<(), String> {
        let ended = self.process.ended();
        ended.map_or(Ok(()), |ended| Err(format!("{ended}: {}", tail(&self.log, 500))))
    }
}
