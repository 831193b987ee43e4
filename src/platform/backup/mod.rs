//! Backup and restore: the database, the secrets and the files of a data folder in one archive.
//!
//! A backup runs beside a running server: `SQLite` writes a consistent copy of its database, and
//! stored files never change. The archive is a `tar` compressed with `zstd`; its last entry, the
//! manifest, contains the checksum of every other entry. A restore first unpacks and checks
//! everything inside the data folder, under a name that the server ignores. Only then it replaces
//! the current data, in steps that the next start completes after a crash ([`switch::finish`]).

mod database;
mod pack;
mod switch;
mod unpack;

#[cfg(test)]
mod tests;

use super::{config::Config, folder, tasks::blocking};
use crate::shared::{Timestamp, time::now};
use serde::{Deserialize, Serialize};
use std::{
    fs, io,
    path::{Path, PathBuf},
};

pub use switch::{finish, is_unfinished};

/// Version of the archive format; archives with another version are rejected.
const FORMAT: u32 = 1;
/// Name of the archive's last entry.
const MANIFEST: &str = "backup-manifest.json";
/// Name of the database in the archive and in the data folder.
const SQLITE: &str = "rialto.db";
/// Output of `pg_dump`.
const POSTGRES: &str = "rialto.pgdump";
/// Stores the time of the last backup for the health page.
const LAST: &str = "last-backup.json";

/// Why a backup or a restore failed. The message tells the admin what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file is not readable or not writable.
    #[error("{path}: {error}")]
    File {
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// The target file already exists.
    #[error("{0} exists already; choose another name or add --force")]
    Exists(PathBuf),
    /// The target is inside the data folder.
    #[error("{0} is inside the data folder and would be lost with it; choose another place")]
    Inside(PathBuf),
    /// A server is using the data folder.
    #[error("the data folder {0} is in use by a running Rialto; stop it first")]
    InUse(PathBuf),
    /// The data folder is not empty.
    #[error(
        "the data folder {0} is not empty; name an empty one with --data, or add --force: what is there is kept aside"
    )]
    NotEmpty(PathBuf),
    /// The archive is damaged, or is not a backup.
    #[error("{path} is no backup, or is damaged: {what}. Nothing was changed")]
    Damaged {
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The backup comes from a newer version.
    #[error(
        "this backup was made by Rialto {made_by}, whose database ({schema}) Rialto {own} does not know; install that version first. Nothing was changed",
        own = env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// The version that made it.
        made_by: String,
        /// Its last migration.
        schema: String,
    },
    /// The database cannot be copied or read.
    #[error("the database: {0}")]
    Database(String),
    /// An internal error.
    #[error("{0}")]
    Other(#[from] crate::shared::Error),
}

type Result<T, E = BackupError> = std::result::Result<T, E>;

/// Contents of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// Version of the archive format.
    format: u32,
    /// The Rialto version that made the backup.
    pub version: String,
    pub created_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// true if the archive contains the database.
    pub complete: bool,
    /// Migrations of the database, in order.
    schema: Vec<String>,
    /// All files of the archive except the manifest.
    pub files: Vec<Entry>,
}

/// A file in a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Path in the data folder.
    path: String,
    /// Size in bytes.
    pub size: u64,
    /// SHA-256 checksum.
    sha256: String,
}

/// Time and size of the last backup, for the health page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    pub at: Timestamp,
    /// Size of the archive in bytes.
    pub bytes: u64,
}

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

/// Returns the last backup of this data folder. None: it was never backed up.
pub fn last(data: &Path) -> Option<LastBackup> {
    let text = fs::read(data.join(LAST)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Checks that this version knows all migrations of a backup.
fn known(made_by: &str, schema: &[String]) -> Result<()> {
    use migrations::{Migrator, MigratorTrait};
    let own = Migrator::migrations();
    let unknown = |name: &&String| !own.iter().any(|own| own.name() == name.as_str());
    match schema.iter().rfind(unknown) {
        None => Ok(()),
        Some(schema) => Err(BackupError::Newer {
            made_by: made_by.to_owned(),
            schema: schema.clone(),
        }),
    }
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

/// Adds the file's path to an I/O error.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File { path, error }
}
