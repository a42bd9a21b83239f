//! What no router should be sent, and every router gets: odd IP packets, its own advertisements, anything at all.

use std::time::Duration;

use super::reception::{changed, message, message_at, renew_header_checksum};
use super::{Advert, Dialect, Edit, Rows, Steps, Sum, VrrpTest, advertisement, dialects};
use crate::scenario::random::Random;
use crate::scenario::{Stop, Test};
use crate::spec::vrrp::tolerances::undisturbed;
use crate::suite::router::candidate::Candidate;

/// A better priority than the device's.
const BETTER: u8 = 200;
/// Identification of the first fragment; no two candidates share one, or their parts would make a whole.
const FIRST_IDENTIFICATION: u16 = 0x5201;
/// More fragments follow, in an IPv4 header.
const MORE: u16 = 0x2000;
/// IPv6 extension headers and what stands behind them.
const HOP_BY_HOP: u8 = 0;
const FRAGMENT: u8 = 44;
const NO_NEXT_HEADER: u8 = 59;
const DESTINATION_OPTIONS: u8 = 60;
const VRRP: u8 = redspec_codec::vrrp::IP_PROTOCOL;

type Make = fn(Dialect, &'static str) -> Test;

const TESTS: &[(Rows, Make)] = &[
    (["V2-073", "-", ""], ip_options),
    (["V2-074", "-", ""], ip_checksum),
    (["V2-074", "-", "V6-024"], fragments),
    (["V2-074", "-", "V6-024"], reassembled),
    (["", "", "V6-024"], extension_headers),
    (["", "", "V6-024"], no_next_header),
    (["V2-076", "-", "-"], reflection),
    (["V2-077", "V3-040", "V6-024"], fuzz),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    TESTS
        .iter()
        .flat_map(|(rows, make)| dialects(*rows).map(move |(dialect, row)| make(dialect, row)))
        .collect()
}

fn ip_options(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.ip-options",
            row,
            "A message is read behind the IP header with all its options, or not at all: an advertisement inside the options \
             is none.",
            &["robust.ip-options", "robust.fuzz"],
        )
        .vrrp(dialect, move |t| {
            // In the place of the message of a header without options stands one that is right. The one behind it is wrong in
            // everything, so that who does not check this or that takes none of them.
            let decoy = message(&t.advert(BETTER));
            let mut full = decoy.clone();
            full.resize(40.max(decoy.len()), 0);
            let mac = t.virtual_mac();
            let decoys: Vec<Candidate> = [decoy, full]
                .into_iter()
                .filter(|options| options.len() <= 40)
                .map(|options| {
                    changed(t, format!("{} octets of options", options.len()), |advert| {
                        advert.options = options;
                        (advert.version_field, advert.packet_type) = (0, 0);
                        (advert.vrid, advert.source_mac) = (advert.vrid.wrapping_add(1), Some(mac));
                        advert.checksum = Sum::Flipped(0x5555);
                    })
                })
                .collect();
            t.discarded("advertisement inside IP options", &decoys, "robust.ip-options")?;
            let plain = [4, 40].map(|length| {
                changed(t, format!("{length} octets"), |advert| advert.options = vec![1; length])
            });
            t.recorded("advertisement behind IP options", &plain, "robust.ip-options")?;
            t.obeys("robust.fuzz")
        })
}

fn ip_checksum(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.ip-checksum",
            row,
            "An advertisement with a wrong IPv4 header checksum is not accepted.",
            &["robust.ip-checksum", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let frame = t.advert(BETTER).frame();
            let right = u16::from_be_bytes([frame[24], frame[25]]);
            let candidates = [1, 0x8000, 0x5555].map(|bits| {
                let wrong = right ^ bits;
                changed(t, format!("{wrong:#06x} instead of {right:#06x}"), |advert| {
                    advert.header_checksum = Some(wrong);
                })
            });
            t.discarded("wrong IPv4 header checksum", &candidates, "robust.ip-checksum")
        })
}

