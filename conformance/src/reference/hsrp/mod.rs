//! A router in any number of HSRP groups on its first port, version 1 or 2 as its edition says, over IPv4 or IPv6.

pub mod configuration;
pub mod defect;
pub mod group;
pub mod host;
pub mod mutants;
pub mod packet;
pub mod tables;

use std::cell::RefCell;
use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::frame::{Builder, Frame, Network, Protocol, UdpChecksum};
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::internet_checksum;

use self::configuration::{Authentication, Configuration};
use self::defect::Defect;
use self::group::{Around, Instance};
use self::host::Case;
use self::packet::{Heard, Packet};
use self::tables::Tables;
use super::router::{LAN, Neighbors, frame};
use super::{Device, Input};
use crate::event::Port;
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::reception::{Check, Rule};
use crate::spec::hsrp::timers::{DEFAULT_HELLOTIME, DEFAULT_HOLDTIME, virtual_mac};
use crate::time::Time;

/// Between two tellings of an interface that has no Active group; Cisco's routers take 20 to 31 s.
const INTERFACE_STATE_PERIOD: Duration = Duration::from_secs(28);

/// The router.
pub struct HsrpRouter {
    configuration: Configuration,
    settings: Settings,
    edition: Edition,
    tables: Tables,
    instances: Vec<Instance>,
    neighbors: Neighbors,
    links: [bool; 2],
    now: Time,
    dead: bool,
    discarded: u32,
    output: Vec<(Port, Vec<u8>)>,
    /// Checks that have discarded something.
    used: RefCell<Vec<&'static str>>,
    /// What it has last told of its groups: how many are Active.
    told: Option<usize>,
    /// When it tells again.
    tell_again: Option<Time>,
}

impl HsrpRouter {
    /// A router whose links are down.
    ///
    /// # Errors
    /// A setting that does not fit.
    pub fn new(settings: &Settings, edition: Edition, tables: Tables) -> Result<Self, BadSetting> {
        let configuration = Configuration::with(settings, edition, &tables.defects)?;
        let instances = instances(&configuration, &tables);
        Ok(Self {
            configuration,
            settings: settings.clone(),
            edition,
            tables,
            instances,
            neighbors: Neighbors::default(),
            links: [false; 2],
            now: Time::ZERO,
            dead: false,
            discarded: 0,
            output: Vec::new(),
            used: RefCell::default(),
            told: None,
            tell_again: None,
        })
    }

    fn has(&self, defect: Defect) -> bool {
        self.tables.has(defect)
    }

    fn running(&self) -> bool {
        self.configuration.enabled && self.links[LAN.index()]
    }

    /// Event b, perhaps, of a router that does not run.
    fn disabled_again(&mut self, is_it: bool) {
        for instance in self.instances.iter_mut().filter(|_| is_it) {
            instance.disabled_again(&mut Around {
                configuration: &self.configuration,
                tables: &self.tables,
                now: self.now,
                running: false,
                output: &mut self.output,
            });
        }
    }

    fn settle(&mut self) {
        if self.dead {
            return;
        }
        let running = self.running();
        for instance in &mut self.instances {
            let was_active = instance.is_active();
            let mut around = Around {
                configuration: &self.configuration,
                tables: &self.tables,
                now: self.now,
                running,
                output: &mut self.output,
            };
            instance.settle(&mut around);
            if was_active {
                farewell(instance, &self.configuration, &self.tables, &mut self.output);
            }
        }
        self.tell(running);
    }

    /// Tells of its groups, when how many are Active has changed, and from time to time while none is.
    fn tell(&mut self, running: bool) {
        if !running || !self.configuration.interface_state || self.has(Defect::InterfaceStateSilent) {
            if !running {
                (self.told, self.tell_again) = (None, None);
            }
            return;
        }
        let active = self.instances.iter().filter(|instance| instance.is_active()).count();
        let once = self.has(Defect::InterfaceStateOnce) && self.told.is_some();
        let again = self.tell_again.is_some_and(|due| due <= self.now);
        if once || self.told == Some(active) && !again {
            if once {
                self.tell_again = None;
            }
            return;
        }
        self.told = Some(active);
        self.tell_again = (active == 0).then(|| self.now + INTERFACE_STATE_PERIOD);
        let passive = self.instances.len() - active;
        let (active, passive) =
            if self.has(Defect::InterfaceStateReversed) { (passive, active) } else { (active, passive) };
        let sent = self.interface_state(active, passive);
        self.output.extend(sent.map(|frame| (LAN, frame)));
    }

