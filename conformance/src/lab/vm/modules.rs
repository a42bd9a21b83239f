//! Modules of a kernel: which files are needed for some of them, and in which order they are loaded.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::image::ImageError;
use crate::lab::process::Program;

/// A module that is to be loaded.
#[derive(Debug, PartialEq, Eq)]
pub struct Module {
    /// Its name, with underscores.
    pub name: String,
    /// Its content, not compressed.
    pub content: Vec<u8>,
}

/// The modules of one kernel.
#[derive(Debug)]
pub struct Modules {
    files: BTreeMap<String, PathBuf>,
    /// What is part of the kernel itself.
    builtin: Vec<String>,
}

impl Modules {
    /// Those below a folder such as `/lib/modules/6.1.0-56-cloud-amd64`.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn of(folder: &Path) -> Result<Self, ImageError> {
        let mut files = BTreeMap::new();
        find(folder, &mut files)?;
        let builtin = fs::read_to_string(folder.join("modules.builtin")).unwrap_or_default();
        Ok(Self { files, builtin: builtin.lines().filter_map(|line| name_of(Path::new(line))).collect() })
    }

    /// These modules and all that they need, in an order in which they can be loaded.
    ///
    /// # Errors
    /// The kernel has no such module, or its file cannot be read.
    pub fn load(&self, names: &[&str]) -> Result<Vec<Module>, ImageError> {
        let mut loaded = Vec::new();
        for name in names {
            self.add(name, &mut loaded, 0)?;
        }
        Ok(loaded)
    }

    fn add(&self, name: &str, loaded: &mut Vec<Module>, depth: usize) -> Result<(), ImageError> {
        let name = name.replace('-', "_");
        if loaded.iter().any(|module| module.name == name) || self.builtin.contains(&name) {
            return Ok(());
        }
        let missing = || ImageError::Content(format!("the kernel has no module {name}"));
        let file = self.files.get(&name).filter(|_| depth < 32).ok_or_else(missing)?;
        let content = read(file)?;
        for needed in dependencies(&content) {
            self.add(&needed, loaded, depth + 1)?;
        }
        loaded.push(Module { name, content });
        Ok(())
    }
}

/// All module files below a folder, by name.
fn find(folder: &Path, files: &mut BTreeMap<String, PathBuf>) -> Result<(), ImageError> {
    for entry in fs::read_dir(folder).map_err(|error| ImageError::file(folder, &error))? {
        let entry = entry.map_err(|error| ImageError::file(folder, &error))?;
        let path = entry.path();
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            find(&path, files)?;
        } else if let Some(name) = name_of(&path) {
            files.insert(name, path);
        }
    }
    Ok(())
}

/// The name of the module in a file such as `kernel/net/802/stp.ko.xz`.
fn name_of(path: &Path) -> Option<String> {
    let file = path.file_name()?.to_str()?;
    let (name, packed) = file.split_once(".ko")?;
    ["", ".xz", ".zst", ".gz"].contains(&packed).then(|| name.replace('-', "_"))
}

/// The content of a module's file; Debian packs them in some releases.
fn read(path: &Path) -> Result<Vec<u8>, ImageError> {
    let unpack = match path.extension().and_then(|extension| extension.to_str()) {
        Some("xz") => Some(["xz", "--decompress"]),
        Some("zst") => Some(["unzstd", "--quiet"]),
        Some("gz") => Some(["gzip", "--decompress"]),
        _ => None,
    };
    let Some(unpack) = unpack else { return fs::read(path).map_err(|error| ImageError::file(path, &error)) };
    Program::new(unpack).run_for(path)?;
    let plain = path.with_extension("");
    fs::read(&plain).map_err(|error| ImageError::file(&plain, &error))
}

impl Program {
    /// With a path as its last argument, to its end.
    fn run_for(mut self, path: &Path) -> Result<(), ImageError> {
        self.argv.push(path.into());
        Ok(self.run(Duration::from_secs(60)).map(drop)?)
    }
}

/// What a module says that it needs: the entry `depends=` of its section `.modinfo`, which is a list of strings that
/// each end with 0.
fn dependencies(module: &[u8]) -> Vec<String> {
    const ENTRY: &[u8] = b"\0depends=";
    let Some(at) = module.windows(ENTRY.len()).position(|window| window == ENTRY) else { return Vec::new() };
    let value = module[at + ENTRY.len()..].split(|octet| *octet == 0).next().unwrap_or_default();
    let value = String::from_utf8_lossy(value);
    value.split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_loaded_after_what_they_need() {
        let folder = tempfile::tempdir().unwrap();
        let put = |path: &str, needs: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, format!("\x7fELF\0license=GPL\0depends={needs}\0name=x\0")).unwrap();
        };
        put("kernel/net/bridge/bridge.ko", "stp,llc");
        put("kernel/net/802/stp.ko", "llc");
        put("kernel/net/llc/llc.ko", "");
        put("kernel/drivers/virtio-net.ko", "llc,core");
        fs::write(folder.path().join("modules.builtin"), "kernel/drivers/core.ko\n").unwrap();
        let modules = Modules::of(folder.path()).unwrap();
        let loaded = modules.load(&["bridge", "virtio_net", "core"]).unwrap();
        let names: Vec<&str> = loaded.iter().map(|module| module.name.as_str()).collect();
        assert_eq!(names, ["llc", "stp", "bridge", "virtio_net"]);
        let error = modules.load(&["bonding"]).unwrap_err();
        assert_eq!(error.to_string(), "the kernel has no module bonding");
    }

    #[test]
    fn modules_that_need_each_other_are_no_endless_loop() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.ko"), "\0depends=b\0").unwrap();
        fs::write(folder.path().join("b.ko"), "\0depends=a\0").unwrap();
        assert!(Modules::of(folder.path()).unwrap().load(&["a"]).is_err());
    }

    #[test]
    fn names_of_files() {
        let name = |path| name_of(Path::new(path));
        assert_eq!(name("kernel/drivers/char/hw_random/virtio-rng.ko.xz").as_deref(), Some("virtio_rng"));
        assert_eq!(name("stp.ko").as_deref(), Some("stp"));
        assert_eq!(name("modules.order"), None);
        assert_eq!(name("stp.ko.sig"), None);
    }
}
