//! The tables of LACP as one system runs them.

use std::cell::RefCell;
use std::time::Duration;

use super::defect::Defect;
use crate::reference::machine::Table;
use crate::spec::Edition;
use crate::spec::lacp::functions::{self, ReceptionRule, SelectionRule};
use crate::spec::lacp::machines::{self, Churn, Fallback, Mux, Periodic, Receive, Transmit};
use crate::spec::lacp::timers;
use crate::spec::lacp::variables::{Action, Condition, Field, Interval};
use crate::spec::machine::Literal;
use crate::spec::marker;
use crate::spec::marker::machines::{Generator, Responder};

/// A machine of LACP, ready to run.
pub type LacpTable<S> = Table<S, Condition, Action>;

/// One way in which a named condition comes to hold.
#[derive(Clone, Debug)]
pub struct Definition {
    /// As in the table.
    pub id: &'static str,
    /// What it defines.
    pub condition: Condition,
    /// All of these.
    pub when: Vec<Literal<Condition>>,
}

/// A named action.
#[derive(Clone, Debug)]
pub struct Procedure {
    /// As in the table.
    pub id: &'static str,
    /// What it spells out.
    pub action: Action,
    /// In this order.
    pub steps: Vec<Action>,
}

/// Lists of fields.
#[derive(Clone, Debug)]
pub struct Fields {
    /// As in the table.
    pub id: &'static str,
    /// These.
    pub fields: Vec<Field>,
}

/// Everything that makes up the behaviour of a system, and can be changed in one place to make a mutant of it.
#[derive(Clone, Debug)]
pub struct Tables {
    /// The Receive machine.
    pub receive: LacpTable<Receive>,
    /// The Periodic Transmission machine; empty in 2020.
    pub periodic: LacpTable<Periodic>,
    /// The Transmit machine.
    pub transmit: LacpTable<Transmit>,
    /// The Mux machine.
    pub mux: LacpTable<Mux>,
    /// The Actor Churn machine.
    pub actor_churn: LacpTable<Churn>,
    /// The Partner Churn machine.
    pub partner_churn: LacpTable<Churn>,
    /// A vendor's fallback.
    pub fallback: LacpTable<Fallback>,
    /// The Marker Responder.
    pub responder: Table<Responder, marker::machines::Condition, marker::machines::Action>,
    /// The Marker generator.
    pub generator: Table<Generator, marker::machines::Condition, marker::machines::Action>,
    /// Named conditions.
    pub definitions: Vec<Definition>,
    /// Named actions.
    pub procedures: Vec<Procedure>,
    /// What makes the partner's view match (recordPDU).
    pub matched: Fields,
    /// What update_Selected compares.
    pub update_selected: Fields,
    /// What update_Default_Selected compares.
    pub update_default_selected: Fields,
    /// What update_NTT compares.
    pub update_ntt: Fields,
    /// What recordPDU copies.
    pub record_pdu: Fields,
    /// By what a port that moved is recognised.
    pub port_moved: Fields,
    /// What a LAG has in common.
    pub lag_identifier: Fields,
    /// The Selection Logic.
    pub selection: Vec<SelectionRule>,
    /// What a frame needs to be taken.
    pub reception: Vec<ReceptionRule>,
    /// How long timers run.
    pub intervals: Vec<(Interval, Duration)>,
    /// LACPDUs in one Fast_Periodic_Time.
    pub transmit_limit: u32,
    /// Defects that no row stands for.
    pub defects: Vec<Defect>,
    /// Rows of functions and rules that decided something.
    used: Used,
}

