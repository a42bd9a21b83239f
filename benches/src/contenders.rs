//! The contenders: this codec, and etherparse for the headers of frames.

use core::hint::black_box;
use core::net::IpAddr;

use etherparse::{LinkSlice, NetHeaders, NetSlice, PacketHeaders, SlicedPacket};
use redspec_codec::frame::{Builder, Frame, Network, Pdu};
use redspec_codec::hsrp::{v1, v2};
use redspec_codec::slow::SlowPdu;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation};
use redspec_codec::slow::marker::{Marker, MarkerRef};
use redspec_codec::vrrp::{self, ChecksumStatus, VrrpPdu, v3};
use redspec_codec::{Addresses, Carrier, Deviation, Error, Family, MacAddress, glbp};

use crate::{Fold, samples};

/// An error is read as a PDU is: all of it.
#[inline(always)]
fn error(error: Error) -> u64 {
    Fold::default()
        .number(error.at())
        .number(error.expected())
        .number(error.found())
        .number(error.kind() as u8)
        .number(error.layer() as u8)
        .0
}

/// The report of an audit: where the deviations are.
#[inline(always)]
fn audited<T>(audit: impl FnOnce(&mut dyn FnMut(Deviation)) -> Result<T, Error>) -> u64 {
    let mut fold = Fold::default();
    match audit(&mut |deviation| fold = fold.number(deviation.at).number(1u8)) {
        Ok(_) => fold.0,
        Err(wrong) => error(wrong),
    }
}

#[inline(always)]
fn port(fold: Fold, port: &PortInformation) -> Fold {
    fold.number(port.system_priority)
        .mac(port.system.0)
        .number(port.key)
        .number(port.port_priority)
        .number(port.port)
        .number(port.state.0)
}

#[inline(always)]
fn addresses(fold: Fold, addresses: Addresses<'_>) -> Fold {
    addresses.iter().fold(fold, |fold, address| match address {
        IpAddr::V4(address) => fold.number(u32::from(address)),
        IpAddr::V6(address) => fold.octets16(address.octets()),
    })
}

#[inline(always)]
fn fold_lacpdu(fold: Fold, pdu: &LacpduRef<'_>) -> Fold {
    let fold = fold.number(pdu.subtype().0).number(pdu.version());
    let fold = port(port(fold, &pdu.actor()), &pdu.partner());
    let [terminator_type, terminator_length] = pdu.terminator();
    fold.number(pdu.collector_max_delay()).number(terminator_type).number(terminator_length)
}

#[inline(always)]
fn fold_vrrp3(fold: Fold, pdu: &v3::AdvertisementRef<'_>) -> Fold {
    let fold = fold
        .number(pdu.packet_type().0)
        .number(pdu.vrid())
        .number(pdu.priority())
        .number(pdu.reserve())
        .number(pdu.max_advertisement_interval_cs())
        .number(pdu.checksum());
    addresses(fold, pdu.addresses())
}

#[inline(always)]
fn fold_hsrp1(fold: Fold, pdu: &v1::MessageRef<'_>) -> Fold {
    fold.number(pdu.version())
        .number(pdu.opcode().0)
        .number(pdu.state().0)
        .number(pdu.hellotime_s())
        .number(pdu.holdtime_s())
        .number(pdu.priority())
        .number(pdu.group())
        .number(pdu.reserved())
        .octets8(pdu.authentication())
        .number(u32::from(pdu.virtual_ip()))
}

#[inline(always)]
fn fold_hsrp2(mut fold: Fold, pdu: &v2::MessageRef<'_>) -> Fold {
    if let Some(state) = pdu.group_state() {
        fold = fold
            .number(state.version())
            .number(state.opcode().0)
            .number(state.state().0)
            .number(state.ip_version())
            .number(state.group())
            .mac(state.identifier().0)
            .number(state.priority())
            .number(state.hellotime_ms())
            .number(state.holdtime_ms())
            .octets16(state.virtual_ip_octets());
    }
    match pdu.text_authentication() {
        Some(text) => fold.octets8(*text),
        None => fold,
    }
}

