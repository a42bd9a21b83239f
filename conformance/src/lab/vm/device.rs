//! A device in a virtual machine, while a test runs on it.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::machine::{Machine, MachineError, PORTS, interface, tap};
use super::pool::Pool;
use crate::bed::live::{Kind, Place, Wire};
use crate::bed::{BedError, Capability, NoBed, Wanted};
use crate::event::Port;
use crate::instance::Instance;
use crate::lab::{Driver, SLOW_FILTER};

/// What lets a device that is there speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Its own interface goes up; its links have carrier by then.
    Interface,
    /// Its links get carrier; its own interface is up by then.
    Carriers,
}

/// What differs between bonding and team.
pub trait Subject: Send {
    /// What it waits for.
    fn begin(&self) -> Begin {
        Begin::Interface
    }
    /// The aggregation's own interface.
    fn master(&self) -> &'static str;
    /// Lines of shell that make it of the first so many cards. Its interface goes up only if it waits for its carriers.
    fn make(&self, ports: usize) -> Vec<String>;
    /// A line of shell that removes it.
    fn remove(&self) -> String;
    /// A line of shell that changes a parameter while it runs.
    ///
    /// # Errors
    /// This parameter cannot be changed, or not so.
    fn configure(&mut self, name: &str, value: &str) -> Result<String, BedError>;
    /// A piece of its state.
    ///
    /// # Errors
    /// The machine does not answer.
    fn state(&self, machine: &mut Machine, name: &str, port: Port) -> Result<Option<String>, MachineError>;
}

/// A device. Dropping it gives its machine back.
pub struct Device<S: Subject> {
    subject: S,
    /// There until it is given back.
    machine: Option<Machine>,
    pool: Arc<Pool>,
    ports: usize,
    /// The device's own side is reached.
    client: bool,
    /// Gone when this is.
    life: Arc<()>,
}

impl<S: Subject> Device<S> {
    /// Makes it on a machine of the pool. It does not speak yet.
    ///
    /// # Errors
    /// There is no machine, or it cannot be made.
    pub fn make(pool: &Arc<Pool>, subject: S, wanted: &Wanted) -> Result<Self, NoBed> {
        let client = wanted.capabilities.contains(&Capability::Data);
        let machine = Some(pool.take()?);
        let (pool, life) = (Arc::clone(pool), Arc::new(()));
        let mut device = Self { subject, machine, pool, ports: wanted.ports, client, life };
        let cards = device.cards();
        let mut lines = device.subject.make(wanted.ports);
        if client {
            lines.extend(bridge(device.subject.master()));
        }
        let begin = device.subject.begin();
        let machine = device.machine()?;
        for card in cards {
            machine.carrier(card, card == PORTS || begin == Begin::Interface)?;
        }
        machine.ask(&format!("set -e; {}", lines.join("; ")))?;
        Ok(device)
    }

    /// The cards that it uses, in the order of the wires.
    fn cards(&self) -> Vec<usize> {
        (0..self.ports).chain(self.client.then_some(PORTS)).collect()
    }

    fn machine(&mut self) -> Result<&mut Machine, MachineError> {
        self.machine.as_mut().ok_or_else(|| MachineError::Died("the machine was given back".to_owned()))
    }
}

/// Joins the aggregation and the device's own side: a bridge that learns nothing, speaks nothing, and forwards at once.
fn bridge(master: &str) -> Vec<String> {
    let client = interface(PORTS);
    let own = "/sys/class/net/br0/bridge";
    let mut lines = vec!["ip link add br0 type bridge".to_owned()];
    for setting in ["forward_delay", "ageing_time", "multicast_snooping"] {
        lines.push(format!("echo 0 > {own}/{setting}"));
    }
    for link in [client.as_str(), master] {
        lines.push(format!("ip link set {link} master br0"));
    }
    lines.push(format!("ip link set {client} up"));
    lines.push("ip link set br0 up".to_owned());
    lines
}

/// Takes it apart.
fn unbridge() -> String {
    format!("ip link del br0; ip link set {} down", interface(PORTS))
}

impl<S: Subject> Driver for Device<S> {
    fn wires(&mut self) -> Result<Vec<Wire>, NoBed> {
        let namespace = Some(self.machine()?.namespace().to_owned());
        let place = |card| Place {
            namespace: namespace.clone(),
            interface: tap(card),
            kind: Kind::Interface,
            owned: false,
        };
        self.cards().into_iter().map(|card| Ok(Wire::open(place(card), SLOW_FILTER)?)).collect()
    }

    fn begin(&mut self, _wires: &mut [Wire]) -> Result<(), NoBed> {
        match self.subject.begin() {
            Begin::Interface => {
                let line = format!("ip link set {} up", self.subject.master());
                self.machine()?.ask(&line)?;
            }
            Begin::Carriers => {
                for card in 0..self.ports {
                    self.machine()?.carrier(card, true)?;
                }
            }
        }
        Ok(())
    }

    fn link(&mut self, _wire: &mut Wire, port: Port, up: bool) -> Result<(), BedError> {
        let card = self.cards().get(port.index()).copied();
        let card = card.ok_or_else(|| BedError::Tester(format!("the device has no link {port}")))?;
        Ok(self.machine()?.carrier(card, up)?)
    }

    fn configure(&mut self, name: &str, value: &str) -> Result<(), BedError> {
        let line = self.subject.configure(name, value)?;
        self.machine()?.ask(&format!("set -e; {line}"))?;
        Ok(())
    }

    fn state(&mut self, name: &str, port: Port) -> Result<Option<String>, BedError> {
        let Some(machine) = self.machine.as_mut() else { return Ok(None) };
        Ok(self.subject.state(machine, name, port)?)
    }

    fn alive(&mut self) -> Result<(), String> {
        let Some(machine) = self.machine.as_mut() else { return Ok(()) };
        machine.alive()
    }

    fn instance(&self) -> Option<&Instance> {
        self.machine.as_ref().map(Machine::instance)
    }

    fn logs(&self) -> Vec<PathBuf> {
        self.machine.as_ref().map(Machine::logs).unwrap_or_default()
    }

    fn probe(&mut self) -> Option<Box<dyn FnMut() -> Option<Duration> + Send>> {
        let machine = self.machine.as_ref()?;
        Some(machine.probe(&self.life))
    }
}

impl<S: Subject> Drop for Device<S> {
    fn drop(&mut self) {
        let Some(mut machine) = self.machine.take() else { return };
        let mut line = self.subject.remove();
        if self.client {
            line = format!("{line}; {}", unbridge());
        }
        // A machine on which something may be left is of no use to others.
        if machine.ask(&format!("set -e; {line}")).is_ok() && machine.alive().is_ok() {
            self.pool.put(machine);
        }
    }
}
