//! Group B: which frames are taken for LACPDUs, and what odd ones do.

use std::time::Duration;

use redspec_codec::frame::{Builder, Ethernet, SLOW_PROTOCOLS, VlanTag};
use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, PortInformation, State, TlvType, rules};
use redspec_codec::slow::lacp_tlv::{PortAlgorithm, PortConversationIdDigest, Tlv};
use redspec_codec::{MacAddress, RawTlv, Reserved, Rule};

use super::pattern::same;
use super::{LacpTest, P1, UP, lacpdu, lacpdu_frame, marker_response, test};
use crate::bed::Capability;
use crate::reference::lacp::configuration::SLOW_PROTOCOLS_MULTICAST;
use crate::scenario::random::Random;
use crate::scenario::{Mark, Sighting, Stop, Test};
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{FAST_PLUS, R, RECOVERY, TO3, most_in_a_second};
use crate::spec::{Edition, Editions};

/// Between LACPDUs that have to keep a port with short timeout alive.
const REFRESH: Duration = Duration::from_millis(900);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        reserved_not_validated(),
        terminator_length(),
        version_2_by_version_2(),
        version_2_by_version_1(),
        long_version_2(),
        retry_count(),
        all_illegal_subtypes(),
        unicast(),
        priority_tagged(),
        snap(),
        flood(),
    ];
    tests.extend(versions());
    tests.extend(tlv_types());
    tests.extend(tlv_lengths());
    tests.extend(cut_short());
    tests.extend(too_long());
    tests.extend(subtypes());
    tests.extend(counters());
    tests.extend(foreign_destinations());
    tests.extend(alternative_destinations());
    tests.extend(tagged());
    tests.extend(zeros());
    tests
}

/// A test of a port in use that asks for short timeout, so that it soon shows what it does not hear.
fn in_use(id: impl Into<String>, catalogue: &'static str, purpose: impl Into<String>) -> Test {
    test(id, catalogue, purpose).with("lacp.timeout", "short")
}

/// A partner that differs from T, from D and from any administrative partner in every field.
fn stranger(t: &LacpTest<'_>) -> PortInformation {
    let tester = t.tester(P1);
    let mut system = tester.system;
    system.0[1] ^= 0xff;
    PortInformation {
        system_priority: tester.system_priority ^ 0x0f0f,
        system,
        key: tester.key ^ 0x3030,
        port_priority: tester.port_priority ^ 0x0f0f,
        port: tester.port ^ 0x3030,
        state: tester.state,
    }
}

/// A good LACPDU with news in it, and the news: the answer shows whether D has processed it.
fn answered(t: &mut LacpTest<'_>, requirement: &'static str) -> Result<(), Stop> {
    t.quiet()?;
    t.step("T sends a good LACPDU whose Defaulted bit is new");
    let partner = t.partner(P1);
    partner.actor.state.0 ^= State::DEFAULTED.0;
    let expected = partner.actor;
    let mut pdu = partner.pdu();
    pdu.partner.key ^= 1;
    let mark = t.send_pdu(P1, &pdu)?;
    let news =
        lacpdu(P1).partner_is(expected).that(format!("partner state {}", expected.state), move |pdu| {
            (pdu.partner.state.0 ^ expected.state.0) & State::DEFAULTED.0 == 0
        });
    t.expect(&news, mark, R, requirement)?;
    Ok(())
}

