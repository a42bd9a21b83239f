//! Carrier, restart, administration; and churn, which follows when they do not come to rest.

use super::requirements;
use crate::spec::Requirement;

pub(super) const LINK: &[Requirement] = requirements! {
    "lacp.link.first-pdu" Must WireAndLink PERIODIC DOT1AX
        "An active port sends its first LACPDU at most a second after the link came up.";
    "lacp.link.silent-while-down" Must WireAndLink RECEIVE DOT1AX
        "A port without carrier sends no LACPDU.";
    "lacp.link.return-keeps-partner" Must WireAndLink RECEIVE DOT1AX
        "A port whose carrier was away still shows its last partner, Expired and not Defaulted.";
    "lacp.link.return-without-traffic" Must WireAndLink MUX DOT1AX
        "A port whose carrier was away neither collects nor distributes before its partner is in sync again.";
    "lacp.link.return-resumes" Must WireAndLink RECEIVE DOT1AX
        "A port whose carrier was away comes up again with its old partner.";
    "lacp.link.return-new-partner" Must WireAndLink FUNCTIONS DOT1AX
        "A port that meets another partner after its carrier was away detaches, shows the new one, and comes up with it.";
    "lacp.link.other-ports-unaffected" Must WireAndLink MUX DOT1AX
        "A lost carrier on one port changes nothing on another port of the aggregation.";
    "lacp.link.partner-restart" Must Wire FUNCTIONS DOT1AX
        "A partner that restarts with its old identity stops traffic until it is in sync again, and does not make the port detach.";
    "lacp.link.disabled-silent" Must WireAndConfiguration TRANSMIT DOT1AX
        "A port whose LACP is disabled sends no LACPDU, also none in answer.";
    "lacp.link.disabled-individual" Must StateOnly RECEIVE DOT1AX
        "A port whose LACP is disabled counts as Individual.";
    "lacp.link.enabled-starts-anew" Must WireAndConfiguration RECEIVE DOT1AX
        "The first LACPDU of a port whose LACP was enabled shows Expired and Defaulted.";
    "lacp.link.removed" Must WireAndConfiguration PORT_VARIABLES DOT1AX
        "A port that is taken out of its aggregation gives Synchronization up or falls silent.";
    "lacp.link.removed-last-pdu" Info WireAndConfiguration PORT_VARIABLES DOT1AX
        "A port that is taken out of its aggregation says so in a last LACPDU, or does not.";
};

pub(super) const CHURN: &[Requirement] = requirements! {
    "lacp.churn.actor-declared" Must StateOnly CHURN DOT1AX
        "Actor churn is declared if the port is not in sync 60 s after it was enabled.";
    "lacp.churn.partner-declared" Must StateOnly CHURN DOT1AX
        "Partner churn is declared if the partner is not in sync 60 s after the port was enabled.";
    "lacp.churn.actor-cleared" Must StateOnly CHURN DOT1AX
        "Actor churn ends as soon as the port is in sync.";
    "lacp.churn.partner-cleared" Must StateOnly CHURN DOT1AX
        "Partner churn ends as soon as the partner is in sync.";
    "lacp.churn.monitored-again" Must StateOnly CHURN DOT1AX
        "When synchronization is lost, or the port is disabled, the 60 s begin anew and no churn is declared meanwhile.";
};
