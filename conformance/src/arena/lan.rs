//! The LAN: routers, a host that looks for its gateway, and the hub between them; in virtual time or in real time.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use std::rc::Rc;
use std::time::{Duration, Instant};

use redspec_codec::MacAddress;

use super::failover::{View, Watch};
use super::hub::Hub;
use super::judge::Judge;
use super::live::LiveLink;
use super::message::{self, HOST_MAC, Message};
use super::protocol::{Claim, Protocol, Standing};
use super::{Error, Record};
use crate::event::{Direction, Happening, Port};
use crate::reference::{Device, Input};
use crate::scenario::random::Random;
use crate::settings::BadSetting;
use crate::time::{Time, nanoseconds};

/// The port of a router that is on the LAN.
pub(super) const LAN: Port = Port(0);

/// More frames under way, or sent at one moment, than any LAN of routers has: somebody does not stop sending.
const MOST_FRAMES: usize = 100_000;

/// In real time, how long is slept at most before the interfaces are looked at again.
const LOOK: Duration = Duration::from_millis(20);

/// So little lateness is not noted.
const NOT_LATE: Duration = Duration::from_millis(1);
/// As many notes are kept: far more than there are in the longest time for which anybody asks.
const MOST_LATE: usize = 100_000;

/// Makes a router anew.
pub type Make = Box<dyn Fn() -> Result<Box<dyn Device>, BadSetting>>;

/// A router of the arena.
pub(super) enum Player {
    /// A reference, or a mutant of it; none while it has no power.
    Device { make: Make, device: Option<Box<dyn Device>> },
    /// A device behind an interface.
    Live(LiveLink),
}

/// A frame on its way.
struct Flight {
    at: Time,
    /// The order in which they were sent, for those that come at the same time.
    number: u64,
    from: usize,
    to: usize,
    frame: Rc<(Vec<u8>, Message)>,
}

impl PartialEq for Flight {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.number) == (other.at, other.number)
    }
}

impl Eq for Flight {}

impl PartialOrd for Flight {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Flight {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

/// What happens next.
enum Next {
    Arrival,
    Deadline(usize),
    Probe,
}

/// All of it.
pub(super) struct Lan<'a> {
    pub(super) protocol: &'a dyn Protocol,
    pub(super) players: Vec<Player>,
    pub(super) hub: Hub,
    pub(super) judge: Judge,
    pub(super) watch: Watch,
    pub(super) record: Option<Record>,
    pub(super) now: Time,
    /// When real time began, if it is real.
    started: Option<Instant>,
    /// When this host has let things run late, and by how much: only in real time.
    late: VecDeque<(Time, Duration)>,
    flights: BinaryHeap<Reverse<Flight>>,
    sent: u64,
    random: Random,
    period: Duration,
    next_probe: Time,
    probes: u64,
}

impl<'a> Lan<'a> {
    pub(super) fn new(
        protocol: &'a dyn Protocol,
        players: Vec<Player>,
        hub: Hub,
        judge: Judge,
        period: Duration,
        seed: u64,
    ) -> Self {
        let real = players.iter().any(|player| matches!(player, Player::Live(_)));
        Self {
            protocol,
            watch: Watch::new(players.len()),
            players,
            hub,
            judge,
            record: None,
            now: Time::ZERO,
            started: real.then(Instant::now),
            late: VecDeque::new(),
            flights: BinaryHeap::new(),
            sent: 0,
            random: Random::new(seed, "arena.host"),
            period,
            next_probe: Time::ZERO,
            probes: 0,
        }
    }

    /// The host's number as a station.
    fn host(&self) -> usize {
        self.players.len()
    }

    /// Frames that were sent so far.
    pub(super) fn sent(&self) -> u64 {
        self.sent
    }

    /// Time goes on until then.
    pub(super) fn pass(&mut self, until: Time) -> Result<(), Error> {
        if self.started.is_some() { self.pass_real(until) } else { self.pass_virtual(until) }
    }

    fn pass_virtual(&mut self, until: Time) -> Result<(), Error> {
        while let Some((at, next)) = self.next().filter(|(at, _)| *at <= until) {
            self.now = self.now.max(at);
            self.happens(&next)?;
        }
        self.now = self.now.max(until);
        self.judge.tick(self.now);
        Ok(())
    }

