//! Runs tests on a lab: one bed for each, in parallel, and the same result in whichever order.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::random::Random;
use super::run::{Record, Step};
use super::{Run, Stop, Test, attempts};
use crate::bed::{Bed, Lab, NoBed, Wanted};
use crate::settings::Settings;
use crate::spec::{Edition, Level, requirement};
use crate::time::Time;
use crate::verdict::{Judgement, TestResult, Verdict};

/// The cause of a crash: no requirement, but what a waiver can name.
pub const CRASH: &str = "device-crash";

/// A test that has run.
pub struct Outcome {
    /// What came out.
    pub result: TestResult,
    /// What happened; `None` if the test did not start. If it ran several times, in the one that is told.
    pub record: Option<Record>,
    /// Verdict and cause of that one.
    pub seen: (Verdict, Option<String>),
    /// The runs that went wrong in another way than the one that is told, by their place among the attempts.
    pub otherwise: Vec<(usize, Self)>,
}

/// What a test wants of a bed.
pub fn wanted(test: &Test) -> Wanted {
    Wanted {
        test: test.id.clone(),
        ports: test.needs.ports,
        capabilities: test.needs.capabilities.clone(),
        settings: test.needs.settings.clone(),
    }
}

/// Why the test does not apply to that device, if it does not.
pub fn not_applicable(test: &Test, edition: Edition, settings: &Settings) -> Option<String> {
    if !test.needs.editions.contains(edition) {
        let editions: Vec<&str> = test.needs.editions.iter().map(Edition::name).collect();
        return Some(format!("only in {}", editions.join(", ")));
    }
    test.needs.profile.iter().find_map(|(name, values)| {
        let is = settings.text(name).unwrap_or(values[0]);
        (!values.contains(&is))
            .then(|| format!("the device has {name} = {is}, the test is for {}", values.join(", ")))
    })
}

/// Runs one test, on a live device until it can be told what to hold of it.
pub fn run_test(test: &Test, lab: &dyn Lab, seed: u64) -> Outcome {
    let mut tries = Tries::new(test, lab, seed, None);
    tries.run();
    tries.told()
}

/// The runs of one test.
struct Tries<'a> {
    test: &'a Test,
    lab: &'a dyn Lab,
    seed: u64,
    stop: Option<&'a AtomicBool>,
    attempts: Vec<Outcome>,
    /// What was out of time by so little that the tests beside it may be why: it counts for nothing, unless it is so alone.
    beside_others: Vec<Outcome>,
}

impl<'a> Tries<'a> {
    fn new(test: &'a Test, lab: &'a dyn Lab, seed: u64, stop: Option<&'a AtomicBool>) -> Self {
        Self { test, lab, seed, stop, attempts: Vec::new(), beside_others: Vec::new() }
    }

    /// Runs it once more. Returns whether that is enough.
    fn once(&mut self) -> bool {
        self.attempts.push(attempt(self.test, self.lab, self.seed));
        // What went wrong beside others has to go well twice.
        let only_once = !self.beside_others.is_empty() && self.attempts.len() == 1;
        let well = self.attempts.last().is_some_and(|outcome| outcome.seen.0 == Verdict::Pass);
        !self.lab.live()
            || self.stopped()
            || attempts::settled(&self.attempts) && !(well && only_once)
            || attempts::agree(&self.attempts, &self.beside_others)
    }

    /// The last run counts for nothing if it went wrong by little more than what others may have done to it.
    fn doubt_last(&mut self) -> bool {
        let doubtful = self.lab.live() && self.attempts.last().is_some_and(attempts::delicate);
        if doubtful {
            self.beside_others.extend(self.attempts.pop());
        }
        doubtful
    }

    /// Runs it until that is enough.
    fn run(&mut self) {
        while !self.once() {}
    }

    /// The same, but not for as long as the others disturb it: returns whether it was enough.
    fn run_among_others(&mut self) -> bool {
        loop {
            let enough = self.once();
            if self.doubt_last() {
                return false;
            }
            if enough {
                return true;
            }
            if attempts::needs_calm(&self.attempts) {
                return false;
            }
        }
    }

    fn stopped(&self) -> bool {
        self.stop.is_some_and(|stop| stop.load(Ordering::Relaxed))
    }

