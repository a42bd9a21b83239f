//! What a profile says of how a device is started, changed and asked.

use std::collections::BTreeMap;
use std::ops::Range;
use std::time::Duration;

use toml::Spanned;

use super::document::{self, Action as Entry, HOOK, Hook};
use super::error::Fault;
use super::template::{Place, Placeholder, Template};
use crate::settings::Settings;
use crate::spec::setting;

/// What can be done to a device besides sending it frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hooks {
    /// Starts it, all links down. It is started anew for each test.
    pub start: Option<Start>,
    /// When it has started.
    pub ready: Option<Ready>,
    /// Ends it. A process that stays is ended by its process group in any case.
    pub stop: Option<Action>,
    /// Gives a carrier back.
    pub link_up: Option<Action>,
    /// Takes a carrier away.
    pub link_down: Option<Action>,
    /// Changes a parameter, by the name of the setting without a port.
    pub configure: BTreeMap<String, Action>,
    /// Prints a piece of state, by its name.
    pub state: BTreeMap<String, Action>,
    /// Files that the device writes its log to.
    pub logs: Vec<Template>,
    /// What in a log says that the device has crashed.
    pub log_fail: Vec<String>,
}

/// How a device is started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Start {
    /// By this.
    pub action: Action,
    /// It is the device itself, and goes on until it is stopped.
    pub stays: bool,
}

/// Something that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// By whom.
    pub by: By,
    /// In at most this time.
    pub limit: Duration,
}

/// Who does something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// A program and its arguments; there is at least the program.
    Program(Vec<Template>),
    /// The person at the terminal, who is asked for it.
    Person(Template),
}

/// When a device has started.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ready {
    /// Once this succeeds, which is tried again and again.
    Succeeds(Action),
    /// Once a log has this in a line.
    Log {
        /// This.
        text: String,
        /// In at most this time.
        limit: Duration,
    },
    /// After so long.
    After(Duration),
}

/// What in a log says that a device has crashed, if its profile does not say.
pub const LOG_FAIL: &[&str] = &[
    "AddressSanitizer",
    "LeakSanitizer",
    "MemorySanitizer",
    "ThreadSanitizer",
    "UndefinedBehaviorSanitizer",
    "runtime error:",
    "Segmentation fault",
    "panicked at",
];

/// A hook's time limit, if it does not say.
pub const LIMIT: Duration = Duration::from_secs(10);
/// That of starting.
pub const START_LIMIT: Duration = Duration::from_secs(30);
/// That of a person.
pub const PROMPT_LIMIT: Duration = Duration::from_secs(600);
/// The longest that can be said.
const LONGEST: f64 = 86_400.0;

/// The keys that a hook can have.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Plain,
    Start,
    Ready,
}

impl Keys {
    const fn expected(self) -> &'static str {
        match self {
            Self::Plain => "run, prompt or limit",
            Self::Start => "run, prompt, stays or limit",
            Self::Ready => "run, log, after or limit",
        }
    }
}

impl Action {
    /// All words of it.
    pub fn templates(&self) -> &[Template] {
        match &self.by {
            By::Program(words) => words,
            By::Person(prompt) => std::slice::from_ref(prompt),
        }
    }

    /// It needs to know the port.
    pub fn is_of_port(&self) -> bool {
        self.has(|placeholder| matches!(placeholder, Placeholder::Port | Placeholder::Interface))
    }

    /// It has such a placeholder.
    pub fn has(&self, wanted: impl Fn(&Placeholder) -> bool) -> bool {
        self.templates().iter().flat_map(Template::placeholders).any(wanted)
    }
}

