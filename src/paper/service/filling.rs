//! Matches one price against all open orders of its symbol.

use super::{Service, ended::notification};
use crate::markets::{Quote, Split};
use crate::paper::model::{Order, OrderState, Reason, Side};
use crate::paper::rules::{self, is_next, seen_at, takes};
use crate::paper::store::{self, Member, Met, Waiting};
use crate::platform::database::Tx;
use crate::portfolio::{ManagedTrade, Prepared, Trade, Traded};
use crate::shared::{Error, Kind, OrderId, Result, TransactionId, time};
use chrono::NaiveDate;
use futures::stream::{self, StreamExt};
use uuid::Uuid;

/// Orders read at once.
const PAGE: u64 = 200;
/// Orders that wait for the database writer at the same time.
const AT_ONCE: usize = 16;

impl Service {
    /// Matches a price against all open orders of its symbol, in the order in which they were
    /// placed. If one order fails, the others continue.
    pub(in crate::paper) async fn match_orders(&self, symbol: &str, quote: &Quote) -> Result<()> {
        let mut table = None;
        let mut after = OrderId(Uuid::nil());
        loop {
            let page = store::waiting(&self.inner.db, symbol, seen_at(quote), after, PAGE).await?;
            let Some(last) = page.last() else {
                return Ok(());
            };
            after = last.order.id;
            let meets = |waiting: &Waiting| {
                let order = &waiting.order;
                is_next(order.placed_at, order.seen_at, quote)
                    && takes(order.side, order.limit, quote.price)
            };
            let meeting: Vec<Waiting> = page.into_iter().filter(meets).collect();
            if meeting.is_empty() {
                continue;
            }
            if table.is_none() {
                // Loaded before the transaction: a writer waits only for the database.
                table = Some(self.inner.portfolio.splits_of(symbol).await);
            }
            let table = table.as_ref().and_then(Option::as_ref);
            // `buffered` passes them to the writer in order.
            let mut fills = stream::iter(meeting)
                .map(|waiting| self.fill(waiting, quote.clone(), table.cloned()))
                .buffered(AT_ONCE);
            while let Some(done) = fills.next().await {
                if let Err(error) = done {
                    tracing::warn!(symbol, error.code = %error.code, "filling an order failed; retrying later");
                }
            }
        }
    }

    /// Fills an order, or rejects it if it does not fit, and notifies its member, all in one
    /// transaction. Does nothing if the order is not open any more. The changes to the ledger are
    /// computed before the transaction, and again if the ledger changed meanwhile.
    async fn fill(&self, waiting: Waiting, quote: Quote, table: Option<Vec<Split>>) -> Result<()> {
        let Waiting { member, order } = waiting;
        let met = met(&quote);
        let Some(owner) = store::member_by_id(&self.inner.db, member).await? else {
            return Ok(());
        };
        let ledger = &self.inner.portfolio;
        let mut trade = ledger.managed(owner.account, owner.portfolio).await?;
        loop {
            let Some(read) = store::member_by_id(&self.inner.db, member).await? else {
                return Ok(());
            };
            // A trade is not before the last one, nor before the account.
            let joined = self.inner.markets.clock(read.joined_at).await?.date_naive();
            let first = read.traded_on.unwrap_or(joined).max(joined);
            let had = trade.read(&order.symbol, table.as_deref()).await;
            let (prepared, end, day) = match had {
                Ok(had) => plan(&trade, first, &order, &quote, had, table.clone()).await?,
                // After a split, the ledger rejects the result.
                Err(error) if error.kind == Kind::Conflict => full(&trade),
                Err(error) => return Err(error),
            };
            let (service, order) = (self.clone(), order.clone());
            let job = move |tx: Tx| async move {
                // A second attempt, by another node or after a crash, waits here and finds the
                // order done.
                let owner = store::hold_member(&tx, member, 0).await?;
                let open = store::still_open(&tx, order.id).await?;
                let Some(owner) = owner.filter(|_| open) else {
                    return Ok(true);
                };
                if owner.traded_on != read.traded_on || !prepared.write(&tx).await? {
                    return Ok(false);
                }
                if let Some(day) = day {
                    store::count_trade(&tx, owner.id, day).await?;
                }
                service.end(&tx, &owner, &order, end, &met).await?;
                Ok(true)
            };
            if self.inner.db.write(member, job).await? {
                return Ok(());
            }
        }
    }

    /// Stores how an open order ends, and notifies its member.
    async fn end(&self, tx: &Tx, owner: &Member, order: &Order, end: End, met: &Met) -> Result<()> {
        let now = time::now();
        let (ended, how) = match end {
            End::Filled(written) => (
                store::fill(tx, order.id, met, written, now).await?,
                (OrderState::Filled, None),
            ),
            End::Rejected(reason) => (
                store::reject(tx, order.id, met, reason, now).await?,
                (OrderState::Rejected, Some(reason)),
            ),
        };
        if !ended {
            return Err(Error::internal("an order was ended elsewhere"));
        }
        let new = notification(owner.account, order, how, Some(met.price))?;
        self.inner.notifications.notify(tx, vec![new]).await?;
        if how.0 == OrderState::Filled {
            let (service, season) = (self.clone(), owner.season);
            tx.after_commit(async move { service.inner.boards.forget(season) });
        }
        Ok(())
    }
}

/// How an order ends when its price has come.
#[derive(Clone, Copy)]
enum End {
    /// With its transaction.
    Filled(TransactionId),
    /// Rejected.
    Rejected(Reason),
}

fn met(quote: &Quote) -> Met {
    Met {
        price: quote.price,
        at: seen_at(quote),
        source: quote.source,
    }
}

/// Changes to write, how the order ends, and the day of its trade.
type Planned = (Prepared, End, Option<NaiveDate>);

/// Plans how an order ends at a price, from what its member has. `first` is the first possible day
/// of the trade.
async fn plan(
    managed: &ManagedTrade<'_>,
    first: NaiveDate,
    order: &Order,
    quote: &Quote,
    had: Traded,
    table: Option<Vec<Split>>,
) -> Result<Planned> {
    let (side, quantity) = (order.side, order.quantity);
    if let Err(reason) = rules::fits(side, quantity, quote.price, had.cash, had.units) {
        return Ok((managed.nothing(), End::Rejected(reason), None));
    }
    let date = rules::trade_day(quote, first);
    let trade = Trade {
        symbol: order.symbol.parse()?,
        date,
        buys: side == Side::Buy,
        quantity,
        price: quote.price,
    };
    match managed.trade(trade, table).await {
        Ok((prepared, written)) => Ok((prepared, End::Filled(written), Some(date))),
        // The ledger rejects it, now and later.
        Err(error) if error.kind == Kind::Conflict => Ok(full(managed)),
        Err(error) => Err(error),
    }
}

fn full(managed: &ManagedTrade<'_>) -> Planned {
    (managed.nothing(), End::Rejected(Reason::Full), None)
}
