//! A device under test as its user describes it, in TOML: how it is reached, what it plays, how it is configured, and
//! what can be done to it. See `docs/dut.md`.

mod ability;
mod document;
mod error;
pub mod hooks;
pub mod survey;
pub mod template;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use toml::Spanned;

pub use self::ability::Plan;
use self::document::{Document, Head, Link, Name, Names};
pub use self::error::Error;
use self::error::{Fault, line};
pub use self::hooks::Hooks;
use self::template::{Placeholder, Template};
use crate::settings::Settings;
use crate::spec::{Edition, PROTOCOLS, setting};

/// What the first line of a profile says.
pub const SCHEMA: &str = "redspec.dut/1";

/// A profile with comments, for who writes one.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The most ports that a device can have.
pub const MOST_PORTS: usize = 64;

/// The most characters that the name of an interface has.
const INTERFACE_NAME: usize = 15;

/// A device.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Where it is described.
    pub file: PathBuf,
    /// Its name and version, for reports.
    pub name: String,
    /// What it is judged by.
    pub edition: Edition,
    /// Names of the protocols that it plays.
    pub protocols: Vec<&'static str>,
    /// How it is configured, and what else is known of it.
    pub settings: Settings,
    /// It is held to the strict windows.
    pub exact: bool,
    /// The network namespace that it runs in: hooks are run there, and TAPs are put there. The tester's own if there is
    /// none.
    pub device_namespace: Option<Namespace>,
    /// Links between tester and device, at least one.
    pub ports: Vec<Attachment>,
    /// The device's own side, where it sends and takes data of the aggregated links.
    pub data: Option<Attachment>,
    /// Files with known failures.
    pub waivers: Vec<PathBuf>,
    /// What can be done to it.
    pub hooks: Hooks,
}

/// Where a device runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespace {
    /// In a namespace that is there.
    Named(String),
    /// In one that is made for it, and removed behind it: `{instance}`.
    Own,
}

/// Where the tester is attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// To what.
    pub kind: Kind,
    /// The TAP that the device gets, or the interface that the tester opens.
    pub interface: String,
    /// The network namespace of the tester's interface; the tester's own if there is none.
    pub namespace: Option<String>,
    /// What the device calls it, if that is another name than the tester's.
    pub device_interface: Option<String>,
    /// Where it stands in the profile, from 1.
    pub line: usize,
}

/// To what the tester is attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A TAP that the tester makes and is the wire of: the device has the interface.
    Tap,
    /// One end of a pair of virtual interfaces: the tester has it, and takes the carrier away by taking it down.
    Veth,
    /// Any other interface, whose carrier is only switched by hooks.
    Interface,
}

impl Kind {
    /// The tester can switch the carrier without the device's help.
    pub const fn switches_carrier(self) -> bool {
        matches!(self, Self::Tap | Self::Veth)
    }
}

impl Attachment {
    /// What the device calls it.
    pub fn device_interface(&self) -> &str {
        self.device_interface.as_deref().unwrap_or(&self.interface)
    }
}

impl Profile {
    /// Reads a file.
    ///
    /// # Errors
    /// It cannot be read or holds something else than a profile.
    pub fn read(file: &Path) -> Result<Self, Error> {
        let text =
            fs::read_to_string(file).map_err(|error| Error::Unreadable { file: file.to_owned(), error })?;
        Self::parse(file, &text)
    }

    /// Reads the text of `file`, whose name is for errors and for what is relative to it.
    ///
    /// # Errors
    /// It holds something else than a profile.
    pub fn parse(file: &Path, text: &str) -> Result<Self, Error> {
        document(text)
            .and_then(|document| Self::check(file, text, document))
            .map_err(|fault| fault.of(file, text))
    }

