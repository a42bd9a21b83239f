//! What is asked of an HSRP router: by RFC 2281 in version 1, by captures of Cisco's routers where they do something
//! else, and by captures and documents in version 2.
//!
//! The first word of an id is the protocol, `hsrp1` or `hsrp2`, the second the area. What both protocols ask has the
//! same area and the same behaviour in both. Where Cisco's routers do something else than RFC 2281 asks, the edition
//! `cisco-hsrp1` has a requirement of its own, which ends in `-cisco` if the RFC's has the same name.
//!
//! | area | is about | file |
//! |---|---|---|
//! | `encapsulation` | UDP, IP and Ethernet around a message that is sent | `format.rs` |
//! | `pdu` | the fields of a message that is sent | `format.rs` |
//! | `rx` | what discards a message that is received, and what must not | `reception.rs` |
//! | `timers` | when Hellos are sent, and how long a router is waited for | `states.rs` |
//! | `startup` | Initial and Learn, and the way to Active where nobody else is | `states.rs` |
//! | `listen` | Listen, event by event | `states.rs` |
//! | `speak` | Speak | `states.rs` |
//! | `standby` | Standby | `states.rs` |
//! | `active` | Active | `states.rs` |
//! | `shutdown` | what a router sends that is disabled | `states.rs` |
//! | `learning` | virtual address and times that are not configured | `states.rs` |
//! | `arp` | who answers for the virtual IPv4 address, and gratuitous ARP | `addresses.rs` |
//! | `nd` | the same for IPv6, and Router Advertisements; version 2 only | `addresses.rs` |
//! | `forwarding` | packets to the virtual MAC address | `addresses.rs` |
//! | `icmp` | redirects | `addresses.rs` |
//! | `authentication` | passwords, and Cisco's MD5 | `beyond.rs` |
//! | `tracking` | priorities that fall with what is tracked | `beyond.rs` |
//! | `interface-state` | Advertise in version 1, Interface State in version 2 | `beyond.rs` |
//! | `configuration` | what can be configured, and what holds where nothing is | `beyond.rs` |
//! | `robust` | what no router should send, yet every router gets | `beyond.rs` |
//! | `network` | several routers seen together | `beyond.rs` |
//!
//! In version 1 the level is that of the RFC's key word, also for what cannot be seen. A field's definition and a step
//! of a procedure are a MUST; the RFC's lower case, its empty cells and what only follows from the text are a SHOULD;
//! what it leaves open is recorded. In version 2, what captures show is a MUST, what is taken over from RFC 2281 is a
//! SHOULD at most, and what only documents say, or nobody, is recorded. The ids of the codec's rules on messages are
//! ids of requirements.

mod addresses;
mod beyond;
mod format;
mod reception;
mod states;

use crate::spec::Requirement;
use crate::spec::requirement::{count, joined};

/// Requirements as a table: id, level, how it is seen, clauses, editions, perhaps `[rows]`, and below it the text.
macro_rules! requirements {
    ($(
        $id:literal $level:ident $observable:ident $(($why:literal))? $clauses:ident $editions:ident
        $([$($row:literal),+])? $text:literal;
    )+) => {
        &[$(
            $crate::spec::Requirement {
                id: $id,
                clauses: $crate::spec::hsrp::clauses::$clauses,
                editions: $crate::spec::Editions::$editions,
                level: $crate::spec::Level::$level,
                text: $text,
                observable: $crate::spec::Observable::$observable $(($why))?,
                rows: &[$($($row),+)?],
            }
        ),+]
    };
}
pub(super) use requirements;

