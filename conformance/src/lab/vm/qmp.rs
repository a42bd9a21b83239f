//! The emulator's control socket, QMP: an object of JSON on each line.

use std::io::{self, BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// It answers within milliseconds.
const LIMIT: Duration = Duration::from_secs(20);

/// A connection that is ready for commands.
#[derive(Debug)]
pub struct Qmp {
    socket: BufReader<UnixStream>,
}

impl Qmp {
    /// Connects, and agrees on what is spoken.
    ///
    /// # Errors
    /// Nobody is there, or it is not QMP.
    pub fn connect(path: &Path) -> io::Result<Self> {
        let socket = UnixStream::connect(path)?;
        socket.set_read_timeout(Some(LIMIT))?;
        let mut qmp = Self { socket: BufReader::new(socket) };
        qmp.answer("QMP")?;
        qmp.command("qmp_capabilities", &json!({}))?;
        Ok(qmp)
    }

    /// Takes the carrier of a network card away or gives it back.
    ///
    /// # Errors
    /// There is no such card, or nobody answers.
    pub fn link(&mut self, card: &str, up: bool) -> io::Result<()> {
        self.command("set_link", &json!({ "name": card, "up": up }))
    }

    fn command(&mut self, name: &str, arguments: &Value) -> io::Result<()> {
        let command = json!({ "execute": name, "arguments": arguments });
        self.socket.get_mut().write_all(format!("{command}\n").as_bytes())?;
        self.answer("return")
    }

    /// Reads on to an object that has this member, past what the emulator tells unasked.
    fn answer(&mut self, member: &str) -> io::Result<()> {
        let end = Instant::now() + LIMIT;
        while Instant::now() < end {
            let mut line = String::new();
            if self.socket.read_line(&mut line)? == 0 {
                return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the emulator hung up"));
            }
            let object: Value = serde_json::from_str(&line)?;
            if let Some(error) = object.get("error") {
                return Err(io::Error::other(format!("the emulator says {error}")));
            }
            if object.get(member).is_some() {
                return Ok(());
            }
        }
        Err(io::Error::new(io::ErrorKind::TimedOut, "the emulator does not answer"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_reads_past_events_and_tells_errors() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("qmp");
        let listener = std::os::unix::net::UnixListener::bind(&path).unwrap();
        let emulator = std::thread::spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let mut socket = BufReader::new(socket);
            let mut heard = Vec::new();
            for said in [
                "{\"QMP\": {}}",
                "{\"return\": {}}",
                "{\"event\": \"X\"}\n{\"return\": {}}",
                "{\"error\": {\"desc\": \"no\"}}",
            ] {
                if !said.contains("QMP") {
                    let mut line = String::new();
                    socket.read_line(&mut line).unwrap();
                    heard.push(line);
                }
                writeln!(socket.get_mut(), "{said}").unwrap();
            }
            heard
        });
        let mut qmp = Qmp::connect(&path).unwrap();
        qmp.link("card1", false).unwrap();
        assert!(qmp.link("card9", true).unwrap_err().to_string().contains("no"));
        assert!(qmp.link("card1", true).is_err());
        let heard = emulator.join().unwrap();
        assert!(heard[1].contains("set_link") && heard[1].contains("card1") && heard[1].contains("false"));
    }
}
