//! Heavy computation: a bounded number of threads with a bounded queue.
//!
//! Indicators, images, performance and imports run here, so they leave the async threads and some
//! processor time to the chat. When the queue is full the caller gets 503 `busy` at once. A
//! canceled request leaves the queue.

use super::tasks::blocking;
use crate::shared::sync::lock;
use crate::shared::{Error, Kind, Result};
use std::{
    collections::HashMap,
    num::NonZero,
    sync::{Arc, LazyLock, Mutex},
    thread::available_parallelism,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Maximum number of waiting computations.
const QUEUE: usize = 64;
/// Maximum number of waiting and running computations per client.
const PER_CLIENT: usize = 8;
/// Seconds after which a rejected client should retry.
const RETRY: u64 = 2;

tokio::task_local! {
    static CLIENT: Arc<str>;
}

static POOL: LazyLock<Pool> = LazyLock::new(|| Pool::new(threads(), QUEUE, PER_CLIENT));

/// Number of threads: one per processor, minus one for the async threads if there are several.
fn threads() -> usize {
    let processors = available_parallelism().map_or(1, NonZero::get);
    processors.saturating_sub(1).max(1)
}

/// Runs heavy computation in the pool.
///
/// # Errors
/// `busy` when the queue is full; `internal` when the computation panicked.
pub async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    POOL.run(current_client(), work).await
}

/// The client for which the current request computes.
pub(crate) fn current_client() -> Option<Arc<str>> {
    CLIENT.try_with(Arc::clone).ok()
}

/// Counts the computations of a request for this client: an account or a network.
pub async fn on_behalf_of<T>(client: &str, request: impl Future<Output = T>) -> T {
    CLIENT.scope(client.into(), request).await
}

/// Limits how many computations run and wait at the same time.
pub struct Pool {
    threads: Arc<Semaphore>,
    places: Arc<Mutex<Places>>,
    most: usize,
    per_client: usize,
}

/// Number of waiting and running computations.
#[derive(Default)]
struct Places {
    all: usize,
    by_client: HashMap<Arc<str>, usize>,
}

impl Pool {
    /// Creates a pool with `threads` running and `queue` waiting computations, and at most
    /// `per_client` of both together for one client.
    pub fn new(threads: usize, queue: usize, per_client: usize) -> Self {
        Self {
            threads: Arc::new(Semaphore::new(threads)),
            places: Arc::default(),
            most: threads + queue,
            per_client,
        }
    }

    async fn run<T: Send + 'static>(
        &self,
        client: Option<Arc<str>>,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T> {
        let turn = self.turn(client).await?;
        blocking(move || {
            // Released when the work is done, even if the caller is gone.
            let _turn = turn;
            work()
        })
        .await
    }

    /// Waits for a turn, first come, first served.
    ///
    /// # Errors
    /// `busy` when the queue is full.
    pub async fn turn(&self, client: Option<Arc<str>>) -> Result<Turn> {
        let place = self.enter(client)?;
        let threads = Arc::clone(&self.threads);
        let permit = threads.acquire_owned().await.map_err(Error::internal)?;
        Ok(Turn {
            _permit: permit,
            _place: place,
        })
    }

    fn enter(&self, client: Option<Arc<str>>) -> Result<Place> {
        let mut places = lock(&self.places);
        let own = client.as_ref().and_then(|one| places.by_client.get(one));
        if places.all >= self.most || own.is_some_and(|own| *own >= self.per_client) {
            return Err(busy());
        }
        places.all += 1;
        if let Some(client) = &client {
            *places.by_client.entry(Arc::clone(client)).or_default() += 1;
        }
        drop(places);
        Ok(Place {
            places: Arc::clone(&self.places),
            client,
        })
    }
}

/// A turn, released on drop.
pub struct Turn {
    _permit: OwnedSemaphorePermit,
    _place: Place,
}

/// Counts a waiting or running computation until it is dropped.
struct Place {
    places: Arc<Mutex<Places>>,
    client: Option<Arc<str>>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut places = lock(&self.places);
        places.all -= 1;
        if let Some(client) = &self.client
            && let Some(own) = places.by_client.get_mut(client)
        {
            *own -= 1;
            if *own == 0 {
                places.by_client.remove(client);
            }
        }
    }
}

fn busy() -> Error {
    Error::new(
        Kind::Unavailable,
        "busy",
        "The server is busy; try again in a moment",
    )
    .with("seconds", RETRY)
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::poll;
    use std::{pin::pin, sync::mpsc};

    /// Work that runs until the sender releases it.
    fn held() -> (mpsc::Sender<()>, impl FnOnce() + Send + 'static) {
        let (end, ended) = mpsc::channel();
        (end, move || {
            let _ended = ended.recv();
        })
    }

    #[tokio::test]
    async fn a_full_queue_refuses_at_once() {
        let pool = Pool::new(1, 1, 9);
        let (end, work) = held();
        let mut running = pin!(pool.run(None, work));
        assert!(poll!(&mut running).is_pending());
        let mut waiting = pin!(pool.run(None, || 2));
        assert!(poll!(&mut waiting).is_pending());
        let refused = pool.run(None, || 3).await.unwrap_err();
        assert_eq!((&*refused.code, refused.status()), ("busy", 503));
        assert_eq!(refused.retry_after(), Some(RETRY));
        end.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(waiting.await.unwrap(), 2);
        assert_eq!(pool.run(None, || 4).await.unwrap(), 4);
    }

    #[tokio::test]
    async fn a_caller_that_went_away_leaves_the_queue() {
        let pool = Pool::new(1, 1, 9);
        let (end, work) = held();
        let mut running = pin!(pool.run(None, work));
        assert!(poll!(&mut running).is_pending());
        {
            let mut gone = pin!(pool.run(None, || panic!("nobody waits for it")));
            assert!(poll!(&mut gone).is_pending());
        }
        let mut next = pin!(pool.run(None, || 2));
        assert!(poll!(&mut next).is_pending(), "its place is free");
        end.send(()).unwrap();
        running.await.unwrap();
        assert_eq!(next.await.unwrap(), 2);
    }

    #[tokio::test]
    async fn one_client_has_a_few_places_only() {
        let pool = Pool::new(1, 9, 2);
        let (ada, bo) = (Some(Arc::from("ada")), Some(Arc::from("bo")));
        let (end, work) = held();
        let mut first = pin!(pool.run(ada.clone(), work));
        assert!(poll!(&mut first).is_pending());
        let mut second = pin!(pool.run(ada.clone(), || 2));
        assert!(poll!(&mut second).is_pending());
        assert_eq!(pool.run(ada.clone(), || 3).await.unwrap_err().code, "busy");
        let mut other = pin!(pool.run(bo, || 4));
        assert!(poll!(&mut other).is_pending());
        end.send(()).unwrap();
        first.await.unwrap();
        assert_eq!(second.await.unwrap(), 2);
        assert_eq!(other.await.unwrap(), 4);
        assert!(lock(&pool.places).by_client.is_empty());
    }

    #[tokio::test]
    async fn a_panic_gives_its_place_back() {
        let pool = Pool::new(1, 0, 9);
        let failed = pool.run(None, || panic!("on purpose")).await;
        assert_eq!(failed.unwrap_err().code, "internal");
        assert_eq!(pool.run(None, || 1).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn a_request_is_counted_for_its_client() {
        let client = on_behalf_of("ada", async { current_client() }).await;
        assert_eq!(&*client.unwrap(), "ada");
        assert_eq!(current_client(), None);
    }
}
