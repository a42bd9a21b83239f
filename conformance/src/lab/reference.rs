//! A reference as a device that runs: on interfaces, in real time, with a socket for its management.

use std::collections::BTreeSet;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::os::fd::AsFd;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::ifaddrs::getifaddrs;
use nix::net::if_::if_nametoindex;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use pcap::{Active, Capture, Direction, Linktype};

use crate::event::Port;
use crate::reference::{Device, Input};
use crate::time::{Time, nanoseconds};
use crate::{default_route, netns};

/// Between two looks at the carriers, and whether to go on.
const LOOK: Duration = Duration::from_millis(20);

/// The kernel's flag for a carrier that is there, `IFF_LOWER_UP`; with `IFF_UP`, which alone is what was configured.
const CARRIER: i64 = 0x1_0001;

/// How long a client of the management may take to say what it wants.
const PATIENCE: Duration = Duration::from_millis(200);

/// The longest that it may say.
const LONGEST_REQUEST: u64 = 1024;

/// Why a device cannot run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such interface, or it had better not be used.
    #[error("{0}")]
    Interface(String),
    /// The system refuses.
    #[error("{0}")]
    System(String),
}

/// A device that runs.
pub struct Running {
    device: Box<dyn Device>,
    links: Vec<Link>,
    control: Option<UnixListener>,
    started: Instant,
}

struct Link {
    interface: String,
    capture: Capture<Active>,
    up: bool,
}

impl Running {
    /// Puts the device on these interfaces, one for each of its ports, and behind them one for its own side if it has
    /// any. They are set up. If `owned` is not true, an interface that the default route leads through is refused.
    ///
    /// # Errors
    /// One of them cannot be used.
    pub fn new(device: Box<dyn Device>, interfaces: &[String], owned: bool) -> Result<Self, Error> {
        let links = interfaces.iter().map(|name| Link::open(name, owned)).collect::<Result<_, _>>()?;
        Ok(Self { device, links, control: None, started: Instant::now() })
    }

    /// Takes orders on a socket with this path: a line each, `configure NAME VALUE` or `state NAME PORT`, answered by a
    /// line that begins with `ok` or `error`.
    ///
    /// # Errors
    /// There is something with this path already, or it cannot be made.
    pub fn control(&mut self, path: &Path) -> Result<(), Error> {
        let about = |error: io::Error| Error::System(format!("{}: {error}", path.display()));
        let listener = UnixListener::bind(path).map_err(about)?;
        listener.set_nonblocking(true).map_err(about)?;
        self.control = Some(listener);
        Ok(())
    }

    /// Runs until `stop` is true.
    ///
    /// # Errors
    /// The system fails.
    pub fn run(&mut self, stop: &AtomicBool) -> Result<(), Error> {
        self.started = Instant::now();
        let interfaces: Vec<String> = self.links.iter().map(|link| link.interface.clone()).collect();
        let ended = AtomicBool::new(false);
        let (sender, carriers) = mpsc::channel();
        // The kernel may take its time to answer, while namespaces come and go: no timer waits for that.
        thread::scope(|scope| {
            scope.spawn(|| watch(&interfaces, &sender, &ended));
            let ran = self.serve_all(&carriers, stop);
            ended.store(true, Ordering::Relaxed);
            ran
        })
    }

    fn serve_all(&mut self, carriers: &Receiver<Carrier>, stop: &AtomicBool) -> Result<(), Error> {
        while !stop.load(Ordering::Relaxed) {
            for carrier in carriers.try_iter() {
                let (port, up) = carrier?;
                self.links[port.index()].up = up;
                self.input(Input::Link(port, up))?;
            }
            self.receive()?;
            self.manage();
            if self.device.next_deadline().is_some_and(|deadline| deadline <= self.now()) {
                let now = self.now();
                self.device.advance(now);
                self.transmit();
            }
            self.sleep()?;
        }
        Ok(())
    }

    fn now(&self) -> Time {
        Time::from_nanos(nanoseconds(self.started.elapsed()))
    }

    /// Everything that came in. What the kernel held for a link that has no carrier is older than that.
    fn receive(&mut self) -> Result<(), Error> {
        for (port, index) in (0..).zip(0..self.links.len()) {
            while let Some(frame) = self.links[index].next() {
                self.input(Input::Frame(Port(port), &frame))?;
            }
        }
        Ok(())
    }

    fn input(&mut self, input: Input<'_>) -> Result<(), Error> {
        let now = self.now();
        self.device.input(now, input).map_err(|error| Error::System(error.to_string()))?;
        self.transmit();
        Ok(())
    }

    /// A frame that a link does not take is lost, as on any link without carrier.
    fn transmit(&mut self) {
        for (port, frame) in self.device.output() {
            if let Some(link) = self.links.get_mut(port.index()).filter(|link| link.up) {
                // The first complaint may be of an earlier time, when the interface was down.
                let _ = link.capture.sendpacket(&*frame).or_else(|_| link.capture.sendpacket(&*frame));
            }
        }
    }

    /// Does what clients want, one after the other.
    fn manage(&mut self) {
        while let Some(Ok((client, _))) = self.control.as_ref().map(UnixListener::accept) {
            // A client that goes away has its answer already, or wants none.
            let _ = self.serve(client);
        }
    }

    fn serve(&mut self, mut client: UnixStream) -> io::Result<()> {
        client.set_nonblocking(false)?;
        client.set_read_timeout(Some(PATIENCE))?;
        client.set_write_timeout(Some(PATIENCE))?;
        let mut request = String::new();
        BufReader::new((&client).take(LONGEST_REQUEST)).read_line(&mut request)?;
        let answer = match self.obey(request.trim_end()) {
            Ok(answer) => format!("ok {answer}\n"),
            Err(error) => format!("error {error}\n"),
        };
        client.write_all(answer.as_bytes())
    }

