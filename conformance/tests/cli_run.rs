//! `redspec run`, `list`, `show`, `coverage`, `recheck` as a user calls them.

use std::path::Path;
use std::process::{Command, Output};

use pretty_assertions::assert_eq;
use serde_json::Value;

fn redspec(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redspec"))
        .args(arguments)
        .env("COLUMNS", "80")
        .output()
        .expect("redspec runs")
}

fn text(octets: &[u8]) -> String {
    String::from_utf8_lossy(octets).into_owned()
}

/// Its standard output; it has to end with that code.
#[track_caller]
fn ends(arguments: &[&str], code: i32) -> String {
    let output = redspec(arguments);
    let (out, err) = (text(&output.stdout), text(&output.stderr));
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{out}\n{err}");
    out
}

/// Its complaint; it has to end with that code.
#[track_caller]
fn complains(arguments: &[&str], code: i32) -> String {
    let output = redspec(arguments);
    let err = text(&output.stderr);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}\n{err}");
    assert!(!err.is_empty() && !err.contains("panicked"), "{err}");
    err
}

fn document(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("a file")).expect("JSON")
}

fn schema(name: &str) -> jsonschema::Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/redspec.{name}.1.schema.json"));
    jsonschema::draft202012::new(&document(&path)).expect("a schema")
}

/// A path in a folder, as an argument.
fn argument(folder: &tempfile::TempDir, name: &str) -> String {
    folder.path().join(name).to_str().expect("a readable path").to_owned()
}

#[test]
fn without_arguments_the_whole_suite_runs_on_the_reference_and_passes() {
    let out = ends(&["run"], 0);
    assert!(out.contains("LACP reference"), "{out}");
    assert!(out.contains("lacp.rx.expired-after-short-timeout"));
    assert!(out.contains("marker.responder.answers"));
    assert!(out.lines().all(|line| line.chars().count() <= 80), "a line is longer than 80 columns");
}

#[test]
fn every_profile_passes() {
    for line in ends(&["list", "--profiles"], 0).lines() {
        let profile = line.split_whitespace().next().expect("a name");
        ends(&["run", "--profile", profile], 0);
    }
}

#[test]
fn the_results_fit_their_schemas() {
    let folder = tempfile::tempdir().expect("a folder");
    let (json, junit) = (argument(&folder, "run.json"), argument(&folder, "run.xml"));
    ends(&["run", "--json", &json, "--junit", &junit], 0);
    let run = document(Path::new(&json));
    let errors: Vec<String> = schema("run").iter_errors(&run).map(|error| error.to_string()).collect();
    assert_eq!(errors, [""; 0]);
    let tests = run["tests"].as_array().expect("tests").len();
    let xml = std::fs::read_to_string(&junit).expect("JUnit");
    let xml = roxmltree::Document::parse(&xml).expect("XML");
    let cases = xml.descendants().filter(|node| node.has_tag_name("testcase")).count();
    assert_eq!(cases, tests);
    let summary: u64 =
        run["summary"].as_object().expect("a summary").values().filter_map(Value::as_u64).sum();
    assert_eq!(summary, tests as u64);
}

#[test]
fn two_runs_differ_in_nothing_but_wall_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = |name: &str, jobs: &str| {
        let path = argument(&folder, name);
        ends(&["run", "lacp.rx", "--jobs", jobs, "--json", &path], 0);
        let mut run = document(Path::new(&path));
        for test in run["tests"].as_array_mut().expect("tests") {
            test["wall_ns"] = Value::Null;
        }
        run
    };
    assert_eq!(run("one", "1"), run("two", "4"));
}

#[test]
fn a_filter_that_matches_nothing_is_no_success() {
    let err = complains(&["run", "lacp.no-such"], 6);
    assert!(err.contains("lacp.no-such"), "{err}");
    ends(&["list", "lacp.no-such"], 6);
}

#[test]
fn what_is_excluded_is_listed() {
    let out = ends(&["run", "lacp.rx", "-x", "lacp.rx.expired*"], 0);
    assert!(out.contains("excluded") && out.contains("lacp.rx.expired-after-short-timeout"), "{out}");
    let out = ends(&["run", "lacp.rx.expired-after-short-timeout", "--list"], 0);
    assert!(out.contains("C-04"), "{out}");
}

#[test]
fn another_standard_brings_its_own_reference() {
    let out = ends(&["run", "vrrp3"], 0);
    assert!(out.contains("VRRPv3 reference") && out.contains("rfc9568"), "{out}");
    let out = ends(&["run", "--edition", "2020", "lacp.rx"], 0);
    assert!(out.contains("802.1ax-2020"), "{out}");
}

#[test]
fn wrong_arguments_say_what_was_expected() {
    assert!(complains(&["run", "--edition", "1999"], 2).contains("802.1ax-2014"));
    assert!(complains(&["run", "--profile", "2015"], 2).contains("2014-coupled-long"));
    assert!(complains(&["run", "--waivers", "no-such-file"], 2).contains("no-such-file"));
}

