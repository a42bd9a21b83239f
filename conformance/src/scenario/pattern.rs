//! What a frame of the device has to look like.

use crate::event::Event;

/// A description of a frame that can be checked, and put in words.
pub trait Pattern {
    /// In words: `LACPDU on P1 with actor EXPIRED`.
    fn describe(&self) -> String;
    /// `None` if the event is no frame that the pattern is about: of another protocol, on another port, from the tester.
    fn matches(&self, event: &Event<'_>) -> Option<bool>;
    /// The frame in words, to say what was seen instead.
    fn show(&self, event: &Event<'_>) -> String;
}
