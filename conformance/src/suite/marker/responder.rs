//! The Marker Responder.

use std::time::Duration;

use redspec_codec::Reserved;
use redspec_codec::slow::lacp::PortInformation;
use redspec_codec::slow::marker::{Marker, MarkerKind};

use super::{Seen, answered, ask, last_lacpdu, response, seen};
use crate::bed::Capability;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{FAST_PLUS, MARKER, R};
use crate::suite::lacp::{LacpTest, P1, P2, UP, lacpdu, test};

/// A device whose profile says that it has no Responder fails one test, and is not asked for details.
const RESPONDER: &str = "marker.responder";
/// So long a Marker that need not be answered is watched.
const WATCH: Duration = Duration::from_secs(5);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![answers(), once(), same_port(), idle_port(), nothing_changes(), quiet(), flood()];
    tests.extend(
        [("zero", 0), ("one", 1), ("sign-bit-clear", u32::MAX >> 1), ("all-ones", u32::MAX)].map(transaction),
    );
    tests.extend(FORMAT.iter().map(format));
    tests.extend([address("destination", |seen| seen.destination), address("source", |seen| seen.source)]);
    tests.push(no_answer_to_response());
    tests.extend([
        tolerance("reserved-not-validated.pad", "K-03", "Pad not zero", |marker| {
            marker.pad = Reserved([0xff; 2]);
        }),
        tolerance("reserved-not-validated.reserved", "K-03", "Reserved not zero", |marker| {
            marker.reserved = Reserved([0xff; 90]);
        }),
        tolerance("version-not-validated.zero", "K-05", "version 0", |marker| marker.version = 0),
        tolerance("version-not-validated.two", "K-05", "version 2", |marker| marker.version = 2),
        tolerance("other-requester.port", "K-10", "another Requester_Port", |marker| {
            marker.requester_port ^= 1;
        }),
        tolerance("other-requester.system", "K-10", "another Requester_System", |marker| {
            marker.requester_system.0[5] ^= 1;
        }),
    ]);
    tests.extend(MALFORMED.iter().map(malformed));
    tests
}

/// A test of details of the Response.
fn detail(id: String, catalogue: &'static str, purpose: impl Into<String>) -> Test {
    test(id, catalogue, purpose).for_devices(RESPONDER, &["yes"])
}

/// K-01.
fn answers() -> Test {
    test("marker.responder.answers", "K-01", "A Marker that arrives on a port in use is answered.")
        .judges(&["marker.responder.answers"])
        .lacp(|t| {
            t.up()?;
            let marker = t.marker(P1);
            let mark = ask(t, P1, &marker, "")?;
            t.expect(&response(P1), mark, MARKER, "marker.responder.answers")?;
            Ok(())
        })
}

/// K-01.
fn once() -> Test {
    detail("marker.responder.once".to_owned(), "K-01", "A Marker gets one Response, and LACPDUs get none.")
        .judges(&["marker.responder.once"])
        .lacp(|t| {
            t.up()?;
            let start = t.mark();
            t.wait(WATCH)?;
            let marker = t.marker(P1);
            let mark = ask(t, P1, &marker, "")?;
            t.preamble(|t| t.expect(&response(P1), mark, MARKER, "marker.responder.answers"))?;
            one_response(t, start, t.now() - start.at.time + WATCH)
        })
}

/// One Response, for `duration` from `mark`.
fn one_response(t: &mut LacpTest<'_>, mark: Mark, duration: Duration) -> Result<(), Stop> {
    let all = t.all(&response(P1), mark, duration)?;
    let frame = all.last().map(|sighting| sighting.number);
    let found = format!("{} of them", all.len());
    t.judge(all.len() == 1, "one Marker Response", &found, frame, "marker.responder.once")
}

