//! The gate on the codec's speed: ratios to a baseline that is measured in the same process and the same moment.
//!
//! A round runs every row once: its contender and its baseline for about 1.5 ms each, one after the other, and takes
//! the ratio. A repetition gives the median of its rounds' ratios. Measured is the median of the repetitions, noise how far
//! they lie apart. The exit status is 1 if a row misses its goal by more than its noise.
//! An argument selects the rows whose name contains it.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use redspec_benches::cases::{self, Case, Reader};
use redspec_benches::contenders::{LacpState, build_lacp_frame};
use redspec_benches::{raw, samples};

/// Time that one contender runs in one round.
const SLICE: Duration = Duration::from_micros(1500);
/// Rounds of one repetition.
const ROUNDS: usize = 41;
/// Repetitions.
const REPETITIONS: usize = 7;

/// Calls a contender as often as it is told.
type Runner = Box<dyn Fn(u64)>;

/// A contender, and how many calls fill a slice.
struct Contender {
    run: Runner,
    calls: u64,
}

impl Contender {
    fn new(run: Runner) -> Self {
        run(1000);
        let mut calls = 1000;
        loop {
            let start = Instant::now();
            run(calls);
            let elapsed = start.elapsed();
            if elapsed >= SLICE {
                let calls = calls as f64 * SLICE.as_secs_f64() / elapsed.as_secs_f64();
                return Self { run, calls: calls as u64 + 1 };
            }
            calls *= 2;
        }
    }

    fn reading(reader: Reader, octets: &[u8]) -> Self {
        let octets = octets.to_vec();
        Self::new(Box::new(move |calls| {
            for _ in 0..calls {
                black_box(reader(black_box(&octets)));
            }
        }))
    }

    /// Nanoseconds of one call.
    fn time(&self) -> f64 {
        let start = Instant::now();
        (self.run)(self.calls);
        start.elapsed().as_secs_f64() * 1e9 / self.calls as f64
    }
}

/// A line of the table.
struct Row {
    what: String,
    against: &'static str,
    goal: f64,
    contender: Contender,
    baseline: Contender,
    /// Ratios of the rounds of this repetition.
    rounds: Vec<f64>,
    /// Medians of the repetitions.
    repetitions: Vec<f64>,
    nanoseconds: Vec<f64>,
}

impl Row {
    fn new(
        what: String,
        against: &'static str,
        goal: f64,
        contender: Contender,
        baseline: Contender,
    ) -> Self {
        let (rounds, repetitions, nanoseconds) = (Vec::new(), Vec::new(), Vec::new());
        Self { what, against, goal, contender, baseline, rounds, repetitions, nanoseconds }
    }

    fn parse(case: &Case, goal: f64) -> Self {
        let (parse, checksum) = match case.checksum {
            Some(parse) => (parse, " with checksum"),
            None => (case.parse, ""),
        };
        let contender = Contender::reading(parse, &case.good);
        let what = format!("parse {}{checksum}", case.name);
        Self::new(what, "raw cast", goal, contender, Contender::reading(case.raw, &case.good))
    }

    fn reject(case: &Case, what: &str, bad: &[u8]) -> Self {
        let contender = Contender::reading(case.parse, bad);
        let what = format!("reject {} {what}", case.name);
        Self::new(what, "accept", 1.0, contender, Contender::reading(case.parse, &case.good))
    }

    fn build() -> Self {
        let frame: [u8; 124] = samples::lacp_frame().try_into().expect("a LACP frame has 124 octets");
        let state = LacpState::of_the_sample();
        let contender = Contender::new(Box::new(move |calls| {
            let mut out = [0; 1514];
            for _ in 0..calls {
                black_box(build_lacp_frame(black_box(&state), black_box(&mut out)));
            }
        }));
        let baseline = Contender::new(Box::new(move |calls| {
            let mut out = [0; 1514];
            for _ in 0..calls {
                black_box(raw::copy(black_box(&frame), black_box(&mut out)));
            }
        }));
        Self::new("build lacp-frame".into(), "memcpy", 2.0, contender, baseline)
    }

    fn round(&mut self, baseline_first: bool) {
        let (contender, baseline) = if baseline_first {
            let baseline = self.baseline.time();
            (self.contender.time(), baseline)
        } else {
            (self.contender.time(), self.baseline.time())
        };
        self.rounds.push(contender / baseline);
        self.nanoseconds.push(contender);
    }

    /// Prints the row; true if the goal is reached or the miss is not more than the noise.
    fn judge(&mut self) -> bool {
        let measured = median(&mut self.repetitions);
        // Sorted by the median.
        let noise = self.repetitions[REPETITIONS - 1] - self.repetitions[0];
        let miss = measured - self.goal;
        let verdict = match miss {
            _ if miss <= 0.0 => "reached",
            _ if miss <= noise => "within noise",
            _ => "MISSED",
        };
        println!(
            "{:<32} {:<9} {:>5.2} {:>9.2} {:>6.2} {:>7.1}  {verdict}",
            self.what,
            self.against,
            self.goal,
            measured,
            noise,
            median(&mut self.nanoseconds),
        );
        miss <= noise
    }
}

/// The middle one; sorts.
fn median(numbers: &mut [f64]) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}

fn rows() -> Vec<Row> {
    let mut rows = Vec::new();
    let (pdus, frames) = (cases::pdus(), cases::frames());
    let goals = [
        ("lacpdu", 1.6),
        ("vrrp3", 2.2),
        ("hsrp1", 1.2),
        ("hsrp2", 1.8),
        ("lacp-frame", 1.8),
        ("vrrp3-frame", 1.8),
        ("hsrp1-frame", 1.8),
        ("hsrp2-frame", 1.8),
    ];
    for (name, goal) in goals {
        let case = pdus.iter().chain(&frames).find(|case| case.name == name);
        rows.extend(case.map(|case| Row::parse(case, goal)));
    }
    for case in &pdus {
        rows.push(Row::reject(case, "truncated", &case.truncated));
        rows.push(Row::reject(case, "wrong", &case.wrong));
    }
    rows.push(Row::build());
    rows
}

fn main() -> ExitCode {
    let wanted = std::env::args().nth(1).unwrap_or_default();
    let mut rows: Vec<Row> = rows().into_iter().filter(|row| row.what.contains(&wanted)).collect();
    for _ in 0..REPETITIONS {
        for round in 0..ROUNDS {
            for row in &mut rows {
                row.round(round % 2 == 0);
            }
        }
        for row in &mut rows {
            row.repetitions.push(median(&mut row.rounds));
            row.rounds.clear();
        }
    }
    println!("{:<32} {:<9} {:>5} {:>9} {:>6} {:>7}", "what", "against", "goal", "measured", "noise", "ns");
    let missed = rows.iter_mut().map(Row::judge).filter(|reached| !reached).count();
    if missed == 0 {
        return ExitCode::SUCCESS;
    }
    println!("{missed} goals missed by more than the noise");
    ExitCode::FAILURE
}
