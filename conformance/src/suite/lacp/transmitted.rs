//! Group A: what the device transmits.

use std::time::Duration;

use redspec_codec::slow::Subtype;
use redspec_codec::slow::lacp::{Lacpdu, LacpduRef, PortInformation, State, rules};
use redspec_codec::{MacAddress, Rule};

use super::pattern::slow_payload;
use super::{LacpTest, P1, P2, lacpdu, lacpdu_frame, test};
use crate::bed::Capability;
use crate::reference::lacp::configuration::SLOW_PROTOCOLS_MULTICAST;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::lacp::timers::{FAST_PERIODIC_TIME, SHORT_TIMEOUT_TIME};
use crate::spec::lacp::tolerances::{SLOW_PLUS, UPC};
use crate::spec::{Edition, Editions};

/// Bits of Actor_State that are configured.
const ADMINISTRATIVE: State = State(State::ACTIVITY.0 | State::TIMEOUT.0 | State::AGGREGATION.0);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = vec![
        destination("lacp.encapsulation.destination", "the configured protocol address"),
        source(),
        ethertype_and_length(),
        fields(),
        reserved(),
        identity(),
        keys_common(),
        keys_distinct(),
        mux_bits(),
        first_pdu(),
        first_pdu_after_carrier(),
        expired(),
        default_partner(),
        default_partner_configured(),
    ];
    tests.extend(alternative_destinations());
    tests.extend(configured_bits());
    tests
}

/// A test of what an active device sends before it has heard anything, too.
fn active(id: impl Into<String>, catalogue: &'static str, purpose: impl Into<String>) -> Test {
    test(id, catalogue, purpose).for_devices("lacp.activity", &["active"])
}

