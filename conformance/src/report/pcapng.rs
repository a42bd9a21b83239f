//! The trace of a test as pcapng that opens in Wireshark, and back.
//!
//! What is in the file, and how:
//!
//! | in the trace | in the file |
//! |---|---|
//! | [`TraceHeader`] and the number of ports | JSON in the comment of the section header |
//! | port | interface `P1`, `P2` ..., Ethernet, stamps in nanoseconds |
//! | frame | Enhanced Packet Block; `epb_flags` says inbound for what the device sent, as the tester saw it |
//! | octets that are missing | original length minus captured length |
//! | judgement of a frame | `opt_comment` of its packet |
//! | link, operation, drop | Interface Statistics Block with a comment that begins with `redspec: `: `link up`, `link down`, `operation TEXT`, `dropped COUNT`; for a drop also `isb_ifdrop`, which counts all drops of the port so far |
//! | uncertainty, unless it is zero | option 0x8001, local use: eight octets, nanoseconds |
//!
//! Blocks stand in the order of the events. A frame's number is its place among the frames, from 1.

use std::borrow::Cow;
use std::io::{self, Read, Write};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::capture::{CaptureError, CaptureReader, Item, LinkType, Options, Packet, Timestamp};
use crate::event::{Direction, Event, Happening, Port, Stamp};
use crate::spec::Edition;
use crate::time::{Time, nanoseconds};

/// Which run of which test a trace is of: enough to judge it again.
#[derive(Clone, Debug, PartialEq)]
pub struct TraceHeader {
    /// The test's id.
    pub test: String,
    /// The device's name.
    pub device: String,
    /// What it was judged by.
    pub edition: Edition,
    /// From which everything random in the test came.
    pub seed: u64,
    /// Whatever else the judge was told: profile, parameters, tolerance.
    pub settings: serde_json::Map<String, serde_json::Value>,
}

/// A trace that was read back.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedTrace {
    /// Which run of which test.
    pub header: TraceHeader,
    /// How many ports the bed had.
    pub ports: usize,
    /// All that happened, in order.
    pub events: Vec<Event<'static>>,
    /// Comments on frames, by frame number, in order.
    pub comments: Vec<(u64, String)>,
}

/// Why a file is not a trace.
#[derive(Debug, Error)]
pub enum Error {
    /// It is no capture, or a damaged one.
    #[error(transparent)]
    Capture(#[from] CaptureError),
    /// A capture, but not one of ours.
    #[error("no trace that redspec wrote: {0}")]
    Foreign(String),
    /// One of ours, changed since.
    #[error("after frame {after}: {what}")]
    Changed {
        /// Frames before that place.
        after: u64,
        /// What is there, and what was expected.
        what: String,
    },
}

/// The section's comment.
#[derive(Serialize, Deserialize)]
struct Identity<'a> {
    schema: Cow<'a, str>,
    test: Cow<'a, str>,
    device: Cow<'a, str>,
    edition: Cow<'a, str>,
    seed: u64,
    ports: usize,
    settings: Cow<'a, serde_json::Map<String, serde_json::Value>>,
}

const SCHEMA: &str = "redspec.trace/1";

/// Begins the comment of a statistics block of ours.
const MARK: &str = "redspec: ";
const LINK_UP: &str = "link up";
const LINK_DOWN: &str = "link down";
const OPERATION: &str = "operation ";
const DROPPED: &str = "dropped ";
const LATE: &str = "late by ns ";

const COMMENT: u16 = 1;
const SECTION_HARDWARE: u16 = 2;
const SECTION_OS: u16 = 3;
const SECTION_APPLICATION: u16 = 4;
const INTERFACE_NAME: u16 = 2;
const INTERFACE_STAMP_RESOLUTION: u16 = 9;
const PACKET_FLAGS: u16 = 2;
const STATISTICS_DROPS: u16 = 5;
/// The uppermost bit says "local use": other readers pass over it.
const UNCERTAINTY: u16 = 0x8001;

const INBOUND: u32 = 1;
const OUTBOUND: u32 = 2;
const DIRECTION: u32 = 3;

/// Wireshark takes no packet that is larger.
const LONGEST_FRAME: usize = 262_144;

