//! Who answers for the virtual address, with which MAC address, and who tells everyone where it is.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Pdu};

use super::{Dialect, HsrpTest, Message, Steps, answer, binding, dialects, frames};
use crate::bed::Capability;
use crate::event::Stamp;
use crate::reference::router::{LAN, REMOTE_HOST};
use crate::scenario::{Mark, Pattern, Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{AROUND, ARP_REPLY, LEAD, takeover};
use crate::spec::{Edition, Editions};
use crate::suite::router::hosts::{Hosts, NO_REPLY, TRIES, UNDER_WAY};
use crate::suite::router::packet::Ask;
use crate::suite::router::pattern::{Frames, broadcast};

/// Enough questions for a MAC address that is right most of the time.
const MANY: usize = 20;
/// How long is watched for a gratuitous ARP that is sent again: captures show three seconds.
const AGAIN: Duration = Duration::from_secs(5);
/// Where Cisco's routers send their gratuitous ARP besides.
const CISCO_MULTICAST: MacAddress = MacAddress([0x01, 0x00, 0x0c, 0xcd, 0xcd, 0xcd]);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-008", "-", ""]) {
        for way in Way::ALL {
            tests.push(gratuitous(dialect, row, way));
        }
    }
    for (dialect, row) in dialects(["-", "-", ""]) {
        tests.push(repeated(dialect, row));
        tests.push(always_virtual(dialect, row));
        tests.push(left(dialect, row, Left::Hello));
        tests.push(left(dialect, row, Left::Disabled));
    }
    for (dialect, row) in dialects(["H1-036", "-", ""]) {
        tests.push(answers(dialect, row));
        for state in [Group::Standby, Group::Listen, Group::Speak, Group::Initial] {
            tests.push(others_silent(dialect, row, state));
        }
    }
    for (dialect, row) in dialects(["H1-035", "-", ""]) {
        tests.push(proxy(dialect, row));
    }
    for (dialect, row) in dialects(["H1-050", "-", ""]) {
        for state in [Group::Standby, Group::Listen, Group::Speak] {
            tests.push(proxy_any_state(dialect, row, state));
        }
    }
    tests
}

/// How a router becomes Active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// It starts, and nobody else is there.
    Startup,
    /// It is Standby, and the Active router falls silent.
    Silence,
    /// It is Standby, and the Active router resigns.
    Resign,
    /// It preempts, from that state.
    Preempt(Group),
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Startup,
        Self::Silence,
        Self::Resign,
        Self::Preempt(Group::Listen),
        Self::Preempt(Group::Speak),
        Self::Preempt(Group::Standby),
    ];

    /// Last words of the ids of its tests.
    pub fn name(self) -> String {
        match self {
            Self::Startup => "startup".to_owned(),
            Self::Silence => "takeover".to_owned(),
            Self::Resign => "resign".to_owned(),
            Self::Preempt(state) => format!("preempt.{}", word(state)),
        }
    }

    /// A router that does so.
    pub fn text(self) -> String {
        match self {
            Self::Startup => "A router that starts where nobody else is, and becomes Active,".to_owned(),
            Self::Silence => "A Standby router that takes over from an Active one that is silent".to_owned(),
            Self::Resign => "A Standby router that takes over from an Active one that resigns".to_owned(),
            Self::Preempt(state) => format!("A router that preempts from {state:?}"),
        }
    }

    /// A test needs this for it.
    pub fn prepare(self, test: Test) -> Test {
        match self {
            Self::Startup => test.needs(Capability::Fresh),
            Self::Silence | Self::Resign => test,
            Self::Preempt(_) => test.with("hsrp.preempt", "yes"),
        }
    }
}

/// A state's name in ids.
pub fn word(state: Group) -> String {
    format!("{state:?}").to_lowercase()
}

