//! The timers of VRRPv3 (section 6.1), and how far from them a router may be seen.

use std::time::Duration;

use crate::spec::Window;

/// Skew_Time, from the router's own priority and the Active Router's Advertisement_Interval.
pub fn skew_time(priority: u8, active_advertisement_interval: Duration) -> Duration {
    active_advertisement_interval * (256 - u32::from(priority)) / 256
}

/// Active_Down_Interval (RFC 5798: Master_Down_Interval).
pub fn active_down_interval(priority: u8, active_advertisement_interval: Duration) -> Duration {
    active_advertisement_interval * 3 + skew_time(priority, active_advertisement_interval)
}

/// From the last advertisement of the Active Router to the first of the one that takes over.
pub const fn takeover(active_down_interval: Duration) -> Window {
    Window::around("TAKEOVER", active_down_interval, (-1, 100), (-50, 1000))
}

/// Between two advertisements.
pub const fn between(advertisement_interval: Duration) -> Window {
    Window::around("ADVERTISEMENT", advertisement_interval, (-10, 10), (-100, 500))
}

/// From the first advertisement to the gratuitous ARP.
pub const GRATUITOUS_ARP: Window = Window::around("GRATUITOUS ARP", Duration::ZERO, (0, 100), (0, 1000));
