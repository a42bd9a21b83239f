//! redspec.
fn main() {}
