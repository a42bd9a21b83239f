//! When a port sends.

use super::requirements;
use crate::spec::Requirement;

pub(super) const NTT: &[Requirement] = requirements! {
    "lacp.ntt.mismatch.port" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees another Port is answered at once.";
    "lacp.ntt.mismatch.port-priority" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees another Port_Priority is answered at once.";
    "lacp.ntt.mismatch.system" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees another System is answered at once.";
    "lacp.ntt.mismatch.system-priority" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees another System_Priority is answered at once.";
    "lacp.ntt.mismatch.key" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees another Key is answered at once.";
    "lacp.ntt.mismatch.activity" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees the Activity bit inverted is answered at once.";
    "lacp.ntt.mismatch.timeout" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees the Timeout bit inverted is answered at once.";
    "lacp.ntt.mismatch.synchronization" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees the Synchronization bit inverted is answered at once.";
    "lacp.ntt.mismatch.aggregation" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees the Aggregation bit inverted is answered at once.";
    "lacp.ntt.no-reply.collecting" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that is wrong only about Collecting is not answered before the next periodic one.";
    "lacp.ntt.no-reply.distributing" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that is wrong only about Distributing is not answered before the next periodic one.";
    "lacp.ntt.no-reply.defaulted" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that is wrong only about Defaulted is not answered before the next periodic one.";
    "lacp.ntt.no-reply.expired" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that is wrong only about Expired is not answered before the next periodic one.";
    "lacp.ntt.no-reply.reserved" Must Wire FUNCTIONS DOT1AX
        "A LACPDU whose Partner TLV has Reserved octets other than zero is not answered before the next periodic one.";
    "lacp.ntt.no-reply.match" Must Wire FUNCTIONS DOT1AX
        "A LACPDU that sees this port as it is and changes nothing is not answered before the next periodic one.";
    "lacp.ntt.single-reply" Info Wire FUNCTIONS DOT1AX
        "One LACPDU with a wrong view is answered once.";
    "lacp.ntt.reply-shows-sender" Must Wire FUNCTIONS DOT1AX
        "The answer to the first LACPDU of a partner already shows that partner.";
    "lacp.ntt.entering-detached" Must Wire MUX DOT1AX
        "A port that detaches announces it at once.";
    "lacp.ntt.entering-attached" Must Wire MUX DOT1AX
        "A port that attaches, or stops collecting, announces it at once.";
    "lacp.ntt.entering-collecting" Must Wire MUX DOT1AX
        "A port that begins to collect, or under independent control stops distributing, announces it at once.";
    "lacp.ntt.entering-distributing" Must Wire MUX ONLY_2020
        "A port that begins to distribute announces it at once.";
    "lacp.ntt.entering-distributing-independent" Info Wire MUX UP_TO_2014
        "Under independent control, that a port distributes is first shown in the next LACPDU it sends for another reason.";
};

