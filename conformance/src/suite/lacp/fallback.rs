//! Group O, first part: a device without a partner, as 802.1AX and as vendors have it.

use std::time::Duration;

use redspec_codec::slow::lacp::State;

use super::pattern::same;
use super::{ExactFrame, LacpTest, P1, P2, TRAFFIC, UP, lacpdu, test};
use crate::bed::Capability;
use crate::event::Port;
use crate::scenario::{Mark, Stop, Test};
use crate::spec::Edition;
use crate::spec::lacp::timers::SHORT_TIMEOUT_TIME;
use crate::spec::lacp::tolerances::{EXPIRED, R, SLOW, TO3, W2, fallback};

const TIMEOUT: Duration = Duration::from_secs(15);
/// A port that heard nobody since it came up is Defaulted by then.
const DEFAULTED: Duration = Duration::from_secs(10);
const MINUTE: Duration = Duration::from_secs(60);
/// Between two data frames into one port, where it matters when the first gets through.
const PACE: Duration = Duration::from_millis(250);

/// Its tests.
pub fn tests() -> Vec<Test> {
    let mut tests =
        vec![without_partner(), all_ports(), one_port(), suspended(), forced_up(), network_boot()];
    tests.extend(ENDS.map(ends));
    tests
}

/// A test of a device that is configured to fall back so, and to use no port without a partner before.
fn falls_back(
    id: impl Into<String>,
    row: &'static str,
    purpose: &str,
    kind: &str,
    timeout: Duration,
) -> Test {
    test(id, row, purpose)
        .needs(Capability::Data)
        .with("lacp.fallback", kind)
        .with("lacp.fallback_timeout", timeout.as_secs())
        .with("lacp.suspend_individual", "yes")
        .problems("Fallback is no matter of 802.1AX: what its vendor does otherwise is recorded.")
}

/// One data frame for each port, sent into it again and again: whoever forwards it shows where and since when.
struct Feed(Vec<(Port, Vec<u8>)>);

impl Feed {
    fn new(t: &mut LacpTest<'_>) -> Self {
        Self(t.ports().into_iter().map(|port| (port, t.data_frame())).collect())
    }

    fn run(&self, t: &mut LacpTest<'_>, duration: Duration) -> Result<(), Stop> {
        t.step(format!("send data into every port for {} s", duration.as_secs_f64()));
        let end = t.now() + duration;
        while t.now() < end {
            for (port, frame) in &self.0 {
                t.send_frame(*port, frame)?;
            }
            let next = (t.now() + PACE).min(end);
            t.wait_until(next)?;
        }
        Ok(())
    }

    /// The data of `from` on `to`.
    fn of(&self, from: Port, to: Port) -> ExactFrame {
        ExactFrame { port: to, octets: self.0[from.index()].1.clone() }
    }

    /// The ports whose data reached the client since `from`.
    fn forwarding(&self, t: &mut LacpTest<'_>, from: Mark) -> Result<Vec<Port>, Stop> {
        let (client, time) = (t.client(), t.now().since(from.at.time));
        let mut ports = Vec::new();
        for port in t.ports() {
            if !t.all(&self.of(port, client), from, time)?.is_empty() {
                ports.push(port);
            }
        }
        Ok(ports)
    }

    /// Data of one link never comes back on another.
    fn no_loop(&self, t: &mut LacpTest<'_>, from: Mark) -> Result<(), Stop> {
        let time = t.now().since(from.at.time);
        for (into, out) in [(P1, P2), (P2, P1)] {
            t.never(&self.of(into, out), from, time, "lacp.fallback.no-loop")?;
        }
        Ok(())
    }
}

