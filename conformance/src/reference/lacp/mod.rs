//! A LACP system with any number of ports and Aggregators, and a Marker responder. Behind its Aggregators it is a small
//! bridge with one client port, so that a tester sees which links carry data.

#![allow(clippy::cast_possible_truncation)] // a bed has few ports

pub mod configuration;
pub mod defect;
pub mod mutants;
mod port;
mod selection;
pub mod tables;

use redspec_codec::frame::{Builder, Ethernet, VlanTag};
use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation, State};
use redspec_codec::slow::lacp_tlv::{PortAlgorithm, PortConversationIdDigest, Tlv};
use redspec_codec::slow::marker::{Marker, MarkerKind, MarkerRef};
use redspec_codec::{MacAddress, Reserved};

use self::configuration::Configuration;
use self::defect::Defect;
use self::port::{Port, Running, agree};
use self::tables::Tables;
use super::machine::{Host, Table};
use super::{Device, Input};
use crate::event;
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::lacp::functions::{ReceptionRule, SelectionRule};
use crate::spec::lacp::machines;
use crate::spec::lacp::variables::{Action, Condition, Interval, Selected};
use crate::spec::marker::machines as marker_machines;
use crate::time::Time;

/// Octets before the payload of an untagged frame.
const PAYLOAD_AT: usize = 14;

/// A LACP system.
pub struct LacpSystem {
    tables: Tables,
    settings: Settings,
    edition: Edition,
    configuration: Configuration,
    ports: Vec<Port>,
    now: Time,
    output: Vec<(event::Port, Vec<u8>)>,
    /// Distributing ports, as the Marker generator last saw them.
    distributing: Vec<bool>,
    generator_transaction: u32,
    last_reserved: [u8; 3],
    frames_sent: u8,
    previous_partner: Vec<PortInformation>,
    /// What a LACPDU that the limit delays would have said when it was asked for.
    queued: Vec<Option<(PortInformation, PortInformation)>>,
    dead: bool,
    responder: marker_machines::Responder,
    generator: marker_machines::Generator,
}

impl LacpSystem {
    /// A system that starts at time zero with all links down.
    ///
    /// # Errors
    /// A setting that does not fit.
    pub fn new(
        settings: &Settings,
        edition: Edition,
        ports: usize,
        tables: Tables,
    ) -> Result<Self, BadSetting> {
        let configuration = configured(settings, edition, ports, &tables)?;
        let mut system = Self {
            ports: configuration.ports.iter().map(|port| Port::new(&tables, port)).collect(),
            distributing: vec![false; ports],
            previous_partner: vec![PortInformation::default(); ports],
            queued: vec![None; ports],
            responder: tables.responder.initial,
            generator: tables.generator.initial,
            tables,
            settings: settings.clone(),
            edition,
            configuration,
            now: Time::ZERO,
            output: Vec::new(),
            generator_transaction: 0,
            last_reserved: [0; 3],
            frames_sent: 0,
            dead: false,
        };
        system.begin();
        Ok(system)
    }

    /// BEGIN: every machine enters its first state.
    fn begin(&mut self) {
        for index in 0..self.ports.len() {
            begin(self.running(index), |tables| &tables.receive, |port| &mut port.receive);
            begin(self.running(index), |tables| &tables.periodic, |port| &mut port.periodic);
            begin(self.running(index), |tables| &tables.transmit, |port| &mut port.transmit);
            begin(self.running(index), |tables| &tables.mux, |port| &mut port.mux);
            begin(self.running(index), |tables| &tables.actor_churn, |port| &mut port.actor_churn_state);
            begin(self.running(index), |tables| &tables.partner_churn, |port| &mut port.partner_churn_state);
            begin(self.running(index), |tables| &tables.fallback, |port| &mut port.fallback);
            self.ports[index].begin = false;
        }
        self.settle();
    }

