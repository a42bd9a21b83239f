//! How a router with virtual routers is configured: the settings `vrrp.*` with their defaults, and who has which address
//! on the LAN (port 1) and behind the router (port 2).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use redspec_codec::{Family, MacAddress};

use crate::event::Port;
use crate::reference::router::{
    DOWNSTREAM, DOWNSTREAM_ADDRESS, DOWNSTREAM_ADDRESS6, DOWNSTREAM_PREFIX, Interface, LAN,
};
use crate::settings::{BadSetting, Settings};
use crate::spec::Edition;
use crate::spec::vrrp::Version;
use crate::spec::vrrp::timers::{DEFAULT_ADVERTISEMENT_INTERVAL, DEFAULT_PRIORITY, OWNER_PRIORITY};

/// RFC 2338's authentication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Authentication {
    /// Type 0.
    None,
    /// Type 1, with this password.
    Text(String),
    /// Type 2, with this key.
    Header(String),
}

/// A virtual router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VirtualRouter {
    /// Where it is.
    pub port: Port,
    /// Virtual Router Identifier.
    pub vrid: u8,
    /// Its family.
    pub family: Family,
    /// Priority, 255 for the owner.
    pub priority: u8,
    /// Advertisement_Interval.
    pub interval: Duration,
    /// Preempt_Mode
    pub preempt: bool,
    /// Accept_Mode
    pub accept: bool,
    /// Its addresses, of its family, in this order.
    pub addresses: Vec<IpAddr>,
}

impl VirtualRouter {
    /// Its MAC address (section 7.3).
    pub const fn mac(&self) -> MacAddress {
        virtual_mac(self.family, self.vrid)
    }

    /// It owns its addresses.
    pub const fn owner(&self) -> bool {
        self.priority == OWNER_PRIORITY
    }
}

/// The MAC address of a virtual router (section 7.3).
pub const fn virtual_mac(family: Family, vrid: u8) -> MacAddress {
    let family = match family {
        Family::Ipv4 => 1,
        Family::Ipv6 => 2,
    };
    MacAddress([0, 0, 0x5e, 0, family, vrid])
}

/// A router.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The version that it speaks.
    pub version: Version,
    /// The virtual routers run.
    pub enabled: bool,
    /// Its ports: the LAN, and the network behind it.
    pub interfaces: [Interface; 2],
    /// At least one.
    pub routers: Vec<VirtualRouter>,
    /// The checksum over IPv4 covers a pseudo-header in what it sends (version 3).
    pub pseudo_header: bool,
    /// It takes both forms of the checksum.
    pub both_checksums: bool,
    /// How its messages are authenticated (version 2).
    pub authentication: Authentication,
    /// Security Parameters Index of Authentication Headers, if it is another than the sender's address.
    pub security_parameters_index: Option<u32>,
    /// It drops advertisements with other addresses (version 2).
    pub check_addresses: bool,
    /// It speaks version 2 too (version 3).
    pub interoperation: bool,
    /// It answers ARP for hosts behind it.
    pub proxy_arp: bool,
    /// It sends Router Advertisements for its virtual router.
    pub router_advertisements: bool,
}

