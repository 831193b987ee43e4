//! Backup and restore: the database, the secrets and the files of a data folder in one archive.
//!
//! A backup runs beside a running server: `SQLite` writes a consistent copy of its database, and
//! stored files never change. The archive is a `tar` compressed with `zstd`; its last entry, the
//! manifest, contains the checksum of every other entry. A restore first unpacks and checks
//! everything inside the data folder, under a name that the server ignores. Only then it replaces
//! the current data, in steps that the next start completes after a crash ([`switch::finish`]).

mod database;
mod error;
mod manifest;
mod pack;
mod switch;
mod unpack;

#[cfg(test)]
mod tests;

use super::{config::Config, folder, tasks::blocking};
use crate::shared::time::now;
use error::{Result, at};
use manifest::{FORMAT, SQLITE, known};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use error::BackupError;
pub use manifest::{Entry, Manifest};
pub use pack::{LastBackup, last};
pub use switch::{finish, is_unfinished};

/// Backs up an instance while its server runs. A Postgres database is included if `pg_dump` is
/// installed; [`Manifest::complete`] says so.
pub async fn back_up(config: &Config, target: &Path, force: bool) -> Result<Manifest> {
    let data = config.server.data.clone();
    let target = resolved(target)?;
    let real = fs::canonicalize(&data).map_err(at(&data))?;
    if target.starts_with(&real) {
        return Err(BackupError::Inside(target));
    }
    if !force && target.exists() {
        return Err(BackupError::Exists(target));
    }
    let workshop = pack::Workshop::beside(&target)?;
    let copied = database::copy(&config.database.url, &data, workshop.path()).await?;
    let manifest = Manifest {
        format: FORMAT,
        version: env!("CARGO_PKG_VERSION").into(),
        created_at: now(),
        database: copied.kind.into(),
        complete: copied.file.is_some(),
        schema: copied.schema,
        files: Vec::new(),
    };
    let copy = copied.file;
    let packed = blocking(move || pack::pack(manifest, &data, copy, &workshop, &target, force));
    packed.await?
}

/// Restores a backup into a data folder that no server uses. The previous contents are moved aside.
pub async fn restore(archive: &Path, data: &Path, force: bool) -> Result<Manifest> {
    let made = !data.exists();
    folder::prepare(data).map_err(at(data))?;
    let result = restore_into(archive, data, force).await;
    if made && result.is_err() {
        // Removes only what this function created; a folder that is in use by now is not empty.
        drop(fs::remove_file(data.join(folder::LOCK)));
        drop(fs::remove_dir(data));
    }
    result
}

async fn restore_into(archive: &Path, data: &Path, force: bool) -> Result<Manifest> {
    let Some(_lock) = folder::lock(data).map_err(at(data))? else {
        return Err(BackupError::InUse(data.to_owned()));
    };
    // An interrupted restore was already committed, so it is completed first.
    finish(data).map_err(at(data))?;
    if !force && !switch::is_empty(data).map_err(at(data))? {
        return Err(BackupError::NotEmpty(data.to_owned()));
    }
    let (from, into) = (archive.to_owned(), data.to_owned());
    let (staged, manifest) = blocking(move || -> Result<_> {
        let staged = switch::Staged::new(&into).map_err(at(&into))?;
        let manifest = unpack::unpack(&from, staged.path())?;
        Ok((staged, manifest))
    })
    .await??;
    if manifest.database == "sqlite" {
        let copy = staged.path().join(SQLITE);
        let found = database::inspect(&copy, true)
            .await
            .map_err(|error| BackupError::Damaged {
                path: archive.to_owned(),
                what: error.to_string(),
            })?;
        known(&manifest.version, &found)?;
    }
    staged.commit().map_err(at(data))?;
    finish(data).map_err(at(data))?;
    Ok(manifest)
}

/// Returns the target with its parent folder resolved: the parent exists and has no symbolic links.
fn resolved(target: &Path) -> Result<PathBuf> {
    let nameless = || BackupError::File {
        path: target.to_owned(),
        error: io::Error::new(io::ErrorKind::InvalidInput, "names no file"),
    };
    let name = target.file_name().ok_or_else(nameless)?;
    let parent = match target.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    };
    let parent = fs::canonicalize(parent).map_err(at(parent))?;
    Ok(parent.join(name))
}
