//! Backup: silent as long as it hears a router that is not worse, and Active when that is gone.

use std::time::Duration;

use super::{Advert, Dialect, Steps, VrrpTest, advertisement, announcement, dialects};
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::Window;
use crate::spec::vrrp::timers::LARGEST_INTERVAL_CS;
use crate::spec::vrrp::tolerances::{announced, either, period};

/// Priorities at which the timers are looked at.
pub(super) const PRIORITIES: [u8; 5] = [1, 50, 100, 200, 254];
/// The interval of most tests.
pub(super) const SECOND: Duration = Duration::from_secs(1);
/// Half a minute and more goes by until a router with such an interval is missed.
pub(super) const LONG: Duration = Duration::from_secs(10);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-022", "-", "-"]) {
        tests.push(silent(dialect, row));
    }
    for (dialect, row) in dialects(["V2-023", "V3-008", "V6-023"]) {
        for (priority, interval) in timings(dialect) {
            tests.push(takeover(dialect, row, priority, interval));
        }
    }
    for (dialect, row) in dialects(["V2-024", "V3-012", "V6-018"]) {
        for (priority, interval) in timings(dialect) {
            let boundary = dialect == Dialect::V2 && matches!(priority, 1 | 254);
            let row = if boundary { "V2-025" } else { row };
            // In version 2 Skew_Time is less than the tolerance of a long interval.
            if dialect != Dialect::V2 || interval == SECOND {
                tests.push(priority_zero(dialect, row, priority, interval));
            }
        }
        tests.push(priority_zero_again(dialect));
    }
    for (dialect, row) in dialects(["V2-026", "V3-043", "-"]) {
        tests.push(lower_discarded(dialect, row));
    }
    for (dialect, row) in dialects(["V2-027", "V3-029", "-"]) {
        tests.push(no_preemption(dialect, row));
    }
    for (dialect, row) in dialects(["V2-028", "V3-044", "-"]) {
        tests.push(equal(dialect, row, "smaller"));
        tests.push(equal(dialect, row, "greater"));
        tests.push(not_lower(dialect, "one-more", |own| own + 1));
        tests.push(not_lower(dialect, "255", |_| 255));
    }
    for (dialect, row) in dialects(["V2-030", "", ""]) {
        tests.push(other_interval(dialect, row));
    }
    for (dialect, row) in dialects(["V2-035", "-", "-"]) {
        tests.push(timer_restarts(dialect, row));
    }
    for (dialect, row) in dialects(["-", "V3-039", "-"]) {
        tests.push(race(dialect, row, true));
        tests.push(race(dialect, row, false));
    }
    tests.extend(learning());
    tests
}

/// What version 3 alone has: the interval of who is Active.
fn learning() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["", "V3-009", "-"]) {
        for priority in [1, 100, 254] {
            tests.push(learned(dialect, row, priority, (100, 20)));
        }
        // A device whose first advertisement is lost is seen its own interval later, which has to be well beyond the window.
        for own in [50, 1000] {
            tests.push(learned(dialect, row, 100, (own, 100)));
        }
        tests.push(learned(dialect, row, 100, (100, 10)));
    }
    for (dialect, row) in dialects(["", "V3-010", "-"]) {
        for priority in [1, 100, 254] {
            tests.push(learned(dialect, row, priority, (50, 200)));
        }
        for interval in [300, 1000, u64::from(LARGEST_INTERVAL_CS)] {
            tests.push(learned(dialect, row, 100, (100, interval)));
        }
        tests.push(last_counts(dialect, true));
        tests.push(last_counts(dialect, false));
    }
    for (dialect, row) in dialects(["", "V3-011", "-"]) {
        for priority in PRIORITIES {
            tests.push(skew_of_learned(dialect, row, priority, 20));
            tests.push(skew_of_learned(dialect, "-", priority, 300));
        }
    }
    for (dialect, row) in dialects(["", "V3-047", "-"]) {
        tests.push(zero_not_learned(dialect, row, 20, 400));
        tests.push(zero_not_learned(dialect, "-", 300, 20));
    }
    for (dialect, row) in dialects(["", "V3-013", "-"]) {
        tests.push(interval_adopted(dialect, row));
    }
    for (dialect, row) in dialects(["", "V3-015", "-"]) {
        tests.push(reserved_bits(dialect, row));
    }
    for (dialect, row) in dialects(["", "V3-016", "-"]) {
        tests.push(largest_interval(dialect, row));
    }
    tests
}

