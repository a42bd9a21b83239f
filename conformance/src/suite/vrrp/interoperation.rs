//! Version 2 beside version 3, which a router may be configured to speak (section 8.4.2).

use std::time::Duration;

use redspec_codec::frame::Frame;

use super::backup::{SECOND, takes_over};
use super::{Advert, Dialect, Steps, VrrpTest, advertisement};
use crate::reference::vrrp::packet::Packet;
use crate::scenario::{Sighting, Test};
use crate::spec::Edition;
use crate::spec::vrrp::tolerances::period;

/// Its tests. Version 2 has no IPv6.
pub fn tests() -> Vec<Test> {
    vec![
        both_versions(SECOND),
        both_versions(SECOND / 5),
        version_2_interval(2),
        version_2_interval(1),
        version_2_ignored(3),
        version_2_ignored(1),
        mixed_versions(Dialect::V3),
        mixed_versions(Dialect::V2),
    ]
}

fn test(name: &str, row: &'static str, purpose: &str, requirements: &[&'static str]) -> Test {
    Dialect::V3.test(name, row, purpose, requirements).with("vrrp.interoperation", "yes")
}

/// Adver Int of a message of version 2.
fn adver_int(t: &VrrpTest<'_>, sighting: Sighting) -> Option<u8> {
    let octets = t.octets_at(sighting);
    let frame = Frame::parse(&octets).ok()?;
    Packet::of(&frame).map(|packet| packet.interval_s())
}

fn both_versions(interval: Duration) -> Test {
    let suffix = if interval == SECOND { "" } else { ".interval-20cs" };
    test(
        &format!("interoperation.both-versions{suffix}"),
        "V3-033",
        "An Active router that speaks version 2 sends both versions, each at its interval.",
        &[
            "interoperation.both-versions",
            "interoperation.both-rates",
            "interoperation.version-2-field",
            "interoperation.optional",
        ],
    )
    .with("vrrp.interval", interval.as_secs_f64())
    .vrrp(Dialect::V3, move |t| {
        t.make_active()?;
        t.note("D is configured to speak version 2 too", None, "interoperation.optional");
        let router = t.router();
        let mark = t.mark();
        let watched = interval * 13 / 2;
        for version in [3, 2] {
            let pattern = advertisement(&router).version(version);
            let sightings = t.all(&pattern, mark, watched)?;
            let seen = format!("{} in six and a half intervals", sightings.len());
            let text = format!("advertisements of version {version}");
            t.judge(!sightings.is_empty(), &text, &seen, None, "interoperation.both-versions")?;
            let text = format!("advertisements of version {version}, each interval");
            t.judge(sightings.len() >= 5, &text, &seen, None, "interoperation.both-rates")?;
            t.gaps(&sightings, period(interval), "interoperation.both-rates")?;
            if let (2, Some(first)) = (version, sightings.first()) {
                let told = adver_int(t, *first).map_or_else(|| "none".to_owned(), |told| told.to_string());
                let text = format!("Adver Int is {told} at an interval of {} s", interval.as_secs_f64());
                t.note(text, Some(first.number), "interoperation.version-2-field");
            }
        }
        Ok(())
    })
}

fn version_2_interval(seconds: u64) -> Test {
    test(
        &format!("interoperation.version-2-interval.{seconds}s"),
        "V3-034",
        "A Backup that speaks version 2 waits for who speaks that alone, as its Adver Int has it wait.",
        &["interoperation.version-2-interval", "interoperation.version-2-interval-2010"],
    )
    .with("vrrp.interval", if seconds == 1 { 0.2 } else { 1.0 })
    .vrrp(Dialect::V3, move |t| {
        let requirement = match t.run.edition() {
            Edition::Rfc9568 => "interoperation.version-2-interval",
            _ => "interoperation.version-2-interval-2010",
        };
        t.make_backup().and_then(|peer| t.stop_peer(peer))?;
        t.run.step("another router, which speaks version 2 alone, advertises instead");
        let interval = Duration::from_secs(seconds);
        let older = Advert { interval, source: t.greater_address(), ..t.advert(200) }.version_2();
        let peer = t.start_peer(older);
        t.wait(interval * 9 / 4)?;
        t.run.step("it falls silent");
        let last = t.stop_peer(peer)?;
        let window = t.takeover_after(interval);
        takes_over(t, last, window, requirement, &[requirement])?;
        Ok(())
    })
}

fn version_2_ignored(seconds: u64) -> Test {
    test(
        &format!("interoperation.version-2-ignored.{seconds}s"),
        "V3-035",
        "A Backup that speaks version 2 ignores it from who sends version 3 too.",
        &["interoperation.version-2-ignored"],
    )
    .vrrp(Dialect::V3, move |t| {
        let interval = t.interval();
        let newer = t.advert(200);
        let older = Advert { interval: Duration::from_secs(seconds), ..newer.clone() }.version_2();
        let peer = t.make_backup_of(newer)?;
        // Behind each of version 3 one of version 2, the last one alone.
        t.run
            .step(format!("T sends version 2 too, with an Adver Int of {seconds}, behind each of version 3"));
        let other = t.start_peer(older.clone());
        t.lan.peers[other].period = interval;
        t.wait(interval * 3)?;
        t.stop_peer(other)?;
        t.run.step("T falls silent, but for one more of version 2");
        let last = t.stop_peer(peer)?;
        t.wait_until(last, interval * 9 / 10)?;
        t.send(&older)?;
        let window = t.takeover_after(interval);
        let ignored = "interoperation.version-2-ignored";
        takes_over(t, last, window, ignored, &[ignored])?;
        Ok(())
    })
}

fn mixed_versions(dialect: Dialect) -> Test {
    let (requirement, other) = match dialect {
        Dialect::V2 => ("rx.version", "version 3"),
        Dialect::V3 | Dialect::V6 => ("interoperation.off", "version 2"),
    };
    dialect
        .test(
            "interoperation.mixed-versions",
            "-",
            "A router of one version does not hear the other, also from who is Active in its own.",
            &[requirement],
        )
        .vrrp(dialect, move |t| {
            let interval = t.interval();
            let own = t.advert(200);
            let foreign = match dialect {
                Dialect::V2 => other_version(&own),
                Dialect::V3 | Dialect::V6 => own.clone().version_2(),
            };
            let peer = t.make_backup_of(own)?;
            t.run.step(format!("T sends {other} too, and then alone"));
            t.start_peer(foreign.clone());
            t.wait(interval * 2)?;
            let last = t.stop_peer(peer)?;
            let window = t.takeover_after(interval);
            let first = takes_over(t, last, window, requirement, &[requirement])?;
            // As Active it does not hear it either.
            t.goes_on(first.mark(), 2, requirement)?;
            t.mid_interval()?;
            let sent = t.send(&foreign)?;
            t.goes_on(sent, 2, requirement)
        })
}

/// An advertisement of version 2 as one of version 3.
fn other_version(advert: &Advert) -> Advert {
    Advert { version: crate::spec::vrrp::Version::V3, version_field: 3, ..advert.clone() }
}
