//! Portfolios that a feature keeps in their owner's place: it opens them, writes their trades, and
//! asks what they hold. Their owner reads them and changes nothing.

use super::ledger::{Act, Change, Prepared, Turn};
use super::{Naming, Service, impossible, transactions::entry};
use crate::markets::{Asker, Split, Symbol};
use crate::platform::database::Tx;
use crate::portfolio::model::{Kind, Portfolio};
use crate::portfolio::rules::{
    Checked,
    ledger::{Method, Sums, What, position},
    moves::{moves, pack},
};
use crate::portfolio::store::{self, Kept};
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

/// A trade of a portfolio that is kept. It is read and computed here, and written in its keeper's
/// transaction if the portfolio is still as it was read.
pub struct Keeping<'a> {
    turn: Turn<'a>,
}

impl Keeping<'_> {
    /// Reads what the portfolio has for a trade, anew with each try.
    ///
    /// # Errors
    /// `not-found`, `portfolio-busy`, those of a split that cannot be.
    pub async fn read(&mut self, symbol: &str, table: Option<&[Split]>) -> Result<Traded> {
        kept_only(self.turn.read_any().await?.kept_by.as_deref())?;
        let (mut found, splits) = traded(&self.turn.holdings().await?, symbol);
        // A split that is not counted yet changes what there is to sell.
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

    /// What nothing is written with: it holds the portfolio as it was read.
    pub fn nothing(&self) -> Prepared {
        self.turn.prepared(Change {
            more: 0,
            act: Act::Nothing,
            computed: Vec::new(),
        })
    }

    /// A trade as it is written, and its transaction.
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
        let draft = Checked {
            kind,
            symbol: Some(trade.symbol),
            date: trade.date,
            what,
            note: String::new(),
        };
        ledger.entries.push(entry(id, &draft));
        let computed = ledger.compute(table, Naming::default()).await?;
        let prepared = self.turn.prepared(Change {
            more: 1,
            act: Act::Insert(id, draft),
            computed: vec![computed],
        });
        Ok((prepared, id))
    }
}

/// What there is for a trade, and the splits that its instrument was computed with.
fn traded(all: &[Kept], symbol: &str) -> (Traded, Option<Vec<Split>>) {
    let cash = all.iter().map(|kept| kept.sums.cash()).sum();
    let known = all.iter().find(|kept| kept.symbol == symbol);
    let units = known.map_or(Decimal::ZERO, |known| known.sums.quantity);
    (
        Traded { cash, units },
        known.map(|known| known.splits.clone()),
    )
}

impl Service {
    /// Opens a portfolio that `keeper` keeps, with so much cash in it.
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
        store::touch(tx, account, id, 1).await?;
        let written = TransactionId::new();
        store::insert_transaction(tx, id, written, &deposit, 0).await?;
        let deposit = entry(written, &deposit);
        let sums = Sums {
            put_in: cash,
            ..Sums::default()
        };
        let kept = Kept {
            symbol: String::new(),
            name: None,
            sector: None,
            sums,
            splits: Vec::new(),
        };
        let moves = pack(&moves(&[deposit]));
        store::keep_holdings(tx, id, vec![(kept, Some(moves))]).await?;
        Ok(id)
    }

    /// The splits that an instrument's prices know, for [`Keeping`]; asked before the database is.
    /// None: nobody tells now.
    pub async fn splits_of(&self, symbol: &str) -> Option<Vec<Split>> {
        self.splits(Asker::Server, symbol).await
    }

    /// What a portfolio that is kept has for a trade, and holds it until the transaction ends.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn balance(tx: &Tx, id: PortfolioId, symbol: &str) -> Result<Traded> {
        let touched = store::add_transactions(tx, id, 0).await?;
        let touched = touched.ok_or_else(Error::not_found)?;
        kept_only(touched.kept_by.as_deref())?;
        let (traded, _) = traded(&store::holdings(tx, id).await?, symbol);
        Ok(traded)
    }

    /// Begins a trade of a portfolio that is kept: others of it in this process wait.
    ///
    /// # Errors
    /// `portfolio-busy`.
    pub async fn keeping(&self, account: AccountId, id: PortfolioId) -> Result<Keeping<'_>> {
        Ok(Keeping {
            turn: self.turn(account, id).await?,
        })
    }

    /// What several portfolios hold, asked for at once.
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
