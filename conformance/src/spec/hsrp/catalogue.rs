//! The test catalogue of HSRP, row by row, and the requirements that each row exercises.
//!
//! `H1` is version 1, `H2` version 2. Beyond the rows there is a test for each cell of the state table, so that a
//! requirement that names table rows needs no row here.

macro_rules! rows {
    ($( $row:literal: $($requirement:literal)+; )+) => { &[$(($row, &[$($requirement),+])),+] };
}

/// Each row's name and its requirements, the one that it is about first.
pub const CATALOGUE: &[(&str, &[&str])] = rows! {
    // Version 1: what is sent.
    "H1-001": "hsrp1.encapsulation.port" "hsrp1.encapsulation.source-port" "hsrp1.encapsulation.destination"
        "hsrp1.encapsulation.destination-mac" "hsrp1.encapsulation.ttl" "hsrp1.encapsulation.ttl-cisco"
        "hsrp1.encapsulation.source-address" "hsrp1.encapsulation.udp-checksum"
        "hsrp1.encapsulation.type-of-service" "hsrp1.pdu.length" "hsrp1.pdu.version" "hsrp1.pdu.opcode"
        "hsrp1.pdu.tlv-list" "hsrp1.pdu.tlv-unknown";
    "H1-002": "hsrp1.encapsulation.virtual-mac" "hsrp1.pdu.group-configured" "hsrp1.configuration.groups";
    "H1-003": "hsrp1.pdu.authentication-default" "hsrp1.authentication.text-sent" "hsrp1.pdu.reserved"
        "hsrp1.pdu.virtual-address" "hsrp1.pdu.priority";
    "H1-004": "hsrp1.encapsulation.source-mac-active" "hsrp1.encapsulation.source-mac-others";
    "H1-005": "hsrp1.timers.hellotime" "hsrp1.timers.punctual" "hsrp1.timers.jitter-amount" "hsrp1.timers.jitter-amount-cisco"
        "hsrp1.timers.extra-hellos" "hsrp1.active.hellos";

    // Version 1: from Initial to Active.
    "H1-006": "hsrp1.startup.speaks" "hsrp1.startup.listens" "hsrp1.listen.silent" "hsrp1.timers.own-holdtime"
        "hsrp1.pdu.state-current";
    "H1-007": "hsrp1.startup.order" "hsrp1.startup.becomes-active" "hsrp1.pdu.state" "hsrp1.pdu.state-current"
        "hsrp1.speak.standby-timer" "hsrp1.standby.active-timer";
    "H1-008": "hsrp1.arp.gratuitous" "hsrp1.arp.gratuitous-address" "hsrp1.arp.gratuitous-virtual-mac"
        "hsrp1.arp.gratuitous-response" "hsrp1.arp.gratuitous-repeated" "hsrp1.arp.gratuitous-multicast";
    "H1-009": "hsrp1.startup.learn-silent" "hsrp1.startup.learns" "hsrp1.startup.learn-active-higher"
        "hsrp1.startup.learn-active-lower" "hsrp1.learning.virtual-address";

    // Version 1: Listen, Speak and Standby.
    "H1-010": "hsrp1.listen.active-timer";
    "H1-011": "hsrp1.timers.active-holdtime" "hsrp1.standby.active-timer";
    "H1-012": "hsrp1.standby.active-timer" "hsrp1.arp.gratuitous" "hsrp1.encapsulation.source-mac-active"
        "hsrp1.standby.hellos" "hsrp1.standby.active-higher";
    "H1-013": "hsrp1.listen.standby-timer" "hsrp1.speak.standby-timer" "hsrp1.speak.hellos"
        "hsrp1.listen.active-higher";
    "H1-014": "hsrp1.speak.speak-higher";
    "H1-015": "hsrp1.speak.standby-lower";
    "H1-016": "hsrp1.speak.standby-higher" "hsrp1.standby.standby-higher" "hsrp1.listen.standby-higher"
        "hsrp1.timers.standby-holdtime";
    "H1-017": "hsrp1.listen.preempts" "hsrp1.speak.preempts" "hsrp1.standby.preempts" "hsrp1.arp.gratuitous"
        "hsrp1.encapsulation.source-mac-active" "hsrp1.configuration.preempt" "hsrp1.pdu.coup-state"
        "hsrp1.encapsulation.source-mac-resign";
    "H1-018": "hsrp1.standby.active-lower" "hsrp1.listen.active-lower" "hsrp1.speak.active-lower";

    // Version 1: Active.
    "H1-019": "hsrp1.active.active-lower" "hsrp1.active.active-lower-announces" "hsrp1.pdu.coup-state";
    "H1-020": "hsrp1.active.active-higher" "hsrp1.active.active-higher-unresigned"
        "hsrp1.active.active-higher-resigns" "hsrp1.encapsulation.source-mac-others" "hsrp1.arp.left-silent";
    "H1-021": "hsrp1.active.coup" "hsrp1.active.coup-resigns" "hsrp1.active.coup-resigns-cisco"
        "hsrp1.pdu.resign-state" "hsrp1.encapsulation.source-mac-resign";
    "H1-022": "hsrp1.active.coup-lower-ignored";
    "H1-023": "hsrp1.standby.resign" "hsrp1.standby.resign-state" "hsrp1.arp.gratuitous";
    "H1-024": "hsrp1.listen.resign";
    "H1-025": "hsrp1.standby.resign-of-other-ignored";
    "H1-026": "hsrp1.shutdown.active-resigns" "hsrp1.shutdown.active-silent" "hsrp1.shutdown.once"
        "hsrp1.shutdown.unanswered" "hsrp1.pdu.resign-state" "hsrp1.encapsulation.source-mac-resign";
    "H1-027": "hsrp1.active.tie-greater" "hsrp1.active.tie-smaller";

    // Version 1: times and authentication.
    "H1-028": "hsrp1.learning.times" "hsrp1.pdu.hellotime-in-use" "hsrp1.pdu.holdtime-in-use"
        "hsrp1.configuration.default-hellotime" "hsrp1.configuration.default-holdtime";
    "H1-029": "hsrp1.learning.active-keeps" "hsrp1.learning.from-active-only";
    "H1-030": "hsrp1.configuration.holdtime" "hsrp1.pdu.holdtime";
    "H1-031": "hsrp1.rx.authentication" "hsrp1.authentication.text-wrong" "hsrp1.authentication.text-empty"
        "hsrp1.authentication.text-prefix" "hsrp1.authentication.text-default" "hsrp1.authentication.text-right";
    "H1-032": "hsrp1.authentication.coup" "hsrp1.authentication.resign";

    // Version 1: hosts.
    "H1-033": "hsrp1.forwarding.active" "hsrp1.forwarding.others" "hsrp1.forwarding.left"
        "hsrp1.forwarding.once";
    "H1-034": "hsrp1.icmp.redirect" "hsrp1.icmp.redirect-others" "hsrp1.icmp.redirect-virtual"
        "hsrp1.icmp.redirect-cisco" "hsrp1.icmp.redirect-others-cisco";
    "H1-035": "hsrp1.arp.proxy";
    "H1-036": "hsrp1.arp.active-answers" "hsrp1.arp.virtual-mac" "hsrp1.arp.others-silent"
        "hsrp1.arp.reply-time";

    // Version 1: what is received.
    "H1-037": "hsrp1.rx.op-code" "hsrp1.rx.version" "hsrp1.rx.state";
    "H1-038": "hsrp1.interface-state.tolerated" "hsrp1.interface-state.malformed";
    "H1-039": "hsrp1.rx.length" "hsrp1.rx.trailing-octets" "hsrp1.rx.checksum" "hsrp1.rx.checksum-absent";
    "H1-040": "hsrp1.rx.group";
    "H1-041": "hsrp1.rx.ttl";
    "H1-042": "hsrp1.authentication.md5-wrong" "hsrp1.authentication.md5-right" "hsrp1.authentication.md5-sent"
        "hsrp1.authentication.md5-data-zero" "hsrp1.authentication.md5-sender"
        "hsrp1.authentication.md5-missing" "hsrp1.authentication.md5-altered"
        "hsrp1.authentication.md5-truncated" "hsrp1.authentication.md5-replay"
        "hsrp1.authentication.md5-key-id";
    "H1-043": "hsrp1.network.one-active" "hsrp1.network.one-standby" "hsrp1.network.quiet";
    "H1-044": "hsrp1.robust.fuzz";

    // Version 1: what is learned, and what is not.
    "H1-045": "hsrp1.learning.virtual-address-authenticated" "hsrp1.learning.times-authenticated";
    "H1-046": "hsrp1.learning.virtual-address-configured" "hsrp1.learning.times-configured"
        "hsrp1.pdu.virtual-address";
    "H1-047": "hsrp1.standby.speak-higher";
    "H1-048": "hsrp1.learning.not-mixed" "hsrp1.learning.active-continues";
    "H1-049": "hsrp1.pdu.hellotime-in-use" "hsrp1.pdu.holdtime-in-use" "hsrp1.pdu.holdtime"
        "hsrp1.pdu.holdtime-ratio";

    // Version 1: the rest.
    "H1-050": "hsrp1.arp.proxy-any-state" "hsrp1.arp.proxy-any-state-cisco" "hsrp1.arp.proxy";
    "H1-051": "hsrp1.configuration.virtual-address-own" "hsrp1.configuration.virtual-address-shared"
        "hsrp1.encapsulation.source-address";
    "H1-052": "hsrp1.shutdown.standby" "hsrp1.shutdown.speak" "hsrp1.shutdown.listen" "hsrp1.shutdown.learn";
    "H1-053": "hsrp1.listen.standby-lower";
    "H1-054": "hsrp1.listen.coup-ignored" "hsrp1.speak.coup-ignored" "hsrp1.standby.coup-ignored"
        "hsrp1.listen.speak-higher-ignored" "hsrp1.active.speak-higher-ignored" "hsrp1.active.standby-higher"
        "hsrp1.standby.standby-lower-ignored" "hsrp1.active.resign-ignored" "hsrp1.active.resign-unanswered"
        "hsrp1.active.resign-answered" "hsrp1.speak.speak-lower-ignored" "hsrp1.standby.speak-lower-ignored"
        "hsrp1.active.speak-lower-ignored";
    "H1-055": "hsrp1.speak.resign" "hsrp1.speak.active-timer-ignored";
    "H1-056": "hsrp1.active.independent";

    // Version 2.
    "H2-001": "hsrp2.encapsulation.destination" "hsrp2.encapsulation.destination-mac" "hsrp2.encapsulation.port"
        "hsrp2.encapsulation.source-port" "hsrp2.encapsulation.ttl" "hsrp2.encapsulation.source-address"
        "hsrp2.encapsulation.udp-checksum" "hsrp2.encapsulation.type-of-service" "hsrp2.pdu.tlv-length"
        "hsrp2.pdu.version" "hsrp2.pdu.opcode" "hsrp2.pdu.ip-version" "hsrp2.pdu.priority"
        "hsrp2.pdu.virtual-address" "hsrp2.pdu.virtual-address-fill" "hsrp2.pdu.tlv-unknown"
        "hsrp2.pdu.tlv-repeated" "hsrp2.pdu.tlv-order" "hsrp2.pdu.authentication-default";
    "H2-002": "hsrp2.encapsulation.virtual-mac" "hsrp2.pdu.group-configured" "hsrp2.pdu.group"
        "hsrp2.configuration.groups";
    "H2-003": "hsrp2.pdu.state-current" "hsrp2.pdu.state" "hsrp2.startup.order" "hsrp2.startup.becomes-active"
        "hsrp2.startup.speaks";
    "H2-004": "hsrp2.timers.sub-second" "hsrp2.pdu.hellotime-in-use" "hsrp2.pdu.holdtime-in-use"
        "hsrp2.pdu.holdtime" "hsrp2.pdu.holdtime-ratio" "hsrp2.timers.hellotime" "hsrp2.timers.punctual" "hsrp2.active.hellos"
        "hsrp2.timers.extra-hellos" "hsrp2.timers.jitter-amount";
    "H2-005": "hsrp2.pdu.identifier";
    "H2-006": "hsrp2.encapsulation.source-mac-active" "hsrp2.encapsulation.source-mac-others";
    "H2-007": "hsrp2.interface-state.alone" "hsrp2.interface-state.counts" "hsrp2.interface-state.on-change"
        "hsrp2.interface-state.periodic" "hsrp2.interface-state.source-mac"
        "hsrp2.interface-state.unauthenticated";
    "H2-008": "hsrp2.authentication.text-wrong" "hsrp2.authentication.text-missing"
        "hsrp2.authentication.text-right" "hsrp2.authentication.text-sent" "hsrp2.authentication.text-prefix"
        "hsrp2.authentication.text-empty" "hsrp2.authentication.text-default" "hsrp2.rx.authentication"
        "hsrp2.rx.tlv-order";
    "H2-009": "hsrp2.authentication.md5-wrong" "hsrp2.authentication.md5-altered"
        "hsrp2.authentication.md5-truncated" "hsrp2.authentication.md5-missing"
        "hsrp2.authentication.md5-right" "hsrp2.authentication.md5-sent" "hsrp2.authentication.md5-sender"
        "hsrp2.rx.authentication";
    "H2-010": "hsrp2.standby.preempts" "hsrp2.listen.preempts" "hsrp2.speak.preempts" "hsrp2.arp.gratuitous"
        "hsrp2.arp.gratuitous-address" "hsrp2.arp.gratuitous-virtual-mac" "hsrp2.arp.gratuitous-response"
        "hsrp2.arp.gratuitous-repeated" "hsrp2.arp.gratuitous-multicast" "hsrp2.pdu.coup-state";
    "H2-011": "hsrp2.standby.resign" "hsrp2.standby.resign-state";
    "H2-012": "hsrp2.active.active-higher" "hsrp2.active.coup" "hsrp2.active.priority-wide"
        "hsrp2.active.active-higher-resigns" "hsrp2.active.coup-resigns" "hsrp2.pdu.resign-state"
        "hsrp2.encapsulation.source-mac-resign";
    "H2-013": "hsrp2.timers.active-holdtime" "hsrp2.standby.active-timer";
    "H2-014": "hsrp2.rx.other-version" "hsrp2.rx.version";
    "H2-015": "hsrp2.rx.length" "hsrp2.rx.group-state-length" "hsrp2.rx.tlv-unknown" "hsrp2.robust.fuzz";
    "H2-016": "hsrp2.rx.tlv-repeated";
    "H2-017": "hsrp2.encapsulation.destination-ipv6" "hsrp2.encapsulation.destination-mac-ipv6"
        "hsrp2.encapsulation.port-ipv6" "hsrp2.encapsulation.source-link-local"
        "hsrp2.encapsulation.virtual-mac-ipv6" "hsrp2.encapsulation.hop-limit"
        "hsrp2.pdu.virtual-address-link-local" "hsrp2.pdu.ip-version";
    "H2-018": "hsrp2.nd.active-answers" "hsrp2.nd.virtual-mac" "hsrp2.nd.router-flag" "hsrp2.nd.others-silent";
    "H2-019": "hsrp2.nd.unsolicited" "hsrp2.nd.unsolicited-flags";
    "H2-020": "hsrp2.nd.last-router-advertisement" "hsrp2.nd.others-no-router-advertisement";
    "H2-021": "hsrp2.rx.hop-limit" "hsrp2.rx.ttl";
    "H2-022": "hsrp2.configuration.group-limit" "hsrp2.rx.group-range";
    "H2-023": "hsrp2.tracking.decrement" "hsrp2.tracking.next-hello" "hsrp2.tracking.restored";
    "H2-024": "hsrp2.robust.fuzz";
};