    /// What to hold of it.
    fn told(mut self) -> Outcome {
        let stopped = self.stopped();
        if attempts::agree(&self.attempts, &self.beside_others) {
            self.attempts.splice(..0, self.beside_others.drain(..));
        }
        // What went wrong once is nothing yet.
        let once = self.lab.live()
            && matches!(&self.attempts[..], [only] if attempts::wrong(only.seen.0))
            && (stopped || !self.beside_others.is_empty());
        let last = if once { self.attempts.pop() } else { None };
        let last = last.or_else(|| if self.attempts.is_empty() { self.beside_others.pop() } else { None });
        if let Some(last) = last {
            return attempts::behind(attempts::untold(last), self.beside_others);
        }
        let outcome = attempts::behind(attempts::conclude(self.attempts), self.beside_others);
        match self.lab.real() {
            Some(real) if !stopped && attempts::wrong(outcome.result.verdict) => {
                let mut tries = Tries::new(self.test, real, self.seed, self.stop);
                tries.run();
                attempts::confirm(outcome, tries.told())
            }
            _ => outcome,
        }
    }
}

/// Runs one test on a bed of its own, once.
fn attempt(test: &Test, lab: &dyn Lab, seed: u64) -> Outcome {
    let started = Instant::now();
    let wanted = wanted(test);
    let settings = lab.settings_for(&wanted);
    let edition = lab.edition();
    if let Some(reason) = not_applicable(test, edition, &settings) {
        return without_bed(test, edition, Verdict::NotApplicable, reason);
    }
    match lab.bed(&wanted) {
        Ok(bed) => {
            let mut outcome = run_on(test, bed, edition, lab.exact(), settings, seed);
            outcome.result.wall_time = started.elapsed();
            outcome
        }
        Err(NoBed::NotApplicable(reason)) => without_bed(test, edition, Verdict::NotApplicable, reason),
        Err(error @ (NoBed::Setting(_) | NoBed::Tester(_))) => {
            without_bed(test, edition, Verdict::Error, error.to_string())
        }
        Err(error @ NoBed::NotReady(_)) => without_bed(test, edition, Verdict::Crash, error.to_string()),
    }
}

/// Runs one test on that bed.
pub fn run_on(
    test: &Test,
    bed: Box<dyn Bed>,
    edition: Edition,
    exact: bool,
    settings: Settings,
    seed: u64,
) -> Outcome {
    let random = Random::new(seed, &test.id);
    let mut run = Run::new(bed, edition, exact, settings, &test.needs, test.requirements.clone(), random);
    let end = test.execute(&mut run);
    let (record, closed) = run.finish();
    let end = match (end, closed) {
        // A device that died is why the test came to no end.
        (Ok(()) | Err(Stop::Inconclusive(_) | Stop::NotApplicable(_) | Stop::Decided), Err(crash)) => {
            Err(crash)
        }
        (end, _) => end,
    };
    let (verdict, cause, reason) = conclude(test, end, &record);
    let result = TestResult {
        verdict,
        cause,
        reason,
        device_time: record.end - Time::ZERO,
        obligations: record.obligations.clone(),
        ..empty(test, edition)
    };
    let seen = (result.verdict, result.cause.clone());
    Outcome { result, record: Some(record), seen, otherwise: Vec::new() }
}

