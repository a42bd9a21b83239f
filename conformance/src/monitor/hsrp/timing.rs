//! How often a router sends Hellos.

use redspec_codec::hsrp::Opcode;

use super::message::Message;
use super::questions as q;
use super::{Entry, Hsrp, IN_A_ROW, RECENT, apart, at_least, at_most};
use crate::event::Stamp;
use crate::monitor::{seconds, when};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::gap;

impl Hsrp {
    /// The longest time between two Hellos; nothing is asked of the shortest, since some routers send more of them. Lost
    /// frames make it longer, by whole Hellotimes less their jitter.
    pub(super) fn pace(&mut self, router: usize, last: &Message, message: &Message) {
        let same = message.is_hello()
            && matches!(message.state, Some(Group::Speak | Group::Standby | Group::Active))
            && self.routers[router].last.as_ref().is_some_and(|before| before.number == last.number)
            && (last.state, last.hellotime, last.holdtime, last.priority, last.address, last.source)
                == (
                    message.state,
                    message.hellotime,
                    message.holdtime,
                    message.priority,
                    message.address,
                    message.source,
                );
        let Some(state) = message.state else { return };
        if !same || message.hellotime.is_zero() || self.disturbed(router, state, last.at, message.at) {
            self.routers[router].slow = 0;
            return;
        }
        let hellotime = message.hellotime;
        let to = gap(hellotime).held_to(self.options.exact).to;
        if at_least(last.at, message.at) <= to {
            self.routers[router].slow = 0;
            return self.pass(router, q::HELLOTIME);
        }
        // Two jittered Hellotimes are at least so long.
        if !self.in_bed(router) && at_most(last.at, message.at) >= hellotime * 31 / 20 {
            self.routers[router].slow = 0;
            return self.unknown(router, q::HELLOTIME);
        }
        self.routers[router].slow += 1;
        if self.routers[router].slow < IN_A_ROW {
            return self.unknown(router, q::HELLOTIME);
        }
        self.violated(router, q::HELLOTIME, message.number, message.at, || {
            format!(
                "sent {} after frame {}, not the first time in a row, expected {}, at most {}",
                seconds(apart(last.at, message.at)),
                last.number,
                seconds(hellotime),
                seconds(to)
            )
        });
    }

    /// Something of others may have taken a router out of its state for a while, as far as is known.
    pub(super) fn disturbed(&self, router: usize, state: Group, from: Stamp, to: Stamp) -> bool {
        let group = &self.groups[self.routers[router].group];
        let between = |at: Stamp| !when::before(at, from) && !when::before(to, at);
        let forgotten = group.recent.len() == RECENT
            && group.recent.front().is_some_and(|entry| when::before(from, entry.at));
        let place = self.places.get(&group.key.port);
        forgotten
            || place.and_then(|place| place.unread).is_some_and(between)
            || group
                .recent
                .iter()
                .any(|entry| entry.router != router && between(entry.at) && moves(state, entry))
    }
}

/// A message of another router that may take a router in that state out of it.
fn moves(state: Group, entry: &Entry) -> bool {
    let Some(message) = &entry.message else { return true };
    if message.opcode != Opcode::HELLO {
        return true;
    }
    !matches!(
        (state, message.state),
        (Group::Active, Some(Group::Speak | Group::Standby))
            | (Group::Speak | Group::Standby, Some(Group::Active))
    )
}
