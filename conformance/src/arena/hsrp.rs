//! HSRP in the arena: version 1, and version 2 over IPv4 and IPv6.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::{Frame, Pdu, Protocol as Carried};
use redspec_codec::hsrp::Opcode;
use redspec_codec::{Family, MacAddress};

use super::protocol::{
    Breach, Claim, Duty, Gateway, Promptness, Protocol, Rank, Remote, Role, Said, Standing,
};
use crate::reference::hsrp::configuration::{Authentication, Configuration};
use crate::reference::hsrp::packet::Packet;
use crate::reference::router::{DOWNSTREAM, REMOTE_HOST, REMOTE_HOST6};
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::{self, Action, Condition, Group, together};
use crate::spec::hsrp::tolerances::{
    ARP_REPLY, AT_ONCE, ND_REPLY, STARTING, UNDER_WAY, gap, missing, takeover,
};
use crate::spec::machine::Literal::{Is, Not};
use crate::spec::machine::Origin;
use crate::time::Time;

/// As many routers have addresses here.
const MOST: usize = 100;
/// The last octets of the first router's addresses.
const FIRST_ADDRESS: usize = 101;
/// Enough for any way through the table that silence leads: each step takes a Holdtime or a timer away.
const MOST_STEPS: usize = 64;

/// A group, and the routers in it.
pub struct Hsrp {
    version: Version,
    edition: Edition,
    configuration: Configuration,
    gateway: Gateway,
}

impl Hsrp {
    /// The group that these settings describe, as this edition has it.
    ///
    /// # Errors
    /// A setting does not fit.
    pub fn new(settings: &Settings, edition: Edition) -> Result<Self, BadSetting> {
        let configuration = Configuration::new(settings, edition)?;
        let (_, address) = known(&configuration, settings)?;
        let gateway = Gateway { addresses: vec![address], mac: configuration.first().mac() };
        Ok(Self { version: configuration.version, edition, configuration, gateway })
    }

    fn family(&self) -> Family {
        self.configuration.first().family
    }
}

/// Hellotime and Holdtime, and the virtual address: what would be learned is not judged here.
fn known(
    configuration: &Configuration,
    settings: &Settings,
) -> Result<((Duration, Duration), IpAddr), BadSetting> {
    let unknown = |name: &str| BadSetting {
        name: name.to_owned(),
        value: settings.text(name).unwrap_or_default().to_owned(),
        expected: "a router of the arena to be configured with it".to_owned(),
    };
    let group = configuration.first();
    let times = group.hellotime.zip(group.holdtime).ok_or_else(|| unknown("hsrp.times"))?;
    let address = group.address.ok_or_else(|| unknown("hsrp.virtual_known"))?;
    Ok((times, address))
}

