//! GLBP: what captures of Cisco's routers show of its messages. Nobody has published more, so it is only recorded, and no
//! device can be tested for it.

use super::edition::{Clauses, Edition, Editions};
use super::requirement::{Level, Observable, Requirement};
use super::{Protocol, machine::RowName};

/// GLBP.
pub const GLBP: Protocol = Protocol {
    name: "glbp",
    editions: Editions::of(&[Edition::CiscoGlbp]),
    requirements: REQUIREMENTS,
    settings: &[],
    accounts: &[],
    rows: Vec::<RowName>::new,
};

/// A Hello has a Hellotime and a Holdtime above it.
pub const HOLDTIME: &str = "glbp.pdu.holdtime";
/// A message comes from the MAC address of a virtual forwarder, or from the physical one.
pub const SOURCE_MAC: &str = "glbp.encapsulation.source-mac";

macro_rules! requirements {
    ($( $id:literal $text:literal; )+) => {
        &[$(Requirement {
            id: $id,
            clauses: Clauses(&[(Edition::CiscoGlbp, "captures")]),
            editions: Editions::of(&[Edition::CiscoGlbp]),
            level: Level::Info,
            text: $text,
            observable: Observable::Wire,
            rows: &[],
        }),+]
    };
}

/// What is asked: the codec's rules, and two of several fields together.
pub const REQUIREMENTS: &[Requirement] = requirements! {
    "glbp.encapsulation.destination" "A message goes to 224.0.0.102.";
    "glbp.encapsulation.ttl" "A message has TTL 255.";
    "glbp.encapsulation.source-port" "A message comes from UDP port 3222.";
    "glbp.encapsulation.source-mac"
        "A message comes from the MAC address of a virtual forwarder of its group, or from the owner's own.";
    "glbp.pdu.version" "The version is 1.";
    "glbp.pdu.tlv-unknown" "A TLV has a type from 1 to 4.";
    "glbp.pdu.tlv-length" "A Hello, Request/Response or Authentication TLV has its known layout.";
    "glbp.pdu.state" "A state is Listen, Speak, Standby or Active.";
    "glbp.pdu.address" "A virtual address is one of IPv4 or of IPv6, with as many octets.";
    "glbp.pdu.holdtime" "The Holdtime of a Hello is above its Hellotime, which is not zero.";
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rules_of_the_codec_are_requirements() {
        use redspec_codec::{frame, glbp};
        let frames = frame::rules::ALL.iter().filter(|rule| rule.id.starts_with("glbp."));
        for rule in glbp::rules::ALL.iter().chain(frames) {
            assert!(REQUIREMENTS.iter().any(|requirement| requirement.id == rule.id), "{}", rule.id);
        }
        for id in [HOLDTIME, SOURCE_MAC] {
            assert!(REQUIREMENTS.iter().any(|requirement| requirement.id == id), "{id}");
        }
    }

    /// No source is sure enough of GLBP to hold anything against a device.
    #[test]
    fn nothing_fails_anybody() {
        assert!(REQUIREMENTS.iter().all(|requirement| requirement.level == Level::Info));
    }
}
