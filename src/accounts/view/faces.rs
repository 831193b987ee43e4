//! Names and pictures of members, which can change while a page shows them.

use crate::accounts::{AccountKind, Profile};
use crate::shared::AccountId;
use crate::ui::Avatar;
use leptos::prelude::*;
use std::collections::HashMap;

/// Profiles that changed while this page was open; a copy shares them.
#[derive(Clone, Copy)]
pub struct Faces {
    changed: RwSignal<HashMap<AccountId, Profile>>,
}

impl Faces {
    /// Provides an empty instance to the context.
    pub fn provide() {
        provide_context(Self {
            changed: RwSignal::new(HashMap::new()),
        });
    }

    /// Returns the instance of the context; without one, an empty one.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self {
            changed: RwSignal::new(HashMap::new()),
        })
    }

    /// Stores the current profile of an account.
    pub fn note(self, profile: Profile) {
        self.changed.update(|changed| {
            changed.insert(profile.id, profile);
        });
    }

    /// Updates stored profiles. Ignores accounts that are not stored.
    pub fn refresh<'a>(self, profiles: impl Iterator<Item = &'a Profile>) {
        for profile in profiles {
            let old = self.changed.with_untracked(|changed| {
                changed
                    .get(&profile.id)
                    .is_some_and(|known| known != profile)
            });
            if old {
                self.note(profile.clone());
            }
        }
    }

    /// Returns the current version of a known profile.
    pub fn now(self, known: &Profile) -> Profile {
        let now = self
            .changed
            .with(|changed| changed.get(&known.id).unwrap_or(known).clone());
        shown(now)
    }
}

/// Picture or initials of an account.
#[component]
pub fn Face(
    /// The profile as loaded with the page.
    profile: Profile,
    /// 28 px instead of 36.
    #[prop(optional)]
    small: bool,
) -> impl IntoView {
    let faces = Faces::of_context();
    move || {
        let Profile {
            id,
            display_name,
            avatar,
            ..
        } = faces.now(&profile);
        view! { <Avatar id=id name=display_name picture=avatar small=small /> }
    }
}

/// Display name of an account.
#[component]
pub fn Name(
    /// The profile as loaded with the page.
    profile: Profile,
) -> impl IntoView {
    let faces = Faces::of_context();
    move || faces.now(&profile).display_name
}

/// Returns a profile for display; deleted accounts get a translated name.
fn shown(profile: Profile) -> Profile {
    if profile.kind != AccountKind::Deleted {
        return profile;
    }
    Profile {
        display_name: crate::ui::t("account-deleted"),
        ..profile
    }
}
