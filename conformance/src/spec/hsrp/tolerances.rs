//! The windows of the HSRP catalogue: a timer, and how far from it a router may be seen.
//!
//! RFC 2281 gives timers, has the Hello timer jittered, and gives no accuracy. A router that is exact is held to a few
//! milliseconds where no jitter comes in between; any other is held to what the catalogue allows (TOL_H, TOL_S).

use std::time::Duration;

use super::timers::JITTER_PERCENT;
use crate::spec::{Span, Window};

/// What an exact router may be off by: the frame's way, and the rounding of a window to milliseconds.
const EXACT: Duration = Duration::from_millis(2);
/// TOL_H: a router may be this much later than its timer.
const LATE: Duration = Duration::from_secs(2);
/// TOL_S: the same where the state shows in the next Hello only.
const LATE_HELLO: Duration = Duration::from_secs(1);

/// TOL_H: the Holdtime has passed, and the row that is taken then sends a Hello. No router is more than 15 % early.
pub fn takeover(holdtime: Duration) -> Window {
    let strict = Span { from: holdtime.saturating_sub(EXACT), to: holdtime + EXACT };
    Window::new("TOL_H", strict, Span { from: early(holdtime), to: holdtime + LATE })
}

/// TOL_S: the Holdtime has passed, and the state that follows shows in the next Hello.
pub fn shown(holdtime: Duration, hellotime: Duration) -> Window {
    let strict = Span { from: holdtime.saturating_sub(EXACT), to: holdtime + hellotime + EXACT };
    let lenient = Span { from: early(holdtime), to: holdtime + hellotime + LATE_HELLO };
    Window::new("TOL_S", strict, lenient)
}

/// From a Hello of one such state to the first of the next: both come up to a Hellotime after the state.
pub fn shown_after_shown(holdtime: Duration, hellotime: Duration) -> Window {
    let strict = Span { from: holdtime.saturating_sub(EXACT + hellotime), to: holdtime + hellotime + EXACT };
    let lenient =
        Span { from: early(holdtime).saturating_sub(hellotime), to: holdtime + hellotime + LATE_HELLO };
    Window::new("TOL_S", strict, lenient)
}

/// From the first Hello of Speak to the first of Active, where nobody else is there.
pub fn active_after_shown(holdtime: Duration, hellotime: Duration) -> Window {
    let strict = Span { from: holdtime.saturating_sub(EXACT + hellotime), to: holdtime + EXACT };
    let lenient =
        Span { from: early(holdtime).saturating_sub(hellotime), to: holdtime * 2 + hellotime + LATE };
    Window::new("ACTIVE", strict, lenient)
}

/// A router that starts and hears nobody has shown Active by then, whatever it does on the way.
pub fn alone(holdtime: Duration, hellotime: Duration) -> Duration {
    STARTING + holdtime * 3 + hellotime * 2 + LATE
}

fn early(holdtime: Duration) -> Duration {
    holdtime * 85 / 100
}

/// The longest time between two Hellos. The RFC calls the Hellotime approximate: what is over this is late, and missing
/// over [`missing`]. Of a short one a twentieth is less than what may hold a router up.
pub fn gap(hellotime: Duration) -> Window {
    let strict = Span { from: Duration::ZERO, to: hellotime + EXACT };
    let late = (hellotime / 20).max(Duration::from_millis(50));
    let lenient = Span { from: Duration::ZERO, to: hellotime + late };
    Window::new("HELLO", strict, lenient)
}

/// [`gap`], where a Hello counts as missing.
pub fn missing(hellotime: Duration) -> Window {
    let span = Span { from: Duration::ZERO, to: hellotime * MISSING_PERCENT / 100 };
    Window::new("HELLO", span, span)
}

/// In percent of the Hellotime: a Hello that comes later is missing.
const MISSING_PERCENT: u32 = 125;

/// A jitter that can be seen: the spread of many Hellos, in thousandths of the Hellotime.
pub const JITTER_SEEN_PER_MILLE: u32 = 10;

/// A router that sends more Hellos than this, in those that its Hellotime asks for, does not send by it. Some send one in
/// between now and then, and the jitter makes a quarter more of them.
pub const MOST_HELLOS: u32 = 2;

/// Between the nearest two regular Hellos. Some routers send others in between.
pub fn least_period(hellotime: Duration) -> Duration {
    hellotime * (100 - JITTER_PERCENT) / 100
}

/// From a Hello to the next one, where nothing has happened: an exact router sends no others than those of its Hello timer.
pub fn hello_again(hellotime: Duration) -> Window {
    let strict = Span { from: least_period(hellotime).saturating_sub(EXACT), to: hellotime + EXACT };
    Window::new("HELLO AGAIN", strict, missing(hellotime).lenient)
}

/// The next Hello, of a router that sends any.
pub fn next_hello(hellotime: Duration) -> Window {
    let strict = Span { from: Duration::ZERO, to: hellotime + EXACT };
    let lenient = Span { from: Duration::ZERO, to: hellotime + LATE_HELLO };
    Window::new("NEXT HELLO", strict, lenient)
}

/// What is done at once. The RFC gives no bound; a router that takes longer has not done it.
pub const AT_ONCE: Window = Window::new("AT ONCE", Span::millis(0, 100), Span::millis(0, 1000));

/// Some tell where the virtual address is before their first Hello in Active, by no more than this.
pub const LEAD: Duration = Duration::from_secs(1);

/// [`AT_ONCE`], counted from [`LEAD`] before.
pub const AROUND: Window = Window::new(AT_ONCE.name, Span::millis(0, 1100), Span::millis(0, 2000));

/// A reply to an ARP request. No RFC gives a bound; what comes later is late, and missing only after [`NO_REPLY`].
pub const ARP_REPLY: Window = Window::new("ARP REPLY", Span::millis(0, 100), Span::millis(0, 100));

/// The same for a Neighbor Solicitation.
pub const ND_REPLY: Window = Window::new("ND REPLY", Span::millis(0, 100), Span::millis(0, 200));

/// How long is watched for what must not come.
pub const SILENCE: Duration = Duration::from_secs(2);
/// How long is waited for a reply that must not come; asked several times.
pub const NO_REPLY: Duration = Duration::from_secs(1);

/// What comes this long after a message was sent may have been on its way before it.
pub const UNDER_WAY: Duration = Duration::from_millis(120);

/// A router that has left a state in which it sends is silent for longer than this.
pub fn silent(hellotime: Duration) -> Duration {
    hellotime * 5 / 2
}

/// The most that is allowed for a router to start: to read its configuration, and to find its interfaces.
pub const STARTING: Duration = Duration::from_secs(3);
