//! Open vSwitch as a device, in real and in virtual time. Needs root and Open vSwitch; says so without.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use pretty_assertions::assert_eq;
use redspec::bed::{Bed, BedError, Capability, Lab, NoBed, Wanted};
use redspec::event::{Direction, Event, Happening, Port};
use redspec::lab::{KNOWN, Known};
use redspec::scenario::runner::run_test;
use redspec::settings::Settings;
use redspec::suite;
use redspec::time::Time;
use redspec::verdict::Verdict;

/// One test ends daemons of this process: while it runs there are no others.
static DAEMONS: RwLock<()> = RwLock::new(());

const P1: Port = Port(0);
const P2: Port = Port(1);

fn known(name: &str) -> &'static Known {
    KNOWN.iter().find(|known| known.name == name).expect("a lab of that name")
}

/// The lab, if this machine can have it.
fn lab(name: &str) -> Option<Box<dyn Lab>> {
    stoppable(name, &Arc::default())
}

fn stoppable(name: &str, stop: &Arc<AtomicBool>) -> Option<Box<dyn Lab>> {
    let known = known(name);
    if let Err(reason) = known.check() {
        println!("skipped: {reason}");
        return None;
    }
    Some((known.open)(Arc::clone(stop)).expect("the lab opens"))
}

/// This test's daemons are let live.
fn in_peace() -> RwLockReadGuard<'static, ()> {
    DAEMONS.read().unwrap_or_else(PoisonError::into_inner)
}

fn wanted(ports: usize, settings: Settings) -> Wanted {
    let capabilities = vec![
        Capability::Transmit,
        Capability::Link,
        Capability::Configure,
        Capability::Data,
        Capability::State,
    ];
    Wanted { test: "test".to_owned(), ports, capabilities, settings }
}

fn seconds(seconds: f64) -> Time {
    Time::ZERO + Duration::from_secs_f64(seconds)
}

/// What the device sent until then: when, where, and its state if it is a LACPDU.
fn sent(bed: &mut dyn Bed, until: Time) -> Vec<(Time, Port, Option<u8>)> {
    let mut frames = Vec::new();
    while let Some(event) = bed.next(until).expect("the bed goes on") {
        if let Some(frame) = event.frame(Direction::FromDevice) {
            frames.push((
                event.at.time,
                event.port,
                frame.get(12..14).filter(|t| *t == [0x88, 0x09]).map(|_| frame[32]),
            ));
        }
    }
    frames
}

/// A partner that is in sync and carries traffic, and knows what the device's frame says of itself.
fn answer(heard: &[u8]) -> Vec<u8> {
    let mut frame = heard[..6].to_vec();
    frame.extend([2, 0x11, 0x11, 0x11, 0x11, 1, 0x88, 0x09, 1, 1, 1, 20]);
    frame.extend([
        0x80, 0, 2, 0x11, 0x11, 0x11, 0x11, 0x11, 0, 7, 0x80, 0, 0, heard[31], 0x3f, 0, 0, 0, 2, 20,
    ]);
    frame.extend(&heard[18..33]);
    frame.extend([0, 0, 0, 3, 16]);
    frame.resize(124, 0);
    frame
}

fn heard(event: &Event<'_>) -> Vec<u8> {
    event.frame(Direction::FromDevice).expect("a frame of the device").to_vec()
}

#[test]
fn in_virtual_time_every_time_is_exact() {
    let _peace = in_peace();
    let Some(lab) = lab("ovs-virtual") else { return };
    let began = Instant::now();
    let fast = Settings::new().with("lacp.timeout", "short");
    let mut bed = lab.bed(&wanted(1, fast)).expect("a bed");
    // Expired for three seconds, as it says once a second, then Defaulted for ever, as it says every thirty.
    let times: Vec<(f64, u8)> = sent(&mut *bed, seconds(100.0))
        .into_iter()
        .map(|(time, port, state)| {
            assert_eq!(port, P1);
            ((time - Time::ZERO).as_secs_f64(), state.expect("LACPDUs only") & 0xc0)
        })
        .collect();
    let expected =
        [(0.0, 0x80), (1.0, 0x80), (2.0, 0x80), (3.0, 0x40), (33.0, 0x40), (63.0, 0x40), (93.0, 0x40)];
    assert_eq!(times, expected);
    assert_eq!(bed.now(), seconds(100.0));
    bed.close().expect("it lives");
    drop(bed);
    assert!(began.elapsed() < Duration::from_secs(50), "100 s took {:?}", began.elapsed());
}

