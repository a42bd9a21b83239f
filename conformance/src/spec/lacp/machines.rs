//! The state machines of LACP: Receive, Periodic Transmission, Transmit, Mux, Churn Detection, and, of the vendors,
//! Fallback.
//!
//! Clause numbers are those of 802.1AX-2014. 802.1AX-2008 and 2014 have the same machines; 2020 has another Mux machine
//! and merges Periodic Transmission into Transmit.

use super::clauses;
use super::variables::{Action, Condition, Flag, Interval, Selected, Timer};
use crate::spec::Editions;
use crate::spec::machine::Literal::{self, Is, Not};
use crate::spec::machine::Origin::{Any, State};
use crate::spec::machine::{Entry, Machine, Row};

use Action::{
    AttachMuxToAggregator, Clear, DetachMuxFromAggregator, DisableCollecting, DisableDistributing,
    EnableCollecting, EnableDistributing, RecordDefault, RecordPdu, Set, SetActorChurn, SetFallback, SetNtt,
    SetPartnerChurn, SetPortMoved, SetSelected, Start, Stop, TransmitLacpdu, UpdateDefaultSelected,
    UpdateNtt, UpdateSelected,
};
use Condition as If;

type Table<S> = Machine<S, Condition, Action>;
type Step<S> = Row<S, Condition, Action>;

const ALL: Editions = Editions::DOT1AX;
const OLD: Editions = Editions::UP_TO_2014;
const NEW: Editions = Editions::ONLY_2020;

/// A transition that only changes the state; what is done stands at the entry to it.
const fn row<S>(
    id: &'static str,
    from: crate::spec::machine::Origin<S>,
    when: &'static [Literal<Condition>],
    to: S,
    editions: Editions,
) -> Step<S>
where
    S: Copy,
{
    Row { id, from, when, actions: &[], to: Some(to), editions }
}

/// Actions without a change of state.
const fn stay<S: Copy>(
    id: &'static str,
    from: S,
    when: &'static [Literal<Condition>],
    actions: &'static [Action],
    editions: Editions,
) -> Step<S> {
    Row { id, from: State(from), when, actions, to: None, editions }
}

const fn entry<S>(
    id: &'static str,
    state: S,
    actions: &'static [Action],
    editions: Editions,
) -> Entry<S, Action> {
    Entry { id, state, actions, editions }
}

/// States of the Receive machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Receive {
    /// INITIALIZE
    Initialize,
    /// PORT_DISABLED
    PortDisabled,
    /// EXPIRED
    Expired,
    /// LACP_DISABLED
    LacpDisabled,
    /// DEFAULTED
    Defaulted,
    /// CURRENT
    Current,
}

/// The Receive machine (6.4.12).
pub const RECEIVE: Table<Receive> = Machine {
    id: "lacp.rx",
    name: "Receive machine",
    clauses: clauses::RECEIVE,
    initial: Receive::Initialize,
    states: RECEIVE_STATES,
    rows: RECEIVE_ROWS,
};

const RECEIVE_STATES: &[Entry<Receive, Action>] = &[
    entry(
        "lacp.rx.initialize",
        Receive::Initialize,
        &[SetSelected(Selected::Unselected), RecordDefault, Clear(Flag::Expired), SetPortMoved(false)],
        ALL,
    ),
    entry(
        "lacp.rx.port-disabled",
        Receive::PortDisabled,
        &[Action::ClearPartner(Flag::Synchronization)],
        ALL,
    ),
    entry(
        "lacp.rx.expired",
        Receive::Expired,
        &[
            Action::ClearPartner(Flag::Synchronization),
            Action::SetPartner(Flag::Timeout),
            Start(Timer::CurrentWhile, Interval::ShortTimeout),
            Set(Flag::Expired),
        ],
        ALL,
    ),
    entry(
        "lacp.rx.lacp-disabled",
        Receive::LacpDisabled,
        &[
            SetSelected(Selected::Unselected),
            RecordDefault,
            Action::ClearPartner(Flag::Aggregation),
            Clear(Flag::Expired),
        ],
        ALL,
    ),
    entry(
        "lacp.rx.defaulted",
        Receive::Defaulted,
        &[UpdateDefaultSelected, RecordDefault, Clear(Flag::Expired)],
        ALL,
    ),
    entry(
        "lacp.rx.current",
        Receive::Current,
        &[
            UpdateSelected,
            UpdateNtt,
            RecordPdu,
            Start(Timer::CurrentWhile, Interval::ActorTimeout),
            Clear(Flag::Expired),
        ],
        ALL,
    ),
];

