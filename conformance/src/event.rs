//! What happened on a bed or in a capture. Judges see nothing else.

use std::borrow::Cow;
use std::time::Duration;

use crate::time::Time;

/// A port of the bed: the link between tester and device that has this number, from 0; in a capture, the interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Port(pub u16);

impl Port {
    /// As an index into what there is one of for each port.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// Counted from 1, as people do.
impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "P{}", u32::from(self.0) + 1)
    }
}

/// When, and how sure that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Stamp {
    /// The time measured.
    pub time: Time,
    /// The true time lies at most this far from it; zero in virtual time.
    pub uncertainty: Duration,
}

impl From<Time> for Stamp {
    fn from(time: Time) -> Self {
        Self { time, uncertainty: Duration::ZERO }
    }
}

/// Which way a frame went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The device sent it.
    FromDevice,
    /// The tester sent it.
    ToDevice,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening<'a> {
    /// A frame on the wire, from its destination MAC address on, without frame check sequence.
    Frame {
        /// `None` in a capture, which does not know who is tested.
        direction: Option<Direction>,
        /// The octets that were captured.
        octets: Cow<'a, [u8]>,
        /// How many octets of the frame the capture lacks at its end.
        missing: usize,
    },
    /// The link's carrier came or went, as the device sees it.
    Link {
        /// It came.
        up: bool,
    },
    /// Something was done to the device that no frame shows: configured, restarted.
    Operation(Cow<'a, str>),
    /// This many frames were lost before the judge saw them.
    Dropped(u64),
    /// The host let things run late, by this much in all, since it was told last: what was due meanwhile may be so late
    /// for no other reason.
    Late(Duration),
}

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event<'a> {
    /// Number of the frame in its capture, from 1; for what is not a frame, of the frame before it.
    pub number: u64,
    /// When.
    pub at: Stamp,
    /// Where.
    pub port: Port,
    /// What.
    pub what: Happening<'a>,
}

/// How late the host was in all between these times. A device that starts its timer anew on each tick of its own is late by
/// all of it.
pub fn late_within(events: &[Event<'_>], from: Time, to: Time) -> Duration {
    let late = events.iter().filter_map(|event| match event.what {
        // It was late all the time from `by` before it was noticed.
        Happening::Late(by) if event.at.time >= from && event.at.time.before(by) <= to => Some(by),
        _ => None,
    });
    late.sum()
}

/// How much before and behind an end of a timer a late host may have moved it.
const ABOUT: Duration = Duration::from_millis(250);

/// How late the host was about either of these times. A device whose timer is one deadline is late by no more: it may start it
/// late, and notice late that it is over.
pub fn late_about(events: &[Event<'_>], from: Time, to: Time) -> Duration {
    if to.since(from) <= ABOUT * 2 {
        return late_within(events, from, to);
    }
    late_within(events, from, from + ABOUT) + late_within(events, to.before(ABOUT), to)
}

impl Happening<'_> {
    /// How many frames it says were lost.
    pub const fn dropped(&self) -> u64 {
        match self {
            Self::Dropped(count) => *count,
            _ => 0,
        }
    }
}

impl Event<'_> {
    /// The same, holding its octets itself.
    pub fn into_owned(self) -> Event<'static> {
        let Self { number, at, port, what } = self;
        let what = match what {
            Happening::Frame { direction, octets, missing } => {
                Happening::Frame { direction, octets: Cow::Owned(octets.into_owned()), missing }
            }
            Happening::Link { up } => Happening::Link { up },
            Happening::Operation(text) => Happening::Operation(Cow::Owned(text.into_owned())),
            Happening::Dropped(count) => Happening::Dropped(count),
            Happening::Late(by) => Happening::Late(by),
        };
        Event { number, at, port, what }
    }

    /// The frame's octets, if it is one that went `direction`.
    pub fn frame(&self, wanted: Direction) -> Option<&[u8]> {
        match &self.what {
            Happening::Frame { direction: Some(direction), octets, .. } if *direction == wanted => {
                Some(octets)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Time {
        Time::default() + Duration::from_millis(milliseconds)
    }

    fn late(noticed: u64, by: u64) -> Event<'static> {
        let what = Happening::Late(Duration::from_millis(by));
        Event { number: 0, at: at(noticed).into(), port: Port(0), what }
    }

    #[test]
    fn one_deadline_is_moved_by_what_was_late_about_its_ends() {
        // Before it; over its start; in the middle, twice; over its end.
        let events = [late(900, 50), late(1010, 20), late(2000, 30), late(2500, 40), late(4605, 10)];
        let (from, to) = (at(1000), at(4600));
        assert_eq!(late_within(&events, from, to), Duration::from_millis(100));
        assert_eq!(late_about(&events, from, to), Duration::from_millis(30));
        // A short one has no middle.
        assert_eq!(late_about(&events, at(1900), at(2300)), Duration::from_millis(30));
        assert_eq!(late_within(&events, at(1900), at(2300)), Duration::from_millis(30));
        assert_eq!(late_about(&events, at(3000), at(4000)), Duration::ZERO);
    }
}
