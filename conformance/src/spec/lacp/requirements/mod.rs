//! What 802.1AX asks of a LACP device.
//!
//! The first two words of an id are the protocol and the area:
//!
//! | area | is about | file |
//! |---|---|---|
//! | `encapsulation` | the frame around a LACPDU, and which frames are one | `format.rs` |
//! | `pdu` | the fields of a LACPDU that is sent | `format.rs` |
//! | `rx` | Receive machine: timeouts, EXPIRED, DEFAULTED, what is validated | `receive.rs` |
//! | `record` | what is recorded of the partner, and when it is in sync | `receive.rs` |
//! | `selected` | what makes a port choose its Aggregator anew | `receive.rs` |
//! | `ntt` | what makes a port send at once | `transmit.rs` |
//! | `periodic` | what a port sends without a reason | `transmit.rs` |
//! | `tx` | how often it may send | `transmit.rs` |
//! | `mux` | waiting, attaching, collecting, distributing | `attach.rs` |
//! | `selection` | which ports share an Aggregator | `attach.rs` |
//! | `link` | carrier and administration come and go | `link.rs` |
//! | `churn` | no synchronization for too long | `link.rs` |
//! | `v2` | version 2 | `beyond.rs` |
//! | `robust` | what no device should send, yet every device gets | `beyond.rs` |
//! | `fallback` | vendors' ways without a partner | `beyond.rs` |
//! | `mclag` | two chassis as one system | `beyond.rs` |
//!
//! The ids of the codec's rules on LACPDUs are ids of requirements, so what an audit finds is a finding here.

mod attach;
mod beyond;
mod format;
mod link;
mod receive;
mod transmit;

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
                clauses: $crate::spec::lacp::clauses::$clauses,
                editions: $crate::spec::Editions::$editions,
                level: $crate::spec::Level::$level,
                text: $text,
                observable: $crate::spec::Observable::$observable $(($why))?,
                rows: &[$($($row),+)?],
            }
        ),+]
    };
}
pub(in crate::spec) use requirements;

const AREAS: &[&[Requirement]] = &[
    format::ENCAPSULATION,
    format::PDU,
    receive::RX,
    receive::RECORD,
    receive::SELECTED,
    transmit::NTT,
    transmit::PERIODIC,
    transmit::TX,
    attach::MUX,
    attach::SELECTION,
    link::LINK,
    link::CHURN,
    beyond::V2,
    beyond::ROBUST,
    beyond::FALLBACK,
    beyond::MCLAG,
];

