//! What can be judged by one frame: addresses, length, TLVs, reserved octets. The codec's audit is the judge.

use redspec_codec::frame::{Pdu, rules as frame_rules};
use redspec_codec::slow::lacp::{Lacpdu, TlvType};
use redspec_codec::slow::marker::Marker;
use redspec_codec::slow::{SlowPdu, Subtype};
use redspec_codec::slow::{lacp, marker};
use redspec_codec::{Deviation, Rule};

use super::end::View;
use super::questions as q;
use super::{Monitor, Seen};
use crate::monitor::court::{Court, Question};
use crate::spec::Edition;

/// What a capture may show of a frame check sequence without saying so.
const CHECK_SEQUENCE: usize = 4;

/// The codec's rules on a LACPDU and the frame around it, and the requirements that they stand for.
const LACP: &[(&Rule, Question)] = &[
    (&frame_rules::SLOW_DESTINATION, q::LACP_DESTINATION),
    (&frame_rules::SLOW_SOURCE, q::LACP_SOURCE),
    (&frame_rules::SLOW_UNTAGGED, q::LACP_UNTAGGED),
    (&lacp::rules::VERSION, q::PDU_VERSION),
    (&lacp::rules::TLV_TYPE, q::PDU_TLV_TYPE),
    (&lacp::rules::TLV_LENGTH, q::PDU_TLV_LENGTH),
    (&lacp::rules::RESERVED, q::PDU_RESERVED),
    (&lacp::rules::ACTOR_PORT, q::PDU_ACTOR_PORT),
    (&lacp::rules::ACTOR_SYSTEM, q::PDU_ACTOR_SYSTEM),
];

/// Those that only a PDU of version 2 can keep or break.
const LACP_2: &[(&Rule, Question)] = &[
    (&lacp::rules::TLV_LIST, q::PDU_TLV_LIST),
    (&lacp::rules::TLV_ORDER, q::PDU_TLV_ORDER),
    (&lacp::rules::TLV_REPEATED, q::PDU_TLV_REPEATED),
    (&lacp::rules::TLV_UNKNOWN, q::PDU_TLV_UNKNOWN),
];

const MARKER: &[(&Rule, Question)] = &[
    (&marker::rules::VERSION, q::MARKER_VERSION),
    (&marker::rules::RESERVED, q::MARKER_RESERVED),
    (&marker::rules::TLV_TYPE, q::MARKER_TLV_TYPE),
    (&marker::rules::TLV_LENGTH, q::MARKER_TLV_LENGTH),
    (&frame_rules::SLOW_DESTINATION, q::GENERATOR_ENCAPSULATION),
    (&frame_rules::SLOW_SOURCE, q::GENERATOR_ENCAPSULATION),
];

/// TLVs of a Response are judged where it is known what it answers.
const RESPONSE: &[(&Rule, Question)] = &[
    (&marker::rules::RESPONSE_VERSION, q::RESPONSE_VERSION),
    (&marker::rules::RESPONSE_RESERVED, q::RESPONSE_RESERVED),
    (&frame_rules::SLOW_DESTINATION, q::RESPONSE_DESTINATION),
    (&frame_rules::SLOW_SOURCE, q::RESPONSE_SOURCE),
];

/// Without an Ethernet header there are no addresses to judge.
const ADDRESSES: [&Rule; 3] =
    [&frame_rules::SLOW_DESTINATION, &frame_rules::SLOW_SOURCE, &frame_rules::SLOW_UNTAGGED];

struct Format;

pub(super) fn monitor() -> Box<dyn Monitor> {
    Box::new(Format)
}

impl Monitor for Format {
    fn frame(&mut self, seen: &Seen<'_>, view: &View<'_>, court: &mut Court<'_>) {
        let octets = seen.frame.payload();
        let subtype = octets.first().copied().map(Subtype);
        // Few frames break several rules.
        let mut deviations: [Option<Deviation>; 16] = [None; 16];
        let mut count = 0;
        let audited = seen.frame.audit(&mut |deviation| {
            if let Some(place) = deviations.get_mut(count) {
                *place = Some(deviation);
                count += 1;
            }
        });
        let found =
            |rule: &Rule| deviations.iter().flatten().find(|deviation| deviation.rule.id == rule.id).copied();
        let Ok((Pdu::Slow(pdu), rest)) = audited else {
            return cut_short(seen, subtype, court);
        };
        match pdu {
            SlowPdu::Lacp(pdu) => {
                // Of a later version, the octets that are missing may be part of the PDU.
                let version_2 = pdu.version() >= 2;
                if version_2 && seen.missing > 0 {
                    for (_, question) in LACP.iter().chain(LACP_2) {
                        court.unknown(*question);
                    }
                    return;
                }
                judge(seen, LACP, &found, court);
                if version_2 {
                    judge(seen, LACP_2, &found, court);
                    masks(seen, &pdu, court);
                    if view.options.edition == Edition::Dot1Ax2008 && found(&lacp::rules::VERSION).is_none() {
                        court.violated(q::PDU_VERSION, seen.number, seen.at, || {
                            "Version Number is 2, which 802.1AX has from 2014 on".to_owned()
                        });
                    }
                }
                destination(seen, view, court);
                length(seen, q::LACP_LENGTH, pdu.octets().len(), rest, version_2, view, court);
                let key = pdu.actor().key;
                court.check(q::PDU_ACTOR_KEY, key != 0, seen.number, seen.at, || "Actor_Key is 0".to_owned());
            }
            SlowPdu::Marker(pdu) => {
                let response = pdu.kind() == marker::MarkerKind::RESPONSE;
                let (rules, question) =
                    if response { (RESPONSE, q::RESPONSE_LENGTH) } else { (MARKER, q::GENERATOR_LENGTH) };
                judge(seen, rules, &found, court);
                length(seen, question, Marker::LEN, rest, false, view, court);
            }
            SlowPdu::Other(_) => {}
        }
    }
}

