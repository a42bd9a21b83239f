//! Active: it sends Hellos, gives way to who is better, answers who is worse, and does nothing about anybody else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::Family;

use super::standby::{
    ANSWER, LOWER_PRIORITY, behind_what_was_under_way, between_hellos, does_nothing, elapsed, hellos_in,
    most, of_default_priority,
};
use super::states::ACTIVE_PRIORITY;
use super::{Ask, Dialect, Hosts, HsrpTest, Message, Steps, announcement, dialects};
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::Edition;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::DEFAULT_PRIORITY;
use crate::spec::hsrp::tolerances::{AT_ONCE, NO_REPLY, UNDER_WAY, gap, next_hello, shown, silent, takeover};

/// What must be answered, or must not be, is tried so often.
const TRIES: u32 = 3;
/// Resigns that must not all be answered.
const RESIGNS_TRIED: usize = 5;
/// A timer's end is met by chance, in so many places between two Hellos, by a Hello that the Hello timer asks for.
const PLACES: u32 = 5;
/// So near a timer's end is at it.
const AT_THE_END: Duration = Duration::from_millis(60);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for dialect in Dialect::ALL {
        tests.push(hellos(dialect));
        for (name, requirement, of) in IGNORED {
            tests.push(ignored(dialect, name, requirement, *of));
        }
        tests.push(standby_timer(dialect));
        tests.push(active_timer(dialect));
        tests.push(returns(dialect));
    }
    for (dialect, row) in dialects(["H1-020", "H2-012", "-"]) {
        for (own, priority) in higher(dialect) {
            tests.push(gives_way(dialect, row, own, priority));
        }
        tests.push(unanswered(dialect, row));
    }
    for (dialect, row) in dialects(["H1-021", "H2-012", "-"]) {
        for (own, priority) in higher(dialect) {
            tests.push(coup(dialect, row, own, priority));
        }
    }
    for (dialect, row) in dialects(["H1-022", "-", "-"]) {
        tests.push(lower_coup(dialect, row));
    }
    for (dialect, row) in dialects(["H1-019", "-", "-"]) {
        for (own, priority) in lower(dialect) {
            tests.push(answers(dialect, row, own, priority));
        }
    }
    for (dialect, row) in dialects(["H1-027", "-", "-"]) {
        for tie in Tie::ALL {
            tests.push(by_address(dialect, row, tie));
        }
    }
    for (dialect, row) in dialects(["H1-054", "-", "-"]) {
        tests.push(resign(dialect, row));
    }
    tests
}

/// Priorities of a device and of who is better.
fn higher(dialect: Dialect) -> Vec<(u32, u32)> {
    let all = [(DEFAULT_PRIORITY, 200), (DEFAULT_PRIORITY, 101), (0, 1), (127, 128), (254, 255)];
    match dialect {
        Dialect::V1 => all.to_vec(),
        // Where the lowest octet alone says the contrary, and where the sign does.
        Dialect::V2 => {
            let wide =
                [(100, 0x0100_0000), (255, 256), (0x7fff_ffff, 0x8000_0000), (0xffff_fffe, 0xffff_ffff)];
            [&all[..2], &wide].concat()
        }
        Dialect::V6 => vec![(DEFAULT_PRIORITY, 200), (100, 0x0100_0000)],
    }
}

/// Priorities of a device and of who is worse.
fn lower(dialect: Dialect) -> Vec<(u32, u32)> {
    let all = [(200, 100), (DEFAULT_PRIORITY, 99), (1, 0), (128, 127), (255, 254)];
    match dialect {
        Dialect::V1 => all.to_vec(),
        Dialect::V2 => {
            let wide = [(0x0100_0000, 200), (256, 255), (0x8000_0000, 0x7fff_ffff)];
            [&all[..2], &wide].concat()
        }
        Dialect::V6 => vec![(200, 100), (0x0100_0000, 200)],
    }
}

/// More than version 1 has.
const fn wide(own: u32, priority: u32) -> bool {
    own > 255 || priority > 255
}

