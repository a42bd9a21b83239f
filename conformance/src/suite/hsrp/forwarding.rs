//! What a router forwards for its group, and what it must not tell hosts of: redirects.

use std::net::{IpAddr, Ipv4Addr};

use redspec_codec::frame::Frame;
use redspec_codec::{Family, MacAddress};

use super::addresses::{Left, word};
use super::{Dialect, HsrpTest, Message, Station, Steps, dialects, frames};
use crate::bed::Capability;
use crate::reference::router::{DOWNSTREAM, LAN};
use crate::scenario::{Mark, Stop, Test};
use crate::spec::Edition;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::SILENCE;
use crate::suite::router::hosts::{Hosts, NO_REPLY, TRIES};
use crate::suite::router::packet::{copy, datagram, echo, packet, redirects};

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-033", "-", "-"]) {
        tests.push(active(dialect, row));
        for state in [Group::Initial, Group::Learn, Group::Listen, Group::Speak, Group::Standby] {
            tests.push(others(dialect, row, state));
        }
        tests.push(left(dialect, row, Left::Hello));
        tests.push(left(dialect, row, Left::Disabled));
    }
    for (dialect, row) in dialects(["-", "-", ""]) {
        tests.push(multicast(dialect, row));
    }
    for (dialect, row) in dialects(["H1-034", "-", "-"]) {
        for state in [Group::Active, Group::Standby, Group::Listen] {
            tests.push(redirect(dialect, row, state));
        }
    }
    tests
}

impl HsrpTest<'_> {
    /// A host sends a packet to the host behind the device, in a frame to the virtual MAC address, up to three times: whether
    /// one was forwarded.
    fn forwards(&mut self) -> Result<Option<u64>, Stop> {
        let virtual_mac = self.virtual_mac();
        for _ in 0..TRIES {
            let (mark, token) = self.send_through(virtual_mac, 64)?;
            if let Some(sighting) = self.look(&self.forwarded(token), mark, NO_REPLY)? {
                return Ok(Some(sighting.number));
            }
        }
        Ok(None)
    }

    /// None of what hosts send to the virtual MAC address is forwarded. Nobody may be Active but T.
    fn forwards_nothing(&mut self, mark: Mark, requirement: &'static str) -> Result<(), Stop> {
        let (virtual_mac, remote) = (self.virtual_mac(), self.remote());
        let host = self.station(Station::HOST);
        self.run.step(format!("{TRIES} times, a host sends packets to {remote} in frames to {virtual_mac}"));
        let mut tokens = Vec::new();
        for _ in 0..TRIES {
            tokens.push(self.send_through(virtual_mac, 64)?.1);
            let token = self.token();
            let frame = packet(&host, remote, virtual_mac, 64, &datagram(&host, remote, token));
            self.send_frame(LAN, &frame)?;
            tokens.push(token);
            self.wait(SILENCE / 4)?;
        }
        self.is_not_active(mark)?;
        let length = self.since(mark) + SILENCE;
        for token in tokens {
            self.never(&self.forwarded(token), mark, length, requirement)?;
        }
        Ok(())
    }
}

fn active(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.active",
            row,
            "An Active router forwards what is sent to the virtual MAC address: once, and with TTL or Hop Limit one less.",
            &["forwarding.active", "forwarding.once"],
        )
        .ports(2)
        .hsrp(dialect, |t| {
            t.make_active()?;
            let found = t.forwards()?;
            let text = format!("of {TRIES} packets to {} at least one is forwarded", t.remote());
            let seen = if found.is_some() { "" } else { "none was" };
            t.judge(found.is_some(), &text, seen, found, "forwarding.active")?;
            // Where the host is is known now.
            for ttl in [64, 2] {
                let (mark, token) = t.send_through(t.virtual_mac(), ttl)?;
                let copies = t.all(&t.forwarded(token), mark, NO_REPLY)?;
                let right = t.all(&copy(DOWNSTREAM, token, Some(ttl - 1)), mark, NO_REPLY)?;
                let number = copies.first().map(|sighting| sighting.number);
                if copies.is_empty() {
                    return Err(Stop::Inconclusive("a packet was lost".to_owned()));
                }
                let text = format!("a packet with TTL {ttl} leaves once, with {}", ttl - 1);
                let seen = format!("{} copies, {} of them with {}", copies.len(), right.len(), ttl - 1);
                t.judge(copies.len() == 1 && right.len() == 1, &text, &seen, number, "forwarding.once")?;
            }
            Ok(())
        })
}

