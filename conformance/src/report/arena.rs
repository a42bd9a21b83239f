//! What became of an arena: for people, as JSON, and as a trace.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::time::Duration;

use serde_json::{Map, Value, json};

use super::pcapng::{TraceHeader, write_trace};
use super::text;
use crate::arena::failover::{Distribution, Failure, View};
use crate::arena::judge::Broken;
use crate::arena::protocol::{Duty, Invariant};
use crate::arena::{Arena, Outcome};
use crate::spec::requirement;
use crate::time::nanoseconds;

/// The widest that a bar of the histogram is.
const BAR: usize = 48;
/// The most bars.
const BARS: u32 = 12;
/// Columns of the words in front of a text.
const LABEL: usize = 11;

/// How a failover was measured, in words.
const fn about(view: View) -> &'static str {
    match view {
        View::Protocol => "message to message",
        View::Answers => "answer to answer",
        View::Packets => "packet to packet",
    }
}

fn seconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{:.3}", time.as_secs_f64()))
}

/// `3 h 20 min`, or seconds if that is short.
fn long(time: Duration) -> String {
    let seconds = time.as_secs();
    match (seconds / 3600, seconds / 60 % 60) {
        (0, 0) => format!("{:.1} s", time.as_secs_f64()),
        (0, minutes) => format!("{minutes} min {} s", seconds % 60),
        (hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

/// Writes reports of an arena.
pub struct Report<'a> {
    /// Who took part, and what was to be done.
    pub arena: &'a Arena<'a>,
    /// What it takes to get the same arena again: everything but how many failovers.
    pub arguments: &'a [String],
    /// In columns.
    pub width: usize,
}

impl Report<'_> {
    /// Before it begins.
    ///
    /// # Errors
    /// `out` fails; so below.
    pub fn begin(&self, out: &mut impl Write) -> io::Result<()> {
        let (protocol, plan) = (self.arena.protocol(), self.arena.plan());
        let members = self.arena.members();
        writeln!(
            out,
            "arena: {} routers, {} ({}), seed {}",
            members.len(),
            protocol.name(),
            protocol.edition(),
            plan.seed
        )?;
        for (number, member) in (1..).zip(members) {
            let own = protocol.settings(number - 1, members.len());
            // What tells them apart, but for MAC addresses and the like.
            let priority = own.iter().find(|(name, _)| name.ends_with(".priority")).map(|(name, _)| name);
            let priority = priority.and_then(|name| member.settings.text(name)).unwrap_or("-");
            writeln!(out, "  {number:>2}  priority {priority:>3}  {}", member.kind.text())?;
        }
        let noise = plan.noise;
        self.prose(
            out,
            0,
            &format!(
                "hub: {} to {} ms, {} % lost, {} % twice, {} % held back by up to {} ms; a host asks every {} ms",
                millis(noise.least_delay),
                millis(noise.most_delay),
                noise.loss.as_per_cent(),
                noise.duplicate.as_per_cent(),
                noise.reorder.as_per_cent(),
                millis(noise.most_held),
                millis(plan.probe),
            ),
        )?;
        writeln!(out)?;
        out.flush()
    }

    fn prose(&self, out: &mut impl Write, label: usize, words: &str) -> io::Result<()> {
        for (index, line) in text::wrap(words, self.width.saturating_sub(label)).iter().enumerate() {
            let indent = if index == 0 { 0 } else { label };
            writeln!(out, "{:indent$}{line}", "")?;
        }
        Ok(())
    }

    /// After it has ended.
    ///
    /// # Errors
    /// `out` fails.
    pub fn end(&self, out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
        let counts = outcome.counts;
        self.prose(
            out,
            0,
            &format!(
                "{} failovers and {} other disturbances in {} of the routers' time; of {} frames {} were lost, {} came \
                 twice, {} were overtaken, {} met a cut",
                outcome.failovers.len(),
                outcome.disturbances,
                long(outcome.time),
                counts.delivered + counts.lost + counts.cut,
                counts.lost,
                counts.duplicated,
                counts.reordered,
                counts.cut,
            ),
        )?;
        writeln!(out)?;
        self.times(out, outcome)?;
        for broken in &outcome.broken {
            self.broken(out, "BROKEN", broken)?;
        }
        for unsure in &outcome.unsure {
            self.broken(out, "NOT CERTAIN, as this host was late itself:", unsure)?;
        }
        for invariant in self.invariants() {
            let broken = outcome.broken.iter().any(|broken| broken.duty.invariant() == invariant);
            let word = if broken { "BROKEN" } else { "holds" };
            let label = format!("{word:<7} {:<16} ", invariant.name());
            let width = self.width.saturating_sub(label.len());
            for (index, line) in text::wrap(invariant.text(), width).iter().enumerate() {
                let first = if index == 0 { label.as_str() } else { "" };
                writeln!(out, "{first:<width$}{line}", width = label.len())?;
            }
        }
        Ok(())
    }

    /// Those that the protocol has.
    fn invariants(&self) -> Vec<Invariant> {
        let duties = Duty::ALL.into_iter();
        let known = duties.filter(|duty| self.arena.source(*duty).is_some());
        let all: BTreeSet<Invariant> = known.map(Duty::invariant).collect();
        all.into_iter().collect()
    }

    fn times(&self, out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
        if outcome.failovers.is_empty() {
            return Ok(());
        }
        writeln!(
            out,
            "{:<30}{:>6}{:>8}{:>8}{:>8}{:>8}{:>8}",
            "failover, in s", "count", "min", "p50", "p90", "p99", "max"
        )?;
        let row = |out: &mut dyn Write, name: &str, times: &Distribution| {
            let [min, p50, p90, p99, max] = [
                times.least(),
                times.percentile(50),
                times.percentile(90),
                times.percentile(99),
                times.most(),
            ]
            .map(seconds);
            writeln!(out, "{name:<30}{:>6}{min:>8}{p50:>8}{p90:>8}{p99:>8}{max:>8}", times.count())
        };
        for view in View::ALL {
            let all = outcome.times(view, None);
            if all.count() == 0 {
                continue;
            }
            row(out, &format!("{} ({})", view.name(), about(view)), &all)?;
            for failure in Failure::ALL {
                let times = outcome.times(view, Some(failure));
                if times.count() > 0 {
                    row(out, &format!("  {}", failure.name()), &times)?;
                }
            }
        }
        if let Some(slowest) = outcome.slowest() {
            writeln!(out)?;
            self.prose(
                out,
                0,
                &format!(
                    "slowest: router {} was Active {} s after router {} had failed, the tables allow {} s after what it \
                     had heard (episode {})",
                    slowest.new + 1,
                    seconds(Some(slowest.taken_over)),
                    slowest.old + 1,
                    seconds(Some(slowest.bound)),
                    slowest.episode
                ),
            )?;
        }
        writeln!(out)?;
        histogram(out, &outcome.times(View::Protocol, None))
    }

    fn broken(&self, out: &mut impl Write, word: &str, broken: &Broken) -> io::Result<()> {
        let invariant = broken.duty.invariant();
        let line = |out: &mut dyn Write, label: &str, words: &str| {
            for (index, line) in text::wrap(words, self.width.saturating_sub(LABEL)).iter().enumerate() {
                writeln!(out, "  {:<width$}{line}", if index == 0 { label } else { "" }, width = LABEL - 2)?;
            }
            io::Result::Ok(())
        };
        self.prose(out, LABEL, &format!("{word}  {}: {}", invariant.name(), invariant.text()))?;
        if let Some((id, clause)) = self.arena.source(broken.duty) {
            let level = requirement::find(id).map_or("", |requirement| requirement.level.name());
            line(out, "clause", &format!("{clause}: {level}, {id}"))?;
        }
        line(out, "time", &format!("{} s, in episode {}", broken.at, broken.episode))?;
        let who: Vec<String> = broken.routers.iter().map(|router| self.who(*router)).collect();
        line(out, "routers", &who.join(", "))?;
        line(
            out,
            "seen",
            &format!("router {} {}", broken.routers.first().map_or(0, |it| it + 1), broken.text),
        )?;
        line(out, "again", &self.again(broken.episode))?;
        writeln!(out)
    }

    fn who(&self, router: usize) -> String {
        let kind = self.arena.members().get(router).map(|member| member.kind.text());
        format!("{} ({})", router + 1, kind.unwrap_or_default())
    }

    /// The command that does the same up to this episode.
    fn again(&self, episodes: u64) -> String {
        let seed = self.arena.plan().seed;
        let rest: String = self.arguments.iter().flat_map(|argument| [" ", argument.as_str()]).collect();
        format!("redspec arena {}{rest} --failovers {episodes} --seed {seed}", self.arena.protocol().name())
    }

    /// `redspec.arena/1`.
    ///
    /// # Errors
    /// `out` fails.
    pub fn json(&self, out: &mut impl Write, outcome: &Outcome) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &self.document(outcome))?;
        writeln!(out)
    }

    fn document(&self, outcome: &Outcome) -> Value {
        let (protocol, plan) = (self.arena.protocol(), self.arena.plan());
        let routers: Vec<Value> = (1_u64..)
            .zip(self.arena.members())
            .map(|(number, member)| {
                let settings: Map<String, Value> =
                    member.settings.iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
                json!({"number": number, "kind": member.kind.text(), "settings": settings})
            })
            .collect();
        let failovers: Vec<Value> = outcome
            .failovers
            .iter()
            .map(|failover| {
                let mut object = json!({
                    "episode": failover.episode,
                    "failure": failover.failure.name(),
                    "at_ns": failover.at.nanos(),
                    "old": failover.old + 1,
                    "new": failover.new + 1,
                    "taken_over_ns": nanoseconds(failover.taken_over),
                    "bound_ns": nanoseconds(failover.bound),
                });
                for view in View::ALL {
                    object[format!("{}_ns", view.name())] = failover.time(view).map(nanoseconds).into();
                }
                object
            })
            .collect();
        let distributions: Map<String, Value> = View::ALL
            .into_iter()
            .map(|view| {
                let mut of_all = distribution(&outcome.times(view, None));
                for failure in Failure::ALL {
                    of_all["failures"][failure.name()] = distribution(&outcome.times(view, Some(failure)));
                }
                (view.name().to_owned(), of_all)
            })
            .collect();
        let found = |all: &[Broken]| -> Vec<Value> { all.iter().map(|broken| self.breach(broken)).collect() };
        let holds: Map<String, Value> = self
            .invariants()
            .into_iter()
            .map(|invariant| {
                let broken = outcome.broken.iter().any(|broken| broken.duty.invariant() == invariant);
                (invariant.name().to_owned(), (!broken).into())
            })
            .collect();
        let (noise, counts) = (plan.noise, outcome.counts);
        json!({
            "schema": "redspec.arena/1",
            "protocol": protocol.name(),
            "edition": protocol.edition().name(),
            "seed": plan.seed,
            "routers": routers,
            "hub": {
                "least_delay_ns": nanoseconds(noise.least_delay),
                "most_delay_ns": nanoseconds(noise.most_delay),
                "most_held_ns": nanoseconds(noise.most_held),
                "loss_per_cent": noise.loss.as_per_cent(),
                "duplicate_per_cent": noise.duplicate.as_per_cent(),
                "reorder_per_cent": noise.reorder.as_per_cent(),
                "delivered": counts.delivered,
                "lost": counts.lost,
                "duplicated": counts.duplicated,
                "reordered": counts.reordered,
                "cut": counts.cut,
            },
            "probe_ns": nanoseconds(plan.probe),
            "time_ns": nanoseconds(outcome.time),
            "interrupted": outcome.stopped,
            "disturbances": outcome.disturbances,
            "invariants": holds,
            "broken": found(&outcome.broken),
            "unsure": found(&outcome.unsure),
            "distributions": distributions,
            "failovers": failovers,
        })
    }

    fn breach(&self, broken: &Broken) -> Value {
        let (id, clause) = self.arena.source(broken.duty).unzip();
        json!({
            "invariant": broken.duty.invariant().name(),
            "requirement": id,
            "clause": clause,
            "at_ns": broken.at.nanos(),
            "episode": broken.episode,
            "routers": broken.routers.iter().map(|router| router + 1).collect::<Vec<_>>(),
            "text": broken.text,
            "again": self.again(broken.episode),
        })
    }

    /// The episode that was kept, as pcapng: each router's link is an interface, and the host's is the last.
    ///
    /// # Errors
    /// `out` fails, or there is no episode.
    pub fn trace(&self, out: impl Write, outcome: &Outcome) -> io::Result<()> {
        let Some(record) = &outcome.record else {
            return Err(io::Error::other("there is no episode to write"));
        };
        let (protocol, members) = (self.arena.protocol(), self.arena.members());
        let settings = Map::from_iter([
            ("episode".to_owned(), record.episode.into()),
            ("again".to_owned(), self.again(record.episode).into()),
        ]);
        let header = TraceHeader {
            test: format!("arena.{}", protocol.name()),
            device: format!("{} routers", members.len()),
            edition: protocol.edition(),
            seed: self.arena.plan().seed,
            settings,
        };
        write_trace(out, &header, members.len() + 1, &record.events, &record.comments)
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn distribution(times: &Distribution) -> Value {
    let ns = |time: Option<Duration>| time.map(nanoseconds);
    json!({
        "count": times.count(),
        "min_ns": ns(times.least()),
        "mean_ns": ns(times.mean()),
        "p50_ns": ns(times.percentile(50)),
        "p90_ns": ns(times.percentile(90)),
        "p99_ns": ns(times.percentile(99)),
        "max_ns": ns(times.most()),
    })
}

/// One bar a line; as long as there are many, and at least a mark if there is one.
fn histogram(out: &mut impl Write, times: &Distribution) -> io::Result<()> {
    let bars = times.bars(BARS);
    let Some(most) = bars.iter().map(|(.., count)| *count).max().filter(|most| *most > 0) else {
        return Ok(());
    };
    for (from, to, count) in bars {
        let length = (count * BAR).div_ceil(most);
        let bar = "#".repeat(length);
        writeln!(out, "  {:>7.3} to {:>7.3} s {count:>5} {bar}", from.as_secs_f64(), to.as_secs_f64())?;
    }
    writeln!(out)
}
