//! What a frame of a LACP device has to look like.

use std::fmt;
use std::sync::Arc;

use redspec_codec::frame::Frame;
use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use redspec_codec::slow::marker::{Marker, MarkerKind, MarkerRef};
use redspec_codec::{Deviation, MacAddress, Rule};

use super::partner;
use crate::event::{Direction, Event, Port};
use crate::reference::lacp::configuration::SLOW_PROTOCOLS_MULTICAST;
use crate::scenario::Pattern;

type Test<T> = Arc<dyn Fn(&T) -> bool + Send + Sync>;

#[derive(Clone)]
enum Criterion {
    ActorHas(State),
    ActorLacks(State),
    PartnerHas(State),
    PartnerLacks(State),
    /// All but State.
    PartnerIs(PortInformation),
    PartnerIsNot(PortInformation),
    That(String, Test<Lacpdu>),
}

impl Criterion {
    fn holds(&self, pdu: &Lacpdu) -> bool {
        match self {
            Self::ActorHas(state) => pdu.actor.state.has(*state),
            Self::ActorLacks(state) => pdu.actor.state.0 & state.0 == 0,
            Self::PartnerHas(state) => pdu.partner.state.has(*state),
            Self::PartnerLacks(state) => pdu.partner.state.0 & state.0 == 0,
            Self::PartnerIs(who) => same(&pdu.partner, who),
            Self::PartnerIsNot(who) => !same(&pdu.partner, who),
            Self::That(_, test) => test(pdu),
        }
    }
}

/// The two are the same port of the same system; State is left out.
pub fn same(a: &PortInformation, b: &PortInformation) -> bool {
    PortInformation { state: State(0), ..*a } == PortInformation { state: State(0), ..*b }
}

impl fmt::Display for Criterion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ActorHas(state) => write!(f, "actor {state}"),
            Self::ActorLacks(state) => write!(f, "actor without {state}"),
            Self::PartnerHas(state) => write!(f, "partner {state}"),
            Self::PartnerLacks(state) => write!(f, "partner without {state}"),
            Self::PartnerIs(who) => {
                write!(
                    f,
                    "partner {}/{} key {} port {}/{}",
                    who.system_priority, who.system, who.key, who.port_priority, who.port
                )
            }
            Self::PartnerIsNot(who) => write!(f, "partner other than port {} of {}", who.port, who.system),
            Self::That(text, _) => f.write_str(text),
        }
    }
}

/// A LACPDU of the device.
#[derive(Clone)]
pub struct LacpduPattern {
    port: Port,
    /// Others than those with these bits of Actor_State are none of its business.
    only: State,
    criteria: Vec<Criterion>,
}

/// Any LACPDU of the device on that port.
pub fn lacpdu(port: Port) -> LacpduPattern {
    LacpduPattern { port, only: State(0), criteria: Vec::new() }
}

impl LacpduPattern {
    fn and(mut self, criterion: Criterion) -> Self {
        self.criteria.push(criterion);
        self
    }

    /// The pattern is only about LACPDUs with these bits of Actor_State.
    #[must_use]
    pub fn only_with(mut self, state: State) -> Self {
        self.only = state;
        self
    }

    /// All of these bits of Actor_State are set.
    #[must_use]
    pub fn actor_has(self, state: State) -> Self {
        self.and(Criterion::ActorHas(state))
    }

    /// None of these bits of Actor_State is set.
    #[must_use]
    pub fn actor_lacks(self, state: State) -> Self {
        self.and(Criterion::ActorLacks(state))
    }

    /// All of these bits of Partner_State are set.
    #[must_use]
    pub fn partner_has(self, state: State) -> Self {
        self.and(Criterion::PartnerHas(state))
    }

    /// None of these bits of Partner_State is set.
    #[must_use]
    pub fn partner_lacks(self, state: State) -> Self {
        self.and(Criterion::PartnerLacks(state))
    }

    /// The partner, without its State, is this one.
    #[must_use]
    pub fn partner_is(self, who: PortInformation) -> Self {
        self.and(Criterion::PartnerIs(who))
    }

    /// The partner, without its State, is not this one.
    #[must_use]
    pub fn partner_is_not(self, who: PortInformation) -> Self {
        self.and(Criterion::PartnerIsNot(who))
    }

    /// Whatever else; `text` says it in words, behind "LACPDU on P1 with".
    #[must_use]
    pub fn that(
        self,
        text: impl Into<String>,
        test: impl Fn(&Lacpdu) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.and(Criterion::That(text.into(), Arc::new(test)))
    }
}

