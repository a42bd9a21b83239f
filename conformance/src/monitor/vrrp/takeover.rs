//! When a router takes over, and that it tells where the addresses are.

use std::net::IpAddr;
use std::time::Duration;

use redspec_codec::Family;
use redspec_codec::vrrp::ChecksumStatus;

use super::advert::Advert;
use super::questions as q;
use super::{Entry, IN_A_ROW, Vrrp, Who, apart, at_least, at_most};
use crate::event::Stamp;
use crate::monitor::seconds;
use crate::spec::vrrp::Version;
use crate::spec::vrrp::timers::formulas;
use crate::spec::vrrp::tolerances::{AT_ONCE, lead, takeover};

/// What a device sends so soon after an advertisement it may have sent without having seen that.
const UNDER_WAY: Duration = Duration::from_millis(120);

/// So many advertisements of the other in more than two intervals, and none of its own, show that a router is not Active.
const SILENT_FOR: usize = 3;

/// A router advertises, and the last one before was another.
pub(super) struct Takeover {
    router: usize,
    at: Stamp,
    number: u64,
    priority: u8,
    interval: Duration,
    addresses: Vec<IpAddr>,
    /// The last advertisement of the other.
    last: Advert,
    /// The last with a priority, if that one had none.
    before: Option<Advert>,
    from: usize,
}

/// A router that has taken over.
pub(super) struct Announcing {
    router: usize,
    at: Stamp,
    number: u64,
    addresses: Vec<IpAddr>,
}

impl Vrrp {
    /// A router advertises.
    pub(super) fn takeovers(&mut self, router: usize, advert: &Advert) {
        match self.routers[router].who {
            Who::Tester => {}
            Who::Device => self.taken_over_in_bed(router, advert),
            Who::Captured(_) => self.taken_over(router, advert),
        }
    }

    /// In a bed it is certain what the device has heard: it waits for as long as that says, whatever it was before.
    fn taken_over_in_bed(&mut self, router: usize, advert: &Advert) {
        let group = &self.groups[self.routers[router].group];
        let Some(entry) = group.recent.back() else { return };
        let place = self.places.get(&group.key.port);
        let last_said = place.and_then(|place| place.tester);
        let Entry { advert: Some(heard), router: from, at } = entry else { return };
        let known = self.routers[*from].who == Who::Tester
            && last_said == Some(*at)
            && group.key.vlans.is_empty()
            && understands(group.key.version, advert, heard);
        if !known || at_least(heard.at, advert.at) <= UNDER_WAY {
            return;
        }
        let version = group.key.version;
        let (heard_at, frame, their_interval) = (heard.at, heard.number, heard.interval);
        // One that took no notice of it would have advertised before.
        if at_least(heard_at, advert.at) > advert.interval * 2 {
            let group = self.routers[router].group;
            self.groups[group].announcing.push(Announcing {
                router,
                at: advert.at,
                number: advert.number,
                addresses: advert.addresses.clone(),
            });
        }
        // One that was not there yet has not heard it.
        if !self.routers[router].last.as_ref().is_some_and(|last| same_configuration(last, advert)) {
            return;
        }
        let basis = if version == Version::V2 { advert.interval } else { their_interval };
        let window = takeover(formulas(version).down_interval(advert.priority, basis), basis);
        let span = window.held_to(self.options.exact);
        let text = move |advert: &Advert| {
            format!(
                "sent {} after the better advertisement in frame {frame}, expected {} to {}",
                seconds(apart(heard_at, advert.at)),
                seconds(span.from),
                seconds(span.to)
            )
        };
        if at_most(heard_at, advert.at) < span.from {
            self.violated(router, q::NOT_EARLY, advert.number, advert.at, || text(advert));
            return;
        }
        self.pass(router, q::NOT_EARLY);
        if at_least(heard_at, advert.at) > span.to {
            self.violated(router, q::TAKEOVER_TIME, advert.number, advert.at, || text(advert));
        } else {
            self.pass(router, q::TAKEOVER_TIME);
        }
    }