/// The priorities and intervals of that dialect at which its timers are looked at.
pub(super) fn timings(dialect: Dialect) -> Vec<(u8, Duration)> {
    let milliseconds: &[u64] = match dialect {
        Dialect::V2 => &[1000, 3000, 10_000],
        Dialect::V3 | Dialect::V6 => &[100, 200, 1000, 10_000, 40_950],
    };
    let intervals = milliseconds.iter().map(|milliseconds| Duration::from_millis(*milliseconds));
    let all = intervals.flat_map(|interval| PRIORITIES.map(|priority| (priority, interval)));
    // The longest takes minutes each time.
    all.filter(|(priority, interval)| *interval <= LONG || *priority == 100).collect()
}

/// The last words of an id: none for the interval that most tests have.
pub(super) fn variant(dialect: Dialect, priority: u8, interval: Duration) -> String {
    match (interval == SECOND, dialect) {
        (true, _) => format!("priority-{priority}"),
        (false, Dialect::V2) => format!("priority-{priority}.interval-{}s", interval.as_secs()),
        (false, _) => format!("priority-{priority}.interval-{}cs", interval.as_millis() / 10),
    }
}

/// So many hundredths of a second.
pub(super) const fn centiseconds(number: u64) -> Duration {
    Duration::from_millis(number * 10)
}

/// What the dialect asks of Skew_Time at another interval than a second.
const fn skewed(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::V2 => "timers.skew-unscaled",
        Dialect::V3 | Dialect::V6 => "timers.skew-scaled",
    }
}

