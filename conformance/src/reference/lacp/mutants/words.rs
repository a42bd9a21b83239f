//! Conditions and actions as an engineer says them, and as they stand in an id.

use std::fmt::Debug;

use crate::spec::lacp::variables::{Action, Condition, Field, Flag, Interval, Selected, Timer};
use crate::spec::machine::{Literal, Origin};
use crate::spec::marker::machines as marker;

/// What a row asks.
pub(super) trait Asked: Copy + Debug + PartialEq + Send + Sync + 'static {
    /// In words: it holds, and it does not.
    fn words(self) -> [&'static str; 2];
}

/// What a row does.
pub(super) trait Done: Copy + Debug + PartialEq + Send + Sync + 'static {
    /// In words: `set Expired`.
    fn words(self) -> String;
    /// As part of an id.
    fn slug(self) -> String {
        kebab(&format!("{self:?}"))
    }
    /// The same with another interval, as it may be confused with.
    fn confused(self) -> Vec<(Interval, Self)> {
        Vec::new()
    }
}

/// `SetNtt(true)` as `set-ntt`, `Start(WaitWhile, AggregateWait)` as `start-wait-while-aggregate-wait`.
pub(super) fn kebab(name: &str) -> String {
    let mut out = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
        if character.is_ascii_alphanumeric() {
            out.push(character.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_end_matches('-');
    if let Some(set) = out.strip_suffix("-true") {
        return set.to_owned();
    }
    match (out.strip_suffix("-false"), out.strip_prefix("set-")) {
        (Some(_), Some(cleared)) => format!("clear-{}", cleared.trim_end_matches("-false")),
        _ => out.to_owned(),
    }
}

/// A state as the standard writes it: `PORT_DISABLED`.
pub(super) fn capitals<S: Debug>(state: S) -> String {
    kebab(&format!("{state:?}")).replace('-', "_").to_ascii_uppercase()
}

pub(super) fn origin<S: Debug>(from: &Origin<S>) -> String {
    match from {
        Origin::Any => "any state".to_owned(),
        Origin::State(state) => capitals(state),
    }
}

pub(super) fn literal<C: Asked>(literal: Literal<C>) -> &'static str {
    match literal {
        Literal::Is(condition) => condition.words()[0],
        Literal::Not(condition) => condition.words()[1],
    }
}

pub(super) fn opposite<C>(literal: Literal<C>) -> Literal<C> {
    match literal {
        Literal::Is(condition) => Literal::Not(condition),
        Literal::Not(condition) => Literal::Is(condition),
    }
}

/// `not-port-moved`
pub(super) fn literal_slug<C: Asked>(literal: Literal<C>) -> String {
    match literal {
        Literal::Is(condition) => kebab(&format!("{condition:?}")),
        Literal::Not(condition) => format!("not-{}", kebab(&format!("{condition:?}"))),
    }
}

/// All of them, joined: `when this and that`.
pub(super) fn all<C: Asked>(when: &[Literal<C>]) -> String {
    if when.is_empty() {
        return "at once".to_owned();
    }
    let words: Vec<&str> = when.iter().map(|it| literal(*it)).collect();
    format!("when {}", words.join(" and "))
}

impl Asked for Condition {
    #[rustfmt::skip]
    fn words(self) -> [&'static str; 2] {
        match self {
            Self::Begin => ["the system starts", "the system runs already"],
            Self::PortEnabled => ["the link is up", "the link is down"],
            Self::PortMoved => ["the partner has moved to another port", "the partner has not moved to another port"],
            Self::LacpEnabled => ["LACP is enabled", "LACP is disabled"],
            Self::LacpduReceived => ["a LACPDU is received", "no LACPDU is received"],
            Self::CurrentWhileExpired => ["current_while_timer has run out", "current_while_timer has not run out"],
            Self::PartnerAdminChanged => ["the administrative partner changes", "the administrative partner stays the same"],
            Self::ActorActive => ["the own port is active", "the own port is passive"],
            Self::ActorSynchronization => ["the own port is in sync", "the own port is out of sync"],
            Self::ActorDefaulted => ["the port is defaulted", "the port has a partner"],
            Self::PartnerActive => ["the partner is active", "the partner is passive"],
            Self::PartnerShortTimeout => ["the partner asks for Short Timeout", "the partner asks for Long Timeout"],
            Self::PartnerSynchronization => ["the partner is in sync", "the partner is out of sync"],
            Self::PartnerCollecting => ["the partner collects", "the partner does not collect"],
            Self::PeriodicExpired => ["periodic_timer has run out", "periodic_timer has not run out"],
            Self::NoPeriodic => ["periodic transmission is off", "periodic transmission is on"],
            Self::Ntt => ["NTT is set", "NTT is not set"],
            Self::TransmitOpportunity => ["the limit lets a LACPDU go", "the limit is reached"],
            Self::TxWhenExpired => ["txWhen has run out", "txWhen has not run out"],
            Self::Selected => ["the port is SELECTED", "the port is not SELECTED"],
            Self::Standby => ["the port is on STANDBY", "the port is not on STANDBY"],
            Self::Unselected => ["the port is UNSELECTED", "the port is not UNSELECTED"],
            Self::Ready => ["Ready is TRUE", "Ready is FALSE"],
            Self::AllWaitingReady => ["every waiting port of the Aggregator has waited long enough", "a waiting port of the Aggregator has to wait on"],
            Self::WaitWhileExpired => ["the port has waited long enough", "the port has to wait on"],
            Self::WaitWhileRunning => ["wait_while_timer was started", "wait_while_timer was not started"],
            Self::IndependentControl => ["the Mux is under independent control", "the Mux is under coupled control"],
            Self::PortGoodToGo => ["the port is good to go", "the port is not good to go"],
            Self::Attached => ["the Mux is attached", "the Mux is not attached"],
            Self::WaitToRestorePending => ["WTR_timer is still full", "WTR_timer was started"],
            Self::WaitToRestoreRunning => ["WTR_timer runs", "WTR_timer does not run"],
            Self::ActorChurnExpired => ["actor_churn_timer has run out", "actor_churn_timer has not run out"],
            Self::ActorChurnRunning => ["actor_churn_timer was started", "actor_churn_timer was not started"],
            Self::PartnerChurnExpired => ["partner_churn_timer has run out", "partner_churn_timer has not run out"],
            Self::PartnerChurnRunning => ["partner_churn_timer was started", "partner_churn_timer was not started"],
            Self::PduInSync => ["the LACPDU is in sync with this port", "the LACPDU is not in sync with this port"],
            Self::PduPartnerIsActor => ["the sender sees this port as it is", "the sender sees this port wrongly"],
            Self::PduPartnerDiffersFromActor => ["the sender's view of this port is out of date", "the sender's view of this port is up to date"],
            Self::PduActorDiffersFromPartner => ["the sender is not the recorded partner", "the sender is the recorded partner"],
            Self::PartnerAdminDiffersFromPartner => ["the administrative partner is not the recorded one", "the administrative partner is the recorded one"],
            Self::PduActorSynchronization => ["the sender is in sync", "the sender is out of sync"],
            Self::PduActorActive => ["the sender is active", "the sender is passive"],
            Self::PduActorAggregation => ["the sender may aggregate", "the sender is Individual"],
            Self::PduPartnerActive => ["the sender takes this port for active", "the sender takes this port for passive"],
            Self::FallbackConfigured => ["fallback is configured", "fallback is not configured"],
            Self::FallbackExpired => ["the fallback timeout has run out", "the fallback timeout has not run out"],
            Self::FallbackElected => ["the port may fall back", "the port may not fall back"],
        }
    }
}

impl Done for Action {
    fn words(self) -> String {
        match self {
            Self::Set(bit) => format!("set {}", flag(bit)),
            Self::Clear(bit) => format!("clear {}", flag(bit)),
            Self::SetPartner(bit) => format!("set the partner's {}", flag(bit)),
            Self::ClearPartner(bit) => format!("clear the partner's {}", flag(bit)),
            Self::SetPartnerSynchronizationIf(_) => {
                "decide whether the partner is in sync with this port".to_owned()
            }
            Self::SetSelected(selected) => format!("set Selected to {}", capitals(selected)),
            Self::UnselectIf(condition) => format!("unselect the port when {}", condition.words()[0]),
            Self::SetNtt(set) => format!("{} NTT", verb(set)),
            Self::SetNttIf(condition) => format!("set NTT when {}", condition.words()[0]),
            Self::SetPortMoved(set) => format!("{} port_moved", verb(set)),
            Self::Start(timer, interval) => format!("start {} with {}", timer_name(timer), name(interval)),
            Self::Stop(timer) => format!("stop {}", timer_name(timer)),
            Self::RecordPdu => "do recordPDU".to_owned(),
            Self::RecordDefault => "do recordDefault".to_owned(),
            Self::UpdateSelected => "do update_Selected".to_owned(),
            Self::UpdateDefaultSelected => "do update_Default_Selected".to_owned(),
            Self::UpdateNtt => "do update_NTT".to_owned(),
            Self::CopyPduActor => "copy the sender's information to the partner's".to_owned(),
            Self::CopyPartnerAdmin => "copy the administrative partner".to_owned(),
            Self::AttachMuxToAggregator => "attach the Mux to the Aggregator".to_owned(),
            Self::DetachMuxFromAggregator => "detach the Mux from the Aggregator".to_owned(),
            Self::EnableCollecting => "let received frames in".to_owned(),
            Self::DisableCollecting => "keep received frames out".to_owned(),
            Self::EnableDistributing => "let frames out".to_owned(),
            Self::DisableDistributing => "keep frames in".to_owned(),
            Self::TransmitLacpdu => "send the LACPDU".to_owned(),
            Self::SetActorChurn(set) => format!("{} actor_churn", verb(set)),
            Self::SetPartnerChurn(set) => format!("{} partner_churn", verb(set)),
            Self::SetWaitToRestore(set) => {
                if set {
                    "fill WTR_timer".to_owned()
                } else {
                    "note that WTR_timer is no longer full".to_owned()
                }
            }
            Self::SetFallback(set) => {
                format!("{} forwarding without LACP", if set { "begin" } else { "end" })
            }
        }
    }

    fn slug(self) -> String {
        match self {
            Self::Start(timer, _) => kebab(&format!("Start{timer:?}")),
            Self::UnselectIf(_) | Self::SetSelected(Selected::Unselected) => "unselect".to_owned(),
            Self::SetNttIf(_) => "set-ntt".to_owned(),
            Self::SetPartnerSynchronizationIf(_) => "partner-synchronization".to_owned(),
            _ => kebab(&format!("{self:?}")),
        }
    }

    fn confused(self) -> Vec<(Interval, Self)> {
        let Self::Start(timer, interval) = self else { return Vec::new() };
        let others: &[Interval] = match interval {
            Interval::FastPeriodic | Interval::ChurnDetection => &[Interval::SlowPeriodic],
            Interval::SlowPeriodic | Interval::AggregateWait => &[Interval::FastPeriodic],
            Interval::ShortTimeout => &[Interval::LongTimeout, Interval::ActorTimeout],
            Interval::LongTimeout | Interval::Fallback => &[Interval::ShortTimeout],
            Interval::ActorTimeout => &[Interval::ShortTimeout, Interval::LongTimeout],
            Interval::WaitToRestore => &[Interval::AggregateWait],
        };
        others.iter().map(|other| (*other, Self::Start(timer, *other))).collect()
    }
}

fn verb(set: bool) -> &'static str {
    if set { "set" } else { "clear" }
}

