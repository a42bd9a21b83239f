//! What a standard asks for, one by one, in words of our own.

use super::edition::{Clauses, Edition, Editions};

/// How much is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Breaking it is a failure.
    Must,
    /// Breaking it makes the result weak.
    Should,
    /// Either way is right.
    May,
    /// Recorded, because the text leaves it open or could not be confirmed; fails nobody.
    Info,
}

impl Level {
    /// As in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::Should => "SHOULD",
            Self::May => "MAY",
            Self::Info => "INFO",
        }
    }
}

/// How one can see from outside whether a requirement is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observable {
    /// From frames alone.
    Wire,
    /// From frames, if the tester can take the carrier away.
    WireAndLink,
    /// From frames, if the device can be configured.
    WireAndConfiguration,
    /// From data frames on both sides of the device.
    DataPlane,
    /// Only from the device's own account of its state.
    StateOnly,
    /// Not at all, and why.
    No(&'static str),
}

/// One requirement.
#[derive(Clone, Copy, Debug)]
pub struct Requirement {
    /// Permanent: `lacp.rx.expired-after-short-timeout`.
    pub id: &'static str,
    /// Where it stands.
    pub clauses: Clauses,
    /// Editions that ask for it.
    pub editions: Editions,
    /// How much is asked.
    pub level: Level,
    /// In our own words.
    pub text: &'static str,
    /// How it is seen.
    pub observable: Observable,
    /// Ids of the table rows that it shows at work.
    pub rows: &'static [&'static str],
}

/// The requirement of that id, of any protocol.
pub fn find(id: &str) -> Option<&'static Requirement> {
    all().find(|requirement| requirement.id == id)
}

/// All requirements of all protocols.
pub fn all() -> impl Iterator<Item = &'static Requirement> {
    super::PROTOCOLS.iter().chain(super::ONLY_IN_CAPTURES).flat_map(|protocol| protocol.requirements)
}

impl Requirement {
    /// To cite: `802.1ax-2014 6.4.12`.
    pub fn cite(&self, edition: Edition) -> String {
        self.clauses.cite(edition)
    }
}

/// How many there are in all of these.
pub(crate) const fn count(areas: &[&[Requirement]]) -> usize {
    let (mut count, mut area) = (0, 0);
    while area < areas.len() {
        count += areas[area].len();
        area += 1;
    }
    count
}

/// All of these as one list.
pub(crate) const fn joined<const COUNT: usize>(areas: &[&[Requirement]]) -> [Requirement; COUNT] {
    let mut all = [areas[0][0]; COUNT];
    let (mut next, mut area) = (0, 0);
    while area < areas.len() {
        let mut at = 0;
        while at < areas[area].len() {
            all[next] = areas[area][at];
            next += 1;
            at += 1;
        }
        area += 1;
    }
    all
}
