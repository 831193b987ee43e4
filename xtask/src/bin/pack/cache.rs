//! Caches the results of slow steps under the fingerprint of their input.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use xtask::files::walk;

/// Results that were not used for this long are removed.
const KEEP: Duration = Duration::from_secs(14 * 24 * 3600);

/// A folder of cached results.
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// Opens a folder and creates it if needed.
    pub fn open(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self {
            dir: dir.to_path_buf(),
        })
    }

    /// Returns the result with that name, and creates it if it is missing.
    pub fn get(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let path = self.dir.join(name);
        if let Ok(bytes) = std::fs::read(&path) {
            // Its age counts from its last use.
            if let Ok(file) = std::fs::File::options().append(true).open(&path) {
                let _ = file.set_modified(SystemTime::now());
            }
            return Ok(bytes);
        }
        let bytes = make()?;
        // Written aside and renamed, so an interrupted run leaves no incomplete result.
        let part = self.dir.join(format!("{name}.{}", std::process::id()));
        std::fs::write(&part, &bytes)?;
        std::fs::rename(&part, &path)?;
        Ok(bytes)
    }

    /// Removes results that have not been used for a long time.
    pub fn forget_old(&self) -> Result<()> {
        for file in walk(&self.dir, &[])? {
            let age = file.metadata()?.modified()?.elapsed().unwrap_or_default();
            if age > KEEP {
                std::fs::remove_file(file)?;
            }
        }
        Ok(())
    }
}
