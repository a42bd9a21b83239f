//! What only documents tell, or nobody, fails no router; what it does is told all the same.

use crate::bed::Lab;
use crate::reference::{lab, mutant};
use crate::scenario::Test;
use crate::scenario::runner::run_test;
use crate::settings::Settings;
use crate::spec::Edition;
use crate::verdict::Verdict;

fn tests() -> Vec<Test> {
    [super::addresses::tests(), super::neighbors::tests(), super::forwarding::tests()]
        .into_iter()
        .flatten()
        .collect()
}

#[test]
fn what_is_not_judged_is_told() {
    let edition = Edition::CiscoHsrp2;
    let told = |lab: &dyn Lab, only: &str| -> Vec<String> {
        let tests = tests();
        let test = tests.iter().find(|test| test.id == only).expect("a test");
        let result = run_test(test, lab, 1).result;
        assert_eq!(result.verdict, Verdict::Pass, "{only}");
        result.obligations.into_iter().map(|obligation| obligation.text).collect()
    };
    for (id, test) in [
        ("hsrp2.announce.no-router-flag", "hsrp2.neighbors.unsolicited.takeover.ipv6"),
        ("hsrp2.announce.no-override-flag", "hsrp2.neighbors.unsolicited.startup.ipv6"),
        ("hsrp2.announce.late", "hsrp2.neighbors.unsolicited.takeover.ipv6"),
        ("hsrp2.announce.physical", "hsrp2.neighbors.unsolicited.takeover.ipv6"),
        ("hsrp2.address.no-router-flag", "hsrp2.neighbors.answer.ipv6"),
        ("hsrp2.address.active-silent", "hsrp2.neighbors.answer.ipv6"),
        ("hsrp2.address.physical", "hsrp2.neighbors.answer.ipv6"),
        ("hsrp2.address.others-answer", "hsrp2.neighbors.others.ipv6"),
        ("hsrp2.address.proxy-by-state", "hsrp2.addresses.proxy.listen"),
        ("hsrp2.forwarding.redirects", "hsrp2.forwarding.redirect.active"),
        ("hsrp2.forwarding.redirects", "hsrp2.forwarding.redirect.active.ipv6"),
        ("hsrp2.forwarding.others-redirect", "hsrp2.forwarding.redirect.standby"),
        ("hsrp2.forwarding.no-farewell", "hsrp2.neighbors.farewell.ipv6"),
    ] {
        let mutants = mutant::all();
        let mutant = mutants.iter().find(|mutant| mutant.id == id).expect("a mutant");
        let other = mutant.lab(edition, mutant.settings.iter().copied().collect());
        let reference = lab::reference(edition, Settings::new());
        assert_ne!(told(&other, test), told(&reference, test), "{id}");
    }
}