#[test]
fn a_defect_fails_with_its_cause_and_a_waiver_makes_it_expected() {
    let folder = tempfile::tempdir().expect("a folder");
    let test = "lacp.rx.expired-after-short-timeout";
    let mutant = "lacp.rx.current.timeout.drop";
    let out = ends(&["run", test, "--mutant", mutant], 1);
    assert!(
        out.contains(test)
            && out.contains("802.1ax-2014 6.4.12")
            && out.contains(&format!("--mutant {mutant}")),
        "{out}"
    );
    let waivers = argument(&folder, "waivers.toml");
    let waiver = |test: &str| {
        let cause = "lacp.rx.expired-after-short-timeout";
        let text = format!(
            "[[waiver]]\ntest = {test:?}\ncause = {cause:?}\nreason = \"a defect\"\nuntil = 2999-01-01\n"
        );
        std::fs::write(&waivers, text).expect("a file");
    };
    waiver(test);
    let run = ["run", test, "-x", "*.always.*", "--waivers", &waivers];
    ends(&[&run[..], &["--mutant", mutant]].concat(), 0);
    // On the reference itself the test passes, so the waiver is not needed.
    ends(&run, 7);
    waiver("lacp.no-such-test");
    assert!(complains(&run, 2).contains("lacp.no-such-test"));
}

#[test]
fn traces_are_saved_and_judged_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let traces = argument(&folder, "traces");
    ends(&["run", "lacp.rx", "--pcap", &traces], 0);
    let out = ends(&["recheck", &traces], 0);
    assert!(out.contains(", 0 differ"), "{out}");
    // A verdict that was changed in the file does not agree.
    let path = folder.path().join("traces/lacp.rx.expired-after-short-timeout.pcapng");
    let octets = std::fs::read(&path).expect("a trace");
    let (from, to) = (&b"\"verdict\":\"pass\""[..], &b"\"verdict\":\"fail\""[..]);
    let at = octets.windows(from.len()).position(|window| window == from).expect("the verdict in the header");
    let mut changed = octets.clone();
    changed[at..at + to.len()].copy_from_slice(to);
    std::fs::write(&path, changed).expect("a trace");
    let out = ends(&["recheck", path.to_str().expect("a path")], 3);
    assert!(out.contains("DIFFERS"), "{out}");
    complains(&["recheck", "no-such-file"], 2);
}

/// tshark reads every trace to its end and shows the comments.
#[test]
fn tshark_reads_the_traces() {
    if Command::new("tshark").arg("--version").output().is_err() {
        eprintln!("skipped: tshark is not installed");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let traces = argument(&folder, "traces");
    ends(&["run", "lacp.rx", "marker", "--pcap", &traces], 0);
    let mut commented = 0;
    for entry in std::fs::read_dir(&traces).expect("a folder") {
        let path = entry.expect("an entry").path();
        let output = Command::new("tshark")
            .arg("-r")
            .arg(&path)
            .args(["-T", "fields", "-e", "frame.comment"])
            .output();
        let output = output.expect("tshark runs");
        let err: String =
            text(&output.stderr).lines().filter(|line| !line.contains("Running as user")).collect();
        assert!(output.status.success() && err.is_empty(), "{}: {err}", path.display());
        commented +=
            usize::from(text(&output.stdout).contains("redspec") || text(&output.stdout).contains("pass "));
    }
    assert!(commented > 5, "only {commented} traces have a comment");
}

#[test]
fn a_sheet_is_made_from_the_scenario() {
    let out = ends(&["show", "lacp.rx.expired-after-short-timeout"], 0);
    for words in
        ["Purpose", "References", "6.4.12", "Procedure", "T stops sending on P1", "Observable results", "TO3"]
    {
        assert!(out.contains(words), "{words} is missing in\n{out}");
    }
    assert!(
        complains(&["show", "lacp.rx.expired-after-shrt-timeout"], 2)
            .contains("did you mean lacp.rx.expired-after-short-timeout")
    );
    assert!(complains(&["show", "lacp.rx"], 2).contains("several tests"));
}

#[test]
fn coverage_names_what_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let json = argument(&folder, "run.json");
    ends(&["run", "lacp.rx.expired-after-short-timeout", "-x", "*.always.*", "--json", &json], 0);
    let out = ends(&["coverage", &json], 0);
    let line = |id: &str| out.lines().find(|line| line.contains(id)).unwrap_or_default().to_owned();
    assert!(line(" lacp.rx.expired-after-short-timeout ").contains("checked"), "{out}");
    assert!(line(" lacp.periodic.slow ").contains("untested"), "{out}");
    assert!(line("lacp.rx.current.timeout").contains("taken"), "{out}");
    assert!(line("lacp.fallback.waiting.timeout").contains("NOT TAKEN"), "{out}");
    complains(&["coverage", "no-such-file"], 2);
}

/// Over all profiles of the references: what is not exercised has a reason.
#[test]
fn the_suites_leave_nothing_out_without_a_reason() {
    let out = ends(&["coverage", "--gaps"], 0);
    for line in out.lines().filter(|line| line.contains("untested: ")) {
        assert!(!line.contains("no test judged it"), "{line}");
    }
    let rows: Vec<&str> = out.lines().filter(|line| line.contains("NOT TAKEN")).collect();
    let reasons = out.lines().filter(|line| line.trim_start().starts_with("because ")).count();
    assert_eq!(rows.len(), reasons, "{rows:?}");
}
