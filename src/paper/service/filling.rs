//! One price held against all orders that wait for it.

use super::{Service, telling::news};
use crate::markets::{Quote, Split};
use crate::paper::model::{Order, OrderState, Reason, Side};
use crate::paper::rules::{self, is_next, seen_at, takes};
use crate::paper::store::{self, Member, Met, Waiting};
use crate::platform::database::Tx;
use crate::portfolio::{Keeping, Prepared, Trade, Traded};
use crate::shared::{Error, Kind, OrderId, Result, TransactionId, time};
use chrono::NaiveDate;
use futures::stream::{self, StreamExt};
use uuid::Uuid;

/// Orders that are read at once.
const PAGE: u64 = 200;
/// Orders that wait for the writer together.
const AT_ONCE: usize = 16;

impl Service {
    /// Holds a price against all open orders of its symbol, in the order in which they were placed.
    /// What cannot be done for one holds up no other.
    pub(in crate::paper) async fn hold_against(&self, symbol: &str, quote: &Quote) -> Result<()> {
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
                // Asked before the database is: a writer waits for nothing else.
                table = Some(self.inner.portfolio.splits_of(symbol).await);
            }
            let table = table.as_ref().and_then(Option::as_ref);
            // `buffered` hands them to the writer in their order.
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

    /// Fills an order, or refuses it where it does not fit, and tells its member: one transaction,
    /// and nothing where it is not open any more. What the ledger makes of it is computed before, and
    /// again when something came in between.
    async fn fill(&self, waiting: Waiting, quote: Quote, table: Option<Vec<Split>>) -> Result<()> {
        let Waiting { member, order } = waiting;
        let met = met(&quote);
        let Some(owner) = store::member_by_id(&self.inner.db, member).await? else {
            return Ok(());
        };
        let ledger = &self.inner.portfolio;
        let mut keeping = ledger.keeping(owner.account, owner.portfolio).await?;
        loop {
            let Some(read) = store::member_by_id(&self.inner.db, member).await? else {
                return Ok(());
            };
            let had = keeping.read(&order.symbol, table.as_deref()).await;
            let (prepared, end, day) = match had {
                Ok(had) => plan(&keeping, &read, &order, &quote, had, table.clone()).await?,
                // A split makes of it what the ledger does not take.
                Err(error) if error.kind == Kind::Conflict => full(&keeping),
                Err(error) => return Err(error),
            };
            let (service, order) = (self.clone(), order.clone());
            let job = move |tx: Tx| async move {
                // Whoever comes second, another node or the same after a crash, waits here and finds
                // it done.
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

    /// Writes down how an order that is open ends, and tells its member.
    async fn end(&self, tx: &Tx, owner: &Member, order: &Order, end: End, met: &Met) -> Result<()> {
        let now = time::now();
        let (ended, how) = match end {
            End::Filled(written) => (
                store::fill(tx, order.id, met, written, now).await?,
                (OrderState::Filled, None),
            ),
            End::Refused(reason) => (
                store::refuse(tx, order.id, met, reason, now).await?,
                (OrderState::Refused, Some(reason)),
            ),
        };
        if !ended {
            return Err(Error::internal("an order was ended by somebody else"));
        }
        let news = news(owner.account, order, how, Some(met.price))?;
        self.inner.alerts.tell(tx, vec![news]).await?;
        if how.0 == OrderState::Filled {
            let (service, season) = (self.clone(), owner.season);
            tx.after_commit(move || service.inner.boards.forget(season));
        }
        Ok(())
    }
}

/// How an order ends whose price has come.
#[derive(Clone, Copy)]
enum End {
    /// Carried out, with its transaction.
    Filled(TransactionId),
    /// It could not be.
    Refused(Reason),
}

fn met(quote: &Quote) -> Met {
    Met {
        price: quote.price,
        at: seen_at(quote),
        source: quote.source,
    }
}

/// What is written of an order, how it ends, and the day of its trade.
type Planned = (Prepared, End, Option<NaiveDate>);

/// What becomes of an order at a price, by what its member has.
async fn plan(
    keeping: &Keeping<'_>,
    member: &Member,
    order: &Order,
    quote: &Quote,
    had: Traded,
    table: Option<Vec<Split>>,
) -> Result<Planned> {
    let (side, quantity) = (order.side, order.quantity);
    if let Err(reason) = rules::fits(side, quantity, quote.price, had.cash, had.units) {
        return Ok((keeping.nothing(), End::Refused(reason), None));
    }
    let not_before = member.joined_at.date_naive();
    let not_before = member.traded_on.unwrap_or(not_before).max(not_before);
    let date = rules::trade_day(quote, time::now().date_naive(), not_before);
    let trade = Trade {
        symbol: order.symbol.parse()?,
        date,
        buys: side == Side::Buy,
        quantity,
        price: quote.price,
    };
    match keeping.trade(trade, table).await {
        Ok((prepared, written)) => Ok((prepared, End::Filled(written), Some(date))),
        // The ledger does not take it, now or later.
        Err(error) if error.kind == Kind::Conflict => Ok(full(keeping)),
        Err(error) => Err(error),
    }
}

fn full(keeping: &Keeping<'_>) -> Planned {
    (keeping.nothing(), End::Refused(Reason::Full), None)
}