/// Leads D from its start through Expired and Defaulted to UP. `judge` sees what D has sent up to then: once before D
/// has received anything, so that a device whose LACPDUs nobody can answer is judged too, and once at the end.
fn through_states(
    t: &mut LacpTest<'_>,
    judge: impl Fn(&mut LacpTest<'_>, Mark, Duration) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let start = t.fresh()?;
    t.wait(SHORT_TIMEOUT_TIME * 2)?;
    let so_far = t.now() - start.at.time;
    judge(t, start, so_far)?;
    t.up()?;
    t.wait(FAST_PERIODIC_TIME * 5)?;
    let so_far = t.now() - start.at.time;
    judge(t, start, so_far)
}

///
fn destination(id: impl Into<String>, address: &str) -> Test {
    active(id, "A-01", format!("Every LACPDU goes to {address}, and the first comes within a second."))
        .judges(&["lacp.encapsulation.destination", "lacp.link.first-pdu"])
        .needs(Capability::Fresh)
        .lacp(|t| {
            let configured = t.partner(P1).destination;
            let right = lacpdu_frame(P1)
                .that(format!("destination {configured}"), move |frame| frame.starts_with(&configured.0));
            let untagged = lacpdu_frame(P1).that("no tag", |frame| frame.get(12..14) == Some(&[0x88, 0x09]));
            through_states(t, |t, start, so_far| {
                t.expect(&untagged, start, UPC, "lacp.link.first-pdu")?;
                t.always(&right, start, so_far, 1, "lacp.encapsulation.destination")
            })
        })
}

/// A-01, for the addresses that 2014 added.
fn alternative_destinations() -> impl Iterator<Item = Test> {
    [("nearest-customer-bridge", 0), ("nearest-non-tpmr-bridge", 3)].into_iter().map(|(name, last)| {
        let mut address = SLOW_PROTOCOLS_MULTICAST;
        address.0[5] = last;
        destination(format!("lacp.encapsulation.destination.{name}"), &format!("{address}, as configured"))
            .with("lacp.destination", address)
            .only(Editions::FROM_2014)
    })
}

///
fn source() -> Test {
    active(
        "lacp.encapsulation.source",
        "A-02",
        "LACPDUs come from an individual address of the device, the same for all of a port.",
    )
    .judges(&[
        "lacp.encapsulation.source-individual",
        "lacp.encapsulation.source-constant",
        "lacp.encapsulation.source-per-port",
    ])
    .ports(2)
    .needs(Capability::Fresh)
    .lacp(|t| {
        through_states(t, |t, start, so_far| {
            let mut sources = Vec::new();
            for port in t.ports() {
                let tester = t.partner(port).mac;
                let individual = lacpdu_frame(port).that("an individual source, not T's", move |frame| {
                    source_of(frame)
                        .is_some_and(|source| !source.is_group() && !source.is_zero() && source != tester)
                });
                t.always(&individual, start, so_far, 2, "lacp.encapsulation.source-individual")?;
                let Some(first) = t.look(&lacpdu_frame(port), start, so_far)? else { continue };
                let first = source_of(&t.octets_at(first)?);
                let same = lacpdu_frame(port)
                    .that("the source of the first", move |frame| source_of(frame) == first);
                t.always(&same, start, so_far, 2, "lacp.encapsulation.source-constant")?;
                sources.push(first);
            }
            let differ = (1..sources.len()).all(|at| !sources[..at].contains(&sources[at]));
            let text = if differ { "each port has a source of its own" } else { "ports share a source" };
            t.note(text, None, "lacp.encapsulation.source-per-port");
            Ok(())
        })
    })
}

fn source_of(frame: &[u8]) -> Option<MacAddress> {
    frame.get(6..12)?.try_into().ok().map(MacAddress)
}

///
fn ethertype_and_length() -> Test {
    active(
        "lacp.encapsulation.frame",
        "A-03",
        "LACPDUs are frames of Ethertype 88-09 without LLC, SNAP or tag, and have 110 octets.",
    )
    .judges(&["lacp.encapsulation.ethertype", "lacp.encapsulation.length", "lacp.encapsulation.untagged"])
    .problems("A bed on a VLAN interface, or a capture behind a switch, may add a tag or padding.")
    .needs(Capability::Fresh)
    .lacp(|t| {
        let long_pdus = t.edition() == Edition::Dot1Ax2014;
        through_states(t, move |t, start, so_far| {
            let type_encoded = lacpdu_frame(P1)
                .that("Ethertype 88-09 and no LLC", |frame| type_encoded_payload(frame).is_some());
            t.always(&type_encoded, start, so_far, 2, "lacp.encapsulation.ethertype")?;
            let right_length = lacpdu_frame(P1).that("110 octets", move |frame| {
                slow_payload(frame).is_none_or(|payload| has_right_length(payload, long_pdus))
            });
            t.always(&right_length, start, so_far, 2, "lacp.encapsulation.length")?;
            let untagged = lacpdu_frame(P1).that("no tag", |frame| frame.get(12..14) == Some(&[0x88, 0x09]));
            t.always(&untagged, start, so_far, 2, "lacp.encapsulation.untagged")
        })
    })
}

/// What follows Ethertype 88-09, which stands behind the addresses or behind tags.
fn type_encoded_payload(frame: &[u8]) -> Option<&[u8]> {
    let payload = slow_payload(frame)?;
    let snap = &frame[..frame.len() - payload.len()];
    (!snap.ends_with(&[0xaa, 0xaa, 3, 0, 0, 0, 0x88, 0x09])).then_some(payload)
}

/// 110 octets; more only in a version 2 LACPDU of 2014 whose TLVs need them.
fn has_right_length(payload: &[u8], long_pdus: bool) -> bool {
    let Ok((pdu, rest)) = LacpduRef::parse(payload) else { return payload.len() == Lacpdu::LEN };
    let long = pdu.octets().len() > Lacpdu::LEN;
    rest.is_empty() && (!long || long_pdus && pdu.version() >= 2)
}

///
fn fields() -> Test {
    active(
        "lacp.pdu.structure",
        "A-04",
        "Subtype, version, and types and lengths of the TLVs are as the standard has them.",
    )
    .judges(&[
        "lacp.pdu.subtype",
        "lacp.pdu.version",
        "lacp.pdu.tlv-type",
        "lacp.pdu.tlv-length",
        "lacp.pdu.collector-max-delay",
    ])
    .needs(Capability::Fresh)
    .lacp(|t| {
        let newest = if t.edition() == Edition::Dot1Ax2008 { 1 } else { 2 };
        through_states(t, move |t, start, so_far| {
            let subtype = lacpdu_frame(P1).that("subtype 1", |frame| {
                slow_payload(frame).is_none_or(|payload| payload.first() == Some(&Subtype::LACP.0))
            });
            t.always(&subtype, start, so_far, 2, "lacp.pdu.subtype")?;
            let version = lacpdu(P1)
                .that(format!("version 1 to {newest}"), move |pdu| (1..=newest).contains(&pdu.version));
            t.always(&version, start, so_far, 2, "lacp.pdu.version")?;
            for (rules, requirement) in [(TYPES, "lacp.pdu.tlv-type"), (LENGTHS, "lacp.pdu.tlv-length")] {
                t.always(&lacpdu_frame(P1).keeps(rules), start, so_far, 2, requirement)?;
            }
            let delay = t.heard(P1)?.collector_max_delay;
            t.note(format!("CollectorMaxDelay is {delay}"), None, "lacp.pdu.collector-max-delay");
            Ok(())
        })
    })
}

const TYPES: &[&Rule] = &[&rules::TLV_TYPE];
const LENGTHS: &[&Rule] = &[&rules::TLV_LENGTH];
const ZEROS: &[&Rule] = &[&rules::RESERVED];

///
fn reserved() -> Test {
    active("lacp.pdu.reserved", "A-05", "All Reserved octets of a LACPDU are zero, in every state.")
        .judges(&["lacp.pdu.reserved"])
        .needs(Capability::Fresh)
        .lacp(|t| {
            through_states(t, |t, start, so_far| {
                t.always(&lacpdu_frame(P1).keeps(ZEROS), start, so_far, 2, "lacp.pdu.reserved")
            })
        })
}

///
fn identity() -> Test {
    active(
        "lacp.pdu.actor-identity",
        "A-06",
        "Two ports of a system have one System, each a Port of its own, and they stay the same.",
    )
    .judges(&[
        "lacp.pdu.actor-system",
        "lacp.pdu.actor-system-common",
        "lacp.pdu.actor-port",
        "lacp.pdu.actor-port-unique",
        "lacp.pdu.actor-identity-constant",
    ])
    .ports(2)
    .needs(Capability::Fresh)
    .lacp(|t| {
        through_states(t, |t, start, so_far| {
            let first = t.own(P1)?;
            for port in t.ports() {
                let own = t.own(port)?;
                let individual = lacpdu(port).that("Actor_System an individual address, not zero", |pdu| {
                    !pdu.actor.system.is_group() && !pdu.actor.system.is_zero()
                });
                t.always(&individual, start, so_far, 2, "lacp.pdu.actor-system")?;
                let common = lacpdu(port).that("System and System_Priority of P1", move |pdu| {
                    (pdu.actor.system, pdu.actor.system_priority) == (first.system, first.system_priority)
                });
                t.always(&common, start, so_far, 2, "lacp.pdu.actor-system-common")?;
                let numbered = lacpdu(port).that("Actor_Port other than 0", |pdu| pdu.actor.port != 0);
                t.always(&numbered, start, so_far, 2, "lacp.pdu.actor-port")?;
                let constant = lacpdu(port)
                    .that("the actor as in the last", move |pdu| super::pattern::same(&pdu.actor, &own));
                t.always(&constant, start, so_far, 2, "lacp.pdu.actor-identity-constant")?;
            }
            let unique =
                lacpdu(P2).that("an Actor_Port that P1 has not", move |pdu| pdu.actor.port != first.port);
            t.always(&unique, start, so_far, 2, "lacp.pdu.actor-port-unique")
        })
    })
}

/// A-07, ports of one aggregation.
fn keys_common() -> Test {
    active("lacp.pdu.actor-key-common", "A-07", "Ports that may aggregate have the same Key.")
        .judges(&["lacp.pdu.actor-key-common", "lacp.pdu.actor-key-nonzero"])
        .ports(2)
        .needs(Capability::Fresh)
        .lacp(|t| {
            through_states(t, |t, start, so_far| {
                let key = t.own(P1)?.key;
                for port in t.ports() {
                    let common =
                        lacpdu(port).that(format!("Actor_Key {key}"), move |pdu| pdu.actor.key == key);
                    t.always(&common, start, so_far, 2, "lacp.pdu.actor-key-common")?;
                }
                t.note(format!("Actor_Key is {key}"), None, "lacp.pdu.actor-key-nonzero");
                Ok(())
            })
        })
}

/// A-07, ports of two aggregations.
fn keys_distinct() -> Test {
    active(
        "lacp.pdu.actor-key-distinct",
        "A-07",
        "Ports that are configured into two aggregations have different Keys.",
    )
    .judges(&["lacp.pdu.actor-key-distinct"])
    .ports(2)
    .with("lacp.key.p1", 11)
    .with("lacp.key.p2", 13)
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        t.wait(SHORT_TIMEOUT_TIME * 2)?;
        let distinct = |t: &mut LacpTest<'_>| {
            let (key, so_far) = (t.own(P1)?.key, t.now() - start.at.time);
            let distinct = lacpdu(P2).that("an Actor_Key that P1 has not", move |pdu| pdu.actor.key != key);
            t.always(&distinct, start, so_far, 2, "lacp.pdu.actor-key-distinct")
        };
        distinct(t)?;
        // Not UP: a device with one Aggregator uses one of the two.
        t.speak(P1);
        t.speak(P2);
        t.wait(FAST_PERIODIC_TIME * 10)?;
        distinct(t)
    })
}