    fn pass_real(&mut self, until: Time) -> Result<(), Error> {
        loop {
            self.now = self.clock();
            self.receive()?;
            while let Some((at, next)) = self.next().filter(|(at, _)| *at <= self.now) {
                self.noted_late(self.now - at);
                self.happens(&next)?;
                self.now = self.clock();
            }
            self.judge.tick(self.now);
            if self.now >= until {
                return Ok(());
            }
            let next = self.next().map_or(until, |(at, _)| at.min(until));
            let links = self.players.iter().filter_map(|player| match player {
                Player::Live(link) => Some(link),
                Player::Device { .. } => None,
            });
            let limit = (next - self.clock()).min(LOOK);
            let before = self.clock();
            super::live::wait(links, limit)?;
            self.noted_late((self.clock() - before).saturating_sub(limit));
        }
    }

    fn noted_late(&mut self, by: Duration) {
        while self.late.len() >= MOST_LATE {
            self.late.pop_front();
        }
        if by > NOT_LATE {
            self.late.push_back((self.now, by));
        }
    }

    /// The most that this host was late by since then: what it did to all routers was as late, and what it saw of them.
    pub(super) fn late_since(&self, from: Time) -> Duration {
        let since = self.late.iter().filter(|(at, _)| *at >= from);
        since.map(|(_, by)| *by).max().unwrap_or_default()
    }

    fn clock(&self) -> Time {
        self.started.map_or(self.now, |started| Time::from_nanos(nanoseconds(started.elapsed())))
    }

    /// What live devices have sent.
    fn receive(&mut self) -> Result<(), Error> {
        for index in 0..self.players.len() {
            while let Player::Live(link) = &mut self.players[index] {
                let Some(frame) = link.next() else { break };
                self.send(index, frame)?;
            }
        }
        Ok(())
    }

    /// The next thing to happen. Of those at one time a frame comes first, as it may be what a timer waits for.
    fn next(&self) -> Option<(Time, Next)> {
        let arrival = self.flights.peek().map(|Reverse(flight)| (flight.at, Next::Arrival));
        let deadlines = self.players.iter().enumerate().filter_map(|(index, player)| match player {
            Player::Device { device: Some(device), .. } => {
                Some((device.next_deadline()?, Next::Deadline(index)))
            }
            _ => None,
        });
        let probe = std::iter::once((self.next_probe, Next::Probe));
        // The first of several that are equal.
        arrival.into_iter().chain(deadlines).chain(probe).min_by_key(|(at, _)| *at)
    }

    fn happens(&mut self, next: &Next) -> Result<(), Error> {
        self.judge.tick(self.now);
        match next {
            Next::Arrival => {
                if let Some(Reverse(flight)) = self.flights.pop() {
                    self.arrives(&flight)?;
                }
                Ok(())
            }
            Next::Deadline(index) => {
                if let Player::Device { device: Some(device), .. } = &mut self.players[*index] {
                    device.advance(self.now);
                }
                self.flush(*index)
            }
            Next::Probe => self.probe(),
        }
    }

    /// The host asks where the next of the virtual addresses is, and sends a packet through the gateway.
    fn probe(&mut self) -> Result<(), Error> {
        let period = nanoseconds(self.period);
        // Not in step with the routers' timers.
        let wait = period - period / 4 + self.random.below((period / 2).max(1));
        self.next_probe = self.now + Duration::from_nanos(wait);
        let protocol = self.protocol;
        let gateway = protocol.gateway();
        let count = u64::try_from(gateway.addresses.len()).unwrap_or(1).max(1);
        let place = usize::try_from(self.probes % count).unwrap_or(0);
        if let Some(address) = gateway.addresses.get(place) {
            if let Some(frame) = message::question(*address) {
                self.put(self.host(), frame, Message::Question(*address))?;
            }
        }
        if let Some(remote) = protocol.remote() {
            if let Some(frame) = message::packet(remote.address, gateway.mac, self.probes) {
                self.put(self.host(), frame, Message::Packet(self.probes))?;
            }
        }
        self.probes += 1;
        Ok(())
    }

    /// A router sends a frame.
    fn send(&mut self, from: usize, octets: Vec<u8>) -> Result<(), Error> {
        // What has no link to go out on nobody sees.
        if !self.hub.is_up(from) {
            return Ok(());
        }
        let message = Message::read(self.protocol, &octets);
        let active = matches!(message, Message::Said(said) if said.claim == Claim::Active);
        if let Some(old) = self.watch.waits_for().filter(|old| active && *old != from) {
            if !self.judge.is_apart(from) {
                self.watch.claims(self.now, self.judge.bound(old).unwrap_or(self.now));
            }
        }
        let was_active = self.judge.standing(from, self.now) == Standing::Active;
        self.judge.sends(from, self.now, &message, false);
        if active && !was_active {
            self.watch.begins(from);
        }
        self.put(from, octets, message)
    }

