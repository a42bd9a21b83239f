//! A router in one group: its state table, its timers, and what it sends of itself.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::cisco::{Md5Authentication, Md5TlvType};
use redspec_codec::frame::{Arp, Builder, NeighborDiscovery, NetworkHeader};
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::{Family, MacAddress, Stated};

use super::configuration::{Authentication, Configuration, StandbyGroup};
use super::defect::Defect;
use super::packet::{Heard, password_octets};
use super::tables::Tables;
use crate::event::Port;
use crate::reference::machine::Host;
use crate::reference::router::{LAN, frame, report, to_address, towards};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::{Action, Condition, Group, together};
use crate::spec::hsrp::timers::{DEFAULT_HELLOTIME, DEFAULT_HOLDTIME, JITTER_PERCENT};
use crate::time::Time;

/// How long after the first time Cisco's routers tell again where the virtual address is.
const TOLD_AGAIN: Duration = Duration::from_secs(3);

/// Where Cisco's routers send their gratuitous ARP besides.
const CISCO_MULTICAST: MacAddress = MacAddress([0x01, 0x00, 0x0c, 0xcd, 0xcd, 0xcd]);

/// A router in a group, while it runs.
#[derive(Debug)]
pub struct Instance {
    /// How it is configured.
    pub group: StandbyGroup,
    /// Its state.
    pub state: Group,
    /// Everything else of it.
    pub variables: Variables,
}

/// The variables of a router in a group.
#[derive(Debug)]
pub struct Variables {
    /// When the Active timer expires.
    pub active_timer: Option<Time>,
    /// When the Standby timer expires.
    pub standby_timer: Option<Time>,
    /// When the Hello timer expires.
    pub hello_timer: Option<Time>,
    /// The virtual address that was learned.
    pub learned_address: Option<IpAddr>,
    /// Hellotime and Holdtime that were learned.
    pub learned_times: Option<(Duration, Duration)>,
    /// Who was last heard to be Active.
    pub active_router: Option<IpAddr>,
    /// It has been Active and is no longer.
    pub was_active: bool,
    /// HSRP runs, as far as the table has been told.
    pub running: bool,
    /// When it began to run.
    pub since: Time,
    /// When it tells again where the virtual address is.
    pub tell_again: Option<Time>,
    /// Messages that are to come after the end.
    pub after_end: Option<Time>,
    /// How many Hellos it has sent.
    pub sent: u64,
    /// What the jitter comes from.
    pub random: u64,
}

/// What a router in a group finds around it.
pub struct Around<'a> {
    /// How the router is configured.
    pub configuration: &'a Configuration,
    /// Its tables.
    pub tables: &'a Tables,
    /// Now.
    pub now: Time,
    /// HSRP runs, and the link of the LAN is up.
    pub running: bool,
    /// What is sent.
    pub output: &'a mut Vec<(Port, Vec<u8>)>,
}

impl Around<'_> {
    fn has(&self, defect: Defect) -> bool {
        self.tables.has(defect)
    }
}

impl Instance {
    /// One that has not started.
    pub fn new(group: StandbyGroup, initial: Group, mac: MacAddress) -> Self {
        let [.., a, b, c] = mac.0;
        // Any number that differs from router to router and from group to group.
        let random = u64::from_be_bytes([0x9e, 0x37, 0x79, a, b, c, 0, 1]) ^ u64::from(group.number) << 32;
        let variables = Variables {
            active_timer: None,
            standby_timer: None,
            hello_timer: None,
            learned_address: None,
            learned_times: None,
            active_router: None,
            was_active: false,
            running: false,
            since: Time::ZERO,
            tell_again: None,
            after_end: None,
            sent: 0,
            random,
        };
        Self { group, state: initial, variables }
    }

    /// It answers for its address and forwards.
    pub fn is_active(&self) -> bool {
        self.state == Group::Active
    }

    /// The virtual address, configured or learned.
    pub fn address(&self) -> Option<IpAddr> {
        self.group.address.or(self.variables.learned_address)
    }

