//! The carrier comes and goes. Only a bed says when.

use redspec_codec::slow::lacp::State;

use super::end::{Lacp, View};
use super::questions as q;
use super::{Monitor, Seen};
use crate::event::Stamp;
use crate::monitor::court::Court;
use crate::monitor::seconds;
use crate::monitor::when::{self, apart, at_least, at_most};
use crate::spec::lacp::tolerances::{EXPIRED, UPC};

#[derive(Default)]
struct Link {
    down: Option<Stamp>,
    /// Came, and no LACPDU was sent since.
    up: Option<Stamp>,
    /// Came, and no LACPDU of the partner claimed Synchronization since.
    no_partner: Option<Stamp>,
    /// It sent while the carrier was gone.
    spoke: bool,
    /// The port was active when it last spoke.
    active: bool,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Link::default())
}

impl Monitor for Link {
    fn frame(&mut self, seen: &Seen<'_>, view: &View<'_>, court: &mut Court<'_>) {
        let Some(down) = self.down else { return };
        let grace = view.latency();
        if at_least(down, seen.at) > grace {
            self.spoke = true;
            court.violated(q::LINK_SILENT, seen.number, seen.at, || {
                format!("sent {} after the carrier went", seconds(apart(down, seen.at)))
            });
        } else {
            court.unknown(q::LINK_SILENT);
        }
    }

    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        self.active = pdu.is(State::ACTIVITY);
        if self.down.is_some() {
            return;
        }
        if let Some(up) = self.no_partner {
            let since = when::earliest(up);
            let claimed = view.peer.is_some_and(|peer| {
                peer.between(since, pdu.at).any(|sent| {
                    sent.reception == super::end::Reception::Unread || sent.is(State::SYNCHRONIZATION)
                })
            });
            if claimed || pdu.is_defaulted() {
                self.no_partner = None;
            } else {
                let traffic = pdu.is(State::COLLECTING) || pdu.is(State::DISTRIBUTING);
                court.check(q::LINK_TRAFFIC, !traffic, pdu.number, pdu.at, || {
                    format!("{} after the carrier came, before the partner was in sync", pdu.actor.state)
                });
            }
        }
        let Some(up) = self.up.take() else { return };
        // What arrives ends EXPIRED, and may make the port slow.
        if heard_since(up, pdu.at, view) {
            court.unknown(q::RX_FIRST_EXPIRED);
            return court.unknown(q::LINK_FIRST);
        }
        let limit = UPC.held_to(view.options.exact).to;
        if self.active {
            court.check(q::LINK_FIRST, at_least(up, pdu.at) <= limit, pdu.number, pdu.at, || {
                format!(
                    "the first LACPDU came {} after the carrier, expected at most {}",
                    seconds(apart(up, pdu.at)),
                    seconds(limit)
                )
            });
        }
        // Later, EXPIRED may be over.
        if at_most(up, pdu.at) < EXPIRED.held_to(view.options.exact).from {
            court.check(q::RX_FIRST_EXPIRED, pdu.is(State::EXPIRED), pdu.number, pdu.at, || {
                format!("the first LACPDU after the carrier came shows {}", pdu.actor.state)
            });
        }
    }

    fn link(&mut self, up: bool, at: Stamp, court: &mut Court<'_>) {
        if self.down.is_some() && up && !self.spoke {
            court.pass(q::LINK_SILENT);
        }
        let active = self.active;
        *self = if up {
            Self { up: Some(at), no_partner: Some(at), active, ..Self::default() }
        } else {
            Self { down: Some(at), active, ..Self::default() }
        };
    }

    fn forget(&mut self, _: Stamp) {
        // Frames may be missing; whether the carrier is there is known all the same.
        *self = Self { down: self.down, ..Self::default() };
    }

    fn finish(&mut self, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        let limit = UPC.held_to(view.options.exact).to;
        if let Some(up) =
            self.up.filter(|up| self.active && at_least(*up, at) > limit && !heard_since(*up, at, view))
        {
            court.violated(q::LINK_FIRST, 0, up, || {
                format!("no LACPDU in {} after the carrier came", seconds(apart(up, at)))
            });
        }
        if self.down.is_some() && !self.spoke {
            court.pass(q::LINK_SILENT);
        }
    }
}

/// The partner may have sent something meanwhile.
fn heard_since(up: Stamp, at: Stamp, view: &View<'_>) -> bool {
    view.peer.is_some_and(|peer| peer.between(when::earliest(up), at).next().is_some())
}
