//! One price held against all orders that wait for it.

use super::{Service, telling::news};
use crate::markets::{Quote, Split, Symbol};
use crate::paper::model::{Order, OrderState, Reason, Side};
use crate::paper::rules::{self, is_next, seen_at, takes};
use crate::paper::store::{self, Member, Met, Waiting};
use crate::platform::database::Tx;
use crate::portfolio;
use crate::shared::{Error, Kind, OrderId, Result, TransactionId, time};
use futures::stream::{self, StreamExt};
use uuid::Uuid;

/// Orders that are read at once.
const PAGE: u64 = 200;
/// Orders that wait for the writer together.
const AT_ONCE: usize = 16;

impl Service {
    /// Holds a price against all open orders of its symbol, in the order in which they were placed.
    /// What cannot be done for one holds up no other.
    ///
    /// # Errors
    /// When the database fails.
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
                    tracing::warn!(symbol, error.code = %error.code, "an order is filled later");
                }
            }
        }
    }

    /// Fills an order, or refuses it where it does not fit, and tells its member: one transaction,
    /// and nothing where it is not open any more.
    async fn fill(&self, waiting: Waiting, quote: Quote, table: Option<Vec<Split>>) -> Result<()> {
        let Waiting { member, order } = waiting;
        let service = self.clone();
        let (ordered, met) = (order.clone(), met(&quote));
        let job = move |tx: Tx| async move {
            let filled = fill(&tx, member, &order, &quote, table).await?;
            let Some((owner, end)) = filled else {
                return Ok(());
            };
            service.end(&tx, &owner, &order, end, &met).await
        };
        match self.inner.db.write(member, job).await {
            // The ledger does not take it, now or later.
            Err(error) if error.kind == Kind::Conflict => {
                let service = self.clone();
                let refuse = move |tx: Tx| async move {
                    let owner = store::hold_member(&tx, member, 0).await?;
                    let open = store::still_open(&tx, ordered.id).await?;
                    let Some(owner) = owner.filter(|_| open) else {
                        return Ok(());
                    };
                    let end = End::Refused(Reason::Full);
                    service.end(&tx, &owner, &ordered, end, &met).await
                };
                self.inner.db.write(member, refuse).await
            }
            done => done,
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

/// Writes an order into the ledger; whose it is, and how it ends. None: it is not open.
async fn fill(
    tx: &Tx,
    member: Uuid,
    order: &Order,
    quote: &Quote,
    table: Option<Vec<Split>>,
) -> Result<Option<(Member, End)>> {
    // Whoever comes second, another node or the same after a crash, waits here and finds it done.
    let Some(member) = store::hold_member(tx, member, 0).await? else {
        return Ok(None);
    };
    if !store::still_open(tx, order.id).await? {
        return Ok(None);
    }
    let symbol: Symbol = order.symbol.parse()?;
    let (account, portfolio) = (member.account, member.portfolio);
    let balance =
        portfolio::Service::balance(tx, account, portfolio, &order.symbol, table.as_deref());
    let balance = balance.await?;
    let fits = rules::fits(
        order.side,
        order.quantity,
        quote.price,
        balance.cash,
        balance.units,
    );
    if let Err(reason) = fits {
        return Ok(Some((member, End::Refused(reason))));
    }
    let not_before = member.joined_at.date_naive();
    let not_before = member.traded_on.unwrap_or(not_before).max(not_before);
    let date = rules::trade_day(quote, time::now().date_naive(), not_before);
    let trade = portfolio::Trade {
        symbol,
        date,
        buys: order.side == Side::Buy,
        quantity: order.quantity,
        price: quote.price,
    };
    let written = portfolio::Service::trade_kept(tx, account, portfolio, trade, table).await?;
    store::count_trade(tx, member.id, date).await?;
    Ok(Some((member, End::Filled(written))))
}
