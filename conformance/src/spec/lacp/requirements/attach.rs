//! From a partner to traffic: which Aggregator, and when.

use super::requirements;
use crate::spec::Requirement;

pub(super) const MUX: &[Requirement] = requirements! {
    "lacp.mux.collecting-needs-synchronization" Must Wire MUX DOT1AX
        "Every LACPDU that shows Collecting shows Synchronization.";
    "lacp.mux.distributing-needs-collecting" Must Wire MUX DOT1AX
        "Every LACPDU that shows Distributing shows Collecting.";
    "lacp.mux.collecting-needs-partner-synchronization" Must Wire MUX DOT1AX
        "A port does not collect while its partner is not in sync.";
    "lacp.mux.attached-holds" Must Wire MUX DOT1AX
        "A port whose partner does not claim Synchronization attaches and stays so, without collecting.";
    "lacp.mux.unselected-detaches" Must Wire MUX DOT1AX
        "A port that has to choose its Aggregator anew shows Synchronization, Collecting and Distributing all gone.";
    "lacp.mux.wait-while" Must Wire MUX DOT1AX
        "A port with a new partner waits 2 s before it shows Synchronization.";
    "lacp.mux.wait-while-restarts" Must Wire MUX DOT1AX
        "If the partner changes while the port waits, the 2 s begin anew.";
    "lacp.mux.wait-while-keeps-running" Must Wire MUX DOT1AX
        "Whether the partner claims Synchronization has no influence on the 2 s.";
    "lacp.mux.partner-sync" Must Wire MUX DOT1AX
        "An attached port collects as soon as its partner is in sync.";
    "lacp.mux.partner-sync-lost" Must Wire MUX DOT1AX
        "A port whose partner is no longer in sync stops collecting and distributing, and keeps Synchronization.";
    "lacp.mux.partner-sync-regained" Must Wire MUX DOT1AX
        "A port that stayed attached collects again without waiting when its partner is in sync again.";
    "lacp.mux.expired-stops-traffic" Must Wire MUX DOT1AX
        "A port that expires stops collecting and distributing, and keeps Synchronization while its link stays up.";
    "lacp.mux.independent.waits-for-partner-collecting" Must Wire MUX DOT1AX
        "Under independent control, a port does not distribute while its partner does not collect.";
    "lacp.mux.independent.partner-collecting" Must Wire MUX DOT1AX
        "Under independent control, a collecting port distributes when its partner collects, and says so in its next LACPDU.";
    "lacp.mux.independent.partner-collecting-lost" Must Wire MUX DOT1AX
        "Under independent control, a port whose partner stops collecting stops distributing and goes on collecting.";
    "lacp.mux.independent.partner-sync-lost" Must Wire MUX DOT1AX
        "Under independent control, a port that only collects stops when its partner is no longer in sync.";
    "lacp.mux.coupled.together" Must Wire MUX DOT1AX
        "Under coupled control, a port begins to collect and to distribute together.";
    "lacp.mux.coupled.ignores-partner-collecting" Must Wire MUX DOT1AX
        "Under coupled control, whether the partner collects changes nothing.";
    "lacp.mux.attached-sends-no-data" Must DataPlane MUX DOT1AX
        "A port that is not distributing sends no frames of the client.";
    "lacp.mux.attached-receives-no-data" Must DataPlane MUX DOT1AX
        "A port that is not collecting hands no frames to the client.";
    "lacp.mux.collecting-receives-data" May DataPlane MUX DOT1AX
        "A port that only collects already hands frames to the client.";
    "lacp.mux.up-passes-data" Must DataPlane MUX DOT1AX
        "A port that collects and distributes passes frames both ways.";
    "lacp.mux.return-keeps-synchronization" Info WireAndLink MUX DOT1AX
        "A port whose carrier was away shows Synchronization in its first LACPDU up to 2014, and not in 2020.";
    "lacp.mux.return-without-wait" Info WireAndLink MUX DOT1AX
        "A port whose carrier was away is back without waiting 2 s, unless it was deselected meanwhile.";
    "lacp.mux.wait-to-restore" Must WireAndConfiguration MUX ONLY_2020
        "A port with a Wait-To-Restore time whose carrier was away comes back that time after the carrier, without other wait.";
    "lacp.mux.wait-to-restore-out-of-sync" Must WireAndConfiguration MUX ONLY_2020
        "A port that waits to restore sends LACPDUs without Synchronization, Collecting and Distributing.";
    "lacp.mux.wait-to-restore-restarts" Info WireAndConfiguration MUX ONLY_2020
        "If the carrier goes away again, the Wait-To-Restore time begins anew when it is back.";
    "lacp.mux.wait-to-restore-non-revertive" Info WireAndConfiguration MUX ONLY_2020
        "A port configured as non-revertive stays out of use after its carrier was away.";
};

