//! Priorities that fall with what a router tracks. What documents tell of it is recorded; that a router tells the priority
//! by which it goes is asked of any.

use super::{Dialect, HsrpTest, Message, Steps, dialects};
use crate::bed::Capability;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::Editions;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{UNDER_WAY, missing, next_hello};

/// Priority of the device in these tests.
const PRIORITY: u32 = 100;
/// What it loses.
const DECREMENT: u32 = 40;

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["-", "H2-023", "-"]) {
        tests.push(decrement(dialect, row));
        tests.push(told(dialect, row));
    }
    tests
        .into_iter()
        .map(|test| test.with("hsrp.priority", PRIORITY).with("hsrp.decrement", DECREMENT))
        .collect()
}

impl HsrpTest<'_> {
    /// What the device tracks goes down, or comes up.
    fn track(&mut self, up: bool) -> Result<Mark, Stop> {
        self.run.step(format!("what D tracks {}", if up { "comes up again" } else { "goes down" }));
        self.run.configure("hsrp.tracked", if up { "yes" } else { "no" })
    }

    /// The priority that the device's next Hello tells.
    fn next_priority(&mut self, mark: Mark) -> Result<(Mark, u32, u64), Stop> {
        let longest = next_hello(self.hellotime()).lenient.to;
        let next = self.look(&self.message().hello(), mark, longest)?;
        match next.and_then(|next| Some((next, self.seen(next)?))) {
            Some((next, seen)) => Ok((next.mark(), seen.heard.priority, next.number)),
            None => Err(Stop::Inconclusive(format!("no Hello within {} s", longest.as_secs_f64()))),
        }
    }
}

fn decrement(dialect: Dialect, row: &'static str) -> Test {
    let test = dialect.test(
        "tracking.decrement",
        row,
        "Which priority the Hellos of a router tell while what it tracks is down, and afterwards, is recorded.",
        &["tracking.decrement", "tracking.next-hello", "tracking.restored"],
    );
    let test = if dialect == Dialect::V1 { test.only(Editions::ONLY_CISCO1) } else { test };
    test.needs(Capability::Configure).hsrp(dialect, |t| {
        t.without_closing();
        t.make_active()?;
        let down = t.track(false)?;
        let (mark, first, number) = t.next_priority(down)?;
        let text = format!("the next Hello tells priority {first}, with {PRIORITY} less {DECREMENT}");
        t.note(text, Some(number), "tracking.next-hello");
        let (_, second, number) = t.next_priority(mark)?;
        let text = format!("a later Hello tells priority {second}, with {PRIORITY} less {DECREMENT}");
        t.note(text, Some(number), "tracking.decrement");
        let up = t.track(true)?;
        let (mark, ..) = t.next_priority(up)?;
        let (_, third, number) = t.next_priority(mark)?;
        t.note(format!("with it up again, Hellos tell priority {third}"), Some(number), "tracking.restored");
        Ok(())
    })
}

/// Whatever a router makes of what it tracks, its Hellos tell the priority by which it yields or does not.
fn told(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "tracking.told",
            row,
            "A router whose priority falls with what it tracks goes by the priority that its Hellos tell.",
            &["pdu.priority"],
        )
        .needs(Capability::Configure)
        .hsrp(dialect, |t| {
            t.without_closing();
            t.make_active()?;
            let down = t.track(false)?;
            let (mark, ..) = t.next_priority(down)?;
            let (_, told, number) = t.next_priority(mark)?;
            let between = PRIORITY - DECREMENT / 2;
            if told == between {
                return Err(Stop::Inconclusive(format!("D tells priority {told}: it tracks something else")));
            }
            t.run.step(format!("T is Active with priority {between}"));
            // Long enough not to be Active again meanwhile.
            let hello = Message { priority: between, ..t.candidate() };
            let mark = t.send(&hello)?;
            // It says at once that it is the better one, or is Active no longer.
            let mut later = mark;
            later.at.time += UNDER_WAY;
            let longest = missing(t.hellotime()).lenient.to;
            let stays = t.look(&t.message().state(Group::Active), later, longest)?.is_some();
            let seen = format!(
                "it tells {told}, and {} under an Active router of priority {between}",
                if stays { "stays Active" } else { "yields" }
            );
            let expected = "a router goes by the priority that it tells";
            t.judge(stays == (told > between), expected, &seen, Some(number), "pdu.priority")
        })
}
