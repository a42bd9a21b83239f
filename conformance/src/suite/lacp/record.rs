//! Group E: recordPDU, and who is in sync with whom.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
