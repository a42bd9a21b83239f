//! What to hold of a test that ran several times on a live device.
//!
//! A device that runs shares a host, and a test that was right in virtual time may meet a frame that was under way. So
//! what goes well stands, and everything else has to be seen twice.

use std::time::Duration;

use super::run::{AFTERWARDS, Record};
use super::runner::Outcome;
use crate::spec::{Level, requirement};
use crate::verdict::{Attempt, Judgement, TestResult, Timing, Verdict};

/// What came to nothing else by then will not; runs that the host was too late for do not count.
const ENOUGH: usize = 3;

/// So often does a test run of which a part went wrong, and of which the host spoiled another.
const MOST: usize = 5;

/// A test that the host was too late for runs so often at most; the last ones alone.
const MOST_OF_LATE: usize = 6;

/// It need not run again.
pub fn settled(attempts: &[Outcome]) -> bool {
    let Some((last, before)) = attempts.split_last() else { return false };
    match last.result.verdict {
        Verdict::NotApplicable | Verdict::Error => true,
        // Unless it went wrong before, and the third time tells.
        Verdict::Pass if before.iter().all(|outcome| outcome.result.verdict == Verdict::Inconclusive) => true,
        _ if attempts.len() >= MOST_OF_LATE => true,
        _ if attempts.iter().filter(|outcome| !too_late(outcome)).count() >= most(attempts) => true,
        // What the host spoiled may go better, what the device does not do it will not do the next time: unless it did
        // once, and something went wrong then.
        Verdict::Inconclusive => {
            let went_wrong = before.iter().any(|outcome| wrong(outcome.seen.0));
            before.iter().any(|outcome| alike(outcome, last)) && !spoiled(last) && !went_wrong
        }
        _ => before.iter().any(|outcome| alike(outcome, last)),
    }
}

/// The host spoils it again and again: what is left to try had better wait until nothing else runs on it.
pub fn needs_calm(attempts: &[Outcome]) -> bool {
    let spoiled = |outcome: &Outcome| outcome.seen.0 == Verdict::Inconclusive && spoiled(outcome);
    attempts.len() >= ENOUGH && attempts.last().is_some_and(spoiled)
}

/// A device is held to so little more than its timer that what runs beside it may have made it late, and no canary need have
/// noticed: nobody is sure of it but alone.
const DELICATE: Duration = Duration::from_millis(100);

/// What does not come in a time that is not shorter is not a little late.
const SHORT: Duration = Duration::from_secs(1);

/// The same where it is known how late it was, and that was less.
const CLOSE: Duration = AFTERWARDS;

/// It went wrong by a time that can be told alone only.
pub fn delicate(outcome: &Outcome) -> bool {
    let cause = outcome.seen.1.as_deref();
    let less = |nanoseconds: i64, than| Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(0)) < than;
    let narrow = |timing: &Timing| {
        let Timing { window, limit, observed, .. } = timing;
        let margin = limit[1].saturating_sub(window[1]).max(window[0].saturating_sub(limit[0]));
        match observed {
            None => less(margin, DELICATE) && less(limit[1], SHORT),
            Some(observed) => {
                let off = observed.saturating_sub(limit[1]).max(limit[0].saturating_sub(*observed));
                less(margin, CLOSE) && less(off, CLOSE)
            }
        }
    };
    wrong(outcome.seen.0)
        && outcome.result.obligations.iter().any(|obligation| {
            matches!(obligation.judgement, Judgement::Fail | Judgement::Weak)
                && Some(obligation.requirement) == cause
                && obligation.timing.as_ref().is_some_and(narrow)
        })
}

/// It went wrong alone as it had beside others: so it was seen twice.
pub fn agree(alone: &[Outcome], beside_others: &[Outcome]) -> bool {
    let last = alone.last().filter(|outcome| wrong(outcome.seen.0));
    last.is_some_and(|last| beside_others.iter().any(|outcome| alike(outcome, last)))
}

/// What to hold of a test that went wrong once, and could not run again, or not alone.
pub fn untold(mut outcome: Outcome) -> Outcome {
    let result = &mut outcome.result;
    let reason = result.reason.take().unwrap_or_default();
    result.reason = Some(format!("not seen twice: {}: {reason}", result.verdict.name()));
    (result.verdict, result.cause) = (Verdict::Inconclusive, None);
    outcome
}