/// A LACPDU.
#[inline(never)]
pub fn lacpdu(octets: &[u8]) -> u64 {
    match LacpduRef::parse(octets) {
        Ok((pdu, _)) => fold_lacpdu(Fold::default(), &pdu).0,
        Err(wrong) => error(wrong),
    }
}

/// [`lacpdu`], every rule on its format included.
#[inline(never)]
pub fn audit_lacpdu(octets: &[u8]) -> u64 {
    audited(|report| LacpduRef::audit(octets, report))
}

/// A Marker PDU.
#[inline(never)]
pub fn marker(octets: &[u8]) -> u64 {
    match MarkerRef::parse(octets) {
        Ok((pdu, _)) => {
            Fold::default()
                .number(pdu.subtype().0)
                .number(pdu.version())
                .number(pdu.kind().0)
                .number(pdu.information_length())
                .number(pdu.requester_port())
                .mac(pdu.requester_system().0)
                .number(pdu.transaction_id())
                .number(pdu.terminator_tlv_type())
                .number(pdu.terminator_length())
                .0
        }
        Err(wrong) => error(wrong),
    }
}

/// [`marker`], every rule on its format included.
#[inline(never)]
pub fn audit_marker(octets: &[u8]) -> u64 {
    audited(|report| MarkerRef::audit(octets, report))
}

/// A VRRPv2 advertisement.
#[inline(never)]
pub fn vrrp2(octets: &[u8]) -> u64 {
    match vrrp::v2::AdvertisementRef::parse(octets) {
        Ok((pdu, _)) => {
            let fold = Fold::default()
                .number(pdu.packet_type().0)
                .number(pdu.vrid())
                .number(pdu.priority())
                .number(pdu.auth_type().0)
                .number(pdu.advertisement_interval_s())
                .number(pdu.checksum());
            addresses(fold, pdu.addresses()).0
        }
        Err(wrong) => error(wrong),
    }
}

/// [`vrrp2`], every rule on its format included.
#[inline(never)]
pub fn audit_vrrp2(octets: &[u8]) -> u64 {
    audited(|report| vrrp::v2::AdvertisementRef::audit(octets, report))
}

/// A VRRPv3 advertisement over IPv4, without a verdict on its checksum.
#[inline(never)]
pub fn vrrp3_ipv4(octets: &[u8]) -> u64 {
    match v3::AdvertisementRef::parse(octets, Family::Ipv4) {
        Ok((pdu, _)) => fold_vrrp3(Fold::default(), &pdu).0,
        Err(wrong) => error(wrong),
    }
}

/// A VRRPv3 advertisement over IPv6, without a verdict on its checksum.
#[inline(never)]
pub fn vrrp3_ipv6(octets: &[u8]) -> u64 {
    match v3::AdvertisementRef::parse(octets, Family::Ipv6) {
        Ok((pdu, _)) => fold_vrrp3(Fold::default(), &pdu).0,
        Err(wrong) => error(wrong),
    }
}

/// The fields of a VRRPv3 advertisement and the verdict on its checksum. A right one adds nothing, so that the raw
/// cast, which has no verdict, gives the same number.
#[inline(always)]
fn vrrp3_with_checksum(octets: &[u8], carrier: Carrier) -> u64 {
    match v3::AdvertisementRef::parse(octets, carrier.family()) {
        Ok((pdu, _)) => {
            let wrong = pdu.checksum_status(Some(carrier)) == ChecksumStatus::Invalid;
            fold_vrrp3(Fold::default(), &pdu).number(wrong).0
        }
        Err(wrong) => error(wrong),
    }
}

/// [`vrrp3_ipv4`] with the verdict on its checksum.
#[inline(never)]
pub fn vrrp3_ipv4_checksum(octets: &[u8]) -> u64 {
    let [source, destination] = black_box(&samples::VRRP3_IPV4_ADDRESSES);
    vrrp3_with_checksum(octets, Carrier::Ipv4 { source: *source, destination: *destination })
}