/// All of them.
pub const ALL: &[Requirement] = &joined::<{ count(AREAS) }>(AREAS);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::lacp::PROTOCOL;
    use crate::spec::{Clauses, Edition, Level, Observable, marker};

    fn both() -> impl Iterator<Item = &'static Requirement> {
        ALL.iter().chain(marker::requirements::ALL)
    }

    fn level_of(id: &str) -> Level {
        both().find(|requirement| requirement.id == id).unwrap_or_else(|| panic!("{id}")).level
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
        const LACP: &[&str] = &[
            "encapsulation",
            "pdu",
            "rx",
            "record",
            "selected",
            "ntt",
            "periodic",
            "tx",
            "mux",
            "selection",
            "link",
            "churn",
            "v2",
            "robust",
            "fallback",
            "mclag",
        ];
        const MARKER: &[&str] = &["pdu", "response", "responder", "generator"];
        for (requirements, protocol, areas) in
            [(ALL, PROTOCOL.name, LACP), (marker::requirements::ALL, marker::PROTOCOL.name, MARKER)]
        {
            for requirement in requirements {
                let words: Vec<&str> = requirement.id.split('.').collect();
                assert!((3..=4).contains(&words.len()), "{}", requirement.id);
                assert_eq!(words[0], protocol);
                assert!(areas.contains(&words[1]), "{}", requirement.id);
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

    #[test]
    fn texts_are_one_sentence_of_their_own() {
        let mut texts: Vec<_> = both().map(|requirement| requirement.text).collect();
        for text in &texts {
            assert!(text.ends_with('.') && !text.trim_end_matches('.').contains(". "), "{text}");
        }
        texts.sort_unstable();
        for pair in texts.windows(2) {
            assert_ne!(pair[0], pair[1]);
        }
    }

    #[test]
    fn clauses_are_of_the_editions() {
        for requirement in both() {
            for edition in requirement.editions.iter() {
                assert!(PROTOCOL.editions.contains(edition), "{}", requirement.id);
                let cited = requirement.clauses.number(edition).is_some();
                let vendor = requirement.clauses == Clauses(&[]);
                // A clause that exists from a later edition on: what an older device does with it is recorded.
                let later = edition == Edition::Dot1Ax2008 && requirement.level == Level::Info;
                assert!(cited || vendor || later, "{} has no clause in {edition}", requirement.id);
                assert!(!vendor || requirement.level == Level::Info, "{} stands nowhere", requirement.id);
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_fails_nobody() {
        for requirement in both() {
            if let Observable::No(why) = requirement.observable {
                assert_eq!(requirement.level, Level::Info, "{}", requirement.id);
                assert!(!why.is_empty(), "{}", requirement.id);
            }
        }
    }

    /// What the sources leave open, or do not confirm, or tell of one product.
    #[test]
    fn what_is_unconfirmed_fails_nobody() {
        for id in [
            // How the frame is sent, and which frames around a LACPDU are taken.
            "lacp.encapsulation.source-per-port",
            "lacp.encapsulation.untagged",
            "lacp.encapsulation.unicast-destination",
            "lacp.encapsulation.alternative-destination",
            "lacp.encapsulation.priority-tagged-frame",
            "lacp.encapsulation.snap-frame",
            "lacp.tx.slow-protocol-limit",
            // Port or key zero, frame lengths, versions of others.
            "lacp.pdu.actor-key-nonzero",
            "lacp.robust.port-zero",
            "lacp.robust.key-zero",
            "lacp.robust.truncated-pdu",
            "lacp.robust.long-version-1-pdu",
            "lacp.robust.mad-trailer",
            "lacp.robust.retry-count-extension",
            "lacp.v2.accepted-by-version-1",
            "lacp.v2.long-pdu",
            // Editions that differ in what no source settles.
            "lacp.rx.port-moved-2020",
            "lacp.rx.timeout-path",
            "lacp.rx.expired-announced",
            "lacp.record.default-partner-in-sync-2008",
            "lacp.mux.return-keeps-synchronization",
            "lacp.mux.return-without-wait",
            // No rule, or none for a device that does without wait_while.
            "lacp.ntt.single-reply",
            "lacp.periodic.own-timeout-change-announced",
            "lacp.selection.individual-runs",
            "lacp.selection.reflection",
            "lacp.selection.ready-waits-for-all",
            "lacp.link.removed-last-pdu",
            // Marker: the text on validation, rate and idle ports.
            "marker.response.version",
            "marker.response.reserved",
            "marker.responder.version-not-validated",
            "marker.responder.reserved-not-validated",
            "marker.responder.malformed",
            "marker.responder.nothing-invented",
            "marker.responder.other-requester",
            "marker.responder.idle-port",
            "marker.responder.rate",
            "marker.responder.flood-lacp-undisturbed",
        ] {
            assert_eq!(level_of(id), Level::Info, "{id}");
        }
        for requirement in ALL.iter().filter(|requirement| requirement.id.starts_with("lacp.fallback.")) {
            assert_eq!(requirement.level, Level::Info, "{}", requirement.id);
        }
    }

    /// What the standard permits is a permission, what it recommends a recommendation.
    #[test]
    fn levels_other_than_must() {
        let of = |level| both().filter(move |requirement| requirement.level == level).map(|r| r.id);
        assert_eq!(
            of(Level::Should).collect::<Vec<_>>(),
            ["lacp.selection.lowest-port", "lacp.selection.standby-priority"]
        );
        assert_eq!(
            of(Level::May).collect::<Vec<_>>(),
            [
                "lacp.rx.length-validation",
                "lacp.rx.terminator-length-validation",
                "lacp.mux.collecting-receives-data",
                "lacp.selection.may-force-others",
                "marker.generator.optional",
            ]
        );
    }

    /// The codec's rules on what is sent are requirements: same id, and binding to the same degree.
    #[test]
    fn rules_of_the_codec_are_requirements() {
        use redspec_codec::Level as Rule;
        let rules =
            redspec_codec::slow::lacp::rules::ALL.iter().chain(redspec_codec::slow::marker::rules::ALL);
        for rule in rules {
            let expected = match rule.level {
                Rule::Must => Level::Must,
                Rule::Should => Level::Should,
                Rule::Observed => Level::Info,
            };
            assert_eq!(level_of(rule.id), expected, "{}", rule.id);
        }
    }
}