    fn running(&mut self, index: usize) -> Running<'_> {
        Running {
            tables: &self.tables,
            configuration: &self.configuration,
            ports: &mut self.ports,
            index,
            now: self.now,
            transmitted: false,
        }
    }

    /// Lets all machines run until none moves. A table that never comes to rest hangs the device, as it would hang a real
    /// one: that is a mutant's doing.
    fn settle(&mut self) {
        for _ in 0..MAX_ROUNDS {
            if self.dead {
                return;
            }
            let mut moved = false;
            for index in 0..self.ports.len() {
                moved |= self.step_receive(index);
            }
            for round in 0.. {
                let mut inner = false;
                for index in 0..self.ports.len() {
                    inner |= self.step_mux(index);
                }
                inner |= self.select();
                if !inner {
                    break;
                }
                moved = true;
                if round == MAX_ROUNDS {
                    self.dead = true;
                    return;
                }
            }
            for index in 0..self.ports.len() {
                moved |= self.step_rest(index);
            }
            self.generate_markers();
            for index in 0..self.ports.len() {
                moved |= self.step_transmit(index);
            }
            if !moved {
                return;
            }
        }
        self.dead = true;
    }

    fn step_receive(&mut self, index: usize) -> bool {
        let before = self.ports[index].receive;
        let mut moved = step(self.running(index), |tables| &tables.receive, |port| &mut port.receive);
        let port = &mut self.ports[index];
        let expired = before != port.receive && port.receive == machines::Receive::Expired;
        port.received = None;
        port.partner_admin_changed = false;
        if moved {
            let rest = (0..MAX_ROUNDS)
                .any(|_| !step(self.running(index), |tables| &tables.receive, |port| &mut port.receive));
            self.dead |= !rest;
        }
        if expired && self.tables.has(Defect::ExpiryResetsAll) {
            for port in &mut self.ports {
                port.selected = Selected::Unselected;
            }
            moved = true;
        }
        moved
    }

    fn step_mux(&mut self, index: usize) -> bool {
        let before = self.ports[index].mux;
        step(self.running(index), |tables| &tables.mux, |port| &mut port.mux)
            && before != self.ports[index].mux
    }

    fn step_rest(&mut self, index: usize) -> bool {
        let mut moved = step(self.running(index), |tables| &tables.periodic, |port| &mut port.periodic);
        moved |= step(self.running(index), |tables| &tables.fallback, |port| &mut port.fallback);
        moved |= step(self.running(index), |tables| &tables.actor_churn, |port| &mut port.actor_churn_state);
        moved
            | step(self.running(index), |tables| &tables.partner_churn, |port| &mut port.partner_churn_state)
    }

    fn step_transmit(&mut self, index: usize) -> bool {
        let running = self.running(index);
        let delayed = running.ports[index].ntt && !running.transmit_opportunity();
        if delayed && self.tables.has(Defect::QueuesPdus) {
            let port = &self.ports[index];
            self.queued[index].get_or_insert((port.actor, port.partner));
        }
        let mut running = self.running(index);
        let mut state = running.ports[index].transmit;
        let moved = running.tables.transmit.step(&mut state, &mut running);
        let transmitted = running.transmitted;
        self.ports[index].transmit = state;
        if transmitted {
            self.transmit(index);
        }
        moved
    }

    fn generate_markers(&mut self) {
        let distributing: Vec<bool> = self.ports.iter().map(|port| port.distributing).collect();
        if distributing == self.distributing {
            return;
        }
        self.distributing = distributing;
        let mut host =
            MarkerHost { configured: self.configuration.generator, changed: true, ..MarkerHost::default() };
        self.tables.generator.step(&mut self.generator, &mut host);
        if host.send_marker {
            for index in 0..self.ports.len() {
                if self.distributing[index] {
                    self.send_marker(index);
                }
            }
        }
    }
}