const RECEIVE_ROWS: &[Step<Receive>] = &[
    row("lacp.rx.any.begin", Any, &[Is(If::Begin)], Receive::Initialize, ALL),
    row(
        "lacp.rx.any.port-disabled",
        Any,
        &[Not(If::PortEnabled), Not(If::PortMoved)],
        Receive::PortDisabled,
        ALL,
    ),
    row("lacp.rx.initialize.unconditional", State(Receive::Initialize), &[], Receive::PortDisabled, ALL),
    row(
        "lacp.rx.port-disabled.moved",
        State(Receive::PortDisabled),
        &[Is(If::PortMoved)],
        Receive::Initialize,
        ALL,
    ),
    row(
        "lacp.rx.port-disabled.enabled",
        State(Receive::PortDisabled),
        &[Is(If::PortEnabled), Is(If::LacpEnabled)],
        Receive::Expired,
        ALL,
    ),
    row(
        "lacp.rx.port-disabled.no-lacp",
        State(Receive::PortDisabled),
        &[Is(If::PortEnabled), Not(If::LacpEnabled)],
        Receive::LacpDisabled,
        ALL,
    ),
    row(
        "lacp.rx.lacp-disabled.enabled",
        State(Receive::LacpDisabled),
        &[Is(If::LacpEnabled)],
        Receive::PortDisabled,
        ALL,
    ),
    row(
        "lacp.rx.expired.received",
        State(Receive::Expired),
        &[Is(If::LacpduReceived)],
        Receive::Current,
        ALL,
    ),
    row(
        "lacp.rx.expired.timeout",
        State(Receive::Expired),
        &[Is(If::CurrentWhileExpired)],
        Receive::Defaulted,
        ALL,
    ),
    row(
        "lacp.rx.defaulted.received",
        State(Receive::Defaulted),
        &[Is(If::LacpduReceived)],
        Receive::Current,
        ALL,
    ),
    row(
        "lacp.rx.defaulted.partner-changed",
        State(Receive::Defaulted),
        &[Is(If::PartnerAdminChanged)],
        Receive::Defaulted,
        NEW,
    ),
    row(
        "lacp.rx.current.received",
        State(Receive::Current),
        &[Is(If::LacpduReceived)],
        Receive::Current,
        ALL,
    ),
    row(
        "lacp.rx.current.timeout",
        State(Receive::Current),
        &[Is(If::CurrentWhileExpired)],
        Receive::Expired,
        ALL,
    ),
    // How LACP_Enabled turning false is seen in the other states: the variable's change restarts from PORT_DISABLED.
    row(
        "lacp.rx.expired.no-lacp",
        State(Receive::Expired),
        &[Not(If::LacpEnabled)],
        Receive::LacpDisabled,
        ALL,
    ),
    row(
        "lacp.rx.defaulted.no-lacp",
        State(Receive::Defaulted),
        &[Not(If::LacpEnabled)],
        Receive::LacpDisabled,
        ALL,
    ),
    row(
        "lacp.rx.current.no-lacp",
        State(Receive::Current),
        &[Not(If::LacpEnabled)],
        Receive::LacpDisabled,
        ALL,
    ),
];

/// States of the Periodic Transmission machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Periodic {
    /// NO_PERIODIC
    NoPeriodic,
    /// FAST_PERIODIC
    FastPeriodic,
    /// SLOW_PERIODIC
    SlowPeriodic,
    /// PERIODIC_TX
    PeriodicTx,
}

