//! VRRP version 3 (RFC 5798, RFC 9568): so far what one takeover needs.

pub mod machine;
pub mod settings;
pub mod timers;

use super::machine::RowName;
use super::{Clauses, Edition, Editions, Level, Observable, Protocol, Requirement};

/// VRRPv3.
pub const PROTOCOL: Protocol = Protocol {
    name: "vrrp3",
    editions: Editions::VRRP3,
    requirements: REQUIREMENTS,
    settings: settings::ALL,
    accounts: settings::ACCOUNTS,
    rows,
};

fn rows() -> Vec<RowName> {
    machine::ROUTER.names()
}

/// Section 6.1: timers and their formulas.
pub const PARAMETERS: Clauses = Clauses(&[(Edition::Rfc5798, "6.1"), (Edition::Rfc9568, "6.1")]);
/// Section 6.4.2: the state Backup.
pub const BACKUP: Clauses = Clauses(&[(Edition::Rfc5798, "6.4.2"), (Edition::Rfc9568, "6.4.2")]);
/// Section 6.4.3: the state Active, called Master in RFC 5798.
pub const ACTIVE: Clauses = Clauses(&[(Edition::Rfc5798, "6.4.3"), (Edition::Rfc9568, "6.4.3")]);

/// What is asked.
pub const REQUIREMENTS: &[Requirement] = &[
    Requirement {
        id: "vrrp3.backup.silent",
        clauses: BACKUP,
        editions: Editions::VRRP3,
        level: Level::Must,
        text: "a Backup Router sends no advertisements while it hears a better Active Router",
        observable: Observable::Wire,
        rows: &["vrrp3.router.backup.not-lower"],
    },
    Requirement {
        id: "vrrp3.backup.takeover-time",
        clauses: PARAMETERS,
        editions: Editions::VRRP3,
        level: Level::Must,
        text: "a Backup Router becomes Active one Active_Down_Interval after the last advertisement, and not before",
        observable: Observable::Wire,
        rows: &["vrrp3.router.backup.timeout"],
    },
    Requirement {
        id: "vrrp3.active.gratuitous-arp",
        clauses: BACKUP,
        editions: Editions::VRRP3,
        level: Level::Must,
        text: "a router that becomes Active tells the virtual MAC address of its IPv4 addresses by gratuitous ARP",
        observable: Observable::Wire,
        rows: &["vrrp3.router.backup.timeout"],
    },
    Requirement {
        id: "vrrp3.active.interval",
        clauses: ACTIVE,
        editions: Editions::VRRP3,
        level: Level::Must,
        text: "an Active Router sends an advertisement every Advertisement_Interval",
        observable: Observable::Wire,
        rows: &["vrrp3.router.active.timeout"],
    },
    Requirement {
        id: "vrrp3.active.yields",
        clauses: ACTIVE,
        editions: Editions::VRRP3,
        level: Level::Must,
        text: "an Active Router that hears a better one becomes Backup and is silent",
        observable: Observable::Wire,
        rows: &["vrrp3.router.active.better"],
    },
];
