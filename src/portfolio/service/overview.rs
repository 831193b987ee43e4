//! Holdings of a portfolio at the last known prices.

use super::{
    Service, compute,
    transactions::{Place, place},
    unknown,
};
use crate::accounts::Viewer;
use crate::markets::Quote;
use crate::portfolio::model::{Detail, Holding, Overview, Portfolio, PortfolioPage};
use crate::portfolio::rules::ledger::{Impossible, Method, Sale, position};
use crate::portfolio::store::{self, StoredHolding};
use crate::shared::{Error, PortfolioId, Result, time};
use rust_decimal::Decimal;

/// Lots and sells per page.
const ROWS: usize = 100;

impl Service {
    /// Returns a portfolio with its holdings at the last known prices. If a data source is
    /// unavailable, the prices of the last trades are used.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn page(&self, viewer: &Viewer, id: PortfolioId) -> Result<PortfolioPage> {
        let (portfolio, _) = self.owned(viewer, id).await?;
        self.page_of(viewer, portfolio).await
    }

    /// Returns the viewer's portfolios, and one with its holdings: the chosen one, else the first.
    pub async fn overview(&self, viewer: &Viewer, chosen: Option<PortfolioId>) -> Result<Overview> {
        let portfolios = self.portfolios(viewer).await?;
        let shown = portfolios.iter().find(|one| Some(one.id) == chosen);
        let page = match shown.or(portfolios.first()) {
            Some(shown) => Some(self.page_of(viewer, shown.clone()).await?),
            None => None,
        };
        let now = time::now();
        let clock = self.inner.markets.clock(now).await?;
        Ok(Overview {
            portfolios,
            page,
            today: (clock != now).then(|| clock.date_naive()),
        })
    }

    /// Returns the viewer's first portfolio, for clients that know only one.
    pub async fn first_page(&self, viewer: &Viewer) -> Result<Option<PortfolioPage>> {
        match self.portfolios(viewer).await?.into_iter().next() {
            Some(portfolio) => self.page_of(viewer, portfolio).await.map(Some),
            None => Ok(None),
        }
    }

    async fn page_of(&self, viewer: &Viewer, portfolio: Portfolio) -> Result<PortfolioPage> {
        let all = store::holdings(&self.inner.db, portfolio.id).await?;
        let keeps_cash = all
            .iter()
            .any(|kept| !(kept.sums.put_in.is_zero() && kept.sums.taken_out.is_zero()));
        let cash: Decimal = all.iter().map(|kept| kept.sums.cash()).sum();
        let instruments: Vec<StoredHolding> = all
            .into_iter()
            .filter(|kept| !kept.symbol.is_empty())
            .collect();
        let mut holdings = self.priced(viewer, instruments, portfolio.method).await;
        holdings.sort_by(|one, other| {
            let held = |holding: &Holding| !holding.quantity.is_zero();
            let by_value = || other.value.cmp(&one.value);
            held(other).cmp(&held(one)).then_with(by_value)
        });
        let value: Decimal = holdings.iter().map(|holding| holding.value).sum();
        let cash = keeps_cash.then_some(cash);
        Ok(PortfolioPage {
            value: value + cash.unwrap_or_default(),
            cash,
            holdings,
            portfolio,
        })
    }

    /// Returns a symbol with a page of lots after the cursor `lots`, and a page of sells before the
    /// cursor `sales`.
    ///
    /// # Errors
    /// `not-found`, `bad-cursor`.
    pub async fn detail(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
        lots: Option<&str>,
        sales: Option<&str>,
    ) -> Result<Detail> {
        let symbol = self.position(portfolio, symbol).await.map_err(unknown)?;
        let symbol = symbol.as_str();
        let (owned, _) = self.owned(viewer, portfolio).await?;
        let after = lots.map(place).transpose()?;
        let before = sales.map(place).transpose()?;
        let kept = self.kept(portfolio, symbol).await?;
        let entries = self.entries(viewer.account, portfolio, Some(symbol));
        let entries = entries.await?.into_iter().map(|(_, entry)| entry);
        let (entries, splits) = (entries.collect::<Vec<_>>(), kept.splits.clone());
        let found = compute(move || {
            let found = position(&entries, &splits)?;
            let lots = page(found.lots, after, |lot| (lot.date, lot.purchase));
            // Latest first: the page comes before the cursor.
            let sales = found.sales.into_iter().rev();
            let sales = sales.filter(|sale| before.is_none_or(|at| (sale.date, sale.id) < at));
            let sales = page(sales.collect(), None, |sale| (sale.date, sale.id));
            Ok::<_, Impossible>((lots, sales))
        });
        let found = found.await?;
        let ((lots, lots_next), (sales, sales_next)) =
            found.map_err(|why| super::errors::impossible(symbol, &why))?;
        // A sell can take from every lot; the page does not show them.
        let plain = |sale: Sale| Sale {
            lots: Vec::new(),
            ..sale
        };
        let mut priced = self.priced(viewer, vec![kept], owned.method).await;
        Ok(Detail {
            holding: priced.pop().ok_or_else(Error::not_found)?,
            method: owned.method,
            lots,
            lots_next,
            sales: sales.into_iter().map(plain).collect(),
            sales_next,
        })
    }

    /// Returns a symbol without its lots and sells.
    pub(super) async fn holding_of(
        &self,
        viewer: &Viewer,
        portfolio: PortfolioId,
        symbol: &str,
    ) -> Result<Holding> {
        let (owned, _) = self.owned(viewer, portfolio).await?;
        let kept = self.kept(portfolio, symbol).await?;
        let mut priced = self.priced(viewer, vec![kept], owned.method).await;
        priced.pop().ok_or_else(Error::not_found)
    }

    /// Returns the stored sums of a symbol.
    async fn kept(&self, portfolio: PortfolioId, symbol: &str) -> Result<StoredHolding> {
        let kept = store::holding(&self.inner.db, portfolio, symbol).await?;
        kept.filter(|kept| !kept.symbol.is_empty())
            .ok_or_else(Error::not_found)
    }

    /// Returns holdings with names and prices. Symbols that are no longer held need no price.
    async fn priced(
        &self,
        viewer: &Viewer,
        all: Vec<StoredHolding>,
        method: Method,
    ) -> Vec<Holding> {
        let held = all.iter().filter(|kept| !kept.sums.quantity.is_zero());
        let symbols: Vec<String> = held.map(|kept| kept.symbol.clone()).collect();
        let markets = self.inner.markets.requested_by(viewer);
        let mut quotes = markets.quotes(&symbols).await.into_iter();
        let holding = |kept: StoredHolding| {
            let quote = if kept.sums.quantity.is_zero() {
                None
            } else {
                quotes.next().and_then(|answer| answer.ok().flatten())
            };
            self.holding(kept, quote.as_ref(), method)
        };
        all.into_iter().map(holding).collect()
    }

    fn holding(&self, kept: StoredHolding, quote: Option<&Quote>, method: Method) -> Holding {
        let StoredHolding {
            symbol,
            name,
            sector,
            sums,
            ..
        } = kept;
        let known = self.inner.markets.instrument(&symbol).ok().flatten();
        let quantity = sums.quantity;
        let price = quote.map(|quote| quote.price).or(sums.last_price);
        let times = |each: Decimal| quantity.checked_mul(each);
        let value = price.and_then(times).unwrap_or_default();
        let cost = sums.cost.by(method);
        let change = quote.and_then(Quote::change);
        Holding {
            name: name
                .or_else(|| known.map(|known| known.name.clone()))
                .unwrap_or_else(|| symbol.clone()),
            sector: sector.or_else(|| Some(known?.sector?.name().to_owned())),
            average_price: cost.checked_div(quantity),
            price,
            price_date: quote.map(|quote| quote.date),
            source: quote.map(|quote| quote.source),
            unrealized: value - cost,
            realized: sums.realized.by(method),
            dividends: sums.dividends - sums.fees,
            day_change: change.and_then(times),
            since: sums.since,
            symbol,
            quantity,
            cost,
            value,
        }
    }
}

/// Returns the first elements after a cursor, and the cursor of the next page.
fn page<T>(
    mut all: Vec<T>,
    after: Option<Place>,
    place: fn(&T) -> Place,
) -> (Vec<T>, Option<String>) {
    if let Some(after) = after {
        all.retain(|one| place(one) > after);
    }
    let more = all.len() > ROWS;
    all.truncate(ROWS);
    let last = all.last().filter(|_| more).map(place);
    (all, last.map(|(date, id)| format!("{date}_{id}")))
}
