//! What several routers of a virtual router do together; only a capture shows it.

use std::time::Duration;

use super::advert::Advert;
use super::questions::{self as q, Topic};
use super::{Vrrp, at_least, at_most};
use crate::monitor::seconds;
use crate::spec::vrrp::Version;
use crate::spec::vrrp::timers::OWNER_PRIORITY;

/// Two routers that advertise at the same time for so many intervals: what tells one to stop has come as often.
const OVERLAP: u32 = 3;

/// Both have an address in common. Routers with the same VRID that have none may be on two links which a capture shows as
/// one.
fn share(one: &Advert, other: &Advert) -> bool {
    one.addresses.iter().any(|address| other.addresses.contains(address))
}

fn same_set(one: &Advert, other: &Advert) -> bool {
    let all = |a: &Advert, b: &Advert| a.addresses.iter().all(|address| b.addresses.contains(address));
    all(one, other) && all(other, one)
}

fn list(advert: &Advert) -> String {
    advert.addresses.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

impl Vrrp {
    /// Compares this advertisement with those of the other routers.
    pub(super) fn together(&mut self, router: usize, advert: &Advert) {
        if advert.priority == 0 || !advert.to_all {
            return;
        }
        let group = &self.groups[self.routers[router].group];
        let others: Vec<usize> = group.routers.iter().copied().filter(|other| *other != router).collect();
        for other in others {
            self.differ(router, advert, other);
            self.both_active(router, advert, other);
        }
    }

    /// The router says the same as before, and between both times another has said something else: whoever was configured
    /// anew in between, they differed then.
    fn differ(&mut self, router: usize, advert: &Advert, other: usize) {
        let Some(last) = self.routers[router].last.clone().filter(|last| last.priority > 0) else { return };
        let group = &self.groups[self.routers[router].group];
        let between = group.recent.iter().rev().take_while(|entry| entry.number() > last.number);
        let theirs = between
            .filter(|entry| entry.router == other)
            .find_map(|entry| entry.advert.clone().filter(|theirs| theirs.priority > 0 && theirs.to_all));
        let Some(theirs) = theirs else { return };
        if !share(advert, &theirs) {
            return;
        }
        let version = group.key.version;
        let frame = advert.number;
        if last.addresses == advert.addresses {
            let same = same_set(advert, &theirs);
            self.same(router, other, q::SAME_ADDRESSES, same, frame, advert, || {
                format!(
                    "it advertises {}, and in frame {} another {}",
                    list(advert),
                    theirs.number,
                    list(&theirs)
                )
            });
            if same && version == Version::V3 {
                let order = advert.addresses == theirs.addresses;
                self.same(router, other, q::SAME_ORDER, order, frame, advert, || {
                    format!(
                        "it advertises {}, and in frame {} another {}",
                        list(advert),
                        theirs.number,
                        list(&theirs)
                    )
                });
            }
        }
        if last.interval == advert.interval {
            self.same(
                router,
                other,
                q::SAME_INTERVAL,
                advert.interval == theirs.interval,
                frame,
                advert,
                || {
                    format!(
                        "it advertises every {}, and in frame {} another every {}",
                        seconds(advert.interval),
                        theirs.number,
                        seconds(theirs.interval)
                    )
                },
            );
        }
        let owners = (last.priority, advert.priority, theirs.priority)
            == (OWNER_PRIORITY, OWNER_PRIORITY, OWNER_PRIORITY);
        self.same(router, other, q::ONE_OWNER, !owners, frame, advert, || {
            format!("it has priority 255, and in frame {} another", theirs.number)
        });
    }

    /// What is once found of two routers is not said again.
    #[allow(clippy::too_many_arguments)]
    fn same(
        &mut self,
        router: usize,
        other: usize,
        topic: Topic,
        same: bool,
        frame: u64,
        advert: &Advert,
        text: impl FnOnce() -> String,
    ) {
        if same {
            return self.pass(router, topic);
        }
        let group = self.routers[router].group;
        let pair = (router.min(other), router.max(other), topic.of(Version::V2).0);
        if self.groups[group].reported.insert(pair) {
            self.violated(router, topic, frame, advert.at, text);
        }
    }

    /// Both have advertised for several intervals, and each has had the other's advertisements all that time.
    fn both_active(&mut self, router: usize, advert: &Advert, other: usize) {
        let Some(mine) = self.run(router, Some(advert), advert) else { return };
        let Some(theirs) = self.run(other, None, advert) else { return };
        let Some(last) = theirs.last().cloned() else { return };
        if !share(advert, &last) || (advert.priority, last.priority) == (OWNER_PRIORITY, OWNER_PRIORITY) {
            return;
        }
        let slower = advert.interval.max(last.interval);
        let (Some(first), Some(began)) = (mine.first(), theirs.first()) else { return };
        let start = if first.at.time > began.at.time { first.at } else { began.at };
        let counted = |run: &[Advert]| run.iter().filter(|one| one.at.time >= start.time).count();
        let enough = counted(&mine) >= OVERLAP as usize && counted(&theirs) >= OVERLAP as usize;
        if !enough || at_least(start, last.at.min_by_time(advert.at)) < slower * OVERLAP {
            return;
        }
        let better = (last.priority, last.source) > (advert.priority, advert.source);
        let (worse, the_better, of_worse) = if better {
            (router, last.clone(), advert.clone())
        } else {
            (other, advert.clone(), last.clone())
        };
        // It may have been right to discard them.
        if !the_better.valid {
            return self.unknown(worse, q::ONE_ACTIVE);
        }
        let (frame, lasts) = (advert.number, at_least(start, advert.at));
        let why = reason(&of_worse, &the_better);
        self.same(
            worse,
            if worse == router { other } else { router },
            q::ONE_ACTIVE,
            false,
            frame,
            advert,
            || {
                format!(
                    "for {} it advertises priority {} although {} advertises {}{why}",
                    seconds(lasts),
                    of_worse.priority,
                    the_better.source,
                    the_better.priority
                )
            },
        );
    }

    /// The advertisements of a router up to now, without a gap in which it may have been silent, the oldest first.
    fn run(&self, router: usize, newest: Option<&Advert>, now: &Advert) -> Option<Vec<Advert>> {
        let group = &self.groups[self.routers[router].group];
        let known = group.recent.iter().rev().filter(|entry| entry.router == router);
        let adverts = known.filter_map(|entry| entry.advert.as_ref());
        let mut run: Vec<Advert> = Vec::new();
        let mut next = now.at;
        for advert in newest.into_iter().chain(adverts) {
            if advert.priority == 0 || !advert.to_all || at_most(advert.at, next) > gap(advert.interval) {
                break;
            }
            next = advert.at;
            run.push(advert.clone());
        }
        run.reverse();
        (!run.is_empty()).then_some(run)
    }
}

/// One that advertises all the time may be silent for so long, as far as a capture shows: one frame may be lost.
fn gap(interval: Duration) -> Duration {
    interval * 22 / 10 + Duration::from_millis(100)
}

/// Why the worse one may take no notice of the better.
fn reason(worse: &Advert, better: &Advert) -> String {
    let mut reasons = Vec::new();
    if worse.interval != better.interval {
        reasons.push(format!("intervals {} and {}", seconds(worse.interval), seconds(better.interval)));
    }
    if worse.auth_type != better.auth_type {
        reasons.push(format!("authentication types {} and {}", worse.auth_type, better.auth_type));
    }
    if !same_set(worse, better) {
        reasons.push("different addresses".to_owned());
    }
    if worse.checksum != better.checksum {
        reasons.push("different forms of the checksum".to_owned());
    }
    if reasons.is_empty() { String::new() } else { format!(" ({})", reasons.join(", ")) }
}

impl super::Entry {
    fn number(&self) -> u64 {
        self.advert.as_ref().map_or(u64::MAX, |advert| advert.number)
    }
}

/// The earlier of two.
trait Earlier {
    fn min_by_time(self, other: Self) -> Self;
}

impl Earlier for crate::event::Stamp {
    fn min_by_time(self, other: Self) -> Self {
        if self.time <= other.time { self } else { other }
    }
}
