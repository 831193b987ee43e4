//! Why a backup or a restore fails.

use std::{
    io,
    path::{Path, PathBuf},
};

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

pub(super) type Result<T, E = BackupError> = std::result::Result<T, E>;

/// Adds the file's path to an I/O error.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> BackupError {
    let path = path.to_owned();
    move |error| BackupError::File { path, error }
}
