//! Mutants of the state tables and of what the tables use by name: every row, every condition, every action.

use std::fmt::Debug;

use super::super::tables::{Fields, Tables};
use super::words::{self, Asked, Done, capitals, kebab, literal, literal_slug, opposite, origin};
use super::{Mutant, Name};
use crate::reference::machine::{Row as RunningRow, Table};
use crate::spec::Editions;
use crate::spec::lacp::functions::{self, Definition, Procedure, ReceptionRule};
use crate::spec::lacp::machines;
use crate::spec::lacp::variables::{Action, Condition, Field, Flag, Selected};
use crate::spec::machine::{Entry, Literal, Machine, Origin, Row};
use crate::spec::marker::machines as marker;

/// Where a row leads in its mutant, by the state's name; where it is not listed, to the state after the right one. A
/// state from which the tables lead to the right one in the same instant makes no mutant: `""` for a row that has no
/// other.
const REDIRECTED: &[(&str, &str)] = &[
    ("lacp.rx.any.begin", "PortDisabled"),
    ("lacp.rx.any.port-disabled", "Initialize"),
    ("lacp.rx.port-disabled.enabled", "Defaulted"),
    ("lacp.rx.port-disabled.no-lacp", ""),
    ("lacp.rx.lacp-disabled.enabled", "Defaulted"),
    ("lacp.rx.expired.received", "Defaulted"),
    ("lacp.rx.expired.timeout", "PortDisabled"),
    ("lacp.rx.defaulted.received", "Expired"),
    ("lacp.rx.defaulted.partner-changed", "Expired"),
    ("lacp.rx.current.received", "Expired"),
    ("lacp.rx.current.timeout", "Defaulted"),
    ("lacp.rx.expired.no-lacp", ""),
    ("lacp.rx.defaulted.no-lacp", ""),
    ("lacp.rx.current.no-lacp", ""),
    ("lacp.periodic.any.begin", ""),
    ("lacp.periodic.fast.timeout", "NoPeriodic"),
    ("lacp.periodic.fast.partner-long", "NoPeriodic"),
    ("lacp.periodic.slow.timeout", "FastPeriodic"),
    ("lacp.periodic.slow.partner-short", "FastPeriodic"),
    ("lacp.periodic.tx.partner-short", "SlowPeriodic"),
    ("lacp.periodic.tx.partner-long", ""),
    ("lacp.tx2020.any.no-lacp", "TxLacpdu"),
    ("lacp.tx2020.any.port-disabled", "TxLacpdu"),
    ("lacp.tx2020.any.both-passive", "TxLacpdu"),
    ("lacp.tx2020.none.partner-long", "TxLacpdu"),
    ("lacp.tx2020.fast.ntt", "NoTx"),
    ("lacp.tx2020.fast.timeout", "NoTx"),
    ("lacp.tx2020.fast.partner-long", "TxLacpdu"),
    ("lacp.tx2020.slow.ntt", "NoTx"),
    ("lacp.tx2020.slow.timeout", "NoTx"),
    ("lacp.tx2020.slow.partner-short", "FastPeriodic"),
    ("lacp.tx2020.tx.unconditional", "SlowPeriodic"),
    ("lacp.mux.any.begin", ""),
    ("lacp.mux.detached.selected", "Attached"),
    ("lacp.mux.detached.standby", "Attached"),
    ("lacp.mux.waiting.unselected", ""),
    ("lacp.mux.attached.in-sync.independent", "CollectingDistributing"),
    ("lacp.mux.attached.in-sync.coupled", "Collecting"),
    ("lacp.mux.attached.unselected", ""),
    ("lacp.mux.attached.standby", "Waiting"),
    ("lacp.mux.collecting.unselected", ""),
    ("lacp.mux.collecting.standby", ""),
    ("lacp.mux.collecting.out-of-sync", "Detached"),
    ("lacp.mux.distributing.unselected", ""),
    ("lacp.mux.distributing.standby", ""),
    ("lacp.mux.distributing.out-of-sync", "Detached"),
    ("lacp.mux.distributing.partner-not-collecting", "Detached"),
    ("lacp.mux.collecting-distributing.unselected", ""),
    ("lacp.mux.collecting-distributing.standby", ""),
    ("lacp.mux.collecting-distributing.out-of-sync", "Detached"),
    ("lacp.mux2020.any.begin", ""),
    ("lacp.mux2020.any.not-selected", "Attached"),
    ("lacp.mux2020.any.out-of-sync", "Detached"),
    ("lacp.mux2020.any.in-sync.coupled", "Collecting"),
    ("lacp.mux2020.any.partner-collecting", "Collecting"),
    ("lacp.mux2020.detached.ready", "Attached"),
    ("lacp.mux2020.attach.down", "Detached"),
    ("lacp.mux2020.attached.down", "Detached"),
    ("lacp.mux2020.collecting.down", "Attached"),
    ("lacp.mux2020.coll-dist.down", "Attached"),
    ("lacp.mux2020.attached-wtr.down-again", "Detached"),
    ("lacp.actor-churn.monitor.in-sync", ""),
    ("lacp.actor-churn.churn.in-sync", ""),
    ("lacp.partner-churn.monitor.in-sync", ""),
    ("lacp.partner-churn.churn.in-sync", ""),
    ("lacp.fallback.off.defaulted", "Active"),
    ("lacp.fallback.waiting.timeout", "Off"),
    ("lacp.fallback.active.not-elected", "Waiting"),
    ("marker.responder.respond.unconditional", "RespondToMarker"),
];

