//! The fields that tcpdump's output beside a capture states.

use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use regex::{Captures, Regex};
use serde_json::{Value, json};

use super::{Line, captures_in, decode, failed, name_of};

/// One trial for each output of tcpdump in the directory.
pub fn trials(directory: &Path) -> Vec<Trial> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut outputs: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension().is_some_and(|extension| extension == "out")
                && name_of(path).contains("__tcpdump__")
        })
        .collect();
    outputs.sort();
    let captures = captures_in(directory);
    outputs
        .into_iter()
        .map(|output| {
            let capture = capture_of(&captures, &output);
            Trial::test(format!("tcpdump::{}", name_of(&output)), move || {
                check(&capture.ok_or_else(|| failed("no capture belongs to it"))?, &output)
            })
        })
        .collect()
}

/// `NAME.TEST.out` belongs to `NAME.pcap`.
fn capture_of(captures: &[PathBuf], output: &Path) -> Option<PathBuf> {
    let name = name_of(output);
    captures
        .iter()
        .filter(|capture| name.starts_with(&name_of(capture).replace(".pcap", ".")))
        .max_by_key(|capture| name_of(capture).len())
        .cloned()
}

fn check(capture: &Path, output: &Path) -> Result<(), Failed> {
    let decoded = decode(capture)?;
    let text = std::fs::read_to_string(output)?;
    // A record begins with the number of its frame.
    let start = Regex::new(r"(?m)^ *(\d+)  (\d{4}-|\[)")?;
    let starts: Vec<_> = start.captures_iter(&text).collect();
    let mut compared = 0;
    for (index, record) in starts.iter().enumerate() {
        let number: u64 = record[1].parse()?;
        let from = record.get(0).map_or(0, |found| found.start());
        let to = starts.get(index + 1).and_then(|next| next.get(0)).map_or(text.len(), |next| next.start());
        let line = decoded.lines.iter().find(|line| line.number() == number);
        compared +=
            usize::from(compare(&text[from..to], line).map_err(|error| format!("frame {number}: {error}"))?);
    }
    println!("{compared} frames compared");
    let expect_none = NOTHING_TO_COMPARE.iter().any(|name| name_of(capture).contains(name));
    if (compared == 0) == expect_none {
        Ok(())
    } else {
        Err(failed(format!("{compared} frames were compared")))
    }
}

/// Encapsulated in GRE, or of link type Frame Relay: not decoded here.
const NOTHING_TO_COMPARE: [&str; 3] =
    ["erspan-type-ii-2", "icmp-icmp_print-oobr-2", "vrrp-vrrp_print-oobr.pcap"];

/// Compares a record of tcpdump's with our line; `false` if it has nothing of ours.
fn compare(record: &str, line: Option<&Line>) -> Result<bool, String> {
    let pattern = |text: &str| Regex::new(text).expect("a pattern");
    if record.contains("flags [+") {
        // tcpdump goes on with the first fragment as if it were whole.
        return match line {
            Some(line) if line.object["ok"] == true => Err("accepted a fragment".into()),
            _ => Ok(line.is_some()),
        };
    }
    if record.contains("erspan type2") || record.contains("[|vrrp]") {
        // Another encapsulation; or a message that tcpdump found cut short, as we must.
        return match line {
            Some(line) if line.object["ok"] == true => Err("accepted what tcpdump finds cut short".into()),
            Some(_) => Ok(true),
            None => Ok(false),
        };
    }
    let vrrp = pattern(
        r#"VRRPv(\d), Advertisement, vrid (\d+), prio (\d+),(?: authtype (\w+),)? intvl (\d+)(c?)s, length (\d+)(?:, addrs(?:\(\d+\))?: ([0-9a-f.:,]+))?(?: auth "([^"]*)")?"#,
    );
    let hsrp = pattern(
        r#"HSRPv0-(hello|coup|resign) 20: state=(\w+) group=(\d+) addr=([\d.]+)(?: hellotime=(\d+)s holdtime=(\d+)s priority=(\d+) auth="([^"]*)")?"#,
    );
    let fields = |expected: Value| -> Result<bool, String> {
        let line = line.ok_or("tcpdump shows it, it was not decoded")?;
        let found = &line.object["fields"];
        for (name, value) in expected.as_object().into_iter().flatten() {
            let same = if name == "protocol" { line.protocol() == value } else { &found[name] == value };
            if !value.is_null() && !same {
                return Err(format!("{name}: tcpdump {value}, decoded {}", found[name]));
            }
        }
        Ok(true)
    };
    if let Some(found) = vrrp.captures(record) {
        fields(vrrp_fields(&found))
    } else if let Some(found) = hsrp.captures(record) {
        fields(hsrp_fields(&found))
    } else if record.contains("HSRPv0-unknown (3) 16") {
        // tcpdump reads an Advertise with the layout of a Hello; only the Op Code is to be compared.
        fields(json!({ "protocol": "hsrp1", "opcode": 3 }))
    } else if record.contains("LACPv1") {
        lacp(record, line.ok_or("not decoded")?)
    } else if record.contains("OSSP, length 52") {
        fields(json!({ "protocol": "slow", "subtype": 10, "oui": "00-19-a7", "octets": 52 }))
    } else {
        match line {
            Some(_) if record.contains("HSRP") || record.contains("VRRP") => Err("not understood".into()),
            _ => Ok(false),
        }
    }
}

