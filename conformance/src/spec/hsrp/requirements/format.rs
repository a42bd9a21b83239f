//! A message that is sent: what it travels in, and its fields.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V1_ENCAPSULATION: &[Requirement] = requirements! {
    "hsrp1.encapsulation.destination" Must Wire UDP HSRP1
        "A message is sent to 224.0.0.2.";
    "hsrp1.encapsulation.destination-mac" Must Wire UDP HSRP1
        "A message is sent to the MAC address of its IP group, 01-00-5e-00-00-02.";
    "hsrp1.encapsulation.port" Must Wire UDP HSRP1
        "A message is sent to UDP port 1985.";
    "hsrp1.encapsulation.source-port" Info Wire UDP HSRP1
        "A message comes from UDP port 1985, or from another.";
    "hsrp1.encapsulation.ttl" Must Wire UDP ONLY_2281
        "A message is sent with TTL 1.";
    "hsrp1.encapsulation.ttl-cisco" Must Wire CISCO ONLY_CISCO1
        "A message is sent with TTL 1, or with TTL 2 by an old router.";
    "hsrp1.encapsulation.type-of-service" Info Wire CISCO ONLY_CISCO1
        "A message is sent with type of service 0xc0, or with another.";
    "hsrp1.encapsulation.source-address" Must Wire UDP HSRP1
        "A message comes from a real address of the interface, never from the virtual address.";
    "hsrp1.encapsulation.source-mac-active" Must Wire SOURCE_MAC HSRP1
        "The Hellos of an Active router come from the group's virtual MAC address.";
    "hsrp1.encapsulation.source-mac-others" Must Wire SOURCE_MAC HSRP1
        "The Hellos of a router that is not Active do not come from the virtual MAC address.";
    "hsrp1.encapsulation.source-mac-resign" Info Wire SOURCE_MAC HSRP1
        "A Coup or a Resign comes from the virtual MAC address, or from the interface's own.";
    "hsrp1.encapsulation.virtual-mac" Should Wire VIRTUAL_MAC HSRP1
        "The virtual MAC address is 00-00-0c-07-ac and the group's octet.";
    "hsrp1.encapsulation.udp-checksum" Should Wire UDP HSRP1
        "The UDP checksum of a message is right, or there is none.";
    "hsrp1.encapsulation.token-ring-functional" Must No ("token ring is out of reach") VIRTUAL_MAC HSRP1
        "On token ring, the virtual MAC addresses are three functional addresses.";
    "hsrp1.encapsulation.own-mac" May No ("token ring is out of reach") VIRTUAL_MAC HSRP1
        "Where hosts remember routes by MAC address, a router's own MAC address is the virtual one, or is not.";
    "hsrp1.encapsulation.own-mac-discouraged" Should No ("token ring is out of reach") VIRTUAL_MAC HSRP1
        "A router does not take its own MAC address for the virtual one.";
    "hsrp1.encapsulation.primary-mac" Should No ("only a controller with room for one MAC address has reason to")
        ADDRESS_FILTER HSRP1
        "A controller that has room for one MAC address takes the virtual one while its router is Active.";
    "hsrp1.encapsulation.address-filter" Should No ("what a controller filters is not on the wire")
        ADDRESS_FILTER HSRP1
        "A router adds the virtual MAC address to its filter and keeps its own.";
};

