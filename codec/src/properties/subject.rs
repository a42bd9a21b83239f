//! The PDUs that the properties are asserted of.

use core::net::{Ipv4Addr, Ipv6Addr};
use std::vec;
use std::vec::Vec;

use super::{Effort, deviation_is_placed, error_is_placed, flips_are_seen, format_all};
use crate::slow::lacp::LacpduRef;
use crate::slow::marker::MarkerRef;
use crate::slow::{OpaqueSlowPdu, SlowPdu};
use crate::vrrp::carp::CarpRef;
use crate::vrrp::{ChecksumStatus, v2 as vrrp_v2, v3 as vrrp_v3};
use crate::{Carrier, Deviation, Error, ErrorKind, cisco, glbp as glbp_codec, hsrp};

/// A kind of PDU, seen through its parser, auditor and emitter.
pub trait Subject {
    /// The view.
    type View<'a>: Copy + PartialEq + core::fmt::Display + core::fmt::Debug;

    /// The parser.
    ///
    /// # Errors
    /// The parser's.
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(Self::View<'a>, &'a [u8]), Error>;

    /// The auditor.
    ///
    /// # Errors
    /// The auditor's.
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self::View<'a>, &'a [u8]), Error>;

    /// The octets of a view.
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8];

    /// Emits the value of a view.
    ///
    /// # Errors
    /// The emitter's.
    fn emit(&self, view: Self::View<'_>, out: &mut [u8]) -> Result<usize, Error>;

    /// The format allows this PDU to end after `length` octets, fewer than it has.
    fn may_end(&self, view: Self::View<'_>, length: usize) -> bool {
        let _ = (view, length);
        false
    }
}

/// Asserts the properties that every PDU has.
fn assert_all(subject: &impl Subject, octets: &[u8], effort: Effort) {
    let formats = effort.formats(octets);
    let mut deviations = 0usize;
    let audited = subject.audit(octets, &mut |deviation| {
        deviation_is_placed(&deviation, octets.len());
        if formats {
            format_all(&deviation);
        }
        deviations += 1;
    });
    let (view, rest) = match subject.parse(octets) {
        Ok(parsed) => parsed,
        Err(error) => {
            error_is_placed(error, octets.len());
            assert_eq!(audited.err(), Some(error), "audit rejects as parse does");
            assert_eq!(deviations, 0, "nothing is reported of a rejected PDU");
            return;
        }
    };
    assert!(audited == Ok((view, rest)), "audit gives the view that parse gives");
    if formats {
        format_all(&view);
    }

    let pdu = subject.octets(view);
    assert_eq!(&octets[..pdu.len()], pdu, "the PDU is the beginning of the input");
    assert_eq!(&octets[pdu.len()..], rest, "PDU and rest are the input");
    let (alone, nothing) = subject.parse(pdu).expect("a PDU on its own is accepted");
    assert!(alone == view && nothing.is_empty(), "a PDU on its own is read the same way");

    let mut out = vec![0xa5; pdu.len() + 8];
    assert_eq!(subject.emit(view, &mut out), Ok(pdu.len()), "the value can be emitted");
    assert_eq!(&out[..pdu.len()], pdu, "emitting gives the same octets");
    assert_eq!(out[pdu.len()..], [0xa5; 8], "nothing is written behind the PDU");
    for room in effort.indices(pdu.len(), pdu) {
        let error = subject.emit(view, &mut out[..room]).expect_err("no room");
        assert_eq!(error.kind(), ErrorKind::NoRoom);
    }

    for length in effort.indices(pdu.len(), pdu) {
        match subject.parse(&pdu[..length]) {
            Ok(_) => assert!(subject.may_end(view, length), "prefix of {length} octets accepted"),
            Err(error) => error_is_placed(error, length),
        }
    }
}

struct Lacp;

