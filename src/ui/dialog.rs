//! Modal dialogs based on `<dialog>`, which traps the focus and restores it.

use super::{Icon, IconName, t};
use leptos::{html, prelude::*};

/// A modal dialog with a title. It is open while `open` is true; Escape and the close button close
/// it.
#[component]
pub fn Dialog(
    /// Set it to open or close the dialog.
    open: RwSignal<bool>,
    /// Title of the dialog.
    #[prop(into)]
    title: Signal<String>,
    /// Id of the title; unique on the page.
    id: &'static str,
    /// Content.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Fails only while the page unloads.
            let _refused = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=id on:close=move |_| closed(node, open)>
            <header class="dialog-head">
                <h2 id=id>{move || title.get()}</h2>
                <button
                    type="button"
                    class="button icon-button"
                    aria-label=t("close")
                    title=t("close")
                    on:click=move |_| open.set(false)
                >
                    <Icon name=IconName::Close />
                </button>
            </header>
            <div class="dialog-body">{children()}</div>
        </dialog>
    }
}

/// Handles the `close` event of a dialog. It comes late: by then the dialog may be open again.
pub(super) fn closed(node: NodeRef<html::Dialog>, open: RwSignal<bool>) {
    if !node.get_untracked().is_some_and(|dialog| dialog.open()) {
        open.set(false);
    }
}
