//! Times of the codec and of what it is compared with, by PDU and by frame.

use std::hint::black_box;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, criterion_group, criterion_main};
use redspec_benches::cases::{self, Case, Reader};
use redspec_benches::contenders::{self, LacpState};
use redspec_benches::{raw, samples};
use redspec_codec::slow::lacp::Lacpdu;
use redspec_codec::slow::marker::Marker;
use redspec_codec::vrrp::{v2 as vrrp2, v3 as vrrp3};
use redspec_codec::{Carrier, Family, glbp, hsrp};

fn read(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, reader: Reader, octets: &[u8]) {
    group.bench_function(name, |bencher| bencher.iter(|| reader(black_box(octets))));
}

/// Everything that reads; emitting follows in the same group.
fn group<'c>(criterion: &'c mut Criterion, case: &Case) -> BenchmarkGroup<'c, WallTime> {
    let mut group = criterion.benchmark_group(case.name);
    read(&mut group, "raw-cast", case.raw, &case.good);
    read(&mut group, "parse", case.parse, &case.good);
    if let Some(checksum) = case.checksum {
        read(&mut group, "parse-checksum", checksum, &case.good);
    }
    read(&mut group, "audit", case.audit, &case.good);
    read(&mut group, "reject-truncated", case.parse, &case.truncated);
    read(&mut group, "reject-wrong", case.parse, &case.wrong);
    group
}

/// Emits into a buffer, next to the copy of `N` octets that are there already.
fn emit<const N: usize>(
    group: &mut BenchmarkGroup<'_, WallTime>,
    octets: &[u8],
    emit: impl Fn(&mut [u8]) -> usize,
) {
    let octets: &[u8; N] = octets.try_into().expect("the length of the sample");
    let mut out = [0; 1514];
    assert_eq!(emit(&mut out), N, "the sample is emitted");
    assert_eq!(&out[..N], octets, "the sample is emitted");
    group.bench_function("memcpy", |bencher| {
        bencher.iter(|| raw::copy(black_box(octets), black_box(&mut out)));
    });
    group.bench_function("emit", |bencher| bencher.iter(|| emit(black_box(&mut out))));
}

fn pdus(criterion: &mut Criterion) {
    for case in &cases::pdus() {
        let group = &mut group(criterion, case);
        let octets = case.good.as_slice();
        match case.name {
            "lacpdu" => {
                let pdu = Lacpdu::from_octets(octets.try_into().expect("110 octets"));
                emit::<110>(group, octets, |out| contenders::emit_lacpdu(black_box(&pdu), out));
            }
            "marker" => {
                let pdu = Marker::from_octets(octets.try_into().expect("110 octets"));
                emit::<110>(group, octets, |out| contenders::emit_marker(black_box(&pdu), out));
            }
            "vrrp2" => {
                let (pdu, _) = vrrp2::AdvertisementRef::parse(octets).expect("the sample is valid");
                let pdu = pdu.to_value();
                emit::<20>(group, octets, |out| contenders::emit_vrrp2(black_box(&pdu), out));
            }
            "vrrp3" => {
                let [source, destination] = samples::VRRP3_IPV4_ADDRESSES;
                let carrier = Carrier::Ipv4 { source, destination };
                let pdu = vrrp3_value(octets, Family::Ipv4, vrrp3::Checksum::Rfc5798);
                emit::<12>(group, octets, |out| {
                    contenders::emit_vrrp3(black_box(&pdu), black_box(&carrier), out)
                });
            }
            "vrrp3-ipv6" => {
                let [source, destination] = samples::VRRP3_IPV6_ADDRESSES;
                let carrier = Carrier::Ipv6 { source, destination };
                let pdu = vrrp3_value(octets, Family::Ipv6, vrrp3::Checksum::Rfc9568);
                emit::<40>(group, octets, |out| {
                    contenders::emit_vrrp3(black_box(&pdu), black_box(&carrier), out)
                });
            }
            "hsrp1" => {
                let pdu = hsrp::v1::Message::from_octets(octets.try_into().expect("20 octets"));
                emit::<20>(group, octets, |out| contenders::emit_hsrp1(black_box(&pdu), out));
            }
            "hsrp2" => {
                let (pdu, _) = hsrp::v2::MessageRef::parse(octets).expect("the sample is valid");
                let tlvs: Vec<_> = pdu.tlvs().collect();
                emit::<52>(group, octets, |out| contenders::emit_hsrp2(black_box(&tlvs), out));
            }
            "glbp" => {
                let (pdu, _) = glbp::MessageRef::parse(octets).expect("the sample is valid");
                let (header, tlvs) = (pdu.header(), pdu.tlvs().collect::<Vec<_>>());
                emit::<80>(group, octets, |out| {
                    contenders::emit_glbp(black_box(&header), black_box(&tlvs), out)
                });
            }
            name => panic!("no emitter for {name}"),
        }
    }
}

fn vrrp3_value(octets: &[u8], family: Family, checksum: vrrp3::Checksum) -> vrrp3::Advertisement<'_> {
    let (pdu, _) = vrrp3::AdvertisementRef::parse(octets, family).expect("the sample is valid");
    vrrp3::Advertisement { checksum, ..pdu.to_value() }
}

fn frames(criterion: &mut Criterion) {
    for case in &cases::frames() {
        let group = &mut group(criterion, case);
        read(group, "etherparse-sliced-headers-only", contenders::etherparse_sliced, &case.good);
        read(group, "etherparse-packet-headers-only", contenders::etherparse_headers, &case.good);
        if case.name == "lacp-frame" {
            let state = LacpState::of_the_sample();
            emit::<124>(group, &case.good, |out| contenders::build_lacp_frame(black_box(&state), out));
        }
    }
}

criterion_group!(benches, pdus, frames);
criterion_main!(benches);