/// The octets `from..to` of the message in a frame of their own.
fn fragment(advert: &Advert, from: usize, to: usize, more: bool, identification: u16) -> Vec<u8> {
    let frame = advert.frame();
    let at = message_at(advert);
    let octets = message(advert);
    let part = &octets[from.min(octets.len())..to.min(octets.len())];
    let offset = u16::try_from(from / 8).unwrap_or(0);
    let mut out = frame[..at].to_vec();
    if advert.source.is_ipv4() {
        let total = u16::try_from(20 + part.len()).unwrap_or(u16::MAX);
        out[16..18].copy_from_slice(&total.to_be_bytes());
        out[18..20].copy_from_slice(&identification.to_be_bytes());
        let field = offset | if more { MORE } else { 0 };
        out[20..22].copy_from_slice(&field.to_be_bytes());
        renew_header_checksum(&mut out);
    } else {
        let length = u16::try_from(8 + part.len()).unwrap_or(u16::MAX);
        out[18..20].copy_from_slice(&length.to_be_bytes());
        out[20] = FRAGMENT;
        out.extend([VRRP, 0]);
        out.extend((offset << 3 | u16::from(more)).to_be_bytes());
        out.extend([0, 0]);
        out.extend(identification.to_be_bytes());
    }
    out.extend(part);
    out
}

/// An advertisement whose message is a multiple of eight octets, as that of all fragments but the last has to be.
fn even(t: &VrrpTest<'_>) -> (Advert, usize) {
    let advert = t.advert(BETTER);
    let missing = message(&advert).len().next_multiple_of(8) - message(&advert).len();
    let edits = if missing == 0 { Vec::new() } else { vec![Edit::Append(vec![0; missing])] };
    let advert = Advert { edits, ..advert };
    let length = message(&advert).len();
    (advert, length)
}

fn fragments(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.fragments",
            row,
            "An advertisement of which one fragment is missing is not accepted, also if the message is whole in the one that \
             came.",
            &["robust.fragments", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let (advert, length) = even(t);
            let identified = FIRST_IDENTIFICATION..;
            let parts = [
                ("the whole message, and more to come", 0, length, true),
                ("the first eight octets", 0, 8, true),
                ("all but the first eight octets", 8, length, false),
            ];
            let candidates: Vec<Candidate> = identified
                .zip(parts)
                .map(|(number, (text, from, to, more))| {
                    Candidate::raw(text, vec![fragment(&advert, from, to, more, number)], advert.port)
                })
                .collect();
            t.discarded("a fragment alone", &candidates, "robust.fragments")
        })
}

fn reassembled(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.reassembled",
            row,
            "Recorded: what becomes of an advertisement that comes in fragments, all of them.",
            &["robust.reassembled"],
        )
        .vrrp(dialect, move |t| {
            let advert = t.advert(BETTER);
            let length = message(&advert).len();
            let number = FIRST_IDENTIFICATION + 0x10;
            let first = fragment(&advert, 0, 8, true, number);
            let last = fragment(&advert, 8, length, false, number);
            // The same number again would be the same packet.
            let turned =
                [fragment(&advert, 8, length, false, number + 1), fragment(&advert, 0, 8, true, number + 1)];
            let mut candidates = vec![
                Candidate::raw("in order", vec![first, last], advert.port),
                Candidate::raw("the last first", turned.to_vec(), advert.port),
            ];
            if dialect == Dialect::V6 {
                let atomic = fragment(&advert, 0, length, false, number + 2);
                candidates.push(Candidate::raw("one fragment that is all", vec![atomic], advert.port));
            }
            t.recorded("all fragments", &candidates, "robust.reassembled").map(drop)
        })
}

/// An extension header without anything in it, and what follows it.
fn empty_header(next: u8) -> Vec<u8> {
    vec![next, 0, 1, 4, 0, 0, 0, 0]
}