impl Configuration {
    /// What the settings say, and where they are silent the defaults.
    ///
    /// # Errors
    /// A setting that does not fit, or two that do not go together.
    pub fn new(settings: &Settings, edition: Edition) -> Result<Self, BadSetting> {
        let wrong = |name: &str, expected: &str| BadSetting {
            name: name.to_owned(),
            value: settings.text(name).unwrap_or_default().to_owned(),
            expected: expected.to_owned(),
        };
        let version = Version::of(edition).unwrap_or(Version::V3);
        let family = match settings.word("vrrp.family", 0)? {
            0 => Family::Ipv4,
            _ if version == Version::V2 => {
                return Err(wrong("vrrp.family", "ipv4: version 2 has no other"));
            }
            _ => Family::Ipv6,
        };
        let lan = Interface {
            mac: settings.get("vrrp.mac", MacAddress([2, 0, 0, 0, 0, 0x50]))?,
            address: settings.get("vrrp.address", Ipv4Addr::new(10, 0, 0, 50))?,
            prefix_length: settings.get("vrrp.prefix_length", 16)?,
            secondary_address: optional(settings, "vrrp.secondary_address")?,
            link_local: settings.get("vrrp.link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x50))?,
            address6: settings.get("vrrp.address6", Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x50))?,
        };
        let downstream = Interface {
            mac: MacAddress([2, 0, 0, 0, 0, 0x51]),
            address: DOWNSTREAM_ADDRESS,
            prefix_length: DOWNSTREAM_PREFIX,
            secondary_address: None,
            link_local: Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x51),
            address6: DOWNSTREAM_ADDRESS6,
        };
        let interval = settings.seconds("vrrp.interval", DEFAULT_ADVERTISEMENT_INTERVAL)?;
        if interval.is_zero()
            || version == Version::V2 && (interval.subsec_nanos() != 0 || interval.as_secs() > 255)
            || version == Version::V3 && (interval.as_millis() % 10 != 0 || interval.as_millis() > 40_950)
        {
            let expected = match version {
                Version::V2 => "1 to 255 whole seconds in version 2",
                Version::V3 => "0.01 to 40.95 seconds, in steps of 0.01, in version 3",
            };
            return Err(wrong("vrrp.interval", expected));
        }
        let preempt = settings.flag("vrrp.preempt", true)?;
        let accept = settings.flag("vrrp.accept", false)?;
        let owner = settings.flag("vrrp.owner", false)?;
        let addresses = if owner {
            match family {
                Family::Ipv4 => vec![lan.address.into()],
                Family::Ipv6 => vec![lan.link_local.into(), lan.address6.into()],
            }
        } else {
            virtual_addresses(settings, family)?
        };
        // Section 5.3.4 of version 2, 5.2.4 of version 3: the owner has 255 and nobody else.
        let priority = match (owner, settings.get("vrrp.priority", DEFAULT_PRIORITY)?) {
            (true, _) => OWNER_PRIORITY,
            (false, 0 | OWNER_PRIORITY) => {
                return Err(wrong("vrrp.priority", "1 to 254 for who does not own the addresses"));
            }
            (false, priority) => priority,
        };
        let vrid = settings.get("vrrp.vrid", 10)?;
        let first = VirtualRouter { port: LAN, vrid, family, priority, interval, preempt, accept, addresses };
        let second = second(settings, &first)?;
        let named: Vec<VirtualRouter> = std::iter::once(first).chain(second).collect();
        let more = more_routers(settings, &named, &lan, &wrong)?;
        let routers = named.into_iter().chain(more).collect();
        let password = settings.text("vrrp.password").unwrap_or("secret").to_owned();
        let authentication = match settings.word("vrrp.authentication", 0)? {
            0 => Authentication::None,
            _ if version == Version::V3 => {
                return Err(wrong("vrrp.authentication", "none: version 3 has no authentication"));
            }
            _ if edition == Edition::Rfc3768 => {
                return Err(wrong("vrrp.authentication", "none: RFC 3768 has done away with the others"));
            }
            1 => Authentication::Text(password),
            _ => Authentication::Header(password),
        };
        let pseudo_header = settings.word("vrrp.checksum", usize::from(edition == Edition::Rfc5798))? == 1;
        Ok(Self {
            version,
            enabled: settings.flag("vrrp.enabled", true)?,
            interfaces: [lan, downstream],
            routers,
            pseudo_header,
            both_checksums: settings.word("vrrp.checksum_accepted", 1)? == 1,
            authentication,
            security_parameters_index: match settings.get("vrrp.security_parameters_index", 0)? {
                0 => None,
                index => Some(index),
            },
            check_addresses: settings.flag("vrrp.check_addresses", false)?,
            interoperation: settings.flag("vrrp.interoperation", false)?,
            proxy_arp: settings.flag("vrrp.proxy_arp", false)?,
            router_advertisements: settings.flag("vrrp.router_advertisements", false)?,
        })
    }

    /// The first virtual router.
    pub fn first(&self) -> &VirtualRouter {
        // There is always one.
        &self.routers[0]
    }

    /// The router's addresses on the LAN.
    pub const fn lan(&self) -> &Interface {
        &self.interfaces[0]
    }
}

