//! The state table of a virtual router (section 6.4).

use crate::spec::Editions;
use crate::spec::machine::Literal::{Is, Not};
use crate::spec::machine::Origin::State;
use crate::spec::machine::{Literal, Machine, Row};

/// States.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Router {
    /// Initialize
    Initialize,
    /// Backup
    Backup,
    /// Active; Master in RFC 5798
    Active,
}

/// What a row asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// The interface is up.
    Startup,
    /// The router's priority is 255: it owns the addresses.
    Owner,
    /// An advertisement of this virtual router has come.
    Received,
    /// Its priority is 0.
    PriorityZero,
    /// Its priority is at least the router's own.
    PriorityNotLower,
    /// Its priority is higher, or equal and its sender's address is.
    Better,
    /// Preempt_Mode
    Preempt,
    /// Active_Down_Timer has fired.
    ActiveDownExpired,
    /// Adver_Timer has fired.
    AdvertisementExpired,
}

/// What a row does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Sends an advertisement.
    SendAdvertisement,
    /// Sends a gratuitous ARP for each address.
    SendGratuitousArp,
    /// Active_Adver_Interval becomes the one of the advertisement.
    LearnInterval,
    /// Active_Down_Timer runs for Active_Down_Interval.
    StartActiveDown,
    /// Active_Down_Timer runs for Skew_Time.
    StartSkew,
    /// Active_Down_Timer stops.
    StopActiveDown,
    /// Adver_Timer runs for Advertisement_Interval.
    StartAdvertisement,
    /// Adver_Timer stops.
    StopAdvertisement,
}

use Action::{
    LearnInterval, SendAdvertisement, SendGratuitousArp, StartActiveDown, StartAdvertisement, StartSkew,
    StopActiveDown, StopAdvertisement,
};
use Condition as If;

const fn row(
    id: &'static str,
    from: Router,
    when: &'static [Literal<Condition>],
    actions: &'static [Action],
    to: Option<Router>,
) -> Row<Router, Condition, Action> {
    Row { id, from: State(from), when, actions, to, editions: Editions::VRRP3 }
}

/// The virtual router.
pub const ROUTER: Machine<Router, Condition, Action> = Machine {
    id: "vrrp3.router",
    name: "virtual router",
    clauses: super::BACKUP,
    initial: Router::Initialize,
    states: &[],
    rows: &[
        row(
            "vrrp3.router.initialize.owner",
            Router::Initialize,
            &[Is(If::Startup), Is(If::Owner)],
            &[SendAdvertisement, SendGratuitousArp, StartAdvertisement],
            Some(Router::Active),
        ),
        row(
            "vrrp3.router.initialize.startup",
            Router::Initialize,
            &[Is(If::Startup), Not(If::Owner)],
            &[StartActiveDown],
            Some(Router::Backup),
        ),
        row(
            "vrrp3.router.backup.priority-zero",
            Router::Backup,
            &[Is(If::Received), Is(If::PriorityZero)],
            &[StartSkew],
            None,
        ),
        row(
            "vrrp3.router.backup.not-lower",
            Router::Backup,
            &[Is(If::Received), Not(If::PriorityZero), Is(If::PriorityNotLower)],
            &[LearnInterval, StartActiveDown],
            None,
        ),
        row(
            "vrrp3.router.backup.no-preemption",
            Router::Backup,
            &[Is(If::Received), Not(If::PriorityZero), Not(If::PriorityNotLower), Not(If::Preempt)],
            &[LearnInterval, StartActiveDown],
            None,
        ),
        row(
            "vrrp3.router.backup.timeout",
            Router::Backup,
            &[Is(If::ActiveDownExpired)],
            &[StopActiveDown, SendAdvertisement, SendGratuitousArp, StartAdvertisement],
            Some(Router::Active),
        ),
        row(
            "vrrp3.router.active.timeout",
            Router::Active,
            &[Is(If::AdvertisementExpired)],
            &[SendAdvertisement, StartAdvertisement],
            None,
        ),
        row(
            "vrrp3.router.active.priority-zero",
            Router::Active,
            &[Is(If::Received), Is(If::PriorityZero)],
            &[SendAdvertisement, StartAdvertisement],
            None,
        ),
        row(
            "vrrp3.router.active.better",
            Router::Active,
            &[Is(If::Received), Not(If::PriorityZero), Is(If::Better)],
            &[StopAdvertisement, LearnInterval, StartActiveDown],
            Some(Router::Backup),
        ),
    ],
};
