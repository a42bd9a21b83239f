//! A user's own device, as its profile describes it: started, changed, asked and ended by hooks.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::person::{self, Answer};
use super::process::{Process, Program, tail};
use super::profile::hooks::{Action, By, Ready};
use super::profile::template::Filling;
use super::profile::{Kind, Namespace, Plan, Profile};
use super::{Driver, Maker, ROUTER_FILTER, SLOW_FILTER};
use crate::bed::live::{self, Place, Wire};
use crate::bed::{BedError, NoBed, Wanted};
use crate::event::Port;
use crate::instance::Instance;
use crate::settings::Settings;
use crate::spec::{Edition, setting};

/// What a device that stays says goes to this file.
const LOG: &str = "device.log";

/// How long a device has to end once it was asked.
const GRACE: Duration = Duration::from_secs(2);

/// Between two looks whether a device is ready.
const POLL: Duration = Duration::from_millis(50);

/// How long a device notices at the latest that a carrier went.
const NOTICE: Duration = Duration::from_millis(500);

/// How long a device that cannot be started anew is left without a partner: a port that was without carrier remembers
/// its partner for Short_Timeout_Time.
const FORGET: Duration = Duration::from_secs(5);

/// So much of a log's end is told.
const TOLD: usize = 400;

/// How many devices with a namespace of their own run side by side, if nobody says. They mostly wait.
const JOBS: usize = 8;

/// Makes devices as a profile describes them.
pub struct ProfileMaker {
    profile: Arc<Profile>,
    owned: bool,
    free: Arc<Free>,
}

/// Whether the one device that there is can be had.
#[derive(Default)]
struct Free {
    taken: Mutex<bool>,
    given_back: Condvar,
}

/// The device, until it is given back.
struct Turn(Arc<Free>);

impl ProfileMaker {
    /// If the network is `owned`, an interface that the default route leads through is used all the same.
    pub fn new(profile: Profile, owned: bool) -> Self {
        Self { profile: Arc::new(profile), owned, free: Arc::default() }
    }
}

impl Free {
    fn take(self: &Arc<Self>) -> Turn {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        while *taken {
            taken = self.given_back.wait(taken).unwrap_or_else(PoisonError::into_inner);
        }
        *taken = true;
        Turn(Arc::clone(self))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        *self.0.taken.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.given_back.notify_one();
    }
}

impl Maker for ProfileMaker {
    fn device(&self) -> String {
        self.profile.name.clone()
    }

    fn edition(&self) -> Edition {
        self.profile.edition
    }

    fn settings(&self) -> &Settings {
        &self.profile.settings
    }

    fn exact(&self) -> bool {
        self.profile.exact
    }

    fn jobs(&self) -> usize {
        if self.profile.several() { JOBS } else { 1 }
    }

    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed> {
        let plan = self.profile.plan(wanted).map_err(NoBed::NotApplicable)?;
        let turn = (!self.profile.several()).then(|| self.free.take());
        let tester = |error: std::io::Error| NoBed::Tester(error.to_string());
        let instance = Instance::new("dut").map_err(tester)?;
        let namespace = match &self.profile.device_namespace {
            None => None,
            Some(Namespace::Named(name)) => Some(name.clone()),
            Some(Namespace::Own) => Some(instance.namespace("").map_err(tester)?),
        };
        let name = namespace.clone().filter(|_| self.profile.several());
        Ok(Box::new(Described {
            profile: Arc::clone(&self.profile),
            owned: self.owned,
            plan,
            ports: wanted.ports,
            name: name.unwrap_or_else(|| instance.name().to_owned()),
            namespace,
            process: None,
            started: false,
            unused: Vec::new(),
            logs: Vec::new(),
            failed: None,
            changed: BTreeSet::new(),
            instance,
            _turn: turn,
        }))
    }
}

/// A device that a profile describes. What is further down here goes later.
struct Described {
    profile: Arc<Profile>,
    owned: bool,
    plan: Plan,
    /// Ports that the test uses.
    ports: usize,
    name: String,
    namespace: Option<String>,
    process: Option<Process>,
    started: bool,
    /// Wires of ports that the test does not use.
    unused: Vec<Wire>,
    logs: Vec<Followed>,
    /// Why it is not well.
    failed: Option<String>,
    /// Parameters that are not what they were.
    changed: BTreeSet<String>,
    instance: Instance,
    _turn: Option<Turn>,
}

