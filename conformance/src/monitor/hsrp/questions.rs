//! The requirements that these monitors judge, of each version.

use crate::monitor::court::Question;
use crate::spec::hsrp::Version;

/// A requirement that the versions have in common, or that one of them has alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Topic(usize);

impl Topic {
    /// In this version.
    pub(super) const fn of(self, version: Version) -> Question {
        Question(match version {
            Version::V1 => self.0 * 2,
            Version::V2 => self.0 * 2 + 1,
        })
    }
}

macro_rules! topics {
    ($( $NAME:ident = $version_1:literal, $version_2:literal; )+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($NAME),+ }
        $( pub(super) const $NAME: Topic = Topic(Place::$NAME as usize); )+

        /// Their ids, of each the one of version 1 and the one of version 2; empty where a version has none.
        pub(in crate::monitor) const REQUIREMENTS: &[&str] = &[$($version_1, $version_2),+];
    };
}

topics! {
    DESTINATION = "hsrp1.encapsulation.destination", "hsrp2.encapsulation.destination";
    DESTINATION_IPV6 = "", "hsrp2.encapsulation.destination-ipv6";
    DESTINATION_MAC = "hsrp1.encapsulation.destination-mac", "hsrp2.encapsulation.destination-mac";
    DESTINATION_MAC_IPV6 = "", "hsrp2.encapsulation.destination-mac-ipv6";
    SOURCE_PORT = "hsrp1.encapsulation.source-port", "hsrp2.encapsulation.source-port";
    TTL = "hsrp1.encapsulation.ttl", "hsrp2.encapsulation.ttl";
    TTL_CISCO = "hsrp1.encapsulation.ttl-cisco", "";
    SOURCE_ADDRESS = "hsrp1.encapsulation.source-address", "hsrp2.encapsulation.source-address";
    UDP_CHECKSUM = "hsrp1.encapsulation.udp-checksum", "hsrp2.encapsulation.udp-checksum";
    SOURCE_MAC_ACTIVE = "hsrp1.encapsulation.source-mac-active", "hsrp2.encapsulation.source-mac-active";
    SOURCE_MAC_OTHERS = "hsrp1.encapsulation.source-mac-others", "hsrp2.encapsulation.source-mac-others";
    VIRTUAL_MAC = "hsrp1.encapsulation.virtual-mac", "hsrp2.encapsulation.virtual-mac";
    VIRTUAL_MAC_IPV6 = "", "hsrp2.encapsulation.virtual-mac-ipv6";

    VERSION = "hsrp1.pdu.version", "hsrp2.pdu.version";
    OPCODE = "hsrp1.pdu.opcode", "hsrp2.pdu.opcode";
    STATE = "hsrp1.pdu.state", "hsrp2.pdu.state";
    STATE_CURRENT = "hsrp1.pdu.state-current", "hsrp2.pdu.state-current";
    HOLDTIME = "hsrp1.pdu.holdtime", "hsrp2.pdu.holdtime";
    HOLDTIME_RATIO = "hsrp1.pdu.holdtime-ratio", "hsrp2.pdu.holdtime-ratio";
    LENGTH = "hsrp1.pdu.length", "";
    TLV_LIST = "hsrp1.pdu.tlv-list", "";
    TLV_UNKNOWN = "hsrp1.pdu.tlv-unknown", "hsrp2.pdu.tlv-unknown";
    TLV_LENGTH = "", "hsrp2.pdu.tlv-length";
    TLV_REPEATED = "", "hsrp2.pdu.tlv-repeated";
    IP_VERSION = "", "hsrp2.pdu.ip-version";
    GROUP = "", "hsrp2.pdu.group";
    LINK_LOCAL = "", "hsrp2.pdu.virtual-address-link-local";
    IDENTIFIER = "", "hsrp2.pdu.identifier";
    MD5_SENDER = "hsrp1.authentication.md5-sender", "hsrp2.authentication.md5-sender";
    MD5_DATA_ZERO = "hsrp1.authentication.md5-data-zero", "";

    INTERFACE_TLV = "hsrp1.interface-state.tlv", "";
    INTERFACE_STATE = "hsrp1.interface-state.state", "";
    INTERFACE_ALONE = "hsrp1.interface-state.alone", "hsrp2.interface-state.alone";
    INTERFACE_MAC = "hsrp1.interface-state.source-mac", "hsrp2.interface-state.source-mac";
    INTERFACE_COUNTS = "", "hsrp2.interface-state.counts";

    HELLOTIME = "hsrp1.timers.hellotime", "hsrp2.timers.hellotime";
    ACTIVE_HOLDTIME = "hsrp1.timers.active-holdtime", "hsrp2.timers.active-holdtime";
    OWN_HOLDTIME = "hsrp1.timers.own-holdtime", "hsrp2.timers.own-holdtime";
    ORDER = "hsrp1.startup.order", "hsrp2.startup.order";
    ACTIVE_TIMER = "hsrp1.standby.active-timer", "hsrp2.standby.active-timer";
    ACTIVE_HIGHER = "hsrp1.active.active-higher", "hsrp2.active.active-higher";

    GRATUITOUS_ARP = "hsrp1.arp.gratuitous", "hsrp2.arp.gratuitous";
    GRATUITOUS_RESPONSE = "hsrp1.arp.gratuitous-response", "hsrp2.arp.gratuitous-response";
    GRATUITOUS_MAC = "hsrp1.arp.gratuitous-virtual-mac", "hsrp2.arp.gratuitous-virtual-mac";
    ARP_MAC = "hsrp1.arp.virtual-mac", "hsrp2.arp.virtual-mac";
    UNSOLICITED_NA = "", "hsrp2.nd.unsolicited";
    ND_MAC = "", "hsrp2.nd.virtual-mac";

    ONE_ACTIVE = "hsrp1.network.one-active", "hsrp2.network.one-active";
    ONE_STANDBY = "hsrp1.network.one-standby", "hsrp2.network.one-standby";
    SAME_ADDRESS = "hsrp1.network.same-virtual-address", "hsrp2.network.same-virtual-address";
    ONE_MAC = "hsrp1.network.one-mac", "hsrp2.network.one-mac";
    DISTINCT = "hsrp1.network.distinct-addresses", "hsrp2.network.distinct-addresses";
}

/// What takes several routers.
pub(in crate::monitor) const ONLY_IN_CAPTURES: &[&str] = &[
    "hsrp1.network.one-active",
    "hsrp2.network.one-active",
    "hsrp1.network.one-standby",
    "hsrp2.network.one-standby",
    "hsrp1.network.same-virtual-address",
    "hsrp2.network.same-virtual-address",
    "hsrp1.network.one-mac",
    "hsrp2.network.one-mac",
    "hsrp1.network.distinct-addresses",
    "hsrp2.network.distinct-addresses",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::requirement;

    #[test]
    fn each_is_a_requirement_of_its_version() {
        for pair in REQUIREMENTS.chunks(2) {
            for (id, protocol) in pair.iter().zip(["hsrp1.", "hsrp2."]) {
                assert!(id.is_empty() || id.starts_with(protocol) && requirement::find(id).is_some(), "{id}");
            }
            assert_ne!(pair, ["", ""]);
        }
        assert!(ONLY_IN_CAPTURES.iter().all(|id| REQUIREMENTS.contains(id)));
    }
}
