//! The person at the terminal, who does to a device what no program can.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};

/// How somebody answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It is done.
    Done,
    /// It cannot be done.
    Impossible,
    /// Nobody answered in time.
    None,
}

/// There is a terminal to ask at.
pub fn is_there() -> bool {
    terminal().is_ok()
}

/// Asks for something, and waits at most so long.
///
/// # Errors
/// The terminal fails.
pub fn ask(text: &str, limit: Duration) -> io::Result<Answer> {
    converse(&mut terminal()?, text, limit)
}

/// Not the standard input, which may be a pipe.
fn terminal() -> io::Result<File> {
    File::options().read(true).write(true).open("/dev/tty")
}

fn converse(terminal: &mut (impl Read + Write + AsFd), text: &str, limit: Duration) -> io::Result<Answer> {
    write!(terminal, "\n{text}\nEnter: done; s and Enter: cannot be done > ")?;
    terminal.flush()?;
    let end = Instant::now() + limit;
    let mut said = Vec::new();
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(Answer::None);
        }
        let timeout = PollTimeout::try_from(left).unwrap_or(PollTimeout::MAX);
        match poll(&mut [PollFd::new(terminal.as_fd(), PollFlags::POLLIN)], timeout) {
            Ok(0) | Err(Errno::EINTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut octet = [0];
        if terminal.read(&mut octet)? == 0 {
            return Ok(Answer::None);
        }
        if octet[0] == b'\n' {
            let impossible = matches!(said.first(), Some(b's' | b'S'));
            return Ok(if impossible { Answer::Impossible } else { Answer::Done });
        }
        if !octet[0].is_ascii_whitespace() {
            said.push(octet[0]);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::net::UnixStream;

    use super::*;

    fn answer(text: &[u8]) -> Answer {
        let (mut here, mut there) = UnixStream::pair().unwrap();
        there.write_all(text).unwrap();
        converse(&mut here, "Pull the cable", Duration::from_millis(50)).unwrap()
    }

    #[test]
    fn what_a_person_may_say() {
        assert_eq!(answer(b"\n"), Answer::Done);
        assert_eq!(answer(b"ok\n"), Answer::Done);
        assert_eq!(answer(b" s\n"), Answer::Impossible);
        assert_eq!(answer(b""), Answer::None);
        assert_eq!(answer(b"s"), Answer::None);
    }
}