    /// Where it is described: what is relative in it is relative to this, and hooks are run here.
    pub fn folder(&self) -> &Path {
        match self.file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        }
    }

    /// Each device is in a namespace of its own, so that several can be tested at the same time.
    pub fn several(&self) -> bool {
        self.device_namespace == Some(Namespace::Own)
    }

    /// Ports, and behind them the device's own side.
    pub fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.ports.iter().chain(&self.data)
    }

    /// Every template in it.
    pub fn templates(&self) -> impl Iterator<Item = &Template> {
        let actions = self.hooks.actions().flat_map(|(_, action)| action.templates());
        actions.chain(&self.hooks.logs)
    }

    /// Variables of the environment that it uses and that are not there.
    pub fn missing_variables(&self) -> Vec<&str> {
        let mut missing: Vec<&str> = self
            .templates()
            .flat_map(Template::placeholders)
            .filter_map(|placeholder| match placeholder {
                Placeholder::Environment(name) if std::env::var(name).is_err() => Some(name.as_str()),
                _ => None,
            })
            .collect();
        missing.sort_unstable();
        missing.dedup();
        missing
    }

    fn check(file: &Path, text: &str, document: Document) -> Result<Self, Fault> {
        let edition_at = document.edition.span();
        let edition: Edition =
            document.edition.get_ref().parse().map_err(|error: crate::spec::edition::UnknownEdition| {
                Fault::new(edition_at, error.to_string())
            })?;
        let device_namespace = document.device_namespace.map(namespace).transpose()?;
        let ports =
            document.port.into_iter().map(|link| attachment(link, text)).collect::<Result<Vec<_>, _>>()?;
        if ports.is_empty() {
            let what = "the device has no port, expected at least one table that begins with [[port]]";
            return Err(Fault::new(document.name.span(), what));
        }
        if let Some((_, span)) = ports.get(MOST_PORTS) {
            return Err(Fault::new(span.clone(), format!("expected at most {MOST_PORTS} ports")));
        }
        let data = document.data.map(|link| attachment(link, text)).transpose()?;
        different(ports.iter().chain(&data))?;
        if device_namespace == Some(Namespace::Own) {
            only_taps(ports.iter().chain(&data))?;
        }
        let folder = file.parent().unwrap_or(Path::new(""));
        let waivers = document.waivers.into_iter().map(hooks::not_empty);
        let settings = settings(document.settings, ports.len())?;
        let hooks_at = document.hooks.as_ref().map(Spanned::span).unwrap_or_default();
        let hooks = document.hooks.map(Spanned::into_inner).unwrap_or_default();
        let hooks = hooks::check(hooks, &hooks_at, &settings)?;
        let profile = Self {
            file: file.to_owned(),
            protocols: protocols(document.protocols, edition)?,
            name: hooks::not_empty(document.name)?,
            edition,
            settings,
            exact: document.tolerance.exact,
            device_namespace,
            ports: ports.into_iter().map(|(port, _)| port).collect(),
            data: data.map(|(data, _)| data),
            waivers: waivers.map(|path| Ok(folder.join(path?))).collect::<Result<_, Fault>>()?,
            hooks,
        };
        Ok(profile)
    }
}

/// The text as TOML and types have it.
fn document(text: &str) -> Result<Document, Fault> {
    let fault = |error: toml::de::Error| {
        let what = error.message().trim_end().replace('\n', ", ");
        Fault::new(error.span().unwrap_or_default(), what)
    };
    let table = toml::de::DeTable::parse(text).map_err(fault)?;
    let head = Head::deserialize(toml::Deserializer::from(table.clone())).map_err(fault)?;
    match head.schema {
        Some(schema) if schema.get_ref() == SCHEMA => {}
        Some(schema) => {
            let what = format!("schema is {:?}, expected {SCHEMA:?}", schema.get_ref());
            return Err(Fault::new(schema.span(), what));
        }
        None => return Err(Fault::new(0..0, format!("there is no schema, expected schema = {SCHEMA:?}"))),
    }
    Document::deserialize(toml::Deserializer::from(table)).map_err(fault)
}

fn namespace(name: Spanned<String>) -> Result<Namespace, Fault> {
    if name.get_ref() == "{instance}" {
        return Ok(Namespace::Own);
    }
    namespace_name(&name)?;
    Ok(Namespace::Named(name.into_inner()))
}

/// It is a file in a folder.
fn namespace_name(name: &Spanned<String>) -> Result<(), Fault> {
    let text = name.get_ref();
    if text.is_empty() || text.contains(['/', '{', '}']) || text.starts_with('.') {
        let what = format!(
            "{text:?} is no network namespace, expected a name that ip netns lists, or for the device's own \
             \"{{instance}}\""
        );
        return Err(Fault::new(name.span(), what));
    }
    Ok(())
}

fn attachment(link: Spanned<Link>, text: &str) -> Result<(Attachment, Range<usize>), Fault> {
    let span = link.span();
    let link = link.into_inner();
    let kind = match link.kind.get_ref().as_str() {
        "tap" => Kind::Tap,
        "veth" => Kind::Veth,
        "iface" => Kind::Interface,
        other => {
            let what = format!("kind is {other:?}, expected one of tap, veth, iface");
            return Err(Fault::new(link.kind.span(), what));
        }
    };
    let interface_at = link.interface.span();
    let interface = link.interface.into_inner();
    let fits = (1..=INTERFACE_NAME).contains(&interface.len()) && interface != "." && interface != "..";
    if !fits || interface.contains(|character: char| character == '/' || character.is_whitespace()) {
        let what = format!(
            "{interface:?} is no interface, expected a name of 1 to {INTERFACE_NAME} octets without / and space"
        );
        return Err(Fault::new(interface_at, what));
    }
    if let Some(namespace) = &link.namespace {
        namespace_name(namespace)?;
        if kind == Kind::Tap {
            let what = "a TAP is the device's, expected device_namespace at the top of the profile instead";
            return Err(Fault::new(namespace.span(), what));
        }
    }
    let attachment = Attachment {
        kind,
        interface,
        namespace: link.namespace.map(Spanned::into_inner),
        device_interface: link.device_interface.map(hooks::not_empty).transpose()?,
        line: line(text, span.start),
    };
    Ok((attachment, interface_at))
}

