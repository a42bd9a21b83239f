//! JSON of a run against its schema; the schemas themselves against what they must refuse.

use std::path::Path;
use std::time::Duration;

use jsonschema::Validator;
use pretty_assertions::assert_eq;
use redspec::report::json::{self, Run};
use redspec::spec::{Edition, Level};
use redspec::verdict::Judgement::{Fail, Inconclusive, Info, Pass, Weak};
use redspec::verdict::{RunResult, Verdict};
use serde_json::{Value, json};

mod results;
use results::{everything, late, met, never, run, test};

fn schema(name: &str) -> Validator {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("schema/redspec.{name}.1.schema.json"));
    let text = std::fs::read_to_string(path).unwrap();
    let schema: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(schema["title"], format!("redspec.{name}/1"));
    assert!(jsonschema::meta::is_valid(&schema), "{name}: {:?}", jsonschema::meta::validate(&schema).err());
    jsonschema::draft202012::new(&schema).unwrap()
}

fn document(run: &RunResult) -> Value {
    let mut text = Vec::new();
    json::write(&mut text, run).unwrap();
    assert_eq!(text.last(), Some(&b'\n'));
    serde_json::from_slice(&text).unwrap()
}

#[track_caller]
fn accepted(schema: &Validator, document: &Value) {
    let errors: Vec<_> =
        schema.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert_eq!(errors, [""; 0]);
}

/// Each change alone has to be refused. It is a pointer and a value; null instead of a value removes what is there.
#[track_caller]
fn refused(schema: &Validator, good: &Value, changes: &[(&str, Value)]) {
    accepted(schema, good);
    for (pointer, value) in changes {
        let mut bad = good.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match (bad.pointer_mut(parent).unwrap_or_else(|| panic!("{parent} is missing")), key.parse::<usize>())
        {
            (Value::Object(object), _) if *value == Value::Null && object.contains_key(key) => {
                object.remove(key);
            }
            (Value::Object(object), _) => {
                object.insert(key.to_owned(), value.clone());
            }
            (Value::Array(array), Ok(index)) => array[index] = value.clone(),
            (other, _) => panic!("{pointer}: {other}"),
        }
        assert_ne!(&bad, good, "{pointer}");
        assert!(!schema.is_valid(&bad), "{pointer} = {value} is accepted");
    }
}

#[test]
fn real_output_is_valid() {
    let schema = schema("run");
    accepted(&schema, &document(&everything()));
    accepted(&schema, &document(&run(vec![])));
    let mut extreme = everything();
    extreme.seed = u64::MAX;
    for test in &mut extreme.tests {
        (test.device_time, test.wall_time) = (Duration::MAX, Duration::ZERO);
        for timing in test.obligations.iter_mut().filter_map(|obligation| obligation.timing.as_mut()) {
            timing.window = [i64::MIN, i64::MAX];
            timing.limit = [i64::MAX, i64::MIN];
            timing.uncertainty = u64::MAX;
            timing.observed = Some(i64::MIN);
        }
    }
    accepted(&schema, &document(&extreme));
}

