//! A router with virtual routers, IPv4 or IPv6, on any of its two ports: version 2 or 3, as its edition says.

pub mod authentication;
pub mod configuration;
pub mod defect;
pub mod host;
pub mod mutants;
pub mod packet;
pub mod tables;
pub mod virtual_router;

use std::cell::RefCell;
use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::frame::{Arp, Builder, Frame, Network, Protocol};
use redspec_codec::vrrp::v2::AuthType;
use redspec_codec::{Family, internet_checksum};

use self::configuration::{Authentication, Configuration};
use self::defect::Defect;
use self::host::Case;
use self::packet::Packet;
use self::tables::Tables;
use self::virtual_router::{Around, Instance, Received, announcement, interval_of};
use super::{Device, Input};
use crate::event::Port;
use crate::reference::router::{Neighbors, frame};
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::vrrp::Version;
use crate::spec::vrrp::machine::Router;
use crate::spec::vrrp::reception::{Check, Rule};
use crate::time::Time;

/// How long version 2 is ignored from who has sent version 3 (section 8.4.2): as long as that one would be waited for.
const VERSION_3_REMEMBERED: u32 = 3;

/// The router.
pub struct VrrpRouter {
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
}

impl VrrpRouter {
    /// A router whose links are down.
    ///
    /// # Errors
    /// A setting that does not fit.
    pub fn new(settings: &Settings, edition: Edition, tables: Tables) -> Result<Self, BadSetting> {
        let configuration = configure(settings, edition, &tables)?;
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
        })
    }

    fn has(&self, defect: Defect) -> bool {
        self.tables.has(defect)
    }

    fn settle(&mut self) {
        if self.dead {
            return;
        }
        for instance in &mut self.instances {
            let running = self.configuration.enabled && self.links[instance.router.port.index().min(1)];
            let mut around = Around {
                configuration: &self.configuration,
                tables: &self.tables,
                now: self.now,
                running,
                output: &mut self.output,
            };
            instance.settle(&mut around);
            if instance.timers.late.is_some_and(|due| due <= self.now) {
                instance.timers.late = None;
                let frames = announcement(&self.configuration, &self.tables, &instance.router);
                self.output.extend(frames.into_iter().map(|frame| (instance.router.port, frame)));
            }
            while instance.timers.after_end.first().is_some_and(|due| *due <= self.now) {
                instance.timers.after_end.remove(0);
                instance.late_advertisement(&self.configuration, &self.tables, &mut self.output);
            }
        }
    }

    fn frame(&mut self, port: Port, octets: &[u8]) {
        let Ok(read) = Frame::parse(octets) else { return };
        if read.vlan_tag_count() > 0 && !self.has(Defect::TagsIgnored)
            || !header_is_right(&read) && !self.has(Defect::HeaderChecksumIgnored)
        {
            return;
        }
        if read.protocol() == Protocol::Vrrp {
            self.advertisement(port, &read);
            // Whoever it is for, nobody sends it on.
            if !self.has(Defect::ForwardsMulticast) {
                return;
            }
        }
        let mut case = Case {
            configuration: &self.configuration,
            tables: &self.tables,
            instances: &self.instances,
            running: self.configuration.enabled,
            port,
            output: &mut self.output,
        };
        case.frame(&mut self.neighbors, octets, &read);
    }

    fn advertisement(&mut self, port: Port, read: &Frame<'_>) {
        let whole = if self.has(Defect::FragmentsTaken) { Packet::whatever } else { Packet::of };
        let Some(packet) = whole(read) else { return };
        if self.has(Defect::DiesOfShort) && packet.octets.len() < 8
            || self.has(Defect::DiesOfCount)
                && packet.octets.len() < packet.expected_length(self.configuration.version)
        {
            self.dead = true;
        }
        let packet = if self.has(Defect::OptionsNotSkipped) { without_options(packet) } else { packet };
        let packet = if self.has(Defect::PaddingCounted) { with_padding(packet) } else { packet };
        let version = self.version_of(&packet);
        let shared = self.has(Defect::SharedState);
        let any_vrid = !self.tables.reception.iter().any(|rule| rule.check == Check::VirtualRouter);
        let mut taken = false;
        for index in 0..self.instances.len() {
            let router = &self.instances[index].router;
            let here = router.port == port || self.has(Defect::AnyPort);
            let family = packet.carrier.family() == router.family;
            if !here || !family || router.vrid != packet.vrid() && !shared && !(any_vrid && index == 0) {
                continue;
            }
            taken = true;
            if let Some(failed) = self.fails(index, &packet, version) {
                self.note(failed.id);
                self.discard();
                continue;
            }
            self.deliver(index, &packet, version);
        }
        if !taken {
            if let Some(rule) = self.tables.reception.iter().find(|rule| rule.check == Check::VirtualRouter) {
                self.note(rule.id);
            }
            self.discard();
        }
    }

    fn discard(&mut self) {
        self.discarded += 1;
        if self.discarded > 100 && self.has(Defect::DiesOfFlood) {
            self.dead = true;
        }
    }

    fn note(&self, id: &'static str) {
        let mut used = self.used.borrow_mut();
        if !used.contains(&id) {
            used.push(id);
        }
    }

    /// The version that the packet is read as: the router's own, unless it speaks both.
    fn version_of(&self, packet: &Packet<'_>) -> Version {
        let both = self.configuration.interoperation || self.has(Defect::OtherVersionTaken);
        if both && packet.version() == 2 && packet.carrier.family() == Family::Ipv4 {
            Version::V2
        } else {
            self.configuration.version
        }
    }

    /// The first check that the packet does not pass.
    fn fails(&self, index: usize, packet: &Packet<'_>, version: Version) -> Option<Rule> {
        let instance = &self.instances[index];
        let unseen = self.has(Defect::BackupOnlyValidates) && instance.state == Router::Active
            || self.has(Defect::ActiveOnlyValidates) && instance.state == Router::Backup;
        let (router, octets) = (&instance.router, packet.octets);
        let passes = |rule: &&Rule| match rule.check {
            Check::TimeToLive => packet.ttl == 255,
            Check::Version => packet.version() == if version == Version::V2 { 2 } else { 3 },
            Check::Type => packet.packet_type() == 1,
            Check::Length => {
                let least =
                    if self.edition == Edition::Rfc2338 { 8 } else { packet.expected_length(version) };
                octets.len() >= least.max(8)
            }
            Check::Checksum => self.checksum(packet, version),
            // The virtual router was found by its number.
            Check::VirtualRouter => true,
            Check::NotOwner => !router.owner(),
            Check::AuthenticationType => version == Version::V3 || self.authentication_type(packet),
            Check::Authentication => self.authentication(packet),
            Check::IntervalEqual => interval_of(packet, Version::V2, false) == router.interval,
            Check::IntervalNotZero => version == Version::V2 || packet.interval_cs(false) != 0,
            Check::Count => packet.count() > 0,
            Check::LinkLocalFirst => match packet.addresses().next() {
                Some(IpAddr::V6(first)) => first.is_unicast_link_local(),
                _ => true,
            },
            Check::AddressList => {
                let checked = self.configuration.check_addresses
                    && !(self.has(Defect::AddressesSometimes) && instance.state == Router::Active)
                    || self.has(Defect::AddressesSometimes) && instance.state == Router::Backup;
                let owner = packet.priority() == 255 && !self.has(Defect::AddressesDemandedOfOwner);
                !checked && !self.has(Defect::AddressesDemandedOfOwner)
                    || owner
                    || self.same_addresses(index, packet)
            }
        };
        if unseen {
            // Only what it takes to read it at all.
            return self
                .tables
                .reception
                .iter()
                .find(|rule| rule.check == Check::Length && !passes(rule))
                .copied();
        }
        if let Some(failed) = self.tables.reception.iter().find(|rule| !passes(rule)) {
            return Some(*failed);
        }
        let spoilt = self.has(Defect::ReservedDemanded) && octets.get(4).is_some_and(|octet| octet >> 4 != 0)
            || self.has(Defect::AddressesDemanded) && !self.same_addresses(index, packet)
            || self.has(Defect::IntervalDemanded) && interval_of(packet, version, false) != router.interval
            || self.has(Defect::SourceMacDemanded) && packet.frame.source_mac() != Some(router.mac())
            || self.has(Defect::ZeroDataDemanded)
                && packet.authentication_data().iter().any(|octet| *octet != 0);
        if spoilt { self.tables.reception.first().copied() } else { None }
    }

    fn same_addresses(&self, index: usize, packet: &Packet<'_>) -> bool {
        let own = &self.instances[index].router.addresses;
        let theirs: Vec<IpAddr> = packet.addresses().collect();
        own.len() == theirs.len() && own.iter().all(|address| theirs.contains(address))
    }

    fn checksum(&self, packet: &Packet<'_>, version: Version) -> bool {
        match (version, packet.carrier.family()) {
            (Version::V2, _) => packet.sum_of_message(version),
            (Version::V3, Family::Ipv6) => packet.sum_with_pseudo_header(version),
            (Version::V3, Family::Ipv4) => {
                let (message, pseudo) =
                    (packet.sum_of_message(version), packet.sum_with_pseudo_header(version));
                match (self.configuration.both_checksums, self.configuration.pseudo_header) {
                    (true, _) => message || pseudo,
                    (false, true) => pseudo,
                    (false, false) => message,
                }
            }
        }
    }

    fn authentication_type(&self, packet: &Packet<'_>) -> bool {
        let wanted = match self.configuration.authentication {
            Authentication::None => AuthType::NONE,
            Authentication::Text(_) => AuthType::SIMPLE_TEXT,
            Authentication::Header(_) => AuthType(2),
        };
        packet.auth_type() == wanted.0 || self.has(Defect::AuthenticationOptional) && packet.auth_type() == 0
    }

    fn authentication(&self, packet: &Packet<'_>) -> bool {
        let data = packet.authentication_data();
        if self.has(Defect::AuthenticationOptional) && packet.auth_type() == 0 {
            return true;
        }
        match &self.configuration.authentication {
            Authentication::None => true,
            Authentication::Text(password) => {
                let own = password.as_bytes();
                let data = data.get(..8).unwrap_or(data);
                let length = data.iter().position(|octet| *octet == 0).unwrap_or(data.len());
                let theirs = &data[..length];
                let prefix =
                    self.has(Defect::PasswordPrefix) && own.starts_with(theirs) && !theirs.is_empty();
                let any_case = self.has(Defect::PasswordAnyCase) && own.eq_ignore_ascii_case(theirs);
                (own == theirs || prefix || any_case) && !self.has(Defect::PasswordRefused)
            }
            Authentication::Header(key) => {
                let ip = packet.frame.octets().get(14..).unwrap_or_default();
                let right = !self.has(Defect::HeaderRefused)
                    && (self.has(Defect::HeaderUnchecked) || authentication::is_right(ip, key.as_bytes()));
                let zero = data.iter().take(8).all(|octet| *octet == 0);
                right
                    && (zero || !self.has(Defect::HeaderDataDemanded))
                    && packet.frame.authentication_header().is_some()
            }
        }
    }

    fn deliver(&mut self, index: usize, packet: &Packet<'_>, version: Version) {
        let reserved = self.has(Defect::ReservedCounted);
        let interval = match (version, self.has(Defect::InteroperationUnit)) {
            (Version::V2, true) if self.configuration.version == Version::V3 => {
                Duration::from_millis(u64::from(packet.interval_s()) * 10)
            }
            _ => interval_of(packet, version, reserved),
        };
        let answer = self.has(Defect::AnswersEverything);
        let both = self.has(Defect::InteroperationBoth);
        let instance = &mut self.instances[index];
        if self.configuration.version == Version::V3 {
            let remembered = instance.timers.learned.max(instance.router.interval) * VERSION_3_REMEMBERED;
            let speaks_3 = instance
                .timers
                .version_3
                .is_some_and(|(who, when)| who == packet.source && self.now.since(when) < remembered);
            match version {
                Version::V2 if speaks_3 && !both => return,
                Version::V2 => {}
                Version::V3 => instance.timers.version_3 = Some((packet.source, self.now)),
            }
        }
        instance.timers.received =
            Some(Received { priority: packet.priority(), interval, source: packet.source });
        self.settle();
        if answer {
            self.instances[index].late_advertisement(&self.configuration, &self.tables, &mut self.output);
        }
    }
}

