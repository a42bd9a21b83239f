//! Getters, names and small types.

use crate::common::{frames, hex, samples};
use pretty_assertions::assert_eq;
use redspec_codec::cisco::Md5Authentication;
use redspec_codec::frame::{Builder, Frame, Network, NetworkHeader, VlanTag};
use redspec_codec::hsrp::{self, Opcode};
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, State, TlvType};
use redspec_codec::slow::lacp_tlv::{PortAlgorithm, Tlv};
use redspec_codec::slow::{SlowPdu, Subtype};
use redspec_codec::vrrp::carp::CarpRef;
use redspec_codec::vrrp::{ChecksumStatus, VrrpPdu, v2, v3};
use redspec_codec::{
    Addresses, ErrorKind, Family, Layer, MacAddress, RawTlv, Reserved, Stated, glbp, internet_checksum,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

fn octets_of(name: &str) -> Vec<u8> {
    samples().into_iter().find(|sample| sample.name == name).unwrap().octets
}

#[test]
fn getters_of_lacp() {
    let octets = octets_of("lacp-v1-cisco");
    let (view, _) = LacpduRef::parse(&octets).unwrap();
    assert_eq!((view.subtype(), view.version(), view.collector_max_delay()), (Subtype::LACP, 1, 0x8000));
    let actor = view.actor();
    assert_eq!((actor.system_priority, actor.key, actor.port_priority, actor.port), (0x8000, 13, 0x8000, 22));
    assert_eq!(actor.system, "00:13:c4:12:0f:00".parse().unwrap());
    assert_eq!(actor.state, State(0x85));
    assert_eq!(view.partner().port, 25);
    assert_eq!(view.to_value().actor, actor);
    assert_eq!(format!("{view:?}"), format!("LacpduRef({:?})", view.to_value()));
}

#[test]
fn state_flags() {
    assert_eq!(State(0).to_string(), "0");
    assert_eq!(State(0xff).to_string(), "ACT|SHORT|AGG|SYNC|COL|DIST|DEF|EXP");
    assert_eq!(format!("{:?}", State(0x3d)), "ACT|AGG|SYNC|COL|DIST (0x3d)");
    assert!(State(0x3d).has(State::SYNCHRONIZATION | State::COLLECTING));
    assert!(!State(0x3d).has(State::SYNCHRONIZATION | State::DEFAULTED));
    assert_eq!(State(0x3d).without(State::DISTRIBUTING | State::DEFAULTED), State(0x1d));
    assert_eq!(State(0x05).with(State::TIMEOUT), State(0x07));
    assert_eq!(State(0x05).with(State::ACTIVITY), State(0x05));
}

#[test]
fn getters_of_vrrp() {
    let octets = octets_of("vrrp2-ah");
    let (view, _) = v2::AdvertisementRef::parse(&octets).unwrap();
    assert_eq!((view.vrid(), view.priority(), view.advertisement_interval_s()), (51, 101, 1));
    assert_eq!((view.auth_type(), view.checksum()), (v2::AuthType::IP_AUTHENTICATION_HEADER, 0x6c3e));
    assert_eq!(view.packet_type().to_string(), "Advertisement");
    assert_eq!((view.authentication_data(), view.md5()), (Some(&[0; 8]), None));
    assert_eq!(format!("{view:?}"), format!("AdvertisementRef({:?})", view.to_value()));
    assert_eq!(view.to_value().wire_len(), 20);

    let octets = octets_of("vrrp3-ipv6");
    let (view, _) = v3::AdvertisementRef::parse(&octets, Family::Ipv6).unwrap();
    assert_eq!((view.vrid(), view.priority(), view.max_advertisement_interval_cs()), (10, 100, 100));
    assert_eq!((view.reserve(), view.checksum(), view.family()), (0, 0x3ec2, Family::Ipv6));
    assert_eq!(view.packet_type().to_string(), "Advertisement");
    assert_eq!(view.to_value().wire_len(), 40);
    assert_eq!(format!("{view:?}"), format!("AdvertisementRef({:?})", view.to_value()));
    let names: Vec<_> = [
        ChecksumStatus::Rfc9568,
        ChecksumStatus::Rfc5798,
        ChecksumStatus::Valid,
        ChecksumStatus::Invalid,
        ChecksumStatus::Unverifiable,
    ]
    .map(|status| status.to_string())
    .into();
    assert_eq!(names, ["rfc9568", "rfc5798", "valid", "invalid", "unverifiable"]);

    let octets = octets_of("carp");
    let (view, _) = CarpRef::parse(&octets).unwrap();
    assert_eq!((view.vhid(), view.authlen(), view.counter()), (1, 7, 15_630_591_288_068_578_258));
    assert_eq!(format!("{view:?}"), format!("CarpRef({:?})", view.to_value()));
    let (pdu, _) = VrrpPdu::parse(&octets, Family::Ipv4).unwrap();
    assert_eq!(pdu.octets(), octets);
}

#[test]
fn fields_that_do_not_fit_are_refused() {
    let vip = [Ipv4Addr::new(10, 0, 0, 254)];
    let carrier = redspec_codec::Carrier::Ipv4 { source: vip[0], destination: vip[0] };
    let valid = v3::Advertisement::new(1, 100, 4095, Addresses::from(&vip));
    let mut out = [0; 64];
    assert_eq!(v3::Advertisement { reserve: 15, ..valid }.emit(carrier, &mut out), Ok(12));
    assert_eq!(out[4..6], [0xff, 0xff]);
    for (wrong, largest, found) in [
        (v3::Advertisement { reserve: 16, ..valid }, 15, 16),
        (v3::Advertisement { max_advertisement_interval_cs: 4096, ..valid }, 4095, 4096),
        (v3::Advertisement { version: 16, ..valid }, 15, 16),
        (v3::Advertisement { packet_type: redspec_codec::vrrp::Type(16), ..valid }, 15, 16),
    ] {
        let error = wrong.emit(carrier, &mut out).unwrap_err();
        let seen = (error.kind(), error.layer(), error.expected(), error.found());
        assert_eq!(seen, (ErrorKind::Unrepresentable, Layer::Vrrp3, largest, found));
    }
    let many = [vip[0]; 256];
    let crowded = v3::Advertisement::new(1, 100, 100, Addresses::from(&many));
    let error = crowded.emit(carrier, &mut [0; 2048]).unwrap_err();
    assert_eq!((error.kind(), error.at(), error.found()), (ErrorKind::Unrepresentable, 3, 256));
    let stated = v3::Advertisement { count: Stated::Exactly(0), ..crowded };
    assert_eq!(stated.emit(carrier, &mut [0; 2048]), Ok(1032));
    let exact = v3::Advertisement { checksum: v3::Checksum::Exactly(0x1234), ..valid };
    exact.emit(carrier, &mut out).unwrap();
    assert_eq!(out[6..8], [0x12, 0x34]);
    assert_eq!(valid.emit(carrier, &mut out[..11]).unwrap_err().kind(), ErrorKind::NoRoom);
}

#[test]
fn getters_of_hsrp_and_glbp() {
    let octets = octets_of("hsrp1-hello-active");
    let (view, _) = hsrp::v1::MessageRef::parse(&octets).unwrap();
    assert_eq!((view.version(), view.opcode(), view.state()), (0, Opcode::HELLO, hsrp::v1::State::ACTIVE));
    assert_eq!((view.hellotime_s(), view.holdtime_s(), view.priority(), view.group()), (3, 10, 200, 1));
    assert_eq!((view.reserved(), &view.authentication()), (0, b"cisco\0\0\0"));
    assert_eq!(view.virtual_ip(), Ipv4Addr::new(192, 168, 0, 1));
    assert_eq!(format!("{view:?}"), format!("MessageRef({:?})", view.to_value()));

    let octets = octets_of("hsrp1-advertise");
    let (view, _) = hsrp::v1::AdvertiseRef::parse(&octets).unwrap();
    assert_eq!((view.active_groups(), view.passive_groups(), view.reserved_2()), (1, 0, 0x6f00_0000));
    assert_eq!(format!("{view:?}"), format!("AdvertiseRef({:?})", view.to_value()));
    let hello = octets_of("hsrp1-hello-active");
    let error = hsrp::v1::AdvertiseRef::parse(&hello).unwrap_err();
    assert_eq!((error.kind(), error.at(), error.expected(), error.found()), (ErrorKind::Type, 1, 3, 0));
    let mut version_1 = octets_of("hsrp1-advertise");
    version_1[0] = 1;
    assert_eq!(hsrp::v1::AdvertiseRef::parse(&version_1).unwrap_err().kind(), ErrorKind::Version);

    let octets = octets_of("hsrp2-text");
    let (view, _) = hsrp::v2::MessageRef::parse(&octets).unwrap();
    let state = view.group_state().unwrap();
    assert_eq!((state.group(), state.priority(), state.hellotime_ms()), (1, 100, 3000));
    assert_eq!(state.virtual_ip(), Some(IpAddr::from([10, 0, 0, 100])));
    assert_eq!(state.identifier(), MacAddress([0xaa, 0xbb, 0xcc, 0, 0x0a, 0]));
    assert_eq!(format!("{state:?}"), format!("{:?}", state.to_value()));
    assert_eq!(view.text_authentication(), Some(b"cisco\0\0\0"));
    assert_eq!((view.md5(), view.interface_state()), (None, None));
    assert_eq!(format!("{view:?}"), format!("MessageRef({view})"));
    let mut other = state.to_value();
    other.ip_version = 5;
    assert_eq!(other.virtual_ip(), None);
    assert!(other.to_string().ends_with("ip version 5"));
    let address: Ipv6Addr = "fe80::1".parse().unwrap();
    let hello =
        hsrp::v2::GroupState::hello(1, hsrp::v2::State::INIT, 1, MacAddress::default(), address.into());
    assert_eq!((hello.ip_version, hello.virtual_ip()), (6, Some(address.into())));

    let octets = octets_of("hsrp2-interface-state");
    let (view, _) = hsrp::v2::MessageRef::parse(&octets).unwrap();
    assert_eq!(
        view.interface_state(),
        Some(hsrp::v2::InterfaceState { active_groups: 0, passive_groups: 1 })
    );
    assert!(view.group_state().is_none());
    let octets = octets_of("hsrp2-md5");
    let (view, _) = hsrp::v2::MessageRef::parse(&octets).unwrap();
    assert_eq!(view.md5().unwrap().sender, Ipv4Addr::new(192, 0, 2, 2));
    assert_eq!(view.text_authentication(), None);

    let octets = octets_of("glbp-hello");
    let (view, _) = glbp::MessageRef::parse(&octets).unwrap();
    assert_eq!((view.version(), view.group(), view.header().group), (1, 1, 1));
    let tlv = view.tlvs().next().unwrap();
    assert_eq!(tlv.virtual_ip(), Some(IpAddr::from([192, 168, 0, 1])));
    assert_eq!(format!("{view:?}"), format!("MessageRef({view})"));
    let octets = octets_of("glbp-forwarder");
    let (view, _) = glbp::MessageRef::parse(&octets).unwrap();
    assert!(view.tlvs().all(|tlv| tlv.virtual_ip().is_none()));
    let glbp::Tlv::RequestResponse(forwarder) = view.tlvs().next().unwrap() else { panic!() };
    assert_eq!((forwarder.timeout_left_s, forwarder.redirect_left_s), (14_360, 560));
    let glbp::Tlv::Hello { hello, .. } = tlv_of_hello(&octets_of("glbp-hello")) else { panic!() };
    let ipv6 = glbp::Tlv::Hello { hello: glbp::Hello { address_type: 2, ..hello }, address: &[0xfe; 16] };
    assert_eq!(ipv6.virtual_ip(), Some(IpAddr::from([0xfe; 16])));
}

fn tlv_of_hello(octets: &[u8]) -> glbp::Tlv<'static> {
    let (view, _) = glbp::MessageRef::parse(octets).unwrap();
    match view.tlvs().next().unwrap() {
        glbp::Tlv::Hello { hello, .. } => glbp::Tlv::Hello { hello, address: &[192, 168, 0, 1] },
        other => panic!("{other}"),
    }
}