/// The same with what went wrong before, beside others.
pub fn behind(mut outcome: Outcome, beside_others: Vec<Outcome>) -> Outcome {
    if beside_others.is_empty() {
        return outcome;
    }
    if outcome.result.attempts.is_empty() {
        outcome.result.attempts.push(summary(&outcome));
    }
    outcome.result.attempts.splice(..0, beside_others.iter().map(summary));
    let behind = |(at, run)| (at + beside_others.len(), run);
    let later: Vec<(usize, Outcome)> = outcome.otherwise.drain(..).map(behind).collect();
    outcome.otherwise = unlike(&outcome, beside_others.into_iter().enumerate());
    outcome.otherwise.extend(later);
    outcome
}

/// The runs that went wrong, and otherwise than the one that is told: who looks for the cause needs their traces too.
fn unlike(told: &Outcome, runs: impl Iterator<Item = (usize, Outcome)>) -> Vec<(usize, Outcome)> {
    runs.filter(|(_, run)| wrong(run.seen.0) && !alike(run, told)).collect()
}

/// How often a test runs at most that ended so.
fn most(attempts: &[Outcome]) -> usize {
    let some = |test: fn(Verdict) -> bool| attempts.iter().any(|outcome| test(outcome.seen.0));
    let spoiled = some(|verdict| verdict == Verdict::Inconclusive);
    if spoiled && some(wrong) && !broken_each_time(attempts) { MOST } else { ENOUGH }
}

/// The verdict of all of them: what was seen twice, or went well in the end; otherwise nobody knows.
pub fn conclude(attempts: Vec<Outcome>) -> Outcome {
    let runs: Vec<Attempt> = attempts.iter().map(summary).collect();
    let last = attempts.len().saturating_sub(1);
    let counts = |at: usize| runs[at].verdict != Verdict::Inconclusive || runs[last].verdict != Verdict::Pass;
    let twice =
        (1..attempts.len()).rev().find(|&at| counts(at) && runs[..at].iter().any(|run| same(run, &runs[at])));
    let each = broken_each_time(&attempts);
    let certain = attempts.iter().position(|outcome| wrong(outcome.seen.0));
    let at = if each { certain } else { twice };
    let mut attempts: Vec<(usize, Outcome)> = attempts.into_iter().enumerate().collect();
    let (_, mut chosen) = attempts.remove(at.unwrap_or(last));
    if runs.len() == 1 {
        return chosen;
    }
    chosen.otherwise = unlike(&chosen, attempts.into_iter());
    let result = &mut chosen.result;
    if each {
        if result.verdict == Verdict::Inconclusive {
            let text = result.reason.as_deref().unwrap_or_default();
            result.reason = Some(format!("{text}; but it was so in each of {} runs", runs.len()));
            // A SHOULD does not become a MUST by being broken often.
            let level = result.cause.as_deref().and_then(requirement::find).map(|found| found.level);
            result.verdict = if level == Some(Level::Should) { Verdict::Weak } else { Verdict::Fail };
        }
    } else if let Some(text) = in_doubt(&runs, twice.is_some(), result.verdict) {
        result.verdict = Verdict::Inconclusive;
        result.cause = None;
        result.reason = Some(text);
    }
    result.attempts = runs;
    chosen
}

/// Something that is not to be believed at once.
pub const fn wrong(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Fail | Verdict::Weak | Verdict::Crash)
}

