//! How a LACP system is configured, and what is said of one in a profile: the settings `lacp.*` and `marker.*`, whose
//! values stand in the tables of [`spec`](crate::spec::setting).

use std::time::Duration;

use redspec_codec::MacAddress;
use redspec_codec::slow::lacp::{PortInformation, State};

use crate::event::Port;
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::lacp::functions::partner_defaults;

/// What a port does that never heard a partner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fallback {
    /// As 802.1AX has it: the administrative partner decides.
    None,
    /// All ports forward after a timeout.
    Static,
    /// The port of best priority forwards after a timeout.
    Individual,
}

/// A system.
#[derive(Clone, Debug)]
pub struct Configuration {
    /// `lacp.system_priority`
    pub system_priority: u16,
    /// `lacp.system`
    pub system: MacAddress,
    /// `lacp.control`: independent or coupled control of the Mux.
    pub independent_control: bool,
    /// `lacp.version`: 1 or 2, what is sent.
    pub version: u8,
    /// `lacp.collector_max_delay`, in tens of microseconds.
    pub collector_max_delay: u16,
    /// `lacp.aggregators`: how many the system has; as many as ports if not said.
    pub aggregators: usize,
    /// `lacp.max_links`: the most ports that one Aggregator may have.
    pub max_links: usize,
    /// `lacp.min_links`: with fewer an Aggregator is not used.
    pub min_links: usize,
    /// `lacp.wait_to_restore`: seconds, 2020.
    pub wait_to_restore: Duration,
    /// `lacp.suspend_individual`: a port without a partner is not used.
    pub suspend_individual: bool,
    /// `lacp.fallback`: none, static or individual.
    pub fallback: Fallback,
    /// `lacp.fallback_timeout`: seconds.
    pub fallback_timeout: Duration,
    /// `lacp.destination`: the protocol's destination address.
    pub destination: MacAddress,
    /// `marker.responder`
    pub responder: bool,
    /// `marker.generator`
    pub generator: bool,
    /// One for each port.
    pub ports: Vec<PortConfiguration>,
}

/// A port. Each setting may be given for one port: `lacp.key.p2`.
#[derive(Clone, Debug)]
pub struct PortConfiguration {
    /// `lacp.enabled`
    pub enabled: bool,
    /// System, key, priorities and number, and of the state what is configured: `lacp.activity`, `lacp.timeout`,
    /// `lacp.aggregation`, `lacp.key`, `lacp.port_priority`, `lacp.port`.
    pub actor: PortInformation,
    /// `lacp.partner.*`: the partner that is assumed while none is heard.
    pub partner: PortInformation,
    /// Source address of its frames.
    pub mac: MacAddress,
}

/// The Slow Protocols Multicast address.
pub const SLOW_PROTOCOLS_MULTICAST: MacAddress = MacAddress([0x01, 0x80, 0xc2, 0, 0, 2]);

/// The second word of each sets the flag.
const OPPOSITES: [(&str, State); 3] =
    [("activity", State::ACTIVITY), ("timeout", State::TIMEOUT), ("aggregation", State::AGGREGATION)];

impl Configuration {
    /// As the settings say, for a system of so many ports.
    ///
    /// # Errors
    /// A value that does not fit its name.
    pub fn new(settings: &Settings, edition: Edition, ports: usize) -> Result<Self, BadSetting> {
        let system_priority = settings.get("lacp.system_priority", 0x8000)?;
        let system = settings.get("lacp.system", MacAddress([0x02, 0x52, 0x53, 0, 0, 0]))?;
        let ports = (0..ports)
            .map(|index| PortConfiguration::new(settings, edition, system_priority, system, index))
            .collect::<Result<Vec<_>, _>>()?;
        let fallbacks = [Fallback::None, Fallback::Static, Fallback::Individual];
        Ok(Self {
            system_priority,
            system,
            independent_control: settings.word("lacp.control", 1)? == 1,
            version: settings.get("lacp.version", 1)?,
            collector_max_delay: settings.get("lacp.collector_max_delay", 0x8000)?,
            aggregators: settings.get("lacp.aggregators", ports.len())?,
            max_links: settings.get("lacp.max_links", usize::MAX)?,
            min_links: settings.get("lacp.min_links", 1)?,
            wait_to_restore: settings.seconds("lacp.wait_to_restore", Duration::ZERO)?,
            suspend_individual: settings.flag("lacp.suspend_individual", false)?,
            fallback: fallbacks[settings.word("lacp.fallback", 0)?],
            fallback_timeout: settings.seconds("lacp.fallback_timeout", Duration::from_secs(15))?,
            destination: settings.get("lacp.destination", SLOW_PROTOCOLS_MULTICAST)?,
            responder: settings.flag("marker.responder", true)?,
            generator: settings.flag("marker.generator", false)?,
            ports,
        })
    }
}

impl PortConfiguration {
    fn new(
        settings: &Settings,
        edition: Edition,
        system_priority: u16,
        system: MacAddress,
        index: usize,
    ) -> Result<Self, BadSetting> {
        #[allow(clippy::cast_possible_truncation)] // a bed has few ports
        let (port, default_number) = (Port(index as u16), index as u16 + 1);
        let mut mac = system;
        mac.0[5] = mac.0[5].wrapping_add(default_number.to_be_bytes()[1]);
        // `lacp.redundancy_group`: each port is a chassis of its own, a node of RFC 7275.
        let node =
            if settings.flag("lacp.redundancy_group", false)? { 0x8000 | (port.0 & 7) << 12 } else { 0 };
        let default_number = node | default_number;
        let actor = PortInformation {
            system_priority,
            system,
            key: settings.of_port("lacp.key", port, 1)?,
            port_priority: settings.of_port("lacp.port_priority", port, 0x8000)?,
            port: settings.of_port("lacp.port", port, default_number)?,
            state: state(settings, "lacp", port, State::ACTIVITY | State::AGGREGATION)?,
        };
        let defaults = partner_defaults(edition);
        let default = if defaults.own_number { actor.port } else { 0 };
        let in_sync = settings.word_of_port(
            "lacp.partner.synchronization",
            port,
            usize::from(defaults.synchronization),
        )?;
        let assumed = if in_sync == 1 { State::SYNCHRONIZATION } else { State(0) };
        let partner = PortInformation {
            system_priority: settings.of_port("lacp.partner.system_priority", port, 0)?,
            system: settings.of_port("lacp.partner.system", port, MacAddress::default())?,
            key: settings.of_port("lacp.partner.key", port, default)?,
            port_priority: settings.of_port("lacp.partner.port_priority", port, 0)?,
            port: settings.of_port("lacp.partner.port", port, default)?,
            state: state(settings, "lacp.partner", port, State(0))?.with(assumed),
        };
        let enabled = settings.word_of_port("lacp.enabled", port, 1)? == 1;
        Ok(Self { enabled, actor, partner, mac })
    }
}

/// The administrative bits of a State.
fn state(settings: &Settings, prefix: &str, port: Port, default: State) -> Result<State, BadSetting> {
    let mut state = State(0);
    for (name, flag) in OPPOSITES {
        let set = settings.word_of_port(&format!("{prefix}.{name}"), port, usize::from(default.has(flag)))?;
        if set == 1 {
            state = state.with(flag);
        }
    }
    Ok(state)
}
