//! A second opinion: every field that tshark and we both have is the same.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use libtest_mimic::Failed;
use serde_json::Value;

use super::{Line, decode, failed, name_of};

/// tshark can be run.
pub fn available() -> Result<(), String> {
    match Command::new("tshark").arg("--version").output() {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(format!("tshark does not run ({})", output.status)),
        Err(error) => Err(format!("tshark is not installed ({error})")),
    }
}

/// Our protocols, our path to the field, tshark's field.
const FIELDS: &[(&str, &str, &str)] = &[
    ("lacp", "version", "lacp.version"),
    ("lacp", "actor.system_priority", "lacp.actor.sys_priority"),
    ("lacp", "actor.system", "lacp.actor.sysid"),
    ("lacp", "actor.key", "lacp.actor.key"),
    ("lacp", "actor.port_priority", "lacp.actor.port_priority"),
    ("lacp", "actor.port", "lacp.actor.port"),
    ("lacp", "actor.state", "lacp.actor.state"),
    ("lacp", "partner.system_priority", "lacp.partner.sys_priority"),
    ("lacp", "partner.system", "lacp.partner.sysid"),
    ("lacp", "partner.key", "lacp.partner.key"),
    ("lacp", "partner.port_priority", "lacp.partner.port_priority"),
    ("lacp", "partner.port", "lacp.partner.port"),
    ("lacp", "partner.state", "lacp.partner.state"),
    ("lacp", "collector_max_delay", "lacp.collector.max_delay"),
    ("marker", "requester_port", "marker.requesterPort"),
    ("marker", "requester_system", "marker.requesterSystem"),
    ("marker", "transaction_id", "marker.requesterTransId"),
    ("slow", "subtype", "slow.subtype"),
    ("vrrp2", "type", "vrrp.type"),
    ("vrrp2", "vrid", "vrrp.virt_rtr_id"),
    ("vrrp2", "priority", "vrrp.prio"),
    ("vrrp2", "auth_type", "vrrp.auth_type"),
    ("vrrp2", "advertisement_interval_s", "vrrp.adver_int"),
    ("vrrp2", "addresses", "vrrp.ip_addr"),
    ("vrrp2", "checksum", "vrrp.checksum"),
    ("vrrp2", "checksum_status", "vrrp.checksum.status"),
    ("vrrp3", "type", "vrrp.type"),
    ("vrrp3", "vrid", "vrrp.virt_rtr_id"),
    ("vrrp3", "priority", "vrrp.prio"),
    ("vrrp3", "max_advertisement_interval_cs", "vrrp.short_adver_int"),
    ("vrrp3", "addresses", "vrrp.ip_addr"),
    ("vrrp3", "addresses", "vrrp.ipv6_addr"),
    ("vrrp3", "checksum", "vrrp.checksum"),
    ("vrrp3", "checksum_status", "vrrp.checksum.status"),
    ("hsrp1", "opcode", "hsrp.opcode"),
    ("hsrp1", "state", "hsrp.state"),
    ("hsrp1", "hellotime_s", "hsrp.hellotime"),
    ("hsrp1", "holdtime_s", "hsrp.holdtime"),
    ("hsrp1", "priority", "hsrp.priority"),
    ("hsrp1", "group", "hsrp.group"),
    ("hsrp1", "virtual_ip", "hsrp.virt_ip"),
    ("hsrp1", "state", "hsrp.adv.state"),
    ("hsrp1", "active_groups", "hsrp.adv.activegrp"),
    ("hsrp1", "passive_groups", "hsrp.adv.passivegrp"),
    ("hsrp2", "group_state.opcode", "hsrp2.opcode"),
    ("hsrp2", "group_state.state", "hsrp2.state"),
    ("hsrp2", "group_state.ip_version", "hsrp2.ipversion"),
    ("hsrp2", "group_state.group", "hsrp2.group"),
    ("hsrp2", "group_state.identifier", "hsrp2.identifier"),
    ("hsrp2", "group_state.priority", "hsrp2.priority"),
    ("hsrp2", "group_state.hellotime_ms", "hsrp2.hellotime"),
    ("hsrp2", "group_state.holdtime_ms", "hsrp2.holdtime"),
    ("hsrp2", "group_state.virtual_ip", "hsrp2.virt_ip"),
    ("hsrp2", "interface_state.active_groups", "hsrp2.active_groups"),
    ("hsrp2", "interface_state.passive_groups", "hsrp2.passive_groups"),
    ("hsrp2", "md5.algorithm", "hsrp2.md5_algorithm"),
    ("hsrp2", "md5.flags", "hsrp2.md5_flags"),
    ("hsrp2", "md5.sender", "hsrp.md5_ip_address"),
    ("hsrp2", "md5.key_id", "hsrp2.md5_key_id"),
    ("hsrp2", "md5.digest", "hsrp2.md5_auth_data"),
    ("glbp", "version", "glbp.version"),
    ("glbp", "group", "glbp.group"),
    ("glbp", "owner", "glbp.ownerid"),
];

/// Fields of any protocol.
const HEADERS: &[(&str, &str)] = &[
    ("src", "eth.src"),
    ("dst", "eth.dst"),
    ("vlan", "vlan.id"),
    ("ip_src", "ip.src"),
    ("ip_dst", "ip.dst"),
    ("ip_src", "ipv6.src"),
    ("ip_dst", "ipv6.dst"),
    ("ttl", "ip.ttl"),
    ("ttl", "ipv6.hlim"),
];