fn hellos(dialect: Dialect) -> Test {
    dialect
        .test(
            "active.hellos",
            "-",
            "An Active router sends a Hello with that state each Hellotime.",
            &["active.hellos", "timers.hellotime"],
        )
        .hsrp(dialect, |t| {
            let first = t.make_active()?;
            let last = t.goes_on(Group::Active, first.mark(), 20, "active.hellos")?;
            let all = t.all(&t.message().hello(), first.mark(), last.at.time - first.at.time)?;
            t.gaps(&all, gap(t.hellotime()), "timers.hellotime")
        })
}

/// The device, which is Active, has left it on account of what was `sent`: no Hello says Active, and the next one says
/// Speak. Returns a mark with the time of what was sent, for what follows.
fn leaves(t: &mut HsrpTest<'_>, sent: Mark, requirement: &'static str) -> Result<Mark, Stop> {
    let hellotime = t.hellotime();
    let mark = behind_what_was_under_way(t, sent)?;
    let quiet = silent(hellotime);
    let hellos = t.message().hello();
    let first = t.expect(&hellos, sent, next_hello(hellotime), requirement)?;
    // A Hello that crossed it says nothing.
    let crossed = first.at.time <= sent.at.time + UNDER_WAY;
    let of_active = t.seen(first).and_then(|seen| seen.heard.state) == Some(Group::Active);
    let speak = t.message().state(Group::Speak);
    if crossed && of_active {
        t.expect(&speak, mark, next_hello(hellotime), requirement)?;
    } else {
        let seen = t.seen(first).and_then(|seen| seen.heard.state);
        let met = seen == Some(Group::Speak);
        t.judge(met, "the next Hello shows Speak", &format!("{seen:?}"), Some(first.number), requirement)?;
    }
    t.never(&t.message().state(Group::Active), mark, quiet, requirement)?;
    Ok(mark)
}

/// Whether a Resign follows what was `sent`, which editions do not agree on: by RFC 2281 an Active router that hears a
/// better one sends none, and Cisco's do.
fn resigns_for_hello(t: &mut HsrpTest<'_>, sent: Mark) -> Result<(), Stop> {
    let resign = t.message().resign();
    if t.is(Edition::Rfc2281) {
        let longest = AT_ONCE.held_to(t.run.exact()).to;
        return t.never(&resign, sent, longest, "active.active-higher-unresigned");
    }
    t.expect(&resign, sent, AT_ONCE, "active.active-higher-resigns").map(drop)
}

/// What [`resigns_for_hello`] judges.
const RESIGNS: [&str; 2] = ["active.active-higher-unresigned", "active.active-higher-resigns"];