    /// In a capture, a router has taken over if the one before says nothing more.
    fn taken_over(&mut self, router: usize, advert: &Advert) {
        let index = self.routers[router].group;
        if let Some(open) = self.groups[index].takeover.take_if(|open| open.router == router) {
            // Its second advertisement, and the other has not come back.
            if advert.priority > 0 && at_least(open.at, advert.at) > open.last.interval * 3 / 2 {
                self.confirmed(&open);
            } else if advert.priority > 0 {
                self.groups[index].takeover = Some(open);
            }
            return;
        }
        let group = &mut self.groups[index];
        group.takeover = None;
        let Some(Entry { router: from, advert: Some(last), .. }) = group.recent.back() else { return };
        if *from == router || advert.priority == 0 || !last.to_all {
            return;
        }
        // It was silent meanwhile: one that has taken no notice of the other has not taken over.
        let meanwhile = group.recent.iter().rev().take_while(|entry| entry.router != router);
        let heard = meanwhile
            .filter(|entry| entry.router == *from)
            .filter(|entry| entry.advert.as_ref().is_some_and(|advert| advert.priority > 0));
        let heard: Vec<Stamp> = heard.map(|entry| entry.at).collect();
        let silent = heard.last().is_some_and(|first| at_least(*first, advert.at) > advert.interval * 5 / 2);
        if heard.len() < SILENT_FOR || !silent {
            return;
        }
        let mut earlier = group.recent.iter().rev().filter_map(|entry| entry.advert.as_ref());
        let before = earlier.find(|advert| advert.source == last.source && advert.priority > 0).cloned();
        group.takeover = Some(Takeover {
            router,
            at: advert.at,
            number: advert.number,
            priority: advert.priority,
            interval: advert.interval,
            addresses: advert.addresses.clone(),
            last: last.clone(),
            before: before.filter(|_| last.priority == 0),
            from: *from,
        });
    }

    /// It may have missed one or another advertisement, and so may the capture: what shows once says nothing.
    fn confirmed(&mut self, open: &Takeover) {
        let Takeover { router, at, number, priority, last, before, .. } = open;
        let (router, at, number) = (*router, *at, *number);
        self.pass(router, q::ONE_ACTIVE);
        let index = self.routers[router].group;
        self.groups[index].announcing.push(Announcing {
            router,
            at,
            number,
            addresses: open.addresses.clone(),
        });
        let version = self.version(router);
        let formulas = formulas(version);
        let learned = before.as_ref().unwrap_or(last).interval;
        let basis = if version == Version::V2 { open.interval } else { learned };
        let released = last.priority == 0;
        // Who is better has not waited for the other, and who has another interval or address list may have discarded it.
        let waited = last.valid
            && (version == Version::V3 || last.interval == open.interval)
            && last.addresses == open.addresses
            && if released {
                before.as_ref().is_some_and(|before| before.priority > *priority)
            } else {
                last.priority > *priority
            };
        if !waited || basis.is_zero() {
            return;
        }
        let timer = if released {
            formulas.skew_time(*priority, basis)
        } else {
            formulas.down_interval(*priority, basis)
        };
        let span = takeover(timer, basis).held_to(self.options.exact);
        let topic = if released { q::PRIORITY_ZERO } else { q::NOT_EARLY };
        let what = if released { "priority 0" } else { "the last advertisement" };
        let text = || {
            format!(
                "took over {} after {what} of {} in frame {}, not the first time in a row, expected {} to {}",
                seconds(apart(last.at, at)),
                self.routers[open.from].name,
                last.number,
                seconds(span.from),
                seconds(span.to)
            )
        };
        let text = text();
        let judged = &mut self.routers[router];
        if at_most(last.at, at) < span.from {
            (judged.early, judged.late) = (judged.early + 1, 0);
            if judged.early >= IN_A_ROW {
                return self.violated(router, topic, number, at, || text);
            }
            self.unknown(router, topic);
        } else if at_least(last.at, at) > span.to {
            (judged.early, judged.late) = (0, judged.late + 1);
            // If it has missed priority 0 it waits for all of its time.
            let missed = before.as_ref().is_some_and(|before| {
                let down =
                    takeover(formulas.down_interval(*priority, basis), basis).held_to(self.options.exact);
                at_most(before.at, at) >= down.from
            });
            if released && !missed && self.routers[router].late >= IN_A_ROW {
                return self.violated(router, topic, number, at, || text);
            }
            self.unknown(router, if released { topic } else { q::TAKEOVER_TIME });
        } else {
            (judged.early, judged.late) = (0, 0);
            self.pass(router, topic);
            if !released {
                self.pass(router, q::TAKEOVER_TIME);
            }
        }
    }

