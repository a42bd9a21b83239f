//! Several routers at once, and for a while: other virtual routers, peers that come and go, storms, drift.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::Family;

use super::active::{ANSWERS, behind_what_was_under_way, unanswered};
use super::backup::{SECOND, takes_over, takes_over_of, timings};
use super::{Advert, Dialect, Steps, VrrpTest, advertisement, dialects};
use crate::bed::Capability;
use crate::event::Port;
use crate::reference::router::DOWNSTREAM;
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::vrrp::timers::formulas;
use crate::spec::vrrp::tolerances::{STARTUP, UNDER_WAY, out_of_turn, period, periods, takeover};

/// Advertisements of a storm, two milliseconds apart.
const STORM: u32 = 300;
/// Between two of them.
const APART: Duration = Duration::from_millis(2);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-057", "-", "-"]) {
        tests.push(independent(dialect, row));
        tests.push(independent_releases(dialect));
    }
    for (dialect, row) in dialects(["", "-", "V6-019"]) {
        tests.push(families_independent(dialect, row));
    }
    for dialect in Dialect::ALL {
        tests.push(two_peers(dialect));
        tests.push(flapping(dialect, true));
        tests.push(flapping(dialect, false));
        tests.push(storm_as_backup(dialect));
        tests.push(storm_as_active(dialect));
        tests.push(other_port(dialect));
        tests.push(owner_preempts(dialect));
        for interval in [SECOND / 5, SECOND] {
            if timings(dialect).contains(&(100, interval)) {
                tests.push(drift(dialect, interval));
            }
        }
    }
    tests
}

/// An address of another router for that family.
fn neighbor(family: Family) -> IpAddr {
    match family {
        Family::Ipv4 => Ipv4Addr::new(10, 0, 0, 9).into(),
        Family::Ipv6 => Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 9).into(),
    }
}

/// An advertisement for one of the device's virtual routers.
fn advert_for(t: &VrrpTest<'_>, router: &VirtualRouter, priority: u8) -> Advert {
    Advert::new(&t.configuration, router, neighbor(router.family), priority)
}

/// Both virtual routers, which are Active.
fn both_active(t: &mut VrrpTest<'_>) -> Result<[VirtualRouter; 2], Stop> {
    let Some(second) = t.configuration.routers.get(1).cloned() else {
        return Err(Stop::Error("there is no second virtual router".to_owned()));
    };
    t.make_active()?;
    let before = t.run.preamble_start();
    let mark = t.mark();
    let longest = formulas(t.dialect.version()).down_interval(second.priority, second.interval);
    let window = takeover(longest, second.interval).from_anywhere();
    t.expect(&advertisement(&second), mark, window, "active.interval")?;
    t.run.preamble_end(before);
    Ok([t.router(), second])
}

/// A virtual router goes on advertising.
fn goes_on_of(
    t: &mut VrrpTest<'_>,
    router: &VirtualRouter,
    mark: Mark,
    intervals: u32,
    requirement: &'static str,
) -> Result<(), Stop> {
    let pattern = advertisement(router);
    let mut from = mark;
    for _ in 0..intervals {
        let sighting = t.expect(&pattern, from, period(router.interval).from_anywhere(), requirement)?;
        from = sighting.mark();
    }
    Ok(())
}

/// One of two virtual routers yields to a better router and is back in time; nothing of that changes the other one.
fn one_yields(
    t: &mut VrrpTest<'_>,
    one: &VirtualRouter,
    other: &VirtualRouter,
    priority: u8,
    independent: &'static str,
) -> Result<(), Stop> {
    let interval = one.interval;
    t.run.step(format!(
        "T advertises priority {priority} for the {:?} virtual router {}",
        one.family, one.vrid
    ));
    let advert = advert_for(t, one, priority);
    let start = t.mark();
    let peer = t.start_peer(advert);
    t.wait(UNDER_WAY.max(interval / 4))?;
    let mark = t.mark();
    t.never(&advertisement(one), mark, interval * 5, "active.yields")?;
    t.run.step("T falls silent");
    let last = t.stop_peer(peer)?;
    let timer = formulas(t.dialect.version()).down_interval(one.priority, interval);
    takes_over_of(t, one, last, takeover(timer, interval), "active.yields", &["active.returns"])?;
    let watched = t.now().since(start.at.time);
    goes_on_of(t, other, start, 8, independent)?;
    let all = t.all(&advertisement(other), start, watched)?;
    t.gaps(&all, period(other.interval), independent)
}

fn independent(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "operation.independent",
            row,
            "Of two virtual routers, one yields to who is better, and the other goes on; whichever it is.",
            &["active.independent", "active.yields", "active.returns"],
        )
        .with("vrrp.second", "lan")
        .vrrp(dialect, |t| {
            let [first, second] = both_active(t)?;
            one_yields(t, &first, &second, 150, "active.independent")?;
            one_yields(t, &second, &first, 254, "active.independent")
        })
}