/// The Periodic Transmission machine (6.4.13); in 2020 part of Transmit.
pub const PERIODIC: Table<Periodic> = Machine {
    id: "lacp.periodic",
    name: "Periodic Transmission machine",
    clauses: clauses::PERIODIC,
    initial: Periodic::NoPeriodic,
    states: &[
        entry("lacp.periodic.none", Periodic::NoPeriodic, &[Stop(Timer::Periodic)], OLD),
        entry(
            "lacp.periodic.fast",
            Periodic::FastPeriodic,
            &[Start(Timer::Periodic, Interval::FastPeriodic)],
            OLD,
        ),
        entry(
            "lacp.periodic.slow",
            Periodic::SlowPeriodic,
            &[Start(Timer::Periodic, Interval::SlowPeriodic)],
            OLD,
        ),
        entry("lacp.periodic.tx", Periodic::PeriodicTx, &[SetNtt(true)], OLD),
    ],
    rows: &[
        row("lacp.periodic.any.begin", Any, &[Is(If::Begin)], Periodic::NoPeriodic, OLD),
        row("lacp.periodic.any.no-lacp", Any, &[Not(If::LacpEnabled)], Periodic::NoPeriodic, OLD),
        row("lacp.periodic.any.port-disabled", Any, &[Not(If::PortEnabled)], Periodic::NoPeriodic, OLD),
        row(
            "lacp.periodic.any.both-passive",
            Any,
            &[Not(If::ActorActive), Not(If::PartnerActive)],
            Periodic::NoPeriodic,
            OLD,
        ),
        row(
            "lacp.periodic.none.unconditional",
            State(Periodic::NoPeriodic),
            &[],
            Periodic::FastPeriodic,
            OLD,
        ),
        row(
            "lacp.periodic.fast.timeout",
            State(Periodic::FastPeriodic),
            &[Is(If::PeriodicExpired)],
            Periodic::PeriodicTx,
            OLD,
        ),
        row(
            "lacp.periodic.fast.partner-long",
            State(Periodic::FastPeriodic),
            &[Not(If::PartnerShortTimeout)],
            Periodic::SlowPeriodic,
            OLD,
        ),
        row(
            "lacp.periodic.slow.timeout",
            State(Periodic::SlowPeriodic),
            &[Is(If::PeriodicExpired)],
            Periodic::PeriodicTx,
            OLD,
        ),
        row(
            "lacp.periodic.slow.partner-short",
            State(Periodic::SlowPeriodic),
            &[Is(If::PartnerShortTimeout)],
            Periodic::PeriodicTx,
            OLD,
        ),
        row(
            "lacp.periodic.tx.partner-short",
            State(Periodic::PeriodicTx),
            &[Is(If::PartnerShortTimeout)],
            Periodic::FastPeriodic,
            OLD,
        ),
        row(
            "lacp.periodic.tx.partner-long",
            State(Periodic::PeriodicTx),
            &[Not(If::PartnerShortTimeout)],
            Periodic::SlowPeriodic,
            OLD,
        ),
    ],
};

/// States of the Transmit machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transmit {
    /// Up to 2014 the machine is text, and has no states.
    Text,
    /// NO_TX
    NoTx,
    /// FAST_PERIODIC
    FastPeriodic,
    /// SLOW_PERIODIC
    SlowPeriodic,
    /// TX_LACPDU
    TxLacpdu,
}

/// Transmission up to 2014 (6.4.16). The limit itself is in [`timers`](super::timers).
pub const TRANSMIT: Table<Transmit> = Machine {
    id: "lacp.tx",
    name: "Transmit machine",
    clauses: clauses::TRANSMIT,
    initial: Transmit::Text,
    states: &[],
    rows: &[
        stay(
            "lacp.tx.send",
            Transmit::Text,
            &[Is(If::Ntt), Not(If::NoPeriodic), Is(If::TransmitOpportunity)],
            &[TransmitLacpdu, SetNtt(false)],
            OLD,
        ),
        stay("lacp.tx.discard", Transmit::Text, &[Is(If::Ntt), Is(If::NoPeriodic)], &[SetNtt(false)], OLD),
    ],
};

