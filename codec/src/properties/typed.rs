//! Builders under any valid parameters, and any value emitted as it is.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::vec;
use std::vec::Vec;

use super::Effort;
use arbitrary::Arbitrary;

use crate::cisco::{Md5Authentication, Md5TlvType};
use crate::frame::{Builder, Frame, VlanTag};
use crate::slow::lacp::{Lacpdu, LacpduRef, PortInformation, TlvType};
use crate::slow::lacp_tlv::{PortAlgorithm, PortConversationIdDigest, Tlv as LacpTlv};
use crate::slow::marker::{Marker, MarkerRef};
use crate::vrrp::{v2 as vrrp_v2, v3 as vrrp_v3};
use crate::{Addresses, Error, MacAddress, RawTlv, Stated, glbp, hsrp};

/// Parameters of a frame, as a fuzzer makes them up.
#[derive(Clone, Debug, Arbitrary)]
#[allow(missing_docs, reason = "the names are those of the fields they fill")]
pub enum Parameters {
    Lacp {
        source: [u8; 6],
        actor: PortInformation,
        partner: PortInformation,
        collector_max_delay: u16,
    },
    LacpV2 {
        actor: PortInformation,
        algorithm: u32,
        digest: PortConversationIdDigest,
        service: [u8; 16],
        long: bool,
    },
    Marker {
        source: [u8; 6],
        port: u16,
        system: MacAddress,
        transaction_id: u32,
        response: bool,
    },
    Vrrp2 {
        vrid: u8,
        priority: u8,
        interval: u8,
        source: [u8; 4],
        addresses: Vec<[u8; 4]>,
        password: Option<[u8; 8]>,
    },
    Vrrp3Ipv4 {
        vrid: u8,
        priority: u8,
        interval: u16,
        source: [u8; 4],
        addresses: Vec<[u8; 4]>,
        rfc5798: bool,
    },
    Vrrp3Ipv6 {
        vrid: u8,
        priority: u8,
        interval: u16,
        source: [u8; 16],
        addresses: Vec<[u8; 16]>,
    },
    Hsrp1 {
        opcode: u8,
        state: u8,
        priority: u8,
        group: u8,
        hold: u8,
        source: [u8; 4],
        virtual_ip: [u8; 4],
    },
    Hsrp2 {
        opcode: u8,
        state: u8,
        priority: u32,
        group: u16,
        source: [u8; 4],
        virtual_ip: IpAddr,
        md5: bool,
    },
    Glbp {
        group: u16,
        owner: MacAddress,
        state: u8,
        forwarders: Vec<glbp::Forwarder>,
        data: Vec<u8>,
    },
    /// A value of LACPDU with anything in it.
    AnyLacpdu {
        value: Lacpdu,
        tlvs: Vec<(u8, Vec<u8>)>,
    },
    /// A Marker PDU with anything in it.
    AnyMarker {
        value: Marker,
    },
    /// A VRRPv2 message with anything in it.
    AnyVrrp2 {
        octets: [u8; 4],
        version: u8,
        packet_type: u8,
        count: Stated<u8>,
        checksum: Stated<u16>,
        addresses: Vec<[u8; 4]>,
        data: Option<[u8; 8]>,
        md5: Option<Md5Authentication>,
    },
    /// A HSRPv1 message with anything in it.
    AnyHsrp1 {
        value: hsrp::v1::Message,
    },
    /// A tagged frame with trailers.
    Tagged {
        vlans: Vec<VlanTag>,
        vrid: u8,
        trailer: Vec<u8>,
        source: [u8; 4],
    },
}

/// Makes parameters of octets, as a fuzzer hands them over, and builds what they ask for.
pub fn builders_from(octets: &[u8], _: Effort) {
    if let Ok(parameters) = Parameters::arbitrary(&mut arbitrary::Unstructured::new(octets)) {
        builders(&parameters);
    }
}

