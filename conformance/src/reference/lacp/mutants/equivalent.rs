//! Mutants that nobody outside the device can tell from the reference, and why.

/// `(id, reason)`
pub(super) const EQUIVALENT: &[(&str, &str)] = &[];
