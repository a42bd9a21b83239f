//! What a profile can say of a LACP device: the settings `lacp.*`.

use crate::spec::setting::{Account, FLAG, Kind, SIXTEEN_BITS, Setting};

/// All of them.
pub const ALL: &[Setting] = &[
    Setting::new("lacp.system_priority", SIXTEEN_BITS, "Actor_System_Priority."),
    Setting::new("lacp.system", Kind::Mac, "Actor_System."),
    Setting::new(
        "lacp.control",
        Kind::Word(&["coupled", "independent"]),
        "Control of the Mux: Collecting and Distributing together, or each for itself.",
    ),
    Setting::new("lacp.version", Kind::Number(1, 2), "Version of the LACPDUs that the device sends."),
    Setting::new("lacp.long_pdus", FLAG, "The device can send Long LACPDUs, with the TLVs of version 2."),
    Setting::new("lacp.collector_max_delay", SIXTEEN_BITS, "CollectorMaxDelay, in tens of microseconds."),
    Setting::new("lacp.aggregators", Kind::Number(1, 0xffff), "How many Aggregators the device has."),
    Setting::new("lacp.max_links", Kind::Number(1, 0xffff), "The most links that one Aggregator uses."),
    Setting::new("lacp.min_links", Kind::Number(0, 0xffff), "With fewer links an Aggregator is not used."),
    Setting::new(
        "lacp.below_minimum",
        Kind::Word(&["standby", "attached"]),
        "What the ports of an Aggregator are that has fewer links than lacp.min_links.",
    ),
    Setting::new("lacp.wait_to_restore", Kind::Seconds, "Wait_To_Restore_Time, 802.1AX-2020."),
    Setting::new("lacp.suspend_individual", FLAG, "A port whose partner does not speak LACP is not used."),
    Setting::new(
        "lacp.fallback",
        Kind::Word(&["none", "static", "individual"]),
        "What ports do that never heard a partner: as 802.1AX has it, all forward, or the best one does.",
    ),
    Setting::new("lacp.fallback_timeout", Kind::Seconds, "How long lacp.fallback waits for a partner."),
    Setting::new("lacp.destination", Kind::Mac, "Destination address of the protocol's frames."),
    Setting::new(
        "lacp.redundancy_group",
        FLAG,
        "Each port is on a chassis of its own: a node of a redundancy group of RFC 7275.",
    ),
    Setting::of_port("lacp.enabled", FLAG, "LACP runs on the port."),
    Setting::of_port("lacp.activity", Kind::Word(&["passive", "active"]), "LACP_Activity."),
    Setting::of_port("lacp.timeout", Kind::Word(&["long", "short"]), "LACP_Timeout."),
    Setting::of_port("lacp.aggregation", Kind::Word(&["individual", "aggregatable"]), "Aggregation."),
    Setting::of_port("lacp.key", SIXTEEN_BITS, "Actor_Key."),
    Setting::of_port("lacp.port_priority", SIXTEEN_BITS, "Actor_Port_Priority."),
    Setting::of_port("lacp.port", SIXTEEN_BITS, "Actor_Port."),
    Setting::of_port("lacp.partner.system_priority", SIXTEEN_BITS, "Partner_Admin_System_Priority."),
    Setting::of_port("lacp.partner.system", Kind::Mac, "Partner_Admin_System."),
    Setting::of_port("lacp.partner.key", SIXTEEN_BITS, "Partner_Admin_Key."),
    Setting::of_port("lacp.partner.port_priority", SIXTEEN_BITS, "Partner_Admin_Port_Priority."),
    Setting::of_port("lacp.partner.port", SIXTEEN_BITS, "Partner_Admin_Port."),
    Setting::of_port(
        "lacp.partner.activity",
        Kind::Word(&["passive", "active"]),
        "LACP_Activity of Partner_Admin_Port_State.",
    ),
    Setting::of_port(
        "lacp.partner.timeout",
        Kind::Word(&["long", "short"]),
        "LACP_Timeout of Partner_Admin_Port_State.",
    ),
    Setting::of_port(
        "lacp.partner.aggregation",
        Kind::Word(&["individual", "aggregatable"]),
        "Aggregation of Partner_Admin_Port_State.",
    ),
    Setting::of_port("lacp.partner.synchronization", FLAG, "Synchronization of Partner_Admin_Port_State."),
];

/// What a device may tell.
pub const ACCOUNTS: &[Account] = &[
    Account { name: "lacp.illegal_rx", text: "How many frames aAggPortStatsIllegalRx counts." },
    Account { name: "lacp.unknown_rx", text: "How many frames aAggPortStatsUnknownRx counts." },
    Account { name: "lacp.actor_churn", text: "The Actor is in churn: true or false." },
    Account { name: "lacp.partner_churn", text: "The Partner is in churn: true or false." },
    Account {
        name: "lacp.aggregator",
        text: "The Aggregator that the port selected, as the device calls it, or none.",
    },
];