    /// What the router's being switched on or off and its timers lead to, until it comes to rest.
    pub fn settle(&mut self, around: &mut Around<'_>) {
        // Each step consumes what has led to it, so few follow; more than these would be a faulty table.
        for _ in 0..32 {
            let Some(event) = self.due(around) else { break };
            self.take(event, None, around);
        }
        if self.variables.tell_again.is_some_and(|due| due <= around.now) {
            self.variables.tell_again = None;
            let told = self.announcement(around);
            around.output.extend(told.into_iter().map(|frame| (LAN, frame)));
        }
        if self.variables.after_end.is_some_and(|due| due <= around.now) {
            self.variables.after_end = None;
            let late = self.message(Opcode::HELLO, around);
            around.output.extend(late.map(|frame| (LAN, frame)));
        }
    }

    /// The next event that nobody has to send, and which is consumed with this.
    fn due(&mut self, around: &Around<'_>) -> Option<Condition> {
        let variables = &mut self.variables;
        if around.running != variables.running {
            variables.running = around.running;
            return Some(if around.running {
                variables.since = around.now;
                Condition::Enabled
            } else {
                Condition::Disabled
            });
        }
        let expired = |timer: Option<Time>| timer.is_some_and(|deadline| deadline <= around.now);
        let mut order = together(self.state);
        if around.has(Defect::DeadEnd) {
            order.reverse();
        }
        for event in order {
            let timer = match event {
                Condition::StandbyTimer => &mut variables.standby_timer,
                _ => &mut variables.active_timer,
            };
            if expired(*timer) {
                *timer = None;
                return Some(event);
            }
        }
        if expired(variables.hello_timer) {
            variables.hello_timer = None;
            return Some(Condition::HelloTimer);
        }
        None
    }

    /// A message that passed the ladder.
    pub fn hear(&mut self, heard: Heard, around: &mut Around<'_>) {
        let priority = self.priority(around);
        let own = around.configuration.own_address(self.group.family);
        let signed = around.has(Defect::SignedPriority);
        let order = |priority: u32| match (signed, self.group.version) {
            (false, _) => priority,
            (true, Version::V1) => priority ^ 0x80,
            (true, Version::V2) => priority ^ 0x8000_0000,
        };
        let addressed = match (around.has(Defect::TieIgnored), around.has(Defect::TieReversed)) {
            (true, _) => false,
            (_, reversed) => greater(heard.source, own, around.tables) != reversed,
        };
        let theirs =
            if around.has(Defect::EightBitPriority) { heard.priority & 0xff } else { heard.priority };
        let higher = order(theirs) > order(priority) || theirs == priority && addressed;
        let choose = |better, worse| Some(if higher { better } else { worse });
        let event = match (heard.opcode, heard.state) {
            (Opcode::COUP, _) => (higher || around.has(Defect::AnyCoup)).then_some(Condition::Coup),
            (Opcode::RESIGN, _) => {
                let active = self.variables.active_router == Some(heard.source);
                (active || around.has(Defect::AnyResign)).then_some(Condition::Resign)
            }
            // Only who does not check Op Code or state takes what is unknown, for the Hello of an Active router.
            (_, Some(Group::Active) | None) => {
                self.variables.active_router = Some(heard.source);
                choose(Condition::ActiveHigher, Condition::ActiveLower)
            }
            (_, Some(Group::Standby)) => choose(Condition::StandbyHigher, Condition::StandbyLower),
            (_, Some(Group::Speak)) => higher.then_some(Condition::SpeakHigher),
            _ => None,
        };
        if heard.opcode == Opcode::RESIGN && self.variables.active_router == Some(heard.source) {
            self.variables.active_router = None;
        }
        if let Some(event) = event {
            self.take(event, Some(heard), around);
        }
        if heard.opcode == Opcode::HELLO && self.learns_wrongly(event, &heard, around) {
            self.learn(Some(heard), around);
        }
    }

    /// The defect of one that learns where nothing is to be learned.
    fn learns_wrongly(&self, event: Option<Condition>, heard: &Heard, around: &Around<'_>) -> bool {
        let active = heard.state == Some(Group::Active);
        let waits = matches!(self.state, Group::Listen | Group::Speak | Group::Standby);
        around.has(Defect::LearnsFromOthers) && !active && self.state != Group::Initial
            || around.has(Defect::LearnsAsActive) && self.state == Group::Active
            || around.has(Defect::LearnsFromLower) && waits && event == Some(Condition::ActiveLower)
    }

    /// The router is switched off once more, which it was before.
    pub fn disabled_again(&mut self, around: &mut Around<'_>) {
        self.take(Condition::Disabled, None, around);
    }