#[test]
fn the_document_to_the_letter() {
    let mut fail = test("lacp.periodic.fast-rate", Verdict::Fail, "lacp.periodic.made-up");
    fail.obligations = vec![met(), late()];
    fail.evidence = Some("evidence/trace.pcapng".into());
    let mut text = Vec::new();
    json::write(&mut text, &run(vec![fail])).unwrap();
    assert_eq!(
        String::from_utf8(text).unwrap(),
        r#"{
  "schema": "redspec.run/1",
  "dut": "acme 9000",
  "edition": "802.1ax-2014",
  "seed": 20931,
  "summary": {
    "pass": 0,
    "weak": 0,
    "fail": 1,
    "inconclusive": 0,
    "not_applicable": 0,
    "error": 0,
    "crash": 0
  },
  "tests": [
    {
      "id": "lacp.periodic.fast-rate",
      "verdict": "fail",
      "cause": "lacp.periodic.made-up",
      "reason": "the reason of lacp.periodic.fast-rate",
      "clauses": [
        "802.1ax-2014 6.4.12",
        "802.1ax-2014 6.4.15"
      ],
      "level": "MUST",
      "dut_time_ns": 93500000000,
      "wall_ns": 1250000,
      "obligations": [
        {
          "requirement": "lacp.pdu.version",
          "verdict": "pass",
          "text": "version 1",
          "window_ns": null,
          "limit_ns": null,
          "slack_ns": null,
          "uncertainty_ns": null,
          "observed_ns": null,
          "frame": 1
        },
        {
          "requirement": "lacp.periodic.made-up",
          "verdict": "fail",
          "text": "an LACPDU every second; the third came after 2.450 s",
          "window_ns": [
            900000000,
            1100000000
          ],
          "limit_ns": [
            800000000,
            1500000000
          ],
          "slack_ns": 400000000,
          "uncertainty_ns": 2000000,
          "observed_ns": 2450000000,
          "frame": 17
        }
      ],
      "evidence": "evidence/trace.pcapng"
    }
  ],
  "excluded": [],
  "rows": []
}
"#
    );
}

#[test]
fn the_summary_counts() {
    let document = document(&everything());
    assert_eq!(
        document["summary"],
        json!({"pass": 2, "weak": 1, "fail": 2, "inconclusive": 1, "not_applicable": 1, "error": 1, "crash": 1})
    );
    assert_eq!(document["excluded"], json!(["lacp.slow", "lacp.very-slow"]));
    assert_eq!(document["rows"], json!(["lacp.rx.initialize", "lacp.rx.port-disabled"]));
}

#[test]
fn slack_is_the_wider_side() {
    let slack = |limit| {
        let mut obligation = never();
        let mut timing = obligation.timing.unwrap();
        timing.window = [100, 200];
        timing.limit = limit;
        obligation.timing = Some(timing);
        json::Obligation::from(&obligation).slack_ns
    };
    assert_eq!(slack([90, 250]), Some(50));
    assert_eq!(slack([10, 250]), Some(90));
    assert_eq!(slack([100, 200]), Some(0));
    assert_eq!(slack([110, 190]), Some(0));
    assert_eq!(json::Obligation::from(&met()).slack_ns, None);
    assert_eq!(json::Obligation::from(&never()).observed_ns, None);
}

/// The names are those that everything else prints.
#[test]
fn names() {
    for verdict in Verdict::ALL {
        let run = run(vec![test("lacp.x", verdict, "")]);
        assert_eq!(document(&run)["tests"][0]["verdict"], verdict.name());
    }
    for level in [Level::Must, Level::Should, Level::May, Level::Info] {
        let mut run = run(vec![test("lacp.x", Verdict::Pass, "")]);
        run.tests[0].level = level;
        assert_eq!(document(&run)["tests"][0]["level"], level.name());
    }
    for judgement in [Info, Pass, Weak, Inconclusive, Fail] {
        let mut run = everything();
        run.tests.retain(|test| !test.obligations.is_empty());
        run.tests[0].obligations[0].judgement = judgement;
        assert_eq!(document(&run)["tests"][0]["obligations"][0]["verdict"], judgement.name());
    }
    for &edition in Edition::ALL {
        let mut run = run(vec![]);
        run.edition = edition;
        assert_eq!(document(&run)["edition"], edition.name());
    }
}

