//! Server functions of the portfolio pages. Their forms work without JavaScript.

#![expect(
    clippy::too_many_arguments,
    reason = "the fields of a form are the arguments of its function"
)]

use super::rules::ledger::Method;
use super::{
    Detail, Dividends, Imports, Overview, Performance, SharePreview, Shared, TakenDividends,
    TransactionPage,
};
use crate::markets::Trade;
use crate::shared::json;
use crate::shared::{ChannelId, Error, ImportId, PortfolioId, TransactionId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{
    Service, Sharing, Showing, TransactionInput,
    service::{Naming, What},
};
#[cfg(feature = "ssr")]
use crate::accounts::guard::ask;
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// Transactions per page.
#[cfg(feature = "ssr")]
const PAGE: u64 = 50;

/// Returns the viewer's portfolios, and one with its holdings: the chosen one, else the first.
#[server(prefix = "/rpc", endpoint = "portfolio/overview", output = json::Json)]
pub async fn load_overview(chosen: Option<PortfolioId>) -> Result<Overview, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.overview(&viewer, chosen).await
}

/// Returns a page of lots and sells of a symbol, from these cursors on.
#[server(prefix = "/rpc", endpoint = "portfolio/detail", output = json::Json)]
pub async fn load_detail(
    portfolio: PortfolioId,
    symbol: String,
    lots: Option<String>,
    sales: Option<String>,
) -> Result<Detail, Error> {
    let (service, viewer) = ask::<Service>().await?;
    let (lots, sales) = (lots.as_deref(), sales.as_deref());
    let detail = service.detail(&viewer, portfolio, &symbol, lots, sales);
    detail.await
}

/// Returns the performance of a portfolio, compared with a benchmark.
#[server(prefix = "/rpc", endpoint = "portfolio/performance", output = json::Json)]
pub async fn load_performance(
    portfolio: PortfolioId,
    benchmark: Option<String>,
) -> Result<Performance, Error> {
    let (service, viewer) = ask::<Service>().await?;
    let found = service
        .performance(&viewer, portfolio, benchmark.as_deref())
        .await?;
    Ok(Performance::clone(&found))
}

/// Returns a page of transactions, latest date first.
#[server(prefix = "/rpc", endpoint = "portfolio/transactions", output = json::Json)]
pub async fn load_transactions(
    portfolio: PortfolioId,
    symbol: Option<String>,
    before: Option<String>,
) -> Result<TransactionPage, Error> {
    let (service, viewer) = ask::<Service>().await?;
    let symbol = symbol.as_deref().filter(|symbol| !symbol.trim().is_empty());
    let before = before.as_deref();
    service
        .transactions(&viewer, portfolio, symbol, before, PAGE)
        .await
}

/// Returns the viewer's buys and sells of a symbol.
#[server(prefix = "/rpc", endpoint = "portfolio/trades", output = json::Json)]
pub async fn load_trades(symbol: String) -> Result<Vec<Trade>, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.trades(&viewer, &symbol).await
}

/// Returns past imports, and the progress of the running one.
#[server(prefix = "/rpc", endpoint = "portfolio/imports", output = json::Json)]
pub async fn load_imports(
    portfolio: PortfolioId,
    before: Option<ImportId>,
) -> Result<Imports, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.imports(&viewer, portfolio, before).await
}

/// Undoes an import; returns the number of transactions deleted.
#[server(prefix = "/rpc", endpoint = "portfolio/undo_import", output = json::Json)]
pub async fn undo_import(portfolio: PortfolioId, import: ImportId) -> Result<u64, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.undo_import(&viewer, portfolio, import).await
}

/// Returns the dividends that a portfolio received, and dividends that may be missing.
#[server(prefix = "/rpc", endpoint = "portfolio/dividends", output = json::Json)]
pub async fn load_dividends(portfolio: PortfolioId) -> Result<Dividends, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.dividends(&viewer, portfolio).await
}

/// Adds the selected missing dividends.
#[server(prefix = "/rpc", endpoint = "portfolio/take_dividends", output = json::Json)]
pub async fn take_dividends(
    portfolio: PortfolioId,
    #[server(default)] chosen: Vec<String>,
    #[server(default)] key: String,
) -> Result<TakenDividends, Error> {
    let taken = async {
        let (service, viewer) = ask::<Service>().await?;
        let chosen: crate::shared::Result<Vec<_>> = chosen.iter().map(|one| one.parse()).collect();
        service.take_dividends(&viewer, portfolio, chosen?).await
    };
    under(&key, taken).await
}