pub(super) const fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::Activity => "LACP_Activity",
        Flag::Timeout => "LACP_Timeout",
        Flag::Aggregation => "Aggregation",
        Flag::Synchronization => "Synchronization",
        Flag::Collecting => "Collecting",
        Flag::Distributing => "Distributing",
        Flag::Defaulted => "Defaulted",
        Flag::Expired => "Expired",
    }
}

/// As part of an id, and as the standard writes it.
pub(super) fn field(field: Field) -> (String, &'static str) {
    let name = match field {
        Field::SystemPriority => "System_Priority",
        Field::System => "System",
        Field::Key => "Key",
        Field::PortPriority => "Port_Priority",
        Field::Port => "Port",
        Field::State(bit) => return (kebab(&format!("{bit:?}")), flag(bit)),
    };
    (kebab(&format!("{field:?}")), name)
}

const fn timer_name(timer: Timer) -> &'static str {
    match timer {
        Timer::CurrentWhile => "current_while_timer",
        Timer::Periodic => "periodic_timer",
        Timer::WaitWhile => "wait_while_timer",
        Timer::ActorChurn => "actor_churn_timer",
        Timer::PartnerChurn => "partner_churn_timer",
        Timer::TxWhen => "txWhen",
        Timer::WaitToRestore => "WTR_timer",
        Timer::Fallback => "the fallback timeout",
    }
}

