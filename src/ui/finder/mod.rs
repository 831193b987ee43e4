//! The finder: whatever somebody looks for, by a few letters of its name.
//!
//! Parts of the page offer what can be found in them ([`Finder::offer`]); the dialog ranks it and
//! does what was chosen. It is drawn only when it is opened.

mod dialog;
mod rank;

use super::{Icon, IconName, keys, t};
use leptos::{html, prelude::*};
use std::sync::Arc;

pub use dialog::FinderDialog;
pub(super) use dialog::dialog;

/// What was chosen lately, newest first, so many.
const RECENT: usize = 6;
/// Where the browser keeps that.
const KEPT_AS: &str = "finder-recent";

/// What kind of thing was found; in the order in which they are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Places to talk.
    Channels,
    /// People and bots.
    Members,
    /// Pages such as settings.
    Pages,
    /// Things to do.
    Actions,
}

impl Group {
    /// All of them.
    const ALL: [Self; 4] = [Self::Channels, Self::Members, Self::Pages, Self::Actions];

    /// The catalogue's key of its name.
    const fn title(self) -> &'static str {
        match self {
            Self::Channels => "finder-channels",
            Self::Members => "finder-members",
            Self::Pages => "finder-pages",
            Self::Actions => "finder-actions",
        }
    }

    /// The sign that narrows a search to it.
    const fn sign(self) -> char {
        match self {
            Self::Channels => '#',
            Self::Members => '@',
            Self::Pages => '/',
            Self::Actions => '>',
        }
    }
}

/// What choosing an entry does.
#[derive(Clone)]
pub enum Act {
    /// Opens an address.
    Go(String),
    /// Does something.
    Run(Callback<()>),
}

/// Something that can be found.
#[derive(Clone)]
pub struct Entry {
    /// What it is, the same on every day: it is remembered by that.
    pub id: String,
    /// Its kind.
    pub group: Group,
    /// By what it is found.
    pub name: String,
    /// What stands beside the name; it is found by that too.
    pub note: String,
    /// Its icon.
    pub icon: IconName,
    /// What choosing it does.
    pub act: Act,
}

impl Entry {
    /// A page.
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

    /// Something to do. `id` names it for good.
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
    /// Not worth opening the finder for.
    aside: bool,
    entries: Arc<dyn Fn() -> Vec<Entry> + Send + Sync>,
}

/// What can be found on this page; a copy is the same.
#[derive(Clone, Copy)]
pub struct Finder {
    /// Is the dialog open?
    pub open: RwSignal<bool>,
    dialog: NodeRef<html::Dialog>,
    sources: RwSignal<Vec<Source>>,
    next: StoredValue<u32>,
}

impl Finder {
    /// Puts the finder into the context, with its key.
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

    /// Offers what a part of the page knows, until the surrounding component goes. `source` is
    /// asked while the finder is open, and again when the signals that it reads change.
    pub fn offer(self, source: impl Fn() -> Vec<Entry> + Send + Sync + 'static) {
        self.add(false, source);
    }

    /// The same for what is good to have beside what the page itself offers.
    pub fn offer_aside(self, source: impl Fn() -> Vec<Entry> + Send + Sync + 'static) {
        self.add(true, source);
    }

    fn add(self, aside: bool, source: impl Fn() -> Vec<Entry> + Send + Sync + 'static) {
        // Nobody looks for anything while the server draws the page.
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

    /// Opens or closes the dialog; where there is nothing to find it stays away.
    fn toggle(self) {
        match self.dialog.get_untracked().filter(|dialog| dialog.open()) {
            // A dialog that is closed, and not just taken away, gives the focus back.
            Some(dialog) => dialog.close(),
            None => {
                let any = |sources: &Vec<Source>| sources.iter().any(|source| !source.aside);
                self.open.set(self.sources.with_untracked(any));
            }
        }
    }

    /// Everything that is offered; of two entries for one thing, the later one.
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

/// Remembers that something was chosen or gone to.
pub fn note_recent(id: &str) {
    let mut recent = recent();
    recent.retain(|known| known != id);
    recent.insert(0, id.to_owned());
    // One more than is listed, as the one that is before the reader's eyes is left out.
    recent.truncate(RECENT + 1);
    if let Some(storage) = storage() {
        // A full storage costs the memory only.
        let _kept = storage.set_item(KEPT_AS, &recent.join("\n"));
    }
}

/// What was chosen lately, newest first.
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

/// Opens the finder; stands in the top line of every page.
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
