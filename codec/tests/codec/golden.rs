//! Known octets and their meaning, in both directions.

use crate::common::{frames, hex, samples};
use pretty_assertions::assert_eq;
use redspec_codec::frame::{Arp, Builder, Frame, NeighborDiscovery, Pdu, Protocol};
use redspec_codec::properties::{self, Effort, TARGETS};
use redspec_codec::slow::SlowPdu;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation, State};
use redspec_codec::slow::lacp_tlv::Tlv;
use redspec_codec::slow::marker::Marker;
use redspec_codec::vrrp::{ChecksumStatus, Dialect, VrrpPdu, v2, v3};
use redspec_codec::{
    Addresses, Carrier, Deviation, ErrorKind, Family, Layer, MacAddress, Stated, glbp, hsrp,
};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

const IPV4: Carrier =
    Carrier::Ipv4 { source: Ipv4Addr::new(10, 0, 0, 1), destination: Ipv4Addr::new(224, 0, 0, 18) };

fn show(target: &str, octets: &[u8]) -> String {
    match target {
        "lacp" => LacpduRef::parse(octets).unwrap().0.to_string(),
        "marker" | "slow" => SlowPdu::parse(octets).unwrap().0.to_string(),
        "vrrp2" => v2::AdvertisementRef::parse(octets).unwrap().0.to_string(),
        "vrrp3_ipv4" => v3::AdvertisementRef::parse(octets, Family::Ipv4).unwrap().0.to_string(),
        "vrrp3_ipv6" => v3::AdvertisementRef::parse(octets, Family::Ipv6).unwrap().0.to_string(),
        "carp" => VrrpPdu::parse(octets, Family::Ipv4).unwrap().0.to_string(),
        "hsrp1" => hsrp::v1::Pdu::parse(octets).unwrap().0.to_string(),
        "hsrp2" => hsrp::v2::MessageRef::parse(octets).unwrap().0.to_string(),
        "glbp" => glbp::MessageRef::parse(octets).unwrap().0.to_string(),
        other => panic!("no such target: {other}"),
    }
}

#[test]
fn samples_are_read_as_shown() {
    for sample in samples() {
        assert_eq!(show(sample.target, &sample.octets), sample.shown, "{}", sample.name);
    }
}

#[test]
fn samples_and_frames_have_every_property() {
    for sample in samples() {
        let (_, property) = TARGETS.iter().find(|(name, _)| *name == sample.target).unwrap();
        property(&sample.octets, Effort::Every);
    }
    for (_, octets) in frames() {
        properties::frame(&octets, Effort::Every);
    }
}

fn deviations(octets: &[u8]) -> Vec<(&'static str, u16)> {
    let mut found = Vec::new();
    Frame::parse(octets)
        .unwrap()
        .audit(&mut |deviation: Deviation| found.push((deviation.rule.id, deviation.at)))
        .unwrap();
    found
}

#[test]
fn frames_are_recognised() {
    let expected = [
        ("lacp", Protocol::Slow, 14, 0),
        ("lacp-with-trailer", Protocol::Slow, 14, 4),
        ("marker", Protocol::Slow, 14, 0),
        ("oam", Protocol::Slow, 14, 0),
        ("vrrp3", Protocol::Vrrp, 34, 0),
        ("vrrp3-three-tags", Protocol::Vrrp, 46, 0),
        ("vrrp3-hmac-trailer", Protocol::Vrrp, 34, 28),
        ("vrrp3-ipv4-options", Protocol::Vrrp, 38, 0),
        ("vrrp3-ipv6", Protocol::Vrrp, 54, 0),
        ("vrrp3-ipv6-extension", Protocol::Vrrp, 62, 0),
        ("vrrp2-ah", Protocol::Vrrp, 58, 0),
        ("carp", Protocol::Vrrp, 34, 0),
        ("hsrp1", Protocol::Hsrp1, 42, 0),
        ("hsrp2", Protocol::Hsrp2, 42, 0),
        ("glbp", Protocol::Glbp, 42, 0),
        ("gratuitous-arp", Protocol::Arp, 14, 18),
        ("unsolicited-na", Protocol::NeighborDiscovery, 54, 0),
        ("ipv4-tcp", Protocol::Other, 34, 0),
        ("llc", Protocol::Other, 14, 0),
    ];
    let frames = frames();
    assert_eq!(frames.len(), expected.len());
    for ((name, octets), (expected_name, protocol, at, trailer)) in frames.iter().zip(expected) {
        assert_eq!(*name, expected_name);
        let frame = Frame::parse(octets).unwrap();
        assert_eq!((frame.protocol(), frame.payload_at()), (protocol, at), "{name}");
        if protocol == Protocol::Other {
            assert_eq!(frame.pdu().unwrap_err().kind(), ErrorKind::NotRecognised);
        } else {
            assert_eq!(frame.pdu().unwrap().1.len(), trailer, "{name}");
        }
    }
}