/// A log that is read as it grows.
struct Followed {
    path: PathBuf,
    read: u64,
    /// The beginning of a line that has no end yet.
    line: Vec<u8>,
}

impl Followed {
    /// From here on.
    fn from_its_end(path: PathBuf) -> Self {
        let read = path.metadata().map_or(0, |data| data.len());
        Self { path, read, line: Vec::new() }
    }

    /// The first new line, or beginning of one, that has one of these texts. A log that is not there has no lines yet.
    fn find(&mut self, texts: &[String]) -> Option<String> {
        let mut file = File::open(&self.path).ok()?;
        if file.metadata().is_ok_and(|data| data.len() < self.read) {
            // It was begun anew.
            self.read = 0;
            self.line.clear();
        }
        file.seek(SeekFrom::Start(self.read)).ok()?;
        let read = file.read_to_end(&mut self.line).ok()?;
        self.read += u64::try_from(read).ok()?;
        let found = {
            let text = String::from_utf8_lossy(&self.line);
            let has = |line: &&str| texts.iter().any(|wanted| line.contains(wanted.as_str()));
            text.lines().find(has).map(|line| line.trim().to_owned())
        };
        let rest = self.line.iter().rposition(|octet| *octet == b'\n').map_or(0, |newline| newline + 1);
        self.line.drain(..rest);
        found
    }
}

/// Why something could not be done to a device.
enum Undone {
    /// Somebody says that it cannot be.
    Impossible(String),
    /// It failed.
    Failed(String),
}

impl Undone {
    fn text(self) -> String {
        match self {
            Self::Impossible(text) | Self::Failed(text) => text,
        }
    }
}

impl From<Undone> for BedError {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Impossible(text) => Self::NotApplicable(text),
            Undone::Failed(text) => Self::Tester(text),
        }
    }
}

impl From<Undone> for NoBed {
    fn from(undone: Undone) -> Self {
        match undone {
            Undone::Impossible(text) => Self::NotApplicable(text),
            Undone::Failed(text) => Self::Tester(text),
        }
    }
}

impl Described {
    /// A hook's words, filled in.
    fn filling<'a>(&'a self, port: Option<usize>, value: Option<&'a str>) -> Filling<'a> {
        let port = port.and_then(|index| {
            Some((u16::try_from(index + 1).ok()?, self.profile.ports.get(index)?.device_interface()))
        });
        Filling {
            work: self.instance.folder(),
            instance: &self.name,
            settings: &self.plan.settings,
            port,
            value,
        }
    }

    fn program(&self, hook: &str, action: &Action, filling: &Filling<'_>) -> Result<Program, Undone> {
        let fill = |word: &super::profile::template::Template| {
            word.fill(filling).map_err(|what| Undone::Failed(format!("hooks.{hook}: {what}")))
        };
        let words = action.templates().iter().map(fill).collect::<Result<Vec<String>, Undone>>()?;
        let folder = std::path::absolute(self.profile.folder())
            .map_err(|error| Undone::Failed(format!("{}: {error}", self.profile.folder().display())))?;
        let mut argv: Vec<OsString> = words.into_iter().map(OsString::from).collect();
        if let Some(program) = argv.first_mut().filter(|program| Path::new(program).components().count() > 1)
        {
            *program = folder.join(&*program).into_os_string();
        }
        let mut program = Program::new(argv).within(self.namespace.clone());
        program.directory = Some(folder);
        Ok(program)
    }

    /// Does what a hook says, and returns what the program prints.
    fn perform(
        &self,
        hook: &str,
        action: &Action,
        port: Option<usize>,
        value: Option<&str>,
    ) -> Result<String, Undone> {
        let filling = self.filling(port, value);
        let about = |what: &dyn std::fmt::Display| Undone::Failed(format!("hooks.{hook}: {what}"));
        match &action.by {
            By::Program(_) => {
                let program = self.program(hook, action, &filling)?;
                program.run(action.limit).map_err(|error| about(&error))
            }
            By::Person(prompt) => {
                let text = prompt.fill(&filling).map_err(|what| about(&what))?;
                match person::ask(&text, action.limit).map_err(|error| about(&error))? {
                    Answer::Done => Ok(String::new()),
                    Answer::Impossible => {
                        Err(Undone::Impossible(format!("cannot be done, they say: {text}")))
                    }
                    Answer::None => Err(about(&"nobody answered in time")),
                }
            }
        }
    }

