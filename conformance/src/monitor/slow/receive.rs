//! The Receive machine: when a port expires, how long that lasts, what ends it.

use std::time::Duration;

use redspec_codec::slow::lacp::State;

use super::Monitor;
use super::end::{Lacp, View};
use super::questions as q;
use crate::event::Stamp;
use crate::monitor::court::Court;
use crate::monitor::seconds;
use crate::monitor::when::{self, apart, at_least, at_most};
use crate::spec::Window;
use crate::spec::lacp::timers::{LONG_TIMEOUT_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{EXPIRED, FAST, TO3, TO90};

#[derive(Default)]
struct Receive {
    /// The last LACPDU that showed CURRENT.
    current: Option<Stamp>,
    /// The first of the LACPDUs that have shown Expired without a break.
    expired: Option<Stamp>,
    /// Since when the carrier is there.
    link_up: Option<Stamp>,
    /// No LACPDU was sent since then.
    silent: bool,
    /// The last LACPDU was the first since then, and Defaulted. That it was not Expired is judged of the link.
    unexpired: bool,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Receive::default())
}

impl Monitor for Receive {
    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        if pdu.is_current() {
            late(pdu, view, court);
            leaves_without_a_lacpdu(pdu, view, court);
            self.current = Some(pdu.at);
            self.link_up = None;
        } else {
            ends(pdu, view, court);
        }
        let first = std::mem::take(&mut self.silent) && pdu.is_defaulted();
        let unexpired = std::mem::replace(&mut self.unexpired, first);
        if pdu.is(State::EXPIRED) {
            if !unexpired {
                early(pdu, view, court);
            }
            self.too_long(pdu, view, court);
        } else {
            self.expired = None;
        }
        if pdu.is_defaulted() {
            if !first {
                self.too_short(pdu, court, view);
            }
            self.current = None;
        }
    }

    fn link(&mut self, up: bool, at: Stamp, _: &mut Court<'_>) {
        *self = Self { link_up: up.then_some(at), silent: up, ..Self::default() };
    }

    fn forget(&mut self, _: Stamp) {
        *self = Self::default();
    }
}

/// The timeout that an end waits for, by the bit that it shows.
fn timeout(pdu: &Lacp) -> &'static Window {
    if pdu.is(State::TIMEOUT) { &TO3 } else { &TO90 }
}

/// The same as the standard has it.
fn timeout_time(pdu: &Lacp) -> Duration {
    if pdu.is(State::TIMEOUT) { SHORT_TIMEOUT_TIME } else { LONG_TIMEOUT_TIME }
}

/// Its Timeout bit was the same when that LACPDU arrived, and ever since.
fn same_timeout(pdu: &Lacp, heard: &Lacp, view: &View<'_>) -> bool {
    for sent in view.own.newest_first() {
        if sent.is(State::TIMEOUT) != pdu.is(State::TIMEOUT) {
            return false;
        }
        if when::before(sent.at, heard.at) {
            return true;
        }
    }
    false
}

/// CURRENT although its partner has been silent for too long.
fn late(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let question = if pdu.is(State::TIMEOUT) { q::RX_SHORT } else { q::RX_LONG };
    let heard = view
        .peer
        .filter(|_| view.knows_whom_it_hears())
        .and_then(|peer| peer.newest_first().find(|sent| when::earliest(sent.at) <= when::latest(pdu.at)));
    let Some(heard) = heard.filter(|heard| same_timeout(pdu, heard, view)) else {
        return court.unknown(question);
    };
    let limit = timeout(pdu).held_to(view.options.exact).to;
    // A capture may have been stopped meanwhile, or may have lost a LACPDU that came just in time. It shows that the port
    // was never anything but CURRENT.
    let mut since = view.own.newest_first().take_while(|sent| when::before(heard.at, sent.at));
    let certain = view.in_bed
        || (heard.at.time >= view.steady_since
            && at_least(heard.at, pdu.at) > limit + timeout_time(pdu)
            && since.by_ref().take(2).filter(|sent| sent.is_current()).count() == 2
            && since.all(Lacp::is_current));
    if at_most(heard.at, pdu.at) <= limit {
        court.pass(question);
    } else if certain && at_least(heard.at, pdu.at) > limit {
        court.violated(question, pdu.number, pdu.at, || {
            format!(
                "neither Expired nor Defaulted {} after the partner's last LACPDU (frame {}), expected at most {}",
                seconds(apart(heard.at, pdu.at)),
                heard.number,
                seconds(limit)
            )
        });
    } else {
        court.unknown(question);
    }
}

/// Only a LACPDU ends EXPIRED or DEFAULTED so that CURRENT follows.
fn leaves_without_a_lacpdu(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let not_current = |before: &&Lacp| before.is(State::EXPIRED) || before.is(State::DEFAULTED);
    let Some(before) = view.own.last().filter(not_current) else { return };
    let question = if before.is_defaulted() { q::RX_DEFAULTED_STAYS } else { q::RX_EXPIRED_ENDS };
    let since = view.settled(before.at);
    if view.may_have_heard(since, pdu.at) {
        court.pass(question);
    } else if view.in_bed {
        court.violated(question, pdu.number, pdu.at, || {
            format!("neither Expired nor Defaulted, and no LACPDU arrived since frame {}", before.number)
        });
    } else {
        court.unknown(question);
    }
}