pub(super) const fn name(interval: Interval) -> &'static str {
    match interval {
        Interval::FastPeriodic => "Fast_Periodic_Time",
        Interval::SlowPeriodic => "Slow_Periodic_Time",
        Interval::ShortTimeout => "Short_Timeout_Time",
        Interval::LongTimeout => "Long_Timeout_Time",
        Interval::ActorTimeout => "the timeout that the own LACP_Timeout asks for",
        Interval::AggregateWait => "Aggregate_Wait_Time",
        Interval::ChurnDetection => "Churn_Detection_Time",
        Interval::WaitToRestore => "aAggPortWTRTime",
        Interval::Fallback => "the configured time",
    }
}

impl Asked for marker::Condition {
    fn words(self) -> [&'static str; 2] {
        match self {
            Self::MarkerReceived => ["a Marker PDU is received", "no Marker PDU is received"],
            Self::MarkerIsResponse => ["it is a Marker Response", "it is no Marker Response"],
            Self::GeneratorConfigured => ["the generator is configured", "the generator is not configured"],
            Self::DistributionChanged => {
                ["the distributing links change", "the distributing links stay the same"]
            }
        }
    }
}

impl Done for marker::Action {
    fn words(self) -> String {
        match self {
            Self::SendResponse => "send the Marker Response".to_owned(),
            Self::SendMarker => "send a Marker".to_owned(),
        }
    }
}
