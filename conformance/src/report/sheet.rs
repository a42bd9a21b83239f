//! The sheet of a test, in the form that test laboratories use.

use std::fmt::Write;

use super::text;
use crate::spec::Level;

/// What a test does and why, made from the scenario that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sheet {
    /// The test's id.
    pub id: String,
    /// What the test is for, in a sentence or a few.
    pub purpose: String,
    /// What it checks.
    pub references: Vec<Reference>,
    /// What the device and the bed must be able to do.
    pub needs: Vec<String>,
    /// What is so before the first step.
    pub set_up: Vec<String>,
    /// What is done, step by step.
    pub procedure: Vec<String>,
    /// What has to be seen.
    pub observable: Vec<String>,
    /// What may go wrong without the device being at fault.
    pub problems: Vec<String>,
}

/// A requirement that a test checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// Its id.
    pub requirement: String,
    /// Cited: `802.1ax-2014 6.4.12`.
    pub clause: String,
    /// How much is asked.
    pub level: Level,
    /// In our own words.
    pub text: String,
}

/// Columns left of the text.
const INDENT: usize = 4;

impl Sheet {
    /// As text of at most `width` columns, but no narrower than 40.
    pub fn render(&self, width: usize) -> String {
        let Self { id, purpose, references, needs, set_up, procedure, observable, problems } = self;
        let mut page = Page { text: String::new(), width: width.max(40) };
        page.lines("", 0, id);
        page.lines("", 0, &"=".repeat(text::width(&text::printable(id)).min(page.width)));
        page.heading("Purpose");
        page.lines("", INDENT, purpose);
        page.heading("References");
        for Reference { requirement, clause, level, text } in references {
            page.lines("", INDENT, &format!("{requirement}, {} {clause}:", level.name()));
            page.lines("", 2 * INDENT, text);
        }
        page.none_of(references);
        page.list("Needs", needs);
        page.steps("Set-up", set_up);
        page.steps("Procedure", procedure);
        page.list("Observable results", observable);
        page.list("Possible problems", problems);
        page.text
    }
}

struct Page {
    text: String,
    width: usize,
}

impl Page {
    fn heading(&mut self, words: &str) {
        let _ = writeln!(self.text, "\n{words}");
    }

    /// Wrapped words; the mark stands left of the first line.
    fn lines(&mut self, mark: &str, indent: usize, words: &str) {
        for (at, line) in text::wrap(words, self.width - indent).iter().enumerate() {
            let mark = if at == 0 { mark } else { "" };
            let line = format!("{mark:>indent$}{line}");
            let _ = writeln!(self.text, "{}", line.trim_end());
        }
    }

    fn list(&mut self, heading: &str, items: &[String]) {
        self.heading(heading);
        for item in items {
            self.lines("- ", INDENT, item);
        }
        self.none_of(items);
    }

    fn steps(&mut self, heading: &str, steps: &[String]) {
        self.heading(heading);
        for (number, step) in (1..).zip(steps) {
            self.lines(&format!("{number}. "), INDENT + 1, step);
        }
        self.none_of(steps);
    }

    /// Says so, where a list is empty.
    fn none_of<T>(&mut self, items: &[T]) {
        if items.is_empty() {
            self.lines("", INDENT, "none");
        }
    }
}
