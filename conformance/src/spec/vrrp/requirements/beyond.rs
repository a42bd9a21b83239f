//! Beyond the state machine: authentication of RFC 2338, version 2 beside version 3, configuration, what no router
//! should send and every router gets, and several routers seen together.

use super::requirements;
use crate::spec::Requirement;

pub(super) const V2_AUTHENTICATION: &[Requirement] = requirements! {
    "vrrp2.authentication.password-sent" Should WireAndConfiguration PASSWORD ONLY_2338
        "With a password, the authentication data begins with it.";
    "vrrp2.authentication.password-filled" Must WireAndConfiguration PASSWORD_FILL ONLY_2338
        "Behind a password of less than eight characters, the authentication data is zero.";
    "vrrp2.authentication.password-right" Must WireAndConfiguration PASSWORD ONLY_2338
        "An advertisement with the right password is accepted.";
    "vrrp2.authentication.password-wrong" Must WireAndConfiguration PASSWORD ONLY_2338
        ["vrrp2.reception.authentication"]
        "An advertisement with another password, in another case or without any, is discarded.";
    "vrrp2.authentication.password-prefix" Must WireAndConfiguration PASSWORD ONLY_2338
        ["vrrp2.reception.authentication"]
        "An advertisement with only the beginning of the password is discarded.";
    "vrrp2.authentication.password-trailing" Info WireAndConfiguration PASSWORD ONLY_2338
        "Octets behind the zero fill or behind the authentication data discard an advertisement, or do not.";
    "vrrp2.authentication.header-sent" Must WireAndConfiguration AUTHENTICATION_HEADER ONLY_2338
        "With the Authentication Header, every advertisement is behind one, with HMAC-MD5-96.";
    "vrrp2.authentication.header-data-sent" Should WireAndConfiguration AUTHENTICATION_HEADER ONLY_2338
        "With the Authentication Header, the authentication data is sent as zero.";
    "vrrp2.authentication.header-right" Must WireAndConfiguration AUTHENTICATION_HEADER ONLY_2338
        "An advertisement with a right Authentication Header is accepted.";
    "vrrp2.authentication.header-missing" Must WireAndConfiguration AUTHENTICATION_HEADER ONLY_2338
        ["vrrp2.reception.authentication"]
        "An advertisement without the Authentication Header that is configured is discarded.";
    "vrrp2.authentication.header-wrong" Must WireAndConfiguration AUTHENTICATION_HEADER ONLY_2338
        ["vrrp2.reception.authentication"]
        "An advertisement whose Authentication Header has a wrong digest is discarded.";
    "vrrp2.authentication.header-data-ignored" Should WireAndConfiguration AUTHENTICATION_HEADER ONLY_2338
        "With a right Authentication Header, the authentication data does not matter.";
    "vrrp2.authentication.per-interface" Must WireAndConfiguration AUTHENTICATION_PARAMETERS ONLY_2338
        "All virtual routers of an interface have one method and one password.";
    "vrrp2.authentication.per-virtual-router" Must No ("one method alone is left") AUTHENTICATION_PARAMETERS ONLY_3768
        "Each virtual router has an authentication method of its own.";
    "vrrp2.authentication.no-default-password" Must No ("what is not configured cannot be seen") PASSWORD ONLY_2338
        "No password is in use that nobody has configured.";
    "vrrp2.authentication.none-in-safety" Should No ("advice to who configures") SECURITY_NONE ONLY_2338
        "A network without authentication is one with little risk.";
    "vrrp2.authentication.password-recommended" Should No ("advice to who configures") SECURITY_PASSWORD ONLY_2338
        "A network where few would disrupt VRRP has a password.";
    "vrrp2.authentication.password-not-secret" Should No ("advice to who configures") SECURITY_PASSWORD ONLY_2338
        "The password is none that guards anything else.";
    "vrrp2.authentication.header-recommended" Should No ("advice to who configures") SECURITY_HEADER ONLY_2338
        "A network whose nodes are not all under control has the Authentication Header.";
};

