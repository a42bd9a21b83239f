//! How a router is configured: the settings `hsrp.*` with their defaults.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::{Family, MacAddress};

use super::defect::Defect;
use crate::reference::router::{DOWNSTREAM_ADDRESS, DOWNSTREAM_ADDRESS6, DOWNSTREAM_PREFIX, Interface, LAN};
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::timers::{DEFAULT_HELLOTIME, DEFAULT_HOLDTIME, DEFAULT_PRIORITY, groups, virtual_mac};

/// How messages are authenticated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// A password in clear, of at most eight octets.
    Text(String),
    /// An MD5 digest.
    Md5 {
        /// The key.
        key: String,
        /// Its number.
        key_id: u32,
    },
}

/// A group that the router is in, on the LAN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StandbyGroup {
    /// Of which version.
    pub version: Version,
    /// Its number.
    pub number: u16,
    /// Of which addresses.
    pub family: Family,
    /// The router's priority in it.
    pub priority: u32,
    /// Hellotime, if it is configured.
    pub hellotime: Option<Duration>,
    /// Holdtime, if it is configured.
    pub holdtime: Option<Duration>,
    /// The router preempts.
    pub preempt: bool,
    /// So long after it has started it does not.
    pub preempt_delay: Duration,
    /// The virtual address, if it is configured.
    pub address: Option<IpAddr>,
}

impl StandbyGroup {
    /// Its MAC address.
    pub const fn mac(&self) -> MacAddress {
        virtual_mac(self.version, self.family, self.number)
    }
}

/// A router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The version that it speaks.
    pub version: Version,
    /// It does what Cisco's routers are seen to do besides.
    pub cisco: bool,
    /// HSRP runs.
    pub enabled: bool,
    /// Its ports: the LAN, and the network behind it.
    pub interfaces: [Interface; 2],
    /// At least one.
    pub groups: Vec<StandbyGroup>,
    /// How its messages are authenticated.
    pub authentication: Authentication,
    /// What it tracks is up.
    pub tracked: bool,
    /// What the priority loses while it is down.
    pub decrement: u32,
    /// It tells of its groups.
    pub interface_state: bool,
    /// It answers ARP for hosts behind it.
    pub proxy_arp: bool,
    /// It sends Router Advertisements for its group.
    pub router_advertisements: bool,
}

impl Configuration {
    /// What the settings say, and where they are silent the defaults.
    ///
    /// # Errors
    /// A setting that does not fit, or two that do not go together.
    pub fn new(settings: &Settings, edition: Edition) -> Result<Self, BadSetting> {
        Self::with(settings, edition, &[])
    }

