//! Frames and fields, as a device sends them and as it tells them apart.

use super::requirements;
use crate::spec::Requirement;

pub(super) const ENCAPSULATION: &[Requirement] = requirements! {
    "lacp.encapsulation.destination" Must Wire ENCAPSULATION DOT1AX
        "Every LACPDU goes to 01-80-C2-00-00-02 or, from 2014 on, to 01-80-C2-00-00-00 or -03 if that is configured.";
    "lacp.encapsulation.source-individual" Must Wire ENCAPSULATION DOT1AX
        "The source of a LACPDU is an individual address, and not the partner's.";
    "lacp.encapsulation.source-constant" Must Wire ENCAPSULATION DOT1AX
        "All LACPDUs of a port have the same source address.";
    "lacp.encapsulation.source-per-port" Info Wire ENCAPSULATION DOT1AX
        "Each port of an aggregation sends from an address of its own, not from that of the aggregation.";
    "lacp.encapsulation.ethertype" Must Wire ENCAPSULATION DOT1AX
        "LACPDUs are type-encoded with Ethertype 88-09, without LLC or SNAP header.";
    "lacp.encapsulation.untagged" Info Wire SLOW_PROTOCOLS DOT1AX
        "LACPDUs are sent without a VLAN tag.";
    "lacp.encapsulation.length" Must Wire ENCAPSULATION DOT1AX
        "A LACPDU has 110 octets; only the long ones that version 2 has in 2014 have more.";
    "lacp.encapsulation.consumed" Must DataPlane CONTROL_PARSER DOT1AX
        "LACPDUs that arrive are handed to LACP and never forwarded to another port or to the client.";
    "lacp.encapsulation.illegal-subtype" Must Wire SLOW_PROTOCOLS DOT1AX
        "A slow protocol frame with subtype 0 or 11 to 255 is no LACPDU: it changes nothing and restarts no timer.";
    "lacp.encapsulation.reserved-subtype" Must Wire SLOW_PROTOCOLS DOT1AX
        "A slow protocol frame with subtype 4 to 9 is no LACPDU: it changes nothing and restarts no timer.";
    "lacp.encapsulation.other-slow-protocol" Must Wire SLOW_PROTOCOLS DOT1AX
        "OAM and organization specific slow protocols do not touch LACP.";
    "lacp.encapsulation.foreign-destination" Must Wire ENCAPSULATION DOT1AX
        "A LACPDU to the broadcast address or to a group address of another protocol has no effect.";
    "lacp.encapsulation.unicast-destination" Info Wire ENCAPSULATION DOT1AX
        "A LACPDU to the port's own address is accepted, or has no effect.";
    "lacp.encapsulation.alternative-destination" Info WireAndConfiguration ENCAPSULATION FROM_2014
        "A LACPDU to 01-80-C2-00-00-00 or -03 is accepted where that address is configured, and has no effect elsewhere.";
    "lacp.encapsulation.tagged-frame" Must Wire CONTROL_PARSER DOT1AX
        "A frame with a VLAN tag is no LACPDU, whatever follows the tag.";
    "lacp.encapsulation.priority-tagged-frame" Info Wire CONTROL_PARSER DOT1AX
        "A LACPDU behind a tag with VLAN identifier 0 is accepted, or has no effect.";
    "lacp.encapsulation.snap-frame" Info Wire CONTROL_PARSER DOT1AX
        "A LACPDU behind a SNAP header is accepted, or has no effect.";
    "lacp.encapsulation.unknown-counter" Info StateOnly MANAGEMENT ONLY_2014
        "Frames of Ethertype 88-09 that are no known PDU, and others to the slow protocol address, are counted as unknown.";
    "lacp.encapsulation.illegal-counter" Info StateOnly MANAGEMENT ONLY_2014
        "PDUs that are badly formed or have an illegal subtype are counted as illegal.";
};

pub(super) const PDU: &[Requirement] = requirements! {
    "lacp.pdu.subtype" Must Wire LACPDU DOT1AX
        "The first octet of a LACPDU is 1.";
    "lacp.pdu.version" Must Wire LACPDU DOT1AX
        "Version Number is 1 or, from 2014 on, 2.";
    "lacp.pdu.tlv-type" Must Wire LACPDU DOT1AX
        "The TLVs are Actor 1, Partner 2, Collector 3, in version 2 perhaps others, and Terminator 0, in this order.";
    "lacp.pdu.tlv-length" Must Wire LACPDU DOT1AX
        "Actor and Partner TLV have length 20, Collector 16, Terminator 0, and those of version 2 the length of their type.";
    "lacp.pdu.tlv-list" Must Wire VERSION_2 FROM_2014
        "The TLVs of version 2 lie between Collector TLV and Terminator, within the PDU.";
    "lacp.pdu.tlv-order" Info Wire VERSION_2 FROM_2014
        "The TLVs of version 2 stand in the order of their types.";
    "lacp.pdu.tlv-repeated" Info Wire VERSION_2 FROM_2014
        "No type of TLV stands twice in a LACPDU.";
    "lacp.pdu.tlv-unknown" Info Wire VERSION_2 FROM_2014
        "A LACPDU of version 2 has only TLVs that the standard defines.";
    "lacp.pdu.reserved" Must Wire LACPDU DOT1AX
        "All Reserved and Pad octets are sent as zero.";
    "lacp.pdu.actor-system" Must Wire SYSTEM_IDENTIFICATION DOT1AX
        "Actor_System is an individual MAC address and not zero.";
    "lacp.pdu.actor-system-common" Must Wire SYSTEM_IDENTIFICATION DOT1AX
        "All ports of one system send the same Actor_System and Actor_System_Priority.";
    "lacp.pdu.actor-port" Must Wire PORT_IDENTIFICATION DOT1AX
        "Actor_Port is not zero.";
    "lacp.pdu.actor-port-unique" Must Wire PORT_IDENTIFICATION DOT1AX
        "Two ports of one system never send the same Actor_Port.";
    "lacp.pdu.actor-key-common" Must Wire KEYS DOT1AX
        "Ports that may aggregate with each other send the same Actor_Key.";
    "lacp.pdu.actor-key-distinct" Must WireAndConfiguration KEYS DOT1AX
        "Ports that are configured into different aggregations send different values of Actor_Key.";
    "lacp.pdu.actor-key-nonzero" Info Wire KEYS DOT1AX
        "Actor_Key is not zero.";
    "lacp.pdu.actor-identity-constant" Info Wire PORT_IDENTIFICATION DOT1AX
        "System, Port, their priorities and Key of the actor stay the same until they are configured otherwise.";
    "lacp.pdu.activity-configured" Must WireAndConfiguration PORT_VARIABLES DOT1AX
        "LACP_Activity of Actor_State is 1 on an active port and 0 on a passive one.";
    "lacp.pdu.timeout-configured" Must WireAndConfiguration PORT_VARIABLES DOT1AX
        "LACP_Timeout of Actor_State is 1 on a port with short timeout and 0 on one with long timeout.";
    "lacp.pdu.aggregation-configured" Must WireAndConfiguration PORT_VARIABLES DOT1AX
        "Aggregation of Actor_State is 1 on a port that may aggregate and 0 on an individual one.";
    "lacp.pdu.administrative-bits-constant" Must Wire PORT_VARIABLES DOT1AX
        "Activity, Timeout and Aggregation of Actor_State change only if they are configured otherwise.";
    "lacp.pdu.collector-max-delay" Info Wire LACPDU DOT1AX
        "CollectorMaxDelay says in tens of microseconds how long the collector may hold a frame.";
};
