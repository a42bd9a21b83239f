//! What the frames of a capture say: one frame, as a line of text or as a JSON object.
//!
//! ```
//! use redspec::capture::CaptureReader;
//! use redspec::decode::Decoded;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let header = [0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0];
//! # let source = &header[..];
//! let mut capture = CaptureReader::new(source)?;
//! while let Some(packet) = capture.next_packet()? {
//!     if let Some(decoded) = Decoded::new(&packet)? {
//!         println!("{decoded}");
//!         println!("{}", serde_json::to_string(&decoded.json(None))?);
//!     }
//! }
//! # Ok(())
//! # }
//! ```

mod fields;
mod json;
mod protocol;
mod text;

use redspec_codec::frame::Pdu;
use redspec_codec::hsrp::v1;
use redspec_codec::slow::lacp;
use redspec_codec::{Deviation, Error, ErrorKind, cisco};
use thiserror::Error;

pub use protocol::ProtocolName;

use crate::capture::link::{Dissected, LinkError, dissect};
use crate::capture::{Packet, Partial, Timestamp};

/// A frame of our protocols, accepted or rejected.
///
/// [`Display`](std::fmt::Display) writes one line, and an indented one for each deviation;
/// [`Self::json`] is the object that `redspec decode --json` prints.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// Counts from 1 over the capture.
    pub number: u64,
    /// When it was captured.
    pub time: Option<Timestamp>,
    /// What it is.
    pub protocol: ProtocolName,
    /// Its headers.
    pub headers: Dissected<'a>,
    /// The message and the octets after it, or why it was rejected.
    pub message: Result<(Pdu<'a>, &'a [u8]), Rejection>,
    /// What is wrong in an accepted message or in the headers around it.
    pub deviations: Vec<Deviation>,
}

/// Why there is no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Rejection {
    /// The message ends too soon because the capture does not hold all of it: no fault of who sent it.
    #[error(transparent)]
    Partial(#[from] Partial),
    /// The octets are at fault.
    #[error(transparent)]
    Octets(#[from] Error),
}

impl Rejection {
    fn of(error: Error, packet: &Packet<'_>) -> Self {
        match packet.partial() {
            Some(partial) if error.kind() == ErrorKind::Truncated => partial.into(),
            _ => error.into(),
        }
    }
}

impl<'a> Decoded<'a> {
    /// Decodes a packet; `None` if it is of none of our protocols.
    ///
    /// # Errors
    /// The headers cannot be read, so that nothing is known of the protocol.
    pub fn new(packet: &Packet<'a>) -> Result<Option<Self>, LinkError> {
        let headers = dissect(packet)?;
        let Some(protocol) = ProtocolName::of(&headers.frame) else {
            return Ok(None);
        };
        let mut deviations = Vec::new();
        let mut message = headers
            .audit(&mut |deviation| deviations.push(deviation))
            .map_err(|error| Rejection::of(error, packet));
        if let Some(partial) = packet.partial() {
            // A LACPDU is long enough without the rest of its TLVs.
            if deviations.iter().any(|deviation| deviation.rule == &lacp::rules::TLV_LIST) {
                deviations.clear();
                message = Err(partial.into());
            }
        }
        Ok(Some(Self { number: packet.number, time: packet.time, protocol, headers, message, deviations }))
    }

    /// The octets after the message and what is known to follow it.
    fn trailer(&self) -> usize {
        match &self.message {
            Ok((Pdu::Hsrp1(_), rest)) if md5_after(rest).is_some() => {
                rest.len() - cisco::Md5Authentication::LEN
            }
            Ok((_, rest)) => rest.len(),
            Err(_) => 0,
        }
    }
}

/// The MD5 authentication that may follow a HSRPv1 message.
fn md5_after(rest: &[u8]) -> Option<cisco::Md5Authentication> {
    v1::Extension(rest).md5()
}

/// A clear text password without its zero fill.
fn password(octets: &[u8; 8]) -> std::slice::EscapeAscii<'_> {
    let end = octets.iter().rposition(|octet| *octet != 0).map_or(0, |last| last + 1);
    octets[..end].escape_ascii()
}