/// As the settings say, and as the defects have it that tell ports and systems apart wrongly.
fn configured(
    settings: &Settings,
    edition: Edition,
    ports: usize,
    tables: &Tables,
) -> Result<Configuration, BadSetting> {
    let mut configuration = Configuration::new(settings, edition, ports)?;
    for (index, port) in configuration.ports.iter_mut().enumerate() {
        let actor = &mut port.actor;
        if tables.has(Defect::PortNumberZero) {
            actor.port = index as u16;
        }
        if tables.has(Defect::PortNumberShared) {
            actor.port = 1;
        }
        if tables.has(Defect::KeyPerPort) {
            actor.key = actor.key.wrapping_add(index as u16);
        }
        if tables.has(Defect::SystemPerPort) {
            actor.system.0[5] = actor.system.0[5].wrapping_add(index as u8);
        }
        if tables.has(Defect::SystemIsGroup) {
            actor.system.0[0] |= 1;
        }
    }
    Ok(configuration)
}

/// More than any table of the standard needs to come to rest.
const MAX_ROUNDS: u32 = 32;

/// The first step of a port's machine.
fn begin<S: Copy + PartialEq + 'static>(
    mut running: Running<'_>,
    table: impl FnOnce(&Tables) -> &Table<S, Condition, Action>,
    state: impl Fn(&mut Port) -> &mut S,
) {
    let index = running.index;
    let mut now = *state(&mut running.ports[index]);
    table(running.tables).begin(&mut now, &mut running);
    *state(&mut running.ports[index]) = now;
}

/// One step of a port's machine.
fn step<S: Copy + PartialEq + 'static>(
    mut running: Running<'_>,
    table: impl FnOnce(&Tables) -> &Table<S, Condition, Action>,
    state: impl Fn(&mut Port) -> &mut S,
) -> bool {
    let index = running.index;
    let mut now = *state(&mut running.ports[index]);
    let table = table(running.tables);
    let moved = table.step(&mut now, &mut running);
    *state(&mut running.ports[index]) = now;
    moved
}

/// What the Marker machines test and ask for.
#[derive(Default)]
struct MarkerHost {
    received: bool,
    response: bool,
    configured: bool,
    changed: bool,
    send_response: bool,
    send_marker: bool,
}

impl Host<marker_machines::Condition, marker_machines::Action> for MarkerHost {
    fn holds(&self, condition: marker_machines::Condition) -> bool {
        match condition {
            marker_machines::Condition::MarkerReceived => self.received,
            marker_machines::Condition::MarkerIsResponse => self.response,
            marker_machines::Condition::GeneratorConfigured => self.configured,
            marker_machines::Condition::DistributionChanged => self.changed,
        }
    }

    fn perform(&mut self, action: marker_machines::Action) {
        match action {
            marker_machines::Action::SendResponse => self.send_response = true,
            marker_machines::Action::SendMarker => self.send_marker = true,
        }
    }
}

/// What is sent.
impl LacpSystem {
    fn source(&mut self, index: usize) -> MacAddress {
        let mut mac = self.configuration.ports[index].mac;
        if self.tables.has(Defect::SourceIsSystem) {
            mac = MacAddress([0x02, 0x52, 0x53, 0xff, 0xff, 0xff]);
        }
        if self.tables.has(Defect::SourceIsGroup) {
            mac.0[0] |= 1;
        }
        if self.tables.has(Defect::SourceChanges) {
            self.frames_sent = self.frames_sent.wrapping_add(1);
            mac.0[4] = self.frames_sent;
        }
        mac
    }

    /// Sends a slow protocol frame.
    fn send(&mut self, index: usize, destination: MacAddress, message: &[u8]) {
        let mut destination = destination;
        if self.tables.has(Defect::WrongDestination) {
            destination.0[5] ^= 0x01;
        }
        let source = self.source(index);
        let tags: &[VlanTag] = if self.tables.has(Defect::SendsTagged) { &[VlanTag::new(0)] } else { &[] };
        let ethernet = Ethernet {
            destination,
            source,
            tags,
            ether_type: redspec_codec::frame::SLOW_PROTOCOLS,
            minimum_length: 60,
        };
        let builder = Builder { ethernet: Some(ethernet), ..Builder::slow(source) };
        let mut frame = vec![0; (builder.headers_len() + message.len()).max(60)];
        let written = builder.emit(&mut frame, |space| {
            space[..message.len()].copy_from_slice(message);
            Ok(message.len())
        });
        if let Ok(length) = written {
            frame.truncate(length);
            self.output.push((event::Port(index as u16), frame));
        }
    }

