//! How long failovers take: from the last good frame of the old gateway to the first good one of the new.

use std::time::Duration;

use crate::time::Time;

/// How a gateway fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Failure {
    /// Its link goes down: no carrier.
    LinkDown,
    /// It is switched off by its management, and can say so.
    Disabled,
    /// It loses power, and starts anew later.
    PowerOff,
    /// What it sends reaches nobody; it hears all the others.
    Mute,
    /// Nothing reaches it and nothing that it sends arrives, though its link is up.
    Isolated,
}

impl Failure {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::LinkDown, Self::Disabled, Self::PowerOff, Self::Mute, Self::Isolated];

    /// As in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::LinkDown => "link-down",
            Self::Disabled => "disabled",
            Self::PowerOff => "power-off",
            Self::Mute => "mute",
            Self::Isolated => "isolated",
        }
    }

    /// In words, of a router.
    pub const fn text(self) -> &'static str {
        match self {
            Self::LinkDown => "its link goes down",
            Self::Disabled => "it is switched off",
            Self::PowerOff => "it loses power",
            Self::Mute => "what it sends reaches nobody",
            Self::Isolated => "it is cut off in both directions",
        }
    }
}

/// By which frames a failover is timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum View {
    /// The protocol's own: the last message of the old Active router that passed the hub, the first one of the new.
    Protocol,
    /// A host's: the last answer of the old gateway that came, the first one of the new.
    Answers,
    /// A host's packets, on the far side of the routers.
    Packets,
}

impl View {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Protocol, Self::Answers, Self::Packets];

    /// As in results.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Protocol => "protocol",
            Self::Answers => "answers",
            Self::Packets => "packets",
        }
    }

    const fn index(self) -> usize {
        self as usize
    }
}

/// A failure, and how somebody else became the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failover {
    /// In which episode, from 1.
    pub episode: u64,
    /// What failed.
    pub failure: Failure,
    /// When.
    pub at: Time,
    /// Who was the gateway.
    pub old: usize,
    /// Who became it.
    pub new: usize,
    /// From the failure to the first message of the new one, whether that reached anybody or not.
    pub taken_over: Duration,
    /// What of that the tables allow after what had been heard.
    pub bound: Duration,
    /// From the last good frame of the old to the first good one of the new, by [`View`].
    pub times: [Option<Duration>; 3],
}

impl Failover {
    /// As this view has it.
    pub const fn time(&self, view: View) -> Option<Duration> {
        self.times[view.index()]
    }
}

/// Good frames of each router, as they pass.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    /// When each router's last one came.
    last: Vec<[Option<Time>; 3]>,
    open: Option<Open>,
}

#[derive(Clone, Debug)]
struct Open {
    episode: u64,
    failure: Failure,
    at: Time,
    old: usize,
    /// When somebody first said that it has taken over, and by when it had to.
    claimed: Option<(Time, Time)>,
    /// The first of each kind, and of whom.
    first: [Option<(usize, Time)>; 3],
}

impl Watch {
    /// For so many routers.
    pub fn new(routers: usize) -> Self {
        Self { last: vec![[None; 3]; routers], open: None }
    }

    /// A router becomes the gateway: what it sent before was of another time.
    pub fn begins(&mut self, router: usize) {
        self.last[router] = [None; 3];
    }

    /// A good frame of a router. One that is cut off can be the old gateway, but not the new.
    pub fn good(&mut self, router: usize, now: Time, view: View, cut_off: bool) {
        let at = view.index();
        self.last[router][at] = Some(now);
        if let Some(open) = self.open.as_mut().filter(|open| open.old != router && !cut_off) {
            open.first[at].get_or_insert((router, now));
        }
    }

    /// The router was seen in all these views since it became the gateway.
    pub fn has_seen(&self, router: usize, views: &[View]) -> bool {
        views.iter().all(|view| self.last[router][view.index()].is_some())
    }

    /// The gateway fails.
    pub fn fails(&mut self, episode: u64, failure: Failure, old: usize, at: Time) {
        self.open = Some(Open { episode, failure, at, old, claimed: None, first: [None; 3] });
    }

    /// Who failed, while nobody has said that it takes over.
    pub fn waits_for(&self) -> Option<usize> {
        self.open.as_ref().filter(|open| open.claimed.is_none()).map(|open| open.old)
    }

    /// Somebody says that it takes over, and had to by then.
    pub fn claims(&mut self, now: Time, bound: Time) {
        if let Some(open) = &mut self.open {
            open.claimed.get_or_insert((now, bound));
        }
    }

    /// There was a good frame of the new gateway in each of these views.
    pub fn is_over(&self, views: &[View]) -> bool {
        let seen = |open: &Open| views.iter().all(|view| open.first[view.index()].is_some());
        self.open.as_ref().is_some_and(seen)
    }

    /// What was measured, if somebody has taken over.
    pub fn take(&mut self) -> Option<Failover> {
        let open = self.open.take()?;
        let (new, first) = open.first[View::Protocol.index()]?;
        let last = self.last[open.old];
        let times = View::ALL.map(|view| {
            let ((_, first), last) = open.first[view.index()].zip(last[view.index()])?;
            Some(first - last)
        });
        let Open { episode, failure, at, old, claimed, .. } = open;
        let (claimed, bound) = claimed.unwrap_or((first, first));
        Some(Failover { episode, failure, at, old, new, taken_over: claimed - at, bound: bound - at, times })
    }
}

/// A number of times, in order.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Distribution(Vec<Duration>);

/// A bar of a histogram: from, to, how many.
pub type Bar = (Duration, Duration, usize);

