//! The data folder: readable by its owner only, and used by one server at a time.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::Path,
};

/// Lock file of the server that uses the folder.
pub const LOCK: &str = "rialto.lock";

/// Creates the folder if it is missing, and makes an existing one private.
pub fn prepare(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        tighten(path)
    } else {
        make(path)
    }
}

/// Creates a folder and its parents; only their owner can read them.
pub fn make(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Options for opening a file that only its owner can read.
pub fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Locks the folder for this process; the system releases the lock when the process ends, even
/// after a crash. None: another process holds it.
pub fn lock(path: &Path) -> io::Result<Option<File>> {
    let file = private()
        .create(true)
        .truncate(false)
        .open(path.join(LOCK))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(fs::TryLockError::WouldBlock) => Ok(None),
        Err(fs::TryLockError::Error(error)) => Err(error),
    }
}

/// Flushes the folder's entries to disk, so a rename in it survives a power loss.
pub fn sync(path: &Path) -> io::Result<()> {
    // Only Unix can open folders.
    if cfg!(unix) {
        File::open(path)?.sync_all()?;
    }
    Ok(())
}

/// Removes the permissions of other users from our data folder and our files in it.
#[cfg(unix)]
fn tighten(path: &Path) -> io::Result<()> {
    let ours = |name: &str| name.starts_with("rialto.") || name.ends_with(".key");
    let mut found = Vec::new();
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name().to_str().is_some_and(ours) {
            found.push(entry.path());
        }
    }
    // A folder without our files may have other purposes.
    if !found.is_empty() {
        found.push(path.to_owned());
    }
    for path in found {
        if let Err(error) = restrict(&path) {
            tracing::warn!(file.path = %path.display(), error.cause = %error, "readable by other users, and the mode cannot be changed");
        }
    }
    Ok(())
}

#[cfg(unix)]
fn restrict(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let metadata = fs::symlink_metadata(path)?;
    let mode = metadata.permissions().mode() & 0o777;
    if metadata.is_symlink() || mode & 0o077 == 0 {
        return Ok(());
    }
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o700))?;
    tracing::warn!(file.path = %path.display(), file.mode = format!("{mode:o}"), "was readable by other users; now only by the owner");
    Ok(())
}

#[cfg(not(unix))]
fn tighten(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_loose_folder_is_closed() {
        use std::os::unix::fs::PermissionsExt;
        let data = tempfile::tempdir().unwrap();
        let set = |name: &str, mode| {
            let path = data.path().join(name);
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
        };
        let mode = |name: &str| {
            let metadata = fs::metadata(data.path().join(name)).unwrap();
            metadata.permissions().mode() & 0o777
        };
        fs::write(data.path().join("notes.txt"), "").unwrap();
        set("", 0o755);
        prepare(data.path()).unwrap();
        assert_eq!(mode(""), 0o755, "nothing of ours is in it");

        for name in ["rialto.db", "rialto.db-wal", "signing.key"] {
            fs::write(data.path().join(name), "").unwrap();
            set(name, 0o644);
        }
        set("notes.txt", 0o644);
        prepare(data.path()).unwrap();
        assert_eq!(mode(""), 0o700);
        for name in ["rialto.db", "rialto.db-wal", "signing.key"] {
            assert_eq!(mode(name), 0o600, "{name}");
        }
        assert_eq!(mode("notes.txt"), 0o644, "not ours to change");
    }

    #[test]
    fn one_at_a_time() {
        let data = tempfile::tempdir().unwrap();
        let held = lock(data.path()).unwrap();
        assert!(held.is_some());
        assert!(lock(data.path()).unwrap().is_none());
        drop(held);
        assert!(lock(data.path()).unwrap().is_some());
    }
}