/// All of them.
pub(super) fn all(out: &mut Vec<Mutant>) {
    machine(out, &machines::RECEIVE, |tables| &mut tables.receive);
    machine(out, &machines::PERIODIC, |tables| &mut tables.periodic);
    machine(out, &machines::TRANSMIT, |tables| &mut tables.transmit);
    machine(out, &machines::TRANSMIT_2020, |tables| &mut tables.transmit);
    machine(out, &machines::MUX, |tables| &mut tables.mux);
    machine(out, &machines::MUX_2020, |tables| &mut tables.mux);
    machine(out, &machines::ACTOR_CHURN, |tables| &mut tables.actor_churn);
    machine(out, &machines::PARTNER_CHURN, |tables| &mut tables.partner_churn);
    machine(out, &machines::FALLBACK, |tables| &mut tables.fallback);
    let first = out.len();
    machine(out, &marker::RESPONDER, |tables| &mut tables.responder);
    machine(out, &marker::GENERATOR, |tables| &mut tables.generator);
    for mutant in &mut out[first..] {
        // Without being configured is the mutant of that condition.
        if mutant.row == "marker.generator.distribution-changed"
            && !mutant.id.ends_with("without-generator-configured")
        {
            mutant.settings = super::WITH_GENERATOR;
        }
    }
    for row in functions::DEFINITIONS {
        definition(out, row);
    }
    for row in functions::PROCEDURES {
        procedure(out, row);
    }
    fields(out);
    rules(out);
    others(out);
}

/// Which table of a system.
type Which<S, C, A> = fn(&mut Tables) -> &mut Table<S, C, A>;

fn machine<S, C, A>(out: &mut Vec<Mutant>, machine: &Machine<S, C, A>, table: Which<S, C, A>)
where
    S: Copy + PartialEq + Debug + Send + Sync + 'static,
    C: Asked,
    A: Done,
{
    for row in machine.rows {
        rows(out, machine, row, table);
    }
    for entry in machine.states {
        entries(out, machine.name, entry, table);
    }
}

fn rows<S, C, A>(
    out: &mut Vec<Mutant>,
    machine: &Machine<S, C, A>,
    row: &'static Row<S, C, A>,
    table: Which<S, C, A>,
) where
    S: Copy + PartialEq + Debug + Send + Sync + 'static,
    C: Asked,
    A: Done,
{
    let id = row.id;
    let says = |how: &str| match row.to {
        Some(to) => {
            format!("{}: {} {how} to {}", machine.name, origin(&row.from), capitals(to))
        }
        None => format!("{}: it {how} {}", machine.name, all_actions(row.actions)),
    };
    let (does, does_not) = if row.to.is_some() { ("leads", "does not lead") } else { ("does", "does not") };
    let when = words::all(row.when);
    let mut mutant = |slug: &str, text: String, apply: Change<S, C, A>| {
        let edit = move |tables: &mut Tables| {
            table(tables).rows.iter_mut().filter(|row| row.id == id).for_each(&apply);
        };
        out.push(Mutant::new(Name(id, slug), text, row.editions, edit));
    };
    if let Some((to, wrong)) = row.to.zip(redirected(machine, row)) {
        let text = format!(
            "{}: {} leads to {}, not to {}, {when}",
            machine.name,
            origin(&row.from),
            capitals(wrong),
            capitals(to)
        );
        let slug = format!("to-{}", kebab(&format!("{wrong:?}")));
        mutant(&slug, text, Box::new(move |row| row.to = Some(wrong)));
    }
    for (at, asked) in row.when.iter().enumerate() {
        let other = opposite(*asked);
        if row.when.len() == 1 {
            let text = format!("{} when {}, not {when}", says(does), literal(other));
            let slug = format!("if-{}", literal_slug(other));
            mutant(&slug, text, Box::new(move |row| row.when[at] = other));
        } else {
            let mut rest = row.when.to_vec();
            rest.remove(at);
            let text = format!("{} {}, even if {}", says(does), words::all(&rest), literal(other));
            let slug = format!("without-{}", literal_slug(*asked));
            mutant(&slug, text, Box::new(move |row| drop(row.when.splice(at..=at, []))));
        }
    }
    for (at, action) in row.actions.iter().enumerate() {
        // Without its only action a row that stays is as good as dropped.
        if row.to.is_some() || row.actions.len() > 1 {
            let text = format!("{} {when}, but does not {}", says(does), action.words());
            let slug = format!("without-{}", action.slug());
            mutant(&slug, text, Box::new(move |row| drop(row.actions.splice(at..=at, []))));
        }
        for (interval, confused) in action.confused() {
            let text = format!("{} {when}, but with {}", says(does), words::name(interval));
            let slug = format!("with-{}", kebab(&format!("{interval:?}")));
            mutant(&slug, text, Box::new(move |row| row.actions[at] = confused));
        }
    }
    let dropped = move |tables: &mut Tables| table(tables).rows.retain(|row| row.id != id);
    out.push(Mutant::new(Name(id, "drop"), format!("{} {when}", says(does_not)), row.editions, dropped));
}