#[test]
fn frames_that_devices_send_have_no_deviation_but_these() {
    let mut found = Vec::new();
    for (name, octets) in frames() {
        if Frame::parse(&octets).unwrap().protocol() != Protocol::Other {
            found.extend(deviations(&octets).into_iter().map(|(rule, at)| (name, rule, at)));
        }
    }
    assert_eq!(
        found,
        [
            // keepalived sends AH from the physical address.
            ("vrrp2-ah", "vrrp.frame.source-mac", 6),
            // Written without one.
            ("glbp", "ipv4.header.checksum", 24),
        ]
    );
}

#[test]
fn frame_headers_are_reachable() {
    let (_, octets) = frames().into_iter().find(|(name, _)| *name == "vrrp3-three-tags").unwrap();
    let frame = Frame::parse(&octets).unwrap();
    let tags: Vec<_> =
        frame.vlan_tags().map(|tag| (tag.tpid, tag.vlan_identifier(), tag.priority())).collect();
    assert_eq!(tags, [(0x88a8, 100, 0), (0x8100, 101, 1), (0x8100, 102, 0)]);
    assert_eq!(frame.ether_type(), 0x0800);
    assert_eq!(frame.source_mac(), Some(MacAddress([0, 0, 0x5e, 0, 1, 10])));
    assert_eq!(frame.destination_mac(), Some(MacAddress([1, 0, 0x5e, 0, 0, 18])));
    assert_eq!(frame.source_ip(), Some(IpAddr::from([10, 0, 0, 1])));
    assert_eq!(frame.destination_ip(), Some(IpAddr::from([224, 0, 0, 18])));
    assert_eq!(frame.ttl(), Some(255));
    assert_eq!(frame.carrier(), Some(IPV4));

    let (_, padded) = frames().into_iter().find(|(name, _)| *name == "vrrp3").unwrap();
    let frame = Frame::parse(&padded).unwrap();
    assert_eq!((frame.payload().len(), frame.padding().len()), (12, 14));

    let (_, ah) = frames().into_iter().find(|(name, _)| *name == "vrrp2-ah").unwrap();
    let frame = Frame::parse(&ah).unwrap();
    let header = frame.authentication_header().unwrap();
    assert_eq!((header.spi(), header.sequence_number()), (0xc0a8_7c01, 0x15));

    let (_, hsrp) = frames().into_iter().find(|(name, _)| *name == "hsrp1").unwrap();
    assert_eq!(Frame::parse(&hsrp).unwrap().udp_header().unwrap().destination_port(), 1985);
}

#[test]
fn more_than_three_tags_are_an_error() {
    let octets = hex("01005e000012 00005e00010a 8100 0001 8100 0002 8100 0003 8100 0004 0800 00*40");
    let error = Frame::parse(&octets).unwrap_err();
    assert_eq!((error.kind(), error.layer(), error.at()), (ErrorKind::TooManyTags, Layer::Vlan, 26));
    assert_eq!((error.expected(), error.found()), (3, 4));
}

