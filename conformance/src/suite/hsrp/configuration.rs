//! What a router makes of its configuration: what it has to refuse, and what holds where nothing is said.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::Family;
use redspec_codec::frame::Frame;

use super::sent::{Enough, Fields};
use super::{Dialect, HsrpTest, Steps, dialects};
use crate::bed::Capability;
use crate::scenario::{Sighting, Stop, Test};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::{DEFAULT_HELLOTIME, DEFAULT_HOLDTIME, DEFAULT_PRIORITY};
use crate::spec::hsrp::tolerances::{AT_ONCE, alone, missing};

/// A router with other default times than it should have is waited for so many times as long.
const PATIENCE: u32 = 2;
/// A device that refuses is right.
const REFUSES: &str = "A device that refuses this configuration is right, and the test does not apply to it.";

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-030", "-", "-"]) {
        for (name, hellotime, holdtime) in [("equal", 5, 5), ("lower", 5, 3)] {
            tests.push(low_holdtime(dialect, row, name, hellotime, holdtime));
        }
    }
    for (dialect, row) in dialects(["H1-051", "-", "-"]) {
        tests.push(own_address(dialect, row));
        tests.push(shared_address(dialect, row));
    }
    for (dialect, row) in dialects(["", "H2-022", "-"]) {
        for group in [4096, 65535] {
            tests.push(group_limit(dialect, row, group));
        }
    }
    for (dialect, row) in dialects(["-", "-", "-"]) {
        tests.push(default_times(dialect, row));
        tests.push(default_priority(dialect, row));
        tests.push(preempt(dialect, row));
        tests.push(preempt_delay(dialect, row));
    }
    tests
}

/// Hellos after a change that the device should not have made; `None` if it sends none.
fn hellos_after(t: &mut HsrpTest<'_>, longest: Duration) -> Result<Vec<Sighting>, Stop> {
    let mark = t.mark();
    match t.sent_from(mark, longest, Enough::Hellos(3)) {
        Err(Stop::Inconclusive(_)) => Ok(Vec::new()),
        other => other,
    }
}

fn refuses(what: &str) -> Stop {
    Stop::NotApplicable(format!("D does not send with {what}: it refuses it"))
}

fn low_holdtime(dialect: Dialect, row: &'static str, name: &str, hellotime: u64, holdtime: u64) -> Test {
    dialect
        .test(
            &format!("configuration.holdtime.{name}"),
            row,
            "A router that is given a Holdtime that is not above its Hellotime sends none such.",
            &["configuration.holdtime", "pdu.holdtime"],
        )
        .needs(Capability::Configure)
        .with("hsrp.hellotime", hellotime)
        .with("hsrp.holdtime", hellotime * 3)
        .problems(REFUSES)
        .hsrp(dialect, move |t| {
            t.without_closing();
            t.reconfigure("hsrp.holdtime", &holdtime.to_string())?;
            let longest = alone(t.holdtime(), t.hellotime());
            let sightings = hellos_after(t, longest)?;
            let mut seen = 0;
            for sighting in sightings {
                let Some(fields) = t.fields(sighting).filter(Fields::is_hello) else { continue };
                seen += 1;
                let (met, number) = (fields.holdtime > fields.hellotime, Some(sighting.number));
                let times =
                    format!("{} s and {} s", fields.holdtime.as_secs_f64(), fields.hellotime.as_secs_f64());
                let expected = "a Holdtime above the Hellotime, whatever is configured";
                t.judge(met, expected, &times, number, "configuration.holdtime")?;
                t.judge(met, expected, &times, number, "pdu.holdtime")?;
            }
            if seen == 0 { Err(refuses("that Holdtime")) } else { Ok(()) }
        })
}

