//! A router behind an interface: the hub's link to it is a veth pair, a TAP that somebody else holds, or a cable.

use std::os::fd::AsFd;
use std::time::Duration;

use nix::errno::Errno;
use nix::net::if_::if_nametoindex;
use nix::poll::{PollFd, PollFlags, ppoll};
use nix::sys::time::TimeSpec;
use pcap::{Active, Capture, Direction, Linktype};

use super::Error;
use crate::{default_route, netns};

/// The hub's end of a link.
pub struct LiveLink {
    interface: String,
    capture: Capture<Active>,
}

impl LiveLink {
    /// Opens it and sets it up. If `owned` is not true, an interface that the default route leads through is refused.
    ///
    /// # Errors
    /// It is not there, it is dangerous, or we may not.
    pub fn open(interface: &str, owned: bool) -> Result<Self, Error> {
        let system = |error: &dyn std::fmt::Display| Error::System(format!("{interface}: {error}"));
        let index = if_nametoindex(interface).map_err(|error| {
            Error::Interface(format!("there is no interface {interface}: {}", error.desc()))
        })?;
        let dangerous = !owned
            && default_route::may_lead_through(interface, index, true)
                .map_err(|error| Error::System(format!("cannot read the routes: {error}")))?;
        if dangerous {
            return Err(Error::Interface(format!(
                "the default route leads, or may lead, through {interface}: an arena there can take the network down; \
                 --i-own-this-network runs it all the same"
            )));
        }
        netns::ip(None, &["link", "set", "dev", interface, "up"]).map_err(|error| system(&error))?;
        let open = || {
            let capture = Capture::from_device(interface)?.promisc(true).immediate_mode(true).snaplen(65_535);
            let capture = capture.open()?.setnonblock()?;
            capture.direction(Direction::In)?;
            Ok(capture)
        };
        let capture: Capture<Active> = open().map_err(|error: pcap::Error| system(&error))?;
        if capture.get_datalink() != Linktype::ETHERNET {
            return Err(Error::Interface(format!("{interface} is not Ethernet")));
        }
        Ok(Self { interface: interface.to_owned(), capture })
    }

    /// Its name.
    pub fn interface(&self) -> &str {
        &self.interface
    }

    /// The next frame of the device, if there is one.
    pub(super) fn next(&mut self) -> Option<Vec<u8>> {
        // An interface that is down has none, and is heard again once it is up.
        self.capture.next_packet().ok().map(|packet| packet.data.to_vec())
    }

    /// Sends it a frame. One that the interface does not take is lost, as on any link without carrier.
    pub(super) fn send(&mut self, frame: &[u8]) {
        // The first complaint may be of an earlier time, when the interface was down.
        let _ = self.capture.sendpacket(frame).or_else(|_| self.capture.sendpacket(frame));
    }

    /// Takes the carrier away from the device at the other end of a veth pair, or gives it back.
    pub(super) fn carrier(&self, up: bool) -> Result<(), Error> {
        let word = if up { "up" } else { "down" };
        netns::ip(None, &["link", "set", "dev", &self.interface, word])
            .map_err(|error| Error::System(format!("{}: {error}", self.interface)))
    }
}

/// Sleeps until a frame comes, or so long.
pub(super) fn wait<'a>(links: impl Iterator<Item = &'a LiveLink>, limit: Duration) -> Result<(), Error> {
    let mut sources: Vec<PollFd<'_>> =
        links.map(|link| PollFd::new(link.capture.as_fd(), PollFlags::POLLIN)).collect();
    match ppoll(&mut sources, Some(TimeSpec::from_duration(limit)), None) {
        Ok(_) | Err(Errno::EINTR) => Ok(()),
        Err(error) => Err(Error::System(format!("cannot wait for frames: {}", error.desc()))),
    }
}