pub(super) const V3_INTEROPERATION: &[Requirement] = requirements! {
    "vrrp3.interoperation.optional" May WireAndConfiguration INTEROPERATION VRRP3
        "A router can be configured to speak version 2 beside version 3, or cannot.";
    "vrrp3.interoperation.off" Must Wire RECEPTION VRRP3 ["vrrp3.reception.version"]
        "A router that does not speak version 2 ignores advertisements of version 2.";
    "vrrp3.interoperation.both-versions" Must WireAndConfiguration INTEROPERATION VRRP3
        "An Active router that speaks version 2 sends advertisements of both versions.";
    "vrrp3.interoperation.both-rates" Must WireAndConfiguration INTEROPERATION VRRP3
        "An Active router that speaks version 2 sends both versions at its interval, also below a second.";
    "vrrp3.interoperation.version-2-field" Info WireAndConfiguration INTEROPERATION VRRP3
        "Adver Int of an advertisement of version 2 that is sent at less than a second is one value or another.";
    "vrrp3.interoperation.version-2-interval" Must WireAndConfiguration INTEROPERATION ONLY_9568
        "A Backup that speaks version 2 times out by the Adver Int of a Master of version 2, taken as seconds.";
    "vrrp3.interoperation.version-2-interval-2010" Should WireAndConfiguration INTEROPERATION ONLY_5798
        "A Backup that speaks version 2 times out by what a Master of version 2 advertises, in seconds.";
    "vrrp3.interoperation.version-2-ignored" Should WireAndConfiguration INTEROPERATION VRRP3
        "A Backup ignores advertisements of version 2 from an Active router that sends version 3 too.";
    "vrrp3.interoperation.version-2-missing" May No ("a report is not on the wire") INTEROPERATION VRRP3
        "It is reported that an Active router sends no version 2, or is not.";
    "vrrp3.interoperation.transition-only" Should No ("advice to who configures") INTEROPERATION VRRP3
        "Version 2 beside version 3 is no permanent configuration.";
    "vrrp3.interoperation.slow-version-2" Should No ("advice to who configures") SLOW_ACTIVE VRRP3
        "A router of version 2 has no higher priority than one that advertises below a second.";
    "vrrp3.interoperation.low-rate-first" Should No ("advice to who configures") OVERWHELMED_BACKUP ONLY_5798
        "As long as there are routers of version 2, those of version 3 advertise slowly.";
};

pub(super) const V2_CONFIGURATION: &[Requirement] = requirements! {
    "vrrp2.configuration.owner-priority" Must WireAndConfiguration PRIORITY_RANGE VRRP2
        "An owner has priority 255, or refuses the configuration of another.";
    "vrrp2.configuration.backup-priority" Must WireAndConfiguration PRIORITY_RANGE VRRP2
        "A router that is no owner has a priority of 1 to 254, or refuses the configuration of another.";
    "vrrp2.configuration.default-priority" Must WireAndConfiguration PRIORITY_DEFAULT VRRP2
        "The priority is 100 where none is configured.";
    "vrrp2.configuration.default-interval" Must WireAndConfiguration INTERVAL_DEFAULT VRRP2
        "Advertisement_Interval is one second where none is configured.";
    "vrrp2.configuration.default-preempt" Must WireAndConfiguration PARAMETERS VRRP2
        "Preempt_Mode is True where it is not configured.";
    "vrrp2.configuration.vrid-range" Must WireAndConfiguration VRID_RANGE VRRP2
        "Every VRID from 1 to 255 can be configured.";
};

pub(super) const V3_CONFIGURATION: &[Requirement] = requirements! {
    "vrrp3.configuration.owner-priority" Must WireAndConfiguration PRIORITY_RANGE VRRP3
        "An owner has priority 255, or refuses the configuration of another.";
    "vrrp3.configuration.backup-priority" Must WireAndConfiguration PRIORITY_RANGE VRRP3
        "A router that is no owner has a priority of 1 to 254, or refuses the configuration of another.";
    "vrrp3.configuration.default-priority" Must WireAndConfiguration PRIORITY_DEFAULT VRRP3
        "The priority is 100 where none is configured.";
    "vrrp3.configuration.default-interval" Must WireAndConfiguration INTERVAL_DEFAULT VRRP3
        "Advertisement_Interval is 100 centiseconds where none is configured.";
    "vrrp3.configuration.default-preempt" Must WireAndConfiguration PARAMETERS VRRP3
        "Preempt_Mode is True where it is not configured.";
    "vrrp3.configuration.default-accept" Must WireAndConfiguration PARAMETERS VRRP3
        "Accept_Mode is False where it is not configured.";
    "vrrp3.configuration.vrid-range" Must WireAndConfiguration VRID_RANGE VRRP3
        "Every VRID from 1 to 255 can be configured.";
    "vrrp3.configuration.interval-range" Info WireAndConfiguration INTERVAL_RANGE ONLY_9568
        "Every Advertisement_Interval from 1 to 4095 centiseconds can be configured, or only some.";
    "vrrp3.configuration.management-address" Should No ("a rule for who logs in") ARP ONLY_5798
        "Who wants to reach one particular router uses an address of its own.";
    "vrrp3.configuration.own-keys" Should No ("keys are secret") SECURITY ONLY_5798
        "With Secure Neighbor Discovery, each router has keys of its own.";
};

