//! Cuts the captures given as arguments into seeds for the fuzz targets: one file for each distinct PDU and frame.
//!
//! `cargo run -p redspec --example fuzz_seeds -- DIRECTORY CAPTURE...`

use std::collections::BTreeSet;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use redspec::capture::CaptureReader;
use redspec::capture::link::dissect;
use redspec::decode::ProtocolName;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let directory = arguments.next().ok_or("usage: fuzz_seeds DIRECTORY CAPTURE...")?;
    let mut seeds = BTreeSet::new();
    for capture in arguments {
        collect(&capture, &mut seeds).map_err(|error| format!("{}: {error}", capture.display()))?;
    }
    for (target, octets) in &seeds {
        let directory = directory.join(target);
        fs::create_dir_all(&directory)?;
        fs::write(directory.join(format!("seed-{:016x}", fingerprint(octets))), octets)?;
    }
    println!("{} seeds", seeds.len());
    Ok(())
}

/// The frames of our protocols and what they carry, by target.
fn collect(capture: &Path, seeds: &mut BTreeSet<(&'static str, Vec<u8>)>) -> Result<(), Box<dyn Error>> {
    let mut reader = CaptureReader::new(File::open(capture)?)?;
    while let Some(packet) = reader.next_packet()? {
        let Ok(dissected) = dissect(&packet) else { continue };
        let frame = &dissected.frame;
        let target = match ProtocolName::of(frame) {
            Some(ProtocolName::Lacp) => "lacp",
            Some(ProtocolName::Marker) => "marker",
            Some(ProtocolName::Slow) => "slow",
            Some(ProtocolName::Vrrp2) => "vrrp2",
            Some(ProtocolName::Vrrp3 | ProtocolName::Vrrp)
                if frame.source_ip().is_some_and(|ip| ip.is_ipv6()) =>
            {
                "vrrp3_ipv6"
            }
            Some(ProtocolName::Vrrp3 | ProtocolName::Vrrp) => "vrrp3_ipv4",
            Some(ProtocolName::Carp) => "carp",
            Some(ProtocolName::Hsrp1) => "hsrp1",
            Some(ProtocolName::Hsrp2) => "hsrp2",
            Some(ProtocolName::Glbp) => "glbp",
            None => continue,
        };
        seeds.insert((target, frame.payload().to_vec()));
        seeds.insert(("frame", packet.octets.to_vec()));
    }
    Ok(())
}

/// FNV-1a: a name that stays the same when the seeds are cut again.
fn fingerprint(octets: &[u8]) -> u64 {
    octets
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, octet| (hash ^ u64::from(*octet)).wrapping_mul(0x0100_0000_01b3))
}
