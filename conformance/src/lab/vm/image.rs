//! Kernel and first root of the virtual machine, built of Debian packages into the user's cache. Nothing is installed.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::fcntl::{Flock, FlockArg};

use super::cpio::Archive;
use super::modules::Modules;
use super::packages::{self, Package};
use crate::lab::process::{ProcessError, Program};

/// Small, and made for virtual machines.
const KERNEL: &str = "linux-image-cloud-amd64";
/// What the packages are called that it stands for.
const KERNEL_PREFIX: &str = "linux-image-";
/// What runs in the machine, where it is in its package, and whether it loads shared libraries.
const PROGRAMS: &[(&str, &str, bool)] = &[
    ("busybox-static", "bin/busybox", false),
    ("libteam-utils", "usr/bin/teamd", true),
    ("libteam-utils", "usr/bin/teamdctl", true),
    ("ethtool", "sbin/ethtool", true),
    ("perl-base", "usr/bin/perl", true),
];
/// The kernel's modules that are loaded: the machine's own devices, then what is tested and what carries its data.
const MODULES: &[&str] =
    &["virtio_pci", "virtio_net", "virtio_console", "bonding", "team", "team_mode_loadbalance", "bridge"];
/// Where they are in the machine.
pub const MODULES_FOLDER: &str = "/modules";
/// The first program.
const INIT: &str = include_str!("init.sh");
/// Where shared libraries are, in packages and in the image.
const LIBRARIES: &str = "lib/x86_64-linux-gnu";
/// Where apt has its lists.
const LISTS: &str = "/var/lib/apt/lists";
/// Loads programs that have shared libraries.
const LOADER: &str = "ld-linux-x86-64.so.2";

/// What an emulator boots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// The kernel.
    pub kernel: PathBuf,
    /// Its first root, an archive.
    pub initramfs: PathBuf,
    /// Version of the kernel's package: `6.1.192-2`.
    pub kernel_version: String,
    /// Version of libteam's package: `1.31-1`.
    pub team_version: String,
}

/// Why there is no image.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The packages cannot be had.
    #[error("{0} (is there a list of packages? \"apt-get update\" gets one)")]
    Apt(String),
    /// A file of ours.
    #[error("{0}")]
    File(String),
    /// A program did not do what it was to.
    #[error(transparent)]
    Program(#[from] ProcessError),
    /// The packages have not in them what was expected.
    #[error("{0}")]
    Content(String),
}

impl ImageError {
    /// A file and what is wrong with it.
    pub(super) fn file(path: &Path, error: &io::Error) -> Self {
        Self::File(format!("{}: {error}", path.display()))
    }
}

/// The image of the newest packages that apt knows of: from the cache, or built there, which takes some seconds and a
/// download of 40 megabytes.
///
/// # Errors
/// There are no such packages, or it cannot be built of them.
pub fn image() -> Result<Image, ImageError> {
    let cache = cache()?;
    let about = |error: &io::Error| ImageError::file(&cache, error);
    fs::create_dir_all(&cache).map_err(|error| about(&error))?;
    let lock = File::options().create(true).append(true).open(cache.join("lock"));
    let lock = lock.map_err(|error| about(&error))?;
    // Another tester may be building it; then it is there afterwards.
    let _lock = Flock::lock(lock, FlockArg::LockExclusive).map_err(|(_, error)| about(&error.into()))?;
    let current = cache.join("current");
    if let Some(image) = remembered(&cache, &current) {
        return Ok(image);
    }
    let kernel = packages::behind(KERNEL, KERNEL_PREFIX)?;
    let mut names: Vec<&str> = PROGRAMS.iter().map(|(package, ..)| *package).collect();
    names.dedup();
    let nothing = cache.join("nothing");
    fs::write(&nothing, "").map_err(|error| ImageError::file(&nothing, &error))?;
    let mut all = packages::closure(&names, &nothing)?;
    let versions = [kernel.version.clone(), version_of(&all, "libteam-utils")];
    all.push(kernel);
    let recipe = recipe(&all);
    let folder = folder_name(&versions[0], &recipe);
    if !is_of(&cache.join(&folder), &recipe) {
        build(&cache, &cache.join(&folder), &all, &recipe)?;
    }
    let text = format!("{:016x} {folder} {} {}", contents(), versions[0], versions[1]);
    fs::write(&current, text).map_err(|error| ImageError::file(&current, &error))?;
    let [kernel_version, team_version] = versions;
    Ok(Image::of(&cache.join(&folder), kernel_version, team_version))
}

