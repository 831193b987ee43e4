//! Errors of the start.

use crate::platform::database::is_damaged;
use std::{io, net::SocketAddr, path::PathBuf};

/// Why the server cannot start. The message tells the admin what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder cannot be used.
    #[error(
        "the data folder {path} cannot be used: {error}; the account that runs Rialto must be able to \
         write there, or choose another with --data"
    )]
    Data {
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// Another server uses the data folder.
    #[error(
        "the data folder {0} is in use by another Rialto; stop it or choose another with --data"
    )]
    InUse(PathBuf),
    /// An interrupted restore must be completed first.
    #[error(
        "a restore of the data folder {0} was interrupted; start the server, which finishes it"
    )]
    Unfinished(PathBuf),
    /// The server cannot listen on the address.
    #[error("cannot listen on {address}: {error}; choose another address with --addr")]
    Listen {
        address: SocketAddr,
        /// The system's error.
        error: io::Error,
    },
    /// The database file is damaged.
    #[error(
        "the database is damaged: {0}; nothing was changed. Put a backup in its place, or keep the \
         file and start with an empty data folder"
    )]
    Damaged(String),
    /// The database cannot be used.
    #[error("the database: {0}")]
    Database(String),
    /// The built site is missing.
    #[error(
        "the built site in {path}: {error}; build it with `cargo xtask build` or name it with --site"
    )]
    Site {
        /// Where it was searched.
        path: PathBuf,
        /// The system's error.
        error: io::Error,
    },
    /// Anything else.
    #[error("{0}")]
    Other(String),
}

impl StartError {
    pub(super) fn of_database(error: &sea_orm::DbErr) -> Self {
        let said = error.to_string();
        if is_damaged(error) {
            Self::Damaged(said)
        } else {
            Self::Database(said)
        }
    }
}

impl From<crate::shared::Error> for StartError {
    fn from(error: crate::shared::Error) -> Self {
        Self::Other(error.to_string())
    }
}
