//! What a lab made on this machine, written down so that nothing stays when the tester is killed: the next one to start
//! removes what nobody holds any more.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::fcntl::{Flock, FlockArg};
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

use crate::netns;

/// Where it is written down. Gone with the next boot, as are namespaces and processes.
const FOLDER: &str = "/run/redspec";
/// Locked by who owns the instance.
const LOCK: &str = "lock";
/// Process groups: number and start time of the leader.
const GROUPS: &str = "groups";
/// Network namespaces.
const NAMESPACES: &str = "namespaces";
/// The process that holds it for people, until it is told to end.
const HOLDER: &str = "holder";
/// What commands in it have in their environment: `NAME=value` lines.
const ENVIRONMENT: &str = "environment";
/// Begins the name of a folder that is being removed.
const GONE: &str = ".gone-";
/// Begins the name of every namespace that is ours.
const PREFIX: &str = "redspec-";

/// A folder, and the namespaces and processes that are written down in it. All of it goes when this is dropped.
#[derive(Debug)]
pub struct Instance {
    name: String,
    folder: PathBuf,
    /// Held as long as we live, however we die.
    _lock: Flock<File>,
}

impl Instance {
    /// A new one of the lab `lab`. What dead testers left is removed first.
    ///
    /// # Errors
    /// The folder cannot be made: root is needed.
    pub fn new(lab: &str) -> io::Result<Self> {
        sweep()?;
        let _all = lock_all()?;
        for number in 1..10_000_u32 {
            let name = format!("{lab}-{number}");
            let folder = Path::new(FOLDER).join(&name);
            match fs::DirBuilder::new().mode(0o755).create(&folder) {
                Ok(()) => {
                    let lock = hold(&folder)?.ok_or_else(|| about(&folder, "it is held already"))?;
                    return Ok(Self { name, folder, _lock: lock });
                }
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(about(&folder, error)),
            }
        }
        Err(about(Path::new(FOLDER), "it is full"))
    }

    /// Its name: `ovs-3`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A folder of its own, for configuration, sockets and logs.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Makes a network namespace, with `lo` up, and returns its name: `redspec-ovs-3`, with `-part` behind it if there
    /// are several.
    ///
    /// # Errors
    /// It cannot be made.
    pub fn namespace(&self, part: &str) -> io::Result<String> {
        let dash = if part.is_empty() { "" } else { "-" };
        let name = format!("{PREFIX}{}{dash}{part}", self.name);
        self.note(NAMESPACES, &name)?;
        netns::ip(None, &["netns", "add", &name])?;
        netns::ip(Some(&name), &["link", "set", "dev", "lo", "up"])?;
        Ok(name)
    }

    /// Writes down a process group, to be ended with the instance.
    ///
    /// # Errors
    /// It cannot be written down.
    pub fn group(&self, group: u32) -> io::Result<()> {
        self.note(GROUPS, &format!("{group} {}", started(group).unwrap_or_default()))
    }

    /// Commands that people run in it have this in their environment.
    ///
    /// # Errors
    /// It cannot be written down.
    pub fn environment(&self, name: &str, value: &str) -> io::Result<()> {
        self.note(ENVIRONMENT, &format!("{name}={value}"))
    }

    fn note(&self, file: &str, line: &str) -> io::Result<()> {
        let path = self.folder.join(file);
        let mut file =
            OpenOptions::new().create(true).append(true).open(&path).map_err(|error| about(&path, error))?;
        writeln!(file, "{line}").map_err(|error| about(&path, error))
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        // Nobody can be told, and the next to start tries again.
        let _ = remove(&self.folder);
    }
}

/// This process holds the instance of that folder until it is told to end.
///
/// # Errors
/// It cannot be written down.
pub fn hold_for_people(folder: &Path) -> io::Result<()> {
    let path = folder.join(HOLDER);
    let process = std::process::id();
    fs::write(&path, format!("{process} {}\n", started(process).unwrap_or_default()))
        .map_err(|error| about(&path, error))
}

/// An instance that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// Its name.
    pub name: String,
    /// The process that holds it for people, if one does.
    pub holder: Option<u32>,
    /// Its namespaces.
    pub namespaces: Vec<String>,
    /// What commands in it have in their environment.
    pub environment: Vec<(String, String)>,
    /// Its folder.
    pub folder: PathBuf,
}

/// All that are there, by name.
///
/// # Errors
/// They cannot be listed.
pub fn all() -> io::Result<Vec<Found>> {
    let entries = match fs::read_dir(FOLDER) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(about(Path::new(FOLDER), error)),
    };
    let mut found: Vec<Found> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .filter_map(|entry| {
            let folder = entry.path();
            Some(Found {
                name: entry.file_name().into_string().ok().filter(|name| !name.starts_with('.'))?,
                holder: lines(&folder.join(HOLDER)).first().and_then(|line| alive(line)),
                environment: lines(&folder.join(ENVIRONMENT))
                    .iter()
                    .filter_map(|line| line.split_once('='))
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
                namespaces: lines(&folder.join(NAMESPACES)),
                folder,
            })
        })
        .collect();
    found.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(found)
}