/// The checksum of the IPv4 header is right, if there is one.
fn header_is_right(read: &Frame<'_>) -> bool {
    match read.network() {
        Network::Ipv4(header) => internet_checksum(header.slice()) == 0,
        Network::Ipv6(_) | Network::None => true,
    }
}

/// The message up to the end of its frame.
fn with_padding(packet: Packet<'_>) -> Packet<'_> {
    match packet.frame.octets().get(packet.frame.payload_at()..) {
        Some(octets) => Packet { octets, ..packet },
        None => packet,
    }
}

/// The message read as if the IP header had no options.
fn without_options(packet: Packet<'_>) -> Packet<'_> {
    let octets = packet.frame.octets();
    let header = octets.get(14).map_or(0, |octet| usize::from(octet & 0xf) * 4);
    match octets.get(34..14 + header + packet.octets.len()) {
        Some(octets) if header > 20 => Packet { octets, ..packet },
        _ => packet,
    }
}

fn configure(settings: &Settings, edition: Edition, tables: &Tables) -> Result<Configuration, BadSetting> {
    let mut settings = settings.clone();
    let mut default = |defect: Defect, name: &str, value: &str| {
        if tables.has(defect) && settings.text(name).is_none() {
            settings.set(name, value);
        }
    };
    default(Defect::DefaultPriority, "vrrp.priority", "101");
    default(Defect::DefaultInterval, "vrrp.interval", "2");
    default(Defect::DefaultPreempt, "vrrp.preempt", "no");
    default(Defect::DefaultAccept, "vrrp.accept", "yes");
    let lenient = tables.has(Defect::AnyPriority) && settings.text("vrrp.owner") != Some("yes");
    let wanted = settings.text("vrrp.priority").map(str::to_owned);
    if let (true, Some(priority @ ("0" | "255"))) = (lenient, wanted.as_deref()) {
        settings.set("vrrp.priority", 1);
        let mut configuration = Configuration::new(&settings, edition)?;
        configuration.routers[0].priority = if priority == "0" { 0 } else { 255 };
        return Ok(configuration);
    }
    Configuration::new(&settings, edition)
}

fn instances(configuration: &Configuration, tables: &Tables) -> Vec<Instance> {
    configuration.routers.iter().map(|router| Instance::new(router.clone(), tables.router.initial)).collect()
}

impl Device for VrrpRouter {
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
                if let Some(link) = self.links.get_mut(port.index()) {
                    *link = up;
                }
                if up && self.has(Defect::AnnouncesPhysicalAtBoot) {
                    self.announce_physical(port);
                }
            }
            Input::Configure(name, value) => self.change(name, value)?,
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
            let timers = &instance.timers;
            [timers.down, timers.advertisement, timers.late, timers.after_end.first().copied()]
        });
        timers.flatten().filter(|deadline| *deadline > self.now).min()
    }

    fn output(&mut self) -> Vec<(Port, Vec<u8>)> {
        std::mem::take(&mut self.output)
    }

    fn state(&self, _: &str, _: Port) -> Option<String> {
        None
    }

    fn rows(&self) -> Vec<&'static str> {
        self.tables.router.taken().chain(self.used.borrow().iter().copied()).collect()
    }
}

