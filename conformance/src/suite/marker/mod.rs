//! Group K: the Marker protocol. A Marker test is a LACP test that sends Markers: the responder belongs to an Aggregator.

use crate::scenario::Test;

/// Its tests.
pub fn tests() -> Vec<Test> {
    Vec::new()
}
