//! A copy of everything that somebody has written, to take along.
//!
//! It is gathered in the background, feature by feature, into a ZIP file in the data folder that
//! goes away by itself. A server that was stopped or killed in between begins anew: the row says
//! what is wanted.

use super::Service;
use crate::{
    accounts::{AccountKind, Export, ExportState, OwnData, Viewer, store},
    platform::{
        archive::{self, Archive},
        database::Tx,
        folder,
        lease::Rate,
        tasks::Worker,
    },
    shared::{AccountId, Error, Result, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use serde::Serialize;
use serde_json::json;
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// How long a copy can be fetched.
const KEPT: TimeDelta = TimeDelta::days(2);
/// How often is looked for what is over, or was asked for at another node.
const EVERY: Duration = Duration::from_mins(5);
/// How often the progress is noted.
const NOTED_EVERY: Duration = Duration::from_secs(1);
/// Copies that somebody may ask for.
const RATE: Rate = Rate {
    count: 6,
    window: Duration::from_hours(1),
};
/// Copies that are cleared up at once.
const BATCH: u64 = 100;

/// Where features put what somebody has written; a clone is the same one.
#[derive(Clone)]
pub struct Copying {
    archive: Archive,
    progress: Arc<Progress>,
}

#[derive(Default)]
struct Progress {
    done: AtomicI64,
    total: AtomicI64,
}

impl Copying {
    /// Begins a file; the one before is finished.
    pub async fn file(&self, name: &str) -> Result<()> {
        self.archive.file(name).await
    }

    /// Writes to the present file.
    pub async fn write(&self, text: String) -> Result<()> {
        self.archive.write(text).await
    }

    /// So much more is to come.
    pub fn expect(&self, count: i64) {
        self.progress.total.fetch_add(count, Ordering::Relaxed);
    }

    /// So much of it was done.
    pub fn done(&self, count: i64) {
        self.progress.done.fetch_add(count, Ordering::Relaxed);
    }

    /// A whole file of JSON.
    pub async fn json(&self, name: &str, value: &(impl Serialize + Sync)) -> Result<()> {
        self.file(name).await?;
        let text = serde_json::to_string_pretty(value).map_err(Error::internal)?;
        self.write(text).await
    }

    /// Writes a stretch of rows to the present file, as JSON Lines.
    pub async fn lines(&self, rows: &[impl Serialize + Sync]) -> Result<()> {
        let mut text = String::new();
        for row in rows {
            text.push_str(&serde_json::to_string(row).map_err(Error::internal)?);
            text.push('\n');
        }
        self.write(text).await
    }
}

impl Service {
    /// Asks for a copy, in the place of the one before; one that is being made goes on.
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

    /// The viewer's copy, as far as it is.
    pub async fn export(&self, viewer: &Viewer) -> Result<Option<Export>> {
        let found = store::export(&self.inner.db, viewer.account).await?;
        Ok(found
            .map(|found| found.export)
            .filter(|export| export.expires_at.is_none_or(|end| end > now())))
    }

    /// What the page of the viewer's data shows.
    pub async fn own_data(&self, viewer: &Viewer) -> Result<OwnData> {
        Ok(OwnData {
            export: self.export(viewer).await?,
            deletion_days: self.inner.accounts.deletion_days,
            second_factor: self.has_second_factor(viewer.account).await?,
        })
    }

    /// The file of the viewer's copy.
    ///
    /// # Errors
    /// `not-found` when there is none, or it is not ready.
    pub async fn export_file(&self, viewer: &Viewer) -> Result<PathBuf> {
        let found = store::export(&self.inner.db, viewer.account).await?;
        let ready = found.filter(|found| {
            let over = found.export.expires_at.is_none_or(|end| end <= now());
            found.export.state == ExportState::Ready && !over
        });
        Ok(self.path_of(ready.ok_or_else(Error::not_found)?.id))
    }

    /// Makes all copies that are wanted, and removes those whose time is over.
    pub async fn export_all(&self, cancel: &CancellationToken) -> Result<()> {
        for (account, id) in store::exports_over(&self.inner.db, now(), BATCH).await? {
            self.remove_file(id).await;
            let job = move |tx: Tx| async move { store::remove_export(&tx, account).await };
            self.inner.db.write(account.0, job).await?;
        }
        while let Some((account, id)) = store::next_export(&self.inner.db).await? {
            tokio::select! {
                made = self.make(account, id) => self.end(id, made).await?,
                // The file is left half written; the next start makes it anew.
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
        let sessions = store::list(&self.inner.db, &found, now()).await?;
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
        for keeper in self.keepers() {
            keeper.copy(account, &copying).await?;
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

    /// Removes what there is of an account's copy, for good.
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
        // It may never have been made.
        drop(tokio::fs::remove_file(self.path_of(id)).await);
    }

    fn path_of(&self, id: Uuid) -> PathBuf {
        self.exports().join(format!("{id}.zip"))
    }

    fn exports(&self) -> PathBuf {
        self.inner.server.data.join("exports")
    }
}

/// The worker that makes copies, one after the other.
pub struct Exporter(
    /// Of whose accounts.
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

/// The name under which a copy is saved.
pub(in crate::accounts) fn file_name(viewer: &Viewer) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let name: String = viewer.username.chars().filter(plain).collect();
    format!("rialto-{name}.zip")
}
