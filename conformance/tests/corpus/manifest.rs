//! What `pcaps/MANIFEST.toml` says of our captures, and `INDEX.tsv` of others'.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use libtest_mimic::{Failed, Trial};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{counts, decode, failed, name_of};

#[derive(Clone, Deserialize)]
struct Manifest {
    capture: Vec<Capture>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Capture {
    file: String,
    #[allow(dead_code, reason = "for readers; that it is there is checked")]
    origin: String,
    #[allow(dead_code, reason = "for readers; that it is there is checked")]
    licence: String,
    sha256: String,
    format: String,
    link_type: String,
    #[allow(dead_code, reason = "for readers; that it is there is checked")]
    description: String,
    frames: u64,
    counts: BTreeMap<String, u64>,
    /// Frames that cannot be read, because a test sent them so.
    #[serde(default)]
    rejected: Vec<u64>,
    frame: Vec<Frame>,
    #[serde(default)]
    #[allow(dead_code, reason = "tests/check.rs compares them")]
    finding: Vec<Value>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Frame {
    number: u64,
    protocol: String,
    fields: Value,
}

fn read(path: &Path) -> Result<Vec<Capture>, Failed> {
    let text =
        std::fs::read_to_string(path).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    let manifest: Manifest =
        toml::from_str(&text).map_err(|error| failed(format!("{}: {error}", path.display())))?;
    Ok(manifest.capture)
}

/// The captures of the manifest in `folder`, and that it has all that are there.
pub fn trials(folder: &Path, files: Vec<PathBuf>, prefix: &str) -> Vec<Trial> {
    let stated = read(&folder.join("MANIFEST.toml"));
    let mut trials: Vec<Trial> = stated
        .iter()
        .flatten()
        .cloned()
        .map(|capture| {
            let path = folder.join(&capture.file);
            Trial::test(format!("manifest::{prefix}{}", capture.file), move || check(&capture, &path))
        })
        .collect();
    let all = Trial::test(format!("manifest::{prefix}complete"), move || complete(&stated?, &files));
    trials.push(all);
    trials
}

/// Every capture is in the manifest, and the other way round.
fn complete(stated: &[Capture], files: &[PathBuf]) -> Result<(), Failed> {
    let mut named: Vec<_> = stated.iter().map(|capture| capture.file.replace("own/", "")).collect();
    named.sort();
    let files: Vec<_> = files.iter().map(|path| name_of(path)).collect();
    if named == files { Ok(()) } else { Err(failed(format!("stated {named:?}, there {files:?}"))) }
}

fn check(capture: &Capture, path: &Path) -> Result<(), Failed> {
    let octets = std::fs::read(path)?;
    expect("sha256", &format!("{:x}", Sha256::digest(&octets)), &capture.sha256)?;
    let mut reader = redspec::capture::CaptureReader::new(octets.as_slice())?;
    let format = reader.format().to_string();
    let known = match capture.format.as_str() {
        "pcap-us" => format.starts_with("pcap") && format.contains("microsecond"),
        "pcap-ns" => format.starts_with("pcap") && format.contains("nanosecond"),
        "pcapng" => format == "pcapng",
        _ => false,
    };
    if !known {
        return Err(failed(format!("stated format {}, read as {format}", capture.format)));
    }
    let link_type = match capture.link_type.as_str() {
        "ethernet" => 1,
        "raw-ip" => 101,
        "linux-sll" => 113,
        "linux-sll2" => 276,
        other => return Err(failed(format!("unknown link type {other}"))),
    };
    while let Some(packet) = reader.next_packet()? {
        expect("link type", &packet.link_type.0, &link_type)?;
    }

    let decoded = decode(path)?;
    expect("frames", &decoded.packets, &capture.frames)?;
    let stated: BTreeMap<&str, u64> =
        capture.counts.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    expect("counts", &counts(&decoded.lines), &stated)?;
    let rejected: Vec<u64> =
        decoded.lines.iter().filter(|line| line.object["ok"] != true).map(super::Line::number).collect();
    expect("rejected frames", &rejected, &capture.rejected)?;
    for frame in &capture.frame {
        let number = frame.number;
        let line = decoded.lines.iter().find(|line| line.number() == number);
        let line = line.ok_or_else(|| failed(format!("frame {number} is not decoded")))?;
        expect(&format!("frame {number}: protocol"), line.protocol(), &*frame.protocol)?;
        contains(&format!("frame {number}"), &line.object["fields"], &frame.fields)?;
    }
    Ok(())
}

fn expect<T: PartialEq + std::fmt::Debug + ?Sized>(what: &str, found: &T, stated: &T) -> Result<(), Failed> {
    if found == stated { Ok(()) } else { Err(failed(format!("{what}: found {found:?}, stated {stated:?}"))) }
}

/// Everything in `stated` is in `found`, which may have more.
fn contains(what: &str, found: &Value, stated: &Value) -> Result<(), Failed> {
    match stated {
        Value::Object(fields) => fields
            .iter()
            .try_for_each(|(name, stated)| contains(&format!("{what}.{name}"), &found[name], stated)),
        _ => expect(what, found, stated),
    }
}

/// The columns of INDEX.tsv that count frames, and the protocols that they count.
const COLUMNS: [(&str, &[&str]); 8] = [
    ("lacp", &["lacp"]),
    ("marker", &["marker"]),
    ("hsrp1", &["hsrp1"]),
    ("hsrp2", &["hsrp2"]),
    ("glbp", &["glbp"]),
    ("vrrp2", &["vrrp2"]),
    ("vrrp-other-version", &["vrrp"]),
    ("ossp/esmc(sub10)", &["slow"]),
];

/// Files whose frames are inside another encapsulation, which is not looked into, or not of a supported link type,
/// or whose index counts by other rules; the README of `pcaps/` says which and why.
const NOT_COUNTED: [&str; 6] = [
    "the-tcpdump-group__tcpdump__erspan-type-ii-2.pcap",
    "zeek__zeek__pbb.pcap",
    "the-tcpdump-group__tcpdump__icmp-icmp_print-oobr-2.pcap",
    "the-tcpdump-group__tcpdump__vrrp-vrrp_print-oobr.pcap",
    "the-tcpdump-group__tcpdump__vrrp-vrrp_print-oobr-2.pcap",
    "ntop__nDPI__fuzz-2020-02-16-11740.pcapng",
];

/// One trial for each line of the index.
pub fn index_trials(index: &Path, directory: &Path) -> Vec<Trial> {
    let Ok(text) = std::fs::read_to_string(index) else {
        eprintln!("corpus: no {}: counts are not compared", index.display());
        return Vec::new();
    };
    let mut lines = text.lines().map(|line| line.split('\t').map(String::from).collect::<Vec<_>>());
    let header = lines.next().unwrap_or_default();
    lines
        .map(|row| {
            let row: BTreeMap<String, String> = header.iter().cloned().zip(row).collect();
            let path = directory.join(&row["file"]);
            Trial::test(format!("index::{}", row["file"]), move || check_index(&row, &path))
        })
        .collect()
}

fn check_index(row: &BTreeMap<String, String>, path: &Path) -> Result<(), Failed> {
    let decoded = decode(path)?;
    expect("frames", &decoded.packets.to_string(), &row["frames_total"])?;
    if NOT_COUNTED.contains(&row["file"].as_str()) {
        return Ok(());
    }
    let counts = counts(&decoded.lines);
    for (column, protocols) in COLUMNS {
        let found: u64 = protocols.iter().map(|protocol| counts.get(protocol).unwrap_or(&0)).sum();
        expect(column, &found.to_string(), &row[column])?;
    }
    let vrrp3: u64 =
        ["vrrp3-v4", "vrrp3-v6"].iter().map(|column| row[*column].parse::<u64>().unwrap_or(0)).sum();
    expect("vrrp3", counts.get("vrrp3").unwrap_or(&0), &vrrp3)
}