    /// The same for a router with these defects.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn with(settings: &Settings, edition: Edition, defects: &[Defect]) -> Result<Self, BadSetting> {
        let wrong = |name: &str, expected: &str| BadSetting {
            name: name.to_owned(),
            value: settings.text(name).unwrap_or_default().to_owned(),
            expected: expected.to_owned(),
        };
        let version = Version::of(edition).unwrap_or(Version::V1);
        let family = match settings.word("hsrp.family", 0)? {
            0 => Family::Ipv4,
            _ if version == Version::V1 => {
                return Err(wrong("hsrp.family", "ipv4: version 1 has no other"));
            }
            _ => Family::Ipv6,
        };
        let lan = Interface {
            mac: settings.get("hsrp.mac", MacAddress([2, 0, 0, 0, 0, 0x50]))?,
            address: settings.get("hsrp.address", Ipv4Addr::new(10, 0, 0, 50))?,
            prefix_length: settings.get("hsrp.prefix_length", 16)?,
            secondary_address: None,
            link_local: settings.get("hsrp.link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x50))?,
            address6: settings.get("hsrp.address6", Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x50))?,
        };
        let downstream = Interface {
            mac: MacAddress([2, 0, 0, 0, 0, 0x51]),
            address: DOWNSTREAM_ADDRESS,
            prefix_length: DOWNSTREAM_PREFIX,
            secondary_address: None,
            link_local: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x51),
            address6: DOWNSTREAM_ADDRESS6,
        };
        let (hellotime, holdtime) = times(settings, version, defects, &wrong)?;
        let number: u16 = settings.get("hsrp.group", 1)?;
        if !groups(version).contains(&number) {
            return Err(wrong("hsrp.group", &format!("a group from 0 to {}", groups(version).end())));
        }
        let priority = settings.get("hsrp.priority", DEFAULT_PRIORITY)?;
        if version == Version::V1 && priority > 255 {
            return Err(wrong("hsrp.priority", "0 to 255 in version 1"));
        }
        let virtual_address = match family {
            Family::Ipv4 => settings.get("hsrp.virtual_address", Ipv4Addr::new(10, 0, 0, 254))?.into(),
            Family::Ipv6 => {
                settings.get("hsrp.virtual_link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10))?.into()
            }
        };
        // RFC 2281 section 1: it differs from every address of an interface.
        if lan.is_own(virtual_address) && !defects.contains(&Defect::OwnVirtualAddress) {
            let name = match family {
                Family::Ipv4 => "hsrp.virtual_address",
                Family::Ipv6 => "hsrp.virtual_link_local",
            };
            return Err(wrong(name, "an address that no interface has"));
        }
        let first = StandbyGroup {
            version,
            number,
            family,
            priority,
            hellotime,
            holdtime,
            preempt: settings.flag("hsrp.preempt", false)?,
            preempt_delay: settings.seconds("hsrp.preempt_delay", Duration::ZERO)?,
            address: settings.flag("hsrp.virtual_known", true)?.then_some(virtual_address),
        };
        let second = second(settings, &first, defects, &wrong)?;
        let named: Vec<StandbyGroup> = std::iter::once(first).chain(second).collect();
        let more = more_groups(settings, &named, &lan, virtual_address, &wrong)?;
        let cisco = edition != Edition::Rfc2281;
        let authentication = match settings.word("hsrp.authentication", 0)? {
            0 => Authentication::Text(settings.text("hsrp.password").unwrap_or("cisco").to_owned()),
            _ => Authentication::Md5 {
                key: settings.text("hsrp.key").unwrap_or("labkey").to_owned(),
                key_id: settings.get("hsrp.key_id", 0)?,
            },
        };
        Ok(Self {
            version,
            cisco,
            enabled: settings.flag("hsrp.enabled", true)?,
            interfaces: [lan, downstream],
            groups: named.into_iter().chain(more).collect(),
            authentication,
            tracked: settings.flag("hsrp.tracked", true)?,
            decrement: settings.get("hsrp.decrement", 10)?,
            interface_state: settings.flag("hsrp.interface_state", cisco)?,
            proxy_arp: settings.flag("hsrp.proxy_arp", false)?,
            router_advertisements: settings.flag("hsrp.router_advertisements", false)?,
        })
    }

    /// The first group.
    pub fn first(&self) -> &StandbyGroup {
        // There is always one.
        &self.groups[0]
    }

    /// The router's addresses on the LAN.
    pub fn lan(&self) -> &Interface {
        &self.interfaces[LAN.index()]
    }

    /// The address from which it sends, and that is compared.
    pub fn own_address(&self, family: Family) -> IpAddr {
        match family {
            Family::Ipv4 => self.lan().address.into(),
            Family::Ipv6 => self.lan().link_local.into(),
        }
    }
}

