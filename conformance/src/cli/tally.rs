//! What a command that reads captures says of those frames that its output does not show.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, IsTerminal};

use redspec::capture::link::LinkError;
use redspec::capture::{CaptureError, LinkType};

use super::exit::Exit;
use super::{complain, source::Source};

/// What became of the frames of a file.
#[derive(Default)]
pub struct Tally {
    pub frames: u64,
    /// Frames of our protocols.
    pub ours: u64,
    /// Frames of link types that are not supported.
    unsupported: BTreeMap<LinkType, Skipped>,
    /// Frames whose headers cannot be read, and why the first of them cannot.
    unreadable: Option<(Skipped, LinkError)>,
    /// Why the file was not read to its end.
    pub broken: Option<Broken>,
}

#[derive(Default)]
struct Skipped {
    count: u64,
    first: u64,
}

impl Skipped {
    fn add(&mut self, frame: u64) {
        if self.count == 0 {
            self.first = frame;
        }
        self.count += 1;
    }
}

/// Why a file was not read to its end.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error(transparent)]
    Open(#[from] io::Error),
    #[error(transparent)]
    Capture(#[from] CaptureError),
}

impl Tally {
    /// The same, of a file that ended so.
    pub fn broken(self, error: impl Into<Broken>) -> Self {
        Self { broken: Some(error.into()), ..self }
    }

    #[cold]
    pub fn skip(&mut self, frame: u64, error: LinkError) {
        match error {
            LinkError::Unsupported(link_type) => self.unsupported.entry(link_type).or_default().add(frame),
            error => self.unreadable.get_or_insert_with(|| (Skipped::default(), error)).0.add(frame),
        }
    }

    /// Says on the standard error what standard output does not show.
    pub fn report(&self, source: &Source) -> Exit {
        let say = |text: fmt::Arguments<'_>| complain(format_args!("{source}: {text}"));
        let total = self.frames;
        for (&link_type, Skipped { count, first }) in &self.unsupported {
            let what = LinkError::Unsupported(link_type);
            say(format_args!("{what}: {count} of {total} frames skipped, the first is frame {first}"));
        }
        if let Some((Skipped { count, first }, error)) = &self.unreadable {
            say(format_args!(
                "{count} of {total} frames have unreadable headers, the first is frame {first}: {error}"
            ));
        }
        if let Some(error) = &self.broken {
            say(format_args!("{error}"));
        }
        let opened = !matches!(self.broken, Some(Broken::Open(_)));
        let skipped = !self.unsupported.is_empty() || self.unreadable.is_some() || self.broken.is_some();
        if opened && (skipped || self.ours == 0 || io::stderr().is_terminal()) {
            say(format_args!("{} of {total} frames are of LACP, Marker, VRRP, HSRP or GLBP", self.ours));
        }
        if self.unsupported.is_empty() && self.broken.is_none() { Exit::Success } else { Exit::Usage }
    }
}
