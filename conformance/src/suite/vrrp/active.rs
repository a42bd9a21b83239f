//! Active: it advertises, yields to who is better and to nobody else.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use super::backup::{LONG, SECOND, centiseconds, misses, takes_over, timings, variant};
use super::{Advert, Dialect, Steps, VrrpTest, advertisement, dialects};
use crate::scenario::{Mark, Stop, Test};
use crate::spec::Edition;
use crate::spec::vrrp::tolerances::{TURN_BY_TURN, UNDER_WAY, out_of_turn, period};

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-046", "V3-025", "-"]) {
        tests.push(priority_zero(dialect, row, SECOND));
        tests.push(priority_zero(dialect, row, SECOND * 3));
    }
    for (dialect, row) in dialects(["V2-047", "V3-023", "-"]) {
        for (own, priority) in [(100, 101), (100, 255), (1, 2), (127, 128), (200, 201), (254, 255)] {
            tests.push(yields(dialect, row, own, priority));
        }
    }
    for (dialect, row) in dialects(["V2-053", "V3-023", "-"]) {
        for (priority, interval) in timings(dialect) {
            // What takes minutes is seen of a Backup.
            if interval <= LONG && interval >= SECOND / 5 {
                tests.push(returns(dialect, row, priority, interval));
            }
        }
        tests.push(race(dialect, true));
        tests.push(race(dialect, false));
    }
    for (dialect, row) in dialects(["", "V3-023", "-"]) {
        for interval in [20, 200] {
            tests.push(yields_learning(dialect, row, interval, false));
            tests.push(yields_learning(dialect, row, interval, true));
        }
    }
    for (dialect, row) in dialects(["V2-048", "V3-023", "V6-017"]) {
        tests.push(tie(dialect, row, Tie::Greater));
        tests.push(tie(dialect, row, Tie::GreaterInNetworkOrder));
    }
    for (dialect, row) in dialects(["V2-049", "V3-024", "V6-017"]) {
        tests.push(tie(dialect, row, Tie::Smaller));
        tests.push(tie(dialect, row, Tie::SmallerInNetworkOrder));
        tests.push(tie(dialect, row, Tie::Own));
    }
    for (dialect, row) in dialects(["V2-050", "V3-024", "-"]) {
        tests.push(lower(dialect, row, 100));
        for own in [2, 200, 254] {
            tests.push(lower(dialect, row, own));
        }
        tests.push(lower_without_preemption(dialect));
    }
    for (dialect, row) in dialects(["V2-052", "-", "-"]) {
        tests.push(preempt_ignored(dialect, row));
    }
    for (dialect, row) in dialects(["", "V3-046", "-"]) {
        tests.push(own_interval(dialect, row, 20));
        tests.push(own_interval(dialect, "-", 300));
    }
    tests
}

/// The device, which is Active, is sent this in the middle of an interval, and yields: it is not seen until it is its turn
/// again. Returns when it was sent, to count what follows from.
pub(super) fn sent_mid_interval(t: &mut VrrpTest<'_>, advert: &Advert) -> Result<Mark, Stop> {
    t.mid_interval()?;
    t.run.step(format!("T advertises priority {} from {}", advert.priority, advert.source));
    let sent = t.send(advert)?;
    behind_what_was_under_way(t, sent)
}

/// `sent`, to look behind it for what can be no advertisement that crossed it.
pub(super) fn behind_what_was_under_way(t: &mut VrrpTest<'_>, sent: Mark) -> Result<Mark, Stop> {
    t.wait_until(sent, UNDER_WAY)?;
    Ok(Mark { events: t.run.events().len(), ..sent })
}