#[test]
fn checksums_of_vrrp3_are_a_verdict() {
    let parse = |text: &str| {
        let octets = hex(text);
        let (view, _) = v3::AdvertisementRef::parse(&octets, Family::Ipv4).unwrap();
        (view.checksum_status(Some(IPV4)), view.checksum_status(None))
    };
    assert_eq!(parse("310a6401006475020a0000fe"), (ChecksumStatus::Rfc5798, ChecksumStatus::Unverifiable));
    assert_eq!(parse("310a640100645f920a0000fe"), (ChecksumStatus::Rfc9568, ChecksumStatus::Rfc9568));
    assert_eq!(parse("310a640100645f930a0000fe"), (ChecksumStatus::Invalid, ChecksumStatus::Unverifiable));

    // Addresses whose pseudo-header sums to nothing: both forms are the same number.
    let octets = hex("310a640100645f920a0000fe");
    let (view, _) = v3::AdvertisementRef::parse(&octets, Family::Ipv4).unwrap();
    let source = Ipv4Addr::from(!(112u32 + 12 + 0xe000 + 0x0012) & 0xffff);
    let carrier = Carrier::Ipv4 { source, destination: Ipv4Addr::new(224, 0, 0, 18) };
    assert_eq!(view.checksum_status(Some(carrier)), ChecksumStatus::Valid);

    // A carrier of the other family says nothing.
    let other = Carrier::Ipv6 { source: Ipv6Addr::LOCALHOST, destination: Ipv6Addr::LOCALHOST };
    assert_eq!(view.checksum_status(Some(other)), ChecksumStatus::Rfc9568);
}

#[test]
fn builders_make_the_known_octets() {
    let vip = [Ipv4Addr::new(10, 0, 0, 254)];
    let mut out = [0xa5; 128];

    let advertisement = v2::Advertisement::new(10, 100, 1, Addresses::from(&vip));
    let length = advertisement.emit(&mut out).unwrap();
    assert_eq!(out[..length], hex("210a640100016ff50a0000fe 00*8"));

    let advertisement = v3::Advertisement::new(10, 100, 100, Addresses::from(&vip));
    let length = advertisement.emit(IPV4, &mut out).unwrap();
    assert_eq!(out[..length], hex("310a640100645f920a0000fe"));

    let with_pseudo_header = v3::Advertisement { checksum: v3::Checksum::Rfc5798, ..advertisement };
    let length = with_pseudo_header.emit(IPV4, &mut out).unwrap();
    assert_eq!(out[..length], hex("310a6401006475020a0000fe"));

    let addresses: [Ipv6Addr; 2] = ["fe80::10".parse().unwrap(), "2001:db8::254".parse().unwrap()];
    let source = "fe80::ff:fe00:1".parse().unwrap();
    let carrier = Carrier::Ipv6 { source, destination: "ff02::12".parse().unwrap() };
    let advertisement = v3::Advertisement::new(10, 100, 100, Addresses::from(&addresses));
    let length = advertisement.emit(carrier, &mut out).unwrap();
    assert_eq!(out[..8], hex("310a640200643ec2"));
    assert_eq!(length, 40);

    let hello = hsrp::v1::Message::hello(1, hsrp::v1::State::ACTIVE, 200, Ipv4Addr::new(192, 168, 0, 1));
    assert_eq!(hello.to_octets().to_vec(), hex("000010030ac80100636973636f000000c0a80001"));

    let advertise = hsrp::v1::Advertise::new(hsrp::v1::AdvertiseState::PASSIVE, 0, 1);
    assert_eq!(advertise.to_octets().to_vec(), hex("0003 0001 000e 0200 0000 0001 00000000"));

    let state = hsrp::v2::GroupState::hello(
        4095,
        hsrp::v2::State::ACTIVE,
        110,
        "02:00:00:00:00:01".parse().unwrap(),
        IpAddr::from([192, 0, 2, 1]),
    );
    let length = hsrp::v2::emit([hsrp::v2::Tlv::GroupState(state)], &mut out).unwrap();
    assert_eq!(out[..length], hex("0128020006040fff0200000000010000006e00000bb800002710c0000201 00*12"));

    let marker = Marker::information(1, "02:00:00:00:00:01".parse().unwrap(), 0xdead_beef);
    assert_eq!(marker.response().to_octets()[..16], hex("0201 0210 0001 020000000001 deadbeef"));
}

