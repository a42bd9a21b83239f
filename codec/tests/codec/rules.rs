//! Every format rule is broken once, and reported with its place and what stands there; nothing else is.

use std::collections::BTreeSet;

use crate::common::{frames, hex, samples};
use pretty_assertions::assert_eq;
use redspec_codec::frame::Frame;
use redspec_codec::slow::lacp::LacpduRef;
use redspec_codec::slow::{SlowPdu, lacp, marker};
use redspec_codec::vrrp::{v2, v3};
use redspec_codec::{Carrier, Deviation, Family, Rule, cisco, frame, glbp, hsrp, internet_checksum, slow};

type Found = Vec<(&'static str, u16, u32)>;

fn audit(target: &str, octets: &[u8]) -> Found {
    let mut found = Vec::new();
    let report = &mut |deviation: Deviation| found.push((deviation.rule.id, deviation.at, deviation.found));
    let source = [10, 0, 0, 1].into();
    let ipv4 = Carrier::Ipv4 { source, destination: [224, 0, 0, 18].into() };
    let ipv6 = Carrier::Ipv6 {
        source: "fe80::ff:fe00:1".parse().unwrap(),
        destination: "ff02::12".parse().unwrap(),
    };
    match target {
        "lacp" => LacpduRef::audit(octets, report).map(|_| ()),
        "marker" => marker::MarkerRef::audit(octets, report).map(|_| ()),
        "slow" => SlowPdu::audit(octets, report).map(|_| ()),
        "vrrp2" => v2::AdvertisementRef::audit(octets, report).map(|_| ()),
        "vrrp3_ipv4" => v3::AdvertisementRef::audit(octets, Family::Ipv4, Some(ipv4), report).map(|_| ()),
        "vrrp3_ipv6" => v3::AdvertisementRef::audit(octets, Family::Ipv6, Some(ipv6), report).map(|_| ()),
        "hsrp1" => hsrp::v1::Pdu::audit(octets, report).map(|_| ()),
        "hsrp2" => hsrp::v2::MessageRef::audit(octets, report).map(|_| ()),
        "glbp" => glbp::MessageRef::audit(octets, report).map(|_| ()),
        "frame" => Frame::parse(octets).unwrap().audit(report).map(|_| ()),
        other => panic!("no such target: {other}"),
    }
    .unwrap();
    found
}

/// A sample, octets to put into it, and what must be found.
struct Case {
    target: &'static str,
    sample: &'static str,
    changes: &'static [(usize, &'static str)],
    found: &'static [(&'static str, u16, u32)],
}

const fn case(
    target: &'static str,
    sample: &'static str,
    changes: &'static [(usize, &'static str)],
    found: &'static [(&'static str, u16, u32)],
) -> Case {
    Case { target, sample, changes, found }
}