    fn wire(&self, index: usize) -> Result<Wire, NoBed> {
        let links = self.profile.ports.iter().chain(&self.profile.data);
        let Some(link) = links.clone().nth(index) else {
            return Err(NoBed::Tester(format!("the device has {} links", links.count())));
        };
        let (kind, namespace) = match link.kind {
            Kind::Tap => (live::Kind::Tap, self.namespace.clone()),
            Kind::Veth | Kind::Interface => (live::Kind::Interface, link.namespace.clone()),
        };
        let place = Place { namespace, interface: link.interface.clone(), kind, owned: self.owned };
        Ok(Wire::open(place, &self.filter())?)
    }

    fn filter(&self) -> String {
        let vrrp = |protocol: &&str| protocol.starts_with("vrrp");
        let protocols = &self.profile.protocols;
        match (protocols.iter().any(vrrp), protocols.iter().all(vrrp)) {
            (true, true) => ROUTER_FILTER.to_owned(),
            // Everything: behind the word vlan a filter looks behind tags alone, and two of them are not joined.
            (true, false) => String::new(),
            (false, _) => SLOW_FILTER.to_owned(),
        }
    }

    /// The carrier of this port can be switched.
    fn switches(&self, index: usize) -> bool {
        let by_tester = self.profile.ports.get(index).is_some_and(|port| port.kind.switches_carrier());
        by_tester || self.profile.hooks.link_down.is_some()
    }

    fn switch(&self, wire: &mut Wire, index: usize, up: bool) -> Result<(), Undone> {
        let hooks = &self.profile.hooks;
        let (name, hook) = if up { ("link_up", &hooks.link_up) } else { ("link_down", &hooks.link_down) };
        match hook {
            Some(action) => self.perform(name, action, Some(index), None).map(drop),
            None => wire.carrier(up).map_err(|error| Undone::Failed(error.to_string())),
        }
    }

    /// All carriers of the test's ports that can be switched.
    fn switch_all(&self, wires: &mut [Wire], up: bool) -> Result<(), Undone> {
        let ports = wires.iter_mut().enumerate().take(self.ports);
        let mut switched = ports.filter(|(index, _)| self.switches(*index));
        switched.try_for_each(|(index, wire)| self.switch(wire, index, up))
    }

    /// The device is there, as the test wants it, and has no carrier if that can be had.
    fn set_up(&mut self) -> Result<(), NoBed> {
        self.start().map_err(|undone| match undone {
            Undone::Impossible(reason) => NoBed::NotApplicable(reason),
            Undone::Failed(reason) => NoBed::NotReady(self.with_log(reason)),
        })?;
        for (name, value) in self.plan.changes.clone() {
            self.change(&name, &value)?;
        }
        Ok(())
    }

    fn start(&mut self) -> Result<(), Undone> {
        let profile = Arc::clone(&self.profile);
        for log in &profile.hooks.logs {
            let path = log.fill(&self.filling(None, None)).map_err(Undone::Failed)?;
            self.logs.push(Followed::from_its_end(profile.folder().join(path)));
        }
        let Some(start) = &profile.hooks.start else { return Ok(()) };
        self.started = true;
        if start.stays {
            let program = self.program("start", &start.action, &self.filling(None, None))?;
            let log = self.instance.folder().join(LOG);
            let process =
                program.start(&log).map_err(|error| Undone::Failed(format!("hooks.start: {error}")))?;
            let group = process.group();
            self.process = Some(process);
            self.logs.push(Followed { path: log, read: 0, line: Vec::new() });
            self.instance.group(group).map_err(|error| Undone::Failed(error.to_string()))?;
        } else {
            self.perform("start", &start.action, None, None)?;
        }
        profile.hooks.ready.as_ref().map_or(Ok(()), |ready| self.wait_until(ready))
    }