impl Subject for Lacp {
    type View<'a> = LacpduRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(LacpduRef<'a>, &'a [u8]), Error> {
        LacpduRef::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(LacpduRef<'a>, &'a [u8]), Error> {
        LacpduRef::audit(octets, report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: LacpduRef<'_>, out: &mut [u8]) -> Result<usize, Error> {
        view.to_value().emit_with_tlvs(view.tlvs(), out)
    }
    /// A long PDU of version 2 cut behind octet 109 is what version 1 reads: its TLVs are no reason to reject.
    fn may_end(&self, _: LacpduRef<'_>, length: usize) -> bool {
        length >= 110
    }
}

/// The properties of a LACPDU, read as versions 1 and 2 read it.
pub fn lacp(octets: &[u8], effort: Effort) {
    assert_all(&Lacp, octets, effort);
    let as_version_1 = LacpduRef::parse_as_version_1(octets);
    match LacpduRef::parse(octets) {
        Ok((view, _)) => {
            assert!(view.tlvs().count() <= view.octets().len() / 2, "the TLV walk ends");
            assert_eq!(
                view.terminator().len() + view.pad().len() + 58,
                view.octets().len() - list_length(view)
            );
            let (as_version_1, rest) = as_version_1.expect("version 1 accepts all that 2 does");
            assert_eq!((as_version_1.octets(), rest), octets.split_at(110));
            let mut out = [0xa5; 110];
            assert_eq!(as_version_1.to_value().emit(&mut out), Ok(110));
            assert_eq!(out, octets[..110], "version 1 is lossless too");
        }
        Err(error) => assert_eq!(as_version_1.err(), Some(error), "version 2 accepts all that 1 does"),
    }
}

fn list_length(view: LacpduRef<'_>) -> usize {
    view.tlvs().map(|tlv| tlv.wire_len()).sum()
}

struct Marker;

impl Subject for Marker {
    type View<'a> = MarkerRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(MarkerRef<'a>, &'a [u8]), Error> {
        MarkerRef::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(MarkerRef<'a>, &'a [u8]), Error> {
        MarkerRef::audit(octets, report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: MarkerRef<'_>, out: &mut [u8]) -> Result<usize, Error> {
        view.to_value().emit(out)
    }
}

/// The properties of a Marker PDU.
pub fn marker(octets: &[u8], effort: Effort) {
    assert_all(&Marker, octets, effort);
}

/// The properties of any slow protocol frame.
pub fn slow(octets: &[u8], effort: Effort) {
    lacp(octets, effort);
    marker(octets, effort);
    match SlowPdu::parse(octets) {
        Ok((pdu, rest)) => {
            if effort.formats(octets) {
                format_all(&pdu);
            }
            assert_eq!(pdu.octets().len() + rest.len(), octets.len());
            if let SlowPdu::Other(opaque) = pdu {
                assert_eq!(OpaqueSlowPdu::octets(&opaque), octets, "an unknown subtype keeps every octet");
            }
        }
        Err(error) => error_is_placed(error, octets.len()),
    }
}

struct Vrrp2;

impl Subject for Vrrp2 {
    type View<'a> = vrrp_v2::AdvertisementRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        vrrp_v2::AdvertisementRef::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        vrrp_v2::AdvertisementRef::audit(octets, report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: Self::View<'_>, out: &mut [u8]) -> Result<usize, Error> {
        view.to_value().emit(out)
    }
    /// Without its authentication data, the form that some hand-made senders use; with it, but without Cisco's TLV.
    fn may_end(&self, view: Self::View<'_>, length: usize) -> bool {
        let addresses = 8 + view.addresses().wire_len();
        length == addresses || length == addresses + 8 && view.md5().is_some()
    }
}

/// The properties of a VRRPv2 message.
pub fn vrrp2(octets: &[u8], effort: Effort) {
    assert_all(&Vrrp2, octets, effort);
    if let Ok((view, _)) = vrrp_v2::AdvertisementRef::parse(octets) {
        assert_eq!(view.addresses().iter().count(), view.addresses().len());
        if view.checksum_status() == ChecksumStatus::Valid {
            flips_are_seen(&mut Vec::from(view.octets()), effort, |octets| {
                let (flipped, _) = vrrp_v2::AdvertisementRef::parse(octets).ok()?;
                (flipped.octets().len() == octets.len()).then(|| flipped.checksum_status())
            });
        }
    }
}

struct Vrrp3(Carrier);

impl Subject for Vrrp3 {
    type View<'a> = vrrp_v3::AdvertisementRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        vrrp_v3::AdvertisementRef::parse(octets, self.0.family())
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        vrrp_v3::AdvertisementRef::audit(octets, self.0.family(), Some(self.0), report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: Self::View<'_>, out: &mut [u8]) -> Result<usize, Error> {
        view.to_value().emit(self.0, out)
    }
}

/// The properties of a VRRPv3 message in an IP packet with these addresses.
pub fn vrrp3(octets: &[u8], carrier: Carrier, effort: Effort) {
    assert_all(&Vrrp3(carrier), octets, effort);
    if let Ok((view, _)) = vrrp_v3::AdvertisementRef::parse(octets, carrier.family()) {
        assert_eq!(view.addresses().iter().count(), view.addresses().len());
        assert_ne!(view.checksum_status(Some(carrier)), ChecksumStatus::Unverifiable);
        flips_are_seen(&mut Vec::from(view.octets()), effort, |octets| {
            let (flipped, _) = vrrp_v3::AdvertisementRef::parse(octets, carrier.family()).ok()?;
            (flipped.octets().len() == octets.len()).then(|| flipped.checksum_status(Some(carrier)))
        });
    }
}

/// The properties of a VRRPv3 message over IPv4.
pub fn vrrp3_ipv4(octets: &[u8], effort: Effort) {
    let source = Ipv4Addr::new(10, 0, 0, 1);
    vrrp3(octets, Carrier::Ipv4 { source, destination: Ipv4Addr::new(224, 0, 0, 18) }, effort);
}

/// The properties of a VRRPv3 message over IPv6.
pub fn vrrp3_ipv6(octets: &[u8], effort: Effort) {
    let source = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0xff, 0xfe00, 1);
    let destination = Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x12);
    vrrp3(octets, Carrier::Ipv6 { source, destination }, effort);
}

