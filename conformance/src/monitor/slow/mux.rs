//! What the Mux machine lets a port show, one LACPDU at a time and from one to the next.

use redspec_codec::slow::lacp::State;

use super::Monitor;
use super::end::{Doubt, Lacp, Reception, View, difference, field};
use super::questions as q;
use super::record::Candidates;
use crate::event::Stamp;
use crate::monitor::court::Court;
use crate::monitor::seconds;
use crate::monitor::when::{apart, at_most};
use crate::spec::lacp::functions::UPDATE_SELECTED;
use crate::spec::lacp::tolerances;
use crate::spec::lacp::variables::{Field, Flag};

#[derive(Default)]
struct Mux {
    expired: Doubt,
    out_of_sync: Doubt,
    unclaimed: Doubt,
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
            self.expired.against_itself(traffic, pdu, view).give(q::MUX_EXPIRED, pdu, court, || {
                format!("Expired, and still Collecting or Distributing: {state}")
            });
            (self.out_of_sync, self.unclaimed) = Default::default();
        } else {
            self.expired = Doubt::default();
            self.partner_sync(traffic, pdu, view, court);
        }
        reselection(pdu, view, court);
    }

    fn link(&mut self, _: bool, at: Stamp, _: &mut Court<'_>) {
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
            (self.out_of_sync, self.unclaimed) = Default::default();
            return court.unknown(q::MUX_PARTNER_SYNC);
        }
        let shown = pdu.partner.state.has(State::SYNCHRONIZATION);
        if traffic && shown {
            let candidates = Candidates::of(pdu, view);
            let claimed = candidates.is_possible(|sent| sent.is(State::SYNCHRONIZATION), |_| true);
            let answer = self.unclaimed.against_partner(!claimed, pdu, view);
            return answer.give(q::MUX_PARTNER_SYNC, pdu, court, || {
                format!("{} although no LACPDU of the partner claims Synchronization", pdu.actor.state)
            });
        }
        self.unclaimed = Doubt::default();
        self.out_of_sync.against_itself(traffic, pdu, view).give(q::MUX_PARTNER_SYNC, pdu, court, || {
            format!("{} with a partner that is not in sync: {}", pdu.actor.state, pdu.partner.state)
        });
    }
}

/// Whatever changes the partner's identity unselects the port: it detaches, and waits before it attaches again. Nothing
/// that no frame shows leads around that.
fn reselection(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let Some(before) = view.own.last().filter(|before| before.reception != Reception::Unread) else { return };
    let Some(first) = difference(UPDATE_SELECTED.fields, &before.partner, &pdu.partner) else { return };
    let changed = if before.partner.system == pdu.partner.system { first } else { Field::System };
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
            let what = if changed == Field::System {
                let (old, new) = (before.partner.system, pdu.partner.system);
                format!("System of the partner changed from {old} to {new}")
            } else {
                let (old, new) = (field(&before.partner, changed), field(&pdu.partner, changed));
                format!("{changed:?} of the partner changed from {old} to {new}")
            };
            format!("{what} within {}, and Synchronization stayed", seconds(apart(before.at, pdu.at)))
        });
    } else {
        court.unknown(question);
    }
}
