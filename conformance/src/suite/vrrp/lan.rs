//! Who is on the device's links besides it: other routers that advertise, and hosts that can be found.

use std::time::Duration;

use super::advert::Advert;
use crate::event::{Direction, Event, Port};
use crate::scenario::{Background, Mark, Outbox};
use crate::suite::router::Station;
use crate::time::Time;

/// Another router: it advertises as long as it is meant to, whatever the device does.
#[derive(Clone, Debug)]
pub struct Peer {
    /// What it sends.
    pub advert: Advert,
    /// How often.
    pub period: Duration,
    /// When it was last heard by the device.
    pub last: Option<Mark>,
    next: Option<Time>,
}

impl Peer {
    /// One that says nothing yet.
    pub fn new(advert: Advert) -> Self {
        let period = advert.interval;
        Self { advert, period, last: None, next: None }
    }

    /// It advertises, the first time now.
    pub fn start(&mut self, now: Time) {
        self.next = Some(now);
    }

    /// It falls silent.
    pub fn stop(&mut self) {
        self.next = None;
    }
}

/// All of them.
pub struct Lan {
    /// Other routers.
    pub peers: Vec<Peer>,
    /// Hosts: [`Station::HOST`] and so on.
    pub stations: Vec<Station>,
    /// Who sends now, of the peers, and what.
    sending: Vec<(usize, Vec<u8>)>,
    /// Advertisements sent behind an Authentication Header. All senders share the count: a receiver may have one for all.
    sealed: u32,
}

impl Lan {
    /// Hosts, and no routers yet.
    pub fn new() -> Self {
        Self { peers: Vec::new(), stations: Station::all(), sending: Vec::new(), sealed: 0 }
    }

    /// The next sequence number of an Authentication Header.
    pub fn number(&mut self) -> u32 {
        self.sealed += 1;
        self.sealed
    }

    /// The frame of an advertisement that is sent now.
    pub fn frame(&mut self, advert: &Advert) -> Vec<u8> {
        sealed(&mut self.sealed, advert)
    }
}

/// The frame of an advertisement, with the next sequence number if it has one.
fn sealed(count: &mut u32, advert: &Advert) -> Vec<u8> {
    if advert.key.is_none() {
        return advert.frame();
    }
    *count += 1;
    Advert { sequence_number: *count, ..advert.clone() }.frame()
}

impl Default for Lan {
    fn default() -> Self {
        Self::new()
    }
}

impl Background for Lan {
    fn deadline(&self) -> Option<Time> {
        self.peers.iter().filter_map(|peer| peer.next).min()
    }

    fn due(&mut self, now: Time, out: &mut Outbox) {
        for (index, peer) in self.peers.iter_mut().enumerate() {
            let Some(next) = peer.next.filter(|next| *next <= now) else { continue };
            let frame = sealed(&mut self.sealed, &peer.advert);
            out.push((peer.advert.port, frame.clone()));
            self.sending.push((index, frame));
            // A beat of its own; where the tester was late it goes on from there.
            let beat = next + peer.period;
            peer.next = Some(if beat > now { beat } else { now + peer.period });
        }
    }

    fn seen(&mut self, _: Time, event: &Event<'_>, out: &mut Outbox) {
        let Some(octets) = event.frame(Direction::FromDevice) else { return };
        let here = self.stations.iter().filter(|station| station.port == event.port);
        out.extend(here.filter_map(|station| Some((station.port, station.answer(octets)?))));
    }

    fn sent(&mut self, mark: Mark, _: Port, frame: &[u8]) {
        let position = self.sending.iter().position(|(_, sending)| sending == frame);
        if let Some(position) = position {
            let (index, _) = self.sending.remove(position);
            self.peers[index].last = Some(mark);
        }
    }
}
