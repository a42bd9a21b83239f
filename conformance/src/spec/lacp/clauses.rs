//! Where the topics of link aggregation stand in each edition.
//!
//! What follows the first point is the same in 802.3ad-2000 and 802.3-2005 (43.4.N), 802.1AX-2008 (5.4.N) and 802.1AX-2014
//! (6.4.N), except for the formats; 802.1AX-2020 numbers anew. A number with "(unconfirmed)" behind it follows from
//! counting, not from a source that gives it.

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
    /// Principles: who speaks when.
    PRINCIPLES: Dot1Ax2008 "5.4.1 (43.4.1 in 802.3ad)", Dot1Ax2014 "6.4.1", Dot1Ax2020 "6.4.1";
    /// Addresses, Ethertype and length of a LACPDU's frame.
    ENCAPSULATION:
        Dot1Ax2008 "5.4.2 (43.4.2 in 802.3ad; unconfirmed)", Dot1Ax2014 "6.4.2.2", Dot1Ax2020 "6.4.2.2";
    /// Fields of a LACPDU.
    LACPDU: Dot1Ax2008 "5.4.2.2 (43.4.2.2 in 802.3ad)", Dot1Ax2014 "6.4.2.3", Dot1Ax2020 "6.4.2.3";
    /// TLVs of version 2.
    VERSION_2: Dot1Ax2014 "6.4.2.4", Dot1Ax2020 "6.4.2.4";
    /// What all protocols of Ethertype 88-09 share.
    SLOW_PROTOCOLS:
        Dot1Ax2008 "(IEEE 802.3 57A, 43B in 802.3ad)", Dot1Ax2014 "(IEEE 802.3 57A)", Dot1Ax2020 "(IEEE 802.3 57A)";

    /// Which frames are for LACP and Marker: the control parser.
    CONTROL_PARSER: Dot1Ax2008 "5.2 (43.2 in 802.3ad)", Dot1Ax2014 "6.2", Dot1Ax2020 "6.2";
    /// System Identifier.
    SYSTEM_IDENTIFICATION:
        Dot1Ax2008 "5.3.2 (43.3.2 in 802.3ad; unconfirmed)", Dot1Ax2014 "6.3.2", Dot1Ax2020 "6.3.2 (unconfirmed)";
    /// Port Identifier.
    PORT_IDENTIFICATION:
        Dot1Ax2008 "5.3.4 (43.3.4 in 802.3ad; unconfirmed)", Dot1Ax2014 "6.3.4", Dot1Ax2020 "6.3.4";
    /// Keys: what may aggregate.
    KEYS: Dot1Ax2008 "5.3.5 (43.3.5 in 802.3ad; unconfirmed)", Dot1Ax2014 "6.3.5", Dot1Ax2020 "6.3.5 (unconfirmed)";

    /// Constants.
    CONSTANTS: Dot1Ax2008 "5.4.4 (43.4.4 in 802.3ad)", Dot1Ax2014 "6.4.4";
    /// Variables of a port: what it is configured to be, and is.
    PORT_VARIABLES: Dot1Ax2008 "5.4.7 (43.4.7 in 802.3ad)", Dot1Ax2014 "6.4.7", Dot1Ax2020 "6.4.6";
    /// Variables of the machines: port_moved, NTT, Selected, Ready.
    VARIABLES: Dot1Ax2008 "5.4.8 (43.4.8 in 802.3ad)", Dot1Ax2014 "6.4.8", Dot1Ax2020 "6.4.7";
    /// Functions: recordPDU, recordDefault, update_Selected, update_Default_Selected, update_NTT.
    FUNCTIONS: Dot1Ax2008 "5.4.9 (43.4.9 in 802.3ad)", Dot1Ax2014 "6.4.9", Dot1Ax2020 "6.4.8 (unconfirmed)";
    /// Timers: current_while, periodic, wait_while, churn.
    TIMERS: Dot1Ax2008 "5.4.10 (43.4.10 in 802.3ad)", Dot1Ax2014 "6.4.10", Dot1Ax2020 "6.4.9 (unconfirmed)";
    /// Receive machine.
    RECEIVE: Dot1Ax2008 "5.4.12 (43.4.12 in 802.3ad)", Dot1Ax2014 "6.4.12", Dot1Ax2020 "6.4.11 (unconfirmed)";
    /// Periodic Transmission machine; in 2020 a part of the Transmit machine.
    PERIODIC: Dot1Ax2008 "5.4.13 (43.4.13 in 802.3ad)", Dot1Ax2014 "6.4.13", Dot1Ax2020 "6.4.14";
    /// Selection Logic.
    SELECTION: Dot1Ax2008 "5.4.14 (43.4.14 in 802.3ad)", Dot1Ax2014 "6.4.14", Dot1Ax2020 "6.4.12";
    /// Selection Logic, what is required of it.
    SELECTION_REQUIREMENTS:
        Dot1Ax2008 "5.4.14.1 (43.4.14.1 in 802.3ad)", Dot1Ax2014 "6.4.14.1", Dot1Ax2020 "6.4.12.1 (unconfirmed)";
    /// Selection Logic, what is recommended.
    SELECTION_DEFAULT:
        Dot1Ax2008 "5.4.14.2 (43.4.14.2 in 802.3ad)", Dot1Ax2014 "6.4.14.2", Dot1Ax2020 "6.4.12.2 (unconfirmed)";
    /// Mux machine.
    MUX: Dot1Ax2008 "5.4.15 (43.4.15 in 802.3ad)", Dot1Ax2014 "6.4.15", Dot1Ax2020 "6.4.13";
    /// Transmit machine.
    TRANSMIT: Dot1Ax2008 "5.4.16 (43.4.16 in 802.3ad)", Dot1Ax2014 "6.4.16", Dot1Ax2020 "6.4.14";
    /// Churn Detection machines.
    CHURN: Dot1Ax2008 "5.4.17 (43.4.17 in 802.3ad)", Dot1Ax2014 "6.4.17", Dot1Ax2020 "6.4.15 (unconfirmed)";
    /// System and port priorities: which ports stand by.
    STANDBY:
        Dot1Ax2008 "5.6.1 (43.6.1 in 802.3ad; unconfirmed)", Dot1Ax2014 "6.7.1", Dot1Ax2020 "6.7.1 (unconfirmed)";

    /// Marker protocol.
    MARKER: Dot1Ax2008 "5.5 (43.5 in 802.3ad)", Dot1Ax2014 "6.5", Dot1Ax2020 "6.5";
    /// Fields of Marker and Marker Response.
    MARKER_PDU: Dot1Ax2008 "5.5.3.2 (43.5.3.2 in 802.3ad)", Dot1Ax2014 "6.5.3.3", Dot1Ax2020 "6.5.3.3";
    /// Marker Responder.
    MARKER_RESPONDER:
        Dot1Ax2008 "5.5.4 (43.5.4 in 802.3ad; unconfirmed)", Dot1Ax2014 "6.5.4", Dot1Ax2020 "6.5.4 (unconfirmed)";

    /// Two chassis as one system, RFC 7275; outside 802.1AX.
    ICCP:
        Dot1Ax2008 "(RFC 7275 7.2.3)", Dot1Ax2014 "(RFC 7275 7.2.3)", Dot1Ax2020 "(RFC 7275 7.2.3)";
}

/// Counters that management reads.
pub const MANAGEMENT: Clauses = Clauses(&[(Edition::Dot1Ax2014, "7.3.3.1")]);

/// What vendors do, outside any standard.
pub const VENDOR: Clauses = Clauses(&[]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edition_is_cited_once() {
        for clauses in ALL {
            for (at, (edition, _)) in clauses.0.iter().enumerate() {
                assert!(clauses.0[..at].iter().all(|(other, _)| other != edition), "{clauses:?}");
            }
        }
    }

    #[test]
    fn numbers_begin_with_the_clause_of_their_edition() {
        for clauses in ALL {
            for &(edition, number) in clauses.0 {
                let clause = if edition == Edition::Dot1Ax2008 { "5." } else { "6." };
                assert!(number.starts_with(clause) || number.starts_with('('), "{edition} {number}");
            }
        }
    }
}