/// O-01.
fn without_partner() -> Test {
    let in_sync = ["lacp.record.default-partner-in-sync", "lacp.record.default-partner-in-sync-2008"];
    test(
        "lacp.fallback.without-partner",
        "O-01",
        "What a port does that has no partner: forwards in sync, stays out of use, or forwards without claiming it.",
    )
    .judges(&["lacp.fallback.without-partner", in_sync[0], in_sync[1]])
    .needs(Capability::Data)
    .needs(Capability::Fresh).lacp(move |t| {
        t.fresh()?;
        t.listen()?;
        t.wait(DEFAULTED)?;
        let client = t.client();
        let (takes, gives) = (t.carries(P1, client)?, t.carries(client, P1)?);
        let mark = t.mark();
        let defaulted = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
        let shown = t.look(&defaulted, mark, SLOW.lenient.to)?;
        let class = match (shown.map(|shown| t.pdu_at(shown)).transpose()?, takes || gives) {
            (None, _) => "no LACPDU with Defaulted",
            (Some(pdu), true) if pdu.actor.state.has(State::SYNCHRONIZATION) => "Defaulted, in sync, forwards",
            (Some(_), true) => "Defaulted, not in sync, forwards",
            (Some(_), false) => "Defaulted, does not forward",
        };
        let number = shown.map(|shown| shown.number);
        let text = format!("{class} (takes data: {takes}, sends data: {gives})");
        t.note(text, number, "lacp.fallback.without-partner");
        if let Some(shown) = shown {
            let in_sync_shown = t.pdu_at(shown)?.partner.state.has(State::SYNCHRONIZATION);
            let text = format!("the default partner counts as in sync: {in_sync_shown}");
            t.note(text, number, in_sync[usize::from(t.edition() == Edition::Dot1Ax2008)]);
        }
        Ok(())
    })
}

/// All LACPDUs of a port without a partner show the same partner.
fn default_partner(t: &mut LacpTest<'_>, port: Port, from: Mark) -> Result<(), Stop> {
    let assumed = t.heard(port)?.partner;
    let time = t.now().since(from.at.time);
    let same = lacpdu(port).partner_is(assumed).actor_has(State::DEFAULTED);
    t.always(&same, from, time, 1, "lacp.record.default-partner-constant")
}

/// O-02.
fn all_ports() -> Test {
    falls_back(
        "lacp.fallback.static",
        "O-02",
        "Static fallback: without a partner, all ports forward after the fallback timeout.",
        "static",
        TIMEOUT,
    )
    .judges(&["lacp.fallback.static", "lacp.record.default-partner-constant"])
    .ports(2)
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let feed = Feed::new(t);
        feed.run(t, TIMEOUT * 2)?;
        for port in t.ports() {
            default_partner(t, port, start)?;
        }
        let client = t.client();
        for port in t.ports() {
            t.expect(&feed.of(port, client), start, fallback(TIMEOUT), "lacp.fallback.static")?;
        }
        Ok(())
    })
}

/// O-03.
fn one_port() -> Test {
    falls_back(
        "lacp.fallback.one-port",
        "O-03",
        "Individual fallback: without a partner, one port forwards after the fallback timeout.",
        "individual",
        TIMEOUT,
    )
    .judges(&[
        "lacp.fallback.one-port",
        "lacp.fallback.one-port-pdu",
        "lacp.fallback.no-loop",
        "lacp.record.default-partner-constant",
    ])
    .ports(2)
    .with("lacp.port_priority.p2", 100)
    .needs(Capability::Fresh)
    .lacp(|t| {
        let start = t.fresh()?;
        let feed = Feed::new(t);
        feed.run(t, TIMEOUT * 2)?;
        for port in t.ports() {
            default_partner(t, port, start)?;
        }
        let used = feed.forwarding(t, start)?;
        let seen: Vec<String> = used.iter().map(ToString::to_string).collect();
        t.judge(used.len() == 1, "one port forwards", &seen.join(", "), None, "lacp.fallback.one-port")?;
        feed.no_loop(t, start)?;
        let Some(&port) = used.first() else { return Ok(()) };
        let client = t.client();
        t.expect(&feed.of(port, client), start, fallback(TIMEOUT), "lacp.fallback.one-port")?;
        let assumed = t.heard(port)?.partner;
        let later = t.mark();
        let Some(next) = t.look(&lacpdu(port), later, SLOW.lenient.to)? else {
            t.note("no more LACPDUs", None, "lacp.fallback.one-port-pdu");
            return Ok(());
        };
        let pdu = t.pdu_at(next)?;
        let met = pdu.actor.state.has(State::DEFAULTED) && same(&pdu.partner, &assumed);
        let expected = "the port goes on sending, Defaulted, with the default partner";
        t.judge(met, expected, &pdu.to_string(), Some(next.number), "lacp.fallback.one-port-pdu")
    })
}

