//! What the targets share: a mutator that repairs what it broke, half of the time.

use redspec_codec::properties::{repair_frame, repair_glbp, repair_hsrp2, repair_lacp, repair_vrrp};
use redspec_codec::{Carrier, Family};

/// Mutates as libFuzzer would and then, for every other seed, repairs lengths, counts and checksums with `repair`,
/// which is also told which form of the VRRPv3 checksum to use.
pub fn mutate(data: &mut [u8], size: usize, max_size: usize, seed: u32, repair: fn(&mut [u8], bool)) -> usize {
    let size = libfuzzer_sys::fuzzer_mutate(data, size, max_size);
    if seed & 1 == 0 {
        repair(&mut data[..size], seed & 2 == 0);
    }
    size
}

/// Repairs a LACPDU.
pub fn lacp(octets: &mut [u8], _: bool) {
    repair_lacp(octets);
}

/// Repairs a VRRPv2 message.
pub fn vrrp2(octets: &mut [u8], _: bool) {
    vrrp(octets, 0x21, Family::Ipv4, false);
}

/// Repairs a VRRPv3 message over IPv4.
pub fn vrrp3_ipv4(octets: &mut [u8], with_pseudo_header: bool) {
    vrrp(octets, 0x31, Family::Ipv4, with_pseudo_header);
}

/// Repairs a VRRPv3 message over IPv6.
pub fn vrrp3_ipv6(octets: &mut [u8], _: bool) {
    vrrp(octets, 0x31, Family::Ipv6, true);
}

/// The same carriers as the properties `vrrp3_ipv4` and `vrrp3_ipv6` have.
fn vrrp(octets: &mut [u8], first: u8, family: Family, with_pseudo_header: bool) {
    let carrier = match family {
        Family::Ipv4 => Carrier::Ipv4 { source: [10, 0, 0, 1].into(), destination: [224, 0, 0, 18].into() },
        Family::Ipv6 => Carrier::Ipv6 {
            source: [0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 1].into(),
            destination: [0xff02, 0, 0, 0, 0, 0, 0, 0x12].into(),
        },
    };
    if let Some(octet) = octets.first_mut() {
        *octet = first;
    }
    repair_vrrp(octets, carrier, with_pseudo_header);
}

/// Repairs a HSRPv2 message.
pub fn hsrp2(octets: &mut [u8], _: bool) {
    repair_hsrp2(octets);
}

/// Repairs a GLBP message.
pub fn glbp(octets: &mut [u8], _: bool) {
    repair_glbp(octets);
}

/// Repairs a frame.
pub fn frame(octets: &mut [u8], with_pseudo_header: bool) {
    repair_frame(octets, with_pseudo_header);
}

/// The body of a target: the property of that name, on a sample of prefixes and bits.
#[macro_export]
macro_rules! target {
    ($name:ident) => {
        libfuzzer_sys::fuzz_target!(|octets: &[u8]| {
            redspec_codec::properties::$name(octets, redspec_codec::properties::Effort::Sample);
        });
    };
    ($name:ident, repaired) => {
        $crate::target!($name);
        libfuzzer_sys::fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
            $crate::mutate(data, size, max_size, seed, $crate::$name)
        });
    };
}
