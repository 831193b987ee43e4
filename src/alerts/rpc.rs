//! Server functions of the alerts page. Their forms work without JavaScript.

#![expect(
    clippy::too_many_arguments,
    reason = "the fields of a form are the arguments of its function"
)]

use super::AlertsPage;
use crate::shared::json;
use crate::shared::{AlertId, Error};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{AlertInput, Service};
#[cfg(feature = "ssr")]
use crate::accounts::guard::ask;
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// The viewer's alerts, and the channels for posts.
#[server(prefix = "/rpc", endpoint = "alerts/page", output = json::Json)]
pub async fn load_alerts() -> Result<AlertsPage, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.page(&viewer).await
}

/// Creates an alert.
#[server(prefix = "/rpc", endpoint = "alerts/create", output = json::Json)]
pub async fn create_alert(
    #[server(default)] symbol: String,
    kind: String,
    #[server(default)] value: String,
    #[server(default)] period: String,
    #[server(default)] channel: String,
    #[server(default)] note: String,
    #[server(default)] expires: String,
    #[server(default)] key: String,
) -> Result<AlertId, Error> {
    let made = async {
        let (service, viewer) = ask::<Service>().await?;
        let input = AlertInput {
            symbol,
            kind,
            value,
            period,
            channel,
            note,
            expires,
        };
        Ok(service.create(&viewer, &input).await?.id)
    };
    under(&key, made).await
}

/// Deletes an alert.
#[server(prefix = "/rpc", endpoint = "alerts/delete", output = json::Json)]
pub async fn delete_alert(alert: AlertId) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.delete(&viewer, alert).await
}

/// Activates an inactive alert.
#[server(prefix = "/rpc", endpoint = "alerts/arm", output = json::Json)]
pub async fn arm_alert(alert: AlertId) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.arm(&viewer, alert).await.map(|_| ())
}
