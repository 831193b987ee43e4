//! Max drawdowns of many portfolios at once.

use super::{
    Service, compute,
    performance::{Instrument, value_history},
};
use crate::markets::Closes;
use crate::portfolio::rules::{
    moves::Move,
    performance::{index, latest_record, returns},
    risk::{Drawdown, drawdown},
};
use crate::portfolio::store;
use crate::shared::{PortfolioId, Result};
use chrono::NaiveDate;
use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

/// Data for valuing the days of a portfolio.
#[derive(Default)]
struct Days {
    instruments: Vec<Instrument>,
    cash: Vec<Move>,
}

impl Service {
    /// Returns the max drawdown of each portfolio before a day, as in its
    /// [performance](Self::performance). One database query, and one price history per symbol for
    /// all portfolios. Portfolios that never fell are omitted.
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
        // Where no data source answers, the prices of trades are used.
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
            // All transactions of the symbol were removed, or its moves are not stored.
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
                let history = value_history(&days.instruments, &days.cash);
                let until = history.days.partition_point(|day| day.date < before);
                let days = history.days.get(..until)?;
                Some((id, drawdown(&index(&returns(latest_record(days))))?))
            });
            falls.collect()
        })
        .await
    }
}
