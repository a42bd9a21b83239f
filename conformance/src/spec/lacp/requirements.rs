//! What 802.1AX asks of a LACP device.

use crate::spec::Requirement;

/// All of them.
pub const ALL: &[Requirement] = &[];