impl Pattern for LacpduPattern {
    fn describe(&self) -> String {
        let criteria: Vec<String> = self.criteria.iter().map(ToString::to_string).collect();
        let with = if criteria.is_empty() { "" } else { " with " };
        let only = if self.only == State(0) { String::new() } else { format!(" that shows {}", self.only) };
        format!("LACPDU on {}{only}{with}{}", self.port, criteria.join(", "))
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        if event.port != self.port {
            return None;
        }
        let pdu = partner::lacpdu(event.frame(Direction::FromDevice)?)?.to_value();
        if !pdu.actor.state.has(self.only) {
            return None;
        }
        Some(self.criteria.iter().all(|criterion| criterion.holds(&pdu)))
    }

    fn show(&self, event: &Event<'_>) -> String {
        event
            .frame(Direction::FromDevice)
            .and_then(partner::lacpdu)
            .map_or_else(String::new, |pdu| format!("actor {}, partner {}", pdu.actor(), pdu.partner()))
    }
}

/// A Marker PDU of the device.
#[derive(Clone)]
pub struct MarkerPattern {
    port: Port,
    kind: Option<MarkerKind>,
    that: Vec<(String, Test<Marker>)>,
}

/// A Marker Response of the device on that port.
pub fn marker_response(port: Port) -> MarkerPattern {
    MarkerPattern { port, kind: Some(MarkerKind::RESPONSE), that: Vec::new() }
}

/// A Marker that the device sends by itself on that port.
pub fn marker_information(port: Port) -> MarkerPattern {
    MarkerPattern { port, kind: Some(MarkerKind::INFORMATION), that: Vec::new() }
}

/// The Marker PDU in a frame that is not tagged. One that is too short is none.
pub fn marker(frame: &[u8]) -> Option<Marker> {
    MarkerRef::parse(untagged_payload(frame)?).ok().map(|(marker, _)| marker.to_value())
}

/// What a slow protocol's frame carries, if it is one and not tagged.
pub fn untagged_payload(frame: &[u8]) -> Option<&[u8]> {
    let slow = frame.get(12..14)? == redspec_codec::frame::SLOW_PROTOCOLS.to_be_bytes();
    if slow { frame.get(14..) } else { None }
}

impl MarkerPattern {
    /// Whatever else; `text` says it in words, behind "Marker Response on P1 with".
    #[must_use]
    pub fn that(
        mut self,
        text: impl Into<String>,
        test: impl Fn(&Marker) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.that.push((text.into(), Arc::new(test)));
        self
    }
}

impl Pattern for MarkerPattern {
    fn describe(&self) -> String {
        let kind = if self.kind == Some(MarkerKind::RESPONSE) { "Marker Response" } else { "Marker" };
        let that: Vec<&str> = self.that.iter().map(|(text, _)| text.as_str()).collect();
        let with = if that.is_empty() { "" } else { " with " };
        format!("{kind} on {}{with}{}", self.port, that.join(", "))
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        if event.port != self.port {
            return None;
        }
        let marker = marker(event.frame(Direction::FromDevice)?)?;
        if self.kind.is_some_and(|kind| kind != marker.kind) {
            return None;
        }
        Some(self.that.iter().all(|(_, test)| test(&marker)))
    }

    fn show(&self, event: &Event<'_>) -> String {
        event
            .frame(Direction::FromDevice)
            .and_then(marker)
            .map_or_else(String::new, |marker| marker.to_string())
    }
}

/// A Marker PDU of the device, whatever its length.
#[derive(Clone, Copy, Debug)]
pub struct MarkerFrame {
    /// Where.
    pub port: Port,
    /// Its TLV_type.
    pub kind: MarkerKind,
}

/// Subtype, Version Number and TLV_type of a Marker PDU stand at the payload's start.
const MARKER_KIND_AT: usize = 2;

impl Pattern for MarkerFrame {
    fn describe(&self) -> String {
        let kind = if self.kind == MarkerKind::RESPONSE { "Marker Response" } else { "Marker" };
        format!("{kind} on {}", self.port)
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let frame = event.frame(Direction::FromDevice)?;
        let payload = untagged_payload(frame)?;
        let is = event.port == self.port
            && payload.first() == Some(&Subtype::MARKER.0)
            && payload.get(MARKER_KIND_AT) == Some(&self.kind.0);
        is.then_some(true)
    }

    fn show(&self, event: &Event<'_>) -> String {
        let marker = event.frame(Direction::FromDevice).and_then(marker);
        marker.map_or_else(|| "a Marker PDU that is cut short".to_owned(), |marker| marker.to_string())
    }
}

/// A frame of the device with these octets: data that it forwarded.
#[derive(Clone)]
pub struct ExactFrame {
    /// Where.
    pub port: Port,
    /// What.
    pub octets: Vec<u8>,
}