impl Protocol for Hsrp {
    fn name(&self) -> &'static str {
        match self.version {
            Version::V1 => "hsrp1",
            Version::V2 => "hsrp2",
        }
    }

    fn edition(&self) -> Edition {
        self.edition
    }

    fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    fn defaults(&self) -> Settings {
        Settings::new()
    }

    fn settings(&self, index: usize, count: usize) -> Settings {
        // On both sides of what is negative in eight bits; in version 2 the last eight bits tell another order.
        let (highest, largest) = match self.version {
            Version::V1 => (250, 40),
            Version::V2 => (100_000, 100),
        };
        let step = (highest / count.max(1)).clamp(1, largest);
        let priority = highest.saturating_sub(step * index);
        // There are no more than MOST, so that both fit.
        let number = u8::try_from(FIRST_ADDRESS + index).unwrap_or(u8::MAX);
        let last = u16::from(number);
        Settings::new()
            .with("hsrp.priority", priority)
            .with("hsrp.mac", MacAddress([2, 0, 0, 0, 1, number]))
            .with("hsrp.address", Ipv4Addr::new(10, 0, 0, number))
            .with("hsrp.link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, last))
            .with("hsrp.address6", Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last))
    }

    fn most(&self) -> usize {
        MOST
    }

    fn switch(&self) -> &'static str {
        "hsrp.enabled"
    }

    fn remote(&self) -> Option<Remote> {
        let address = match self.family() {
            Family::Ipv4 => REMOTE_HOST.into(),
            Family::Ipv6 => REMOTE_HOST6.into(),
        };
        Some(Remote { address, port: DOWNSTREAM })
    }

    fn role(&self, settings: &Settings, exact: bool) -> Result<Box<dyn Role>, BadSetting> {
        let configuration = Configuration::new(settings, self.edition)?;
        let ((hellotime, holdtime), address) = known(&configuration, settings)?;
        let group = configuration.first();
        if self.gateway.addresses != [address] || group.mac() != self.gateway.mac {
            return Err(BadSetting {
                name: "hsrp.group".to_owned(),
                value: format!("{} with {address}", group.number),
                expected: "the same group with the same address as all others".to_owned(),
            });
        }
        let lost = if configuration.tracked { 0 } else { configuration.decrement };
        Ok(Box::new(Router {
            version: self.version,
            edition: self.edition,
            rank: (group.priority.saturating_sub(lost), configuration.own_address(group.family)),
            hellotime,
            holdtime,
            preempt: group.preempt,
            delayed: !group.preempt_delay.is_zero(),
            exact,
            states: States::default(),
            running: false,
            shown: false,
            release: None,
            heard_from: ActiveRouter::None,
            heard: None,
            yielded: None,
            better_standby: None,
            reason: String::new(),
        }))
    }

    fn read(&self, frame: &Frame<'_>) -> Option<Said> {
        let spoken = match frame.protocol() {
            Carried::Hsrp1 => Version::V1,
            Carried::Hsrp2 => Version::V2,
            _ => return None,
        };
        if spoken != self.version {
            return None;
        }
        let packet = Packet::of(frame)?;
        let group = self.configuration.first();
        let of_group = packet.heard(spoken).into_iter();
        let heard = of_group.into_iter().find(|it| it.group == group.number && it.family == group.family)?;
        let claim = match (heard.opcode, heard.state) {
            (Opcode::HELLO, Some(Group::Active)) => Claim::Active,
            (Opcode::HELLO, Some(Group::Standby)) => Claim::Standby,
            (Opcode::HELLO, Some(Group::Speak)) => Claim::Speaks,
            (Opcode::COUP, _) => Claim::Coup,
            (Opcode::RESIGN, _) => Claim::Resigns,
            _ => Claim::Nothing,
        };
        let mut deviates = false;
        let audited = frame.audit(&mut |_| deviates = true);
        // In version 1 the digest stands behind the message.
        let digest =
            spoken == Version::V1 && matches!(self.configuration.authentication, Authentication::Md5 { .. });
        let whole = matches!(audited, Ok((Pdu::Hsrp1(_) | Pdu::Hsrp2(_), rest)) if rest.is_empty() || digest);
        let version = if spoken == Version::V1 { 0 } else { 2 };
        let valid = whole
            && !deviates
            && heard.version == version
            && (heard.opcode != Opcode::HELLO || heard.state.is_some())
            && packet.checksum_is_right()
            && packet.is_authentic(spoken, &self.configuration.authentication)
            && self.gateway.addresses == [heard.address]
            && heard.source != heard.address
            && !heard.hellotime.is_zero()
            && heard.holdtime > heard.hellotime;
        Some(Said {
            claim,
            rank: (heard.priority, heard.source),
            interval: heard.hellotime,
            hold: Some(heard.holdtime),
            valid,
        })
    }

    fn interval(&self) -> Duration {
        self.configuration.first().hellotime.unwrap_or_default()
    }

    /// From Listen through Speak to Standby and Active, where nobody else is left.
    fn longest_wait(&self) -> Duration {
        self.configuration.first().holdtime.unwrap_or_default() * 2 + self.interval()
    }

    fn tolerance(&self) -> Duration {
        let holdtime = self.configuration.first().holdtime.unwrap_or_default();
        holdtime.saturating_sub(takeover(holdtime).lenient.from)
    }

    fn promptness(&self) -> Promptness {
        let answer = if self.family() == Family::Ipv4 { ARP_REPLY } else { ND_REPLY };
        Promptness { answer, announcement: AT_ONCE }
    }

    fn requirement(&self, duty: Duty) -> Option<&'static str> {
        macro_rules! of {
            ($name:literal) => {
                of!($name, $name)
            };
            ($name:literal, $six:literal) => {
                [concat!("hsrp1.", $name), concat!("hsrp2.", $name), concat!("hsrp2.", $six)]
            };
        }
        // Of version 1, of version 2 over IPv4, and over IPv6.
        let ids = match duty {
            Duty::NotEarly => of!("timers.active-holdtime"),
            Duty::OneActive => of!("network.one-active"),
            Duty::OneStandby => of!("network.one-standby"),
            Duty::SilentUnlessActive => of!("arp.others-silent", "nd.others-silent"),
            Duty::ForwardsOnlyActive => of!("forwarding.others"),
            Duty::SilentOnceStopped => of!("shutdown.active-silent"),
            Duty::NoAnswerOnceStopped => of!("shutdown.unanswered"),
            Duty::Advertises => of!("active.hellos"),
            Duty::TakesOver => of!("standby.active-timer"),
            Duty::Resigns => of!("shutdown.active-resigns"),
            Duty::Answers => of!("arp.active-answers", "nd.active-answers"),
            Duty::Forwards => of!("forwarding.active"),
            Duty::Announces => of!("arp.gratuitous", "nd.unsolicited"),
            Duty::AnswerMac => of!("arp.virtual-mac", "nd.virtual-mac"),
            Duty::AnnouncedMac => of!("arp.gratuitous-virtual-mac", "nd.unsolicited"),
        };
        Some(match (self.version, self.family()) {
            (Version::V1, _) => ids[0],
            (Version::V2, Family::Ipv4) => ids[1],
            (Version::V2, Family::Ipv6) => ids[2],
        })
    }
}

