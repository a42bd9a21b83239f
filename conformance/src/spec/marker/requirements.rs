//! What 802.1AX asks of a Marker responder, and of those that send Markers.

use crate::spec::Requirement;

/// All of them.
pub const ALL: &[Requirement] = &[];