pub(super) const V2_ENCAPSULATION: &[Requirement] = requirements! {
    "hsrp2.encapsulation.destination" Must Wire UDP HSRP2
        "Over IPv4, a message is sent to 224.0.0.102.";
    "hsrp2.encapsulation.destination-ipv6" Info Wire DOCUMENTS HSRP2
        "Over IPv6, a message is sent to ff02::66.";
    "hsrp2.encapsulation.destination-mac" Must Wire UDP HSRP2
        "Over IPv4, a message is sent to the MAC address of its IP group, 01-00-5e-00-00-66.";
    "hsrp2.encapsulation.destination-mac-ipv6" Info Wire DOCUMENTS HSRP2
        "Over IPv6, a message is sent to the MAC address of its IP group, 33-33-00-00-00-66.";
    "hsrp2.encapsulation.port" Must Wire UDP HSRP2
        "Over IPv4, a message is sent to UDP port 1985.";
    "hsrp2.encapsulation.port-ipv6" Info Wire DOCUMENTS HSRP2
        "Over IPv6, a message is sent to UDP port 2029.";
    "hsrp2.encapsulation.source-port" Must Wire UDP HSRP2
        "Over IPv4, a message comes from UDP port 1985.";
    "hsrp2.encapsulation.ttl" Must Wire UDP HSRP2
        "Over IPv4, a message is sent with TTL 1 or 255.";
    "hsrp2.encapsulation.hop-limit" Info Wire UNCONFIRMED HSRP2
        "Over IPv6, a message is sent with one Hop Limit or another.";
    "hsrp2.encapsulation.type-of-service" Info Wire CISCO HSRP2
        "A message is sent with type of service 0xc0, or with another.";
    "hsrp2.encapsulation.source-address" Must Wire UDP HSRP2
        "Over IPv4, a message comes from a real address of the interface, never from the virtual address.";
    "hsrp2.encapsulation.source-link-local" Info Wire UNCONFIRMED HSRP2
        "Over IPv6, a message comes from the interface's link-local address, or from another.";
    "hsrp2.encapsulation.source-mac-active" Must Wire SOURCE_MAC HSRP2
        "Over IPv4, the Hellos of an Active router come from the group's virtual MAC address.";
    "hsrp2.encapsulation.source-mac-others" Must Wire SOURCE_MAC HSRP2
        "The Hellos of a router that is not Active come from the interface's own MAC address.";
    "hsrp2.encapsulation.source-mac-resign" Info Wire SOURCE_MAC HSRP2
        "A Coup or a Resign comes from the virtual MAC address, or from the interface's own.";
    "hsrp2.encapsulation.virtual-mac" Must Wire VIRTUAL_MAC HSRP2
        "Over IPv4, the virtual MAC address is 00-00-0c-9f-f and all twelve bits of the group.";
    "hsrp2.encapsulation.virtual-mac-ipv6" Info Wire DOCUMENTS HSRP2
        "Over IPv6, the virtual MAC address is 00-05-73-a0-0 and the twelve bits of the group.";
    "hsrp2.encapsulation.udp-checksum" Should Wire UDP HSRP2
        "The UDP checksum of a message is right, or over IPv4 there is none.";
};

pub(super) const V1_PDU: &[Requirement] = requirements! {
    "hsrp1.pdu.version" Must Wire VERSION HSRP1
        "The version of a message is 0.";
    "hsrp1.pdu.opcode" Must Wire OP_CODE HSRP1
        "The Op Code of a message is Hello 0, Coup 1 or Resign 2.";
    "hsrp1.pdu.state" Must Wire STATE HSRP1
        "The state of a message is one of the codes 0, 1, 2, 4, 8 and 16.";
    "hsrp1.pdu.state-current" Must Wire STATE HSRP1
        "A Hello tells the state that its router is in: 4 for Speak, 8 for Standby, 16 for Active.";
    "hsrp1.pdu.coup-state" Info Wire STATE HSRP1
        "The state in a Coup is the one before it or after it, or another.";
    "hsrp1.pdu.resign-state" Info Wire STATE HSRP1
        "The state in a Resign is Active, or Speak, or another.";
    "hsrp1.pdu.hellotime-in-use" Must Wire HELLOTIME HSRP1
        "The Hellotime of a Hello is the one that the router sends by, in seconds.";
    "hsrp1.pdu.holdtime-in-use" Must Wire HOLDTIME HSRP1
        "The Holdtime of a Hello is the one that the router uses, in seconds.";
    "hsrp1.pdu.holdtime" Must Wire HOLDTIME HSRP1
        "The Holdtime of a Hello is greater than its Hellotime.";
    "hsrp1.pdu.holdtime-ratio" Should Wire HOLDTIME HSRP1
        "The Holdtime of a Hello is at least three times its Hellotime.";
    "hsrp1.pdu.priority" Must Wire PRIORITY HSRP1
        "The priority of a message is the router's.";
    "hsrp1.pdu.group-configured" Must Wire GROUP HSRP1
        "The group of a message is the one that is configured.";
    "hsrp1.pdu.reserved" Info Wire RESERVED HSRP1
        "The reserved octet is 0, or something else.";
    "hsrp1.pdu.authentication-default" Should Wire AUTHENTICATION_DATA HSRP1
        "Where no authentication is configured, the authentication data is cisco and three zeros.";
    "hsrp1.pdu.virtual-address" Must Wire VIRTUAL_ADDRESS HSRP1
        "The virtual address of a message is the group's.";
    "hsrp1.pdu.length" Must Wire FORMAT HSRP1
        "A message has 20 octets, and nothing but authentication behind them.";
    "hsrp1.pdu.tlv-list" Info Wire CISCO HSRP1
        "A TLV behind a message lies within the datagram.";
    "hsrp1.pdu.tlv-unknown" Info Wire CISCO HSRP1
        "A TLV behind a message is MD5 Authentication, type 4 of length 28.";
};

