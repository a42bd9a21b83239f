//! The state table of a virtual router (section 6.4 of every edition).
//!
//! RFC 2338, RFC 3768 and RFC 5798 say Master for what RFC 9568 calls Active.

use super::clauses::STATES;
use crate::spec::Editions;
use crate::spec::machine::Literal::{Is, Not};
use crate::spec::machine::Machine;
use crate::spec::machine::Origin::State;

/// States.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// Initialize
    Initialize,
    /// Backup
    Backup,
    /// Active, or Master
    Active,
}

/// What a row asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The interface is up and the virtual router enabled. Where it does not hold, that is Shutdown.
    Startup,
    /// The router's priority is 255: it owns the addresses.
    Owner,
    /// An advertisement of this virtual router has come and was found valid.
    Received,
    /// Its priority is 0.
    PriorityZero,
    /// Its priority is at least the router's own.
    PriorityNotLower,
    /// Its priority is higher than the router's own.
    PriorityHigher,
    /// Its priority is the router's own.
    PriorityEqual,
    /// The primary address of its sender is greater than the router's own.
    AddressGreater,
    /// Preempt_Mode
    Preempt,
    /// Active_Down_Timer (Master_Down_Timer) has fired.
    DownTimerExpired,
    /// Adver_Timer has fired.
    AdvertisementTimerExpired,
}

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends an advertisement.
    SendAdvertisement,
    /// Sends an advertisement with priority 0.
    SendRelease,
    /// Tells the virtual MAC address of each virtual address: gratuitous ARP, or unsolicited Neighbor Advertisements after
    /// it has joined the solicited-node groups.
    Announce,
    /// Active_Adver_Interval (Master_Adver_Interval) becomes the own Advertisement_Interval.
    SetOwnInterval,
    /// Active_Adver_Interval becomes the interval of the advertisement, and what is computed from it follows.
    LearnInterval,
    /// Active_Down_Timer runs for Active_Down_Interval.
    StartDown,
    /// Active_Down_Timer runs for Skew_Time.
    StartSkew,
    /// Active_Down_Timer stops.
    StopDown,
    /// Adver_Timer runs for Advertisement_Interval.
    StartAdvertisement,
    /// Adver_Timer stops.
    StopAdvertisement,
}

use Action::{
    Announce, LearnInterval, SendAdvertisement, SendRelease, SetOwnInterval, StartAdvertisement, StartDown,
    StartSkew, StopAdvertisement, StopDown,
};
use Condition as If;

macro_rules! row {
    (
        $protocol:literal $id:literal $editions:ident $from:ident
        [$($when:expr),*] [$($action:ident),*] $to:expr
    ) => {
        crate::spec::machine::Row {
            id: concat!($protocol, ".router.", $id),
            from: State(Router::$from),
            when: &[$($when),*],
            actions: &[$($action),*],
            to: $to,
            editions: Editions::$editions,
        }
    };
}

/// The rows of one version. Only version 3 learns the interval of the Active Router, and only RFC 9568 has that one answer
/// a router that is not better.
macro_rules! router {
    (
        $name:ident $protocol:literal $editions:ident
        own_interval [$($own:ident),*] learned [$($learned:ident),*]
        unanswered $unanswered:ident $(, answered $answered:ident)?
    ) => {
        /// The virtual router of this version.
        pub const $name: Machine<Router, Condition, Action> = Machine {
            id: concat!($protocol, ".router"),
            name: "virtual router",
            clauses: STATES,
            initial: Router::Initialize,
            states: &[],
            rows: &[
                row!($protocol "initialize.owner" $editions Initialize
                    [Is(If::Startup), Is(If::Owner)]
                    [SendAdvertisement, Announce, StartAdvertisement] Some(Router::Active)),
                row!($protocol "initialize.startup" $editions Initialize
                    [Is(If::Startup), Not(If::Owner)]
                    [$($own,)* StartDown] Some(Router::Backup)),
                row!($protocol "backup.shutdown" $editions Backup
                    [Not(If::Startup)] [StopDown] Some(Router::Initialize)),
                row!($protocol "backup.priority-zero" $editions Backup
                    [Is(If::Received), Is(If::PriorityZero)] [StartSkew] None),
                row!($protocol "backup.not-lower" $editions Backup
                    [Is(If::Received), Not(If::PriorityZero), Is(If::PriorityNotLower)]
                    [$($learned,)* StartDown] None),
                row!($protocol "backup.no-preemption" $editions Backup
                    [Is(If::Received), Not(If::PriorityZero), Not(If::PriorityNotLower), Not(If::Preempt)]
                    [$($learned,)* StartDown] None),
                row!($protocol "backup.lower" $editions Backup
                    [Is(If::Received), Not(If::PriorityZero), Not(If::PriorityNotLower), Is(If::Preempt)]
                    [] None),
                row!($protocol "backup.timeout" $editions Backup
                    [Is(If::DownTimerExpired)]
                    [StopDown, SendAdvertisement, Announce, StartAdvertisement] Some(Router::Active)),
                row!($protocol "active.shutdown" $editions Active
                    [Not(If::Startup)] [StopAdvertisement, SendRelease] Some(Router::Initialize)),
                row!($protocol "active.priority-zero" $editions Active
                    [Is(If::Received), Is(If::PriorityZero)] [SendAdvertisement, StartAdvertisement] None),
                row!($protocol "active.higher" $editions Active
                    [Is(If::Received), Not(If::PriorityZero), Is(If::PriorityHigher)]
                    [StopAdvertisement, $($learned,)* StartDown] Some(Router::Backup)),
                row!($protocol "active.equal-greater" $editions Active
                    [Is(If::Received), Is(If::PriorityEqual), Is(If::AddressGreater)]
                    [StopAdvertisement, $($learned,)* StartDown] Some(Router::Backup)),
                row!($protocol "active.not-better" $unanswered Active
                    [Is(If::Received), Not(If::PriorityZero), Not(If::PriorityHigher)] [] None),
                $(row!($protocol "active.not-better-answered" $answered Active
                    [Is(If::Received), Not(If::PriorityZero), Not(If::PriorityHigher)] [SendAdvertisement] None),)?
                row!($protocol "active.timeout" $editions Active
                    [Is(If::AdvertisementTimerExpired)] [SendAdvertisement, StartAdvertisement] None),
            ],
        };
    };
}

router!(V2 "vrrp2" VRRP2 own_interval [] learned [] unanswered VRRP2);
router!(
    V3 "vrrp3" VRRP3 own_interval [SetOwnInterval] learned [LearnInterval]
    unanswered ONLY_5798, answered ONLY_9568
);