fn number(found: &Captures<'_>, index: usize) -> Value {
    found.get(index).and_then(|text| text.as_str().parse::<u64>().ok()).map_or(Value::Null, Value::from)
}

fn vrrp_fields(found: &Captures<'_>) -> Value {
    let addresses = found.get(8).map(|list| list.as_str().split(',').collect::<Vec<_>>());
    let auth = found.get(4).map(|name| match name.as_str() {
        "none" => 0,
        "simple" => 1,
        _ => 2,
    });
    let version_2 = &found[1] == "2";
    let interval = if version_2 { "advertisement_interval_s" } else { "max_advertisement_interval_cs" };
    let mut fields = json!({
        "protocol": if version_2 { "vrrp2" } else { "vrrp3" },
        "type": 1,
        "vrid": number(found, 2),
        "priority": number(found, 3),
        "auth_type": auth,
        "addresses": addresses,
    });
    fields[interval] = number(found, 5);
    fields
}

fn hsrp_fields(found: &Captures<'_>) -> Value {
    let opcode = ["hello", "coup", "resign"].iter().position(|name| *name == &found[1]);
    let state = match &found[2] {
        "initial" => 0,
        "learn" => 1,
        "listen" => 2,
        "speak" => 4,
        "standby" => 8,
        "active" => 16,
        _ => 255,
    };
    json!({
        "protocol": "hsrp1",
        "opcode": opcode,
        "state": state,
        "group": number(found, 3),
        "virtual_ip": &found[4],
        "hellotime_s": number(found, 5),
        "holdtime_s": number(found, 6),
        "priority": number(found, 7),
        "authentication": found.get(8).map(|text| text.as_str()),
    })
}

fn lacp(record: &str, line: &Line) -> Result<bool, String> {
    let information = Regex::new(
        r"System ([0-9a-f:]+), System Priority (\d+), Key (\d+), Port (\d+), Port Priority (\d+)\s+State Flags \[([^\]]*)\]",
    )
    .expect("a pattern");
    let names = [
        "Activity",
        "Timeout",
        "Aggregation",
        "Synchronization",
        "Collecting",
        "Distributing",
        "Default",
        "Expired",
    ];
    let mut seen = 0;
    for (found, side) in information.captures_iter(record).zip(["actor", "partner"]) {
        let flags: Vec<&str> = found[6].split(", ").collect();
        let state: u8 =
            names.iter().enumerate().filter(|(_, name)| flags.contains(name)).map(|(bit, _)| 1 << bit).sum();
        let stated = json!({
            "system_priority": number(&found, 2),
            "system": &found[1],
            "key": number(&found, 3),
            "port_priority": number(&found, 5),
            "port": number(&found, 4),
            "state": state,
        });
        if line.object["fields"][side] != stated {
            return Err(format!("{side}: tcpdump {stated}, decoded {}", line.object["fields"][side]));
        }
        seen += 1;
    }
    let delay = Regex::new(r"Max Delay (\d+)").expect("a pattern");
    let delay = delay.captures(record).map(|found| number(&found, 1));
    if seen != 2 || delay.as_ref() != Some(&line.object["fields"]["collector_max_delay"]) {
        return Err(format!("{seen} sides, delay {delay:?}"));
    }
    Ok(true)
}
