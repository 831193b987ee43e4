//! The composer.

use super::completion::{Completions, choose, offers};
use super::draft::State;
use super::room::Room;
use crate::chat::registry::Registry;
use crate::ui::keys::{Action, Place, pressed};
use crate::ui::{Icon, IconName, error_text, t, t_with};
use leptos::prelude::*;

/// The counter appears when this number of characters is left.
const COUNT_FROM: usize = 200;

/// The composer of the open channel, or a sentence for members who can only read.
#[component]
pub fn Composer(
    /// true if the viewer can send messages here.
    may_send: bool,
    /// Maximum length of a message in characters.
    most: usize,
) -> impl IntoView {
    if may_send {
        view! { <Form most=most /> }.into_any()
    } else {
        view! { <p class="composer-readonly">{t("composer-readonly")}</p> }.into_any()
    }
}

#[component]
fn Form(most: usize) -> impl IntoView {
    let room = expect_context::<Room>();
    let registry = StoredValue::new(Registry::of_context());
    let state = State::new(room, most);
    Effect::new(move || {
        if let Some(area) = state.node.get() {
            state.restore_draft();
            // A cashtag begun in another channel does not continue here.
            state.look_for(None);
            if room.takes_focus() {
                let _focused = area.focus();
            }
        }
    });
    // Inserts text that the finder offers.
    let insert = room.insert();
    Effect::new(move || {
        if let Some(text) = insert.get() {
            insert.set(None);
            let before = state.text.get_untracked();
            let space = if before.is_empty() || before.ends_with(char::is_whitespace) {
                ""
            } else {
                " "
            };
            state.write(&format!("{before}{space}{text}"));
        }
    });
    let completions = Memo::new(move |_| {
        if state.chosen.get().is_none() {
            return Vec::new();
        }
        let commands =
            registry.with_value(|registry| state.text.with(|text| registry.completions(text)));
        let instruments = state.tags.map(|tags| tags.offered.get());
        offers(commands, instruments.unwrap_or_default())
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if state.is_gone() || event.is_composing() {
            return;
        }
        let offers = completions.get_untracked();
        if !offers.is_empty() && choose(state, &offers, &event) {
            event.prevent_default();
            return;
        }
        match pressed(&event, Place::Composer) {
            Some(Action::Send) => state.send(),
            Some(Action::EditLast)
                if state.text.with_untracked(String::is_empty) && room.edit_last() => {}
            _ => return,
        }
        event.prevent_default();
    };
    let over = Memo::new(move |_| {
        let length = state.text.with(|text| text.chars().count());
        (length + COUNT_FROM > most).then(|| i64::try_from(length).unwrap_or(i64::MAX))
    });
    let label = move || t_with("composer-label", &[("channel", room.name().into())]);
    let placeholder = move || t_with("composer-placeholder", &[("channel", room.name().into())]);
    let listed = move || !completions.with(Vec::is_empty);
    view! {
        <form
            class="composer needs-script"
            on:submit=move |event| {
                event.prevent_default();
                state.send();
            }
        >
            <Completions state=state completions=completions />
            <div class="composer-box" class:has-error=move || state.error.with(Option::is_some)>
                <label class="visually-hidden" for="composer">
                    {label}
                </label>
                <textarea
                    id="composer"
                    node_ref=state.node
                    rows="1"
                    autocomplete="off"
                    placeholder=placeholder
                    aria-controls="composer-completions"
                    aria-autocomplete="list"
                    aria-activedescendant=move || {
                        listed().then(|| format!("completion-{}", state.chosen.get().unwrap_or(0)))
                    }
                    aria-describedby="composer-foot"
                    on:input=move |_| state.typed()
                    on:keydown=on_key
                ></textarea>
                <button
                    type="submit"
                    class="button icon-button composer-send"
                    aria-label=t("composer-send")
                    title=t("composer-send")
                >
                    <Icon name=IconName::Send />
                </button>
            </div>
            <p class="composer-foot" id="composer-foot">
                <span class="composer-error" role="alert">
                    {move || state.error.get().map(|error| error_text(&error))}
                </span>
                <span
                    class="composer-hint"
                    class:visually-hidden=move || state.error.with(Option::is_some)
                >
                    {t("composer-hint")}
                </span>
                {move || over.get().map(|length| count(length, most))}
            </p>
        </form>
    }
    .into_any()
}

/// Shows the message's length, or the number of characters above the maximum.
fn count(length: i64, most: usize) -> AnyView {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if length > most {
        let text = t_with("composer-too-long", &[("over", (length - most).into())]);
        view! { <span class="composer-count over">{text}</span> }.into_any()
    } else {
        view! { <span class="composer-count">{format!("{length} / {most}")}</span> }.into_any()
    }
}
