//! One virtual router: its state table, its timers, and what it sends of itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Arp, Builder, NeighborDiscovery, NetworkHeader, authentication_header};
use redspec_codec::vrrp::{Type, v2, v3};
use redspec_codec::{Addresses, Family, MacAddress, Stated};

use super::authentication;
use super::configuration::{Authentication, Configuration, VirtualRouter};
use super::defect::Defect;
use super::packet::Packet;
use super::tables::Tables;
use crate::event::Port;
use crate::reference::machine::Host;
use crate::reference::router::{frame, report};
use crate::spec::vrrp::Version;
use crate::spec::vrrp::machine::{Action, Condition, Router};
use crate::spec::vrrp::timers::formulas;
use crate::time::Time;

/// An advertisement that passed the ladder.
#[derive(Clone, Copy, Debug)]
pub struct Received {
    /// Its priority.
    pub priority: u8,
    /// Its interval.
    pub interval: Duration,
    /// Who sent it.
    pub source: IpAddr,
}

/// A virtual router while it runs.
#[derive(Debug)]
pub struct Instance {
    /// How it is configured.
    pub router: VirtualRouter,
    /// Its state.
    pub state: Router,
    /// Everything else of it.
    pub timers: Timers,
}

/// The variables of a virtual router.
#[derive(Debug)]
pub struct Timers {
    /// Active_Adver_Interval (Master_Adver_Interval).
    pub learned: Duration,
    /// When Active_Down_Timer fires.
    pub down: Option<Time>,
    /// When Adver_Timer fires.
    pub advertisement: Option<Time>,
    /// What has just come.
    pub received: Option<Received>,
    /// Who has last sent version 3, and when: for the mode in which both versions are spoken.
    pub version_3: Option<(IpAddr, Time)>,
    /// How many advertisements it has sent.
    pub sent: u64,
    /// Announcements that are to come late.
    pub late: Option<Time>,
    /// Advertisements that are to come after the end.
    pub after_end: Vec<Time>,
    /// When version 2 was last sent, in the mode in which both are spoken.
    pub version_2: Option<Time>,
}

impl Instance {
    /// One that has not started.
    pub fn new(router: VirtualRouter, initial: Router) -> Self {
        let timers = Timers {
            learned: router.interval,
            down: None,
            advertisement: None,
            received: None,
            version_3: None,
            sent: 0,
            late: None,
            after_end: Vec::new(),
            version_2: None,
        };
        Self { router, state: initial, timers }
    }

    /// It answers for its addresses and forwards.
    pub fn is_active(&self) -> bool {
        self.state == Router::Active
    }

    /// Sends an advertisement out of turn, as a defect has it.
    pub fn late_advertisement(
        &mut self,
        configuration: &Configuration,
        tables: &Tables,
        output: &mut Vec<(Port, Vec<u8>)>,
    ) {
        let (router, timers) = (&self.router, &self.timers);
        let sent =
            advertisement(configuration, tables, router, timers, router.priority, configuration.version);
        output.extend(sent.map(|frame| (router.port, frame)));
    }

    /// Runs its table until it comes to rest.
    pub fn settle(&mut self, around: &mut Around<'_>) {
        let received = self.timers.received.is_some();
        // Each step starts or stops the timer that led to it, so few follow; more than these would be a faulty table.
        for step in 0..16 {
            let mut acting = Acting { router: &self.router, timers: &mut self.timers, around };
            let went = step_once(&mut self.state, &mut acting);
            if step == 0 {
                self.timers.received = None;
            }
            if !went && (step > 0 || !received) {
                return;
            }
        }
    }
}

fn step_once(state: &mut Router, acting: &mut Acting<'_, '_>) -> bool {
    let tables = acting.around.tables;
    tables.router.step(state, acting)
}

/// What a virtual router finds around it.
pub struct Around<'a> {
    /// How the router is configured.
    pub configuration: &'a Configuration,
    /// Its tables.
    pub tables: &'a Tables,
    /// Now.
    pub now: Time,
    /// The virtual routers run, and the link of this one's port is up.
    pub running: bool,
    /// What is sent.
    pub output: &'a mut Vec<(Port, Vec<u8>)>,
}

impl Around<'_> {
    fn has(&self, defect: Defect) -> bool {
        self.tables.has(defect)
    }
}

struct Acting<'a, 'b> {
    router: &'a VirtualRouter,
    timers: &'a mut Timers,
    around: &'a mut Around<'b>,
}

