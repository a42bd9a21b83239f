//! Carriers as the kernel tells of them.

use std::io;
use std::time::{Duration, Instant};

use super::process::Program;
use crate::bed::live::Wire;

/// A carrier that went is seen within a second by everyone who asks the kernel.
const LIMIT: Duration = Duration::from_secs(30);
const POLL: Duration = Duration::from_millis(2);

/// Waits until the kernel tells of the carrier that it is there, or not. New kernels tell at once who asks for this very
/// interface; older ones collect such news for up to a second.
///
/// # Errors
/// It does not change, or the kernel cannot be asked.
pub fn until_running(wire: &Wire, wanted: bool) -> io::Result<()> {
    let place = wire.place();
    let mut words = vec!["ip"];
    if let Some(namespace) = &place.namespace {
        words.extend(["-n", namespace]);
    }
    words.extend(["-oneline", "link", "show", "dev", &place.interface]);
    let program = Program::new(words);
    let end = Instant::now() + LIMIT;
    loop {
        let text = program.run(LIMIT).map_err(io::Error::other)?;
        if text.contains("NO-CARRIER") != wanted {
            return Ok(());
        }
        if Instant::now() >= end {
            return Err(io::Error::other(format!("the carrier of {} does not change", place.interface)));
        }
        std::thread::sleep(POLL);
    }
}

/// Switches the carrier of a wire, and waits until the kernel tells everyone.
///
/// # Errors
/// It cannot be done.
pub fn switch(wire: &mut Wire, up: bool) -> io::Result<()> {
    wire.carrier(up)?;
    until_running(wire, up)
}
