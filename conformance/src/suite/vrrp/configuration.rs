//! What a router makes of its configuration: priorities that are nobody's to choose, and what holds where nothing is said.

use std::time::Duration;

use redspec_codec::frame::Frame;

use super::startup::priority_of;
use super::transmitted::{interval_field, judge_each, sent, sent_within};
use super::{Dialect, Hosts, Steps, VrrpTest, advertisement, dialects};
use crate::bed::Capability;
use crate::scenario::{Stop, Test};
use crate::spec::vrrp::timers::{DEFAULT_PRIORITY, OWNER_PRIORITY};
use crate::spec::vrrp::tolerances::{AT_ONCE, NO_REPLY};
use crate::suite::router::packet::from_address;

/// What must not be answered is sent so often.
const TRIES: u32 = 3;
/// A router with another default interval than it should have is waited for so many times as long.
const PATIENCE: u32 = 4;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["V2-012", "V3-050", "-"]) {
        tests.push(owner(dialect, row));
        for priority in [0, 255] {
            tests.push(nobodys(dialect, row, priority));
        }
    }
    for (dialect, row) in dialects(["V2-013", "V3-051", "-"]) {
        tests.push(defaults(dialect, row));
        tests.push(default_preempt(dialect, row));
    }
    for (dialect, row) in dialects(["", "V3-051", "-"]) {
        tests.push(default_accept(dialect, row));
    }
    tests
}

fn owner(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.owner-priority",
            row,
            "A router that owns the addresses advertises priority 255, whatever is configured.",
            &["configuration.owner-priority"],
        )
        .with("vrrp.owner", "yes")
        .with("vrrp.priority", DEFAULT_PRIORITY)
        .problems("A device that refuses this configuration is right, and the test does not apply to it.")
        .vrrp(dialect, |t| {
            t.without_closing();
            for sighting in sent(t, 2)? {
                let priority = priority_of(t, sighting);
                t.judge(
                    priority == OWNER_PRIORITY,
                    "priority 255",
                    &format!("it is {priority}"),
                    Some(sighting.number),
                    "configuration.owner-priority",
                )?;
            }
            Ok(())
        })
}

/// 0 is for who stops, 255 for the owner. A device that takes it may not send it.
fn nobodys(dialect: Dialect, row: &'static str, priority: u8) -> Test {
    dialect
        .test(
            &format!("configuration.backup-priority.{priority}"),
            row,
            "A router that does not own the addresses advertises a priority of 1 to 254, whatever is configured.",
            &["configuration.backup-priority"],
        )
        .needs(Capability::Configure)
        .problems("A device that refuses this configuration is right, and the test does not apply to it.")
        .vrrp(dialect, move |t| {
            t.without_closing();
            t.run.step(format!("D is configured with priority {priority}"));
            match t.run.configure("vrrp.priority", &priority.to_string()) {
                // A device that refuses may do so by failing its hook.
                Err(Stop::NotApplicable(reason) | Stop::Error(reason)) => {
                    return Err(Stop::NotApplicable(format!("D does not take priority {priority}: {reason}")));
                }
                other => other?,
            };
            // To take another priority it may stop, which it tells, and start again.
            t.wait(t.interval() * 2)?;
            let sightings = match sent(t, 2) {
                Err(Stop::Inconclusive(_)) => {
                    let text = format!("D does not advertise with priority {priority} configured: it refuses it");
                    return Err(Stop::NotApplicable(text));
                }
                other => other?,
            };
            for sighting in sightings {
                let seen = priority_of(t, sighting);
                t.judge(
                    (1..OWNER_PRIORITY).contains(&seen),
                    "a priority of 1 to 254",
                    &format!("it is {seen}"),
                    Some(sighting.number),
                    "configuration.backup-priority",
                )?;
            }
            Ok(())
        })
}

/// The test is about a device that is no owner and to which nobody has said this.
fn unsaid(t: &VrrpTest<'_>, names: &[&str]) -> Result<(), Stop> {
    if t.router().owner() {
        return Err(Stop::NotApplicable("the device owns the addresses".to_owned()));
    }
    match names.iter().find_map(|name| Some((name, t.run.settings().text(name)?))) {
        Some((name, value)) => {
            Err(Stop::NotApplicable(format!("the device is configured with {name} = {value}")))
        }
        None => Ok(()),
    }
}

fn defaults(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.defaults",
            row,
            "Where nothing else is configured, the priority is 100 and Advertisement_Interval a second.",
            &["configuration.default-priority", "configuration.default-interval"],
        )
        .vrrp(dialect, |t| {
            t.without_closing();
            unsaid(t, &["vrrp.priority", "vrrp.interval"])?;
            let longest = t.down_interval(t.interval()) * PATIENCE;
            let sightings = sent_within(t, 1, longest)?;
            for sighting in &sightings {
                let priority = priority_of(t, *sighting);
                t.judge(
                    priority == DEFAULT_PRIORITY,
                    "priority 100",
                    &format!("it is {priority}"),
                    Some(sighting.number),
                    "configuration.default-priority",
                )?;
            }
            judge_each(t, &sightings, |t: &VrrpTest<'_>, frame: &Frame<'_>| {
                let all = interval_field(t, frame).into_iter();
                all.map(|found| found.of("configuration.default-interval")).collect()
            })
        })
}

fn default_preempt(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.default-preempt",
            row,
            "Where nothing is configured, Preempt_Mode is True: a Backup takes over from a router of lower priority.",
            &["configuration.default-preempt"],
        )
        .vrrp(dialect, |t| {
            t.without_closing();
            unsaid(t, &["vrrp.preempt"])?;
            let interval = t.interval();
            let peer = t.make_backup()?;
            let last = t.stop_peer(peer)?;
            t.run.step("T advertises priority 50 from now on");
            let lower = t.advert(50);
            t.start_peer(lower);
            let router = t.router();
            let window = t.takeover_after(interval);
            t.expect(&advertisement(&router), last, window, "configuration.default-preempt")?;
            Ok(())
        })
}

fn default_accept(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.default-accept",
            row,
            "Where nothing is configured, Accept_Mode is False: packets to a virtual address are not answered.",
            &["configuration.default-accept"],
        )
        .vrrp(dialect, |t| {
            t.without_closing();
            unsaid(t, &["vrrp.accept"])?;
            t.make_active()?;
            // Long enough to be all that a router is that has just become Active.
            t.wait(AT_ONCE.lenient.to)?;
            let (address, mac) = (t.global_vip(), t.virtual_mac());
            t.run.step(format!("a host sends echo requests to {address}"));
            let (mark, _) = t.ping(address, mac)?;
            for number in 1..TRIES {
                t.wait_until(mark, NO_REPLY / TRIES * number)?;
                t.ping(address, mac)?;
            }
            let longest: Duration = NO_REPLY + AT_ONCE.lenient.to;
            t.never(&from_address(address), mark, longest, "configuration.default-accept")
        })
}
