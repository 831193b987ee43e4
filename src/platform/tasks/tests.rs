//! Workers that panic, and helpers that make them panic.

use super::*;
use futures::future::BoxFuture;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::sync::Notify;

/// One trigger per worker that makes it panic at its current await.
pub type Sabotage = Arc<Mutex<BTreeMap<&'static str, Arc<Notify>>>>;

impl Tasks {
    pub(super) fn sabotage_of(&self, name: &'static str) -> Arc<Notify> {
        Arc::clone(lock(&self.sabotage).entry(name).or_default())
    }

    /// Makes a worker panic now, or as soon as it runs again.
    pub fn sabotage(&self, name: &'static str) {
        self.sabotage_of(name).notify_one();
    }

    /// Returns the state of a worker.
    pub fn worker(&self, name: &str) -> Option<WorkerState> {
        self.workers().into_iter().find(|state| state.name == name)
    }

    /// Waits until a worker runs again after this number of restarts.
    pub async fn restarted(&self, name: &str, restarts: u64) {
        let restarted = async {
            loop {
                let state = self.worker(name);
                if state.is_some_and(|state| state.running && state.restarts == restarts) {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let waited = tokio::time::timeout(Duration::from_secs(60), restarted).await;
        assert!(waited.is_ok(), "{name} does not run again");
    }
}

/// Runs the worker's future and panics when triggered.
pub(super) async fn sabotaged(run: BoxFuture<'_, ()>, sign: &Notify) {
    tokio::select! {
        biased;
        () = sign.notified() => panic!("a worker panics, as this test wants"),
        () = run => {}
    }
}

/// A worker that panics at its first starts, then works.
struct Shaky {
    panics: u32,
    starts: Arc<AtomicU32>,
    works: Arc<Notify>,
}

#[async_trait]
impl Worker for Shaky {
    fn name(&self) -> &'static str {
        "shaky"
    }

    async fn run(&mut self, cancel: CancellationToken) {
        let start = self.starts.fetch_add(1, Ordering::SeqCst);
        assert!(start >= self.panics, "as this test wants");
        self.works.notify_one();
        cancel.cancelled().await;
    }
}

fn shaky(panics: u32) -> (Shaky, Arc<AtomicU32>, Arc<Notify>) {
    let (starts, works) = (Arc::default(), Arc::default());
    let shaky = Shaky {
        panics,
        starts: Arc::clone(&starts),
        works: Arc::clone(&works),
    };
    (shaky, starts, works)
}

#[tokio::test]
async fn workers_are_reported_while_they_run() {
    let tasks = Tasks::default();
    let beside = tasks.beside();
    let (worker, _, works) = shaky(0);
    beside.start(worker);
    works.notified().await;
    let expected = WorkerState {
        name: "shaky",
        running: true,
        restarts: 0,
        last_panic: None,
    };
    assert_eq!(tasks.workers(), [expected]);
    tasks.stop(Duration::from_secs(5)).await;
    assert_eq!(tasks.workers(), [expected], "it belongs to the other set");
    beside.stop(Duration::from_secs(5)).await;
    assert!(tasks.workers().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_worker_runs_again_after_each_panic_with_longer_pauses() {
    let tasks = Tasks::default();
    let (worker, starts, works) = shaky(6);
    let began = Instant::now();
    tasks.start(worker);
    works.notified().await;
    assert_eq!(starts.load(Ordering::SeqCst), 7);
    // 250 ms + 500 ms + … + 8 s, each shortened by up to a half.
    let waited = began.elapsed().as_millis();
    assert!((7_875..=15_800).contains(&waited), "{waited} ms");
    let state = tasks.worker("shaky").unwrap();
    assert_eq!((state.running, state.restarts), (true, 6));
    assert!(state.last_panic.is_some());
    tasks.stop(Duration::from_secs(5)).await;
    assert_eq!(tasks.worker("shaky"), None);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_keeps_panicking_is_not_reported_as_running_and_is_not_run_in_a_loop() {
    let tasks = Tasks::default();
    let (worker, starts, _) = shaky(u32::MAX);
    tasks.start(worker);
    tokio::time::sleep(Duration::from_mins(60)).await;
    let starts = starts.load(Ordering::SeqCst);
    assert!((60..=140).contains(&starts), "{starts} starts in an hour");
    assert!(!tasks.worker("shaky").unwrap().running);
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_panics_while_the_server_stops_finishes_its_work() {
    let tasks = Tasks::default();
    let (worker, _, works) = shaky(0);
    tasks.start(worker);
    works.notified().await;
    tasks.sabotage("shaky");
    tasks.stop(Duration::from_secs(5)).await;
    works.notified().now_or_never().expect("it ran once more");
    assert_eq!(tasks.worker("shaky"), None);
}
