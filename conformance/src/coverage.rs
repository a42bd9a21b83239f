//! What of the standards was exercised: requirements and table rows, by the results of runs.

use std::collections::{BTreeMap, BTreeSet};

use crate::reference::mutant;
use crate::report::json::Run;
use crate::spec::requirement::{self, Requirement};
use crate::spec::{Edition, Observable, PROTOCOLS, Protocol};
use crate::spec::{hsrp, lacp, vrrp};
use crate::verdict::Judgement;

/// What became of a requirement in all runs together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Judged, and kept every time.
    Checked(usize),
    /// Broken at least once.
    Violated(usize),
    /// Only ever inconclusive.
    Undecided,
    /// Recorded: the text leaves it open.
    Recorded(usize),
    /// Not judged, and why not if that is known.
    Untested(&'static str),
}

/// A requirement and its status.
#[derive(Clone, Debug)]
pub struct Line {
    /// Which.
    pub requirement: &'static Requirement,
    /// What became of it.
    pub status: Status,
}

/// A row and whether a device took it.
#[derive(Clone, Debug)]
pub struct RowLine {
    /// Its id.
    pub id: &'static str,
    /// In words.
    pub text: String,
    /// A device took it, or a requirement that shows it at work was judged.
    pub taken: bool,
    /// Why no device can take it, if that is known: it is never in that cell, or to drop the row changes nothing.
    pub why_not: Option<&'static str>,
}

/// One protocol.
#[derive(Clone, Debug)]
pub struct Coverage {
    /// First word of its ids.
    pub protocol: &'static str,
    /// All of its requirements that one of the editions asks for.
    pub requirements: Vec<Line>,
    /// All rows of its tables that one of the editions has.
    pub rows: Vec<RowLine>,
}

impl Coverage {
    /// Requirements that show on the wire or need something more, and that nobody judged, though it could be done.
    pub fn gaps(&self) -> impl Iterator<Item = &Line> {
        self.requirements.iter().filter(|line| {
            matches!(line.status, Status::Untested(_))
                && !matches!(line.requirement.observable, Observable::No(_))
        })
    }

    /// Rows that no device took.
    pub fn missing_rows(&self) -> impl Iterator<Item = &RowLine> {
        self.rows.iter().filter(|row| !row.taken)
    }
}

/// Puts runs together.
pub fn of(runs: &[Run]) -> Vec<Coverage> {
    let editions: Vec<Edition> = runs.iter().map(|run| run.edition).collect();
    let mut judged: BTreeMap<&str, Vec<Judgement>> = BTreeMap::new();
    let mut rows: BTreeSet<&str> = BTreeSet::new();
    for run in runs {
        rows.extend(run.rows.iter().map(String::as_str));
        for obligation in run.tests.iter().flat_map(|test| &test.obligations) {
            judged.entry(&obligation.requirement).or_default().push(obligation.verdict);
        }
    }
    for (id, judgements) in &judged {
        if judgements.iter().any(|judgement| matches!(judgement, Judgement::Pass | Judgement::Fail)) {
            rows.extend(requirement::find(id).into_iter().flat_map(|found| found.rows));
        }
    }
    let touched = |protocol: &&Protocol| editions.iter().any(|edition| protocol.editions.contains(*edition));
    PROTOCOLS
        .iter()
        .filter(touched)
        .map(|protocol| Coverage {
            protocol: protocol.name,
            requirements: protocol
                .requirements
                .iter()
                .filter(|requirement| editions.iter().any(|edition| requirement.editions.contains(*edition)))
                .map(|requirement| Line {
                    requirement,
                    status: status(requirement, judged.get(requirement.id)),
                })
                .collect(),
            rows: (protocol.rows)()
                .into_iter()
                .filter(|row| editions.iter().any(|edition| row.editions.contains(*edition)))
                .map(|row| RowLine {
                    id: row.id,
                    text: row.text,
                    taken: rows.contains(row.id),
                    why_not: hsrp::machine::impossible(row.id)
                        .or_else(|| mutant::equivalent(&format!("{}.drop", row.id))),
                })
                .collect(),
        })
        .collect()
}

fn status(requirement: &Requirement, judgements: Option<&Vec<Judgement>>) -> Status {
    let count = |wanted: Judgement| {
        judgements.into_iter().flatten().filter(|judgement| **judgement == wanted).count()
    };
    let violated = count(Judgement::Fail) + count(Judgement::Weak);
    let (passed, recorded) = (count(Judgement::Pass), count(Judgement::Info));
    if violated > 0 {
        Status::Violated(violated)
    } else if passed > 0 {
        Status::Checked(passed)
    } else if recorded > 0 {
        Status::Recorded(recorded)
    } else if count(Judgement::Inconclusive) > 0 {
        Status::Undecided
    } else {
        let unjudged = || {
            let known = lacp::catalogue::UNJUDGED.iter().chain(vrrp::catalogue::UNJUDGED);
            let known = known.chain(vrrp::catalogue::NOT_BY_REFERENCES).chain(hsrp::catalogue::UNJUDGED);
            known.chain(hsrp::catalogue::NOT_BY_REFERENCES)
        };
        let known = || unjudged().find(|(id, _)| *id == requirement.id).map(|(_, why)| *why);
        let unobservable = if let Observable::No(why) = requirement.observable { Some(why) } else { None };
        Status::Untested(unobservable.or_else(known).unwrap_or("no test judged it in these runs"))
    }
}
