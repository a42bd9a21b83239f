//! What a profile can say of a router: the settings `hsrp.*` of both versions. Which version it is, the edition says.

use crate::spec::setting::{Account, FLAG, Kind, Setting};

/// All of them.
pub const ALL: &[Setting] = &[
    Setting::new(
        "hsrp.family",
        Kind::Word(&["ipv4", "ipv6"]),
        "Addresses of the group; version 1 has IPv4 alone.",
    ),
    Setting::new("hsrp.enabled", FLAG, "HSRP runs."),
    Setting::new("hsrp.group", Kind::Number(0, 65535), "Group: 0 to 255, in version 2 to 4095."),
    Setting::new("hsrp.priority", Kind::Number(0, 0xffff_ffff), "Priority; version 1 has 0 to 255."),
    Setting::new(
        "hsrp.hellotime",
        Kind::Seconds,
        "Hellotime, in seconds: whole ones in version 1, with milliseconds in version 2.",
    ),
    Setting::new("hsrp.holdtime", Kind::Seconds, "Holdtime, in seconds likewise."),
    Setting::new(
        "hsrp.times",
        Kind::Word(&["configured", "unknown", "hellotime"]),
        "Which of Hellotime and Holdtime are configured; the others are left to be learned.",
    ),
    Setting::new("hsrp.preempt", FLAG, "The router is configured to preempt."),
    Setting::new("hsrp.preempt_delay", Kind::Seconds, "How long it waits before it preempts, in seconds."),
    Setting::new("hsrp.mac", Kind::Mac, "The router's own MAC address on the LAN."),
    Setting::new("hsrp.address", Kind::Ipv4, "The router's own primary address on the LAN."),
    Setting::new("hsrp.prefix_length", Kind::Number(8, 30), "Of the LAN's IPv4 network."),
    Setting::new("hsrp.link_local", Kind::Ipv6, "The router's own link-local address on the LAN."),
    Setting::new("hsrp.address6", Kind::Ipv6, "The router's own global IPv6 address on the LAN."),
    Setting::new(
        "hsrp.virtual_known",
        FLAG,
        "The virtual address is configured; if not, the router has to learn it.",
    ),
    Setting::new("hsrp.virtual_address", Kind::Ipv4, "The group's virtual IPv4 address."),
    Setting::new("hsrp.virtual_link_local", Kind::Ipv6, "The group's virtual link-local address."),
    Setting::new("hsrp.second", FLAG, "A second group on the LAN."),
    Setting::new("hsrp.second_group", Kind::Number(0, 4095), "Its number."),
    Setting::new("hsrp.second_priority", Kind::Number(0, 0xffff_ffff), "Its priority."),
    Setting::new("hsrp.second_virtual_address", Kind::Ipv4, "Its virtual IPv4 address."),
    Setting::new("hsrp.second_virtual_link_local", Kind::Ipv6, "Its virtual link-local address."),
    Setting::new(
        "hsrp.more_groups",
        Kind::Number(0, 4095),
        "So many groups besides: with the next numbers that are free, and virtual addresses that count up from 256 behind the first's.",
    ),
    Setting::new("hsrp.authentication", Kind::Word(&["text", "md5"]), "How messages are authenticated."),
    Setting::new("hsrp.password", Kind::Text(8), "The password of text authentication."),
    Setting::new("hsrp.key", Kind::Text(55), "The key of MD5 authentication."),
    Setting::new("hsrp.key_id", Kind::Number(0, 0xffff_ffff), "The number of that key."),
    Setting::new("hsrp.tracked", FLAG, "What the router tracks is up: the link behind its other port, say."),
    Setting::new(
        "hsrp.decrement",
        Kind::Number(0, 0xffff_ffff),
        "What the priority loses while the tracked thing is down.",
    ),
    Setting::new(
        "hsrp.interface_state",
        FLAG,
        "It tells of its groups: Advertise in version 1, Interface State in version 2.",
    ),
    Setting::new("hsrp.proxy_arp", FLAG, "It answers ARP for hosts behind its other port."),
    Setting::new("hsrp.router_advertisements", FLAG, "It sends Router Advertisements for its IPv6 group."),
    Setting::new("hsrp.answers_own_address", FLAG, "Its own address answers ARP or Neighbor Solicitations."),
];

/// What a device may tell.
pub const ACCOUNTS: &[Account] = &[];
