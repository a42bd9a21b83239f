//! Which device is tested: a reference, one of a lab, or the user's own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use redspec::bed::sim::SimLab;
use redspec::bed::{Lab, NoBed};
use redspec::lab::hooks::ProfileMaker;
use redspec::lab::profile::{Profile as DeviceProfile, survey};
use redspec::lab::{self as labs, Known, LiveLab};
use redspec::reference::lab::{self, Profile};
use redspec::reference::mutant;
use redspec::scenario::Test;
use redspec::scenario::filter::{Filter, Selection};
use redspec::settings::Settings;
use redspec::spec::{Edition, PROTOCOLS};
use redspec::suite;
use redspec::waivers::Waivers;

use super::exit::{Exit, Failure};

/// What is tested, and by which edition.
#[derive(clap::Args)]
pub struct Device {
    #[command(flatten)]
    reference: Reference,
    /// What fails in a lab in virtual time is run in real time too, and has to fail there.
    #[arg(long, requires = "lab")]
    confirm_real: bool,
    /// Run against a device that comes with redspec; `redspec lab list` names them.
    #[arg(long, value_name = "NAME", conflicts_with_all = ["edition", "profile", "mutant"])]
    lab: Option<String>,
    /// Run against a device that this profile describes; `redspec dut init` writes one.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["edition", "profile", "mutant", "lab"])]
    dut: Option<PathBuf>,
    /// Send even if the default route leads, or may lead, through the interface.
    #[arg(long, requires = "dut")]
    i_own_this_network: bool,
}

/// Which reference.
#[derive(clap::Args)]
pub struct Reference {
    /// Edition of the standard: 802.1ax-2008, 802.1ax-2014, 802.1ax-2020 (or the year alone), rfc2338, rfc3768, rfc5798,
    /// rfc9568, rfc2281, cisco-hsrp1, cisco-hsrp2.
    #[arg(long, value_name = "E")]
    edition: Option<Edition>,
    /// How the reference is configured where a test does not say; `redspec list --profiles` names them.
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The reference with this deliberate defect; `redspec list --mutants` names them.
    #[arg(long, value_name = "ID")]
    mutant: Option<String>,
}

/// A device, and what is to be said of it.
pub struct Chosen {
    pub lab: Box<dyn Lab>,
    /// Its name, with that of its profile.
    pub name: String,
    /// What of the command line it takes to get the same device again.
    pub arguments: Vec<String>,
    /// What is known to fail on it.
    pub waivers: Waivers,
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
    /// The device that is meant. Once `stop` is true a live one goes no further.
    pub fn choose(&self, tests: &[&Test], stop: &Arc<AtomicBool>) -> Result<Chosen, Failure> {
        match (&self.lab, &self.dut) {
            (Some(name), _) => open(name, self.confirm_real, stop),
            (None, Some(file)) => described(file, self.i_own_this_network, stop),
            (None, None) => self.reference.choose(tests),
        }
    }
}

impl Reference {
    /// A reference of that edition, or else as the profile says that is meant; but for these settings.
    pub fn lab(&self, protocol: Option<Edition>, settings: &[(String, String)]) -> Result<SimLab, Failure> {
        let profile = match protocol {
            Some(edition) => Self { edition: Some(edition), profile: None, mutant: None }.profile(&[])?,
            None => self.profile(&[])?,
        };
        self.of(profile, settings)
    }

    fn of(&self, profile: &Profile, settings: &[(String, String)]) -> Result<SimLab, Failure> {
        let settings: Settings = settings.iter().map(|(name, value)| (name, value)).collect();
        let settings = settings.over(&profile.settings());
        match &self.mutant {
            None => Ok(lab::reference(profile.edition, settings)),
            Some(id) => mutant(id, profile.edition, settings),
        }
    }

    fn choose(&self, tests: &[&Test]) -> Result<Chosen, Failure> {
        let profile = self.profile(tests)?;
        let lab = self.of(profile, &[])?;
        let mut arguments = vec!["--profile".to_owned(), profile.name.to_owned()];
        if let Some(id) = &self.mutant {
            arguments.extend(["--mutant".to_owned(), id.clone()]);
        }
        let name = format!("{} ({})", lab.device(), profile.name);
        Ok(Chosen { lab: Box::new(lab), name, arguments, waivers: Waivers::default() })
    }

