//! The deliberate defects of all references.

use super::{hsrp, lab, lacp, vrrp};
use crate::bed::sim::SimLab;
use crate::settings::Settings;
use crate::spec::{Edition, Editions};

/// A changed reference, of any protocol.
pub struct Mutant {
    /// Permanent: it begins with its protocol.
    pub id: String,
    /// The table's row that is changed, or what is if it is none.
    pub row: &'static str,
    /// The defect in words.
    pub description: String,
    /// Where it can be.
    pub editions: Editions,
    /// How the reference must be configured for the defect to be of any consequence: `(setting, value)`.
    pub settings: &'static [(&'static str, &'static str)],
    /// The change shows only where the reference takes the row that is changed.
    pub only_where_taken: bool,
    of: Of,
}

enum Of {
    Lacp(lacp::mutants::Mutant),
    Vrrp(vrrp::mutants::Mutant),
    Hsrp(hsrp::mutants::Mutant),
}

impl Mutant {
    /// The reference of that edition with this defect.
    pub fn lab(&self, edition: Edition, settings: Settings) -> SimLab {
        match &self.of {
            Of::Lacp(mutant) => lab::lacp_with(edition, settings, mutant.tables(edition)),
            Of::Vrrp(mutant) => lab::vrrp_with(edition, settings, mutant.tables(edition)),
            Of::Hsrp(mutant) => lab::hsrp_with(edition, settings, mutant.tables(edition)),
        }
    }
}

/// All of them, the same in every run.
pub fn all() -> Vec<Mutant> {
    let lacp = lacp::mutants::all().into_iter().map(|mutant| Mutant {
        id: mutant.id.clone(),
        row: mutant.row,
        description: mutant.description.clone(),
        editions: mutant.editions,
        settings: mutant.settings,
        only_where_taken: mutant.shows_only_where_taken(),
        of: Of::Lacp(mutant),
    });
    let vrrp = vrrp::mutants::all().into_iter().map(|mutant| Mutant {
        id: mutant.id.clone(),
        row: mutant.row,
        description: mutant.description.clone(),
        editions: mutant.editions,
        settings: mutant.settings,
        only_where_taken: mutant.only_where_taken,
        of: Of::Vrrp(mutant),
    });
    let hsrp = hsrp::mutants::all().into_iter().map(|mutant| Mutant {
        id: mutant.id.clone(),
        row: mutant.row,
        description: mutant.description.clone(),
        editions: mutant.editions,
        settings: mutant.settings,
        only_where_taken: mutant.only_where_taken,
        of: Of::Hsrp(mutant),
    });
    lacp.chain(vrrp).chain(hsrp).collect()
}

/// Why the mutant cannot be seen from outside, if it cannot.
pub fn equivalent(id: &str) -> Option<&'static str> {
    let of_vrrp =
        || vrrp::mutants::EQUIVALENT.iter().find(|(other, _)| *other == id).map(|(_, reason)| *reason);
    lacp::mutants::equivalent(id).or_else(of_vrrp).or_else(|| hsrp::mutants::equivalent(id))
}
