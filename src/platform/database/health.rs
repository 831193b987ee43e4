//! The last result of the [`super::probe`].

use crate::shared::sync::lock;
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::time::Instant;

/// An older result does not count as current.
const STALE: Duration = Duration::from_secs(45);

/// Result of the last check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Health {
    /// true if the database can be read.
    pub readable: bool,
    /// true if the database can be written.
    pub writable: bool,
    /// Time since the check. None: no check has finished yet.
    pub age: Option<Duration>,
}

/// One check.
#[derive(Clone, Copy)]
pub(super) struct Look {
    pub(super) at: Instant,
    pub(super) readable: bool,
    pub(super) writable: bool,
}

/// The last result. Clones share it.
#[derive(Clone, Default)]
pub(super) struct Record(Arc<Mutex<Option<Look>>>);

impl Record {
    pub(super) fn now(&self) -> Health {
        let look = *lock(&self.0);
        let age = look.map(|look| look.at.elapsed());
        let fresh = look.filter(|look| look.at.elapsed() <= STALE);
        Health {
            readable: fresh.is_some_and(|look| look.readable),
            writable: fresh.is_some_and(|look| look.writable),
            age,
        }
    }

    pub(super) fn set(&self, look: Look) {
        *lock(&self.0) = Some(look);
    }
}
