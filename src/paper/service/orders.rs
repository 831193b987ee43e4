//! Orders: place, list, cancel.

use super::{MAX_OPEN, SHOWN, Service, season_over};
use crate::accounts::Viewer;
use crate::markets::{self, Quote};
use crate::paper::model::{
    CURRENCY, Order, OrderInput, OrderPage, OrderState, Placed, Preview, Reason, Side,
};
use crate::paper::rules::{self, Checked, expected, reserved, seen_at};
use crate::paper::store::{self, Canceled, Whose};
use crate::platform::{database::Tx, idempotency::Once};
use crate::portfolio;
use crate::shared::{Error, OrderId, Result, paging, time};
use rust_decimal::Decimal;
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

/// Orders per page.
const PAGE: u64 = 50;
/// Most orders of an account in a season.
const MAX_PLACED: i32 = 10_000;

/// Filter of a list of orders, not parsed yet.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Wanted {
    /// Community id; default: the Lobby.
    #[param(value_type = Option<Uuid>)]
    pub community: Option<String>,
    /// Season id; default: the running season.
    #[param(value_type = Option<Uuid>)]
    pub season: Option<String>,
    /// State: `open`, `filled`, `canceled`, `expired` or `rejected`.
    #[param(example = "open")]
    pub state: Option<String>,
    /// The `next` of the previous page.
    #[param(value_type = Option<Uuid>)]
    pub before: Option<String>,
}

impl Service {
    /// Places an order in the running season of a community. It fills at a later price than the
    /// last known one.
    ///
    /// # Errors
    /// As [`rules::check`] and finding the symbol; `not-found`, `not-joined`, `paper-cash`,
    /// `paper-units`, `too-many-orders`, `season-over`, `market-unavailable`.
    pub async fn place(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        input: &OrderInput,
    ) -> Result<Placed> {
        self.place_for(viewer, community, input, None).await
    }

    /// Replaces an open order of the same account in one step. The new order can use what the open
    /// one reserves; if it cannot be placed, the open one stays. Like any order, it fills at a
    /// price that comes after it.
    ///
    /// # Errors
    /// As [`Self::place`]; `not-found`, and `order-ended` if it is not open any more.
    pub async fn replace(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        id: OrderId,
        input: &OrderInput,
    ) -> Result<Placed> {
        self.place_for(viewer, community, input, Some(id)).await
    }

    async fn place_for(
        &self,
        viewer: &Viewer,
        community: Option<&str>,
        input: &OrderInput,
        replaced: Option<OrderId>,
    ) -> Result<Placed> {
        let asked = (community, input, replaced);
        let once = Once::of(viewer.account, "paper.place", &asked)?;
        if let Some(placed) = self.inner.db.answered(once.as_ref()).await? {
            return Ok(placed);
        }
        let checked = rules::check(input)?;
        let (_, row) = self.season(viewer, community, None).await?;
        let row = row.ok_or_else(not_joined)?;
        let account = viewer.account;
        let member = store::member(&self.inner.db, row.id, account).await?;
        let member = member.ok_or_else(not_joined)?.id;
        let quote = self.meant(viewer, input).await?;
        let moves = self.inner.markets.moves(quote.source, quote.date).await;
        let order = Order {
            id: OrderId::new(),
            symbol: quote.symbol.clone(),
            side: checked.side,
            kind: checked.kind(),
            quantity: checked.quantity,
            limit: checked.limit,
            state: OrderState::Open,
            reason: None,
            // Set after the quote was loaded: a price newer than this is newer than the quote.
            placed_at: time::now(),
            seen_price: quote.price,
            seen_at: seen_at(&quote),
            done_at: None,
            price: None,
            priced_at: None,
            source: None,
        };
        let today = self.inner.markets.today().await?;
        let job = move |tx: Tx| async move {
            let member = store::hold_member(&tx, member, 1).await?;
            let member = member.ok_or_else(not_joined)?;
            if !row.runs(today) {
                return Err(season_over());
            }
            if let Some(id) = replaced {
                ended(store::cancel(&tx, Whose::Member(member.id), id, time::now()).await?)?;
            }
            let open = store::open_of(&tx, member.id, MAX_OPEN).await?;
            if open.len() as u64 >= MAX_OPEN || member.placed > MAX_PLACED {
                return Err(Error::conflict(
                    "too-many-orders",
                    format!("Too many orders: at most {MAX_OPEN} open and {MAX_PLACED} per season"),
                )
                .with("max", MAX_OPEN));
            }
            let symbol = order.symbol.as_str();
            let balance = portfolio::Service::balance(&tx, member.portfolio, symbol).await?;
            let offered: Decimal = open
                .iter()
                .filter(|other| other.side == Side::Sell && other.symbol == symbol)
                .map(|other| other.quantity)
                .sum();
            let cash = (balance.cash - reserved(&open)).max(Decimal::ZERO);
            let units = (balance.units - offered).max(Decimal::ZERO);
            let price = expected(&order);
            rules::fits(order.side, order.quantity, price, cash, units)
                .map_err(|reason| too_much(reason, &order, cash, units))?;
            store::insert(&tx, member.id, &order).await?;
            Ok(Placed { order, moves })
        };
        self.inner.db.write_once(member, once, job).await
    }