/// No interface is there twice.
fn different<'a>(links: impl Iterator<Item = &'a (Attachment, Range<usize>)>) -> Result<(), Fault> {
    let mut seen: Vec<&Attachment> = Vec::new();
    for (link, span) in links {
        let same = |other: &&&Attachment| {
            (&other.interface, &other.namespace) == (&link.interface, &link.namespace)
                && (other.kind == Kind::Tap) == (link.kind == Kind::Tap)
        };
        if let Some(other) = seen.iter().find(same) {
            let what = format!(
                "the interface {} is there already, in line {}, expected another one",
                link.interface, other.line
            );
            return Err(Fault::new(span.clone(), what));
        }
        seen.push(link);
    }
    Ok(())
}

/// Nothing else can be put into a namespace that is made for the device.
fn only_taps<'a>(mut links: impl Iterator<Item = &'a (Attachment, Range<usize>)>) -> Result<(), Fault> {
    links.find(|(link, _)| link.kind != Kind::Tap).map_or(Ok(()), |(link, span)| {
        let what = format!(
            "the interface {} is there once, and the namespace {{instance}} is made for each device, expected \
             kind = \"tap\"",
            link.interface
        );
        Err(Fault::new(span.clone(), what))
    })
}

fn protocols(names: Spanned<Vec<Spanned<String>>>, edition: Edition) -> Result<Vec<&'static str>, Fault> {
    let known = || PROTOCOLS.iter().map(|protocol| protocol.name);
    let span = names.span();
    let mut protocols: Vec<&'static str> = Vec::new();
    for name in names.into_inner() {
        let Some(protocol) = PROTOCOLS.iter().find(|protocol| protocol.name == name.get_ref()) else {
            let all: Vec<&str> = known().collect();
            let what = format!("there is no protocol {:?}, expected {}", name.get_ref(), all.join(", "));
            return Err(Fault::new(name.span(), what));
        };
        if !protocol.editions.contains(edition) {
            let editions: Vec<&str> = protocol.editions.iter().map(Edition::name).collect();
            let what = format!(
                "{edition} is no edition of {}, expected edition to be one of {}, and another profile for other \
                 protocols",
                protocol.name,
                editions.join(", ")
            );
            return Err(Fault::new(name.span(), what));
        }
        if !protocols.contains(&protocol.name) {
            protocols.push(protocol.name);
        }
    }
    if protocols.is_empty() {
        let all: Vec<&str> = known().collect();
        return Err(Fault::new(
            span,
            format!("the device plays nothing, expected some of {}", all.join(", ")),
        ));
    }
    Ok(protocols)
}

fn settings(names: Names, ports: usize) -> Result<Settings, Fault> {
    let mut settings = Settings::new();
    collect(names, "", ports, &mut settings)?;
    Ok(settings)
}

fn collect(names: Names, prefix: &str, ports: usize, settings: &mut Settings) -> Result<(), Fault> {
    for (key, entry) in names.0 {
        let name =
            if prefix.is_empty() { key.get_ref().clone() } else { format!("{prefix}.{}", key.get_ref()) };
        let value_at = entry.span();
        let value = match entry.into_inner() {
            Name::Names(names) => {
                collect(names, &name, ports, settings)?;
                continue;
            }
            Name::Value(value) => value,
        };
        let Some(known) = setting::find(&name) else {
            return Err(Fault::new(key.span(), unknown_setting(&name)));
        };
        if let Some(port) = setting::split_port(&name).1.filter(|port| usize::from(*port) > ports) {
            let what =
                format!("{name} is of port {port}, and the device has {ports}, expected a port that it has");
            return Err(Fault::new(key.span(), what));
        }
        if !known.kind.accepts(&value) {
            let what = format!("{name} is {value:?}, expected {}", known.kind.expected());
            return Err(Fault::new(value_at, what));
        }
        if settings.text(&name).is_some() {
            return Err(Fault::new(key.span(), format!("{name} is there twice, expected it once")));
        }
        settings.set(&name, value);
    }
    Ok(())
}

fn unknown_setting(name: &str) -> String {
    let (base, port) = setting::split_port(name);
    if port.is_some() && setting::find(base).is_some() {
        return format!("{base} is of the whole device, expected it without a port");
    }
    format!("there is no setting {name}, did you mean {}?", setting::nearest(name))
}
