//! What several devices did in the same tests, as Markdown: a matrix, and what is behind each failure.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::json::{Run, Test};
use crate::spec::requirement;
use crate::verdict::{Judgement, Verdict};
use crate::waivers::{Kind, Waiver, Waivers};

/// A device's run, and what is known of its failures.
pub struct Column {
    /// Its heading, and the folder of its captures.
    pub name: String,
    /// What came out.
    pub run: Run,
    /// What is said of its failures.
    pub known: Waivers,
    /// Tests of which there is a capture to look at, and where, as seen from the page.
    pub captures: BTreeMap<String, String>,
}

/// The page.
pub fn render(columns: &[Column]) -> String {
    let mut page = String::new();
    page.push_str("# What implementations do\n\n");
    page.push_str(
        "Made by `redspec matrix` from the JSON of runs; do not edit. A test's sheet is what `redspec show ID` prints. \
         What is behind a failure is said below the matrix, with the clause, what was seen, and where it comes from.\n\n",
    );
    summary(&mut page, columns);
    matrix(&mut page, columns);
    for column in columns {
        findings(&mut page, column);
    }
    page
}

/// Writing to a string does not fail.
macro_rules! line {
    ($page:expr, $($text:tt)*) => {{ let _ = writeln!($page, $($text)*); }};
}

fn summary(page: &mut String, columns: &[Column]) {
    line!(page, "| | device | edition | pass | weak | fail | inconclusive | not applicable | crash, error |");
    line!(page, "|---|---|---|--:|--:|--:|--:|--:|--:|");
    for Column { name, run, .. } in columns {
        let sum = &run.summary;
        line!(
            page,
            "| [{name}](#{name}) | {} | {} | {} | {} | {} | {} | {} | {} |",
            cell(&run.dut),
            run.edition,
            sum.pass,
            sum.weak,
            sum.fail,
            sum.inconclusive,
            sum.not_applicable,
            sum.crash + sum.error
        );
    }
    line!(page, "");
}

fn matrix(page: &mut String, columns: &[Column]) {
    line!(page, "## Matrix\n");
    line!(
        page,
        "✓ pass, ~ weak (a SHOULD was broken), ✗ fail, ? inconclusive, ! the device died or the tester failed, \
         empty: not applicable. `always` is what was watched in every test.\n"
    );
    let ids: BTreeSet<&str> =
        columns.iter().flat_map(|column| &column.run.tests).map(|test| test.id.as_str()).collect();
    let mut area = String::new();
    for id in ids {
        let of = id.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
        let verdicts: Vec<Option<Verdict>> =
            columns.iter().map(|column| find(&column.run, id).map(|test| test.verdict)).collect();
        if verdicts.iter().all(|verdict| matches!(verdict, None | Some(Verdict::NotApplicable))) {
            continue;
        }
        if of != area {
            let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
            line!(page, "\n| {of} | {} |", names.join(" | "));
            line!(page, "|---|{}", ":-:|".repeat(columns.len()));
            area = of;
        }
        let cells: Vec<String> = columns
            .iter()
            .map(|column| find(&column.run, id).map_or(String::new(), |test| symbol(column, test)))
            .collect();
        line!(page, "| {} | {} |", cell(id), cells.join(" | "));
    }
    line!(page, "");
}

fn find<'a>(run: &'a Run, id: &str) -> Option<&'a Test> {
    run.tests.iter().find(|test| test.id == id)
}

fn symbol(column: &Column, test: &Test) -> String {
    let symbol = match test.verdict {
        Verdict::Pass => "✓",
        Verdict::Weak => "~",
        Verdict::Fail => "✗",
        Verdict::Inconclusive => "?",
        Verdict::Crash | Verdict::Error => "!",
        Verdict::NotApplicable => return String::new(),
    };
    match known(column, test) {
        Some((number, _)) => format!("[{symbol} {number}](#{}-{number})", column.name),
        None => symbol.to_owned(),
    }
}

/// The waiver that a failure falls under, and the number of its paragraph: those of one entry are one.
fn known<'a>(column: &'a Column, test: &Test) -> Option<(usize, &'a Waiver)> {
    if !matches!(test.verdict, Verdict::Weak | Verdict::Fail | Verdict::Crash) {
        return None;
    }
    let cause = test.cause.as_deref()?;
    let waiver = column.known.iter().find(|waiver| waiver.test == test.id && waiver.cause == cause)?;
    entries(column).iter().position(|entry| *entry == waiver.line).map(|at| (at + 1, waiver))
}

