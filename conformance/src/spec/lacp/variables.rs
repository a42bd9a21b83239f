//! What the machines of LACP test and do: variables (6.4.7, 6.4.8), functions (6.4.9) and timers (6.4.10) by name.
//!
//! A condition or an action is either a plain one, which a device implements, or stands for rows of
//! [`functions`](super::functions).

/// A bit of `Actor_State` or `Partner_State`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// LACP_Activity
    Activity,
    /// LACP_Timeout
    Timeout,
    /// Aggregation
    Aggregation,
    /// Synchronization
    Synchronization,
    /// Collecting
    Collecting,
    /// Distributing
    Distributing,
    /// Defaulted
    Defaulted,
    /// Expired
    Expired,
}

/// A field of a port's information, as one end compares and copies it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// System_Priority
    SystemPriority,
    /// System
    System,
    /// Key
    Key,
    /// Port_Priority
    PortPriority,
    /// Port
    Port,
    /// A bit of State
    State(Flag),
}

/// The variable Selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Selected {
    /// SELECTED
    Selected,
    /// UNSELECTED
    Unselected,
    /// STANDBY
    Standby,
}

/// A timer of a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timer {
    /// current_while_timer
    CurrentWhile,
    /// periodic_timer
    Periodic,
    /// wait_while_timer
    WaitWhile,
    /// actor_churn_timer
    ActorChurn,
    /// partner_churn_timer
    PartnerChurn,
    /// txWhen, 2020
    TxWhen,
    /// WTR_timer, 2020
    WaitToRestore,
    /// A vendor's fallback timeout
    Fallback,
}

impl Timer {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::CurrentWhile,
        Self::Periodic,
        Self::WaitWhile,
        Self::ActorChurn,
        Self::PartnerChurn,
        Self::TxWhen,
        Self::WaitToRestore,
        Self::Fallback,
    ];
}

/// How long a timer runs. The values are in [`timers`](super::timers).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interval {
    /// Fast_Periodic_Time
    FastPeriodic,
    /// Slow_Periodic_Time
    SlowPeriodic,
    /// Short_Timeout_Time
    ShortTimeout,
    /// Long_Timeout_Time
    LongTimeout,
    /// Short or Long_Timeout_Time, as Actor_Oper_Port_State.LACP_Timeout says (start_current_while_timer).
    ActorTimeout,
    /// Aggregate_Wait_Time
    AggregateWait,
    /// Churn_Detection_Time
    ChurnDetection,
    /// aAggPortWTRTime, configured
    WaitToRestore,
    /// A vendor's fallback timeout, configured
    Fallback,
}

