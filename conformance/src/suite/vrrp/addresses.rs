//! Who answers for the virtual addresses, and with which MAC address.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Builder, NeighborDiscovery};

use super::{Dialect, Station, Steps, VrrpTest, advertisement, announcement, answer, binding, dialects};
use crate::bed::Capability;
use crate::reference::router::{LAN, REMOTE_HOST};
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::vrrp::tolerances::{ARP_REPLY, AT_ONCE, ND_REPLY, NO_REPLY, around};
use crate::spec::{Edition, Window};
use crate::suite::router::hosts::{Hosts, TRIES, UNDER_WAY, source_mac};
use crate::suite::router::packet::Ask;

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
}

impl VrrpTest<'_> {
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
