//! Background workers: starts and stops everything that runs for longer than a request.

use crate::shared::sync::lock;
use crate::shared::{Timestamp, time};
use async_trait::async_trait;
use futures::FutureExt;
use std::{
    collections::BTreeMap,
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Pause after a worker's first panic; it doubles with each further panic.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// A long-running task. `server` starts it; it stops cleanly when canceled and restarts after a
/// panic.
#[async_trait]
pub trait Worker: Send + 'static {
    /// Name in the log.
    fn name(&self) -> &'static str;
    /// Runs until `cancel` is canceled, then completes unfinished work. It is called again after a
    /// panic, so the worker's fields must be valid at any time.
    async fn run(&mut self, cancel: CancellationToken);
}

#[async_trait]
impl Worker for Box<dyn Worker> {
    fn name(&self) -> &'static str {
        (**self).name()
    }

    async fn run(&mut self, cancel: CancellationToken) {
        (**self).run(cancel).await;
    }
}

/// State of a worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WorkerState {
    /// Its name.
    pub name: &'static str,
    /// false while the worker waits to restart after a panic.
    pub running: bool,
    /// Number of restarts.
    pub restarts: u64,
    /// Time of the last panic.
    pub last_panic: Option<Timestamp>,
}

/// All running tasks. Clones share the set.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    cancel: CancellationToken,
    workers: Workers,
    #[cfg(test)]
    sabotage: tests::Sabotage,
}

impl Tasks {
    /// Creates another set that is stopped separately; the workers of both are reported together.
    pub fn beside(&self) -> Self {
        Self {
            workers: Arc::clone(&self.workers),
            #[cfg(test)]
            sabotage: Arc::clone(&self.sabotage),
            ..Self::default()
        }
    }

    /// Starts a worker.
    pub fn start(&self, mut worker: impl Worker) {
        let cancel = self.cancel.clone();
        let entry = Entry {
            name: worker.name(),
            workers: Arc::clone(&self.workers),
            #[cfg(test)]
            sabotage: self.sabotage_of(worker.name()),
        };
        entry.enters();
        self.tracker.spawn(async move {
            let mut pause = FIRST_PAUSE;
            tracing::debug!(worker.name = entry.name, "started");
            loop {
                let started = Instant::now();
                entry.begins();
                let run = worker.run(cancel.clone());
                #[cfg(test)]
                let run = tests::sabotaged(run, &entry.sabotage);
                // A panic must not end a worker for good.
                if AssertUnwindSafe(run).catch_unwind().await.is_ok() {
                    break;
                }
                entry.panicked();
                if started.elapsed() > LONGEST_PAUSE {
                    pause = FIRST_PAUSE;
                }
                // Workers that fail for the same reason restart at different moments.
                let jittered = pause.mul_f64(0.5 + rand::random::<f64>() / 2.0);
                tracing::error!(
                    worker.name = entry.name,
                    pause.ms = jittered.as_millis(),
                    "worker panicked; restarting"
                );
                let rest = tokio::time::sleep(jittered);
                if cancel.is_cancelled() {
                    rest.await;
                } else {
                    let _stopping: Option<()> = cancel.run_until_cancelled(rest).await;
                }
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            tracing::debug!(worker.name = entry.name, "stopped");
        });
    }

    /// Returns the states of the workers by name, without finished workers.
    pub fn workers(&self) -> Vec<WorkerState> {
        lock(&self.workers).values().copied().collect()
    }

    /// Spawns a task that ends by itself, such as one connection.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(future);
    }

    /// Returns the token that is canceled when the server stops.
    pub fn cancelled(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Tells all workers to stop and waits for them, for at most `patience`.
    pub async fn stop(&self, patience: Duration) {
        self.cancel.cancel();
        self.tracker.close();
        if tokio::time::timeout(patience, self.tracker.wait())
            .await
            .is_err()
        {
            tracing::warn!(tasks.left = self.tracker.len(), "stopped without waiting");
        }
    }
}

type Workers = Arc<Mutex<BTreeMap<&'static str, WorkerState>>>;

/// A worker's entry in the list of workers, removed when its task ends.
struct Entry {
    name: &'static str,
    workers: Workers,
    #[cfg(test)]
    sabotage: Arc<tokio::sync::Notify>,
}

impl Entry {
    fn enters(&self) {
        let state = WorkerState {
            name: self.name,
            running: true,
            restarts: 0,
            last_panic: None,
        };
        lock(&self.workers).insert(self.name, state);
    }

    fn begins(&self) {
        if let Some(state) = lock(&self.workers).get_mut(self.name) {
            state.restarts += u64::from(!state.running);
            state.running = true;
        }
    }

    fn panicked(&self) {
        if let Some(state) = lock(&self.workers).get_mut(self.name) {
            state.running = false;
            state.last_panic = Some(time::now());
        }
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        lock(&self.workers).remove(self.name);
    }
}

/// Runs blocking work (such as password hashing) off the async threads.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> crate::shared::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(crate::shared::Error::internal)
}

#[cfg(test)]
pub(crate) mod tests;
