use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use redspec::capture::CaptureReader;
use redspec::monitor::{self, EndSummary, Finding, Options, Report, Watch};
use redspec::spec::{Edition, Level};
use redspec::verdict::Judgement;
use serde_json::{Value, json};

use super::exit::{Exit, Failure};
use super::source::Source;
use super::tally::Tally;

/// Judge captures: every violation of the standard in them, at both ends of each link.
///
/// Reads pcap and pcapng of Ethernet and Linux cooked (SLL, SLL2), and judges LACP, Marker and VRRP. What a capture cannot
/// show is not held against a device: what was before it began, lost frames, a link that went down unseen.
///
/// LACP is judged by 802.1AX-2014, VRRP by what all editions of its version ask for. With another edition, only what
/// that one is about is judged.
///
/// Exits with 1 if a MUST is broken, with 2 if a file cannot be read (what is readable is judged), with 6 if no file has
/// a frame of these protocols.
#[derive(clap::Args)]
pub struct Args {
    /// Captures; "-" is the standard input.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<Source>,
    /// Write the findings as JSON (redspec.check/1) to this file; "-" is the standard output, instead of text.
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
    /// The edition that judges: 802.1ax-2008, 802.1ax-2014 or 802.1ax-2020, rfc2338, rfc3768, rfc5798 or rfc9568.
    #[arg(long, value_name = "EDITION", default_value = "802.1ax-2014", value_parser = edition)]
    edition: Edition,
}

fn edition(text: &str) -> Result<Edition, String> {
    text.parse().map_err(|error| format!("{error}"))
}

pub fn run(args: &Args) -> Result<Exit, Failure> {
    let to_standard_output = args.json.as_deref() == Some(Path::new("-"));
    let mut out = BufWriter::new(io::stdout().lock());
    let mut files = Vec::new();
    let mut exit = Exit::Success;
    let mut judged = 0;
    for source in &args.files {
        let (tally, report) = judge(source, args.edition);
        if !to_standard_output {
            match write_text(&mut out, source, &report, args).and_then(|()| out.flush()) {
                Ok(()) => {}
                // Who reads has seen enough.
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
                Err(error) => return Err(Failure::tester(format_args!("cannot write: {error}"))),
            }
        }
        exit = exit.min(tally.report(source));
        judged += report.traffic.judged;
        if report.findings.iter().any(|finding| finding.judgement == Judgement::Fail) {
            exit = exit.min(Exit::Fail);
        }
        files.push(file_json(source, &tally, &report, args.edition));
    }
    if let Some(path) = &args.json {
        let document = json!({ "schema": "redspec.check/1", "files": files });
        let written = if to_standard_output {
            write_json(&mut out, &document)
        } else {
            File::create(path).map(BufWriter::new).and_then(|mut file| write_json(&mut file, &document))
        };
        written
            .map_err(|error| Failure::tester(format_args!("{}: cannot write: {error}", path.display())))?;
    }
    Ok(if judged == 0 { exit.min(Exit::NothingRan) } else { exit })
}

/// Judges one capture, as far as it can be read.
fn judge(source: &Source, edition: Edition) -> (Tally, Report) {
    let mut tally = Tally::default();
    let mut watch = Watch::new(Options { edition, exact: false });
    match source.open().map(CaptureReader::new) {
        Ok(Ok(mut capture)) => loop {
            match capture.next_packet() {
                Ok(Some(packet)) => {
                    if let Err(error) = watch.packet(&packet) {
                        tally.skip(packet.number, error);
                    }
                }
                Ok(None) => break,
                Err(error) => {
                    tally.broken = Some(error.into());
                    break;
                }
            }
        },
        Ok(Err(error)) => tally.broken = Some(error.into()),
        Err(error) => tally.broken = Some(error.into()),
    }
    let report = watch.finish();
    tally.frames = report.traffic.frames;
    tally.ours = report.traffic.judged + report.traffic.unjudged;
    (tally, report)
}

fn write_json(out: &mut impl Write, document: &Value) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

fn file_json(source: &Source, tally: &Tally, report: &Report, edition: Edition) -> Value {
    let mut file = json!({
        "file": source.to_string(),
        "frames": report.traffic.frames,
        "devices": report.ends.iter().map(device_json).collect::<Vec<_>>(),
        "findings": report.findings.iter().map(|finding| finding_json(finding, edition)).collect::<Vec<_>>(),
    });
    if let Some(error) = &tally.broken {
        file["error"] = error.to_string().into();
    }
    file
}

fn device_json(end: &EndSummary) -> Value {
    let judged = |count: fn(&monitor::Judged) -> u64| end.judged.iter().map(count).sum::<u64>();
    json!({
        "device": end.device,
        "interface": end.port.0,
        "mac": end.mac.to_string(),
        "vlan": end.vlans,
        "role": end.role,
        "peer": end.peer,
        "pdus": end.pdus.iter().map(|(kind, count)| ((*kind).to_owned(), json!(count))).collect::<serde_json::Map<_, _>>(),
        "judged": {
            "pass": judged(|one| one.pass),
            "violated": judged(|one| one.violated),
            "unknown": judged(|one| one.unknown),
        },
    })
}

