//! The functions of LACP (6.4.9) and what else the machines use by name, and the rules of the Selection Logic (6.4.14).

use super::variables::{Action, Condition, Field, Flag};
use crate::spec::machine::Literal::{self, Is, Not};
use crate::spec::{Edition, Editions};

use Condition as If;

/// One way in which a named condition comes to hold; it holds if one of its rows does.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Permanent.
    pub id: &'static str,
    /// What it defines.
    pub condition: Condition,
    /// All of these.
    pub when: &'static [Literal<Condition>],
    /// Editions that have it.
    pub editions: Editions,
}

const ALL: Editions = Editions::DOT1AX;

/// Named conditions.
///
/// A port is in sync with the sender of a LACPDU if the sender sees this port as it is, or calls its link Individual;
/// if the sender is in sync; and if one of both keeps the link alive: the sender is active, or this port is and the sender
/// knows it (recordPDU).
pub const DEFINITIONS: &[Definition] = &[
    Definition {
        id: "lacp.record-pdu.in-sync.matched.sender-active",
        condition: If::PduInSync,
        when: &[Is(If::PduPartnerIsActor), Is(If::PduActorSynchronization), Is(If::PduActorActive)],
        editions: ALL,
    },
    Definition {
        id: "lacp.record-pdu.in-sync.matched.receiver-active",
        condition: If::PduInSync,
        when: &[
            Is(If::PduPartnerIsActor),
            Is(If::PduActorSynchronization),
            Is(If::ActorActive),
            Is(If::PduPartnerActive),
        ],
        editions: ALL,
    },
    Definition {
        id: "lacp.record-pdu.in-sync.individual.sender-active",
        condition: If::PduInSync,
        when: &[Not(If::PduActorAggregation), Is(If::PduActorSynchronization), Is(If::PduActorActive)],
        editions: ALL,
    },
    Definition {
        id: "lacp.record-pdu.in-sync.individual.receiver-active",
        condition: If::PduInSync,
        when: &[
            Not(If::PduActorAggregation),
            Is(If::PduActorSynchronization),
            Is(If::ActorActive),
            Is(If::PduPartnerActive),
        ],
        editions: ALL,
    },
    Definition {
        id: "lacp.selection.ready",
        condition: If::Ready,
        when: &[Is(If::AllWaitingReady)],
        editions: ALL,
    },
    Definition {
        id: "lacp.mux2020.port-good-to-go",
        condition: If::PortGoodToGo,
        when: &[
            Is(If::Attached),
            Is(If::PortEnabled),
            Not(If::WaitToRestorePending),
            Not(If::WaitToRestoreRunning),
        ],
        editions: Editions::ONLY_2020,
    },
];

/// A named action: its steps.
#[derive(Clone, Copy, Debug)]
pub struct Procedure {
    /// Permanent.
    pub id: &'static str,
    /// What it spells out.
    pub action: Action,
    /// In this order.
    pub steps: &'static [Action],
    /// Editions that do it so.
    pub editions: Editions,
}

/// Named actions.
pub const PROCEDURES: &[Procedure] = &[
    Procedure {
        id: "lacp.fn.record-pdu",
        action: Action::RecordPdu,
        steps: &[
            Action::CopyPduActor,
            Action::SetPartnerSynchronizationIf(If::PduInSync),
            Action::Clear(Flag::Defaulted),
        ],
        editions: ALL,
    },
    // The edition in which the partner's Synchronization became TRUE is not confirmed; 2020 has an administrative bit.
    Procedure {
        id: "lacp.fn.record-default.2014",
        action: Action::RecordDefault,
        steps: &[
            Action::CopyPartnerAdmin,
            Action::SetPartner(Flag::Synchronization),
            Action::Set(Flag::Defaulted),
        ],
        editions: Editions::ONLY_2014,
    },
    Procedure {
        id: "lacp.fn.record-default",
        action: Action::RecordDefault,
        steps: &[Action::CopyPartnerAdmin, Action::Set(Flag::Defaulted)],
        editions: Editions::of(&[Edition::Dot1Ax2008, Edition::Dot1Ax2020]),
    },
    Procedure {
        id: "lacp.fn.update-selected",
        action: Action::UpdateSelected,
        steps: &[Action::UnselectIf(If::PduActorDiffersFromPartner)],
        editions: ALL,
    },
    Procedure {
        id: "lacp.fn.update-default-selected",
        action: Action::UpdateDefaultSelected,
        steps: &[Action::UnselectIf(If::PartnerAdminDiffersFromPartner)],
        editions: ALL,
    },
    Procedure {
        id: "lacp.fn.update-ntt",
        action: Action::UpdateNtt,
        steps: &[Action::SetNttIf(If::PduPartnerDiffersFromActor)],
        editions: ALL,
    },
];