    fn transmit(&mut self, index: usize) {
        let port = &self.ports[index];
        let (mut actor, mut partner) = self.queued[index].take().unwrap_or((port.actor, port.partner));
        let has = |defect| self.tables.has(defect);
        if has(Defect::StalePartner) {
            partner = self.previous_partner[index];
        }
        self.previous_partner[index] = self.ports[index].partner;
        let has = |defect| self.tables.has(defect);
        for (defect, flag) in [
            (Defect::ActivityInverted, State::ACTIVITY),
            (Defect::TimeoutInverted, State::TIMEOUT),
            (Defect::AggregationInverted, State::AGGREGATION),
        ] {
            if has(defect) {
                actor.state.0 ^= flag.0;
            }
        }
        let mut pdu = Lacpdu::new(actor, partner, self.configuration.collector_max_delay);
        pdu.version = self.configuration.version;
        if has(Defect::VersionZero) {
            pdu.version = 0;
        }
        if has(Defect::LengthWithoutHeader) {
            pdu.actor_information_length = 18;
        }
        if has(Defect::TlvsSwapped) {
            std::mem::swap(&mut pdu.actor_tlv_type, &mut pdu.partner_tlv_type);
        }
        if has(Defect::ReservedNotZeroed) {
            pdu.actor_reserved = Reserved(self.last_reserved);
        }
        if has(Defect::PadNotZeroed) {
            pdu.reserved.0[5] = 1;
        }
        let mut message = vec![0; 256];
        let digest = [0; 16];
        let tlvs = [
            Tlv::PortAlgorithm(PortAlgorithm::UNSPECIFIED),
            Tlv::PortConversationIdDigest(PortConversationIdDigest { link_number_id: actor.port, digest }),
            Tlv::ServiceMappingDigest(&digest),
        ];
        let tlvs = if self.configuration.version >= 2 { &tlvs[..] } else { &[] };
        let written = if tlvs.is_empty() {
            pdu.emit(&mut message)
        } else {
            pdu.emit_with_tlvs(tlvs.iter().copied(), &mut message)
        };
        let Ok(mut length) = written else { return };
        if self.configuration.version >= 2 && self.tables.has(Defect::DigestLengthWrong) {
            message[65] = 18;
        }
        if self.configuration.version >= 2 && self.tables.has(Defect::TerminatorMisplaced) {
            message[58..60].fill(0);
        }
        if self.tables.has(Defect::SendsShort) {
            length -= 2;
        }
        let destination = self.configuration.destination;
        self.send(index, destination, &message[..length]);
    }

    fn send_marker(&mut self, index: usize) {
        self.generator_transaction += 1;
        let actor = self.ports[index].actor;
        let mut marker = Marker::information(actor.port, actor.system, self.generator_transaction);
        if self.tables.has(Defect::MarkerLengthWrong) {
            marker.information_length = 18;
        }
        if self.tables.has(Defect::MarkerPortZero) {
            marker.requester_port = 0;
        }
        let destination = self.configuration.destination;
        self.send(index, destination, &marker.to_octets());
    }
}