const CASES: &[Case] = &[
    // LACPDU
    case("lacp", "lacp-v1-cisco", &[(1, "00")], &[("lacp.pdu.version", 1, 0)]),
    case("lacp", "lacp-v1-cisco", &[(2, "55")], &[("lacp.pdu.tlv-type", 2, 0x55)]),
    case("lacp", "lacp-v1-cisco", &[(3, "13")], &[("lacp.pdu.tlv-length", 3, 0x13)]),
    case("lacp", "lacp-v1-cisco", &[(6, "01")], &[("lacp.pdu.actor-system", 6, 1)]),
    case("lacp", "lacp-v1-cisco", &[(16, "0000")], &[("lacp.pdu.actor-port", 16, 0)]),
    case("lacp", "lacp-v1-cisco", &[(20, "07")], &[("lacp.pdu.reserved", 20, 7)]),
    case("lacp", "lacp-v1-cisco", &[(22, "66")], &[("lacp.pdu.tlv-type", 22, 0x66)]),
    case("lacp", "lacp-v1-cisco", &[(23, "00")], &[("lacp.pdu.tlv-length", 23, 0)]),
    case("lacp", "lacp-v1-cisco", &[(39, "01")], &[("lacp.pdu.reserved", 39, 1)]),
    case("lacp", "lacp-v1-cisco", &[(42, "77")], &[("lacp.pdu.tlv-type", 42, 0x77)]),
    case("lacp", "lacp-v1-cisco", &[(43, "14")], &[("lacp.pdu.tlv-length", 43, 20)]),
    case("lacp", "lacp-v1-cisco", &[(57, "09")], &[("lacp.pdu.reserved", 57, 9)]),
    case("lacp", "lacp-v1-cisco", &[(58, "88")], &[("lacp.pdu.tlv-type", 58, 0x88)]),
    case("lacp", "lacp-v1-cisco", &[(59, "06")], &[("lacp.pdu.tlv-length", 59, 6)]),
    case("lacp", "lacp-v1-cisco", &[(109, "ff")], &[("lacp.pdu.reserved", 109, 255)]),
    case(
        "lacp",
        "lacp-v2-short",
        // One octet less for the digest: the next TLV begins in it, with type 0xa5 and length 10.
        &[(65, "13"), (93, "00*9")],
        &[("lacp.pdu.tlv-length", 65, 0x13), ("lacp.pdu.tlv-unknown", 83, 0xa5)],
    ),
    case(
        "lacp",
        "lacp-v2-short",
        &[(58, "04060000000004060080c205"), (70, "00*40")],
        &[("lacp.pdu.tlv-repeated", 64, 4)],
    ),
    case(
        "lacp",
        "lacp-v2-short",
        &[(58, "0514 0001 11*16 0406 0080c205 00*26")],
        &[("lacp.pdu.tlv-order", 78, 4)],
    ),
    case("lacp", "lacp-v2-short", &[(85, "f0")], &[("lacp.pdu.tlv-list", 58, 4)]),
    // All that a receiver shall not look at, at once.
    case(
        "lacp",
        "lacp-v2-short",
        &[(1, "ff"), (58, "ff*52")],
        &[("lacp.pdu.version", 1, 255), ("lacp.pdu.tlv-list", 58, 255)],
    ),
    case("lacp", "lacp-v1-cisco", &[(6, "00*6")], &[("lacp.pdu.actor-system", 6, 0)]),
    case("lacp", "lacp-v2-short", &[(58, "70")], &[("lacp.pdu.tlv-unknown", 58, 0x70)]),
    case("lacp", "lacp-v2-short", &[(106, "01")], &[("lacp.pdu.reserved", 106, 1)]),
    case("lacp", "lacp-v2-short", &[(103, "02")], &[("lacp.pdu.tlv-length", 103, 2)]),
    case("lacp", "lacp-v2-long", &[(1, "03")], &[("lacp.pdu.version", 1, 3)]),
    case(
        "lacp",
        "lacp-sonic-retry-count",
        &[],
        &[
            ("lacp.pdu.version", 1, 0xf1),
            ("lacp.pdu.tlv-unknown", 58, 0x80),
            ("lacp.pdu.tlv-unknown", 62, 0x81),
        ],
    ),
    // Marker
    case("marker", "marker-information", &[(1, "02")], &[("marker.pdu.version", 1, 2)]),
    case("marker", "marker-information", &[(2, "03")], &[("marker.pdu.tlv-type", 2, 3)]),
    case("marker", "marker-response", &[(3, "11")], &[("marker.pdu.tlv-length", 3, 17)]),
    case("marker", "marker-information", &[(17, "01")], &[("marker.pdu.reserved", 17, 1)]),
    case("marker", "marker-response", &[(17, "01")], &[("marker.response.reserved", 17, 1)]),
    case("marker", "marker-response", &[(1, "02")], &[("marker.response.version", 1, 2)]),
    case("marker", "marker-response", &[(18, "01")], &[("marker.pdu.tlv-type", 18, 1)]),
    case("marker", "marker-response", &[(19, "02")], &[("marker.pdu.tlv-length", 19, 2)]),
    case("marker", "marker-information", &[(109, "01")], &[("marker.pdu.reserved", 109, 1)]),
    case("marker", "marker-response", &[(109, "01")], &[("marker.response.reserved", 109, 1)]),
    // Slow protocols
    case("slow", "slow-esmc", &[(0, "00")], &[("slow.frame.subtype", 0, 0)]),
    case("slow", "slow-esmc", &[(0, "0b")], &[("slow.frame.subtype", 0, 11)]),
    case("slow", "slow-esmc", &[(0, "09")], &[]),
    case("slow", "lacp-v1-cisco", &[(1, "00")], &[("lacp.pdu.version", 1, 0)]),
    case("slow", "marker-information", &[(1, "02")], &[("marker.pdu.version", 1, 2)]),
    // VRRPv2; a wrong checksum comes along where the change is covered.
    case("vrrp2", "vrrp2", &[(1, "00"), (6, "6fff")], &[("vrrp2.pdu.vrid", 1, 0)]),
    case("vrrp2", "vrrp2", &[(6, "0000")], &[("vrrp2.pdu.checksum", 6, 0)]),
    case("vrrp2", "vrrp2", &[(4, "03"), (6, "6cf5")], &[("vrrp2.pdu.auth-type", 4, 3)]),
    case("vrrp2", "vrrp2", &[(4, "01"), (6, "6ef5")], &[]),
    // A password is not zero.
    case("vrrp2", "vrrp2", &[(4, "01"), (19, "01"), (6, "6ef4")], &[]),
    case("vrrp2", "vrrp2", &[(19, "01"), (6, "6ff4")], &[("vrrp2.pdu.no-authentication", 19, 1)]),
    case("vrrp2", "vrrp2-without-authentication-data", &[], &[("vrrp2.pdu.authentication-data", 20, 0)]),
    case("vrrp2", "vrrp2", &[(3, "00"), (6, "7af4"), (8, "00*4")], &[("vrrp2.pdu.count", 3, 0)]),
    // VRRPv3
    case("vrrp3_ipv4", "vrrp3-ipv4-rfc9568", &[(1, "00"), (6, "5f9c")], &[("vrrp3.pdu.vrid", 1, 0)]),
    case("vrrp3_ipv4", "vrrp3-ipv4-rfc9568", &[(4, "5064"), (6, "0f92")], &[("vrrp3.pdu.reserve", 4, 5)]),
    case("vrrp3_ipv4", "vrrp3-ipv4-rfc9568", &[(4, "0000"), (6, "5ff6")], &[("vrrp3.pdu.interval", 4, 0)]),
    case("vrrp3_ipv4", "vrrp3-ipv4-rfc9568", &[(6, "5f93")], &[("vrrp3.pdu.checksum", 6, 0x5f93)]),
    case("vrrp3_ipv4", "vrrp3-ipv4-rfc9568", &[(3, "00"), (6, "6a91")], &[("vrrp3.pdu.count", 3, 0)]),
    case(
        "vrrp3_ipv6",
        "vrrp3-ipv6",
        &[(8, "2001"), (6, "1d42")],
        &[("vrrp3.pdu.link-local-first", 8, 0x2001)],
    ),
    case("vrrp3_ipv6", "vrrp3-ipv6", &[(7, "00")], &[("vrrp3.pdu.checksum", 6, 0x3e00)]),
    // HSRPv1
    case("hsrp1", "hsrp1-hello-active", &[(1, "04")], &[("hsrp1.pdu.opcode", 1, 4)]),
    case("hsrp1", "hsrp1-hello-active", &[(2, "03")], &[("hsrp1.pdu.state", 2, 3)]),
    case("hsrp1", "hsrp1-hello-active", &[(4, "03")], &[("hsrp1.pdu.holdtime", 4, 3)]),
    // Times are meaningful in a Hello only.
    case("hsrp1", "hsrp1-hello-active", &[(1, "01"), (4, "03")], &[]),
    case("hsrp1", "hsrp1-hello-active", &[(4, "08")], &[("hsrp1.pdu.holdtime-ratio", 4, 8)]),
    case("hsrp1", "hsrp1-hello-active", &[(4, "09")], &[]),
    case("hsrp1", "hsrp1-md5", &[(21, "1d")], &[("hsrp1.pdu.tlv-list", 20, 4)]),
    case("hsrp1", "hsrp1-md5", &[(20, "00*30")], &[]),
    case("hsrp1", "hsrp1-advertise", &[(3, "02")], &[("hsrp1.interface-state.tlv", 2, 2)]),
    case("hsrp1", "hsrp1-advertise", &[(5, "0a")], &[("hsrp1.interface-state.tlv", 4, 10)]),
    case("hsrp1", "hsrp1-advertise", &[(6, "00")], &[("hsrp1.interface-state.state", 6, 0)]),
    case("hsrp1", "hsrp1-md5", &[], &[]),
    case("hsrp1", "hsrp1-md5", &[(20, "05")], &[("hsrp1.pdu.tlv-unknown", 20, 5)]),
    case("hsrp1", "hsrp1-md5", &[(22, "02")], &[("cisco.md5.algorithm", 22, 2)]),
    // HSRPv2
    case("hsrp2", "hsrp2-text", &[(0, "09")], &[("hsrp2.pdu.tlv-unknown", 0, 9)]),
    case("hsrp2", "hsrp2-text", &[(2, "01")], &[("hsrp2.pdu.version", 2, 1)]),
    case("hsrp2", "hsrp2-text", &[(3, "03")], &[("hsrp2.pdu.opcode", 3, 3)]),
    case("hsrp2", "hsrp2-text", &[(4, "07")], &[("hsrp2.pdu.state", 4, 7)]),
    case("hsrp2", "hsrp2-text", &[(5, "05")], &[("hsrp2.pdu.ip-version", 5, 5)]),
    case("hsrp2", "hsrp2-text", &[(6, "1000")], &[("hsrp2.pdu.group", 6, 4096)]),
    // Remains of other memory, as real devices leave them.
    case("hsrp2", "hsrp2-text", &[(41, "01")], &[]),
    case("hsrp2", "hsrp2-text", &[(5, "06"), (41, "01")], &[]),
    case("hsrp2", "hsrp2-md5", &[(44, "02")], &[("cisco.md5.algorithm", 44, 2)]),
    case("hsrp2", "hsrp2-interface-state", &[(0, "030400000001")], &[("hsrp2.pdu.tlv-length", 1, 4)]),
    case(
        "hsrp2",
        "hsrp2-interface-state",
        &[(0, "0201 01 0201 02")],
        &[("hsrp2.pdu.tlv-length", 1, 1), ("hsrp2.pdu.tlv-length", 4, 1), ("hsrp2.pdu.tlv-repeated", 3, 2)],
    ),
    // GLBP
    case("glbp", "glbp-hello", &[(0, "02")], &[("glbp.pdu.version", 0, 2)]),
    case("glbp", "glbp-hello", &[(15, "05")], &[("glbp.pdu.state", 15, 5)]),
    case("glbp", "glbp-hello", &[(34, "03")], &[("glbp.pdu.address", 34, 3)]),
    case("glbp", "glbp-hello", &[(35, "05")], &[("glbp.pdu.tlv-length", 13, 28)]),
    case("glbp", "glbp-hello", &[(12, "09")], &[("glbp.pdu.tlv-unknown", 12, 9)]),
    case("glbp", "glbp-forwarder", &[], &[]),
    case("glbp", "glbp-forwarder", &[(15, "21")], &[("glbp.pdu.state", 15, 0x21)]),
    // Frames
    case("frame", "lacp", &[(5, "00")], &[]),
    case("frame", "marker", &[(5, "03")], &[]),
    case("frame", "lacp", &[(5, "04")], &[("slow.frame.destination", 0, 4)]),
    case("frame", "lacp", &[(0, "03")], &[("slow.frame.destination", 0, 2)]),
    case("frame", "oam", &[(5, "03")], &[("slow.frame.destination", 0, 3)]),
    case("frame", "lacp", &[(6, "01")], &[("slow.frame.source", 6, 1)]),
    case("frame", "lacp", &[(14 + 20, "07")], &[("lacp.pdu.reserved", 34, 7)]),
    case("frame", "vrrp3", &[(5, "13")], &[("vrrp.frame.destination-mac", 0, 0x13)]),
    case("frame", "vrrp3", &[(11, "0b")], &[("vrrp.frame.source-mac", 6, 11)]),
    case("frame", "vrrp3", &[(10, "02")], &[("vrrp.frame.source-mac", 6, 10)]),
    case("frame", "vrrp3", &[(22, "fe"), (24, "d19a")], &[("vrrp.frame.ttl", 22, 254)]),
    case("frame", "vrrp3", &[(24, "d19a")], &[("ipv4.header.checksum", 24, 0xd19a)]),
    case(
        "frame",
        "vrrp3",
        &[(33, "13"), (24, "d099"), (40, "7501")],
        &[("vrrp.frame.destination", 30, 0xe000_0013)],
    ),
    case("frame", "vrrp3-ipv6", &[(21, "fe")], &[("vrrp.frame.ttl", 21, 254)]),
    case("frame", "vrrp3-ipv6", &[(5, "13")], &[("vrrp.frame.destination-mac", 0, 0x13)]),
    case("frame", "vrrp3-ipv6", &[(10, "01")], &[("vrrp.frame.source-mac", 6, 10)]),
    case("frame", "vrrp3-ipv6", &[(53, "13"), (60, "3ec1")], &[("vrrp.frame.destination", 38, 0x13)]),
    case(
        "frame",
        "vrrp3-ipv6",
        &[(22, "2001"), (60, "1d42")],
        &[("vrrp.frame.source-link-local", 22, 0x2001)],
    ),
    case(
        "frame",
        "hsrp1",
        &[(33, "03"), (24, "1850")],
        &[("hsrp1.encapsulation.destination", 30, 0xe000_0003)],
    ),
    case("frame", "hsrp1", &[(22, "02"), (24, "1751")], &[("hsrp1.encapsulation.ttl", 22, 2)]),
    case("frame", "hsrp1", &[(5, "03")], &[("hsrp.frame.destination-mac", 0, 3)]),
    case("frame", "hsrp1", &[(34, "0400")], &[("hsrp1.encapsulation.source-port", 34, 1024)]),
    case("frame", "hsrp2", &[(22, "ff"), (24, "ce6c")], &[("ipv4.header.checksum", 24, 0xce6c)]),
    case("frame", "hsrp2", &[(22, "02"), (24, "cd6d")], &[("hsrp2.encapsulation.ttl", 22, 2)]),
    case(
        "frame",
        "hsrp2",
        &[(33, "67"), (24, "ce6c")],
        &[("hsrp2.encapsulation.destination", 30, 0xe000_0067)],
    ),
    case("frame", "hsrp2", &[(34, "0400")], &[("hsrp2.encapsulation.source-port", 34, 1024)]),
    case(
        "frame",
        "glbp",
        &[(22, "fe")],
        &[("glbp.encapsulation.ttl", 22, 254), ("ipv4.header.checksum", 24, 0)],
    ),
    case(
        "frame",
        "glbp",
        &[(33, "67")],
        &[("glbp.encapsulation.destination", 30, 0xe000_0067), ("ipv4.header.checksum", 24, 0)],
    ),
    case(
        "frame",
        "glbp",
        &[(34, "0400")],
        &[("ipv4.header.checksum", 24, 0), ("glbp.encapsulation.source-port", 34, 1024)],
    ),
];

