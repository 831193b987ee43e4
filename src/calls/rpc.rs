//! Server functions of the page of calls. Their forms work without JavaScript.

use super::CallsPage;
use crate::shared::json;
use crate::shared::{CallId, Error};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{Draft, Filter, Service};
#[cfg(feature = "ssr")]
use crate::accounts::guard::{ask, respond};
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// The records of a community and some of its calls.
#[server(prefix = "/rpc", endpoint = "calls/page", output = json::Json)]
pub async fn load_calls(
    community: Option<String>,
    symbol: Option<String>,
    state: Option<String>,
    before: Option<String>,
) -> Result<CallsPage, Error> {
    let page = async {
        let (service, viewer) = ask::<Service>().await?;
        let leaderboard = service.leaderboard(&viewer, community.as_deref()).await?;
        let filter = Filter {
            community,
            author: None,
            symbol,
            state,
            before,
        };
        let page = service.page(&viewer, &filter).await?;
        Ok(CallsPage {
            retractable: Service::retractable(&viewer, &page),
            leaderboard,
            page,
        })
    };
    respond(page.await)
}

/// Makes a call.
#[server(prefix = "/rpc", endpoint = "calls/make", output = json::Json)]
pub async fn make_call(
    community: Option<String>,
    symbol: String,
    direction: String,
    horizon: String,
    reason: String,
    #[server(default)] key: String,
) -> Result<CallId, Error> {
    let made = async {
        let (service, viewer) = ask::<Service>().await?;
        let draft = Draft {
            symbol,
            direction,
            horizon,
            reason,
        };
        let made = service.make(&viewer, community.as_deref(), &draft).await?;
        Ok(made.id)
    };
    respond(under(&key, made).await)
}

/// Takes a call back.
#[server(prefix = "/rpc", endpoint = "calls/take_back", output = json::Json)]
pub async fn take_back_call(call: CallId) -> Result<(), Error> {
    let gone = async {
        let (service, viewer) = ask::<Service>().await?;
        service.take_back(&viewer, call).await
    };
    respond(gone.await)
}