/// For twice the timeout T sends nothing but frames that `make` gives it instead of its LACPDUs: the port stays in use, and
/// repeats a bit that is new in them.
fn accepted(
    t: &mut LacpTest<'_>,
    requirement: &'static str,
    make: impl Fn(&LacpTest<'_>, &Lacpdu) -> Vec<u8>,
) -> Result<(), Stop> {
    t.partner(P1).stop();
    t.step("T sends nothing else, and after half of the time with Defaulted = 1");
    let start = t.mark();
    let half = start.at.time + SHORT_TIMEOUT_TIME;
    let end = half + SHORT_TIMEOUT_TIME;
    let mut changed = start;
    while t.now() < end {
        let first = t.now() >= half && !t.tester(P1).state.has(State::DEFAULTED);
        if first {
            let state = t.tester(P1).state.with(State::DEFAULTED);
            t.partner(P1).actor.state = state;
        }
        let pdu = t.partner(P1).pdu();
        let message = make(t, &pdu);
        let sent = t.send_slow(P1, &message)?;
        if first {
            changed = sent;
        }
        let next = t.now() + REFRESH;
        t.wait_until(next)?;
    }
    let so_far = t.now() - start.at.time;
    t.never(&lacpdu(P1).actor_has(State::EXPIRED), start, so_far, requirement)?;
    t.always(&lacpdu(P1).actor_has(UP), start, so_far, 3, requirement)?;
    t.expect(&lacpdu(P1).partner_has(State::DEFAULTED), changed, FAST_PLUS, "lacp.record.state-bits")?;
    Ok(())
}

/// B-01.
fn versions() -> impl Iterator<Item = Test> {
    [0, 2, 3, 0xf1, 0xff].into_iter().map(|version| {
        in_use(
            format!("lacp.rx.version-not-validated.{version}"),
            "B-01",
            format!(
                "LACPDUs with Version Number {version} and the fields of version 1 are processed as ever."
            ),
        )
        .judges(&["lacp.rx.version-not-validated", "lacp.record.state-bits"])
        .lacp(move |t| {
            t.up()?;
            t.step(format!("T's LACPDUs have Version Number {version}"));
            accepted(t, "lacp.rx.version-not-validated", |_, pdu| {
                Lacpdu { version, ..*pdu }.to_octets().to_vec()
            })
        })
    })
}

/// B-02.
fn tlv_types() -> impl Iterator<Item = Test> {
    type Change = fn(&mut Lacpdu);
    let changes: [(&str, Change); 4] = [
        ("actor", |pdu| pdu.actor_tlv_type = TlvType(0x55)),
        ("partner", |pdu| pdu.partner_tlv_type = TlvType(0x66)),
        ("collector", |pdu| pdu.collector_tlv_type = TlvType(0x77)),
        ("terminator", |pdu| pdu.terminator_tlv_type = TlvType(0x88)),
    ];
    changes.into_iter().map(|(name, change)| {
        in_use(
            format!("lacp.rx.tlv-type-not-validated.{name}"),
            "B-02",
            format!("LACPDUs with another type of {name} TLV are processed as ever."),
        )
        .judges(&["lacp.rx.tlv-type-not-validated", "lacp.record.state-bits"])
        .lacp(move |t| {
            t.up()?;
            t.step(format!("T's LACPDUs have another TLV_type of the {name} TLV"));
            accepted(t, "lacp.rx.tlv-type-not-validated", |_, pdu| {
                let mut pdu = *pdu;
                change(&mut pdu);
                pdu.to_octets().to_vec()
            })
        })
    })
}

/// B-03.
fn reserved_not_validated() -> Test {
    in_use(
        "lacp.rx.reserved-not-validated",
        "B-03",
        "LACPDUs with all Reserved octets 255 are processed as ever, and do not come back in what the device sends.",
    )
    .judges(&["lacp.rx.reserved-not-validated", "lacp.record.state-bits", "lacp.pdu.reserved"])
    .lacp(|t| {
        const ZEROS: &[&Rule] = &[&rules::RESERVED];
        t.up()?;
        t.step("T's LACPDUs have all Reserved octets 255");
        let start = t.mark();
        accepted(t, "lacp.rx.reserved-not-validated", |_, pdu| {
            let mut pdu = *pdu;
            pdu.actor_reserved = Reserved([0xff; 3]);
            pdu.partner_reserved = Reserved([0xff; 3]);
            pdu.collector_reserved = Reserved([0xff; 12]);
            pdu.reserved = Reserved([0xff; 50]);
            pdu.to_octets().to_vec()
        })?;
        let so_far = t.now() - start.at.time;
        t.always(&lacpdu_frame(P1).keeps(ZEROS), start, so_far, 3, "lacp.pdu.reserved")
    })
}

/// What D made of odd LACPDUs that were a stranger's.
struct Odd {
    start: Mark,
    until: Duration,
    old: PortInformation,
    new: PortInformation,
}

/// T sends three odd frames that carry `new` as their actor, and nothing else.
fn send_odd(t: &mut LacpTest<'_>, new: PortInformation, frame: &[u8]) -> Result<Odd, Stop> {
    t.quiet()?;
    t.partner(P1).stop();
    t.send(P1)?;
    let old = t.tester(P1);
    let start = t.mark();
    for _ in 0..3 {
        let next = t.now() + Duration::from_millis(600);
        t.wait_until(next)?;
        t.send_frame(P1, frame)?;
    }
    let next = t.now() + FAST_PERIODIC_TIME * 2;
    t.wait_until(next)?;
    Ok(Odd { start, until: t.now() - start.at.time, old, new })
}

impl Odd {
    /// The partner that D shows is the old one or the new one.
    fn whole(&self, t: &mut LacpTest<'_>, requirement: &'static str) -> Result<(), Stop> {
        let (old, new) = (self.old, self.new);
        let either = lacpdu(P1).that("the partner as before, or as in the odd LACPDU", move |pdu| {
            same(&pdu.partner, &old) || same(&pdu.partner, &new)
        });
        t.always(&either, self.start, self.until, 1, requirement)
    }

    /// No field of the partner that D shows is anything but the old one or the new one.
    fn nothing_foreign(&self, t: &mut LacpTest<'_>, requirement: &'static str) -> Result<(), Stop> {
        let known = [self.old, self.new];
        let nothing = lacpdu(P1).that("nothing as partner that no frame carried", move |pdu| {
            let has = |field: &dyn Fn(&PortInformation) -> u64| {
                known.iter().any(|known| field(known) == field(&pdu.partner))
            };
            has(&|end| u64::from(end.system_priority))
                && has(&|end| number(end.system))
                && has(&|end| u64::from(end.key))
                && has(&|end| u64::from(end.port_priority))
                && has(&|end| u64::from(end.port))
        });
        t.always(&nothing, self.start, self.until, 1, requirement)
    }

    /// Records whether D took the odd frames.
    fn note(&self, t: &mut LacpTest<'_>, requirement: &'static str) -> Result<(), Stop> {
        let taken = t.look(&lacpdu(P1).partner_is(self.new), self.start, self.until)?;
        let text = if taken.is_some() { "the odd LACPDU was accepted" } else { "the odd LACPDU was dropped" };
        t.note(text, taken.map(|sighting| sighting.number), requirement);
        Ok(())
    }
}

fn number(mac: MacAddress) -> u64 {
    mac.0.iter().fold(0, |number, octet| number << 8 | u64::from(*octet))
}

/// B-04.
fn tlv_lengths() -> impl Iterator<Item = Test> {
    type Change = fn(&mut Lacpdu, u8);
    let changes: [(&str, Change); 3] = [
        ("actor", |pdu, length| pdu.actor_information_length = length),
        ("partner", |pdu, length| pdu.partner_information_length = length),
        ("collector", |pdu, length| pdu.collector_information_length = length),
    ];
    changes.into_iter().flat_map(|(name, change)| {
        [0, 1, 19, 21, 255].into_iter().map(move |length| {
            in_use(
                format!("lacp.robust.wrong-length.{name}-{length}"),
                "B-04",
                format!("A LACPDU whose {name} TLV has length {length} is accepted or dropped, and no harm is done."),
            )
            .judges(&[
                "lacp.rx.length-validation",
                "lacp.robust.wrong-length-partner-intact",
                "lacp.robust.answers-after-malformed",
            ])
            .lacp(move |t| {
                t.up()?;
                let new = stranger(t);
                let mut pdu = Lacpdu { actor: new, ..t.partner(P1).pdu() };
                change(&mut pdu, length);
                t.step(format!("T sends 3 LACPDUs of another system with length {length} in the {name} TLV"));
                let frame = t.partner(P1).frame(&pdu.to_octets());
                let odd = send_odd(t, new, &frame)?;
                odd.whole(t, "lacp.robust.wrong-length-partner-intact")?;
                odd.note(t, "lacp.rx.length-validation")?;
                answered(t, "lacp.robust.answers-after-malformed")
            })
        })
    })
}

/// B-05.
fn terminator_length() -> Test {
    in_use(
        "lacp.rx.terminator-length-validation",
        "B-05",
        "A LACPDU with Terminator_Length 6, as a version 2 LACPDU has there, is accepted or dropped.",
    )
    .judges(&["lacp.rx.terminator-length-validation", "lacp.robust.answers-after-malformed"])
    .lacp(|t| {
        t.up()?;
        let new = stranger(t);
        let pdu = Lacpdu { actor: new, terminator_length: 6, ..t.partner(P1).pdu() };
        t.step("T sends 3 LACPDUs of another system with Terminator_Length 6");
        let frame = t.partner(P1).frame(&pdu.to_octets());
        let odd = send_odd(t, new, &frame)?;
        odd.note(t, "lacp.rx.terminator-length-validation")?;
        answered(t, "lacp.robust.answers-after-malformed")
    })
}

/// B-06 and B-07.
fn cut_short() -> impl Iterator<Item = Test> {
    [1, 2, 10, 20, 46, 58, 109].into_iter().map(|length| {
        in_use(
            format!("lacp.robust.truncated-pdu.{length}"),
            if length == 46 { "B-06" } else { "B-07" },
            format!("A LACPDU that is cut to {length} octets is read as it is, or dropped; nothing is made up."),
        )
        .judges(&[
            "lacp.robust.truncated-pdu",
            "lacp.robust.truncated-partner-whole",
            "lacp.robust.truncated-no-foreign-octets",
            "lacp.robust.answers-after-malformed",
        ])
        .problems(
            "A network interface may pad short frames with zeros, so zeros behind the cut are as good as nothing.",
        )
        .lacp(move |t| {
            t.up()?;
            let pdu = Lacpdu { actor: stranger(t), ..t.partner(P1).pdu() };
            let mut padded = pdu.to_octets();
            padded[length..].fill(0);
            let new = Lacpdu::from_octets(&padded).actor;
            let mut frame = t.partner(P1).frame(&pdu.to_octets());
            frame.truncate(frame.len() - Lacpdu::LEN + length);
            // What a device that reads on would find in its buffer: a frame that is not LACP's business.
            let mut decoy = Lacpdu { partner: pdu.partner, ..pdu };
            decoy.actor.system.0[2] ^= 0xff;
            decoy.actor.key ^= 0x0c0c;
            decoy.actor.port ^= 0x0c0c;
            decoy.actor.port_priority ^= 0x6060;
            decoy.actor.system_priority ^= 0x6060;
            let mut decoy = t.partner(P1).frame(&decoy.to_octets());
            decoy[12..14].copy_from_slice(&[0x88, 0xb5]);
            decoy[..6].fill(0xff);
            t.step("T sends a data frame that looks like a LACPDU of a third system behind its Ethertype");
            t.send_frame(P1, &decoy)?;
            t.step(format!("T sends 3 LACPDUs of another system, cut to {length} octets"));
            let odd = send_odd(t, new, &frame)?;
            odd.nothing_foreign(t, "lacp.robust.truncated-no-foreign-octets")?;
            odd.whole(t, "lacp.robust.truncated-partner-whole")?;
            odd.note(t, "lacp.robust.truncated-pdu")?;
            answered(t, "lacp.robust.answers-after-malformed")
        })
    })
}

/// What stands behind a LACPDU that is too long.
#[derive(Clone, Copy)]
enum Trailer {
    Zeros,
    /// H3C's multi-active detection: TLV 0x64.
    Mad,
    Random,
}

impl Trailer {
    fn octets(self, length: usize, random: &mut Random) -> Vec<u8> {
        let mut octets = vec![0; length];
        match self {
            Self::Zeros => {}
            Self::Mad => {
                octets[0] = 0x64;
                octets[1] = 16;
                fill(&mut octets[2..16], random);
            }
            Self::Random => fill(&mut octets, random),
        }
        octets
    }
}

fn fill(octets: &mut [u8], random: &mut Random) {
    for octet in octets {
        *octet = random.octet();
    }
}

/// B-08.
fn too_long() -> impl Iterator<Item = Test> {
    let trailers = [("zeros", Trailer::Zeros), ("mad", Trailer::Mad), ("random", Trailer::Random)];
    trailers.into_iter().flat_map(|(name, trailer)| {
        [128, 200, 1500].into_iter().map(move |length| {
            in_use(
                format!("lacp.robust.long-version-1-pdu.{name}-{length}"),
                "B-08",
                format!("A version 1 LACPDU with octets ({name}) up to {length} is accepted or dropped as a whole."),
            )
            .judges(&[
                "lacp.robust.long-version-1-pdu",
                "lacp.robust.long-pdu-partner-intact",
                "lacp.robust.mad-trailer",
                "lacp.robust.answers-after-malformed",
            ])
            .lacp(move |t| {
                t.up()?;
                let new = stranger(t);
                let pdu = Lacpdu { actor: new, ..t.partner(P1).pdu() };
                let mut message = pdu.to_octets().to_vec();
                message.extend(trailer.octets(length - Lacpdu::LEN, &mut t.run.random));
                t.step(format!("T sends 3 LACPDUs of another system, {length} octets long ({name})"));
                let frame = t.partner(P1).frame(&message);
                let odd = send_odd(t, new, &frame)?;
                odd.whole(t, "lacp.robust.long-pdu-partner-intact")?;
                let is_mad = matches!(trailer, Trailer::Mad);
                odd.note(t, if is_mad { "lacp.robust.mad-trailer" } else { "lacp.robust.long-version-1-pdu" })?;
                answered(t, "lacp.robust.answers-after-malformed")
            })
        })
    })
}

fn with_tlvs(pdu: &Lacpdu, version: u8, tlvs: &[Tlv<'_>]) -> Vec<u8> {
    let mut message = vec![0; Lacpdu::len_with_tlvs(tlvs.iter().copied())];
    let pdu = Lacpdu { version, ..*pdu };
    let length = pdu.emit_with_tlvs(tlvs.iter().copied(), &mut message).unwrap_or(0);
    message.truncate(length);
    message
}

/// The TLVs that version 2 has in a LACPDU of 110 octets.
const SHORT_TLVS: [Tlv<'_>; 3] = [
    Tlv::PortAlgorithm(PortAlgorithm::C_VID),
    Tlv::PortConversationIdDigest(PortConversationIdDigest { link_number_id: 1, digest: [0x5a; 16] }),
    Tlv::ServiceMappingDigest(&[0xa5; 16]),
];

/// B-09, on a device that has version 2.
fn version_2_by_version_2() -> Test {
    in_use(
        "lacp.v2.accepted-by-version-2",
        "B-09",
        "A device of version 2 processes LACPDUs of version 2 with all their TLVs.",
    )
    .judges(&["lacp.v2.accepted-by-version-2", "lacp.record.state-bits"])
    .with("lacp.version", 2)
    .only(Editions::FROM_2014)
    .lacp(|t| {
        t.up()?;
        t.step("T's LACPDUs are of version 2, with TLVs 4, 5 and 10");
        accepted(t, "lacp.v2.accepted-by-version-2", |_, pdu| with_tlvs(pdu, 2, &SHORT_TLVS))
    })
}

/// T sends three odd LACPDUs of a stranger; it is recorded whether D takes them, and it has to go on.
fn recorded(
    t: &mut LacpTest<'_>,
    requirement: &'static str,
    message: impl Fn(&Lacpdu) -> Vec<u8>,
) -> Result<(), Stop> {
    let new = stranger(t);
    let pdu = Lacpdu { actor: new, ..t.partner(P1).pdu() };
    let frame = t.partner(P1).frame(&message(&pdu));
    let odd = send_odd(t, new, &frame)?;
    odd.note(t, requirement)?;
    answered(t, "lacp.robust.answers-after-malformed")
}

/// B-09, on a device that has version 1.
fn version_2_by_version_1() -> Test {
    in_use(
        "lacp.v2.accepted-by-version-1",
        "B-09",
        "A device of version 1 processes LACPDUs of version 2, or drops them for their Terminator_Length.",
    )
    .judges(&["lacp.v2.accepted-by-version-1", "lacp.robust.answers-after-malformed"])
    .for_devices("lacp.version", &["1"])
    .lacp(|t| {
        t.up()?;
        t.step("T sends 3 LACPDUs of version 2 of another system, with TLVs 4, 5 and 10");
        recorded(t, "lacp.v2.accepted-by-version-1", |pdu| with_tlvs(pdu, 2, &SHORT_TLVS))
    })
}

/// B-10.
fn long_version_2() -> Test {
    in_use(
        "lacp.v2.long-pdu",
        "B-10",
        "A long LACPDU of version 2 with four mask TLVs is processed or ignored, without harm.",
    )
    .judges(&["lacp.v2.long-pdu", "lacp.robust.answers-after-malformed"])
    .lacp(|t| {
        const MASK: [u8; 128] = [0xaa; 128];
        t.up()?;
        t.step("T sends 3 long LACPDUs of version 2 of another system, with mask TLVs 6 to 9");
        recorded(t, "lacp.v2.long-pdu", |pdu| {
            let mut tlvs = SHORT_TLVS[..2].to_vec();
            tlvs.push(Tlv::PortConversationMask1 { mask_state: 1, mask: &MASK });
            tlvs.extend((2..=4).map(|part| Tlv::PortConversationMask { part, mask: &MASK }));
            tlvs.push(SHORT_TLVS[2]);
            with_tlvs(pdu, 2, &tlvs)
        })
    })
}

/// B-11.
fn retry_count() -> Test {
    in_use(
        "lacp.robust.retry-count-extension",
        "B-11",
        "A LACPDU with SONiC's retry count, Version Number 241 and TLVs 128 and 129, is processed or dropped, without harm.",
    )
    .judges(&["lacp.robust.retry-count-extension", "lacp.robust.answers-after-malformed"])
    .lacp(|t| {
        t.up()?;
        t.step("T sends 3 LACPDUs of version 241 of another system, with TLVs 128 and 129");
        recorded(t, "lacp.robust.retry-count-extension", |pdu| {
            let tlv = |tlv_type| Tlv::Other(RawTlv { tlv_type, value: &[5, 0] });
            with_tlvs(pdu, 0xf1, &[tlv(0x80), tlv(0x81)])
        })
    })
}

/// `frame` is no LACPDU to D, though it carries one of a stranger: nothing is recorded, nothing is answered, and the
/// timeout goes on.
fn no_effect(t: &mut LacpTest<'_>, frame: &[u8], requirement: &'static str) -> Result<(), Stop> {
    const STIMULI: u32 = 3;
    let spacing = FAST_PERIODIC_TIME * 3 / 2;
    let tester = t.tester(P1);
    let mark = t.mark();
    t.step("T sends it 3 times, and its own LACPDUs as ever");
    for _ in 0..STIMULI {
        t.send_frame(P1, frame)?;
        let next = t.now() + spacing;
        t.wait_until(next)?;
    }
    let so_far = spacing * STIMULI;
    t.always(&lacpdu(P1).actor_has(UP).partner_is(tester), mark, so_far, 0, requirement)?;
    // T has long timeout: besides answers there is at most the periodic LACPDU.
    t.at_most(&lacpdu(P1), mark, so_far, 1, requirement)?;
    t.never(&marker_response(P1), mark, so_far, requirement)?;
    // A port that does not announce Expired shows it with its periodic LACPDUs, which then come every second.
    t.partner(P1).set(State::TIMEOUT);
    t.once(P1, "asks for short timeout, and for an answer", |pdu| {
        pdu.partner.state.0 ^= State::TIMEOUT.0;
    })?;
    let silence = t.silence(P1);
    t.step("T goes on sending it");
    let end = t.now() + SHORT_TIMEOUT_TIME * 2;
    while t.now() < end {
        t.send_frame(P1, frame)?;
        let next = t.now() + REFRESH;
        t.wait_until(next)?;
    }
    t.expect(&lacpdu(P1).actor_has(State::EXPIRED), silence, TO3, requirement)?;
    Ok(())
}

/// UP, and T asks for long timeout.
fn up_quietly(t: &mut LacpTest<'_>) -> Result<(), Stop> {
    t.up()?;
    t.ask_long_and_wait(P1)
}

/// A LACPDU of a stranger, which D would answer.
fn provocation(t: &mut LacpTest<'_>) -> Lacpdu {
    let mut pdu = Lacpdu { actor: stranger(t), ..t.partner(P1).pdu() };
    pdu.partner.key ^= 1;
    pdu
}

fn with_subtype(t: &mut LacpTest<'_>, subtype: u8) -> Vec<u8> {
    let pdu = Lacpdu { subtype: Subtype(subtype), ..provocation(t) };
    t.partner(P1).frame(&pdu.to_octets())
}

/// B-12.
fn subtypes() -> impl Iterator<Item = Test> {
    let subtypes = [0x00, 0x0b, 0x7f, 0xff].map(|subtype| ("lacp.encapsulation.illegal-subtype", subtype));
    let reserved = (4..=9).map(|subtype| ("lacp.encapsulation.reserved-subtype", subtype));
    let others =
        [Subtype::OAM.0, Subtype::OSSP.0].map(|subtype| ("lacp.encapsulation.other-slow-protocol", subtype));
    subtypes.into_iter().chain(reserved).chain(others).map(|(requirement, subtype)| {
        in_use(
            format!("{requirement}.{subtype:02x}"),
            "B-12",
            format!("What looks like a LACPDU behind subtype {subtype} has no effect on LACP."),
        )
        .judges(&[requirement])
        .lacp(move |t| {
            up_quietly(t)?;
            t.step(format!("a LACPDU of another system, but with subtype {subtype}"));
            let frame = with_subtype(t, subtype);
            no_effect(t, &frame, requirement)
        })
    })
}

/// B-12, every illegal subtype.
fn all_illegal_subtypes() -> Test {
    in_use(
        "lacp.encapsulation.illegal-subtype.all",
        "B-12",
        "What looks like a LACPDU behind any subtype from 11 to 255 has no effect on LACP.",
    )
    .judges(&["lacp.encapsulation.illegal-subtype"])
    .lacp(|t| {
        up_quietly(t)?;
        let tester = t.tester(P1);
        t.step("T sends LACPDUs of another system with each subtype from 11 to 255, and its own as ever");
        let mark = t.mark();
        for subtype in 0x0b..=0xff {
            let frame = with_subtype(t, subtype);
            t.send_frame(P1, &frame)?;
            let next = t.now() + FAST_PERIODIC_TIME / 3;
            t.wait_until(next)?;
        }
        let so_far = t.now() - mark.at.time;
        let untouched = lacpdu(P1).actor_has(UP).partner_is(tester);
        t.always(&untouched, mark, so_far, 0, "lacp.encapsulation.illegal-subtype")
    })
}

/// B-12, the counters.
fn counters() -> impl Iterator<Item = Test> {
    let counters = [
        ("illegal", "lacp.encapsulation.illegal-counter", 0x00),
        ("unknown", "lacp.encapsulation.unknown-counter", 0x07),
    ];
    counters.into_iter().map(|(name, requirement, subtype)| {
        in_use(
            requirement,
            "B-12",
            format!("A slow protocol frame of subtype {subtype} is counted as {name}."),
        )
        .judges(&[requirement])
        .needs(Capability::State)
        .only(Editions::ONLY_2014)
        .lacp(move |t| {
            let counter = format!("lacp.{name}_rx");
            up_quietly(t)?;
            let before = t.run.state(&counter, P1)?;
            t.step(format!("T sends a frame of subtype {subtype}"));
            let frame = with_subtype(t, subtype);
            t.send_frame(P1, &frame)?;
            t.quiet()?;
            let after = t.run.state(&counter, P1)?;
            let text = format!("{counter} went from {before} to {after}");
            t.judge(before != after, "the frame is counted", &text, None, requirement)
        })
    })
}

/// B-13.
fn foreign_destinations() -> impl Iterator<Item = Test> {
    let addresses = [
        ("broadcast", MacAddress([0xff; 6])),
        ("nearest-bridge", MacAddress([0x01, 0x80, 0xc2, 0, 0, 0x0e])),
    ];
    addresses.into_iter().map(|(name, address)| {
        in_use(
            format!("lacp.encapsulation.foreign-destination.{name}"),
            "B-13",
            format!("A LACPDU to {address} has no effect."),
        )
        .judges(&["lacp.encapsulation.foreign-destination"])
        .lacp(move |t| {
            up_quietly(t)?;
            t.step(format!("a LACPDU of another system to {address}"));
            let frame = to(t, address);
            no_effect(t, &frame, "lacp.encapsulation.foreign-destination")
        })
    })
}

fn to(t: &mut LacpTest<'_>, address: MacAddress) -> Vec<u8> {
    let pdu = provocation(t);
    let mut frame = t.partner(P1).frame(&pdu.to_octets());
    frame[..6].copy_from_slice(&address.0);
    frame
}

/// Records whether a frame that carries a stranger's LACPDU is taken for one. T says nothing meanwhile.
fn record_effect(t: &mut LacpTest<'_>, frame: &[u8], requirement: &'static str) -> Result<(), Stop> {
    let new = stranger(t);
    let odd = send_odd(t, new, frame)?;
    odd.note(t, requirement)?;
    answered(t, "lacp.robust.answers-after-malformed")
}

/// B-13, the port's own address.
fn unicast() -> Test {
    in_use(
        "lacp.encapsulation.unicast-destination",
        "B-13",
        "A LACPDU to the port's own address is accepted, or has no effect.",
    )
    .judges(&["lacp.encapsulation.unicast-destination", "lacp.robust.answers-after-malformed"])
    .lacp(|t| {
        up_quietly(t)?;
        let address = t.device_mac(P1)?;
        t.step("T sends 3 LACPDUs of another system to the address of D's port");
        let frame = to(t, address);
        record_effect(t, &frame, "lacp.encapsulation.unicast-destination")
    })
}

/// B-14.
fn alternative_destinations() -> impl Iterator<Item = Test> {
    const REQUIREMENT: &str = "lacp.encapsulation.alternative-destination";
    [("nearest-customer-bridge", 0), ("nearest-non-tpmr-bridge", 3)].into_iter().flat_map(|(name, last)| {
        let mut address = SLOW_PROTOCOLS_MULTICAST;
        address.0[5] = last;
        let elsewhere = in_use(
            format!("{REQUIREMENT}.{name}"),
            "B-14",
            format!("A LACPDU to {address} has no effect where that address is not configured."),
        )
        .judges(&[REQUIREMENT, "lacp.robust.answers-after-malformed"])
        .with("lacp.destination", SLOW_PROTOCOLS_MULTICAST)
        .only(Editions::FROM_2014)
        .lacp(move |t| {
            up_quietly(t)?;
            t.step(format!("T sends 3 LACPDUs of another system to {address}"));
            let frame = to(t, address);
            record_effect(t, &frame, REQUIREMENT)
        });
        let configured = in_use(
            format!("{REQUIREMENT}.{name}-configured"),
            "B-14",
            format!("LACPDUs to {address} are accepted where that address is configured."),
        )
        .judges(&[REQUIREMENT])
        .with("lacp.destination", address)
        .only(Editions::FROM_2014)
        .needs(Capability::Fresh)
        .lacp(move |t| {
            t.fresh()?;
            t.speak(P1);
            let mark = t.mark();
            let tester = t.tester(P1);
            t.step(format!("T's LACPDUs go to {address}"));
            t.expect(&lacpdu(P1).actor_has(UP).partner_is(tester), mark, RECOVERY, REQUIREMENT)?;
            Ok(())
        });
        [elsewhere, configured]
    })
}

/// A stranger's LACPDU behind VLAN tags.
fn behind_tags(t: &mut LacpTest<'_>, tags: &[VlanTag]) -> Result<Vec<u8>, Stop> {
    let message = provocation(t).to_octets();
    let source = t.partner(P1).mac;
    let ethernet = Ethernet {
        destination: t.partner(P1).destination,
        source,
        tags,
        ether_type: SLOW_PROTOCOLS,
        minimum_length: 60,
    };
    let builder = Builder { ethernet: Some(ethernet), ..Builder::slow(source) };
    let mut frame = vec![0; builder.headers_len() + message.len()];
    let written = builder.emit(&mut frame, |space| {
        space[..message.len()].copy_from_slice(&message);
        Ok(message.len())
    });
    written.map(|_| frame).map_err(|error| Stop::Error(error.to_string()))
}

/// B-15, with VLAN identifier 5.
fn tagged() -> impl Iterator<Item = Test> {
    let tags = [("c-tag", VlanTag::new(5)), ("s-tag", VlanTag { tpid: 0x88a8, ..VlanTag::new(5) })];
    tags.into_iter().map(|(name, tag)| {
        in_use(
            format!("lacp.encapsulation.tagged-frame.{name}"),
            "B-15",
            format!("A LACPDU behind a VLAN tag ({name}, VLAN identifier 5) has no effect."),
        )
        .judges(&["lacp.encapsulation.tagged-frame"])
        .problems("An interface that handles VLAN tags in hardware may hide the tag from the device.")
        .lacp(move |t| {
            up_quietly(t)?;
            t.step(format!("a LACPDU of another system behind a {name} with VLAN identifier 5"));
            let frame = behind_tags(t, &[tag])?;
            no_effect(t, &frame, "lacp.encapsulation.tagged-frame")
        })
    })
}

/// B-15, with VLAN identifier 0.
fn priority_tagged() -> Test {
    in_use(
        "lacp.encapsulation.priority-tagged-frame",
        "B-15",
        "A LACPDU behind a priority tag is accepted, or has no effect.",
    )
    .judges(&["lacp.encapsulation.priority-tagged-frame", "lacp.robust.answers-after-malformed"])
    .lacp(|t| {
        up_quietly(t)?;
        t.step("T sends 3 LACPDUs of another system behind a tag with VLAN identifier 0");
        let frame = behind_tags(t, &[VlanTag::new(0)])?;
        record_effect(t, &frame, "lacp.encapsulation.priority-tagged-frame")
    })
}

/// B-15, behind LLC and SNAP.
fn snap() -> Test {
    in_use(
        "lacp.encapsulation.snap-frame",
        "B-15",
        "A LACPDU behind a SNAP header is accepted, or has no effect.",
    )
    .judges(&["lacp.encapsulation.snap-frame", "lacp.robust.answers-after-malformed"])
    .lacp(|t| {
        up_quietly(t)?;
        t.step("T sends 3 LACPDUs of another system behind a SNAP header");
        let message = provocation(t).to_octets();
        let mut frame = t.partner(P1).frame(&message);
        // Length, LLC and organization code before the Ethertype.
        frame.splice(12..12, [0, 8 + 110, 0xaa, 0xaa, 3, 0, 0, 0]);
        record_effect(t, &frame, "lacp.encapsulation.snap-frame")
    })
}

/// B-16.
fn zeros() -> impl Iterator<Item = Test> {
    type Change = fn(&mut PortInformation);
    let changes: [(&str, &str, Change); 2] = [
        ("Actor_Port", "lacp.robust.port-zero", |actor| actor.port = 0),
        ("Actor_Key", "lacp.robust.key-zero", |actor| actor.key = 0),
    ];
    changes.into_iter().map(|(name, requirement, change)| {
        test(requirement, "B-16", format!("A LACPDU with {name} 0 is processed or dropped, without harm."))
            .judges(&[requirement, "lacp.robust.answers-after-malformed"])
            .needs(Capability::Fresh)
            .lacp(move |t| {
                t.fresh()?;
                t.wait(FAST_PERIODIC_TIME * 3 / 2)?;
                let mut odd = t.tester(P1);
                odd.state = odd.state.with(State::SYNCHRONIZATION);
                change(&mut odd);
                let mark = t.once(P1, &format!("{name} 0"), |pdu| pdu.actor = odd)?;
                let taken = t.look(&lacpdu(P1).partner_is(odd), mark, FAST_PERIODIC_TIME * 10)?;
                let text = if taken.is_some() { "it was accepted" } else { "it was dropped" };
                t.note(text, taken.map(|sighting| sighting.number), requirement);
                answered(t, "lacp.robust.answers-after-malformed")
            })
    })
}

/// B-17.
fn flood() -> Test {
    const FRAMES: usize = 100_000;
    /// Says how many in place of that.
    const SETTING: &str = "test.flood";
    /// In a hundredth of a second.
    const BURST: usize = 50;
    in_use(
        "lacp.robust.flood",
        "B-17",
        "100 000 random slow protocol frames in 20 s: the device keeps to the transmit limit, stays itself, and comes back.",
    )
    .judges(&[
        "lacp.robust.flood-recovery",
        "lacp.robust.flood-identity-kept",
        "lacp.tx.limit",
        "lacp.tx.limit-2020",
    ])
    .problems("A device whose interface cannot take 5000 frames a second drops some of them, which is no fault.")
    .lacp(|t| {
        t.up()?;
        let own = t.own(P1)?;
        let frames = t.run.settings().get(SETTING, FRAMES);
        let frames = frames.map_err(|error| Stop::Error(error.to_string()))?;
        t.step(format!("T sends {frames} random and mutated slow protocol frames, 5000 in a second"));
        let start = t.mark();
        for sent in 0..frames {
            let frame = hostile(t);
            t.send_frame(P1, &frame)?;
            if sent % BURST == BURST - 1 {
                let next = t.now() + Duration::from_millis(10);
                t.wait_until(next)?;
            }
        }
        t.step("T goes on as before the flood");
        t.speak(P1);
        let end = t.mark();
        let tester = t.tester(P1);
        let up = lacpdu(P1).actor_has(UP).partner_is(tester);
        let back = t.expect(&up, end, RECOVERY, "lacp.robust.flood-recovery")?;
        // What of the flood still waits in the device's queue it may work off first.
        t.wait_until(back.at.time + t.held_to(R).to)?;
        let worked_off = t.mark();
        t.always(&up, worked_off, FAST_PERIODIC_TIME * 15, 3, "lacp.robust.flood-recovery")?;
        let all = t.all(&lacpdu(P1), start, t.now() - start.at.time)?;
        // A limiter that counts anew each second is good enough here.
        let limit = most_in_a_second(t.edition(), false);
        let (most, frame) = most_in_any_second(&all);
        let new = t.edition() == Edition::Dot1Ax2020;
        let requirement = if new { "lacp.tx.limit-2020" } else { "lacp.tx.limit" };
        let text = format!("at most {limit} LACPDUs in any second");
        t.judge(most <= limit as usize, &text, &format!("{most}"), frame, requirement)?;
        let now = t.own(P1)?;
        let text = format!("the actor is {own}");
        t.judge(same(&own, &now), &text, &now.to_string(), None, "lacp.robust.flood-identity-kept")
    })
}

/// The most of them in any second, and the last of these.
fn most_in_any_second(sightings: &[Sighting]) -> (usize, Option<u64>) {
    let mut from = 0;
    let mut most = (0, None);
    for (at, sighting) in sightings.iter().enumerate() {
        while sighting.at.time - sightings[from].at.time >= FAST_PERIODIC_TIME {
            from += 1;
        }
        if at + 1 - from > most.0 {
            most = (at + 1 - from, Some(sighting.number));
        }
    }
    most
}

/// A slow protocol frame that no device should send.
fn hostile(t: &mut LacpTest<'_>) -> Vec<u8> {
    let good = t.partner(P1).pdu().to_octets();
    let mut message = good.to_vec();
    let random = &mut t.run.random;
    let place = |random: &mut Random, length: usize| {
        usize::try_from(random.below(length.try_into().unwrap_or(1))).unwrap_or(0)
    };
    match random.below(4) {
        // A LACPDU with some octets changed.
        0 => {
            for _ in 0..=random.below(7) {
                let at = place(random, message.len());
                message[at] = random.octet();
            }
        }
        // A LACPDU of any content.
        1 => fill(&mut message[1..], random),
        // A LACPDU that is cut or has octets behind it.
        2 => {
            let length = place(random, 200);
            message.resize_with(length.max(1), || random.octet());
        }
        // Anything.
        _ => {
            let length = 1 + place(random, 128);
            message.resize(length, 0);
            fill(&mut message, random);
        }
    }
    t.partner(P1).frame(&message)
}