impl Host<Condition, Action> for Acting<'_, '_> {
    fn holds(&self, condition: Condition) -> bool {
        let received = |test: &dyn Fn(Received) -> bool| self.timers.received.is_some_and(test);
        let own = self.router.priority;
        let order =
            |priority: u8| if self.around.has(Defect::SignedPriority) { priority ^ 0x80 } else { priority };
        let fired = |timer: Option<Time>| timer.is_some_and(|deadline| deadline <= self.around.now);
        match condition {
            Condition::Startup => self.around.running,
            Condition::Owner => {
                self.router.owner() && (self.router.preempt || !self.around.has(Defect::OwnerWaits))
            }
            Condition::Received => self.timers.received.is_some(),
            Condition::PriorityZero => received(&|received| received.priority == 0),
            Condition::PriorityNotLower => received(&|received| {
                if self.around.has(Defect::BackupComparesAddresses) && received.priority == own {
                    return greater(received.source, self.own_address(), self.around.tables);
                }
                order(received.priority) >= order(own)
            }),
            Condition::PriorityHigher => received(&|received| {
                let kept = self.around.has(Defect::PreemptWhileActive) && !self.router.preempt;
                order(received.priority) > order(own) && !kept
            }),
            Condition::PriorityEqual => received(&|received| received.priority == own),
            Condition::AddressGreater => {
                received(&|received| greater(received.source, self.own_address(), self.around.tables))
            }
            Condition::Preempt => self.router.preempt,
            Condition::DownTimerExpired => fired(self.timers.down),
            Condition::AdvertisementTimerExpired => fired(self.timers.advertisement),
        }
    }

    fn perform(&mut self, action: Action) {
        let now = self.around.now;
        match action {
            Action::SendAdvertisement => {
                let priority = self.priority();
                self.advertise(priority);
            }
            Action::SendRelease => {
                self.advertise(0);
                if self.around.has(Defect::ReleasesTwice) {
                    self.advertise(0);
                }
                if self.around.has(Defect::StopsLate) {
                    self.timers.after_end = vec![now + self.router.interval, now + self.router.interval * 2];
                }
            }
            Action::Announce => {
                if self.around.has(Defect::AnnouncesLate) {
                    self.timers.late = Some(now + Duration::from_secs(2));
                } else {
                    self.announce();
                }
            }
            Action::SetOwnInterval => self.timers.learned = self.router.interval,
            Action::LearnInterval => {
                if let Some(received) = self.timers.received {
                    self.timers.learned = received.interval;
                    if self.around.has(Defect::EightBitInterval) {
                        let centiseconds =
                            u64::try_from(received.interval.as_millis() / 10).unwrap_or(0) & 0xff;
                        self.timers.learned = Duration::from_millis(centiseconds * 10);
                    }
                }
            }
            Action::StartDown => self.timers.down = Some(now + self.down_interval()),
            Action::StartSkew => {
                if self.around.has(Defect::SkewOfReceivedInterval) {
                    self.timers.learned = self.timers.received.map_or(self.timers.learned, |it| it.interval);
                }
                let interval = if self.around.has(Defect::SkewOfOwnInterval) {
                    self.router.interval
                } else {
                    self.timers.learned
                };
                self.timers.down = Some(now + self.skew_time(interval));
            }
            Action::StopDown => self.timers.down = None,
            Action::StartAdvertisement => {
                let mut interval = self.own_interval();
                if self.around.has(Defect::Drifts) {
                    interval += interval / 50;
                }
                if self.around.has(Defect::TooFast) {
                    interval = interval * 2 / 3;
                }
                let kept = self.around.has(Defect::BeatKept);
                let beat = self.timers.advertisement.filter(|next| kept && *next > now);
                self.timers.advertisement = Some(beat.unwrap_or(now + interval));
            }
            Action::StopAdvertisement => self.timers.advertisement = None,
        }
    }
}

