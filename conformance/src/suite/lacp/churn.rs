//! Group M: churn, which only the device's own account of its state shows.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