struct Carp;

impl Subject for Carp {
    type View<'a> = CarpRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(CarpRef<'a>, &'a [u8]), Error> {
        CarpRef::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        _: &mut dyn FnMut(Deviation),
    ) -> Result<(CarpRef<'a>, &'a [u8]), Error> {
        CarpRef::parse(octets)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: CarpRef<'_>, out: &mut [u8]) -> Result<usize, Error> {
        view.to_value().emit(out)
    }
}

/// The properties of a CARP advertisement.
pub fn carp(octets: &[u8], effort: Effort) {
    assert_all(&Carp, octets, effort);
}

struct Hsrp1;

impl Subject for Hsrp1 {
    type View<'a> = hsrp::v1::Pdu<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        hsrp::v1::Pdu::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        hsrp::v1::Pdu::audit(octets, report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: Self::View<'_>, out: &mut [u8]) -> Result<usize, Error> {
        match view {
            hsrp::v1::Pdu::Message(view) => view.to_value().emit(out),
            hsrp::v1::Pdu::Advertise(view) => view.to_value().emit(out),
        }
    }
}

/// The properties of a HSRPv1 message and of what follows it.
pub fn hsrp1(octets: &[u8], effort: Effort) {
    assert_all(&Hsrp1, octets, effort);
    if let Ok((_, rest)) = hsrp::v1::Pdu::parse(octets) {
        let extension = hsrp::v1::Extension(rest);
        assert!(extension.tlvs().count() <= rest.len() / 2, "the TLV walk ends");
        if let Some(md5) = extension.md5() {
            format_all(&md5);
            let mut out = [0xa5; cisco::Md5Authentication::LEN];
            md5.emit(&mut out).expect("room");
            assert!(rest.windows(out.len()).any(|window| window == out), "the MD5 TLV is lossless");
        }
    }
}