#[test]
fn a_carrier_that_goes_is_seen_and_data_takes_the_other_link() {
    let _peace = in_peace();
    let Some(lab) = lab("ovs-virtual") else { return };
    let mut bed = lab.bed(&wanted(2, Settings::new().with("lacp.timeout", "short"))).expect("a bed");
    let mut seen = 0;
    while seen < 2 {
        let event = bed.next(seconds(1.0)).expect("it goes on").expect("a first LACPDU on each link");
        bed.send(event.port, &answer(&heard(&event))).expect("it is sent");
        seen += 1;
    }
    sent(&mut *bed, seconds(0.5));
    for port in [P1, P2] {
        assert_eq!(bed.state("lacp.aggregator", port).expect("it tells").as_deref(), Some("bond1"));
    }
    let data = |last: u8| {
        let mut frame = vec![0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0x22, 0x22, 0x22, 0x22, last, 0x88, 0xb5];
        frame.resize(64, last);
        frame
    };
    // From a link to the device's own side, and from there to one link.
    let client = Port(2);
    bed.send(P1, &data(1)).expect("it is sent");
    let until = bed.now();
    assert_eq!(sent(&mut *bed, until), [(until, client, None)]);
    let mut used = Vec::new();
    for last in 2..20 {
        bed.send(client, &data(last)).expect("it is sent");
        used.extend(sent(&mut *bed, until).into_iter().map(|(_, port, _)| port));
    }
    // What carries data is a thread of its own: it may be at the last one yet.
    let later = bed.now() + Duration::from_millis(100);
    used.extend(
        sent(&mut *bed, later).into_iter().filter(|(.., state)| state.is_none()).map(|(_, port, _)| port),
    );
    assert_eq!(used.len(), 18, "each goes out once: {used:?}");
    let until = bed.now();

    bed.link(P1, false).expect("the carrier goes");
    used.clear();
    for last in 20..30 {
        bed.send(client, &data(last)).expect("it is sent");
        used.extend(sent(&mut *bed, until).into_iter().map(|(_, port, _)| port));
    }
    let later = bed.now() + Duration::from_millis(100);
    used.extend(
        sent(&mut *bed, later).into_iter().filter(|(.., state)| state.is_none()).map(|(_, port, _)| port),
    );
    assert_eq!(used, [P2; 10]);
    let later = bed.now() + Duration::from_secs(2);
    let silent = sent(&mut *bed, later);
    assert!(silent.iter().all(|(_, port, _)| *port == P2), "{silent:?}");
    bed.link(P1, true).expect("it comes back");
    let later = bed.now() + Duration::from_secs(2);
    assert!(sent(&mut *bed, later).iter().any(|(_, port, _)| *port == P1));
}

#[test]
fn it_is_configured_while_it_runs() {
    let _peace = in_peace();
    let Some(lab) = lab("ovs-virtual") else { return };
    let passive = Settings::new().with("lacp.activity", "passive").with("lacp.key", 7);
    let mut bed = lab.bed(&wanted(1, passive)).expect("a bed");
    assert_eq!(sent(&mut *bed, seconds(40.0)), []);
    bed.configure("lacp.activity", "active").expect("it is active now");
    let now = bed.now();
    let first = bed.next(now + Duration::from_secs(31)).expect("it goes on").expect("a LACPDU");
    assert_eq!((heard(&first)[26], heard(&first)[27]), (0, 7));
    bed.configure("lacp.key", "9").expect("it has another key");
    let second = bed.next(first.at.time + Duration::from_secs(31)).expect("it goes on").expect("a LACPDU");
    assert_eq!((second.at.time, heard(&second)[27]), (first.at.time, 9));
    bed.configure("lacp.enabled", "no").expect("LACP is off");
    let later = bed.now() + Duration::from_secs(60);
    assert_eq!(sent(&mut *bed, later), []);
    for (name, value) in [("lacp.max_links", "1"), ("lacp.key.p1", "0"), ("lacp.aggregation", "individual")] {
        let refused = bed.configure(name, value);
        assert!(matches!(refused, Err(BedError::NotApplicable(_))), "{name}: {refused:?}");
    }
}

