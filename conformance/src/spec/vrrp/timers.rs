//! The timers (section 6.1).

use std::time::Duration;

use super::Version;

/// Advertisement_Interval where none is configured.
pub const DEFAULT_ADVERTISEMENT_INTERVAL: Duration = Duration::from_secs(1);
/// The priority where none is configured.
pub const DEFAULT_PRIORITY: u8 = 100;
/// The priority of who owns the addresses.
pub const OWNER_PRIORITY: u8 = 255;
/// The largest interval of version 3, in centiseconds: what twelve bits can hold.
pub const LARGEST_INTERVAL_CS: u16 = 4095;

/// How the timers follow from the interval of the Active Router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formulas {
    /// Skew_Time is (`steps` - Priority) / `steps` of what it is a part of.
    pub steps: u32,
    /// What Skew_Time is a part of: the interval, or else this.
    pub skewed: Option<Duration>,
    /// Active_Down_Interval is so many intervals and Skew_Time.
    pub intervals: u32,
}

/// Those of the version.
pub const fn formulas(version: Version) -> Formulas {
    let skewed = match version {
        Version::V2 => Some(Duration::from_secs(1)),
        Version::V3 => None,
    };
    Formulas { steps: 256, skewed, intervals: 3 }
}

impl Formulas {
    /// Skew_Time of a router with this priority.
    pub fn skew_time(&self, priority: u8, interval: Duration) -> Duration {
        let steps = self.steps.max(1);
        self.skewed.unwrap_or(interval) * steps.saturating_sub(u32::from(priority)) / steps
    }

    /// Active_Down_Interval (Master_Down_Interval) of a router with this priority.
    pub fn down_interval(&self, priority: u8, interval: Duration) -> Duration {
        interval * self.intervals + self.skew_time(priority, interval)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_examples_of_the_takeover_time() {
        let down = |version, priority, centiseconds: u64| {
            let interval = Duration::from_millis(centiseconds * 10);
            formulas(version).down_interval(priority, interval).as_micros()
        };
        assert_eq!(down(Version::V2, 1, 100), 3_996_093);
        assert_eq!(down(Version::V2, 254, 100), 3_007_812);
        assert_eq!(down(Version::V2, 100, 1000), 30_609_375);
        assert_eq!(down(Version::V3, 100, 1000), 36_093_750);
        assert_eq!(down(Version::V3, 100, 20), 721_875);
    }
}