/// Periodic and event driven transmission of 2020 (6.4.14 there). It keeps NTT while it may not send.
pub const TRANSMIT_2020: Table<Transmit> = Machine {
    id: "lacp.tx2020",
    name: "Transmit machine",
    clauses: clauses::TRANSMIT,
    initial: Transmit::NoTx,
    states: &[
        entry("lacp.tx2020.none", Transmit::NoTx, &[Stop(Timer::TxWhen)], NEW),
        entry(
            "lacp.tx2020.fast",
            Transmit::FastPeriodic,
            &[Start(Timer::TxWhen, Interval::FastPeriodic)],
            NEW,
        ),
        entry(
            "lacp.tx2020.slow",
            Transmit::SlowPeriodic,
            &[Start(Timer::TxWhen, Interval::SlowPeriodic)],
            NEW,
        ),
        entry("lacp.tx2020.tx", Transmit::TxLacpdu, &[TransmitLacpdu, SetNtt(false)], NEW),
    ],
    rows: &[
        row("lacp.tx2020.any.no-lacp", Any, &[Not(If::LacpEnabled)], Transmit::NoTx, NEW),
        row("lacp.tx2020.any.port-disabled", Any, &[Not(If::PortEnabled)], Transmit::NoTx, NEW),
        row(
            "lacp.tx2020.any.both-passive",
            Any,
            &[Not(If::ActorActive), Not(If::PartnerActive)],
            Transmit::NoTx,
            NEW,
        ),
        row(
            "lacp.tx2020.none.partner-short",
            State(Transmit::NoTx),
            &[Is(If::PartnerShortTimeout)],
            Transmit::FastPeriodic,
            NEW,
        ),
        row(
            "lacp.tx2020.none.partner-long",
            State(Transmit::NoTx),
            &[Not(If::PartnerShortTimeout)],
            Transmit::SlowPeriodic,
            NEW,
        ),
        row(
            "lacp.tx2020.fast.ntt",
            State(Transmit::FastPeriodic),
            &[Is(If::Ntt), Is(If::TransmitOpportunity)],
            Transmit::TxLacpdu,
            NEW,
        ),
        row(
            "lacp.tx2020.fast.timeout",
            State(Transmit::FastPeriodic),
            &[Is(If::TxWhenExpired), Is(If::TransmitOpportunity)],
            Transmit::TxLacpdu,
            NEW,
        ),
        row(
            "lacp.tx2020.fast.partner-long",
            State(Transmit::FastPeriodic),
            &[Not(If::Ntt), Not(If::TxWhenExpired), Not(If::PartnerShortTimeout)],
            Transmit::SlowPeriodic,
            NEW,
        ),
        row(
            "lacp.tx2020.slow.ntt",
            State(Transmit::SlowPeriodic),
            &[Is(If::Ntt), Is(If::TransmitOpportunity)],
            Transmit::TxLacpdu,
            NEW,
        ),
        row(
            "lacp.tx2020.slow.timeout",
            State(Transmit::SlowPeriodic),
            &[Is(If::TxWhenExpired), Is(If::TransmitOpportunity)],
            Transmit::TxLacpdu,
            NEW,
        ),
        row(
            "lacp.tx2020.slow.partner-short",
            State(Transmit::SlowPeriodic),
            &[Is(If::PartnerShortTimeout), Is(If::TransmitOpportunity)],
            Transmit::TxLacpdu,
            NEW,
        ),
        row("lacp.tx2020.tx.unconditional", State(Transmit::TxLacpdu), &[], Transmit::NoTx, NEW),
    ],
};

/// States of the Mux machine, under either control and in every edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mux {
    /// DETACHED
    Detached,
    /// WAITING, up to 2014
    Waiting,
    /// ATTACH, 2020
    Attach,
    /// ATTACHED_WTR, 2020
    AttachedWtr,
    /// ATTACHED
    Attached,
    /// COLLECTING
    Collecting,
    /// DISTRIBUTING, independent control
    Distributing,
    /// COLLECTING_DISTRIBUTING, coupled control up to 2014; COLL_DIST, 2020
    CollectingDistributing,
}

