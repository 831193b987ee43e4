//! Dialogs on the browser's own `<dialog>`: it keeps the focus inside and gives it back.

use super::{Icon, IconName, t};
use leptos::{html, prelude::*};

/// A modal dialog with a title. It is open while `open` is true; Escape and the cross close it.
#[component]
pub fn Dialog(
    /// Is it open? Set it to open and to close.
    open: RwSignal<bool>,
    /// What it is about.
    #[prop(into)]
    title: Signal<String>,
    /// Id for the title; unique on the page.
    id: &'static str,
    /// What is in it.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<html::Dialog>::new();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        if open.get() && !dialog.open() {
            // Refused only when the page is going away.
            let _refused = dialog.show_modal();
        } else if !open.get() && dialog.open() {
            dialog.close();
        }
    });
    view! {
        <dialog class="dialog" node_ref=node aria-labelledby=id on:close=move |_| open.set(false)>
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