    fn wait_until(&mut self, ready: &Ready) -> Result<(), Undone> {
        let (limit, text) = match ready {
            Ready::Succeeds(action) => (action.limit, None),
            Ready::Log { text, limit } => (*limit, Some(vec![text.clone()])),
            Ready::After(duration) => (*duration, None),
        };
        let end = Instant::now() + limit;
        // Read apart from what looks for crashes, from where the device began to write.
        let mut logs: Vec<Followed> = self
            .logs
            .iter()
            .map(|log| Followed { path: log.path.clone(), read: log.read, line: Vec::new() })
            .collect();
        loop {
            self.look().map_err(Undone::Failed)?;
            let last = match ready {
                Ready::Succeeds(action) => match self.perform("ready", action, None, None) {
                    Ok(_) => return Ok(()),
                    Err(undone) => undone.text(),
                },
                Ready::Log { text: wanted, .. } => {
                    if logs.iter_mut().any(|log| text.as_ref().is_some_and(|text| log.find(text).is_some())) {
                        return Ok(());
                    }
                    format!("no line of a log has {wanted:?}")
                }
                Ready::After(_) if Instant::now() >= end => return Ok(()),
                Ready::After(_) => String::new(),
            };
            if Instant::now() >= end {
                return Err(Undone::Failed(format!(
                    "it is not ready after {} s: {last}",
                    limit.as_secs_f64()
                )));
            }
            std::thread::sleep(POLL.min(end.saturating_duration_since(Instant::now())));
        }
    }

    /// Changes a parameter, on each port if it is one of ports.
    fn change(&mut self, name: &str, value: &str) -> Result<(), Undone> {
        let profile = Arc::clone(&self.profile);
        let action = profile.changes(name).map_err(Undone::Impossible)?;
        let (base, port) = setting::split_port(name);
        let ports = match port {
            Some(number) => vec![Some(usize::from(number) - 1)],
            None if action.is_of_port() => (0..profile.ports.len()).map(Some).collect(),
            None => vec![None],
        };
        self.changed.insert(name.to_owned());
        for port in ports {
            self.perform(&format!("configure.{base}"), action, port, Some(value))?;
        }
        Ok(())
    }

    /// A device that runs on gets back what was changed.
    fn give_back(&mut self) {
        for name in std::mem::take(&mut self.changed) {
            if let Some(value) = self.profile.settings.effective(&name).map(str::to_owned) {
                // The next test that needs it to be so says why it is not.
                let _ = self.change(&name, &value);
            }
        }
    }

    /// The reason with the end of what the device said.
    fn with_log(&self, reason: String) -> String {
        let said = self.process.as_ref().map(|process| tail(process.log(), TOLD)).unwrap_or_default();
        if said.is_empty() { reason } else { format!("{reason}; it said last: {said}") }
    }

    /// Looks whether the device is well.
    fn look(&mut self) -> Result<(), String> {
        if self.failed.is_none() {
            let texts = &self.profile.hooks.log_fail;
            let told = self.logs.iter_mut().find_map(|log| log.find(texts));
            let ended = self.process.as_mut().and_then(Process::ended);
            self.failed = match (told, ended) {
                (Some(line), None) => Some(format!("its log says: {line}")),
                (Some(line), Some(ended)) => Some(format!("{ended}; its log says: {line}")),
                (None, Some(ended)) => Some(self.with_log(ended)),
                (None, None) => None,
            };
        }
        self.failed.clone().map_or(Ok(()), Err)
    }

    /// What went wrong, or that the device died, which then is why.
    fn or_dead(&mut self, error: BedError) -> BedError {
        match self.look() {
            Ok(()) => error,
            Err(reason) => BedError::Crash(reason),
        }
    }
}

