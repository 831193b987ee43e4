//! Portfolios that a feature manages: it creates them, writes their trades and reads their
//! holdings. Their owner can read but not change them.

use super::errors::impossible;
use super::ledger::{Act, Change, Prepared, Turn};
use super::{Naming, Service, transactions::entry};
use crate::markets::{Requester, Split, Symbol};
use crate::platform::database::Tx;
use crate::portfolio::model::{Kind, Portfolio};
use crate::portfolio::rules::{
    Checked,
    ledger::{Method, Sums, What, position},
    moves::{moves, pack},
};
use crate::portfolio::store::{self, StoredHolding};
use crate::shared::{AccountId, Error, PortfolioId, Result, TransactionId, time};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::collections::{BTreeSet, HashMap};

/// A buy or sell of a managed portfolio.
#[derive(Clone, Debug)]
pub struct Trade {
    pub symbol: Symbol,
    pub date: NaiveDate,
    /// true for a buy, false for a sell.
    pub buys: bool,
    pub quantity: Decimal,
    /// Price per share.
    pub price: Decimal,
}

/// What a portfolio has available for a trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traded {
    pub cash: Decimal,
    /// Shares of the symbol.
    pub units: Decimal,
}

/// Cash and holdings of a portfolio.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub cash: Decimal,
    /// Symbols held, with the quantity and the price of the last trade.
    pub held: Vec<(String, Decimal, Option<Decimal>)>,
}

/// A trade of a managed portfolio. It is read and computed here; the manager writes it in its own
/// transaction if the portfolio has not changed since it was read.
pub struct ManagedTrade<'a> {
    turn: Turn<'a>,
}

impl ManagedTrade<'_> {
    /// Reads what is available for a trade, once per attempt.
    ///
    /// # Errors
    /// `not-found`, `portfolio-busy`, those of a split that cannot be applied.
    pub async fn read(&mut self, symbol: &str, table: Option<&[Split]>) -> Result<Traded> {
        managed_only(self.turn.read_any().await?.managed_by.as_deref())?;
        let (mut found, splits) = traded(&self.turn.holdings().await?, symbol);
        // A split that is not applied yet changes the quantity available to sell.
        let table = table.filter(|table| splits.as_deref().is_some_and(|splits| splits != *table));
        if let Some(table) = table {
            let ledger = self.turn.ledger(symbol).await?;
            let counted = position(&ledger.entries, table);
            found.units = counted
                .map_err(|why| impossible(symbol, &why))?
                .sums
                .quantity;
        }
        Ok(found)
    }

    /// Returns a change that writes nothing, but checks that the portfolio is as it was read.
    pub fn nothing(&self) -> Prepared {
        self.turn.prepared(Change {
            more: 0,
            act: Act::Nothing,
            computed: Vec::new(),
        })
    }

    /// Returns a trade ready to be written, and the id of its transaction.
    ///
    /// # Errors
    /// `oversold`, `too-many-units`.
    pub async fn trade(
        &self,
        trade: Trade,
        table: Option<Vec<Split>>,
    ) -> Result<(Prepared, TransactionId)> {
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
        let id = TransactionId::new();
        let mut ledger = self.turn.ledger(trade.symbol.as_str()).await?;
        let input = Checked {
            kind,
            symbol: Some(trade.symbol),
            date: trade.date,
            what,
            note: String::new(),
        };
        ledger.entries.push(entry(id, &input));
        let computed = ledger.compute(table, Naming::default()).await?;
        let prepared = self.turn.prepared(Change {
            more: 1,
            act: Act::Insert(id, input),
            computed: vec![computed],
        });
        Ok((prepared, id))
    }
}

/// Returns what is available for a trade, and the splits in the symbol's stored sums.
fn traded(all: &[StoredHolding], symbol: &str) -> (Traded, Option<Vec<Split>>) {
    let cash = all.iter().map(|kept| kept.sums.cash()).sum();
    let known = all.iter().find(|kept| kept.symbol == symbol);
    let units = known.map_or(Decimal::ZERO, |known| known.sums.quantity);
    (
        Traded { cash, units },
        known.map(|known| known.splits.clone()),
    )
}

impl Service {
    /// Creates a portfolio managed by `manager`, with a deposit of `cash`.
    pub async fn open_kept(
        tx: &Tx,
        account: AccountId,
        manager: &str,
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
            managed_by: Some(manager.to_owned()),
        };
        let id = portfolio.id;
        // The key does not conflict with names of the owner's own portfolios.
        let name_key = format!("{manager}:{id}");
        store::insert_portfolio(tx, account, &portfolio, name_key).await?;
        let deposit = Checked {
            kind: Kind::Deposit,
            symbol: None,
            date,
            what: What::Deposit(cash),
            note: String::new(),
        };
        store::touch(tx, account, id, 1).await?;
        let written = TransactionId::new();
        store::insert_transaction(tx, id, written, &deposit, 0).await?;
        let deposit = entry(written, &deposit);
        let sums = Sums {
            put_in: cash,
            ..Sums::default()
        };
        let kept = StoredHolding {
            symbol: String::new(),
            name: None,
            sector: None,
            sums,
            splits: Vec::new(),
        };
        let moves = pack(&moves(&[deposit]));
        store::save_holdings(tx, id, vec![(kept, Some(moves))]).await?;
        Ok(id)
    }

    /// Returns the splits of a symbol's price history, for [`ManagedTrade`]; call it before the
    /// database transaction. None: the data source is unavailable, or reports no splits.
    pub async fn splits_of(&self, symbol: &str) -> Option<Vec<Split>> {
        self.splits(Requester::Server, symbol).await
    }

    /// Returns what a managed portfolio has available for a trade, and locks it until the
    /// transaction ends.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn balance(tx: &Tx, id: PortfolioId, symbol: &str) -> Result<Traded> {
        let touched = store::add_transactions(tx, id, 0).await?;
        let touched = touched.ok_or_else(Error::not_found)?;
        managed_only(touched.managed_by.as_deref())?;
        let (traded, _) = traded(&store::holdings(tx, id).await?, symbol);
        Ok(traded)
    }

    /// Starts a trade of a managed portfolio; others of it in this process wait.
    ///
    /// # Errors
    /// `portfolio-busy`.
    pub async fn managed(&self, account: AccountId, id: PortfolioId) -> Result<ManagedTrade<'_>> {
        Ok(ManagedTrade {
            turn: self.turn(account, id).await?,
        })
    }

    /// Returns cash and holdings of several portfolios with one query.
    pub async fn balances(&self, ids: &[PortfolioId]) -> Result<HashMap<PortfolioId, Balance>> {
        let mut all: HashMap<PortfolioId, Balance> = HashMap::new();
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

    /// Applies splits that came after the last trade to the holdings, so that they are valued
    /// correctly.
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
        // Symbols whose data source is unavailable keep their splits.
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

fn managed_only(manager: Option<&str>) -> Result<()> {
    match manager {
        Some(_) => Ok(()),
        None => Err(Error::not_found()),
    }
}
