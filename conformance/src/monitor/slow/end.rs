//! What is kept of an end: who it is, and the last PDUs that it sent.

use std::collections::VecDeque;
use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::frame::Frame;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation, State, TlvType};

use super::Marked;
use crate::event::{Port, Stamp};
use crate::monitor::court::{Court, Question};
use crate::monitor::when::{self, at_least, at_most, before};
use crate::monitor::{Options, Seen};
use crate::spec::lacp::tolerances;
use crate::spec::lacp::variables::{Field, Flag};
use crate::time::{Time, nanoseconds};

/// How many PDUs of an end are kept.
const KEPT: usize = 24;

/// Frames of one slow protocol in a second that every receiver copes with (IEEE 802.3 57A.2).
const FRAMES_IN_A_SECOND: usize = 10;

/// What tells one end of a link from all others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// In a bed: the device's port.
    Device(Port),
    /// In a bed: the tester's.
    Tester(Port),
    /// In a capture. Some devices have one address for all ports, so that it takes what they say of themselves; of an end
    /// that was only seen with PDUs that do not say it, that is not known.
    Captured(Port, Vlans, MacAddress, Option<Identity>),
}

/// What a LACPDU says of its sender: Actor_System and Actor_Port.
pub(super) type Identity = (MacAddress, u16);

/// VLAN identifiers, outermost first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Vlans {
    identifiers: [u16; redspec_codec::frame::MAX_VLAN_TAGS],
    count: usize,
}

impl Vlans {
    pub(super) fn of(frame: &Frame<'_>) -> Self {
        let mut vlans = Self::default();
        for tag in frame.vlan_tags() {
            if let Some(place) = vlans.identifiers.get_mut(vlans.count) {
                *place = tag.control & 0xfff;
                vlans.count += 1;
            }
        }
        vlans
    }

    pub(super) fn as_slice(&self) -> &[u16] {
        &self.identifiers[..self.count]
    }
}

impl Key {
    pub(super) fn port(&self) -> Port {
        match self {
            Self::Device(port) | Self::Tester(port) | Self::Captured(port, ..) => *port,
        }
    }

    /// Direction is known, links are, and nothing is lost without a word.
    pub(super) fn in_bed(&self) -> bool {
        !matches!(self, Self::Captured(..))
    }

    /// Both may be on one link.
    pub(super) fn may_meet(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Device(a), Self::Tester(b)) | (Self::Tester(a), Self::Device(b)) => a == b,
            (Self::Captured(here, around, this, _), Self::Captured(there, about, that, _)) => {
                here == there && around == about && this != that
            }
            _ => false,
        }
    }
}

/// What a receiver does with a LACPDU.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reception {
    /// It has to take it.
    Sure,
    /// It has to take it if it speaks version 2; else it may take the length of the first TLV for a wrong
    /// Terminator_Length.
    Version2,
    /// It may take it or drop it.
    Optional,
    /// It was not captured whole: it may have said anything.
    Unread,
}

/// A LACPDU that an end sent, as far as others need it later.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lacp {
    pub(super) number: u64,
    pub(super) at: Stamp,
    pub(super) version: u8,
    pub(super) actor: PortInformation,
    pub(super) partner: PortInformation,
    pub(super) reception: Reception,
}

impl Lacp {
    /// One that could not be read.
    pub(super) fn unread(seen: &Seen<'_>) -> Self {
        Self {
            number: seen.number,
            at: seen.at,
            version: 0,
            actor: PortInformation::default(),
            partner: PortInformation::default(),
            reception: Reception::Unread,
        }
    }

    pub(super) fn new(seen: &Seen<'_>, pdu: &LacpduRef<'_>, rest: &[u8], in_bed: bool) -> Self {
        Self {
            number: seen.number,
            at: seen.at,
            version: pdu.version(),
            actor: pdu.actor(),
            partner: pdu.partner(),
            reception: reception(seen, pdu, rest, in_bed),
        }
    }

    pub(super) fn is(&self, flag: State) -> bool {
        self.actor.state.has(flag)
    }

    /// Neither Expired nor Defaulted: the Receive machine is in CURRENT.
    pub(super) fn is_current(&self) -> bool {
        self.reception != Reception::Unread
            && self.actor.state.0 & (State::EXPIRED.0 | State::DEFAULTED.0) == 0
    }

