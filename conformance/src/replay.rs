//! When to send the frames of a capture again.

use std::time::Duration;

use crate::capture::Timestamp;

/// Turns the time stamps of a capture into the moments at which its frames are due.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    speed: f64,
    first: Option<Timestamp>,
    latest: Duration,
}

impl Pace {
    /// Gaps are divided by `speed`; infinity leaves none.
    pub const fn new(speed: f64) -> Self {
        Self { speed, first: None, latest: Duration::ZERO }
    }

    /// When the next frame is due, counted from the first one. Frames keep their order: one whose stamp is missing,
    /// or earlier than that of the frame before it, is due together with that one.
    pub fn due(&mut self, time: Option<Timestamp>) -> Duration {
        if let Some(time) = time {
            let first = *self.first.get_or_insert(time);
            let seconds = seconds_between(first, time) / self.speed;
            // Neither a negative number nor one without a meaning becomes a duration.
            let due = Duration::try_from_secs_f64(seconds).unwrap_or(self.latest);
            self.latest = self.latest.max(due);
        }
        self.latest
    }
}

#[expect(clippy::cast_precision_loss, reason = "2^53 ns are a hundred days")]
fn seconds_between(first: Timestamp, time: Timestamp) -> f64 {
    let seconds = i128::from(time.seconds) - i128::from(first.seconds);
    let nanoseconds = i128::from(time.nanoseconds) - i128::from(first.nanoseconds);
    (seconds * 1_000_000_000 + nanoseconds) as f64 / 1e9
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64, nanoseconds: u32) -> Timestamp {
        Timestamp { seconds, nanoseconds }
    }

    fn dues(speed: f64, times: &[impl Into<Option<Timestamp>> + Copy]) -> Vec<Duration> {
        let mut pace = Pace::new(speed);
        times.iter().map(|time| pace.due((*time).into())).collect()
    }

    #[test]
    fn gaps_are_kept_and_scaled() {
        let times =
            [at(1_712_345_678, 900_000_000), at(1_712_345_679, 100_000_001), at(1_712_345_682, 900_000_000)];
        let expected = [0, 200_000_001, 4_000_000_000].map(Duration::from_nanos);
        assert_eq!(dues(1.0, &times), expected);
        assert_eq!(dues(2.0, &times[..1]), [Duration::ZERO]);
        assert_eq!(dues(0.5, &times)[2], Duration::from_secs(8));
        assert_eq!(dues(f64::INFINITY, &times), [Duration::ZERO; 3]);
    }

    #[test]
    fn order_is_kept() {
        let times =
            [None, Some(at(10, 0)), Some(at(12, 0)), None, Some(at(11, 0)), Some(at(9, 0)), Some(at(13, 0))];
        assert_eq!(dues(1.0, &times), [0, 0, 2, 2, 2, 2, 3].map(Duration::from_secs));
    }

    #[test]
    fn no_stamp_is_too_far_away() {
        let times = [at(i64::MIN, 0), at(i64::MAX, 999_999_999)];
        assert_eq!(dues(1.0, &times).len(), 2);
        assert_eq!(dues(1e-300, &times).len(), 2);
    }
}