/// What to hold of a test that went wrong in virtual time and was run again in real time.
pub fn confirm(mut found: Outcome, mut real: Outcome) -> Outcome {
    let result = &mut found.result;
    let again = (real.result.verdict, real.result.cause.as_deref());
    let confirmed = again == (result.verdict, result.cause.as_deref());
    if result.attempts.is_empty() {
        let (verdict, cause) = found.seen.clone();
        result.attempts.push(Attempt { verdict, cause, reason: result.reason.clone(), evidence: None });
    }
    let virtual_time = result.attempts.len();
    if real.result.attempts.is_empty() {
        result.attempts.push(summary(&real));
    } else {
        result.attempts.extend(real.result.attempts.iter().cloned());
    }
    if !confirmed {
        let reason = result.reason.take().unwrap_or_default();
        let told = real.result.reason.as_deref().map_or_else(String::new, |reason| format!(" ({reason})"));
        result.reason = Some(format!(
            "{} in virtual time: {reason}; but {} in real time{told}",
            result.verdict.name(),
            again.0.name()
        ));
        (result.verdict, result.cause) = (Verdict::Inconclusive, None);
        let behind = |(at, run)| (virtual_time + at, run);
        found.otherwise.extend(real.otherwise.drain(..).map(behind));
        // What it did in real time, whatever that was, is the other half of the doubt.
        let told = real
            .result
            .attempts
            .iter()
            .rposition(|run| (run.verdict, &run.cause) == (real.seen.0, &real.seen.1));
        found.otherwise.push((virtual_time + told.unwrap_or(0), real));
    }
    found
}

/// All runs broke the same: for certain, or by a frame that may have crossed a stimulus. By chance one may do so once; if
/// one does it each time, it is no chance.
fn broken_each_time(attempts: &[Outcome]) -> bool {
    let Some(first) = attempts.first() else { return false };
    let (_, cause) = &first.seen;
    let broken = |outcome: &Outcome| {
        outcome.seen.1 == *cause
            && (matches!(outcome.seen.0, Verdict::Fail | Verdict::Weak) || crossing(&outcome.result))
    };
    attempts.len() >= ENOUGH && cause.is_some() && attempts.iter().all(broken)
}

/// It is inconclusive because a time is not known well enough, or frames were lost: the host was late, and may be less so
/// the next time.
fn too_late(outcome: &Outcome) -> bool {
    outcome.seen.0 == Verdict::Inconclusive
        && (disturbed(outcome)
            || outcome.result.obligations.iter().any(|obligation| {
                obligation.judgement == Judgement::Inconclusive
                    && obligation.timing.is_some()
                    && Some(obligation.requirement) == outcome.seen.1.as_deref()
            }))
}

/// The set-up did not get through, or frames were lost before they were seen, because the host was late.
fn disturbed(outcome: &Outcome) -> bool {
    let lost = |record: &Record| record.events.iter().any(|event| event.what.dropped() > 0);
    outcome.record.as_ref().is_some_and(|record| record.unsure || lost(record))
}

/// It is inconclusive by a frame that may have crossed a stimulus.
fn crossing(result: &TestResult) -> bool {
    result.verdict == Verdict::Inconclusive
        && result.obligations.iter().any(|obligation| {
            obligation.judgement == Judgement::Inconclusive
                && obligation.timing.is_none()
                && obligation.frame.is_some()
                && Some(obligation.requirement) == result.cause.as_deref()
        })
}

/// What went wrong did so once only, or each time otherwise.
fn in_doubt(runs: &[Attempt], twice: bool, verdict: Verdict) -> Option<String> {
    let odd = runs.iter().find(|run| wrong(run.verdict))?;
    if wrong(verdict) && twice || matches!(verdict, Verdict::Error | Verdict::NotApplicable) {
        return None;
    }
    let others: Vec<&str> = runs.iter().map(|run| run.verdict.name()).collect();
    let reason = odd.reason.as_deref().unwrap_or("no reason is known");
    Some(format!("not the same twice: {}; {}: {reason}", others.join(", "), odd.verdict.name()))
}

fn summary(outcome: &Outcome) -> Attempt {
    let (verdict, cause) = outcome.seen.clone();
    Attempt { verdict, cause, reason: outcome.result.reason.clone(), evidence: None }
}

fn same(a: &Attempt, b: &Attempt) -> bool {
    a.verdict == b.verdict && a.cause == b.cause
}

/// Both came to the same.
fn alike(a: &Outcome, b: &Outcome) -> bool {
    a.seen == b.seen
}

