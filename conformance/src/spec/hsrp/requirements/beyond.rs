//! Beyond the state machine: authentication, tracking, what a router tells of its interface, configuration, what no
//! router should send and every router gets, and several routers seen together.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V1_AUTHENTICATION: &[Requirement] = requirements! {
    "hsrp1.authentication.text-sent" Must WireAndConfiguration AUTHENTICATION_DATA HSRP1
        "The authentication data is the password that is configured.";
    "hsrp1.authentication.text-right" Must Wire AUTHENTICATION HSRP1
        "A Hello with the right password is accepted.";
    "hsrp1.authentication.text-wrong" Must Wire AUTHENTICATION HSRP1 ["hsrp1.reception.authentication"]
        "A Hello with another password is ignored.";
    "hsrp1.authentication.text-prefix" Must Wire AUTHENTICATION HSRP1 ["hsrp1.reception.authentication"]
        "A Hello with only the beginning of the password is ignored.";
    "hsrp1.authentication.text-empty" Must Wire AUTHENTICATION HSRP1 ["hsrp1.reception.authentication"]
        "A Hello with an authentication data of zeros is ignored.";
    "hsrp1.authentication.text-default" Must WireAndConfiguration AUTHENTICATION HSRP1
        ["hsrp1.reception.authentication"]
        "A Hello with the default password is ignored where another is configured.";
    "hsrp1.authentication.coup" Should Wire AUTHENTICATION HSRP1 ["hsrp1.reception.authentication"]
        "A Coup with another password is ignored.";
    "hsrp1.authentication.resign" Should Wire AUTHENTICATION HSRP1 ["hsrp1.reception.authentication"]
        "A Resign with another password is ignored.";
    "hsrp1.authentication.md5-sent" Must WireAndConfiguration CISCO ONLY_CISCO1
        "With a key, a message is followed by an MD5 Authentication with the digest of key and datagram.";
    "hsrp1.authentication.md5-data-zero" Must WireAndConfiguration CISCO ONLY_CISCO1
        "With a key, the authentication data is all zero.";
    "hsrp1.authentication.md5-sender" Must WireAndConfiguration CISCO ONLY_CISCO1
        "An MD5 Authentication names the address that its message comes from.";
    "hsrp1.authentication.md5-right" Must WireAndConfiguration CISCO ONLY_CISCO1
        "With a key, a Hello with a right digest is accepted.";
    "hsrp1.authentication.md5-wrong" Must WireAndConfiguration CISCO_AUTHENTICATION ONLY_CISCO1
        ["hsrp1.reception.authentication"]
        "With a key, a Hello with a digest of another key is ignored.";
    "hsrp1.authentication.md5-altered" Must WireAndConfiguration CISCO_AUTHENTICATION ONLY_CISCO1
        ["hsrp1.reception.authentication"]
        "With a key, a Hello that was altered after its digest was made is ignored.";
    "hsrp1.authentication.md5-missing" Must WireAndConfiguration CISCO_AUTHENTICATION ONLY_CISCO1
        ["hsrp1.reception.authentication"]
        "With a key, a Hello without an MD5 Authentication is ignored.";
    "hsrp1.authentication.md5-truncated" Must WireAndConfiguration CISCO_AUTHENTICATION ONLY_CISCO1
        ["hsrp1.reception.authentication"]
        "With a key, a Hello with only the beginning of an MD5 Authentication is ignored.";
    "hsrp1.authentication.md5-key-id" Info WireAndConfiguration UNCONFIRMED ONLY_CISCO1
        "With a key, a Hello with a right digest and the number of another key is ignored or accepted.";
    "hsrp1.authentication.md5-replay" Info WireAndConfiguration UNCONFIRMED ONLY_CISCO1
        "With a key, a Hello that was heard before is accepted again.";
};