#[test]
fn slow_protocols_are_told_apart() {
    let octets = octets_of("slow-esmc");
    let (SlowPdu::Other(esmc), rest) = SlowPdu::parse(&octets).unwrap() else { panic!() };
    assert_eq!((esmc.subtype(), esmc.oui(), rest.len()), (Subtype::OSSP, Some([0, 0x19, 0xa7]), 0));
    let oam = hex("03 0050 01 00*4");
    let (SlowPdu::Other(oam), _) = SlowPdu::parse(&oam).unwrap() else { panic!() };
    assert_eq!(
        (oam.subtype(), oam.oui(), oam.to_string().as_str()),
        (Subtype::OAM, None, "slow protocol OAM, 8 octets")
    );
    let marker = octets_of("marker-information");
    assert!(matches!(SlowPdu::parse(&marker).unwrap().0, SlowPdu::Marker(view) if view.octets() == marker));
    let illegal: Vec<u8> = (0..=255).filter(|octet| Subtype(*octet).is_illegal()).collect();
    assert_eq!((illegal[0], illegal[1], illegal.len()), (0, 11, 246));
    assert_eq!(SlowPdu::parse(&[]).unwrap_err().layer(), Layer::Slow);
}

#[test]
fn wrong_types_say_which() {
    let marker = octets_of("marker-information");
    let error = LacpduRef::parse(&marker).unwrap_err();
    assert_eq!((error.kind(), error.at(), error.expected(), error.found()), (ErrorKind::Type, 0, 1, 2));
    let lacp = octets_of("lacp-v1-cisco");
    let error = redspec_codec::slow::marker::MarkerRef::parse(&lacp).unwrap_err();
    assert_eq!((error.kind(), error.at(), error.expected(), error.found()), (ErrorKind::Type, 0, 2, 1));
    let hsrp2 = octets_of("hsrp2-text");
    let error = hsrp::v1::MessageRef::parse(&hsrp2).unwrap_err();
    assert_eq!((error.kind(), error.expected(), error.found()), (ErrorKind::Version, 0, 1));
    let mut glbp = octets_of("glbp-hello");
    glbp[13] = 1;
    let error = glbp::MessageRef::parse(&glbp).unwrap_err();
    assert_eq!(
        (error.kind(), error.at(), error.expected(), error.found()),
        (ErrorKind::LengthField, 13, 2, 1)
    );
    let error = VrrpPdu::parse(&[], Family::Ipv4).unwrap_err();
    assert_eq!((error.kind(), error.layer()), (ErrorKind::Truncated, Layer::Vrrp));
    let mut cut = octets_of("lacp-v2-short");
    cut[85] = 0xf0;
    let (view, rest) = LacpduRef::parse(&cut).unwrap();
    assert_eq!((view.tlvs().count(), view.terminator(), view.pad().len(), rest.len()), (0, [4, 6], 50, 0));
}