impl HsrpTest<'_> {
    /// The device becomes Active in that way. Returns a moment before it does, and its first Hello of Active.
    ///
    /// # Errors
    /// It does not: the test is inconclusive.
    pub fn become_active(&mut self, way: Way) -> Result<(Mark, Sighting), Stop> {
        let (before, longest) = match way {
            Way::Startup => {
                let mut start = self.run.fresh()?;
                // What was there before its links came up is not of this start.
                start.events = 0;
                return Ok((start, self.make_active()?));
            }
            Way::Silence => {
                let (active, _) = self.make_standby()?;
                self.run.step("T falls silent: D takes over");
                (self.stop_peer(active)?, self.takes_over_within())
            }
            Way::Resign => {
                let (active, _) = self.make_standby()?;
                self.run.step("T resigns: D takes over");
                let last = self.stop_peer(active)?;
                let resign = self.lan.peers[active].message.clone().resign();
                self.send(&resign)?;
                // Where it does not count, this is a takeover from who is silent.
                (last, self.takes_over_within())
            }
            Way::Preempt(state) => {
                let active = match state {
                    Group::Listen => self.make_listen()?.active,
                    Group::Speak => self.make_speak()?.0,
                    _ => self.make_standby()?.0,
                };
                let priority = self.group().priority.saturating_sub(50);
                self.run.step(format!("T's priority falls to {priority}: D preempts"));
                let lower = Message { priority, ..self.lan.peers[active].message.clone() };
                self.change_peer(active, lower);
                (self.mark(), self.hellotime() * 2 + Duration::from_secs(2))
            }
        };
        let found = self.look(&self.message().state(Group::Active), before, longest)?;
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        let text =
            || Stop::Inconclusive(format!("D did not become Active within {} s", longest.as_secs_f64()));
        Ok((before, found.ok_or_else(text)?))
    }

    /// How long it takes a Standby router to be Active once the Active one is silent, and to show it.
    fn takes_over_within(&self) -> Duration {
        takeover(self.holdtime()).lenient.to + self.hellotime()
    }

    /// The device is in that state, as far as a test can bring it there: not in Learn, for which it has to be configured.
    ///
    /// # Errors
    /// It is not: the test is inconclusive.
    pub fn reach(&mut self, state: Group) -> Result<(), Stop> {
        match state {
            Group::Initial => {
                self.make_initial()?;
                // Time to take the address away.
                self.wait(NO_REPLY)
            }
            Group::Learn => self.make_learn().map(drop),
            Group::Listen => self.make_listen().map(drop),
            Group::Speak => self.make_speak().map(drop),
            Group::Standby => self.make_standby().map(drop),
            Group::Active => self.make_active().map(drop),
        }
    }

    /// The device, which is Active, is so no longer, for a second at least. Returns a moment from which on nothing that only
    /// an Active router does may be seen.
    ///
    /// # Errors
    /// It cannot be stopped.
    pub fn leave_active(&mut self, how: Left) -> Result<Mark, Stop> {
        match how {
            Left::Hello => {
                let better = self.hello(Group::Active, super::states::ACTIVE_PRIORITY);
                self.run.step(format!("T is Active with priority {}: D leaves Active", better.priority));
                self.start_peer(better);
            }
            Left::Disabled => drop(self.make_initial()?),
        }
        self.wait(NO_REPLY)?;
        self.quiet_start()
    }

    /// Whoever has seen a fault of a router that is not Active has to know that it is not.
    ///
    /// # Errors
    /// It sends Hellos of Active: the test is inconclusive.
    pub fn is_not_active(&mut self, mark: Mark) -> Result<(), Stop> {
        let length = self.since(mark);
        match self.look(&self.message().state(Group::Active), mark, length)? {
            Some(_) => {
                Err(Stop::Inconclusive("D is Active although T is so with a higher priority".to_owned()))
            }
            None => Ok(()),
        }
    }

    /// Hosts ask for the virtual address, all in vain. Nobody may be Active but T.
    ///
    /// # Errors
    /// The device answers: recorded, and the end of the test.
    fn never_answers(&mut self, mark: Mark, requirement: &'static str) -> Result<(), Stop> {
        let vip = self.vip();
        self.run.step(format!("{TRIES} times, hosts ask for {vip}: everyone, D alone, and by a probe"));
        for _ in 0..TRIES {
            for how in [Ask::Everyone, Ask::VirtualMac, Ask::Probe] {
                self.ask(vip, how)?;
            }
            self.wait(NO_REPLY)?;
        }
        self.is_not_active(mark)?;
        self.never(&answer(LAN, vip), mark, self.since(mark), requirement)
    }
}