///
fn mux_bits() -> Test {
    test(
        "lacp.mux.bits",
        "A-08",
        "Through everything that moves the Mux: who distributes collects, and who collects is in sync.",
    )
    .judges(&["lacp.mux.collecting-needs-synchronization", "lacp.mux.distributing-needs-collecting"])
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh)
    .lacp(|t| {
        let step = FAST_PERIODIC_TIME * 4;
        let start = t.fresh()?;
        t.wait(SHORT_TIMEOUT_TIME * 2)?;
        // Not UP: whether D gets there, and shows it, is not asked here.
        t.speak(P1);
        t.wait(step * 2)?;
        t.partner(P1).follows = false;
        for (text, bits) in [("Synchronization", State::SYNCHRONIZATION), ("Collecting", State::COLLECTING)] {
            t.change(P1, &format!("{text} 1 -> 0"), |partner| {
                partner.actor.state = partner.actor.state.without(bits);
            })?;
            t.wait(step)?;
            t.change(P1, &format!("{text} 0 -> 1"), |partner| {
                partner.actor.state = partner.actor.state.with(bits);
            })?;
            t.wait(step)?;
        }
        t.change(P1, "another Key", |partner| partner.actor.key ^= 1)?;
        t.wait(step)?;
        t.silence(P1);
        t.wait(SHORT_TIMEOUT_TIME * 3)?;
        let so_far = t.now() - start.at.time;
        for (bit, needs, requirement) in [
            (State::COLLECTING, State::SYNCHRONIZATION, "lacp.mux.collecting-needs-synchronization"),
            (State::DISTRIBUTING, State::COLLECTING, "lacp.mux.distributing-needs-collecting"),
        ] {
            t.always(&lacpdu(P1).only_with(bit).actor_has(needs), start, so_far, 1, requirement)?;
        }
        Ok(())
    })
}