#[test]
fn what_is_written_is_read() {
    let run = everything();
    let mut text = Vec::new();
    json::write(&mut text, &run).unwrap();
    assert_eq!(json::read(&*text).unwrap(), Run::from(&run));

    let error = |text: &str| json::read(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(error(r#"{"schema":"redspec.run/2"}"#), r#"schema "redspec.run/2", expected "redspec.run/1""#);
    assert_eq!(error("{}"), "expected a redspec.run/1 document: missing field `schema`");
    assert!(error("[").starts_with("expected a redspec.run/1 document: EOF while parsing"));
    let text = String::from_utf8(text).unwrap();
    assert!(
        error(&text.replace("802.1ax-2014\",\n  \"seed", "802.1q\",\n  \"seed")).contains("unknown edition")
    );
    assert!(error(&text.replace("\"inconclusive\",", "\"perhaps\",")).contains("unknown variant `perhaps`"));
}

#[test]
fn a_run_that_is_none_is_refused() {
    let good = document(&everything());
    let at = |verdict: &str| {
        let tests = good["tests"].as_array().unwrap();
        format!("/tests/{}", tests.iter().position(|test| test["verdict"] == verdict).unwrap())
    };
    let (pass, fail, weak, unsure) = (at("pass"), at("fail"), at("weak"), at("inconclusive"));
    // The failure has one that was met, then one about time.
    let (met, late) = (format!("{fail}/obligations/0"), format!("{fail}/obligations/1"));
    let changes = [
        ("/schema".to_owned(), json!("redspec.run/2")),
        ("/schema".to_owned(), Value::Null),
        ("/dut".to_owned(), json!(3)),
        ("/edition".to_owned(), json!("")),
        ("/seed".to_owned(), json!(-1)),
        ("/seed".to_owned(), json!("20931")),
        ("/summary/not_applicable".to_owned(), Value::Null),
        ("/summary/not-applicable".to_owned(), json!(1)),
        ("/summary/pass".to_owned(), json!(1.5)),
        ("/tests".to_owned(), json!({})),
        ("/rows/0".to_owned(), json!("Not An Id")),
        ("/excluded".to_owned(), Value::Null),
        ("/other".to_owned(), json!(1)),
        (format!("{pass}/id"), json!("lacp")),
        (format!("{pass}/id"), json!("lacp..x")),
        (format!("{pass}/verdict"), json!("ok")),
        (format!("{pass}/cause"), json!("none")),
        (format!("{pass}/waived"), json!("no reason")),
        (format!("{pass}/level"), json!("must")),
        (format!("{pass}/wall_ns"), json!(-1)),
        (format!("{pass}/dut_time_ns"), Value::Null),
        (format!("{pass}/evidence"), Value::Null),
        (format!("{pass}/clauses"), json!("6.4.12")),
        (format!("{pass}/clauses/0"), json!("")),
        (format!("{fail}/cause"), Value::Null),
        (format!("{fail}/reason"), Value::Null),
        (format!("{weak}/cause"), Value::Null),
        (format!("{unsure}/reason"), Value::Null),
        (format!("{unsure}/waived"), json!("not a failure")),
        (format!("{late}/requirement"), json!("6.4.12")),
        (format!("{late}/verdict"), json!("crash")),
        (format!("{late}/window_ns"), json!([1])),
        (format!("{late}/window_ns"), json!([1, 2, 3])),
        (format!("{late}/limit_ns/0"), json!("1")),
        (format!("{late}/slack_ns"), json!(-1)),
        (format!("{late}/uncertainty_ns"), json!(0.5)),
        (format!("{late}/frame"), json!(0)),
        (format!("{late}/observed_ns"), Value::Null),
        (format!("{met}/observed_ns"), json!(5)),
        (format!("{met}/slack_ns"), json!(5)),
        (format!("{met}/window_ns"), json!([1, 2])),
    ];
    let changes: Vec<_> = changes.iter().map(|(pointer, value)| (pointer.as_str(), value.clone())).collect();
    refused(&schema("run"), &good, &changes);
}

#[test]
fn the_schema_of_selftest() {
    let good = json!({
        "schema": "redspec.selftest/1",
        "score": 1.0,
        "mutants": [
            {
                "id": "lacp.rx.expired.drop",
                "row": "lacp.rx.expired",
                "description": "never leaves CURRENT",
                "killed_by": ["lacp.rx.expired-after-short-timeout", "lacp.rx.expired-after-long-timeout"],
                "equivalent": null
            },
            {
                "id": "lacp.tx.order",
                "row": null,
                "description": "sends the ports of one instant in the other order",
                "killed_by": [],
                "equivalent": "the standard gives no order"
            }
        ],
        "tests_killing_nothing": ["lacp.info.port-numbers"],
        "failing": [],
        "unfair": [{"test": "vrrp3.rx.ttl", "device": "rfc9568, slow", "reason": "fail: it still waits"}]
    });
    let schema = schema("selftest");
    accepted(
        &schema,
        &json!({"schema": "redspec.selftest/1", "score": 0, "mutants": [], "tests_killing_nothing": []}),
    );
    refused(
        &schema,
        &good,
        &[
            ("/schema", json!("redspec.run/1")),
            ("/score", json!(100)),
            ("/score", json!("100 %")),
            ("/score", Value::Null),
            ("/mutants/0/id", json!("mutant 1")),
            ("/mutants/0/row", json!(1)),
            ("/mutants/0/description", json!("")),
            ("/mutants/0/killed_by", json!("lacp.x")),
            ("/mutants/0/killed_by/1", json!("lacp.rx.expired-after-short-timeout")),
            ("/mutants/0/equivalent", json!("killed all the same")),
            ("/mutants/1/equivalent", Value::Null),
            ("/mutants/1/equivalent", json!(true)),
            ("/tests_killing_nothing/0", json!("")),
            ("/tests_killing_nothing", Value::Null),
            ("/failing", json!(0)),
            ("/unfair/0", json!("vrrp3.rx.ttl")),
            ("/unfair/0/reason", Value::Null),
            ("/time", json!(1)),
        ],
    );
}

#[test]
fn the_schema_of_check() {
    let good = json!({
        "schema": "redspec.check/1",
        "files": [
            {
                "file": "site.pcapng",
                "frames": 1234,
                "error": "offset 24, packets read 1234: cut short",
                "devices": ["00:00:5e:00:01:33", {"device": "LACP system 1", "ports": 2}],
                "findings": [
                    {
                        "requirement": "lacp.periodic.made-up",
                        "clause": "802.1ax-2014 6.4.13",
                        "level": "MUST",
                        "verdict": "fail",
                        "device": "LACP system 1",
                        "frame": 17,
                        "time_ns": 1_795_397_671_611_292_414_i64,
                        "text": "an LACPDU every second; the third came after 2.450 s"
                    },
                    {
                        "requirement": "lacp.pdu.reserved",
                        "clause": "802.1ax-2014 6.4.2",
                        "level": "SHOULD",
                        "verdict": "weak",
                        "device": "LACP system 1",
                        "frame": null,
                        "time_ns": null,
                        "text": "zero, found 1"
                    }
                ]
            }
        ]
    });
    let schema = schema("check");
    accepted(&schema, &json!({"schema": "redspec.check/1", "files": []}));
    refused(
        &schema,
        &good,
        &[
            ("/schema", json!("redspec.check/2")),
            ("/files", Value::Null),
            ("/files/0/file", Value::Null),
            ("/files/0/frames", json!(-1)),
            ("/files/0/frames", json!("1234")),
            ("/files/0/error", json!("")),
            ("/files/0/devices", Value::Null),
            ("/files/0/devices/0", json!("")),
            ("/files/0/devices/0", json!(3)),
            ("/files/0/devices/1", json!({"ports": 2})),
            ("/files/0/findings", Value::Null),
            ("/files/0/other", json!(0)),
            ("/files/0/findings/0/requirement", json!("6.4.13")),
            ("/files/0/findings/0/clause", json!("")),
            ("/files/0/findings/0/level", json!("SHOULD")),
            ("/files/0/findings/1/level", json!("MUST")),
            ("/files/0/findings/0/level", json!("SHALL")),
            ("/files/0/findings/0/verdict", json!("pass")),
            ("/files/0/findings/0/device", Value::Null),
            ("/files/0/findings/0/frame", json!(0)),
            ("/files/0/findings/0/time_ns", json!("1795397671.6")),
            ("/files/0/findings/0/text", json!("")),
            ("/files/0/findings/0/other", json!("")),
        ],
    );
}
