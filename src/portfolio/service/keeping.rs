//! Portfolios that a feature keeps in their owner's place: it opens them, writes their trades, and
//! asks what they hold. Their owner reads them and changes nothing.

use super::{Naming, Service, recompute, take_any};
use crate::markets::{Asker, Split, Symbol};
use crate::platform::database::Tx;
use crate::portfolio::model::{Kind, Portfolio};
use crate::portfolio::rules::{
    Checked,
    ledger::{Entry, Method, What, position},
};
use crate::portfolio::store;
use crate::shared::{AccountId, Error, PortfolioId, Result, TransactionId, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// A purchase or sale that a feature writes down.
#[derive(Clone, Debug)]
pub struct Trade {
    /// The instrument.
    pub symbol: Symbol,
    /// The day.
    pub date: NaiveDate,
    /// A purchase; else a sale.
    pub buys: bool,
    /// Units.
    pub quantity: Decimal,
    /// Money for each.
    pub price: Decimal,
}

/// What a portfolio has for a trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traded {
    /// Its cash.
    pub cash: Decimal,
    /// Units of the instrument.
    pub units: Decimal,
}

/// What a portfolio holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Its cash.
    pub cash: Decimal,
    /// Instruments that it holds, with the units and the price of the last trade.
    pub held: Vec<(String, Decimal, Option<Decimal>)>,
}

impl Service {
    /// Opens a portfolio that `keeper` keeps, with so much cash in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_kept(
        tx: &Tx,
        account: AccountId,
        keeper: &str,
        name: &str,
        date: NaiveDate,
        cash: Decimal,
    ) -> Result<PortfolioId> {
        let portfolio = Portfolio {
            id: PortfolioId::new(),
            name: name.to_owned(),
            method: Method::default(),
            transactions: 0,
            created_at: time::now(),
            kept_by: Some(keeper.to_owned()),
        };
        let id = portfolio.id;
        // It takes no name from those that its owner keeps.
        let name_key = format!("{keeper}:{id}");
        store::insert_portfolio(tx, account, &portfolio, name_key).await?;
        let deposit = Checked {
            kind: Kind::Deposit,
            symbol: None,
            date,
            what: What::Deposit(cash),
            note: String::new(),
        };
        take_any(tx, account, id, 1).await?;
        store::insert_transaction(tx, id, TransactionId::new(), &deposit).await?;
        recompute(tx, id, "", None, Naming::default()).await?;
        Ok(id)
    }

    /// The splits that an instrument's prices know, for [`Self::balance`] and [`Self::trade_kept`];
    /// asked before the database is. None: nobody tells now.
    pub async fn splits_of(&self, symbol: &str) -> Option<Vec<Split>> {
        self.splits(Asker::Server, symbol).await
    }

    /// What a portfolio that is kept has for a trade, and holds it until the transaction ends.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn balance(
        tx: &Tx,
        account: AccountId,
        id: PortfolioId,
        symbol: &str,
        table: Option<&[Split]>,
    ) -> Result<Traded> {
        kept_only(take_any(tx, account, id, 0).await?.as_deref())?;
        let all = store::holdings(tx, id).await?;
        let cash = all.iter().map(|kept| kept.sums.cash()).sum();
        let known = all.into_iter().find(|kept| kept.symbol == symbol);
        let Some(known) = known else {
            let units = Decimal::ZERO;
            return Ok(Traded { cash, units });
        };
        // A split that is not counted yet changes what there is to sell.
        let table = table.unwrap_or(&known.splits);
        let units = if table == known.splits {
            known.sums.quantity
        } else {
            let entries = store::entries(tx, id, Some(symbol)).await?;
            let entries: Vec<Entry> = entries.into_iter().map(|(_, entry)| entry).collect();
            let found = position(&entries, table);
            found
                .map_err(|why| super::impossible(symbol, &why))?
                .sums
                .quantity
        };
        Ok(Traded { cash, units })
    }

    /// Writes a trade down in a portfolio that is kept.
    ///
    /// # Errors
    /// `not-found`, `oversold`, `too-many-units`, `too-many-transactions`.
    pub async fn trade_kept(
        tx: &Tx,
        account: AccountId,
        id: PortfolioId,
        trade: Trade,
        table: Option<Vec<Split>>,
    ) -> Result<TransactionId> {
        kept_only(take_any(tx, account, id, 1).await?.as_deref())?;
        let (quantity, price, fee) = (trade.quantity, trade.price, Decimal::ZERO);
        let (kind, what) = if trade.buys {
            (
                Kind::Buy,
                What::Buy {
                    quantity,
                    price,
                    fee,
                },
            )
        } else {
            (
                Kind::Sell,
                What::Sell {
                    quantity,
                    price,
                    fee,
                },
            )
        };
        let written = TransactionId::new();
        let symbol = trade.symbol.to_string();
        let draft = Checked {
            kind,
            symbol: Some(trade.symbol),
            date: trade.date,
            what,
            note: String::new(),
        };
        store::insert_transaction(tx, id, written, &draft).await?;
        recompute(tx, id, &symbol, table, Naming::default()).await?;
        Ok(written)
    }

    /// What several portfolios hold, asked for at once.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standings(&self, ids: &[PortfolioId]) -> Result<HashMap<PortfolioId, Standing>> {
        let mut all: HashMap<PortfolioId, Standing> = HashMap::new();
        for (id, kept) in store::holdings_of(&self.inner.db, ids).await? {
            let one = all.entry(id).or_default();
            one.cash += kept.sums.cash();
            if !kept.symbol.is_empty() && !kept.sums.quantity.is_zero() {
                let last = kept.sums.last_price;
                one.held.push((kept.symbol, kept.sums.quantity, last));
            }
        }
        Ok(all)
    }

    /// Counts splits that came since the last trade in what portfolios hold, so that they are worth
    /// what they are.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_splits(&self, kept: &[(AccountId, PortfolioId)]) -> Result<()> {
        let owners: HashMap<PortfolioId, AccountId> =
            kept.iter().map(|(account, id)| (*id, *account)).collect();
        let ids: Vec<PortfolioId> = owners.keys().copied().collect();
        let all = store::holdings_of(&self.inner.db, &ids).await?;
        let held: Vec<_> = all
            .into_iter()
            .filter(|(_, kept)| !kept.symbol.is_empty() && !kept.sums.quantity.is_zero())
            .collect();
        let symbols: BTreeSet<&String> = held.iter().map(|(_, kept)| &kept.symbol).collect();
        let symbols: Vec<String> = symbols.into_iter().cloned().collect();
        let histories = self.inner.markets.histories(&symbols).await;
        // Nobody tells of some now: they stay as they are.
        let tables: HashMap<String, Vec<Split>> = symbols
            .into_iter()
            .zip(histories)
            .filter_map(|(symbol, history)| Some((symbol, history.ok()??.splits.clone()?)))
            .collect();
        for (id, kept) in held {
            let table = tables.get(&kept.symbol);
            let Some(table) = table.filter(|table| **table != kept.splits) else {
                continue;
            };
            if let Some(account) = owners.get(&id) {
                let table = table.clone();
                self.resplit(*account, id, kept.symbol, table).await?;
            }
        }
        Ok(())
    }
}

fn kept_only(keeper: Option<&str>) -> Result<()> {
    match keeper {
        Some(_) => Ok(()),
        None => Err(Error::not_found()),
    }
}
