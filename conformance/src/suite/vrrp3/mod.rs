//! Tests of VRRPv3 routers: so far one takeover.

use std::net::Ipv4Addr;
use std::time::Duration;

use redspec_codec::Addresses;
use redspec_codec::frame::{Builder, Frame, Pdu};
use redspec_codec::vrrp::VrrpPdu;
use redspec_codec::vrrp::v3::Advertisement;

use crate::event::{Direction, Event, Port};
use crate::scenario::{Background, Mark, Outbox, Pattern, Run, Stop, Test};
use crate::spec::Editions;
use crate::spec::vrrp3::timers::{GRATUITOUS_ARP, active_down_interval, between, takeover};
use crate::time::Time;

const P1: Port = Port(0);

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![takeover_time()]
}

/// The tester as Active Router: it advertises at its interval as long as it is meant to.
struct ActiveRouter {
    vrid: u8,
    priority: u8,
    interval: Duration,
    address: Ipv4Addr,
    virtual_address: Ipv4Addr,
    next: Option<Time>,
}

impl ActiveRouter {
    fn advertisement(&self) -> Vec<u8> {
        let builder = Builder::vrrp_ipv4(self.vrid, self.address);
        let mut frame = vec![0; 128];
        let interval = u16::try_from(self.interval.as_millis() / 10).unwrap_or(u16::MAX);
        let addresses = [self.virtual_address];
        let addresses = Addresses::from(&addresses[..]);
        let advertisement = Advertisement::new(self.vrid, self.priority, interval, addresses);
        let written = builder
            .carrier()
            .map(|carrier| builder.emit(&mut frame, |space| advertisement.emit(carrier, space)));
        frame.truncate(written.and_then(Result::ok).unwrap_or(0));
        frame
    }
}

impl Background for ActiveRouter {
    fn deadline(&self) -> Option<Time> {
        self.next
    }

    fn due(&mut self, now: Time, out: &mut Outbox) {
        out.push((P1, self.advertisement()));
        self.next = Some(now + self.interval);
    }

    fn seen(&mut self, _: Time, _: &Event<'_>, _: &mut Outbox) {}

    fn sent(&mut self, _: Mark, _: Port, _: &[u8]) {}
}

/// An advertisement of the device for a virtual router.
struct AdvertisementOf(u8);

impl Pattern for AdvertisementOf {
    fn describe(&self) -> String {
        format!("advertisement of virtual router {}", self.0)
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let frame = Frame::parse(event.frame(Direction::FromDevice)?).ok()?;
        let (Pdu::Vrrp(VrrpPdu::V3(pdu)), _) = frame.pdu().ok()? else { return None };
        Some(pdu.vrid() == self.0)
    }

    fn show(&self, event: &Event<'_>) -> String {
        let frame = event.frame(Direction::FromDevice).and_then(|octets| Frame::parse(octets).ok());
        let pdu = frame.and_then(|frame| frame.pdu().ok());
        match pdu {
            Some((Pdu::Vrrp(VrrpPdu::V3(pdu)), _)) => {
                format!("virtual router {} priority {}", pdu.vrid(), pdu.priority())
            }
            _ => String::new(),
        }
    }
}

/// A gratuitous ARP for an address.
struct GratuitousArp(Ipv4Addr);

impl Pattern for GratuitousArp {
    fn describe(&self) -> String {
        format!("gratuitous ARP for {}", self.0)
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let frame = Frame::parse(event.frame(Direction::FromDevice)?).ok()?;
        let (Pdu::Arp(arp), _) = frame.pdu().ok()? else { return None };
        Some(arp.is_gratuitous() && arp.sender_ip == self.0)
    }

    fn show(&self, _: &Event<'_>) -> String {
        "another ARP packet".to_owned()
    }
}

/// A Backup Router takes over one Active_Down_Interval after the last advertisement.
fn takeover_time() -> Test {
    Test::new(
        "vrrp3.backup.takeover-time",
        "-",
        "A Backup Router takes over one Active_Down_Interval after the Active Router fell silent, and not before.",
        Editions::VRRP3,
    )
    .judges(&[
        "vrrp3.backup.silent",
        "vrrp3.backup.takeover-time",
        "vrrp3.active.gratuitous-arp",
        "vrrp3.active.interval",
        "vrrp3.active.yields",
    ])
    .body(takeover_of)
}

fn takeover_of(run: &mut Run) -> Result<(), Stop> {
    let wrong = |error: crate::settings::BadSetting| Stop::Error(error.to_string());
    let settings = run.settings().clone();
    let vrid = settings.get("vrrp3.vrid", 7).map_err(wrong)?;
    let priority = settings.get("vrrp3.priority", 100).map_err(wrong)?;
    let own_interval = settings.seconds("vrrp3.interval", Duration::from_secs(1)).map_err(wrong)?;
    let virtual_address =
        settings.get("vrrp3.virtual_address", Ipv4Addr::new(192, 0, 2, 100)).map_err(wrong)?;
    let mut active = ActiveRouter {
        vrid,
        priority: 200,
        interval: Duration::from_secs(1),
        address: Ipv4Addr::new(192, 0, 2, 2),
        virtual_address,
        next: Some(run.now()),
    };
    let advertisement = AdvertisementOf(vrid);

    run.set_up("D is Backup, T is Active with priority 200 and advertises every second");
    let hearing = run.mark();
    run.wait_until(&mut active, hearing.at.time + Duration::from_secs(1))?;
    let (from, until) = (run.mark(), run.now() + Duration::from_millis(8500));
    run.never(&mut active, &advertisement, from, until, "vrrp3.backup.silent")?;

    run.step("T stops advertising");
    active.next = None;
    let last = run.events().iter().rposition(|event| event.frame(Direction::ToDevice).is_some());
    let last = last.map_or(run.mark(), |index| Mark { at: run.events()[index].at, events: index + 1 });
    let window = takeover(active_down_interval(priority, active.interval));
    let first = run.expect(&mut active, &advertisement, last, window, "vrrp3.backup.takeover-time")?;
    run.expect(
        &mut active,
        &GratuitousArp(virtual_address),
        first.mark(),
        GRATUITOUS_ARP,
        "vrrp3.active.gratuitous-arp",
    )?;
    let until = first.at.time + own_interval * 5 + own_interval / 2;
    let mut sightings = vec![first];
    sightings.extend(run.all(&mut active, &advertisement, first.mark(), until)?);
    run.judge(
        sightings.len() >= 5,
        "at least 5 advertisements in 5 intervals",
        "",
        None,
        "vrrp3.active.interval",
    )?;
    run.gaps(&sightings, between(own_interval), "vrrp3.active.interval")?;

    run.step("T advertises again");
    active.next = Some(run.now());
    run.wait_until(&mut active, run.now() + Duration::from_millis(1500))?;
    let (from, until) = (run.mark(), run.now() + own_interval * 5);
    run.never(&mut active, &advertisement, from, until, "vrrp3.active.yields")
}