///
fn first_pdu() -> Test {
    active(
        "lacp.rx.first-pdu",
        "A-09",
        "The first LACPDU of a device that has just started shows Expired, Defaulted and the administrative partner.",
    )
    .judges(&["lacp.rx.first-pdu-expired", "lacp.rx.first-pdu-defaulted", "lacp.link.first-pdu"])
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        judge_first_pdu(t, start)
    })
}

/// A-09, on a device that has been running.
fn first_pdu_after_carrier() -> Test {
    active(
        "lacp.rx.first-pdu.after-carrier",
        "A-09",
        "The first LACPDU after the carrier was away from a Defaulted port shows Expired and Defaulted.",
    )
    .judges(&["lacp.rx.first-pdu-expired", "lacp.rx.first-pdu-defaulted", "lacp.link.first-pdu"])
    .needs(Capability::Link)
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        t.wait(SHORT_TIMEOUT_TIME * 3)?;
        let expired_no_more = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
        let limit = FAST_PERIODIC_TIME * 40;
        if t.look(&expired_no_more, start, limit)?.is_none() {
            return Err(Stop::Inconclusive("D never shows Defaulted without Expired".to_owned()));
        }
        t.link_down(P1)?;
        t.wait(FAST_PERIODIC_TIME * 5)?;
        let up = t.link_up(P1)?;
        judge_first_pdu(t, up)
    })
}