/// The device, which is Active, yields to this under `requirement`, and is back in time.
pub(super) fn yields_and_returns(
    t: &mut VrrpTest<'_>,
    advert: &Advert,
    requirement: &'static str,
    timely: &[&'static str],
) -> Result<(), Stop> {
    let sent = sent_mid_interval(t, advert)?;
    let window = t.takeover_after(advert.interval);
    takes_over(t, sent, window, requirement, timely)?;
    Ok(())
}

/// The device, which is Active, is sent these, which are not better, each in the middle of an interval. By `requirement` it
/// goes on all the same; RFC 9568 has it answer each besides. Returns how many of them it answered, if that can be told from
/// what it sends in turn.
pub(super) fn not_better(
    t: &mut VrrpTest<'_>,
    adverts: &[Advert],
    requirement: &'static str,
) -> Result<Option<usize>, Stop> {
    let (interval, router) = (t.interval(), t.router());
    let pattern = advertisement(&router);
    let told = t.run.exact() || interval >= TURN_BY_TURN;
    let at_once = out_of_turn(interval);
    let mut answers = 0;
    t.mid_interval()?;
    for advert in adverts {
        t.run.step(format!("T advertises priority {} from {}", advert.priority, advert.source));
        let mut from = t.send(advert)?;
        let answer = if !told {
            None
        } else if t.is(Edition::Rfc9568) {
            Some(t.expect(&pattern, from, at_once, "active.lower-answered")?)
        } else {
            let longest = at_once.held_to(t.run.exact()).to;
            t.look(&pattern, from, longest)?
        };
        if let Some(answer) = answer {
            answers += 1;
            from = answer.mark();
        }
        let next = t.expect(&pattern, from, period(interval).from_anywhere(), requirement)?;
        t.wait_until(next.mark(), interval / 2)?;
    }
    Ok(told.then_some(answers))
}

/// What the text says of answers to what is not better, where it does not demand them.
pub(super) fn unanswered(t: &mut VrrpTest<'_>, answers: Option<usize>) -> Result<(), Stop> {
    let Some(answers) = answers else { return Ok(()) };
    match t.run.edition() {
        Edition::Rfc9568 => Ok(()),
        Edition::Rfc5798 => {
            let text = format!("advertisements sent at once in answer to what is not better: {answers}");
            t.note(text, None, "active.lower-unanswered");
            Ok(())
        }
        _ => t.judge(
            answers == 0,
            "no advertisement on account of one that is not better",
            &format!("{answers} of them"),
            None,
            "active.lower-unanswered",
        ),
    }
}

/// What [`not_better`] and [`unanswered`] judge.
pub(super) const ANSWERS: [&str; 2] = ["active.lower-answered", "active.lower-unanswered"];

fn priority_zero(dialect: Dialect, row: &'static str, interval: Duration) -> Test {
    let suffix = match (interval == SECOND, dialect) {
        (true, _) => String::new(),
        (false, Dialect::V2) => format!(".interval-{}s", interval.as_secs()),
        (false, _) => format!(".interval-{}cs", interval.as_millis() / 10),
    };
    dialect
        .test(
            &format!("active.priority-zero{suffix}"),
            row,
            "An Active router advertises at once when it hears priority 0, and then a whole interval later.",
            &["active.priority-zero", "active.priority-zero-timer"],
        )
        .with("vrrp.interval", interval.as_secs_f64())
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let router = t.router();
            let pattern = advertisement(&router);
            for source in [t.smaller_address(), t.greater_address()] {
                t.mid_interval()?;
                t.run.step(format!("T advertises priority 0 from {source}"));
                let zero = Advert { source, ..t.advert(0) };
                let sent = t.send(&zero)?;
                let answer = t.expect(&pattern, sent, out_of_turn(interval), "active.priority-zero")?;
                let next =
                    t.expect(&pattern, answer.mark(), period(interval), "active.priority-zero-timer")?;
                t.expect(&pattern, next.mark(), period(interval), "active.priority-zero-timer")?;
            }
            Ok(())
        })
}

