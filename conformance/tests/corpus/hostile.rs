//! Every change of one octet of every frame of a capture is an error or a value, never a panic.

use std::collections::HashSet;
use std::path::Path;

use libtest_mimic::Failed;
use redspec_codec::frame::{Frame, Network, Pdu};

use super::decode;

pub fn check(path: &Path) -> Result<(), Failed> {
    let mut seen = HashSet::new();
    for line in decode(path)?.lines.into_iter().filter(|line| line.ethernet) {
        // Frames that differ only in what no branch depends on are one.
        if !seen.insert(shape(&line.octets)) {
            continue;
        }
        let mut octets = line.octets;
        for length in 0..octets.len() {
            read(&octets[..length]);
        }
        for index in 0..octets.len() {
            let original = octets[index];
            for value in 0..=255 {
                octets[index] = value;
                read(&octets);
            }
            octets[index] = original;
        }
    }
    Ok(())
}

/// Reads a frame as far as it goes.
fn read(octets: &[u8]) {
    let Ok(frame) = Frame::parse(octets) else { return };
    let mut deviations = 0;
    let audited = frame.audit(&mut |_| deviations += 1).is_ok();
    assert_eq!(audited, frame.pdu().is_ok());
}

/// The frame without IP identification, checksums and MD5 digest.
fn shape(octets: &[u8]) -> Vec<u8> {
    let mut shape = octets.to_vec();
    let Ok(frame) = Frame::parse(octets) else { return shape };
    if let Network::Ipv4(header) = frame.network() {
        let at = header.slice().as_ptr() as usize - octets.as_ptr() as usize;
        shape[at + 4..at + 6].fill(0);
        shape[at + 10..at + 12].fill(0);
    }
    let at = frame.payload_at();
    if frame.udp_header().is_some() {
        shape[at - 2..at].fill(0);
    }
    if matches!(frame.pdu(), Ok((Pdu::Hsrp2(message), _)) if message.md5().is_some()) {
        let end = at + frame.payload().len();
        shape[end - 16..end].fill(0);
    }
    shape
}
