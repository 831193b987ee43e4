//! Background parts: everything that runs for longer than a request is started and stopped here.

use async_trait::async_trait;
use std::time::Duration;
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
}

impl Tasks {
    /// Starts a part.
    pub fn start(&self, part: impl Part) {
        let cancel = self.cancel.clone();
        let part = Box::new(part);
        self.tracker.spawn(async move {
            let name = part.name();
            tracing::debug!(part.name = name, "started");
            part.run(cancel).await;
            tracing::debug!(part.name = name, "stopped");
        });
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
