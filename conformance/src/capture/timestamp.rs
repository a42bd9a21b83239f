use std::fmt;

const SECOND: u64 = 1_000_000_000;

/// A point in time, as seconds since 1970-01-01 00:00 UTC and the part below.
///
/// It displays as `seconds.nnnnnnnnn`, with a sign before 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp {
    /// Whole seconds, rounded down: -0.25 s is second -1, nanosecond 750000000.
    pub seconds: i64,
    /// Nanoseconds since that second, less than 1000000000.
    pub nanoseconds: u32,
}

impl Timestamp {
    /// A stamp of pcap. A part below the second that holds whole seconds,
    /// as damaged files have it, is carried into the seconds.
    #[inline]
    pub(super) fn from_parts(seconds: u32, part: u32, resolution: Resolution) -> Self {
        let nanoseconds = u64::from(part) * resolution.nanoseconds();
        Self {
            seconds: i64::from(seconds) + narrow(nanoseconds / SECOND),
            nanoseconds: (nanoseconds % SECOND) as u32,
        }
    }

    /// A stamp of pcapng: a count of units since `offset`. Finer units than
    /// nanoseconds are rounded down; what an `i64` cannot hold is its limit.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "the part is less than a second")]
    pub(super) fn from_units(count: u64, units_per_second: u64, offset: i64) -> Self {
        let (seconds, part) = (count / units_per_second, count % units_per_second);
        let nanoseconds = u128::from(part) * u128::from(SECOND) / u128::from(units_per_second);
        Self { seconds: narrow(seconds).saturating_add(offset), nanoseconds: nanoseconds as u32 }
    }
}

#[inline]
fn narrow(seconds: u64) -> i64 {
    i64::try_from(seconds).unwrap_or(i64::MAX)
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seconds, nanoseconds } = *self;
        if seconds < 0 && nanoseconds > 0 {
            let below = SECOND - u64::from(nanoseconds);
            write!(f, "-{}.{below:09}", (seconds + 1).unsigned_abs())
        } else {
            write!(f, "{seconds}.{nanoseconds:09}")
        }
    }
}

/// What the stamps of a pcap file count below the second.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolution {
    /// Microseconds, the usual kind.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl Resolution {
    const fn nanoseconds(self) -> u64 {
        match self {
            Self::Microseconds => 1000,
            Self::Nanoseconds => 1,
        }
    }
}

impl fmt::Display for Resolution {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Microseconds => "microseconds",
            Self::Nanoseconds => "nanoseconds",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_large_a_part_is_carried() {
        let stamp = Timestamp::from_parts(u32::MAX, u32::MAX, Resolution::Microseconds);
        assert_eq!(stamp.to_string(), "4294971589.967295000");
        let stamp = Timestamp::from_parts(7, u32::MAX, Resolution::Nanoseconds);
        assert_eq!(stamp.to_string(), "11.294967295");
    }

    #[test]
    fn units_of_any_size() {
        let at = |count, units, offset| Timestamp::from_units(count, units, offset).to_string();
        assert_eq!(at(1_500_000, 1_000_000, 0), "1.500000000");
        assert_eq!(at(7, 1, 1000), "1007.000000000");
        assert_eq!(at(3, 2, 0), "1.500000000");
        assert_eq!(at(u64::MAX, 1 << 63, 0), "1.999999999");
        assert_eq!(at(u64::MAX, 10_u64.pow(19), 0), "1.844674407");
        assert_eq!(at(u64::MAX, 1, i64::MAX), "9223372036854775807.000000000");
        assert_eq!(at(0, 1, i64::MIN), "-9223372036854775808.000000000");
    }

    #[test]
    fn before_1970_has_a_sign() {
        let at = |count, offset| Timestamp::from_units(count, 4, offset).to_string();
        assert_eq!(at(3, -1), "-0.250000000");
        assert_eq!(at(1, -2), "-1.750000000");
        assert_eq!(at(0, -2), "-2.000000000");
        assert_eq!(at(1, i64::MIN), "-9223372036854775807.750000000");
    }
}