impl Hooks {
    /// Every action, with the key it stands at.
    pub fn actions(&self) -> impl Iterator<Item = (String, &Action)> {
        let start = self.start.as_ref().map(|start| ("start".to_owned(), &start.action));
        let ready = self.ready.as_ref().and_then(|ready| match ready {
            Ready::Succeeds(action) => Some(("ready".to_owned(), action)),
            Ready::Log { .. } | Ready::After(_) => None,
        });
        let single = [("stop", &self.stop), ("link_up", &self.link_up), ("link_down", &self.link_down)];
        let single =
            single.into_iter().filter_map(|(name, action)| Some((name.to_owned(), action.as_ref()?)));
        let named = |kind: &'static str, actions| {
            let actions: &BTreeMap<String, Action> = actions;
            actions.iter().map(move |(name, action)| (format!("{kind}.{name}"), action))
        };
        let named = named("configure", &self.configure).chain(named("state", &self.state));
        start.into_iter().chain(ready).chain(single).chain(named)
    }

    /// Settings that the device is given when it starts.
    pub fn given_at_start(&self) -> impl Iterator<Item = &str> {
        let words = self.start.iter().flat_map(|start| start.action.templates());
        words.flat_map(Template::placeholders).filter_map(|placeholder| match placeholder {
            Placeholder::Setting(name) => Some(name.as_str()),
            _ => None,
        })
    }
}

/// Where a word stands, and what is known there.
#[derive(Clone, Copy)]
struct Scope<'a> {
    place: Place,
    settings: &'a Settings,
}

/// Checks what the document says of hooks, for a device with these settings.
pub(super) fn check(
    document: document::Hooks,
    span: &Range<usize>,
    settings: &Settings,
) -> Result<Hooks, Fault> {
    let scope = |place| Scope { place, settings };
    let plain = |hook: Option<Spanned<Hook>>, place| {
        let plain = |hook| {
            let (at, entry) = entry(hook, Keys::Plain)?;
            action(entry, &at, scope(place), LIMIT)
        };
        hook.map(plain).transpose()
    };
    let start_at = document.start.as_ref().map_or(span.clone(), Spanned::span);
    let ready_at = document.ready.as_ref().map(Spanned::span);
    let hooks = Hooks {
        start: document.start.map(|hook| start(hook, settings)).transpose()?,
        ready: document.ready.map(|hook| ready(hook, settings)).transpose()?,
        stop: plain(document.stop, Place::Device)?,
        link_up: plain(document.link_up, Place::Port)?,
        link_down: plain(document.link_down, Place::Port)?,
        configure: document
            .configure
            .map(|hooks| configure(hooks, settings))
            .transpose()?
            .unwrap_or_default(),
        state: document.state.map(|hooks| state(hooks, settings)).transpose()?.unwrap_or_default(),
        logs: document
            .logs
            .iter()
            .map(|word| template(word, scope(Place::File)))
            .collect::<Result<_, _>>()?,
        log_fail: match document.log_fail {
            Some(texts) => texts.into_iter().map(not_empty).collect::<Result<_, _>>()?,
            None => LOG_FAIL.iter().map(|text| (*text).to_owned()).collect(),
        },
    };
    if hooks.link_up.is_some() != hooks.link_down.is_some() {
        let (there, missing) =
            if hooks.link_up.is_some() { ("link_up", "link_down") } else { ("link_down", "link_up") };
        return Err(Fault::new(span.clone(), format!("there is {there} but no {missing}, expected both")));
    }
    if let (Some(at), None) = (ready_at, &hooks.start) {
        return Err(Fault::new(at, "there is ready but no start, expected a start to wait for"));
    }
    if hooks.start.as_ref().is_some_and(leaves_behind) && hooks.stop.is_none() {
        let what = "the start hook returns and leaves a device behind, expected a stop hook that ends it";
        return Err(Fault::new(start_at, what));
    }
    let logs = !hooks.logs.is_empty() || hooks.start.as_ref().is_some_and(|start| start.stays);
    if matches!(hooks.ready, Some(Ready::Log { .. })) && !logs {
        let what = "ready waits for a line in a log, expected logs or a start that stays";
        return Err(Fault::new(start_at, what));
    }
    Ok(hooks)
}

fn leaves_behind(start: &Start) -> bool {
    !start.stays && matches!(start.action.by, By::Program(_))
}

