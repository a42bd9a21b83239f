//! An Open vSwitch of its own, in a namespace of its own: one bridge, its links TAPs of the tester.

use std::io;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use super::clock;
use super::configuration::{self, Bond, DATA};
use super::database::{Database, environment, explain};
use super::show;
use super::unixctl::{self, Unixctl};
use crate::bed::live::{Driver, Kind, Place, Wire};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::instance::Instance;
use crate::lab::process::{Process, Program, tail};
use crate::lab::{SLOW_FILTER, carrier};
use crate::netns;
use crate::settings::Settings;

/// It starts in a fifth of a second where nothing else runs.
const LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(2);

/// A switch that runs. Its parts are ended in the order in which they stand here.
pub struct Switch {
    control: Unixctl,
    daemon: Process,
    database: Database,
    wires: Vec<Wire>,
    wanted: Settings,
    bonds: Vec<Bond>,
    links: usize,
    log: PathBuf,
    /// Last: it removes the namespace.
    instance: Instance,
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn tester(error: impl ToString) -> NoBed {
    NoBed::Tester(error.to_string())
}

impl Switch {
    /// Starts one as it is wanted, its links without carrier. The daemon gets these options too.
    ///
    /// # Errors
    /// Open vSwitch has no such thing, or it does not start.
    pub fn start(wanted: &Wanted, options: &[&str]) -> Result<Self, NoBed> {
        let bonds = configuration::bonds(&wanted.settings, wanted.ports)?;
        let instance = Instance::new("ovs").map_err(tester)?;
        let namespace = instance.namespace("").map_err(tester)?;
        silence(&namespace).map_err(tester)?;
        let wires = wires(&namespace, wanted.ports)?;
        // A carrier that just went is told of late: the daemon would find it still there.
        for wire in &wires {
            carrier::until_running(wire, false).map_err(tester)?;
        }
        spares(&namespace, &bonds, wanted.ports).map_err(tester)?;

        let folder = instance.folder().to_owned();
        // For people who look at it by hand.
        instance.environment("OVS_RUNDIR", &folder.display().to_string()).map_err(tester)?;
        let database = Database::start(&folder).map_err(tester)?;
        instance.group(database.group()).map_err(tester)?;
        database.change(&configuration::make(&bonds)).map_err(tester)?;

        let (log, socket) = (folder.join("ovs-vswitchd.log"), folder.join("ovs-vswitchd.ctl"));
        let mut program = Program::new(["ovs-vswitchd"]).within(Some(namespace.as_str()));
        program.argv.push(database.remote().into());
        program.argv.push(format!("--unixctl={}", socket.display()).into());
        program.argv.push("-vsyslog:off".into());
        program.argv.extend(options.iter().map(Into::into));
        let mut daemon =
            environment(program, &folder).start(&log).map_err(|error| tester(explain(&error)))?;
        instance.group(daemon.group()).map_err(tester)?;
        let control = ready(&mut daemon, &socket, &bonds)
            .map_err(|error| NoBed::NotReady(format!("{error}: {}", tail(&log, 500))))?;
        let switch = Self {
            control,
            daemon,
            database,
            wires,
            wanted: wanted.settings.clone(),
            bonds,
            links: wanted.ports,
            log,
            instance,
        };
        switch.set(&switch.bonds).map_err(NoBed::NotReady)?;
        Ok(switch)
    }

    fn set(&self, bonds: &[Bond]) -> Result<(), String> {
        let words: Vec<String> = bonds.iter().flat_map(Bond::set).collect();
        self.database.change(&words)
    }

    /// The daemon's process.
    pub fn process(&self) -> u32 {
        self.daemon.group()
    }

    /// The daemon's control socket.
    pub fn control(&mut self) -> &mut Unixctl {
        &mut self.control
    }

    /// What it means that something does not work: the switch is dead, or we are wrong.
    pub fn fault(&mut self, text: String) -> BedError {
        match self.alive() {
            Err(died) => BedError::Crash(died),
            Ok(()) => BedError::Tester(text),
        }
    }

    /// Runs a command of the daemon.
    ///
    /// # Errors
    /// It died or refuses.
    pub fn command(&mut self, command: &str, arguments: &[&str]) -> Result<String, BedError> {
        let answer = self.control.call(command, arguments);
        answer.map_err(|error| self.fault(error.to_string()))
    }
}

impl Drop for Switch {
    fn drop(&mut self) {
        // There is nothing that they would have to save.
        self.daemon.stop(Duration::ZERO);
        self.database.kill();
    }
}

impl Driver for Switch {
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed> {
        Ok(std::mem::take(&mut self.wires))
    }

    fn begin(&mut self, wires: &mut [Wire]) -> Result<(), NoBed> {
        // The device's own side first: no link is up without it.
        for wire in wires.iter_mut().rev() {
            carrier::switch(wire, true).map_err(tester)?;
            // While it looks at one carrier it can mistake another that comes for one that was there before, and start
            // that port in DEFAULTED: port_run reads the count of changes and the carrier one after the other.
            if clock::available().is_ok() {
                clock::rest(self.process()).map_err(NoBed::NotReady)?;
            }
        }
        Ok(())
    }

