//! GLBP: the routers of each group, and what captures of others show that theirs should look like. All of it is recorded.

use std::collections::HashMap;
use std::net::IpAddr;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Pdu, Protocol};
use redspec_codec::glbp::{MessageRef, Tlv};
use redspec_codec::{Deviation, frame, glbp};

use super::court::{Court, Finding, Judged, Question, Tallies};
use super::when::Clock;
use super::{EndSummary, Options, Protocols, Report, Seen, broken};
use crate::event::{Event, Port};
use crate::spec::glbp::{HOLDTIME, REQUIREMENTS as ASKED, SOURCE_MAC};
use crate::verdict::Judgement;

/// Routers that are kept in mind.
const MOST_ROUTERS: usize = 1024;

/// The requirements that this monitor judges.
pub(super) const REQUIREMENTS: &[&str] = &{
    let mut ids = [""; ASKED.len()];
    let mut at = 0;
    while at < ids.len() {
        ids[at] = ASKED[at].id;
        at += 1;
    }
    ids
};

/// A router in a group, on a link.
type Key = (Port, Vec<u16>, IpAddr, u16);

struct Router {
    key: Key,
    name: String,
    mac: MacAddress,
    role: String,
    messages: u64,
    tallies: Tallies,
}

/// All routers, in the order in which they appeared.
struct Glbp {
    law: Vec<Option<Judgement>>,
    routers: Vec<Router>,
    index: HashMap<Key, usize>,
    findings: Vec<Finding>,
    beyond_capacity: u64,
}

/// The family's entry in the list of all.
pub(super) fn watch(_: Options) -> Box<dyn Protocols> {
    Box::new(Glbp {
        law: ASKED.iter().map(|requirement| Some(broken(requirement.level))).collect(),
        routers: Vec::new(),
        index: HashMap::new(),
        findings: Vec::new(),
        beyond_capacity: 0,
    })
}

impl Protocols for Glbp {
    fn frame(&mut self, seen: &Seen<'_>, _: &Clock) -> bool {
        // In a bed no device is tested for it.
        if seen.frame.protocol() != Protocol::Glbp || seen.direction.is_some() {
            return false;
        }
        let (Ok((Pdu::Glbp(pdu), _)), Some(source)) = (seen.frame.pdu(), seen.frame.source_ip()) else {
            return false;
        };
        // What goes to one host may be anybody's.
        if !seen.frame.destination_ip().is_some_and(|to| to.is_multicast()) {
            return false;
        }
        let vlans = seen.frame.vlan_tags().map(|tag| tag.control & 0xfff).collect();
        let Some(index) = self.router((seen.port, vlans, source, pdu.header().group)) else { return true };
        let router = &mut self.routers[index];
        router.mac = pdu.header().owner;
        router.messages += 1;
        if let Some(hello) = pdu.tlvs().find(|tlv| matches!(tlv, Tlv::Hello { .. })) {
            router.role = hello.to_string();
        }
        judge(
            seen,
            &pdu,
            &mut Court {
                tallies: &mut router.tallies,
                findings: &mut self.findings,
                law: &self.law,
                ids: REQUIREMENTS,
                device: &router.name,
                port: seen.port,
            },
        );
        true
    }

