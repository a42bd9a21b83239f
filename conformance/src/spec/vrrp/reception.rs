//! What a received advertisement has to pass (section 7.1, and the fields' own sections), as a ladder: the first check
//! that it fails discards it.

use super::Version;
use super::clauses::{self, RECEPTION};
use crate::spec::{Clauses, Editions};

/// A check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    /// TTL or Hop Limit is 255.
    TimeToLive,
    /// The version is the router's.
    Version,
    /// The type is 1.
    Type,
    /// The header is there, and all that its fields say follows it.
    Length,
    /// The checksum is right.
    Checksum,
    /// The virtual router is configured on the interface.
    VirtualRouter,
    /// The router does not own the addresses.
    NotOwner,
    /// The authentication type is the one configured.
    AuthenticationType,
    /// The authentication data, or the Authentication Header, is right.
    Authentication,
    /// The interval is the router's own.
    IntervalEqual,
    /// The interval is not zero.
    IntervalNotZero,
    /// There is at least one address.
    Count,
    /// The first of several IPv6 addresses is link-local.
    LinkLocalFirst,
    /// The addresses are the router's own, or their owner has sent them. A router may check that.
    AddressList,
}

/// A check of an edition.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Permanent: `vrrp3.reception.ttl`.
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
    ($( $id:literal $check:ident $clauses:expr, $editions:ident $text:literal; )+) => {
        &[$(Rule {
            id: $id, check: Check::$check, clauses: $clauses, editions: Editions::$editions, text: $text,
        }),+]
    };
}

const V2: &[Rule] = rules! {
    "vrrp2.reception.ttl" TimeToLive clauses::TTL, VRRP2 "TTL is 255";
    "vrrp2.reception.version" Version RECEPTION, VRRP2 "the version is 2";
    "vrrp2.reception.type" Type clauses::TYPE, VRRP2 "the type is 1";
    "vrrp2.reception.length" Length RECEPTION, VRRP2 "the message is complete";
    "vrrp2.reception.checksum" Checksum RECEPTION, VRRP2 "the checksum is right";
    "vrrp2.reception.vrid" VirtualRouter RECEPTION, VRRP2 "the virtual router is configured here";
    "vrrp2.reception.owner" NotOwner RECEPTION, ONLY_3768 "the router does not own the addresses";
    "vrrp2.reception.auth-type" AuthenticationType clauses::AUTHENTICATION, VRRP2 "Auth Type is the one configured";
    "vrrp2.reception.authentication" Authentication clauses::AUTHENTICATION, ONLY_2338 "the authentication is right";
    "vrrp2.reception.interval" IntervalEqual RECEPTION, VRRP2 "Adver Int is the router's own";
    "vrrp2.reception.address-list" AddressList RECEPTION, VRRP2 "the addresses are the router's own, where it looks";
};

const V3: &[Rule] = rules! {
    "vrrp3.reception.ttl" TimeToLive clauses::TTL, VRRP3 "TTL or Hop Limit is 255";
    "vrrp3.reception.version" Version RECEPTION, VRRP3 "the version is 3";
    "vrrp3.reception.type" Type clauses::TYPE, VRRP3 "the type is 1";
    "vrrp3.reception.length" Length RECEPTION, VRRP3 "the message is complete";
    "vrrp3.reception.checksum" Checksum RECEPTION, VRRP3 "the checksum is right";
    "vrrp3.reception.vrid" VirtualRouter RECEPTION, VRRP3 "the virtual router is configured here";
    "vrrp3.reception.owner" NotOwner RECEPTION, ONLY_5798 "the router does not own the addresses";
    "vrrp3.reception.interval" IntervalNotZero clauses::INTERVAL_ZERO, ONLY_9568 "Max Advertise Interval is not zero";
    "vrrp3.reception.count" Count clauses::COUNT_ZERO, ONLY_9568 "there is at least one address";
    "vrrp3.reception.link-local-first" LinkLocalFirst clauses::LINK_LOCAL_FIRST_RECEIVED, ONLY_9568
        "the first of several IPv6 addresses is link-local";
};

/// The ladder of that version, in this order.
pub const fn rules(version: Version) -> &'static [Rule] {
    match version {
        Version::V2 => V2,
        Version::V3 => V3,
    }
}
