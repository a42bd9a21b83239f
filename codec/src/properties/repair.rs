//! Brings lengths, counts and checksums of mutated octets back into order, so that a fuzzer gets past them.

use crate::frame::{Frame, Network, Protocol};
use crate::vrrp::IP_PROTOCOL;
use crate::{Carrier, Family, internet_checksum};

/// Makes the count of a VRRP message agree with its length and its checksum right; `with_pseudo_header` chooses the
/// form of RFC 5798 over IPv4.
pub fn repair_vrrp(message: &mut [u8], carrier: Carrier, with_pseudo_header: bool) {
    if message.len() < 8 {
        return;
    }
    let version_2 = message[0] >> 4 == 2;
    let authentication = if version_2 { 8 } else { 0 };
    let addresses = message.len().saturating_sub(8 + authentication) / carrier.family().address_length();
    message[3] = u8::try_from(addresses).unwrap_or(u8::MAX);
    let covered = 8 + usize::from(message[3]) * carrier.family().address_length() + authentication;
    let covered = covered.min(message.len());
    message[6..8].fill(0);
    let checksum = if !version_2 && (with_pseudo_header || carrier.family() == Family::Ipv6) {
        !carrier.pseudo_header(IP_PROTOCOL, covered).add(&message[..covered]).folded()
    } else {
        internet_checksum(&message[..covered])
    };
    message[6..8].copy_from_slice(&checksum.to_be_bytes());
}

/// Walks a TLV list and cuts the item that runs over the end down to it.
fn repair_list(list: &mut [u8], header_counted: usize, terminator: Option<u8>) {
    let mut at = 0;
    while at + 2 <= list.len() {
        if Some(list[at]) == terminator {
            return;
        }
        let left = list.len() - at - 2;
        let value = usize::from(list[at + 1]).saturating_sub(header_counted);
        let value = value.min(left);
        // At most 255: it was a length octet, or less.
        list[at + 1] = u8::try_from(value + header_counted).unwrap_or(u8::MAX);
        at += value + 2;
    }
}

/// Makes octets a LACPDU whose TLVs of version 2 end with a Terminator.
pub fn repair_lacp(pdu: &mut [u8]) {
    if pdu.len() < 110 {
        return;
    }
    pdu[0] = 1;
    let last = pdu.len() - 2;
    pdu[last..].fill(0);
    repair_list(&mut pdu[58..last], 2, Some(0));
}

/// Makes every TLV of a HSRPv2 message lie within it.
pub fn repair_hsrp2(message: &mut [u8]) {
    repair_list(message, 0, None);
}

/// Makes every TLV of a GLBP message lie within it.
pub fn repair_glbp(message: &mut [u8]) {
    if let Some(list) = message.get_mut(12..) {
        repair_list(list, 2, None);
    }
}

/// Makes the lengths of IP and UDP agree with the frame, and what they carry whole.
pub fn repair_frame(octets: &mut [u8], with_pseudo_header: bool) {
    let Ok(frame) = Frame::parse(octets) else { return };
    let length = octets.len();
    let (at, protocol, carrier) = (frame.payload_at(), frame.protocol(), frame.carrier());
    let offset = |part: &[u8]| part.as_ptr() as usize - frame.octets().as_ptr() as usize;
    let network_at = match frame.network() {
        Network::None => None,
        Network::Ipv4(header) => Some((Family::Ipv4, offset(header.slice()), header.slice().len())),
        Network::Ipv6(header) => Some((Family::Ipv6, offset(header.slice()), 40)),
    };
    let udp_at = frame.udp_header().map(|header| offset(header.slice()));
    // Nothing longer than the largest IP packet is a frame.
    let sixteen = |number: usize| u16::try_from(number).unwrap_or(u16::MAX).to_be_bytes();
    if let Some((family, at, header_length)) = network_at {
        match family {
            Family::Ipv4 => {
                octets[at + 2..at + 4].copy_from_slice(&sixteen(length - at));
                octets[at + 6..at + 8].fill(0);
                octets[at + 10..at + 12].fill(0);
                let checksum = internet_checksum(&octets[at..at + header_length]);
                octets[at + 10..at + 12].copy_from_slice(&checksum.to_be_bytes());
            }
            Family::Ipv6 => octets[at + 4..at + 6].copy_from_slice(&sixteen(length - at - header_length)),
        }
    }
    if let Some(at) = udp_at {
        octets[at + 4..at + 6].copy_from_slice(&sixteen(length - at));
    }
    let payload = &mut octets[at..];
    match (protocol, carrier) {
        (Protocol::Slow, _) => repair_lacp(payload),
        (Protocol::Vrrp, Some(carrier)) => repair_vrrp(payload, carrier, with_pseudo_header),
        (Protocol::Hsrp2, _) => repair_hsrp2(payload),
        (Protocol::Glbp, _) => repair_glbp(payload),
        _ => {}
    }
}
