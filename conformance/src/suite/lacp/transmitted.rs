//! Group A: what the device transmits.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