#[test]
fn names_of_open_enumerations() {
    assert_eq!(TlvType::PORT_ALGORITHM.to_string(), "Port Algorithm");
    assert_eq!(TlvType(99).to_string(), "99");
    assert_eq!(format!("{:?} {:?}", TlvType::TERMINATOR, TlvType(99)), "Terminator (0) 99");
    assert_eq!(PortAlgorithm(0x0080_c283).to_string(), "I-SID with service map");
    assert_eq!(hsrp::v1::State::STANDBY.to_string(), "Standby");
    assert_eq!(hsrp::v2::State::STANDBY.0, 5);
    assert_eq!(hsrp::v1::State(5).name(), None);
    assert_eq!(format!("{:?}", Tlv::Other(RawTlv { tlv_type: 0x80, value: &[1] })), "tlv 0x80 (3 octets)");
    assert_eq!(
        Tlv::PortConversationMask { part: 3, mask: &[0; 128] }.tlv_type(),
        TlvType::PORT_CONVERSATION_MASK_3
    );
    assert_eq!(hsrp::v2::Tlv::Other(RawTlv { tlv_type: 9, value: &[] }).to_string(), "tlv 9 (0 octets)");
    assert_eq!(
        format!("{:?}", hsrp::v2::Tlv::TextAuthentication(*b"abcdefgh")),
        "text authentication \"abcdefgh\""
    );
    assert_eq!(
        format!("{:?}", glbp::Tlv::Authentication { auth_type: 3, data: &[0; 20] }),
        "authentication type 3 (20 octets)"
    );
}

#[test]
fn mac_addresses() {
    let mac: MacAddress = "00-1B-c4:0f:0d:0".parse().unwrap();
    assert_eq!(mac.to_string(), "00:1b:c4:0f:0d:00");
    assert_eq!(format!("{mac:?}"), "00:1b:c4:0f:0d:00");
    assert!(!mac.is_group() && MacAddress::BROADCAST.is_group() && MacAddress([1, 0, 0, 0, 0, 0]).is_group());
    assert!(MacAddress::default().is_zero() && !mac.is_zero());
    assert_eq!(MacAddress::from([1, 2, 3, 4, 5, 6]).0, [1, 2, 3, 4, 5, 6]);
    for wrong in [
        "",
        "00:11:22:33:44",
        "00:11:22:33:44:55:66",
        "00:11:22:33:44:5g",
        "001:1:2:3:4:5",
        "+1:1:2:3:4:5",
        "0::1:2:3:4",
    ] {
        let error = wrong.parse::<MacAddress>().unwrap_err();
        assert_eq!(
            error.to_string(),
            "not a MAC address: expected six octets as in 00:00:5e:00:01:0a",
            "{wrong}"
        );
    }
    assert_eq!(format!("{:?} {:?}", Reserved([0, 0]), Reserved([0, 10])), "zero 000a");
}

#[test]
fn address_lists() {
    let octets = hex("0a000001 0a000002 ff");
    let wire = Addresses::from_wire(Family::Ipv4, &octets);
    let list = [Ipv4Addr::new(10, 0, 0, 1), Ipv4Addr::new(10, 0, 0, 2)];
    assert_eq!(wire, Addresses::from(&list));
    assert_eq!(wire, Addresses::from(list.as_slice()));
    assert_ne!(wire, Addresses::from(&list[..1]));
    assert_eq!((wire.len(), wire.wire_len(), wire.is_empty(), wire.family()), (2, 8, false, Family::Ipv4));
    assert_eq!((wire.get(1), wire.get(2)), (Some(list[1].into()), None));
    assert_eq!(
        (wire.to_string(), format!("{wire:?}")),
        ("10.0.0.1, 10.0.0.2".into(), "[10.0.0.1, 10.0.0.2]".into())
    );
    let list: [Ipv6Addr; 2] = ["fe80::1".parse().unwrap(), "::1".parse().unwrap()];
    let addresses = Addresses::from(&list);
    assert_eq!((addresses.len(), addresses.wire_len(), addresses.family()), (2, 32, Family::Ipv6));
    assert_eq!((addresses.get(0), addresses.get(2)), (Some(list[0].into()), None));
    assert_eq!(addresses, Addresses::from(list.as_slice()));
    let octets: Vec<u8> = list.iter().flat_map(Ipv6Addr::octets).collect();
    assert_eq!(addresses, Addresses::from_wire(Family::Ipv6, &octets));
    let empty: [Ipv6Addr; 0] = [];
    assert!(Addresses::from(&empty).is_empty());
    assert_ne!(Addresses::from_wire(Family::Ipv4, &[]), Addresses::from(&empty));
}

#[test]
fn internet_checksums() {
    // RFC 1071 section 3.
    assert_eq!(internet_checksum(&hex("0001 f203 f4f5 f6f7")), !0xddf2);
    assert_eq!(internet_checksum(&hex("0001 f203 f4f5 f6")), !0xdcfb);
    assert_eq!(internet_checksum(&hex("0001 f2")), !0xf201);
    assert_eq!(internet_checksum(&hex("0001 f203 f4f5")), !0xe6fa);
    assert_eq!(internet_checksum(&hex("12")), !0x1200);
    assert_eq!(internet_checksum(&[]), 0xffff);
    assert_eq!(internet_checksum(&vec![0xff; 65_536]), 0);
}

