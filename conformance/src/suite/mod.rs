//! The tests.

pub mod hsrp;
pub mod lacp;
pub mod marker;
pub mod router;
pub mod steps;
pub mod vrrp;

use crate::scenario::Test;

/// All tests of all protocols, by id.
pub fn tests() -> Vec<Test> {
    let mut tests: Vec<Test> =
        [lacp::tests(), marker::tests(), vrrp::tests(), hsrp::tests()].into_iter().flatten().collect();
    tests.sort_by(|a, b| a.id.cmp(&b.id));
    tests
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use crate::spec::requirement;

    #[test]
    fn ids_are_unique_and_every_requirement_exists() {
        let tests = super::tests();
        let ids: BTreeSet<&str> = tests.iter().map(|test| test.id.as_str()).collect();
        let twice: Vec<&str> =
            ids.iter().copied().filter(|id| tests.iter().filter(|test| test.id == *id).count() > 1).collect();
        assert_eq!(twice, [""; 0]);
        for test in &tests {
            assert!(!test.requirements.is_empty(), "{} judges nothing", test.id);
            for id in &test.requirements {
                assert!(requirement::find(id).is_some(), "{}: no requirement has the id {id}", test.id);
            }
        }
    }

    #[test]
    fn every_row_of_the_catalogue_has_a_test() {
        let tests = super::tests();
        let rows = crate::spec::lacp::catalogue::CATALOGUE
            .iter()
            .chain(crate::spec::vrrp::catalogue::CATALOGUE)
            .chain(crate::spec::hsrp::catalogue::CATALOGUE);
        let without: Vec<&str> = rows
            .map(|(row, _)| *row)
            .filter(|row| !tests.iter().any(|test| test.catalogue == *row))
            .collect();
        assert_eq!(without, [""; 0]);
    }
}
