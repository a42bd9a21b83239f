//! Bad input of every kind is an error or a value, never a panic.

mod common;

use common::{frames, samples};
use redspec_codec::frame::Frame;
use redspec_codec::properties::{Effort, TARGETS};

/// A small generator of its own, so that the test is the same everywhere and needs no dependency.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
}

#[test]
fn nothing_and_one_octet() {
    for (_, property) in TARGETS {
        property(&[], Effort::Every);
        for octet in 0..=255 {
            property(&[octet], Effort::Every);
        }
    }
}

#[test]
fn every_truncation_and_every_extension() {
    for sample in samples() {
        for (_, property) in TARGETS {
            for length in 0..sample.octets.len() {
                property(&sample.octets[..length], Effort::Sample);
            }
            for more in 1..=40 {
                let mut octets = sample.octets.clone();
                octets.resize(sample.octets.len() + more, 0xff);
                property(&octets, Effort::Sample);
            }
        }
    }
}

#[test]
fn every_change_of_one_octet_of_a_pdu() {
    for sample in samples() {
        let (_, property) = TARGETS.iter().find(|(name, _)| *name == sample.target).unwrap();
        let mut octets = sample.octets.clone();
        for index in 0..octets.len() {
            let original = octets[index];
            for value in 0..=255 {
                octets[index] = value;
                property(&octets, Effort::Sample);
            }
            octets[index] = original;
        }
    }
}

#[test]
fn every_change_of_one_octet_of_a_frame() {
    let (_, property) = TARGETS.iter().find(|(name, _)| *name == "frame").unwrap();
    for (_, mut octets) in frames() {
        for index in 0..octets.len() {
            let original = octets[index];
            for value in 0..=255 {
                octets[index] = value;
                property(&octets, Effort::Sample);
            }
            octets[index] = original;
        }
        for length in 0..octets.len() {
            property(&octets[..length], Effort::Sample);
        }
    }
}

#[test]
fn random_octets_for_every_target() {
    let mut random = Random(0x5eed);
    for _ in 0..20_000 {
        let length = usize::try_from(random.next() % 160).unwrap();
        let octets: Vec<u8> = (0..length).map(|_| random.next().to_le_bytes()[0]).collect();
        for (_, property) in TARGETS {
            property(&octets, Effort::Sample);
        }
    }
}

#[test]
fn lying_lengths_and_counts() {
    // Every two octets of a frame, read as any length, at once with every other.
    let mut random = Random(0x11e5);
    let frames = frames();
    for _ in 0..50_000 {
        let (_, mut octets) = frames[usize::try_from(random.next()).unwrap_or(0) % frames.len()].clone();
        for _ in 0..=random.next() % 4 {
            let at = usize::try_from(random.next() % (octets.len() as u64 - 1)).unwrap();
            let lie = [0u16, 1, 2, 3, 7, 8, 19, 20, 255, 256, 0x7fff, 0xffff]
                [usize::try_from(random.next() % 12).unwrap()];
            octets[at..at + 2].copy_from_slice(&lie.to_be_bytes());
        }
        for (name, property) in TARGETS {
            if *name == "frame" {
                property(&octets, Effort::Sample);
            }
        }
        let _ = Frame::parse(&octets).map(|frame| frame.pdu().is_ok());
    }
}