pub(super) const V2_AUTHENTICATION: &[Requirement] = requirements! {
    "hsrp2.authentication.text-sent" Must WireAndConfiguration TLVS HSRP2
        "Behind its Group State, a message has the password that is configured, in a Text Authentication.";
    "hsrp2.authentication.text-right" Must WireAndConfiguration AUTHENTICATION HSRP2
        "A Hello with the right password is accepted.";
    "hsrp2.authentication.text-wrong" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Hello with another password is ignored.";
    "hsrp2.authentication.text-prefix" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Hello with only the beginning of the password is ignored.";
    "hsrp2.authentication.text-empty" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Hello with a text of zeros is ignored.";
    "hsrp2.authentication.text-default" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Hello with the default password is ignored where another is configured.";
    "hsrp2.authentication.text-missing" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Hello without a Text Authentication is ignored where a password is configured.";
    "hsrp2.authentication.coup" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Coup with another password is ignored.";
    "hsrp2.authentication.resign" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "A Resign with another password is ignored.";
    "hsrp2.authentication.md5-sent" Must WireAndConfiguration CISCO HSRP2
        "With a key, a Group State is followed by an MD5 Authentication with the digest of key and datagram.";
    "hsrp2.authentication.md5-sender" Must WireAndConfiguration CISCO HSRP2
        "An MD5 Authentication names the address that its message comes from.";
    "hsrp2.authentication.md5-right" Must WireAndConfiguration CISCO HSRP2
        "With a key, a Hello with a right digest is accepted.";
    "hsrp2.authentication.md5-wrong" Must WireAndConfiguration CISCO_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "With a key, a Hello with a digest of another key is ignored.";
    "hsrp2.authentication.md5-altered" Must WireAndConfiguration CISCO_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "With a key, a Hello that was altered after its digest was made is ignored.";
    "hsrp2.authentication.md5-missing" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "With a key, a Hello without an MD5 Authentication is ignored.";
    "hsrp2.authentication.md5-truncated" Should WireAndConfiguration UNSEEN_AUTHENTICATION HSRP2
        ["hsrp2.reception.authentication"]
        "With a key, a Hello with only the beginning of an MD5 Authentication is ignored.";
    "hsrp2.authentication.md5-key-id" Info WireAndConfiguration UNCONFIRMED HSRP2
        "With a key, a Hello with a right digest and the number of another key is ignored or accepted.";
    "hsrp2.authentication.md5-replay" Info WireAndConfiguration UNCONFIRMED HSRP2
        "With a key, a Hello that was heard before is accepted again.";
};

pub(super) const V1_TRACKING: &[Requirement] = requirements! {
    "hsrp1.tracking.decrement" Info WireAndConfiguration DOCUMENTS ONLY_CISCO1
        "While what the router tracks is down, its priority is less by the decrement that is configured.";
    "hsrp1.tracking.next-hello" Info WireAndConfiguration DOCUMENTS ONLY_CISCO1
        "The next Hello after a tracked thing goes down has the new priority.";
    "hsrp1.tracking.restored" Info WireAndConfiguration DOCUMENTS ONLY_CISCO1
        "Once what the router tracks is up again, its priority is the one that is configured.";
};

pub(super) const V2_TRACKING: &[Requirement] = requirements! {
    "hsrp2.tracking.decrement" Info WireAndConfiguration DOCUMENTS HSRP2
        "While what the router tracks is down, its priority is less by the decrement that is configured.";
    "hsrp2.tracking.next-hello" Info WireAndConfiguration DOCUMENTS HSRP2
        "The next Hello after a tracked thing goes down has the new priority.";
    "hsrp2.tracking.restored" Info WireAndConfiguration DOCUMENTS HSRP2
        "Once what the router tracks is up again, its priority is the one that is configured.";
};

pub(super) const V1_INTERFACE_STATE: &[Requirement] = requirements! {
    "hsrp1.interface-state.tlv" Info Wire CISCO HSRP1
        "An Advertise has one TLV, of type 1 and length 14.";
    "hsrp1.interface-state.state" Info Wire CISCO HSRP1
        "The state in an Advertise is Dormant 1, Passive 2 or Active 3.";
    "hsrp1.interface-state.alone" Info Wire CISCO HSRP1
        "An Advertise is a message of its own, with 16 octets.";
    "hsrp1.interface-state.counts" Info Wire CISCO HSRP1
        "The counts in an Advertise are those of the interface's Active and other groups, or are not.";
    "hsrp1.interface-state.on-change" Info Wire CISCO HSRP1
        "An Advertise is sent when the first group of the interface becomes Active or the last one leaves Active.";
    "hsrp1.interface-state.periodic" Info Wire CISCO HSRP1
        "While no group of the interface is Active, an Advertise is sent every half a minute or so.";
    "hsrp1.interface-state.source-mac" Info Wire CISCO HSRP1
        "An Advertise comes from the interface's own MAC address.";
    "hsrp1.interface-state.unauthenticated" Info WireAndConfiguration CISCO HSRP1
        "An Advertise has no authentication, whatever is configured.";
    "hsrp1.interface-state.tolerated" Should Wire OP_CODE HSRP1 ["hsrp1.reception.op-code"]
        "An Advertise of another router changes no state of a group.";
    "hsrp1.interface-state.malformed" Should Wire OP_CODE HSRP1 ["hsrp1.reception.op-code"]
        "An Advertise with a wrong length, type, state or count changes no state of a group.";
};