/// What is received.
impl LacpSystem {
    fn receive(&mut self, index: usize, frame: &[u8]) {
        let slow = redspec_codec::frame::SLOW_PROTOCOLS.to_be_bytes();
        let Some((header, payload)) = frame.split_at_checked(PAYLOAD_AT) else {
            self.dead |= self.tables.has(Defect::DiesOfShortFrame);
            return;
        };
        let tagged = !self.tables.receives_by(ReceptionRule::Untagged) && header[12..14] == [0x81, 0];
        let payload = if tagged && payload.get(2..4) == Some(&slow) { &payload[4..] } else { payload };
        if header[12..14] != slow && !tagged {
            if header[12..14] == [0x81, 0] && payload.get(2..4) == Some(&slow) {
                self.tables.turned_away_by(ReceptionRule::Untagged);
            }
            self.forward(Some(index), frame);
            return;
        }
        if self.tables.has(Defect::ForwardsSlowProtocols) {
            self.forward(Some(index), frame);
        }
        if !self.takes(ReceptionRule::Destination, header[..6] == self.configuration.destination.0) {
            return;
        }
        if self.tables.has(Defect::DiesOfShortFrame) && payload.len() < 60 {
            self.dead = true;
            return;
        }
        match payload.first() {
            Some(&subtype) if subtype == Subtype::MARKER.0 => self.receive_marker(index, header, payload),
            Some(&subtype) if self.takes(ReceptionRule::Subtype, subtype == Subtype::LACP.0) => {
                self.receive_lacpdu(index, payload);
            }
            _ => {}
        }
    }

    /// The rule is kept, or not in force. A rule that is in force and not kept turns the frame away.
    fn takes(&self, rule: ReceptionRule, kept: bool) -> bool {
        let obeyed = kept || !self.tables.receives_by(rule);
        if !obeyed {
            self.tables.turned_away_by(rule);
        }
        obeyed
    }

    fn receive_lacpdu(&mut self, index: usize, payload: &[u8]) {
        let mut whole = [0; Lacpdu::LEN];
        let mut payload = payload;
        let complete = payload.len() >= Lacpdu::LEN;
        if !complete && self.takes(ReceptionRule::Complete, complete) {
            whole[..payload.len()].copy_from_slice(payload);
            payload = &whole;
        } else if payload.len() < Lacpdu::LEN && self.tables.has(Defect::ReadsPastEnd) {
            whole.fill(0xa5);
            whole[..payload.len()].copy_from_slice(payload);
            payload = &whole;
        }
        let mut first = [0; Lacpdu::LEN];
        if !self.tables.receives_by(ReceptionRule::Subtype) {
            if let Some(octets) = payload.get(..Lacpdu::LEN) {
                first.copy_from_slice(octets);
                first[0] = Subtype::LACP.0;
                payload = &first;
            }
        }
        let Ok((pdu, _)) = LacpduRef::parse(payload) else { return };
        if self.tables.has(Defect::DiesOfUnknownTlv) && pdu.tlvs().any(|tlv| matches!(tlv, Tlv::Other(_))) {
            self.dead = true;
            return;
        }
        let pdu = pdu.to_value();
        let as_defined = pdu.actor_tlv_type.0 == 1
            && pdu.partner_tlv_type.0 == 2
            && pdu.collector_tlv_type.0 == 3
            && pdu.terminator_tlv_type.0 == 0;
        let zero = pdu.actor_reserved.first_set().is_none()
            && pdu.partner_reserved.first_set().is_none()
            && pdu.collector_reserved.first_set().is_none();
        if self.tables.receives_by(ReceptionRule::VersionIsOne) && pdu.version != 1
            || self.tables.receives_by(ReceptionRule::TlvTypesAsDefined) && !as_defined
            || self.tables.receives_by(ReceptionRule::ReservedIsZero) && !zero
        {
            return;
        }
        self.last_reserved = pdu.actor_reserved.0;
        if self.tables.has(Defect::ResetsOnOtherVersion) && pdu.version != self.configuration.version {
            self.ports[index].selected = Selected::Unselected;
        }
        if self.tables.has(Defect::MarkerOnLacpdu) {
            let marker = Marker::information(pdu.actor.port, pdu.actor.system, 0).response();
            let destination = self.configuration.destination;
            self.send(index, destination, &marker.to_octets());
        }
        let moved = self.tables.compared(&self.tables.port_moved);
        for (other, port) in self.ports.iter_mut().enumerate() {
            let disabled = port.receive == machines::Receive::PortDisabled;
            if other != index && disabled && agree(&port.partner, &pdu.actor, moved) {
                port.port_moved = true;
            }
            if other != index && self.tables.has(Defect::PartnerShared) {
                port.partner.system = pdu.actor.system;
                port.partner.key = pdu.actor.key;
            }
        }
        self.ports[index].received = Some(pdu);
    }

