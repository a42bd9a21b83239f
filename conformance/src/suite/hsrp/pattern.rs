//! What messages of a router have to look like.

use redspec_codec::MacAddress;
use redspec_codec::frame::{Frame, Protocol};
use redspec_codec::hsrp::Opcode;

use crate::event::{Event, Port};
use crate::reference::hsrp::configuration::StandbyGroup;
use crate::reference::hsrp::packet::{Heard, Packet};
use crate::reference::router::LAN;
use crate::scenario::Pattern;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::suite::router::pattern::{Test, read, show};

/// A message of the device for one group.
pub struct Messages {
    port: Port,
    version: Version,
    group: u16,
    family: redspec_codec::Family,
    text: String,
    asked: Vec<Test<Seen>>,
}

/// What tests ask of a message.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// What it tells of the group.
    pub heard: Heard,
    /// From which MAC address.
    pub source_mac: Option<MacAddress>,
}

/// Any message of the device for this group: Hello, Coup, Resign or what nobody defines.
pub fn message(group: &StandbyGroup) -> Messages {
    Messages {
        port: LAN,
        version: group.version,
        group: group.number,
        family: group.family,
        text: format!("message of group {}", group.number),
        asked: Vec::new(),
    }
}

impl Messages {
    /// Only those of which this holds too; it is said behind "message".
    #[must_use]
    pub fn with(mut self, text: &str, asked: impl Fn(&Seen) -> bool + 'static) -> Self {
        self.text = format!("{} {text}", self.text);
        self.asked.push(Box::new(asked));
        self
    }

    fn named(mut self, name: &str, opcode: Opcode) -> Self {
        self.text = self.text.replacen("message", name, 1);
        self.asked.push(Box::new(move |seen| seen.heard.opcode == opcode));
        self
    }

    /// Only Hellos.
    #[must_use]
    pub fn hello(self) -> Self {
        self.named("Hello", Opcode::HELLO)
    }

    /// Only Coups.
    #[must_use]
    pub fn coup(self) -> Self {
        self.named("Coup", Opcode::COUP)
    }

    /// Only Resigns.
    #[must_use]
    pub fn resign(self) -> Self {
        self.named("Resign", Opcode::RESIGN)
    }

    /// Only Hellos in this state.
    #[must_use]
    pub fn state(self, state: Group) -> Self {
        self.hello().with(&format!("in {state:?}"), move |seen| seen.heard.state == Some(state))
    }

    /// Only Hellos in one of these states.
    #[must_use]
    pub fn states(self, states: &'static [Group]) -> Self {
        let names: Vec<String> = states.iter().map(|state| format!("{state:?}")).collect();
        self.hello().with(&format!("in {}", names.join(" or ")), move |seen| {
            seen.heard.state.is_some_and(|state| states.contains(&state))
        })
    }

    /// What the message tells, if it is one of this group.
    pub fn seen(&self, event: &Event<'_>) -> Option<Seen> {
        let frame = read(event, self.port)?;
        let source_mac = frame.source_mac();
        heard(&frame, self.version)
            .into_iter()
            .find(|heard| heard.group == self.group && heard.family == self.family)
            .map(|heard| Seen { heard, source_mac })
    }
}

/// How the codec calls this version.
pub const fn spoken(version: Version) -> Protocol {
    match version {
        Version::V1 => Protocol::Hsrp1,
        Version::V2 => Protocol::Hsrp2,
    }
}

/// What a frame tells of each group, read as this version.
pub fn heard(frame: &Frame<'_>, version: Version) -> Vec<Heard> {
    if frame.protocol() != spoken(version) {
        return Vec::new();
    }
    Packet::of(frame).map(|packet| packet.heard(version)).unwrap_or_default()
}

impl Pattern for Messages {
    fn describe(&self) -> String {
        self.text.clone()
    }

    fn matches(&self, event: &Event<'_>) -> Option<bool> {
        let seen = self.seen(event)?;
        Some(self.asked.iter().all(|asked| asked(&seen)))
    }

    fn show(&self, event: &Event<'_>) -> String {
        show(event)
    }
}