#[test]
fn what_it_lacks_is_not_applicable() {
    let _peace = in_peace();
    let Some(lab) = lab("ovs") else { return };
    let reason = |settings| match lab.bed(&wanted(2, settings)) {
        Err(NoBed::NotApplicable(reason)) => reason,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("there is a bed"),
    };
    assert_eq!(reason(Settings::new().with("lacp.max_links", 1)), "Open vSwitch has no lacp.max_links");
    let version = reason(Settings::new().with("lacp.version", 2));
    assert_eq!(version, "Open vSwitch has lacp.version = 1 and cannot be given 2");
}

#[test]
fn in_real_time_it_comes_up_and_its_death_is_a_crash() {
    let _alone = DAEMONS.write().unwrap_or_else(PoisonError::into_inner);
    let Some(lab) = lab("ovs") else { return };
    assert!(lab.device().starts_with("Open vSwitch "), "{}", lab.device());
    let mut bed = lab.bed(&wanted(1, Settings::new().with("lacp.timeout", "short"))).expect("a bed");
    let first = loop {
        let event = bed.next(seconds(5.0)).expect("it goes on").expect("a first LACPDU");
        if matches!(event.what, Happening::Frame { .. }) {
            break event;
        }
    };
    bed.send(P1, &answer(&heard(&first))).expect("it is sent");
    let later = bed.now() + Duration::from_secs(2);
    let states: Vec<Option<u8>> = sent(&mut *bed, later).into_iter().map(|(_, _, state)| state).collect();
    assert!(states.contains(&Some(0x3f)), "in sync, collecting and distributing: {states:x?}");
    assert_eq!(bed.state("lacp.aggregator", P1).expect("it tells").as_deref(), Some("bond1"));

    for daemon in children("ovs-vswitchd") {
        kill(daemon, Signal::SIGSEGV).expect("it can be ended");
    }
    let end = bed.now() + Duration::from_secs(10);
    let died = loop {
        match bed.next(end) {
            Err(BedError::Crash(reason)) => break reason,
            Err(error) => panic!("{error}"),
            Ok(None) => panic!("nobody noticed"),
            Ok(Some(_)) => {}
        }
    };
    assert!(died.starts_with("ovs-vswitchd was ended by SIGSEGV"), "{died}");
}

/// Processes of that name that this process started.
fn children(name: &str) -> Vec<Pid> {
    let own = std::process::id().to_string();
    let entries = std::fs::read_dir("/proc").expect("/proc");
    entries
        .flatten()
        .filter_map(|entry| {
            let stat = std::fs::read_to_string(entry.path().join("stat")).ok()?;
            let (id, rest) = stat.split_once(&format!(" ({name}) "))?;
            let parent = rest.split(' ').nth(1)?;
            if parent == own { id.parse().ok().map(Pid::from_raw) } else { None }
        })
        .collect()
}

#[test]
fn an_interrupted_run_ends_soon() {
    let _peace = in_peace();
    let stop = Arc::new(AtomicBool::new(false));
    let Some(lab) = stoppable("ovs-virtual", &stop) else { return };
    let mut bed = lab.bed(&wanted(1, Settings::new())).expect("a bed");
    assert!(bed.next(seconds(1.0)).is_ok());
    stop.store(true, Ordering::Relaxed);
    assert!(matches!(bed.next(seconds(1000.0)), Err(BedError::Interrupted)));
}

/// A few tests whose verdicts were looked at by hand, alone and side by side.
#[test]
fn the_suite_runs_on_it() {
    let _peace = in_peace();
    let Some(lab) = lab("ovs-virtual") else { return };
    let expected = [
        ("lacp.rx.expired-recovers-at-once", Verdict::Pass),
        ("lacp.rx.expired-after-short-timeout", Verdict::Fail),
        ("lacp.v2.version-configured.2", Verdict::NotApplicable),
        ("marker.responder.answers", Verdict::Fail),
    ];
    let tests = suite::tests();
    std::thread::scope(|scope| {
        for (id, verdict) in expected {
            let (lab, test) = (&*lab, tests.iter().find(|test| test.id == id));
            let test = test.expect("a test of that id");
            scope.spawn(move || {
                let outcome = run_test(test, lab, 1);
                assert_eq!(outcome.result.verdict, verdict, "{id}: {:?}", outcome.result.reason);
            });
        }
    });
}
