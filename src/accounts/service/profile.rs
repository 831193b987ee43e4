//! Personal settings: preferences, display name, picture.

use super::{Service, pictures};
use crate::shared::sync::{read, write};
use crate::{
    accounts::{
        AccountKind, PREFERENCES, PreferencesChanged, Profile, Viewer, rules,
        store::{self, Picture},
    },
    platform::{compute::compute, database::Tx, lease::Rate},
    realtime::{Scope, Topic, bus::Published},
    shared::{AccountId, Error, Result, time::now},
    ui::preferences::Preferences,
};
use bytes::Bytes;
use chrono::TimeDelta;
use futures::future::BoxFuture;
use std::{sync::Arc, time::Duration};

/// Limit for preferences: enough to try them all out.
const PREFERENCES_RATE: Rate = Rate {
    count: 120,
    window: Duration::from_secs(60),
};
/// Limit for names and pictures: each change is sent to other members.
const PROFILE: Rate = Rate {
    count: 20,
    window: Duration::from_secs(600),
};
/// How long an unused picture stays, so that a removal can be undone.
const UNUSED: TimeDelta = TimeDelta::days(1);

impl Service {
    /// Runs `hook` for each changed profile in the transaction of the change; if the hook fails,
    /// nothing changes. Features register theirs at start, to tell members who see the profile.
    pub fn on_changed(
        &self,
        hook: impl Fn(Tx, Profile) -> BoxFuture<'static, Result<()>> + Send + Sync + 'static,
    ) {
        write(&self.inner.changed_hooks).push(Arc::new(hook));
    }

    /// Stores an account's preferences.
    ///
    /// # Errors
    /// `too-many-attempts`.
    pub async fn set_preferences(
        &self,
        account: AccountId,
        preferences: Preferences,
    ) -> Result<()> {
        let who = account.to_string();
        self.limit("preferences", &who, PREFERENCES_RATE).await?;
        let bus = Arc::clone(&self.inner.bus);
        let job = move |tx: Tx| async move {
            store::set_preferences(&tx, account, &preferences).await?;
            let rev = Self::count_change(&tx, account, PREFERENCES).await?;
            let topic = Topic::new(Scope::Account, account.0);
            let event = Published::new(topic, 0, rev, &PreferencesChanged { preferences })?;
            bus.publish_after(&tx, vec![event]);
            Ok(())
        };
        self.inner.db.write(account.0, job).await
    }

    /// Changes the viewer's display name.
    ///
    /// # Errors
    /// The errors of [`rules`] for names, `name-reserved`, `forbidden` for guests,
    /// `too-many-attempts`.
    pub async fn rename(&self, viewer: &Viewer, name: &str) -> Result<Profile> {
        let name = rules::display_name(name)?;
        self.not_reserved(&name)?;
        let id = viewer.account;
        self.change_profile(viewer, move |tx| async move {
            store::set_display_name(&tx, id, name).await
        })
        .await
    }

    /// Sets the viewer's picture: cropped to a square, 256 pixels wide, without metadata.
    ///
    /// # Errors
    /// `picture-…`, `forbidden` for guests, `too-many-attempts`.
    pub async fn set_avatar(&self, viewer: &Viewer, bytes: Bytes) -> Result<Profile> {
        not_for_guests(viewer)?;
        let id = viewer.account;
        self.limit("picture", &id.to_string(), PROFILE).await?;
        let client = Some(id.to_string().into());
        let turn = self.inner.pictures.turn(client).await?;
        let picture = compute(move || {
            let _turn = turn;
            pictures::avatar(&bytes)
        })
        .await??;
        self.change_profile(viewer, move |tx| async move {
            let hash = picture.hash.clone();
            store::insert_picture(&tx, picture, now()).await?;
            store::set_avatar(&tx, id, Some(hash)).await
        })
        .await
    }

    /// Removes the viewer's picture.
    ///
    /// # Errors
    /// `forbidden` for guests, `too-many-attempts`.
    pub async fn remove_avatar(&self, viewer: &Viewer) -> Result<Profile> {
        let id = viewer.account;
        self.change_profile(viewer, move |tx| async move {
            store::set_avatar(&tx, id, None).await
        })
        .await
    }

    /// Restores a picture that the viewer removed recently.
    ///
    /// # Errors
    /// `not-found` if it was deleted for good; otherwise as [`Self::remove_avatar`].
    pub async fn restore_avatar(&self, viewer: &Viewer, hash: String) -> Result<Profile> {
        let id = viewer.account;
        self.change_profile(viewer, move |tx| async move {
            let picture = store::picture(&tx, &hash).await?;
            let picture = picture.ok_or_else(Error::not_found)?;
            // Renews its time of storage, or the next cleanup could delete it.
            store::insert_picture(&tx, picture, now()).await?;
            store::set_avatar(&tx, id, Some(hash)).await
        })
        .await
    }

    /// Returns a picture by its hash.
    ///
    /// # Errors
    /// `not-found`.
    pub async fn picture(&self, hash: &str) -> Result<Picture> {
        let picture = store::picture(&self.inner.db, hash).await?;
        picture.ok_or_else(Error::not_found)
    }

    /// Deletes pictures that no account uses.
    pub(super) async fn sweep_pictures(&self, batch: u64) -> Result<()> {
        let job =
            move |tx: Tx| async move { store::delete_unused(&tx, now() - UNUSED, batch).await };
        while self.inner.db.write(uuid::Uuid::nil(), job).await? == batch {}
        Ok(())
    }

    /// Changes a profile and runs the hooks.
    async fn change_profile<F>(
        &self,
        viewer: &Viewer,
        change: impl FnOnce(Tx) -> F + Send + 'static,
    ) -> Result<Profile>
    where
        F: Future<Output = Result<()>> + Send + 'static,
    {
        not_for_guests(viewer)?;
        let id = viewer.account;
        self.limit("profile", &id.to_string(), PROFILE).await?;
        let hooks = read(&self.inner.changed_hooks).clone();
        let job = move |tx: Tx| async move {
            change(tx.clone()).await?;
            let account = store::by_id(&tx, id).await?.ok_or_else(Error::not_found)?;
            for hook in hooks {
                hook(tx.clone(), account.profile.clone()).await?;
            }
            Ok(account.profile)
        };
        let profile = self.inner.db.write(id.0, job).await?;
        self.note_change(&profile);
        Ok(profile)
    }

    /// Remembers a change for connections that were opened before it.
    fn note_change(&self, profile: &Profile) {
        write(&self.inner.changed).insert(profile.id, profile.clone());
    }

    /// Updates display name and picture of a viewer that was authenticated earlier, for long-lived
    /// connections. Each database has one server, so its memory has all changes since.
    pub fn as_of_now(&self, viewer: &Viewer) -> Viewer {
        let mut viewer = viewer.clone();
        let changed = read(&self.inner.changed);
        if let Some(profile) = changed.get(&viewer.account) {
            viewer.display_name.clone_from(&profile.display_name);
            viewer.avatar.clone_from(&profile.avatar);
        }
        viewer
    }
}

/// Refuses guests: they keep the name they signed in with.
fn not_for_guests(viewer: &Viewer) -> Result<()> {
    if viewer.kind == AccountKind::Guest {
        return Err(Error::forbidden());
    }
    Ok(())
}