fn octets_of(case: &Case) -> Vec<u8> {
    let mut octets = match case.target {
        "frame" => frames().into_iter().find(|(name, _)| *name == case.sample).unwrap().1,
        _ => samples().into_iter().find(|sample| sample.name == case.sample).unwrap().octets,
    };
    for (at, text) in case.changes {
        let change = hex(text);
        octets[*at..*at + change.len()].copy_from_slice(&change);
    }
    octets
}

#[test]
fn each_change_is_found_and_nothing_else() {
    for case in CASES {
        let octets = octets_of(case);
        assert_eq!(audit(case.target, &octets), case.found, "{} {:?}", case.sample, case.changes);
    }
}

#[test]
fn what_only_a_longer_message_can_show() {
    // Cisco's VRRP MD5 TLV: type 0xfe, as captured, checksum over all 50 octets.
    let mut vrrp = hex("210a6401fe01 0000 0a0000fe 00*8 fe1c0100 0000 0a000001 00000000 11*16");
    let checksum = internet_checksum(&vrrp);
    vrrp[6..8].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(audit("vrrp2", &vrrp), [("vrrp2.pdu.auth-type-cisco", 4, 254)]);
    vrrp[20] = 4;
    vrrp[21] = 27;
    vrrp[6..8].fill(0);
    let checksum = internet_checksum(&vrrp);
    vrrp[6..8].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(
        audit("vrrp2", &vrrp),
        [
            ("vrrp2.pdu.auth-type-cisco", 4, 254),
            ("cisco.md5.tlv-type", 20, 4),
            ("cisco.md5.tlv-length", 21, 27)
        ]
    );
    // Without the TLV it is a message all the same, as with any other type.
    let mut vrrp = vrrp[..20].to_vec();
    vrrp[6..8].fill(0);
    let checksum = internet_checksum(&vrrp);
    vrrp[6..8].copy_from_slice(&checksum.to_be_bytes());
    assert_eq!(audit("vrrp2", &vrrp), [("vrrp2.pdu.auth-type-cisco", 4, 254)]);

    // HSRPv2 over IPv6 to some other group.
    let ipv6 = |last: &str| {
        hex(&format!(
            "33330000{last} 020000000001 86dd 60000000 000e 11 ff fe800000000000000000000000000001 \
             ff0200000000000000000000000000{last0} 07ed07ed000e0000 020400000001",
            last0 = &last[2..]
        ))
    };
    assert_eq!(audit("frame", &ipv6("0066")), []);
    assert_eq!(audit("frame", &ipv6("0067")), [("hsrp2.encapsulation.destination-ipv6", 38, 0x67)]);

    // A tag in front of a LACPDU.
    let mut tagged = hex("0180c2000002 0013c4120f0d 8100 0001 8809");
    tagged.extend(&samples()[0].octets);
    assert_eq!(audit("frame", &tagged), [("slow.frame.untagged", 12, 0)]);
}