/// The first advertisement of the device behind `from` comes in its window. Earlier, it breaks `early`; if it does not come,
/// the first of `timely`. All of them are judged.
pub(super) fn takes_over_of(
    t: &mut VrrpTest<'_>,
    router: &VirtualRouter,
    from: Mark,
    window: Window,
    early: &'static str,
    timely: &[&'static str],
) -> Result<Sighting, Stop> {
    let pattern = advertisement(router);
    let longest = window.held_to(t.run.exact()).to;
    let Some(first) = t.look(&pattern, from, longest)? else {
        return t.expect(&pattern, from, window, timely.first().copied().unwrap_or(early));
    };
    let text = format!("advertisement of virtual router {}", router.vrid);
    for requirement in [early].iter().chain(timely) {
        let requirement = t.requirement(requirement);
        t.run.judge_time(&text, from, first, window, requirement)?;
    }
    Ok(first)
}

/// The same of the first virtual router. Whoever takes over still works: it need not be shown again at the end.
pub(super) fn takes_over(
    t: &mut VrrpTest<'_>,
    from: Mark,
    window: Window,
    early: &'static str,
    timely: &[&'static str],
) -> Result<Sighting, Stop> {
    let router = t.router();
    let first = takes_over_of(t, &router, from, window, early, timely)?;
    t.without_closing();
    Ok(first)
}

/// A Backup takes over after the last advertisement of who had this interval.
pub(super) fn misses(t: &mut VrrpTest<'_>, last: Mark, interval: Duration) -> Result<Sighting, Stop> {
    let window = t.takeover_after(interval);
    takes_over(t, last, window, "backup.not-early", &["backup.takeover-time", "timers.down-interval"])
}

/// What [`misses`] judges.
pub(super) const MISSES: [&str; 3] = ["backup.takeover-time", "backup.not-early", "timers.down-interval"];

/// A Backup takes over after priority 0; who was Active had this interval.
fn released(t: &mut VrrpTest<'_>, zero: Mark, interval: Duration) -> Result<Sighting, Stop> {
    let window = t.takeover_after_release(interval);
    takes_over(t, zero, window, "backup.priority-zero", &["backup.priority-zero", "timers.skew"])
}

/// The device, made Backup, has just heard its last advertisement, from a router with this one.
fn left_alone(t: &mut VrrpTest<'_>, advert: Advert) -> Result<Mark, Stop> {
    let peer = t.make_backup_of(advert)?;
    t.run.step("T falls silent");
    t.stop_peer(peer)
}

fn silent(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "backup.silent",
            row,
            "A Backup says nothing as long as it hears a better router: no advertisement, and nothing that tells where the \
             virtual addresses are.",
            &["backup.silent", "backup.not-lower"],
        )
        .vrrp(dialect, |t| {
            let (interval, router) = (t.interval(), t.router());
            t.run.step("T advertises priority 200 each interval");
            // No preamble: who never becomes Backup, or answers each of these, is not silent either.
            let advert = t.advert(200);
            t.start_peer(advert);
            t.wait(interval * 3 / 2)?;
            let mark = t.mark();
            t.never(&advertisement(&router), mark, interval * 5, "backup.not-lower")?;
            t.never(&advertisement(&router), mark, interval * 10, "backup.silent")?;
            for address in router.addresses.clone() {
                t.never(&announcement(router.port, address), mark, interval * 10, "backup.silent")?;
            }
            Ok(())
        })
}

fn takeover(dialect: Dialect, row: &'static str, priority: u8, interval: Duration) -> Test {
    let announces = match dialect {
        Dialect::V6 => "active.unsolicited-na",
        Dialect::V2 | Dialect::V3 => "active.gratuitous-arp",
    };
    let mut requirements = MISSES.to_vec();
    requirements.push(announces);
    if interval == SECOND {
        requirements.push("active.interval");
    } else {
        requirements.push(skewed(dialect));
    }
    dialect
        .test(
            &format!("backup.takeover-time.{}", variant(dialect, priority, interval)),
            row,
            "A Backup becomes Active three intervals and its Skew_Time after the last advertisement of a better router, \
             tells where the virtual addresses are, and advertises from then on.",
            &requirements,
        )
        .with("vrrp.priority", priority)
        .with("vrrp.interval", interval.as_secs_f64())
        .vrrp(dialect, move |t| {
            let peer = {
                let advert = Advert { interval, ..t.advert(255) };
                t.make_backup_of(advert)?
            };
            if interval < LONG {
                t.wait(interval * 3)?;
            }
            t.run.step("T falls silent");
            let last = t.stop_peer(peer)?;
            let first = misses(t, last, interval)?;
            if interval != SECOND {
                let (window, requirement) = (t.takeover_after(interval), t.requirement(skewed(dialect)));
                t.run.judge_time("the same", last, first, window, requirement)?;
            }
            let (router, timer) = (t.router(), t.down_interval(interval));
            for address in router.addresses.clone() {
                let told = announcement(router.port, address).at(router.mac());
                t.expect(&told, last, announced(timer, interval), announces)?;
            }
            if interval == SECOND {
                t.goes_on(first.mark(), 2, "active.interval")?;
            }
            Ok(())
        })
}

fn priority_zero(dialect: Dialect, row: &'static str, priority: u8, interval: Duration) -> Test {
    dialect
        .test(
            &format!("backup.priority-zero.{}", variant(dialect, priority, interval)),
            row,
            "A Backup becomes Active one Skew_Time after an advertisement with priority 0.",
            &["backup.priority-zero", "timers.skew"],
        )
        .with("vrrp.priority", priority)
        .with("vrrp.interval", interval.as_secs_f64())
        .vrrp(dialect, move |t| {
            let advert = t.advert(255);
            left_alone(t, advert)?;
            t.run.step("T advertises priority 0");
            let zero = t.advert(0);
            let zero = t.send(&zero)?;
            released(t, zero, interval)?;
            Ok(())
        })
}

fn priority_zero_again(dialect: Dialect) -> Test {
    dialect
        .test(
            "backup.priority-zero-again",
            "-",
            "Each advertisement with priority 0 starts a Backup's wait for Skew_Time anew.",
            &["backup.priority-zero", "timers.skew"],
        )
        .vrrp(dialect, |t| {
            let interval = t.interval();
            let (better, zero) = (t.advert(200), t.advert(0));
            left_alone(t, better)?;
            t.run.step("T advertises priority 0 three times, two thirds of Skew_Time apart");
            let apart = t.skew_time(interval) * 2 / 3;
            t.send(&zero)?;
            t.wait(apart)?;
            t.send(&zero)?;
            t.wait(apart)?;
            let last = t.send(&zero)?;
            released(t, last, interval)?;
            Ok(())
        })
}

fn lower_discarded(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "backup.lower-discarded",
            row,
            "With Preempt_Mode a Backup does not wait for who has a lower priority, and learns nothing from it.",
            &["backup.lower-discarded", "backup.lower-not-learned", "backup.not-early", "backup.takeover-time"],
        )
        .vrrp(dialect, move |t| {
            let (interval, own) = (t.interval(), t.router().priority);
            let better = t.advert(200);
            let last = left_alone(t, better)?;
            t.run.step("instead of T, routers of lower priority advertise");
            let other = if dialect == Dialect::V2 { interval } else { interval * 4 };
            for (number, priority) in (0..).zip([1, (own / 2).max(1), own - 1]) {
                t.wait_until(last, interval * number + interval / 2)?;
                let lower = Advert { interval: other, ..t.advert(priority) };
                t.send(&lower)?;
                // From a greater address it is no better.
                let lower = Advert { source: t.greater_address(), ..lower };
                t.send(&lower)?;
            }
            let window = t.takeover_after(interval);
            let mut timely = vec!["backup.lower-discarded", "backup.takeover-time"];
            if dialect != Dialect::V2 {
                timely.push("backup.lower-not-learned");
            }
            takes_over(t, last, window, "backup.not-early", &timely)?;
            Ok(())
        })
}

