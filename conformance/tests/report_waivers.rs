//! Waivers: their file, and what they do to a run.

use std::path::Path;

use jiff::civil::date;
use pretty_assertions::assert_eq;
use redspec::spec::Edition;
use redspec::verdict::{Attempt, RunResult, Verdict};
use redspec::waivers::{Waiver, WaiverReport, Waivers, today};

mod results;
use results::{passed, run, test};

const KNOWN: &str = r#"# Agreed with the vendor.
[[waiver]]
test   = "lacp.mux.detached-flags"
cause  = "lacp.mux.detached"
reason = "no Mux machine by design"
owner  = "net-team"
until  = 2027-03-01
"#;

fn parse(text: &str) -> Waivers {
    Waivers::parse(Path::new("waivers.toml"), text).unwrap()
}

fn error(text: &str) -> String {
    Waivers::parse(Path::new("lab/waivers.toml"), text).unwrap_err().to_string()
}

/// A waiver until 2027-03-01.
fn entry(test: &str, cause: &str) -> String {
    format!(
        "[[waiver]]\ntest = {test:?}\ncause = {cause:?}\nreason = \"known as {cause}\"\nuntil = 2027-03-01\n"
    )
}

fn failed(verdict: Verdict, cause: &str) -> RunResult {
    run(vec![test("lacp.mux.detached-flags", verdict, cause)])
}

#[test]
fn a_file_of_them() {
    let waivers = parse(&[KNOWN, &entry("marker.x", "marker.y")].concat());
    assert_eq!(
        waivers.iter().cloned().collect::<Vec<_>>(),
        [
            Waiver {
                test: "lacp.mux.detached-flags".into(),
                cause: "lacp.mux.detached".into(),
                reason: "no Mux machine by design".into(),
                owner: Some("net-team".into()),
                kind: None,
                place: None,
                sometimes: false,
                until: date(2027, 3, 1),
                line: 2,
            },
            Waiver {
                test: "marker.x".into(),
                cause: "marker.y".into(),
                reason: "known as marker.y".into(),
                owner: None,
                kind: None,
                place: None,
                sometimes: false,
                until: date(2027, 3, 1),
                line: 8,
            },
        ]
    );
    assert_eq!(parse("# none\n").iter().count(), 0);
}

#[test]
fn errors_say_where_and_what_was_expected() {
    let with = |from: &str, to: &str| {
        assert!(KNOWN.contains(from), "{from}");
        error(&KNOWN.replace(from, to))
    };
    assert_eq!(with("until  = 2027-03-01\n", ""), "lab/waivers.toml, line 2: missing field `until`");
    assert_eq!(
        with("owner ", "ovner "),
        "lab/waivers.toml, line 6: unknown field `ovner`, expected one of `test`, `cause`, `reason`, `owner`, `kind`, `place`, `sometimes`, `until`"
    );
    assert_eq!(
        with("2027-03-01", "\"2027-03-01\""),
        r#"lab/waivers.toml, line 7: until is "2027-03-01", expected a date such as 2027-03-01, without quotes"#
    );
    assert_eq!(
        with("2027-03-01", "2027-03-01T12:00:00"),
        "lab/waivers.toml, line 7: until is 2027-03-01T12:00:00, expected a date such as 2027-03-01, without quotes"
    );
    assert_eq!(
        with("2027-03-01", "12"),
        "lab/waivers.toml, line 7: expected a date such as 2027-03-01, without quotes"
    );
    assert!(with("2027-03-01", "2027-02-30").starts_with("lab/waivers.toml, line 7: "));
    assert_eq!(
        with("\"no Mux machine by design\"", "\" \""),
        "lab/waivers.toml, line 5: reason is empty, expected why the failure is accepted"
    );
    assert_eq!(
        with("\"lacp.mux.detached\"", "3"),
        "lab/waivers.toml, line 4: invalid type: integer `3`, expected a string"
    );
    assert_eq!(
        with("[[waiver]]", "[[waver]]"),
        "lab/waivers.toml, line 2: unknown field `waver`, expected `waiver`"
    );
    assert_eq!(
        with("[[waiver]]", "[waiver]"),
        "lab/waivers.toml, line 2: invalid type: map, expected tables that begin with [[waiver]]"
    );
    assert_eq!(
        error(&[KNOWN, KNOWN].concat()),
        "lab/waivers.toml, line 9: the same test and cause as in line 2, expected one waiver"
    );
    assert!(error("waiver").starts_with("lab/waivers.toml, line 1: "));
}

