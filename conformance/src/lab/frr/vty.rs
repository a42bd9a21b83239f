//! The socket on which a daemon of FRRouting takes commands: what `vtysh` speaks. A command ends with a zero octet; what
//! it prints with three of them and its status.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

/// Commands are done within milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// A connection.
pub struct Vty {
    stream: UnixStream,
}

impl Vty {
    /// Connects to the socket at `path`.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect(path: &Path) -> io::Result<Self> {
        Self::over(UnixStream::connect(path)?)
    }

    fn over(stream: UnixStream) -> io::Result<Self> {
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let mut vty = Self { stream };
        vty.call("enable")?;
        Ok(vty)
    }

    /// Does a command, and returns what it prints.
    ///
    /// # Errors
    /// The daemon refuses it, or does not answer.
    pub fn call(&mut self, command: &str) -> io::Result<String> {
        self.stream.write_all(&[command.as_bytes(), &[0]].concat())?;
        let mut said = Vec::new();
        let mut buffer = [0; 1024];
        let status = loop {
            if let [text @ .., 0, 0, 0, status] = said.as_slice() {
                let (length, status) = (text.len(), *status);
                said.truncate(length);
                break status;
            }
            match self.stream.read(&mut buffer)? {
                0 => {
                    return Err(io::Error::new(
                        io::ErrorKind::UnexpectedEof,
                        format!("{command}: it hung up"),
                    ));
                }
                read => said.extend(&buffer[..read]),
            }
        };
        let text = String::from_utf8_lossy(&said).trim().to_owned();
        if status == 0 { Ok(text) } else { Err(io::Error::other(format!("{command}: {text} ({status})"))) }
    }

    /// Commands of the configuration of an interface.
    ///
    /// # Errors
    /// As [`Self::call`].
    pub fn configure(&mut self, interface: &str, commands: &[String]) -> io::Result<()> {
        self.call("configure terminal")?;
        self.call(&format!("interface {interface}"))?;
        for command in commands {
            self.call(command)?;
        }
        self.call("end").map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_command_prints_ends_with_its_status() {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        let daemon = std::thread::spawn(move || {
            let mut heard = Vec::new();
            for reply in [&b"\0\0\0\0"[..], b"one\ntwo\n\0\0\0\0", b"% no\n\0\0\0\x02"] {
                let mut octet = [1];
                while octet != [0] {
                    theirs.read_exact(&mut octet).unwrap();
                    heard.extend(octet);
                }
                for piece in reply.chunks(3) {
                    theirs.write_all(piece).unwrap();
                }
            }
            heard
        });
        let mut vty = Vty::over(ours).unwrap();
        assert_eq!(vty.call("show").unwrap(), "one\ntwo");
        assert_eq!(vty.call("do").unwrap_err().to_string(), "do: % no (2)");
        assert_eq!(daemon.join().unwrap(), b"enable\0show\0do\0");
    }
}