/// The requirement for who gives way: what is more than an octet is known of version 2 by its format alone.
fn by_width(own: u32, priority: u32, requirement: &'static str) -> &'static str {
    if wide(own, priority) { "active.priority-wide" } else { requirement }
}

fn gives_way(dialect: Dialect, row: &'static str, own: u32, priority: u32) -> Test {
    let requirement = by_width(own, priority, "active.active-higher");
    dialect
        .test(
            &format!("active.gives-way.priority-{own}-to-{priority}"),
            row,
            "An Active router that hears a better one speaks: it is Standby a Holdtime later, and stays so.",
            &[&[requirement, "timers.own-holdtime", "standby.active-higher"], &RESIGNS[..]].concat(),
        )
        .with("hsrp.priority", own)
        .hsrp(dialect, move |t| {
            t.make_active()?;
            between_hellos(t, Group::Active)?;
            t.run.step(format!("T is Active with priority {priority} from now on"));
            let better = t.hello(Group::Active, priority);
            let peer = t.start_peer(better);
            let mark = t.mark();
            t.wait(Duration::from_millis(1))?;
            let sent = t.lan.peers[peer].last.unwrap_or(mark);
            resigns_for_hello(t, sent)?;
            leaves(t, sent, requirement)?;
            let standby = t.message().state(Group::Standby);
            let window = shown(t.holdtime(), t.hellotime());
            let first = t.expect(&standby, sent, window, "timers.own-holdtime")?;
            t.goes_on(Group::Standby, first.mark(), 3, "standby.active-higher").map(drop)
        })
}

fn returns(dialect: Dialect) -> Test {
    dialect
        .test(
            "active.returns",
            "-",
            "An Active router that gives way to a better one is back when the Holdtime in that one's Hello is over.",
            &["active.active-higher", "timers.active-holdtime"],
        )
        .hsrp(dialect, |t| {
            // Twice its own: by then it is Standby.
            let holdtime = most(t.holdtime() * 2);
            let own = t.group().priority;
            let higher = t.higher_address();
            let better = Message { source: higher, ..t.hello(Group::Active, own.saturating_add(50)) };
            let limit = if t.dialect == Dialect::V1 { 255 } else { u32::MAX };
            let better = Message { priority: better.priority.min(limit), ..better }.hold(holdtime);
            t.make_active()?;
            between_hellos(t, Group::Active)?;
            t.run.step(format!("T sends one Active Hello with priority {}", better.priority));
            let sent = t.send(&better)?;
            let mark = leaves(t, sent, "active.active-higher")?;
            let again = t.message().state(Group::Active);
            let first = t.expect(&again, mark, takeover(holdtime), "timers.active-holdtime")?;
            t.goes_on(Group::Active, first.mark(), 2, "timers.active-holdtime").map(drop)
        })
}

/// Over IPv4 a SHOULD, over IPv6 nothing is confirmed.
fn unanswered(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "active.gives-way.unanswered",
        row,
        "A router that has left Active does not answer for the virtual address.",
        &["active.active-higher", "arp.left-silent", "nd.others-silent"],
    )
    .hsrp(dialect, |t| {
        let address = t.vip();
        t.make_active()?;
        between_hellos(t, Group::Active)?;
        t.run.step("T is Active from now on, with a higher priority");
        let better = t.hello(Group::Active, ACTIVE_PRIORITY);
        let peer = t.start_peer(better);
        t.wait(Duration::from_millis(1))?;
        let sent = t.lan.peers[peer].last.unwrap_or_else(|| t.mark());
        leaves(t, sent, "active.active-higher")?;
        let answers = t.answer(address);
        let mut answered = None;
        for _ in 0..TRIES {
            t.run.step(format!("a host asks for {address}"));
            let asked = t.ask(address, Ask::Everyone)?;
            let mark = behind_what_was_under_way(t, asked)?;
            if t.dialect.family() == Family::Ipv4 {
                t.never(&answers, asked, NO_REPLY, "arp.left-silent")?;
            } else {
                answered = answered.or(t.look(&answers, mark, NO_REPLY)?);
            }
        }
        if t.dialect.family() == Family::Ipv6 {
            let seen = if answered.is_some() { "answers" } else { "does not answer" };
            let text = format!("D, which has left Active, {seen} for {address}");
            t.note(text, answered.map(|sighting| sighting.number), "nd.others-silent");
        }
        Ok(())
    })
}

fn coup(dialect: Dialect, row: &'static str, own: u32, priority: u32) -> Test {
    let requirement = by_width(own, priority, "active.coup");
    dialect
        .test(
            &format!("active.coup.priority-{own}-to-{priority}"),
            row,
            "An Active router that gets a Coup of higher priority resigns and speaks; where nobody follows, it is back.",
            &[
                requirement,
                "active.coup-resigns",
                "active.coup-resigns-cisco",
                "startup.becomes-active",
                "timers.own-holdtime",
            ],
        )
        .with("hsrp.priority", own)
        .hsrp(dialect, move |t| {
            t.make_active()?;
            between_hellos(t, Group::Active)?;
            t.run.step(format!("T sends a Coup with priority {priority}, and says nothing more"));
            let sent = t.send(&t.hello(Group::Speak, priority).coup())?;
            resigns_for_coup(t, sent)?;
            let mark = leaves(t, sent, requirement)?;
            // Both timers end together: which is first, the RFC does not say, but that it has to be Active in the end.
            let holdtime = t.holdtime();
            let mut window = takeover(holdtime);
            window.lenient.to += holdtime + t.hellotime();
            let active = t.message().state(Group::Active);
            let first = t.expect(&active, mark, window, "timers.own-holdtime")?;
            t.goes_on(Group::Active, first.mark(), 2, "startup.becomes-active").map(drop)
        })
}

