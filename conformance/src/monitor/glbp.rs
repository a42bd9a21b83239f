//! GLBP: who takes part. No standard describes it, so nothing is judged: its frames count as not judged, and the summary
//! names the routers.

use std::collections::HashMap;
use std::net::IpAddr;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Pdu, Protocol};
use redspec_codec::glbp::Tlv;

use super::when::Clock;
use super::{EndSummary, Options, Protocols, Report, Seen};
use crate::event::{Event, Port};

/// Routers that are kept in mind.
const MOST_ROUTERS: usize = 1024;

/// A router in a group, on a link.
type Key = (Port, Vec<u16>, IpAddr, u16);

struct Router {
    key: Key,
    mac: MacAddress,
    role: String,
    messages: u64,
}

/// All routers, in the order in which they appeared.
#[derive(Default)]
struct Glbp {
    routers: Vec<Router>,
    index: HashMap<Key, usize>,
}

/// The family's entry in the list of all.
pub(super) fn watch(_: Options) -> Box<dyn Protocols> {
    Box::new(Glbp::default())
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
        let key = (seen.port, vlans, source, pdu.header().group);
        let index = self.index.get(&key).copied().unwrap_or(self.routers.len());
        if index == MOST_ROUTERS {
            return false;
        }
        if index == self.routers.len() {
            self.index.insert(key.clone(), index);
            self.routers.push(Router { key, mac: MacAddress::default(), role: String::new(), messages: 0 });
        }
        let router = &mut self.routers[index];
        router.mac = pdu.header().owner;
        router.messages += 1;
        if let Some(hello) = pdu.tlvs().find(|tlv| matches!(tlv, Tlv::Hello { .. })) {
            router.role = hello.to_string();
        }
        false
    }

    fn happened(&mut self, _: &Event<'_>, _: &Clock) {}

    fn finish(self: Box<Self>, _: &Clock, report: &mut Report) {
        for Router { key: (port, vlans, source, group), mac, role, messages } in self.routers {
            let name = format!("{source} glbp group {group}");
            let device = vlans.iter().fold(name, |name, vlan| format!("{name} vlan {vlan}"));
            let pdus = vec![("glbp", messages)];
            report.ends.push(EndSummary {
                device,
                port,
                mac,
                vlans,
                role,
                peer: None,
                pdus,
                judged: Vec::new(),
            });
        }
    }
}
