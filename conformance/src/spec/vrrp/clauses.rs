//! Where the topics of VRRP stand in each edition: section numbers of the RFCs, and the errata that RFC 9568 is taken
//! with.

use crate::spec::{Clauses, Edition};

macro_rules! clauses {
    ($( $(#[$meta:meta])* $NAME:ident: $($edition:ident $number:literal),+; )+) => {
        $( $(#[$meta])* pub const $NAME: Clauses = Clauses(&[$((Edition::$edition, $number)),+]); )+

        /// All of them.
        #[cfg(test)]
        const ALL: &[Clauses] = &[$($NAME),+];
    };
}

clauses! {
    /// Flapping at short intervals.
    SUB_SECOND: Rfc5798 "2.5", Rfc9568 "2.5";
    /// Overview: what a virtual router is, and where.
    OVERVIEW: Rfc2338 "3", Rfc3768 "3", Rfc5798 "3", Rfc9568 "3";

    /// The message as a whole.
    FORMAT: Rfc2338 "5.1", Rfc3768 "5.1", Rfc5798 "5.1", Rfc9568 "5.1";
    /// Source address of an advertisement.
    SOURCE_ADDRESS:
        Rfc2338 "5.2.1, 7.2", Rfc3768 "5.2.1, 7.2",
        Rfc5798 "5.1.1.1, 5.1.2.1, 7.2", Rfc9568 "5.1.1.1, 5.1.2.1, 7.2";
    /// Destination address of an advertisement.
    DESTINATION:
        Rfc2338 "5.2.2, 7.2", Rfc3768 "5.2.2, 7.2",
        Rfc5798 "5.1.1.2, 5.1.2.2, 7.2", Rfc9568 "5.1.1.2, 5.1.2.2, 7.2";
    /// The group is not forwarded to.
    LINK_SCOPE: Rfc2338 "5.2.2", Rfc3768 "5.2.2", Rfc5798 "5.1.1.2, 5.1.2.2", Rfc9568 "5.1.1.2, 5.1.2.2";
    /// TTL or Hop Limit.
    TTL: Rfc2338 "5.2.3", Rfc3768 "5.2.3", Rfc5798 "5.1.1.3, 5.1.2.3", Rfc9568 "5.1.1.3, 5.1.2.3";
    /// IP protocol or Next Header.
    PROTOCOL:
        Rfc2338 "5.2.4, 7.2", Rfc3768 "5.2.4, 7.2",
        Rfc5798 "5.1.1.4, 5.1.2.4, 7.2", Rfc9568 "5.1.1.4, 5.1.2.4, 7.2";

    /// Version and Type as they are sent.
    VERSION_AND_TYPE:
        Rfc2338 "5.3.1, 5.3.2, 7.2", Rfc3768 "5.3.1, 5.3.2, 7.2",
        Rfc5798 "5.2.1, 5.2.2, 7.2", Rfc9568 "5.2.1, 5.2.2, 7.2";
    /// Type.
    TYPE: Rfc2338 "5.3.2", Rfc3768 "5.3.2", Rfc5798 "5.2.2", Rfc9568 "5.2.2, 7.1";
    /// Virtual Rtr ID.
    VRID: Rfc2338 "5.3.3, 7.2", Rfc3768 "5.3.3, 7.2", Rfc5798 "5.2.3, 7.2", Rfc9568 "5.2.3, 7.2";
    /// Priority as it is sent.
    PRIORITY: Rfc2338 "5.3.4, 7.2", Rfc3768 "5.3.4, 7.2", Rfc5798 "5.2.4, 7.2", Rfc9568 "5.2.4, 7.2";
    /// Which priorities there are, for the owner and for others.
    PRIORITY_RANGE: Rfc2338 "5.3.4", Rfc3768 "5.3.4", Rfc5798 "5.2.4", Rfc9568 "5.2.4";
    /// Number of addresses.
    COUNT: Rfc2338 "5.3.5, 7.2", Rfc3768 "5.3.5, 7.2", Rfc5798 "5.2.5, 7.2", Rfc9568 "5.2.5, 7.2";
    /// An advertisement without addresses.
    COUNT_ZERO:
        Rfc2338 "5.3.5, 5.3.9", Rfc3768 "5.3.5, 5.3.9", Rfc5798 "5.2.5", Rfc9568 "5.2.5, 7.1 (erratum 8299)";
    /// Authentication Type as it is sent.
    AUTHENTICATION_TYPE: Rfc2338 "5.3.6, 7.2", Rfc3768 "5.3.6, 7.2";
    /// Authentication Type as it is received.
    AUTHENTICATION: Rfc2338 "5.3.6, 7.1", Rfc3768 "5.3.6, 7.1";
    /// Authentication Type 0.
    NO_AUTHENTICATION: Rfc2338 "5.3.6.1", Rfc3768 "5.3.6.1, 5.3.10";
    /// Authentication Type 1: a password.
    PASSWORD: Rfc2338 "5.3.6.2, 5.3.10";
    /// What is left of the eight octets of a password.
    PASSWORD_FILL: Rfc2338 "5.3.10";
    /// Authentication Type 2: the IP Authentication Header.
    AUTHENTICATION_HEADER: Rfc2338 "5.3.6.3";
    /// Reserved bits.
    RESERVE: Rfc5798 "5.2.6", Rfc9568 "5.2.6";
    /// Interval between advertisements.
    INTERVAL: Rfc2338 "5.3.7, 7.2", Rfc3768 "5.3.7, 7.2", Rfc5798 "5.2.7, 7.2", Rfc9568 "5.2.7, 7.2";
    /// An interval of zero.
    INTERVAL_ZERO: Rfc5798 "5.2.7", Rfc9568 "7.1 (erratum 8301)";
    /// The interval where none is configured.
    INTERVAL_DEFAULT: Rfc2338 "5.3.7, 6.1.2", Rfc3768 "5.3.7, 6.1", Rfc5798 "5.2.7, 6.1", Rfc9568 "5.2.7, 6.1";
    /// Which intervals can be configured.
    INTERVAL_RANGE: Rfc9568 "5.2.7, 6.1 (erratum 8301)";
    /// Checksum.
    CHECKSUM: Rfc2338 "5.3.8, 7.2", Rfc3768 "5.3.8, 7.2", Rfc5798 "5.2.8, 7.2", Rfc9568 "5.2.8, 7.2";
    /// The checksum of version 3 as it is received.
    CHECKSUM_RECEIVED: Rfc5798 "5.2.8, 7.1", Rfc9568 "5.2.8, 7.1";
    /// Addresses of the virtual router.
    ADDRESSES: Rfc2338 "5.3.9, 7.2", Rfc3768 "5.3.9, 7.2", Rfc5798 "5.2.9, 7.2", Rfc9568 "5.2.9, 7.2";
    /// Addresses of one family, and in one order.
    ADDRESS_LIST: Rfc5798 "5.2.9", Rfc9568 "5.2.9";
    /// The link-local address first, as it is sent.
    LINK_LOCAL_FIRST: Rfc5798 "5.2.9, 6.1", Rfc9568 "5.2.9, 6.1";
    /// The link-local address first, as it is received.
    LINK_LOCAL_FIRST_RECEIVED: Rfc5798 "7.1", Rfc9568 "7.1 (erratum 8300)";

    /// Parameters of a virtual router, and the formulas of its timers.
    PARAMETERS: Rfc2338 "6.1.2", Rfc3768 "6.1", Rfc5798 "6.1", Rfc9568 "6.1";
    /// Parameters of the authentication.
    AUTHENTICATION_PARAMETERS: Rfc2338 "5.3.6, 5.3.10, 6.1.1", Rfc3768 "5.3.6, 6.1";
    /// The state machine.
    STATES: Rfc2338 "6.4", Rfc3768 "6.4", Rfc5798 "6.4", Rfc9568 "6.4";
    /// Initialize.
    INITIALIZE: Rfc2338 "6.4.1", Rfc3768 "6.4.1", Rfc5798 "6.4.1", Rfc9568 "6.4.1";
    /// Backup.
    BACKUP: Rfc2338 "6.4.2", Rfc3768 "6.4.2", Rfc5798 "6.4.2", Rfc9568 "6.4.2";
    /// Active; Master before RFC 9568.
    ACTIVE: Rfc2338 "6.4.3", Rfc3768 "6.4.3", Rfc5798 "6.4.3", Rfc9568 "6.4.3";
    /// What an Active router's advertisements tell, whichever state they follow from.
    ADVERTISING: Rfc2338 "6.4.2, 6.4.3", Rfc3768 "6.4.2, 6.4.3", Rfc5798 "6.4.2, 6.4.3", Rfc9568 "6.4.2, 6.4.3";
    /// Gratuitous ARP of a router that becomes Active.
    GRATUITOUS_ARP:
        Rfc2338 "6.4.1, 6.4.2", Rfc3768 "6.4.1, 6.4.2",
        Rfc5798 "6.4.1, 6.4.2", Rfc9568 "6.4.1, 6.4.2 (errata 7947, 7949)";
    /// Unsolicited Neighbor Advertisements of a router that becomes Active.
    UNSOLICITED_NA: Rfc5798 "6.4.1, 6.4.2", Rfc9568 "6.4.1, 6.4.2";
    /// The solicited-node groups that a router joins.
    SOLICITED_NODE: Rfc5798 "6.4.2, 6.4.3", Rfc9568 "6.4.2, 6.4.3";
    /// Neighbor Solicitations and Advertisements while Accept_Mode is False.
    ACCEPT_MODE_ND: Rfc5798 "6.1, 6.4.3", Rfc9568 "6.1, 6.4.3";

    /// The priority where none is configured.
    PRIORITY_DEFAULT: Rfc2338 "5.3.4, 6.1.2", Rfc3768 "5.3.4, 6.1", Rfc5798 "5.2.4, 6.1", Rfc9568 "5.2.4, 6.1";
    /// Which VRIDs can be configured.
    VRID_RANGE: Rfc2338 "6.1.2", Rfc3768 "5.3.3, 6.1", Rfc5798 "6.1", Rfc9568 "6.1";

    /// What a received packet has to pass.
    RECEPTION: Rfc2338 "7.1", Rfc3768 "7.1", Rfc5798 "7.1", Rfc9568 "7.1";
    /// An owner that receives.
    OWNER: Rfc2338 "7.1", Rfc3768 "7.1", Rfc5798 "7.1", Rfc9568 "7.1 (erratum 8298)";
    /// How a packet is sent.
    TRANSMISSION: Rfc2338 "7.2", Rfc3768 "7.2", Rfc5798 "7.2", Rfc9568 "7.2";
    /// Source MAC address of an advertisement.
    SOURCE_MAC: Rfc2338 "7.2, 7.3", Rfc3768 "7.2, 7.3", Rfc5798 "7.2, 7.3", Rfc9568 "7.2, 7.3";
    /// Interface Identifiers.
    INTERFACE_IDENTIFIERS: Rfc5798 "7.4", Rfc9568 "7.4";

    /// ICMP redirects.
    REDIRECTS: Rfc2338 "8.1", Rfc3768 "8.1", Rfc5798 "8.1.1, 8.2.1", Rfc9568 "8.1.1, 8.2.1";
    /// ARP requests of hosts.
    ARP: Rfc2338 "8.2", Rfc3768 "8.2", Rfc5798 "8.1.2", Rfc9568 "8.1.2";
    /// ARP requests, where the state machine has its say.
    ARP_REPLY: Rfc2338 "6.4.3, 8.2", Rfc3768 "6.4.3, 8.2", Rfc5798 "6.4.3, 8.1.2", Rfc9568 "6.4.3, 8.1.2";
    /// Proxy ARP.
    PROXY_ARP: Rfc2338 "8.3", Rfc3768 "8.3", Rfc5798 "8.1.3", Rfc9568 "8.1.3";
    /// Neighbor Solicitations of hosts.
    ND: Rfc5798 "8.2.2", Rfc9568 "8.2.2";
    /// Neighbor Solicitations, where the state machine has its say.
    ND_REPLY: Rfc5798 "6.4.3, 8.2.2", Rfc9568 "6.4.3, 8.2.2";
    /// Options of Router Advertisements.
    ROUTER_ADVERTISEMENTS: Rfc5798 "8.2.3", Rfc9568 "8.2.3";
    /// Unsolicited Neighbor Advertisements of others.
    UNSOLICITED_NA_RECEIVED: Rfc9568 "8.2.4";
    /// Packets to the virtual addresses, forwarded.
    FORWARDING_LOOP: Rfc3768 "8.4", Rfc5798 "8.3.1", Rfc9568 "8.3.1";
    /// Which priorities to configure.
    PRIORITIES: Rfc2338 "5.3.4, 6.1.2", Rfc3768 "5.3.4, 6.1", Rfc5798 "8.3.2", Rfc9568 "8.3.2";
    /// Version 3 together with version 2.
    INTEROPERATION: Rfc5798 "8.4.2", Rfc9568 "8.4.2";
    /// A slow router of version 2 with the higher priority.
    SLOW_ACTIVE: Rfc5798 "8.4.3.1", Rfc9568 "8.4.2.1.1";
    /// A fast router of version 3 and Backups of version 2.
    OVERWHELMED_BACKUP: Rfc5798 "8.4.3.2";
    /// Secure Neighbor Discovery.
    SECURITY: Rfc5798 "9";

    /// FDDI.
    FDDI: Rfc2338 "9.1", Rfc3768 "9.1", Rfc5798 "A.1";
    /// Token ring.
    TOKEN_RING: Rfc2338 "9.2", Rfc3768 "9.2", Rfc5798 "A.2";
    /// Where no authentication is enough.
    SECURITY_NONE: Rfc2338 "10.1";
    /// Where a password is enough.
    SECURITY_PASSWORD: Rfc2338 "10.2";
    /// Where the Authentication Header is called for.
    SECURITY_HEADER: Rfc2338 "10.3";
}

/// What vendors do, outside any RFC.
pub const VENDOR: Clauses = Clauses(&[]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Editions;

    #[test]
    fn an_edition_is_cited_once_and_in_order() {
        for clauses in ALL {
            let cited: Vec<Edition> = clauses.0.iter().map(|(edition, _)| *edition).collect();
            let ordered: Vec<Edition> = Editions::of(&cited).iter().collect();
            assert_eq!(cited, ordered, "{clauses:?}");
        }
    }

    #[test]
    fn numbers_are_of_sections() {
        for clauses in ALL {
            for &(edition, text) in clauses.0 {
                let (numbers, erratum) = text.split_once(" (").unwrap_or((text, "erratum)"));
                assert!(erratum.starts_with("errat") && erratum.ends_with(')'), "{edition} {text}");
                assert!(text == numbers || edition == Edition::Rfc9568, "{edition} {text}");
                for number in numbers.split(", ") {
                    let (first, rest) = number.split_once('.').unwrap_or((number, "1"));
                    assert!(first == "A" || first.parse::<u8>().is_ok_and(|n| n <= 10), "{edition} {text}");
                    assert!(rest.split('.').all(|part| part.parse::<u8>().is_ok()), "{edition} {text}");
                }
            }
        }
    }
}
