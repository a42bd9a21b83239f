//! How fast `redspec check` reads a large capture, as ratios to tshark and to a bare libpcap loop on the same file.
//!
//! The file is made in the folder for temporary files and deleted afterwards: the frames of `pcaps/own`, again and again
//! with their own gaps, and between every two of them data frames of TCP and UDP over IPv4, IPv6 and VLANs.
//!
//! `check` and tshark are timed as processes, so that their start counts; `redspec` has to be built in the same profile:
//! `cargo build --release && cargo run --release -p redspec-benches --bin check`. tshark takes long: it gets a slice from
//! the front of the file, and what it would take for all of it is scaled by the number of octets, unless it is told with
//! `--full` to read the file itself. The libpcap loop and ours are timed in this process. All read the file from memory,
//! after one pass that brings it there. A time is the best of several.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use redspec::capture::{CaptureReader, LinkType};
use redspec::monitor::{Options, Watch};
use redspec::spec::Edition;

/// `check` is to be so many times faster than tshark.
const TO_TSHARK: f64 = 100.0;
/// And to reach this part of the rate of a bare libpcap loop.
const TO_LIBPCAP: f64 = 0.5;
/// Passes of which the best counts.
const PASSES: usize = 5;
/// Data frames between two of the real ones.
const BETWEEN: usize = 200;

const FILTER: &str = "lacp or marker or vrrp or hsrp or glbp";
const MEGABYTE: u64 = 1_000_000;

struct Arguments {
    size: u64,
    slice: u64,
    full: bool,
}

fn arguments() -> Result<Arguments, String> {
    let mut found = Arguments { size: 1100, slice: 110, full: false };
    let mut given = std::env::args().skip(1);
    while let Some(name) = given.next() {
        let mut number = || {
            let text = given.next().unwrap_or_default();
            text.parse().map_err(|_| format!("{name} {text:?}: expected a number of megabytes"))
        };
        match name.as_str() {
            "--size" => found.size = number()?,
            "--slice" => found.slice = number()?,
            "--full" => found.full = true,
            _ => return Err(format!("unknown argument {name}, expected --size MB, --slice MB or --full")),
        }
    }
    Ok(found)
}

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("check: {error}");
            ExitCode::from(2)
        }
    }
}

