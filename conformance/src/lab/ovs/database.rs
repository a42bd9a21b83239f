//! The configuration database of Open vSwitch, and `ovs-vsctl`, which changes it.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use crate::lab::process::{Process, ProcessError, Program, tail};

/// What is done here takes milliseconds.
const LIMIT: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(1);

/// A database that runs.
pub struct Database {
    server: Process,
    socket: PathBuf,
}

impl Database {
    /// Starts an empty one, with everything that it needs in `folder`.
    ///
    /// # Errors
    /// It cannot be made or does not start: why.
    pub fn start(folder: &Path) -> Result<Self, String> {
        let (file, socket, log) =
            (folder.join("conf.db"), folder.join("db.sock"), folder.join("ovsdb-server.log"));
        let empty = empty(folder)?;
        fs::write(&file, empty).map_err(|error| format!("{}: {error}", file.display()))?;
        let mut program = Program::new(["ovsdb-server"]);
        program.argv.extend([
            file.into(),
            format!("--remote=punix:{}", socket.display()).into(),
            format!("--unixctl={}", folder.join("ovsdb-server.ctl").display()).into(),
            "-vsyslog:off".into(),
        ]);
        let mut server = environment(program, folder).start(&log).map_err(|error| explain(&error))?;
        let end = Instant::now() + LIMIT;
        // Its socket is there a moment before it listens.
        while UnixStream::connect(&socket).is_err() {
            if let Some(ended) = server.ended() {
                return Err(format!("{ended}: {}", tail(&log, 500)));
            }
            if Instant::now() >= end {
                return Err(format!("ovsdb-server does not start: {}", tail(&log, 500)));
            }
            std::thread::sleep(POLL);
        }
        Ok(Self { server, socket })
    }

    /// As daemons and `ovs-vsctl` name it.
    pub fn remote(&self) -> String {
        format!("unix:{}", self.socket.display())
    }

    /// Its process group.
    pub fn group(&self) -> u32 {
        self.server.group()
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<String> {
        self.server.ended()
    }

    /// Ends it.
    pub fn kill(&mut self) {
        self.server.stop(Duration::ZERO);
    }

    /// Runs `ovs-vsctl`; without `--no-wait` it returns when the daemon has done what it says.
    ///
    /// # Errors
    /// What is wrong.
    pub fn change(&self, words: &[String]) -> Result<(), String> {
        let mut program = Program::new(["ovs-vsctl", "-vsyslog:off"]);
        program.argv.push(format!("--db={}", self.remote()).into());
        program.argv.push(format!("--timeout={}", LIMIT.as_secs()).into());
        program.argv.extend(words.iter().map(Into::into));
        program.run(LIMIT).map(drop).map_err(|error| explain(&error))
    }
}

/// In its own folders, whatever the system's are.
pub fn environment(program: Program, folder: &Path) -> Program {
    ["OVS_RUNDIR", "OVS_LOGDIR", "OVS_DBDIR", "OVS_SYSCONFDIR"]
        .into_iter()
        .fold(program, |program, name| program.with(name, folder))
}

/// With the package that has what is missing.
pub fn explain(error: &ProcessError) -> String {
    match error {
        ProcessError::Missing(_) => format!("{error}; Debian has it in the package openvswitch-switch"),
        _ => error.to_string(),
    }
}

/// An empty database. It is always the same: made once.
fn empty(folder: &Path) -> Result<&'static [u8], String> {
    static EMPTY: OnceLock<Vec<u8>> = OnceLock::new();
    if let Some(empty) = EMPTY.get() {
        return Ok(empty);
    }
    let file = folder.join("empty.db");
    let mut program = Program::new(["ovsdb-tool", "-vsyslog:off", "create"]);
    let data = std::env::var_os("OVS_PKGDATADIR").unwrap_or_else(|| "/usr/share/openvswitch".into());
    program.argv.extend([file.clone().into(), Path::new(&data).join("vswitch.ovsschema").into()]);
    program.run(LIMIT).map_err(|error| explain(&error))?;
    let octets = fs::read(&file).map_err(|error| format!("{}: {error}", file.display()))?;
    Ok(EMPTY.get_or_init(|| octets))
}
