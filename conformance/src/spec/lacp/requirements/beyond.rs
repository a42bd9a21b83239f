//! Beyond the machines of version 1: version 2, abuse, vendors' additions, two chassis as one.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V2: &[Requirement] = requirements! {
    "lacp.v2.version-configured" Must WireAndConfiguration LACPDU FROM_2014
        "A device sends the version and the TLVs that it is configured to send.";
    "lacp.v2.interworks-with-version-1" Must WireAndConfiguration LACPDU FROM_2014
        "A device that sends version 2 works with a partner that sends version 1.";
    "lacp.v2.accepted-by-version-2" Must Wire VERSION_2 FROM_2014
        "A device that sends version 2 processes the fields of version 1 in a LACPDU of version 2 as ever.";
    "lacp.v2.accepted-by-version-1" Info Wire VERSION_2 DOT1AX
        "A device that sends version 1 processes a LACPDU of version 2 as one of version 1, unless it validates Terminator_Length.";
    "lacp.v2.long-pdu" Info Wire VERSION_2 DOT1AX
        "A long LACPDU with mask TLVs is processed or ignored, without harm.";
    "lacp.v2.long-pdus-only-if-enabled" Must WireAndConfiguration VERSION_2 ONLY_2014
        "Long LACPDUs are sent only where they are enabled.";
    "lacp.v2.no-long-pdus-to-version-1" Must WireAndConfiguration VERSION_2 ONLY_2014
        "Long LACPDUs are not sent to a partner whose version is 1.";
    "lacp.v2.masks-in-long-pdus" Must Wire VERSION_2 ONLY_2014
        "Mask TLVs, types 6 to 9, are sent only in long LACPDUs.";
    "lacp.v2.no-masks" Must Wire VERSION_2 ONLY_2020
        "Mask TLVs, types 6 to 9, are not sent.";
    "lacp.v2.missing-tlvs" Must WireAndConfiguration VERSION_2 FROM_2014
        "A LACPDU of version 2 without some TLV is processed, and does not cost synchronization.";
    "lacp.v2.changed-digest" Must WireAndConfiguration VERSION_2 FROM_2014
        "Another digest or algorithm in the TLVs of version 2 does not cost synchronization.";
    "lacp.v2.distribution" Info No("LACPDUs do not say which conversations go over which link") VERSION_2 FROM_2014
        "What the TLVs of version 2 say decides over which link a conversation goes.";
    "lacp.v2.version-change" Must WireAndConfiguration RECEIVE FROM_2014
        "A partner that changes between versions costs neither synchronization nor time until the timeout.";
    "lacp.v2.partner-version-recorded" Info StateOnly RECEIVE FROM_2014
        "The version of the partner is recorded with each of its LACPDUs.";
};

pub(super) const ROBUST: &[Requirement] = requirements! {
    "lacp.robust.answers-after-malformed" Must Wire RECEIVE DOT1AX
        "After malformed or unusual slow protocol frames, the next good LACPDU is processed as ever.";
    "lacp.robust.wrong-length-partner-intact" Must Wire RECEIVE DOT1AX
        "A LACPDU with wrong TLV lengths leaves the recorded partner as it was, or replaces it by what the LACPDU carries.";
    "lacp.robust.truncated-pdu" Info Wire LACPDU DOT1AX
        "A LACPDU that is cut short behind the fields it needs is accepted or dropped.";
    "lacp.robust.truncated-partner-whole" Must Wire FUNCTIONS DOT1AX
        "After a LACPDU that is cut short, the recorded partner is the old one or the new one, never a mixture.";
    "lacp.robust.truncated-no-foreign-octets" Must Wire FUNCTIONS DOT1AX
        "Nothing is ever recorded from octets that the frame did not carry.";
    "lacp.robust.long-version-1-pdu" Info Wire LACPDU DOT1AX
        "A LACPDU of version 1 with octets behind it is accepted or dropped whole.";
    "lacp.robust.long-pdu-partner-intact" Must Wire FUNCTIONS DOT1AX
        "Octets behind a LACPDU never show up in the recorded partner.";
    "lacp.robust.mad-trailer" Info Wire VENDOR DOT1AX
        "A LACPDU with the trailer of H3C's multi-active detection is accepted or dropped.";
    "lacp.robust.retry-count-extension" Info Wire VENDOR DOT1AX
        "A LACPDU with SONiC's retry count, version 241, is processed as one of version 1, unless Terminator_Length is validated.";
    "lacp.robust.port-zero" Info Wire PORT_IDENTIFICATION DOT1AX
        "A LACPDU with Actor_Port 0 is processed or dropped.";
    "lacp.robust.key-zero" Info Wire KEYS DOT1AX
        "A LACPDU with Actor_Key 0 is processed or dropped.";
    "lacp.robust.flood-recovery" Must Wire RECEIVE DOT1AX
        "After a flood of slow protocol frames, the port comes back to use with its partner.";
    "lacp.robust.flood-identity-kept" Info Wire PORT_IDENTIFICATION DOT1AX
        "A flood of slow protocol frames does not make the device restart or change its identity.";
    "lacp.robust.flaps-recovery" Must WireAndLink RECEIVE DOT1AX
        "After its carrier came and went many times, the port comes back to use with its partner.";
};

