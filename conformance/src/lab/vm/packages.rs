//! Debian packages, without installing them: which are needed, their files, and what is in those.

use std::ffi::OsString;
use std::path::Path;
use std::time::Duration;

use super::image::ImageError;
use crate::lab::process::{ProcessError, Program};

/// Looking into the lists of packages.
const LOOK: Duration = Duration::from_secs(60);
/// Some tens of megabytes over any line.
const DOWNLOAD: Duration = Duration::from_secs(1800);
/// Unpacking the largest.
const UNPACK: Duration = Duration::from_secs(300);

/// A package in a version.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// These packages, and all that they need to run, as if nothing were installed; `nothing` is an empty file that says so.
///
/// # Errors
/// apt does not know them.
pub fn closure(names: &[&str], nothing: &Path) -> Result<Vec<Package>, ImageError> {
    let status = format!("Dir::State::status={}", nothing.display());
    // Without its own cache, which is of what is installed here.
    let options = [
        "--print-uris",
        "-qq",
        "-y",
        "--no-install-recommends",
        "-o",
        "Dir::Cache::pkgcache=",
        "-o",
        &status,
    ];
    let said = apt("apt-get", options.iter().chain(&["install"]).chain(names), None, LOOK)?;
    let mut packages: Vec<Package> = said.lines().filter_map(from_uri).collect();
    packages.sort();
    if let Some(missing) = names.iter().find(|name| !packages.iter().any(|package| package.name == **name)) {
        return Err(ImageError::Content(format!("apt-get does not say where to get {missing}")));
    }
    Ok(packages)
}

/// The package that a meta package stands for: the one it depends on whose name begins so.
///
/// # Errors
/// apt does not know it, or it is none.
pub fn behind(meta: &str, prefix: &str) -> Result<Package, ImageError> {
    let said = apt("apt-cache", ["show", "--no-all-versions", meta], None, LOOK)?;
    from_depends(&said, prefix)
        .ok_or_else(|| ImageError::Content(format!("the package {meta} depends on no package {prefix}...")))
}

/// Downloads packages into a folder and unpacks them into another.
///
/// # Errors
/// One of both did not work.
pub fn unpack(packages: &[Package], folder: &Path, into: &Path) -> Result<(), ImageError> {
    let wanted: Vec<String> =
        packages.iter().map(|package| format!("{}={}", package.name, package.version)).collect();
    let options = ["-q", "-o", "APT::Sandbox::User=root", "download"];
    apt("apt-get", options.into_iter().chain(wanted.iter().map(String::as_str)), Some(folder), DOWNLOAD)?;
    for entry in std::fs::read_dir(folder).map_err(|error| ImageError::file(folder, &error))? {
        let path = entry.map_err(|error| ImageError::file(folder, &error))?.path();
        if path.extension().is_some_and(|extension| extension == "deb") {
            let argv: [OsString; 4] = ["dpkg-deb".into(), "-x".into(), path.into(), into.into()];
            Program::new(argv).run(UNPACK)?;
        }
    }
    Ok(())
}

fn apt(
    program: &str,
    arguments: impl IntoIterator<Item = impl AsRef<str>>,
    directory: Option<&Path>,
    limit: Duration,
) -> Result<String, ImageError> {
    let mut run = Program::new([program]).with("LC_ALL", "C").with("DEBIAN_FRONTEND", "noninteractive");
    run.argv.extend(arguments.into_iter().map(|argument| argument.as_ref().into()));
    run.directory = directory.map(Path::to_owned);
    run.run(limit).map_err(|error| match error {
        ProcessError::Failed(..) => ImageError::Apt(error.to_string()),
        error => error.into(),
    })
}

/// A line such as `'http://mirror/pool/e_1%3a2-3_amd64.deb' e_1%3a2-3_amd64.deb 1234 SHA256:...`.
fn from_uri(line: &str) -> Option<Package> {
    let mut parts = line.split_ascii_whitespace().nth(1)?.strip_suffix(".deb")?.split('_');
    let (name, version) = (parts.next()?, parts.next()?);
    Some(Package { name: name.to_owned(), version: version.replace("%3a", ":") })
}

/// In what apt-cache shows, a line such as `Depends: linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)`.
fn from_depends(text: &str, prefix: &str) -> Option<Package> {
    let depends = text.lines().find_map(|line| line.strip_prefix("Depends:"))?;
    let found = depends.split(',').map(str::trim).find(|one| one.starts_with(prefix))?;
    let (name, version) = found.split_once(' ')?;
    let version = version.trim().strip_prefix("(=")?.strip_suffix(')')?;
    Some(Package { name: name.to_owned(), version: version.trim().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_apt_says() {
        let uri =
            "'http://mirror.example/pool/e/e_1%3a6.1-1+b2_amd64.deb' e_1%3a6.1-1+b2_amd64.deb 4 SHA256:00";
        let package = Package { name: "e".to_owned(), version: "1:6.1-1+b2".to_owned() };
        assert_eq!(from_uri(uri), Some(package));
        assert_eq!(from_uri("Reading package lists..."), None);
        assert_eq!(from_uri(""), None);
        let shown =
            "Package: linux-image-cloud-amd64\nDepends: x, linux-image-6.1.0-56-cloud-amd64 (= 6.1.192-2)\n";
        let kernel = from_depends(shown, "linux-image-").unwrap();
        assert_eq!(
            (kernel.name.as_str(), kernel.version.as_str()),
            ("linux-image-6.1.0-56-cloud-amd64", "6.1.192-2")
        );
        assert_eq!(from_depends("Depends: linux-image-6.1", "linux-image-"), None);
        assert_eq!(from_depends("", "linux-image-"), None);
    }
}
