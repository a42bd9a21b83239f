//! What to hold of a test that ran several times on a live device.
//!
//! A device that runs shares a host, and a test that was right in virtual time may meet a frame that was under way. So
//! what goes well stands, and everything else has to be seen twice.

use super::runner::Outcome;
use crate::verdict::{Attempt, Judgement, Verdict};

/// No test runs more often.
const MOST: usize = 3;

/// It need not run again.
pub fn settled(attempts: &[Outcome]) -> bool {
    let Some((last, before)) = attempts.split_last() else { return false };
    match last.result.verdict {
        Verdict::NotApplicable | Verdict::Error => true,
        // Unless it went wrong before, and the third time tells.
        Verdict::Pass if before.iter().all(|outcome| outcome.result.verdict == Verdict::Inconclusive) => true,
        _ if attempts.len() >= MOST => true,
        // What the host spoiled may go better, what the device does not do it will not do the next time.
        Verdict::Inconclusive => before.iter().any(|outcome| alike(outcome, last)) && !spoiled(last),
        _ => before.iter().any(|outcome| alike(outcome, last)),
    }
}

/// The verdict of all of them: the one that was seen twice, or the last if it stands by itself.
pub fn conclude(mut attempts: Vec<Outcome>) -> Outcome {
    let summary: Vec<Attempt> = attempts
        .iter()
        .map(|outcome| {
            let (verdict, cause) = outcome.seen.clone();
            Attempt { verdict, cause, reason: outcome.result.reason.clone() }
        })
        .collect();
    let twice = (0..attempts.len())
        .rev()
        .find(|&at| attempts[..at].iter().any(|outcome| alike(outcome, &attempts[at])));
    let last = attempts.len().saturating_sub(1);
    let mut chosen = match twice {
        Some(at) => attempts.swap_remove(at),
        None => attempts.swap_remove(last),
    };
    let runs = summary.len();
    if runs == 1 {
        return chosen;
    }
    let result = &mut chosen.result;
    let bad = |attempt: &&Attempt| matches!(attempt.verdict, Verdict::Fail | Verdict::Weak | Verdict::Crash);
    if under_way(&chosen.seen, result)
        && runs == MOST
        && summary.iter().all(|attempt| attempt.cause == result.cause)
    {
        // Once a frame may cross a stimulus by chance; each time it does not.
        result.verdict = Verdict::Fail;
        result.reason =
            result.reason.take().map(|text| format!("{text}; but it was so in each of {runs} runs"));
    } else if let Some(odd) = summary.iter().find(bad).filter(|_| {
        !matches!(
            result.verdict,
            Verdict::Fail | Verdict::Weak | Verdict::Crash | Verdict::Error | Verdict::NotApplicable
        )
    }) {
        result.verdict = Verdict::Inconclusive;
        result.cause = None;
        let reason = odd.reason.as_deref().unwrap_or("no reason");
        result.reason = Some(format!("{} in one of {runs} runs only: {reason}", odd.verdict.name()));
    } else if twice.is_none() && bad(&&summary[runs - 1]) {
        // Each time something else: it is not known what.
        let said: Vec<String> = summary
            .iter()
            .map(|attempt| {
                format!("{} {}", attempt.verdict.name(), attempt.cause.as_deref().unwrap_or_default())
            })
            .collect();
        result.verdict = Verdict::Inconclusive;
        result.cause = None;
        result.reason = Some(format!("something else in each of {runs} runs: {}", said.join(", ")));
    }
    result.attempts = summary;
    chosen
}

/// Both came to the same.
fn alike(a: &Outcome, b: &Outcome) -> bool {
    a.seen == b.seen
}

/// A frame that must not be there was, but it may have been under way.
fn under_way(seen: &(Verdict, Option<String>), result: &crate::verdict::TestResult) -> bool {
    seen.0 == Verdict::Inconclusive
        && result.obligations.iter().any(|obligation| {
            obligation.judgement == Judgement::Inconclusive
                && obligation.timing.is_none()
                && obligation.frame.is_some()
                && Some(obligation.requirement) == seen.1.as_deref()
        })
}

/// The host may have been why it is inconclusive.
fn spoiled(outcome: &Outcome) -> bool {
    outcome.seen.1.is_some()
        || outcome
            .record
            .as_ref()
            .is_some_and(|record| record.events.iter().any(|event| event.what.dropped() > 0))
}
