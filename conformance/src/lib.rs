//! redspec.
pub mod capture;
pub mod decode;
pub mod default_route;
pub mod replay;