    fn interface_state(&self, active: usize, passive: usize) -> Option<Vec<u8>> {
        let lan = self.configuration.lan();
        let count = |groups: usize| u16::try_from(groups).unwrap_or(u16::MAX);
        match self.configuration.version {
            Version::V1 => {
                let state = if active > 0 { v1::AdvertiseState::ACTIVE } else { v1::AdvertiseState::PASSIVE };
                let message = v1::Advertise::new(state, count(active), count(passive));
                frame(&Builder::hsrp1(lan.mac, lan.address), |out| message.emit(out))
            }
            Version::V2 => {
                let state =
                    v2::InterfaceState { active_groups: count(active), passive_groups: count(passive) };
                let builder = if self.configuration.first().family == redspec_codec::Family::Ipv6 {
                    Builder::hsrp2_ipv6(lan.mac, lan.link_local)
                } else {
                    Builder::hsrp2(lan.mac, lan.address)
                };
                frame(&builder, |out| v2::emit([v2::Tlv::InterfaceState(state)], out))
            }
        }
    }

    fn frame(&mut self, port: Port, octets: &[u8]) {
        let Ok(read) = Frame::parse(octets) else { return };
        if read.vlan_tag_count() > 0 || !header_is_right(&read) {
            return;
        }
        if matches!(read.protocol(), Protocol::Hsrp1 | Protocol::Hsrp2) {
            if port == LAN {
                self.message(&read);
            }
            return;
        }
        let mut case = Case {
            configuration: &self.configuration,
            tables: &self.tables,
            instances: &self.instances,
            port,
            output: &mut self.output,
        };
        case.frame(&mut self.neighbors, octets, &read);
    }

    fn message(&mut self, read: &Frame<'_>) {
        let Some(packet) = Packet::of(read) else { return };
        let own = self.configuration.own_address(packet.carrier.family());
        // Its own message, come back.
        if packet.source == own && !self.has(Defect::OwnTaken) {
            return;
        }
        let spoken = match read.protocol() {
            Protocol::Hsrp1 => Version::V1,
            _ => Version::V2,
        };
        if self.has(Defect::DiesOfShort) && packet.octets.len() < 10 {
            self.dead = true;
            return;
        }
        if self.has(Defect::DiesOfLong) && packet.octets.len() > 1400 {
            self.dead = true;
            return;
        }
        if spoken != self.configuration.version && !self.has(Defect::OtherVersionTaken) {
            return self.discard(Check::Version);
        }
        if let Some((active, whole)) = packet.interface_state(spoken) {
            self.dead = !whole && self.has(Defect::DiesOfInterfaceState);
            if active && self.has(Defect::InterfaceStateTaken) {
                self.take_interface_state(packet.source);
            }
        }
        let filled = self.unguarded(Check::Length).then(|| packet.filled(spoken));
        let packet = Packet { octets: filled.as_deref().unwrap_or(packet.octets), ..packet };
        let heard = packet.heard(spoken);
        if heard.is_empty() {
            return self.discard(Check::Length);
        }
        for heard in heard {
            let virtual_mac = virtual_mac(spoken, heard.family, heard.group);
            let active = heard.opcode == Opcode::HELLO && heard.state == Some(Group::Active);
            if active && self.has(Defect::VirtualSourceRequired) && read.source_mac() != Some(virtual_mac) {
                continue;
            }
            self.heard(&packet, spoken, heard);
        }
    }

    /// No rule of the ladder checks this.
    fn unguarded(&self, check: Check) -> bool {
        !self.tables.reception.iter().any(|rule| rule.check == check)
    }

    /// The first group takes who has told of an Active group for its own Active router.
    fn take_interface_state(&mut self, source: IpAddr) {
        let group = self.configuration.first();
        let Some(address) = group.address else { return };
        let heard = Heard {
            version: 0,
            opcode: Opcode::HELLO,
            state: Some(Group::Active),
            group: group.number,
            family: group.family,
            priority: u32::from(u8::MAX),
            hellotime: DEFAULT_HELLOTIME,
            holdtime: DEFAULT_HOLDTIME,
            address,
            source,
        };
        self.hear(0, heard);
    }

