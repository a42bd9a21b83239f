use std::fmt::Display;
use std::process::ExitCode;

use redspec::verdict::{RunResult, Verdict};
use redspec::waivers::WaiverReport;

/// How a command ended. When several apply the one that stands first here wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Somebody pressed Ctrl-C; what had run is reported.
    Interrupted,
    /// Usage or configuration error, or a file that cannot be read.
    Usage,
    /// The tester itself failed.
    Tester,
    /// The device crashed or never became ready.
    Device,
    /// A failure that nobody expected.
    Fail,
    /// A waiver is expired, unneeded or for another cause.
    Waiver,
    /// No failure, but not everything could be told.
    Inconclusive,
    /// No test matched, or none was applicable.
    NothingRan,
    /// Nothing unexpected.
    Success,
    /// That of a command that was run for the user.
    Other(u8),
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Interrupted => 130,
            Exit::Success => 0,
            Exit::Fail => 1,
            Exit::Usage => 2,
            Exit::Tester => 3,
            Exit::Device => 4,
            Exit::Inconclusive => 5,
            Exit::NothingRan => 6,
            Exit::Waiver => 7,
            Exit::Other(code) => code,
        })
    }
}

impl Exit {
    /// How a run ended, once waivers were applied to it.
    pub fn of(run: &RunResult, waivers: &WaiverReport) -> Self {
        let idle = run.count(Verdict::NotApplicable) == run.tests.len();
        let of_run = if idle { Self::NothingRan } else { Self::Success };
        let of_waivers = if waivers.out_of_date() { Self::Waiver } else { Self::Success };
        let of_tests = run.tests.iter().filter(|test| test.waived.is_none()).map(|test| match test.verdict {
            Verdict::Error => Self::Tester,
            Verdict::Crash => Self::Device,
            Verdict::Fail => Self::Fail,
            Verdict::Inconclusive => Self::Inconclusive,
            Verdict::Pass | Verdict::Weak | Verdict::NotApplicable => Self::Success,
        });
        of_tests.chain([of_run, of_waivers]).min().unwrap_or(Self::Success)
    }
}

/// Why a command ended early.
#[derive(Debug)]
pub struct Failure {
    pub exit: Exit,
    pub text: String,
}

impl Failure {
    pub fn usage(text: impl Display) -> Self {
        Self { exit: Exit::Usage, text: text.to_string() }
    }

    pub fn tester(text: impl Display) -> Self {
        Self { exit: Exit::Tester, text: text.to_string() }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::time::Duration;

    use redspec::spec::{Edition, Level};
    use redspec::verdict::TestResult;
    use redspec::waivers::Waivers;

    use super::*;

    fn run(verdicts: &[Verdict]) -> RunResult {
        let tests = verdicts.iter().map(|&verdict| TestResult {
            id: verdict.name().to_owned(),
            verdict,
            cause: Some("cause".into()),
            reason: None,
            clauses: Vec::new(),
            level: Level::Must,
            device_time: Duration::ZERO,
            wall_time: Duration::ZERO,
            obligations: Vec::new(),
            evidence: None,
            waived: None,
            varies: false,
            attempts: Vec::new(),
        });
        RunResult {
            device: "device".into(),
            edition: Edition::Dot1Ax2008,
            seed: 0,
            excluded: Vec::new(),
            tests: tests.collect(),
            rows: Vec::new(),
        }
    }

    fn of(verdicts: &[Verdict]) -> Exit {
        Exit::of(&run(verdicts), &WaiverReport::default())
    }

    fn waivers(tests: &[&str]) -> Waivers {
        let text = tests.iter().map(|test| {
            format!(
                "[[waiver]]\ntest = {test:?}\ncause = \"cause\"\nreason = \"known\"\nuntil = 2027-03-01\n"
            )
        });
        Waivers::parse(Path::new("waivers.toml"), &text.collect::<String>()).unwrap()
    }

    #[test]
    fn each_verdict_has_its_code() {
        use Verdict::{Crash, Error, Fail, Inconclusive, NotApplicable, Pass, Weak};
        for (verdict, exit, code) in [
            (Pass, Exit::Success, 0),
            (Weak, Exit::Success, 0),
            (Fail, Exit::Fail, 1),
            (Error, Exit::Tester, 3),
            (Crash, Exit::Device, 4),
            (Inconclusive, Exit::Inconclusive, 5),
            (NotApplicable, Exit::NothingRan, 6),
        ] {
            assert_eq!(of(&[verdict]), exit);
            assert_eq!(ExitCode::from(exit), ExitCode::from(code));
        }
        assert_eq!(ExitCode::from(Exit::Usage), ExitCode::from(2));
        assert_eq!(ExitCode::from(Exit::Waiver), ExitCode::from(7));
        assert_eq!(of(&[]), Exit::NothingRan);
        assert_eq!(of(&[NotApplicable, NotApplicable]), Exit::NothingRan);
        assert_eq!(of(&[NotApplicable, Pass]), Exit::Success);
    }

    #[test]
    fn the_first_of_2_3_4_1_7_5_6_wins() {
        let order = [
            Exit::Usage,
            Exit::Tester,
            Exit::Device,
            Exit::Fail,
            Exit::Waiver,
            Exit::Inconclusive,
            Exit::NothingRan,
            Exit::Success,
        ];
        assert!(order.is_sorted());
        let mut verdicts = Verdict::ALL.to_vec();
        for expected in [Exit::Tester, Exit::Device, Exit::Fail, Exit::Inconclusive, Exit::Success] {
            let exit = of(&verdicts);
            assert_eq!(exit, expected, "{verdicts:?}");
            verdicts.retain(|verdict| of(&[*verdict]) != exit);
        }
    }

    #[test]
    fn what_is_waived_is_expected() {
        use Verdict::{Crash, Fail, Inconclusive, NotApplicable, Pass};
        let today = jiff::civil::date(2026, 11, 23);
        let late = jiff::civil::date(2027, 3, 2);
        let waived = |verdicts: &[Verdict], tests: &[&str], day| {
            let mut run = run(verdicts);
            let report = waivers(tests).apply(&mut run, day);
            Exit::of(&run, &report)
        };
        assert_eq!(waived(&[Fail, Pass], &["fail"], today), Exit::Success);
        assert_eq!(waived(&[Fail, Crash], &["crash"], today), Exit::Fail);
        assert_eq!(waived(&[Fail], &["fail"], today), Exit::Success, "it did run");
        assert_eq!(waived(&[Pass], &["pass"], today), Exit::Waiver);
        assert_eq!(waived(&[Pass, Inconclusive], &["pass"], today), Exit::Waiver);
        assert_eq!(waived(&[Fail, Pass], &["pass"], today), Exit::Fail);
        assert_eq!(waived(&[Fail], &["fail"], late), Exit::Fail);
        assert_eq!(waived(&[Pass], &["other"], late), Exit::Waiver);
        assert_eq!(waived(&[NotApplicable], &["other"], late), Exit::Waiver);
        assert_eq!(waived(&[Pass], &["other"], today), Exit::Success, "a filter left it out");
    }
}
