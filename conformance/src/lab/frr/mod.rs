//! FRRouting's vrrpd and the zebra that it needs, each pair in a network namespace of its own. The virtual routers'
//! interfaces are macvlans that whoever runs it has to make.

mod configuration;
mod router;
mod vty;

use std::time::Duration;

use self::router::Router;
use super::Maker;
use super::process::Program;
use super::vrrp::Kind;
use crate::bed::live::Driver;
use crate::bed::{NoBed, Wanted};
use crate::settings::Settings;
use crate::spec::Edition;

/// The daemon of the protocol.
const VRRPD: &str = "/usr/lib/frr/vrrpd";
/// The one that knows the kernel.
const ZEBRA: &str = "/usr/lib/frr/zebra";

/// What is run here, and Debian's packages that have it.
pub const PROGRAMS: &[(&str, &str)] = &[(VRRPD, "frr"), (ZEBRA, "frr"), ("ip", "iproute2")];

/// Makes routers.
pub struct Routers {
    device: String,
    kind: Kind,
}

/// Routers of the FRRouting that is installed here, judged by this edition.
///
/// # Errors
/// It is not, and where it is to be had.
pub fn maker(edition: Edition) -> Result<Routers, NoBed> {
    Ok(Routers { device: version()?, kind: configuration::kind(edition) })
}

impl Maker for Routers {
    fn device(&self) -> String {
        self.device.clone()
    }

    fn edition(&self) -> Edition {
        self.kind.edition
    }

    fn settings(&self) -> &Settings {
        &self.kind.profile
    }

    /// They mostly wait.
    fn jobs(&self) -> usize {
        std::thread::available_parallelism().map_or(1, std::num::NonZero::get) * 8
    }

    fn start(&self, wanted: &Wanted) -> Result<Box<dyn Driver>, NoBed> {
        Ok(Box::new(Router::start(&self.kind, wanted)?))
    }
}

/// `FRRouting 8.4.4`
fn version() -> Result<String, NoBed> {
    let said = Program::new([VRRPD, "--version"]).run(Duration::from_secs(20));
    let said = said.map_err(|error| NoBed::Tester(error.to_string()))?;
    let number = said.lines().next().and_then(|line| line.split_ascii_whitespace().next_back());
    Ok(format!("FRRouting {}", number.unwrap_or("of unknown version")))
}
