//! A link to a device: an interface that exists, or a TAP of which the tester is the other end.
//!
//! libpcap listens on it twice, once for each direction, so that frames of both have the kernel's stamps.

use std::io;
use std::os::fd::{AsFd, BorrowedFd};
use std::time::{Duration, Instant};

use nix::net::if_::if_nametoindex;
use pcap::{Active, Capture, Direction, Linktype, Precision};
use tappers::{DeviceState, Interface, Tap};

use crate::{default_route, netns};

/// How long a frame of our own may take until the kernel says when it was sent.
const ECHO: Duration = Duration::from_millis(20);

/// How long an interface that went down is left alone.
const DEAF: Duration = Duration::from_millis(5);

/// Enough for a second of small frames at the rate of a flood.
const BUFFER: i32 = 4 << 20;

/// What is at our end of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A TAP of our own: what we write to it the device receives on the interface.
    Tap,
    /// An interface whose other end is the device's: of a veth pair, or a card with a cable; or a TAP that somebody
    /// else holds, a virtual machine.
    Interface,
}

/// Where a link is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Network namespace of the interface, as `ip netns` names it; ours if there is none.
    pub namespace: Option<String>,
    /// The interface; a TAP is made under this name.
    pub interface: String,
    /// Which of the two.
    pub kind: Kind,
    /// Send even if the default route leads, or may lead, through it.
    pub owned: bool,
}

/// Why there is no wire.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// There is no such interface or namespace, or not of the right kind.
    #[error("{0}")]
    Place(String),
    /// It had better not be used.
    #[error(
        "{0}: the default route leads, or may lead, through it: testing there can take the network down; \
         --i-own-this-network does it all the same"
    )]
    DefaultRoute(String),
    /// We may not, or cannot.
    #[error("{0}")]
    Refused(String),
}

/// A frame, and the kernel's stamp in nanoseconds since 1970.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamped {
    /// When.
    pub nanoseconds: u64,
    /// From the destination address on.
    pub octets: Vec<u8>,
}

/// A link while it is used.
pub struct Wire {
    place: Place,
    tap: Option<Tap>,
    ears: Ears,
    /// Until then it is of no use to wait for it: it just complained that it is down.
    deaf: Instant,
}

/// One capture for each direction, seen from the device.
struct Ears {
    from_device: Capture<Active>,
    to_device: Capture<Active>,
    /// What was reported of their drops.
    counted: u64,
}

impl Wire {
    /// Opens it, a TAP without carrier. Frames that `filter`, in libpcap's language, does not let through are seen by
    /// nobody.
    ///
    /// # Errors
    /// It is not there, it is dangerous, or we may not.
    pub fn open(place: Place, filter: &str) -> Result<Self, WireError> {
        let here = place.clone();
        let (tap, ears) = netns::within(place.namespace.as_deref(), move || {
            let tap = match here.kind {
                Kind::Tap => Some(make_tap(&here.interface)?),
                Kind::Interface => {
                    safe(&here)?;
                    None
                }
            };
            Ok((tap, Ears::open(&here, filter)?))
        })
        .map_err(|error| WireError::Place(error.to_string()))??;
        let mut wire = Self { place, tap, ears, deaf: Instant::now() };
        if wire.tap.is_some() {
            wire.carrier(false).map_err(|error| WireError::Refused(error.to_string()))?;
        }
        Ok(wire)
    }

    /// Where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Takes the carrier away or gives it back: a TAP's own; of any other interface by setting it down or up, which a
    /// veth's other end sees as that.
    ///
    /// # Errors
    /// It could not be done.
    pub fn carrier(&mut self, up: bool) -> io::Result<()> {
        let word = |up| if up { "up" } else { "down" };
        let interface = self.place.interface.as_str();
        let namespace = self.place.namespace.as_deref();
        if self.tap.is_some() {
            let state = if up { "on" } else { "off" };
            return netns::ip(namespace, &["link", "set", "dev", interface, "carrier", state]);
        }
        netns::ip(namespace, &["link", "set", "dev", interface, word(up)])
    }

    /// Sends a frame. Returns the kernel's stamp; where the kernel gives none, the time before and the time after it.
    ///
    /// # Errors
    /// The interface does not take it.
    pub fn send(&mut self, frame: &[u8]) -> io::Result<Sent> {
        let before = clock();
        if let Some(tap) = &self.tap {
            tap.send(frame)?;
        } else {
            // Not the capture that is to hear it: the kernel shows no socket what it sent itself.
            let ear = &mut self.ears.from_device;
            // The first complaint may be of an earlier time, when the interface was down.
            let sent = ear.sendpacket(frame).or_else(|_| ear.sendpacket(frame));
            sent.map_err(|error| io::Error::other(error.to_string()))?;
        }
        let after = clock();
        let limit = Instant::now() + ECHO;
        loop {
            match self.next(true) {
                // Short frames may be padded on their way. An older one alike may only be heard now.
                Some(seen) if seen.nanoseconds >= before && seen.octets.starts_with(frame) => {
                    return Ok(Sent { earliest: seen.nanoseconds, latest: seen.nanoseconds });
                }
                Some(_) => {}
                None if Instant::now() > limit => return Ok(Sent { earliest: before, latest: after }),
                None => std::thread::sleep(Duration::from_micros(50)),
            }
        }
    }

    /// The next frame of the device, if one is there.
    pub fn receive(&mut self) -> Option<Stamped> {
        self.drain();
        self.next(false)
    }