    /// Estimates an order at the last known price.
    pub async fn preview(&self, viewer: &Viewer, input: &OrderInput) -> Result<Preview> {
        let Checked {
            quantity, limit, ..
        } = rules::check(input)?;
        let quote = self.meant(viewer, input).await?;
        let moves = self.inner.markets.moves(quote.source, quote.date).await;
        let estimate = rules::estimate(quantity, limit.unwrap_or(quote.price));
        let known = self.inner.markets.instrument(&quote.symbol)?;
        Ok(Preview {
            name: known.map(|known| known.name.clone()),
            price: quote.price,
            priced_at: seen_at(&quote),
            source: quote.source,
            estimate: estimate.ok_or_else(|| {
                Error::bad_request("order-too-large", "Order too large").with("field", "quantity")
            })?,
            symbol: quote.symbol,
            moves,
        })
    }

    /// Finds the canonical symbol of an order, with its last known price.
    async fn meant(&self, viewer: &Viewer, input: &OrderInput) -> Result<Quote> {
        let in_field = |error: Error| error.with("field", "symbol");
        let symbol = self.inner.watchlists.meant(viewer, &input.symbol);
        let symbol = markets::canonical(&symbol.await.map_err(in_field)?).to_owned();
        let markets = self.inner.markets.requested_by(viewer);
        let quote = markets.quote(&symbol).await?;
        let mut quote = quote.ok_or_else(|| in_field(markets::unknown_symbol(&symbol)))?;
        quote.symbol = symbol;
        match quote.currency() {
            None | Some(CURRENCY) => Ok(quote),
            Some(other) => Err(in_field(order_currency(&quote.symbol, other))),
        }
    }

    /// A page of the viewer's orders in a season, newest first.
    ///
    /// # Errors
    /// `not-found`, `bad-community`, `bad-season`, `bad-state`, `bad-cursor`.
    pub async fn orders(&self, viewer: &Viewer, wanted: &Wanted) -> Result<OrderPage> {
        let state = wanted
            .state
            .as_deref()
            .map(|name| {
                OrderState::named(&name.trim().to_ascii_lowercase()).ok_or_else(|| {
                    Error::bad_request(
                        "bad-state",
                        "state must be open, filled, canceled, expired or rejected",
                    )
                })
            })
            .transpose()?;
        let before = paging::cursor::<OrderId>(wanted.before.as_deref())?;
        let (community, season) = (wanted.community.as_deref(), wanted.season.as_deref());
        let (_, row) = self.season(viewer, community, season).await?;
        let db = &self.inner.db;
        let member = match row {
            Some(row) => store::member(db, row.id, viewer.account).await?,
            None => None,
        };
        let Some(member) = member else {
            return Ok(OrderPage::default());
        };
        let mut orders = store::page(db, member.id, state, before, PAGE + 1).await?;
        let more = paging::cut(&mut orders, PAGE);
        let next = orders.last().filter(|_| more);
        Ok(OrderPage {
            next: next.map(|last| last.id.to_string()),
            orders,
        })
    }

    /// Open orders of an account, and its latest ones that are not open.
    pub(super) async fn orders_shown(&self, member: Uuid) -> Result<(Vec<Order>, Vec<Order>)> {
        let open = store::open_of(&self.inner.db, member, MAX_OPEN).await?;
        let last = store::page(&self.inner.db, member, None, None, SHOWN + MAX_OPEN).await?;
        let done = last.into_iter().filter(|one| one.state != OrderState::Open);
        Ok((open, done.take(SHOWN as usize).collect()))
    }

    /// Cancels an open order.
    ///
    /// # Errors
    /// `not-found`; `order-ended` if it is not open any more.
    pub async fn cancel(&self, viewer: &Viewer, id: OrderId) -> Result<()> {
        let account = viewer.account;
        let job = move |tx: Tx| async move {
            store::cancel(&tx, Whose::Account(account), id, time::now()).await
        };
        ended(self.inner.db.write(account.0, job).await?)
    }

    /// An open order of an account, for the ticket.
    pub(super) async fn open_order(&self, member: Uuid, id: &str) -> Result<Option<Order>> {
        let Ok(id) = id.parse::<OrderId>() else {
            return Ok(None);
        };
        let open = store::open_of(&self.inner.db, member, MAX_OPEN).await?;
        Ok(open.into_iter().find(|order| order.id == id))
    }
}

fn ended(canceled: Canceled) -> Result<()> {
    match canceled {
        Canceled::Done => Ok(()),
        Canceled::Ended => Err(Error::conflict("order-ended", "Order not open")),
        Canceled::Missing => Err(Error::not_found()),
    }
}

fn not_joined() -> Error {
    Error::conflict("not-joined", "Join the season first")
}

fn too_much(reason: Reason, order: &Order, cash: Decimal, units: Decimal) -> Error {
    let figure = |exact: Decimal| exact.normalize().to_string();
    let asked = figure(order.quantity);
    match reason {
        Reason::Units => Error::conflict(
            "paper-units",
            format!(
                "You can sell {} {}, not {asked}",
                figure(units),
                order.symbol
            ),
        )
        .with("held", figure(units))
        .with("asked", asked)
        .with("symbol", &order.symbol),
        Reason::Cash | Reason::Full => {
            let cost = rules::estimate(order.quantity, expected(order));
            let cost = cost.map_or(asked, figure);
            Error::conflict(
                "paper-cash",
                format!(
                    "Not enough buying power: the order costs about {cost}, you have {}",
                    figure(cash)
                ),
            )
            .with("held", figure(cash))
            .with("asked", cost)
        }
    }
    .with("field", "quantity")
}

/// Rialto converts no currencies: what an account holds is priced in its own.
fn order_currency(symbol: &str, currency: &str) -> Error {
    Error::conflict(
        "order-currency",
        format!("Paper trading is in {CURRENCY}; {symbol} trades in {currency}"),
    )
    .with("symbol", symbol)
    .with("asked", currency)
    .with("currency", CURRENCY)
}
