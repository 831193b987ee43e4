//! The email queue, and the worker that sends emails.

use super::{rules, store};
use crate::shared::sync::{read, write};
use crate::{
    platform::{
        database::{Database, Tx},
        smtp::{Letter, Post, Refusal},
        tasks::Worker,
    },
    shared::{AccountId, Result, time::now},
};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use std::{
    collections::HashMap,
    sync::{Arc, RwLock},
    time::Duration,
};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// Pause before a retry if the server stopped while sending.
const INTERRUPTED: TimeDelta = TimeDelta::minutes(5);
/// How long failed emails stay for admins to see.
const KEPT: TimeDelta = TimeDelta::days(30);
/// Most time between two checks of the queue without a notification.
const LONGEST_SLEEP: Duration = Duration::from_mins(10);
/// Pause after a database error.
const LATER: Duration = Duration::from_secs(10);
/// Most characters of a stored error.
const FAILURE: usize = 300;

/// Writes an email of one kind to an account. None: the email is no longer needed.
type Writer = Arc<dyn Fn(AccountId) -> BoxFuture<'static, Result<Option<Letter>>> + Send + Sync>;

/// The email queue; a clone shares it.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    db: Database,
    post: Option<Box<dyn Post>>,
    writers: RwLock<HashMap<&'static str, Writer>>,
    wake: Notify,
}

/// State of the email queue.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failures {
    /// Number of queued emails.
    pub waiting: u64,
    /// Number of emails that failed for good in the last 30 days.
    pub failed: u64,
    /// Last error of the mail server or of the connection to it.
    pub last: Option<String>,
}

impl Service {
    /// Creates the queue. Without `post` it queues nothing.
    pub fn new(db: Database, post: Option<Box<dyn Post>>) -> Self {
        Self {
            inner: Arc::new(Inner {
                db,
                post,
                writers: RwLock::default(),
                wake: Notify::new(),
            }),
        }
    }

    /// true if emails can be sent.
    pub fn is_on(&self) -> bool {
        self.inner.post.is_some()
    }

    /// Registers the writer for a kind of email.
    pub fn on_kind(
        &self,
        kind: &'static str,
        writer: impl Fn(AccountId) -> BoxFuture<'static, Result<Option<Letter>>> + Send + Sync + 'static,
    ) {
        let mut writers = write(&self.inner.writers);
        writers.insert(kind, Arc::new(writer));
    }

    /// Queues an email of this kind to an account; it is sent after the commit.
    pub async fn enqueue(&self, tx: &Tx, kind: &'static str, account: AccountId) -> Result<()> {
        if !self.is_on() {
            return Ok(());
        }
        store::insert(tx, kind, account, now()).await?;
        let inner = Arc::clone(&self.inner);
        tx.after_commit(async move { inner.wake.notify_one() });
        Ok(())
    }

    /// Cancels unsent emails of this kind to an account. A writer that is already running checks
    /// [`Self::waits`].
    pub async fn cancel(tx: &Tx, kind: &'static str, account: AccountId) -> Result<()> {
        store::cancel(tx, kind, account).await
    }

    /// true if an email of this kind to an account is still to be sent.
    pub async fn waits(tx: &Tx, kind: &'static str, account: AccountId) -> Result<bool> {
        store::waits(tx, kind, account).await
    }

    /// Returns the state of the queue.
    pub async fn failures(&self) -> Result<Failures> {
        let (waiting, failed) = store::counts(&self.inner.db).await?;
        let last = store::last_failure(&self.inner.db).await?;
        Ok(Failures {
            waiting,
            failed,
            last,
        })
    }

    /// Sends the email that is due first. Returns false if none is due.
    pub(super) async fn send_one(&self) -> Result<bool> {
        let Some(post) = &self.inner.post else {
            return Ok(false);
        };
        let at = now();
        let job = move |tx: Tx| async move { store::take(&tx, at, at + INTERRUPTED).await };
        let Some(letter) = self.inner.db.write(Uuid::nil(), job).await? else {
            return Ok(false);
        };
        let writer = {
            let writers = read(&self.inner.writers);
            writers.get(letter.kind.as_str()).cloned()
        };
        let outcome = match writer {
            None => Err(Refusal::Final(format!("no template for {}", letter.kind))),
            Some(write) => match write(letter.account_id).await {
                Ok(Some(written)) => post.send(&written).await,
                Ok(None) => Ok(()),
                Err(error) => Err(Refusal::Passing(error.to_string())),
            },
        };
        self.note(letter, outcome).await?;
        Ok(true)
    }

    async fn note(&self, letter: store::Letter, outcome: Result<(), Refusal>) -> Result<()> {
        let job = move |tx: Tx| async move {
            let Err(refusal) = outcome else {
                return store::delete(&tx, letter.id).await;
            };
            let failure: String = refusal.to_string().chars().take(FAILURE).collect();
            // A mail server's error may contain the recipient's address.
            let logged = rules::without_addresses(&failure);
            let over = letter.attempts >= rules::MOST_ATTEMPTS;
            if over || matches!(refusal, Refusal::Final(_)) {
                tracing::error!(letter.id = %letter.id, letter.kind = letter.kind, error.cause = logged, "email not sent; giving up");
                return store::give_up(&tx, letter.id, &failure, now()).await;
            }
            tracing::warn!(letter.id = %letter.id, letter.kind = letter.kind, error.cause = logged, "email refused by the mail server");
            let due = now() + rules::pause(letter.attempts, rand::random());
            store::postpone(&tx, letter.id, &failure, due).await
        };
        self.inner.db.write(Uuid::nil(), job).await
    }

    async fn sweep(&self) -> Result<()> {
        let job = |tx: Tx| async move { store::forget_failed(&tx, now() - KEPT).await };
        self.inner.db.write(Uuid::nil(), job).await
    }

    /// Returns the time until the next email is due.
    async fn sleep(&self) -> Result<Duration> {
        let due = store::next_due(&self.inner.db).await?;
        let wait = due.map(|due| (due - now()).to_std().unwrap_or_default());
        Ok(wait.unwrap_or(LONGEST_SLEEP).min(LONGEST_SLEEP))
    }
}

/// Worker that sends emails.
pub struct Postman(pub Service);

#[async_trait]
impl Worker for Postman {
    fn name(&self) -> &'static str {
        "mail.postman"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        if !self.0.is_on() {
            return;
        }
        let mut swept = None;
        while !cancel.is_cancelled() {
            let today = now().date_naive();
            if swept != Some(today) && self.0.sweep().await.is_ok() {
                swept = Some(today);
            }
            let wait = match self.0.send_one().await {
                Ok(true) => continue,
                Ok(false) => self.0.sleep().await.unwrap_or(LATER),
                Err(error) => {
                    tracing::warn!(error.cause = %error, "sending email failed; retrying later");
                    LATER
                }
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = self.0.inner.wake.notified() => {}
                () = cancel.cancelled() => {}
            }
        }
    }
}
