//! The finder's dialog: a search box and the list of matches.

use super::{Act, Entry, Finder, Group, RECENT, note_recent, rank, recent};
use crate::ui::dialog::closed;
use crate::ui::{
    Icon,
    keys::{self, Action, Place},
    t, t_with,
};
use leptos::{ev, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Maximum number of entries per group: for an empty query, and for any other.
const AT_FIRST: usize = 5;
const FOUND: usize = 12;

/// A group of the list, with the index of its first entry in the whole list.
#[derive(Clone)]
struct Section {
    title: &'static str,
    first: usize,
    entries: Vec<Entry>,
}

/// State that the components of the dialog share.
#[derive(Clone, Copy)]
struct Search {
    finder: Finder,
    /// Index of the entry that Enter selects.
    active: RwSignal<usize>,
    sections: Memo<Sections>,
}

/// Equal if the ids of the entries are.
#[derive(Clone)]
struct Sections(Vec<Section>);

impl PartialEq for Sections {
    fn eq(&self, other: &Self) -> bool {
        let ids = |of: &Self| -> Vec<String> { of.all().map(|entry| entry.id.clone()).collect() };
        ids(self) == ids(other)
    }
}

impl Sections {
    fn all(&self) -> impl Iterator<Item = &Entry> {
        self.0.iter().flat_map(|section| &section.entries)
    }
}

impl Search {
    fn count(self) -> usize {
        self.sections.with(|sections| sections.all().count())
    }

    fn step(self, forward: bool) {
        let count = self.count();
        if count == 0 {
            return;
        }
        let now = self.active.get_untracked().min(count - 1);
        let next = if forward { now + 1 } else { now + count - 1 };
        self.active.set(next % count);
        let id = format!("finder-{}", next % count);
        request_animation_frame(move || show_entry(&id));
    }

    fn take(self, at: usize, navigate: &dyn Fn(&str)) {
        let entry = self
            .sections
            .with_untracked(|sections| sections.all().nth(at).cloned());
        let Some(entry) = entry else { return };
        // Closing returns the focus first, so the chosen action can move it afterwards.
        if let Some(dialog) = self.finder.dialog.get_untracked() {
            dialog.close();
        }
        note_recent(&entry.id);
        match entry.act {
            Act::Go(path) => navigate(&path),
            Act::Run(act) => act.run(()),
        }
        self.finder.open.set(false);
    }
}

fn show_entry(id: &str) {
    #[cfg(feature = "hydrate")]
    if let Some(entry) = document().get_element_by_id(id) {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        entry.scroll_into_view_with_scroll_into_view_options(&options);
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

pub fn dialog(finder: Finder) -> AnyView {
    let query = RwSignal::new(String::new());
    let lately = recent();
    let here = window().location().pathname().unwrap_or_default();
    let search = Search {
        finder,
        active: RwSignal::new(0),
        sections: Memo::new(move |_| {
            let entries = finder.entries();
            Sections(query.with(|query| found(query, entries, &lately, &here)))
        }),
    };
    Effect::new(move || {
        if let Some(dialog) = finder.dialog.get()
            && !dialog.open()
        {
            // Fails only while the page unloads.
            let _refused = dialog.show_modal();
        }
    });
    let navigate = use_navigate();
    let take = move |at: usize| {
        let navigate = navigate.clone();
        search.take(at, &|path| navigate(path, NavigateOptions::default()));
    };
    let take = StoredValue::new(take);
    let on_key = move |event: ev::KeyboardEvent| {
        match keys::pressed(&event, Place::List) {
            Some(Action::Above) => search.step(false),
            Some(Action::Below) => search.step(true),
            Some(Action::Take) => take.with_value(|take| take(search.active.get_untracked())),
            // The dialog itself handles Escape.
            _ => return,
        }
        event.prevent_default();
    };
    let on_input = move |event: ev::Event| {
        search.active.set(0);
        query.set(event_target_value(&event));
    };
    // A click outside the box closes the dialog.
    let on_click = move |event: ev::MouseEvent| {
        if event.target() == event.current_target()
            && let Some(dialog) = finder.dialog.get_untracked()
        {
            dialog.close();
        }
    };
    let entry = move |(at, entry): (usize, Entry)| option(search, at, entry, take);
    let section = move |section: Section| {
        let id = format!("finder-group-{}", section.first);
        let name = id.clone();
        let first = section.first;
        let entries = section.entries.into_iter().enumerate();
        view! {
            <div role="group" aria-labelledby=id>
                <p class="finder-group" id=name role="presentation">
                    {t(section.title)}
                </p>
                {entries.map(|(n, found)| entry((first + n, found))).collect_view()}
            </div>
        }
        .into_any()
    };
    let said = move || {
        let count = search.count();
        if count > 0 {
            return t_with("finder-count", &[("count", count.into())]);
        }
        query.with(|query| t_with("finder-nothing", &[("query", query.trim().into())]))
    };
    view! {
        <dialog
            class="finder"
            node_ref=finder.dialog
            aria-label=t("finder-open")
            on:close=move |_| closed(finder.dialog, finder.open)
            on:click=on_click
        >
            <div class="finder-box">
                <label class="finder-input">
                    <Icon name=crate::ui::IconName::Search />
                    <input
                        type="text"
                        role="combobox"
                        aria-label=t("finder-open")
                        aria-expanded=move || (search.count() > 0).to_string()
                        aria-controls="finder-list"
                        aria-autocomplete="list"
                        aria-activedescendant=move || {
                            (search.count() > 0).then(|| format!("finder-{}", search.active.get()))
                        }
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        autofocus
                        placeholder=t("finder-hint")
                        on:input=on_input
                        on:keydown=on_key
                    />
                </label>
                <div class="finder-list" id="finder-list" role="listbox" aria-label=t("finder-open")>
                    {move || search.sections.get().0.into_iter().map(section).collect_view()}
                </div>
                <p class="finder-foot" class:nothing=move || search.count() == 0 role="status">
                    {said}
                </p>
            </div>
        </dialog>
    }
    .into_any()
}

fn option<F>(search: Search, at: usize, entry: Entry, take: StoredValue<F>) -> AnyView
where
    F: Fn(usize) + Send + Sync + 'static,
{
    let chosen = move || (search.active.get() == at).to_string();
    view! {
        <div
            class="finder-entry"
            role="option"
            id=format!("finder-{at}")
            aria-selected=chosen
            on:mousemove=move |_| {
                if search.active.get_untracked() != at {
                    search.active.set(at);
                }
            }
            on:click=move |_| take.with_value(|take| take(at))
        >
            <Icon name=entry.icon />
            <span class="finder-name">
                <bdi>{entry.name}</bdi>
            </span>
            <span class="finder-note">
                <bdi>{entry.note}</bdi>
            </span>
        </div>
    }
    .into_any()
}

/// The list for a query. Empty query: recent entries and the first few of each group; else the
/// matches, the group with the best match first. `here` is the current path.
fn found(query: &str, entries: Vec<Entry>, lately: &[String], here: &str) -> Vec<Section> {
    let query = query.trim();
    let by_sign = |sign| Group::ALL.into_iter().find(|group| group.sign() == sign);
    let narrowed = query.chars().next().and_then(by_sign);
    let words = if narrowed.is_some() {
        query.get(1..).unwrap_or_default()
    } else {
        query
    };
    let place = |entry: &Entry| lately.iter().position(|id| *id == entry.id);
    let mut groups: Vec<(&'static str, i32, Vec<Entry>)> = Vec::new();
    let mut ranked = Vec::new();
    for entry in entries {
        if narrowed.is_some_and(|group| group != entry.group) {
            continue;
        }
        let score = rank::score(words, &entry.name)
            .or_else(|| rank::score(words, &entry.note).map(|score| score / 2));
        // Recently used entries rank higher among similar matches.
        let bonus = place(&entry).map_or(0, |place| 300 - i32::try_from(place).unwrap_or(0));
        if let Some(score) = score {
            ranked.push((score + bonus, entry));
        }
    }
    if query.is_empty() {
        let is_recent = |entry: &Entry| place(entry).is_some() && !is_here(entry, here);
        let mut recent: Vec<Entry> = ranked
            .iter()
            .filter(|(_, entry)| is_recent(entry))
            .map(|(_, entry)| entry.clone())
            .collect();
        recent.sort_by_key(|entry| place(entry));
        recent.truncate(RECENT);
        ranked.retain(|(_, entry)| !is_recent(entry));
        groups.push(("finder-recent", i32::MAX, recent));
    }
    // Without a query the entries keep their order.
    if !words.is_empty() {
        ranked.sort_by_key(|(score, _)| -score);
    }
    let most = if query.is_empty() { AT_FIRST } else { FOUND };
    for group in Group::ALL {
        let of_group = ranked.iter().filter(|(_, entry)| entry.group == group);
        let best = of_group.clone().map(|(score, _)| *score).max();
        let entries = of_group
            .take(most)
            .map(|(_, entry)| entry.clone())
            .collect();
        let best = if words.is_empty() {
            0
        } else {
            best.unwrap_or(0)
        };
        groups.push((group.title(), best, entries));
    }
    groups.retain(|(_, _, entries)| !entries.is_empty());
    groups.sort_by_key(|(_, best, _)| -best);
    let mut first = 0;
    let section = |(title, _, entries): (&'static str, i32, Vec<Entry>)| {
        let section = Section {
            title,
            first,
            entries,
        };
        first += section.entries.len();
        section
    };
    groups.into_iter().map(section).collect()
}

fn is_here(entry: &Entry, here: &str) -> bool {
    matches!(&entry.act, Act::Go(path) if path == here)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::IconName;

    fn entry(group: Group, id: &str, name: &str, note: &str) -> Entry {
        Entry {
            id: id.into(),
            group,
            name: name.into(),
            note: note.into(),
            icon: IconName::Hash,
            act: Act::Go(format!("/{id}")),
        }
    }

    fn all() -> Vec<Entry> {
        vec![
            entry(Group::Channels, "c1", "general", ""),
            entry(Group::Channels, "c2", "earnings", ""),
            entry(Group::Members, "m1", "Ada Lovelace", "@ada"),
            entry(Group::Pages, "p1", "Sessions", "Settings"),
            entry(Group::Actions, "a1", "Use the dark theme", ""),
        ]
    }

    fn shown(query: &str, lately: &[&str]) -> Vec<String> {
        let lately: Vec<_> = lately.iter().map(|id| (*id).to_owned()).collect();
        let sections = found(query, all(), &lately, "/c1");
        for (at, section) in sections.iter().enumerate() {
            let before: usize = sections.iter().take(at).map(|one| one.entries.len()).sum();
            assert_eq!(section.first, before);
        }
        let names = sections.iter().flat_map(|section| {
            let entries = section.entries.iter().map(|entry| entry.name.clone());
            std::iter::once(format!("[{}]", section.title)).chain(entries)
        });
        names.collect()
    }

    #[test]
    fn recent_things_come_first_but_not_the_one_before_the_eyes() {
        assert_eq!(
            shown("", &["a1", "c1", "c2", "gone"]),
            [
                "[finder-recent]",
                "Use the dark theme",
                "earnings",
                "[finder-channels]",
                "general",
                "[finder-members]",
                "Ada Lovelace",
                "[finder-pages]",
                "Sessions",
            ]
        );
    }

    #[test]
    fn names_notes_and_signs_find() {
        assert_eq!(shown("lov", &[]), ["[finder-members]", "Ada Lovelace"]);
        assert_eq!(shown("settings", &[]), ["[finder-pages]", "Sessions"]);
        assert_eq!(
            shown("#e", &[]).first().map(String::as_str),
            Some("[finder-channels]")
        );
        assert_eq!(shown("@", &[]), ["[finder-members]", "Ada Lovelace"]);
        assert_eq!(
            shown("> dark", &[]),
            ["[finder-actions]", "Use the dark theme"]
        );
        assert_eq!(shown("nothing like it", &[]), Vec::<String>::new());
    }
}