/// A timer that expires between these; if there is no end, it may not run at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Timer {
    from: Time,
    to: Option<Time>,
}

impl Timer {
    fn is_over(&self, now: Time) -> bool {
        self.to.is_some_and(|to| to < now)
    }

    /// For certain not after the other one.
    fn before(&self, other: &Self) -> bool {
        self.to.is_some_and(|to| to < other.from)
    }

    /// Started together: the table has an order for that.
    fn with(&self, other: &Self) -> bool {
        self == other && self.to.is_some()
    }
}

/// One timer or the other; a timer that does not run is none.
fn either(one: Option<Timer>, other: Option<Timer>) -> Option<Timer> {
    match (one, other) {
        (Some(one), Some(other)) => {
            let to = one.to.zip(other.to).map(|(one, other)| one.max(other));
            Some(Timer { from: one.from.min(other.from), to })
        }
        (Some(one), None) | (None, Some(one)) => Some(Timer { to: None, ..one }),
        (None, None) => None,
    }
}

/// What is known of a router, if it is in a certain state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Known {
    active: Option<Timer>,
    standby: Option<Timer>,
    /// In Active: by then there is a Hello.
    hello: Time,
}

/// All that a router may be, state by state: the table of section 5.7, with windows for timers. A frame that it may have
/// discarded, or a timer that may have expired, leads to more states than one; what it says then leaves one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct States([Option<Known>; Group::ALL.len()]);

impl States {
    fn only(state: Group, known: Known) -> Self {
        let mut states = Self::default();
        states.add(state, known);
        states
    }

    fn get(&self, state: Group) -> Option<Known> {
        self.0[state as usize]
    }

    fn add(&mut self, state: Group, known: Known) {
        let place = &mut self.0[state as usize];
        *place = Some(place.map_or(known, |other| Known {
            active: either(known.active, other.active),
            standby: either(known.standby, other.standby),
            hello: known.hello.max(other.hello),
        }));
    }

    fn all(&self) -> impl Iterator<Item = (Group, Known)> + '_ {
        Group::ALL.into_iter().filter_map(|state| Some((state, self.get(state)?)))
    }

    /// What the router is, as to the one that it alone may be in this state.
    fn standing(&self, state: Group) -> Standing {
        match (self.get(state), self.all().count()) {
            (None, _) => Standing::Waiting,
            (Some(_), 1) => Standing::Active,
            (Some(_), _) => Standing::Either,
        }
    }
}

/// Whose Resign counts (event i).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ActiveRouter {
    None,
    /// Heard to be Active last.
    Is(IpAddr),
    /// It has resigned: the frame may come twice.
    Was(IpAddr),
    /// There was a Hello that the router may have discarded.
    Unclear,
}

/// The account of one router.
struct Router {
    version: Version,
    edition: Edition,
    rank: Rank,
    hellotime: Duration,
    holdtime: Duration,
    preempt: bool,
    /// It need not preempt at once.
    delayed: bool,
    exact: bool,
    states: States,
    running: bool,
    /// It has said that it is Active.
    shown: bool,
    /// It was Active as it was stopped, and has to say so by then.
    release: Option<Time>,
    heard_from: ActiveRouter,
    /// When it heard something last: what it has under way then may be older.
    heard: Option<Time>,
    /// When it last had to give way.
    yielded: Option<Time>,
    /// The last better router that it heard to be Standby.
    better_standby: Option<(Time, Rank)>,
    reason: String,
}

