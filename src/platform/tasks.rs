//! Background parts: everything that runs for longer than a request is started and stopped here.

use async_trait::async_trait;
use std::{
    collections::BTreeSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// A long-running part of the server. `server.rs` starts it; it stops cleanly when told.
#[async_trait]
pub trait Part: Send + 'static {
    /// Name for the log.
    fn name(&self) -> &'static str;
    /// Runs until `cancel` is cancelled, then finishes what must be finished.
    async fn run(self: Box<Self>, cancel: CancellationToken);
}

/// All running tasks; a clone is the same set.
#[derive(Clone, Default)]
pub struct Tasks {
    tracker: TaskTracker,
    cancel: CancellationToken,
    running: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Tasks {
    /// Starts a part.
    pub fn start(&self, part: impl Part) {
        let cancel = self.cancel.clone();
        let part = Box::new(part);
        let running = Running::new(part.name(), Arc::clone(&self.running));
        self.tracker.spawn(async move {
            // All of it: it ends with the task.
            let running = running;
            tracing::debug!(part.name = running.name, "started");
            part.run(cancel).await;
            tracing::debug!(part.name = running.name, "stopped");
        });
    }

    /// The names of the parts that are running: one that panicked is not among them.
    #[must_use]
    pub fn running(&self) -> Vec<&'static str> {
        lock(&self.running).iter().copied().collect()
    }

    /// Runs something that ends by itself, such as one connection.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.tracker.spawn(future);
    }

    /// The signal that the server is stopping.
    #[must_use]
    pub fn cancelled(&self) -> CancellationToken {
        self.cancel.clone()
    }

    /// Tells all parts to stop and waits for them, `patience` at most.
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

/// A part that is running, for as long as this lives.
struct Running {
    name: &'static str,
    all: Arc<Mutex<BTreeSet<&'static str>>>,
}

impl Running {
    fn new(name: &'static str, all: Arc<Mutex<BTreeSet<&'static str>>>) -> Self {
        lock(&all).insert(name);
        Self { name, all }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        lock(&self.all).remove(self.name);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs heavy computation (password hashing) off the async threads.
///
/// # Errors
/// When the computation panicked.
pub async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> crate::shared::Result<T> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(crate::shared::Error::internal)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Waits;

    #[async_trait]
    impl Part for Waits {
        fn name(&self) -> &'static str {
            "waits"
        }

        async fn run(self: Box<Self>, cancel: CancellationToken) {
            cancel.cancelled().await;
        }
    }

    #[tokio::test]
    async fn what_runs_is_told() {
        let tasks = Tasks::default();
        tasks.start(Waits);
        assert_eq!(tasks.running(), ["waits"]);
        tasks.stop(Duration::from_secs(5)).await;
        assert!(tasks.running().is_empty());
    }
}