fn judge_first_pdu(t: &mut LacpTest<'_>, up: Mark) -> Result<(), Stop> {
    let first = t.expect(&lacpdu(P1), up, UPC, "lacp.link.first-pdu")?;
    let pdu = t.pdu_at(first)?;
    let (actor, partner) = (pdu.actor.state, pdu.partner);
    let (seen, number) = (format!("actor {actor}, partner {partner}"), Some(first.number));
    let expired = actor.has(State::EXPIRED)
        && partner.state.has(State::TIMEOUT)
        && !partner.state.has(State::SYNCHRONIZATION);
    let text = "Expired, with the partner's Timeout short and its Synchronization gone";
    t.judge(expired, text, &seen, number, "lacp.rx.first-pdu-expired")?;
    t.judge(actor.has(State::DEFAULTED), "Defaulted", &seen, number, "lacp.rx.first-pdu-defaulted")?;
    // D tells who its administrative partner is once it is no longer Expired.
    let defaulted = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
    let limit = FAST_PERIODIC_TIME * 40;
    let Some(later) = t.look(&defaulted, up, limit)? else {
        return Err(Stop::Inconclusive("D never shows Defaulted without Expired".to_owned()));
    };
    let default = t.pdu_at(later)?.partner;
    let same = super::pattern::same(&partner, &default);
    let text = format!("the administrative partner, {default}");
    t.judge(same, &text, &seen, number, "lacp.rx.first-pdu-defaulted")
}

/// each bit, configured either way.
fn configured_bits() -> impl Iterator<Item = Test> {
    let bits = [
        ("activity", ["passive", "active"], State::ACTIVITY, "lacp.pdu.activity-configured"),
        ("timeout", ["long", "short"], State::TIMEOUT, "lacp.pdu.timeout-configured"),
        (
            "aggregation",
            ["individual", "aggregatable"],
            State::AGGREGATION,
            "lacp.pdu.aggregation-configured",
        ),
    ];
    bits.into_iter().flat_map(|(name, words, bit, requirement)| {
        words.into_iter().enumerate().map(move |(set, word)| {
            test(
                format!("{requirement}.{word}"),
                "A-10",
                format!("A port that is configured as {word} says so in every LACPDU."),
            )
            .judges(&[requirement, "lacp.pdu.administrative-bits-constant"])
            .with(&format!("lacp.{name}"), word)
            .needs(Capability::Fresh)
            .lacp(move |t| {
                let start = t.fresh()?;
                t.wait(SHORT_TIMEOUT_TIME * 2)?;
                t.speak(P1);
                t.wait(FAST_PERIODIC_TIME * 10)?;
                let so_far = t.now() - start.at.time;
                let shown = if set == 1 { lacpdu(P1).actor_has(bit) } else { lacpdu(P1).actor_lacks(bit) };
                t.always(&shown, start, so_far, 3, requirement)?;
                let first = t.own(P1)?.state.0 & ADMINISTRATIVE.0;
                let constant = lacpdu(P1)
                    .that("Activity, Timeout and Aggregation as in the last", move |pdu| {
                        pdu.actor.state.0 & ADMINISTRATIVE.0 == first
                    });
                t.always(&constant, start, so_far, 3, "lacp.pdu.administrative-bits-constant")
            })
        })
    })
}

///
fn expired() -> Test {
    active(
        "lacp.rx.expired-partner",
        "A-11",
        "Whenever a LACPDU shows Expired, the partner is out of sync and has short timeout, whatever it asked for.",
    )
    .judges(&["lacp.rx.expired-partner-out-of-sync", "lacp.rx.expired-partner-short-timeout"])
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        t.up()?;
        t.ask_long_and_wait(P1)?;
        let silence = t.silence(P1);
        // A port that does not announce Expired has shown it since its start.
        t.look(&lacpdu(P1).actor_has(State::EXPIRED), silence, SHORT_TIMEOUT_TIME * 2)?;
        t.wait_until(silence.at.time + SHORT_TIMEOUT_TIME * 2)?;
        let so_far = t.now() - start.at.time;
        let expired = lacpdu(P1).only_with(State::EXPIRED);
        let out_of_sync = expired.clone().partner_lacks(State::SYNCHRONIZATION);
        t.always(&out_of_sync, start, so_far, 2, "lacp.rx.expired-partner-out-of-sync")?;
        let short = expired.partner_has(State::TIMEOUT);
        t.always(&short, start, so_far, 2, "lacp.rx.expired-partner-short-timeout")
    })
}

