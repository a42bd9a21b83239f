//! A port: its variables, and what conditions and actions of the tables mean in them.

use std::collections::VecDeque;
use std::time::Duration;

use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};

use super::configuration::{Configuration, Fallback};
use super::tables::Tables;
use crate::reference::machine::{Host, satisfied};
use crate::spec::lacp::machines;
use crate::spec::lacp::variables::{Action, Condition, Field, Flag, Interval, Selected, Timer};
use crate::time::Time;

/// The variables of a port (6.4.7).
#[allow(clippy::struct_field_names)] // the standard's names
#[derive(Clone, Debug)]
pub(super) struct Port {
    pub begin: bool,
    pub port_enabled: bool,
    pub lacp_enabled: bool,
    pub port_moved: bool,
    pub partner_admin_changed: bool,
    pub received: Option<Lacpdu>,
    /// Actor_Oper_*
    pub actor: PortInformation,
    /// Partner_Oper_*
    pub partner: PortInformation,
    /// Partner_Admin_*
    pub partner_admin: PortInformation,
    pub selected: Selected,
    /// The Aggregator that was selected.
    pub aggregator: Option<usize>,
    pub attached: bool,
    pub collecting: bool,
    pub distributing: bool,
    pub ntt: bool,
    pub wait_to_restore: bool,
    pub fallback_active: bool,
    pub actor_churn: bool,
    pub partner_churn: bool,
    timers: [Option<Time>; Timer::ALL.len()],
    /// When the last LACPDUs were sent, as many as the limit has.
    pub sent: VecDeque<Time>,
    pub receive: machines::Receive,
    pub periodic: machines::Periodic,
    pub transmit: machines::Transmit,
    pub mux: machines::Mux,
    pub actor_churn_state: machines::Churn,
    pub partner_churn_state: machines::Churn,
    pub fallback: machines::Fallback,
}

impl Port {
    pub fn new(tables: &Tables, configuration: &super::configuration::PortConfiguration) -> Self {
        Self {
            begin: true,
            port_enabled: false,
            lacp_enabled: configuration.enabled,
            port_moved: false,
            partner_admin_changed: false,
            received: None,
            actor: configuration.actor,
            partner: configuration.partner,
            partner_admin: configuration.partner,
            selected: Selected::Unselected,
            aggregator: None,
            attached: false,
            collecting: false,
            distributing: false,
            ntt: false,
            wait_to_restore: false,
            fallback_active: false,
            actor_churn: false,
            partner_churn: false,
            timers: [None; Timer::ALL.len()],
            sent: VecDeque::new(),
            receive: tables.receive.initial,
            periodic: tables.periodic.initial,
            transmit: tables.transmit.initial,
            mux: tables.mux.initial,
            actor_churn_state: tables.actor_churn.initial,
            partner_churn_state: tables.partner_churn.initial,
            fallback: tables.fallback.initial,
        }
    }

    /// The link cannot be shared: one of both ends says so.
    pub fn individual(&self) -> bool {
        !(self.actor.state.has(State::AGGREGATION) && self.partner.state.has(State::AGGREGATION))
    }

    /// The port waits, in whichever way its edition has it, for others to be ready.
    pub fn waits(&self) -> bool {
        match self.mux {
            machines::Mux::Waiting => true,
            machines::Mux::Detached => self.selected == Selected::Selected && self.started(Timer::WaitWhile),
            _ => false,
        }
    }

    pub fn expired(&self, timer: Timer, now: Time) -> bool {
        self.timers[timer as usize].is_some_and(|deadline| deadline <= now)
    }

    pub fn started(&self, timer: Timer) -> bool {
        self.timers[timer as usize].is_some()
    }

    fn running(&self, timer: Timer, now: Time) -> bool {
        self.timers[timer as usize].is_some_and(|deadline| deadline > now)
    }

    /// When the next timer runs out that has not yet.
    pub fn next_timer(&self, now: Time) -> Option<Time> {
        self.timers.iter().flatten().copied().filter(|deadline| *deadline > now).min()
    }

    pub fn restart_current_while(&mut self, deadline: Time) {
        if self.started(Timer::CurrentWhile) {
            self.timers[Timer::CurrentWhile as usize] = Some(deadline);
        }
    }
}