/// The requirements of a row.
pub fn requirements_of(row: &str) -> Option<&'static [&'static str]> {
    CATALOGUE.iter().find(|(name, _)| *name == row).map(|(_, ids)| *ids)
}

/// The rows that exercise a requirement.
pub fn rows_of(requirement: &str) -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().filter(move |(_, ids)| ids.contains(&requirement)).map(|(row, _)| *row)
}

/// Requirements that no row judges although it could be told from outside, and why not.
pub const UNJUDGED: &[(&str, &str)] = &[
    ("hsrp1.rx.source-mac", "no clause, and no row of the catalogue"),
    ("hsrp1.rx.source-port", "no clause, and no row of the catalogue"),
    ("hsrp1.rx.destination", "no clause, and no row of the catalogue"),
    ("hsrp1.rx.reserved", "no clause, and no row of the catalogue"),
    ("hsrp1.forwarding.multicast", "the RFC only expects it, and no row of the catalogue has it"),
    ("hsrp1.tracking.decrement", "no row of version 1; H2-023 is its like"),
    ("hsrp1.tracking.next-hello", "no row of version 1; H2-023 is its like"),
    ("hsrp1.tracking.restored", "no row of version 1; H2-023 is its like"),
    ("hsrp1.interface-state.tlv", "the codec tells of it wherever one is seen"),
    ("hsrp1.interface-state.state", "the codec tells of it wherever one is seen"),
    ("hsrp1.interface-state.alone", "no row of version 1; H2-007 is its like"),
    ("hsrp1.interface-state.counts", "no row of version 1; H2-007 is its like"),
    ("hsrp1.interface-state.on-change", "no row of version 1; H2-007 is its like"),
    ("hsrp1.interface-state.periodic", "no row of version 1; H2-007 is its like"),
    ("hsrp1.interface-state.source-mac", "no row of version 1; H2-007 is its like"),
    ("hsrp1.interface-state.unauthenticated", "no row of version 1; H2-007 is its like"),
    ("hsrp1.configuration.default-priority", "it is Cisco's, and no row of the catalogue has it"),
    ("hsrp1.configuration.preempt-delay", "it is Cisco's, and no row of the catalogue has it"),
    ("hsrp1.robust.reflection", "no row of the catalogue; V2-076 of VRRP is its like"),
    (
        "hsrp1.network.takes-over",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    (
        "hsrp1.network.same-virtual-address",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    (
        "hsrp1.network.one-mac",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    (
        "hsrp1.network.distinct-addresses",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    ("hsrp2.rx.checksum-absent", "no row of version 2; H1-039 is its like"),
    ("hsrp2.rx.family", "nothing is known of it, and no row of the catalogue has it"),
    ("hsrp2.rx.source-mac", "no clause, and no row of the catalogue"),
    ("hsrp2.rx.source-port", "no clause, and no row of the catalogue"),
    ("hsrp2.rx.destination", "no clause, and no row of the catalogue"),
    ("hsrp2.rx.identifier", "no clause, and no row of the catalogue"),
    ("hsrp2.standby.resign-of-other-ignored", "no row of version 2; H1-025 is its like"),
    ("hsrp2.speak.speak-lower-ignored", "no row of version 2; H1-054 is its like"),
    ("hsrp2.standby.speak-lower-ignored", "no row of version 2; H1-054 is its like"),
    ("hsrp2.active.active-lower-announces", "no row of version 2; H1-019 is its like"),
    ("hsrp2.active.coup-lower-ignored", "no row of version 2; H1-022 is its like"),
    ("hsrp2.active.speak-lower-ignored", "no row of version 2; H1-054 is its like"),
    ("hsrp2.active.resign-answered", "no row of version 2; H1-054 is its like"),
    ("hsrp2.active.independent", "no row of version 2; H1-056 is its like"),
    ("hsrp2.shutdown.unanswered", "no row of version 2; H1-026 is its like"),
    ("hsrp2.learning.virtual-address", "no row of version 2; H1-009 is its like"),
    ("hsrp2.learning.virtual-address-authenticated", "no row of version 2; H1-045 is its like"),
    ("hsrp2.learning.virtual-address-configured", "no row of version 2; H1-046 is its like"),
    ("hsrp2.learning.times", "no row of version 2; H1-028 is its like"),
    ("hsrp2.learning.times-authenticated", "no row of version 2; H1-045 is its like"),
    ("hsrp2.learning.times-configured", "no row of version 2; H1-046 is its like"),
    ("hsrp2.learning.from-active-only", "no row of version 2; H1-029 is its like"),
    ("hsrp2.learning.active-keeps", "no row of version 2; H1-029 is its like"),
    ("hsrp2.learning.active-continues", "no row of version 2; H1-048 is its like"),
    ("hsrp2.learning.not-mixed", "no row of version 2; H1-048 is its like"),
    ("hsrp2.arp.active-answers", "no row of version 2; H1-036 is its like"),
    ("hsrp2.arp.virtual-mac", "no row of version 2; H1-036 is its like"),
    ("hsrp2.arp.others-silent", "no row of version 2; H1-036 is its like"),
    ("hsrp2.arp.left-silent", "no row of version 2; H1-020 is its like"),
    ("hsrp2.arp.reply-time", "no row of version 2; H1-036 is its like"),
    ("hsrp2.arp.proxy", "no row of version 2; H1-035 is its like"),
    ("hsrp2.arp.proxy-any-state", "no row of version 2; H1-050 is its like"),
    ("hsrp2.forwarding.active", "no row of version 2; H1-033 is its like"),
    ("hsrp2.forwarding.others", "no row of version 2; H1-033 is its like"),
    ("hsrp2.forwarding.left", "no row of version 2; H1-033 is its like"),
    ("hsrp2.forwarding.once", "no row of version 2; H1-033 is its like"),
    ("hsrp2.forwarding.multicast", "nothing is known of it, and no row of the catalogue has it"),
    ("hsrp2.icmp.redirect", "no row of version 2; H1-034 is its like"),
    ("hsrp2.icmp.redirect-others", "no row of version 2; H1-034 is its like"),
    ("hsrp2.icmp.redirect-virtual", "no row of version 2; H1-034 is its like"),
    ("hsrp2.authentication.md5-key-id", "no row of version 2; H1-042 is its like"),
    ("hsrp2.authentication.md5-replay", "no row of version 2; H1-042 is its like"),
    ("hsrp2.interface-state.tolerated", "no row of version 2; H1-038 is its like"),
    ("hsrp2.interface-state.malformed", "no row of version 2; H1-038 is its like"),
    ("hsrp2.configuration.holdtime", "no row of version 2; H1-030 is its like"),
    ("hsrp2.configuration.virtual-address-own", "no row of version 2; H1-051 is its like"),
    ("hsrp2.configuration.virtual-address-shared", "no row of version 2; H1-051 is its like"),
    ("hsrp2.configuration.default-hellotime", "no row of version 2; H1-028 is its like"),
    ("hsrp2.configuration.default-holdtime", "no row of version 2; H1-028 is its like"),
    ("hsrp2.configuration.default-priority", "it is Cisco's, and no row of the catalogue has it"),
    ("hsrp2.configuration.preempt-delay", "it is Cisco's, and no row of the catalogue has it"),
    ("hsrp2.configuration.preempt", "no row of version 2; H1-017 is its like"),
    ("hsrp2.robust.reflection", "no row of the catalogue; V2-076 of VRRP is its like"),
    ("hsrp2.network.one-active", "no row of version 2; H1-043 is its like"),
    ("hsrp2.network.one-standby", "no row of version 2; H1-043 is its like"),
    ("hsrp2.network.quiet", "no row of version 2; H1-043 is its like"),
    (
        "hsrp2.network.takes-over",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    (
        "hsrp2.network.same-virtual-address",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    (
        "hsrp2.network.one-mac",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
    (
        "hsrp2.network.distinct-addresses",
        "it takes two routers: seen by monitors and in the arena, not by tests of one device",
    ),
];

/// Requirements that tests judge on devices of another kind than the references.
pub const NOT_BY_REFERENCES: &[(&str, &str)] = &[
    ("hsrp1.icmp.redirect-virtual", "the references send no redirects"),
    ("hsrp1.configuration.holdtime", "they refuse such a Holdtime, which is right"),
    ("hsrp1.configuration.virtual-address-own", "they refuse such an address, which is right"),
    ("hsrp1.configuration.virtual-address-shared", "they refuse such an address, which is right"),
    ("hsrp2.configuration.holdtime", "they refuse such a Holdtime, which is right"),
    ("hsrp2.configuration.virtual-address-own", "they refuse such an address, which is right"),
    ("hsrp2.configuration.virtual-address-shared", "they refuse such an address, which is right"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::hsrp::requirements::{V1, V2};
    use crate::spec::{Observable, Requirement};

    /// The last row of each group; none is left out.
    const GROUPS: &[(&str, u32)] = &[("H1", 56), ("H2", 24)];

    fn both() -> impl Iterator<Item = &'static Requirement> {
        V1.iter().chain(V2)
    }

    #[test]
    fn every_row_is_there_once_and_in_order() {
        let mut expected = Vec::new();
        for (group, last) in GROUPS {
            expected.extend((1..=*last).map(|number| format!("{group}-{number:03}")));
        }
        let rows: Vec<&str> = CATALOGUE.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, expected);
        assert_eq!(rows.len(), 80);
    }

    #[test]
    fn rows_name_requirements_of_their_version() {
        for (row, ids) in CATALOGUE {
            let protocol = if row.starts_with("H1") { "hsrp1." } else { "hsrp2." };
            for (at, id) in ids.iter().enumerate() {
                assert!(id.starts_with(protocol), "{row}: {id}");
                assert!(both().any(|requirement| requirement.id == *id), "{row}: {id}");
                assert!(!ids[..at].contains(id), "{row}: {id} twice");
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_is_in_no_row() {
        for requirement in both() {
            if matches!(requirement.observable, Observable::No(_)) {
                assert_eq!(rows_of(requirement.id).count(), 0, "{}", requirement.id);
            }
        }
    }

    #[test]
    fn requirements_have_a_row_or_a_cell_or_a_reason() {
        for requirement in both() {
            let seen = !matches!(requirement.observable, Observable::No(_));
            let excused = UNJUDGED.iter().any(|(id, _)| *id == requirement.id);
            let rows = rows_of(requirement.id).count() + requirement.rows.len();
            assert_eq!(rows == 0 && seen, excused, "{} has {rows} rows", requirement.id);
        }
        for (id, reason) in UNJUDGED.iter().chain(NOT_BY_REFERENCES) {
            assert!(both().any(|requirement| requirement.id == *id), "{id}: {reason}");
        }
    }

    #[test]
    fn look_up_both_ways() {
        assert_eq!(requirements_of("H1-022"), Some(&["hsrp1.active.coup-lower-ignored"][..]));
        assert_eq!(requirements_of("H1-057"), None);
        assert_eq!(rows_of("hsrp2.robust.fuzz").collect::<Vec<_>>(), ["H2-015", "H2-024"]);
    }
}
