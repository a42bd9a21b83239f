//! The network between the routers: a hub in user space that delays, drops, duplicates, reorders and cuts in one direction.
//! Everything random in it comes from a seed.

use std::time::Duration;

use crate::scenario::random::Random;
use crate::time::{Time, nanoseconds};

/// A chance, in so many of ten thousand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Chance(u16);

impl Chance {
    /// All that there are.
    const ALL: u16 = 10_000;

    /// Never.
    pub const NEVER: Self = Self(0);

    /// So many per cent, to the hundredth; at most a hundred.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // between 0 and 10000
    pub fn per_cent(chance: f64) -> Self {
        Self((chance.clamp(0.0, 100.0) * 100.0).round() as u16)
    }

    /// In per cent.
    pub fn as_per_cent(self) -> f64 {
        f64::from(self.0) / 100.0
    }

    fn happens(self, random: &mut Random) -> bool {
        random.below(Self::ALL.into()) < self.0.into()
    }
}

/// What the network does to any frame, all the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Noise {
    /// A frame takes at least so long.
    pub least_delay: Duration,
    /// A frame that is not held back takes at most so long.
    pub most_delay: Duration,
    /// It does not come at all.
    pub loss: Chance,
    /// It comes twice.
    pub duplicate: Chance,
    /// It is held back, and others overtake it.
    pub reorder: Chance,
    /// One that is held back, or the second of two, comes at most so much later.
    pub most_held: Duration,
}

impl Noise {
    /// A cable: nothing but a microsecond.
    pub const QUIET: Self = Self {
        least_delay: Duration::from_micros(1),
        most_delay: Duration::from_micros(1),
        loss: Chance::NEVER,
        duplicate: Chance::NEVER,
        reorder: Chance::NEVER,
        most_held: Duration::ZERO,
    };

    /// A poor network that routers have to live with: one frame in a hundred is lost to each of those it is for.
    pub const POOR: Self = Self {
        least_delay: Duration::from_micros(50),
        most_delay: Duration::from_millis(2),
        loss: Chance(100),
        duplicate: Chance(100),
        reorder: Chance(100),
        most_held: Duration::from_millis(20),
    };

    /// No frame takes longer.
    pub fn longest(&self) -> Duration {
        self.most_delay.max(self.least_delay) + self.most_held
    }
}

/// What the hub has done so far; a frame counts once for each station that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Counts {
    /// Deliveries.
    pub delivered: u64,
    /// Lost by chance.
    pub lost: u64,
    /// Delivered a second time.
    pub duplicated: u64,
    /// Held back so that others could overtake.
    pub reordered: u64,
    /// Not let through, as the way was cut or a link was down.
    pub cut: u64,
}

/// When a frame reaches a station: not at all, once, or twice.
pub type Arrivals = [Option<Time>; 2];

/// The hub: each station is on a link of its own.
#[derive(Clone, Debug)]
pub struct Hub {
    noise: Noise,
    random: Random,
    stations: usize,
    links: Vec<bool>,
    /// Nothing that the station sends comes out.
    mute: Vec<bool>,
    /// Nothing comes in to the station.
    deaf: Vec<bool>,
    /// From each station to each: this way alone is cut.
    cuts: Vec<bool>,
    /// On each way, when the last frame arrives that was not held back.
    last: Vec<Time>,
    counts: Counts,
}

impl Hub {
    /// A hub for so many stations, with all links up.
    pub fn new(stations: usize, noise: Noise, seed: u64) -> Self {
        Self {
            noise,
            random: Random::new(seed, "arena.hub"),
            stations,
            links: vec![true; stations],
            mute: vec![false; stations],
            deaf: vec![false; stations],
            cuts: vec![false; stations * stations],
            last: vec![Time::ZERO; stations * stations],
            counts: Counts::default(),
        }
    }

    /// What it does to every frame.
    pub const fn noise(&self) -> &Noise {
        &self.noise
    }

    /// What it has done.
    pub const fn counts(&self) -> Counts {
        self.counts
    }

    fn way(&self, from: usize, to: usize) -> usize {
        from * self.stations + to
    }

    /// The station's link goes up or down.
    pub fn link(&mut self, station: usize, up: bool) {
        self.links[station] = up;
    }

    /// The station's link is up.
    pub fn is_up(&self, station: usize) -> bool {
        self.links[station]
    }