pub(super) const fn flag(flag: Flag) -> State {
    match flag {
        Flag::Activity => State::ACTIVITY,
        Flag::Timeout => State::TIMEOUT,
        Flag::Aggregation => State::AGGREGATION,
        Flag::Synchronization => State::SYNCHRONIZATION,
        Flag::Collecting => State::COLLECTING,
        Flag::Distributing => State::DISTRIBUTING,
        Flag::Defaulted => State::DEFAULTED,
        Flag::Expired => State::EXPIRED,
    }
}

/// The two agree in all of `fields`.
pub(super) fn agree(a: &PortInformation, b: &PortInformation, fields: &[Field]) -> bool {
    fields.iter().all(|field| match *field {
        Field::SystemPriority => a.system_priority == b.system_priority,
        Field::System => a.system == b.system,
        Field::Key => a.key == b.key,
        Field::PortPriority => a.port_priority == b.port_priority,
        Field::Port => a.port == b.port,
        Field::State(bit) => a.state.has(flag(bit)) == b.state.has(flag(bit)),
    })
}

fn copy(from: &PortInformation, to: &mut PortInformation, fields: &[Field]) {
    for field in fields {
        match *field {
            Field::SystemPriority => to.system_priority = from.system_priority,
            Field::System => to.system = from.system,
            Field::Key => to.key = from.key,
            Field::PortPriority => to.port_priority = from.port_priority,
            Field::Port => to.port = from.port,
            Field::State(bit) => assign(&mut to.state, bit, from.state.has(flag(bit))),
        }
    }
}

fn assign(state: &mut State, bit: Flag, value: bool) {
    *state = if value { state.with(flag(bit)) } else { state.without(flag(bit)) };
}

/// A port while its machines run: it sees its system.
pub(super) struct Running<'a> {
    pub tables: &'a Tables,
    pub configuration: &'a Configuration,
    pub ports: &'a mut [Port],
    pub index: usize,
    pub now: Time,
    /// LACPDUs that are to be sent: the machine asked for one.
    pub transmitted: bool,
}

impl Running<'_> {
    fn port(&self) -> &Port {
        &self.ports[self.index]
    }

    fn port_mut(&mut self) -> &mut Port {
        &mut self.ports[self.index]
    }

    fn interval(&self, interval: Interval) -> Duration {
        match interval {
            Interval::ActorTimeout if self.port().actor.state.has(State::TIMEOUT) => {
                self.tables.interval(Interval::ShortTimeout)
            }
            Interval::ActorTimeout => self.tables.interval(Interval::LongTimeout),
            Interval::WaitToRestore => self.configuration.wait_to_restore,
            Interval::Fallback => self.configuration.fallback_timeout,
            fixed => self.tables.interval(fixed),
        }
    }

    /// All ports that wait for this port's Aggregator have waited long enough (6.4.14.1 o).
    fn all_waiting_ready(&self) -> bool {
        let aggregator = self.port().aggregator;
        self.ports
            .iter()
            .filter(|port| port.aggregator == aggregator && port.waits())
            .all(|port| port.expired(Timer::WaitWhile, self.now))
    }

    pub fn transmit_opportunity(&self) -> bool {
        let limit = self.tables.transmit_limit as usize;
        let sent = &self.port().sent;
        let Some(index) = sent.len().checked_sub(limit) else { return true };
        sent.get(index).is_none_or(|time| self.now - *time >= self.tables.interval(Interval::FastPeriodic))
    }

    fn fallback_elected(&self) -> bool {
        match self.configuration.fallback {
            Fallback::None => false,
            // A member that has a partner ends the fallback of all: two ways into one LAN would be a loop.
            Fallback::Static => self.peers().all(|port| port.actor.state.has(State::DEFAULTED)),
            Fallback::Individual => {
                let rank = |port: &Port| (port.actor.port_priority, port.actor.port);
                let mine = rank(self.port());
                self.peers().all(|port| port.actor.state.has(State::DEFAULTED) && rank(port) >= mine)
            }
        }
    }

    /// The ports that may aggregate with this one and are up, itself included.
    fn peers(&self) -> impl Iterator<Item = &Port> {
        let key = self.port().actor.key;
        self.ports.iter().filter(move |port| port.port_enabled && port.actor.key == key)
    }

    /// A condition that rows define; without one it does not hold.
    fn defined(&self, condition: Condition) -> bool {
        let mut rows = self.tables.definitions.iter().filter(|row| row.condition == condition);
        let holds = rows.find(|row| row.when.iter().all(|literal| satisfied(self, *literal)));
        if let Some(row) = holds {
            self.tables.used(row.id);
        }
        holds.is_some()
    }

    /// An action that a row spells out; without one nothing is done.
    fn spelled_out(&mut self, action: Action) {
        let tables = self.tables;
        if let Some(procedure) = tables.procedures.iter().find(|procedure| procedure.action == action) {
            tables.used(procedure.id);
            for step in &procedure.steps {
                self.perform(*step);
            }
        }
    }

    /// The received LACPDU, or one of nothing where none is: its conditions are only asked while one is there.
    fn pdu(&self) -> Lacpdu {
        self.port().received.unwrap_or(Lacpdu::new(PortInformation::default(), PortInformation::default(), 0))
    }
}