/// What the file `current` tells, if apt got no new lists since it was written: apt takes its time to answer.
fn remembered(cache: &Path, current: &Path) -> Option<Image> {
    let changed = |path: &Path| fs::metadata(path).and_then(|data| data.modified()).ok();
    if changed(current)? <= changed(Path::new(LISTS))? {
        return None;
    }
    let text = fs::read_to_string(current).ok()?;
    let mut words = text.split(' ');
    let (made_for, folder) = (words.next()?, cache.join(words.next()?));
    let (kernel, team) = (words.next()?.to_owned(), words.next()?.to_owned());
    let image = Image::of(&folder, kernel, team);
    let whole =
        made_for == format!("{:016x}", contents()) && image.kernel.exists() && image.initramfs.exists();
    whole.then_some(image)
}

impl Image {
    fn of(folder: &Path, kernel_version: String, team_version: String) -> Self {
        let [kernel, initramfs] = ["vmlinuz", "initramfs"].map(|file| folder.join(file));
        Self { kernel, initramfs, kernel_version, team_version }
    }
}

/// `$XDG_CACHE_HOME/redspec`, or `~/.cache/redspec`.
fn cache() -> Result<PathBuf, ImageError> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let cache = variable("XDG_CACHE_HOME").or_else(|| variable("HOME").map(|home| home.join(".cache")));
    let cache = cache.ok_or_else(|| ImageError::File("neither XDG_CACHE_HOME nor HOME is set".to_owned()))?;
    Ok(cache.join("redspec/vm"))
}

/// All that decides what is in the image, a line for each.
fn recipe(packages: &[Package]) -> String {
    let mut text = format!("contents {:016x}\n", contents());
    for package in packages {
        // Writing to a text cannot fail.
        let _ = writeln!(text, "{} {}", package.name, package.version);
    }
    text
}

/// Which of it is put into the image, and how.
fn contents() -> u64 {
    let mut hasher = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), INIT, MODULES, PROGRAMS).hash(&mut hasher);
    hasher.finish()
}

fn folder_name(kernel_version: &str, recipe: &str) -> String {
    let mut hasher = DefaultHasher::new();
    recipe.hash(&mut hasher);
    format!("{kernel_version}-{:016x}", hasher.finish())
}

/// Whether the folder has the image of this recipe. It is written last, and all is moved there at once.
fn is_of(folder: &Path, recipe: &str) -> bool {
    fs::read_to_string(folder.join("recipe")).is_ok_and(|text| text == recipe)
}

fn version_of(packages: &[Package], name: &str) -> String {
    let found = packages.iter().find(|package| package.name == name);
    found.map(|package| package.version.clone()).unwrap_or_default()
}

/// A folder that is removed when this is dropped.
struct Scratch(PathBuf);

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left is overwritten by the next to build.
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn build(cache: &Path, folder: &Path, packages: &[Package], recipe: &str) -> Result<(), ImageError> {
    let scratch = Scratch(cache.join("build"));
    let _ = fs::remove_dir_all(&scratch.0);
    let [debs, root, done] = ["packages", "root", "done"].map(|part| scratch.0.join(part));
    for part in [&debs, &root, &done] {
        fs::create_dir_all(part).map_err(|error| ImageError::file(part, &error))?;
    }
    packages::unpack(packages, &debs, &root)?;
    let release = release(&root)?;
    let kernel = root.join("boot").join(format!("vmlinuz-{release}"));
    fs::copy(&kernel, done.join("vmlinuz")).map_err(|error| ImageError::file(&kernel, &error))?;
    let archive = first_root(&root, &release)?;
    for (file, content) in [("initramfs", archive.as_slice()), ("recipe", recipe.as_bytes())] {
        let path = done.join(file);
        fs::write(&path, content).map_err(|error| ImageError::file(&path, &error))?;
    }
    let _ = fs::remove_dir_all(folder);
    fs::rename(&done, folder).map_err(|error| ImageError::file(folder, &error))
}

/// The kernel's own name of its version, which its modules' folder has: `6.1.0-56-cloud-amd64`.
fn release(root: &Path) -> Result<String, ImageError> {
    let boot = root.join("boot");
    let mut entries = fs::read_dir(&boot).map_err(|error| ImageError::file(&boot, &error))?;
    entries
        .find_map(|entry| entry.ok()?.file_name().to_str()?.strip_prefix("vmlinuz-").map(str::to_owned))
        .ok_or_else(|| ImageError::Content(format!("the package behind {KERNEL} has no kernel in it")))
}