    /// What becomes readable when the device sends something; nothing while the interface is down.
    pub fn readable(&self) -> Option<BorrowedFd<'_>> {
        (Instant::now() >= self.deaf).then(|| self.ears.from_device.as_fd())
    }

    /// How many frames were lost since the last time because nobody read them quickly enough.
    pub fn drops(&mut self) -> u64 {
        self.ears.drops()
    }

    fn next(&mut self, own: bool) -> Option<Stamped> {
        let ears = &mut self.ears;
        let capture = if own { &mut ears.to_device } else { &mut ears.from_device };
        match capture.next_packet() {
            Ok(packet) => {
                let time = packet.header.ts;
                let seconds = u64::try_from(time.tv_sec).unwrap_or_default();
                // Nanoseconds, as was asked for when it was opened.
                let nanoseconds = u64::try_from(time.tv_usec).unwrap_or_default();
                let octets = packet.data.to_vec();
                Some(Stamped { nanoseconds: seconds * 1_000_000_000 + nanoseconds, octets })
            }
            Err(pcap::Error::TimeoutExpired | pcap::Error::NoMorePackets) => None,
            Err(_) => {
                // The interface went down. The kernel goes on with this capture once it is up again.
                self.deaf = Instant::now() + DEAF;
                None
            }
        }
    }

    /// What the device sends on a TAP has to be taken, or the queue is full; libpcap has seen it.
    fn drain(&self) {
        let mut buffer = [0; 2048];
        if let Some(tap) = &self.tap {
            for _ in 0..4096 {
                if tap.recv(&mut buffer).is_err() {
                    return;
                }
            }
        }
    }
}

/// When a frame was sent: between these, in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Not before.
    pub earliest: u64,
    /// Not after.
    pub latest: u64,
}

/// Nanoseconds since 1970, by the clock that the kernel stamps frames with.
pub fn clock() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_nanos()).unwrap_or(u64::MAX)
}

impl Ears {
    fn open(place: &Place, filter: &str) -> Result<Self, WireError> {
        // A frame that comes in on the interface is the device's, but on a TAP of our own it is one that we wrote.
        let (theirs, ours) = match place.kind {
            Kind::Tap => (Direction::Out, Direction::In),
            Kind::Interface => (Direction::In, Direction::Out),
        };
        let open = |direction| ear(&place.interface, direction, filter);
        Ok(Self { from_device: open(theirs)?, to_device: open(ours)?, counted: 0 })
    }

    fn drops(&mut self) -> u64 {
        // What is lost of our own frames costs a stamp and no verdict.
        let Ok(stat) = self.from_device.stats() else { return 0 };
        let dropped = u64::from(stat.dropped) + u64::from(stat.if_dropped);
        let new = dropped.saturating_sub(self.counted);
        self.counted = dropped.max(self.counted);
        new
    }
}

fn ear(interface: &str, direction: Direction, filter: &str) -> Result<Capture<Active>, WireError> {
    let about = |error: pcap::Error| {
        let text = error.to_string();
        let remedy =
            if text.to_lowercase().contains("permi") { "; root or CAP_NET_RAW is needed" } else { "" };
        WireError::Refused(format!("cannot listen on {interface}: {text}{remedy}"))
    };
    let inactive = Capture::from_device(interface).map_err(about)?;
    let inactive = inactive
        .promisc(true)
        .immediate_mode(true)
        .precision(Precision::Nano)
        .snaplen(65_535)
        .buffer_size(BUFFER);
    let mut capture = inactive.open().and_then(Capture::setnonblock).map_err(about)?;
    let link_type = capture.get_datalink();
    if link_type != Linktype::ETHERNET {
        let what = link_type.get_name().unwrap_or_else(|_| link_type.0.to_string());
        return Err(WireError::Place(format!("{interface} is not Ethernet: its link type is {what}")));
    }
    capture.direction(direction).map_err(about)?;
    capture.filter(filter, true).map_err(about)?;
    Ok(capture)
}

fn make_tap(name: &str) -> Result<Tap, WireError> {
    let about = |error: io::Error| {
        let remedy = match error.kind() {
            io::ErrorKind::PermissionDenied => "; root or CAP_NET_ADMIN is needed",
            io::ErrorKind::NotFound => "; the kernel has no /dev/net/tun",
            io::ErrorKind::ResourceBusy => "; there is an interface of that name already",
            _ => "",
        };
        WireError::Refused(format!("cannot make the TAP {name}: {error}{remedy}"))
    };
    let mut tap = Tap::new_named(Interface::new(name).map_err(about)?).map_err(about)?;
    tap.set_nonblocking(true).map_err(about)?;
    tap.set_state(DeviceState::Up).map_err(about)?;
    Ok(tap)
}

/// Refuses an interface on which a test can do harm.
fn safe(place: &Place) -> Result<(), WireError> {
    let name = place.interface.as_str();
    let index = if_nametoindex(name).map_err(|error| {
        let at = place.namespace.as_deref().map_or_else(String::new, |name| format!(" in namespace {name}"));
        WireError::Place(format!("there is no interface {name}{at}: {}", error.desc()))
    })?;
    if place.owned {
        return Ok(());
    }
    let dangerous = default_route::may_lead_through(name, index, place.namespace.is_none())
        .map_err(|error| WireError::Refused(format!("cannot read the routes: {error}")))?;
    if dangerous { Err(WireError::DefaultRoute(name.to_owned())) } else { Ok(()) }
}