/// The hook that stands there, and its span.
fn entry(hook: Spanned<Hook>, keys: Keys) -> Result<(Range<usize>, Entry), Fault> {
    let span = hook.span();
    let unknown = |key: &Spanned<String>| {
        let what = format!("unknown key {}, expected {}", key.get_ref(), keys.expected());
        Fault::new(key.span(), what)
    };
    let entry = match hook.into_inner() {
        Hook::Action(entry) => *entry,
        Hook::Names(names) => {
            return Err(names.first().map_or_else(
                || Fault::new(span.clone(), format!("the table is empty, expected {}", keys.expected())),
                |(key, _)| unknown(key),
            ));
        }
        Hook::Other => return Err(Fault::new(span, format!("expected {HOOK}"))),
    };
    if let Some(key) = &entry.unknown {
        return Err(unknown(key));
    }
    let misplaced = [
        (entry.stays.as_ref().map(Spanned::span), "stays", keys == Keys::Start),
        (entry.log.as_ref().map(Spanned::span), "log", keys == Keys::Ready),
        (entry.after.as_ref().map(Spanned::span), "after", keys == Keys::Ready),
        (entry.prompt.as_ref().map(Spanned::span), "prompt", keys != Keys::Ready),
    ];
    for (at, key, fits) in misplaced {
        if let (Some(at), false) = (at, fits) {
            return Err(Fault::new(at, format!("there is no {key} here, expected {}", keys.expected())));
        }
    }
    Ok((span, entry))
}

fn start(hook: Spanned<Hook>, settings: &Settings) -> Result<Start, Fault> {
    let (span, entry) = entry(hook, Keys::Start)?;
    let stays = entry.stays.as_ref().map(|stays| *stays.get_ref());
    let action = action(entry, &span, Scope { place: Place::Device, settings }, START_LIMIT)?;
    let stays = match (&action.by, stays) {
        (By::Program(_), Some(stays)) => stays,
        (By::Person(_), None) => false,
        (By::Person(_), Some(_)) => {
            return Err(Fault::new(span, "a person does not stay, expected prompt without stays"));
        }
        (By::Program(_), None) => {
            return Err(Fault::new(
                span,
                "does it stay? expected { run = [...], stays = true } if the process is the device and goes on \
                 until it is stopped, stays = false if it returns",
            ));
        }
    };
    Ok(Start { action, stays })
}

fn ready(hook: Spanned<Hook>, settings: &Settings) -> Result<Ready, Fault> {
    let (span, mut entry) = entry(hook, Keys::Ready)?;
    match (entry.run.is_some(), entry.log.take(), entry.after.take()) {
        (true, None, None) => {
            action(entry, &span, Scope { place: Place::Device, settings }, START_LIMIT).map(Ready::Succeeds)
        }
        (false, Some(log), None) => {
            Ok(Ready::Log { text: not_empty(log)?, limit: limit(entry.limit.as_ref(), START_LIMIT)? })
        }
        (false, None, Some(after)) if entry.limit.is_none() => Ok(Ready::After(seconds(&after)?)),
        _ => Err(Fault::new(span, "expected one of run, log and after, and with run or log a limit or none")),
    }
}

/// Takes a hook: its key, its dotted name, and what stands there.
type Found<'a> = dyn FnMut(&Spanned<String>, &str, Spanned<Hook>) -> Result<(), Fault> + 'a;

/// Hooks by dotted name.
fn named(hook: Spanned<Hook>, prefix: &str, found: &mut Found<'_>) -> Result<(), Fault> {
    let span = hook.span();
    let Hook::Names(names) = hook.into_inner() else {
        return Err(Fault::new(span, "expected a table of hooks by name"));
    };
    for (key, hook) in names {
        let name =
            if prefix.is_empty() { key.get_ref().clone() } else { format!("{prefix}.{}", key.get_ref()) };
        if matches!(hook.get_ref(), Hook::Names(names) if !names.is_empty()) {
            named(hook, &name, found)?;
        } else {
            found(&key, &name, hook)?;
        }
    }
    Ok(())
}

fn configure(hook: Spanned<Hook>, settings: &Settings) -> Result<BTreeMap<String, Action>, Fault> {
    let mut actions = BTreeMap::new();
    named(hook, "", &mut |key, name, hook| {
        let (base, port) = setting::split_port(name);
        if port.is_some() && setting::find(base).is_some() {
            let what = format!("configure.{name} is of one port, expected {base} with {{port}} in its words");
            return Err(Fault::new(key.span(), what));
        }
        let Some(known) = setting::find(name) else {
            let what = format!("there is no setting {name}, did you mean {}?", setting::nearest(name));
            return Err(Fault::new(key.span(), what));
        };
        let place = if known.per_port { Place::ConfigurePort } else { Place::Configure };
        let (span, entry) = entry(hook, Keys::Plain)?;
        let action = action(entry, &span, Scope { place, settings }, LIMIT)?;
        if !action.has(|placeholder| *placeholder == Placeholder::Value) {
            return Err(Fault::new(span, format!("it does not say what {name} becomes, expected {{value}}")));
        }
        once(&mut actions, name, action, key)
    })?;
    Ok(actions)
}