/// [`vrrp3_ipv6`] with the verdict on its checksum.
#[inline(never)]
pub fn vrrp3_ipv6_checksum(octets: &[u8]) -> u64 {
    let [source, destination] = black_box(&samples::VRRP3_IPV6_ADDRESSES);
    vrrp3_with_checksum(octets, Carrier::Ipv6 { source: *source, destination: *destination })
}

/// [`vrrp3_ipv4`], every rule on its format included.
#[inline(never)]
pub fn audit_vrrp3_ipv4(octets: &[u8]) -> u64 {
    let [source, destination] = *black_box(&samples::VRRP3_IPV4_ADDRESSES);
    let carrier = Some(Carrier::Ipv4 { source, destination });
    audited(|report| v3::AdvertisementRef::audit(octets, Family::Ipv4, carrier, report))
}

/// [`vrrp3_ipv6`], every rule on its format included.
#[inline(never)]
pub fn audit_vrrp3_ipv6(octets: &[u8]) -> u64 {
    let [source, destination] = *black_box(&samples::VRRP3_IPV6_ADDRESSES);
    let carrier = Some(Carrier::Ipv6 { source, destination });
    audited(|report| v3::AdvertisementRef::audit(octets, Family::Ipv6, carrier, report))
}

/// A HSRPv1 message.
#[inline(never)]
pub fn hsrp1(octets: &[u8]) -> u64 {
    match v1::MessageRef::parse(octets) {
        Ok((pdu, _)) => fold_hsrp1(Fold::default(), &pdu).0,
        Err(wrong) => error(wrong),
    }
}

/// [`hsrp1`], every rule on its format included.
#[inline(never)]
pub fn audit_hsrp1(octets: &[u8]) -> u64 {
    audited(|report| v1::MessageRef::audit(octets, report))
}

/// A HSRPv2 message.
#[inline(never)]
pub fn hsrp2(octets: &[u8]) -> u64 {
    match v2::MessageRef::parse(octets) {
        Ok((pdu, _)) => fold_hsrp2(Fold::default(), &pdu).0,
        Err(wrong) => error(wrong),
    }
}

/// [`hsrp2`], every rule on its format included.
#[inline(never)]
pub fn audit_hsrp2(octets: &[u8]) -> u64 {
    audited(|report| v2::MessageRef::audit(octets, report))
}

/// A GLBP message.
#[inline(never)]
pub fn glbp(octets: &[u8]) -> u64 {
    match glbp::MessageRef::parse(octets) {
        Ok((pdu, _)) => {
            let fold = Fold::default().number(pdu.version()).number(pdu.group()).mac(pdu.owner().0);
            pdu.tlvs().fold(fold, fold_glbp_tlv).0
        }
        Err(wrong) => error(wrong),
    }
}

#[inline(always)]
fn fold_glbp_tlv(fold: Fold, tlv: glbp::Tlv<'_>) -> Fold {
    match tlv {
        glbp::Tlv::Hello { hello, .. } => {
            let fold = fold
                .number(hello.state.0)
                .number(hello.priority)
                .number(hello.hellotime_ms)
                .number(hello.holdtime_ms)
                .number(hello.redirect_s)
                .number(hello.timeout_s)
                .number(hello.address_type)
                .number(hello.address_length);
            match tlv.virtual_ip() {
                Some(IpAddr::V4(address)) => fold.number(u32::from(address)),
                Some(IpAddr::V6(address)) => fold.octets16(address.octets()),
                None => fold,
            }
        }
        glbp::Tlv::RequestResponse(one) => fold
            .number(one.forwarder)
            .number(one.state.0)
            .number(one.priority)
            .number(one.weight)
            .number(one.timeout_left_s)
            .number(one.redirect_left_s)
            .mac(one.virtual_mac.0),
        glbp::Tlv::Authentication { .. } | glbp::Tlv::Other(_) | glbp::Tlv::Misstated { .. } => fold,
    }
}

/// [`glbp()`], every rule on its format included.
#[inline(never)]
pub fn audit_glbp(octets: &[u8]) -> u64 {
    audited(|report| glbp::MessageRef::audit(octets, report))
}

