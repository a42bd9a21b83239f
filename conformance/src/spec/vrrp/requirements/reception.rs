//! An advertisement that is received: what discards it, and what must not.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V2_RX: &[Requirement] = requirements! {
    // What discards it.
    "vrrp2.rx.ttl" Must Wire TTL VRRP2 ["vrrp2.reception.ttl"]
        "An advertisement whose TTL is not 255 is discarded.";
    "vrrp2.rx.version" Must Wire RECEPTION VRRP2 ["vrrp2.reception.version"]
        "An advertisement whose version is not 2 is discarded.";
    "vrrp2.rx.type" Must Wire TYPE VRRP2 ["vrrp2.reception.type"]
        "A message whose type is not 1 is discarded.";
    "vrrp2.rx.length" Must Wire RECEPTION ONLY_3768 ["vrrp2.reception.length"]
        "A message without all of its fixed fields, addresses and authentication data is discarded.";
    "vrrp2.rx.length-2338" Must Wire RECEPTION ONLY_2338 ["vrrp2.reception.length"]
        "A message that is shorter than its fixed fields is discarded.";
    "vrrp2.rx.truncated-2338" Info Wire RECEPTION ONLY_2338
        "A message with its fixed fields, but without all addresses or authentication data, is discarded or not.";
    "vrrp2.rx.checksum" Must Wire RECEPTION VRRP2 ["vrrp2.reception.checksum"]
        "A message with a wrong checksum is discarded.";
    "vrrp2.rx.vrid" Must Wire RECEPTION VRRP2 ["vrrp2.reception.vrid"]
        "An advertisement for a VRID that is not configured is discarded.";
    "vrrp2.rx.interface" Must DataPlane RECEPTION VRRP2 ["vrrp2.reception.vrid"]
        "An advertisement for a VRID that is configured only on another interface is discarded.";
    "vrrp2.rx.owner-discards" Must Wire OWNER ONLY_3768 ["vrrp2.reception.owner"]
        "An owner discards every advertisement for its virtual router, whatever priority it has.";
    "vrrp2.rx.owner-priority-zero" Info Wire OWNER ONLY_3768
        "An owner discards an advertisement with priority 0, or answers it.";
    "vrrp2.rx.owner-2338" Info Wire OWNER ONLY_2338
        "An owner discards advertisements, or yields to another owner with a greater address.";
    "vrrp2.rx.auth-type" Must Wire AUTHENTICATION VRRP2 ["vrrp2.reception.auth-type"]
        "An advertisement with an unknown Auth Type, or another than configured, is discarded.";
    "vrrp2.rx.authentication" Must WireAndConfiguration AUTHENTICATION ONLY_2338 ["vrrp2.reception.authentication"]
        "An advertisement that does not pass the authentication that is configured is discarded.";
    "vrrp2.rx.interval-equal" Must Wire RECEPTION VRRP2 ["vrrp2.reception.interval"]
        "An advertisement whose Adver Int is not the router's own is discarded.";
    "vrrp2.rx.address-list" May Wire RECEPTION VRRP2
        "An advertisement with other addresses and a priority that is not 255 is dropped or accepted.";
    "vrrp2.rx.address-list-dropped" Must WireAndConfiguration RECEPTION VRRP2 ["vrrp2.reception.address-list"]
        "A router that verifies addresses drops an advertisement with others, unless its priority is 255.";
    "vrrp2.rx.address-list-constant" Should Wire RECEPTION VRRP2
        "A router verifies the addresses of all advertisements or of none.";

    // What does not.
    "vrrp2.rx.address-list-owner" Must Wire RECEPTION VRRP2
        "An advertisement with other addresses and priority 255 is accepted.";
    "vrrp2.rx.count-zero" Info Wire COUNT_ZERO VRRP2
        "An advertisement without addresses is discarded or accepted.";
    "vrrp2.rx.auth-data-ignored" Should Wire NO_AUTHENTICATION VRRP2
        "With Auth Type 0, an advertisement is accepted whatever its authentication data.";
    "vrrp2.rx.source-mac" Should Wire RECEPTION VRRP2
        "An advertisement is accepted from any source MAC address.";
    "vrrp2.rx.both-states" Should Wire RECEPTION VRRP2
        "What is discarded in Backup is discarded in Master, and what is accepted in one is accepted in the other.";
    "vrrp2.rx.padding" Should Wire RECEPTION VRRP2
        "An advertisement is accepted if its frame is padded.";
    "vrrp2.rx.trailing-octets" Info Wire RECEPTION VRRP2
        "An advertisement with octets behind its message, inside the IP packet, is discarded or accepted.";
    "vrrp2.rx.destination" Info Wire RECEPTION VRRP2
        "An advertisement to another group or to the router's own address is discarded or accepted.";
    "vrrp2.rx.other-vlan" Should Wire RECEPTION VRRP2
        "An advertisement with the tag of another VLAN is not accepted.";
    "vrrp2.rx.priority-tagged" Info Wire RECEPTION VRRP2
        "An advertisement with a priority tag, VLAN 0, is discarded or accepted.";

    // What is told of it.
    "vrrp2.rx.logged" Should No ("logs are not on the wire") RECEPTION VRRP2
        "A packet that is discarded is logged.";
    "vrrp2.rx.reported" May No ("management is not on the wire") RECEPTION VRRP2
        "The management is told of a packet that is discarded, or is not.";
    "vrrp2.rx.address-list-logged" Should No ("logs are not on the wire") RECEPTION VRRP2
        "An advertisement that is found to have other addresses is logged.";
    "vrrp2.rx.address-list-reported" May No ("management is not on the wire") RECEPTION VRRP2
        "The management is told of other addresses, or is not.";
    "vrrp2.rx.interval-logged" Should No ("logs are not on the wire") RECEPTION VRRP2
        "An advertisement with another interval is logged.";
    "vrrp2.rx.interval-reported" May No ("management is not on the wire") RECEPTION VRRP2
        "The management is told of another interval, or is not.";
};