/// T speaks on a port without a partner: it negotiates.
fn negotiates(t: &mut LacpTest<'_>, port: Port) -> Result<Mark, Stop> {
    let spoken = t.introduce(port, true)?;
    let known = lacpdu(port).partner_is(t.tester(port));
    let detached = known.clone().actor_lacks(UP | State::DEFAULTED);
    t.expect(&detached, spoken, R, "lacp.rx.lacpdu-ends-defaulted")?;
    Ok(spoken)
}

/// How a device falls back, and where a partner speaks: on the port that has, or on the other one.
const ENDS: [(&str, &str, bool); 3] = [
    ("partner-on-other-port", "individual", false),
    ("partner-on-its-port", "individual", true),
    ("static", "static", true),
];

/// O-04.
fn ends((name, kind, its_own): (&'static str, &str, bool)) -> Test {
    falls_back(
        format!("lacp.fallback.ends.{name}"),
        "O-04",
        "Fallback is under way, and a partner speaks: its port negotiates, and fallback ends.",
        kind,
        TIMEOUT,
    )
    .judges(&[
        "lacp.fallback.ends",
        "lacp.rx.lacpdu-ends-defaulted",
        "lacp.mux.wait-while",
        "lacp.mux.up-passes-data",
    ])
    .ports(2)
    .needs(Capability::Fresh)
    .lacp(move |t| {
        t.fresh()?;
        t.listen()?;
        t.wait(TIMEOUT * 2)?;
        let client = t.client();
        let mut used = Vec::new();
        for port in t.ports() {
            if t.carries(port, client)? {
                used.push(port);
            }
        }
        let Some(&fallen_back) = used.first() else {
            return Err(Stop::NotApplicable("no port forwards after the fallback timeout".to_owned()));
        };
        let other = if fallen_back == P1 { P2 } else { P1 };
        let port = if its_own { fallen_back } else { other };
        let spoken = negotiates(t, port)?;
        let still = t.carries(fallen_back, client)?;
        if still && its_own {
            // A device without wait_while may be in use by then, with its partner: that is no fallback.
            let up = lacpdu(port).actor_has(UP).partner_is(t.tester(port));
            let limit = t.now() - spoken.at.time + R.lenient.to;
            if t.look(&up, spoken, limit)?.is_some() {
                let reason =
                    format!("{port} was in use with its partner before data could tell that fallback ended");
                return Err(Stop::Inconclusive(reason));
            }
        }
        let in_sync = lacpdu(port).actor_has(State::SYNCHRONIZATION).partner_is(t.tester(port));
        t.expect(&in_sync, spoken, W2, "lacp.mux.wait-while")?;
        t.quiet()?;
        let carries = t.carries(port, client)?;
        t.judge(carries, "data passes on the port that has a partner", "", None, "lacp.mux.up-passes-data")?;
        let expected = format!("no data on {fallen_back} as soon as a partner speaks on {port}");
        t.judge(!still, &expected, "", None, "lacp.fallback.ends")?;
        if !its_own {
            let still = t.carries(fallen_back, client)?;
            t.judge(!still, &expected, "", None, "lacp.fallback.ends")?;
        }
        Ok(())
    })
}

/// O-05.
fn suspended() -> Test {
    test(
        "lacp.fallback.suspended",
        "O-05",
        "Configured to suspend ports without a partner: no data passes, and LACPDUs show Defaulted out of sync.",
    )
    .judges(&[
        "lacp.fallback.suspended",
        "lacp.mux.attached-receives-no-data",
        "lacp.mux.attached-sends-no-data",
    ])
    .needs(Capability::Data)
    .with("lacp.fallback", "none")
    .with("lacp.suspend_individual", "yes")
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        let feed = Feed::new(t);
        let client = t.client();
        let back = t.data_frame();
        for _ in 0..12 {
            t.send_frame(client, &back)?;
            feed.run(t, MINUTE / 12)?;
        }
        let claims = lacpdu(P1).that("Collecting or Distributing", |pdu| pdu.actor.state.0 & TRAFFIC.0 != 0);
        let claims = t.all(&claims, start, MINUTE)?.first().map(|sighting| sighting.number);
        let takes = !t.all(&feed.of(P1, client), start, MINUTE)?.is_empty();
        let gives = !t.all(&ExactFrame { port: P1, octets: back }, start, MINUTE)?.is_empty();
        if claims.is_none() {
            let requirements = ["lacp.mux.attached-receives-no-data", "lacp.mux.attached-sends-no-data"];
            for (passes, requirement) in [takes, gives].into_iter().zip(requirements) {
                t.judge(!passes, "no data on a port that shows no Collecting", "", None, requirement)?;
            }
        }
        t.judge(!takes && !gives, "no data in a minute", "", None, "lacp.fallback.suspended")?;
        let suspended = lacpdu(P1).actor_has(State::DEFAULTED).actor_lacks(UP);
        t.always(&suspended, start, MINUTE, 1, "lacp.fallback.suspended")
    })
}

