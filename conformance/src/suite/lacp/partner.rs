//! The tester's side of each link: a LACP partner that keeps a test's set-up alive while the test waits.

use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::Builder;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation, State};
use redspec_codec::slow::marker::MarkerKind;

use super::pattern;
use crate::event::{Direction, Event, Port};
use crate::reference::lacp::configuration::SLOW_PROTOCOLS_MULTICAST;
use crate::scenario::random::Random;
use crate::scenario::{Background, Mark, Outbox};
use crate::time::Time;

/// How often it refreshes a device that asks for Short Timeout, and one that asks for Long Timeout.
const REFRESH: [Duration; 2] = [Duration::from_millis(900), Duration::from_secs(25)];
/// Between two of its LACPDUs, so that there are never more than three in a second.
const SPACING: Duration = Duration::from_millis(350);
/// It waits so long for an active device to speak first.
const FIRST: Duration = Duration::from_millis(1500);

/// The partner on one link.
#[derive(Clone, Debug)]
pub struct Partner {
    /// The link.
    pub port: Port,
    /// Source address of its frames.
    pub mac: MacAddress,
    /// Where its frames go.
    pub destination: MacAddress,
    /// What it says of itself.
    pub actor: PortInformation,
    /// What it says of the device, in place of what it learned.
    pub view: Option<PortInformation>,
    /// It sends by itself: refreshes, and answers what is news.
    pub talks: bool,
    /// It sets Collecting and Distributing as the device allows, and clears them.
    pub follows: bool,
    /// It refreshes so often, whatever the device asks for.
    pub every: Option<Duration>,
    /// TLVs of version 2, as octets. With any of them its LACPDUs are of version 2.
    pub tlvs: Vec<u8>,
    /// The last LACPDU of the device.
    pub heard: Option<Lacpdu>,
    /// Its own last LACPDU, and when that was.
    pub sent: Option<(Mark, Lacpdu)>,
    next: Option<Time>,
}

/// What of the device's information, if it changed, makes a partner speak: what the device would ask NTT for.
const NEWS: State =
    State(State::ACTIVITY.0 | State::TIMEOUT.0 | State::SYNCHRONIZATION.0 | State::AGGREGATION.0);

impl Partner {
    /// A partner on that link, of the same system and key on all of them, that says nothing yet.
    pub fn new(port: Port, system: MacAddress) -> Self {
        let mut mac = system;
        mac.0[5] = mac.0[5].wrapping_add(port.0.to_be_bytes()[1]).wrapping_add(1);
        let actor = PortInformation {
            system_priority: 0x9000,
            system,
            key: 0x0321,
            port_priority: 0x7000,
            port: 0x0101 + port.0,
            state: State::ACTIVITY | State::TIMEOUT | State::AGGREGATION,
        };
        Self {
            port,
            mac,
            destination: SLOW_PROTOCOLS_MULTICAST,
            actor,
            view: None,
            talks: false,
            follows: false,
            every: None,
            tlvs: Vec::new(),
            heard: None,
            sent: None,
            next: None,
        }
    }

    /// A system identifier that no other test has.
    pub fn system(random: &mut Random) -> MacAddress {
        MacAddress([0x02, 0x52, 0x50, random.octet(), random.octet(), random.octet() & 0xf0])
    }

    /// What it last heard that the device is: `OWN(D)`.
    pub fn learned(&self) -> Option<PortInformation> {
        self.heard.map(|pdu| pdu.actor)
    }

    /// The LACPDU that it would send now.
    pub fn pdu(&self) -> Lacpdu {
        let partner = self.view.or(self.learned()).unwrap_or_default();
        Lacpdu::new(self.actor, partner, 0)
    }

    /// A slow protocol's message in a frame of this partner.
    pub fn frame(&self, message: &[u8]) -> Vec<u8> {
        let mut octets = slow_frame(self.mac, message);
        octets[..6].copy_from_slice(&self.destination.0);
        octets
    }

    /// The octets of that LACPDU.
    pub fn message(&self) -> Vec<u8> {
        let mut pdu = self.pdu();
        if self.tlvs.is_empty() {
            return pdu.to_octets().to_vec();
        }
        pdu.version = 2;
        let (fixed, rest) = (pdu.to_octets(), [pdu.terminator_tlv_type.0, pdu.terminator_length]);
        let mut octets = [&fixed[..Lacpdu::LEN - 52], &self.tlvs, &rest].concat();
        octets.resize(octets.len().max(Lacpdu::LEN), 0);
        octets
    }

    /// Speaks, and goes on speaking.
    pub fn start(&mut self, now: Time) {
        self.talks = true;
        self.next = Some(if self.heard.is_some() { now } else { now + FIRST });
    }

    /// Goes on speaking, from the next LACPDU on that a test sends for it.
    pub fn resume(&mut self) {
        self.talks = true;
    }

    /// Claims Synchronization, sees the device as it is, and collects and distributes as the device allows: speaks for
    /// that, and goes on speaking.
    pub fn cooperate(&mut self, now: Time) {
        self.view = None;
        self.set(State::SYNCHRONIZATION);
        self.follows = true;
        self.start(now);
    }

