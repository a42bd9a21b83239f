//! Format rules as data, and the deviations from them that `audit` reports.

use core::fmt;

/// How binding a rule is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// A "shall" or "MUST", or a field definition of the standard.
    Must,
    /// A "should" or "SHOULD".
    Should,
    /// No public standard says so: what every known device sends (HSRPv2, GLBP, Cisco's extensions).
    /// Worth a look, never a failure.
    Observed,
}

/// A rule on the format of a PDU or of the frame around it.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Permanent name, `protocol.area.behaviour`.
    pub id: &'static str,
    /// Where it is written: standard, edition and clause.
    pub clause: &'static str,
    /// How binding it is.
    pub level: Level,
    /// What is required, in our own words.
    pub text: &'static str,
}

/// A rule that some octets break.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Deviation {
    /// The rule.
    pub rule: &'static Rule,
    /// Offset of the first octet that breaks it, from the first octet that was handed to `audit`.
    pub at: u16,
    /// What is there, as a number; of a block, the first octet that is wrong.
    pub found: u32,
}

impl Deviation {
    pub(crate) fn new(rule: &'static Rule, at: usize, found: impl Into<u32>) -> Self {
        Self { rule, at: u16::try_from(at).unwrap_or(u16::MAX), found: found.into() }
    }

    /// The same deviation, seen from `offset` octets further out.
    #[must_use]
    pub fn shifted(self, offset: usize) -> Self {
        Self { at: u16::try_from(usize::from(self.at) + offset).unwrap_or(u16::MAX), ..self }
    }
}

impl fmt::Display for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { rule, at, found } = self;
        write!(f, "{}, found {found} (0x{found:x}) at octet {at} [{}]", rule.text, rule.clause)
    }
}

impl fmt::Debug for Deviation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {self}", self.rule.id)
    }
}

/// Rules as statics, and a list of all of them.
macro_rules! rules {
    ( $( $NAME:ident $level:ident $id:literal $clause:literal $text:literal; )* ) => {
        $(
            #[doc = concat!($text, " (", $clause, ").")]
            pub static $NAME: crate::rule::Rule = crate::rule::Rule {
                id: $id, clause: $clause, level: crate::rule::Level::$level, text: $text,
            };
        )*
        /// All rules of this module.
        pub static ALL: &[&crate::rule::Rule] = &[$(&$NAME),*];
    };
}

/// Collects what `audit` finds: the place where a comparison becomes a deviation.
pub(crate) struct Auditor<'r> {
    report: &'r mut dyn FnMut(Deviation),
}

impl<'r> Auditor<'r> {
    pub(crate) fn new(report: &'r mut dyn FnMut(Deviation)) -> Self {
        Self { report }
    }

    /// Reports `rule` at `at` unless `holds`.
    pub(crate) fn check(&mut self, holds: bool, rule: &'static Rule, at: usize, found: impl Into<u32>) {
        if !holds {
            (self.report)(Deviation::new(rule, at, found));
        }
    }

    /// Reports `rule` at the first octet that is not zero.
    pub(crate) fn zero(&mut self, octets: &[u8], rule: &'static Rule, at: usize) {
        if let Some(index) = octets.iter().position(|octet| *octet != 0) {
            (self.report)(Deviation::new(rule, at + index, octets[index]));
        }
    }
}

pub(crate) use rules;
