//! The labs in virtual machines. They need root, an emulator, and Debian's package lists:
//! `cargo test --test vm -- --ignored`.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use redspec::bed::{Bed, Capability, Lab, Wanted};
use redspec::event::{Happening, Port};
use redspec::lab::LiveLab;
use redspec::lab::vm::bonding::Bonding;
use redspec::settings::Settings;
use redspec::time::Time;

fn wanted(ports: usize, capabilities: &[Capability], settings: Settings) -> Wanted {
    Wanted { test: "x".to_owned(), ports, capabilities: capabilities.to_vec(), settings }
}

/// Waits for LACPDUs for so long, and returns ports, times and octets.
fn lacpdus(bed: &mut dyn Bed, time: Duration) -> Vec<(Port, Time, Vec<u8>)> {
    let until = bed.now() + time;
    let mut seen = Vec::new();
    while let Some(event) = bed.next(until).unwrap() {
        if let Happening::Frame { octets, .. } = &event.what {
            if octets[12..15] == [0x88, 0x09, 1] {
                seen.push((event.port, event.at.time, octets.to_vec()));
            }
        }
    }
    seen
}

#[test]
#[ignore = "boots a virtual machine: needs root and qemu-system-x86"]
fn bonding_speaks_lacp() {
    let begun = Instant::now();
    let maker = Bonding::new("linux-bond-test", &Settings::new()).unwrap();
    println!("image {:?}", begun.elapsed());
    let lab = LiveLab::new(Box::new(maker), Arc::new(AtomicBool::new(false)));
    println!("{}", lab.device());
    let settings = Settings::new().with("lacp.timeout", "short").with("lacp.system_priority", 0x1234);
    for round in 0..3 {
        let begun = Instant::now();
        let mut bed = lab.bed(&wanted(2, &[Capability::Data], settings.clone())).unwrap();
        println!("round {round}: ready {:?}", begun.elapsed());
        let seen = lacpdus(bed.as_mut(), Duration::from_secs(5));
        for (port, time, octets) in &seen {
            println!("{time:?} {port} {:02x?}", &octets[14..60]);
        }
        assert!(seen.iter().any(|(port, ..)| *port == Port(1)));
        let begun = Instant::now();
        drop(bed);
        println!("round {round}: gone {:?}", begun.elapsed());
    }
}
