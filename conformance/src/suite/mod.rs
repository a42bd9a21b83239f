//! The tests.

pub mod lacp;
pub mod marker;
pub mod vrrp3;

use crate::scenario::Test;

/// All tests of all protocols, by id.
pub fn tests() -> Vec<Test> {
    let mut tests: Vec<Test> =
        [lacp::tests(), marker::tests(), vrrp3::tests()].into_iter().flatten().collect();
    tests.sort_by(|a, b| a.id.cmp(&b.id));
    tests
}