/// The Mux machine up to 2014, independent and coupled control in one (6.4.15).
pub const MUX: Table<Mux> = Machine {
    id: "lacp.mux",
    name: "Mux machine",
    clauses: clauses::MUX,
    initial: Mux::Detached,
    states: &[
        entry(
            "lacp.mux.detached",
            Mux::Detached,
            &[
                DetachMuxFromAggregator,
                Clear(Flag::Synchronization),
                DisableDistributing,
                Clear(Flag::Distributing),
                Clear(Flag::Collecting),
                DisableCollecting,
                SetNtt(true),
            ],
            OLD,
        ),
        entry("lacp.mux.waiting", Mux::Waiting, &[Start(Timer::WaitWhile, Interval::AggregateWait)], OLD),
        entry(
            "lacp.mux.attached",
            Mux::Attached,
            // Distributing is cleared here under coupled control; under independent control it is already.
            &[
                AttachMuxToAggregator,
                Set(Flag::Synchronization),
                Clear(Flag::Collecting),
                DisableCollecting,
                Clear(Flag::Distributing),
                DisableDistributing,
                SetNtt(true),
            ],
            OLD,
        ),
        entry(
            "lacp.mux.collecting",
            Mux::Collecting,
            &[
                EnableCollecting,
                Set(Flag::Collecting),
                DisableDistributing,
                Clear(Flag::Distributing),
                SetNtt(true),
            ],
            OLD,
        ),
        // No NTT: the bit shows in the next PDU.
        entry(
            "lacp.mux.distributing",
            Mux::Distributing,
            &[Set(Flag::Distributing), EnableDistributing],
            OLD,
        ),
        entry(
            "lacp.mux.collecting-distributing",
            Mux::CollectingDistributing,
            &[
                Set(Flag::Distributing),
                EnableCollecting,
                EnableDistributing,
                Set(Flag::Collecting),
                SetNtt(true),
            ],
            OLD,
        ),
    ],
    rows: MUX_ROWS,
};

const MUX_ROWS: &[Step<Mux>] = &[
    row("lacp.mux.any.begin", Any, &[Is(If::Begin)], Mux::Detached, OLD),
    row("lacp.mux.detached.selected", State(Mux::Detached), &[Is(If::Selected)], Mux::Waiting, OLD),
    row("lacp.mux.detached.standby", State(Mux::Detached), &[Is(If::Standby)], Mux::Waiting, OLD),
    row("lacp.mux.waiting.unselected", State(Mux::Waiting), &[Is(If::Unselected)], Mux::Detached, OLD),
    row(
        "lacp.mux.waiting.ready",
        State(Mux::Waiting),
        &[Is(If::Selected), Is(If::Ready)],
        Mux::Attached,
        OLD,
    ),
    row(
        "lacp.mux.attached.in-sync.independent",
        State(Mux::Attached),
        &[Is(If::Selected), Is(If::PartnerSynchronization), Is(If::IndependentControl)],
        Mux::Collecting,
        OLD,
    ),
    row(
        "lacp.mux.attached.in-sync.coupled",
        State(Mux::Attached),
        &[Is(If::Selected), Is(If::PartnerSynchronization), Not(If::IndependentControl)],
        Mux::CollectingDistributing,
        OLD,
    ),
    row("lacp.mux.attached.unselected", State(Mux::Attached), &[Is(If::Unselected)], Mux::Detached, OLD),
    row("lacp.mux.attached.standby", State(Mux::Attached), &[Is(If::Standby)], Mux::Detached, OLD),
    row(
        "lacp.mux.collecting.partner-collecting",
        State(Mux::Collecting),
        &[Is(If::Selected), Is(If::PartnerSynchronization), Is(If::PartnerCollecting)],
        Mux::Distributing,
        OLD,
    ),
    row("lacp.mux.collecting.unselected", State(Mux::Collecting), &[Is(If::Unselected)], Mux::Attached, OLD),
    row("lacp.mux.collecting.standby", State(Mux::Collecting), &[Is(If::Standby)], Mux::Attached, OLD),
    row(
        "lacp.mux.collecting.out-of-sync",
        State(Mux::Collecting),
        &[Not(If::PartnerSynchronization)],
        Mux::Attached,
        OLD,
    ),
    row(
        "lacp.mux.distributing.unselected",
        State(Mux::Distributing),
        &[Is(If::Unselected)],
        Mux::Collecting,
        OLD,
    ),
    row("lacp.mux.distributing.standby", State(Mux::Distributing), &[Is(If::Standby)], Mux::Collecting, OLD),
    row(
        "lacp.mux.distributing.out-of-sync",
        State(Mux::Distributing),
        &[Not(If::PartnerSynchronization)],
        Mux::Collecting,
        OLD,
    ),
    row(
        "lacp.mux.distributing.partner-not-collecting",
        State(Mux::Distributing),
        &[Not(If::PartnerCollecting)],
        Mux::Collecting,
        OLD,
    ),
    row(
        "lacp.mux.collecting-distributing.unselected",
        State(Mux::CollectingDistributing),
        &[Is(If::Unselected)],
        Mux::Attached,
        OLD,
    ),
    row(
        "lacp.mux.collecting-distributing.standby",
        State(Mux::CollectingDistributing),
        &[Is(If::Standby)],
        Mux::Attached,
        OLD,
    ),
    row(
        "lacp.mux.collecting-distributing.out-of-sync",
        State(Mux::CollectingDistributing),
        &[Not(If::PartnerSynchronization)],
        Mux::Attached,
        OLD,
    ),
];

