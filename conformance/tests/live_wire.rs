//! Wires, in a namespace of their own: frames both ways with the kernel's stamps, carriers, and what is left behind.
//! Needs root; says so without.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use redspec::bed::live::wire::{Stamped, clock};
use redspec::bed::live::{Kind, Place, Wire, WireError};
use redspec::instance::{self, Instance};
use redspec::netns;

fn instance() -> Option<Instance> {
    if !Path::new("/run").metadata().is_ok_and(|run| !run.permissions().readonly())
        || !nix::unistd::geteuid().is_root()
    {
        println!("skipped: network namespaces need root");
        return None;
    }
    Some(Instance::new("test").unwrap())
}

fn place(namespace: &str, interface: &str, kind: Kind) -> Place {
    Place { namespace: Some(namespace.to_owned()), interface: interface.to_owned(), kind, owned: false }
}

/// A frame of 60 octets that begins with a destination and differs in its last one.
fn frame(last: u8) -> Vec<u8> {
    let mut frame = vec![0x01, 0x80, 0xc2, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x09, 1];
    frame.resize(60, last);
    frame
}

fn receive(wire: &mut Wire) -> Option<Stamped> {
    let end = Instant::now() + Duration::from_secs(2);
    while Instant::now() < end {
        if let Some(frame) = wire.receive() {
            return Some(frame);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    None
}

/// Behind a carrier that came back the kernel takes its time before it lets frames out again, on either side. Whatever
/// it does let out is seen.
fn through(from: &mut Wire, to: &mut Wire) {
    let began = Instant::now();
    for number in 0..200 {
        from.send(&frame(number)).unwrap();
        std::thread::sleep(Duration::from_millis(10));
        if let Some(first) = to.receive() {
            println!("{:?} after the carrier: frame {number}", began.elapsed());
            assert_eq!(first.octets[59], number, "the one that was let out first");
            return;
        }
    }
    panic!("nothing comes through any more");
}

fn carrier(namespace: &str, interface: &str) -> bool {
    let output =
        Command::new("ip").args(["-n", namespace, "-br", "link", "show", interface]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().contains("LOWER_UP")
}

#[test]
fn a_veth_carries_frames_both_ways_and_loses_its_carrier() {
    let Some(instance) = instance() else { return };
    let namespace = instance.namespace("").unwrap();
    netns::ip(Some(&namespace), &["link", "add", "ours", "type", "veth", "peer", "name", "theirs"]).unwrap();
    for interface in ["ours", "theirs"] {
        netns::ip(Some(&namespace), &["link", "set", "dev", interface, "up"]).unwrap();
    }
    let mut ours = Wire::open(place(&namespace, "ours", Kind::Interface), "ether proto 0x8809").unwrap();
    let mut theirs = Wire::open(place(&namespace, "theirs", Kind::Interface), "ether proto 0x8809").unwrap();
    for number in 0..20 {
        let before = clock();
        let sent = ours.send(&frame(number)).unwrap();
        let after = clock();
        assert_eq!(sent.earliest, sent.latest, "the kernel's stamp");
        assert!(before <= sent.earliest && sent.latest <= after);
        let received = receive(&mut theirs).unwrap();
        assert_eq!(received.octets, frame(number));
        assert!(received.nanoseconds >= sent.earliest && received.nanoseconds <= clock());
        theirs.send(&frame(100 + number)).unwrap();
        assert_eq!(receive(&mut ours).unwrap().octets, frame(100 + number));
    }
    // What we sent ourselves nobody takes for the device's; what the filter holds back is not seen.
    let mut other = frame(7);
    other[12..14].copy_from_slice(&[0x08, 0x06]);
    theirs.send(&other).unwrap();
    assert!(ours.receive().is_none() && theirs.receive().is_none());

    ours.carrier(false).unwrap();
    assert!(!carrier(&namespace, "theirs"));
    assert!(ours.send(&frame(1)).is_err());
    ours.carrier(true).unwrap();
    assert!(carrier(&namespace, "theirs"));
    through(&mut theirs, &mut ours);
    through(&mut ours, &mut theirs);
    assert_eq!(ours.drops() + theirs.drops(), 0);
}

#[test]
fn the_other_end_of_a_tap_is_ours() {
    let Some(instance) = instance() else { return };
    let namespace = instance.namespace("").unwrap();
    let mut wire = Wire::open(place(&namespace, "tap0", Kind::Tap), "ether proto 0x8809").unwrap();
    assert!(!carrier(&namespace, "tap0"));
    wire.carrier(true).unwrap();
    assert!(carrier(&namespace, "tap0"));
    // A device that uses the interface.
    let mut device = Wire::open(place(&namespace, "tap0", Kind::Interface), "ether proto 0x8809").unwrap();
    for number in 0..20 {
        let before = clock();
        let sent = wire.send(&frame(number)).unwrap();
        assert!(sent.earliest >= before && sent.latest <= clock() && sent.earliest == sent.latest);
        assert_eq!(receive(&mut device).unwrap().octets, frame(number));
        device.send(&frame(100 + number)).unwrap();
        assert_eq!(receive(&mut wire).unwrap().octets, frame(100 + number));
    }
    // More than its queue holds: somebody reads it.
    for number in (0..100).cycle().take(5000) {
        device.send(&frame(number)).unwrap();
        assert_eq!(receive(&mut wire).unwrap().octets, frame(number));
    }
    wire.carrier(false).unwrap();
    assert!(!carrier(&namespace, "tap0"));
    let error = Wire::open(place(&namespace, "tap0", Kind::Tap), "").err().unwrap();
    assert!(error.to_string().starts_with("cannot make the TAP tap0: "), "{error}");
}

#[test]
fn what_is_not_there_or_dangerous_is_refused() {
    let Some(instance) = instance() else { return };
    let namespace = instance.namespace("").unwrap();
    let error = Wire::open(place(&namespace, "nothing", Kind::Interface), "").err().unwrap();
    assert!(error.to_string().starts_with("there is no interface nothing in namespace"), "{error}");
    let error = Wire::open(place("redspec-nowhere", "nothing", Kind::Interface), "").err().unwrap();
    assert!(error.to_string().contains("cannot enter network namespace \"redspec-nowhere\""), "{error}");
    netns::ip(Some(&namespace), &["link", "add", "ours", "type", "veth", "peer", "name", "theirs"]).unwrap();
    for arguments in [
        &["link", "set", "dev", "ours", "up"][..],
        &["link", "set", "dev", "theirs", "up"],
        &["address", "add", "192.0.2.1/24", "dev", "ours"],
        &["route", "add", "default", "via", "192.0.2.2"],
    ] {
        netns::ip(Some(&namespace), arguments).unwrap();
    }
    let mut ours = place(&namespace, "ours", Kind::Interface);
    assert!(matches!(Wire::open(ours.clone(), ""), Err(WireError::DefaultRoute(name)) if name == "ours"));
    ours.owned = true;
    assert!(Wire::open(ours, "").is_ok());
}

#[test]
fn nothing_stays_of_an_instance_and_of_one_whose_owner_died() {
    let Some(instance) = instance() else { return };
    let namespace = instance.namespace("part").unwrap();
    let (name, folder) = (instance.name().to_owned(), instance.folder().to_owned());
    assert!(Path::new("/run/netns").join(&namespace).exists() && folder.exists());
    assert!(instance::sweep().unwrap().iter().all(|swept| *swept != name), "its owner lives");
    drop(instance);
    assert!(!Path::new("/run/netns").join(&namespace).exists() && !folder.exists());
}