pub(super) const FALLBACK: &[Requirement] = requirements! {
    "lacp.fallback.without-partner" Info DataPlane RECEIVE DOT1AX
        "Without a partner, a port forwards in sync, is suspended, or forwards without claiming Synchronization.";
    "lacp.fallback.static" Info DataPlane VENDOR DOT1AX
        "Configured for static fallback, all ports forward after the fallback timeout.";
    "lacp.fallback.one-port" Info DataPlane VENDOR DOT1AX
        "Configured for individual fallback, exactly one port forwards after the fallback timeout.";
    "lacp.fallback.one-port-pdu" Info Wire VENDOR DOT1AX
        "The port that falls back goes on sending, Defaulted, with the administrative partner.";
    "lacp.fallback.ends" Info DataPlane VENDOR DOT1AX
        "Fallback ends on the first LACPDU: its port negotiates, the others stop forwarding.";
    "lacp.fallback.suspended" Info DataPlane VENDOR DOT1AX
        "Configured to suspend, a port without a partner never forwards, and shows Defaulted without Synchronization.";
    "lacp.fallback.forced-up" Info DataPlane VENDOR DOT1AX
        "Configured to be forced up, a port without a partner forwards.";
    "lacp.fallback.reentered" Info DataPlane VENDOR DOT1AX
        "When the partner falls silent again, so that the port becomes Defaulted, fallback begins again.";
    "lacp.fallback.no-loop" Info DataPlane VENDOR DOT1AX
        "At no time during individual fallback do two ports forward.";
};

pub(super) const MCLAG: &[Requirement] = requirements! {
    "lacp.mclag.two-chassis-one-lag" Must Wire SELECTION_REQUIREMENTS DOT1AX
        "Two chassis that send one System, System_Priority and Key, and different Actor_Ports, are one partner: both links come up.";
    "lacp.mclag.split-brain-leaves" Must Wire FUNCTIONS DOT1AX
        "When one of two chassis changes its System, the link to it detaches.";
    "lacp.mclag.split-brain-stays-out" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Where there is but one Aggregator, the link to the chassis that changed its System stays out of use.";
    "lacp.mclag.hot-standby-attached" Must Wire MUX DOT1AX
        "The link to a chassis that does not claim Synchronization is attached and not used.";
    "lacp.mclag.hot-standby-swap" Must Wire MUX DOT1AX
        "When the two chassis exchange their roles, traffic moves to the other link, without detaching.";
    "lacp.mclag.equal-port-numbers" Info Wire VARIABLES DOT1AX
        "Two chassis that send the same Actor_Port are used, or make the links flap.";
    "lacp.mclag.one-system" Must WireAndConfiguration ICCP DOT1AX
        "Two chassis of one redundancy group send the same System, System_Priority and Key.";
    "lacp.mclag.node-in-port-number" Must WireAndConfiguration ICCP DOT1AX
        "A chassis of a redundancy group sets the highest bit of Actor_Port, and its Node ID in the next three.";
    "lacp.mclag.peer-link-lost" Info WireAndConfiguration VENDOR DOT1AX
        "When two chassis lose each other, one gives Synchronization up or changes its System.";
};
