//! recordPDU and recordDefault: what a port shows of its partner is what that partner sent.

use redspec_codec::slow::lacp::{PortInformation, State};

use super::Monitor;
use super::end::{Doubt, Lacp, Peer, Reception, View, difference};
use super::questions as q;
use crate::event::Stamp;
use crate::monitor::court::{Court, Question};
use crate::monitor::when;
use crate::spec::lacp::functions::{MATCHED, RECORD_PDU, UPDATE_SELECTED};
use crate::spec::lacp::variables::{Field, Flag};

/// LACPDUs of the peer of which one is the last that the end took when it sent.
pub(super) struct Candidates<'a> {
    pub(super) pdus: Vec<&'a Lacp>,
    /// There is no other.
    pub(super) complete: bool,
    /// Or it took none of them and still shows what it showed before.
    pub(super) unchanged: Option<&'a Lacp>,
}

impl<'a> Candidates<'a> {
    pub(super) fn of(pdu: &Lacp, view: &View<'a>) -> Self {
        let mut found = Self { pdus: Vec::new(), complete: false, unchanged: None };
        let Some(peer) = view.peer else { return found };
        // What arrived before its last LACPDU shows in that one.
        let before = view.own.last_read();
        let shown = before.map(|before| view.settled(before.at));
        let mut certain = 0;
        for sent in peer.newest_first() {
            if when::earliest(sent.at) > when::latest(pdu.at) {
                continue;
            }
            if shown.is_some_and(|shown| when::latest(sent.at) < shown) {
                break;
            }
            if sent.reception == Reception::Unread {
                return found;
            }
            found.pdus.push(sent);
            if view.is_taken(sent) && view.is_settled(sent.at, pdu.at) {
                certain += 1;
                if certain == view.needed() {
                    found.complete = view.knows_whom_it_hears();
                    return found;
                }
            }
        }
        if let (Some(before), Some(shown)) = (before, shown) {
            if peer.is_complete_since(shown) && view.knows_whom_it_hears() {
                found.complete = true;
                found.unchanged = Some(before).filter(|before| before.is_current());
            }
        }
        found
    }
}

impl Candidates<'_> {
    /// One of these it is. (Without any, the port left EXPIRED or DEFAULTED without a LACPDU, which is judged as such.)
    pub(super) fn is_known(&self) -> bool {
        self.complete && (!self.pdus.is_empty() || self.unchanged.is_some())
    }

    /// It took such a LACPDU, or took none and shows what it showed before, or nobody knows.
    pub(super) fn is_possible(
        &self,
        such: impl Fn(&Lacp) -> bool,
        unchanged: impl Fn(&Lacp) -> bool,
    ) -> bool {
        !self.is_known() || self.pdus.iter().any(|sent| such(sent)) || self.unchanged.is_some_and(unchanged)
    }
}

#[derive(Default)]
struct Record {
    identity: Doubt,
    state: Doubt,
    in_sync: Doubt,
    /// The administrative partner, as first seen.
    default: Option<(u64, PortInformation)>,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Record::default())
}

impl Monitor for Record {
    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let partner = pdu.partner.state;
        if pdu.is(State::EXPIRED) {
            court.check(q::RX_EXPIRED_SYNC, !partner.has(State::SYNCHRONIZATION), pdu.number, pdu.at, || {
                format!("Expired, and the partner is shown in sync: {partner}")
            });
            court.check(q::RX_EXPIRED_TIMEOUT, partner.has(State::TIMEOUT), pdu.number, pdu.at, || {
                format!("Expired, and the partner is shown with long timeout: {partner}")
            });
        }
        if pdu.is(State::DEFAULTED) {
            self.default_partner(pdu, view, court);
        } else if pdu.is(State::EXPIRED) {
            expired(pdu, view, court);
        } else {
            return self.current(pdu, view, court);
        }
        (self.identity, self.state, self.in_sync) = Default::default();
    }

    fn link(&mut self, _: bool, _: Stamp, _: &mut Court<'_>) {
        (self.identity, self.state, self.in_sync) = Default::default();
    }

    fn forget(&mut self, _: Stamp) {
        *self = Self::default();
    }
}