    /// Runs the table on one event.
    fn take(&mut self, event: Condition, heard: Option<Heard>, around: &mut Around<'_>) {
        let preempts = self.group.preempt
            && (around.now.since(self.variables.since) >= self.group.preempt_delay
                || around.has(Defect::NoPreemptDelay));
        let mut judge = Judge {
            event,
            configured: self.group.address.is_some() && !around.has(Defect::ConfiguredUnknown),
            preempts,
            actions: Vec::new(),
        };
        let before = self.state;
        around.tables.group.step(&mut self.state, &mut judge);
        if event == Condition::Enabled || event == Condition::HelloTimer {
            self.start_hello(around);
        }
        // In the state that the row leads to: the Hello of a new Active router says Active.
        for action in judge.actions {
            self.perform(action, event, heard, around);
        }
        if before != self.state {
            self.variables.was_active |= before == Group::Active;
            if around.configuration.cisco && (before, self.state) == (Group::Active, Group::Speak) {
                self.perform(Action::SendHello, event, None, around);
            }
            if self.state != Group::Active {
                self.variables.tell_again = None;
            }
            if self.state == Group::Initial || before == Group::Initial {
                self.variables.active_router = None;
            }
            if self.state == Group::Initial {
                self.variables.hello_timer = None;
                self.variables.learned_address = None;
                self.variables.learned_times = None;
            }
        }
    }

    fn perform(&mut self, action: Action, event: Condition, heard: Option<Heard>, around: &mut Around<'_>) {
        let now = around.now;
        match action {
            Action::StartActive => {
                let of_hello = heard
                    .filter(|_| matches!(event, Condition::ActiveHigher | Condition::ActiveLower))
                    .map(|heard| heard.holdtime);
                self.variables.active_timer = Some(now + self.hold(of_hello, around));
            }
            Action::StartStandby => {
                let of_hello = heard
                    .filter(|_| matches!(event, Condition::StandbyHigher | Condition::StandbyLower))
                    .map(|heard| heard.holdtime);
                self.variables.standby_timer = Some(now + self.hold(of_hello, around));
            }
            Action::StopActive => self.variables.active_timer = None,
            Action::StopStandby => self.variables.standby_timer = None,
            Action::Learn => self.learn(heard, around),
            Action::SendHello => {
                self.send(Opcode::HELLO, around);
                self.start_hello(around);
            }
            Action::SendCoup => self.send(Opcode::COUP, around),
            Action::SendResign => {
                self.send(Opcode::RESIGN, around);
                if around.has(Defect::StopsLate) {
                    self.variables.after_end = Some(now + self.hellotime());
                }
            }
            Action::Announce => {
                if around.has(Defect::AnnouncesLate) {
                    self.variables.tell_again = Some(now + TOLD_AGAIN);
                    return;
                }
                let told = self.announcement(around);
                around.output.extend(told.into_iter().map(|frame| (LAN, frame)));
                if around.configuration.cisco {
                    self.variables.tell_again = Some(now + TOLD_AGAIN);
                }
            }
        }
    }

    /// How long a timer runs: the Holdtime of the Hello that has started it, or else the own one.
    fn hold(&self, of_hello: Option<Duration>, around: &Around<'_>) -> Duration {
        let of_hello = of_hello.filter(|_| !around.has(Defect::OwnHoldtime));
        let hold = of_hello.unwrap_or_else(|| self.holdtime());
        if around.has(Defect::HelloForHold) { self.hellotime() * 2 } else { hold }
    }

    fn learn(&mut self, heard: Option<Heard>, around: &Around<'_>) {
        let Some(heard) = heard else { return };
        if self.group.address.is_none() && !around.has(Defect::NeverLearnsAddress) {
            self.variables.learned_address = Some(heard.address);
        }
        let fits = heard.holdtime > heard.hellotime && !heard.hellotime.is_zero();
        // Both or none: the Active router may not mix a configured time and a learned one (section 5.1).
        let unknown = self.group.hellotime.is_none() && self.group.holdtime.is_none();
        let mixing = self.group.holdtime.is_none() && around.has(Defect::MixesTimes);
        if fits && (unknown || mixing || around.has(Defect::LearnsConfigured)) {
            self.variables.learned_times = Some((heard.hellotime, heard.holdtime));
        }
        if around.has(Defect::LearnsConfigured) {
            self.group.address = None;
            self.variables.learned_address = Some(heard.address);
            (self.group.hellotime, self.group.holdtime) = (None, None);
        }
    }

