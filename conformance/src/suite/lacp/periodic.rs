//! Group G: periodic transmission.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
