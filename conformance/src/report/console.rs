//! A run as people watch it.
//!
//! On a terminal a bar shows how far it is, and only what is not plainly right gets a line; anywhere else every test
//! gets one. Cards of the failures and the summary come at the end. Colours repeat what words and symbols say.

use std::collections::BTreeMap;
use std::io::{self, Write};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::text;
use crate::spec::{Edition, Level, requirement};
use crate::time::Time;
use crate::verdict::{Obligation, RunResult, TestResult, Verdict};
use crate::waivers::{Waiver, WaiverReport};

/// What is known before the first test.
#[derive(Clone, Debug)]
pub struct RunHeader {
    /// The device's name.
    pub device: String,
    /// What it is judged by.
    pub edition: Edition,
    /// From which everything random in the run comes.
    pub seed: u64,
    /// How many tests there will be.
    pub tests: usize,
    /// How many `-x` leaves out.
    pub excluded: usize,
    /// What `redspec run` has to be given besides a test and the seed to do the same again: `--dut`, and the file's name.
    pub arguments: Vec<String>,
}

/// Writes a run to `out`.
pub struct Console<W> {
    out: W,
    width: usize,
    colour: bool,
    /// On a terminal.
    target: Option<ProgressDrawTarget>,
    bar: ProgressBar,
    /// Lines of tests were written that the next part has to be set off from.
    begun: bool,
    /// So far, of what the bar counts.
    tally: BTreeMap<Verdict, usize>,
    /// How to run a test again: what comes behind its id.
    again: Vec<String>,
}

/// Lines of a card: the words in front of the text.
const LABEL: usize = 11;
/// Obligations on one card.
const SHOWN: usize = 3;
/// So many names of tests are told at the end; of more their number.
const FEW: usize = 10;
const LEVELS: [Level; 4] = [Level::Must, Level::Should, Level::May, Level::Info];

impl<W: Write> Console<W> {
    /// `width` in columns. A terminal gets a bar, on the standard error, and colours unless `NO_COLOR` is set or it has
    /// none.
    pub fn new(out: W, width: usize, is_terminal: bool) -> Self {
        let colour = is_terminal && !anstyle_query::no_color() && anstyle_query::term_supports_color();
        Self {
            out,
            width: width.max(40),
            colour,
            target: is_terminal.then(ProgressDrawTarget::stderr),
            bar: ProgressBar::hidden(),
            begun: false,
            tally: BTreeMap::new(),
            again: Vec::new(),
        }
    }

    /// Colours or none, whatever the environment says.
    #[must_use]
    pub fn coloured(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// Draws the bar elsewhere, if there is one.
    #[must_use]
    pub fn with_bar_on(mut self, target: ProgressDrawTarget) -> Self {
        self.target = self.target.map(|_| target);
        self
    }

    /// Before the first test.
    ///
    /// # Errors
    /// `out` fails; so below.
    pub fn begin(&mut self, header: &RunHeader) -> io::Result<()> {
        let RunHeader { device, edition, seed, tests, excluded, arguments } = header;
        self.again = vec![format!("--seed {seed}")];
        for argument in arguments {
            match self.again.last_mut() {
                // The value of an option stays with it.
                Some(option) if !argument.starts_with('-') && !option.contains(' ') => {
                    *option = format!("{option} {}", quoted(argument));
                }
                _ => self.again.push(quoted(argument)),
            }
        }
        let version = env!("CARGO_PKG_VERSION");
        self.prose(&format!("redspec {version}: {device}, {edition}, seed {seed}"), 0)?;
        let excluded = if *excluded == 0 { String::new() } else { format!(", {excluded} excluded") };
        self.prose(&format!("{}{excluded}", counted(*tests, "test")), 0)?;
        writeln!(self.out)?;
        if let Some(target) = self.target.take() {
            let style = ProgressStyle::with_template("{bar:24} {pos}/{len}  {eta} left  {msg}");
            let style = style.map_err(io::Error::other)?.progress_chars("█▌░");
            self.bar = ProgressBar::with_draw_target(Some(*tests as u64), target).with_style(style);
            self.bar.tick();
        }
        self.out.flush()
    }

    /// One test is over.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn test(&mut self, test: &TestResult) -> io::Result<()> {
        *self.tally.entry(test.verdict).or_default() += 1;
        if self.bar.length().is_none() || !matches!(test.verdict, Verdict::Pass | Verdict::NotApplicable) {
            let bar = self.bar.clone();
            bar.suspend(|| self.line(test))?;
        }
        let tally = self.tally.iter().filter(|(verdict, _)| **verdict != Verdict::NotApplicable);
        let message: Vec<_> =
            tally.map(|(verdict, count)| format!("{} {count}", Look::of(*verdict).symbol)).collect();
        self.bar.set_message(message.join("  "));
        self.bar.inc(1);
        self.out.flush()
    }