    /// A station puts a frame on its link.
    fn put(&mut self, from: usize, octets: Vec<u8>, message: Message) -> Result<(), Error> {
        if self.flights.len() > MOST_FRAMES {
            return Err(Error::Flood(from));
        }
        self.log(from, Direction::FromDevice, &octets);
        let destination = octets.first_chunk::<6>().map(|octets| MacAddress(*octets));
        let is_group = destination.is_some_and(MacAddress::is_group);
        let frame = Rc::new((octets, message));
        let mut passed = false;
        for to in (0..=self.host()).filter(|to| *to != from) {
            // A card takes what is for it, or for a group. Virtual MAC addresses and each router's own the routers know.
            let taken = is_group || (to == self.host()) == (destination == Some(HOST_MAC));
            if !taken {
                continue;
            }
            for at in self.hub.carry(self.now, from, to).into_iter().flatten() {
                passed = true;
                self.sent += 1;
                let flight = Flight { at, number: self.sent, from, to, frame: Rc::clone(&frame) };
                self.flights.push(Reverse(flight));
            }
        }
        if passed && matches!(frame.1, Message::Said(said) if said.claim == Claim::Active) {
            self.watch.good(from, self.now, View::Protocol, self.judge.is_apart(from));
        }
        Ok(())
    }

    fn arrives(&mut self, flight: &Flight) -> Result<(), Error> {
        let Flight { from, to, .. } = *flight;
        let (octets, message) = &*flight.frame;
        // The link may have gone down since.
        if !self.hub.is_up(to) {
            return Ok(());
        }
        self.log(to, Direction::ToDevice, octets);
        if to == self.host() {
            let good = matches!(*message, Message::Binding { mac, announces: false, .. }
                if mac == Some(self.protocol.gateway().mac));
            if good {
                self.watch.good(from, self.now, View::Answers, self.judge.is_apart(from));
            }
            return Ok(());
        }
        self.judge.reaches(from, to, self.now, message);
        match &mut self.players[to] {
            Player::Device { device: Some(device), .. } => {
                device.input(self.now, Input::Frame(LAN, octets)).map_err(Error::Setting)?;
            }
            Player::Device { device: None, .. } => {}
            Player::Live(link) => link.send(octets),
        }
        self.flush(to)
    }

    /// Something is done to a router that is a reference.
    pub(super) fn input(&mut self, router: usize, input: Input<'_>) -> Result<(), Error> {
        if let Player::Device { device: Some(device), .. } = &mut self.players[router] {
            device.input(self.now, input).map_err(Error::Setting)?;
        }
        self.flush(router)
    }

    /// What a router has to send goes out.
    fn flush(&mut self, router: usize) -> Result<(), Error> {
        for _ in 0..MOST_FRAMES {
            let Player::Device { device: Some(device), .. } = &mut self.players[router] else {
                return Ok(());
            };
            let output = device.output();
            if output.is_empty() {
                return Ok(());
            }
            for (port, octets) in output {
                if port == LAN {
                    self.send(router, octets)?;
                } else {
                    self.behind(router, port, &octets)?;
                }
            }
        }
        Err(Error::Flood(router))
    }

    /// What a router sends to the network behind it: the host there answers for its address, and takes packets.
    fn behind(&mut self, router: usize, port: Port, octets: &[u8]) -> Result<(), Error> {
        let Some(remote) = self.protocol.remote().filter(|remote| remote.port == port) else { return Ok(()) };
        let message = Message::read(self.protocol, octets);
        if let Message::Packet(_) = message {
            self.judge.sends(router, self.now, &message, true);
            self.watch.good(router, self.now, View::Packets, self.judge.is_apart(router));
        } else if let Some(answer) = message::remote_answer(remote.address, octets) {
            if let Player::Device { device: Some(device), .. } = &mut self.players[router] {
                device.input(self.now, Input::Frame(port, &answer)).map_err(Error::Setting)?;
            }
        }
        Ok(())
    }

    fn log(&mut self, station: usize, direction: Direction, octets: &[u8]) {
        if let Some(record) = &mut self.record {
            let octets = Cow::Owned(octets.to_vec());
            let what = Happening::Frame { direction: Some(direction), octets, missing: 0 };
            record.push(station, self.now, what);
        }
    }

    /// Something that no frame shows.
    pub(super) fn note(&mut self, station: usize, what: Happening<'static>) {
        if let Some(record) = &mut self.record {
            record.push(station, self.now, what);
        }
    }
}