/// Builds what the parameters ask for and asserts that the result has no deviation and every property.
pub fn builders(parameters: &Parameters) {
    let mut out = vec![0xa5; 8192];
    match parameters {
        Parameters::Lacp { source, actor, partner, collector_max_delay } => {
            let actor = valid_actor(*actor);
            let pdu = Lacpdu::new(actor, *partner, *collector_max_delay);
            let length = Builder::slow(individual(*source)).emit(&mut out, |out| pdu.emit(out));
            clean(&out, length);
        }
        Parameters::LacpV2 { actor, algorithm, digest, service, long } => {
            lacp_version_2(valid_actor(*actor), *algorithm, *digest, service, *long, &mut out);
        }
        Parameters::Marker { source, port, system, transaction_id, response } => {
            let pdu = Marker::information(*port, *system, *transaction_id);
            let pdu = if *response { pdu.response() } else { pdu };
            let length = Builder::slow(individual(*source)).emit(&mut out, |out| pdu.emit(out));
            clean(&out, length);
        }
        Parameters::Vrrp2 { vrid, priority, interval, source, addresses, password } => {
            let vrid = (*vrid).max(1);
            let list = ipv4_list(addresses);
            let pdu =
                vrrp_v2::Advertisement::new(vrid, *priority, *interval, Addresses::from(list.as_slice()));
            let pdu = match password {
                Some(password) => pdu.with_simple_text(password).expect("eight octets fit"),
                None => pdu,
            };
            let length = Builder::vrrp_ipv4(vrid, (*source).into()).emit(&mut out, |out| pdu.emit(out));
            clean(&out, length);
        }
        Parameters::Vrrp3Ipv4 { vrid, priority, interval, source, addresses, rfc5798 } => {
            let vrid = (*vrid).max(1);
            let list = ipv4_list(addresses);
            let mut pdu = vrrp_v3::Advertisement::new(
                vrid,
                *priority,
                interval_cs(*interval),
                Addresses::from(list.as_slice()),
            );
            if *rfc5798 {
                pdu.checksum = vrrp_v3::Checksum::Rfc5798;
            }
            let builder = Builder::vrrp_ipv4(vrid, (*source).into());
            let carrier = builder.carrier().expect("IPv4");
            let length = builder.emit(&mut out, |out| pdu.emit(carrier, out));
            clean(&out, length);
        }
        Parameters::Vrrp3Ipv6 { vrid, priority, interval, source, addresses } => {
            let vrid = (*vrid).max(1);
            let mut list: Vec<Ipv6Addr> = addresses.iter().take(255).map(|octets| (*octets).into()).collect();
            list.insert(0, link_local(source));
            list.truncate(255);
            let pdu = vrrp_v3::Advertisement::new(
                vrid,
                *priority,
                interval_cs(*interval),
                Addresses::from(list.as_slice()),
            );
            let builder = Builder::vrrp_ipv6(vrid, link_local(source));
            let carrier = builder.carrier().expect("IPv6");
            let length = builder.emit(&mut out, |out| pdu.emit(carrier, out));
            clean(&out, length);
        }
        Parameters::Hsrp1 { opcode, state, priority, group, hold, source, virtual_ip } => {
            let state = [0, 1, 2, 4, 8, 16][usize::from(*state) % 6];
            let mut pdu = hsrp::v1::Message::hello(
                *group,
                hsrp::v1::State(state),
                *priority,
                Ipv4Addr::from(*virtual_ip),
            );
            pdu.opcode = hsrp::Opcode(opcode % 3);
            pdu.holdtime_s = (*hold).max(3 * pdu.hellotime_s);
            let source_mac = MacAddress([0, 0, 0x0c, 0x07, 0xac, *group]);
            let length = Builder::hsrp1(source_mac, (*source).into()).emit(&mut out, |out| pdu.emit(out));
            clean(&out, length);
        }
        Parameters::Hsrp2 { opcode, state, priority, group, source, virtual_ip, md5 } => {
            let octets = [*opcode, *state];
            hsrp2_message(octets, *priority, *group, (*source).into(), *virtual_ip, *md5, &mut out);
        }
        Parameters::Glbp { group, owner, state, forwarders, data } => {
            glbp_message(*group, *owner, *state, forwarders, data, &mut out);
        }
        any => anything(any, &mut out),
    }
}