#[test]
fn builders_of_every_frame() {
    let mac = MacAddress([2, 0, 0, 0, 0, 9]);
    let source = Ipv4Addr::new(10, 0, 0, 9);
    let mut out = [0xa5; 256];

    let hello = hsrp::v1::Message::hello(1, hsrp::v1::State::SPEAK, 1, source);
    let length = Builder::hsrp1(mac, source).emit(&mut out, |out| hello.emit(out)).unwrap();
    let frame = Frame::parse(&out[..length]).unwrap();
    assert_eq!(
        (length, frame.ttl(), frame.destination_ip()),
        (62, Some(1), Some(IpAddr::from([224, 0, 0, 2])))
    );
    let udp = etherparse::UdpSlice::from_slice(&out[34..length]).unwrap();
    assert_eq!(
        udp.checksum(),
        udp.to_header().calc_checksum_ipv4_raw([10, 0, 0, 9], [224, 0, 0, 2], udp.payload()).unwrap()
    );
    let Network::Ipv4(header) = frame.network() else { panic!() };
    assert_eq!(header.header_checksum(), header.to_header().calc_header_checksum());
    assert_eq!((header.dcp().value(), header.identification(), header.total_len()), (48, 0, 48));

    let state =
        hsrp::v2::Tlv::InterfaceState(hsrp::v2::InterfaceState { active_groups: 1, passive_groups: 0 });
    let length = Builder::hsrp2(mac, source).emit(&mut out, |out| hsrp::v2::emit([state], out)).unwrap();
    let frame = Frame::parse(&out[..length]).unwrap();
    assert_eq!((length, frame.payload().len(), frame.padding().len()), (60, 6, 12));

    let source_ipv6: Ipv6Addr = "fe80::9".parse().unwrap();
    let length =
        Builder::hsrp2_ipv6(mac, source_ipv6).emit(&mut out, |out| hsrp::v2::emit([state], out)).unwrap();
    let frame = Frame::parse(&out[..length]).unwrap();
    assert_eq!((length, frame.udp_header().unwrap().destination_port()), (68, 2029));
    let destination: Ipv6Addr = "ff02::66".parse().unwrap();
    assert_eq!(frame.destination_ip(), Some(destination.into()));
    assert!(frame.pdu().is_ok());

    // Everything that can be stated.
    let mut builder = Builder::hsrp1(mac, source);
    let tags = [VlanTag::new(5), VlanTag { tpid: 0x88a8, control: 0xe006 }];
    assert_eq!((tags[1].priority(), tags[1].vlan_identifier()), (7, 6));
    builder.ethernet.as_mut().unwrap().tags = &tags;
    let Some(NetworkHeader::Ipv4(header)) = &mut builder.network else { panic!() };
    header.options = &[1, 1, 1, 0];
    header.total_length = Stated::Exactly(0x1234);
    header.header_checksum = Stated::Exactly(0x4321);
    header.fragmentation = 0x4000;
    header.type_of_service = 0x03;
    header.identification = 77;
    let udp = builder.udp.as_mut().unwrap();
    udp.length = Stated::Exactly(9);
    udp.checksum = Stated::Exactly(0xbeef);
    assert_eq!(builder.headers_len(), 14 + 8 + 24 + 8);
    let length = builder.emit(&mut out, |out| hello.emit(out)).unwrap();
    assert_eq!(
        out[..54],
        hex("01005e000002 020000000009 8100 0005 88a8 e006 0800 \
             46031234004d4000 0111 4321 0a000009e0000002 01010100 07c107c1 0009 beef")
    );
    assert_eq!(length, 74);
    let frame = Frame::parse(&out[..length]).unwrap();
    assert_eq!(frame.missing(), 0x1234 - 52);
    assert_eq!(frame.pdu().unwrap_err().kind(), ErrorKind::Truncated);

    let Some(NetworkHeader::Ipv4(header)) = &mut builder.network else { panic!() };
    header.options = &[0; 44];
    assert_eq!(builder.emit(&mut out, |out| hello.emit(out)).unwrap_err().kind(), ErrorKind::Unrepresentable);
    let raw = Builder { ethernet: None, ..Builder::hsrp1(mac, source) };
    let length = raw.emit(&mut out, |out| hello.emit(out)).unwrap();
    let frame = Frame::parse_ip(&out[..length]).unwrap();
    assert_eq!((length, frame.source_mac(), frame.destination_mac()), (48, None, None));
    assert!(frame.pdu().is_ok());

    for room in 0..62 {
        let error = Builder::hsrp1(mac, source).emit(&mut out[..room], |out| hello.emit(out)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoRoom, "{room}");
    }
    let padded = Builder::slow(mac).emit(&mut out[..59], |_| Ok(1)).unwrap_err();
    assert_eq!((padded.kind(), padded.expected(), padded.found()), (ErrorKind::NoRoom, 60, 59));
}

#[test]
fn what_is_behind_an_ether_type_or_without_a_link_layer() {
    let (_, octets) = frames().into_iter().find(|(name, _)| *name == "vrrp3-three-tags").unwrap();
    // As a cooked capture has it: the first tag's protocol identifier is gone with the link layer.
    let frame = Frame::parse_ether_payload(0x88a8, &octets[14..]).unwrap();
    assert_eq!((frame.payload_at(), frame.vlan_tag_count()), (32, 3));
    assert_eq!(frame.vlan_tags().map(VlanTag::vlan_identifier).collect::<Vec<_>>(), [100, 101, 102]);
    let frame = Frame::parse_ip(&octets[26..]).unwrap();
    assert!(frame.pdu().is_ok());
    assert_eq!(Frame::parse_ip(&[]).unwrap_err().kind(), ErrorKind::Truncated);
    let error = Frame::parse_ip(&[0x50]).unwrap_err();
    assert_eq!((error.kind(), error.found()), (ErrorKind::Version, 5));
}

#[test]
fn fragments_are_not_messages() {
    let (_, octets) = frames().into_iter().find(|(name, _)| *name == "hsrp1").unwrap();
    let mut first = octets.clone();
    first[20] = 0x20;
    let frame = Frame::parse(&first).unwrap();
    assert!(frame.is_fragment());
    assert_eq!(frame.pdu().unwrap_err().kind(), ErrorKind::Fragment);
    let mut last = octets.clone();
    last[20..22].copy_from_slice(&[0x3f, 0xff]);
    assert_eq!(Frame::parse(&last).unwrap().pdu().unwrap_err().kind(), ErrorKind::Fragment);
    let mut second = octets;
    second[21] = 0x01;
    let frame = Frame::parse(&second).unwrap();
    assert_eq!(frame.pdu().unwrap_err().kind(), ErrorKind::Fragment);
    assert!(frame.udp_header().is_none(), "only the first fragment has the UDP header");

    let ipv6 = "333300000012 00005e00020a 86dd 6c000000 0010 2c ff fe80000000000000000000fffe000001 \
                ff020000000000000000000000000012";
    // A fragment header of an unfragmented packet, of a first and of a later fragment.
    for (field, fragment) in [("0000", false), ("0001", true), ("0008", true)] {
        let octets = hex(&format!("{ipv6} 7000 {field} 00000001 3101640001000000"));
        let frame = Frame::parse(&octets).unwrap();
        assert_eq!(frame.is_fragment(), fragment, "{field}");
        assert_eq!(frame.pdu().is_ok(), !fragment);
    }
    for (field, seen) in [("0000", true), ("0001", true), ("0008", false)] {
        let octets = hex(&format!("{ipv6} 1100 {field} 00000001 07ed07ed00080000"));
        assert_eq!(Frame::parse(&octets).unwrap().udp_header().is_some(), seen);
    }
}