#[test]
fn whole_frames_are_built_as_captured() {
    let named = |name: &str| frames().into_iter().find(|(other, _)| *other == name).unwrap().1;
    let mut out = [0xa5; 256];

    let actor = PortInformation {
        system_priority: 0x8000,
        system: "00:13:c4:12:0f:00".parse().unwrap(),
        key: 13,
        port_priority: 0x8000,
        port: 22,
        state: State::ACTIVITY | State::AGGREGATION | State::EXPIRED,
    };
    let partner = PortInformation {
        system: "00:0e:83:16:f5:00".parse().unwrap(),
        port: 25,
        state: State::TIMEOUT | State::AGGREGATION | State::COLLECTING | State::DISTRIBUTING,
        ..actor
    };
    let pdu = Lacpdu::new(actor, partner, 0x8000);
    let builder = Builder::slow("00:13:c4:12:0f:0d".parse().unwrap());
    let length = builder.emit(&mut out, |out| pdu.emit(out)).unwrap();
    assert_eq!(out[..length], named("lacp"));

    let addresses = [Ipv4Addr::new(10, 0, 0, 254)];
    let advertisement = v3::Advertisement {
        checksum: v3::Checksum::Rfc5798,
        ..v3::Advertisement::new(10, 100, 100, Addresses::from(&addresses))
    };
    let mut builder = Builder::vrrp_ipv4(10, Ipv4Addr::new(10, 0, 0, 1));
    let length = builder.emit(&mut out, |out| advertisement.emit(IPV4, out)).unwrap();
    assert_eq!(out[..length], named("vrrp3"));

    // A trailer counts in the length of the IP packet, padding does not.
    builder.trailer = &[1; 28];
    let length = builder.emit(&mut out, |out| advertisement.emit(IPV4, out)).unwrap();
    assert_eq!(out[..length], named("vrrp3-hmac-trailer"));

    let mac = MacAddress([0, 0, 0x5e, 0, 1, 10]);
    let arp = Arp::gratuitous(mac, addresses[0]);
    let length = Builder::arp(mac).emit(&mut out, |out| arp.emit(out)).unwrap();
    assert_eq!(out[..length], named("gratuitous-arp"));

    let target: Ipv6Addr = "fe80::10".parse().unwrap();
    let mac = MacAddress([0, 0, 0x5e, 0, 2, 10]);
    let advertisement = NeighborDiscovery::unsolicited(target, mac);
    let mut builder = Builder::neighbor_discovery(mac, target);
    if let Some(redspec_codec::frame::NetworkHeader::Ipv6(header)) = &mut builder.network {
        header.traffic_class = 0;
    }
    let carrier = builder.carrier().unwrap();
    let length = builder.emit(&mut out, |out| advertisement.emit(carrier, out)).unwrap();
    assert_eq!(out[..length], named("unsolicited-na"));
}