/// Writes a trace. `comments` are on frames, by number, in any order; those on one frame stay in order.
///
/// # Errors
/// `out` fails. With [`io::ErrorKind::InvalidInput`], what was asked for cannot be read back: a port or a frame that is
/// not there, events that are not numbered as frames are counted, texts and frames too long for the format.
pub fn write_trace(
    out: impl Write,
    header: &TraceHeader,
    ports: usize,
    events: &[Event<'_>],
    comments: &[(u64, String)],
) -> io::Result<()> {
    let mut comments: Vec<_> = comments.iter().map(|(number, text)| (*number, text.as_str())).collect();
    comments.sort_by_key(|(number, _)| *number);
    let mut writer = Writer { out, block: Vec::new(), frames: 0, drops: vec![0; ports], comments: &comments };
    writer.section(header, ports)?;
    for port in 0..ports {
        writer.interface(Port(u16::try_from(port).map_err(|_| invalid(format!("{ports} ports")))?))?;
    }
    for event in events {
        writer.event(event)?;
    }
    match writer.comments {
        [] => writer.out.flush(),
        [(number, text), ..] => Err(invalid(format!(
            "comment on frame {number}, which is not among the {} of the trace: {text}",
            writer.frames
        ))),
    }
}

fn invalid(text: String) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, text)
}

struct Writer<'c, W> {
    out: W,
    /// The body of the block being made.
    block: Vec<u8>,
    frames: u64,
    /// Of each port.
    drops: Vec<u64>,
    /// Not written yet, by frame.
    comments: &'c [(u64, &'c str)],
}

impl<W: Write> Writer<'_, W> {
    fn section(&mut self, header: &TraceHeader, ports: usize) -> io::Result<()> {
        let identity = Identity {
            schema: SCHEMA.into(),
            test: header.test.as_str().into(),
            device: header.device.as_str().into(),
            edition: header.edition.name().into(),
            seed: header.seed,
            ports,
            settings: Cow::Borrowed(&header.settings),
        };
        self.words(&[0x1a2b_3c4d, 1, u32::MAX, u32::MAX]);
        self.text(SECTION_HARDWARE, std::env::consts::ARCH)?;
        self.text(SECTION_OS, std::env::consts::OS)?;
        self.text(SECTION_APPLICATION, concat!("redspec ", env!("CARGO_PKG_VERSION")))?;
        self.text(COMMENT, &serde_json::to_string(&identity)?)?;
        self.finish(0x0a0d_0d0a)
    }

    fn interface(&mut self, port: Port) -> io::Result<()> {
        const NANOSECONDS: u8 = 9;
        // No snapshot length: nothing is cut.
        self.words(&[u32::from(LinkType::ETHERNET.0), 0]);
        self.text(INTERFACE_NAME, &port.to_string())?;
        self.option(INTERFACE_STAMP_RESOLUTION, &[NANOSECONDS])?;
        self.finish(1)
    }

    fn event(&mut self, event: &Event<'_>) -> io::Result<()> {
        let frame = matches!(event.what, Happening::Frame { .. });
        self.frames += u64::from(frame);
        if event.number != self.frames {
            let (number, expected) = (event.number, self.frames);
            return Err(invalid(format!("an event with number {number} where {expected} was expected")));
        }
        if event.port.index() >= self.drops.len() {
            return Err(invalid(format!(
                "an event on port {} of a bed with {} ports",
                event.port,
                self.drops.len()
            )));
        }
        match &event.what {
            Happening::Frame { direction, octets, missing } => {
                self.frame(event, *direction, octets, *missing)
            }
            Happening::Link { up } => self.statistics(event, if *up { LINK_UP } else { LINK_DOWN }),
            Happening::Operation(text) => self.statistics(event, &format!("{OPERATION}{text}")),
            Happening::Dropped(count) => {
                let drops = &mut self.drops[event.port.index()];
                *drops = drops.saturating_add(*count);
                self.statistics(event, &format!("{DROPPED}{count}"))
            }
            Happening::Late(by) => self.statistics(event, &format!("{LATE}{}", nanoseconds(*by))),
        }
    }

    fn frame(
        &mut self,
        event: &Event<'_>,
        direction: Option<Direction>,
        octets: &[u8],
        missing: usize,
    ) -> io::Result<()> {
        let (captured, whole) = (octets.len(), octets.len().saturating_add(missing));
        let (Ok(length), Ok(original)) = (u32::try_from(captured), u32::try_from(whole)) else {
            return Err(invalid(format!("frame {}: a length of {whole} octets", event.number)));
        };
        if captured > LONGEST_FRAME {
            let number = event.number;
            return Err(invalid(format!(
                "frame {number}: {captured} octets, expected at most {LONGEST_FRAME}"
            )));
        }
        self.place(event);
        self.words(&[length, original]);
        self.block.extend_from_slice(octets);
        self.pad();
        if let Some(direction) = direction {
            let flag = match direction {
                Direction::FromDevice => INBOUND,
                Direction::ToDevice => OUTBOUND,
            };
            self.option(PACKET_FLAGS, &flag.to_le_bytes())?;
        }
        while let [(number, text), rest @ ..] = self.comments {
            if *number != event.number {
                break;
            }
            self.comments = rest;
            self.text(COMMENT, text)?;
        }
        self.uncertainty(event)?;
        self.finish(6)
    }

    /// A block that is not a frame.
    fn statistics(&mut self, event: &Event<'_>, what: &str) -> io::Result<()> {
        self.place(event);
        self.text(COMMENT, &format!("{MARK}{what}"))?;
        if let Happening::Dropped(_) = event.what {
            let drops = self.drops[event.port.index()];
            self.option(STATISTICS_DROPS, &drops.to_le_bytes())?;
        }
        self.uncertainty(event)?;
        self.finish(5)
    }

    /// Where and when.
    fn place(&mut self, event: &Event<'_>) {
        let time = event.at.time.nanos();
        self.words(&[u32::from(event.port.0), (time >> 32) as u32, (time & 0xffff_ffff) as u32]);
    }

    fn uncertainty(&mut self, event: &Event<'_>) -> io::Result<()> {
        if event.at.uncertainty.is_zero() {
            return Ok(());
        }
        let nanoseconds = u64::try_from(event.at.uncertainty.as_nanos()).map_err(|_| {
            invalid(format!("event {}: an uncertainty of {:?}", event.number, event.at.uncertainty))
        })?;
        self.option(UNCERTAINTY, &nanoseconds.to_le_bytes())
    }

    fn words(&mut self, words: &[u32]) {
        for word in words {
            self.block.extend_from_slice(&word.to_le_bytes());
        }
    }

    fn text(&mut self, code: u16, text: &str) -> io::Result<()> {
        self.option(code, text.as_bytes())
    }

    fn option(&mut self, code: u16, value: &[u8]) -> io::Result<()> {
        let length = u16::try_from(value.len()).map_err(|_| {
            let begin: String = String::from_utf8_lossy(value).chars().take(60).collect();
            invalid(format!("{} octets where at most {} fit: {begin} ...", value.len(), u16::MAX))
        })?;
        self.block.extend_from_slice(&code.to_le_bytes());
        self.block.extend_from_slice(&length.to_le_bytes());
        self.block.extend_from_slice(value);
        self.pad();
        Ok(())
    }

    fn pad(&mut self) {
        self.block.resize(self.block.len().next_multiple_of(4), 0);
    }

    /// Ends the options, and writes the block.
    fn finish(&mut self, kind: u32) -> io::Result<()> {
        self.words(&[0]);
        let length = u32::try_from(self.block.len() + 12)
            .map_err(|_| invalid(format!("a block of {} octets", self.block.len())))?
            .to_le_bytes();
        self.out.write_all(&kind.to_le_bytes())?;
        self.out.write_all(&length)?;
        self.out.write_all(&self.block)?;
        self.block.clear();
        self.out.write_all(&length)
    }
}

