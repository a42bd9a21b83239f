//! Deliberate defects of the HSRP reference, one at a time: every cell of the state table with every action of it, every
//! check of reception, and what no row stands for ([`Defect`]).

use super::defect::{Defect, Scope};
use super::tables::Tables;
use crate::reference::mutation;
use crate::spec::Editions;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine;
use crate::spec::hsrp::reception::rules;

/// A changed reference.
pub type Mutant = mutation::Mutant<Tables>;

/// Why a mutant of either version cannot be seen from outside; without the protocol.
const OF_BOTH: &[(&str, &str)] = &[
    (
        "group.standby.active-higher.without-learn",
        "whether a router learns is left to it, and the virtual address it has learned in Learn",
    ),
    (
        "authentication.key-id-unchecked",
        "no source says whether the number of the key has to be the same: what a router does is recorded",
    ),
    (
        "group.active.disabled.without-stop-active",
        "in Initial no row does anything at the end of a timer, and both start anew on the way out",
    ),
    (
        "group.active.disabled.without-stop-standby",
        "in Initial no row does anything at the end of a timer, and both start anew on the way out",
    ),
    (
        "group.active.standby-higher.drop",
        "in Active no row does anything at the Standby timer's end, and each way out starts it anew or stops it",
    ),
    (
        "group.active.standby-lower.drop",
        "in Active no row does anything at the Standby timer's end, and each way out starts it anew or stops it",
    ),
    (
        "group.initial.enabled-unknown.drop",
        "who stays in Initial looks like who waits in Learn and learns from nobody, as a router may",
    ),
    (
        "group.initial.enabled-unknown.to-initial",
        "who stays in Initial looks like who waits in Learn and learns from nobody, as a router may",
    ),
    (
        "group.initial.enabled-unknown.without-not-address-configured",
        "a router that knows the virtual address has taken the row before this one",
    ),
    (
        "group.initial.enabled-unknown.without-start-active",
        "Learn does nothing about its timers, and each way out of it starts both anew or stops them",
    ),
    (
        "group.initial.enabled-unknown.without-start-standby",
        "Learn does nothing about its timers, and each way out of it starts both anew or stops them",
    ),
    (
        "group.learn.disabled.without-stop-active",
        "Initial does nothing about its timers, and the way out of it starts both anew",
    ),
    (
        "group.learn.disabled.without-stop-standby",
        "Initial does nothing about its timers, and the way out of it starts both anew",
    ),
    (
        "group.listen.active-higher.without-learn",
        "whether a router learns is left to it, and the virtual address it has learned in Learn",
    ),
    (
        "group.listen.active-lower-preempting.without-preempt",
        "a router that does not preempt has taken the row before this one",
    ),
    (
        "group.listen.active-lower-preempting.without-start-standby",
        "Active does nothing about the Standby timer, and each way out of it starts it anew or stops it",
    ),
    (
        "group.listen.disabled.without-stop-active",
        "Initial does nothing about its timers, and the way out of it starts both anew",
    ),
    (
        "group.listen.disabled.without-stop-standby",
        "Initial does nothing about its timers, and the way out of it starts both anew",
    ),
    (
        "group.speak.active-higher.without-learn",
        "whether a router learns is left to it, and the virtual address it has learned in Learn",
    ),
    (
        "group.speak.active-lower-preempting.without-preempt",
        "a router that does not preempt has taken the row before this one",
    ),
    (
        "group.speak.active-lower-preempting.without-start-standby",
        "Active does nothing about the Standby timer, and each way out of it starts it anew or stops it",
    ),
    (
        "group.speak.disabled.without-stop-active",
        "Initial does nothing about its timers, and the way out of it starts both anew",
    ),
    (
        "group.speak.disabled.without-stop-standby",
        "Initial does nothing about its timers, and the way out of it starts both anew",
    ),
    (
        "group.speak.standby-lower.without-stop-standby",
        "neither Standby nor Active does anything about the Standby timer, and each way back starts it anew or stops it",
    ),
    ("group.speak.standby-timer.without-stop-standby", "a timer that has expired does not run"),
    (
        "group.standby.active-lower-preempting.without-preempt",
        "the row before it is for those that do not preempt, and takes every one of them",
    ),
    (
        "group.standby.active-lower-preempting.without-start-standby",
        "in Active no row does anything at its end, and each way out starts it anew or stops it",
    ),
    ("group.standby.active-timer.without-stop-active", "that timer has just expired and does not run"),
    ("group.standby.active-timer.without-stop-standby", "no Standby timer runs in Standby"),
    (
        "group.standby.disabled.without-stop-active",
        "in Initial no row does anything at the end of a timer, and both start anew on the way out",
    ),
    (
        "group.standby.disabled.without-stop-standby",
        "in Initial no row does anything at the end of a timer, and both start anew on the way out",
    ),
    (
        "group.standby.resign.without-stop-active",
        "in Active no row does anything at its end, and each way out starts it anew or stops it",
    ),
    ("timers.no-preempt-delay", "only documents know of a delay: it is recorded, and fails nobody"),
    ("tracking.ignored", "only documents know of tracking: it is recorded, and fails nobody"),
];