fn independent_releases(dialect: Dialect) -> Test {
    dialect
        .test(
            "operation.independent-releases",
            "-",
            "Priority 0 for one virtual router makes another neither take over nor answer.",
            &["active.independent", "backup.priority-zero", "timers.skew"],
        )
        .with("vrrp.second", "lan")
        .vrrp(dialect, |t| {
            let [first, second] = both_active(t)?;
            let interval = first.interval;
            let (one, other) = (advert_for(t, &first, 254), advert_for(t, &second, 254));
            let peers = [t.start_peer(one), t.start_peer(other)];
            t.wait(interval * 5 / 4)?;
            t.run.step("T releases the second virtual router, and goes on with the first");
            t.stop_peer(peers[1])?;
            let zero = advert_for(t, &second, 0);
            let sent = t.send(&zero)?;
            let timer = formulas(t.dialect.version()).skew_time(second.priority, interval);
            let window = takeover(timer, interval);
            let timely = ["backup.priority-zero", "timers.skew"];
            takes_over_of(t, &second, sent, window, "backup.priority-zero", &timely)?;
            t.never(&advertisement(&first), sent, interval * 3, "active.independent")?;
            t.run.step("T stops, and releases the second one in the middle of an interval of the first");
            t.stop_peer(peers[0])?;
            t.make_active()?;
            t.mid_interval()?;
            let sent = t.send(&zero)?;
            let longest = out_of_turn(interval).lenient.to;
            t.never(&advertisement(&first), sent, longest, "active.independent")
        })
}

fn families_independent(dialect: Dialect, row: &'static str) -> Test {
    let (other, vrid) = if dialect == Dialect::V6 { ("ipv4", 10) } else { ("ipv6", 10) };
    dialect
        .test(
            "operation.families-independent",
            row,
            "Of two virtual routers with one VRID, over IPv4 and over IPv6, one yields and the other goes on.",
            &["active.families-independent", "active.yields", "active.returns"],
        )
        .with("vrrp.vrid", vrid)
        .with("vrrp.second", "lan")
        .with("vrrp.second_vrid", vrid)
        .with("vrrp.second_family", other)
        .vrrp(dialect, |t| {
            let [first, second] = both_active(t)?;
            one_yields(t, &first, &second, 254, "active.families-independent")?;
            one_yields(t, &second, &first, 254, "active.families-independent")
        })
}

fn two_peers(dialect: Dialect) -> Test {
    dialect
        .test(
            "operation.two-peers",
            "-",
            "Of two better routers one falls silent, and a Backup stays so; when the other does, it takes over.",
            &["backup.not-lower", "backup.not-early", "backup.takeover-time"],
        )
        .vrrp(dialect, |t| {
            let (interval, router) = (t.interval(), t.router());
            let one = t.make_backup()?;
            let better = Advert { source: t.greater_address(), ..t.advert(150) };
            let other = t.start_peer(better);
            t.wait(interval)?;
            t.run.step("the better one of two falls silent");
            let mark = t.stop_peer(one)?;
            t.never(&advertisement(&router), mark, interval * 5, "backup.not-lower")?;
            t.run.step("the other one too");
            let last = t.stop_peer(other)?;
            let window = t.takeover_after(interval);
            takes_over(t, last, window, "backup.not-early", &["backup.takeover-time"])?;
            Ok(())
        })
}

