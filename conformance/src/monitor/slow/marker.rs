//! Marker: who is asked answers once, with what it was asked; who asks says who it is.

use std::collections::VecDeque;

use redspec_codec::MacAddress;
use redspec_codec::slow::lacp::{PortInformation, State};
use redspec_codec::slow::marker::{Marker, MarkerKind};

use super::end::{Lacp, View};
use super::questions as q;
use super::{Marked, Monitor};
use crate::event::Stamp;
use crate::monitor::court::Court;
use crate::monitor::seconds;
use crate::monitor::when::{self, apart, at_least, at_most, before};
use crate::spec::lacp::tolerances::{FAST, MARKER, SLOW};

/// Markers that are kept until they are answered.
const KEPT: usize = 32;
/// Responses in a second that every port gives.
const IN_A_SECOND: usize = 10;
/// Markers in a row without a Response, before it is certain that one arrived in a capture.
const IN_A_ROW: usize = 3;
/// Copies of a frame that a capture took at two places are no further apart.
const DUPLICATE: std::time::Duration = std::time::Duration::from_millis(2);

type Request = (u16, MacAddress, u32);

#[derive(Clone, Copy)]
struct Asked {
    number: u64,
    at: Stamp,
    request: Request,
    /// Nothing is wrong with it.
    plain: bool,
    /// The port has to answer.
    owed: bool,
    answers: u32,
    last_answer: Option<Stamp>,
    /// The port said afterwards that it was in use, and was in between.
    in_use_since: bool,
    judged: bool,
}

#[derive(Default)]
struct Responder {
    asked: VecDeque<Asked>,
    /// Markers of which nothing is asked any more, but which may still be answered.
    forgotten: VecDeque<Request>,
    /// Responses whose Marker was not seen: its stamp may be later.
    loose: VecDeque<(Stamp, Request)>,
    /// Responses that this end got.
    got: VecDeque<(Stamp, Request)>,
    /// Not all Markers are known since.
    since: Option<Stamp>,
    /// Markers in a row without a Response.
    unanswered: VecDeque<(u64, Stamp, Request)>,
}

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Responder::default())
}

fn request(marker: &Marked) -> Request {
    (marker.pdu.requester_port, marker.pdu.requester_system, marker.pdu.transaction_id)
}

fn text((port, system, transaction): Request) -> String {
    format!("requester {system} port {port} transaction {transaction}")
}

/// A Marker as the standard has it, of the port that its sender is, which leaves no reason not to answer.
fn is_plain(marker: &Marked) -> bool {
    let requester = |actor: PortInformation| {
        (actor.port, actor.system) == (marker.pdu.requester_port, marker.pdu.requester_system)
    };
    marker.plain && marker.actor.is_some_and(requester)
}

/// The port collects and distributes with a partner that it hears.
fn is_up(pdu: &Lacp) -> bool {
    const UP: State = State(State::SYNCHRONIZATION.0 | State::COLLECTING.0 | State::DISTRIBUTING.0);
    pdu.is(UP) && pdu.is_current()
}

/// The LACPDU came when its time was. A carrier that went would have moved that, and a Marker meanwhile would have been
/// lost.
fn keeps_pace(pdu: &Lacp, view: &View<'_>) -> bool {
    view.own.last().is_some_and(|last| {
        let window = if last.partner.state.has(State::TIMEOUT) { FAST } else { SLOW };
        is_up(last)
            && at_least(last.at, pdu.at) >= window.strict.from
            && at_most(last.at, pdu.at) <= window.strict.to
    })
}

/// As far as it last said.
fn in_use(view: &View<'_>) -> bool {
    view.up && view.own.last().is_some_and(is_up)
}

