//! update_NTT: a LACPDU that sees the port wrong is answered.

use std::time::Duration;

use redspec_codec::slow::lacp::{PortInformation, State};

use super::Monitor;
use super::end::{Lacp, Reception, View, difference};
use super::questions as q;
use crate::event::Stamp;
use crate::monitor::court::{Court, Question};
use crate::monitor::seconds;
use crate::monitor::when::{self, apart, at_least, at_most, before};
use crate::spec::lacp::functions::UPDATE_NTT;
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, transmit_limit};
use crate::spec::lacp::variables::{Field, Flag};
use crate::time::nanoseconds;

/// LACPDUs in a row without an answer, or answers in a row too late, before it is certain that one arrived in a capture.
const IN_A_ROW: u32 = 3;

/// A LACPDU that has to be answered.
#[derive(Clone, Copy)]
struct Owed {
    number: u64,
    at: Stamp,
    question: Question,
    /// What the partner sees.
    seen: PortInformation,
    /// Within this time.
    limit: Duration,
    /// How many LACPDUs in a row have gone without an answer, each in the time that the one before had.
    times: u32,
    /// The last of those.
    last: Stamp,
}

impl Owed {
    fn again(&mut self, at: Stamp) {
        if at_least(self.last, at) > self.limit {
            self.times += 1;
            self.last = at;
        }
    }
}

#[derive(Default)]
struct Reply {
    view: Option<Owed>,
    faster: Option<Owed>,
    /// Answers in a row that came too late.
    late: u32,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Reply::default())
}

fn question(field: Field) -> Option<Question> {
    Some(match field {
        Field::SystemPriority => q::NTT_SYSTEM_PRIORITY,
        Field::System => q::NTT_SYSTEM,
        Field::Key => q::NTT_KEY,
        Field::PortPriority => q::NTT_PORT_PRIORITY,
        Field::Port => q::NTT_PORT,
        Field::State(Flag::Activity) => q::NTT_ACTIVITY,
        Field::State(Flag::Timeout) => q::NTT_TIMEOUT,
        Field::State(Flag::Synchronization) => q::NTT_SYNCHRONIZATION,
        Field::State(Flag::Aggregation) => q::NTT_AGGREGATION,
        Field::State(_) => return None,
    })
}

impl Monitor for Reply {
    fn heard(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        // What it still owes shows now, in a bed.
        self.overdue(pdu.at, view, court);
        let Some(own) = view.own.last().filter(|own| own.reception != Reception::Unread) else { return };
        if may_be_silent(own, view) || !pdu.is(State::ACTIVITY) && !own.is(State::ACTIVITY) {
            return self.forget(pdu.at);
        }
        // Which came first is not certain, or whether it is taken.
        if !view.is_taken(pdu) || !before(own.at, pdu.at) || !view.up {
            return;
        }
        let recent = view
            .own
            .newest_first()
            .take_while(|sent| at_least(sent.at, pdu.at) <= FAST_PERIODIC_TIME)
            .count();
        let second = when::earliest(pdu.at).saturating_sub(nanoseconds(FAST_PERIODIC_TIME));
        let full =
            recent >= transmit_limit(view.options.edition) as usize || !view.own.is_complete_since(second);
        let limit = view.latency() + if full { FAST_PERIODIC_TIME } else { Duration::ZERO };
        let owed = |question| Owed {
            number: pdu.number,
            at: pdu.at,
            question,
            seen: pdu.partner,
            limit,
            times: 1,
            last: pdu.at,
        };
        if let Some(question) = difference(UPDATE_NTT.fields, &own.actor, &pdu.partner).and_then(question) {
            match &mut self.view {
                Some(owed) => owed.again(pdu.at),
                none => *none = Some(owed(question)),
            }
        }
        // A fast partner is answered at once by a port that was slow, and only then.
        let was_slow = own.is_current() && !own.partner.state.has(State::TIMEOUT);
        if was_slow && pdu.is(State::TIMEOUT) && view.knows_whom_it_hears() {
            match &mut self.faster {
                Some(owed) => owed.again(pdu.at),
                none => *none = Some(owed(q::NTT_LONG_TO_SHORT)),
            }
        }
    }

    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        if let Some(owed) = self.faster.take_if(|owed| !before(pdu.at, owed.at)) {
            self.answered(&owed, pdu, view, court, true);
        }
        if let Some(owed) = self.view.take_if(|owed| !before(pdu.at, owed.at)) {
            // By then it may have become what the partner saw.
            let wrong = difference(UPDATE_NTT.fields, &pdu.actor, &owed.seen).is_some();
            self.answered(&owed, pdu, view, court, wrong);
        }
    }

    fn link(&mut self, _: bool, at: Stamp, _: &mut Court<'_>) {
        self.forget(at);
    }

    fn forget(&mut self, _: Stamp) {
        *self = Self::default();
    }

    fn finish(&mut self, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        self.overdue(at, view, court);
        for owed in [self.view.take(), self.faster.take()].into_iter().flatten() {
            court.unknown(owed.question);
        }
    }
}

/// A passive port that had a passive partner forgets what it owes, or may.
fn may_be_silent(own: &Lacp, view: &View<'_>) -> bool {
    let passive = |sent: &Lacp| sent.reception == Reception::Unread || !sent.is(State::ACTIVITY);
    !own.is(State::ACTIVITY)
        && (!own.is_current()
            || !own.partner.state.has(State::ACTIVITY)
            || view.peer.is_none_or(|peer| {
                peer.newest_first().take_while(|sent| !before(sent.at, own.at)).any(passive)
            }))
}

fn tell(owed: &Owed, at: Stamp, court: &mut Court<'_>) {
    court.violated(owed.question, owed.number, owed.at, || {
        let what = if owed.question == q::NTT_LONG_TO_SHORT {
            "the partner's timeout became short".to_owned()
        } else {
            format!("the partner sees this port as {}", owed.seen)
        };
        format!(
            "{what}, and nothing was sent for {}, expected at most {}",
            seconds(apart(owed.at, at)),
            seconds(owed.limit)
        )
    });
}

impl Reply {
    fn answered(&mut self, owed: &Owed, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>, wrong: bool) {
        if at_most(owed.at, pdu.at) <= owed.limit {
            self.late = 0;
            return court.pass(owed.question);
        }
        // A capture does not show whether one LACPDU arrived, nor whether the link went down, and may have lost answers.
        let undisturbed = view.knows_whom_it_hears()
            && owed.at.time >= view.steady_since
            && pdu.is_current()
            && view.own.last().is_some_and(|before| before.is_current() && before.actor == pdu.actor);
        let late = wrong && at_least(owed.at, pdu.at) > owed.limit && (view.in_bed || undisturbed);
        self.late = if late { self.late + 1 } else { 0 };
        if late && (view.in_bed || owed.times >= IN_A_ROW || self.late >= IN_A_ROW) {
            tell(owed, pdu.at, court);
        } else {
            court.unknown(owed.question);
        }
    }

    /// In a bed nothing is lost and the link is known: what did not come in time will not.
    fn overdue(&mut self, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        if !view.in_bed || !view.up {
            return;
        }
        let late = |owed: &mut Owed| at_least(owed.at, at) > owed.limit;
        for owed in [self.view.take_if(late), self.faster.take_if(late)].into_iter().flatten() {
            tell(&owed, at, court);
        }
    }
}