/// The first address is greater: unsigned, in network byte order.
fn greater(one: IpAddr, other: IpAddr, tables: &Tables) -> bool {
    let octets = |address: IpAddr| {
        let mut octets = match address {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        if tables.has(Defect::LittleEndianAddress) {
            octets.reverse();
        }
        if tables.has(Defect::LastOctetAddress) {
            octets.drain(..octets.len() - 1);
        }
        octets
    };
    octets(one) > octets(other)
}

impl Acting<'_, '_> {
    fn own_address(&self) -> IpAddr {
        own_address(self.around.configuration, self.router, self.around.tables)
    }

    fn priority(&self) -> u8 {
        let priority = self.router.priority;
        if self.around.has(Defect::WrongPriority)
            || self.around.has(Defect::OwnerNot255) && self.router.owner()
        {
            priority.saturating_sub(1)
        } else {
            priority
        }
    }

    fn own_interval(&self) -> Duration {
        if self.around.has(Defect::AdvertisesLearned) { self.timers.learned } else { self.router.interval }
    }

    /// What it waits for follows from this interval: version 2 knows no other than its own.
    fn basis(&self) -> Duration {
        match self.around.configuration.version {
            Version::V2 => self.router.interval,
            Version::V3 => self.timers.learned,
        }
    }

    fn skew_time(&self, interval: Duration) -> Duration {
        let priority = self.router.priority;
        let version = self.around.configuration.version;
        let skew = if self.around.has(Defect::SkewOtherVersion) {
            let other = if version == Version::V2 { Version::V3 } else { Version::V2 };
            formulas(other).skew_time(priority, interval)
        } else if self.around.has(Defect::SkewReversed) {
            self.around.tables.formulas.skew_time(255 - priority, interval)
        } else if self.around.has(Defect::NoSkew) {
            Duration::ZERO
        } else {
            self.around.tables.formulas.skew_time(priority, interval)
        };
        if self.around.has(Defect::WholeSeconds) { Duration::from_secs(skew.as_secs()) } else { skew }
    }

    fn down_interval(&self) -> Duration {
        let interval = self.basis();
        let intervals =
            if self.around.has(Defect::TwoIntervals) { 2 } else { self.around.tables.formulas.intervals };
        let down = interval * intervals + self.skew_time(interval);
        if self.around.has(Defect::WholeSeconds) { Duration::from_secs(down.as_secs()) } else { down }
    }

    /// Sends an advertisement with this priority, in both versions if both are spoken.
    fn advertise(&mut self, priority: u8) {
        let Around { configuration, tables, now, .. } = *self.around;
        self.timers.sent += 1;
        let own =
            advertisement(configuration, tables, self.router, self.timers, priority, configuration.version);
        let mut frames = vec![own];
        if configuration.interoperation
            && self.router.family == Family::Ipv4
            && configuration.version == Version::V3
            && !tables.has(Defect::InteroperationOneVersion)
        {
            let second = Duration::from_secs(1);
            let slow = tables.has(Defect::InteroperationOneSecond);
            if !slow || self.timers.version_2.is_none_or(|last| now.since(last) >= second) {
                self.timers.version_2 = Some(now);
                frames.push(advertisement(
                    configuration,
                    tables,
                    self.router,
                    self.timers,
                    priority,
                    Version::V2,
                ));
            }
        }
        self.around.output.extend(frames.into_iter().flatten().map(|frame| (self.router.port, frame)));
    }

    fn announce(&mut self) {
        let frames = announcement(self.around.configuration, self.around.tables, self.router);
        self.around.output.extend(frames.into_iter().map(|frame| (self.router.port, frame)));
    }
}

/// The address from which it sends, and that is compared.
pub fn own_address(configuration: &Configuration, router: &VirtualRouter, tables: &Tables) -> IpAddr {
    let interface = &configuration.interfaces[router.port.index().min(1)];
    match router.family {
        Family::Ipv4 => interface.address.into(),
        Family::Ipv6 if tables.has(Defect::LinkLocalOfVirtualMac) => {
            Ipv6Addr::new(0xfe80, 0, 0, 0, 0x0200, 0x5eff, 0xfe00, 0x0200 | u16::from(router.vrid)).into()
        }
        Family::Ipv6 => interface.link_local.into(),
    }
}

/// What is in the place of the source address.
fn source(configuration: &Configuration, router: &VirtualRouter, tables: &Tables, sent: u64) -> IpAddr {
    if tables.has(Defect::VirtualSource) {
        return router.addresses[0];
    }
    let secondary = configuration.interfaces[router.port.index().min(1)].secondary_address;
    match secondary {
        Some(secondary)
            if tables.has(Defect::ChangingSource) && router.family == Family::Ipv4 && sent % 2 == 0 =>
        {
            secondary.into()
        }
        _ => own_address(configuration, router, tables),
    }
}

/// An advertisement in a frame.
fn advertisement(
    configuration: &Configuration,
    tables: &Tables,
    router: &VirtualRouter,
    timers: &Timers,
    priority: u8,
    version: Version,
) -> Option<Vec<u8>> {
    let source = source(configuration, router, tables, timers.sent);
    let vrid = if tables.has(Defect::WrongVrid) { router.vrid.wrapping_add(1) } else { router.vrid };
    let header = match (&configuration.authentication, version) {
        (Authentication::Header(_), Version::V2) => {
            let sequence = u32::try_from(timers.sent).unwrap_or(u32::MAX);
            let index =
                authentication::security_parameters_index(configuration.security_parameters_index, source);
            Some(authentication_header(redspec_codec::vrrp::IP_PROTOCOL, index, sequence, [0; 12]))
        }
        _ => None,
    };
    let mut builder = match source {
        IpAddr::V4(source) => Builder::vrrp_ipv4(router.vrid, source),
        IpAddr::V6(source) => Builder::vrrp_ipv6(router.vrid, source),
    };
    spoil_headers(&mut builder, configuration, tables, router, priority == 0);
    if let (Some(header), Some(NetworkHeader::Ipv4(network))) = (&header, &mut builder.network) {
        network.protocol = 51;
        network.extensions = header;
    }
    if tables.has(Defect::TrailingOctets) {
        builder.trailer = &[0; 2];
    }
    let carrier = builder.carrier()?;
    let (v4, v6) = addresses(router, tables);
    let list = match router.family {
        Family::Ipv4 => Addresses::from(&v4[..]),
        Family::Ipv6 => Addresses::from(&v6[..]),
    };
    let count = if tables.has(Defect::CountTooHigh) {
        Stated::Exactly(u8::try_from(list.len() + 1).unwrap_or(u8::MAX))
    } else {
        Stated::Computed
    };
    let number = if tables.has(Defect::VersionFour) { Some(4) } else { None };
    let packet_type = if tables.has(Defect::TypeTwo) { Type(2) } else { Type::ADVERTISEMENT };
    let interval = interval_sent(tables, router, timers, version);
    let mut frame = match version {
        Version::V2 => {
            let interval = u8::try_from(interval).unwrap_or(u8::MAX);
            let mut message = v2::Advertisement::new(vrid, priority, interval, list);
            match &configuration.authentication {
                Authentication::Text(password) => {
                    let blank = format!("{password:8}");
                    let password = if tables.has(Defect::PasswordWithBlanks) { &blank } else { password };
                    let cut = if tables.has(Defect::PasswordCut) { 7 } else { 8 };
                    let password: String = password.chars().take(cut).collect();
                    message = message.with_simple_text(password.as_bytes()).ok()?;
                }
                Authentication::Header(_) => message.auth_type = v2::AuthType(2),
                Authentication::None if tables.has(Defect::AuthTypeOne) => {
                    message.auth_type = v2::AuthType(1);
                }
                Authentication::None => {}
            }
            if tables.has(Defect::NonZeroAuthentication) {
                message.authentication_data = Some([0xff; 8]);
            }
            if tables.has(Defect::ChecksumZero) {
                message.checksum = Stated::Exactly(0);
            }
            let version = number.unwrap_or(2);
            frame(&builder, |out| v2::Advertisement { version, packet_type, count, ..message }.emit(out))?
        }
        Version::V3 => {
            let message = v3::Advertisement::new(vrid, priority, interval, list);
            let pseudo = configuration.pseudo_header ^ tables.has(Defect::ChecksumOther);
            let checksum = if tables.has(Defect::ChecksumZero)
                || router.family == Family::Ipv6 && tables.has(Defect::ChecksumOther)
            {
                v3::Checksum::Exactly(0)
            } else if pseudo {
                v3::Checksum::Rfc5798
            } else {
                v3::Checksum::Rfc9568
            };
            let reserve = if tables.has(Defect::ReservedSet) { 0xf } else { 0 };
            let version = number.unwrap_or(3);
            frame(&builder, |out| {
                v3::Advertisement { version, packet_type, count, checksum, reserve, ..message }
                    .emit(carrier, out)
            })?
        }
    };
    if let (Authentication::Header(key), Some(_)) = (&configuration.authentication, header) {
        if !tables.has(Defect::HeaderUnsealed) {
            authentication::seal(&mut frame, key.as_bytes());
        }
    }
    Some(frame)
}

/// The interval as it stands in the message: seconds or centiseconds.
fn interval_sent(tables: &Tables, router: &VirtualRouter, timers: &Timers, version: Version) -> u16 {
    let own = if tables.has(Defect::IntervalLearned) { timers.learned } else { router.interval };
    let own = if tables.has(Defect::IntervalDoubled) { own * 2 } else { own };
    let (seconds, centiseconds) = (own.as_millis().div_ceil(1000), own.as_millis() / 10);
    let other = tables.has(Defect::IntervalOtherUnit);
    let number = if (version == Version::V2) == other { centiseconds } else { seconds };
    u16::try_from(number).unwrap_or(u16::MAX).min(0x0fff)
}

/// The addresses in an advertisement, of one family or the other.
fn addresses(router: &VirtualRouter, tables: &Tables) -> (Vec<Ipv4Addr>, Vec<Ipv6Addr>) {
    let mut addresses = router.addresses.clone();
    if tables.has(Defect::LastAddressMissing) {
        addresses.pop();
    }
    if tables.has(Defect::FirstAddressAgain) {
        let first = router.addresses[0];
        addresses.fill(first);
    }
    if tables.has(Defect::GlobalFirst) {
        addresses.reverse();
    }
    let (mut v4, mut v6) = (Vec::new(), Vec::new());
    for address in addresses {
        match address {
            IpAddr::V4(address) => v4.push(address),
            IpAddr::V6(address) => v6.push(address),
        }
    }
    (v4, v6)
}

fn spoil_headers(
    builder: &mut Builder<'_>,
    configuration: &Configuration,
    tables: &Tables,
    router: &VirtualRouter,
    release: bool,
) {
    let ttl = match (tables.has(Defect::TtlOne), tables.has(Defect::Ttl254)) {
        (true, _) => 1,
        (_, true) => 254,
        _ => 255,
    };
    let protocol = if tables.has(Defect::WrongProtocol) { 103 } else { redspec_codec::vrrp::IP_PROTOCOL };
    match &mut builder.network {
        Some(NetworkHeader::Ipv4(network)) => {
            (network.ttl, network.protocol) = (ttl, protocol);
            if tables.has(Defect::WrongDestination) {
                network.destination = Ipv4Addr::new(224, 0, 0, 2);
            }
        }
        Some(NetworkHeader::Ipv6(network)) => {
            (network.hop_limit, network.next_header) = (ttl, protocol);
            if tables.has(Defect::WrongDestination) {
                network.destination = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 2);
            }
        }
        None => {}
    }
    if let Some(ethernet) = &mut builder.ethernet {
        let physical = configuration.interfaces[router.port.index().min(1)].mac;
        if tables.has(Defect::PhysicalSource) || release && tables.has(Defect::ReleasePhysicalSource) {
            ethernet.source = physical;
        }
        if tables.has(Defect::OtherFamilySource) {
            ethernet.source.0[4] = 3 - ethernet.source.0[4];
        }
        if tables.has(Defect::BroadcastMac) {
            ethernet.destination = MacAddress::BROADCAST;
        }
    }
}

