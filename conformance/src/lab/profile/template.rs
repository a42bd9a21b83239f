//! Words with placeholders in braces, as in `--config={work}/device.conf`.

use std::path::Path;

use crate::settings::Settings;
use crate::spec::setting;

/// A word, some parts of which are filled in later.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Fill(Placeholder),
}

/// What is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The folder of this device: configuration, logs.
    Work,
    /// A name for this device that no other has that is tested at the same time; its namespace, if that is its own.
    Instance,
    /// Number of the port, from 1.
    Port,
    /// The port's interface as the device calls it.
    Interface,
    /// What a parameter is to become.
    Value,
    /// What a setting is, or is wanted to be.
    Setting(String),
    /// A variable of the environment.
    Environment(String),
}

/// Where a template stands, which decides what it may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A file's name.
    File,
    /// What is done to the device as a whole.
    Device,
    /// What is done to one of its ports.
    Port,
    /// A parameter of the whole device is changed.
    Configure,
    /// A parameter that each port has is changed.
    ConfigurePort,
}

/// What is filled in, as far as it is there.
#[derive(Clone, Copy, Debug)]
pub struct Filling<'a> {
    /// `{work}`
    pub work: &'a Path,
    /// `{instance}`
    pub instance: &'a str,
    /// `{setting:...}`
    pub settings: &'a Settings,
    /// `{port}`, from 1, and `{interface}`.
    pub port: Option<(u16, &'a str)>,
    /// `{value}`
    pub value: Option<&'a str>,
}

impl Place {
    /// The placeholders that it has, as they are written.
    pub const fn placeholders(self) -> &'static [&'static str] {
        match self {
            Self::File => &["{work}", "{instance}", "{env:NAME}"],
            Self::Device => &["{work}", "{instance}", "{setting:NAME}", "{env:NAME}"],
            Self::Port => &["{work}", "{instance}", "{port}", "{interface}", "{setting:NAME}", "{env:NAME}"],
            Self::Configure => &["{work}", "{instance}", "{value}", "{setting:NAME}", "{env:NAME}"],
            Self::ConfigurePort => {
                &["{work}", "{instance}", "{port}", "{interface}", "{value}", "{setting:NAME}", "{env:NAME}"]
            }
        }
    }

    fn placeholder(self, text: &str) -> Option<Placeholder> {
        let kind = text.split_once(':').map_or(text, |(kind, _)| kind);
        let known = |written: &&str| {
            let written = written.trim_matches(['{', '}']);
            written.split_once(':').map_or(written, |(kind, _)| kind) == kind
                && written.contains(':') == text.contains(':')
        };
        self.placeholders().iter().find(|written| known(written))?;
        Some(match text.split_once(':') {
            Some((_, "")) => return None,
            Some(("setting", name)) => Placeholder::Setting(name.to_owned()),
            Some((_, name)) => Placeholder::Environment(name.to_owned()),
            None => match text {
                "work" => Placeholder::Work,
                "instance" => Placeholder::Instance,
                "port" => Placeholder::Port,
                "interface" => Placeholder::Interface,
                _ => Placeholder::Value,
            },
        })
    }
}

impl Template {
    /// Reads `text`, in which `{{` and `}}` are braces.
    ///
    /// # Errors
    /// A placeholder that is not known, or not there; in words.
    pub fn parse(text: &str, place: Place) -> Result<Self, String> {
        let expected = || format!("expected one of {}, or {{{{ for a brace", place.placeholders().join(", "));
        let mut parts = Vec::new();
        let mut plain = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(['{', '}']) {
            plain.push_str(&rest[..at]);
            let found = &rest[at..];
            if found.starts_with("{{") || found.starts_with("}}") {
                plain.push_str(&found[..1]);
                rest = &found[2..];
                continue;
            }
            let Some((name, behind)) = found.strip_prefix('{').and_then(|inner| inner.split_once('}')) else {
                return Err(format!("{text:?} has a brace without its other half, {}", expected()));
            };
            let Some(placeholder) = place.placeholder(name) else {
                return Err(format!("there is no placeholder {{{name}}} here, {}", expected()));
            };
            if let Placeholder::Setting(name) = &placeholder {
                if setting::find(name).is_none() {
                    return Err(format!(
                        "there is no setting {name}, did you mean {}?",
                        setting::nearest(name)
                    ));
                }
            }
            if !plain.is_empty() {
                parts.push(Part::Text(std::mem::take(&mut plain)));
            }
            parts.push(Part::Fill(placeholder));
            rest = behind;
        }
        plain.push_str(rest);
        if !plain.is_empty() {
            parts.push(Part::Text(plain));
        }
        Ok(Self(parts))
    }