    fn happened(&mut self, _: &Event<'_>, _: &Clock) {}

    fn finish(mut self: Box<Self>, _: &Clock, report: &mut Report) {
        let mut total: Vec<Judged> = REQUIREMENTS
            .iter()
            .map(|requirement| Judged { requirement, pass: 0, violated: 0, unknown: 0 })
            .collect();
        for router in &mut self.routers {
            Court {
                tallies: &mut router.tallies,
                findings: &mut self.findings,
                law: &self.law,
                ids: REQUIREMENTS,
                device: &router.name,
                port: router.key.0,
            }
            .close();
            let judged: Vec<Judged> = router.tallies.judged(REQUIREMENTS).collect();
            for (sum, one) in total.iter_mut().zip(&judged) {
                sum.pass += one.pass;
                sum.violated += one.violated;
                sum.unknown += one.unknown;
            }
            let (port, vlans, ..) = router.key.clone();
            report.ends.push(EndSummary {
                device: router.name.clone(),
                port,
                mac: router.mac,
                vlans,
                role: router.role.clone(),
                peer: None,
                pdus: vec![("glbp", router.messages)],
                judged,
            });
        }
        report.beyond_capacity += self.beyond_capacity;
        report.judged.extend(total);
        report.findings.append(&mut self.findings);
    }
}

impl Glbp {
    /// Who sent a message. None if there are too many.
    fn router(&mut self, key: Key) -> Option<usize> {
        if let Some(index) = self.index.get(&key) {
            return Some(*index);
        }
        if self.routers.len() == MOST_ROUTERS {
            self.beyond_capacity += 1;
            return None;
        }
        let (_, vlans, source, group) = &key;
        let name = format!("{source} glbp group {group}");
        let name = vlans.iter().fold(name, |name, vlan| format!("{name} vlan {vlan}"));
        self.index.insert(key.clone(), self.routers.len());
        self.routers.push(Router {
            key,
            name,
            mac: MacAddress::default(),
            role: String::new(),
            messages: 0,
            tallies: Tallies::new(REQUIREMENTS.len()),
        });
        Some(self.routers.len() - 1)
    }
}

fn question(id: &str) -> Option<Question> {
    REQUIREMENTS.iter().position(|known| *known == id).map(Question)
}

/// Judges what one message shows.
fn judge(seen: &Seen<'_>, pdu: &MessageRef<'_>, court: &mut Court<'_>) {
    let mut deviations: Vec<Deviation> = Vec::new();
    let _ = seen.frame.audit(&mut |deviation| deviations.push(deviation));
    let frames = frame::rules::ALL.iter().filter(|rule| rule.id.starts_with("glbp."));
    for rule in glbp::rules::ALL.iter().chain(frames) {
        let Some(question) = question(rule.id) else { continue };
        match deviations.iter().find(|deviation| deviation.rule.id == rule.id) {
            Some(Deviation { rule, at, found }) => court.violated(question, seen.number, seen.at, || {
                format!("{} (found {found}, 0x{found:x}, at octet {at})", rule.text)
            }),
            None => court.pass(question),
        }
    }
    let hello =
        pdu.tlvs().find_map(|tlv| if let Tlv::Hello { hello, .. } = tlv { Some(hello) } else { None });
    if let (Some(question), Some(hello)) = (question(HOLDTIME), hello) {
        let (hellotime, holdtime) = (hello.hellotime_ms, hello.holdtime_ms);
        let kept = hellotime > 0 && holdtime > hellotime;
        court.check(question, kept, seen.number, seen.at, || {
            format!("Hellotime {hellotime} ms and Holdtime {holdtime} ms")
        });
    }
    if let (Some(question), Some(source)) = (question(SOURCE_MAC), seen.source) {
        let header = pdu.header();
        let kept = source == header.owner || forwarder_group(source) == Some(header.group);
        court.check(question, kept, seen.number, seen.at, || {
            format!("it comes from {source}; the owner is {}, the group {}", header.owner, header.group)
        });
    }
}

/// The group of a virtual forwarder's MAC address: 00-07-b4, six bits of zero, ten of the group, eight of the forwarder.
fn forwarder_group(mac: MacAddress) -> Option<u16> {
    match mac.0 {
        [0, 7, 0xb4, high, low, _] if high <= 3 => Some(u16::from_be_bytes([high, low])),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use redspec_codec::frame::{Builder, NetworkHeader};
    use redspec_codec::glbp::{Header, Hello, State};

    use super::*;
    use crate::event::{Event, Happening};
    use crate::monitor::Watch;
    use crate::spec::Edition;
    use crate::time::Time;

    const OWNER: MacAddress = MacAddress([2, 0, 0, 0, 0, 1]);
    /// The first forwarder of group 1.
    const FORWARDER: MacAddress = MacAddress([0, 7, 0xb4, 0, 1, 1]);

    /// A Hello of group 1, from this MAC address, with these times and this TTL.
    fn message(source: MacAddress, hellotime_ms: u32, holdtime_ms: u32, ttl: u8) -> Vec<u8> {
        let plain = Builder::glbp(source, [10, 0, 0, 1].into());
        let network = match plain.network {
            Some(NetworkHeader::Ipv4(network)) => Some(NetworkHeader::Ipv4(frame::Ipv4 { ttl, ..network })),
            other => other,
        };
        let address = [10, 0, 0, 254];
        let hello = Hello {
            unknown_1: 0,
            state: State::ACTIVE,
            unknown_2: 0,
            priority: 100,
            unknown_3: 0,
            hellotime_ms,
            holdtime_ms,
            redirect_s: 600,
            timeout_s: 14_400,
            unknown_4: 0,
            address_type: 1,
            address_length: 4,
        };
        let header = Header::new(1, OWNER);
        let mut out = vec![0; 128];
        let written = Builder { network, ..plain }
            .emit(&mut out, |space| glbp::emit(&header, [Tlv::Hello { hello, address: &address }], space))
            .expect("a frame");
        out.truncate(written);
        out
    }

    fn findings(frame: Vec<u8>) -> Vec<&'static str> {
        let mut watch = Watch::new(Options { edition: Edition::CiscoGlbp, exact: false });
        let what = Happening::Frame { direction: None, octets: Cow::Owned(frame), missing: 0 };
        watch.event(&Event { number: 1, at: Time::ZERO.into(), port: Port(0), what });
        let report = watch.finish();
        assert_eq!((report.traffic.judged, report.ends.len()), (1, 1));
        assert!(report.findings.iter().all(|finding| finding.judgement == Judgement::Info));
        report.findings.iter().map(|finding| finding.requirement).collect()
    }

    #[test]
    fn what_routers_send_is_as_captures_show_it() {
        assert_eq!(findings(message(FORWARDER, 3000, 10_000, 255)), [""; 0]);
        assert_eq!(findings(message(OWNER, 3000, 10_000, 255)), [""; 0]);
    }

    #[test]
    fn what_no_router_sends_is_recorded() {
        assert_eq!(findings(message(FORWARDER, 3000, 3000, 255)), [HOLDTIME]);
        assert_eq!(findings(message(FORWARDER, 3000, 10_000, 1)), ["glbp.encapsulation.ttl"]);
        let of_group_2 = MacAddress([0, 7, 0xb4, 0, 2, 1]);
        assert_eq!(findings(message(of_group_2, 3000, 10_000, 255)), [SOURCE_MAC]);
    }
}
