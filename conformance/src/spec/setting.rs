//! What can be said of a device in a profile, or wanted of it by a test: each protocol lists its own.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::str::FromStr;
use std::time::Duration;

use redspec_codec::MacAddress;

use super::PROTOCOLS;

/// A setting: a property of a device that tests want to be so or so, or that decides which tests are for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Setting {
    /// Its name: `lacp.timeout`.
    pub name: &'static str,
    /// Its values.
    pub kind: Kind,
    /// It may differ from port to port: `lacp.timeout.p2` is that of the second.
    pub per_port: bool,
    /// What it is.
    pub text: &'static str,
}

/// What a setting's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number in this range, both ends included.
    Number(u64, u64),
    /// One of these words.
    Word(&'static [&'static str]),
    /// A time in seconds, not negative, with a fraction or without.
    Seconds,
    /// A MAC address.
    Mac,
    /// An IPv4 address.
    Ipv4,
    /// An IPv6 address.
    Ipv6,
    /// Octets of ASCII that can be seen, at least one and at most so many.
    Text(usize),
}

/// A piece of a device's state that no frame shows, each port's own. Tests can only ask a device that tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account {
    /// Its name: `lacp.actor_churn`.
    pub name: &'static str,
    /// What it is, and what a device may say.
    pub text: &'static str,
}

/// `no` or `yes`.
pub const FLAG: Kind = Kind::Word(&["no", "yes"]);
/// 16 bits.
pub const SIXTEEN_BITS: Kind = Kind::Number(0, 0xffff);

/// Those of the tester itself, of no protocol.
const TESTER: &[Setting] = &[
    Setting::new("test.flood", Kind::Number(1, 10_000_000), "Frames that a flood of hostile frames has."),
    Setting::new(
        "test.timers",
        Kind::Word(&["ticks", "deadlines"]),
        "What the device's timers are: counted in ticks of its own, each of which a late host moves, or one deadline each.",
    ),
];

impl Setting {
    /// One of the whole device.
    pub const fn new(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Self { name, kind, per_port: false, text }
    }

    /// One that each port has.
    pub const fn of_port(name: &'static str, kind: Kind, text: &'static str) -> Self {
        Self { name, kind, per_port: true, text }
    }
}

impl Kind {
    /// The value is one of these.
    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Number(least, most) => {
                value.parse().is_ok_and(|number: u64| (least..=most).contains(&number))
            }
            Self::Word(words) => words.contains(&value),
            Self::Seconds => {
                value.parse().is_ok_and(|seconds: f64| Duration::try_from_secs_f64(seconds).is_ok())
            }
            Self::Mac => value.parse::<MacAddress>().is_ok(),
            Self::Ipv4 => value.parse::<Ipv4Addr>().is_ok(),
            Self::Ipv6 => value.parse::<Ipv6Addr>().is_ok(),
            Self::Text(most) => {
                (1..=most).contains(&value.len()) && value.bytes().all(|octet| octet.is_ascii_graphic())
            }
        }
    }

    /// Both texts are the same value.
    pub fn same(self, a: &str, b: &str) -> bool {
        fn alike<T: FromStr + PartialEq>(a: &str, b: &str) -> bool {
            a.parse::<T>().is_ok_and(|a| b.parse::<T>().is_ok_and(|b| a == b))
        }
        a == b
            || match self {
                Self::Number(..) => alike::<u64>(a, b),
                Self::Word(_) | Self::Text(_) => false,
                Self::Seconds => alike::<f64>(a, b),
                Self::Mac => alike::<MacAddress>(a, b),
                Self::Ipv4 => alike::<Ipv4Addr>(a, b),
                Self::Ipv6 => alike::<Ipv6Addr>(a, b),
            }
    }

    /// What a value has to be, in words.
    pub fn expected(self) -> String {
        match self {
            Self::Number(least, most) => format!("a number from {least} to {most}"),
            Self::Word(words) => format!("one of {}", words.join(", ")),
            Self::Seconds => "a number of seconds, not negative".to_owned(),
            Self::Mac => "a MAC address such as 02:00:00:00:00:01".to_owned(),
            Self::Ipv4 => "an IPv4 address".to_owned(),
            Self::Ipv6 => "an IPv6 address".to_owned(),
            Self::Text(most) => format!("1 to {most} characters of ASCII without blanks"),
        }
    }

    /// The words, for one of words.
    pub const fn words(self) -> &'static [&'static str] {
        match self {
            Self::Word(words) => words,
            _ => &[],
        }
    }
}

/// All of them.
pub fn all() -> impl Iterator<Item = &'static Setting> {
    PROTOCOLS.iter().flat_map(|protocol| protocol.settings).chain(TESTER)
}