/// The device's own address, which its Hellos show, as the virtual one.
fn own_address(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.virtual-address-own",
            row,
            "A router that is given its own address as the virtual one sends no Hello with it.",
            &["configuration.virtual-address-own"],
        )
        .needs(Capability::Configure)
        .problems(REFUSES)
        .hsrp(dialect, |t| {
            t.without_closing();
            let first = t.make_active()?;
            let source = t.seen(first).map(|seen| seen.heard.source);
            let Some(own) = source else {
                return Err(Stop::Inconclusive("D's own address is not known".to_owned()));
            };
            let name = match t.dialect.family() {
                Family::Ipv4 => "hsrp.virtual_address",
                Family::Ipv6 => "hsrp.virtual_link_local",
            };
            t.reconfigure(name, &own.to_string())?;
            let longest = alone(t.holdtime(), t.hellotime());
            let sightings = hellos_after(t, longest)?;
            if sightings.is_empty() {
                return Err(refuses("its own address"));
            }
            for sighting in sightings {
                let Some(told) = virtual_address(t, sighting) else { continue };
                let octets = t.octets_at(sighting);
                let source = Frame::parse(&octets).ok().and_then(|frame| frame.source_ip());
                t.judge(
                    source != Some(told) && told != own,
                    "a virtual address that is not the router's own",
                    &format!("it is {told}"),
                    Some(sighting.number),
                    "configuration.virtual-address-own",
                )?;
            }
            Ok(())
        })
}

/// The virtual address that a message tells.
fn virtual_address(t: &HsrpTest<'_>, sighting: Sighting) -> Option<IpAddr> {
    Some(t.fields(sighting)?.virtual_address(t.dialect.family()))
}

fn shared_address(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.virtual-address-shared",
            row,
            "A router that is given the virtual address of one group for another sends no Hellos of both with it.",
            &["configuration.virtual-address-shared"],
        )
        .needs(Capability::Configure)
        .with("hsrp.second", "yes")
        .problems(REFUSES)
        .hsrp(dialect, |t| {
            t.without_closing();
            let name = match t.dialect.family() {
                Family::Ipv4 => "hsrp.second_virtual_address",
                Family::Ipv6 => "hsrp.second_virtual_link_local",
            };
            let vip = t.vip();
            t.reconfigure(name, &vip.to_string())?;
            let mark = t.mark();
            let longest = alone(t.holdtime(), t.hellotime());
            let sightings = t.all(&t.meant(), mark, longest)?;
            let mut groups = Vec::new();
            for sighting in sightings {
                let Some(fields) = t.fields(sighting).filter(Fields::is_hello) else { continue };
                if virtual_address(t, sighting) == Some(vip) && !groups.contains(&fields.group) {
                    groups.push(fields.group);
                }
            }
            if groups.is_empty() {
                return Err(refuses("that virtual address"));
            }
            let words: Vec<String> = groups.iter().map(ToString::to_string).collect();
            let seen = format!("it is that of {}", words.join(" and of "));
            let text = "a virtual address of one group alone";
            t.judge(groups.len() == 1, text, &seen, None, "configuration.virtual-address-shared")
        })
}

/// What documents say of the range, nobody has captured.
fn group_limit(dialect: Dialect, row: &'static str, group: u32) -> Test {
    dialect
        .test(
            &format!("configuration.group-limit.{group}"),
            row,
            "What a router does that is given a group above 4095 is recorded.",
            &["configuration.group-limit"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, move |t| {
            t.without_closing();
            let text = match t.reconfigure("hsrp.group", &group.to_string()) {
                // Its own words are not in a trace.
                Err(Stop::NotApplicable(_)) => format!("D refuses group {group}"),
                Err(other) => return Err(other),
                Ok(()) => {
                    let longest = alone(t.holdtime(), t.hellotime());
                    let sightings = hellos_after(t, longest)?;
                    let seen = sightings.first().and_then(|sighting| t.fields(*sighting));
                    match seen {
                        Some(fields) => {
                            format!("with group {group} configured, D sends group {}", fields.group)
                        }
                        None => format!("with group {group} configured, D sends no Hello"),
                    }
                }
            };
            t.note(text, None, "configuration.group-limit");
            Ok(())
        })
}

fn default_times(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.default-times",
            row,
            "Where no times are configured and none were learned, Hellotime is 3 and Holdtime 10 seconds.",
            &["configuration.default-hellotime", "configuration.default-holdtime"],
        )
        .with("hsrp.times", "unknown")
        .hsrp(dialect, |t| {
            t.without_closing();
            let mark = t.mark();
            let longest = alone(DEFAULT_HOLDTIME, DEFAULT_HELLOTIME) * PATIENCE;
            t.run.step("nobody else says anything: D has nobody to learn from");
            for sighting in t.sent_from(mark, longest, Enough::Hellos(2))? {
                let Some(fields) = t.fields(sighting).filter(Fields::is_hello) else { continue };
                let asked = [
                    ("Hellotime", fields.hellotime, DEFAULT_HELLOTIME, "configuration.default-hellotime"),
                    ("Holdtime", fields.holdtime, DEFAULT_HOLDTIME, "configuration.default-holdtime"),
                ];
                for (name, seen, expected, requirement) in asked {
                    let text = format!("a {name} of {} s", expected.as_secs_f64());
                    let words = format!("it is {} s", seen.as_secs_f64());
                    t.judge(seen == expected, &text, &words, Some(sighting.number), requirement)?;
                }
            }
            Ok(())
        })
}