fn yields(dialect: Dialect, row: &'static str, own: u8, priority: u8) -> Test {
    dialect
        .test(
            &format!("active.yields.priority-{own}-to-{priority}"),
            row,
            "An Active router that hears a higher priority is silent, and back when that is gone.",
            &["active.yields", "active.returns", "timers.down-interval"],
        )
        .with("vrrp.priority", own)
        .vrrp(dialect, move |t| {
            t.make_active()?;
            for source in [t.smaller_address(), t.greater_address()] {
                let better = Advert { source, ..t.advert(priority) };
                yields_and_returns(t, &better, "active.yields", &["active.returns", "timers.down-interval"])?;
            }
            Ok(())
        })
}

fn returns(dialect: Dialect, row: &'static str, priority: u8, interval: Duration) -> Test {
    dialect
        .test(
            &format!("active.returns.{}", variant(dialect, priority, interval)),
            row,
            "An Active router that yields to one advertisement is back three intervals and its Skew_Time later.",
            &["active.yields", "active.returns", "timers.down-interval"],
        )
        .with("vrrp.priority", priority)
        .with("vrrp.interval", interval.as_secs_f64())
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let better = t.advert(255);
            yields_and_returns(t, &better, "active.yields", &["active.returns", "timers.down-interval"])?;
            Ok(())
        })
}

fn yields_learning(dialect: Dialect, row: &'static str, interval: u64, tie: bool) -> Test {
    let (how, requirement) = if tie { ("tie", "active.tie-greater") } else { ("higher", "active.yields") };
    dialect
        .test(
            &format!("active.yields-learning.{how}.interval-{interval}cs"),
            row,
            "An Active router that yields waits as the interval of who it yields to has it wait.",
            &["active.yields", "active.tie-greater", "active.yields-learning", "active.returns"],
        )
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let interval = centiseconds(interval);
            let better = if tie {
                Advert { interval, source: t.greater_address(), ..t.advert(t.router().priority) }
            } else {
                Advert { interval, ..t.advert(200) }
            };
            yields_and_returns(t, &better, requirement, &["active.yields-learning", "active.returns"])
        })
}

/// Who has the device's own priority, by the address.
#[derive(Clone, Copy)]
enum Tie {
    /// Greater.
    Greater,
    /// Greater, but smaller when read from its other end.
    GreaterInNetworkOrder,
    /// Smaller.
    Smaller,
    /// Smaller, but greater when read from its other end.
    SmallerInNetworkOrder,
    /// The device's own.
    Own,
}

impl Tie {
    const fn name(self) -> &'static str {
        match self {
            Self::Greater => "greater",
            Self::GreaterInNetworkOrder => "greater-in-network-order",
            Self::Smaller => "smaller",
            Self::SmallerInNetworkOrder => "smaller-in-network-order",
            Self::Own => "own",
        }
    }

    const fn greater(self) -> bool {
        matches!(self, Self::Greater | Self::GreaterInNetworkOrder)
    }

    /// The device's address where the test cannot do with any: a setting and its value.
    const fn device(self, dialect: Dialect) -> Option<(&'static str, &'static str)> {
        match (self, dialect) {
            (Self::GreaterInNetworkOrder, Dialect::V2 | Dialect::V3) => Some(("vrrp.address", "10.0.0.200")),
            (Self::SmallerInNetworkOrder, Dialect::V2 | Dialect::V3) => Some(("vrrp.address", "10.0.1.1")),
            (Self::GreaterInNetworkOrder, Dialect::V6) => Some(("vrrp.link_local", "fe80::50")),
            (Self::SmallerInNetworkOrder, Dialect::V6) => Some(("vrrp.link_local", "fe80::8000:0:0:1")),
            _ => None,
        }
    }

    fn source(self, t: &VrrpTest<'_>) -> IpAddr {
        let v4 = t.dialect != Dialect::V6;
        match self {
            Self::Greater => t.greater_address(),
            Self::Smaller => t.smaller_address(),
            Self::GreaterInNetworkOrder if v4 => Ipv4Addr::new(10, 0, 1, 1).into(),
            Self::GreaterInNetworkOrder => Ipv6Addr::new(0xfe80, 0, 0, 0, 0x8000, 0, 0, 1).into(),
            Self::SmallerInNetworkOrder if v4 => Ipv4Addr::new(10, 0, 0, 200).into(),
            Self::SmallerInNetworkOrder => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x50).into(),
            Self::Own if v4 => t.configuration.lan().address.into(),
            Self::Own => t.configuration.lan().link_local.into(),
        }
    }
}