fn others(dialect: Dialect, row: &'static str, state: Group) -> Test {
    let test = dialect
        .test(
            &format!("forwarding.others.{}", word(state)),
            row,
            &format!("A router in {state:?} does not forward what is sent to the virtual MAC address."),
            &["forwarding.others"],
        )
        .ports(2);
    let test = match state {
        Group::Initial => test.needs(Capability::Configure),
        Group::Learn => test.with("hsrp.virtual_known", "no"),
        _ => test,
    };
    test.hsrp(dialect, move |t| {
        t.reach(state)?;
        let mark = t.quiet_start()?;
        t.forwards_nothing(mark, "forwarding.others")?;
        match state {
            Group::Initial => drop(t.enable()?),
            // It may or may not learn, and says nothing before.
            Group::Learn => t.without_closing(),
            _ => {}
        }
        Ok(())
    })
}

fn left(dialect: Dialect, row: &'static str, how: Left) -> Test {
    let test = dialect
        .test(
            &format!("forwarding.left.{}", how.name()),
            row,
            &format!("{} forwards what is sent to the virtual MAC address no more.", how.text()),
            &["forwarding.left"],
        )
        .ports(2);
    how.prepare(test).hsrp(dialect, move |t| {
        t.make_active()?;
        if t.forwards()?.is_none() {
            return Err(Stop::Inconclusive(format!("D forwards nothing to {}, as Active", t.remote())));
        }
        let mark = t.leave_active(how)?;
        t.forwards_nothing(mark, "forwarding.left")?;
        if how == Left::Disabled {
            t.enable()?;
        }
        Ok(())
    })
}

/// The group address of the version, and its MAC address.
const fn group(version: Version) -> (Ipv4Addr, MacAddress) {
    let last = match version {
        Version::V1 => 2,
        Version::V2 => 102,
    };
    (Ipv4Addr::new(224, 0, 0, last), MacAddress([1, 0, 0x5e, 0, 0, last]))
}

fn multicast(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "forwarding.multicast",
            row,
            "What is sent to the group address of HSRP on one port does not leave on the other, whatever its TTL.",
            &["forwarding.multicast"],
        )
        .ports(2)
        .hsrp(dialect, |t| {
            t.make_active()?;
            let (group, group_mac) = group(t.dialect.version());
            let mark = t.quiet_start()?;
            let mut tokens = Vec::new();
            for (station, port) in [(Station::HOST, LAN), (Station::REMOTE, DOWNSTREAM)] {
                let host = t.station(station);
                t.run.step(format!("{} sends HSRP and UDP to {group} on {port}, with TTL 255 and 2", host.address));
                for ttl in [255, 2] {
                    let hello = t.hello(Group::Active, 100);
                    // Of a group that the device is not in.
                    let stranger = hello.group ^ 0x80;
                    let hello = Message { port, source: host.address.into(), group: stranger, ttl: Some(ttl), ..hello };
                    t.send(&hello)?;
                    let token = t.token();
                    let frame = packet(&host, group.into(), group_mac, ttl, &datagram(&host, group.into(), token));
                    t.send_frame(port, &frame)?;
                    tokens.push((port, host.address, token));
                }
            }
            let length = SILENCE + t.since(mark);
            for (port, source, token) in tokens {
                let other = if port == LAN { DOWNSTREAM } else { LAN };
                let copied = frames(other, format!("copy of what {source} sent to {group}"), move |frame| {
                    let sent_on = frame.source_ip() == Some(source.into());
                    Some(sent_on && frame.destination_ip() == Some(group.into()))
                });
                t.never(&copied, mark, length, "forwarding.multicast")?;
                t.never(&copy(other, token, None), mark, length, "forwarding.multicast")?;
            }
            Ok(())
        })
}

/// A redirect of the device: its number, and what it says.
struct Redirect {
    number: u64,
    text: String,
}