/// Virtual routers besides those that are named: like the first, with one address each that nobody owns.
fn more_routers(
    settings: &Settings,
    named: &[VirtualRouter],
    lan: &Interface,
    wrong: &dyn Fn(&str, &str) -> BadSetting,
) -> Result<Vec<VirtualRouter>, BadSetting> {
    let wanted: usize = settings.get("vrrp.more_routers", 0)?;
    let Some(first) = named.first() else { return Ok(Vec::new()) };
    let free = (1..=255).filter(|vrid| named.iter().all(|router| router.vrid != *vrid));
    let base = virtual_addresses(settings, first.family)?;
    let base = base.first().copied().unwrap_or(lan.address.into());
    // Far enough from the addresses that have a name.
    let addresses = (256u32..).map(|step| match base {
        IpAddr::V4(address) => IpAddr::from(Ipv4Addr::from(u32::from(address).wrapping_add(step))),
        IpAddr::V6(address) => IpAddr::from(Ipv6Addr::from(u128::from(address).wrapping_add(step.into()))),
    });
    let known = |address: &IpAddr| named.iter().any(|router| router.addresses.contains(address));
    let unused = addresses.filter(|address| !lan.is_own(*address) && !known(address));
    let priority = if first.owner() { DEFAULT_PRIORITY } else { first.priority };
    let more: Vec<VirtualRouter> = free
        .zip(unused)
        .take(wanted)
        .map(|(vrid, address)| VirtualRouter { vrid, priority, addresses: vec![address], ..first.clone() })
        .collect();
    if more.len() < wanted {
        let most = 255 - named.len();
        return Err(wrong("vrrp.more_routers", &format!("at most {most}: there are no more VRIDs")));
    }
    Ok(more)
}

/// The second virtual router, if there is one: like the first where nothing is said.
fn second(settings: &Settings, first: &VirtualRouter) -> Result<Option<VirtualRouter>, BadSetting> {
    let (port, default) = match settings.word("vrrp.second", 0)? {
        0 => return Ok(None),
        1 => (LAN, Ipv4Addr::new(10, 0, 0, 200)),
        _ => (DOWNSTREAM, Ipv4Addr::new(198, 51, 100, 254)),
    };
    let family = match settings.word("vrrp.second_family", 0)? {
        0 => first.family,
        1 => Family::Ipv4,
        _ => Family::Ipv6,
    };
    let link_local = Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x20);
    let address = match family {
        Family::Ipv4 => settings.get("vrrp.second_virtual_address", default)?.into(),
        Family::Ipv6 => settings.get("vrrp.second_virtual_link_local", link_local)?.into(),
    };
    Ok(Some(VirtualRouter {
        port,
        vrid: settings.get("vrrp.second_vrid", 20)?,
        family,
        priority: settings.get("vrrp.second_priority", 200)?,
        addresses: vec![address],
        ..first.clone()
    }))
}

fn optional(settings: &Settings, name: &str) -> Result<Option<Ipv4Addr>, BadSetting> {
    settings.text(name).map(|_| settings.get(name, Ipv4Addr::UNSPECIFIED)).transpose()
}

/// Those of the first virtual router, which it does not own: counted down from the first.
fn virtual_addresses(settings: &Settings, family: Family) -> Result<Vec<IpAddr>, BadSetting> {
    let of_family = |ipv4, ipv6| if family == Family::Ipv4 { ipv4 } else { ipv6 };
    let count: usize = settings.get("vrrp.virtual_addresses", of_family(1, 2))?;
    let first: Ipv4Addr = settings.get("vrrp.virtual_address", Ipv4Addr::new(10, 0, 0, 254))?;
    let first6: Ipv6Addr =
        settings.get("vrrp.virtual_address6", Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0x254))?;
    let link_local: Ipv6Addr =
        settings.get("vrrp.virtual_link_local", Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0x10))?;
    Ok(match family {
        Family::Ipv4 => (0u32..)
            .take(count)
            .map(|down| IpAddr::from(Ipv4Addr::from(u32::from(first).wrapping_sub(down))))
            .collect(),
        Family::Ipv6 => std::iter::once(link_local)
            .chain((0u128..).map(|down| Ipv6Addr::from(u128::from(first6).wrapping_sub(down))))
            .take(count)
            .map(IpAddr::from)
            .collect(),
    })
}
