//! What no router should be sent, and every router gets: odd IP packets, its own messages, anything at all.

use std::net::Ipv4Addr;
use std::time::Duration;

use redspec_codec::hsrp::Opcode;
use redspec_codec::{Stated, internet_checksum};

use super::reception::{changed, tlv};
use super::{Dialect, Edit, HsrpTest, Message, Rows, Steps, dialects};
use crate::scenario::random::Random;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::timers::JITTER_PERCENT;
use crate::spec::hsrp::tolerances::{silent, takeover};
use crate::suite::hsrp::states::{ACTIVE_PRIORITY, STANDBY_PRIORITY};
use crate::suite::router::candidate::Candidate;

/// More fragments follow, in an IPv4 header.
const MORE: u16 = 0x2000;
/// Some routers send a Hello out of turn this often.
const EXTRA_HELLO: Duration = Duration::from_secs(9);

type Make = fn(Dialect, &'static str) -> Test;

const TESTS: &[(Rows, Make)] = &[
    (["H1-044", "H2-024", "-"], fuzz),
    (["-", "-", "-"], reflection),
    (["-", "-", "-"], reflection_as_standby),
    (["-", "-", "-"], odd_packets),
];

/// Its tests.
pub fn tests() -> Vec<Test> {
    TESTS
        .iter()
        .flat_map(|(rows, make)| dialects(*rows).map(move |(dialect, row)| make(dialect, row)))
        .collect()
}

fn odd_packets(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "robust.odd-packets",
            row,
            "Behind odd packets, among them fragments, wrong IP headers and the largest datagram, a good message is heard.",
            &["robust.fuzz"],
        )
        .hsrp(dialect, move |t| {
            let own = t.configuration.own_address(dialect.family());
            let mut odd = vec![
                changed(t, "no payload", |message| message.edits = vec![Edit::Cut(0)]),
                changed(t, "TTL 0", |message| message.ttl = Some(0)),
                changed(t, "from port 0", |message| message.source_port = Some(0)),
                changed(t, "the largest datagram", |message| {
                    message.edits = vec![Edit::Append(vec![0xff; 1400])];
                }),
                changed(t, "from D's own address", |message| message.source = own),
            ];
            if dialect != Dialect::V6 {
                odd.extend([
                    changed(t, "wrong IP header checksum", |message| message.header_checksum = Some(0x5555)),
                    changed(t, "first fragment", |message| message.fragmentation = MORE),
                    changed(t, "second fragment", |message| message.fragmentation = 1),
                    changed(t, "from 0.0.0.0", |message| message.source = Ipv4Addr::UNSPECIFIED.into()),
                    changed(t, "from everyone", |message| message.source = Ipv4Addr::BROADCAST.into()),
                ]);
            }
            let message = t.candidate();
            let frame = message.frame();
            // Behind the Ethernet header, each length once.
            odd.extend((15..frame.len()).step_by(3).map(|length| {
                Candidate::raw(format!("{length} octets of the frame"), vec![frame[..length].to_vec()], message.port)
            }));
            for (text, length) in [("none", 0_u16), ("one octet", 1), ("more than there is", 0xffff)] {
                let mut lying = frame.clone();
                let at = if message.source.is_ipv4() { 14 + 20 + 4 } else { 14 + 40 + 4 };
                lying[at..at + 2].copy_from_slice(&length.to_be_bytes());
                odd.push(Candidate::raw(format!("UDP length {text}"), vec![lying], message.port));
            }
            t.make_active()?;
            t.run.step(format!("T sends {} odd packets", odd.len()));
            for candidate in &odd {
                t.send_candidate(candidate)?;
                t.wait(Duration::from_millis(5))?;
            }
            recovers(t)
        })
}