/// O-06.
fn forced_up() -> Test {
    falls_back(
        "lacp.fallback.forced-up",
        "O-06",
        "Configured to be forced up, which is static fallback without delay: data passes without a partner.",
        "static",
        Duration::ZERO,
    )
    .judges(&["lacp.fallback.forced-up"])
    .needs(Capability::Fresh)
    .lacp(|t| {
        t.fresh()?;
        t.wait(DEFAULTED)?;
        let carries = t.carries(P1, t.client())?;
        t.judge(carries, "data passes without a partner", "", None, "lacp.fallback.forced-up")
    })
}

/// O-07.
fn network_boot() -> Test {
    falls_back(
        "lacp.fallback.network-boot",
        "O-07",
        "A host that boots from the network: silent, then with LACP, then silent again; data passes, and never in a loop.",
        "individual",
        Duration::ZERO,
    )
    .judges(&[
        "lacp.fallback.one-port",
        "lacp.fallback.no-loop",
        "lacp.selection.same-lag",
        "lacp.mux.up-passes-data",
        "lacp.fallback.reentered",
        "lacp.rx.defaulted-after-expired",
    ])
    .ports(2)
    .with("lacp.timeout", "short")
    .needs(Capability::Fresh).lacp(|t| {
        let start = t.fresh()?;
        let feed = Feed::new(t);
        feed.run(t, MINUTE)?;
        let used = feed.forwarding(t, start)?;

        let spoken = t.mark();
        for port in t.ports() {
            t.introduce(port, true)?;
        }
        feed.run(t, MINUTE)?;
        for port in t.ports() {
            let together = lacpdu(port).partner_is(t.tester(port)).actor_has(UP);
            let times = t.all(&together, spoken, MINUTE)?.len();
            t.judge(times > 0, &format!("{port} in use"), "", None, "lacp.selection.same-lag")?;
        }
        let rest = t.mark();
        feed.run(t, SHORT_TIMEOUT_TIME)?;
        let both = feed.forwarding(t, rest)?.len() == 2;
        t.judge(both, "data passes on both links", "", None, "lacp.mux.up-passes-data")?;

        let mut silence = rest;
        for port in t.ports() {
            silence = t.silence(port);
        }
        feed.run(t, TO3.lenient.to + EXPIRED.lenient.to)?;
        for port in t.ports() {
            let defaulted = lacpdu(port).actor_has(State::DEFAULTED).actor_lacks(State::EXPIRED);
            let found = t.look(&defaulted, silence, SLOW.lenient.to)?;
            t.judge(found.is_some(), "Defaulted again", "", None, "lacp.rx.defaulted-after-expired")?;
        }
        let again = t.mark();
        feed.run(t, SHORT_TIMEOUT_TIME)?;
        let back = feed.forwarding(t, again)?;

        for ports in [&used, &back] {
            let expected = "one port forwards without a partner";
            t.judge(ports.len() == 1, expected, "", None, "lacp.fallback.one-port")?;
        }
        t.judge(back.len() == 1, "fallback begins again", "", None, "lacp.fallback.reentered")?;
        feed.no_loop(t, start)
    })
}