fn all_rules() -> Vec<&'static Rule> {
    [
        lacp::rules::ALL,
        marker::rules::ALL,
        slow::rules::ALL,
        v2::rules::ALL,
        v3::rules::ALL,
        cisco::rules::ALL,
        hsrp::v1::rules::ALL,
        hsrp::v2::rules::ALL,
        glbp::rules::ALL,
        frame::rules::ALL,
    ]
    .concat()
}

#[test]
fn every_rule_is_broken_by_some_case() {
    let broken: BTreeSet<&str> = CASES
        .iter()
        .flat_map(|case| case.found.iter().map(|(id, _, _)| *id))
        .chain([
            "vrrp2.pdu.auth-type-cisco",
            "cisco.md5.tlv-type",
            "cisco.md5.tlv-length",
            "slow.frame.untagged",
            "hsrp2.encapsulation.destination-ipv6",
        ])
        .collect();
    let rules: BTreeSet<&str> = all_rules().iter().map(|rule| rule.id).collect();
    assert_eq!(broken, rules);
    assert_eq!(rules.len(), all_rules().len(), "ids are unique");
}

#[test]
fn deviations_read_as_sentences() {
    let mut text = String::new();
    LacpduRef::audit(&octets_of(&CASES[1]), &mut |deviation| text = format!("{deviation} / {deviation:?}"))
        .unwrap();
    let line = "TLV types are Actor 1, Partner 2, Collector 3, Terminator 0, in this order, \
                found 85 (0x55) at octet 2 [802.1AX-2014 6.4.2.3]";
    assert_eq!(text, format!("{line} / lacp.pdu.tlv-type: {line}"));
}
