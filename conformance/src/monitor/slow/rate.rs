//! How often a port sends: as its partner's timeout asks, and never more than the limit.

use std::collections::VecDeque;
use std::time::Duration;

use redspec_codec::slow::lacp::State;

use super::Monitor;
use super::end::{Lacp, Reception, View, difference};
use super::questions as q;
use crate::event::Stamp;
use crate::monitor::court::Court;
use crate::monitor::seconds;
use crate::monitor::when::{self, apart, at_least, at_most};
use crate::spec::Edition;
use crate::spec::lacp::functions::UPDATE_NTT;
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, transmit_limit};
use crate::spec::lacp::tolerances::{
    EXPIRED, FAST, FAST_GAP_LIMIT, FAST_PLUS, SLOW, SLOW_GAP_LIMIT, most_in_a_second,
};

/// Gaps in a row that nothing explains, before it is certain that they are no accident.
const IN_A_ROW: u32 = 3;

/// Copies of a frame that a capture took at two places are no further apart.
const DUPLICATE: Duration = Duration::from_millis(2);

#[derive(Default)]
struct Rate {
    /// The last LACPDUs, as many as the most generous limit needs.
    recent: VecDeque<Stamp>,
    /// The last LACPDU that showed neither Expired nor Defaulted, or the coming of the carrier.
    not_expired: Option<Stamp>,
    unasked: u32,
    too_soon: u32,
    too_late: u32,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Rate::default())
}

impl Monitor for Rate {
    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        self.limit(pdu, view, court);
        if let Some(before) = view.own.last().filter(|before| before.reception != Reception::Unread) {
            if when::is_known(pdu.at) {
                self.gap(before, Some(pdu), pdu.at, view, court);
                self.sooner(before, pdu, view, court);
                self.both_passive(before, pdu, view, court);
            }
        }
        if pdu.is_current() {
            self.not_expired = Some(pdu.at);
        }
    }

    fn link(&mut self, up: bool, at: Stamp, _: &mut Court<'_>) {
        *self = Self { not_expired: up.then_some(at), ..Self::default() };
    }

    fn forget(&mut self, _: Stamp) {
        *self = Self::default();
    }

    fn finish(&mut self, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        if let Some(before) = view.own.last().filter(|_| view.in_bed && view.up) {
            if before.reception != Reception::Unread {
                self.gap(before, None, at, view, court);
            }
        }
    }
}

impl Rate {
    fn limit(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let edition = view.options.edition;
        let question = if edition == Edition::Dot1Ax2020 { q::TX_LIMIT_2020 } else { q::TX_LIMIT };
        let copy = view.own.last().is_some_and(|before| {
            !view.in_bed
                && (before.actor, before.partner) == (pdu.actor, pdu.partner)
                && apart(before.at, pdu.at) <= DUPLICATE
        });
        if copy || !when::is_known(pdu.at) {
            return court.unknown(question);
        }
        let most = most_in_a_second(edition, view.options.exact) as usize;
        let kept = most_in_a_second(Edition::Dot1Ax2020, false) as usize;
        self.recent.push_back(pdu.at);
        if self.recent.len() > kept + 1 {
            self.recent.pop_front();
        }
        let within = |count: usize| {
            let first = self.recent.len().checked_sub(count).and_then(|at| self.recent.get(at));
            first.is_some_and(|first| at_most(*first, pdu.at) < FAST_PERIODIC_TIME)
        };
        court.check(question, !within(most + 1), pdu.number, pdu.at, || {
            let count = (most + 1..=self.recent.len()).rev().find(|count| within(*count)).unwrap_or(most + 1);
            let limit = transmit_limit(edition);
            let lenient = if view.options.exact { "" } else { ", twice that for a limiter that starts anew" };
            let newer = Edition::Dot1Ax2020;
            let allowed =
                if edition != newer && !within(most_in_a_second(newer, view.options.exact) as usize + 1) {
                    format!("; {newer} allows {}", transmit_limit(newer))
                } else {
                    String::new()
                };
            format!("{count} LACPDUs in a second, expected at most {limit}{lenient}{allowed}")
        });
    }

