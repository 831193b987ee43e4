//! Results of slow steps, kept by the fingerprint of what went in.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use anyhow::Result;
use xtask::files::walk;

/// Results that nobody asked for in this time are removed.
const KEEP: Duration = Duration::from_secs(14 * 24 * 3600);

/// A folder of results.
pub struct Cache {
    dir: PathBuf,
}

impl Cache {
    /// Uses a folder and makes it where needed.
    pub fn open(dir: &Path) -> Result<Self> {
        std::fs::create_dir_all(dir)?;
        Ok(Self {
            dir: dir.to_path_buf(),
        })
    }

    /// The result of that name, made when it is not there.
    pub fn get(&self, name: &str, make: impl FnOnce() -> Result<Vec<u8>>) -> Result<Vec<u8>> {
        let path = self.dir.join(name);
        if let Ok(bytes) = std::fs::read(&path) {
            // Its age is counted from its last use.
            if let Ok(file) = std::fs::File::options().append(true).open(&path) {
                let _ = file.set_modified(SystemTime::now());
            }
            return Ok(bytes);
        }
        let bytes = make()?;
        // Moved into place: a run that is cut off must not leave half a result.
        let part = self.dir.join(format!("{name}.{}", std::process::id()));
        std::fs::write(&part, &bytes)?;
        std::fs::rename(&part, &path)?;
        Ok(bytes)
    }

    /// Removes what has not been used for long.
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
