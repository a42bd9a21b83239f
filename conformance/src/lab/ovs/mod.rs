//! Open vSwitch: its LACP on the links of a bond, in real time ([`live`]) or in virtual time ([`virtual_time`]).
//!
//! Each instance is a switch of its own: a database, a daemon and a bridge in user space (`datapath_type=netdev`), which
//! needs no module of the kernel, in a network namespace. Links are TAPs, so that the daemon sees a carrier come and go.

pub mod clock;
pub mod configuration;
pub mod database;
pub mod live;
pub mod show;
pub mod switch;
pub mod unixctl;
pub mod virtual_time;

use std::time::Duration;

use self::database::explain;
use super::process::Program;
use crate::bed::NoBed;

/// What is run here, and Debian's packages that have it, or need the one that has.
pub const PROGRAMS: &[(&str, &str)] = &[
    ("ovs-vswitchd", "openvswitch-switch"),
    ("ovsdb-server", "openvswitch-switch"),
    ("ovsdb-tool", "openvswitch-switch"),
    ("ovs-vsctl", "openvswitch-switch"),
    ("ip", "iproute2"),
];

/// `Open vSwitch 3.1.0`
fn version() -> Result<String, NoBed> {
    let said = Program::new(["ovs-vswitchd", "--version"]).run(Duration::from_secs(20));
    let said = said.map_err(|error| NoBed::Tester(explain(&error)))?;
    let number = said.lines().next().and_then(|line| line.split_ascii_whitespace().next_back());
    Ok(format!("Open vSwitch {}", number.unwrap_or("of unknown version")))
}