const V1_AREAS: &[&[Requirement]] = &[
    format::V1_ENCAPSULATION,
    format::V1_PDU,
    reception::V1_RX,
    states::V1_TIMERS,
    states::V1_STARTUP,
    states::V1_LISTEN,
    states::V1_SPEAK,
    states::V1_STANDBY,
    states::V1_ACTIVE,
    states::V1_SHUTDOWN,
    states::V1_LEARNING,
    addresses::V1_ARP,
    addresses::V1_FORWARDING,
    addresses::V1_ICMP,
    beyond::V1_AUTHENTICATION,
    beyond::V1_TRACKING,
    beyond::V1_INTERFACE_STATE,
    beyond::V1_CONFIGURATION,
    beyond::V1_ROBUST,
    beyond::V1_NETWORK,
];

const V2_AREAS: &[&[Requirement]] = &[
    format::V2_ENCAPSULATION,
    format::V2_PDU,
    reception::V2_RX,
    states::V2_TIMERS,
    states::V2_STARTUP,
    states::V2_LISTEN,
    states::V2_SPEAK,
    states::V2_STANDBY,
    states::V2_ACTIVE,
    states::V2_SHUTDOWN,
    states::V2_LEARNING,
    addresses::V2_ARP,
    addresses::V2_ND,
    addresses::V2_FORWARDING,
    addresses::V2_ICMP,
    beyond::V2_AUTHENTICATION,
    beyond::V2_TRACKING,
    beyond::V2_INTERFACE_STATE,
    beyond::V2_CONFIGURATION,
    beyond::V2_ROBUST,
    beyond::V2_NETWORK,
];

/// Version 1.
pub const V1: &[Requirement] = &joined::<{ count(V1_AREAS) }>(V1_AREAS);