/// The lines of the entries that this run has a failure for.
fn entries(column: &Column) -> Vec<usize> {
    let met = |waiver: &&Waiver| {
        find(&column.run, &waiver.test).is_some_and(|test| {
            test.cause.as_deref() == Some(&waiver.cause)
                && matches!(test.verdict, Verdict::Weak | Verdict::Fail | Verdict::Crash)
        })
    };
    let lines: BTreeSet<usize> = column.known.iter().filter(met).map(|waiver| waiver.line).collect();
    lines.into_iter().collect()
}

fn findings(page: &mut String, column: &Column) {
    let Column { name, run, .. } = column;
    line!(page, "## {name}\n\n{}, judged by {}.\n", run.dut, run.edition);
    for (at, line) in entries(column).into_iter().enumerate() {
        let waivers: Vec<&Waiver> = column.known.iter().filter(|waiver| waiver.line == line).collect();
        let Some(first) = waivers.first() else { continue };
        let failed = |waiver: &&&Waiver| {
            find(run, &waiver.test).is_some_and(|test| test.cause.as_deref() == Some(&waiver.cause))
        };
        let tests: Vec<&Test> =
            waivers.iter().filter(failed).filter_map(|waiver| find(run, &waiver.test)).collect();
        line!(page, "### {name}-{}\n", at + 1);
        paragraph(page, column, first, &tests);
    }
    unexplained(page, column);
    inconclusive(page, run);
}

fn paragraph(page: &mut String, column: &Column, waiver: &Waiver, tests: &[&Test]) {
    if let Some(requirement) = requirement::find(&waiver.cause) {
        line!(
            page,
            "**{}** ({}, {}): {}\n",
            waiver.cause,
            requirement.level.name(),
            requirement.cite(column.run.edition),
            requirement.text
        );
    } else {
        line!(page, "**{}**\n", waiver.cause);
    }
    line!(page, "{}\n", waiver.reason.trim());
    let kind = match waiver.kind {
        Some(Kind::Defect) => "a defect of the device",
        Some(Kind::Choice) => "a choice: the standard can be read so, or the device means to differ",
        None => "not classified",
    };
    line!(page, "* What it is: {kind}.");
    if let Some(place) = &waiver.place {
        line!(page, "* Where it comes from: {place}.");
    }
    if let Some(test) = tests.first() {
        let deciding = test.obligations.iter().find(|obligation| {
            matches!(obligation.verdict, Judgement::Fail | Judgement::Weak)
                && obligation.requirement == waiver.cause
        });
        let text = deciding.map(|obligation| obligation.text.as_str()).or(test.reason.as_deref());
        let frame = deciding.and_then(|obligation| obligation.frame);
        let at = frame.map(|frame| format!(" (frame {frame})")).unwrap_or_default();
        line!(page, "* Seen in `{}`{at}: {}", test.id, text.unwrap_or("nothing is recorded"));
    }
    let captures: Vec<String> = tests
        .iter()
        .filter_map(|test| column.captures.get(&test.id).map(|path| format!("[{}]({path})", test.id)))
        .collect();
    if !captures.is_empty() {
        line!(page, "* Captures: {}", captures.join(", "));
    }
    let ids: Vec<String> = tests.iter().map(|test| format!("`{}`", test.id)).collect();
    line!(page, "* Tests: {}\n", ids.join(", "));
}

fn unexplained(page: &mut String, column: &Column) {
    let tests = column.run.tests.iter().filter(|test| {
        matches!(test.verdict, Verdict::Weak | Verdict::Fail | Verdict::Crash | Verdict::Error)
            && known(column, test).is_none()
    });
    for (at, test) in tests.enumerate() {
        if at == 0 {
            line!(page, "### Not explained\n");
        }
        let reason = test.reason.as_deref().unwrap_or_default();
        let cause = test.cause.as_deref().unwrap_or("no cause");
        line!(page, "* `{}`, {} ({cause}): {reason}", test.id, test.verdict.name());
    }
    line!(page, "");
}

fn inconclusive(page: &mut String, run: &Run) {
    let tests = run.tests.iter().filter(|test| test.verdict == Verdict::Inconclusive);
    for (at, test) in tests.enumerate() {
        if at == 0 {
            line!(page, "### Inconclusive\n");
        }
        line!(page, "* `{}`: {}", test.id, test.reason.as_deref().unwrap_or_default());
    }
    line!(page, "");
}

/// Text that a table's cell holds.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
