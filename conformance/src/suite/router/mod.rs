//! What tests of routers of every protocol share: hosts, their packets, and where addresses are.

pub mod candidate;
pub mod hosts;
pub mod packet;
pub mod pattern;
pub mod station;

pub use self::hosts::Hosts;
pub use self::packet::Ask;
pub use self::pattern::{announcement, answer, binding, frames};
pub use self::station::Station;
