//! `redspec check` as its users run it: what it prints, its JSON, its exit codes.

mod support;

use std::io::Write;
use std::process::{Command, Output, Stdio};

use pretty_assertions::assert_eq;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use serde_json::{Value, json};
use support::{Packet, capture, ethernet, hex, pcap};
use tempfile::TempDir;

const ETHERNET: u32 = 1;
const FRELAY: u32 = 107;

/// A LACPDU of the port `number` of a system, from a source address that ends in it.
fn lacpdu(number: u16, state: u8) -> Vec<u8> {
    let actor = PortInformation {
        system_priority: 1,
        system: [2, 0, 0, 0, 0, 9].into(),
        key: 3,
        port_priority: 4,
        port: number,
        state: State(state),
    };
    let octets = Lacpdu::new(actor, PortInformation::default(), 0).to_octets();
    ethernet("0180c2000002", &format!("0200000000{number:02x}"), "8809", &octets)
}

/// Synchronization is missing.
const COLLECTING: u8 = 0x17;
const GOOD: u8 = 0x07;

struct Files(TempDir);

impl Files {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(self, name: &str, content: &[u8]) -> Self {
        std::fs::write(self.0.path().join(name), content).unwrap();
        self
    }

    fn check(&self, arguments: &[&str]) -> Ran {
        let output = Command::new(env!("CARGO_BIN_EXE_redspec"))
            .arg("check")
            .args(arguments)
            .current_dir(self.0.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        output.into()
    }

    fn json(&self, name: &str) -> Value {
        let value = serde_json::from_slice(&std::fs::read(self.0.path().join(name)).unwrap()).unwrap();
        keeps_the_schema(&value);
        value
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        let text = |octets| String::from_utf8(octets).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

fn keeps_the_schema(value: &Value) {
    let schema: Value = serde_json::from_str(include_str!("../schema/redspec.check.1.schema.json")).unwrap();
    let errors: Vec<_> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(value)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?} in {value:#}");
}

#[test]
fn a_finding_says_where_and_what() {
    let file = capture(ETHERNET, &[lacpdu(5, GOOD), lacpdu(5, COLLECTING)]);
    let ran = Files::new().with("a.pcap", &file).check(&["a.pcap"]);
    assert_eq!(ran.code, Some(1));
    assert_eq!(ran.err, "");
    let (head, tail) = ran.out.rsplit_once("1 fail; ").unwrap();
    assert_eq!(
        head,
        "\
a.pcap: 2 frames, 2 of LACP, Marker, VRRP, HSRP or GLBP
  02:00:00:00:00:05, 2 LACPDUs, partner not found: system 1/02:00:00:00:00:09 key 3 port 4/5, active, short timeout
frame 2 at 2.000 s  02:00:00:00:00:05  fail MUST  lacp.mux.collecting-needs-synchronization (802.1ax-2014 6.4.15)
    Collecting without Synchronization: ACT|SHORT|AGG|COL
"
    );
    assert!(tail.contains("judgements passed"), "{tail}");
}

#[test]
fn json_has_everything() {
    let good = capture(ETHERNET, &[lacpdu(5, GOOD)]);
    let bad = capture(ETHERNET, &[lacpdu(6, COLLECTING)]);
    let files = Files::new().with("good.pcap", &good).with("bad.pcap", &bad);
    let ran = files.check(&["good.pcap", "bad.pcap", "--json", "out.json", "--edition", "2020"]);
    assert_eq!(ran.code, Some(1));
    let value = files.json("out.json");
    assert_eq!(value["files"][0]["findings"], json!([]));
    assert_eq!(value["files"][1]["file"], "bad.pcap");
    assert_eq!(value["files"][1]["frames"], 1);
    assert_eq!(
        value["files"][1]["findings"],
        json!([{
            "requirement": "lacp.mux.collecting-needs-synchronization",
            "clause": "802.1ax-2020 6.4.13",
            "level": "MUST",
            "verdict": "fail",
            "device": "02:00:00:00:00:06",
            "frame": 1,
            "time_ns": 1_000_000_000,
            "text": "Collecting without Synchronization: ACT|SHORT|AGG|COL",
        }])
    );
    let device = &value["files"][1]["devices"][0];
    assert_eq!(device["device"], "02:00:00:00:00:06");
    assert_eq!(device["pdus"], json!({ "lacp": 1 }));
    assert_eq!(device["peer"], Value::Null);
    assert_eq!(device["judged"]["violated"], 1);

    // On the standard output it stands alone.
    let ran = files.check(&["good.pcap", "--json", "-"]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(0), ""));
    keeps_the_schema(&serde_json::from_str(&ran.out).unwrap());
}

#[test]
fn a_damaged_file_is_judged_as_far_as_it_goes() {
    let mut file = capture(ETHERNET, &[lacpdu(5, COLLECTING), lacpdu(5, GOOD)]);
    file.truncate(file.len() - 10);
    let files = Files::new().with("a.pcap", &file);
    let ran = files.check(&["a.pcap", "--json", "out.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.contains("frame 1 at 1.000 s"), "{}", ran.out);
    assert!(
        ran.err.contains("a.pcap: offset 164, packets read 1: the file ends inside a record"),
        "{}",
        ran.err
    );
    let value = files.json("out.json");
    assert_eq!(value["files"][0]["findings"][0]["frame"], 1);
    assert!(value["files"][0]["error"].as_str().unwrap().contains("the file ends inside a record"));

    let ran = files.check(&["missing.pcap"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.starts_with("redspec: missing.pcap: "), "{}", ran.err);
}

#[test]
fn without_a_frame_of_ours_nothing_ran() {
    let data =
        ethernet("020000000001", "020000000002", "0800", &hex("45000014000000004006000001020304 05060708"));
    let other = ethernet("0180c2000002", "020000000002", "8809", &hex("0a0019a7"));
    let files = Files::new()
        .with("data.pcap", &capture(ETHERNET, &[data]))
        .with("other.pcap", &capture(ETHERNET, &[other]))
        .with("relay.pcap", &capture(FRELAY, &[vec![0; 60]]))
        .with("good.pcap", &capture(ETHERNET, &[lacpdu(5, GOOD)]));
    assert_eq!(files.check(&["data.pcap"]).code, Some(6));
    let ran = files.check(&["other.pcap"]);
    assert_eq!(ran.code, Some(6));
    assert!(
        ran.out.contains("not judged: 1 frame of another slow protocol, or of what is no VRRP, HSRP or GLBP"),
        "{}",
        ran.out
    );
    assert_eq!(files.check(&["data.pcap", "good.pcap"]).code, Some(0));
    let ran = files.check(&["relay.pcap"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("link type FRELAY (107) is not supported"), "{}", ran.err);
}

#[test]
fn what_was_captured_in_part_is_no_violation() {
    let short = Packet::new(1, 0, lacpdu(5, GOOD)).cut(60);
    let ran = Files::new().with("a.pcap", &pcap(ETHERNET, &[short])).check(&["a.pcap"]);
    assert_eq!(ran.code, Some(0));
    assert!(ran.out.contains("02:00:00:00:00:05, 1 unreadable"), "{}", ran.out);
    // The same octets as a whole frame.
    let short = lacpdu(5, GOOD)[..60].to_vec();
    let ran = Files::new().with("a.pcap", &capture(ETHERNET, &[short])).check(&["a.pcap"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("lacp.encapsulation.length"), "{}", ran.out);
}

#[test]
fn standard_input_and_usage() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_redspec"))
        .args(["check", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(&capture(ETHERNET, &[lacpdu(5, COLLECTING)])).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.starts_with("-: 1 frame, 1 of LACP, Marker, VRRP, HSRP or GLBP\n"), "{}", ran.out);

    let ran = Files::new().check(&["a.pcap", "--edition", "rfc1"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.err.contains("rfc1"), "{}", ran.err);
    // Of another protocol: LACP is not judged.
    let files = Files::new().with("a.pcap", &capture(ETHERNET, &[lacpdu(5, COLLECTING)]));
    assert_eq!(files.check(&["a.pcap", "--edition", "rfc9568"]).code, Some(0));
    assert_eq!(Files::new().check(&[]).code, Some(2));
}

/// Cooked captures have no destination, and name the interface of each packet.
#[test]
fn cooked_captures_are_judged_by_interface() {
    let cooked = |interface: u8, number: u16, state| {
        let frame = lacpdu(number, state);
        let header = format!("8809 0000 000000{interface:02x} 0001 00 06 0200000000{number:02x} 0000");
        [hex(&header), frame[14..].to_vec()].concat()
    };
    let file = capture(276, &[cooked(3, 5, GOOD), cooked(4, 6, COLLECTING)]);
    let ran = Files::new().with("a.pcap", &file).check(&["a.pcap"]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.out.contains("02:00:00:00:00:05 on P1, 1 LACPDU"), "{}", ran.out);
    assert!(ran.out.contains("frame 2 at 2.000 s  02:00:00:00:00:06 on P2  fail MUST"), "{}", ran.out);
}