/// The fields that a condition compares, or that recordPDU copies.
#[derive(Clone, Copy, Debug)]
pub struct Fields {
    /// Permanent.
    pub id: &'static str,
    /// These and no others.
    pub fields: &'static [Field],
}

/// What identifies a port and its system, without State.
const IDENTITY: [Field; 5] =
    [Field::SystemPriority, Field::System, Field::Key, Field::PortPriority, Field::Port];

/// [`Condition::PduPartnerIsActor`]: of the State only Aggregation counts.
pub const MATCHED: Fields = Fields {
    id: "lacp.record-pdu.matched",
    fields: &[
        IDENTITY[0],
        IDENTITY[1],
        IDENTITY[2],
        IDENTITY[3],
        IDENTITY[4],
        Field::State(Flag::Aggregation),
    ],
};

/// [`Condition::PduActorDiffersFromPartner`].
pub const UPDATE_SELECTED: Fields = Fields {
    id: "lacp.update-selected",
    fields: &[
        IDENTITY[0],
        IDENTITY[1],
        IDENTITY[2],
        IDENTITY[3],
        IDENTITY[4],
        Field::State(Flag::Aggregation),
    ],
};

/// [`Condition::PartnerAdminDiffersFromPartner`].
pub const UPDATE_DEFAULT_SELECTED: Fields = Fields {
    id: "lacp.update-default-selected",
    fields: &[
        IDENTITY[0],
        IDENTITY[1],
        IDENTITY[2],
        IDENTITY[3],
        IDENTITY[4],
        Field::State(Flag::Aggregation),
    ],
};

/// [`Condition::PduPartnerDiffersFromActor`]: Collecting, Distributing, Defaulted, Expired do not count.
pub const UPDATE_NTT: Fields = Fields {
    id: "lacp.update-ntt",
    fields: &[
        IDENTITY[0],
        IDENTITY[1],
        IDENTITY[2],
        IDENTITY[3],
        IDENTITY[4],
        Field::State(Flag::Activity),
        Field::State(Flag::Timeout),
        Field::State(Flag::Synchronization),
        Field::State(Flag::Aggregation),
    ],
};

/// [`Action::CopyPduActor`]: all but Synchronization, which is decided.
pub const RECORD_PDU: Fields = Fields {
    id: "lacp.record-pdu.copied",
    fields: &[
        IDENTITY[0],
        IDENTITY[1],
        IDENTITY[2],
        IDENTITY[3],
        IDENTITY[4],
        Field::State(Flag::Activity),
        Field::State(Flag::Timeout),
        Field::State(Flag::Aggregation),
        Field::State(Flag::Collecting),
        Field::State(Flag::Distributing),
        Field::State(Flag::Defaulted),
        Field::State(Flag::Expired),
    ],
};

/// What a port that is down is recognised by on another port (port_moved, 6.4.8).
pub const PORT_MOVED: Fields = Fields { id: "lacp.port-moved", fields: &[Field::System, Field::Port] };

/// What a LAG has in common on the partner's side; the own side is System and Key (6.3.6).
pub const LAG_IDENTIFIER: Fields =
    Fields { id: "lacp.lag-identifier", fields: &[Field::SystemPriority, Field::System, Field::Key] };

/// All lists of fields.
pub const FIELD_LISTS: &[Fields] =
    &[MATCHED, UPDATE_SELECTED, UPDATE_DEFAULT_SELECTED, UPDATE_NTT, RECORD_PDU, PORT_MOVED, LAG_IDENTIFIER];

/// A rule of the Selection Logic: what has to hold for a port to take an Aggregator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SelectionRule {
    /// The port is up. (A port that goes down later stays selected.)
    PortEnabled,
    /// The Aggregator has the port's operational key (6.4.14.1 e).
    SameKey,
    /// All of the Aggregator's ports have the port's LAG identifier (6.4.14.1 f).
    SameLag,
    /// An Individual port shares with nobody (6.4.14.1 h).
    IndividualAlone,
    /// Nobody joins an Individual port (6.4.14.1 i).
    NotWithIndividual,
    /// Not with the port at the other end of the own link (6.4.14.1 g).
    NotWithOwnOtherEnd,
    /// The same LAG goes before an empty Aggregator (6.4.14.1 f).
    SameLagFirst,
    /// A port beyond the most that the Aggregator may have is on standby, by the better system's priorities (6.7.1).
    StandbyBeyondMaximum,
    /// The better System identifier decides who is on standby (6.7.1).
    BetterSystemDecides,
    /// Within a System the numerically lower {Port_Priority, Port} goes first (6.7.1).
    LowerPortFirst,
    /// With fewer links than the minimum all are on standby (a constraint of the System, 6.4.14.1 k).
    StandbyBelowMinimum,
    /// A port without a partner is not selected at all (suspend-individual; a vendor's constraint).
    SuspendWithoutPartner,
    /// When the Actor's system or key changes the port is selected anew (6.4.14.1).
    ReselectOnActorChange,
}

