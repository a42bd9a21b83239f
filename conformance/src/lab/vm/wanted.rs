//! What a test wants of a device, and what of it the device can be given.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::bed::{NoBed, Wanted};
use crate::settings::{BadSetting, Settings};
use crate::spec::setting::split_port;

/// The settings of a test, over those of the device. What was asked for is remembered: at the end the test may not want
/// anything else.
pub struct Want<'a> {
    device: &'static str,
    wanted: &'a Settings,
    defaults: &'a Settings,
    all: Settings,
    asked: BTreeSet<String>,
}

impl<'a> Want<'a> {
    /// What `wanted` wants of a device with so many ports at most.
    ///
    /// # Errors
    /// It wants more ports.
    pub fn new(
        device: &'static str,
        wanted: &'a Wanted,
        defaults: &'a Settings,
        most: usize,
    ) -> Result<Self, NoBed> {
        if wanted.ports > most {
            return Err(NoBed::NotApplicable(format!(
                "the lab has {most} links, the test wants {}",
                wanted.ports
            )));
        }
        let all = wanted.settings.over(defaults);
        Ok(Self { device, wanted: &wanted.settings, defaults, all, asked: BTreeSet::new() })
    }

    /// A setting as it is written.
    pub fn text(&mut self, name: &str) -> Option<&str> {
        self.asked.insert(name.to_owned());
        self.all.text(name)
    }

    /// A setting that is given.
    ///
    /// # Errors
    /// It does not fit.
    pub fn value<T: FromStr>(&mut self, name: &str, expected: &str) -> Result<T, NoBed> {
        let missing = || NoBed::Tester(format!("the lab gives no {name}"));
        let text = self.text(name).ok_or_else(missing)?;
        let bad =
            || BadSetting { name: name.to_owned(), value: text.to_owned(), expected: expected.to_owned() };
        Ok(text.parse().map_err(|_| bad())?)
    }

    /// A number of two octets.
    ///
    /// # Errors
    /// It is none.
    pub fn number(&mut self, name: &str) -> Result<u16, NoBed> {
        self.value(name, "a number from 0 to 65535")
    }

    /// The same, of a port of this index.
    ///
    /// # Errors
    /// It is none.
    pub fn number_of_port(&mut self, name: &str, port: usize) -> Result<u16, NoBed> {
        let own = format!("{name}.p{}", port + 1);
        let given = self.text(&own).is_some();
        self.number(if given { &own } else { name })
    }

    /// One of these words, by its position.
    ///
    /// # Errors
    /// It is none of them.
    pub fn word(&mut self, name: &str, words: &[&str]) -> Result<usize, NoBed> {
        self.asked.insert(name.to_owned());
        let Some(text) = self.all.text(name) else { return Ok(0) };
        words.iter().position(|word| *word == text).ok_or_else(|| {
            let (name, value) = (name.to_owned(), text.to_owned());
            NoBed::Setting(BadSetting { name, value, expected: words.join(" or ") })
        })
    }

    /// The keys of the ports. Ports of several keys have an Aggregator each, even though only one is used at a time.
    ///
    /// # Errors
    /// One is no number, or the test wants one Aggregator for several of them.
    pub fn keys(&mut self, ports: usize) -> Result<Vec<u16>, NoBed> {
        let keys: Vec<u16> =
            (0..ports).map(|port| self.number_of_port("lacp.key", port)).collect::<Result<_, _>>()?;
        let several = keys.windows(2).any(|pair| pair[0] != pair[1]);
        if several && self.wanted.text("lacp.aggregators") == Some("1") {
            return Err(unable(self.device, "one Aggregator for ports of several keys"));
        }
        Ok(keys)
    }

    /// The test wants nothing that was not asked for, unless the device is so anyway.
    ///
    /// # Errors
    /// It does.
    pub fn nothing_else(&self) -> Result<(), NoBed> {
        for (name, value) in self.wanted.iter().filter(|(name, _)| !self.asked.contains(*name)) {
            let have = self.defaults.effective(name);
            if have != Some(value) {
                let instead = have.map(|have| format!(": it has {have}")).unwrap_or_default();
                return Err(unable(self.device, &format!("{name} = {value}{instead}")));
            }
        }
        Ok(())
    }
}

/// A device cannot be given something.
pub fn unable(device: &str, what: &str) -> NoBed {
    NoBed::NotApplicable(format!("{device} cannot have {what}"))
}

/// A name without its port, and the index of the port: `lacp.key.p2` is `lacp.key` of port 1.
pub fn of_port(name: &str) -> (&str, Option<usize>) {
    let (name, port) = split_port(name);
    (name, port.and_then(|port| usize::from(port).checked_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(settings: Settings) -> Wanted {
        Wanted { test: "x".to_owned(), ports: 2, capabilities: Vec::new(), settings }
    }

    #[test]
    fn what_is_not_asked_for_has_to_be_so_anyway() {
        let defaults = Settings::new().with("a", 1).with("b", 2).with("c", 3);
        let settings = Settings::new().with("a", 7).with("b.p2", 2).with("c", 3);
        let wanted = wanted(settings.clone());
        let mut want = Want::new("D", &wanted, &defaults, 2).unwrap();
        let reason = want.nothing_else().unwrap_err().to_string();
        assert_eq!(reason, "D cannot have a = 7: it has 1");
        assert_eq!(want.number("a").unwrap(), 7);
        want.nothing_else().unwrap();
        let mut other = wanted.clone();
        other.settings.set("x.y", "z");
        let mut want = Want::new("D", &other, &defaults, 2).unwrap();
        want.number("a").unwrap();
        assert_eq!(want.nothing_else().unwrap_err().to_string(), "D cannot have x.y = z");
        assert!(Want::new("D", &other, &defaults, 1).is_err());
    }

    #[test]
    fn several_keys_have_several_aggregators() {
        let defaults = Settings::new().with("lacp.key", 9).with("lacp.aggregators", 1);
        let settings = Settings::new().with("lacp.key.p2", 11);
        let (any, one) = (wanted(settings.clone()), wanted(settings.with("lacp.aggregators", 1)));
        assert_eq!(Want::new("D", &any, &defaults, 4).unwrap().keys(2).unwrap(), [9, 11]);
        assert!(Want::new("D", &one, &defaults, 4).unwrap().keys(2).is_err());
        assert_eq!(Want::new("D", &one, &defaults, 4).unwrap().keys(1).unwrap(), [9]);
    }

    #[test]
    fn ports_have_their_own_values() {
        let defaults = Settings::new().with("key", 9);
        let wanted = wanted(Settings::new().with("key.p2", 11));
        let mut want = Want::new("D", &wanted, &defaults, 4).unwrap();
        assert_eq!(want.number_of_port("key", 0).unwrap(), 9);
        assert_eq!(want.number_of_port("key", 1).unwrap(), 11);
        want.nothing_else().unwrap();
        assert_eq!(of_port("lacp.key.p2"), ("lacp.key", Some(1)));
        assert_eq!(of_port("lacp.partner"), ("lacp.partner", None));
        assert_eq!(of_port("lacp.key.p0"), ("lacp.key.p0", None));
    }
}
