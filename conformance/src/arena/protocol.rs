//! What the arena has to know of a protocol. A protocol is plugged in by one file that implements [`Protocol`], and
//! [`Role`] for one of its routers.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::Frame;

use crate::settings::{BadSetting, Settings};
use crate::spec::{Edition, Window};
use crate::time::Time;

/// What a router says that it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// The gateway: Active, or Master.
    Active,
    /// The next one, where the protocol has that: HSRP's Standby.
    Standby,
    /// It would be one of both: HSRP's Speak.
    Speaks,
    /// Who is Active has to give way to it: HSRP's Coup.
    Coup,
    /// It no longer is what it was: priority 0, or Resign.
    Resigns,
    /// Anything else.
    Nothing,
}

/// What decides between two routers that say the same: the greater is better. A priority, then an address.
pub type Rank = (u32, IpAddr);

/// A message of the protocol, as it stands in a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// What its sender says that it is.
    pub claim: Claim,
    /// How good its sender says that it is.
    pub rank: Rank,
    /// The timer that it tells: Advertisement_Interval, or Hellotime.
    pub interval: Duration,
    /// How long it says that it is good for, where it says so: Holdtime.
    pub hold: Option<Duration>,
    /// Nobody who keeps to the standard may discard it. If false, either is possible: nothing follows from it for certain.
    pub valid: bool,
}

/// The gateway that all the routers are together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gateway {
    /// Its addresses.
    pub addresses: Vec<IpAddr>,
    /// The one MAC address that they have.
    pub mac: MacAddress,
}

/// What is asserted of all the routers together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Invariant {
    /// At most one router is Active, outside transients.
    OneActive,
    /// At most one router is Standby, outside transients.
    OneStandby,
    /// A gateway answers within the bound after any single failure.
    GatewayAnswers,
    /// There are no two MAC addresses for one virtual address.
    OneMac,
}

impl Invariant {
    /// As in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OneActive => "one-active",
            Self::OneStandby => "one-standby",
            Self::GatewayAnswers => "gateway-answers",
            Self::OneMac => "one-mac",
        }
    }

    /// In words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::OneActive => "at most one Active outside transients",
            Self::OneStandby => "at most one Standby outside transients",
            Self::GatewayAnswers => "a gateway answers within the bound after any single failure",
            Self::OneMac => "no two MACs for one virtual IP",
        }
    }
}

/// What an invariant asks of a router, or of two; the protocol says where that stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Duty {
    /// It is not Active while it has cause to believe that a better one is: it waits for its whole timer.
    NotEarly,
    /// Two that hear each other do not both stay Active.
    OneActive,
    /// Two that hear each other do not both stay Standby.
    OneStandby,
    /// Who is not Active answers for no virtual address and announces none.
    SilentUnlessActive,
    /// Who is not Active forwards nothing that comes to the virtual MAC address.
    ForwardsOnlyActive,
    /// Who was stopped does not advertise any more.
    SilentOnceStopped,
    /// Who was stopped answers no more.
    NoAnswerOnceStopped,
    /// Who is Active says so in time, lest others take it for dead.
    Advertises,
    /// It is Active once its timer is over.
    TakesOver,
    /// Who is Active and is switched off says so.
    Resigns,
    /// Who is Active answers for the virtual addresses.
    Answers,
    /// Who is Active forwards what comes to the virtual MAC address.
    Forwards,
    /// Who becomes Active tells where each virtual address is.
    Announces,
    /// An answer for a virtual address has the virtual MAC address.
    AnswerMac,
    /// An announcement of a virtual address has the virtual MAC address.
    AnnouncedMac,
}

impl Duty {
    /// All of them.
    pub const ALL: [Self; 15] = [
        Self::NotEarly,
        Self::OneActive,
        Self::OneStandby,
        Self::SilentUnlessActive,
        Self::ForwardsOnlyActive,
        Self::SilentOnceStopped,
        Self::NoAnswerOnceStopped,
        Self::Advertises,
        Self::TakesOver,
        Self::Resigns,
        Self::Answers,
        Self::Forwards,
        Self::Announces,
        Self::AnswerMac,
        Self::AnnouncedMac,
    ];