    fn receive_marker(&mut self, index: usize, header: &[u8], payload: &[u8]) {
        let Ok((marker, _)) = MarkerRef::parse(payload) else { return };
        let received = marker.to_value();
        if self.tables.has(Defect::MarkerKeepsPartner) {
            let deadline = self.now + self.tables.interval(Interval::ShortTimeout);
            self.ports[index].restart_current_while(deadline);
        }
        let response = received.kind == MarkerKind::RESPONSE;
        let mut host = MarkerHost { received: true, response, ..MarkerHost::default() };
        let (table, state) = (&self.tables.responder, &mut self.responder);
        table.step(state, &mut host);
        host.received = false;
        table.step(state, &mut host);
        if !host.send_response || !self.configuration.responder {
            return;
        }
        let has = |defect| self.tables.has(defect);
        let mut answer = received.response();
        answer.version = 1;
        let actor = self.ports[index].actor;
        if has(Defect::ResponseWithoutTransaction) {
            answer.transaction_id = 0;
        }
        if has(Defect::ResponseWithOwnPort) {
            answer.requester_port = actor.port;
        }
        if has(Defect::ResponseWithOwnSystem) {
            answer.requester_system = actor.system;
        }
        if has(Defect::ResponseVersionZero) {
            answer.version = 0;
        }
        if has(Defect::ResponseLengthWrong) {
            answer.information_length = 14;
        }
        let mut destination = self.configuration.destination;
        if has(Defect::ResponseUnicast) {
            destination.0.copy_from_slice(&header[6..12]);
        }
        let octets = answer.to_octets();
        let octets = if has(Defect::ResponseShort) { &octets[..20] } else { &octets[..] };
        let index = if has(Defect::ResponseOnFirstPort) { 0 } else { index };
        let times = if has(Defect::ResponseTwice) { 2 } else { 1 };
        for _ in 0..times {
            self.send(index, destination, octets);
        }
    }

    /// Forwards a data frame like a bridge without addresses: to the client and to every other Aggregator, on one of its
    /// links. `from` is the port where it came in, `None` for the client.
    fn forward(&mut self, from: Option<usize>, frame: &[u8]) {
        if frame.get(..5) == Some(&[0x01, 0x80, 0xc2, 0, 0])
            && !self.tables.has(Defect::ForwardsSlowProtocols)
        {
            return;
        }
        let takes = |port: &Port| {
            port.port_enabled
                && (port.attached && port.collecting
                    || port.fallback_active
                    || self.tables.has(Defect::CollectsAlways))
        };
        let gives = |port: &Port| {
            port.port_enabled
                && (port.attached && port.distributing
                    || port.fallback_active
                    || self.tables.has(Defect::DistributesAlways))
        };
        let group = |port: &Port| if port.fallback_active { None } else { port.aggregator };
        if from.is_some_and(|index| !takes(&self.ports[index])) {
            return;
        }
        let mut outputs: Vec<usize> = Vec::new();
        let mut served = from.map(|index| group(&self.ports[index])).into_iter().collect::<Vec<_>>();
        for (index, port) in self.ports.iter().enumerate() {
            let first = !served.contains(&group(port)) || self.tables.has(Defect::Duplicates);
            if from != Some(index) && gives(port) && first {
                served.push(group(port));
                outputs.push(index);
            }
        }
        if from.is_some() {
            outputs.push(self.ports.len());
        }
        for index in outputs {
            self.output.push((event::Port(index as u16), frame.to_vec()));
        }
    }
}

