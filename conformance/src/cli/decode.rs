use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, BufWriter, IsTerminal, Read, Write};

use redspec::capture::link::LinkError;
use redspec::capture::{CaptureError, CaptureReader, LinkType};
use redspec::decode::Decoded;

use super::exit::{Exit, Failure};
use super::{complain, source::Source};

/// Print the frames of our protocols in captures, one line each.
///
/// Reads pcap and pcapng of Ethernet, Linux cooked (SLL, SLL2) and raw IP. Each frame comes with every deviation
/// from the standards in its octets. Of a damaged file what is readable is printed.
#[derive(clap::Args)]
pub struct Args {
    /// Captures; "-" is the standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Source>,
    /// Print one JSON object per frame.
    #[arg(long)]
    json: bool,
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let out = RefCell::new(BufWriter::with_capacity(64 * 1024, io::stdout().lock()));
    let mut exit = Exit::Success;
    for source in &args.files {
        match decode(source, args, &out).and_then(|tally| out.borrow_mut().flush().map(|()| tally)) {
            Ok(tally) => exit = exit.min(tally.report(source)),
            // Who reads has seen enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(exit),
            Err(error) => return Err(Failure::tester(format_args!("cannot write: {error}"))),
        }
    }
    Ok(exit)
}

/// Flushes the output before it waits for more input: the reader of a pipe sees every frame at once.
struct Live<'o, R, W> {
    source: R,
    out: &'o RefCell<W>,
}

impl<R: Read, W: Write> Read for Live<'_, R, W> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // If this fails, so does the next write, and it is the one to report it.
        let _ = self.out.borrow_mut().flush();
        self.source.read(buffer)
    }
}

/// Prints the frames of one capture. Fails if the output does; what is wrong with the input is in the tally.
fn decode<W: Write>(source: &Source, args: &Args, out: &RefCell<W>) -> io::Result<Tally> {
    let mut tally = Tally::default();
    let name = (args.files.len() > 1).then(|| source.to_string());
    let mut capture = match source.open() {
        Ok(source) => match CaptureReader::new(Live { source, out }) {
            Ok(capture) => capture,
            Err(error) => return Ok(Tally { broken: Some(error.into()), ..tally }),
        },
        Err(error) => return Ok(Tally { broken: Some(error.into()), ..tally }),
    };
    loop {
        let packet = match capture.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(tally),
            Err(error) => return Ok(Tally { broken: Some(error.into()), ..tally }),
        };
        tally.frames += 1;
        match Decoded::new(&packet) {
            Ok(Some(frame)) => {
                tally.ours += 1;
                print(&frame, name.as_deref(), args.json, &mut *out.borrow_mut())?;
            }
            Ok(None) => {}
            Err(error) => tally.skip(packet.number, error),
        }
    }
}

fn print(frame: &Decoded<'_>, file: Option<&str>, json: bool, out: &mut impl Write) -> io::Result<()> {
    if json {
        serde_json::to_writer(&mut *out, &frame.json(file))?;
    } else {
        if let Some(file) = file {
            write!(out, "{file}: ")?;
        }
        write!(out, "{frame}")?;
    }
    out.write_all(b"\n")
}

/// What became of the frames of a file.
#[derive(Default)]
struct Tally {
    frames: u64,
    ours: u64,
    /// Frames of link types that are not supported.
    unsupported: BTreeMap<LinkType, Skipped>,
    /// Frames whose headers cannot be read, and why the first of them cannot.
    unreadable: Option<(Skipped, LinkError)>,
    /// Why the file was not read to its end.
    broken: Option<Broken>,
}

#[derive(Default)]
struct Skipped {
    count: u64,
    first: u64,
}

impl Skipped {
    fn add(&mut self, frame: u64) {
        if self.count == 0 {
            self.first = frame;
        }
        self.count += 1;
    }
}

#[derive(Debug, thiserror::Error)]
enum Broken {
    #[error(transparent)]
    Open(#[from] io::Error),
    #[error(transparent)]
    Capture(#[from] CaptureError),
}

impl Tally {
    #[cold]
    fn skip(&mut self, frame: u64, error: LinkError) {
        match error {
            LinkError::Unsupported(link_type) => self.unsupported.entry(link_type).or_default().add(frame),
            error => self.unreadable.get_or_insert_with(|| (Skipped::default(), error)).0.add(frame),
        }
    }

    /// Says on the standard error what standard output does not show.
    fn report(&self, source: &Source) -> Exit {
        let say = |text: fmt::Arguments<'_>| complain(format_args!("{source}: {text}"));
        let total = self.frames;
        for (&link_type, Skipped { count, first }) in &self.unsupported {
            let what = LinkError::Unsupported(link_type);
            say(format_args!("{what}: {count} of {total} frames skipped, the first is frame {first}"));
        }
        if let Some((Skipped { count, first }, error)) = &self.unreadable {
            say(format_args!(
                "{count} of {total} frames have unreadable headers, the first is frame {first}: {error}"
            ));
        }
        if let Some(error) = &self.broken {
            say(format_args!("{error}"));
        }
        let opened = !matches!(self.broken, Some(Broken::Open(_)));
        let skipped = !self.unsupported.is_empty() || self.unreadable.is_some() || self.broken.is_some();
        if opened && (skipped || self.ours == 0 || io::stderr().is_terminal()) {
            say(format_args!("{} of {total} frames are of LACP, Marker, VRRP, HSRP or GLBP", self.ours));
        }
        if self.unsupported.is_empty() && self.broken.is_none() { Exit::Success } else { Exit::Usage }
    }
}
