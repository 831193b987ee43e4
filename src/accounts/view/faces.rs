//! Names and pictures of people, which change while the page shows them.

use crate::accounts::Profile;
use crate::shared::AccountId;
use crate::ui::Avatar;
use leptos::prelude::*;
use std::collections::HashMap;

/// The profiles that changed while this page was open; a copy is the same.
#[derive(Clone, Copy)]
pub struct Faces {
    changed: RwSignal<HashMap<AccountId, Profile>>,
}

impl Faces {
    /// Puts them into the context.
    pub fn provide() {
        provide_context(Self {
            changed: RwSignal::new(HashMap::new()),
        });
    }

    /// Those of the context; without one, nobody changes.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(|| Self {
            changed: RwSignal::new(HashMap::new()),
        })
    }

    /// Notes how somebody is now.
    pub fn note(self, profile: Profile) {
        self.changed.update(|changed| {
            changed.insert(profile.id, profile);
        });
    }

    /// Brings up to date what was noted of somebody; of others there is nothing to note.
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

    /// How somebody is now, of whom this was known.
    pub fn now(self, known: &Profile) -> Profile {
        let now = self
            .changed
            .with(|changed| changed.get(&known.id).unwrap_or(known).clone());
        super::shown(now)
    }
}

/// Somebody's picture or initials.
#[component]
pub fn Face(
    /// Whose, as they were known.
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

/// Somebody's shown name.
#[component]
pub fn Name(
    /// Whose, as they were known.
    profile: Profile,
) -> impl IntoView {
    let faces = Faces::of_context();
    move || faces.now(&profile).display_name
}