fn no_preemption(dialect: Dialect, row: &'static str) -> Test {
    let mut requirements = vec!["backup.no-preemption"];
    requirements.extend(MISSES);
    if dialect != Dialect::V2 {
        requirements.push("timers.learned");
    }
    dialect
        .test(
            "backup.no-preemption",
            row,
            "Without Preempt_Mode a Backup waits for who has a lower priority as for any other.",
            &requirements,
        )
        .with("vrrp.preempt", "no")
        .with("vrrp.priority", 200)
        .vrrp(dialect, move |t| {
            let (interval, router) = (t.interval(), t.router());
            let better = t.advert(254);
            left_alone(t, better)?;
            t.run.step("a router of lower priority advertises instead");
            // The interval that it tells is learned from it, as from any other.
            let other = if dialect == Dialect::V2 { interval } else { interval * 2 };
            let lower = Advert { interval: other, ..t.advert(100) };
            let mark = t.mark();
            let peer = t.start_peer(lower);
            t.never(&advertisement(&router), mark, other * 5, "backup.no-preemption")?;
            t.run.step("it falls silent");
            let last = t.stop_peer(peer)?;
            let first = misses(t, last, other)?;
            if dialect != Dialect::V2 {
                let (window, learned) = (t.takeover_after(other), t.requirement("timers.learned"));
                t.run.judge_time("the same", last, first, window, learned)?;
            }
            Ok(())
        })
}

fn equal(dialect: Dialect, row: &'static str, from: &'static str) -> Test {
    dialect
        .test(
            &format!("backup.equal.{from}"),
            row,
            "A Backup waits for who has its own priority, whoever has the greater address.",
            &["backup.equal", "backup.takeover-time", "backup.not-early"],
        )
        .vrrp(dialect, move |t| {
            let (interval, own) = (t.interval(), t.router().priority);
            let better = t.advert(200);
            let last = left_alone(t, better)?;
            t.run.step(format!("one advertisement with D's own priority, from a {from} address"));
            let source = if from == "greater" { t.greater_address() } else { t.smaller_address() };
            let equal = Advert { source, ..t.advert(own) };
            t.wait_until(last, interval * 2)?;
            let last = t.send(&equal)?;
            let window = t.takeover_after(interval);
            takes_over(t, last, window, "backup.equal", &["backup.takeover-time", "backup.not-early"])?;
            Ok(())
        })
}