/// Returns a preview of the card of a portfolio or a trade, and the channels it can be shared in.
#[server(prefix = "/rpc", endpoint = "portfolio/preview_share", output = json::Json)]
pub async fn preview_share(
    portfolio: PortfolioId,
    transaction: Option<TransactionId>,
    name: bool,
    quantities: bool,
    amounts: bool,
) -> Result<SharePreview, Error> {
    let (sharing, viewer) = ask::<Sharing>().await?;
    let what = What {
        portfolio,
        transaction,
        showing: Showing {
            name,
            quantities,
            amounts,
        },
    };
    sharing.preview(&viewer, what).await
}

/// Shares a portfolio, or one of its trades, in a channel.
#[server(prefix = "/rpc", endpoint = "portfolio/share", output = json::Json)]
pub async fn share(
    portfolio: PortfolioId,
    transaction: Option<TransactionId>,
    name: bool,
    quantities: bool,
    amounts: bool,
    channel: ChannelId,
    comment: String,
    nonce: String,
) -> Result<Shared, Error> {
    let (sharing, viewer) = ask::<Sharing>().await?;
    let what = What {
        portfolio,
        transaction,
        showing: Showing {
            name,
            quantities,
            amounts,
        },
    };
    sharing
        .share(&viewer, what, channel, &comment, &nonce)
        .await
}

/// Creates a portfolio.
#[server(prefix = "/rpc", endpoint = "portfolio/create", output = json::Json)]
pub async fn create_portfolio(
    name: String,
    method: Method,
    #[server(default)] key: String,
) -> Result<PortfolioId, Error> {
    let made = async {
        let (service, viewer) = ask::<Service>().await?;
        let made = service.create(&viewer, &name, method).await?;
        Ok(made.id)
    };
    under(&key, made).await
}

/// Edits the name and the cost basis method of a portfolio.
#[server(prefix = "/rpc", endpoint = "portfolio/change", output = json::Json)]
pub async fn change_portfolio(
    portfolio: PortfolioId,
    name: String,
    method: Method,
) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.change(&viewer, portfolio, &name, method).await
}

/// Deletes a portfolio, if its name was typed.
#[server(prefix = "/rpc", endpoint = "portfolio/delete", output = json::Json)]
pub async fn delete_portfolio(portfolio: PortfolioId, typed: String) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.delete_named(&viewer, portfolio, &typed).await
}

/// Adds or edits a transaction. Without a portfolio it uses the first one, which is created if
/// needed.
#[server(prefix = "/rpc", endpoint = "portfolio/write", output = json::Json)]
pub async fn write_transaction(
    #[server(default)] portfolio: Option<PortfolioId>,
    #[server(default)] transaction: Option<TransactionId>,
    kind: String,
    #[server(default)] symbol: String,
    date: String,
    #[server(default)] quantity: String,
    #[server(default)] price: String,
    #[server(default)] fee: String,
    #[server(default)] amount: String,
    #[server(default)] from: String,
    #[server(default)] to: String,
    #[server(default)] note: String,
    #[server(default)] key: String,
) -> Result<TransactionId, Error> {
    let written = async {
        let (service, viewer) = ask::<Service>().await?;
        let input = TransactionInput {
            kind,
            symbol,
            date,
            quantity,
            price,
            fee,
            amount,
            from,
            to,
            note,
        };
        match (portfolio, transaction) {
            (Some(portfolio), Some(id)) => {
                service.edit(&viewer, portfolio, id, &input).await?;
                Ok(id)
            }
            _ => {
                service
                    .add(&viewer, portfolio, &input, Naming::default())
                    .await
            }
        }
    };
    under(&key, written).await
}

/// Deletes a transaction.
#[server(prefix = "/rpc", endpoint = "portfolio/remove", output = json::Json)]
pub async fn remove_transaction(
    portfolio: PortfolioId,
    transaction: TransactionId,
) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.remove(&viewer, portfolio, transaction).await?;
    Ok(())
}

/// Removes a symbol without a sell.
#[server(prefix = "/rpc", endpoint = "portfolio/take_out", output = json::Json)]
pub async fn take_out(portfolio: PortfolioId, symbol: String) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.remove_position(&viewer, portfolio, &symbol).await
}

/// Restores a removed symbol.
#[server(prefix = "/rpc", endpoint = "portfolio/bring_back", output = json::Json)]
pub async fn bring_back(portfolio: PortfolioId, symbol: String) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.restore_position(&viewer, portfolio, &symbol).await
}
