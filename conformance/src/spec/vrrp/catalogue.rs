//! The test catalogue of VRRP, row by row, and the requirements that each row exercises.
//!
//! `V2` is version 2, `V3` version 3 over IPv4, `V6` version 3 over IPv6. The rows that test what discards an
//! advertisement do so in Backup and in Master or Active, which is a requirement of its own.

macro_rules! rows {
    ($( $row:literal: $($requirement:literal)+; )+) => { &[$(($row, &[$($requirement),+])),+] };
}

/// Each row's name and its requirements, the one that it is about first.
pub const CATALOGUE: &[(&str, &[&str])] = rows! {
    // Version 2: what is sent.
    "V2-001": "vrrp2.pdu.version-and-type";
    "V2-002": "vrrp2.encapsulation.destination" "vrrp2.encapsulation.destination-mac"
        "vrrp2.encapsulation.protocol";
    "V2-003": "vrrp2.encapsulation.ttl";
    "V2-004": "vrrp2.encapsulation.source-address" "vrrp2.encapsulation.source-constant";
    "V2-005": "vrrp2.encapsulation.source-mac";
    "V2-006": "vrrp2.pdu.checksum";
    "V2-007": "vrrp2.pdu.count" "vrrp2.pdu.addresses" "vrrp2.pdu.length" "vrrp2.pdu.vrid"
        "vrrp2.pdu.priority" "vrrp2.pdu.authentication-data";
    "V2-008": "vrrp2.pdu.auth-type" "vrrp2.pdu.no-authentication" "vrrp2.pdu.authentication-data"
        "vrrp2.pdu.auth-type-cisco";
    "V2-009": "vrrp2.pdu.interval";
    "V2-010": "vrrp2.active.interval" "vrrp2.active.interval-mean";
    "V2-011": "vrrp2.robust.never-fragmented" "vrrp2.rx.padding";
    "V2-012": "vrrp2.configuration.owner-priority" "vrrp2.configuration.backup-priority"
        "vrrp2.pdu.priority";
    "V2-013": "vrrp2.configuration.default-priority" "vrrp2.configuration.default-interval"
        "vrrp2.configuration.default-preempt";
    "V2-014": "vrrp2.authentication.password-sent" "vrrp2.authentication.password-filled"
        "vrrp2.pdu.auth-type";

    // Version 2: Initialize and Backup.
    "V2-020": "vrrp2.startup.waits" "vrrp2.backup.takeover-time" "vrrp2.backup.not-early"
        "vrrp2.timers.down-interval" "vrrp2.active.gratuitous-arp" "vrrp2.arp.gratuitous-virtual-mac"
        "vrrp2.arp.gratuitous-address" "vrrp2.arp.gratuitous-broadcast" "vrrp2.arp.gratuitous-request"
        "vrrp2.active.announcement-order";
    "V2-021": "vrrp2.startup.owner" "vrrp2.startup.announces" "vrrp2.configuration.owner-priority"
        "vrrp2.arp.gratuitous-virtual-mac" "vrrp2.arp.gratuitous-address";
    "V2-022": "vrrp2.backup.silent" "vrrp2.backup.not-lower";
    "V2-023": "vrrp2.timers.down-interval" "vrrp2.backup.takeover-time" "vrrp2.backup.not-early"
        "vrrp2.backup.not-lower";
    "V2-024": "vrrp2.backup.priority-zero" "vrrp2.timers.skew";
    "V2-025": "vrrp2.timers.skew" "vrrp2.backup.priority-zero";
    "V2-026": "vrrp2.backup.lower-discarded" "vrrp2.backup.takeover-time" "vrrp2.backup.not-early";
    "V2-027": "vrrp2.backup.no-preemption" "vrrp2.backup.takeover-time";
    "V2-028": "vrrp2.backup.equal" "vrrp2.backup.takeover-time";
    "V2-029": "vrrp2.startup.owner-preempts" "vrrp2.startup.owner";
    "V2-030": "vrrp2.rx.interval-equal" "vrrp2.backup.takeover-time" "vrrp2.timers.own-interval";
    "V2-031": "vrrp2.arp.backup-silent";
    "V2-032": "vrrp2.forwarding.backup";
    "V2-033": "vrrp2.forwarding.backup-not-accepted";
    "V2-034": "vrrp2.shutdown.backup-silent";
    "V2-035": "vrrp2.backup.timer-restarts" "vrrp2.backup.not-early" "vrrp2.backup.takeover-time";

    // Version 2: Master.
    "V2-040": "vrrp2.arp.active-answers" "vrrp2.arp.virtual-mac" "vrrp2.arp.reply-time" "vrrp2.arp.probe";
    "V2-041": "vrrp2.arp.never-physical-mac" "vrrp2.arp.virtual-mac";
    "V2-042": "vrrp2.arp.physical-address";
    "V2-043": "vrrp2.forwarding.active" "vrrp2.forwarding.once";
    "V2-044": "vrrp2.forwarding.not-accepted";
    "V2-045": "vrrp2.forwarding.accept-owner";
    "V2-046": "vrrp2.active.priority-zero" "vrrp2.active.priority-zero-timer";
    "V2-047": "vrrp2.active.yields";
    "V2-048": "vrrp2.active.tie-greater";
    "V2-049": "vrrp2.active.tie-smaller" "vrrp2.active.interval" "vrrp2.active.lower-unanswered";
    "V2-050": "vrrp2.active.lower-ignored" "vrrp2.active.lower-unanswered" "vrrp2.active.interval";
    "V2-051": "vrrp2.shutdown.priority-zero" "vrrp2.shutdown.once" "vrrp2.shutdown.silent"
        "vrrp2.shutdown.unanswered" "vrrp2.encapsulation.source-mac";
    "V2-052": "vrrp2.active.preempt-ignored";
    "V2-053": "vrrp2.active.returns" "vrrp2.timers.down-interval";
    "V2-054": "vrrp2.arp.gratuitous-virtual-mac" "vrrp2.arp.never-physical-mac" "vrrp2.arp.boot-delayed";
    "V2-055": "vrrp2.arp.proxy";
    "V2-056": "vrrp2.active.gratuitous-arp" "vrrp2.arp.active-answers" "vrrp2.arp.virtual-mac"
        "vrrp2.arp.gratuitous-virtual-mac" "vrrp2.arp.reply-time";
    "V2-057": "vrrp2.active.independent" "vrrp2.active.yields";
    "V2-058": "vrrp2.arp.boot-physical" "vrrp2.arp.boot-announced";

    // Version 2: what is received.
    "V2-060": "vrrp2.rx.ttl" "vrrp2.rx.both-states";
    "V2-061": "vrrp2.rx.version" "vrrp2.rx.both-states";
    "V2-062": "vrrp2.rx.type" "vrrp2.rx.both-states";
    "V2-063": "vrrp2.rx.length" "vrrp2.rx.length-2338" "vrrp2.rx.truncated-2338" "vrrp2.rx.both-states"
        "vrrp2.robust.fuzz";
    "V2-064": "vrrp2.rx.length" "vrrp2.rx.truncated-2338" "vrrp2.rx.count-zero" "vrrp2.rx.both-states";
    "V2-065": "vrrp2.rx.checksum" "vrrp2.rx.both-states";
    "V2-066": "vrrp2.rx.vrid" "vrrp2.rx.both-states";
    "V2-067": "vrrp2.rx.owner-discards" "vrrp2.rx.owner-2338" "vrrp2.rx.owner-priority-zero";
    "V2-068": "vrrp2.rx.auth-type" "vrrp2.rx.both-states";
    "V2-069": "vrrp2.authentication.password-wrong" "vrrp2.authentication.password-right"
        "vrrp2.authentication.password-prefix" "vrrp2.authentication.password-trailing"
        "vrrp2.rx.authentication" "vrrp2.rx.auth-type" "vrrp2.rx.both-states";
    "V2-070": "vrrp2.rx.auth-data-ignored" "vrrp2.rx.both-states";
    "V2-071": "vrrp2.rx.address-list-owner" "vrrp2.rx.address-list" "vrrp2.rx.address-list-dropped"
        "vrrp2.rx.address-list-constant" "vrrp2.rx.both-states";
    "V2-072": "vrrp2.rx.interval-equal" "vrrp2.rx.both-states";
    "V2-073": "vrrp2.robust.ip-options" "vrrp2.robust.fuzz";
    "V2-074": "vrrp2.robust.fragments" "vrrp2.robust.ip-checksum" "vrrp2.robust.reassembled"
        "vrrp2.rx.destination";
    "V2-075": "vrrp2.rx.source-mac" "vrrp2.rx.other-vlan" "vrrp2.rx.priority-tagged" "vrrp2.rx.both-states";
    "V2-076": "vrrp2.robust.reflection" "vrrp2.active.tie-smaller";
    "V2-077": "vrrp2.robust.fuzz";

    // Version 2: operation, two ports, RFC 2338.
    "V2-080": "vrrp2.forwarding.multicast";
    "V2-081": "vrrp2.forwarding.own-address";
    "V2-082": "vrrp2.icmp.redirect" "vrrp2.icmp.redirect-virtual-router" "vrrp2.icmp.redirect-optional";
    "V2-083": "vrrp2.rx.interface" "vrrp2.active.independent";
    "V2-084": "vrrp2.authentication.header-wrong" "vrrp2.authentication.header-missing"
        "vrrp2.authentication.header-right" "vrrp2.authentication.header-data-ignored"
        "vrrp2.authentication.header-sent" "vrrp2.authentication.header-data-sent"
        "vrrp2.rx.authentication";

    // Version 3 over IPv4.
    "V3-001": "vrrp3.pdu.reserve" "vrrp3.pdu.version-and-type" "vrrp3.pdu.length" "vrrp3.pdu.count"
        "vrrp3.pdu.addresses" "vrrp3.pdu.one-family" "vrrp3.pdu.vrid" "vrrp3.pdu.priority";
    "V3-002": "vrrp3.encapsulation.ttl" "vrrp3.encapsulation.destination"
        "vrrp3.encapsulation.destination-mac" "vrrp3.encapsulation.protocol"
        "vrrp3.encapsulation.source-address" "vrrp3.encapsulation.source-constant"
        "vrrp3.encapsulation.source-mac";
    "V3-003": "vrrp3.pdu.interval" "vrrp3.configuration.interval-range";
    "V3-004": "vrrp3.pdu.checksum-message" "vrrp3.pdu.checksum";
    "V3-005": "vrrp3.pdu.checksum" "vrrp3.pdu.checksum-message-2010";
    "V3-006": "vrrp3.active.interval" "vrrp3.active.interval-mean";
    "V3-007": "vrrp3.startup.waits" "vrrp3.backup.takeover-time" "vrrp3.backup.not-early"
        "vrrp3.timers.down-interval" "vrrp3.timers.initial-interval" "vrrp3.active.gratuitous-arp"
        "vrrp3.arp.gratuitous-virtual-mac" "vrrp3.arp.gratuitous-address"
        "vrrp3.arp.gratuitous-broadcast" "vrrp3.arp.gratuitous-request"
        "vrrp3.arp.gratuitous-target-mac" "vrrp3.active.announcement-order";
    "V3-008": "vrrp3.timers.skew-scaled" "vrrp3.timers.down-interval" "vrrp3.backup.takeover-time"
        "vrrp3.backup.not-early" "vrrp3.backup.silent" "vrrp3.backup.not-lower";
    "V3-009": "vrrp3.timers.learned" "vrrp3.backup.takeover-time" "vrrp3.rx.interval-adopted";
    "V3-010": "vrrp3.timers.learned" "vrrp3.backup.takeover-time" "vrrp3.backup.not-early"
        "vrrp3.rx.interval-adopted";
    "V3-011": "vrrp3.backup.priority-zero" "vrrp3.timers.skew" "vrrp3.timers.learned"
        "vrrp3.timers.skew-scaled";
    "V3-012": "vrrp3.backup.priority-zero" "vrrp3.timers.skew";
    "V3-013": "vrrp3.rx.interval-adopted" "vrrp3.rx.both-states";
    "V3-014": "vrrp3.rx.interval-zero" "vrrp3.rx.interval-zero-2010" "vrrp3.rx.both-states"
        "vrrp3.active.interval";
    "V3-015": "vrrp3.rx.reserve" "vrrp3.timers.down-interval" "vrrp3.rx.both-states";
    "V3-016": "vrrp3.rx.interval-largest" "vrrp3.rx.interval-adopted";
    "V3-017": "vrrp3.rx.count-zero" "vrrp3.rx.count-zero-2010" "vrrp3.rx.both-states";
    "V3-018": "vrrp3.rx.length" "vrrp3.rx.both-states";
    "V3-019": "vrrp3.rx.address-list" "vrrp3.rx.both-states";
    "V3-020": "vrrp3.rx.checksum" "vrrp3.rx.checksum-form" "vrrp3.rx.both-states";
    "V3-021": "vrrp3.rx.version" "vrrp3.rx.type" "vrrp3.rx.both-states";
    "V3-022": "vrrp3.rx.vrid" "vrrp3.rx.owner-discards" "vrrp3.rx.owner-processes" "vrrp3.rx.both-states";
    "V3-023": "vrrp3.active.yields" "vrrp3.active.yields-learning" "vrrp3.active.tie-greater"
        "vrrp3.active.returns" "vrrp3.timers.down-interval";
    "V3-024": "vrrp3.active.lower-answered" "vrrp3.active.lower-unanswered" "vrrp3.active.lower-ignored"
        "vrrp3.active.tie-smaller";
    "V3-025": "vrrp3.active.priority-zero" "vrrp3.active.priority-zero-timer";
    "V3-026": "vrrp3.shutdown.priority-zero" "vrrp3.shutdown.once" "vrrp3.shutdown.silent"
        "vrrp3.pdu.checksum" "vrrp3.pdu.interval";
    "V3-027": "vrrp3.forwarding.not-accepted" "vrrp3.arp.active-answers";
    "V3-028": "vrrp3.forwarding.accept-mode";
    "V3-029": "vrrp3.backup.no-preemption" "vrrp3.backup.takeover-time" "vrrp3.timers.down-interval";
    "V3-030": "vrrp3.startup.owner-preempts" "vrrp3.startup.owner" "vrrp3.startup.announces"
        "vrrp3.configuration.owner-priority" "vrrp3.arp.gratuitous-virtual-mac";
    "V3-031": "vrrp3.arp.virtual-mac" "vrrp3.arp.active-answers" "vrrp3.arp.never-physical-mac"
        "vrrp3.arp.gratuitous-virtual-mac" "vrrp3.arp.boot-delayed" "vrrp3.arp.boot-delayed-2010"
        "vrrp3.arp.reply-time" "vrrp3.arp.reply-source-mac";
    "V3-032": "vrrp3.forwarding.own-address";
    "V3-033": "vrrp3.interoperation.both-versions" "vrrp3.interoperation.both-rates"
        "vrrp3.interoperation.version-2-field" "vrrp3.interoperation.optional";
    "V3-034": "vrrp3.interoperation.version-2-interval" "vrrp3.interoperation.version-2-interval-2010";
    "V3-035": "vrrp3.interoperation.version-2-ignored";
    "V3-036": "vrrp3.interoperation.off" "vrrp3.rx.version" "vrrp3.rx.both-states";
    "V3-037": "vrrp3.forwarding.multicast";
    "V3-038": "vrrp3.active.steady-under-load";
    "V3-039": "vrrp3.backup.timer-restarts" "vrrp3.backup.priority-zero";
    "V3-040": "vrrp3.robust.fuzz";
    "V3-041": "vrrp3.rx.ttl" "vrrp3.rx.both-states";
    "V3-042": "vrrp3.rx.length" "vrrp3.rx.both-states" "vrrp3.robust.fuzz";
    "V3-043": "vrrp3.backup.lower-discarded" "vrrp3.backup.lower-not-learned" "vrrp3.backup.takeover-time";
    "V3-044": "vrrp3.backup.equal" "vrrp3.backup.takeover-time";
    "V3-045": "vrrp3.shutdown.backup-silent";
    "V3-046": "vrrp3.timers.own-interval" "vrrp3.active.interval" "vrrp3.pdu.interval";
    "V3-047": "vrrp3.timers.priority-zero-interval" "vrrp3.backup.priority-zero";
    "V3-048": "vrrp3.arp.backup-silent" "vrrp3.forwarding.backup" "vrrp3.forwarding.backup-not-accepted"
        "vrrp3.forwarding.backup-accept-mode";
    "V3-049": "vrrp3.forwarding.active" "vrrp3.forwarding.once";
    "V3-050": "vrrp3.configuration.owner-priority" "vrrp3.configuration.backup-priority"
        "vrrp3.pdu.priority";
    "V3-051": "vrrp3.configuration.default-priority" "vrrp3.configuration.default-interval"
        "vrrp3.configuration.default-preempt" "vrrp3.configuration.default-accept";
    "V3-052": "vrrp3.arp.proxy" "vrrp3.arp.proxy-2010";
    "V3-053": "vrrp3.icmp.redirect" "vrrp3.icmp.redirect-virtual-router" "vrrp3.icmp.redirect-optional";
    "V3-054": "vrrp3.rx.interface" "vrrp3.active.independent";
    "V3-055": "vrrp3.arp.boot-physical" "vrrp3.arp.boot-announced";
    "V3-056": "vrrp3.forwarding.accept-owner";

    // Version 3 over IPv6.
    "V6-001": "vrrp3.encapsulation.source-address" "vrrp3.encapsulation.source-constant"
        "vrrp3.encapsulation.destination" "vrrp3.encapsulation.destination-mac"
        "vrrp3.encapsulation.protocol" "vrrp3.encapsulation.ttl";
    "V6-002": "vrrp3.pdu.link-local-first" "vrrp3.pdu.link-local-first-2010" "vrrp3.pdu.length"
        "vrrp3.pdu.one-family" "vrrp3.pdu.count" "vrrp3.pdu.addresses";
    "V6-003": "vrrp3.pdu.checksum-pseudo-header" "vrrp3.pdu.checksum";
    "V6-004": "vrrp3.encapsulation.source-mac";
    "V6-005": "vrrp3.active.unsolicited-na" "vrrp3.nd.unsolicited-flags" "vrrp3.nd.unsolicited-target"
        "vrrp3.nd.unsolicited-destination" "vrrp3.nd.hop-limit" "vrrp3.startup.waits"
        "vrrp3.backup.takeover-time" "vrrp3.active.announcement-order";
    "V6-006": "vrrp3.nd.active-answers" "vrrp3.nd.virtual-mac" "vrrp3.nd.never-physical-mac"
        "vrrp3.nd.router-flag" "vrrp3.nd.router-flag-2010" "vrrp3.nd.solicited-flag"
        "vrrp3.nd.solicited-node-group" "vrrp3.nd.detection-answered" "vrrp3.nd.detection-answer"
        "vrrp3.nd.reply-time";
    "V6-007": "vrrp3.nd.backup-silent";
    "V6-008": "vrrp3.nd.solicited-node-report" "vrrp3.nd.solicited-node-group";
    "V6-009": "vrrp3.nd.router-advertisement" "vrrp3.nd.backup-no-router-advertisement"
        "vrrp3.nd.router-advertisement-source" "vrrp3.nd.router-advertisement-mac";
    "V6-010": "vrrp3.nd.own-solicitation";
    "V6-011": "vrrp3.nd.accept-mode" "vrrp3.forwarding.not-accepted" "vrrp3.nd.active-answers";
    "V6-012": "vrrp3.rx.ttl" "vrrp3.rx.both-states";
    "V6-013": "vrrp3.rx.checksum-pseudo-header" "vrrp3.rx.checksum" "vrrp3.rx.both-states";
    "V6-014": "vrrp3.rx.link-local-first" "vrrp3.rx.link-local-first-2010" "vrrp3.rx.both-states";
    "V6-015": "vrrp3.rx.source-address";
    "V6-016": "vrrp3.rx.count-zero" "vrrp3.rx.count-zero-2010" "vrrp3.rx.length" "vrrp3.rx.both-states";
    "V6-017": "vrrp3.active.tie-greater" "vrrp3.active.tie-smaller";
    "V6-018": "vrrp3.backup.priority-zero" "vrrp3.timers.skew";
    "V6-019": "vrrp3.active.families-independent" "vrrp3.active.independent";
    "V6-020": "vrrp3.shutdown.priority-zero" "vrrp3.shutdown.once" "vrrp3.shutdown.silent"
        "vrrp3.shutdown.unanswered";
    "V6-021": "vrrp3.nd.cache-updated";
    "V6-022": "vrrp3.nd.before-virtual-mac" "vrrp3.nd.before-virtual-mac-2010";
    "V6-023": "vrrp3.timers.down-interval" "vrrp3.timers.learned" "vrrp3.backup.takeover-time"
        "vrrp3.backup.not-early";
    "V6-024": "vrrp3.robust.fuzz" "vrrp3.robust.no-next-header" "vrrp3.robust.fragments"
        "vrrp3.robust.reassembled" "vrrp3.robust.extension-headers";
    "V6-025": "vrrp3.nd.eui64" "vrrp3.nd.eui64-2024";
    "V6-026": "vrrp3.forwarding.multicast";
    "V6-027": "vrrp3.forwarding.backup" "vrrp3.forwarding.backup-not-accepted"
        "vrrp3.forwarding.backup-accept-mode";
    "V6-028": "vrrp3.forwarding.active" "vrrp3.forwarding.once";
    "V6-029": "vrrp3.forwarding.accept-mode" "vrrp3.forwarding.accept-owner";
    "V6-030": "vrrp3.startup.owner" "vrrp3.startup.announces" "vrrp3.nd.boot-physical"
        "vrrp3.nd.boot-announced" "vrrp3.nd.detection-skipped" "vrrp3.nd.unsolicited-target"
        "vrrp3.nd.unsolicited-flags";
    "V6-031": "vrrp3.icmp.redirect" "vrrp3.icmp.redirect-optional";
    "V6-032": "vrrp3.forwarding.own-address";
    "V6-033": "vrrp3.rx.version" "vrrp3.rx.type" "vrrp3.rx.vrid" "vrrp3.rx.length" "vrrp3.rx.both-states";
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
    ("vrrp2.rx.trailing-octets", "no clause, and no row of the catalogue"),
    ("vrrp2.timers.skew-unscaled", "no row measures a takeover at more than a second"),
    ("vrrp2.authentication.per-interface", "no row has two virtual routers with passwords"),
    ("vrrp2.configuration.vrid-range", "it takes 255 configurations; every test has one VRID of them"),
    ("vrrp2.network.one-active", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp2.network.same-interval", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp2.network.same-addresses", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp2.network.one-owner", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp3.rx.source-mac", "no row of version 3; V2-075 is its like"),
    ("vrrp3.rx.padding", "no row of version 3; V2-011 is its like"),
    ("vrrp3.rx.trailing-octets", "no clause, and no row of the catalogue"),
    ("vrrp3.rx.destination", "no row of version 3; V2-074 is its like"),
    ("vrrp3.rx.other-vlan", "no row of version 3; V2-075 is its like"),
    ("vrrp3.rx.priority-tagged", "no row of version 3; V2-075 is its like"),
    ("vrrp3.active.preempt-ignored", "no row of version 3; V2-052 is its like"),
    ("vrrp3.arp.physical-address", "no row of version 3; V2-042 is its like"),
    ("vrrp3.arp.probe", "no row of version 3; V2-040 is its like"),
    ("vrrp3.configuration.vrid-range", "it takes 255 configurations; every test has one VRID of them"),
    ("vrrp3.robust.reflection", "no row of version 3; V2-076 is its like"),
    ("vrrp3.robust.ip-options", "no row of version 3; V2-073 is its like"),
    ("vrrp3.robust.ip-checksum", "no row of version 3; V2-074 is its like"),
    ("vrrp3.robust.never-fragmented", "no row of version 3; V2-011 is its like"),
    ("vrrp3.network.one-active", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp3.network.same-interval", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp3.network.same-addresses", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp3.network.same-order", "it takes two routers: seen by monitors, not by tests of one device"),
    ("vrrp3.network.one-owner", "it takes two routers: seen by monitors, not by tests of one device"),
];

/// Requirements that tests judge on devices of another kind than the references.
pub const NOT_BY_REFERENCES: &[(&str, &str)] = &[
    ("vrrp2.pdu.auth-type-cisco", "only a device with Cisco's authentication sends it"),
    ("vrrp2.configuration.backup-priority", "the references refuse such a priority, as they have to"),
    ("vrrp3.configuration.backup-priority", "the references refuse such a priority, as they have to"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::vrrp::requirements::{V2, V3};
    use crate::spec::{Observable, Requirement};

    /// Runs of row numbers of each group.
    const GROUPS: &[(&str, &[(u32, u32)])] =
        &[("V2", &[(1, 14), (20, 35), (40, 58), (60, 77), (80, 84)]), ("V3", &[(1, 56)]), ("V6", &[(1, 33)])];

    fn both() -> impl Iterator<Item = &'static Requirement> {
        V2.iter().chain(V3)
    }

    #[test]
    fn every_row_is_there_once_and_in_order() {
        let mut expected = Vec::new();
        for (group, runs) in GROUPS {
            for (first, last) in *runs {
                expected.extend((*first..=*last).map(|number| format!("{group}-{number:03}")));
            }
        }
        let rows: Vec<&str> = CATALOGUE.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, expected);
        assert_eq!(rows.len(), 161);
    }

    #[test]
    fn rows_name_requirements_of_their_version() {
        for (row, ids) in CATALOGUE {
            let protocol = if row.starts_with("V2") { "vrrp2." } else { "vrrp3." };
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
    fn requirements_have_a_row_or_a_reason() {
        for requirement in both() {
            let seen = !matches!(requirement.observable, Observable::No(_));
            let excused = UNJUDGED.iter().any(|(id, _)| *id == requirement.id);
            let rows = rows_of(requirement.id).count();
            assert_eq!(rows == 0 && seen, excused, "{} has {rows} rows", requirement.id);
        }
        for (id, reason) in UNJUDGED {
            assert!(both().any(|requirement| requirement.id == *id), "{id}: {reason}");
        }
    }

    #[test]
    fn look_up_both_ways() {
        assert_eq!(requirements_of("V2-003"), Some(&["vrrp2.encapsulation.ttl"][..]));
        assert_eq!(requirements_of("V2-015"), None);
        assert_eq!(rows_of("vrrp3.rx.ttl").collect::<Vec<_>>(), ["V3-041", "V6-012"]);
    }
}
