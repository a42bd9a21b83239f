//! The labs in virtual machines. They need root, an emulator and an image made of Debian's packages; they say so without.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use redspec::bed::{Bed, Capability, Lab, NoBed, Wanted};
use redspec::event::{Happening, Port};
use redspec::lab::vm::bonding::bonding;
use redspec::lab::vm::team::teamd;
use redspec::lab::{KNOWN, LiveLab, Maker};
use redspec::settings::Settings;

const P1: Port = Port(0);
const P2: Port = Port(1);
/// Its own side, behind two links.
const CLIENT: Port = Port(2);

/// The devices, if this machine can have the lab.
fn possible<M: Maker + 'static>(lab: &str, maker: impl FnOnce() -> Result<M, NoBed>) -> Option<LiveLab> {
    let known = KNOWN.iter().find(|known| known.name == lab).expect("a lab of that name");
    match known.check().and_then(|()| maker()) {
        Ok(maker) => Some(LiveLab::new(Box::new(maker), Arc::new(AtomicBool::new(false)))),
        Err(reason) => {
            println!("skipped: {reason}");
            None
        }
    }
}

fn wanted(settings: Settings) -> Wanted {
    Wanted { test: "x".to_owned(), ports: 2, capabilities: vec![Capability::Data], settings }
}

/// The frames of the device in a time, from the destination on.
fn frames(bed: &mut dyn Bed, seconds: u64) -> Vec<(Port, Vec<u8>)> {
    let until = bed.now() + Duration::from_secs(seconds);
    let mut seen = Vec::new();
    while let Some(event) = bed.next(until).unwrap() {
        if let Happening::Frame { octets, .. } = &event.what {
            seen.push((event.port, octets.to_vec()));
        }
    }
    seen
}

/// Whether there is a LACPDU on a port, with this System_Priority.
fn lacpdu(frames: &[(Port, Vec<u8>)], on: Port, system_priority: u16) -> bool {
    frames.iter().any(|(port, octets)| {
        *port == on && octets[12..15] == [0x88, 0x09, 1] && octets[18..20] == system_priority.to_be_bytes()
    })
}

fn speaks_and_hears(lab: &LiveLab, sees_nobody: &str) {
    for priority in [0x1234, 0x4321] {
        let settings = Settings::new().with("lacp.timeout", "short").with("lacp.system_priority", priority);
        // The second one is made on the machine of the first.
        let mut bed = lab.bed(&wanted(settings)).unwrap();
        let seen = frames(bed.as_mut(), 4);
        assert!(lacpdu(&seen, P1, priority) && lacpdu(&seen, P2, priority));
        assert!(seen.iter().all(|(port, _)| *port != CLIENT), "LACPDUs are not for the device's own side");
        bed.link(P2, false).unwrap();
        frames(bed.as_mut(), 1);
        let seen = frames(bed.as_mut(), 3);
        assert!(!lacpdu(&seen, P2, priority), "a port without carrier sends nothing");
        bed.link(P2, true).unwrap();
        assert!(lacpdu(&frames(bed.as_mut(), 4), P2, priority));
        let told = bed.state("lacp.aggregator", P1).unwrap().unwrap();
        assert!(told == sees_nobody || sees_nobody.is_empty(), "{told}");
        bed.configure("lacp.enabled.p1", "no").unwrap();
        frames(bed.as_mut(), 1);
        assert!(!lacpdu(&frames(bed.as_mut(), 3), P1, priority), "a port that was taken out sends nothing");
        assert!(bed.configure("lacp.version", "2").is_err());
    }
    assert!(lab.bed(&wanted(Settings::new().with("lacp.version", 2))).is_err());
}

#[test]
fn bonding_speaks_lacp() {
    let Some(lab) = possible("linux-bond", || bonding("linux-bond-test", &Settings::new())) else { return };
    assert!(lab.device().starts_with("Linux bonding of Linux "));
    // It numbers what it has, used or not.
    speaks_and_hears(&lab, "");
    let settings = Settings::new().with("lacp.control", "independent").with("lacp.port_priority.p2", 7);
    let mut bed = lab.bed(&wanted(settings)).unwrap();
    let seen = frames(bed.as_mut(), 4);
    let priority = |on| seen.iter().find(|(port, _)| *port == on).map(|(_, octets)| octets[28..30].to_vec());
    assert_eq!(priority(P1), Some(vec![0, 255]));
    assert_eq!(priority(P2), Some(vec![0, 7]));
}

#[test]
fn teamd_speaks_lacp() {
    let Some(lab) = possible("linux-team", || teamd("linux-team-test", &Settings::new())) else { return };
    assert!(lab.device().starts_with("teamd "));
    speaks_and_hears(&lab, "none");
}