impl Host<Condition, Action> for Running<'_> {
    fn holds(&self, condition: Condition) -> bool {
        let port = self.port();
        let actor = |bit: State| port.actor.state.has(bit);
        let partner = |bit: State| port.partner.state.has(bit);
        match condition {
            Condition::Begin => port.begin,
            Condition::PortEnabled => port.port_enabled,
            Condition::PortMoved => port.port_moved,
            Condition::LacpEnabled => port.lacp_enabled,
            Condition::LacpduReceived => port.received.is_some(),
            Condition::CurrentWhileExpired => port.expired(Timer::CurrentWhile, self.now),
            Condition::PartnerAdminChanged => port.partner_admin_changed,
            Condition::ActorActive => actor(State::ACTIVITY),
            Condition::ActorSynchronization => actor(State::SYNCHRONIZATION),
            Condition::ActorDefaulted => actor(State::DEFAULTED),
            Condition::PartnerActive => partner(State::ACTIVITY),
            Condition::PartnerShortTimeout => partner(State::TIMEOUT),
            Condition::PartnerSynchronization => partner(State::SYNCHRONIZATION),
            Condition::PartnerCollecting => partner(State::COLLECTING),
            Condition::PeriodicExpired => port.expired(Timer::Periodic, self.now),
            Condition::NoPeriodic => port.periodic == machines::Periodic::NoPeriodic,
            Condition::Ntt => port.ntt,
            Condition::TransmitOpportunity => self.transmit_opportunity(),
            Condition::TxWhenExpired => port.expired(Timer::TxWhen, self.now),
            Condition::Selected => port.selected == Selected::Selected,
            Condition::Standby => port.selected == Selected::Standby,
            Condition::Unselected => port.selected == Selected::Unselected,
            Condition::AllWaitingReady => self.all_waiting_ready(),
            Condition::WaitWhileExpired => port.expired(Timer::WaitWhile, self.now),
            Condition::WaitWhileRunning => port.started(Timer::WaitWhile),
            Condition::IndependentControl => self.configuration.independent_control,
            Condition::Attached => port.attached,
            Condition::WaitToRestorePending => port.wait_to_restore,
            Condition::WaitToRestoreRunning => port.running(Timer::WaitToRestore, self.now),
            Condition::ActorChurnExpired => port.expired(Timer::ActorChurn, self.now),
            Condition::ActorChurnRunning => port.started(Timer::ActorChurn),
            Condition::PartnerChurnExpired => port.expired(Timer::PartnerChurn, self.now),
            Condition::PartnerChurnRunning => port.started(Timer::PartnerChurn),
            Condition::PduPartnerIsActor => {
                agree(&self.pdu().partner, &port.actor, self.tables.compared(&self.tables.matched))
            }
            Condition::PduPartnerDiffersFromActor => {
                !agree(&self.pdu().partner, &port.actor, self.tables.compared(&self.tables.update_ntt))
            }
            Condition::PduActorDiffersFromPartner => {
                !agree(&self.pdu().actor, &port.partner, self.tables.compared(&self.tables.update_selected))
            }
            Condition::PartnerAdminDiffersFromPartner => !agree(
                &port.partner_admin,
                &port.partner,
                self.tables.compared(&self.tables.update_default_selected),
            ),
            Condition::PduActorSynchronization => self.pdu().actor.state.has(State::SYNCHRONIZATION),
            Condition::PduActorActive => self.pdu().actor.state.has(State::ACTIVITY),
            Condition::PduActorAggregation => self.pdu().actor.state.has(State::AGGREGATION),
            Condition::PduPartnerActive => self.pdu().partner.state.has(State::ACTIVITY),
            Condition::FallbackConfigured => self.configuration.fallback != Fallback::None,
            Condition::FallbackExpired => port.expired(Timer::Fallback, self.now),
            Condition::FallbackElected => self.fallback_elected(),
            Condition::Ready | Condition::PortGoodToGo | Condition::PduInSync => self.defined(condition),
        }
    }

    fn perform(&mut self, action: Action) {
        let tables = self.tables;
        let now = self.now;
        match action {
            Action::Set(bit) => assign(&mut self.port_mut().actor.state, bit, true),
            Action::Clear(bit) => assign(&mut self.port_mut().actor.state, bit, false),
            Action::SetPartner(bit) => assign(&mut self.port_mut().partner.state, bit, true),
            Action::ClearPartner(bit) => assign(&mut self.port_mut().partner.state, bit, false),
            Action::SetPartnerSynchronizationIf(condition) => {
                let in_sync = self.holds(condition);
                assign(&mut self.port_mut().partner.state, Flag::Synchronization, in_sync);
            }
            Action::SetSelected(selected) => self.port_mut().selected = selected,
            Action::UnselectIf(condition) => {
                if self.holds(condition) {
                    self.port_mut().selected = Selected::Unselected;
                }
            }
            Action::SetNtt(ntt) => self.port_mut().ntt = ntt,
            Action::SetNttIf(condition) => {
                if self.holds(condition) {
                    self.port_mut().ntt = true;
                }
            }
            Action::SetPortMoved(moved) => self.port_mut().port_moved = moved,
            Action::Start(timer, interval) => {
                let deadline = now + self.interval(interval);
                self.port_mut().timers[timer as usize] = Some(deadline);
            }
            Action::Stop(timer) => self.port_mut().timers[timer as usize] = None,
            Action::CopyPduActor => {
                let pdu = self.pdu();
                copy(&pdu.actor, &mut self.port_mut().partner, tables.compared(&tables.record_pdu));
            }
            Action::CopyPartnerAdmin => {
                let port = self.port_mut();
                port.partner = port.partner_admin;
            }
            Action::AttachMuxToAggregator => self.port_mut().attached = true,
            Action::DetachMuxFromAggregator => {
                let port = self.port_mut();
                port.attached = false;
                // A port on standby keeps what it selected, to be called when a link is lost.
                if port.selected == Selected::Unselected {
                    port.aggregator = None;
                }
            }
            Action::EnableCollecting => self.port_mut().collecting = true,
            Action::DisableCollecting => self.port_mut().collecting = false,
            Action::EnableDistributing => self.port_mut().distributing = true,
            Action::DisableDistributing => self.port_mut().distributing = false,
            Action::TransmitLacpdu => {
                self.transmitted = true;
                let limit = tables.transmit_limit as usize;
                let sent = &mut self.port_mut().sent;
                sent.push_back(now);
                while sent.len() > limit {
                    sent.pop_front();
                }
            }
            Action::SetActorChurn(churn) => self.port_mut().actor_churn = churn,
            Action::SetPartnerChurn(churn) => self.port_mut().partner_churn = churn,
            Action::SetWaitToRestore(pending) => self.port_mut().wait_to_restore = pending,
            Action::SetFallback(active) => self.port_mut().fallback_active = active,
            Action::RecordPdu
            | Action::RecordDefault
            | Action::UpdateSelected
            | Action::UpdateDefaultSelected
            | Action::UpdateNtt => self.spelled_out(action),
        }
    }
}