/// How a router leaves Active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It hears a better Active router.
    Hello,
    /// HSRP is disabled.
    Disabled,
}

impl Left {
    /// Last word of the ids of its tests.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Hello => "hello",
            Self::Disabled => "disabled",
        }
    }

    /// A router that has done so.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Hello => "A router that has yielded to a better Active one",
            Self::Disabled => "An Active router on which HSRP was disabled",
        }
    }

    /// A test needs this for it.
    pub fn prepare(self, test: Test) -> Test {
        if self == Self::Disabled { test.needs(Capability::Configure) } else { test }
    }
}

/// Gratuitous ARP to everyone for another address than this.
fn told_another(address: IpAddr, virtual_mac: MacAddress) -> Frames {
    let text = format!("gratuitous ARP from {virtual_mac} for another address than {address}");
    frames(LAN, text, move |frame| {
        let Ok((Pdu::Arp(arp), _)) = frame.pdu() else { return None };
        let to_all = frame.destination_mac() == Some(MacAddress::BROADCAST);
        let tells = arp.is_gratuitous() || arp.operation == Arp::REPLY;
        Some(to_all && tells && arp.sender_mac == virtual_mac && IpAddr::from(arp.sender_ip) != address)
    })
}

/// From so early on a router that becomes Active may have told it: [`LEAD`] before its first Hello of that.
fn around(before: Mark, first: Sighting) -> Mark {
    Mark { at: Stamp { time: first.at.time.before(LEAD), ..first.at }, events: before.events }
}

fn gratuitous(dialect: Dialect, row: &'static str, way: Way) -> Test {
    let test = dialect.test(
        &format!("addresses.gratuitous.{}", way.name()),
        row,
        &format!(
            "{} broadcasts a gratuitous ARP for the virtual address: a reply, with the virtual MAC address in it and around it.",
            way.text()
        ),
        &["arp.gratuitous", "arp.gratuitous-address", "arp.gratuitous-virtual-mac", "arp.gratuitous-response"],
    );
    way.prepare(test).hsrp(dialect, move |t| {
        let (before, first) = t.become_active(way)?;
        let (vip, virtual_mac) = (t.vip(), t.virtual_mac());
        let (pattern, about) = (broadcast(LAN, vip), around(before, first));
        let longest = AROUND.held_to(t.run.exact()).to;
        if t.look(&pattern, about, longest)?.is_none() {
            let another = told_another(vip, virtual_mac);
            if let Some(sighting) = t.look(&another, about, longest)? {
                let seen = another.show(t.run.event(sighting));
                let text = format!("the gratuitous ARP of the new Active router names {vip}");
                t.judge(false, &text, &seen, Some(sighting.number), "arp.gratuitous-address")?;
            }
        }
        let told = t.expect(&pattern, about, AROUND, "arp.gratuitous")?;
        t.judge(true, &format!("it names {vip}"), "", Some(told.number), "arp.gratuitous-address")?;
        // All of this takeover, not only the first.
        let all = t.all(&pattern, before, t.since(before))?;
        for sighting in &all {
            let Some(told) = t.told(vip, *sighting) else { continue };
            let text = |mac: Option<MacAddress>| mac.map_or_else(String::new, |mac| mac.to_string());
            t.judge(
                told.mac == Some(virtual_mac) && told.from == Some(virtual_mac),
                "it has the virtual MAC address in it, and comes from it",
                &format!("{} in it, from {}", text(told.mac), text(told.from)),
                Some(sighting.number),
                "arp.gratuitous-virtual-mac",
            )?;
        }
        let replies =
            all.iter().any(|it| t.told(vip, *it).is_some_and(|told| told.operation == Some(Arp::REPLY)));
        let number = Some(told.number);
        t.judge(replies, "it is an ARP reply", "", number, "arp.gratuitous-response")
    })
}

