//! Times that are known within limits.

use std::time::Duration;

use crate::capture::Timestamp;
use crate::event::Stamp;
use crate::time::{Time, nanoseconds};

/// How far the stamp of a capture may be from the time at which the frame passed: capturing machines stamp late, and the
/// two directions of a link not alike.
const CAPTURE_UNCERTAINTY: Duration = Duration::from_millis(5);

/// A capture without any frame for longer than this may have been stopped and started again.
const PAUSE: Duration = Duration::from_secs(2);

/// Nobody knows when.
const NO_TIME: Duration = Duration::MAX;

/// The stamp of a captured packet.
#[inline]
pub(super) fn captured(time: Option<Timestamp>, last: Time) -> Stamp {
    match time {
        Some(Timestamp { seconds, nanoseconds }) if seconds >= 0 => {
            let time =
                seconds.unsigned_abs().saturating_mul(1_000_000_000).saturating_add(nanoseconds.into());
            Stamp { time: Time::from_nanos(time), uncertainty: CAPTURE_UNCERTAINTY }
        }
        _ => Stamp { time: last, uncertainty: NO_TIME },
    }
}

/// The stamp says something.
pub(super) fn is_known(stamp: Stamp) -> bool {
    stamp.uncertainty < Duration::from_secs(1)
}

/// Not earlier than.
pub(super) fn earliest(stamp: Stamp) -> u64 {
    stamp.time.nanos().saturating_sub(nanoseconds(stamp.uncertainty))
}

/// Not later than.
pub(super) fn latest(stamp: Stamp) -> u64 {
    stamp.time.nanos().saturating_add(nanoseconds(stamp.uncertainty))
}

/// `second` was at least so long after `first`.
pub(super) fn at_least(first: Stamp, second: Stamp) -> Duration {
    Duration::from_nanos(earliest(second).saturating_sub(latest(first)))
}

/// `second` was at most so long after `first`.
pub(super) fn at_most(first: Stamp, second: Stamp) -> Duration {
    Duration::from_nanos(latest(second).saturating_sub(earliest(first)))
}

/// `first` was certainly before `second`.
pub(super) fn before(first: Stamp, second: Stamp) -> bool {
    latest(first) < earliest(second)
}

/// As the stamps say, for texts.
pub(super) fn apart(first: Stamp, second: Stamp) -> Duration {
    second.time.since(first.time)
}

/// What time it is, and since when time has passed without a hole.
#[derive(Default)]
pub(super) struct Clock {
    first: Option<Stamp>,
    last: Stamp,
    steady_since: Time,
}

impl Clock {
    #[inline]
    pub(super) fn tick(&mut self, at: Stamp) {
        if !is_known(at) {
            return;
        }
        let (now, last) = (at.time, self.last.time);
        if self.first.is_none() {
            self.first = Some(at);
            self.steady_since = now;
        } else if now < last {
            // Interfaces are merged in nearly the right order; what goes further back is another capture.
            if last.since(now) < PAUSE {
                return;
            }
            self.steady_since = now;
        } else if now.since(last) > PAUSE {
            self.steady_since = now;
        }
        self.last = at;
    }

    /// The first event.
    pub(super) fn first(&self) -> Stamp {
        self.first.unwrap_or_default()
    }

    /// The last event.
    pub(super) fn last(&self) -> Time {
        self.last.time
    }

    /// The last event.
    pub(super) fn now(&self) -> Stamp {
        self.last
    }

    /// Since then there was no time without any frame long enough for a pause of the capture.
    pub(super) fn steady_since(&self) -> Time {
        self.steady_since
    }
}
