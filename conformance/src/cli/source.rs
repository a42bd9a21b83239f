//! Capture files named on the command line; `-` is the standard input.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file as the user named it.
#[derive(Clone, Debug)]
pub struct Source(PathBuf);

impl From<std::ffi::OsString> for Source {
    fn from(path: std::ffi::OsString) -> Self {
        Self(path.into())
    }
}

impl Source {
    pub fn open(&self) -> io::Result<Box<dyn Read>> {
        Ok(if self.0 == Path::new("-") {
            Box::new(io::stdin().lock())
        } else {
            Box::new(File::open(&self.0)?)
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.display().fmt(f)
    }
}