fn not_lower(dialect: Dialect, name: &str, priority: fn(u8) -> u8) -> Test {
    dialect
        .test(
            &format!("backup.not-lower.priority-{name}"),
            "-",
            "Each advertisement of a higher priority starts a Backup's wait anew.",
            &["backup.not-lower", "backup.takeover-time", "backup.not-early"],
        )
        .vrrp(dialect, move |t| {
            let (interval, own) = (t.interval(), t.router().priority);
            let better = t.advert(200);
            let last = left_alone(t, better)?;
            let higher = t.advert(priority(own));
            t.run.step(format!("one advertisement with priority {}", higher.priority));
            t.wait_until(last, interval * 3)?;
            let last = t.send(&higher)?;
            let window = t.takeover_after(interval);
            takes_over(t, last, window, "backup.not-lower", &["backup.takeover-time", "backup.not-early"])?;
            Ok(())
        })
}

fn other_interval(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "backup.other-interval",
            row,
            "A Backup does not wait for who has another Adver Int, and as Master it keeps its own interval.",
            &["rx.interval-equal", "backup.not-early", "backup.takeover-time", "timers.own-interval"],
        )
        .vrrp(dialect, |t| {
            let (interval, router) = (t.interval(), t.router());
            let better = t.advert(200);
            let last = left_alone(t, better)?;
            t.run.step("another router advertises another Adver Int, each interval");
            let other = Advert { interval: interval * 2, ..t.advert(200) };
            let peer = t.start_peer(other);
            t.lan.peers[peer].period = interval;
            let window = t.takeover_after(interval);
            let first = takes_over(
                t,
                last,
                window,
                "backup.not-early",
                &["rx.interval-equal", "backup.takeover-time"],
            )?;
            let sightings = t.all(&advertisement(&router), first.itself(), interval * 7 / 2)?;
            t.judge(
                sightings.len() >= 3,
                "advertisements, each interval",
                &format!("{} in three and a half", sightings.len()),
                None,
                "timers.own-interval",
            )?;
            t.gaps(&sightings, period(interval), "timers.own-interval")
        })
}

fn timer_restarts(dialect: Dialect, row: &'static str) -> Test {
    let mut requirements = vec!["backup.timer-restarts"];
    requirements.extend(MISSES);
    dialect
        .test(
            "backup.timer-restarts",
            row,
            "An advertisement of a better router within Skew_Time after priority 0 makes a Backup wait again.",
            &requirements,
        )
        .vrrp(dialect, |t| {
            let interval = t.interval();
            let (better, zero) = (t.advert(200), t.advert(0));
            left_alone(t, better.clone())?;
            t.run.step("T advertises priority 0, and a third of Skew_Time later 200 again");
            t.send(&zero)?;
            t.wait(t.skew_time(interval) / 3)?;
            let last = t.send(&better)?;
            let window = t.takeover_after(interval);
            let timely = ["backup.timer-restarts", "backup.takeover-time", "timers.down-interval"];
            takes_over(t, last, window, "backup.timer-restarts", &timely)?;
            Ok(())
        })
}

fn race(dialect: Dialect, row: &'static str, zero_last: bool) -> Test {
    let name = if zero_last { "last" } else { "first" };
    let requirements: &[&'static str] = if zero_last {
        &["backup.priority-zero", "timers.skew"]
    } else {
        &["backup.timer-restarts", "backup.takeover-time"]
    };
    dialect
        .test(
            &format!("backup.race.priority-zero-{name}"),
            row,
            "Of an advertisement with priority 0 and a better one in the same moment, the last counts.",
            requirements,
        )
        .vrrp(dialect, move |t| {
            let interval = t.interval();
            let (better, zero) = (t.advert(200), t.advert(0));
            left_alone(t, better.clone())?;
            t.run.step(format!("T advertises priority 200 and 0 in the same moment, 0 {name}"));
            if zero_last {
                t.send(&better)?;
                let last = t.send(&zero)?;
                released(t, last, interval)?;
            } else {
                t.send(&zero)?;
                let last = t.send(&better)?;
                let window = t.takeover_after(interval);
                takes_over(t, last, window, "backup.timer-restarts", &["backup.takeover-time"])?;
            }
            Ok(())
        })
}

