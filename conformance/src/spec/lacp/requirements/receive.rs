//! What a LACPDU does to the port that gets it, and what its absence does.

use super::requirements;
use crate::spec::Requirement;

pub(super) const RX: &[Requirement] = requirements! {
    "lacp.rx.first-pdu-expired" Must WireAndLink RECEIVE DOT1AX
        "The first LACPDU after the link came up shows Expired, if no LACPDU arrived before it.";
    "lacp.rx.first-pdu-defaulted" Must WireAndLink RECEIVE DOT1AX
        "The first LACPDU of a port that knows no partner also shows Defaulted and the administrative partner.";
    "lacp.rx.expired-partner-out-of-sync" Must Wire RECEIVE DOT1AX
        "A LACPDU with Expired shows the partner without Synchronization.";
    "lacp.rx.expired-partner-short-timeout" Must Wire RECEIVE DOT1AX
        "A LACPDU with Expired shows the partner with short timeout.";
    "lacp.rx.expired-keeps-partner" Must Wire RECEIVE DOT1AX
        "While Expired, the port still shows System, Port, priorities and Key of its last partner.";
    "lacp.rx.expired-after-short-timeout" Must Wire RECEIVE DOT1AX
        "A port with short timeout shows Expired 3 s after the last LACPDU that it got.";
    "lacp.rx.expired-after-long-timeout" Must Wire RECEIVE DOT1AX
        "A port with long timeout shows Expired 90 s after the last LACPDU that it got.";
    "lacp.rx.short-timeout-not-early" Must Wire TIMERS DOT1AX
        "A port with short timeout does not expire if LACPDUs arrive less than 3 s apart.";
    "lacp.rx.long-timeout-not-early" Must Wire TIMERS DOT1AX
        "A port with long timeout does not expire if LACPDUs arrive less than 90 s apart.";
    "lacp.rx.own-timeout-decides" Must WireAndConfiguration RECEIVE DOT1AX
        "How long a port waits for LACPDUs follows from its own Timeout bit, not from its partner's.";
    "lacp.rx.any-lacpdu-restarts-timer" Must Wire RECEIVE DOT1AX
        "Every LACPDU restarts the timeout, also one without news, without Synchronization or with a wrong view of the port.";
    "lacp.rx.only-lacpdus-restart-timer" Must Wire RECEIVE DOT1AX
        "Nothing but a LACPDU restarts the timeout: no Marker, no other slow protocol, no data.";
    "lacp.rx.defaulted-after-expired" Must Wire RECEIVE DOT1AX
        "A port that gets no LACPDU while Expired shows Defaulted and no longer Expired.";
    "lacp.rx.expired-lasts-short-timeout" Must Wire RECEIVE DOT1AX
        "Expired lasts 3 s without LACPDUs, also on a port with long timeout.";
    "lacp.rx.defaulted-stays" Must Wire RECEIVE DOT1AX
        "A Defaulted port stays so, and does not show Expired again, until a LACPDU arrives or the link goes down.";
    "lacp.rx.lacpdu-ends-defaulted" Must Wire RECEIVE DOT1AX
        "The first LACPDU that a Defaulted port gets ends Defaulted.";
    "lacp.rx.lacpdu-ends-expired" Must Wire RECEIVE DOT1AX
        "The first LACPDU that an Expired port gets ends Expired, and Defaulted too if it was shown.";
    "lacp.rx.expired-recovers-at-once" Must Wire RECEIVE DOT1AX
        "If the old partner speaks again before Expired ends, the port keeps Synchronization and is back without waiting.";
    "lacp.rx.ports-independent" Must Wire RECEIVE DOT1AX
        "A timeout on one port changes nothing on another port of the aggregation.";
    "lacp.rx.ignored-while-disabled" Must WireAndConfiguration RECEIVE DOT1AX
        "A port whose LACP is disabled takes nothing from LACPDUs.";
    "lacp.rx.version-not-validated" Must Wire RECEIVE DOT1AX
        "A LACPDU is accepted whatever its Version Number.";
    "lacp.rx.tlv-type-not-validated" Must Wire RECEIVE DOT1AX
        "A LACPDU is accepted whatever the types of its Actor, Partner, Collector and Terminator TLV.";
    "lacp.rx.reserved-not-validated" Must Wire RECEIVE DOT1AX
        "A LACPDU is accepted whatever its Reserved octets.";
    "lacp.rx.length-validation" May Wire RECEIVE DOT1AX
        "A LACPDU with a wrong Actor, Partner or Collector TLV length is accepted or dropped.";
    "lacp.rx.terminator-length-validation" May Wire RECEIVE DOT1AX
        "A LACPDU with a Terminator_Length other than 0 is accepted or dropped.";
    "lacp.rx.port-moved" Must WireAndLink VARIABLES UP_TO_2014
        "A port that is down forgets its partner when that partner speaks on another port, and comes back Defaulted.";
    "lacp.rx.port-moved-2020" Info WireAndLink VARIABLES ONLY_2020
        "A port that is down forgets its partner when that partner speaks on another port, or keeps it.";
    "lacp.rx.expired-announced" Info Wire RECEIVE ONLY_2014
        "By corrigendum 1 of 2014, a port sends as soon as it becomes Expired.";
    "lacp.rx.partner-admin-change" Info WireAndConfiguration RECEIVE ONLY_2020
        "A Defaulted port whose administrative partner is configured anew shows the new values.";
    "lacp.rx.timeout-path" Info No("both ways lead to EXPIRED at one time, before a frame can be sent") RECEIVE ONLY_2020
        "A timeout leads from CURRENT through PORT_DISABLED to EXPIRED.";
};