fn repeated(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect
        .test(
            "addresses.gratuitous.repeated",
            row,
            "Whether a router that takes over sends its gratuitous ARP again, and to Cisco's multicast address too, is recorded.",
            &["arp.gratuitous-repeated", "arp.gratuitous-multicast"],
        )
        .hsrp(dialect, |t| {
            let (before, first) = t.become_active(Way::Silence)?;
            let (vip, about) = (t.vip(), around(before, first));
            let length = LEAD + AGAIN;
            let all = t.all(&broadcast(LAN, vip), about, length)?;
            let after: Vec<String> = all
                .iter()
                .map(|it| format!("{:.3} s", it.at.time.since(all[0].at.time).as_secs_f64()))
                .skip(1)
                .collect();
            let text = match after.as_slice() {
                _ if all.is_empty() => "no gratuitous ARP was broadcast".to_owned(),
                [] => format!("it is not broadcast again within {} s", AGAIN.as_secs()),
                times => format!("it is broadcast again {} after the first", times.join(" and ")),
            };
            t.note(text, all.last().map(|sighting| sighting.number), "arp.gratuitous-repeated");
            let pattern = binding(LAN, vip).with("to Cisco's group", |told| told.to == Some(CISCO_MULTICAST));
            let found = t.look(&pattern, about, length)?;
            let word = if found.is_some() { "also" } else { "not" };
            let text = format!("it is {word} sent to {CISCO_MULTICAST}");
            t.note(text, found.map(|sighting| sighting.number), "arp.gratuitous-multicast");
            Ok(())
        });
    // The RFC's editions have neither.
    if dialect == Dialect::V1 { test.only(Editions::ONLY_CISCO1) } else { test }
}

fn answers(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "addresses.answer",
            row,
            "An Active router answers ARP for the virtual address with the virtual MAC address, whether everyone is asked or it \
             alone.",
            &["arp.active-answers", "arp.virtual-mac", "arp.reply-time"],
        )
        .hsrp(dialect, |t| {
            t.make_active()?;
            let (vip, mut all) = (t.vip(), Vec::new());
            for how in [Ask::Everyone, Ask::VirtualMac] {
                let answered = t.answered(vip, how, "arp.active-answers")?;
                t.gives_virtual_mac(&answered, how, "arp.virtual-mac")?;
                all.push(answered);
            }
            let requirement = t.requirement("arp.reply-time");
            for it in all {
                t.run.judge_time("the answer", it.asked, it.sighting, ARP_REPLY, requirement)?;
            }
            Ok(())
        })
}

fn always_virtual(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "addresses.always-virtual",
            row,
            "However often an Active router is asked for the virtual address, it gives the virtual MAC address and no other.",
            &["arp.active-answers", "arp.virtual-mac"],
        )
        .hsrp(dialect, |t| {
            t.make_active()?;
            let (vip, virtual_mac) = (t.vip(), t.virtual_mac());
            let mark = t.mark();
            t.run.step(format!("{MANY} times, a host asks for {vip}"));
            for number in 0..MANY {
                t.ask(vip, if number % 4 == 3 { Ask::VirtualMac } else { Ask::Everyone })?;
                t.wait(UNDER_WAY / 2)?;
            }
            let length = t.since(mark) + NO_REPLY;
            let answers = t.all(&answer(LAN, vip), mark, length)?;
            let text = format!("of {MANY} questions at least one is answered");
            let number = answers.first().map(|sighting| sighting.number);
            t.judge(!answers.is_empty(), &text, "none was", number, "arp.active-answers")?;
            t.never(&answer(LAN, vip).not_at(virtual_mac), mark, length, "arp.virtual-mac")
        })
}