struct Hsrp2;

impl Subject for Hsrp2 {
    type View<'a> = hsrp::v2::MessageRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        hsrp::v2::MessageRef::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        hsrp::v2::MessageRef::audit(octets, report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: Self::View<'_>, out: &mut [u8]) -> Result<usize, Error> {
        hsrp::v2::emit(view.tlvs(), out)
    }
    /// After any TLV: only the UDP length says that more follow.
    fn may_end(&self, view: Self::View<'_>, length: usize) -> bool {
        boundaries(view.tlvs().map(|tlv| tlv.wire_len()), 0).contains(&length) && length > 0
    }
}

fn boundaries(lengths: impl Iterator<Item = usize>, start: usize) -> Vec<usize> {
    let mut at = start;
    core::iter::once(start)
        .chain(lengths.map(|length| {
            at += length;
            at
        }))
        .collect()
}

/// The properties of a HSRPv2 message.
pub fn hsrp2(octets: &[u8], effort: Effort) {
    assert_all(&Hsrp2, octets, effort);
    if let Ok((view, _)) = hsrp::v2::MessageRef::parse(octets) {
        assert!(view.tlvs().count() <= octets.len() / 2, "the TLV walk ends");
        if effort.formats(octets) {
            view.tlvs().for_each(|tlv| format_all(&tlv));
        }
        let _ = (view.interface_state(), view.text_authentication(), view.md5());
        assert_eq!(
            view.group_state().map(|state| state.to_value()),
            first_group_state(view),
            "the remembered Group State is the first one"
        );
    }
}

/// The first TLV of the type of Group State, if its length is right: what the view remembers.
fn first_group_state(view: hsrp::v2::MessageRef<'_>) -> Option<hsrp::v2::GroupState> {
    view.tlvs().find_map(|tlv| match tlv {
        hsrp::v2::Tlv::GroupState(state) => Some(state),
        _ => None,
    })
}

struct Glbp;

impl Subject for Glbp {
    type View<'a> = glbp_codec::MessageRef<'a>;
    fn parse<'a>(&self, octets: &'a [u8]) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        glbp_codec::MessageRef::parse(octets)
    }
    fn audit<'a>(
        &self,
        octets: &'a [u8],
        report: &mut dyn FnMut(Deviation),
    ) -> Result<(Self::View<'a>, &'a [u8]), Error> {
        glbp_codec::MessageRef::audit(octets, report)
    }
    fn octets<'a>(&self, view: Self::View<'a>) -> &'a [u8] {
        view.octets()
    }
    fn emit(&self, view: Self::View<'_>, out: &mut [u8]) -> Result<usize, Error> {
        glbp_codec::emit(&view.header(), view.tlvs(), out)
    }
    /// After the header or any TLV: only the UDP length says that more follow.
    fn may_end(&self, view: Self::View<'_>, length: usize) -> bool {
        boundaries(view.tlvs().map(|tlv| tlv.wire_len()), glbp_codec::Header::LEN).contains(&length)
    }
}

/// The properties of a GLBP message.
pub fn glbp(octets: &[u8], effort: Effort) {
    assert_all(&Glbp, octets, effort);
    if let Ok((view, _)) = glbp_codec::MessageRef::parse(octets) {
        assert!(view.tlvs().count() <= octets.len() / 2, "the TLV walk ends");
        if effort.formats(octets) {
            view.tlvs().for_each(|tlv| format_all(&tlv));
        }
        assert!(
            view.tlvs().all(|tlv| tlv.virtual_ip().is_none() || matches!(tlv, glbp_codec::Tlv::Hello { .. }))
        );
    }
}