/// Tells the process that holds an instance to end, and waits until nothing of it is left. False if it is not so within
/// `limit`.
pub fn take_down(found: &Found, limit: Duration) -> bool {
    if let Some(holder) = found.holder.and_then(|holder| i32::try_from(holder).ok()) {
        // It may have ended by itself.
        let _ = kill(Pid::from_raw(holder), Signal::SIGTERM);
    }
    let end = Instant::now() + limit;
    while found.folder.exists() {
        if Instant::now() >= end {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    true
}

/// Removes what testers left that are no more. Returns the names.
///
/// # Errors
/// Something could not be removed.
pub fn sweep() -> io::Result<Vec<String>> {
    let _all = lock_all()?;
    for entry in fs::read_dir(FOLDER)?.flatten() {
        // What is being removed somebody else removes, or nobody can.
        if entry.file_name().to_string_lossy().starts_with(GONE) {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    let mut swept = Vec::new();
    for found in all()? {
        if let Some(lock) = hold(&found.folder)? {
            remove(&found.folder)?;
            drop(lock);
            swept.push(found.name);
        }
    }
    Ok(swept)
}

/// One at a time: between a folder and its lock nobody else may look.
fn lock_all() -> io::Result<Flock<File>> {
    let folder = Path::new(FOLDER);
    fs::create_dir_all(folder).map_err(|error| about(folder, error))?;
    let file = File::options()
        .create(true)
        .append(true)
        .open(folder.join(LOCK))
        .map_err(|error| about(folder, error))?;
    Flock::lock(file, FlockArg::LockExclusive).map_err(|(_, error)| about(folder, error.desc()))
}

/// The lock of an instance; `None` if its owner lives.
fn hold(folder: &Path) -> io::Result<Option<Flock<File>>> {
    let path = folder.join(LOCK);
    let file = match File::options().create(true).append(true).open(&path) {
        // Its owner has just removed it.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        other => other.map_err(|error| about(&path, error))?,
    };
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(lock) => Ok(Some(lock)),
        Err((_, nix::errno::Errno::EWOULDBLOCK)) => Ok(None),
        Err((_, error)) => Err(about(&path, error.desc())),
    }
}

/// Ends the processes, deletes the namespaces, and last the folder: if something fails it is still written down.
fn remove(folder: &Path) -> io::Result<()> {
    for line in lines(&folder.join(GROUPS)) {
        if let Some(group) = alive(&line).and_then(|group| i32::try_from(group).ok()) {
            let _ = killpg(Pid::from_raw(group), Signal::SIGKILL);
        }
    }
    for namespace in lines(&folder.join(NAMESPACES)) {
        // Written by us, but a name is turned into a path by others.
        if !namespace.starts_with(PREFIX) || !Path::new("/run/netns").join(&namespace).exists() {
            continue;
        }
        for process in inhabitants(&namespace) {
            let _ = kill(process, Signal::SIGKILL);
        }
        netns::ip(None, &["netns", "del", &namespace])?;
    }
    // Out of the way at once: the name may be another's in a moment.
    let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let gone = folder.with_file_name(format!("{GONE}{name}-{}", std::process::id()));
    match fs::rename(folder, &gone) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other.map_err(|error| about(folder, error))?,
    }
    // A process that was killed may write its last words.
    let mut removed = fs::remove_dir_all(&gone);
    for _ in 0..20 {
        if removed.is_ok() || !gone.exists() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(10));
        removed = fs::remove_dir_all(&gone);
    }
    removed.map_err(|error| about(&gone, error))
}

/// The processes in a namespace: those that left their group too.
fn inhabitants(namespace: &str) -> Vec<Pid> {
    let identity = |path: &Path| {
        use std::os::unix::fs::MetadataExt;
        fs::metadata(path).map(|data| (data.dev(), data.ino())).ok()
    };
    let Some(wanted) = identity(&Path::new("/run/netns").join(namespace)) else { return Vec::new() };
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .flatten()
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse::<i32>().ok()?;
            (identity(&entry.path().join("ns/net")) == Some(wanted)).then(|| Pid::from_raw(process))
        })
        .collect()
}

/// The process of a line with its number and its start, if it lives: another may have the number by now.
fn alive(line: &str) -> Option<u32> {
    let (process, start) = line.split_once(' ')?;
    let (process, start) = (process.parse().ok()?, start.parse().ok()?);
    (started(process) == Some(start)).then_some(process)
}

/// When a process started, in ticks since boot: with its number, what tells it from all others.
fn started(process: u32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in parentheses, may hold anything; behind it the start is the 20th.
    text.rsplit(')').next()?.split_ascii_whitespace().nth(19)?.parse().ok()
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap_or_default().lines().map(str::to_owned).collect()
}

fn about(path: &Path, error: impl std::fmt::Display) -> io::Error {
    io::Error::other(format!("{}: {error}", path.display()))
}