/// The Mux machine of 2020 (6.4.13 there). wait_while_timer runs while DETACHED and selected.
pub const MUX_2020: Table<Mux> = Machine {
    id: "lacp.mux2020",
    name: "Mux machine",
    clauses: clauses::MUX,
    initial: Mux::Detached,
    states: &[
        entry(
            "lacp.mux2020.detached",
            Mux::Detached,
            &[
                Clear(Flag::Synchronization),
                Clear(Flag::Collecting),
                Clear(Flag::Distributing),
                DisableDistributing,
                DisableCollecting,
                DetachMuxFromAggregator,
                Stop(Timer::WaitWhile),
                Stop(Timer::WaitToRestore),
                Action::SetWaitToRestore(false),
                SetNtt(true),
            ],
            NEW,
        ),
        entry("lacp.mux2020.attach", Mux::Attach, &[AttachMuxToAggregator], NEW),
        entry(
            "lacp.mux2020.attached-wtr",
            Mux::AttachedWtr,
            &[
                Stop(Timer::WaitToRestore),
                Clear(Flag::Synchronization),
                Clear(Flag::Collecting),
                Clear(Flag::Distributing),
                DisableDistributing,
                DisableCollecting,
                Action::SetWaitToRestore(true),
            ],
            NEW,
        ),
        entry(
            "lacp.mux2020.attached",
            Mux::Attached,
            &[
                Set(Flag::Synchronization),
                Clear(Flag::Collecting),
                Clear(Flag::Distributing),
                DisableDistributing,
                DisableCollecting,
                SetNtt(true),
            ],
            NEW,
        ),
        entry(
            "lacp.mux2020.collecting",
            Mux::Collecting,
            &[
                Set(Flag::Synchronization),
                Set(Flag::Collecting),
                EnableCollecting,
                Clear(Flag::Distributing),
                DisableDistributing,
                SetNtt(true),
            ],
            NEW,
        ),
        entry(
            "lacp.mux2020.coll-dist",
            Mux::CollectingDistributing,
            &[
                Set(Flag::Synchronization),
                Set(Flag::Collecting),
                Set(Flag::Distributing),
                EnableCollecting,
                EnableDistributing,
                SetNtt(true),
            ],
            NEW,
        ),
    ],
    rows: MUX_2020_ROWS,
};