pub(super) const SELECTION: &[Requirement] = requirements! {
    "lacp.selection.an-aggregator" Must StateOnly SELECTION_REQUIREMENTS DOT1AX
        "A system has at least one Aggregator.";
    "lacp.selection.same-lag" Must Wire SELECTION_REQUIREMENTS DOT1AX
        "Links with the same system and key at either end join one aggregation, and all of them come up.";
    "lacp.selection.partner-key" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Links to different keys of the partner do not share an Aggregator: where there is but one, never both are in sync.";
    "lacp.selection.partner-system" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Links to partners with different Systems do not share an Aggregator: where there is but one, never both are in sync.";
    "lacp.selection.partner-system-priority" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Links to partners with different System_Priorities do not share an Aggregator: where there is but one, never both are in sync.";
    "lacp.selection.own-key" Must StateOnly SELECTION_REQUIREMENTS DOT1AX
        "A port selects only an Aggregator that has its own key.";
    "lacp.selection.own-key-announced" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Ports of two aggregations keep their two keys, also when they are wired to one aggregation of the partner.";
    "lacp.selection.individual-shares-nothing" Must StateOnly SELECTION_REQUIREMENTS DOT1AX
        "A link with an Individual port at either end has its Aggregator for itself.";
    "lacp.selection.individual-one-aggregator" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Where there is but one Aggregator, an Individual link and another are never both in sync.";
    "lacp.selection.individual-runs" Info Wire SELECTION_REQUIREMENTS DOT1AX
        "A link to an Individual partner is used on its own, or stays detached.";
    "lacp.selection.loopback" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "Two ports of one aggregation that are wired to each other never collect both, if there is but one Aggregator.";
    "lacp.selection.reflection" Info Wire SELECTION_REQUIREMENTS DOT1AX
        "A port that hears its own LACPDUs collects, or does not.";
    "lacp.selection.none-left" Must WireAndConfiguration SELECTION_REQUIREMENTS DOT1AX
        "A port that can select no Aggregator stays detached.";
    "lacp.selection.reselects" Must Wire SELECTION_REQUIREMENTS DOT1AX
        "A port that was unselected selects again by itself and comes back, if an Aggregator may take it.";
    "lacp.selection.time" Info Wire SELECTION_REQUIREMENTS DOT1AX
        "It takes some time from a new partner to Synchronization; no bound is given.";
    "lacp.selection.others-undisturbed" Must Wire SELECTION_REQUIREMENTS DOT1AX
        "What happens on one link does not disturb the others of its aggregation, unless an Aggregator has to change hands.";
    "lacp.selection.may-force-others" May StateOnly SELECTION_REQUIREMENTS DOT1AX
        "A selection may force other ports to select anew.";
    "lacp.selection.ready-waits-for-all" Info Wire VARIABLES DOT1AX
        "Ports that wait for one Aggregator attach together, when the last of them has waited 2 s.";
    "lacp.selection.lowest-port" Should StateOnly SELECTION_DEFAULT DOT1AX
        "An aggregation sits on the Aggregator of its port with the lowest number.";
    "lacp.selection.own-change-announced" Must WireAndConfiguration SELECTION DOT1AX
        "A port whose key or system priority is configured anew announces the new value at once.";
    "lacp.selection.own-change-reselects" Must WireAndConfiguration SELECTION DOT1AX
        "After such a change the port is not in use before its partner has repeated the new value, and is afterwards.";
    "lacp.selection.standby-limit" Must WireAndConfiguration STANDBY DOT1AX
        "If more links come up than may be used, exactly as many are used as may.";
    "lacp.selection.standby-detached" Must WireAndConfiguration MUX DOT1AX
        "A standby port shows neither Synchronization nor Collecting nor Distributing.";
    "lacp.selection.standby-priority" Should WireAndConfiguration STANDBY DOT1AX
        "The port priorities of the system with the lower System Identifier decide which links stand by.";
    "lacp.selection.standby-takes-over" Must WireAndConfiguration STANDBY DOT1AX
        "When a link that is in use loses its partner, a standby link takes its place.";
};
