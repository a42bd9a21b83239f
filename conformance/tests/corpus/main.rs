//! Every capture of the corpus is a test: each frame of ours decodes, emits back to the same octets and gives the
//! fields that the manifest, or another decoder's output beside it, states.
//!
//! Captures come from `pcaps/` of this repository and, where it exists, from the directory that REDSPEC_CORPUS names
//! (by default `../shared/pcaps` beside the repository). What is absent is said to be skipped.

mod hostile;
mod manifest;
mod tcpdump;
mod tshark;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use redspec::capture::{CaptureReader, LinkType};
use redspec::decode::Decoded;
use redspec_codec::properties::{self, Effort};
use serde_json::Value;

/// A frame of ours.
struct Line {
    /// The object that `redspec decode --json` prints.
    object: Value,
    /// The octets of the packet.
    octets: Vec<u8>,
    ethernet: bool,
}

impl Line {
    fn number(&self) -> u64 {
        self.object["frame"].as_u64().expect("a frame number")
    }

    fn protocol(&self) -> &str {
        self.object["protocol"].as_str().expect("a protocol")
    }
}

/// A capture, decoded: the number of its packets, our frames, and whether the file ended in an error.
struct Decode {
    packets: u64,
    lines: Vec<Line>,
}

fn decode(path: &Path) -> Result<Decode, Failed> {
    let mut reader = CaptureReader::new(File::open(path)?)?;
    let mut decode = Decode { packets: 0, lines: Vec::new() };
    // A fuzzed file may end in an error; what was readable counts.
    while let Ok(Some(packet)) = reader.next_packet() {
        decode.packets += 1;
        if let Ok(Some(decoded)) = Decoded::new(&packet) {
            decode.lines.push(Line {
                object: serde_json::to_value(decoded.json(None))?,
                octets: packet.octets.to_vec(),
                ethernet: packet.link_type == LinkType::ETHERNET,
            });
        }
    }
    Ok(decode)
}

fn counts(lines: &[Line]) -> BTreeMap<&str, u64> {
    let mut counts = BTreeMap::new();
    for line in lines {
        *counts.entry(line.protocol()).or_default() += 1;
    }
    counts
}

/// What must hold for any capture: lossless, and every other property of the codec.
fn properties_hold(path: &Path) -> Result<(), Failed> {
    let mut reader = CaptureReader::new(File::open(path)?)?;
    while let Ok(Some(packet)) = reader.next_packet() {
        properties::frame(packet.octets, Effort::Sample);
    }
    for line in decode(path)?.lines.iter().filter(|line| line.ethernet).take(200) {
        properties::frame(&line.octets, Effort::Every);
    }
    Ok(())
}

fn captures_in(directory: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(directory) else { return Vec::new() };
    let mut captures: Vec<_> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng"))
        .collect();
    captures.sort();
    captures
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn folders_in(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<_> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// A problem with a capture, as a test failure.
fn failed(message: impl std::fmt::Display) -> Failed {
    message.to_string().into()
}

fn main() {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let own = root.join("pcaps");
    let external =
        std::env::var_os("REDSPEC_CORPUS").map_or_else(|| root.join("../shared/pcaps"), PathBuf::from);
    let mut trials = Vec::new();

    let mut files = captures_in(&own.join("own"));
    trials.extend(manifest::trials(&own, files.clone(), ""));
    // Of each device that redspec was run against, its own.
    for folder in folders_in(&own.join("live")) {
        let captures = captures_in(&folder);
        trials.extend(manifest::trials(&folder, captures.clone(), &format!("live/{}/", name_of(&folder))));
        files.extend(captures);
    }

    let others = captures_in(&external);
    if others.is_empty() {
        eprintln!("corpus: no captures in {}: the tests over them are skipped", external.display());
    } else {
        let index = external.join("INDEX.tsv");
        trials.extend(manifest::index_trials(&index, &external));
        trials.extend(tcpdump::trials(&external));
    }

    let with_tshark = tshark::available();
    if let Err(reason) = &with_tshark {
        eprintln!("corpus: {reason}: the second opinion is skipped");
    }
    for path in files.into_iter().chain(others) {
        let name = name_of(&path);
        let lossless = path.clone();
        trials.push(Trial::test(format!("properties::{name}"), move || properties_hold(&lossless)));
        let changed = path.clone();
        trials.push(Trial::test(format!("every_octet_changed::{name}"), move || hostile::check(&changed)));
        let ignored = with_tshark.is_err();
        trials.push(
            Trial::test(format!("tshark::{name}"), move || tshark::check(&path)).with_ignored_flag(ignored),
        );
    }
    libtest_mimic::run(&arguments, trials).exit();
}
