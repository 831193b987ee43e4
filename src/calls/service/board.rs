//! Who did how well in a community, and how long that is good for.

use super::{OUTCOMES, Service, rules, store};
use crate::accounts::{Profile, Viewer};
use crate::calls::model::{Leaderboard, Standing, Tally};
use crate::calls::rules::Outcome;
use crate::platform::compute::compute;
use crate::shared::sync::lock;
use crate::shared::{AccountId, CommunityId, Result};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex as Quick},
    time::{Duration, Instant},
};
use tokio::sync::Mutex;

/// Records in a table.
const STANDINGS: usize = 200;
/// How long a table is shown again: many look, and calls are scored seldom.
const HOLDS: Duration = Duration::from_secs(10);
/// So many communities' tables are remembered.
const REMEMBERED: usize = 200;

/// The records of a community before their authors have names.
#[derive(Default)]
pub(in crate::calls) struct Records {
    /// Each author with what their calls come to, in order, and their place.
    pub ranked: Vec<(Option<AccountId>, Tally, Option<u32>)>,
    /// Made of so many of the latest calls, where there are more.
    pub latest: Option<u32>,
}

/// A table that one reader makes while the others wait.
type Slot = Arc<Mutex<Option<(Instant, Arc<Records>)>>>;

/// Tables that were made a short while ago.
#[derive(Default)]
pub(super) struct Boards(Quick<HashMap<CommunityId, Slot>>);

impl Boards {
    fn slot(&self, community: CommunityId) -> Slot {
        let mut slots = lock(&self.0);
        if slots.len() >= REMEMBERED && !slots.contains_key(&community) {
            slots.clear();
        }
        Arc::clone(slots.entry(community).or_default())
    }

    /// Calls were scored.
    pub(super) fn forget(&self) {
        let mut slots = lock(&self.0);
        slots.clear();
    }
}

impl Service {
    /// The records of a community's authors, up to ten seconds old.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn leaderboard(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
    ) -> Result<Leaderboard> {
        let community = self.community(viewer, community).await?;
        let slot = self.inner.boards.slot(community);
        let mut kept = slot.lock().await;
        let fresh = kept.as_ref().filter(|(at, _)| at.elapsed() < HOLDS);
        let records = match fresh {
            Some((_, records)) => Arc::clone(records),
            None => {
                let records = Arc::new(self.records(community, OUTCOMES).await?);
                *kept = Some((Instant::now(), Arc::clone(&records)));
                records
            }
        };
        drop(kept);
        let authors = records.ranked.iter();
        let authors: Vec<_> = authors.filter_map(|(author, ..)| *author).collect();
        let mut profiles = self.inner.accounts.profiles(&authors).await?;
        let ranked = records.ranked.iter();
        let standings = ranked.map(|(author, tally, rank)| Standing {
            author: author.map(|id| profiles.remove(&id).unwrap_or_else(|| Profile::deleted(id))),
            rank: *rank,
            tally: *tally,
        });
        Ok(Leaderboard {
            standings: standings.collect(),
            latest: records.latest,
        })
    }

    /// The records that the latest calls of a community come to.
    pub(in crate::calls) async fn records(
        &self,
        community: CommunityId,
        most: u32,
    ) -> Result<Records> {
        let limit = u64::from(most) + 1;
        let mut outcomes = store::outcomes(&self.inner.db, community, None, limit).await?;
        let latest = (outcomes.len() > most as usize).then_some(most);
        outcomes.truncate(most as usize);
        let ranked = compute(move || {
            let mut by_author: HashMap<Option<AccountId>, Vec<Outcome>> = HashMap::new();
            for (author, outcome) in outcomes {
                by_author.entry(author).or_default().push(outcome);
            }
            let tallies = by_author.into_iter();
            let tallies = tallies.map(|(author, of)| (author, rules::tally(&of)));
            let mut ranked = rules::ranked(tallies.collect());
            ranked.truncate(STANDINGS);
            ranked
        });
        Ok(Records {
            ranked: ranked.await?,
            latest,
        })
    }
}
