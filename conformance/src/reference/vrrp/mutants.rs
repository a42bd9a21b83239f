//! Deliberate defects of the VRRP reference, one at a time: every row of the state table, every condition and action of
//! it, every check of reception, and what no row stands for ([`Defect`]).

use super::defect::{Defect, Scope};
use super::tables::Tables;
use crate::reference::mutation;
use crate::spec::Editions;
use crate::spec::vrrp::Version;
use crate::spec::vrrp::machine;
use crate::spec::vrrp::reception::rules;

/// A changed reference.
pub type Mutant = mutation::Mutant<Tables>;

/// Why a mutant cannot be seen from outside.
pub const EQUIVALENT: &[(&str, &str)] = &[
    (
        "vrrp2.router.initialize.startup.without-not-owner",
        "the row before it is for owners and takes every one of them",
    ),
    (
        "vrrp2.router.backup.shutdown.without-stop-down",
        "in Initialize no row asks for Active_Down_Timer, and Backup is entered with it started anew",
    ),
    (
        "vrrp2.router.backup.timeout.without-stop-down",
        "in Active no row asks for Active_Down_Timer, and Backup is entered with it started anew",
    ),
    (
        "vrrp2.router.active.shutdown.without-stop-advertisement",
        "in Initialize and Backup no row asks for Adver_Timer, and Active is entered with it started anew",
    ),
    (
        "vrrp2.router.active.shutdown.to-backup",
        "a Backup that is stopped goes on to Initialize at once, and says nothing",
    ),
    (
        "vrrp3.router.initialize.startup.without-not-owner",
        "the row before it is for owners and takes every one of them",
    ),
    (
        "vrrp3.router.backup.shutdown.without-stop-down",
        "in Initialize no row asks for Active_Down_Timer, and Backup is entered with it started anew",
    ),
    (
        "vrrp3.router.backup.timeout.without-stop-down",
        "in Active no row asks for Active_Down_Timer, and Backup is entered with it started anew",
    ),
    (
        "vrrp3.router.active.shutdown.without-stop-advertisement",
        "in Initialize and Backup no row asks for Adver_Timer, and Active is entered with it started anew",
    ),
    (
        "vrrp3.router.active.shutdown.to-backup",
        "a Backup that is stopped goes on to Initialize at once, and says nothing",
    ),
    (
        "vrrp2.router.active.equal-greater.to-initialize",
        "A router that starts anew is Backup at once and waits as long, for version 2 learns nothing.",
    ),
    (
        "vrrp2.router.active.equal-greater.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp2.router.active.equal-greater.without-stop-advertisement",
        "Adver_Timer is not looked at in Backup, and started anew in Active.",
    ),
    (
        "vrrp2.router.active.higher.to-initialize",
        "A router that starts anew is Backup at once and waits as long, for version 2 learns nothing.",
    ),
    (
        "vrrp2.router.active.higher.without-not-priority-zero",
        "Priority 0 is higher than none that a router has.",
    ),
    (
        "vrrp2.router.active.higher.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp2.router.active.higher.without-stop-advertisement",
        "Adver_Timer is not looked at in Backup, and started anew in Active.",
    ),
    (
        "vrrp2.router.active.not-better.with-start-down",
        "Active_Down_Timer is not looked at in Active, and started anew in Backup.",
    ),
    (
        "vrrp2.router.active.not-better.without-not-priority-higher",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp2.router.active.not-better.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp2.router.active.priority-zero.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    ("vrrp2.router.backup.lower.with-stop-advertisement", "Adver_Timer does not run in Backup."),
    (
        "vrrp2.router.backup.lower.without-not-priority-not-lower",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp2.router.backup.lower.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    ("vrrp2.router.backup.lower.without-preempt", "An earlier row takes what this one would take besides."),
    (
        "vrrp2.router.backup.no-preemption.to-initialize",
        "A router that starts anew is Backup at once and waits as long, for version 2 learns nothing.",
    ),
    (
        "vrrp2.router.backup.no-preemption.without-not-priority-not-lower",
        "The row before takes the others, and does the same.",
    ),
    (
        "vrrp2.router.backup.no-preemption.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp2.router.backup.not-lower.to-initialize",
        "A router that starts anew is Backup at once and waits as long, for version 2 learns nothing.",
    ),
    (
        "vrrp2.router.backup.not-lower.without-not-priority-zero",
        "Priority 0 is lower than any that a router has.",
    ),
    (
        "vrrp2.router.backup.not-lower.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp2.router.backup.priority-zero.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp3.router.active.equal-greater.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp3.router.active.equal-greater.without-stop-advertisement",
        "Adver_Timer is not looked at in Backup, and started anew in Active.",
    ),
    (
        "vrrp3.router.active.higher.without-not-priority-zero",
        "Priority 0 is higher than none that a router has.",
    ),
    (
        "vrrp3.router.active.higher.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp3.router.active.higher.without-stop-advertisement",
        "Adver_Timer is not looked at in Backup, and started anew in Active.",
    ),
    (
        "vrrp3.router.active.not-better-answered.without-not-priority-higher",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp3.router.active.not-better-answered.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp3.router.active.not-better.with-send-advertisement",
        "RFC 5798 does not say that nothing is sent, and RFC 9568 has it sent.",
    ),
    (
        "vrrp3.router.active.not-better.with-start-down",
        "Active_Down_Timer is not looked at in Active, and started anew in Backup.",
    ),
    (
        "vrrp3.router.active.not-better.without-not-priority-higher",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp3.router.active.not-better.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp3.router.active.priority-zero.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    ("vrrp3.router.backup.lower.with-stop-advertisement", "Adver_Timer does not run in Backup."),
    (
        "vrrp3.router.backup.lower.without-not-priority-not-lower",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp3.router.backup.lower.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    ("vrrp3.router.backup.lower.without-preempt", "An earlier row takes what this one would take besides."),
    (
        "vrrp3.router.backup.no-preemption.without-not-priority-not-lower",
        "The row before takes the others, and does the same.",
    ),
    (
        "vrrp3.router.backup.no-preemption.without-not-priority-zero",
        "An earlier row takes what this one would take besides.",
    ),
    (
        "vrrp3.router.backup.not-lower.without-not-priority-zero",
        "Priority 0 is lower than any that a router has.",
    ),
    (
        "vrrp3.router.backup.not-lower.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp3.router.backup.priority-zero.without-received",
        "Nothing else that the row asks for holds unless an advertisement has come.",
    ),
    (
        "vrrp2.router.backup.timeout.without-stop-down",
        "Master_Down_Timer is not looked at in Master, and started anew in Backup.",
    ),
    (
        "vrrp3.router.backup.timeout.without-stop-down",
        "Active_Down_Timer is not looked at in Active, and started anew in Backup.",
    ),
];

/// All of them, the same in every run.
pub fn all() -> Vec<Mutant> {
    let mut out = Vec::new();
    for machine in [&machine::V2, &machine::V3] {
        for row in machine.rows {
            mutation::of_row(&mut out, machine, row);
        }
    }
    for version in [Version::V2, Version::V3] {
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
        Scope::Both => &[("vrrp2", Editions::VRRP2), ("vrrp3", Editions::VRRP3)],
        Scope::V2 => &[("vrrp2", Editions::VRRP2)],
        Scope::Authentication => &[("vrrp2", Editions::ONLY_2338)],
        Scope::V3 => &[("vrrp3", Editions::VRRP3)],
        Scope::Not2338 => &[("vrrp2", Editions::ONLY_3768), ("vrrp3", Editions::VRRP3)],
        Scope::Rfc5798 => &[("vrrp3", Editions::ONLY_5798)],
        Scope::Rfc9568 => &[("vrrp3", Editions::ONLY_9568)],
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
        assert!(mutants.len() >= 150, "{}", mutants.len());
        for mutant in &mutants {
            assert!(mutant.id.starts_with("vrrp2.") || mutant.id.starts_with("vrrp3."), "{}", mutant.id);
        }
    }

    #[test]
    fn every_row_and_every_check_has_a_mutant_in_each_edition() {
        let mutants = all();
        for protocol in [crate::spec::vrrp::VRRP2, crate::spec::vrrp::VRRP3] {
            for row in (protocol.rows)() {
                for edition in row.editions.iter() {
                    let has = |mutant: &Mutant| mutant.row == row.id && mutant.editions.contains(edition);
                    assert!(mutants.iter().any(has), "{} {edition}", row.id);
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
        for (id, reason) in EQUIVALENT {
            assert!(ids.contains(*id), "{id}");
            assert!(reason.len() > 20, "{id}");
        }
    }
}
