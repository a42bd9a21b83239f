//! What every test does and looks for, whatever the protocol.

use std::time::Duration;

use crate::event::{Event, Port};
use crate::scenario::{Background, Mark, Pattern, Run, Sighting, Stop};
use crate::spec::Window;
use crate::time::Time;

/// A test while it runs. Requirements are named without their protocol.
pub trait Steps {
    /// The run.
    fn run(&self) -> &Run;

    /// The run, and who else is on the links.
    fn parts(&mut self) -> (&mut Run, &mut dyn Background);

    /// The requirement of that name in the test's protocol.
    fn requirement(&self, name: &'static str) -> &'static str;

    /// Now.
    fn now(&self) -> Time {
        self.run().now()
    }

    /// This moment.
    fn mark(&self) -> Mark {
        self.run().mark()
    }

    /// Waits.
    ///
    /// # Errors
    /// The bed fails.
    fn wait(&mut self, duration: Duration) -> Result<(), Stop> {
        let until = self.now() + duration;
        let (run, others) = self.parts();
        run.wait_until(others, until)
    }

    /// Waits until so long after `mark`.
    ///
    /// # Errors
    /// The bed fails.
    fn wait_until(&mut self, mark: Mark, after: Duration) -> Result<(), Stop> {
        let (run, others) = self.parts();
        run.wait_until(others, mark.at.time + after)
    }

    /// Sends a frame.
    ///
    /// # Errors
    /// The bed could not.
    fn send_frame(&mut self, port: Port, frame: &[u8]) -> Result<Mark, Stop> {
        let (run, others) = self.parts();
        run.send(others, port, frame)
    }

    /// The first frame that fits comes in its window.
    ///
    /// # Errors
    /// It does not: recorded, and the end of the test.
    fn expect(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        window: Window,
        requirement: &'static str,
    ) -> Result<Sighting, Stop> {
        let requirement = self.requirement(requirement);
        let (run, others) = self.parts();
        run.expect(others, pattern, mark, window, requirement)
    }

    /// No frame fits, for `duration` from `mark` on.
    ///
    /// # Errors
    /// One does: recorded, and the end of the test.
    fn never(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        let (run, others) = self.parts();
        run.never(others, pattern, mark, mark.at.time + duration, requirement)
    }

    /// Every frame that the pattern is about fits, for `duration` from `mark` on; at least `least` come.
    ///
    /// # Errors
    /// One does not: recorded, and the end of the test. Too few: inconclusive.
    fn always(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
        least: usize,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        let (run, others) = self.parts();
        run.always(others, pattern, mark, mark.at.time + duration, least, requirement)
    }

    /// All frames that fit, for `duration` from `mark` on.
    ///
    /// # Errors
    /// The bed fails.
    fn all(&mut self, pattern: &dyn Pattern, mark: Mark, duration: Duration) -> Result<Vec<Sighting>, Stop> {
        let (run, others) = self.parts();
        run.all(others, pattern, mark, mark.at.time + duration)
    }

    /// The first frame that fits, if one comes within `duration` of `mark`: nothing is judged.
    ///
    /// # Errors
    /// The bed fails.
    fn look(
        &mut self,
        pattern: &dyn Pattern,
        mark: Mark,
        duration: Duration,
    ) -> Result<Option<Sighting>, Stop> {
        let until = mark.at.time + duration;
        let (run, others) = self.parts();
        run.find(others, mark, until, |event: &Event<'_>| pattern.matches(event) == Some(true))
    }

    /// Judges what the test has found out itself.
    ///
    /// # Errors
    /// It is not so: recorded, and the end of the test.
    fn judge(
        &mut self,
        met: bool,
        expected: &str,
        seen: &str,
        frame: Option<u64>,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        self.parts().0.judge(met, expected, seen, frame, requirement)
    }

    /// Every gap between two of these lies in the window.
    ///
    /// # Errors
    /// One does not: recorded, and the end of the test.
    fn gaps(
        &mut self,
        sightings: &[Sighting],
        window: Window,
        requirement: &'static str,
    ) -> Result<(), Stop> {
        let requirement = self.requirement(requirement);
        self.parts().0.gaps(sightings, window, requirement)
    }

    /// Records what the text leaves open.
    fn note(&mut self, text: impl Into<String>, frame: Option<u64>, requirement: &'static str) {
        let requirement = self.requirement(requirement);
        self.parts().0.note(text, frame, requirement);
    }

    /// Four octets that no other frame of the test has.
    fn token(&mut self) -> [u8; 4] {
        let mut token = [0; 4];
        for octet in &mut token {
            *octet = self.parts().0.random.octet();
        }
        token
    }

    /// The octets of a sighting's frame.
    fn octets_at(&self, sighting: Sighting) -> Vec<u8> {
        let frame = self.run().event(sighting).frame(crate::event::Direction::FromDevice);
        frame.map(<[u8]>::to_vec).unwrap_or_default()
    }
}
