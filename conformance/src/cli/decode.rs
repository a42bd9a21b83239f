use std::cell::RefCell;
use std::io::{self, BufWriter, Read, Write};

use redspec::capture::CaptureReader;
use redspec::decode::Decoded;

use super::exit::{Exit, Failure};
use super::source::Source;
use super::tally::Tally;

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
            Err(error) => return Ok(tally.broken(error)),
        },
        Err(error) => return Ok(tally.broken(error)),
    };
    loop {
        let packet = match capture.next_packet() {
            Ok(Some(packet)) => packet,
            Ok(None) => return Ok(tally),
            Err(error) => return Ok(tally.broken(error)),
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
