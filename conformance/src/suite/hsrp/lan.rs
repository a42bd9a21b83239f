//! Who is on the device's links besides it: other routers of the group, and hosts that can be found.

use std::time::Duration;

use super::message::Message;
use crate::event::{Direction, Event, Port};
use crate::reference::hsrp::HsrpRouter;
use crate::reference::router::LAN;
use crate::reference::{Device, Input};
use crate::scenario::{Background, Mark, Outbox};
use crate::suite::router::Station;
use crate::time::Time;

/// Another router: it sends its Hello as long as it is meant to, whatever the device does.
#[derive(Clone, Debug)]
pub struct Peer {
    /// What it sends.
    pub message: Message,
    /// How often.
    pub period: Duration,
    /// When it was last heard by the device.
    pub last: Option<Mark>,
    next: Option<Time>,
}

impl Peer {
    /// One that says nothing yet.
    pub fn new(message: Message) -> Self {
        let period = message.hellotime.max(Duration::from_millis(1));
        Self { message, period, last: None, next: None }
    }

    /// It sends, the first time now.
    pub fn start(&mut self, now: Time) {
        self.next = Some(now);
    }

    /// It falls silent.
    pub fn stop(&mut self) {
        self.next = None;
    }

    /// It is silent, or not.
    pub fn is_silent(&self) -> bool {
        self.next.is_none()
    }
}

/// Another router that does all that the state table says, by itself.
pub struct Neighbor {
    router: HsrpRouter,
    runs: bool,
}

impl Neighbor {
    /// One that is switched off.
    pub const fn new(router: HsrpRouter) -> Self {
        Self { router, runs: false }
    }

    /// It is switched on, and begins anew.
    pub fn start(&mut self, now: Time) {
        self.runs = true;
        // A link is no setting: nothing of it can be refused.
        drop(self.router.input(now, Input::Link(LAN, true)));
    }

    /// It breaks down, without a word.
    pub fn fail(&mut self, now: Time) {
        drop(self.router.input(now, Input::Link(LAN, false)));
        self.router.output();
        self.runs = false;
    }

    /// It hears a frame, if it is on.
    fn hear(&mut self, now: Time, frame: &[u8]) {
        if self.runs {
            drop(self.router.input(now, Input::Frame(LAN, frame)));
        }
    }
}

/// All of them.
pub struct Lan {
    /// Other routers.
    pub peers: Vec<Peer>,
    /// Other routers that act by themselves.
    pub neighbors: Vec<Neighbor>,
    /// Hosts: [`Station::HOST`] and so on.
    pub stations: Vec<Station>,
    /// Who sends now, of the peers.
    sending: Vec<usize>,
    /// Frames of the neighbors that are about to be sent, and that the other ones have.
    relayed: Vec<Vec<u8>>,
    /// A neighbor has something to send.
    waiting: bool,
}

impl Lan {
    /// Hosts, and no routers yet.
    pub fn new() -> Self {
        Self {
            peers: Vec::new(),
            neighbors: Vec::new(),
            stations: Station::all(),
            sending: Vec::new(),
            relayed: Vec::new(),
            waiting: false,
        }
    }

    /// What the neighbors have to send goes to the device, and to the other ones.
    fn relay(&mut self, now: Time, out: &mut Outbox) {
        self.waiting = false;
        // They answer each other; more than this would never end.
        for _ in 0..16 {
            let mut sent = Vec::new();
            for (index, neighbor) in self.neighbors.iter_mut().enumerate() {
                sent.extend(neighbor.router.output().into_iter().map(|(port, frame)| (index, port, frame)));
            }
            if sent.is_empty() {
                break;
            }
            for (from, port, frame) in sent.into_iter().filter(|(_, port, _)| *port == LAN) {
                let others = self.neighbors.iter_mut().enumerate().filter(|(index, _)| *index != from);
                others.for_each(|(_, neighbor)| neighbor.hear(now, &frame));
                self.relayed.push(frame.clone());
                out.push((port, frame));
            }
        }
    }
}

impl Default for Lan {
    fn default() -> Self {
        Self::new()
    }
}

impl Background for Lan {
    fn deadline(&self) -> Option<Time> {
        let peers = self.peers.iter().filter_map(|peer| peer.next);
        let running = self.neighbors.iter().filter(|neighbor| neighbor.runs);
        let neighbors = running.filter_map(|neighbor| neighbor.router.next_deadline());
        peers.chain(neighbors).chain(self.waiting.then_some(Time::ZERO)).min()
    }

    fn due(&mut self, now: Time, out: &mut Outbox) {
        for (index, peer) in self.peers.iter_mut().enumerate() {
            let Some(next) = peer.next.filter(|next| *next <= now) else { continue };
            out.push((peer.message.port, peer.message.frame()));
            self.sending.push(index);
            // A beat of its own; where the tester was late it goes on from there.
            let beat = next + peer.period;
            peer.next = Some(if beat > now { beat } else { now + peer.period });
        }
        for neighbor in self.neighbors.iter_mut().filter(|neighbor| neighbor.runs) {
            if neighbor.router.next_deadline().is_some_and(|deadline| deadline <= now) {
                neighbor.router.advance(now);
            }
        }
        self.relay(now, out);
    }

    fn seen(&mut self, now: Time, event: &Event<'_>, out: &mut Outbox) {
        let Some(octets) = event.frame(Direction::FromDevice) else { return };
        let here = self.stations.iter().filter(|station| station.port == event.port);
        out.extend(here.filter_map(|station| Some((station.port, station.answer(octets)?))));
        if event.port == LAN {
            self.neighbors.iter_mut().for_each(|neighbor| neighbor.hear(now, octets));
            self.relay(now, out);
        }
    }

    fn sent(&mut self, mark: Mark, port: Port, frame: &[u8]) {
        if let Some(position) = self.relayed.iter().position(|relayed| relayed == frame) {
            self.relayed.remove(position);
            return;
        }
        if port == LAN {
            self.neighbors.iter_mut().for_each(|neighbor| neighbor.hear(mark.at.time, frame));
            self.waiting = !self.neighbors.is_empty();
        }
        let position = self.sending.iter().position(|index| self.peers[*index].message.frame() == frame);
        if let Some(position) = position {
            let index = self.sending.remove(position);
            self.peers[index].last = Some(mark);
        }
    }
}
