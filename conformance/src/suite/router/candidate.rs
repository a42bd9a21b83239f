//! What is sent to find out whether a router accepts it, and what the router makes of it.

use std::fmt;
use std::rc::Rc;

use crate::event::Port;
use crate::scenario::Sighting;

/// What is sent in place of a good message: a frame, or several that only all together are one.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What is odd about it.
    pub text: String,
    /// Where it is sent.
    pub port: Port,
    /// Its frames, one right after the other.
    pub frames: Vec<Vec<u8>>,
    /// In place of them, if they have to be made when they are sent.
    pub numbered: Option<Numbered>,
}

/// A message with everything around it.
pub trait Framed {
    /// Where it is sent.
    fn port(&self) -> Port;
    /// The frame.
    fn frame(&self) -> Vec<u8>;
    /// How the frame is made when it is sent, if it then gets a number that counts up.
    fn numbered(&self) -> Option<Numbered> {
        None
    }
}

/// Makes a frame with the number that it gets when it is sent.
#[derive(Clone)]
pub struct Numbered(pub Rc<dyn Fn(u32) -> Vec<u8>>);

impl fmt::Debug for Numbered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Numbered")
    }
}

impl Candidate {
    /// A message, with what is odd about it.
    pub fn new(text: impl Into<String>, message: &impl Framed) -> Self {
        let numbered = message.numbered();
        Self { numbered, ..Self::raw(text, vec![message.frame()], message.port()) }
    }

    /// Frames of any content.
    pub fn raw(text: impl Into<String>, frames: Vec<Vec<u8>>, port: Port) -> Self {
        Self { text: text.into(), port, frames, numbered: None }
    }
}

/// What the device made of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reaction {
    /// It goes on as if nothing had come.
    Ignored,
    /// It takes it for the message of a better router.
    Accepted,
    /// Neither: it acts at once.
    Disturbed,
}

/// A reaction, and what shows it.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What it is.
    pub reaction: Reaction,
    /// What there was to see.
    pub text: String,
    /// The frame that shows it.
    pub frame: Option<u64>,
}

impl Seen {
    /// One, and the frame that shows it.
    pub fn new(reaction: Reaction, text: impl Into<String>, sighting: Option<Sighting>) -> Self {
        Self { reaction, text: text.into(), frame: sighting.map(|sighting| sighting.number) }
    }

    /// It has had no effect.
    pub fn ignored(&self) -> bool {
        self.reaction == Reaction::Ignored
    }

    /// It was taken for the message of a better router.
    pub fn accepted(&self) -> bool {
        self.reaction == Reaction::Accepted
    }

    /// In a word.
    pub fn word(&self) -> &'static str {
        match self.reaction {
            Reaction::Ignored => "discarded",
            Reaction::Accepted => "accepted",
            Reaction::Disturbed => "acted upon",
        }
    }
}

/// All of them as candidates.
pub fn all<C: Clone + Into<Candidate>>(candidates: &[C]) -> Vec<Candidate> {
    candidates.iter().cloned().map(Into::into).collect()
}

/// What is odd about all of them; of many, about the first and the last.
pub fn texts(candidates: &[Candidate]) -> String {
    let texts: Vec<&str> = candidates.iter().map(|candidate| candidate.text.as_str()).collect();
    match texts[..] {
        [first, .., last] if texts.len() > 8 => format!("{first} to {last}"),
        _ => texts.join(", "),
    }
}
