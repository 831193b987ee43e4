//! Exports of an account's data.
//!
//! A worker writes them, feature by feature, into a ZIP file in the data folder, which is deleted
//! after some days. The row of the request stays, so a server that was stopped or killed starts the
//! export again.

use super::{
    Service,
    personal_data::{Copying, Progress},
};
use crate::{
    accounts::{AccountKind, Export, ExportState, OwnData, Viewer, store},
    platform::{archive, database::Tx, folder, lease::Rate, tasks::Worker},
    shared::{AccountId, Error, Result, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde_json::json;
use std::{
    path::PathBuf,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long an export can be downloaded.
const KEPT: TimeDelta = TimeDelta::days(2);
/// Pause between two checks for expired exports, and for requests that reached other nodes.
const EVERY: Duration = Duration::from_mins(5);
/// Pause between two updates of the stored progress.
const NOTED_EVERY: Duration = Duration::from_secs(1);
/// Exports per account.
const RATE: Rate = Rate {
    count: 6,
    window: Duration::from_hours(1),
};
/// Most expired exports deleted at once.
const BATCH: u64 = 100;

impl Service {
    /// Requests an export; it replaces the previous one. If one is in progress, returns that one.
    ///
    /// # Errors
    /// `too-many-attempts`; `forbidden` for guests and bots.
    pub async fn request_export(&self, viewer: &Viewer) -> Result<Export> {
        let account = viewer.account;
        if viewer.kind != AccountKind::Person {
            return Err(Error::forbidden());
        }
        if let Some(export) = self.export(viewer).await?
            && export.state == ExportState::Preparing
        {
            return Ok(export);
        }
        self.limit("export", &account.to_string(), RATE).await?;
        let before = store::export(&self.inner.db, account).await?;
        let job = move |tx: Tx| async move {
            store::insert_export(&tx, account, Uuid::now_v7(), now()).await
        };
        self.inner.db.write(account.0, job).await?;
        if let Some(before) = before {
            self.remove_file(before.id).await;
        }
        self.inner.exporting.notify_one();
        self.export(viewer).await?.ok_or_else(Error::not_found)
    }

    /// Returns the viewer's export with its progress. None: none, or expired.
    pub async fn export(&self, viewer: &Viewer) -> Result<Option<Export>> {
        let found = store::export(&self.inner.db, viewer.account).await?;
        Ok(found
            .map(|found| found.export)
            .filter(|export| export.expires_at.is_none_or(|end| end > now())))
    }

    /// Returns the contents of the page with data export and account deletion.
    pub async fn own_data(&self, viewer: &Viewer) -> Result<OwnData> {
        Ok(OwnData {
            export: self.export(viewer).await?,
            deletion_days: self.inner.accounts.deletion_days,
            second_factor: self.has_second_factor(viewer.account).await?,
        })
    }

    /// Returns the path of the viewer's exported file.
    ///
    /// # Errors
    /// `not-found` if there is no export, or it is not ready or has expired.
    pub async fn export_file(&self, viewer: &Viewer) -> Result<PathBuf> {
        let found = store::export(&self.inner.db, viewer.account).await?;
        let ready = found.filter(|found| {
            let over = found.export.expires_at.is_none_or(|end| end <= now());
            found.export.state == ExportState::Ready && !over
        });
        Ok(self.path_of(ready.ok_or_else(Error::not_found)?.id))
    }

    /// Writes all requested exports, and deletes expired ones.
    pub async fn export_all(&self, cancel: &CancellationToken) -> Result<()> {
        for (account, id) in store::exports_over(&self.inner.db, now(), BATCH).await? {
            self.remove_file(id).await;
            let job = move |tx: Tx| async move { store::remove_export(&tx, account).await };
            self.inner.db.write(account.0, job).await?;
        }
        while let Some((account, id)) = store::next_export(&self.inner.db).await? {
            tokio::select! {
                made = self.make(account, id) => self.end(id, made).await?,
                // The file stays incomplete; the next start writes it again.
                () = cancel.cancelled() => return Ok(()),
            }
        }
        Ok(())
    }

    async fn make(&self, account: AccountId, id: Uuid) -> Result<u64> {
        folder::make(&self.exports()).map_err(Error::internal)?;
        let (archive, pieces) = archive::new();
        let progress = Arc::new(Progress::default());
        let copying = Copying {
            archive,
            progress: Arc::clone(&progress),
        };
        let writing = archive::write(self.path_of(id), pieces);
        let work = async { tokio::join!(self.gather(account, copying), writing) };
        tokio::select! {
            (gathered, written) = work => gathered.and(written),
            never = self.note_progress(id, &progress) => match never {},
        }
    }

    async fn gather(&self, account: AccountId, copying: Copying) -> Result<()> {
        let found = self.account(account).await?.ok_or_else(Error::not_found)?;
        copying.json("profile.json", &found).await?;
        let sessions = store::list(&self.inner.db, account, now()).await?;
        let sessions: Vec<_> = sessions
            .into_iter()
            .map(|session| {
                json!({
                    "user_agent": session.user_agent,
                    "address": session.address,
                    "created_at": session.created_at,
                    "last_used_at": session.last_used_at,
                })
            })
            .collect();
        copying.json("sessions.json", &sessions).await?;
        for feature in self.personal_data() {
            feature.copy(account, &copying).await?;
        }
        Ok(())
    }

    async fn note_progress(&self, id: Uuid, progress: &Progress) -> std::convert::Infallible {
        loop {
            tokio::time::sleep(NOTED_EVERY).await;
            let done = progress.done.load(Ordering::Relaxed);
            let total = progress.total.load(Ordering::Relaxed);
            let job =
                move |tx: Tx| async move { store::export_progress(&tx, id, done, total).await };
            if let Err(error) = self.inner.db.write(id, job).await {
                tracing::warn!(error.cause = %error, "export progress not stored");
            }
        }
    }

    async fn end(&self, id: Uuid, made: Result<u64>) -> Result<()> {
        let (state, size) = match made {
            Ok(size) => (ExportState::Ready, i64::try_from(size).unwrap_or(i64::MAX)),
            Err(error) => {
                tracing::warn!(error.cause = %error, "export failed");
                (ExportState::Failed, 0)
            }
        };
        let job = move |tx: Tx| async move {
            store::end_export(&tx, id, state, size, now() + KEPT).await
        };
        let wanted = self.inner.db.write(id, job).await?;
        if !wanted || state == ExportState::Failed {
            self.remove_file(id).await;
        }
        Ok(())
    }

    /// Deletes an account's export and its file.
    pub(super) async fn forget_export(&self, account: AccountId) -> Result<()> {
        let found = store::export(&self.inner.db, account).await?;
        let job = move |tx: Tx| async move { store::remove_export(&tx, account).await };
        self.inner.db.write(account.0, job).await?;
        if let Some(found) = found {
            self.remove_file(found.id).await;
        }
        Ok(())
    }

    async fn remove_file(&self, id: Uuid) {
        // The file may not exist.
        drop(tokio::fs::remove_file(self.path_of(id)).await);
    }

    fn path_of(&self, id: Uuid) -> PathBuf {
        self.exports().join(format!("{id}.zip"))
    }

    fn exports(&self) -> PathBuf {
        self.inner.server.data.join("exports")
    }
}

/// Worker that writes exports, one after the other.
pub struct Exporter(
    /// Writes exports of this service's accounts.
    pub Service,
);

#[async_trait]
impl Worker for Exporter {
    fn name(&self) -> &'static str {
        "accounts.exporter"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        loop {
            if let Err(error) = self.0.export_all(&cancel).await {
                tracing::warn!(error.cause = %error, "exports failed; retrying later");
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = self.0.inner.exporting.notified() => {}
                () = cancel.cancelled() => break,
            }
        }
    }
}

/// Returns the file name of the download.
pub(in crate::accounts) fn file_name(viewer: &Viewer) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = viewer.username.chars().filter(plain).collect();
    format!("rialto-{name}.zip")
}