fn learned(dialect: Dialect, row: &'static str, priority: u8, (own, interval): (u64, u64)) -> Test {
    dialect
        .test(
            &format!("backup.learned-interval.own-{own}cs.priority-{priority}.interval-{interval}cs"),
            row,
            "A Backup waits as the interval of the Active router has it wait, not its own.",
            &["timers.learned", "backup.takeover-time", "backup.not-early", "rx.interval-adopted"],
        )
        .with("vrrp.priority", priority)
        .with("vrrp.interval", centiseconds(own).as_secs_f64())
        .vrrp(dialect, move |t| {
            let interval = centiseconds(interval);
            let advert = Advert { interval, ..t.advert(255) };
            // While the device is Backup nobody knows yet what it has learned.
            let peer = t.start_peer(advert);
            if interval >= LONG {
                // The first may come before the device listens, and the next in turn when it has long taken over.
                t.lan.peers[peer].period = t.interval();
            }
            let period = t.lan.peers[peer].period;
            t.wait(period * 5 / 2)?;
            t.run.step("T falls silent");
            let last = t.stop_peer(peer)?;
            let window = t.takeover_after(interval);
            let timely = ["timers.learned", "backup.takeover-time", "rx.interval-adopted"];
            takes_over(t, last, window, "backup.not-early", &timely)?;
            Ok(())
        })
}

fn last_counts(dialect: Dialect, longer_last: bool) -> Test {
    let name = if longer_last { "longer" } else { "shorter" };
    dialect
        .test(
            &format!("backup.learned-interval.{name}-last"),
            "-",
            "Of two better routers with different intervals, a Backup waits for the one that it heard last.",
            &["timers.learned", "backup.takeover-time", "backup.not-early"],
        )
        .vrrp(dialect, move |t| {
            let interval = t.interval();
            let better = t.advert(200);
            left_alone(t, better)?;
            let (shorter, longer) = (interval, interval * 2);
            let one = Advert { interval: shorter, ..t.advert(150) };
            let other = Advert { interval: longer, source: t.greater_address(), ..t.advert(250) };
            let order = if longer_last { [one, other] } else { [other, one] };
            t.run.step(format!("two routers advertise, the one with the {name} interval last"));
            for _ in 0..2 {
                t.send(&order[0])?;
                t.wait(interval / 4)?;
                t.send(&order[1])?;
                t.wait(interval / 4)?;
            }
            t.send(&order[0])?;
            let last = t.send(&order[1])?;
            let window = t.takeover_after(order[1].interval);
            takes_over(t, last, window, "backup.not-early", &["timers.learned", "backup.takeover-time"])?;
            Ok(())
        })
}

fn skew_of_learned(dialect: Dialect, row: &'static str, priority: u8, interval: u64) -> Test {
    dialect
        .test(
            &format!("backup.priority-zero.learned.priority-{priority}.interval-{interval}cs"),
            row,
            "Skew_Time after priority 0 follows from the interval that was learned.",
            &["backup.priority-zero", "timers.skew", "timers.learned", "timers.skew-scaled"],
        )
        .with("vrrp.priority", priority)
        .vrrp(dialect, move |t| {
            let interval = centiseconds(interval);
            let advert = Advert { interval, ..t.advert(255) };
            left_alone(t, advert)?;
            t.run.step("T advertises priority 0");
            let zero = Advert { interval, ..t.advert(0) };
            let zero = t.send(&zero)?;
            let first = released(t, zero, interval)?;
            for requirement in ["timers.learned", "timers.skew-scaled"] {
                let (window, requirement) = (t.takeover_after_release(interval), t.requirement(requirement));
                t.run.judge_time("the same", zero, first, window, requirement)?;
            }
            Ok(())
        })
}

