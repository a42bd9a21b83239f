//! The codec links where there is no std.

use std::path::Path;
use std::process::Command;

#[test]
fn it_links_without_std() {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("no-std/Cargo.toml");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--manifest-path"])
        .arg(&manifest)
        .arg("--target-dir")
        .arg(Path::new(env!("CARGO_TARGET_TMPDIR")).join("no-std"))
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
