//! JUnit XML of a run: read by another parser, and against the schema if xmllint is there.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pretty_assertions::assert_eq;
use redspec::report::junit;
use redspec::verdict::{Obligation, RunResult, TestResult, Verdict};
use roxmltree::{Document, Node};

mod results;
use results::{everything, late, run, test};

fn xml(run: &RunResult) -> String {
    let mut text = Vec::new();
    junit::write(&mut text, run).unwrap();
    String::from_utf8(text).unwrap()
}

/// The test of that id.
fn case<'a, 'i>(document: &'a Document<'i>, id: &str) -> Node<'a, 'i> {
    let mut found = document.descendants().filter(|node| node.has_tag_name("testcase"));
    found.find(|node| node.attribute("name") == Some(id)).unwrap_or_else(|| panic!("no {id}"))
}

fn properties<'a>(case: Node<'a, '_>) -> Vec<(&'a str, &'a str)> {
    case.descendants()
        .filter(|node| node.has_tag_name("property"))
        .map(|node| (node.attribute("name").unwrap(), node.attribute("value").unwrap()))
        .collect()
}

/// What stands in a case besides its properties: tag, type, message, text.
fn outcome<'a>(case: Node<'a, '_>) -> Option<[&'a str; 4]> {
    let mut others = case.children().filter(|node| node.is_element() && !node.has_tag_name("properties"));
    let node = others.next()?;
    assert!(others.next().is_none());
    let attribute = |name| node.attribute(name).unwrap_or_default();
    Some([node.tag_name().name(), attribute("type"), attribute("message"), node.text().unwrap_or_default()])
}

#[test]
fn counts() {
    let xml = xml(&everything());
    let document = Document::parse(&xml).unwrap();
    let counts = |node: Node<'_, '_>| {
        ["name", "tests", "skipped", "failures", "errors"]
            .map(|name| node.attribute(name).unwrap().to_owned())
    };
    let root = document.root_element();
    assert_eq!(counts(root), ["redspec", "11", "3", "1", "3"]);
    let suites: Vec<_> = root.children().filter(Node::is_element).map(counts).collect();
    assert_eq!(
        suites,
        [
            ["redspec.lacp", "9", "2", "1", "3"],
            ["redspec.marker", "1", "0", "0", "0"],
            ["redspec.vrrp3", "1", "1", "0", "0"]
        ]
    );
    let suite = root.first_element_child().unwrap();
    let about = suite.first_element_child().unwrap();
    assert_eq!(properties(about), [("dut", "acme 9000"), ("edition", "802.1ax-2014"), ("seed", "20931")]);
}

#[test]
fn every_verdict() {
    let xml = xml(&everything());
    let document = Document::parse(&xml).unwrap();
    let of = |id: &str| case(&document, id);

    let passed = of("lacp.bringup.active");
    assert_eq!(passed.attribute("classname"), Some("redspec.lacp.bringup"));
    assert_eq!(passed.attribute("time"), Some("0.001"));
    assert_eq!(outcome(passed), None);
    assert_eq!(
        properties(passed),
        [
            ("verdict", "pass"),
            ("level", "MUST"),
            ("clauses", "802.1ax-2014 6.4.12; 802.1ax-2014 6.4.15"),
            ("dut_time", "93.500")
        ]
    );

    let weak = of("lacp.tx.rate");
    assert_eq!(outcome(weak), None);
    assert_eq!(properties(weak)[..2], [("verdict", "weak"), ("level", "SHOULD")]);
    assert_eq!(properties(weak)[4..], [("cause", "lacp.tx.limit"), ("reason", "the reason of lacp.tx.rate")]);

    let waived = of("marker.responder.basic");
    assert_eq!(outcome(waived), None);
    assert_eq!(properties(waived)[0], ("verdict", "fail"));
    assert_eq!(properties(waived)[6], ("waived", "no Marker responder in this release"));

    let fail = of("lacp.periodic.fast-rate");
    let text = "MUST 802.1ax-2014 6.4.12; 802.1ax-2014 6.4.15
the reason of lacp.periodic.fast-rate
fail: lacp.periodic.made-up, frame 17
  an LACPDU every second; the third came after 2.450 s
  window 0.900 s to 1.100 s, held to 0.800 s to 1.500 s; seen 2.450 s, ± 0.002 s
fail: lacp.periodic.made-up, frame 19
  an LACPDU every second; the third came after 2.450 s
  window 0.900 s to 1.100 s, held to 0.800 s to 1.500 s; seen 2.450 s, ± 0.002 s
evidence: evidence/lacp.periodic.fast-rate.pcapng
";
    let reason = "the reason of lacp.periodic.fast-rate";
    assert_eq!(outcome(fail), Some(["failure", "lacp.periodic.made-up", reason, text]));
    assert_eq!(properties(fail)[6], ("evidence", "evidence/lacp.periodic.fast-rate.pcapng"));

    for (id, ty) in [
        ("lacp.rx.expired", "inconclusive"),
        ("lacp.tester.broken", "error"),
        ("lacp.robust.short-frame", "crash"),
    ] {
        let [tag, found, message, text] = outcome(of(id)).unwrap();
        assert_eq!((tag, found), ("error", ty));
        assert!(text.contains(message), "{id}");
    }

    assert_eq!(
        outcome(of("vrrp3.backup.takeover-time")),
        Some(["skipped", "", "the device does not play VRRPv3", ""])
    );
    assert_eq!(outcome(of("lacp.slow")), Some(["skipped", "", "excluded", ""]));
    assert_eq!(of("lacp.slow").attribute("classname"), Some("redspec.lacp"));
}

