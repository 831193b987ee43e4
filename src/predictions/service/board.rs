//! Leaderboard of a community.

use super::{OUTCOMES, Service, cache::Records, rules, store};
use crate::accounts::{Profile, Viewer};
use crate::platform::compute::compute;
use crate::predictions::model::{Leaderboard, RankedAuthor};
use crate::predictions::rules::Outcome;
use crate::shared::{AccountId, CommunityId, Result};
use std::{
    collections::BTreeMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// Track records on a leaderboard.
const STANDINGS: usize = 200;
/// How long a leaderboard is cached: many members look, and scores are rare.
const HOLDS: Duration = Duration::from_secs(10);
impl Service {
    /// Leaderboard of a community, up to ten seconds old.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn leaderboard(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
    ) -> Result<Leaderboard> {
        let community = self.inner.communities.requested(viewer, community).await?;
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
        let ranking = ranked.map(|(author, tally, rank)| RankedAuthor {
            author: author.map(|id| profiles.remove(&id).unwrap_or_else(|| Profile::deleted(id))),
            rank: *rank,
            tally: *tally,
        });
        Ok(Leaderboard {
            ranking: ranking.collect(),
            latest: records.latest,
        })
    }

    /// Computes track records from the latest predictions of a community.
    pub(in crate::predictions) async fn records(
        &self,
        community: CommunityId,
        most: u32,
    ) -> Result<Records> {
        let limit = u64::from(most) + 1;
        let mut outcomes = store::outcomes(&self.inner.db, community, None, limit).await?;
        let latest = (outcomes.len() > most as usize).then_some(most);
        outcomes.truncate(most as usize);
        let ranked = compute(move || {
            let mut by_author: BTreeMap<Option<AccountId>, Vec<Outcome>> = BTreeMap::new();
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
