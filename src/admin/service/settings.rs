//! Settings that admins change while the server runs.

use super::{Service, admin};
use crate::{
    accounts::Viewer,
    admin::{SettingsState, store},
    audit::{self, Act, Record},
    platform::database::Tx,
    shared::{Error, Result, instance::Settings},
    ui::Language,
};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Secret setting: the audit log shows only its name.
const SECRET: &str = "invite_code";

impl Service {
    /// Returns the settings and the origin of their values.
    ///
    /// # Errors
    /// `not-found` for everyone but admins.
    pub async fn settings(&self, viewer: &Viewer) -> Result<SettingsState> {
        admin(viewer)?;
        let parts = &self.inner.parts;
        let kept = store::all(&parts.db).await?;
        let mut changed: Vec<_> = kept.into_iter().map(|(name, _)| name).collect();
        changed.sort_unstable();
        Ok(SettingsState {
            now: (*parts.live.now()).clone(),
            file: parts.live.file().clone(),
            changed,
        })
    }

    /// Changes settings by name. They apply everywhere before this returns.
    ///
    /// # Errors
    /// `not-found` for everyone but admins; `setting-…`, `malformed`: nothing was changed.
    pub async fn change_settings(
        &self,
        viewer: &Viewer,
        changes: Map<String, Value>,
    ) -> Result<SettingsState> {
        admin(viewer)?;
        self.write_settings(viewer, move |file, kept| {
            for (name, value) in changes {
                if file.get(&name) == Some(&value) {
                    kept.remove(&name);
                } else {
                    kept.insert(name, value);
                }
            }
        })
        .await?;
        self.settings(viewer).await
    }

    /// Restores a setting to the value in the configuration.
    ///
    /// # Errors
    /// `not-found` for everyone but admins.
    pub async fn reset_setting(&self, viewer: &Viewer, name: String) -> Result<SettingsState> {
        admin(viewer)?;
        self.write_settings(viewer, move |_, kept| {
            kept.remove(&name);
        })
        .await?;
        self.settings(viewer).await
    }

    /// Applies the stored settings at start. Skips settings that are invalid in this version.
    pub(super) async fn apply_kept_settings(&self) -> Result<()> {
        let live = &self.inner.parts.live;
        let file = fields(live.file())?;
        let mut held = BTreeMap::new();
        let mut waiting = store::all(&self.inner.parts.db).await?;
        // A setting may be valid only with another, such as registration by invite with its code.
        loop {
            let before = waiting.len();
            waiting.retain(|(name, value)| {
                let mut with = held.clone();
                with.insert(name.clone(), value.clone());
                let fits = merged(&file, &with).is_ok();
                if fits {
                    held = with;
                }
                !fits
            });
            if waiting.is_empty() || waiting.len() == before {
                break;
            }
        }
        for (name, _) in waiting {
            tracing::warn!(
                setting = name,
                "invalid stored setting; using the file's value"
            );
        }
        live.replace(merged(&file, &held)?);
        Ok(())
    }

    async fn write_settings(
        &self,
        viewer: &Viewer,
        change: impl FnOnce(&Map<String, Value>, &mut BTreeMap<String, Value>) + Send + 'static,
    ) -> Result<()> {
        let live = self.inner.parts.live.clone();
        let actor = viewer.account;
        let job = move |tx: Tx| async move {
            let file = fields(live.file())?;
            let before: BTreeMap<_, _> = store::all(&tx).await?.into_iter().collect();
            let mut after = before.clone();
            change(&file, &mut after);
            let settings = merged(&file, &after)?;
            for (act, name, value) in differences(&before, &after) {
                match &value {
                    Some(value) => store::set(&tx, &name, value).await?,
                    None => store::delete(&tx, &name).await?,
                }
                let detail = match value {
                    Some(value) if name != SECRET => format!("{name}: {value}"),
                    _ => name,
                };
                let record = Record {
                    actor: Some(actor),
                    act,
                    subject: None,
                    detail,
                };
                audit::Service::record(&tx, record).await?;
            }
            tx.after_commit(async move { live.replace(settings) });
            Ok(())
        };
        self.inner.parts.db.write(Uuid::nil(), job).await
    }
}

type Difference = (Act, String, Option<Value>);

fn differences(
    before: &BTreeMap<String, Value>,
    after: &BTreeMap<String, Value>,
) -> Vec<Difference> {
    let changed = after
        .iter()
        .filter(|(name, value)| before.get(*name) != Some(value))
        .map(|(name, value)| (Act::SettingChanged, name.clone(), Some(value.clone())));
    let gone = before
        .keys()
        .filter(|name| !after.contains_key(*name))
        .map(|name| (Act::SettingReset, name.clone(), None));
    changed.chain(gone).collect()
}

fn fields(settings: &Settings) -> Result<Map<String, Value>> {
    match serde_json::to_value(settings).map_err(Error::internal)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(Error::internal("settings are an object")),
    }
}

/// Merges stored settings into those of the file and checks the result.
fn merged(file: &Map<String, Value>, kept: &BTreeMap<String, Value>) -> Result<Settings> {
    let mut fields = file.clone();
    for (name, value) in kept {
        if !fields.contains_key(name) {
            let error = Error::bad_request("setting-unknown", "Unknown setting");
            return Err(error.with("field", name));
        }
        fields.insert(name.clone(), value.clone());
    }
    let settings: Settings = serde_json::from_value(Value::Object(fields))
        .map_err(|error| Error::bad_request("malformed", error.to_string()))?;
    settings.check(&Language::tags())?;
    Ok(settings)
}
