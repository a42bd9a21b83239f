//! The saved trace of every test, judged again: the same verdict, the same obligations. And every run is the same to the
//! byte.

use std::io::Cursor;

use pretty_assertions::assert_eq;
use redspec::bed::Lab;
use redspec::reference::lab::{self, PROFILES, Profile};
use redspec::scenario::runner::{Outcome, run_test, wanted};
use redspec::scenario::{Test, campaign, recheck};
use redspec::suite;

fn ran(tests: &[Test]) -> impl Iterator<Item = (&'static Profile, &Test, Outcome, Vec<u8>)> {
    PROFILES.iter().flat_map(move |profile| {
        let tests = tests.iter().filter(move |test| test.needs.editions.contains(profile.edition));
        tests.filter_map(move |test| {
            let (outcome, file) = run_and_save(profile, test);
            outcome.record.is_some().then_some((profile, test, outcome, file))
        })
    })
}

fn run_and_save(profile: &Profile, test: &Test) -> (Outcome, Vec<u8>) {
    let lab = lab::reference(profile.edition, profile.settings());
    let outcome = run_test(test, &lab, 7);
    let settings = lab.settings_for(&wanted(test));
    let header = campaign::header(&outcome.result, &lab.device(), profile.edition, 7, lab.exact(), &settings);
    let file = recheck::save(&outcome, test, &header).expect("a trace that can be saved");
    (outcome, file)
}

#[test]
fn a_saved_trace_gives_the_verdict_of_the_run() {
    let tests = suite::tests();
    let mut judged = 0;
    for (profile, test, outcome, file) in ran(&tests) {
        let again = recheck::recheck(Cursor::new(file), &tests)
            .unwrap_or_else(|error| panic!("{}: {error}", test.id));
        let (then, now) = (&outcome.result, &again.outcome.result);
        let name = format!("{}::{}", profile.name, test.id);
        assert!(again.agrees(), "{name}: then {:?}, now {:?} {:?}", then.verdict, now.verdict, now.reason);
        assert_eq!(then.obligations, now.obligations, "{name}");
        judged += 1;
    }
    assert!(judged > 100, "only {judged} traces were judged");
}

#[test]
fn two_runs_give_the_same_trace() {
    let tests = suite::tests();
    for (profile, test, _, file) in ran(&tests) {
        let (_, again) = run_and_save(profile, test);
        assert!(file == again, "{}::{} gave another trace", profile.name, test.id);
    }
}

/// A trace in which the device said something else gives another verdict, or none.
#[test]
fn a_changed_trace_does_not_pass() {
    let tests = suite::tests();
    let test = tests.iter().find(|test| test.id == "lacp.rx.expired-after-short-timeout").expect("the test");
    let (outcome, _) = run_and_save(&PROFILES[0], test);
    let mut record = outcome.record.expect("a record");
    for event in &mut record.events {
        // Never Expired: the bit of Actor_State.
        if let redspec::event::Happening::Frame {
            direction: Some(redspec::event::Direction::FromDevice),
            octets,
            ..
        } = &mut event.what
        {
            octets.to_mut()[14 + 18] &= 0x7f;
        }
    }
    let changed = Outcome { record: Some(record), ..outcome };
    let lab = lab::reference(PROFILES[0].edition, PROFILES[0].settings());
    let settings = lab.settings_for(&wanted(test));
    let header = campaign::header(&changed.result, "changed", PROFILES[0].edition, 7, true, &settings);
    let file = recheck::save(&changed, test, &header).expect("a trace");
    let again = recheck::recheck(Cursor::new(file), &tests).expect("a trace of ours");
    assert!(!again.agrees(), "the changed trace still gives {}", again.verdict);
}
