//! The archive that Linux unpacks as its first root: cpio in the "newc" format (`cpio -H newc`).

/// Marks an entry of the format.
const MAGIC: &str = "070701";
/// Names the end.
const TRAILER: &str = "TRAILER!!!";

const FOLDER: u32 = 0o040_755;
const PROGRAM: u32 = 0o100_755;

/// An archive while it is written. Equal contents give equal octets.
#[derive(Debug, Default)]
pub struct Archive {
    octets: Vec<u8>,
    entries: u32,
}

impl Archive {
    /// Adds a folder; those above it have to be there already.
    pub fn folder(&mut self, path: &str) {
        self.entry(path, FOLDER, &[]);
    }

    /// Adds a file that anybody may read and run.
    pub fn file(&mut self, path: &str, content: &[u8]) {
        self.entry(path, PROGRAM, content);
    }

    /// The whole archive.
    pub fn finish(mut self) -> Vec<u8> {
        self.entry(TRAILER, 0, &[]);
        self.octets
    }

    fn entry(&mut self, path: &str, mode: u32, content: &[u8]) {
        let path = path.trim_start_matches('/');
        self.entries += 1;
        let length = |octets: usize| u32::try_from(octets).unwrap_or(u32::MAX);
        // inode, mode, owner, group, links, time, size, device (2), its own device (2), size of the name, checksum
        let size = length(content.len());
        let fields = [self.entries, mode, 0, 0, 1, 0, size, 0, 0, 0, 0, length(path.len() + 1), 0];
        self.octets.extend(MAGIC.bytes());
        for field in fields {
            self.octets.extend(format!("{field:08x}").bytes());
        }
        self.octets.extend(path.bytes());
        self.octets.push(0);
        self.pad();
        self.octets.extend(content);
        self.pad();
    }

    /// Name and content end on a multiple of 4.
    fn pad(&mut self) {
        self.octets.resize(self.octets.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_aligned_and_say_their_sizes() {
        let mut archive = Archive::default();
        archive.folder("bin");
        archive.file("/bin/x", b"hello");
        let octets = archive.finish();
        assert_eq!(octets.len() % 4, 0);
        let folder = "070701".to_owned()
            + "00000001000041ed00000000000000000000000100000000000000000000000000000000"
            + "00000000000000000000000400000000";
        assert_eq!(std::str::from_utf8(&octets[..110]).unwrap(), folder);
        assert_eq!(&octets[110..116], b"bin\0\0\0");
        let file = &octets[116..];
        assert_eq!(&file[..6], b"070701");
        assert_eq!(&file[54..62], b"00000005");
        assert_eq!(&file[94..102], b"00000006");
        assert_eq!(&file[110..124], b"bin/x\0hello\0\0\0");
        assert!(octets.windows(TRAILER.len()).any(|window| window == TRAILER.as_bytes()));
    }
}
