//! Deliberate defects of a router's tables, one at a time, derived from what the tables say.

use std::fmt::Debug;

use super::machine::{self, Table};
use crate::spec::machine::{Literal, Machine, Origin, Row};
use crate::spec::{Edition, Editions};

/// A change of the tables `T`.
pub type Change<T> = Box<dyn Fn(&mut T) + Send + Sync>;

/// A changed reference.
pub struct Mutant<T> {
    /// Permanent: `vrrp3.router.backup.timeout.without-announce`.
    pub id: String,
    /// The table's row that is changed, or what is if it is none.
    pub row: &'static str,
    /// The defect in words.
    pub description: String,
    /// Where it can be.
    pub editions: Editions,
    /// How the reference must be configured for the defect to be of any consequence.
    pub settings: &'static [(&'static str, &'static str)],
    /// It shows only where the row is taken.
    pub only_where_taken: bool,
    /// The defect.
    pub apply: Change<T>,
}

impl<T: RouterTables> Mutant<T> {
    /// The tables of that edition with this defect.
    pub fn tables(&self, edition: Edition) -> T {
        let mut tables = T::of(edition);
        (self.apply)(&mut tables);
        tables
    }
}

/// Tables of a router: a state table among them.
pub trait RouterTables: Sized + 'static {
    /// States.
    type State: Copy + PartialEq + Debug + Send + Sync + 'static;
    /// What rows ask for.
    type Condition: Copy + Debug + Send + Sync + 'static;
    /// What rows do.
    type Action: Copy + Debug + Send + Sync + 'static;

    /// All states.
    const STATES: &'static [Self::State];
    /// What a row that does nothing is made to do. To drop it is no change.
    const INSTEAD: &'static [Self::Action];

    /// As that edition has them.
    fn of(edition: Edition) -> Self;
    /// The state table.
    fn state_table(&mut self) -> &mut Table<Self::State, Self::Condition, Self::Action>;
    /// To lead there would hang any device.
    fn loops(_: &Row<Self::State, Self::Condition, Self::Action>, _: Self::State) -> bool {
        false
    }
    /// What stands first in a row is the event that it is of: without that it is none.
    const EVENT_FIRST: bool;
}

/// `DownTimerExpired` as `down-timer-expired`.
fn kebab(value: impl Debug) -> String {
    let mut out = String::new();
    for character in format!("{value:?}").chars() {
        if character.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

fn literal(literal: Literal<impl Debug>) -> String {
    match literal {
        Literal::Is(condition) => kebab(condition),
        Literal::Not(condition) => format!("not-{}", kebab(condition)),
    }
}

/// A row, ready to run.
type Running<T> =
    machine::Row<<T as RouterTables>::State, <T as RouterTables>::Condition, <T as RouterTables>::Action>;

/// Everything that can be wrong with a row: that it is missing, where it leads, what it asks for, what it does.
pub fn of_row<T: RouterTables>(
    out: &mut Vec<Mutant<T>>,
    machine: &Machine<T::State, T::Condition, T::Action>,
    row: &'static Row<T::State, T::Condition, T::Action>,
) {
    let (id, name) = (row.id, machine.name);
    let mut push = |how: String, text: String, taken: bool, apply: Change<T>| {
        out.push(Mutant {
            id: format!("{id}.{how}"),
            row: id,
            description: format!("{name}, row {id}: {text}"),
            editions: row.editions,
            settings: &[],
            only_where_taken: taken,
            apply,
        });
    };
    let changed = move |tables: &mut T, change: &dyn Fn(&mut Running<T>)| {
        tables.state_table().rows.iter_mut().filter(|row| row.id == id).for_each(change);
    };
    // A row that does nothing is as good as dropped: what it must not do is tried instead.
    if row.actions.is_empty() && row.to.is_none() {
        for &action in T::INSTEAD {
            push(format!("with-{}", kebab(action)), format!("it does {}", kebab(action)), true, {
                Box::new(move |tables| changed(tables, &|row| row.actions = vec![action]))
            });
        }
    } else {
        let dropped = move |tables: &mut T| tables.state_table().rows.retain(|row| row.id != id);
        push("drop".to_owned(), "it is missing".to_owned(), true, Box::new(dropped));
    }
    for &state in T::STATES {
        let stays = row.to.is_none() && row.from == Origin::State(state);
        if row.to != Some(state) && !stays && !T::loops(row, state) {
            let text = format!("it leads to {state:?}");
            push(format!("to-{}", kebab(state)), text, true, {
                Box::new(move |tables| changed(tables, &|row| row.to = Some(state)))
            });
        }
    }
    let (first, least) = if T::EVENT_FIRST { (1, 1) } else { (0, 2) };
    for (at, asked) in row.when.iter().enumerate().skip(first).filter(|_| row.when.len() >= least) {
        let slug = literal(*asked);
        push(format!("without-{slug}"), format!("it does not ask for {slug}"), false, {
            Box::new(move |tables| {
                changed(tables, &|row| {
                    row.when.remove(at);
                });
            })
        });
    }
    for (at, action) in row.actions.iter().enumerate() {
        if row.actions.len() > 1 || row.to.is_some() {
            let slug = kebab(action);
            push(format!("without-{slug}"), format!("it does not do {slug}"), true, {
                Box::new(move |tables| {
                    changed(tables, &|row| {
                        row.actions.remove(at);
                    });
                })
            });
        }
    }
}

/// What is to be known of a defect that no row stands for.
#[derive(Clone, Copy, Debug)]
pub struct Kind<D: 'static, S: 'static> {
    /// Which.
    pub defect: D,
    /// What it is a defect of.
    pub area: &'static str,
    /// Last words of its id.
    pub name: &'static str,
    /// In words.
    pub text: &'static str,
    /// Where it can be.
    pub scope: S,
    /// How the router has to be configured for it to show.
    pub settings: &'static [(&'static str, &'static str)],
}

impl<D, S> Kind<D, S> {
    /// The mutant that has it, of a protocol's editions.
    pub fn mutant<T>(&self, protocol: &str, editions: Editions, apply: Change<T>) -> Mutant<T> {
        Mutant {
            id: format!("{protocol}.{}.{}", self.area, self.name),
            row: self.area,
            description: self.text.to_owned(),
            editions,
            settings: self.settings,
            only_where_taken: false,
            apply,
        }
    }
}

/// Makes `Defect`, with what is to be known of each: area, name, `Scope`, and settings that it needs.
macro_rules! defects {
    ($( $(#[doc = $text:literal])+ $Variant:ident $area:literal $name:literal $scope:ident
        $([$($setting:literal = $value:literal),+])?; )+) => {
        /// One deliberate defect of the reference.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Defect { $( $(#[doc = $text])+ $Variant, )+ }

        impl Defect {
            /// All of them.
            pub const ALL: &'static [$crate::reference::mutation::Kind<Self, Scope>] = &[$(
                $crate::reference::mutation::Kind {
                    defect: Self::$Variant,
                    area: $area,
                    name: $name,
                    text: concat!($($text),+).trim_ascii(),
                    scope: Scope::$scope,
                    settings: &[$($(($setting, $value)),+)?],
                },
            )+];
        }
    };
}
pub(super) use defects;