impl Record {
    fn default_partner(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let heard = view.peer.into_iter().flat_map(Peer::newest_first).any(|sent| {
            sent.reception != Reception::Unread
                && !sent.actor.system.is_zero()
                && difference(UPDATE_SELECTED.fields, &sent.actor, &pdu.partner).is_none()
        });
        let Some((_, first)) = self.default else {
            self.default = Some((pdu.number, pdu.partner));
            // It may be configured so.
            return if heard { court.unknown(q::RECORD_DEFAULT) } else { court.pass(q::RECORD_DEFAULT) };
        };
        if difference(UPDATE_SELECTED.fields, &first, &pdu.partner).is_none() {
            court.pass(q::RECORD_DEFAULT_CONSTANT);
            court.pass(q::RECORD_DEFAULT);
        } else if heard {
            court.violated(q::RECORD_DEFAULT, pdu.number, pdu.at, || {
                format!(
                    "Defaulted, and the partner is shown as {}, which it sent itself; the administrative one is {first}",
                    pdu.partner
                )
            });
        } else if view.in_bed {
            court.violated(q::RECORD_DEFAULT_CONSTANT, pdu.number, pdu.at, || {
                format!("Defaulted with the partner {}, before with {first}", pdu.partner)
            });
        } else {
            court.unknown(q::RECORD_DEFAULT_CONSTANT);
        }
    }
}

/// Fields of the identity, and those of the state.
fn is_identity(field: Field) -> bool {
    !matches!(field, Field::State(_))
}

fn same(fields: impl Iterator<Item = Field>, a: &PortInformation, b: &PortInformation) -> bool {
    fields.into_iter().all(|field| super::end::field(a, field) == super::end::field(b, field))
}

fn identity() -> impl Iterator<Item = Field> {
    RECORD_PDU.fields.iter().copied().filter(|field| is_identity(*field))
}

/// EXPIRED keeps the partner, but for Synchronization and Timeout.
fn expired(pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
    let candidates = Candidates::of(pdu, view);
    let kept = view.own.last_read().filter(|before| !before.is(State::DEFAULTED));
    let right = candidates.pdus.iter().any(|sent| same(identity(), &sent.actor, &pdu.partner))
        || kept.is_some_and(|before| same(identity(), &before.partner, &pdu.partner));
    if right {
        court.pass(q::RX_EXPIRED_PARTNER);
    } else if candidates.complete && kept.is_some() && view.in_bed {
        court.violated(q::RX_EXPIRED_PARTNER, pdu.number, pdu.at, || {
            format!("Expired, and the partner is shown as {}, which is not the last one", pdu.partner)
        });
    } else {
        court.unknown(q::RX_EXPIRED_PARTNER);
    }
}

impl Record {
    fn current(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let candidates = Candidates::of(pdu, view);
        if !candidates.is_known() {
            (self.identity, self.state, self.in_sync) = Default::default();
            court.unknown(q::RECORD_IDENTITY);
            return court.unknown(q::RECORD_STATE);
        }
        let unchanged = candidates.unchanged.is_some_and(|before| before.partner == pdu.partner);
        let of_identity: Vec<&Lacp> = candidates
            .pdus
            .iter()
            .copied()
            .filter(|sent| same(identity(), &sent.actor, &pdu.partner))
            .collect();
        let of_state: Vec<&Lacp> = of_identity
            .iter()
            .copied()
            .filter(|sent| same(RECORD_PDU.fields.iter().copied(), &sent.actor, &pdu.partner))
            .collect();
        let wrong = !unchanged && of_identity.is_empty();
        self.identity.against_partner(wrong, pdu, view).give(q::RECORD_IDENTITY, pdu, court, || {
            match candidates.pdus.first() {
                Some(latest) => format!(
                    "the partner is shown as {}, but it last sent {} (frame {})",
                    pdu.partner, latest.actor, latest.number
                ),
                None => format!("the partner is shown as {}, which it did not send", pdu.partner),
            }
        });
        if wrong {
            return;
        }
        let wrong = !unchanged && of_state.is_empty();
        self.state.against_partner(wrong, pdu, view).give(q::RECORD_STATE, pdu, court, || {
            let sent = of_identity[0];
            format!(
                "the partner's state is shown as {}, but it last sent {} (frame {})",
                pdu.partner.state, sent.actor.state, sent.number
            )
        });
        if !unchanged && !wrong {
            self.synchronization(pdu, &of_state, view, court);
        }
    }
}

