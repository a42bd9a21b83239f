//! Mutants of the timers' values, of the transmit limit, and defects that no row stands for.

use super::super::defect::Defect;
use super::super::tables::Tables;
use super::words::{kebab, name};
use super::{Mutant, Name, WITH_GENERATOR, WITH_VERSION_2};
use crate::reference::machine::Row;
use crate::spec::lacp::variables::{Action, Condition, Interval};
use crate::spec::machine::{Literal, Origin};
use crate::spec::{Edition, Editions};

/// The timers' values, each with the name that its mutants go by.
const TIMERS: &[(Interval, &str)] = &[
    (Interval::FastPeriodic, "lacp.timer.fast-periodic"),
    (Interval::SlowPeriodic, "lacp.timer.slow-periodic"),
    (Interval::ShortTimeout, "lacp.timer.short-timeout"),
    (Interval::LongTimeout, "lacp.timer.long-timeout"),
    (Interval::AggregateWait, "lacp.timer.aggregate-wait"),
    (Interval::ChurnDetection, "lacp.timer.churn-detection"),
];

/// All of them.
pub(super) fn all(out: &mut Vec<Mutant>) {
    for &(interval, id) in TIMERS {
        for (slug, words, numerator, denominator) in [
            ("double", "twice as long", 2, 1),
            ("half", "half as long", 1, 2),
            ("two-thirds", "two thirds of its length", 2, 3),
        ] {
            // A timeout of two periods is a common misreading of three; of other timers a third of them is as good as half.
            if slug == "two-thirds" && !matches!(interval, Interval::ShortTimeout | Interval::LongTimeout) {
                continue;
            }
            let text = format!("{} is {words}", name(interval));
            out.push(Mutant::new(Name(id, slug), text, Editions::DOT1AX, move |tables: &mut Tables| {
                for (_, value) in tables.intervals.iter_mut().filter(|(name, _)| *name == interval) {
                    *value = *value * numerator / denominator;
                }
            }));
        }
    }
    swapped(out, "lacp.timer.timeouts", Interval::ShortTimeout, Interval::LongTimeout);
    swapped(out, "lacp.timer.periods", Interval::FastPeriodic, Interval::SlowPeriodic);
    limit(out);
    for &(defect, text) in Defect::ALL {
        let name = kebab(&format!("{defect:?}"));
        let marker = name.starts_with("marker-") || name.starts_with("response-");
        let row = if marker { "marker.defect" } else { "lacp.defect" };
        let (editions, settings) = match defect {
            Defect::TerminatorMisplaced | Defect::DigestLengthWrong | Defect::ResetsOnOtherVersion => {
                (Editions::FROM_2014, WITH_VERSION_2)
            }
            Defect::MarkerLengthWrong | Defect::MarkerPortZero => (Editions::DOT1AX, WITH_GENERATOR),
            _ => (Editions::DOT1AX, &[][..]),
        };
        let apply = move |tables: &mut Tables| tables.defects.push(defect);
        out.push(Mutant { settings, ..Mutant::new(Name(row, &name), text, editions, apply) });
    }
}

fn swapped(out: &mut Vec<Mutant>, id: &'static str, short: Interval, long: Interval) {
    let text = format!("{} and {} are swapped", name(short), name(long));
    out.push(Mutant::new(Name(id, "swapped"), text, Editions::DOT1AX, move |tables: &mut Tables| {
        for (interval, _) in &mut tables.intervals {
            *interval = match *interval {
                it if it == short => long,
                it if it == long => short,
                it => it,
            };
        }
    }));
}

fn limit(out: &mut Vec<Mutant>) {
    type Value = fn(u32) -> u32;
    let values: [(&str, &str, Value); 4] = [
        ("none", "there is no limit of LACPDUs in a Fast_Periodic_Time", |_| u32::MAX),
        ("one-more", "one LACPDU more than the limit may be sent in a Fast_Periodic_Time", |limit| limit + 1),
        ("one-less", "one LACPDU less than the limit may be sent in a Fast_Periodic_Time", |limit| limit - 1),
        ("one", "one LACPDU may be sent in a Fast_Periodic_Time", |_| 1),
    ];
    for (slug, text, value) in values {
        let apply = move |tables: &mut Tables| tables.transmit_limit = value(tables.transmit_limit);
        out.push(Mutant::new(Name("lacp.tx.limit", slug), text, Editions::DOT1AX, apply));
    }
    out.push(Mutant::new(
        Name("lacp.tx.limit", "of-2020"),
        "the limit of 802.1AX-2020 is applied",
        Editions::UP_TO_2014,
        |tables: &mut Tables| {
            tables.transmit_limit = crate::spec::lacp::timers::transmit_limit(Edition::Dot1Ax2020);
        },
    ));
    out.push(Mutant::new(
        Name("lacp.tx.limit", "drops"),
        "a LACPDU that the limit does not let go is dropped, not delayed",
        Editions::DOT1AX,
        |tables: &mut Tables| {
            let drops = |mut row: Row<_, _, _>| {
                row.when = vec![Literal::Is(Condition::Ntt), Literal::Not(Condition::TransmitOpportunity)];
                row.actions = vec![Action::SetNtt(false)];
                row.to = None;
                row
            };
            let sends = |row: &&Row<_, _, _>| {
                row.from != Origin::Any && row.when.contains(&Literal::Is(Condition::TransmitOpportunity))
            };
            let rows: Vec<_> = tables.transmit.rows.iter().filter(sends).cloned().map(drops).collect();
            tables.transmit.rows.splice(0..0, rows);
        },
    ));
}
