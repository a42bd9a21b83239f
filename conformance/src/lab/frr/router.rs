//! A pair of zebra and vrrpd of its own.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::unistd::{Group, User, chown};

use super::configuration::{self, Plan};
use super::vty::Vty;
use super::{VRRPD, ZEBRA};
use crate::bed::live::{Driver, Wire};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::instance::Instance;
use crate::lab::carrier;
use crate::lab::process::{Process, Program, tail};
use crate::lab::vrrp::Kind;
use crate::lab::vrrp::site::Site;

/// They start in a tenth of a second where nothing else runs.
const LIMIT: Duration = Duration::from_secs(30);

const POLL: Duration = Duration::from_millis(5);

/// Whom they run as.
const USER: &str = "frr";

/// The two daemons, and their host.
pub struct Router {
    vty: Vty,
    vrrpd: Process,
    zebra: Process,
    /// The virtual routers are to run from the beginning.
    enabled: bool,
    vrids: Vec<(&'static str, Vec<u8>)>,
    site: Site,
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn tester(error: impl ToString) -> NoBed {
    NoBed::Tester(error.to_string())
}

impl Router {
    /// Starts one as it is wanted. Its links have a carrier; its virtual routers are shut down: it is in Initialize. It
    /// does not look at carriers.
    ///
    /// # Errors
    /// FRRouting has no such thing, or it does not start.
    pub fn start(kind: &Kind, wanted: &Wanted) -> Result<Self, NoBed> {
        let Plan { configuration, link_local, file, interfaces, vrids } = configuration::plan(kind, wanted)?;
        let mut site = Site::make("frr", &configuration, wanted.ports, link_local)?;
        site.ip(&interfaces).map_err(tester)?;
        let folder = site.folder().join("run");
        owned(&folder).map_err(tester)?;
        std::fs::write(site.folder().join("vrrpd.conf"), file).map_err(tester)?;
        std::fs::write(site.folder().join("zebra.conf"), "").map_err(tester)?;
        for wire in &mut site.wires {
            carrier::switch(wire, true).map_err(tester)?;
        }
        // For people who look at it by hand: vtysh --vty_socket.
        let socket = folder.display().to_string();
        site.instance.environment("FRR_VTY", &socket).map_err(tester)?;
        let mut zebra = daemon(&site, ZEBRA, "zebra").map_err(tester)?;
        until(&folder.join("zserv.api"), &mut zebra)?;
        let mut vrrpd = daemon(&site, VRRPD, "vrrpd").map_err(tester)?;
        let mut vty = until(&folder.join("vrrpd.vty"), &mut vrrpd).and_then(|()| {
            Vty::connect(&folder.join("vrrpd.vty")).map_err(|error| not_ready(&error, &vrrpd))
        })?;
        has_interfaces(&mut vty, &mut vrrpd, configuration.routers.len())?;
        Ok(Self { vty, vrrpd, zebra, enabled: configuration.enabled, vrids, site })
    }

    /// Lets all virtual routers run, or ends them.
    fn enable(&mut self, enable: bool) -> io::Result<()> {
        let no = if enable { "no " } else { "" };
        for (interface, vrids) in &self.vrids {
            let commands: Vec<String> =
                vrids.iter().map(|vrid| format!("{no}vrrp {vrid} shutdown")).collect();
            self.vty.configure(interface, &commands)?;
        }
        Ok(())
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        // There is nothing that they would have to save.
        self.vrrpd.stop(Duration::ZERO);
        self.zebra.stop(Duration::ZERO);
    }
}

impl Driver for Router {
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed> {
        Ok(std::mem::take(&mut self.site.wires))
    }

    fn begin(&mut self, _: &mut [Wire]) -> Result<(), NoBed> {
        if self.enabled {
            self.enable(true).map_err(|error| not_ready(&error, &self.vrrpd))?;
        }
        Ok(())
    }

    fn link(&mut self, wire: &mut Wire, _: Port, up: bool) -> Result<(), BedError> {
        carrier::switch(wire, up).map_err(|error| BedError::Tester(error.to_string()))
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        if name != "vrrp.enabled" {
            let text = format!("{name} of an FRRouting that runs cannot be changed here");
            return Err(BedError::NotApplicable(text));
        }
        self.enable(value == "yes").map_err(|error| match self.alive() {
            Err(died) => BedError::Crash(died),
            Ok(()) => BedError::Tester(error.to_string()),
        })
    }

    fn state(&mut self, _: &str, _: Port) -> Result<Option<String>, BedError> {
        Ok(None)
    }

    fn instance(&self) -> Option<&Instance> {
        Some(&self.site.instance)
    }

    fn logs(&self) -> Vec<PathBuf> {
        vec![self.vrrpd.log().to_owned(), self.zebra.log().to_owned()]
    }

    fn alive(&mut self) -> Result<(), String> {
        for process in [&mut self.vrrpd, &mut self.zebra] {
            if let Some(ended) = process.ended() {
                return Err(format!("{ended}: {}", tail(process.log(), 500)));
            }
        }
        Ok(())
    }
}

/// A folder in which the daemons may make their sockets.
fn owned(folder: &Path) -> io::Result<()> {
    std::fs::create_dir(folder)?;
    let missing =
        || io::Error::other(format!("there is no user and group {USER}; the package frr makes them"));
    let user = User::from_name(USER)?.ok_or_else(missing)?;
    let group = Group::from_name(USER)?.ok_or_else(missing)?;
    Ok(chown(folder, Some(user.uid), Some(group.gid))?)
}

fn daemon(site: &Site, program: &str, name: &str) -> io::Result<Process> {
    let folder = site.folder().join("run");
    let mut argv: Vec<OsString> =
        [program, "-u", USER, "-g", USER, "-P", "0", "--log", "stdout", "--log-level", "debug"]
            .map(OsString::from)
            .to_vec();
    for (option, path) in [
        ("-z", folder.join("zserv.api")),
        ("--vty_socket", folder.clone()),
        ("-i", folder.join(format!("{name}.pid"))),
        ("-f", site.folder().join(format!("{name}.conf"))),
    ] {
        argv.extend([option.into(), path.into_os_string()]);
    }
    let log = site.folder().join(format!("{name}.log"));
    let process = Program::new(argv)
        .within(Some(site.namespace.as_str()))
        .start(&log)
        .map_err(|error| io::Error::other(error.to_string()))?;
    site.instance.group(process.group())?;
    Ok(process)
}

fn not_ready(error: &dyn std::fmt::Display, process: &Process) -> NoBed {
    NoBed::NotReady(format!("{error}: {}", tail(process.log(), 500)))
}

/// Waits until a daemon listens there.
fn until(socket: &Path, process: &mut Process) -> Result<(), NoBed> {
    let end = Instant::now() + LIMIT;
    while std::os::unix::net::UnixStream::connect(socket).is_err() {
        if let Some(ended) = process.ended() {
            return Err(not_ready(&ended, process));
        }
        if Instant::now() >= end {
            return Err(not_ready(&format!("nobody listens at {}", socket.display()), process));
        }
        std::thread::sleep(POLL);
    }
    Ok(())
}

/// Waits until vrrpd knows so many interfaces of virtual routers.
fn has_interfaces(vty: &mut Vty, process: &mut Process, wanted: usize) -> Result<(), NoBed> {
    let end = Instant::now() + LIMIT;
    loop {
        let text = vty.call("show vrrp").map_err(|error| not_ready(&error, process))?;
        let of_routers = |line: &&str| line.contains("VRRP interface") && !line.contains("None");
        if text.lines().filter(of_routers).count() >= wanted {
            return Ok(());
        }
        if let Some(ended) = process.ended() {
            return Err(not_ready(&ended, process));
        }
        if Instant::now() >= end {
            return Err(not_ready(&format!("it does not see the interfaces: {text}"), process));
        }
        std::thread::sleep(POLL);
    }
}