#[test]
fn arp_and_neighbour_discovery_are_read_back() {
    let mac = MacAddress([2, 0, 0, 0, 0, 1]);
    let target: Ipv6Addr = "fe80::10".parse().unwrap();
    let messages = [
        NeighborDiscovery::RouterSolicitation { source_mac: None },
        NeighborDiscovery::RouterSolicitation { source_mac: Some(mac) },
        NeighborDiscovery::RouterAdvertisement {
            hop_limit: 64,
            managed: true,
            other: false,
            lifetime_s: 1800,
            reachable_time_ms: 30_000,
            retransmit_timer_ms: 1000,
            source_mac: Some(mac),
        },
        NeighborDiscovery::Solicitation { target, source_mac: Some(mac) },
        NeighborDiscovery::Advertisement {
            router: false,
            solicited: true,
            overrides: false,
            target,
            target_mac: None,
        },
        NeighborDiscovery::unsolicited(target, mac),
    ];
    let shown = [
        "ND router solicitation",
        "ND router solicitation at 02:00:00:00:00:01",
        "ND router advertisement lifetime 1800 s at 02:00:00:00:00:01",
        "ND solicitation for fe80::10 at 02:00:00:00:00:01",
        "ND advertisement fe80::10 flags -S-",
        "ND advertisement fe80::10 flags R-O at 02:00:00:00:00:01",
    ];
    let builder = Builder::neighbor_discovery(mac, target);
    let carrier = builder.carrier().unwrap();
    for (message, shown) in messages.into_iter().zip(shown) {
        let mut out = [0xa5; 256];
        let length = builder.emit(&mut out, |out| message.emit(carrier, out)).unwrap();
        let frame = Frame::parse(&out[..length]).unwrap();
        assert_eq!(frame.pdu().unwrap().0, Pdu::NeighborDiscovery(message));
        assert_eq!(message.to_string(), shown);
        let slice = etherparse::Icmpv6Slice::from_slice(frame.payload()).unwrap();
        let Carrier::Ipv6 { source, destination } = carrier else { panic!() };
        assert!(slice.is_checksum_valid(source.octets(), destination.octets()));
    }
    let reply = Arp {
        operation: Arp::REPLY,
        sender_mac: mac,
        sender_ip: Ipv4Addr::new(10, 0, 0, 254),
        target_mac: MacAddress([2, 0, 0, 0, 0, 2]),
        target_ip: Ipv4Addr::new(10, 0, 0, 1),
    };
    let mut out = [0; 28];
    reply.emit(&mut out).unwrap();
    assert_eq!(Arp::parse(&out).unwrap().0, reply);
    assert!(!reply.is_gratuitous() && Arp::gratuitous(mac, reply.sender_ip).is_gratuitous());
    assert_eq!(reply.to_string(), "ARP reply 10.0.0.254 is at 02:00:00:00:00:01");
    assert_eq!(
        Arp::gratuitous(mac, reply.sender_ip).to_string(),
        "ARP gratuitous request for 10.0.0.254 from 10.0.0.254 at 02:00:00:00:00:01"
    );
    assert_eq!(
        Arp { operation: 9, ..reply }.to_string(),
        "ARP operation 9 from 10.0.0.254 at 02:00:00:00:00:01"
    );
}

#[test]
fn version_2_tlvs_come_with_their_meaning() {
    let octets = samples().into_iter().find(|sample| sample.name == "lacp-v2-long").unwrap().octets;
    let (view, rest) = LacpduRef::parse(&octets).unwrap();
    assert!(rest.is_empty());
    assert_eq!(view.octets().len(), 625);
    let tlvs: Vec<_> = view.tlvs().collect();
    assert_eq!(tlvs.len(), 7);
    assert_eq!(tlvs[2], Tlv::PortConversationMask1 { mask_state: 3, mask: &[1; 128] });
    assert_eq!(tlvs[5], Tlv::PortConversationMask { part: 4, mask: &[4; 128] });
    assert_eq!(tlvs[6], Tlv::ServiceMappingDigest(&[0x22; 16]));
    assert_eq!((view.terminator(), view.pad()), ([0, 0], &[][..]));

    let (as_version_1, rest) = LacpduRef::parse_as_version_1(&octets).unwrap();
    assert_eq!((as_version_1.tlvs().count(), rest.len()), (0, 515));
}

#[test]
fn carp_is_not_vrrp2() {
    let carp = samples().into_iter().find(|sample| sample.name == "carp").unwrap().octets;
    assert_eq!(Dialect::of(&carp, Family::Ipv4), Dialect::Carp);
    // Seven addresses and authentication data: VRRPv2 has 44 octets then.
    let addresses: Vec<_> = (1..=7).map(|last| Ipv4Addr::new(10, 0, 0, last)).collect();
    let mut out = [0; 64];
    let length =
        v2::Advertisement::new(1, 100, 1, Addresses::from(addresses.as_slice())).emit(&mut out).unwrap();
    assert_eq!((length, Dialect::of(&out[..length], Family::Ipv4)), (44, Dialect::V2));
    // VRRPv2 knows no IPv6.
    assert_eq!(Dialect::of(&out[..length], Family::Ipv6), Dialect::Unknown);
}