const MUX_2020_ROWS: &[Step<Mux>] = &[
    row("lacp.mux2020.any.begin", Any, &[Is(If::Begin)], Mux::Detached, NEW),
    stay(
        "lacp.mux2020.detached.unselected",
        Mux::Detached,
        &[Not(If::Selected), Is(If::WaitWhileRunning)],
        &[Stop(Timer::WaitWhile)],
        NEW,
    ),
    row("lacp.mux2020.any.not-selected", Any, &[Not(If::Selected)], Mux::Detached, NEW),
    row(
        "lacp.mux2020.any.out-of-sync",
        Any,
        &[Is(If::PortGoodToGo), Not(If::PartnerSynchronization)],
        Mux::Attached,
        NEW,
    ),
    row(
        "lacp.mux2020.any.in-sync.independent",
        Any,
        &[
            Is(If::PortGoodToGo),
            Is(If::PartnerSynchronization),
            Is(If::IndependentControl),
            Not(If::PartnerCollecting),
        ],
        Mux::Collecting,
        NEW,
    ),
    row(
        "lacp.mux2020.any.in-sync.coupled",
        Any,
        &[Is(If::PortGoodToGo), Is(If::PartnerSynchronization), Not(If::IndependentControl)],
        Mux::CollectingDistributing,
        NEW,
    ),
    row(
        "lacp.mux2020.any.partner-collecting",
        Any,
        &[Is(If::PortGoodToGo), Is(If::PartnerSynchronization), Is(If::PartnerCollecting)],
        Mux::CollectingDistributing,
        NEW,
    ),
    stay(
        "lacp.mux2020.detached.selected",
        Mux::Detached,
        &[Is(If::Selected), Not(If::WaitWhileRunning)],
        &[Start(Timer::WaitWhile, Interval::AggregateWait)],
        NEW,
    ),
    row(
        "lacp.mux2020.detached.ready",
        State(Mux::Detached),
        &[Is(If::Selected), Is(If::Ready)],
        Mux::Attach,
        NEW,
    ),
    row("lacp.mux2020.attach.down", State(Mux::Attach), &[Not(If::PortEnabled)], Mux::AttachedWtr, NEW),
    row("lacp.mux2020.attached.down", State(Mux::Attached), &[Not(If::PortEnabled)], Mux::AttachedWtr, NEW),
    row(
        "lacp.mux2020.collecting.down",
        State(Mux::Collecting),
        &[Not(If::PortEnabled)],
        Mux::AttachedWtr,
        NEW,
    ),
    row(
        "lacp.mux2020.coll-dist.down",
        State(Mux::CollectingDistributing),
        &[Not(If::PortEnabled)],
        Mux::AttachedWtr,
        NEW,
    ),
    // The timer is full as long as the port is down, and runs from the moment it is up again.
    stay(
        "lacp.mux2020.attached-wtr.up",
        Mux::AttachedWtr,
        &[Is(If::PortEnabled), Is(If::WaitToRestorePending)],
        &[Start(Timer::WaitToRestore, Interval::WaitToRestore), Action::SetWaitToRestore(false)],
        NEW,
    ),
    row(
        "lacp.mux2020.attached-wtr.down-again",
        State(Mux::AttachedWtr),
        &[Not(If::PortEnabled), Not(If::WaitToRestorePending)],
        Mux::AttachedWtr,
        NEW,
    ),
];

/// States of both Churn Detection machines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Churn {
    /// ACTOR_CHURN_MONITOR, PARTNER_CHURN_MONITOR
    Monitor,
    /// ACTOR_CHURN, PARTNER_CHURN
    Churn,
    /// NO_ACTOR_CHURN, NO_PARTNER_CHURN
    NoChurn,
}

/// The Actor Churn machine (6.4.17). Its timer runs from the moment the port is enabled.
pub const ACTOR_CHURN: Table<Churn> = Machine {
    id: "lacp.actor-churn",
    name: "Actor Churn machine",
    clauses: clauses::CHURN,
    initial: Churn::Monitor,
    states: &[
        entry(
            "lacp.actor-churn.monitor",
            Churn::Monitor,
            &[SetActorChurn(false), Stop(Timer::ActorChurn)],
            ALL,
        ),
        entry("lacp.actor-churn.churn", Churn::Churn, &[SetActorChurn(true)], ALL),
        entry("lacp.actor-churn.none", Churn::NoChurn, &[SetActorChurn(false)], ALL),
    ],
    rows: &[
        row("lacp.actor-churn.any.port-disabled", Any, &[Not(If::PortEnabled)], Churn::Monitor, ALL),
        row(
            "lacp.actor-churn.monitor.in-sync",
            State(Churn::Monitor),
            &[Is(If::ActorSynchronization)],
            Churn::NoChurn,
            ALL,
        ),
        row(
            "lacp.actor-churn.monitor.timeout",
            State(Churn::Monitor),
            &[Is(If::ActorChurnExpired)],
            Churn::Churn,
            ALL,
        ),
        stay(
            "lacp.actor-churn.monitor.enabled",
            Churn::Monitor,
            &[Not(If::ActorChurnRunning)],
            &[Start(Timer::ActorChurn, Interval::ChurnDetection)],
            ALL,
        ),
        row(
            "lacp.actor-churn.churn.in-sync",
            State(Churn::Churn),
            &[Is(If::ActorSynchronization)],
            Churn::NoChurn,
            ALL,
        ),
        row(
            "lacp.actor-churn.none.out-of-sync",
            State(Churn::NoChurn),
            &[Not(If::ActorSynchronization)],
            Churn::Monitor,
            ALL,
        ),
    ],
};

