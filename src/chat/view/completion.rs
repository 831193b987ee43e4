//! Completions of the composer: commands after a slash, symbols after `$`.

use super::draft::{State, tag_before};
use crate::feature::SlashCommand;
use crate::ui::keys::{Action, Place, pressed};
use crate::ui::t;
use leptos::prelude::*;

/// A completion of the typed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// A command; replaces the whole text.
    Command(SlashCommand),
    /// A symbol with its name; replaces the typed beginning.
    Instrument(String, String),
}

/// Returns completions: commands, or else symbols.
pub fn offers(commands: Vec<SlashCommand>, instruments: Vec<(String, String)>) -> Vec<Offer> {
    if commands.is_empty() {
        let instruments = instruments.into_iter();
        return instruments
            .map(|(symbol, name)| Offer::Instrument(symbol, name))
            .collect();
    }
    commands.into_iter().map(Offer::Command).collect()
}

/// Handles a key while completions are shown. true: the key was handled.
pub fn choose(state: State, offers: &[Offer], event: &leptos::ev::KeyboardEvent) -> bool {
    let last = offers.len() - 1;
    let chosen = state.chosen.get_untracked().unwrap_or(0).min(last);
    let action = pressed(event, Place::List).or_else(|| pressed(event, Place::Composer));
    match action {
        Some(Action::Below) => state
            .chosen
            .set(Some(if chosen == last { 0 } else { chosen + 1 })),
        Some(Action::Above) => state
            .chosen
            .set(Some(if chosen == 0 { last } else { chosen - 1 })),
        Some(Action::Leave) => state.chosen.set(None),
        Some(Action::Take | Action::Complete) => {
            let Some(offer) = offers.get(chosen) else {
                return false;
            };
            // A complete command or symbol: Enter sends it.
            let complete = match offer {
                Offer::Command(command) => state
                    .text
                    .with_untracked(|text| text.to_ascii_lowercase() == slashed(command)),
                Offer::Instrument(symbol, _) => {
                    begun(state).is_some_and(|(_, _, typed)| typed.eq_ignore_ascii_case(symbol))
                }
            };
            if complete && action == Some(Action::Take) {
                return false;
            }
            take(state, offer);
        }
        _ => return false,
    }
    true
}

fn slashed(command: &SlashCommand) -> String {
    format!("/{}", command.name)
}

/// Returns the cashtag being typed: the whole text, its start, and the text after its `$`.
fn begun(state: State) -> Option<(String, usize, String)> {
    let area = state.node.get_untracked()?;
    let text = area.value();
    let caret = area.selection_start().ok().flatten();
    let (start, typed) = tag_before(&text, caret)?;
    Some((text, start, typed))
}

fn take(state: State, offer: &Offer) {
    match offer {
        Offer::Command(command) => {
            let more = command.usage.len() > command.name.len() + 1;
            let text = slashed(command) + if more { " " } else { "" };
            state.write(&text);
        }
        Offer::Instrument(symbol, _) => {
            let Some((text, start, typed)) = begun(state) else {
                return;
            };
            let before = text.get(..start).unwrap_or_default();
            let after = text.get(start + 1 + typed.len()..).unwrap_or_default();
            let written = format!("{before}${symbol} ");
            let caret = u32::try_from(written.encode_utf16().count()).ok();
            state.write(&format!("{written}{}", after.trim_start_matches(' ')));
            if let Some(area) = state.node.get_untracked() {
                let _there = area.set_selection_start(caret);
                let _there = area.set_selection_end(caret);
            }
        }
    }
}

/// The list of completions.
#[component]
pub fn Completions(state: State, completions: Memo<Vec<Offer>>) -> impl IntoView {
    let entry = move |(index, offer): (usize, Offer)| {
        let chosen = move || state.chosen.get() == Some(index);
        let (shown, note) = match &offer {
            Offer::Command(command) => (command.usage.to_owned(), t(command.description_key)),
            Offer::Instrument(symbol, name) => (format!("${symbol}"), name.clone()),
        };
        view! {
            <li
                class="completion"
                role="option"
                id=format!("completion-{index}")
                aria-selected=move || chosen().to_string()
                on:mousedown=move |event| {
                    event.prevent_default();
                    take(state, &offer);
                }
            >
                <code>{shown}</code>
                <span class="completion-note">{note}</span>
            </li>
        }
    };
    let label = move || {
        let commands = completions.with(|all| matches!(all.first(), Some(Offer::Command(_))));
        if commands {
            t("completions-label")
        } else {
            t("completions-instruments")
        }
    };
    view! {
        <ul
            class="completions"
            id="composer-completions"
            role="listbox"
            aria-label=label
            hidden=move || completions.with(Vec::is_empty)
        >
            {move || completions.get().into_iter().enumerate().map(entry).collect_view()}
        </ul>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_come_before_instruments() {
        let command = SlashCommand {
            name: "stock",
            usage: "/stock",
            description_key: "",
        };
        let apple = || vec![("AAPL".to_owned(), "Apple Inc.".to_owned())];
        assert_eq!(offers(vec![command], apple()), [Offer::Command(command)]);
        let found = offers(Vec::new(), apple());
        assert_eq!(
            found,
            [Offer::Instrument("AAPL".into(), "Apple Inc.".into())]
        );
    }
}
