//! What frames of a router have to look like.

use std::net::IpAddr;

use redspec_codec::frame::Protocol;
use redspec_codec::{Family, MacAddress};

use crate::event::{Event, Port};
use crate::reference::vrrp::configuration::VirtualRouter;
use crate::reference::vrrp::packet::Packet;
use crate::scenario::Pattern;
use crate::suite::router::pattern::{Test, read, show};

/// An advertisement of the device for one virtual router.
pub struct Advertisements {
    port: Port,
    vrid: u8,
    family: Family,
    text: String,
    asked: Vec<Test<OwnedPacket>>,
}

/// What tests ask of an advertisement.
pub struct OwnedPacket {
    /// Version field.
    pub version: u8,
    /// Priority.
    pub priority: u8,
    /// Octets 4 and 5.
    pub octets_4_5: [u8; 2],
    /// Who sent it.
    pub source: IpAddr,
    /// From which MAC address.
    pub source_mac: Option<MacAddress>,
}

/// Any advertisement of the device for this virtual router.
pub fn advertisement(router: &VirtualRouter) -> Advertisements {
    Advertisements {
        port: router.port,
        vrid: router.vrid,
        family: router.family,
        text: format!("advertisement of virtual router {}", router.vrid),
        asked: Vec::new(),
    }
}

impl Advertisements {
    /// Only those of which this holds too; it is said behind "advertisement".
    #[must_use]
    pub fn with(mut self, text: &str, asked: impl Fn(&OwnedPacket) -> bool + 'static) -> Self {
        self.text = format!("{} {text}", self.text);
        self.asked.push(Box::new(asked));
        self
    }

    /// Only those with this priority.
    #[must_use]
    pub fn priority(self, priority: u8) -> Self {
        self.with(&format!("with priority {priority}"), move |packet| packet.priority == priority)
    }

    /// Only those of this version.
    #[must_use]
    pub fn version(self, version: u8) -> Self {
        self.with(&format!("of version {version}"), move |packet| packet.version == version)
    }
}

impl Pattern for Advertisements {
    fn describe(&self) -> String {
        self.text.clone()
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let frame = read(event, self.port)?;
        if frame.protocol() != Protocol::Vrrp || frame.family() != Some(self.family) {
            return None;
        }
        let packet = Packet::of(&frame)?;
        if packet.vrid() != self.vrid {
            return None;
        }
        let owned = OwnedPacket {
            version: packet.version(),
            priority: packet.priority(),
            octets_4_5: [packet.auth_type(), packet.interval_s()],
            source: packet.source,
            source_mac: frame.source_mac(),
        };
        Some(self.asked.iter().all(|asked| asked(&owned)))
    }

    fn show(&self, event: &Event<'_>) -> String {
        show(event)
    }
}
