//! The state table of a router in a group (RFC 2281 section 5.7): twelve events in six states, every cell a row.
//!
//! A cell in which the RFC does nothing is a row that does nothing. A cell that depends on something else is several rows.
//! The one that leads out of a state on an event of the RFC has that event's name behind the state's: `standby.active-timer`
//! is event c in Standby.
//!
//! The table has a race, which is the RFC's own: at a cold start the Active and the Standby timer expire together, and a
//! router that takes them in the other order than the one that leads on waits in Standby for an Active timer that does not
//! run. Listen has to take `active-timer` first, so that `standby-timer` finds it in Speak with both timers running; Speak
//! has to take `standby-timer` first, so that `active-timer` finds it in Standby. [`together`] is that order.

use super::Version;
use super::clauses::STATE_TRANSITIONS;
use crate::spec::Editions;
use crate::spec::machine::Literal::{Is, Not};
use crate::spec::machine::Machine;
use crate::spec::machine::Origin::State;

/// States.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// HSRP does not run.
    Initial,
    /// The virtual address is not known.
    Learn,
    /// It listens for the Active and the Standby router.
    Listen,
    /// It takes part in the election.
    Speak,
    /// It will be the next Active router.
    Standby,
    /// It forwards.
    Active,
}

impl Group {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Initial, Self::Learn, Self::Listen, Self::Speak, Self::Standby, Self::Active];
}

/// What a row asks: an event, of which there is one at a time, or how the router is configured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// a: HSRP is configured on an enabled interface.
    Enabled,
    /// b: HSRP or the interface is disabled.
    Disabled,
    /// c: the Active timer has expired.
    ActiveTimer,
    /// d: the Standby timer has expired.
    StandbyTimer,
    /// e: the Hello timer has expired.
    HelloTimer,
    /// f: a Hello of higher priority from a router in Speak.
    SpeakHigher,
    /// g: a Hello of higher priority from the Active router.
    ActiveHigher,
    /// h: a Hello of lower priority from the Active router.
    ActiveLower,
    /// i: a Resign from the Active router.
    Resign,
    /// j: a Coup from a router of higher priority.
    Coup,
    /// k: a Hello of higher priority from the Standby router.
    StandbyHigher,
    /// l: a Hello of lower priority from the Standby router.
    StandbyLower,
    /// The virtual address is configured.
    AddressConfigured,
    /// The router is configured to preempt.
    Preempt,
}

impl Condition {
    /// The events, in the order of their letters.
    pub const EVENTS: [Self; 12] = [
        Self::Enabled,
        Self::Disabled,
        Self::ActiveTimer,
        Self::StandbyTimer,
        Self::HelloTimer,
        Self::SpeakHigher,
        Self::ActiveHigher,
        Self::ActiveLower,
        Self::Resign,
        Self::Coup,
        Self::StandbyHigher,
        Self::StandbyLower,
    ];
}

/// What a row does (section 5.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A: starts the Active timer, for the Holdtime of the Active router's Hello that has led here, or else for its own.
    StartActive,
    /// B: starts the Standby timer, for the Holdtime of the Standby router's Hello that has led here, or else for its own.
    StartStandby,
    /// C: stops the Active timer.
    StopActive,
    /// D: stops the Standby timer.
    StopStandby,
    /// E: learns the virtual address and the times, where they are not configured.
    Learn,
    /// F: sends a Hello.
    SendHello,
    /// G: sends a Coup.
    SendCoup,
    /// H: sends a Resign.
    SendResign,
    /// I: tells the virtual MAC address of the virtual address: gratuitous ARP, or unsolicited Neighbor Advertisements.
    Announce,
}

/// The order in which timers that expire together are taken in a state: see [the race](self).
pub const fn together(state: Group) -> [Condition; 2] {
    match state {
        Group::Speak => [Condition::StandbyTimer, Condition::ActiveTimer],
        _ => [Condition::ActiveTimer, Condition::StandbyTimer],
    }
}

use Action::{
    Announce, Learn, SendCoup, SendHello, SendResign, StartActive, StartStandby, StopActive, StopStandby,
};
use Condition as If;

