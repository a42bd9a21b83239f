//! Devices that execute the tables of [`spec`](crate::spec). Sans-IO: what happens goes in with its time, frames and
//! the time of the next deadline come out.

pub mod hsrp;
pub mod imprecise;
pub mod lab;
pub mod lacp;
pub mod machine;
pub mod mutant;
pub mod mutation;
pub mod router;
pub mod vrrp;

use crate::event::Port;
use crate::settings::BadSetting;
use crate::time::Time;

/// What reaches a device.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// A frame on that port.
    Frame(Port, &'a [u8]),
    /// The link of that port came up or went down.
    Link(Port, bool),
    /// A parameter is changed by the management.
    Configure(&'a str, &'a str),
}

/// A device that a simulated bed can run.
pub trait Device {
    /// Something reaches it.
    ///
    /// # Errors
    /// A parameter that cannot be changed so.
    fn input(&mut self, now: Time, input: Input<'_>) -> Result<(), BadSetting>;
    /// Time has come to what [`Self::next_deadline`] said.
    fn advance(&mut self, now: Time);
    /// When it will act next if nothing reaches it.
    fn next_deadline(&self) -> Option<Time>;
    /// What it has sent since the last call, in this order.
    fn output(&mut self) -> Vec<(Port, Vec<u8>)>;
    /// Its own account of a piece of its state that no frame shows; `None` if it has none of that name.
    fn state(&self, name: &str, port: Port) -> Option<String>;
    /// Ids of the table rows that it took so far.
    fn rows(&self) -> Vec<&'static str>;
}
