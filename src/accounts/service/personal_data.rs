//! Personal data of accounts in other features: exported on request, deleted with the account.

use crate::platform::archive::Archive;
use crate::shared::{AccountId, Error, Result};
use async_trait::async_trait;
use serde::Serialize;
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

/// A feature that stores personal data.
#[async_trait]
pub trait PersonalData: Send + Sync {
    /// Writes the feature's data of an account to an export, in pieces, so that memory use is
    /// bounded.
    async fn copy(&self, account: AccountId, copy: &Copying) -> Result<()>;

    /// Deletes the feature's data of an account, one bounded step per call. `place: None` is the
    /// start. Returns the place of the next step; None: done. Steps can be repeated.
    async fn erase(&self, erasure: Erasure, place: Option<String>) -> Result<Option<String>>;
}

/// The deletion of one account's data.
#[derive(Clone, Copy, Debug)]
pub struct Erasure {
    pub account: AccountId,
    /// true if the messages stay.
    pub keep_messages: bool,
}

/// Destination of the features' exported data; a clone writes to the same file.
#[derive(Clone)]
pub struct Copying {
    pub(super) archive: Archive,
    pub(super) progress: Arc<Progress>,
}

/// Numbers of written lines and of all lines.
#[derive(Default)]
pub(super) struct Progress {
    pub(super) done: AtomicI64,
    pub(super) total: AtomicI64,
}

impl Copying {
    /// Starts a file in the archive; ends the previous one.
    pub async fn file(&self, name: &str) -> Result<()> {
        self.archive.file(name).await
    }

    /// Writes to the current file.
    pub async fn write(&self, text: String) -> Result<()> {
        self.archive.write(text).await
    }

    /// Adds to the number of lines to write.
    pub fn expect(&self, count: i64) {
        self.progress.total.fetch_add(count, Ordering::Relaxed);
    }

    /// Adds to the number of written lines.
    pub fn done(&self, count: i64) {
        self.progress.done.fetch_add(count, Ordering::Relaxed);
    }

    /// Writes a whole JSON file.
    pub async fn json(&self, name: &str, value: &(impl Serialize + Sync)) -> Result<()> {
        self.file(name).await?;
        let text = serde_json::to_string_pretty(value).map_err(Error::internal)?;
        self.write(text).await
    }

    /// Writes rows to the current file, as JSON Lines.
    pub async fn lines(&self, rows: &[impl Serialize + Sync]) -> Result<()> {
        let mut text = String::new();
        for row in rows {
            text.push_str(&serde_json::to_string(row).map_err(Error::internal)?);
            text.push('\n');
        }
        self.write(text).await
    }
}