fn extension_headers(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.extension-headers",
            row,
            "Recorded: what becomes of an advertisement behind IPv6 extension headers.",
            &["robust.extension-headers"],
        )
        .vrrp(dialect, move |t| {
            let both = [empty_header(DESTINATION_OPTIONS), empty_header(VRRP)].concat();
            let headers = [
                ("hop-by-hop options", HOP_BY_HOP, empty_header(VRRP)),
                ("destination options", DESTINATION_OPTIONS, empty_header(VRRP)),
                ("both", HOP_BY_HOP, both),
            ];
            let mut candidates: Vec<Candidate> = headers
                .into_iter()
                .map(|(text, first, octets)| {
                    changed(t, text, |advert| (advert.protocol, advert.options) = (first, octets))
                })
                .collect();
            let advert = t.advert(BETTER);
            let length = u32::try_from(message(&advert).len() + 8).unwrap_or(u32::MAX).to_be_bytes();
            let jumbo = [&[VRRP, 0, 0xc2, 4][..], &length[..]].concat();
            let mut frame = Advert { protocol: HOP_BY_HOP, options: jumbo, ..advert.clone() }.frame();
            // The length is in the option alone.
            frame[18..20].fill(0);
            candidates.push(Candidate::raw("a jumbo length", vec![frame], advert.port));
            t.recorded("behind extension headers", &candidates, "robust.extension-headers").map(drop)
        })
}

fn no_next_header(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.no-next-header",
            row,
            "What follows Next Header 59 is not taken for an advertisement.",
            &["robust.no-next-header", "rx.both-states"],
        )
        .vrrp(dialect, move |t| {
            let headers = [
                ("at once", NO_NEXT_HEADER, Vec::new()),
                ("behind hop-by-hop options", HOP_BY_HOP, empty_header(NO_NEXT_HEADER)),
            ];
            let candidates = headers.map(|(text, first, octets)| {
                changed(t, text, |advert| (advert.protocol, advert.options) = (first, octets))
            });
            t.discarded("Next Header 59", &candidates, "robust.no-next-header")
        })
}

fn reflection(dialect: Dialect, row: &'static str) -> Test {
    const REFLECTED: usize = 5;
    dialect
        .test(
            "robust.reflection",
            row,
            "A router that gets its own advertisements back stays Active, and sends at most two for each.",
            &["robust.reflection", "active.tie-smaller"],
        )
        .vrrp(dialect, move |t| {
            let (interval, router) = (t.interval(), t.router());
            t.make_active()?;
            t.run.step("T sends each of D's advertisements back");
            let start = t.mark();
            for _ in 0..REFLECTED {
                let last = t.middle(&router)?;
                let frame = t.octets_at(last);
                t.send_frame(router.port, &frame)?;
            }
            let mark = t.mark();
            t.stays_active(mark, 2, "active.tie-smaller")?;
            let duration = t.now() - start.at.time;
            let own = advertisement(&router).version(if dialect == Dialect::V2 { 2 } else { 3 });
            let all = t.all(&own, start, duration)?;
            // Its own go on meanwhile: one before the first that comes back, and two behind the last.
            let most = 2 * REFLECTED + 3;
            let text = format!("at most {most} advertisements while {REFLECTED} come back");
            let frame = all.last().map(|sighting| sighting.number);
            t.judge(all.len() <= most, &text, &format!("{} came", all.len()), frame, "robust.reflection")?;
            t.middle(&router)?;
            let first = all.first().map(|first| t.octets_at(*first)).unwrap_or_default();
            let source = redspec_codec::frame::Frame::parse(&first).ok().and_then(|frame| frame.source_ip());
            let Some(source) = source else {
                return Err(Stop::Inconclusive(
                    "no advertisement of D that could be read came back".to_owned(),
                ));
            };
            t.run.step("T sends priority 255 from D's address");
            let mark = t.send(&Advert { source, ..t.advert(255) })?;
            let next = t.look(&advertisement(&router), mark, interval * 2)?;
            let text = if next.is_some() { "D goes on" } else { "D yields" };
            t.note(
                format!("priority 255 from its own address: {text}"),
                next.map(|next| next.number),
                "robust.reflection",
            );
            Ok(())
        })
}

