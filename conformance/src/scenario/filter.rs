//! Which tests are meant: by a prefix of their ids, or by a glob over the whole id.

use wildmatch::WildMatch;

/// `lacp.rx` or `*.timeout*`.
#[derive(Clone, Debug)]
pub struct Filter {
    text: String,
    glob: Option<WildMatch>,
}

impl From<&str> for Filter {
    fn from(text: &str) -> Self {
        let glob = text.contains(['*', '?']).then(|| WildMatch::new(text));
        Self { text: text.to_owned(), glob }
    }
}

impl Filter {
    /// The id is one of those meant.
    pub fn matches(&self, id: &str) -> bool {
        self.glob.as_ref().map_or_else(|| id.starts_with(&self.text), |glob| glob.matches(id))
    }

    /// As it was given.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// What is wanted and what is not. Without a filter everything is wanted.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Any of these.
    pub wanted: Vec<Filter>,
    /// None of these.
    pub excluded: Vec<Filter>,
}

impl Selection {
    /// The id is wanted, whether excluded or not.
    pub fn wants(&self, id: &str) -> bool {
        self.wanted.is_empty() || self.wanted.iter().any(|filter| filter.matches(id))
    }

    /// The id is excluded.
    pub fn excludes(&self, id: &str) -> bool {
        self.excluded.iter().any(|filter| filter.matches(id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_prefix_and_a_star_makes_a_glob() {
        assert!(Filter::from("lacp.rx").matches("lacp.rx.expired"));
        assert!(!Filter::from("rx").matches("lacp.rx.expired"));
        assert!(Filter::from("*.rx.*").matches("lacp.rx.expired"));
        assert!(!Filter::from("lacp.*.x").matches("lacp.rx.expired"));
        let selection = Selection { wanted: vec!["lacp".into()], excluded: vec!["*.rx.*".into()] };
        assert!(selection.wants("lacp.rx.expired") && selection.excludes("lacp.rx.expired"));
        assert!(!selection.wants("marker.responder.answers"));
        assert!(Selection::default().wants("anything"));
    }
}
