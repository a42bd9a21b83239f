//! Runs state tables.

use std::cell::Cell;

use crate::spec::Edition;
use crate::spec::machine::{Literal, Machine, Origin};

/// What a machine tests and acts on.
pub trait Host<C, A> {
    /// Whether the condition holds now.
    fn holds(&self, condition: C) -> bool;
    /// Does it.
    fn perform(&mut self, action: A);
}

/// A state's entry, ready to run.
#[derive(Clone, Debug)]
pub struct Entry<S, A> {
    /// As in the table.
    pub id: &'static str,
    /// The state.
    pub state: S,
    /// Done in this order.
    pub actions: Vec<A>,
    taken: Cell<bool>,
}

/// A row, ready to run.
#[derive(Clone, Debug)]
pub struct Row<S: 'static, C: 'static, A> {
    /// As in the table.
    pub id: &'static str,
    /// Where it starts.
    pub from: Origin<S>,
    /// All of these.
    pub when: Vec<Literal<C>>,
    /// Done on the way.
    pub actions: Vec<A>,
    /// Where it leads.
    pub to: Option<S>,
    taken: Cell<bool>,
}

/// A machine of one edition, ready to run, and open to change: a mutant is a table with one thing changed.
#[derive(Clone, Debug)]
pub struct Table<S: 'static, C: 'static, A> {
    /// The state before the first event.
    pub initial: S,
    /// What is done on entry.
    pub entries: Vec<Entry<S, A>>,
    /// Transitions.
    pub rows: Vec<Row<S, C, A>>,
}

impl<S: Copy + PartialEq, C: Copy, A: Copy> Table<S, C, A> {
    /// As that edition has it.
    pub fn new(machine: &Machine<S, C, A>, edition: Edition) -> Self {
        let entries =
            machine.states.iter().filter(|entry| entry.editions.contains(edition)).map(|entry| Entry {
                id: entry.id,
                state: entry.state,
                actions: entry.actions.to_vec(),
                taken: Cell::new(false),
            });
        let rows = machine.rows.iter().filter(|row| row.editions.contains(edition)).map(|row| Row {
            id: row.id,
            from: row.from,
            when: row.when.to_vec(),
            actions: row.actions.to_vec(),
            to: row.to,
            taken: Cell::new(false),
        });
        Self { initial: machine.initial, entries: entries.collect(), rows: rows.collect() }
    }

    /// BEGIN: takes the first row from any state that applies, and enters where it leads even if that is the state
    /// before the first event.
    pub fn begin(&self, state: &mut S, host: &mut impl Host<C, A>) {
        let applies = |row: &&Row<S, C, A>| {
            row.from == Origin::Any && row.when.iter().all(|literal| satisfied(host, *literal))
        };
        if let Some(row) = self.rows.iter().find(applies) {
            self.take(row, state, host);
        }
    }

    /// Takes the first row that applies. False if none does.
    pub fn step(&self, state: &mut S, host: &mut impl Host<C, A>) -> bool {
        for row in &self.rows {
            match row.from {
                Origin::State(from) if from != *state => continue,
                _ => {}
            }
            if !row.when.iter().all(|literal| satisfied(host, *literal)) {
                continue;
            }
            if row.from == Origin::Any && row.to == Some(*state) {
                // It holds the machine where it is.
                row.taken.set(true);
                return false;
            }
            self.take(row, state, host);
            return true;
        }
        false
    }

    fn take(&self, row: &Row<S, C, A>, state: &mut S, host: &mut impl Host<C, A>) {
        row.taken.set(true);
        for action in &row.actions {
            host.perform(*action);
        }
        let Some(to) = row.to else { return };
        *state = to;
        if let Some(entry) = self.entries.iter().find(|entry| entry.state == to) {
            entry.taken.set(true);
            for action in &entry.actions {
                host.perform(*action);
            }
        }
    }

    /// Ids of the rows and entries that ran.
    pub fn taken(&self) -> impl Iterator<Item = &'static str> {
        let entries = self.entries.iter().filter(|entry| entry.taken.get()).map(|entry| entry.id);
        entries.chain(self.rows.iter().filter(|row| row.taken.get()).map(|row| row.id))
    }
}

/// Whether a literal holds.
pub fn satisfied<C: Copy, A>(host: &impl Host<C, A>, literal: Literal<C>) -> bool {
    match literal {
        Literal::Is(condition) => host.holds(condition),
        Literal::Not(condition) => !host.holds(condition),
    }
}
