//! What the RFCs ask of a VRRP router: RFC 3768, with RFC 2338 as its older edition, and RFC 5798 and RFC 9568, the
//! latter with its errata.
//!
//! The first word of an id is the protocol, `vrrp2` or `vrrp3`, the second the area. What both protocols ask has the
//! same area and the same behaviour in both. Where the editions of one protocol ask it to different degrees, one of
//! them has a requirement of its own: `-2338` for RFC 2338, `-2010` for RFC 5798; `-2024` for what RFC 9568 dropped.
//!
//! | area | is about | file |
//! |---|---|---|
//! | `encapsulation` | IP and Ethernet around an advertisement that is sent | `format.rs` |
//! | `pdu` | the fields of an advertisement that is sent | `format.rs` |
//! | `rx` | what discards an advertisement that is received, and what must not | `reception.rs` |
//! | `timers` | formulas, and the interval that is learned | `states.rs` |
//! | `startup` | Initialize: owners and others | `states.rs` |
//! | `backup` | Backup: who is waited for, and how long | `states.rs` |
//! | `active` | Master or Active: sending, yielding, and telling of it | `states.rs` |
//! | `shutdown` | what is sent, and what no longer | `states.rs` |
//! | `arp` | who answers for the virtual IPv4 addresses, and gratuitous ARP | `addresses.rs` |
//! | `nd` | the same for IPv6, and Router Advertisements; version 3 only | `addresses.rs` |
//! | `forwarding` | packets through the router, and packets to the virtual addresses | `addresses.rs` |
//! | `icmp` | redirects | `addresses.rs` |
//! | `authentication` | RFC 2338's; version 2 only | `beyond.rs` |
//! | `interoperation` | version 2 beside version 3; version 3 only | `beyond.rs` |
//! | `configuration` | priorities, and what holds where nothing is configured | `beyond.rs` |
//! | `robust` | what no router should send, yet every router gets | `beyond.rs` |
//! | `network` | several routers seen together | `beyond.rs` |
//!
//! Where an RFC has a key word, the level is that of the key word, also for what cannot be seen. A field's definition,
//! a formula and a step of a procedure are a MUST; must and should in lower case, and what only follows from the text,
//! are a SHOULD; what the text leaves open is recorded. The ids of the codec's rules on advertisements are ids of
//! requirements.

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
                clauses: $crate::spec::vrrp::clauses::$clauses,
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

const V2_AREAS: &[&[Requirement]] = &[
    format::V2_ENCAPSULATION,
    format::V2_PDU,
    reception::V2_RX,
    states::V2_TIMERS,
    states::V2_STARTUP,
    states::V2_BACKUP,
    states::V2_ACTIVE,
    states::V2_SHUTDOWN,
    addresses::V2_ARP,
    addresses::V2_FORWARDING,
    addresses::V2_ICMP,
    beyond::V2_AUTHENTICATION,
    beyond::V2_CONFIGURATION,
    beyond::V2_ROBUST,
    beyond::V2_NETWORK,
];

const V3_AREAS: &[&[Requirement]] = &[
    format::V3_ENCAPSULATION,
    format::V3_PDU,
    reception::V3_RX,
    states::V3_TIMERS,
    states::V3_STARTUP,
    states::V3_BACKUP,
    states::V3_ACTIVE,
    states::V3_SHUTDOWN,
    addresses::V3_ARP,
    addresses::V3_ND,
    addresses::V3_FORWARDING,
    addresses::V3_ICMP,
    beyond::V3_INTEROPERATION,
    beyond::V3_CONFIGURATION,
    beyond::V3_ROBUST,
    beyond::V3_NETWORK,
];

/// Version 2.
pub const V2: &[Requirement] = &joined::<{ count(V2_AREAS) }>(V2_AREAS);

