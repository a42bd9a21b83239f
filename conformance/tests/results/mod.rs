//! Results to report on.
#![allow(dead_code, reason = "each test file takes what it needs")]

use std::time::Duration;

use redspec::spec::{Edition, Level};
use redspec::verdict::{Judgement, Obligation, RunResult, TestResult, Timing, Verdict};

/// A test that ended so; of `cause`, if it is not empty.
pub fn test(id: &str, verdict: Verdict, cause: &str) -> TestResult {
    TestResult {
        id: id.to_owned(),
        verdict,
        cause: (!cause.is_empty()).then(|| cause.to_owned()),
        reason: (verdict != Verdict::Pass).then(|| format!("the reason of {id}")),
        clauses: vec!["802.1ax-2014 6.4.12".into(), "802.1ax-2014 6.4.15".into()],
        level: Level::Must,
        device_time: Duration::from_millis(93_500),
        wall_time: Duration::from_micros(1_250),
        obligations: Vec::new(),
        evidence: None,
        waived: None,
        varies: false,
        attempts: Vec::new(),
    }
}

pub fn passed(id: &str) -> TestResult {
    test(id, Verdict::Pass, "")
}

pub fn run(tests: Vec<TestResult>) -> RunResult {
    RunResult {
        device: "acme 9000".into(),
        edition: Edition::Dot1Ax2014,
        seed: 0x51c3,
        excluded: Vec::new(),
        tests,
        rows: Vec::new(),
    }
}

/// Broken, about time.
pub fn late() -> Obligation {
    Obligation {
        requirement: "lacp.periodic.made-up",
        judgement: Judgement::Fail,
        text: "an LACPDU every second; the third came after 2.450 s".into(),
        timing: Some(Timing {
            window: [900_000_000, 1_100_000_000],
            limit: [800_000_000, 1_500_000_000],
            uncertainty: 2_000_000,
            observed: Some(2_450_000_000),
        }),
        frame: Some(17),
    }
}

/// Broken: it never came.
pub fn never() -> Obligation {
    Obligation {
        requirement: "marker.response",
        judgement: Judgement::Fail,
        text: "a Marker Response PDU; none came".into(),
        timing: Some(Timing { window: [0, 0], limit: [0, 1_000_000_000], uncertainty: 0, observed: None }),
        frame: None,
    }
}

/// Met, not about time.
pub fn met() -> Obligation {
    Obligation {
        requirement: "lacp.pdu.version",
        judgement: Judgement::Pass,
        text: "version 1".into(),
        timing: None,
        frame: Some(1),
    }
}

/// Every verdict, with everything that results can have.
pub fn everything() -> RunResult {
    let mut weak = test("lacp.tx.rate", Verdict::Weak, "lacp.tx.limit");
    weak.level = Level::Should;
    weak.obligations =
        vec![Obligation { judgement: Judgement::Weak, requirement: "lacp.tx.limit", ..late() }];
    let mut fail = test("lacp.periodic.fast-rate", Verdict::Fail, "lacp.periodic.made-up");
    fail.obligations = vec![met(), late(), Obligation { frame: Some(19), ..late() }];
    fail.evidence = Some("evidence/lacp.periodic.fast-rate.pcapng".into());
    let mut waived = test("marker.responder.basic", Verdict::Fail, "marker.response");
    waived.obligations = vec![never()];
    waived.waived = Some("no Marker responder in this release".into());
    let mut inconclusive = test("lacp.rx.expired", Verdict::Inconclusive, "");
    inconclusive.reason = Some("the host was 18 ms late while the window is 10 ms wide".into());
    inconclusive.obligations = vec![Obligation { judgement: Judgement::Inconclusive, ..late() }];
    let mut not_applicable = test("vrrp3.backup.takeover-time", Verdict::NotApplicable, "");
    not_applicable.reason = Some("the device does not play VRRPv3".into());
    let mut info = passed("lacp.info.port-numbers");
    info.level = Level::Info;
    info.obligations = vec![Obligation {
        judgement: Judgement::Info,
        text: "ports 1 and 2 <&>\u{1b}[31m\u{1}".into(),
        ..met()
    }];
    let mut run = run(vec![
        passed("lacp.bringup.active"),
        weak,
        fail,
        waived,
        inconclusive,
        not_applicable,
        test("lacp.tester.broken", Verdict::Error, ""),
        test("lacp.robust.short-frame", Verdict::Crash, "lacp.alive"),
        info,
    ]);
    run.tests.sort_by(|a, b| a.id.cmp(&b.id));
    run.excluded = vec!["lacp.slow".into(), "lacp.very-slow".into()];
    run.rows = vec!["lacp.rx.initialize", "lacp.rx.port-disabled"];
    run
}
