//! An advertisement that is sent: what it travels in, and its fields.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V2_ENCAPSULATION: &[Requirement] = requirements! {
    "vrrp2.encapsulation.destination" Must Wire DESTINATION VRRP2
        "An advertisement is sent to 224.0.0.18.";
    "vrrp2.encapsulation.destination-mac" Must Wire DESTINATION VRRP2
        "An advertisement is sent to the MAC address of its group, 01-00-5e-00-00-12.";
    "vrrp2.encapsulation.protocol" Must Wire PROTOCOL VRRP2
        "An advertisement is IP protocol 112.";
    "vrrp2.encapsulation.ttl" Must Wire TTL VRRP2
        "An advertisement is sent with TTL 255.";
    "vrrp2.encapsulation.source-address" Must Wire SOURCE_ADDRESS VRRP2
        "An advertisement comes from a real address of the interface, never from a virtual one of somebody else.";
    "vrrp2.encapsulation.source-constant" Must Wire SOURCE_ADDRESS VRRP2
        "All advertisements of a virtual router come from the same address, the interface's primary one.";
    "vrrp2.encapsulation.source-mac" Must Wire SOURCE_MAC VRRP2
        "Every advertisement, also the one with priority 0, comes from 00-00-5e-00-01-VRID.";
    "vrrp2.encapsulation.fddi-filter" Should No ("FDDI is out of reach of an Ethernet port") FDDI VRRP2
        "On FDDI, the virtual MAC address is a filter of the device and not its hardware address.";
    "vrrp2.encapsulation.token-ring-functional" Must No ("token ring is out of reach") TOKEN_RING VRRP2
        "A router that runs VRRP on token ring has the mode with functional addresses.";
    "vrrp2.encapsulation.token-ring-unicast" May No ("token ring is out of reach") TOKEN_RING VRRP2
        "A router on token ring has the unicast mode or has it not.";
    "vrrp2.encapsulation.token-ring-multicast" Should No ("token ring is out of reach") TOKEN_RING VRRP2
        "On token ring, an advertisement is encapsulated as RFC 1469 has it.";
};

pub(super) const V3_ENCAPSULATION: &[Requirement] = requirements! {
    "vrrp3.encapsulation.destination" Must Wire DESTINATION VRRP3
        "An advertisement is sent to 224.0.0.18, or to ff02::12 over IPv6.";
    "vrrp3.encapsulation.destination-mac" Must Wire DESTINATION VRRP3
        "An advertisement is sent to the MAC address of its group, 01-00-5e-00-00-12 or 33-33-00-00-00-12.";
    "vrrp3.encapsulation.protocol" Must Wire PROTOCOL VRRP3
        "An advertisement is IP protocol 112, over IPv6 Next Header 112.";
    "vrrp3.encapsulation.ttl" Must Wire TTL VRRP3
        "An advertisement is sent with TTL or Hop Limit 255.";
    "vrrp3.encapsulation.source-address" Must Wire SOURCE_ADDRESS VRRP3
        "An advertisement comes from a real IPv4 address of the interface, or from its link-local IPv6 address.";
    "vrrp3.encapsulation.source-constant" Must Wire SOURCE_ADDRESS VRRP3
        "All advertisements of a virtual router come from the same address of the interface.";
    "vrrp3.encapsulation.source-mac" Must Wire SOURCE_MAC VRRP3
        "Every advertisement comes from 00-00-5e-00-01-VRID, or over IPv6 from 00-00-5e-00-02-VRID.";
    "vrrp3.encapsulation.fddi-filter" Should No ("FDDI is out of reach of an Ethernet port") FDDI ONLY_5798
        "On FDDI, the virtual MAC address is a filter of the device and not its hardware address.";
    "vrrp3.encapsulation.token-ring-functional" Must No ("token ring is out of reach") TOKEN_RING ONLY_5798
        "A router that runs VRRP on token ring has the mode with functional addresses.";
    "vrrp3.encapsulation.token-ring-unicast" May No ("token ring is out of reach") TOKEN_RING ONLY_5798
        "A router on token ring has the unicast mode or has it not.";
    "vrrp3.encapsulation.token-ring-multicast" Should No ("token ring is out of reach") TOKEN_RING ONLY_5798
        "On token ring, an advertisement is encapsulated as RFC 1469 has it.";
};