impl Pattern for ExactFrame {
    fn describe(&self) -> String {
        format!("the test's data frame on {}", self.port)
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let frame = event.frame(Direction::FromDevice)?;
        (event.port == self.port && frame == self.octets).then_some(true)
    }

    fn show(&self, _: &Event<'_>) -> String {
        "the test's data frame".to_owned()
    }
}

/// What a slow protocol frame carries, also behind tags or a SNAP header.
pub fn slow_payload(frame: &[u8]) -> Option<&[u8]> {
    let mut at = 12;
    loop {
        let ether_type = u16::from_be_bytes(frame.get(at..at + 2)?.try_into().ok()?);
        match ether_type {
            redspec_codec::frame::SLOW_PROTOCOLS => return frame.get(at + 2..),
            0x8100 | 0x88a8 | 0x9100 => at += 4,
            0..=1500 if frame.get(at + 2..at + 8) == Some(&[0xaa, 0xaa, 3, 0, 0, 0]) => at += 8,
            _ => return None,
        }
    }
}

/// What the codec's audit finds in a frame; `None` if its message cannot be read.
fn deviations(frame: &[u8]) -> Option<Vec<Deviation>> {
    let mut found = Vec::new();
    Frame::parse(frame).ok()?.audit(&mut |deviation| found.push(deviation)).ok()?;
    Some(found)
}

type FrameTest = Arc<dyn Fn(&[u8]) -> Option<bool> + Send + Sync>;

/// A frame in which the device sends a LACPDU, right or wrong.
#[derive(Clone)]
pub struct FramePattern {
    port: Port,
    that: Vec<(String, FrameTest)>,
}

/// Any frame of the device on that port that carries a LACPDU in whichever way, or goes to the address for them without
/// being another slow protocol's.
pub fn lacpdu_frame(port: Port) -> FramePattern {
    FramePattern { port, that: Vec::new() }
}

/// Subtypes of frames that a device may send besides its LACPDUs.
const OTHERS: [Subtype; 3] = [Subtype::MARKER, Subtype::OAM, Subtype::OSSP];

fn is_lacpdu_frame(frame: &[u8]) -> bool {
    match slow_payload(frame) {
        Some(payload) => payload.first().is_some_and(|subtype| !OTHERS.contains(&Subtype(*subtype))),
        None => frame.get(..6) == Some(&SLOW_PROTOCOLS_MULTICAST.0),
    }
}

impl FramePattern {
    /// Whatever else; `text` says it in words, behind "LACPDU on P1 with".
    #[must_use]
    pub fn that(
        mut self,
        text: impl Into<String>,
        test: impl Fn(&[u8]) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.that.push((text.into(), Arc::new(move |frame| Some(test(frame)))));
        self
    }

    /// The frame keeps these rules of the codec. It is not about frames that cannot be read.
    #[must_use]
    pub fn keeps(mut self, rules: &'static [&'static Rule]) -> Self {
        let texts: Vec<&str> = rules.iter().map(|rule| rule.text).collect();
        let keeps = move |frame: &[u8]| {
            let found = deviations(frame)?;
            Some(found.iter().all(|deviation| rules.iter().all(|rule| rule.id != deviation.rule.id)))
        };
        self.that.push((texts.join("; "), Arc::new(keeps)));
        self
    }
}

impl Pattern for FramePattern {
    fn describe(&self) -> String {
        let that: Vec<&str> = self.that.iter().map(|(text, _)| text.as_str()).collect();
        let with = if that.is_empty() { "" } else { " with: " };
        format!("LACPDU on {}{with}{}", self.port, that.join(", "))
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        if event.port != self.port {
            return None;
        }
        let frame = event.frame(Direction::FromDevice)?;
        if !is_lacpdu_frame(frame) {
            return None;
        }
        self.that.iter().try_fold(true, |all, (_, test)| Some(all & test(frame)?))
    }

    fn show(&self, event: &Event<'_>) -> String {
        let frame = event.frame(Direction::FromDevice).unwrap_or_default();
        let address = |at: usize| {
            let octets = frame.get(at..at + 6).and_then(|octets| octets.try_into().ok());
            octets.map_or_else(|| "nowhere".to_owned(), |octets| MacAddress(octets).to_string())
        };
        let ether_type = frame.get(12..14).and_then(|octets| octets.try_into().ok()).map(u16::from_be_bytes);
        let mut told = vec![format!("{} octets to {} from {}", frame.len(), address(0), address(6))];
        told.extend(ether_type.map(|number| format!("Ethertype {number:04x}")));
        told.extend(deviations(frame).unwrap_or_default().iter().map(ToString::to_string));
        told.join("; ")
    }
}
