//! A thread that wants to run every few milliseconds and writes down how late it was let: the host does the same to the
//! device and to the tester.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often it wants to run.
pub const PERIOD: Duration = Duration::from_millis(10);

/// Less is the noise of every host, and of no account for timers of tenths of a second.
pub const NOISE: Duration = Duration::from_millis(2);

/// How long a lateness is remembered: longer than any bed leaves it unread.
const MEMORY: Duration = Duration::from_secs(60);

/// Somebody was let run late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Late {
    /// When it ran at last.
    pub at: Instant,
    /// So long after it wanted to.
    pub by: Duration,
}

#[derive(Debug)]
struct Log {
    late: VecDeque<Late>,
    /// Ever noted; the number of the next.
    count: u64,
    /// When it wants to run next.
    due: Instant,
}

/// The canary, as those see it who want to know. It sings as long as one of them holds it.
#[derive(Clone, Debug)]
pub struct Canary {
    log: Arc<Mutex<Log>>,
}

/// What one of them has read so far.
#[derive(Debug)]
pub struct Listener {
    canary: Canary,
    next: u64,
    /// What was told already of the lateness that is not over yet.
    told: Duration,
}

impl Canary {
    /// Starts one.
    pub fn start() -> Self {
        let log = Log { late: VecDeque::new(), count: 0, due: Instant::now() + PERIOD };
        let log = Arc::new(Mutex::new(log));
        let weak = Arc::downgrade(&log);
        std::thread::spawn(move || {
            let mut due = Instant::now() + PERIOD;
            loop {
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
                let Some(log) = weak.upgrade() else { return };
                let at = Instant::now();
                let late = Late { at, by: at.saturating_duration_since(due) };
                due = at.max(due) + PERIOD;
                let mut log = lock(&log);
                log.due = due;
                log.note(late);
            }
        });
        Self { log }
    }

    /// One that asks `probe` how late the device's own world runs, a virtual machine's, in place of a clock. It ends
    /// when `probe` says `None`.
    pub fn asking(mut probe: Box<dyn FnMut() -> Option<Duration> + Send>) -> Self {
        // Nobody is overdue who is waited for in an answer: the answer tells.
        let far = Instant::now() + Duration::from_secs(1 << 30);
        let log = Arc::new(Mutex::new(Log { late: VecDeque::new(), count: 0, due: far }));
        let weak = Arc::downgrade(&log);
        std::thread::spawn(move || {
            while weak.strong_count() > 0 {
                let Some(by) = probe() else { return };
                let Some(log) = weak.upgrade() else { return };
                lock(&log).note(Late { at: Instant::now(), by });
                drop(log);
                std::thread::sleep(PERIOD * 10);
            }
        });
        Self { log }
    }

    /// From now on.
    pub fn listen(&self) -> Listener {
        Listener { canary: self.clone(), next: lock(&self.log).count, told: Duration::ZERO }
    }
}

impl Listener {
    /// Whatever was late by more than [`NOISE`] since the last time, and what is late at this moment; each moment once, so
    /// that it can be summed.
    pub fn late(&mut self) -> Vec<Late> {
        let log = lock(&self.canary.log);
        let new = usize::try_from(log.count - self.next).unwrap_or(usize::MAX).min(log.late.len());
        let mut late: Vec<Late> = log.late.iter().skip(log.late.len() - new).copied().collect();
        self.next = log.count;
        if let Some(first) = late.first_mut() {
            first.by = first.by.saturating_sub(std::mem::take(&mut self.told));
        }
        let now = Instant::now();
        let by = now.saturating_duration_since(log.due);
        if by > NOISE {
            late.push(Late { at: now, by: by.saturating_sub(self.told) });
            self.told = by;
        }
        late
    }
}

impl Log {
    fn note(&mut self, late: Late) {
        if late.by <= NOISE {
            return;
        }
        while self.late.front().is_some_and(|first| late.at.saturating_duration_since(first.at) > MEMORY) {
            self.late.pop_front();
        }
        self.late.push_back(late);
        self.count += 1;
    }
}

/// A log is whole whatever happened to who held it.
fn lock(log: &Mutex<Log>) -> MutexGuard<'_, Log> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_tells_everyone_once_what_was_late() {
        let canary = Canary::start();
        let (mut early, mut second) = (canary.listen(), canary.listen());
        lock(&canary.log).note(Late { at: Instant::now(), by: Duration::from_millis(1) });
        lock(&canary.log).note(Late { at: Instant::now(), by: Duration::from_millis(77) });
        let said = |late: &[Late]| late.iter().filter(|late| late.by == Duration::from_millis(77)).count();
        assert_eq!(said(&early.late()), 1);
        assert_eq!(said(&early.late()), 0);
        assert_eq!(said(&second.late()), 1);
        assert_eq!(said(&canary.listen().late()), 0);
    }

    #[test]
    fn what_is_late_now_counts_before_it_ran() {
        let log = Log {
            late: VecDeque::new(),
            count: 0,
            due: Instant::now().checked_sub(Duration::from_secs(1)).unwrap(),
        };
        let mut listener =
            Listener { canary: Canary { log: Arc::new(Mutex::new(log)) }, next: 0, told: Duration::ZERO };
        assert!(listener.late().iter().any(|late| late.by >= Duration::from_secs(1)));
        // The same second is not told again, neither while it goes on nor when it is over.
        let again: Duration = listener.late().iter().map(|late| late.by).sum();
        assert!(again < Duration::from_millis(500), "{again:?}");
        let mut log = lock(&listener.canary.log);
        let at = Instant::now();
        let by = at - log.due;
        log.note(Late { at, by });
        log.due = at + PERIOD;
        drop(log);
        let over: Duration = listener.late().iter().map(|late| late.by).sum();
        assert!(over < Duration::from_millis(500), "{over:?}");
    }

    #[test]
    fn a_probe_is_asked_until_it_ends() {
        let mut left = 3;
        let canary = Canary::asking(Box::new(move || {
            left -= 1;
            (left >= 0).then(|| Duration::from_millis(5))
        }));
        let mut listener = Listener { canary, next: 0, told: Duration::ZERO };
        let end = Instant::now() + Duration::from_secs(20);
        let mut seen = 0;
        while seen < 3 && Instant::now() < end {
            seen += listener.late().len();
            std::thread::sleep(PERIOD);
        }
        assert_eq!(seen, 3);
    }
}
