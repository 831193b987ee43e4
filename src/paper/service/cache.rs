//! Cached leaderboards.

use crate::paper::model::Board;
use crate::shared::SeasonId;
use crate::shared::sync::lock;
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard},
    time::{Duration, Instant},
};

/// How long a leaderboard is cached: prices move, and many members look.
const HOLDS: Duration = Duration::from_secs(5);

/// Most leaderboards in the cache.
const REMEMBERED: usize = 100;

/// Cache of leaderboards.
#[derive(Default)]
pub(super) struct Boards(Mutex<Known>);

#[derive(Default)]
struct Known {
    boards: HashMap<SeasonId, (Instant, Board)>,
    /// Counts invalidations.
    turn: u64,
}

impl Boards {
    fn lock(&self) -> MutexGuard<'_, Known> {
        lock(&self.0)
    }

    /// Returns the cached leaderboard, or the turn in which its computation starts.
    pub(super) fn get(&self, season: SeasonId) -> Result<Board, u64> {
        let known = self.lock();
        let fresh = known.boards.get(&season);
        let fresh = fresh.filter(|(at, _)| at.elapsed() < HOLDS);
        fresh.map(|(_, board)| board.clone()).ok_or(known.turn)
    }

    /// Caches a leaderboard, unless something changed meanwhile.
    pub(super) fn insert(&self, season: SeasonId, board: Board, turn: u64) {
        let mut known = self.lock();
        if known.turn != turn {
            return;
        }
        if known.boards.len() >= REMEMBERED {
            known.boards.clear();
        }
        known.boards.insert(season, (Instant::now(), board));
    }

    /// Invalidates the leaderboard of a season.
    pub(super) fn forget(&self, season: SeasonId) {
        let mut known = self.lock();
        known.turn = known.turn.wrapping_add(1);
        known.boards.remove(&season);
    }
}
