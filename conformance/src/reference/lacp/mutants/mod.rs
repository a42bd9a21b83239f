//! Deliberate defects of the reference, one at a time: what a test has to find to be worth its time.
//!
//! Nearly all are made from the tables by rule, so that every row, every condition and every action of every table is
//! changed once. A defect that cannot be put as a change of a table is one of [`Defect`](super::defect::Defect).

mod equivalent;
mod tables;
mod values;
mod words;

use super::tables::Tables;
use crate::spec::lacp::{functions, machines};
use crate::spec::{Edition, Editions};

/// A changed reference.
pub struct Mutant {
    /// Permanent: `lacp.mux.waiting.ready.without-selected`.
    pub id: String,
    /// The table's row that is changed, or what is if it is none.
    pub row: &'static str,
    /// The defect in words.
    pub description: String,
    /// Where the row exists.
    pub editions: Editions,
    /// How the reference must be configured for the defect to be of any consequence: `(setting, value)`.
    pub settings: &'static [(&'static str, &'static str)],
    apply: Box<dyn Fn(&mut Tables) + Send + Sync>,
}

/// For defects in what a Marker generator sends.
const WITH_GENERATOR: &[(&str, &str)] = &[("marker.generator", "yes")];
/// For defects in what a sender of version 2 sends.
const WITH_VERSION_2: &[(&str, &str)] = &[("lacp.version", "2")];

/// What is changed, and how.
struct Name<'a>(&'static str, &'a str);

impl Mutant {
    fn new(
        Name(row, how): Name<'_>,
        description: impl Into<String>,
        editions: Editions,
        apply: impl Fn(&mut Tables) + Send + Sync + 'static,
    ) -> Self {
        Self {
            id: format!("{row}.{how}"),
            row,
            description: description.into(),
            editions,
            settings: &[],
            apply: Box::new(apply),
        }
    }

    /// The change shows only where the reference takes the row that is changed: what is dropped, leads elsewhere or lacks
    /// an action is the same as long as it is not reached. A condition that is changed may hold where it did not before.
    pub fn shows_only_where_taken(&self) -> bool {
        let Some(how) = self.id.strip_prefix(self.row).and_then(|rest| rest.strip_prefix('.')) else {
            return false;
        };
        let action_or_field = how.starts_with("without-") || how.starts_with("with-");
        how == "drop" || how.starts_with("to-") || action_or_field && is_list(self.row)
    }

    /// The tables of that edition with this defect.
    pub fn tables(&self, edition: Edition) -> Tables {
        let mut tables = Tables::new(edition);
        (self.apply)(&mut tables);
        tables
    }
}

/// The row is a list of actions or fields without conditions: the entry to a state, a procedure, a list of fields.
fn is_list(row: &str) -> bool {
    let entries = machines::RECEIVE.states.iter().map(|entry| entry.id);
    let entries = entries.chain(machines::PERIODIC.states.iter().map(|entry| entry.id));
    let entries = entries.chain(machines::TRANSMIT_2020.states.iter().map(|entry| entry.id));
    let entries = entries.chain(machines::MUX.states.iter().map(|entry| entry.id));
    let entries = entries.chain(machines::MUX_2020.states.iter().map(|entry| entry.id));
    let entries = entries.chain(machines::ACTOR_CHURN.states.iter().map(|entry| entry.id));
    let entries = entries.chain(machines::PARTNER_CHURN.states.iter().map(|entry| entry.id));
    let entries = entries.chain(machines::FALLBACK.states.iter().map(|entry| entry.id));
    let entries = entries.chain(functions::PROCEDURES.iter().map(|row| row.id));
    entries.chain(functions::FIELD_LISTS.iter().map(|row| row.id)).any(|id| id == row)
}

/// All of them, the same in every run.
pub fn all() -> Vec<Mutant> {
    let mut out = Vec::new();
    tables::all(&mut out);
    values::all(&mut out);
    out
}

