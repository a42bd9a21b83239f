//! What the device sends, read without believing any of it: which frames it means as messages, and what stands where in
//! them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::frame::Frame;
use redspec_codec::hsrp::{Opcode, PORT, PORT_IPV6, v1, v2};
use redspec_codec::{Family, MacAddress};

use super::{HsrpTest, Steps, frames};
use crate::reference::router::LAN;
use crate::scenario::{Mark, Sighting, Stop};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::tolerances::{alone, next_hello};
use crate::suite::router::pattern::Frames;

/// The octets of a message of version 1.
pub const LENGTH_1: usize = v1::Message::LEN;
/// The octets of an MD5 Authentication, with its type and its length.
pub const LENGTH_MD5: usize = 30;

/// What a message tells of its group, as it stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fields {
    /// Version.
    pub version: u8,
    /// Op Code.
    pub opcode: u8,
    /// State.
    pub state: u8,
    /// Hellotime.
    pub hellotime: Duration,
    /// Holdtime.
    pub holdtime: Duration,
    /// Priority.
    pub priority: u32,
    /// Group.
    pub group: u16,
    /// The reserved octet, which version 2 does not have.
    pub reserved: u8,
    /// IP version, which version 1 does not have.
    pub ip_version: u8,
    /// Identifier, which version 1 does not have.
    pub identifier: Option<MacAddress>,
    /// The octets of the virtual address; four in version 1, with zeros behind them here.
    pub address: [u8; 16],
}

impl Fields {
    /// Those of a message; `None` if it is too short for them, or tells of the interface and not of a group.
    pub fn of(version: Version, payload: &[u8]) -> Option<Self> {
        match version {
            Version::V1 if is_advertise(payload) => None,
            Version::V1 => Self::of_1(payload.first_chunk()?),
            Version::V2 => {
                let group_state = |(tlv_type, value): &(u8, &[u8])| {
                    (*tlv_type == v2::TlvType::GROUP_STATE.0).then(|| value.first_chunk().copied()).flatten()
                };
                tlvs(payload).0.iter().find_map(group_state).map(|octets| Self::of_2(&octets))
            }
        }
    }

    fn of_1(octets: &[u8; LENGTH_1]) -> Option<Self> {
        let mut address = [0; 16];
        address[..4].copy_from_slice(octets.get(16..20)?);
        Some(Self {
            version: octets[0],
            opcode: octets[1],
            state: octets[2],
            hellotime: Duration::from_secs(octets[3].into()),
            holdtime: Duration::from_secs(octets[4].into()),
            priority: octets[5].into(),
            group: octets[6].into(),
            reserved: octets[7],
            ip_version: 4,
            identifier: None,
            address,
        })
    }

    fn of_2(octets: &[u8; v2::GroupState::LEN]) -> Self {
        let state = v2::GroupState::from_octets(octets);
        Self {
            version: state.version,
            opcode: state.opcode.0,
            state: state.state.0,
            hellotime: Duration::from_millis(state.hellotime_ms.into()),
            holdtime: Duration::from_millis(state.holdtime_ms.into()),
            priority: state.priority,
            group: state.group,
            reserved: 0,
            ip_version: state.ip_version,
            identifier: Some(state.identifier),
            address: state.virtual_ip_octets,
        }
    }

    /// The virtual address, read as one of this family.
    pub fn virtual_address(&self, family: Family) -> IpAddr {
        match family {
            Family::Ipv4 => IpAddr::from(self.address.first_chunk::<4>().copied().unwrap_or_default()),
            Family::Ipv6 => self.address.into(),
        }
    }

    /// It is a Hello.
    pub const fn is_hello(&self) -> bool {
        self.opcode == Opcode::HELLO.0
    }

    /// It is a Hello of an Active router.
    pub const fn is_active(&self, version: Version) -> bool {
        let active = match version {
            Version::V1 => v1::State::ACTIVE.0,
            Version::V2 => v2::State::ACTIVE.0,
        };
        self.is_hello() && self.state == active
    }
}

/// A message of version 1 that tells of the interface: Cisco's Advertise is no message of a group, which has its length.
pub fn is_advertise(payload: &[u8]) -> bool {
    let lengths = [LENGTH_1, LENGTH_1 + LENGTH_MD5];
    payload.get(1) == Some(&Opcode::ADVERTISE.0) && !lengths.contains(&payload.len())
}

/// The TLVs of a list, as type and value, and what is left behind the last whole one.
pub fn tlvs(payload: &[u8]) -> (Vec<(u8, &[u8])>, &[u8]) {
    let (mut list, mut rest) = (Vec::new(), payload);
    while let [tlv_type, length, behind @ ..] = rest {
        let Some((value, next)) = behind.split_at_checked(usize::from(*length)) else { break };
        list.push((*tlv_type, value));
        rest = next;
    }
    (list, rest)
}

/// What a message tells of the interface: how many groups are Active, and how many are not.
pub fn counts(version: Version, payload: &[u8]) -> Option<(u16, u16)> {
    match version {
        Version::V1 if is_advertise(payload) => {
            let (message, _) = v1::AdvertiseRef::parse(payload).ok()?;
            let message = message.to_value();
            Some((message.active_groups, message.passive_groups))
        }
        Version::V1 => None,
        Version::V2 => tlvs(payload).0.iter().find_map(|(tlv_type, value)| {
            let [a, b, c, d] = **value else { return None };
            let counts = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            (*tlv_type == v2::TlvType::INTERFACE_STATE.0).then_some(counts)
        }),
    }
}

