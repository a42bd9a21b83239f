//! The standards as data: requirements, state tables, timers, each with its clause in each edition.
//!
//! This is the only place where a standard is written down. Reference devices execute these tables, monitors and
//! scenarios judge by them, coverage counts their rows.

pub mod edition;
pub mod glbp;
pub mod hsrp;
pub mod lacp;
pub mod machine;
pub mod marker;
pub mod requirement;
pub mod setting;
pub mod vrrp;
pub mod window;

pub use edition::{Clauses, Edition, Editions};
pub use requirement::{Level, Observable, Requirement};
pub use setting::Setting;
pub use window::{Span, Window};

/// A protocol, as far as those need to know who treat all alike.
pub struct Protocol {
    /// First word of every id: `lacp`.
    pub name: &'static str,
    /// Editions of its standard.
    pub editions: Editions,
    /// What is asked.
    pub requirements: &'static [Requirement],
    /// What a profile can say of a device.
    pub settings: &'static [Setting],
    /// What a device may tell of its state.
    pub accounts: &'static [setting::Account],
    /// The rows of all its tables.
    pub rows: fn() -> Vec<machine::RowName>,
}

/// Protocols of which captures are judged, and for which no device is tested.
pub const ONLY_IN_CAPTURES: &[Protocol] = &[glbp::GLBP];

/// All protocols for which devices are tested.
pub const PROTOCOLS: &[Protocol] =
    &[lacp::PROTOCOL, marker::PROTOCOL, vrrp::VRRP2, vrrp::VRRP3, hsrp::HSRP1, hsrp::HSRP2];
