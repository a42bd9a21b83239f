//! Hosts that ask a router where addresses are.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::{Family, MacAddress};

use super::packet::{Ask, copy, echo, packet, question, syn};
use super::pattern::{Bindings, Frames, Told, answer, binding, read};
use super::station::Station;
use crate::event::{Event, Port};
use crate::reference::router::{DOWNSTREAM, LAN, REMOTE_HOST, REMOTE_HOST6};
use crate::scenario::{Mark, Sighting, Stop};
use crate::suite::steps::Steps;

/// What must not come is asked for so often, and so is what has to come and does not.
pub const TRIES: usize = 3;
/// What the device sends so soon after the first question may have been on its way.
pub const UNDER_WAY: Duration = Duration::from_millis(100);
/// How long is waited for the answer to one question.
pub const NO_REPLY: Duration = Duration::from_secs(1);

/// A question and its answer.
pub struct Answered {
    /// What was asked for.
    pub address: IpAddr,
    /// When it was asked.
    pub asked: Mark,
    /// When it was answered.
    pub sighting: Sighting,
    /// What the answer tells.
    pub told: Told,
}

/// A test with hosts on the device's links.
pub trait Hosts: Steps {
    /// A host: [`Station::HOST`] and so on.
    fn station(&self, number: usize) -> Station;

    /// Of the addresses that the test is about.
    fn family(&self) -> Family;

    /// The MAC address of the virtual router, or of the group.
    fn shared_mac(&self) -> MacAddress;

    /// The device's own address on the LAN, of the family that the test is about.
    fn own_address(&self) -> IpAddr;

    /// A host on the LAN asks where `address` is.
    ///
    /// # Errors
    /// The bed could not.
    fn ask(&mut self, address: IpAddr, how: Ask) -> Result<Mark, Stop> {
        let frame = self.question(address, how);
        self.send_frame(LAN, &frame)
    }

    /// The question of [`Self::ask`].
    fn question(&self, address: IpAddr, how: Ask) -> Vec<u8> {
        question(&self.station(Station::HOST), address, how, self.shared_mac())
    }

    /// Its answer.
    fn answer(&self, address: IpAddr) -> Bindings {
        answer(LAN, address)
    }

    /// A host on the LAN sends an echo request to `address` in a frame to `mac`. Returns the mark, and the number by which
    /// its answer and its copies are known.
    ///
    /// # Errors
    /// The bed could not.
    fn ping(&mut self, address: IpAddr, mac: MacAddress) -> Result<(Mark, [u8; 4]), Stop> {
        let token = self.token();
        let host = self.station(Station::HOST);
        let frame = packet(&host, address, mac, 64, &echo(address, token));
        Ok((self.send_frame(host.port, &frame)?, token))
    }

    /// The same as TCP: a SYN to the discard port.
    ///
    /// # Errors
    /// The bed could not.
    fn connect(&mut self, address: IpAddr, mac: MacAddress) -> Result<Mark, Stop> {
        let token = self.token();
        let host = self.station(Station::HOST);
        let frame = packet(&host, address, mac, 64, &syn(token));
        self.send_frame(host.port, &frame)
    }

    /// An echo request of a host on the LAN to the host behind the device, in a frame to `mac`, with this TTL.
    ///
    /// # Errors
    /// The bed could not.
    fn send_through(&mut self, mac: MacAddress, ttl: u8) -> Result<(Mark, [u8; 4]), Stop> {
        let token = self.token();
        let host = self.station(Station::HOST);
        let remote = self.remote();
        let frame = packet(&host, remote, mac, ttl, &echo(remote, token));
        Ok((self.send_frame(host.port, &frame)?, token))
    }

    /// The host behind the device.
    fn remote(&self) -> IpAddr {
        match self.family() {
            Family::Ipv4 => REMOTE_HOST.into(),
            Family::Ipv6 => REMOTE_HOST6.into(),
        }
    }

    /// A copy, on port 2, of what [`Self::send_through`] sent.
    fn forwarded(&self, token: [u8; 4]) -> Frames {
        copy(DOWNSTREAM, token, None)
    }

    /// What a sighting tells of where `address` is.
    fn told(&self, address: IpAddr, sighting: Sighting) -> Option<Told> {
        binding(LAN, address).told(self.run().event(sighting))
    }