    /// Nothing was sent for longer than the partner's timeout lets it wait. Without `next`, nothing was sent at all.
    fn gap(&mut self, before: &Lacp, next: Option<&Lacp>, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        let short = before.partner.state.has(State::TIMEOUT);
        let question = match (before.is(State::EXPIRED), before.is_defaulted(), short) {
            (true, ..) => q::PERIODIC_EXPIRED,
            (_, true, _) => q::PERIODIC_DEFAULTED,
            (_, _, true) => q::PERIODIC_FAST,
            _ => q::PERIODIC_SLOW,
        };
        let active = before.is(State::ACTIVITY) || before.partner.state.has(State::ACTIVITY);
        if !active {
            // Whether it may send at all is judged as such.
            if next.is_none_or(|next| next.is(State::ACTIVITY) || next.partner.state.has(State::ACTIVITY)) {
                court.pass(q::PERIODIC_BOTH_PASSIVE);
            }
            return;
        }
        let (period, limit) = if short { (FAST_PLUS, FAST_GAP_LIMIT) } else { (SLOW, SLOW_GAP_LIMIT) };
        let period = period.held_to(view.options.exact).to;
        if at_most(before.at, at) <= period {
            self.too_late = 0;
            if next.is_some() {
                court.pass(question);
            }
            return;
        }
        if at_least(before.at, at) <= period {
            return;
        }
        if !self.rate_holds(before, at, period, view) {
            self.too_late = 0;
            return court.unknown(question);
        }
        let (number, stamp) = next.map_or((before.number, before.at), |next| (next.number, next.at));
        self.too_late += 1;
        let certain = view.in_bed
            || next.is_some_and(|next| {
                undisturbed(before, next, view)
                    && (self.too_late >= 2 * IN_A_ROW
                        || (at_least(before.at, at) > limit && partner_missed_it(before, next, view)))
            });
        if certain {
            court.violated(question, number, stamp, || {
                let what = if next.is_some() { "sent" } else { "nothing sent for" };
                let after =
                    if next.is_some() { format!(" after frame {}", before.number) } else { String::new() };
                format!(
                    "{what} {}{after}, expected at most {} with a partner that has {} timeout",
                    seconds(apart(before.at, at)),
                    seconds(period),
                    if short { "short" } else { "long" }
                )
            });
        } else {
            court.unknown(question);
        }
    }

    /// What the port showed in `before` decided its rate until `at`, or at least for one period.
    fn rate_holds(&self, before: &Lacp, at: Stamp, period: Duration, view: &View<'_>) -> bool {
        // EXPIRED ends by itself, and then the administrative partner decides.
        let expiry = EXPIRED.held_to(view.options.exact).from;
        if before.is(State::EXPIRED) {
            let since = self.not_expired.map(|since| since.time + expiry);
            if since.is_none_or(|end| end < before.at.time + period) {
                return false;
            }
        }
        let since = view.settled(before.at);
        let Some(peer) = view.peer else { return !view.may_have_heard(since, at) };
        if !view.in_bed && !view.knows_whom_it_hears() {
            return false;
        }
        // Nothing that the partner sent asks for another rate.
        let same = |sent: &Lacp| {
            sent.reception != Reception::Unread
                && sent.is(State::TIMEOUT) == before.partner.state.has(State::TIMEOUT)
                && sent.is(State::ACTIVITY) == before.partner.state.has(State::ACTIVITY)
        };
        peer.is_complete_since(since) && peer.between(since, at).all(same)
    }

