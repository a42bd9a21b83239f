//! Who answers for the virtual addresses, and with which MAC address.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Builder, NeighborDiscovery};

use super::lan::to;
use super::steps::Ask;
use super::{Dialect, Station, VrrpTest, advertisement, announcement, answer, binding, dialects};
use crate::bed::Capability;
use crate::event::Port;
use crate::reference::vrrp::configuration::{LAN, REMOTE_HOST};
use crate::reference::vrrp::virtual_router::{group_mac, solicited_node};
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::vrrp::tolerances::{ARP_REPLY, AT_ONCE, ND_REPLY, NO_REPLY, around};
use crate::spec::{Edition, Window};

use super::pattern::Told;

/// What must not come is asked for so often, and so is what has to come and does not.
pub const TRIES: usize = 3;
/// What the device sends so soon after the first question may have been on its way.
pub const UNDER_WAY: Duration = Duration::from_millis(100);
/// Enough questions for a MAC address that is right most of the time.
const MANY: usize = 20;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-040", "-", ""]) {
        tests.push(answers(dialect, row));
    }
    for (dialect, row) in dialects(["V2-041", "-", "-"]) {
        tests.push(never_physical(dialect, row));
    }
    for (dialect, row) in dialects(["V2-031", "V3-048", "V6-007"]) {
        tests.push(backup_silent(dialect, row));
    }
    for (dialect, row) in dialects(["V2-042", "-", ""]) {
        tests.push(own_address(dialect, row));
    }
    for (dialect, row) in dialects(["V2-055", "V3-052", ""]) {
        tests.push(proxy(dialect, row));
    }
    for (dialect, row) in dialects(["V2-056", "-", "-"]) {
        tests.push(several(dialect, row));
    }
    for (dialect, row) in dialects(["-", "-", "-"]) {
        tests.push(startup(dialect, row));
        tests.push(stopped(dialect, row));
    }
    tests
}

impl Dialect {
    /// A test that judges what this dialect has of these: ARP, or over IPv6 Neighbor Discovery.
    fn address_test(
        self,
        name: &str,
        row: &'static str,
        purpose: &str,
        requirements: &[&'static str],
    ) -> Test {
        let other: [&str; 2] = match self {
            Self::V2 | Self::V3 => ["nd.", "active.unsolicited-na"],
            Self::V6 => ["arp.", "active.gratuitous-arp"],
        };
        let own = requirements.iter().filter(|name| !other.iter().any(|other| name.starts_with(other)));
        self.test(name, row, purpose, &own.copied().collect::<Vec<_>>())
    }

    /// The requirement on ARP, or over IPv6 on Neighbor Discovery.
    pub const fn either(self, arp: &'static str, nd: &'static str) -> &'static str {
        match self {
            Self::V2 | Self::V3 => arp,
            Self::V6 => nd,
        }
    }

    const fn reply_time(self) -> Window {
        match self {
            Self::V2 | Self::V3 => ARP_REPLY,
            Self::V6 => ND_REPLY,
        }
    }

    const fn reply(self) -> &'static str {
        self.either("ARP reply", "Neighbor Advertisement")
    }
}

/// A question and its answer.
pub struct Answered {
    /// When it was asked.
    pub asked: Mark,
    /// When it was answered.
    pub sighting: Sighting,
    /// What the answer tells.
    pub told: Told,
}

