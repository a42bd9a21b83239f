//! The tables of HSRP as one router runs them.

use super::defect::Defect;
use crate::reference::machine::Table;
use crate::reference::mutation::RouterTables;
use crate::spec::Edition;
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::{self, Action, Condition, Group};
use crate::spec::hsrp::reception::{Rule, rules};

/// Everything that makes up the behaviour of a router, and can be changed in one place to make a mutant of it.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The router in a group.
    pub group: Table<Group, Condition, Action>,
    /// What a message has to pass, in this order.
    pub reception: Vec<Rule>,
    /// Defects that no row stands for.
    pub defects: Vec<Defect>,
}

impl Tables {
    /// As that edition has them.
    pub fn new(edition: Edition) -> Self {
        let version = Version::of(edition).unwrap_or(Version::V1);
        Self {
            group: Table::new(machine::of(version), edition),
            reception: rules(version)
                .iter()
                .filter(|rule| rule.editions.contains(edition))
                .copied()
                .collect(),
            defects: Vec::new(),
        }
    }

    /// The router has this defect.
    pub fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}

impl RouterTables for Tables {
    type State = Group;
    type Condition = Condition;
    type Action = Action;

    const STATES: &'static [Group] = &Group::ALL;
    const INSTEAD: &'static [Action] = &[Action::SendHello];
    const EVENT_FIRST: bool = true;

    fn of(edition: Edition) -> Self {
        Self::new(edition)
    }

    fn state_table(&mut self) -> &mut Table<Group, Condition, Action> {
        &mut self.group
    }
}