/// The verdict, its cause and its reason.
fn conclude(
    test: &Test,
    end: Result<(), Stop>,
    record: &Record,
) -> (Verdict, Option<String>, Option<String>) {
    let worst = record.obligations.iter().max_by_key(|obligation| obligation.judgement);
    let judged =
        record.obligations.iter().find(|obligation| Some(obligation.judgement) == worst.map(|o| o.judgement));
    let by_obligations = match judged {
        None => (Verdict::Error, None, Some(format!("{} judged nothing", test.id))),
        Some(obligation) => {
            let cause = Some(obligation.requirement.to_owned());
            let reason = Some(obligation.text.clone());
            match obligation.judgement {
                Judgement::Fail => (Verdict::Fail, cause, reason),
                Judgement::Inconclusive => (Verdict::Inconclusive, cause, reason),
                Judgement::Weak => (Verdict::Weak, cause, reason),
                Judgement::Pass | Judgement::Info => (Verdict::Pass, None, None),
            }
        }
    };
    let dropped: u64 = record.events.iter().map(|event| event.what.dropped()).sum();
    match end {
        Ok(()) | Err(Stop::Decided | Stop::Inconclusive(_)) if dropped > 0 => {
            let reason = format!("{dropped} frames were lost before they were seen");
            (Verdict::Inconclusive, None, Some(reason))
        }
        // What is only recorded has ended a test that asks more: what it asks was not seen to its end.
        Err(Stop::Decided) if by_obligations.0 == Verdict::Pass && test.level() < Level::May => {
            let last = record.obligations.last().map_or("", |obligation| obligation.text.as_str());
            (Verdict::Inconclusive, None, Some(format!("the test ended early: {last}")))
        }
        Ok(()) | Err(Stop::Decided) => by_obligations,
        Err(Stop::Crash(reason)) => (Verdict::Crash, Some(CRASH.to_owned()), Some(reason)),
        Err(Stop::Error(reason)) => (Verdict::Error, None, Some(reason)),
        Err(_) if by_obligations.0 == Verdict::Fail => by_obligations,
        Err(Stop::Inconclusive(reason)) => (Verdict::Inconclusive, None, Some(reason)),
        Err(Stop::NotApplicable(reason)) => (Verdict::NotApplicable, None, Some(reason)),
    }
}

fn empty(test: &Test, edition: Edition) -> TestResult {
    let mut clauses: Vec<String> = test
        .requirements
        .iter()
        .filter_map(|id| requirement::find(id))
        .map(|found| found.cite(edition))
        .collect();
    clauses.dedup();
    TestResult {
        id: test.id.clone(),
        verdict: Verdict::Error,
        cause: None,
        reason: None,
        clauses,
        level: test.level(),
        device_time: Duration::ZERO,
        wall_time: Duration::ZERO,
        obligations: Vec::new(),
        evidence: None,
        waived: None,
        varies: false,
        attempts: Vec::new(),
    }
}

fn without_bed(test: &Test, edition: Edition, verdict: Verdict, reason: String) -> Outcome {
    let cause = (verdict == Verdict::Crash).then(|| CRASH.to_owned());
    let seen = (verdict, cause.clone());
    let result = TestResult { verdict, cause, reason: Some(reason), ..empty(test, edition) };
    Outcome { result, record: None, seen, otherwise: Vec::new() }
}