impl VrrpTest<'_> {
    /// What a sighting tells of where `address` is.
    pub fn told(&self, address: IpAddr, sighting: Sighting) -> Option<Told> {
        binding(LAN, address).told(self.run.event(sighting))
    }

    /// A host asks where `address` is, up to three times.
    ///
    /// # Errors
    /// The bed fails.
    pub fn ask_until_answered(&mut self, address: IpAddr, how: Ask) -> Result<Option<Answered>, Stop> {
        // To the asker alone, over IPv6: what goes to all nodes may have come by itself.
        let probe = how == Ask::Probe;
        let pattern = self.answer(address).with("to the asker", move |told| probe || !told.to_all);
        let from = self.mark();
        let mut asked = from;
        for _ in 0..TRIES {
            asked = self.ask(address, how)?;
            if let Some(sighting) = self.look(&pattern, asked, NO_REPLY)? {
                let told = self.told(address, sighting);
                return Ok(told.map(|told| Answered { asked, sighting, told }));
            }
        }
        // It answers everyone: no less an answer.
        let pattern = self.answer(address);
        let found = self.look(&pattern, from, NO_REPLY)?;
        Ok(found
            .and_then(|sighting| self.told(address, sighting).map(|told| Answered { asked, sighting, told })))
    }

    /// The device answers who asks where `address` is, at least the third time.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn answered(
        &mut self,
        address: IpAddr,
        how: Ask,
        requirement: &'static str,
    ) -> Result<Answered, Stop> {
        let text = format!(
            "{} for {address} within {} s, when asked {TRIES} times at most ({how:?})",
            self.dialect.reply(),
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
    pub fn gives_virtual_mac(
        &mut self,
        answered: &Answered,
        how: Ask,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let mac = answered.told.mac;
        let optional = self.dialect == Dialect::V6 && how == Ask::VirtualMac;
        let met = mac == Some(self.virtual_mac()) || mac.is_none() && optional;
        let text = format!("the answer gives the virtual MAC address ({how:?})");
        let seen = mac.map_or_else(|| "it gives none".to_owned(), |mac| format!("it gives {mac}"));
        self.judge(met, &text, &seen, Some(answered.sighting.number), requirement)
    }

    /// The MAC address that the device gives for an address of its own on a port, if it answers.
    ///
    /// # Errors
    /// The bed fails.
    pub fn mac_at(&mut self, port: Port, address: IpAddr) -> Result<Option<MacAddress>, Stop> {
        let asker = if port == LAN { Station::HOST } else { Station::REMOTE };
        let asker = self.lan.stations[asker].clone();
        let pattern = answer(port, address);
        for _ in 0..TRIES {
            let asked = self.send_frame(port, &question(&asker, address))?;
            if let Some(sighting) = self.look(&pattern, asked, NO_REPLY)? {
                let event = self.run.event(sighting);
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
    pub fn physical_mac(&mut self) -> Result<Option<MacAddress>, Stop> {
        let own = match self.dialect {
            Dialect::V2 | Dialect::V3 => self.configuration.lan().address.into(),
            Dialect::V6 => self.configuration.lan().link_local.into(),
        };
        let virtual_mac = self.virtual_mac();
        Ok(self.mac_at(LAN, own)?.filter(|mac| *mac != virtual_mac))
    }

    /// From here on something must not come: what was on its way is over when the first stimulus is sent.
    ///
    /// # Errors
    /// The bed fails.
    pub fn quiet_start(&mut self) -> Result<Mark, Stop> {
        let mark = self.mark();
        self.wait(UNDER_WAY)?;
        Ok(mark)
    }

    /// How long ago that was.
    pub fn since(&self, mark: Mark) -> Duration {
        self.now().since(mark.at.time)
    }

    /// Nobody but the device advertises any more, and it becomes Active. Returns its first advertisement.
    ///
    /// # Errors
    /// It does not: the test is inconclusive.
    pub fn take_over(&mut self, peer: usize) -> Result<(Mark, Sighting), Stop> {
        let (interval, router) = (self.interval(), self.router());
        self.run.step("T falls silent: D takes over");
        let last = self.stop_peer(peer)?;
        let longest = self.down_interval(interval) + interval + Duration::from_secs(1);
        let first = self.look(&advertisement(&router), last, longest)?;
        first.map(|first| (last, first)).ok_or_else(|| Stop::Inconclusive("D did not take over".to_owned()))
    }
}

fn source_mac(event: &crate::event::Event<'_>) -> Option<MacAddress> {
    let octets = event.frame(crate::event::Direction::FromDevice)?;
    redspec_codec::frame::Frame::parse(octets).ok()?.source_mac()
}

/// A host asks everyone on its link where `address` is.
pub fn question(asker: &Station, address: IpAddr) -> Vec<u8> {
    let mut out = vec![0; 128];
    let written = match address {
        IpAddr::V4(address) => {
            let arp = Arp {
                operation: Arp::REQUEST,
                sender_mac: asker.mac,
                sender_ip: asker.address,
                target_mac: MacAddress([0; 6]),
                target_ip: address,
            };
            Builder::arp(asker.mac).emit(&mut out, |space| arp.emit(space))
        }
        IpAddr::V6(address) => {
            let group = solicited_node(address);
            let source = asker.addresses6[usize::from(!address.is_unicast_link_local())];
            let builder = to(Builder::neighbor_discovery(asker.mac, source), group, group_mac(group));
            let message = NeighborDiscovery::Solicitation { target: address, source_mac: Some(asker.mac) };
            let carrier =
                builder.carrier().unwrap_or(redspec_codec::Carrier::Ipv6 { source, destination: group });
            builder.emit(&mut out, |space| message.emit(carrier, space))
        }
    };
    out.truncate(written.unwrap_or(0));
    out
}

/// A host tells where it is, or that it is elsewhere now: gratuitous ARP, or an unsolicited Neighbor Advertisement.
pub fn tells(address: IpAddr, mac: MacAddress) -> Vec<u8> {
    let mut out = vec![0; 128];
    let written = match address {
        IpAddr::V4(address) => {
            let arp = Arp::gratuitous(mac, address);
            Builder::arp(mac).emit(&mut out, |space| arp.emit(space))
        }
        IpAddr::V6(address) => {
            let message = NeighborDiscovery::Advertisement {
                router: false,
                solicited: false,
                overrides: true,
                target: address,
                target_mac: Some(mac),
            };
            let builder = Builder::neighbor_discovery(mac, address);
            let destination = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
            let carrier =
                builder.carrier().unwrap_or(redspec_codec::Carrier::Ipv6 { source: address, destination });
            builder.emit(&mut out, |space| message.emit(carrier, space))
        }
    };
    out.truncate(written.unwrap_or(0));
    out
}

fn answers(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.answer",
            row,
            "A Master or Active router answers ARP for the virtual addresses with the virtual MAC address, whether everyone is \
             asked or it alone.",
            &["arp.active-answers", "arp.virtual-mac", "arp.reply-time", "arp.reply-source-mac", "arp.probe"],
        )
        .with("vrrp.virtual_addresses", 2)
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let mut all = Vec::new();
            for address in t.router().addresses {
                for how in [Ask::Everyone, Ask::VirtualMac] {
                    let answered = t.answered(address, how, "arp.active-answers")?;
                    t.gives_virtual_mac(&answered, how, "arp.virtual-mac")?;
                    all.push(answered);
                }
            }
            if let (Dialect::V3, Some(answered)) = (dialect, all.first()) {
                let sighting = answered.sighting;
                let source = source_mac(t.run.event(sighting)).map_or_else(String::new, |mac| mac.to_string());
                t.note(
                    format!("the frame of the answer comes from {source}"),
                    Some(sighting.number),
                    "arp.reply-source-mac",
                );
            }
            probes(t)?;
            for answered in all {
                let window = dialect.reply_time();
                t.run.judge_time(
                    "the answer",
                    answered.asked,
                    answered.sighting,
                    window,
                    dialect.requirement("arp.reply-time"),
                )?;
            }
            Ok(())
        })
}

/// Who asks has no address yet, or claims to be the virtual router: what becomes of that is recorded.
fn probes(t: &mut VrrpTest<'_>) -> Result<(), Stop> {
    let address = t.vip();
    let mac = t.lan.stations[Station::HOST].mac;
    for (who, frame) in
        [("0.0.0.0", t.question(address, Ask::Probe)), ("the virtual address itself", tells(address, mac))]
    {
        let mark = t.send_frame(LAN, &frame)?;
        let found = t.look(&binding(LAN, address), mark, NO_REPLY)?;
        let answer = if found.is_some() { "answered" } else { "not answered" };
        let text = format!("an ARP request for {address} in the name of {who} is {answer}");
        t.note(text, found.map(|sighting| sighting.number), "arp.probe");
    }
    Ok(())
}

fn never_physical(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.never-physical",
            row,
            "However often a Master or Active router is asked for a virtual address, it never gives its physical MAC address.",
            &["arp.never-physical-mac", "arp.virtual-mac", "nd.never-physical-mac", "nd.virtual-mac"],
        )
        .vrrp(dialect, move |t| {
            let never = dialect.either("arp.never-physical-mac", "nd.never-physical-mac");
            let right = dialect.either("arp.virtual-mac", "nd.virtual-mac");
            t.make_active()?;
            let (physical, virtual_mac) = (t.physical_mac()?, t.virtual_mac());
            for address in t.router().addresses {
                let mark = t.mark();
                for number in 0..MANY {
                    t.ask(address, if number % 4 == 3 { Ask::VirtualMac } else { Ask::Everyone })?;
                    t.wait(UNDER_WAY / 2)?;
                }
                let length = t.since(mark) + UNDER_WAY * 2;
                let answers = t.all(&t.answer(address), mark, length)?;
                if answers.is_empty() {
                    return Err(Stop::Inconclusive(format!("none of {MANY} questions for {address} was answered")));
                }
                let told = answers.iter().filter_map(|it| Some((*it, t.told(address, *it)?.mac?)));
                let other = told.into_iter().find(|(_, mac)| *mac != virtual_mac);
                let text = format!("of {} answers for {address} none gives another MAC address", answers.len());
                match other {
                    Some((sighting, mac)) => {
                        let requirement = if physical.is_none_or(|physical| physical == mac) { never } else { right };
                        let seen = format!("one gives {mac}");
                        t.judge(false, &text, &seen, Some(sighting.number), requirement)?;
                    }
                    None => t.judge(true, &text, "", None, never)?,
                }
            }
            Ok(())
        })
}

