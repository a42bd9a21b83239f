//! The tables of VRRP as one router runs them.

use super::defect::Defect;
use crate::reference::machine::Table;
use crate::reference::mutation::RouterTables;
use crate::spec::Edition;
use crate::spec::machine::{Literal, Row};
use crate::spec::vrrp::Version;
use crate::spec::vrrp::machine::{self, Action, Condition, Router};
use crate::spec::vrrp::reception::{Rule, rules};
use crate::spec::vrrp::timers::{Formulas, formulas};

/// Everything that makes up the behaviour of a router, and can be changed in one place to make a mutant of it.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The virtual router.
    pub router: Table<Router, Condition, Action>,
    /// What an advertisement has to pass, in this order.
    pub reception: Vec<Rule>,
    /// The timers.
    pub formulas: Formulas,
    /// Defects that no row stands for.
    pub defects: Vec<Defect>,
}

impl Tables {
    /// As that edition has them.
    pub fn new(edition: Edition) -> Self {
        let version = Version::of(edition).unwrap_or(Version::V3);
        let machine = match version {
            Version::V2 => &machine::V2,
            Version::V3 => &machine::V3,
        };
        Self {
            router: Table::new(machine, edition),
            reception: rules(version)
                .iter()
                .filter(|rule| rule.editions.contains(edition))
                .copied()
                .collect(),
            formulas: formulas(version),
            defects: Vec::new(),
        }
    }

    /// The router has this defect.
    pub fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

impl RouterTables for Tables {
    type State = Router;
    type Condition = Condition;
    type Action = Action;

    const STATES: &'static [Router] = &[Router::Initialize, Router::Backup, Router::Active];
    const INSTEAD: &'static [Action] =
        &[Action::StartDown, Action::SendAdvertisement, Action::StopAdvertisement];
    const EVENT_FIRST: bool = false;

    fn of(edition: Edition) -> Self {
        Self::new(edition)
    }

    fn state_table(&mut self) -> &mut Table<Router, Condition, Action> {
        &mut self.router
    }

    /// To start over again and again hangs any device.
    fn loops(row: &Row<Router, Condition, Action>, state: Router) -> bool {
        state == Router::Initialize && row.when.contains(&Literal::Is(Condition::Startup))
    }
}