    /// Its placeholders.
    pub fn placeholders(&self) -> impl Iterator<Item = &Placeholder> {
        self.0.iter().filter_map(|part| match part {
            Part::Fill(placeholder) => Some(placeholder),
            Part::Text(_) => None,
        })
    }

    /// The word, filled in.
    ///
    /// # Errors
    /// What is missing, in words: a variable of the environment, or a setting's value.
    pub fn fill(&self, filling: &Filling<'_>) -> Result<String, String> {
        let mut word = String::new();
        for part in &self.0 {
            match part {
                Part::Text(text) => word.push_str(text),
                Part::Fill(placeholder) => word.push_str(&filling.of(placeholder)?),
            }
        }
        Ok(word)
    }
}

impl Filling<'_> {
    fn of(&self, placeholder: &Placeholder) -> Result<String, String> {
        let missing = |what: &str| format!("{what} is not known here");
        match placeholder {
            Placeholder::Work => Ok(self.work.display().to_string()),
            Placeholder::Instance => Ok(self.instance.to_owned()),
            Placeholder::Port => {
                self.port.map(|(number, _)| number.to_string()).ok_or_else(|| missing("{port}"))
            }
            Placeholder::Interface => {
                self.port.map(|(_, name)| name.to_owned()).ok_or_else(|| missing("{interface}"))
            }
            Placeholder::Value => self.value.map(str::to_owned).ok_or_else(|| missing("{value}")),
            Placeholder::Setting(name) => {
                self.settings.effective(name).map(str::to_owned).ok_or_else(|| missing(name))
            }
            Placeholder::Environment(name) => {
                std::env::var(name).map_err(|_| format!("the environment has no variable {name}"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(text: &str) -> Result<String, String> {
        let settings =
            Settings::new().with("lacp.timeout", "short").with("lacp.key", 1).with("lacp.key.p2", 2);
        let filling = Filling {
            work: Path::new("/run/x"),
            instance: "x7",
            settings: &settings,
            port: Some((2, "eth1")),
            value: Some("{work}"),
        };
        Template::parse(text, Place::ConfigurePort)?.fill(&filling)
    }

    #[test]
    fn placeholders_are_filled_in() {
        for (text, word) in [
            ("", ""),
            ("--fast", "--fast"),
            ("{work}/{instance}.conf", "/run/x/x7.conf"),
            ("{port}:{interface}", "2:eth1"),
            ("{setting:lacp.timeout}", "short"),
            ("{setting:lacp.key.p2}{setting:lacp.key.p1}", "21"),
            ("{{\"p\": {port}}}", "{\"p\": 2}"),
            ("{value}", "{work}"),
        ] {
            assert_eq!(filled(text).as_deref(), Ok(word), "{text}");
        }
    }

    #[test]
    fn what_cannot_be_filled_in_is_said() {
        for (text, what) in [
            ("{prot}", "there is no placeholder {prot} here, expected one of {work}"),
            ("{setting}", "there is no placeholder {setting}"),
            ("{setting:}", "there is no placeholder {setting:}"),
            ("{work:x}", "there is no placeholder {work:x}"),
            ("{setting:lacp.tiemout}", "there is no setting lacp.tiemout, did you mean lacp.timeout?"),
            ("{setting:lacp.system}", "lacp.system is not known"),
            ("{env:REDSPEC_NOWHERE}", "the environment has no variable REDSPEC_NOWHERE"),
            ("{port", "a brace without its other half"),
            ("port}", "a brace without its other half"),
        ] {
            let error = filled(text).expect_err(text);
            assert!(error.contains(what), "{text}: {error}");
        }
        assert!(Template::parse("{port}", Place::Device).is_err());
        assert!(Template::parse("{value}", Place::Port).is_err());
        assert!(Template::parse("{setting:lacp.key}", Place::File).is_err());
    }
}
