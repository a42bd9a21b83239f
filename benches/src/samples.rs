//! The octets that contenders read: the golden vectors of the specification, and frames around them.

use core::net::{Ipv4Addr, Ipv6Addr};

use redspec_codec::MacAddress;
use redspec_codec::frame::{Builder, Ethernet, VlanTag};

/// LACPDU of a captured device, coupled; without its Reserved octets.
const LACPDU: &str = "0101 0114 8000 0013c4120f00 000d 8000 0016 3d 000000 \
    0214 8000 000e8316f500 000d 8000 0019 0c 000000 0310 8000 000000000000000000000000 0000";
/// Marker PDU without its Reserved octets.
const MARKER: &str = "0201 0110 0001 020000000001 deadbeef 0000 0000";
const VRRP2: &str = "210a640100016ff50a0000fe0000000000000000";
/// From 10.0.0.1, checksum with the pseudo-header.
const VRRP3_IPV4: &str = "310a6401006475020a0000fe";
/// From fe80::ff:fe00:1.
const VRRP3_IPV6: &str = "310a640200643ec2 fe800000000000000000000000000010 20010db8000000000000000000000254";
const HSRP1: &str = "000010030a6e0700636973636f000000c0000201";
/// Group State and Text Authentication.
const HSRP2: &str = "0128020006040fff0200000000010000006e00000bb800002710c0000201000000000000000000000000 \
    0308 636973636f000000";
/// Of a captured device: Hello and two forwarders.
const GLBP: &str = "010000010000aabbcc001400 011c 00200064 0000 00000bb8 00002710 0258 3840 0000 0104 0a010201 \
    0214 01200087 64043818 0230 0214 0007b4000101 0214 022000a7 64073840 0258 0000 0007b4000102";

/// The octets of a text of hexadecimal digits.
fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_hexdigit).collect();
    let digit = |digit: u8| char::from(digit).to_digit(16).unwrap_or(0) as u8;
    digits.chunks(2).map(|pair| digit(pair[0]) << 4 | digit(pair[1])).collect()
}

/// The octets of a slow protocol PDU, its Reserved octets included.
fn slow(text: &str) -> Vec<u8> {
    let mut octets = hex(text);
    octets.resize(110, 0);
    octets
}

/// A LACPDU.
pub fn lacpdu() -> Vec<u8> {
    slow(LACPDU)
}

/// A Marker PDU.
pub fn marker() -> Vec<u8> {
    slow(MARKER)
}

/// A VRRPv2 advertisement.
pub fn vrrp2() -> Vec<u8> {
    hex(VRRP2)
}

/// A VRRPv3 advertisement over IPv4 with one address.
pub fn vrrp3_ipv4() -> Vec<u8> {
    hex(VRRP3_IPV4)
}

/// Source and destination of [`vrrp3_ipv4`].
pub const VRRP3_IPV4_ADDRESSES: [Ipv4Addr; 2] = [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(224, 0, 0, 18)];

/// A VRRPv3 advertisement over IPv6 with two addresses.
pub fn vrrp3_ipv6() -> Vec<u8> {
    hex(VRRP3_IPV6)
}

/// Source and destination of [`vrrp3_ipv6`].
pub const VRRP3_IPV6_ADDRESSES: [Ipv6Addr; 2] =
    [Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 1), Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12)];

/// A HSRPv1 Hello.
pub fn hsrp1() -> Vec<u8> {
    hex(HSRP1)
}

/// A HSRPv2 message of Group State and Text Authentication.
pub fn hsrp2() -> Vec<u8> {
    hex(HSRP2)
}

/// A GLBP message of Hello and two forwarders.
pub fn glbp() -> Vec<u8> {
    hex(GLBP)
}

/// The frame that `builder` makes around `pdu`.
fn frame(builder: &Builder<'_>, pdu: &[u8]) -> Vec<u8> {
    let mut out = vec![0; 1514];
    let length = builder
        .emit(&mut out, |space| {
            space[..pdu.len()].copy_from_slice(pdu);
            Ok(pdu.len())
        })
        .expect("a sample fits a frame");
    out.truncate(length);
    out
}

/// Source MAC address of the frames that are not VRRP's.
pub const SOURCE: MacAddress = MacAddress([0x00, 0x13, 0xc4, 0x12, 0x0f, 0x0d]);

/// [`lacpdu`] in a frame: 124 octets.
pub fn lacp_frame() -> Vec<u8> {
    frame(&Builder::slow(SOURCE), &lacpdu())
}

/// [`vrrp3_ipv4`] in a frame: 60 octets, padding included.
pub fn vrrp3_frame() -> Vec<u8> {
    frame(&Builder::vrrp_ipv4(10, VRRP3_IPV4_ADDRESSES[0]), &vrrp3_ipv4())
}

/// [`vrrp3_ipv4`] in a frame with a VLAN tag.
pub fn tagged_frame() -> Vec<u8> {
    let builder = Builder::vrrp_ipv4(10, VRRP3_IPV4_ADDRESSES[0]);
    let tags = &[VlanTag::new(100)];
    let ethernet = builder.ethernet.map(|ethernet| Ethernet { tags, ..ethernet });
    frame(&Builder { ethernet, ..builder }, &vrrp3_ipv4())
}

/// [`hsrp1`] in a frame: 62 octets.
pub fn hsrp1_frame() -> Vec<u8> {
    frame(&Builder::hsrp1(SOURCE, Ipv4Addr::new(192, 0, 2, 2)), &hsrp1())
}

/// [`hsrp2`] in a frame: 94 octets.
pub fn hsrp2_frame() -> Vec<u8> {
    frame(&Builder::hsrp2(SOURCE, Ipv4Addr::new(192, 0, 2, 2)), &hsrp2())
}