impl Distribution {
    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// The least.
    pub fn least(&self) -> Option<Duration> {
        self.0.first().copied()
    }

    /// The most.
    pub fn most(&self) -> Option<Duration> {
        self.0.last().copied()
    }

    /// The mean.
    pub fn mean(&self) -> Option<Duration> {
        let count = u32::try_from(self.0.len()).ok().filter(|count| *count > 0)?;
        Some(self.0.iter().sum::<Duration>() / count)
    }

    /// The smallest time that so many of a hundred do not exceed (nearest rank).
    pub fn percentile(&self, per_cent: usize) -> Option<Duration> {
        let rank = (self.0.len() * per_cent).div_ceil(100).max(1);
        self.0.get(rank - 1).copied()
    }

    /// At most so many bars of one width, a round number of milliseconds, from the least to the most.
    pub fn bars(&self, most: u32) -> Vec<Bar> {
        let (Some(least), Some(greatest)) = (self.least(), self.most()) else { return Vec::new() };
        let range = u64::try_from(greatest.saturating_sub(least).as_micros()).unwrap_or(u64::MAX);
        let fits = |width: &u64| range / width + 2 <= u64::from(most);
        let width = (0..16)
            .flat_map(|power| [1, 2, 5].map(|digit| digit * 10_u64.pow(power)))
            .find(fits)
            .unwrap_or(u64::MAX);
        let begin = u64::try_from(least.as_micros()).unwrap_or(u64::MAX) / width * width;
        let mut bars: Vec<Bar> = Vec::new();
        for time in &self.0 {
            while bars.last().is_none_or(|(_, to, _)| time >= to) {
                let from = bars.last().map_or(Duration::from_micros(begin), |(_, to, _)| *to);
                bars.push((from, from + Duration::from_micros(width), 0));
            }
            if let Some(bar) = bars.last_mut() {
                bar.2 += 1;
            }
        }
        bars
    }
}

impl FromIterator<Duration> for Distribution {
    fn from_iter<I: IntoIterator<Item = Duration>>(times: I) -> Self {
        let mut times: Vec<Duration> = times.into_iter().collect();
        times.sort_unstable();
        Self(times)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    fn at(milliseconds: u64) -> Time {
        Time::ZERO + ms(milliseconds)
    }

    #[test]
    fn a_distribution_is_what_the_definition_says() {
        let times: Distribution = (1..=100).rev().map(ms).collect();
        assert_eq!((times.least(), times.most()), (Some(ms(1)), Some(ms(100))));
        assert_eq!(
            [50, 90, 99, 100].map(|it| times.percentile(it)),
            [50, 90, 99, 100].map(|it| Some(ms(it)))
        );
        assert_eq!(times.mean(), Some(Duration::from_micros(50_500)));
        let one: Distribution = [ms(7)].into_iter().collect();
        assert_eq!([1, 50, 99].map(|it| one.percentile(it)), [Some(ms(7)); 3]);
        let none = Distribution::default();
        assert_eq!((none.percentile(50), none.mean(), none.bars(10)), (None, None, Vec::new()));
    }

    #[test]
    fn every_time_is_in_one_bar() {
        for count in [1, 2, 3, 10, 57] {
            let times: Distribution = (0..count).map(|number| ms(3000 + number * 13)).collect();
            let bars = times.bars(10);
            assert!(bars.len() <= 10, "{bars:?}");
            assert_eq!(bars.iter().map(|(.., count)| count).sum::<usize>(), times.count());
            assert!(bars.windows(2).all(|pair| pair[0].1 == pair[1].0));
            assert!(bars.first().is_some_and(|(from, ..)| Some(*from) <= times.least()));
            assert!(bars.last().is_some_and(|(_, to, _)| Some(*to) > times.most()));
        }
    }

    #[test]
    fn a_failover_is_from_the_last_frame_of_the_old_to_the_first_of_the_new() {
        let mut watch = Watch::new(3);
        watch.good(0, at(1000), View::Protocol, false);
        watch.good(0, at(1400), View::Answers, false);
        watch.fails(4, Failure::Mute, 0, at(1500));
        assert_eq!(watch.clone().take(), None, "nobody has taken over");
        assert_eq!(watch.waits_for(), Some(0));
        // What was under way when the old one failed is still its own.
        watch.good(0, at(1501), View::Answers, false);
        // One that is cut off may say so, but is no gateway.
        watch.good(1, at(4500), View::Protocol, true);
        watch.claims(at(4599), at(4700));
        watch.claims(at(4650), at(4800));
        watch.good(2, at(4600), View::Protocol, false);
        assert_eq!(watch.waits_for(), None);
        assert!(watch.is_over(&[View::Protocol]) && !watch.is_over(&View::ALL));
        watch.good(2, at(4700), View::Answers, false);
        watch.good(2, at(4800), View::Answers, false);
        let failover = watch.take().expect("a failover");
        assert_eq!((failover.episode, failover.old, failover.new), (4, 0, 2));
        assert_eq!((failover.taken_over, failover.bound), (ms(3099), ms(3200)));
        assert_eq!(failover.time(View::Protocol), Some(ms(3600)));
        assert_eq!(failover.time(View::Answers), Some(ms(3199)));
        assert_eq!(failover.time(View::Packets), None);
        assert_eq!(watch.take(), None);
        assert!(watch.has_seen(0, &[View::Protocol, View::Answers]) && !watch.has_seen(0, &View::ALL));
        watch.begins(0);
        assert!(!watch.has_seen(0, &[View::Protocol]));
    }
}