/// Ids, noted while tables are only read.
#[derive(Clone, Debug, Default)]
struct Used(RefCell<Vec<&'static str>>);

impl Tables {
    /// As that edition has them.
    pub fn new(edition: Edition) -> Self {
        let (mux, transmit) = if edition == Edition::Dot1Ax2020 {
            (&machines::MUX_2020, &machines::TRANSMIT_2020)
        } else {
            (&machines::MUX, &machines::TRANSMIT)
        };
        let fields = |list: functions::Fields| Fields { id: list.id, fields: list.fields.to_vec() };
        let definitions = functions::DEFINITIONS.iter().filter(|row| row.editions.contains(edition));
        let procedures = functions::PROCEDURES.iter().filter(|row| row.editions.contains(edition));
        Self {
            receive: Table::new(&machines::RECEIVE, edition),
            periodic: Table::new(&machines::PERIODIC, edition),
            transmit: Table::new(transmit, edition),
            mux: Table::new(mux, edition),
            actor_churn: Table::new(&machines::ACTOR_CHURN, edition),
            partner_churn: Table::new(&machines::PARTNER_CHURN, edition),
            fallback: Table::new(&machines::FALLBACK, edition),
            responder: Table::new(&marker::machines::RESPONDER, edition),
            generator: Table::new(&marker::machines::GENERATOR, edition),
            definitions: definitions
                .map(|row| Definition { id: row.id, condition: row.condition, when: row.when.to_vec() })
                .collect(),
            procedures: procedures
                .map(|row| Procedure { id: row.id, action: row.action, steps: row.steps.to_vec() })
                .collect(),
            matched: fields(functions::MATCHED),
            update_selected: fields(functions::UPDATE_SELECTED),
            update_default_selected: fields(functions::UPDATE_DEFAULT_SELECTED),
            update_ntt: fields(functions::UPDATE_NTT),
            record_pdu: fields(functions::RECORD_PDU),
            port_moved: fields(functions::PORT_MOVED),
            lag_identifier: fields(functions::LAG_IDENTIFIER),
            selection: functions::SELECTION.iter().map(|rule| rule.rule).collect(),
            reception: functions::RECEPTION.iter().map(|rule| rule.rule).collect(),
            intervals: vec![
                (Interval::FastPeriodic, timers::FAST_PERIODIC_TIME),
                (Interval::SlowPeriodic, timers::SLOW_PERIODIC_TIME),
                (Interval::ShortTimeout, timers::SHORT_TIMEOUT_TIME),
                (Interval::LongTimeout, timers::LONG_TIMEOUT_TIME),
                (Interval::AggregateWait, timers::AGGREGATE_WAIT_TIME),
                (Interval::ChurnDetection, timers::CHURN_DETECTION_TIME),
            ],
            transmit_limit: timers::transmit_limit(edition),
            defects: Vec::new(),
            used: Used::default(),
        }
    }

    /// The value of a timer that is not configured.
    pub fn interval(&self, interval: Interval) -> Duration {
        self.intervals.iter().find(|(name, _)| *name == interval).map_or(Duration::ZERO, |(_, value)| *value)
    }

    /// The rule is in force.
    pub fn selects_by(&self, rule: SelectionRule) -> bool {
        self.selection.contains(&rule)
    }

    /// The rule is in force.
    pub fn receives_by(&self, rule: ReceptionRule) -> bool {
        self.reception.contains(&rule)
    }

    /// A row of a function or a rule has decided something.
    pub(super) fn used(&self, id: &'static str) {
        let mut used = self.used.0.borrow_mut();
        // The same row is used again and again, and its id is the same string.
        if !used.iter().any(|known| std::ptr::eq(*known, id)) {
            used.push(id);
        }
    }

    /// The fields of a list, which is used by that.
    pub(super) fn compared<'t>(&self, fields: &'t Fields) -> &'t [Field] {
        self.used(fields.id);
        &fields.fields
    }

    /// A rule of the Selection Logic has decided something.
    pub(super) fn used_rule(&self, rule: SelectionRule) {
        if let Some(row) = functions::SELECTION.iter().find(|row| row.rule == rule) {
            self.used(row.id);
        }
    }

    /// A rule of reception has turned a frame away.
    pub(super) fn turned_away_by(&self, rule: ReceptionRule) {
        if let Some(row) = functions::RECEPTION.iter().find(|row| row.rule == rule) {
            self.used(row.id);
        }
    }

    /// Ids of the functions' rows and the rules that decided something.
    pub fn taken(&self) -> Vec<&'static str> {
        self.used.0.borrow().iter().copied().collect()
    }

    /// The system has this defect.
    pub fn has(&self, defect: Defect) -> bool {
        self.defects.contains(&defect)
    }
}
