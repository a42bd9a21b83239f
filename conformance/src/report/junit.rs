//! A run as JUnit XML, for CI; `schema/junit.xsd` describes it.
//!
//! JUnit knows passed, failed, error and skipped. A weak test and a waived one pass, with properties that say so; what
//! is inconclusive is an error of that type; what is not applicable or excluded is skipped, with the reason.

use std::io::{self, Write};
use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::text;
use crate::time::Time;
use crate::verdict::{RunResult, TestResult, Verdict};

/// Writes a run.
///
/// # Errors
/// `out` fails.
pub fn write(mut out: impl Write, run: &RunResult) -> io::Result<()> {
    let xml = report(run).to_string().map_err(io::Error::other)?;
    // quick-junit leaves out every other character that XML cannot have.
    out.write_all(xml.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}").as_bytes())?;
    out.flush()
}

fn report(run: &RunResult) -> Report {
    let mut suites: Vec<TestSuite> = Vec::new();
    let of_tests = run.tests.iter().map(|test| (test.id.as_str(), Some(test)));
    let of_excluded = run.excluded.iter().map(|id| (id.as_str(), None));
    for (id, test) in of_tests.chain(of_excluded) {
        let name = format!("redspec.{}", id.split('.').next().unwrap_or_default());
        let at = suites.iter().position(|suite| suite.name.as_str() == name).unwrap_or_else(|| {
            suites.push(suite(&name, run));
            suites.len() - 1
        });
        let time = suites[at].time.unwrap_or_default();
        suites[at].set_time(time.saturating_add(test.map_or(Duration::ZERO, |test| test.wall_time)));
        suites[at].add_test_case(test.map_or_else(|| excluded(id), case));
    }
    let mut report = Report::new("redspec");
    let times = suites.iter().filter_map(|suite| suite.time);
    report.set_time(times.fold(Duration::ZERO, Duration::saturating_add));
    report.add_test_suites(suites);
    report
}

/// The tests of one protocol.
fn suite(name: &str, run: &RunResult) -> TestSuite {
    let mut suite = TestSuite::new(name);
    suite.add_property(("dut", run.device.as_str()));
    suite.add_property(("edition", run.edition.name()));
    suite.add_property(("seed", run.seed.to_string().as_str()));
    suite
}

/// Protocol and area.
fn class(id: &str) -> String {
    let words: Vec<_> = id.split('.').collect();
    let area = &words[..(words.len() - 1).clamp(1, 2)];
    format!("redspec.{}", area.join("."))
}

fn excluded(id: &str) -> TestCase {
    let mut status = TestCaseStatus::skipped();
    status.set_message("excluded");
    let mut case = TestCase::new(id, status);
    case.set_classname(class(id));
    case
}

fn case(test: &TestResult) -> TestCase {
    let mut case = TestCase::new(test.id.as_str(), status(test));
    case.set_classname(class(&test.id)).set_time(test.wall_time);
    let device_time = Time::ZERO + test.device_time;
    case.add_property(("verdict", test.verdict.name()));
    case.add_property(("level", test.level.name()));
    case.add_property(("clauses", test.clauses.join("; ").as_str()));
    case.add_property(("dut_time", device_time.to_string().as_str()));
    let evidence = test.evidence.as_ref().map(|path| path.to_string_lossy());
    for (name, value) in [
        ("cause", test.cause.as_deref()),
        ("reason", test.reason.as_deref()),
        ("waived", test.waived.as_deref()),
        ("evidence", evidence.as_deref()),
    ] {
        if let Some(value) = value {
            case.add_property((name, value));
        }
    }
    case
}

fn status(test: &TestResult) -> TestCaseStatus {
    let reason = test.reason.as_deref().unwrap_or_default();
    let (kind, ty) = match test.verdict {
        Verdict::Pass | Verdict::Weak => return TestCaseStatus::success(),
        _ if test.waived.is_some() => return TestCaseStatus::success(),
        Verdict::NotApplicable => {
            let mut status = TestCaseStatus::skipped();
            status.set_message(reason);
            return status;
        }
        Verdict::Fail => (NonSuccessKind::Failure, test.cause.as_deref().unwrap_or_default()),
        Verdict::Inconclusive | Verdict::Error | Verdict::Crash => {
            (NonSuccessKind::Error, test.verdict.name())
        }
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_type(ty).set_message(reason).set_description(description(test));
    status
}

/// What was broken, and where to look.
fn description(test: &TestResult) -> String {
    let mut lines = format!("{} {}\n", test.level.name(), test.clauses.join("; "));
    lines.extend(test.reason.iter().map(|reason| format!("{reason}\n")));
    lines.extend(text::deciding(&test.obligations).map(text::obligation));
    lines.extend(test.evidence.iter().map(|path| format!("evidence: {}\n", path.display())));
    lines
}