/// Frames that tshark decodes and we do not, by file; the README of `pcaps/` says why.
const ONLY_TSHARK: &[(&str, &str)] = &[
    ("erspan-type-ii-2.pcap", "inside GRE and ERSPAN"),
    ("zeek__pbb.pcap", "inside 802.1ah"),
    ("keepalived-unicast.pcap", "quoted in ICMP errors"),
    ("keepalived-old-checksum.pcap", "quoted in ICMP errors"),
    ("icmp-icmp_print-oobr-2.pcap", "link type Frame Relay"),
    ("vrrp-vrrp_print-oobr.pcap", "link type Frame Relay"),
];

/// Files in which one frame has several IP headers or is damaged on purpose: tshark's list of values cannot be
/// compared with ours, which are those of the outer header.
const DAMAGED: &[&str] = &["icmp-icmp_print-oobr", "vrrp-vrrp_print-oobr", "fuzz-2020-02-16-11740"];

pub fn check(path: &Path) -> Result<(), Failed> {
    let decoded = decode(path)?;
    let table = table(path)?;
    let mut compared = 0u64;
    for line in &decoded.lines {
        let row = table
            .get(&line.number())
            .ok_or_else(|| failed(format!("frame {}: not in tshark's output", line.number())))?;
        compared += compare(line, row).map_err(|error| format!("frame {}: {error}", line.number()))?;
    }
    let ours: BTreeSet<u64> = decoded.lines.iter().map(Line::number).collect();
    let missed: Vec<u64> = table
        .iter()
        .filter(|(number, row)| is_ours(row) && !ours.contains(number))
        .map(|(number, _)| *number)
        .collect();
    let expected = ONLY_TSHARK.iter().any(|(name, _)| name_of(path).contains(name));
    if missed.is_empty() == expected {
        return Err(failed(format!("tshark alone decodes frames {missed:?}; expected: {expected}")));
    }
    println!("{compared} values compared in {} frames", decoded.lines.len());
    if decoded.lines.is_empty() || compared > 0 || damaged(path) {
        Ok(())
    } else {
        Err(failed("nothing compared"))
    }
}

fn damaged(path: &Path) -> bool {
    DAMAGED.iter().any(|name| name_of(path).contains(name))
}

type Row = BTreeMap<&'static str, String>;

/// tshark's values for every frame.
fn table(path: &Path) -> Result<BTreeMap<u64, Row>, Failed> {
    let mut names: Vec<&'static str> = vec!["frame.number", "frame.protocols"];
    names.extend(HEADERS.iter().map(|(_, field)| field));
    names.extend(FIELDS.iter().map(|(_, _, field)| field).collect::<BTreeSet<_>>());
    let mut command = Command::new("tshark");
    command.args(["-n", "-r"]).arg(path).args(["-T", "fields", "-E", "occurrence=a", "-E", "aggregator=,"]);
    for name in &names {
        command.args(["-e", name]);
    }
    let output = command.output()?;
    // A damaged file ends in an error; what was read before it counts.
    let text = String::from_utf8_lossy(&output.stdout);
    let mut table = BTreeMap::new();
    for line in text.lines() {
        let row: Row = names.iter().copied().zip(line.split('\t').map(String::from)).collect();
        table.insert(row["frame.number"].parse()?, row);
    }
    Ok(table)
}

/// tshark found one of our protocols.
fn is_ours(row: &Row) -> bool {
    ["slow", "vrrp", "carp", "hsrp", "glbp"]
        .iter()
        .any(|protocol| row["frame.protocols"].split(':').any(|name| name == *protocol))
}

fn compare(line: &Line, row: &Row) -> Result<u64, String> {
    let mut compared = 0;
    let mut same = |what: &str, ours: &Value, theirs: &str| -> Result<(), String> {
        if theirs.is_empty() || ours.is_null() {
            return Ok(());
        }
        compared += 1;
        if equal(ours, theirs) { Ok(()) } else { Err(format!("{what}: tshark {theirs}, decoded {ours}")) }
    };
    for (ours, theirs) in HEADERS {
        same(ours, &line.object[*ours], &row[theirs])?;
    }
    if line.object["ok"] == true {
        for (_, ours, theirs) in FIELDS.iter().filter(|(protocol, _, _)| *protocol == line.protocol()) {
            let found = ours.split('.').fold(&line.object["fields"], |value, name| &value[name]);
            if *ours == "checksum_status" {
                checksum_status(found, &row[theirs])?;
            } else {
                same(ours, found, &row[theirs])?;
            }
        }
    }
    Ok(compared)
}

/// tshark knows one form of VRRPv3's checksum over IPv4, the one with the pseudo-header: it finds that of RFC 9568 bad.
fn checksum_status(ours: &Value, theirs: &str) -> Result<(), String> {
    let good = match ours.as_str() {
        Some("valid" | "rfc5798") => "1",
        Some("invalid" | "rfc9568") => "0",
        other => return Err(format!("checksum_status {other:?}")),
    };
    // 2 is "unverified": tshark does not sum a message that it finds cut short.
    if theirs == good || theirs == "2" || theirs.is_empty() {
        Ok(())
    } else {
        Err(format!("checksum_status: tshark {theirs}, decoded {ours}"))
    }
}

/// tshark writes numbers in decimal or hexadecimal, octets without colons, and several values joined by commas.
fn equal(ours: &Value, theirs: &str) -> bool {
    match ours {
        Value::Number(number) => {
            let value = theirs
                .strip_prefix("0x")
                .map_or_else(|| theirs.parse().ok(), |digits| u64::from_str_radix(digits, 16).ok());
            value == number.as_u64()
        }
        Value::String(text) => theirs == text || theirs.replace(':', "") == text.replace(':', ""),
        Value::Array(list) => {
            let values: Vec<_> = theirs.split(',').collect();
            values.len() == list.len() && list.iter().zip(values).all(|(ours, theirs)| equal(ours, theirs))
        }
        _ => false,
    }
}
