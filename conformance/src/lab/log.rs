//! What a daemon writes while it starts and ends.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::process::{Process, tail};

const POLL: Duration = Duration::from_millis(2);

/// So much of a log's end is told.
const TOLD: usize = 500;

/// A log from a place on.
pub struct Since {
    path: PathBuf,
    from: usize,
}

impl Since {
    /// What will be written from now on.
    pub fn now(path: &Path) -> Self {
        let from = std::fs::read(path).map_or(0, |octets| octets.len());
        Self { path: path.to_owned(), from }
    }

    /// What was written since.
    pub fn text(&self) -> String {
        let octets = std::fs::read(&self.path).unwrap_or_default();
        String::from_utf8_lossy(octets.get(self.from..).unwrap_or_default()).into_owned()
    }

    /// Waits until this stands there, so many times.
    ///
    /// # Errors
    /// The process ends before, or takes longer.
    pub fn wait_for(
        &self,
        text: &str,
        times: usize,
        limit: Duration,
        process: &mut Process,
    ) -> Result<(), String> {
        let end = Instant::now() + limit;
        loop {
            if self.text().matches(text).count() >= times {
                return Ok(());
            }
            if let Some(ended) = process.ended() {
                return Err(format!("{ended}: {}", tail(&self.path, TOLD)));
            }
            if Instant::now() >= end {
                let seconds = limit.as_secs();
                return Err(format!("no {text:?} within {seconds} s: {}", tail(&self.path, TOLD)));
            }
            std::thread::sleep(POLL);
        }
    }
}
