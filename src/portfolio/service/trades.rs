//! Buys and sells of a symbol, for its price chart.

use super::{Service, canonical};
use crate::accounts::Viewer;
use crate::markets::{Split, Trade};
use crate::portfolio::model::{Kind, Transaction};
use crate::portfolio::rules::{
    ledger::{Entry, splits},
    moves::units_since,
};
use crate::portfolio::store;
use crate::shared::{AccountId, PortfolioId, Result};
use rust_decimal::prelude::ToPrimitive;
use std::collections::{HashMap, HashSet};

/// Maximum number of trades on a chart: more could not be told apart.
const MOST: u64 = 500;

impl Service {
    /// Returns the latest buys and sells of a symbol in all portfolios of the viewer, oldest first,
    /// with prices adjusted for splits.
    ///
    /// # Errors
    /// `bad-symbol`.
    pub async fn trades(&self, viewer: &Viewer, symbol: &str) -> Result<Vec<Trade>> {
        let symbol = canonical(symbol)?;
        let account = viewer.account;
        let found = store::trades(&self.inner.db, account, symbol.as_str(), MOST).await?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        // Without a price history there is no chart to show them on.
        let markets = self.inner.markets.requested_by(viewer);
        let history = markets.history(symbol.as_str()).await?;
        let told = history.and_then(|history| history.splits.clone());
        let table = match told {
            Some(told) => told,
            None => self.known_splits(account, symbol.as_str()).await?,
        };
        let mut own: HashMap<PortfolioId, Vec<Entry>> = HashMap::new();
        for (portfolio, split) in
            store::own_splits(&self.inner.db, account, symbol.as_str()).await?
        {
            own.entry(portfolio).or_default().push(split);
        }
        // As in cards and performance, a split entered in a portfolio applies only to it.
        let of = |id: &PortfolioId| own.get(id).map_or(&[][..], Vec::as_slice);
        let portfolios = found.iter().map(|(portfolio, _)| *portfolio);
        let splits: HashMap<PortfolioId, Vec<Split>> = portfolios
            .collect::<HashSet<_>>()
            .into_iter()
            .map(|portfolio| (portfolio, splits(of(&portfolio), &table)))
            .collect();
        let marked = |(portfolio, one): &(PortfolioId, Transaction)| {
            trade(one, splits.get(portfolio).map_or(&[][..], Vec::as_slice))
        };
        Ok(found.iter().rev().filter_map(marked).collect())
    }

    /// Returns the splits in the stored sums of an account's holdings of a symbol.
    async fn known_splits(&self, account: AccountId, symbol: &str) -> Result<Vec<Split>> {
        let portfolios = store::portfolios(&self.inner.db, account).await?;
        let ids: Vec<_> = portfolios.iter().map(|portfolio| portfolio.id).collect();
        let all = store::holdings_of(&self.inner.db, &ids).await?;
        let of = all.into_iter().filter(|(_, kept)| kept.symbol == symbol);
        let tables = of.map(|(_, kept)| kept.splits);
        // Some may have been computed before the latest split was known.
        Ok(tables.max_by_key(Vec::len).unwrap_or_default())
    }
}

fn trade(of: &Transaction, splits: &[Split]) -> Option<Trade> {
    Some(Trade {
        date: of.date,
        price: of.price?.to_f64()? / units_since(splits, of.date),
        bought: of.kind == Kind::Buy,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::{TransactionId, time};

    #[test]
    fn a_price_from_before_a_split_is_one_of_todays_shares() {
        let bought = |date: &str| Transaction {
            id: TransactionId::new(),
            kind: Kind::Buy,
            symbol: Some("AAPL".into()),
            date: date.parse().unwrap(),
            quantity: Some(10.into()),
            price: Some(112.into()),
            fee: None,
            amount: None,
            ratio: None,
            note: String::new(),
            created_at: time::now(),
            removed: false,
        };
        let split = |date: &str| Split {
            date: date.parse().unwrap(),
            from: 1,
            to: 2,
        };
        let splits = [split("2000-06-21"), split("2005-02-28")];
        let price = |date| trade(&bought(date), &splits).unwrap().price;
        assert_eq!(price("2000-06-20"), 28.0);
        assert_eq!(price("2000-06-21"), 56.0);
        assert_eq!(price("2005-02-28"), 112.0);
    }
}