    /// Sent sooner than the period, and nothing that happened asked for it.
    fn sooner(&mut self, before: &Lacp, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let short = before.partner.state.has(State::TIMEOUT);
        let (question, window) = if short { (q::PERIODIC_FAST, FAST) } else { (q::PERIODIC_SLOW, SLOW) };
        let least = window.held_to(view.options.exact).from;
        let unexplained = at_most(before.at, pdu.at) < least
            && (view.in_bed || apart(before.at, pdu.at) > DUPLICATE)
            && (before.actor, before.partner) == (pdu.actor, pdu.partner)
            && pdu.is_current()
            && nothing_asked(before, pdu, view);
        if !unexplained {
            self.too_soon = 0;
            return;
        }
        self.too_soon += 1;
        if self.too_soon >= IN_A_ROW {
            court.violated(question, pdu.number, pdu.at, || {
                format!(
                    "sent {} after frame {}, the {} time in a row sooner than {}, and nothing asked for it",
                    seconds(apart(before.at, pdu.at)),
                    before.number,
                    ordinal(self.too_soon),
                    seconds(least)
                )
            });
        }
    }
}

fn ordinal(number: u32) -> String {
    match number {
        3 => "3rd".to_owned(),
        _ => format!("{number}th"),
    }
}

/// No LACPDU of the partner between both had a wrong view of the port.
fn nothing_asked(before: &Lacp, pdu: &Lacp, view: &View<'_>) -> bool {
    let Some(peer) = view.peer.filter(|_| view.knows_whom_it_hears()) else { return false };
    let since = view.settled(before.at);
    let harmless = |sent: &Lacp| {
        view.is_taken(sent)
            && difference(UPDATE_NTT.fields, &sent.partner, &pdu.actor).is_none()
            && sent.is(State::TIMEOUT) == before.partner.state.has(State::TIMEOUT)
    };
    peer.is_complete_since(since) && peer.between(since, pdu.at).all(harmless)
}

/// In a capture: it ran on, and the port shows no sign of a link that was down.
fn undisturbed(before: &Lacp, next: &Lacp, view: &View<'_>) -> bool {
    before.is_current()
        && next.is_current()
        && before.actor == next.actor
        && before.at.time >= view.steady_since
}

/// In a capture, which may have lost frames: the partner went on sending, and says that it has heard nothing for its
/// timeout.
fn partner_missed_it(before: &Lacp, next: &Lacp, view: &View<'_>) -> bool {
    let Some(peer) = view.peer else { return false };
    let meanwhile: Vec<&Lacp> = peer
        .between(when::latest(before.at), next.at)
        .filter(|sent| when::before(before.at, sent.at) && when::before(sent.at, next.at))
        .collect();
    let [last, .., first] = meanwhile.as_slice() else { return false };
    // A link that went down would have begun with Expired.
    last.is(State::EXPIRED) && first.is_current()
}

impl Rate {
    /// A passive port with a passive partner sends nothing, however it came to know.
    fn both_passive(&mut self, before: &Lacp, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let passive = |sent: &Lacp| !sent.is(State::ACTIVITY) && !sent.partner.state.has(State::ACTIVITY);
        if !passive(before) || !passive(pdu) {
            self.unasked = 0;
            return;
        }
        let since = view.settled(before.at);
        let known = view.peer.is_some_and(|peer| {
            view.knows_whom_it_hears()
                && peer.is_complete_since(since)
                && peer
                    .between(since, pdu.at)
                    .all(|sent| sent.reception != Reception::Unread && !sent.is(State::ACTIVITY))
        });
        if !known || at_least(before.at, pdu.at) <= view.latency() {
            return court.unknown(q::PERIODIC_BOTH_PASSIVE);
        }
        self.unasked += 1;
        if view.in_bed || self.unasked >= IN_A_ROW {
            court.violated(q::PERIODIC_BOTH_PASSIVE, pdu.number, pdu.at, || {
                "sent although the port and its partner are passive".to_owned()
            });
        } else {
            court.unknown(q::PERIODIC_BOTH_PASSIVE);
        }
    }
}
