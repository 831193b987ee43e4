//! Cached leaderboards.

use crate::predictions::model::Tally;
use crate::shared::sync::lock;
use crate::shared::{AccountId, CommunityId};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex as Quick},
    time::Instant,
};
use tokio::sync::Mutex;

/// Most leaderboards in the cache.
const REMEMBERED: usize = 200;

/// Track records of a community, without the profiles of their authors.
#[derive(Default)]
pub(in crate::predictions) struct Records {
    /// Authors with their track records and ranks, in order.
    pub ranked: Vec<(Option<AccountId>, Tally, Option<u32>)>,
    /// Number of the latest predictions that count, if there are more.
    pub latest: Option<u32>,
}

/// A leaderboard that one reader computes while the others wait.
pub(super) type Slot = Arc<Mutex<Option<(Instant, Arc<Records>)>>>;

/// Cache of leaderboards.
#[derive(Default)]
pub(super) struct Boards(Quick<HashMap<CommunityId, Slot>>);

impl Boards {
    pub(super) fn slot(&self, community: CommunityId) -> Slot {
        let mut slots = lock(&self.0);
        if slots.len() >= REMEMBERED && !slots.contains_key(&community) {
            slots.clear();
        }
        Arc::clone(slots.entry(community).or_default())
    }

    /// Clears the cache after predictions were scored.
    pub(super) fn forget(&self) {
        let mut slots = lock(&self.0);
        slots.clear();
    }
}