    fn obey(&mut self, request: &str) -> Result<String, String> {
        let words: Vec<&str> = request.splitn(3, ' ').collect();
        match words[..] {
            ["configure", name, value] => {
                let now = self.now();
                self.device.input(now, Input::Configure(name, value)).map_err(|error| error.to_string())?;
                self.transmit();
                Ok(String::new())
            }
            ["state", name, port] => {
                let number = port.parse::<u16>().ok().and_then(|number| number.checked_sub(1));
                let number =
                    number.ok_or_else(|| format!("{port:?} is no port, expected a number from 1"))?;
                let state = self.device.state(name, Port(number));
                state.ok_or_else(|| format!("the device does not tell {name} of port {port}"))
            }
            _ => Err(format!("{request:?}: expected configure NAME VALUE, or state NAME PORT")),
        }
    }

    /// Sleeps until something may have happened.
    fn sleep(&self) -> Result<(), Error> {
        let mut limit = LOOK;
        if let Some(deadline) = self.device.next_deadline() {
            limit = limit.min(deadline - self.now());
        }
        let listen = |link: &Link| link.up;
        let mut sources: Vec<PollFd<'_>> = self
            .links
            .iter()
            .filter(|link| listen(link))
            .map(|link| link.capture.as_fd())
            .chain(self.control.as_ref().map(AsFd::as_fd))
            .map(|source| PollFd::new(source, PollFlags::POLLIN))
            .collect();
        match ppoll(&mut sources, Some(TimeSpec::from_duration(limit)), None) {
            Ok(_) | Err(Errno::EINTR) => Ok(()),
            Err(error) => Err(Error::System(format!("cannot wait for frames: {}", error.desc()))),
        }
    }
}

/// A port's carrier came or went.
type Carrier = Result<(Port, bool), Error>;

/// Tells of each carrier that comes or goes, until `ended` is true or nobody listens.
fn watch(interfaces: &[String], sender: &Sender<Carrier>, ended: &AtomicBool) {
    let mut were = vec![false; interfaces.len()];
    while !ended.load(Ordering::Relaxed) {
        let listed = match getifaddrs() {
            Ok(listed) => listed,
            Err(error) => {
                let error = Error::System(format!("cannot list the interfaces: {}", error.desc()));
                // If nobody listens any more it is over anyway.
                let _ = sender.send(Err(error));
                return;
            }
        };
        let up: BTreeSet<String> = listed
            .filter(|interface| i64::from(interface.flags.bits()) & CARRIER == CARRIER)
            .map(|interface| interface.interface_name)
            .collect();
        for ((port, interface), was) in (0..).zip(interfaces).zip(&mut were) {
            let is = up.contains(interface);
            if is != *was && sender.send(Ok((Port(port), is))).is_err() {
                return;
            }
            *was = is;
        }
        thread::sleep(LOOK);
    }
}

impl Link {
    fn open(interface: &str, owned: bool) -> Result<Self, Error> {
        let about = |error: &dyn std::fmt::Display| Error::System(format!("{interface}: {error}"));
        let index = if_nametoindex(interface).map_err(|error| {
            Error::Interface(format!("there is no interface {interface}: {}", error.desc()))
        })?;
        let dangerous = !owned
            && default_route::may_lead_through(interface, index, true)
                .map_err(|error| Error::System(format!("cannot read the routes: {error}")))?;
        if dangerous {
            return Err(Error::Interface(format!(
                "the default route leads, or may lead, through {interface}: a device there can take the network \
                 down; --i-own-this-network runs it all the same"
            )));
        }
        netns::ip(None, &["link", "set", "dev", interface, "up"]).map_err(|error| about(&error))?;
        let open = || {
            let capture = Capture::from_device(interface)?.promisc(true).immediate_mode(true).snaplen(65_535);
            let capture = capture.open()?.setnonblock()?;
            capture.direction(Direction::In)?;
            Ok(capture)
        };
        let capture: Capture<Active> = open().map_err(|error: pcap::Error| about(&error))?;
        if capture.get_datalink() != Linktype::ETHERNET {
            return Err(Error::Interface(format!("{interface} is not Ethernet")));
        }
        Ok(Self { interface: interface.to_owned(), capture, up: false })
    }

    /// The next frame. An interface that is down has none, and is heard again once it is up.
    fn next(&mut self) -> Option<Vec<u8>> {
        let frame = self.capture.next_packet().ok()?.data.to_vec();
        Some(frame).filter(|_| self.up)
    }
}

/// Says something to the management of a device that runs, and returns its answer.
///
/// # Errors
/// Nobody is there, or the device cannot do it; in words.
pub fn tell(socket: &Path, request: &str) -> Result<String, String> {
    let about = |error: io::Error| format!("{}: {error}", socket.display());
    let mut stream = UnixStream::connect(socket).map_err(about)?;
    stream.set_read_timeout(Some(Duration::from_secs(5))).map_err(about)?;
    writeln!(stream, "{request}").map_err(about)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(about)?;
    let answer = answer.trim_end();
    match answer.split_once(' ').unwrap_or((answer, "")) {
        ("ok", answer) => Ok(answer.to_owned()),
        ("error", error) => Err(error.to_owned()),
        _ => Err(format!("{}: there was no answer", socket.display())),
    }
}