impl Monitor for Responder {
    fn asked(&mut self, marker: &Marked, view: &View<'_>, court: &mut Court<'_>) {
        let (seen, request) = (marker, request(marker));
        if marker.is_response() {
            self.got.push_back((seen.at, request));
            if self.got.len() > KEPT {
                self.got.pop_front();
            }
            return;
        }
        self.overdue(seen.at, view, court);
        let recent = self
            .asked
            .iter()
            .rev()
            .take_while(|asked| at_least(asked.at, seen.at) <= std::time::Duration::from_secs(1))
            .count();
        if self.asked.len() == KEPT {
            if let Some(lost) = self.asked.pop_front() {
                self.since = Some(lost.at);
                if lost.owed && !lost.judged && lost.answers == 0 {
                    court.unknown(q::RESPONDER_ANSWERS);
                }
            }
        }
        let known = marker.pdu.kind == MarkerKind::INFORMATION;
        let owed = known && in_use(view) && is_plain(marker) && recent < IN_A_SECOND;
        // The capture may have stamped the two directions in the wrong order.
        let answer = self.loose.iter().position(|(at, said)| *said == request && !before(*at, seen.at));
        let answer = answer.and_then(|index| self.loose.remove(index));
        if answer.is_some() {
            self.unanswered.clear();
            court.pass(q::RESPONDER_ONCE);
            if owed {
                court.pass(q::RESPONDER_ANSWERS);
            }
        }
        self.asked.push_back(Asked {
            number: seen.number,
            at: seen.at,
            request,
            plain: marker.plain,
            owed,
            answers: u32::from(answer.is_some()),
            last_answer: answer.map(|(at, _)| at),
            in_use_since: false,
            judged: answer.is_some(),
        });
    }

    fn marked(&mut self, marker: &Marked, view: &View<'_>, court: &mut Court<'_>) {
        let (seen, request) = (marker, request(marker));
        if !marker.is_response() {
            return generator(marker, view, court);
        }
        let to_response = |got: &(Stamp, Request)| got.1 == request && before(got.0, seen.at);
        let asked = self
            .asked
            .iter_mut()
            .filter(|asked| asked.request == request && !before(seen.at, asked.at))
            .min_by_key(|asked| asked.answers);
        tlvs(marker, asked.as_ref().is_some_and(|asked| asked.plain), court);
        if let Some(asked) = asked {
            asked.answers += 1;
            let copy =
                asked.last_answer.is_some_and(|last| !view.in_bed && apart(last, seen.at) <= DUPLICATE);
            asked.last_answer = Some(seen.at);
            self.unanswered.clear();
            court.pass(q::RESPONDER_REQUESTER);
            court.pass(q::RESPONDER_TRANSACTION);
            if copy {
                asked.answers -= 1;
                return court.unknown(q::RESPONDER_ONCE);
            }
            if asked.answers == 1 {
                if asked.owed && !asked.judged {
                    asked.judged = true;
                    court.pass(q::RESPONDER_ANSWERS);
                }
                return court.pass(q::RESPONDER_ONCE);
            }
            let (number, answers) = (asked.number, asked.answers);
            // A capture may have lost a Marker that was sent again.
            if !view.in_bed && apart(asked.at, seen.at) > MARKER.strict.to {
                return court.unknown(q::RESPONDER_ONCE);
            }
            return court.violated(q::RESPONDER_ONCE, seen.number, seen.at, || {
                format!("{answers} Responses to the Marker of frame {number}, {}", text(request))
            });
        }
        if self.got.iter().any(to_response) && view.in_bed {
            return court.violated(q::RESPONDER_TO_RESPONSE, seen.number, seen.at, || {
                format!("a Response to a Response, {}", text(request))
            });
        }
        if self.forgotten.contains(&request) {
            return court.unknown(q::RESPONDER_REQUESTER);
        }
        self.loose.push_back((seen.at, request));
        if self.loose.len() > KEPT {
            self.loose.pop_front();
        }
        // Without the Marker, what was asked is not known; in a bed it is.
        let Some(nearest) = self.asked.iter().rev().find(|asked| asked.answers == 0).filter(|_| view.in_bed)
        else {
            return court.unknown(q::RESPONDER_REQUESTER);
        };
        let requester = (nearest.request.0, nearest.request.1) == (request.0, request.1);
        let question = if requester { q::RESPONDER_TRANSACTION } else { q::RESPONDER_REQUESTER };
        let (number, wanted) = (nearest.number, nearest.request);
        court.violated(question, seen.number, seen.at, || {
            format!("a Response with {}, the Marker of frame {number} has {}", text(request), text(wanted))
        });
    }

    fn sent(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        let steady = view.in_bed || keeps_pace(pdu, view);
        // Of those that one gap between LACPDUs holds, one counts.
        let mut counted = false;
        for asked in self.asked.iter_mut().filter(|asked| before(asked.at, pdu.at) && !asked.in_use_since) {
            if is_up(pdu) && steady && !counted {
                asked.in_use_since = true;
                counted = !view.in_bed;
            } else if asked.owed && !asked.judged && asked.answers == 0 && !view.in_bed {
                asked.judged = true;
                court.unknown(q::RESPONDER_ANSWERS);
            }
        }
        self.overdue(pdu.at, view, court);
    }

