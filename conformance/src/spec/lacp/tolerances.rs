//! The windows of the LACP and Marker catalogue: a timer, and how far from it a device may be seen.
//!
//! Bounds are milliseconds from the timer's value, first for exact devices, then for all others.

use std::time::Duration;

use super::timers::{
    AGGREGATE_WAIT_TIME, CHURN_DETECTION_TIME, FAST_PERIODIC_TIME, LONG_TIMEOUT_TIME, SHORT_TIMEOUT_TIME,
    SLOW_PERIODIC_TIME, transmit_limit,
};
use crate::spec::{Edition, Window};

/// The reply to what sets NTT. No edition gives it a time; devices that run on a tick need up to a second.
pub const R: Window = Window::around("R", Duration::ZERO, (0, 500), (0, 1500));

/// From an LACPDU that tells of another state to data that must not pass any more. No edition gives it a time either; where
/// the data goes another way than the LACPDUs, as in a kernel or a switch's chip, it takes a moment to be told.
pub const DATA_PATH: Duration = Duration::from_millis(500);

/// Between LACPDUs of a fast sender in steady state. See also [`FAST_MEDIAN`] and [`FAST_GAP_LIMIT`].
pub const FAST: Window = Window::around("FAST", FAST_PERIODIC_TIME, (-300, 300), (-500, 600));

/// The same while NTT may put LACPDUs between the periodic ones: no lower bound.
pub const FAST_PLUS: Window = Window::around("FAST+", FAST_PERIODIC_TIME, (-1000, 300), (-1000, 600));

/// The median of many [`FAST`] gaps.
pub const FAST_MEDIAN: Window = Window::around("FAST median", FAST_PERIODIC_TIME, (-100, 100), (-100, 100));

/// A gap between fast LACPDUs that lets the partner's short timeout run out.
pub const FAST_GAP_LIMIT: Duration = SHORT_TIMEOUT_TIME;

/// Between LACPDUs of a slow sender in steady state. See also [`SLOW_GAP_LIMIT`].
pub const SLOW: Window = Window::around("SLOW", SLOW_PERIODIC_TIME, (-3000, 3000), (-15_000, 15_000));

/// The same while NTT may put LACPDUs between the periodic ones, or where the timer's start is not known.
pub const SLOW_PLUS: Window = Window::around("SLOW+", SLOW_PERIODIC_TIME, (-30_000, 3000), (-30_000, 15_000));

/// Between slow LACPDUs where it matters which of two events started the timer.
pub const SLOW_FROM: Window = Window::around("SLOW from", SLOW_PERIODIC_TIME, (-3000, 3000), (-3000, 3000));

/// A gap between slow LACPDUs that lets the partner's long timeout run out.
pub const SLOW_GAP_LIMIT: Duration = LONG_TIMEOUT_TIME;

/// The first LACPDU after the carrier came; the device has to notice the carrier first.
pub const UPC: Window = Window::around("UPC", FAST_PERIODIC_TIME, (-1000, 500), (-1000, 3000));

/// The first LACPDU of a passive port whose partner became active.
pub const PASSIVE: Window = Window::around("PASSIVE", FAST_PERIODIC_TIME, (-1000, 500), (-1000, 2000));

/// The short timeout, from the last LACPDU that the device got to the first that shows Expired.
pub const TO3: Window = Window::around("TO3", SHORT_TIMEOUT_TIME, (-100, 1000), (-500, 2000));

/// The long timeout, seen in the same way.
pub const TO90: Window = Window::around("TO90", LONG_TIMEOUT_TIME, (-2000, 2000), (-5000, 6000));

/// From the first LACPDU that shows Expired to the first that shows Defaulted.
pub const EXPIRED: Window = Window::around("EXPIRED", SHORT_TIMEOUT_TIME, (-100, 600), (-500, 2000));

/// wait_while, from what unselected the port to its Synchronization. Selection may take long, and some devices have
/// no such timer.
pub const W2: Window = Window::around("W2", AGGREGATE_WAIT_TIME, (-300, 1000), (-2000, 10_000));

/// What changed without setting NTT, in the next LACPDU to a partner that asks for one a second. A device that runs on
/// a tick may need one more.
pub const NEXT: Window = Window::around("NEXT", FAST_PERIODIC_TIME, (-1000, 300), (-1000, 2100));

/// In use, for a port that has to wait [`W2`] at most, and then for its partner.
pub const JOIN: Window = Window::around("JOIN", AGGREGATE_WAIT_TIME, (-2000, 6000), (-2000, 15_000));

/// In use again with the old partner, whether or not the port was deselected meanwhile.
pub const RESUME: Window = Window::around("RESUME", AGGREGATE_WAIT_TIME, (-2000, 3000), (-2000, 10_000));

/// Churn, from the enabling of the port.
pub const CHURN: Window = Window::around("CHURN", CHURN_DETECTION_TIME, (-5000, 5000), (-5000, 5000));

/// A LACPDU that the transmit limit held back, from the last stimulus.
pub const HELD_BACK: Window = Window::around("HELD BACK", FAST_PERIODIC_TIME, (-1000, 200), (-1000, 1000));