    fn heard(&mut self, packet: &Packet<'_>, spoken: Version, heard: Heard) {
        let any = self.has(Defect::AnyGroup) || self.unguarded(Check::Group);
        let shared = self.has(Defect::SharedState);
        let meant: Vec<usize> = (0..self.instances.len())
            .filter(|index| {
                let group = &self.instances[*index].group;
                group.family == heard.family && (group.number == heard.group || shared || any && *index == 0)
            })
            .collect();
        if meant.is_empty() {
            return self.discard(Check::Group);
        }
        if let Some(failed) =
            self.tables.reception.iter().find(|rule| !self.passes(rule, packet, spoken, &heard))
        {
            return self.discard(failed.check);
        }
        for index in meant {
            self.hear(index, heard);
        }
    }

    /// One group hears what has passed the ladder.
    fn hear(&mut self, index: usize, heard: Heard) {
        let running = self.running();
        let Some(instance) = self.instances.get_mut(index) else { return };
        let was_active = instance.is_active();
        let mut around = Around {
            configuration: &self.configuration,
            tables: &self.tables,
            now: self.now,
            running,
            output: &mut self.output,
        };
        instance.hear(heard, &mut around);
        if was_active {
            farewell(instance, &self.configuration, &self.tables, &mut self.output);
        }
    }

    fn passes(&self, rule: &Rule, packet: &Packet<'_>, spoken: Version, heard: &Heard) -> bool {
        match rule.check {
            Check::Checksum => {
                let absent = packet.checksum == Some(UdpChecksum::Absent);
                packet.checksum_is_right() && !(absent && self.has(Defect::ChecksumRequired))
            }
            // It was read, and its group was found.
            Check::Length | Check::Group => true,
            Check::Version => {
                let number = if spoken == Version::V1 { 0 } else { 2 };
                heard.version == number
            }
            Check::OpCode => matches!(heard.opcode, Opcode::HELLO | Opcode::COUP | Opcode::RESIGN),
            Check::State => heard.opcode != Opcode::HELLO || heard.state.is_some(),
            Check::Authentication => self.is_authentic(packet, spoken, heard),
        }
    }

    fn is_authentic(&self, packet: &Packet<'_>, spoken: Version, heard: &Heard) -> bool {
        let unasked = self.has(Defect::OnlyHellosAuthenticated) && heard.opcode != Opcode::HELLO
            || self.has(Defect::ResignUnauthenticated) && heard.opcode == Opcode::RESIGN;
        let expected = &self.configuration.authentication;
        if unasked || packet.is_authentic(spoken, expected) {
            return true;
        }
        match expected {
            Authentication::Text(own) => packet.password(spoken).is_some_and(|found| {
                let length = found.iter().position(|octet| *octet == 0).unwrap_or(8);
                let (theirs, own) = (&found[..length], own.as_bytes());
                let beginning = length > 0 && (own.starts_with(theirs) || theirs.starts_with(own));
                self.has(Defect::PasswordPrefix) && beginning
                    || self.has(Defect::PasswordCase) && own.eq_ignore_ascii_case(theirs)
                    || self.has(Defect::PasswordEmpty) && length == 0
                    || self.has(Defect::PasswordDefaultToo) && found == v1::DEFAULT_AUTHENTICATION
            }),
            Authentication::Md5 { key, .. } => match packet.md5(spoken) {
                None => {
                    self.has(Defect::DigestOptional)
                        || self.has(Defect::DigestCut) && packet.begins_md5(spoken)
                }
                Some(_) if self.has(Defect::DigestUnchecked) => true,
                Some(md5) => {
                    let right = packet.digest(spoken, key).unwrap_or_default();
                    self.has(Defect::KeyIdUnchecked) && packet.digest_is_right(spoken, key, md5.key_id)
                        || self.has(Defect::DigestBegin) && right[0] == md5.digest[0]
                        || self.has(Defect::DigestWithoutHoldtime)
                            && packet.digest_is_of_another_holdtime(spoken, key)
                }
            },
        }
    }

    fn discard(&mut self, check: Check) {
        if let Some(rule) = self.tables.reception.iter().find(|rule| rule.check == check) {
            let mut used = self.used.borrow_mut();
            if !used.contains(&rule.id) {
                used.push(rule.id);
            }
        }
        self.discarded += 1;
        if self.discarded > 100 && self.has(Defect::DiesOfFlood) {
            self.dead = true;
        }
    }

    /// A parameter is changed: but for being switched off and on and for tracking, the groups start anew with it.
    fn change(&mut self, name: &str, value: &str) -> Result<(), BadSetting> {
        let settings = self.settings.clone().with(name, value);
        let configuration = Configuration::with(&settings, self.edition, &self.tables.defects)?;
        if !matches!(name, "hsrp.enabled" | "hsrp.tracked") {
            self.instances = instances(&configuration, &self.tables);
            self.told = None;
        }
        (self.settings, self.configuration) = (settings, configuration);
        Ok(())
    }
}