/// Runs tests on `jobs` threads and hands each outcome to `done`, in the order of `tests`; what could not be told among
/// the others runs alone behind them. Once `stop` is true no further test begins.
pub fn run_tests(
    tests: &[&Test],
    lab: &dyn Lab,
    seed: u64,
    jobs: usize,
    stop: Option<&AtomicBool>,
    mut done: impl FnMut(Outcome),
) {
    let stopped = || stop.is_some_and(|stop| stop.load(Ordering::Relaxed));
    if jobs <= 1 || tests.len() <= 1 {
        for test in tests.iter().take_while(|_| !stopped()) {
            let mut tries = Tries::new(test, lab, seed, stop);
            tries.run();
            done(tries.told());
        }
        return;
    }
    let started = Instant::now();
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    let mut put_off = Vec::new();
    std::thread::scope(|scope| {
        for _ in 0..jobs.min(tests.len()) {
            let sender = sender.clone();
            let next = &next;
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(test) = tests.get(index).filter(|_| !stopped()) else { return };
                    let mut tries = Tries::new(test, lab, seed, stop);
                    let told = if tries.run_among_others() { Ok(tries.told()) } else { Err(tries) };
                    if sender.send((index, told)).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        let mut waiting: Vec<Option<Result<Outcome, Tries<'_>>>> = tests.iter().map(|_| None).collect();
        let mut turn = 0;
        for (index, told) in receiver {
            waiting[index] = Some(told);
            while let Some(told) = waiting.get_mut(turn).and_then(Option::take) {
                match told {
                    Ok(outcome) => done(outcome),
                    Err(tries) => put_off.push(tries),
                }
                turn += 1;
            }
        }
    });
    let budget = (started.elapsed() / 2).max(CALM_AT_LEAST);
    run_alone(put_off, Instant::now() + budget, done);
}

/// So long may tests run alone in any case, behind the others; else for half of the time that those took. A host on which more is
/// left has no calm to offer.
const CALM_AT_LEAST: Duration = Duration::from_secs(300);

/// Runs them one after the other; what is left at `until` is told as it stands.
fn run_alone(put_off: Vec<Tries<'_>>, until: Instant, mut done: impl FnMut(Outcome)) {
    for mut tries in put_off {
        if !tries.stopped() && Instant::now() < until {
            tries.run();
        }
        done(tries.told());
    }
}

/// What a test did, for its sheet.
pub fn steps(outcome: &Outcome) -> &[Step] {
    outcome.record.as_ref().map_or(&[], |record| &record.steps)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::path::PathBuf;

    use super::*;
    use crate::bed::BedError;
    use crate::bed::sim::SimLab;
    use crate::event::{Event, Happening, Port, Stamp};
    use crate::reference::imprecise::Imprecision;
    use crate::reference::lab;
    use crate::report::pcapng::read_trace;
    use crate::scenario::Pattern;
    use crate::scenario::campaign::Campaign;
    use crate::scenario::filter::Selection;
    use crate::scenario::run::Nobody;
    use crate::spec::Editions;
    use crate::spec::lacp::tolerances::R;

    /// A frame that never comes.
    struct Never;

    impl Pattern for Never {
        fn describe(&self) -> String {
            "a frame that never comes".to_owned()
        }
        fn matches(&self, _: &Event<'_>) -> Option<bool> {
            Some(false)
        }
        fn show(&self, _: &Event<'_>) -> String {
            "another frame".to_owned()
        }
    }

    /// The verdict of a test that judges `requirements` and waits in vain for what the first of them asks.
    fn in_vain(requirements: &[&'static str]) -> Verdict {
        let first = requirements[0];
        let test = Test::new("lacp.in-vain", "-", "waits in vain", Editions::DOT1AX)
            .judges(requirements)
            .body(move |run| {
                let mark = run.mark();
                run.expect(&mut Nobody, &Never, mark, R, first).map(drop)
            });
        run_test(&test, &lab::lacp(Edition::Dot1Ax2014, Settings::new()), 1).result.verdict
    }

    #[test]
    fn what_is_only_recorded_fails_nobody_and_passes_no_must() {
        assert_eq!(in_vain(&["lacp.selection.time"]), Verdict::Pass);
        assert_eq!(in_vain(&["lacp.selection.time", "lacp.periodic.slow"]), Verdict::Inconclusive);
        assert_eq!(in_vain(&["lacp.periodic.slow", "lacp.selection.time"]), Verdict::Fail);
        assert_eq!(in_vain(&["lacp.selection.lowest-port"]), Verdict::Weak);
    }

    const LATE: Imprecision = Imprecision {
        name: "late",
        drift: 0,
        reception: Duration::ZERO,
        transmission: Duration::from_millis(200),
        again: 0,
    };

    /// A live lab on a host that loses frames in the first beds of one test, or makes the device late there.
    struct Busy {
        lab: SimLab,
        late: Option<SimLab>,
        test: &'static str,
        spoils: AtomicUsize,
    }

    struct BusyBed {
        bed: Box<dyn Bed>,
        spoiled: bool,
    }

    impl Lab for Busy {
        fn device(&self) -> String {
            self.lab.device()
        }
        fn edition(&self) -> Edition {
            self.lab.edition()
        }
        fn settings(&self) -> &Settings {
            self.lab.settings()
        }
        fn exact(&self) -> bool {
            self.lab.exact()
        }
        fn bed(&self, wanted: &Wanted) -> Result<Box<dyn Bed>, NoBed> {
            let less = |left: usize| left.checked_sub(1);
            let spoiled = wanted.test == self.test
                && self.spoils.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok();
            Ok(match &self.late {
                Some(late) if spoiled => late.bed(wanted)?,
                _ => Box::new(BusyBed { bed: self.lab.bed(wanted)?, spoiled }),
            })
        }
        fn live(&self) -> bool {
            true
        }
    }

    impl Bed for BusyBed {
        fn now(&self) -> Time {
            self.bed.now()
        }
        fn send(&mut self, port: Port, frame: &[u8]) -> Result<Stamp, BedError> {
            self.bed.send(port, frame)
        }
        fn next(&mut self, until: Time) -> Result<Option<Event<'static>>, BedError> {
            self.bed.next(until)
        }
        fn link(&mut self, port: Port, up: bool) -> Result<Stamp, BedError> {
            self.bed.link(port, up)
        }
        fn configure(&mut self, name: &str, value: &str) -> Result<Stamp, BedError> {
            self.bed.configure(name, value)
        }
        fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
            self.bed.state(name, port)
        }
        fn close(&mut self) -> Result<Vec<Event<'static>>, BedError> {
            let at = self.now().into();
            let lost = Event { number: 0, at, port: Port(0), what: Happening::Dropped(1) };
            Ok(if self.spoiled { vec![lost] } else { Vec::new() })
        }
        fn rows(&self) -> Vec<&'static str> {
            self.bed.rows()
        }
    }

    #[test]
    fn what_the_host_spoils_runs_once_more_behind_all_others() {
        let all = crate::suite::tests();
        let some = |test: &&Test| test.id.starts_with("lacp.periodic.");
        let tests: Vec<&Test> = all.iter().filter(some).collect();
        let ids: Vec<&str> = tests.iter().map(|test| test.id.as_str()).collect();
        for (spoils, verdict, attempts) in [
            (0, Verdict::Pass, 0),
            (2, Verdict::Pass, 3),
            (3, Verdict::Pass, 4),
            (9, Verdict::Inconclusive, 6),
        ] {
            let lab = lab::lacp(Edition::Dot1Ax2020, Settings::new());
            let busy = Busy { lab, late: None, test: "lacp.periodic.fast", spoils: spoils.into() };
            let mut done = Vec::new();
            run_tests(&tests, &busy, 1, 3, None, |outcome| done.push(outcome.result));
            let spoiled = done.iter().find(|result| result.id == busy.test).unwrap();
            assert_eq!((spoiled.verdict, spoiled.attempts.len()), (verdict, attempts), "{spoils}");
            let mut order = ids.clone();
            if spoils > 2 {
                order.retain(|id| *id != busy.test);
                order.push(busy.test);
            }
            assert_eq!(done.iter().map(|result| result.id.as_str()).collect::<Vec<_>>(), order, "{spoils}");
        }
    }

    /// With so narrow a window nobody knows whose doing it was until the test runs alone.
    #[test]
    fn what_is_a_little_late_beside_others_is_tried_alone() {
        let all = crate::suite::tests();
        let tests: Vec<&Test> =
            all.iter().filter(|test| test.id.starts_with("vrrp3.transmit.period.")).collect();
        let id = "vrrp3.transmit.period.10-cs";
        for (spoils, jobs, verdict, attempts) in [
            (1, 3, Verdict::Pass, vec![Verdict::Fail, Verdict::Pass, Verdict::Pass]),
            (9, 3, Verdict::Fail, vec![Verdict::Fail; 2]),
            (9, 1, Verdict::Fail, vec![Verdict::Fail; 2]),
        ] {
            let busy = Busy {
                lab: lab::reference(Edition::Rfc9568, Settings::new()).inexact(),
                late: Some(LATE.reference(Edition::Rfc9568, Settings::new(), 1)),
                test: id,
                spoils: spoils.into(),
            };
            let mut done = Vec::new();
            run_tests(&tests, &busy, 1, jobs, None, |outcome| done.push(outcome.result));
            let found = done.iter().find(|result| result.id == id).unwrap();
            let tried: Vec<Verdict> = found.attempts.iter().map(|attempt| attempt.verdict).collect();
            assert_eq!((found.verdict, tried), (verdict, attempts), "{spoils} {jobs}: {:?}", found.reason);
        }
    }

    #[test]
    fn the_trace_of_what_went_wrong_once_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let all = crate::suite::tests();
        let id = "vrrp3.transmit.period.10-cs";
        let busy = Busy {
            lab: lab::reference(Edition::Rfc9568, Settings::new()).inexact(),
            late: Some(LATE.reference(Edition::Rfc9568, Settings::new(), 1)),
            test: id,
            spoils: 1.into(),
        };
        let campaign = Campaign {
            lab: &busy,
            tests: all.iter().filter(|test| test.id.starts_with("vrrp3.transmit.period.")).collect(),
            selection: &Selection::default(),
            seed: 1,
            jobs: 3,
            traces: Some(folder.path().to_owned()),
            stop: None,
        };
        let run = campaign.run(|_| {}).unwrap();
        let found = run.tests.iter().find(|test| test.id == id).unwrap();
        let read = |path: &Option<PathBuf>| {
            let trace = read_trace(File::open(path.as_ref()?).unwrap()).unwrap();
            Some(trace.header.settings["verdict"].as_str().unwrap().to_owned())
        };
        assert_eq!(read(&found.evidence).as_deref(), Some("pass"));
        let kept: Vec<Option<String>> =
            found.attempts.iter().map(|attempt| read(&attempt.evidence)).collect();
        assert_eq!(kept, [Some("fail".to_owned()), None, None]);
    }

    #[test]
    fn what_comes_too_late_is_told_by_how_much() {
        let all = crate::suite::tests();
        let test = all.iter().find(|test| test.id == "vrrp3.transmit.period.10-cs").unwrap();
        let outcome = attempt(test, &LATE.reference(Edition::Rfc9568, Settings::new(), 1), 1);
        let mut broken = outcome.result.obligations.iter().filter(|found| found.judgement == Judgement::Fail);
        let found = broken.next().unwrap();
        let timing = found.timing.unwrap();
        assert!(timing.observed.unwrap() > timing.limit[1], "{}", found.text);
        assert!(found.text.contains("it came after"), "{}", found.text);
    }

    #[test]
    fn what_finds_no_calm_is_told_as_it_stands() {
        let all = crate::suite::tests();
        let test = all.iter().find(|test| test.id == "vrrp3.transmit.period.10-cs").unwrap();
        let busy = Busy {
            lab: lab::reference(Edition::Rfc9568, Settings::new()).inexact(),
            late: Some(LATE.reference(Edition::Rfc9568, Settings::new(), 1)),
            test: "vrrp3.transmit.period.10-cs",
            spoils: 9.into(),
        };
        let mut tries = Tries::new(test, &busy, 1, None);
        assert!(!tries.run_among_others());
        let mut done = Vec::new();
        run_alone(vec![tries], Instant::now(), |outcome| done.push(outcome.result));
        assert_eq!(done.len(), 1);
        assert_eq!((done[0].verdict, &done[0].cause), (Verdict::Inconclusive, &None), "{:?}", done[0].reason);
    }

    #[test]
    fn what_went_wrong_is_seen_twice_beside_others_and_alone() {
        let all = crate::suite::tests();
        let test = all.iter().find(|test| test.id == "vrrp3.transmit.period.10-cs").unwrap();
        let late = LATE.reference(Edition::Rfc9568, Settings::new(), 1);
        let busy = Busy {
            lab: lab::reference(Edition::Rfc9568, Settings::new()).inexact(),
            late: None,
            test: "none",
            spoils: 0.into(),
        };
        let failed = || attempt(test, &late, 1);
        let otherwise = || {
            let mut outcome = failed();
            outcome.seen.1 = Some("another cause".to_owned());
            outcome
        };
        let spoiled = || {
            let mut outcome = failed();
            outcome.seen = (Verdict::Inconclusive, None);
            (outcome.result.verdict, outcome.result.cause) = (Verdict::Inconclusive, None);
            outcome
        };
        let stop = AtomicBool::new(true);
        for (attempts, beside_others, stop, verdict, told) in [
            (vec![spoiled(), failed()], vec![failed()], None, Verdict::Fail, 3),
            (vec![otherwise(), failed()], vec![failed()], None, Verdict::Fail, 3),
            (vec![failed()], vec![otherwise()], None, Verdict::Inconclusive, 2),
            (vec![failed()], vec![], Some(&stop), Verdict::Inconclusive, 0),
            (vec![], vec![failed()], Some(&stop), Verdict::Inconclusive, 0),
        ] {
            let tries = Tries { test, lab: &busy, seed: 1, stop, attempts, beside_others };
            let result = tries.told().result;
            assert_eq!((result.verdict, result.attempts.len()), (verdict, told), "{:?}", result.reason);
        }
    }
}
