//! Where the topics of HSRP stand: sections of RFC 2281, and for what no RFC says, how it is known.
//!
//! | citation | means |
//! |---|---|
//! | a number | that section of RFC 2281; of version 2 and of Cisco's version 1, by analogy |
//! | `captures` | every known capture of Cisco's routers shows it |
//! | `documents` | only Cisco's documents, or the dissectors of others, say so |
//! | `unconfirmed` | no source was found |
//!
//! Where captures show what a section says, both are cited: `captures, 5.7`.
//!
//! Of version 2, what captures show can fail a device; what is taken over from RFC 2281 alone makes a result weak; what
//! rests on documents, or on nothing, is recorded.

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
    // Section 1.
    /// Groups, each of its own, and their addresses.
    GROUPS: Rfc2281 "1", CiscoHsrp1 "1", CiscoHsrp2 "1";
    /// What a group is, and who of it is heard.
    OVERVIEW: Rfc2281 "1", CiscoHsrp1 "1", CiscoHsrp2 "1";

    // Section 5.1.
    /// Port, group address, TTL and source address.
    UDP: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// The message as a whole.
    FORMAT: Rfc2281 "5.1", CiscoHsrp1 "5.1";
    /// The TLVs of version 2, and what they have that version 1 has not.
    TLVS: CiscoHsrp2 "captures";
    /// Version.
    VERSION: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// Op Code.
    OP_CODE: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// State.
    STATE: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// Hellotime.
    HELLOTIME: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures, 5.1";
    /// Holdtime.
    HOLDTIME: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures, 5.1";
    /// How Holdtime and Hellotime go together.
    HOLDTIME_RULES: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "5.1";
    /// Whose times an Active router uses.
    ACTIVE_TIMES: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "5.1";
    /// Priority.
    PRIORITY: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// Equal priorities.
    TIE: Rfc2281 "5.1, 5.7", CiscoHsrp1 "5.1, 5.7", CiscoHsrp2 "5.1, 5.7";
    /// Group.
    GROUP: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// The reserved octet.
    RESERVED: Rfc2281 "5.1", CiscoHsrp1 "5.1";
    /// Authentication Data as it is sent.
    AUTHENTICATION_DATA: Rfc2281 "5.1", CiscoHsrp1 "5.1";
    /// Virtual IP Address.
    VIRTUAL_ADDRESS: Rfc2281 "5.1", CiscoHsrp1 "5.1", CiscoHsrp2 "captures";
    /// What is learned, and from whom.
    LEARNING: Rfc2281 "5.1, 5.6", CiscoHsrp1 "5.1, 5.6", CiscoHsrp2 "5.1, 5.6";

    // Sections 5.2 to 5.7.
    /// What routers know, and what they can be told.
    PARAMETERS: Rfc2281 "5.2", CiscoHsrp1 "5.2", CiscoHsrp2 "5.2";
    /// The states.
    STATES: Rfc2281 "5.3", CiscoHsrp1 "5.3", CiscoHsrp2 "5.3";
    /// Learn.
    LEARN: Rfc2281 "5.3, 5.7", CiscoHsrp1 "5.3, 5.7", CiscoHsrp2 "5.3, 5.7";
    /// Timers.
    TIMERS: Rfc2281 "5.4", CiscoHsrp1 "5.4", CiscoHsrp2 "5.4";
    /// The Hello timer.
    HELLO_TIMER: Rfc2281 "5.4", CiscoHsrp1 "5.4", CiscoHsrp2 "captures, 5.4";
    /// The Active timer.
    ACTIVE_TIMER: Rfc2281 "5.4, 5.6", CiscoHsrp1 "5.4, 5.6", CiscoHsrp2 "5.4, 5.6";
    /// The Standby timer.
    STANDBY_TIMER: Rfc2281 "5.4, 5.6", CiscoHsrp1 "5.4, 5.6", CiscoHsrp2 "5.4, 5.6";
    /// Authentication of what is received.
    AUTHENTICATION: Rfc2281 "5.4, 5.6", CiscoHsrp1 "5.4, 5.6", CiscoHsrp2 "captures, 5.4, 5.6";
    /// Authentication of version 2 where captures show it passed, and do not show it fail.
    UNSEEN_AUTHENTICATION: CiscoHsrp2 "5.4, 5.6";
    /// Actions.
    ACTIONS: Rfc2281 "5.6", CiscoHsrp1 "5.6", CiscoHsrp2 "5.6";
    /// Gratuitous ARP.
    GRATUITOUS_ARP: Rfc2281 "5.6", CiscoHsrp1 "5.6", CiscoHsrp2 "captures, 5.6";
    /// The state machine.
    STATE_TRANSITIONS: Rfc2281 "5.7", CiscoHsrp1 "5.7", CiscoHsrp2 "5.7";
    /// The state machine, where captures show it at work in version 2 too.
    SEEN_TRANSITIONS: CiscoHsrp2 "captures, 5.7";
    /// The state machine of a router that preempts.
    PREEMPTION: Rfc2281 "5.2, 5.7", CiscoHsrp1 "5.2, 5.7", CiscoHsrp2 "5.2, 5.7";

    // Sections 6 and 7.
    /// The virtual MAC address.
    VIRTUAL_MAC: Rfc2281 "6.1", CiscoHsrp1 "6.1", CiscoHsrp2 "captures";
    /// Source MAC address of a Hello.
    SOURCE_MAC: Rfc2281 "6.1", CiscoHsrp1 "6.1", CiscoHsrp2 "captures";
    /// What is sent to the virtual MAC address.
    VIRTUAL_MAC_TRAFFIC: Rfc2281 "6.1", CiscoHsrp1 "6.1", CiscoHsrp2 "6.1";
    /// One address and one MAC address for each group.
    ONE_ADDRESS: Rfc2281 "6.1", CiscoHsrp1 "6.1", CiscoHsrp2 "6.1";
    /// Address filters.
    ADDRESS_FILTER: Rfc2281 "6.2", CiscoHsrp1 "6.2";
    /// Who has the virtual address.
    VIRTUAL_ROUTER: Rfc2281 "6.2", CiscoHsrp1 "6.2", CiscoHsrp2 "6.2";
    /// ICMP redirects.
    REDIRECTS: Rfc2281 "6.3", CiscoHsrp1 "6.3", CiscoHsrp2 "6.3";
    /// Proxy ARP.
    PROXY_ARP: Rfc2281 "6.4", CiscoHsrp1 "6.4", CiscoHsrp2 "6.4";
    /// Security considerations.
    SECURITY: Rfc2281 "7", CiscoHsrp1 "7", CiscoHsrp2 "7";

    // What is Cisco's.
    /// What captures of Cisco's routers show, and no RFC has.
    CISCO: CiscoHsrp1 "captures", CiscoHsrp2 "captures";
    /// Cisco's authentication with MD5 of what is received.
    CISCO_AUTHENTICATION: CiscoHsrp1 "captures, 5.4, 5.6", CiscoHsrp2 "captures, 5.4, 5.6";
    /// What only documents tell.
    DOCUMENTS: CiscoHsrp1 "documents", CiscoHsrp2 "documents";
    /// What nobody confirms.
    UNCONFIRMED: CiscoHsrp1 "unconfirmed", CiscoHsrp2 "unconfirmed";
}

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

    /// What captures show comes first, then the sections of the RFC that they agree with.
    #[test]
    fn a_citation_is_of_sections_or_of_another_source() {
        for clauses in ALL {
            for &(edition, text) in clauses.0 {
                let sections = match text.split_once(", ") {
                    Some(("captures", sections)) => sections,
                    _ if ["captures", "documents", "unconfirmed"].contains(&text) => "",
                    _ => text,
                };
                assert!(sections == text || edition != Edition::Rfc2281, "{text}");
                for number in sections.split(", ").filter(|number| !number.is_empty()) {
                    let (first, rest) = number.split_once('.').unwrap_or((number, "1"));
                    assert!(first.parse::<u8>().is_ok_and(|n| (1..=7).contains(&n)), "{edition} {text}");
                    assert!(rest.parse::<u8>().is_ok_and(|n| (1..=7).contains(&n)), "{edition} {text}");
                }
            }
        }
    }
}