pub(super) const V2_INTERFACE_STATE: &[Requirement] = requirements! {
    "hsrp2.interface-state.alone" Must Wire CISCO HSRP2
        "An Interface State is sent alone, in a message of its own with six octets.";
    "hsrp2.interface-state.counts" Must Wire CISCO HSRP2
        "An Interface State tells how many groups of the interface are Active, and how many are not.";
    "hsrp2.interface-state.on-change" Should Wire CISCO HSRP2
        "An Interface State is sent when the first group becomes Active or the last one leaves Active.";
    "hsrp2.interface-state.periodic" Info Wire CISCO HSRP2
        "While no group of the interface is Active, an Interface State is sent every half a minute or so.";
    "hsrp2.interface-state.source-mac" Info Wire CISCO HSRP2
        "An Interface State comes from the interface's own MAC address.";
    "hsrp2.interface-state.unauthenticated" Info WireAndConfiguration CISCO HSRP2
        "An Interface State has no authentication, whatever is configured.";
    "hsrp2.interface-state.tolerated" Should Wire CISCO HSRP2
        "An Interface State of another router changes no state of a group.";
    "hsrp2.interface-state.malformed" Should Wire CISCO HSRP2
        "An Interface State with a wrong length or count changes no state of a group.";
};

pub(super) const V1_CONFIGURATION: &[Requirement] = requirements! {
    "hsrp1.configuration.holdtime" Must WireAndConfiguration HOLDTIME HSRP1
        "A Holdtime that is not greater than the Hellotime is refused or corrected.";
    "hsrp1.configuration.virtual-address-own" Must WireAndConfiguration GROUPS HSRP1
        "A virtual address that is the interface's own is refused.";
    "hsrp1.configuration.virtual-address-shared" Must WireAndConfiguration GROUPS HSRP1
        "A virtual address of another group is refused.";
    "hsrp1.configuration.virtual-address-subnet" Should No ("what the primary subnet of a LAN is, is not on the wire")
        GROUPS HSRP1
        "A virtual address is one of the LAN's primary subnet.";
    "hsrp1.configuration.default-hellotime" Should WireAndConfiguration HELLOTIME HSRP1
        "Hellotime is 3 seconds where it is neither configured nor learned.";
    "hsrp1.configuration.default-holdtime" Should WireAndConfiguration HOLDTIME HSRP1
        "Holdtime is 10 seconds where it is neither configured nor learned.";
    "hsrp1.configuration.default-priority" Info WireAndConfiguration DOCUMENTS ONLY_CISCO1
        "The priority is 100 where none is configured.";
    "hsrp1.configuration.groups" Must WireAndConfiguration GROUP HSRP1
        "Every group from 0 to 255 can be configured.";
    "hsrp1.configuration.token-ring-groups" Must No ("token ring is out of reach") GROUP HSRP1
        "On token ring, a group is 0, 1 or 2.";
    "hsrp1.configuration.preempt" May WireAndConfiguration PARAMETERS HSRP1
        "A router can be configured to preempt, or cannot.";
    "hsrp1.configuration.preempt-delay" Info WireAndConfiguration DOCUMENTS ONLY_CISCO1
        "A router that is configured to wait before it preempts waits for so long after it has started.";
    "hsrp1.configuration.parameters-known" Must No ("what a router knows it shows only by what it sends")
        PARAMETERS HSRP1
        "Each router knows the group, its virtual MAC address, a priority, the authentication data and the times.";
    "hsrp1.configuration.virtual-address-known" Must No ("how a router came to know it is not on the wire")
        PARAMETERS HSRP1
        "At least one router of a group has the virtual address from its configuration.";
};

