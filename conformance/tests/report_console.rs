//! What people see of a run.

use std::path::Path;

use indicatif::{InMemoryTerm, ProgressDrawTarget, TermLike};
use jiff::civil::date;
use pretty_assertions::assert_eq;
use redspec::report::console::{Console, RunHeader};
use redspec::spec::requirement;
use redspec::verdict::{Obligation, RunResult, TestResult, Verdict};
use redspec::waivers::{WaiverReport, Waivers};

mod results;
use results::{everything, late, never, passed, run, test};

fn header(run: &RunResult) -> RunHeader {
    RunHeader {
        device: run.device.clone(),
        edition: run.edition,
        seed: run.seed,
        tests: run.tests.len(),
        excluded: run.excluded.len(),
        arguments: ["--dut", "the lab's/acme.toml", "--jobs", "4"].map(str::to_owned).into(),
    }
}

fn show(mut console: Console<&mut Vec<u8>>, run: &RunResult, waivers: &WaiverReport) {
    console.begin(&header(run)).unwrap();
    for test in &run.tests {
        console.test(test).unwrap();
    }
    console.end(run).unwrap();
    console.waivers(waivers).unwrap();
}

/// As in a log.
fn plain(run: &RunResult, width: usize) -> String {
    let mut out = Vec::new();
    show(Console::new(&mut out, width, false), run, &WaiverReport::default());
    text(out)
}

/// As if this were the first version.
fn text(out: Vec<u8>) -> String {
    String::from_utf8(out).unwrap().replacen(env!("CARGO_PKG_VERSION"), "0.1.0", 1)
}

/// Without escapes, how wide the widest line is.
fn widest(text: &str) -> usize {
    text.lines().map(textwrap::core::display_width).max().unwrap_or_default()
}

#[test]
fn every_verdict_in_a_log() {
    let text = plain(&everything(), 80);
    assert_eq!(
        text,
        "\
redspec 0.1.0: acme 9000, 802.1ax-2014, seed 20931
9 tests, 2 excluded

✓ pass         lacp.bringup.active
✓ pass         lacp.info.port-numbers
✗ FAIL         lacp.periodic.fast-rate
    the reason of lacp.periodic.fast-rate
† CRASH        lacp.robust.short-frame
    the reason of lacp.robust.short-frame
? inconclusive lacp.rx.expired
    the host was 18 ms late while the window is 10 ms wide
! ERROR        lacp.tester.broken
    the reason of lacp.tester.broken
~ weak         lacp.tx.rate
    the reason of lacp.tx.rate
✗ FAIL         marker.responder.basic
    the reason of marker.responder.basic
- n/a          vrrp3.backup.takeover-time
    the device does not play VRRPv3

━━ ✗ FAIL lacp.periodic.fast-rate ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
 clause    802.1ax-2014 6.4.12, 802.1ax-2014 6.4.15
 level     MUST
 reason    the reason of lacp.periodic.fast-rate
 broken    lacp.periodic.made-up
 window    0.900 s to 1.100 s, held to 0.800 s to 1.500 s
 observed  an LACPDU every second; the third came after 2.450 s
 at        frame 17, 2.450 s, ± 0.002 s after the stimulus
 broken    lacp.periodic.made-up
 window    0.900 s to 1.100 s, held to 0.800 s to 1.500 s
 observed  an LACPDU every second; the third came after 2.450 s
 at        frame 19, 2.450 s, ± 0.002 s after the stimulus
 evidence  evidence/lacp.periodic.fast-rate.pcapng
 again     redspec run lacp.periodic.fast-rate --seed 20931 \\
           --dut 'the lab'\\''s/acme.toml' --jobs 4

━━ † CRASH lacp.robust.short-frame ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
 clause    802.1ax-2014 6.4.12, 802.1ax-2014 6.4.15
 level     MUST
 reason    the reason of lacp.robust.short-frame
 again     redspec run lacp.robust.short-frame --seed 20931 \\
           --dut 'the lab'\\''s/acme.toml' --jobs 4

━━ ! ERROR lacp.tester.broken ━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
 clause    802.1ax-2014 6.4.12, 802.1ax-2014 6.4.15
 level     MUST
 reason    the reason of lacp.tester.broken
 again     redspec run lacp.tester.broken --seed 20931 \\
           --dut 'the lab'\\''s/acme.toml' --jobs 4

w expected     fail marker.responder.basic: no Marker responder in this release

1 not applicable: the device does not play VRRPv3

2 excluded: lacp.slow, lacp.very-slow

                 MUST SHOULD    MAY   INFO    all
✓ pass              1      0      0      1      2
~ weak              0      1      0      0      1
✗ FAIL              1      0      0      0      1
? inconclusive      1      0      0      0      1
- n/a               1      0      0      0      1
! ERROR             1      0      0      0      1
† CRASH             1      0      0      0      1
w expected          1      0      0      0      1
9 tests, 841.500 s of the protocol's time in 0.011 s
"
    );
    assert_eq!(widest(&text), 80);
}

