//! Closes a season: its open orders expire, and its final leaderboard is stored.

use super::{MAX_MEMBERS, Service, ended::notification};
use crate::paper::model::OrderState;
use crate::paper::store::{self, SeasonRow};
use crate::platform::database::Tx;
use crate::shared::{Result, SeasonId, Timestamp};
use chrono::TimeDelta;
use uuid::Uuid;

/// Seasons per query.
const TOGETHER: u64 = 20;
/// Open orders that expire in one transaction.
const EXPIRING: u64 = 500;
/// Final values stored in one statement.
const VALUES: usize = 500;
/// How long missing prices are waited for after the season's last day; then the prices of the last
/// trades count.
const PATIENCE: TimeDelta = TimeDelta::days(2);

impl Service {
    /// Closes the seasons that have ended at `now`.
    pub(in crate::paper) async fn close_ended(&self, now: Timestamp) -> Result<()> {
        let clock = self.inner.markets.clock(now).await?;
        let ended = store::ended(&self.inner.db, clock.date_naive(), TOGETHER).await?;
        for season in ended {
            self.close(season, now, clock).await?;
        }
        Ok(())
    }

    /// Applies splits since the last trades, in all seasons that are not closed.
    pub(in crate::paper) async fn count_all_splits(&self) -> Result<()> {
        let mut after = SeasonId(Uuid::nil());
        loop {
            let seasons = store::not_closed(&self.inner.db, after, TOGETHER).await?;
            let Some(last) = seasons.last() else {
                return Ok(());
            };
            after = *last;
            for season in seasons {
                self.count_splits(season).await?;
            }
        }
    }

    async fn count_splits(&self, season: SeasonId) -> Result<()> {
        let members = store::members(&self.inner.db, season, MAX_MEMBERS).await?;
        let kept: Vec<_> = members
            .iter()
            .map(|member| (member.account, member.portfolio))
            .collect();
        self.inner.portfolio.count_splits(&kept).await
    }

    /// Expires all open orders of a season and notifies their members, one batch per transaction.
    async fn expire(&self, season: SeasonId, now: Timestamp) -> Result<()> {
        loop {
            let service = self.clone();
            let job = move |tx: Tx| async move {
                let ended = store::expire(&tx, season, EXPIRING, now).await?;
                let how = (OrderState::Expired, None);
                let all = ended
                    .iter()
                    .map(|(of, order)| notification(*of, order, how, None));
                let all = all.collect::<Result<Vec<_>>>()?;
                service.inner.notifications.notify(&tx, all).await?;
                Ok(ended.len())
            };
            if self.inner.db.write(season.0, job).await? == 0 {
                return Ok(());
            }
        }
    }

    /// Closes a season at the prices from before its end, however late; `clock` is the market's.
    async fn close(&self, season: SeasonRow, now: Timestamp, clock: Timestamp) -> Result<()> {
        let id = season.id;
        self.expire(id, now).await?;
        // From here on no order changes the accounts.
        self.count_splits(id).await?;
        let members = store::members(&self.inner.db, id, MAX_MEMBERS).await?;
        let valued = self.valued(members, season.ends).await?;
        let market = self.market_made(&season).await;
        let complete = valued.complete && (market.is_some() || season.market.is_empty());
        let over = season.ends.and_time(chrono::NaiveTime::MIN).and_utc();
        if !complete && clock < over + PATIENCE {
            tracing::info!(season = %season.name, "the season closes when prices are back");
            return Ok(());
        }
        let job = move |tx: Tx| async move {
            if store::close(&tx, id, market).await? {
                for values in valued.values.chunks(VALUES) {
                    store::save_final(&tx, values).await?;
                }
            }
            Ok(())
        };
        self.inner.db.write(id.0, job).await?;
        self.inner.boards.forget(id);
        Ok(())
    }
}