/// What a device sent may be in a text: markup, control characters, escapes for terminals.
fn hostile() -> RunResult {
    let mut fail = test("lacp.rx.hostile", Verdict::Fail, "lacp.rx.<cause>");
    let nasty = "]]> <a b='\"'>&amp;\u{1b}[31m red \u{1}\u{0}\u{ffff}\u{fffe} ü\r\n";
    fail.reason = Some(nasty.to_owned());
    fail.clauses = vec![nasty.to_owned()];
    fail.obligations = vec![Obligation { text: nasty.to_owned(), ..late() }];
    fail.evidence = Some(nasty.into());
    (fail.wall_time, fail.device_time) = (Duration::MAX, Duration::MAX);
    let other = TestResult { id: "lacp.rx.hostile-too".into(), ..fail.clone() };
    RunResult { device: nasty.to_owned(), ..run(vec![fail, other]) }
}

#[test]
fn hostile_texts_stay_texts() {
    let xml = xml(&hostile());
    let document = Document::parse(&xml).unwrap();
    let [tag, ty, message, text] = outcome(case(&document, "lacp.rx.hostile")).unwrap();
    assert_eq!((tag, ty), ("failure", "lacp.rx.<cause>"));
    assert!(message.starts_with("]]> <a b='\"'>&amp; red \u{fffd}\u{fffd} ü"), "{message:?}");
    assert!(text.contains("]]> <a b='\"'>&amp; red \u{fffd}\u{fffd} ü"), "{text:?}");
}

/// Runs xmllint; `None` if it is not installed.
fn valid(xml: &str) -> Option<Result<(), String>> {
    if Command::new("xmllint").arg("--version").output().is_err() {
        eprintln!("xmllint is not installed: the schema of JUnit XML was not asked");
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("junit.xml");
    std::fs::write(&path, xml).unwrap();
    let schema = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema/junit.xsd");
    let run = Command::new("xmllint")
        .args(["--noout", "--nonet", "--schema"])
        .arg(schema)
        .arg(path)
        .output()
        .unwrap();
    let complaint = String::from_utf8_lossy(&run.stderr).into_owned();
    Some(if run.status.success() { Ok(()) } else { Err(complaint) })
}

#[test]
fn the_schema_accepts_it() {
    for run in [everything(), run(vec![]), hostile()] {
        if let Some(answer) = valid(&xml(&run)) {
            assert_eq!(answer, Ok(()));
        }
    }
}

#[test]
fn the_schema_refuses_what_is_wrong() {
    let good = xml(&everything());
    for (from, to) in [
        ("type=\"inconclusive\"", "type=\"perhaps\""),
        ("type=\"lacp.periodic.made-up\"", ""),
        (" tests=\"11\"", ""),
        (" tests=\"11\"", " tests=\"-1\""),
        ("<skipped message=\"excluded\"/>", "<skipped/>"),
        ("<skipped message=\"excluded\"/>", "<ignored message=\"excluded\"/>"),
        ("<property name=\"level\"", "<property"),
        ("classname=\"redspec.lacp.rx\"", "classname=\"other\""),
        ("name=\"lacp.rx.expired\"", "name=\"lacp.tx.rate\""),
        ("name=\"lacp.rx.expired\"", "name=\"\""),
        ("time=\"0.001\"", "time=\"1 ms\""),
        ("redspec.marker\"", "redspec.lacp\""),
    ] {
        let bad = good.replacen(from, to, 1);
        assert_ne!(bad, good, "{from}");
        if let Some(answer) = valid(&bad) {
            let complaint = answer.expect_err(&format!("{from} -> {to} was accepted"));
            assert!(complaint.contains("Schemas validity error"), "{complaint}");
        }
    }
}
