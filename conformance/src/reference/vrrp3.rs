//! A VRRPv3 router with one virtual router on IPv4, as far as one takeover needs it.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use redspec_codec::frame::{Arp, Builder, Frame, Pdu};
use redspec_codec::vrrp::v3::Advertisement;
use redspec_codec::vrrp::{ChecksumStatus, VrrpPdu};
use redspec_codec::{Addresses, MacAddress};

use super::machine::{Host, Table};
use super::{Device, Input};
use crate::event::Port;
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::vrrp3::machine::{Action, Condition, ROUTER, Router};
use crate::spec::vrrp3::timers::{active_down_interval, skew_time};
use crate::time::Time;

/// The router, configured by `vrrp3.vrid`, `vrrp3.priority`, `vrrp3.interval` (seconds), `vrrp3.preempt`,
/// `vrrp3.address` and `vrrp3.virtual_address`.
pub struct Vrrp3Router {
    table: Table<Router, Condition, Action>,
    state: Router,
    running: Running,
}

struct Running {
    vrid: u8,
    priority: u8,
    interval: Duration,
    active_interval: Duration,
    preempt: bool,
    address: Ipv4Addr,
    virtual_address: Ipv4Addr,
    up: bool,
    now: Time,
    active_down: Option<Time>,
    advertisement: Option<Time>,
    /// Priority, sender and interval of an advertisement that has just come.
    received: Option<(u8, Ipv4Addr, Duration)>,
    output: Vec<(Port, Vec<u8>)>,
}

impl Vrrp3Router {
    /// A router whose interface is down.
    ///
    /// # Errors
    /// A setting that does not fit.
    pub fn new(settings: &Settings, edition: Edition) -> Result<Self, BadSetting> {
        let interval = settings.seconds("vrrp3.interval", Duration::from_secs(1))?;
        let running = Running {
            vrid: settings.get("vrrp3.vrid", 7)?,
            priority: settings.get("vrrp3.priority", 100)?,
            interval,
            active_interval: interval,
            preempt: settings.flag("vrrp3.preempt", true)?,
            address: settings.get("vrrp3.address", Ipv4Addr::new(192, 0, 2, 1))?,
            virtual_address: settings.get("vrrp3.virtual_address", Ipv4Addr::new(192, 0, 2, 100))?,
            up: false,
            now: Time::ZERO,
            active_down: None,
            advertisement: None,
            received: None,
            output: Vec::new(),
        };
        Ok(Self { table: Table::new(&ROUTER, edition), state: ROUTER.initial, running })
    }

    fn settle(&mut self) {
        self.table.step(&mut self.state, &mut self.running);
        self.running.received = None;
        // Each step starts or stops the timer that led to it, so few follow; more than these would be a faulty table.
        for _ in 0..8 {
            if !self.table.step(&mut self.state, &mut self.running) {
                return;
            }
        }
    }
}

/// The advertisement of this virtual router in a frame: priority, sender, interval.
fn advertisement(frame: &[u8], vrid: u8) -> Option<(u8, Ipv4Addr, Duration)> {
    let frame = Frame::parse(frame).ok()?;
    let (Some(255), Some(IpAddr::V4(sender)), Ok((Pdu::Vrrp(VrrpPdu::V3(pdu)), _))) =
        (frame.ttl(), frame.source_ip(), frame.pdu())
    else {
        return None;
    };
    let right = pdu.vrid() == vrid && pdu.checksum_status(frame.carrier()) != ChecksumStatus::Invalid;
    let interval = Duration::from_millis(u64::from(pdu.max_advertisement_interval_cs()) * 10);
    right.then(|| (pdu.priority(), sender, interval))
}

impl Running {
    fn emit(
        &mut self,
        builder: &Builder<'_>,
        write: impl FnOnce(&mut [u8]) -> Result<usize, redspec_codec::Error>,
    ) {
        let mut frame = vec![0; 128];
        if let Ok(length) = builder.emit(&mut frame, write) {
            frame.truncate(length);
            self.output.push((Port(0), frame));
        }
    }
}

impl Host<Condition, Action> for Running {
    fn holds(&self, condition: Condition) -> bool {
        let received = |test: &dyn Fn(u8, Ipv4Addr) -> bool| {
            self.received.is_some_and(|(priority, sender, _)| test(priority, sender))
        };
        match condition {
            Condition::Startup => self.up,
            Condition::Owner => self.priority == 255,
            Condition::Received => self.received.is_some(),
            Condition::PriorityZero => received(&|priority, _| priority == 0),
            Condition::PriorityNotLower => received(&|priority, _| priority >= self.priority),
            Condition::Better => {
                received(&|priority, sender| (priority, sender) > (self.priority, self.address))
            }
            Condition::Preempt => self.preempt,
            Condition::ActiveDownExpired => self.active_down.is_some_and(|deadline| deadline <= self.now),
            Condition::AdvertisementExpired => {
                self.advertisement.is_some_and(|deadline| deadline <= self.now)
            }
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::SendAdvertisement => {
                let builder = Builder::vrrp_ipv4(self.vrid, self.address);
                let Some(carrier) = builder.carrier() else { return };
                let interval = u16::try_from(self.interval.as_millis() / 10).unwrap_or(u16::MAX);
                let (vrid, priority, addresses) = (self.vrid, self.priority, [self.virtual_address]);
                self.emit(&builder, |space| {
                    Advertisement::new(vrid, priority, interval, Addresses::from(&addresses[..]))
                        .emit(carrier, space)
                });
            }
            Action::SendGratuitousArp => {
                let mac = MacAddress([0, 0, 0x5e, 0, 1, self.vrid]);
                let arp = Arp::gratuitous(mac, self.virtual_address);
                self.emit(&Builder::arp(mac), |space| arp.emit(space));
            }
            Action::LearnInterval => {
                if let Some((_, _, interval)) = self.received {
                    self.active_interval = interval;
                }
            }
            Action::StartActiveDown => {
                self.active_down = Some(self.now + active_down_interval(self.priority, self.active_interval));
            }
            Action::StartSkew => {
                self.active_down = Some(self.now + skew_time(self.priority, self.active_interval));
            }
            Action::StopActiveDown => self.active_down = None,
            Action::StartAdvertisement => self.advertisement = Some(self.now + self.interval),
            Action::StopAdvertisement => self.advertisement = None,
        }
    }
}

impl Device for Vrrp3Router {
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting> {
        self.running.now = now;
        match input {
            Input::Frame(_, frame) => self.running.received = advertisement(frame, self.running.vrid),
            Input::Link(_, up) => self.running.up = up,
            Input::Configure(name, value) => {
                let expected = "no parameter: this reference cannot be changed while it runs".to_owned();
                return Err(BadSetting { name: name.to_owned(), value: value.to_owned(), expected });
            }
        }
        self.settle();
        Ok(())
    }

    fn advance(&mut self, now: Time) {
        self.running.now = now;
        self.settle();
    }

    fn next_deadline(&self) -> Option<Time> {
        let timers = [self.running.active_down, self.running.advertisement];
        timers.into_iter().flatten().filter(|deadline| *deadline > self.running.now).min()
    }

    fn output(&mut self) -> Vec<(Port, Vec<u8>)> {
        std::mem::take(&mut self.running.output)
    }

    fn state(&self, _: &str, _: Port) -> Option<String> {
        None
    }

    fn rows(&self) -> Vec<&'static str> {
        self.table.taken().collect()
    }
}