    /// The priority that counts now.
    fn priority(&self, around: &Around<'_>) -> u32 {
        let tracks = around.configuration.tracked || around.has(Defect::TrackingIgnored);
        let lost = if tracks { 0 } else { around.configuration.decrement };
        self.group.priority.saturating_sub(lost)
    }

    /// The Hellotime in use.
    pub fn hellotime(&self) -> Duration {
        let learned = self.variables.learned_times.map(|(hello, _)| hello);
        self.group.hellotime.or(learned).unwrap_or(DEFAULT_HELLOTIME)
    }

    /// The Holdtime in use.
    pub fn holdtime(&self) -> Duration {
        let learned = self.variables.learned_times.map(|(_, hold)| hold);
        // With a Hellotime of its own it keeps a Holdtime that goes with it.
        let default = DEFAULT_HOLDTIME.max(self.hellotime() * 3);
        self.group.holdtime.or(learned).unwrap_or(default)
    }

    fn start_hello(&mut self, around: &Around<'_>) {
        let hello = self.hellotime();
        let variables = &mut self.variables;
        // xorshift: the jitter of one run is that of the next.
        variables.random ^= variables.random << 13;
        variables.random ^= variables.random >> 7;
        variables.random ^= variables.random << 17;
        let share = u32::try_from(variables.random % 1000).unwrap_or(0);
        let mut wait = hello.saturating_sub(hello * JITTER_PERCENT / 100 * share / 1000);
        if around.has(Defect::NoJitter) {
            wait = hello;
        }
        if around.has(Defect::HelloTooSlow) {
            wait = hello * 3 / 2;
        }
        if around.has(Defect::HelloTooFast) {
            wait = hello / 3;
        }
        if around.has(Defect::HelloLate) {
            wait = hello * 11 / 10;
        }
        variables.hello_timer = Some(around.now + wait);
    }

    fn send(&mut self, opcode: Opcode, around: &mut Around<'_>) {
        self.variables.sent += 1;
        let message = self.message(opcode, around);
        around.output.extend(message.map(|frame| (LAN, frame)));
    }

    /// A message in a frame.
    fn message(&self, opcode: Opcode, around: &Around<'_>) -> Option<Vec<u8>> {
        let Around { configuration, tables, .. } = around;
        let group = &self.group;
        let lan = configuration.lan();
        let hello = opcode == Opcode::HELLO;
        // Section 6.1: the Hellos of the Active router, and no others.
        let virtual_source = (hello && self.is_active() && !tables.has(Defect::PhysicalSource))
            || tables.has(Defect::VirtualSourceAlways);
        let mac = if virtual_source { group.mac() } else { lan.mac };
        let mut builder = match (group.version, configuration.own_address(group.family)) {
            (Version::V1, IpAddr::V4(source)) => Builder::hsrp1(mac, source),
            (_, IpAddr::V4(source)) => Builder::hsrp2(mac, source),
            (_, IpAddr::V6(source)) => Builder::hsrp2_ipv6(mac, source),
        };
        self.spoil_headers(&mut builder, tables);
        let times = (self.hellotime(), self.holdtime());
        let (hellotime, holdtime) = match (tables.has(Defect::TimesZero), tables.has(Defect::TimesDefault)) {
            (true, _) => (Duration::ZERO, Duration::ZERO),
            (_, true) => (DEFAULT_HELLOTIME, DEFAULT_HOLDTIME),
            _ if tables.has(Defect::HoldtimeLow) => (times.0, times.0),
            _ => times,
        };
        let lean = !hello && tables.has(Defect::LeanCoup);
        let priority = if lean { 0 } else { self.priority(around) };
        let priority = if tables.has(Defect::WrongPriority) { priority.saturating_sub(1) } else { priority };
        let priority = if tables.has(Defect::TrackingUnsent) { group.priority } else { priority };
        let number = if tables.has(Defect::WrongGroup) { group.number ^ 1 } else { group.number };
        // A router without a virtual address sends nothing; one that should not send has to be seen to.
        let unspecified = match group.family {
            Family::Ipv4 => Ipv4Addr::UNSPECIFIED.into(),
            Family::Ipv6 => Ipv6Addr::UNSPECIFIED.into(),
        };
        let address = self.address().filter(|_| !lean).unwrap_or(unspecified);
        let opcode = if tables.has(Defect::OpCodeThree) && hello { Opcode(4) } else { opcode };
        let state = if tables.has(Defect::StateOff) && hello { self.state_off() } else { self.state };
        let nobody = tables.has(Defect::DigestOfNobody);
        let sender = if nobody { Ipv4Addr::UNSPECIFIED } else { lan.address };
        let content = Content { opcode, state, hellotime, holdtime, priority, number, address, sender };
        match group.version {
            Version::V1 => content.version_1(&builder, around),
            Version::V2 => content.version_2(&builder, around, self),
        }
    }