#[test]
fn hsrp_versions_share_a_port() {
    let protocol = |group: u8, first: u8| {
        let mut octets = frames().into_iter().find(|(name, _)| *name == "hsrp1").unwrap().1;
        octets[33] = group;
        octets[42] = first;
        format!("{:?}", Frame::parse(&octets).unwrap().protocol())
    };
    assert_eq!(protocol(2, 0), "Hsrp1");
    assert_eq!(protocol(2, 1), "Hsrp1");
    assert_eq!(protocol(99, 1), "Hsrp2");
    assert_eq!(protocol(102, 0), "Hsrp2");
    assert_eq!(protocol(99, 0), "Hsrp1");
    // A frame that is cut short is recognised all the same.
    let mut octets = frames().into_iter().find(|(name, _)| *name == "hsrp2").unwrap().1;
    octets[42] = 0;
    let protocol = |octets: &[u8]| format!("{:?}", Frame::parse(octets).unwrap().protocol());
    assert_eq!(protocol(&octets[..60]), "Hsrp2");
    octets[33] = 2;
    assert_eq!(protocol(&octets[..60]), "Hsrp1");
}

#[test]
fn headers_that_contradict_themselves() {
    let frame = |name: &str, at: usize, text: &str| {
        let mut octets = frames().into_iter().find(|(other, _)| *other == name).unwrap().1;
        let change = hex(text);
        octets[at..at + change.len()].copy_from_slice(&change);
        let error = Frame::parse(&octets).and_then(|frame| frame.pdu().map(|_| ())).unwrap_err();
        (error.kind(), error.layer(), error.at(), error.expected(), error.found())
    };
    assert_eq!(frame("vrrp3", 16, "0000"), (ErrorKind::LengthField, Layer::Ipv4, 16, 20, 0));
    assert_eq!(frame("vrrp3", 14, "65"), (ErrorKind::Version, Layer::Ipv4, 14, 4, 6));
    assert_eq!(frame("vrrp3", 16, "0013"), (ErrorKind::LengthField, Layer::Ipv4, 16, 20, 19));
    assert_eq!(frame("vrrp3-ipv6", 14, "45"), (ErrorKind::Version, Layer::Ipv6, 14, 6, 4));
    assert_eq!(frame("hsrp1", 38, "0007"), (ErrorKind::LengthField, Layer::Udp, 38, 8, 7));
    assert_eq!(frame("vrrp2-ah", 35, "00"), (ErrorKind::LengthField, Layer::IpAuthentication, 35, 1, 0));
    assert_eq!(frame("vrrp2-ah", 16, "001e"), (ErrorKind::Truncated, Layer::IpAuthentication, 34, 12, 10));
    assert_eq!(
        frame("vrrp3-ipv6-extension", 54, "00"),
        (ErrorKind::ExtensionHeader, Layer::Ipv6Extension, 54, 0, 0)
    );
    assert_eq!(
        frame("vrrp3-ipv6-extension", 18, "0004"),
        (ErrorKind::Truncated, Layer::Ipv6Extension, 54, 8, 4)
    );
    // The second of two extension headers goes on behind the packet.
    assert_eq!(
        frame("vrrp3-ipv6-extension", 54, "3c00010400000000 7005"),
        (ErrorKind::Truncated, Layer::Ipv6Extension, 62, 48, 40)
    );
    assert_eq!(frame("hsrp1", 16, "001b"), (ErrorKind::Truncated, Layer::Udp, 34, 8, 7));

    let cut = |name: &str, length: usize| {
        let octets = frames().into_iter().find(|(other, _)| *other == name).unwrap().1;
        let error = Frame::parse(&octets[..length]).map(|_| ()).unwrap_err();
        (error.kind(), error.layer(), error.at(), error.expected(), error.found())
    };
    assert_eq!(cut("vrrp3-three-tags", 16), (ErrorKind::Truncated, Layer::Vlan, 14, 4, 2));
    assert_eq!(cut("vrrp3", 20), (ErrorKind::Truncated, Layer::Ipv4, 14, 20, 6));
    assert_eq!(cut("vrrp3-ipv6", 53), (ErrorKind::Truncated, Layer::Ipv6, 14, 40, 39));

    // The UDP length may be longer than what IP has left for it.
    let mut octets = frames().into_iter().find(|(other, _)| *other == "hsrp1").unwrap().1;
    octets[39] = 0x20;
    let frame = Frame::parse(&octets).unwrap();
    let error = frame.pdu().unwrap_err();
    assert_eq!((frame.missing(), error.expected(), error.found()), (4, 24, 20));
    // Or shorter: what is left is no part of the message.
    octets[39] = 0x1a;
    assert_eq!(Frame::parse(&octets).unwrap().payload().len(), 18);
}

#[test]
fn an_md5_tlv_is_read_on_its_own() {
    let octets = &octets_of("hsrp1-md5")[20..];
    let (md5, rest) = Md5Authentication::parse(octets).unwrap();
    assert_eq!((md5.key_id, md5.sender, rest.len()), (0, Ipv4Addr::new(192, 0, 2, 2), 0));
    assert_eq!(md5.to_string(), "md5 key_id 0 sender 192.0.2.2");
    assert!(Md5Authentication::parse(&octets[..29]).is_err());
    assert!(md5.emit(&mut [0; 29]).is_err());
    assert_eq!(Lacpdu::LEN, 110);
}