macro_rules! row {
    (
        $protocol:literal $id:literal $editions:ident $from:ident $event:ident $(and $($guard:expr),+)?;
        $($action:ident)* $(=> $to:ident)?
    ) => {
        crate::spec::machine::Row {
            id: concat!($protocol, ".group.", $id),
            from: State(Group::$from),
            when: &[Is(If::$event) $(, $($guard),+)?],
            actions: &[$($action),*],
            to: row!(@to $($to)?),
            editions: Editions::$editions,
        }
    };
    (@to) => { None };
    (@to $to:ident) => { Some(Group::$to) };
}

/// The rows of one version. Cisco's routers send a Resign also when they hear of a better Active router.
macro_rules! group {
    ($name:ident $protocol:literal $all:ident $(, rfc $rfc:ident)? , cisco $cisco:ident) => {
        /// A router in a group of this version.
        pub const $name: Machine<Group, Condition, Action> = Machine {
            id: concat!($protocol, ".group"),
            name: "router in a group",
            clauses: STATE_TRANSITIONS,
            initial: Group::Initial,
            states: &[],
            rows: &[
                row!($protocol "initial.enabled" $all Initial Enabled and Is(If::AddressConfigured);
                    StartActive StartStandby => Listen),
                row!($protocol "initial.enabled-unknown" $all Initial Enabled and Not(If::AddressConfigured);
                    StartActive StartStandby => Learn),
                row!($protocol "learn.enabled" $all Learn Enabled;),
                row!($protocol "listen.enabled" $all Listen Enabled;),
                row!($protocol "speak.enabled" $all Speak Enabled;),
                row!($protocol "standby.enabled" $all Standby Enabled;),
                row!($protocol "active.enabled" $all Active Enabled;),

                row!($protocol "initial.disabled" $all Initial Disabled;),
                row!($protocol "learn.disabled" $all Learn Disabled; StopActive StopStandby => Initial),
                row!($protocol "listen.disabled" $all Listen Disabled; StopActive StopStandby => Initial),
                row!($protocol "speak.disabled" $all Speak Disabled; StopActive StopStandby => Initial),
                row!($protocol "standby.disabled" $all Standby Disabled; StopActive StopStandby => Initial),
                row!($protocol "active.disabled" $all Active Disabled;
                    StopActive StopStandby SendResign => Initial),

                row!($protocol "initial.active-timer" $all Initial ActiveTimer;),
                row!($protocol "learn.active-timer" $all Learn ActiveTimer;),
                row!($protocol "listen.active-timer" $all Listen ActiveTimer; StartActive StartStandby => Speak),
                row!($protocol "speak.active-timer" $all Speak ActiveTimer;),
                row!($protocol "standby.active-timer" $all Standby ActiveTimer;
                    StopActive StopStandby SendHello Announce => Active),
                row!($protocol "active.active-timer" $all Active ActiveTimer;),

                row!($protocol "initial.standby-timer" $all Initial StandbyTimer;),
                row!($protocol "learn.standby-timer" $all Learn StandbyTimer;),
                row!($protocol "listen.standby-timer" $all Listen StandbyTimer; StartStandby => Speak),
                row!($protocol "speak.standby-timer" $all Speak StandbyTimer; StopStandby => Standby),
                row!($protocol "standby.standby-timer" $all Standby StandbyTimer;),
                row!($protocol "active.standby-timer" $all Active StandbyTimer;),

                row!($protocol "initial.hello-timer" $all Initial HelloTimer;),
                row!($protocol "learn.hello-timer" $all Learn HelloTimer;),
                row!($protocol "listen.hello-timer" $all Listen HelloTimer;),
                row!($protocol "speak.hello-timer" $all Speak HelloTimer; SendHello),
                row!($protocol "standby.hello-timer" $all Standby HelloTimer; SendHello),
                row!($protocol "active.hello-timer" $all Active HelloTimer; SendHello),

                row!($protocol "initial.speak-higher" $all Initial SpeakHigher;),
                row!($protocol "learn.speak-higher" $all Learn SpeakHigher;),
                row!($protocol "listen.speak-higher" $all Listen SpeakHigher;),
                row!($protocol "speak.speak-higher" $all Speak SpeakHigher; StartStandby => Listen),
                row!($protocol "standby.speak-higher" $all Standby SpeakHigher; StartStandby => Listen),
                row!($protocol "active.speak-higher" $all Active SpeakHigher;),

                row!($protocol "initial.active-higher" $all Initial ActiveHigher;),
                row!($protocol "learn.active-higher" $all Learn ActiveHigher;
                    Learn StartActive StartStandby => Listen),
                row!($protocol "listen.active-higher" $all Listen ActiveHigher; Learn StartActive),
                row!($protocol "speak.active-higher" $all Speak ActiveHigher; Learn StartActive),
                row!($protocol "standby.active-higher" $all Standby ActiveHigher; Learn StartActive),
                $(row!($protocol "active.active-higher" $rfc Active ActiveHigher;
                    StartActive StartStandby => Speak),)?
                row!($protocol "active.active-higher-resigning" $cisco Active ActiveHigher;
                    StartActive StartStandby SendResign => Speak),

                row!($protocol "initial.active-lower" $all Initial ActiveLower;),
                row!($protocol "learn.active-lower" $all Learn ActiveLower;
                    Learn StartActive StartStandby => Listen),
                row!($protocol "listen.active-lower" $all Listen ActiveLower and Not(If::Preempt); StartActive),
                row!($protocol "listen.active-lower-preempting" $all Listen ActiveLower and Is(If::Preempt);
                    StartStandby SendCoup SendHello Announce => Active),
                row!($protocol "speak.active-lower" $all Speak ActiveLower and Not(If::Preempt); StartActive),
                row!($protocol "speak.active-lower-preempting" $all Speak ActiveLower and Is(If::Preempt);
                    StartStandby SendCoup SendHello Announce => Active),
                row!($protocol "standby.active-lower" $all Standby ActiveLower and Not(If::Preempt); StartActive),
                row!($protocol "standby.active-lower-preempting" $all Standby ActiveLower and Is(If::Preempt);
                    StartStandby SendCoup SendHello Announce => Active),
                row!($protocol "active.active-lower" $all Active ActiveLower; SendCoup),

                row!($protocol "initial.resign" $all Initial Resign;),
                row!($protocol "learn.resign" $all Learn Resign;),
                row!($protocol "listen.resign" $all Listen Resign; StartActive StartStandby => Speak),
                row!($protocol "speak.resign" $all Speak Resign; StartActive),
                row!($protocol "standby.resign" $all Standby Resign; StopActive SendHello Announce => Active),
                row!($protocol "active.resign" $all Active Resign;),

                row!($protocol "initial.coup" $all Initial Coup;),
                row!($protocol "learn.coup" $all Learn Coup;),
                row!($protocol "listen.coup" $all Listen Coup;),
                row!($protocol "speak.coup" $all Speak Coup;),
                row!($protocol "standby.coup" $all Standby Coup;),
                row!($protocol "active.coup" $all Active Coup; StartActive StartStandby SendResign => Speak),

                row!($protocol "initial.standby-higher" $all Initial StandbyHigher;),
                row!($protocol "learn.standby-higher" $all Learn StandbyHigher;),
                row!($protocol "listen.standby-higher" $all Listen StandbyHigher; StartStandby),
                row!($protocol "speak.standby-higher" $all Speak StandbyHigher; StartStandby => Listen),
                row!($protocol "standby.standby-higher" $all Standby StandbyHigher; StartStandby => Listen),
                row!($protocol "active.standby-higher" $all Active StandbyHigher; StartStandby),

                row!($protocol "initial.standby-lower" $all Initial StandbyLower;),
                row!($protocol "learn.standby-lower" $all Learn StandbyLower;),
                row!($protocol "listen.standby-lower" $all Listen StandbyLower; StartStandby => Speak),
                row!($protocol "speak.standby-lower" $all Speak StandbyLower; StopStandby => Standby),
                row!($protocol "standby.standby-lower" $all Standby StandbyLower;),
                row!($protocol "active.standby-lower" $all Active StandbyLower; StartStandby),
            ],
        };
    };
}

