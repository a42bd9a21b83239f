//! Programs of a lab: each in a process group of its own, in a namespace, with a log and a limit.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

use crate::netns;

/// Between two looks whether a process has ended.
const POLL: Duration = Duration::from_millis(5);

/// What to run: a program and its arguments, and no shell.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The program and its arguments.
    pub argv: Vec<OsString>,
    /// What its environment has besides ours.
    pub environment: Vec<(OsString, OsString)>,
    /// Network namespace; ours if there is none.
    pub namespace: Option<String>,
    /// Where it runs; here if not given.
    pub directory: Option<PathBuf>,
}

/// Why a program did not do what it was to.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// There is no program to run.
    #[error("no program is given")]
    Empty,
    /// It is not there.
    #[error("{0}: not found")]
    Missing(String),
    /// It could not be started.
    #[error("cannot start {0}: {1}")]
    Start(String, io::Error),
    /// It took too long and was ended.
    #[error("{0} did not end within {1} s")]
    Limit(String, f64),
    /// It ended with an error.
    #[error("{0}: {1}{2}")]
    Failed(String, String, String),
}

impl Program {
    /// A program and its arguments.
    pub fn new(argv: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        Self { argv: argv.into_iter().map(Into::into).collect(), ..Self::default() }
    }

    /// In this network namespace.
    #[must_use]
    pub fn within(mut self, namespace: Option<impl Into<String>>) -> Self {
        self.namespace = namespace.map(Into::into);
        self
    }

    /// With this in its environment.
    #[must_use]
    pub fn with(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Its name, for messages.
    pub fn name(&self) -> String {
        self.argv.first().map(|program| program.to_string_lossy().into_owned()).unwrap_or_default()
    }

    fn spawn(&self, out: Stdio, err: Stdio) -> Result<Child, ProcessError> {
        let (program, arguments) = self.argv.split_first().ok_or(ProcessError::Empty)?;
        let mut command = Command::new(program);
        command.args(arguments).envs(self.environment.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).stdout(out).stderr(err).process_group(0);
        if let Some(directory) = &self.directory {
            command.current_dir(directory);
        }
        let started = netns::within(self.namespace.as_deref(), || command.spawn());
        started.and_then(|child| child).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound if !exists(program) => ProcessError::Missing(self.name()),
            _ => ProcessError::Start(self.name(), error),
        })
    }

    /// Runs it to its end, at most so long, and returns what it wrote to its standard output.
    ///
    /// # Errors
    /// It is not there, took longer, or ended with an error: then with what it said.
    pub fn run(&self, limit: Duration) -> Result<String, ProcessError> {
        let mut child = self.spawn(Stdio::piped(), Stdio::piped())?;
        let out = child.stdout.take().map(listen);
        let err = child.stderr.take().map(listen);
        let status = wait(&mut child, limit);
        if status.is_none() {
            end_group(&mut child, Duration::ZERO);
        }
        let said = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
            let octets = reader.and_then(|reader| reader.join().ok()).unwrap_or_default();
            String::from_utf8_lossy(&octets).into_owned()
        };
        let Some(status) = status else { return Err(ProcessError::Limit(self.name(), limit.as_secs_f64())) };
        let (out, err) = (said(out), said(err));
        if status.success() {
            return Ok(out);
        }
        let text = if err.trim().is_empty() { out.trim() } else { err.trim() };
        let text = if text.is_empty() { String::new() } else { format!(": {text}") };
        Err(ProcessError::Failed(self.name(), describe(status), text))
    }

    /// Starts it and leaves it running; what it says is added to the end of `log`.
    ///
    /// # Errors
    /// It is not there, or cannot be started.
    pub fn start(&self, log: &Path) -> Result<Process, ProcessError> {
        let about = |error| ProcessError::Start(self.name(), error);
        let file = OpenOptions::new().create(true).append(true).open(log).map_err(about)?;
        let other = file.try_clone().map_err(about)?;
        let child = self.spawn(file.into(), other.into())?;
        Ok(Process { child, name: self.name(), log: log.to_owned(), ended: None })
    }
}

/// A program that runs. It is ended, with everything that it started, when this is dropped.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
    log: PathBuf,
    ended: Option<ExitStatus>,
}

impl Process {
    /// The number of its process group, which is that of the process.
    pub fn group(&self) -> u32 {
        self.child.id()
    }

    /// Where what it says is written to.
    pub fn log(&self) -> &Path {
        &self.log
    }

    /// How it ended, if it did: `ovs-vswitchd was ended by SIGSEGV`.
    pub fn ended(&mut self) -> Option<String> {
        if self.ended.is_none() {
            self.ended = self.child.try_wait().ok().flatten();
        }
        self.ended.map(|status| format!("{} {}", self.name, describe(status)))
    }