/// What tells the hosts where the virtual addresses are.
pub fn announcement(configuration: &Configuration, tables: &Tables, router: &VirtualRouter) -> Vec<Vec<u8>> {
    let physical = configuration.interfaces[router.port.index().min(1)].mac;
    let mac = if tables.has(Defect::AnnouncesPhysical) { physical } else { router.mac() };
    let most = if tables.has(Defect::AnnouncesFirstOnly) { 1 } else { usize::MAX };
    let told = router.addresses.iter().take(most);
    told.flat_map(|address| match *address {
        IpAddr::V4(address) => {
            let arp = Arp::gratuitous(mac, address);
            vec![frame(&Builder::arp(mac), |out| arp.emit(out))]
        }
        IpAddr::V6(address) => {
            let advertisement = NeighborDiscovery::Advertisement {
                router: !tables.has(Defect::AnnouncedWithoutRouter),
                solicited: tables.has(Defect::AnnouncedAsSolicited),
                overrides: !tables.has(Defect::NoOverrideFlag),
                target: address,
                target_mac: Some(mac),
            };
            let builder = Builder::neighbor_discovery(router.mac(), address);
            let told =
                builder.carrier().and_then(|carrier| frame(&builder, |out| advertisement.emit(carrier, out)));
            let joined = match router.addresses[0] {
                IpAddr::V6(source) if !tables.has(Defect::NoGroups) => report(router.mac(), source, address),
                _ => None,
            };
            vec![joined, told]
        }
    })
    .flatten()
    .collect()
}

/// The interval that a packet of that version tells.
pub fn interval_of(packet: &Packet<'_>, version: Version, reserved_counted: bool) -> Duration {
    match version {
        Version::V2 => Duration::from_secs(packet.interval_s().into()),
        Version::V3 => Duration::from_millis(u64::from(packet.interval_cs(reserved_counted)) * 10),
    }
}