fn tie(dialect: Dialect, row: &'static str, tie: Tie) -> Test {
    let mut requirements = vec!["active.returns", "timers.down-interval"];
    if tie.greater() {
        requirements.push("active.tie-greater");
    } else {
        requirements = vec!["active.tie-smaller"];
        if !matches!(tie, Tie::Own) {
            requirements.extend(ANSWERS);
        }
    }
    let purpose = if tie.greater() {
        "An Active router yields to its own priority from a greater address."
    } else {
        "An Active router does not yield to its own priority from an address that is not greater."
    };
    let test = dialect.test(&format!("active.tie.{}", tie.name()), row, purpose, &requirements);
    let test = match tie.device(dialect) {
        Some((name, value)) => test.with(name, value),
        None => test,
    };
    test.vrrp(dialect, move |t| {
        t.make_active()?;
        let equal = Advert { source: tie.source(t), ..t.advert(t.router().priority) };
        if tie.greater() {
            let timely = ["active.returns", "timers.down-interval"];
            return yields_and_returns(t, &equal, "active.tie-greater", &timely);
        }
        if !matches!(tie, Tie::Own) {
            let answers = not_better(t, &[equal.clone(), equal.clone(), equal], "active.tie-smaller")?;
            return unanswered(t, answers);
        }
        // Many a stack drops what comes from its own address before anyone could answer it.
        for _ in 0..3 {
            t.mid_interval()?;
            t.run.step("T advertises D's priority from D's address");
            let sent = t.send(&equal)?;
            t.goes_on(sent, 2, "active.tie-smaller")?;
        }
        Ok(())
    })
}

fn lower(dialect: Dialect, row: &'static str, own: u8) -> Test {
    let mut requirements = vec!["active.lower-ignored"];
    requirements.extend(ANSWERS);
    dialect
        .test(
            &format!("active.lower.priority-{own}"),
            row,
            "An Active router stays so under a lower priority, and keeps its interval.",
            &requirements,
        )
        .with("vrrp.priority", own)
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let (interval, router) = (t.interval(), t.router());
            let pattern = advertisement(&router);
            // In version 3 its interval does not matter either.
            let other = if dialect == Dialect::V2 { interval } else { interval / 5 };
            let start = t.mark();
            let adverts: Vec<Advert> = [own - 1, own / 2, 1, own / 2, own - 1]
                .into_iter()
                .enumerate()
                .map(|(number, priority)| {
                    let source = if number % 2 == 0 { t.smaller_address() } else { t.greater_address() };
                    let interval = if number > 2 { other } else { interval };
                    Advert { interval, source, ..t.advert(priority.max(1)) }
                })
                .collect();
            let answers = not_better(t, &adverts, "active.lower-ignored")?;
            if answers == Some(0) {
                let all = t.all(&pattern, start, t.now().since(start.at.time))?;
                t.gaps(&all, period(interval), "active.lower-ignored")?;
            }
            unanswered(t, answers)
        })
}

fn lower_without_preemption(dialect: Dialect) -> Test {
    let mut requirements = vec!["active.lower-ignored"];
    requirements.extend(ANSWERS);
    dialect
        .test(
            "active.lower.no-preemption",
            "-",
            "An Active router without Preempt_Mode stays so under a lower priority.",
            &requirements,
        )
        .with("vrrp.preempt", "no")
        .vrrp(dialect, |t| {
            t.make_active()?;
            let lower = t.advert(t.router().priority / 2);
            let answers = not_better(t, &[lower.clone(), lower.clone(), lower], "active.lower-ignored")?;
            unanswered(t, answers)
        })
}