#[test]
fn a_file_that_is_not_there() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("none.toml");
    let error = Waivers::read(&path).unwrap_err().to_string();
    assert!(error.starts_with(&format!("{}: ", path.display())), "{error}");
    std::fs::write(&path, KNOWN).unwrap();
    assert_eq!(Waivers::read(&path).unwrap().iter().count(), 1);
}

#[test]
fn an_id_that_no_test_has() {
    let waivers = parse(&[KNOWN, &entry("lacp.typo", "c")].concat());
    assert!(waivers.check(|_| true).is_ok());
    assert_eq!(
        waivers.check(|id| id != "lacp.typo").unwrap_err().to_string(),
        "waivers.toml, line 8: there is no test \"lacp.typo\", expected an id that redspec list prints"
    );
}

#[test]
fn a_known_failure_becomes_expected() {
    for verdict in [Verdict::Fail, Verdict::Weak, Verdict::Crash] {
        // The last day included.
        for day in [date(2026, 11, 23), date(2027, 3, 1)] {
            let mut run = failed(verdict, "lacp.mux.detached");
            let waivers = parse(KNOWN);
            let report = waivers.apply(&mut run, day);
            assert_eq!(run.tests[0].waived.as_deref(), Some("no Mux machine by design"));
            assert_eq!(run.tests[0].verdict, verdict, "the verdict stays");
            let applied = waivers.iter().cloned().collect();
            assert_eq!(report, WaiverReport { applied, ..WaiverReport::default() });
            assert!(!report.out_of_date());
        }
    }
}

#[test]
fn an_expired_waiver_waives_nothing() {
    for mut run in [failed(Verdict::Fail, "lacp.mux.detached"), run(vec![]), run(vec![passed("lacp.other")])]
    {
        let waivers = parse(KNOWN);
        let report = waivers.apply(&mut run, date(2027, 3, 2));
        assert!(run.tests.iter().all(|test| test.waived.is_none()));
        let expired = waivers.iter().cloned().collect();
        assert_eq!(report, WaiverReport { expired, ..WaiverReport::default() });
        assert!(report.out_of_date());
    }
}

#[test]
fn an_unneeded_waiver_is_named() {
    let mut run = run(vec![passed("lacp.mux.detached-flags")]);
    let waivers = parse(KNOWN);
    let report = waivers.apply(&mut run, date(2026, 1, 1));
    assert_eq!(run.tests[0].waived, None);
    let unneeded = waivers.iter().cloned().collect();
    assert_eq!(report, WaiverReport { unneeded, ..WaiverReport::default() });
    assert!(report.out_of_date());
}

#[test]
fn another_cause_is_another_failure() {
    let mut run = failed(Verdict::Fail, "lacp.mux.waiting");
    let waivers = parse(KNOWN);
    let report = waivers.apply(&mut run, date(2026, 1, 1));
    assert_eq!(run.tests[0].waived, None);
    let mismatched = waivers.iter().map(|waiver| (waiver.clone(), "lacp.mux.waiting".to_owned())).collect();
    assert_eq!(report, WaiverReport { mismatched, ..WaiverReport::default() });
    assert!(report.out_of_date());
}

#[test]
fn one_waiver_for_each_cause() {
    let text = [KNOWN, &entry("lacp.mux.detached-flags", "lacp.mux.waiting")].concat();
    let mut run = failed(Verdict::Fail, "lacp.mux.waiting");
    let waivers = parse(&text);
    let report = waivers.apply(&mut run, date(2026, 1, 1));
    assert_eq!(run.tests[0].waived.as_deref(), Some("known as lacp.mux.waiting"));
    let applied = waivers.iter().skip(1).cloned().collect();
    assert_eq!(report, WaiverReport { applied, ..WaiverReport::default() });

    // The one that would count is over.
    let text = text.replacen("2027-03-01\n[[", "2028-03-01\n[[", 1);
    let mut run = failed(Verdict::Fail, "lacp.mux.waiting");
    let report = parse(&text).apply(&mut run, date(2027, 6, 1));
    assert_eq!((report.expired.len(), report.mismatched.len(), report.applied.len()), (1, 1, 0));
}