/// Back to collecting and distributing after abuse.
pub const RECOVERY: Window = Window::around("RECOVERY", Duration::ZERO, (0, 15_000), (0, 15_000));

/// A standby port takes over from one whose partner fell silent: at EXPIRED, or at DEFAULTED.
pub const TAKEOVER: Window = Window::around("TAKEOVER", Duration::ZERO, (0, 9000), (0, 20_000));

/// A standby port that has waited in WAITING is in sync after the port that it replaces was Defaulted.
pub const STANDBY: Window = Window::around("STANDBY", Duration::ZERO, (0, 500), (0, 20_000));

/// The Response to a Marker.
pub const MARKER: Window = Window::around("MARKER", Duration::ZERO, (0, 1000), (0, 5000));

/// Synchronization after the carrier came back, for a Wait-To-Restore time of `time`.
pub const fn wait_to_restore(time: Duration) -> Window {
    Window::around("WTR", time, (-500, 2000), (-1000, 5000))
}

/// Fallback, for a timeout of `timeout`.
pub const fn fallback(timeout: Duration) -> Window {
    Window::around("FALLBACK", timeout, (-2000, 2000), (-2000, 2000))
}

/// The most LACPDUs in any second. A limiter that starts counting anew each second can place two quotas back to back.
pub const fn most_in_a_second(edition: Edition, exact: bool) -> u32 {
    transmit_limit(edition) * if exact { 1 } else { 2 }
}

/// The most LACPDUs from the start of a burst that takes 1.5 s to 1 s after its end.
pub const fn most_in_a_burst(edition: Edition) -> u32 {
    transmit_limit(edition) * 3
}

/// The most LACPDUs in `time` of stimuli without pause: a mean of 3.2, in 2020 of 11, a second between them, and so one more
/// than there are times between.
#[allow(clippy::cast_possible_truncation)] // a second has no billion LACPDUs
pub const fn most_sustained(edition: Edition, time: Duration) -> u32 {
    let tenths = match edition {
        Edition::Dot1Ax2020 => 110,
        _ => 32,
    };
    (time.as_millis() as u64 * tenths / 10_000) as u32 + 1
}

/// All windows that have no parameter.
pub const ALL: &[Window] = &[
    R,
    FAST,
    FAST_PLUS,
    FAST_MEDIAN,
    SLOW,
    SLOW_PLUS,
    SLOW_FROM,
    UPC,
    PASSIVE,
    TO3,
    TO90,
    EXPIRED,
    W2,
    NEXT,
    JOIN,
    RESUME,
    CHURN,
    HELD_BACK,
    RECOVERY,
    TAKEOVER,
    STANDBY,
    MARKER,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Span;

    #[test]
    fn the_strict_span_lies_in_the_lenient_one() {
        for window in
            ALL.iter().chain(&[wait_to_restore(Duration::from_secs(10)), fallback(Duration::from_secs(15))])
        {
            assert!(window.strict.from <= window.strict.to, "{}", window.name);
            assert!(window.lenient.from <= window.strict.from, "{}", window.name);
            assert!(window.strict.to <= window.lenient.to, "{}", window.name);
        }
    }

    #[test]
    fn names_are_unique() {
        for (at, window) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.name != window.name), "{}", window.name);
        }
    }

    #[test]
    fn the_values_are_those_of_the_catalogue() {
        for (window, strict, lenient) in [
            (R, (0, 500), (0, 1500)),
            (FAST, (700, 1300), (500, 1600)),
            (FAST_PLUS, (0, 1300), (0, 1600)),
            (SLOW, (27_000, 33_000), (15_000, 45_000)),
            (SLOW_PLUS, (0, 33_000), (0, 45_000)),
            (UPC, (0, 1500), (0, 4000)),
            (PASSIVE, (0, 1500), (0, 3000)),
            (TO3, (2900, 4000), (2500, 5000)),
            (TO90, (88_000, 92_000), (85_000, 96_000)),
            (EXPIRED, (2900, 3600), (2500, 5000)),
            (W2, (1700, 3000), (0, 12_000)),
            (HELD_BACK, (0, 1200), (0, 2000)),
            (wait_to_restore(Duration::from_secs(10)), (9500, 12_000), (9000, 15_000)),
        ] {
            assert_eq!(window.strict, Span::millis(strict.0, strict.1), "{}", window.name);
            assert_eq!(window.lenient, Span::millis(lenient.0, lenient.1), "{}", window.name);
        }
    }

    #[test]
    fn limits_of_transmission() {
        let (old, new) = (Edition::Dot1Ax2014, Edition::Dot1Ax2020);
        assert_eq!(
            [most_in_a_second(old, true), most_in_a_second(old, false), most_in_a_burst(old)],
            [3, 6, 9]
        );
        assert_eq!(
            [most_in_a_second(new, true), most_in_a_second(new, false), most_in_a_burst(new)],
            [10, 20, 30]
        );
        assert_eq!(most_sustained(old, Duration::from_secs(30)), 97);
        assert_eq!(most_sustained(new, Duration::from_secs(30)), 331);
    }
}