    /// Defaulted and not Expired: the Receive machine is in DEFAULTED.
    pub(super) fn is_defaulted(&self) -> bool {
        self.is(State::DEFAULTED) && !self.is(State::EXPIRED)
    }
}

/// Whether anything in the frame gives a receiver the right to drop it.
fn reception(seen: &Seen<'_>, pdu: &LacpduRef<'_>, rest: &[u8], in_bed: bool) -> Reception {
    const SLOW_PROTOCOLS_ADDRESS: MacAddress = MacAddress([0x01, 0x80, 0xc2, 0, 0, 2]);
    /// What a capture may show of a frame check sequence without saying so.
    const CHECK_SEQUENCE: usize = 4;
    let value: Lacpdu = pdu.to_value();
    let lengths = value.actor_information_length == 20
        && value.partner_information_length == 20
        && value.collector_information_length == 16
        && value.terminator_length == 0;
    // Version 1 has to take other types too, but a test says so: what follows for a port that drops them is no other fault.
    let types = value.actor_tlv_type == TlvType::ACTOR_INFORMATION
        && value.partner_tlv_type == TlvType::PARTNER_INFORMATION
        && value.collector_tlv_type == TlvType::COLLECTOR_INFORMATION
        && value.terminator_tlv_type == TlvType::TERMINATOR;
    let length =
        pdu.octets().len() == Lacpdu::LEN && (rest.is_empty() || (!in_bed && rest.len() == CHECK_SEQUENCE));
    let actor = value.actor.port != 0
        && value.actor.key != 0
        && !value.actor.system.is_zero()
        && !value.actor.system.is_group();
    let destination = seen.frame.destination_mac().is_none_or(|to| to == SLOW_PROTOCOLS_ADDRESS);
    let untagged = !in_bed || seen.frame.vlan_tag_count() == 0;
    let source = seen.source.is_none_or(|source| !source.is_group());
    let plain = lengths && types && length && actor && destination && untagged && source;
    if plain && pdu.tlvs().next().is_none() {
        Reception::Sure
    } else if plain && value.version == 2 {
        Reception::Version2
    } else {
        Reception::Optional
    }
}

/// The value of a field, as a number.
pub(super) fn field(information: &PortInformation, field: Field) -> u64 {
    match field {
        Field::SystemPriority => information.system_priority.into(),
        Field::System => information.system.0.iter().fold(0, |value, octet| value << 8 | u64::from(*octet)),
        Field::Key => information.key.into(),
        Field::PortPriority => information.port_priority.into(),
        Field::Port => information.port.into(),
        Field::State(flag) => information.state.has(state(flag)).into(),
    }
}

/// The bit of a flag.
pub(super) const fn state(flag: Flag) -> State {
    match flag {
        Flag::Activity => State::ACTIVITY,
        Flag::Timeout => State::TIMEOUT,
        Flag::Aggregation => State::AGGREGATION,
        Flag::Synchronization => State::SYNCHRONIZATION,
        Flag::Collecting => State::COLLECTING,
        Flag::Distributing => State::DISTRIBUTING,
        Flag::Defaulted => State::DEFAULTED,
        Flag::Expired => State::EXPIRED,
    }
}

/// The first of `fields` in which both differ.
pub(super) fn difference(fields: &[Field], a: &PortInformation, b: &PortInformation) -> Option<Field> {
    fields.iter().copied().find(|wanted| field(a, *wanted) != field(b, *wanted))
}

/// The last PDUs that an end sent, the newest last, and since when none is missing.
#[derive(Debug)]
pub(super) struct History {
    pdus: VecDeque<Lacp>,
    complete_since: u64,
}

impl History {
    pub(super) fn new(since: Stamp) -> Self {
        Self { pdus: VecDeque::new(), complete_since: when::latest(since) }
    }

    /// What was known does not hold any more.
    pub(super) fn forget(&mut self, at: Stamp) {
        self.pdus.clear();
        self.complete_since = when::latest(at);
    }

    pub(super) fn push(&mut self, mut pdu: Lacp) {
        if self.pdus.len() >= FRAMES_IN_A_SECOND && pdu.reception != Reception::Unread {
            let first = &self.pdus[self.pdus.len() - FRAMES_IN_A_SECOND];
            if at_most(first.at, pdu.at) < Duration::from_secs(1) {
                pdu.reception = Reception::Optional;
            }
        }
        if self.pdus.len() == KEPT {
            if let Some(oldest) = self.pdus.pop_front() {
                self.complete_since = when::latest(oldest.at);
            }
        }
        self.pdus.push_back(pdu);
    }