    /// From now on what `from` sends does not reach `to`, or does again. The other direction is as it was.
    pub fn cut(&mut self, from: usize, to: usize, cut: bool) {
        let way = self.way(from, to);
        self.cuts[way] = cut;
    }

    /// What `station` sends reaches nobody, or does again.
    pub fn cut_from(&mut self, station: usize, cut: bool) {
        self.mute[station] = cut;
    }

    /// What anybody sends does not reach `station`, or does again.
    pub fn cut_to(&mut self, station: usize, cut: bool) {
        self.deaf[station] = cut;
    }

    /// What `from` sends would reach `to`, but for chance.
    pub fn is_open(&self, from: usize, to: usize) -> bool {
        let whole = self.links[from] && self.links[to];
        whole && !self.mute[from] && !self.deaf[to] && !self.cuts[self.way(from, to)]
    }

    /// When a frame that `from` sends now reaches `to`.
    pub fn carry(&mut self, now: Time, from: usize, to: usize) -> Arrivals {
        if !self.is_open(from, to) {
            self.counts.cut += 1;
            return [None, None];
        }
        if self.noise.loss.happens(&mut self.random) {
            self.counts.lost += 1;
            return [None, None];
        }
        let held = self.noise.reorder.happens(&mut self.random);
        let (least, most) = (nanoseconds(self.noise.least_delay), nanoseconds(self.noise.most_delay));
        let delay = least + self.random.below(most.saturating_sub(least).saturating_add(1));
        let way = self.way(from, to);
        // On one way frames keep their order, however long each takes; none takes longer than the longest.
        let in_order = (now + Duration::from_nanos(delay)).max(self.last[way]);
        let first = if held {
            self.counts.reordered += 1;
            in_order + self.extra()
        } else {
            self.last[way] = in_order;
            in_order
        };
        self.counts.delivered += 1;
        let second = self.noise.duplicate.happens(&mut self.random).then(|| {
            self.counts.duplicated += 1;
            in_order + self.extra()
        });
        [Some(first), second]
    }

