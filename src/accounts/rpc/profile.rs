//! Server functions of the pages on which people set things for themselves. They take plain forms,
//! so that they work without JavaScript.

use crate::accounts::Profile;
use crate::shared::Error;
use crate::shared::json;
use leptos::prelude::*;
use std::collections::BTreeMap;

#[cfg(feature = "ssr")]
use crate::{
    accounts::{
        Account,
        guard::{self, Reader, caller, respond, service, viewer},
    },
    shared::Result,
    ui::preferences::Preferences,
};

/// Chooses how things are shown, by the names of [`Preferences`](crate::ui::preferences::Preferences);
/// what is not named stays as it is. Without an account, the browser alone remembers it.
#[server(prefix = "/rpc", endpoint = "accounts/set_preferences", output = json::Json)]
pub async fn set_preferences(chosen: BTreeMap<String, String>) -> Result<(), Error> {
    let set = async {
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
        guard::keep_preferences(&service, &preferences);
        Ok(())
    };
    respond(set.await)
}

/// What was chosen in this browser before there was an account goes with it.
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

/// Gives the viewer another shown name.
#[server(prefix = "/rpc", endpoint = "accounts/rename", output = json::Json)]
pub async fn rename(display_name: String) -> Result<Profile, Error> {
    let renamed = async { service()?.rename(&viewer().await?, &display_name).await };
    respond(renamed.await)
}

/// Takes the viewer's picture away.
#[server(prefix = "/rpc", endpoint = "accounts/remove_avatar", output = json::Json)]
pub async fn remove_avatar() -> Result<Profile, Error> {
    let removed = async { service()?.remove_avatar(&viewer().await?).await };
    respond(removed.await)
}

/// Gives the viewer a picture back that was taken away a short time ago.
#[server(prefix = "/rpc", endpoint = "accounts/restore_avatar", output = json::Json)]
pub async fn restore_avatar(hash: String) -> Result<Profile, Error> {
    let restored = async { service()?.restore_avatar(&viewer().await?, hash).await };
    respond(restored.await)
}
