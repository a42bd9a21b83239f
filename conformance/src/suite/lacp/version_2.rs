//! Group N: version 2.

use std::time::Duration;

use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, State};
use redspec_codec::slow::lacp_tlv::{PortAlgorithm, PortConversationIdDigest, Tlv};

use super::{LacpTest, P1, UP, lacpdu, test};
use crate::bed::Capability;
use crate::event::Direction;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::tolerances::{NEXT, RECOVERY};
use crate::spec::{Edition, Editions};

/// Longer than a device with short timeout waits for LACPDUs.
const WATCH: Duration = Duration::from_secs(10);
/// Octets before the message in an untagged frame.
const MESSAGE_AT: usize = 14;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests =
        vec![works_with_version_1(), works_with_version_2(), format(), no_long_pdus_to_version_1()];
    tests.push(version_change());
    tests.extend([1, 2].map(version_configured));
    tests.extend(MISSING.iter().map(missing_tlvs));
    tests.extend(CHANGED.iter().map(changed_digest));
    tests
}

/// A test of a device that sends version 2.
fn version_2(id: impl Into<String>, row: &'static str, purpose: impl Into<String>) -> Test {
    test(id, row, purpose).only(Editions::FROM_2014).with("lacp.version", 2)
}

/// What T sends beyond version 1.
#[derive(Clone, Copy)]
struct Tlvs {
    algorithm: Option<PortAlgorithm>,
    link: Option<PortConversationIdDigest>,
    service: Option<[u8; 16]>,
}

const ALL_TLVS: Tlvs = Tlvs {
    algorithm: Some(PortAlgorithm::C_VID),
    link: Some(PortConversationIdDigest { link_number_id: 1, digest: [0x11; 16] }),
    service: Some([0x22; 16]),
};

impl Tlvs {
    fn octets(self) -> Vec<u8> {
        let mut octets = Vec::new();
        let tlvs = [
            self.algorithm.map(Tlv::PortAlgorithm),
            self.link.map(Tlv::PortConversationIdDigest),
            self.service.as_ref().map(Tlv::ServiceMappingDigest),
        ];
        for tlv in tlvs.into_iter().flatten() {
            let mut space = [0; 32];
            if let Ok(length) = tlv.emit(&mut space) {
                octets.extend(&space[..length]);
            }
        }
        octets
    }
}

/// T speaks in sync, and both ends get to use the link.
fn comes_up(t: &mut LacpTest<'_>, requirement: &'static str) -> Result<Mark, Stop> {
    t.fresh()?;
    t.listen()?;
    let start = t.introduce(P1, true)?;
    t.send(P1)?;
    let up = lacpdu(P1).partner_is(t.tester(P1)).actor_has(UP);
    t.expect(&up, start, RECOVERY, requirement)?;
    Ok(start)
}

/// The port stays UP on nothing but what T sends now, and takes up what T says.
fn goes_on(t: &mut LacpTest<'_>, from: Mark, requirement: &'static str) -> Result<(), Stop> {
    let up = lacpdu(P1).actor_has(UP).actor_lacks(State::EXPIRED);
    t.always(&up, from, WATCH, 3, requirement)?;
    let told = t.change(P1, "sets Defaulted", |partner| {
        partner.follows = false;
        partner.actor.state = partner.actor.state.with(State::DEFAULTED);
    })?;
    t.expect(&up.partner_has(State::DEFAULTED), told, NEXT, requirement)?;
    t.change(P1, "clears Defaulted", |partner| {
        partner.actor.state = partner.actor.state.without(State::DEFAULTED);
    })?;
    t.quiet()
}

/// N-01.
fn version_configured(version: u8) -> Test {
    let id = "lacp.v2.version-configured";
    let long = "lacp.v2.long-pdus-only-if-enabled";
    test(
        format!("{id}.{version}"),
        "N-01",
        format!("The device sends version {version}, as it is configured to."),
    )
    .judges(&[id, long])
    .only(Editions::FROM_2014)
    .with("lacp.version", version)
    .with("lacp.long_pdus", "no")
    .lacp(move |t| {
        t.up()?;
        let start = Mark { at: crate::time::Time::ZERO.into(), events: 0 };
        t.wait(WATCH)?;
        let time = t.now().since(start.at.time);
        let configured = lacpdu(P1).that(format!("version {version}"), move |pdu| {
            let terminator_there = pdu.terminator_tlv_type.0 == 0 && pdu.terminator_length == 0;
            pdu.version == version && (version > 1 || terminator_there)
        });
        t.always(&configured, start, time, 3, id)?;
        if t.edition() == Edition::Dot1Ax2014 {
            let found = sent(t, start).into_iter().find(|(_, message)| message.len() > Lacpdu::LEN);
            t.judge(found.is_none(), "no long LACPDU", "", found.map(|(number, _)| number), long)?;
        }
        Ok(())
    })
}