    /// At least a nanosecond more, if anything may be held at all.
    fn extra(&mut self) -> Duration {
        let most = nanoseconds(self.noise.most_held);
        if most == 0 { Duration::ZERO } else { Duration::from_nanos(1 + self.random.below(most)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(milliseconds: u64) -> Time {
        Time::from_nanos(milliseconds * 1_000_000)
    }

    fn always(noise: Noise) -> Hub {
        Hub::new(3, noise, 7)
    }

    /// When each of so many frames, one a millisecond, comes from 0 to 1.
    fn arrivals(hub: &mut Hub, frames: u64) -> Vec<Arrivals> {
        (0..frames).map(|frame| hub.carry(at(frame), 0, 1)).collect()
    }

    #[test]
    fn a_quiet_hub_delivers_everything_once_and_in_order() {
        let mut hub = always(Noise::QUIET);
        for (frame, arrival) in (0..).zip(arrivals(&mut hub, 100)) {
            assert_eq!(arrival, [Some(at(frame) + Duration::from_micros(1)), None]);
        }
        assert_eq!(hub.counts(), Counts { delivered: 100, ..Counts::default() });
    }

    #[test]
    fn a_delay_is_within_its_bounds_and_keeps_the_order() {
        let noise = Noise { most_delay: Duration::from_millis(10), ..Noise::QUIET };
        let times: Vec<Time> =
            arrivals(&mut always(noise), 500).iter().filter_map(|[time, _]| *time).collect();
        assert_eq!(times.len(), 500);
        assert!(times.is_sorted());
        let delays: Vec<Duration> = (0..).zip(&times).map(|(frame, time)| *time - at(frame)).collect();
        assert!(delays.iter().all(|delay| (noise.least_delay..=noise.most_delay).contains(delay)));
        assert!(delays.iter().any(|delay| *delay > Duration::from_millis(9)), "all of it is used");
        assert!(delays.iter().any(|delay| *delay < Duration::from_millis(5)));
    }

    #[test]
    fn as_many_are_lost_as_was_said() {
        let noise = Noise { loss: Chance::per_cent(25.0), ..Noise::QUIET };
        let mut hub = always(noise);
        let lost = arrivals(&mut hub, 4000).iter().filter(|arrival| **arrival == [None, None]).count();
        assert!((900..1100).contains(&lost), "{lost}");
        assert_eq!(hub.counts().lost, lost as u64);
        let mut deaf = always(Noise { loss: Chance::per_cent(100.0), ..Noise::QUIET });
        assert!(arrivals(&mut deaf, 100).iter().all(|arrival| *arrival == [None, None]));
    }

    #[test]
    fn a_duplicate_comes_after_the_first_and_within_its_bound() {
        let noise =
            Noise { duplicate: Chance::per_cent(50.0), most_held: Duration::from_millis(3), ..Noise::QUIET };
        let mut hub = always(noise);
        let arrivals = arrivals(&mut hub, 1000);
        let twice: Vec<(Time, Time)> =
            arrivals.iter().filter_map(|[first, second]| first.zip(*second)).collect();
        assert!((400..600).contains(&twice.len()), "{}", twice.len());
        assert!(twice.iter().all(|(one, two)| two > one && *two - *one <= noise.most_held));
        assert!(arrivals.iter().all(|[first, _]| first.is_some()));
        assert_eq!(hub.counts().duplicated, twice.len() as u64);
    }

    #[test]
    fn one_that_is_held_back_is_overtaken() {
        let noise =
            Noise { reorder: Chance::per_cent(20.0), most_held: Duration::from_millis(5), ..Noise::QUIET };
        let mut hub = always(noise);
        let times: Vec<Time> = arrivals(&mut hub, 1000).iter().filter_map(|[time, _]| *time).collect();
        assert_eq!(times.len(), 1000);
        let overtaken = times.windows(2).filter(|pair| pair[1] < pair[0]).count();
        assert!(overtaken > 50, "{overtaken}");
        let late = (0..).zip(&times).map(|(frame, time)| *time - at(frame)).max();
        assert!(late.is_some_and(|late| late <= noise.longest()), "{late:?}");
    }

    #[test]
    fn a_cut_is_of_one_direction() {
        let mut hub = always(Noise::QUIET);
        hub.cut(0, 1, true);
        assert_eq!(hub.carry(at(0), 0, 1), [None, None]);
        assert!(hub.carry(at(0), 1, 0)[0].is_some());
        assert!(hub.carry(at(0), 0, 2)[0].is_some());
        assert!(!hub.is_open(0, 1) && hub.is_open(1, 0));
        hub.cut(0, 1, false);
        assert!(hub.carry(at(1), 0, 1)[0].is_some());
        assert_eq!(hub.counts().cut, 1);
    }

    #[test]
    fn a_station_can_be_mute_or_deaf() {
        let mut hub = always(Noise::QUIET);
        hub.cut_from(1, true);
        assert!([0, 2].iter().all(|to| !hub.is_open(1, *to) && hub.is_open(*to, 1)));
        hub.cut_from(1, false);
        hub.cut_to(1, true);
        assert!([0, 2].iter().all(|to| hub.is_open(1, *to) && !hub.is_open(*to, 1)));
        assert!(hub.is_open(0, 2) && hub.is_open(2, 0));
    }

    #[test]
    fn what_is_repaired_of_one_station_leaves_the_others_cut() {
        let mut hub = always(Noise::QUIET);
        hub.cut_from(0, true);
        hub.cut_to(1, true);
        hub.cut(2, 1, true);
        hub.cut_to(1, false);
        assert!(!hub.is_open(0, 1) && !hub.is_open(2, 1));
        hub.cut(2, 1, false);
        hub.cut_from(0, false);
        assert!((0..3).all(|from| (0..3).all(|to| hub.is_open(from, to))));
    }

    #[test]
    fn a_link_that_is_down_carries_nothing_in_either_direction() {
        let mut hub = always(Noise::QUIET);
        hub.link(1, false);
        assert_eq!(hub.carry(at(0), 0, 1), [None, None]);
        assert_eq!(hub.carry(at(0), 1, 0), [None, None]);
        assert!(hub.carry(at(0), 0, 2)[0].is_some());
        hub.link(1, true);
        assert!(hub.carry(at(1), 0, 1)[0].is_some());
    }

    #[test]
    fn the_same_seed_is_the_same_network_and_another_is_not() {
        let run = |seed| arrivals(&mut Hub::new(3, Noise::POOR, seed), 1000);
        assert_eq!(run(7), run(7));
        assert_ne!(run(7), run(8));
    }
}
