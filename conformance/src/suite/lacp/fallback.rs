//! Group O: fallback, individual operation.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