/// Version 2.
pub const V2: &[Requirement] = &joined::<{ count(V2_AREAS) }>(V2_AREAS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::hsrp::{HSRP1, HSRP2, clauses, machine, reception};
    use crate::spec::{Edition, Editions, Level, Observable, Protocol};

    const PROTOCOLS: [&Protocol; 2] = [&HSRP1, &HSRP2];

    fn both() -> impl Iterator<Item = &'static Requirement> {
        V1.iter().chain(V2)
    }

    fn find(id: &str) -> &'static Requirement {
        both().find(|requirement| requirement.id == id).unwrap_or_else(|| panic!("{id}"))
    }

    /// What is behind the protocol.
    fn behaviour(requirement: &Requirement) -> &'static str {
        requirement.id.split_once('.').expect("protocol").1
    }

    #[test]
    fn ids_are_unique() {
        let mut ids: Vec<_> = both().map(|requirement| requirement.id).collect();
        ids.sort_unstable();
        for pair in ids.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }

    #[test]
    fn ids_are_protocol_area_and_behaviour() {
        const BOTH: &[&str] = &[
            "encapsulation",
            "pdu",
            "rx",
            "timers",
            "startup",
            "listen",
            "speak",
            "standby",
            "active",
            "shutdown",
            "learning",
            "arp",
            "forwarding",
            "icmp",
            "authentication",
            "tracking",
            "interface-state",
            "configuration",
            "robust",
            "network",
        ];
        const OWN: [&[&str]; 2] = [&[], &["nd"]];
        for (protocol, own) in PROTOCOLS.into_iter().zip(OWN) {
            for requirement in protocol.requirements {
                let words: Vec<&str> = requirement.id.split('.').collect();
                assert_eq!(words.len(), 3, "{}", requirement.id);
                assert_eq!(words[0], protocol.name);
                assert!(BOTH.contains(&words[1]) || own.contains(&words[1]), "{}", requirement.id);
                for word in words {
                    assert!(
                        !word.is_empty() && !word.starts_with('-') && !word.ends_with('-'),
                        "{}",
                        requirement.id
                    );
                    assert!(
                        word.bytes().all(|octet| octet.is_ascii_lowercase()
                            || octet.is_ascii_digit()
                            || octet == b'-'),
                        "{}",
                        requirement.id
                    );
                }
            }
        }
    }

    /// Tests of one version follow from those of the other by the name of the behaviour.
    #[test]
    fn what_one_version_asks_alone() {
        let alone = |of: &[Requirement], other: &[Requirement]| -> Vec<&'static str> {
            let behaviours = of.iter().map(behaviour).filter(|behaviour| !behaviour.starts_with("nd."));
            behaviours.filter(|one| other.iter().all(|other| behaviour(other) != *one)).collect()
        };
        assert_eq!(
            alone(V1, V2),
            [
                "encapsulation.ttl-cisco",
                "encapsulation.token-ring-functional",
                "encapsulation.own-mac",
                "encapsulation.own-mac-discouraged",
                "encapsulation.primary-mac",
                "encapsulation.address-filter",
                "pdu.reserved",
                "pdu.length",
                "pdu.tlv-list",
                "rx.trailing-octets",
                "rx.reserved",
                "timers.jitter",
                "timers.jitter-amount-cisco",
                "startup.internals",
                "active.active-higher-unresigned",
                "active.coup-resigns-cisco",
                "active.resign-unanswered",
                "arp.proxy-any-state-cisco",
                "arp.own-announced",
                "icmp.redirect-cisco",
                "icmp.redirect-others-cisco",
                "icmp.primary-hidden",
                "authentication.md5-data-zero",
                "interface-state.tlv",
                "interface-state.state",
                "configuration.virtual-address-subnet",
                "configuration.token-ring-groups",
                "configuration.parameters-known",
                "configuration.virtual-address-known",
                "network.learning-bridges",
            ]
        );
        assert_eq!(
            alone(V2, V1),
            [
                "encapsulation.destination-ipv6",
                "encapsulation.destination-mac-ipv6",
                "encapsulation.port-ipv6",
                "encapsulation.hop-limit",
                "encapsulation.source-link-local",
                "encapsulation.virtual-mac-ipv6",
                "pdu.group",
                "pdu.virtual-address-fill",
                "pdu.virtual-address-link-local",
                "pdu.tlv-length",
                "pdu.tlv-repeated",
                "pdu.tlv-order",
                "pdu.ip-version",
                "pdu.identifier",
                "rx.group-state-length",
                "rx.group-range",
                "rx.family",
                "rx.hop-limit",
                "rx.identifier",
                "rx.tlv-unknown",
                "rx.tlv-repeated",
                "rx.tlv-order",
                "timers.sub-second",
                "active.priority-wide",
                "authentication.text-missing",
                "configuration.group-limit",
            ]
        );
    }

    #[test]
    fn texts_are_one_sentence_of_their_own() {
        for protocol in PROTOCOLS {
            let mut texts: Vec<_> = protocol.requirements.iter().map(|r| r.text).collect();
            for text in &texts {
                assert!(text.ends_with('.') && !text.trim_end_matches('.').contains(". "), "{text}");
            }
            texts.sort_unstable();
            for pair in texts.windows(2) {
                assert_ne!(pair[0], pair[1]);
            }
        }
    }

    /// What only captures or documents tell, RFC 2281 does not ask.
    #[test]
    fn clauses_are_of_the_editions() {
        for protocol in PROTOCOLS {
            for requirement in protocol.requirements {
                for edition in requirement.editions.iter() {
                    assert!(protocol.editions.contains(edition), "{}", requirement.id);
                    let cited = requirement.clauses.number(edition).is_some();
                    let vendor = requirement.clauses == clauses::CISCO && requirement.level == Level::Info;
                    assert!(cited || vendor, "{} has no clause in {edition}", requirement.id);
                }
            }
        }
    }

    /// What no capture shows fails no router of version 2, and what no capture and no RFC says is not held against it.
    #[test]
    fn levels_follow_from_the_sources() {
        for requirement in both() {
            for edition in [Edition::CiscoHsrp1, Edition::CiscoHsrp2] {
                let Some(source) = requirement.clauses.number(edition) else { continue };
                if !requirement.editions.contains(edition) {
                    continue;
                }
                let most = match source.split(", ").next() {
                    Some("documents" | "unconfirmed") => Level::Info,
                    Some("captures") => Level::Must,
                    _ if edition == Edition::CiscoHsrp2 => Level::Should,
                    _ => Level::Must,
                };
                assert!(requirement.level >= most, "{}: {source}", requirement.id);
            }
        }
    }

    #[test]
    fn rows_are_of_the_protocol_and_of_an_edition_that_asks() {
        for protocol in PROTOCOLS {
            let rows = (protocol.rows)();
            for requirement in protocol.requirements {
                for id in requirement.rows {
                    let row = rows.iter().find(|row| row.id == *id).unwrap_or_else(|| panic!("{id}"));
                    let shared = requirement.editions.iter().any(|edition| row.editions.contains(edition));
                    assert!(shared, "{}: {id}", requirement.id);
                    assert!(machine::impossible(id).is_none(), "{}: {id}", requirement.id);
                }
            }
            for row in rows {
                let shown = |requirement: &&Requirement| {
                    requirement.rows.contains(&row.id) && requirement.level <= Level::Should
                };
                for edition in row.editions.iter() {
                    let mut shown = protocol.requirements.iter().filter(shown);
                    let asked = shown.any(|r| r.editions.contains(edition));
                    assert!(asked || machine::impossible(row.id).is_some(), "{} in {edition}", row.id);
                }
            }
        }
    }

    /// A cell that does nothing is a should of the RFC in lower case; one that does something is a MUST. What names the
    /// cell alone is about the cell.
    #[test]
    fn empty_cells_are_should() {
        for row in machine::V1.rows {
            let empty = row.actions.is_empty() && row.to.is_none();
            let alone = V1.iter().filter(|requirement| requirement.rows == [row.id]);
            let of_it: Vec<_> = alone.filter(|requirement| requirement.level <= Level::Should).collect();
            if empty {
                assert!(of_it.iter().all(|requirement| requirement.level == Level::Should), "{}", row.id);
            } else {
                let must = |requirement: &Requirement| {
                    requirement.rows.contains(&row.id) && requirement.level == Level::Must
                };
                assert!(V1.iter().any(must), "{}", row.id);
            }
        }
    }

    /// A behaviour and what Cisco makes of it are never asked of the same router.
    #[test]
    fn editions_of_a_behaviour_exclude_each_other() {
        for requirement in both() {
            let Some(base) = requirement.id.strip_suffix("-cisco") else { continue };
            assert_eq!(requirement.editions, Editions::ONLY_CISCO1, "{}", requirement.id);
            assert_eq!(find(base).editions, Editions::ONLY_2281, "{base}");
        }
    }

    #[test]
    fn what_cannot_be_seen_has_a_reason() {
        for requirement in both() {
            if let Observable::No(why) = requirement.observable {
                assert!(!why.is_empty() && requirement.rows.is_empty(), "{}", requirement.id);
            }
        }
    }

    /// What the sources leave open, or tell of some routers, or do not confirm.
    const OPEN: &[&str] = &[
        "hsrp1.encapsulation.source-port",
        "hsrp1.encapsulation.type-of-service",
        "hsrp1.encapsulation.source-mac-resign",
        "hsrp1.pdu.coup-state",
        "hsrp1.pdu.resign-state",
        "hsrp1.pdu.reserved",
        "hsrp1.pdu.tlv-list",
        "hsrp1.pdu.tlv-unknown",
        "hsrp1.rx.trailing-octets",
        "hsrp1.rx.ttl",
        "hsrp1.rx.source-port",
        "hsrp1.rx.destination",
        "hsrp1.rx.reserved",
        "hsrp1.timers.jitter-amount-cisco",
        "hsrp1.standby.resign-state",
        "hsrp1.active.active-higher-resigns",
        "hsrp1.active.active-lower-announces",
        "hsrp1.active.coup-resigns-cisco",
        "hsrp1.active.resign-answered",
        "hsrp1.arp.gratuitous-repeated",
        "hsrp1.arp.gratuitous-multicast",
        "hsrp1.arp.proxy-any-state-cisco",
        "hsrp1.icmp.redirect-cisco",
        "hsrp1.icmp.redirect-others-cisco",
        "hsrp1.icmp.redirect-virtual",
        "hsrp1.authentication.md5-key-id",
        "hsrp1.authentication.md5-replay",
        "hsrp1.tracking.decrement",
        "hsrp1.tracking.next-hello",
        "hsrp1.tracking.restored",
        "hsrp1.interface-state.tlv",
        "hsrp1.interface-state.state",
        "hsrp1.interface-state.alone",
        "hsrp1.interface-state.counts",
        "hsrp1.interface-state.on-change",
        "hsrp1.interface-state.periodic",
        "hsrp1.interface-state.source-mac",
        "hsrp1.interface-state.unauthenticated",
        "hsrp1.configuration.default-priority",
        "hsrp1.configuration.preempt-delay",
        "hsrp2.encapsulation.destination-ipv6",
        "hsrp2.encapsulation.destination-mac-ipv6",
        "hsrp2.encapsulation.port-ipv6",
        "hsrp2.encapsulation.hop-limit",
        "hsrp2.encapsulation.type-of-service",
        "hsrp2.encapsulation.source-link-local",
        "hsrp2.encapsulation.source-mac-resign",
        "hsrp2.encapsulation.virtual-mac-ipv6",
        "hsrp2.pdu.coup-state",
        "hsrp2.pdu.resign-state",
        "hsrp2.pdu.group",
        "hsrp2.pdu.authentication-default",
        "hsrp2.pdu.virtual-address-fill",
        "hsrp2.pdu.virtual-address-link-local",
        "hsrp2.pdu.tlv-unknown",
        "hsrp2.pdu.tlv-repeated",
        "hsrp2.pdu.tlv-order",
        "hsrp2.rx.group-range",
        "hsrp2.rx.family",
        "hsrp2.rx.ttl",
        "hsrp2.rx.hop-limit",
        "hsrp2.rx.source-port",
        "hsrp2.rx.destination",
        "hsrp2.rx.identifier",
        "hsrp2.rx.tlv-unknown",
        "hsrp2.rx.tlv-repeated",
        "hsrp2.rx.tlv-order",
        "hsrp2.timers.jitter-amount",
        "hsrp2.standby.resign-state",
        "hsrp2.active.active-lower-announces",
        "hsrp2.active.coup-resigns",
        "hsrp2.active.resign-answered",
        "hsrp2.arp.gratuitous-repeated",
        "hsrp2.arp.gratuitous-multicast",
        "hsrp2.arp.proxy-any-state",
        "hsrp2.nd.active-answers",
        "hsrp2.nd.virtual-mac",
        "hsrp2.nd.router-flag",
        "hsrp2.nd.others-silent",
        "hsrp2.nd.unsolicited",
        "hsrp2.nd.unsolicited-flags",
        "hsrp2.nd.last-router-advertisement",
        "hsrp2.nd.others-no-router-advertisement",
        "hsrp2.icmp.redirect",
        "hsrp2.icmp.redirect-others",
        "hsrp2.icmp.redirect-virtual",
        "hsrp2.authentication.md5-key-id",
        "hsrp2.authentication.md5-replay",
        "hsrp2.tracking.decrement",
        "hsrp2.tracking.next-hello",
        "hsrp2.tracking.restored",
        "hsrp2.interface-state.periodic",
        "hsrp2.interface-state.source-mac",
        "hsrp2.interface-state.unauthenticated",
        "hsrp2.configuration.default-priority",
        "hsrp2.configuration.groups",
        "hsrp2.configuration.group-limit",
        "hsrp2.configuration.preempt-delay",
    ];

    #[test]
    fn what_is_open_fails_nobody() {
        let found: Vec<_> = both().filter(|r| r.level == Level::Info).map(|r| r.id).collect();
        assert_eq!(found, OPEN);
    }

    /// What version 2 asks as a MUST: all of it shown by captures.
    #[test]
    fn what_captures_show_of_the_state_machine() {
        const STATES: [&str; 7] = ["timers", "startup", "listen", "speak", "standby", "active", "shutdown"];
        let of_states = |requirement: &&Requirement| {
            let area = behaviour(requirement).split('.').next();
            requirement.level == Level::Must && area.is_some_and(|area| STATES.contains(&area))
        };
        let found: Vec<_> = V2.iter().filter(of_states).map(|r| r.id).collect();
        assert_eq!(
            found,
            [
                "hsrp2.timers.hellotime",
                "hsrp2.startup.listens",
                "hsrp2.startup.speaks",
                "hsrp2.startup.order",
                "hsrp2.startup.becomes-active",
                "hsrp2.listen.standby-timer",
                "hsrp2.speak.hellos",
                "hsrp2.speak.standby-timer",
                "hsrp2.standby.hellos",
                "hsrp2.standby.active-timer",
                "hsrp2.standby.active-higher",
                "hsrp2.standby.active-lower",
                "hsrp2.active.hellos",
                "hsrp2.active.active-higher",
            ]
        );
    }

    /// Nothing but what captures show is asked more of version 2 than of version 1.
    #[test]
    fn where_version_2_is_stricter() {
        let stricter = |requirement: &&Requirement| {
            let other = V1.iter().find(|other| behaviour(other) == behaviour(requirement));
            other.is_some_and(|other| requirement.level < other.level)
        };
        let found: Vec<_> = V2.iter().filter(stricter).map(|r| r.id).collect();
        assert_eq!(
            found,
            [
                "hsrp2.encapsulation.source-port",
                "hsrp2.encapsulation.virtual-mac",
                "hsrp2.active.active-higher-resigns",
                "hsrp2.interface-state.alone",
                "hsrp2.interface-state.counts",
                "hsrp2.interface-state.on-change",
            ]
        );
    }

    /// The codec's rules on what is sent are requirements: same id, and binding to the same degree. Of version 2 the
    /// codec reports what nobody has seen; that captures of every router agree makes it a MUST here.
    #[test]
    fn rules_of_the_codec_are_requirements() {
        use redspec_codec::Level as Rule;
        use redspec_codec::{frame, hsrp};
        const MUST: &[&str] = &[
            "hsrp2.pdu.tlv-length",
            "hsrp2.pdu.version",
            "hsrp2.pdu.opcode",
            "hsrp2.pdu.state",
            "hsrp2.pdu.ip-version",
            "hsrp2.encapsulation.destination",
            "hsrp2.encapsulation.ttl",
            "hsrp2.encapsulation.source-port",
        ];
        let of_hsrp = |id: &str| id.starts_with("hsrp1.") || id.starts_with("hsrp2.");
        let frames = frame::rules::ALL.iter().filter(|rule| of_hsrp(rule.id));
        let mut more = Vec::new();
        for rule in hsrp::v1::rules::ALL.iter().chain(hsrp::v2::rules::ALL).chain(frames) {
            let expected = match rule.level {
                Rule::Must => Level::Must,
                Rule::Should => Level::Should,
                Rule::Observed => Level::Info,
            };
            let level = find(rule.id).level;
            if level == expected {
                continue;
            }
            assert_eq!((expected, level), (Level::Info, Level::Must), "{}", rule.id);
            more.push(rule.id);
        }
        assert_eq!(more, MUST);
    }

    /// The checks of a received message each have a requirement of their name.
    #[test]
    fn checks_are_requirements_of_their_name() {
        use crate::spec::hsrp::Version;
        for (version, protocol) in [(Version::V1, "hsrp1"), (Version::V2, "hsrp2")] {
            for rule in reception::rules(version) {
                let name = rule.id.rsplit('.').next().expect("a name");
                assert_eq!(find(&format!("{protocol}.rx.{name}")).rows, [rule.id]);
            }
        }
    }
}