pub(super) const V2_PDU: &[Requirement] = requirements! {
    "vrrp2.pdu.version-and-type" Must Wire VERSION_AND_TYPE VRRP2
        "An advertisement has version 2 and type 1.";
    "vrrp2.pdu.vrid" Must Wire VRID VRRP2
        "VRID is the one that is configured, 1 to 255.";
    "vrrp2.pdu.priority" Must Wire PRIORITY VRRP2
        "Priority is the one that is configured, but for the 0 of a Master that stops.";
    "vrrp2.pdu.count" Must Wire COUNT VRRP2
        "Count IP Addrs is the number of addresses that follow, at least one.";
    "vrrp2.pdu.addresses" Must Wire ADDRESSES VRRP2
        "The addresses are those of the virtual router, all of them, in any order.";
    "vrrp2.pdu.length" Must Wire FORMAT VRRP2
        "A message has 16 octets and four more for each address, and nothing behind them.";
    "vrrp2.pdu.checksum" Must Wire CHECKSUM VRRP2
        "The checksum is right over the whole message, without any pseudo-header.";
    "vrrp2.pdu.interval" Must Wire INTERVAL VRRP2
        "Adver Int is the Advertisement_Interval that is configured, in seconds.";
    "vrrp2.pdu.auth-type" Must Wire AUTHENTICATION_TYPE VRRP2
        "Auth Type is that of the method that is configured: 0 without authentication.";
    "vrrp2.pdu.auth-type-cisco" Info Wire VENDOR VRRP2
        "Auth Type is 254 where Cisco's authentication with MD5 is configured.";
    "vrrp2.pdu.authentication-data" Must Wire FORMAT VRRP2
        "Eight octets of authentication data follow the addresses, whatever Auth Type is.";
    "vrrp2.pdu.no-authentication" Should Wire NO_AUTHENTICATION VRRP2
        "With Auth Type 0, the authentication data is all zero.";
};

pub(super) const V3_PDU: &[Requirement] = requirements! {
    "vrrp3.pdu.version-and-type" Must Wire VERSION_AND_TYPE VRRP3
        "An advertisement has version 3 and type 1.";
    "vrrp3.pdu.vrid" Must Wire VRID VRRP3
        "VRID is the one that is configured, 1 to 255.";
    "vrrp3.pdu.priority" Must Wire PRIORITY VRRP3
        "Priority is the one that is configured, but for the 0 of an Active router that stops.";
    "vrrp3.pdu.count" Must Wire COUNT VRRP3
        "The address count is the number of addresses that follow, at least one.";
    "vrrp3.pdu.addresses" Must Wire ADDRESSES VRRP3
        "The addresses are those of the virtual router, all of them, in any order but for a link-local first.";
    "vrrp3.pdu.length" Must Wire FORMAT VRRP3
        "A message has 8 octets and 4 or 16 more for each address, and nothing behind them.";
    "vrrp3.pdu.checksum" Must Wire CHECKSUM VRRP3
        "The checksum is right in one of the forms that the editions can be read to mean.";
    "vrrp3.pdu.checksum-message" Must Wire CHECKSUM ONLY_9568
        "Over IPv4, the checksum covers the message alone, without a pseudo-header.";
    "vrrp3.pdu.checksum-message-2010" Info Wire CHECKSUM ONLY_5798
        "Over IPv4, the checksum covers the message alone, or a pseudo-header too.";
    "vrrp3.pdu.checksum-pseudo-header" Must Wire CHECKSUM VRRP3
        "Over IPv6, the checksum covers the IPv6 pseudo-header with Next Header 112 and the message.";
    "vrrp3.pdu.interval" Must Wire INTERVAL VRRP3
        "Max Advertise Interval is the Advertisement_Interval that is configured, in centiseconds.";
    "vrrp3.pdu.reserve" Must Wire RESERVE VRRP3
        "The four bits of Reserve are zero.";
    "vrrp3.pdu.link-local-first" Must Wire LINK_LOCAL_FIRST ONLY_9568
        "The first of the IPv6 addresses is the virtual router's link-local address.";
    "vrrp3.pdu.link-local-first-2010" Should Wire LINK_LOCAL_FIRST ONLY_5798
        "Of the IPv6 addresses, the virtual router's link-local one comes first.";
    "vrrp3.pdu.one-family" Must Wire ADDRESS_LIST VRRP3
        "All addresses of a message are of one family, that of the IP header it travels behind.";
};
