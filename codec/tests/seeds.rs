//! The properties over the seeds of the fuzz targets.

use std::path::Path;

use redspec_codec::properties::{Effort, TARGETS};

#[test]
fn every_seed_has_every_property() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    let mut count = 0;
    for (target, property) in TARGETS {
        let directory = seeds.join(target);
        let entries =
            std::fs::read_dir(&directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
        for entry in entries {
            let octets = std::fs::read(entry.unwrap().path()).unwrap();
            property(&octets, Effort::Every);
            count += 1;
        }
    }
    assert!(count > TARGETS.len(), "{count} seeds");
}