    /// Asks it to end, and makes it if it does not within `grace`.
    pub fn stop(&mut self, grace: Duration) {
        end_group(&mut self.child, grace);
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop(Duration::from_millis(500));
    }
}

/// Whether there is such a program.
pub fn exists(program: &OsStr) -> bool {
    let path = Path::new(program);
    if path.components().count() > 1 {
        return path.exists();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

/// How a process ended, in words.
pub fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("ended with exit status {code}"),
        (None, Some(number)) => {
            let name =
                Signal::try_from(number).map_or_else(|_| number.to_string(), |signal| signal.to_string());
            format!("was ended by {name}")
        }
        (None, None) => "ended".to_owned(),
    }
}

/// The last lines of a log, at most `most` octets, for a message.
pub fn tail(log: &Path, most: usize) -> String {
    let octets = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&octets[octets.len().saturating_sub(most)..]).into_owned();
    text.trim().to_owned()
}

fn listen(mut source: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut octets = Vec::new();
        // What was said before it broke off is worth having.
        let _ = source.read_to_end(&mut octets);
        octets
    })
}

fn wait(child: &mut Child, limit: Duration) -> Option<ExitStatus> {
    let end = Instant::now() + limit;
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            return Some(status);
        }
        if Instant::now() >= end {
            return None;
        }
        std::thread::sleep(POLL.min(end.saturating_duration_since(Instant::now())));
    }
}

/// Ends the group of a child: asks, waits, makes.
fn end_group(child: &mut Child, grace: Duration) {
    let Ok(group) = i32::try_from(child.id()) else { return };
    let group = Pid::from_raw(group);
    // Once the child was waited for, its number may be another's: only what is known to be alive is asked.
    if matches!(child.try_wait(), Ok(None)) {
        if grace > Duration::ZERO && killpg(group, Signal::SIGTERM).is_ok() {
            wait_without_reaping(child, grace);
        }
        // Also those of its group that do not end with it; it is not waited for yet, so that the number is still its.
        let _ = killpg(group, Signal::SIGKILL);
    }
    let _ = child.wait();
}

/// Waits until it has ended, and leaves it a zombie, so that its number stays its own.
fn wait_without_reaping(child: &Child, limit: Duration) {
    let end = Instant::now() + limit;
    while Instant::now() < end && !zombie(child.id()) {
        std::thread::sleep(POLL);
    }
}

fn zombie(process: u32) -> bool {
    let Ok(mut file) = File::open(format!("/proc/{process}/stat")) else { return true };
    let mut text = String::new();
    if file.read_to_string(&mut text).is_err() {
        return true;
    }
    // The name, in parentheses, may hold anything.
    text.rsplit(')').next().and_then(|rest| rest.split_ascii_whitespace().next()) == Some("Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sh(text: &str) -> Program {
        Program::new(["sh", "-c", text])
    }

    #[test]
    fn a_program_says_what_it_says() {
        assert_eq!(sh("echo out; echo err >&2").run(Duration::from_secs(5)).unwrap(), "out\n");
        assert_eq!(
            sh("echo why >&2; exit 3").run(Duration::from_secs(5)).unwrap_err().to_string(),
            "sh: ended with exit status 3: why"
        );
        assert_eq!(
            sh("kill -9 $$").run(Duration::from_secs(5)).unwrap_err().to_string(),
            "sh: was ended by SIGKILL"
        );
        assert_eq!(
            Program::new(["redspec-no-such-program"]).run(Duration::from_secs(5)).unwrap_err().to_string(),
            "redspec-no-such-program: not found"
        );
        assert!(matches!(Program::default().run(Duration::from_secs(5)), Err(ProcessError::Empty)));
    }

    #[test]
    fn what_takes_too_long_is_ended_with_all_that_it_started() {
        let began = Instant::now();
        let error = sh("sleep 60 & sleep 60").run(Duration::from_millis(100)).unwrap_err();
        assert_eq!(error.to_string(), "sh did not end within 0.1 s");
        assert!(began.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn a_process_is_ended_with_its_group_and_leaves_its_log() {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        let mut process = sh("sleep 60 & echo $!; trap '' TERM; sleep 60; sleep 60").start(&log).unwrap();
        let end = Instant::now() + Duration::from_secs(10);
        while tail(&log, 100).is_empty() && Instant::now() < end {
            std::thread::sleep(POLL);
        }
        let other: u32 = tail(&log, 100).parse().unwrap();
        assert!(!zombie(other));
        assert_eq!(process.ended(), None);
        process.stop(Duration::from_millis(50));
        let end = Instant::now() + Duration::from_secs(10);
        while !zombie(other) && Instant::now() < end {
            std::thread::sleep(POLL);
        }
        assert!(zombie(other));
        assert_eq!(process.ended().unwrap(), "sh was ended by SIGKILL");
    }
}
