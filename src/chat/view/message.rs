//! One message, sent or pending.

use super::markup;
use super::room::Room;
use super::walk::row_id;
use crate::accounts::AccountKind;
use crate::accounts::view::{Face, Name};
use crate::chat::registry::Registry;
use crate::chat::timeline::Pending;
use crate::chat::{Delete, Edit, Message};
use crate::realtime::{Client, nonce};
use crate::shared::MessageId;
use crate::ui::keys::{Action, Place, pressed};
use crate::ui::{
    Button, ButtonKind, Clock, Dialog, Icon, IconButton, IconName, Toasts, copy_to_clipboard,
    error_text, t,
};
use leptos::{html, prelude::*, wasm_bindgen::JsCast};

/// Number of characters of the message that the deletion dialog shows.
const SHOWN: usize = 160;

/// A message of the timeline.
#[component]
pub fn MessageRow(
    message: Message,
    /// true for the first of a group, which shows the author's picture and name.
    first: bool,
) -> impl IntoView {
    let room = expect_context::<Room>();
    let registry = Registry::of_context();
    let Message {
        id,
        seq,
        author,
        body: text,
        cards,
        created_at,
        edited_at,
        deleted: tombstone,
        ..
    } = message;
    let own = room.viewer.with_value(|viewer| viewer.account == author.id);
    let editing = RwSignal::new(false);
    let (reached, focused) = (RwSignal::new(false), RwSignal::new(false));
    let reach = move || {
        if !reached.get_untracked() {
            reached.set(true);
        }
    };
    let changeable = own && !tombstone;
    let bot = author.kind == AccountKind::Bot;
    let text = StoredValue::new(text);
    let body = move |said: String| {
        let body = move || {
            if editing.get() {
                view! { <EditForm id=id text=text editing=editing /> }.into_any()
            } else if tombstone {
                t("message-deleted").into_any()
            } else {
                markup::draw(&said)
            }
        };
        view! { <div class="message-body">{body}</div> }.into_any()
    };
    let content = if cards.is_empty() {
        body(text.get_value())
    } else {
        // Until the card renderers are loaded, the text is shown.
        let drawn = move || {
            let text = text.get_value();
            let mut said = text.as_str();
            let mut drawn = Vec::new();
            for card in &cards {
                if let Some(view) = registry.draw(card) {
                    said = card.rest_of(said);
                    drawn.push(view! { <div class="message-card">{view}</div> });
                }
            }
            // A card says in the reader's language what the text says in English.
            let body = (drawn.is_empty() || !bot).then(|| body(said.to_owned()));
            view! {
                {body}
                {drawn}
            }
            .into_any()
        };
        drawn.into_any()
    };
    let head = first.then(|| {
        view! {
            <Face profile=author.clone() />
            <div class="message-head">
                <span class="message-author">
                    <bdi>
                        <Name profile=author.clone() />
                    </bdi>
                </span>
                {bot
                    .then(|| view! { <span class="bot">{t("bot-badge")}</span> })}
                <Clock at=created_at />
            </div>
        }
    });
    view! {
        <li
            class="message"
            class:first=first
            class:own=own
            class:tombstone=tombstone
            class:editing=move || editing.get()
            id=row_id(id)
            // A touch focuses it, which shows its actions.
            tabindex="-1"
            data-seq=seq.to_string()
            on:pointerenter=move |_| reach()
            on:focusin=move |_| {
                reach();
                focused.set(true);
            }
            // This event also arrives when a row with the focus is removed.
            on:focusout=move |_| {
                let _gone = focused.try_set(false);
            }
        >
            {head}
            {(!first)
                .then(|| {
                    view! {
                        <Clock at=created_at />
                        <span class="visually-hidden">
                            <Name profile=author.clone() />
                        </span>
                    }
                })}
            {content}
            {(edited_at.is_some() && !tombstone)
                .then(|| view! { <span class="message-edited">{t("message-edited")}</span> })}
            // Most messages are only read: their buttons are drawn on hover or focus.
            <Show when=move || !tombstone && reached.get()>
                <Actions id=id text=text changeable=changeable editing=editing focused=focused />
            </Show>
        </li>
    }
    .into_any()
}

/// Actions of a message, shown on hover and on focus. The tab key stops only at the buttons of the
/// message with the focus.
#[component]
fn Actions(
    id: MessageId,
    text: StoredValue<String>,
    changeable: bool,
    editing: RwSignal<bool>,
    focused: RwSignal<bool>,
) -> impl IntoView {
    let room = expect_context::<Room>();
    let toasts = Toasts::of_context();
    // A removed row gets its focus event after it is disposed.
    let inside = move || focused.try_get().unwrap_or_default();
    let tab_index = move || if inside() { "0" } else { "-1" };
    let copy = move |_| {
        text.with_value(|text| copy_to_clipboard(text));
        toasts.say(t("message-copied"));
    };
    view! {
        <div class="message-actions needs-script" role="toolbar" aria-label=t("message-actions")>
            <IconButton
                icon=IconName::Copy
                label=t("message-copy")
                attr:data-act="copy"
                attr:tabindex=tab_index
                press=copy
            />
            {changeable
                .then(|| {
                    view! {
                        <IconButton
                            icon=IconName::Edit
                            label=t("message-edit")
                            attr:data-act="edit"
                            attr:tabindex=tab_index
                            press=move |_| editing.set(true)
                        />
                        <IconButton
                            icon=IconName::Trash
                            label=t("message-delete")
                            attr:data-act="delete"
                            attr:tabindex=tab_index
                            press=move |_| room.deleting.set(Some(id))
                        />
                    }
                })}
        </div>
    }
    .into_any()
}