/// Whatever the device was told before, it is silent under good routers, and takes over when they fall silent.
fn recovers(t: &mut HsrpTest<'_>) -> Result<(), Stop> {
    let (hellotime, holdtime) = (t.hellotime(), t.holdtime());
    t.run.step(format!(
        "T is Active with priority {ACTIVE_PRIORITY} and as another router Standby with priority \
         {STANDBY_PRIORITY}, and both fall silent"
    ));
    let active = t.hello(Group::Active, ACTIVE_PRIORITY);
    let standby = t.hello(Group::Standby, STANDBY_PRIORITY);
    let (active, standby) = (t.start_peer(active), t.start_peer(standby));
    // What waits in the device's queue it may work off first.
    t.wait(hellotime * 5 / 2)?;
    let mark = t.mark();
    t.never(&t.message(), mark, silent(hellotime), "robust.fuzz")?;
    let last = t.stop_peer(active)?;
    t.stop_peer(standby)?;
    let earliest = takeover(holdtime).lenient.from;
    let latest = holdtime * 3 + hellotime * 2 + Duration::from_secs(3);
    let back = t.look(&t.message().state(Group::Active), last, latest)?;
    let seen = match back {
        None => "no Hello in Active came".to_owned(),
        Some(back) => format!("it was Active after {} s", (back.at.time - last.at.time).as_secs_f64()),
    };
    let met = back.is_some_and(|back| back.at.time - last.at.time >= earliest);
    let text =
        format!("D is silent, and Active {} to {} s later", earliest.as_secs_f64(), latest.as_secs_f64());
    t.judge(met, &text, &seen, back.map(|back| back.number), "robust.fuzz")?;
    t.obeys("robust.fuzz")
}

/// Most messages that a router has reason to send in that time.
fn most(t: &HsrpTest<'_>, duration: Duration) -> usize {
    let regular =
        duration.as_nanos() * 100 / (t.hellotime().as_nanos() * u128::from(100 - JITTER_PERCENT)).max(1);
    let extra = duration.as_secs() / EXTRA_HELLO.as_secs();
    usize::try_from(regular).unwrap_or(usize::MAX) + usize::try_from(extra).unwrap_or(0) + 2
}

/// The device's Hellos come back to it, so many of them. Returns when that began.
fn reflect(t: &mut HsrpTest<'_>, state: Group, hellos: u32) -> Result<Mark, Stop> {
    t.run.step(format!("T sends each of D's Hellos in {state:?} back"));
    let start = t.mark();
    let mut from = start;
    let own = t.message().state(state);
    for _ in 0..hellos {
        let Some(hello) = t.look(&own, from, silent(t.hellotime()))? else {
            let requirement = "robust.reflection";
            let text = format!("D goes on in {state:?}");
            t.judge(false, &text, "its Hellos have ceased", None, requirement)?;
            return Ok(start);
        };
        let frame = t.octets_at(hello);
        t.send_frame(crate::reference::router::LAN, &frame)?;
        from = hello.mark();
    }
    Ok(start)
}

/// It has stayed in this state, and sent no more than it would have by itself.
fn unmoved(t: &mut HsrpTest<'_>, state: Group, start: Mark) -> Result<(), Stop> {
    let duration = t.now() - start.at.time;
    let all = t.all(&t.message(), start, duration)?;
    let most = most(t, duration);
    let other = all.iter().copied().find(|one| {
        t.seen(*one).is_none_or(|seen| seen.heard.opcode != Opcode::HELLO || seen.heard.state != Some(state))
    });
    let text = format!("only Hellos in {state:?} while they come back");
    let seen = if other.is_some() { "another message came" } else { "" };
    t.judge(other.is_none(), &text, seen, other.map(|other| other.number), "robust.reflection")?;
    let text = format!("at most {most} messages in {} s", duration.as_secs_f64());
    let frame = all.last().map(|last| last.number);
    t.judge(all.len() <= most, &text, &format!("{} came", all.len()), frame, "robust.reflection")
}

fn reflection(dialect: Dialect, row: &'static str) -> Test {
    const REFLECTED: u32 = 8;
    dialect
        .test(
            "robust.reflection",
            row,
            "An Active router that gets its own messages back stays Active, and sends no more than before.",
            &["robust.reflection"],
        )
        .hsrp(dialect, move |t| {
            t.make_active()?;
            let start = reflect(t, Group::Active, REFLECTED)?;
            let mark = t.mark();
            t.goes_on(Group::Active, mark, 2, "robust.reflection")?;
            unmoved(t, Group::Active, start)
        })
}

