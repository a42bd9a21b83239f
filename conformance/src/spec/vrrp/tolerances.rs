//! The windows of the VRRP catalogue: a timer, and how far from it a router may be seen.
//!
//! The RFCs give timers and no accuracy. A router that is exact is held to a few milliseconds; any other may be off by a
//! tenth of the interval or 50 ms, whichever is more, and by the 10 ms that a timer in whole centiseconds loses.

use std::time::Duration;

use crate::spec::{Span, Window};

/// A timer in whole centiseconds is off by less than one.
const CENTISECOND: Duration = Duration::from_millis(10);
/// What an exact router may be off by: the frame's way, and the rounding of a window to milliseconds.
const EXACT: Duration = Duration::from_millis(2);

/// TOL: how far from a timer that follows from this interval a router may be seen.
pub fn tolerance(interval: Duration) -> Duration {
    (interval / 10).max(Duration::from_millis(50)) + CENTISECOND
}

fn about(timer: Duration, by: Duration) -> Span {
    Span { from: timer.saturating_sub(by), to: timer + by }
}

/// From the last advertisement that counts to the first of who takes over: Active_Down_Interval, or Skew_Time after a
/// priority of 0. The interval is the one that the timer follows from.
pub fn takeover(timer: Duration, interval: Duration) -> Window {
    Window::new("TAKEOVER", about(timer, EXACT), about(timer, tolerance(interval))).of_one_timer()
}

/// From the earliest of one window to the latest of the other: the text can be read so that either is right.
pub fn either(one: Window, other: Window) -> Window {
    let join = |one: Span, other: Span| Span { from: one.from.min(other.from), to: one.to.max(other.to) };
    let one_timer = one.one_timer && other.one_timer;
    let strict = join(one.strict, other.strict);
    Window { name: "EITHER", strict, lenient: join(one.lenient, other.lenient), one_timer }
}

/// What a new Active router tells the hosts, counted as its takeover is: some tell it just before they advertise.
pub fn announced(timer: Duration, interval: Duration) -> Window {
    let takeover = takeover(timer, interval);
    let and_then = |span: Span, at_once: Span| Span { to: span.to + at_once.to, ..span };
    Window::new(
        "ANNOUNCED",
        and_then(takeover.strict, AT_ONCE.strict),
        and_then(takeover.lenient, AT_ONCE.lenient),
    )
    .of_one_timer()
}

/// An advertisement out of turn, in the middle of an interval. What comes a quarter of one later may be the next in turn,
/// as real routers spread theirs over the last fifth.
pub fn out_of_turn(interval: Duration) -> Window {
    let within = |span: Span| Span { to: span.to.min(interval / 4), ..span };
    Window::new("OUT OF TURN", within(AT_ONCE.strict), within(AT_ONCE.lenient))
}

/// With a shorter interval [`out_of_turn`] is no time in which to answer for a router that is not exact.
pub const TURN_BY_TURN: Duration = Duration::from_millis(480);

/// So many periods together, counted from one advertisement to another: what [`mean_period`] allows, as often.
pub fn periods(interval: Duration, count: u32) -> Window {
    let mean = mean_period(interval);
    let times = |span: Span| Span { from: span.from * count, to: span.to * count };
    Window::new("PERIODS", times(mean.strict), times(mean.lenient))
}

/// PERIOD: between two advertisements. Real routers spread theirs over the last fifth of the interval.
pub fn period(interval: Duration) -> Window {
    let late = (interval / 10).max(Duration::from_millis(50));
    let early = (interval * 22 / 100).max(late);
    let lenient = Span { from: interval.saturating_sub(early), to: interval + late };
    Window::new("PERIOD", about(interval, EXACT), lenient).of_one_timer()
}

/// The mean of many periods: a router that drifts, or whose timer is of another length. Jitter may shorten it by a fifth.
pub fn mean_period(interval: Duration) -> Window {
    let lenient = Span { from: interval * 80 / 100, to: interval * 102 / 100 + Duration::from_millis(1) };
    Window::new("MEAN PERIOD", about(interval, EXACT), lenient)
}

