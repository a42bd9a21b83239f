//! Windows of time: a timer of the standard, and how far from it a device may be seen.

use std::time::Duration;

/// From a time to a later one, both counted from the stimulus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The earliest that is right.
    pub from: Duration,
    /// The latest that is right.
    pub to: Duration,
}

impl Span {
    /// In milliseconds.
    pub const fn millis(from: u64, to: u64) -> Self {
        Self { from: Duration::from_millis(from), to: Duration::from_millis(to) }
    }
}

/// The standards give timer values and no accuracy. A device is held to the strict span if it declares no tolerance,
/// as the reference does; any other fails only outside the lenient one, and what lies between is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// As in the catalogue: `TO3`.
    pub name: &'static str,
    /// For devices that are exact.
    pub strict: Span,
    /// The limit of failure for all others.
    pub lenient: Span,
    /// A single timer of the device decides it: not several one after the other, which a late host moves each.
    pub one_timer: bool,
}

impl Window {
    /// These spans; of as many timers as it may be.
    pub const fn new(name: &'static str, strict: Span, lenient: Span) -> Self {
        Self { name, strict, lenient, one_timer: false }
    }

    /// The same, decided by one timer of the device.
    #[must_use]
    pub const fn of_one_timer(mut self) -> Self {
        self.one_timer = true;
        self
    }

    /// `timer` plus what observing it adds: each bound is given in milliseconds from the timer's value.
    pub const fn around(
        name: &'static str,
        timer: Duration,
        strict: (i64, i64),
        lenient: (i64, i64),
    ) -> Self {
        Self::new(name, around(timer, strict), around(timer, lenient))
    }

    /// The same timer seen from a moment at which it may have been running for any time: no lower bound.
    #[must_use]
    pub const fn from_anywhere(mut self) -> Self {
        self.strict.from = Duration::ZERO;
        self.lenient.from = Duration::ZERO;
        self
    }

    /// The span that this device is held to.
    pub const fn held_to(&self, exact: bool) -> Span {
        if exact { self.strict } else { self.lenient }
    }
}

#[allow(clippy::cast_possible_truncation, clippy::cast_possible_wrap, clippy::cast_sign_loss)] // seconds, in a table
const fn around(timer: Duration, (from, to): (i64, i64)) -> Span {
    let value = timer.as_millis() as i64;
    let (from, to) = (value + from, value + to);
    Span::millis(if from < 0 { 0 } else { from as u64 }, if to < 0 { 0 } else { to as u64 })
}