/// What a router that is no longer Active sends to take its Router Advertisements back.
fn farewell(
    instance: &Instance,
    configuration: &Configuration,
    tables: &Tables,
    output: &mut Vec<(Port, Vec<u8>)>,
) {
    let left = !instance.is_active() && instance.state != Group::Initial;
    if left && configuration.router_advertisements && !tables.has(Defect::NoFarewell) {
        output.extend(instance.farewell().map(|frame| (LAN, frame)));
    }
}

/// The checksum of the IPv4 header is right, if there is one.
fn header_is_right(read: &Frame<'_>) -> bool {
    match read.network() {
        Network::Ipv4(header) => internet_checksum(header.slice()) == 0,
        Network::Ipv6(_) | Network::None => true,
    }
}

fn instances(configuration: &Configuration, tables: &Tables) -> Vec<Instance> {
    let mac = configuration.lan().mac;
    let of = |group: &configuration::StandbyGroup| Instance::new(group.clone(), tables.group.initial, mac);
    configuration.groups.iter().map(of).collect()
}

impl Device for HsrpRouter {
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting> {
        self.now = now;
        if self.dead {
            return Ok(());
        }
        match input {
            Input::Frame(port, octets) => {
                let up = self.links.get(port.index()).copied().unwrap_or(false);
                if up {
                    self.frame(port, octets);
                }
            }
            Input::Link(port, up) => {
                let before = self.running();
                if let Some(link) = self.links.get_mut(port.index()) {
                    *link = up;
                }
                self.disabled_again(port == LAN && !up && !before);
            }
            Input::Configure(name, value) => {
                let before = self.running();
                self.change(name, value)?;
                self.disabled_again(name == "hsrp.enabled" && !self.configuration.enabled && !before);
            }
        }
        self.settle();
        Ok(())
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        self.settle();
    }

    fn next_deadline(&self) -> Option<Time> {
        if self.dead {
            return None;
        }
        let timers = self.instances.iter().flat_map(|instance| {
            let it = &instance.variables;
            [it.active_timer, it.standby_timer, it.hello_timer, it.tell_again, it.after_end]
        });
        timers.chain([self.tell_again]).flatten().filter(|deadline| *deadline > self.now).min()
    }

    fn output(&mut self) -> Vec<(Port, Vec<u8>)> {
        std::mem::take(&mut self.output)
    }

    fn state(&self, _: &str, _: Port) -> Option<String> {
        None
    }

    fn rows(&self) -> Vec<&'static str> {
        self.tables.group.taken().chain(self.used.borrow().iter().copied()).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::spec::hsrp::timers::{groups, virtual_mac};
    use redspec_codec::Family;

    /// Groups of which a router sends Hellos as the Active router, each from its own MAC address.
    fn active_groups(edition: Edition, settings: &Settings) -> BTreeSet<u16> {
        let version = Version::of(edition).expect("HSRP");
        let mut router = HsrpRouter::new(settings, edition, Tables::new(edition)).expect("a router");
        router.input(Time::ZERO, Input::Link(LAN, true)).expect("a link");
        let end = Time::ZERO + Duration::from_secs(25);
        let mut active = BTreeSet::new();
        while let Some(next) = router.next_deadline().filter(|next| *next <= end) {
            router.advance(next);
            for (_, octets) in router.output() {
                let frame = Frame::parse(&octets).expect("a frame");
                let heard = Packet::of(&frame).map(|packet| packet.heard(version)).unwrap_or_default();
                for heard in heard.into_iter().filter(|heard| heard.state == Some(Group::Active)) {
                    let mac = virtual_mac(version, Family::Ipv4, heard.group);
                    assert_eq!(frame.source_mac(), Some(mac), "group {}", heard.group);
                    active.insert(heard.group);
                }
            }
        }
        active
    }

    #[test]
    fn it_can_be_in_every_group_at_once() {
        for edition in [Edition::Rfc2281, Edition::CiscoHsrp2] {
            let all: BTreeSet<u16> = groups(Version::of(edition).expect("HSRP")).collect();
            let settings = Settings::new().with("hsrp.more_groups", all.len() - 1);
            assert_eq!(active_groups(edition, &settings), all, "{edition}");
            let settings = Settings::new().with("hsrp.more_groups", all.len());
            assert!(HsrpRouter::new(&settings, edition, Tables::new(edition)).is_err(), "{edition}");
        }
    }
}