pub(super) const V2_CONFIGURATION: &[Requirement] = requirements! {
    "hsrp2.configuration.holdtime" Should WireAndConfiguration HOLDTIME_RULES HSRP2
        "A Holdtime that is not greater than the Hellotime is refused or corrected.";
    "hsrp2.configuration.virtual-address-own" Should WireAndConfiguration GROUPS HSRP2
        "A virtual address that is the interface's own is refused.";
    "hsrp2.configuration.virtual-address-shared" Should WireAndConfiguration GROUPS HSRP2
        "A virtual address of another group is refused.";
    "hsrp2.configuration.default-hellotime" Should WireAndConfiguration HELLOTIME HSRP2
        "Hellotime is 3 seconds where it is neither configured nor learned.";
    "hsrp2.configuration.default-holdtime" Should WireAndConfiguration HOLDTIME HSRP2
        "Holdtime is 10 seconds where it is neither configured nor learned.";
    "hsrp2.configuration.default-priority" Info WireAndConfiguration DOCUMENTS HSRP2
        "The priority is 100 where none is configured.";
    "hsrp2.configuration.groups" Info WireAndConfiguration DOCUMENTS HSRP2
        "Every group from 0 to 4095 can be configured.";
    "hsrp2.configuration.group-limit" Info WireAndConfiguration DOCUMENTS HSRP2
        "A group above 4095 is refused.";
    "hsrp2.configuration.preempt" May WireAndConfiguration PARAMETERS HSRP2
        "A router can be configured to preempt, or cannot.";
    "hsrp2.configuration.preempt-delay" Info WireAndConfiguration DOCUMENTS HSRP2
        "A router that is configured to wait before it preempts waits for so long after it has started.";
};

pub(super) const V1_ROBUST: &[Requirement] = requirements! {
    "hsrp1.robust.fuzz" Must Wire FORMAT HSRP1
        "After any number of malformed messages, the router does with the next good one what it always does.";
    "hsrp1.robust.reflection" Should Wire STATE_TRANSITIONS HSRP1
        "A router that gets its own messages back keeps its state, and sends no more than before.";
};

pub(super) const V2_ROBUST: &[Requirement] = requirements! {
    "hsrp2.robust.fuzz" Must Wire TLVS HSRP2
        "After any number of malformed messages, the router does with the next good one what it always does.";
    "hsrp2.robust.reflection" Should Wire STATE_TRANSITIONS HSRP2
        "A router that gets its own messages back keeps its state, and sends no more than before.";
};

pub(super) const V1_NETWORK: &[Requirement] = requirements! {
    "hsrp1.network.one-active" Must Wire STATES HSRP1
        "Two routers of a group are Active for no longer than it takes the better one to be heard.";
    "hsrp1.network.one-standby" Must Wire STATES HSRP1
        "Two routers of a group are Standby for no longer than it takes the better one to be heard.";
    "hsrp1.network.quiet" Should Wire OVERVIEW HSRP1
        "Once a group has an Active and a Standby router, no others of it send Hellos.";
    "hsrp1.network.takes-over" Should Wire OVERVIEW HSRP1
        "A group whose Active router fails has another one a Holdtime later.";
    "hsrp1.network.same-virtual-address" Should Wire ONE_ADDRESS HSRP1
        "All routers of a group tell the same virtual address.";
    "hsrp1.network.one-mac" Should Wire ONE_ADDRESS HSRP1
        "The virtual address of a group is never told with two MAC addresses.";
    "hsrp1.network.distinct-addresses" Must Wire GROUPS HSRP1
        "The virtual address of a group is no real address of a router and no virtual address of another group.";
    "hsrp1.network.learning-bridges" Should No ("bridges are not part of the group") VIRTUAL_MAC HSRP1
        "The bridges of the LAN learn.";
};

pub(super) const V2_NETWORK: &[Requirement] = requirements! {
    "hsrp2.network.one-active" Should Wire STATES HSRP2
        "Two routers of a group are Active for no longer than it takes the better one to be heard.";
    "hsrp2.network.one-standby" Should Wire STATES HSRP2
        "Two routers of a group are Standby for no longer than it takes the better one to be heard.";
    "hsrp2.network.quiet" Should Wire OVERVIEW HSRP2
        "Once a group has an Active and a Standby router, no others of it send Hellos.";
    "hsrp2.network.takes-over" Should Wire OVERVIEW HSRP2
        "A group whose Active router fails has another one a Holdtime later.";
    "hsrp2.network.same-virtual-address" Should Wire ONE_ADDRESS HSRP2
        "All routers of a group tell the same virtual address.";
    "hsrp2.network.one-mac" Should Wire ONE_ADDRESS HSRP2
        "The virtual address of a group is never told with two MAC addresses.";
    "hsrp2.network.distinct-addresses" Should Wire GROUPS HSRP2
        "The virtual address of a group is no real address of a router and no virtual address of another group.";
};
