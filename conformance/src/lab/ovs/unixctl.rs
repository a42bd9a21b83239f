//! The control socket of an Open vSwitch daemon: JSON-RPC over a stream, what `ovs-appctl` speaks.

use std::io::{self, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::Duration;

use serde::Deserialize;
use serde_json::de::IoRead;
use serde_json::{Deserializer, StreamDeserializer, json};

/// Commands are answered within milliseconds.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a command was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The daemon refuses, in its own words.
    #[error("{command}: {said}")]
    Refused {
        /// Which command.
        command: String,
        /// What it says.
        said: String,
    },
    /// The daemon does not answer, or not as it should.
    #[error("{command}: {source}")]
    Broken {
        /// Which command.
        command: String,
        /// What is wrong.
        source: io::Error,
    },
}

/// A connection.
pub struct Unixctl {
    stream: UnixStream,
    replies: StreamDeserializer<'static, IoRead<BufReader<UnixStream>>, Reply>,
    number: u64,
}

#[derive(Deserialize)]
struct Reply {
    id: u64,
    result: Option<String>,
    error: Option<String>,
}

impl Unixctl {
    /// Connects to the socket at `path`.
    ///
    /// # Errors
    /// Nobody listens there.
    pub fn connect(path: &Path) -> io::Result<Self> {
        let stream = UnixStream::connect(path)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let replies = Deserializer::from_reader(BufReader::new(stream.try_clone()?)).into_iter();
        Ok(Self { stream, replies, number: 0 })
    }

    /// Runs a command, and returns what it prints.
    ///
    /// # Errors
    /// The daemon refuses it or does not answer.
    pub fn call(&mut self, command: &str, arguments: &[&str]) -> Result<String, Error> {
        self.number += 1;
        let request = json!({"id": self.number, "method": command, "params": arguments}).to_string();
        let broken = |source| Error::Broken { command: command.to_owned(), source };
        self.stream.write_all(request.as_bytes()).map_err(broken)?;
        let reply = match self.replies.next() {
            Some(reply) => reply.map_err(|error| broken(error.into()))?,
            None => return Err(broken(io::ErrorKind::UnexpectedEof.into())),
        };
        if reply.id != self.number {
            let text = format!("reply to request {} where one to {} was expected", reply.id, self.number);
            return Err(broken(io::Error::new(io::ErrorKind::InvalidData, text)));
        }
        match reply.error {
            Some(said) => Err(Error::Refused { command: command.to_owned(), said: said.trim().to_owned() }),
            None => Ok(reply.result.unwrap_or_default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    /// A daemon that gives these replies, in pieces.
    fn daemon(replies: &'static [&'static str]) -> Unixctl {
        let (ours, mut theirs) = UnixStream::pair().unwrap();
        std::thread::spawn(move || {
            let mut request = [0; 512];
            for reply in replies {
                let _ = theirs.read(&mut request);
                for piece in reply.as_bytes().chunks(7) {
                    theirs.write_all(piece).unwrap();
                }
            }
        });
        let replies = Deserializer::from_reader(BufReader::new(ours.try_clone().unwrap())).into_iter();
        Unixctl { stream: ours, replies, number: 0 }
    }

    #[test]
    fn a_command_is_answered() {
        let replies = &[
            r#"{"id":1,"result":"warped","error":null}"#,
            r#"{"error":"no such lacp object","id":2,"result":null}"#,
            r#"{"id":3,"result":null,"error":null}"#,
        ];
        let mut daemon = daemon(replies);
        assert_eq!(daemon.call("time/warp", &["100"]).unwrap(), "warped");
        let error = daemon.call("lacp/show", &["x"]).unwrap_err();
        assert_eq!(error.to_string(), "lacp/show: no such lacp object");
        assert_eq!(daemon.call("time/stop", &[]).unwrap(), "");
    }

    #[test]
    fn nonsense_and_silence_are_errors() {
        for replies in
            [&[r#"{"id":7,"result":"","error":null}"#][..], &["[1, 2]"][..], &["\u{1}"][..], &["{"][..]]
        {
            assert!(matches!(daemon(replies).call("version", &[]), Err(Error::Broken { .. })), "{replies:?}");
        }
    }
}