/// Why the mutant cannot be seen from outside, if it cannot.
pub fn equivalent(id: &str) -> Option<&'static str> {
    if id.starts_with("lacp.fallback.") && !equivalent::NEVER_AT_REST.contains(&id) {
        return Some(equivalent::NOT_OF_THE_STANDARD);
    }
    equivalent::EQUIVALENT.iter().find(|(other, _)| *other == id).map(|(_, reason)| *reason)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::words::{Asked, literal_slug, opposite};
    use super::*;
    use crate::reference::lacp::defect::Defect;
    use crate::spec::lacp::{functions, machines};
    use crate::spec::machine::{Literal, Machine};
    use crate::spec::{lacp, marker};

    #[test]
    fn ids_are_unique_and_begin_with_their_protocol() {
        let mutants = all();
        let ids: BTreeSet<&str> = mutants.iter().map(|mutant| mutant.id.as_str()).collect();
        assert_eq!(ids.len(), mutants.len());
        for mutant in &mutants {
            assert!(mutant.id.starts_with("lacp.") || mutant.id.starts_with("marker."), "{}", mutant.id);
            let plain =
                |octet: u8| octet.is_ascii_lowercase() || octet.is_ascii_digit() || b".-".contains(&octet);
            assert!(mutant.id.bytes().all(plain), "{}", mutant.id);
            assert!(!mutant.description.is_empty());
        }
    }

    #[test]
    fn there_are_enough() {
        assert!(all().len() >= 400, "{}", all().len());
    }

    #[test]
    fn every_row_of_every_table_has_a_mutant() {
        let mutants = all();
        for row in (lacp::PROTOCOL.rows)().iter().chain(&(marker::PROTOCOL.rows)()) {
            let of_row = mutants.iter().filter(|mutant| mutant.row == row.id);
            let editions: BTreeSet<&str> =
                of_row.flat_map(|mutant| mutant.editions.iter()).map(Edition::name).collect();
            for edition in row.editions.iter() {
                assert!(editions.contains(edition.name()), "{} {edition}", row.id);
            }
        }
    }

    fn expect_literals<C: Asked>(ids: &BTreeSet<String>, row: &str, when: &[Literal<C>]) {
        for literal in when {
            let id = if when.len() == 1 {
                format!("{row}.if-{}", literal_slug(opposite(*literal)))
            } else {
                format!("{row}.without-{}", literal_slug(*literal))
            };
            assert!(ids.contains(&id), "{id}");
        }
    }

    fn expect_machine<S, C: Asked, A>(ids: &BTreeSet<String>, machine: &Machine<S, C, A>) {
        machine.rows.iter().for_each(|row| expect_literals(ids, row.id, row.when));
    }

    #[test]
    fn every_condition_of_every_table_is_altered() {
        let ids: BTreeSet<String> = all().into_iter().map(|mutant| mutant.id).collect();
        expect_machine(&ids, &machines::RECEIVE);
        expect_machine(&ids, &machines::PERIODIC);
        expect_machine(&ids, &machines::TRANSMIT);
        expect_machine(&ids, &machines::TRANSMIT_2020);
        expect_machine(&ids, &machines::MUX);
        expect_machine(&ids, &machines::MUX_2020);
        expect_machine(&ids, &machines::ACTOR_CHURN);
        expect_machine(&ids, &machines::PARTNER_CHURN);
        expect_machine(&ids, &machines::FALLBACK);
        expect_machine(&ids, &marker::machines::RESPONDER);
        expect_machine(&ids, &marker::machines::GENERATOR);
        for row in functions::DEFINITIONS {
            expect_literals(&ids, row.id, row.when);
        }
    }

    #[test]
    fn every_defect_is_a_mutant() {
        let mutants = all();
        for (defect, _) in Defect::ALL {
            let has =
                |mutant: &&Mutant| mutant.editions.iter().all(|edition| mutant.tables(edition).has(*defect));
            assert_eq!(mutants.iter().filter(has).count(), 1, "{defect:?}");
        }
    }

    #[test]
    fn every_mutant_is_another_device_in_each_of_its_editions() {
        let mutants = all();
        for edition in Editions::DOT1AX.iter() {
            let reference = format!("{:?}", Tables::new(edition));
            let mut seen = BTreeMap::new();
            for mutant in mutants.iter().filter(|mutant| mutant.editions.contains(edition)) {
                let tables = format!("{:?}", mutant.tables(edition));
                assert!(tables != reference, "{} is the reference in {edition}", mutant.id);
                if let Some(other) = seen.insert(tables, &mutant.id) {
                    panic!("{} is {other} in {edition}", mutant.id);
                }
            }
        }
    }

    #[test]
    fn what_is_equivalent_exists_and_is_listed_once() {
        let ids: BTreeSet<String> = all().into_iter().map(|mutant| mutant.id).collect();
        let mut listed = BTreeSet::new();
        for (id, reason) in equivalent::EQUIVALENT {
            assert!(ids.contains(*id), "{id}");
            assert!(listed.insert(id), "{id} twice");
            assert!(reason.len() > 20, "{id}");
            assert_eq!(equivalent(id), Some(*reason));
        }
    }
}