fn resigns_for_coup(t: &mut HsrpTest<'_>, sent: Mark) -> Result<(), Stop> {
    let resign = t.message().resign();
    if t.is(Edition::Rfc2281) {
        return t.expect(&resign, sent, AT_ONCE, "active.coup-resigns").map(drop);
    }
    // Some of Cisco's routers do, others tell it by an Advertise.
    let name = if t.dialect == Dialect::V1 { "active.coup-resigns-cisco" } else { "active.coup-resigns" };
    let found = t.look(&resign, sent, AT_ONCE.lenient.to)?;
    let seen = if found.is_some() { "sends a Resign" } else { "sends no Resign" };
    let text = format!("D {seen} on account of a Coup of higher priority");
    t.note(text, found.map(|sighting| sighting.number), name);
    Ok(())
}

fn lower_coup(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "active.coup.lower",
            row,
            "An Active router stays so under a Coup of lower priority.",
            &["active.coup-lower-ignored"],
        )
        .with("hsrp.priority", 200)
        .hsrp(dialect, |t| {
            t.make_active()?;
            let equal = Message { source: t.lower_address(), ..t.hello(Group::Speak, 200) };
            let coups = [t.hello(Group::Speak, 100), t.hello(Group::Speak, 0), equal].map(Message::coup);
            stays_active(t, &coups, "active.coup-lower-ignored")
        })
}

/// The device is sent each of these several times, and stays Active. What it sends besides is not asked.
fn stays_active(t: &mut HsrpTest<'_>, messages: &[Message], requirement: &'static str) -> Result<(), Stop> {
    let leaves = t.message().with("that is a Resign, or a Hello that does not show Active", |seen| {
        seen.heard.opcode == redspec_codec::hsrp::Opcode::RESIGN
            || seen.heard.opcode == redspec_codec::hsrp::Opcode::HELLO
                && seen.heard.state != Some(Group::Active)
    });
    let start = t.mark();
    for message in messages {
        for _ in 0..TRIES {
            between_hellos(t, Group::Active)?;
            t.run.step(format!(
                "T sends a {:?} with {:?} and priority {} from {}",
                message.opcode, message.state, message.priority, message.source
            ));
            let sent = t.send(message)?;
            t.goes_on(Group::Active, sent, 1, requirement)?;
        }
    }
    let mark = t.mark();
    t.goes_on(Group::Active, mark, 2, requirement)?;
    let all = elapsed(t, start);
    t.never(&leaves, start, all, requirement)
}

/// The device is sent this, several times, and answers each time with a Coup; it stays Active.
fn answered_by_coup(t: &mut HsrpTest<'_>, message: &Message, requirement: &'static str) -> Result<(), Stop> {
    let mut followed = [0, 0];
    for _ in 0..TRIES {
        between_hellos(t, Group::Active)?;
        t.run.step(format!("T is Active with priority {} at {}", message.priority, message.source));
        let sent = t.send(message)?;
        let coup = t.expect(&t.message().coup(), sent, AT_ONCE, requirement)?;
        let hello = t.look(&t.message().state(Group::Active), coup.mark(), Duration::from_millis(100))?;
        let told = t.look(&announcement(LAN, t.vip()), sent, AT_ONCE.lenient.to)?;
        t.goes_on(Group::Active, coup.mark(), 1, requirement)?;
        followed[0] += u32::from(hello.is_some());
        followed[1] += u32::from(told.is_some());
    }
    if !t.is(Edition::Rfc2281) {
        let text = format!(
            "of {TRIES} Coups {} were followed at once by a Hello, and {} by frames that tell where the address is",
            followed[0], followed[1]
        );
        t.note(text, None, "active.active-lower-announces");
    }
    stays_active(t, std::slice::from_ref(message), requirement)
}

