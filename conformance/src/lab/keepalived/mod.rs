//! keepalived, each in a network namespace of its own: the virtual routers' interfaces are macvlans that it makes.

mod configuration;
mod router;

use std::time::Duration;

use self::router::Router;
use super::Maker;
use super::process::Program;
use super::vrrp::Kind;
use crate::bed::live::Driver;
use crate::bed::{NoBed, Wanted};
use crate::settings::Settings;
use crate::spec::Edition;

/// What is run here, and Debian's packages that have it.
pub const PROGRAMS: &[(&str, &str)] = &[("keepalived", "keepalived"), ("ip", "iproute2")];

/// Makes routers.
pub struct Routers {
    device: String,
    kind: Kind,
}

/// Routers of the keepalived that is installed here, judged by this edition.
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

/// `keepalived 2.2.7`; it says it to its standard error.
fn version() -> Result<String, NoBed> {
    let said = Program::new(["sh", "-c", "keepalived --version 2>&1"]).run(Duration::from_secs(20));
    let said = said.map_err(|error| NoBed::Tester(error.to_string()))?;
    let number = said.split_ascii_whitespace().nth(1).map(|word| word.trim_start_matches('v'));
    Ok(format!("keepalived {}", number.unwrap_or("of unknown version")))
}
