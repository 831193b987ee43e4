//! Server function of the page of the pulse.

use super::PulsePage;
use crate::shared::{Error, json};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{Service, Wanted};
#[cfg(feature = "ssr")]
use crate::accounts::guard::{ask, respond};

/// The instruments that are spoken of most, and the one that was chosen.
#[server(prefix = "/rpc", endpoint = "pulse/page", output = json::Json)]
pub async fn load_pulse(
    days: Option<String>,
    channel: Option<String>,
    skip: Option<String>,
    symbol: Option<String>,
) -> Result<PulsePage, Error> {
    let page = async {
        let (service, viewer) = ask::<Service>().await?;
        let wanted = Wanted {
            community: None,
            channel,
            days,
            skip,
        };
        service.page(&viewer, &wanted, symbol.as_deref()).await
    };
    respond(page.await)
}
