//! The test catalogue of LACP and Marker, row by row, and the requirements that each row exercises.
//!
//! Letters are groups, numbers count within them: `B-07`. Tests and monitors are written from it, and what no row
//! exercises shows up as untested.

macro_rules! rows {
    ($( $row:literal: $($requirement:literal)+; )+) => { &[$(($row, &[$($requirement),+])),+] };
}

/// Each row's name and its requirements, the one that it is about first.
pub const CATALOGUE: &[(&str, &[&str])] = rows! {
    // A: what is transmitted.
    "A-01": "lacp.encapsulation.destination" "lacp.link.first-pdu";
    "A-02": "lacp.encapsulation.source-individual" "lacp.encapsulation.source-constant"
        "lacp.encapsulation.source-per-port";
    "A-03": "lacp.encapsulation.ethertype" "lacp.encapsulation.untagged" "lacp.encapsulation.length";
    "A-04": "lacp.pdu.subtype" "lacp.pdu.version" "lacp.pdu.tlv-type" "lacp.pdu.tlv-length";
    "A-05": "lacp.pdu.reserved";
    "A-06": "lacp.pdu.actor-system" "lacp.pdu.actor-system-common" "lacp.pdu.actor-port"
        "lacp.pdu.actor-port-unique" "lacp.pdu.actor-identity-constant";
    "A-07": "lacp.pdu.actor-key-common" "lacp.pdu.actor-key-distinct" "lacp.pdu.actor-key-nonzero";
    "A-08": "lacp.mux.collecting-needs-synchronization" "lacp.mux.distributing-needs-collecting";
    "A-09": "lacp.rx.first-pdu-expired" "lacp.rx.first-pdu-defaulted" "lacp.link.first-pdu";
    "A-10": "lacp.pdu.activity-configured" "lacp.pdu.timeout-configured" "lacp.pdu.aggregation-configured"
        "lacp.pdu.administrative-bits-constant";
    "A-11": "lacp.rx.expired-partner-out-of-sync" "lacp.rx.expired-partner-short-timeout";
    "A-12": "lacp.record.default-partner" "lacp.record.default-partner-constant"
        "lacp.record.default-partner-values";

    // B: reception, validation, robustness.
    "B-01": "lacp.rx.version-not-validated" "lacp.record.state-bits";
    "B-02": "lacp.rx.tlv-type-not-validated" "lacp.record.state-bits";
    "B-03": "lacp.rx.reserved-not-validated" "lacp.record.state-bits" "lacp.pdu.reserved";
    "B-04": "lacp.rx.length-validation" "lacp.robust.wrong-length-partner-intact"
        "lacp.robust.answers-after-malformed";
    "B-05": "lacp.rx.terminator-length-validation";
    "B-06": "lacp.robust.truncated-pdu" "lacp.robust.truncated-partner-whole"
        "lacp.robust.truncated-no-foreign-octets";
    "B-07": "lacp.robust.truncated-pdu" "lacp.robust.truncated-partner-whole"
        "lacp.robust.truncated-no-foreign-octets" "lacp.robust.answers-after-malformed";
    "B-08": "lacp.robust.long-version-1-pdu" "lacp.robust.long-pdu-partner-intact" "lacp.robust.mad-trailer"
        "lacp.robust.answers-after-malformed";
    "B-09": "lacp.v2.accepted-by-version-2" "lacp.v2.accepted-by-version-1";
    "B-10": "lacp.v2.long-pdu" "lacp.robust.answers-after-malformed";
    "B-11": "lacp.robust.retry-count-extension";
    "B-12": "lacp.encapsulation.illegal-subtype" "lacp.encapsulation.reserved-subtype"
        "lacp.encapsulation.other-slow-protocol" "lacp.encapsulation.unknown-counter"
        "lacp.encapsulation.illegal-counter";
    "B-13": "lacp.encapsulation.foreign-destination" "lacp.encapsulation.unicast-destination";
    "B-14": "lacp.encapsulation.alternative-destination";
    "B-15": "lacp.encapsulation.tagged-frame" "lacp.encapsulation.priority-tagged-frame"
        "lacp.encapsulation.snap-frame";
    "B-16": "lacp.robust.port-zero" "lacp.robust.key-zero" "lacp.robust.answers-after-malformed";
    "B-17": "lacp.robust.flood-recovery" "lacp.robust.flood-identity-kept" "lacp.tx.limit"
        "lacp.tx.limit-2020";

    // C: Receive machine and timeouts.
    "C-01": "lacp.link.first-pdu" "lacp.rx.first-pdu-expired" "lacp.periodic.expired-fast";
    "C-02": "lacp.rx.defaulted-after-expired" "lacp.rx.expired-lasts-short-timeout"
        "lacp.record.default-partner" "lacp.selected.default-unchanged" "lacp.periodic.defaulted-rate";
    "C-03": "lacp.rx.lacpdu-ends-defaulted" "lacp.record.identity"
        "lacp.record.needs-partner-synchronization";
    "C-04": "lacp.rx.expired-after-short-timeout" "lacp.rx.expired-keeps-partner"
        "lacp.rx.expired-partner-out-of-sync" "lacp.rx.expired-partner-short-timeout"
        "lacp.mux.expired-stops-traffic" "lacp.rx.expired-announced";
    "C-05": "lacp.rx.short-timeout-not-early";
    "C-06": "lacp.rx.expired-after-long-timeout" "lacp.rx.long-timeout-not-early"
        "lacp.periodic.long-to-short" "lacp.periodic.expired-fast" "lacp.ntt.entering-attached"
        "lacp.mux.expired-stops-traffic";
    "C-07": "lacp.rx.expired-lasts-short-timeout" "lacp.rx.defaulted-after-expired"
        "lacp.selected.default-change" "lacp.ntt.entering-detached" "lacp.record.default-partner";
    "C-08": "lacp.rx.lacpdu-ends-expired" "lacp.rx.expired-recovers-at-once" "lacp.mux.partner-sync-regained";
    "C-09": "lacp.rx.own-timeout-decides" "lacp.rx.long-timeout-not-early"
        "lacp.rx.expired-after-short-timeout";
    "C-10": "lacp.rx.any-lacpdu-restarts-timer";
    "C-11": "lacp.rx.only-lacpdus-restart-timer" "marker.responder.lacp-untouched";
    "C-12": "lacp.rx.ports-independent" "lacp.selection.others-undisturbed";
    "C-13": "lacp.rx.lacpdu-ends-expired" "lacp.record.identity";
    "C-14": "lacp.rx.lacpdu-ends-expired" "lacp.selected.system" "lacp.mux.unselected-detaches"
        "lacp.mux.wait-while" "lacp.selection.reselects";
    "C-15": "lacp.rx.defaulted-stays" "lacp.record.default-partner-constant";
    "C-16": "lacp.rx.lacpdu-ends-defaulted" "lacp.mux.unselected-detaches" "lacp.mux.wait-while"
        "lacp.selection.reselects";

    // D: update_Selected.
    "D-01": "lacp.selected.system" "lacp.selected.system-priority" "lacp.selected.key" "lacp.selected.port"
        "lacp.selected.port-priority" "lacp.selected.aggregation" "lacp.mux.unselected-detaches"
        "lacp.mux.wait-while" "lacp.selection.reselects" "lacp.selection.individual-runs"
        "lacp.selection.time";
    "D-02": "lacp.selected.other-bits-ignored" "lacp.selected.other-fields-ignored";
    "D-03": "lacp.selected.synchronization-ignored" "lacp.mux.partner-sync-lost"
        "lacp.record.needs-partner-synchronization";
    "D-04": "lacp.selected.changing-partner-not-collecting" "lacp.mux.wait-while-restarts"
        "lacp.selection.reselects";

    // E: recordPDU.
    "E-01": "lacp.record.mismatch.blank" "lacp.mux.collecting-needs-partner-synchronization";
    "E-02": "lacp.record.mismatch.port" "lacp.record.mismatch.port-priority" "lacp.record.mismatch.system"
        "lacp.record.mismatch.system-priority" "lacp.record.mismatch.key"
        "lacp.mux.collecting-needs-partner-synchronization" "lacp.selected.partner-view-ignored"
        "lacp.ntt.mismatch.port" "lacp.ntt.mismatch.port-priority" "lacp.ntt.mismatch.system"
        "lacp.ntt.mismatch.system-priority" "lacp.ntt.mismatch.key";
    "E-03": "lacp.record.mismatch.aggregation" "lacp.mux.collecting-needs-partner-synchronization"
        "lacp.selected.partner-view-ignored" "lacp.ntt.mismatch.aggregation";
    "E-04": "lacp.record.match" "lacp.mux.partner-sync" "lacp.selected.partner-view-ignored";
    "E-05": "lacp.record.individual-needs-no-match" "lacp.selection.individual-runs";
    "E-06": "lacp.record.passive-partner" "lacp.record.passive-partner-sees-passive"
        "lacp.mux.partner-sync-lost";
    "E-07": "lacp.record.other-partner-bits-ignored" "lacp.record.match" "lacp.mux.partner-sync";
    "E-08": "lacp.record.ntt-bits-ignored" "lacp.record.match" "lacp.mux.partner-sync"
        "lacp.ntt.mismatch.timeout" "lacp.ntt.mismatch.synchronization" "lacp.ntt.mismatch.activity";
    "E-09": "lacp.record.identity" "lacp.record.state-bits" "lacp.ntt.mismatch.timeout";

    // F: NTT.
    "F-01": "lacp.ntt.mismatch.port" "lacp.ntt.mismatch.port-priority" "lacp.ntt.mismatch.system"
        "lacp.ntt.mismatch.system-priority" "lacp.ntt.mismatch.key" "lacp.ntt.mismatch.activity"
        "lacp.ntt.mismatch.timeout" "lacp.ntt.mismatch.synchronization" "lacp.ntt.mismatch.aggregation"
        "lacp.ntt.single-reply" "lacp.tx.current-values";
    "F-02": "lacp.ntt.no-reply.collecting" "lacp.ntt.no-reply.distributing" "lacp.ntt.no-reply.defaulted"
        "lacp.ntt.no-reply.expired" "lacp.ntt.no-reply.reserved" "lacp.ntt.no-reply.match";
    "F-03": "lacp.ntt.reply-shows-sender" "lacp.record.identity";
    "F-04": "lacp.ntt.entering-collecting" "lacp.ntt.entering-attached" "lacp.ntt.entering-detached"
        "lacp.ntt.entering-distributing";
    "F-05": "lacp.periodic.unaffected-by-ntt" "lacp.periodic.restarted-by-ntt";

    // G: periodic transmission.
    "G-01": "lacp.periodic.fast";
    "G-02": "lacp.periodic.slow";
    "G-03": "lacp.periodic.long-to-short";
    "G-04": "lacp.periodic.short-to-long";
    "G-05": "lacp.periodic.partner-timeout-decides" "lacp.pdu.timeout-configured"
        "lacp.periodic.own-timeout-change-announced";
    "G-06": "lacp.periodic.passive-follows-active";
    "G-07": "lacp.periodic.passive-waits";
    "G-08": "lacp.periodic.both-passive-silent" "lacp.tx.ntt-dropped-while-idle"
        "lacp.tx.ntt-kept-while-idle";
    "G-09": "lacp.periodic.partner-turns-passive" "lacp.periodic.partner-turns-active"
        "lacp.tx.ntt-dropped-while-idle" "lacp.tx.ntt-kept-while-idle";
    "G-10": "lacp.periodic.passive-expired" "lacp.periodic.passive-defaulted";
    "G-11": "lacp.periodic.defaulted-rate";
    "G-12": "lacp.periodic.one-active-side";
    "G-13": "lacp.periodic.passive-begins" "lacp.periodic.passive-follows-active";

    // H: transmission limits.
    "H-01": "lacp.tx.limit" "lacp.tx.limit-2020" "lacp.tx.slow-protocol-limit";
    "H-02": "lacp.tx.delayed-not-lost" "lacp.tx.state-not-queue" "lacp.tx.current-values";
    "H-03": "lacp.tx.limit-sustained" "lacp.tx.limit" "lacp.tx.limit-2020" "lacp.tx.not-starved"
        "lacp.tx.slow-protocol-limit";
    "H-04": "lacp.tx.prompt";

    // I: Mux machine and data.
    "I-01": "lacp.mux.attached-holds" "lacp.mux.collecting-needs-partner-synchronization";
    "I-02": "lacp.mux.wait-while" "lacp.mux.unselected-detaches" "lacp.selection.time";
    "I-03": "lacp.mux.partner-sync" "lacp.mux.independent.waits-for-partner-collecting"
        "lacp.mux.coupled.together";
    "I-04": "lacp.mux.independent.partner-collecting" "lacp.ntt.entering-distributing"
        "lacp.ntt.entering-distributing-independent";
    "I-05": "lacp.mux.independent.partner-collecting-lost";
    "I-06": "lacp.mux.coupled.ignores-partner-collecting";
    "I-07": "lacp.mux.partner-sync-lost" "lacp.mux.partner-sync-regained";
    "I-08": "lacp.mux.attached-sends-no-data" "lacp.mux.attached-receives-no-data"
        "lacp.mux.collecting-receives-data";
    "I-09": "lacp.mux.up-passes-data" "lacp.encapsulation.consumed";
    "I-10": "lacp.mux.independent.partner-sync-lost";
    "I-11": "lacp.mux.wait-while-restarts";
    "I-12": "lacp.mux.wait-while-keeps-running" "lacp.mux.collecting-needs-partner-synchronization";
    "I-13": "lacp.mux.wait-to-restore" "lacp.mux.wait-to-restore-out-of-sync";

    // J: selection, several links.
    "J-01": "lacp.selection.same-lag";
    "J-02": "lacp.selection.partner-key" "lacp.selection.none-left";
    "J-03": "lacp.selection.partner-system" "lacp.selection.partner-system-priority"
        "lacp.selection.none-left";
    "J-04": "lacp.selection.others-undisturbed" "lacp.selected.key";
    "J-05": "lacp.selection.reselects" "lacp.selection.same-lag" "lacp.selection.others-undisturbed";
    "J-06": "lacp.selection.own-key-announced" "lacp.selection.own-key";
    "J-07": "lacp.selection.individual-one-aggregator" "lacp.selection.individual-shares-nothing"
        "lacp.selection.none-left";
    "J-08": "lacp.selection.loopback";
    "J-09": "lacp.selection.reflection" "lacp.robust.answers-after-malformed" "lacp.tx.limit"
        "lacp.tx.limit-2020";
    "J-10": "lacp.rx.port-moved" "lacp.rx.port-moved-2020";
    "J-11": "lacp.selection.standby-limit" "lacp.selection.standby-detached"
        "lacp.selection.standby-priority";
    "J-12": "lacp.selection.standby-takes-over";
    "J-13": "lacp.selection.ready-waits-for-all";
    "J-14": "lacp.selection.same-lag" "lacp.selection.others-undisturbed";

    // K: Marker.
    "K-01": "marker.responder.answers" "marker.responder.once" "marker.responder.same-port"
        "marker.responder.requester" "marker.responder.transaction" "marker.responder.version"
        "marker.responder.length" "marker.responder.destination" "marker.responder.source"
        "marker.pdu.tlv-type" "marker.pdu.tlv-length";
    "K-02": "marker.responder.transaction" "marker.responder.once";
    "K-03": "marker.responder.reserved-not-validated" "marker.response.reserved";
    "K-04": "marker.responder.no-answer-to-response";
    "K-05": "marker.responder.version-not-validated" "marker.response.version";
    "K-06": "marker.responder.malformed" "marker.responder.nothing-invented"
        "lacp.robust.answers-after-malformed";
    "K-07": "marker.responder.rate" "marker.responder.flood-lacp-undisturbed";
    "K-08": "marker.responder.same-port" "marker.responder.idle-port";
    "K-09": "marker.generator.optional" "marker.generator.requester" "marker.generator.length"
        "marker.generator.encapsulation" "marker.pdu.version" "marker.pdu.tlv-type" "marker.pdu.tlv-length"
        "marker.pdu.reserved";
    "K-10": "marker.responder.other-requester";

    // L: link and administration.
    "L-01": "lacp.link.silent-while-down" "lacp.link.first-pdu" "lacp.rx.first-pdu-expired"
        "lacp.link.return-keeps-partner" "lacp.link.return-without-traffic"
        "lacp.mux.return-keeps-synchronization";
    "L-02": "lacp.link.return-resumes" "lacp.mux.return-without-wait";
    "L-03": "lacp.link.other-ports-unaffected" "lacp.link.silent-while-down";
    "L-04": "lacp.link.partner-restart" "lacp.mux.partner-sync-lost";
    "L-05": "lacp.selection.own-change-announced" "lacp.selection.own-change-reselects";
    "L-06": "lacp.link.removed" "lacp.link.removed-last-pdu";
    "L-07": "lacp.robust.flaps-recovery" "lacp.link.return-without-traffic";
    "L-08": "lacp.link.disabled-silent" "lacp.rx.ignored-while-disabled" "lacp.link.enabled-starts-anew";
    "L-09": "lacp.link.return-new-partner" "lacp.selected.system";

    // M: churn.
    "M-01": "lacp.churn.partner-declared" "lacp.churn.actor-declared";
    "M-02": "lacp.churn.partner-cleared" "lacp.churn.actor-cleared";

    // N: version 2.
    "N-01": "lacp.v2.version-configured" "lacp.v2.interworks-with-version-1"
        "lacp.v2.long-pdus-only-if-enabled";
    "N-02": "lacp.pdu.tlv-length" "lacp.pdu.tlv-list" "lacp.pdu.tlv-order" "lacp.pdu.tlv-repeated"
        "lacp.pdu.tlv-unknown" "lacp.v2.masks-in-long-pdus" "lacp.v2.no-masks" "lacp.encapsulation.length";
    "N-03": "lacp.v2.missing-tlvs" "lacp.v2.changed-digest" "lacp.v2.distribution";
    "N-04": "lacp.v2.version-change" "lacp.v2.no-long-pdus-to-version-1";

    // O: fallback, individual links, MC-LAG.
    "O-01": "lacp.fallback.without-partner" "lacp.record.default-partner-in-sync"
        "lacp.record.default-partner-in-sync-2008";
    "O-02": "lacp.fallback.static";
    "O-03": "lacp.fallback.one-port" "lacp.fallback.one-port-pdu";
    "O-04": "lacp.fallback.ends";
    "O-05": "lacp.fallback.suspended";
    "O-06": "lacp.fallback.forced-up";
    "O-07": "lacp.fallback.one-port" "lacp.fallback.ends" "lacp.fallback.reentered" "lacp.fallback.no-loop";
    "O-08": "lacp.mclag.two-chassis-one-lag" "lacp.pdu.actor-key-common";
    "O-09": "lacp.mclag.split-brain-leaves" "lacp.mclag.split-brain-stays-out"
        "lacp.selection.others-undisturbed";
    "O-10": "lacp.mclag.hot-standby-attached" "lacp.mclag.hot-standby-swap";
    "O-11": "lacp.mclag.one-system" "lacp.mclag.node-in-port-number";
};

