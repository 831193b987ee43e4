//! Deletes the open channel: the member types its name to confirm. The dialog is loaded on demand,
//! because most visits do not need it.

use super::find::address;
use super::shell_state::ShellState;
use crate::chat::rpc::delete_channel;
use crate::shared::{ChannelId, Error};
use crate::ui::later::{NotLoaded, once_loaded};
use crate::ui::{Button, ButtonKind, Dialog, Toasts, error_text, t, t_with};
use leptos::{ev::SubmitEvent, html, prelude::*, task::spawn_local, wasm_split::wasm_split};
use leptos_router::{NavigateOptions, hooks::use_navigate};

/// Leaves the open channel when it is deleted, here or by another member.
pub fn leave_deleted(shell: ShellState) {
    let navigate = use_navigate();
    let toasts = Toasts::of_context();
    Effect::new(move |before: Option<Option<(ChannelId, String)>>| {
        let open = shell.open.get();
        let (here, first) = shell.channels.with(|channels| {
            let here = channels.iter().find(|channel| Some(channel.id) == open);
            let here = here.map(|channel| (channel.id, channel.name.clone()));
            (here, channels.first().map(address))
        });
        if let (None, Some(Some((id, name))), Some(first)) = (&here, before, first)
            && Some(id) == open
        {
            shell.deleting.set(false);
            toasts.say(t_with("channel-deleted", &[("channel", name.into())]));
            navigate(&first, NavigateOptions::default());
        }
        here
    });
}

/// Loads and shows the dialog when it is opened.
#[component]
pub fn DeleteChannel() -> impl IntoView {
    let shell = expect_context::<ShellState>();
    let open = shell.deleting;
    let wanted = Memo::new(move |before: Option<&bool>| open.get() || before == Some(&true));
    let shown = move || {
        once_loaded(
            load_channel_deletion,
            move || channel_deletion(shell),
            move || open.set(false),
        )
    };
    view! { <Show when=move || wanted.get()>{shown}</Show> }
}

/// Entry point of the split part.
#[wasm_split(channel_deletion, wasm_split_path = ::leptos::wasm_split, fallible, preload(load_channel_deletion))]
fn channel_deletion(shell: ShellState) -> Result<AnyView, NotLoaded> {
    Ok(dialog(shell))
}

fn dialog(shell: ShellState) -> AnyView {
    let input = NodeRef::<html::Input>::new();
    let error = RwSignal::new(None::<Error>);
    let mistyped = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let name = move || {
        shell
            .open
            .get()
            .map_or_else(String::new, |id| shell.channel_name(id))
    };
    let sure = move || t_with("channel-delete-sure", &[("channel", name().into())]);
    let ask = move || t_with("channel-delete-type", &[("channel", name().into())]);
    Effect::new(move || {
        if shell.deleting.get() {
            error.set(None);
            mistyped.set(false);
            if let Some(node) = input.get_untracked() {
                node.set_value("");
            }
        }
    });
    let delete = move |event: SubmitEvent| {
        event.prevent_default();
        let (Some(id), Some(node)) = (shell.open.get_untracked(), input.get_untracked()) else {
            return;
        };
        let typed = node.value();
        let typed = typed.trim().trim_start_matches('#');
        mistyped.set(typed != untrack(name));
        if mistyped.get_untracked() {
            let _focused = node.focus();
            return;
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match delete_channel(id).await {
                Ok(()) => shell.remove_channel(id),
                Err(refused) => {
                    error.try_set(Some(refused));
                }
            }
            busy.try_set(false);
        });
    };
    let problem = move || {
        let refused = error.get().map(|error| error_text(&error));
        refused.or_else(|| mistyped.get().then(|| t("channel-delete-mistyped")))
    };
    view! {
        <Dialog open=shell.deleting title=t("channel-delete") id="delete-channel-title">
            <form class="stack" on:submit=delete>
                <p>{sure}</p>
                <label class="field">
                    <span class="field-label">{ask}</span>
                    <input
                        class="input"
                        node_ref=input
                        name="name"
                        autocomplete="off"
                        autofocus
                        aria-invalid=move || mistyped.get().to_string()
                        aria-describedby="delete-channel-error"
                    />
                </label>
                <p class="field-error" role="alert" id="delete-channel-error">
                    {problem}
                </p>
                <div class="dialog-actions">
                    <Button press=move |_| shell.deleting.set(false)>{t("cancel")}</Button>
                    <Button kind=ButtonKind::Danger submit=true busy=busy>
                        {t("channel-delete")}
                    </Button>
                </div>
            </form>
        </Dialog>
    }
    .into_any()
}
