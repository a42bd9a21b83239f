//! What a profile can say of a device's Marker protocol: the settings `marker.*`.

use crate::spec::setting::{Account, FLAG, Setting};

/// All of them.
pub const ALL: &[Setting] = &[
    Setting::new("marker.responder", FLAG, "The device answers Marker PDUs, as it has to."),
    Setting::new("marker.generator", FLAG, "The device sends Marker PDUs of its own when it moves traffic."),
];

/// What a device may tell.
pub const ACCOUNTS: &[Account] = &[];
