//! What tests of a router do and look for.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::{Family, MacAddress};

use super::{Advert, Hosts, Peer, Station, Steps, VrrpTest, advertisement};
use crate::event::Stamp;
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::scenario::{Mark, Sighting, Stop};
use crate::spec::Window;
use crate::spec::vrrp::timers::formulas;
use crate::spec::vrrp::tolerances::{lead, period, takeover, tolerance};

/// Time.
impl VrrpTest<'_> {
    /// Active_Down_Interval of the device if the Active Router's interval is `interval`; version 2 knows its own alone.
    pub fn down_interval(&self, interval: Duration) -> Duration {
        let formulas = formulas(self.dialect.version());
        formulas.down_interval(self.configuration.first().priority, interval)
    }

    /// Skew_Time of the device.
    pub fn skew_time(&self, interval: Duration) -> Duration {
        formulas(self.dialect.version()).skew_time(self.configuration.first().priority, interval)
    }

    /// When the device takes over after the last advertisement of a router with this interval.
    pub fn takeover_after(&self, interval: Duration) -> Window {
        takeover(self.down_interval(interval), interval)
    }

    /// When it takes over after priority 0 from a router with this interval.
    pub fn takeover_after_release(&self, interval: Duration) -> Window {
        takeover(self.skew_time(interval), interval)
    }

    /// [`lead`] before the device's first advertisement as Active, for events from that one on.
    pub fn about(&self, first: Sighting, events: usize) -> Mark {
        Mark { at: Stamp { time: first.at.time.before(lead(self.interval())), ..first.at }, events }
    }

    /// How far from a timer that follows from this interval the device may be seen.
    pub fn tolerance(&self, interval: Duration) -> Duration {
        if self.run.exact() { Duration::from_millis(2) } else { tolerance(interval) }
    }
}

