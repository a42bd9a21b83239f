//! A keepalived of its own.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;

use super::configuration;
use crate::bed::live::{Driver, Wire};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::instance::Instance;
use crate::lab::carrier;
use crate::lab::log::Since;
use crate::lab::process::{Process, Program, tail};
use crate::lab::vrrp::Kind;
use crate::lab::vrrp::site::Site;

/// It starts in a tenth of a second where nothing else runs.
const LIMIT: Duration = Duration::from_secs(30);

/// It removes its interfaces a second after it has said that it leaves.
const LEAVE: Duration = Duration::from_secs(10);

const POLL: Duration = Duration::from_millis(5);

/// A keepalived, and its host.
pub struct Router {
    daemon: Option<Process>,
    /// It was told to end.
    leaving: bool,
    /// It only starts when it is listened to.
    last: bool,
    routers: usize,
    log: PathBuf,
    site: Site,
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn tester(error: impl ToString) -> NoBed {
    NoBed::Tester(error.to_string())
}

#[allow(clippy::needless_pass_by_value)] // for map_err
fn fault(error: impl ToString) -> BedError {
    BedError::Tester(error.to_string())
}

/// Why something did not happen: the daemon died, or the tester could not.
fn died_or(daemon: &mut Process, text: String) -> BedError {
    if daemon.ended().is_some() { BedError::Crash(text) } else { BedError::Tester(text) }
}

fn not_ready(error: BedError) -> NoBed {
    match error {
        BedError::Crash(text) => NoBed::NotReady(text),
        other => NoBed::Tester(other.to_string()),
    }
}

impl Router {
    /// Starts one as it is wanted. Its links have no carrier: it is in Initialize. An owner does not start yet: one that
    /// has started without a carrier is Backup once that is there.
    ///
    /// # Errors
    /// keepalived has no such thing, or it does not start.
    pub fn start(kind: &Kind, wanted: &Wanted) -> Result<Self, NoBed> {
        let (configuration, file) = configuration::file(kind, wanted)?;
        let site = Site::make("keepalived", &configuration, wanted.ports, configuration.lan().link_local)?;
        let folder = site.folder();
        std::fs::write(folder.join("keepalived.conf"), file).map_err(tester)?;
        let log = folder.join("keepalived.log");
        let routers = configuration.routers.len();
        let last = configuration.first().owner();
        let mut router = Self { daemon: None, leaving: false, last, routers, log, site };
        if last {
            let mut wires = router.site.wires.iter_mut();
            wires.try_for_each(|wire| carrier::switch(wire, true)).map_err(tester)?;
        } else if configuration.enabled {
            router.run().map_err(not_ready)?;
        }
        router.last &= configuration.enabled;
        Ok(router)
    }

    /// Runs the daemon, and waits until it listens.
    fn run(&mut self) -> Result<(), BedError> {
        let folder = self.site.folder();
        let path = |name: &str| folder.join(name).into_os_string();
        let mut program = Program::new(["keepalived", "--dont-fork", "--log-console", "--log-detail"])
            .within(Some(self.site.namespace.as_str()));
        // A child that dies is not started anew: somebody has to notice.
        program.argv.extend(["--no-syslog", "--vrrp", "--dont-respawn", "--use-file"].map(Into::into));
        program.argv.extend([path("keepalived.conf"), "--pid".into(), path("keepalived.pid")]);
        program.argv.extend(["--vrrp_pid".into(), path("vrrp.pid")]);
        let since = Since::now(&self.log);
        let mut daemon = program.start(&self.log).map_err(fault)?;
        self.site.instance.group(daemon.group()).map_err(fault)?;
        // The last thing that it does before it waits, once for each virtual router.
        since
            .wait_for("VRRP sockpool: [", self.routers, LIMIT, &mut daemon)
            .and_then(|()| since.wait_for("Startup complete", 1, LIMIT, &mut daemon))
            .map_err(|text| died_or(&mut daemon, text))?;
        self.daemon = Some(daemon);
        self.leaving = false;
        Ok(())
    }

    /// Tells the daemon to end, and waits until it has said good-bye.
    fn leave(&mut self) -> Result<(), BedError> {
        let Some(daemon) = &mut self.daemon else { return Ok(()) };
        let since = Since::now(&self.log);
        let process = i32::try_from(daemon.group()).map_err(fault)?;
        // It alone: it tells its child.
        kill(Pid::from_raw(process), Signal::SIGTERM).map_err(fault)?;
        self.leaving = true;
        since.wait_for("Stopping", 1, LEAVE, daemon).map_err(|text| died_or(daemon, text))
    }

    /// Waits until the daemon that was told to has ended.
    fn gone(&mut self) -> Result<(), BedError> {
        let end = Instant::now() + LEAVE;
        if let Some(daemon) = self.daemon.as_mut().filter(|_| self.leaving) {
            while daemon.ended().is_none() {
                if Instant::now() >= end {
                    return Err(BedError::Crash(format!(
                        "keepalived does not end: {}",
                        tail(&self.log, 500)
                    )));
                }
                std::thread::sleep(POLL);
            }
            self.daemon = None;
        }
        Ok(())
    }
}

impl Drop for Router {
    fn drop(&mut self) {
        // What it would remove goes with the namespace.
        if let Some(daemon) = &mut self.daemon {
            daemon.stop(Duration::ZERO);
        }
    }
}

impl Driver for Router {
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed> {
        Ok(std::mem::take(&mut self.site.wires))
    }

    fn begin(&mut self, wires: &mut [Wire]) -> Result<(), NoBed> {
        if self.last {
            return self.run().map_err(not_ready);
        }
        // The LAN last.
        let mut wires = wires.iter_mut().rev();
        wires.try_for_each(|wire| carrier::switch(wire, true)).map_err(tester)
    }

    fn link(&mut self, wire: &mut Wire, _: Port, up: bool) -> Result<(), BedError> {
        carrier::switch(wire, up).map_err(|error| BedError::Tester(error.to_string()))
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        if name != "vrrp.enabled" {
            let text = format!("{name} of a keepalived that runs cannot be changed here");
            return Err(BedError::NotApplicable(text));
        }
        self.alive().map_err(BedError::Crash)?;
        let runs = self.daemon.is_some() && !self.leaving;
        match (value == "yes", runs) {
            (true, false) => self.gone().and_then(|()| self.run()),
            (false, true) => self.leave(),
            _ => Ok(()),
        }
    }

    fn state(&mut self, _: &str, _: Port) -> Result<Option<String>, BedError> {
        Ok(None)
    }

    fn instance(&self) -> Option<&Instance> {
        Some(&self.site.instance)
    }

    fn logs(&self) -> Vec<PathBuf> {
        vec![self.log.clone()]
    }

    fn alive(&mut self) -> Result<(), String> {
        let ended = self.daemon.as_mut().filter(|_| !self.leaving).and_then(Process::ended);
        ended.map_or(Ok(()), |ended| Err(format!("{ended}: {}", tail(&self.log, 500))))
    }
}