    /// Who has taken over long enough ago has told where the addresses are by now, or has not.
    pub(super) fn announcements_until(&mut self, now: Option<Stamp>) {
        for index in 0..self.groups.len() {
            let mut at = 0;
            while let Some(one) = self.groups[index].announcing.get(at) {
                let limit = AT_ONCE.held_to(self.options.exact).to;
                let open = now.is_none_or(|now| at_least(one.at, now) <= limit);
                if open && !self.unannounced(one).is_empty() {
                    at += 1;
                    continue;
                }
                let one = self.groups[index].announcing.remove(at);
                self.announced(&one);
            }
        }
    }

    /// The addresses of which it has told nobody where they are, within the limit before or after.
    fn unannounced(&self, one: &Announcing) -> Vec<IpAddr> {
        let place = self.places.get(&self.groups[self.routers[one.router].group].key.port);
        let interval = self.routers[one.router].last.as_ref().map_or(Duration::ZERO, |last| last.interval);
        let near = |stamp: Stamp| {
            if stamp.time < one.at.time {
                at_least(stamp, one.at) <= lead(interval)
            } else {
                at_least(one.at, stamp) <= AT_ONCE.held_to(self.options.exact).to
            }
        };
        let told = |address: &&IpAddr| {
            place
                .is_some_and(|place| place.announced.iter().any(|(who, when)| who == *address && near(*when)))
        };
        one.addresses.iter().filter(|address| !told(address)).copied().collect()
    }

    fn announced(&mut self, one: &Announcing) {
        let (router, at, number) = (one.router, one.at, one.number);
        let missing = self.unannounced(one);
        let key = &self.groups[self.routers[router].group].key;
        let topic = if key.family == Family::Ipv4 { q::GRATUITOUS_ARP } else { q::UNSOLICITED_NA };
        let place = self.places.get(&key.port);
        // A capture in which nobody announces anything of the kind leaves that out.
        let alike = |(who, _): &(IpAddr, Stamp)| who.is_ipv4() == (key.family == Family::Ipv4);
        let shown = place.is_some_and(|place| place.announced.iter().any(alike));
        if missing.is_empty() {
            self.routers[router].unannounced = 0;
            return self.pass(router, topic);
        }
        if !self.in_bed(router) {
            if !shown {
                return self.unknown(router, topic);
            }
            self.routers[router].unannounced += 1;
            if self.routers[router].unannounced < IN_A_ROW {
                return self.unknown(router, topic);
            }
        }
        let limit = AT_ONCE.held_to(self.options.exact).to;
        self.violated(router, topic, number, at, || {
            let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
            format!("took over, and told within {} nobody where {} is", seconds(limit), missing.join(", "))
        });
    }
}

/// It has not been configured anew since.
fn same_configuration(last: &Advert, advert: &Advert) -> bool {
    advert.priority > 0
        && (last.priority, last.interval, &last.addresses, last.source)
            == (advert.priority, advert.interval, &advert.addresses, advert.source)
}

/// The device has no right to discard this advertisement, and has to wait for its sender.
fn understands(version: Version, own: &Advert, heard: &Advert) -> bool {
    let form = |advert: &Advert| advert.checksum;
    let alike = |a, b| a == b || a == ChecksumStatus::Valid || b == ChecksumStatus::Valid;
    heard.valid
        && heard.to_all
        && heard.priority > own.priority
        && heard.source != own.source
        && heard.addresses == own.addresses
        && (heard.auth_type, own.auth_type) == (0, 0)
        && alike(form(heard), form(own))
        && !heard.interval.is_zero()
        && (version == Version::V3 || heard.interval == own.interval)
}