/// Stimuli.
impl VrrpTest<'_> {
    /// The first virtual router.
    pub fn router(&self) -> VirtualRouter {
        self.configuration.first().clone()
    }

    /// The first virtual address: over IPv6 the link-local one.
    pub fn vip(&self) -> IpAddr {
        self.configuration.first().addresses[0]
    }

    /// The virtual address that packets from elsewhere can be sent to: over IPv6 the first global one.
    pub fn global_vip(&self) -> IpAddr {
        *self.configuration.first().addresses.last().unwrap_or(&self.vip())
    }

    /// The virtual router's MAC address.
    pub fn virtual_mac(&self) -> MacAddress {
        self.configuration.first().mac()
    }

    /// An address of another router, smaller than the device's own.
    pub fn smaller_address(&self) -> IpAddr {
        match self.dialect.family() {
            Family::Ipv4 => Ipv4Addr::new(10, 0, 0, 9).into(),
            Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9).into(),
        }
    }

    /// An address of another router, greater than the device's own.
    pub fn greater_address(&self) -> IpAddr {
        match self.dialect.family() {
            Family::Ipv4 => Ipv4Addr::new(10, 0, 0, 0x99).into(),
            Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x99).into(),
        }
    }

    /// An advertisement for the device's virtual router with this priority, right in everything, from a smaller address.
    pub fn advert(&self, priority: u8) -> Advert {
        Advert::new(&self.configuration, self.configuration.first(), self.smaller_address(), priority)
    }

    /// Sends an advertisement.
    ///
    /// # Errors
    /// The bed could not.
    pub fn send(&mut self, advert: &Advert) -> Result<Mark, Stop> {
        let frame = self.lan.frame(advert);
        self.send_frame(advert.port, &frame)
    }

    /// Another router that advertises this from now on, each interval. Returns its place among the peers.
    pub fn start_peer(&mut self, advert: Advert) -> usize {
        let mut peer = Peer::new(advert);
        peer.start(self.now());
        self.lan.peers.push(peer);
        self.lan.peers.len() - 1
    }

    /// It falls silent. Returns its last advertisement.
    ///
    /// # Errors
    /// It never sent any.
    pub fn stop_peer(&mut self, peer: usize) -> Result<Mark, Stop> {
        self.lan.peers[peer].stop();
        self.lan.peers[peer].last.ok_or_else(|| Stop::Error("T has sent nothing".to_owned()))
    }

    /// Another router advertises a priority of 200, and the device is Backup: silent for two intervals. Returns the
    /// router's place among the peers.
    ///
    /// # Errors
    /// The device does not become Backup: the test is inconclusive.
    pub fn make_backup(&mut self) -> Result<usize, Stop> {
        let advert = self.advert(200);
        self.make_backup_of(advert)
    }

    /// The same with another advertisement.
    ///
    /// # Errors
    /// As [`Self::make_backup`].
    pub fn make_backup_of(&mut self, advert: Advert) -> Result<usize, Stop> {
        let before = self.run.preamble_start();
        self.run.step(format!(
            "T advertises priority {} every {} s: D is Backup",
            advert.priority,
            advert.interval.as_secs_f64()
        ));
        let (interval, router) = (advert.interval.max(self.interval()), self.router());
        let peer = self.start_peer(advert);
        self.wait(interval / 2)?;
        let mark = self.mark();
        self.never(&advertisement(&router), mark, interval * 2, "backup.silent")?;
        self.run.preamble_end(before);
        Ok(peer)
    }

    /// The device is Active: nobody else advertises, and it does. Returns its last advertisement.
    ///
    /// # Errors
    /// It does not: the test is inconclusive.
    pub fn make_active(&mut self) -> Result<Sighting, Stop> {
        let before = self.run.preamble_start();
        self.run.step("nobody else advertises: D is Active");
        let (interval, router) = (self.interval(), self.router());
        let mark = self.mark();
        let longest = self.down_interval(interval) + interval + tolerance(interval) + Duration::from_secs(1);
        let found = self.look(&advertisement(&router), mark, longest)?;
        let Some(first) = found else {
            return Err(Stop::Inconclusive(format!(
                "preamble: D did not advertise within {} s although nobody else did",
                longest.as_secs_f64()
            )));
        };
        self.run.preamble_end(before);
        Ok(first)
    }

    /// The middle of the interval that began with the device's last advertisement: far from its next one.
    ///
    /// # Errors
    /// It does not advertise.
    pub fn mid_interval(&mut self) -> Result<Sighting, Stop> {
        let (interval, router) = (self.interval(), self.router());
        let before = self.run.preamble_start();
        let mark = self.mark();
        let last =
            self.expect(&advertisement(&router), mark, period(interval).from_anywhere(), "active.interval")?;
        self.run.preamble_end(before);
        self.wait_until(last.mark(), interval / 2)?;
        Ok(last)
    }
}

impl Hosts for VrrpTest<'_> {
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
impl VrrpTest<'_> {
    /// The device is Active and goes on advertising each interval, for so many of them.
    ///
    /// # Errors
    /// It is not: recorded, and the end of the test.
    pub fn goes_on(&mut self, mark: Mark, intervals: u32, requirement: &'static str) -> Result<(), Stop> {
        let (interval, router) = (self.interval(), self.router());
        let pattern = advertisement(&router);
        let mut from = mark;
        for _ in 0..intervals {
            let sighting = self.expect(&pattern, from, period(interval).from_anywhere(), requirement)?;
            from = sighting.mark();
        }
        Ok(())
    }

    /// Left alone the device becomes Active and advertises: it still works.
    pub(super) fn still_alive(&mut self) -> Result<(), Stop> {
        if !self.closing {
            return Ok(());
        }
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        let router = self.router();
        let interval = self.interval();
        let mark = self.mark();
        // An advertisement may have told it any interval.
        let reset = Advert { interval, ..self.advert(200) };
        if !router.owner() {
            self.send(&reset)?;
        }
        let longest = self.down_interval(interval) + interval + Duration::from_secs(2);
        if self.look(&advertisement(&router), mark, longest)?.is_none() {
            let text = format!("no advertisement within {} s of the last router's", longest.as_secs_f64());
            return Err(Stop::Crash(text));
        }
        Ok(())
    }
}
