//! The finder: searches channels, members, pages and actions by name.
//!
//! Components offer entries ([`Finder::offer`]); the dialog ranks them and runs the chosen one. It
//! is rendered only when opened.

pub(super) mod dialog;
mod rank;

use super::{Icon, IconName, keys, t};
use leptos::{html, prelude::*};
use std::sync::Arc;

/// Number of recently chosen entries that are listed.
const RECENT: usize = 6;
/// Their key in the browser's storage.
const KEPT_AS: &str = "finder-recent";

/// Type of an entry, in the order of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    Channels,
    /// Members and bots.
    Members,
    /// Pages such as settings.
    Pages,
    /// Commands of the interface.
    Actions,
}

impl Group {
    const ALL: [Self; 4] = [Self::Channels, Self::Members, Self::Pages, Self::Actions];

    /// Message key of its name.
    const fn title(self) -> &'static str {
        match self {
            Self::Channels => "finder-channels",
            Self::Members => "finder-members",
            Self::Pages => "finder-pages",
            Self::Actions => "finder-actions",
        }
    }

    /// First character of a query that searches only this group.
    const fn sign(self) -> char {
        match self {
            Self::Channels => '#',
            Self::Members => '@',
            Self::Pages => '/',
            Self::Actions => '>',
        }
    }
}

/// What selecting an entry does.
#[derive(Clone)]
pub enum Act {
    /// Opens a URL.
    Go(String),
    /// Runs a callback.
    Run(Callback<()>),
}

/// An entry of the finder.
#[derive(Clone)]
pub struct Entry {
    /// Stable id; recent entries are stored by it.
    pub id: String,
    pub group: Group,
    /// Searched name.
    pub name: String,
    /// Text beside the name; searched too.
    pub note: String,
    pub icon: IconName,
    pub act: Act,
}

impl Entry {
    /// An entry that opens a page.
    pub fn page(path: &str, name: String, icon: IconName) -> Self {
        Self {
            id: path.to_owned(),
            group: Group::Pages,
            name,
            note: String::new(),
            icon,
            act: Act::Go(path.to_owned()),
        }
    }

    /// An entry that runs a callback. `id` is stable.
    pub fn action(id: &str, name: String, icon: IconName, act: Callback<()>) -> Self {
        Self {
            id: id.to_owned(),
            group: Group::Actions,
            name,
            note: String::new(),
            icon,
            act: Act::Run(act),
        }
    }
}

#[derive(Clone)]
struct Source {
    number: u32,
    /// The finder does not open for these entries alone.
    aside: bool,
    entries: Arc<dyn Fn() -> Vec<Entry> + Send + Sync>,
}

/// The entries of this page. A copy shares the state.
#[derive(Clone, Copy)]
pub struct Finder {
    /// true while the dialog is open.
    pub open: RwSignal<bool>,
    dialog: NodeRef<html::Dialog>,
    sources: RwSignal<Vec<Source>>,
    next: StoredValue<u32>,
}

impl Finder {
    /// Puts the finder into the context and registers its shortcut.
    pub fn provide() -> Self {
        let finder = Self {
            open: RwSignal::new(false),
            dialog: NodeRef::new(),
            sources: RwSignal::new(Vec::new()),
            next: StoredValue::new(0),
        };
        provide_context(finder);
        keys::Keys::of_context().on(keys::Action::Find, move || finder.toggle());
        finder
    }

    /// The finder of the context.
    pub fn of_context() -> Self {
        use_context().unwrap_or_else(Self::provide)
    }

    /// Offers entries until the surrounding component is disposed. `source` runs while the finder
    /// is open, and again when the signals that it reads change.
    pub fn offer(self, source: impl Fn() -> Vec<Entry> + Send + Sync + 'static) {
        self.add(false, source);
    }

    /// Like [`Self::offer`], but the finder does not open for these entries alone.
    pub fn offer_aside(self, source: impl Fn() -> Vec<Entry> + Send + Sync + 'static) {
        self.add(true, source);
    }

    fn add(self, aside: bool, source: impl Fn() -> Vec<Entry> + Send + Sync + 'static) {
        // The server never opens the finder.
        if cfg!(not(feature = "hydrate")) {
            return;
        }
        let number = self.next.get_value();
        self.next.set_value(number.wrapping_add(1));
        let source = Source {
            number,
            aside,
            entries: Arc::new(source),
        };
        self.sources.update(|sources| sources.push(source));
        on_cleanup(move || {
            self.sources
                .try_update(|sources| sources.retain(|source| source.number != number));
        });
    }

    /// Opens or closes the dialog; it does not open without entries.
    fn toggle(self) {
        match self.dialog.get_untracked().filter(|dialog| dialog.open()) {
            // Only a dialog that is closed (not just removed) returns the focus.
            Some(dialog) => {
                dialog.close();
                self.open.set(false);
            }
            None => {
                let any = |sources: &Vec<Source>| sources.iter().any(|source| !source.aside);
                self.open.set(self.sources.with_untracked(any));
            }
        }
    }

    /// All entries; of two with the same id, the one offered last.
    fn entries(self) -> Vec<Entry> {
        let sources = self.sources.get();
        let mut entries: Vec<Entry> = Vec::new();
        let mut known = std::collections::HashSet::new();
        for entry in sources.iter().rev().flat_map(|source| (source.entries)()) {
            if known.insert(entry.id.clone()) {
                entries.push(entry);
            }
        }
        entries
    }
}

/// Stores an entry as recently used.
pub fn note_recent(id: &str) {
    let mut recent = recent();
    recent.retain(|known| known != id);
    recent.insert(0, id.to_owned());
    // One more than is listed, since the current page is omitted.
    recent.truncate(RECENT + 1);
    if let Some(storage) = storage() {
        // If the storage is full, only this memory is lost.
        let _kept = storage.set_item(KEPT_AS, &recent.join("\n"));
    }
}

/// Ids of the recently used entries, newest first.
fn recent() -> Vec<String> {
    let kept = storage().and_then(|storage| storage.get_item(KEPT_AS).ok().flatten());
    kept.unwrap_or_default()
        .lines()
        .map(ToOwned::to_owned)
        .collect()
}

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Opens the finder; part of the top bar of every page.
#[component]
pub fn FinderButton() -> impl IntoView {
    let finder = Finder::of_context();
    view! {
        <button
            type="button"
            class="finder-button needs-script"
            aria-haspopup="dialog"
            on:click=move |_| finder.toggle()
        >
            <Icon name=IconName::Search />
            <span class="finder-button-text">{t("finder-open")}</span>
            <span class="finder-button-keys">
                <keys::Caps chord="Ctrl+K" />
            </span>
        </button>
    }
    .into_any()
}
