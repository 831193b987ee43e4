//! Changing places: what was unpacked and checked becomes the data folder.
//!
//! All of it happens inside the data folder, so that neither its parent has to be writable nor a
//! mount point be moved. Renaming [`STAGING`] to [`READY`] is the moment from which the restore
//! holds: whatever happens then, [`finish`] takes the rest of the steps, and no server starts
//! before it did.

use crate::platform::folder;
use crate::shared::time::now;
use std::{
    fs, io,
    path::{Path, PathBuf},
};

const STAGING: &str = ".restore.part";
const READY: &str = ".restore";
/// What was there before; the time follows.
const BEFORE: &str = "before-restore-";

/// Names in a data folder that no backup holds and no restore moves.
pub fn is_apart(name: &str) -> bool {
    name == folder::LOCK || name == STAGING || name == READY || name.starts_with(BEFORE)
}

/// Is there nothing in the folder that a restore would replace?
pub fn is_empty(data: &Path) -> io::Result<bool> {
    Ok(names(data)?.iter().all(|name| is_apart(name)))
}

/// A place for what is unpacked; goes with this value unless it is committed.
pub struct Staged {
    data: PathBuf,
    new: PathBuf,
}

impl Staged {
    /// Makes it, in the place of one that was left by an interrupted restore.
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

    /// Where to unpack.
    pub fn path(&self) -> &Path {
        &self.new
    }

    /// From here on the restore holds.
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
        // After a commit there is nothing of this name.
        drop(fs::remove_dir_all(self.data.join(STAGING)));
    }
}

/// Has a restore begun to change places and not come to its end?
pub fn is_unfinished(data: &Path) -> bool {
    data.join(READY).exists()
}

/// Takes the steps of a committed restore that are still to be taken. The caller holds the
/// folder's lock.
pub fn finish(data: &Path) -> io::Result<()> {
    let ready = data.join(READY);
    if !ready.exists() {
        return Ok(());
    }
    let (new, old) = (ready.join("new"), ready.join("old"));
    if new.exists() {
        let list = fs::read_to_string(ready.join("names"))?;
        for name in names(data)? {
            // A new one that is here already is not in `new` any more.
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

/// Has the system write down a folder and those in it; files were written down when they came.
fn sync_all(path: &Path) -> io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_all(&entry.path())?;
        }
    }
    folder::sync(path)
}
