//! Who a port says that it is, which only those who configure it may change. Whether they did shows in a bed alone.

use redspec_codec::MacAddress;
use redspec_codec::slow::lacp::{PortInformation, State};

use super::end::{Key, Lacp, Reception, View};
use super::questions as q;
use super::{Monitor, Seen, is_same_port};
use crate::event::Stamp;
use crate::monitor::court::Court;

#[derive(Default)]
struct Identity {
    source: Option<MacAddress>,
    actor: Option<(u64, PortInformation)>,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Identity::default())
}

const ADMINISTRATIVE: State = State(State::ACTIVITY.0 | State::TIMEOUT.0 | State::AGGREGATION.0);

impl Monitor for Identity {
    fn frame(&mut self, seen: &Seen<'_>, view: &View<'_>, court: &mut Court<'_>) {
        let Some(source) = seen.source.filter(|_| view.in_bed) else { return };
        let first = *self.source.get_or_insert(source);
        court.check(q::LACP_SOURCE_CONSTANT, source == first, seen.number, seen.at, || {
            format!("sent from {source}, before from {first}")
        });
        self.source = Some(source);
        let partner = view.ends[view.index].peer.map(|peer| view.ends[peer].mac);
        if partner == Some(source) {
            court.violated(q::LACP_SOURCE, seen.number, seen.at, || {
                format!("sent from {source}, the partner's address")
            });
        }
    }

    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        if !view.in_bed || pdu.reception == Reception::Unread {
            return;
        }
        let now = PortInformation { state: State(pdu.actor.state.0 & ADMINISTRATIVE.0), ..pdu.actor };
        let (number, first) = *self.actor.get_or_insert((pdu.number, now));
        let identity = |actor: &PortInformation| PortInformation { state: State(0), ..*actor };
        court.check(q::PDU_IDENTITY_CONSTANT, identity(&now) == identity(&first), pdu.number, pdu.at, || {
            format!("the actor is {}, in frame {number} it was {first}", pdu.actor)
        });
        court.check(q::PDU_BITS_CONSTANT, now.state == first.state, pdu.number, pdu.at, || {
            format!(
                "Activity, Timeout and Aggregation are {}, in frame {number} they were {}",
                now.state, first.state
            )
        });
        self.actor = Some((pdu.number, now));
        let twin = view.ends.iter().enumerate().find_map(|(index, end)| {
            let last = end.history.last().filter(|last| {
                index != view.index && last.reception != Reception::Unread && is_same_port(&last.actor, &now)
            })?;
            matches!(end.key, Key::Device(_)).then_some((end.key.port(), last.number))
        });
        court.check(q::PDU_PORT_UNIQUE, twin.is_none(), pdu.number, pdu.at, || match twin {
            Some((port, number)) => format!("Actor_Port {} is that of {port} too (frame {number})", now.port),
            None => String::new(),
        });
    }

    fn forget(&mut self, _: Stamp) {
        *self = Self::default();
    }
}
