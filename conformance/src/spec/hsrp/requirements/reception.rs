//! A message that is received: what discards it, and what must not.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V1_RX: &[Requirement] = requirements! {
    "hsrp1.rx.checksum" Should Wire UDP HSRP1 ["hsrp1.reception.checksum"]
        "A message with a wrong UDP checksum is discarded.";
    "hsrp1.rx.checksum-absent" Should Wire UDP HSRP1
        "A message without a UDP checksum is accepted.";
    "hsrp1.rx.length" Should Wire FORMAT HSRP1 ["hsrp1.reception.length"]
        "A message of less than 20 octets is discarded.";
    "hsrp1.rx.trailing-octets" Info Wire FORMAT HSRP1
        "A message with octets behind its twenty is discarded or accepted.";
    "hsrp1.rx.version" Should Wire VERSION HSRP1 ["hsrp1.reception.version"]
        "A message whose version is not 0 is discarded.";
    "hsrp1.rx.other-version" Should Wire VERSION HSRP1 ["hsrp1.reception.version"]
        "A message of version 2 for the same group is not heard.";
    "hsrp1.rx.op-code" Should Wire OP_CODE HSRP1 ["hsrp1.reception.op-code"]
        "A message with an unknown Op Code is discarded.";
    "hsrp1.rx.state" Should Wire STATE HSRP1 ["hsrp1.reception.state"]
        "A Hello with an unknown state is discarded.";
    "hsrp1.rx.group" Must Wire GROUPS HSRP1 ["hsrp1.reception.group"]
        "A message for a group that is not configured is discarded.";
    "hsrp1.rx.authentication" Must Wire AUTHENTICATION HSRP1 ["hsrp1.reception.authentication"]
        "A Hello that does not pass the authentication that is configured is discarded.";
    "hsrp1.rx.ttl" Info Wire UDP HSRP1
        "A Hello with a TTL that is not 1 is discarded or accepted.";
    "hsrp1.rx.source-mac" Should Wire FORMAT HSRP1
        "A message is accepted from any source MAC address.";
    "hsrp1.rx.source-port" Info Wire UDP HSRP1
        "A message from another UDP port than 1985 is discarded or accepted.";
    "hsrp1.rx.destination" Info Wire UDP HSRP1
        "A message to another IP group or to the router's own address is discarded or accepted.";
    "hsrp1.rx.reserved" Info Wire RESERVED HSRP1
        "A message whose reserved octet is not 0 is discarded or accepted.";
};

pub(super) const V2_RX: &[Requirement] = requirements! {
    "hsrp2.rx.checksum" Should Wire UDP HSRP2 ["hsrp2.reception.checksum"]
        "A message with a wrong UDP checksum is discarded.";
    "hsrp2.rx.checksum-absent" Should Wire UDP HSRP2
        "Over IPv4, a message without a UDP checksum is accepted.";
    "hsrp2.rx.length" Should Wire TLVS HSRP2 ["hsrp2.reception.length"]
        "A message with a TLV that goes on behind its end, or without a Group State, is discarded.";
    "hsrp2.rx.group-state-length" Should Wire TLVS HSRP2 ["hsrp2.reception.length"]
        "A Group State of another length than 40 is discarded.";
    "hsrp2.rx.version" Should Wire VERSION HSRP2 ["hsrp2.reception.version"]
        "A Group State whose version is not 2 is discarded.";
    "hsrp2.rx.other-version" Should Wire VERSION HSRP2 ["hsrp2.reception.version"]
        "A message of version 1 for the same group is not heard.";
    "hsrp2.rx.op-code" Should Wire OP_CODE HSRP2 ["hsrp2.reception.op-code"]
        "A Group State with an unknown Op Code is discarded.";
    "hsrp2.rx.state" Should Wire STATE HSRP2 ["hsrp2.reception.state"]
        "A Hello with an unknown state is discarded.";
    "hsrp2.rx.group" Should Wire GROUPS HSRP2 ["hsrp2.reception.group"]
        "A message for a group that is not configured is discarded.";
    "hsrp2.rx.group-range" Info Wire DOCUMENTS HSRP2
        "A message for a group above 4095 is discarded.";
    "hsrp2.rx.family" Info Wire UNCONFIRMED HSRP2
        "A Group State of the other family is not for the group of that number.";
    "hsrp2.rx.authentication" Must WireAndConfiguration AUTHENTICATION HSRP2 ["hsrp2.reception.authentication"]
        "A Hello that does not pass the authentication that is configured is discarded.";
    "hsrp2.rx.ttl" Info Wire UDP HSRP2
        "A Hello with one TTL or another is discarded or accepted.";
    "hsrp2.rx.hop-limit" Info Wire UNCONFIRMED HSRP2
        "Over IPv6, a Hello with one Hop Limit or another is discarded or accepted.";
    "hsrp2.rx.source-mac" Should Wire UDP HSRP2
        "A message is accepted from any source MAC address.";
    "hsrp2.rx.source-port" Info Wire UDP HSRP2
        "A message from another UDP port than 1985 is discarded or accepted.";
    "hsrp2.rx.destination" Info Wire UDP HSRP2
        "A message to another IP group or to the router's own address is discarded or accepted.";
    "hsrp2.rx.identifier" Info Wire TLVS HSRP2
        "A Group State with any identifier is accepted, or only with its sender's MAC address.";
    "hsrp2.rx.tlv-unknown" Info Wire UNCONFIRMED HSRP2
        "A message with an unknown TLV is discarded, or read without it.";
    "hsrp2.rx.tlv-repeated" Info Wire UNCONFIRMED HSRP2
        "Of two Group States in a message, each is taken for its group, or only one is taken.";
    "hsrp2.rx.tlv-order" Info Wire UNCONFIRMED HSRP2
        "A message whose authentication stands before its Group State is discarded or accepted.";
};