    /// A host asks where `address` is, up to three times.
    ///
    /// # Errors
    /// The bed fails.
    fn ask_until_answered(&mut self, address: IpAddr, how: Ask) -> Result<Option<Answered>, Stop> {
        // To the asker alone, over IPv6: what goes to all nodes may have come by itself.
        let probe = how == Ask::Probe;
        let pattern = answer(LAN, address).with("to the asker", move |told| probe || !told.to_all);
        let asking = self.question(address, how);
        let from = self.mark();
        let mut asked = from;
        for _ in 0..TRIES {
            asked = self.send_frame(LAN, &asking)?;
            if let Some(sighting) = self.look(&pattern, asked, NO_REPLY)? {
                let told = self.told(address, sighting);
                return Ok(told.map(|told| Answered { address, asked, sighting, told }));
            }
        }
        // It answers everyone: no less an answer.
        let found = self.look(&answer(LAN, address), from, NO_REPLY)?;
        let told = found.and_then(|sighting| Some((sighting, self.told(address, sighting)?)));
        Ok(told.map(|(sighting, told)| Answered { address, asked, sighting, told }))
    }

    /// The device answers who asks where `address` is, at least the third time.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    fn answered(&mut self, address: IpAddr, how: Ask, requirement: &'static str) -> Result<Answered, Stop> {
        let text = format!(
            "{} for {address} within {} s, when asked {TRIES} times at most ({how:?})",
            if address.is_ipv4() { "ARP reply" } else { "Neighbor Advertisement" },
            NO_REPLY.as_secs_f64()
        );
        let found = self.ask_until_answered(address, how)?;
        let seen = if found.is_some() { "" } else { "none came" };
        let frame = found.as_ref().map(|answered| answered.sighting.number);
        self.judge(found.is_some(), &text, seen, frame, requirement)?;
        found.ok_or(Stop::Decided)
    }

    /// The answer gives the virtual MAC address; one that goes back to who asked it alone over IPv6 may give none.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    fn gives_virtual_mac(
        &mut self,
        answered: &Answered,
        how: Ask,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let mac = answered.told.mac;
        let optional = answered.address.is_ipv6() && how == Ask::VirtualMac;
        let met = mac == Some(self.shared_mac()) || mac.is_none() && optional;
        let text = format!("the answer gives the virtual MAC address ({how:?})");
        let seen = mac.map_or_else(|| "it gives none".to_owned(), |mac| format!("it gives {mac}"));
        self.judge(met, &text, &seen, Some(answered.sighting.number), requirement)
    }

    /// The MAC address that the device gives for an address of its own on a port, if it answers.
    ///
    /// # Errors
    /// The bed fails.
    fn mac_at(&mut self, port: Port, address: IpAddr) -> Result<Option<MacAddress>, Stop> {
        let asker = self.station(if port == LAN { Station::HOST } else { Station::REMOTE });
        let asking = question(&asker, address, Ask::Everyone, self.shared_mac());
        let pattern = answer(port, address);
        for _ in 0..TRIES {
            let asked = self.send_frame(port, &asking)?;
            if let Some(sighting) = self.look(&pattern, asked, NO_REPLY)? {
                let event = self.run().event(sighting);
                let told = pattern.told(event).and_then(|told| told.mac);
                return Ok(told.or_else(|| source_mac(event)));
            }
        }
        Ok(None)
    }

    /// The device's physical MAC address on the LAN, as far as it answers for its own address.
    ///
    /// # Errors
    /// The bed fails.
    fn physical_mac(&mut self) -> Result<Option<MacAddress>, Stop> {
        let (own, shared) = (self.own_address(), self.shared_mac());
        Ok(self.mac_at(LAN, own)?.filter(|mac| *mac != shared))
    }

    /// From here on something must not come: what was on its way is over when the first stimulus is sent.
    ///
    /// # Errors
    /// The bed fails.
    fn quiet_start(&mut self) -> Result<Mark, Stop> {
        let mark = self.mark();
        self.wait(UNDER_WAY)?;
        Ok(mark)
    }

    /// How long ago that was.
    fn since(&self, mark: Mark) -> Duration {
        self.now().since(mark.at.time)
    }
}

/// The Ethernet source of the device's frame.
pub fn source_mac(event: &Event<'_>) -> Option<MacAddress> {
    read(event, event.port)?.source_mac()
}