    fn link(&mut self, wire: &mut Wire, _: Port, up: bool) -> Result<(), BedError> {
        // After each LACPDU that it sends it looks at all carriers, but not before something else wakes it; and what it
        // then finds it may take for old, as at the start. So it is made to look before there is anything to find.
        self.command("lacp/show", &[])?;
        if clock::available().is_ok() {
            clock::rest(self.process()).map_err(|error| self.fault(error))?;
        }
        carrier::switch(wire, up).map_err(|error| BedError::Tester(error.to_string()))
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        let wanted = self.wanted.clone().with(name, value);
        let bonds = configuration::bonds(&wanted, self.links).map_err(|error| match error {
            NoBed::NotApplicable(reason) => BedError::NotApplicable(reason),
            other => BedError::Tester(other.to_string()),
        })?;
        let same = bonds.len() == self.bonds.len()
            && bonds.iter().zip(&self.bonds).all(|(new, old)| new.same_make(old));
        if !same {
            let text = format!("Open vSwitch would need other bonds for {name} = {value}");
            return Err(BedError::NotApplicable(text));
        }
        if let Err(error) = self.set(&bonds) {
            return Err(self.fault(error));
        }
        (self.wanted, self.bonds) = (wanted, bonds);
        Ok(())
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        if name != "lacp.aggregator" {
            return Ok(None);
        }
        let text = self.command("lacp/show", &[])?;
        let interface = configuration::interface(port);
        let member = show::members(&text).into_iter().find(|member| member.interface == interface);
        Ok(Some(match member {
            Some(member) if member.attached => member.bond.to_owned(),
            _ => "none".to_owned(),
        }))
    }

    fn instance(&self) -> Option<&Instance> {
        Some(&self.instance)
    }

    fn logs(&self) -> Vec<PathBuf> {
        vec![self.log.clone()]
    }

    fn alive(&mut self) -> Result<(), String> {
        match self.daemon.ended().or_else(|| self.database.ended()) {
            None => Ok(()),
            Some(ended) => Err(format!("{ended}: {}", tail(&self.log, 500))),
        }
    }
}

/// No neighbour discovery of the host on what belongs to the switch.
fn silence(namespace: &str) -> io::Result<()> {
    let written = netns::within(Some(namespace), || {
        std::fs::write("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1")
    })?;
    match written {
        // A kernel without IPv6 has nothing to say.
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The links, and the device's own side behind them.
fn wires(namespace: &str, links: usize) -> Result<Vec<Wire>, NoBed> {
    let interfaces = (0u16..).take(links).map(|port| configuration::interface(Port(port)));
    interfaces
        .chain([DATA.to_owned()])
        .map(|interface| {
            let namespace = Some(namespace.to_owned());
            let place = Place { namespace, interface, kind: Kind::Tap, owned: false };
            Ok(Wire::open(place, SLOW_FILTER)?)
        })
        .collect()
}

/// Members that have no cable: TAPs that nobody holds.
fn spares(namespace: &str, bonds: &[Bond], links: usize) -> io::Result<()> {
    let links: Vec<String> = (0u16..).take(links).map(|port| configuration::interface(Port(port))).collect();
    for member in bonds.iter().flat_map(|bond| &bond.members) {
        if !links.contains(&member.interface) {
            netns::ip(Some(namespace), &["tuntap", "add", "dev", &member.interface, "mode", "tap"])?;
            netns::ip(Some(namespace), &["link", "set", "dev", &member.interface, "up"])?;
        }
    }
    Ok(())
}

/// Waits until the daemon has all bonds.
fn ready(daemon: &mut Process, socket: &std::path::Path, bonds: &[Bond]) -> Result<Unixctl, String> {
    let end = Instant::now() + LIMIT;
    let mut last = String::new();
    let mut control = None;
    loop {
        if let Some(ended) = daemon.ended() {
            return Err(ended);
        }
        if let Some(mut connected) = control.take().or_else(|| Unixctl::connect(socket).ok()) {
            last = has_all(&mut connected, bonds).map_err(|error| error.to_string())?;
            if last.is_empty() {
                return Ok(connected);
            }
            control = Some(connected);
        }
        if Instant::now() >= end {
            return Err(format!("not ready within {} s {last}", LIMIT.as_secs()));
        }
        std::thread::sleep(POLL);
    }
}

/// What the daemon lacks of the bonds; empty if nothing.
fn has_all(control: &mut Unixctl, bonds: &[Bond]) -> Result<String, unixctl::Error> {
    let text = control.call("lacp/show", &[])?;
    let members = show::members(&text);
    let missing = bonds
        .iter()
        .filter(|bond| bond.speaks())
        .flat_map(|bond| &bond.members)
        .find(|wanted| members.iter().all(|member| member.interface != wanted.interface));
    Ok(missing.map_or_else(String::new, |member| format!("without {}", member.interface)))
}