fn preempt_ignored(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "active.preempt-ignored",
            row,
            "An Active router yields to a higher priority also if its Preempt_Mode is False.",
            &["active.preempt-ignored", "active.tie-greater", "active.returns"],
        )
        .with("vrrp.preempt", "no")
        .vrrp(dialect, |t| {
            t.make_active()?;
            let better = t.advert(200);
            yields_and_returns(t, &better, "active.preempt-ignored", &["active.returns"])?;
            let equal = Advert { source: t.greater_address(), ..t.advert(t.router().priority) };
            yields_and_returns(t, &equal, "active.tie-greater", &["active.returns"])
        })
}

fn race(dialect: Dialect, zero_last: bool) -> Test {
    let name = if zero_last { "last" } else { "first" };
    let requirements: &[&'static str] = if zero_last {
        &["active.yields", "backup.priority-zero", "timers.skew"]
    } else {
        &["active.yields", "active.returns"]
    };
    dialect
        .test(
            &format!("active.race.priority-zero-{name}"),
            "-",
            "An Active router that gets priority 0 and a higher one in the same moment does what each asks, in their order.",
            requirements,
        )
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let interval = t.interval();
            if zero_last && t.takeover_after_release(interval).lenient.from < UNDER_WAY {
                let text = "D takes over so soon after priority 0 that it may have been on its way before";
                return Err(Stop::NotApplicable(text.to_owned()));
            }
            let (better, zero) = (t.advert(200), t.advert(0));
            t.mid_interval()?;
            t.run.step(format!("T advertises priority 200 and 0 in the same moment, 0 {name}"));
            if zero_last {
                t.send(&better)?;
                let sent = t.send(&zero)?;
                let sent = behind_what_was_under_way(t, sent)?;
                let window = t.takeover_after_release(interval);
                takes_over(t, sent, window, "active.yields", &["backup.priority-zero", "timers.skew"])?;
            } else {
                t.send(&zero)?;
                let sent = t.send(&better)?;
                let sent = behind_what_was_under_way(t, sent)?;
                let window = t.takeover_after(interval);
                takes_over(t, sent, window, "active.yields", &["active.returns"])?;
            }
            Ok(())
        })
}

fn own_interval(dialect: Dialect, row: &'static str, interval: u64) -> Test {
    dialect
        .test(
            &format!("active.own-interval.interval-{interval}cs"),
            row,
            "An Active router sends at its own interval, and tells it, whatever it learned as Backup.",
            &[
                "timers.own-interval",
                "active.interval",
                "pdu.interval",
                "backup.not-early",
                "backup.takeover-time",
                "timers.down-interval",
            ],
        )
        .vrrp(dialect, move |t| {
            let (learned, own, router) = (centiseconds(interval), t.interval(), t.router());
            let better = Advert { interval: learned, ..t.advert(200) };
            let peer = t.make_backup_of(better)?;
            t.run.step("T falls silent");
            let last = t.stop_peer(peer)?;
            let first = misses(t, last, learned)?;
            let centiseconds = u16::try_from(own.as_millis() / 10).unwrap_or(u16::MAX);
            let told = advertisement(&router).with("that tells D's own interval", move |packet| {
                u16::from_be_bytes(packet.octets_4_5) & 0x0fff == centiseconds
            });
            let watched = own * 9 / 2;
            t.goes_on(first.mark(), 3, "active.interval")?;
            let sightings = t.all(&advertisement(&router), first.itself(), watched)?;
            t.gaps(&sightings, period(own), "timers.own-interval")?;
            t.always(&told, first.itself(), watched, 3, "pdu.interval")?;
            t.always(&told, first.itself(), watched, 3, "timers.own-interval")
        })
}
