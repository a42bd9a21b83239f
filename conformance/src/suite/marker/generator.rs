//! The Markers that a device sends by itself, which is optional.

use std::time::Duration;

use redspec_codec::Reserved;
use redspec_codec::slow::lacp::State;
use redspec_codec::slow::marker::{Marker, MarkerKind};

use super::{Seen, last_lacpdu};
use crate::event::Port;
use crate::scenario::{Pattern, Stop, Test};
use crate::suite::lacp::{LacpTest, MarkerFrame, P2, test};

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests: Vec<Test> = FORMAT.iter().map(format).collect();
    tests.push(optional());
    tests
}

/// What a Marker has to be: the requirement, in words, and whether it is so, given a LACPDU of that port and its Actor's
/// port and system.
type Field = (&'static str, &'static str, fn(&Seen, &Seen, (u16, redspec_codec::MacAddress)) -> bool);

/// K-09.
const FORMAT: &[Field] = &[
    ("marker.generator.requester", "the port's Actor_Port and Actor_System as requester", |seen, _, own| {
        let marker = seen.marker();
        (marker.requester_port, marker.requester_system) == own
    }),
    ("marker.generator.length", "110 octets", |seen, _, _| seen.payload.len() == Marker::LEN),
    ("marker.generator.encapsulation", "the addresses of the port's LACPDUs", |seen, lacpdu, _| {
        let group = |address: &redspec_codec::MacAddress| address.0[0] & 1 == 1;
        (seen.destination, seen.source) == (lacpdu.destination, lacpdu.source)
            && group(&seen.destination)
            && !group(&seen.source)
    }),
    ("marker.pdu.version", "Version Number 1", |seen, _, _| seen.marker().version == 1),
    ("marker.pdu.tlv-type", "TLV 1, and a Terminator behind it", |seen, _, _| {
        let marker = seen.marker();
        marker.kind == MarkerKind::INFORMATION && marker.terminator_tlv_type == 0
    }),
    ("marker.pdu.tlv-length", "TLV length 16, Terminator length 0", |seen, _, _| {
        (seen.marker().information_length, seen.marker().terminator_length) == (16, 0)
    }),
    ("marker.pdu.reserved", "Pad and Reserved zero", |seen, _, _| {
        seen.marker().pad == Reserved::ZERO && seen.marker().reserved == Reserved::ZERO
    }),
];

/// UP on two ports, then one of them leaves and returns, so that conversations move: the Markers of the device.
fn provoked(t: &mut LacpTest<'_>) -> Result<Vec<(Port, Seen)>, Stop> {
    t.up()?;
    let settle = Duration::from_secs(5);
    t.change(P2, "Sync 1 -> 0", |partner| partner.clear(State::SYNCHRONIZATION))?;
    t.wait(settle)?;
    let now = t.now();
    t.step("T on P2: Sync 0 -> 1");
    t.partner(P2).cooperate(now);
    t.wait(settle)?;
    let mut markers = Vec::new();
    for port in t.ports() {
        let pattern = MarkerFrame { port, kind: MarkerKind::INFORMATION };
        let events = t.run.events();
        let of_port = events.iter().filter(|event| pattern.matches(event) == Some(true));
        markers.extend(of_port.filter_map(Seen::new).map(|seen| (port, seen)));
    }
    Ok(markers)
}

fn format((requirement, expected, holds): &'static Field) -> Test {
    let id = match requirement.strip_prefix("marker.pdu.") {
        Some(field) => format!("marker.generator.{field}"),
        None => (*requirement).to_owned(),
    };
    test(id, "K-09", format!("A Marker that the device sends has this: {expected}."))
        .judges(&[requirement])
        .ports(2)
        .with("marker.generator", "yes")
        .lacp(move |t| {
            let markers = provoked(t)?;
            if markers.is_empty() {
                let text = "the device is to send Markers, and conversations moved, but there were none";
                return Err(Stop::Inconclusive(text.to_owned()));
            }
            let (mut wrong, mut frame) = (0, None);
            let mut found = format!("all {} of them", markers.len());
            for (port, seen) in &markers {
                let own = t.own(*port)?;
                if !holds(seen, &last_lacpdu(t, *port)?, (own.port, own.system)) {
                    wrong += 1;
                    if frame.is_none() {
                        frame = Some(seen.number);
                        let octets = seen.payload.len();
                        found = format!("{} in {octets} octets on {port}", seen.marker());
                    }
                }
            }
            t.judge(wrong == 0, &format!("Markers with {expected}"), &found, frame, requirement)
        })
}

/// K-09.
fn optional() -> Test {
    test("marker.generator.optional", "K-09", "Whether the device sends Markers when conversations move.")
        .judges(&["marker.generator.optional"])
        .ports(2)
        .lacp(|t| {
            let markers = provoked(t)?;
            let text = format!("D sends {} Markers while conversations move", markers.len());
            let frame = markers.first().map(|(_, seen)| seen.number);
            t.note(text, frame, "marker.generator.optional");
            Ok(())
        })
}