#[test]
fn nothing_ran() {
    assert_eq!(
        plain(&run(vec![]), 80),
        "\
redspec 0.1.0: acme 9000, 802.1ax-2014, seed 20931
0 tests

                 MUST SHOULD    MAY   INFO    all
0 tests, 0.000 s of the protocol's time in 0.000 s
"
    );
}

/// One failure with these obligations.
fn failure(obligations: Vec<Obligation>) -> RunResult {
    run(vec![TestResult { obligations, ..test("lacp.x.y", Verdict::Fail, "lacp.x.z") }])
}

#[test]
fn a_requirement_of_the_catalogue_is_quoted() {
    let requirement = requirement::all().next().unwrap();
    let run = failure(vec![Obligation { requirement: requirement.id, ..never() }]);
    let text = plain(&run, 400);
    let clause = format!("{} {}", requirement.level.name(), requirement.cite(run.edition));
    assert!(text.contains(&format!("\n broken    {}, {clause}\n", requirement.id)), "{text}");
    assert!(text.contains(&format!("\n expected  {}\n", requirement.text)), "{text}");
    assert!(
        text.contains("\n observed  a Marker Response PDU; none came\n at        it never came\n"),
        "{text}"
    );
}

#[test]
fn a_card_stays_short() {
    let text = plain(&failure(vec![late(); 7]), 80);
    assert_eq!(text.matches(" broken ").count(), 3);
    assert!(text.contains("\n           and 4 more\n"), "{text}");
    // The reason is not said twice.
    let mut run = failure(vec![late()]);
    run.tests[0].reason = Some(late().text);
    let text = plain(&run, 80);
    assert!(!text.contains(" reason "), "{text}");
}

#[test]
fn long_texts_are_wrapped() {
    let long = "words that say at length what is wrong with it, and then some more ".repeat(5);
    let mut run = everything();
    run.device = long.clone();
    run.excluded = vec!["lacp.a-rather-long-name-of-a-test".into(); 9];
    for test in &mut run.tests {
        test.reason = Some(long.clone());
        test.clauses = vec!["802.1ax-2014 6.4.12".into(); 12];
        test.waived = test.waived.take().map(|_| format!("{}{long}", "unbroken".repeat(20)));
        for obligation in &mut test.obligations {
            obligation.text.clone_from(&long);
        }
    }
    for width in [40, 64, 80, 132] {
        let text = plain(&run, width);
        assert!(text.lines().filter(|line| line.contains("words that say")).count() > 9);
        assert!(width < 64 || widest(&text) <= width, "{}", widest(&text));
        assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
    }
    // Too narrow to make sense.
    assert_eq!(plain(&run, 0), plain(&run, 40));
}

#[test]
fn paths_and_commands_stay_whole() {
    let mut run = everything();
    let path = format!("{}/evidence/lacp.periodic.fast-rate.pcapng", "a-very-long-directory".repeat(5));
    for test in &mut run.tests {
        test.evidence = test.evidence.take().map(|_| path.clone().into());
    }
    let text = plain(&run, 80);
    assert!(text.contains(&format!("\n evidence\n {path}\n again ")), "{text}");
    // As a shell would join the lines.
    let joined = text.replace(" \\\n          ", "");
    assert!(
        joined.contains(
            "\n again     redspec run lacp.tester.broken --seed 20931 \
             --dut 'the lab'\\''s/acme.toml' --jobs 4\n"
        ),
        "{joined}"
    );
}

#[test]
fn a_device_cannot_speak_to_the_terminal() {
    let nasty = "\u{1b}]0;title\u{7}\u{9b}31m red\r\nnext";
    let mut run = failure(vec![Obligation { text: nasty.into(), ..late() }]);
    run.device = nasty.into();
    run.tests.push(TestResult { reason: Some(nasty.into()), ..test("lacp.z.z", Verdict::NotApplicable, "") });
    for test in &mut run.tests {
        test.reason = Some(nasty.into());
        test.clauses = vec![nasty.into()];
        test.evidence = Some(nasty.into());
    }
    let text = plain(&run, 80);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert!(text.contains("\\u{1b}]0;title\\u{7}\\u{9b}31m red"), "{text}");
}

#[test]
fn colours_repeat_what_words_say() {
    let run = everything();
    let mut coloured = Vec::new();
    show(Console::new(&mut coloured, 80, false).coloured(true), &run, &WaiverReport::default());
    let coloured = text(coloured);
    assert!(coloured.contains("\u{1b}[32m✓ pass        \u{1b}[0m lacp.bringup.active\n"), "{coloured}");
    let escapes = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap();
    assert_eq!(escapes.replace_all(&coloured, ""), plain(&run, 80));
}

#[test]
fn no_colour_off_a_terminal() {
    assert!(!plain(&everything(), 80).contains('\u{1b}'));
}