/// What is done to a row.
type Change<S, C, A> = Box<dyn Fn(&mut RunningRow<S, C, A>) + Send + Sync>;

fn all_actions<A: Done>(actions: &[A]) -> String {
    actions.iter().map(|action| action.words()).collect::<Vec<_>>().join(" and ")
}

/// A state that the row could be confused to lead to.
fn redirected<S, C, A>(machine: &Machine<S, C, A>, row: &Row<S, C, A>) -> Option<S>
where
    S: Copy + PartialEq + Debug,
{
    let to = row.to?;
    if let Some((_, wrong)) = REDIRECTED.iter().find(|(id, _)| *id == row.id) {
        return machine.states.iter().map(|entry| entry.state).find(|state| format!("{state:?}") == *wrong);
    }
    let at = machine.states.iter().position(|entry| entry.state == to)?;
    let from = match row.from {
        Origin::Any => None,
        Origin::State(from) => Some(from),
    };
    let after = machine.states.iter().cycle().skip(at + 1).take(machine.states.len());
    after.map(|entry| entry.state).find(|state| *state != to && Some(*state) != from)
}

fn entries<S, C, A>(out: &mut Vec<Mutant>, machine: &str, entry: &'static Entry<S, A>, table: Which<S, C, A>)
where
    S: Copy + PartialEq + Debug + Send + Sync + 'static,
    C: Asked,
    A: Done,
{
    let id = entry.id;
    let mut mutant = |slug: &str, text: String, apply: List<A>| {
        let edit = move |tables: &mut Tables| {
            let entries = table(tables).entries.iter_mut().filter(|entry| entry.id == id);
            entries.for_each(|entry| apply(&mut entry.actions));
        };
        out.push(Mutant::new(Name(id, slug), text, entry.editions, edit));
    };
    let state = capitals(entry.state);
    for (at, action) in entry.actions.iter().enumerate() {
        let text = format!("{machine}: the entry to {state} does not {}", action.words());
        let slug = format!("without-{}", action.slug());
        mutant(&slug, text, Box::new(move |actions| drop(actions.splice(at..=at, []))));
        for (interval, confused) in action.confused() {
            let text = format!(
                "{machine}: the entry to {state} does not {}, but with {}",
                action.words(),
                words::name(interval)
            );
            let slug = format!("with-{}", kebab(&format!("{interval:?}")));
            mutant(&slug, text, Box::new(move |actions| actions[at] = confused));
        }
    }
}

/// What is done to a list.
type List<T> = Box<dyn Fn(&mut Vec<T>) + Send + Sync>;

fn definition(out: &mut Vec<Mutant>, row: &'static Definition) {
    let id = row.id;
    let holds = row.condition.words()[0];
    let mut mutant = |slug: &str, text: String, apply: List<Literal<Condition>>| {
        let edit = move |tables: &mut Tables| {
            let rows = tables.definitions.iter_mut().filter(|row| row.id == id);
            rows.for_each(|row| apply(&mut row.when));
        };
        out.push(Mutant::new(Name(id, slug), text, row.editions, edit));
    };
    for (at, asked) in row.when.iter().enumerate() {
        let other = opposite(*asked);
        if row.when.len() == 1 {
            let text = format!("{holds} when {}, not {}", literal(other), words::all(row.when));
            let slug = format!("if-{}", literal_slug(other));
            mutant(&slug, text, Box::new(move |when| when[at] = other));
        } else {
            let mut rest = row.when.to_vec();
            rest.remove(at);
            let text = format!("{holds} {}, even if {}", words::all(&rest), literal(other));
            let slug = format!("without-{}", literal_slug(*asked));
            mutant(&slug, text, Box::new(move |when| drop(when.splice(at..=at, []))));
        }
    }
    let dropped = move |tables: &mut Tables| tables.definitions.retain(|row| row.id != id);
    let text = format!("{} it does not follow that {holds}", words::all(row.when));
    out.push(Mutant::new(Name(id, "drop"), text, row.editions, dropped));
}

fn procedure(out: &mut Vec<Mutant>, row: &'static Procedure) {
    let id = row.id;
    let words = row.action.words();
    let name = words.trim_start_matches("do ");
    let mut mutant = |slug: &str, text: String, apply: List<Action>| {
        let edit = move |tables: &mut Tables| {
            let rows = tables.procedures.iter_mut().filter(|row| row.id == id);
            rows.for_each(|row| apply(&mut row.steps));
        };
        out.push(Mutant::new(Name(id, slug), text, row.editions, edit));
    };
    for (at, step) in row.steps.iter().enumerate() {
        // A function of one step that is left out is an entry action that is left out.
        if row.steps.len() > 1 {
            let text = format!("{name} does not {}", step.words());
            let slug = format!("without-{}", step.slug());
            mutant(&slug, text, Box::new(move |steps| drop(steps.splice(at..=at, []))));
        }
        let (always, text) = match *step {
            Action::UnselectIf(_) => (Action::SetSelected(Selected::Unselected), "always unselects the port"),
            Action::SetNttIf(_) => (Action::SetNtt(true), "always sets NTT"),
            Action::SetPartnerSynchronizationIf(_) => {
                (Action::SetPartner(Flag::Synchronization), "always takes the partner for in sync")
            }
            _ => continue,
        };
        mutant("always", format!("{name} {text}"), Box::new(move |steps| steps[at] = always));
    }
}

/// One list of fields in a system.
type FieldList = (&'static functions::Fields, fn(&mut Tables) -> &mut Fields, &'static [Field]);

/// Lists, and what one might think belongs to them.
const LISTS: &[FieldList] = &[
    (
        &functions::MATCHED,
        |tables| &mut tables.matched,
        &[
            Field::State(Flag::Activity),
            Field::State(Flag::Timeout),
            Field::State(Flag::Synchronization),
            Field::State(Flag::Collecting),
            Field::State(Flag::Distributing),
            Field::State(Flag::Defaulted),
            Field::State(Flag::Expired),
        ],
    ),
    (
        &functions::UPDATE_SELECTED,
        |tables| &mut tables.update_selected,
        &[
            Field::State(Flag::Activity),
            Field::State(Flag::Timeout),
            Field::State(Flag::Synchronization),
            Field::State(Flag::Collecting),
            Field::State(Flag::Distributing),
            Field::State(Flag::Defaulted),
            Field::State(Flag::Expired),
        ],
    ),
    (
        &functions::UPDATE_DEFAULT_SELECTED,
        |tables| &mut tables.update_default_selected,
        &[Field::State(Flag::Timeout), Field::State(Flag::Synchronization)],
    ),
    (
        &functions::UPDATE_NTT,
        |tables| &mut tables.update_ntt,
        &[
            Field::State(Flag::Collecting),
            Field::State(Flag::Distributing),
            Field::State(Flag::Defaulted),
            Field::State(Flag::Expired),
        ],
    ),
    (&functions::RECORD_PDU, |tables| &mut tables.record_pdu, &[]),
    (&functions::PORT_MOVED, |tables| &mut tables.port_moved, &[]),
    (
        &functions::LAG_IDENTIFIER,
        |tables| &mut tables.lag_identifier,
        &[Field::Port, Field::PortPriority, Field::State(Flag::Timeout)],
    ),
];

fn fields(out: &mut Vec<Mutant>) {
    for &(list, which, added) in LISTS {
        let what = match list.id {
            "lacp.record-pdu.matched" => "recordPDU compares the sender's view of this port",
            "lacp.update-selected" => "update_Selected compares the sender with the recorded partner",
            "lacp.update-default-selected" => {
                "update_Default_Selected compares the administrative partner with the recorded one"
            }
            "lacp.update-ntt" => "update_NTT compares the sender's view of this port",
            "lacp.record-pdu.copied" => "recordPDU copies the sender's information",
            "lacp.port-moved" => "a partner that moved to another port is recognised",
            _ => "ports whose partners agree are of one LAG",
        };
        for (at, field) in list.fields.iter().enumerate() {
            let (slug, word) = words::field(*field);
            let (slug, text) = (format!("without-{slug}"), format!("{what}, but here without {word}"));
            out.push(Mutant::new(
                Name(list.id, &slug),
                text,
                Editions::DOT1AX,
                move |tables: &mut Tables| {
                    which(tables).fields.remove(at);
                },
            ));
        }
        for field in added {
            let (slug, word) = words::field(*field);
            let (slug, text) = (format!("with-{slug}"), format!("{what}, but here {word} counts too"));
            out.push(Mutant::new(
                Name(list.id, &slug),
                text,
                Editions::DOT1AX,
                move |tables: &mut Tables| which(tables).fields.push(*field),
            ));
        }
    }
}

fn rules(out: &mut Vec<Mutant>) {
    for row in functions::SELECTION {
        let rule = row.rule;
        let text = format!("the Selection Logic does not keep the rule: {}", row.text);
        out.push(Mutant::new(Name(row.id, "drop"), text, Editions::DOT1AX, move |tables: &mut Tables| {
            tables.selection.retain(|other| *other != rule);
        }));
    }
    for row in functions::RECEPTION {
        let rule = row.rule;
        let text = format!("reception does not keep the rule: {}", row.text);
        out.push(Mutant::new(Name(row.id, "drop"), text, Editions::DOT1AX, move |tables: &mut Tables| {
            tables.reception.retain(|other| *other != rule);
        }));
    }
    for (rule, id, text) in [
        (
            ReceptionRule::VersionIsOne,
            "lacp.reception.version-is-one",
            "LACPDUs of another version are dropped",
        ),
        (
            ReceptionRule::TlvTypesAsDefined,
            "lacp.reception.tlv-types-as-defined",
            "LACPDUs with another TLV_type are dropped",
        ),
        (
            ReceptionRule::ReservedIsZero,
            "lacp.reception.reserved-is-zero",
            "LACPDUs in which Reserved is not zero are dropped",
        ),
    ] {
        out.push(Mutant::new(Name(id, "add"), text, Editions::DOT1AX, move |tables: &mut Tables| {
            tables.reception.push(rule);
        }));
    }
}

/// What someone might write who has misread a table in more than one place.
fn others(out: &mut Vec<Mutant>) {
    out.push(Mutant::new(
        Name("lacp.selection.ready", "own-only"),
        "Ready is this port's Ready_N, and not that of all waiting ports of the Aggregator",
        Editions::DOT1AX,
        |tables: &mut Tables| {
            for row in tables.definitions.iter_mut().filter(|row| row.condition == Condition::Ready) {
                row.when = vec![Literal::Is(Condition::WaitWhileExpired)];
            }
        },
    ));
    out.push(Mutant::new(
        Name("lacp.fn.record-pdu", "synchronization-copied"),
        "recordPDU copies the sender's Synchronization without a look at what the sender knows of this port",
        Editions::DOT1AX,
        |tables: &mut Tables| {
            let decided = Action::SetPartnerSynchronizationIf(Condition::PduInSync);
            for step in tables.procedures.iter_mut().flat_map(|row| &mut row.steps) {
                if *step == decided {
                    *step = Action::SetPartnerSynchronizationIf(Condition::PduActorSynchronization);
                }
            }
        },
    ));
    out.push(Mutant::new(
        Name("lacp.rx.current.received", "restarts-only-in-sync"),
        "Receive machine: a LACPDU that is not in sync with this port is recorded, but does not restart \
         current_while_timer",
        Editions::DOT1AX,
        |tables: &mut Tables| {
            let rows = &mut tables.receive.rows;
            let Some(at) = rows.iter().position(|row| row.id == "lacp.rx.current.received") else { return };
            let mut recorded = rows[at].clone();
            rows[at].when.push(Literal::Is(Condition::PduInSync));
            recorded.to = None;
            recorded.actions = vec![
                Action::UpdateSelected,
                Action::UpdateNtt,
                Action::RecordPdu,
                Action::Clear(Flag::Expired),
            ];
            rows.insert(at + 1, recorded);
        },
    ));
}