pub(super) const RECORD: &[Requirement] = requirements! {
    "lacp.record.identity" Must Wire FUNCTIONS DOT1AX
        "The partner fields repeat System, Port, priorities and Key of the actor in the last LACPDU that was accepted.";
    "lacp.record.state-bits" Must Wire FUNCTIONS DOT1AX
        "The partner state repeats all bits of the last Actor_State that was accepted, except for Synchronization.";
    "lacp.record.match" Must Wire FUNCTIONS DOT1AX
        "The partner is shown with Synchronization if it claims it, sees this port right, and keeps the link active.";
    "lacp.record.needs-partner-synchronization" Must Wire FUNCTIONS DOT1AX
        "A partner that does not claim Synchronization is shown without it.";
    "lacp.record.mismatch.port" Must Wire FUNCTIONS DOT1AX
        "A partner that sees another Port is shown without Synchronization.";
    "lacp.record.mismatch.port-priority" Must Wire FUNCTIONS DOT1AX
        "A partner that sees another Port_Priority is shown without Synchronization.";
    "lacp.record.mismatch.system" Must Wire FUNCTIONS DOT1AX
        "A partner that sees another System is shown without Synchronization.";
    "lacp.record.mismatch.system-priority" Must Wire FUNCTIONS DOT1AX
        "A partner that sees another System_Priority is shown without Synchronization.";
    "lacp.record.mismatch.key" Must Wire FUNCTIONS DOT1AX
        "A partner that sees another Key is shown without Synchronization.";
    "lacp.record.mismatch.aggregation" Must Wire FUNCTIONS DOT1AX
        "A partner that sees the Aggregation bit inverted is shown without Synchronization.";
    "lacp.record.mismatch.blank" Must Wire FUNCTIONS DOT1AX
        "A partner that knows nothing of this port yet, all fields zero, is shown without Synchronization.";
    "lacp.record.other-partner-bits-ignored" Must Wire FUNCTIONS DOT1AX
        "A partner that is wrong only about Collecting, Distributing, Defaulted or Expired is in sync all the same.";
    "lacp.record.ntt-bits-ignored" Must Wire FUNCTIONS DOT1AX
        "An active partner that is wrong only about Activity, Timeout or Synchronization is in sync all the same.";
    "lacp.record.individual-needs-no-match" Must Wire FUNCTIONS DOT1AX
        "An Individual partner that claims Synchronization is shown with it, whatever it sees of this port.";
    "lacp.record.passive-partner" Must Wire FUNCTIONS DOT1AX
        "A passive partner is in sync with an active port that it sees as active.";
    "lacp.record.passive-partner-sees-passive" Must Wire FUNCTIONS DOT1AX
        "A passive partner that sees this port as passive is shown without Synchronization.";
    "lacp.record.passive-port" Must WireAndConfiguration FUNCTIONS DOT1AX
        "A passive port takes a passive partner to be out of sync, also one that takes the port for active.";
    "lacp.record.default-partner" Must Wire FUNCTIONS DOT1AX
        "A Defaulted port shows its administrative partner, and nothing of the last one.";
    "lacp.record.default-partner-constant" Must Wire FUNCTIONS DOT1AX
        "All LACPDUs with Defaulted show the same partner, until it is configured otherwise.";
    "lacp.record.default-partner-in-sync" Info Wire FUNCTIONS FROM_2014
        "A Defaulted port that is not Expired takes its administrative partner to be in sync, in 2020 unless configured otherwise.";
    "lacp.record.default-partner-in-sync-2008" Info Wire FUNCTIONS ONLY_2008
        "A Defaulted port takes its administrative partner to be in sync, or not: the text of 2000 does not say.";
    "lacp.record.default-partner-values" Info Wire PORT_VARIABLES ONLY_2020
        "Unless configured, the administrative partner has System and priorities 0, the port's own number as Port and Key, and Synchronization as only state bit.";
};