fn backup_silent(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.backup-silent",
            row,
            "A Backup does not answer who asks where the virtual addresses are: everyone, it alone, or by a probe.",
            &["arp.backup-silent", "nd.backup-silent"],
        )
        .vrrp(dialect, move |t| {
            let requirement = dialect.either("arp.backup-silent", "nd.backup-silent");
            t.make_backup()?;
            let addresses = t.router().addresses;
            let mark = t.quiet_start()?;
            t.run.step(format!("{TRIES} times, hosts ask for each virtual address"));
            for _ in 0..TRIES {
                for address in &addresses {
                    for how in [Ask::Everyone, Ask::VirtualMac, Ask::Probe] {
                        t.ask(*address, how)?;
                    }
                }
                t.wait(NO_REPLY)?;
            }
            let length = t.since(mark);
            for address in addresses {
                t.never(&answer(LAN, address), mark, length, requirement)?;
            }
            Ok(())
        })
}

fn own_address(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.own-address",
            row,
            "A Master or Active router is asked for its own address: whether it answers and with which MAC address is recorded.",
            &["arp.physical-address"],
        )
        .vrrp(dialect, |t| {
            t.make_active()?;
            let own = IpAddr::from(t.configuration.lan().address);
            let virtual_mac = t.virtual_mac();
            let text = match t.mac_at(LAN, own)? {
                None => format!("ARP requests for {own} are not answered"),
                Some(mac) if mac == virtual_mac => format!("{own} is at the virtual MAC address {mac}"),
                Some(mac) => format!("{own} is at {mac}"),
            };
            t.note(text, None, "arp.physical-address");
            Ok(())
        })
}