/// N-01.
fn works_with_version_1() -> Test {
    let id = "lacp.v2.interworks-with-version-1";
    version_2(
        id,
        "N-01",
        "The device sends version 2 and its partner version 1: the link comes up and stays so.",
    )
    .judges(&[id])
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh)
    .lacp(move |t| {
        comes_up(t, id)?;
        t.quiet()?;
        let up = t.mark();
        goes_on(t, up, id)
    })
}

/// Not in the catalogue, which changes only what an established partner sends.
fn works_with_version_2() -> Test {
    let id = "lacp.v2.accepted-by-version-2";
    version_2(
        "lacp.v2.interworks-with-version-2",
        "-",
        "The device and its partner send version 2: the link comes up and stays so.",
    )
    .judges(&[id])
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh)
    .lacp(move |t| {
        t.partner(P1).tlvs = ALL_TLVS.octets();
        comes_up(t, id)?;
        t.quiet()?;
        let up = t.mark();
        goes_on(t, up, id)
    })
}

/// The device's LACPDUs from `from` on: number of the frame, octets of the message.
fn sent(t: &LacpTest<'_>, from: Mark) -> Vec<(u64, Vec<u8>)> {
    let events = t.run.events().iter().skip(from.events).filter(|event| event.port == P1);
    events
        .filter_map(|event| {
            let frame = event.frame(Direction::FromDevice)?;
            let slow = frame.get(12..MESSAGE_AT)? == redspec_codec::frame::SLOW_PROTOCOLS.to_be_bytes();
            let message = frame.get(MESSAGE_AT..).filter(|_| slow)?;
            (message.first() == Some(&Subtype::LACP.0)).then(|| (event.number, message.to_vec()))
        })
        .collect()
}

/// Mask TLVs, types 6 to 9.
fn has_masks(message: &[u8]) -> bool {
    LacpduRef::parse(message).is_ok_and(|(pdu, _)| pdu.tlvs().any(|tlv| (6..=9).contains(&tlv.tlv_type().0)))
}

/// N-02.
fn format() -> Test {
    const BY_AUDIT: &[&str] = &[
        "lacp.pdu.tlv-type",
        "lacp.pdu.tlv-list",
        "lacp.pdu.tlv-length",
        "lacp.pdu.tlv-order",
        "lacp.pdu.tlv-repeated",
        "lacp.pdu.tlv-unknown",
        "lacp.pdu.reserved",
    ];
    const OTHERS: &[&str] = &["lacp.v2.masks-in-long-pdus", "lacp.v2.no-masks", "lacp.encapsulation.length"];
    version_2(
        "lacp.v2.format",
        "N-02",
        "The device's LACPDUs of version 2 are built as the standard has them.",
    )
    .judges(&[BY_AUDIT, OTHERS].concat())
    .lacp(|t| {
        t.partner(P1).tlvs = ALL_TLVS.octets();
        t.up()?;
        t.wait(WATCH)?;
        let messages = sent(t, Mark { at: crate::time::Time::ZERO.into(), events: 0 });
        for &requirement in BY_AUDIT {
            let broken = |message: &[u8]| {
                let mut broken = false;
                let _ = LacpduRef::audit(message, &mut |found| broken |= found.rule.id == requirement);
                broken
            };
            let found = messages.iter().find(|(_, message)| broken(message)).map(|(number, _)| *number);
            t.judge(found.is_none(), "TLVs of version 2", "", found, requirement)?;
        }
        let long_allowed = t.edition() == Edition::Dot1Ax2014;
        let length = messages.iter().find(|(_, message)| {
            message.len() < Lacpdu::LEN
                || message.len() > Lacpdu::LEN && !(long_allowed && has_masks(message))
        });
        let number = length.map(|(number, _)| *number);
        t.judge(number.is_none(), "110 octets", "", number, "lacp.encapsulation.length")?;
        let misplaced = |message: &[u8]| has_masks(message) && !(long_allowed && message.len() > Lacpdu::LEN);
        let masks = messages.iter().find(|(_, message)| misplaced(message)).map(|(number, _)| *number);
        let requirement = OTHERS[usize::from(!long_allowed)];
        t.judge(masks.is_none(), "no mask TLV where none belongs", "", masks, requirement)
    })
}