/// Moves the focus after the next render.
pub fn focus_on(selector: &str) {
    let selector = selector.to_owned();
    request_animation_frame(move || {
        let found = document().query_selector(&selector).ok().flatten();
        if let Some(found) = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            let _focused = found.focus();
        }
    });
}

/// Edits the viewer's own message in place. Enter saves, Escape cancels.
#[component]
fn EditForm(id: MessageId, text: StoredValue<String>, editing: RwSignal<bool>) -> impl IntoView {
    let room = expect_context::<Room>();
    let client = Client::of_context();
    let node = NodeRef::<html::Textarea>::new();
    let error = RwSignal::new(None);
    Effect::new(move || {
        if let Some(area) = node.get() {
            area.set_value(&text.get_value());
            let _focused = area.focus();
        }
    });
    // Returns the focus to where editing started.
    let leave = move || {
        editing.set(false);
        if room.is_back_to_composer() {
            focus_on("#composer");
        } else {
            focus_on(&format!("#{}", row_id(id)));
        }
    };
    let save = move || {
        let Some(area) = node.get_untracked() else {
            return;
        };
        let edit = Edit {
            message_id: id,
            text: area.value(),
        };
        if edit.text == text.get_value() {
            leave();
            return;
        }
        // The changed row arrives as an event and replaces this one.
        client.ask(nonce(), &edit, move |answer| match answer {
            Ok(_) => {
                if editing.try_get_untracked() == Some(true) {
                    leave();
                } else if room.is_back_to_composer() {
                    focus_on("#composer");
                }
            }
            Err(refused) => {
                error.try_set(Some(refused));
            }
        });
    };
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        match pressed(&event, Place::Edit) {
            Some(Action::SaveEdit) => save(),
            Some(Action::LeaveEdit) => leave(),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <form
            class="message-edit"
            on:submit=move |event| {
                event.prevent_default();
                save();
            }
        >
            <textarea
                class="input"
                node_ref=node
                aria-label=t("message-edit")
                on:keydown=on_key
            ></textarea>
            <p class="field-error" role="alert">
                {move || error.get().map(|error| error_text(&error))}
            </p>
            <div class="message-edit-actions">
                <Button kind=ButtonKind::Primary submit=true>
                    {t("message-save")}
                </Button>
                <Button press=move |_| leave()>{t("message-cancel")}</Button>
            </div>
        </form>
    }
    .into_any()
}

/// Asks for confirmation before a message is deleted.
#[component]
pub fn DeleteDialog() -> impl IntoView {
    let room = expect_context::<Room>();
    let client = Client::of_context();
    let toasts = Toasts::of_context();
    let open = RwSignal::new(false);
    Effect::new(move || {
        if room.deleting.get().is_some() {
            open.set(true);
        }
    });
    Effect::new(move || {
        if !open.get() && room.deleting.get_untracked().is_some() {
            room.deleting.set(None);
        }
    });
    let quoted = move || {
        let id = room.deleting.get()?;
        room.timeline.with_untracked(|timeline| {
            let row = timeline.rows().iter().find(|row| row.id == id)?;
            Some(row.body.chars().take(SHOWN).collect::<String>())
        })
    };
    let delete = move |_| {
        if let Some(message_id) = room.deleting.get_untracked() {
            client.ask(nonce(), &Delete { message_id }, move |answer| {
                if let Err(error) = answer {
                    toasts.error(error_text(&error));
                }
            });
        }
        open.set(false);
        // The row with the focus is about to become a tombstone.
        focus_on("#composer");
    };
    view! {
        <Dialog open=open title=t("message-delete") id="delete-message-title">
            <p>{t("message-delete-sure")}</p>
            <blockquote class="quoted">{quoted}</blockquote>
            <div class="dialog-actions">
                <Button press=move |_| open.set(false)>{t("cancel")}</Button>
                <Button kind=ButtonKind::Danger press=delete>
                    {t("message-delete")}
                </Button>
            </div>
        </Dialog>
    }
    .into_any()
}

/// A message that is being sent or was refused.
#[component]
pub fn PendingRow(entry: Pending, first: bool) -> impl IntoView {
    let room = expect_context::<Room>();
    let author = room.viewer.with_value(|viewer| viewer.profile());
    let nonce = StoredValue::new(entry.nonce.clone());
    let failed = entry.failed.clone();
    let state = match entry.failed {
        None => {
            view! { <span class="message-edited late">{t("message-pending")}</span> }.into_any()
        }
        Some(error) => view! {
            <div class="message-state" role="alert">
                <Icon name=IconName::Alert />
                <span>{t("message-failed")} " " {error_text(&error)}</span>
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| room.retry(&nonce.get_value())
                >
                    {t("message-retry")}
                </button>
                <button
                    type="button"
                    class="link-button"
                    on:click=move |_| room.discard(&nonce.get_value())
                >
                    {t("message-discard")}
                </button>
            </div>
        }
        .into_any(),
    };
    let waiting = failed.is_none();
    view! {
        <li class="message own" class:first=first class:pending=waiting class:failed=!waiting>
            {first
                .then(|| {
                    view! {
                        <Face profile=author.clone() />
                        <div class="message-head">
                            <span class="message-author">
                                <bdi>
                                    <Name profile=author />
                                </bdi>
                            </span>
                        </div>
                    }
                })}
            <div class="message-body">{markup::draw(&entry.text)}</div>
            {state}
        </li>
    }
    .into_any()
}
