//! Server functions of the personal settings. They take plain forms, so that they work without
//! JavaScript.

use crate::accounts::Profile;
use crate::shared::Error;
use crate::shared::json;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use crate::{
    accounts::{
        Account,
        guard::{self, Reader, caller, service, viewer},
    },
    shared::Result,
    ui::preferences::Preferences,
};

/// Sets preferences by the names of [`Preferences`](crate::ui::preferences::Preferences); others
/// keep their values. Without an account, only the browser's cookie stores them.
#[server(prefix = "/rpc", endpoint = "accounts/set_preferences", output = json::Json)]
pub async fn set_preferences(chosen: BTreeMap<String, String>) -> Result<(), Error> {
    let service = service()?;
    let mut preferences = Reader::of_request()
        .map(|reader| reader.preferences)
        .unwrap_or_default();
    for (name, value) in &chosen {
        preferences.set(name, value)?;
    }
    if let Some(viewer) = caller().await?.viewer? {
        let preferences = preferences.clone();
        service.set_preferences(viewer.account, preferences).await?;
    }
    guard::remember_preferences(&service, &preferences);
    Ok(())
}

/// Copies preferences chosen before the registration from this browser to the new account.
#[cfg(feature = "ssr")]
pub(super) async fn bring_along(account: &Account) -> Result<()> {
    let reader = Reader::of_request().filter(|reader| reader.preferences != Preferences::default());
    match reader {
        Some(reader) => {
            let service = service()?;
            let id = account.profile.id;
            service.set_preferences(id, reader.preferences).await
        }
        None => Ok(()),
    }
}

/// Changes the viewer's display name.
#[server(prefix = "/rpc", endpoint = "accounts/rename", output = json::Json)]
pub async fn rename(display_name: String) -> Result<Profile, Error> {
    service()?.rename(&viewer().await?, &display_name).await
}

/// Removes the viewer's picture.
#[server(prefix = "/rpc", endpoint = "accounts/remove_avatar", output = json::Json)]
pub async fn remove_avatar() -> Result<Profile, Error> {
    service()?.remove_avatar(&viewer().await?).await
}

/// Restores a picture that the viewer removed recently.
#[server(prefix = "/rpc", endpoint = "accounts/restore_avatar", output = json::Json)]
pub async fn restore_avatar(hash: String) -> Result<Profile, Error> {
    service()?.restore_avatar(&viewer().await?, hash).await
}
