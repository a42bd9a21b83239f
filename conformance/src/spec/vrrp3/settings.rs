//! What a profile can say of a virtual router: the settings `vrrp3.*`.

use crate::spec::setting::{Account, FLAG, Kind, Setting};

/// All of them.
pub const ALL: &[Setting] = &[
    Setting::new("vrrp3.vrid", Kind::Number(1, 255), "Virtual Router Identifier."),
    Setting::new("vrrp3.priority", Kind::Number(1, 255), "Priority."),
    Setting::new("vrrp3.interval", Kind::Seconds, "Advertisement_Interval, in seconds."),
    Setting::new("vrrp3.preempt", FLAG, "Preempt_Mode."),
    Setting::new("vrrp3.address", Kind::Ipv4, "The router's own address."),
    Setting::new("vrrp3.virtual_address", Kind::Ipv4, "The virtual router's address."),
];

/// What a device may tell.
pub const ACCOUNTS: &[Account] = &[];
