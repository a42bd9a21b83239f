//! Group N: version 2.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