    /// After the last test: what failed, how, and how to see it again; the counts. Waivers have been applied.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn end(&mut self, run: &RunResult) -> io::Result<()> {
        self.bar.finish_and_clear();
        if self.begun {
            writeln!(self.out)?;
        }
        for test in &run.tests {
            if test.waived.is_none()
                && matches!(test.verdict, Verdict::Fail | Verdict::Error | Verdict::Crash)
            {
                self.card(test, run.edition)?;
            }
        }
        self.waived(run)?;
        self.not_applicable(run)?;
        if !run.excluded.is_empty() {
            self.prose(&format!("{} excluded: {}", run.excluded.len(), run.excluded.join(", ")), 2)?;
            writeln!(self.out)?;
        }
        self.summary(run)?;
        self.out.flush()
    }

    /// After that: what is wrong with the waivers.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn waivers(&mut self, report: &WaiverReport) -> io::Result<()> {
        let WaiverReport { applied: _, expired, unneeded, mismatched, not_run } = report;
        let mut notes: Vec<(&Waiver, String)> = Vec::new();
        notes.extend(expired.iter().map(|waiver| (waiver, format!("expired on {}", waiver.until))));
        notes.extend(unneeded.iter().map(|waiver| (waiver, "no longer needed: the test passed".to_owned())));
        notes.extend(
            mismatched.iter().map(|(waiver, cause)| (waiver, format!("the test broke {cause} instead"))),
        );
        notes.sort_by_key(|(waiver, _)| waiver.line);
        for (waiver, note) in notes {
            let Waiver { test, cause, line, .. } = waiver;
            let mark = self.paint(Look::WAIVER.style, "! waiver");
            self.marked(&mark, "! waiver", &format!("line {line}, {test} for {cause}: {note}"))?;
        }
        if not_run.len() > FEW {
            self.prose(&format!("{} waivers are for tests that did not run", not_run.len()), 2)?;
        } else if !not_run.is_empty() {
            let tests: Vec<_> = not_run.iter().map(|waiver| waiver.test.as_str()).collect();
            self.prose(&format!("waivers for tests that did not run: {}", tests.join(", ")), 2)?;
        }
        self.out.flush()
    }

    /// `✗ FAIL  id`, and why below it.
    fn line(&mut self, test: &TestResult) -> io::Result<()> {
        self.begun = true;
        let look = Look::of(test.verdict);
        let plain = format!("{} {:12}", look.symbol, look.word);
        let mark = self.paint(look.style, &plain);
        self.marked(&mark, &plain, &test.id)?;
        match &test.reason {
            Some(reason) if test.verdict != Verdict::Pass => self.prose_at(reason, 4),
            _ => Ok(()),
        }
    }

    fn card(&mut self, test: &TestResult, edition: Edition) -> io::Result<()> {
        let look = Look::of(test.verdict);
        let title = format!("━━ {} {} {} ", look.symbol, look.word, text::printable(&test.id));
        let rule = "━".repeat(self.width.saturating_sub(text::width(&title)));
        let title = self.paint(look.style, &format!("{title}{rule}"));
        writeln!(self.out, "{title}")?;
        self.row("clause", &test.clauses.join(", "))?;
        self.row("level", test.level.name())?;
        let deciding: Vec<_> = text::deciding(&test.obligations).collect();
        match &test.reason {
            Some(reason) if deciding.iter().all(|obligation| obligation.text != *reason) => {
                self.row("reason", reason)?;
            }
            _ => {}
        }
        for obligation in deciding.iter().take(SHOWN) {
            self.obligation(obligation, edition)?;
        }
        if deciding.len() > SHOWN {
            self.row("", &format!("and {} more", deciding.len() - SHOWN))?;
        }
        if let Some(path) = &test.evidence {
            self.whole("evidence", &[text::printable(&path.to_string_lossy()).into_owned()])?;
        }
        let again = ["redspec".to_owned(), "run".to_owned(), quoted(&test.id)];
        let again: Vec<_> = again.into_iter().chain(self.again.iter().cloned()).collect();
        self.whole("again", &again)?;
        writeln!(self.out)
    }

    fn obligation(&mut self, obligation: &Obligation, edition: Edition) -> io::Result<()> {
        let requirement = requirement::find(obligation.requirement);
        let clause = requirement.map_or_else(String::new, |requirement| {
            format!(", {} {}", requirement.level.name(), requirement.cite(edition))
        });
        self.row("broken", &format!("{}{clause}", obligation.requirement))?;
        if let Some(requirement) = requirement {
            self.row("expected", requirement.text)?;
        }
        if let Some(timing) = obligation.timing {
            self.row("window", &text::window(&timing))?;
        }
        self.row("observed", &obligation.text)?;
        let frame = obligation.frame.map(|number| format!("frame {number}"));
        let time = obligation.timing.map(|timing| match timing.observed {
            Some(_) => format!("{} after the stimulus", text::observed(&timing)),
            None => "it never came".to_owned(),
        });
        let at: Vec<_> = frame.into_iter().chain(time).collect();
        if at.is_empty() { Ok(()) } else { self.row("at", &at.join(", ")) }
    }

    /// Failures that were expected, each with the reason.
    fn waived(&mut self, run: &RunResult) -> io::Result<()> {
        let mut any = false;
        for test in &run.tests {
            if let Some(reason) = &test.waived {
                let plain = format!("w {:12}", "expected");
                let mark = self.paint(Look::WAIVER.style, &plain);
                self.marked(&mark, &plain, &format!("{} {}: {reason}", test.verdict.name(), test.id))?;
                any = true;
            }
        }
        if any { writeln!(self.out) } else { Ok(()) }
    }

    /// What did not apply, by reason: never a silent skip.
    fn not_applicable(&mut self, run: &RunResult) -> io::Result<()> {
        let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
        for test in run.tests.iter().filter(|test| test.verdict == Verdict::NotApplicable) {
            *reasons.entry(test.reason.as_deref().unwrap_or("no reason given")).or_default() += 1;
        }
        for (reason, count) in &reasons {
            self.prose(&format!("{count} not applicable: {reason}"), 2)?;
        }
        if reasons.is_empty() { Ok(()) } else { writeln!(self.out) }
    }

    /// Verdicts down, levels across.
    fn summary(&mut self, run: &RunResult) -> io::Result<()> {
        writeln!(self.out, "{:14}{:>7}{:>7}{:>7}{:>7}{:>7}", "", "MUST", "SHOULD", "MAY", "INFO", "all")?;
        for verdict in Verdict::ALL {
            let unexpected = |test: &&TestResult| test.verdict == verdict && test.waived.is_none();
            self.counts(Look::of(verdict), run.tests.iter().filter(unexpected))?;
        }
        self.counts(Look::WAIVER, run.tests.iter().filter(|test| test.waived.is_some()))?;
        let sum = |time: fn(&TestResult) -> Duration| {
            let sum = run.tests.iter().map(time).fold(Duration::ZERO, Duration::saturating_add);
            Time::ZERO + Duration::from_millis(u64::try_from(sum.as_millis()).unwrap_or(u64::MAX))
        };
        let (device, wall) = (sum(|test| test.device_time), sum(|test| test.wall_time));
        let tests = counted(run.tests.len(), "test");
        self.prose(&format!("{tests}, {device} s of the protocol's time in {wall} s"), 0)
    }

    fn counts<'a>(&mut self, look: Look, tests: impl Iterator<Item = &'a TestResult>) -> io::Result<()> {
        let mut counts = [0_usize; LEVELS.len()];
        for test in tests {
            let at = LEVELS.iter().position(|level| *level == test.level).unwrap_or_default();
            counts[at] += 1;
        }
        let all: usize = counts.iter().sum();
        if all == 0 {
            return Ok(());
        }
        let mark = self.paint(look.style, &format!("{} {:12}", look.symbol, look.word));
        write!(self.out, "{mark}")?;
        for count in counts.into_iter().chain([all]) {
            write!(self.out, "{count:>7}")?;
        }
        writeln!(self.out)
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }

    /// Text from the first column on; further lines begin `indent` columns to the right.
    fn prose(&mut self, words: &str, indent: usize) -> io::Result<()> {
        for (at, line) in text::wrap(words, self.width - indent).iter().enumerate() {
            let indent = if at == 0 { 0 } else { indent };
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// Text `indent` columns to the right.
    fn prose_at(&mut self, words: &str, indent: usize) -> io::Result<()> {
        for line in text::wrap(words, self.width - indent) {
            writeln!(self.out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// Text beside a mark, which is `plain` without colours.
    fn marked(&mut self, mark: &str, plain: &str, words: &str) -> io::Result<()> {
        let indent = text::width(plain) + 1;
        for (at, line) in text::wrap(words, self.width - indent).iter().enumerate() {
            match at {
                0 => writeln!(self.out, "{mark} {line}")?,
                _ => writeln!(self.out, "{:indent$}{line}", "")?,
            }
        }
        Ok(())
    }

    /// One thing on a card.
    fn row(&mut self, label: &str, words: &str) -> io::Result<()> {
        self.marked(&format!(" {label:9}"), &format!("{:10}", ""), words)
    }

    /// Words that stay whole, so that they can be copied; between them, lines end with a backslash as a shell wants it.
    fn whole(&mut self, label: &str, words: &[String]) -> io::Result<()> {
        let mut line = format!(" {label:9}");
        for (at, word) in words.iter().enumerate() {
            let backslash = if at + 1 == words.len() { 0 } else { 2 };
            if text::width(&line) + 1 + text::width(word) + backslash > self.width {
                if at == 0 {
                    // Nothing can be done but to give it a line of its own.
                    writeln!(self.out, "{}", line.trim_end())?;
                    line.clear();
                } else {
                    writeln!(self.out, "{line} \\")?;
                    line = " ".repeat(LABEL - 1);
                }
            }
            line = format!("{line} {word}");
        }
        writeln!(self.out, "{line}")
    }
}

/// How a verdict looks.
#[derive(Clone, Copy)]
struct Look {
    symbol: char,
    word: &'static str,
    style: Style,
}

impl Look {
    const WAIVER: Self = Self { symbol: 'w', word: "expected", style: AnsiColor::Cyan.on_default() };

    const fn of(verdict: Verdict) -> Self {
        let (symbol, word, style) = match verdict {
            Verdict::Pass => ('✓', "pass", AnsiColor::Green.on_default()),
            Verdict::Weak => ('~', "weak", AnsiColor::Yellow.on_default()),
            Verdict::Fail => ('✗', "FAIL", AnsiColor::Red.on_default().bold()),
            Verdict::Inconclusive => ('?', "inconclusive", AnsiColor::Yellow.on_default()),
            Verdict::NotApplicable => ('-', "n/a", Style::new().dimmed()),
            Verdict::Error => ('!', "ERROR", AnsiColor::Magenta.on_default().bold()),
            Verdict::Crash => ('†', "CRASH", AnsiColor::Red.on_default().bold()),
        };
        Self { symbol, word, style }
    }
}

fn counted(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// As a shell wants it.
fn quoted(argument: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./:=,+@%".contains(c);
    if !argument.is_empty() && argument.chars().all(plain) {
        argument.to_owned()
    } else {
        format!("'{}'", text::printable(argument).replace('\'', r"'\''"))
    }
}