/// Expired or Defaulted although the partner speaks.
fn ends(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let question = if pdu.is_defaulted() { q::RX_ENDS_DEFAULTED } else { q::RX_ENDS_EXPIRED };
    let Some(peer) = view.peer.filter(|_| view.up) else { return court.unknown(question) };
    // EXPIRED lasts so long that DEFAULTED was there before, whatever the link did meanwhile. EXPIRED may have begun
    // with the link since then, which a capture does not show.
    let span = if pdu.is_defaulted() { EXPIRED } else { *timeout(pdu) }.held_to(view.options.exact).from;
    let sure: Vec<&Lacp> = peer
        .newest_first()
        .filter(|sent| view.is_taken(sent) && view.is_settled(sent.at, pdu.at))
        .take_while(|sent| at_most(sent.at, pdu.at) < span)
        .take(view.needed())
        .collect();
    let Some(first) = sure.last() else { return };
    let certain = sure.len() == view.needed() && view.knows_whom_it_hears();
    // What it expired of is judged as such.
    let was_current = view.own.last().is_some_and(Lacp::is_current);
    if pdu.is_defaulted() {
        if !certain {
            return court.unknown(question);
        }
        court.violated(question, pdu.number, pdu.at, || {
            format!(
                "still Defaulted {} after a LACPDU of the partner (frame {})",
                seconds(apart(first.at, pdu.at)),
                first.number
            )
        });
    } else if certain && view.in_bed && !was_current && view.own.last().is_some() {
        court.violated(question, pdu.number, pdu.at, || {
            format!(
                "still Expired {} after a LACPDU of the partner (frame {})",
                seconds(apart(first.at, pdu.at)),
                first.number
            )
        });
    } else {
        court.unknown(question);
    }
}

/// Expired sooner than the timeout allows. A capture does not show whether the link went down.
fn early(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let Some(before) = view.own.last() else { return };
    if before.is_defaulted() {
        if view.in_bed {
            let since = view.settled(before.at);
            if view.may_have_heard(since, pdu.at) {
                court.unknown(q::RX_DEFAULTED_STAYS);
            } else {
                court.violated(q::RX_DEFAULTED_STAYS, pdu.number, pdu.at, || {
                    format!("Expired after Defaulted (frame {}), and no LACPDU arrived", before.number)
                });
            }
        }
        return;
    }
    if !before.is_current() {
        return;
    }
    let short = pdu.is(State::TIMEOUT);
    let question = if short { q::RX_SHORT_EARLY } else { q::RX_LONG_EARLY };
    let heard = view.peer.and_then(|peer| {
        peer.newest_first().find(|sent| view.is_taken(sent) && view.is_settled(sent.at, pdu.at))
    });
    let Some(heard) = heard.filter(|heard| view.in_bed && same_timeout(pdu, heard, view)) else {
        return court.unknown(question);
    };
    let least = timeout(pdu).held_to(view.options.exact).from;
    court.check(question, at_most(heard.at, pdu.at) >= least, pdu.number, pdu.at, || {
        format!(
            "Expired {} after the partner's last LACPDU (frame {}), expected at least {}",
            seconds(apart(heard.at, pdu.at)),
            heard.number,
            seconds(least)
        )
    });
}

impl Receive {
    /// Expired for longer than it may last. CURRENT would last longer than the time between two of these LACPDUs.
    fn too_long(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let pace = FAST.strict;
        let unbroken = view.own.last().is_some_and(|before| {
            before.is(State::EXPIRED)
                && at_most(before.at, pdu.at) <= pace.to
                // A link that went down would have started the second anew.
                && (view.in_bed || at_least(before.at, pdu.at) >= pace.from)
        });
        let heard = view.in_bed
            && self.expired.is_some_and(|first| {
                let since = view.settled(first);
                view.may_have_heard(since, pdu.at)
            });
        if !unbroken || heard {
            self.expired = Some(pdu.at);
            return;
        }
        let first = *self.expired.get_or_insert(pdu.at);
        let limit = EXPIRED.held_to(view.options.exact).to;
        if at_least(first, pdu.at) > limit {
            court.violated(q::RX_EXPIRED_ENDS, pdu.number, pdu.at, || {
                format!("Expired for {}, expected at most {}", seconds(apart(first, pdu.at)), seconds(limit))
            });
        } else {
            court.pass(q::RX_EXPIRED_ENDS);
        }
    }

    /// Between CURRENT, or the coming of the carrier, and DEFAULTED lies EXPIRED.
    fn too_short(&mut self, pdu: &Lacp, court: &mut Court<'_>, view: &View<'_>) {
        let Some(begin) = self.current.or(self.link_up) else { return };
        let least: Duration = EXPIRED.held_to(view.options.exact).from;
        let found = at_most(begin, pdu.at);
        court.check(q::RX_EXPIRED_LASTS, found >= least, pdu.number, pdu.at, || {
            format!(
                "Defaulted {} after {}, expected at least {} of Expired between",
                seconds(apart(begin, pdu.at)),
                if self.current.is_some() { "a LACPDU that was neither" } else { "the link came up" },
                seconds(least)
            )
        });
        self.link_up = None;
    }
}