    fn heard(&mut self, pdu: &Lacp, view: &View<'_>, court: &mut Court<'_>) {
        self.overdue(pdu.at, view, court);
    }

    fn link(&mut self, _: bool, at: Stamp, _: &mut Court<'_>) {
        self.forget(at);
    }

    fn forget(&mut self, at: Stamp) {
        let mut forgotten = std::mem::take(&mut self.forgotten);
        forgotten.extend(self.asked.iter().map(|asked| asked.request));
        forgotten.drain(..forgotten.len().saturating_sub(KEPT));
        *self = Self { since: Some(at), forgotten, ..Self::default() };
    }

    fn finish(&mut self, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        self.overdue(at, view, court);
        for asked in self.asked.iter().filter(|asked| asked.owed && !asked.judged && asked.answers == 0) {
            let _ = asked;
            court.unknown(q::RESPONDER_ANSWERS);
        }
    }
}

impl Responder {
    /// Markers whose time is over.
    fn overdue(&mut self, at: Stamp, view: &View<'_>, court: &mut Court<'_>) {
        let limit = MARKER.held_to(view.options.exact).to;
        let usable = in_use(view);
        for asked in &mut self.asked {
            if asked.judged || !asked.owed || asked.answers > 0 || at_least(asked.at, at) <= limit {
                continue;
            }
            if !view.in_bed && !asked.in_use_since {
                continue;
            }
            asked.judged = true;
            if !usable {
                court.unknown(q::RESPONDER_ANSWERS);
                continue;
            }
            let steady = asked.at.time >= view.steady_since && view.knows_whom_it_hears();
            if view.in_bed {
                tell((asked.number, asked.at, asked.request), limit, court);
            } else if steady && when::is_known(asked.at) {
                self.unanswered.push_back((asked.number, asked.at, asked.request));
                if self.unanswered.len() > IN_A_ROW {
                    self.unanswered.pop_front();
                    tell((asked.number, asked.at, asked.request), limit, court);
                } else if self.unanswered.len() == IN_A_ROW {
                    for one in &self.unanswered {
                        tell(*one, limit, court);
                    }
                }
            } else {
                court.unknown(q::RESPONDER_ANSWERS);
            }
        }
    }
}

fn tell((number, at, request): (u64, Stamp, Request), limit: std::time::Duration, court: &mut Court<'_>) {
    court.violated(q::RESPONDER_ANSWERS, number, at, || {
        format!("no Response within {} to the Marker, {}", seconds(limit), text(request))
    });
}

/// What a Response has around its fields. What is wrong with it may be copied from the Marker.
fn tlvs(response: &Marked, marker_is_plain: bool, court: &mut Court<'_>) {
    let Marker { information_length, terminator_tlv_type, terminator_length, .. } = response.pdu;
    let mut judge = |question, right, found: u8| {
        if right || marker_is_plain {
            court.check(question, right, response.number, response.at, || {
                format!("a Response whose TLV or Terminator has {found}")
            });
        } else {
            court.unknown(question);
        }
    };
    judge(q::MARKER_TLV_TYPE, terminator_tlv_type == 0, terminator_tlv_type);
    let lengths = information_length == 16 && terminator_length == 0;
    judge(
        q::MARKER_TLV_LENGTH,
        lengths,
        if terminator_length == 0 { information_length } else { terminator_length },
    );
}

/// A Marker that the end sent itself.
fn generator(marker: &Marked, view: &View<'_>, court: &mut Court<'_>) {
    let (port, system, _) = request(marker);
    let Some(actor) = marker.actor else { return court.unknown(q::GENERATOR_REQUESTER) };
    let right = (port, system) == (actor.port, actor.system);
    if !right && !view.in_bed {
        // It may have been configured since its last LACPDU.
        return court.unknown(q::GENERATOR_REQUESTER);
    }
    court.check(q::GENERATOR_REQUESTER, right, marker.number, marker.at, || {
        format!("requester {system} port {port} in a Marker of {} port {}", actor.system, actor.port)
    });
}