/// The headers of a frame: every field of every one.
#[inline(always)]
fn headers(frame: &Frame<'_>) -> Fold {
    let mut fold = Fold::default();
    if let (Some(destination), Some(source)) = (frame.destination_mac(), frame.source_mac()) {
        fold = fold.mac(destination.0).mac(source.0).number(frame.ether_type());
    }
    if let Network::Ipv4(header) = frame.network() {
        fold = fold
            .number(header.version())
            .number(header.ihl())
            .number(header.dcp().value() << 2 | header.ecn().value())
            .number(header.total_len())
            .number(header.identification())
            .number(header.fragments_offset().value())
            .number(header.ttl())
            .number(header.protocol().0)
            .number(header.header_checksum())
            .number(u32::from(header.source_addr()))
            .number(u32::from(header.destination_addr()));
    }
    match frame.udp_header() {
        Some(header) => fold
            .number(header.source_port())
            .number(header.destination_port())
            .number(header.length())
            .number(header.checksum()),
        None => fold,
    }
}

/// A frame with a LACPDU.
#[inline(never)]
pub fn lacp_frame(octets: &[u8]) -> u64 {
    whole_frame(octets, |frame, pdu| match pdu {
        Pdu::Slow(SlowPdu::Lacp(pdu)) => fold_lacpdu(headers(frame), pdu).0,
        _ => 0,
    })
}

/// A frame with a VRRPv3 advertisement.
#[inline(never)]
pub fn vrrp3_frame(octets: &[u8]) -> u64 {
    whole_frame(octets, |frame, pdu| match pdu {
        Pdu::Vrrp(VrrpPdu::V3(pdu)) => fold_vrrp3(headers(frame), pdu).0,
        _ => 0,
    })
}

/// [`vrrp3_frame`] with the VLAN tags.
#[inline(never)]
pub fn tagged_frame(octets: &[u8]) -> u64 {
    whole_frame(octets, |frame, pdu| match pdu {
        Pdu::Vrrp(VrrpPdu::V3(pdu)) => {
            let fold = fold_vrrp3(headers(frame), pdu);
            frame.vlan_tags().fold(fold, |fold, tag| fold.number(tag.tpid).number(tag.control)).0
        }
        _ => 0,
    })
}

/// A frame with a HSRPv1 message.
#[inline(never)]
pub fn hsrp1_frame(octets: &[u8]) -> u64 {
    whole_frame(octets, |frame, pdu| match pdu {
        Pdu::Hsrp1(v1::Pdu::Message(pdu)) => fold_hsrp1(headers(frame), pdu).0,
        _ => 0,
    })
}

/// A frame with a HSRPv2 message.
#[inline(never)]
pub fn hsrp2_frame(octets: &[u8]) -> u64 {
    whole_frame(octets, |frame, pdu| match pdu {
        Pdu::Hsrp2(pdu) => fold_hsrp2(headers(frame), pdu).0,
        _ => 0,
    })
}

/// Reads a frame and hands it and what it carries to `fold`.
#[inline(always)]
fn whole_frame(octets: &[u8], fold: impl FnOnce(&Frame<'_>, &Pdu<'_>) -> u64) -> u64 {
    match Frame::read(octets) {
        Ok((frame, pdu, _)) => fold(&frame, &pdu),
        Err(wrong) => error(wrong),
    }
}

/// Any frame, every rule on its format included.
#[inline(never)]
pub fn audit_frame(octets: &[u8]) -> u64 {
    match Frame::parse(octets) {
        Ok(frame) => audited(|report| frame.audit(report)),
        Err(wrong) => error(wrong),
    }
}

/// The same headers with etherparse's slices; the PDU is not read.
#[inline(never)]
pub fn etherparse_sliced(octets: &[u8]) -> u64 {
    let Ok(packet) = SlicedPacket::from_ethernet(octets) else { return 0 };
    let mut fold = Fold::default();
    if let Some(LinkSlice::Ethernet2(header)) = &packet.link {
        fold = fold.number(header.ether_type().0).mac(header.destination()).mac(header.source());
    }
    if let Some(NetSlice::Ipv4(slice)) = &packet.net {
        let header = slice.header();
        fold = fold
            .number(u32::from(header.source_addr()))
            .number(u32::from(header.destination_addr()))
            .number(header.ttl());
    }
    fold.0
}