/// Reads what [`write_trace`] wrote. Statistics and interfaces' options that others added are passed over.
///
/// # Errors
/// The file cannot be read, is damaged, is a capture of something else, or one of ours that was changed so that it does
/// not say what happened.
pub fn read_trace(input: impl Read) -> Result<SavedTrace, Error> {
    let mut capture = CaptureReader::new(input)?;
    let (header, ports) = match capture.next_item()? {
        Some(Item::Section(options)) => identity(options)?,
        _ => return Err(Error::Foreign("a pcap file, expected pcapng".into())),
    };
    let mut trace = SavedTrace { header, ports, events: Vec::new(), comments: Vec::new() };
    let mut frames = 0;
    let mut described = 0;
    while let Some(item) = capture.next_item()? {
        let changed = |what| Error::Changed { after: frames, what };
        let event = match item {
            Item::Section(_) => return Err(changed("another section, expected one".into())),
            Item::Interface { link_type: LinkType::ETHERNET, .. } => {
                described += 1;
                None
            }
            Item::Interface { number, link_type, .. } => {
                return Err(changed(format!("interface {number} is {link_type}, expected ETHERNET")));
            }
            Item::Packet(packet, options) => {
                let event = frame(&packet, options, ports).map_err(changed)?;
                frames = packet.number;
                trace.comments.extend(options.comments().map(|text| (frames, text.into_owned())));
                Some(event)
            }
            Item::Statistics { interface, time, options } => happening(options)
                .map_err(changed)?
                .map_or(Ok(None), |what| {
                    let (at, port) = (stamp(Some(time), options)?, port(interface, ports)?);
                    Ok(Some(Event { number: frames, at, port, what }))
                })
                .map_err(changed)?,
        };
        trace.events.extend(event);
    }
    if described == ports {
        Ok(trace)
    } else {
        let what = format!("{described} interfaces, expected the {ports} that the section states");
        Err(Error::Changed { after: frames, what })
    }
}