/// A variant, and what it sends.
type Variant = (&'static str, Tlvs);

const MISSING: &[Variant] = &[
    ("port-algorithm", Tlvs { algorithm: None, ..ALL_TLVS }),
    ("link-digest", Tlvs { link: None, ..ALL_TLVS }),
    ("service-digest", Tlvs { service: None, ..ALL_TLVS }),
];

const CHANGED: &[Variant] = &[
    ("algorithm", Tlvs { algorithm: Some(PortAlgorithm::FLOW_HASH), ..ALL_TLVS }),
    (
        "link-number",
        Tlvs { link: Some(PortConversationIdDigest { link_number_id: 2, digest: [0x11; 16] }), ..ALL_TLVS },
    ),
    (
        "link-digest",
        Tlvs { link: Some(PortConversationIdDigest { link_number_id: 1, digest: [0x33; 16] }), ..ALL_TLVS },
    ),
    ("service-digest", Tlvs { service: Some([0x44; 16]), ..ALL_TLVS }),
];

/// UP with a partner of version 2, which then sends other TLVs.
fn other_tlvs(t: &mut LacpTest<'_>, tlvs: Tlvs, requirement: &'static str) -> Result<(), Stop> {
    t.partner(P1).tlvs = ALL_TLVS.octets();
    t.up()?;
    t.quiet()?;
    let changed = t.change(P1, "other TLVs of version 2", |partner| partner.tlvs = tlvs.octets())?;
    goes_on(t, changed, requirement)
}

/// N-03.
fn missing_tlvs(&(name, tlvs): &Variant) -> Test {
    let id = "lacp.v2.missing-tlvs";
    let purpose =
        format!("The partner's LACPDUs of version 2 lack the TLV {name}: they are processed all the same.");
    version_2(format!("{id}.{name}"), "N-03", purpose)
        .judges(&[id])
        .with("lacp.timeout", "short")
        .lacp(move |t| other_tlvs(t, tlvs, id))
}

/// N-03.
fn changed_digest(&(name, tlvs): &Variant) -> Test {
    let id = "lacp.v2.changed-digest";
    let purpose = format!("The partner's {name} in its LACPDUs of version 2 changes: it stays in sync.");
    version_2(format!("{id}.{name}"), "N-03", purpose)
        .judges(&[id])
        .with("lacp.timeout", "short")
        .lacp(move |t| other_tlvs(t, tlvs, id))
}

/// N-04.
fn version_change() -> Test {
    let id = "lacp.v2.version-change";
    version_2(
        id,
        "N-04",
        "The partner changes to version 1 and back: the link stays in use, and no time is lost.",
    )
    .judges(&[id])
    .with("lacp.timeout", "short")
    .lacp(move |t| {
        t.partner(P1).tlvs = ALL_TLVS.octets();
        t.up()?;
        t.quiet()?;
        let old = t.change(P1, "version 1", |partner| partner.tlvs.clear())?;
        goes_on(t, old, id)?;
        let new = t.change(P1, "version 2", |partner| partner.tlvs = ALL_TLVS.octets())?;
        goes_on(t, new, id)
    })
}

/// N-04, long LACPDUs of 2014.
fn no_long_pdus_to_version_1() -> Test {
    let id = "lacp.v2.no-long-pdus-to-version-1";
    version_2(id, "N-04", "The partner changes to version 1: the device sends it no more long LACPDUs.")
        .judges(&[id])
        .only(Editions::ONLY_2014)
        .with("lacp.long_pdus", "yes")
        .lacp(move |t| {
            t.partner(P1).tlvs = ALL_TLVS.octets();
            t.up()?;
            let long = |t: &LacpTest<'_>, from| {
                sent(t, from).into_iter().find(|(_, message)| message.len() > Lacpdu::LEN)
            };
            let start = t.mark();
            t.wait(WATCH)?;
            if long(t, start).is_none() {
                return Err(Stop::NotApplicable("the device sends no long LACPDUs".to_owned()));
            }
            t.change(P1, "version 1", |partner| partner.tlvs.clear())?;
            t.quiet()?;
            let old = t.mark();
            t.wait(WATCH)?;
            let found = long(t, old).map(|(number, _)| number);
            t.judge(found.is_none(), "no long LACPDU", "", found, id)
        })
}
