//! No allocation on accept, on reject, nor on build: a counting allocator sees none.

mod common;

use std::fmt::Write;
use std::hint::black_box;

use common::{frames, samples};
use redspec_codec::frame::{Builder, Frame};
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation};
use redspec_codec::{MacAddress, hsrp};

/// `measure` installs the counting allocator and counts this thread's allocations.
fn allocations_of(action: impl FnOnce()) -> u64 {
    allocation_counter::measure(action).count_total
}

/// Takes text and forgets it.
struct Sink;

impl Write for Sink {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        black_box(text);
        Ok(())
    }
}

fn read(octets: &[u8]) {
    let mut deviations = 0;
    if let Ok(frame) = Frame::parse(octets) {
        match frame.audit(&mut |deviation| {
            let _ = write!(Sink, "{deviation}");
            deviations += 1;
        }) {
            Ok((pdu, rest)) => {
                let _ = write!(Sink, "{pdu} {}", rest.len());
            }
            Err(error) => {
                let _ = write!(Sink, "{error}");
            }
        }
        black_box(frame.pdu().is_ok());
    }
    black_box(deviations);
}

#[test]
fn the_counter_counts() {
    assert_eq!(allocations_of(|| drop(black_box(Box::new(1u8)))), 1);
}

#[test]
fn reading_does_not_allocate() {
    for (name, octets) in frames() {
        let count = allocations_of(|| read(&octets));
        assert_eq!(count, 0, "accepting {name}");
        for length in 0..octets.len() {
            assert_eq!(allocations_of(|| read(&octets[..length])), 0, "rejecting {name} cut to {length}");
        }
        let mut wrong = octets.clone();
        for index in 0..wrong.len() {
            wrong[index] ^= 0xff;
            assert_eq!(allocations_of(|| read(&wrong)), 0, "{name} with octet {index} changed");
            wrong[index] ^= 0xff;
        }
    }
    for sample in samples() {
        let count = allocations_of(|| {
            black_box(LacpduRef::parse(&sample.octets).is_ok());
            black_box(
                hsrp::v2::MessageRef::parse(&sample.octets)
                    .is_ok_and(|(view, _)| view.tlvs().count() > 0 && view.md5_digest(b"labkey").is_some()),
            );
        });
        assert_eq!(count, 0, "{}", sample.name);
    }
}

#[test]
fn building_does_not_allocate() {
    let mut out = [0; 256];
    let count = allocations_of(|| {
        let pdu = Lacpdu::new(PortInformation::default(), PortInformation::default(), 0);
        let length = Builder::slow(MacAddress([2, 0, 0, 0, 0, 1])).emit(&mut out, |out| pdu.emit(out));
        assert_eq!(length, Ok(124));
    });
    assert_eq!(count, 0);
}
