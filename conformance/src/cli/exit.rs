use std::fmt::Display;
use std::process::ExitCode;

/// How a command ended. When several apply the one that stands first here wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Usage or configuration error, or a file that cannot be read.
    Usage,
    /// The tester itself failed.
    Tester,
    /// Nothing unexpected.
    Success,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Success => 0,
            Exit::Usage => 2,
            Exit::Tester => 3,
        })
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub text: String,
}

impl Failure {
    pub fn usage(text: impl Display) -> Self {
        Self { exit: Exit::Usage, text: text.to_string() }
    }

    pub fn tester(text: impl Display) -> Self {
        Self { exit: Exit::Tester, text: text.to_string() }
    }
}
