//! The requirements that these monitors judge.

use crate::monitor::court::Question;

macro_rules! questions {
    ($( $NAME:ident = $id:literal; )+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        enum Place { $($NAME),+ }
        $( pub(super) const $NAME: Question = Question(Place::$NAME as usize); )+

        /// Their ids.
        pub(in crate::monitor) const REQUIREMENTS: &[&str] = &[$($id),+];
    };
}

questions! {
    LACP_DESTINATION = "lacp.encapsulation.destination";
    LACP_SOURCE = "lacp.encapsulation.source-individual";
    LACP_SOURCE_CONSTANT = "lacp.encapsulation.source-constant";
    LACP_UNTAGGED = "lacp.encapsulation.untagged";
    LACP_LENGTH = "lacp.encapsulation.length";

    PDU_VERSION = "lacp.pdu.version";
    PDU_TLV_TYPE = "lacp.pdu.tlv-type";
    PDU_TLV_LENGTH = "lacp.pdu.tlv-length";
    PDU_TLV_LIST = "lacp.pdu.tlv-list";
    PDU_TLV_ORDER = "lacp.pdu.tlv-order";
    PDU_TLV_REPEATED = "lacp.pdu.tlv-repeated";
    PDU_TLV_UNKNOWN = "lacp.pdu.tlv-unknown";
    PDU_RESERVED = "lacp.pdu.reserved";
    PDU_ACTOR_SYSTEM = "lacp.pdu.actor-system";
    PDU_ACTOR_PORT = "lacp.pdu.actor-port";
    PDU_PORT_UNIQUE = "lacp.pdu.actor-port-unique";
    PDU_ACTOR_KEY = "lacp.pdu.actor-key-nonzero";
    PDU_IDENTITY_CONSTANT = "lacp.pdu.actor-identity-constant";
    PDU_BITS_CONSTANT = "lacp.pdu.administrative-bits-constant";
    V2_MASKS_IN_LONG = "lacp.v2.masks-in-long-pdus";
    V2_NO_MASKS = "lacp.v2.no-masks";

    MUX_COLLECTING = "lacp.mux.collecting-needs-synchronization";
    MUX_DISTRIBUTING = "lacp.mux.distributing-needs-collecting";
    MUX_PARTNER_SYNC = "lacp.mux.collecting-needs-partner-synchronization";
    MUX_EXPIRED = "lacp.mux.expired-stops-traffic";
    SELECTED_SYSTEM = "lacp.selected.system";
    SELECTED_SYSTEM_PRIORITY = "lacp.selected.system-priority";
    SELECTED_KEY = "lacp.selected.key";
    SELECTED_PORT = "lacp.selected.port";
    SELECTED_PORT_PRIORITY = "lacp.selected.port-priority";
    SELECTED_AGGREGATION = "lacp.selected.aggregation";
    SELECTED_DEFAULT = "lacp.selected.default-change";

    RX_EXPIRED_SYNC = "lacp.rx.expired-partner-out-of-sync";
    RX_EXPIRED_TIMEOUT = "lacp.rx.expired-partner-short-timeout";
    RX_EXPIRED_PARTNER = "lacp.rx.expired-keeps-partner";
    RX_SHORT = "lacp.rx.expired-after-short-timeout";
    RX_LONG = "lacp.rx.expired-after-long-timeout";
    RX_SHORT_EARLY = "lacp.rx.short-timeout-not-early";
    RX_LONG_EARLY = "lacp.rx.long-timeout-not-early";
    RX_EXPIRED_LASTS = "lacp.rx.expired-lasts-short-timeout";
    RX_EXPIRED_ENDS = "lacp.rx.defaulted-after-expired";
    RX_DEFAULTED_STAYS = "lacp.rx.defaulted-stays";
    RX_ENDS_DEFAULTED = "lacp.rx.lacpdu-ends-defaulted";
    RX_ENDS_EXPIRED = "lacp.rx.lacpdu-ends-expired";
    RX_FIRST_EXPIRED = "lacp.rx.first-pdu-expired";

    RECORD_IDENTITY = "lacp.record.identity";
    RECORD_STATE = "lacp.record.state-bits";
    RECORD_MATCH = "lacp.record.match";
    RECORD_NEEDS_SYNC = "lacp.record.needs-partner-synchronization";
    RECORD_PORT = "lacp.record.mismatch.port";
    RECORD_PORT_PRIORITY = "lacp.record.mismatch.port-priority";
    RECORD_SYSTEM = "lacp.record.mismatch.system";
    RECORD_SYSTEM_PRIORITY = "lacp.record.mismatch.system-priority";
    RECORD_KEY = "lacp.record.mismatch.key";
    RECORD_AGGREGATION = "lacp.record.mismatch.aggregation";
    RECORD_BLANK = "lacp.record.mismatch.blank";
    RECORD_PASSIVE = "lacp.record.passive-partner-sees-passive";
    RECORD_DEFAULT = "lacp.record.default-partner";
    RECORD_DEFAULT_CONSTANT = "lacp.record.default-partner-constant";

    PERIODIC_FAST = "lacp.periodic.fast";
    PERIODIC_SLOW = "lacp.periodic.slow";
    PERIODIC_EXPIRED = "lacp.periodic.expired-fast";
    PERIODIC_DEFAULTED = "lacp.periodic.defaulted-rate";
    PERIODIC_BOTH_PASSIVE = "lacp.periodic.both-passive-silent";
    TX_LIMIT = "lacp.tx.limit";
    TX_LIMIT_2020 = "lacp.tx.limit-2020";

    NTT_PORT = "lacp.ntt.mismatch.port";
    NTT_PORT_PRIORITY = "lacp.ntt.mismatch.port-priority";
    NTT_SYSTEM = "lacp.ntt.mismatch.system";
    NTT_SYSTEM_PRIORITY = "lacp.ntt.mismatch.system-priority";
    NTT_KEY = "lacp.ntt.mismatch.key";
    NTT_ACTIVITY = "lacp.ntt.mismatch.activity";
    NTT_TIMEOUT = "lacp.ntt.mismatch.timeout";
    NTT_SYNCHRONIZATION = "lacp.ntt.mismatch.synchronization";
    NTT_AGGREGATION = "lacp.ntt.mismatch.aggregation";
    NTT_LONG_TO_SHORT = "lacp.periodic.long-to-short";

    LINK_SILENT = "lacp.link.silent-while-down";
    LINK_FIRST = "lacp.link.first-pdu";
    LINK_TRAFFIC = "lacp.link.return-without-traffic";

    MARKER_VERSION = "marker.pdu.version";
    MARKER_TLV_TYPE = "marker.pdu.tlv-type";
    MARKER_TLV_LENGTH = "marker.pdu.tlv-length";
    MARKER_RESERVED = "marker.pdu.reserved";
    RESPONSE_VERSION = "marker.response.version";
    RESPONSE_RESERVED = "marker.response.reserved";
    RESPONSE_LENGTH = "marker.responder.length";
    RESPONSE_DESTINATION = "marker.responder.destination";
    RESPONSE_SOURCE = "marker.responder.source";
    RESPONDER_ANSWERS = "marker.responder.answers";
    RESPONDER_ONCE = "marker.responder.once";
    RESPONDER_REQUESTER = "marker.responder.requester";
    RESPONDER_TRANSACTION = "marker.responder.transaction";
    RESPONDER_TO_RESPONSE = "marker.responder.no-answer-to-response";
    GENERATOR_REQUESTER = "marker.generator.requester";
    GENERATOR_LENGTH = "marker.generator.length";
    GENERATOR_ENCAPSULATION = "marker.generator.encapsulation";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::requirement;

    #[test]
    fn every_question_is_in_the_catalogue() {
        for (at, id) in REQUIREMENTS.iter().enumerate() {
            assert!(requirement::find(id).is_some(), "{id}");
            assert!(!REQUIREMENTS[..at].contains(id), "{id} twice");
        }
    }
}