group!(V1 "hsrp1" HSRP1, rfc ONLY_2281, cisco ONLY_CISCO1);
group!(V2 "hsrp2" HSRP2, cisco HSRP2);

/// That of the version.
pub const fn of(version: Version) -> &'static Machine<Group, Condition, Action> {
    match version {
        Version::V1 => &V1,
        Version::V2 => &V2,
    }
}

/// Cells that no router can be in, and why.
pub const IMPOSSIBLE: &[(&str, &str)] = &[
    ("learn.enabled", "HSRP runs already"),
    ("listen.enabled", "HSRP runs already"),
    ("speak.enabled", "HSRP runs already"),
    ("standby.enabled", "HSRP runs already"),
    ("active.enabled", "HSRP runs already"),
    ("initial.active-timer", "no timer runs in Initial"),
    ("initial.standby-timer", "no timer runs in Initial"),
    ("initial.hello-timer", "no timer runs in Initial"),
    ("standby.standby-timer", "each way into Standby stops the Standby timer, and nothing starts it there"),
    ("learn.resign", "a Resign is the Active router's, and any Hello of that one ends Learn"),
];

/// Why no router can be in that cell, by the id of its row.
pub fn impossible(id: &str) -> Option<&'static str> {
    let cell = id.strip_prefix("hsrp1.group.").or_else(|| id.strip_prefix("hsrp2.group."))?;
    IMPOSSIBLE.iter().find(|(impossible, _)| *impossible == cell).map(|(_, why)| *why)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::Edition;
    use crate::spec::machine::{Literal, Row};

    type Cell = Row<Group, Condition, Action>;

    fn cell(edition: Edition, state: Group, event: Condition) -> Vec<&'static Cell> {
        let machine = of(Version::of(edition).expect("HSRP"));
        let rows = machine.rows.iter().filter(|row| row.editions.contains(edition));
        rows.filter(|row| row.from == State(state) && row.when[0] == Is(event)).collect()
    }

    #[test]
    fn every_cell_is_there_once_for_each_way_the_router_can_be_configured() {
        for edition in Editions::HSRP.iter() {
            for state in Group::ALL {
                for event in Condition::EVENTS {
                    let rows = cell(edition, state, event);
                    for (configured, preempt) in [(false, false), (false, true), (true, false), (true, true)]
                    {
                        let holds = |literal: &Literal<Condition>| match literal {
                            Is(If::AddressConfigured) => configured,
                            Not(If::AddressConfigured) => !configured,
                            Is(If::Preempt) => preempt,
                            Not(If::Preempt) => !preempt,
                            _ => true,
                        };
                        let taken = rows.iter().filter(|row| row.when.iter().all(holds)).count();
                        assert_eq!(taken, 1, "{edition} {state:?} {event:?}");
                    }
                }
            }
        }
    }

    /// The RFC's table as it is printed, letters and numbers.
    #[test]
    fn the_matrix_of_section_5_7() {
        const TABLE: [[&str; 6]; 12] = [
            ["AB/2|AB/3", "", "", "", "", ""],
            ["", "CD/1", "CD/1", "CD/1", "CD/1", "CDH/1"],
            ["", "", "AB/4", "", "CDFI/6", ""],
            ["", "", "B/4", "D/5", "", ""],
            ["", "", "", "F", "F", "F"],
            ["", "", "", "B/3", "B/3", ""],
            ["", "EAB/3", "EA", "EA", "EA", "AB/4"],
            ["", "EAB/3", "A|BGFI/6", "A|BGFI/6", "A|BGFI/6", "G"],
            ["", "", "AB/4", "A", "CFI/6", ""],
            ["", "", "", "", "", "ABH/4"],
            ["", "", "B", "B/3", "B/3", "B"],
            ["", "", "B/4", "D/5", "", "B"],
        ];
        for (event, line) in Condition::EVENTS.into_iter().zip(TABLE) {
            for (state, expected) in Group::ALL.into_iter().zip(line) {
                let mut found: Vec<String> = cell(Edition::Rfc2281, state, event)
                    .iter()
                    .map(|row| {
                        let letters = row.actions.iter().map(|action| match action {
                            StartActive => 'A',
                            StartStandby => 'B',
                            StopActive => 'C',
                            StopStandby => 'D',
                            Learn => 'E',
                            SendHello => 'F',
                            SendCoup => 'G',
                            SendResign => 'H',
                            Announce => 'I',
                        });
                        let to = row.to.map(|to| format!("/{}", to as u8 + 1));
                        letters.collect::<String>() + &to.unwrap_or_default()
                    })
                    .collect();
                found.sort();
                assert_eq!(found.join("|"), expected, "{state:?} {event:?}");
            }
        }
    }

    #[test]
    fn what_is_impossible_does_nothing_and_is_a_row() {
        for (cell, _) in IMPOSSIBLE {
            let id = format!("hsrp1.group.{cell}");
            let row = V1.rows.iter().find(|row| row.id == id).unwrap_or_else(|| panic!("{id}"));
            assert!(row.actions.is_empty() && row.to.is_none(), "{id}");
            assert!(impossible(&id).is_some());
        }
    }
}