fn finding_json(finding: &Finding, edition: Edition) -> Value {
    json!({
        "requirement": finding.requirement,
        "clause": clause(finding, edition),
        "level": level(finding).name(),
        "verdict": finding.judgement.name(),
        "device": finding.device,
        "frame": (finding.frame > 0).then_some(finding.frame),
        "time_ns": finding.time.nanos(),
        "text": finding.text,
    })
}

fn clause(finding: &Finding, edition: Edition) -> String {
    monitor::citation(finding.requirement).map_or_else(
        || edition.to_string(),
        |citation| citation.clauses.cite(monitor::judged_by(finding.requirement, edition)),
    )
}

fn level(finding: &Finding) -> Level {
    monitor::citation(finding.requirement).map_or(Level::Info, |citation| citation.level)
}

/// As wide as the terminal; elsewhere lines are as long as they are, for those who search them.
fn width() -> usize {
    if io::stdout().is_terminal() { textwrap::termwidth().max(20) } else { usize::MAX }
}

fn write_text(out: &mut impl Write, source: &Source, report: &Report, args: &Args) -> io::Result<()> {
    let width = width();
    let mut put = |text: &str, indent: &str, next: &str| -> io::Result<()> {
        let options = textwrap::Options::new(width).initial_indent(indent).subsequent_indent(next);
        for line in textwrap::wrap(text, options) {
            writeln!(out, "{line}")?;
        }
        Ok(())
    };
    let traffic = report.traffic;
    put(
        &format!(
            "{source}: {}, {} of LACP, Marker, VRRP, HSRP or GLBP",
            many(traffic.frames, "frame"),
            traffic.judged
        ),
        "",
        "    ",
    )?;
    if traffic.unjudged > 0 {
        put(
            &format!(
                "not judged: {} of another slow protocol, or of what is no VRRP, HSRP or GLBP",
                many(traffic.unjudged, "frame")
            ),
            "  ",
            "    ",
        )?;
    }
    if report.beyond_capacity > 0 {
        let frames = many(report.beyond_capacity, "frame");
        put(&format!("not judged: {frames} of more senders than are kept in mind"), "  ", "    ")?;
    }
    let interfaces = report.ends.iter().any(|end| end.port != report.ends[0].port);
    for end in &report.ends {
        put(&device_text(end, interfaces), "  ", "      ")?;
    }
    for finding in &report.findings {
        let at = if interfaces {
            format!("{} on {}", finding.device, finding.port)
        } else {
            finding.device.clone()
        };
        let head = format!(
            "frame {} at {} s  {at}  {} {}  {} ({})",
            finding.frame,
            finding.time,
            finding.judgement.name(),
            level(finding).name(),
            finding.requirement,
            clause(finding, args.edition),
        );
        put(&head, "", "    ")?;
        put(&finding.text, "    ", "    ")?;
    }
    if traffic.judged > 0 {
        put(&summary(report), "", "    ")?;
    }
    Ok(())
}

/// `1 frame`, `2 frames`.
fn many(count: u64, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn device_text(end: &EndSummary, interfaces: bool) -> String {
    let mut text = end.device.clone();
    if interfaces {
        let _ = write!(text, " on {}", end.port);
    }
    for (kind, count) in &end.pdus {
        let _ = match *kind {
            "lacp" => write!(text, ", {}", many(*count, "LACPDU")),
            "marker" => write!(text, ", {}", many(*count, "Marker")),
            "marker-response" => write!(text, ", {}", many(*count, "Marker Response")),
            "vrrp2" => write!(text, ", {} of VRRPv2", many(*count, "advertisement")),
            "vrrp3" => write!(text, ", {} of VRRPv3", many(*count, "advertisement")),
            "hsrp1" => write!(text, ", {} of HSRPv1", many(*count, "message")),
            "hsrp2" => write!(text, ", {} of HSRPv2", many(*count, "message")),
            "glbp" => write!(text, ", {} of GLBP", many(*count, "message")),
            other => write!(text, ", {count} {other}"),
        };
    }
    match &end.peer {
        Some(peer) => {
            let _ = write!(text, ", hears {peer}");
        }
        // A router speaks to all.
        None if end
            .pdus
            .iter()
            .any(|(kind, _)| ["vrrp", "hsrp", "glbp"].iter().any(|one| kind.starts_with(one))) => {}
        None => text.push_str(", partner not found"),
    }
    if !end.role.is_empty() {
        let _ = write!(text, ": {}", end.role);
    }
    text
}

/// `3 findings: 2 fail, 1 info; 4120 judgements passed, 17 could not be told`.
fn summary(report: &Report) -> String {
    let count = |judgement| -> u64 {
        report.findings.iter().filter(|one| one.judgement == judgement).map(|one| one.count).sum()
    };
    let findings: Vec<_> = [Judgement::Fail, Judgement::Weak, Judgement::Info]
        .into_iter()
        .filter(|judgement| count(*judgement) > 0)
        .map(|judgement| format!("{} {}", count(judgement), judgement.name()))
        .collect();
    let findings = if findings.is_empty() { "no finding".to_owned() } else { findings.join(", ") };
    let pass: u64 = report.judged.iter().map(|one| one.pass).sum();
    let unknown: u64 = report.judged.iter().map(|one| one.unknown).sum();
    format!("{findings}; {} passed, {unknown} could not be told", many(pass, "judgement"))
}
