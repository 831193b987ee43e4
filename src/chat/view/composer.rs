//! Where one writes.

use super::conversation::Room;
use crate::chat::registry::{Registry, SlashCommand};
use crate::chat::{Typing, rules};
use crate::realtime::Client;
use crate::shared::Error;
use crate::ui::keys::{Action, Place, pressed};
use crate::ui::{Icon, IconName, error_text, t, t_with, time::present};
use leptos::{html, prelude::*};

/// Others are told that somebody writes at most this often, in milliseconds.
const TELL_EVERY: i64 = 3_000;
/// So close to the limit the figure is shown.
const COUNT_FROM: usize = 200;

/// The composer of the open channel; a sentence for those who may only read.
#[component]
pub fn Composer(
    /// May the viewer write here?
    may_send: bool,
    /// Most characters of a message.
    most: usize,
) -> impl IntoView {
    if may_send {
        view! { <Form most=most /> }.into_any()
    } else {
        view! { <p class="composer-readonly">{t("composer-readonly")}</p> }.into_any()
    }
}

/// What the form's parts share.
#[derive(Clone, Copy)]
struct State {
    room: Room,
    client: Client,
    node: NodeRef<html::Textarea>,
    text: RwSignal<String>,
    error: RwSignal<Option<Error>>,
    /// Which of the completions Enter takes; none when they were waved away.
    chosen: RwSignal<Option<usize>>,
    told: StoredValue<i64>,
    /// Most characters of a message.
    most: usize,
}

impl State {
    fn write(self, text: &str) {
        if let Some(area) = self.node.get_untracked() {
            area.set_value(text);
            let _focused = area.focus();
        }
        self.text.set(text.to_owned());
        self.keep_draft();
    }

    /// Between two channels the box of the one before may still be there, and be written in.
    fn is_gone(self) -> bool {
        self.text.is_disposed()
    }

    fn typed(self) {
        if self.is_gone() {
            return;
        }
        let Some(area) = self.node.get_untracked() else {
            return;
        };
        self.text.set(area.value());
        self.error.set(None);
        self.chosen.set(Some(0));
        self.keep_draft();
        let now = present().timestamp_millis();
        let silent = area.value().trim().is_empty() || area.value().starts_with('/');
        if !silent && (now - self.told.get_value()).abs() > TELL_EVERY {
            self.told.set_value(now);
            let channel_id = self.room.channel;
            self.client.mention(&Typing { channel_id });
        }
    }

    fn send(self) {
        if self.is_gone() {
            return;
        }
        let text = self.text.get_untracked();
        match rules::body(&text, self.most) {
            Ok(body) => {
                self.room.send(&body);
                self.told.set_value(0);
                self.write("");
            }
            // Enter in an empty box is no mistake worth a word.
            Err(error) if error.code == "message-empty" => {}
            Err(error) => self.error.set(Some(error)),
        }
    }

    /// A draft outlives a reload and a look at another channel.
    fn keep_draft(self) {
        let key = format!("draft:{}", self.room.channel);
        if let Some(storage) = drafts() {
            let text = self.text.get_untracked();
            // A full storage costs the draft only.
            let _kept = if text.is_empty() {
                storage.remove_item(&key)
            } else {
                storage.set_item(&key, &text)
            };
        }
    }

    fn restore_draft(self) {
        let key = format!("draft:{}", self.room.channel);
        let Some(area) = self.node.get_untracked() else {
            return;
        };
        // What was typed before the page came alive is worth more; in a composer that served
        // another channel before there is nothing of this one.
        let typed = if self.room.is_first() {
            area.value()
        } else {
            String::new()
        };
        let kept = drafts().and_then(|storage| storage.get_item(&key).ok().flatten());
        let text = if typed.is_empty() {
            kept.unwrap_or_default()
        } else {
            typed
        };
        if area.value() != text {
            area.set_value(&text);
        }
        self.text.set(text);
    }
}

fn drafts() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

#[component]
fn Form(most: usize) -> impl IntoView {
    let room = expect_context::<Room>();
    let registry = StoredValue::new(Registry::of_context());
    let state = State {
        room,
        client: Client::of_context(),
        node: NodeRef::new(),
        text: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        chosen: RwSignal::new(Some(0)),
        told: StoredValue::new(0),
        most,
    };
    Effect::new(move || {
        if let Some(area) = state.node.get() {
            state.restore_draft();
            if room.takes_focus() {
                let _focused = area.focus();
            }
        }
    });
    // What the finder has for the message.
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
        registry.with_value(|registry| state.text.with(|text| registry.completions(text)))
    });
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if state.is_gone() || event.is_composing() {
            return;
        }
        let commands = completions.get_untracked();
        if !commands.is_empty() && choose(state, &commands, &event) {
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

/// How many characters are left, or too many.
fn count(length: i64, most: usize) -> AnyView {
    let most = i64::try_from(most).unwrap_or(i64::MAX);
    if length > most {
        let text = t_with("composer-too-long", &[("over", (length - most).into())]);
        view! { <span class="composer-count over">{text}</span> }.into_any()
    } else {
        view! { <span class="composer-count">{format!("{length} / {most}")}</span> }.into_any()
    }
}

/// Keys while commands are listed. True: the key was for the list.
fn choose(state: State, commands: &[SlashCommand], event: &leptos::ev::KeyboardEvent) -> bool {
    let last = commands.len() - 1;
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
            let Some(command) = commands.get(chosen) else {
                return false;
            };
            // A command without more to say is sent by the next Enter.
            let complete = state
                .text
                .with_untracked(|text| text.to_lowercase() == slashed(command));
            if complete && action == Some(Action::Take) {
                return false;
            }
            take(state, command);
        }
        _ => return false,
    }
    true
}

fn slashed(command: &SlashCommand) -> String {
    format!("/{}", command.name)
}

fn take(state: State, command: &SlashCommand) {
    let more = command.usage.len() > command.name.len() + 1;
    let text = slashed(command) + if more { " " } else { "" };
    state.write(&text);
}

/// The commands that what is typed may become.
#[component]
fn Completions(state: State, completions: Memo<Vec<SlashCommand>>) -> impl IntoView {
    let entry = move |(index, command): (usize, SlashCommand)| {
        let chosen = move || state.chosen.get() == Some(index);
        view! {
            <li
                class="completion"
                role="option"
                id=format!("completion-{index}")
                aria-selected=move || chosen().to_string()
                on:mousedown=move |event| {
                    event.prevent_default();
                    take(state, &command);
                }
            >
                <code>{command.usage}</code>
                <span class="completion-note">{t(command.description_key)}</span>
            </li>
        }
    };
    view! {
        <ul
            class="completions"
            id="composer-completions"
            role="listbox"
            aria-label=t("completions-label")
            hidden=move || completions.with(Vec::is_empty)
        >
            {move || completions.get().into_iter().enumerate().map(entry).collect_view()}
        </ul>
    }
    .into_any()
}
