//! What tests of a router do and look for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::{Family, MacAddress};

use super::{Hosts, HsrpTest, Message, Peer, Station, Steps, message};
use crate::reference::hsrp::configuration::StandbyGroup;
use crate::scenario::{Mark, Sighting, Stop};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::missing;

/// Stimuli.
impl HsrpTest<'_> {
    /// The first group.
    pub fn group(&self) -> StandbyGroup {
        self.configuration.first().clone()
    }

    /// The virtual address: the one that is configured, or that other routers tell the device.
    pub fn vip(&self) -> IpAddr {
        self.hello(Group::Active, 200).address
    }

    /// An address that is nobody's, of the kind that the virtual address is.
    pub fn other_vip(&self) -> IpAddr {
        self.address_of(0xdd)
    }

    /// The group's MAC address.
    pub fn virtual_mac(&self) -> MacAddress {
        self.configuration.first().mac()
    }

    /// An address of another router, lower than the device's own.
    pub fn lower_address(&self) -> IpAddr {
        self.address_of(9)
    }

    /// An address of a third router, lower than the device's own.
    pub fn other_address(&self) -> IpAddr {
        self.address_of(8)
    }

    /// An address of another router, higher than the device's own.
    pub fn higher_address(&self) -> IpAddr {
        self.address_of(0x99)
    }

    /// An address of another router that ends so.
    pub fn address_of(&self, last: u8) -> IpAddr {
        match self.dialect.family() {
            Family::Ipv4 => Ipv4Addr::new(10, 0, 0, last).into(),
            Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, u16::from(last)).into(),
        }
    }

    /// A Hello for the device's group, right in everything: from a lower address, in this state, with this priority.
    pub fn hello(&self, state: Group, priority: u32) -> Message {
        let from = if state == Group::Active { self.lower_address() } else { self.other_address() };
        Message::hello(&self.configuration, self.configuration.first(), from, state, priority)
    }

    /// Sends a message.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send(&mut self, message: &Message) -> Result<Mark, Stop> {
        self.send_frame(message.port, &message.frame())
    }

    /// Another router that sends this Hello from now on, each of its Hellotimes. Returns its place among the peers.
    pub fn start_peer(&mut self, message: Message) -> usize {
        let mut peer = Peer::new(message);
        peer.start(self.now());
        self.lan.peers.push(peer);
        self.lan.peers.len() - 1
    }

    /// It falls silent. Returns its last Hello.
    ///
    /// # Errors
    /// It never sent any.
    pub fn stop_peer(&mut self, peer: usize) -> Result<Mark, Stop> {
        self.lan.peers[peer].stop();
        self.lan.peers[peer].last.ok_or_else(|| Stop::Error("T has sent nothing".to_owned()))
    }

    /// A router in this state says something else from now on, beginning with this moment. It keeps its beat.
    pub fn change_peer(&mut self, peer: usize, message: Message) {
        self.lan.peers[peer].message = message;
    }

    /// Any message of the device for the first group.
    pub fn message(&self) -> super::pattern::Messages {
        message(self.configuration.first())
    }
}

impl Hosts for HsrpTest<'_> {
    fn station(&self, number: usize) -> Station {
        self.lan.stations[number].clone()
    }

    fn family(&self) -> Family {
        self.dialect.family()
    }

    fn shared_mac(&self) -> MacAddress {
        self.virtual_mac()
    }

    fn own_address(&self) -> IpAddr {
        match self.family() {
            Family::Ipv4 => self.configuration.lan().address.into(),
            Family::Ipv6 => self.configuration.lan().link_local.into(),
        }
    }
}

/// Obligations. Requirements are named without their protocol.
impl HsrpTest<'_> {
    /// The device goes on sending Hellos in this state and in no other, for so many of them. Returns the last.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn goes_on(
        &mut self,
        state: Group,
        mark: Mark,
        hellos: u32,
        requirement: &'static str,
    ) -> Result<Mark, Stop> {
        let window = missing(self.hellotime());
        let own = self.message().state(state);
        let other = self
            .message()
            .hello()
            .with(&format!("not in {state:?}"), move |seen| seen.heard.state != Some(state));
        let mut from = mark;
        for _ in 0..hellos {
            let next = self.expect(&own, from, window, requirement)?;
            self.never(&other, from, next.at.time - from.at.time, requirement)?;
            from = next.mark();
        }
        Ok(from)
    }

    /// What the device's frame at that sighting tells of the group.
    pub fn seen(&self, sighting: Sighting) -> Option<super::pattern::Seen> {
        self.message().seen(self.run.event(sighting))
    }

    /// Left alone the device sends Hellos: it still works.
    pub(super) fn still_alive(&mut self) -> Result<(), Stop> {
        if !self.closing {
            return Ok(());
        }
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        // A message may have told it any time.
        let mark = self.mark();
        self.release()?;
        self.speaks_again(mark)
    }

    /// Behind [`Self::release`] the device sends Hellos.
    ///
    /// # Errors
    /// It does not: it has died.
    pub(super) fn speaks_again(&mut self, mark: Mark) -> Result<(), Stop> {
        let longest = self.holdtime() + self.hellotime() * 2 + Duration::from_secs(2);
        if self.look(&self.message().hello(), mark, longest)?.is_none() {
            let text = format!("no Hello within {} s of the last router's", longest.as_secs_f64());
            return Err(Stop::Crash(text));
        }
        Ok(())
    }
}