fn identity(options: Options<'_>) -> Result<(TraceHeader, usize), Error> {
    let Some(comment) = options.comments().find(|text| text.trim_start().starts_with('{')) else {
        return Err(Error::Foreign("its section has no comment with JSON".into()));
    };
    let identity: Identity<'_> = serde_json::from_str(&comment)
        .map_err(|error| Error::Foreign(format!("the comment of its section: {error}")))?;
    let Identity { schema, test, device, edition, seed, ports, settings } = identity;
    if schema != SCHEMA {
        return Err(Error::Foreign(format!("schema {schema:?}, expected {SCHEMA:?}")));
    }
    let edition = edition.parse().map_err(|error| Error::Foreign(format!("{error}")))?;
    let (test, device, settings) = (test.into_owned(), device.into_owned(), settings.into_owned());
    Ok((TraceHeader { test, device, edition, seed, settings }, ports))
}

fn frame(packet: &Packet<'_>, options: Options<'_>, ports: usize) -> Result<Event<'static>, String> {
    let direction = match options.u32(PACKET_FLAGS).unwrap_or_default() & DIRECTION {
        0 => None,
        INBOUND => Some(Direction::FromDevice),
        OUTBOUND => Some(Direction::ToDevice),
        both => return Err(format!("a frame with direction {both}, expected 0, {INBOUND} or {OUTBOUND}")),
    };
    let (captured, original) = (packet.octets.len(), packet.original_length as usize);
    let missing = original
        .checked_sub(captured)
        .ok_or_else(|| format!("a frame of {original} octets with {captured} of them captured"))?;
    let octets = Cow::Owned(packet.octets.to_vec());
    Ok(Event {
        number: packet.number,
        at: stamp(packet.time, options)?,
        port: port(packet.interface, ports)?,
        what: Happening::Frame { direction, octets, missing },
    })
}

fn port(interface: u32, ports: usize) -> Result<Port, String> {
    match u16::try_from(interface) {
        Ok(number) if usize::from(number) < ports => Ok(Port(number)),
        _ => Err(format!("interface {interface}, expected less than the {ports} that the section states")),
    }
}

fn stamp(time: Option<Timestamp>, options: Options<'_>) -> Result<Stamp, String> {
    let time = time.ok_or("a frame without time")?;
    let nanoseconds = u64::try_from(time.seconds)
        .ok()
        .and_then(|seconds| seconds.checked_mul(1_000_000_000)?.checked_add(time.nanoseconds.into()))
        .ok_or_else(|| format!("time {time}, expected at most {} ns after 1970", u64::MAX))?;
    let uncertainty = Duration::from_nanos(options.u64(UNCERTAINTY).unwrap_or_default());
    Ok(Stamp { time: Time::from_nanos(nanoseconds), uncertainty })
}

/// What a statistics block of ours says; `None` if it is not ours.
fn happening(options: Options<'_>) -> Result<Option<Happening<'static>>, String> {
    let Some(comment) = options.comments().find(|comment| comment.starts_with(MARK)) else {
        return Ok(None);
    };
    let text = &comment[MARK.len()..];
    if let Some(operation) = text.strip_prefix(OPERATION) {
        return Ok(Some(Happening::Operation(Cow::Owned(operation.to_owned()))));
    }
    if let Some(by) = text.strip_prefix(LATE).and_then(|by| by.parse().ok()) {
        return Ok(Some(Happening::Late(Duration::from_nanos(by))));
    }
    let dropped = text.strip_prefix(DROPPED).and_then(|count| count.parse().ok());
    Ok(Some(match (text, dropped) {
        (LINK_UP, _) => Happening::Link { up: true },
        (LINK_DOWN, _) => Happening::Link { up: false },
        (_, Some(count)) => Happening::Dropped(count),
        _ => {
            return Err(format!(
                "{text:?}, expected {LINK_UP:?}, {LINK_DOWN:?}, \"{OPERATION}TEXT\", \"{DROPPED}COUNT\" or \"{LATE}COUNT\""
            ));
        }
    }))
}
