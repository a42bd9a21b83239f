//! The requirements that these monitors judge, of each version.

use crate::monitor::court::Question;
use crate::spec::vrrp::Version;

/// A requirement that the versions have in common, or that one of them has alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Topic(usize);

impl Topic {
    /// In this version.
    pub(super) const fn of(self, version: Version) -> Question {
        Question(match version {
            Version::V2 => self.0 * 2,
            Version::V3 => self.0 * 2 + 1,
        })
    }
}

macro_rules! topics {
    ($( $NAME:ident = $version_2:literal, $version_3:literal; )+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($NAME),+ }
        $( pub(super) const $NAME: Topic = Topic(Place::$NAME as usize); )+

        /// Their ids, of each the one of version 2 and the one of version 3; empty where a version has none.
        pub(in crate::monitor) const REQUIREMENTS: &[&str] = &[$($version_2, $version_3),+];
    };
}

topics! {
    DESTINATION = "vrrp2.encapsulation.destination", "vrrp3.encapsulation.destination";
    DESTINATION_MAC = "vrrp2.encapsulation.destination-mac", "vrrp3.encapsulation.destination-mac";
    TTL = "vrrp2.encapsulation.ttl", "vrrp3.encapsulation.ttl";
    SOURCE_ADDRESS = "", "vrrp3.encapsulation.source-address";
    SOURCE_MAC = "vrrp2.encapsulation.source-mac", "vrrp3.encapsulation.source-mac";

    TYPE = "vrrp2.pdu.version-and-type", "vrrp3.pdu.version-and-type";
    VRID = "vrrp2.pdu.vrid", "vrrp3.pdu.vrid";
    COUNT = "vrrp2.pdu.count", "vrrp3.pdu.count";
    LENGTH = "vrrp2.pdu.length", "vrrp3.pdu.length";
    CHECKSUM = "vrrp2.pdu.checksum", "vrrp3.pdu.checksum";
    CHECKSUM_MESSAGE = "", "vrrp3.pdu.checksum-message";
    CHECKSUM_PSEUDO_HEADER = "", "vrrp3.pdu.checksum-pseudo-header";
    AUTH_TYPE = "vrrp2.pdu.auth-type", "";
    AUTHENTICATION_DATA = "vrrp2.pdu.authentication-data", "";
    NO_AUTHENTICATION = "vrrp2.pdu.no-authentication", "";
    RESERVE = "", "vrrp3.pdu.reserve";
    LINK_LOCAL_FIRST = "", "vrrp3.pdu.link-local-first";
    LINK_LOCAL_FIRST_2010 = "", "vrrp3.pdu.link-local-first-2010";

    INTERVAL = "vrrp2.active.interval", "vrrp3.active.interval";
    SILENT = "vrrp2.shutdown.silent", "vrrp3.shutdown.silent";
    TAKEOVER_TIME = "vrrp2.backup.takeover-time", "vrrp3.backup.takeover-time";
    NOT_EARLY = "vrrp2.backup.not-early", "vrrp3.backup.not-early";
    PRIORITY_ZERO = "vrrp2.backup.priority-zero", "vrrp3.backup.priority-zero";
    GRATUITOUS_ARP = "vrrp2.active.gratuitous-arp", "vrrp3.active.gratuitous-arp";
    UNSOLICITED_NA = "", "vrrp3.active.unsolicited-na";

    ARP_MAC = "vrrp2.arp.virtual-mac", "vrrp3.arp.virtual-mac";
    GRATUITOUS_MAC = "vrrp2.arp.gratuitous-virtual-mac", "vrrp3.arp.gratuitous-virtual-mac";
    ND_MAC = "", "vrrp3.nd.virtual-mac";
    UNSOLICITED_MAC = "", "vrrp3.nd.unsolicited-target";

    ONE_ACTIVE = "vrrp2.network.one-active", "vrrp3.network.one-active";
    SAME_INTERVAL = "vrrp2.network.same-interval", "vrrp3.network.same-interval";
    SAME_ADDRESSES = "vrrp2.network.same-addresses", "vrrp3.network.same-addresses";
    SAME_ORDER = "", "vrrp3.network.same-order";
    ONE_OWNER = "vrrp2.network.one-owner", "vrrp3.network.one-owner";
}

/// What takes several routers, or what tests of one device see better.
pub(in crate::monitor) const ONLY_IN_CAPTURES: &[&str] = &[
    "vrrp2.backup.priority-zero",
    "vrrp3.backup.priority-zero",
    "vrrp2.network.one-active",
    "vrrp3.network.one-active",
    "vrrp2.network.same-interval",
    "vrrp3.network.same-interval",
    "vrrp2.network.same-addresses",
    "vrrp3.network.same-addresses",
    "vrrp3.network.same-order",
    "vrrp2.network.one-owner",
    "vrrp3.network.one-owner",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::requirement;

    #[test]
    fn each_is_a_requirement_of_its_version() {
        for pair in REQUIREMENTS.chunks(2) {
            for (id, protocol) in pair.iter().zip(["vrrp2.", "vrrp3."]) {
                assert!(id.is_empty() || id.starts_with(protocol) && requirement::find(id).is_some(), "{id}");
            }
            assert_ne!(pair, ["", ""]);
        }
        assert!(ONLY_IN_CAPTURES.iter().all(|id| REQUIREMENTS.contains(id)));
    }
}