    /// The profile that is meant: by name, by edition, or the first that the tests wanted can run on.
    fn profile(&self, tests: &[&Test]) -> Result<&'static Profile, Failure> {
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
        // In the order of the profiles, not of the tests: all tests together are for the first.
        let can_be_run = |profile: &&Profile| {
            tests.is_empty()
                || tests.iter().filter_map(|test| edition_of(test)).any(|of| alike(of, profile.edition))
        };
        let found =
            lab::PROFILES.iter().filter(fits).find(|profile| self.edition.is_some() || can_be_run(profile));
        found.ok_or_else(|| {
            let editions: Vec<&str> = lab::PROFILES.iter().map(|profile| profile.edition.name()).collect();
            Failure::usage(format!("there is no reference of that edition, only of {}", editions.join(", ")))
        })
    }
}

/// The reference with a deliberate defect.
fn mutant(id: &str, edition: Edition, mut settings: Settings) -> Result<SimLab, Failure> {
    let mutants = mutant::all();
    let mutant = mutants.iter().find(|mutant| mutant.id == *id);
    let mutant = mutant.ok_or_else(|| {
        Failure::usage(format!("there is no mutant {id:?}; redspec list --mutants names them all"))
    })?;
    if !mutant.editions.contains(edition) {
        let editions: Vec<&str> = mutant.editions.iter().map(Edition::name).collect();
        return Err(Failure::usage(format!("mutant {id} is of {}, not of {}", editions.join(", "), edition)));
    }
    for (name, value) in mutant.settings {
        settings.set(name, value);
    }
    Ok(mutant.lab(edition, settings))
}

/// The lab of that name.
pub fn known(name: &str) -> Result<&'static Known, Failure> {
    labs::KNOWN.iter().find(|known| known.name == name).ok_or_else(|| {
        let names: Vec<&str> = labs::KNOWN.iter().map(|known| known.name).collect();
        Failure::usage(format!("there is no lab {name:?}, expected one of {}", names.join(", ")))
    })
}

fn open(name: &str, confirm: bool, stop: &Arc<AtomicBool>) -> Result<Chosen, Failure> {
    let known = known(name)?;
    known.check().map_err(no_bed)?;
    let mut lab = (known.open)(Arc::clone(stop)).map_err(no_bed)?;
    if confirm {
        let Some(real) = known.real else {
            return Err(Failure::usage(format_args!(
                "the lab {name} is in real time: it needs no --confirm-real"
            )));
        };
        let real = (self::known(real)?.open)(Arc::clone(stop)).map_err(no_bed)?;
        lab = Box::new(labs::Confirmed { quick: lab, real });
    }
    let path = PathBuf::from(format!("waivers of the lab {}", known.name));
    let waivers = Waivers::parse(&path, known.waivers).map_err(Failure::tester)?;
    Ok(Chosen {
        name: format!("{} (lab {})", lab.device(), known.name),
        lab,
        arguments: ["--lab", known.name]
            .into_iter()
            .chain(confirm.then_some("--confirm-real"))
            .map(str::to_owned)
            .collect(),
        waivers,
    })
}

/// The device that a profile describes.
fn described(file: &Path, owned: bool, stop: &Arc<AtomicBool>) -> Result<Chosen, Failure> {
    let profile = DeviceProfile::read(file).map_err(Failure::usage)?;
    let problems = survey::problems(&profile, owned);
    if !problems.is_empty() {
        return Err(Failure::usage(format_args!("{}: {}", file.display(), problems.join("; "))));
    }
    if !nix::unistd::geteuid().is_root() {
        return Err(Failure::tester("a device is tested on interfaces: that needs root"));
    }
    let mut waivers = Waivers::default();
    for path in &profile.waivers {
        waivers.extend(Waivers::read(path).map_err(Failure::usage)?);
    }
    let tests = suite::tests();
    waivers.check(|id| super::run::is_known(&tests, id)).map_err(Failure::usage)?;
    let name = format!("{} ({})", profile.name, file.display());
    let lab = LiveLab::new(Box::new(ProfileMaker::new(profile, owned)), Arc::clone(stop));
    let arguments = vec!["--dut".to_owned(), file.display().to_string()];
    Ok(Chosen { lab: Box::new(lab), name, arguments, waivers })
}

/// Why there is no device, as the end of a command.
pub fn no_bed(error: NoBed) -> Failure {
    match error {
        NoBed::NotApplicable(_) | NoBed::Setting(_) => Failure::usage(error),
        NoBed::NotReady(_) => Failure { exit: Exit::Device, text: error.to_string() },
        NoBed::Tester(_) => Failure::tester(error),
    }
}