/// Deletes what it holds.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn run() -> Result<bool, Box<dyn std::error::Error>> {
    let arguments = arguments()?;
    let folder = Folder(std::env::temp_dir().join(format!("redspec-check-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0)?;
    let (file, slice) = (folder.0.join("large.pcap"), folder.0.join("slice.pcap"));
    let real = real_frames()?;
    let made = write_capture(&file, arguments.size * MEGABYTE, &real)?;
    println!("{} MB, {} frames, {} of them from pcaps/own", made.octets / MEGABYTE, made.frames, made.real);

    let ours = best(PASSES, || watch(&file))?;
    let libpcap = best(PASSES, || libpcap(&file))?;
    let redspec = std::env::current_exe()?.with_file_name("redspec");
    if !redspec.exists() {
        return Err(
            format!("{} is not there: build the workspace in the same profile", redspec.display()).into()
        );
    }
    let check = best(PASSES, || process(&redspec, &["check"], &file))?;
    let (tshark, how) = if arguments.full {
        (tshark(&file)?, "all of it".to_owned())
    } else {
        let part = write_capture(&slice, arguments.slice * MEGABYTE, &real)?;
        let took = tshark(&slice)?;
        let scale = made.octets as f64 / part.octets as f64;
        (
            took.mul_f64(scale),
            format!("{} MB of it in {:.2} s, scaled", part.octets / MEGABYTE, took.as_secs_f64()),
        )
    };

    let rate = |time: Duration| made.octets as f64 / time.as_secs_f64() / 1e9;
    println!("{:<34} {:>8.3} s {:>7.2} GB/s", "redspec check", check.as_secs_f64(), rate(check));
    println!("{:<34} {:>8.3} s {:>7.2} GB/s", "monitors in this process", ours.as_secs_f64(), rate(ours));
    println!("{:<34} {:>8.3} s {:>7.2} GB/s", "bare libpcap loop", libpcap.as_secs_f64(), rate(libpcap));
    println!("{:<34} {:>8.3} s {:>7.4} GB/s ({how})", "tshark", tshark.as_secs_f64(), rate(tshark));
    let to_tshark = tshark.as_secs_f64() / check.as_secs_f64();
    let to_libpcap = libpcap.as_secs_f64() / check.as_secs_f64();
    println!("redspec check is {to_tshark:.0} times faster than tshark (goal {TO_TSHARK})");
    println!("redspec check has {to_libpcap:.2} of the rate of a bare libpcap loop (goal {TO_LIBPCAP})");
    Ok(to_tshark >= TO_TSHARK && to_libpcap >= TO_LIBPCAP)
}

fn best<E>(passes: usize, mut pass: impl FnMut() -> Result<Duration, E>) -> Result<Duration, E> {
    // The first brings the file into memory.
    pass()?;
    let mut best = Duration::MAX;
    for _ in 0..passes {
        best = best.min(pass()?);
    }
    Ok(best)
}

/// What `redspec check` does, without the process.
fn watch(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let started = Instant::now();
    let mut capture = CaptureReader::new(File::open(file)?)?;
    let mut watch = Watch::new(Options { edition: Edition::Dot1Ax2014, exact: false });
    while let Some(packet) = capture.next_packet()? {
        watch.packet(&packet)?;
    }
    let report = watch.finish();
    let took = started.elapsed();
    assert!(report.traffic.judged > 0, "none of our frames was found");
    Ok(took)
}

/// What everybody does with libpcap, and nothing with the packets.
fn libpcap(file: &Path) -> Result<Duration, Box<dyn std::error::Error>> {
    let started = Instant::now();
    let mut capture = pcap::Capture::from_file(file)?;
    let (mut frames, mut octets) = (0_u64, 0_u64);
    loop {
        match capture.next_packet() {
            Ok(packet) => {
                frames += 1;
                octets += packet.data.len() as u64;
            }
            Err(pcap::Error::NoMorePackets) => break,
            Err(error) => return Err(error.into()),
        }
    }
    let took = started.elapsed();
    assert!(frames > 0 && octets > frames, "the file is empty");
    Ok(took)
}

fn process(program: &Path, arguments: &[&str], file: &Path) -> io::Result<Duration> {
    let started = Instant::now();
    let done = Command::new(program).args(arguments).arg(file).stdout(Stdio::null()).status()?;
    // What is found in the captures of pcaps/own makes `check` end with 1.
    match done.code() {
        Some(0 | 1) => Ok(started.elapsed()),
        _ => Err(io::Error::other(format!("{}: {done}", program.display()))),
    }
}

fn tshark(file: &Path) -> io::Result<Duration> {
    let started = Instant::now();
    let done = Command::new("tshark")
        .args(["-n", "-Y", FILTER, "-r"])
        .arg(file)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    if done.success() { Ok(started.elapsed()) } else { Err(io::Error::other(format!("tshark: {done}"))) }
}

/// A frame of a real capture: nanoseconds after its start, and its octets.
struct Frame {
    offset: u64,
    octets: Vec<u8>,
}

/// All Ethernet frames of `pcaps/own`, as if every capture had begun at the same time.
fn real_frames() -> Result<Vec<Frame>, Box<dyn std::error::Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pcaps/own");
    let mut frames = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let mut capture = CaptureReader::new(File::open(entry?.path())?)?;
        let mut first = None;
        while let Some(packet) = capture.next_packet()? {
            let Some(time) = packet.time.filter(|_| packet.link_type == LinkType::ETHERNET) else { continue };
            let time = time.seconds.unsigned_abs() * 1_000_000_000 + u64::from(time.nanoseconds);
            let offset = time.saturating_sub(*first.get_or_insert(time));
            frames.push(Frame { offset, octets: packet.octets.to_vec() });
        }
    }
    frames.sort_by_key(|frame| frame.offset);
    if frames.is_empty() { Err("no captures in pcaps/own".into()) } else { Ok(frames) }
}

#[derive(Default)]
struct Made {
    octets: u64,
    frames: u64,
    real: u64,
}

