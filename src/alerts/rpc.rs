//! Server functions of the alerts page. Their forms work without JavaScript.

#![expect(
    clippy::too_many_arguments,
    reason = "the fields of a form are the arguments of its function"
)]

use super::{AlertsPage, Unseen};
use crate::shared::json;
use crate::shared::{AlertId, Error, NotificationId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::{AlertInput, Service};
#[cfg(feature = "ssr")]
use crate::accounts::guard::{ask, caller, provided};
#[cfg(feature = "ssr")]
use crate::platform::idempotency::under;

/// The viewer's account and its number of unseen notifications. None: not signed in.
#[server(prefix = "/rpc", endpoint = "alerts/unseen", output = json::Json)]
pub async fn load_unseen() -> Result<Option<Unseen>, Error> {
    let Ok(viewer) = caller().await?.viewer() else {
        return Ok(None);
    };
    let service: Service = provided()?;
    service.unseen(&viewer).await.map(Some)
}

/// The viewer's alerts and notifications, and the channels for posts.
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

/// Marks the viewer's notifications up to this one as seen.
#[server(prefix = "/rpc", endpoint = "alerts/see", output = json::Json)]
pub async fn see_alerts(up_to: NotificationId) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.see(&viewer, up_to).await
}
