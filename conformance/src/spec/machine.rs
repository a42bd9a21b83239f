//! The shape of a state table. What it says in rows is what the reference devices do.

use std::fmt::{self, Debug};

use super::edition::{Clauses, Editions};

/// A condition, or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Literal<C> {
    /// It holds.
    Is(C),
    /// It does not.
    Not(C),
}

impl<C: Debug> fmt::Display for Literal<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(condition) => write!(f, "{condition:?}"),
            Self::Not(condition) => write!(f, "not {condition:?}"),
        }
    }
}

/// A state and what is done on every entry to it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<S: 'static, A: 'static> {
    /// Permanent: `lacp.rx.expired`.
    pub id: &'static str,
    /// The state.
    pub state: S,
    /// Done in this order.
    pub actions: &'static [A],
    /// Editions that do it so.
    pub editions: Editions,
}

/// From which state a row leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin<S: 'static> {
    /// From any. While its conditions hold the machine stays where it leads, and no other row is tried.
    Any,
    /// From this one, even if it leads back to it.
    State(S),
}

/// A transition: taken when all of its conditions hold. An "or" of the standard is several rows.
#[derive(Clone, Copy, Debug)]
pub struct Row<S: 'static, C: 'static, A: 'static> {
    /// Permanent: `lacp.rx.current.timeout`.
    pub id: &'static str,
    /// Where it starts.
    pub from: Origin<S>,
    /// All of these.
    pub when: &'static [Literal<C>],
    /// Done on the way, before the entry to `to`.
    pub actions: &'static [A],
    /// Where it leads; `None` if the state stays and is not entered again.
    pub to: Option<S>,
    /// Editions that have it.
    pub editions: Editions,
}

/// A state machine. Rows are tried in their order, those from any state first.
#[derive(Clone, Copy, Debug)]
pub struct Machine<S: 'static, C: 'static, A: 'static> {
    /// Permanent: `lacp.rx`.
    pub id: &'static str,
    /// The standard's name for it.
    pub name: &'static str,
    /// Where it stands.
    pub clauses: Clauses,
    /// The state before the first event.
    pub initial: S,
    /// All states.
    pub states: &'static [Entry<S, A>],
    /// All transitions.
    pub rows: &'static [Row<S, C, A>],
}

impl<S: Debug, C: Debug, A> Machine<S, C, A> {
    /// Its rows, for those who only count them: entries first.
    pub fn names(&self) -> Vec<RowName> {
        let entries = self.states.iter().filter(|entry| !entry.actions.is_empty()).map(|entry| RowName {
            id: entry.id,
            text: format!("entry to {:?}", entry.state),
            editions: entry.editions,
        });
        let rows = self.rows.iter().map(|row| {
            let from = match &row.from {
                Origin::Any => "any state".to_owned(),
                Origin::State(state) => format!("{state:?}"),
            };
            let when: Vec<String> = row.when.iter().map(ToString::to_string).collect();
            let when =
                if when.is_empty() { "always".to_owned() } else { format!("when {}", when.join(" and ")) };
            let to = row.to.as_ref().map_or_else(|| "stays".to_owned(), |to| format!("to {to:?}"));
            RowName { id: row.id, text: format!("{from}, {when}, {to}"), editions: row.editions }
        });
        entries.chain(rows).collect()
    }
}

/// A row of any table, for those who only count them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowName {
    /// Permanent.
    pub id: &'static str,
    /// In words: `EXPIRED, when current_while_timer expired, to DEFAULTED`.
    pub text: String,
    /// Editions that have it.
    pub editions: Editions,
}
