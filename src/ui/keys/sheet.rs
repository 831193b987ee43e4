//! The list of keyboard shortcuts.

use super::{Keys, Place, SHORTCUTS, Shortcut};
use crate::ui::{Dialog, t};
use leptos::prelude::*;

pub fn sheet(open: RwSignal<bool>) -> AnyView {
    let keys = Keys::of_context();
    // Rendered again at each opening: the shortcuts depend on the page.
    let groups = move || open.get().then(|| groups(keys));
    view! {
        <Dialog open=open title=t("keys-title") id="keys-title">
            <div class="keys-sheet" tabindex="0" role="group" aria-labelledby="keys-title">
                {groups}
            </div>
        </Dialog>
    }
    .into_any()
}

fn groups(keys: Keys) -> AnyView {
    let group = |(place, name)| {
        let lines = SHORTCUTS
            .iter()
            .filter(move |line| line.place == place && keys.means(line));
        view! {
            <section class="keys-group">
                <h3>{t(name)}</h3>
                <dl>{lines.map(line).collect_view()}</dl>
            </section>
        }
        .into_any()
    };
    Place::ALL.into_iter().map(group).collect_view().into_any()
}

fn line(line: &'static Shortcut) -> AnyView {
    let chords = line
        .chords
        .iter()
        .map(|chord| view! { <Caps chord=chord /> });
    view! {
        <div class="keys-line">
            <dt>{t(line.text)}</dt>
            <dd>{chords.collect_view()}</dd>
        </div>
    }
    .into_any()
}

/// A key combination as keycaps.
#[component]
pub fn Caps(
    /// Such as `Ctrl+K`.
    chord: &'static str,
) -> impl IntoView {
    let mac = Keys::of_context().mac;
    let caps = move || {
        chord
            .split('+')
            .map(|key| view! { <kbd>{cap(key, mac.get())}</kbd> })
            .collect_view()
    };
    view! { <span class="caps">{caps}</span> }.into_any()
}

/// Label of a key.
fn cap(key: &str, mac: bool) -> String {
    match (key, mac) {
        ("Ctrl", true) => "⌘".into(),
        ("Alt", true) => "⌥".into(),
        ("ArrowUp", _) => "↑".into(),
        ("ArrowDown", _) => "↓".into(),
        ("ArrowLeft", _) => "←".into(),
        ("ArrowRight", _) => "→".into(),
        (
            "Ctrl" | "Shift" | "Enter" | "Escape" | "Tab" | "Home" | "End" | "Delete" | "Backspace",
            _,
        ) => t(&format!("cap-{}", key.to_ascii_lowercase())),
        _ => key.to_owned(),
    }
}
