//! The fields of each protocol, by the names they have in JSON.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr};

use redspec_codec::cisco::Md5Authentication;
use redspec_codec::frame::Pdu;
use redspec_codec::hsrp::{Opcode, v1, v2};
use redspec_codec::slow::lacp::{LacpduRef, PortInformation, TlvType};
use redspec_codec::slow::lacp_tlv::{PortAlgorithm, Tlv};
use redspec_codec::slow::marker::{MarkerKind, MarkerRef};
use redspec_codec::slow::{OpaqueSlowPdu, SlowPdu, Subtype};
use redspec_codec::vrrp::v2::AuthType;
use redspec_codec::vrrp::{VrrpPdu, carp, v2 as vrrp2, v3 as vrrp3};
use redspec_codec::{Addresses, Carrier, MacAddress, glbp};
use serde::Serialize;

use super::json::Text;
use super::{md5_after, password};

/// The fields of a message.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Fields<'a> {
    /// Of a rejected message.
    None {},
    Lacp(Lacp<'a>),
    Marker(Marker),
    Slow(Slow),
    Vrrp2(Vrrp2<'a>),
    Vrrp3(Vrrp3<'a>),
    Carp(Carp),
    Hsrp1(Hsrp1),
    Advertise(Advertise),
    Hsrp2(Hsrp2),
    Glbp(Glbp<'a>),
}

impl<'a> Fields<'a> {
    pub(super) fn of(pdu: &Pdu<'a>, rest: &[u8], carrier: Option<Carrier>) -> Self {
        match pdu {
            Pdu::Slow(SlowPdu::Lacp(pdu)) => Self::Lacp(pdu.into()),
            Pdu::Slow(SlowPdu::Marker(pdu)) => Self::Marker(pdu.into()),
            Pdu::Slow(SlowPdu::Other(pdu)) => Self::Slow(pdu.into()),
            Pdu::Vrrp(VrrpPdu::V2(pdu)) => Self::Vrrp2(pdu.into()),
            Pdu::Vrrp(VrrpPdu::V3(pdu)) => Self::Vrrp3(Vrrp3::new(pdu, carrier)),
            Pdu::Vrrp(VrrpPdu::Carp(pdu)) => Self::Carp(pdu.into()),
            Pdu::Hsrp1(v1::Pdu::Message(pdu)) => Self::Hsrp1(Hsrp1::new(*pdu, rest)),
            Pdu::Hsrp1(v1::Pdu::Advertise(pdu)) => Self::Advertise(pdu.into()),
            Pdu::Hsrp2(pdu) => Self::Hsrp2(pdu.into()),
            Pdu::Glbp(pdu) => Self::Glbp(pdu.into()),
            Pdu::Arp(_) | Pdu::NeighborDiscovery(_) => Self::None {},
        }
    }
}

/// Octets as hexadecimal digits.
struct Hex<T>(T);

impl<T: AsRef<[u8]>> fmt::Display for Hex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.as_ref().iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

impl<T: AsRef<[u8]>> Serialize for Hex<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[derive(Serialize)]
pub(super) struct Lacp<'a> {
    version: u8,
    actor: PortInformation,
    partner: PortInformation,
    collector_max_delay: u16,
    /// Version 2 alone has them.
    #[serde(skip_serializing_if = "Option::is_none")]
    tlvs: Option<Vec<LacpTlv<'a>>>,
}

impl<'a> From<&LacpduRef<'a>> for Lacp<'a> {
    fn from(pdu: &LacpduRef<'a>) -> Self {
        Self {
            version: pdu.version(),
            actor: pdu.actor(),
            partner: pdu.partner(),
            collector_max_delay: pdu.collector_max_delay(),
            tlvs: (pdu.version() >= 2).then(|| pdu.tlvs().map(LacpTlv::from).collect()),
        }
    }
}

#[derive(Serialize)]
struct LacpTlv<'a> {
    #[serde(rename = "type")]
    tlv_type: TlvType,
    name: Option<&'static str>,
    #[serde(flatten)]
    body: LacpTlvBody<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum LacpTlvBody<'a> {
    PortAlgorithm { algorithm: PortAlgorithm },
    ConversationDigest { link_number_id: u16, digest: Hex<[u8; 16]> },
    FirstMask { mask_state: u8, mask: Hex<&'a [u8; 128]> },
    Mask { mask: Hex<&'a [u8; 128]> },
    ServiceDigest { digest: Hex<&'a [u8; 16]> },
    Other { value: Hex<&'a [u8]> },
}

impl<'a> From<Tlv<'a>> for LacpTlv<'a> {
    fn from(tlv: Tlv<'a>) -> Self {
        let tlv_type = tlv.tlv_type();
        let body = match tlv {
            Tlv::PortAlgorithm(algorithm) => LacpTlvBody::PortAlgorithm { algorithm },
            Tlv::PortConversationIdDigest(digest) => LacpTlvBody::ConversationDigest {
                link_number_id: digest.link_number_id,
                digest: Hex(digest.digest),
            },
            Tlv::PortConversationMask1 { mask_state, mask } => {
                LacpTlvBody::FirstMask { mask_state, mask: Hex(mask) }
            }
            Tlv::PortConversationMask { mask, .. } => LacpTlvBody::Mask { mask: Hex(mask) },
            Tlv::ServiceMappingDigest(digest) => LacpTlvBody::ServiceDigest { digest: Hex(digest) },
            Tlv::Other(tlv) | Tlv::Misstated { tlv, .. } => LacpTlvBody::Other { value: Hex(tlv.value) },
        };
        Self { tlv_type, name: tlv_type.name(), body }
    }
}

#[derive(Serialize)]
pub(super) struct Marker {
    version: u8,
    kind: Text<MarkerKind>,
    requester_port: u16,
    requester_system: MacAddress,
    transaction_id: u32,
}

impl From<&MarkerRef<'_>> for Marker {
    fn from(pdu: &MarkerRef<'_>) -> Self {
        Self {
            version: pdu.version(),
            kind: Text(pdu.kind()),
            requester_port: pdu.requester_port(),
            requester_system: pdu.requester_system(),
            transaction_id: pdu.transaction_id(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Slow {
    subtype: Subtype,
    oui: Option<String>,
    octets: usize,
}

impl From<&OpaqueSlowPdu<'_>> for Slow {
    fn from(pdu: &OpaqueSlowPdu<'_>) -> Self {
        let oui = pdu.oui().map(|[a, b, c]| format!("{a:02x}-{b:02x}-{c:02x}"));
        Self { subtype: pdu.subtype(), oui, octets: pdu.octets().len() }
    }
}

#[derive(Serialize)]
pub(super) struct Vrrp2<'a> {
    #[serde(rename = "type")]
    packet_type: u8,
    vrid: u8,
    priority: u8,
    auth_type: AuthType,
    advertisement_interval_s: u8,
    addresses: Addresses<'a>,
    checksum: u16,
    checksum_status: &'static str,
    /// The password of authentication type 1.
    text_authentication: Option<String>,
    md5: Option<Md5>,
}

impl<'a> From<&vrrp2::AdvertisementRef<'a>> for Vrrp2<'a> {
    fn from(pdu: &vrrp2::AdvertisementRef<'a>) -> Self {
        let has_text = pdu.auth_type() == AuthType::SIMPLE_TEXT;
        Self {
            packet_type: pdu.packet_type().0,
            vrid: pdu.vrid(),
            priority: pdu.priority(),
            auth_type: pdu.auth_type(),
            advertisement_interval_s: pdu.advertisement_interval_s(),
            addresses: pdu.addresses(),
            checksum: pdu.checksum(),
            checksum_status: pdu.checksum_status().name(),
            text_authentication: pdu
                .authentication_data()
                .filter(|_| has_text)
                .map(|data| password(data).to_string()),
            md5: pdu.md5().map(Md5::from),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Vrrp3<'a> {
    #[serde(rename = "type")]
    packet_type: u8,
    vrid: u8,
    priority: u8,
    max_advertisement_interval_cs: u16,
    addresses: Addresses<'a>,
    checksum: u16,
    checksum_status: &'static str,
}

impl<'a> Vrrp3<'a> {
    fn new(pdu: &vrrp3::AdvertisementRef<'a>, carrier: Option<Carrier>) -> Self {
        Self {
            packet_type: pdu.packet_type().0,
            vrid: pdu.vrid(),
            priority: pdu.priority(),
            max_advertisement_interval_cs: pdu.max_advertisement_interval_cs(),
            addresses: pdu.addresses(),
            checksum: pdu.checksum(),
            checksum_status: pdu.checksum_status(carrier).name(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Carp {
    vhid: u8,
    advskew: u8,
    advbase: u8,
    demotion: u8,
    checksum: u16,
    counter: u64,
    hmac: Hex<[u8; 20]>,
}

impl From<&carp::CarpRef<'_>> for Carp {
    fn from(pdu: &carp::CarpRef<'_>) -> Self {
        Self {
            vhid: pdu.vhid(),
            advskew: pdu.advskew(),
            advbase: pdu.advbase(),
            demotion: pdu.demotion(),
            checksum: pdu.checksum(),
            counter: pdu.counter(),
            hmac: Hex(pdu.hmac()),
        }
    }
}

#[derive(Serialize)]
struct Md5 {
    algorithm: u8,
    flags: u16,
    sender: Ipv4Addr,
    key_id: u32,
    digest: Hex<[u8; 16]>,
}

impl From<Md5Authentication> for Md5 {
    fn from(tlv: Md5Authentication) -> Self {
        let Md5Authentication { algorithm, flags, sender, key_id, digest, .. } = tlv;
        Self { algorithm, flags, sender, key_id, digest: Hex(digest) }
    }
}

#[derive(Serialize)]
pub(super) struct Hsrp1 {
    opcode: Opcode,
    state: v1::State,
    hellotime_s: u8,
    holdtime_s: u8,
    priority: u8,
    group: u8,
    authentication: String,
    virtual_ip: Ipv4Addr,
    md5: Option<Md5>,
}

impl Hsrp1 {
    fn new(pdu: v1::MessageRef<'_>, rest: &[u8]) -> Self {
        Self {
            opcode: pdu.opcode(),
            state: pdu.state(),
            hellotime_s: pdu.hellotime_s(),
            holdtime_s: pdu.holdtime_s(),
            priority: pdu.priority(),
            group: pdu.group(),
            authentication: password(&pdu.authentication()).to_string(),
            virtual_ip: pdu.virtual_ip(),
            md5: md5_after(rest).map(Md5::from),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Advertise {
    opcode: Opcode,
    state: v1::AdvertiseState,
    active_groups: u16,
    passive_groups: u16,
}

impl From<&v1::AdvertiseRef<'_>> for Advertise {
    fn from(pdu: &v1::AdvertiseRef<'_>) -> Self {
        Self {
            opcode: pdu.opcode(),
            state: pdu.state(),
            active_groups: pdu.active_groups(),
            passive_groups: pdu.passive_groups(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Hsrp2 {
    group_state: Option<GroupState>,
    interface_state: Option<v2::InterfaceState>,
    text_authentication: Option<String>,
    md5: Option<Md5>,
    /// How many others there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    tlvs: Option<usize>,
}

#[derive(Serialize)]
struct GroupState {
    opcode: Opcode,
    state: v2::State,
    ip_version: u8,
    group: u16,
    identifier: MacAddress,
    priority: u32,
    hellotime_ms: u32,
    holdtime_ms: u32,
    virtual_ip: Option<IpAddr>,
}

impl From<&v2::MessageRef<'_>> for Hsrp2 {
    fn from(pdu: &v2::MessageRef<'_>) -> Self {
        Self {
            group_state: pdu.group_state().map(GroupState::from),
            interface_state: pdu.interface_state(),
            text_authentication: pdu.text_authentication().map(|text| password(text).to_string()),
            md5: pdu.md5().map(Md5::from),
            tlvs: count(pdu.tlvs().filter(|tlv| matches!(tlv, v2::Tlv::Other(_)))),
        }
    }
}

impl From<v2::GroupStateRef<'_>> for GroupState {
    fn from(tlv: v2::GroupStateRef<'_>) -> Self {
        Self {
            opcode: tlv.opcode(),
            state: tlv.state(),
            ip_version: tlv.ip_version(),
            group: tlv.group(),
            identifier: tlv.identifier(),
            priority: tlv.priority(),
            hellotime_ms: tlv.hellotime_ms(),
            holdtime_ms: tlv.holdtime_ms(),
            virtual_ip: tlv.virtual_ip(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct Glbp<'a> {
    version: u8,
    group: u16,
    owner: MacAddress,
    hello: Option<GlbpHello>,
    forwarders: Vec<GlbpForwarder>,
    authentication: Option<GlbpAuthentication<'a>>,
    /// How many others there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    tlvs: Option<usize>,
}

#[derive(Serialize)]
struct GlbpHello {
    state: glbp::State,
    priority: u8,
    hellotime_ms: u32,
    holdtime_ms: u32,
    redirect_s: u16,
    timeout_s: u16,
    virtual_ip: Option<IpAddr>,
}

#[derive(Serialize)]
struct GlbpForwarder {
    forwarder: u8,
    state: glbp::State,
    priority: u8,
    weight: u8,
    timeout_left_s: u16,
    redirect_left_s: u16,
    virtual_mac: MacAddress,
}

#[derive(Serialize)]
struct GlbpAuthentication<'a> {
    #[serde(rename = "type")]
    auth_type: u8,
    data: Hex<&'a [u8]>,
}

impl<'a> From<&glbp::MessageRef<'a>> for Glbp<'a> {
    fn from(pdu: &glbp::MessageRef<'a>) -> Self {
        Self {
            version: pdu.version(),
            group: pdu.group(),
            owner: pdu.owner(),
            hello: pdu.tlvs().find_map(GlbpHello::of),
            forwarders: pdu
                .tlvs()
                .filter_map(|tlv| match tlv {
                    glbp::Tlv::RequestResponse(forwarder) => Some(forwarder.into()),
                    _ => None,
                })
                .collect(),
            authentication: pdu.tlvs().find_map(|tlv| match tlv {
                glbp::Tlv::Authentication { auth_type, data } => {
                    Some(GlbpAuthentication { auth_type, data: Hex(data) })
                }
                _ => None,
            }),
            tlvs: count(pdu.tlvs().filter(|tlv| matches!(tlv, glbp::Tlv::Other(_)))),
        }
    }
}

impl GlbpHello {
    fn of(tlv: glbp::Tlv<'_>) -> Option<Self> {
        let glbp::Tlv::Hello { hello, .. } = tlv else { return None };
        Some(Self {
            state: hello.state,
            priority: hello.priority,
            hellotime_ms: hello.hellotime_ms,
            holdtime_ms: hello.holdtime_ms,
            redirect_s: hello.redirect_s,
            timeout_s: hello.timeout_s,
            virtual_ip: tlv.virtual_ip(),
        })
    }
}

impl From<glbp::Forwarder> for GlbpForwarder {
    fn from(tlv: glbp::Forwarder) -> Self {
        Self {
            forwarder: tlv.forwarder,
            state: tlv.state,
            priority: tlv.priority,
            weight: tlv.weight,
            timeout_left_s: tlv.timeout_left_s,
            redirect_left_s: tlv.redirect_left_s,
            virtual_mac: tlv.virtual_mac,
        }
    }
}

/// The number of items, if there are any.
fn count<T>(items: impl Iterator<Item = T>) -> Option<usize> {
    Some(items.count()).filter(|count| *count != 0)
}