/// A lab of several editions has one file.
#[test]
fn what_the_edition_does_not_ask_says_nothing() {
    let waivers = parse(&entry("vrrp2.rx.owner", "vrrp2.rx.owner-discards"));
    for (edition, unneeded) in [(Edition::Rfc3768, 1), (Edition::Rfc2338, 0)] {
        let mut run = RunResult { edition, ..run(vec![passed("vrrp2.rx.owner")]) };
        let report = waivers.apply(&mut run, date(2026, 1, 1));
        assert_eq!((report.unneeded.len(), report.not_run.len()), (unneeded, 1 - unneeded), "{edition:?}");
    }
}

#[test]
fn what_did_not_run_says_nothing() {
    let not_applicable = failed(Verdict::NotApplicable, "");
    for mut run in [run(vec![]), run(vec![passed("lacp.other")]), not_applicable] {
        let waivers = parse(KNOWN);
        let report = waivers.apply(&mut run, date(2026, 1, 1));
        let not_run = waivers.iter().cloned().collect();
        assert_eq!(report, WaiverReport { not_run, ..WaiverReport::default() });
        assert!(!report.out_of_date());
    }
    for verdict in [Verdict::Inconclusive, Verdict::Error] {
        let mut run = failed(verdict, "");
        assert_eq!(parse(KNOWN).apply(&mut run, date(2026, 1, 1)), WaiverReport::default());
    }
}

#[test]
fn today_is_a_day() {
    assert!(today() > date(2026, 1, 1));
}

#[test]
fn a_failure_that_does_not_come_each_time() {
    let once = "sometimes = true\n";
    let waivers = parse(&[entry("lacp.mux.detached-flags", "a"), once.to_owned()].concat());
    let attempt = |verdict, cause: Option<&str>| Attempt {
        verdict,
        cause: cause.map(str::to_owned),
        reason: Some("so it was".to_owned()),
        evidence: None,
    };
    let applied = |verdict, attempts: Vec<Attempt>| {
        let mut result = run(vec![test("lacp.mux.detached-flags", verdict, "a")]);
        result.tests[0].attempts = attempts;
        let report = waivers.apply(&mut result, date(2027, 1, 1));
        assert!(!report.out_of_date(), "{verdict:?}");
        result.tests[0].waived.is_some()
    };
    let (fail, pass) = (|cause| attempt(Verdict::Fail, Some(cause)), || attempt(Verdict::Pass, None));
    assert!(!applied(Verdict::Pass, vec![]));
    assert!(applied(Verdict::Fail, vec![fail("a"), fail("a")]));
    assert!(applied(Verdict::Inconclusive, vec![fail("a"), pass(), pass()]));
    assert!(!applied(Verdict::Inconclusive, vec![fail("b"), pass(), pass()]));
    assert!(!applied(Verdict::Inconclusive, vec![fail("a"), attempt(Verdict::Inconclusive, None), pass()]));
    assert!(!applied(Verdict::Inconclusive, vec![]));
}

/// What is known to vary is no difference between runs, whichever of its ways it took.
#[test]
fn what_varies_is_marked_however_it_ended() {
    let once = "sometimes = true\n";
    let waivers = parse(&[entry("lacp.mux.detached-flags", "a"), once.to_owned()].concat());
    for verdict in [Verdict::Pass, Verdict::Fail, Verdict::Inconclusive] {
        let mut run = failed(verdict, if verdict == Verdict::Fail { "a" } else { "" });
        waivers.apply(&mut run, date(2027, 1, 1));
        assert!(run.tests[0].varies, "{verdict:?}");
    }
    let always = parse(&entry("lacp.mux.detached-flags", "a"));
    let mut run = failed(Verdict::Fail, "a");
    always.apply(&mut run, date(2027, 1, 1));
    assert!(!run.tests[0].varies);
}

/// A monitor reports what the tests of a run happen to lead to: that it saw nothing makes no waiver superfluous.
#[test]
fn what_monitors_report_varies_by_itself() {
    let waivers = parse(&entry("lacp.always.mux.detached-flags", "lacp.mux.detached-flags"));
    let mut run = run(vec![passed("lacp.always.mux.detached-flags")]);
    let report = waivers.apply(&mut run, date(2027, 1, 1));
    assert!(run.tests[0].varies);
    assert_eq!(report, WaiverReport::default());
}