/// Frames and PDUs that need not be valid: they are emitted, and read back as they were stated.
fn anything(parameters: &Parameters, out: &mut [u8]) {
    match parameters {
        Parameters::AnyLacpdu { value, tlvs } => {
            let length = value.emit(out).expect("room");
            if let Ok((view, _)) = LacpduRef::parse_as_version_1(&out[..length]) {
                assert_eq!(view.to_value(), *value, "a value comes back as it was");
            }
            super::lacp(&out[..length], Effort::Sample);
            let list = tlvs.iter().take(20).map(|(tlv_type, value)| {
                let value = &value[..value.len().min(253)];
                LacpTlv::Other(RawTlv { tlv_type: *tlv_type, value })
            });
            let length = value.emit_with_tlvs(list, out).expect("20 TLVs of 255 octets fit");
            super::lacp(&out[..length], Effort::Sample);
        }
        Parameters::AnyMarker { value } => {
            let length = value.emit(out).expect("room");
            if let Ok((view, _)) = MarkerRef::parse(&out[..length]) {
                assert_eq!(view.to_value(), *value, "a value comes back as it was");
            }
            super::marker(&out[..length], Effort::Sample);
        }
        Parameters::AnyVrrp2 { octets, version, packet_type, count, checksum, addresses, data, md5 } => {
            let list: Vec<Ipv4Addr> = addresses.iter().map(|octets| (*octets).into()).collect();
            let [vrid, priority, auth_type, interval] = *octets;
            let pdu = vrrp_v2::Advertisement {
                version: *version,
                packet_type: crate::vrrp::Type(*packet_type),
                count: *count,
                auth_type: vrrp_v2::AuthType(auth_type),
                checksum: *checksum,
                authentication_data: *data,
                md5: *md5,
                ..vrrp_v2::Advertisement::new(vrid, priority, interval, Addresses::from(list.as_slice()))
            };
            match pdu.emit(out) {
                Ok(length) => super::vrrp2(&out[..length], Effort::Sample),
                Err(error) => assert!(*version > 15 || *packet_type > 15 || list.len() > 255, "{error}"),
            }
        }
        Parameters::AnyHsrp1 { value } => {
            let length = value.emit(out).expect("room");
            if let Ok((hsrp::v1::Pdu::Message(view), _)) = hsrp::v1::Pdu::parse(&out[..length]) {
                assert_eq!(view.to_value(), *value, "a value comes back as it was");
            }
            super::hsrp1(&out[..length], Effort::Sample);
        }
        Parameters::Tagged { vlans, vrid, trailer, source } => {
            tagged(&vlans[..vlans.len().min(3)], (*vrid).max(1), trailer, *source, out);
        }
        _ => unreachable!("built by builders"),
    }
}

/// The frame was emitted, has no deviation, and every property.
fn clean(out: &[u8], length: Result<usize, Error>) {
    let octets = &out[..length.expect("valid parameters can be emitted")];
    let read = Frame::parse(octets).expect("a built frame is read");
    read.audit(&mut |deviation| panic!("a builder made a deviation: {deviation:?}"))
        .expect("a built PDU is accepted");
    super::frame(octets, Effort::Sample);
}

fn individual(mut octets: [u8; 6]) -> MacAddress {
    octets[0] &= !1;
    MacAddress(octets)
}

fn valid_actor(actor: PortInformation) -> PortInformation {
    let mut system = individual(actor.system.0);
    system.0[5] |= 1;
    PortInformation { system, port: actor.port.max(1), ..actor }
}

fn ipv4_list(addresses: &[[u8; 4]]) -> Vec<Ipv4Addr> {
    let list: Vec<Ipv4Addr> = addresses.iter().take(255).map(|octets| (*octets).into()).collect();
    if list.is_empty() { vec![Ipv4Addr::new(192, 0, 2, 1)] } else { list }
}

fn interval_cs(interval: u16) -> u16 {
    (interval & 0x0fff).max(1)
}

fn link_local(octets: &[u8; 16]) -> Ipv6Addr {
    let mut octets = *octets;
    octets[..8].copy_from_slice(&[0xfe, 0x80, 0, 0, 0, 0, 0, 0]);
    octets.into()
}

