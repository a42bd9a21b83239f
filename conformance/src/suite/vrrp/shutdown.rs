//! How a router stops: an Active one tells it once, a Backup says nothing.

use redspec_codec::frame::Frame;

use super::transmitted::{Found, checksum, interval_field, judge_each, source_mac};
use super::{Dialect, Hosts, Steps, VrrpTest, advertisement, announcement, binding, dialects};
use crate::bed::Capability;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::vrrp::tolerances::{AT_ONCE, NO_REPLY};
use crate::suite::router::packet::Ask;

/// What must not be answered is asked so often.
const TRIES: u32 = 3;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-051", "V3-026", "V6-020"]) {
        tests.push(priority_zero(dialect, row, "shutdown.priority-zero"));
        tests.push(priority_zero(dialect, row, "shutdown.priority-zero.owner").with("vrrp.owner", "yes"));
        tests.push(release(dialect, row));
        tests.push(once(dialect, row));
        tests.push(silent(dialect, row, "shutdown.silent"));
        tests.push(silent(dialect, row, "shutdown.silent.owner").with("vrrp.owner", "yes"));
        tests.push(unanswered(dialect, row));
    }
    for (dialect, row) in dialects(["V2-034", "V3-045", "-"]) {
        tests.push(backup(dialect, row));
    }
    tests
}

/// The device, which is Active, is stopped in the middle of an interval.
fn stop(t: &mut VrrpTest<'_>) -> Result<Mark, Stop> {
    t.without_closing();
    t.make_active()?;
    t.mid_interval()?;
    t.run.step("D is stopped");
    t.run.configure("vrrp.enabled", "no")
}

/// The same. Returns its advertisement with priority 0.
fn released(t: &mut VrrpTest<'_>) -> Result<Sighting, Stop> {
    let mark = stop(t)?;
    let before = t.run.preamble_start();
    let router = t.router();
    let sighting = t.expect(&advertisement(&router).priority(0), mark, AT_ONCE, "shutdown.priority-zero")?;
    t.run.preamble_end(before);
    Ok(sighting)
}

fn priority_zero(dialect: Dialect, row: &'static str, name: &str) -> Test {
    dialect
        .test(
            name,
            row,
            "An Active router that is stopped sends an advertisement with priority 0.",
            &["shutdown.priority-zero"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            let mark = stop(t)?;
            let router = t.router();
            t.expect(&advertisement(&router).priority(0), mark, AT_ONCE, "shutdown.priority-zero")?;
            Ok(())
        })
}

fn release(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.advertisement",
            row,
            "The advertisement with priority 0 comes from the virtual MAC address, and is right but for its priority.",
            &[
                "encapsulation.source-mac",
                "pdu.checksum",
                "pdu.checksum-message",
                "pdu.checksum-pseudo-header",
                "pdu.interval",
            ],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            let sighting = released(t)?;
            judge_each(t, &[sighting], all_of_it)
        })
}

fn all_of_it(t: &VrrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    [source_mac(t, frame), checksum(t, frame), interval_field(t, frame)].into_iter().flatten().collect()
}

fn once(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.once",
            row,
            "An Active router that is stopped sends one advertisement with priority 0, and not several.",
            &["shutdown.once"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            let sighting = released(t)?;
            let (interval, router) = (t.interval(), t.router());
            let again = advertisement(&router).priority(0);
            t.never(&again, sighting.mark(), interval * 11 / 5, "shutdown.once")
        })
}

fn silent(dialect: Dialect, row: &'static str, name: &str) -> Test {
    dialect
        .test(
            name,
            row,
            "A router that was stopped advertises no more once it has told so.",
            &["shutdown.silent"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            let sighting = released(t)?;
            let (interval, router) = (t.interval(), t.router());
            let longest = t.down_interval(interval) + t.tolerance(interval) + interval;
            // How often it tells that it stops is another test's affair.
            let other = advertisement(&router).with("with a priority", |packet| packet.priority != 0);
            t.never(&other, sighting.mark(), longest, "shutdown.silent")
        })
}

fn unanswered(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.unanswered",
            row,
            "A router that was stopped and is no owner answers for the virtual addresses no more.",
            &["shutdown.unanswered"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            let sighting = released(t)?;
            let router = t.router();
            // It may take it a while.
            t.wait_until(sighting.mark(), AT_ONCE.lenient.to)?;
            for address in router.addresses.clone() {
                let mut first = None;
                for number in 0..TRIES {
                    let mark = t.ask(address, Ask::Everyone)?;
                    let first = *first.get_or_insert(mark);
                    t.wait_until(first, NO_REPLY / TRIES * (number + 1))?;
                }
                if let Some(mark) = first {
                    t.never(&binding(router.port, address), mark, NO_REPLY, "shutdown.unanswered")?;
                }
            }
            Ok(())
        })
}

fn backup(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "shutdown.backup-silent",
            row,
            "A Backup that is stopped sends nothing, and does not take over when the Active Router is gone.",
            &["shutdown.backup-silent"],
        )
        .needs(Capability::Configure)
        .vrrp(dialect, |t| {
            t.without_closing();
            let peer = t.make_backup()?;
            t.run.step("D is stopped, and T falls silent");
            let mark = t.run.configure("vrrp.enabled", "no")?;
            t.stop_peer(peer)?;
            let (interval, router) = (t.interval(), t.router());
            let longest = t.down_interval(interval) + t.tolerance(interval) + interval;
            t.never(&advertisement(&router), mark, longest, "shutdown.backup-silent")?;
            for address in router.addresses.clone() {
                t.never(&announcement(router.port, address), mark, longest, "shutdown.backup-silent")?;
            }
            Ok(())
        })
}
