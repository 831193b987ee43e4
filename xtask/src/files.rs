//! Reads folders and detects changes in them.

use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use anyhow::{Context, Result};

/// A running 64-bit FNV-1a hash. It distinguishes versions of our own files; it does not protect
/// against deliberate collisions.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    /// Adds bytes.
    pub fn with(mut self, bytes: &[u8]) -> Self {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
        self
    }

    /// Adds a text and an end marker, so that "a","bc" differs from "ab","c".
    pub fn with_text(self, text: &str) -> Self {
        self.with(text.as_bytes()).with(&[0xff])
    }

    /// Sixteen hexadecimal digits.
    pub fn hex(self) -> String {
        format!("{:016x}", self.0)
    }
}

/// True if the file system of a folder (which may not exist yet) is almost full.
pub fn is_full(dir: &Path) -> bool {
    const HARDLY: u64 = 64 * 1024 * 1024;
    let there = dir.ancestors().find(|dir| dir.is_dir());
    let facts = there.and_then(|dir| rustix::fs::statvfs(dir).ok());
    facts.is_some_and(|facts| facts.f_bavail * facts.f_frsize < HARDLY)
}

/// Returns all files below `dir` in a stable order; none if it does not exist. Skips folders whose
/// name is in `skip`.
pub fn walk(dir: &Path, skip: &[&str]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if dir.is_dir() {
        walk_into(dir, skip, &mut found)?;
    }
    found.sort();
    Ok(found)
}

fn walk_into(dir: &Path, skip: &[&str], found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(dir).with_context(|| format!("reading {}", dir.display()))? {
        let entry = entry?;
        let path = entry.path();
        if path.is_dir() {
            if !skip.iter().any(|name| entry.file_name() == *name) {
                walk_into(&path, skip, found)?;
            }
        } else {
            found.push(path);
        }
    }
    Ok(())
}

/// Adds names and contents of all files below `dir` (or of the file `dir`).
pub fn fingerprint_of(mut print: Fingerprint, dir: &Path) -> Result<Fingerprint> {
    let files = if dir.is_file() {
        vec![dir.to_path_buf()]
    } else {
        walk(dir, &[])?
    };
    for file in files {
        let bytes = std::fs::read(&file).with_context(|| format!("reading {}", file.display()))?;
        let name = file.strip_prefix(dir).unwrap_or(&file);
        print = print
            .with_text(&name.to_string_lossy())
            .with(&bytes)
            .with(&[0xff]);
    }
    Ok(print)
}

/// Adds size and modification time of one file, for files that are too large to read each time.
pub fn fingerprint_of_stat(print: Fingerprint, file: &Path) -> Result<Fingerprint> {
    let meta = std::fs::metadata(file).with_context(|| format!("reading {}", file.display()))?;
    let time = meta
        .modified()?
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Ok(print
        .with(&meta.len().to_le_bytes())
        .with(&time.as_nanos().to_le_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprint_is_the_published_function() {
        assert_eq!(
            Fingerprint::default().with(b"foobar").hex(),
            "85944171f73967e8"
        );
    }

    #[test]
    fn fingerprint_sees_names_and_contents() {
        let dir = tempfile::tempdir().unwrap();
        let print = || {
            fingerprint_of(Fingerprint::default(), dir.path())
                .unwrap()
                .hex()
        };
        std::fs::write(dir.path().join("a"), "1").unwrap();
        let first = print();
        assert_eq!(first, print());
        std::fs::write(dir.path().join("a"), "2").unwrap();
        let second = print();
        assert_ne!(first, second);
        std::fs::rename(dir.path().join("a"), dir.path().join("b")).unwrap();
        assert_ne!(second, print());
    }

    #[test]
    fn walk_skips_folders_by_name() {
        let dir = tempfile::tempdir().unwrap();
        for name in ["keep/x", "node_modules/y"] {
            let path = dir.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = walk(dir.path(), &["node_modules"]).unwrap();
        assert_eq!(found, [dir.path().join("keep/x")]);
    }
}