    /// From the newest on.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Lacp> {
        self.pdus.iter().rev()
    }

    /// All that it sent after `time` is known.
    pub(super) fn is_complete_since(&self, time: u64) -> bool {
        self.complete_since <= time
    }

    pub(super) fn last(&self) -> Option<&Lacp> {
        self.pdus.back()
    }

    /// The last one that could be read.
    pub(super) fn last_read(&self) -> Option<&Lacp> {
        self.newest_first().find(|pdu| pdu.reception != Reception::Unread)
    }
}

/// A PDU that is not judged yet: others that were sent before it may still come.
pub(super) struct Waiting {
    pub(super) sender: usize,
    /// When it was sent, the capture had run without a pause since then.
    pub(super) steady_since: Time,
    pub(super) said: Said,
}

/// What it is.
pub(super) enum Said {
    /// A LACPDU.
    Lacp(Lacp),
    /// A Marker or a Response.
    Marker(Marked),
}

impl Waiting {
    pub(super) fn at(&self) -> Stamp {
        match &self.said {
            Said::Lacp(pdu) => pdu.at,
            Said::Marker(marked) => marked.at,
        }
    }
}

/// What an end hears: what its peer sent, as far as that was seen by now.
#[derive(Clone, Copy)]
pub(super) struct Peer<'a> {
    index: usize,
    history: &'a History,
    ahead: &'a VecDeque<Waiting>,
}

impl<'a> Peer<'a> {
    pub(super) fn new(index: usize, ends: &'a [End], ahead: &'a VecDeque<Waiting>) -> Self {
        Self { index, history: &ends[index].history, ahead }
    }

    /// From the newest on, also those that were sent a little later than what is being judged, or seem so.
    pub(super) fn newest_first(self) -> impl Iterator<Item = &'a Lacp> {
        let ahead = self.ahead.iter().rev().filter_map(move |waiting| match &waiting.said {
            Said::Lacp(pdu) if waiting.sender == self.index => Some(pdu),
            _ => None,
        });
        ahead.chain(self.history.newest_first())
    }

    /// Some of those that may have been sent from `since` on, and until `until`.
    pub(super) fn between(self, since: u64, until: Stamp) -> impl Iterator<Item = &'a Lacp> {
        self.newest_first()
            .filter(move |pdu| when::earliest(pdu.at) <= when::latest(until))
            .take_while(move |pdu| when::latest(pdu.at) >= since)
    }

    /// All that it sent after `time` is known.
    pub(super) fn is_complete_since(self, time: u64) -> bool {
        self.history.is_complete_since(time)
    }
}

/// Who sits at an end.
#[derive(Debug)]
pub(super) struct End {
    /// When it was first seen, and last.
    pub(super) first: Stamp,
    pub(super) latest: Stamp,
    pub(super) key: Key,
    pub(super) name: String,
    pub(super) mac: MacAddress,
    pub(super) vlans: Vlans,
    pub(super) history: History,
    /// Index of the end that this one hears.
    pub(super) peer: Option<usize>,
    pub(super) last: Option<Lacp>,
    pub(super) lacpdus: u64,
    pub(super) markers: u64,
    pub(super) responses: u64,
    pub(super) unreadable: u64,
}

impl End {
    /// This one fell silent and the other began, from the same address: the port was configured anew.
    pub(super) fn became(&self, other: &Self) -> bool {
        self.mac == other.mac && before(self.latest, other.first)
    }
}

/// What a monitor may know when it judges.
pub(super) struct View<'a> {
    pub(super) options: Options,
    /// Links are known, and nothing is lost without a word.
    pub(super) in_bed: bool,
    /// What the judged end sent before.
    pub(super) own: &'a History,
    /// The end that it hears.
    pub(super) peer: Option<Peer<'a>>,
    /// All ends, and which of them this is.
    pub(super) ends: &'a [End],
    pub(super) index: usize,
    /// Its port's carrier is there, as far as is known.
    pub(super) up: bool,
    /// Since then the capture ran without a pause.
    pub(super) steady_since: Time,
}

