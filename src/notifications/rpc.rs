//! Server functions of notifications.

use super::{NotificationPage, UnseenCount};
use crate::shared::json;
use crate::shared::{Error, NotificationId};
use leptos::prelude::*;

#[cfg(feature = "ssr")]
use super::Service;
#[cfg(feature = "ssr")]
use crate::accounts::guard::{ask, caller, provided};

/// The viewer's account and its number of unseen notifications. None: not signed in.
#[server(prefix = "/rpc", endpoint = "notifications/unseen", output = json::Json)]
pub async fn load_unseen() -> Result<Option<UnseenCount>, Error> {
    let Ok(viewer) = caller().await?.viewer() else {
        return Ok(None);
    };
    let service: Service = provided()?;
    service.unseen(&viewer).await.map(Some)
}

/// The viewer's notifications, newest first.
#[server(prefix = "/rpc", endpoint = "notifications/page", output = json::Json)]
pub async fn load_notifications(before: Option<NotificationId>) -> Result<NotificationPage, Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.page(&viewer, before).await
}

/// Marks the viewer's notifications up to this one as seen, of one kind or all.
#[server(prefix = "/rpc", endpoint = "notifications/see", output = json::Json)]
pub async fn see_notifications(
    up_to: NotificationId,
    #[server(default)] kind: Option<String>,
) -> Result<(), Error> {
    let (service, viewer) = ask::<Service>().await?;
    service.see(&viewer, kind, up_to).await
}