/// The device's physical MAC address: that at which its own address is, or if it does not answer for that, the one from
/// which a message came that was no Active router's.
fn physical_mac(t: &mut HsrpTest<'_>) -> Result<Option<MacAddress>, Stop> {
    if let Some(mac) = t.physical_mac()? {
        return Ok(Some(mac));
    }
    let (message, shared) = (t.message(), t.virtual_mac());
    let mut sources = t.run.events().iter().filter_map(|event| message.seen(event)?.source_mac);
    Ok(sources.find(|mac| *mac != shared))
}

/// A host sends packets to another one on the LAN, in frames to the virtual and to the physical MAC address of the device:
/// it could send them itself, which a redirect would tell it.
fn provoked(t: &mut HsrpTest<'_>, state: Group) -> Result<Vec<Redirect>, Stop> {
    let (host, other) = (t.station(Station::HOST), t.station(Station::OTHER));
    let destination = match t.dialect.family() {
        Family::Ipv4 => IpAddr::from(other.address),
        Family::Ipv6 => other.addresses6[1].into(),
    };
    let mut macs = vec![t.virtual_mac()];
    match physical_mac(t)? {
        Some(mac) => macs.push(mac),
        None if state == Group::Active => {}
        // What comes to the virtual one is not its own then.
        None => return Err(Stop::Inconclusive("D's physical MAC address is not known".to_owned())),
    }
    let mark = t.mark();
    for mac in macs {
        t.run.step(format!("{TRIES} times, a host sends a packet for {destination} in a frame to {mac}"));
        for _ in 0..TRIES {
            let token = t.token();
            let frame = packet(&host, destination, mac, 64, &echo(destination, token));
            t.send_frame(LAN, &frame)?;
            t.wait(SILENCE / 4)?;
        }
    }
    let found = t.all(&redirects(), mark, t.since(mark) + SILENCE)?;
    let vip = t.vip();
    Ok(found
        .into_iter()
        .map(|sighting| Redirect { number: sighting.number, text: told(&t.octets_at(sighting), vip) })
        .collect())
}

/// What a redirect says: who sends it, and whom it names.
fn told(octets: &[u8], vip: IpAddr) -> String {
    let Ok(frame) = Frame::parse(octets) else { return String::new() };
    let payload = frame.payload();
    let named = if frame.family() == Some(Family::Ipv4) {
        payload.get(4..8).and_then(|octets| Some(IpAddr::from(<[u8; 4]>::try_from(octets).ok()?)))
    } else {
        payload.get(8..24).and_then(|octets| Some(IpAddr::from(<[u8; 16]>::try_from(octets).ok()?)))
    };
    let kind = |address: IpAddr| if address == vip { "the virtual address" } else { "a real address" };
    let words = |address: Option<IpAddr>| {
        address.map_or_else(|| "nobody".to_owned(), |address| format!("{address}, {}", kind(address)))
    };
    format!("it comes from {} and names {}", words(frame.source_ip()), words(named))
}

fn redirect(dialect: Dialect, row: &'static str, state: Group) -> Test {
    let (asked, recorded) = match state {
        Group::Active => ("icmp.redirect", "icmp.redirect-cisco"),
        _ => ("icmp.redirect-others", "icmp.redirect-others-cisco"),
    };
    dialect
        .test(
            &format!("forwarding.redirect.{}", word(state)),
            row,
            &format!(
                "A router in {state:?} sends no ICMP redirect for a packet to a host of the same subnet, in a frame to the \
                 virtual or to its physical MAC address, as RFC 2281 asks; what other routers do is recorded."
            ),
            &[asked, recorded, "icmp.redirect-virtual"],
        )
        .hsrp(dialect, move |t| {
            t.reach(state)?;
            let found = provoked(t, state)?;
            let number = found.first().map(|first| first.number);
            let seen = found.first().map_or("", |first| first.text.as_str());
            if number.is_some() {
                t.note(seen, number, "icmp.redirect-virtual");
            }
            if t.is(Edition::Rfc2281) {
                return t.judge(found.is_empty(), "no ICMP redirect comes", seen, number, asked);
            }
            let text = match found.len() {
                0 => "no ICMP redirect comes".to_owned(),
                some => format!("{some} ICMP redirects come, the first: {seen}"),
            };
            t.note(text, number, if dialect == Dialect::V1 { recorded } else { asked });
            Ok(())
        })
}