fn reflection_as_standby(dialect: Dialect, row: &'static str) -> Test {
    const REFLECTED: u32 = 4;
    dialect
        .test(
            "robust.reflection.standby",
            row,
            "A Standby router that gets its own messages back stays Standby, and sends no more than before.",
            &["robust.reflection"],
        )
        .hsrp(dialect, move |t| {
            t.make_standby()?;
            let start = reflect(t, Group::Standby, REFLECTED)?;
            let mark = t.mark();
            t.goes_on(Group::Standby, mark, 2, "robust.reflection")?;
            unmoved(t, Group::Standby, start)
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
            "10 000 malformed messages in ten seconds: behind them the device is silent under better routers, and takes over \
             when those fall silent.",
            &["robust.fuzz"],
        )
        .problems("A device whose interface cannot take 1000 frames a second drops some of them, which is no fault.")
        .hsrp(dialect, move |t| {
            let wanted = t.run.settings().get(SETTING, FRAMES);
            let wanted = wanted.map_err(|error| Stop::Error(error.to_string()))?;
            t.make_active()?;
            t.run.step(format!("T sends {wanted} malformed messages, 1000 in a second"));
            for sent in 0..wanted {
                let frame = hostile(t);
                t.send_frame(crate::reference::router::LAN, &frame)?;
                if sent % BURST == BURST - 1 {
                    t.wait(Duration::from_millis(10))?;
                }
            }
            recovers(t)
        })
}

/// A message that no router should send, mostly.
fn hostile(t: &mut HsrpTest<'_>) -> Vec<u8> {
    let states = [Group::Active, Group::Standby, Group::Speak];
    let mut message = t.candidate();
    let random = &mut t.run.random;
    message.state = states[place(random, states.len())];
    for _ in 0..=random.below(3) {
        spoil(&mut message, random);
    }
    let mut frame = match random.below(8) {
        // TLVs of any kind and length, or anything.
        0 => {
            let length = place(random, 80);
            let octets: Vec<u8> = (0..length).map(|_| random.octet()).collect();
            message.around(&octets)
        }
        1 => {
            let mut payload = message.payload();
            for _ in 0..=random.below(4) {
                let length = place(random, 48);
                let value: Vec<u8> = (0..length).map(|_| random.octet()).collect();
                let kind = random.octet() % 8;
                payload.extend(tlv(kind, &value));
            }
            message.around(&payload)
        }
        _ => message.frame(),
    };
    // Now and then the headers are wrong too, behind the one of Ethernet.
    if random.below(8) == 0 {
        for _ in 0..=random.below(3) {
            let at = 14 + place(random, frame.len().saturating_sub(14));
            if let Some(octet) = frame.get_mut(at) {
                *octet = random.octet();
            }
        }
        // A header that nobody believes would hide all that is wrong behind it.
        if message.source.is_ipv4() && random.below(2) == 0 {
            if let Some(header) = frame.get_mut(14..34) {
                header[10..12].fill(0);
                let sum = internet_checksum(header);
                header[10..12].copy_from_slice(&sum.to_be_bytes());
            }
        }
    }
    frame
}

fn place(random: &mut Random, length: usize) -> usize {
    usize::try_from(random.below(length.try_into().unwrap_or(1))).unwrap_or(0)
}

/// Makes one thing about it wrong.
fn spoil(message: &mut Message, random: &mut Random) {
    match random.below(14) {
        0 => message.version_field = Some(random.octet()),
        1 => message.opcode = Opcode(random.octet() % 5),
        2 => message.state_field = Some(random.octet()),
        3 => message.hellotime = Duration::from_secs(random.octet().into()),
        4 => message.holdtime = Duration::from_secs(random.octet().into()),
        5 => message.priority = u32::from(random.octet()),
        6 => message.group = u16::from(random.octet()) << (random.octet() % 9),
        7 => message.reserved = random.octet(),
        8 => message.checksum = Stated::Exactly(u16::from_be_bytes([random.octet(), random.octet()])),
        9 => message.ttl = Some(random.octet()),
        10 => {
            if message.address.is_ipv4() {
                message.address =
                    Ipv4Addr::new(random.octet(), random.octet(), random.octet(), random.octet()).into();
            }
        }
        // Not cut and lengthened at once.
        11 | 12 if message.edits.iter().any(|edit| !matches!(edit, Edit::Octet(..))) => {}
        11 => {
            let length = place(random, 80);
            message.edits.push(Edit::Cut(length));
        }
        12 => {
            let length = place(random, 64);
            let octets = (0..length).map(|_| random.octet()).collect();
            message.edits.push(Edit::Append(octets));
        }
        // Any octet of what every message has; what is cut may have it no more.
        _ => {
            let length = if message.version == Version::V1 { 20 } else { 42 };
            let (at, octet) = (place(random, length), random.octet());
            message.edits.insert(0, Edit::Octet(at, octet));
        }
    }
}