fn default_priority(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect.test(
        "configuration.default-priority",
        row,
        "The priority of a router to which none was given is recorded; Cisco's documents have 100.",
        &["configuration.default-priority"],
    );
    let test = if dialect == Dialect::V1 { test.only(crate::spec::Editions::ONLY_CISCO1) } else { test };
    test.hsrp(dialect, |t| {
        t.without_closing();
        if let Some(priority) = t.run.settings().text("hsrp.priority") {
            let text = format!("the device is configured with hsrp.priority = {priority}");
            return Err(Stop::NotApplicable(text));
        }
        let sightings = t.sent_alone(Enough::Hellos(1))?;
        let last = sightings.last().copied();
        if let Some((last, fields)) = last.and_then(|last| Some((last, t.fields(last)?))) {
            let text =
                format!("the default priority is {}, in documents {DEFAULT_PRIORITY}", fields.priority);
            t.note(text, Some(last.number), "configuration.default-priority");
        }
        Ok(())
    })
}

/// Whether a router can be configured to preempt is its own affair.
fn preempt(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "configuration.preempt",
            row,
            "Whether a router that is configured to preempt does so is recorded.",
            &["configuration.preempt"],
        )
        .with("hsrp.preempt", "yes")
        .hsrp(dialect, |t| {
            t.without_closing();
            let lower = t.group().priority / 2;
            let active = t.hello(Group::Active, lower);
            t.run.step(format!("T is Active with priority {lower}"));
            t.start_peer(active);
            let mark = t.mark();
            let window = missing(t.hellotime()).lenient.to + AT_ONCE.lenient.to;
            let coup = t.look(&t.message().coup(), mark, window)?;
            let text = match coup {
                Some(_) => "a router that is configured to preempt takes over with a Coup",
                None => "a router that is configured to preempt does not take over",
            };
            t.note(text, coup.map(|coup| coup.number), "configuration.preempt");
            Ok(())
        })
}

/// A delay is Cisco's, and no capture shows it.
fn preempt_delay(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect.test(
        "configuration.preempt-delay",
        row,
        "How long a router that starts and is to wait before it preempts does wait is recorded.",
        &["configuration.preempt-delay"],
    );
    let test = if dialect == Dialect::V1 { test.only(crate::spec::Editions::ONLY_CISCO1) } else { test };
    test.needs(Capability::Fresh).with("hsrp.preempt", "yes").with("hsrp.preempt_delay", 8).hsrp(
        dialect,
        |t| {
            let started = t.run.fresh()?;
            t.without_closing();
            let lower = t.group().priority / 2;
            let active = t.hello(Group::Active, lower);
            t.run.step(format!("D starts; T is Active with priority {lower}"));
            t.start_peer(active);
            let delay = t.group().preempt_delay;
            let longest = delay + t.hellotime() * 2 + crate::spec::hsrp::tolerances::STARTING;
            let coup = t.look(&t.message().coup(), started, longest)?;
            let text = match coup {
                Some(coup) => {
                    let after = coup.at.time.since(started.at.time).as_secs_f64();
                    format!(
                        "with a delay of {} s, D preempts {after:.3} s after it started",
                        delay.as_secs_f64()
                    )
                }
                None => format!("with a delay of {} s, D does not preempt", delay.as_secs_f64()),
            };
            t.note(text, coup.map(|coup| coup.number), "configuration.preempt-delay");
            Ok(())
        },
    )
}