fn proxy(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.proxy",
            row,
            "A Master or Active router that answers ARP for hosts behind it does so with the virtual MAC address.",
            &["arp.proxy", "arp.proxy-2010"],
        )
        .with("vrrp.proxy_arp", "yes")
        .ports(2)
        .vrrp(dialect, |t| {
            let requirement = if t.is(Edition::Rfc5798) { "arp.proxy-2010" } else { "arp.proxy" };
            t.make_active()?;
            // So that it knows of the host.
            let (mark, token) = t.send_through(t.virtual_mac(), 64)?;
            t.look(&t.forwarded(token), mark, NO_REPLY)?;
            let remote = REMOTE_HOST.into();
            let Some(answered) = t.ask_until_answered(remote, Ask::Everyone)? else {
                return Err(Stop::Inconclusive(format!("D answers no ARP request for {remote} behind it")));
            };
            t.gives_virtual_mac(&answered, Ask::Everyone, requirement)
        })
}

fn several(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.several",
            row,
            "A router that takes over announces each of three virtual addresses with the virtual MAC address, and answers for \
             each.",
            &[
                "active.gratuitous-arp",
                "active.unsolicited-na",
                "arp.gratuitous-virtual-mac",
                "arp.active-answers",
                "arp.virtual-mac",
                "arp.reply-time",
                "nd.unsolicited-target",
                "nd.unsolicited-flags",
                "nd.active-answers",
                "nd.virtual-mac",
                "nd.reply-time",
            ],
        )
        .with("vrrp.virtual_addresses", 3)
        .vrrp(dialect, move |t| {
            let announced = dialect.either("active.gratuitous-arp", "active.unsolicited-na");
            let right = dialect.either("arp.gratuitous-virtual-mac", "nd.unsolicited-target");
            let answers = dialect.either("arp.active-answers", "nd.active-answers");
            let virtual_mac = dialect.either("arp.virtual-mac", "nd.virtual-mac");
            let in_time = dialect.either("arp.reply-time", "nd.reply-time");
            let peer = t.make_backup()?;
            let (last, first) = t.take_over(peer)?;
            let router = t.router();
            let about = t.about(first, last.events);
            for address in &router.addresses {
                let pattern = announcement(router.port, *address);
                let told = t.expect(&pattern, about, around(t.interval()), announced)?;
                if dialect == Dialect::V6 {
                    let flags = t.told(*address, told).and_then(|told| told.flags);
                    t.judge(
                        flags == Some((true, false, true)),
                        &format!("the announcement of {address} has Router and Override set, Solicited clear"),
                        &flags.map_or_else(String::new, |(r, s, o)| {
                            format!("R = {}, S = {}, O = {}", u8::from(r), u8::from(s), u8::from(o))
                        }),
                        Some(told.number),
                        "nd.unsolicited-flags",
                    )?;
                }
            }
            let length = t.since(last);
            for address in &router.addresses {
                let other = announcement(router.port, *address).not_at(router.mac());
                t.never(&other, last, length, right)?;
            }
            let mut all = Vec::new();
            for address in &router.addresses {
                let answered = t.answered(*address, Ask::Everyone, answers)?;
                t.gives_virtual_mac(&answered, Ask::Everyone, virtual_mac)?;
                all.push(answered);
            }
            for answered in all {
                let requirement = dialect.requirement(in_time);
                let (asked, sighting) = (answered.asked, answered.sighting);
                t.run.judge_time("the answer", asked, sighting, dialect.reply_time(), requirement)?;
            }
            Ok(())
        })
}