/// Hellotime and Holdtime, each if it is configured.
fn times(
    settings: &Settings,
    version: Version,
    defects: &[Defect],
    wrong: &dyn Fn(&str, &str) -> BadSetting,
) -> Result<(Option<Duration>, Option<Duration>), BadSetting> {
    let known = settings.word("hsrp.times", 0)?;
    let read = |name: &str, default: Duration| {
        let time = settings.seconds(name, default)?;
        let fits = match version {
            Version::V1 => time.subsec_nanos() == 0 && (1..=255).contains(&time.as_secs()),
            Version::V2 => time.subsec_nanos() % 1_000_000 == 0 && (1..=255_000).contains(&time.as_millis()),
        };
        let expected = match version {
            Version::V1 => "1 to 255 whole seconds in version 1",
            Version::V2 => "0.001 to 255 seconds, in steps of 0.001",
        };
        if fits { Ok(time) } else { Err(wrong(name, expected)) }
    };
    let hellotime = read("hsrp.hellotime", DEFAULT_HELLOTIME)?;
    let holdtime = read("hsrp.holdtime", DEFAULT_HOLDTIME)?;
    // Section 5.1.
    if holdtime <= hellotime && known == 0 && !defects.contains(&Defect::AnyHoldtime) {
        return Err(wrong("hsrp.holdtime", "a Holdtime above the Hellotime"));
    }
    Ok(match known {
        0 => (Some(hellotime), Some(holdtime)),
        1 if defects.contains(&Defect::OtherDefaultTimes) => {
            (Some(Duration::from_secs(1)), Some(Duration::from_secs(4)))
        }
        1 => (None, None),
        _ => (Some(hellotime), None),
    })
}

/// Groups besides those that are named: like the first, on the next numbers.
fn more_groups(
    settings: &Settings,
    named: &[StandbyGroup],
    lan: &Interface,
    first_address: IpAddr,
    wrong: &dyn Fn(&str, &str) -> BadSetting,
) -> Result<Vec<StandbyGroup>, BadSetting> {
    let wanted: usize = settings.get("hsrp.more_groups", 0)?;
    let Some(first) = named.first() else { return Ok(Vec::new()) };
    let free = groups(first.version).filter(|number| named.iter().all(|group| group.number != *number));
    // Far enough from the addresses that have a name.
    let addresses = (256u32..).map(|step| match first_address {
        IpAddr::V4(address) => IpAddr::from(Ipv4Addr::from(u32::from(address).wrapping_add(step))),
        IpAddr::V6(address) => IpAddr::from(Ipv6Addr::from(u128::from(address).wrapping_add(step.into()))),
    });
    let known = |address: &IpAddr| named.iter().any(|group| group.address == Some(*address));
    let unused = addresses.filter(|address| !lan.is_own(*address) && !known(address));
    let more: Vec<StandbyGroup> = free
        .zip(unused)
        .take(wanted)
        .map(|(number, address)| StandbyGroup { number, address: Some(address), ..first.clone() })
        .collect();
    let most = groups(first.version).count() - named.len();
    if more.len() < wanted {
        return Err(wrong("hsrp.more_groups", &format!("at most {most}: there are no more numbers")));
    }
    Ok(more)
}

/// The second group, if there is one: like the first where nothing is said.
fn second(
    settings: &Settings,
    first: &StandbyGroup,
    defects: &[Defect],
    wrong: &dyn Fn(&str, &str) -> BadSetting,
) -> Result<Option<StandbyGroup>, BadSetting> {
    if !settings.flag("hsrp.second", false)? {
        return Ok(None);
    }
    let number: u16 = settings.get("hsrp.second_group", 2)?;
    if !groups(first.version).contains(&number) || number == first.number {
        return Err(wrong("hsrp.second_group", "another group, in the range of the version"));
    }
    let address = match first.family {
        Family::Ipv4 => settings.get("hsrp.second_virtual_address", Ipv4Addr::new(10, 0, 0, 253))?.into(),
        Family::Ipv6 => settings
            .get("hsrp.second_virtual_link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x20))?
            .into(),
    };
    if first.address == Some(address) && !defects.contains(&Defect::SharedVirtualAddress) {
        let name = match first.family {
            Family::Ipv4 => "hsrp.second_virtual_address",
            Family::Ipv6 => "hsrp.second_virtual_link_local",
        };
        return Err(wrong(name, "another address than the first group's"));
    }
    Ok(Some(StandbyGroup {
        number,
        priority: settings.get("hsrp.second_priority", first.priority)?,
        address: Some(address),
        ..first.clone()
    }))
}
