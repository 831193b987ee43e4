//! Backup and restore: the database, the secrets and the files of a data folder as one archive.
//!
//! A backup is taken beside a running server: `SQLite` writes a consistent copy of its database,
//! and files never change once they are there. The archive is a `tar` under `zstd` whose last
//! entry, the manifest, holds the checksum of every other. A restore unpacks and checks everything
//! inside the data folder first, under a name that no server looks at; only then it changes
//! places, by steps that a start after a crash takes to their end ([`switch::finish`]).

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

/// The form of the archive; another number is refused.
const FORMAT: u32 = 1;
/// The archive's last entry.
const MANIFEST: &str = "backup-manifest.json";
/// The database in the archive and in the data folder.
const SQLITE: &str = "rialto.db";
/// What `pg_dump` made.
const POSTGRES: &str = "rialto.pgdump";
/// Tells the health page when a backup was made last.
const LAST: &str = "last-backup.json";

/// Why there is no backup, or why it was not restored: said to the operator, with what to do.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    File {
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// There is something of this name.
    #[error("{0} exists already; choose another name or add --force")]
    Exists(PathBuf),
    /// A backup beside what it is a backup of.
    #[error("{0} is inside the data folder and would be lost with it; choose another place")]
    Inside(PathBuf),
    /// A server runs on the folder.
    #[error("the data folder {0} is in use by a running Rialto; stop it first")]
    InUse(PathBuf),
    /// There is something in the folder.
    #[error(
        "the data folder {0} is not empty; name an empty one with --data, or add --force: what is there is kept aside"
    )]
    NotEmpty(PathBuf),
    /// Not what a backup looks like.
    #[error("{path} is no backup, or is damaged: {what}. Nothing was changed")]
    Damaged {
        path: PathBuf,
        /// What does not fit.
        what: String,
    },
    /// Made by a later version.
    #[error(
        "this backup was made by Rialto {made_by}, whose database ({schema}) Rialto {own} does not know; install that version first. Nothing was changed",
        own = env!("CARGO_PKG_VERSION")
    )]
    Newer {
        /// By which.
        made_by: String,
        /// Its last migration.
        schema: String,
    },
    /// The database cannot be copied or read.
    #[error("the database: {0}")]
    Database(String),
    /// A bug.
    #[error("{0}")]
    Other(#[from] crate::shared::Error),
}

type Result<T, E = BackupError> = std::result::Result<T, E>;

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the archive.
    format: u32,
    /// The Rialto that made it.
    pub version: String,
    pub created_at: Timestamp,
    /// `sqlite` or `postgres`.
    pub database: String,
    /// Is the database in the archive?
    pub complete: bool,
    /// The migrations of the database, in order.
    schema: Vec<String>,
    /// Every file.
    pub files: Vec<Entry>,
}

/// A file of a backup.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path in the data folder.
    path: String,
    /// Its bytes.
    pub size: u64,
    /// Its checksum.
    sha256: String,
}

/// When a backup was made last, for the health page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    pub at: Timestamp,
    /// The archive's bytes.
    pub bytes: u64,
}

/// Backs an instance up while its server runs. With Postgres the database is in it when `pg_dump`
/// is at hand; [`Manifest::complete`] tells.
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

/// Puts a backup into a data folder that no server uses. What is in it is kept aside.
pub async fn restore(archive: &Path, data: &Path, force: bool) -> Result<Manifest> {
    let made = !data.exists();
    folder::prepare(data).map_err(at(data))?;
    let result = restore_into(archive, data, force).await;
    if made && result.is_err() {
        // Only what this made; a folder that somebody uses by now is not empty.
        drop(fs::remove_file(data.join(folder::LOCK)));
        drop(fs::remove_dir(data));
    }
    result
}

async fn restore_into(archive: &Path, data: &Path, force: bool) -> Result<Manifest> {
    let Some(_lock) = folder::lock(data).map_err(at(data))? else {
        return Err(BackupError::InUse(data.to_owned()));
    };
    // A restore that was interrupted comes first: it was asked for and had begun.
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

/// When this folder was backed up last, if ever.
pub fn last(data: &Path) -> Option<LastBackup> {
    let text = fs::read(data.join(LAST)).ok()?;
    serde_json::from_slice(&text).ok()
}

/// Does this Rialto know all migrations of a backup?
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

/// A path whose folder exists, without links on the way.
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

/// Names the file that the system complains about.
fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File { path, error }
}
