//! What a router tells of its interface: Cisco's Advertise in version 1, Interface State in version 2.
//!
//! Of version 1 everything is recorded: captures of Cisco's routers differ. Of version 2 over IPv6 there are no captures,
//! and no tests here.

use std::time::Duration;

use redspec_codec::frame::Frame;
use redspec_codec::hsrp::{v1, v2};

use super::sent::{Enough, counts, is_advertise, tlvs};
use super::transmitted::{Found, found, judge_each, open};
use super::{Dialect, HsrpTest, Message, Steps, dialects, frames};
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::AT_ONCE;
use crate::suite::router::pattern::Frames;

use super::states::ACTIVE_PRIORITY;

/// Long enough for two of a router that tells every half a minute or so.
const WATCHED: Duration = Duration::from_secs(65);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["-", "H2-007", ""]) {
        tests.push(format(dialect, row));
        tests.push(changes(dialect, row, "interface-state.changes"));
        let two = changes(dialect, row, "interface-state.changes.of-two");
        tests.push(two.with("hsrp.second", "yes"));
        tests.push(periodic(dialect, row));
        for (name, value) in [("text", "text"), ("md5", "md5")] {
            let test = unauthenticated(dialect, row, name).with("hsrp.authentication", value);
            tests.push(if value == "text" { test.with("hsrp.password", "secret") } else { test });
        }
    }
    tests
}

/// Messages of the device that tell of its interface.
fn of_interface(t: &HsrpTest<'_>) -> Frames {
    let (version, family) = (t.dialect.version(), t.dialect.family());
    let name = if version == Version::V1 { "Advertise" } else { "Interface State" };
    frames(LAN, name, move |frame| {
        if frame.family() != Some(family) || frame.protocol() != super::pattern::spoken(version) {
            return None;
        }
        counts(version, frame.payload()).is_some().then_some(true)
    })
}

fn format(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "interface-state.format",
            row,
            "What tells of the interface is a message of its own, and comes from the interface's own MAC address.",
            &[
                "interface-state.alone",
                "interface-state.tlv",
                "interface-state.state",
                "interface-state.source-mac",
            ],
        )
        .hsrp(dialect, |t| {
            t.without_closing();
            let sightings = t.sent_alone(Enough::Active(2))?;
            let all = told_of_interface(t, &sightings);
            if all.is_empty() {
                t.note("nothing told of the interface", None, "interface-state.alone");
                return Ok(());
            }
            judge_each(t, &all, as_format)
        })
}

/// Those that tell of the interface, whatever else they tell.
fn told_of_interface(t: &HsrpTest<'_>, sightings: &[Sighting]) -> Vec<Sighting> {
    let tells = |sighting: &&Sighting| {
        let octets = t.octets_at(**sighting);
        Frame::parse(&octets).is_ok_and(|frame| match t.dialect.version() {
            Version::V1 => is_advertise(frame.payload()),
            Version::V2 => {
                let types = tlvs(frame.payload()).0;
                types.iter().any(|(tlv_type, _)| *tlv_type == v2::TlvType::INTERFACE_STATE.0)
            }
        })
    };
    sightings.iter().filter(tells).copied().collect()
}

fn as_format(t: &HsrpTest<'_>, frame: &Frame<'_>) -> Vec<Found> {
    let payload = frame.payload();
    let from = if frame.source_mac() == Some(t.virtual_mac()) { "a virtual" } else { "its own" };
    let source = open(format!("it comes from {from} MAC address"), "interface-state.source-mac");
    if t.dialect.version() == Version::V2 {
        let types: Vec<String> = tlvs(payload).0.iter().map(|(tlv_type, _)| tlv_type.to_string()).collect();
        let seen = format!("{} octets, TLVs of type {}", payload.len(), types.join(", "));
        if t.dialect == Dialect::V6 {
            return vec![open(seen, "interface-state.alone"), source];
        }
        let alone = payload.len() == 6;
        return vec![
            found(alone, "an Interface State alone, in six octets", seen, "interface-state.alone"),
            source,
        ];
    }
    let mut all =
        vec![open(format!("an Advertise of {} octets", payload.len()), "interface-state.alone"), source];
    if let Ok((message, _)) = v1::AdvertiseRef::parse(payload) {
        let it = message.to_value();
        all.push(open(
            format!("an Advertise with a TLV of type {} and length {}", it.tlv_type, it.tlv_length),
            "interface-state.tlv",
        ));
        all.push(open(format!("an Advertise with state {}", it.state.0), "interface-state.state"));
    }
    all
}