pub(super) const SELECTED: &[Requirement] = requirements! {
    "lacp.selected.system" Must Wire FUNCTIONS DOT1AX
        "A partner with another System makes the port detach: it shows the new partner, without Synchronization.";
    "lacp.selected.system-priority" Must Wire FUNCTIONS DOT1AX
        "A partner with another System_Priority makes the port detach: it shows the new partner, without Synchronization.";
    "lacp.selected.key" Must Wire FUNCTIONS DOT1AX
        "A partner with another Key makes the port detach: it shows the new partner, without Synchronization.";
    "lacp.selected.port" Must Wire FUNCTIONS DOT1AX
        "A partner with another Port makes the port detach: it shows the new partner, without Synchronization.";
    "lacp.selected.port-priority" Must Wire FUNCTIONS DOT1AX
        "A partner with another Port_Priority makes the port detach: it shows the new partner, without Synchronization.";
    "lacp.selected.aggregation" Must Wire FUNCTIONS DOT1AX
        "A partner that changes its Aggregation bit makes the port detach: it shows the new bit, without Synchronization.";
    "lacp.selected.synchronization-ignored" Must Wire FUNCTIONS DOT1AX
        "A partner that takes Synchronization back does not make the port detach.";
    "lacp.selected.other-bits-ignored" Must Wire FUNCTIONS DOT1AX
        "A partner's Activity, Timeout, Collecting, Distributing, Defaulted and Expired bits do not make the port detach.";
    "lacp.selected.other-fields-ignored" Must Wire FUNCTIONS DOT1AX
        "CollectorMaxDelay, Version Number and source address of what the partner sends do not make the port detach.";
    "lacp.selected.partner-view-ignored" Must Wire FUNCTIONS DOT1AX
        "What the partner sees of this port, right or wrong, does not make the port detach.";
    "lacp.selected.changing-partner-not-collecting" Must Wire FUNCTIONS DOT1AX
        "While partners take turns on a link, the port never collects or distributes; it ends with the last of them.";
    "lacp.selected.default-change" Must Wire FUNCTIONS DOT1AX
        "A port that becomes Defaulted detaches if the administrative partner differs from the one it had.";
    "lacp.selected.default-unchanged" Must Wire FUNCTIONS DOT1AX
        "A port that becomes Defaulted does not detach if it had the administrative partner before.";
};
