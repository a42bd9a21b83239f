//! Traces: written, read back, read by tshark, damaged.

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use pretty_assertions::assert_eq;
use redspec::capture::{CaptureReader, Item};
use redspec::event::{Direction, Event, Happening, Port, Stamp};
use redspec::report::pcapng::{Error, SavedTrace, TraceHeader, read_trace, write_trace};
use redspec::spec::Edition;
use redspec::time::Time;

fn header() -> TraceHeader {
    let settings = serde_json::json!({
        "profile": "short timeout", "tolerance_ns": [-5, 5_000_000], "exact": false, "nothing": null,
    });
    TraceHeader {
        test: "lacp.rx.expired-after-short-timeout".into(),
        device: "Über-Switch \"9000\"\n, rack 3".into(),
        edition: Edition::Dot1Ax2014,
        seed: u64::MAX,
        settings: settings.as_object().unwrap().clone(),
    }
}

fn event(number: u64, time: u64, port: u16, what: Happening<'static>) -> Event<'static> {
    Event { number, at: Time::from_nanos(time).into(), port: Port(port), what }
}

fn frame(direction: Option<Direction>, length: u8, missing: usize) -> Happening<'static> {
    let slow_protocols = [1, 0x80, 0xc2, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0x09];
    let octets = slow_protocols.into_iter().chain(0..length).collect();
    Happening::Frame { direction, octets: Cow::Owned(octets), missing }
}

fn unsure(mut event: Event<'static>, nanoseconds: u64) -> Event<'static> {
    event.at.uncertainty = Duration::from_nanos(nanoseconds);
    event
}

/// One of everything; lengths with every remainder modulo 4.
fn events() -> Vec<Event<'static>> {
    use Direction::{FromDevice, ToDevice};
    let operation = |text: &'static str| Happening::Operation(text.into());
    vec![
        event(0, 0, 0, Happening::Link { up: true }),
        event(0, 0, 1, operation("restart")),
        event(1, 0, 0, frame(Some(FromDevice), 110, 0)),
        unsure(event(2, 1_000_000_007, 1, frame(Some(ToDevice), 111, 0)), 1),
        event(2, 1_000_000_007, 1, Happening::Link { up: false }),
        event(3, 5_000_000_000, 0, frame(None, 108, 0)),
        unsure(event(3, 5_000_000_000, 0, Happening::Dropped(3)), 1_500),
        event(3, 5_000_000_000, 0, Happening::Dropped(u64::MAX)),
        event(3, 5_000_000_000, 0, Happening::Late(Duration::from_nanos(12_345_678))),
        event(4, 4_999_999_999, 1, frame(Some(FromDevice), 109, 1400)),
        event(4, 6_000_000_000, 0, operation("")),
        event(4, 6_000_000_000, 0, operation("lacp.rate = \"fast\"\nredspec: link down é")),
        unsure(event(5, 1_800_000_000_123_456_789, 0, frame(Some(ToDevice), 0, 0)), u64::MAX),
        event(5, u64::MAX, 1, Happening::Link { up: true }),
    ]
}

fn comments() -> Vec<(u64, String)> {
    [
        (1, "first"),
        (3, "fail: actor lacks Synchronization, 802.1ax-2014 6.4.12 (MUST)"),
        (3, "zweiter: ü, \"quoted\""),
    ]
    .map(|(number, text)| (number, text.to_owned()))
    .into()
}

fn trace() -> SavedTrace {
    SavedTrace { header: header(), ports: 2, events: events(), comments: comments() }
}

fn written(trace: &SavedTrace) -> Vec<u8> {
    let mut file = Vec::new();
    write_trace(&mut file, &trace.header, trace.ports, &trace.events, &trace.comments).unwrap();
    file
}