impl Router {
    /// When a timer expires that was started between these.
    fn timer(&self, (from, to): (Time, Time), holdtime: Duration) -> Timer {
        let span = takeover(holdtime).held_to(self.exact);
        Timer { from: from + span.from, to: Some(to + span.to) }
    }

    /// What an event between these leads to in a state: the rows of the table that are taken, which may be two.
    fn takes(
        &self,
        state: Group,
        known: Known,
        event: Condition,
        said: Option<&Said>,
        at: (Time, Time),
    ) -> Vec<(Group, Known)> {
        let holds = |literal: &_| match literal {
            Is(Condition::Preempt) => self.preempt,
            Not(Condition::Preempt) => !self.preempt || self.delayed,
            Is(Condition::AddressConfigured) => true,
            Not(Condition::AddressConfigured) => false,
            Is(asked) => *asked == event,
            Not(asked) => *asked != event,
        };
        let rows = machine::of(self.version).rows.iter().filter(|row| {
            row.editions.contains(self.edition)
                && row.from == Origin::State(state)
                && row.when.iter().all(holds)
        });
        let hello = said.map_or(at.1, |_| at.1 + AT_ONCE.held_to(self.exact).to);
        rows.map(|row| {
            let mut next = known;
            for action in row.actions {
                let of = |events: [Condition; 2]| {
                    let hold = said.filter(|_| events.contains(&event)).and_then(|said| said.hold);
                    self.timer(at, hold.unwrap_or(self.holdtime))
                };
                match action {
                    Action::StartActive => {
                        next.active = Some(of([Condition::ActiveHigher, Condition::ActiveLower]));
                    }
                    Action::StartStandby => {
                        next.standby = Some(of([Condition::StandbyHigher, Condition::StandbyLower]));
                    }
                    Action::StopActive => next.active = None,
                    Action::StopStandby => next.standby = None,
                    _ => {}
                }
            }
            let to = row.to.unwrap_or(state);
            if to != state {
                next.hello = hello;
            }
            (to, next)
        })
        .collect()
    }

    /// Timers go on until now.
    fn until(&self, now: Time) -> States {
        let mut states = States::default();
        let mut left: Vec<(Group, Known)> = self.states.all().collect();
        for _ in 0..MOST_STEPS {
            let Some((state, known)) = left.pop() else { break };
            if state == Group::Active {
                states.add(state, known);
                continue;
            }
            let timer = |event| match event {
                Condition::ActiveTimer => known.active,
                _ => known.standby,
            };
            let [first, second] = together(state);
            for (event, other) in [(first, second), (second, first)] {
                let Some(one) = timer(event).filter(|timer| timer.from <= now) else { continue };
                let behind = timer(other)
                    .is_some_and(|timer| timer.before(&one) || event == second && timer.with(&one));
                if behind {
                    continue;
                }
                let ends = [one.to, timer(other).and_then(|timer| timer.to), Some(now)];
                let latest = ends.into_iter().flatten().min().unwrap_or(now).max(one.from);
                let mut spent = known;
                match event {
                    Condition::ActiveTimer => spent.active = None,
                    _ => spent.standby = None,
                }
                // A Hello of a router that becomes Active comes with it: by the end of its timer.
                let at = (one.from, latest);
                let next = self.takes(state, spent, event, None, at);
                left.extend(next.into_iter().map(|(to, next)| {
                    let hello = one.to.unwrap_or(next.hello).max(next.hello);
                    (to, if to == Group::Active { Known { hello, ..next } } else { next })
                }));
            }
            if ![known.active, known.standby].into_iter().flatten().any(|timer| timer.is_over(now)) {
                states.add(state, known);
            }
        }
        // Who would be Active has said nothing.
        let silent = !self.shown && states.get(Group::Active).is_some_and(|known| known.hello < now);
        if silent && states.all().count() > 1 {
            states.0[Group::Active as usize] = None;
        }
        states
    }

    fn advance(&mut self, now: Time) {
        self.states = self.until(now);
    }