    /// Sets these bits of its Actor_State.
    pub fn set(&mut self, bits: State) {
        self.actor.state = self.actor.state.with(bits);
    }

    /// Clears these bits of its Actor_State.
    pub fn clear(&mut self, bits: State) {
        self.actor.state = self.actor.state.without(bits);
    }

    /// Says no more.
    pub fn stop(&mut self) {
        self.talks = false;
        self.next = None;
    }

    /// Will speak at once, or as soon as its spacing allows.
    pub fn hurry(&mut self, now: Time) {
        let earliest = self.sent.map_or(now, |(mark, _)| now.max(mark.at.time + SPACING));
        self.next = Some(self.next.map_or(earliest, |next| next.min(earliest)));
    }

    fn refresh(&self) -> Duration {
        let short = self.learned().is_none_or(|device| device.state.has(State::TIMEOUT));
        self.every.unwrap_or(REFRESH[usize::from(!short)])
    }

    /// Follows the device's bits with its own. True if one changed.
    fn follow(&mut self) -> bool {
        let Some(device) = self.learned() else { return false };
        let mut state = self.actor.state.without(State::COLLECTING | State::DISTRIBUTING);
        if state.has(State::SYNCHRONIZATION) && device.state.has(State::SYNCHRONIZATION) {
            state = state.with(State::COLLECTING);
            if device.state.has(State::COLLECTING) {
                state = state.with(State::DISTRIBUTING);
            }
        }
        let changed = state != self.actor.state;
        self.actor.state = state;
        changed
    }

    fn heard(&mut self, now: Time, pdu: Lacpdu) {
        self.heard = Some(pdu);
        if !self.talks {
            return;
        }
        let followed = self.follows && self.follow();
        let stale = self.view.is_none()
            && self.sent.is_none_or(|(_, sent)| {
                let (said, now) = (sent.partner, pdu.actor);
                let news = |state: State| state.0 & NEWS.0;
                PortInformation { state: State(0), ..said } != PortInformation { state: State(0), ..now }
                    || news(said.state) != news(now.state)
            });
        if followed || stale {
            self.hurry(now);
        }
    }
}

/// A frame of the tester around a LACPDU.
pub fn frame(mac: MacAddress, pdu: &Lacpdu) -> Vec<u8> {
    slow_frame(mac, &pdu.to_octets())
}

/// A frame of the tester around a slow protocol's message.
pub fn slow_frame(mac: MacAddress, message: &[u8]) -> Vec<u8> {
    let builder = Builder::slow(mac);
    let mut octets = vec![0; (builder.headers_len() + message.len()).max(60)];
    let written = builder.emit(&mut octets, |space| {
        space[..message.len()].copy_from_slice(message);
        Ok(message.len())
    });
    octets.truncate(written.unwrap_or(0));
    octets
}

/// The LACPDU in a frame that is not tagged.
pub fn lacpdu(frame: &[u8]) -> Option<LacpduRef<'_>> {
    let payload = frame.get(14..)?;
    let slow = frame.get(12..14)? == redspec_codec::frame::SLOW_PROTOCOLS.to_be_bytes();
    if slow { LacpduRef::parse(payload).ok().map(|(pdu, _)| pdu) } else { None }
}

/// One partner for each link.
#[derive(Clone, Debug, Default)]
pub struct Partners(pub Vec<Partner>);

impl Background for Partners {
    fn deadline(&self) -> Option<Time> {
        self.0.iter().filter_map(|partner| partner.next.filter(|_| partner.talks)).min()
    }

    fn due(&mut self, now: Time, out: &mut Outbox) {
        for partner in &mut self.0 {
            if partner.talks && partner.next.is_some_and(|next| next <= now) {
                partner.next = Some(now + partner.refresh());
                out.push((partner.port, partner.frame(&partner.message())));
            }
        }
    }

    fn seen(&mut self, now: Time, event: &Event<'_>, out: &mut Outbox) {
        let Some(partner) = self.0.get_mut(event.port.index()) else { return };
        let Some(frame) = event.frame(Direction::FromDevice) else { return };
        if let Some(pdu) = lacpdu(frame) {
            partner.heard(now, pdu.to_value());
        }
        // Some devices ask before they move a conversation, and may wait for the answer.
        let asked = pattern::marker(frame).filter(|marker| marker.kind == MarkerKind::INFORMATION);
        if let Some(marker) = asked.filter(|_| partner.talks) {
            out.push((partner.port, slow_frame(partner.mac, &marker.response().to_octets())));
        }
    }

    fn sent(&mut self, mark: Mark, port: Port, frame: &[u8]) {
        let Some(partner) = self.0.get_mut(port.index()) else { return };
        if let Some(pdu) = lacpdu(frame) {
            partner.sent = Some((mark, pdu.to_value()));
            if partner.talks {
                partner.next = Some(mark.at.time + partner.refresh());
            }
        }
    }
}