/// The Partner Churn machine (6.4.17).
pub const PARTNER_CHURN: Table<Churn> = Machine {
    id: "lacp.partner-churn",
    name: "Partner Churn machine",
    clauses: clauses::CHURN,
    initial: Churn::Monitor,
    states: &[
        entry(
            "lacp.partner-churn.monitor",
            Churn::Monitor,
            &[SetPartnerChurn(false), Stop(Timer::PartnerChurn)],
            ALL,
        ),
        entry("lacp.partner-churn.churn", Churn::Churn, &[SetPartnerChurn(true)], ALL),
        entry("lacp.partner-churn.none", Churn::NoChurn, &[SetPartnerChurn(false)], ALL),
    ],
    rows: &[
        row("lacp.partner-churn.any.port-disabled", Any, &[Not(If::PortEnabled)], Churn::Monitor, ALL),
        row(
            "lacp.partner-churn.monitor.in-sync",
            State(Churn::Monitor),
            &[Is(If::PartnerSynchronization)],
            Churn::NoChurn,
            ALL,
        ),
        row(
            "lacp.partner-churn.monitor.timeout",
            State(Churn::Monitor),
            &[Is(If::PartnerChurnExpired)],
            Churn::Churn,
            ALL,
        ),
        stay(
            "lacp.partner-churn.monitor.enabled",
            Churn::Monitor,
            &[Not(If::PartnerChurnRunning)],
            &[Start(Timer::PartnerChurn, Interval::ChurnDetection)],
            ALL,
        ),
        row(
            "lacp.partner-churn.churn.in-sync",
            State(Churn::Churn),
            &[Is(If::PartnerSynchronization)],
            Churn::NoChurn,
            ALL,
        ),
        row(
            "lacp.partner-churn.none.out-of-sync",
            State(Churn::NoChurn),
            &[Not(If::PartnerSynchronization)],
            Churn::Monitor,
            ALL,
        ),
    ],
};

/// States of the vendors' fallback.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// LACP decides.
    Off,
    /// No partner; the fallback timeout runs.
    Waiting,
    /// The port forwards without LACP.
    Active,
}

/// LACP fallback as vendors have it: a port without a partner forwards after a timeout. No clause of 802.1AX.
pub const FALLBACK: Table<Fallback> = Machine {
    id: "lacp.fallback",
    name: "Fallback",
    clauses: clauses::VENDOR,
    initial: Fallback::Off,
    states: &[
        entry("lacp.fallback.off", Fallback::Off, &[SetFallback(false)], ALL),
        entry("lacp.fallback.waiting", Fallback::Waiting, &[Start(Timer::Fallback, Interval::Fallback)], ALL),
        entry("lacp.fallback.active", Fallback::Active, &[SetFallback(true)], ALL),
    ],
    rows: &[
        row("lacp.fallback.any.port-disabled", Any, &[Not(If::PortEnabled)], Fallback::Off, ALL),
        row("lacp.fallback.any.partner", Any, &[Not(If::ActorDefaulted)], Fallback::Off, ALL),
        row(
            "lacp.fallback.off.defaulted",
            State(Fallback::Off),
            &[Is(If::FallbackConfigured)],
            Fallback::Waiting,
            ALL,
        ),
        row(
            "lacp.fallback.waiting.timeout",
            State(Fallback::Waiting),
            &[Is(If::FallbackExpired), Is(If::FallbackElected)],
            Fallback::Active,
            ALL,
        ),
        row(
            "lacp.fallback.active.not-elected",
            State(Fallback::Active),
            &[Not(If::FallbackElected)],
            Fallback::Off,
            ALL,
        ),
    ],
};
