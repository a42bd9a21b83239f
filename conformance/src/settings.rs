//! What is known of a device, or wanted of it: `name = value`, as in a profile. Protocols give names their meaning.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::event::Port;

/// Values by name. A value may be given for one port alone, as `lacp.key.p2`, which goes before `lacp.key`.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Settings(BTreeMap<String, String>);

/// A value that does not fit its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} = {value:?}: expected {expected}")]
pub struct BadSetting {
    /// Which one.
    pub name: String,
    /// What stands there.
    pub value: String,
    /// What should.
    pub expected: String,
}

impl Settings {
    /// Nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// With this value too, in place of an older one.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl fmt::Display) -> Self {
        self.set(name, value);
        self
    }

    /// Sets a value in place of an older one.
    pub fn set(&mut self, name: &str, value: impl fmt::Display) {
        self.0.insert(name.to_owned(), value.to_string());
    }

    /// The value as text.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// These, and where they are silent those of `base`.
    #[must_use]
    pub fn over(&self, base: &Self) -> Self {
        let mut merged = base.clone();
        for (name, value) in self.iter() {
            merged.set(name, value);
        }
        merged
    }

    /// The value, or `default` if there is none.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn get<T: FromStr>(&self, name: &str, expected: &str, default: T) -> Result<T, BadSetting> {
        match self.text(name) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| self.bad(name, expected)),
        }
    }

    /// The value of this port, or of all.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn of_port<T: FromStr>(
        &self,
        name: &str,
        port: Port,
        expected: &str,
        default: T,
    ) -> Result<T, BadSetting> {
        let own = format!("{name}.p{}", u32::from(port.0) + 1);
        if self.0.contains_key(&own) {
            self.get(&own, expected, default)
        } else {
            self.get(name, expected, default)
        }
    }

    /// One of two or more words, by its position.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn word(&self, name: &str, words: &[&str], default: usize) -> Result<usize, BadSetting> {
        match self.text(name) {
            None => Ok(default),
            Some(text) => words
                .iter()
                .position(|word| *word == text)
                .ok_or_else(|| self.bad(name, &format!("one of {}", words.join(", ")))),
        }
    }

    /// Like [`Self::word`], for this port or all.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn word_of_port(
        &self,
        name: &str,
        port: Port,
        words: &[&str],
        default: usize,
    ) -> Result<usize, BadSetting> {
        let own = format!("{name}.p{}", u32::from(port.0) + 1);
        if self.0.contains_key(&own) {
            self.word(&own, words, default)
        } else {
            self.word(name, words, default)
        }
    }

    /// `yes` or `no`.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, BadSetting> {
        Ok(self.word(name, &["no", "yes"], usize::from(default))? == 1)
    }

    /// Seconds.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn seconds(&self, name: &str, default: Duration) -> Result<Duration, BadSetting> {
        let seconds: f64 = self.get(name, "a number of seconds", default.as_secs_f64())?;
        Duration::try_from_secs_f64(seconds).map_err(|_| self.bad(name, "a number of seconds, not negative"))
    }

    fn bad(&self, name: &str, expected: &str) -> BadSetting {
        let value = self.text(name).unwrap_or_default().to_owned();
        BadSetting { name: name.to_owned(), value, expected: expected.to_owned() }
    }
}

impl<N: AsRef<str>, V: fmt::Display> FromIterator<(N, V)> for Settings {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(pairs: I) -> Self {
        let mut settings = Self::new();
        for (name, value) in pairs {
            settings.set(name.as_ref(), value);
        }
        settings
    }
}