fn fuzz(dialect: Dialect, row: &'static str) -> Test {
    const FRAMES: usize = 10_000;
    /// Says how many in place of that.
    const SETTING: &str = "test.flood";
    /// In a hundredth of a second.
    const BURST: usize = 10;
    dialect
        .test(
            "robust.fuzz",
            row,
            "10 000 malformed messages in ten seconds: behind them the device yields to a better router, and takes over when \
             that falls silent.",
            &["robust.fuzz"],
        )
        .problems("A device whose interface cannot take 1000 frames a second drops some of them, which is no fault.")
        .vrrp(dialect, move |t| {
            let wanted = t.run.settings().get(SETTING, FRAMES);
            let wanted = wanted.map_err(|error| Stop::Error(error.to_string()))?;
            t.make_active()?;
            t.run.step(format!("T sends {wanted} malformed messages, 1000 in a second"));
            for sent in 0..wanted {
                let frame = hostile(t);
                let port = t.router().port;
                t.send_frame(port, &frame)?;
                if sent % BURST == BURST - 1 {
                    t.wait(Duration::from_millis(10))?;
                }
            }
            let (interval, router) = (t.interval(), t.router());
            t.run.step("T advertises priority 200, and then falls silent");
            let peer = t.start_peer(t.advert(BETTER));
            // What waits in the device's queue it may work off first.
            t.wait(interval * 5 / 2)?;
            let mark = t.mark();
            t.never(&advertisement(&router), mark, interval * 2, "robust.fuzz")?;
            let last = t.stop_peer(peer)?;
            let span = undisturbed(t.down_interval(interval), interval);
            let back = t.look(&advertisement(&router), last, span.to)?;
            let seen = match back {
                None => "nothing came".to_owned(),
                Some(back) => format!("it came after {} s", (back.at.time - last.at.time).as_secs_f64()),
            };
            let met = back.is_some_and(|back| back.at.time - last.at.time >= span.from);
            let text = format!("D takes over {} to {} s later", span.from.as_secs_f64(), span.to.as_secs_f64());
            t.judge(met, &text, &seen, back.map(|back| back.number), "robust.fuzz")
        })
}

/// A message that no router should send, mostly.
fn hostile(t: &mut VrrpTest<'_>) -> Vec<u8> {
    let plain = t.advert(BETTER);
    let random = &mut t.run.random;
    let mut advert = plain;
    for _ in 0..=random.below(3) {
        spoil(&mut advert, random);
    }
    let mut frame = advert.frame();
    // Now and then the IP header is wrong too, or anything.
    if random.below(8) == 0 {
        for _ in 0..=random.below(3) {
            let at = 14 + place(random, frame.len().saturating_sub(14));
            if let Some(octet) = frame.get_mut(at) {
                *octet = random.octet();
            }
        }
    }
    frame
}

fn place(random: &mut Random, length: usize) -> usize {
    usize::try_from(random.below(length.try_into().unwrap_or(1))).unwrap_or(0)
}

/// Makes one thing about it wrong.
fn spoil(advert: &mut Advert, random: &mut Random) {
    match random.below(11) {
        0 => advert.version_field = random.octet() & 0xf,
        1 => advert.packet_type = random.octet() & 0xf,
        2 => advert.vrid = random.octet(),
        3 => advert.priority = random.octet(),
        4 => advert.count = Some(random.octet()),
        5 => advert.interval_field = Some(u16::from_be_bytes([random.octet(), random.octet()])),
        6 => advert.checksum = Sum::Exactly(u16::from_be_bytes([random.octet(), random.octet()])),
        7 => advert.auth_type = random.octet(),
        // Not cut and lengthened at once.
        8 | 9 if advert.edits.iter().any(|edit| !matches!(edit, Edit::Octet(..))) => {}
        8 => {
            let length = place(random, 48);
            advert.edits.push(Edit::Cut(length));
        }
        9 => {
            let length = place(random, 64);
            let octets = (0..length).map(|_| random.octet()).collect();
            advert.edits.push(Edit::Append(octets));
        }
        // Any octet of the header, with a checksum that is right for it; what is cut has it no more.
        _ => {
            let (at, octet) = (place(random, 8), random.octet());
            advert.edits.insert(0, Edit::Octet(at, octet));
        }
    }
}
