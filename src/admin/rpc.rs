//! Server functions of the admin pages. Their forms work without JavaScript.

#![expect(
    clippy::too_many_arguments,
    reason = "the fields of a form are the arguments of its function"
)]

use super::{AccountAct, AccountsPage, AuditPage, Health, ResetLink, SettingsState};
use crate::shared::json;
use crate::shared::{AccountId, Error};
use leptos::prelude::*;
use uuid::Uuid;

#[cfg(feature = "ssr")]
use super::{Service, Shown};
#[cfg(feature = "ssr")]
use crate::{
    accounts::{
        Viewer,
        guard::{caller, provided},
    },
    shared::{Result, instance::Registration},
};
#[cfg(feature = "ssr")]
use serde_json::json;

/// Number of rows per page.
#[cfg(feature = "ssr")]
const PAGE: u64 = 50;

/// The service and the caller; `not-found` for visitors who are not signed in.
#[cfg(feature = "ssr")]
async fn ask() -> Result<(Service, Viewer)> {
    let viewer = caller().await?.viewer?.ok_or_else(Error::not_found)?;
    Ok((provided()?, viewer))
}

/// Accounts, newest first.
#[server(prefix = "/rpc", endpoint = "admin/accounts", output = json::Json)]
pub async fn list_accounts(
    search: Option<String>,
    before: Option<AccountId>,
) -> Result<AccountsPage, Error> {
    let (service, viewer) = ask().await?;
    service
        .accounts(&viewer, search.as_deref(), before, PAGE)
        .await
}

/// Creates a password link.
#[server(prefix = "/rpc", endpoint = "admin/reset_link", output = json::Json)]
pub async fn make_reset_link(
    account: AccountId,
    password: Option<String>,
) -> Result<ResetLink, Error> {
    let (service, viewer) = ask().await?;
    let address = caller().await?.address;
    let shown = Shown {
        password: password.as_deref(),
        address: &address,
    };
    service.reset_link(&viewer, account, shown).await
}

/// Runs an action on an account.
#[server(prefix = "/rpc", endpoint = "admin/act", output = json::Json)]
pub async fn act_on_account(
    account: AccountId,
    act: AccountAct,
    password: Option<String>,
) -> Result<(), Error> {
    let (service, viewer) = ask().await?;
    let address = caller().await?.address;
    let shown = Shown {
        password: password.as_deref(),
        address: &address,
    };
    service.act(&viewer, account, act, shown).await
}

/// The settings and the origin of their values.
#[server(prefix = "/rpc", endpoint = "admin/settings", output = json::Json)]
pub async fn load_settings() -> Result<SettingsState, Error> {
    let (service, viewer) = ask().await?;
    service.settings(&viewer).await
}

/// Changes the settings. The form omits a checkbox that is off.
#[server(prefix = "/rpc", endpoint = "admin/change_settings", output = json::Json)]
pub async fn change_settings(
    name: String,
    #[server(default)] description: String,
    registration: String,
    #[server(default)] invite_code: String,
    guests: Option<String>,
    message_count: u32,
    message_seconds: u32,
    message_length: u32,
    language: String,
) -> Result<(), Error> {
    let (service, viewer) = ask().await?;
    let registration: Registration = serde_json::from_value(json!(registration))
        .map_err(|_| Error::bad_request("malformed", "Unknown kind of registration"))?;
    let description = description.split_whitespace().collect::<Vec<_>>().join(" ");
    let changes = json!({
        "name": name.trim(),
        "description": description,
        "registration": registration,
        "invite_code": invite_code.trim(),
        "guests": guests.is_some(),
        "message_count": message_count,
        "message_seconds": message_seconds,
        "message_length": message_length,
        "language": language,
    });
    let changes = changes.as_object().cloned().unwrap_or_default();
    service.change_settings(&viewer, changes).await?;
    Ok(())
}

/// Restores a setting to the value in the configuration.
#[server(prefix = "/rpc", endpoint = "admin/reset_setting", output = json::Json)]
pub async fn reset_setting(name: String) -> Result<(), Error> {
    let (service, viewer) = ask().await?;
    service.reset_setting(&viewer, name).await?;
    Ok(())
}

/// Health of the instance.
#[server(prefix = "/rpc", endpoint = "admin/health", output = json::Json)]
pub async fn load_health() -> Result<Health, Error> {
    let (service, viewer) = ask().await?;
    service.health(&viewer).await
}

/// The audit log, newest first.
#[server(prefix = "/rpc", endpoint = "admin/audit_log", output = json::Json)]
pub async fn load_audit_log(before: Option<Uuid>) -> Result<AuditPage, Error> {
    let (service, viewer) = ask().await?;
    service.audit_log(&viewer, before, PAGE).await
}
