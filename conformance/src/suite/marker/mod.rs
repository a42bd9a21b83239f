//! Group K: the Marker protocol. A Marker test is a LACP test that sends Markers: the responder belongs to an Aggregator.

mod generator;
mod responder;

use redspec_codec::MacAddress;
use redspec_codec::slow::marker::{Marker, MarkerKind};

use super::lacp::pattern::{marker, slow_payload};
use super::lacp::{LacpTest, MarkerFrame, P1};
use crate::event::{Direction, Event, Port};
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::lacp::tolerances::MARKER;

/// Its tests.
pub fn tests() -> Vec<Test> {
    responder::tests().into_iter().chain(generator::tests()).collect()
}

/// A Marker Response of the device, whatever its length.
fn response(port: Port) -> MarkerFrame {
    MarkerFrame { port, kind: MarkerKind::RESPONSE }
}

/// Sends a Marker.
fn ask(t: &mut LacpTest<'_>, port: Port, marker: &Marker, what: &str) -> Result<Mark, Stop> {
    t.step(format!("T on {port} sends a Marker{what}"));
    t.send_slow(port, &marker.to_octets())
}

/// UP; a Marker is sent; its Response as a precondition. What was asked, and the Response.
fn answered(t: &mut LacpTest<'_>) -> Result<(Marker, Sighting), Stop> {
    t.up()?;
    let asked = t.marker(P1);
    let mark = ask(t, P1, &asked, "")?;
    let answer = t.preamble(|t| t.expect(&response(P1), mark, MARKER, "marker.responder.answers"))?;
    Ok((asked, answer))
}

/// A frame, as it is judged: destination, source, and what it carries.
#[derive(Clone, Debug)]
struct Seen {
    destination: MacAddress,
    source: MacAddress,
    payload: Vec<u8>,
    number: u64,
}

impl Seen {
    fn new(event: &Event<'_>) -> Option<Self> {
        let frame = event.frame(Direction::FromDevice)?;
        let (destination, rest) = frame.split_first_chunk()?;
        let (source, _) = rest.split_first_chunk()?;
        Some(Self {
            destination: MacAddress(*destination),
            source: MacAddress(*source),
            payload: slow_payload(frame)?.to_vec(),
            number: event.number,
        })
    }

    /// The PDU's fields. What a frame that is too short lacks is taken for zero.
    fn marker(&self) -> Marker {
        let mut octets = [0; Marker::LEN];
        for (field, octet) in octets.iter_mut().zip(&self.payload) {
            *field = *octet;
        }
        Marker::from_octets(&octets)
    }
}

/// The frame of a sighting.
fn seen(t: &LacpTest<'_>, sighting: Sighting) -> Result<Seen, Stop> {
    let seen = Seen::new(t.run.event(sighting));
    seen.ok_or_else(|| Stop::Error("the frame is no slow protocol frame".to_owned()))
}

/// The frame of the device's last LACPDU on that port: where its slow protocols go to, and come from.
fn last_lacpdu(t: &LacpTest<'_>, port: Port) -> Result<Seen, Stop> {
    let of_port = t.run.events().iter().rev().filter(|event| event.port == port);
    let mut frames = of_port.filter(|event| {
        event
            .frame(Direction::FromDevice)
            .is_some_and(|frame| marker(frame).is_none() && super::lacp::partner::lacpdu(frame).is_some())
    });
    let seen = frames.next().and_then(Seen::new);
    seen.ok_or_else(|| Stop::Inconclusive(format!("the device never sent a LACPDU on {port}")))
}