pub(super) const V3_RX: &[Requirement] = requirements! {
    // What discards it.
    "vrrp3.rx.ttl" Must Wire TTL VRRP3 ["vrrp3.reception.ttl"]
        "An advertisement whose TTL or Hop Limit is not 255 is discarded.";
    "vrrp3.rx.version" Must Wire RECEPTION VRRP3 ["vrrp3.reception.version"]
        "An advertisement whose version is not 3 is discarded, but for version 2 where interoperation is on.";
    "vrrp3.rx.type" Must Wire TYPE VRRP3 ["vrrp3.reception.type"]
        "A message whose type is not 1 is discarded.";
    "vrrp3.rx.length" Must Wire RECEPTION VRRP3 ["vrrp3.reception.length"]
        "A message without all of its fixed fields and addresses is discarded.";
    "vrrp3.rx.checksum" Must Wire RECEPTION VRRP3 ["vrrp3.reception.checksum"]
        "A message whose checksum is wrong in every form is discarded.";
    "vrrp3.rx.checksum-form" Info Wire CHECKSUM_RECEIVED VRRP3
        "Over IPv4, a checksum of the other form than the router sends is taken for right or for wrong.";
    "vrrp3.rx.checksum-pseudo-header" Must Wire CHECKSUM_RECEIVED VRRP3 ["vrrp3.reception.checksum"]
        "Over IPv6, a message whose checksum leaves the pseudo-header out is discarded.";
    "vrrp3.rx.vrid" Must Wire RECEPTION VRRP3 ["vrrp3.reception.vrid"]
        "An advertisement for a VRID that is not configured is discarded.";
    "vrrp3.rx.interface" Must DataPlane RECEPTION VRRP3 ["vrrp3.reception.vrid"]
        "An advertisement for a VRID that is configured only on another interface is discarded.";
    "vrrp3.rx.owner-discards" Must Wire OWNER ONLY_5798 ["vrrp3.reception.owner"]
        "An owner discards every advertisement for its virtual router, whatever priority it has.";
    "vrrp3.rx.owner-processes" Should Wire OWNER ONLY_9568
        "An owner processes advertisements as any Active router does, and yields to an owner with a greater address.";
    "vrrp3.rx.interval-zero" Must Wire INTERVAL_ZERO ONLY_9568 ["vrrp3.reception.interval"]
        "An advertisement whose interval is 0 is discarded.";
    "vrrp3.rx.interval-zero-2010" Info Wire INTERVAL_ZERO ONLY_5798
        "An advertisement whose interval is 0 is discarded, or its interval is taken.";
    "vrrp3.rx.count-zero" Must Wire COUNT_ZERO ONLY_9568 ["vrrp3.reception.count"]
        "An advertisement without addresses is ignored.";
    "vrrp3.rx.count-zero-2010" Info Wire COUNT_ZERO ONLY_5798
        "An advertisement without addresses is discarded or accepted.";
    "vrrp3.rx.link-local-first" Must Wire LINK_LOCAL_FIRST_RECEIVED ONLY_9568 ["vrrp3.reception.link-local-first"]
        "An advertisement whose first IPv6 address is not link-local is discarded.";
    "vrrp3.rx.link-local-first-2010" Info Wire LINK_LOCAL_FIRST_RECEIVED ONLY_5798
        "An advertisement whose first IPv6 address is not link-local is discarded or accepted.";

    // What does not.
    "vrrp3.rx.interval-adopted" Must Wire ADVERTISING VRRP3
        "An advertisement is accepted whatever its interval, also one that is not the router's own.";
    "vrrp3.rx.interval-largest" Must Wire ADVERTISING VRRP3
        "An advertisement with an interval of 4095 centiseconds is accepted.";
    "vrrp3.rx.address-list" Must Wire ADVERTISING VRRP3
        "An advertisement is accepted with other addresses than the router's own, more of them, or another order.";
    "vrrp3.rx.reserve" Must Wire RESERVE VRRP3
        "The bits of Reserve are ignored: they neither discard an advertisement nor count for its interval.";
    "vrrp3.rx.source-mac" Should Wire RECEPTION VRRP3
        "An advertisement is accepted from any source MAC address.";
    "vrrp3.rx.source-address" Info Wire SOURCE_ADDRESS VRRP3
        "An advertisement from a global IPv6 address is discarded or accepted.";
    "vrrp3.rx.both-states" Should Wire RECEPTION VRRP3
        "What is discarded in Backup is discarded in Active, and what is accepted in one is accepted in the other.";
    "vrrp3.rx.padding" Should Wire RECEPTION VRRP3
        "An advertisement is accepted if its frame is padded.";
    "vrrp3.rx.trailing-octets" Info Wire RECEPTION VRRP3
        "An advertisement with octets behind its message, inside the IP packet, is discarded or accepted.";
    "vrrp3.rx.destination" Info Wire RECEPTION VRRP3
        "An advertisement to another group or to the router's own address is discarded or accepted.";
    "vrrp3.rx.other-vlan" Should Wire RECEPTION VRRP3
        "An advertisement with the tag of another VLAN is not accepted.";
    "vrrp3.rx.priority-tagged" Info Wire RECEPTION VRRP3
        "An advertisement with a priority tag, VLAN 0, is discarded or accepted.";

    // What is told of it.
    "vrrp3.rx.logged" Should No ("logs are not on the wire") RECEPTION VRRP3
        "A packet that is discarded is logged.";
    "vrrp3.rx.reported" May No ("management is not on the wire") RECEPTION VRRP3
        "The management is told of a packet that is discarded, or is not.";
    "vrrp3.rx.owner-logged" Should No ("logs are not on the wire") OWNER ONLY_9568
        "An owner logs that it got an advertisement for its own addresses.";
    "vrrp3.rx.address-list-verified" May No ("with or without it the advertisement is accepted") RECEPTION VRRP3
        "The addresses of an advertisement are verified, or are not.";
    "vrrp3.rx.address-list-logged" Should No ("logs are not on the wire") RECEPTION VRRP3
        "An advertisement that is found to have other addresses is logged.";
    "vrrp3.rx.address-list-reported" May No ("management is not on the wire") RECEPTION VRRP3
        "The management is told of other addresses, or is not.";
    "vrrp3.rx.interval-logged" Should No ("logs are not on the wire") RECEPTION ONLY_9568
        "An advertisement with another interval than configured is logged.";
};