#[test]
fn stated_fields_make_a_message_wrong_in_exactly_that() {
    let vip = [Ipv4Addr::new(10, 0, 0, 254)];
    let valid = v2::Advertisement::new(10, 100, 1, Addresses::from(&vip));
    let emitted = |advertisement: v2::Advertisement<'_>| {
        let mut out = [0; 64];
        let length = advertisement.emit(&mut out).unwrap();
        out[..length].to_vec()
    };
    let octets = emitted(v2::Advertisement { checksum: Stated::Exactly(0x1234), ..valid });
    assert_eq!(v2::AdvertisementRef::parse(&octets).unwrap().0.checksum_status(), ChecksumStatus::Invalid);
    let octets = emitted(v2::Advertisement { count: Stated::Exactly(200), ..valid });
    assert_eq!(v2::AdvertisementRef::parse(&octets).unwrap_err().kind(), ErrorKind::Truncated);
    let octets = emitted(v2::Advertisement { version: 4, ..valid });
    let error = v2::AdvertisementRef::parse(&octets).unwrap_err();
    assert_eq!((error.kind(), error.found(), error.expected()), (ErrorKind::Version, 4, 2));
    let octets = emitted(v2::Advertisement { packet_type: redspec_codec::vrrp::Type(3), ..valid });
    let error = v2::AdvertisementRef::parse(&octets).unwrap_err();
    assert_eq!((error.kind(), error.found(), error.expected()), (ErrorKind::Type, 3, 1));
    let octets = emitted(v2::Advertisement { authentication_data: None, ..valid });
    assert_eq!(
        (octets.len(), v2::AdvertisementRef::parse(&octets).unwrap().0.authentication_data()),
        (12, None)
    );

    let error = v2::Advertisement { version: 16, ..valid }.emit(&mut [0; 64]).unwrap_err();
    assert_eq!((error.kind(), error.found(), error.expected()), (ErrorKind::Unrepresentable, 16, 15));
    assert_eq!(valid.with_simple_text(b"too long!").unwrap_err().kind(), ErrorKind::Unrepresentable);
    let octets = emitted(valid.with_simple_text(b"secret").unwrap());
    let (view, _) = v2::AdvertisementRef::parse(&octets).unwrap();
    assert_eq!(
        (view.auth_type(), view.authentication_data()),
        (v2::AuthType::SIMPLE_TEXT, Some(b"secret\0\0"))
    );
}

#[test]
fn errors_say_what_where_and_what_was_expected() {
    let error = |octets: &[u8]| {
        Frame::parse(octets).and_then(|frame| frame.pdu().map(|_| ())).unwrap_err().to_string()
    };
    let (_, lacp) = &frames()[0];
    assert_eq!(error(&lacp[..60]), "LACPDU: cut short: 110 octets needed from octet 14 on, 46 are there");
    assert_eq!(error(&lacp[..5]), "Ethernet: cut short: 14 octets needed from octet 0 on, 5 are there");
    let (_, vrrp) = &frames()[4];
    assert_eq!(error(&vrrp[..40]), "VRRPv3: cut short: 12 octets needed from octet 34 on, 6 are there");
    let mut wrong = vrrp.clone();
    wrong[34] = 0x71;
    assert_eq!(error(&wrong), "VRRP: version 7 at octet 34, expected 3");
    wrong[34] = 0x32;
    assert_eq!(error(&wrong), "VRRPv3: type 2 at octet 34, expected 1");
    wrong[14] = 0x44;
    assert_eq!(error(&wrong), "IPv4: length field at octet 14 says 4, expected at least 5");
    let mut fragment = vrrp.clone();
    fragment[20] = 0x20;
    assert_eq!(error(&fragment), "VRRPv3: a fragment, at octet 34: the message is not whole");
}

#[test]
fn builders_make_frames_without_deviation() {
    // Parameters out of a small generator, the same on every machine.
    let mut state = 0x5eed_u64;
    for _ in 0..4000 {
        let octets: Vec<u8> = (0..160)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state.to_le_bytes()[3]
            })
            .collect();
        properties::builders_from(&octets, Effort::Sample);
    }
}
