//! Who is typing now.

use crate::accounts::Profile;
use crate::shared::AccountId;
use crate::ui::{t, t_with};
use leptos::prelude::*;
use std::time::Duration;

/// A member counts as typing for this long after the last event.
const FADES: Duration = Duration::from_secs(6);

/// Members who are typing; a cheap copy.
#[derive(Clone, Copy)]
pub struct Writers {
    list: RwSignal<Vec<(AccountId, String, u64)>>,
    counter: StoredValue<u64>,
}

impl Writers {
    pub fn new() -> Self {
        Self {
            list: RwSignal::new(Vec::new()),
            counter: StoredValue::new(0),
        }
    }

    /// Records that a member is typing; expires after a while.
    pub fn note(self, profile: Profile) {
        let Some(mark) = self.counter.try_update_value(|counter| {
            *counter += 1;
            *counter
        }) else {
            return;
        };
        let id = profile.id;
        self.list.update(|list| {
            list.retain(|(known, ..)| *known != id);
            list.push((id, profile.display_name, mark));
        });
        set_timeout(
            move || {
                self.list
                    .try_update(|list| list.retain(|(.., noted)| *noted != mark));
            },
            FADES,
        );
    }

    /// Removes a member whose message has arrived.
    pub fn forget(self, id: AccountId) {
        if self
            .list
            .with_untracked(|list| list.iter().any(|(known, ..)| *known == id))
        {
            self.list
                .update(|list| list.retain(|(known, ..)| *known != id));
        }
    }

    fn sentence(self) -> String {
        self.list.with(|list| match list.as_slice() {
            [] => String::new(),
            [(_, name, _)] => t_with("typing-one", &[("name", name.as_str().into())]),
            [(_, a, _), (_, b, _)] => t_with(
                "typing-two",
                &[("a", a.as_str().into()), ("b", b.as_str().into())],
            ),
            _ => t("typing-many"),
        })
    }
}

/// The line under the timeline; always present, so that the layout does not move.
#[component]
pub fn TypingLine(writers: Writers) -> impl IntoView {
    view! { <p class="typing-line">{move || writers.sentence()}</p> }
}