fn answers(dialect: Dialect, row: &'static str, own: u32, priority: u32) -> Test {
    let requirement = by_width(own, priority, "active.active-lower");
    dialect
        .test(
            &format!("active.answers.priority-{priority}-of-{own}"),
            row,
            "An Active router answers each Hello of another one of lower priority with a Coup, and stays Active.",
            &[requirement, "active.active-lower-announces"],
        )
        .with("hsrp.priority", own)
        .hsrp(dialect, move |t| {
            t.make_active()?;
            let worse = Message { source: t.higher_address(), ..t.hello(Group::Active, priority) };
            answered_by_coup(t, &worse, requirement)
        })
}

/// Who has the device's own priority, by the address.
#[derive(Clone, Copy)]
enum Tie {
    /// Higher.
    Higher,
    /// Higher, but lower when read from its other end.
    HigherInNetworkOrder,
    /// Lower.
    Lower,
    /// Lower, but higher when read from its other end.
    LowerInNetworkOrder,
}

impl Tie {
    const ALL: [Self; 4] = [Self::Higher, Self::HigherInNetworkOrder, Self::Lower, Self::LowerInNetworkOrder];

    const fn name(self) -> &'static str {
        match self {
            Self::Higher => "higher",
            Self::HigherInNetworkOrder => "higher-in-network-order",
            Self::Lower => "lower",
            Self::LowerInNetworkOrder => "lower-in-network-order",
        }
    }

    const fn higher(self) -> bool {
        matches!(self, Self::Higher | Self::HigherInNetworkOrder)
    }

    /// The device's address where the test cannot do with any: a setting and its value.
    const fn device(self, family: Family) -> Option<(&'static str, &'static str)> {
        match (self, family) {
            (Self::HigherInNetworkOrder, Family::Ipv4) => Some(("hsrp.address", "10.0.0.200")),
            (Self::LowerInNetworkOrder, Family::Ipv4) => Some(("hsrp.address", "10.0.1.1")),
            (Self::HigherInNetworkOrder, Family::Ipv6) => Some(("hsrp.link_local", "fe80::50")),
            (Self::LowerInNetworkOrder, Family::Ipv6) => Some(("hsrp.link_local", "fe80::8000:0:0:1")),
            _ => None,
        }
    }

    fn source(self, t: &HsrpTest<'_>) -> IpAddr {
        match (self, t.dialect.family()) {
            (Self::Higher, _) => t.higher_address(),
            (Self::Lower, _) => t.lower_address(),
            (Self::HigherInNetworkOrder, Family::Ipv4) => Ipv4Addr::new(10, 0, 1, 1).into(),
            (Self::LowerInNetworkOrder, Family::Ipv4) => Ipv4Addr::new(10, 0, 0, 200).into(),
            (Self::HigherInNetworkOrder, Family::Ipv6) => {
                Ipv6Addr::new(0xfe80, 0, 0, 0, 0x8000, 0, 0, 1).into()
            }
            (Self::LowerInNetworkOrder, Family::Ipv6) => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x50).into(),
        }
    }
}