/// The host may have been why it is inconclusive.
fn spoiled(outcome: &Outcome) -> bool {
    outcome.seen.1.is_some() || disturbed(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Stamp;
    use crate::time::Time;
    use crate::verdict::{Obligation, Timing};

    const CAUSE: &str = "lacp.mux.detached.flags";

    fn outcome(verdict: Verdict, cause: Option<&str>, obligations: Vec<Obligation>) -> Outcome {
        let cause = cause.map(str::to_owned);
        let result = TestResult {
            id: "lacp.a.test".to_owned(),
            verdict,
            cause: cause.clone(),
            reason: Some("so it was".to_owned()),
            clauses: Vec::new(),
            level: Level::Must,
            device_time: Duration::ZERO,
            wall_time: Duration::ZERO,
            obligations,
            evidence: None,
            waived: None,
            varies: false,
            attempts: Vec::new(),
        };
        Outcome { result, record: None, seen: (verdict, cause), otherwise: Vec::new() }
    }

    fn fail(cause: &str) -> Outcome {
        outcome(Verdict::Fail, Some(cause), Vec::new())
    }

    fn pass() -> Outcome {
        outcome(Verdict::Pass, None, Vec::new())
    }

    fn under_way() -> Outcome {
        let obligation = Obligation {
            requirement: CAUSE,
            judgement: Judgement::Inconclusive,
            text: "a frame, which may have been under way".to_owned(),
            timing: None,
            frame: Some(3),
        };
        outcome(Verdict::Inconclusive, Some(CAUSE), vec![obligation])
    }

    /// A time that is not known well enough.
    fn late() -> Outcome {
        let mut outcome = under_way();
        let timing = Timing { window: [0, 1], limit: [0, 100], uncertainty: 90, observed: Some(50) };
        outcome.result.obligations[0].timing = Some(timing);
        outcome
    }

    fn unready() -> Outcome {
        outcome(Verdict::Inconclusive, None, Vec::new())
    }

    /// The same, as the host was late.
    fn unsure() -> Outcome {
        let record = Record {
            events: Vec::new(),
            obligations: Vec::new(),
            steps: Vec::new(),
            rows: Vec::new(),
            logs: Vec::new(),
            origin: Stamp::default(),
            end: Time::ZERO,
            unsure: true,
        };
        Outcome { record: Some(record), ..unready() }
    }

    /// Runs until it is settled; what is not needed of `all` must not be there.
    fn of(all: Vec<Outcome>) -> (Verdict, Option<String>, usize) {
        let mut done = Vec::new();
        for outcome in all {
            assert!(done.is_empty() || !settled(&done), "it was settled before");
            done.push(outcome);
        }
        assert!(settled(&done), "it is not settled");
        let Outcome { result, .. } = conclude(done);
        (result.verdict, result.cause, result.attempts.len())
    }

    #[test]
    fn what_goes_well_stands_at_once() {
        assert_eq!(of(vec![pass()]), (Verdict::Pass, None, 0));
        assert_eq!(
            of(vec![outcome(Verdict::NotApplicable, None, Vec::new())]),
            (Verdict::NotApplicable, None, 0)
        );
        assert_eq!(of(vec![unready(), pass()]), (Verdict::Pass, None, 2));
        assert_eq!(of(vec![under_way(), pass()]), (Verdict::Pass, None, 2));
    }

    #[test]
    fn a_failure_is_seen_twice() {
        let failed = (Verdict::Fail, Some("a".to_owned()));
        let (verdict, cause) = failed.clone();
        assert_eq!(of(vec![fail("a"), fail("a")]), (verdict, cause, 2));
        let (verdict, cause) = failed.clone();
        assert_eq!(of(vec![fail("a"), fail("b"), fail("a")]), (verdict, cause, 3));
        let (verdict, cause) = failed;
        assert_eq!(of(vec![fail("a"), pass(), fail("a")]), (verdict, cause, 3));
        assert_eq!(
            of(vec![outcome(Verdict::Crash, Some("c"), vec![]), outcome(Verdict::Crash, Some("c"), vec![])])
                .0,
            Verdict::Crash
        );
    }

    #[test]
    fn a_failure_that_is_not_seen_twice_is_neither_lost_nor_believed() {
        for all in [
            vec![fail("a"), pass(), pass()],
            vec![fail("a"), fail("b"), fail("c")],
            vec![fail("a"), unready(), pass(), pass()],
            vec![unready(), fail("a"), pass(), unready_otherwise(), pass()],
            vec![unready(), fail("a"), unready(), pass(), unready()],
            vec![unready(), unready_otherwise(), fail("a"), pass(), fail("b")],
        ] {
            let expected = (Verdict::Inconclusive, None, all.len());
            assert_eq!(of(all), expected);
        }
    }

    #[test]
    fn what_the_host_spoils_is_tried_again() {
        let failed = (Verdict::Fail, Some("a".to_owned()));
        let (verdict, cause) = failed.clone();
        assert_eq!(of(vec![under_way(), under_way(), fail("a"), fail("a")]), (verdict, cause, 4));
        let (verdict, cause) = failed;
        assert_eq!(of(vec![fail("a"), under_way(), unready(), pass(), fail("a")]), (verdict, cause, 5));
    }

    fn unready_otherwise() -> Outcome {
        outcome(Verdict::Inconclusive, Some("other"), Vec::new())
    }

    #[test]
    fn what_fails_in_virtual_time_has_to_fail_in_real_time() {
        let result = |real: Outcome| {
            let Outcome { result, .. } = confirm(fail("a"), real);
            (result.verdict, result.cause, result.attempts.len())
        };
        assert_eq!(result(fail("a")), (Verdict::Fail, Some("a".to_owned()), 2));
        assert_eq!(result(fail("b")), (Verdict::Inconclusive, None, 2));
        assert_eq!(result(pass()), (Verdict::Inconclusive, None, 2));
        assert_eq!(result(conclude(vec![fail("a"), fail("a")])), (Verdict::Fail, Some("a".to_owned()), 3));
    }

    #[test]
    fn what_a_late_host_spoiled_does_not_count() {
        let passed = (Verdict::Pass, None, 4);
        assert_eq!(of(vec![late(), late(), late(), pass()]), passed);
        assert_eq!(of(vec![unsure(), unsure(), unsure(), pass()]), passed);
        let failed = (Verdict::Fail, Some("a".to_owned()), 4);
        assert_eq!(of(vec![late(), late(), fail("a"), fail("a")]), failed);
        let unknown = (Verdict::Inconclusive, None, 5);
        assert_eq!(of(vec![late(), late(), fail("a"), pass(), pass()]), unknown);
        let still = (Verdict::Inconclusive, Some(CAUSE.to_owned()), MOST_OF_LATE);
        assert_eq!(of((0..MOST_OF_LATE).map(|_| late()).collect()), still);
    }

    fn out_of_time(margin: Duration, off: Option<Duration>) -> Outcome {
        let mut outcome = fail(CAUSE);
        let nanoseconds = |time: Duration| i64::try_from(time.as_nanos()).unwrap();
        let margin = nanoseconds(margin);
        let observed = off.map(|off| 1 + margin + nanoseconds(off));
        outcome.result.obligations.push(Obligation {
            requirement: CAUSE,
            judgement: Judgement::Fail,
            text: "too late".to_owned(),
            timing: Some(Timing { window: [0, 1], limit: [0, 1 + margin], uncertainty: 0, observed }),
            frame: None,
        });
        outcome
    }

    #[test]
    fn only_what_is_a_little_late_may_be_the_others_doing() {
        let milliseconds = Duration::from_millis;
        assert!(delicate(&out_of_time(milliseconds(60), None)));
        assert!(!delicate(&out_of_time(milliseconds(60), Some(milliseconds(900)))));
        let mut long = out_of_time(milliseconds(60), None);
        for obligation in &mut long.result.obligations {
            obligation.timing = Some(Timing {
                limit: [0, 4_000_000_000],
                window: [0, 4_000_000_000],
                uncertainty: 0,
                observed: None,
            });
        }
        assert!(!delicate(&long));
        assert!(!delicate(&out_of_time(DELICATE, None)));
        assert!(delicate(&out_of_time(DELICATE, Some(milliseconds(68)))));
        assert!(!delicate(&out_of_time(DELICATE, Some(CLOSE))));
        assert!(!delicate(&out_of_time(CLOSE, Some(milliseconds(1)))));
        assert!(!delicate(&fail(CAUSE)));
        assert!(!delicate(&late()));
    }

    #[test]
    fn what_went_wrong_beside_others_is_told_and_counts_for_nothing() {
        let beside = || out_of_time(Duration::ZERO, None);
        let told = behind(conclude(vec![pass()]), vec![beside()]).result;
        assert_eq!((told.verdict, told.attempts.len()), (Verdict::Pass, 2));
        assert_eq!(told.attempts[0].verdict, Verdict::Fail);
        let told = behind(conclude(vec![fail("a"), fail("a")]), vec![beside()]).result;
        assert_eq!((told.verdict, told.attempts.len()), (Verdict::Fail, 3));
        let told = untold(beside()).result;
        assert_eq!((told.verdict, told.cause), (Verdict::Inconclusive, None));
    }

    /// Their places, and what went wrong there.
    fn kept(outcome: &Outcome) -> Vec<(usize, Option<&str>)> {
        outcome.otherwise.iter().map(|(at, run)| (*at, run.seen.1.as_deref())).collect()
    }

    #[test]
    fn the_runs_that_went_wrong_otherwise_are_kept_with_their_place() {
        assert_eq!(kept(&conclude(vec![fail("a"), pass(), pass()])), [(0, Some("a"))]);
        assert_eq!(kept(&conclude(vec![fail("b"), fail("a"), fail("a")])), [(0, Some("b"))]);
        assert!(kept(&conclude(vec![fail("a"), fail("a")])).is_empty());
        assert!(kept(&conclude(vec![late(), pass()])).is_empty());

        let beside = vec![fail("a"), fail("c")];
        let told = behind(conclude(vec![fail("b"), fail("a"), fail("a")]), beside);
        assert_eq!(kept(&told), [(1, Some("c")), (2, Some("b"))]);

        let real = conclude(vec![fail("c"), pass(), pass()]);
        let told = confirm(conclude(vec![fail("b"), fail("a"), fail("a")]), real);
        assert_eq!(kept(&told), [(0, Some("b")), (3, Some("c")), (5, None)]);
        assert_eq!(told.result.attempts.len(), 6);
        assert!(kept(&confirm(fail("a"), fail("a"))).is_empty());
    }

    #[test]
    fn what_goes_wrong_alone_as_beside_others_was_seen_twice() {
        assert!(agree(&[fail("a")], &[fail("a")]));
        assert!(!agree(&[fail("a")], &[fail("b")]));
        assert!(!agree(&[fail("a"), pass()], &[fail("a")]));
        assert!(!agree(&[fail("a")], &[]));
        assert!(!agree(&[], &[fail("a")]));
    }

    #[test]
    fn what_the_host_goes_on_spoiling_waits_for_calm() {
        assert!(needs_calm(&[late(), late(), late()]));
        assert!(needs_calm(&[unsure(), unsure(), unsure()]));
        assert!(needs_calm(&[under_way(), fail("a"), under_way()]));
        assert!(!needs_calm(&[late(), late()]));
        assert!(!needs_calm(&[late(), late(), fail("a")]));
        assert!(!needs_calm(&[unready(), fail("a"), unready()]));
    }

    #[test]
    fn what_the_device_does_not_do_is_not_waited_for_a_third_time() {
        assert_eq!(of(vec![unready(), unready()]), (Verdict::Inconclusive, None, 2));
    }

    #[test]
    fn a_frame_does_not_cross_each_time() {
        assert_eq!(
            of(vec![under_way(), under_way(), under_way()]),
            (Verdict::Fail, Some(CAUSE.to_owned()), 3)
        );
        assert_eq!(of(vec![under_way(), under_way(), pass()]), (Verdict::Pass, None, 3));
        let of_should = || {
            let mut outcome = under_way();
            let id = "lacp.selection.lowest-port";
            outcome.seen.1 = Some(id.to_owned());
            outcome.result.cause = Some(id.to_owned());
            outcome.result.obligations[0].requirement = id;
            outcome
        };
        assert_eq!(of(vec![of_should(), of_should(), of_should()]).0, Verdict::Weak);
        let failed = (Verdict::Fail, Some(CAUSE.to_owned()), 3);
        assert_eq!(of(vec![under_way(), under_way(), fail(CAUSE)]), failed);
        assert_eq!(of(vec![under_way(), fail(CAUSE), under_way()]), failed);
        let unknown = of(vec![under_way(), fail("a"), under_way(), pass(), fail("b")]);
        assert_eq!(unknown, (Verdict::Inconclusive, None, 5));
        let unknown = of(vec![under_way(), fail(CAUSE), pass(), pass()]);
        assert_eq!(unknown, (Verdict::Inconclusive, None, 4));
    }
}