fn judge(
    seen: &Seen<'_>,
    rules: &[(&Rule, Question)],
    found: &impl Fn(&Rule) -> Option<Deviation>,
    court: &mut Court<'_>,
) {
    for (rule, question) in rules {
        match found(rule) {
            Some(deviation) => court.violated(*question, seen.number, seen.at, || {
                let Deviation { rule, at, found } = deviation;
                format!("{} (found {found}, 0x{found:x}, at octet {at})", rule.text)
            }),
            None if seen.frame.destination_mac().is_none() && ADDRESSES.contains(rule) => {
                court.unknown(*question);
            }
            None => court.pass(*question),
        }
    }
}

/// A PDU that ends before its fields do: the sender's fault, unless the capture left the end out.
fn cut_short(seen: &Seen<'_>, subtype: Option<Subtype>, court: &mut Court<'_>) {
    let (question, length) = match subtype {
        Some(Subtype::LACP) => (q::LACP_LENGTH, Lacpdu::LEN),
        Some(Subtype::MARKER) => match seen.frame.payload().get(2).copied().map(marker::MarkerKind) {
            Some(marker::MarkerKind::RESPONSE) => (q::RESPONSE_LENGTH, Marker::LEN),
            _ => (q::GENERATOR_LENGTH, Marker::LEN),
        },
        _ => return,
    };
    if seen.missing > 0 {
        court.unknown(question);
    } else {
        court.violated(question, seen.number, seen.at, || {
            format!("the PDU has {} octets, expected {length}", seen.frame.payload().len())
        });
    }
}

/// The alternative addresses came with 2014.
fn destination(seen: &Seen<'_>, view: &View<'_>, court: &mut Court<'_>) {
    let Some(destination) = seen.frame.destination_mac() else { return };
    if view.options.edition == Edition::Dot1Ax2008 && matches!(destination.0, [0x01, 0x80, 0xc2, 0, 0, 0 | 3])
    {
        court.violated(q::LACP_DESTINATION, seen.number, seen.at, || {
            format!("the destination is {destination}, which 802.1AX allows from 2014 on")
        });
    }
}

/// Mask TLVs are for long LACPDUs, and only 2014 has those.
fn masks(seen: &Seen<'_>, pdu: &lacp::LacpduRef<'_>, court: &mut Court<'_>) {
    let mask = pdu.tlvs().map(|tlv| tlv.tlv_type()).find(|tlv| {
        (TlvType::PORT_CONVERSATION_MASK_1.0..=TlvType::PORT_CONVERSATION_MASK_4.0).contains(&tlv.0)
    });
    let long = pdu.octets().len() > Lacpdu::LEN;
    court.check(q::V2_NO_MASKS, mask.is_none(), seen.number, seen.at, || {
        "a TLV of the conversation masks, which 2020 has no more; 802.1ax-2014 allows it".to_owned()
    });
    court.check(q::V2_MASKS_IN_LONG, mask.is_none() || long, seen.number, seen.at, || {
        format!("a TLV of the conversation masks in a LACPDU of {} octets", Lacpdu::LEN)
    });
}

fn length(
    seen: &Seen<'_>,
    question: Question,
    pdu: usize,
    rest: &[u8],
    may_be_long: bool,
    view: &View<'_>,
    court: &mut Court<'_>,
) {
    let standard = Lacpdu::LEN;
    let long_pdus = may_be_long && view.options.edition == Edition::Dot1Ax2014;
    if pdu > standard && !long_pdus {
        court.violated(question, seen.number, seen.at, || {
            let allowed = if may_be_long { "; 802.1ax-2014 allows it" } else { "" };
            format!("the PDU has {pdu} octets, expected {standard}{allowed}")
        });
    } else if rest.is_empty() && seen.missing == 0 {
        court.pass(question);
    } else if seen.missing > 0 || (!view.in_bed && rest.len() == CHECK_SEQUENCE) {
        court.unknown(question);
    } else {
        court.violated(question, seen.number, seen.at, || {
            format!("{} octets follow the {pdu} octets of the PDU", rest.len())
        });
    }
}
