//! What frames of a router have to look like that are none of its protocol: where an address is, and packets.

use std::net::IpAddr;

use redspec_codec::MacAddress;
use redspec_codec::frame::{Arp, Frame, NeighborDiscovery, Pdu};

use crate::event::{Direction, Event, Port};
use crate::scenario::Pattern;

/// What is asked of a frame that was read.
pub type Test<T> = Box<dyn Fn(&T) -> bool>;

/// A frame of the device on that port.
pub fn read<'e>(event: &'e Event<'_>, port: Port) -> Option<Frame<'e>> {
    if event.port != port {
        return None;
    }
    Frame::parse(event.frame(Direction::FromDevice)?).ok()
}

/// A frame in words.
pub fn show(event: &Event<'_>) -> String {
    let Some(octets) = event.frame(Direction::FromDevice) else { return String::new() };
    let Ok(frame) = Frame::parse(octets) else { return format!("{} octets", octets.len()) };
    match frame.pdu() {
        Ok((pdu, _)) => pdu.to_string(),
        Err(_) => match (frame.source_ip(), frame.destination_ip()) {
            (Some(source), Some(destination)) => {
                format!("a packet from {source} to {destination}, {} octets", frame.payload().len())
            }
            _ => format!("{} octets", octets.len()),
        },
    }
}

/// A frame that tells where an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// The MAC address that it gives for it; none if it gives none.
    pub mac: Option<MacAddress>,
    /// Nobody need have asked: a gratuitous ARP, or a Neighbor Advertisement without the Solicited flag.
    pub unasked: bool,
    /// Router, Solicited and Override flag of a Neighbor Advertisement.
    pub flags: Option<(bool, bool, bool)>,
    /// To everyone on the link.
    pub to_all: bool,
    /// Operation of ARP.
    pub operation: Option<u16>,
    /// The Ethernet source.
    pub from: Option<MacAddress>,
    /// The Ethernet destination.
    pub to: Option<MacAddress>,
}

/// What tells where this address is.
pub struct Bindings {
    port: Port,
    address: IpAddr,
    text: String,
    asked: Vec<Test<Told>>,
}

/// Anything that tells where `address` is: gratuitous ARP, ARP reply, Neighbor Advertisement.
pub fn binding(port: Port, address: IpAddr) -> Bindings {
    Bindings { port, address, text: format!("frame that tells where {address} is"), asked: Vec::new() }
}

/// Gratuitous ARP (request or reply) or unsolicited Neighbor Advertisement for `address`.
pub fn announcement(port: Port, address: IpAddr) -> Bindings {
    let text = match address {
        IpAddr::V4(_) => format!("gratuitous ARP for {address}"),
        IpAddr::V6(_) => format!("unsolicited Neighbor Advertisement for {address}"),
    };
    Bindings { port, address, text, asked: vec![Box::new(|told| told.unasked)] }
}

/// Gratuitous ARP for `address` to everyone: a reply, whatever address it names as its target, or a request for itself.
pub fn broadcast(port: Port, address: IpAddr) -> Bindings {
    let text = format!("broadcast gratuitous ARP for {address}");
    Bindings { port, address, text, asked: vec![Box::new(|told| told.to == Some(MacAddress::BROADCAST))] }
}

/// The answer to who has asked where `address` is.
pub fn answer(port: Port, address: IpAddr) -> Bindings {
    let text = match address {
        IpAddr::V4(_) => format!("ARP reply for {address}"),
        IpAddr::V6(_) => format!("Neighbor Advertisement for {address}"),
    };
    // Which Neighbor Advertisement answers and which comes by itself cannot be told: S may be missing.
    let v4 = address.is_ipv4();
    Bindings { port, address, text, asked: vec![Box::new(move |told| !v4 || !told.unasked)] }
}

impl Bindings {
    /// Only those of which this holds too.
    #[must_use]
    pub fn with(mut self, text: &str, asked: impl Fn(&Told) -> bool + 'static) -> Self {
        self.text = format!("{} {text}", self.text);
        self.asked.push(Box::new(asked));
        self
    }

    /// Only those that give this MAC address.
    #[must_use]
    pub fn at(self, mac: MacAddress) -> Self {
        self.with(&format!("at {mac}"), move |told| told.mac == Some(mac))
    }

    /// Only those that give another MAC address than this.
    #[must_use]
    pub fn not_at(self, mac: MacAddress) -> Self {
        self.with(&format!("at another MAC address than {mac}"), move |told| {
            told.mac.is_some_and(|told| told != mac)
        })
    }

    /// What the frame tells, if it is about the address.
    pub fn told(&self, event: &Event<'_>) -> Option<Told> {
        let frame = read(event, self.port)?;
        let (from, to) = (frame.source_mac(), frame.destination_mac());
        let to_all = to.is_some_and(|mac| mac.0[0] & 1 == 1);
        match (frame.pdu().ok()?.0, self.address) {
            (Pdu::Arp(arp), IpAddr::V4(address)) if arp.sender_ip == address => Some(Told {
                mac: Some(arp.sender_mac),
                // A request from the address for another one binds it too, but announces nothing.
                unasked: arp.is_gratuitous() || arp.operation == Arp::REQUEST,
                flags: None,
                to_all,
                operation: Some(arp.operation),
                from,
                to,
            })
            .filter(|_| arp.is_gratuitous() || arp.operation == Arp::REPLY),
            (
                Pdu::NeighborDiscovery(NeighborDiscovery::Advertisement {
                    target,
                    target_mac,
                    router,
                    solicited,
                    overrides,
                }),
                IpAddr::V6(address),
            ) if target == address => Some(Told {
                mac: target_mac,
                unasked: to_all,
                flags: Some((router, solicited, overrides)),
                to_all,
                operation: None,
                from,
                to,
            }),
            _ => None,
        }
    }
}

impl Pattern for Bindings {
    fn describe(&self) -> String {
        self.text.clone()
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let told = self.told(event)?;
        Some(self.asked.iter().all(|asked| asked(&told)))
    }

    fn show(&self, event: &Event<'_>) -> String {
        show(event)
    }
}

/// Whether a frame is one that is meant, or `None` if it is none that the pattern is about.
type Asked = Box<dyn Fn(&Frame<'_>) -> Option<bool>>;

/// Any frame of the device on a port, of which something is asked.
pub struct Frames {
    port: Port,
    text: String,
    asked: Asked,
}

/// `asked` says whether a frame is one that is meant, or `None` if it is none that the pattern is about.
pub fn frames(
    port: Port,
    text: impl Into<String>,
    asked: impl Fn(&Frame<'_>) -> Option<bool> + 'static,
) -> Frames {
    Frames { port, text: text.into(), asked: Box::new(asked) }
}

impl Pattern for Frames {
    fn describe(&self) -> String {
        self.text.clone()
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        (self.asked)(&read(event, self.port)?)
    }

    fn show(&self, event: &Event<'_>) -> String {
        show(event)
    }
}