#[cfg(feature = "serde")]
#[test]
fn values_go_through_serde() {
    use redspec_codec::slow::marker::Marker;
    let octets = octets_of("lacp-v1-cisco");
    let value = LacpduRef::parse(&octets).unwrap().0.to_value();
    let text = serde_json::to_string(&value).unwrap();
    assert!(text.contains(r#""system":"00:13:c4:12:0f:00""#), "{text}");
    assert_eq!(serde_json::from_str::<Lacpdu>(&text).unwrap(), value);
    let marker = Marker { reserved: Reserved([7; 90]), ..Marker::information(1, MacAddress([2; 6]), 3) };
    let text = serde_json::to_string(&marker).unwrap();
    assert_eq!(serde_json::from_str::<Marker>(&text).unwrap(), marker);
    assert!(serde_json::from_str::<Reserved<3>>("[1,2]").unwrap_err().to_string().contains("3 octets"));
    assert!(
        serde_json::from_str::<MacAddress>("\"nonsense\"")
            .unwrap_err()
            .to_string()
            .contains("00:00:5e:00:01:0a")
    );
    assert!(serde_json::from_str::<MacAddress>("7").unwrap_err().to_string().contains("a MAC address"));
    let addresses = [Ipv4Addr::new(10, 0, 0, 1)];
    let advertisement = v2::Advertisement::new(1, 2, 3, Addresses::from(&addresses));
    let text = serde_json::to_value(advertisement).unwrap();
    assert_eq!((&text["type"], &text["addresses"][0]), (&1.into(), &"10.0.0.1".into()));
}

#[test]
fn what_a_frame_knows_of_itself() {
    let named = |name: &str| frames().into_iter().find(|(other, _)| *other == name).unwrap().1;

    let octets = named("vrrp3");
    let frame = Frame::parse(&octets).unwrap();
    let (pdu, _) = frame.pdu().unwrap();
    assert_eq!(pdu.octets(), Some(&octets[34..46]));
    assert_eq!(pdu.to_string(), "VRRPv3 vrid 10 priority 100 interval 100 cs addresses 10.0.0.254");
    assert_eq!(
        (frame.family(), frame.authentication_header(), frame.udp_header()),
        (Some(Family::Ipv4), None, None)
    );
    assert_eq!(Frame::parse(&named("gratuitous-arp")).unwrap().pdu().unwrap().0.octets(), None);
    assert_eq!(frame.ether_type(), 0x0800);
    let octets = named("lacp");
    let frame = Frame::parse(&octets).unwrap();
    assert_eq!((frame.family(), frame.ether_type()), (None, 0x8809));

    // Behind an IPv6 packet, as behind an IPv4 one, there may be padding.
    let mut octets = named("vrrp3-ipv6");
    octets.extend([1, 2, 3]);
    let frame = Frame::parse(&octets).unwrap();
    assert_eq!((frame.family(), frame.padding()), (Some(Family::Ipv6), &[1, 2, 3][..]));
    assert_eq!(frame.ttl(), Some(255));
    assert_eq!(Frame::parse(&named("lacp")).unwrap().padding(), &[][..] as &[u8]);
    // Cut short, there is none.
    assert_eq!(Frame::parse(&octets[..60]).unwrap().padding(), &[][..] as &[u8]);

    // A later fragment tells no version, an earlier one does.
    for (octet, layer) in [(0x20, Layer::Vrrp3), (0x00, Layer::Vrrp)] {
        let mut octets = named("vrrp3");
        octets[20] = octet;
        octets[21] = u8::from(octet == 0);
        assert_eq!(Frame::parse(&octets).unwrap().pdu().unwrap_err().layer(), layer);
    }
    // Not every missing octet is a message's of ours.
    let octets = named("ipv4-tcp");
    assert_eq!(Frame::parse(&octets[..40]).unwrap().pdu().unwrap_err().layer(), Layer::Ipv4);
}

#[test]
fn glbp_builders_keep_lengths_right() {
    let octets = octets_of("glbp-hello");
    let (view, _) = glbp::MessageRef::parse(&octets).unwrap();
    let Some(glbp::Tlv::Hello { hello, .. }) = view.tlvs().next() else { panic!() };
    let tlvs = [
        glbp::Tlv::Hello { hello: glbp::Hello { address_length: 99, ..hello }, address: &[192, 168, 0, 1] },
        glbp::Tlv::Authentication { auth_type: 1, data: b"secret" },
    ];
    let mut out = [0xa5; 64];
    let length = glbp::emit(&view.header(), tlvs, &mut out).unwrap();
    assert_eq!(out[..40], octets);
    assert_eq!(out[40..length], hex("030a 0106 736563726574"));
    assert!(tlvs[1].wire_len() == 10 && tlvs[0].wire_len() == 28);
    let error = glbp::emit(&view.header(), tlvs, &mut out[..49]).unwrap_err();
    assert_eq!((error.kind(), error.at(), error.expected(), error.found()), (ErrorKind::NoRoom, 40, 10, 9));
    let long = [0; 256];
    for tlv in [
        glbp::Tlv::Authentication { auth_type: 1, data: &long },
        glbp::Tlv::Hello { hello, address: &long },
        glbp::Tlv::Other(RawTlv { tlv_type: 9, value: &long }),
    ] {
        assert_eq!(tlv.emit(&mut [0; 512]).unwrap_err().kind(), ErrorKind::Unrepresentable);
    }
}

#[test]
fn errors_are_eight_octets() {
    assert_eq!(size_of::<redspec_codec::Error>(), 8);
    let error = LacpduRef::parse(&[1]).unwrap_err();
    assert_eq!(format!("{error:?}"), format!("Error({error})"));
    let shifted = error.shifted(3).shifted(4);
    assert_eq!((shifted.at(), shifted.expected(), shifted.found()), (7, 110, 1));
    assert_eq!((shifted.kind(), shifted.layer()), (ErrorKind::Truncated, Layer::Lacp));
    assert_eq!(error.shifted(70_000).at(), u16::MAX);
}

#[test]
fn what_fits_is_emitted() {
    let vip = [Ipv4Addr::new(10, 0, 0, 254)];
    let largest = v2::Advertisement {
        version: 15,
        packet_type: redspec_codec::vrrp::Type(15),
        ..v2::Advertisement::new(1, 2, 3, Addresses::from(&vip))
    };
    let mut out = [0; 64];
    assert_eq!(largest.emit(&mut out), Ok(20));
    assert_eq!(out[0], 0xff);
    let slow = v2::Advertisement::new(1, 2, 255, Addresses::from(&vip));
    slow.emit(&mut out).unwrap();
    assert_eq!(v2::AdvertisementRef::parse(&out[..20]).unwrap().0.advertisement_interval_s(), 255);
    let many = [vip[0]; 255];
    let crowded = v2::Advertisement::new(1, 2, 3, Addresses::from(&many));
    let mut out = [0; 2048];
    assert_eq!((crowded.emit(&mut out), out[3]), (Ok(1036), 255));
}

#[test]
fn ip_headers_are_built_as_stated() {
    let source = Ipv4Addr::new(10, 0, 0, 9);
    let mut builder = Builder::vrrp_ipv4(1, source);
    let Some(NetworkHeader::Ipv4(header)) = &mut builder.network else { panic!() };
    header.fragmentation = 0x3123;
    header.type_of_service = 0x51;
    let mut out = [0xa5; 256];
    let length = builder.emit(&mut out, |_| Ok(8)).unwrap();
    assert_eq!((out[15], &out[20..22]), (0x51, &[0x31, 0x23][..]));
    assert!(Frame::parse(&out[..length]).unwrap().is_fragment());

    let source: Ipv6Addr = "fe80::9".parse().unwrap();
    let mut builder = Builder::vrrp_ipv6(7, source);
    assert_eq!(builder.headers_len(), 54);
    let Some(NetworkHeader::Ipv6(header)) = &mut builder.network else { panic!() };
    // Hop-by-Hop options of eight octets, all padding.
    header.next_header = 0;
    header.extensions = &[112, 0, 1, 4, 0, 0, 0, 0];
    header.hop_limit = 254;
    assert_eq!(builder.headers_len(), 62);
    let addresses: [Ipv6Addr; 1] = ["fe80::10".parse().unwrap()];
    let pdu = v3::Advertisement::new(7, 100, 100, Addresses::from(&addresses));
    let carrier = builder.carrier().unwrap();
    let length = builder.emit(&mut out, |out| pdu.emit(carrier, out)).unwrap();
    assert_eq!((length, &out[18..22]), (86, &[0, 32, 0, 254][..]));
    let frame = Frame::parse(&out[..length]).unwrap();
    assert_eq!((frame.payload_at(), frame.ttl(), frame.source_ip()), (62, Some(254), Some(source.into())));
    assert_eq!(frame.source_mac(), Some(MacAddress([0, 0, 0x5e, 0, 2, 7])));
    assert_eq!(frame.destination_mac(), Some(MacAddress([0x33, 0x33, 0, 0, 0, 0x12])));
    assert!(frame.pdu().is_ok());
    let Some(NetworkHeader::Ipv6(header)) = &mut builder.network else { panic!() };
    header.payload_length = Stated::Exactly(0x0102);
    header.traffic_class = 0x12;
    builder.emit(&mut out, |out| pdu.emit(carrier, out)).unwrap();
    assert_eq!(out[14..20], [0x61, 0x20, 0, 0, 1, 2]);
}

#[test]
fn only_neighbour_discovery_is_taken_from_icmpv6() {
    let octets = frames().into_iter().find(|(name, _)| *name == "unsolicited-na").unwrap().1;
    for icmp_type in 0..=255 {
        let mut octets = octets.clone();
        octets[54] = icmp_type;
        let seen = format!("{:?}", Frame::parse(&octets).unwrap().protocol());
        assert_eq!(seen == "NeighborDiscovery", (133..=136).contains(&icmp_type), "{icmp_type}");
    }
    // Not in a later fragment either.
    let octets = hex("333300000001 00005e00020a 86dd 60000000 0010 2c ff fe800000000000000000000000000010 \
                      ff020000000000000000000000000001 3a00 0008 00000001 8800000000000000");
    assert_eq!(format!("{:?}", Frame::parse(&octets).unwrap().protocol()), "Other");
}

#[test]
fn packets_with_nothing_in_them() {
    let mut octets = frames().into_iter().find(|(name, _)| *name == "vrrp3").unwrap().1;
    octets[17] = 20;
    let frame = Frame::parse(&octets).unwrap();
    assert_eq!((frame.payload(), frame.missing(), frame.padding().len()), (&[][..], 0, 26));
    let error = frame.pdu().unwrap_err();
    assert_eq!((error.kind(), error.layer(), error.at()), (ErrorKind::Truncated, Layer::Vrrp, 34));

    // A later fragment has no Authentication Header, whatever its octets look like.
    let mut octets = frames().into_iter().find(|(name, _)| *name == "vrrp2-ah").unwrap().1;
    octets[21] = 1;
    let frame = Frame::parse(&octets).unwrap();
    assert!(frame.authentication_header().is_none() && frame.is_fragment());
    assert_eq!(frame.payload_at(), 34);
    octets[20] = 0x20;
    octets[21] = 0;
    assert!(Frame::parse(&octets).unwrap().authentication_header().is_some());
}

#[test]
fn checksums_of_udp_are_a_verdict() {
    use redspec_codec::frame::UdpChecksum;
    let mac = MacAddress([2, 0, 0, 0, 0, 9]);
    let hello = hsrp::v1::Message::hello(1, hsrp::v1::State::SPEAK, 1, Ipv4Addr::new(10, 0, 0, 1));
    let mut builder = Builder::hsrp1(mac, Ipv4Addr::new(10, 0, 0, 9));
    let mut out = [0xa5; 256];
    let mut verdict = |builder: &Builder<'_>, cut: usize| {
        let length = builder.emit(&mut out, |out| hello.emit(out)).unwrap();
        Frame::parse(&out[..length - cut]).unwrap().udp_checksum()
    };
    assert_eq!(verdict(&builder, 0), Some(UdpChecksum::Valid));
    assert_eq!(verdict(&builder, 1), Some(UdpChecksum::Unverifiable));
    builder.udp.as_mut().unwrap().checksum = Stated::Exactly(0);
    assert_eq!(verdict(&builder, 0), Some(UdpChecksum::Absent));
    builder.udp.as_mut().unwrap().checksum = Stated::Exactly(0x1234);
    assert_eq!(verdict(&builder, 0), Some(UdpChecksum::Invalid));
    builder.udp.as_mut().unwrap().length = Stated::Exactly(4);
    assert_eq!(verdict(&builder, 0), Some(UdpChecksum::Unverifiable));
    let carp = frames().into_iter().find(|(name, _)| *name == "carp").unwrap().1;
    assert_eq!(Frame::parse(&carp).unwrap().udp_checksum(), None);
    // Zero is no checksum over IPv4; over IPv6 it is a wrong one.
    let state =
        hsrp::v2::Tlv::InterfaceState(hsrp::v2::InterfaceState { active_groups: 1, passive_groups: 0 });
    let mut builder = Builder::hsrp2_ipv6(mac, "fe80::9".parse().unwrap());
    builder.udp.as_mut().unwrap().checksum = Stated::Exactly(0);
    let length = builder.emit(&mut out, |out| hsrp::v2::emit([state], out)).unwrap();
    assert_eq!(Frame::parse(&out[..length]).unwrap().udp_checksum(), Some(UdpChecksum::Invalid));
}

#[test]
fn headers_that_lie_can_be_built() {
    use redspec_codec::frame::authentication_header;
    let source = Ipv4Addr::new(192, 168, 124, 1);
    let vip = [Ipv4Addr::new(10, 0, 1, 140)];
    let advertisement = v2::Advertisement {
        auth_type: v2::AuthType::IP_AUTHENTICATION_HEADER,
        ..v2::Advertisement::new(51, 101, 1, Addresses::from(&vip))
    };
    let icv = [0xad, 0x71, 0x9a, 0x91, 0x2d, 0x50, 0xa5, 0x39, 0x35, 0xd9, 0xad, 0x41];
    let authentication = authentication_header(112, 0xc0a8_7c01, 0x15, icv);
    let mut builder = Builder::vrrp_ipv4(51, source);
    builder.ethernet.as_mut().unwrap().source = MacAddress([0x0c, 0, 0, 0, 0, 1]);
    let Some(NetworkHeader::Ipv4(header)) = &mut builder.network else { panic!() };
    (header.protocol, header.extensions, header.identification) = (51, &authentication, 0x15);
    let mut out = [0xa5; 256];
    let length = builder.emit(&mut out, |out| advertisement.emit(out)).unwrap();
    // The capture has 0x40 octets of IP behind 14 of Ethernet.
    assert_eq!(out[..length], frames().into_iter().find(|(name, _)| *name == "vrrp2-ah").unwrap().1);

    let Some(NetworkHeader::Ipv4(header)) = &mut builder.network else { panic!() };
    header.version_and_header_length = Stated::Exactly(0x5f);
    header.fragmentation = 0x8000;
    builder.emit(&mut out, |out| advertisement.emit(out)).unwrap();
    assert_eq!((out[14], &out[20..22]), (0x5f, &[0x80, 0][..]));
    assert_eq!(internet_checksum(&out[14..34]), 0);

    let mut builder = Builder::vrrp_ipv6(1, "fe80::1".parse().unwrap());
    let Some(NetworkHeader::Ipv6(header)) = &mut builder.network else { panic!() };
    (header.first_octet, header.flow_label) = (Stated::Exactly(0x45), 0xfff1_2345);
    builder.emit(&mut out, |_| Ok(0)).unwrap();
    assert_eq!(out[14..18], [0x45, 0x01, 0x23, 0x45]);

    // TLVs whose length octet lies.
    let tlv = RawTlv { tlv_type: 9, value: &[1, 2, 3] };
    assert_eq!(Tlv::Misstated { length: 77, tlv }.emit(&mut out), Ok(5));
    assert_eq!(out[..5], [9, 77, 1, 2, 3]);
    assert_eq!(Tlv::Misstated { length: 77, tlv }.tlv_type(), TlvType(9));
    assert_eq!(hsrp::v2::Tlv::Misstated { length: 78, tlv }.emit(&mut out), Ok(5));
    assert_eq!(out[..5], [9, 78, 1, 2, 3]);
    assert_eq!(glbp::Tlv::Misstated { length: 79, tlv }.emit(&mut out), Ok(5));
    assert_eq!(out[..5], [9, 79, 1, 2, 3]);
    assert_eq!(glbp::Tlv::Misstated { length: 79, tlv }.to_string(), "tlv 9 (5 octets)");
    assert_eq!(hsrp::v2::Tlv::Misstated { length: 79, tlv }.to_string(), "tlv 9 (3 octets)");
    assert_eq!(Tlv::Misstated { length: 79, tlv }.to_string(), "tlv 0x09 (5 octets)");

    let carp = octets_of("carp");
    assert_eq!(CarpRef::parse(&carp).unwrap().0.checksum_status(), ChecksumStatus::Valid);
    let mut wrong = carp;
    wrong[20] ^= 1;
    assert_eq!(CarpRef::parse(&wrong).unwrap().0.checksum_status(), ChecksumStatus::Invalid);
}

#[test]
fn version_numbers_are_kept() {
    for name in ["lacp-v1-cisco", "lacp-v2-short", "lacp-sonic-retry-count"] {
        let octets = octets_of(name);
        assert_eq!(LacpduRef::parse(&octets).unwrap().0.version(), octets[1], "{name}");
    }
}

#[test]
fn a_terminator_ends_the_list_whatever_its_length_says() {
    for length in [0, 1, 2, 5, 26, 27, 255] {
        let mut octets = octets_of("lacp-v2-short");
        octets[84] = 0;
        octets[85] = length;
        let (view, _) = LacpduRef::parse(&octets).unwrap();
        assert_eq!((view.tlvs().count(), view.terminator(), view.pad().len()), (2, [0, length], 24));
    }
    // One octet is no Terminator: the list runs over the end, and is read as version 1 has it.
    let mut octets = octets_of("lacp-v2-short");
    octets[58..].fill(0);
    octets[58..60].copy_from_slice(&[0x80, 51]);
    let (view, rest) = LacpduRef::parse(&octets).unwrap();
    assert_eq!((view.tlvs().count(), view.terminator(), rest.len()), (0, [0x80, 51], 0));
    octets[59] = 50;
    let (view, _) = LacpduRef::parse(&octets).unwrap();
    assert_eq!((view.tlvs().count(), view.terminator(), view.pad().len()), (1, [0, 0], 0));
    let octets = octets_of("marker-response");
    let (view, _) = redspec_codec::slow::marker::MarkerRef::parse(&octets).unwrap();
    assert_eq!(format!("{view:?}"), format!("MarkerRef({:?})", view.to_value()));
}

#[test]
fn the_first_tlv_of_a_type_counts() {
    let octets = octets_of("hsrp2-text");
    let mut twice = octets.clone();
    twice.extend(&octets);
    // The second ones say something else.
    twice[52 + 7] = 9;
    twice[52 + 44] = b'x';
    let (view, _) = hsrp::v2::MessageRef::parse(&twice).unwrap();
    assert_eq!((view.group_state().unwrap().group(), view.text_authentication()), (1, Some(b"cisco\0\0\0")));
    // One of a wrong length is none.
    twice[0] = 9;
    twice[42] = 9;
    let (view, _) = hsrp::v2::MessageRef::parse(&twice).unwrap();
    assert_eq!((view.group_state().unwrap().group(), view.text_authentication()), (9, Some(b"xisco\0\0\0")));
    let state = hsrp::v2::InterfaceState { active_groups: 3, passive_groups: 4 };
    let tlvs = [
        hsrp::v2::Tlv::Other(RawTlv { tlv_type: 2, value: &[1] }),
        hsrp::v2::Tlv::Other(RawTlv { tlv_type: 4, value: &[1] }),
        hsrp::v2::Tlv::InterfaceState(state),
        hsrp::v2::Tlv::Md5Authentication(Md5Authentication::new(
            redspec_codec::cisco::Md5TlvType::HSRP,
            Ipv4Addr::LOCALHOST,
            5,
        )),
    ];
    let mut out = [0; 64];
    let length = hsrp::v2::emit(tlvs, &mut out).unwrap();
    let (view, _) = hsrp::v2::MessageRef::parse(&out[..length]).unwrap();
    assert_eq!((view.interface_state(), view.md5().map(|md5| md5.key_id)), (Some(state), Some(5)));
    let long = hsrp::v2::Tlv::Other(RawTlv { tlv_type: 9, value: &[0; 300] });
    let error = long.emit(&mut [0; 512]).unwrap_err();
    assert_eq!((error.kind(), error.expected(), error.found()), (ErrorKind::Unrepresentable, 255, 300));
    let error = hsrp::v2::emit(tlvs, &mut out[..length - 1]).unwrap_err();
    assert_eq!((error.kind(), error.at(), error.expected(), error.found()), (ErrorKind::NoRoom, 12, 30, 29));
}