fn first_root(root: &Path, release: &str) -> Result<Vec<u8>, ImageError> {
    let mut archive = Archive::default();
    for folder in ["bin", "lib", LIBRARIES, "lib64", MODULES_FOLDER] {
        archive.folder(folder);
    }
    archive.file("init", INIT.as_bytes());
    let mut order = String::new();
    let modules = Modules::of(&in_packages(root, &format!("lib/modules/{release}"))?)?;
    for module in modules.load(MODULES)? {
        let file = format!("{}.ko", module.name);
        archive.file(&format!("{MODULES_FOLDER}/{file}"), &module.content);
        // Bonds are made when they are wanted.
        let options = if module.name == "bonding" { " max_bonds=0" } else { "" };
        let _ = writeln!(order, "{file}{options}");
    }
    archive.file(&format!("{MODULES_FOLDER}/order"), order.as_bytes());
    let mut libraries: Vec<PathBuf> = Vec::new();
    for (_, program, shared) in PROGRAMS {
        let path = in_packages(root, program)?;
        archive.file(&format!("bin/{}", name(&path)), &read(&path)?);
        if *shared {
            libraries.extend(libraries_of(root, &path)?);
        }
    }
    libraries.sort();
    libraries.dedup();
    for library in libraries {
        archive.file(&format!("{LIBRARIES}/{}", name(&library)), &read(&library)?);
    }
    archive.file(&format!("lib64/{LOADER}"), &read(&in_packages(root, &format!("{LIBRARIES}/{LOADER}"))?)?);
    Ok(archive.finish())
}

/// A path in the packages, which have it with or without `usr` before it.
fn in_packages(root: &Path, path: &str) -> Result<PathBuf, ImageError> {
    let plain = path.trim_start_matches("usr/");
    let both = [root.join(plain), root.join("usr").join(plain)];
    let found = both.into_iter().find(|path| path.exists());
    found.ok_or_else(|| ImageError::Content(format!("the packages have no {path} in them")))
}

/// The shared libraries that a program loads, found by the loader that came with them.
fn libraries_of(root: &Path, program: &Path) -> Result<Vec<PathBuf>, ImageError> {
    let folders = [root.join(LIBRARIES), root.join("usr").join(LIBRARIES)];
    let folders = std::env::join_paths(&folders).map_err(|error| ImageError::File(error.to_string()))?;
    let loader = in_packages(root, &format!("{LIBRARIES}/{LOADER}"))?;
    let mut list = Program::new([loader]);
    list.argv.extend(["--inhibit-cache".into(), "--library-path".into(), folders, "--list".into()]);
    list.argv.push(program.into());
    listed(&list.run(Duration::from_secs(20))?)
}

/// From lines such as `libc.so.6 => /lib/libc.so.6 (0x00007f0000000000)`.
fn listed(said: &str) -> Result<Vec<PathBuf>, ImageError> {
    let mut found = Vec::new();
    for (name, rest) in said.lines().filter_map(|line| line.split_once(" => ")) {
        match rest.rsplit_once(" (") {
            Some((path, _)) => found.push(PathBuf::from(path.trim())),
            None => return Err(ImageError::Content(format!("the packages have no library {}", name.trim()))),
        }
    }
    Ok(found)
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn read(path: &Path) -> Result<Vec<u8>, ImageError> {
    fs::read(path).map_err(|error| ImageError::file(path, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipe_decides_where_the_image_is() {
        let package = |version: &str| Package { name: "a".to_owned(), version: version.to_owned() };
        let (old, new) = (recipe(&[package("1")]), recipe(&[package("2")]));
        assert!(old.ends_with("a 1\n"));
        assert_ne!(folder_name("6.1", &old), folder_name("6.1", &new));
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_of(folder.path(), &old));
        fs::write(folder.path().join("recipe"), &old).unwrap();
        assert!(is_of(folder.path(), &old) && !is_of(folder.path(), &new));
    }

    #[test]
    fn libraries_as_the_loader_lists_them() {
        let said = "\tlinux-vdso.so.1 (0x00007ffd)\n\tlibc.so.6 => /r/lib/libc.so.6 (0x00007f)\n\t/lib64/ld.so (0x00007f)\n";
        assert_eq!(listed(said).unwrap(), [PathBuf::from("/r/lib/libc.so.6")]);
        let error = listed("\tlibteam.so.5 => not found\n").unwrap_err();
        assert_eq!(error.to_string(), "the packages have no library libteam.so.5");
    }
}
