//! How often a router advertises, and that it is silent when it has said that it stops.

use std::time::Duration;

use super::advert::Advert;
use super::questions as q;
use super::{GroupKey, IN_A_ROW, Vrrp, Who, apart, at_least, at_most};
use crate::event::Stamp;
use crate::monitor::seconds;
use crate::spec::vrrp::Version;
use crate::spec::vrrp::timers::OWNER_PRIORITY;
use crate::spec::vrrp::tolerances::{UNDER_WAY, period, tolerance};

impl Vrrp {
    /// After priority 0 a router has stopped; one that starts anew waits, unless it is the owner.
    pub(super) fn released(&mut self, router: usize, last: &Advert, advert: &Advert) {
        if last.priority != 0 || matches!(advert.priority, 0 | OWNER_PRIORITY) {
            return;
        }
        let waited = (advert.interval * 3).saturating_sub(tolerance(advert.interval));
        // It may have been on its way, or have been captured in the wrong order.
        if at_least(last.at, advert.at) <= UNDER_WAY {
            self.unknown(router, q::SILENT);
        } else if at_most(last.at, advert.at) < waited {
            self.violated(router, q::SILENT, advert.number, advert.at, || {
                format!(
                    "sent {} after priority 0 in frame {}, with priority {}; a router that starts anew waits {}",
                    seconds(apart(last.at, advert.at)),
                    last.number,
                    advert.priority,
                    seconds(advert.interval * 3)
                )
            });
        } else {
            self.pass(router, q::SILENT);
        }
    }

    /// The time between two advertisements. Lost frames make it longer, by whole intervals; what others send may make it
    /// shorter.
    pub(super) fn pace(&mut self, router: usize, last: &Advert, advert: &Advert) {
        let interval = advert.interval;
        let same = last.priority > 0
            && (last.priority, last.interval, &last.addresses, last.source)
                == (advert.priority, interval, &advert.addresses, advert.source);
        // What was heard before the first of them may be answered only now.
        let lead = if self.options.exact { Duration::ZERO } else { UNDER_WAY };
        let since = Stamp { time: last.at.time.before(lead), ..last.at };
        if !same || interval.is_zero() || self.disturbed(router, since, advert.at) {
            let judged = &mut self.routers[router];
            (judged.fast, judged.slow) = (0, 0);
            return;
        }
        let span = period(interval).held_to(self.options.exact);
        if at_most(last.at, advert.at) < span.from {
            self.routers[router].slow = 0;
            if !self.others_are_seen(router) {
                return self.unknown(router, q::INTERVAL);
            }
            self.routers[router].fast += 1;
            if self.routers[router].fast >= IN_A_ROW {
                self.violated(router, q::INTERVAL, advert.number, advert.at, || {
                    format!(
                        "sent {} after frame {}, not the first time in a row, expected {}, at least {}",
                        seconds(apart(last.at, advert.at)),
                        last.number,
                        seconds(interval),
                        seconds(span.from)
                    )
                });
            } else {
                self.unknown(router, q::INTERVAL);
            }
        } else if at_least(last.at, advert.at) > span.to {
            self.routers[router].fast = 0;
            // Two intervals are at least so long.
            if at_most(last.at, advert.at) >= interval * 3 / 2 {
                self.routers[router].slow = 0;
                return self.unknown(router, q::INTERVAL);
            }
            self.routers[router].slow += 1;
            if self.routers[router].slow >= IN_A_ROW {
                self.violated(router, q::INTERVAL, advert.number, advert.at, || {
                    format!(
                        "sent {} after frame {}, not the first time in a row, expected {}, at most {}",
                        seconds(apart(last.at, advert.at)),
                        last.number,
                        seconds(interval),
                        seconds(span.to)
                    )
                });
            } else {
                self.unknown(router, q::INTERVAL);
            }
        } else {
            let judged = &mut self.routers[router];
            (judged.fast, judged.slow) = (0, 0);
            self.pass(router, q::INTERVAL);
        }
    }

    /// Nothing that is not seen makes the router send more. A router of version 3 answers who is not better; that one is
    /// seen only where the capture has the other direction. One that speaks both versions sends version 2 as often as
    /// version 3, whatever it tells in it.
    fn others_are_seen(&self, router: usize) -> bool {
        let judged = &self.routers[router];
        let (group, key) = (&self.groups[judged.group], &self.groups[judged.group].key);
        let other = match key.version {
            Version::V2 => Version::V3,
            Version::V3 => Version::V2,
        };
        let other = GroupKey { version: other, ..key.clone() };
        if self.index.contains_key(&(other, judged.who)) {
            return false;
        }
        key.version == Version::V2 || judged.who == Who::Device || group.routers.len() > 1
    }
}