    /// Another state than the own one.
    fn state_off(&self) -> Group {
        if self.state == Group::Speak { Group::Standby } else { Group::Speak }
    }

    fn spoil_headers(&self, builder: &mut Builder<'_>, tables: &Tables) {
        let virtual_address = self.address();
        match (&mut builder.network, virtual_address) {
            (Some(NetworkHeader::Ipv4(network)), Some(IpAddr::V4(address))) => {
                if tables.has(Defect::WrongTtl) {
                    network.ttl = 64;
                }
                if tables.has(Defect::WrongDestination) {
                    network.destination = Ipv4Addr::new(224, 0, 0, 1);
                }
                if tables.has(Defect::VirtualSourceAddress) {
                    network.source = address;
                }
            }
            (Some(NetworkHeader::Ipv6(network)), Some(IpAddr::V6(address))) => {
                if tables.has(Defect::WrongDestination) {
                    network.destination = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 1);
                }
                if tables.has(Defect::VirtualSourceAddress) {
                    network.source = address;
                }
            }
            _ => {}
        }
        if let Some(udp) = &mut builder.udp {
            if tables.has(Defect::WrongPort) {
                udp.destination_port = 1986;
            }
            if tables.has(Defect::WrongSourcePort) {
                udp.source_port = 1986;
            }
            if tables.has(Defect::ChecksumWrong) {
                udp.checksum = Stated::Exactly(0xdead);
            }
        }
        if let (Some(ethernet), true) = (&mut builder.ethernet, tables.has(Defect::BroadcastMac)) {
            ethernet.destination = MacAddress::BROADCAST;
        }
        if tables.has(Defect::TrailingOctets) {
            // In version 2 the type and the length of a TLV that is not there.
            builder.trailer = &[0xff; 2];
        }
    }

    /// What tells the hosts where the virtual address is.
    fn announcement(&self, around: &Around<'_>) -> Vec<Vec<u8>> {
        let lan = around.configuration.lan();
        let physical = around.has(Defect::AnnouncesPhysical);
        let mac = if physical { lan.mac } else { self.group.mac() };
        match self.address() {
            Some(IpAddr::V4(address)) => {
                let operation =
                    if around.has(Defect::AnnouncesByRequest) { Arp::REQUEST } else { Arp::REPLY };
                let target_mac = MacAddress::BROADCAST;
                let address = if around.has(Defect::AnnouncesOwnAddress) { lan.address } else { address };
                let arp =
                    Arp { operation, sender_mac: mac, sender_ip: address, target_mac, target_ip: address };
                let source = if around.has(Defect::AnnouncesFromPhysical) { lan.mac } else { mac };
                let mut builder = Builder::arp(source);
                if around.has(Defect::AnnouncesToFew) {
                    builder = towards(builder, CISCO_MULTICAST);
                }
                frame(&builder, |out| arp.emit(out)).into_iter().collect()
            }
            Some(IpAddr::V6(address)) => {
                let message = NeighborDiscovery::Advertisement {
                    router: !around.has(Defect::AnnouncedWithoutRouter),
                    solicited: false,
                    overrides: !around.has(Defect::NoOverrideFlag),
                    target: address,
                    target_mac: Some(mac),
                };
                let builder = Builder::neighbor_discovery(self.group.mac(), address);
                let told =
                    builder.carrier().and_then(|carrier| frame(&builder, |out| message.emit(carrier, out)));
                let joined = report(self.group.mac(), address, address);
                joined.into_iter().chain(told).collect()
            }
            None => Vec::new(),
        }
    }

    /// The last Router Advertisement of a router that is no longer Active, which takes itself back.
    pub fn farewell(&self) -> Option<Vec<u8>> {
        let Some(IpAddr::V6(address)) = self.address() else { return None };
        router_advertisement(self.group.mac(), address, 0, None)
    }
}