    /// When a router in this state is Active at the latest, if it hears nothing more. None where the table itself leads
    /// into Standby without an Active timer: it does nothing as that expires in Speak.
    fn silence(&self, state: Group, known: Known) -> Option<Time> {
        if state == Group::Active {
            return Some(known.hello);
        }
        let active = known.active?;
        match state {
            Group::Standby => active.to,
            Group::Speak => {
                let standby = known.standby?;
                (standby.before(&active) || standby.with(&active)).then_some(active.to?)
            }
            Group::Listen => {
                let standby = known.standby?;
                let hold = takeover(self.holdtime).held_to(self.exact).to;
                if active.before(&standby) || active.with(&standby) {
                    Some(active.to? + hold)
                } else {
                    standby.to.is_some_and(|to| to + hold < active.from).then_some(active.to?)
                }
            }
            _ => None,
        }
    }

    /// The event that a message is.
    fn event(&mut self, said: &Said) -> (Option<Condition>, bool) {
        let higher = said.rank > self.rank;
        let source = said.rank.1;
        let choose = |better, worse| Some(if higher { better } else { worse });
        match said.claim {
            Claim::Active => {
                self.heard_from = if said.valid { ActiveRouter::Is(source) } else { ActiveRouter::Unclear };
                (choose(Condition::ActiveHigher, Condition::ActiveLower), true)
            }
            Claim::Standby => (choose(Condition::StandbyHigher, Condition::StandbyLower), true),
            Claim::Speaks => (higher.then_some(Condition::SpeakHigher), true),
            Claim::Coup => (higher.then_some(Condition::Coup), true),
            Claim::Resigns => match self.heard_from {
                ActiveRouter::Is(active) if active == source => {
                    self.heard_from = ActiveRouter::Was(source);
                    (Some(Condition::Resign), true)
                }
                ActiveRouter::Was(active) if active == source => (Some(Condition::Resign), false),
                ActiveRouter::Unclear => (Some(Condition::Resign), false),
                _ => (None, true),
            },
            Claim::Nothing => (None, true),
        }
    }

    /// What it sends so soon it may have sent without having seen what came.
    fn under_way(&self, now: Time, since: Option<Time>) -> bool {
        !self.exact && since.is_some_and(|at| now - at <= UNDER_WAY)
    }

    fn next_hello(&self, now: Time) -> Time {
        let window = if self.exact { gap(self.hellotime) } else { missing(self.hellotime) };
        now + window.held_to(self.exact).to
    }
}

impl Role for Router {
    fn starts(&mut self, now: Time) {
        let mut timer = self.timer((now, now), self.holdtime);
        if !self.exact {
            timer.to = timer.to.map(|to| to + STARTING);
        }
        let known = Known { active: Some(timer), standby: Some(timer), hello: now };
        self.states = States::only(Group::Listen, known);
        (self.running, self.shown, self.release) = (true, false, None);
        self.heard_from = ActiveRouter::None;
        (self.heard, self.yielded, self.better_standby) = (None, None, None);
        self.reason = format!("started at {now} s");
    }

    fn joins(&mut self, now: Time) {
        self.starts(now);
        let timer = Timer { from: now, to: self.timer((now, now), self.holdtime).to };
        let hello = self.next_hello(now);
        for state in [Group::Listen, Group::Speak, Group::Standby, Group::Active] {
            self.states.add(state, Known { active: Some(timer), standby: Some(timer), hello });
        }
        self.heard_from = ActiveRouter::Unclear;
        self.reason = format!("takes part since {now} s");
    }

    fn stops(&mut self, now: Time, says: bool) {
        let release = says && self.standing(now) == Standing::Active;
        self.release = release.then(|| now + AT_ONCE.held_to(self.exact).to);
        (self.states, self.running, self.shown) = (States::default(), false, false);
        self.yielded = Some(now);
        self.reason = format!("stopped at {now} s");
    }