/// What a row asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// BEGIN: the system starts.
    Begin,
    /// port_enabled: the link is up.
    PortEnabled,
    /// port_moved
    PortMoved,
    /// LACP_Enabled
    LacpEnabled,
    /// A LACPDU is there to be processed.
    LacpduReceived,
    /// current_while_timer has run out.
    CurrentWhileExpired,
    /// The administrative partner was changed.
    PartnerAdminChanged,
    /// Actor_Oper_Port_State.LACP_Activity
    ActorActive,
    /// Actor_Oper_Port_State.Synchronization
    ActorSynchronization,
    /// Actor_Oper_Port_State.Defaulted
    ActorDefaulted,
    /// Partner_Oper_Port_State.LACP_Activity
    PartnerActive,
    /// Partner_Oper_Port_State.LACP_Timeout is Short Timeout.
    PartnerShortTimeout,
    /// Partner_Oper_Port_State.Synchronization
    PartnerSynchronization,
    /// Partner_Oper_Port_State.Collecting
    PartnerCollecting,
    /// periodic_timer has run out.
    PeriodicExpired,
    /// The Periodic Transmission machine is in NO_PERIODIC.
    NoPeriodic,
    /// NTT
    Ntt,
    /// The limit of LACPDUs in a Fast_Periodic_Time lets one more go.
    TransmitOpportunity,
    /// txWhen has run out.
    TxWhenExpired,
    /// Selected is SELECTED.
    Selected,
    /// Selected is STANDBY.
    Standby,
    /// Selected is UNSELECTED.
    Unselected,
    /// Ready: see [`functions`](super::functions).
    Ready,
    /// wait_while_timer of every port that waits for this port's Aggregator has run out.
    AllWaitingReady,
    /// Ready_N: wait_while_timer of this port has run out.
    WaitWhileExpired,
    /// wait_while_timer runs or has run out.
    WaitWhileRunning,
    /// The Mux is under independent, not coupled control.
    IndependentControl,
    /// portGoodToGo, 2020: see [`functions`](super::functions).
    PortGoodToGo,
    /// The Mux is attached to an Aggregator.
    Attached,
    /// WTR_timer is full: the port was down since.
    WaitToRestorePending,
    /// WTR_timer runs.
    WaitToRestoreRunning,
    /// actor_churn_timer has run out.
    ActorChurnExpired,
    /// actor_churn_timer was started.
    ActorChurnRunning,
    /// partner_churn_timer has run out.
    PartnerChurnExpired,
    /// partner_churn_timer was started.
    PartnerChurnRunning,
    /// In sync with the sender of the LACPDU: see [`functions`](super::functions).
    PduInSync,
    /// The LACPDU's Partner information is this port's Actor information, in the fields of a comparison.
    PduPartnerIsActor,
    /// The LACPDU's Partner information differs from this port's Actor information, in the fields of a comparison.
    PduPartnerDiffersFromActor,
    /// The LACPDU's Actor information differs from what is recorded, in the fields of a comparison.
    PduActorDiffersFromPartner,
    /// The administrative partner differs from what is recorded, in the fields of a comparison.
    PartnerAdminDiffersFromPartner,
    /// The LACPDU's Actor_State.Synchronization
    PduActorSynchronization,
    /// The LACPDU's Actor_State.LACP_Activity
    PduActorActive,
    /// The LACPDU's Actor_State.Aggregation
    PduActorAggregation,
    /// The LACPDU's Partner_State.LACP_Activity
    PduPartnerActive,
    /// The device falls back.
    FallbackConfigured,
    /// The fallback timeout has run out.
    FallbackExpired,
    /// This is a port that may fall back: any, or the one of best priority.
    FallbackElected,
}

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sets a bit of Actor_Oper_Port_State.
    Set(Flag),
    /// Clears a bit of Actor_Oper_Port_State.
    Clear(Flag),
    /// Sets a bit of Partner_Oper_Port_State.
    SetPartner(Flag),
    /// Clears a bit of Partner_Oper_Port_State.
    ClearPartner(Flag),
    /// Partner_Oper_Port_State.Synchronization becomes what the condition says.
    SetPartnerSynchronizationIf(Condition),
    /// Selected
    SetSelected(Selected),
    /// Selected becomes UNSELECTED if the condition holds.
    UnselectIf(Condition),
    /// NTT
    SetNtt(bool),
    /// NTT becomes TRUE if the condition holds.
    SetNttIf(Condition),
    /// port_moved
    SetPortMoved(bool),
    /// Starts a timer.
    Start(Timer, Interval),
    /// Stops a timer; it has then not run out.
    Stop(Timer),
    /// recordPDU: see [`functions`](super::functions).
    RecordPdu,
    /// recordDefault: see [`functions`](super::functions).
    RecordDefault,
    /// update_Selected: see [`functions`](super::functions).
    UpdateSelected,
    /// update_Default_Selected: see [`functions`](super::functions).
    UpdateDefaultSelected,
    /// update_NTT: see [`functions`](super::functions).
    UpdateNtt,
    /// Copies the fields of recordPDU from the LACPDU's Actor information to the partner's.
    CopyPduActor,
    /// Copies the administrative partner to the operational one.
    CopyPartnerAdmin,
    /// Attach_Mux_To_Aggregator
    AttachMuxToAggregator,
    /// Detach_Mux_From_Aggregator
    DetachMuxFromAggregator,
    /// Enable_Collecting
    EnableCollecting,
    /// Disable_Collecting
    DisableCollecting,
    /// Enable_Distributing
    EnableDistributing,
    /// Disable_Distributing
    DisableDistributing,
    /// Sends a LACPDU with the values of this moment.
    TransmitLacpdu,
    /// actor_churn
    SetActorChurn(bool),
    /// partner_churn
    SetPartnerChurn(bool),
    /// The port has to wait for WTR_timer when it is up again.
    SetWaitToRestore(bool),
    /// The port forwards without LACP.
    SetFallback(bool),
}