pub(super) const V2_PDU: &[Requirement] = requirements! {
    "hsrp2.pdu.version" Must Wire VERSION HSRP2
        "The version in Group State is 2.";
    "hsrp2.pdu.opcode" Must Wire OP_CODE HSRP2
        "The Op Code of a Group State is Hello 0, Coup 1 or Resign 2.";
    "hsrp2.pdu.state" Must Wire STATE HSRP2
        "The state of a Group State is one of the codes 0 to 6.";
    "hsrp2.pdu.state-current" Must Wire STATE HSRP2
        "A Hello tells the state that its router is in: 4 for Speak, 5 for Standby, 6 for Active.";
    "hsrp2.pdu.coup-state" Info Wire STATE HSRP2
        "The state in a Coup is the one before it or after it, or another.";
    "hsrp2.pdu.resign-state" Info Wire STATE HSRP2
        "The state in a Resign is Active, or Speak, or another.";
    "hsrp2.pdu.hellotime-in-use" Must Wire HELLOTIME HSRP2
        "The Hellotime of a Hello is the one that the router sends by, in milliseconds.";
    "hsrp2.pdu.holdtime-in-use" Must Wire HOLDTIME HSRP2
        "The Holdtime of a Hello is the one that the router uses, in milliseconds.";
    "hsrp2.pdu.holdtime" Should Wire HOLDTIME_RULES HSRP2
        "The Holdtime of a Hello is greater than its Hellotime.";
    "hsrp2.pdu.holdtime-ratio" Should Wire HOLDTIME_RULES HSRP2
        "The Holdtime of a Hello is at least three times its Hellotime.";
    "hsrp2.pdu.priority" Must Wire PRIORITY HSRP2
        "The priority of a message is the router's, in four octets.";
    "hsrp2.pdu.group-configured" Must Wire GROUP HSRP2
        "The group of a message is the one that is configured, in two octets.";
    "hsrp2.pdu.group" Info Wire DOCUMENTS HSRP2
        "The group of a message is at most 4095.";
    "hsrp2.pdu.authentication-default" Info Wire UNCONFIRMED HSRP2
        "Where no authentication is configured, the text cisco is sent, or none.";
    "hsrp2.pdu.virtual-address" Must Wire VIRTUAL_ADDRESS HSRP2
        "The virtual address of a message is the group's, an IPv4 one in the first four octets.";
    "hsrp2.pdu.virtual-address-fill" Info Wire CISCO HSRP2
        "Behind a virtual IPv4 address, the twelve octets are zero, or something else.";
    "hsrp2.pdu.virtual-address-link-local" Info Wire DOCUMENTS HSRP2
        "Over IPv6, the virtual address of a message is a link-local one.";
    "hsrp2.pdu.tlv-unknown" Info Wire CISCO HSRP2
        "A TLV is Group State 1, Interface State 2, Text 3 or MD5 Authentication 4.";
    "hsrp2.pdu.tlv-length" Must Wire TLVS HSRP2
        "Group State has length 40, Interface State 4, Text 8 and MD5 Authentication 28.";
    "hsrp2.pdu.tlv-repeated" Info Wire CISCO HSRP2
        "A type of TLV stands once in a message.";
    "hsrp2.pdu.tlv-order" Info Wire CISCO HSRP2
        "Authentication stands behind Group State, or before it.";
    "hsrp2.pdu.ip-version" Must Wire TLVS HSRP2
        "The IP version in Group State is 4 or 6, as the family of the group is.";
    "hsrp2.pdu.identifier" Must Wire TLVS HSRP2
        "The identifier in Group State is the MAC address of the sending interface, also in Active.";
};
