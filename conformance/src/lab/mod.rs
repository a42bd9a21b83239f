//! Devices that are not built in: how they are described, started and reached.

pub mod profile;