fn startup(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.startup",
            row,
            "Nothing that a router sends while it starts and takes over gives its physical MAC address for a virtual address.",
            &["arp.gratuitous-virtual-mac", "arp.never-physical-mac", "nd.unsolicited-target", "nd.never-physical-mac"],
        )
        .needs(Capability::Fresh)
        .vrrp(dialect, move |t| {
            let mut mark = t.run.fresh()?;
            // What was there before its links came up is not of this start.
            mark.events = 0;
            let told = dialect.either("arp.gratuitous-virtual-mac", "nd.unsolicited-target");
            let answered = dialect.either("arp.never-physical-mac", "nd.never-physical-mac");
            t.make_active()?;
            t.wait(AT_ONCE.lenient.to)?;
            let (router, length) = (t.router(), t.since(mark));
            for address in router.addresses.clone() {
                let wrong = announcement(router.port, address).not_at(router.mac());
                t.never(&wrong, mark, length, told)?;
                let wrong = binding(router.port, address).not_at(router.mac());
                t.never(&wrong, mark, length, answered)?;
            }
            Ok(())
        })
}

fn stopped(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .address_test(
            "addresses.stopped",
            row,
            "A Master or Active router that was stopped, and owns nothing, answers for the virtual addresses no more.",
            &["shutdown.unanswered"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            t.make_active()?;
            let addresses = t.router().addresses;
            t.run.configure("vrrp.enabled", "no")?;
            // Time to take the addresses away.
            t.wait(NO_REPLY)?;
            let mark = t.quiet_start()?;
            t.run.step(format!("{TRIES} times, a host asks for each virtual address"));
            for _ in 0..TRIES {
                for address in &addresses {
                    t.ask(*address, Ask::Everyone)?;
                    t.ask(*address, Ask::VirtualMac)?;
                }
                t.wait(NO_REPLY)?;
            }
            let length = t.since(mark);
            for address in addresses {
                t.never(&answer(LAN, address), mark, length, "shutdown.unanswered")?;
            }
            t.run.configure("vrrp.enabled", "yes")?;
            Ok(())
        })
}