pub(super) const V2_ROBUST: &[Requirement] = requirements! {
    "vrrp2.robust.reflection" Should Wire RECEPTION VRRP2
        "A Master that gets its own advertisements back stays so, and sends at most two for each.";
    "vrrp2.robust.fuzz" Must Wire RECEPTION VRRP2
        "After any number of malformed messages, the router does with the next good one what it always does.";
    "vrrp2.robust.ip-options" Should Wire RECEPTION VRRP2
        "A message is read behind the IP header with all its options, or not at all.";
    "vrrp2.robust.ip-checksum" Should Wire RECEPTION VRRP2
        "An advertisement with a wrong IP header checksum is not accepted.";
    "vrrp2.robust.fragments" Should Wire RECEPTION VRRP2
        "An advertisement of which one fragment is missing is not accepted.";
    "vrrp2.robust.reassembled" Info Wire RECEPTION VRRP2
        "An advertisement that comes in fragments, all of them, is discarded or accepted.";
    "vrrp2.robust.never-fragmented" Should Wire TRANSMISSION VRRP2
        "An advertisement is never sent in fragments.";
};

pub(super) const V3_ROBUST: &[Requirement] = requirements! {
    "vrrp3.robust.reflection" Should Wire RECEPTION VRRP3
        "An Active router that gets its own advertisements back stays so, and sends at most two for each.";
    "vrrp3.robust.fuzz" Must Wire RECEPTION VRRP3
        "After any number of malformed messages, the router does with the next good one what it always does.";
    "vrrp3.robust.ip-options" Should Wire RECEPTION VRRP3
        "A message is read behind the IPv4 header with all its options, or not at all.";
    "vrrp3.robust.ip-checksum" Should Wire RECEPTION VRRP3
        "An advertisement with a wrong IPv4 header checksum is not accepted.";
    "vrrp3.robust.fragments" Should Wire RECEPTION VRRP3
        "An advertisement of which one fragment is missing is not accepted.";
    "vrrp3.robust.reassembled" Info Wire RECEPTION VRRP3
        "An advertisement that comes in fragments, all of them, is discarded or accepted.";
    "vrrp3.robust.extension-headers" Info Wire RECEPTION VRRP3
        "An advertisement behind IPv6 extension headers is discarded or accepted.";
    "vrrp3.robust.no-next-header" Should Wire RECEPTION VRRP3
        "What follows Next Header 59 is not taken for an advertisement.";
    "vrrp3.robust.never-fragmented" Should Wire TRANSMISSION VRRP3
        "An advertisement is never sent in fragments.";
};

pub(super) const V2_NETWORK: &[Requirement] = requirements! {
    "vrrp2.network.one-active" Should Wire STATES VRRP2
        "A virtual router has two Masters for no longer than the better one's advertisement takes to reach the other.";
    "vrrp2.network.same-interval" Should Wire RECEPTION VRRP2
        "All routers of a virtual router advertise the same interval.";
    "vrrp2.network.same-addresses" Should Wire OVERVIEW VRRP2
        "All routers of a virtual router advertise the same addresses.";
    "vrrp2.network.one-owner" Should Wire PRIORITIES VRRP2
        "No two routers of a virtual router have priority 255.";
};

pub(super) const V3_NETWORK: &[Requirement] = requirements! {
    "vrrp3.network.one-active" Should Wire STATES VRRP3
        "Two routers are Active for no longer than the better one's advertisement takes to reach the other.";
    "vrrp3.network.same-interval" Info Wire INTERVAL VRRP3
        "The routers of a virtual router advertise the same interval, or different ones.";
    "vrrp3.network.same-addresses" Should Wire OVERVIEW VRRP3
        "All routers of a virtual router advertise the same addresses.";
    "vrrp3.network.same-order" Should Wire ADDRESS_LIST VRRP3
        "All routers of a virtual router advertise its addresses in the same order.";
    "vrrp3.network.one-owner" Should Wire PRIORITIES VRRP3
        "No two routers of a virtual router have priority 255.";
    "vrrp3.network.owners-logged" Should No ("logs are not on the wire") PRIORITIES ONLY_9568
        "That several routers advertise priority 255 is logged.";
    "vrrp3.network.distinct-priorities" Should No ("a Backup does not tell its priority") PRIORITIES VRRP3
        "Backups of a virtual router have priorities far from one another.";
    "vrrp3.network.equal-priorities-logged" May No ("logs are not on the wire") PRIORITIES ONLY_9568
        "That another router has the same priority is logged, or is not.";
};
