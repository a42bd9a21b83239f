//! How long the Active and the Standby timer run: as long as the last Hello has told, at several values, and for the
//! router's own Holdtime where none was heard.

use std::time::Duration;

use super::listen::long;
use super::states::ACTIVE_PRIORITY;
use super::{Dialect, HsrpTest, Message, Steps, dialects};
use crate::scenario::Test;
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{shown, shown_after_shown, takeover};

/// A Holdtime that T tells: what the test's id ends with, and how long it is.
type Told = (&'static str, fn(&HsrpTest<'_>) -> Duration);

/// Whole seconds, as both versions have them.
const WHOLE: [Told; 2] = [
    ("short", |t| Duration::from_secs((t.holdtime().as_secs() * 2 / 5).max(2))),
    ("long", |t| (t.holdtime() * 2).min(Duration::from_secs(255))),
];

const MILLISECONDS: Told = ("milliseconds", |_| Duration::from_millis(2500));

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests = Vec::new();
    for (dialect, row) in dialects(["H1-011", "H2-013", "-"]) {
        for told in WHOLE {
            tests.push(active_holdtime(dialect, row, told));
        }
    }
    for (dialect, row) in dialects(["", "H2-013", "-"]) {
        tests.push(active_holdtime(dialect, row, MILLISECONDS));
        tests.push(standby_holdtime(dialect, "-", MILLISECONDS));
    }
    for (dialect, row) in dialects(["-", "-", "-"]) {
        for told in WHOLE {
            tests.push(standby_holdtime(dialect, row, told));
        }
        tests.push(listen_holdtime(dialect, row));
        tests.push(own_holdtime(dialect, row));
    }
    tests
}

/// The same with this Holdtime, and with a Hellotime below it.
fn telling(message: Message, holdtime: Duration) -> Message {
    let hellotime = message.hellotime.min(Duration::from_secs(1));
    Message { hellotime, holdtime, ..message }
}

fn active_holdtime(dialect: Dialect, row: &'static str, (name, told): Told) -> Test {
    dialect
        .test(
            &format!("timers.active-holdtime.{name}"),
            row,
            "A Standby router is Active when the Holdtime in the Active router's last Hello is over.",
            &["timers.active-holdtime"],
        )
        .hsrp(dialect, move |t| {
            let (active, _) = t.make_standby()?;
            let holdtime = told(t);
            t.run.step(format!("T sends a last Hello, with Holdtime {} s", holdtime.as_secs_f64()));
            let last = telling(t.lan.peers[active].message.clone(), holdtime);
            let mark = t.last_hello(active, &last)?;
            let window = takeover(holdtime);
            t.expect(&t.message().state(Group::Active), mark, window, "timers.active-holdtime")?;
            t.without_closing();
            Ok(())
        })
}

fn standby_holdtime(dialect: Dialect, row: &'static str, (name, told): Told) -> Test {
    dialect
        .test(
            &format!("timers.standby-holdtime.{name}"),
            row,
            "A router in Listen speaks when the Holdtime in the Standby router's last Hello is over.",
            &["timers.standby-holdtime"],
        )
        .hsrp(dialect, move |t| {
            let others = t.make_listen()?;
            let holdtime = told(t);
            t.run.step(format!(
                "the Standby router sends a last Hello, with Holdtime {} s",
                holdtime.as_secs_f64()
            ));
            let last = telling(t.lan.peers[others.standby].message.clone(), holdtime);
            let mark = t.last_hello(others.standby, &last)?;
            let window = shown(holdtime, t.hellotime());
            t.enters(Group::Speak, mark, window, "timers.standby-holdtime")?;
            t.without_closing();
            Ok(())
        })
}

fn listen_holdtime(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "timers.active-holdtime.listen",
            row,
            "A router in Listen speaks when the Holdtime in the Active router's last Hello is over.",
            &["timers.active-holdtime"],
        )
        .hsrp(dialect, |t| {
            let others = t.make_listen()?;
            t.run
                .step("both fall silent: the Active router told twice D's Holdtime, the Standby router more");
            let holdtime = (t.holdtime() * 2).min(Duration::from_secs(254));
            let standby = t.lan.peers[others.standby].message.clone().hold(long(t));
            t.last_hello(others.standby, &standby)?;
            let last = t.lan.peers[others.active].message.clone().hold(holdtime);
            let mark = t.last_hello(others.active, &last)?;
            let window = shown(holdtime, t.hellotime());
            t.enters(Group::Speak, mark, window, "timers.active-holdtime")?;
            t.without_closing();
            Ok(())
        })
}

fn own_holdtime(dialect: Dialect, row: &'static str) -> Test {
    dialect
        .test(
            "timers.own-holdtime",
            row,
            "A router that speaks is Standby after its own Holdtime, whatever the Active router tells.",
            &["timers.own-holdtime"],
        )
        .hsrp(dialect, |t| {
            let active = t.hello(Group::Active, ACTIVE_PRIORITY).hold(long(t));
            let (_, first) = t.make_speak_under(active)?;
            let window = shown_after_shown(t.holdtime(), t.hellotime());
            let over = [Group::Speak, Group::Standby];
            t.goes_over(over, first.mark(), window, "timers.own-holdtime")?;
            t.without_closing();
            Ok(())
        })
}