fn state(hook: Spanned<Hook>, settings: &Settings) -> Result<BTreeMap<String, Action>, Fault> {
    let mut actions = BTreeMap::new();
    named(hook, "", &mut |key, name, hook| {
        if !setting::accounts().any(|account| account.name == name) {
            let names = setting::accounts().map(|account| account.name);
            let nearest = setting::closest(name, names);
            return Err(Fault::new(key.span(), format!("no test asks for {name}, did you mean {nearest}?")));
        }
        let (span, entry) = entry(hook, Keys::Plain)?;
        let action = action(entry, &span, Scope { place: Place::Port, settings }, LIMIT)?;
        if matches!(action.by, By::Person(_)) {
            return Err(Fault::new(span, "expected run: what a program prints is the state"));
        }
        once(&mut actions, name, action, key)
    })?;
    Ok(actions)
}

fn once(
    actions: &mut BTreeMap<String, Action>,
    name: &str,
    action: Action,
    key: &Spanned<String>,
) -> Result<(), Fault> {
    match actions.insert(name.to_owned(), action) {
        None => Ok(()),
        Some(_) => Err(Fault::new(key.span(), format!("{name} is there twice, expected it once"))),
    }
}

fn action(entry: Entry, span: &Range<usize>, scope: Scope<'_>, default: Duration) -> Result<Action, Fault> {
    match (entry.run, entry.prompt) {
        (Some(run), None) => {
            let words = run.into_inner();
            if words.first().is_none_or(|program| program.get_ref().is_empty()) {
                return Err(Fault::new(span.clone(), "there is no program, expected one and its arguments"));
            }
            let words = words.iter().map(|word| template(word, scope)).collect::<Result<_, _>>()?;
            Ok(Action { by: By::Program(words), limit: limit(entry.limit.as_ref(), default)? })
        }
        (None, Some(prompt)) => {
            let by = By::Person(template(&prompt, scope)?);
            not_empty(prompt)?;
            Ok(Action { by, limit: limit(entry.limit.as_ref(), PROMPT_LIMIT)? })
        }
        (Some(_), Some(prompt)) => {
            Err(Fault::new(prompt.span(), "there are both run and prompt, expected one of them"))
        }
        (None, None) => Err(Fault::new(span.clone(), format!("it does nothing, expected {HOOK}"))),
    }
}

/// A word with its placeholders.
fn template(word: &Spanned<String>, scope: Scope<'_>) -> Result<Template, Fault> {
    let template =
        Template::parse(word.get_ref(), scope.place).map_err(|what| Fault::new(word.span(), what))?;
    let silent = template.placeholders().find_map(|placeholder| match placeholder {
        Placeholder::Setting(name) if scope.settings.effective(name).is_none() => Some(name),
        _ => None,
    });
    match silent {
        None => Ok(template),
        Some(name) => {
            let what = format!(
                "it takes {name}, of which [settings] says nothing, expected the value that it has where a test \
                 does not say"
            );
            Err(Fault::new(word.span(), what))
        }
    }
}

fn limit(limit: Option<&Spanned<f64>>, default: Duration) -> Result<Duration, Fault> {
    limit.map_or(Ok(default), seconds)
}

fn seconds(value: &Spanned<f64>) -> Result<Duration, Fault> {
    let seconds = *value.get_ref();
    let fits = seconds > 0.0 && seconds <= LONGEST;
    let duration = Duration::try_from_secs_f64(seconds).ok().filter(|_| fits);
    duration.ok_or_else(|| {
        Fault::new(value.span(), format!("{seconds} is no time, expected seconds from 0 to {LONGEST}"))
    })
}

/// A text with something in it.
pub(super) fn not_empty(text: Spanned<String>) -> Result<String, Fault> {
    if text.get_ref().trim().is_empty() {
        return Err(Fault::new(text.span(), "the text is empty, expected one with something in it"));
    }
    Ok(text.into_inner())
}
