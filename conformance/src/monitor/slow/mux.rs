//! What the Mux machine lets a port show, one LACPDU at a time and from one to the next.

use redspec_codec::slow::lacp::State;

use super::Monitor;
use super::end::{Lacp, View, difference, field};
use super::questions as q;
use super::record::Candidates;
use crate::event::Stamp;
use crate::monitor::court::{Court, Question};
use crate::monitor::seconds;
use crate::monitor::when::{apart, at_least, at_most};
use crate::spec::lacp::functions::UPDATE_SELECTED;
use crate::spec::lacp::tolerances;
use crate::spec::lacp::variables::{Field, Flag};

/// Something that must not last: since when it was seen.
#[derive(Default)]
struct Lasting(Option<Since>);

#[derive(Clone, Copy)]
struct Since {
    number: u64,
    at: Stamp,
    told: bool,
}

impl Lasting {
    /// The machines of the standard act at one instant, devices take their time: what is seen has to be seen again
    /// after that time. Says which frame began it.
    fn judge(&mut self, wrong: bool, pdu: &Lacp, view: &View<'_>) -> Answer {
        if !wrong {
            self.0 = None;
            return Answer::Pass;
        }
        let since = self.0.get_or_insert(Since { number: pdu.number, at: pdu.at, told: false });
        if !view.options.exact && at_least(since.at, pdu.at) < view.latency() {
            return Answer::Unknown;
        }
        if since.told {
            return Answer::Wrong(pdu.number, pdu.at);
        }
        since.told = true;
        Answer::Wrong(since.number, since.at)
    }
}

enum Answer {
    Pass,
    Unknown,
    Wrong(u64, Stamp),
}

impl Answer {
    fn give(self, question: Question, court: &mut Court<'_>, text: impl FnOnce() -> String) {
        match self {
            Self::Pass => court.pass(question),
            Self::Unknown => court.unknown(question),
            Self::Wrong(number, at) => court.violated(question, number, at, text),
        }
    }
}

#[derive(Default)]
struct Mux {
    expired: Lasting,
    out_of_sync: Lasting,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Mux::default())
}

impl Monitor for Mux {
    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let (number, at, state) = (pdu.number, pdu.at, pdu.actor.state);
        let (sync, collecting, distributing) =
            (state.has(State::SYNCHRONIZATION), state.has(State::COLLECTING), state.has(State::DISTRIBUTING));
        court.check(q::MUX_COLLECTING, !collecting || sync, number, at, || {
            format!("Collecting without Synchronization: {state}")
        });
        court.check(q::MUX_DISTRIBUTING, !distributing || collecting, number, at, || {
            format!("Distributing without Collecting: {state}")
        });

        let traffic = collecting || distributing;
        if state.has(State::EXPIRED) {
            self.expired.judge(traffic, pdu, view).give(q::MUX_EXPIRED, court, || {
                format!("Expired, and still Collecting or Distributing: {state}")
            });
            self.out_of_sync = Lasting::default();
        } else {
            self.expired = Lasting::default();
            self.partner_sync(traffic, pdu, view, court);
        }
        reselection(pdu, view, court);
    }

    fn link(&mut self, _: bool, at: Stamp) {
        self.forget(at);
    }

    fn forget(&mut self, _: Stamp) {
        *self = Self::default();
    }
}

impl Mux {
    /// By what the port itself shows of its partner, and by what the partner last claimed.
    fn partner_sync(&mut self, traffic: bool, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        // Of the administrative partner, editions and devices think differently.
        if pdu.is_defaulted() {
            self.out_of_sync = Lasting::default();
            return court.unknown(q::MUX_PARTNER_SYNC);
        }
        let shown = pdu.partner.state.has(State::SYNCHRONIZATION);
        let candidates = Candidates::of(pdu, view);
        let claimed =
            !candidates.complete || candidates.pdus.iter().any(|sent| sent.is(State::SYNCHRONIZATION));
        if traffic && shown && !claimed {
            self.out_of_sync = Lasting::default();
            return court.violated(q::MUX_PARTNER_SYNC, pdu.number, pdu.at, || {
                format!("{} although no LACPDU of the partner claims Synchronization", pdu.actor.state)
            });
        }
        self.out_of_sync.judge(traffic && !shown, pdu, view).give(q::MUX_PARTNER_SYNC, court, || {
            format!("{} with a partner that is not in sync: {}", pdu.actor.state, pdu.partner.state)
        });
    }
}

/// Whatever changes the partner's identity unselects the port: it detaches, and waits before it attaches again. Nothing
/// that no frame shows leads around that.
fn reselection(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let Some(before) = view.own.last() else { return };
    let Some(changed) = difference(UPDATE_SELECTED.fields, &before.partner, &pdu.partner) else { return };
    let question = if pdu.is(State::DEFAULTED) {
        q::SELECTED_DEFAULT
    } else {
        match changed {
            Field::SystemPriority => q::SELECTED_SYSTEM_PRIORITY,
            Field::System => q::SELECTED_SYSTEM,
            Field::Key => q::SELECTED_KEY,
            Field::PortPriority => q::SELECTED_PORT_PRIORITY,
            Field::Port => q::SELECTED_PORT,
            Field::State(Flag::Aggregation) => q::SELECTED_AGGREGATION,
            Field::State(_) => return,
        }
    };
    if !pdu.is(State::SYNCHRONIZATION) {
        return court.pass(question);
    }
    // The table's value, which devices may miss by as much as exact ones do.
    let wait = tolerances::W2.strict.from;
    if before.is(State::SYNCHRONIZATION) && at_most(before.at, pdu.at) < wait {
        court.violated(question, pdu.number, pdu.at, || {
            let value = |information| match changed {
                Field::System => String::new(),
                _ => format!(" from {} to {}", field(&before.partner, changed), field(information, changed)),
            };
            let what = match changed {
                Field::System => format!(" from {} to {}", before.partner.system, pdu.partner.system),
                _ => value(&pdu.partner),
            };
            format!(
                "{changed:?} of the partner changed{what} within {}, and Synchronization stayed",
                seconds(apart(before.at, pdu.at))
            )
        });
    } else {
        court.unknown(question);
    }
}
