//! The clock of an `ovs-vswitchd` that was started with `--enable-dummy`: it can be stopped and moved on.
//!
//! A stopped daemon still sleeps in `poll` for as long as it has nothing to do by its own clock, and the kernel tells
//! what a process sleeps in. So it is known when it is at rest, and how long it would be.

use std::fs;
use std::time::{Duration, Instant};

use super::unixctl::{Error, Unixctl};

/// The daemon's clock has milliseconds.
pub const TICK: Duration = Duration::from_millis(1);

/// Nothing takes it so long.
const PATIENCE: Duration = Duration::from_secs(20);

/// After a warp it sleeps so long by the world's clock, so that its other threads have their turn.
const AFTER_WARP: Duration = Duration::from_millis(10);

/// So often it is looked again at once: what a frame costs it takes tens of microseconds.
const LOOKS: u32 = 20;

/// Between two looks after that.
const NAP: Duration = Duration::from_micros(200);

/// The main loop listens to so many at least: signals, the control socket and us who are connected to it, the database,
/// and the links. Whoever waits for less has begun something and waits for other threads to end it.
const LISTENED_TO: u64 = 6;

/// Number of the system call `poll`. Where there is none, what a process sleeps in tells too little.
const POLL: Option<&str> = if cfg!(target_arch = "x86_64") { Some("7") } else { None };

/// Stops the clock.
///
/// # Errors
/// The daemon does not obey.
pub fn stop(daemon: &mut Unixctl) -> Result<(), Error> {
    daemon.call("time/stop", &[]).map(drop)
}

/// Moves the clock on, by whole ticks.
///
/// # Errors
/// The daemon does not obey.
pub fn warp(daemon: &mut Unixctl, time: Duration) -> Result<(), Error> {
    daemon.call("time/warp", &[&time.as_millis().to_string()])?;
    std::thread::sleep(AFTER_WARP);
    Ok(())
}

/// Why it is not known when a daemon is at rest.
///
/// # Errors
/// The reason.
pub fn available() -> Result<(), String> {
    if POLL.is_none() {
        return Err("virtual time is to be had on x86_64 only".to_owned());
    }
    match fs::read_to_string("/proc/self/syscall") {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("virtual time needs /proc/PID/syscall of the kernel: {error}")),
    }
}

/// Waits until the process has nothing more to do now. Returns when it has by its own clock, counted from now; `None` if
/// never.
///
/// # Errors
/// There is no such process, or it does not come to rest.
pub fn rest(process: u32) -> Result<Option<Duration>, String> {
    // The first thread, which is the one that runs the protocols.
    let path = format!("/proc/{process}/task/{process}/syscall");
    let end = Instant::now() + PATIENCE;
    let mut looks = 0;
    loop {
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        match doing(&text) {
            Doing::Sleeping(time) => return Ok(Some(time)),
            Doing::Waiting => return Ok(None),
            Doing::Busy => {}
        }
        if Instant::now() >= end {
            let seconds = PATIENCE.as_secs();
            return Err(format!("the daemon does not come to rest within {seconds} s: {}", text.trim()));
        }
        if looks < LOOKS {
            looks += 1;
            std::thread::yield_now();
        } else {
            std::thread::sleep(NAP);
        }
    }
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Doing {
    /// It has something to do.
    Busy,
    /// It has nothing to do for so long.
    Sleeping(Duration),
    /// It has nothing to do until something happens.
    Waiting,
}

/// What a process does of whose system call this is said. To wait outside its main loop, as for time alone after a warp,
/// or for no time, is to be busy.
fn doing(text: &str) -> Doing {
    let mut words = text.split_ascii_whitespace();
    if words.next() != POLL {
        return Doing::Busy;
    }
    let mut argument = || u64::from_str_radix(words.next()?.trim_start_matches("0x"), 16).ok();
    let (Some(_), Some(descriptors), Some(timeout)) = (argument(), argument(), argument()) else {
        return Doing::Busy;
    };
    // A C int: what is above does not count.
    #[allow(clippy::cast_possible_truncation)]
    let timeout = timeout as u32;
    match timeout {
        _ if descriptors < LISTENED_TO => Doing::Busy,
        0 => Doing::Busy,
        // Negative, or the longest that there is: for ever.
        0x7fff_ffff.. => Doing::Waiting,
        milliseconds => Doing::Sleeping(Duration::from_millis(u64::from(milliseconds))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_arch = "x86_64")]
    fn only_who_polls_and_waits_is_asleep() {
        let poll = |descriptors, timeout| {
            doing(&format!("7 0x55d0c1 {descriptors} {timeout} 0x8 0x0 0x0 0x7ffd 0x7f07\n"))
        };
        assert_eq!(poll("0x9", "0x3e8"), Doing::Sleeping(Duration::from_secs(1)));
        assert_eq!(poll("0x9", "0x7fffffff"), Doing::Waiting);
        assert_eq!(poll("0x9", "0xffffffff"), Doing::Waiting);
        assert_eq!(poll("0x9", "0xffffffffffffffff"), Doing::Waiting);
        assert_eq!(poll("0x9", "0x0"), Doing::Busy);
        assert_eq!(poll("0x0", "0xa"), Doing::Busy);
        assert_eq!(poll("0x2", "0x3e8"), Doing::Busy);
        for busy in ["running", "", "7", "7 x y z", "-1 0x7ffd 0x7f07", "202 0x55 0x80 0x3e8"] {
            assert_eq!(doing(busy), Doing::Busy, "{busy}");
        }
    }

    #[test]
    fn a_process_that_is_gone_is_no_process_at_rest() {
        assert!(rest(u32::MAX).is_err());
    }
}