/// A capture of at least `size` octets, with nanoseconds.
fn write_capture(path: &Path, size: u64, real: &[Frame]) -> io::Result<Made> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    out.write_all(&[0xa1b2_3c4d_u32, 0x0004_0002, 0, 0, 262_144, 1].map(u32::to_le_bytes).concat())?;
    let mut made = Made { octets: 24, ..Made::default() };
    let mut data = Data::new();
    let length = real.last().map_or(0, |frame| frame.offset) + 1_000_000_000;
    let mut begin = 1_795_397_000_000_000_000_u64;
    'file: loop {
        let mut last = begin;
        for frame in real {
            let time = begin + frame.offset;
            for number in 0..BETWEEN {
                let between = last + (time - last) / BETWEEN as u64 * number as u64;
                write_frame(&mut out, between, data.next(), &mut made)?;
            }
            write_frame(&mut out, time, &frame.octets, &mut made)?;
            made.real += 1;
            last = time;
            if made.octets >= size {
                break 'file;
            }
        }
        begin += length;
    }
    out.flush()?;
    Ok(made)
}

fn write_frame(out: &mut impl Write, time: u64, octets: &[u8], made: &mut Made) -> io::Result<()> {
    let length = octets.len() as u32;
    let (seconds, nanoseconds) = ((time / 1_000_000_000) as u32, (time % 1_000_000_000) as u32);
    out.write_all(&[seconds, nanoseconds, length, length].map(u32::to_le_bytes).concat())?;
    out.write_all(octets)?;
    made.octets += 16 + u64::from(length);
    made.frames += 1;
    Ok(())
}

/// Data frames of many flows: small, middle and large ones, as on the Internet. TCP segments are in sequence, and each is
/// acknowledged: whoever analyses TCP finds nothing to think about.
struct Data {
    random: u64,
    frame: Vec<u8>,
    flows: [Flow; FLOWS],
}

const FLOWS: usize = 64;

#[derive(Clone, Copy, Default)]
struct Flow {
    /// Octets that were sent.
    sent: u32,
    /// Octets that were acknowledged.
    acknowledged: u32,
}

impl Data {
    fn new() -> Self {
        Self { random: 1, frame: Vec::new(), flows: [Flow::default(); FLOWS] }
    }

    fn random(&mut self, bound: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        self.random % bound
    }

    fn next(&mut self) -> &[u8] {
        let number = self.random(FLOWS as u64) as usize;
        let size = match self.random(10) {
            0 | 1 => 12 + self.random(60) as usize,
            2 | 3 => 500 + self.random(80) as usize,
            _ => 1380,
        };
        let (tcp, six, tagged) = (number % 10 < 8, number.is_multiple_of(5), number % 10 == 3);
        let flow = &mut self.flows[number];
        // The other end acknowledges every segment.
        let answer = tcp && flow.sent != flow.acknowledged;
        let payload = if answer { 0 } else { size };
        let (sequence, acknowledgement) =
            if answer { (1, flow.sent.wrapping_add(1)) } else { (flow.sent.wrapping_add(1), 1) };
        if answer {
            flow.acknowledged = flow.sent;
        } else if tcp {
            flow.sent = flow.sent.wrapping_add(payload as u32);
        }
        let ends = if answer { [2, 1] } else { [1, 2] };
        let ports = if answer { [443, 40_000 + number as u16] } else { [40_000 + number as u16, 443] };
        let number = number as u8;

        let frame = &mut self.frame;
        frame.clear();
        for end in [ends[1], ends[0]] {
            frame.extend([0x02, 0, 0, end, 0, number]);
        }
        if tagged {
            frame.extend([0x81, 0, 0, number]);
        }
        let transport = if tcp { 20 } else { 8 } + payload;
        let protocol = if tcp { 6 } else { 17 };
        if six {
            frame.extend([0x86, 0xdd, 0x60, 0, 0, 0]);
            frame.extend((transport as u16).to_be_bytes());
            frame.extend([protocol, 64]);
            for end in ends {
                frame.extend([0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, end, number]);
            }
        } else {
            frame.extend([0x08, 0, 0x45, 0]);
            frame.extend((transport as u16 + 20).to_be_bytes());
            frame.extend([0, 0, 0x40, 0, 64, protocol, 0, 0]);
            for end in ends {
                frame.extend([192, 0, end, number]);
            }
        }
        for port in ports {
            frame.extend(port.to_be_bytes());
        }
        if tcp {
            frame.extend(sequence.to_be_bytes());
            frame.extend(u32::to_be_bytes(acknowledgement));
            frame.extend([0x50, 0x10, 0x20, 0, 0, 0, 0, 0]);
        } else {
            frame.extend((transport as u16).to_be_bytes());
            frame.extend([0, 0]);
        }
        let filled = frame.len() + payload;
        frame.resize(filled, number);
        frame
    }
}
