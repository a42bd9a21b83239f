//! `redspec check` over real captures: every finding is one that `pcaps/MANIFEST.toml` explains, or that of a device in
//! `pcaps/live`, or `pcaps/FINDINGS-shared.toml` for captures of others, and every one that they state is found.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use libtest_mimic::{Arguments, Failed, Trial};
use redspec::capture::CaptureReader;
use redspec::monitor::{Options, Watch};
use redspec::spec::Edition;
use serde::Deserialize;

#[derive(Deserialize)]
struct Findings {
    capture: Vec<Capture>,
}

#[derive(Deserialize)]
struct Capture {
    file: String,
    #[serde(default)]
    finding: Vec<Stated>,
}

#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    requirement: String,
    device: String,
    frame: u64,
    count: u64,
    why: String,
}

/// `(requirement, device)`, and the first frame that shows it and how often it was found.
type Found = BTreeMap<(String, String), (u64, u64)>;

fn found(path: &Path) -> Result<Found, Failed> {
    let mut capture = CaptureReader::new(File::open(path)?)?;
    let mut watch = Watch::new(Options { edition: Edition::Dot1Ax2014, exact: false });
    // A fuzzed file may end in an error, and have frames that cannot be read; the others count.
    while let Ok(Some(packet)) = capture.next_packet() {
        let _ = watch.packet(&packet);
    }
    let mut found = Found::new();
    for finding in watch.finish().findings {
        let one = found.entry((finding.requirement.to_owned(), finding.device)).or_insert((finding.frame, 0));
        one.1 += finding.count;
    }
    Ok(found)
}

fn compare(path: &Path, stated: &[Stated]) -> Result<(), Failed> {
    let expected: Found = stated
        .iter()
        .map(|one| ((one.requirement.clone(), one.device.clone()), (one.frame, one.count)))
        .collect();
    if expected.len() != stated.len() || stated.iter().any(|one| one.why.is_empty()) {
        return Err("a finding is stated twice, or without a reason".into());
    }
    let found = found(path)?;
    if found == expected { Ok(()) } else { Err(format!("found {found:#?}, stated {expected:#?}").into()) }
}

fn read(path: &Path) -> BTreeMap<String, Vec<Stated>> {
    let text = std::fs::read_to_string(path).unwrap();
    let findings: Findings = toml::from_str(&text).unwrap();
    let named = |capture: Capture| (capture.file.trim_start_matches("own/").to_owned(), capture.finding);
    findings.capture.into_iter().map(named).collect()
}

/// One trial for each capture of the folder, and one that all that are stated are there. Of a folder that somebody brings
/// along, only what is stated can be compared.
fn trials(folder: &Path, stated: &BTreeMap<String, Vec<Stated>>, brought: bool) -> Vec<Trial> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        eprintln!("check: no captures in {}: skipped", folder.display());
        return Vec::new();
    };
    let captures: BTreeMap<String, PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "pcap" || extension == "pcapng"))
        .map(|path| (path.file_name().unwrap_or_default().to_string_lossy().into_owned(), path))
        .collect();
    let missing: Vec<String> =
        stated.keys().filter(|name| !captures.contains_key(*name)).map(String::clone).collect();
    let complete = Trial::test(format!("{}: all there", folder.display()), move || {
        if brought || missing.is_empty() { Ok(()) } else { Err(format!("not there: {missing:?}").into()) }
    });
    let compared = captures.into_iter().filter(|(name, _)| !brought || stated.contains_key(name));
    let each = compared.map(|(name, path)| {
        let stated = stated.get(&name).cloned().unwrap_or_default();
        Trial::test(name, move || compare(&path, &stated))
    });
    each.chain([complete]).collect()
}

fn main() {
    let arguments = Arguments::from_args();
    let pcaps = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pcaps");
    let brought = std::env::var_os("REDSPEC_CORPUS").map(PathBuf::from);
    let others = brought.clone().unwrap_or_else(|| pcaps.join("../../shared/pcaps"));
    let mut all = trials(&pcaps.join("own"), &read(&pcaps.join("MANIFEST.toml")), false);
    for entry in std::fs::read_dir(pcaps.join("live")).into_iter().flatten().flatten() {
        all.extend(trials(&entry.path(), &read(&entry.path().join("MANIFEST.toml")), false));
    }
    all.extend(trials(&others, &read(&pcaps.join("FINDINGS-shared.toml")), brought.is_some()));
    libtest_mimic::run(&arguments, all).exit();
}
