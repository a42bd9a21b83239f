//! redspec.
pub mod capture;