/// Why a mutant of one version cannot be seen from outside.
const OF_ONE: &[(&str, &str)] = &[
    (
        "hsrp1.group.active.active-higher-resigning.without-send-resign",
        "captures of version 1 show routers that resign on this, and others: it is recorded",
    ),
    ("hsrp1.interface-state.once", "RFC 2281 has no Advertise: it is recorded, and fails nobody"),
    (
        "hsrp1.interface-state.reversed",
        "the counts in captured Advertises differ: recorded, they fail nobody",
    ),
    ("hsrp1.interface-state.silent", "RFC 2281 has no Advertise: it is recorded, and fails nobody"),
    (
        "hsrp2.address.no-router-flag",
        "only documents tell of Neighbor Advertisements, so that they are recorded and fail nobody",
    ),
    (
        "hsrp2.address.proxy-by-state",
        "documents tell of routers that do so, so that it is recorded and fails nobody",
    ),
    (
        "hsrp2.announce.no-override-flag",
        "only documents tell of Neighbor Advertisements, so that they are recorded and fail nobody",
    ),
    (
        "hsrp2.announce.no-router-flag",
        "only documents tell of Neighbor Advertisements, so that they are recorded and fail nobody",
    ),
    (
        "hsrp2.forwarding.no-farewell",
        "nobody confirms the last Router Advertisement, so that it is recorded and fails nobody",
    ),
    (
        "hsrp2.forwarding.others-redirect",
        "documents tell of routers that send some, so that it is recorded and fails nobody",
    ),
    (
        "hsrp2.forwarding.redirects",
        "documents tell of routers that send some, so that it is recorded and fails nobody",
    ),
    (
        "hsrp2.group.active.coup.without-send-resign",
        "of version 2 captures show a router that sends none, and no standard asks for one: it is recorded",
    ),
    (
        "hsrp2.group.active.resign.with-send-hello",
        "captures show routers that answer a Resign so, and no standard of version 2 says otherwise: it is recorded",
    ),
    (
        "hsrp2.timers.no-jitter",
        "captures show routers with jitter and without: it is recorded, and fails nobody",
    ),
];

/// Why the mutant cannot be seen from outside, if it cannot.
pub fn equivalent(id: &str) -> Option<&'static str> {
    let behind = id.strip_prefix("hsrp1.").or_else(|| id.strip_prefix("hsrp2."));
    let of_both = OF_BOTH.iter().find(|(other, _)| Some(*other) == behind);
    of_both.or_else(|| OF_ONE.iter().find(|(other, _)| *other == id)).map(|(_, reason)| *reason)
}

/// All of them, the same in every run.
pub fn all() -> Vec<Mutant> {
    let mut out = Vec::new();
    for machine in [&machine::V1, &machine::V2] {
        for row in machine.rows.iter().filter(|row| machine::impossible(row.id).is_none()) {
            mutation::of_row(&mut out, machine, row);
        }
    }
    for version in [Version::V1, Version::V2] {
        for rule in rules(version) {
            let check = rule.check;
            out.push(Mutant {
                id: format!("{}.drop", rule.id),
                row: rule.id,
                description: format!("It is not checked that {}", rule.text),
                editions: rule.editions,
                settings: &[],
                only_where_taken: false,
                apply: Box::new(move |tables| tables.reception.retain(|rule| rule.check != check)),
            });
        }
    }
    for kind in Defect::ALL {
        for (protocol, editions) in protocols(kind.scope) {
            let defect = kind.defect;
            let apply = Box::new(move |tables: &mut Tables| tables.defects.push(defect));
            out.push(kind.mutant(protocol, *editions, apply));
        }
    }
    out
}

/// Where a defect of this scope can be: protocol and editions.
fn protocols(scope: Scope) -> &'static [(&'static str, Editions)] {
    match scope {
        Scope::Both => &[("hsrp1", Editions::HSRP1), ("hsrp2", Editions::HSRP2)],
        Scope::V1 => &[("hsrp1", Editions::HSRP1)],
        Scope::Rfc2281 => &[("hsrp1", Editions::ONLY_2281)],
        Scope::Cisco => &[("hsrp1", Editions::ONLY_CISCO1), ("hsrp2", Editions::HSRP2)],
        Scope::Cisco1 => &[("hsrp1", Editions::ONLY_CISCO1)],
        Scope::V2 => &[("hsrp2", Editions::HSRP2)],
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_are_unique_and_begin_with_their_protocol() {
        let mutants = all();
        let ids: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.id.as_str()).collect();
        assert_eq!(ids.len(), mutants.len());
        assert!(mutants.len() >= 120, "{}", mutants.len());
        for mutant in &mutants {
            assert!(mutant.id.starts_with("hsrp1.") || mutant.id.starts_with("hsrp2."), "{}", mutant.id);
        }
    }

    #[test]
    fn every_cell_and_every_check_has_a_mutant_in_each_edition() {
        let mutants = all();
        for protocol in [crate::spec::hsrp::HSRP1, crate::spec::hsrp::HSRP2] {
            for row in (protocol.rows)() {
                for edition in row.editions.iter() {
                    let has = |mutant: &Mutant| mutant.row == row.id && mutant.editions.contains(edition);
                    let impossible = machine::impossible(row.id).is_some();
                    assert_eq!(mutants.iter().any(has), !impossible, "{} {edition}", row.id);
                }
            }
        }
    }

    #[test]
    fn every_mutant_is_another_device_in_each_of_its_editions() {
        for mutant in all() {
            for edition in mutant.editions.iter() {
                let (changed, reference) = (mutant.tables(edition), Tables::new(edition));
                assert_ne!(format!("{changed:?}"), format!("{reference:?}"), "{} {edition}", mutant.id);
            }
        }
    }

    #[test]
    fn what_is_equivalent_exists_and_has_a_reason() {
        let ids: BTreeSet<String> = all().into_iter().map(|mutant| mutant.id).collect();
        let of_both =
            OF_BOTH.iter().flat_map(|(id, why)| [(format!("hsrp1.{id}"), why), (format!("hsrp2.{id}"), why)]);
        for (id, reason) in of_both.chain(OF_ONE.iter().map(|(id, why)| ((*id).to_owned(), why))) {
            assert!(ids.contains(&id), "{id}");
            assert!(reason.len() > 20, "{id}");
            assert_eq!(equivalent(&id), Some(*reason));
        }
    }
}