    /// Which invariant is broken where it is not done.
    pub const fn invariant(self) -> Invariant {
        match self {
            Self::NotEarly
            | Self::OneActive
            | Self::Advertises
            | Self::SilentUnlessActive
            | Self::ForwardsOnlyActive
            | Self::SilentOnceStopped
            | Self::NoAnswerOnceStopped => Invariant::OneActive,
            Self::OneStandby => Invariant::OneStandby,
            Self::TakesOver | Self::Resigns | Self::Answers | Self::Forwards | Self::Announces => {
                Invariant::GatewayAnswers
            }
            Self::AnswerMac | Self::AnnouncedMac => Invariant::OneMac,
        }
    }
}

/// A router has not done its duty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which.
    pub duty: Duty,
    /// What it did, and what was expected.
    pub text: String,
}

/// What a router is, for as much as follows from what has reached it and what it has said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It does not run.
    Stopped,
    /// It is not the gateway.
    Waiting,
    /// Its timer is about to be over: it may be the gateway already, or not yet.
    Either,
    /// It is the gateway, by its own words.
    Active,
}

/// The judge's account of one router: which messages have reached it, and so what it may say and by when it has to.
///
/// It knows nothing of the network. A message that was lost on the way was not heard, and binds nobody: that is why a
/// lost frame, or a cut, never makes a router's right behaviour look wrong.
pub trait Role {
    /// It begins to run.
    fn starts(&mut self, now: Time);
    /// It takes part from now on, and has run before: what it is nobody knows.
    fn joins(&mut self, now: Time);
    /// It runs no longer. Where `says` is true it can say so, and may have to.
    fn stops(&mut self, now: Time, says: bool);
    /// A message reaches it. True if it waits for the sender of this one from now on: for the gateway, or for the next one.
    fn hears(&mut self, now: Time, said: &Said) -> bool;
    /// It sends a message. True if it becomes Active by that.
    ///
    /// # Errors
    /// It must not say this now.
    fn says(&mut self, now: Time, said: &Said) -> Result<bool, Breach>;
    /// What it is now.
    fn standing(&self, now: Time) -> Standing;
    /// The same of the next one, where the protocol has that: `Active` is that it is Standby.
    fn standby(&self, _now: Time) -> Standing {
        Standing::Either
    }
    /// By when it has to say something if nothing more is heard: that it is Active, has become so, or is no longer.
    fn deadline(&self) -> Option<(Time, Duty)>;
    /// Why that is so, in words: who was heard, when.
    fn reason(&self) -> String;
}

/// How soon who is Active does what it has to do at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Promptness {
    /// An answer for a virtual address.
    pub answer: Window,
    /// An announcement of a virtual address, after the message that says Active.
    pub announcement: Window,
}

/// A host on the far side of the routers, to which packets are sent through the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Remote {
    /// Its address.
    pub address: IpAddr,
    /// The port of a router that leads there.
    pub port: crate::event::Port,
}

/// A protocol in the arena.
pub trait Protocol {
    /// As on the command line: `vrrp3`.
    fn name(&self) -> &'static str;
    /// By which its routers are judged.
    fn edition(&self) -> Edition;
    /// All the routers together.
    fn gateway(&self) -> &Gateway;
    /// What is configured of all routers where nothing is said.
    fn defaults(&self) -> Settings;
    /// What is configured of router `index` of `count` alone: its addresses and its priority.
    fn settings(&self, index: usize, count: usize) -> Settings;
    /// The most routers there can be.
    fn most(&self) -> usize;
    /// The setting that lets the protocol run, with `yes` and `no`.
    fn switch(&self) -> &'static str;
    /// What is behind the routers, if they have something behind them.
    fn remote(&self) -> Option<Remote>;
    /// The account of a router that is configured so. One that is `exact` is held to the timers themselves.
    ///
    /// # Errors
    /// A setting does not fit.
    fn role(&self, settings: &Settings, exact: bool) -> Result<Box<dyn Role>, BadSetting>;
    /// What a frame says, if it is a message of this group.
    fn read(&self, frame: &Frame<'_>) -> Option<Said>;
    /// The time between two messages of the Active router.
    fn interval(&self) -> Duration;
    /// The longest that a router waits until it takes over, as the tables have it.
    fn longest_wait(&self) -> Duration;
    /// How far from a timer a router may be seen that is not exact.
    fn tolerance(&self) -> Duration;
    /// How soon is at once.
    fn promptness(&self) -> Promptness;
    /// The requirement in which the duty stands, if the protocol has it.
    fn requirement(&self, duty: Duty) -> Option<&'static str>;
}