/// The same headers with etherparse's decoded headers; the PDU is not read.
#[inline(never)]
pub fn etherparse_headers(octets: &[u8]) -> u64 {
    let Ok(packet) = PacketHeaders::from_ethernet_slice(octets) else { return 0 };
    let mut fold = Fold::default();
    if let Some(header) = packet.link.and_then(|link| link.ethernet2()) {
        fold = fold.number(header.ether_type.0).mac(header.destination).mac(header.source);
    }
    if let Some(NetHeaders::Ipv4(header, _)) = &packet.net {
        fold = fold
            .number(u32::from_be_bytes(header.source))
            .number(u32::from_be_bytes(header.destination))
            .number(header.time_to_live);
    }
    fold.0
}

/// What a LACP device knows when it sends: its own port, the partner's, and the delay.
#[derive(Clone, Copy, Debug)]
pub struct LacpState {
    /// Source MAC address of the frame.
    pub source: MacAddress,
    /// The port.
    pub actor: PortInformation,
    /// The other end.
    pub partner: PortInformation,
    /// CollectorMaxDelay.
    pub collector_max_delay: u16,
}

/// Builds a frame with a LACPDU in `out`; 0 if there is no room.
#[inline(never)]
pub fn build_lacp_frame(state: &LacpState, out: &mut [u8]) -> usize {
    let pdu = Lacpdu::new(state.actor, state.partner, state.collector_max_delay);
    Builder::slow(state.source).emit(out, |space| pdu.emit(space)).unwrap_or(0)
}

/// Writes a LACPDU; 0 if there is no room.
#[inline(never)]
pub fn emit_lacpdu(pdu: &Lacpdu, out: &mut [u8]) -> usize {
    pdu.emit(out).unwrap_or(0)
}

/// Writes a Marker PDU; 0 if there is no room.
#[inline(never)]
pub fn emit_marker(pdu: &Marker, out: &mut [u8]) -> usize {
    pdu.emit(out).unwrap_or(0)
}

/// Writes a VRRPv2 advertisement; 0 if there is no room.
#[inline(never)]
pub fn emit_vrrp2(pdu: &vrrp::v2::Advertisement<'_>, out: &mut [u8]) -> usize {
    pdu.emit(out).unwrap_or(0)
}

/// Writes a VRRPv3 advertisement; 0 if there is no room.
#[inline(never)]
pub fn emit_vrrp3(pdu: &v3::Advertisement<'_>, carrier: &Carrier, out: &mut [u8]) -> usize {
    pdu.emit(*carrier, out).unwrap_or(0)
}

/// Writes a HSRPv1 message; 0 if there is no room.
#[inline(never)]
pub fn emit_hsrp1(pdu: &v1::Message, out: &mut [u8]) -> usize {
    pdu.emit(out).unwrap_or(0)
}

/// Writes a HSRPv2 message; 0 if there is no room.
#[inline(never)]
pub fn emit_hsrp2(tlvs: &[v2::Tlv<'_>], out: &mut [u8]) -> usize {
    v2::emit(tlvs.iter().copied(), out).unwrap_or(0)
}

/// Writes a GLBP message; 0 if there is no room.
#[inline(never)]
pub fn emit_glbp(header: &glbp::Header, tlvs: &[glbp::Tlv<'_>], out: &mut [u8]) -> usize {
    glbp::emit(header, tlvs.iter().copied(), out).unwrap_or(0)
}

impl LacpState {
    /// What [`lacp_frame`](crate::samples::lacp_frame) says.
    pub fn of_the_sample() -> Self {
        let octets = samples::lacpdu();
        let (pdu, _) = LacpduRef::parse(&octets).expect("the sample is valid");
        Self {
            source: samples::SOURCE,
            actor: pdu.actor(),
            partner: pdu.partner(),
            collector_max_delay: pdu.collector_max_delay(),
        }
    }
}
