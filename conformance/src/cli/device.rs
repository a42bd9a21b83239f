//! Which device is tested: so far a reference.

use redspec::bed::sim::SimLab;
use redspec::reference::lab::{self, Profile};
use redspec::reference::lacp::mutants;
use redspec::scenario::Test;
use redspec::scenario::filter::{Filter, Selection};
use redspec::spec::{Edition, PROTOCOLS};

use super::exit::Failure;

/// What is tested, and by which edition.
#[derive(clap::Args)]
pub struct Device {
    /// Edition of the standard to judge by: 802.1ax-2008, 802.1ax-2014, 802.1ax-2020 (or the year alone), rfc5798, rfc9568.
    #[arg(long, value_name = "E")]
    edition: Option<Edition>,
    /// How the reference is configured where a test does not say; `redspec list --profiles` names them.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// Run against the reference with this deliberate defect; `redspec list --mutants` names them.
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
}

/// Which tests.
#[derive(clap::Args)]
pub struct Filters {
    /// Prefix of test ids, or a glob: lacp.rx, '*.timeout*'. Several may be given.
    #[arg(value_name = "FILTER")]
    filters: Vec<String>,
    /// Leave out what this prefix or glob matches; it is counted and listed.
    #[arg(short = 'x', long = "exclude", value_name = "FILTER")]
    excluded: Vec<String>,
}

impl Filters {
    pub fn selection(&self) -> Selection {
        let filters = |texts: &[String]| texts.iter().map(|text| Filter::from(text.as_str())).collect();
        Selection { wanted: filters(&self.filters), excluded: filters(&self.excluded) }
    }
}

/// The editions of a test's protocol agree in what they are editions of: the tests of one run have to.
pub fn edition_of(test: &Test) -> Option<Edition> {
    let protocol = test.id.split('.').next()?;
    let protocol = PROTOCOLS.iter().find(|known| known.name == protocol)?;
    let profiles = lab::PROFILES.iter().map(|profile| profile.edition);
    profiles.into_iter().find(|edition| protocol.editions.contains(*edition))
}

/// Both are editions of the same standard.
pub fn alike(a: Edition, b: Edition) -> bool {
    PROTOCOLS.iter().any(|protocol| protocol.editions.contains(a) && protocol.editions.contains(b))
}

impl Device {
    /// The profile that is meant: by name, by edition, or the first that the tests wanted can run on.
    pub fn profile(&self, tests: &[&Test]) -> Result<&'static Profile, Failure> {
        let fits = |profile: &&Profile| self.edition.is_none_or(|edition| profile.edition == edition);
        if let Some(name) = &self.profile {
            let found = lab::PROFILES.iter().find(|profile| profile.name == name.as_str());
            let names: Vec<&str> = lab::PROFILES.iter().map(|profile| profile.name).collect();
            let unknown =
                || Failure::usage(format!("unknown profile {name:?}, expected one of {}", names.join(", ")));
            let profile = found.ok_or_else(unknown)?;
            return if fits(&profile) {
                Ok(profile)
            } else {
                Err(Failure::usage(format!("profile {name} is of edition {}", profile.edition)))
            };
        }
        let wanted = self.edition.or_else(|| tests.iter().find_map(|test| edition_of(test)));
        let found =
            lab::PROFILES.iter().find(|profile| wanted.is_none_or(|edition| profile.edition == edition));
        found.ok_or_else(|| {
            let editions: Vec<&str> = lab::PROFILES.iter().map(|profile| profile.edition.name()).collect();
            Failure::usage(format!("there is no reference of that edition, only of {}", editions.join(", ")))
        })
    }

    /// The device.
    pub fn lab(&self, profile: &Profile) -> Result<SimLab, Failure> {
        let Some(id) = &self.mutant else { return Ok(lab::reference(profile.edition, profile.settings())) };
        let mutants = mutants::all();
        let mutant = mutants.iter().find(|mutant| mutant.id == *id);
        let mutant = mutant.ok_or_else(|| {
            Failure::usage(format!("there is no mutant {id:?}; redspec list --mutants names them all"))
        })?;
        if !mutant.editions.contains(profile.edition) {
            let editions: Vec<&str> = mutant.editions.iter().map(Edition::name).collect();
            return Err(Failure::usage(format!(
                "mutant {id} is of {}, not of {}",
                editions.join(", "),
                profile.edition
            )));
        }
        let mut settings = profile.settings();
        for (name, value) in mutant.settings {
            settings.set(name, value);
        }
        Ok(lab::mutant(profile.edition, settings, mutant.tables(profile.edition)))
    }

    /// What of the command line it takes to get the same device again.
    pub fn arguments(&self, profile: &Profile) -> Vec<String> {
        let mut arguments = vec!["--profile".to_owned(), profile.name.to_owned()];
        if let Some(id) = &self.mutant {
            arguments.extend(["--mutant".to_owned(), id.clone()]);
        }
        arguments
    }
}
