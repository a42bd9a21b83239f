//! Test sheets as text.

use pretty_assertions::assert_eq;
use redspec::report::sheet::{Reference, Sheet};
use redspec::spec::Level;

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

fn sheet() -> Sheet {
    Sheet {
        id: "lacp.rx.expired-after-short-timeout".into(),
        purpose:
            "A partner that falls silent is not believed for longer than Short_Timeout_Time: the port shows \
                  EXPIRED and stops distributing."
                .into(),
        references: vec![
            Reference {
                requirement: "lacp.rx.current-timeout".into(),
                clause: "802.1ax-2014 6.4.12".into(),
                level: Level::Must,
                text: "When current_while_timer runs out in CURRENT, the port enters EXPIRED.".into(),
            },
            Reference {
                requirement: "lacp.timer.short-timeout".into(),
                clause: "802.1ax-2014 6.4.4".into(),
                level: Level::Info,
                text: "Short_Timeout_Time is 3 s.".into(),
            },
        ],
        needs: strings(&["tx", "a port that can be aggregated"]),
        set_up: strings(&["Partner active, short timeout, on port P1.", "Wait until the port distributes."]),
        procedure: (1..=10)
            .map(|step| format!("Step {step}."))
            .chain(strings(&["Send no more LACPDUs, and listen for \
            three times Fast_Periodic_Time after Short_Timeout_Time has gone by."]))
            .collect(),
        observable: strings(&[
            "An LACPDU with EXPIRED, without Synchronization of the partner, 3.000 s to 3.100 s after the last one sent.",
        ]),
        problems: Vec::new(),
    }
}

#[test]
fn eighty_columns() {
    assert_eq!(
        sheet().render(80),
        "\
lacp.rx.expired-after-short-timeout
===================================

Purpose
    A partner that falls silent is not believed for longer than
    Short_Timeout_Time: the port shows EXPIRED and stops distributing.

References
    lacp.rx.current-timeout, MUST 802.1ax-2014 6.4.12:
        When current_while_timer runs out in CURRENT, the port enters EXPIRED.
    lacp.timer.short-timeout, INFO 802.1ax-2014 6.4.4:
        Short_Timeout_Time is 3 s.

Needs
  - tx
  - a port that can be aggregated

Set-up
  1. Partner active, short timeout, on port P1.
  2. Wait until the port distributes.

Procedure
  1. Step 1.
  2. Step 2.
  3. Step 3.
  4. Step 4.
  5. Step 5.
  6. Step 6.
  7. Step 7.
  8. Step 8.
  9. Step 9.
 10. Step 10.
 11. Send no more LACPDUs, and listen for three times Fast_Periodic_Time after
     Short_Timeout_Time has gone by.

Observable results
  - An LACPDU with EXPIRED, without Synchronization of the partner, 3.000 s to
    3.100 s after the last one sent.

Possible problems
    none
"
    );
}

#[test]
fn any_width() {
    for width in [0, 40, 50, 79, 80, 81, 200] {
        let text = sheet().render(width);
        let widest = text.lines().map(str::len).max().unwrap();
        assert!(widest <= width.max(40), "{width}: {widest}");
        assert!(text.lines().all(|line| line == line.trim_end()), "{text}");
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(words(&text), words(&sheet().render(80)), "{width}: no word is lost");
    }
}

#[test]
fn an_empty_sheet() {
    let empty = Sheet {
        id: "a.b".into(),
        purpose: String::new(),
        references: Vec::new(),
        needs: Vec::new(),
        set_up: Vec::new(),
        procedure: Vec::new(),
        observable: Vec::new(),
        problems: Vec::new(),
    };
    assert_eq!(empty.render(80).matches("\n    none\n").count(), 6);
    assert!(empty.render(80).starts_with("a.b\n===\n\nPurpose\n\n\nReferences\n    none\n"));
}

#[test]
fn no_control_characters() {
    let mut sheet = sheet();
    sheet.id = "lacp.\u{1b}[31m".into();
    sheet.problems = strings(&["\u{7}\nbell"]);
    let text = sheet.render(80);
    assert!(text.chars().all(|c| c == '\n' || !c.is_control()), "{text:?}");
    assert!(text.contains("  - \\u{7} bell\n"), "{text}");
}