fn lacp_version_2(
    actor: PortInformation,
    algorithm: u32,
    digest: PortConversationIdDigest,
    service: &[u8; 16],
    long: bool,
    out: &mut [u8],
) {
    let mask = &[0x5a; 128];
    let mut tlvs =
        vec![LacpTlv::PortAlgorithm(PortAlgorithm(algorithm)), LacpTlv::PortConversationIdDigest(digest)];
    if long {
        tlvs.push(LacpTlv::PortConversationMask1 { mask_state: 1, mask });
        tlvs.extend((2..=4).map(|part| LacpTlv::PortConversationMask { part, mask }));
    }
    tlvs.push(LacpTlv::ServiceMappingDigest(service));
    let mut pdu = Lacpdu::new(actor, PortInformation::default(), 0);
    pdu.version = 2;
    assert_eq!(pdu.terminator_tlv_type, TlvType::TERMINATOR);
    let length = Builder::slow(individual([2, 0, 0, 0, 0, 1]))
        .emit(out, |out| pdu.emit_with_tlvs(tlvs.iter().copied(), out));
    clean(out, length);
    let (view, _) = LacpduRef::parse(&out[14..]).expect("a built PDU is accepted");
    assert!(view.tlvs().eq(tlvs.iter().copied()), "TLVs come back as they were");
    assert_eq!(view.octets().len(), if long { 625 } else { 110 });
}

fn hsrp2_message(
    [opcode, state]: [u8; 2],
    priority: u32,
    group: u16,
    source: Ipv4Addr,
    virtual_ip: IpAddr,
    md5: bool,
    out: &mut [u8],
) {
    let identifier = individual([2, 0, 0, 0, 0, state]);
    let state = hsrp::v2::State(state % 7);
    let mut group_state = hsrp::v2::GroupState::hello(group % 4096, state, priority, identifier, virtual_ip);
    group_state.opcode = hsrp::Opcode(opcode % 3);
    let authentication = if md5 {
        hsrp::v2::Tlv::Md5Authentication(Md5Authentication::new(Md5TlvType::HSRP, source, 0))
    } else {
        hsrp::v2::Tlv::TextAuthentication(hsrp::v1::DEFAULT_AUTHENTICATION)
    };
    let tlvs = [hsrp::v2::Tlv::GroupState(group_state), authentication];
    let length = Builder::hsrp2(identifier, source).emit(out, |out| hsrp::v2::emit(tlvs, out));
    clean(out, length);
}

fn glbp_message(
    group: u16,
    owner: MacAddress,
    state: u8,
    forwarders: &[glbp::Forwarder],
    data: &[u8],
    out: &mut [u8],
) {
    let state = glbp::State([0x04, 0x08, 0x10, 0x20][usize::from(state) % 4]);
    let hello = glbp::Hello {
        unknown_1: 0,
        state,
        unknown_2: 0,
        priority: 100,
        unknown_3: 0,
        hellotime_ms: 3000,
        holdtime_ms: 10_000,
        redirect_s: 600,
        timeout_s: 14_400,
        unknown_4: 0,
        address_type: 1,
        address_length: 4,
    };
    let tlvs = core::iter::once(glbp::Tlv::Hello { hello, address: &[192, 0, 2, 1] })
        .chain(
            forwarders
                .iter()
                .take(4)
                .map(|forwarder| glbp::Tlv::RequestResponse(glbp::Forwarder { state, ..*forwarder })),
        )
        .chain([glbp::Tlv::Authentication { auth_type: 1, data: &data[..data.len().min(251)] }]);
    let source = individual(owner.0);
    let length = Builder::glbp(source, Ipv4Addr::new(192, 0, 2, 2))
        .emit(out, |out| glbp::emit(&glbp::Header::new(group, source), tlvs, out));
    clean(out, length);
}

fn tagged(vlans: &[VlanTag], vrid: u8, trailer: &[u8], source: [u8; 4], out: &mut [u8]) {
    let tags: Vec<VlanTag> = vlans.iter().map(|tag| VlanTag { tpid: 0x8100, ..*tag }).collect();
    let trailer = &trailer[..trailer.len().min(1000)];
    let mut builder = Builder::vrrp_ipv4(vrid, source.into());
    builder.trailer = trailer;
    if let Some(ethernet) = &mut builder.ethernet {
        ethernet.tags = &tags;
    }
    let addresses = [Ipv4Addr::new(192, 0, 2, 1)];
    let pdu = vrrp_v3::Advertisement::new(vrid, 100, 100, Addresses::from(&addresses));
    let carrier = builder.carrier().expect("IPv4");
    let length = builder.emit(out, |out| pdu.emit(carrier, out));
    clean(out, length);
    let octets = &out[..length.expect("emitted")];
    let read = Frame::parse(octets).expect("a built frame is read");
    assert!(read.vlan_tags().eq(tags.iter().copied()), "tags come back as they were");
    let (_, rest) = read.pdu().expect("a built PDU is accepted");
    assert_eq!(rest, trailer, "trailers stay reachable");
}
