//! What a profile can say of a router: the settings `vrrp.*` of both versions. Which version it is, the edition says.

use crate::spec::setting::{Account, FLAG, Kind, Setting};

/// All of them.
pub const ALL: &[Setting] = &[
    Setting::new(
        "vrrp.family",
        Kind::Word(&["ipv4", "ipv6"]),
        "Addresses of the virtual router; version 2 has IPv4 alone.",
    ),
    Setting::new("vrrp.enabled", FLAG, "The virtual routers run."),
    Setting::new("vrrp.vrid", Kind::Number(1, 255), "VRID, the Virtual Router Identifier."),
    Setting::new(
        "vrrp.priority",
        Kind::Number(0, 255),
        "Priority as configured: 1 to 254, or 255 for the owner.",
    ),
    Setting::new("vrrp.interval", Kind::Seconds, "Advertisement_Interval, in seconds."),
    Setting::new("vrrp.preempt", FLAG, "Preempt_Mode."),
    Setting::new("vrrp.accept", FLAG, "Accept_Mode; version 2 has none, and a router with it deviates."),
    Setting::new("vrrp.owner", FLAG, "The virtual addresses are the router's own."),
    Setting::new("vrrp.mac", Kind::Mac, "The router's own MAC address on the LAN; only of a reference."),
    Setting::new("vrrp.address", Kind::Ipv4, "The router's own primary address on the LAN."),
    Setting::new("vrrp.prefix_length", Kind::Number(8, 30), "Of the LAN's IPv4 network."),
    Setting::new("vrrp.secondary_address", Kind::Ipv4, "Another address of the router on the LAN."),
    Setting::new("vrrp.link_local", Kind::Ipv6, "The router's own link-local address on the LAN."),
    Setting::new("vrrp.address6", Kind::Ipv6, "The router's own global IPv6 address on the LAN."),
    Setting::new(
        "vrrp.virtual_address",
        Kind::Ipv4,
        "The virtual router's first IPv4 address; others count down from it.",
    ),
    Setting::new("vrrp.virtual_link_local", Kind::Ipv6, "The virtual router's link-local address."),
    Setting::new(
        "vrrp.virtual_address6",
        Kind::Ipv6,
        "The virtual router's first global IPv6 address; others count down from it.",
    ),
    Setting::new("vrrp.virtual_addresses", Kind::Number(1, 20), "How many addresses the virtual router has."),
    Setting::new(
        "vrrp.second",
        Kind::Word(&["no", "lan", "downstream"]),
        "A second virtual router, on the LAN or on the other port.",
    ),
    Setting::new("vrrp.second_vrid", Kind::Number(1, 255), "Its VRID."),
    Setting::new("vrrp.second_family", Kind::Word(&["same", "ipv4", "ipv6"]), "Its family."),
    Setting::new("vrrp.second_priority", Kind::Number(1, 254), "Its priority."),
    Setting::new("vrrp.second_virtual_address", Kind::Ipv4, "Its IPv4 address, in the network of its port."),
    Setting::new("vrrp.second_virtual_link_local", Kind::Ipv6, "Its link-local address."),
    Setting::new(
        "vrrp.more_routers",
        Kind::Number(0, 254),
        "So many virtual routers besides on the LAN: with the next VRIDs that are free, and addresses that count up from 256 behind the first's.",
    ),
    Setting::new(
        "vrrp.checksum",
        Kind::Word(&["message", "pseudo-header"]),
        "What the checksum of version 3 over IPv4 covers in what the router sends: the message alone (RFC 9568), or a pseudo-header too (one reading of RFC 5798).",
    ),
    Setting::new(
        "vrrp.checksum_accepted",
        Kind::Word(&["sent", "both"]),
        "Which checksums it takes over IPv4: as it sends them, or both.",
    ),
    Setting::new(
        "vrrp.authentication",
        Kind::Word(&["none", "text", "header"]),
        "Authentication of RFC 2338.",
    ),
    Setting::new("vrrp.password", Kind::Text(8), "The password, or the key."),
    Setting::new(
        "vrrp.security_parameters_index",
        Kind::Number(256, 0xffff_ffff),
        "Security Parameters Index of the Authentication Header; the sender's address where nothing is said.",
    ),
    Setting::new(
        "vrrp.check_addresses",
        FLAG,
        "Version 2: it drops an advertisement with other addresses than its own.",
    ),
    Setting::new("vrrp.interoperation", FLAG, "It speaks version 2 too (version 3 only)."),
    Setting::new("vrrp.proxy_arp", FLAG, "It answers ARP for hosts behind its other port."),
    Setting::new(
        "vrrp.router_advertisements",
        FLAG,
        "It sends Router Advertisements for its IPv6 virtual router.",
    ),
    Setting::new("vrrp.answers_own_address", FLAG, "Its own address answers ARP or Neighbor Solicitations."),
];

/// What a device may tell.
pub const ACCOUNTS: &[Account] = &[];