/// K-02.
fn transaction((variant, transaction): (&'static str, u32)) -> Test {
    detail(
        format!("marker.responder.transaction.{variant}"),
        "K-02",
        format!("The Response repeats Requester_Transaction_ID 0x{transaction:08x}, and comes once."),
    )
    .judges(&["marker.responder.transaction", "marker.responder.once"])
    .lacp(move |t| {
        t.up()?;
        let mut marker = t.marker(P1);
        marker.transaction_id = transaction;
        let mark = ask(t, P1, &marker, &format!(", transaction 0x{transaction:08x}"))?;
        let answer = t.preamble(|t| t.expect(&response(P1), mark, MARKER, "marker.responder.answers"))?;
        let found = seen(t, answer)?.marker().transaction_id;
        t.judge(
            found == transaction,
            "a Response with the Marker's transaction",
            &format!("0x{found:08x}"),
            Some(answer.number),
            "marker.responder.transaction",
        )?;
        one_response(t, mark, t.held_to(MARKER).to)
    })
}

/// A field of the Response: the test's name, the requirement, what is expected, and whether it is so.
type Field = (&'static str, &'static str, &'static str, fn(&Marker, &Seen) -> bool);

/// K-01.
const FORMAT: &[Field] = &[
    (
        "marker.responder.requester.port",
        "marker.responder.requester",
        "Requester_Port of the Marker",
        |asked, seen| seen.marker().requester_port == asked.requester_port,
    ),
    (
        "marker.responder.requester.system",
        "marker.responder.requester",
        "Requester_System of the Marker",
        |asked, seen| seen.marker().requester_system == asked.requester_system,
    ),
    (
        "marker.responder.transaction",
        "marker.responder.transaction",
        "Requester_Transaction_ID of the Marker",
        |asked, seen| seen.marker().transaction_id == asked.transaction_id,
    ),
    ("marker.responder.version", "marker.responder.version", "Version Number 1", |_, seen| {
        seen.marker().version == 1
    }),
    ("marker.responder.length", "marker.responder.length", "110 octets", |_, seen| {
        seen.payload.len() == Marker::LEN
    }),
    ("marker.responder.tlv-type", "marker.pdu.tlv-type", "TLV 2, and a Terminator behind it", |_, seen| {
        seen.marker().kind == MarkerKind::RESPONSE && seen.marker().terminator_tlv_type == 0
    }),
    (
        "marker.responder.tlv-length",
        "marker.pdu.tlv-length",
        "TLV length 16, Terminator length 0",
        |asked, seen| {
            let marker = seen.marker();
            (marker.information_length, marker.terminator_length) == (asked.information_length, 0)
        },
    ),
];

fn format((id, requirement, expected, holds): &'static Field) -> Test {
    detail((*id).to_owned(), "K-01", format!("A Response has this: {expected}.")).judges(&[requirement]).lacp(
        move |t| {
            let (asked, answer) = answered(t)?;
            let seen = seen(t, answer)?;
            let octets = seen.payload.len();
            let found = format!("{} in {octets} octets", seen.marker());
            let expected = format!("a Response with {expected}");
            t.judge(holds(&asked, &seen), &expected, &found, Some(seen.number), requirement)
        },
    )
}

/// K-01.
fn address(which: &'static str, of: fn(&Seen) -> redspec_codec::MacAddress) -> Test {
    let requirement = match which {
        "destination" => "marker.responder.destination",
        _ => "marker.responder.source",
    };
    detail(
        requirement.to_owned(),
        "K-01",
        format!("The {which} address of a Response is that of the port's LACPDUs."),
    )
    .judges(&[requirement])
    .lacp(move |t| {
        let (_, answer) = answered(t)?;
        let (expected, found) = (of(&last_lacpdu(t, P1)?), of(&seen(t, answer)?));
        let group = found.0[0] & 1 == 1;
        let met = found == expected && group == (which == "destination");
        let expected = format!("the {which} address {expected} of the port's LACPDUs");
        t.judge(met, &expected, &found.to_string(), Some(answer.number), requirement)
    })
}

/// K-04.
fn no_answer_to_response() -> Test {
    test(
        "marker.responder.no-answer-to-response",
        "K-04",
        "A Marker Response is never answered: two devices would answer each other for ever.",
    )
    .judges(&["marker.responder.no-answer-to-response"])
    .lacp(|t| {
        t.up()?;
        // Before it answered anything, and behind an answer.
        for answered in [false, true] {
            if answered {
                let marker = t.marker(P1);
                let mark = ask(t, P1, &marker, "")?;
                t.look(&response(P1), mark, MARKER.lenient.to)?;
            }
            let marker = t.marker(P1).response();
            let mark = ask(t, P1, &marker, " Response")?;
            t.never(&response(P1), mark, WATCH, "marker.responder.no-answer-to-response")?;
        }
        Ok(())
    })
}

/// Everything in the Response that the Marker had, or what it has instead.
fn copied(asked: &Marker, answer: &Marker) -> bool {
    (answer.requester_port, answer.requester_system, answer.transaction_id)
        == (asked.requester_port, asked.requester_system, asked.transaction_id)
}

/// Says what became of octets that a responder may copy or clear.
fn kept<const N: usize>(asked: &Reserved<N>, answer: &Reserved<N>) -> &'static str {
    if answer == asked {
        "copied"
    } else if *answer == Reserved::ZERO {
        "zero"
    } else {
        "neither copied nor zero"
    }
}

/// K-03, K-05, K-10: what no confirmed text tells a responder to accept or to drop.
fn tolerance(variant: &str, catalogue: &'static str, what: &'static str, change: fn(&mut Marker)) -> Test {
    let requirement = match catalogue {
        "K-03" => "marker.responder.reserved-not-validated",
        "K-05" => "marker.responder.version-not-validated",
        _ => "marker.responder.other-requester",
    };
    let judges: &[&'static str] = match catalogue {
        "K-03" => &["marker.responder.reserved-not-validated", "marker.response.reserved"],
        "K-05" => &["marker.responder.version-not-validated", "marker.response.version"],
        _ => &["marker.responder.other-requester"],
    };
    detail(
        format!("marker.responder.{variant}"),
        catalogue,
        format!("Whether a Marker with {what} is answered, and how."),
    )
    .judges(judges)
    .lacp(move |t| {
        t.up()?;
        let mut marker = t.marker(P1);
        change(&mut marker);
        let mark = ask(t, P1, &marker, &format!(", {what}"))?;
        let Some(answer) = t.look(&response(P1), mark, WATCH)? else {
            t.note(format!("a Marker with {what} is dropped"), None, requirement);
            return Ok(());
        };
        let seen = seen(t, answer)?.marker();
        let how = if copied(&marker, &seen) { "with its requester" } else { "with another requester" };
        t.note(format!("a Marker with {what} is answered, {how}"), Some(answer.number), requirement);
        match catalogue {
            "K-03" => {
                let (pad, reserved) = (kept(&marker.pad, &seen.pad), kept(&marker.reserved, &seen.reserved));
                let text = format!("Pad of the Response is {pad}, Reserved {reserved}");
                t.note(text, Some(answer.number), "marker.response.reserved");
            }
            "K-05" => {
                let text = format!("Version Number of the Response is {}", seen.version);
                t.note(text, Some(answer.number), "marker.response.version");
            }
            _ => {}
        }
        Ok(())
    })
}

/// What is done to a Marker's octets, and its name in the test's and in words.
type Damage = (&'static str, &'static str, fn(&mut Vec<u8>));

/// K-06.
const MALFORMED: &[Damage] = &[
    ("length-0", "length 0", |octets| octets[LENGTH_AT] = 0),
    ("length-15", "length 15", |octets| octets[LENGTH_AT] = 15),
    ("length-17", "length 17", |octets| octets[LENGTH_AT] = 17),
    ("tlv-type-55", "TLV type 0x55", |octets| octets[LENGTH_AT - 1] = 0x55),
    ("cut-to-20", "20 octets", |octets| octets.truncate(20)),
    ("cut-to-46", "46 octets", |octets| octets.truncate(46)),
    ("long-128", "128 octets", |octets| octets.resize(128, 0)),
    ("long-1500", "1500 octets", |octets| octets.resize(1500, 0xa5)),
];

/// Where a Marker has Marker_Information_Length.
const LENGTH_AT: usize = 3;

/// K-06.
fn malformed((variant, what, damage): &'static Damage) -> Test {
    test(
        format!("marker.responder.malformed.{variant}"),
        "K-06",
        format!("A Marker with {what} is answered or dropped, and does no harm."),
    )
    .judges(&[
        "marker.responder.malformed",
        "marker.responder.nothing-invented",
        "marker.responder.lacp-untouched",
        "lacp.robust.answers-after-malformed",
    ])
    .lacp(move |t| {
        t.up()?;
        let marker = t.marker(P1);
        let mut octets = marker.to_octets().to_vec();
        damage(&mut octets);
        t.step(format!("T on {P1} sends a Marker with {what}"));
        let mark = t.send_slow(P1, &octets)?;
        match t.look(&response(P1), mark, SHORT_TIMEOUT_TIME)? {
            None => t.note(format!("a Marker with {what} is dropped"), None, "marker.responder.malformed"),
            Some(answer) => {
                let text = format!("a Marker with {what} is answered");
                t.note(text, Some(answer.number), "marker.responder.malformed");
                let seen = seen(t, answer)?.marker();
                let (met, found) = (copied(&marker, &seen), seen.to_string());
                let expected = "a Response with what the Marker carried";
                let requirement = "marker.responder.nothing-invented";
                t.judge(met, expected, &found, Some(answer.number), requirement)?;
            }
        }
        t.rhythm(P1, mark, SHORT_TIMEOUT_TIME, FAST_PLUS, "marker.responder.lacp-untouched")?;
        let up = lacpdu(P1).actor_has(UP);
        t.always(&up, mark, SHORT_TIMEOUT_TIME, 1, "marker.responder.lacp-untouched")?;
        let mark = t.change(P1, "Key changed, partner zero once", |partner| {
            partner.actor.key ^= 1;
            partner.view = Some(PortInformation::default());
        })?;
        t.partner(P1).view = None;
        let shown = lacpdu(P1).partner_is(t.tester(P1));
        t.expect(&shown, mark, R, "lacp.robust.answers-after-malformed")?;
        Ok(())
    })
}

/// Markers at that rate; LACP goes on as if there were none.
fn nothing_changes() -> Test {
    test(
        "marker.responder.lacp-untouched",
        "-",
        "A port in use that gets a Marker every second goes on as if it got none.",
    )
    .judges(&["marker.responder.lacp-untouched"])
    .lacp(|t| {
        t.up()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        let start = t.mark();
        for _ in 0..10 {
            let marker = t.marker(P1);
            let next = ask(t, P1, &marker, "")?.at.time + FAST_PERIODIC_TIME;
            t.wait_until(next)?;
        }
        let time = FAST_PERIODIC_TIME * 10;
        t.rhythm(P1, start, time, FAST_PLUS, "marker.responder.lacp-untouched")?;
        t.always(&lacpdu(P1).actor_has(UP), start, time, 1, "marker.responder.lacp-untouched")
    })
}

/// Not in the catalogue: a Marker gives no reason to send a LACPDU.
fn quiet() -> Test {
    test(
        "marker.responder.lacp-untouched.no-lacpdu",
        "-",
        "A Marker on a port that has no reason to send a LACPDU gives it none.",
    )
    .judges(&["marker.responder.lacp-untouched"])
    .lacp(|t| {
        t.up()?;
        t.ask_long(P1)?;
        t.wait(WATCH)?;
        let marker = t.marker(P1);
        let mark = ask(t, P1, &marker, "")?;
        t.never(&lacpdu(P1), mark, WATCH, "marker.responder.lacp-untouched")
    })
}

/// K-07.
fn flood() -> Test {
    test(
        "marker.responder.rate",
        "K-07",
        "How many of 50 Markers in a second are answered, and whether LACP goes on.",
    )
    .judges(&["marker.responder.rate", "marker.responder.flood-lacp-undisturbed"])
    .lacp(|t| {
        t.up()?;
        let start = t.mark();
        let times: u32 = 50;
        t.step(format!("T on {P1} sends {times} Markers in a second"));
        for number in 0..times {
            t.wait_until(start.at.time + FAST_PERIODIC_TIME * number / times)?;
            let marker = t.marker(P1);
            t.send_slow(P1, &marker.to_octets())?;
        }
        let watch = FAST_PERIODIC_TIME * 10;
        let answers = t.all(&response(P1), start, watch)?;
        let end = start.at.time + FAST_PERIODIC_TIME;
        let in_time = answers.iter().filter(|answer| answer.at.time < end).count();
        let text = format!(
            "{} of {times} Markers in a second are answered, {in_time} in that second",
            answers.len()
        );
        t.note(text, answers.last().map(|answer| answer.number), "marker.responder.rate");
        let requirement = "marker.responder.flood-lacp-undisturbed";
        t.rhythm(P1, start, watch, FAST_PLUS, requirement)?;
        t.always(&lacpdu(P1).actor_has(UP), start, watch, 1, requirement)
    })
}

/// K-08.
fn same_port() -> Test {
    detail(
        "marker.responder.same-port".to_owned(),
        "K-08",
        "The Response leaves through the port where the Marker arrived, and through no other.",
    )
    .judges(&["marker.responder.same-port"])
    .ports(2)
    .lacp(|t| {
        t.up()?;
        for (port, other) in [(P1, P2), (P2, P1)] {
            let marker = t.marker(port);
            let mark = ask(t, port, &marker, "")?;
            t.never(&response(other), mark, WATCH, "marker.responder.same-port")?;
            t.expect(&response(port), mark, MARKER, "marker.responder.same-port")?;
        }
        Ok(())
    })
}

/// K-08.
fn idle_port() -> Test {
    test("marker.responder.idle-port", "K-08", "Whether a Marker is answered on a port that has no partner.")
        .judges(&["marker.responder.idle-port"])
        .with("lacp.activity", "active")
        .needs(Capability::Fresh)
        .lacp(|t| {
            t.defaulted(P1)?;
            let marker = t.marker(P1);
            let mark = ask(t, P1, &marker, "")?;
            let answer = t.look(&response(P1), mark, WATCH)?;
            let how = if answer.is_some() { "answered" } else { "not answered" };
            let state = t.own(P1)?.state;
            let text = format!("a Marker on a port that shows {state} is {how}");
            t.note(text, answer.map(|answer| answer.number), "marker.responder.idle-port");
            Ok(())
        })
}
