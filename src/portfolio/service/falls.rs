//! The deepest falls of many portfolios at once.

use super::{
    Service, compute,
    performance::{Instrument, course},
};
use crate::markets::Closes;
use crate::portfolio::rules::{
    moves::Move,
    performance::{index, returns},
    risk::{Drawdown, drawdown},
};
use crate::portfolio::store;
use crate::shared::{PortfolioId, Result};
use chrono::NaiveDate;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// What the days of a portfolio are valued from.
#[derive(Default)]
struct Days {
    instruments: Vec<Instrument>,
    cash: Vec<Move>,
}

impl Service {
    /// The deepest fall of each of several portfolios on the days before one, by the same rule as in
    /// its [performance](Self::performance). One question of the database and one for the past of
    /// each instrument, however many hold it. Whatever has not fallen is not there.
    pub async fn drawdowns(
        &self,
        ids: &[PortfolioId],
        before: NaiveDate,
    ) -> Result<HashMap<PortfolioId, Drawdown>> {
        let kept = store::moves_of(&self.inner.db, ids).await?;
        let symbols: BTreeSet<&String> = kept.iter().map(|(_, one)| &one.symbol).collect();
        let symbols = symbols.into_iter().filter(|symbol| !symbol.is_empty());
        let symbols: Vec<String> = symbols.cloned().collect();
        let pasts = self.inner.markets.closes(&symbols).await;
        // Where nobody can be asked now, the prices of trades stand in.
        let pasts: HashMap<String, Arc<Closes>> = symbols
            .into_iter()
            .zip(pasts)
            .filter_map(|(symbol, past)| Some((symbol, past.ok()??)))
            .collect();
        let mut all: HashMap<PortfolioId, Days> = HashMap::new();
        for (id, one) in kept {
            let days = all.entry(id).or_default();
            let moves = one.moves.unwrap_or_default();
            if one.symbol.is_empty() {
                days.cash = moves;
                continue;
            }
            // All of it was taken out.
            if moves.is_empty() {
                continue;
            }
            let closes = pasts.get(&one.symbol).cloned();
            let table = closes.as_ref().and_then(|closes| closes.splits.clone());
            days.instruments.push(Instrument {
                symbol: one.symbol,
                moves,
                table: table.unwrap_or(one.splits),
                closes,
            });
        }
        compute(move || {
            let falls = all.into_iter().filter_map(|(id, days)| {
                let course = course(&days.instruments, &days.cash);
                let until = course.days.partition_point(|day| day.date < before);
                let days = course.days.get(..until)?;
                Some((id, drawdown(&index(&returns(days)))?))
            });
            falls.collect()
        })
        .await
    }
}
