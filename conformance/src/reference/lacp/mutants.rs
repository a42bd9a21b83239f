//! Deliberate defects of the reference, one at a time.
