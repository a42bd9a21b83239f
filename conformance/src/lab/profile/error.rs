//! What is wrong with a profile, and where.

use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why a profile cannot be used.
#[derive(Debug, Error)]
pub enum Error {
    /// There is no such file, or it cannot be read.
    #[error("{}: {error}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// It says something that cannot be.
    #[error("{}, line {line}, column {column}: {what}", file.display())]
    Invalid {
        /// The file.
        file: PathBuf,
        /// Counted from 1.
        line: usize,
        /// In characters, counted from 1.
        column: usize,
        /// What is there, and what was expected.
        what: String,
    },
}

/// A mistake at these octets of the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub span: Range<usize>,
    pub what: String,
}

impl Fault {
    pub fn new(span: Range<usize>, what: impl Into<String>) -> Self {
        Self { span, what: what.into() }
    }

    /// As an error of that file, whose text is given.
    pub fn of(self, file: &Path, text: &str) -> Error {
        let before = text.get(..self.span.start).unwrap_or_default();
        let start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Error::Invalid {
            file: file.to_owned(),
            line: line(text, self.span.start),
            column: 1 + before[start..].chars().count(),
            what: self.what,
        }
    }
}

/// The line of an octet, counted from 1.
pub(super) fn line(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|octet| *octet == b'\n').count()
}