fn refused(events: &[Event<'_>], comments: &[(u64, String)]) -> String {
    let error = write_trace(io::sink(), &header(), 2, events, comments).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    error.to_string()
}

#[test]
fn what_is_written_is_read() {
    let trace = trace();
    let file = written(&trace);
    assert_eq!(read_trace(&*file).unwrap(), trace);
    assert_eq!(written(&read_trace(&*file).unwrap()), file, "to the octet");
}

#[test]
fn nothing_happened() {
    let trace = SavedTrace { ports: 0, events: Vec::new(), comments: Vec::new(), ..trace() };
    assert_eq!(read_trace(&*written(&trace)).unwrap(), trace);
}

#[test]
fn comments_need_no_order() {
    let mut comments = comments();
    comments.rotate_left(1);
    let (header, events) = (header(), events());
    let mut file = Vec::new();
    write_trace(&mut file, &header, 2, &events, &comments).unwrap();
    assert_eq!(read_trace(&*file).unwrap().comments, self::comments());
}

#[test]
fn every_truncation_is_an_error_or_a_shorter_trace() {
    let whole = trace();
    let file = written(&whole);
    let mut shorter = 0;
    for length in 0..file.len() {
        match read_trace(&file[..length]) {
            Ok(part) => {
                shorter += 1;
                assert!(part.events.len() < whole.events.len(), "{length}");
                assert_eq!(part.events[..], whole.events[..part.events.len()]);
            }
            Err(Error::Capture(error)) => assert!(error.offset <= length as u64, "{length}: {error}"),
            Err(Error::Changed { after, what }) => {
                assert!(after == 0 && what.contains("expected the 2"), "{length}: {what}");
            }
            Err(Error::Foreign(what)) => panic!("{length}: {what}"),
        }
    }
    assert_eq!(shorter, whole.events.len(), "the file may end before each event");
}

#[test]
fn no_change_of_an_octet_panics() {
    let mut file = written(&trace());
    let mut errors = 0;
    for at in 0..file.len() {
        for bit in [0x01, 0x80] {
            file[at] ^= bit;
            errors += usize::from(read_trace(&*file).is_err());
            file[at] ^= bit;
        }
    }
    assert!(errors > 100, "{errors}");
}

#[test]
fn what_cannot_be_read_back_is_not_written() {
    let ok = || frame(None, 46, 0);
    assert_eq!(refused(&[event(2, 0, 0, ok())], &[]), "an event with number 2 where 1 was expected");
    assert_eq!(
        refused(&[event(1, 0, 0, Happening::Link { up: true })], &[]),
        "an event with number 1 where 0 was expected"
    );
    assert_eq!(refused(&[event(1, 0, 2, ok())], &[]), "an event on port P3 of a bed with 2 ports");
    assert_eq!(
        refused(&[event(1, 0, 0, ok())], &[(2, "late".into())]),
        "comment on frame 2, which is not among the 1 of the trace: late"
    );
    assert_eq!(
        refused(&[event(1, 0, 0, ok())], &[(0, "early".into())]),
        "comment on frame 0, which is not among the 1 of the trace: early"
    );
    let long = "x".repeat(65_536);
    assert!(
        refused(&[event(1, 0, 0, ok())], &[(1, long.clone())])
            .starts_with("65536 octets where at most 65535 fit: xxx")
    );
    assert!(refused(&[event(0, 0, 0, Happening::Operation(long.into()))], &[]).starts_with("65555 octets"));
    let large = |length, missing| {
        let octets = Cow::Owned(vec![0; length]);
        [event(1, 0, 0, Happening::Frame { direction: None, octets, missing })]
    };
    assert_eq!(refused(&large(262_145, 0), &[]), "frame 1: 262145 octets, expected at most 262144");
    assert_eq!(refused(&large(1, usize::MAX), &[]), "frame 1: a length of 18446744073709551615 octets");
    let mut forever = event(0, 0, 0, Happening::Dropped(1));
    forever.at = Stamp { time: Time::ZERO, uncertainty: Duration::MAX };
    assert!(refused(&[forever], &[]).starts_with("event 0: an uncertainty of "));
    assert!(write_trace(io::sink(), &header(), 2, &large(262_144, 4_294_705_151), &[]).is_ok());
}

#[test]
fn a_writer_that_fails_is_heard() {
    let length = written(&trace()).len();
    for room in 0..length {
        let mut short = vec![0; room];
        let error = write_trace(&mut &mut short[..], &header(), 2, &events(), &comments()).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::WriteZero, "{room}");
    }
}

#[test]
fn captures_of_others_are_told_apart() {
    let foreign = |file: &[u8]| match read_trace(file) {
        Err(Error::Foreign(what)) => what,
        other => panic!("{other:?}"),
    };
    let pcaps = Path::new(env!("CARGO_MANIFEST_DIR")).join("../pcaps/own");
    let other = std::fs::read(pcaps.join("keepalived-v3-ipv4.pcapng")).unwrap();
    assert_eq!(foreign(&other), "its section has no comment with JSON");
    let pcap = [&[0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0][..], &[0; 12], &[1, 0, 0, 0]].concat();
    assert_eq!(foreign(&pcap), "a pcap file, expected pcapng");
    assert!(matches!(read_trace(&b"text"[..]), Err(Error::Capture(_))));

    let replace = |from: &str, to: &str| {
        assert_eq!(from.len(), to.len());
        let mut file = written(&trace());
        let at = file.windows(from.len()).position(|window| window == from.as_bytes()).unwrap();
        file[at..at + to.len()].copy_from_slice(to.as_bytes());
        file
    };
    assert_eq!(
        foreign(&replace("redspec.trace/1", "redspec.trace/2")),
        r#"schema "redspec.trace/2", expected "redspec.trace/1""#
    );
    assert!(
        foreign(&replace("802.1ax-2014", "802.1ax-2015")).starts_with("unknown edition \"802.1ax-2015\"")
    );
    assert!(foreign(&replace("\"device\"", "\"devise\"")).contains("missing field `device`"));

    let changed = |file: Vec<u8>| match read_trace(&*file) {
        Err(Error::Changed { after, what }) => (after, what),
        other => panic!("{other:?}"),
    };
    let (after, what) = changed(replace("redspec: link down", "redspec: link dawn"));
    assert_eq!(after, 2);
    assert_eq!(
        what,
        r#""link dawn", expected "link up", "link down", "operation TEXT", "dropped COUNT" or "late by ns COUNT""#
    );
    let (_, what) = changed(replace("\"ports\":2", "\"ports\":3"));
    assert_eq!(what, "2 interfaces, expected the 3 that the section states");
    let (after, what) = changed(replace("\"ports\":2", "\"ports\":1"));
    assert_eq!((after, what.as_str()), (0, "interface 1, expected less than the 1 that the section states"));
    let (_, what) = changed([written(&trace()), written(&trace())].concat());
    assert_eq!(what, "another section, expected one");
    // Another tool's statistics are no event.
    let file = replace("redspec: link down", "captool: link down");
    assert_eq!(read_trace(&*file).unwrap().events.len(), events().len() - 1);
}

