//! What is known of a device, or wanted of it: `name = value`, as in a profile. Protocols give names their meaning, in
//! the tables of [`setting`].

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::event::Port;
use crate::spec::setting;

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

    /// These, and where they are silent those of `base`. What is said of all ports here goes before what `base` says of
    /// one.
    #[must_use]
    pub fn over(&self, base: &Self) -> Self {
        let mut merged = base.clone();
        merged.0.retain(|name, _| match setting::split_port(name) {
            (base, Some(_)) => self.text(base).is_none(),
            _ => true,
        });
        for (name, value) in self.iter() {
            merged.set(name, value);
        }
        merged
    }

    /// The value of that name; where the name is of one port and there is none, that of all ports.
    pub fn effective(&self, name: &str) -> Option<&str> {
        self.text(name).or_else(|| self.text(setting::split_port(name).0))
    }

    /// The value, or `default` if there is none.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn get<T: FromStr>(&self, name: &str, default: T) -> Result<T, BadSetting> {
        let Some(text) = self.text(name) else { return Ok(default) };
        let accepted = setting::find(name).is_none_or(|known| known.kind.accepts(text));
        text.parse().ok().filter(|_| accepted).ok_or_else(|| self.bad(name))
    }

    /// The value of this port, or of all.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn of_port<T: FromStr>(&self, name: &str, port: Port, default: T) -> Result<T, BadSetting> {
        self.get(&self.own(name, port), default)
    }

    /// The name under which the port's value stands.
    fn own(&self, name: &str, port: Port) -> String {
        let own = format!("{name}.p{}", u32::from(port.0) + 1);
        if self.0.contains_key(&own) { own } else { name.to_owned() }
    }

    /// One of the words that the setting's table has, by its position there.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn word(&self, name: &str, default: usize) -> Result<usize, BadSetting> {
        let Some(text) = self.text(name) else { return Ok(default) };
        let words = setting::find(name).map_or(&[][..], |known| known.kind.words());
        words.iter().position(|word| *word == text).ok_or_else(|| self.bad(name))
    }

    /// Like [`Self::word`], for this port or all.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn word_of_port(&self, name: &str, port: Port, default: usize) -> Result<usize, BadSetting> {
        self.word(&self.own(name, port), default)
    }

    /// `yes` or `no`.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn flag(&self, name: &str, default: bool) -> Result<bool, BadSetting> {
        Ok(self.word(name, usize::from(default))? == 1)
    }

    /// Seconds.
    ///
    /// # Errors
    /// The value does not fit.
    pub fn seconds(&self, name: &str, default: Duration) -> Result<Duration, BadSetting> {
        let seconds: f64 = self.get(name, default.as_secs_f64())?;
        Duration::try_from_secs_f64(seconds).map_err(|_| self.bad(name))
    }

    fn bad(&self, name: &str) -> BadSetting {
        let value = self.text(name).unwrap_or_default().to_owned();
        let expected = setting::find(name).map_or("another value".to_owned(), |known| known.kind.expected());
        BadSetting { name: name.to_owned(), value, expected }
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