fn zero_not_learned(dialect: Dialect, row: &'static str, before: u64, with_zero: u64) -> Test {
    dialect
        .test(
            &format!("backup.priority-zero.not-learned.interval-{with_zero}cs"),
            row,
            "The interval of an advertisement with priority 0 is not learned.",
            &["backup.priority-zero", "timers.priority-zero-interval"],
        )
        .vrrp(dialect, move |t| {
            let (before, with_zero) = (centiseconds(before), centiseconds(with_zero));
            let advert = Advert { interval: before, ..t.advert(200) };
            left_alone(t, advert)?;
            t.run.step(format!("T advertises priority 0 and an interval of {} s", with_zero.as_secs_f64()));
            let zero = Advert { interval: with_zero, ..t.advert(0) };
            let zero = t.send(&zero)?;
            // It takes over after one Skew_Time or the other: the table has the one before, section 6.1 may be read so
            // that it is the new one.
            let right = t.takeover_after_release(before);
            let other = t.takeover_after_release(with_zero);
            let router = t.router();
            let first =
                t.expect(&advertisement(&router), zero, either(right, other), "backup.priority-zero")?;
            let requirement = t.requirement("timers.priority-zero-interval");
            t.run.judge_time("Skew_Time of the interval before", zero, first, right, requirement)
        })
}

fn interval_adopted(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "backup.interval-adopted",
            row,
            "An advertisement with another interval is accepted, in Backup and in Active.",
            &["rx.interval-adopted", "rx.both-states"],
        )
        .vrrp(dialect, |t| {
            let what = "another interval";
            let (longer, shorter) = (t.interval() * 3, t.interval() * 4 / 5);
            for interval in [shorter, longer] {
                let candidate = Advert { interval, ..t.advert(200) };
                t.make_active()?;
                t.accepted_as_active(what, &candidate, "rx.interval-adopted")?;
                t.accepted_as_backup(what, &candidate, "rx.interval-adopted")?;
            }
            t.judge(true, "accepted in Active and in Backup", "", None, "rx.both-states")
        })
}

fn reserved_bits(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "backup.reserved-bits",
            row,
            "The reserved bits neither discard an advertisement nor count for its interval.",
            &["rx.reserve", "timers.down-interval", "rx.both-states"],
        )
        .vrrp(dialect, |t| {
            let interval = t.interval();
            let what = "its reserved bits are set";
            let candidate = Advert { reserve: 0xf, ..t.advert(200) };
            t.make_active()?;
            t.accepted_as_active(what, &candidate, "rx.reserve")?;
            t.accepted_as_backup(what, &candidate, "rx.reserve")?;
            t.judge(true, "accepted in Active and in Backup", "", None, "rx.both-states")?;
            for reserve in [0x1, 0x8, 0xf] {
                let candidate = Advert { reserve, ..candidate.clone() };
                t.run.step(format!("one advertisement with {reserve:#x} in its reserved bits"));
                let last = t.send(&candidate)?;
                let window = t.takeover_after(interval);
                takes_over(t, last, window, "rx.reserve", &["rx.reserve", "timers.down-interval"])?;
            }
            Ok(())
        })
}

fn largest_interval(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "backup.largest-interval",
            row,
            "An advertisement with the largest interval that there is, 4095 centiseconds, is accepted.",
            &["rx.interval-largest", "rx.interval-adopted"],
        )
        .vrrp(dialect, |t| {
            let (interval, router) = (t.interval(), t.router());
            let what = "an interval of 4095 centiseconds";
            let candidate = Advert { interval: centiseconds(LARGEST_INTERVAL_CS.into()), ..t.advert(200) };
            t.make_active()?;
            t.accepted_as_active(what, &candidate, "rx.interval-largest")?;
            // It goes on waiting where its own interval would long be over.
            let mark = t.mark();
            let longest = t.down_interval(interval) + t.tolerance(interval);
            t.never(&advertisement(&router), mark, longest, "rx.interval-adopted")?;
            // As Backup too, and only this once.
            let better = t.advert(200);
            left_alone(t, better)?;
            let mark = t.send(&candidate)?;
            t.never(&advertisement(&router), mark, longest, "rx.interval-largest")
        })
}