/// What recordPDU makes of the partner's Synchronization.
#[derive(Clone, Copy, PartialEq, Eq)]
enum InSync {
    Yes,
    Unknown,
    No(Question),
}

impl Record {
    fn synchronization(&mut self, pdu: &Lacp, candidates: &[&Lacp], view: &View<'_>, court: &mut Court<'_>) {
        let shown = pdu.partner.state.has(State::SYNCHRONIZATION);
        let answers: Vec<InSync> = candidates.iter().map(|sent| in_sync(sent, pdu, view)).collect();
        if answers.contains(&InSync::Unknown) {
            return court.unknown(q::RECORD_MATCH);
        }
        let right = answers.iter().any(|answer| shown == (*answer == InSync::Yes));
        let question = match answers[0] {
            InSync::No(question) if !right || !shown => question,
            _ => q::RECORD_MATCH,
        };
        let sent = candidates[0];
        self.in_sync.against_partner(!right, pdu, view).give(question, pdu, court, || {
            if !shown {
                return format!(
                    "the partner is shown out of sync, but claims it and sees this port right (frame {})",
                    sent.number
                );
            }
            if question == q::RECORD_NEEDS_SYNC {
                return format!(
                    "the partner is shown in sync, but does not claim it (frame {})",
                    sent.number
                );
            }
            format!(
                "the partner is shown in sync, but sees this port as {} (frame {}) while it is {}",
                sent.partner, sent.number, pdu.actor
            )
        });
    }
}

/// By the port's values when the LACPDU arrived: those of its own LACPDUs from the one before on.
fn in_sync(sent: &Lacp, pdu: &Lacp, view: &View<'_>) -> InSync {
    if !sent.is(State::SYNCHRONIZATION) {
        return InSync::No(q::RECORD_NEEDS_SYNC);
    }
    let mut own = vec![&pdu.actor];
    let mut complete = false;
    for before in view.own.newest_first() {
        own.push(&before.actor);
        if when::before(before.at, sent.at) {
            complete = true;
            break;
        }
    }
    let active = |own: &PortInformation| {
        sent.is(State::ACTIVITY)
            || (own.state.has(State::ACTIVITY) && sent.partner.state.has(State::ACTIVITY))
    };
    let individual = !sent.is(State::AGGREGATION);
    let differs = |own: &PortInformation| {
        if individual { None } else { difference(MATCHED.fields, own, &sent.partner) }
    };
    let good = own.iter().filter(|own| active(own) && differs(own).is_none()).count();
    if good == own.len() {
        return if complete { InSync::Yes } else { InSync::Unknown };
    }
    if good > 0 || !complete {
        return InSync::Unknown;
    }
    let blank = PortInformation { state: State(0), ..sent.partner } == PortInformation::default();
    match differs(&pdu.actor) {
        Some(_) if blank => InSync::No(q::RECORD_BLANK),
        Some(Field::SystemPriority) => InSync::No(q::RECORD_SYSTEM_PRIORITY),
        Some(Field::System) => InSync::No(q::RECORD_SYSTEM),
        Some(Field::Key) => InSync::No(q::RECORD_KEY),
        Some(Field::PortPriority) => InSync::No(q::RECORD_PORT_PRIORITY),
        Some(Field::Port) => InSync::No(q::RECORD_PORT),
        Some(Field::State(Flag::Aggregation)) => InSync::No(q::RECORD_AGGREGATION),
        Some(Field::State(_)) => InSync::Unknown,
        None => InSync::No(q::RECORD_PASSIVE),
    }
}
