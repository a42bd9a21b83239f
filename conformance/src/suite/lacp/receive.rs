//! Group C: the Receive machine and its timeouts.

use redspec_codec::slow::lacp::State;

use super::{P1, TRAFFIC, lacpdu, test};
use crate::scenario::Test;
use crate::spec::lacp::timers::FAST_PERIODIC_TIME;
use crate::spec::lacp::tolerances::TO3;

/// Its tests.
pub fn tests() -> Vec<Test> {
    vec![expired_after_short_timeout()]
}

/// C-04.
fn expired_after_short_timeout() -> Test {
    test(
        "lacp.rx.expired-after-short-timeout",
        "C-04",
        "A silent partner: after Short_Timeout_Time the port shows EXPIRED and stops distributing.",
    )
    .judges(&[
        "lacp.rx.expired-after-short-timeout",
        "lacp.rx.expired-keeps-partner",
        "lacp.mux.expired-stops-traffic",
    ])
    .with("lacp.timeout", "short")
    .lacp(|t| {
        t.up()?;
        let partner = t.tester(P1);
        let silence = t.silence(P1);
        let expired = lacpdu(P1).actor_has(State::EXPIRED);
        let expired = t.expect(&expired, silence, TO3, "lacp.rx.expired-after-short-timeout")?;
        let kept =
            lacpdu(P1).partner_is(partner).partner_has(State::TIMEOUT).partner_lacks(State::SYNCHRONIZATION);
        t.always(&kept, expired.mark(), FAST_PERIODIC_TIME * 2, 1, "lacp.rx.expired-keeps-partner")?;
        t.never(
            &lacpdu(P1).actor_has(TRAFFIC),
            expired.mark(),
            FAST_PERIODIC_TIME * 2,
            "lacp.mux.expired-stops-traffic",
        )
    })
}
