//! Writing the archive.

use super::error::{BackupError, Result, at};
use super::manifest::{Entry, MANIFEST, Manifest, POSTGRES, SQLITE};
use super::switch;
use crate::platform::folder;
use crate::platform::hash::Hashing;
use crate::shared::Timestamp;
use serde::{Deserialize, Serialize};
use std::{
    fs::{self, File},
    io::{self, BufWriter, Read, Write},
    path::{Path, PathBuf},
};
use tar::{Builder, Header};
use zstd::Encoder;

/// Stores the time of the last backup for the health page.
const LAST: &str = "last-backup.json";

/// Time and size of the last backup, for the health page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    pub at: Timestamp,
    /// Size of the archive in bytes.
    pub bytes: u64,
}

/// Compression level: slightly slower than the fastest, and much smaller.
const LEVEL: i32 = 5;

/// A private folder beside the target for unfinished files; deleted on drop.
pub struct Workshop(PathBuf);

impl Workshop {
    /// Creates the folder.
    pub fn beside(target: &Path) -> Result<Self> {
        let name = target.file_name().unwrap_or_default().to_string_lossy();
        let path = target.with_file_name(format!(".{name}.{}.part", std::process::id()));
        folder::make(&path).map_err(at(&path))?;
        Ok(Self(path))
    }

    /// Path of the folder.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Workshop {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// Writes the archive and moves it to its final name.
pub fn pack(
    mut manifest: Manifest,
    data: &Path,
    database: Option<PathBuf>,
    workshop: &Workshop,
    target: &Path,
    force: bool,
) -> Result<Manifest> {
    let unfinished = workshop.path().join("archive");
    let file = folder::private()
        .create_new(true)
        .open(&unfinished)
        .map_err(at(&unfinished))?;
    let mut encoder = Encoder::new(BufWriter::new(file), LEVEL).map_err(at(&unfinished))?;
    encoder.include_checksum(true).map_err(at(&unfinished))?;
    let mut archive = Builder::new(encoder);
    if let Some(path) = database {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        manifest.files.push(add(&mut archive, &path, &name)?);
        // Frees the disk space of the copy, which can be large.
        fs::remove_file(&path).map_err(at(&path))?;
    }
    for path in files(data).map_err(at(data))? {
        let name = path.to_string_lossy().replace('\\', "/");
        match add(&mut archive, &data.join(&path), &name) {
            Ok(entry) => manifest.files.push(entry),
            // The file was deleted after it was listed.
            Err(BackupError::File { error, .. }) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    let text = serde_json::to_vec_pretty(&manifest).map_err(crate::shared::Error::internal)?;
    let written = archive
        .append_data(&mut header(text.len() as u64), MANIFEST, text.as_slice())
        .and_then(|()| archive.into_inner())
        .and_then(Encoder::finish)
        .and_then(|buffer| buffer.into_inner().map_err(io::Error::from))
        .and_then(|file| file.sync_all());
    written.map_err(at(&unfinished))?;
    let bytes = fs::metadata(&unfinished).map_err(at(&unfinished))?.len();
    if !force && target.exists() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    fs::rename(&unfinished, target).map_err(at(target))?;
    let folder = target.parent().unwrap_or(target);
    folder::sync(folder).map_err(at(folder))?;
    note(data, &manifest, bytes);
    Ok(manifest)
}

/// Adds a file at its current size; bytes appended later are not included.
fn add(archive: &mut Builder<impl Write>, path: &Path, name: &str) -> Result<Entry> {
    let file = File::open(path).map_err(at(path))?;
    let size = file.metadata().map_err(at(path))?.len();
    let mut content = Hashing::new(file.take(size));
    archive
        .append_data(&mut header(size), name, &mut content)
        .map_err(at(path))?;
    let (sha256, read) = content.finish();
    if read != size {
        let error = io::Error::new(
            io::ErrorKind::UnexpectedEof,
            "became shorter while it was read",
        );
        return Err(at(path)(error));
    }
    Ok(Entry {
        path: name.to_owned(),
        size,
        sha256,
    })
}

fn header(size: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(size);
    header.set_mode(0o600);
    header
}

/// Returns the files of a data folder that belong in a backup beside the database, in order: no
/// links, no lock, no temporary files.
fn files(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(data.join(&folder))? {
            let entry = entry?;
            let name = entry.file_name();
            let Some(text) = name.to_str() else { continue };
            let top = folder == Path::new("");
            let remade = text.starts_with(SQLITE) || [POSTGRES, MANIFEST, LAST].contains(&text);
            if top && (remade || switch::is_apart(text)) {
                continue;
            }
            let unfinished = Path::new(text)
                .extension()
                .is_some_and(|end| end == "new" || end == "part");
            let kind = entry.file_type()?;
            if kind.is_dir() {
                folders.push(folder.join(&name));
            } else if kind.is_file() && !unfinished {
                found.push(folder.join(&name));
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Records the backup for the health page. The backup is valid without this record.
fn note(data: &Path, manifest: &Manifest, bytes: u64) {
    let last = LastBackup {
        at: manifest.created_at,
        bytes,
    };
    let written = serde_json::to_vec(&last)
        .map_err(io::Error::other)
        .and_then(|text| {
            let new = data.join("last-backup.new");
            folder::private()
                .create(true)
                .truncate(true)
                .open(&new)?
                .write_all(&text)?;
            fs::rename(new, data.join(LAST))
        });
    if let Err(error) = written {
        tracing::warn!(error.cause = %error, "backup written, but the health page does not show it");
    }
}

/// Returns the last backup of this data folder. None: it was never backed up.
pub fn last(data: &Path) -> Option<LastBackup> {
    let text = fs::read(data.join(LAST)).ok()?;
    serde_json::from_slice(&text).ok()
}