/// Version 3.
pub const V3: &[Requirement] = &joined::<{ count(V3_AREAS) }>(V3_AREAS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::vrrp::{VRRP2, VRRP3, clauses};
    use crate::spec::{Edition, Editions, Level, Observable, Protocol};

    const PROTOCOLS: [&Protocol; 2] = [&VRRP2, &VRRP3];

    fn both() -> impl Iterator<Item = &'static Requirement> {
        V2.iter().chain(V3)
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
            "backup",
            "active",
            "shutdown",
            "arp",
            "forwarding",
            "icmp",
            "configuration",
            "robust",
            "network",
        ];
        const OWN: [&[&str]; 2] = [&["authentication"], &["nd", "interoperation"]];
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
    fn what_version_2_asks_version_3_calls_alike() {
        const ONLY_VERSION_2: &[&str] = &[
            "pdu.auth-type",
            "pdu.auth-type-cisco",
            "pdu.authentication-data",
            "pdu.no-authentication",
            "rx.length-2338",
            "rx.truncated-2338",
            "rx.owner-priority-zero",
            "rx.owner-2338",
            "rx.auth-type",
            "rx.authentication",
            "rx.interval-equal",
            "rx.address-list-dropped",
            "rx.address-list-constant",
            "rx.address-list-owner",
            "rx.auth-data-ignored",
            "rx.interval-reported",
            "timers.skew-unscaled",
        ];
        for requirement in V2 {
            let behaviour = behaviour(requirement);
            let alike = V3.iter().any(|other| self::behaviour(other) == behaviour);
            let own = ONLY_VERSION_2.contains(&behaviour) || behaviour.starts_with("authentication.");
            assert_ne!(alike, own, "{behaviour}");
        }
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

    /// Who forwards is the Master in version 2 and the Active router in version 3.
    #[test]
    fn texts_say_master_or_active() {
        for requirement in V2 {
            assert!(!requirement.text.contains("Active"), "{}", requirement.id);
        }
        for requirement in V3 {
            let of_version_2 = requirement.id.starts_with("vrrp3.interoperation.");
            assert!(of_version_2 || !requirement.text.contains("Master"), "{}", requirement.id);
        }
    }

    #[test]
    fn clauses_are_of_the_editions() {
        for protocol in PROTOCOLS {
            for requirement in protocol.requirements {
                for edition in requirement.editions.iter() {
                    assert!(protocol.editions.contains(edition), "{}", requirement.id);
                    let cited = requirement.clauses.number(edition).is_some();
                    let vendor = requirement.clauses == clauses::VENDOR && requirement.level == Level::Info;
                    assert!(cited || vendor, "{} has no clause in {edition}", requirement.id);
                }
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
                }
            }
            for row in rows {
                let shown = |requirement: &&Requirement| {
                    requirement.rows.contains(&row.id) && requirement.level <= Level::Should
                };
                for edition in row.editions.iter() {
                    let mut shown = protocol.requirements.iter().filter(shown);
                    assert!(shown.any(|r| r.editions.contains(edition)), "{} in {edition}", row.id);
                }
            }
        }
    }

    /// A behaviour and what an older or newer edition makes of it are never asked of the same router.
    #[test]
    fn editions_of_a_behaviour_exclude_each_other() {
        for requirement in both() {
            let of = |edition| Editions::of(&[edition]);
            let (base, only) = if let Some(base) = requirement.id.strip_suffix("-2338") {
                (base, of(Edition::Rfc2338))
            } else if let Some(base) = requirement.id.strip_suffix("-2010") {
                (base, of(Edition::Rfc5798))
            } else if let Some(base) = requirement.id.strip_suffix("-2024") {
                (base, of(Edition::Rfc9568))
            } else {
                continue;
            };
            assert_eq!(requirement.editions, only, "{}", requirement.id);
            for other in both().filter(|other| other.id == base) {
                assert!(
                    !requirement.editions.iter().any(|edition| other.editions.contains(edition)),
                    "{base}"
                );
            }
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

    /// What the sources leave open, or the editions, or tell of one product.
    #[test]
    fn what_is_open_fails_nobody() {
        let found: Vec<_> = both().filter(|r| r.level == Level::Info).map(|r| r.id).collect();
        assert_eq!(
            found,
            [
                "vrrp2.pdu.auth-type-cisco",
                "vrrp2.rx.truncated-2338",
                "vrrp2.rx.owner-priority-zero",
                "vrrp2.rx.owner-2338",
                "vrrp2.rx.count-zero",
                "vrrp2.rx.trailing-octets",
                "vrrp2.rx.destination",
                "vrrp2.rx.priority-tagged",
                "vrrp2.active.announcement-order",
                "vrrp2.arp.physical-address",
                "vrrp2.arp.probe",
                "vrrp2.authentication.password-trailing",
                "vrrp2.robust.reassembled",
                "vrrp3.pdu.checksum-message-2010",
                "vrrp3.rx.checksum-form",
                "vrrp3.rx.interval-zero-2010",
                "vrrp3.rx.count-zero-2010",
                "vrrp3.rx.link-local-first-2010",
                "vrrp3.rx.source-address",
                "vrrp3.rx.trailing-octets",
                "vrrp3.rx.destination",
                "vrrp3.rx.priority-tagged",
                "vrrp3.active.lower-unanswered",
                "vrrp3.active.announcement-order",
                "vrrp3.arp.reply-source-mac",
                "vrrp3.arp.gratuitous-target-mac",
                "vrrp3.arp.physical-address",
                "vrrp3.arp.probe",
                "vrrp3.nd.router-flag-2010",
                "vrrp3.nd.eui64-2024",
                "vrrp3.interoperation.version-2-field",
                "vrrp3.configuration.interval-range",
                "vrrp3.robust.reassembled",
                "vrrp3.robust.extension-headers",
                "vrrp3.network.same-interval",
            ]
        );
    }

    /// The same behaviour at two levels: where the versions differ.
    #[test]
    fn levels_that_differ_between_the_versions() {
        let mut differ = Vec::new();
        for requirement in V2 {
            let behaviour = behaviour(requirement);
            let other = V3.iter().find(|other| self::behaviour(other) == behaviour);
            if other.is_some_and(|other| other.level != requirement.level) {
                differ.push(behaviour);
            }
        }
        assert_eq!(
            differ,
            [
                // Version 2 may drop it, version 3 may only log it.
                "rx.address-list",
                "rx.count-zero",
                "active.lower-unanswered",
                // A must in lower case, and a proposal, that RFC 9568 made MUST.
                "arp.proxy",
                "arp.boot-delayed",
                "network.same-interval",
            ]
        );
    }

    /// The codec's rules on what is sent are requirements: same id, and binding to the same degree.
    #[test]
    fn rules_of_the_codec_are_requirements() {
        use redspec_codec::Level as Rule;
        use redspec_codec::vrrp;
        for rule in vrrp::v2::rules::ALL.iter().chain(vrrp::v3::rules::ALL) {
            let expected = match rule.level {
                Rule::Must => Level::Must,
                Rule::Should => Level::Should,
                Rule::Observed => Level::Info,
            };
            assert_eq!(find(rule.id).level, expected, "{}", rule.id);
        }
    }
}