/// The name without the port, and the port, counted from 1: `lacp.key` and 2 for `lacp.key.p2`.
pub fn split_port(name: &str) -> (&str, Option<u16>) {
    let split = name.rsplit_once(".p").and_then(|(base, number)| {
        let digits = number.bytes().all(|octet| octet.is_ascii_digit()) && !number.starts_with('0');
        let number = if digits { number.parse().ok()? } else { return None };
        Some((base, number))
    });
    split.map_or((name, None), |(base, number)| (base, Some(number)))
}

/// The setting of that name, with or without a port. A port is only found where each port has its own.
pub fn find(name: &str) -> Option<&'static Setting> {
    let (base, port) = split_port(name);
    all().find(|setting| setting.name == base && (port.is_none() || setting.per_port))
}

/// The known name that is most like this one, for who has misspelt it.
pub fn nearest(name: &str) -> &'static str {
    closest(split_port(name).0, all().map(|setting| setting.name))
}

/// All accounts.
pub fn accounts() -> impl Iterator<Item = &'static Account> {
    PROTOCOLS.iter().flat_map(|protocol| protocol.accounts)
}

/// The one of these words that is most like `word`.
pub fn closest<'a>(word: &str, known: impl Iterator<Item = &'a str>) -> &'a str {
    known.min_by_key(|known| strsim::damerau_levenshtein(known, word)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::reference::lab::PROFILES;
    use crate::suite;

    #[track_caller]
    fn known(who: &str, name: &str, value: &str) {
        let setting = find(name).unwrap_or_else(|| panic!("{who}: no table has {name}"));
        assert!(
            setting.kind.accepts(value),
            "{who}: {name} = {value:?}, expected {}",
            setting.kind.expected()
        );
    }

    #[test]
    fn what_tests_and_profiles_want_is_known() {
        for test in suite::tests() {
            for (name, value) in test.needs.settings.iter() {
                known(&test.id, name, value);
            }
            for (name, values) in &test.needs.profile {
                for value in values {
                    known(&test.id, name, value);
                }
            }
        }
        for profile in PROFILES {
            for (name, value) in profile.settings {
                known(profile.name, name, value);
            }
        }
    }

    #[test]
    fn names_are_unique_and_begin_with_their_protocol() {
        let names: Vec<&str> = all().map(|setting| setting.name).collect();
        assert_eq!(names.len(), names.iter().collect::<BTreeSet<_>>().len());
        for protocol in PROTOCOLS {
            let accounts = protocol.accounts.iter().map(|account| account.name);
            // Both versions of VRRP have the settings of one.
            let family = protocol.name.trim_end_matches(|c: char| c.is_ascii_digit());
            for name in protocol.settings.iter().map(|setting| setting.name).chain(accounts) {
                assert_eq!(name.split('.').next(), Some(family), "{name}");
            }
        }
    }

    #[test]
    fn a_port_is_found_where_each_port_has_its_own() {
        assert_eq!(split_port("lacp.key.p2"), ("lacp.key", Some(2)));
        for name in ["lacp.key", "lacp.partner.port", "lacp.key.p", "lacp.key.p0", "lacp.key.p70000"] {
            assert_eq!(split_port(name), (name, None));
        }
        assert!(find("lacp.key.p12").is_some());
        assert!(find("lacp.system.p1").is_none(), "a system has one");
        assert!(find("lacp.system").is_some());
    }

    #[test]
    fn a_misspelt_name_is_led_to_the_right_one() {
        assert_eq!(nearest("lacp.tiemout"), "lacp.timeout");
        assert_eq!(nearest("timeout"), "lacp.timeout");
        assert_eq!(nearest("lacp.keys.p2"), "lacp.key");
        assert_eq!(nearest("marker.response"), "marker.responder");
    }

    #[test]
    fn values() {
        let number = Kind::Number(1, 255);
        assert!(number.accepts("1") && number.accepts("255"));
        assert!(["0", "256", "-1", "1.0", "", "x"].iter().all(|value| !number.accepts(value)));
        assert!(FLAG.accepts("yes") && !FLAG.accepts("true"));
        assert!(Kind::Seconds.accepts("0.5") && Kind::Seconds.accepts("3"));
        assert!(["-1", "inf", "NaN", "1 s", "1e300"].iter().all(|value| !Kind::Seconds.accepts(value)));
        assert!(Kind::Seconds.same("15", "15.0") && !Kind::Seconds.same("15", "16"));
        assert!(Kind::Mac.same("02:00:00:00:00:0a", "02:00:00:00:00:0A"));
        assert!(!FLAG.same("yes", "no") && SIXTEEN_BITS.same("7", "07"));
        assert!(Kind::Mac.accepts("02:00:00:00:00:01") && !Kind::Mac.accepts("02:00:00:00:00"));
        assert!(Kind::Ipv4.accepts("192.0.2.1") && !Kind::Ipv4.accepts("192.0.2"));
    }
}
