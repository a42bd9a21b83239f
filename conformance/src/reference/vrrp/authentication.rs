//! The IP Authentication Header of RFC 2338 5.3.6.3: HMAC-MD5-96 (RFC 2402, RFC 2403).

use std::net::IpAddr;

use hmac::{Hmac, KeyInit, Mac};
use md5::Md5;
use redspec_codec::vrrp::IP_PROTOCOL;

/// Octets of the header: 12 of its own, and the authentication data.
pub const LENGTH: usize = 24;
/// The protocol number of the header.
const AUTHENTICATION_HEADER: u8 = 51;
/// Where the authentication data stands in the header.
const DATA: usize = 12;

/// The Security Parameters Index of what `sender` sends. Which it is the receiver's association says (RFC 2402 2.4); among
/// routers that all send to a group and are configured by hand it is the sender's address where nobody says another.
pub fn security_parameters_index(configured: Option<u32>, sender: IpAddr) -> u32 {
    match (configured, sender) {
        (Some(index), _) => index,
        (None, IpAddr::V4(address)) => address.to_bits(),
        // Never sent: version 2 has no IPv6. The least that is not reserved.
        (None, IpAddr::V6(_)) => 0x100,
    }
}

/// The authentication data of an IPv4 packet whose Authentication Header follows its IP header, under this key; `None` if
/// it has none.
pub fn data(packet: &[u8], key: &[u8]) -> Option<[u8; 12]> {
    let header = usize::from(packet.first()? & 0xf) * 4;
    let total = usize::from(u16::from_be_bytes([*packet.get(2)?, *packet.get(3)?]));
    if header < 20 || *packet.get(9)? != AUTHENTICATION_HEADER {
        return None;
    }
    let mut octets = packet.get(..total)?.to_vec();
    if *octets.get(header)? != IP_PROTOCOL {
        return None;
    }
    // What routers change on the way counts as zero: Type of Service, flags and offset, TTL, header checksum.
    for at in [1, 6, 7, 8, 10, 11] {
        octets[at] = 0;
    }
    octets.get_mut(header + DATA..header + LENGTH)?.fill(0);
    let mut code = Hmac::<Md5>::new_from_slice(key).ok()?;
    code.update(&octets);
    code.finalize().into_bytes().get(..12)?.try_into().ok()
}

/// Puts the authentication data into an Ethernet frame without tags whose Authentication Header is there but for it.
pub fn seal(frame: &mut [u8], key: &[u8]) {
    let Some(packet) = frame.get_mut(14..) else { return };
    let Some(data) = data(packet, key) else { return };
    let header = usize::from(packet[0] & 0xf) * 4;
    packet[header + DATA..header + LENGTH].copy_from_slice(&data);
}

/// The authentication data of an IPv4 packet is right under this key.
pub fn is_right(packet: &[u8], key: &[u8]) -> bool {
    let header = usize::from(packet.first().copied().unwrap_or(0) & 0xf) * 4;
    data(packet, key).is_some_and(|data| packet.get(header + DATA..header + LENGTH) == Some(&data[..]))
}
