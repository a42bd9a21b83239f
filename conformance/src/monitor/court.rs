//! Where monitors' answers are counted, and what they found is kept.

use crate::event::{Port, Stamp};
use crate::time::Time;
use crate::verdict::Judgement;

/// How many findings of one requirement on one end are told in full; the others are counted.
const IN_FULL: u64 = 3;

/// A requirement that an end broke, or something worth recording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Id of the requirement.
    pub requirement: &'static str,
    /// Fail, weak or info, by the level of the requirement.
    pub judgement: Judgement,
    /// Whose frame it was.
    pub device: String,
    /// Where.
    pub port: Port,
    /// Number of the frame that shows it.
    pub frame: u64,
    /// Of that frame.
    pub time: Time,
    /// What was seen, and what was expected.
    pub text: String,
    /// How often: 1, or as many as this finding stands for.
    pub count: u64,
}

/// How often a requirement was judged, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Id of the requirement.
    pub requirement: &'static str,
    /// It was kept.
    pub pass: u64,
    /// It was broken.
    pub violated: u64,
    /// It could not be told.
    pub unknown: u64,
}

/// A requirement among those of one protocol family.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Question(pub(super) usize);

/// The law: for each question how a violation is judged; `None` if the edition does not ask it.
pub(super) type Law = [Option<Judgement>];

#[derive(Clone, Copy, Default)]
struct Tally {
    pass: u64,
    unknown: u64,
    violated: u64,
    /// Violations that were only counted: the first and the last of them.
    counted: Option<(u64, Time, u64)>,
}

/// The answers on one end.
pub(super) struct Tallies {
    tallies: Vec<Tally>,
}

impl Tallies {
    pub(super) fn new(questions: usize) -> Self {
        Self { tallies: vec![Tally::default(); questions] }
    }

    pub(super) fn judged<'a>(&'a self, ids: &'a [&'static str]) -> impl Iterator<Item = Judged> + 'a {
        ids.iter().zip(&self.tallies).map(|(requirement, tally)| Judged {
            requirement,
            pass: tally.pass,
            violated: tally.violated,
            unknown: tally.unknown,
        })
    }
}

/// Where the monitors of one end give their answers.
pub(super) struct Court<'a> {
    pub(super) tallies: &'a mut Tallies,
    pub(super) findings: &'a mut Vec<Finding>,
    pub(super) law: &'a Law,
    pub(super) ids: &'static [&'static str],
    pub(super) device: &'a str,
    pub(super) port: Port,
}

impl Court<'_> {
    /// Kept.
    #[inline]
    pub(super) fn pass(&mut self, question: Question) {
        if self.law[question.0].is_some() {
            self.tallies.tallies[question.0].pass += 1;
        }
    }

    /// Cannot be told.
    #[inline]
    pub(super) fn unknown(&mut self, question: Question) {
        if self.law[question.0].is_some() {
            self.tallies.tallies[question.0].unknown += 1;
        }
    }

    /// Kept, or broken as the text says.
    pub(super) fn check(
        &mut self,
        question: Question,
        kept: bool,
        frame: u64,
        at: Stamp,
        text: impl FnOnce() -> String,
    ) {
        if kept {
            self.pass(question);
        } else {
            self.violated(question, frame, at, text);
        }
    }

    /// Broken.
    pub(super) fn violated(
        &mut self,
        question: Question,
        frame: u64,
        at: Stamp,
        text: impl FnOnce() -> String,
    ) {
        let Some(judgement) = self.law[question.0] else { return };
        let tally = &mut self.tallies.tallies[question.0];
        tally.violated += 1;
        if tally.violated > IN_FULL {
            let (first, time, _) = tally.counted.unwrap_or((frame, at.time, frame));
            tally.counted = Some((first, time, frame));
            return;
        }
        self.findings.push(Finding {
            requirement: self.ids[question.0],
            judgement,
            device: self.device.to_owned(),
            port: self.port,
            frame,
            time: at.time,
            text: text(),
            count: 1,
        });
    }

    /// States what was only counted.
    pub(super) fn close(&mut self) {
        for (index, tally) in self.tallies.tallies.iter().enumerate() {
            let (Some((first, time, last)), Some(judgement)) = (tally.counted, self.law[index]) else {
                continue;
            };
            let count = tally.violated - IN_FULL;
            let text = match count {
                1 => "once more".to_owned(),
                _ => format!("{count} times more, the last time in frame {last}"),
            };
            self.findings.push(Finding {
                requirement: self.ids[index],
                judgement,
                device: self.device.to_owned(),
                port: self.port,
                frame: first,
                time,
                text,
                count,
            });
        }
    }
}