impl HsrpTest<'_> {
    /// The last that tells of the interface from `mark` to so long after it: so many groups are Active now.
    fn tells_of(&mut self, mark: Mark, watched: Duration, active: u16) -> Result<(), Stop> {
        let pattern = of_interface(self);
        let all = self.all(&pattern, mark, watched)?;
        let groups = u16::try_from(self.configuration.groups.len()).unwrap_or(u16::MAX);
        let wanted = (active, groups - active);
        let version = self.dialect.version();
        let last = all.last().copied();
        let told = last.and_then(|last| {
            let octets = self.octets_at(last);
            Frame::parse(&octets).ok().and_then(|frame| counts(version, frame.payload()))
        });
        let number = last.map(|last| last.number);
        if self.dialect != Dialect::V2 {
            let text = format!("with {active} of {groups} groups Active: {}", words(told));
            self.note(text.clone(), number, "interface-state.on-change");
            self.note(text, number, "interface-state.counts");
            return Ok(());
        }
        let text = format!("an Interface State when {active} of {groups} groups are Active");
        self.judge(told.is_some(), &text, "", number, "interface-state.on-change")?;
        let text = format!("the last Interface State tells {}", words(Some(wanted)));
        self.judge(told == Some(wanted), &text, &words(told), number, "interface-state.counts")
    }
}

fn words(counts: Option<(u16, u16)>) -> String {
    match counts {
        Some((active, passive)) => format!("{active} Active and {passive} other groups"),
        None => "nothing is told".to_owned(),
    }
}

fn changes(dialect: Dialect, row: &'static str, name: &str) -> Test {
    dialect
        .test(
            name,
            row,
            "When its first group becomes Active and when its last one is Active no longer, a router tells of its groups.",
            &["interface-state.on-change", "interface-state.counts"],
        )
        .for_devices("hsrp.interface_state", &["yes"])
        .hsrp(dialect, |t| {
            t.without_closing();
            t.yields()?;
            // In a second group another router is Active all the time.
            if let Some(second) = t.configuration.groups.get(1) {
                let from = t.lower_address();
                let other = Message::hello(&t.configuration, second, from, Group::Active, ACTIVE_PRIORITY);
                t.start_peer(other);
            }
            let (active, _) = t.make_standby()?;
            t.run.step("T falls silent in the first group: D is Active there");
            let last = t.stop_peer(active)?;
            let longest = t.holdtime() * 3 + t.hellotime() * 2;
            let first = t.look(&t.message().state(Group::Active), last, longest)?;
            let Some(first) = first else {
                return Err(Stop::Inconclusive("D did not become Active".to_owned()));
            };
            // What came with the Hello, or before it, counts as well as what came behind.
            let watched = first.at.time.since(last.at.time) + AT_ONCE.lenient.to;
            t.tells_of(last, watched, 1)?;
            t.run.step(format!("T is Active with priority {ACTIVE_PRIORITY}: D is Active no longer"));
            let better = t.hello(Group::Active, ACTIVE_PRIORITY);
            let mark = t.send(&better)?;
            t.tells_of(mark, AT_ONCE.lenient.to, 0)
        })
}

fn periodic(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "interface-state.periodic",
            row,
            "How often a router without an Active group tells of its groups is recorded.",
            &["interface-state.periodic"],
        )
        .hsrp(dialect, |t| {
            t.without_closing();
            t.make_standby()?;
            let mark = t.mark();
            let all = t.all(&of_interface(t), mark, WATCHED)?;
            let times: Vec<String> = all
                .windows(2)
                .map(|pair| format!("{:.1} s", pair[1].at.time.since(pair[0].at.time).as_secs_f64()))
                .collect();
            let text = format!(
                "{} messages tell of the interface in {} s; between them: {}",
                all.len(),
                WATCHED.as_secs(),
                times.join(", ")
            );
            t.note(text, all.last().map(|last| last.number), "interface-state.periodic");
            Ok(())
        })
}

fn unauthenticated(dialect: Dialect, row: &'static str, name: &str) -> Test {
    dialect
        .test(
            &format!("interface-state.unauthenticated.{name}"),
            row,
            "Whether what tells of the interface is authenticated is recorded.",
            &["interface-state.unauthenticated"],
        )
        .hsrp(dialect, |t| {
            t.without_closing();
            let sightings = t.sent_alone(Enough::Active(1))?;
            let all = told_of_interface(t, &sightings);
            let lengths: Vec<String> =
                all.iter().map(|sighting| length_of(t, *sighting).to_string()).collect();
            let text = format!("octets of what tells of the interface: {}", lengths.join(", "));
            t.note(text, all.last().map(|last| last.number), "interface-state.unauthenticated");
            Ok(())
        })
}

fn length_of(t: &HsrpTest<'_>, sighting: Sighting) -> usize {
    let octets = t.octets_at(sighting);
    Frame::parse(&octets).map_or(0, |frame| frame.payload().len())
}