/// The reader that everything else uses sees what a trace says besides its packets.
#[test]
fn items_of_a_trace() {
    let file = written(&trace());
    let mut capture = CaptureReader::new(&*file).unwrap();
    let mut seen = String::new();
    while let Some(item) = capture.next_item().unwrap() {
        use std::fmt::Write;
        match item {
            Item::Section(options) => {
                assert_eq!(options.find(3), Some(std::env::consts::OS.as_bytes()));
                assert_eq!(options.iter().map(|(code, _)| code).collect::<Vec<_>>(), [2, 3, 4, 1]);
                seen += "section\n";
            }
            Item::Interface { number, link_type, options } => {
                let name = String::from_utf8_lossy(options.find(2).unwrap());
                writeln!(seen, "interface {number} {link_type} {name}").unwrap();
            }
            Item::Packet(packet, options) => {
                let (number, flags) = (packet.number, options.u32(2));
                let comments: Vec<_> = options.comments().collect();
                writeln!(seen, "packet {number} {flags:?} {}", comments.join("|")).unwrap();
            }
            Item::Statistics { interface, time, options } => {
                let comment = options.comments().next().unwrap();
                writeln!(seen, "statistics {interface} {time} {comment:?} {:?}", options.u64(5)).unwrap();
            }
        }
    }
    assert_eq!(
        seen,
        r#"section
interface 0 ETHERNET P1
interface 1 ETHERNET P2
statistics 0 0.000000000 "redspec: link up" None
statistics 1 0.000000000 "redspec: operation restart" None
packet 1 Some(1) first
packet 2 Some(2) 
statistics 1 1.000000007 "redspec: link down" None
packet 3 None fail: actor lacks Synchronization, 802.1ax-2014 6.4.12 (MUST)|zweiter: ü, "quoted"
statistics 0 5.000000000 "redspec: dropped 3" Some(3)
statistics 0 5.000000000 "redspec: dropped 18446744073709551615" Some(18446744073709551615)
statistics 0 5.000000000 "redspec: late by ns 12345678" None
packet 4 Some(1) 
statistics 0 6.000000000 "redspec: operation " None
statistics 0 6.000000000 "redspec: operation lacp.rate = \"fast\"\nredspec: link down é" None
packet 5 Some(2) 
statistics 1 18446744073.709551615 "redspec: link up" None
"#
    );
}

/// The packets alone, in the same file.
#[test]
fn packets_of_a_trace() {
    let file = written(&trace());
    let mut capture = CaptureReader::new(&*file).unwrap();
    let mut lengths = Vec::new();
    while let Some(packet) = capture.next_packet().unwrap() {
        lengths.push((packet.number, packet.interface, packet.octets.len(), packet.original_length));
    }
    assert_eq!(
        lengths,
        [(1, 0, 124, 124), (2, 1, 125, 125), (3, 0, 122, 122), (4, 1, 123, 1523), (5, 0, 14, 14)]
    );
}

#[test]
fn tshark_reads_it_without_complaint() {
    if Command::new("tshark").arg("--version").output().is_err() {
        eprintln!("tshark is not installed: its opinion is missing");
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("trace.pcapng");
    write_trace(File::create(&path).unwrap(), &header(), 2, &events(), &comments()).unwrap();
    let fields = [
        "frame.number",
        "frame.time_epoch",
        "frame.interface_name",
        "frame.packet_flags_direction",
        "frame.cap_len",
        "frame.len",
        "frame.comment",
    ];
    let run = Command::new("tshark")
        .args(["-n", "-T", "fields", "-E", "separator=;", "-E", "aggregator=|"])
        .args(fields.iter().flat_map(|field| ["-e", field]))
        .arg("-r")
        .arg(&path)
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let complaints: Vec<_> = String::from_utf8_lossy(&run.stderr)
        .lines()
        .filter(|line| !line.starts_with("Running as user \"root\""))
        .map(str::to_owned)
        .collect();
    assert_eq!(complaints, [""; 0]);
    assert_eq!(
        String::from_utf8(run.stdout).unwrap(),
        "1;0.000000000;P1;0x00000001;124;124;first\n\
         2;1.000000007;P2;0x00000002;125;125;\n\
         3;5.000000000;P1;;122;122;fail: actor lacks Synchronization, 802.1ax-2014 6.4.12 (MUST)|zweiter: ü, \"quoted\"\n\
         4;4.999999999;P2;0x00000001;123;1523;\n\
         5;1800000000.123456789;P1;0x00000002;14;14;\n"
    );
}
