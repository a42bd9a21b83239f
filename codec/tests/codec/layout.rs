//! The tables from which readers and writers come cover every octet of their header exactly once.

use redspec_codec::cisco::Md5Authentication;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation};
use redspec_codec::slow::lacp_tlv::PortConversationIdDigest;
use redspec_codec::slow::marker::Marker;
use redspec_codec::vrrp::carp::Carp;
use redspec_codec::{glbp, hsrp};

type Layout = &'static [(&'static str, usize, usize)];

#[test]
fn every_octet_belongs_to_exactly_one_field() {
    let tables: [(&str, usize, Layout); 14] = [
        ("PortInformation", PortInformation::LEN, PortInformation::LAYOUT),
        ("Lacpdu", Lacpdu::LEN, Lacpdu::LAYOUT),
        ("PortConversationIdDigest", PortConversationIdDigest::LEN, PortConversationIdDigest::LAYOUT),
        ("Marker", Marker::LEN, Marker::LAYOUT),
        ("Carp", Carp::LEN, Carp::LAYOUT),
        ("Md5Authentication", Md5Authentication::LEN, Md5Authentication::LAYOUT),
        ("hsrp::v1::Message", hsrp::v1::Message::LEN, hsrp::v1::Message::LAYOUT),
        ("hsrp::v1::Advertise", hsrp::v1::Advertise::LEN, hsrp::v1::Advertise::LAYOUT),
        ("hsrp::v2::GroupState", hsrp::v2::GroupState::LEN, hsrp::v2::GroupState::LAYOUT),
        ("hsrp::v2::InterfaceState", hsrp::v2::InterfaceState::LEN, hsrp::v2::InterfaceState::LAYOUT),
        ("glbp::Header", glbp::Header::LEN, glbp::Header::LAYOUT),
        ("glbp::Hello", glbp::Hello::LEN, glbp::Hello::LAYOUT),
        ("glbp::Forwarder", glbp::Forwarder::LEN, glbp::Forwarder::LAYOUT),
        ("Lacpdu again", 110, Lacpdu::LAYOUT),
    ];
    for (name, length, fields) in tables {
        let mut next = 0;
        for (field, at, octets) in fields {
            assert_eq!(*at, next, "{name}.{field} begins where the field before it ends");
            next += octets;
        }
        assert_eq!(next, length, "{name} ends where its last field ends");
    }
}