impl Device for LacpSystem {
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting> {
        self.now = now;
        match input {
            _ if self.dead => return Ok(()),
            // Whatever comes, a timer that runs out in the same instant is not forgotten over it.
            Input::Frame(port, frame) if port.index() == self.ports.len() => self.forward(None, frame),
            Input::Frame(port, frame) => {
                if self.ports[port.index()].port_enabled {
                    self.receive(port.index(), frame);
                }
            }
            Input::Link(port, up) => {
                let Some(changed) = self.ports.get_mut(port.index()) else { return Ok(()) };
                changed.port_enabled = up;
                if !up && self.tables.has(Defect::FlapResetsAll) {
                    for port in &mut self.ports {
                        port.selected = Selected::Unselected;
                    }
                }
            }
            Input::Configure(name, value) => self.configure(name, value)?,
        }
        self.settle();
        Ok(())
    }

    fn advance(&mut self, now: Time) {
        self.now = now;
        if !self.dead {
            self.settle();
        }
    }

    fn next_deadline(&self) -> Option<Time> {
        if self.dead {
            return None;
        }
        let limited = |port: &Port| {
            let limit = self.tables.transmit_limit as usize;
            let index = port.sent.len().checked_sub(limit)?;
            let free = *port.sent.get(index)? + self.tables.interval(Interval::FastPeriodic);
            (free > self.now).then_some(free)
        };
        self.ports.iter().flat_map(|port| [port.next_timer(self.now), limited(port)]).flatten().min()
    }

    fn output(&mut self) -> Vec<(event::Port, Vec<u8>)> {
        std::mem::take(&mut self.output)
    }

    fn state(&self, name: &str, port: event::Port) -> Option<String> {
        let port = self.ports.get(port.index())?;
        Some(match name {
            "lacp.actor_churn" => port.actor_churn.to_string(),
            "lacp.partner_churn" => port.partner_churn.to_string(),
            "lacp.aggregator" => port.aggregator.map_or_else(|| "none".to_owned(), |index| index.to_string()),
            _ => return None,
        })
    }

    fn rows(&self) -> Vec<&'static str> {
        let tables = &self.tables;
        let lacp = tables.receive.taken().chain(tables.periodic.taken()).chain(tables.transmit.taken());
        let lacp = lacp
            .chain(tables.mux.taken())
            .chain(tables.actor_churn.taken())
            .chain(tables.partner_churn.taken());
        lacp.chain(tables.fallback.taken())
            .chain(tables.responder.taken())
            .chain(tables.generator.taken())
            .chain(tables.taken())
            .collect()
    }
}

/// Management.
impl LacpSystem {
    fn configure(&mut self, name: &str, value: &str) -> Result<(), BadSetting> {
        let settings = self.settings.clone().with(name, value);
        let new = configured(&settings, self.edition, self.ports.len(), &self.tables)?;
        for (port, configured) in self.ports.iter_mut().zip(&new.ports) {
            let administrative = State::ACTIVITY | State::TIMEOUT | State::AGGREGATION;
            let mut actor = configured.actor;
            actor.state = State(port.actor.state.without(administrative).0 | configured.actor.state.0);
            let identity = |information: &PortInformation| {
                (
                    information.system_priority,
                    information.system,
                    information.key,
                    information.state.has(State::AGGREGATION),
                )
            };
            let reselect = self.tables.selects_by(SelectionRule::ReselectOnActorChange);
            if identity(&actor) != identity(&port.actor) && reselect {
                self.tables.used_rule(SelectionRule::ReselectOnActorChange);
                port.selected = Selected::Unselected;
            }
            if !(self.tables.has(Defect::KeyChangeSilent)) {
                port.actor = actor;
            }
            port.lacp_enabled = configured.enabled;
            if port.partner_admin != configured.partner {
                port.partner_admin = configured.partner;
                port.partner_admin_changed = true;
            }
        }
        self.settings = settings;
        self.configuration = new;
        Ok(())
    }
}
