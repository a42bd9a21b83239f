//! Words that several reports share.

use std::borrow::Cow;

use textwrap::{Options, WordSeparator, WordSplitter};

use crate::verdict::{Obligation, Timing};

/// `text` in lines of at most `width` columns, broken between words where that is possible. Its own line feeds are
/// spaces.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let options = Options::new(width.max(1))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(&printable(text), options).into_iter().map(Cow::into_owned).collect()
}

/// Without control characters: what a device sent cannot speak to the terminal.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    let is_plain = |c: char| !c.is_control();
    if text.chars().all(is_plain) {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => plain.push(' '),
            c if is_plain(c) => plain.push(c),
            c => plain.extend(c.escape_default()),
        }
    }
    Cow::Owned(plain)
}

/// As wide on a terminal as it is.
pub(super) fn width(text: &str) -> usize {
    textwrap::core::display_width(text)
}

/// `2.450 s`: as many decimals as there are, at least three.
pub(super) fn seconds(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    format!("{sign}{} s", crate::time::Time::from_nanos(nanoseconds.unsigned_abs()))
}

fn span([from, to]: [i64; 2]) -> String {
    format!("{} to {}", seconds(from), seconds(to))
}

/// `0.900 s to 1.100 s, held to 0.800 s to 1.500 s`: what the standard gives, and what the device was held to where that
/// differs.
pub(super) fn window(timing: &Timing) -> String {
    if timing.limit == timing.window {
        span(timing.window)
    } else {
        format!("{}, held to {}", span(timing.window), span(timing.limit))
    }
}

/// `2.450 s, ± 0.002 s`, or that it never came.
pub(super) fn observed(timing: &Timing) -> String {
    match (timing.observed, timing.uncertainty) {
        (None, _) => "never".to_owned(),
        (Some(time), 0) => seconds(time),
        (Some(time), uncertainty) => {
            let uncertainty = i64::try_from(uncertainty).unwrap_or(i64::MAX);
            format!("{}, ± {}", seconds(time), seconds(uncertainty))
        }
    }
}

/// An obligation in a few lines, for logs.
pub(super) fn obligation(obligation: &Obligation) -> String {
    let Obligation { requirement, judgement, text, timing, frame } = obligation;
    let at = frame.map_or_else(String::new, |number| format!(", frame {number}"));
    let timing = timing.map_or_else(String::new, |timing| {
        format!("  window {}; seen {}\n", window(&timing), observed(&timing))
    });
    format!("{}: {requirement}{at}\n  {text}\n{timing}", judgement.name())
}

/// What decided a test: the obligations that are as bad as the worst.
pub(super) fn deciding(obligations: &[Obligation]) -> impl Iterator<Item = &Obligation> {
    use crate::verdict::Judgement::{Info, Pass};
    let worst = obligations.iter().map(|obligation| obligation.judgement).max();
    obligations
        .iter()
        .filter(move |obligation| Some(obligation.judgement) == worst)
        .filter(|obligation| !matches!(obligation.judgement, Info | Pass))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(wrap("one two-three  four\nfive", 9), ["one", "two-three", "four five"]);
        assert_eq!(wrap("a word longer than that", 6), ["a word", "longer", "than", "that"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 0), [""]);
        assert_eq!(wrap("ab", 0), ["a", "b"]);
        assert_eq!(wrap("\u{1b}[31mred\u{7}", 80), ["\\u{1b}[31mred\\u{7}"]);
        assert_eq!(width("✓ 日本"), 6);
    }

    #[test]
    fn times() {
        assert_eq!(seconds(0), "0.000 s");
        assert_eq!(seconds(-1_500_000_000), "-1.500 s");
        assert_eq!(seconds(2_450_000_001), "2.450000001 s");
        assert_eq!(seconds(i64::MIN), "-9223372036.854775808 s");
        let mut timing = Timing { window: [0, 1], limit: [0, 1], uncertainty: 0, observed: Some(5_000_000) };
        assert_eq!(window(&timing), "0.000 s to 0.000000001 s");
        assert_eq!(observed(&timing), "0.005 s");
        timing.limit = [-1_000_000, 1];
        timing.uncertainty = 1_000_000;
        assert_eq!(window(&timing), "0.000 s to 0.000000001 s, held to -0.001 s to 0.000000001 s");
        assert_eq!(observed(&timing), "0.005 s, ± 0.001 s");
        timing.observed = None;
        assert_eq!(observed(&timing), "never");
    }
}
