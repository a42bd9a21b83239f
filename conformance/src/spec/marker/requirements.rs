//! What 802.1AX asks of a Marker responder, and of those that send Markers.
//!
//! The ids of the codec's rules on Markers are ids of requirements, so what an audit finds is a finding here.

use crate::spec::Requirement;
use crate::spec::lacp::requirements::requirements;

/// All of them.
pub const ALL: &[Requirement] = requirements! {
    "marker.pdu.version" Must Wire MARKER_PDU DOT1AX
        "Version Number of a Marker is 1.";
    "marker.pdu.tlv-type" Must Wire MARKER_PDU DOT1AX
        "A Marker has TLV 1, a Response TLV 2, and then a Terminator follows.";
    "marker.pdu.tlv-length" Must Wire MARKER_PDU DOT1AX
        "The TLV of a Marker or Response has length 16, its Terminator 0.";
    "marker.pdu.reserved" Must Wire MARKER_PDU DOT1AX
        "Pad and Reserved octets of a Marker are zero.";
    "marker.response.version" Info Wire MARKER_PDU DOT1AX
        "Version Number of a Response is 1, whatever that of the Marker was.";
    "marker.response.reserved" Info Wire MARKER_PDU DOT1AX
        "Pad and Reserved octets of a Response are zero, or copied from the Marker.";

    "marker.responder.answers" Must Wire MARKER_RESPONDER DOT1AX
        "A Marker that arrives on a port in use is answered.";
    "marker.responder.once" Must Wire MARKER_RESPONDER DOT1AX
        "A Marker gets one Response, not several.";
    "marker.responder.same-port" Must Wire MARKER_RESPONDER DOT1AX
        "The Response leaves through the port where the Marker arrived, and through no other.";
    "marker.responder.requester" Must Wire MARKER_RESPONDER DOT1AX
        "The Response repeats Requester_Port and Requester_System of the Marker.";
    "marker.responder.transaction" Must Wire MARKER_RESPONDER DOT1AX
        "The Response repeats Requester_Transaction_ID of the Marker, whatever its value.";
    "marker.responder.version" Must Wire MARKER_RESPONDER DOT1AX
        "The Response to a Marker with Version Number 1 has Version Number 1.";
    "marker.responder.length" Must Wire MARKER_PDU DOT1AX
        "A Response has 110 octets.";
    "marker.responder.destination" Must Wire MARKER_PDU DOT1AX
        "A Response goes to the group address that LACPDUs go to.";
    "marker.responder.source" Must Wire MARKER_PDU DOT1AX
        "The source of a Response is the individual address of the port.";
    "marker.responder.no-answer-to-response" Must Wire MARKER_RESPONDER DOT1AX
        "A Response is never answered.";
    "marker.responder.lacp-untouched" Must Wire MARKER DOT1AX
        "Markers change nothing in LACP.";
    "marker.responder.version-not-validated" Info Wire MARKER_RESPONDER DOT1AX
        "A Marker with another Version Number is answered.";
    "marker.responder.reserved-not-validated" Info Wire MARKER_RESPONDER DOT1AX
        "A Marker with Pad or Reserved octets other than zero is answered.";
    "marker.responder.malformed" Info Wire MARKER_RESPONDER DOT1AX
        "A Marker with a wrong length or type, cut short or too long, is answered or dropped.";
    "marker.responder.nothing-invented" Info Wire MARKER_RESPONDER DOT1AX
        "No Response to a malformed Marker carries what the Marker did not.";
    "marker.responder.other-requester" Info Wire MARKER_RESPONDER DOT1AX
        "A Marker whose requester is not the partner is answered with that requester, or not answered.";
    "marker.responder.idle-port" Info Wire MARKER_RESPONDER DOT1AX
        "A Marker on a port that is not attached is answered, or not.";
    "marker.responder.rate" Info Wire SLOW_PROTOCOLS DOT1AX
        "Of many Markers in a second, at most 10 are answered.";
    "marker.responder.flood-lacp-undisturbed" Info Wire MARKER DOT1AX
        "Many Markers in a second leave LACP undisturbed.";

    "marker.generator.optional" May Wire MARKER DOT1AX
        "A device sends Markers of its own.";
    "marker.generator.requester" Must Wire MARKER_PDU DOT1AX
        "A Marker carries as requester the Actor_Port and Actor_System of the port that sends it.";
    "marker.generator.length" Must Wire MARKER_PDU DOT1AX
        "A Marker has 110 octets.";
    "marker.generator.encapsulation" Must Wire MARKER_PDU DOT1AX
        "A Marker goes to the group address that LACPDUs go to, from the individual address of the port.";
};
