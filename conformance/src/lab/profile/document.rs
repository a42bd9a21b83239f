//! A profile as it is written, before anything in it is checked that TOML and types do not check.

use std::fmt;

use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

type Words = Vec<Spanned<String>>;

/// The file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a profile of a device")]
pub(super) struct Document {
    #[serde(rename = "schema")]
    pub _schema: String,
    pub name: Spanned<String>,
    pub edition: Spanned<String>,
    pub protocols: Spanned<Words>,
    pub device_namespace: Option<Spanned<String>>,
    #[serde(default)]
    pub waivers: Words,
    #[serde(default)]
    pub settings: Names,
    #[serde(default)]
    pub tolerance: Tolerance,
    #[serde(default)]
    pub port: Vec<Spanned<Link>>,
    pub data: Option<Spanned<Link>>,
    pub hooks: Option<Spanned<Hooks>>,
}

/// What has to be right before the rest can be read.
#[derive(Deserialize)]
pub(super) struct Head {
    pub schema: Option<Spanned<String>>,
}

/// `[tolerance]`
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, expecting = "a table such as { exact = true }")]
pub(super) struct Tolerance {
    #[serde(default)]
    pub exact: bool,
}

/// `[[port]]` or `[data]`
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a table with kind and interface")]
pub(super) struct Link {
    pub kind: Spanned<String>,
    pub interface: Spanned<String>,
    pub namespace: Option<Spanned<String>>,
    pub device_interface: Option<Spanned<String>>,
}

/// `[hooks]`
#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, expecting = "a table of hooks")]
pub(super) struct Hooks {
    pub start: Option<Spanned<Hook>>,
    pub ready: Option<Spanned<Hook>>,
    pub stop: Option<Spanned<Hook>>,
    pub link_up: Option<Spanned<Hook>>,
    pub link_down: Option<Spanned<Hook>>,
    pub configure: Option<Spanned<Hook>>,
    pub state: Option<Spanned<Hook>>,
    #[serde(default)]
    pub logs: Words,
    pub log_fail: Option<Words>,
}

/// Values by name: `"lacp.timeout" = "short"`, or the same with tables in tables.
#[derive(Default)]
pub(super) struct Names(pub Vec<(Spanned<String>, Spanned<Name>)>);

/// What stands at a name.
pub(super) enum Name {
    /// A value, as it would be written on a command line.
    Value(String),
    /// More names.
    Names(Names),
}

/// A hook, or in `configure` and `state` a table of them.
pub(super) enum Hook {
    /// An array of words, or a table with at least one of a hook's keys.
    Action(Box<Action>),
    /// A table with none of them.
    Names(Vec<(Spanned<String>, Spanned<Self>)>),
    /// Nothing that a hook could be.
    Other,
}

/// Every key that a hook may have; which of them it may have depends on the hook.
#[derive(Default)]
pub(super) struct Action {
    pub run: Option<Spanned<Words>>,
    pub prompt: Option<Spanned<String>>,
    pub limit: Option<Spanned<f64>>,
    pub stays: Option<Spanned<bool>>,
    pub log: Option<Spanned<String>>,
    pub after: Option<Spanned<f64>>,
    pub unknown: Option<Spanned<String>>,
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Table;
        impl<'de> Visitor<'de> for Table {
            type Value = Names;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of settings")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Names, A::Error> {
                let mut names = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    names.push(entry);
                }
                Ok(Names(names))
            }
        }
        deserializer.deserialize_any(Table)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Name;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a number, true or false")
            }
            fn visit_str<E>(self, text: &str) -> Result<Name, E> {
                Ok(Name::Value(text.to_owned()))
            }
            fn visit_i64<E>(self, number: i64) -> Result<Name, E> {
                Ok(Name::Value(number.to_string()))
            }
            fn visit_f64<E>(self, number: f64) -> Result<Name, E> {
                Ok(Name::Value(number.to_string()))
            }
            fn visit_bool<E>(self, flag: bool) -> Result<Name, E> {
                Ok(Name::Value(if flag { "yes" } else { "no" }.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Name, A::Error> {
                let mut names = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    names.push(entry);
                }
                Ok(Name::Names(Names(names)))
            }
        }
        deserializer.deserialize_any(Any)
    }
}

impl<'de> Deserialize<'de> for Hook {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Any;
        impl<'de> Visitor<'de> for Any {
            type Value = Hook;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(HOOK)
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut words: A) -> Result<Hook, A::Error> {
                let mut run = Words::new();
                while let Some(word) = words.next_element()? {
                    run.push(word);
                }
                Ok(Hook::Action(Box::new(Action { run: Some(Spanned::new(0..0, run)), ..Action::default() })))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Hook, A::Error> {
                let (mut action, mut known) = (Action::default(), false);
                let mut names = Vec::new();
                while let Some(key) = map.next_key::<Spanned<String>>()? {
                    let mut is_known = true;
                    match key.get_ref().as_str() {
                        "run" => action.run = Some(map.next_value()?),
                        "prompt" => action.prompt = Some(map.next_value()?),
                        "limit" => action.limit = Some(map.next_value()?),
                        "stays" => action.stays = Some(map.next_value()?),
                        "log" => action.log = Some(map.next_value()?),
                        "after" => action.after = Some(map.next_value()?),
                        _ => {
                            is_known = false;
                            names.push((key, map.next_value()?));
                        }
                    }
                    known |= is_known;
                }
                if !known {
                    return Ok(Hook::Names(names));
                }
                action.unknown = names.into_iter().next().map(|(key, _)| key);
                Ok(Hook::Action(Box::new(action)))
            }
            fn visit_str<E>(self, _: &str) -> Result<Hook, E> {
                Ok(Hook::Other)
            }
            fn visit_i64<E>(self, _: i64) -> Result<Hook, E> {
                Ok(Hook::Other)
            }
            fn visit_f64<E>(self, _: f64) -> Result<Hook, E> {
                Ok(Hook::Other)
            }
            fn visit_bool<E>(self, _: bool) -> Result<Hook, E> {
                Ok(Hook::Other)
            }
        }
        deserializer.deserialize_any(Any)
    }
}

/// What a hook is.
pub(super) const HOOK: &str =
    "an array of words such as [\"ip\", \"link\", \"show\"], or a table with run or prompt";