/// Runs itself, as the environment cannot be changed from within.
#[test]
fn no_color_is_respected() {
    const ASKED: &str = "REDSPEC_TEST_CONSOLE";
    if std::env::var_os(ASKED).is_some() {
        let mut out = Vec::new();
        let console = Console::new(&mut out, 80, true).with_bar_on(ProgressDrawTarget::hidden());
        show(console, &everything(), &WaiverReport::default());
        println!("coloured: {}", out.contains(&0x1b));
        return;
    }
    let coloured = |variables: &[(&str, &str)]| {
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "no_color_is_respected", "--nocapture"])
            .env_remove("NO_COLOR")
            .env(ASKED, "1")
            .env("TERM", "xterm")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.matches("coloured: ").count(), 1, "{text}");
        text.contains("coloured: true")
    };
    assert!(coloured(&[]));
    assert!(!coloured(&[("NO_COLOR", "1")]));
    assert!(!coloured(&[("TERM", "dumb")]));
}

#[test]
fn a_bar_on_a_terminal() {
    let run = everything();
    let terminal = InMemoryTerm::new(24, 80);
    let mut out = Vec::new();
    let target = || ProgressDrawTarget::term_like_with_hz(Box::new(terminal.clone()), 255);
    let mut console = Console::new(&mut out, 80, true).coloured(false).with_bar_on(target());
    console.begin(&header(&run)).unwrap();
    assert!(terminal.contents().contains(" 0/9 "), "{}", terminal.contents());
    for test in &run.tests {
        console.test(test).unwrap();
        // It is drawn at most so many times a second.
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
    let bar = terminal.contents();
    assert!(bar.contains(" 9/9 ") && bar.contains(" left  ✓ 2  ~ 1  ? 1  ✗ 2  ! 1  † 1"), "{bar}");
    assert!(textwrap::core::display_width(&bar) <= usize::from(terminal.width()), "{bar}");
    console.end(&run).unwrap();
    assert_eq!(terminal.contents(), "", "the bar is gone");

    let text = text(out);
    let lines: Vec<_> = text.lines().take_while(|line| !line.starts_with('━')).collect();
    assert_eq!(
        lines,
        [
            "redspec 0.1.0: acme 9000, 802.1ax-2014, seed 20931",
            "9 tests, 2 excluded",
            "",
            "✗ FAIL         lacp.periodic.fast-rate",
            "    the reason of lacp.periodic.fast-rate",
            "† CRASH        lacp.robust.short-frame",
            "    the reason of lacp.robust.short-frame",
            "? inconclusive lacp.rx.expired",
            "    the host was 18 ms late while the window is 10 ms wide",
            "! ERROR        lacp.tester.broken",
            "    the reason of lacp.tester.broken",
            "~ weak         lacp.tx.rate",
            "    the reason of lacp.tx.rate",
            "✗ FAIL         marker.responder.basic",
            "    the reason of marker.responder.basic",
            "",
        ]
    );
    let rest = text.split_once('━').unwrap().1;
    assert_eq!(rest, plain(&run, 80).split_once('━').unwrap().1, "what comes then is the same");
}

#[test]
fn notes_on_waivers() {
    let waiver = |test: &str, until: &str| {
        format!("[[waiver]]\ntest = {test:?}\ncause = \"lacp.a.b\"\nreason = \"known\"\nuntil = {until}\n")
    };
    let text = [
        waiver("lacp.fails.too", "2030-01-01"),
        waiver("lacp.fails.known", "2030-01-01"),
        waiver("lacp.passes.now", "2030-01-01"),
        waiver("lacp.not.run", "2030-01-01"),
        waiver("lacp.long.ago", "2026-01-01"),
    ];
    let waivers = Waivers::parse(Path::new("waivers.toml"), &text.concat()).unwrap();
    let mut run = run(vec![
        test("lacp.fails.known", Verdict::Fail, "lacp.a.b"),
        test("lacp.fails.too", Verdict::Fail, "lacp.something.else-with-a-long-name"),
        passed("lacp.passes.now"),
    ]);
    let report = waivers.apply(&mut run, date(2026, 11, 23));
    let mut out = Vec::new();
    let mut console = Console::new(&mut out, 80, false);
    console.waivers(&report).unwrap();
    assert_eq!(
        String::from_utf8(out).unwrap(),
        "\
! waiver line 1, lacp.fails.too for lacp.a.b: the test broke
         lacp.something.else-with-a-long-name instead
! waiver line 11, lacp.passes.now for lacp.a.b: no longer needed: the test
         passed
! waiver line 21, lacp.long.ago for lacp.a.b: expired on 2026-01-01
waivers for tests that did not run: lacp.not.run
"
    );
}

#[test]
fn an_output_that_fails_is_heard() {
    let run = everything();
    let length = plain(&run, 80).len();
    for room in (0..length).step_by(7) {
        let mut short = vec![0; room];
        let mut console = Console::new(&mut short[..], 80, false);
        let steps = console.begin(&header(&run));
        let steps = steps.and_then(|()| run.tests.iter().try_for_each(|test| console.test(test)));
        let error = steps.and_then(|()| console.end(&run)).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::WriteZero, "{room}");
    }
}
