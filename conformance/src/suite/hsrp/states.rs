//! How a test brings the device into each state: the preambles of the others.

use std::time::Duration;

use super::{HsrpTest, Message, Steps};
use crate::scenario::{Mark, Sighting, Stop};
use crate::spec::hsrp::machine::Group;
use crate::spec::hsrp::tolerances::{STARTING, silent};

/// Priority of the tester's Active router: higher than any that a test gives the device.
pub const ACTIVE_PRIORITY: u32 = 200;
/// Priority of the tester's Standby router: higher than the device's 100.
pub const STANDBY_PRIORITY: u32 = 150;

/// Other routers of the tester: their places among the peers.
#[derive(Clone, Copy, Debug)]
pub struct Others {
    /// The Active router.
    pub active: usize,
    /// The Standby router.
    pub standby: usize,
}

impl HsrpTest<'_> {
    /// What the device can be late by in a preamble: nothing of it is judged.
    fn patience(&self) -> Duration {
        self.hellotime() * 2 + STARTING
    }

    fn not_reached(state: Group, longest: Duration) -> Stop {
        let seconds = longest.as_secs_f64();
        Stop::Inconclusive(format!("preamble: D did not send a Hello in {state:?} within {seconds} s"))
    }

    /// The device is Active: nobody else says anything. Returns its first Hello of that.
    ///
    /// # Errors
    /// It does not become Active: the test is inconclusive.
    pub fn make_active(&mut self) -> Result<Sighting, Stop> {
        let before = self.run.preamble_start();
        self.run.step("nobody else says anything: D is Active");
        for peer in &mut self.lan.peers {
            peer.stop();
        }
        let mark = self.mark();
        let longest = self.holdtime() * 3 + self.patience();
        let found = self.look(&self.message().state(Group::Active), mark, longest)?;
        self.run.preamble_end(before);
        found.ok_or_else(|| Self::not_reached(Group::Active, longest))
    }

    /// The device is Standby: another router is Active with [`ACTIVE_PRIORITY`]. Returns that one's place among the peers,
    /// and the device's first Hello of Standby.
    ///
    /// # Errors
    /// It does not become Standby: the test is inconclusive.
    pub fn make_standby(&mut self) -> Result<(usize, Sighting), Stop> {
        let active = self.hello(Group::Active, ACTIVE_PRIORITY);
        self.make_standby_of(active)
    }

    /// The same under an Active router that sends this.
    ///
    /// # Errors
    /// As [`Self::make_standby`].
    pub fn make_standby_of(&mut self, active: Message) -> Result<(usize, Sighting), Stop> {
        let before = self.run.preamble_start();
        self.run.step(format!("T is Active with priority {}: D is Standby", active.priority));
        let active = self.start_peer(active);
        let mark = self.mark();
        let longest = self.holdtime() * 3 + self.patience();
        let found = self.look(&self.message().state(Group::Standby), mark, longest)?;
        self.run.preamble_end(before);
        Ok((active, found.ok_or_else(|| Self::not_reached(Group::Standby, longest))?))
    }

    /// The device is in Listen: others are Active and Standby, and it is silent.
    ///
    /// # Errors
    /// It is not silent: the test is inconclusive.
    pub fn make_listen(&mut self) -> Result<Others, Stop> {
        let active = self.hello(Group::Active, ACTIVE_PRIORITY);
        self.make_listen_under(active)
    }

    /// The same under an Active router that sends this.
    ///
    /// # Errors
    /// As [`Self::make_listen`].
    pub fn make_listen_under(&mut self, active: Message) -> Result<Others, Stop> {
        let before = self.run.preamble_start();
        self.run.step(format!(
            "T is Active with priority {}, and as another router Standby with priority {STANDBY_PRIORITY}: D listens",
            active.priority
        ));
        let active = self.start_peer(active);
        let standby = self.hello(Group::Standby, STANDBY_PRIORITY);
        let standby = self.start_peer(standby);
        // What it was before ends with the first Hellos of both.
        self.wait(self.hellotime() / 2)?;
        let mark = self.mark();
        let quiet = silent(self.hellotime());
        let found = self.look(&self.message(), mark, quiet)?;
        self.run.preamble_end(before);
        match found {
            Some(_) => Err(Stop::Inconclusive(
                "preamble: D is not silent although better routers are Active and Standby".to_owned(),
            )),
            None => Ok(Others { active, standby }),
        }
    }

    /// The device is in Speak under an Active router: it listens, and the Standby router falls silent. Returns the Active
    /// router's place among the peers, and the device's first Hello of Speak. It stays there for a Holdtime from that
    /// Hello, or up to a Hellotime less.
    ///
    /// # Errors
    /// It does not speak: the test is inconclusive.
    pub fn make_speak(&mut self) -> Result<(usize, Sighting), Stop> {
        let active = self.hello(Group::Active, ACTIVE_PRIORITY);
        self.make_speak_under(active)
    }

    /// The same under an Active router that sends this.
    ///
    /// # Errors
    /// As [`Self::make_speak`].
    pub fn make_speak_under(&mut self, active: Message) -> Result<(usize, Sighting), Stop> {
        let others = self.make_listen_under(active)?;
        let before = self.run.preamble_start();
        self.run.step("the Standby router falls silent: D speaks");
        let last = self.stop_peer(others.standby)?;
        let longest = self.holdtime() + self.patience();
        let found = self.look(&self.message().state(Group::Speak), last, longest)?;
        self.run.preamble_end(before);
        Ok((others.active, found.ok_or_else(|| Self::not_reached(Group::Speak, longest))?))
    }

    /// The device is in Learn: it does not know the virtual address, and is silent. The test has to ask for
    /// `hsrp.virtual_known` = `no`.
    ///
    /// # Errors
    /// It says something: the test is inconclusive.
    pub fn make_learn(&mut self) -> Result<Mark, Stop> {
        let before = self.run.preamble_start();
        self.run.step("D does not know the virtual address: it says nothing");
        let mark = self.mark();
        let found = self.look(&self.message(), mark, silent(self.hellotime()))?;
        self.run.preamble_end(before);
        match found {
            Some(_) => {
                Err(Stop::Inconclusive("preamble: D sends although it has no virtual address".to_owned()))
            }
            None => Ok(self.mark()),
        }
    }

    /// The device has HSRP disabled: it is silent.
    ///
    /// # Errors
    /// It cannot be disabled.
    pub fn make_initial(&mut self) -> Result<Mark, Stop> {
        self.run.step("HSRP is disabled on D");
        self.run.configure("hsrp.enabled", "no")
    }

    /// HSRP is enabled again.
    ///
    /// # Errors
    /// It cannot be enabled.
    pub fn enable(&mut self) -> Result<Mark, Stop> {
        self.run.step("HSRP is enabled on D");
        self.run.configure("hsrp.enabled", "yes")
    }
}