/// What a message says, whatever its version.
#[derive(Clone, Copy)]
struct Content {
    opcode: Opcode,
    state: Group,
    hellotime: Duration,
    holdtime: Duration,
    priority: u32,
    number: u16,
    address: IpAddr,
    sender: Ipv4Addr,
}

impl Content {
    fn version_1(self, builder: &Builder<'_>, around: &Around<'_>) -> Option<Vec<u8>> {
        let Self { opcode, state, hellotime, holdtime, priority, number, address, sender } = self;
        let Around { configuration, tables, .. } = around;
        let IpAddr::V4(virtual_ip) = address else { return None };
        let seconds = |time: Duration| u8::try_from(time.as_secs()).unwrap_or(u8::MAX);
        let message = v1::Message {
            version: u8::from(tables.has(Defect::WrongVersion)),
            opcode,
            state: state_1(state, tables),
            hellotime_s: seconds(hellotime),
            holdtime_s: seconds(holdtime),
            priority: u8::try_from(priority).unwrap_or(u8::MAX),
            group: u8::try_from(number).unwrap_or(u8::MAX),
            reserved: 0,
            authentication: match &configuration.authentication {
                Authentication::Text(_) if tables.has(Defect::PasswordDefault) => v1::DEFAULT_AUTHENTICATION,
                Authentication::Text(password)
                    if password == "cisco" && tables.has(Defect::NoDefaultPassword) =>
                {
                    [0; 8]
                }
                Authentication::Text(password) => text(password, tables),
                Authentication::Md5 { .. } if tables.has(Defect::PasswordBesideDigest) => {
                    v1::DEFAULT_AUTHENTICATION
                }
                Authentication::Md5 { .. } => [0; 8],
            },
            virtual_ip: if tables.has(Defect::WrongVirtualAddress) {
                around.configuration.lan().address
            } else {
                virtual_ip
            },
        };
        frame(builder, |out| {
            let mut length = message.emit(out)?;
            if let Authentication::Md5 { key, key_id } = &configuration.authentication {
                let md5 = Md5Authentication::new(Md5TlvType::HSRP, sender, *key_id);
                length += md5.emit(&mut out[length..])?;
                if !tables.has(Defect::DigestUnsealed) {
                    v1::seal(&mut out[..length], key.as_bytes())?;
                }
            }
            Ok(length)
        })
    }

    fn version_2(self, builder: &Builder<'_>, around: &Around<'_>, instance: &Instance) -> Option<Vec<u8>> {
        let Self { opcode, state, hellotime, holdtime, priority, number, address, sender } = self;
        let Around { configuration, tables, .. } = around;
        let (lan, group) = (configuration.lan(), &instance.group);
        let milliseconds = |time: Duration| {
            let unit = if tables.has(Defect::TimesInSeconds) { 1000 } else { 1 };
            u32::try_from(time.as_millis() / unit).unwrap_or(u32::MAX)
        };
        let identifier = if tables.has(Defect::VirtualIdentifier) { group.mac() } else { lan.mac };
        let number = if tables.has(Defect::EightBitGroup) { number & 0xff } else { number };
        let address = match address {
            IpAddr::V4(_) if tables.has(Defect::WrongVirtualAddress) => lan.address.into(),
            IpAddr::V6(_) if tables.has(Defect::WrongVirtualAddress) => lan.link_local.into(),
            address => address,
        };
        let hello = v2::GroupState::hello(number, state_2(state, tables), priority, identifier, address);
        let message = v2::GroupState {
            version: if tables.has(Defect::WrongVersion) { 3 } else { 2 },
            opcode,
            // 4 for 6, and 6 for 4.
            ip_version: hello.ip_version ^ if tables.has(Defect::OtherIpVersion) { 2 } else { 0 },
            hellotime_ms: milliseconds(hellotime),
            holdtime_ms: milliseconds(holdtime),
            ..hello
        };
        frame(builder, |out| {
            let mut tlvs = vec![v2::Tlv::GroupState(message)];
            match &configuration.authentication {
                Authentication::Text(_) if tables.has(Defect::PasswordDefault) => {
                    tlvs.push(v2::Tlv::TextAuthentication(v1::DEFAULT_AUTHENTICATION));
                }
                Authentication::Text(password) => {
                    tlvs.push(v2::Tlv::TextAuthentication(text(password, tables)));
                }
                Authentication::Md5 { key_id, .. } => tlvs.push(v2::Tlv::Md5Authentication(
                    Md5Authentication::new(Md5TlvType::HSRP, sender, *key_id),
                )),
            }
            if tables.has(Defect::InterfaceStateTogether) {
                let active_groups = u16::from(instance.is_active());
                let state = v2::InterfaceState { active_groups, passive_groups: 1 - active_groups };
                tlvs.insert(1, v2::Tlv::InterfaceState(state));
            }
            let length = v2::emit(tlvs, out)?;
            if let Authentication::Md5 { key, .. } = &configuration.authentication {
                if !tables.has(Defect::DigestUnsealed) {
                    v2::seal(&mut out[..length], key.as_bytes())?;
                }
            }
            Ok(length)
        })
    }
}

