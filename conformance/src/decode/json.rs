use std::fmt::Display;
use std::net::IpAddr;

use redspec_codec::frame::VlanTag;
use redspec_codec::{Deviation, MacAddress};
use serde::{Serialize, Serializer};

use super::fields::Fields;
use super::text::level;
use super::{Decoded, ProtocolName, Rejection};
use crate::capture::Timestamp;

/// The object of one frame; the order of the fields is that of the output.
#[derive(Serialize)]
struct FrameObject<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    frame: u64,
    time: Option<Text<Timestamp>>,
    src: Option<MacAddress>,
    dst: Option<MacAddress>,
    vlan: Vec<u16>,
    ip_src: Option<IpAddr>,
    ip_dst: Option<IpAddr>,
    ttl: Option<u8>,
    protocol: ProtocolName,
    ok: bool,
    error: Option<Text<Rejection>>,
    deviations: Vec<DeviationObject>,
    #[serde(skip_serializing_if = "is_zero")]
    trailer: usize,
    fields: Fields<'a>,
}

#[derive(Serialize)]
struct DeviationObject {
    id: &'static str,
    clause: &'static str,
    level: &'static str,
    at: u16,
    found: u32,
    text: &'static str,
}

impl From<&Deviation> for DeviationObject {
    fn from(deviation: &Deviation) -> Self {
        let &Deviation { rule, at, found } = deviation;
        Self { id: rule.id, clause: rule.clause, level: level(rule.level), at, found, text: rule.text }
    }
}

/// What displays, as a string.
pub(super) struct Text<T>(pub T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
const fn is_zero(number: &usize) -> bool {
    *number == 0
}

impl<'a> Decoded<'a> {
    /// The object that `redspec decode --json` prints. `file` is for frames of several files.
    pub fn json(&self, file: Option<&'a str>) -> impl Serialize + use<'a> {
        let frame = &self.headers.frame;
        let (error, fields) = match &self.message {
            Ok((pdu, rest)) => (None, Fields::of(pdu, rest, frame.carrier())),
            Err(error) => (Some(Text(*error)), Fields::None {}),
        };
        FrameObject {
            file,
            frame: self.number,
            time: self.time.map(Text),
            src: self.headers.source_mac(),
            dst: frame.destination_mac(),
            vlan: frame.vlan_tags().map(VlanTag::vlan_identifier).collect(),
            ip_src: frame.source_ip(),
            ip_dst: frame.destination_ip(),
            ttl: frame.ttl(),
            protocol: self.protocol,
            ok: error.is_none(),
            error,
            deviations: self.deviations.iter().map(DeviationObject::from).collect(),
            trailer: self.trailer(),
            fields,
        }
    }
}
