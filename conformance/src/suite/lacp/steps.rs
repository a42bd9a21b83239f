//! Steps that tests of the Mux machine, of selection, links, version 2 and fallback have in common.

use std::time::Duration;

use redspec_codec::slow::lacp::{Lacpdu, State};

use super::{ExactFrame, LacpTest, UP, lacpdu, partner};
use crate::event::{Direction, Port};
use crate::scenario::{Mark, Stop};
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::{FAST_PLUS, UPC};
use crate::time::Time;

impl LacpTest<'_> {
    /// Lets the device speak first on all ports; a passive one does not.
    ///
    /// # Errors
    /// The bed fails.
    pub fn listen(&mut self) -> Result<(), Stop> {
        let start = Mark { at: Time::ZERO.into(), events: 0 };
        for port in self.ports() {
            self.look(&lacpdu(port), start, UPC.lenient.to)?;
        }
        Ok(())
    }

    /// The middle of a second between two periodic LACPDUs, so that none crosses what T sends next.
    ///
    /// # Errors
    /// The bed fails.
    pub fn between(&mut self, port: Port) -> Result<(), Stop> {
        let now = self.mark();
        self.look(&lacpdu(port), now, FAST_PERIODIC_TIME * 2)?;
        let until = self.now() + FAST_PERIODIC_TIME * 3 / 10;
        self.wait_until(until)
    }

    /// T's first LACPDU on the port; it goes on, and follows the device if it is in sync. The LACPDU is wrong about the
    /// device's timeout, which asks for an answer and has no other effect.
    ///
    /// # Errors
    /// The bed fails.
    pub fn introduce(&mut self, port: Port, in_sync: bool) -> Result<Mark, Stop> {
        let partner = self.partner(port);
        partner.talks = true;
        partner.view = None;
        partner.follows = in_sync;
        partner.actor.state = partner.actor.state.without(UP);
        if in_sync {
            partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION);
        }
        let text = if in_sync { "its first, in sync" } else { "its first, not in sync" };
        self.once(port, text, |pdu| pdu.partner.state.0 ^= State::TIMEOUT.0)
    }

    /// T says that it is not in sync, and stays so.
    ///
    /// # Errors
    /// The bed fails.
    pub fn out_of_sync(&mut self, port: Port) -> Result<Mark, Stop> {
        self.change(port, "not in sync", |partner| {
            partner.follows = false;
            partner.actor.state = partner.actor.state.without(UP);
        })
    }

    /// T says that it is in sync and collects.
    ///
    /// # Errors
    /// The bed fails.
    pub fn in_sync(&mut self, port: Port) -> Result<Mark, Stop> {
        self.change(port, "in sync and collecting", |partner| {
            partner.actor.state = partner.actor.state.with(State::SYNCHRONIZATION | State::COLLECTING);
        })
    }

    /// On how many ports at most something was true at one time, and the frame that shows it. True of a port is what
    /// two of its LACPDUs say with none between them that says otherwise: a single one may be out of date.
    pub fn at_once(&self, from: Mark, wanted: impl Fn(Port, &Lacpdu) -> bool) -> (usize, Option<u64>) {
        let mut spans: Vec<(Port, Time, Time, u64)> = Vec::new();
        for port in self.ports() {
            let mut open: Option<(Time, Time, u64)> = None;
            for event in self.run.events().iter().skip(from.events).filter(|event| event.port == port) {
                let pdu = event.frame(Direction::FromDevice).and_then(partner::lacpdu);
                let Some(pdu) = pdu else { continue };
                let at = event.at.time;
                if wanted(port, &pdu.to_value()) {
                    let start = open.map_or(at, |(start, ..)| start);
                    open = Some((start, at, event.number));
                } else if let Some((start, end, number)) = open.take() {
                    spans.push((port, start, end, number));
                }
            }
            spans.extend(open.map(|(start, end, number)| (port, start, end, number)));
        }
        let mut most = (0, None);
        for &(_, point, _, number) in &spans {
            let there = spans.iter().filter(|(_, start, end, _)| *start <= point && point <= *end).count();
            if there > most.0 {
                most = (there, Some(number));
            }
        }
        most
    }

    /// Copies what the device sends on a port to where `to` says, for some time. What goes back where it came from gets
    /// T's source address, because many network interfaces drop what seems to be their own.
    ///
    /// # Errors
    /// The bed fails.
    pub fn cross_connect(&mut self, duration: Duration, to: impl Fn(Port) -> Port) -> Result<(), Stop> {
        let until = self.now() + duration;
        while let Some(index) = self.run.pump(&mut self.partners, until)? {
            let event = &self.run.events()[index];
            let from = event.port;
            let Some(mut frame) = event.frame(Direction::FromDevice).map(<[u8]>::to_vec) else { continue };
            if from.index() >= self.run.ports() {
                continue;
            }
            let to = to(from);
            if let Some(source) = frame.get_mut(6..12).filter(|_| to == from) {
                source.copy_from_slice(&self.partner(to).mac.0);
            }
            self.send_frame(to, &frame)?;
        }
        Ok(())
    }

    /// Whether data that goes into the device at `from` comes out at `to`.
    ///
    /// # Errors
    /// The bed fails.
    pub fn carries(&mut self, from: Port, to: Port) -> Result<bool, Stop> {
        for _ in 0..5 {
            let octets = self.data_frame();
            let mark = self.send_frame(from, &octets)?;
            if self.look(&ExactFrame { port: to, octets }, mark, Duration::from_millis(200))?.is_some() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The device is in sync on the port and has nothing to carry, because T is not in sync. Whether it says that it
    /// collects all the same is the business of other tests.
    ///
    /// # Errors
    /// Inconclusive if the device does not get there.
    pub fn held_attached(&mut self, port: Port) -> Result<(), Stop> {
        let attached = lacpdu(port).actor_has(State::SYNCHRONIZATION).partner_lacks(State::SYNCHRONIZATION);
        self.preamble(|t| {
            let mark = t.out_of_sync(port)?;
            t.expect(&attached, mark, FAST_PLUS, "lacp.record.needs-partner-synchronization").map(drop)
        })
    }
}