/// The requirements of a row.
pub fn requirements_of(row: &str) -> Option<&'static [&'static str]> {
    CATALOGUE.iter().find(|(name, _)| *name == row).map(|(_, ids)| *ids)
}

/// The rows that exercise a requirement.
pub fn rows_of(requirement: &str) -> impl Iterator<Item = &'static str> {
    CATALOGUE.iter().filter(move |(_, ids)| ids.contains(&requirement)).map(|(row, _)| *row)
}

/// Requirements that no test judges although it could be told from outside, and why not.
pub const UNJUDGED: &[(&str, &str)] = &[
    ("lacp.encapsulation.unknown-counter", "the reference does not tell its counters"),
    ("lacp.encapsulation.illegal-counter", "the reference does not tell its counters"),
    ("lacp.mux.wait-to-restore-non-revertive", "one source alone has it, and no reference is non-revertive"),
    ("lacp.selection.an-aggregator", "that a system has an Aggregator is taken for granted by every test"),
    ("lacp.selection.may-force-others", "a permission"),
    ("lacp.selection.lowest-port", "the device has to tell which Aggregator is which"),
    ("lacp.v2.no-long-pdus-to-version-1", "no reference sends long LACPDUs"),
    ("lacp.v2.partner-version-recorded", "the device has to tell"),
    ("lacp.mclag.peer-link-lost", "differs from vendor to vendor"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{Observable, lacp, marker};

    /// Groups and how many rows each has.
    const GROUPS: &[(char, usize)] = &[
        ('A', 12),
        ('B', 17),
        ('C', 16),
        ('D', 4),
        ('E', 9),
        ('F', 5),
        ('G', 13),
        ('H', 4),
        ('I', 13),
        ('J', 14),
        ('K', 10),
        ('L', 9),
        ('M', 2),
        ('N', 4),
        ('O', 11),
    ];

    #[test]
    fn every_row_is_there_once_and_in_order() {
        let expected: Vec<String> = GROUPS
            .iter()
            .flat_map(|(group, rows)| (1..=*rows).map(move |number| format!("{group}-{number:02}")))
            .collect();
        let rows: Vec<&str> = CATALOGUE.iter().map(|(row, _)| *row).collect();
        assert_eq!(rows, expected);
        assert_eq!(rows.len(), 143);
    }

    #[test]
    fn rows_name_requirements_that_exist() {
        for (row, ids) in CATALOGUE {
            assert!(!ids.is_empty(), "{row}");
            for (at, id) in ids.iter().enumerate() {
                assert!(crate::spec::requirement::find(id).is_some(), "{row}: {id}");
                assert!(!ids[..at].contains(id), "{row}: {id} twice");
            }
        }
    }

    const WITHOUT_ROW: &[(&str, &str)] = &[
        ("lacp.pdu.collector-max-delay", "recorded from whatever LACPDU is read"),
        ("lacp.rx.partner-admin-change", "one source alone has it"),
        ("lacp.record.passive-port", "both ends are silent, and no row makes one speak"),
        ("lacp.mux.wait-to-restore-restarts", "one source alone has it"),
        ("lacp.mux.wait-to-restore-non-revertive", "one source alone has it"),
        ("lacp.link.disabled-individual", "the device has to tell, and no row asks it"),
        ("lacp.selection.an-aggregator", "taken for granted by every row"),
        ("lacp.selection.lowest-port", "the device has to tell which Aggregator is which"),
        ("lacp.selection.may-force-others", "a permission"),
        ("lacp.churn.monitored-again", "the device has to tell, and no row asks it"),
        ("lacp.v2.partner-version-recorded", "the device has to tell"),
        ("lacp.mclag.equal-port-numbers", "a misconfiguration, only recorded"),
        ("lacp.mclag.peer-link-lost", "differs from vendor to vendor"),
    ];

    #[test]
    fn requirements_have_a_row_or_a_reason() {
        for requirement in lacp::requirements::ALL.iter().chain(marker::requirements::ALL) {
            let excused = matches!(requirement.observable, Observable::No(_))
                || WITHOUT_ROW.iter().any(|(id, _)| *id == requirement.id);
            let rows = rows_of(requirement.id).count();
            assert!(rows > 0 || excused, "{} has no row", requirement.id);
        }
        for (id, reason) in WITHOUT_ROW {
            assert!(crate::spec::requirement::find(id).is_some(), "{id}");
            assert_eq!(rows_of(id).count(), 0, "{id} has a row: {reason}");
        }
    }

    #[test]
    fn look_up_both_ways() {
        assert_eq!(requirements_of("A-05"), Some(&["lacp.pdu.reserved"][..]));
        assert_eq!(requirements_of("A-99"), None);
        assert_eq!(rows_of("lacp.rx.any-lacpdu-restarts-timer").collect::<Vec<_>>(), ["C-10"]);
    }
}