fn by_address(dialect: Dialect, row: &'static str, tie: Tie) -> Test {
    let (purpose, requirements): (_, &[&'static str]) = if tie.higher() {
        (
            "Of two Active routers with the same priority the one with the lower address gives way.",
            &["active.tie-greater", RESIGNS[0], RESIGNS[1]],
        )
    } else {
        (
            "Of two Active routers with the same priority the one with the higher address sends a Coup.",
            &["active.tie-smaller", "active.active-lower-announces"],
        )
    };
    let test =
        of_default_priority(dialect, &format!("active.tie.{}", tie.name()), row, purpose, requirements);
    let test = match tie.device(dialect.family()) {
        Some((name, value)) => test.with(name, value),
        None => test,
    };
    test.hsrp(dialect, move |t| {
        let equal = Message { source: tie.source(t), ..t.hello(Group::Active, DEFAULT_PRIORITY) };
        t.make_active()?;
        if !tie.higher() {
            return answered_by_coup(t, &equal, "active.tie-smaller");
        }
        between_hellos(t, Group::Active)?;
        t.run.step(format!("T is Active with the same priority at {}", equal.source));
        let peer = t.start_peer(equal);
        t.wait(Duration::from_millis(1))?;
        let sent = t.lan.peers[peer].last.unwrap_or_else(|| t.mark());
        resigns_for_hello(t, sent)?;
        leaves(t, sent, "active.tie-greater").map(drop)
    })
}

/// A Resign is of the Active router if that one was heard to be Active too: the device, which is better, answers it with a
/// Coup, and then it resigns. By RFC 2281 nothing is to be done about it; Cisco's routers answer as they answer a worse
/// Active router.
fn resign(dialect: Dialect, row: &'static str) -> Test {
    of_default_priority(
        dialect,
        "active.ignored.resign",
        row,
        "An Active router stays so under a Resign of another one.",
        &["active.resign-ignored", "active.resign-unanswered", "active.resign-answered"],
    )
    .hsrp(dialect, |t| {
        t.make_active()?;
        let worse = t.hello(Group::Active, LOWER_PRIORITY);
        let mut answers = Vec::new();
        for _ in 0..RESIGNS_TRIED {
            between_hellos(t, Group::Active)?;
            t.run.step("T is Active with a lower priority, and resigns");
            t.send(&worse)?;
            let last = between_hellos(t, Group::Active)?;
            let sent = t.send(&worse.clone().resign())?;
            answers.extend(t.look(&t.message(), sent, ANSWER)?);
            t.goes_on(Group::Active, last.mark(), 2, "active.resign-ignored")?;
        }
        let count = answers.len();
        let last = answers.last().map(|sighting| sighting.number);
        if !t.is(Edition::Rfc2281) {
            let text = format!("of {RESIGNS_TRIED} Resigns D answered {count}");
            t.note(text, last, "active.resign-answered");
            return Ok(());
        }
        // A router may send a Hello now and then that nothing asks for.
        let all = count >= RESIGNS_TRIED;
        let seen = if all { "one behind each of them" } else { "" };
        let text = "no message on account of a Resign";
        t.judge(!all, text, seen, last.filter(|_| all), "active.resign-unanswered")
    })
}

/// What is ignored in Active: name, requirement, and what is sent.
type Ignored = (&'static str, &'static str, fn(&HsrpTest<'_>) -> Vec<Message>);

const IGNORED: &[Ignored] = &[
    ("standby-higher", "active.standby-higher", |t| {
        let equal = Message { source: t.higher_address(), ..t.hello(Group::Standby, DEFAULT_PRIORITY) };
        vec![t.hello(Group::Standby, ACTIVE_PRIORITY), equal]
    }),
    ("standby-lower", "active.standby-lower", |t| vec![t.hello(Group::Standby, LOWER_PRIORITY)]),
    ("speak-higher", "active.speak-higher-ignored", |t| {
        let equal = Message { source: t.higher_address(), ..t.hello(Group::Speak, DEFAULT_PRIORITY) };
        vec![t.hello(Group::Speak, ACTIVE_PRIORITY), equal]
    }),
    ("speak-lower", "active.speak-lower-ignored", |t| vec![t.hello(Group::Speak, LOWER_PRIORITY)]),
];

fn ignored(
    dialect: Dialect,
    name: &str,
    requirement: &'static str,
    messages: fn(&HsrpTest<'_>) -> Vec<Message>,
) -> Test {
    let row = if dialect == Dialect::V1 { "H1-054" } else { "-" };
    of_default_priority(
        dialect,
        &format!("active.ignored.{name}"),
        row,
        "An Active router stays so under what routers in Standby and Speak send, and answers nothing of it.",
        &[requirement],
    )
    .hsrp(dialect, move |t| {
        t.make_active()?;
        let messages = messages(t);
        does_nothing(t, Group::Active, &messages, requirement)
    })
}

/// Whether all of these are at the end of a timer: no Hello timer brings that about, in as many places as were tried.
fn at_the_end(
    t: &mut HsrpTest<'_>,
    timer: &str,
    found: &[Option<Sighting>],
    requirement: &'static str,
) -> Result<(), Stop> {
    let last = found.last().copied().flatten();
    let all = !found.is_empty() && found.iter().all(Option::is_some);
    let text = format!("no message at the end of the {timer} timer");
    let seen = if all { "one each time" } else { "" };
    t.judge(!all, &text, seen, last.map(|sighting| sighting.number).filter(|_| all), requirement)
}

fn standby_timer(dialect: Dialect) -> Test {
    let row = if dialect == Dialect::V1 { "H1-054" } else { "-" };
    of_default_priority(
        dialect,
        "active.ignored.standby-timer",
        row,
        "An Active router does nothing when the Standby router's Holdtime is over.",
        &["active.standby-timer-ignored"],
    )
    .hsrp(dialect, |t| {
        t.make_active()?;
        let (hellotime, holdtime) = (t.hellotime(), Duration::from_secs(2));
        let standby = t.hello(Group::Standby, LOWER_PRIORITY);
        let standby = Message { hellotime: Duration::from_secs(1), holdtime, ..standby };
        let own = t.message().state(Group::Active);
        let start = t.mark();
        let mut found = Vec::new();
        for place in 0..PLACES {
            let last = between_hellos(t, Group::Active)?;
            t.wait_until(last.mark(), hellotime * (2 + place) / 10)?;
            t.run.step("T is Standby, and is heard once");
            let sent = t.send(&standby)?;
            let from = holdtime.saturating_sub(AT_THE_END);
            t.wait_until(sent, from)?;
            let mark = t.mark();
            found.push(t.look(&t.message(), mark, AT_THE_END * 2)?);
            let mark = t.mark();
            t.expect(&own, mark, next_hello(hellotime), "active.standby-timer-ignored")?;
        }
        at_the_end(t, "Standby", &found, "active.standby-timer-ignored")?;
        let mark = t.mark();
        t.goes_on(Group::Active, mark, 2, "active.standby-timer-ignored")?;
        let other = t.message().with("that is no Hello in Active", |seen| {
            seen.heard.opcode != redspec_codec::hsrp::Opcode::HELLO || seen.heard.state != Some(Group::Active)
        });
        let all = elapsed(t, start);
        t.never(&other, start, all, "active.standby-timer-ignored")
    })
}

/// The one way into Active that leaves the Active timer running is by a Coup.
fn active_timer(dialect: Dialect) -> Test {
    let row = if dialect == Dialect::V1 { "H1-054" } else { "-" };
    of_default_priority(
        dialect,
        "active.ignored.active-timer",
        row,
        "An Active router that has preempted does nothing when the Holdtime of the router before it is over.",
        &["active.active-timer-ignored", "active.standby-timer-ignored"],
    )
    .with("hsrp.preempt", "yes")
    .hsrp(dialect, |t| {
        let (hellotime, own_holdtime) = (t.hellotime(), t.holdtime());
        let mut found = Vec::new();
        for place in 0..TRIES {
            for peer in &mut t.lan.peers {
                peer.stop();
            }
            let better = t.hello(Group::Active, ACTIVE_PRIORITY);
            let holdtime = better.holdtime;
            let (peer, _) = t.make_standby_of(better)?;
            t.wait(hellotime)?;
            let last = t.stop_peer(peer)?;
            t.run.step(format!("the Active router's priority falls to {LOWER_PRIORITY}: D preempts"));
            // The end lies half a Hellotime behind the first Hello of Active, or somewhat more or less.
            t.wait_until(last, holdtime.saturating_sub(hellotime * (4 + place) / 10))?;
            let active = t.message().state(Group::Active);
            let waited = elapsed(t, last);
            if t.look(&active, last, waited)?.is_some() {
                // Its timer was early, by less than anybody would mind.
                continue;
            }
            let sent = t.send(&t.hello(Group::Active, LOWER_PRIORITY))?;
            let before = t.run.preamble_start();
            let first = t.expect(&active, sent, AT_ONCE, "active.hellos")?;
            t.run.preamble_end(before);
            t.wait_until(last, holdtime.saturating_sub(AT_THE_END))?;
            let mark = t.mark();
            found.push(t.look(&t.message(), mark, AT_THE_END * 2)?);
            // Until well behind its own Holdtime too, for which the Standby timer runs.
            let many = hellos_in(t, own_holdtime * 5 / 4);
            t.goes_on(Group::Active, first.mark(), many, "active.active-timer-ignored")?;
        }
        at_the_end(t, "Active", &found, "active.active-timer-ignored")
    })
}
