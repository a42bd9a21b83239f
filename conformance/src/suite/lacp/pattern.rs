//! What a frame of a LACP device has to look like.

use std::fmt;
use std::sync::Arc;

use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State};
use redspec_codec::slow::marker::{Marker, MarkerKind, MarkerRef};

use super::partner;
use crate::event::{Direction, Event, Port};
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
    criteria: Vec<Criterion>,
}

/// Any LACPDU of the device on that port.
pub fn lacpdu(port: Port) -> LacpduPattern {
    LacpduPattern { port, criteria: Vec::new() }
}

impl LacpduPattern {
    fn and(mut self, criterion: Criterion) -> Self {
        self.criteria.push(criterion);
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
        format!("LACPDU on {}{with}{}", self.port, criteria.join(", "))
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        if event.port != self.port {
            return None;
        }
        let pdu = partner::lacpdu(event.frame(Direction::FromDevice)?)?.to_value();
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
    MarkerRef::parse(slow_payload(frame)?).ok().map(|(marker, _)| marker.to_value())
}

/// What a slow protocol's frame carries, if it is one and not tagged.
pub fn slow_payload(frame: &[u8]) -> Option<&[u8]> {
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
        let payload = slow_payload(frame)?;
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
