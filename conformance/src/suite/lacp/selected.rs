//! Group D: update_Selected.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
