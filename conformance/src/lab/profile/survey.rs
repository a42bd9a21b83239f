//! Looks, without touching anything, whether this machine has what a profile names.

use std::ffi::OsString;
use std::path::Path;

use nix::net::if_::if_nametoindex;

use super::hooks::By;
use super::template::{Filling, Template};
use super::{Attachment, Kind, Namespace, Profile};
use crate::lab::process::exists;
use crate::settings::Settings;
use crate::{default_route, netns};

/// What is missing, or had better not be used, unless the network is `owned`; each in words.
pub fn problems(profile: &Profile, owned: bool) -> Vec<String> {
    let mut problems: Vec<String> = profile
        .missing_variables()
        .iter()
        .map(|name| format!("the environment has no variable {name}"))
        .collect();
    if let Some(Namespace::Named(name)) = &profile.device_namespace {
        if !Path::new("/run/netns").join(name).exists() {
            problems.push(format!("there is no network namespace {name}; ip netns add {name} makes one"));
        }
    }
    problems.extend(profile.attachments().filter_map(|link| match link.kind {
        Kind::Tap => taken(link, profile.device_namespace.as_ref()),
        Kind::Veth | Kind::Interface => attachment(link, owned),
    }));
    let folder = profile.folder();
    for (hook, action) in profile.hooks.actions() {
        let By::Program(words) = &action.by else { continue };
        let Some(program) = words.first().and_then(plain) else { continue };
        // A path is relative to the profile, where hooks are run.
        let path =
            if program.contains('/') { folder.join(&program).into() } else { OsString::from(&program) };
        if !exists(&path) {
            problems.push(format!("hooks.{hook}: there is no program {program}"));
        }
    }
    problems
}

/// The links, a line for each.
pub fn links(profile: &Profile) -> Vec<String> {
    let device = profile.device_namespace.as_ref().map(|namespace| match namespace {
        Namespace::Named(name) => format!("namespace {name}"),
        Namespace::Own => "a namespace of its own".to_owned(),
    });
    let line = |name: &str, link: &Attachment| {
        let (kind, place) = match link.kind {
            Kind::Tap => ("TAP", device.clone()),
            Kind::Veth => ("veth", link.namespace.as_ref().map(|name| format!("namespace {name}"))),
            Kind::Interface => ("interface", link.namespace.as_ref().map(|name| format!("namespace {name}"))),
        };
        let place = place.map_or_else(String::new, |place| format!(" in {place}"));
        let device =
            link.device_interface.as_ref().map_or_else(String::new, |name| format!(", the device's {name}"));
        format!("{name:<4} {kind} {}{place}{device}", link.interface)
    };
    let ports =
        profile.ports.iter().zip(1..).map(|(link, number): (_, u16)| line(&format!("P{number}"), link));
    ports.chain(profile.data.iter().map(|link| line("data", link))).collect()
}

/// A word without placeholders.
fn plain(word: &Template) -> Option<String> {
    let nothing =
        Filling { work: Path::new(""), instance: "", settings: &Settings::new(), port: None, value: None };
    word.placeholders().next().is_none().then(|| word.fill(&nothing).ok()).flatten()
}

/// A TAP is made for each test, and removed behind it: there must be no interface of its name.
fn taken(link: &Attachment, namespace: Option<&Namespace>) -> Option<String> {
    let (namespace, about) = match namespace {
        None => (None, String::new()),
        Some(Namespace::Named(name)) => (Some(name.as_str()), format!(" in namespace {name}")),
        Some(Namespace::Own) => return None,
    };
    // That the namespace is missing is said elsewhere.
    let there = netns::within(namespace, || if_nametoindex(link.interface.as_str()).is_ok()).unwrap_or(false);
    there.then(|| {
        format!("there is an interface {}{about} already, and a TAP is made for each test", link.interface)
    })
}

/// What is wrong with an interface of the tester's.
fn attachment(link: &Attachment, owned: bool) -> Option<String> {
    let Attachment { interface, namespace, .. } = link;
    let about = namespace.as_ref().map_or_else(String::new, |name| format!(" in namespace {name}"));
    let looked = netns::within(namespace.as_deref(), || {
        let Ok(index) = if_nametoindex(interface.as_str()) else {
            return Some(format!("there is no interface {interface}{about}"));
        };
        match default_route::may_lead_through(interface, index, namespace.is_none()) {
            Ok(dangerous) if owned || !dangerous => None,
            Ok(_) => Some(format!(
                "the default route leads, or may lead, through {interface}{about}: testing there can take the \
                 network down; redspec run does it only with --i-own-this-network"
            )),
            Err(error) => Some(format!("cannot read the routes{about}: {error}")),
        }
    });
    looked.unwrap_or_else(|error| Some(error.to_string()))
}