/// A Router Advertisement to all nodes, or to one.
pub fn router_advertisement(
    mac: MacAddress,
    source: Ipv6Addr,
    lifetime_s: u16,
    to: Option<(Ipv6Addr, MacAddress)>,
) -> Option<Vec<u8>> {
    let message = NeighborDiscovery::RouterAdvertisement {
        hop_limit: 64,
        managed: false,
        other: false,
        lifetime_s,
        reachable_time_ms: 0,
        retransmit_timer_ms: 0,
        source_mac: Some(mac),
    };
    let plain = Builder::neighbor_discovery(mac, source);
    let builder = match to {
        Some((asker, asker_mac)) => to_address(plain, asker, asker_mac),
        None => plain,
    };
    let carrier = builder.carrier()?;
    frame(&builder, |out| message.emit(carrier, out))
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
        octets
    };
    octets(one) > octets(other)
}

/// A password as it is sent.
fn text(password: &str, tables: &Tables) -> [u8; 8] {
    let mut octets = password_octets(password);
    if tables.has(Defect::PasswordBlanks) {
        octets.iter_mut().filter(|octet| **octet == 0).for_each(|octet| *octet = b' ');
    }
    octets
}

/// A state's number in version 1.
fn state_1(state: Group, tables: &Tables) -> v1::State {
    if tables.has(Defect::OtherStateCodes) {
        return v1::State(state_2_number(state));
    }
    match state {
        Group::Initial => v1::State::INITIAL,
        Group::Learn => v1::State::LEARN,
        Group::Listen => v1::State::LISTEN,
        Group::Speak => v1::State::SPEAK,
        Group::Standby => v1::State::STANDBY,
        Group::Active => v1::State::ACTIVE,
    }
}

fn state_2_number(state: Group) -> u8 {
    match state {
        Group::Initial => v2::State::INIT.0,
        Group::Learn => v2::State::LEARN.0,
        Group::Listen => v2::State::LISTEN.0,
        Group::Speak => v2::State::SPEAK.0,
        Group::Standby => v2::State::STANDBY.0,
        Group::Active => v2::State::ACTIVE.0,
    }
}

/// A state's number in version 2.
fn state_2(state: Group, tables: &Tables) -> v2::State {
    if tables.has(Defect::OtherStateCodes) {
        return v2::State(match state {
            Group::Initial => v1::State::INITIAL.0,
            Group::Learn => v1::State::LEARN.0,
            Group::Listen => v1::State::LISTEN.0,
            Group::Speak => v1::State::SPEAK.0,
            Group::Standby => v1::State::STANDBY.0,
            Group::Active => v1::State::ACTIVE.0,
        });
    }
    v2::State(state_2_number(state))
}

/// What a row asks, while it is chosen; what it does is done behind that.
struct Judge {
    event: Condition,
    configured: bool,
    preempts: bool,
    actions: Vec<Action>,
}

impl Host<Condition, Action> for Judge {
    fn holds(&self, condition: Condition) -> bool {
        match condition {
            Condition::AddressConfigured => self.configured,
            Condition::Preempt => self.preempts,
            event => event == self.event,
        }
    }

    fn perform(&mut self, action: Action) {
        self.actions.push(action);
    }
}
