//! What the tests of single cells of the state table share: a state is entered, a stimulus leaves a router as it was.

use std::time::Duration;

use crate::event::Stamp;
use crate::reference::hsrp::configuration::Authentication;
use crate::scenario::{Mark, Sighting, Stop};
use crate::spec::hsrp::Version;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{STARTING, hello_again, shown};
use crate::spec::{Span, Window};

use super::{HsrpTest, Message, Steps};

/// The earliest moment at which it can have been that the device started: a bed gives the time at which it began to see to
/// that, and how long that took.
pub fn earliest(mark: Mark) -> Mark {
    Mark { at: Stamp { uncertainty: Duration::ZERO, ..mark.at }, ..mark }
}

/// From a start to the first Hello of Speak; how late that may be depends on how much is known of when it started.
pub fn first_window(t: &HsrpTest<'_>, started: Mark) -> Window {
    let mut window = shown(t.holdtime(), t.hellotime());
    window.lenient.to += started.at.uncertainty + STARTING;
    window
}

/// How a message is authenticated that the device must not take for authentic: with none, and with a wrong one of the
/// kind that it expects. In version 2, whether a password is sent at all that nobody has configured is not known.
pub fn wrong_authentication(t: &HsrpTest<'_>) -> Vec<Option<Authentication>> {
    let right = &t.configuration.authentication;
    let wrong = match right {
        Authentication::Text(_) => Authentication::Text("mistaken".to_owned()),
        Authentication::Md5 { key_id, .. } => {
            Authentication::Md5 { key: "mistaken".to_owned(), key_id: *key_id }
        }
    };
    let optional = t.dialect.version() == Version::V2 && matches!(right, Authentication::Text(_));
    if optional { vec![Some(wrong)] } else { vec![None, Some(wrong)] }
}

/// Times in a message that are neither these nor anybody's defaults, the Holdtime above the Hellotime as it has to be.
pub fn other_times(hellotime: Duration, holdtime: Duration) -> (Duration, Duration) {
    let [one, two] = [1, 2].map(Duration::from_secs);
    let [seven, eight] = [7, 8].map(Duration::from_secs);
    (if hellotime == two { one } else { two }, if holdtime == seven { eight } else { seven })
}

/// Obligations. Requirements are named without their protocol.
impl HsrpTest<'_> {
    /// The device, which is silent, says something for the first time in this window: a Hello in this state.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn enters(
        &mut self,
        state: Group,
        mark: Mark,
        window: Window,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        let first = self.expect(&self.message(), mark, window, requirement)?;
        self.is_in(state, first, requirement)?;
        Ok(first)
    }

    /// The message is a Hello in this state.
    ///
    /// # Errors
    /// It is not: recorded, and the end of the test.
    pub fn is_in(&mut self, state: Group, sighting: Sighting, requirement: &'static str) -> Result<(), Stop> {
        let hello = self.message().state(state);
        let event = self.run.event(sighting);
        let met = crate::scenario::Pattern::matches(&hello, event) == Some(true);
        let seen = crate::scenario::Pattern::show(&hello, event);
        let text = format!("its first message is a Hello in {state:?}");
        self.judge(met, &text, &seen, Some(sighting.number), requirement)
    }

    /// The device, which sent `last` in `state`, goes on from one state to another without showing any third in between:
    /// its first Hello in the other comes in this window.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    pub fn goes_over(
        &mut self,
        [state, other]: [Group; 2],
        last: Mark,
        window: Window,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        let first = self.expect(&self.message().state(other), last, window, requirement)?;
        let text = format!("that is no Hello in {state:?} or {other:?}");
        let third = self.message().with(&text, move |seen| {
            let hello = seen.heard.opcode == redspec_codec::hsrp::Opcode::HELLO;
            !hello || seen.heard.state != Some(state) && seen.heard.state != Some(other)
        });
        self.never(&third, last, first.at.time - last.at.time, requirement)?;
        Ok(first)
    }

    /// The device, which sent `last` in `state`, does nothing about the messages at `mark`: its next Hello is in that
    /// state still, and comes when it would have come, and nothing else does.
    ///
    /// # Errors
    /// It is not so: recorded, and the end of the test.
    pub fn unmoved(
        &mut self,
        state: Group,
        last: Sighting,
        mark: Mark,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        // Some routers send Hellos in between: only an exact one is held to the least time between two.
        let from = Mark { at: last.at, ..mark };
        let next = self.expect(&self.message(), from, hello_again(self.hellotime()), requirement)?;
        self.is_in(state, next, requirement)?;
        Ok(next)
    }
}

/// Stimuli.
impl HsrpTest<'_> {
    /// Waits until the device has just sent a Hello, so that nothing of its is under way for a while. Returns that Hello.
    ///
    /// # Errors
    /// It sends none: the test is inconclusive.
    pub fn after_hello(&mut self, state: Group, mark: Mark) -> Result<Sighting, Stop> {
        let longest = self.hellotime() * 2;
        let Some(hello) = self.look(&self.message().state(state), mark, longest)? else {
            let text = format!("preamble: no Hello in {state:?} within {} s", longest.as_secs_f64());
            return Err(Stop::Inconclusive(text));
        };
        self.wait_until(hello.mark(), self.hellotime() / 4)?;
        Ok(hello)
    }

    /// A Hello of another router that is Active, which says something once: the router is silent otherwise.
    ///
    /// # Errors
    /// The bed could not.
    pub fn last_hello(&mut self, peer: usize, message: &Message) -> Result<Mark, Stop> {
        self.lan.peers[peer].stop();
        self.send(message)
    }

    /// The device is switched off and on again, while nobody says anything.
    ///
    /// # Errors
    /// It cannot be.
    pub fn restart(&mut self) -> Result<Mark, Stop> {
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        self.make_initial()?;
        self.wait(Duration::from_secs(1))?;
        self.enable()
    }
}

/// The same window, open for so much longer.
pub fn longer(window: Window, by: Duration) -> Window {
    Window { lenient: Span { to: window.lenient.to + by, ..window.lenient }, ..window }
}
