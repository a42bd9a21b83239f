//! Network namespaces, by the names that `ip netns` gives them.

use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Command;

use nix::sched::{CloneFlags, setns};

/// Does `work` in the namespace `name`, or right here if there is none: sockets that it opens and processes that it
/// starts stay there.
///
/// # Errors
/// There is no such namespace, or it may not be entered (`CAP_SYS_ADMIN`).
pub fn within<T: Send>(name: Option<&str>, work: impl FnOnce() -> T + Send) -> io::Result<T> {
    let Some(name) = name else { return Ok(work()) };
    let about = |error: io::Error| {
        io::Error::new(error.kind(), format!("cannot enter network namespace {name:?}: {error}"))
    };
    let file = File::open(Path::new("/run/netns").join(name)).map_err(about)?;
    // A thread of its own: none that lives on is left in a namespace that may be gone.
    std::thread::scope(|scope| {
        let inside = scope.spawn(|| {
            setns(file, CloneFlags::CLONE_NEWNET).map_err(io::Error::from)?;
            Ok(work())
        });
        inside.join().unwrap_or_else(|_| Err(io::Error::other("the thread in it panicked"))).map_err(about)
    })
}

/// Runs `ip` with these arguments, in the namespace `name` if one is given.
///
/// # Errors
/// It is not there (Debian's iproute2), or it complains: then with what it says.
pub fn ip(name: Option<&str>, arguments: &[&str]) -> io::Result<()> {
    let mut command = Command::new("ip");
    if let Some(name) = name {
        command.args(["-n", name]);
    }
    let output = command.args(arguments).output().map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            io::Error::new(io::ErrorKind::NotFound, "ip: not found; Debian has it in the package iproute2")
        }
        kind => io::Error::new(kind, format!("ip: {error}")),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(io::Error::other(format!("ip {}: {}", arguments.join(" "), said.trim())))
}
