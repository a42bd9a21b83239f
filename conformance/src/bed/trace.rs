//! A saved trace as a bed: what the device did comes from the trace, and what the tester does must be what it did then.

use std::collections::VecDeque;

use super::{Bed, BedError};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::time::Time;

/// A trace that is judged again.
pub struct Trace {
    events: VecDeque<Event<'static>>,
    now: Time,
    origin: Stamp,
}

/// How a change of the configuration stands in a trace.
pub fn configuration(name: &str, value: &str) -> String {
    format!("configure {name} = {value}")
}

/// How an answer about the device's state stands in a trace.
pub fn answer(name: &str, value: Option<&str>) -> String {
    format!("state {name} = {}", value.unwrap_or("unknown"))
}

impl Trace {
    /// Starts at the beginning, which was when `origin` says.
    pub fn new(events: Vec<Event<'static>>, origin: Stamp) -> Self {
        Self { events: events.into(), now: Time::ZERO, origin }
    }

    /// The next thing, which has to be one of the tester's own doing.
    fn own(&mut self, what: &str, same: impl FnOnce(&Event<'_>) -> bool) -> Result<Stamp, BedError> {
        let Some(event) = self.events.pop_front() else {
            return Err(BedError::Tester(format!("the trace ends where the test would now {what}")));
        };
        if !same(&event) {
            let number = event.number;
            return Err(BedError::Tester(format!(
                "behind frame {number} of the trace the test would now {what}"
            )));
        }
        self.now = self.now.max(event.at.time);
        Ok(event.at)
    }
}

impl Bed for Trace {
    fn now(&self) -> Time {
        self.now
    }

    fn origin(&self) -> Stamp {
        self.origin
    }

    fn send(&mut self, port: Port, frame: &[u8]) -> Result<Stamp, BedError> {
        self.own("send another frame", |event| {
            event.port == port && event.frame(Direction::ToDevice) == Some(frame)
        })
    }

    fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError> {
        let device = |event: &Event<'_>| {
            event.frame(Direction::FromDevice).is_some()
                || matches!(event.what, Happening::Dropped(_) | Happening::Late(_))
        };
        match self.events.front() {
            Some(event) if event.at.time <= until && device(event) => {
                self.now = self.now.max(event.at.time);
                Ok(self.events.pop_front())
            }
            _ => {
                self.now = self.now.max(until);
                Ok(None)
            }
        }
    }

    fn link(&mut self, port: Port, up: bool) -> Result<Stamp, BedError> {
        self.own("switch a link", |event| event.port == port && event.what == Happening::Link { up })
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<Stamp, BedError> {
        let wanted = configuration(name, value);
        self.own(
            "configure the device",
            |event| matches!(&event.what, Happening::Operation(text) if *text == wanted),
        )
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        let prefix = answer(name, Some(""));
        let mut value = None;
        self.own("ask for state", |event| match &event.what {
            Happening::Operation(text) if event.port == port => {
                value = text.strip_prefix(&*prefix).map(str::to_owned);
                value.is_some()
            }
            _ => false,
        })?;
        Ok(value.filter(|value| value != "unknown"))
    }

    fn rows(&self) -> Vec<&'static str> {
        Vec::new()
    }
}