/// So many periods together, as [`mean_period`] has each of them.
pub fn mean_of_periods(interval: Duration, periods: u32) -> Window {
    let mean = mean_period(interval);
    let all = |span: Span| Span { from: span.from * periods, to: span.to * periods };
    Window::new(mean.name, all(mean.strict), all(mean.lenient))
}

/// What comes this long after an advertisement was sent may have been on its way before it.
pub const UNDER_WAY: Duration = Duration::from_millis(120);

/// What is done at once. No RFC gives a bound; a router that takes longer has not done it.
pub const AT_ONCE: Window = Window::new("AT ONCE", Span::millis(0, 100), Span::millis(0, 1000));

/// What is done at once, by a router that is quick: later is late, not missing.
pub const PROMPTLY: Window = Window::new("PROMPTLY", Span::millis(0, 100), Span::millis(0, 200));

/// A reply to an ARP request. No RFC gives a bound; what comes later is late, and missing only after [`NO_REPLY`].
pub const ARP_REPLY: Window = Window::new("ARP REPLY", Span::millis(0, 100), Span::millis(0, 100));

/// The same for a Neighbor Solicitation.
pub const ND_REPLY: Window = Window::new("ND REPLY", Span::millis(0, 100), Span::millis(0, 200));

/// What an owner does when it starts, without waiting.
pub const STARTUP: Window = Window::new("STARTUP", Span::millis(0, 100), Span::millis(0, 500));

/// From the earliest moment at which a router that is no owner can have started to its first advertisement. How long it
/// takes it to start is no matter of the protocol.
pub fn startup(timer: Duration, interval: Duration) -> Window {
    let Window { strict, lenient, .. } = takeover(timer, interval);
    Window::new("STARTUP", strict, Span { to: lenient.to + STARTING, ..lenient })
}

/// [`STARTUP`], beyond which an owner is late; what it must not do is wait as a Backup does.
pub fn owner_startup(interval: Duration) -> Window {
    let lenient = Span { from: Duration::ZERO, to: interval * STARTUP_INTERVALS };
    Window::new(STARTUP.name, STARTUP.strict, lenient)
}

/// The most that is allowed for a router to start: to read its configuration, and to find its interfaces.
const STARTING: Duration = Duration::from_secs(3);

/// Some tell where the virtual addresses are before their first advertisement, by no more than this. Where the advertisement
/// of that moment is lost, which is judged elsewhere, the first that is seen comes an interval later.
pub fn lead(interval: Duration) -> Duration {
    (interval + tolerance(interval)).max(Duration::from_secs(1))
}

/// [`AT_ONCE`], counted from [`lead`] before.
pub fn around(interval: Duration) -> Window {
    let behind = |span: Span| Span { to: span.to + lead(interval), ..span };
    Window::new(AT_ONCE.name, behind(AT_ONCE.strict), behind(AT_ONCE.lenient))
}

/// An owner that waits this many intervals has waited as a Backup does.
pub const STARTUP_INTERVALS: u32 = 3;

/// A router advertisement after a solicitation (RFC 4861 6.2.6: half a second of delay, and three seconds between two).
pub const ROUTER_ADVERTISEMENT: Window =
    Window::new("ROUTER ADVERTISEMENT", Span::millis(0, 4000), Span::millis(0, 4000));

/// How long is watched for what must not come.
pub const SILENCE: Duration = Duration::from_secs(2);
/// How long is waited for a reply that must not come; asked several times.
pub const NO_REPLY: Duration = Duration::from_secs(1);

/// Whether something has moved a takeover at all is asked, not how exact it is: what moves it does so by an interval.
pub fn undisturbed(timer: Duration, interval: Duration) -> Span {
    about(timer, tolerance(interval).max(interval / 2))
}

/// An advertisement sooner than this after another is out of turn: jitter is at most a fifth of the interval.
pub fn too_soon(interval: Duration) -> Duration {
    interval / 2
}

/// STILL ACTIVE: who has not advertised for so long is not Active any more. Later than any period, and sooner than who has
/// yielded would be back.
pub fn still_active(interval: Duration) -> Window {
    let span = Span { from: Duration::ZERO, to: interval * 3 / 2 };
    Window::new("STILL ACTIVE", span, span)
}
