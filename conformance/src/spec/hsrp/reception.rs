//! What a received message has to pass before it is an event, as a ladder: the first check that it fails discards it.
//!
//! RFC 2281 tells a receiver of the authentication of Hellos and of nothing else; the other checks follow from the fields'
//! definitions.

use super::Version;
use super::clauses::{AUTHENTICATION, GROUP, OP_CODE, STATE, UDP, VERSION};
use crate::spec::{Clauses, Editions};

/// A check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// The UDP checksum is right, or absent.
    Checksum,
    /// The fields are all there; in version 2, the TLVs lie within the datagram and one of them is a Group State.
    Length,
    /// The version is the router's.
    Version,
    /// The group is configured on the interface, for that family of addresses.
    Group,
    /// The Op Code is Hello, Coup or Resign.
    OpCode,
    /// The state of a Hello is one that there is.
    State,
    /// The password, or the digest, is the configured one.
    Authentication,
}

/// A check of an edition.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Permanent: `hsrp1.reception.version`.
    pub id: &'static str,
    /// What is checked.
    pub check: Check,
    /// Where it stands.
    pub clauses: Clauses,
    /// Editions that check it.
    pub editions: Editions,
    /// In words.
    pub text: &'static str,
}

macro_rules! rules {
    ($protocol:literal $editions:ident: $( $id:literal $check:ident $clauses:expr, $text:literal; )+) => {
        &[$(Rule {
            id: concat!($protocol, ".reception.", $id),
            check: Check::$check,
            clauses: $clauses,
            editions: Editions::$editions,
            text: $text,
        }),+]
    };
}

const V1: &[Rule] = rules! {
    "hsrp1" HSRP1:
    "checksum" Checksum UDP, "the UDP checksum is right, or there is none";
    "length" Length STATE, "the message has 20 octets";
    "version" Version VERSION, "the version is 0";
    "group" Group GROUP, "the group is configured here";
    "op-code" OpCode OP_CODE, "the Op Code is Hello, Coup or Resign";
    "state" State STATE, "the state of a Hello is one of the six";
    "authentication" Authentication AUTHENTICATION, "the authentication is the configured one";
};

const V2: &[Rule] = rules! {
    "hsrp2" HSRP2:
    "checksum" Checksum UDP, "the UDP checksum is right, or over IPv4 there is none";
    "length" Length STATE, "the TLVs are whole, and the first of the group is a Group State";
    "version" Version VERSION, "the version is 2";
    "group" Group GROUP, "the group is configured here, for this family of addresses";
    "op-code" OpCode OP_CODE, "the Op Code is Hello, Coup or Resign";
    "state" State STATE, "the state of a Hello is 0 to 6";
    "authentication" Authentication AUTHENTICATION, "the authentication is the configured one";
};

/// The ladder of that version, in this order.
pub const fn rules(version: Version) -> &'static [Rule] {
    match version {
        Version::V1 => V1,
        Version::V2 => V2,
    }
}
