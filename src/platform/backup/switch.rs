//! Replaces the contents of the data folder with the unpacked and checked backup.
//!
//! All steps happen inside the data folder, so its parent need not be writable and the folder can
//! be a mount point. Renaming [`STAGING`] to [`READY`] commits the restore: after it [`finish`]
//! completes the remaining steps even after a crash, and no server starts before that.

use crate::platform::folder;
use crate::shared::time::now;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

const STAGING: &str = ".restore.part";
const READY: &str = ".restore";
/// Prefix of the folder with the previous contents; a timestamp follows.
const BEFORE: &str = "before-restore-";

/// true for names in a data folder that backups and restores ignore.
pub fn is_apart(name: &str) -> bool {
    name == folder::LOCK || name == STAGING || name == READY || name.starts_with(BEFORE)
}

/// true if the folder contains nothing that a restore would replace.
pub fn is_empty(data: &Path) -> io::Result<bool> {
    Ok(names(data)?.iter().all(|name| is_apart(name)))
}

/// A folder for the unpacked backup; deleted on drop unless it is committed.
pub struct Staged {
    data: PathBuf,
    new: PathBuf,
}

impl Staged {
    /// Creates the folder and replaces one left by an interrupted restore.
    pub fn new(data: &Path) -> io::Result<Self> {
        let staging = data.join(STAGING);
        if staging.exists() {
            fs::remove_dir_all(&staging)?;
        }
        let new = staging.join("new");
        folder::make(&new)?;
        folder::make(&staging.join("old"))?;
        Ok(Self {
            data: data.to_owned(),
            new,
        })
    }

    /// The folder to unpack into.
    pub fn path(&self) -> &Path {
        &self.new
    }

    /// Commits the restore.
    pub fn commit(self) -> io::Result<()> {
        let staging = self.data.join(STAGING);
        let list = names(&self.new)?.join("\n");
        let path = staging.join("names");
        fs::write(&path, list)?;
        fs::File::open(&path)?.sync_all()?;
        sync_all(&staging)?;
        fs::rename(&staging, self.data.join(READY))?;
        folder::sync(&self.data)
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        // Does nothing after a commit, which renamed the folder.
        drop(fs::remove_dir_all(self.data.join(STAGING)));
    }
}

/// true if a restore was committed but not completed.
pub fn is_unfinished(data: &Path) -> bool {
    data.join(READY).exists()
}

/// Completes the remaining steps of a committed restore. The caller holds the data folder's lock.
pub fn finish(data: &Path) -> io::Result<()> {
    let ready = data.join(READY);
    if !ready.exists() {
        return Ok(());
    }
    let (new, old) = (ready.join("new"), ready.join("old"));
    if new.exists() {
        let list = fs::read_to_string(ready.join("names"))?;
        for name in names(data)? {
            // An entry that was already moved here is no longer in `new`.
            let arrived = list.lines().any(|new| new == name) && !new.join(&name).exists();
            if !is_apart(&name) && !arrived {
                fs::rename(data.join(&name), old.join(&name))?;
            }
        }
        for name in names(&new)? {
            fs::rename(new.join(&name), data.join(&name))?;
        }
        folder::sync(data)?;
        fs::remove_dir(&new)?;
    }
    if old.exists() && !names(&old)?.is_empty() {
        let stamp = now().format("%Y%m%d-%H%M%S%.6f");
        fs::rename(&old, data.join(format!("{BEFORE}{stamp}")))?;
    }
    fs::remove_dir_all(&ready)?;
    folder::sync(data)
}

fn names(folder: &Path) -> io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        if let Ok(name) = entry?.file_name().into_string() {
            names.push(name);
        }
    }
    Ok(names)
}

/// Flushes a folder and its subfolders to disk. Their files were flushed when they were written.
fn sync_all(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        }
    }
    folder::sync(path)
}