fn flapping(dialect: Dialect, released: bool) -> Test {
    let (how, requirements): (_, &[&'static str]) = if released {
        ("released", &["active.yields", "backup.priority-zero", "timers.skew"])
    } else {
        ("silent", &["active.yields", "backup.not-early", "backup.takeover-time"])
    };
    dialect
        .test(
            &format!("operation.flapping.{how}"),
            "-",
            "A better router comes and goes, again and again: each time the device yields and takes over in time.",
            requirements,
        )
        .vrrp(dialect, move |t| {
            t.make_active()?;
            let (interval, router) = (t.interval(), t.router());
            for round in 1..=3 {
                t.run.step(format!("T comes for two intervals, time {round}"));
                let better = t.advert(200);
                let mut start = t.mark();
                let peer = t.start_peer(better);
                t.wait(interval / 8)?;
                start = behind_what_was_under_way(t, start)?;
                t.never(&advertisement(&router), start, interval * 9 / 4, "active.yields")?;
                let last = t.stop_peer(peer)?;
                if released {
                    let zero = t.advert(0);
                    let zero = t.send(&zero)?;
                    let window = t.takeover_after_release(interval);
                    let timely = ["backup.priority-zero", "timers.skew"];
                    takes_over(t, zero, window, "backup.priority-zero", &timely)?;
                } else {
                    let window = t.takeover_after(interval);
                    takes_over(t, last, window, "backup.not-early", &["backup.takeover-time"])?;
                }
            }
            Ok(())
        })
}

fn storm_as_backup(dialect: Dialect) -> Test {
    dialect
        .test(
            "operation.storm.backup",
            "-",
            "A Backup gets hundreds of better advertisements in a second, and takes over in time behind the last.",
            &["backup.silent", "backup.not-early", "backup.takeover-time"],
        )
        .vrrp(dialect, |t| {
            let (interval, router) = (t.interval(), t.router());
            let peer = t.make_backup()?;
            let start = t.stop_peer(peer)?;
            t.run.step(format!("{STORM} advertisements of two better routers, one behind the other"));
            let adverts = [
                Advert { source: t.greater_address(), ..t.advert(150) },
                Advert { source: t.smaller_address(), ..t.advert(200) },
            ];
            let mut last = start;
            for _ in 0..STORM / 2 {
                for advert in &adverts {
                    last = t.send(advert)?;
                    t.wait(APART)?;
                }
            }
            let storm = t.now().since(start.at.time);
            t.never(&advertisement(&router), start, storm, "backup.silent")?;
            let window = t.takeover_after(interval);
            takes_over(t, last, window, "backup.not-early", &["backup.takeover-time"])?;
            Ok(())
        })
}

fn storm_as_active(dialect: Dialect) -> Test {
    let mut requirements = vec!["active.lower-ignored", "active.yields", "active.returns"];
    requirements.extend(&ANSWERS[1..]);
    dialect
        .test(
            "operation.storm.active",
            "-",
            "An Active router gets hundreds of advertisements of lower priority in a second, stays so, and yields to a \
             better one behind them.",
            &requirements,
        )
        .vrrp(dialect, |t| {
            t.make_active()?;
            let (interval, router) = (t.interval(), t.router());
            t.mid_interval()?;
            t.run.step(format!("{STORM} advertisements of lower priority, one behind the other"));
            let lower = t.advert(router.priority / 2);
            let start = t.mark();
            let mut last = start;
            for _ in 0..STORM {
                last = t.send(&lower)?;
                t.wait(APART)?;
            }
            t.goes_on(last, 2, "active.lower-ignored")?;
            let sent = t.all(&advertisement(&router), start, last.at.time.since(start.at.time))?.len();
            let better = t.advert(200);
            super::active::yields_and_returns(t, &better, "active.yields", &["active.returns"])?;
            // Its own, in turn, are among them: one in each interval and one more.
            let elapsed = last.at.time.since(start.at.time).as_nanos() / interval.as_nanos().max(1);
            let in_turn = usize::try_from(elapsed).unwrap_or(usize::MAX).saturating_add(1);
            unanswered(t, Some(sent.saturating_sub(in_turn)))
        })
}

fn other_port(dialect: Dialect) -> Test {
    dialect
        .test(
            "operation.other-port",
            "-",
            "An advertisement on another port is not one for the virtual router.",
            &["rx.interface"],
        )
        .ports(2)
        .vrrp(dialect, |t| {
            let port: Port = DOWNSTREAM;
            let better = Advert { port, ..t.advert(200) };
            t.make_active()?;
            t.discarded_as_active("on another port", &[better], "rx.interface")
        })
}

fn owner_preempts(dialect: Dialect) -> Test {
    dialect
        .test(
            "operation.owner-without-preemption",
            "-",
            "An owner that starts is Active at once, also if its Preempt_Mode is False and another router is Active.",
            &["startup.owner-preempts"],
        )
        .needs(Capability::Fresh)
        .with("vrrp.owner", "yes")
        .with("vrrp.preempt", "no")
        .vrrp(dialect, |t| {
            let start = t.run.fresh()?;
            let router = t.router();
            let another = t.advert(254);
            t.start_peer(another);
            let pattern = advertisement(&router).priority(255);
            let first = t.expect(&pattern, start, STARTUP, "startup.owner-preempts")?;
            t.goes_on(first.mark(), 2, "startup.owner-preempts")
        })
}

fn drift(dialect: Dialect, interval: Duration) -> Test {
    let suffix = if interval == SECOND { "" } else { ".interval-20cs" };
    dialect
        .test(
            &format!("operation.drift{suffix}"),
            "-",
            "Over many intervals an Active router sends as many advertisements as there were intervals.",
            &["active.interval", "active.interval-mean"],
        )
        .with("vrrp.interval", interval.as_secs_f64())
        .vrrp(dialect, move |t| {
            let count: u32 = if interval < SECOND { 60 } else { 20 };
            t.make_active()?;
            let router = t.router();
            let mark = t.mark();
            let watched = interval * (count + 1) + interval / 2;
            let sightings = t.all(&advertisement(&router), mark, watched)?;
            t.gaps(&sightings, period(interval), "active.interval")?;
            let (Some(first), Some(last)) = (sightings.first(), sightings.last()) else {
                return Err(Stop::Inconclusive("D does not advertise".to_owned()));
            };
            let periods_seen = u32::try_from(sightings.len() - 1).unwrap_or(u32::MAX);
            let requirement = t.requirement("active.interval-mean");
            let text = format!("{periods_seen} periods");
            t.run.judge_time(&text, first.mark(), *last, periods(interval, periods_seen), requirement)
        })
}