///
fn default_partner() -> Test {
    active(
        "lacp.record.default-partner",
        "A-12",
        "A Defaulted port shows the same partner before and after it had one, and that is not the one that it had.",
    )
    .judges(&[
        "lacp.record.default-partner",
        "lacp.record.default-partner-constant",
        "lacp.record.default-partner-values",
    ])
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        let defaulted = lacpdu(P1).actor_has(State::DEFAULTED);
        let Some(first) = t.look(&defaulted, start, SHORT_TIMEOUT_TIME * 2)? else {
            return Err(Stop::Inconclusive("D shows no Defaulted at its start".to_owned()));
        };
        let default = t.pdu_at(first)?.partner;
        t.up()?;
        let tester = t.tester(P1);
        let silence = t.silence(P1);
        t.wait(SHORT_TIMEOUT_TIME * 4)?;
        // A port that does not announce it says so when its next slow LACPDU is due.
        if t.look(&defaulted, silence, SHORT_TIMEOUT_TIME * 4 + t.held_to(SLOW_PLUS).to)?.is_none() {
            return Err(Stop::Inconclusive("D shows no Defaulted after its partner fell silent".to_owned()));
        }
        let so_far = t.now() - start.at.time;
        let other = lacpdu(P1).only_with(State::DEFAULTED).that("nothing of T as partner", move |pdu| {
            pdu.partner.system != tester.system
                && pdu.partner.key != tester.key
                && pdu.partner.port != tester.port
        });
        t.always(&other, start, so_far, 2, "lacp.record.default-partner")?;
        let constant = lacpdu(P1).only_with(State::DEFAULTED).partner_is(default);
        t.always(&constant, start, so_far, 2, "lacp.record.default-partner-constant")?;
        if t.edition() == Edition::Dot1Ax2020 {
            let own = t.own(P1)?.port;
            let fixed = PortInformation { key: own, port: own, ..PortInformation::default() };
            let text = "System and priorities 0, Key and Port the port's own number";
            let met = super::pattern::same(&default, &fixed);
            let (seen, frame) = (default.to_string(), Some(first.number));
            t.judge(met, text, &seen, frame, "lacp.record.default-partner-values")?;
        }
        Ok(())
    })
}

/// A-12, with another administrative partner than the device's own.
fn default_partner_configured() -> Test {
    let configured = PortInformation {
        system_priority: 0x4444,
        system: MacAddress([0x02, 0x52, 0x44, 0, 0, 0x10]),
        key: 0x0444,
        port_priority: 0x5555,
        port: 0x0555,
        state: State(0),
    };
    active(
        "lacp.record.default-partner.configured",
        "A-12",
        "A Defaulted port shows the administrative partner as it was configured.",
    )
    .judges(&["lacp.record.default-partner"])
    .with("lacp.timeout", "short")
    .with("lacp.partner.system_priority", configured.system_priority)
    .with("lacp.partner.system", configured.system)
    .with("lacp.partner.key", configured.key)
    .with("lacp.partner.port_priority", configured.port_priority)
    .with("lacp.partner.port", configured.port)
    .needs(Capability::Fresh)
    .lacp(move |t| {
        let start = t.fresh()?;
        t.wait(SHORT_TIMEOUT_TIME)?;
        t.up()?;
        t.silence(P1);
        t.wait(SHORT_TIMEOUT_TIME * 4)?;
        let so_far = t.now() - start.at.time;
        let shown = lacpdu(P1).only_with(State::DEFAULTED).partner_is(configured);
        t.always(&shown, start, so_far, 2, "lacp.record.default-partner")
    })
}