    fn hears(&mut self, now: Time, said: &Said) -> bool {
        if !self.running || said.rank.1 == self.rank.1 {
            return false;
        }
        self.advance(now);
        self.heard = Some(now);
        let (event, certain) = self.event(said);
        let mut states = States::default();
        for (state, known) in self.states.all() {
            match event {
                Some(event) => {
                    for (to, next) in self.takes(state, known, event, Some(said), (now, now)) {
                        states.add(to, next);
                    }
                    if !certain || !said.valid {
                        states.add(state, known);
                    }
                }
                None => states.add(state, known),
            }
        }
        let was_active = self.states.get(Group::Active).is_some();
        self.states = states;
        if self.states.get(Group::Active).is_none() {
            if was_active {
                self.yielded = Some(now);
            }
            self.shown = false;
        }
        let (claim, (priority, address)) = (said.claim, said.rank);
        let better = said.rank > self.rank;
        let word = match claim {
            Claim::Active => "Active",
            Claim::Coup if better => "a Coup",
            Claim::Resigns if event.is_some() => "a Resign",
            _ => "",
        };
        if !word.is_empty() && self.states.get(Group::Active).is_none() {
            self.reason = format!("heard {word} of priority {priority} of {address} at {now} s");
        }
        let waits = said.valid && self.states.get(Group::Active).is_none();
        match claim {
            Claim::Active => waits,
            Claim::Standby => {
                if said.valid && better {
                    self.better_standby = Some((now, said.rank));
                }
                waits && better
            }
            _ => false,
        }
    }

    fn says(&mut self, now: Time, said: &Said) -> Result<bool, Breach> {
        if !self.running {
            if said.claim == Claim::Resigns {
                self.release = None;
                return Ok(false);
            }
            if self.under_way(now, self.yielded) {
                return Ok(false);
            }
            let text =
                format!("sends a message of priority {} at {now} s although it {}", said.rank.0, self.reason);
            return Err(Breach { duty: Duty::SilentOnceStopped, text });
        }
        self.advance(now);
        let state = match said.claim {
            Claim::Active => Group::Active,
            Claim::Standby => Group::Standby,
            Claim::Speaks => Group::Speak,
            Claim::Coup | Claim::Resigns | Claim::Nothing => return Ok(false),
        };
        let since = if state == Group::Active { self.yielded } else { self.heard };
        if self.under_way(now, since) && (state != Group::Active || self.states.get(state).is_none()) {
            return Ok(false);
        }
        let known = self.states.get(state);
        // What it says it is from now on: one breach is told once.
        let mut all = States::default();
        for (_, known) in self.states.all() {
            all.add(state, known);
        }
        let stays = known.or(all.get(state)).unwrap_or(Known { active: None, standby: None, hello: now });
        let becomes = state == Group::Active && !std::mem::replace(&mut self.shown, state == Group::Active);
        if state == Group::Active {
            let active = Known { active: None, standby: stays.standby, hello: self.next_hello(now) };
            self.states = States::only(state, active);
        } else {
            self.shown = false;
            self.states = States::only(state, stays);
        }
        let breach = |duty, text| Err(Breach { duty, text });
        match (state, known, self.better_standby) {
            (Group::Active, None, _) => {
                let text = format!(
                    "says that it is Active at {now} s although it {}: neither Standby with its Active timer over nor, \
                     as it is configured, to preempt",
                    self.reason
                );
                breach(Duty::NotEarly, text)
            }
            (Group::Active, Some(_), _) => {
                let word = if becomes { "became Active" } else { "said that it is Active" };
                self.reason = format!("{word} at {now} s");
                Ok(becomes)
            }
            (Group::Standby, None, Some((at, (priority, address)))) if now - at < self.holdtime => {
                let text = format!(
                    "says that it is Standby at {now} s although it heard Standby of priority {priority} of {address} at \
                     {at} s, and nothing that makes it Standby since"
                );
                breach(Duty::OneStandby, text)
            }
            _ => Ok(false),
        }
    }

    fn standing(&self, now: Time) -> Standing {
        if !self.running {
            let may = self.under_way(now, self.yielded);
            return if may { Standing::Either } else { Standing::Stopped };
        }
        match self.until(now).standing(Group::Active) {
            Standing::Active if !self.shown => Standing::Either,
            Standing::Waiting if self.under_way(now, self.yielded) => Standing::Either,
            standing => standing,
        }
    }

    fn standby(&self, now: Time) -> Standing {
        if self.running { self.until(now).standing(Group::Standby) } else { Standing::Stopped }
    }

    fn deadline(&self) -> Option<(Time, Duty)> {
        if !self.running {
            return Some((self.release?, Duty::Resigns));
        }
        let mut latest = None;
        for (state, known) in self.states.all() {
            latest = latest.max(Some(self.silence(state, known)?));
        }
        let duty = if self.shown && self.states.standing(Group::Active) == Standing::Active {
            Duty::Advertises
        } else {
            Duty::TakesOver
        };
        Some((latest?, duty))
    }

    fn reason(&self) -> String {
        self.reason.clone()
    }
}