impl VrrpRouter {
    /// A parameter is changed: but for being switched off and on, the virtual routers start anew with it.
    fn change(&mut self, name: &str, value: &str) -> Result<(), BadSetting> {
        let settings = self.settings.clone().with(name, value);
        let configuration = configure(&settings, self.edition, &self.tables)?;
        if name == "vrrp.enabled" {
            let starts = configuration.enabled && !self.configuration.enabled;
            if starts && self.has(Defect::AnnouncesPhysicalAtBoot) {
                self.announce_physical(Port(0));
            }
        } else {
            self.instances = instances(&configuration, &self.tables);
        }
        (self.settings, self.configuration) = (settings, configuration);
        Ok(())
    }

    fn announce_physical(&mut self, port: Port) {
        let interface = &self.configuration.interfaces[port.index().min(1)];
        for instance in self.instances.iter().filter(|instance| instance.router.port == port) {
            for address in &instance.router.addresses {
                let told = match *address {
                    IpAddr::V4(address) => {
                        let arp = Arp::gratuitous(interface.mac, address);
                        frame(&Builder::arp(interface.mac), |out| arp.emit(out))
                    }
                    IpAddr::V6(address) => {
                        let builder = Builder::neighbor_discovery(interface.mac, address);
                        let message =
                            redspec_codec::frame::NeighborDiscovery::unsolicited(address, interface.mac);
                        builder
                            .carrier()
                            .and_then(|carrier| frame(&builder, |out| message.emit(carrier, out)))
                    }
                };
                self.output.extend(told.map(|frame| (port, frame)));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::reference::router::LAN;

    /// Virtual routers of which it sends advertisements, each from its own MAC address.
    fn advertised(edition: Edition, settings: &Settings) -> BTreeSet<u8> {
        let mut router = VrrpRouter::new(settings, edition, Tables::new(edition)).expect("a router");
        router.input(Time::ZERO, Input::Link(LAN, true)).expect("a link");
        let end = Time::ZERO + Duration::from_secs(6);
        let mut vrids = BTreeSet::new();
        while let Some(next) = router.next_deadline().filter(|next| *next <= end) {
            router.advance(next);
            for (_, octets) in router.output() {
                let frame = Frame::parse(&octets).expect("a frame");
                if let Some(packet) = Packet::of(&frame).filter(|_| frame.protocol() == Protocol::Vrrp) {
                    let mac = configuration::virtual_mac(packet.carrier.family(), packet.vrid());
                    assert_eq!(frame.source_mac(), Some(mac));
                    vrids.insert(packet.vrid());
                }
            }
        }
        vrids
    }

    #[test]
    fn it_can_be_every_virtual_router_at_once() {
        for edition in [Edition::Rfc3768, Edition::Rfc9568] {
            for family in ["ipv4", "ipv6"] {
                if (edition, family) == (Edition::Rfc3768, "ipv6") {
                    continue;
                }
                let settings = Settings::new().with("vrrp.family", family).with("vrrp.more_routers", 254);
                assert_eq!(advertised(edition, &settings), (1..=255).collect(), "{edition} {family}");
                let settings = settings.with("vrrp.second", "lan");
                assert!(VrrpRouter::new(&settings, edition, Tables::new(edition)).is_err());
            }
        }
    }
}