/// A rule of [`SELECTION`] or [`RECEPTION`].
#[derive(Clone, Copy, Debug)]
pub struct Rule<R: 'static> {
    /// Permanent.
    pub id: &'static str,
    /// What it says.
    pub rule: R,
    /// In words.
    pub text: &'static str,
}

/// The Selection Logic (6.4.14).
pub const SELECTION: &[Rule<SelectionRule>] = &[
    Rule {
        id: "lacp.selection.port-enabled",
        rule: SelectionRule::PortEnabled,
        text: "a port that is down is not selected",
    },
    Rule {
        id: "lacp.selection.same-key",
        rule: SelectionRule::SameKey,
        text: "only an Aggregator of its own key",
    },
    Rule {
        id: "lacp.selection.same-lag",
        rule: SelectionRule::SameLag,
        text: "only ports of one LAG share an Aggregator",
    },
    Rule {
        id: "lacp.selection.individual-alone",
        rule: SelectionRule::IndividualAlone,
        text: "an Individual port shares with nobody",
    },
    Rule {
        id: "lacp.selection.not-with-individual",
        rule: SelectionRule::NotWithIndividual,
        text: "nobody joins an Individual port",
    },
    Rule {
        id: "lacp.selection.not-with-own-other-end",
        rule: SelectionRule::NotWithOwnOtherEnd,
        text: "both ends of one link do not share an Aggregator",
    },
    Rule {
        id: "lacp.selection.same-lag-first",
        rule: SelectionRule::SameLagFirst,
        text: "ports of one LAG take the same Aggregator",
    },
    Rule {
        id: "lacp.selection.standby-beyond-maximum",
        rule: SelectionRule::StandbyBeyondMaximum,
        text: "ports beyond the maximum are on standby",
    },
    Rule {
        id: "lacp.selection.better-system-decides",
        rule: SelectionRule::BetterSystemDecides,
        text: "the System with the lower identifier decides who is on standby",
    },
    Rule {
        id: "lacp.selection.lower-port-first",
        rule: SelectionRule::LowerPortFirst,
        text: "the lower {Port_Priority, Port} is selected first",
    },
    Rule {
        id: "lacp.selection.standby-below-minimum",
        rule: SelectionRule::StandbyBelowMinimum,
        text: "with fewer links than the minimum all are on standby",
    },
    Rule {
        id: "lacp.selection.suspend-without-partner",
        rule: SelectionRule::SuspendWithoutPartner,
        text: "where configured so, a port without a partner is not selected",
    },
    Rule {
        id: "lacp.selection.reselect-on-actor-change",
        rule: SelectionRule::ReselectOnActorChange,
        text: "a change of the Actor's system or key selects anew",
    },
];

/// The administrative partner where the management has not given one: what an edition says of its defaults. Its System and
/// priorities are 0, its State passive, long, Individual.
#[derive(Clone, Copy, Debug)]
pub struct PartnerDefaults {
    /// Port and Key are the own port's number, and not 0.
    pub own_number: bool,
    /// Synchronization is set.
    pub synchronization: bool,
}

/// Editions before 2020 fix none, and zeros are common; their recordDefault decides about Synchronization.
pub const fn partner_defaults(edition: Edition) -> PartnerDefaults {
    let fixed = Editions::ONLY_2020.contains(edition);
    PartnerDefaults { own_number: fixed, synchronization: fixed }
}

/// What has to hold for a frame to be handed to the LACP or Marker entity of a port (6.4.2.2, 57A).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReceptionRule {
    /// It is addressed to the protocol's destination address.
    Destination,
    /// The Ethertype of slow protocols stands directly behind the addresses.
    Untagged,
    /// The subtype octet decides which entity it is handed to.
    Subtype,
    /// It is as long as the PDU.
    Complete,
    /// Not of the standard, which forbids it: Version Number is looked at.
    VersionIsOne,
    /// Not of the standard, which forbids it: TLV_type is looked at.
    TlvTypesAsDefined,
    /// Not of the standard, which forbids it: Reserved is looked at.
    ReservedIsZero,
}

/// The rules of reception. Whatever else is odd in a LACPDU is no reason to drop it.
pub const RECEPTION: &[Rule<ReceptionRule>] = &[
    Rule {
        id: "lacp.reception.destination",
        rule: ReceptionRule::Destination,
        text: "only frames to the protocol's destination address",
    },
    Rule { id: "lacp.reception.untagged", rule: ReceptionRule::Untagged, text: "only frames without a tag" },
    Rule { id: "lacp.reception.subtype", rule: ReceptionRule::Subtype, text: "only its own subtype" },
    Rule { id: "lacp.reception.complete", rule: ReceptionRule::Complete, text: "only whole PDUs" },
];