fn others_silent(dialect: Dialect, row: &'static str, state: Group) -> Test {
    let test = dialect.test(
        &format!("addresses.others-silent.{}", word(state)),
        row,
        &format!(
            "A router in {state:?} does not answer who asks where the virtual address is: everyone, it alone, or by a probe."
        ),
        &["arp.others-silent"],
    );
    let test = if state == Group::Initial { test.needs(Capability::Configure) } else { test };
    test.hsrp(dialect, move |t| {
        t.reach(state)?;
        let mark = t.quiet_start()?;
        t.never_answers(mark, "arp.others-silent")?;
        if state == Group::Initial {
            t.enable()?;
        }
        Ok(())
    })
}

fn left(dialect: Dialect, row: &'static str, how: Left) -> Test {
    let test = dialect.test(
        &format!("addresses.left.{}", how.name()),
        row,
        &format!("{} answers ARP for the virtual address no more.", how.text()),
        &["arp.left-silent"],
    );
    how.prepare(test).hsrp(dialect, move |t| {
        t.make_active()?;
        let mark = t.leave_active(how)?;
        t.never_answers(mark, "arp.left-silent")?;
        if how == Left::Disabled {
            t.enable()?;
        }
        Ok(())
    })
}

/// The host behind the device is asked for, and the device, which is Active, answers for it. If it does not then, it may
/// have its reasons.
fn answers_for_remote(t: &mut HsrpTest<'_>) -> Result<crate::suite::router::hosts::Answered, Stop> {
    t.make_active()?;
    // So that it knows of the host.
    let (mark, token) = t.send_through(t.virtual_mac(), 64)?;
    t.look(&t.forwarded(token), mark, NO_REPLY)?;
    let found = t.ask_until_answered(REMOTE_HOST.into(), Ask::Everyone)?;
    found.ok_or_else(|| {
        Stop::Inconclusive(format!("D answers no ARP request for {REMOTE_HOST} behind it, as Active"))
    })
}

fn proxy(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "addresses.proxy",
            row,
            "An Active router that answers ARP for hosts behind it does so with the virtual MAC address.",
            &["arp.proxy"],
        )
        .with("hsrp.proxy_arp", "yes")
        .ports(2)
        .hsrp(dialect, |t| {
            let answered = answers_for_remote(t)?;
            t.gives_virtual_mac(&answered, Ask::Everyone, "arp.proxy")
        })
}

fn proxy_any_state(dialect: Dialect, row: &'static str, state: Group) -> Test {
    dialect
        .test(
            &format!("addresses.proxy.{}", word(state)),
            row,
            &format!(
                "A router that answers ARP for hosts behind it as Active does so in {state:?} too, as RFC 2281 asks, and with \
                 the virtual MAC address; whether other routers do is recorded."
            ),
            &["arp.proxy-any-state", "arp.proxy-any-state-cisco", "arp.proxy"],
        )
        .with("hsrp.proxy_arp", "yes")
        .ports(2)
        .hsrp(dialect, move |t| {
            answers_for_remote(t)?;
            t.reach(state)?;
            if t.is(Edition::Rfc2281) {
                let answered = t.answered(REMOTE_HOST.into(), Ask::Everyone, "arp.proxy-any-state")?;
                return t.gives_virtual_mac(&answered, Ask::Everyone, "arp.proxy");
            }
            let found = t.ask_until_answered(REMOTE_HOST.into(), Ask::Everyone)?;
            let word = if found.is_some() { "answered" } else { "not answered" };
            let recorded = match dialect {
                Dialect::V1 => "arp.proxy-any-state-cisco",
                Dialect::V2 | Dialect::V6 => "arp.proxy-any-state",
            };
            let number = found.as_ref().map(|answered| answered.sighting.number);
            t.note(format!("in {state:?}, ARP requests for {REMOTE_HOST} are {word}"), number, recorded);
            match found {
                Some(answered) => t.gives_virtual_mac(&answered, Ask::Everyone, "arp.proxy"),
                None => Ok(()),
            }
        })
}