pub(super) const PERIODIC: &[Requirement] = requirements! {
    "lacp.periodic.fast" Must Wire PERIODIC DOT1AX
        "To a partner with short timeout, a port sends every second.";
    "lacp.periodic.slow" Must Wire PERIODIC DOT1AX
        "To a partner with long timeout, a port sends every 30 s.";
    "lacp.periodic.long-to-short" Must Wire PERIODIC DOT1AX
        "When its partner changes from long to short timeout, a port sends at once, and every second from then on.";
    "lacp.periodic.short-to-long" Must Wire PERIODIC DOT1AX
        "When its partner changes from short to long timeout, a port sends 30 s after the change.";
    "lacp.periodic.partner-timeout-decides" Must WireAndConfiguration PERIODIC DOT1AX
        "How often a port sends follows from its partner's Timeout bit, not from its own.";
    "lacp.periodic.own-timeout-change-announced" Info WireAndConfiguration PERIODIC DOT1AX
        "A port whose timeout is configured anew announces it at once.";
    "lacp.periodic.expired-fast" Must Wire PERIODIC DOT1AX
        "While Expired, a port sends every second, whatever its partner asked for.";
    "lacp.periodic.defaulted-rate" Must Wire PERIODIC DOT1AX
        "While Defaulted, a port sends as often as the administrative partner's Timeout bit asks.";
    "lacp.periodic.one-active-side" Must Wire PERIODIC DOT1AX
        "An active port sends to a passive partner as often as that partner asks.";
    "lacp.periodic.passive-follows-active" Must WireAndConfiguration PERIODIC DOT1AX
        "A passive port sends to an active partner as often as that partner asks.";
    "lacp.periodic.passive-begins" Must WireAndConfiguration PERIODIC DOT1AX
        "A passive port begins to send within a second of the first LACPDU of an active partner with short timeout.";
    "lacp.periodic.passive-waits" Must WireAndConfiguration PRINCIPLES DOT1AX
        "A passive port whose administrative partner is passive sends nothing before a LACPDU of an active partner.";
    "lacp.periodic.both-passive-silent" Must WireAndConfiguration PRINCIPLES DOT1AX
        "A passive port sends nothing to a passive partner, also if that partner's view is wrong.";
    "lacp.periodic.partner-turns-passive" Must WireAndConfiguration PERIODIC DOT1AX
        "A passive port falls silent when its partner becomes passive.";
    "lacp.periodic.partner-turns-active" Must WireAndConfiguration PERIODIC DOT1AX
        "A passive port sends again when its partner becomes active.";
    "lacp.periodic.passive-expired" Must WireAndConfiguration PERIODIC DOT1AX
        "A passive port goes on sending while it is Expired, because its old partner was active.";
    "lacp.periodic.passive-defaulted" Must WireAndConfiguration PERIODIC DOT1AX
        "A passive port whose administrative partner is passive falls silent when it becomes Defaulted.";
    "lacp.periodic.unaffected-by-ntt" Must Wire PERIODIC UP_TO_2014
        "A LACPDU sent in answer does not move the next periodic one.";
    "lacp.periodic.restarted-by-ntt" Must Wire PERIODIC ONLY_2020
        "The next periodic LACPDU comes one period after the last one that was sent, whatever that was sent for.";
};

pub(super) const TX: &[Requirement] = requirements! {
    "lacp.tx.limit" Must Wire TRANSMIT UP_TO_2014
        "A port sends at most 3 LACPDUs in a second.";
    "lacp.tx.limit-2020" Must Wire TRANSMIT ONLY_2020
        "A port sends at most 10 LACPDUs in a second.";
    "lacp.tx.limit-sustained" Must Wire TRANSMIT DOT1AX
        "Under steady provocation, a port's mean rate stays within the limit.";
    "lacp.tx.not-starved" Must Wire TRANSMIT DOT1AX
        "Under steady provocation, a port still sends at least as often as its partner's timeout asks.";
    "lacp.tx.delayed-not-lost" Must Wire TRANSMIT DOT1AX
        "What the limit holds back is sent as soon as the limit allows.";
    "lacp.tx.state-not-queue" Must Wire TRANSMIT DOT1AX
        "However often a port was provoked while held back, it sends once.";
    "lacp.tx.current-values" Must Wire TRANSMIT DOT1AX
        "A LACPDU carries what is true when it is sent, not when it became due.";
    "lacp.tx.prompt" Must Wire TRANSMIT DOT1AX
        "After a quiet time, the limit delays nothing.";
    "lacp.tx.slow-protocol-limit" Info Wire SLOW_PROTOCOLS DOT1AX
        "No slow protocol sends more than 10 frames in a second on a port, and by 802.3ad of 2000 no more than 5.";
    "lacp.tx.ntt-dropped-while-idle" Info WireAndConfiguration TRANSMIT UP_TO_2014
        "What was due while no periodic sending takes place is forgotten.";
    "lacp.tx.ntt-kept-while-idle" Info WireAndConfiguration TRANSMIT ONLY_2020
        "What was due while nothing may be sent is sent afterwards.";
    "lacp.tx.point-to-point-only" Info No("the links of a bed are point to point") TRANSMIT ONLY_2020
        "A port on a link that is not point to point sends nothing.";
};