impl Driver for Described {
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed> {
        let profile = Arc::clone(&self.profile);
        let all = profile.ports.len();
        let mut wires = (0..self.ports).map(|index| self.wire(index)).collect::<Result<Vec<_>, _>>()?;
        self.unused = (self.ports..all).map(|index| self.wire(index)).collect::<Result<_, _>>()?;
        let mut unused = std::mem::take(&mut self.unused);
        for (index, wire) in (self.ports..).zip(&mut unused).filter(|(index, _)| self.switches(*index)) {
            self.switch(wire, index, false)?;
        }
        self.unused = unused;
        if profile.data.is_some() {
            let mut data = self.wire(all)?;
            // The device's own side is up all the time.
            data.carrier(true).map_err(|error| NoBed::Tester(error.to_string()))?;
            wires.push(data);
        }
        self.switch_all(&mut wires, false)?;
        let quiet = (0..self.ports).all(|index| self.switches(index));
        if quiet && profile.hooks.start.is_none() {
            self.forget(&mut wires)?;
        }
        if quiet {
            self.set_up()?;
        }
        Ok(wires)
    }

    fn begin(&mut self, wires: &mut [Wire]) -> Result<(), NoBed> {
        // What cannot be kept from speaking only starts once it is listened to.
        if !(0..self.ports).all(|index| self.switches(index)) {
            self.set_up()?;
        }
        self.switch_all(wires, true)?;
        Ok(())
    }

    fn link(&mut self, wire: &mut Wire, port: Port, up: bool) -> Result<(), BedError> {
        let index = port.index();
        if !self.switches(index) {
            return Err(BedError::NotApplicable(format!("the carrier of {port} cannot be switched")));
        }
        self.switch(wire, index, up).map_err(|undone| self.or_dead(undone.into()))
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        self.change(name, value).map_err(|undone| self.or_dead(undone.into()))
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        let profile = Arc::clone(&self.profile);
        let Some(action) = profile.hooks.state.get(name) else { return Ok(None) };
        match self.perform(&format!("state.{name}"), action, Some(port.index()), None) {
            Ok(said) => Ok(Some(said.trim().to_owned())),
            Err(undone) => Err(self.or_dead(undone.into())),
        }
    }

    fn alive(&mut self) -> Result<(), String> {
        self.look()
    }

    fn logs(&self) -> Vec<PathBuf> {
        self.logs.iter().map(|log| log.path.clone()).collect()
    }
}

impl Described {
    /// Ports that were down and then hear nobody forget whom they heard before.
    fn forget(&self, wires: &mut [Wire]) -> Result<(), NoBed> {
        std::thread::sleep(NOTICE);
        if self.profile.protocols.contains(&"lacp") {
            self.switch_all(wires, true)?;
            std::thread::sleep(FORGET);
            self.switch_all(wires, false)?;
            std::thread::sleep(NOTICE);
        }
        Ok(())
    }
}

impl Drop for Described {
    fn drop(&mut self) {
        if self.profile.hooks.start.is_none() {
            self.give_back();
        }
        let profile = Arc::clone(&self.profile);
        if let Some(stop) = profile.hooks.stop.as_ref().filter(|_| self.started) {
            // A device that did not end is found by the next one that starts; one that stays is ended in any case.
            let _ = self.perform("stop", stop, None, None);
        }
        if let Some(process) = &mut self.process {
            process.stop(GRACE);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn a_log_is_followed_line_by_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        std::fs::write(&path, "panicked at once\n").unwrap();
        let mut log = Followed::from_its_end(path.clone());
        let texts = ["panicked at".to_owned()];
        assert_eq!(log.find(&texts), None, "that was before");
        let mut file = File::options().append(true).open(&path).unwrap();
        file.write_all(b"all is well\nthread pani").unwrap();
        assert_eq!(log.find(&texts), None);
        file.write_all(b"cked at x.rs\nmore\n").unwrap();
        assert_eq!(log.find(&texts).as_deref(), Some("thread panicked at x.rs"));
        assert_eq!(log.find(&texts), None, "once");
        std::fs::write(&path, "panicked at y\n").unwrap();
        assert_eq!(log.find(&texts).as_deref(), Some("panicked at y"), "begun anew");
        let mut missing = Followed::from_its_end(folder.path().join("other"));
        assert_eq!(missing.find(&texts), None);
    }

    #[test]
    fn a_device_is_had_by_one_at_a_time() {
        let free = Arc::<Free>::default();
        let turn = free.take();
        let other = Arc::clone(&free);
        let waits = std::thread::spawn(move || drop(other.take()));
        assert!(!waits.is_finished());
        drop(turn);
        waits.join().unwrap();
    }
}