impl View<'_> {
    /// The longest time that a device takes to act on a LACPDU.
    pub(super) fn latency(&self) -> Duration {
        tolerances::R.held_to(self.options.exact).to
    }

    /// What arrived before then shows at `at`.
    pub(super) fn settled(&self, at: Stamp) -> u64 {
        when::earliest(at).saturating_sub(nanoseconds(self.latency()))
    }

    /// What arrived at `sent` shows at `at`.
    pub(super) fn is_settled(&self, sent: Stamp, at: Stamp) -> bool {
        when::latest(sent).saturating_add(nanoseconds(self.latency())) <= when::earliest(at)
    }

    /// The end has to take this LACPDU, if it arrives.
    pub(super) fn is_taken(&self, pdu: &Lacp) -> bool {
        let own = self.own.last_read();
        // What a device makes of its own system at the other end is its own affair.
        let other = own.is_none_or(|own| own.actor.system != pdu.actor.system);
        other
            && match pdu.reception {
                Reception::Sure => true,
                Reception::Version2 => own.is_some_and(|own| own.version >= 2),
                Reception::Optional | Reception::Unread => false,
            }
    }

    /// How many LACPDUs have to say a thing before it is certain that one of them arrived.
    pub(super) fn needed(&self) -> usize {
        if self.in_bed { 1 } else { 2 }
    }

    /// Who it hears is known, and everybody else on its interface is known to talk to somebody else.
    pub(super) fn knows_whom_it_hears(&self) -> bool {
        let end = &self.ends[self.index];
        let Some(peer) = end.peer else { return false };
        self.in_bed
            || self.ends.iter().enumerate().all(|(other, candidate)| {
                other == self.index
                    || other == peer
                    || !candidate.key.may_meet(&end.key)
                    || candidate.peer.is_some_and(|theirs| theirs != self.index)
                    || candidate.became(&self.ends[peer])
            })
    }

    /// The peer may have sent something from `since` to `until`, or it is not known that it did not.
    pub(super) fn may_have_heard(&self, since: u64, until: Stamp) -> bool {
        match self.peer {
            Some(peer) => {
                !self.knows_whom_it_hears()
                    || !peer.is_complete_since(since)
                    || peer.between(since, until).next().is_some()
            }
            // In a bed, nobody is there who never spoke.
            None => !self.in_bed || !self.own.is_complete_since(since),
        }
    }
}

/// Something that is wrong, and since which LACPDU.
#[derive(Debug, Default)]
pub(super) struct Doubt(Option<(u64, Stamp)>);

/// What came of a doubt.
pub(super) enum Answer {
    /// All is well.
    Pass,
    /// It may be an accident.
    Unknown,
    /// It is not; first seen in that frame.
    Wrong(u64),
}

impl Doubt {
    /// What the end shows is not what its partner sent. A capture may have lost a LACPDU of the partner's, so that there it
    /// has to be seen again after another one.
    pub(super) fn against_partner(&mut self, wrong: bool, pdu: &Lacp, view: &View<'_>) -> Answer {
        if !wrong {
            self.0 = None;
            return Answer::Pass;
        }
        let (number, since) = *self.0.get_or_insert((pdu.number, pdu.at));
        let again = view.peer.is_some_and(|peer| {
            peer.newest_first()
                .any(|sent| view.is_taken(sent) && before(since, sent.at) && view.is_settled(sent.at, pdu.at))
        });
        if view.in_bed || again { Answer::Wrong(number) } else { Answer::Unknown }
    }

    /// What the end shows contradicts itself. The machines of the standard act at one instant, devices take their time:
    /// unless they are exact, it has to be seen again after that time.
    pub(super) fn against_itself(&mut self, wrong: bool, pdu: &Lacp, view: &View<'_>) -> Answer {
        if !wrong {
            self.0 = None;
            return Answer::Pass;
        }
        let (number, since) = *self.0.get_or_insert((pdu.number, pdu.at));
        if view.options.exact || at_least(since, pdu.at) >= view.latency() {
            Answer::Wrong(number)
        } else {
            Answer::Unknown
        }
    }
}

impl Answer {
    pub(super) fn give(
        self,
        question: Question,
        pdu: &Lacp,
        court: &mut Court<'_>,
        text: impl FnOnce() -> String,
    ) {
        match self {
            Self::Pass => court.pass(question),
            Self::Unknown => court.unknown(question),
            Self::Wrong(first) => court.violated(question, pdu.number, pdu.at, || {
                let since =
                    if first == pdu.number { String::new() } else { format!(", since frame {first}") };
                text() + &since
            }),
        }
    }
}