/// The group to which a version sends over a family.
pub const fn destination(version: Version, family: Family) -> (IpAddr, MacAddress) {
    match (version, family) {
        (Version::V1, _) => {
            (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 2)), MacAddress([0x01, 0, 0x5e, 0, 0, 0x02]))
        }
        (Version::V2, Family::Ipv4) => {
            (IpAddr::V4(Ipv4Addr::new(224, 0, 0, 102)), MacAddress([0x01, 0, 0x5e, 0, 0, 0x66]))
        }
        (Version::V2, Family::Ipv6) => (
            IpAddr::V6(Ipv6Addr::new(0xff02, 0, 0, 0, 0, 0, 0, 0x66)),
            MacAddress([0x33, 0x33, 0, 0, 0, 0x66]),
        ),
    }
}

/// The UDP port of a family.
pub const fn port(family: Family) -> u16 {
    match family {
        Family::Ipv4 => PORT,
        Family::Ipv6 => PORT_IPV6,
    }
}

/// How much is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Enough {
    /// So many Hellos of an Active router.
    Active(usize),
    /// So many Hellos.
    Hellos(usize),
}

impl HsrpTest<'_> {
    /// What the device means as a message, however wrong: anything from or to the UDP ports of HSRP, and anything of UDP to
    /// a group of it that tells the virtual address. Other protocols use 224.0.0.2 too.
    pub fn meant(&self) -> Frames {
        let family = self.dialect.family();
        let address = match self.vip() {
            IpAddr::V4(address) => address.octets().to_vec(),
            IpAddr::V6(address) => address.octets().to_vec(),
        };
        frames(LAN, "message", move |frame| {
            if frame.family() != Some(family) {
                return None;
            }
            let udp = frame.udp_header()?;
            let ports = [udp.source_port(), udp.destination_port()];
            let ours = ports.iter().any(|port| [PORT, PORT_IPV6].contains(port));
            let groups = [Version::V1, Version::V2].map(|version| destination(version, family).0);
            let to_group = frame.destination_ip().is_some_and(|to| groups.contains(&to));
            let tells = frame.payload().windows(address.len()).any(|octets| octets == address);
            (ours || to_group && tells).then_some(true)
        })
    }

    /// What a frame of the device tells of its group.
    pub fn fields(&self, sighting: Sighting) -> Option<Fields> {
        let octets = self.octets_at(sighting);
        let frame = Frame::parse(&octets).ok()?;
        Fields::of(self.dialect.version(), frame.payload())
    }

    /// All that it means as messages while nobody else says anything. Nothing is judged.
    ///
    /// # Errors
    /// There is nothing: inconclusive.
    pub fn sent_alone(&mut self, enough: Enough) -> Result<Vec<Sighting>, Stop> {
        self.run.step("nobody else says anything: D speaks, and is Active in the end");
        let mark = self.mark();
        let longest = alone(self.holdtime(), self.hellotime());
        self.sent_from(mark, longest, enough)
    }

    /// All that it means as messages from there on, until it is enough, or for `longest`.
    ///
    /// # Errors
    /// There is nothing: inconclusive.
    pub fn sent_from(
        &mut self,
        mark: Mark,
        longest: Duration,
        enough: Enough,
    ) -> Result<Vec<Sighting>, Stop> {
        let (version, pattern) = (self.dialect.version(), self.meant());
        let next = next_hello(self.hellotime()).lenient.to;
        let (mut until, mut from) = (mark.at.time + longest, mark);
        let (mut found, mut counted) = (Vec::new(), 0);
        let most = match enough {
            Enough::Active(most) | Enough::Hellos(most) => most,
        };
        while counted < most {
            let left = until.since(from.at.time);
            let Some(sighting) = self.look(&pattern, from, left)? else { break };
            found.push(sighting);
            from = sighting.mark();
            let fields = self.fields(sighting);
            let counts = fields.is_some_and(|fields| match enough {
                Enough::Active(_) => fields.is_active(version),
                Enough::Hellos(_) => fields.is_hello(),
            });
            if counts {
                counted += 1;
                until = until.max(sighting.at.time + next);
            }
        }
        if found.is_empty() {
            let text = format!("D sent no message within {} s", longest.as_secs_f64());
            return Err(Stop::Inconclusive(text));
        }
        Ok(found)
    }

    /// All that it means as messages on the way to Standby under another Active router, and from there to Active.
    ///
    /// # Errors
    /// It does not get there: the test is inconclusive.
    pub fn sent_in_every_state(&mut self) -> Result<Vec<Sighting>, Stop> {
        let start = self.mark();
        let (active, _) = self.make_standby()?;
        self.stop_peer(active)?;
        let first = self.make_active()?;
        let (next, pattern) = (next_hello(self.hellotime()).lenient.to, self.meant());
        self.look(&self.message().hello(), first.mark(), next)?;
        let watched = self.now().since(start.at.time);
        self.all(&pattern, start, watched)
    }
}
